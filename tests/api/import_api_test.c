/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists that a centre brings along, through the HTTP API: a look tells every fault by row and
 * column, with one of them nothing is written, without one all of it is; only the coordinator may.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/tables/read.h"
#include "tests/api/api_rig.h"

static struct api_rig r;

#define LOOK "/imports?kind=children"
#define WRITE "/imports?kind=children&apply=true"
#define HEAD "register_no,name,birth_date,grade,school,login,guardian_name,guardian_login\n"

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static struct answer send_list(enum who who, const char *target, const char *list)
{
    return api_send(&r, who, target, list, strlen(list));
}

static int64_t count(const char *sql)
{
    int64_t n;

    api_stop(&r);
    n = world_number(&r.w, sql);
    api_resume_at(&r, RIG_NOW);
    return n;
}

/* Code of a school of the small world. */
static const char *school(int i)
{
    static char codes[2][33];
    struct org o;

    api_stop(&r);
    assert_int_equal(org_load(r.w.db, r.w.schools[i], &o), ERR_OK);
    assert_true(str_copy(codes[i], sizeof codes[i], o.code));
    api_resume_at(&r, RIG_NOW);
    return codes[i];
}

static const char *list_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *list_of(const char *format, ...)
{
    static char text[4000];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    return text;
}

static void expect_fault(const struct answer *a, int i, const char *code, int row,
                         const char *column)
{
    char path[40];

    snprintf(path, sizeof path, "faults.%d.code", i);
    assert_string_equal(str_at(a, path), code);
    snprintf(path, sizeof path, "faults.%d.row", i);
    assert_int_equal(int_at(a, path), row);
    snprintf(path, sizeof path, "faults.%d.column", i);
    assert_string_equal(str_at(a, path), column);
}

static void a_good_list_is_looked_at_then_written(void **state)
{
    const char *list = list_of(HEAD "77/26,Миша Орлов,2015-03-09,5,%s,misha.o,Ольга Орлова,olga.o\n"
                                    "78/26,Лена Орлова,2017-03-09,3,%s,,Ольга Орлова,olga.o\n",
                               school(0), school(0));
    int64_t before = count("SELECT count(*) FROM child");
    struct answer a = send_list(COORDINATOR, LOOK, list);

    (void)state;
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "faults_total"), 0);
    assert_int_equal(int_at(&a, "rows"), 2);
    assert_true(json_is_false(at(&a, "applied")));
    answer_free(&a);
    assert_int_equal(count("SELECT count(*) FROM child"), before);
    a = send_list(COORDINATOR, WRITE, list);
    assert_true(json_is_true(at(&a, "applied")));
    assert_int_equal(int_at(&a, "made.children"), 2);
    assert_int_equal(int_at(&a, "made.guardians"), 1); /* of both */
    answer_free(&a);
    assert_int_equal(count("SELECT count(*) FROM child"), before + 2);
    assert_int_equal(
        count("SELECT count(*) FROM guardian_link l JOIN \"user\" u ON u.id = l.user_id "
              "WHERE u.login = 'olga.o'"),
        2);
    assert_int_equal(count("SELECT count(*) FROM audit WHERE action = 'import'"), 1);
    a = send_list(COORDINATOR, WRITE, list); /* and once more: they are there now */
    assert_true(json_is_false(at(&a, "applied")));
    expect_fault(&a, 0, "taken", 2, "register_no");
    expect_fault(&a, 1, "taken", 2, "login");
    expect_fault(&a, 2, "taken", 3, "register_no");
    assert_int_equal(int_at(&a, "faults_total"), 3);
    answer_free(&a);
}

