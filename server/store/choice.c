/* SPDX-License-Identifier: Apache-2.0
 *
 * Wishes, places and the waiting list as rows; see choice.h.
 */
#include "server/store/choice.h"

#include "common/base/mem.h"

#define COLUMNS                                                                                    \
    "c.id, c.child, g.section, c.section_group, c.state, c.wished_ms, c.queue_ms, c.offer_to_ms "  \
    "FROM choice c JOIN section_group g ON g.id = c.section_group "

static void read_state(struct query *q, enum choice_state *out)
{
    char name[12];

    row_text(q, name, sizeof name);
    if (q->err == ERR_OK && !choice_state_parse(name, out))
        query_blame(q);
}

static void read_choice(struct query *q, struct choice *c)
{
    c->id = row_int(q);
    c->child.v = row_int(q);
    c->section = row_int(q);
    c->group = row_int(q);
    read_state(q, &c->state);
    c->wished_ms = row_int(q);
    c->queue_ms = row_int(q);
    c->offer_to_ms = row_int(q);
}

enum err choice_list(struct db *db, struct child_id child, struct choice_list *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS "WHERE c.child = $1 AND c.ended_ms IS NULL "
                                  "ORDER BY c.wished_ms, c.id");
    struct choice_list l = { 0 };
    struct choice *item;
    enum err err;

    query_int(&q, child.v);
    while (QUERY_NEXT(&q, &l, item))
        read_choice(&q, item);
    err = query_end(&q);
    if (err)
        choice_list_free(&l);
    else
        *out = l;
    return err;
}

void choice_list_free(struct choice_list *l)
{
    mem_free(l->items);
    *l = (struct choice_list){ 0 };
}

enum err choice_load(struct db *db, int64_t id, struct choice *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS "WHERE c.id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_choice(&q, out);
    return query_end_found(&q);
}

enum err choice_rev(struct db *db, struct child_id child, int64_t *out)
{
    struct query q =
        query_on(db, "SELECT 1 + count(*) + 2 * count(queue_ms) + 10 * count(ended_ms) "
                     "+ 3 * coalesce(sum(state = 'offered'), 0) "
                     "+ 5 * coalesce(sum(state = 'active'), 0) FROM choice WHERE child = $1");

    query_int(&q, child.v);
    if (query_row(&q))
        *out = row_int(&q);
    return query_end_found(&q);
}

/* ---- wishing ------------------------------------------------------------------------------ */

static enum err end_row(struct db *db, int64_t id, enum choice_state to, const char *reason,
                        int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE choice SET state = $2, reason = $3, ended_ms = $4 "
                                  "WHERE id = $1 AND ended_ms IS NULL RETURNING id");

    query_int(&q, id);
    query_text(&q, choice_state_name(to));
    query_text(&q, reason);
    query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

static bool among(const int64_t *groups, size_t n, int64_t group)
{
    for (size_t i = 0; i < n; i++)
        if (groups[i] == group)
            return true;
    return false;
}

static enum err drop_others(struct db *db, struct child_id child, const int64_t *groups, size_t n,
                            int64_t now_ms)
{
    struct choice_list l;
    enum err err = choice_list(db, child, &l);

    for (size_t i = 0; !err && i < l.n; i++)
        if (l.items[i].state == CHOICE_IS_WISHED && !among(groups, n, l.items[i].group))
            err = end_row(db, l.items[i].id, CHOICE_IS_LEFT, "", now_ms);
    if (!err || l.items)
        choice_list_free(&l);
    return err;
}

enum err choice_wish(struct db *db, struct child_id child, const int64_t *groups, size_t n,
                     int64_t now_ms, struct user_id by)
{
    enum err err = drop_others(db, child, groups, n, now_ms);

    for (size_t i = 0; !err && i < n; i++) {
        struct query q = query_on(db, "INSERT INTO choice (child, section_group, state, wished_ms, "
                                      "wished_by) VALUES ($1, $2, 'wished', $3, $4) "
                                      "ON CONFLICT DO NOTHING");

        query_int(&q, child.v);
        query_int(&q, groups[i]);
        query_int(&q, now_ms);
        query_int(&q, by.v);
        err = query_run(&q);
    }
    return err;
}

/* ---- places ------------------------------------------------------------------------------- */

struct place_list {
    struct place *items; /* owned */
    size_t n;
};

/* Of a group, in the order of the list. */
static enum err load_places(struct db *db, int64_t group, struct place_list *out)
{
    struct query q = query_on(db, "SELECT id, state, offer_to_ms FROM choice "
                                  "WHERE section_group = $1 AND ended_ms IS NULL "
                                  "ORDER BY queue_ms, id");
    struct place *item;

    query_int(&q, group);
    while (QUERY_NEXT(&q, out, item)) {
        *item = (struct place){ .id = row_int(&q) };
        read_state(&q, &item->state);
        item->offer_to_ms = row_int(&q);
    }
    return query_end(&q);
}

