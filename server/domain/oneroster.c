/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of a OneRoster 1.2 archive (1EdTech OneRoster 1.2 CSV binding) as
 * rows of ours: an org of type school is a school, a user with the role
 * student a child (its identifier the register number), a teacher a mentor,
 * the agents of a student its guardians; a class with one teacher and its
 * students says who teaches whom what.
 */
#include <string.h>
#include <strings.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/domain/day.h"
#include "server/domain/roster.h"

static const char *const file_names[ONEROSTER_FILE_COUNT] = {
#define X(code, name) name,
    ONEROSTER_FILE_LIST(X)
#undef X
};

const char *oneroster_file_name(enum oneroster_file f)
{
    return f < ONEROSTER_FILE_COUNT ? file_names[f] : "";
}

#define AGENTS_MAX 8 /* of one student */
#define TEACHINGS_MAX 100000

/* ---- the manifest ------------------------------------------------------------------------- */

static bool needed(enum oneroster_file f)
{
    return f == ONEROSTER_MANIFEST || f == ONEROSTER_ORGS || f == ONEROSTER_USERS ||
           f == ONEROSTER_ROLES;
}

/* "file.users" of "users.csv". */
static bool property_of(const char *property, enum oneroster_file f)
{
    size_t n = strcspn(file_names[f], ".");

    return strncmp(property, "file.", 5) == 0 && strncmp(property + 5, file_names[f], n) == 0 &&
           property[5 + n] == '\0';
}

void oneroster_manifest(const struct table *manifest, bool there[ONEROSTER_READ_COUNT],
                        struct table_faults *faults)
{
    size_t name = table_column(manifest, "propertyName"), value = table_column(manifest, "value");

    memset(there, 0, sizeof *there * ONEROSTER_READ_COUNT);
    there[ONEROSTER_MANIFEST] = true;
    for (size_t row = 1; row < manifest->rows; row++) {
        for (int f = ONEROSTER_ORGS; f < ONEROSTER_READ_COUNT; f++) {
            const char *how = table_cell(manifest, row, value);

            if (!property_of(table_cell(manifest, row, name), (enum oneroster_file)f))
                continue;
            there[f] = strcmp(how, "bulk") == 0;
            if (strcmp(how, "delta") == 0)
                table_blame(faults, TABLE_NOT_BULK, file_names[f], 0, NULL);
            else if (!there[f] && strcmp(how, "absent") != 0)
                table_blame(faults, TABLE_MALFORMED, manifest->member, row + 1, "value");
        }
    }
    for (int f = 0; f < ONEROSTER_READ_COUNT; f++) {
        if (needed((enum oneroster_file)f) && !there[f])
            table_blame(faults, TABLE_NO_MEMBER, file_names[f], 0, NULL);
    }
}

/* ---- reading along references ---------------------------------------------------------------- */

struct archive {
    const struct table *t;                        /* ONEROSTER_READ_COUNT of them */
    struct table_index ids[ONEROSTER_READ_COUNT]; /* by sourcedId */
    struct table_faults *faults;
    struct roster *out;
    enum err err;
    const char **role_of; /* owned: per row of users, "" none */
    const char **org_of;  /* owned: per row of users, sourcedId of the school, "" none */
};

static const char *get(const struct archive *a, enum oneroster_file f, size_t row, const char *name)
{
    return table_cell(&a->t[f], row, table_column(&a->t[f], name));
}

static void blame(const struct archive *a, enum table_fault fault, enum oneroster_file f,
                  size_t row, const char *column)
{
    table_blame(a->faults, fault, file_names[f], row + 1, column);
}

/* The row that a cell of another table refers to; SIZE_MAX after a word about it. */
static size_t follow(const struct archive *a, enum oneroster_file f, size_t row, const char *column,
                     enum oneroster_file to)
{
    const char *id = get(a, f, row, column);
    size_t at = id[0] ? table_index_find(&a->ids[to], id) : SIZE_MAX;

    if (at == SIZE_MAX)
        blame(a, id[0] ? TABLE_UNKNOWN : TABLE_MISSING, f, row, column);
    return at;
}

