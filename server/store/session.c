/* SPDX-License-Identifier: Apache-2.0
 *
 * Presence rows, refused tries, outages.
 */
#include "server/store/session.h"

#include <string.h>

#include "common/base/mem.h"
#include "server/store/audit.h"

static const char *const seat_names[] = {
    [SEAT_NONE] = "none",
    [SEAT_CHILD] = "child",
    [SEAT_MENTOR] = "mentor",
    [SEAT_GUARDIAN] = "guardian",
    [SEAT_COORDINATOR] = "coordinator",
    [SEAT_SPEAKER] = "speaker",
    [SEAT_LISTENER] = "listener",
};

#define SEATS (sizeof seat_names / sizeof seat_names[0])

const char *seat_role_name(enum seat_role s)
{
    return (size_t)s < SEATS ? seat_names[s] : "none";
}

static void read_seat(struct query *q, enum seat_role *out)
{
    char name[16];

    row_text(q, name, sizeof name);
    for (size_t i = 0; i < SEATS; i++) {
        if (strcmp(name, seat_names[i]) == 0) {
            *out = (enum seat_role)i;
            return;
        }
    }
    query_blame(q);
}

static void read_cause(struct query *q, enum leave_cause *out)
{
    char name[24];

    row_text(q, name, sizeof name);
    *out = LEAVE_STILL_IN;
    if (!name[0])
        return;
    for (int c = LEAVE_STILL_IN; c <= LEAVE_WINDOW_END; c++) {
        if (strcmp(name, leave_cause_name((enum leave_cause)c)) == 0) {
            *out = (enum leave_cause)c;
            return;
        }
    }
    query_blame(q);
}

enum err session_open(struct db *db, const struct session_new *n, struct session_id *out)
{
    struct query q = query_on(db, "INSERT INTO session (lesson, user_id, role, login, conn_id, "
                                  "resume_hash, join_ms, last_seen_ms, ip_hash, part) "
                                  "VALUES ($1, $2, CASE $9 WHEN 0 THEN $3 ELSE (SELECT g.role "
                                  "FROM role_grant g WHERE g.user_id = $2 AND g.from_ms <= $7 "
                                  "AND (g.to_ms IS NULL OR g.to_ms > $7) AND g.role IN "
                                  "('coordinator', 'guardian', 'mentor') ORDER BY g.role LIMIT 1) "
                                  "END, $4, $5, $6, $7, $7, $8, CASE $9 WHEN 0 THEN NULL ELSE $3 "
                                  "END) RETURNING id");
    bool guest = n->seat == SEAT_SPEAKER || n->seat == SEAT_LISTENER;
    struct session_id id = { 0 };
    enum err e;

    query_int(&q, n->lesson.v);
    query_int(&q, n->user.v);
    query_text(&q, seat_role_name(n->seat));
    query_id_or_null(&q, n->login);
    query_text(&q, n->conn);
    query_bytes(&q, n->resume, SESSION_HASH_BYTES);
    query_int(&q, n->join_ms);
    query_text(&q, n->ip_hash);
    query_int(&q, guest);
    if (query_row(&q))
        id.v = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out = id;
    return e;
}

enum err session_find_open(struct db *db, struct lesson_id lesson, struct user_id user,
                           struct session_seat *out)
{
    struct query q = query_on(db, "SELECT id, join_ms, last_seen_ms, resume_hash, conn_id "
                                  "FROM session WHERE lesson = $1 AND user_id = $2 "
                                  "AND leave_ms IS NULL");

    query_int(&q, lesson.v);
    query_int(&q, user.v);
    if (query_row(&q)) {
        out->id.v = row_int(&q);
        out->join_ms = row_int(&q);
        out->last_seen_ms = row_int(&q);
        row_bytes(&q, out->resume, sizeof out->resume);
        row_text(&q, out->conn, sizeof out->conn);
    }
    return query_end_found(&q);
}

enum err session_last(struct db *db, struct lesson_id lesson, struct user_id user,
                      const uint8_t *resume, bool *held, int64_t *screen_ms)
{
    struct query q = query_on(db, "SELECT resume_hash = $3, (SELECT sum(screen_ms) FROM session "
                                  "WHERE lesson = $1 AND user_id = $2) FROM session "
                                  "WHERE lesson = $1 AND user_id = $2 ORDER BY id DESC LIMIT 1");
    bool same = false;
    int64_t screen = 0;
    enum err e;

    query_int(&q, lesson.v);
    query_int(&q, user.v);
    query_bytes(&q, resume, SESSION_HASH_BYTES);
    if (query_row(&q)) {
        same = row_bool(&q);
        screen = row_int(&q);
    }
    e = query_end(&q);
    if (!e) {
        *held = same;
        *screen_ms = screen;
    }
    return e;
}

