/* SPDX-License-Identifier: Apache-2.0
 *
 * One request to the HTTP API on its way through an endpoint: who asks, what
 * was asked, the answer being made. An endpoint is straight-line code: rights
 * (domain/access), rule (domain), rows (store), JSON. It answers with codes,
 * never with sentences, and it never writes to a socket. Desk thread.
 */
#ifndef PARTA_API_CALL_H
#define PARTA_API_CALL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "common/base/json.h"
#include "common/base/now.h"
#include "server/api/api.h"
#include "server/api/desk.h"
#include "server/domain/access.h"
#include "server/store/db.h"
#include "server/store/lesson.h"
#include "server/store/user.h"

#define API_PREFIX "/api/v1"
#define CALL_PAGE_DEFAULT 50
#define CALL_PAGE_MAX 100

/* Error codes of common/openapi.yaml (ErrorCode) with their HTTP status. */
#define REFUSAL_LIST(X)                                                                            \
    X(MALFORMED, 400, "malformed")                                                                 \
    X(BAD_FIELD, 400, "bad_field")                                                                 \
    X(NO_LOGIN, 401, "no_login")                                                                   \
    X(NOT_ALLOWED, 403, "not_allowed")                                                             \
    X(NOT_FOUND, 404, "not_found")                                                                 \
    X(BAD_METHOD, 405, "bad_method")                                                               \
    X(CONFLICT, 409, "conflict")                                                                   \
    X(OUTDATED, 409, "outdated")                                                                   \
    X(NOT_NOW, 409, "not_now")                                                                     \
    X(LOCKED, 409, "locked")                                                                       \
    X(KEY_REUSED, 409, "key_reused")                                                               \
    X(SAME_FILE, 409, "same_file")                                                                 \
    X(BAD_FILE, 400, "bad_file")                                                                   \
    X(GATE, 409, "gate")                                                                           \
    X(TOO_MANY, 429, "too_many")                                                                   \
    X(BAD_SIGN_IN, 401, "bad_sign_in")                                                             \
    X(ACCOUNT_ENDED, 401, "account_ended")                                                         \
    X(NEED_CODE, 401, "need_code")                                                                 \
    X(BAD_CODE, 401, "bad_code")                                                                   \
    X(BAD_PASSWORD, 403, "bad_password")                                                           \
    X(ENROL_FIRST, 403, "enrol_first")                                                             \
    X(LINK_GONE, 409, "link_gone")                                                                 \
    X(LOGIN_TAKEN, 409, "login_taken")                                                             \
    X(ADDRESS_TAKEN, 409, "address_taken")                                                         \
    X(NO_MAIL, 409, "no_mail")                                                                     \
    X(OWN_ACCOUNT, 409, "own_account")                                                             \
    X(STALE, 412, "stale")                                                                         \
    X(TOO_LARGE, 413, "too_large")                                                                 \
    X(NEED_MATCH, 428, "need_match")                                                               \
    X(INTERNAL, 500, "internal")                                                                   \
    X(UNAVAILABLE, 503, "unavailable")

enum refusal {
#define X(code, status, name) REFUSE_##code,
    REFUSAL_LIST(X)
#undef X
};

struct call {
    /* borrowed, or copied from ctx */
    struct api_ctx *ctx;
    struct db *db;
    const struct desk_http *http;
    const struct desk_board_seat *seats; /* the rooms as last told; NULL: never */
    size_t seats_n;
    int64_t seats_at_ms;
    struct now now;

    /* who asks; user.id.v is 0 for nobody */
    struct user user;
    struct grant_set grants; /* that stand now */

    /* what was asked */
    int64_t id;          /* the number in the path, 0 if none */
    char word[80];       /* the word in the path (report id), "" if none */
    json_t *body;        /* owned; NULL without a body */
    struct json_view in; /* on body */

    /* the answer */
    int status;
    json_t *json; /* owned; NULL: raw or nothing */
    char *raw;    /* owned */
    size_t raw_len;
    char type[80];
    char etag[24];
    char location[48];
};

/* Of a request: the person of ctx's session, or nobody. */
void call_init(struct call *c, struct api_ctx *ctx, const struct desk_http *http);
void call_deinit(struct call *c);

/* Reads the person anew (after signing in, after a change of settings). */
enum err call_load_user(struct call *c, struct user_id id) MUST_CHECK;

/* Fills the reply from the answer. */
enum err call_reply(const struct call *c, struct desk_reply *reply) MUST_CHECK;

