/* SPDX-License-Identifier: Apache-2.0
 *
 * The school's side of a referral: written bit by bit, submitted, withdrawn.
 * What is missing never loses what is there. What a doctor wrote goes in here
 * and does not come out again. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/intake.h"
#include "server/api/intake_body.h"
#include "server/api/person.h"

/* ---- lists -------------------------------------------------------------------------------- */

static enum err lines_json(const struct call *c, const struct referral_list *l, size_t n,
                           const struct intake *in, json_t *items)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < l->n && i < n; i++) {
        json_t *line = NULL;

        err = referral_line_json(c, &l->items[i], in, &line);
        if (!err)
            err = json_push(items, line);
    }
    return err;
}

static enum err list_answer(struct call *c, struct referral_filter *f, struct org_id centre,
                            const struct page *page)
{
    struct referral_list l = { 0 };
    struct intake in;
    json_t *items = json_array();
    enum err err = items ? intake_load(c, centre, &in) : ERR_NOMEM;
    bool more;

    f->first = page->first;
    f->max = page->limit + 1; /* one more, to see whether there is more */
    if (!err)
        err = referral_list(c->db, f, &l);
    if (!err)
        err = lines_json(c, &l, page->limit, &in, items);
    more = l.n > page->limit;
    referral_list_free(&l);
    if (err) {
        json_decref(items);
        return err;
    }
    return intake_page(c, items, page, more);
}

/* Query parameter "state"; absent: every state. */
static enum err asked_states(struct call *c, unsigned *out, bool *refused)
{
    char text[16];
    enum json_fault fault;
    enum referral_state s;
    bool given = call_query(c, "state", text, sizeof text, &fault);

    *refused = fault != JSON_FAULT_NONE || (given && !referral_state_parse(text, &s));
    if (*refused)
        return call_refuse_query(c, "state", fault ? fault : JSON_FAULT_RANGE);
    *out = given ? 1u << s : (1u << REFERRAL_STATE_COUNT) - 1;
    return ERR_OK;
}

/* The officer's own school's, with drafts; the coordinator's centre's, without. */
enum err referrals_get(struct call *c)
{
    struct referral_filter f = { 0 };
    struct org_id centre;
    struct org school;
    struct grant g = { 0 };
    struct page page;
    bool refused = false;
    enum scope scope = call_scope(c, RIGHT_REFERRAL_VIEW, &g);
    enum err err;

    if (scope != SCOPE_OWN_SCHOOL && scope != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    centre = g.org;
    if (scope == SCOPE_OWN_SCHOOL) {
        f.school = g.org;
        err = org_load(c->db, g.org, &school);
        if (err)
            return err;
        centre = school.parent;
    } else {
        f.centre = g.org;
        f.sent = true;
    }
    err = call_page(c, &page, &refused);
    if (!err && !refused)
        err = asked_states(c, &f.states, &refused);
    return err || refused ? err : list_answer(c, &f, centre, &page);
}

/* ---- writing ------------------------------------------------------------------------------ */

static enum err refuse_paper(struct call *c, const char *paper, enum paper_fault f)
{
    char field[JSON_FIELD_MAX];

    if (!str_format(field, sizeof field, "%s.%s", paper, paper_fault_field(f)))
        return ERR_INVAL;
    return call_refuse_word(c, field, paper_fault_name(f));
}

/* What the rules say to the days and limits given. */
static enum err check_fields(struct call *c, const struct body_referral *b, const struct intake *in,
                             bool *refused)
{
    enum paper_fault f;

    *refused = true;
    if (b->birth_day != DAY_NONE && !referral_birth_ok(b->birth_day, in->today, &in->policy))
        return call_refuse_word(c, "birth_date", "range");
    if (b->application_day != DAY_NONE && b->application_day > in->today)
        return call_refuse_word(c, "application", "ahead");
    if (b->consent_day != DAY_NONE && b->consent_day > in->today)
        return call_refuse_word(c, "consent", "ahead");
    f = b->basis.given ? basis_check(&b->basis.basis, in->today, &in->policy) : PAPER_NONE;
    if (f != PAPER_NONE)
        return refuse_paper(c, "basis", f);
    f = b->recommendation.given
            ? recommendation_check(&b->recommendation.limits, in->today, &in->policy)
            : PAPER_NONE;
    if (f != PAPER_NONE)
        return refuse_paper(c, "recommendation", f);
    *refused = false;
    return ERR_OK;
}

static bool put_text(char *out, size_t cap, const char *text)
{
    return !text || str_copy(out, cap, text);
}

static bool empties(const struct body_referral *b, enum referral_item item)
{
    return (b->emptied >> item & 1u) != 0;
}

static void empty_fields(const struct body_referral *b, struct referral *r)
{
    if (empties(b, ITEM_CHILD_NAME))
        r->child_name[0] = '\0';
    if (empties(b, ITEM_BIRTH_DATE))
        r->birth_day = DAY_NONE;
    if (empties(b, ITEM_GRADE))
        r->grade = 0;
    if (empties(b, ITEM_GUARDIAN_NAME))
        r->guardian_name[0] = '\0';
    if (empties(b, ITEM_GUARDIAN_PHONE))
        r->guardian_phone[0] = '\0';
    if (empties(b, ITEM_APPLICATION))
        r->application_day = DAY_NONE;
    if (empties(b, ITEM_CONSENT))
        r->consent_day = DAY_NONE;
}

static enum err put_fields(const struct body_referral *b, struct referral *r)
{
    empty_fields(b, r);
    if (!put_text(r->child_name, sizeof r->child_name, b->child_name) ||
        !put_text(r->guardian_name, sizeof r->guardian_name, b->guardian_name) ||
        !put_text(r->guardian_phone, sizeof r->guardian_phone, b->guardian_phone))
        return ERR_INVAL;
    if (b->birth_day != DAY_NONE)
        r->birth_day = b->birth_day;
    if (b->application_day != DAY_NONE)
        r->application_day = b->application_day;
    if (b->consent_day != DAY_NONE)
        r->consent_day = b->consent_day;
    if (b->grade)
        r->grade = b->grade;
    return ERR_OK;
}

static enum err save_papers(struct call *c, struct referral_id id, const struct body_referral *b)
{
    const struct body_basis *s = &b->basis;
    const struct body_recommendation *n = &b->recommendation;
    int64_t now = c->now.unix_ms, row = 0;
    enum err err = ERR_OK;