enum err session_visitors(struct db *db, struct lesson_id lesson, struct user_id without, int *out)
{
    struct query q = query_on(db, "SELECT count(*) FROM session WHERE lesson = $1 "
                                  "AND user_id <> $2 AND leave_ms IS NULL AND part IS NULL "
                                  "AND role IN ('guardian', 'coordinator')");

    query_int(&q, lesson.v);
    query_int(&q, without.v);
    if (query_row(&q))
        *out = (int)row_int(&q);
    return query_end_found(&q);
}

enum err session_set_resume(struct db *db, struct session_id id, const uint8_t *resume)
{
    struct query q = query_on(db, "UPDATE session SET resume_hash = $2 "
                                  "WHERE id = $1 AND leave_ms IS NULL");

    query_int(&q, id.v);
    query_bytes(&q, resume, SESSION_HASH_BYTES);
    return query_run(&q);
}

enum err session_seen(struct db *db, struct session_id id, int64_t at_ms)
{
    struct query q = query_on(db, "UPDATE session SET last_seen_ms = $2 WHERE id = $1 "
                                  "AND leave_ms IS NULL AND last_seen_ms < $2");

    query_int(&q, id.v);
    query_int(&q, at_ms);
    return query_run(&q);
}

enum err session_screen(struct db *db, struct session_id id, int64_t screen_ms)
{
    struct query q = query_on(db, "UPDATE session SET screen_ms = $2 WHERE id = $1 "
                                  "AND leave_ms IS NULL AND screen_ms < $2");

    query_int(&q, id.v);
    query_int(&q, screen_ms);
    return query_run(&q);
}

/* A sign-in does not idle during a lesson: its idle time begins now. */
static enum err touch_login(struct db *db, int64_t login, int64_t at_ms)
{
    struct query q = query_on(db, "UPDATE login_session SET seen_ms = $2 "
                                  "WHERE id = $1 AND seen_ms < $2 AND ended_ms IS NULL");

    query_int(&q, login);
    query_int(&q, at_ms);
    return query_run(&q);
}

enum err session_leave(struct db *db, struct session_id id, int64_t leave_ms,
                       enum leave_cause cause, int64_t uncertain_ms, int64_t now_ms)
{
    struct query q = query_on(db, "SELECT join_ms, last_seen_ms, login FROM session "
                                  "WHERE id = $1 AND leave_ms IS NULL");
    int64_t join = 0, seen = 0, login = 0, latest;
    bool any;
    enum err e;

    query_int(&q, id.v);
    any = query_row(&q);
    if (any) {
        join = row_int(&q);
        seen = row_int(&q);
        login = row_int(&q);
    }
    e = query_end(&q);
    if (e || !any)
        return e;
    /* Never later than now, unless the clock has been set back behind what was seen. */
    latest = now_ms > seen ? now_ms : seen;
    leave_ms = leave_ms > latest ? latest : leave_ms;
    leave_ms = leave_ms < join ? join : leave_ms;
    q = query_on(db, "UPDATE session SET leave_ms = $2, end_reason = $3, uncertain_ms = $4 "
                     "WHERE id = $1");
    query_int(&q, id.v);
    query_int(&q, leave_ms);
    query_text(&q, leave_cause_name(cause));
    query_int(&q, uncertain_ms);
    e = query_run(&q);
    if (!e && login)
        e = touch_login(db, login, now_ms);
    return e ? e : chain_enter(db, "session", id.v, now_ms);
}

enum err session_lesson_of(struct db *db, struct session_id id, struct lesson_id *out)
{
    struct query q = query_on(db, "SELECT lesson FROM session WHERE id = $1");

    query_int(&q, id.v);
    if (query_row(&q))
        out->v = row_int(&q);
    return query_end_found(&q);
}

#define SESSION_SELECT                                                                             \
    "SELECT s.id, s.lesson, s.user_id, COALESCE(s.part, s.role), s.login, s.join_ms, "             \
    "s.last_seen_ms, s.leave_ms, "                                                                 \
    "s.end_reason, s.uncertain_ms, s.screen_ms, u.short_name FROM session s "                      \
    "JOIN \"user\" u ON u.id = s.user_id "

