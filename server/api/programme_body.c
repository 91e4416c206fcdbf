/* SPDX-License-Identifier: Apache-2.0
 *
 * Strict reading of the bodies of programmes and weekly times; see
 * programme.h.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/programme.h"
#include "server/domain/day.h"

#define TITLE_CHARS 120
#define HOLIDAYS_MAX 200
#define TERMS_MAX 24
#define MINUTES_MAX 100000

int64_t body_day(struct json_view *v, const char *name)
{
    const char *text = json_get_str(v, name, DAY_TEXT_BYTES - 1);
    int64_t day = DAY_NONE;

    if (v->fault == JSON_FAULT_NONE && !day_parse(text, &day))
        json_view_blame(v, JSON_FAULT_MALFORMED, name);
    return day;
}

static const char *title(struct json_view *v)
{
    const char *s = json_get_str(v, "title", PROGRAMME_TITLE_MAX);

    if (v->fault == JSON_FAULT_NONE && !str_name_ok(s, TITLE_CHARS))
        json_view_blame(v, JSON_FAULT_MALFORMED, "title");
    return s;
}

/* ---- lists of objects --------------------------------------------------------------------- */

/* Hands a fault of an item over to the list's view as "name.index.field". */
static void close_item(struct json_view *v, const char *name, size_t i, struct json_view *item)
{
    char field[JSON_FIELD_MAX];

    if (v->fault != JSON_FAULT_NONE || !json_view_end(item))
        return;
    if (str_format(field, sizeof field, "%s.%u.%s", name, (unsigned)i, item->field))
        json_view_blame(v, item->fault, field);
    else
        json_view_blame(v, item->fault, name);
}

/* A view on item i; an item that is no object is a fault of the list. */
static struct json_view item_of(struct json_view *v, const char *name, const json_t *list, size_t i)
{
    const json_t *item = json_array_get(list, i);

    if (!json_is_object(item))
        json_view_blame(v, JSON_FAULT_TYPE, name);
    return json_view_on(item);
}

/* ---- catalogue ---------------------------------------------------------------------------- */

static void topics_of(struct json_view *v, struct body_topics *out)
{
    const json_t *list = json_get_array(v, "topics", PROGRAMME_TOPICS_MAX);

    out->n = 0;
    for (size_t i = 0; i < json_array_size(list) && v->fault == JSON_FAULT_NONE; i++) {
        struct json_view item = item_of(v, "topics", list, i);
        struct programme_topic *t = &out->items[out->n++];
        const char *text = title(&item);

        t->minutes = (int)json_get_int(&item, "minutes", 0, MINUTES_MAX);
        if (text && !str_copy(t->title, sizeof t->title, text))
            json_view_blame(&item, JSON_FAULT_TOO_LONG, "title");
        close_item(v, "topics", i, &item);
    }
}

enum err body_programme_new(struct json_view *v, struct body_programme_new *out,
                            struct body_topics *topics)
{
    *out = (struct body_programme_new){ 0 };
    out->subject = json_get_str(v, "subject", 80);
    out->title = title(v);
    out->grade = (int)json_get_int(v, "grade", 1, 11);
    out->week_minutes = (int)json_get_int(v, "week_minutes", 1, 10080);
    out->year_minutes = (int)json_get_int(v, "year_minutes", 1, MINUTES_MAX);
    topics_of(v, topics);
    if (v->fault == JSON_FAULT_NONE && out->year_minutes < out->week_minutes)
        json_view_blame(v, JSON_FAULT_RANGE, "year_minutes");
    return json_view_end(v);
}

/* ---- of a child --------------------------------------------------------------------------- */

static void line_of(struct json_view *v, const struct subject_list *subjects,
                    struct programme_line *out)
{
    const char *subject = json_get_str(v, "subject", 80);

