/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of referral, their authors and their steps.
 */
#include "server/store/referral.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"

enum err referral_author_add(struct db *db, struct referral_id id, struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO referral_author (referral, user_id) "
                                  "VALUES ($1, $2) ON CONFLICT DO NOTHING");

    query_int(&q, id.v);
    query_int(&q, by.v);
    return query_run(&q);
}

enum err referral_add(struct db *db, struct org_id school, struct org_id centre, int64_t now_ms,
                      struct user_id by, struct referral_id *out)
{
    struct query q = query_on(db, "INSERT INTO referral (school, centre, created_ms, created_by) "
                                  "VALUES ($1, $2, $3, $4) RETURNING id");
    struct referral_id id = { 0 };
    enum err e;

    query_int(&q, school.v);
    query_int(&q, centre.v);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    if (query_row(&q))
        id.v = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        e = referral_author_add(db, id, by);
    if (!e)
        *out = id;
    return e;
}

/* ---- reading ---------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
    "id, school, centre, state, rev, child_name, birth_date, grade, guardian_name, "               \
    "guardian_phone, application_date, consent_date, created_ms, created_by, first_ms, reviewer, " \
    "asked_items, asked_note, refusal, sealed IS NOT NULL, decided_by, closed_ms, "                \
    "withdrawn_reason, child, emptied_ms IS NOT NULL"

static void read_referral(struct query *q, struct referral *r)
{
    char state[16];

    *r = (struct referral){ 0 };
    r->id.v = row_int(q);
    r->school.v = row_int(q);
    r->centre.v = row_int(q);
    row_text(q, state, sizeof state);
    if (!referral_state_parse(state, &r->state))
        query_blame(q);
    r->rev = row_int(q);
    row_text(q, r->child_name, sizeof r->child_name);
    r->birth_day = row_day(q);
    r->grade = (int)row_int(q);
    row_text(q, r->guardian_name, sizeof r->guardian_name);
    row_text(q, r->guardian_phone, sizeof r->guardian_phone);
    r->application_day = row_day(q);
    r->consent_day = row_day(q);
    r->created_ms = row_int(q);
    r->created_by.v = row_int(q);
    r->first_ms = row_int(q);
    r->reviewer.v = row_int(q);
    r->asked_items = (unsigned)row_int(q);
    row_text(q, r->asked_note, sizeof r->asked_note);
    row_text(q, r->refusal, sizeof r->refusal);
    r->reason_sealed = row_bool(q);
    r->decided_by.v = row_int(q);
    r->closed_ms = row_int(q);
    row_text(q, r->withdrawn_reason, sizeof r->withdrawn_reason);
    r->child.v = row_int(q);
    r->emptied = row_bool(q);
}

static enum err load_papers(struct db *db, struct referral *r)
{
    enum err e = basis_of_referral(db, r->id, &r->basis);

    return e ? e : recommendation_of_referral(db, r->id, &r->recommendation);
}

enum err referral_load(struct db *db, struct referral_id id, struct referral *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM referral WHERE id = $1");
    enum err e;

    query_int(&q, id.v);
    if (query_row(&q))
        read_referral(&q, out);
    e = query_end_found(&q);
    return e ? e : load_papers(db, out);
}

enum err referral_list(struct db *db, const struct referral_filter *f, struct referral_list *out)
{
    struct query q =
        query_on(db, "SELECT " COLUMNS " FROM referral WHERE ($1 = 0 OR school = $1) "
                     "AND ($2 = 0 OR centre = $2) AND ($3 >> CASE state WHEN 'draft' THEN 0 "
                     "WHEN 'submitted' THEN 1 WHEN 'incomplete' THEN 2 WHEN 'under_review' THEN 3 "
                     "WHEN 'accepted' THEN 4 WHEN 'refused' THEN 5 ELSE 6 END) & 1 = 1 "
                     "AND ($6 = 0 OR first_ms IS NOT NULL) "
                     "ORDER BY first_ms IS NULL, first_ms, id LIMIT $4 OFFSET $5");
    struct referral_list l = { 0 };
    struct referral *item;
    enum err e;

    query_int(&q, f->school.v);
    query_int(&q, f->centre.v);
    query_int(&q, f->states);
    query_int(&q, (int64_t)f->max);
    query_int(&q, (int64_t)f->first);
    query_int(&q, f->sent);
    while (QUERY_NEXT(&q, &l, item))
        read_referral(&q, item);
    e = query_end(&q);
    for (size_t i = 0; !e && i < l.n; i++)
        e = load_papers(db, &l.items[i]);
    if (e)
        referral_list_free(&l);
    else
        *out = l;
    return e;
}

void referral_list_free(struct referral_list *l)
{
    mem_free(l->items);
    *l = (struct referral_list){ 0 };
}

struct referral_content referral_content_of(const struct referral *r)
{
    return (struct referral_content){ .child_name = r->child_name,
                                      .guardian_name = r->guardian_name,
                                      .guardian_phone = r->guardian_phone,
                                      .birth_day = r->birth_day,
                                      .grade = r->grade,
                                      .application_day = r->application_day,
                                      .consent_day = r->consent_day,
                                      .basis_to_day = r->basis.basis.to_day,
                                      .recommendation_to_day = r->recommendation.limits.to_day,
                                      .basis_scan = r->basis.paper.file != 0,
                                      .recommendation_scan = r->recommendation.paper.file != 0 };
}

enum err referral_wrote(struct db *db, struct referral_id id, struct user_id person, bool *out)
{
    struct query q =
        query_on(db, "SELECT 1 FROM referral_author WHERE referral = $1 AND user_id = $2");
    bool any;
    enum err e;

    query_int(&q, id.v);
    query_int(&q, person.v);
    any = query_row(&q);
    e = query_end(&q);
    if (!e)
        *out = any;
    return e;
}

/* ---- writing ---------------------------------------------------------------------------- */

