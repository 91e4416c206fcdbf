/* SPDX-License-Identifier: Apache-2.0
 *
 * What publishing a draft would do: line by line the lesson before and after,
 * who is told, and whether it comes late (R19). Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/api/endpoints.h"
#include "server/api/lesson_json.h"
#include "server/api/person.h"
#include "server/api/version.h"
#include "server/domain/draft.h"
#include "server/store/child.h"

#define ROWS_MAX 300 /* shown; all are counted */

struct pair {
    struct lesson *before, *after; /* owned; NULL: there is none */
    bool changed;
};

static void pair_free(struct pair *p)
{
    mem_free(p->before);
    mem_free(p->after);
    *p = (struct pair){ 0 };
}

static enum err load_side(struct db *db, struct lesson_id id, struct lesson **out)
{
    enum err err;

    if (!id.v)
        return ERR_OK;
    *out = mem_zalloc(1, sizeof **out);
    err = *out ? lesson_load(db, id, *out) : ERR_NOMEM;
    return err;
}

/* Free it in every case. */
static enum err load_pair(struct db *db, const struct draft_row *row, struct pair *out)
{
    enum err err;

    *out = (struct pair){ .changed = row->changed };
    err = load_side(db, row->before, &out->before);
    return err ? err : load_side(db, row->after, &out->after);
}

static struct draft_side side_of(const struct lesson *l)
{
    if (!l)
        return (struct draft_side){ 0 };
    return (struct draft_side){ l->facts.start_ms, l->facts.end_ms, l->facts.mentor };
}

static bool is_late(const struct pair *p, const struct schedule_policy *policy, int64_t now_ms)
{
    struct draft_side before = side_of(p->before), after = side_of(p->after);

    return draft_late(&before, &after, policy, now_ms);
}

enum err draft_any_late(const struct call *c, const struct version *v, bool *out)
{
    struct schedule_policy policy;
    struct draft_rows rows = { 0 };
    enum err err = policy_schedule(c->db, v->org, c->now.unix_ms, &policy);

    *out = false;
    if (!err)
        err = draft_list(c->db, v->id, 0, 0, &rows);
    for (size_t i = 0; !err && !*out && i < rows.n; i++) {
        struct pair p;

        err = load_pair(c->db, &rows.items[i], &p);
        if (!err)
            *out = is_late(&p, &policy, c->now.unix_ms);
        pair_free(&p);
    }
    mem_free(rows.items);
    return err;
}

/* Rooms that stand or soon will; the others are found by time. */
static void tell(struct call *c, struct lesson_id id)
{
    struct lesson_facts f;

    if (id.v && lesson_facts_load(c->db, id, &f) == ERR_OK &&
        f.start_ms - c->now.unix_ms < MS_PER_DAY)
        desk_push_lesson(c->ctx, id);
}

enum err draft_tell(struct call *c, const struct draft_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        tell(c, rows->items[i].before);
        tell(c, rows->items[i].after);
    }
    return ERR_OK;
}

/* ---- who is told ---------------------------------------------------------------------------- */

/* People once each, in the order in which they came. */
struct people {
    struct user_id *items; /* owned */
    size_t n;
};

static enum err add_person(struct people *p, struct user_id id)
{
    struct user_id *grown;

    for (size_t i = 0; i < p->n; i++)
        if (user_id_eq(p->items[i], id))
            return ERR_OK;
    grown = mem_regrow(p->items, p->n + 1, sizeof *grown);
    if (!grown)
        return ERR_NOMEM;
    p->items = grown;
    p->items[p->n++] = id;
    return ERR_OK;
}

static enum err add_family(const struct call *c, const struct lesson_seat *s, struct people *p)
{
    struct user_list guardians = { 0 };
    enum err err = add_person(p, s->user);

    if (!err)
        err = guardian_list(c->db, s->child, c->now.unix_ms, &guardians);
    for (size_t i = 0; !err && i < guardians.n; i++)
        err = add_person(p, guardians.items[i].id);
    user_list_free(&guardians);
    return err;
}

static enum err add_lesson(const struct call *c, const struct lesson *l, struct people *p)
{
    enum err err = l ? add_person(p, l->facts.mentor) : ERR_OK;

    for (int i = 0; !err && l && i < l->seats_n; i++)
        err = add_family(c, &l->seats[i], p);
    return err;
}

