/* SPDX-License-Identifier: Apache-2.0
 *
 * The documents of a mentor through the HTTP API: they come and go whole, each
 * refusal of a file and of a date has its name, nobody verifies the own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/staff.h"
#include "tests/api/hiring_rig.h"

/* ---- files ---------------------------------------------------------------------------------- */

#define PDF(words) PDF_HEAD words PDF_TAIL

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

/* The answer was lost and the page sends it again: one document, and the first answer. */
static void a_repeated_upload_is_done_once(void **state)
{
    const char *to =
        text("/mentors/%lld/documents?kind=course&issued=2026-11-01", (long long)r.w.stranger.v);
    struct answer a = api_send_keyed(&r, STRANGER, to, "k1", PDF("one"), strlen(PDF("one")));
    int64_t id;

    (void)state;
    assert_int_equal(a.status, 201);
    id = int_at(&a, "documents.0.id");
    answer_free(&a);
    a = api_send_keyed(&r, STRANGER, to, "k1", PDF("one"), strlen(PDF("one")));
    assert_int_equal(a.status, 201); /* not the 200 of a file that is there already */
    assert_int_equal(int_at(&a, "documents.0.id"), id);
    answer_free(&a);
    assert_int_equal(files_on_disk(), 1);
    api_refused(api_send_keyed(&r, STRANGER, to, "k1", PDF("two"), strlen(PDF("two"))), 409,
                "key_reused");
    api_refused(api_send_keyed(&r, STRANGER, text("%s&expires=2027-01-01", to), "k1", PDF("one"),
                               strlen(PDF("one"))),
                409, "key_reused");
    assert_int_equal(files_on_disk(), 1);
    api_refused(api_send_keyed(&r, STRANGER, to,
                               "01234567890123456789012345678901234567890123456789012345678901234",
                               PDF("two"), strlen(PDF("two"))),
                400, "malformed");
    a = api_send_keyed(&r, STRANGER, to, "k2", PDF("two"), strlen(PDF("two")));
    assert_int_equal(a.status, 201);
    answer_free(&a);
    assert_int_equal(files_on_disk(), 2);
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
                403, "not_allowed");
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

/* A coordinator who is a mentor, too, has the right to verify, but nothing of the own. */
static void nor_does_a_coordinator(void **state)
{
    static const char file[] = PDF_HEAD "mine" PDF_TAIL;
    struct mentor_id m;
    struct answer a;

    setup(state);
    assert_int_equal(mentor_add(r.w.db, r.w.coordinator, r.w.centre, RIG_NOW, r.w.coordinator, &m),
                     ERR_OK);
    api_start(&r);
    a = api_send(
        &r, COORDINATOR,
        text("/mentors/%lld/documents?kind=course&issued=2026-11-01", (long long)r.w.coordinator.v),
        file, sizeof file - 1);
    assert_int_equal(a.status, 201);
    api_refused(api_post(&r, COORDINATOR,
                         text("/documents/%lld/verify", (long long)int_at(&a, "documents.0.id")),
                         "{\"original_seen\":true}"),
                403, "not_allowed");
    api_refused(api_post(&r, COORDINATOR,
                         text("/documents/%lld/return", (long long)int_at(&a, "documents.0.id")),
                         "{\"reason\":\"x\"}"),
                403, "not_allowed");
    answer_free(&a);
    a = api_post(&r, COORDINATOR, text("/mentors/%lld/trainings", (long long)r.w.coordinator.v),
                 "{\"course\":\"x\",\"provider\":\"x\",\"hours\":1,\"issued\":\"2026-01-01\","
                 "\"topics\":[]}");
    assert_int_equal(a.status, 201);
    api_refused(api_post(&r, COORDINATOR,
                         text("/trainings/%lld/verify", (long long)int_at(&a, "trainings.0.id")),
                         "{}"),
                403, "not_allowed");
    answer_free(&a);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, started, teardown)
        t(a_document_comes_and_goes_whole),
        t(a_repeated_upload_is_done_once),
        t(a_changed_file_is_not_handed_out),
        t(what_cannot_be_is_refused_by_name),
        t(one_file_is_one_document),
        cmocka_unit_test_teardown(the_policy_bounds_a_file, teardown),
        t(nobody_verifies_the_own),
        cmocka_unit_test_teardown(nor_does_a_coordinator, teardown),
        t(courses_and_subjects_are_read_strictly),
#undef t
    };

    return cmocka_run_group_tests_name("documents of hiring", tests, NULL, NULL);
}
