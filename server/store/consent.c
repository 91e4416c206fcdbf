/* SPDX-License-Identifier: Apache-2.0
 *
 * Consents as rows; see consent.h.
 */
#include "server/store/consent.h"

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/store/org.h"

/* Versions are numbers here; a row from before they were counted as it is ("1"). */
static int row_version(struct query *q)
{
    char text[16];
    int64_t v = 0;

    row_text(q, text, sizeof text);
    if (q->err == ERR_OK && str_to_i64(text, 0, 9999, &v))
        query_blame(q);
    return (int)v;
}

static void query_version(struct query *q, int version)
{
    char text[16];

    query_text(q, str_format(text, sizeof text, "%d", version) ? text : NULL);
}

/* The newest consent; future ones wait their turn. */
static enum err load_given(struct db *db, struct child_id child, enum consent_kind kind,
                           struct consent_record *r)
{
    struct query q = query_on(db, "SELECT text_version, given_ms, expires_ms, withdrawn_ms, "
                                  "given_by, entered_by, withdrawn_by, paper FROM consent "
                                  "WHERE child = $1 AND kind = $2 "
                                  "ORDER BY given_ms DESC, id DESC LIMIT 1");

    query_int(&q, child.v);
    query_text(&q, consent_name(kind));
    if (query_row(&q)) {
        r->facts.version = row_version(&q);
        r->facts.given_ms = row_int(&q);
        r->facts.expires_ms = row_int_or(&q, CONSENT_OPEN_MS);
        r->facts.withdrawn_ms = row_int(&q);
        r->given_by.v = row_int(&q);
        r->entered_by.v = row_int(&q);
        r->withdrawn_by.v = row_int(&q);
        r->paper = row_int(&q);
    }
    return query_end(&q);
}

enum err consent_load(struct db *db, struct child_id child, enum consent_kind kind,
                      struct consent_record *out)
{
    struct query q = query_on(db, "SELECT asked_ms, refused_ms, asked_by FROM consent_ask "
                                  "WHERE child = $1 AND kind = $2 "
                                  "ORDER BY asked_ms DESC, id DESC LIMIT 1");
    struct consent_record r = { 0 };
    enum err err;

    query_int(&q, child.v);
    query_text(&q, consent_name(kind));
    if (query_row(&q)) {
        r.facts.asked_ms = row_int(&q);
        r.facts.refused_ms = row_int(&q);
        r.asked_by.v = row_int(&q);
    }
    err = query_end(&q);
    if (!err)
        err = load_given(db, child, kind, &r);
    if (!err)
        *out = r;
    return err;
}

enum err consent_standing(struct db *db, struct child_id child, int64_t at_ms, unsigned *out)
{
    struct query q = query_on(db, "SELECT DISTINCT kind FROM consent WHERE child = $1 "
                                  "AND given_ms <= $2 "
                                  "AND (withdrawn_ms IS NULL OR withdrawn_ms > $2) "
                                  "AND (expires_ms IS NULL OR expires_ms > $2)");
    unsigned standing = 0;
    enum err err;

    query_int(&q, child.v);
    query_int(&q, at_ms);
    while (query_row(&q)) {
        enum consent_kind kind;
        char name[16];

        row_text(&q, name, sizeof name);
        if (consent_parse(name, &kind))
            standing |= CONSENT_BIT(kind);
        else
            query_blame(&q);
    }
    err = query_end(&q);
    if (!err)
        *out = standing;
    return err;
}

enum err consent_giver(struct db *db, struct child_id child, struct user_id user, int64_t at_ms,
                       bool *out)
{
    struct query q = query_on(db, "SELECT 1 FROM guardian_link WHERE child = $1 AND user_id = $2 "
                                  "AND rights = 'full' AND from_ms <= $3 "
                                  "AND (to_ms IS NULL OR to_ms > $3)");
    bool any;
    enum err err;

    query_int(&q, child.v);
    query_int(&q, user.v);
    query_int(&q, at_ms);
    any = query_row(&q);
    err = query_end(&q);
    if (!err)
        *out = any;
    return err;
}

enum err consent_rev(struct db *db, struct child_id child, int64_t *out)
{
    struct query q = query_on(db, "SELECT 1 + (SELECT count(*) + count(withdrawn_ms) FROM consent "
                                  "WHERE child = $1) + (SELECT count(*) + count(refused_ms) "
                                  "FROM consent_ask WHERE child = $1)");

    query_int(&q, child.v);
    if (query_row(&q))
        *out = row_int(&q);
    return query_end_found(&q);
}

/* ---- steps -------------------------------------------------------------------------------- */

static enum err end_older(struct db *db, const struct consent_new *n)
{
    struct query q = query_on(db, "UPDATE consent SET expires_ms = $3 WHERE child = $1 "
                                  "AND kind = $2 AND withdrawn_ms IS NULL AND given_ms < $3 "
                                  "AND (expires_ms IS NULL OR expires_ms > $3)");

    query_int(&q, n->child.v);
    query_text(&q, consent_name(n->kind));
    query_int(&q, n->given_ms);
    return query_run(&q);
}

enum err consent_add(struct db *db, const struct consent_new *n, int64_t *out_id)
{
    enum err err = end_older(db, n);
    struct query q;

    if (err)
        return err;
    q = query_on(db, "INSERT INTO consent (child, kind, text_version, given_by, given_ms, "
                     "expires_ms, entered_by, paper, created_ms) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $5) RETURNING id");
    query_int(&q, n->child.v);
    query_text(&q, consent_name(n->kind));
    query_version(&q, n->version);
    query_int(&q, n->given_by.v);
    query_int(&q, n->given_ms);
    query_int_or_null(&q, n->expires_ms, CONSENT_OPEN_MS);
    query_id_or_null(&q, n->entered_by.v);
    query_id_or_null(&q, n->paper);
    return query_insert(&q, out_id);
}

