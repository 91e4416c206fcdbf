/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents, courses and qualifications; see staff.h.
 */
#include "server/store/staff.h"

#include <string.h>

#include "common/base/mem.h"

/* Runs an UPDATE ... RETURNING id that finds its row only if it is still as it has to be. */
static enum err update_one(struct query *q)
{
    bool any = query_row(q);
    enum err e = query_run(q);

    return e ? e : any ? ERR_OK : ERR_STATE;
}

/* ---- documents ---------------------------------------------------------------------------- */

#define DOCUMENT_SELECT                                                                            \
    "SELECT id, mentor, kind, type, name, sha256, bytes, issued_ms, expires_ms, original_seen, "   \
    "verified_by, verified_ms, returned_by, returned_ms, reason, created_ms FROM staff_document "

static void read_document(struct query *q, struct staff_document *d)
{
    char word[16];

    *d = (struct staff_document){ 0 };
    d->id = row_int(q);
    d->mentor.v = row_int(q);
    row_text(q, word, sizeof word);
    if (!document_parse(word, &d->kind))
        query_blame(q);
    row_text(q, word, sizeof word);
    d->type = upload_parse(word);
    row_text(q, d->name, sizeof d->name);
    row_bytes(q, d->sha256, sizeof d->sha256);
    d->bytes = row_int(q);
    d->issued_ms = row_int(q);
    d->expires_ms = row_int_or(q, TERM_OPEN_MS);
    d->original_seen = row_bool(q);
    d->verified_by.v = row_int(q);
    d->verified_ms = row_int(q);
    d->returned_by.v = row_int(q);
    d->returned_ms = row_int(q);
    row_text(q, d->reason, sizeof d->reason);
    d->created_ms = row_int(q);
}

enum err staff_document_add(struct db *db, const struct staff_document *d, int64_t now_ms,
                            struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO staff_document (mentor, kind, type, name, sha256, "
                                  "bytes, issued_ms, expires_ms, original_seen, created_ms, "
                                  "created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
                                  "$11) RETURNING id");

    query_int(&q, d->mentor.v);
    query_text(&q, document_name(d->kind));
    query_text(&q, upload_name(d->type));
    query_text(&q, d->name);
    query_bytes(&q, d->sha256, sizeof d->sha256);
    query_int(&q, d->bytes);
    query_int(&q, d->issued_ms);
    query_int_or_null(&q, d->expires_ms, TERM_OPEN_MS);
    query_int(&q, d->original_seen);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return query_insert(&q, out_id);
}

enum err staff_document_load(struct db *db, int64_t id, struct staff_document *out)
{
    struct query q = query_on(db, DOCUMENT_SELECT "WHERE id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_document(&q, out);
    return query_end_found(&q);
}

enum err staff_document_by_file(struct db *db, struct mentor_id mentor,
                                const uint8_t sha256[STAFF_SHA_BYTES], struct staff_document *out)
{
    struct query q = query_on(db, DOCUMENT_SELECT "WHERE mentor = $1 AND sha256 = $2 "
                                                  "AND returned_ms IS NULL");

    query_int(&q, mentor.v);
    query_bytes(&q, sha256, STAFF_SHA_BYTES);
    if (query_row(&q))
        read_document(&q, out);
    return query_end_found(&q);
}

enum err staff_document_list(struct db *db, struct mentor_id mentor,
                             struct staff_document_list *out)
{
    struct query q = query_on(db, DOCUMENT_SELECT "WHERE mentor = $1 ORDER BY kind, id DESC");
    struct staff_document_list l = { 0 };
    struct staff_document *item;
    enum err e;

    query_int(&q, mentor.v);
    while (QUERY_NEXT(&q, &l, item))
        read_document(&q, item);
    e = query_end(&q);
    if (e)
        staff_document_list_free(&l);
    else
        *out = l;
    return e;
}

void staff_document_list_free(struct staff_document_list *l)
{
    mem_free(l->items);
    *l = (struct staff_document_list){ 0 };
}

enum err staff_document_verify(struct db *db, int64_t id, bool original_seen, int64_t now_ms,
                               struct user_id by)
{
    struct query q = query_on(db, "UPDATE staff_document SET verified_by = $2, verified_ms = $3, "
                                  "original_seen = $4 WHERE id = $1 AND verified_ms IS NULL "
                                  "AND returned_ms IS NULL RETURNING id");

