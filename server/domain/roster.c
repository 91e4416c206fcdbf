/* SPDX-License-Identifier: Apache-2.0 */
#include "server/domain/roster.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/domain/day.h"
#include "server/domain/zone.h"

#define NAME_CHARS 80
#define CODE_BYTES 32
#define LOGIN_BYTES 64
#define SERIAL_1970 25569 /* 1970-01-01 as a spreadsheet's serial number (ECMA-376 18.17.4) */

/* ---- the columns ------------------------------------------------------------------------- */

enum {
    C_REGISTER,
    C_NAME,
    C_SHORT,
    C_BIRTH,
    C_GRADE,
    C_SCHOOL,
    C_TZ,
    C_LOCALE,
    C_LOGIN,
    C_GNAME,
    C_GLOGIN,
    C_COUNT
};
static const struct roster_column child_columns[C_COUNT] = {
    [C_REGISTER] = { "register_no", true, FORM_CODE },
    [C_NAME] = { "name", true, FORM_NAME },
    [C_SHORT] = { "short_name", false, FORM_NAME },
    [C_BIRTH] = { "birth_date", true, FORM_DATE },
    [C_GRADE] = { "grade", true, FORM_GRADE },
    [C_SCHOOL] = { "school", true, FORM_CODE },
    [C_TZ] = { "time_zone", false, FORM_ZONE },
    [C_LOCALE] = { "language", false, FORM_LOCALE },
    [C_LOGIN] = { "login", false, FORM_LOGIN },
    [C_GNAME] = { "guardian_name", false, FORM_NAME },
    [C_GLOGIN] = { "guardian_login", false, FORM_LOGIN },
};

enum { M_LOGIN, M_NAME, M_SHORT, M_TZ, M_LOCALE, M_SCHOOL, M_FROM, M_HOURS, M_ORDER, M_COUNT };
static const struct roster_column mentor_columns[M_COUNT] = {
    [M_LOGIN] = { "login", true, FORM_LOGIN },
    [M_NAME] = { "name", true, FORM_NAME },
    [M_SHORT] = { "short_name", false, FORM_NAME },
    [M_TZ] = { "time_zone", false, FORM_ZONE },
    [M_LOCALE] = { "language", false, FORM_LOCALE },
    [M_SCHOOL] = { "school", false, FORM_CODE },
    [M_FROM] = { "employed_from", false, FORM_DATE },
    [M_HOURS] = { "hours_week", false, FORM_MINUTES },
    [M_ORDER] = { "order_no", false, FORM_NAME },
};

enum { L_DATE, L_START, L_END, L_SUBJECT, L_MENTOR, L_CHILDREN, L_COUNT };
static const struct roster_column lesson_columns[L_COUNT] = {
    [L_DATE] = { "date", true, FORM_DATE },      [L_START] = { "start", true, FORM_TIME },
    [L_END] = { "end", true, FORM_TIME },        [L_SUBJECT] = { "subject", true, FORM_CODE },
    [L_MENTOR] = { "mentor", true, FORM_LOGIN }, [L_CHILDREN] = { "children", true, FORM_CODES },
};

static const struct {
    const struct roster_column *columns;
    size_t n;
} kinds[ROSTER_KIND_COUNT] = {
    [ROSTER_CHILDREN] = { child_columns, C_COUNT },
    [ROSTER_MENTORS] = { mentor_columns, M_COUNT },
    [ROSTER_TIMETABLE] = { lesson_columns, L_COUNT },
};
#define COLUMNS_MAX C_COUNT

const struct roster_column *roster_columns(enum roster_kind k, size_t *n)
{
    *n = k < ROSTER_KIND_COUNT ? kinds[k].n : 0;
    return *n ? kinds[k].columns : NULL;
}

struct roster_policy roster_policy_default(void)
{
    return (struct roster_policy){
#define X(field, key, min, max, fallback, source) .field = fallback,
        ROSTER_SETTING_LIST(X)
#undef X
    };
}

static const char *const kind_names[] = {
#define X(code, name) name,
    ROSTER_KIND_LIST(X)
#undef X
};

const char *roster_kind_name(enum roster_kind k)
{
    return k < ROSTER_KIND_COUNT ? kind_names[k] : "";
}

bool roster_kind_parse(const char *name, enum roster_kind *out)
{
    for (int k = 0; k < ROSTER_KIND_COUNT; k++) {
        if (strcmp(kind_names[k], name) == 0) {
            *out = (enum roster_kind)k;
            return true;
        }
    }
    return false;
}

/* ---- cells ------------------------------------------------------------------------------- */

bool roster_login_ok(const char *login)
{
    size_t len = strlen(login);

    return len >= 2 && len <= LOGIN_BYTES &&
           strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == len;
}

