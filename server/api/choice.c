/* SPDX-License-Identifier: Apache-2.0
 *
 * A child chooses two or three sections, the guardian confirms, and each
 * becomes a place or a turn in the waiting list (DOMAIN 46-48). The guardian
 * also answers offers, changes the group and takes the child out. The centre
 * records that a needed paper was seen and looks at clashes. Desk thread.
 */
#include "server/api/choice.h"

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"

#define WISHES_MAX 8 /* in one body; the rule allows fewer */

enum err choice_get(struct call *c)
{
    struct child child;
    bool refused;
    enum err err =
        section_child(c, RIGHT_CHOICE_VIEW, (struct user_id){ c->id }, false, &child, &refused);

    return err || refused ? err : choice_answer(c, 200, &child);
}

/* The child in the path, its book, If-Match. */
static enum err open_book(struct call *c, enum right right, bool full, struct child *child,
                          struct choice_book *b, bool *refused)
{
    enum err err = section_child(c, right, (struct user_id){ c->id }, full, child, refused);

    if (!err && !*refused)
        err = choice_book_open(c, child, b);
    if (!err && !*refused)
        err = call_match(c, b->rev, refused);
    return err;
}

static enum err refuse_first(struct call *c, unsigned faults, bool *refused)
{
    for (unsigned f = 0; f < CHOICE_FAULTS; f++) {
        if (faults >> f & 1u) {
            *refused = true;
            return call_refuse_gate(c, choice_fault_name((enum choice_fault)f));
        }
    }
    return ERR_OK;
}

/* ---- wishing ------------------------------------------------------------------------------ */

struct wishes {
    int64_t groups[WISHES_MAX];
    size_t n;
    int64_t sections[WISHES_MAX];
};

static enum err read_wishes(struct json_view *v, struct wishes *w)
{
    const json_t *list = json_get_array(v, "groups", WISHES_MAX);

    for (size_t i = 0; v->fault == JSON_FAULT_NONE && i < json_array_size(list); i++) {
        json_int_t id = json_integer_value(json_array_get(list, i));

        if (id < 1 || id > BODY_ID_MAX)
            json_view_blame(v, JSON_FAULT_RANGE, "groups");
        w->groups[w->n++] = id;
    }
    return json_view_end(v);
}

/* Of this centre, one group of each section, and nothing that time would not mend: a closed
 * section, an age that does not fit, two that meet at once. */
static enum err check_wish(struct call *c, const struct choice_book *b, struct wishes *w, size_t at,
                           bool *refused)
{
    const unsigned now = CHOICE_BIT(CHOICE_CLOSED) | CHOICE_BIT(CHOICE_AGE);
    struct section s;
    unsigned faults = 0;
    enum err err = section_of_group(c->db, w->groups[at], &s);

    *refused = err == ERR_NOTFOUND || (!err && !org_id_eq(s.centre, b->child.centre));
    if (*refused)
        return call_refuse_word(c, "groups", "range");
    for (size_t i = 0; !err && i < at; i++)
        if (w->sections[i] == s.id)
            faults |= CHOICE_BIT(CHOICE_TWICE);
    w->sections[at] = s.id;
    if (!err && !faults) {
        err = choice_ask(c, b, &s, w->groups[at], 0, &faults, NULL);
        faults &= now;
    }
    return err ? err : refuse_first(c, faults, refused);
}

/* How many sections the child would have: the wishes, and places that are not among them. */
static int count_with(const struct choice_book *b, const struct wishes *w)
{
    int count = (int)w->n;

    for (size_t i = 0; i < b->n; i++) {
        bool among = b->cases[i].choice.state == CHOICE_IS_WISHED;

        for (size_t k = 0; !among && k < w->n; k++)
            among = w->groups[k] == b->cases[i].choice.group;
        count += !among;
    }
    return count;
}

enum err choice_put(struct call *c)
{
    struct choice_book b = { 0 };
    struct wishes w = { .n = 0 };
    struct child child;
    bool refused;
    enum err err = open_book(c, RIGHT_CHOICE_WISH, false, &child, &b, &refused);

    if (!err && !refused && read_wishes(&c->in, &w)) {
        refused = true;
        err = call_refuse_field(c, &c->in);
    }
    for (size_t i = 0; !err && !refused && i < w.n; i++)
        err = check_wish(c, &b, &w, i, &refused);
    if (!err && !refused)
        err = refuse_first(c, choice_count_check(count_with(&b, &w), &b.schedule), &refused);
    choice_book_close(&b);
    if (err || refused)
        return err;
    err = choice_wish(c->db, child.id, w.groups, w.n, c->now.unix_ms, c->user.id);
    if (!err)
        err = call_audit(c, "choice.wish", "child", child.id.v, "", "");
    return err ? err : choice_answer(c, 200, &child);
}

/* ---- confirming --------------------------------------------------------------------------- */

