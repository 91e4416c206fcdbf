/* SPDX-License-Identifier: Apache-2.0
 *
 * What the endpoints of programmes, weekly times and selection share: a child
 * with the settings that bind its programme, subjects by their codes, bodies
 * and JSON. Desk thread.
 */
#ifndef PARTA_API_PROGRAMME_H
#define PARTA_API_PROGRAMME_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/json.h"
#include "server/api/call.h"
#include "server/store/child.h"
#include "server/store/hours.h"
#include "server/store/org.h"
#include "server/store/programme.h"

/* The child and how its programme is judged now. */
struct pupil {
    struct child child;
    struct org school; /* its zone is that of a programme's days */
    struct schedule_policy rules;
    struct programme_policy policy;
    struct subject_list subjects; /* owned */
    int64_t today;                /* at the school */
};

/* True if one of the person's grants reaches the child. */
enum err pupil_may(const struct call *c, enum right right, const struct child *child,
                   bool *out) MUST_CHECK;
/* The child (a user id in the path), if the right reaches it. knows: who has not even this is told
 * 404. *refused: answered already, and nothing to be closed. */
enum err pupil_open_path(struct call *c, enum right right, enum right knows, struct pupil *out,
                         bool *refused) MUST_CHECK;
enum err pupil_open(struct call *c, enum right right, enum right knows, struct child_id child,
                    struct pupil *out, bool *refused) MUST_CHECK;
void pupil_close(struct pupil *p);

/* 0, "": there is none. */
int64_t pupil_subject_id(const struct subject_list *l, const char *code);
const char *pupil_subject_code(const struct subject_list *l, int64_t id);

/* ---- judged for the person that asks ------------------------------------------------------- */

#define PROGRAMME_FAULTS_MAX 64

struct judged {
    struct programme_limits limits;
    struct programme_fault faults[PROGRAMME_FAULTS_MAX];
    size_t n;
};

enum err programme_judge(const struct call *c, const struct pupil *p,
                         const struct child_programme *cp, struct judged *out) MUST_CHECK;
/* programme_decide in the person's role. */
enum err programme_ask(const struct call *c, const struct pupil *p,
                       const struct child_programme *cp, enum programme_move m, bool reason,
                       size_t faults, enum programme_state *next,
                       enum programme_verdict *out) MUST_CHECK;

enum err programme_version_json(const struct call *c, const struct pupil *p,
                                const struct child_programme *cp, json_t **out) MUST_CHECK;
json_t *programme_faults_json(const struct judged *j); /* NULL: out of memory */
json_t *programme_day_json(int64_t day);               /* null for DAY_NONE and INT64_MAX */

/* ---- bodies ------------------------------------------------------------------------------- */

struct body_topics {
    struct programme_topic items[PROGRAMME_TOPICS_MAX];
    size_t n;
};

struct body_programme_new {
    const char *subject, *title;
    int grade, week_minutes, year_minutes;
};
enum err body_programme_new(struct json_view *v, struct body_programme_new *out,
                            struct body_topics *topics) MUST_CHECK;

/* Days and lines of a draft; a subject that there is not is blamed as the line's. */
enum err body_child_programme(struct json_view *v, const struct subject_list *subjects,
                              struct child_programme *out) MUST_CHECK;

/* A list of weekly times under name; of bells: without kind and days. A row's fault of hours_check
 * is blamed as "name.index" with the word of the fault in *word, else *word is NULL. */
enum err body_hours(struct json_view *v, bool mentor, int64_t today, struct hours_row *rows,
                    size_t *n, const char **word) MUST_CHECK;
enum err body_calendar(struct json_view *v, struct school_calendar *out,
                       const char **word) MUST_CHECK;

/* A local day that is required. */
int64_t body_day(struct json_view *v, const char *name);

#endif
