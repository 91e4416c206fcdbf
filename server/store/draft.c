/* SPDX-License-Identifier: Apache-2.0
 *
 * See draft.h.
 */
#include "server/store/draft.h"

#include "common/base/mem.h"

enum err version_list(struct db *db, struct org_id org, size_t first, size_t limit,
                      struct version_list *out)
{
    struct query q = query_on(db, "SELECT id FROM schedule_version WHERE org = $1 "
                                  "ORDER BY no DESC LIMIT $2 OFFSET $3");
    struct version_list l = { 0 };
    struct version *item;
    enum err err;

    query_int(&q, org.v);
    query_int(&q, (int64_t)limit);
    query_int(&q, (int64_t)first);
    while (QUERY_NEXT(&q, &l, item))
        item->id = row_int(&q);
    err = query_end(&q);
    for (size_t i = 0; !err && i < l.n; i++)
        err = version_load(db, l.items[i].id, &l.items[i]);
    if (err)
        version_list_free(&l);
    else
        *out = l;
    return err;
}

void version_list_free(struct version_list *l)
{
    mem_free(l->items);
    *l = (struct version_list){ 0 };
}

enum err version_current(struct db *db, struct org_id org, int64_t *out)
{
    struct query q = query_on(db, "SELECT id FROM schedule_version WHERE org = $1 "
                                  "AND state = 'published'");

    *out = 0;
    query_int(&q, org.v);
    if (query_row(&q))
        *out = row_int(&q);
    return query_end(&q);
}

#define GONE_STALE "(b.rev <> d.rev OR b.state NOT IN ('scheduled', 'needs_substitute'))"

enum err draft_list(struct db *db, int64_t version, size_t first, size_t limit,
                    struct draft_rows *out)
{
    struct query q = query_on(
        db, "SELECT COALESCE(d.lesson, 0), a.id, CASE WHEN d.lesson IS NOT NULL AND " GONE_STALE
            " THEN 1 ELSE 0 END, CASE WHEN b.start_ms < a.start_ms THEN b.start_ms "
            "ELSE a.start_ms END FROM lesson a LEFT JOIN draft_change d ON d.successor = a.id "
            "LEFT JOIN lesson b ON b.id = d.lesson WHERE a.version = $1 AND a.state = 'planned' "
            "UNION ALL SELECT d.lesson, 0, CASE WHEN " GONE_STALE " THEN 1 ELSE 0 END, b.start_ms "
            "FROM draft_change d JOIN lesson b ON b.id = d.lesson "
            "WHERE d.version = $1 AND d.successor IS NULL ORDER BY 4, 1, 2 LIMIT $2 OFFSET $3");
    struct draft_rows l = { 0 };
    struct draft_row *item;
    enum err err;

    query_int(&q, version);
    query_int(&q, limit ? (int64_t)limit : INT64_MAX);
    query_int(&q, (int64_t)first);
    while (QUERY_NEXT(&q, &l, item)) {
        item->before.v = row_int(&q);
        item->after.v = row_int(&q);
        item->changed = row_bool(&q);
    }
    err = query_end(&q);
    if (err)
        mem_free(l.items);
    else
        *out = l;
    return err;
}

/* A draft, also a validated one, is a draft again. */
static enum err touch(struct db *db, int64_t version)
{
    struct version v;
    struct query q;
    enum err err = version_load(db, version, &v);

    if (!err && v.state != VERSION_DRAFT && v.state != VERSION_VALIDATED)
        err = ERR_STATE;
    if (err || v.state == VERSION_DRAFT)
        return err;
    q = query_on(db, "UPDATE schedule_version SET state = 'draft' WHERE id = $1");
    query_int(&q, version);
    return query_run(&q);
}

/* Of the draft's own planned lessons alone. */
static enum err delete_planned(struct db *db, int64_t version, struct lesson_id planned)
{
    struct query q = query_on(db, "SELECT id FROM lesson WHERE id = $1 AND version = $2 "
                                  "AND state = 'planned'");
    enum err err;

    query_int(&q, planned.v);
    query_int(&q, version);
    if (query_row(&q))
        row_skip(&q);
    err = query_end_found(&q);
    if (err)
        return err;
    q = query_on(db, "DELETE FROM draft_change WHERE successor = $1");
    query_int(&q, planned.v);
    err = query_run(&q);
    if (err)
        return err;
    q = query_on(db, "DELETE FROM lesson_child WHERE lesson = $1");
    query_int(&q, planned.v);
    err = query_run(&q);
    if (err)
        return err;
    q = query_on(db, "DELETE FROM lesson WHERE id = $1");
    query_int(&q, planned.v);
    return query_run(&q);
}

