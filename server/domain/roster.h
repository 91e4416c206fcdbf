/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists that a centre brings along: children, mentors, a timetable, or the
 * archive of another system (OneRoster 1.2). Tables of text come in, rows of
 * known form come out, and every fault with its row and column, so that all
 * can be mended at once. What the records say about a row (is the login
 * taken?) is store/roster.h. Pure.
 */
#ifndef PARTA_DOMAIN_ROSTER_H
#define PARTA_DOMAIN_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/table.h"

#define ROSTER_KIND_LIST(X)                                                                        \
    X(CHILDREN, "children")                                                                        \
    X(MENTORS, "mentors")                                                                          \
    X(TIMETABLE, "timetable")                                                                      \
    X(ONEROSTER, "oneroster") /* an archive */

enum roster_kind {
#define X(code, name) ROSTER_##code,
    ROSTER_KIND_LIST(X)
#undef X
        ROSTER_KIND_COUNT
};

const char *roster_kind_name(enum roster_kind k);
bool roster_kind_parse(const char *name, enum roster_kind *out);

/* Settings: field, key, least, most, default, where it stands. */
#define ROSTER_SETTING_LIST(X)                                                                     \
    X(rows_max, "import.rows_max", 1, 100000, 2000, "P: the children of a large centre")           \
    X(cell_bytes, "import.cell_bytes", 16, 4000, 1000, "P")                                        \
    X(unpacked_kib, "import.unpacked_kib", 64, 262144, 65536, "P: a 10 MB archive, unpacked")

struct roster_policy {
#define X(field, key, min, max, fallback, source) int64_t field;
    ROSTER_SETTING_LIST(X)
#undef X
};

struct roster_policy roster_policy_default(void);

/* What a cell may hold. An empty cell is allowed where the column is not needed. */
enum roster_form {
    FORM_NAME,    /* of a person or a thing: up to 80 characters, not begun as a formula */
    FORM_CODE,    /* of a school, subject, register: up to 32 characters, no space */
    FORM_LOGIN,   /* a-z, 0-9, . - _ ; 2 to 64 */
    FORM_DATE,    /* 2026-11-30, 30.11.2026 or a spreadsheet's serial number */
    FORM_TIME,    /* 9:40 or a spreadsheet's part of a day */
    FORM_GRADE,   /* 1..11 */
    FORM_ZONE,    /* an IANA name */
    FORM_LOCALE,  /* ru or en */
    FORM_MINUTES, /* hours as 18 or 7.5, kept in minutes */
    FORM_CODES,   /* one or several codes, separated by space, comma or semicolon */
};

struct roster_column {
    const char *name;
    bool needed;
    enum roster_form form;
};

/* Of the tables children, mentors and timetable; NULL and 0 for an archive. */
const struct roster_column *roster_columns(enum roster_kind k, size_t *n);

/* What a text must look like to be a login, here and where people are made singly. */
bool roster_login_ok(const char *login);

/* Rows. Text is borrowed from the tables; "" stands for an empty cell. */
struct roster_school {
    const struct table *from;
    size_t row;
    const char *code, *name, *tz;
};

struct roster_child {
    const struct table *from;
    size_t row;
    const char *register_no, *name, *short_name, *school, *tz, *locale, *login;
    const char *guardian_name, *guardian_login;
    int64_t birth_day; /* day.h */
    int grade;
};

struct roster_mentor {
    const struct table *from;
    size_t row;
    const char *login, *name, *short_name, *tz, *locale, *school, *order_no;
    int64_t from_day; /* of the employment; DAY_NONE: no school */
    int64_t week_minutes;
};

struct roster_guardian {
    const struct table *from;
    size_t row;
    const char *login, *name, *register_no; /* of the child */
};

struct roster_teaching {
    const struct table *from;
    size_t row;
    const char *login, *register_no, *subject;
};

struct roster_lesson {
    const struct table *from;
    size_t row;
    int64_t day;            /* day.h, in the first child's zone */
    int start_min, end_min; /* minutes of that day, end > start */
    const char *subject, *login, *children;
};

struct roster {
    struct roster_school *schools; /* owned, as all arrays here */
    struct roster_child *children;
    struct roster_mentor *mentors;
    struct roster_guardian *guardians;
    struct roster_teaching *teachings;
    struct roster_lesson *lessons;
    char **owned; /* owned: names that were put together */
    size_t owned_n;
    size_t schools_n, children_n, mentors_n, guardians_n, teachings_n, lessons_n;
};

void roster_deinit(struct roster *r);

/* A date as people and spreadsheets write it (FORM_DATE); day.h. */
bool roster_date(const char *text, int64_t *day) MUST_CHECK;

/* Reads one table of the kind (not an archive). Rows with a fault are left out. ERR_NOMEM. */
enum err roster_read(enum roster_kind kind, const struct table *t, struct roster *out,
                     struct table_faults *faults) MUST_CHECK;

/* The next code of a FORM_CODES cell into out[cap]; *at moves on. False at the end. */
bool roster_next_code(const char **at, char *out, size_t cap);

/* The files of a OneRoster 1.2 archive. Those up to the enrollments are read (the manifest, orgs,
 * users and roles are needed); marks are written and not read: a mark is set by the child's mentor
 * here. */
#define ONEROSTER_FILE_LIST(X)                                                                     \
    X(MANIFEST, "manifest.csv")                                                                    \
    X(ORGS, "orgs.csv")                                                                            \
    X(USERS, "users.csv")                                                                          \
    X(ROLES, "roles.csv")                                                                          \
    X(DEMOGRAPHICS, "demographics.csv")                                                            \
    X(COURSES, "courses.csv")                                                                      \
    X(CLASSES, "classes.csv")                                                                      \
    X(ENROLLMENTS, "enrollments.csv")                                                              \
    X(SESSIONS, "academicSessions.csv")                                                            \
    X(CATEGORIES, "categories.csv")                                                                \
    X(LINE_ITEMS, "lineItems.csv")                                                                 \
    X(RESULTS, "results.csv")

enum oneroster_file {
#define X(code, name) ONEROSTER_##code,
    ONEROSTER_FILE_LIST(X)
#undef X
        ONEROSTER_FILE_COUNT
};

#define ONEROSTER_READ_COUNT ONEROSTER_SESSIONS /* the first of those that are only written */

const char *oneroster_file_name(enum oneroster_file f);

/* Which files the manifest announces ("bulk"; "absent" is not there, "delta" is a fault). */
void oneroster_manifest(const struct table *manifest, bool there[ONEROSTER_READ_COUNT],
                        struct table_faults *faults);

/* tables[f] may be empty where the manifest has none. Every reference must resolve, else the whole
 * archive has faults. A class is a child with a subject (DOMAIN 9). ERR_NOMEM. */
enum err oneroster_read(const struct table tables[ONEROSTER_READ_COUNT], struct roster *out,
                        struct table_faults *faults) MUST_CHECK;

#endif
