/* SPDX-License-Identifier: Apache-2.0
 *
 * Hiring through the HTTP API, from the first document to the first lesson:
 * every step by whoever's it is and refused to everybody else, every refusal
 * of a file, of a date and of an order by its name, and what time does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/hiring.h"
#include "server/store/staff.h"
#include "tests/api/api_rig.h"

#define PDF_HEAD "%PDF-1.7\n"
#define PDF_TAIL "\nstartxref\n9\n%%EOF\n"
#define DAY MS_PER_DAY
#define MIDNIGHT INT64_C(1795554000000) /* 25 November, 00:00 in Moscow */

static struct api_rig r;
static struct mentor_id newcomer; /* the stranger, who is about to be hired */

static int setup(void **state)
{
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

static int started(void **state)
{
    setup(state);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

/* "/mentors/<the newcomer>" + tail, and so on; sixteen may be in use at once. */
static const char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *text(const char *format, ...)
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

static const char *mentor(const char *tail)
{
    return text("/mentors/%lld%s", (long long)r.w.stranger.v, tail);
}

static struct answer send_as(enum who who, const char *query, const char *content)
{
    const char *file = text("%s%s%s", PDF_HEAD, content, PDF_TAIL);

    return api_send(&r, who, mentor(text("/documents?%s", query)), file, strlen(file));
}

static void sends(const char *kind, const char *content)
{
    struct answer a = send_as(STRANGER, text("kind=%s&issued=2026-11-01", kind), content);

    assert_int_equal(a.status, 201);
    answer_free(&a);
}

static void sends_everything(void)
{
    sends("work_book", "book");
    sends("application", "please");
    sends("no_record", "none");
    sends("course", "course");
    sends("rating_sheet", "sheet");
}

static void enters_course_and_subject(void)
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

static void field_is(struct answer a, const char *field)
{
    if (a.status != 400 || strcmp(str_at(&a, "error.code"), "bad_field") != 0 ||
        strcmp(str_at(&a, "error.field"), field) != 0)
        print_error("%d %s, not the field %s\n", a.status, a.body, field);
    assert_int_equal(a.status, 400);
    assert_string_equal(str_at(&a, "error.field"), field);
    answer_free(&a);
}

static int64_t id_of_first(const char *list)
{
    struct answer a = api_get(&r, COORDINATOR, mentor("/hiring"));
    int64_t id = int_at(&a, text("%s.0.id", list));

    answer_free(&a);
    return id;
}

static int64_t rev(void)
{
    struct answer a = api_get(&r, COORDINATOR, mentor("/hiring"));
    int64_t v = int_at(&a, "applications.0.rev");

    answer_free(&a);
    return v;
}

static struct answer on_application(enum who who, const char *tail, const char *body)
{
    return api_ask(&r, who, "POST",
                   text("/applications/%lld%s", (long long)id_of_first("applications"), tail),
                   text("\"v%lld\"", (long long)rev()), NULL, body);
}

static struct answer steps(enum who who, const char *name, const char *reason)
{
    return on_application(who, "/step",
                          reason ? text("{\"step\":\"%s\",\"reason\":\"%s\"}", name, reason)
                                 : text("{\"step\":\"%s\"}", name));
}

static void goes(enum who who, const char *name, const char *reason, const char *to)
{
    struct answer a = steps(who, name, reason);

    if (a.status != 200)
        print_error("%s by %s: %d %s\n", name, who_name(who), a.status, a.body);
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "applications.0.state"), to);
    answer_free(&a);
}

/* Everything that waits. */
static void centre_verifies(void)
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

static void applies(void)
{
    api_expect(&r, STRANGER, "POST", mentor("/applications"),
               text("{\"school\":%lld}", (long long)r.w.schools[0].v), 201);
}

#define ORDER(number, rate, minutes, date, from, to)                                               \
    "{\"number\":\"" number "\",\"date\":\"" date "\",\"rate_percent\":" rate                      \
    ",\"week_minutes\":" minutes ",\"from\":\"" from "\",\"to\":" to "}"
#define GOOD_ORDER ORDER("77-k", "50", "540", "2026-11-24", "2026-11-24", "null")

/* To an order that the mentor has read. */
static void is_hired(void)
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