/* The planned lesson that stands for lesson in this draft, 0 if none. */
static enum err successor_of(struct db *db, int64_t version, struct lesson_id lesson,
                             struct lesson_id *out)
{
    struct query q = query_on(db, "SELECT successor FROM draft_change "
                                  "WHERE version = $1 AND lesson = $2");

    out->v = 0;
    query_int(&q, version);
    query_int(&q, lesson.v);
    if (query_row(&q))
        out->v = row_int(&q);
    return query_end_found(&q);
}

static enum err forget(struct db *db, int64_t version, struct lesson_id lesson)
{
    struct lesson_id after;
    struct query q;
    enum err err = successor_of(db, version, lesson, &after);

    if (!err && after.v)
        return delete_planned(db, version, after);
    if (err)
        return err;
    q = query_on(db, "DELETE FROM draft_change WHERE version = $1 AND lesson = $2");
    query_int(&q, version);
    query_int(&q, lesson.v);
    return query_run(&q);
}

enum err draft_take(struct db *db, int64_t version, struct lesson_id lesson, int64_t rev,
                    struct lesson_id after, int64_t now_ms, struct user_id by)
{
    struct query q;
    enum err err = touch(db, version);

    if (!err)
        err = forget(db, version, lesson);
    if (err && err != ERR_NOTFOUND)
        return err;
    q = query_on(db, "INSERT INTO draft_change (version, lesson, successor, rev, created_ms, "
                     "created_by) VALUES ($1, $2, $3, $4, $5, $6)");
    query_int(&q, version);
    query_int(&q, lesson.v);
    query_id_or_null(&q, after.v);
    query_int(&q, rev);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return query_run(&q);
}

enum err draft_replan(struct db *db, struct lesson_id planned, int64_t start_ms, int64_t end_ms,
                      struct mentor_id mentor)
{
    struct query q = query_on(db, "SELECT version FROM lesson WHERE id = $1 AND state = 'planned'");
    int64_t version = 0;
    enum err err;

    query_int(&q, planned.v);
    if (query_row(&q))
        version = row_int(&q);
    err = query_end_found(&q);
    if (!err)
        err = touch(db, version);
    if (err)
        return err == ERR_NOTFOUND ? ERR_STATE : err;
    q = query_on(db, "UPDATE lesson SET start_ms = $2, end_ms = $3, mentor = $4, "
                     "planned_mentor = $4, rev = rev + 1 WHERE id = $1");
    query_int(&q, planned.v);
    query_int(&q, start_ms);
    query_int(&q, end_ms);
    query_int(&q, mentor.v);
    return query_run(&q);
}

enum err draft_leave_out(struct db *db, int64_t version, struct lesson_id planned)
{
    enum err err = touch(db, version);

    return err ? err : delete_planned(db, version, planned);
}

enum err draft_let_stay(struct db *db, int64_t version, struct lesson_id lesson)
{
    enum err err = touch(db, version);

    return err ? err : forget(db, version, lesson);
}

enum err draft_was_start(struct db *db, struct lesson_id planned, int64_t *out)
{
    struct query q = query_on(db, "SELECT b.start_ms FROM draft_change d "
                                  "JOIN lesson b ON b.id = d.lesson WHERE d.successor = $1");

    *out = 0;
    query_int(&q, planned.v);
    if (query_row(&q))
        *out = row_int(&q);
    return query_end(&q);
}

enum err draft_changed_since(struct db *db, int64_t version, int64_t *out)
{
    struct query q = query_on(db, "SELECT count(*) FROM draft_change d "
                                  "JOIN lesson b ON b.id = d.lesson "
                                  "WHERE d.version = $1 AND " GONE_STALE);

    query_int(&q, version);
    if (query_row(&q))
        *out = row_int(&q);
    return query_end_found(&q);
}

enum err draft_apply(struct db *db, int64_t version, const char *reason, int64_t now_ms)
{
    struct query q =
        query_on(db, "UPDATE lesson SET moved_to = (SELECT d.successor FROM draft_change d "
                     "WHERE d.version = $1 AND d.lesson = lesson.id), state = CASE WHEN (SELECT "
                     "d.successor FROM draft_change d WHERE d.version = $1 AND d.lesson = "
                     "lesson.id) IS NULL THEN 'cancelled' ELSE 'rescheduled' END, state_ms = $2, "
                     "reason = $3, side = 'centre', rev = rev + 1, seq = seq + 1 "
                     "WHERE id IN (SELECT lesson FROM draft_change WHERE version = $1)");

    query_int(&q, version);
    query_int(&q, now_ms);
    query_text(&q, reason);
    return query_run(&q);
}
