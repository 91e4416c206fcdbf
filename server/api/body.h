/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies of requests, from JSON to plain structs. Each parser reads exactly
 * the fields of its schema in common/openapi.yaml and blames the first one
 * that is missing, unknown, of the wrong type or outside its limits. No rule
 * of the domain is decided here. Pure; walked by tests/fuzz/http_body_fuzz.
 */
#ifndef PARTA_API_BODY_H
#define PARTA_API_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "common/base/json.h"
#include "server/domain/lesson.h"
#include "server/domain/path.h"
#include "server/domain/report.h"
#include "server/domain/schedule.h"
#include "server/domain/zone.h"
#include "server/store/gathering.h"

#define BODY_REASON_BYTES 400
#define BODY_CONFIRM_MAX 100

/* Ids that every JavaScript number can hold. */
#define BODY_ID_MAX INT64_C(9007199254740991)

/* When a lesson is wanted, as a person said it: wall time of the child's zone. */
struct body_when {
    struct local_time local;
    int minutes;
    enum which_time which;
};

struct body_lesson_new {
    const char *subject;
    const char *kind; /* NULL: not said */
    struct user_id mentor;
    struct user_id children[LESSON_CHILDREN_MAX];
    int children_n;
    struct body_when when;
    struct lesson_id make_up_of; /* 0: none */
};

struct body_gathering_new {
    const char *kind, *title, *subject;
    struct user_id host;
    struct guest guests[LESSON_GUESTS_MAX]; /* each once */
    int guests_n;
    struct body_when when;
};

struct body_guest {
    struct guest guest;
};

struct body_lesson_move {
    struct body_when when;
    const char *reason;
};

struct body_lesson_cancel {
    enum side side;
    const char *reason;
};

struct body_lesson_substitute {
    struct user_id mentor;
    const char *reason;
};

struct body_note {
    struct user_id child;
    const char *topic, *homework, *text;
    const char *mark;        /* "" : none */
    const char *mark_reason; /* of a change of the mark; "" : none */
};

struct body_amendment {
    struct user_id child;
    char code;
    const char *reason;
    const char *document; /* "" : none */
};

struct body_confirmation {
    struct user_id child;
    bool disputed;
    const char *text; /* "" : none */
};

struct body_confirm_many {
    struct lesson_id lessons[BODY_CONFIRM_MAX];
    int lessons_n;
};

/* NULL: leave as it is. */
struct body_me {
    const char *locale, *animal, *theme, *hand;
};

struct body_not_today {
    struct lesson_id lesson; /* 0: the whole day */
    struct user_id child;    /* 0: the person itself */
};

struct body_ready {
    const char *sound, *voice, *camera, *path;
    struct lesson_id lesson;       /* 0: none */
    int64_t rtt_ms, loss_permille; /* -1: not measured */
};

struct body_help {
    const char *place;
    const char *code; /* "" : none */
    struct lesson_id lesson;
};

/* Strings are borrowed from the view's object. ERR_PARSE: v names the field. */
enum err body_lesson_new(struct json_view *v, struct body_lesson_new *out) MUST_CHECK;
enum err body_gathering_new(struct json_view *v, struct body_gathering_new *out) MUST_CHECK;
/* with_part: to invite; else to withdraw. */
enum err body_guest(struct json_view *v, bool with_part, struct body_guest *out) MUST_CHECK;
enum err body_lesson_move(struct json_view *v, struct body_lesson_move *out) MUST_CHECK;
enum err body_lesson_cancel(struct json_view *v, struct body_lesson_cancel *out) MUST_CHECK;
enum err body_lesson_substitute(struct json_view *v, struct body_lesson_substitute *out) MUST_CHECK;
enum err body_note(struct json_view *v, struct body_note *out) MUST_CHECK;
enum err body_amendment(struct json_view *v, struct body_amendment *out) MUST_CHECK;
enum err body_confirmation(struct json_view *v, struct body_confirmation *out) MUST_CHECK;
enum err body_confirm_many(struct json_view *v, struct body_confirm_many *out) MUST_CHECK;
enum err body_me(struct json_view *v, struct body_me *out) MUST_CHECK;
enum err body_not_today(struct json_view *v, struct body_not_today *out) MUST_CHECK;
enum err body_ready(struct json_view *v, struct body_ready *out) MUST_CHECK;
/* Figures that one test can have (path_fault). */
enum err body_path(struct json_view *v, struct path_figures *out) MUST_CHECK;
enum err body_help(struct json_view *v, struct body_help *out) MUST_CHECK;

/* Parts of bodies that are parsed elsewhere. An absent optional text is NULL. */
int64_t body_id(struct json_view *v, const char *name);
int64_t body_opt_id(struct json_view *v, const char *name); /* 0: absent */
void body_when(struct json_view *v, struct body_when *out);
const char *body_reason(struct json_view *v);
const char *body_opt_name(struct json_view *v, const char *name, size_t max_bytes,
                          size_t max_chars);
/* Several lines. */
const char *body_text(struct json_view *v, const char *name, size_t max_bytes, size_t max_chars);
const char *body_word(struct json_view *v, const char *name, const char *const *words, size_t n);
/* "HH:MM" as minutes of the day. */
int body_clock(struct json_view *v, const char *name);

/* "YYYY-MM-DD" of a day that exists. */
bool body_date(const char *text, int *year, int *month, int *day);

/* "YYYY-MM". */
bool body_month(const char *text, int *year, int *month);

#endif
