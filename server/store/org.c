/* SPDX-License-Identifier: Apache-2.0
 *
 * Organisations, holidays, subjects.
 */
#include "server/store/org.h"

#include <string.h>

#include "common/base/mem.h"

static const char *const type_names[] = {
#define X(code, name) [ORG_##code] = name,
    ORG_TYPE_LIST(X)
#undef X
};

#define TYPES (sizeof type_names / sizeof type_names[0])

const char *org_type_name(enum org_type t)
{
    return (size_t)t < TYPES ? type_names[t] : "unknown";
}

#define ORG_COLUMNS "id, type, parent, code, name, tz, phone"

static void read_org(struct query *q, struct org *o)
{
    char type[16];
    size_t i;

    *o = (struct org){ 0 };
    o->id.v = row_int(q);
    row_text(q, type, sizeof type);
    o->parent.v = row_int(q);
    row_text(q, o->code, sizeof o->code);
    row_text(q, o->name, sizeof o->name);
    row_text(q, o->tz, sizeof o->tz);
    row_text(q, o->phone, sizeof o->phone);
    for (i = 0; i < TYPES && strcmp(type, type_names[i]) != 0; i++)
        ;
    if (i == TYPES)
        query_blame(q);
    else
        o->type = (enum org_type)i;
}

enum err org_load(struct db *db, struct org_id id, struct org *out)
{
    struct query q = query_on(db, "SELECT " ORG_COLUMNS " FROM org WHERE id = $1");

    query_int(&q, id.v);
    if (query_row(&q))
        read_org(&q, out);
    return query_end_found(&q);
}

static enum err insert_org(struct db *db, const struct org *o, int64_t now_ms, struct user_id by,
                           struct org_id *out)
{
    struct query q = query_on(db, "INSERT INTO org (type, parent, code, name, tz, phone, "
                                  "created_ms, created_by) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id");
    struct org_id id = { 0 };
    enum err e;

    query_text(&q, org_type_name(o->type));
    query_id_or_null(&q, o->parent.v);
    query_text(&q, o->code);
    query_text(&q, o->name);
    query_text(&q, o->tz);
    query_text(&q, o->phone);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    if (query_row(&q))
        id.v = row_int(&q);
    e = query_run(&q);
    if (!e)
        *out = id;
    return e;
}

/* UNION, not UNION ALL: ends in a circle that is there already, too. */
static enum err lies_under(struct db *db, struct org_id org, struct org_id above, bool *out)
{
    struct query q = query_on(db, "WITH RECURSIVE up (id) AS (SELECT $1 UNION SELECT o.parent "
                                  "FROM org o JOIN up ON o.id = up.id WHERE o.parent IS NOT NULL) "
                                  "SELECT count(*) FROM up WHERE id = $2");

    *out = false;
    query_int(&q, org.v);
    query_int(&q, above.v);
    if (query_row(&q))
        *out = row_int(&q) > 0;
    return query_end(&q);
}

enum err org_by_code(struct db *db, const char *code, struct org_id *out)
{
    struct query q = query_on(db, "SELECT id FROM org WHERE code = $1");

    query_text(&q, code);
    if (query_row(&q))
        out->v = row_int(&q);
    return query_end_found(&q);
}

enum err org_save(struct db *db, const struct org *o, int64_t now_ms, struct user_id by,
                  struct org_id *out)
{
    struct query q;
    struct org_id id = o->id;
    bool circle = false;
    enum err e;

    if (o->id.v == 0)
        return insert_org(db, o, now_ms, by, out);
    e = lies_under(db, o->parent, o->id, &circle);
    if (e || circle)
        return e ? e : ERR_STATE;
    q = query_on(db, "UPDATE org SET type = $2, parent = $3, code = $4, name = $5, tz = $6, "
                     "phone = $7 WHERE id = $1 RETURNING id");
    query_int(&q, o->id.v);
    query_text(&q, org_type_name(o->type));
    query_id_or_null(&q, o->parent.v);
    query_text(&q, o->code);
    query_text(&q, o->name);
    query_text(&q, o->tz);
    query_text(&q, o->phone);
    query_row(&q);
    e = query_end_found(&q);
    if (!e)
        *out = id;
    return e;
}

