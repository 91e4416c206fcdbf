/* SPDX-License-Identifier: Apache-2.0
 *
 * From method and path to an endpoint: the one table of the HTTP API, in the
 * order of common/openapi.yaml. Reads the body strictly before an endpoint
 * sees it, repeats the answer of a repeated request, and turns errors into
 * refusals. Decides no right and no rule. Desk thread.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/endpoints.h"
#include "server/store/event.h"

enum route_flag {
    ROUTE_OPEN = 1,   /* without a login */
    ROUTE_BODY = 2,   /* takes a JSON body */
    ROUTE_FILE = 4,   /* takes the bytes of a file */
    ROUTE_UNKEPT = 8, /* its answer holds medical words: an Idempotency-Key keeps nothing */
};

/* In a pattern, {} is a number and {r} a report id. */
struct route {
    const char *method;
    const char *pattern;
    unsigned flags;
    enum err (*run)(struct call *c);
    enum api_answer (*direct)(struct call *c, struct desk_reply *reply);
};

static const struct route routes[] = {
    { "GET", "/centre", ROUTE_OPEN, centre_get, NULL },
    { "GET", "/session", 0, session_get, NULL },
    { "POST", "/session", ROUTE_OPEN | ROUTE_BODY, NULL, session_post },
    { "DELETE", "/session", 0, NULL, session_delete },
    { "PATCH", "/me", ROUTE_BODY, me_patch, NULL },
    { "GET", "/me/day", 0, day_get, NULL },
    { "POST", "/me/not-today", ROUTE_BODY, not_today_post, NULL },
    { "POST", "/me/ready", ROUTE_BODY, ready_post, NULL },
    { "POST", "/me/path-tests", ROUTE_BODY, path_test_post, NULL },
    { "POST", "/me/help", ROUTE_BODY, help_post, NULL },
    { "POST", "/lessons", ROUTE_BODY, lesson_create, NULL },
    { "GET", "/lessons/{}", 0, lesson_get, NULL },
    { "POST", "/lessons/{}/move", ROUTE_BODY, lesson_move_post, NULL },
    { "POST", "/lessons/{}/cancel", ROUTE_BODY, lesson_cancel_post, NULL },
    { "POST", "/lessons/{}/substitute", ROUTE_BODY, lesson_substitute_post, NULL },
    { "POST", "/schedule-versions", ROUTE_BODY, version_post, NULL },
    { "GET", "/schedule-versions/{}", 0, version_get, NULL },
    { "POST", "/schedule-versions/{}/lessons", ROUTE_BODY, version_lesson_post, NULL },
    { "POST", "/schedule-versions/{}/validate", ROUTE_BODY, version_validate_post, NULL },
    { "POST", "/schedule-versions/{}/publish", ROUTE_BODY, version_publish_post, NULL },
    { "GET", "/gatherings", 0, gatherings_get, NULL },
    { "POST", "/gatherings", ROUTE_BODY, gathering_create, NULL },
    { "GET", "/gatherings/{}", 0, gathering_get, NULL },
    { "POST", "/gatherings/{}/invite", ROUTE_BODY, gathering_invite_post, NULL },
    { "POST", "/gatherings/{}/withdraw", ROUTE_BODY, gathering_withdraw_post, NULL },
    { "POST", "/gatherings/{}/cancel", ROUTE_BODY, gathering_cancel_post, NULL },
    { "PUT", "/lessons/{}/note", ROUTE_BODY, note_put, NULL },
    { "GET", "/lessons/{}/attendance", 0, attendance_get, NULL },
    { "POST", "/lessons/{}/attendance/amendments", ROUTE_BODY, amendment_post, NULL },
    { "POST", "/lessons/{}/confirmation", ROUTE_BODY, confirmation_post, NULL },
    { "GET", "/children/{}/log", 0, child_log_get, NULL },
    { "POST", "/children/{}/confirmations", ROUTE_BODY, confirmations_post, NULL },
    { "GET", "/board", 0, board_get, NULL },
    { "GET", "/path-tests", 0, path_tests_get, NULL },
    { "GET", "/timetable", 0, timetable_get, NULL },
    { "GET", "/reports", 0, reports_get, NULL },
    { "GET", "/reports/{r}", 0, report_get, NULL },
    { "GET", "/reports/{r}.csv", 0, report_csv_get, NULL },
    { "GET", "/reports/{r}.pdf", 0, NULL, report_pdf_get },
    { "GET", "/children", 0, children_get, NULL },
    { "GET", "/mentors", 0, mentors_get, NULL },
    { "GET", "/subjects", 0, subjects_get, NULL },
    { "POST", "/imports", ROUTE_FILE, NULL, imports_post },
    { "GET", "/imports/template", 0, import_template_get, NULL },
    { "GET", "/exports/oneroster.zip", 0, export_oneroster_get, NULL },
    { "GET", "/mentors/{}/hiring", 0, hiring_get, NULL },
    { "GET", "/mentors/{}/can-teach", 0, can_teach_get, NULL },
    { "POST", "/mentors/{}/documents", ROUTE_FILE, NULL, document_post },
    { "POST", "/mentors/{}/trainings", ROUTE_BODY, training_post, NULL },
    { "POST", "/mentors/{}/qualifications", ROUTE_BODY, qualification_post, NULL },
    { "POST", "/mentors/{}/introductions", ROUTE_BODY, introduction_post, NULL },
    { "POST", "/mentors/{}/applications", ROUTE_BODY, application_post, NULL },
    { "GET", "/expiries", 0, expiries_get, NULL },
    { "GET", "/mentor-papers", 0, hirings_get, NULL },
    { "POST", "/mentors/{}/interviews", ROUTE_BODY, interview_post, NULL },
    { "GET", "/needs-substitute", 0, needs_substitute_get, NULL },
    { "GET", "/lessons/{}/substitutes", 0, lesson_substitutes_get, NULL },
    { "POST", "/children/{}/school", ROUTE_BODY, child_school_post, NULL },
    { "GET", "/child-moves", 0, child_moves_get, NULL },
    { "GET", "/documents/{}/file", 0, NULL, document_file_get },
    { "POST", "/documents/{}/verify", ROUTE_BODY, document_verify_post, NULL },
    { "POST", "/documents/{}/return", ROUTE_BODY, document_return_post, NULL },
    { "POST", "/trainings/{}/verify", ROUTE_BODY, training_verify_post, NULL },
    { "POST", "/qualifications/{}/verify", ROUTE_BODY, qualification_verify_post, NULL },
    { "POST", "/applications/{}/step", ROUTE_BODY, application_step_post, NULL },
    { "POST", "/applications/{}/order", ROUTE_BODY, order_post, NULL },
    { "GET", "/applications/{}/order.pdf", 0, NULL, order_pdf_get },
    /* intake */
    { "GET", "/need-returns", 0, need_returns_get, NULL },
    { "POST", "/need-returns", ROUTE_BODY, need_return_post, NULL },
    { "PUT", "/need-returns/{}", ROUTE_BODY, need_return_put, NULL },
    { "GET", "/referrals", 0, referrals_get, NULL },
    { "POST", "/referrals", ROUTE_BODY, referral_post, NULL },
    { "GET", "/referrals/{}", 0, referral_get, NULL },
    { "PATCH", "/referrals/{}", ROUTE_BODY, referral_patch, NULL },
    { "POST", "/referrals/{}/submit", 0, referral_submit_post, NULL },
    { "POST", "/referrals/{}/withdraw", ROUTE_BODY, referral_withdraw_post, NULL },
    { "GET", "/intake/queue", 0, intake_queue_get, NULL },
    { "GET", "/intake/decisions", 0, intake_decisions_get, NULL },
    { "POST", "/referrals/{}/take", 0, referral_take_post, NULL },
    { "POST", "/referrals/{}/ask", ROUTE_BODY, referral_ask_post, NULL },
    { "POST", "/referrals/{}/decide", ROUTE_BODY, referral_decide_post, NULL },
    { "POST", "/referrals/{}/medical", ROUTE_UNKEPT, referral_medical_post, NULL },
    { "GET", "/child-register", 0, child_register_get, NULL },
    { "GET", "/children/{}/limits", 0, child_limits_get, NULL },
    { "GET", "/children/{}/case", 0, child_case_get, NULL },
};

