/* SPDX-License-Identifier: Apache-2.0
 *
 * The month report: its memory, its totals and the proof that they belong
 * together.
 */
#include "server/domain/report.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/domain/zone.h"

void month_report_init(struct month_report *r)
{
    *r = (struct month_report){ 0 };
}

static void line_deinit(struct report_line *l)
{
#define X(text) mem_free(l->text);
    REPORT_LINE_TEXTS(X)
#undef X
}

void month_report_deinit(struct month_report *r)
{
    for (size_t i = 0; i < r->lines_n; i++)
        line_deinit(&r->lines[i]);
    mem_free(r->lines);
#define X(text) mem_free(r->text);
    REPORT_TEXTS(X)
#undef X
    for (int i = 0; i < SIGN_COUNT; i++)
        mem_free(r->signs[i].name);
    month_report_init(r);
}

enum err report_text(char **dst, const char *src)
{
    char *copy = NULL;

    if (src && *src) {
        copy = mem_strndup(src, strlen(src));
        if (!copy)
            return ERR_NOMEM;
    }
    mem_free(*dst);
    *dst = copy;
    return ERR_OK;
}

enum err month_report_add(struct month_report *r, struct report_line **out)
{
    if (r->lines_n == r->lines_cap) {
        size_t cap = r->lines_cap ? r->lines_cap * 2 : 32;
        struct report_line *lines = mem_regrow(r->lines, cap, sizeof lines[0]);

        if (!lines)
            return ERR_NOMEM;
        r->lines = lines;
        r->lines_cap = cap;
    }
    r->lines[r->lines_n] = (struct report_line){ 0 };
    *out = &r->lines[r->lines_n++];
    return ERR_OK;
}

static int by_time(const void *a, const void *b)
{
    const struct report_line *x = a, *y = b;

    if (x->start_ms != y->start_ms)
        return x->start_ms < y->start_ms ? -1 : 1;
    return (x->lesson.v > y->lesson.v) - (x->lesson.v < y->lesson.v);
}

void month_report_sort(struct month_report *r)
{
    if (r->lines_n > 0)
        qsort(r->lines, r->lines_n, sizeof r->lines[0], by_time);
    for (size_t i = 0; i < r->lines_n; i++)
        r->lines[i].no = (int)i + 1;
}

bool report_code_missed(char code)
{
    return code != 0 && strchr("NIMCU", code) != NULL;
}

bool report_line_owed(const struct report_line *l)
{
    if (l->make_up_by.v != 0)
        return false;
    if (l->status == LINE_CANCELLED)
        return l->side == SIDE_MENTOR || l->side == SIDE_SCHOOL || l->side == SIDE_CENTRE;
    if (l->status != LINE_OVER)
        return false;
    switch (l->outcome) {
    case OUTCOME_TECH_SERVER:
    case OUTCOME_BOTH_NO_SHOW:
    case OUTCOME_TEACHER_NO_SHOW:
    case OUTCOME_TECH_TEACHER:
    case OUTCOME_TECH_CHILD:
    case OUTCOME_NO_OVERLAP:
    case OUTCOME_NOT_HELD:
        return true;
    case OUTCOME_HELD:
    case OUTCOME_PARTIAL:
    case OUTCOME_CHILD_NO_SHOW:
        break;
    }
    return false;
}

/* Adds a computed lesson to the totals. */
static void count_over(const struct report_line *l, struct report_totals *t)
{
    bool taught = l->outcome == OUTCOME_HELD || l->outcome == OUTCOME_PARTIAL;

    if ((unsigned)l->outcome < OUTCOME_COUNT)
        t->by_outcome[l->outcome]++;
    t->held += l->outcome == OUTCOME_HELD;
    t->partial += l->outcome == OUTCOME_PARTIAL;
    t->not_held += !taught;
    t->make_ups_done += taught && l->make_up_of.v != 0;
    t->missed += report_code_missed(l->code);
    t->missed_ill += l->code == 'I';
    t->late += l->late_ms > 0;
    t->contact_ms += l->contact_ms;
    t->screen_ms += l->screen_ms;
    t->credit_quarters += l->credit_quarters;
    t->waited += l->waited;
}

