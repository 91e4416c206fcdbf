/* SPDX-License-Identifier: Apache-2.0
 *
 * A child's consents: shown with what each permits and which lessons stop
 * without it; given, refused and withdrawn by a guardian; asked for by the
 * centre, which also enters a withdrawal that reached it by other ways. Whoever
 * sits in a lesson that is not permitted any more is out at once: the desk
 * tells the room with the same commit. Desk thread.
 */
#include "server/api/consent.h"

#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"

/* ---- what is asked about ------------------------------------------------------------------ */

static enum err load(struct call *c, struct user_id user, struct consents *s)
{
    int64_t now = c->now.unix_ms;
    enum err err = child_by_user(c->db, user, &s->child);

    if (!err)
        err = org_load(c->db, s->child.centre, &s->centre);
    if (!err)
        err = policy_consent(c->db, s->child.centre, now, &s->policy);
    for (int k = 0; !err && k < CONSENT_KINDS; k++)
        err = consent_load(c->db, s->child.id, (enum consent_kind)k, &s->records[k]);
    if (!err)
        err = consent_standing(c->db, s->child.id, now, &s->standing);
    return err ? err : consent_rev(c->db, s->child.id, &s->rev);
}

enum err consents_open(struct call *c, enum right right, struct user_id child, struct consents *out,
                       bool *refused)
{
    bool knows = false, may = false;
    enum err err = load(c, child, out);

    *refused = true;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = call_may_child(c, RIGHT_CONSENT_VIEW, &out->child, false, &knows);
    if (!err)
        err = call_may_child(c, right, &out->child, false, &may);
    if (err)
        return err;
    if (!knows)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!may)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = false;
    return ERR_OK;
}

enum err consents_step(struct call *c, const struct consents *s, enum consent_kind kind,
                       enum consent_move move, int read, bool *refused)
{
    enum consent_verdict v =
        consent_decide(&s->records[kind].facts, move, read, s->policy.words[kind], c->now.unix_ms);

    *refused = v != CONSENT_MAY_OK;
    return *refused ? call_refuse_gate(c, consent_verdict_name(v)) : ERR_OK;
}

void consents_push(struct call *c, const struct consents *s)
{
    desk_push_person(c->ctx, s->child.user);
}

/* ---- JSON --------------------------------------------------------------------------------- */

