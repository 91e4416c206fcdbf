/* SPDX-License-Identifier: Apache-2.0
 *
 * The demo world: whole, believable, the same each time, and with a lesson
 * that is running whenever one looks.
 */
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/demo.h"
#include "server/api/desk.h"
#include "server/domain/report.h"
#include "server/domain/upload.h"
#include "server/store/audit.h"
#include "server/store/home.h"
#include "server/store/lesson.h"
#include "server/store/login.h"
#include "server/store/migrate.h"
#include "server/store/org.h"
#include "server/store/report.h"
#include "server/sys/files.h"

/* Tuesday 24 November 2026, 10:12 in Moscow. */
#define NOW INT64_C(1795504320000)

static char dir[64], path[96];
static struct db *db;
static const struct account_key key = { { 7 } };

static int setup(void **state)
{
    (void)state;
    assert_true(str_format(dir, sizeof dir, "/tmp/parta-demo-XXXXXX"));
    assert_non_null(mkdtemp(dir));
    assert_true(str_format(path, sizeof path, "%s/demo.db", dir));
    assert_int_equal(db_open(&db, path, DB_WRITER), ERR_OK);
    assert_int_equal(migrate(db, NOW), ERR_OK);
    return 0;
}

static int teardown(void **state)
{
    char command[128];

    (void)state;
    db_close(db);
    assert_true(str_format(command, sizeof command, "rm -rf '%s'", dir));
    assert_int_equal(system(command), 0);
    return 0;
}

static int64_t number_of(const char *sql)
{
    struct query q = query_on(db, sql);
    int64_t n = -1;

    if (query_row(&q))
        n = row_int(&q);
    assert_int_equal(query_end(&q), ERR_OK);
    return n;
}

static int64_t running_at(int64_t at)
{
    struct query q = query_on(
        db, "SELECT COUNT(*) FROM lesson l JOIN lesson_child lc ON lc.lesson = l.id "
            "JOIN mentor m ON m.id = l.mentor JOIN \"user\" mu ON mu.id = m.user_id "
            "JOIN child c ON c.id = lc.child JOIN \"user\" cu ON cu.id = c.user_id "
            "WHERE mu.login = 'anna' AND cu.login = 'misha' AND l.start_ms <= $1 AND l.end_ms > $1 "
            "AND l.state IN ('scheduled', 'open', 'running', 'interrupted')");
    int64_t n = -1;

    query_int(&q, at);
    if (query_row(&q))
        n = row_int(&q);
    assert_int_equal(query_end(&q), ERR_OK);
    return n;
}

/* For tests that only look. */
static struct demo_table t;

static int setup_filled(void **state)
{
    setup(state);
    assert_int_equal(demo_fill(db, &key, NOW, &t), ERR_OK);
    return 0;
}

static void the_world_is_whole(void **state)
{
    struct chain_report chain;
    char fault[256] = "";

    (void)state;
    assert_int_equal(t.rows_n, 8);
    assert_string_equal(t.rows[0].what, "coordinator");
    assert_string_equal(t.rows[3].card, "417302");
    assert_int_equal(number_of("SELECT COUNT(*) FROM org WHERE type = 'centre'"), 1);
    assert_int_equal(number_of("SELECT COUNT(DISTINCT tz) FROM org WHERE type = 'school'"), 2);
    assert_int_equal(number_of("SELECT COUNT(*) FROM mentor"), 7);
    assert_int_equal(number_of("SELECT COUNT(*) FROM child"), 20);
    assert_int_equal(number_of("SELECT COUNT(DISTINCT user_id) FROM guardian_link"), 20);
    assert_int_equal(chain_verify(db, &chain), ERR_OK);
    assert_string_equal(chain.bad_kind, "");
    assert_int_equal(db_check(db, fault, sizeof fault), ERR_OK);
}

