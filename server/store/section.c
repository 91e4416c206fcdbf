/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections, groups and weekly meetings as rows; see section.h.
 */
#include "server/store/section.h"

#include "common/base/mem.h"

/* ---- writing ------------------------------------------------------------------------------ */

static enum err add_group(struct db *db, int64_t section, const struct section_group *g)
{
    struct query q = query_on(db, "INSERT INTO section_group (section, name, capacity) "
                                  "VALUES ($1, $2, $3) RETURNING id");
    int64_t id;
    enum err err;

    query_int(&q, section);
    query_text(&q, g->name);
    query_int(&q, g->capacity);
    err = query_insert(&q, &id);
    for (int i = 0; !err && i < g->slots_n; i++) {
        q = query_on(db, "INSERT INTO section_slot (section_group, weekday, from_minute, minutes) "
                         "VALUES ($1, $2, $3, $4)");
        query_int(&q, id);
        query_int(&q, g->slots[i].weekday);
        query_int(&q, g->slots[i].from_minute);
        query_int(&q, g->slots[i].minutes);
        err = query_run(&q);
    }
    return err;
}

enum err section_add(struct db *db, const struct section *s, int64_t now_ms, struct user_id by,
                     int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO section (centre, provider, kind, title, leader, "
                                  "place, online, age_from, age_to, paper_needed, travel_minutes, "
                                  "tz, created_ms, created_by) VALUES ($1, $2, $3, $4, $5, $6, "
                                  "$7, $8, $9, $10, $11, $12, $13, $14) RETURNING id");
    int64_t id;
    enum err err;

    query_int(&q, s->centre.v);
    query_int(&q, s->provider.v);
    query_text(&q, section_kind_name(s->kind));
    query_text(&q, s->title);
    query_text(&q, s->leader);
    query_text(&q, s->place);
    query_int(&q, s->online);
    query_int(&q, s->age_from);
    query_int(&q, s->age_to);
    query_int(&q, s->paper_needed);
    query_int(&q, s->travel_minutes);
    query_text(&q, s->tz);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    err = query_insert(&q, &id);
    for (int i = 0; !err && i < s->groups_n; i++)
        err = add_group(db, id, &s->groups[i]);
    if (!err)
        *out_id = id;
    return err;
}

enum err section_set_open(struct db *db, int64_t id, bool open)
{
    struct query q =
        query_on(db, "UPDATE section SET open = $2, rev = rev + 1 WHERE id = $1 RETURNING id");

    query_int(&q, id);
    query_int(&q, open);
    query_row(&q);
    return query_end_found(&q);
}

/* ---- reading ------------------------------------------------------------------------------ */

static enum err load_slots(struct db *db, struct section_group *g)
{
    struct query q = query_on(db, "SELECT weekday, from_minute, minutes FROM section_slot "
                                  "WHERE section_group = $1 ORDER BY weekday, from_minute");

    query_int(&q, g->id);
    while (g->slots_n < SECTION_SLOTS_MAX && query_row(&q)) {
        struct section_slot *s = &g->slots[g->slots_n++];

        s->weekday = (int)row_int(&q);
        s->from_minute = (int)row_int(&q);
        s->minutes = (int)row_int(&q);
    }
    return query_end(&q);
}

static enum err load_groups(struct db *db, struct section *s)
{
    struct query q = query_on(
        db, "SELECT g.id, g.name, g.capacity, (SELECT count(*) FROM choice c WHERE "
            "c.section_group = g.id AND c.state IN ('active', 'offered')), "
            "(SELECT count(*) FROM choice c WHERE c.section_group = g.id AND c.state = 'waiting') "
            "FROM section_group g WHERE g.section = $1 ORDER BY g.id");
    enum err err;

    query_int(&q, s->id);
    while (s->groups_n < SECTION_GROUPS_MAX && query_row(&q)) {
        struct section_group *g = &s->groups[s->groups_n++];

        g->id = row_int(&q);
        row_text(&q, g->name, sizeof g->name);
        g->capacity = (int)row_int(&q);
        g->taken = (int)row_int(&q);
        g->waiting = (int)row_int(&q);
    }
    err = query_end(&q);
    for (int i = 0; !err && i < s->groups_n; i++)
        err = load_slots(db, &s->groups[i]);
    return err;
}