enum err session_list(struct db *db, struct lesson_id lesson, struct session_list *out)
{
    struct query q =
        lesson.v == 0 ? query_on(db, SESSION_SELECT "WHERE s.leave_ms IS NULL "
                                                    "ORDER BY s.lesson, s.join_ms, s.id")
                      : query_on(db, SESSION_SELECT "WHERE s.lesson = $1 ORDER BY s.join_ms, s.id");
    struct session_list l = { 0 };
    struct session *s;
    enum err e;

    if (lesson.v != 0)
        query_int(&q, lesson.v);
    while (QUERY_NEXT(&q, &l, s)) {
        s->id.v = row_int(&q);
        s->lesson.v = row_int(&q);
        s->user.v = row_int(&q);
        read_seat(&q, &s->seat);
        s->login = row_int(&q);
        s->join_ms = row_int(&q);
        s->last_seen_ms = row_int(&q);
        s->leave_ms = row_int_or(&q, s->last_seen_ms);
        read_cause(&q, &s->cause);
        s->uncertain_ms = row_int(&q);
        s->screen_ms = row_int(&q);
        row_text(&q, s->name, sizeof s->name);
    }
    e = query_end(&q);
    if (e)
        session_list_free(&l);
    else
        *out = l;
    return e;
}

void session_list_free(struct session_list *l)
{
    mem_free(l->items);
    *l = (struct session_list){ 0 };
}

enum err session_open_count(struct db *db, struct lesson_id lesson, int *out)
{
    struct query q = query_on(db, "SELECT count(*) FROM session WHERE lesson = $1 "
                                  "AND leave_ms IS NULL");

    query_int(&q, lesson.v);
    if (query_row(&q))
        *out = (int)row_int(&q);
    return query_end_found(&q);
}

/* ---- the door's log --------------------------------------------------------------------- */

enum err join_attempt_add(struct db *db, struct lesson_id asked, bool lesson_known,
                          struct user_id user, int64_t at_ms, const char *result,
                          const char *ip_hash)
{
    struct query q = query_on(db, "INSERT INTO join_attempt (lesson, asked, user_id, at_ms, "
                                  "result, ip_hash) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id");
    int64_t id = 0;
    enum err e;

    query_id_or_null(&q, lesson_known ? asked.v : 0);
    query_int(&q, asked.v);
    query_int(&q, user.v);
    query_int(&q, at_ms);
    query_text(&q, result);
    query_text(&q, ip_hash);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end_found(&q);
    return e ? e : chain_enter(db, "join_attempt", id, at_ms);
}

enum err join_refusals(struct db *db, struct user_id user, int64_t since_ms, int *count,
                       int64_t *fifth_ms)
{
    struct query q = query_on(db, "SELECT at_ms FROM join_attempt WHERE user_id = $1 "
                                  "AND at_ms > $2 AND result NOT IN ('back_off', 'seat_taken', "
                                  "'unavailable') ORDER BY at_ms DESC LIMIT $3");
    int n = 0;
    int64_t at = 0;
    enum err e;

    query_int(&q, user.v);
    query_int(&q, since_ms);
    query_int(&q, ADMIT_TRIES_PER_MINUTE);
    while (query_row(&q)) {
        at = row_int(&q);
        n++;
    }
    e = query_end(&q);
    if (!e) {
        *count = n;
        *fifth_ms = n == ADMIT_TRIES_PER_MINUTE ? at : 0;
    }
    return e;
}

enum err join_attempt_list(struct db *db, struct lesson_id lesson, struct org_id centre,
                           int64_t since_ms, int max, struct join_attempt_list *out)
{
    struct query q = query_on(db, "SELECT t.id, t.lesson, t.user_id, t.at_ms, t.result, "
                                  "u.short_name FROM join_attempt t "
                                  "JOIN \"user\" u ON u.id = t.user_id "
                                  "LEFT JOIN lesson l ON l.id = t.lesson WHERE t.at_ms >= $3 "
                                  "AND ($1 = 0 OR t.lesson = $1) AND ($2 = 0 OR l.org = $2) "
                                  "ORDER BY t.at_ms DESC, t.id DESC LIMIT $4");
    struct join_attempt_list l = { 0 };
    struct join_attempt *a;
    enum err e;

    query_int(&q, lesson.v);
    query_int(&q, centre.v);
    query_int(&q, since_ms);
    query_int(&q, max);
    while (QUERY_NEXT(&q, &l, a)) {
        a->id = row_int(&q);
        a->lesson.v = row_int(&q);
        a->user.v = row_int(&q);
        a->at_ms = row_int(&q);
        row_text(&q, a->result, sizeof a->result);
        row_text(&q, a->name, sizeof a->name);
    }
    e = query_end(&q);
    if (e)
        join_attempt_list_free(&l);
    else
        *out = l;
    return e;
}