/* The answer was lost: asked again, it is the first one, and not "they are there already". */
static void a_repeated_upload_is_done_once(void **state)
{
    const char *list = list_of(HEAD "77/26,Миша Орлов,2015-03-09,5,%s,,,\n", school(0));
    int64_t before = count("SELECT count(*) FROM child");

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct answer a = api_send_keyed(&r, COORDINATOR, WRITE, "k1", list, strlen(list));

        assert_int_equal(a.status, 200);
        assert_true(json_is_true(at(&a, "applied")));
        assert_int_equal(int_at(&a, "made.children"), 1);
        answer_free(&a);
    }
    /* a look is another question */
    api_refused(api_send_keyed(&r, COORDINATOR, LOOK, "k1", list, strlen(list)), 409, "key_reused");
    assert_int_equal(count("SELECT count(*) FROM child"), before + 1);
    assert_int_equal(count("SELECT count(*) FROM audit WHERE action = 'import'"), 1);
}

/* A list that breaks at its last row changes nothing. */
static void one_fault_is_enough(void **state)
{
    int64_t before = count("SELECT count(*) FROM \"user\"");
    struct answer a = send_list(COORDINATOR, WRITE,
                                list_of(HEAD "1,Ян Ли,2015-03-09,5,%s,,,\n"
                                             "2,Ия Ли,2015-03-09,5,%s,,,\n"
                                             "3,Оя Ли,2015-03-09,5,nowhere,,,\n",
                                        school(0), school(1)));

    (void)state;
    assert_int_equal(a.status, 200);
    assert_true(json_is_false(at(&a, "applied")));
    expect_fault(&a, 0, "unknown", 4, "school");
    answer_free(&a);
    assert_int_equal(count("SELECT count(*) FROM \"user\""), before);
}

static void what_the_records_have_against_it(void **state)
{
    struct child there;
    struct answer a;

    (void)state;
    api_stop(&r);
    assert_int_equal(child_load(r.w.db, r.w.children[0], &there), ERR_OK);
    assert_int_equal(world_number(&r.w, "UPDATE child SET birth_date = '2015-03-09' WHERE id = "
                                        "(SELECT min(id) FROM child) RETURNING 1"),
                     1);
    assert_int_equal(world_number(&r.w, "UPDATE \"user\" SET login = 'mama' WHERE id = "
                                        "(SELECT user_id FROM guardian_link) RETURNING 1"),
                     1);
    assert_int_equal(world_number(&r.w, "UPDATE \"user\" SET login = 'anna' WHERE id = "
                                        "(SELECT min(user_id) FROM mentor) RETURNING 1"),
                     1);
    api_resume_at(&r, RIG_NOW);
    a = send_list(COORDINATOR, LOOK,
                  list_of(HEAD "1,%s,2015-03-09,5,%s,,,\n"
                               "2,Ия Ли,2030-03-09,5,%s,,,\n"
                               "3,Оя Ли,1990-03-09,5,%s,anna,,\n"
                               "4,Ая Ли,2015-03-09,5,%s,,Мама,mama\n"
                               "5,Юя Ли,2015-03-09,5,%s,,Анна,anna\n",
                          there.name, school(0), school(0), school(0), school(0), school(0)));
    expect_fault(&a, 0, "duplicate", 2, "name");
    expect_fault(&a, 1, "range", 3, "birth_date");
    expect_fault(&a, 2, "taken", 4, "login");
    expect_fault(&a, 3, "range", 4, "birth_date");
    expect_fault(&a, 4, "taken", 6, "guardian_login"); /* a mentor is no guardian by a list */
    assert_int_equal(int_at(&a, "faults_total"), 5);
    answer_free(&a);
}

static void files_that_are_no_lists(void **state)
{
    char *long_list = mem_zalloc(3000 * 8, 1);
    struct answer a = send_list(COORDINATOR, LOOK, "PK\x03\x04nonsense");

    (void)state;
    expect_fault(&a, 0, "no_table", 0, "");
    answer_free(&a);
    a = send_list(COORDINATOR, LOOK, HEAD "1,\xCC\xE8\xF8\xE0,2015-03-09,5,s,,,\n");
    expect_fault(&a, 0, "encoding", 2, "name");
    answer_free(&a);
    a = send_list(COORDINATOR, LOOK, "a;b\n1;2\n");
    expect_fault(&a, 0, "which_column", 1, "a");
    answer_free(&a);
    for (int i = 0; i < 2500; i++)
        memcpy(long_list + i * 8, "1,2,3,4\n", 8);
    a = send_list(COORDINATOR, LOOK, long_list);
    expect_fault(&a, 0, "too_many_rows", 2002, "");
    answer_free(&a);
    mem_free(long_list);
}

