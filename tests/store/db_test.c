/* SPDX-License-Identifier: Apache-2.0
 *
 * The driver and the migrations: what is bound is what is read, what fails
 * fails closed, damage is refused and never recreated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/store/event.h"
#include "server/store/migrate.h"
#include "tests/support/rnd.h"
#include "tests/support/world.h"

#define NOW INT64_C(1790000000000)

#define ok(call) assert_int_equal(call, ERR_OK)

static int open_world(void **state)
{
    static struct world w;

    world_open(&w, NOW);
    *state = &w;
    return 0;
}

static int close_world(void **state)
{
    world_close(*state);
    return 0;
}

static void what_is_bound_is_what_is_read(void **state)
{
    static const uint8_t bytes[4] = { 0, 255, 10, 0 };
    struct world *w = *state;
    struct query q;
    uint8_t back[4] = { 0 };
    char text[8], small[4];
    char *owned;

    ok(db_script(w->db, "CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d INTEGER) STRICT"));
    q = query_on(w->db, "INSERT INTO t (d, c, b, a) VALUES ($4, $3, $2, $1)");
    query_int(&q, INT64_MIN);
    query_text(&q, "ёж");
    query_bytes(&q, bytes, sizeof bytes);
    query_null(&q);
    ok(query_run(&q));
    q = query_on(w->db, "SELECT a, b, c, d, b FROM t");
    assert_true(query_row(&q));
    assert_true(row_int(&q) == INT64_MIN);
    row_text(&q, text, sizeof text);
    assert_string_equal(text, "ёж");
    row_bytes(&q, back, sizeof back);
    assert_memory_equal(back, bytes, sizeof bytes);
    assert_int_equal(row_int_or(&q, 7), 7);
    owned = row_text_dup(&q);
    assert_string_equal(owned, "ёж");
    mem_free(owned);
    assert_false(query_row(&q));
    ok(query_end_found(&q));
    /* text that does not fit is an error, never a cut */
    q = query_on(w->db, "SELECT b FROM t");
    assert_true(query_row(&q));
    row_text(&q, small, sizeof small);
    assert_string_equal(small, "");
    assert_int_equal(query_end(&q), ERR_DB);
    /* and so is a wrong type */
    q = query_on(w->db, "SELECT b FROM t");
    assert_true(query_row(&q));
    assert_int_equal(row_int(&q), 0);
    assert_int_equal(query_end(&q), ERR_DB);
}

static void a_careless_query_is_an_error(void **state)
{
    struct world *w = *state;
    struct query q = query_on(w->db, "SELECT id FROM org WHERE code = $1 AND id > $2");

    query_text(&q, "centre");
    assert_false(query_row(&q)); /* $2 was forgotten */
    assert_int_equal(query_end(&q), ERR_INVAL);
    q = query_on(w->db, "SELECT id FROM org WHERE id = $1");
    query_int(&q, 1);
    query_int(&q, 2); /* one too many */
    assert_int_equal(query_run(&q), ERR_INVAL);
    q = query_on(w->db, "SELECT id FROM org");
    assert_true(query_row(&q));
    row_skip(&q);
    assert_int_equal(row_int(&q), 0); /* no such column */
    assert_int_equal(query_end(&q), ERR_INVAL);
    q = query_on(w->db, "SELECT nonsense FROM nowhere");
    assert_int_equal(query_run(&q), ERR_DB);
    q = query_on(w->db, "SELECT id FROM org WHERE code = \"centre\""); /* no double-quoted text */
    assert_int_equal(query_run(&q), ERR_DB);
}

static void the_same_query_may_run_within_itself(void **state)
{
    static const char sql[] = "SELECT id FROM \"user\" ORDER BY id";
    struct world *w = *state;
    struct query outer = query_on(w->db, sql);
    int pairs = 0;

    while (query_row(&outer)) {
        struct query inner = query_on(w->db, sql);

        while (query_row(&inner))
            pairs++;
        ok(query_end(&inner));
    }
    ok(query_end(&outer));
    assert_int_equal(pairs, 64); /* 8 people */
}

