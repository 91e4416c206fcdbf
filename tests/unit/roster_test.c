/* SPDX-License-Identifier: Apache-2.0
 *
 * domain/roster: lists of children, mentors and lessons, and OneRoster archives: every form of a
 * cell and every fault with its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "server/domain/day.h"
#include "server/domain/roster.h"

static const struct table_limits limits = {
    .rows = 50, .columns = 20, .cell_bytes = 400, .inflated = 1
};
static struct table tables[ONEROSTER_READ_COUNT];
static struct table_faults faults;
static struct roster roster;

/* Lines of cells with a bar between them. */
static void fill(struct table *t, const char *member, const char *text)
{
    enum table_fault fault;

    table_deinit(t);
    table_init(t, member);
    while (*text) {
        size_t n = strcspn(text, "|\n");

        assert_int_equal(table_add(t, text, n, &limits, &fault), ERR_OK);
        assert_int_equal(fault, TABLE_NONE);
        text += n;
        if (*text == '\n' || !*text) {
            assert_int_equal(table_end_row(t, &limits, &fault), ERR_OK);
            assert_int_equal(fault, TABLE_NONE);
        }
        text += *text != '\0';
    }
}

static void read_list(enum roster_kind kind, const char *text)
{
    fill(&tables[0], "list", text);
    roster_deinit(&roster);
    memset(&faults, 0, sizeof faults);
    assert_int_equal(roster_read(kind, &tables[0], &roster, &faults), ERR_OK);
}

static void expect_fault(size_t i, enum table_fault fault, size_t row, const char *column)
{
    assert_true(i < faults.n);
    assert_string_equal(table_fault_name(faults.items[i].fault), table_fault_name(fault));
    assert_string_equal(faults.items[i].column, column);
    assert_int_equal(faults.items[i].row, row);
}

#define CHILDREN "register_no|name|birth_date|grade|school|login|guardian_name|guardian_login\n"

static void a_child_is_read(void **state)
{
    (void)state;
    read_list(ROSTER_CHILDREN,
              CHILDREN "7/26|Миша Орлов|2015-03-09|5|s-12|misha|Ольга Орлова|olga.orlova\n"
                       "\n"
                       "8/26|Лена Кот|09.03.2015|11|s-12|||\n"
                       "9/26|Ян Ли|42072|1|s-13|||\n");
    assert_int_equal(faults.n, 0);
    assert_int_equal(roster.children_n, 3);
    assert_string_equal(roster.children[0].register_no, "7/26");
    assert_string_equal(roster.children[0].guardian_login, "olga.orlova");
    assert_int_equal(roster.children[0].grade, 5);
    assert_int_equal(roster.children[1].row, 3);
    assert_string_equal(roster.children[1].login, "");
    for (int i = 1; i < 3; i++) /* 9 March 2015, in three ways */
        assert_int_equal(roster.children[i].birth_day, roster.children[0].birth_day);
}

