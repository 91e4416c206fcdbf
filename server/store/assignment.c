/* SPDX-License-Identifier: Apache-2.0
 *
 * Assignments, children who wait; see selection.h.
 */
#include "server/store/selection.h"

#include "common/base/mem.h"
#include "server/domain/day.h"
#include "server/store/user.h"

/* ---- assignments ------------------------------------------------------------------------ */

#define ASSIGNMENT_SELECT                                                                          \
    "SELECT a.id, a.child, a.mentor, m.user_id, a.subject, a.from_ms, a.to_ms, a.reason, "         \
    "a.end_reason FROM assignment a JOIN mentor m ON m.id = a.mentor "

static void read_assignment(struct query *q, struct assignment *a)
{
    *a = (struct assignment){ .id = row_int(q) };
    a->child.v = row_int(q);
    a->mentor.v = row_int(q);
    a->mentor_user.v = row_int(q);
    a->subject = row_int(q);
    a->from_ms = row_int(q);
    a->to_ms = row_int_or(q, FOREVER_MS);
    row_text(q, a->reason, sizeof a->reason);
    row_text(q, a->end_reason, sizeof a->end_reason);
}

enum err assignment_give(struct db *db, const struct assignment *a, int64_t now_ms,
                         struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO assignment (child, mentor, subject, role, from_ms, "
                                  "reason, created_ms, created_by) VALUES ($1, $2, $3, "
                                  "CASE WHEN $3 IS NULL THEN 'lead' ELSE 'subject' END, "
                                  "$4, $5, $4, $6) RETURNING id");

    query_int(&q, a->child.v);
    query_int(&q, a->mentor.v);
    query_id_or_null(&q, a->subject);
    query_int(&q, now_ms);
    query_text(&q, a->reason);
    query_id_or_null(&q, by.v);
    return query_insert(&q, out_id);
}

enum err assignment_load(struct db *db, int64_t id, struct assignment *out)
{
    struct query q = query_on(db, ASSIGNMENT_SELECT "WHERE a.id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_assignment(&q, out);
    return query_end_found(&q);
}

enum err assignment_list(struct db *db, struct child_id child, int64_t now_ms,
                         struct assignment_list *out)
{
    struct query q = query_on(db, ASSIGNMENT_SELECT
                              "WHERE a.child = $1 ORDER BY (a.to_ms IS NOT NULL "
                              "AND a.to_ms <= $2), a.subject IS NOT NULL, a.from_ms DESC, a.id");
    struct assignment_list l = { 0 };
    struct assignment *item;
    enum err e;

    query_int(&q, child.v);
    query_int(&q, now_ms);
    while (QUERY_NEXT(&q, &l, item))
        read_assignment(&q, item);
    e = query_end(&q);
    if (e)
        assignment_list_free(&l);
    else
        *out = l;
    return e;
}

void assignment_list_free(struct assignment_list *l)
{
    mem_free(l->items);
    *l = (struct assignment_list){ 0 };
}

enum err assignment_end(struct db *db, int64_t id, const char *reason, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE assignment SET to_ms = CASE WHEN from_ms > $3 "
                                  "THEN from_ms ELSE $3 END, end_reason = $2 "
                                  "WHERE id = $1 AND (to_ms IS NULL OR to_ms > $3) RETURNING id");
    bool any;
    enum err e;

    query_int(&q, id);
    query_text(&q, reason);
    query_int(&q, now_ms);
    any = query_row(&q);
    e = query_run(&q);
    return e ? e : any ? ERR_OK : ERR_STATE;
}

/* ---- who waits -------------------------------------------------------------------------- */

/* A child whose last case is closed is not in care; one from before there were cases is. */
#define IN_CARE                                                                                    \
    "(NOT EXISTS (SELECT 1 FROM case_file f WHERE f.child = c.id) OR EXISTS (SELECT 1 "            \
    "FROM case_file f WHERE f.child = c.id AND f.closed_ms IS NULL)) "

enum err children_without_lead(struct db *db, struct org_id centre, int64_t now_ms,
                               struct waiting_list *out)
{
    struct query q = query_on(
        db, "SELECT c.id, COALESCE((SELECT max(f.opened_ms) FROM case_file f WHERE f.child = c.id "
            "AND f.closed_ms IS NULL), c.created_ms) AS since, (SELECT count(DISTINCT a.mentor) "
            "FROM assignment a WHERE a.child = c.id AND a.from_ms <= $2 AND (a.to_ms IS NULL "
            "OR a.to_ms > $2)) FROM child c WHERE c.centre = $1 AND " IN_CARE
            "AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.child = c.id AND a.role = 'lead' "
            "AND a.from_ms <= $2 AND (a.to_ms IS NULL OR a.to_ms > $2)) ORDER BY since, c.id");
    struct waiting_list l = { 0 };
    struct waiting_child *item;
    enum err e;

    query_int(&q, centre.v);
    query_int(&q, now_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        *item = (struct waiting_child){ .child = { row_int(&q) } };
        item->since_ms = row_int(&q);
        item->subject_mentors = (int)row_int(&q);
    }
    e = query_end(&q);
    if (e)
        waiting_list_free(&l);
    else
        *out = l;
    return e;
}

/* Lessons of the child c with another child in them. */
#define AMONG_OTHERS                                                                               \
    "FROM lesson_child k JOIN lesson l ON l.id = k.lesson WHERE k.child = c.id AND EXISTS ("       \
    "SELECT 1 FROM lesson_child o WHERE o.lesson = l.id AND o.child <> c.id) "
#define HELD                                                                                       \
    "AND l.state IN ('computed', 'disputed', 'confirmed', 'locked') AND (SELECT ac.outcome "       \
    "FROM attendance a JOIN attendance_child ac ON ac.attendance = a.id WHERE a.lesson = l.id "    \
    "AND ac.child = c.id ORDER BY a.run DESC LIMIT 1) IN ('held', 'partial') "

enum err children_without_peers(struct db *db, struct org_id centre, struct org_id school,
                                int64_t from_ms, int64_t now_ms, struct waiting_list *out)
{
    struct query q =
        query_on(db, "SELECT c.id, c.created_ms, (SELECT max(l.start_ms) " AMONG_OTHERS HELD
                     "), (SELECT min(l.start_ms) " AMONG_OTHERS "AND l.state = 'scheduled' "
                     "AND l.start_ms > $4) FROM child c WHERE c.centre = $1 AND c.org_school = $2 "
                     "AND " IN_CARE "AND NOT EXISTS (SELECT 1 " AMONG_OTHERS HELD
                     "AND l.start_ms >= $3) ORDER BY c.id");
    struct waiting_list l = { 0 };
    struct waiting_child *item;
    enum err e;

    query_int(&q, centre.v);
    query_int(&q, school.v);
    query_int(&q, from_ms);
    query_int(&q, now_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        *item = (struct waiting_child){ .child = { row_int(&q) } };
        item->since_ms = row_int(&q);
        item->last_ms = row_int(&q);
        item->next_ms = row_int(&q);
    }
    e = query_end(&q);
    for (size_t i = 0; !e && i < l.n; i++)
        e = consent_stands(db, l.items[i].child, "group", now_ms, &l.items[i].group_consent);
    if (e)
        waiting_list_free(&l);
    else
        *out = l;
    return e;
}

void waiting_list_free(struct waiting_list *l)
{
    mem_free(l->items);
    *l = (struct waiting_list){ 0 };
}