static void count_line(const struct report_line *l, struct report_totals *t)
{
    t->planned += l->status != LINE_MOVED;
    t->make_ups_owed += report_line_owed(l);
    switch (l->status) {
    case LINE_AHEAD:
        t->ahead++;
        break;
    case LINE_OVER:
        count_over(l, t);
        break;
    case LINE_CANCELLED:
        t->cancelled++;
        if ((unsigned)l->side < SIDE_COUNT)
            t->cancelled_by[l->side]++;
        break;
    case LINE_MOVED:
        t->moved++;
        break;
    }
}

/* A day counts as missed only if it had a computed lesson and all of them were missed. Lines may
 * come in any order, so each day is judged at its first computed line. */
static enum err count_days(const struct report_line *lines, size_t n, const char *tz,
                           struct report_totals *t)
{
    int64_t *days = mem_zalloc(n ? n : 1, sizeof days[0]);
    enum err e = ERR_OK;

    if (!days)
        return ERR_NOMEM;
    for (size_t i = 0; i < n && e == ERR_OK; i++) {
        struct local_time local = { 0 };

        e = zone_local(tz, lines[i].start_ms, &local) == ERR_OK ? ERR_OK : ERR_NOTFOUND;
        days[i] = date_to_days(local.year, local.month, local.day);
    }
    for (size_t i = 0; i < n && e == ERR_OK; i++) {
        bool first = lines[i].status == LINE_OVER, all = true;

        for (size_t k = 0; k < n; k++) {
            if (days[k] != days[i] || lines[k].status != LINE_OVER)
                continue;
            first = first && k >= i;
            all = all && report_code_missed(lines[k].code);
        }
        t->days_missed += first && all;
    }
    mem_free(days);
    return e;
}

enum err month_report_totals(const struct report_line *lines, size_t n, const char *tz,
                             struct report_totals *out)
{
    struct report_totals t = { 0 };
    enum err e;

    if (!tz || !zone_known(tz))
        return ERR_NOTFOUND;
    for (size_t i = 0; i < n; i++)
        count_line(&lines[i], &t);
    e = count_days(lines, n, tz, &t);
    if (e == ERR_OK)
        *out = t;
    return e;
}

enum err month_report_close(struct month_report *r)
{
    month_report_sort(r);
    return month_report_totals(r->lines, r->lines_n, r->tz, &r->totals);
}

enum err report_month_bounds(const char *tz, int year, int month, int64_t *from_ms, int64_t *to_ms)
{
    int64_t from, to;
    enum err e = zone_day_start(tz, year, month, 1, &from);

    if (e == ERR_OK)
        e = zone_day_start(tz, month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1, &to);
    if (e == ERR_OK) {
        *from_ms = from;
        *to_ms = to;
    }
    return e;
}

bool report_in_month(const char *tz, int64_t start_ms, int year, int month)
{
    struct local_time local;

    return zone_local(tz, start_ms, &local) == ERR_OK && local.year == year && local.month == month;
}

/* Can this line be true? */
static bool line_sane(const struct report_line *l)
{
    int64_t planned = l->end_ms - l->start_ms;

    if (planned <= 0 || planned > MS_PER_DAY || (unsigned)l->status > LINE_MOVED ||
        (unsigned)l->side >= SIDE_COUNT || (unsigned)l->family > FAMILY_DISPUTED ||
        l->percent_tenths < 0 || l->percent_tenths > PERCENT_TENTHS_MAX)
        return false;
    if (l->status == LINE_CANCELLED)
        return l->side > SIDE_NONE;
    if (l->status != LINE_OVER)
        return l->contact_ms == 0 && l->credit_quarters == 0 && l->code == 0;
    return (unsigned)l->outcome < OUTCOME_COUNT && l->code != 0 &&
           strchr("PLETSWNIMCUXH", l->code) != NULL && l->contact_ms >= 0 &&
           l->contact_ms <= planned && l->late_ms >= 0 && l->early_ms >= 0 && l->gaps >= 0 &&
           l->gaps_ms >= 0 && l->credit_quarters >= 0 && l->credit_quarters <= 4 &&
           (l->outcome != OUTCOME_HELD || l->contact_ms > 0);
}