static enum err confirm_all(struct call *c, const struct choice_book *b)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < b->n; i++) {
        const struct choice_case *k = &b->cases[i];

        if (k->choice.state == CHOICE_IS_WISHED)
            err = choice_confirm(c->db, &k->choice,
                                 section_group_of(&k->section, k->choice.group)->capacity,
                                 c->now.unix_ms, c->user.id);
    }
    return err;
}

/* The number, and everything against each wish. */
static enum err may_confirm(struct call *c, const struct choice_book *b, bool *refused)
{
    size_t wishes = 0;
    enum err err = refuse_first(c, choice_count_check((int)b->n, &b->schedule), refused);

    for (size_t i = 0; !err && !*refused && i < b->n; i++) {
        if (b->cases[i].choice.state != CHOICE_IS_WISHED)
            continue;
        wishes++;
        err = refuse_first(c, b->cases[i].faults, refused);
    }
    if (!err && !*refused && wishes == 0) {
        *refused = true;
        err = call_refuse(c, REFUSE_NOT_NOW);
    }
    return err;
}

enum err choice_confirm_post(struct call *c)
{
    struct choice_book b = { 0 };
    struct child child;
    bool refused;
    enum err err = open_book(c, RIGHT_CHOICE_CONFIRM, true, &child, &b, &refused);

    if (!err && !refused)
        err = may_confirm(c, &b, &refused);
    if (!err && !refused)
        err = confirm_all(c, &b);
    choice_book_close(&b);
    if (err || refused)
        return err;
    err = call_audit(c, "choice.confirm", "child", child.id.v, "", "");
    return err ? err : choice_answer(c, 200, &child);
}

/* ---- one choice --------------------------------------------------------------------------- */

/* The choice in the path, for a guardian with full rights. */
static enum err open_choice(struct call *c, struct choice *k, struct child *child,
                            struct choice_book *b, bool *refused)
{
    enum err err = choice_load(c->db, c->id, k);

    if (!err)
        err = child_load(c->db, k->child, child);
    *refused = err == ERR_NOTFOUND;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = section_child(c, RIGHT_CHOICE_CONFIRM, child->user, true, child, refused);
    return err || *refused ? err : choice_book_open(c, child, b);
}

static const struct choice_case *case_of(const struct choice_book *b, int64_t id)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->cases[i].choice.id == id)
            return &b->cases[i];
    return NULL;
}

static enum err answer_step(struct call *c, enum err err, const char *action,
                            const struct choice *k, const struct child *child)
{
    if (err == ERR_STATE)
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!err)
        err = call_audit(c, action, "choice", k->id, "", "");
    return err ? err : choice_answer(c, 200, child);
}

/* What is asked again when an offer is taken: everything but the number. */
enum err choice_accept_post(struct call *c)
{
    const struct choice_case *one;
    struct choice_book b = { 0 };
    struct choice k;
    struct child child;
    bool refused;
    enum err err = open_choice(c, &k, &child, &b, &refused);

    one = case_of(&b, k.id);
    if (!err && !refused && one)
        err = refuse_first(c, one->faults, &refused);
    choice_book_close(&b);
    if (err || refused)
        return err;
    return answer_step(c, choice_accept(c->db, &k, c->now.unix_ms), "choice.accept", &k, &child);
}

enum err choice_leave_post(struct call *c)
{
    struct section_policy policy;
    struct choice_book b = { 0 };
    struct choice k;
    struct child child;
    const char *reason;
    bool refused;
    enum err err = open_choice(c, &k, &child, &b, &refused);

    policy = b.policy;
    choice_book_close(&b);
    if (err || refused)
        return err;
    reason = body_reason(&c->in);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    return answer_step(c, choice_leave(c->db, &k, reason, &policy, c->now.unix_ms), "choice.leave",
                       &k, &child);
}

/* Out of the old group and into the new one; the new one has to have a place and to fit. */
static enum err change_group(struct call *c, const struct choice *k, const struct section *s,
                             int64_t group, const struct section_policy *policy)
{
    struct choice_list l = { 0 };
    enum err err = choice_leave(c->db, k, "", policy, c->now.unix_ms);

    if (!err)
        err = choice_wish(c->db, k->child, &group, 1, c->now.unix_ms, c->user.id);
    if (!err)
        err = choice_list(c->db, k->child, &l);
    for (size_t i = 0; !err && i < l.n; i++)
        if (l.items[i].group == group)
            err = choice_confirm(c->db, &l.items[i], section_group_of(s, group)->capacity,
                                 c->now.unix_ms, c->user.id);
    choice_list_free(&l);
    return err;
}

