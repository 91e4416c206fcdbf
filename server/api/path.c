/* SPDX-License-Identifier: Apache-2.0
 *
 * Path tests: a person's own is judged and kept; the last ones are shown to
 * the person, the guardian of the child, and the coordinator of the lessons
 * ahead. A test is always the signed-in person's: no body can name another.
 * Desk thread.
 */
#include "server/store/path.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/store/child.h"

#define TESTS_PER_HOUR 20
#define AHEAD_MS (7 * MS_PER_DAY)

static json_t *figure_json(int value)
{
    return value == PATH_UNKNOWN ? json_null() : json_integer(value);
}

static json_t *test_json(const struct path_test *t)
{
    const struct path_figures *f = &t->figures;

    return json_pack(
        "{s:I,s:b,s:b,s:o,s:o,s:o,s:o,s:s,s:s,s:s,s:s,s:s}", "at", (json_int_t)t->at_ms, "udp",
        (int)f->udp, "websocket", (int)f->websocket, "rtt_ms", figure_json(f->rtt_ms),
        "loss_permille", figure_json(f->loss_permille), "up_kbps", figure_json(f->up_kbps),
        "down_kbps", figure_json(f->down_kbps), "microphone", path_device_name(f->microphone),
        "camera", path_device_name(f->camera), "loudspeaker", path_device_name(f->loudspeaker),
        "verdict", path_verdict_name(t->judgement.verdict), "cause",
        path_cause_name(t->judgement.cause));
}

enum err path_test_post(struct call *c)
{
    struct path_test t = { .user = c->user.id, .at_ms = c->now.unix_ms };
    int lately = 0;
    enum err err;

    if (body_path(&c->in, &t.figures))
        return call_refuse_field(c, &c->in);
    err = path_test_count(c->db, c->user.id, c->now.unix_ms - MS_PER_HOUR, &lately);
    if (err)
        return err;
    if (lately >= TESTS_PER_HOUR)
        return call_refuse(c, REFUSE_TOO_MANY);
    t.judgement = path_judge(&t.figures);
    err = path_test_add(c->db, &t);
    return err ? err : call_answer(c, 200, test_json(&t));
}

/* next_ms 0: no lesson ahead. */
static enum err item_json(const struct call *c, struct user_id user, bool mentor, int64_t next_ms,
                          json_t **out)
{
    struct path_test t;
    json_t *person = NULL, *test;
    enum err err = path_test_last(c->db, user, &t);

    if (err && err != ERR_NOTFOUND)
        return err;
    test = err ? json_null() : test_json(&t);
    err = person_json(c, user, &person);
    if (err) {
        json_decref(test);
        return err;
    }
    *out = json_pack("{s:o,s:s,s:o,s:o}", "person", person, "seat", mentor ? "mentor" : "child",
                     "next", json_time_or_null(next_ms, 0), "test", test);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err add(const struct call *c, json_t *items, struct user_id user, bool mentor,
                    int64_t next_ms)
{
    json_t *item = NULL;
    enum err err = item_json(c, user, mentor, next_ms, &item);

    return err ? err : json_push(items, item);
}

static enum err add_one(const struct call *c, json_t *items, struct user_id user, bool mentor)
{
    int64_t next_ms = 0;
    enum err err = path_next_lesson(c->db, user, c->now.unix_ms, &next_ms);

    return err ? err : add(c, items, user, mentor, next_ms);
}

static enum err add_kin(const struct call *c, json_t *items)
{
    struct child_filter f = { .guardian = c->user.id, .at_ms = c->now.unix_ms };
    struct child_list l = { 0 };
    enum err err = child_list(c->db, &f, &l);

    for (size_t i = 0; !err && i < l.n; i++)
        err = add_one(c, items, l.items[i].user, false);
    child_list_free(&l);
    return err;
}

static enum err add_centre(const struct call *c, json_t *items, struct org_id centre)
{
    struct path_ahead_list l = { 0 };
    enum err err = path_ahead_list(c->db, centre, c->now.unix_ms, c->now.unix_ms + AHEAD_MS, &l);

    for (size_t i = 0; !err && i < l.n; i++)
        err = add(c, items, l.items[i].user, l.items[i].mentor, l.items[i].next_ms);
    path_ahead_list_free(&l);
    return err;
}

static enum err add_all(const struct call *c, enum scope scope, struct org_id org, json_t *items)
{
    switch (scope) {
    case SCOPE_OWN:
        return add_one(c, items, c->user.id, call_role(c) == ROLE_MENTOR);
    case SCOPE_OWN_CHILDREN:
        return add_kin(c, items);
    case SCOPE_OWN_CENTRE:
        return add_centre(c, items, org);
    default:
        return ERR_DENIED;
    }
}

enum err path_tests_get(struct call *c)
{
    struct grant g;
    enum scope scope = call_scope(c, RIGHT_PATH_VIEW, &g);
    json_t *items;
    enum err err;

    if (scope == SCOPE_NONE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    items = json_array();
    err = items ? add_all(c, scope, g.org, items) : ERR_NOMEM;
    if (!err)
        err = call_answer(
            c, 200, json_pack("{s:I,s:O}", "now", (json_int_t)c->now.unix_ms, "items", items));
    json_decref(items);
    return err;
}