/* A number of the path: digits without a leading zero. */
static bool take_number(const char **path, int64_t *out)
{
    size_t n = strspn(*path, "0123456789");
    char digits[20];

    if (n == 0 || n >= sizeof digits || (*path)[0] == '0')
        return false;
    memcpy(digits, *path, n);
    digits[n] = '\0';
    *path += n;
    return str_to_i64(digits, 1, INT64_MAX, out) == ERR_OK;
}

static bool take_word(const char **path, char *out, size_t cap)
{
    size_t n = strspn(*path, "0123456789-");

    if (n == 0 || n >= cap)
        return false;
    memcpy(out, *path, n);
    out[n] = '\0';
    *path += n;
    return true;
}

static bool fits(const char *pattern, const char *path, struct call *c)
{
    c->id = 0;
    c->word[0] = '\0';
    while (*pattern) {
        if (strncmp(pattern, "{}", 2) == 0) {
            if (!take_number(&path, &c->id))
                return false;
            pattern += 2;
        } else if (strncmp(pattern, "{r}", 3) == 0) {
            if (!take_word(&path, c->word, sizeof c->word))
                return false;
            pattern += 3;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

/* *other_method: the path is known, the method is not. */
static const struct route *find(const struct desk_http *http, struct call *c, bool *other_method)
{
    size_t prefix = strlen(API_PREFIX);
    const char *path = http->path ? http->path : "";

    *other_method = false;
    if (strncmp(path, API_PREFIX, prefix) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        bool head = strcmp(http->method, "HEAD") == 0 && strcmp(routes[i].method, "GET") == 0;

        if (!fits(routes[i].pattern, path + prefix, c))
            continue;
        if (head || strcmp(routes[i].method, http->method) == 0)
            return &routes[i];
        *other_method = true;
    }
    return NULL;
}

static enum err read_body(struct call *c, const struct route *r, bool *refused)
{
    enum err err;

    *refused = c->http->file != ((r->flags & ROUTE_FILE) != 0);
    if (*refused)
        return call_refuse(c, REFUSE_MALFORMED);
    if (r->flags & ROUTE_FILE)
        return ERR_OK;
    if (!(r->flags & ROUTE_BODY)) {
        *refused = c->http->body_len > 0;
        return *refused ? call_refuse(c, REFUSE_MALFORMED) : ERR_OK;
    }
    if (c->http->body_len > DESK_BODY_MAX) {
        *refused = true;
        return call_refuse(c, REFUSE_TOO_LARGE);
    }
    err = json_parse_object(c->http->body ? c->http->body : "", c->http->body_len, &c->body);
    if (err == ERR_PARSE) {
        *refused = true;
        return call_refuse(c, REFUSE_MALFORMED);
    }
    if (!err)
        c->in = json_view_on(c->body);
    return err;
}

/* ---- repeated requests ---------------------------------------------------------------------- */

static bool has_key(const struct call *c)
{
    return strcmp(c->http->method, "POST") == 0 && c->user.id.v && c->http->idempotency_key &&
           c->http->idempotency_key[0];
}

/* Keyed digest of what was asked: the body in its canonical form. */
static enum err request_hash(const struct call *c, uint8_t out[32])
{
    char *body = json_dumps(c->body, JSON_COMPACT | JSON_SORT_KEYS);
    struct strbuf b;
    enum err err;
    bool ok;

    strbuf_init(&b);
    strbuf_printf(&b, "%s %s %s", c->http->method, c->http->path, body ? body : "");
    ok = body && strbuf_ok(&b);
    err = ok ? account_request_mac(desk_key(c->ctx->desk), b.s, out) : ERR_NOMEM;
    strbuf_deinit(&b);
    free(body);
    return err;
}

/* The answer this key has had already. *repeated: it is set (or refused). */
static enum err repeat(struct call *c, const uint8_t hash[32], bool *repeated)
{
    struct kept_answer kept;
    json_t *json;
    enum err err;

    *repeated = true;
    if (strlen(c->http->idempotency_key) > 64)
        return call_refuse(c, REFUSE_MALFORMED);
    err = answer_load(c->db, c->user.id, c->http->idempotency_key, &kept);
    *repeated = err == ERR_OK;
    if (err)
        return err == ERR_NOTFOUND ? ERR_OK : err;
    if (memcmp(kept.request_hash, hash, 32) != 0) {
        err = call_refuse(c, REFUSE_KEY_REUSED);
    } else {
        json = json_loads(kept.body, 0, NULL);
        err = call_answer(c, kept.status, json);
    }
    mem_free(kept.body);
    return err;
}

static enum err keep(const struct call *c, const uint8_t hash[32])
{
    char *body = json_dumps(c->json, JSON_COMPACT);
    enum err err = body ? answer_keep(c->db, c->user.id, c->http->idempotency_key, hash, c->status,
                                      body, c->now.unix_ms)
                        : ERR_NOMEM;

    free(body);
    return err;
}

/* ---- running -------------------------------------------------------------------------------- */

/* What an endpoint could not answer. */
static enum err refuse_error(struct call *c, const struct route *r, enum err err)
{
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (err == ERR_STATE)
        return call_refuse(c, REFUSE_NOT_NOW);
    log_error("api.failed", "method=%s route=%s err=%s", r->method, r->pattern, err_name(err));
    return err == ERR_INVAL ? call_refuse(c, REFUSE_INTERNAL) : err;
}

static enum err run(struct call *c, const struct route *r)
{
    uint8_t hash[32];
    bool keyed = has_key(c) && !(r->flags & ROUTE_UNKEPT), repeated = false;
    enum err err = keyed ? request_hash(c, hash) : ERR_OK;

    if (!err && keyed)
        err = repeat(c, hash, &repeated);
    if (err || repeated)
        return err;
    err = r->run(c);
    if (err)
        return refuse_error(c, r, err);
    return keyed && c->status < 400 && c->json ? keep(c, hash) : ERR_OK;
}

/* *direct is set when the endpoint fills the reply itself. */
static enum err dispatch(struct call *c, const struct route **direct)
{
    bool other = false, refused = false;
    const struct route *r = find(c->http, c, &other);
    enum err err;

    if (!r)
        return call_refuse(c, other ? REFUSE_BAD_METHOD : REFUSE_NOT_FOUND);
    if (!(r->flags & ROUTE_OPEN) && !c->user.id.v)
        return call_refuse(c, REFUSE_NO_LOGIN);
    err = read_body(c, r, &refused);
    if (err || refused)
        return err;
    if (r->direct) {
        *direct = r;
        return ERR_OK;
    }
    return run(c, r);
}

enum api_answer api_handle(struct api_ctx *ctx, const struct desk_http *http,
                           struct desk_reply *reply)
{
    const struct route *direct = NULL;
    enum api_answer answer = API_DONE;
    struct call c;
    enum err err;

    call_init(&c, ctx, http);
    err = dispatch(&c, &direct);
    if (!err && direct)
        answer = direct->direct(&c, reply);
    else if (!err)
        err = call_reply(&c, reply);
    call_deinit(&c);
    return err ? API_FAILED : answer;
}