static bool code_ok(const char *s)
{
    return strlen(s) <= CODE_BYTES && str_name_ok(s, CODE_BYTES) && !strpbrk(s, " ,;");
}

/* "30.11.2026" into "2026-11-30". */
static bool turn_date(const char *s, char out[DAY_TEXT_BYTES])
{
    const char *month = strchr(s, '.');
    const char *year = month ? strchr(month + 1, '.') : NULL;
    int64_t d, m, y;
    char day_text[3] = "", month_text[3] = "";

    return year && month - s <= 2 && year - month <= 3 && strlen(year) == 5 &&
           str_format(day_text, sizeof day_text, "%.*s", (int)(month - s), s) &&
           str_format(month_text, sizeof month_text, "%.*s", (int)(year - month - 1), month + 1) &&
           str_to_i64(day_text, 1, 31, &d) == ERR_OK &&
           str_to_i64(month_text, 1, 12, &m) == ERR_OK &&
           str_to_i64(year + 1, 1900, 2199, &y) == ERR_OK &&
           str_format(out, DAY_TEXT_BYTES, "%04d-%02d-%02d", (int)y, (int)m, (int)d);
}

bool roster_date(const char *s, int64_t *day)
{
    char turned[DAY_TEXT_BYTES];
    int64_t serial;

    if (str_to_i64(s, 1, 109573, &serial) == ERR_OK && serial > 60) { /* 1900-03-01 .. 2199 */
        *day = serial - SERIAL_1970;
        return true;
    }
    return day_parse(s, day) || (turn_date(s, turned) && day_parse(turned, day));
}

/* "9:40", or "0.40277…" of a day. */
static bool read_time(const char *s, int *minutes)
{
    const char *colon = strchr(s, ':');
    int64_t h, m;
    char hours[3];
    char *end;
    double part;

    if (colon)
        return colon - s <= 2 && strlen(colon) == 3 &&
               str_format(hours, sizeof hours, "%.*s", (int)(colon - s), s) &&
               str_to_i64(hours, 0, 23, &h) == ERR_OK &&
               str_to_i64(colon + 1, 0, 59, &m) == ERR_OK && (*minutes = (int)(h * 60 + m), true);
    if (strncmp(s, "0.", 2) != 0 || strspn(s + 2, "0123456789") != strlen(s + 2))
        return false;
    part = strtod(s, &end);
    *minutes = (int)(part * 1440 + 0.5);
    return *end == '\0' && *minutes < 1440;
}

/* "18" or "7.5" or "7,5" hours, at most a week. */
static bool read_hours(const char *s, int64_t *minutes)
{
    size_t whole = strcspn(s, ".,");
    char hours[4];
    int64_t h, half = 0;

    if (whole == 0 || whole > 3 || !str_format(hours, sizeof hours, "%.*s", (int)whole, s) ||
        str_to_i64(hours, 0, 168, &h) != ERR_OK)
        return false;
    if (s[whole] && (strlen(s + whole) != 2 || str_to_i64(s + whole + 1, 0, 9, &half) != ERR_OK))
        return false;
    *minutes = h * 60 + half * 6;
    return *minutes > 0;
}

bool roster_next_code(const char **at, char *out, size_t cap)
{
    const char *s = *at + strspn(*at, " ,;");
    size_t n = strcspn(s, " ,;");

    *at = s + n;
    return n > 0 && n < cap && str_format(out, cap, "%.*s", (int)n, s);
}

static enum table_fault check_codes(const char *s)
{
    char code[CODE_BYTES + 1];
    const char *at = s;

    while (roster_next_code(&at, code, sizeof code)) {
        if (!code_ok(code))
            return TABLE_MALFORMED;
    }
    return at[strspn(at, " ,;")] ? TABLE_MALFORMED : TABLE_NONE;
}

static enum table_fault check_name(const char *s)
{
    if (strchr("=+-@", s[0]))
        return TABLE_FORMULA;
    return str_name_ok(s, NAME_CHARS) ? TABLE_NONE : TABLE_MALFORMED;
}

static enum table_fault check_cell(enum roster_form form, const char *s)
{
    int64_t number;
    int minutes;