    out->subject = v->fault == JSON_FAULT_NONE ? pupil_subject_id(subjects, subject) : 0;
    if (v->fault == JSON_FAULT_NONE && out->subject == 0)
        json_view_blame(v, JSON_FAULT_RANGE, "subject");
    out->catalogue = json_opt_int(v, "programme", 1, BODY_ID_MAX, 0);
    out->week_minutes = (int)json_get_int(v, "week_minutes", 1, 10080);
    out->year_minutes = (int)json_get_int(v, "year_minutes", 1, MINUTES_MAX);
    out->lesson_minutes = (int)json_get_int(v, "lesson_minutes", 1, 240);
}

/* What the table itself cannot hold is a fault of the field, not of the rule. */
static void check_line(struct json_view *v, const struct child_programme *p,
                       const struct programme_line *l)
{
    if (v->fault != JSON_FAULT_NONE)
        return;
    if (l->year_minutes < l->week_minutes)
        json_view_blame(v, JSON_FAULT_RANGE, "year_minutes");
    for (size_t i = 0; i < p->lines_n; i++)
        if (&p->lines[i] != l && p->lines[i].subject == l->subject)
            json_view_blame(v, JSON_FAULT_RANGE, "subject");
}

enum err body_child_programme(struct json_view *v, const struct subject_list *subjects,
                              struct child_programme *out)
{
    const json_t *list;

    out->days.first = body_day(v, "from");
    out->days.last = body_day(v, "to");
    if (v->fault == JSON_FAULT_NONE && out->days.last < out->days.first)
        json_view_blame(v, JSON_FAULT_RANGE, "to");
    list = json_get_array(v, "lines", PROGRAMME_LINES_MAX);
    out->lines_n = 0;
    for (size_t i = 0; i < json_array_size(list) && v->fault == JSON_FAULT_NONE; i++) {
        struct json_view item = item_of(v, "lines", list, i);

        out->lines_n = i + 1;
        line_of(&item, subjects, &out->lines[i]);
        check_line(&item, out, &out->lines[i]);
        close_item(v, "lines", i, &item);
    }
    return json_view_end(v);
}

/* ---- weekly times ------------------------------------------------------------------------- */

/* "24:00" is the day's end. */
static int clock_of(struct json_view *v, const char *name)
{
    const char *text = json_get_str(v, name, 5);

    if (v->fault == JSON_FAULT_NONE && strcmp(text, "24:00") == 0)
        return 1440;
    return body_clock(v, name);
}

static void span_of(struct json_view *v, struct week_span *out)
{
    out->weekday = (int)json_get_int(v, "weekday", 1, 7);
    out->from_minute = clock_of(v, "from");
    out->to_minute = clock_of(v, "to");
}

static void row_of(struct json_view *v, int64_t today, struct hours_row *out)
{
    static const char *const kinds[] = { "free", "treatment", "rest" };
    int kind;

    *out = (struct hours_row){ .days = { today, INT64_MAX } };
    span_of(v, &out->span);
    kind = json_get_word(v, "kind", kinds, sizeof kinds / sizeof kinds[0]);
    out->kind = kind >= 0 ? (enum hours_kind)kind : HOURS_FREE;
    if (json_has(v, "since"))
        out->days.first = body_day(v, "since");
    else
        (void)json_opt_str(v, "since", 0); /* null counts as absent */
    if (json_has(v, "until"))
        out->days.last = body_day(v, "until");
    else
        (void)json_opt_str(v, "until", 0);
}

/* Blames the first row that cannot stand in the whole list. */
static const char *blame_row(struct json_view *v, const char *name, const struct hours_row *rows,
                             size_t n, bool mentor)
{
    char field[JSON_FIELD_MAX];
    size_t i = 0;
    enum hours_fault f;

    if (v->fault != JSON_FAULT_NONE)
        return NULL;
    f = hours_check(rows, n, mentor, &i);
    if (f == HOURS_FAULT_NONE)
        return NULL;
    json_view_blame(v, JSON_FAULT_RANGE,
                    str_format(field, sizeof field, "%s.%u", name, (unsigned)i) ? field : name);
    return hours_fault_name(f);
}