    if (s->given) {
        err = basis_save(c->db, id, &s->basis, now, c->user.id, &row);
        if (!err)
            err = words_seal(c, MEDICAL_BASIS, row,
                             json_pack("{s:s,s:s,s:s}", "document", s->document, "issuer",
                                       s->issuer, "ground", s->ground));
    }
    if (!err && n->given) {
        err = recommendation_save(c->db, id, &n->limits, now, c->user.id, &row);
        if (!err)
            err = words_seal(c, MEDICAL_RECOMMENDATION, row,
                             json_pack("{s:s,s:s,s:s}", "doctor", n->doctor, "organisation",
                                       n->organisation, "words", n->words));
    }
    return err;
}

/* Saves the fields and papers of an allowed edit. */
static enum err write_referral(struct call *c, const struct body_referral *b, struct referral *r)
{
    enum err err = put_fields(b, r);

    if (!err)
        err = referral_save(c->db, r, c->user.id);
    return err ? err : save_papers(c, r->id, b);
}

enum err referral_post(struct call *c)
{
    struct body_referral b;
    struct referral r;
    struct intake in;
    struct org school;
    struct grant g = { 0 };
    bool refused = false;
    enum err err;

    if (call_scope(c, RIGHT_REFERRAL_WRITE, &g) != SCOPE_OWN_SCHOOL)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (body_referral(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = org_load(c->db, g.org, &school);
    if (!err)
        err = intake_load(c, school.parent, &in);
    if (!err)
        err = check_fields(c, &b, &in, &refused);
    if (err || refused)
        return err;
    err = referral_add(c->db, g.org, school.parent, c->now.unix_ms, c->user.id, &r.id);
    if (!err)
        err = referral_load(c->db, r.id, &r);
    if (!err)
        err = write_referral(c, &b, &r);
    if (!err)
        err = call_audit(c, "referral.create", "referral", r.id.v, "", "draft");
    if (!err && !str_format(c->location, sizeof c->location, API_PREFIX "/referrals/%lld",
                            (long long)r.id.v))
        err = ERR_INVAL;
    return err ? err : intake_answer(c, 201, r.id, &in);
}

enum err referral_get(struct call *c)
{
    struct referral r;
    struct intake in;
    bool refused;
    enum err err = intake_referral(c, RIGHT_REFERRAL_VIEW, &r, &in, &refused);

    return err || refused ? err : intake_answer(c, 200, r.id, &in);
}

/* The referral in the path, for a move of the school: rights, If-Match, state. */
static enum err to_move(struct call *c, enum referral_move move, struct referral *r,
                        struct intake *in, enum referral_state *next, bool *refused)
{
    const struct intake_wish wish = { .move = move };
    enum err err = intake_referral(c, RIGHT_REFERRAL_WRITE, r, in, refused);

    if (!err && !*refused)
        err = call_match(c, r->rev, refused);
    if (!err && !*refused)
        err = intake_decide(c, r, in, &wish, next, refused);
    return err;
}

enum err referral_patch(struct call *c)
{
    struct body_referral b;
    struct referral r;
    struct intake in;
    enum referral_state next;
    bool refused;
    enum err err = to_move(c, MOVE_EDIT, &r, &in, &next, &refused);

    if (err || refused)
        return err;
    if (body_referral(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = check_fields(c, &b, &in, &refused);
    if (err || refused)
        return err;
    err = write_referral(c, &b, &r);
    if (!err)
        err = call_audit(c, "referral.edit", "referral", r.id.v, "", "");
    return err ? err : intake_answer(c, 200, r.id, &in);
}

enum err referral_submit_post(struct call *c)
{
    struct referral_change change = { .move = MOVE_SUBMIT };
    struct referral r;
    struct intake in;
    bool refused;
    enum err err = to_move(c, MOVE_SUBMIT, &r, &in, &change.to, &refused);

    return err || refused ? err : intake_move(c, &r, &in, &change);
}

enum err referral_withdraw_post(struct call *c)
{
    struct referral_change change = { .move = MOVE_WITHDRAW };
    struct referral r;
    struct intake in;
    bool refused;
    enum err err = to_move(c, MOVE_WITHDRAW, &r, &in, &change.to, &refused);

    if (err || refused)
        return err;
    if (body_withdraw(&c->in, &change.reason))
        return call_refuse_field(c, &c->in);
    return intake_move(c, &r, &in, &change);
}

/* ---- the centre's queue ------------------------------------------------------------------- */

enum err intake_queue_get(struct call *c)
{
    struct referral_filter f = { .states = 1u << REFERRAL_SUBMITTED | 1u << REFERRAL_UNDER_REVIEW };
    struct grant g = { 0 };
    struct page page;
    bool refused = false;
    enum err err;

    if (call_scope(c, RIGHT_REFERRAL_REVIEW, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    f.centre = g.org;
    err = call_page(c, &page, &refused);
    return err || refused ? err : list_answer(c, &f, g.org, &page);
}
