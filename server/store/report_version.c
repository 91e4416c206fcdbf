/* SPDX-License-Identifier: Apache-2.0
 *
 * Versions of documents and the steps they went; see delivery.h.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/domain/zone.h"
#include "server/store/delivery.h"

static void read_row(struct query *q, struct doc_row *d)
{
    char word[16];

    d->ref.id = row_int(q);
    d->version = (int)row_int(q);
    row_text(q, word, sizeof word);
    if (!flow_row_parse(word, &d->row))
        query_blame(q);
    d->rev = row_int(q);
}

static void bind_key(struct query *q, const struct report_key *key)
{
    char month[8];

    if (!str_format(month, sizeof month, "%04d-%02d", key->year, key->month))
        q->err = ERR_INVAL;
    query_int(q, key->mentor.v);
    query_int(q, key->child.v);
    query_int(q, key->school.v);
    query_text(q, month);
}

enum err report_row_load(struct db *db, const struct report_key *key, int version,
                         struct doc_row *out)
{
    struct query q = query_on(db, "SELECT id, version, state, rev FROM month_report "
                                  "WHERE mentor = $1 AND child = $2 AND school = $3 AND month = $4 "
                                  "AND ($5 = 0 OR version = $5) ORDER BY version DESC LIMIT 1");
    struct doc_row d = { .version = 1 };
    enum err e;

    bind_key(&q, key);
    query_int(&q, version);
    if (query_row(&q))
        read_row(&q, &d);
    e = version ? query_end_found(&q) : query_end(&q);
    if (!e)
        *out = d;
    return e;
}

enum err report_row_of_lesson(struct db *db, struct lesson_id lesson, struct child_id child,
                              struct doc_row *out)
{
    struct query q = query_on(db, "SELECT l.mentor, lc.school, l.start_ms, o.tz FROM lesson l "
                                  "JOIN lesson_child lc ON lc.lesson = l.id "
                                  "JOIN org o ON o.id = lc.school "
                                  "WHERE l.id = $1 AND lc.child = $2");
    struct report_key key = { .child = child };
    char tz[ZONE_NAME_MAX] = "";
    struct local_time t;
    int64_t start = 0;
    enum err e;

    query_int(&q, lesson.v);
    query_int(&q, child.v);
    if (query_row(&q)) {
        key.mentor.v = row_int(&q);
        key.school.v = row_int(&q);
        start = row_int(&q);
        row_text(&q, tz, sizeof tz);
    }
    e = query_end_found(&q);
    if (e == ERR_NOTFOUND) {
        *out = (struct doc_row){ .version = 1 };
        return ERR_OK;
    }
    if (!e)
        e = zone_local(tz, start, &t);
    if (e)
        return e;
    key.year = t.year;
    key.month = t.month;
    return report_row_load(db, &key, 0, out);
}

enum err report_row_make(struct db *db, const struct report_key *key, int64_t now_ms,
                         struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO month_report (mentor, child, school, month, at_ms, "
                                  "by_user) VALUES ($1, $2, $3, $4, $5, $6)");

    bind_key(&q, key);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_run(&q);
}

enum err report_row_correct(struct db *db, const struct doc_row *of, int64_t now_ms,
                            struct user_id by)
{
    struct query q = query_on(
        db, "INSERT INTO month_report (mentor, child, school, month, version, empty_reason, "
            "progress, difficulties, next_month, at_ms, by_user) SELECT mentor, child, school, "
            "month, version + 1, empty_reason, progress, difficulties, next_month, $2, $3 "
            "FROM month_report WHERE id = $1 AND state = 'accepted' RETURNING id");

    query_int(&q, of->ref.id);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    query_row(&q);
    return query_end_found(&q);
}

enum err doc_set_row(struct db *db, const struct doc_row *d, enum flow_row to, int64_t now_ms)
{
    struct query q =
        d->ref.kind == DOC_SHEET
            ? query_on(db, "UPDATE mark_sheet SET state = $3, at_ms = $4, rev = rev + 1, "
                           "body_sha256 = (SELECT sha256 FROM frozen_body WHERE doc = 'sheet' "
                           "AND doc_id = $1 AND format = 'pdf') "
                           "WHERE id = $1 AND rev = $2 AND state <> 'accepted' RETURNING id")
            : query_on(db, "UPDATE month_report SET state = $3, at_ms = $4, rev = rev + 1, "
                           "body_sha256 = (SELECT sha256 FROM frozen_body WHERE doc = 'report' "
                           "AND doc_id = $1 AND format = 'pdf') "
                           "WHERE id = $1 AND rev = $2 AND state <> 'accepted' RETURNING id");
    enum err e;

    query_int(&q, d->ref.id);
    query_int(&q, d->rev);
    query_text(&q, flow_row_name(to));
    query_int(&q, now_ms);
    query_row(&q);
    e = query_end_found(&q);
    return e == ERR_NOTFOUND ? ERR_STATE : e;
}

enum err report_key_load(struct db *db, int64_t report, struct report_key *out)
{
    struct query q = query_on(db, "SELECT mentor, child, school, month FROM month_report "
                                  "WHERE id = $1");
    struct report_key key = { 0 };
    char month[8] = "0000-00";
    int64_t number = 0;
    enum err e;

    query_int(&q, report);
    if (query_row(&q)) {
        key.mentor.v = row_int(&q);
        key.child.v = row_int(&q);
        key.school.v = row_int(&q);
        row_text(&q, month, sizeof month);
    }
    e = query_end_found(&q);
    if (!e && str_to_i64(month + 5, 0, 12, &number) != ERR_OK) /* the schema's own form */
        e = ERR_DB;
    key.month = (int)number;
    month[4] = '\0';
    if (!e && str_to_i64(month, 0, 9999, &number) != ERR_OK)
        e = ERR_DB;
    key.year = (int)number;
    if (!e)
        *out = key;
    return e;
}