enum err choice_confirm(struct db *db, const struct choice *c, int capacity, int64_t now_ms,
                        struct user_id by)
{
    struct place_list l = { 0 };
    enum err err = load_places(db, c->group, &l);
    struct query q;

    if (!err) {
        q = query_on(db, "UPDATE choice SET state = $2, queue_ms = $3, confirmed_by = $4 "
                         "WHERE id = $1 AND state = 'wished' RETURNING id");
        query_int(&q, c->id);
        query_text(&q, choice_state_name(places_enter(l.items, l.n, capacity)));
        query_int(&q, now_ms);
        query_int(&q, by.v);
        query_row(&q);
        err = query_end_found(&q);
    }
    mem_free(l.items);
    return err == ERR_NOTFOUND ? ERR_STATE : err;
}

enum err choice_accept(struct db *db, const struct choice *c, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE choice SET state = 'active' WHERE id = $1 "
                                  "AND state = 'offered' AND offer_to_ms > $2 RETURNING id");
    enum err err;

    query_int(&q, c->id);
    query_int(&q, now_ms);
    query_row(&q);
    err = query_end_found(&q);
    return err == ERR_NOTFOUND ? ERR_STATE : err;
}

enum err choice_leave(struct db *db, const struct choice *c, const char *reason,
                      const struct section_policy *p, int64_t now_ms)
{
    enum err err = end_row(db, c->id, CHOICE_IS_LEFT, reason, now_ms);

    if (err == ERR_NOTFOUND)
        return ERR_STATE;
    return err ? err : choice_settle(db, c->group, p, now_ms);
}

static enum err write_place(struct db *db, const struct place *p, int64_t now_ms)
{
    struct query q;

    if (p->state == CHOICE_IS_LAPSED)
        return end_row(db, p->id, CHOICE_IS_LAPSED, "", now_ms);
    q = query_on(db, "UPDATE choice SET state = $2, offer_to_ms = $3 WHERE id = $1");
    query_int(&q, p->id);
    query_text(&q, choice_state_name(p->state));
    query_int(&q, p->offer_to_ms);
    return query_run(&q);
}

static enum err capacity_of(struct db *db, int64_t group, int *out)
{
    struct query q = query_on(db, "SELECT g.capacity * s.open FROM section_group g "
                                  "JOIN section s ON s.id = g.section WHERE g.id = $1");

    query_int(&q, group);
    if (query_row(&q))
        *out = (int)row_int(&q); /* a closed section offers nothing */
    return query_end_found(&q);
}

enum err choice_settle(struct db *db, int64_t group, const struct section_policy *p, int64_t now_ms)
{
    struct place_list l = { 0 };
    int capacity = 0;
    enum err err = load_places(db, group, &l);

    if (!err)
        err = capacity_of(db, group, &capacity);
    if (!err)
        places_settle(l.items, l.n, capacity, now_ms, p);
    /* What lapsed first: its place is one of those that are offered. */
    for (int lapsed = 1; lapsed >= 0; lapsed--)
        for (size_t i = 0; !err && i < l.n; i++)
            if (l.items[i].changed && (l.items[i].state == CHOICE_IS_LAPSED) == (lapsed == 1))
                err = write_place(db, &l.items[i], now_ms);
    mem_free(l.items);
    return err;
}

struct due {
    int64_t group;
    struct org_id centre;
};
struct due_list {
    struct due *items;
    size_t n;
};

enum err choice_settle_due(struct db *db, int64_t now_ms)
{
    struct query q = query_on(db, "SELECT DISTINCT c.section_group, s.centre FROM choice c "
                                  "JOIN section_group g ON g.id = c.section_group "
                                  "JOIN section s ON s.id = g.section "
                                  "WHERE c.state = 'offered' AND c.offer_to_ms <= $1");
    struct due_list l = { 0 };
    struct due *item;
    enum err err;

    query_int(&q, now_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        item->group = row_int(&q);
        item->centre.v = row_int(&q);
    }
    err = query_end(&q);
    for (size_t i = 0; !err && i < l.n; i++) {
        struct section_policy p;

        err = policy_section(db, l.items[i].centre, now_ms, &p);
        if (!err)
            err = choice_settle(db, l.items[i].group, &p, now_ms);
    }
    mem_free(l.items);
    return err;
}

enum err choice_rank(struct db *db, const struct choice *c, int *out)
{
    struct query q = query_on(db, "SELECT count(*) FROM choice WHERE section_group = $1 "
                                  "AND state = 'waiting' AND (queue_ms < $2 "
                                  "OR (queue_ms = $2 AND id <= $3))");

    query_int(&q, c->group);
    query_int(&q, c->queue_ms);
    query_int(&q, c->id);
    if (query_row(&q))
        *out = c->state == CHOICE_IS_WAITING ? (int)row_int(&q) : 0;
    return query_end_found(&q);
}
