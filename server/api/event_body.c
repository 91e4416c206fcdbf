/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies of the endpoints of events, and whether the people they name are of
 * the centre. Desk thread.
 */
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/event.h"

#define MOST_CHARS(bytes) ((bytes) / 2) /* Cyrillic takes two */

static void copy_line(struct json_view *v, const char *name, char *out, size_t cap)
{
    const char *s = json_get_str(v, name, cap - 1);

    if (v->fault == JSON_FAULT_NONE &&
        (!str_name_ok(s, MOST_CHARS(cap - 1)) || !str_copy(out, cap, s)))
        json_view_blame(v, JSON_FAULT_MALFORMED, name);
}

static void copy_opt_line(struct json_view *v, const char *name, char *out, size_t cap)
{
    const char *s = body_opt_name(v, name, cap - 1, MOST_CHARS(cap - 1));

    if (s && v->fault == JSON_FAULT_NONE && !str_copy(out, cap, s))
        json_view_blame(v, JSON_FAULT_TOO_LONG, name);
}

/* ---- agenda ------------------------------------------------------------------------------- */

static void read_item(struct json_view *v, const json_t *json, struct event_item *out)
{
    struct json_view in = json_view_on(json);

    copy_line(&in, "title", out->title, sizeof out->title);
    out->minutes = (int)json_get_int(&in, "minutes", 1, 480);
    out->speaker.v = body_opt_id(&in, "speaker");
    copy_opt_line(&in, "speaker_name", out->speaker_name, sizeof out->speaker_name);
    if (in.fault == JSON_FAULT_NONE && out->speaker.v && out->speaker_name[0])
        json_view_blame(&in, JSON_FAULT_RANGE, "speaker_name");
    if (json_view_end(&in))
        json_view_blame(v, in.fault, "agenda");
}

int event_agenda_minutes(const struct event_agenda *a)
{
    int sum = 0;

    for (int i = 0; i < a->n; i++)
        sum += a->items[i].minutes;
    return sum;
}

void event_read_what(struct json_view *v, struct event *e, struct event_agenda *agenda)
{
    const char *kind = json_get_str(v, "kind", 20);
    const char *about;
    const json_t *items;

    if (v->fault == JSON_FAULT_NONE && !event_kind_parse(kind, &e->kind))
        json_view_blame(v, JSON_FAULT_RANGE, "kind");
    copy_line(v, "title", e->title, sizeof e->title);
    about = body_text(v, "about", EVENT_ABOUT_MAX, MOST_CHARS(EVENT_ABOUT_MAX));
    if (v->fault == JSON_FAULT_NONE && !str_copy(e->about, sizeof e->about, about))
        json_view_blame(v, JSON_FAULT_TOO_LONG, "about");
    e->chair.v = body_id(v, "chair");
    e->secretary.v = body_id(v, "secretary");
    items = json_get_array(v, "agenda", EVENT_ITEMS_MAX);
    agenda->n = 0;
    for (size_t i = 0; v->fault == JSON_FAULT_NONE && i < json_array_size(items); i++) {
        struct event_item *item = &agenda->items[agenda->n++];

        *item = (struct event_item){ 0 };
        read_item(v, json_array_get(items, i), item);
    }
}

/* ---- when and where ----------------------------------------------------------------------- */

int64_t event_read_answer_by(struct json_view *v, const char *tz, int64_t start_ms)
{
    const char *date = json_opt_str(v, "answer_by", 10);
    int year, month, day;
    int64_t next;

    if (!date || v->fault != JSON_FAULT_NONE)
        return 0;
    if (!body_date(date, &year, &month, &day)) {
        json_view_blame(v, JSON_FAULT_MALFORMED, "answer_by");
        return 0;
    }
    date_from_days(date_to_days(year, month, day) + 1, &year, &month, &day);
    if (zone_day_start(tz, year, month, day, &next)) {
        json_view_blame(v, JSON_FAULT_RANGE, "answer_by");
        return 0;
    }
    return next < start_ms ? next : start_ms;
}

void event_read_when(struct json_view *v, struct event *e, struct event_when *out)
{
    struct body_when w = { 0 };
    int64_t second = 0;

    copy_line(v, "place", e->place, sizeof e->place);
    body_when(v, &w);
    if (v->fault != JSON_FAULT_NONE)
        return;
    switch (zone_to_utc(e->tz, &w.local, &out->start_ms, &second)) {
    case ZONE_DOUBLED:
        if (w.which == WHICH_SECOND)
            out->start_ms = second;
        break;
    case ZONE_UNIQUE:
        break;
    case ZONE_SKIPPED:
    case ZONE_UNKNOWN:
        json_view_blame(v, JSON_FAULT_RANGE, "time");
        return;
    }
    out->end_ms = out->start_ms + w.minutes * MS_PER_MIN;
    out->answer_by_ms = event_read_answer_by(v, e->tz, out->start_ms);
}

/* ---- people ------------------------------------------------------------------------------- */

static enum err check_one(struct call *c, const struct event *e, struct user_id user,
                          const char *field, bool *refused)
{
    bool adult = false;
    enum err err = event_is_adult(c, e->centre, user, &adult);

    *refused = !err && !adult;
    return *refused ? call_refuse_word(c, field, "range") : err;
}

enum err event_check_people(struct call *c, const struct event *e, const struct event_agenda *a,
                            bool *refused)
{
    enum err err = check_one(c, e, e->chair, "chair", refused);

    if (!err && !*refused)
        err = check_one(c, e, e->secretary, "secretary", refused);
    for (int i = 0; !err && !*refused && i < a->n; i++)
        if (a->items[i].speaker.v)
            err = check_one(c, e, a->items[i].speaker, "agenda", refused);
    return err;
}
