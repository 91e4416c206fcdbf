/* SPDX-License-Identifier: Apache-2.0
 *
 * The chains of audit.h. hash = SHA-256(prev_hash ‖ canonical entry), where the
 * canonical form is the one of row_canonical. Entries are numbered without a
 * gap; the number handed out last is kept by the database, so a cut tail shows
 * as a gap as soon as anything is written behind it, and before that as a
 * number without its entry.
 */
#include "server/store/audit.h"

#include <inttypes.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"

_Static_assert(CHAIN_HASH_BYTES == SHA256_DIGEST_LENGTH, "the chain is SHA-256");

/* The columns that are final, by kind. A later migration adds a kind, never a column here. */
static const struct {
    const char *kind;
    const char *row;     /* the row's canonical columns */
    const char *missing; /* a final row that is not in the register */
} kinds[] = {
    { "session",
      "SELECT id, lesson, user_id, role, login, conn_id, join_ms, leave_ms, last_seen_ms, "
      "end_reason, uncertain_ms, screen_ms FROM session WHERE id = $1",
      "SELECT s.id FROM session s WHERE s.leave_ms IS NOT NULL AND NOT EXISTS "
      "(SELECT 1 FROM register r WHERE r.kind = 'session' AND r.row_id = s.id) LIMIT 1" },
    { "join_attempt",
      "SELECT id, lesson, asked, user_id, at_ms, result FROM join_attempt WHERE id = $1",
      "SELECT t.id FROM join_attempt t WHERE NOT EXISTS "
      "(SELECT 1 FROM register r WHERE r.kind = 'join_attempt' AND r.row_id = t.id) LIMIT 1" },
    { "outage", "SELECT id, from_ms, to_ms, kind FROM outage WHERE id = $1",
      "SELECT t.id FROM outage t WHERE NOT EXISTS "
      "(SELECT 1 FROM register r WHERE r.kind = 'outage' AND r.row_id = t.id) LIMIT 1" },
    { "attendance",
      "SELECT id, lesson, run, algo_version, computed_ms, outcome, contact_ms, percent_tenths, "
      "credit_quarters, waited, presence_ms, first_ms, last_ms, late_ms, early_ms, overrun_ms, "
      "gaps, gaps_ms, gap_causes FROM attendance WHERE id = $1",
      "SELECT t.id FROM attendance t WHERE NOT EXISTS "
      "(SELECT 1 FROM register r WHERE r.kind = 'attendance' AND r.row_id = t.id) LIMIT 1" },
    { "attendance_child",
      "SELECT id, attendance, child, outcome, auto_code, contact_ms, first_contact_ms, "
      "last_contact_ms, percent_tenths, presence_ms, first_ms, last_ms, late_ms, early_ms, "
      "overrun_ms, gaps, gaps_ms, gap_causes, uncertain_ms, screen_ms "
      "FROM attendance_child WHERE id = $1",
      "SELECT t.id FROM attendance_child t WHERE NOT EXISTS "
      "(SELECT 1 FROM register r WHERE r.kind = 'attendance_child' AND r.row_id = t.id) LIMIT 1" },
    { "amendment",
      "SELECT id, lesson, child, attendance_child, old_code, new_code, reason, document_no, "
      "by_user, title, at_ms FROM amendment WHERE id = $1",
      "SELECT t.id FROM amendment t WHERE NOT EXISTS "
      "(SELECT 1 FROM register r WHERE r.kind = 'amendment' AND r.row_id = t.id) LIMIT 1" },
    { "confirmation",
      "SELECT id, lesson, child, guardian, result, text, at_ms FROM confirmation WHERE id = $1",
      "SELECT t.id FROM confirmation t WHERE NOT EXISTS "
      "(SELECT 1 FROM register r WHERE r.kind = 'confirmation' AND r.row_id = t.id) LIMIT 1" },
};

#define KINDS (sizeof kinds / sizeof kinds[0])

static int kind_of(const char *name)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].kind, name) == 0)
            return (int)i;
    return -1;
}

/* ---- canonical entries ------------------------------------------------------------------ */

static void canon_int(struct strbuf *b, int64_t v)
{
    strbuf_printf(b, "i%" PRId64 ";", v);
}

static void canon_text(struct strbuf *b, const char *s)
{
    strbuf_printf(b, "t%zu:", strlen(s));
    strbuf_puts(b, s);
    strbuf_puts(b, ";");
}