static struct answer plans_a_lesson(void)
{
    return api_post(&r, COORDINATOR, "/lessons",
                    text("{\"subject\":\"maths\",\"mentor\":%lld,\"children\":[%lld],"
                         "\"date\":\"2026-11-26\",\"time\":\"12:00\",\"minutes\":40}",
                         (long long)r.w.stranger.v, (long long)r.w.child_users[0].v));
}

/* ---- seeing --------------------------------------------------------------------------------- */

static void a_file_is_for_those_it_concerns(void **state)
{
    struct answer a = api_get(&r, STRANGER, mentor("/hiring"));

    (void)state;
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "checklist")), 10);
    assert_true(json_is_false(at(&a, "complete")));
    assert_string_equal(str_at(&a, "checklist.0.gate"), "account");
    assert_string_equal(str_at(&a, "checklist.0.cause"), "holds");
    assert_string_equal(str_at(&a, "checklist.1.gate"), "training");
    assert_string_equal(str_at(&a, "checklist.1.cause"), "missing");
    assert_string_equal(str_at(&a, "checklist.1.actor"), "mentor");
    answer_free(&a);
    api_expect(&r, COORDINATOR, "GET", mentor("/hiring"), NULL, 200);
    for (enum who who = CHILD; who < WHO_COUNT; who++)
        if (who != STRANGER && who != COORDINATOR)
            api_refused(api_get(&r, who, mentor("/hiring")), 404, "not_found");
    api_refused(api_get(&r, NOBODY, mentor("/hiring")), 401, "no_login");
    api_refused(api_get(&r, COORDINATOR, "/mentors/999/hiring"), 404, "not_found");
    /* The school sees it once the application is more than a draft. */
    applies();
    api_refused(api_get(&r, OFFICER, mentor("/hiring")), 404, "not_found");
    goes(STRANGER, "begin", NULL, "documents");
    api_expect(&r, OFFICER, "GET", mentor("/hiring"), NULL, 200);
    api_refused(api_post(&r, OFFICER, mentor("/trainings"), "{}"), 403, "not_allowed");
    api_refused(api_post(&r, STRANGER, mentor("/introductions"), "{}"), 403, "not_allowed");
    api_refused(api_post(&r, STRANGER, mentor("/applications"),
                         text("{\"school\":%lld}", (long long)r.w.schools[0].v)),
                409, "not_now");
    field_is(api_post(&r, STRANGER, mentor("/applications"),
                      text("{\"school\":%lld}", (long long)r.w.centre.v)),
             "school");
}

/* ---- files ---------------------------------------------------------------------------------- */

static size_t files_on_disk(void)
{
    const char *folder = text("%s.files", r.w.path);
    DIR *dir;
    struct dirent *e;
    size_t n = 0;

    api_expect(&r, COORDINATOR, "GET", "/centre", NULL, 200); /* the last request is all done */
    dir = opendir(folder);
    while (dir && (e = readdir(dir))) {
        if (e->d_name[0] == '.')
            continue;
        assert_int_equal(strlen(e->d_name), STAFF_FILE_CHARS); /* none is half written */
        n++;
    }
    if (dir)
        closedir(dir);
    return n;
}

static void a_document_comes_and_goes_whole(void **state)
{
    struct answer a = send_as(STRANGER, "kind=course&issued=2026-11-01&expires=2027-11-01", "one");
    int64_t id;

    (void)state;
    assert_int_equal(a.status, 201);
    assert_string_equal(str_at(&a, "documents.0.kind"), "course");
    assert_string_equal(str_at(&a, "documents.0.type"), "pdf");
    assert_string_equal(str_at(&a, "documents.0.issued"), "2026-11-01");
    assert_string_equal(str_at(&a, "documents.0.expires"), "2027-11-01");
    assert_int_equal(int_at(&a, "documents.0.bytes"), strlen(PDF_HEAD "one" PDF_TAIL));
    id = int_at(&a, "documents.0.id");
    answer_free(&a);
    assert_int_equal(files_on_disk(), 1);
    a = api_get(&r, COORDINATOR, text("/documents/%lld/file", (long long)id));
    assert_int_equal(a.status, 200);
    assert_string_equal(a.type, "application/pdf");
    assert_string_equal(a.body, PDF_HEAD "one" PDF_TAIL);
    assert_non_null(strstr(a.headers, text("Content-Disposition: attachment; "
                                           "filename=\"course-%lld.pdf\"",
                                           (long long)id)));
    assert_non_null(strstr(a.headers, "Content-Security-Policy: sandbox"));
    answer_free(&a);
    api_expect(&r, STRANGER, "GET", text("/documents/%lld/file", (long long)id), NULL, 200);
    api_refused(api_get(&r, MENTOR, text("/documents/%lld/file", (long long)id)), 404, "not_found");
    api_refused(api_get(&r, OFFICER, text("/documents/%lld/file", (long long)id)), 404,
                "not_found");
    api_refused(api_get(&r, COORDINATOR, "/documents/999/file"), 404, "not_found");
}

