/* SPDX-License-Identifier: Apache-2.0
 *
 * Limits of children by grade and policy; see limits.h. Desk thread.
 */
#include "server/api/limits.h"

#include "server/api/person.h"
#include "server/store/org.h"

/* Defaults of DOMAIN section 5; each is a policy key with the grade band behind it. */
struct band {
    int upto;               /* grade */
    int lesson_minutes;     /* R5 */
    int screen_minutes_day; /* R6, at home */
    int lessons_day;        /* R7 */
};
static const struct band bands[] = {
    { 1, 35, 80, 4 },  { 2, 40, 80, 5 },  { 4, 40, 90, 5 },
    { 6, 40, 120, 6 }, { 9, 40, 120, 7 }, { 11, 40, 170, 7 },
};

static const struct band *band_of(int grade)
{
    size_t i = 0;

    while (i + 1 < sizeof bands / sizeof bands[0] && grade > bands[i].upto)
        i++;
    return &bands[i];
}

static enum err one_json(const struct call *c, const struct lesson *l, const struct lesson_seat *s,
                         json_t **out)
{
    const struct band *b = band_of(s->grade);
    int64_t lesson, screen_ms, day, count;
    enum err err = policy_int(c->db, l->org, "limits.lesson_min", l->facts.start_ms, 10, 60,
                              b->lesson_minutes, &lesson);

    if (!err)
        err = policy_screen_limit(c->db, l->org, l->facts.start_ms, s->grade, &screen_ms);
    if (!err)
        err = policy_int(c->db, l->org, "limits.screen_day_min", l->facts.start_ms, 1, 600,
                         b->screen_minutes_day, &day);
    if (!err)
        err = policy_int(c->db, l->org, "limits.lessons_day", l->facts.start_ms, 1, 12,
                         b->lessons_day, &count);
    if (err)
        return err;
    *out = json_pack("{s:I,s:i,s:I,s:I,s:I,s:I}", "child", (json_int_t)s->user.v, "grade", s->grade,
                     "lesson_minutes", (json_int_t)lesson, "screen_minutes",
                     (json_int_t)(screen_ms / MS_PER_MIN), "screen_minutes_day", (json_int_t)day,
                     "lessons_day", (json_int_t)count);
    return *out ? ERR_OK : ERR_NOMEM;
}

static bool listed(const json_t *array, int64_t child)
{
    size_t i;
    json_t *item;

    json_array_foreach((json_t *)(uintptr_t)array, i, item)
    {
        if (json_integer_value(json_object_get(item, "child")) == child)
            return true;
    }
    return false;
}

enum err limits_json(const struct call *c, const struct lesson_list *l, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && l && i < l->n; i++) {
        for (int k = 0; !err && k < l->items[i].seats_n; k++) {
            json_t *one = NULL;

            if (listed(array, l->items[i].seats[k].user.v))
                continue;
            err = one_json(c, &l->items[i], &l->items[i].seats[k], &one);
            if (!err)
                err = json_push(array, one);
        }
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}