    switch (form) {
    case FORM_NAME:
        return check_name(s);
    case FORM_CODE:
        return code_ok(s) ? TABLE_NONE : TABLE_MALFORMED;
    case FORM_LOGIN:
        return roster_login_ok(s) ? TABLE_NONE : TABLE_MALFORMED;
    case FORM_DATE:
        return roster_date(s, &number) ? TABLE_NONE : TABLE_MALFORMED;
    case FORM_TIME:
        return read_time(s, &minutes) ? TABLE_NONE : TABLE_MALFORMED;
    case FORM_GRADE:
        return str_to_i64(s, 1, 11, &number) == ERR_OK ? TABLE_NONE : TABLE_RANGE;
    case FORM_ZONE:
        return zone_known(s) ? TABLE_NONE : TABLE_UNKNOWN;
    case FORM_LOCALE:
        return strcmp(s, "ru") == 0 || strcmp(s, "en") == 0 ? TABLE_NONE : TABLE_UNKNOWN;
    case FORM_MINUTES:
        return read_hours(s, &number) ? TABLE_NONE : TABLE_RANGE;
    case FORM_CODES:
        return check_codes(s);
    }
    return TABLE_MALFORMED;
}

/* ---- one table --------------------------------------------------------------------------- */

struct reading {
    const struct table *t;
    const struct roster_column *columns;
    size_t columns_n;
    size_t places[COLUMNS_MAX]; /* column of the table, SIZE_MAX: not there */
    struct table_faults *faults;
};

static const char *cell(const struct reading *r, size_t row, size_t column)
{
    return r->places[column] == SIZE_MAX ? "" : table_cell(r->t, row, r->places[column]);
}

static const struct roster_column *column_named(const struct reading *r, const char *name)
{
    for (size_t i = 0; i < r->columns_n; i++) {
        if (table_column(r->t, r->columns[i].name) != SIZE_MAX &&
            table_column(r->t, r->columns[i].name) == table_column(r->t, name))
            return &r->columns[i];
    }
    return NULL;
}

/* The names of the columns: none twice, none unknown, none missing. */
static bool find_columns(struct reading *r)
{
    size_t before = r->faults->n;

    for (size_t i = 0; i < r->t->columns; i++) {
        const char *name = table_cell(r->t, 0, i);

        if (!name[0])
            continue;
        if (table_column(r->t, name) != i)
            table_blame(r->faults, TABLE_COLUMN_TWICE, r->t->member, 1, name);
        else if (!column_named(r, name))
            table_blame(r->faults, TABLE_WHICH_COLUMN, r->t->member, 1, name);
    }
    for (size_t i = 0; i < r->columns_n; i++) {
        r->places[i] = table_column(r->t, r->columns[i].name);
        if (r->places[i] == SIZE_MAX && r->columns[i].needed)
            table_blame(r->faults, TABLE_NO_COLUMN, r->t->member, 1, r->columns[i].name);
    }
    return r->faults->n == before;
}

static bool check_row(const struct reading *r, size_t row)
{
    size_t before = r->faults->n;

    for (size_t i = 0; i < r->columns_n; i++) {
        const char *s = cell(r, row, i);
        enum table_fault fault = TABLE_NONE;

        if (s[0])
            fault = check_cell(r->columns[i].form, s);
        else if (r->columns[i].needed)
            fault = TABLE_MISSING;
        if (fault)
            table_blame(r->faults, fault, r->t->member, row + 1, r->columns[i].name);
    }
    return r->faults->n == before;
}

static bool together(const struct reading *r, size_t row, size_t a, size_t b)
{
    bool has_a = cell(r, row, a)[0], has_b = cell(r, row, b)[0];

    if (has_a != has_b)
        table_blame(r->faults, TABLE_MISSING, r->t->member, row + 1,
                    r->columns[has_a ? b : a].name);
    return has_a == has_b;
}

static void take_child(const struct reading *r, size_t row, struct roster *out)
{
    struct roster_child *c = &out->children[out->children_n];
    int64_t grade = 0;

    *c = (struct roster_child){ .from = r->t,
                                .row = row,
                                .register_no = cell(r, row, C_REGISTER),
                                .name = cell(r, row, C_NAME),
                                .short_name = cell(r, row, C_SHORT),
                                .school = cell(r, row, C_SCHOOL),
                                .tz = cell(r, row, C_TZ),
                                .locale = cell(r, row, C_LOCALE),
                                .login = cell(r, row, C_LOGIN),
                                .guardian_name = cell(r, row, C_GNAME),
                                .guardian_login = cell(r, row, C_GLOGIN) };
    if (!together(r, row, C_GNAME, C_GLOGIN) ||
        !roster_date(cell(r, row, C_BIRTH), &c->birth_day) ||
        str_to_i64(cell(r, row, C_GRADE), 1, 11, &grade) != ERR_OK)
        return;
    c->grade = (int)grade;
    out->children_n++;
}