/* What was changed on the disk is not handed out. */
static void a_changed_file_is_not_handed_out(void **state)
{
    const char *folder = text("%s.files", r.w.path);
    struct dirent *e;
    char path[700] = "";
    DIR *dir;
    FILE *f;

    (void)state;
    sends("course", "one");
    dir = opendir(folder);
    assert_non_null(dir);
    while ((e = readdir(dir)))
        if (e->d_name[0] != '.')
            assert_true(str_format(path, sizeof path, "%s/%s", folder, e->d_name));
    closedir(dir);
    f = fopen(path, "r+");
    assert_non_null(f);
    fseek(f, 10, SEEK_SET);
    fputc('X', f);
    fclose(f);
    api_refused(
        api_get(&r, COORDINATOR, text("/documents/%lld/file", (long long)id_of_first("documents"))),
        500, "internal");
    unlink(path);
    api_refused(
        api_get(&r, COORDINATOR, text("/documents/%lld/file", (long long)id_of_first("documents"))),
        404, "not_found");
}

static void what_cannot_be_is_refused_by_name(void **state)
{
    static const struct {
        const char *query, *field;
    } t[] = {
        { "issued=2026-11-01", "kind" },
        { "kind=passport&issued=2026-11-01", "kind" },
        { "kind=../../etc/passwd", "kind" },
        { "kind=course", "issued" },
        { "kind=course&issued=2026-02-30", "issued" },
        { "kind=course&issued=2026-11-25", "issued" },                     /* tomorrow */
        { "kind=course&issued=2026-11-01&expires=2026-11-23", "expires" }, /* over */
        { "kind=course&issued=2026-11-01&expires=never", "expires" },
        { "kind=course&issued=2026-11-01&expires=2026-12-01&expires=2027-12-01", "expires" },
        { "kind=no_record&issued=2025-11-24", "issued" }, /* a year old */
    };
    struct answer a;

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        field_is(send_as(STRANGER, t[i].query, "x"), t[i].field);
    a = send_as(STRANGER, "kind=no_record&issued=2025-11-25", "a day younger");
    assert_int_equal(a.status, 201);
    answer_free(&a);
    a = send_as(STRANGER, "kind=course&issued=2026-11-24&expires=2026-11-24", "today is no future");
    assert_int_equal(a.status, 201);
    answer_free(&a);
    api_refused(api_send(&r, STRANGER, mentor("/documents?kind=course&issued=2026-11-01"),
                         "<svg onload=alert(1)>", 21),
                400, "bad_file");
    api_refused(api_send(&r, STRANGER, mentor("/documents?kind=course&issued=2026-11-01"), "", 0),
                400, "bad_file");
    api_refused(api_post(&r, STRANGER, mentor("/documents?kind=course&issued=2026-11-01"), "{}"),
                400, "malformed");
    api_refused(api_send(&r, STRANGER, mentor("/trainings"), "{}", 2), 400, "malformed");
    api_refused(send_as(MENTOR, "kind=course&issued=2026-11-01", "x"), 404, "not_found");
    api_refused(send_as(NOBODY, "kind=course&issued=2026-11-01", "x"), 401, "no_login");
    assert_int_equal(files_on_disk(), 2); /* of what was refused nothing stays */
}

static void one_file_is_one_document(void **state)
{
    struct answer a;

    (void)state;
    sends("course", "one");
    api_refused(send_as(STRANGER, "kind=work_book&issued=2026-11-01", "one"), 409, "same_file");
    a = send_as(STRANGER, "kind=course&issued=2026-11-01", "one"); /* sent twice by mistake */
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "documents")), 1);
    answer_free(&a);
    assert_int_equal(files_on_disk(), 1);
    /* Returned, it may be sent anew. */
    api_expect(&r, COORDINATOR, "POST",
               text("/documents/%lld/return", (long long)id_of_first("documents")),
               "{\"reason\":\"wrong kind\"}", 200);
    a = send_as(STRANGER, "kind=work_book&issued=2026-11-01", "one");
    assert_int_equal(a.status, 201);
    assert_string_equal(str_at(&a, "documents.0.reason"), "wrong kind");
    answer_free(&a);
}