/* Sets the refusal as the answer (an earlier answer is dropped). Always ERR_OK, for
 * `return call_refuse(...)`; ERR_NOMEM if not even that could be made. */
enum err call_refuse(struct call *c, enum refusal r) MUST_CHECK;

/* bad_field with what the view blames. */
enum err call_refuse_field(struct call *c, const struct json_view *v) MUST_CHECK;

/* bad_field for a query parameter. */
enum err call_refuse_query(struct call *c, const char *name, enum json_fault fault) MUST_CHECK;

/* bad_field with a fault that is the domain's own ("expired"). */
enum err call_refuse_word(struct call *c, const char *field, const char *fault) MUST_CHECK;

/* gate, by its name. */
enum err call_refuse_gate(struct call *c, const char *gate) MUST_CHECK;

/* Takes json over as the answer. NULL (out of memory, or a name that is no UTF-8) is ERR_NOMEM. */
enum err call_answer(struct call *c, int status, json_t *json) MUST_CHECK;

/* Takes bytes[0..len) over (mem_free). */
void call_answer_raw(struct call *c, const char *type, char *bytes, size_t len);

/* Query parameter name, percent-decoded, into out[cap]. False if absent. Too long, twice or
 * badly encoded: false with *fault set. */
bool call_query(const struct call *c, const char *name, char *out, size_t cap,
                enum json_fault *fault);

/* Splits "limit" and "cursor" (a plain row offset): the page asked for. False: refused already. */
struct page {
    size_t first;
    size_t limit;
};
enum err call_page(struct call *c, struct page *out, bool *refused) MUST_CHECK;

/* Query parameters "date" and "month", or today's in tz, with their bounds. */
struct day_range {
    char text[11]; /* "2026-11-23" or "2026-11" */
    int year, month;
    int64_t from_ms, to_ms; /* half-open */
};
enum err call_day(struct call *c, const char *tz, struct day_range *out, bool *refused) MUST_CHECK;
enum err call_month(struct call *c, const char *tz, struct day_range *out,
                    bool *refused) MUST_CHECK;
/* The local day at_ms lies in. */
enum err call_day_at(const char *tz, int64_t at_ms, struct day_range *out) MUST_CHECK;

/* Lessons within the reach of the right, over [from_ms, to_ms): the filter to list them. False:
 * the person has no such right. */
bool call_lesson_filter(const struct call *c, enum right right, int64_t from_ms, int64_t to_ms,
                        struct lesson_filter *out);

/* The widest scope any of the person's grants has for the right, and the grant. */
enum scope call_scope(const struct call *c, enum right right, struct grant *out);

/* True if one of the person's grants reaches the lesson. */
enum err call_may_lesson(const struct call *c, enum right right, const struct lesson *l,
                         bool *out) MUST_CHECK;

/* True if one of the person's grants reaches the child. own_mentor: the person teaches it. */
struct child;
enum err call_may_child(const struct call *c, enum right right, const struct child *child,
                        bool own_mentor, bool *out) MUST_CHECK;

/* True if the person may see this child's name on this lesson (T1: no child of another family). */
enum err call_sees_seat(const struct call *c, const struct lesson *l, int seat,
                        bool *out) MUST_CHECK;

/* Loads the lesson in the path. *refused: answered already (404 for what may not be known). */
enum err call_lesson(struct call *c, enum right right, struct lesson *out,
                     bool *refused) MUST_CHECK;

/* Does each() for every text of the list under name (1..max of them), all or none: what is refused
 * takes the others' writes back with it. Answers {"acknowledged": n} when all went through. */
enum err call_acknowledge_all(struct call *c, const char *name, size_t max,
                              enum err (*each)(struct call *c, const char *id,
                                               bool *refused)) MUST_CHECK;

/* Checks If-Match against rev. *refused: answered already. */
enum err call_match(struct call *c, int64_t rev, bool *refused) MUST_CHECK;

/* The role whose home page is the person's. */
enum role call_role(const struct call *c);

/* True if nothing else but the demo's data is in this database. */
bool call_demo(const struct call *c);

/* The person's centre. ERR_NOTFOUND: there is none. */
struct org;
enum err call_centre(const struct call *c, struct org *out) MUST_CHECK;

/* One audit row in the person's name; before, after: JSON text or "". */
enum err call_audit(const struct call *c, const char *action, const char *entity, int64_t id,
                    const char *before, const char *after) MUST_CHECK;

#endif
