/* SPDX-License-Identifier: Apache-2.0
 *
 * Referrals looked for by what they are about: children that are alike, and
 * what has been kept long enough.
 */
#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/org.h"
#include "server/store/referral.h"

enum err decided_list(struct db *db, struct org_id centre, int64_t from_ms, int64_t to_ms,
                      struct decided_list *out)
{
    struct query q = query_on(db, "SELECT first_ms, decided_ms, state = 'accepted' FROM referral "
                                  "WHERE centre = $1 AND decided_ms >= $2 AND decided_ms < $3 "
                                  "ORDER BY id");
    struct decided_list l = { 0 };
    struct decided *item;
    enum err e;

    query_int(&q, centre.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        item->first_ms = row_int(&q);
        item->decided_ms = row_int(&q);
        item->accepted = row_bool(&q);
    }
    e = query_end(&q);
    if (e)
        decided_list_free(&l);
    else
        *out = l;
    return e;
}

void decided_list_free(struct decided_list *l)
{
    mem_free(l->items);
    *l = (struct decided_list){ 0 };
}

/* ---- duplicates ------------------------------------------------------------------------- */

/* Rows come by birth date; names are compared here, as SQL cannot fold Cyrillic. */
static enum err add_alike(struct query *q, const struct child_mark *mark, bool children,
                          struct alike_list *l)
{
    while (query_row(q)) {
        struct alike_row row = { 0 };
        struct alike_row *item;
        struct child_mark other;
        int64_t id = row_int(q);

        row.school.v = row_int(q);
        row_text(q, row.name, sizeof row.name);
        other = (struct child_mark){ row.name, mark->birth_day, row.school };
        row.alike = child_alike(mark, &other);
        if (q->err || row.alike == ALIKE_NOT)
            continue;
        if (children)
            row.child.v = id;
        else
            row.referral.v = id;
        item = store_grow(l->items, l->n, sizeof *l->items);
        if (!query_room(q, item))
            break;
        l->items = item;
        l->items[l->n++] = row;
    }
    return query_end(q);
}

enum err alike_list(struct db *db, struct org_id centre, const struct child_mark *mark,
                    struct referral_id not_referral, struct user_id not_child,
                    struct alike_list *out)
{
    struct alike_list l = { 0 };
    struct query q;
    enum err e;

    q = query_on(db, "SELECT c.user_id, c.org_school, u.name FROM child c "
                     "JOIN \"user\" u ON u.id = c.user_id WHERE c.centre = $1 "
                     "AND c.birth_date = $2 AND c.user_id <> $3 ORDER BY c.id");
    query_int(&q, centre.v);
    query_day(&q, mark->birth_day);
    query_int(&q, not_child.v);
    e = add_alike(&q, mark, true, &l);
    if (!e) {
        q = query_on(db, "SELECT id, school, child_name FROM referral WHERE centre = $1 "
                         "AND birth_date = $2 AND id <> $3 "
                         "AND state IN ('submitted', 'incomplete', 'under_review') ORDER BY id");
        query_int(&q, centre.v);
        query_day(&q, mark->birth_day);
        query_int(&q, not_referral.v);
        e = add_alike(&q, mark, false, &l);
    }
    if (e)
        alike_list_free(&l);
    else
        *out = l;
    return e;
}

void alike_list_free(struct alike_list *l)
{
    mem_free(l->items);
    *l = (struct alike_list){ 0 };
}

/* ---- retention -------------------------------------------------------------------------- */

#define OLD                                                                                        \
    "centre = $1 AND closed_ms < $2 AND state IN ('refused', 'withdrawn') AND emptied_ms IS NULL"

static enum err empty(struct db *db, const char *sql, struct org_id centre, int64_t before_ms)
{
    struct query q = query_on(db, sql);

    query_int(&q, centre.v);
    query_int(&q, before_ms);
    return query_run(&q);
}

static enum err sweep_centre(struct db *db, struct org_id centre, int64_t now_ms)
{
    struct intake_policy p;
    struct query q;
    int64_t before;
    enum err e = policy_intake(db, centre, now_ms, &p);

    if (e)
        return e;
    before = now_ms - p.keep_refused_days * MS_PER_DAY;
    e = empty(db,
              "UPDATE medical_basis SET sealed = NULL, file = NULL WHERE referral IN "
              "(SELECT id FROM referral WHERE " OLD ")",
              centre, before);
    if (!e)
        e = empty(db,
                  "UPDATE recommendation SET sealed = NULL, file = NULL WHERE referral IN "
                  "(SELECT id FROM referral WHERE " OLD ")",
                  centre, before);
    if (e)
        return e;
    q = query_on(db, "UPDATE referral SET child_name = '', birth_date = NULL, grade = NULL, "
                     "guardian_name = '', guardian_phone = '', application_date = NULL, "
                     "consent_date = NULL, asked_note = '', withdrawn_reason = '', sealed = NULL, "
                     "emptied_ms = $3 WHERE " OLD);
    query_int(&q, centre.v);
    query_int(&q, before);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err referral_sweep(struct db *db, int64_t now_ms)
{
    const enum org_type centre = ORG_CENTRE;
    struct org_list l;
    enum err e = org_list(db, &centre, &l);

    if (e)
        return e;
    for (size_t i = 0; !e && i < l.n; i++)
        e = sweep_centre(db, l.items[i].id, now_ms);
    org_list_free(&l);
    return e;
}