static void the_policy_bounds_a_file(void **state)
{
    static char big[1200];

    setup(state);
    assert_int_equal(policy_set(r.w.db, r.w.centre, "hiring.document_kib", "1", 0, "test", RIG_NOW,
                                r.w.coordinator),
                     ERR_OK);
    api_start(&r);
    memset(big, 'x', sizeof big);
    memcpy(big, PDF_HEAD, strlen(PDF_HEAD));
    memcpy(big + 1024 - strlen(PDF_TAIL), PDF_TAIL, strlen(PDF_TAIL));
    api_refused(
        api_send(&r, STRANGER, mentor("/documents?kind=course&issued=2026-11-01"), big, 1025), 413,
        "too_large");
    {
        struct answer a =
            api_send(&r, STRANGER, mentor("/documents?kind=course&issued=2026-11-01"), big, 1024);

        assert_int_equal(a.status, 201);
        answer_free(&a);
    }
}

/* ---- verifying ------------------------------------------------------------------------------ */

static void nobody_verifies_the_own(void **state)
{
    (void)state;
    sends("course", "one");
    api_refused(api_post(&r, STRANGER,
                         text("/documents/%lld/verify", (long long)id_of_first("documents")),
                         "{\"original_seen\":true}"),
                403, "not_allowed");
    api_refused(api_post(&r, MENTOR,
                         text("/documents/%lld/verify", (long long)id_of_first("documents")),
                         "{\"original_seen\":true}"),
                404, "not_found");
    field_is(api_post(&r, COORDINATOR,
                      text("/documents/%lld/verify", (long long)id_of_first("documents")), "{}"),
             "original_seen");
    field_is(api_post(&r, COORDINATOR,
                      text("/documents/%lld/return", (long long)id_of_first("documents")), "{}"),
             "reason");
    field_is(api_post(&r, COORDINATOR,
                      text("/documents/%lld/return", (long long)id_of_first("documents")),
                      "{\"reason\":\"\"}"),
             "reason");
    api_expect(&r, COORDINATOR, "POST",
               text("/documents/%lld/verify", (long long)id_of_first("documents")),
               "{\"original_seen\":false}", 200);
    api_refused(api_post(&r, COORDINATOR,
                         text("/documents/%lld/verify", (long long)id_of_first("documents")),
                         "{\"original_seen\":true}"),
                409, "not_now");
}

