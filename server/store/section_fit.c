/* SPDX-License-Identifier: Apache-2.0
 *
 * Meetings of sections beside lessons (R2, R12): as blocks for whoever judges
 * lessons, and the other way round as clashes for places that are given. See
 * choice.h.
 */
#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/choice.h"
#include "server/store/lesson.h"

#define OF_A_MEETING 16

/* ---- blocks ------------------------------------------------------------------------------- */

static enum err append_group(const struct section *s, const struct section_group *g,
                             int64_t from_ms, int64_t to_ms, struct section_blocks *b)
{
    struct section_place at = section_place_of(s);
    size_t n = section_meetings(&at, g->slots, (size_t)g->slots_n, from_ms, to_ms, NULL, 0);
    struct section_block *items;

    if (n == 0)
        return ERR_OK;
    items = mem_regrow(b->items, b->n + n, sizeof *items);
    if (!items)
        return ERR_NOMEM;
    b->items = items;
    (void)section_meetings(&at, g->slots, (size_t)g->slots_n, from_ms, to_ms, items + b->n, n);
    b->n += n;
    return ERR_OK;
}

enum err section_blocks_of(const struct section *s, const struct section_group *g, int64_t from_ms,
                           int64_t to_ms, struct section_blocks *out)
{
    *out = (struct section_blocks){ 0 };
    return append_group(s, g, from_ms, to_ms, out);
}

/* The meetings of one choice's group. */
static enum err append_choice(struct db *db, const struct choice *c, int64_t from_ms, int64_t to_ms,
                              struct section_blocks *b)
{
    struct section *s = mem_zalloc(1, sizeof *s);
    enum err err = s ? section_of_group(db, c->group, s) : ERR_NOMEM;

    if (!err)
        err = append_group(s, section_group_of(s, c->group), from_ms, to_ms, b);
    mem_free(s);
    return err;
}

enum err section_blocks_child(struct db *db, struct child_id child, int64_t from_ms, int64_t to_ms,
                              struct section_blocks *out)
{
    struct section_blocks b = { 0 };
    struct choice_list l = { 0 };
    enum err err = choice_list(db, child, &l);

    for (size_t i = 0; !err && i < l.n; i++)
        if (l.items[i].state == CHOICE_IS_ACTIVE)
            err = append_choice(db, &l.items[i], from_ms, to_ms, &b);
    choice_list_free(&l);
    if (err)
        section_blocks_free(&b);
    else
        *out = b;
    return err;
}

void section_blocks_free(struct section_blocks *b)
{
    mem_free(b->items);
    *b = (struct section_blocks){ 0 };
}

/* ---- clashes ------------------------------------------------------------------------------ */

static enum err keep(struct clash_list *l, const struct violation *v, int64_t meeting_ms)
{
    struct clash *items = store_grow(l->items, l->n, sizeof *items);

    if (!items)
        return ERR_NOMEM;
    l->items = items;
    l->items[l->n++] = (struct clash){ .lesson = v->other,
                                       .rule = v->rule,
                                       .limit = v->limit,
                                       .value = v->value,
                                       .meeting_ms = meeting_ms };
    return ERR_OK;
}

static enum err judge_meetings(const struct child_facts *child, const struct schedule_facts *facts,
                               const struct section_blocks *b, struct clash_list *out)
{
    struct violation v[OF_A_MEETING];
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < b->n; i++) {
        /* how many sections there are is the choice's matter */
        size_t n = schedule_judge_section(child, &b->items[i], facts->policy->sections_min, facts,
                                          v, OF_A_MEETING);

        for (size_t k = 0; !err && k < n && k < OF_A_MEETING; k++)
            if (v[k].other.v)
                err = keep(out, &v[k], b->items[i].start_ms);
    }
    return err;
}

static enum err user_of(struct db *db, struct child_id child, struct user_id *out)
{
    struct query q = query_on(db, "SELECT user_id FROM child WHERE id = $1");

    query_int(&q, child.v);
    if (query_row(&q))
        out->v = row_int(&q);
    return query_end_found(&q);
}

enum err clash_find(struct db *db, struct child_id child, const struct section *s,
                    const struct section_group *g, const struct section_policy *p, int64_t now_ms,
                    struct clash_list *out)
{
    int64_t to_ms = now_ms + p->ahead_days * MS_PER_DAY;
    struct child_facts c = { .tz = s->tz };
    struct schedule_policy policy;
    struct schedule_facts facts = { .policy = &policy, .now_ms = now_ms };
    struct section_blocks b = { 0 };
    struct booked_list booked = { 0 };
    struct clash_list l = { 0 };
    enum err err = user_of(db, child, &c.id);

    if (!err)
        err = policy_schedule(db, s->centre, now_ms, &policy);
    if (!err)
        err = section_blocks_of(s, g, now_ms, to_ms, &b);
    if (!err)
        err = booked_list(db, (struct mentor_id){ 0 }, &child, 1, now_ms - MS_PER_DAY,
                          to_ms + MS_PER_DAY, &booked);
    facts.booked = booked.items;
    facts.booked_n = booked.n;
    if (!err)
        err = judge_meetings(&c, &facts, &b, &l);
    section_blocks_free(&b);
    booked_list_free(&booked);
    if (err)
        clash_list_free(&l);
    else
        *out = l;
    return err;
}