static void mentors_and_a_timetable(void **state)
{
    struct answer a =
        send_list(COORDINATOR, "/imports?kind=mentors&apply=true",
                  list_of("login,name,time_zone,school,employed_from,hours_week,order_no\n"
                          "vera.k,Вера Ким,Asia/Omsk,%s,2026-09-01,9,7-к\n",
                          school(0)));
    struct child child;
    struct subject_list subjects = { 0 };
    const char *list;

    (void)state;
    assert_true(json_is_true(at(&a, "applied")));
    assert_int_equal(int_at(&a, "made.mentors"), 1);
    answer_free(&a);
    assert_int_equal(count("SELECT week_minutes FROM employment WHERE order_no = '7-к'"), 540);
    api_stop(&r);
    assert_int_equal(child_load(r.w.db, r.w.children[0], &child), ERR_OK);
    assert_int_equal(subject_list(r.w.db, &subjects), ERR_OK);
    api_resume_at(&r, RIG_NOW);
    list = list_of("date,start,end,subject,mentor,children\n"
                   "2026-12-01,10:00,10:40,%s,vera.k,%s\n"
                   "2026-11-24,10:00,10:40,%s,vera.k,%s\n" /* this morning */
                   "2026-12-02,10:00,10:40,nothing,nobody,%s %s\n",
                   subjects.items[0].code, child.register_no, subjects.items[0].code,
                   child.register_no, child.register_no, child.register_no);
    a = send_list(COORDINATOR, "/imports?kind=timetable&apply=true", list);
    assert_true(json_is_false(at(&a, "applied")));
    expect_fault(&a, 0, "past", 3, "date");
    expect_fault(&a, 1, "unknown", 4, "subject");
    expect_fault(&a, 2, "unknown", 4, "mentor");
    expect_fault(&a, 3, "twice", 4, "children");
    answer_free(&a);
    a = send_list(COORDINATOR, "/imports?kind=timetable&apply=true",
                  list_of("date,start,end,subject,mentor,children\n"
                          "2026-12-01,10:00,10:40,%s,vera.k,%s\n",
                          subjects.items[0].code, child.register_no));
    assert_true(json_is_true(at(&a, "applied")));
    assert_int_equal(int_at(&a, "made.lessons"), 1);
    assert_true(int_at(&a, "version") > 0);
    answer_free(&a);
    assert_int_equal(count("SELECT count(*) FROM lesson WHERE state = 'planned'"), 1);
    subject_list_free(&subjects);
}

/* A night on which the clocks jump, in the child's zone. */
static void a_time_that_is_not_there(void **state)
{
    struct child child;
    struct subject_list subjects = { 0 };
    struct answer a;

    (void)state;
    api_stop(&r);
    assert_int_equal(world_number(&r.w,
                                  "UPDATE \"user\" SET tz = 'Europe/Berlin' WHERE id = (SELECT "
                                  "user_id FROM child ORDER BY id LIMIT 1) RETURNING 1"),
                     1);
    assert_int_equal(world_number(&r.w, "UPDATE \"user\" SET login = 'anna' WHERE id = "
                                        "(SELECT min(user_id) FROM mentor) RETURNING 1"),
                     1);
    assert_int_equal(child_load(r.w.db, r.w.children[0], &child), ERR_OK);
    assert_int_equal(subject_list(r.w.db, &subjects), ERR_OK);
    api_resume_at(&r, RIG_NOW);
    a = send_list(COORDINATOR, "/imports?kind=timetable",
                  list_of("date,start,end,subject,mentor,children\n"
                          "2027-03-28,2:30,3:10,%s,anna,%s\n"
                          "2027-10-31,2:30,3:10,%s,anna,%s\n",
                          subjects.items[0].code, child.register_no, subjects.items[0].code,
                          child.register_no));
    expect_fault(&a, 0, "no_such_time", 2, "start");
    expect_fault(&a, 1, "no_such_time", 3, "start");
    assert_int_equal(int_at(&a, "faults_total"), 2);
    answer_free(&a);
    subject_list_free(&subjects);
}