/* What is to be deleted is not there (a bulk archive may still name it). */
static bool stands(const struct archive *a, enum oneroster_file f, size_t row)
{
    return !table_row_empty(&a->t[f], row) &&
           strcasecmp(get(a, f, row, "status"), "tobedeleted") != 0;
}

static bool columns_there(const struct archive *a, enum oneroster_file f,
                          const char *const *columns)
{
    bool all = true;

    for (; a->t[f].rows && *columns; columns++) {
        if (table_column(&a->t[f], *columns) == SIZE_MAX) {
            blame(a, TABLE_NO_COLUMN, f, 0, *columns);
            all = false;
        }
    }
    return all;
}

static bool check_columns(const struct archive *a)
{
    static const char *const orgs[] = { "sourcedId", "name", "type", NULL };
    static const char *const users[] = { "sourcedId", "username", "givenName", "familyName", NULL };
    static const char *const roles[] = { "userSourcedId", "role", "orgSourcedId", NULL };
    static const char *const demographics[] = { "sourcedId", "birthDate", NULL };
    static const char *const courses[] = { "sourcedId", "courseCode", NULL };
    static const char *const classes[] = { "sourcedId", "courseSourcedId", NULL };
    static const char *const enrollments[] = { "classSourcedId", "userSourcedId", "role", NULL };
    bool all = columns_there(a, ONEROSTER_ORGS, orgs);

    all &= columns_there(a, ONEROSTER_USERS, users);
    all &= columns_there(a, ONEROSTER_ROLES, roles);
    all &= columns_there(a, ONEROSTER_DEMOGRAPHICS, demographics);
    all &= columns_there(a, ONEROSTER_COURSES, courses);
    all &= columns_there(a, ONEROSTER_CLASSES, classes);
    return all & columns_there(a, ONEROSTER_ENROLLMENTS, enrollments);
}

static enum err make_indexes(struct archive *a)
{
    enum err e = ERR_OK;

    for (int f = 0; !e && f < ONEROSTER_READ_COUNT; f++) {
        struct table_index *ix = &a->ids[f];

        e = table_index_make(ix, &a->t[f], table_column(&a->t[f], "sourcedId"));
        for (size_t i = 1; !e && i < ix->n; i++) {
            if (strcmp(ix->places[i].text, ix->places[i - 1].text) == 0)
                blame(a, TABLE_TWICE, (enum oneroster_file)f, ix->places[i].row, "sourcedId");
        }
    }
    return e;
}

static const char *first_filled(const char *a, const char *b)
{
    return a[0] ? a : b;
}

/* ---- schools ------------------------------------------------------------------------------- */

static const char *org_code(const struct archive *a, size_t org)
{
    return first_filled(get(a, ONEROSTER_ORGS, org, "identifier"),
                        get(a, ONEROSTER_ORGS, org, "sourcedId"));
}

static bool text_ok(const struct archive *a, enum oneroster_file f, size_t row, const char *column,
                    const char *text, size_t max_chars)
{
    enum table_fault fault = TABLE_NONE;

    if (!text[0])
        fault = TABLE_MISSING;
    else if (strchr("=+-@", text[0]))
        fault = TABLE_FORMULA;
    else if (!str_name_ok(text, max_chars))
        fault = TABLE_MALFORMED;
    if (fault)
        blame(a, fault, f, row, column);
    return !fault;
}

static void take_schools(struct archive *a)
{
    for (size_t row = 1; row < a->t[ONEROSTER_ORGS].rows; row++) {
        const char *name = get(a, ONEROSTER_ORGS, row, "name");
        const char *code = org_code(a, row);

        if (!stands(a, ONEROSTER_ORGS, row) ||
            strcasecmp(get(a, ONEROSTER_ORGS, row, "type"), "school") != 0)
            continue;
        if (text_ok(a, ONEROSTER_ORGS, row, "name", name, 120) &&
            text_ok(a, ONEROSTER_ORGS, row, "identifier", code, 32))
            a->out->schools[a->out->schools_n++] = (struct roster_school){
                .from = &a->t[ONEROSTER_ORGS], .row = row, .code = code, .name = name, .tz = ""
            };
    }
}

/* ---- people ------------------------------------------------------------------------------- */