static void canon_bytes(struct strbuf *b, const uint8_t *bytes, size_t len)
{
    strbuf_printf(b, "b%zu:", len);
    for (size_t i = 0; i < len; i++)
        strbuf_printf(b, "%02x", bytes[i]);
    strbuf_puts(b, ";");
}

/* SHA-256 of prev (may be NULL) and the text in b, which is emptied. */
static enum err digest(const uint8_t *prev, struct strbuf *b, uint8_t out[CHAIN_HASH_BYTES])
{
    struct strbuf all;
    enum err e = ERR_NOMEM;

    strbuf_init(&all);
    if (prev)
        strbuf_add(&all, (const char *)prev, CHAIN_HASH_BYTES);
    if (b->s)
        strbuf_add(&all, b->s, b->len);
    if (strbuf_ok(b) && strbuf_ok(&all)) {
        SHA256((const unsigned char *)all.s, all.len, out);
        e = ERR_OK;
    }
    strbuf_deinit(&all);
    strbuf_deinit(b);
    strbuf_init(b);
    return e;
}

struct head {
    int64_t seq; /* of the last entry ever made, whether or not it is still there */
    uint8_t hash[CHAIN_HASH_BYTES];
};

static enum err read_head(struct db *db, const char *sql, const char *table, struct head *out)
{
    struct query q = query_on(db, sql);
    struct head h = { 0 };
    int64_t last = 0;
    enum err e;

    if (query_row(&q)) {
        h.seq = row_int(&q);
        row_bytes(&q, h.hash, sizeof h.hash);
    }
    e = query_end(&q);
    if (!e)
        e = db_last_number(db, table, &last);
    if (e)
        return e;
    if (last > h.seq)
        h.seq = last;
    *out = h;
    return ERR_OK;
}

static enum err audit_head(struct db *db, struct head *out)
{
    return read_head(db, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", "audit", out);
}

static enum err register_head(struct db *db, struct head *out)
{
    return read_head(db, "SELECT seq, hash FROM register ORDER BY seq DESC LIMIT 1", "register",
                     out);
}

/* ---- audit ------------------------------------------------------------------------------ */

struct audit_entry {
    int64_t seq, at_ms, actor, entity_id;
    const char *action, *entity, *before, *after;
};

static enum err audit_digest(const uint8_t *prev, const struct audit_entry *a,
                             uint8_t out[CHAIN_HASH_BYTES])
{
    struct strbuf b;

    strbuf_init(&b);
    canon_int(&b, a->seq);
    canon_int(&b, a->at_ms);
    canon_int(&b, a->actor);
    canon_text(&b, a->action);
    canon_text(&b, a->entity);
    canon_int(&b, a->entity_id);
    canon_text(&b, a->before);
    canon_text(&b, a->after);
    return digest(prev, &b, out);
}

enum err audit_add(struct db *db, int64_t at_ms, struct user_id actor, const char *action,
                   const char *entity, int64_t entity_id, const char *before, const char *after)
{
    struct audit_entry a = { .at_ms = at_ms,
                             .actor = actor.v,
                             .entity_id = entity_id,
                             .action = action,
                             .entity = entity,
                             .before = before ? before : "",
                             .after = after ? after : "" };
    uint8_t hash[CHAIN_HASH_BYTES];
    struct head h;
    struct query q;
    enum err e = audit_head(db, &h);

    a.seq = h.seq + 1;
    if (!e)
        e = audit_digest(h.hash, &a, hash);
    if (e)
        return e;
    q = query_on(db, "INSERT INTO audit (seq, at_ms, actor, action, entity, entity_id, before, "
                     "after, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    query_int(&q, a.seq);
    query_int(&q, a.at_ms);
    query_int(&q, a.actor);
    query_text(&q, a.action);
    query_text(&q, a.entity);
    query_int(&q, a.entity_id);
    query_text(&q, a.before);
    query_text(&q, a.after);
    query_bytes(&q, h.hash, sizeof h.hash);
    query_bytes(&q, hash, sizeof hash);
    return query_run(&q);
}

static void read_audit(struct query *q, struct audit_row *r)
{
    *r = (struct audit_row){ 0 };
    r->seq = row_int(q);
    r->at_ms = row_int(q);
    r->actor.v = row_int(q);
    row_text(q, r->action, sizeof r->action);
    row_text(q, r->entity, sizeof r->entity);
    r->entity_id = row_int(q);
    r->before = row_text_dup(q);
    r->after = row_text_dup(q);
}

enum err audit_list(struct db *db, int64_t before_seq, int max, struct audit_list *out)
{
    struct query q = query_on(db, "SELECT seq, at_ms, actor, action, entity, entity_id, before, "
                                  "after FROM audit WHERE $1 = 0 OR seq < $1 "
                                  "ORDER BY seq DESC LIMIT $2");
    struct audit_list l = { 0 };
    struct audit_row *item;
    enum err e;

    query_int(&q, before_seq);
    query_int(&q, max);
    while (QUERY_NEXT(&q, &l, item))
        read_audit(&q, item);
    e = query_end(&q);
    if (e)
        audit_list_free(&l);
    else
        *out = l;
    return e;
}

void audit_list_free(struct audit_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        mem_free(l->items[i].before);
        mem_free(l->items[i].after);
    }
    mem_free(l->items);
    *l = (struct audit_list){ 0 };
}

/* ---- register --------------------------------------------------------------------------- */

static enum err row_digest(struct db *db, int kind, int64_t row_id, uint8_t out[CHAIN_HASH_BYTES])
{
    struct query q = query_on(db, kinds[kind].row);
    struct strbuf b;
    enum err e;