/* The lessons on or ahead that the kind carries: none, those of several children, or all. */
static enum err lessons_json(const struct call *c, const struct consents *s, enum consent_kind kind,
                             json_t **out)
{
    unsigned stops = consent_stops(s->standing, kind);
    int64_t now = c->now.unix_ms;
    struct consent_lessons l = { 0 };
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    if (!err && stops & (1u << CONSENT_TO_LESSON | 1u << CONSENT_TO_GROUP_LESSON))
        err = consent_lessons(c->db, s->child.id, !(stops & 1u << CONSENT_TO_LESSON), now,
                              now + s->policy.ahead_days * MS_PER_DAY, &l);
    for (size_t i = 0; !err && i < l.n; i++) {
        const struct consent_lesson *at = &l.items[i];

        err =
            json_push(array, json_pack("{s:I,s:s,s:I,s:I,s:b}", "id", (json_int_t)at->id.v,
                                       "subject", at->subject, "start", (json_int_t)at->start_ms,
                                       "end", (json_int_t)at->end_ms, "now", at->start_ms <= now));
    }
    consent_lessons_free(&l);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static json_t *acts_json(unsigned acts)
{
    json_t *array = json_array();

    for (unsigned a = 0; array && a < CONSENT_ACTS; a++)
        if ((acts >> a & 1u) != 0 &&
            json_push(array, json_string(consent_act_name((enum consent_act)a)))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* Everything the kind is needed for, whether it is possible today or not. */
static unsigned covered(enum consent_kind kind)
{
    return consent_stops(~0u, kind);
}

static json_t *number_or_null(int64_t n)
{
    return n ? json_integer(n) : json_null();
}

static enum err people_json(const struct call *c, const struct consent_record *r, json_t *into)
{
    json_t *given = NULL, *entered = NULL;
    enum err err = person_or_null(c, r->given_by, &given);

    if (!err)
        err = json_put(into, "given_by", given);
    if (!err)
        err = person_or_null(c, r->entered_by, &entered);
    return err ? err : json_put(into, "entered_by", entered);
}

static enum err kind_json(const struct call *c, const struct consents *s, enum consent_kind kind,
                          json_t **out)
{
    const struct consent_record *r = &s->records[kind];
    const struct consent_facts *f = &r->facts;
    enum consent_state state = consent_state(f, c->now.unix_ms);
    bool given = f->given_ms != 0 && state != CONSENT_IS_NONE;
    json_t *lessons = NULL, *json;
    enum err err = lessons_json(c, s, kind, &lessons);

    if (err)
        return err;
    json =
        json_pack("{s:s,s:s,s:i,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "kind", consent_name(kind),
                  "state", consent_state_name(state), "words", s->policy.words[kind],
                  "agreed_words", number_or_null(given ? f->version : 0), "asked",
                  json_time_or_null(f->asked_ms, 0), "refused", json_time_or_null(f->refused_ms, 0),
                  "given", json_time_or_null(given ? f->given_ms : 0, 0), "expires",
                  json_time_or_null(given ? f->expires_ms : CONSENT_OPEN_MS, CONSENT_OPEN_MS),
                  "withdrawn", json_time_or_null(f->withdrawn_ms, 0), "paper",
                  number_or_null(r->paper), "covers", acts_json(covered(kind)), "lessons", lessons);
    err = json ? people_json(c, r, json) : ERR_NOMEM;
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

/* Who may sign for the child, for the centre's form of a paper consent. */
static enum err guardians_json(const struct call *c, const struct consents *s, json_t **out)
{
    struct user_list l = { 0 };
    json_t *array = json_array();
    enum err err = array ? guardian_list(c->db, s->child.id, c->now.unix_ms, &l) : ERR_NOMEM;

    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *person = NULL;
        bool full = false;

        err = consent_giver(c->db, s->child.id, l.items[i].id, c->now.unix_ms, &full);
        if (!err && full) {
            err = person_json(c, l.items[i].id, &person);
            if (!err)
                err = json_push(array, person);
        }
    }
    user_list_free(&l);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err head_json(const struct call *c, const struct consents *s, json_t *items,
                          json_t **out)
{
    json_t *person = NULL, *guardians = NULL;
    enum err err = person_json(c, s->child.user, &person);

    if (!err)
        err = guardians_json(c, s, &guardians);
    if (err) {
        json_decref(person);
        return err;
    }
    *out = json_pack("{s:o,s:s,s:s,s:o,s:O}", "child", person, "tz", s->child.tz, "phone",
                     s->centre.phone, "guardians", guardians, "consents", items);
    return *out ? ERR_OK : ERR_NOMEM;
}

enum err consents_answer(struct call *c, int status, struct user_id child, json_t *changed)
{
    struct consents s = { 0 };
    json_t *items = json_array(), *json = NULL;
    enum err err = items ? load(c, child, &s) : ERR_NOMEM;

    for (int k = 0; !err && k < CONSENT_KINDS; k++) {
        json_t *item = NULL;

        err = kind_json(c, &s, (enum consent_kind)k, &item);
        if (!err)
            err = json_push(items, item);
    }
    if (!err)
        err = head_json(c, &s, items, &json);
    if (!err)
        err = json_put(json, "changed", changed ? json_incref(changed) : json_null());
    json_decref(items);
    json_decref(changed);
    if (!err && !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)s.rev))
        err = ERR_INVAL;
    if (err) {
        json_decref(json);
        return err;
    }
    return call_answer(c, status, json);
}

enum err consents_get(struct call *c)
{
    struct consents s = { 0 };
    bool refused;
    enum err err = consents_open(c, RIGHT_CONSENT_VIEW, (struct user_id){ c->id }, &s, &refused);

    return err || refused ? err : consents_answer(c, 200, s.child.user, NULL);
}

/* ---- answering ---------------------------------------------------------------------------- */

struct reply_body {
    enum consent_kind kind;
    enum consent_move move;
    int words;          /* 0: not said */
    const char *reason; /* "" : none */
};

static enum consent_kind kind_of(struct json_view *v)
{
    const char *name = json_get_str(v, "kind", 16);
    enum consent_kind kind = CONSENT_LESSONS;

    if (v->fault == JSON_FAULT_NONE && !consent_parse(name, &kind))
        json_view_blame(v, JSON_FAULT_RANGE, "kind");
    return kind;
}

static enum err read_reply(struct json_view *v, struct reply_body *out)
{
    static const char *const answers[] = { "given", "refused", "withdrawn" };
    const char *answer;

    out->kind = kind_of(v);
    answer = body_word(v, "answer", answers, 3);
    out->move = strcmp(answer, "given") == 0     ? CONSENT_GIVE
                : strcmp(answer, "refused") == 0 ? CONSENT_REFUSE
                                                 : CONSENT_WITHDRAW;
    if (out->move != CONSENT_WITHDRAW)
        out->words = (int)json_get_int(v, "words", 1, 9999);
    out->reason = "";
    if (json_has(v, "reason"))
        out->reason = body_reason(v);
    return json_view_end(v);
}

/* A guardian answers for the child; the centre may only take back, and says why. */
static enum err may_answer(struct call *c, const struct consents *s, const struct reply_body *b,
                           bool *refused)
{
    bool family = false, centre = false, full = false;
    enum err err = call_may_child(c, RIGHT_CONSENT_ANSWER, &s->child, false, &family);

    if (!err)
        err = call_may_child(c, RIGHT_CONSENT_ENTER, &s->child, false, &centre);
    if (!err && family)
        err = consent_giver(c->db, s->child.id, c->user.id, c->now.unix_ms, &full);
    if (err)
        return err;
    *refused = !(family && full) && !(centre && b->move == CONSENT_WITHDRAW);
    if (*refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = !full && !b->reason[0];
    return *refused ? call_refuse_word(c, "reason", "missing") : ERR_OK;
}

static enum err write_answer(struct call *c, const struct consents *s, const struct reply_body *b)
{
    int64_t now = c->now.unix_ms, id;
    struct consent_new n = { .child = s->child.id,
                             .kind = b->kind,
                             .version = b->words,
                             .given_by = c->user.id,
                             .given_ms = now,
                             .expires_ms = consent_expires_ms(now, &s->policy) };

    if (b->move == CONSENT_GIVE)
        return consent_add(c->db, &n, &id);
    if (b->move == CONSENT_REFUSE)
        return consent_refuse(c->db, s->child.id, b->kind, now, c->user.id);
    return consent_end(c->db, s->child.id, b->kind, now, c->user.id, b->reason);
}

static const char *audit_word(enum consent_move move)
{
    static const char *const words[] = { [CONSENT_ASK] = "consent.ask",
                                         [CONSENT_GIVE] = "consent.give",
                                         [CONSENT_REFUSE] = "consent.refuse",
                                         [CONSENT_WITHDRAW] = "consent.withdraw" };

    return words[move];
}

static enum err audit(struct call *c, const struct consents *s, enum consent_kind kind,
                      enum consent_move move)
{
    return call_audit(c, audit_word(move), "child", s->child.id.v, "", consent_name(kind));
}

enum err consent_answer_post(struct call *c)
{
    struct consents s = { 0 };
    struct reply_body b = { 0 };
    json_t *changed = NULL;
    bool refused;
    enum err err = consents_open(c, RIGHT_CONSENT_VIEW, (struct user_id){ c->id }, &s, &refused);

    if (err || refused)
        return err;
    if (read_reply(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = may_answer(c, &s, &b, &refused);
    if (!err && !refused)
        err = call_match(c, s.rev, &refused);
    if (!err && !refused)
        err = consents_step(c, &s, b.kind, b.move, b.words, &refused);
    if (err || refused)
        return err;
    if (b.move == CONSENT_WITHDRAW)
        err = lessons_json(c, &s, b.kind, &changed);
    if (!err)
        err = write_answer(c, &s, &b);
    if (!err)
        err = audit(c, &s, b.kind, b.move);
    if (err) {
        json_decref(changed);
        return err;
    }
    consents_push(c, &s);
    return consents_answer(c, 200, s.child.user, changed);
}

/* ---- asking ------------------------------------------------------------------------------- */

enum err consent_ask_post(struct call *c)
{
    struct consents s = { 0 };
    enum consent_kind kind;
    bool refused;
    enum err err = consents_open(c, RIGHT_CONSENT_ENTER, (struct user_id){ c->id }, &s, &refused);

    if (err || refused)
        return err;
    kind = kind_of(&c->in);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = consents_step(c, &s, kind, CONSENT_ASK, 0, &refused);
    if (err || refused)
        return err;
    err = consent_ask(c->db, s.child.id, kind, s.policy.words[kind], c->now.unix_ms, c->user.id);
    if (!err)
        err = audit(c, &s, kind, CONSENT_ASK);
    return err ? err : consents_answer(c, 201, s.child.user, NULL);
}
