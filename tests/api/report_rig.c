/* SPDX-License-Identifier: Apache-2.0
 *
 * A month on its way through the centre, for the tests of the API.
 */
#include "tests/api/report_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/attendance.h"
#include "server/store/session.h"

#define OCTOBER_6 INT64_C(1791270000000) /* 10:00 in Moscow */
#define MIN(n) ((int64_t)(n)*MS_PER_MIN)

void report_is_in(struct report_rig *g, struct lesson_id lesson, struct user_id user,
                  enum seat_role seat, int64_t from, int64_t to)
{
    static const uint8_t no_token[SESSION_HASH_BYTES];
    char conn[60];
    struct session_new n = { .lesson = lesson,
                             .user = user,
                             .seat = seat,
                             .conn = conn,
                             .resume = no_token,
                             .join_ms = from,
                             .ip_hash = "" };
    struct session_id id;

    assert_true(
        str_format(conn, sizeof conn, "t-%lld-%lld", (long long)lesson.v, (long long)user.v));
    assert_int_equal(session_open(g->r.w.db, &n, &id), ERR_OK);
    assert_int_equal(session_seen(g->r.w.db, id, to), ERR_OK);
    assert_int_equal(session_leave(g->r.w.db, id, to, LEAVE_LEFT, 0, to), ERR_OK);
}

void report_open(struct report_rig *g)
{
    struct world *w = &g->r.w;
    int64_t first = OCTOBER_6, second = OCTOBER_6 + 2 * MS_PER_DAY;

    api_open(&g->r);
    g->held = world_lesson(w, 0, 0, first, first + MIN(40));
    report_is_in(g, g->held, w->mentor_users[0], SEAT_MENTOR, first, first + MIN(40));
    report_is_in(g, g->held, w->child_users[0], SEAT_CHILD, first, first + MIN(40));
    assert_int_equal(attendance_close(w->db, g->held, first + MIN(60)), ERR_OK);
    g->missed = world_lesson(w, 0, 0, second, second + MIN(40));
    report_is_in(g, g->missed, w->mentor_users[0], SEAT_MENTOR, second, second + MIN(20));
    assert_int_equal(attendance_close(w->db, g->missed, second + MIN(60)), ERR_OK);
    assert_true(str_format(g->id, sizeof g->id, "%lld-%lld-%lld-2026-10",
                           (long long)w->mentor_users[0].v, (long long)w->child_users[0].v,
                           (long long)w->schools[0].v));
    api_start(&g->r);
}

const char *report_path(const struct report_rig *g, const char *rest)
{
    static char text[160];

    assert_true(str_format(text, sizeof text, "/reports/%s%s", g->id, rest));
    return text;
}

struct answer report_ask(struct report_rig *g, enum who who, const char *method, const char *rest,
                         const char *body)
{
    struct answer now = api_get(&g->r, COORDINATOR, report_path(g, ""));
    struct answer a;
    char etag[32];

    assert_int_equal(now.status, 200);
    assert_true(str_format(etag, sizeof etag, "\"v%lld\"", (long long)int_at(&now, "rev")));
    answer_free(&now);
    a = api_ask(&g->r, who, method, report_path(g, rest), etag, NULL, body);
    return a;
}

void report_do(struct report_rig *g, enum who who, const char *method, const char *rest,
               const char *body, int status)
{
    struct answer a = report_ask(g, who, method, rest, body);

    if (a.status != status)
        print_error("%s %s as %s: %d %s\n", method, rest, who_name(who), a.status,
                    a.body ? a.body : "");
    assert_int_equal(a.status, status);
    answer_free(&a);
}

void report_amend(struct report_rig *g, char code, int status)
{
    char target[80], body[160];

    assert_true(str_format(target, sizeof target, "/lessons/%lld/attendance/amendments",
                           (long long)g->missed.v));
    assert_true(str_format(body, sizeof body,
                           "{\"child\":%lld,\"code\":\"%c\",\"reason\":\"справка\"}",
                           (long long)g->r.w.child_users[0].v, code));
    api_expect(&g->r, COORDINATOR, "POST", target, body, status);
}

void report_bring(struct report_rig *g, int step)
{
    if (step >= 1)
        report_amend(g, 'I', 201);
    if (step >= 2)
        report_do(g, MENTOR, "POST", "/submit", NULL, 200);
    if (step >= 3)
        report_do(g, COORDINATOR, "POST", "/accept", NULL, 200);
    if (step >= 4)
        report_do(g, OFFICER, "POST", "/open", NULL, 200);
}
