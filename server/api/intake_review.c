/* SPDX-License-Identifier: Apache-2.0
 *
 * The centre's side of a referral: taken into review, sent back for
 * completion, decided. Here, and only here, is what doctors wrote opened, and
 * each opening is written down. An acceptance enters the child in the register
 * or gives the papers to a child that is there; which of the two, a person has
 * said. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/intake.h"
#include "server/api/intake_body.h"
#include "server/api/person.h"

/* The referral in the path, for a review: rights and If-Match. */
static enum err to_review(struct call *c, struct referral *r, struct intake *in, bool *refused)
{
    enum err err = intake_referral(c, RIGHT_REFERRAL_REVIEW, r, in, refused);

    return err || *refused ? err : call_match(c, r->rev, refused);
}

enum err referral_take_post(struct call *c)
{
    const struct intake_wish wish = { .move = MOVE_TAKE };
    struct referral_change change = { .move = MOVE_TAKE };
    struct referral r;
    struct intake in;
    bool refused;
    enum err err = to_review(c, &r, &in, &refused);

    if (!err && !refused)
        err = intake_decide(c, &r, &in, &wish, &change.to, &refused);
    return err || refused ? err : intake_move(c, &r, &in, &change);
}

enum err referral_ask_post(struct call *c)
{
    const struct intake_wish wish = { .move = MOVE_ASK };
    struct referral_change change = { .move = MOVE_ASK };
    struct referral r;
    struct intake in;
    struct body_ask b;
    bool refused;
    enum err err = to_review(c, &r, &in, &refused);

    if (!err && !refused)
        err = intake_decide(c, &r, &in, &wish, &change.to, &refused);
    if (err || refused)
        return err;
    if (body_ask(&c->in, &b))
        return call_refuse_field(c, &c->in);
    change.asked_items = b.items;
    change.asked_note = b.note;
    return intake_move(c, &r, &in, &change);
}

/* ---- deciding ----------------------------------------------------------------------------- */

static enum err blame_child(struct call *c, bool *refused)
{
    *refused = true;
    return call_refuse_word(c, "child", "range");
}

/* The child said, of this centre, as the referral has it now: school and grade. */
static enum err link_child(struct call *c, const struct referral *r, struct user_id user,
                           struct child_id *out, bool *refused)
{
    struct child child;
    enum err err = child_by_user(c->db, user, &child);

    if (err == ERR_NOTFOUND || (!err && !org_id_eq(child.centre, r->centre)))
        return blame_child(c, refused);
    if (err)
        return err;
    if (!org_id_eq(child.school, r->school))
        err = call_audit(c, "child.school", "child", child.id.v, "", "");
    child.school = r->school;
    child.grade = r->grade;
    return err ? err : child_save(c->db, &child, c->now.unix_ms, c->user.id, out);
}

static enum err enter_child(struct call *c, const struct referral *r, struct child_id *out)
{
    enum err err = child_enter(c->db, r, c->now.unix_ms, c->user.id, out);

    return err ? err : call_audit(c, "child.enter", "child", out->v, "", "");
}

static enum err accept(struct call *c, const struct referral *r, const struct intake *in,
                       const struct body_decision *b, struct referral_change *change)
{
    bool refused = false;
    enum err err = b->child.v ? link_child(c, r, b->child, &change->child, &refused)
                              : enter_child(c, r, &change->child);

    if (err || refused)
        return err;
    err = papers_give(c->db, r->id, change->child);
    if (!err)
        err = case_open(c->db, change->child, r->id, c->now.unix_ms);
    return err ? err : intake_move(c, r, in, change);
}

enum err referral_decide_post(struct call *c)
{
    struct referral_change change = { 0 };
    struct intake_wish wish = { 0 };
    struct body_decision b;
    struct referral r;
    struct intake in;
    bool refused;
    enum err err = to_review(c, &r, &in, &refused);