enum err referral_save(struct db *db, const struct referral *r, struct user_id by)
{
    struct query q = query_on(
        db, "UPDATE referral SET child_name = $2, birth_date = $3, grade = $4, guardian_name = $5, "
            "guardian_phone = $6, application_date = $7, consent_date = $8, rev = rev + 1 "
            "WHERE id = $1 RETURNING id");
    enum err e;

    query_int(&q, r->id.v);
    query_text(&q, r->child_name);
    query_day(&q, r->birth_day);
    query_int_or_null(&q, r->grade, 0);
    query_text(&q, r->guardian_name);
    query_text(&q, r->guardian_phone);
    query_day(&q, r->application_day);
    query_day(&q, r->consent_day);
    query_row(&q);
    e = query_end_found(&q);
    return e ? e : referral_author_add(db, r->id, by);
}

static enum err add_step(struct db *db, const struct referral *r, enum referral_state to,
                         int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO referral_step (referral, at_ms, by_user, "
                                  "from_state, to_state) VALUES ($1, $2, $3, $4, $5)");

    query_int(&q, r->id.v);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    query_text(&q, referral_state_name(r->state));
    query_text(&q, referral_state_name(to));
    return query_run(&q);
}

/* The row as the move leaves it. */
static struct referral after(const struct referral *r, const struct referral_change *c,
                             int64_t now_ms, struct user_id by)
{
    struct referral n = *r;

    n.state = c->to;
    if (c->move == MOVE_SUBMIT && !n.first_ms)
        n.first_ms = now_ms;
    if (c->to == REFERRAL_SUBMITTED || c->to == REFERRAL_INCOMPLETE)
        n.reviewer.v = 0;
    if (c->move == MOVE_SUBMIT)
        n.asked_items = 0;
    if (c->move == MOVE_TAKE)
        n.reviewer = by;
    if (c->move == MOVE_ASK)
        n.asked_items = c->asked_items;
    if (c->move == MOVE_ACCEPT || c->move == MOVE_REFUSE)
        n.decided_by = by;
    if (c->move == MOVE_ACCEPT)
        n.child = c->child;
    if (n.decided_by.v || c->move == MOVE_WITHDRAW)
        n.closed_ms = now_ms;
    return n;
}

enum err referral_change(struct db *db, const struct referral *r, const struct referral_change *c,
                         int64_t now_ms, struct user_id by)
{
    struct referral n = after(r, c, now_ms, by);
    const char *note = c->move == MOVE_ASK      ? c->asked_note
                       : c->move == MOVE_SUBMIT ? ""
                                                : r->asked_note;
    struct query q =
        query_on(db, "UPDATE referral SET state = $2, first_ms = $3, reviewer = $4, "
                     "asked_items = $5, asked_note = $6, refusal = $7, decided_by = $8, "
                     "decided_ms = CASE WHEN $8 IS NULL THEN NULL ELSE $9 END, closed_ms = $9, "
                     "withdrawn_reason = $10, child = $11, rev = rev + 1 WHERE id = $1 "
                     "RETURNING id");
    enum err e;

    query_int(&q, r->id.v);
    query_text(&q, referral_state_name(n.state));
    query_int_or_null(&q, n.first_ms, 0);
    query_id_or_null(&q, n.reviewer.v);
    query_int(&q, n.asked_items);
    query_text(&q, note);
    query_text(&q, c->move == MOVE_REFUSE ? c->refusal : NULL);
    query_id_or_null(&q, n.decided_by.v);
    query_int_or_null(&q, n.closed_ms, 0);
    query_text(&q, c->move == MOVE_WITHDRAW ? c->reason : "");
    query_id_or_null(&q, n.child.v);
    query_row(&q);
    e = query_end_found(&q);
    if (!e && c->move == MOVE_SUBMIT)
        e = referral_author_add(db, r->id, by);
    return e ? e : add_step(db, r, c->to, now_ms, by);
}
