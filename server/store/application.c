/* SPDX-License-Identifier: Apache-2.0
 *
 * Applications with their steps, and orders; see staff.h.
 */
#include "common/base/mem.h"
#include "server/store/mentor.h"
#include "server/store/staff.h"

static enum err update_one(struct query *q)
{
    bool any = query_row(q);
    enum err e = query_run(q);

    return e ? e : any ? ERR_OK : ERR_STATE;
}

/* ---- applications --------------------------------------------------------------------------- */

#define APPLICATION_SELECT                                                                         \
    "SELECT id, mentor, school, state, state_ms, reason, rev FROM application "

static void read_application(struct query *q, struct application *a)
{
    char word[16];

    *a = (struct application){ 0 };
    a->id = row_int(q);
    a->mentor.v = row_int(q);
    a->school.v = row_int(q);
    row_text(q, word, sizeof word);
    if (!application_state_parse(word, &a->state))
        query_blame(q);
    a->state_ms = row_int(q);
    row_text(q, a->reason, sizeof a->reason);
    a->rev = row_int(q);
}

enum err application_add(struct db *db, struct mentor_id mentor, struct org_id school,
                         int64_t now_ms, struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO application (mentor, school, state, state_ms, "
                                  "created_ms, created_by) VALUES ($1, $2, 'draft', $3, $3, $4) "
                                  "RETURNING id");

    query_int(&q, mentor.v);
    query_int(&q, school.v);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return query_insert(&q, out_id);
}

enum err application_load(struct db *db, int64_t id, struct application *out)
{
    struct query q = query_on(db, APPLICATION_SELECT "WHERE id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_application(&q, out);
    return query_end_found(&q);
}

static enum err read_all(struct query *q, struct application_list *out)
{
    struct application_list l = { 0 };
    struct application *item;
    enum err e;

    while (QUERY_NEXT(q, &l, item))
        read_application(q, item);
    e = query_end(q);
    if (e)
        application_list_free(&l);
    else
        *out = l;
    return e;
}

enum err application_list(struct db *db, struct mentor_id mentor, struct application_list *out)
{
    struct query q = query_on(db, APPLICATION_SELECT "WHERE mentor = $1 ORDER BY id DESC");

    query_int(&q, mentor.v);
    return read_all(&q, out);
}

enum err application_list_live(struct db *db, struct application_list *out)
{
    struct query q = query_on(db, APPLICATION_SELECT "WHERE state IN ('acquainted', 'employed', "
                                                     "'suspended') ORDER BY id");

