/* SPDX-License-Identifier: Apache-2.0
 *
 * My day and the coordinator's timetable of a day. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/api/bring.h"
#include "server/api/endpoints.h"
#include "server/api/lesson_day.h"
#include "server/api/lesson_json.h"
#include "server/api/limits.h"
#include "server/api/owed.h"
#include "server/api/person.h"
#include "server/store/mentor.h"

/* How far "tomorrow's first" looks. */
#define AHEAD_DAYS 14

static enum err lessons_json(const struct call *c, const struct lesson_list *l, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < l->n; i++) {
        json_t *lesson = NULL;

        err = lesson_json(c, &l->items[i], &lesson);
        if (!err)
            err = json_push(array, lesson);
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

/* The lesson the main button leads to: the first whose door is not closed yet. */
static const struct lesson *next_of(const struct call *c, const struct lesson_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        if (lesson_stands(&l->items[i]) && c->now.unix_ms < lesson_closes_ms(&l->items[i].facts) &&
            l->items[i].facts.state != LESSON_ENDED && l->items[i].facts.state != LESSON_COMPUTED)
            return &l->items[i];
    }
    return NULL;
}

static enum err tomorrow_json(const struct call *c, const struct lesson_filter *who,
                              const struct day_range *day, json_t **out)
{
    struct lesson_filter f = *who;
    struct lesson_list l = { 0 };
    enum err err;

    *out = NULL;
    f.from_ms = day->to_ms;
    f.to_ms = day->to_ms + AHEAD_DAYS * MS_PER_DAY;
    err = lesson_list(c->db, &f, &l);
    for (size_t i = 0; !err && !*out && i < l.n; i++) {
        if (lesson_stands(&l.items[i]) && l.items[i].facts.start_ms >= day->to_ms)
            err = lesson_json(c, &l.items[i], out);
    }
    lesson_list_free(&l);
    if (!err && !*out)
        *out = json_null();
    return err;
}

struct day_parts {
    json_t *lessons, *bring, *tomorrow, *limits, *owed;
};

static enum err day_parts(const struct call *c, enum role role, const struct lesson_filter *f,
                          const struct day_range *day, const struct lesson_list *l,
                          struct day_parts *p)
{
    const struct lesson *next = next_of(c, l);
    bool family = role == ROLE_CHILD || role == ROLE_GUARDIAN;
    enum err err = lessons_json(c, l, &p->lessons);

    p->bring = next && family ? bring_json(next->subject) : json_array();
    if (!err)
        err = tomorrow_json(c, f, day, &p->tomorrow);
    if (!err)
        err = limits_json(c, role == ROLE_MENTOR ? l : NULL, &p->limits);
    if (!err)
        err = owed_json(c, role == ROLE_MENTOR, &p->owed);
    return err;
}

static enum err day_answer(struct call *c, const struct day_range *day,
                           const struct lesson_filter *f, const struct lesson_list *l)
{
    enum role role = call_role(c);
    const struct lesson *next = next_of(c, l);
    struct day_parts p = { 0 };
    enum err err = day_parts(c, role, f, day, l, &p);
    json_t *json;

    if (err) {
        json_decref(p.lessons);
        json_decref(p.bring);
        json_decref(p.tomorrow);
        json_decref(p.limits);
        return err;
    }
    json = json_pack("{s:s,s:s,s:I,s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "date", day->text, "tz",
                     c->user.tz, "now", (json_int_t)c->now.unix_ms, "role", role_name(role), "next",
                     json_time_or_null(next ? next->facts.id.v : 0, 0), "lessons", p.lessons,
                     "bring", p.bring, "tomorrow", p.tomorrow, "limits", p.limits, "owed", p.owed);
    return call_answer(c, 200, json);
}

enum err day_get(struct call *c)
{
    struct day_range day;
    struct lesson_filter f;
    struct lesson_list l = { 0 };
    bool refused = false;
    enum err err;

    if (!call_lesson_filter(c, RIGHT_MY_DAY, 0, 0, &f))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = call_day(c, c->user.tz, &day, &refused);
    if (err || refused)
        return err;
    err = lessons_of_day(c, &f, &day, true, &l);
    if (!err)
        err = day_answer(c, &day, &f, &l);
    lesson_list_free(&l);
    return err;
}

/* Lessons of one mentor, in the order of the list. */
static enum err row_json(const struct call *c, const struct lesson_list *l, struct user_id mentor,
                         json_t **out)
{
    json_t *lessons = json_array(), *person = NULL;
    enum err err = lessons ? person_json(c, mentor, &person) : ERR_NOMEM;

    for (size_t i = 0; !err && i < l->n; i++) {
        json_t *lesson = NULL;

        if (!user_id_eq(l->items[i].facts.mentor, mentor))
            continue;
        err = lesson_json(c, &l->items[i], &lesson);
        if (!err)
            err = json_push(lessons, lesson);
    }
    if (err) {
        json_decref(lessons);
        json_decref(person);
        return err;
    }
    *out = json_pack("{s:o,s:o}", "mentor", person, "lessons", lessons);
    return *out ? ERR_OK : ERR_NOMEM;
}

enum err timetable_get(struct call *c)
{
    struct day_range day;
    struct lesson_filter f;
    struct lesson_list l = { 0 };
    struct mentor_list mentors = { 0 };
    json_t *rows = json_array();
    bool refused = false;
    enum err err = rows ? ERR_OK : ERR_NOMEM;

    if (!call_lesson_filter(c, RIGHT_BOARD_VIEW, 0, 0, &f)) {
        json_decref(rows);
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    }
    if (!err)
        err = call_day(c, c->user.tz, &day, &refused);
    if (!err && !refused) {
        err = lessons_of_day(c, &f, &day, false, &l);
        if (!err)
            err = mentor_list(c->db, f.centre, &mentors);
    }
    for (size_t i = 0; !err && i < mentors.n; i++) {
        json_t *row = NULL;

        err = row_json(c, &l, mentors.items[i].user, &row);
        if (!err)
            err = json_push(rows, row);
    }
    lesson_list_free(&l);
    mentor_list_free(&mentors);
    if (err || refused) {
        json_decref(rows);
        return err;
    }
    return call_answer(c, 200,
                       json_pack("{s:s,s:s,s:I,s:o}", "date", day.text, "tz", c->user.tz, "now",
                                 (json_int_t)c->now.unix_ms, "rows", rows));
}