    strbuf_init(&b);
    query_int(&q, row_id);
    if (query_row(&q))
        row_canonical(&q, &b);
    e = query_end_found(&q);
    if (!e)
        e = digest(NULL, &b, out);
    strbuf_deinit(&b);
    return e;
}

static enum err entry_digest(const uint8_t *prev, int64_t seq, int64_t at_ms, const char *kind,
                             int64_t row_id, const uint8_t *row_hash, uint8_t out[CHAIN_HASH_BYTES])
{
    struct strbuf b;

    strbuf_init(&b);
    canon_int(&b, seq);
    canon_int(&b, at_ms);
    canon_text(&b, kind);
    canon_int(&b, row_id);
    canon_bytes(&b, row_hash, CHAIN_HASH_BYTES);
    return digest(prev, &b, out);
}

enum err chain_enter(struct db *db, const char *kind, int64_t row_id, int64_t at_ms)
{
    uint8_t row_hash[CHAIN_HASH_BYTES], hash[CHAIN_HASH_BYTES];
    int k = kind_of(kind);
    struct head h;
    struct query q;
    enum err e;

    if (k < 0)
        return ERR_INVAL;
    e = row_digest(db, k, row_id, row_hash);
    if (!e)
        e = register_head(db, &h);
    if (!e)
        e = entry_digest(h.hash, h.seq + 1, at_ms, kind, row_id, row_hash, hash);
    if (e)
        return e;
    q = query_on(db, "INSERT INTO register (seq, at_ms, kind, row_id, row_hash, prev_hash, hash) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7)");
    query_int(&q, h.seq + 1);
    query_int(&q, at_ms);
    query_text(&q, kind);
    query_int(&q, row_id);
    query_bytes(&q, row_hash, sizeof row_hash);
    query_bytes(&q, h.hash, sizeof h.hash);
    query_bytes(&q, hash, sizeof hash);
    return query_run(&q);
}

enum err chain_head(struct db *db, char out[2 * CHAIN_HASH_BYTES + 1])
{
    struct head h;
    enum err e = register_head(db, &h);

    if (!e)
        str_hex(h.hash, sizeof h.hash, out);
    return e;
}

/* ---- verify ----------------------------------------------------------------------------- */

static void blame(struct chain_report *r, int64_t seq, const char *kind, const char *why)
{
    if (r->bad_kind[0])
        return;
    r->bad_seq = seq;
    if (!str_copy(r->bad_kind, sizeof r->bad_kind, kind) || !str_copy(r->why, sizeof r->why, why))
        r->bad_kind[0] = '?';
}

/* What every entry must satisfy: numbered next, linked to the one before. */
static void check_link(struct chain_report *r, const char *kind, const struct head *before,
                       int64_t seq, const uint8_t *prev)
{
    if (seq != before->seq + 1)
        blame(r, seq, kind, "gap");
    else if (memcmp(prev, before->hash, CHAIN_HASH_BYTES) != 0)
        blame(r, seq, kind, "link");
}

static enum err check_tail(struct db *db, struct chain_report *r, const char *table,
                           const struct head *last)
{
    int64_t number = 0;
    enum err e = db_last_number(db, table, &number);

    if (!e && number != last->seq)
        blame(r, number, table, "tail");
    return e;
}

static enum err verify_audit(struct db *db, struct chain_report *r)
{
    struct query q = query_on(db, "SELECT seq, at_ms, actor, action, entity, entity_id, before, "
                                  "after, prev_hash, hash FROM audit ORDER BY seq");
    struct head last = { 0 };
    enum err e;