/* ---- archives ------------------------------------------------------------------------------- */

static struct answer send_archive(const char *users)
{
    static const struct {
        const char *name, *text;
    } files[] = {
        { "manifest.csv", "propertyName,value\nfile.orgs,bulk\nfile.users,bulk\nfile.roles,bulk\n"
                          "file.demographics,bulk\n" },
        { "orgs.csv", "sourcedId,status,name,type,identifier\no1,active,Школа 77,school,s-77\n" },
        { "roles.csv",
          "sourcedId,userSourcedId,role,orgSourcedId\nr1,u1,student,o1\nr2,u2,teacher,o1\n"
          "r3,u3,guardian,o1\n" },
        { "demographics.csv", "sourcedId,birthDate\nu1,2015-03-09\n" },
    };
    struct pack_out *p;
    struct answer a;
    uint8_t *bytes;
    size_t len;

    assert_int_equal(pack_new(&p), ERR_OK);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        assert_int_equal(pack_add(p, files[i].name, files[i].text, strlen(files[i].text)), ERR_OK);
    assert_int_equal(pack_add(p, "users.csv", users, strlen(users)), ERR_OK);
    assert_int_equal(pack_take(p, &bytes, &len), ERR_OK);
    a = api_send(&r, COORDINATOR, "/imports?kind=oneroster&apply=true", bytes, len);
    mem_free(bytes);
    return a;
}

#define USERS "sourcedId,status,username,givenName,familyName,identifier,agentSourcedIds,grades\n"

static void an_archive_comes_whole_or_not_at_all(void **state)
{
    struct answer a = send_archive(USERS "u1,active,misha,Миша,Орлов,77/26,u3,05\n"
                                         "u2,active,,Анна,Белова,,,\n"
                                         "u3,active,olga.o,Ольга,Орлова,,,\n");

    (void)state;
    assert_true(json_is_false(at(&a, "applied")));
    expect_fault(&a, 0, "missing", 3, "username");
    assert_string_equal(str_at(&a, "faults.0.file"), "users.csv");
    answer_free(&a);
    assert_int_equal(count("SELECT count(*) FROM org WHERE code = 's-77'"), 0);
    a = send_archive(USERS "u1,active,misha,Миша,Орлов,77/26,u3,05\n"
                           "u2,active,anna.b,Анна,Белова,,,\n"
                           "u3,active,olga.o,Ольга,Орлова,,,\n");
    assert_true(json_is_true(at(&a, "applied")));
    assert_int_equal(int_at(&a, "made.schools"), 1);
    assert_int_equal(int_at(&a, "made.children"), 1);
    assert_int_equal(int_at(&a, "made.mentors"), 1);
    assert_int_equal(int_at(&a, "made.guardians"), 1);
    answer_free(&a);
    assert_int_equal(count("SELECT grade FROM child WHERE register_no = '77/26'"), 5);
}

