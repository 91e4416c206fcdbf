/* SPDX-License-Identifier: Apache-2.0
 *
 * The month report (DOMAIN section 8): one per mentor x child x school x
 * month. Plain structs that the store fills and the renderers print; totals
 * are recomputed from the lines and a report whose totals differ is refused.
 * It holds no diagnosis, no wellbeing note, and it never goes to SQL itself.
 */
#ifndef PARTA_DOMAIN_REPORT_H
#define PARTA_DOMAIN_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/attendance.h"

#define OUTCOME_COUNT (OUTCOME_NOT_HELD + 1)

/* What became of the lesson of a line. */
#define LINE_STATUS_LIST(X)                                                                        \
    X(AHEAD, "ahead")         /* not over, or over and not computed yet */                         \
    X(OVER, "over")           /* computed: outcome and code are valid */                           \
    X(CANCELLED, "cancelled") /* side is valid */                                                  \
    X(MOVED, "moved")         /* to another time; the new lesson has a line of its own */

enum line_status {
#define X(code, name) LINE_##code,
    LINE_STATUS_LIST(X)
#undef X
};

/* Whose side a cancellation came from. */
#define SIDE_LIST(X)                                                                               \
    X(NONE, "none")                                                                                \
    X(CHILD, "child")                                                                              \
    X(MENTOR, "mentor")                                                                            \
    X(SCHOOL, "school")                                                                            \
    X(CENTRE, "centre")

enum side {
#define X(code, name) SIDE_##code,
    SIDE_LIST(X)
#undef X
        SIDE_COUNT
};

/* What the family said to the line. */
#define FAMILY_LIST(X)                                                                             \
    X(OPEN, "open")           /* nothing yet */                                                    \
    X(CONFIRMED, "confirmed") /* by a guardian */                                                  \
    X(SILENT, "silent")       /* seven days passed without a word */                               \
    X(DISPUTED, "disputed")

enum family_word {
#define X(code, name) FAMILY_##code,
    FAMILY_LIST(X)
#undef X
};

/* Texts of a line: owned, NULL for none. */
#define REPORT_LINE_TEXTS(X)                                                                       \
    X(subject)                                                                                     \
    X(topic)                                                                                       \
    X(homework)                                                                                    \
    X(mark)                                                                                        \
    X(reason)      /* of the human code, the cancellation or the move */                           \
    X(document_no) /* paper behind the reason */                                                   \
    X(gaps_cause)  /* names of leave causes, e.g. "timeout, server_restart" */

struct report_line {
    int no; /* 1.. in order of time, set by month_report_sort */
    struct lesson_id lesson;
    int64_t start_ms; /* planned, UTC */
    int64_t end_ms;
    enum line_status status;
    enum side side;           /* if CANCELLED */
    enum outcome outcome;     /* if OVER: for this child */
    char code;                /* if OVER: P L E T S W N or a human code I M C U X H */
    bool amended;             /* a human changed the automatic code */
    int64_t first_contact_ms; /* UTC; 0 if there was no contact */
    int64_t last_contact_ms;  /* UTC, end of the last contact */
    int64_t contact_ms;       /* mentor and child both present */
    int percent_tenths;       /* of the planned time, floored */
    int64_t late_ms;          /* the child's; 0 under the limit */
    int64_t early_ms;
    int64_t mentor_late_ms;
    int gaps;
    int64_t gaps_ms;
    int64_t uncertain_ms; /* presence bounded by a server restart */
    int64_t screen_ms;    /* screen minutes (R6); 0 if not measured */
    int credit_quarters;
    bool waited;                 /* the mentor waited long enough for a child who did not come */
    struct lesson_id make_up_of; /* this lesson makes up for that one; v = 0 if none */
    struct lesson_id make_up_by; /* this lesson is made up by that one; v = 0 if none */
    enum family_word family;
#define X(text) char *text;
    REPORT_LINE_TEXTS(X)
#undef X
};

struct report_totals {
    int planned; /* every line but the moved ones */
    int ahead;
    int held;
    int partial;
    int not_held;                  /* all others that are over */
    int by_outcome[OUTCOME_COUNT]; /* over, by outcome */
    int cancelled;
    int cancelled_by[SIDE_COUNT];
    int moved;
    int make_ups_done; /* make-up lessons held or partial this month */
    int make_ups_owed; /* lessons of this month that are owed and not yet made up */
    int missed;        /* the child's, codes N I M C U */
    int missed_ill;    /* code I */
    int days_missed;   /* local days on which every computed lesson was missed */
    int late;          /* lines with the child late */
    int64_t contact_ms;
    int64_t screen_ms;
    int credit_quarters;
    int waited; /* lessons shown as "waiting" */
};