/* ---- steps ------------------------------------------------------------------------------- */

static const char *const step_names[DOC_STEP_COUNT] = {
#define X(code, name) [DOC_STEP_##code] = name,
    DOC_STEP_LIST(X)
#undef X
};

const char *doc_step_name(enum doc_step_kind k)
{
    return (unsigned)k < DOC_STEP_COUNT ? step_names[k] : "unknown";
}

enum err doc_step_add(struct db *db, struct doc_ref ref, enum doc_step_kind step, const char *note,
                      int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO report_step (doc, doc_id, step, note, at_ms, "
                                  "by_user) VALUES ($1, $2, $3, $4, $5, $6)");

    query_text(&q, ref.kind == DOC_SHEET ? "sheet" : "report");
    query_int(&q, ref.id);
    query_text(&q, doc_step_name(step));
    query_text(&q, note ? note : "");
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_run(&q);
}

static void read_step(struct query *q, struct doc_step *s)
{
    char word[16];
    unsigned k = 0;

    *s = (struct doc_step){ 0 };
    row_text(q, word, sizeof word);
    while (k < DOC_STEP_COUNT && strcmp(step_names[k], word) != 0)
        k++;
    if (k == DOC_STEP_COUNT)
        query_blame(q);
    s->step = (enum doc_step_kind)k;
    s->note = row_text_dup(q);
    s->at_ms = row_int(q);
    s->by.v = row_int(q);
}

enum err doc_step_list(struct db *db, struct doc_ref ref, struct doc_step_list *out)
{
    struct query q = query_on(db, "SELECT step, note, at_ms, by_user FROM report_step "
                                  "WHERE doc = $1 AND doc_id = $2 ORDER BY id");
    struct doc_step_list l = { 0 };
    struct doc_step *s;
    enum err e;

    query_text(&q, ref.kind == DOC_SHEET ? "sheet" : "report");
    query_int(&q, ref.id);
    while (QUERY_NEXT(&q, &l, s))
        read_step(&q, s);
    e = query_end(&q);
    if (e)
        doc_step_list_free(&l);
    else
        *out = l;
    return e;
}

void doc_step_list_free(struct doc_step_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        mem_free(l->items[i].note);
    mem_free(l->items);
    *l = (struct doc_step_list){ 0 };
}