static void courses_and_subjects_are_read_strictly(void **state)
{
    static const struct {
        const char *body, *field;
    } t[] = {
        { "{}", "course" },
        { "{\"course\":\"\",\"provider\":\"x\",\"hours\":1,\"issued\":\"2026-01-01\",\"topics\":[]"
          "}",
          "course" },
        { "{\"course\":\"x\",\"provider\":\"x\",\"hours\":0,\"issued\":\"2026-01-01\",\"topics\":[]"
          "}",
          "hours" },
        { "{\"course\":\"x\",\"provider\":\"x\",\"hours\":1,\"issued\":\"2027-01-01\",\"topics\":[]"
          "}",
          "issued" },
        { "{\"course\":\"x\",\"provider\":\"x\",\"hours\":1,\"issued\":\"2026-01-01\","
          "\"expires\":\"2026-02-01\",\"topics\":[]}",
          "expires" },
        { "{\"course\":\"x\",\"provider\":\"x\",\"hours\":1,\"issued\":\"2026-01-01\","
          "\"topics\":[\"dancing\"]}",
          "topics" },
        { "{\"course\":\"x\",\"provider\":\"x\",\"hours\":1,\"issued\":\"2026-01-01\","
          "\"topics\":[\"first_aid\",\"first_aid\"]}",
          "topics" },
        { "{\"course\":\"x\",\"provider\":\"x\",\"hours\":1,\"issued\":\"2026-01-01\","
          "\"topics\":[7]}",
          "topics" },
        { "{\"course\":\"x\",\"provider\":\"x\",\"hours\":1,\"issued\":\"2026-01-01\","
          "\"topics\":[],\"verified\":true}",
          "verified" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        field_is(api_post(&r, STRANGER, mentor("/trainings"), t[i].body), t[i].field);
    field_is(api_post(&r, STRANGER, mentor("/qualifications"),
                      "{\"subject\":\"alchemy\",\"level\":\"x\",\"grade_from\":1,\"grade_to\":2,"
                      "\"issued\":\"2020-06-30\"}"),
             "subject");
    field_is(api_post(&r, STRANGER, mentor("/qualifications"),
                      "{\"subject\":\"maths\",\"level\":\"x\",\"grade_from\":3,\"grade_to\":2,"
                      "\"issued\":\"2020-06-30\"}"),
             "grade_to");
    field_is(
        api_post(&r, COORDINATOR, mentor("/introductions"),
                 text("{\"child\":%lld,\"date\":\"2026-11-25\"}", (long long)r.w.child_users[0].v)),
        "date");
    field_is(api_post(&r, COORDINATOR, mentor("/introductions"),
                      "{\"child\":999,\"date\":\"2026-11-23\"}"),
             "child");
}

/* ---- the way to the first lesson ------------------------------------------------------------ */

static void papers_stand_in_the_way_of_steps(void **state)
{
    struct answer a;

    (void)state;
    applies();
    goes(STRANGER, "begin", NULL, "documents");
    a = steps(STRANGER, "submit", NULL);
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), "papers");
    assert_int_equal(json_array_size(at(&a, "error.gates")), 9);
    answer_free(&a);
    sends_everything();
    enters_course_and_subject();
    api_refused(steps(COORDINATOR, "submit", NULL), 403, "not_allowed");
    goes(STRANGER, "submit", NULL, "verification");
    a = steps(COORDINATOR, "recommend", NULL); /* nobody has looked at anything yet */
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gates.0.cause"), "waiting");
    assert_string_equal(str_at(&a, "error.gates.0.actor"), "coordinator");
    answer_free(&a);
    field_is(steps(COORDINATOR, "return", NULL), "reason");
    goes(COORDINATOR, "return", "the scan is blurred", "returned");
    goes(STRANGER, "submit", NULL, "verification");
    centre_verifies();
    api_refused(steps(STRANGER, "recommend", NULL), 403, "not_allowed");
    goes(COORDINATOR, "recommend", NULL, "recommended");
    api_refused(steps(COORDINATOR, "recommend", NULL), 409, "not_now");
    field_is(steps(OFFICER, "order", NULL), "step");
    field_is(steps(COORDINATOR, "employ", NULL), "step");
    field_is(steps(COORDINATOR, "hire", NULL), "step");
}

static void an_order_is_the_schools_and_part_time(void **state)
{
    static const struct {
        const char *body, *field;
    } t[] = {
        { ORDER("", "50", "540", "2026-11-24", "2026-11-24", "null"), "number" },
        { ORDER("1", "51", "540", "2026-11-24", "2026-11-24", "null"), "rate_percent" },
        { ORDER("1", "0", "540", "2026-11-24", "2026-11-24", "null"), "rate_percent" },
        { ORDER("1", "50", "1081", "2026-11-24", "2026-11-24", "null"), "week_minutes" },
        { ORDER("1", "50", "540", "2026-11-25", "2026-11-25", "null"), "date" },
        { ORDER("1", "50", "540", "2026-11-24", "2026-11-23", "null"), "from" },
        { ORDER("1", "50", "540", "2026-11-24", "2026-11-25", "\"2026-11-24\""), "to" },
        { ORDER("1", "50", "540", "2026-11-24", "2026-11-31", "null"), "from" },
        { ORDER("12-k", "50", "540", "2026-11-24", "2026-11-24", "null"), "number" }, /* taken */
    };
    struct answer a;

    (void)state;
    applies();
    goes(STRANGER, "begin", NULL, "documents");
    sends_everything();
    enters_course_and_subject();
    goes(STRANGER, "submit", NULL, "verification");
    centre_verifies();
    goes(COORDINATOR, "recommend", NULL, "recommended");
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        field_is(on_application(OFFICER, "/order", t[i].body), t[i].field);
    api_refused(on_application(COORDINATOR, "/order", GOOD_ORDER), 403, "not_allowed");
    api_refused(on_application(STRANGER, "/order", GOOD_ORDER), 403, "not_allowed");
    api_refused(api_post(&r, OFFICER,
                         text("/applications/%lld/order", (long long)id_of_first("applications")),
                         GOOD_ORDER),
                428, "need_match");
    api_refused(api_ask(&r, OFFICER, "POST",
                        text("/applications/%lld/order", (long long)id_of_first("applications")),
                        "\"v1\"", NULL, GOOD_ORDER),
                412, "stale");
    a = on_application(OFFICER, "/order", GOOD_ORDER);
    assert_int_equal(a.status, 201);
    answer_free(&a);
    api_refused(on_application(OFFICER, "/order", GOOD_ORDER), 409, "not_now");
    api_refused(steps(COORDINATOR, "acquaint", NULL), 403, "not_allowed"); /* by own login */
    goes(STRANGER, "acquaint", NULL, "acquainted");
}

