/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of events; see event.h.
 */
#include "server/domain/event.h"

#include <string.h>

#include "common/base/now.h"

/* ---- settings ----------------------------------------------------------------------------- */

#define OWN "proposal of the programme's makers"
#define ONE(field, key, fallback, min, max, source)                                                \
    {                                                                                              \
        key, offsetof(struct event_policy, field), fallback, min, max, source                      \
    }

static const struct event_setting settings[] = {
    ONE(quorum_percent, "event.quorum_percent", 50, 0, 99,
        OWN ": a joint meeting decides when more than half of its adults are there"),
    ONE(answer_hours, "event.answer_hours", 24, 0, 720, OWN ": answers until a day before"),
    ONE(check_in_minutes, "event.check_in_minutes", 30, 0, 240,
        OWN ": the door opens half an hour before"),
    ONE(late_minutes, "event.late_minutes", 10, 0, 120, OWN ": ten minutes are not late"),
    ONE(invited_most, "event.invited_most", 300, 2, 2000, OWN ": a full hall"),
};

const struct event_setting *event_settings(size_t *n)
{
    *n = sizeof settings / sizeof settings[0];
    return settings;
}

struct event_policy event_policy_default(void)
{
    struct event_policy p = { 0 };

    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        *(int *)(void *)((char *)&p + settings[i].offset) = settings[i].fallback;
    return p;
}

/* ---- before it begins --------------------------------------------------------------------- */

enum event_gate event_plan_check(int64_t start_ms, int64_t end_ms, int agenda_minutes,
                                 int64_t chair, int64_t secretary, int64_t now_ms)
{
    if (start_ms <= now_ms)
        return EVENT_GATE_PAST;
    if (chair == secretary)
        return EVENT_GATE_SAME_PERSON;
    return agenda_minutes * MS_PER_MIN > end_ms - start_ms ? EVENT_GATE_AGENDA_LONG
                                                           : EVENT_GATE_NONE;
}

enum event_gate event_may_change(const struct event_facts *f, int64_t now_ms)
{
    if (f->cancelled)
        return EVENT_GATE_CANCELLED;
    return now_ms >= f->start_ms ? EVENT_GATE_BEGUN : EVENT_GATE_NONE;
}

enum event_gate event_may_invite(const struct event_facts *f, bool child, bool exception,
                                 int invited, const struct event_policy *p, int64_t now_ms)
{
    enum event_gate g = event_may_change(f, now_ms);

    if (g)
        return g;
    if (child && !exception)
        return EVENT_GATE_ADULTS;
    if (!child && exception)
        return EVENT_GATE_NO_CHILD;
    return invited >= p->invited_most ? EVENT_GATE_FULL : EVENT_GATE_NONE;
}

enum event_gate event_may_answer(const struct event_facts *f, const struct event_seat *s,
                                 enum event_answer answer, bool guardian, int64_t now_ms)
{
    bool taken_back = s->child && answer != EVENT_ANSWER_YES;
    int64_t until = taken_back || s->invited_ms >= f->answer_by_ms ? f->start_ms : f->answer_by_ms;

    if (f->cancelled)
        return EVENT_GATE_CANCELLED;
    if (s->child && !guardian)
        return EVENT_GATE_GUARDIAN;
    return now_ms >= until ? EVENT_GATE_ANSWER_LATE : EVENT_GATE_NONE;
}

int64_t event_answer_by(int64_t start_ms, int64_t now_ms, const struct event_policy *p)
{
    int64_t by = start_ms - p->answer_hours * MS_PER_HOUR;

    return by > now_ms ? by : start_ms;
}

/* ---- attendance --------------------------------------------------------------------------- */

bool event_admits(const struct event_seat *s)
{
    return !s->child || s->answer == EVENT_ANSWER_YES;
}