/* Texts of the head and the mentor's texts: owned, NULL for none. */
#define REPORT_TEXTS(X)                                                                            \
    X(centre)                                                                                      \
    X(school)      /* of registration */                                                           \
    X(mentor)      /* full name */                                                                 \
    X(order_no)    /* of the mentor's employment */                                                \
    X(child)       /* full name */                                                                 \
    X(register_no) /* the child's, no diagnosis */                                                 \
    X(grade)                                                                                       \
    X(tz)           /* of the school of registration: every time is printed in it */               \
    X(policy)       /* version of the settings */                                                  \
    X(log_hash)     /* hex head of the register when the report was made */                        \
    X(empty_reason) /* why there is no lesson, if there is none */                                 \
    X(progress)                                                                                    \
    X(difficulties)                                                                                \
    X(next_month)

#define SIGN_LIST(X)                                                                               \
    X(MENTOR, "mentor")                                                                            \
    X(COORDINATOR, "coordinator")                                                                  \
    X(DELIVERED, "delivered")                                                                      \
    X(SCHOOL, "school")

enum sign {
#define X(code, name) SIGN_##code,
    SIGN_LIST(X)
#undef X
        SIGN_COUNT
};

struct report_sign {
    char *name;    /* owned; NULL: not signed, a line to sign on is printed */
    int64_t at_ms; /* UTC */
};

struct month_report {
    struct user_id mentor_user;
    struct user_id child_user;
    struct org_id school_org;
    int year;
    int month;              /* 1..12 */
    int version;            /* 1.. */
    int hours_week_minutes; /* of the employment; 0 if not known */
    int algo_version;       /* of attendance */
    int64_t printed_ms;     /* UTC */
    bool draft;             /* printed so on paper */
#define X(text) char *text;
    REPORT_TEXTS(X)
#undef X
    struct report_line *lines; /* owned */
    size_t lines_n;
    size_t lines_cap;
    struct report_totals totals;
    struct report_sign signs[SIGN_COUNT];
};

void month_report_init(struct month_report *r);
void month_report_deinit(struct month_report *r);

/* Replaces an owned text by a copy of src (NULL or "" make it NULL). */
enum err report_text(char **dst, const char *src) MUST_CHECK;

/* A new zeroed line at the end, borrowed until the next call. ERR_NOMEM. */
enum err month_report_add(struct month_report *r, struct report_line **out) MUST_CHECK;

/* Orders the lines by start, then id, and numbers them from 1. */
void month_report_sort(struct month_report *r);

/* The totals of lines; the day of a line is its local date in tz. ERR_NOTFOUND: unknown zone. */
enum err month_report_totals(const struct report_line *lines, size_t n, const char *tz,
                             struct report_totals *out) MUST_CHECK;

/* month_report_sort, then r->totals from r->lines. */
enum err month_report_close(struct month_report *r) MUST_CHECK;

bool report_totals_equal(const struct report_totals *a, const struct report_totals *b);

enum report_fault {
    REPORT_FINE,
    REPORT_TOTALS, /* totals do not follow from the lines */
    REPORT_MONTH,  /* a line lies outside the month */
    REPORT_ORDER,  /* lines are not in order or not numbered */
    REPORT_EMPTY,  /* no line and no reason why */
    REPORT_ZONE,   /* unknown zone or senseless month */
    REPORT_NOMEM,  /* not checked: out of memory */
    REPORT_LINE,   /* a line contradicts itself (contact over the planned time, bad code) */
};

/* Recomputes everything. *line, if not NULL, gets the number of the line at fault or 0. */
enum report_fault month_report_check(const struct month_report *r, int *line);

/* Does a lesson starting at start_ms belong to the month? By its local date in tz. */
bool report_in_month(const char *tz, int64_t start_ms, int year, int month);

/* [*from_ms, *to_ms): the instants of a local month, for a range query. */
enum err report_month_bounds(const char *tz, int year, int month, int64_t *from_ms,
                             int64_t *to_ms) MUST_CHECK;

/* True if the centre owes the child another lesson for this one. */
bool report_line_owed(const struct report_line *l);

/* True for codes that count as missed by the child. */
bool report_code_missed(char code);

const char *line_status_name(enum line_status s);
const char *side_name(enum side s);
bool side_parse(const char *name, enum side *out); /* never yields SIDE_NONE */
const char *family_word_name(enum family_word w);

#endif
