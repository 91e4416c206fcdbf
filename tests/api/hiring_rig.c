/* SPDX-License-Identifier: Apache-2.0
 *
 * See hiring_rig.h.
 */
#include "tests/api/hiring_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/base/now.h"

#define DAY MS_PER_DAY

struct api_rig r;

int setup(void **state)
{
    struct mentor_id newcomer;
    int64_t id;

    (void)state;
    api_open(&r);
    assert_int_equal(
        mentor_add(r.w.db, r.w.stranger, r.w.centre, RIG_NOW, r.w.coordinator, &newcomer), ERR_OK);
    assert_int_equal(assignment_add(r.w.db, r.w.children[0], newcomer, 0, RIG_NOW - DAY, FOREVER_MS,
                                    RIG_NOW, r.w.coordinator, &id),
                     ERR_OK);
    return 0;
}

int started(void **state)
{
    setup(state);
    api_start(&r);
    return 0;
}

int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

const char *text(const char *format, ...)
{
    static char texts[16][400];
    static int next;
    char *t = texts[next++ % 16];
    va_list args;

    va_start(args, format);
    assert_true(vsnprintf(t, sizeof texts[0], format, args) < (int)sizeof texts[0]);
    va_end(args);
    return t;
}

const char *mentor(const char *tail)
{
    return text("/mentors/%lld%s", (long long)r.w.stranger.v, tail);
}

struct answer send_as(enum who who, const char *query, const char *content)
{
    const char *file = text("%s%s%s", PDF_HEAD, content, PDF_TAIL);

    return api_send(&r, who, mentor(text("/documents?%s", query)), file, strlen(file));
}

void sends(const char *kind, const char *content)
{
    struct answer a = send_as(STRANGER, text("kind=%s&issued=2026-11-01", kind), content);

    assert_int_equal(a.status, 201);
    answer_free(&a);
}

void field_is(struct answer a, const char *field)
{
    if (a.status != 400 || strcmp(str_at(&a, "error.code"), "bad_field") != 0 ||
        strcmp(str_at(&a, "error.field"), field) != 0)
        print_error("%d %s, not the field %s\n", a.status, a.body, field);
    assert_int_equal(a.status, 400);
    assert_string_equal(str_at(&a, "error.field"), field);
    answer_free(&a);
}

int64_t id_of_first(const char *list)
{
    struct answer a = api_get(&r, COORDINATOR, mentor("/hiring"));
    int64_t id = int_at(&a, text("%s.0.id", list));

    answer_free(&a);
    return id;
}

/* ---- being hired ---------------------------------------------------------------------------- */

void sends_everything(void)
{
    sends("work_book", "book");
    sends("application", "please");
    sends("no_record", "none");
    sends("course", "course");
    sends("rating_sheet", "sheet");
}

void enters_course_and_subject(void)
{
    api_expect(&r, STRANGER, "POST", mentor("/trainings"),
               "{\"course\":\"Contact\",\"provider\":\"Institute\",\"hours\":72,\"issued\":"
               "\"2026-09-01\",\"topics\":[\"contact_psychology\"]}",
               201);
    api_expect(&r, STRANGER, "POST", mentor("/qualifications"),
               "{\"subject\":\"maths\",\"level\":\"higher\",\"grade_from\":1,\"grade_to\":4,"
               "\"issued\":\"2020-06-30\"}",
               201);
}

int64_t rev(void)
{
    struct answer a = api_get(&r, COORDINATOR, mentor("/hiring"));
    int64_t v = int_at(&a, "applications.0.rev");

    answer_free(&a);
    return v;
}

struct answer on_application(enum who who, const char *tail, const char *body)
{
    return api_ask(&r, who, "POST",
                   text("/applications/%lld%s", (long long)id_of_first("applications"), tail),
                   text("\"v%lld\"", (long long)rev()), NULL, body);
}

struct answer steps(enum who who, const char *name, const char *reason)
{
    return on_application(who, "/step",
                          reason ? text("{\"step\":\"%s\",\"reason\":\"%s\"}", name, reason)
                                 : text("{\"step\":\"%s\"}", name));
}

void goes(enum who who, const char *name, const char *reason, const char *to)
{
    struct answer a = steps(who, name, reason);

    if (a.status != 200)
        print_error("%s by %s: %d %s\n", name, who_name(who), a.status, a.body);
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "applications.0.state"), to);
    answer_free(&a);
}

/* Everything that waits. */
void centre_verifies(void)
{
    struct answer a = api_get(&r, COORDINATOR, mentor("/hiring"));

    for (size_t i = 0; i < json_array_size(at(&a, "documents")); i++)
        if (json_is_null(at(&a, text("documents.%zu.verified_by", i))) &&
            json_is_null(at(&a, text("documents.%zu.returned_by", i))))
            api_expect(
                &r, COORDINATOR, "POST",
                text("/documents/%lld/verify", (long long)int_at(&a, text("documents.%zu.id", i))),
                "{\"original_seen\":true}", 200);
    answer_free(&a);
    api_expect(&r, COORDINATOR, "POST",
               text("/trainings/%lld/verify", (long long)id_of_first("trainings")), "{}", 200);
    api_expect(&r, COORDINATOR, "POST",
               text("/qualifications/%lld/verify", (long long)id_of_first("qualifications")), "{}",
               200);
}

void applies(void)
{
    api_expect(&r, STRANGER, "POST", mentor("/applications"),
               text("{\"school\":%lld}", (long long)r.w.schools[0].v), 201);
}

/* To an order that the mentor has read. */
void is_hired(void)
{
    struct answer a;

    applies();
    goes(STRANGER, "begin", NULL, "documents");
    sends_everything();
    enters_course_and_subject();
    goes(STRANGER, "submit", NULL, "verification");
    centre_verifies();
    goes(COORDINATOR, "recommend", NULL, "recommended");
    a = on_application(OFFICER, "/order", GOOD_ORDER);
    assert_int_equal(a.status, 201);
    assert_string_equal(str_at(&a, "applications.0.state"), "order_issued");
    assert_string_equal(str_at(&a, "applications.0.order.number"), "77-k");
    assert_string_equal(str_at(&a, "applications.0.order.from"), "2026-11-24");
    answer_free(&a);
    goes(STRANGER, "acquaint", NULL, "acquainted");
    api_expect(&r, COORDINATOR, "POST", mentor("/introductions"),
               text("{\"child\":%lld,\"date\":\"2026-11-23\"}", (long long)r.w.child_users[0].v),
               201);
}

struct answer plans_a_lesson(void)
{
    return api_post(&r, COORDINATOR, "/lessons",
                    text("{\"subject\":\"maths\",\"mentor\":%lld,\"children\":[%lld],"
                         "\"date\":\"2026-11-26\",\"time\":\"12:00\",\"minutes\":40}",
                         (long long)r.w.stranger.v, (long long)r.w.child_users[0].v));
}

/* The desk looks at time once a minute, behind whatever it is asked. */
void a_minute_passes(int64_t unix_ms)
{
    for (int i = 0; i < 70; i++) /* each is a second of the monotonic clock */
        api_set_now(unix_ms);
    for (int i = 0; i < 3; i++)
        api_expect(&r, COORDINATOR, "GET", "/centre", NULL, 200);
}