/* Whose role it is, and where: the first role of a user counts. */
static void take_roles(struct archive *a)
{
    for (size_t row = 1; row < a->t[ONEROSTER_ROLES].rows; row++) {
        size_t user, org;

        if (!stands(a, ONEROSTER_ROLES, row))
            continue;
        user = follow(a, ONEROSTER_ROLES, row, "userSourcedId", ONEROSTER_USERS);
        org = follow(a, ONEROSTER_ROLES, row, "orgSourcedId", ONEROSTER_ORGS);
        if (user == SIZE_MAX || org == SIZE_MAX || a->role_of[user])
            continue;
        a->role_of[user] = get(a, ONEROSTER_ROLES, row, "role");
        a->org_of[user] = org_code(a, org);
    }
}

/* "Given Middle Family", owned by the roster. NULL: out of memory. */
static const char *full_name(struct archive *a, size_t user)
{
    const char *given = get(a, ONEROSTER_USERS, user, "givenName");
    const char *middle = get(a, ONEROSTER_USERS, user, "middleName");
    const char *family = get(a, ONEROSTER_USERS, user, "familyName");
    struct strbuf b;
    char *name = NULL;

    strbuf_init(&b);
    strbuf_printf(&b, "%s%s%s%s%s", given, middle[0] ? " " : "", middle, family[0] ? " " : "",
                  family);
    a->err = strbuf_take(&b, &name);
    if (a->err)
        return NULL;
    a->out->owned[a->out->owned_n++] = name;
    return name;
}

static int grade_of(const struct archive *a, size_t user)
{
    const char *text = get(a, ONEROSTER_USERS, user, "grades");
    char first[4];
    int64_t grade;

    if (!str_format(first, sizeof first, "%.*s", (int)strcspn(text, ", "), text) ||
        str_to_i64(first, 1, 11, &grade) != ERR_OK) {
        blame(a, text[0] ? TABLE_RANGE : TABLE_MISSING, ONEROSTER_USERS, user, "grades");
        return 0;
    }
    return (int)grade;
}

static bool birth_of(const struct archive *a, size_t user, int64_t *day)
{
    size_t row = table_index_find(&a->ids[ONEROSTER_DEMOGRAPHICS],
                                  get(a, ONEROSTER_USERS, user, "sourcedId"));

    if (row == SIZE_MAX) {
        table_blame(a->faults, TABLE_MISSING, file_names[ONEROSTER_DEMOGRAPHICS], 0, "birthDate");
        return false;
    }
    if (!roster_date(get(a, ONEROSTER_DEMOGRAPHICS, row, "birthDate"), day)) {
        blame(a, TABLE_MALFORMED, ONEROSTER_DEMOGRAPHICS, row, "birthDate");
        return false;
    }
    return true;
}

static const char *register_no(const struct archive *a, size_t user)
{
    return first_filled(get(a, ONEROSTER_USERS, user, "identifier"),
                        get(a, ONEROSTER_USERS, user, "sourcedId"));
}

static void take_child(struct archive *a, size_t user, const char *name)
{
    struct roster_child c = { .from = &a->t[ONEROSTER_USERS],
                              .row = user,
                              .register_no = register_no(a, user),
                              .name = name,
                              .short_name = get(a, ONEROSTER_USERS, user, "givenName"),
                              .school = a->org_of[user],
                              .tz = "",
                              .locale = "",
                              .login = "",
                              .guardian_name = "",
                              .guardian_login = "" };
    bool good = birth_of(a, user, &c.birth_day);

    good &= text_ok(a, ONEROSTER_USERS, user, "identifier", c.register_no, 32);
    c.grade = grade_of(a, user);
    if (good && c.grade)
        a->out->children[a->out->children_n++] = c;
}

static bool login_good(const struct archive *a, size_t user)
{
    const char *login = get(a, ONEROSTER_USERS, user, "username");
    bool good = roster_login_ok(login);

    if (!good)
        blame(a, login[0] ? TABLE_MALFORMED : TABLE_MISSING, ONEROSTER_USERS, user, "username");
    return good;
}

