/* SPDX-License-Identifier: Apache-2.0
 *
 * Lessons ahead that have lost their mentor, and who could give one of them:
 * every mentor of the centre with the gates and rules that stand in the way,
 * asked as the change itself would ask (R4, R17). Desk thread.
 */
#include <stdlib.h>

#include "common/base/mem.h"
#include "server/api/conflict.h"
#include "server/api/endpoints.h"
#include "server/api/hiring_json.h"
#include "server/api/lesson_json.h"
#include "server/api/person.h"

/* A substitute is looked for so far ahead, and not further: a lesson later than that is looked at
 * for its mentor when it comes near. */
#define AHEAD_MS (60 * MS_PER_DAY)
#define RULES_MAX 8

enum err needs_substitute_get(struct call *c)
{
    struct lesson_list l = { 0 };
    struct lesson_filter f;
    struct grant g;
    json_t *items;
    enum err err;

    if (call_scope(c, RIGHT_LESSON_SUBSTITUTE, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    f = (struct lesson_filter){ .centre = g.org,
                                .from_ms = c->now.unix_ms,
                                .to_ms = c->now.unix_ms + AHEAD_MS };
    items = json_array();
    err = items ? lesson_list(c->db, &f, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *lesson = NULL;

        if (l.items[i].facts.state != LESSON_NEEDS_SUBSTITUTE)
            continue;
        err = lesson_json(c, &l.items[i], &lesson);
        if (!err)
            err = json_push(items, lesson);
    }
    lesson_list_free(&l);
    if (!err)
        return call_answer(c, 200, json_pack("{s:o}", "items", items));
    json_decref(items);
    return err;
}

/* ---- who could give it ---------------------------------------------------------------------- */

struct candidate {
    struct user_id user;
    struct teach_verdict gates;
    enum schedule_rule rules[RULES_MAX];
    size_t rules_n;
    int order; /* as the list of mentors has them: by name */
};

static int failed_count(const struct candidate *a)
{
    int n = 0;

    for (enum teach_gate g = 0; g < TEACH_GATE_COUNT; g++)
        n += (a->gates.failed & TEACH_BIT(g)) != 0;
    return n;
}

/* Whoever can come first, then by how little is in the way, then by name. */
static int compare(const void *x, const void *y)
{
    const struct candidate *a = x, *b = y;
    int by_gates = failed_count(a) - failed_count(b);
    int by_rules = (int)a->rules_n - (int)b->rules_n;

    return by_gates ? by_gates : by_rules ? by_rules : a->order - b->order;
}

static json_t *rules_json(const struct candidate *a)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < a->rules_n; i++) {
        if (json_push(array, json_string(schedule_rule_name(a->rules[i])))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static enum err candidate_json(const struct call *c, const struct candidate *a, json_t *items)
{
    json_t *mentor = NULL;
    enum err err = person_json(c, a->user, &mentor);

    return err ? err
               : json_push(items, json_pack("{s:o,s:b,s:o,s:o}", "mentor", mentor, "may",
                                            a->gates.failed == 0 && a->rules_n == 0, "gates",
                                            gates_json(&a->gates, true), "rules", rules_json(a)));
}

/* Asks for every mentor but the present one. out has room for all. */
static enum err look_at_all(struct call *c, const struct lesson *l, const struct mentor_list *all,
                            struct candidate *out, size_t *n)
{
    enum err err = ERR_OK;

    *n = 0;
    for (size_t i = 0; !err && i < all->n; i++) {
        struct candidate *a = &out[*n];
        struct wanted w;

        if (mentor_id_eq(all->items[i].id, l->mentor))
            continue;
        a->user = all->items[i].user;
        a->order = (int)i;
        err = wanted_of(l, &all->items[i], &w);
        if (!err)
            err = conflict_look(c, &w, &a->gates, a->rules, RULES_MAX, &a->rules_n);
        (*n)++;
    }
    return err;
}

static enum err answer_for(struct call *c, const struct lesson *l)
{
    struct mentor_list all = { 0 };
    struct candidate *found = NULL;
    json_t *items = json_array();
    size_t n = 0;
    enum err err = items ? mentor_list(c->db, l->org, &all) : ERR_NOMEM;

    if (!err && all.n > 0) {
        found = mem_zalloc(all.n, sizeof *found);
        err = found ? look_at_all(c, l, &all, found, &n) : ERR_NOMEM;
    }
    if (!err && n > 0)
        qsort(found, n, sizeof *found, compare);
    for (size_t i = 0; !err && i < n; i++)
        err = candidate_json(c, &found[i], items);
    mem_free(found);
    mentor_list_free(&all);
    if (!err)
        return call_answer(c, 200, json_pack("{s:o}", "items", items));
    json_decref(items);
    return err;
}

enum err lesson_substitutes_get(struct call *c)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? call_lesson(c, RIGHT_LESSON_SUBSTITUTE, l, &refused) : ERR_NOMEM;

    if (!err && !refused && !lesson_editable(&l->facts, c->now.unix_ms))
        err = call_refuse(c, REFUSE_NOT_NOW);
    else if (!err && !refused)
        err = answer_for(c, l);
    mem_free(l);
    return err;
}