    if (err || refused)
        return err;
    if (body_decision(&c->in, &b))
        return call_refuse_field(c, &c->in);
    wish.move = b.accepted ? MOVE_ACCEPT : MOVE_REFUSE;
    wish.chose = b.child.v || b.new_child;
    change.move = wish.move;
    change.refusal = b.refusal;
    err = intake_decide(c, &r, &in, &wish, &change.to, &refused);
    if (err || refused)
        return err;
    err = words_seal(c, MEDICAL_DECISION, r.id.v, json_string(b.reason));
    if (err)
        return err;
    return b.accepted ? accept(c, &r, &in, &b, &change) : intake_move(c, &r, &in, &change);
}

/* ---- medical words ------------------------------------------------------------------------ */

/* POST, because reading is written down; nothing of the answer is kept anywhere. */
enum err referral_medical_post(struct call *c)
{
    json_t *basis = NULL, *recommendation = NULL, *decision = NULL;
    struct referral r;
    struct intake in;
    const char *why;
    bool refused;
    enum err err = intake_referral(c, RIGHT_MEDICAL_READ, &r, &in, &refused);

    if (err || refused)
        return err;
    if (body_why(&c->in, &why))
        return call_refuse_field(c, &c->in);
    err = words_open(c, MEDICAL_BASIS, r.basis.paper.id, why, &basis);
    if (!err)
        err =
            words_open(c, MEDICAL_RECOMMENDATION, r.recommendation.paper.id, why, &recommendation);
    if (!err)
        err = words_open(c, MEDICAL_DECISION, r.reason_sealed ? r.id.v : 0, why, &decision);
    if (!err)
        err = call_answer(c, 200,
                          json_pack("{s:O,s:O,s:O}", "basis", basis, "recommendation",
                                    recommendation, "reason", decision));
    json_decref(basis);
    json_decref(recommendation);
    json_decref(decision);
    return err == ERR_PARSE ? call_refuse(c, REFUSE_INTERNAL) : err;
}

/* ---- time to decision --------------------------------------------------------------------- */

/* Days waited by each. */
static enum err days_of(const struct decided_list *l, const char *tz, int64_t *days)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < l->n; i++) {
        int64_t first = 0, last = 0;

        err = day_in_zone(tz, l->items[i].first_ms, &first);
        if (!err)
            err = day_in_zone(tz, l->items[i].decided_ms, &last);
        days[i] = referral_waiting_days(first, last);
    }
    return err;
}

static enum err answer_times(struct call *c, const struct decided_list *l, const char *month,
                             int64_t *days)
{
    struct decision_times t = { 0 };
    bool any = referral_decision_times(days, l->n, &t);
    size_t accepted = 0;

    for (size_t i = 0; i < l->n; i++)
        accepted += l->items[i].accepted;
    return call_answer(c, 200,
                       json_pack("{s:s,s:I,s:I,s:o,s:o}", "month", month, "accepted",
                                 (json_int_t)accepted, "refused", (json_int_t)(l->n - accepted),
                                 "median_days", any ? json_integer(t.median_days) : json_null(),
                                 "longest_days", any ? json_integer(t.longest_days) : json_null()));
}

enum err intake_decisions_get(struct call *c)
{
    struct decided_list l = { 0 };
    struct day_range month;
    struct grant g = { 0 };
    struct org centre;
    int64_t *days;
    bool refused = false;
    enum err err;

    if (call_scope(c, RIGHT_REFERRAL_REVIEW, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = org_load(c->db, g.org, &centre);
    if (!err)
        err = call_month(c, centre.tz, &month, &refused);
    if (err || refused)
        return err;
    err = decided_list(c->db, g.org, month.from_ms, month.to_ms, &l);
    if (err)
        return err;
    days = mem_zalloc(l.n + 1, sizeof *days);
    err = days ? days_of(&l, centre.tz, days) : ERR_NOMEM;
    if (!err)
        err = answer_times(c, &l, month.text, days);
    mem_free(days);
    decided_list_free(&l);
    return err;
}