enum err org_list(struct db *db, const enum org_type *only_type, struct org_list *out)
{
    struct query q = query_on(db, "SELECT " ORG_COLUMNS " FROM org "
                                  "WHERE status = 'active' AND ($1 = '' OR type = $1) "
                                  "ORDER BY name, id");
    struct org_list l = { 0 };
    struct org *item;
    enum err e;

    query_text(&q, only_type ? org_type_name(*only_type) : "");
    while (QUERY_NEXT(&q, &l, item))
        read_org(&q, item);
    e = query_end(&q);
    if (e)
        org_list_free(&l);
    else
        *out = l;
    return e;
}

void org_list_free(struct org_list *l)
{
    mem_free(l->items);
    *l = (struct org_list){ 0 };
}

enum err holiday_add(struct db *db, struct org_id org, const char *date, const char *kind)
{
    struct query q = query_on(db, "INSERT INTO holiday (org, date, kind) VALUES ($1, $2, $3) "
                                  "ON CONFLICT (org, date) DO UPDATE SET kind = excluded.kind");

    query_int(&q, org.v);
    query_text(&q, date);
    query_text(&q, kind);
    return query_run(&q);
}

enum err holiday_on(struct db *db, struct org_id org, const char *date, bool *out)
{
    struct query q = query_on(db, "SELECT 1 FROM holiday WHERE org = $1 AND date = $2");
    bool any;
    enum err e;

    query_int(&q, org.v);
    query_text(&q, date);
    any = query_row(&q);
    e = query_end(&q);
    if (!e)
        *out = any;
    return e;
}

#define SUBJECT_COLUMNS "id, code, name_ru, name_en, colour"

static void read_subject(struct query *q, struct subject *s)
{
    *s = (struct subject){ 0 };
    s->id = row_int(q);
    row_text(q, s->code, sizeof s->code);
    row_text(q, s->name_ru, sizeof s->name_ru);
    row_text(q, s->name_en, sizeof s->name_en);
    s->colour = (int)row_int(q);
}

enum err subject_save(struct db *db, const struct subject *s, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO subject (code, name_ru, name_en, colour) "
                                  "VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO UPDATE SET "
                                  "name_ru = excluded.name_ru, name_en = excluded.name_en, "
                                  "colour = excluded.colour RETURNING id");
    int64_t id = 0;
    enum err e;

    query_text(&q, s->code);
    query_text(&q, s->name_ru);
    query_text(&q, s->name_en);
    query_int(&q, s->colour);
    if (query_row(&q))
        id = row_int(&q);
    e = query_run(&q);
    if (!e)
        *out_id = id;
    return e;
}

enum err subject_load(struct db *db, int64_t id, struct subject *out)
{
    struct query q = query_on(db, "SELECT " SUBJECT_COLUMNS " FROM subject WHERE id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_subject(&q, out);
    return query_end_found(&q);
}

enum err subject_by_code(struct db *db, const char *code, struct subject *out)
{
    struct query q = query_on(db, "SELECT " SUBJECT_COLUMNS " FROM subject WHERE code = $1");

    query_text(&q, code);
    if (query_row(&q))
        read_subject(&q, out);
    return query_end_found(&q);
}

enum err subject_list(struct db *db, struct subject_list *out)
{
    struct query q = query_on(db, "SELECT " SUBJECT_COLUMNS " FROM subject ORDER BY code");
    struct subject_list l = { 0 };
    struct subject *item;
    enum err e;

    while (QUERY_NEXT(&q, &l, item))
        read_subject(&q, item);
    e = query_end(&q);
    if (e)
        subject_list_free(&l);
    else
        *out = l;
    return e;
}

void subject_list_free(struct subject_list *l)
{
    mem_free(l->items);
    *l = (struct subject_list){ 0 };
}