    query_int(&q, id);
    query_int(&q, by.v);
    query_int(&q, now_ms);
    query_int(&q, original_seen);
    return update_one(&q);
}

enum err staff_document_return(struct db *db, int64_t id, const char *reason, int64_t now_ms,
                               struct user_id by)
{
    struct query q = query_on(db, "UPDATE staff_document SET verified_by = NULL, "
                                  "verified_ms = NULL, returned_by = $2, returned_ms = $3, "
                                  "reason = $4 WHERE id = $1 AND returned_ms IS NULL RETURNING id");

    query_int(&q, id);
    query_int(&q, by.v);
    query_int(&q, now_ms);
    query_text(&q, reason);
    return update_one(&q);
}

/* ---- courses -------------------------------------------------------------------------------- */

static const char *const topics[TOPIC_COUNT] = {
#define X(code, name) [TOPIC_##code] = name,
    TRAINING_TOPIC_LIST(X)
#undef X
};

const char *training_topic_name(enum training_topic t)
{
    return (unsigned)t < TOPIC_COUNT ? topics[t] : "none";
}

bool training_topic_parse(const char *name, enum training_topic *out)
{
    for (unsigned i = 0; i < TOPIC_COUNT; i++) {
        if (strcmp(topics[i], name) == 0) {
            *out = (enum training_topic)i;
            return true;
        }
    }
    return false;
}

#define TRAINING_SELECT                                                                            \
    "SELECT id, mentor, course, provider, hours, issued_ms, expires_ms, verified_by FROM "         \
    "training "

static void read_training(struct query *q, struct training *t)
{
    *t = (struct training){ 0 };
    t->id = row_int(q);
    t->mentor.v = row_int(q);
    row_text(q, t->course, sizeof t->course);
    row_text(q, t->provider, sizeof t->provider);
    t->hours = (int)row_int(q);
    t->issued_ms = row_int(q);
    t->expires_ms = row_int_or(q, TERM_OPEN_MS);
    t->verified_by.v = row_int(q);
}

static enum err topic_add(struct db *db, int64_t training, enum training_topic t)
{
    struct query q = query_on(db, "INSERT INTO training_topic (training, topic) VALUES ($1, $2)");

    query_int(&q, training);
    query_text(&q, topics[t]);
    return query_run(&q);
}

static enum err load_topics(struct db *db, struct training *t)
{
    struct query q = query_on(db, "SELECT topic FROM training_topic WHERE training = $1");
    enum training_topic topic;
    char word[32];

    query_int(&q, t->id);
    while (query_row(&q)) {
        row_text(&q, word, sizeof word);
        if (training_topic_parse(word, &topic))
            t->topics |= 1u << topic;
        else
            query_blame(&q);
    }
    return query_end(&q);
}

enum err training_add(struct db *db, const struct training *t, int64_t now_ms, struct user_id by,
                      int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO training (mentor, course, provider, hours, "
                                  "issued_ms, expires_ms, verified_by, verified_ms, created_ms, "
                                  "created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                                  "CASE WHEN $7 IS NULL THEN NULL ELSE $8 END, $8, $9) "
                                  "RETURNING id");
    int64_t id = 0;
    enum err e;

    query_int(&q, t->mentor.v);
    query_text(&q, t->course);
    query_text(&q, t->provider);
    query_int(&q, t->hours);
    query_int(&q, t->issued_ms);
    query_int_or_null(&q, t->expires_ms, TERM_OPEN_MS);
    query_id_or_null(&q, t->verified_by.v);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    e = query_insert(&q, &id);
    for (enum training_topic i = 0; !e && i < TOPIC_COUNT; i++)
        if (t->topics & 1u << i)
            e = topic_add(db, id, i);
    if (!e)
        *out_id = id;
    return e;
}

enum err training_load(struct db *db, int64_t id, struct training *out)
{
    struct query q = query_on(db, TRAINING_SELECT "WHERE id = $1");
    enum err e;