/* Every document of the demo can be opened and is what its row says. */
static void documents_have_their_files(void **state)
{
    char folder[] = "/tmp/parta-demo-files-XXXXXX";
    struct query q = query_on(db, "SELECT name, bytes, sha256 FROM staff_document");
    int n = 0;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(demo_files(folder), ERR_OK);
    assert_int_equal(demo_files(folder), ERR_OK); /* once more changes nothing */
    while (query_row(&q)) {
        char name[FILES_NAME_CHARS + 1], bytes[1024];
        uint8_t sha[32], told[32];
        int64_t len;
        int fd;

        row_text(&q, name, sizeof name);
        assert_int_equal(files_open(folder, name, &fd, &len), ERR_OK);
        assert_int_equal(len, row_int(&q));
        row_bytes(&q, told, sizeof told);
        assert_int_equal(read(fd, bytes, sizeof bytes), len);
        close(fd);
        assert_int_equal(upload_type_of((const uint8_t *)bytes, (size_t)len), UPLOAD_PDF);
        assert_true(EVP_Digest(bytes, (size_t)len, sha, NULL, EVP_sha256(), NULL));
        assert_memory_equal(sha, told, sizeof sha);
        files_remove(folder, name);
        n++;
    }
    assert_int_equal(query_end(&q), ERR_OK);
    assert_int_equal(n, 30); /* five of each mentor, none of the newcomer */
    rmdir(folder);
}

static void the_past_has_every_kind_of_lesson(void **state)
{
    static const char *const outcomes[] = { "held",          "partial",
                                            "child_no_show", "teacher_no_show",
                                            "tech_server",   "tech_child" };
    int64_t past;

    (void)state;
    past = number_of("SELECT COUNT(*) FROM lesson WHERE state IN ('computed', 'confirmed', "
                     "'disputed')");
    assert_true(past > 600);
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        struct query q = query_on(db, "SELECT COUNT(*) FROM attendance_child WHERE outcome = $1");
        int64_t n = 0;

        query_text(&q, outcomes[i]);
        if (query_row(&q))
            n = row_int(&q);
        assert_int_equal(query_end(&q), ERR_OK);
        if (n == 0)
            print_error("no lesson is %s\n", outcomes[i]);
        assert_true(n > 0);
    }
    assert_true(number_of("SELECT COUNT(*) FROM session WHERE end_reason = 'tired'") > 5);
    assert_true(number_of("SELECT COUNT(*) FROM session WHERE end_reason = 'timeout'") > 5);
    assert_true(number_of("SELECT COUNT(*) FROM session WHERE end_reason = 'server_restart'") > 2);
    assert_true(number_of("SELECT COUNT(*) FROM amendment") > 3);
    assert_true(number_of("SELECT COUNT(*) FROM confirmation WHERE result = 'disputed'") > 0);
    assert_true(number_of("SELECT COUNT(*) FROM lesson WHERE state = 'cancelled'") > 3);
    /* most lessons are held: this is a school, not a disaster */
    assert_true(number_of("SELECT COUNT(*) FROM attendance_child WHERE outcome = 'held'") * 100 >
                past * 75);
    assert_int_equal(number_of("SELECT COUNT(*) FROM session WHERE leave_ms IS NULL"), 0);
    assert_int_equal(number_of("SELECT COUNT(*) FROM lesson WHERE state IN ('scheduled', 'open') "
                               "AND end_ms < 1795504320000 - 600000"),
                     0);
}

static void every_report_of_both_months_is_sound(void **state)
{
    int sound = 0;

    (void)state;
    for (int month = 10; month <= 11; month++) {
        struct report_filter f = { .year = 2026, .month = month };
        struct report_head_list l;

        assert_int_equal(report_list(db, &f, &l), ERR_OK);
        assert_true(l.n >= 50);
        for (size_t i = 0; i < l.n; i++) {
            struct month_report r;
            int line = 0;

            assert_int_equal(report_load(db, &l.items[i].key, NOW, &r), ERR_OK);
            assert_int_equal(month_report_check(&r, &line), REPORT_FINE);
            sound += r.lines_n > 0;
            month_report_deinit(&r);
        }
        report_head_list_free(&l);
    }
    assert_true(sound >= 100);
}