enum err consent_ask(struct db *db, struct child_id child, enum consent_kind kind, int version,
                     int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO consent_ask (child, kind, text_version, asked_ms, "
                                  "asked_by) VALUES ($1, $2, $3, $4, $5)");

    query_int(&q, child.v);
    query_text(&q, consent_name(kind));
    query_version(&q, version);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_run(&q);
}

enum err consent_refuse(struct db *db, struct child_id child, enum consent_kind kind,
                        int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "UPDATE consent_ask SET refused_ms = $3, refused_by = $4 "
                                  "WHERE id = (SELECT id FROM consent_ask WHERE child = $1 "
                                  "AND kind = $2 ORDER BY asked_ms DESC, id DESC LIMIT 1) "
                                  "AND refused_ms IS NULL RETURNING id");

    query_int(&q, child.v);
    query_text(&q, consent_name(kind));
    query_int(&q, now_ms);
    query_int(&q, by.v);
    query_row(&q);
    return query_end_found(&q);
}

enum err consent_end(struct db *db, struct child_id child, enum consent_kind kind, int64_t now_ms,
                     struct user_id by, const char *reason)
{
    struct query q = query_on(db, "UPDATE consent SET withdrawn_ms = $3, withdrawn_by = $4, "
                                  "withdrawn_reason = $5 WHERE child = $1 AND kind = $2 "
                                  "AND withdrawn_ms IS NULL AND given_ms <= $3 RETURNING id");
    bool any;
    enum err err;

    query_int(&q, child.v);
    query_text(&q, consent_name(kind));
    query_int(&q, now_ms);
    query_int(&q, by.v);
    query_text(&q, reason);
    for (any = false; query_row(&q);)
        any = true;
    err = query_end(&q);
    return err ? err : any ? ERR_OK : ERR_NOTFOUND;
}

/* ---- papers ------------------------------------------------------------------------------- */

enum err consent_paper_add(struct db *db, const struct consent_paper *p, int64_t now_ms,
                           struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO consent_paper (child, type, name, sha256, bytes, "
                                  "signed, created_ms, created_by) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id");

    query_int(&q, p->child.v);
    query_text(&q, upload_name(p->type));
    query_text(&q, p->name);
    query_bytes(&q, p->sha256, sizeof p->sha256);
    query_int(&q, p->bytes);
    query_text(&q, p->signed_on);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_insert(&q, out_id);
}

enum err consent_paper_load(struct db *db, int64_t id, struct consent_paper *out)
{
    struct query q = query_on(db, "SELECT child, type, name, sha256, bytes, signed "
                                  "FROM consent_paper WHERE id = $1");
    struct consent_paper p = { .id = id };
    char type[16] = "";
    enum err err;

    query_int(&q, id);
    if (query_row(&q)) {
        p.child.v = row_int(&q);
        row_text(&q, type, sizeof type);
        row_text(&q, p.name, sizeof p.name);
        row_bytes(&q, p.sha256, sizeof p.sha256);
        p.bytes = row_int(&q);
        row_text(&q, p.signed_on, sizeof p.signed_on);
    }
    err = query_end_found(&q);
    p.type = upload_parse(type);
    if (!err)
        *out = p;
    return err;
}

/* ---- lessons ------------------------------------------------------------------------------ */

enum err consent_lessons(struct db *db, struct child_id child, bool group, int64_t now_ms,
                         int64_t to_ms, struct consent_lessons *out)
{
    struct query q =
        query_on(db, "SELECT l.id, l.start_ms, l.end_ms, s.code FROM lesson_child lc "
                     "JOIN lesson l ON l.id = lc.lesson JOIN subject s ON s.id = l.subject "
                     "WHERE lc.child = $1 AND l.end_ms > $3 AND l.start_ms < $4 "
                     "AND l.state IN ('scheduled', 'needs_substitute', 'open', 'running', "
                     "'interrupted') AND ($2 = 0 OR (SELECT count(*) FROM lesson_child o "
                     "WHERE o.lesson = l.id) > 1) ORDER BY l.start_ms, l.id");
    struct consent_lessons l = { 0 };
    struct consent_lesson *item;
    enum err err;

    query_int(&q, child.v);
    query_int(&q, group);
    query_int(&q, now_ms);
    query_int(&q, to_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        item->id.v = row_int(&q);
        item->start_ms = row_int(&q);
        item->end_ms = row_int(&q);
        row_text(&q, item->subject, sizeof item->subject);
    }
    err = query_end(&q);
    if (err)
        consent_lessons_free(&l);
    else
        *out = l;
    return err;
}

void consent_lessons_free(struct consent_lessons *l)
{
    mem_free(l->items);
    *l = (struct consent_lessons){ 0 };
}

/* ---- policy ------------------------------------------------------------------------------- */

enum err policy_consent(struct db *db, struct org_id org, int64_t at_ms, struct consent_policy *out)
{
    struct consent_policy p = consent_policy_default();
    size_t n;
    const struct consent_setting *s = consent_settings(&n);

    for (size_t i = 0; i < n; i++) {
        int *value = (int *)(void *)((char *)&p + s[i].offset);
        int64_t v = *value;
        enum err err = policy_int(db, org, s[i].key, at_ms, s[i].min, s[i].max, v, &v);

        if (err)
            return err;
        *value = (int)v;
    }
    *out = p;
    return ERR_OK;
}