static enum report_fault check_lines(const struct month_report *r, size_t *at)
{
    for (size_t i = 0; i < r->lines_n; i++) {
        const struct report_line *l = &r->lines[i];

        *at = i;
        if (!line_sane(l))
            return REPORT_LINE;
        if (!report_in_month(r->tz, l->start_ms, r->year, r->month))
            return REPORT_MONTH;
        if (l->no != (int)i + 1 || (i > 0 && by_time(l - 1, l) >= 0))
            return REPORT_ORDER;
    }
    return REPORT_FINE;
}

enum report_fault month_report_check(const struct month_report *r, int *line)
{
    struct report_totals t;
    enum report_fault fault;
    int64_t from, to;
    size_t at = 0;

    if (line)
        *line = 0;
    if (report_month_bounds(r->tz, r->year, r->month, &from, &to) != ERR_OK)
        return REPORT_ZONE;
    fault = check_lines(r, &at);
    if (fault != REPORT_FINE) {
        if (line)
            *line = (int)at + 1;
        return fault;
    }
    if (r->lines_n == 0 && !r->empty_reason)
        return REPORT_EMPTY;
    /* The zone is known by now, so only memory can be missing. */
    if (month_report_totals(r->lines, r->lines_n, r->tz, &t) != ERR_OK)
        return REPORT_NOMEM;
    return report_totals_equal(&t, &r->totals) ? REPORT_FINE : REPORT_TOTALS;
}

bool report_totals_equal(const struct report_totals *a, const struct report_totals *b)
{
    bool same = a->planned == b->planned && a->ahead == b->ahead && a->held == b->held &&
                a->partial == b->partial && a->not_held == b->not_held &&
                a->cancelled == b->cancelled && a->moved == b->moved &&
                a->make_ups_done == b->make_ups_done && a->make_ups_owed == b->make_ups_owed &&
                a->missed == b->missed && a->missed_ill == b->missed_ill &&
                a->days_missed == b->days_missed && a->late == b->late &&
                a->contact_ms == b->contact_ms && a->screen_ms == b->screen_ms &&
                a->credit_quarters == b->credit_quarters && a->waited == b->waited;

    return same && memcmp(a->by_outcome, b->by_outcome, sizeof a->by_outcome) == 0 &&
           memcmp(a->cancelled_by, b->cancelled_by, sizeof a->cancelled_by) == 0;
}

const char *line_status_name(enum line_status s)
{
    static const char *const names[] = {
#define X(code, name) [LINE_##code] = name,
        LINE_STATUS_LIST(X)
#undef X
    };

    return (size_t)s < sizeof names / sizeof names[0] ? names[s] : "unknown";
}

static const char *const side_names[] = {
#define X(code, name) [SIDE_##code] = name,
    SIDE_LIST(X)
#undef X
};

const char *side_name(enum side s)
{
    return (unsigned)s < SIDE_COUNT ? side_names[s] : "unknown";
}

bool side_parse(const char *name, enum side *out)
{
    for (unsigned i = SIDE_NONE + 1; name && i < SIDE_COUNT; i++) {
        if (strcmp(side_names[i], name) == 0) {
            *out = (enum side)i;
            return true;
        }
    }
    return false;
}

const char *family_word_name(enum family_word w)
{
    static const char *const names[] = {
#define X(code, name) [FAMILY_##code] = name,
        FAMILY_LIST(X)
#undef X
    };

    return (size_t)w < sizeof names / sizeof names[0] ? names[w] : "unknown";
}
