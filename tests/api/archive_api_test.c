/* SPDX-License-Identifier: Apache-2.0
 *
 * A month of the centre as one file over HTTP: what is in it, who may have it,
 * one at a time, stopped, broken off by a restart, swept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/archive_write.h"
#include "server/store/archive.h"
#include "server/store/delivery.h"
#include "server/tables/read.h"
#include "tests/api/report_rig.h"

static struct report_rig g;

#define OCTOBER "{\"month\":\"2026-10\"}"

static int setup(void **state)
{
    (void)state;
    report_open(&g);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&g.r);
    return 0;
}

static int64_t asked(const char *body)
{
    struct answer a = api_post(&g.r, COORDINATOR, "/report-archives", body);
    int64_t id;

    assert_int_equal(a.status, 202);
    assert_non_null(strstr(a.headers, "Location: /api/v1/report-archives/"));
    id = int_at(&a, "id");
    answer_free(&a);
    return id;
}

static const char *target(int64_t id, const char *what)
{
    static char text[64];

    assert_true(str_format(text, sizeof text, "/report-archives/%lld%s", (long long)id, what));
    return text;
}

/* Asks until it is over. */
static struct answer ended(int64_t id)
{
    for (;;) {
        struct answer a = api_get(&g.r, COORDINATOR, target(id, ""));

        assert_int_equal(a.status, 200);
        if (strcmp(str_at(&a, "state"), "queued") != 0 &&
            strcmp(str_at(&a, "state"), "running") != 0)
            return a;
        answer_free(&a);
        usleep(5000);
    }
}

/* One member, found by the end of its name; owned. */
static char *member(const struct answer *file, const char *name, size_t *len)
{
    struct pack *p;
    uint8_t *bytes = NULL;

    assert_int_equal(pack_open(&p, (const uint8_t *)file->body, file->body_len), ERR_OK);
    if (pack_read(p, name, 1 << 20, &bytes, len) != ERR_OK)
        bytes = NULL;
    pack_close(p);
    return (char *)bytes;
}

static const char *file_name(const char *folder, const char *ending)
{
    static char text[120];
    const struct world *w = &g.r.w;

    assert_true(str_format(text, sizeof text, "%s/2026-10-mentor%lld-child%lld-school%lld-v1.%s",
                           folder, (long long)w->mentors[0].v, (long long)w->children[0].v,
                           (long long)w->schools[0].v, ending));
    return text;
}

static void has(const char *bytes, size_t len, const char *what)
{
    if (!memmem(bytes, len, what, strlen(what)))
        print_error("not there: %s\n", what);
    assert_non_null(memmem(bytes, len, what, strlen(what)));
}

static void accepted_bytes_go_in_as_they_were_accepted(void **state)
{
    static const char *const formats[] = { "pdf", "csv", "xlsx" };
    struct answer a, file;
    int64_t id;
    char *bytes;
    size_t len;

    (void)state;
    report_bring(&g, 3);
    id = asked(OCTOBER);
    a = ended(id);
    assert_string_equal(str_at(&a, "state"), "done");
    assert_int_equal(int_at(&a, "progress.percent"), 100);
    assert_int_equal(int_at(&a, "accepted"), 1);
    assert_true(int_at(&a, "file.bytes") > 0);
    answer_free(&a);
    file = api_get(&g.r, COORDINATOR, target(id, "/file"));
    assert_int_equal(file.status, 200);
    assert_string_equal(file.type, "application/zip");
    assert_non_null(strstr(file.headers, "attachment; filename=\"reports-2026-10.zip\""));
    for (int i = 0; i < 3; i++) {
        char path[40];
        struct answer own;

        assert_true(str_format(path, sizeof path, ".%s", formats[i]));
        own = api_get(&g.r, COORDINATOR, report_path(&g, path));
        bytes = member(&file, file_name("accepted", formats[i]), &len);
        assert_non_null(bytes);
        assert_int_equal(len, own.body_len);
        assert_memory_equal(bytes, own.body, len);
        mem_free(bytes);
        answer_free(&own);
    }
    bytes = member(&file, "summary.csv", &len);
    has(bytes, len, "как принят");
    mem_free(bytes);
    answer_free(&file);
    api_stop(&g.r);
    assert_int_equal(world_number(&g.r.w, "SELECT count(*) FROM audit WHERE action IN "
                                          "('archive.ask', 'archive.end', 'archive.read')"),
                     3);
}