static void one_lesson_runs_whenever_one_looks(void **state)
{
    (void)state;
    for (int minute = 0; minute < 24 * 60; minute++) {
        int64_t now = NOW + minute * MS_PER_MIN;
        int added;

        assert_int_equal(db_begin(db), ERR_OK);
        assert_int_equal(demo_keep_running(db, now, &added), ERR_OK);
        assert_int_equal(db_commit(db), ERR_OK);
        assert_int_equal(running_at(now), 1);
        assert_int_equal(running_at(now + 59999), 1);
    }
    /* nobody came, so nothing but the last of them stands */
    assert_true(number_of("SELECT COUNT(*) FROM lesson WHERE state = 'rescheduled'") > 30);
}

/* A coordinator who tries the demo out puts a lesson of the child right behind the running one. */
static void a_visitors_own_lesson_is_not_in_the_way(void **state)
{
    struct lesson_plan plan = { .state = LESSON_SCHEDULED, .tz = "Europe/Moscow", .children_n = 1 };
    struct lesson_id id;
    int64_t end = number_of("SELECT MAX(end_ms) FROM lesson WHERE state = 'scheduled'"), before;
    int added = 1;

    (void)state;
    plan.org.v = number_of("SELECT id FROM org WHERE type = 'centre'");
    plan.subject_id = number_of("SELECT MIN(id) FROM subject");
    plan.mentor.v = number_of("SELECT MAX(id) FROM mentor");
    plan.children[0].v =
        number_of("SELECT c.id FROM child c JOIN \"user\" u ON u.id = c.user_id WHERE login = "
                  "'misha'");
    plan.start_ms = end + 20 * MS_PER_MIN;
    plan.end_ms = plan.start_ms + 40 * MS_PER_MIN;
    assert_int_equal(db_begin(db), ERR_OK);
    assert_int_equal(lesson_add(db, &plan, NOW, (struct user_id){ 0 }, &id), ERR_OK);
    before = number_of("SELECT COUNT(*) FROM lesson");
    /* with the clock inside it there is nothing running of the two, and nothing can be added */
    assert_int_equal(demo_keep_running(db, plan.start_ms + 20 * MS_PER_MIN, &added), ERR_OK);
    assert_int_equal(added, 0);
    assert_int_equal(number_of("SELECT COUNT(*) FROM lesson"), before);
    db_rollback(db);
}

static void a_second_start_keeps_the_world_and_renews_the_links(void **state)
{
    struct demo_table again;
    int64_t lessons, sessions;
    struct user_id user;
    int64_t link;
    uint8_t hash[32];

    (void)state;
    lessons = number_of("SELECT COUNT(*) FROM lesson");
    sessions = number_of("SELECT COUNT(*) FROM session");
    assert_int_equal(demo_fill(db, &key, NOW + MS_PER_MIN, &again), ERR_OK);
    assert_int_equal(number_of("SELECT COUNT(*) FROM lesson"), lessons);
    assert_int_equal(number_of("SELECT COUNT(*) FROM session"), sessions);
    assert_string_not_equal(t.rows[0].token, again.rows[0].token);

    account_token_hash(t.rows[0].token, hash);
    assert_int_equal(link_consume(db, hash, NOW + 2 * MS_PER_MIN, &user, &link), ERR_NOTFOUND);
    account_token_hash(again.rows[0].token, hash);
    for (int i = 0; i < DEMO_LINK_USES; i++)
        assert_int_equal(link_consume(db, hash, NOW + 2 * MS_PER_MIN, &user, &link), ERR_OK);
    assert_int_equal(link_consume(db, hash, NOW + 2 * MS_PER_MIN, &user, &link), ERR_NOTFOUND);
}

static void days_without_the_demo_are_caught_up(void **state)
{
    int64_t before;

    (void)state;
    before = number_of("SELECT COUNT(*) FROM session");
    assert_int_equal(demo_fill(db, &key, NOW + 3 * MS_PER_DAY, &t), ERR_OK);
    assert_true(number_of("SELECT COUNT(*) FROM session") > before + 50);
    assert_int_equal(running_at(NOW + 3 * MS_PER_DAY), 1);
}