    query_int(&q, id);
    if (query_row(&q))
        read_training(&q, out);
    e = query_end_found(&q);
    return e ? e : load_topics(db, out);
}

enum err training_list(struct db *db, struct mentor_id mentor, struct training_list *out)
{
    struct query q = query_on(db, TRAINING_SELECT "WHERE mentor = $1 ORDER BY issued_ms, id");
    struct training_list l = { 0 };
    struct training *item;
    enum err e;

    query_int(&q, mentor.v);
    while (QUERY_NEXT(&q, &l, item))
        read_training(&q, item);
    e = query_end(&q);
    for (size_t i = 0; !e && i < l.n; i++)
        e = load_topics(db, &l.items[i]);
    if (e)
        training_list_free(&l);
    else
        *out = l;
    return e;
}

void training_list_free(struct training_list *l)
{
    mem_free(l->items);
    *l = (struct training_list){ 0 };
}

enum err training_verify(struct db *db, int64_t id, int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "UPDATE training SET verified_by = $2, verified_ms = $3 "
                                  "WHERE id = $1 AND verified_by IS NULL RETURNING id");

    query_int(&q, id);
    query_int(&q, by.v);
    query_int(&q, now_ms);
    return update_one(&q);
}

/* ---- qualifications ------------------------------------------------------------------------- */

#define QUALIFICATION_SELECT                                                                       \
    "SELECT q.id, q.mentor, q.subject, s.code, q.level, q.grade_from, q.grade_to, q.issued_ms, "   \
    "q.verified_by FROM qualification q JOIN subject s ON s.id = q.subject "

static void read_qualification(struct query *q, struct qualification *out)
{
    *out = (struct qualification){ 0 };
    out->id = row_int(q);
    out->mentor.v = row_int(q);
    out->subject_id = row_int(q);
    row_text(q, out->subject, sizeof out->subject);
    row_text(q, out->level, sizeof out->level);
    out->grade_from = (int)row_int(q);
    out->grade_to = (int)row_int(q);
    out->issued_ms = row_int(q);
    out->verified_by.v = row_int(q);
}

enum err qualification_add(struct db *db, const struct qualification *it, int64_t now_ms,
                           struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO qualification (mentor, subject, level, grade_from, "
                                  "grade_to, issued_ms, verified_by, verified_ms, created_ms, "
                                  "created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                                  "CASE WHEN $7 IS NULL THEN NULL ELSE $8 END, $8, $9) "
                                  "RETURNING id");

    query_int(&q, it->mentor.v);
    query_int(&q, it->subject_id);
    query_text(&q, it->level);
    query_int(&q, it->grade_from);
    query_int(&q, it->grade_to);
    query_int(&q, it->issued_ms);
    query_id_or_null(&q, it->verified_by.v);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return query_insert(&q, out_id);
}

enum err qualification_load(struct db *db, int64_t id, struct qualification *out)
{
    struct query q = query_on(db, QUALIFICATION_SELECT "WHERE q.id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_qualification(&q, out);
    return query_end_found(&q);
}

enum err qualification_list(struct db *db, struct mentor_id mentor, struct qualification_list *out)
{
    struct query q = query_on(db, QUALIFICATION_SELECT "WHERE q.mentor = $1 ORDER BY s.code, q.id");
    struct qualification_list l = { 0 };
    struct qualification *item;
    enum err e;

    query_int(&q, mentor.v);
    while (QUERY_NEXT(&q, &l, item))
        read_qualification(&q, item);
    e = query_end(&q);
    if (e)
        qualification_list_free(&l);
    else
        *out = l;
    return e;
}

void qualification_list_free(struct qualification_list *l)
{
    mem_free(l->items);
    *l = (struct qualification_list){ 0 };
}

enum err qualification_verify(struct db *db, int64_t id, int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "UPDATE qualification SET verified_by = $2, verified_ms = $3 "
                                  "WHERE id = $1 AND verified_by IS NULL RETURNING id");

    query_int(&q, id);
    query_int(&q, by.v);
    query_int(&q, now_ms);
    return update_one(&q);
}