static void take_mentor(struct archive *a, size_t user, const char *name)
{
    if (login_good(a, user))
        a->out->mentors[a->out->mentors_n++] = (struct roster_mentor){
            .from = &a->t[ONEROSTER_USERS],
            .row = user,
            .login = get(a, ONEROSTER_USERS, user, "username"),
            .name = name,
            .short_name = "",
            .tz = "",
            .locale = "",
            .school = "",
            .order_no = "",
            .from_day = DAY_NONE,
        };
}

static bool is_guardian(const char *role)
{
    return strcasecmp(role, "guardian") == 0 || strcasecmp(role, "parent") == 0 ||
           strcasecmp(role, "relative") == 0;
}

/* The agents of a student, a list in one cell. */
static void take_guardians(struct archive *a, size_t student)
{
    const char *at = get(a, ONEROSTER_USERS, student, "agentSourcedIds");
    char id[128];

    for (int n = 0; !a->err && roster_next_code(&at, id, sizeof id); n++) {
        size_t user = table_index_find(&a->ids[ONEROSTER_USERS], id);

        if (n == AGENTS_MAX) {
            blame(a, TABLE_RANGE, ONEROSTER_USERS, student, "agentSourcedIds");
            return;
        }
        if (user == SIZE_MAX) {
            blame(a, TABLE_UNKNOWN, ONEROSTER_USERS, student, "agentSourcedIds");
        } else if (a->role_of[user] && is_guardian(a->role_of[user]) && login_good(a, user)) {
            const char *name = full_name(a, user);

            if (name)
                a->out->guardians[a->out->guardians_n++] = (struct roster_guardian){
                    .from = &a->t[ONEROSTER_USERS],
                    .row = user,
                    .login = get(a, ONEROSTER_USERS, user, "username"),
                    .name = name,
                    .register_no = register_no(a, student),
                };
        }
    }
}

static void take_people(struct archive *a)
{
    for (size_t row = 1; !a->err && row < a->t[ONEROSTER_USERS].rows; row++) {
        const char *role = a->role_of[row], *name;
        bool student = role && strcasecmp(role, "student") == 0;

        if (!stands(a, ONEROSTER_USERS, row) ||
            !(student || (role && strcasecmp(role, "teacher") == 0)))
            continue;
        name = full_name(a, row);
        if (!name || !text_ok(a, ONEROSTER_USERS, row, "familyName", name, 80))
            continue;
        if (student) {
            take_child(a, row, name);
            take_guardians(a, row);
        } else {
            take_mentor(a, row, name);
        }
    }
}

/* ---- who teaches whom what ------------------------------------------------------------------- */

static bool enrolled_as(const struct archive *a, size_t row, const char *role)
{
    return stands(a, ONEROSTER_ENROLLMENTS, row) &&
           strcasecmp(get(a, ONEROSTER_ENROLLMENTS, row, "role"), role) == 0;
}

/* Of every enrollment, and of the class it is in. */
static bool references_lead_somewhere(const struct archive *a)
{
    size_t before = a->faults->n;

    for (size_t row = 1; row < a->t[ONEROSTER_ENROLLMENTS].rows; row++) {
        if (!stands(a, ONEROSTER_ENROLLMENTS, row))
            continue;
        (void)follow(a, ONEROSTER_ENROLLMENTS, row, "classSourcedId", ONEROSTER_CLASSES);
        (void)follow(a, ONEROSTER_ENROLLMENTS, row, "userSourcedId", ONEROSTER_USERS);
    }
    for (size_t row = 1; row < a->t[ONEROSTER_CLASSES].rows; row++) {
        if (stands(a, ONEROSTER_CLASSES, row))
            (void)follow(a, ONEROSTER_CLASSES, row, "courseSourcedId", ONEROSTER_COURSES);
    }
    return a->faults->n == before;
}

static size_t user_of(const struct archive *a, size_t enrollment)
{
    return table_index_find(&a->ids[ONEROSTER_USERS],
                            get(a, ONEROSTER_ENROLLMENTS, enrollment, "userSourcedId"));
}

