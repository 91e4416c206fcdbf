/* SPDX-License-Identifier: Apache-2.0
 *
 * See ics.h. Escaping and folding are libical's.
 */
#include "server/render/ics.h"

#include <libical/ical.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"

#define PRODUCT "-//Parta//Timetable//EN"

/* Takes p over. False: no memory. */
static bool put(icalcomponent *to, icalproperty *p)
{
    if (p)
        icalcomponent_add_property(to, p);
    return p != NULL;
}

static struct icaltimetype utc(int64_t ms)
{
    return icaltime_from_timet_with_zone((time_t)(ms / MS_PER_S), 0,
                                         icaltimezone_get_utc_timezone());
}

static icalcomponent *event_of(const struct ics_event *e)
{
    icalcomponent *c = icalcomponent_new_vevent();

    if (c && put(c, icalproperty_new_uid(e->uid)) &&
        put(c, icalproperty_new_dtstamp(utc(e->changed_ms))) &&
        put(c, icalproperty_new_lastmodified(utc(e->changed_ms))) &&
        put(c, icalproperty_new_dtstart(utc(e->start_ms))) &&
        put(c, icalproperty_new_dtend(utc(e->end_ms))) &&
        put(c, icalproperty_new_sequence(e->sequence)) &&
        put(c, icalproperty_new_summary(e->summary)) &&
        put(c,
            icalproperty_new_status(e->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED)))
        return c;
    if (c)
        icalcomponent_free(c);
    return NULL;
}

static icalproperty *named(const char *name)
{
    icalproperty *p = icalproperty_new_x(name);

    if (p)
        icalproperty_set_x_name(p, "X-WR-CALNAME");
    return p;
}

static bool fill(icalcomponent *calendar, const char *name, const struct ics_event *events,
                 size_t n)
{
    if (!put(calendar, icalproperty_new_version("2.0")) ||
        !put(calendar, icalproperty_new_prodid(PRODUCT)) || !put(calendar, named(name)))
        return false;
    for (size_t i = 0; i < n; i++) {
        icalcomponent *event = event_of(&events[i]);

        if (!event)
            return false;
        icalcomponent_add_component(calendar, event);
    }
    return true;
}

/* From libical's memory into ours. */
static enum err copy_out(char *text, char **out, size_t *len)
{
    char *copy;

    if (!text)
        return ERR_NOMEM;
    copy = mem_strndup(text, strlen(text));
    if (copy) {
        *out = copy;
        *len = strlen(copy);
    }
    icalmemory_free_buffer(text);
    return copy ? ERR_OK : ERR_NOMEM;
}

enum err ics_calendar(const char *name, const struct ics_event *events, size_t n, char **out,
                      size_t *len)
{
    icalcomponent *calendar;
    enum err err;

    for (size_t i = 0; i < n; i++)
        if (events[i].start_ms < 0 || events[i].end_ms < events[i].start_ms)
            return ERR_INVAL;
    calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    if (!calendar)
        return ERR_NOMEM;
    err = fill(calendar, name, events, n)
              ? copy_out(icalcomponent_as_ical_string_r(calendar), out, len)
              : ERR_NOMEM;
    icalcomponent_free(calendar);
    return err;
}
