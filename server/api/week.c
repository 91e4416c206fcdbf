/* SPDX-License-Identifier: Apache-2.0
 *
 * A week of the timetable; see week.h. Desk thread.
 */
#include "server/api/week.h"

#include <string.h>

#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/lesson_json.h"
#include "server/api/person.h"
#include "server/store/home.h"
#include "server/store/timetable.h"

#define HATCHES_MAX 64

/* ---- whose week ----------------------------------------------------------------------------- */

/* "mentor-12": the number behind a word and a hyphen. */
static bool numbered(const char *of, const char *word, int64_t *out)
{
    size_t n = strlen(word);

    return strncmp(of, word, n) == 0 && of[n] == '-' &&
           str_to_i64(of + n + 1, 1, BODY_ID_MAX, out) == ERR_OK;
}

static enum err a_child(struct call *c, int64_t user, struct week *w, bool *may)
{
    bool taught = false;
    enum err err = child_by_user(c->db, (struct user_id){ user }, &w->child);

    w->of = WEEK_OF_CHILD;
    if (!err)
        err = child_taught_by(c->db, w->child.id, c->user.id, c->now.unix_ms, &taught);
    if (!err)
        err = call_may_child(c, RIGHT_TIMETABLE_VIEW, &w->child, taught, may);
    w->filter.child = w->child.id;
    w->name = w->child.name;
    w->tz = w->child.tz;
    return err;
}

/* One's own, or the centre's. */
static enum err a_mentor(struct call *c, int64_t user, struct week *w, bool *may)
{
    enum err err = mentor_by_user(c->db, (struct user_id){ user }, &w->mentor);

    w->of = WEEK_OF_MENTOR;
    if (!err)
        *may = user_id_eq(w->mentor.user, w->filter.user) ||
               (w->filter.centre.v && org_id_eq(w->filter.centre, w->mentor.centre));
    w->filter.mentor = w->mentor.id;
    w->name = w->mentor.name;
    w->tz = w->mentor.tz;
    return err;
}

/* An officer's own; for a centre those that its children are registered at. */
static enum err a_school(struct call *c, int64_t id, struct week *w, bool *may)
{
    struct child_filter f = { .centre = w->filter.centre, .school = { id } };
    struct child_list l = { 0 };
    enum err err = org_load(c->db, (struct org_id){ id }, &w->org);

    w->of = WEEK_OF_SCHOOL;
    if (!err && w->filter.centre.v) {
        f.at_ms = c->now.unix_ms;
        err = child_list(c->db, &f, &l);
        *may = l.n > 0;
        child_list_free(&l);
    } else if (!err) {
        *may = org_id_eq(w->filter.school, w->org.id);
    }
    w->filter.school = w->org.id;
    w->name = w->org.name;
    w->tz = w->org.tz;
    return err;
}

static enum err the_centre(struct call *c, struct week *w, bool *may)
{
    enum err err = ERR_OK;

    w->of = WEEK_OF_CENTRE;
    *may = w->filter.centre.v != 0;
    if (*may)
        err = org_load(c->db, w->filter.centre, &w->org);
    w->name = w->org.name;
    w->tz = c->user.tz;
    return err;
}

/* *known: `of` is a word that there is. */
static enum err whose(struct call *c, const char *of, struct week *w, bool *known, bool *may)
{
    int64_t id;

    *known = true;
    *may = false;
    if (strcmp(of, "centre") == 0)
        return the_centre(c, w, may);
    if (strcmp(of, "mentor-own") == 0)
        return a_mentor(c, c->user.id.v, w, may);
    if (numbered(of, "mentor", &id))
        return a_mentor(c, id, w, may);
    if (numbered(of, "child", &id))
        return a_child(c, id, w, may);
    if (numbered(of, "school", &id))
        return a_school(c, id, w, may);
    *known = false;
    return ERR_OK;
}

/* The seven days around the one that was asked for. */
static enum err days_of(struct week *w, const struct day_range *asked)
{
    struct local_time at;
    enum err err = zone_local(w->tz, asked->from_ms, &at);

    if (err)
        return err;
    w->monday = week_monday(date_to_days(at.year, at.month, at.day));
    for (int i = 0; !err && i < WEEK_DAYS; i++) {
        int y, m, d;
        int64_t start;

        date_from_days(w->monday + i, &y, &m, &d);
        err = zone_day_start(w->tz, y, m, d, &start);
        if (!err)
            err = call_day_at(w->tz, start, &w->days[i]);
    }
    w->filter.from_ms = w->days[0].from_ms;
    w->filter.to_ms = w->days[WEEK_DAYS - 1].to_ms;
    return err;
}