static enum err add_teaching(struct archive *a, size_t teacher, size_t student, size_t *cap)
{
    struct roster *r = a->out;
    size_t class = table_index_find(&a->ids[ONEROSTER_CLASSES],
                                    get(a, ONEROSTER_ENROLLMENTS, student, "classSourcedId"));
    size_t course = table_index_find(&a->ids[ONEROSTER_COURSES],
                                     get(a, ONEROSTER_CLASSES, class, "courseSourcedId"));

    if (r->teachings_n == *cap) {
        size_t wanted = *cap ? *cap * 2 : 64;
        struct roster_teaching *t = mem_regrow(r->teachings, wanted, sizeof *t);

        if (!t)
            return ERR_NOMEM;
        r->teachings = t;
        *cap = wanted;
    }
    r->teachings[r->teachings_n++] = (struct roster_teaching){
        .from = &a->t[ONEROSTER_ENROLLMENTS],
        .row = student,
        .login = get(a, ONEROSTER_USERS, user_of(a, teacher), "username"),
        .register_no = register_no(a, user_of(a, student)),
        .subject = first_filled(get(a, ONEROSTER_COURSES, course, "courseCode"),
                                get(a, ONEROSTER_COURSES, course, "sourcedId")),
    };
    return ERR_OK;
}

/* The enrollments places[from..to) of one class: each of its teachers with each of its students. */
static enum err take_class(struct archive *a, const struct table_place *from, size_t n, size_t *cap)
{
    enum err e = ERR_OK;

    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; !e && enrolled_as(a, from[i].row, "teacher") && k < n; k++) {
            if (!enrolled_as(a, from[k].row, "student"))
                continue;
            if (a->out->teachings_n == TEACHINGS_MAX) {
                blame(a, TABLE_RANGE, ONEROSTER_ENROLLMENTS, from[k].row, "classSourcedId");
                return ERR_OK;
            }
            e = add_teaching(a, from[i].row, from[k].row, cap);
        }
    }
    return e;
}

static enum err take_enrollments(struct archive *a)
{
    const struct table *t = &a->t[ONEROSTER_ENROLLMENTS];
    struct table_index ix;
    size_t cap = 0, end;
    enum err e;

    if (!references_lead_somewhere(a))
        return ERR_OK;
    e = table_index_make(&ix, t, table_column(t, "classSourcedId"));
    if (e)
        return e;
    for (size_t i = 0; !e && i < ix.n; i = end) {
        for (end = i + 1; end < ix.n && strcmp(ix.places[end].text, ix.places[i].text) == 0;)
            end++;
        e = take_class(a, &ix.places[i], end - i, &cap);
    }
    table_index_free(&ix);
    return e;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static enum err make_room(struct archive *a)
{
    struct roster *r = a->out;
    size_t users = a->t[ONEROSTER_USERS].rows + 1;

    a->role_of = mem_zalloc(users, sizeof *a->role_of);
    a->org_of = mem_zalloc(users, sizeof *a->org_of);
    r->schools = mem_zalloc(a->t[ONEROSTER_ORGS].rows + 1, sizeof *r->schools);
    r->children = mem_zalloc(users, sizeof *r->children);
    r->mentors = mem_zalloc(users, sizeof *r->mentors);
    r->guardians = mem_zalloc(users, sizeof *r->guardians * AGENTS_MAX);
    r->owned = mem_zalloc(users, sizeof *r->owned * (AGENTS_MAX + 1));
    return a->role_of && a->org_of && r->schools && r->children && r->mentors && r->guardians &&
                   r->owned
               ? ERR_OK
               : ERR_NOMEM;
}

enum err oneroster_read(const struct table tables[ONEROSTER_READ_COUNT], struct roster *out,
                        struct table_faults *faults)
{
    struct archive a = { .t = tables, .faults = faults, .out = out };

    memset(out, 0, sizeof *out);
    if (!check_columns(&a))
        return ERR_OK;
    a.err = make_room(&a);
    if (!a.err)
        a.err = make_indexes(&a);
    if (!a.err) {
        take_schools(&a);
        take_roles(&a);
        take_people(&a);
    }
    if (!a.err)
        a.err = take_enrollments(&a);
    for (int f = 0; f < ONEROSTER_READ_COUNT; f++)
        table_index_free(&a.ids[f]);
    mem_free(a.role_of);
    mem_free(a.org_of);
    return a.err;
}