    return read_all(&q, out);
}

void application_list_free(struct application_list *l)
{
    mem_free(l->items);
    *l = (struct application_list){ 0 };
}

static enum err step_add(struct db *db, const struct application *a, enum application_step step,
                         enum application_state to, const char *reason, int64_t now_ms,
                         struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO application_step (application, step, from_state, "
                                  "to_state, reason, by_user, at_ms) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, $7)");

    query_int(&q, a->id);
    query_text(&q, application_step_name(step));
    query_text(&q, application_state_name(a->state));
    query_text(&q, application_state_name(to));
    query_text(&q, reason);
    query_id_or_null(&q, by.v);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err application_go(struct db *db, const struct application *a, enum application_step step,
                        enum application_state to, const char *reason, int64_t now_ms,
                        struct user_id by)
{
    struct query q = query_on(db, "UPDATE application SET state = $3, state_ms = $4, reason = $5, "
                                  "rev = rev + 1 WHERE id = $1 AND rev = $2 RETURNING id");
    enum err e;

    query_int(&q, a->id);
    query_int(&q, a->rev);
    query_text(&q, application_state_name(to));
    query_int(&q, now_ms);
    query_text(&q, reason);
    e = update_one(&q);
    return e ? e : step_add(db, a, step, to, reason, now_ms, by);
}

/* ---- orders --------------------------------------------------------------------------------- */

static enum err insert_order(struct db *db, const struct employment_order *o, int64_t now_ms,
                             struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO employment_order (application, mentor, school, "
                                  "year, number, signed_ms, rate_percent, week_minutes, from_ms, "
                                  "to_ms, acquainted_ms, created_ms, created_by) VALUES ($1, $2, "
                                  "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id");

    query_id_or_null(&q, o->application);
    query_int(&q, o->mentor.v);
    query_int(&q, o->school.v);
    query_int(&q, o->year);
    query_text(&q, o->number);
    query_int(&q, o->signed_ms);
    query_int(&q, o->rate_percent);
    query_int(&q, o->week_minutes);
    query_int(&q, o->from_ms);
    query_int_or_null(&q, o->to_ms, TERM_OPEN_MS);
    query_id_or_null(&q, o->acquainted_ms);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return query_insert(&q, out_id);
}

static enum err bind_employment(struct db *db, int64_t order, int64_t employment)
{
    struct query q = query_on(db, "UPDATE employment_order SET employment = $2 WHERE id = $1");

    query_int(&q, order);
    query_int(&q, employment);
    return query_run(&q);
}

/* The order first: where its number is taken, nobody is employed. */
enum err order_add(struct db *db, const struct employment_order *o, int64_t now_ms,
                   struct user_id by, int64_t *out_id)
{
    int64_t employment = 0;
    enum err e = insert_order(db, o, now_ms, by, out_id);

    if (!e)
        e = employment_add(db, o->mentor, o->school, o->number, (int)o->week_minutes, o->from_ms,
                           o->to_ms, now_ms, by, &employment);
    return e ? e : bind_employment(db, *out_id, employment);
}

enum err order_of(struct db *db, int64_t application, struct employment_order *out)
{
    struct query q = query_on(db, "SELECT id, application, mentor, school, year, number, "
                                  "signed_ms, rate_percent, week_minutes, from_ms, to_ms, "
                                  "acquainted_ms FROM employment_order WHERE application = $1 "
                                  "ORDER BY id DESC LIMIT 1");

    query_int(&q, application);
    if (query_row(&q)) {
        *out = (struct employment_order){ 0 };
        out->id = row_int(&q);
        out->application = row_int(&q);
        out->mentor.v = row_int(&q);
        out->school.v = row_int(&q);
        out->year = (int)row_int(&q);
        row_text(&q, out->number, sizeof out->number);
        out->signed_ms = row_int(&q);
        out->rate_percent = (int)row_int(&q);
        out->week_minutes = row_int(&q);
        out->from_ms = row_int(&q);
        out->to_ms = row_int_or(&q, TERM_OPEN_MS);
        out->acquainted_ms = row_int(&q);
    }
    return query_end_found(&q);
}

enum err order_minutes(struct db *db, struct mentor_id mentor, int64_t from_ms, int64_t to_ms,
                       int64_t *out)
{
    struct query q = query_on(db, "SELECT coalesce(sum(week_minutes), 0) FROM employment_order "
                                  "WHERE mentor = $1 AND from_ms < $3 "
                                  "AND (to_ms IS NULL OR to_ms > $2)");
    int64_t sum = 0;
    enum err e;

    query_int(&q, mentor.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    if (query_row(&q))
        sum = row_int(&q);
    e = query_end(&q);
    if (!e)
        *out = sum;
    return e;
}

enum err order_acquaint(struct db *db, int64_t id, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE employment_order SET acquainted_ms = $2 WHERE id = $1 "
                                  "AND acquainted_ms IS NULL RETURNING id");

    query_int(&q, id);
    query_int(&q, now_ms);
    return update_one(&q);
}

enum err order_end(struct db *db, int64_t application, int64_t at_ms)
{
    struct query q = query_on(db, "UPDATE employment SET to_ms = CASE WHEN from_ms > $2 "
                                  "THEN from_ms ELSE $2 END WHERE (to_ms IS NULL OR to_ms > $2) "
                                  "AND id IN (SELECT employment FROM employment_order "
                                  "WHERE application = $1)");
    enum err e;

    query_int(&q, application);
    query_int(&q, at_ms);
    e = query_run(&q);
    if (e)
        return e;
    q = query_on(db, "UPDATE employment_order SET to_ms = CASE WHEN from_ms > $2 THEN from_ms "
                     "ELSE $2 END WHERE application = $1 AND (to_ms IS NULL OR to_ms > $2)");
    query_int(&q, application);
    query_int(&q, at_ms);
    return query_run(&q);
}