static void every_gate_is_told_for_a_child(void **state)
{
    struct answer a;
    const char *target;

    (void)state;
    applies();
    target = mentor(text("/can-teach?child=%lld&subject=maths&at=%lld",
                         (long long)r.w.child_users[0].v, (long long)(RIG_NOW + DAY)));
    a = api_get(&r, COORDINATOR, target);
    assert_int_equal(a.status, 200);
    assert_true(json_is_false(at(&a, "may")));
    assert_int_equal(json_array_size(at(&a, "gates")), TEACH_GATE_COUNT - 1); /* it is no group */
    answer_free(&a);
    api_expect(&r, STRANGER, "GET", target, NULL, 200);
    api_refused(api_get(&r, MENTOR, target), 404, "not_found");
    field_is(api_get(&r, COORDINATOR, mentor("/can-teach?subject=maths&at=1")), "child");
    field_is(api_get(&r, COORDINATOR, mentor("/can-teach?child=999&subject=maths&at=1")), "child");
    field_is(api_get(&r, COORDINATOR,
                     mentor(text("/can-teach?child=%lld&subject=alchemy&at=1",
                                 (long long)r.w.child_users[0].v))),
             "subject");
    field_is(api_get(&r, COORDINATOR,
                     mentor(text("/can-teach?child=%lld&subject=maths&at=0",
                                 (long long)r.w.child_users[0].v))),
             "at");
    field_is(api_get(&r, STRANGER,
                     mentor(text("/can-teach?child=%lld&subject=maths&at=1",
                                 (long long)r.w.child_users[1].v))),
             "child"); /* another's */
    a = plans_a_lesson();
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), "may_teach");
    assert_int_equal(json_array_size(at(&a, "error.gates")), 13); /* all, at once */
    answer_free(&a);
}

/* The desk looks at time once a minute, behind whatever it is asked. */
static void a_minute_passes(int64_t unix_ms)
{
    for (int i = 0; i < 70; i++) /* each is a second of the monotonic clock */
        api_set_now(unix_ms);
    for (int i = 0; i < 3; i++)
        api_expect(&r, COORDINATOR, "GET", "/centre", NULL, 200);
}

static const char *state_now(void)
{
    struct answer a = api_get(&r, COORDINATOR, mentor("/hiring"));
    const char *s = text("%s", str_at(&a, "applications.0.state"));

    answer_free(&a);
    return s;
}

static void from_the_first_document_to_the_first_lesson(void **state)
{
    struct answer a;
    int64_t lesson;

    (void)state;
    is_hired();
    a = plans_a_lesson();
    if (a.status != 201)
        print_error("%s\n", a.body);
    assert_int_equal(a.status, 201);
    lesson = int_at(&a, "id");
    answer_free(&a);
    a_minute_passes(RIG_NOW + MS_PER_MIN);
    assert_string_equal(state_now(), "employed");
    a = api_get(&r, COORDINATOR, text("/lessons/%lld", (long long)lesson));
    assert_string_equal(str_at(&a, "state"), "scheduled");
    answer_free(&a);
    /* Suspended, nothing can be planned, and what is planned needs a substitute. */
    field_is(steps(COORDINATOR, "suspend", NULL), "reason");
    goes(COORDINATOR, "suspend", "a complaint", "suspended");
    a = plans_a_lesson();
    assert_int_equal(a.status, 409);
    answer_free(&a);
    a_minute_passes(RIG_NOW + 3 * MS_PER_MIN);
    a = api_get(&r, COORDINATOR, text("/lessons/%lld", (long long)lesson));
    assert_string_equal(str_at(&a, "state"), "needs_substitute");
    answer_free(&a);
    api_refused(steps(STRANGER, "resume", NULL), 403, "not_allowed");
    goes(COORDINATOR, "resume", NULL, "employed");
    goes(OFFICER, "end", "moved away", "ended");
    api_refused(steps(COORDINATOR, "resume", NULL), 409, "not_now");
}

