/* SPDX-License-Identifier: Apache-2.0
 *
 * Scans of a referral's papers through the HTTP API: sent by the school, lying
 * sealed on the disk, opened by the centre alone and only with a cause, taken
 * away when no paper names them any more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/desk.h"
#include "server/api/intake.h"
#include "tests/api/intake_rig.h"

#define PDF(words) "%PDF-1.7\n" words "\nstartxref\n9\n%%EOF\n"
#define OPEN_BASIS "{\"kind\":\"basis\",\"why\":\"review\"}"

static struct answer send(enum who who, int64_t id, const char *kind, const char *bytes)
{
    char target[64];

    assert_true(
        str_format(target, sizeof target, "/referrals/%lld/scans?kind=%s", (long long)id, kind));
    return api_send(&intake, who, target, bytes, strlen(bytes));
}

static void sends(int64_t id, const char *kind, const char *bytes)
{
    struct answer a = send(OFFICER, id, kind, bytes);

    if (a.status != 201)
        print_error("%s\n", a.body);
    assert_int_equal(a.status, 201);
    answer_free(&a);
}

static struct answer opened(enum who who, int64_t id, const char *body)
{
    char target[64];

    assert_true(str_format(target, sizeof target, "/referrals/%lld/scans/open", (long long)id));
    return api_post(&intake, who, target, body);
}

/* How many files lie on the disk; path: the last one's. */
static size_t files_on_disk(char *path, size_t cap)
{
    char folder[600];
    struct dirent *e;
    size_t n = 0;
    DIR *dir;

    api_expect(&intake, COORDINATOR, "GET", "/centre", NULL,
               200); /* the last request is all done */
    assert_true(str_format(folder, sizeof folder, "%s.files", intake.w.path));
    dir = opendir(folder);
    while (dir && (e = readdir(dir))) {
        if (e->d_name[0] == '.')
            continue;
        assert_true(str_format(path, cap, "%s/%s", folder, e->d_name));
        n++;
    }
    if (dir)
        closedir(dir);
    return n;
}

static bool in_file(const char *path, const char *words)
{
    static char block[4096];
    FILE *f = fopen(path, "rb");
    size_t n;

    assert_non_null(f);
    n = fread(block, 1, sizeof block, f);
    fclose(f);
    return memmem(block, n, words, strlen(words)) != NULL;
}

static void a_repeated_upload_is_done_once(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL);
    char to[64], path[900];

    (void)state;
    assert_true(str_format(to, sizeof to, "/referrals/%lld/scans?kind=basis", (long long)v.id));
    for (int i = 0; i < 2; i++) {
        struct answer a =
            api_send_keyed(&intake, OFFICER, to, "k1", PDF("J45"), strlen(PDF("J45")));

        assert_int_equal(a.status, 201);
        assert_true(json_is_true(at(&a, "basis.scan")));
        answer_free(&a);
    }
    assert_int_equal(files_on_disk(path, sizeof path), 1);
    api_refused(api_send_keyed(&intake, OFFICER, to, "k1", PDF("J46"), strlen(PDF("J46"))), 409,
                "key_reused");
    assert_int_equal(files_on_disk(path, sizeof path), 1);
    api_stop(&intake);
    assert_int_equal(
        world_number(&intake.w, "SELECT count(*) FROM audit WHERE action = 'referral.scan'"), 1);
}

static void a_scan_comes_lies_sealed_and_goes_out_whole(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL);
    char path[900];
    struct answer a = send(OFFICER, v.id, "basis", PDF("J45"));

    (void)state;
    assert_int_equal(a.status, 201);
    assert_true(json_is_true(at(&a, "basis.scan")));
    assert_true(json_is_false(at(&a, "recommendation.scan")));
    assert_int_equal(int_at(&a, "version"), v.version); /* what is typed meanwhile stays good */
    answer_free(&a);
    assert_int_equal(files_on_disk(path, sizeof path), 1);
    assert_false(in_file(path, "J45"));
    assert_false(in_file(path, "%PDF"));
    referral_step(OFFICER, v, "/submit", NULL);
    a = opened(COORDINATOR, v.id, OPEN_BASIS);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.type, "application/pdf");
    assert_string_equal(a.body, PDF("J45"));
    assert_non_null(strstr(a.headers, "Content-Disposition: attachment; filename=\"basis-"));
    assert_non_null(strstr(a.headers, "Content-Security-Policy: sandbox"));
    answer_free(&a);
    api_refused(opened(COORDINATOR, v.id, "{\"kind\":\"recommendation\",\"why\":\"review\"}"), 404,
                "not_found");
    api_stop(&intake);
    assert_int_equal(world_number(&intake.w, "SELECT count(*) FROM audit WHERE action = "
                                             "'medical.read' AND entity = 'referral_scan' "
                                             "AND after = 'review'"),
                     1);
}

