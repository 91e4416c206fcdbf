/* SPDX-License-Identifier: Apache-2.0
 *
 * Frozen bytes, copies for the school, wellbeing notes.
 */
#include "server/store/delivery.h"

#include <openssl/evp.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/store/org.h"
#include "server/store/webhook.h"

static const char *kind_name(enum doc_kind k)
{
    return k == DOC_SHEET ? "sheet" : "report";
}

static void bind_ref(struct query *q, struct doc_ref ref)
{
    query_text(q, kind_name(ref.kind));
    query_int(q, ref.id);
}

/* ---- frozen bytes ------------------------------------------------------------------------ */

static enum err digest(const void *bytes, size_t len, uint8_t out[DOC_SHA_BYTES])
{
    return EVP_Digest(bytes, len, out, NULL, EVP_sha256(), NULL) == 1 ? ERR_OK : ERR_NOMEM;
}

enum err frozen_add(struct db *db, struct doc_ref ref, const char *format, const char *locale,
                    const void *bytes, size_t len, int64_t now_ms, uint8_t sha[DOC_SHA_BYTES])
{
    uint8_t own[DOC_SHA_BYTES];
    enum err e = digest(bytes, len, own);
    struct query q;

    if (e)
        return e;
    q = query_on(db, "INSERT INTO frozen_body (doc, doc_id, format, locale, sha256, bytes, at_ms) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7)");
    bind_ref(&q, ref);
    query_text(&q, format);
    query_text(&q, locale);
    query_bytes(&q, own, sizeof own);
    query_bytes(&q, bytes, len);
    query_int(&q, now_ms);
    e = query_run(&q);
    if (!e && sha)
        memcpy(sha, own, sizeof own);
    return e;
}

enum err frozen_load(struct db *db, struct doc_ref ref, const char *format, struct frozen *out)
{
    struct query q = query_on(db, "SELECT sha256, bytes FROM frozen_body WHERE doc = $1 "
                                  "AND doc_id = $2 AND format = $3");
    struct frozen f = { 0 };
    uint8_t now[DOC_SHA_BYTES];
    enum err e;

    bind_ref(&q, ref);
    query_text(&q, format);
    if (query_row(&q)) {
        row_bytes(&q, f.sha256, sizeof f.sha256);
        f.bytes = row_bytes_dup(&q, &f.len);
    }
    e = query_end_found(&q);
    if (!e)
        e = digest(f.bytes, f.len, now);
    if (!e && memcmp(now, f.sha256, sizeof now) != 0)
        e = ERR_DB;
    if (e)
        mem_free(f.bytes);
    else
        *out = f;
    return e;
}

/* ---- copies for the school --------------------------------------------------------------- */

#define COLUMNS                                                                                    \
    "d.id, d.doc, d.doc_id, d.version, d.to_org, d.sha256, d.queued_ms, d.sent_ms, d.opened_ms, "  \
    "d.opened_by, d.ack_ms, d.ack_by"

static void read_delivery(struct query *q, struct delivery *d)
{
    char kind[8];

    *d = (struct delivery){ 0 };
    d->id = row_int(q);
    row_text(q, kind, sizeof kind);
    d->ref.kind = kind[0] == 's' ? DOC_SHEET : DOC_REPORT;
    d->ref.id = row_int(q);
    d->version = (int)row_int(q);
    d->to_org.v = row_int(q);
    row_bytes(q, d->sha256, sizeof d->sha256);
    d->queued_ms = row_int(q);
    d->sent_ms = row_int(q);
    d->opened_ms = row_int(q);
    d->opened_by.v = row_int(q);
    d->ack_ms = row_int(q);
    d->ack_by.v = row_int(q);
}

