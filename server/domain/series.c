/* SPDX-License-Identifier: Apache-2.0
 *
 * Weekly series. libical says on which dates; zone.h says at which instants.
 * It is asked for dates without times, so that UNTIL includes its day and no
 * wall time is read in another zone.
 */
#include "server/domain/series.h"

#include <libical/ical.h>
#include <string.h>

#include "common/base/now.h"

/* libical reads a number that is too long as another number. */
static bool long_number(const char *text)
{
    size_t digits = 0;

    for (; *text && digits <= 8; text++)
        digits = *text >= '0' && *text <= '9' ? digits + 1 : 0;
    return digits > 8;
}

static bool none(const short *by)
{
    return by[0] == ICAL_RECURRENCE_ARRAY_MAX;
}

static bool plain_weekdays(const short *by_day)
{
    for (size_t i = 0; i < ICAL_BY_DAY_SIZE && by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
        if (icalrecurrencetype_day_position(by_day[i]) != 0)
            return false;
    return true;
}

static bool ends(const struct icalrecurrencetype *r)
{
    if (r->count > 0)
        return r->count <= SERIES_OCCURRENCES_MAX;
    return r->until.is_date && date_valid(r->until.year, r->until.month, r->until.day);
}

static enum err parse_rule(const char *text, struct icalrecurrencetype *out)
{
    struct icalrecurrencetype r;

    if (!text || strlen(text) > SERIES_RULE_MAX || long_number(text) || strcasestr(text, "RSCALE"))
        return ERR_PARSE;
    r = icalrecurrencetype_from_string(text);
    if (r.freq != ICAL_WEEKLY_RECURRENCE || r.interval > SERIES_INTERVAL_MAX || !ends(&r) ||
        !plain_weekdays(r.by_day) || !none(r.by_second) || !none(r.by_minute) || !none(r.by_hour) ||
        !none(r.by_month_day) || !none(r.by_year_day) || !none(r.by_week_no) || !none(r.by_month) ||
        !none(r.by_set_pos))
        return ERR_PARSE;
    *out = r;
    return ERR_OK;
}

enum err series_rule_check(const char *rule)
{
    struct icalrecurrencetype r;

    return parse_rule(rule, &r);
}

static bool is_exception(const struct series *s, int64_t day)
{
    for (size_t i = 0; i < s->exceptions_n; i++)
        if (s->exceptions[i] == day)
            return true;
    return false;
}

static const struct series_move *move_of(const struct series *s, int64_t day)
{
    for (size_t i = 0; i < s->moves_n; i++)
        if (s->moves[i].day == day)
            return &s->moves[i];
    return NULL;
}

static struct occurrence occurrence_on(const struct series *s, int64_t day)
{
    const struct series_move *move = move_of(s, day);
    struct occurrence o = { .day = day, .moved = move != NULL };
    struct local_time at = { .hour = s->hour, .minute = s->minute };
    struct violation v = { 0 };

    date_from_days(day, &at.year, &at.month, &at.day);
    if (move)
        at = move->to;
    o.rule = schedule_local(s->tz, &at, move ? move->which : s->which, &o.start_ms, &v);
    if (o.rule == RULE_NONE)
        o.end_ms = o.start_ms + s->minutes * MS_PER_MIN;
    else if (o.rule == RULE_DOUBLED_TIME) {
        o.choices[0] = v.limit;
        o.choices[1] = v.value;
    }
    return o;
}

/* The day on which the lesson really is. */
static int64_t real_day(const struct series *s, int64_t day)
{
    const struct series_move *move = move_of(s, day);

    return move ? date_to_days(move->to.year, move->to.month, move->to.day) : day;
}

static enum err expand_days(const struct series *s, icalrecur_iterator *dates,
                            struct occurrence *out, size_t cap, struct series_sum *sum)
{
    struct icaltimetype t;

    /* The rule has an end, but UNTIL may be far away: the bound is ours. */
    for (size_t seen = 0; !icaltime_is_null_time(t = icalrecur_iterator_next(dates)); seen++) {
        int64_t day = date_to_days(t.year, t.month, t.day);

        if (seen == SERIES_OCCURRENCES_MAX)
            return ERR_NOMEM;
        if (is_exception(s, day))
            continue;
        if (real_day(s, day) > s->last_day) {
            if (sum->cut++ == 0)
                sum->cut_from = day;
            continue;
        }
        if (sum->n == cap)
            return ERR_NOMEM;
        out[sum->n] = occurrence_on(s, day);
        sum->faults += out[sum->n++].rule != RULE_NONE;
    }
    return ERR_OK;
}

static bool in_range(const struct series *s)
{
    return s->hour >= 0 && s->hour <= 23 && s->minute >= 0 && s->minute <= 59 && s->minutes > 0 &&
           s->minutes <= 1440 && s->first_day >= date_to_days(ZONE_YEAR_MIN, 1, 1) &&
           s->first_day <= date_to_days(ZONE_YEAR_MAX, 12, 31);
}

enum err series_expand(const struct series *s, struct occurrence *out, size_t cap,
                       struct series_sum *sum)
{
    struct icaltimetype first = { .is_date = 1 };
    struct series_sum total = { 0 };
    struct icalrecurrencetype rule;
    icalrecur_iterator *dates;
    enum err err = in_range(s) ? parse_rule(s->rule, &rule) : ERR_INVAL;

    if (err)
        return err;
    date_from_days(s->first_day, &first.year, &first.month, &first.day);
    dates = icalrecur_iterator_new(rule, first);
    if (!dates)
        return ERR_NOMEM;
    err = expand_days(s, dates, out, cap, &total);
    icalrecur_iterator_free(dates);
    if (!err)
        *sum = total;
    return err;
}

size_t series_shifted(const struct series_booked *booked, size_t booked_n,
                      const struct occurrence *now, size_t now_n, struct series_shift *out,
                      size_t cap)
{
    size_t n = 0;

    for (size_t i = 0; i < booked_n; i++) {
        int64_t is = SERIES_NO_INSTANT;

        for (size_t k = 0; k < now_n; k++)
            if (now[k].day == booked[i].day && now[k].rule == RULE_NONE)
                is = now[k].start_ms;
        if (is == booked[i].start_ms)
            continue;
        if (n < cap)
            out[n] = (struct series_shift){ booked[i].day, booked[i].start_ms, is };
        n++;
    }
    return n;
}