static void only_the_centre_opens_and_only_with_a_cause(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL);

    (void)state;
    sends(v.id, "basis", PDF("1"));
    api_refused(opened(COORDINATOR, v.id, OPEN_BASIS), 404, "not_found"); /* a draft */
    referral_step(OFFICER, v, "/submit", NULL);
    bad_field(opened(COORDINATOR, v.id, "{\"kind\":\"basis\"}"), "why", "missing");
    bad_field(opened(COORDINATOR, v.id, "{\"kind\":\"award\",\"why\":\"review\"}"), "kind",
              "range");
    api_refused(opened(OFFICER, v.id, OPEN_BASIS), 403, "not_allowed");
    api_refused(opened(OFFICER_2, v.id, OPEN_BASIS), 403, "not_allowed");
    api_refused(opened(MENTOR, v.id, OPEN_BASIS), 403, "not_allowed");
    api_refused(opened(GUARDIAN, v.id, OPEN_BASIS), 403, "not_allowed");
    api_refused(opened(ADMIN, v.id, OPEN_BASIS), 403, "not_allowed");
    api_refused(opened(NOBODY, v.id, OPEN_BASIS), 401, "no_login");
    api_refused(send(COORDINATOR, v.id, "basis", PDF("2")), 403, "not_allowed");
    api_refused(send(OFFICER_2, v.id, "basis", PDF("2")), 404, "not_found");
    api_refused(send(MENTOR, v.id, "basis", PDF("2")), 403, "not_allowed");
    api_refused(send(NOBODY, v.id, "basis", PDF("2")), 401, "no_login");
}

static void gate_is(struct answer a, const char *gate)
{
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), gate);
    answer_free(&a);
}

static void what_is_no_scan_is_refused_and_leaves_nothing(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL),
                      bare = referral_draft(OFFICER, "{" PERSON "}");
    char path[900];

    (void)state;
    bad_field(send(OFFICER, v.id, "award", PDF("1")), "kind", "range");
    api_refused(send(OFFICER, v.id, "basis", "<svg onload=alert(1)>"), 400, "bad_file");
    api_refused(send(OFFICER, v.id, "basis", ""), 400, "bad_file");
    gate_is(send(OFFICER, bare.id, "basis", PDF("1")), "no_paper");
    sends(v.id, "basis", PDF("1"));
    api_refused(send(OFFICER, v.id, "recommendation", PDF("1")), 409, "same_file");
    v = referral_step(OFFICER, v, "/submit", NULL);
    gate_is(send(OFFICER, v.id, "basis", PDF("2")), "referral_state"); /* no longer its to write */
    assert_int_equal(files_on_disk(path, sizeof path), 1);
}

static void a_scan_over_the_policy_is_too_large(void **state)
{
    struct at_version v;
    char *big = mem_zalloc(1, 2050);

    (void)state;
    api_close(&intake);
    api_open(&intake);
    assert_int_equal(policy_set(intake.w.db, intake.w.centre, "intake.scan_kib", "2",
                                RIG_NOW - MS_PER_DAY, "the centre's rule", RIG_NOW,
                                intake.w.coordinator),
                     ERR_OK);
    api_start(&intake);
    v = referral_draft(OFFICER, FULL);
    memset(big, ' ', 2049);
    api_refused(send(OFFICER, v.id, "basis", big), 413, "too_large");
    mem_free(big);
}

static void what_was_changed_on_the_disk_is_not_handed_out(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL);
    char path[900];
    FILE *f;

    (void)state;
    sends(v.id, "basis", PDF("1"));
    referral_step(OFFICER, v, "/submit", NULL);
    assert_int_equal(files_on_disk(path, sizeof path), 1);
    f = fopen(path, "r+");
    assert_non_null(f);
    fseek(f, 30, SEEK_SET);
    fputc('X', f);
    fclose(f);
    api_refused(opened(COORDINATOR, v.id, OPEN_BASIS), 500, "internal");
}

/* What the desk does once an hour, so many days later. */
static void swept(int days)
{
    char folder[600];

    api_stop(&intake);
    assert_true(str_format(folder, sizeof folder, "%s.files", intake.w.path));
    assert_int_equal(referral_sweep(intake.w.db, RIG_NOW + days * MS_PER_DAY), ERR_OK);
    assert_int_equal(scan_sweep(intake.w.db, folder), ERR_OK);
    api_resume_at(&intake, RIG_NOW);
}

/* The former file stays until the sweep, so that an undone request loses nothing. */
static void a_replaced_scan_is_taken_away_with_its_file(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL);
    char path[900];
    struct answer a;

    (void)state;
    sends(v.id, "basis", PDF("first"));
    sends(v.id, "basis", PDF("second"));
    assert_int_equal(files_on_disk(path, sizeof path), 2);
    swept(1);
    assert_int_equal(files_on_disk(path, sizeof path), 1);
    referral_step(OFFICER, v, "/submit", NULL);
    a = opened(COORDINATOR, v.id, OPEN_BASIS);
    assert_string_equal(a.body, PDF("second"));
    answer_free(&a);
}

static void a_refused_referral_keeps_its_scan_for_a_year(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL);
    char path[900];

    (void)state;
    sends(v.id, "basis", PDF("1"));
    v = referral_step(OFFICER, v, "/submit", NULL);
    v = referral_step(COORDINATOR, v, "/take", NULL);
    referral_step(COORDINATOR, v, "/decide", REFUSE);
    swept(364);
    assert_int_equal(files_on_disk(path, sizeof path), 1);
    swept(366);
    assert_int_equal(files_on_disk(path, sizeof path), 0);
    api_stop(&intake);
    assert_int_equal(world_number(&intake.w, "SELECT count(*) FROM referral_scan"), 0);
}

#define t(f) cmocka_unit_test_setup_teardown(f, intake_setup, intake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        t(a_repeated_upload_is_done_once),
        t(a_scan_comes_lies_sealed_and_goes_out_whole),
        t(only_the_centre_opens_and_only_with_a_cause),
        t(what_is_no_scan_is_refused_and_leaves_nothing),
        t(a_scan_over_the_policy_is_too_large),
        t(what_was_changed_on_the_disk_is_not_handed_out),
        t(a_replaced_scan_is_taken_away_with_its_file),
        t(a_refused_referral_keeps_its_scan_for_a_year),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