static void a_savepoint_drops_its_own_work_only(void **state)
{
    struct world *w = *state;
    struct lesson_id l = world_lesson(w, 0, 0, NOW, NOW + 1000);

    ok(db_begin(w->db));
    ok(chat_add(w->db, l, w->guardian, "one", NOW));
    ok(db_savepoint(w->db));
    ok(chat_add(w->db, l, w->guardian, "two", NOW));
    ok(db_savepoint(w->db));
    ok(chat_add(w->db, l, w->guardian, "three", NOW));
    assert_int_equal(chat_add(w->db, (struct lesson_id){ 77 }, w->guardian, "x", NOW), ERR_STATE);
    db_undo(w->db);
    assert_string_equal(db_refusal(w->db), "foreign_key"); /* still known after the undo */
    ok(db_release(w->db));
    ok(db_commit(w->db));
    assert_int_equal(world_number(w, "SELECT count(*) FROM chat_line"), 2);
    assert_int_equal(db_savepoint(w->db), ERR_INVAL); /* outside a transaction */
}

static void migrations_are_applied_once(void **state)
{
    struct world *w = *state;
    int64_t before = world_number(w, "SELECT count(*) FROM schema_migration");

    ok(migrate(w->db, NOW + 1));
    ok(migrate(w->db, NOW + 2));
    assert_int_equal(world_number(w, "SELECT count(*) FROM schema_migration"), before);
    assert_int_equal(world_number(w, "SELECT max(at_ms) FROM schema_migration"), NOW);
}

static void a_newer_or_another_history_is_refused(void **state)
{
    struct world *w = *state;

    ok(db_script(w->db, "INSERT INTO schema_migration (number, name, sha256, at_ms) "
                        "VALUES (9000, 'future', x'00', 1)"));
    assert_int_equal(migrate(w->db, NOW), ERR_STATE);
    ok(db_script(w->db, "DELETE FROM schema_migration WHERE number = 9000"));
    ok(migrate(w->db, NOW));
    ok(db_script(w->db, "UPDATE schema_migration SET sha256 = zeroblob(32) WHERE number = 1"));
    assert_int_equal(migrate(w->db, NOW), ERR_STATE);
}

static void one_writer_at_a_time(void **state)
{
    struct world *w = *state;
    struct db *second = NULL, *reader = NULL;
    struct query q;

    assert_int_equal(db_open(&second, w->path, DB_WRITER), ERR_AGAIN);
    assert_null(second);
    ok(db_open(&reader, w->path, DB_READER));
    q = query_on(reader, "DELETE FROM chat_line");
    assert_int_equal(query_run(&q), ERR_IO);
    assert_int_equal(db_last_fault(reader), DB_FAULT_IO);
    db_close(reader);
}

static void a_reader_opens_what_no_server_has_open(void **state)
{
    struct world *w = *state;
    struct db *reader = NULL;
    struct query q;

    world_let_go(w);
    ok(db_open(&reader, w->path, DB_READER));
    q = query_on(reader, "SELECT count(*) FROM org");
    assert_true(query_row(&q));
    assert_int_equal(row_int(&q), 3);
    ok(query_end(&q));
    db_close(reader);
    world_take_back(w);
}