static enum err may_change(struct call *c, const struct choice_book *b, const struct choice_case *k,
                           int64_t group, bool *refused)
{
    const struct section_group *g = section_group_of(&k->section, group);
    unsigned faults = 0;
    enum err err;

    *refused = !g || group == k->choice.group;
    if (*refused)
        return call_refuse_word(c, "group", "range");
    *refused = k->choice.state != CHOICE_IS_ACTIVE || g->taken >= g->capacity;
    for (size_t i = 0; i < b->n; i++) /* a wish beside it would be dropped with the change */
        *refused = *refused || b->cases[i].choice.state == CHOICE_IS_WISHED;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_NOW);
    err = choice_ask(c, b, &k->section, group, k->choice.id, &faults, NULL);
    return err ? err : refuse_first(c, faults, refused);
}

enum err choice_group_post(struct call *c)
{
    const struct choice_case *one;
    struct choice_book b = { 0 };
    struct choice k;
    struct child child;
    int64_t group, standing;
    bool refused;
    enum err err = open_choice(c, &k, &child, &b, &refused);

    if (err || refused) {
        choice_book_close(&b);
        return err;
    }
    group = json_get_int(&c->in, "group", 1, BODY_ID_MAX);
    one = case_of(&b, k.id);
    if (json_view_end(&c->in)) {
        refused = true;
        err = call_refuse_field(c, &c->in);
    } else {
        err = one ? may_change(c, &b, one, group, &refused) : ERR_STATE;
    }
    if (!err && !refused)
        err = change_group(c, &k, &one->section, group, &b.policy);
    if (!err && !refused)
        err = clash_recheck(c->db, child.centre, 0, c->now.unix_ms, &standing);
    choice_book_close(&b);
    return refused && !err ? ERR_OK : answer_step(c, err, "choice.group", &k, &child);
}

/* ---- the centre --------------------------------------------------------------------------- */

enum err section_paper_post(struct call *c)
{
    struct section s;
    struct child child;
    const char *until;
    int64_t section, to_ms;
    int y, m, d;
    bool refused;
    enum err err =
        section_child(c, RIGHT_SECTION_EDIT, (struct user_id){ c->id }, false, &child, &refused);

    if (err || refused)
        return err;
    section = json_get_int(&c->in, "section", 1, BODY_ID_MAX);
    until = json_get_str(&c->in, "until", 10);
    if (c->in.fault == JSON_FAULT_NONE && !body_date(until, &y, &m, &d))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "until");
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = section_open(c, RIGHT_SECTION_EDIT, section, &s, &refused);
    if (err || refused)
        return err;
    date_from_days(date_to_days(y, m, d) + 1, &y, &m, &d); /* the last day is a whole one */
    if (zone_day_start(s.tz, y, m, d, &to_ms) || to_ms <= c->now.unix_ms)
        return call_refuse_word(c, "until", "expired");
    err = section_paper_add(c->db, child.id, s.id, to_ms, c->now.unix_ms, c->user.id);
    if (!err)
        err = call_audit(c, "section.paper", "child", child.id.v, "", "");
    return err ? err : choice_answer(c, 201, &child);
}

static enum err open_clash_json(const struct call *c, const struct open_clash *k, json_t **out)
{
    struct choice_book b = { 0 };
    const struct choice_case *one;
    struct child child;
    json_t *person = NULL, *section = NULL, *clashes = NULL, *proposals = NULL;
    enum err err = child_by_user(c->db, k->child, &child);

    if (!err)
        err = choice_book_open(c, &child, &b);
    one = case_of(&b, k->choice);
    if (!err && !one)
        err = ERR_DB;
    if (!err)
        err = person_json(c, k->child, &person);
    if (!err)
        err = section_json(c, &one->section, &section);
    if (!err)
        err = clashes_json(c, &one->clashes, &clashes);
    if (!err)
        err = proposals_json(c, &b, one, &proposals);
    if (!err)
        *out =
            json_pack("{s:I,s:O,s:O,s:I,s:I,s:O,s:O}", "choice", (json_int_t)k->choice, "child",
                      person, "section", section, "group", (json_int_t)one->choice.group, "found",
                      (json_int_t)k->found_ms, "clashes", clashes, "proposals", proposals);
    json_decref(person);
    json_decref(section);
    json_decref(clashes);
    json_decref(proposals);
    choice_book_close(&b);
    return err ? err : *out ? ERR_OK : ERR_NOMEM;
}

static bool told_before(const struct open_clash_list *l, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (l->items[i].choice == l->items[at].choice)
            return true;
    return false;
}

enum err section_clashes_get(struct call *c)
{
    struct open_clash_list l = { 0 };
    struct org centre;
    json_t *items;
    bool refused;
    enum err err = section_centre(c, RIGHT_SECTION_EDIT, &centre, &refused);

    if (err || refused)
        return err;
    items = json_array();
    err = items ? open_clash_list(c->db, centre.id, c->now.unix_ms, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *item = NULL;

        if (told_before(&l, i))
            continue;
        err = open_clash_json(c, &l.items[i], &item);
        if (!err)
            err = json_push(items, item);
    }
    open_clash_list_free(&l);
    if (err) {
        json_decref(items);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o}", "clashes", items));
}
