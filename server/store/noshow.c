/* SPDX-License-Identifier: Apache-2.0
 *
 * Lessons that wait for a side; see noshow.h.
 */
#include "server/store/noshow.h"

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/org.h"

#define CAME(role) "EXISTS (SELECT 1 FROM session s WHERE s.lesson = l.id AND s.role = '" role "')"

static void read_lesson(struct query *q, struct noshow_lesson *l)
{
    char state[24];

    *l = (struct noshow_lesson){ 0 };
    l->lesson.v = row_int(q);
    l->centre.v = row_int(q);
    row_text(q, state, sizeof state);
    l->facts.start_ms = row_int(q);
    l->facts.end_ms = row_int(q);
    l->mentor.v = row_int(q);
    l->child.v = row_int(q);
    l->facts.mentor_came = row_bool(q);
    l->facts.child_came = row_bool(q);
    l->facts.gathering = l->child.v == 0;
    if (!lesson_state_parse(state, &l->facts.state))
        query_blame(q);
}

#define COLUMNS                                                                                    \
    "SELECT l.id, l.org, l.state, l.start_ms, l.end_ms, m.user_id, (SELECT c.user_id FROM "        \
    "lesson_child lc JOIN child c ON c.id = lc.child WHERE lc.lesson = l.id ORDER BY c.id "        \
    "LIMIT 1), " CAME("mentor") ", " CAME(                                                         \
        "child") " FROM lesson l JOIN mentor m ON m.id = l.mentor "

enum err noshow_lessons(struct db *db, int64_t now_ms, struct noshow_lessons *out)
{
    struct query q =
        query_on(db, COLUMNS "WHERE l.start_ms <= $1 AND l.start_ms > $2 AND l.end_ms > $1 "
                             "AND l.state IN ('scheduled', 'open', 'running', 'interrupted') "
                             "AND NOT (" CAME("mentor") " AND " CAME("child") ")");
    struct noshow_lessons l = { 0 };
    struct noshow_lesson *item;
    enum err e;

    query_int(&q, now_ms);
    query_int(&q,
              now_ms - MS_PER_DAY); /* no lesson is that long: the index on start_ms bounds it */
    while (QUERY_NEXT(&q, &l, item))
        read_lesson(&q, item);
    e = query_end(&q);
    if (e)
        noshow_lessons_free(&l);
    else
        *out = l;
    return e;
}

enum err noshow_load(struct db *db, struct lesson_id id, struct noshow_lesson *out)
{
    struct query q = query_on(db, COLUMNS "WHERE l.id = $1");
    struct noshow_lesson l = { 0 };
    enum err e;

    query_int(&q, id.v);
    if (query_row(&q))
        read_lesson(&q, &l);
    e = query_end_found(&q);
    if (!e)
        *out = l;
    return e;
}

void noshow_lessons_free(struct noshow_lessons *l)
{
    mem_free(l->items);
    *l = (struct noshow_lessons){ 0 };
}

enum err policy_noshow(struct db *db, struct org_id org, int64_t at_ms, struct noshow_policy *out)
{
    int64_t minutes = 0;
    enum err e = policy_int(db, org, "noshow.after_min", at_ms, 1, 60,
                            noshow_policy_default().after_ms / MS_PER_MIN, &minutes);

    if (!e)
        out->after_ms = minutes * MS_PER_MIN;
    return e;
}

enum err policy_make_up(struct db *db, struct org_id org, int64_t at_ms, struct make_up_policy *out)
{
    struct make_up_policy p = make_up_policy_default();
    int64_t days = 0, shown = 0;
    enum err e =
        policy_int(db, org, "noshow.make_up_days", at_ms, 1, MAKE_UP_DAYS_MAX, p.days, &days);

    if (!e)
        e = policy_int(db, org, "noshow.make_up_shown", at_ms, 1, MAKE_UP_SHOWN_MAX, p.shown,
                       &shown);
    if (!e)
        *out = (struct make_up_policy){ .days = (int)days, .shown = (int)shown };
    return e;
}

enum err noshow_lesson_touch(struct db *db, struct lesson_id id)
{
    struct query q = query_on(db, "UPDATE lesson SET rev = rev + 1 WHERE id = $1 RETURNING id");

    query_int(&q, id.v);
    query_row(&q);
    return query_end_found(&q);
}
