/* SPDX-License-Identifier: Apache-2.0
 *
 * The catalogue and the settings; see programme.h. The programmes of children
 * stand in child_programme.c, their approved lines in approved.c.
 */
#include "server/store/programme.h"

#include "common/base/mem.h"
#include "server/store/org.h"

#define PROGRAMME_SELECT                                                                           \
    "SELECT p.id, p.org, p.subject, s.code, p.grade, p.title, p.version, p.week_minutes, "         \
    "p.year_minutes, p.created_ms FROM programme p JOIN subject s ON s.id = p.subject "

static void read_programme(struct query *q, struct programme *p)
{
    *p = (struct programme){ .id = row_int(q) };
    p->centre.v = row_int(q);
    p->subject_id = row_int(q);
    row_text(q, p->subject, sizeof p->subject);
    p->grade = (int)row_int(q);
    row_text(q, p->title, sizeof p->title);
    p->version = (int)row_int(q);
    p->week_minutes = (int)row_int(q);
    p->year_minutes = (int)row_int(q);
    p->created_ms = row_int(q);
}

static enum err add_topic(struct db *db, int64_t programme, int64_t no,
                          const struct programme_topic *t)
{
    struct query q = query_on(db, "INSERT INTO programme_topic (programme, no, title, minutes) "
                                  "VALUES ($1, $2, $3, $4)");

    query_int(&q, programme);
    query_int(&q, no);
    query_text(&q, t->title);
    query_int(&q, t->minutes);
    return query_run(&q);
}

enum err programme_add(struct db *db, const struct programme *p,
                       const struct programme_topic *topics, size_t topics_n, int64_t now_ms,
                       struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO programme (org, subject, grade, title, version, "
                                  "week_minutes, year_minutes, created_ms, created_by) "
                                  "VALUES ($1, $2, $3, $4, 1 + COALESCE((SELECT max(version) "
                                  "FROM programme WHERE org = $1 AND subject = $2 AND grade = $3 "
                                  "AND title = $4), 0), $5, $6, $7, $8) RETURNING id");
    enum err e;

    query_int(&q, p->centre.v);
    query_int(&q, p->subject_id);
    query_int(&q, p->grade);
    query_text(&q, p->title);
    query_int(&q, p->week_minutes);
    query_int(&q, p->year_minutes);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    e = query_insert(&q, out_id);
    for (size_t i = 0; !e && i < topics_n; i++)
        e = add_topic(db, *out_id, (int64_t)i + 1, &topics[i]);
    return e;
}

enum err programme_load(struct db *db, int64_t id, struct programme *out)
{
    struct query q = query_on(db, PROGRAMME_SELECT "WHERE p.id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_programme(&q, out);
    return query_end_found(&q);
}

enum err programme_list(struct db *db, struct org_id centre, int64_t subject, int grade,
                        struct programme_list *out)
{
    struct query q = query_on(db, PROGRAMME_SELECT
                              "WHERE p.org = $1 AND ($2 = 0 OR p.subject = $2) "
                              "AND ($3 = 0 OR p.grade = $3) AND NOT EXISTS (SELECT 1 "
                              "FROM programme n WHERE n.org = p.org AND n.subject = p.subject "
                              "AND n.grade = p.grade AND n.title = p.title "
                              "AND n.version > p.version) ORDER BY s.code, p.grade, p.title");
    struct programme_list l = { 0 };
    struct programme *item;
    enum err e;

    query_int(&q, centre.v);
    query_int(&q, subject);
    query_int(&q, grade);
    while (QUERY_NEXT(&q, &l, item))
        read_programme(&q, item);
    e = query_end(&q);
    if (e)
        programme_list_free(&l);
    else
        *out = l;
    return e;
}

void programme_list_free(struct programme_list *l)
{
    mem_free(l->items);
    *l = (struct programme_list){ 0 };
}

enum err programme_topics(struct db *db, int64_t programme, struct programme_topic_list *out)
{
    struct query q = query_on(db, "SELECT title, minutes FROM programme_topic "
                                  "WHERE programme = $1 ORDER BY no");
    struct programme_topic_list l = { 0 };
    struct programme_topic *item;
    enum err e;

    query_int(&q, programme);
    while (QUERY_NEXT(&q, &l, item)) {
        row_text(&q, item->title, sizeof item->title);
        item->minutes = (int)row_int(&q);
    }
    e = query_end(&q);
    if (e)
        programme_topic_list_free(&l);
    else
        *out = l;
    return e;
}

void programme_topic_list_free(struct programme_topic_list *l)
{
    mem_free(l->items);
    *l = (struct programme_topic_list){ 0 };
}

enum err policy_programme(struct db *db, struct org_id org, int64_t at_ms,
                          struct programme_policy *out)
{
    struct programme_policy p = programme_policy_default();
    int64_t value;
    enum err e = ERR_OK;

#define X(field, key, min, max, fallback, source)                                                  \
    if (!e)                                                                                        \
        e = policy_int(db, org, key, at_ms, min, max, fallback, &value);                           \
    if (!e)                                                                                        \
        p.field = (int)value;
    PROGRAMME_SETTING_LIST(X)
#undef X
    if (!e)
        *out = p;
    return e;
}