static void others_go_in_as_drafts_and_who_must_act_is_told(void **state)
{
    struct answer a, file;
    int64_t id;
    char *bytes;
    size_t len;

    (void)state;
    id = asked(OCTOBER);
    a = ended(id);
    assert_string_equal(str_at(&a, "state"), "done");
    assert_int_equal(int_at(&a, "accepted"), 0);
    assert_int_equal(int_at(&a, "waiting"), int_at(&a, "reports"));
    answer_free(&a);
    file = api_get(&g.r, COORDINATOR, target(id, "/file"));
    bytes = member(&file, file_name("drafts", "pdf"), &len);
    assert_non_null(bytes);
    assert_memory_equal(bytes, "%PDF", 4);
    mem_free(bytes);
    assert_null(member(&file, file_name("accepted", "pdf"), &len));
    bytes = member(&file, "missing.csv", &len);
    has(bytes, len, "за учителем: написать отчёт и отправить");
    mem_free(bytes);
    bytes = member(&file, "summary.xlsx", &len);
    assert_memory_equal(bytes, "PK", 2);
    mem_free(bytes);
    answer_free(&file);
}

static void only_the_centre_may_and_another_centres_is_not_there(void **state)
{
    static const enum who without[] = { CHILD, GUARDIAN, MENTOR, OFFICER, ADMIN };
    struct org other = { .type = ORG_CENTRE, .code = "other", .name = "Other", .tz = "UTC" };
    struct archive theirs = { .year = 2026,
                              .month = 10,
                              .locale = "ru",
                              .asked_ms = RIG_NOW,
                              .asked_by = g.r.w.coordinator };
    int64_t id;

    (void)state;
    api_stop(&g.r);
    assert_int_equal(org_save(g.r.w.db, &other, RIG_NOW, g.r.w.coordinator, &other.id), ERR_OK);
    theirs.org = other.id;
    assert_int_equal(archive_add(g.r.w.db, &theirs, &id), ERR_OK);
    api_resume_at(&g.r, RIG_NOW);
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        api_refused(api_get(&g.r, without[i], "/report-archives"), 403, "not_allowed");
        api_refused(api_post(&g.r, without[i], "/report-archives", OCTOBER), 403, "not_allowed");
        api_refused(api_get(&g.r, without[i], target(id, "")), 403, "not_allowed");
        api_refused(api_post(&g.r, without[i], target(id, "/stop"), "{}"), 403, "not_allowed");
        api_refused(api_get(&g.r, without[i], target(id, "/file")), 403, "not_allowed");
    }
    api_refused(api_get(&g.r, NOBODY, "/report-archives"), 401, "no_login");
    api_refused(api_get(&g.r, COORDINATOR, target(id, "")), 404, "not_found");
    api_refused(api_post(&g.r, COORDINATOR, target(id, "/stop"), "{}"), 404, "not_found");
    api_refused(api_get(&g.r, COORDINATOR, target(id, "/file")), 404, "not_found");
    api_refused(api_get(&g.r, COORDINATOR, target(999999, "")), 404, "not_found");
}

static void bad_months_are_refused(void **state)
{
    static const char *const bad[] = { "{}", "{\"month\":\"2026-12\"}", "{\"month\":\"2026-13\"}",
                                       "{\"month\":10}", "{\"month\":\"2026-10\",\"x\":1}" };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        api_refused(api_post(&g.r, COORDINATOR, "/report-archives", bad[i]), 400, "bad_field");
    api_refused(api_get(&g.r, COORDINATOR, "/report-archives?month=x"), 400, "bad_field");
}

/* A row as the server left it when it was killed at work. */
static int64_t at_work(enum archive_state state)
{
    struct archive a = { .org = g.r.w.centre,
                         .year = 2026,
                         .month = 10,
                         .locale = "ru",
                         .asked_by = g.r.w.coordinator,
                         .asked_ms = RIG_NOW };
    int64_t id;

    assert_int_equal(archive_add(g.r.w.db, &a, &id), ERR_OK);
    if (state == ARCHIVE_RUNNING)
        assert_int_equal(archive_next(g.r.w.db, RIG_NOW, &a), ERR_OK);
    assert_int_equal(archive_add(g.r.w.db, &a, &id), ERR_STATE); /* one at a time */
    return world_number(&g.r.w, "SELECT max(id) FROM report_archive");
}