static void each_cell_has_its_fault(void **state)
{
    static const struct {
        const char *row;
        enum table_fault fault;
        const char *column;
    } t[] = {
        { "|Миша|2015-03-09|5|s|||", TABLE_MISSING, "register_no" },
        { "a b|Миша|2015-03-09|5|s|||", TABLE_MALFORMED, "register_no" },
        { "1|=HYPERLINK()|2015-03-09|5|s|||", TABLE_FORMULA, "name" },
        { "1|+7|2015-03-09|5|s|||", TABLE_FORMULA, "name" },
        { "1|@x|2015-03-09|5|s|||", TABLE_FORMULA, "name" },
        { "1|-x|2015-03-09|5|s|||", TABLE_FORMULA, "name" },
        { "1|Ми\x01ша|2015-03-09|5|s|||", TABLE_MALFORMED, "name" },
        { "1|Миша|2015-02-29|5|s|||", TABLE_MALFORMED, "birth_date" },
        { "1|Миша|31.04.2015|5|s|||", TABLE_MALFORMED, "birth_date" },
        { "1|Миша|9.3.15|5|s|||", TABLE_MALFORMED, "birth_date" },
        { "1|Миша|60|5|s|||", TABLE_MALFORMED, "birth_date" },
        { "1|Миша|вчера|5|s|||", TABLE_MALFORMED, "birth_date" },
        { "1|Миша|2015-03-09|0|s|||", TABLE_RANGE, "grade" },
        { "1|Миша|2015-03-09|12|s|||", TABLE_RANGE, "grade" },
        { "1|Миша|2015-03-09|5а|s|||", TABLE_RANGE, "grade" },
        { "1|Миша|2015-03-09|5|s|Misha||", TABLE_MALFORMED, "login" },
        { "1|Миша|2015-03-09|5|s|m||", TABLE_MALFORMED, "login" },
        { "1|Миша|2015-03-09|5|s||Ольга|", TABLE_MISSING, "guardian_login" },
        { "1|Миша|2015-03-09|5|s|||olga", TABLE_MISSING, "guardian_name" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[400];

        snprintf(text, sizeof text, "%s2|Лена|2015-03-09|5|s|||\n%s\n", CHILDREN, t[i].row);
        read_list(ROSTER_CHILDREN, text);
        assert_int_equal(faults.n, 1);
        expect_fault(0, t[i].fault, 3, t[i].column);
        assert_int_equal(roster.children_n, 1); /* the good one */
    }
}

static void all_faults_are_told_at_once(void **state)
{
    (void)state;
    read_list(ROSTER_CHILDREN, CHILDREN "|=1|x|0||||\n");
    assert_int_equal(faults.n, 5);
    read_list(ROSTER_CHILDREN, "register_no|grade|grade|colour\n1|2|3|4\n");
    assert_int_equal(faults.n, 5);
    expect_fault(0, TABLE_COLUMN_TWICE, 1, "grade");
    expect_fault(1, TABLE_WHICH_COLUMN, 1, "colour");
    expect_fault(2, TABLE_NO_COLUMN, 1, "name");
    expect_fault(3, TABLE_NO_COLUMN, 1, "birth_date");
    expect_fault(4, TABLE_NO_COLUMN, 1, "school");
}

static void nobody_comes_twice(void **state)
{
    (void)state;
    read_list(ROSTER_CHILDREN, CHILDREN "1|Миша|2015-03-09|5|s|misha||\n"
                                        "2|Лена|2015-03-09|5|s|||\n"
                                        "1|Ян|2015-03-09|5|s|misha||\n"
                                        "3|Ия|2015-03-09|5|s|||\n");
    assert_int_equal(faults.n, 2);
    expect_fault(0, TABLE_TWICE, 4, "register_no");
    expect_fault(1, TABLE_TWICE, 4, "login");
}

static void a_mentor_is_read(void **state)
{
    (void)state;
    read_list(ROSTER_MENTORS, "login|name|time_zone|school|employed_from|hours_week|order_no\n"
                              "anna|Анна Белова|Asia/Omsk|s-12|2026-09-01|7,5|12-к\n"
                              "petr|Пётр Денисов|||||\n"
                              "vera|Вера Ким|Mars/Base||||\n"
                              "igor|Игорь Сом||s-12|2026-09-01||12-к\n"
                              "olga|Ольга Яр||s-12|2026-09-01|0|12-к\n");
    assert_int_equal(roster.mentors_n, 2);
    assert_int_equal(roster.mentors[0].week_minutes, 450);
    assert_true(roster.mentors[1].from_day == DAY_NONE);
    assert_int_equal(faults.n, 3);
    expect_fault(0, TABLE_UNKNOWN, 4, "time_zone");
    expect_fault(1, TABLE_MISSING, 5, "hours_week");
    expect_fault(2, TABLE_RANGE, 6, "hours_week");
}

static void a_lesson_is_read(void **state)
{
    char code[33];
    const char *at;

    (void)state;
    read_list(ROSTER_TIMETABLE,
              "date|start|end|subject|mentor|children\n"
              "2026-12-01|9:40|10:20|math|anna|7/26, 8/26\n"
              "2026-12-01|0.40277777777777779|0.43055555555555558|math|anna|7/26\n"
              "2026-12-01|10:20|9:40|math|anna|7/26\n"
              "2026-12-01|24:00|9:60|math|anna|7/26\n"
              "2026-12-01|9:40|10:20|math|anna|,\n");
    assert_int_equal(roster.lessons_n, 3);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(roster.lessons[i].start_min, 580);
        assert_int_equal(roster.lessons[i].end_min, 620);
    }
    at = roster.lessons[0].children;
    assert_true(roster_next_code(&at, code, sizeof code));
    assert_string_equal(code, "7/26");
    assert_true(roster_next_code(&at, code, sizeof code));
    assert_string_equal(code, "8/26");
    assert_false(roster_next_code(&at, code, sizeof code));
    assert_int_equal(faults.n, 3);
    expect_fault(0, TABLE_RANGE, 4, "end");
    expect_fault(1, TABLE_MALFORMED, 5, "start");
    expect_fault(2, TABLE_MALFORMED, 5, "end");
}