/* The desk itself renews it, minute by minute, without anybody asking. */
static int64_t desk_unix_ms, desk_mono_us;
static struct now desk_clock(void)
{
    return (struct now){ .mono_us = __atomic_load_n(&desk_mono_us, __ATOMIC_SEQ_CST),
                         .unix_ms = __atomic_load_n(&desk_unix_ms, __ATOMIC_SEQ_CST) };
}

static enum err every_minute(struct db *records, int64_t now_ms)
{
    int added;

    return demo_keep_running(records, now_ms, &added);
}

static void the_desk_renews_the_lesson(void **state)
{
    struct mailbox net;
    struct desk *desk;
    struct account_key unused;
    char key_path[96];
    struct desk_config config = { .db_path = path,
                                  .key_path = key_path,
                                  .workers = 1,
                                  .to_net = &net,
                                  .clock = desk_clock,
                                  .every_minute = every_minute };
    int64_t later = NOW + 5 * MS_PER_DAY;
    int64_t running = 0;

    (void)state;
    assert_true(str_format(key_path, sizeof key_path, "%s/key", dir));
    assert_int_equal(account_key_load(key_path, true, &unused),
                     ERR_OK); /* the records have cards */
    db_close(db);
    assert_int_equal(mailbox_init(&net, NULL, NULL), ERR_OK);
    __atomic_store_n(&desk_unix_ms, later, __ATOMIC_SEQ_CST);
    __atomic_store_n(&desk_mono_us, INT64_C(1000000), __ATOMIC_SEQ_CST);
    assert_int_equal(desk_open(&desk, &config), ERR_OK);
    assert_int_equal(db_open(&db, path, DB_READER), ERR_OK);
    for (int i = 0; i < 200 && running != 1; i++) {
        /* any mail makes the desk look at the time; it is answered after that work's commit */
        struct desk_request *r = desk_request_new(DESK_CONNECT, 1);
        struct mail *m;

        assert_non_null(r);
        assert_int_equal(desk_post(desk, r), ERR_OK);
        m = mailbox_wait(&net, 5 * US_PER_S);
        assert_non_null(m);
        desk_reply_free((struct desk_reply *)m);
        __atomic_add_fetch(&desk_mono_us, US_PER_S, __ATOMIC_SEQ_CST);
        running = running_at(later);
    }
    assert_int_equal(running, 1);
    desk_close(desk);
    mailbox_deinit(&net);
}

static void a_database_in_earnest_is_left_alone(void **state)
{
    struct org o = {
        .type = ORG_CENTRE, .code = "real", .name = "A centre", .tz = "Europe/Moscow"
    };
    uint8_t hash[32] = { 1 };

    (void)state;
    assert_int_equal(org_save(db, &o, NOW, (struct user_id){ 0 }, &o.id), ERR_OK);
    assert_int_equal(demo_fill(db, &key, NOW, &t), ERR_STATE);
    assert_int_equal(number_of("SELECT COUNT(*) FROM \"user\""), 0);
    assert_int_equal(link_allow_uses(db, hash, 50), ERR_NOTFOUND);
}

int main(void)
{
    /* The order matters: the first three only look, the two after them go on from there. */
    const struct CMUnitTest one_world[] = {
        cmocka_unit_test(the_world_is_whole),
        cmocka_unit_test(documents_have_their_files),
        cmocka_unit_test(the_past_has_every_kind_of_lesson),
        cmocka_unit_test(every_report_of_both_months_is_sound),
        cmocka_unit_test(a_visitors_own_lesson_is_not_in_the_way),
        cmocka_unit_test(a_second_start_keeps_the_world_and_renews_the_links),
        cmocka_unit_test(one_lesson_runs_whenever_one_looks),
        cmocka_unit_test(days_without_the_demo_are_caught_up),
        cmocka_unit_test(the_desk_renews_the_lesson),
    };
    const struct CMUnitTest others[] = {
        cmocka_unit_test_setup_teardown(a_database_in_earnest_is_left_alone, setup, teardown),
    };
    int failed = cmocka_run_group_tests(one_world, setup_filled, teardown);

    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