static void a_restart_breaks_it_off_and_it_can_be_begun_again(void **state)
{
    struct answer a;
    int64_t id;

    (void)state;
    api_stop(&g.r);
    id = at_work(ARCHIVE_RUNNING);
    api_resume_at(&g.r, RIG_NOW);
    a = api_get(&g.r, COORDINATOR, target(id, ""));
    assert_string_equal(str_at(&a, "state"), "failed");
    assert_string_equal(str_at(&a, "cause"), "restart");
    assert_true(json_is_null(at(&a, "file")));
    answer_free(&a);
    api_refused(api_get(&g.r, COORDINATOR, target(id, "/file")), 404, "not_found");
    api_refused(api_post(&g.r, COORDINATOR, target(id, "/stop"), "{}"), 409, "not_now");
    id = asked(OCTOBER);
    a = ended(id);
    assert_string_equal(str_at(&a, "state"), "done");
    answer_free(&a);
    a = api_get(&g.r, COORDINATOR, "/report-archives?month=2026-10");
    assert_int_equal(json_array_size(at(&a, "archives")), 2);
    assert_int_equal(int_at(&a, "archives.0.id"), id);
    answer_free(&a);
    a = api_get(&g.r, COORDINATOR, "/report-archives?month=2026-09");
    assert_int_equal(json_array_size(at(&a, "archives")), 0);
    answer_free(&a);
}

static void its_days_are_counted(void **state)
{
    struct answer a;
    int64_t id = asked(OCTOBER);

    (void)state;
    a = ended(id);
    answer_free(&a);
    api_stop(&g.r);
    assert_int_equal(archive_sweep(g.r.w.db, RIG_NOW + 13 * MS_PER_DAY), ERR_OK);
    assert_int_equal(world_number(&g.r.w, "SELECT count(name) FROM report_archive"), 1);
    assert_int_equal(archive_sweep(g.r.w.db, RIG_NOW + 14 * MS_PER_DAY), ERR_OK);
    assert_int_equal(world_number(&g.r.w, "SELECT count(name) FROM report_archive"), 0);
    api_resume_at(&g.r, RIG_NOW + 14 * MS_PER_DAY);
    api_refused(api_get(&g.r, COORDINATOR, target(id, "/file")), 404, "not_found");
    a = api_get(&g.r, COORDINATOR, target(id, ""));
    assert_string_equal(str_at(&a, "state"), "done");
    assert_true(json_is_true(at(&a, "swept")));
    answer_free(&a);
}

/* Where it is stopped, step by step: there is no file, whatever was written before. */
static bool stop_behind(void *ctx, int64_t done, int64_t total)
{
    assert_true(done >= 1 && done <= total);
    return done == *(const int64_t *)ctx;
}

static void a_stopped_one_leaves_no_file(void **state)
{
    struct archive_made made;
    char path[160];

    (void)state;
    api_stop(&g.r);
    assert_true(str_format(path, sizeof path, "%s/a.zip", g.r.w.dir));
    for (int64_t at = 1;; at++) {
        struct archive_asked asked_for = { .centre = g.r.w.centre,
                                           .year = 2026,
                                           .month = 10,
                                           .now_ms = RIG_NOW,
                                           .locale = "en",
                                           .stop = stop_behind,
                                           .ctx = &at };
        enum err e = archive_write(g.r.w.db, &asked_for, path, &made);

        if (!e) {
            assert_int_equal(at, 2 * made.reports + 1);
            break;
        }
        assert_int_equal(e, ERR_STATE);
        assert_int_equal(access(path, F_OK), -1);
    }
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(unlink(path), 0);
}

/* The desk goes on while it waits to be stopped, and says so. */
static void one_that_waits_is_stopped_by_a_person(void **state)
{
    struct answer a;
    int64_t id = asked(OCTOBER);

    (void)state;
    a = api_post(&g.r, COORDINATOR, target(id, "/stop"), "{}");
    assert_true(a.status == 202 || a.status == 409); /* it may be over already */
    answer_free(&a);
    a = ended(id);
    if (strcmp(str_at(&a, "state"), "stopped") == 0) {
        assert_string_equal(str_at(&a, "cause"), "asked");
        assert_true(json_is_null(at(&a, "file")));
    } else {
        assert_string_equal(str_at(&a, "state"), "done");
    }
    answer_free(&a);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(accepted_bytes_go_in_as_they_were_accepted),
        T(others_go_in_as_drafts_and_who_must_act_is_told),
        T(only_the_centre_may_and_another_centres_is_not_there),
        T(bad_months_are_refused),
        T(a_restart_breaks_it_off_and_it_can_be_begun_again),
        T(its_days_are_counted),
        T(a_stopped_one_leaves_no_file),
        T(one_that_waits_is_stopped_by_a_person),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