enum event_gate event_may_check_in(const struct event_facts *f, const struct event_seat *s,
                                   const struct event_policy *p, int64_t now_ms,
                                   enum event_mark *mark)
{
    if (f->cancelled)
        return EVENT_GATE_CANCELLED;
    if (f->minutes != EVENT_MINUTES_DRAFT)
        return EVENT_GATE_FROZEN;
    if (!event_admits(s))
        return EVENT_GATE_NO_CONSENT;
    if (now_ms < f->start_ms - p->check_in_minutes * MS_PER_MIN || now_ms >= f->end_ms)
        return EVENT_GATE_WINDOW;
    *mark =
        now_ms > f->start_ms + p->late_minutes * MS_PER_MIN ? EVENT_MARK_LATE : EVENT_MARK_PRESENT;
    return EVENT_GATE_NONE;
}

enum event_gate event_may_mark(const struct event_facts *f, const struct event_seat *s,
                               enum event_mark mark, int64_t now_ms)
{
    enum event_gate g = event_may_write(f, now_ms);

    if (g)
        return g;
    return mark != EVENT_MARK_ABSENT && !event_admits(s) ? EVENT_GATE_NO_CONSENT : EVENT_GATE_NONE;
}

/* ---- minutes ------------------------------------------------------------------------------ */

enum event_gate event_may_write(const struct event_facts *f, int64_t now_ms)
{
    if (f->cancelled)
        return EVENT_GATE_CANCELLED;
    if (f->minutes != EVENT_MINUTES_DRAFT)
        return EVENT_GATE_FROZEN;
    return now_ms < f->start_ms ? EVENT_GATE_NOT_BEGUN : EVENT_GATE_NONE;
}

enum event_gate event_may_freeze(const struct event_facts *f, int unmarked, bool written,
                                 int64_t now_ms)
{
    enum event_gate g = event_may_write(f, now_ms);

    if (g)
        return g;
    if (unmarked > 0)
        return EVENT_GATE_UNMARKED;
    return written ? EVENT_GATE_NONE : EVENT_GATE_MINUTES_EMPTY;
}

enum event_gate event_may_sign(const struct event_facts *f, bool signed_already)
{
    if (f->minutes == EVENT_MINUTES_DRAFT)
        return EVENT_GATE_NOT_FROZEN;
    return signed_already ? EVENT_GATE_SIGNED : EVENT_GATE_NONE;
}

enum event_gate event_may_add(const struct event_facts *f)
{
    return f->minutes == EVENT_MINUTES_DRAFT ? EVENT_GATE_NOT_FROZEN : EVENT_GATE_NONE;
}

int event_quorum(enum event_kind kind, int adults_invited, const struct event_policy *p)
{
    if (kind != EVENT_JOINT_MEETING)
        return 0;
    return adults_invited * p->quorum_percent / 100 + 1; /* more than, in whole people */
}

/* ---- names -------------------------------------------------------------------------------- */

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

#define X(code, name) name,
#define NAMES(what, type, LIST, count)                                                             \
    static const char *const what##_names[] = { LIST(X) };                                         \
    const char *what##_name(enum type v)                                                           \
    {                                                                                              \
        return (unsigned)v < (count) ? what##_names[v] : "unknown";                                \
    }                                                                                              \
    bool what##_parse(const char *name, enum type *out)                                            \
    {                                                                                              \
        unsigned i;                                                                                \
        bool found = find(what##_names, count, name, &i);                                          \
                                                                                                   \
        if (found)                                                                                 \
            *out = (enum type)i;                                                                   \
        return found;                                                                              \
    }

NAMES(event_kind, event_kind, EVENT_KIND_LIST, EVENT_KINDS)
NAMES(event_part, event_part, EVENT_PART_LIST, EVENT_PARTS)
NAMES(event_via, event_via, EVENT_VIA_LIST, EVENT_VIAS)
NAMES(event_answer, event_answer, EVENT_ANSWER_LIST, EVENT_ANSWERS)
NAMES(event_mark, event_mark, EVENT_MARK_LIST, EVENT_MARKS)
NAMES(event_minutes, event_minutes, EVENT_MINUTES_LIST, EVENT_MINUTES_STATES)

static const char *const gates[] = { EVENT_GATE_LIST(X) };
#undef X

const char *event_gate_name(enum event_gate g)
{
    return (unsigned)g < EVENT_GATES ? gates[g] : "";
}