    while (!r->bad_kind[0] && query_row(&q)) {
        struct audit_row a;
        uint8_t prev[CHAIN_HASH_BYTES] = { 0 }, want[CHAIN_HASH_BYTES];
        enum err d = ERR_OK;

        read_audit(&q, &a);
        row_bytes(&q, prev, sizeof prev);
        check_link(r, "audit", &last, a.seq, prev);
        row_bytes(&q, last.hash, sizeof last.hash);
        last.seq = a.seq;
        if (!q.err)
            d = audit_digest(prev,
                             &(struct audit_entry){ a.seq, a.at_ms, a.actor.v, a.entity_id,
                                                    a.action, a.entity, a.before, a.after },
                             want);
        if (!q.err)
            q.err = d;
        if (!q.err && memcmp(want, last.hash, sizeof want) != 0)
            blame(r, a.seq, "audit", "hash");
        r->audit_rows++;
        mem_free(a.before);
        mem_free(a.after);
    }
    e = query_end(&q);
    return e || r->bad_kind[0] ? e : check_tail(db, r, "audit", &last);
}

/* One entry of the register against the row it stands for. */
static enum err verify_entry(struct db *db, struct chain_report *r, int64_t seq, int64_t at_ms,
                             const char *kind, int64_t row_id, const uint8_t *row_hash,
                             const uint8_t *prev, const uint8_t *hash)
{
    uint8_t want[CHAIN_HASH_BYTES];
    int k = kind_of(kind);
    enum err e = entry_digest(prev, seq, at_ms, kind, row_id, row_hash, want);

    if (e)
        return e;
    if (k < 0 || memcmp(want, hash, sizeof want) != 0) {
        blame(r, seq, kind, "hash");
        return ERR_OK;
    }
    e = row_digest(db, k, row_id, want);
    if (e == ERR_NOTFOUND || (!e && memcmp(want, row_hash, sizeof want) != 0)) {
        blame(r, seq, kind, "row");
        return ERR_OK;
    }
    return e;
}

static enum err verify_register(struct db *db, struct chain_report *r)
{
    struct query q = query_on(db, "SELECT seq, at_ms, kind, row_id, row_hash, prev_hash, hash "
                                  "FROM register ORDER BY seq");
    struct head last = { 0 };
    enum err e;

    while (!r->bad_kind[0] && query_row(&q)) {
        uint8_t row_hash[CHAIN_HASH_BYTES] = { 0 }, prev[CHAIN_HASH_BYTES] = { 0 };
        int64_t seq = row_int(&q), at_ms = row_int(&q), row_id;
        char kind[25];

        row_text(&q, kind, sizeof kind);
        row_id = row_int(&q);
        row_bytes(&q, row_hash, sizeof row_hash);
        row_bytes(&q, prev, sizeof prev);
        check_link(r, kind, &last, seq, prev);
        row_bytes(&q, last.hash, sizeof last.hash);
        last.seq = seq;
        if (!q.err)
            q.err = verify_entry(db, r, seq, at_ms, kind, row_id, row_hash, prev, last.hash);
        r->register_rows++;
    }
    e = query_end(&q);
    return e || r->bad_kind[0] ? e : check_tail(db, r, "register", &last);
}

/* Rows that should be in the register and are not. */
static enum err verify_complete(struct db *db, struct chain_report *r)
{
    for (size_t i = 0; i < KINDS && !r->bad_kind[0]; i++) {
        struct query q = query_on(db, kinds[i].missing);
        enum err e;

        if (query_row(&q))
            blame(r, row_int(&q), kinds[i].kind, "missing");
        e = query_end(&q);
        if (e)
            return e;
    }
    return ERR_OK;
}

enum err chain_verify(struct db *db, struct chain_report *out)
{
    struct chain_report r = { 0 };
    enum err e = verify_audit(db, &r);

    if (!e)
        e = verify_register(db, &r);
    if (!e)
        e = verify_complete(db, &r);
    if (!e)
        *out = r;
    return e;
}