static int started_with(const char *certificate_days)
{
    setup(NULL);
    assert_int_equal(policy_set(r.w.db, r.w.centre, "hiring.certificate_days", certificate_days, 0,
                                "test", RIG_NOW, r.w.coordinator),
                     ERR_OK);
    api_start(&r);
    return 0;
}

/* The certificate of 1 November runs out 30, 14 or 3 days from now, or a day later than that. */
static void what_expires_is_told(void **state)
{
    static const struct {
        const char *policy;
        int days;
    } t[] = { { "54", 0 }, { "53", 30 }, { "38", 30 }, { "37", 14 }, { "26", 3 } };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct answer a;

        started_with(t[i].policy);
        is_hired();
        api_refused(api_get(&r, STRANGER, "/expiries"), 403, "not_allowed");
        a_minute_passes(RIG_NOW + MS_PER_MIN);
        a = api_get(&r, COORDINATOR, "/expiries");
        assert_int_equal(json_array_size(at(&a, "items")), t[i].days ? 1 : 0);
        if (t[i].days) {
            assert_string_equal(str_at(&a, "items.0.gate"), "no_record_age");
            assert_int_equal(int_at(&a, "items.0.days"), t[i].days);
            assert_int_equal(int_at(&a, "items.0.told_at"), RIG_NOW + MS_PER_MIN);
        }
        answer_free(&a);
        a_minute_passes(RIG_NOW + 3 * MS_PER_MIN); /* told once */
        a = api_get(&r, COORDINATOR, "/expiries");
        if (t[i].days)
            assert_int_equal(int_at(&a, "items.0.told_at"), RIG_NOW + MS_PER_MIN);
        answer_free(&a);
        if (i + 1 < sizeof t / sizeof t[0])
            teardown(NULL);
    }
}

/* Midnight: the certificate is over. The mentor is suspended by it, the lesson of the day after
 * has nobody to give it. */
static void what_has_expired_suspends(void **state)
{
    struct answer a;

    (void)state;
    started_with("24"); /* 1 to 24 November */
    is_hired();
    a = api_post(&r, COORDINATOR, "/lessons",
                 text("{\"subject\":\"maths\",\"mentor\":%lld,\"children\":[%lld],"
                      "\"date\":\"2026-11-24\",\"time\":\"16:00\",\"minutes\":40}",
                      (long long)r.w.stranger.v, (long long)r.w.child_users[0].v));
    assert_int_equal(a.status, 201);
    answer_free(&a);
    a = plans_a_lesson(); /* by then it will be over */
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gates.0.gate"), "no_record_age");
    assert_string_equal(str_at(&a, "error.gates.0.cause"), "expired");
    assert_int_equal(json_array_size(at(&a, "error.gates")), 1);
    answer_free(&a);
    a_minute_passes(RIG_NOW + MS_PER_MIN);
    assert_string_equal(state_now(), "employed");
    a_minute_passes(MIDNIGHT - 1);
    a_minute_passes(MIDNIGHT);
    api_stop(&r); /* nobody is signed in any more at midnight */
    assert_int_equal(world_number(&r.w,
                                  "SELECT count(*) FROM application_step WHERE "
                                  "to_state = 'suspended' AND by_user IS NULL "
                                  "AND reason = 'document_expired' AND at_ms = 1795554000000"),
                     1);
    assert_int_equal(
        world_number(&r.w, "SELECT count(*) FROM application WHERE state = 'suspended'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, started, teardown)
        t(a_file_is_for_those_it_concerns),
        t(a_document_comes_and_goes_whole),
        t(a_changed_file_is_not_handed_out),
        t(what_cannot_be_is_refused_by_name),
        t(one_file_is_one_document),
        cmocka_unit_test_teardown(the_policy_bounds_a_file, teardown),
        t(nobody_verifies_the_own),
        t(courses_and_subjects_are_read_strictly),
        t(papers_stand_in_the_way_of_steps),
        t(an_order_is_the_schools_and_part_time),
        t(every_gate_is_told_for_a_child),
        t(from_the_first_document_to_the_first_lesson),
        cmocka_unit_test_teardown(what_expires_is_told, teardown),
        cmocka_unit_test_teardown(what_has_expired_suspends, teardown),
#undef t
    };

    return cmocka_run_group_tests_name("hiring", tests, NULL, NULL);
}