void join_attempt_list_free(struct join_attempt_list *l)
{
    mem_free(l->items);
    *l = (struct join_attempt_list){ 0 };
}

/* ---- outages and runs ------------------------------------------------------------------- */

enum err outage_add(struct db *db, int64_t from_ms, int64_t to_ms, const char *kind, int64_t now_ms)
{
    struct query q = query_on(db, "INSERT INTO outage (from_ms, to_ms, kind) "
                                  "VALUES ($1, $2, $3) RETURNING id");
    int64_t id = 0;
    enum err e;

    query_int(&q, from_ms);
    query_int(&q, to_ms);
    query_text(&q, kind);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end_found(&q);
    return e ? e : chain_enter(db, "outage", id, now_ms);
}

static enum err last_run(struct db *db, int64_t *alive_ms, bool *stopped)
{
    struct query q = query_on(db, "SELECT alive_ms, stop_ms FROM server_run "
                                  "ORDER BY id DESC LIMIT 1");
    int64_t alive = 0, stop = 0;
    enum err e;

    if (query_row(&q)) {
        alive = row_int(&q);
        stop = row_int(&q);
    }
    e = query_end(&q);
    if (!e) {
        *alive_ms = stop > alive ? stop : alive;
        *stopped = stop != 0;
    }
    return e;
}

static enum err close_open_rows(struct db *db, int64_t now_ms, struct recovery *r)
{
    struct session_list open = { 0 };
    enum err e = session_list(db, (struct lesson_id){ 0 }, &open);

    for (size_t i = 0; !e && i < open.n; i++) {
        const struct session *s = &open.items[i];
        int64_t unsure = now_ms - s->last_seen_ms;

        unsure = unsure < 0 ? 0 : unsure;
        if (unsure > SESSION_UNCERTAIN_MAX_MS)
            unsure = SESSION_UNCERTAIN_MAX_MS;
        if (s->last_seen_ms > r->alive_ms)
            r->alive_ms = s->last_seen_ms;
        r->sessions++;
        e = session_leave(db, s->id, s->last_seen_ms, LEAVE_SERVER_RESTART, unsure, now_ms);
    }
    session_list_free(&open);
    return e;
}

/* Was any lesson due while the server was away? */
static enum err lessons_missed(struct db *db, int64_t from_ms, int64_t to_ms, bool *out)
{
    struct query q = query_on(db, "SELECT 1 FROM lesson WHERE start_ms < $2 AND end_ms > $1 "
                                  "AND state IN ('scheduled', 'open', 'running', 'interrupted') "
                                  "LIMIT 1");
    bool any;
    enum err e;

    query_int(&q, from_ms);
    query_int(&q, to_ms);
    any = query_row(&q);
    e = query_end(&q);
    if (!e)
        *out = any;
    return e;
}

enum err run_begin(struct db *db, const char *boot, int64_t now_ms, struct recovery *out)
{
    struct recovery r = { 0 };
    bool stopped = false, missed = false;
    struct query q;
    enum err e = last_run(db, &r.alive_ms, &stopped);

    if (!e)
        e = close_open_rows(db, now_ms, &r);
    if (!e && r.alive_ms > 0 && now_ms > r.alive_ms)
        e = lessons_missed(db, r.alive_ms, now_ms, &missed);
    if (!e && r.alive_ms > 0 && now_ms > r.alive_ms && (missed || r.sessions > 0)) {
        e = outage_add(db, r.alive_ms, now_ms, stopped ? "stop" : "crash", now_ms);
        r.outage = !e;
    }
    if (e)
        return e;
    q = query_on(db, "INSERT INTO server_run (boot, from_ms, alive_ms) VALUES ($1, $2, $2)");
    query_text(&q, boot);
    query_int(&q, now_ms);
    e = query_run(&q);
    if (!e)
        *out = r;
    return e;
}

enum err run_alive(struct db *db, const char *boot, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE server_run SET alive_ms = $2 WHERE boot = $1 "
                                  "AND alive_ms < $2");

    query_text(&q, boot);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err run_stop(struct db *db, const char *boot, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE server_run SET stop_ms = $2 WHERE boot = $1");

    query_text(&q, boot);
    query_int(&q, now_ms);
    return query_run(&q);
}