enum err delivery_queue(struct db *db, const struct doc_row *d, struct org_id to_org,
                        int64_t now_ms)
{
    struct query q =
        query_on(db, "INSERT INTO delivery (doc, doc_id, version, to_org, sha256, queued_ms) "
                     "SELECT f.doc, f.doc_id, $3, $4, f.sha256, $5 FROM frozen_body f "
                     "WHERE f.doc = $1 AND f.doc_id = $2 AND f.format = 'pdf' RETURNING id");

    bind_ref(&q, d->ref);
    query_int(&q, d->version);
    query_int(&q, to_org.v);
    query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err delivery_load(struct db *db, struct doc_ref ref, struct delivery *out)
{
    struct query q =
        query_on(db, "SELECT " COLUMNS " FROM delivery d WHERE d.doc = $1 AND d.doc_id = $2");

    bind_ref(&q, ref);
    if (query_row(&q))
        read_delivery(&q, out);
    return query_end_found(&q);
}

static enum err list_end(struct query *q, struct delivery_list *l, struct delivery_list *out)
{
    enum err e = query_end(q);

    if (e)
        delivery_list_free(l);
    else
        *out = *l;
    return e;
}

/* Waiting copies whose school has somebody who may open them now. */
static enum err list_sendable(struct db *db, int64_t now_ms, int max, struct delivery_list *out)
{
    struct query q =
        query_on(db, "SELECT " COLUMNS " FROM delivery d WHERE d.sent_ms IS NULL AND EXISTS ("
                     "SELECT 1 FROM role_grant g JOIN \"user\" u ON u.id = g.user_id "
                     "WHERE g.org = d.to_org AND g.role = 'school_officer' AND g.from_ms <= $1 "
                     "AND (g.to_ms IS NULL OR g.to_ms > $1) AND u.status = 'active') "
                     "ORDER BY d.queued_ms, d.id LIMIT $2");
    struct delivery_list l = { 0 };
    struct delivery *d;

    query_int(&q, now_ms);
    query_int(&q, max);
    while (QUERY_NEXT(&q, &l, d))
        read_delivery(&q, d);
    return list_end(&q, &l, out);
}

static enum err tell_school(struct db *db, const struct delivery *d, bool acknowledged,
                            int64_t now_ms)
{
    static const enum webhook_kind kinds[][2] = {
        [DOC_REPORT] = { WEBHOOK_REPORT_DELIVERED, WEBHOOK_REPORT_ACKNOWLEDGED },
        [DOC_SHEET] = { WEBHOOK_SHEET_DELIVERED, WEBHOOK_SHEET_ACKNOWLEDGED }
    };
    const struct webhook_event told = { .kind = kinds[d->ref.kind][acknowledged],
                                        .at_ms = now_ms,
                                        .delivery = d->id,
                                        .school = d->to_org.v };

    return webhook_tell(db, d->to_org, &told, now_ms);
}

static enum err send_one(struct db *db, const struct delivery *d, int64_t now_ms)
{
    struct frozen f;
    struct query q;
    enum err e = frozen_load(db, d->ref, "pdf", &f);

    if (e)
        return e;
    if (memcmp(f.sha256, d->sha256, sizeof f.sha256) != 0)
        e = ERR_DB;
    mem_free(f.bytes);
    if (e)
        return e;
    q = query_on(db, "UPDATE delivery SET sent_ms = $2 WHERE id = $1 AND sent_ms IS NULL");
    query_int(&q, d->id);
    query_int(&q, now_ms);
    e = query_run(&q);
    return e ? e : tell_school(db, d, false, now_ms);
}

enum err delivery_send(struct db *db, int64_t now_ms, int max, int *sent)
{
    struct delivery_list l = { 0 };
    enum err e = list_sendable(db, now_ms, max, &l);

    *sent = 0;
    for (size_t i = 0; !e && i < l.n; i++) {
        enum err one = db_savepoint(db);

        if (one) {
            e = one;
            break;
        }
        one = send_one(db, &l.items[i], now_ms);
        if (!one) {
            e = db_release(db);
            *sent += !e;
            continue;
        }
        db_undo(db);
        if (!db_in_transaction(db))
            e = one;
    }
    delivery_list_free(&l);
    return e;
}

enum err delivery_opened(struct db *db, int64_t id, int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "UPDATE delivery SET opened_ms = $2, opened_by = $3 "
                                  "WHERE id = $1 AND opened_ms IS NULL AND sent_ms IS NOT NULL");

    query_int(&q, id);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_run(&q);
}