#define COLUMNS                                                                                    \
    "s.id, s.centre, s.provider, s.kind, s.title, s.leader, s.place, s.online, s.paper_needed, "   \
    "s.open, s.age_from, s.age_to, s.travel_minutes, s.tz, s.rev"

static void read_section(struct query *q, struct section *s)
{
    char kind[20];

    *s = (struct section){ .id = row_int(q) };
    s->centre.v = row_int(q);
    s->provider.v = row_int(q);
    row_text(q, kind, sizeof kind);
    if (q->err == ERR_OK && !section_kind_parse(kind, &s->kind))
        query_blame(q);
    row_text(q, s->title, sizeof s->title);
    row_text(q, s->leader, sizeof s->leader);
    row_text(q, s->place, sizeof s->place);
    s->online = row_bool(q);
    s->paper_needed = row_bool(q);
    s->open = row_bool(q);
    s->age_from = (int)row_int(q);
    s->age_to = (int)row_int(q);
    s->travel_minutes = (int)row_int(q);
    row_text(q, s->tz, sizeof s->tz);
    s->rev = row_int(q);
}

static enum err load_by(struct db *db, const char *sql, int64_t id, struct section *out)
{
    struct query q = query_on(db, sql);
    enum err err;

    query_int(&q, id);
    if (query_row(&q))
        read_section(&q, out);
    err = query_end_found(&q);
    return err ? err : load_groups(db, out);
}

enum err section_load(struct db *db, int64_t id, struct section *out)
{
    return load_by(db, "SELECT " COLUMNS " FROM section s WHERE s.id = $1", id, out);
}

enum err section_of_group(struct db *db, int64_t group, struct section *out)
{
    return load_by(db,
                   "SELECT " COLUMNS " FROM section s JOIN section_group g "
                   "ON g.section = s.id WHERE g.id = $1",
                   group, out);
}

enum err section_list(struct db *db, struct org_id centre, struct section_list *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM section s WHERE s.centre = $1 "
                                  "ORDER BY s.title, s.id");
    struct section_list l = { 0 };
    struct section *item;
    enum err err;

    query_int(&q, centre.v);
    while (QUERY_NEXT(&q, &l, item))
        read_section(&q, item);
    err = query_end(&q);
    for (size_t i = 0; !err && i < l.n; i++)
        err = load_groups(db, &l.items[i]);
    if (err)
        section_list_free(&l);
    else
        *out = l;
    return err;
}

void section_list_free(struct section_list *l)
{
    mem_free(l->items);
    *l = (struct section_list){ 0 };
}

const struct section_group *section_group_of(const struct section *s, int64_t group)
{
    for (int i = 0; i < s->groups_n; i++)
        if (s->groups[i].id == group)
            return &s->groups[i];
    return NULL;
}

struct section_place section_place_of(const struct section *s)
{
    return (struct section_place){ s->id, s->tz, s->online, s->travel_minutes };
}

/* ---- papers and settings ------------------------------------------------------------------ */

enum err section_paper_add(struct db *db, struct child_id child, int64_t section, int64_t to_ms,
                           int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO section_paper (child, section, to_ms, seen_ms, "
                                  "seen_by) VALUES ($1, $2, $3, $4, $5)");

    query_int(&q, child.v);
    query_int(&q, section);
    query_int(&q, to_ms);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_run(&q);
}

enum err section_paper_to(struct db *db, struct child_id child, int64_t section, int64_t *out_ms)
{
    struct query q = query_on(db, "SELECT coalesce(max(to_ms), 0) FROM section_paper "
                                  "WHERE child = $1 AND section = $2");

    query_int(&q, child.v);
    query_int(&q, section);
    if (query_row(&q))
        *out_ms = row_int(&q);
    return query_end_found(&q);
}

enum err policy_section(struct db *db, struct org_id org, int64_t at_ms, struct section_policy *out)
{
    struct section_policy p = section_policy_default();
    size_t n;
    const struct section_setting *s = section_settings(&n);

    for (size_t i = 0; i < n; i++) {
        int *value = (int *)(void *)((char *)&p + s[i].offset);
        int64_t v = *value;
        enum err err = policy_int(db, org, s[i].key, at_ms, s[i].min, s[i].max, v, &v);

        if (err)
            return err;
        *value = (int)v;
    }
    *out = p;
    return ERR_OK;
}