void clash_list_free(struct clash_list *l)
{
    mem_free(l->items);
    *l = (struct clash_list){ 0 };
}

/* ---- what stands -------------------------------------------------------------------------- */

/* Those of the choice that are not in found end; found ones that are new begin. */
static enum err write_clashes(struct db *db, int64_t choice, const struct clash_list *found,
                              int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE section_clash SET gone_ms = $2 "
                                  "WHERE choice = $1 AND gone_ms IS NULL");
    enum err err;

    query_int(&q, choice);
    query_int(&q, now_ms);
    err = query_run(&q);
    for (size_t i = 0; !err && i < found->n; i++) {
        const char *rule = schedule_rule_name(found->items[i].rule);

        /* one that was just ended, or ended at the same moment, goes on */
        q = query_on(db, "UPDATE section_clash SET gone_ms = NULL WHERE id = (SELECT id FROM "
                         "section_clash WHERE choice = $1 AND lesson = $2 AND rule = $3 "
                         "AND (gone_ms IS NULL OR gone_ms = $4) ORDER BY id DESC LIMIT 1) "
                         "RETURNING id");
        query_int(&q, choice);
        query_int(&q, found->items[i].lesson.v);
        query_text(&q, rule);
        query_int(&q, now_ms);
        query_row(&q);
        err = query_end_found(&q);
        if (err != ERR_NOTFOUND)
            continue;
        q = query_on(db, "INSERT INTO section_clash (choice, lesson, rule, found_ms) "
                         "VALUES ($1, $2, $3, $4)");
        query_int(&q, choice);
        query_int(&q, found->items[i].lesson.v);
        query_text(&q, rule);
        query_int(&q, now_ms);
        err = query_run(&q);
    }
    return err;
}

struct placed {
    int64_t choice, group;
    struct child_id child;
};
struct placed_list {
    struct placed *items;
    size_t n;
};

static enum err list_placed(struct db *db, struct org_id centre, int64_t version,
                            struct placed_list *out)
{
    struct query q =
        query_on(db, "SELECT c.id, c.section_group, c.child FROM choice c "
                     "JOIN section_group g ON g.id = c.section_group "
                     "JOIN section s ON s.id = g.section WHERE c.state = 'active' "
                     "AND s.centre = $1 AND ($2 = 0 OR EXISTS (SELECT 1 FROM lesson_child lc "
                     "JOIN lesson l ON l.id = lc.lesson WHERE lc.child = c.child "
                     "AND l.version = $2)) ORDER BY c.id");
    struct placed *item;

    query_int(&q, centre.v);
    query_int(&q, version);
    while (QUERY_NEXT(&q, out, item)) {
        item->choice = row_int(&q);
        item->group = row_int(&q);
        item->child.v = row_int(&q);
    }
    return query_end(&q);
}

static enum err recheck_one(struct db *db, const struct placed *p, const struct section_policy *sp,
                            int64_t now_ms, int64_t *standing)
{
    struct section *s = mem_zalloc(1, sizeof *s);
    struct clash_list found = { 0 };
    enum err err = s ? section_of_group(db, p->group, s) : ERR_NOMEM;

    if (!err)
        err = clash_find(db, p->child, s, section_group_of(s, p->group), sp, now_ms, &found);
    if (!err)
        err = write_clashes(db, p->choice, &found, now_ms);
    *standing += found.n > 0;
    clash_list_free(&found);
    mem_free(s);
    return err;
}

enum err clash_recheck(struct db *db, struct org_id centre, int64_t version, int64_t now_ms,
                       int64_t *out)
{
    struct placed_list l = { 0 };
    struct section_policy p;
    int64_t standing = 0;
    enum err err = policy_section(db, centre, now_ms, &p);

    if (!err)
        err = list_placed(db, centre, version, &l);
    for (size_t i = 0; !err && i < l.n; i++)
        err = recheck_one(db, &l.items[i], &p, now_ms, &standing);
    mem_free(l.items);
    if (!err)
        *out = standing;
    return err;
}

enum err open_clash_list(struct db *db, struct org_id centre, int64_t now_ms,
                         struct open_clash_list *out)
{
    struct query q = query_on(
        db, "SELECT k.choice, ch.user_id, k.lesson, k.rule, k.found_ms FROM section_clash k "
            "JOIN choice c ON c.id = k.choice JOIN child ch ON ch.id = c.child "
            "JOIN section_group g ON g.id = c.section_group JOIN section s ON s.id = g.section "
            "JOIN lesson l ON l.id = k.lesson WHERE k.gone_ms IS NULL AND c.state = 'active' "
            "AND s.centre = $1 AND l.end_ms > $2 AND l.state NOT IN ('cancelled', 'rescheduled') "
            "ORDER BY l.start_ms, k.id");
    struct open_clash_list l = { 0 };
    struct open_clash *item;
    enum err err;

    query_int(&q, centre.v);
    query_int(&q, now_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        item->choice = row_int(&q);
        item->child.v = row_int(&q);
        item->lesson.v = row_int(&q);
        row_text(&q, item->rule, sizeof item->rule);
        item->found_ms = row_int(&q);
    }
    err = query_end(&q);
    if (err)
        open_clash_list_free(&l);
    else
        *out = l;
    return err;
}

void open_clash_list_free(struct open_clash_list *l)
{
    mem_free(l->items);
    *l = (struct open_clash_list){ 0 };
}