/* ---- archives ------------------------------------------------------------------------------ */

#define MANIFEST                                                                                   \
    "propertyName|value\nmanifest.version|1.0\nfile.orgs|bulk\nfile.users|bulk\nfile.roles|bulk\n" \
    "file.demographics|bulk\nfile.courses|bulk\nfile.classes|bulk\nfile.enrollments|bulk\n"
#define ORGS                                                                                       \
    "sourcedId|status|name|type|identifier\no1|active|Школа 12|school|s-12\n"                 \
    "o2|active|Округ|district|d\no3|tobedeleted|Школа 1|school|s-1\n"
#define USERS                                                                                      \
    "sourcedId|status|username|givenName|middleName|familyName|identifier|agentSourcedIds|"        \
    "grades\n"                                                                                     \
    "u1|active|misha|Миша||Орлов|7/26|u3|05\n"                                            \
    "u2|active|anna|Анна|Сергеевна|Белова|||\n"                                 \
    "u3|active|olga|Ольга||Орлова|||\n"                                                 \
    "u4|active|root|Сис||Админ|||\n"
#define ROLES                                                                                      \
    "sourcedId|userSourcedId|role|orgSourcedId\nr1|u1|student|o1\nr2|u2|teacher|o1\n"              \
    "r3|u3|parent|o1\nr4|u4|systemAdministrator|o2\n"
#define DEMOGRAPHICS "sourcedId|birthDate\nu1|2015-03-09\n"
#define COURSES "sourcedId|title|courseCode\nc1|Математика|math\n"
#define CLASSES "sourcedId|title|courseSourcedId\nk1|Математика Миши|c1\n"
#define ENROLLMENTS                                                                                \
    "sourcedId|classSourcedId|userSourcedId|role\ne1|k1|u1|student\ne2|k1|u2|teacher\n"

static void read_archive(enum oneroster_file other, const char *text)
{
    static const char *const good[] = { MANIFEST,     ORGS,    USERS,   ROLES,
                                        DEMOGRAPHICS, COURSES, CLASSES, ENROLLMENTS };

    for (int f = 0; f < ONEROSTER_READ_COUNT; f++)
        fill(&tables[f], oneroster_file_name((enum oneroster_file)f),
             f == (int)other && text ? text : good[f]);
    roster_deinit(&roster);
    memset(&faults, 0, sizeof faults);
    assert_int_equal(oneroster_read(tables, &roster, &faults), ERR_OK);
}

static void an_archive_is_read(void **state)
{
    bool there[ONEROSTER_READ_COUNT];

    (void)state;
    read_archive(ONEROSTER_ORGS, NULL);
    oneroster_manifest(&tables[ONEROSTER_MANIFEST], there, &faults);
    assert_int_equal(faults.n, 0);
    assert_true(there[ONEROSTER_ENROLLMENTS]);
    assert_int_equal(roster.schools_n, 1);
    assert_string_equal(roster.schools[0].code, "s-12");
    assert_int_equal(roster.children_n, 1);
    assert_string_equal(roster.children[0].name, "Миша Орлов");
    assert_string_equal(roster.children[0].register_no, "7/26");
    assert_string_equal(roster.children[0].school, "s-12");
    assert_int_equal(roster.children[0].grade, 5);
    assert_int_equal(roster.mentors_n, 1);
    assert_string_equal(roster.mentors[0].name, "Анна Сергеевна Белова");
    assert_int_equal(roster.guardians_n, 1);
    assert_string_equal(roster.guardians[0].login, "olga");
    assert_string_equal(roster.guardians[0].register_no, "7/26");
    assert_int_equal(roster.teachings_n, 1);
    assert_string_equal(roster.teachings[0].login, "anna");
    assert_string_equal(roster.teachings[0].subject, "math");
    assert_string_equal(roster.teachings[0].register_no, "7/26");
}