/* What goes out of one database comes into another, and out of that as the same people. */
static void an_export_is_an_import(void **state)
{
    struct answer a = api_get(&r, COORDINATOR, "/exports/oneroster.zip"), again, made;
    int64_t children, mentors, links, assignments;

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(a.type, "application/zip");
    answer_free(&a);
    api_stop(&r);
    (void)world_number(&r.w, "UPDATE child SET birth_date = '2015-03-09' RETURNING 1");
    children = world_number(&r.w, "SELECT count(*) FROM child");
    mentors = world_number(&r.w, "SELECT count(*) FROM mentor");
    links = world_number(&r.w, "SELECT count(*) FROM guardian_link");
    assignments = world_number(&r.w, "SELECT count(*) FROM assignment WHERE subject IS NOT NULL");
    assert_true(children > 0 && mentors > 0 && links > 0);
    api_resume_at(&r, RIG_NOW);
    a = api_get(&r, COORDINATOR, "/exports/oneroster.zip");
    again = api_get(&r, COORDINATOR, "/exports/oneroster.zip");
    assert_int_equal(a.body_len, again.body_len);
    assert_memory_equal(a.body, again.body, a.body_len);
    answer_free(&again);
    made = api_send(&r, COORDINATOR, "/imports?kind=oneroster", a.body, a.body_len);
    assert_int_equal(int_at(&made, "faults_total"), children + mentors);
    answer_free(&made); /* all are there already; the guardian may have a child more */
    api_close(&r);
    api_open(&r); /* another centre: nobody there yet */
    (void)world_number(&r.w, "UPDATE child SET register_no = 'old' || id RETURNING 1");
    (void)world_number(&r.w,
                       "UPDATE \"user\" SET name = 'Old ' || id, login = 'old' || id RETURNING 1");
    api_start(&r);
    made = api_send(&r, COORDINATOR, "/imports?kind=oneroster&apply=true", a.body, a.body_len);
    assert_true(json_is_true(at(&made, "applied")));
    assert_int_equal(int_at(&made, "made.children"), children);
    assert_int_equal(int_at(&made, "made.mentors"), mentors);
    assert_int_equal(int_at(&made, "made.guardians"), links);
    assert_int_equal(int_at(&made, "made.assignments"), assignments);
    answer_free(&made);
    answer_free(&a);
}

static void who_may_and_what_is_asked(void **state)
{
    (void)state;
    for (int who = NOBODY; who < WHO_COUNT; who++) {
        struct answer a = send_list((enum who)who, LOOK, HEAD);
        int want = who == NOBODY ? 401 : who == COORDINATOR ? 200 : 403;

        assert_int_equal(a.status, want);
        answer_free(&a);
        a = api_get(&r, (enum who)who, "/imports/template?kind=mentors");
        assert_int_equal(a.status, want);
        answer_free(&a);
        a = api_get(&r, (enum who)who, "/exports/oneroster.zip");
        assert_int_equal(a.status, want);
        answer_free(&a);
    }
    api_refused(send_list(COORDINATOR, "/imports", HEAD), 400, "bad_field");
    api_refused(send_list(COORDINATOR, "/imports?kind=parents", HEAD), 400, "bad_field");
    api_refused(send_list(COORDINATOR, "/imports?kind=children&apply=yes", HEAD), 400, "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/imports/template?kind=oneroster"), 400, "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/imports/template"), 400, "bad_field");
}

static void a_template_is_a_list_that_is_empty(void **state)
{
    struct answer a = api_get(&r, COORDINATOR, "/imports/template?kind=children");
    struct answer look;

    (void)state;
    assert_string_equal(a.type, "text/csv; charset=utf-8");
    look = api_send(&r, COORDINATOR, LOOK, a.body, a.body_len);
    assert_int_equal(int_at(&look, "faults_total"), 1);
    expect_fault(&look, 0, "empty", 0, "");
    answer_free(&look);
    answer_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_good_list_is_looked_at_then_written, setup, teardown),
        cmocka_unit_test_setup_teardown(a_repeated_upload_is_done_once, setup, teardown),
        cmocka_unit_test_setup_teardown(one_fault_is_enough, setup, teardown),
        cmocka_unit_test_setup_teardown(what_the_records_have_against_it, setup, teardown),
        cmocka_unit_test_setup_teardown(files_that_are_no_lists, setup, teardown),
        cmocka_unit_test_setup_teardown(mentors_and_a_timetable, setup, teardown),
        cmocka_unit_test_setup_teardown(a_time_that_is_not_there, setup, teardown),
        cmocka_unit_test_setup_teardown(an_archive_comes_whole_or_not_at_all, setup, teardown),
        cmocka_unit_test_setup_teardown(an_export_is_an_import, setup, teardown),
        cmocka_unit_test_setup_teardown(who_may_and_what_is_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(a_template_is_a_list_that_is_empty, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
