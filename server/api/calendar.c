/* SPDX-License-Identifier: Apache-2.0
 *
 * What a change of a school's calendar meets: the lessons of its children that
 * are on the timetable on some days. They stay there whatever the calendar
 * says; who changes it is told first, and moves or cancels them. Desk thread.
 */
#include "server/api/calendar.h"

#include "common/base/mem.h"
#include "server/api/endpoints.h"
#include "server/api/lesson_json.h"
#include "server/api/person.h"
#include "server/domain/day.h"
#include "server/domain/zone.h"

#define ITEMS_MAX 20
#define DAYS_MAX 366

struct days {
    int64_t first, last;
    int64_t from_ms, to_ms; /* instants of the school's days */
};

static enum err day_asked(struct call *c, const char *name, int64_t *out, bool *refused)
{
    char text[DAY_TEXT_BYTES];
    enum json_fault fault = JSON_FAULT_NONE;
    bool there = call_query(c, name, text, sizeof text, &fault);

    if (there && day_parse(text, out))
        return ERR_OK;
    *refused = true;
    return call_refuse_query(c, name,
                             there                      ? JSON_FAULT_MALFORMED
                             : fault != JSON_FAULT_NONE ? fault
                                                        : JSON_FAULT_MISSING);
}

static enum err day_begin(const char *tz, int64_t day, int64_t *out)
{
    int y, m, d;

    date_from_days(day, &y, &m, &d);
    return zone_day_start(tz, y, m, d, out);
}

static enum err days_asked(struct call *c, const char *tz, struct days *out, bool *refused)
{
    enum err err = day_asked(c, "from", &out->first, refused);

    if (!err && !*refused)
        err = day_asked(c, "to", &out->last, refused);
    if (err || *refused)
        return err;
    if (out->last < out->first || out->last - out->first >= DAYS_MAX ||
        day_begin(tz, out->first, &out->from_ms) || day_begin(tz, out->last + 1, &out->to_ms)) {
        *refused = true;
        return call_refuse_query(c, "to", JSON_FAULT_RANGE);
    }
    return ERR_OK;
}

static bool ahead(const struct call *c, const struct lesson *l)
{
    return l->facts.start_ms > c->now.unix_ms &&
           (l->facts.state == LESSON_SCHEDULED || l->facts.state == LESSON_NEEDS_SUBSTITUTE);
}

static enum err answer_lessons(struct call *c, const struct lesson_list *l)
{
    json_t *items = json_array();
    json_int_t n = 0;
    enum err err = items ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < l->n; i++) {
        json_t *one = NULL;

        if (!ahead(c, &l->items[i]) || ++n > ITEMS_MAX)
            continue;
        err = lesson_brief_json(c, &l->items[i], &one);
        if (!err)
            err = json_push(items, one);
    }
    if (!err)
        return call_answer(c, 200, json_pack("{s:I,s:o}", "count", n, "items", items));
    json_decref(items);
    return err;
}

enum err calendar_lessons_get(struct call *c)
{
    struct org school;
    struct days days;
    struct lesson_list l = { 0 };
    bool refused = false;
    enum err err = calendar_open_school(c, RIGHT_CALENDAR_VIEW, &school, &refused);

    if (!err && !refused)
        err = days_asked(c, school.tz, &days, &refused);
    if (err || refused)
        return err;
    err = lesson_list(c->db,
                      &(struct lesson_filter){ .centre = school.parent,
                                               .school = school.id,
                                               .from_ms = days.from_ms,
                                               .to_ms = days.to_ms },
                      &l);
    if (!err)
        err = answer_lessons(c, &l);
    lesson_list_free(&l);
    return err;
}
