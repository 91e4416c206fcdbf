/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections and the choice among them; see section.h.
 */
#include "server/domain/section.h"

#include <string.h>

#include "common/base/now.h"
#include "server/domain/zone.h"

/* ---- settings ----------------------------------------------------------------------------- */

#define OWN "proposal of the programme's makers"
#define ONE(field, key, fallback, min, max, source)                                                \
    {                                                                                              \
        key, offsetof(struct section_policy, field), fallback, min, max, source                    \
    }

static const struct section_setting settings[] = {
    ONE(visit_days, "section.visit_days", 366, 1, 3660,
        "the founding document: a child attends trial classes before it chooses; " OWN
        ": within a year"),
    ONE(offer_hours, "section.offer_hours", 72, 1, 8760, OWN ": a place is kept for three days"),
    ONE(ahead_days, "section.ahead_days", 28, 7, 92, OWN ": four weeks of the timetable"),
};

const struct section_setting *section_settings(size_t *n)
{
    *n = sizeof settings / sizeof settings[0];
    return settings;
}

struct section_policy section_policy_default(void)
{
    struct section_policy p = { 0 };

    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        *(int *)(void *)((char *)&p + settings[i].offset) = settings[i].fallback;
    return p;
}

/* ---- may it be chosen? -------------------------------------------------------------------- */

int section_age(int64_t birth_day, int64_t today)
{
    int by, bm, bd, y, m, d;

    date_from_days(birth_day, &by, &bm, &bd);
    date_from_days(today, &y, &m, &d);
    return y - by - (m < bm || (m == bm && d < bd));
}

static bool age_fits(const struct choice_facts *f, int64_t today)
{
    int age;

    if (f->birth_day == INT64_MIN || f->birth_day > today)
        return false;
    age = section_age(f->birth_day, today);
    return age >= f->age_from && age <= f->age_to;
}

unsigned choice_check(const struct choice_facts *f, int64_t today, int64_t now_ms,
                      const struct section_policy *p)
{
    unsigned faults = 0;

    if (!f->open)
        faults |= CHOICE_BIT(CHOICE_CLOSED);
    if (!age_fits(f, today))
        faults |= CHOICE_BIT(CHOICE_AGE);
    if (f->paper_needed && f->paper_to_ms <= now_ms)
        faults |= CHOICE_BIT(CHOICE_PAPER);
    if (!f->informed_ms || f->informed_ms + p->visit_days * MS_PER_DAY <= now_ms)
        faults |= CHOICE_BIT(CHOICE_UNINFORMED);
    if (!f->consent)
        faults |= CHOICE_BIT(CHOICE_CONSENT);
    if (f->overlap)
        faults |= CHOICE_BIT(CHOICE_OVERLAP);
    if (f->clash)
        faults |= CHOICE_BIT(CHOICE_CLASH);
    return faults;
}

unsigned choice_count_check(int sections, const struct schedule_policy *p)
{
    return sections < p->sections_min   ? CHOICE_BIT(CHOICE_FEW)
           : sections > p->sections_max ? CHOICE_BIT(CHOICE_MANY)
                                        : 0;
}

/* ---- places ------------------------------------------------------------------------------- */

static int held(const struct place *places, size_t n)
{
    int count = 0;

    for (size_t i = 0; i < n; i++)
        count += places[i].state == CHOICE_IS_ACTIVE || places[i].state == CHOICE_IS_OFFERED;
    return count;
}

size_t places_settle(struct place *places, size_t n, int capacity, int64_t now_ms,
                     const struct section_policy *p)
{
    size_t changed = 0;
    int taken;

    for (size_t i = 0; i < n; i++) {
        if (places[i].state == CHOICE_IS_OFFERED && places[i].offer_to_ms <= now_ms) {
            places[i].state = CHOICE_IS_LAPSED;
            places[i].changed = true;
            changed++;
        }
    }
    taken = held(places, n);
    for (size_t i = 0; i < n && taken < capacity; i++) {
        if (places[i].state != CHOICE_IS_WAITING)
            continue;
        places[i].state = CHOICE_IS_OFFERED;
        places[i].offer_to_ms = now_ms + p->offer_hours * 60 * MS_PER_MIN;
        places[i].changed = true;
        changed++;
        taken++;
    }
    return changed;
}

enum choice_state places_enter(const struct place *places, size_t n, int capacity)
{
    for (size_t i = 0; i < n; i++)
        if (places[i].state == CHOICE_IS_WAITING)
            return CHOICE_IS_WAITING;
    return held(places, n) < capacity ? CHOICE_IS_ACTIVE : CHOICE_IS_WAITING;
}