static enum err people_json(const struct call *c, const struct people *p, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < p->n; i++) {
        json_t *person = NULL;

        err = person_json(c, p->items[i], &person);
        if (!err)
            err = json_push(array, person);
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

/* ---- the answer ----------------------------------------------------------------------------- */

struct diff {
    json_t *rows; /* owned */
    int counts[DRAFT_KIND_COUNT];
    size_t all;
    bool late, changed;
    struct people told; /* of all rows */
    struct schedule_policy policy;
};

static enum err brief_or_null(const struct call *c, const struct lesson *l, json_t **out)
{
    if (l)
        return lesson_brief_json(c, l, out);
    *out = json_null();
    return ERR_OK;
}

static enum err row_push(const struct call *c, const struct pair *p, enum draft_kind kind,
                         bool late, const struct people *told, json_t *rows)
{
    json_t *before = NULL, *after = NULL, *names = NULL;
    enum err err = brief_or_null(c, p->before, &before);

    if (!err)
        err = brief_or_null(c, p->after, &after);
    if (!err)
        err = people_json(c, told, &names);
    if (!err)
        err =
            json_push(rows, json_pack("{s:s,s:O,s:O,s:I,s:b,s:b,s:O}", "kind",
                                      draft_kind_name(kind), "before", before, "after", after,
                                      "version", (json_int_t)(p->after ? p->after->rev : 0), "late",
                                      (int)late, "changed", (int)p->changed, "told", names));
    json_decref(before);
    json_decref(after);
    json_decref(names);
    return err;
}

static enum err add_row(const struct call *c, const struct draft_row *row, struct diff *d)
{
    struct people told = { 0 };
    struct pair p;
    enum draft_kind kind = DRAFT_NEW;
    bool late = false;
    enum err err = load_pair(c->db, row, &p);

    if (!err) {
        struct draft_side before = side_of(p.before), after = side_of(p.after);

        kind = draft_kind_of(&before, &after);
        late = is_late(&p, &d->policy, c->now.unix_ms);
        err = add_lesson(c, p.before, &told);
    }
    if (!err)
        err = add_lesson(c, p.after, &told);
    for (size_t i = 0; !err && i < told.n; i++)
        err = add_person(&d->told, told.items[i]);
    if (!err && d->all < ROWS_MAX)
        err = row_push(c, &p, kind, late, &told, d->rows);
    d->counts[kind]++;
    d->all++;
    d->late = d->late || late;
    d->changed = d->changed || p.changed;
    mem_free(told.items);
    pair_free(&p);
    return err;
}

static enum err diff_answer(struct call *c, const struct version *v, struct diff *d)
{
    int64_t current = 0;
    enum err err = version_current(c->db, v->org, &current);

    if (err)
        return err;
    return call_answer(c, 200,
                       json_pack("{s:o,s:I,s:O,s:I,s:{s:i,s:i,s:i,s:i},s:I,s:b,s:b}", "version",
                                 version_json(v), "against", (json_int_t)current, "rows", d->rows,
                                 "more", (json_int_t)(d->all - json_array_size(d->rows)), "counts",
                                 "new", d->counts[DRAFT_NEW], "moved", d->counts[DRAFT_MOVED],
                                 "swapped", d->counts[DRAFT_SWAPPED], "gone", d->counts[DRAFT_GONE],
                                 "told", (json_int_t)d->told.n, "reason_needed", (int)d->late,
                                 "outdated", (int)d->changed));
}

enum err draft_diff_get(struct call *c)
{
    struct draft_rows rows = { 0 };
    struct diff d = { 0 };
    struct version v;
    bool refused = false;
    enum err err = version_asked(c, c->id, &v, &refused);

    if (err || refused)
        return err;
    d.rows = json_array();
    err = d.rows ? policy_schedule(c->db, v.org, c->now.unix_ms, &d.policy) : ERR_NOMEM;
    if (!err && version_is_draft(&v))
        err = draft_list(c->db, v.id, 0, 0, &rows);
    for (size_t i = 0; !err && i < rows.n; i++)
        err = add_row(c, &rows.items[i], &d);
    if (!err)
        err = diff_answer(c, &v, &d);
    json_decref(d.rows);
    mem_free(d.told.items);
    mem_free(rows.items);
    return err;
}
