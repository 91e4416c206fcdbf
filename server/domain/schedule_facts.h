/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything the rules R1-R19 look at about one lesson, as plain structs, and
 * the judgement over it. Who fills them is no matter of this file; nothing
 * here knows a diagnosis: of a recommendation there are the limits alone.
 *
 * A pointer to a list that is NULL means "not known here": the rules that need
 * it are not asked. A list without rows means "there is none", and the rules
 * refuse. Only the gates are always asked: who may teach is denied by default.
 *
 * Local days are counted since 1970-01-01 (date_to_days). A lesson belongs to
 * the local day and the Monday-to-Sunday week on which it starts: of the
 * child's zone for what protects the child (R5-R11), of the school's for what
 * the school keeps and pays (R11 holidays, R13, R15, R16), of the mentor's for
 * its own hours and its whole week (R13, R15).
 */
#ifndef PARTA_DOMAIN_SCHEDULE_FACTS_H
#define PARTA_DOMAIN_SCHEDULE_FACTS_H

#include "server/domain/schedule.h"

/* Local days, both included. */
struct day_span {
    int64_t first;
    int64_t last; /* INT64_MAX: until further notice */
};

/* From minute to minute of a local weekday, half-open. */
struct week_span {
    int weekday; /* ISO, 1 Monday .. 7 */
    int from_minute;
    int to_minute; /* <= 1440 */
};

/* The limits of a recommendation (item 17), as the rules ask for them. 0: no limit. */
struct advice {
    struct day_span days;
    int lesson_minutes;
    int lessons_per_day;
    int week_minutes;
    int screen_lesson_minutes;
    int screen_day_minutes;
    unsigned rest_weekdays;        /* bit n = ISO weekday n */
    const struct week_span *hours; /* allowed ones; hours_n 0: any */
    size_t hours_n;
};

/* A treatment block, as instants. */
struct treatment_block {
    int64_t id;
    int64_t start_ms, end_ms;
};

/* A meeting of a section that the child goes to, as instants. */
struct section_block {
    int64_t id; /* of the section; several blocks may be of one */
    int64_t start_ms, end_ms;
    bool on_screen;
    int travel_minutes; /* one way; 0 for one that meets online */
};

/* A line of the approved programme (item 23). */
struct approved_line {
    int64_t subject;
    struct day_span days; /* in the school's zone */
    int week_minutes;     /* approved hours, in minutes of the clock */
    int year_minutes;
    int64_t year_other_ms; /* given in the school year by lessons that are not among booked */
};

/* What can_teach said of the mentor in question and this child: from from_ms until to_ms the gates
 * in failed fail. A moment that no span covers fails SCHEDULE_GATES_UNKNOWN. Spans of one child do
 * not overlap. */
struct gate_span {
    int64_t from_ms, to_ms;
    unsigned failed;
};
#define SCHEDULE_GATES_UNKNOWN (1u << 31)

struct child_facts {
    struct user_id id;
    const char *tz;
    int grade; /* 1..11; 0: not known, then norms of grades are not asked */
    struct org_id school;
    const struct gate_span *gates;
    size_t gates_n;
    const struct advice *recommendations;
    size_t recommendations_n;
    const struct treatment_block *treatments;
    size_t treatments_n;
    const struct section_block *sections;
    size_t sections_n;
    const struct approved_line *lines;
    size_t lines_n;
    int64_t group_from_ms, group_to_ms; /* consent to lessons with other children; none if equal */
};

struct school_facts {
    struct org_id id;
    const char *tz;
    const struct week_span *hours; /* working hours, bells */
    size_t hours_n;
    const int64_t *holidays; /* local days */
    size_t holidays_n;
    struct day_span year; /* the school year of R16's yearly hours */
};

struct employment_fact {
    struct org_id school;
    struct day_span days; /* in the school's zone */
    int week_minutes;     /* of the order */
    bool part_time;
};

struct mentor_facts {
    struct user_id id;
    const char *tz;
    const struct week_span *hours;
    size_t hours_n;
    const struct employment_fact *employments;
    size_t employments_n;
};

/* How the lesson comes to be, for R17 and R19. */
struct schedule_change {
    struct user_id absent; /* whom the plan's mentor stands in for; v = 0: nobody */
    int64_t was_start_ms;  /* the old start of a lesson that is moved; 0: a new one */
    bool reason;           /* one was given */
    bool family_told;      /* of the substitute, in the same transaction */
    bool all_told;         /* everybody concerned, at once */
};

/* All lists are borrowed. booked: every lesson of the plan's mentor and children that touches the
 * weeks around the plan; what the rest of the school year gave, R16's lines carry with them. */
struct schedule_facts {
    const struct schedule_policy *policy;
    int64_t now_ms;
    const struct booked_lesson *booked;
    size_t booked_n;
    const struct child_facts *children;
    size_t children_n;
    const struct school_facts *schools;
    size_t schools_n;
    const struct mentor_facts *mentor;    /* the plan's; NULL: not known */
    const struct schedule_change *change; /* NULL: no change of a published lesson */
};

/* R1-R19 of plan, every violation of every rule, soft ones too. The booked row with plan's own id
 * (a move) is skipped. Returns how many violations there are and writes the first cap. A lesson
 * without time, without children or longer than a day is judged by R1 alone. */
size_t schedule_judge(const struct booked_lesson *plan, const struct schedule_facts *facts,
                      struct violation *out, size_t cap);

/* The plan's length, or what comes nearest and keeps R1 and R5 for all its children, in ms. */
int64_t schedule_fitting(const struct booked_lesson *plan, const struct schedule_facts *facts);

/* The number of hard ones among the first n. */
size_t schedule_hard(const struct violation *v, size_t n);

/* What only a whole week of a child shows, all soft: its least hours (R8), a lighter Wednesday or
 * Thursday (R11), approved hours that are not given (R16: make-ups owed). day: any day of the week,
 * local; booked holds that week. Returns and writes as above. */
size_t schedule_judge_week(const struct child_facts *child, int64_t day,
                           const struct schedule_facts *facts, struct violation *out, size_t cap);

/* R2 and R12 for one meeting of a section beside the child's lessons (item 47), and with active
 * (how many sections the child would then have) the number of them. Hard. A violation's block is
 * the section, other the lesson in the way. */
size_t schedule_judge_section(const struct child_facts *child, const struct section_block *section,
                              int active, const struct schedule_facts *facts, struct violation *out,
                              size_t cap);

#endif