/* ---- meetings ----------------------------------------------------------------------------- */

/* The meeting of a slot on a local day; false: not on that weekday, or at no instant. */
static bool meeting_on(const struct section_place *at, const struct section_slot *slot, int64_t day,
                       int64_t *start_ms)
{
    struct local_time t = { .hour = slot->from_minute / 60, .minute = slot->from_minute % 60 };
    int64_t second;

    if ((int)(((day + 3) % 7 + 7) % 7) + 1 != slot->weekday) /* 1970-01-01 was a Thursday */
        return false;
    date_from_days(day, &t.year, &t.month, &t.day);
    switch (zone_to_utc(at->tz, &t, start_ms, &second)) {
    case ZONE_UNIQUE:
    case ZONE_DOUBLED:
        return true;
    case ZONE_SKIPPED:
    case ZONE_UNKNOWN:
        break;
    }
    return false;
}

static bool local_day(const char *tz, int64_t ms, int64_t *out)
{
    struct local_time t;

    if (zone_local(tz, ms, &t) != ERR_OK)
        return false;
    *out = date_to_days(t.year, t.month, t.day);
    return true;
}

size_t section_meetings(const struct section_place *at, const struct section_slot *slots,
                        size_t slots_n, int64_t from_ms, int64_t to_ms, struct section_block *out,
                        size_t cap)
{
    int64_t first, last, start;
    size_t n = 0;

    if (to_ms <= from_ms || !local_day(at->tz, from_ms, &first) ||
        !local_day(at->tz, to_ms - 1, &last))
        return 0;
    for (size_t i = 0; i < slots_n; i++) {
        for (int64_t day = first; day <= last; day++) {
            if (!meeting_on(at, &slots[i], day, &start) || start < from_ms || start >= to_ms)
                continue;
            if (n < cap)
                out[n] =
                    (struct section_block){ .id = at->section,
                                            .start_ms = start,
                                            .end_ms = start + slots[i].minutes * MS_PER_MIN,
                                            .on_screen = at->online,
                                            .travel_minutes = at->online ? 0 : at->travel_minutes };
            n++;
        }
    }
    return n;
}

bool section_blocks_overlap(const struct section_block *a, size_t a_n,
                            const struct section_block *b, size_t b_n)
{
    for (size_t i = 0; i < a_n; i++) {
        for (size_t k = 0; k < b_n; k++) {
            int64_t way = (a[i].travel_minutes > b[k].travel_minutes ? a[i].travel_minutes
                                                                     : b[k].travel_minutes) *
                          MS_PER_MIN;

            if (a[i].start_ms < b[k].end_ms + way && b[k].start_ms < a[i].end_ms + way)
                return true;
        }
    }
    return false;
}

/* ---- names -------------------------------------------------------------------------------- */

static const char *const kinds[] = {
#define X(code, name) name,
    SECTION_KIND_LIST(X)
#undef X
};
static const char *const visits[] = {
#define X(code, name) name,
    VISIT_KIND_LIST(X)
#undef X
};
static const char *const states[] = {
#define X(code, name) name,
    CHOICE_STATE_LIST(X)
#undef X
};
static const char *const faults[] = {
#define X(code, name) name,
    CHOICE_FAULT_LIST(X)
#undef X
};

static const char *name_of(const char *const *names, unsigned n, unsigned i)
{
    return i < n ? names[i] : "unknown";
}

static bool find(const char *const *names, unsigned n, const char *name, unsigned *out)
{
    for (unsigned i = 0; name && i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

const char *section_kind_name(enum section_kind k)
{
    return name_of(kinds, SECTION_KINDS, k);
}

bool section_kind_parse(const char *name, enum section_kind *out)
{
    unsigned i;
    bool found = find(kinds, SECTION_KINDS, name, &i);

    if (found)
        *out = (enum section_kind)i;
    return found;
}

const char *visit_kind_name(enum visit_kind k)
{
    return name_of(visits, VISIT_KINDS, k);
}

bool visit_kind_parse(const char *name, enum visit_kind *out)
{
    unsigned i;
    bool found = find(visits, VISIT_KINDS, name, &i);

    if (found)
        *out = (enum visit_kind)i;
    return found;
}

const char *choice_state_name(enum choice_state s)
{
    return name_of(states, CHOICE_STATES, s);
}

bool choice_state_parse(const char *name, enum choice_state *out)
{
    unsigned i;
    bool found = find(states, CHOICE_STATES, name, &i);

    if (found)
        *out = (enum choice_state)i;
    return found;
}

const char *choice_fault_name(enum choice_fault f)
{
    return name_of(faults, CHOICE_FAULTS, f);
}