enum err week_asked(struct call *c, struct week *out, bool *refused)
{
    char of[32];
    enum json_fault fault;
    struct day_range asked;
    bool known, may;
    enum err err;

    *out = (struct week){ 0 };
    *refused = true;
    if (!call_lesson_filter(c, RIGHT_TIMETABLE_VIEW, 0, 0, &out->filter))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (!call_query(c, "of", of, sizeof of, &fault))
        return call_refuse_query(c, "of", fault ? fault : JSON_FAULT_MISSING);
    err = whose(c, of, out, &known, &may);
    if (!known)
        return call_refuse_query(c, "of", JSON_FAULT_MALFORMED);
    if (err == ERR_NOTFOUND || (!err && !may))
        return call_refuse(c, REFUSE_NOT_FOUND);
    *refused = false;
    if (!err)
        err = call_day(c, out->tz, &asked, refused);
    return err || *refused ? err : days_of(out, &asked);
}

/* ---- the answer ----------------------------------------------------------------------------- */

static enum err lessons_json(const struct call *c, const struct week *w, json_t **out, size_t *more)
{
    struct lesson_list l = { 0 };
    json_t *array = json_array();
    enum err err = array ? lesson_list(c->db, &w->filter, &l) : ERR_NOMEM;
    size_t shown = l.n < WEEK_LESSONS_MAX ? l.n : WEEK_LESSONS_MAX;

    for (size_t i = 0; !err && i < shown; i++) {
        json_t *lesson = NULL;

        err = lesson_json(c, &l.items[i], &lesson);
        if (!err)
            err = json_push(array, lesson);
    }
    *more = l.n - shown;
    lesson_list_free(&l);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err date_of(int64_t day, char out[11])
{
    int y, m, d;

    date_from_days(day, &y, &m, &d);
    return str_format(out, 11, "%04d-%02d-%02d", y, m, d) ? ERR_OK : ERR_INVAL;
}

static enum err hatches_push(const struct timetable *t, int64_t monday, json_t *array)
{
    struct hatch found[HATCHES_MAX];
    const struct school_facts *school = t->facts.schools_n ? &t->schools[0] : NULL;
    size_t n = week_hatches(&t->children[0], school, &t->policy, monday, found, HATCHES_MAX);
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < n && i < HATCHES_MAX; i++) {
        char date[11];

        err = date_of(found[i].day, date);
        if (!err)
            err = json_push(array, json_pack("{s:s,s:s,s:i,s:i}", "kind", hatch_name(found[i].kind),
                                             "date", date, "from", found[i].from_minute, "to",
                                             found[i].to_minute));
    }
    return err;
}

/* What a child's week may not have; nothing for other weeks. */
static enum err hatches_json(const struct call *c, const struct week *w, json_t **out)
{
    struct timetable_query q = { .centre = w->child.centre,
                                 .children = { w->child.id },
                                 .children_n = 1,
                                 .at_ms = w->filter.from_ms,
                                 .now_ms = c->now.unix_ms,
                                 .from_ms = w->filter.from_ms,
                                 .to_ms = w->filter.to_ms };
    struct timetable *t = NULL;
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    if (!err && w->of == WEEK_OF_CHILD) {
        err = timetable_open(c->db, &q, &t);
        if (!err)
            err = hatches_push(t, w->monday, array);
        timetable_close(t);
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err days_json(const struct call *c, const struct week *w, json_t **out)
{
    struct org_id school = w->of == WEEK_OF_CHILD    ? w->child.school
                           : w->of == WEEK_OF_SCHOOL ? w->org.id
                                                     : (struct org_id){ 0 };
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (int i = 0; !err && i < WEEK_DAYS; i++) {
        bool holiday = false;

        if (school.v)
            err = holiday_on(c->db, school, w->days[i].text, &holiday);
        if (!err)
            err = json_push(
                array, json_pack("{s:s,s:b}", "date", w->days[i].text, "holiday", (int)holiday));
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

enum err week_get(struct call *c)
{
    struct week w;
    json_t *days = NULL, *lessons = NULL, *hatches = NULL;
    bool refused = false;
    size_t more = 0;
    enum err err = week_asked(c, &w, &refused);

    if (err || refused)
        return err;
    err = days_json(c, &w, &days);
    if (!err)
        err = lessons_json(c, &w, &lessons, &more);
    if (!err)
        err = hatches_json(c, &w, &hatches);
    if (err) {
        json_decref(days);
        json_decref(lessons);
        return err;
    }
    return call_answer(c, 200,
                       json_pack("{s:s,s:s,s:I,s:o,s:o,s:o,s:I}", "name", w.name, "tz", w.tz, "now",
                                 (json_int_t)c->now.unix_ms, "days", days, "lessons", lessons,
                                 "hatches", hatches, "more", (json_int_t)more));
}