static void a_lock_of_somebody_else_is_waited_for_and_then_told(void **state)
{
    struct world *w = *state;
    struct lesson_id l = world_lesson(w, 0, 0, NOW, NOW + 1000);
    sqlite3 *other = NULL;

    db_busy_timeout(w->db, 10);
    assert_int_equal(sqlite3_open(w->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(chat_add(w->db, l, w->guardian, "x", NOW), ERR_AGAIN);
    assert_int_equal(db_last_fault(w->db), DB_FAULT_BUSY);
    sqlite3_exec(other, "COMMIT", NULL, NULL, NULL);
    ok(chat_add(w->db, l, w->guardian, "x", NOW));
    sqlite3_close(other);
}

static void a_full_disk_is_told_and_leaves_no_half(void **state)
{
    struct world *w = *state;
    struct lesson_id l = world_lesson(w, 0, 0, NOW, NOW + 1000);
    char much[4001];
    enum err e = ERR_OK;
    int64_t written = 0;

    memset(much, 'x', sizeof much - 1);
    much[sizeof much - 1] = '\0';
    ok(db_limit_pages(w->db, 1));
    for (int i = 0; i < 20 && !e; i++) {
        ok(db_begin(w->db));
        e = chat_add(w->db, l, w->guardian, much, NOW);
        if (e)
            db_rollback(w->db);
        else
            ok(db_commit(w->db));
        written += !e;
    }
    assert_int_equal(e, ERR_IO);
    assert_int_equal(db_last_fault(w->db), DB_FAULT_FULL);
    assert_int_equal(world_number(w, "SELECT count(*) FROM chat_line"), written);
    ok(db_limit_pages(w->db, 100000));
    ok(chat_add(w->db, l, w->guardian, much, NOW));
    {
        char fault[128];

        ok(db_check(w->db, fault, sizeof fault));
    }
}

/* Every path of a damaged file ends in a refusal, never in a fresh database. */
static void damage_is_refused_and_nothing_is_recreated(void **state)
{
    struct world *w = *state;
    struct rnd rnd = { .s = rnd_seed(5) };
    struct stat st;
    struct db *db = NULL;
    uint8_t *whole;
    int fd, refused = 0;

    world_let_go(w);
    fd = open(w->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &st), 0);
    whole = mem_zalloc((size_t)st.st_size, 1);
    assert_int_equal(pread(fd, whole, (size_t)st.st_size, 0), st.st_size);
    /* emptied */
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(db_open(&db, w->path, DB_WRITER), ERR_DB);
    /* gone */
    assert_int_equal(unlink(w->path), 0);
    assert_int_equal(db_open(&db, w->path, DB_WRITER), ERR_DB);
    close(fd);
    fd = open(w->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    /* a wrong header */
    assert_int_equal(pwrite(fd, whole, (size_t)st.st_size, 0), st.st_size);
    assert_int_equal(pwrite(fd, "SQLITE FORMAT 9", 15, 0), 15);
    assert_int_equal(db_open(&db, w->path, DB_WRITER), ERR_DB);
    /* pages overwritten: refused, or found by the check, or harmless (a free part of a page) */
    for (int i = 0; i < 40; i++) {
        off_t page = 4096 * rnd_in(&rnd, 1, st.st_size / 4096 - 1);
        char fault[256] = "";
        enum err e;

        assert_int_equal(pwrite(fd, whole, (size_t)st.st_size, 0), st.st_size);
        for (off_t b = 0; b < 64; b++) {
            uint8_t byte = (uint8_t)rnd_in(&rnd, 0, 255);

            assert_int_equal(pwrite(fd, &byte, 1, page + b), 1);
        }
        e = db_open(&db, w->path, DB_WRITER);
        if (!e)
            e = db_quick_check(db);
        if (!e)
            e = db_check(db, fault, sizeof fault);
        refused += e != ERR_OK;
        db_close(db);
        db = NULL;
    }
    assert_true(refused >= 38);
    assert_int_equal(pwrite(fd, whole, (size_t)st.st_size, 0), st.st_size);
    close(fd);
    mem_free(whole);
    world_take_back(w);
    ok(db_quick_check(w->db));
}

static void the_file_is_its_owners_alone(void **state)
{
    struct world *w = *state;
    struct stat st;

    assert_int_equal(stat(w->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void a_copy_is_whole_and_never_overwrites(void **state)
{
    struct world *w = *state;
    struct db *copy = NULL;
    char path[128], fault[128];
    struct query q;

    assert_true(str_format(path, sizeof path, "%s/copy.db", w->dir));
    ok(db_copy(w->db, path));
    assert_int_equal(db_copy(w->db, path), ERR_STATE);
    ok(db_open(&copy, path, DB_READER));
    ok(db_check(copy, fault, sizeof fault));
    q = query_on(copy, "SELECT count(*) FROM \"user\"");
    assert_true(query_row(&q));
    assert_int_equal(row_int(&q), 8);
    ok(query_end(&q));
    db_close(copy);
}

/* Each allocation fails once, in the order they come: an error, no leak, no crash. */
static void lists_survive_lack_of_memory(void **state)
{
    struct world *w = *state;
    struct user_list l;

    for (long n = 0; n < 1000; n++) {
        long before = mem_live();
        enum err e;

        mem_fail_after(n);
        e = user_list(w->db, ROLE_NONE, (struct org_id){ 0 }, NOW, &l);
        mem_fail_after(-1);
        if (!e) {
            assert_int_equal(l.n, 8);
            user_list_free(&l);
            assert_true(n > 0);
            return;
        }
        assert_int_equal(e, ERR_NOMEM);
        assert_int_equal(mem_live(), before);
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
        t(what_is_bound_is_what_is_read),
        t(a_careless_query_is_an_error),
        t(the_same_query_may_run_within_itself),
        t(a_savepoint_drops_its_own_work_only),
        t(migrations_are_applied_once),
        t(a_newer_or_another_history_is_refused),
        t(one_writer_at_a_time),
        t(a_reader_opens_what_no_server_has_open),
        t(a_lock_of_somebody_else_is_waited_for_and_then_told),
        t(a_full_disk_is_told_and_leaves_no_half),
        t(damage_is_refused_and_nothing_is_recreated),
        t(the_file_is_its_owners_alone),
        t(a_copy_is_whole_and_never_overwrites),
        t(lists_survive_lack_of_memory),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