static void take_mentor(const struct reading *r, size_t row, struct roster *out)
{
    struct roster_mentor *m = &out->mentors[out->mentors_n];

    *m = (struct roster_mentor){ .from = r->t,
                                 .row = row,
                                 .login = cell(r, row, M_LOGIN),
                                 .name = cell(r, row, M_NAME),
                                 .short_name = cell(r, row, M_SHORT),
                                 .tz = cell(r, row, M_TZ),
                                 .locale = cell(r, row, M_LOCALE),
                                 .school = cell(r, row, M_SCHOOL),
                                 .order_no = cell(r, row, M_ORDER),
                                 .from_day = DAY_NONE };
    if (!together(r, row, M_SCHOOL, M_FROM) || !together(r, row, M_SCHOOL, M_HOURS) ||
        !together(r, row, M_SCHOOL, M_ORDER))
        return;
    if (m->school[0] && (!roster_date(cell(r, row, M_FROM), &m->from_day) ||
                         !read_hours(cell(r, row, M_HOURS), &m->week_minutes)))
        return;
    out->mentors_n++;
}

static void take_lesson(const struct reading *r, size_t row, struct roster *out)
{
    struct roster_lesson *l = &out->lessons[out->lessons_n];

    *l = (struct roster_lesson){ .from = r->t,
                                 .row = row,
                                 .subject = cell(r, row, L_SUBJECT),
                                 .login = cell(r, row, L_MENTOR),
                                 .children = cell(r, row, L_CHILDREN) };
    if (!roster_date(cell(r, row, L_DATE), &l->day) ||
        !read_time(cell(r, row, L_START), &l->start_min) ||
        !read_time(cell(r, row, L_END), &l->end_min))
        return;
    if (l->end_min <= l->start_min)
        table_blame(r->faults, TABLE_RANGE, r->t->member, row + 1, "end");
    else
        out->lessons_n++;
}

/* Blames each later row that has the text of an earlier one in this column. */
static enum err find_twice(const struct reading *r, size_t column)
{
    struct table_index ix;
    enum err e = table_index_make(&ix, r->t, r->places[column]);

    for (size_t i = 1; !e && i < ix.n; i++) {
        if (strcmp(ix.places[i].text, ix.places[i - 1].text) == 0)
            table_blame(r->faults, TABLE_TWICE, r->t->member, ix.places[i].row + 1,
                        r->columns[column].name);
    }
    if (!e)
        table_index_free(&ix);
    return e;
}

/* ---- the whole --------------------------------------------------------------------------- */

static enum err make_room(enum roster_kind kind, size_t rows, struct roster *out)
{
    bool ok = false;

    if (kind == ROSTER_CHILDREN)
        ok = (out->children = mem_zalloc(rows, sizeof *out->children));
    else if (kind == ROSTER_MENTORS)
        ok = (out->mentors = mem_zalloc(rows, sizeof *out->mentors));
    else if (kind == ROSTER_TIMETABLE)
        ok = (out->lessons = mem_zalloc(rows, sizeof *out->lessons));
    return ok ? ERR_OK : ERR_NOMEM;
}

static void take_row(enum roster_kind kind, const struct reading *r, size_t row, struct roster *out)
{
    if (kind == ROSTER_CHILDREN)
        take_child(r, row, out);
    else if (kind == ROSTER_MENTORS)
        take_mentor(r, row, out);
    else
        take_lesson(r, row, out);
}

enum err roster_read(enum roster_kind kind, const struct table *t, struct roster *out,
                     struct table_faults *faults)
{
    struct reading r = { .t = t, .faults = faults };
    enum err e = ERR_OK;

    memset(out, 0, sizeof *out);
    r.columns = roster_columns(kind, &r.columns_n);
    if (!r.columns)
        return ERR_INVAL;
    if (t->rows < 2 || !find_columns(&r))
        return ERR_OK;
    e = make_room(kind, t->rows, out);
    for (size_t row = 1; !e && row < t->rows; row++) {
        if (!table_row_empty(t, row) && check_row(&r, row))
            take_row(kind, &r, row, out);
    }
    if (!e && kind == ROSTER_CHILDREN)
        e = find_twice(&r, C_REGISTER);
    if (!e && kind == ROSTER_CHILDREN)
        e = find_twice(&r, C_LOGIN);
    if (!e && kind == ROSTER_MENTORS)
        e = find_twice(&r, M_LOGIN);
    return e;
}

void roster_deinit(struct roster *r)
{
    mem_free(r->schools);
    mem_free(r->children);
    mem_free(r->mentors);
    mem_free(r->guardians);
    mem_free(r->teachings);
    mem_free(r->lessons);
    for (size_t i = 0; i < r->owned_n; i++)
        mem_free(r->owned[i]);
    mem_free(r->owned);
    memset(r, 0, sizeof *r);
}