enum err body_hours(struct json_view *v, bool mentor, int64_t today, struct hours_row *rows,
                    size_t *n, const char **word)
{
    const json_t *list = json_get_array(v, "hours", HOURS_ROWS_MAX);

    *n = 0;
    *word = NULL;
    for (size_t i = 0; i < json_array_size(list) && v->fault == JSON_FAULT_NONE; i++) {
        struct json_view item = item_of(v, "hours", list, i);

        row_of(&item, today, &rows[(*n)++]);
        close_item(v, "hours", i, &item);
    }
    *word = blame_row(v, "hours", rows, *n, mentor);
    return json_view_end(v);
}

/* ---- calendar ----------------------------------------------------------------------------- */

static void bells_of(struct json_view *v, struct school_calendar *out, const char **word)
{
    const json_t *list = json_get_array(v, "hours", HOURS_ROWS_MAX);
    struct hours_row rows[HOURS_ROWS_MAX] = { 0 };
    size_t n = json_array_size(list);

    for (size_t i = 0; i < n && v->fault == JSON_FAULT_NONE; i++) {
        struct json_view item = item_of(v, "hours", list, i);

        span_of(&item, &rows[i].span);
        out->bells[i] = rows[i].span;
        close_item(v, "hours", i, &item);
    }
    out->bells_n = n;
    *word = blame_row(v, "hours", rows, n, true);
}

static void holidays_of(struct json_view *v, struct school_calendar *out)
{
    const json_t *list = json_get_array(v, "holidays", HOLIDAYS_MAX);

    out->holidays_n = json_array_size(list);
    for (size_t i = 0; i < out->holidays_n && v->fault == JSON_FAULT_NONE; i++) {
        const char *text = json_string_value(json_array_get(list, i));

        if (!text)
            json_view_blame(v, JSON_FAULT_TYPE, "holidays");
        else if (!day_parse(text, &out->holidays[i]))
            json_view_blame(v, JSON_FAULT_MALFORMED, "holidays");
        for (size_t k = 0; k < i && v->fault == JSON_FAULT_NONE; k++)
            if (out->holidays[k] == out->holidays[i])
                json_view_blame(v, JSON_FAULT_RANGE, "holidays");
    }
}

static void terms_of(struct json_view *v, struct school_calendar *out)
{
    static const char *const kinds[] = { "year", "half", "quarter" };
    const json_t *list = json_get_array(v, "terms", TERMS_MAX);

    out->terms_n = json_array_size(list);
    for (size_t i = 0; i < out->terms_n && v->fault == JSON_FAULT_NONE; i++) {
        struct json_view item = item_of(v, "terms", list, i);
        struct term_row *t = &out->terms[i];
        int kind = json_get_word(&item, "kind", kinds, sizeof kinds / sizeof kinds[0]);

        t->kind = kind >= 0 ? (enum term_kind)kind : TERM_YEAR;
        t->days.first = body_day(&item, "from");
        t->days.last = body_day(&item, "to");
        if (item.fault == JSON_FAULT_NONE && t->days.last < t->days.first)
            json_view_blame(&item, JSON_FAULT_RANGE, "to");
        for (size_t k = 0; k < i && item.fault == JSON_FAULT_NONE; k++)
            if (out->terms[k].kind == t->kind && out->terms[k].days.first <= t->days.last &&
                t->days.first <= out->terms[k].days.last)
                json_view_blame(&item, JSON_FAULT_RANGE, "from"); /* two at once */
        close_item(v, "terms", i, &item);
    }
}

enum err body_calendar(struct json_view *v, struct school_calendar *out, const char **word)
{
    *word = NULL;
    *out = (struct school_calendar){ .bells = mem_zalloc(HOURS_ROWS_MAX, sizeof *out->bells),
                                     .holidays = mem_zalloc(HOLIDAYS_MAX, sizeof *out->holidays),
                                     .terms = mem_zalloc(TERMS_MAX, sizeof *out->terms) };
    if (!out->bells || !out->holidays || !out->terms)
        return ERR_NOMEM;
    bells_of(v, out, word);
    holidays_of(v, out);
    terms_of(v, out);
    return json_view_end(v);
}