enum err delivery_acknowledge(struct db *db, int64_t id, int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "UPDATE delivery SET ack_ms = $2, ack_by = $3 WHERE id = $1 "
                                  "AND ack_ms IS NULL AND sent_ms IS NOT NULL RETURNING "
                                  "id, doc, to_org");
    struct delivery d = { 0 };
    char doc[8];
    enum err e = delivery_opened(db, id, now_ms, by);

    query_int(&q, id);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    if (e)
        q.err = e;
    if (query_row(&q)) {
        d.id = row_int(&q);
        row_text(&q, doc, sizeof doc);
        d.ref.kind = doc[0] == 's' ? DOC_SHEET : DOC_REPORT;
        d.to_org.v = row_int(&q);
    }
    e = query_end_found(&q);
    if (e)
        return e == ERR_NOTFOUND ? ERR_STATE : e;
    return tell_school(db, &d, true, now_ms);
}

enum err delivery_list_open(struct db *db, struct org_id centre, struct delivery_list *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM delivery d "
                                  "JOIN org o ON o.id = d.to_org WHERE o.parent = $1 "
                                  "AND d.opened_ms IS NULL ORDER BY d.queued_ms, d.id");
    struct delivery_list l = { 0 };
    struct delivery *d;

    query_int(&q, centre.v);
    while (QUERY_NEXT(&q, &l, d))
        read_delivery(&q, d);
    return list_end(&q, &l, out);
}

void delivery_list_free(struct delivery_list *l)
{
    mem_free(l->items);
    *l = (struct delivery_list){ 0 };
}

/* ---- the wellbeing note ------------------------------------------------------------------ */

static void bind_note(struct query *q, const struct report_key *key)
{
    char month[8];

    if (!str_format(month, sizeof month, "%04d-%02d", key->year, key->month))
        q->err = ERR_INVAL;
    query_int(q, key->mentor.v);
    query_int(q, key->child.v);
    query_text(q, month);
}

enum err wellbeing_load(struct db *db, const struct report_key *key, struct wellbeing_note *out)
{
    struct query q = query_on(db, "SELECT text, rev, at_ms FROM wellbeing_note "
                                  "WHERE mentor = $1 AND child = $2 AND month = $3");

    *out = (struct wellbeing_note){ 0 };
    bind_note(&q, key);
    if (query_row(&q)) {
        out->text = row_text_dup(&q);
        out->rev = row_int(&q);
        out->at_ms = row_int(&q);
    }
    return query_end(&q);
}

enum err wellbeing_save(struct db *db, const struct report_key *key, const char *text, int64_t rev,
                        int64_t now_ms, struct user_id by)
{
    struct query q = rev == 0 ? query_on(db, "INSERT INTO wellbeing_note (mentor, child, month, "
                                             "text, at_ms, by_user) VALUES ($1, $2, $3, $4, $5, "
                                             "$6) ON CONFLICT DO NOTHING RETURNING rev")
                              : query_on(db, "UPDATE wellbeing_note SET text = $4, at_ms = $5, "
                                             "by_user = $6, rev = rev + 1 WHERE mentor = $1 "
                                             "AND child = $2 AND month = $3 AND rev = $7 "
                                             "RETURNING rev");
    enum err e;

    bind_note(&q, key);
    query_text(&q, text);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    if (rev)
        query_int(&q, rev);
    query_row(&q);
    e = query_end_found(&q);
    return e == ERR_NOTFOUND ? ERR_STATE : e;
}

/* ---- settings ---------------------------------------------------------------------------- */

enum err policy_report(struct db *db, struct org_id org, int64_t at_ms, struct report_policy *out)
{
    const struct report_policy d = report_policy_default();
    int64_t due = d.due_day, first = d.remind_first_days, last = d.remind_last_days;
    enum err e = policy_int(db, org, "report.due_day", at_ms, 1, 28, due, &due);

    if (!e)
        e = policy_int(db, org, "report.remind_first_days", at_ms, 0, 27, first, &first);
    if (!e)
        e = policy_int(db, org, "report.remind_last_days", at_ms, 0, 27, last, &last);
    if (!e)
        *out = (struct report_policy){ (int)due, (int)first, (int)last };
    return e;
}