static void references_that_lead_nowhere(void **state)
{
    static const struct {
        enum oneroster_file file;
        const char *text;
        enum table_fault fault;
        size_t row;
        const char *column;
    } t[] = {
        { ONEROSTER_ROLES, ROLES "r9|u9|student|o1\n", TABLE_UNKNOWN, 6, "userSourcedId" },
        { ONEROSTER_ROLES, ROLES "r9|u1|student|o9\n", TABLE_UNKNOWN, 6, "orgSourcedId" },
        { ONEROSTER_ROLES, ROLES "r9||student|o1\n", TABLE_MISSING, 6, "userSourcedId" },
        { ONEROSTER_ROLES, "sourcedId|userSourcedId|role\n", TABLE_NO_COLUMN, 1, "orgSourcedId" },
        { ONEROSTER_ORGS, ORGS "o1|active|Школа 2|school|s-2\n", TABLE_TWICE, 5, "sourcedId" },
        { ONEROSTER_ORGS, ORGS "o9|active|=cmd|school|s-2\n", TABLE_FORMULA, 5, "name" },
        { ONEROSTER_DEMOGRAPHICS, "sourcedId|birthDate\nu2|2015-03-09\n", TABLE_MISSING, 0,
          "birthDate" },
        { ONEROSTER_DEMOGRAPHICS, "sourcedId|birthDate\nu1|?\n", TABLE_MALFORMED, 2, "birthDate" },
        { ONEROSTER_CLASSES, "sourcedId|courseSourcedId\nk1|c9\n", TABLE_UNKNOWN, 2,
          "courseSourcedId" },
        { ONEROSTER_ENROLLMENTS, ENROLLMENTS "e3|k9|u1|student\n", TABLE_UNKNOWN, 4,
          "classSourcedId" },
        { ONEROSTER_ENROLLMENTS, ENROLLMENTS "e3|k1|u9|student\n", TABLE_UNKNOWN, 4,
          "userSourcedId" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        read_archive(t[i].file, t[i].text);
        assert_int_equal(faults.n, 1);
        expect_fault(0, t[i].fault, t[i].row, t[i].column);
        assert_string_equal(faults.items[0].member, oneroster_file_name(t[i].file));
    }
}

static void a_manifest_says_what_is_there(void **state)
{
    bool there[ONEROSTER_READ_COUNT];

    (void)state;
    fill(&tables[0], "manifest.csv",
         "propertyName|value\nfile.orgs|bulk\nfile.users|delta\nfile.roles|absent\nfile.classes|?"
         "\n");
    memset(&faults, 0, sizeof faults);
    oneroster_manifest(&tables[0], there, &faults);
    assert_int_equal(faults.n, 4);
    expect_fault(0, TABLE_NOT_BULK, 0, "");
    expect_fault(1, TABLE_MALFORMED, 5, "value");
    expect_fault(2, TABLE_NO_MEMBER, 0, "");
    assert_string_equal(faults.items[2].member, "users.csv");
    assert_string_equal(faults.items[3].member, "roles.csv");
    assert_true(there[ONEROSTER_ORGS]);
    assert_false(there[ONEROSTER_CLASSES]);
}

static void memory_may_run_out_anywhere(void **state)
{
    enum err e = ERR_NOMEM;
    long before, n = 0;

    (void)state;
    read_archive(ONEROSTER_ORGS, NULL);
    roster_deinit(&roster);
    before = mem_live();
    for (; e == ERR_NOMEM; n++) {
        memset(&faults, 0, sizeof faults);
        mem_fail_after(n);
        e = oneroster_read(tables, &roster, &faults);
        mem_fail_after(-1);
        roster_deinit(&roster);
        assert_int_equal(mem_live(), before);
    }
    assert_int_equal(e, ERR_OK);
    assert_true(n > 15);
}

static int end(void **state)
{
    (void)state;
    roster_deinit(&roster);
    for (int f = 0; f < ONEROSTER_READ_COUNT; f++)
        table_deinit(&tables[f]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_is_read),
        cmocka_unit_test(each_cell_has_its_fault),
        cmocka_unit_test(all_faults_are_told_at_once),
        cmocka_unit_test(nobody_comes_twice),
        cmocka_unit_test(a_mentor_is_read),
        cmocka_unit_test(a_lesson_is_read),
        cmocka_unit_test(an_archive_is_read),
        cmocka_unit_test(references_that_lead_nowhere),
        cmocka_unit_test(a_manifest_says_what_is_there),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, end);
}
