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
#include "server/api/second.h"
#include "server/store/event.h"

enum route_flag {
    ROUTE_OPEN = 1,   /* without a login */
    ROUTE_BODY = 2,   /* takes a JSON body */
    ROUTE_FILE = 4,   /* takes the bytes of a file */
    ROUTE_UNKEPT = 8, /* answers medical words or a secret: an Idempotency-Key keeps nothing */
    ROUTE_OWING = 16, /* also while a second step is owed */
};

/* In a pattern, {} is a number, {r} a report id and {t} a secret token. */
struct route {
    const char *method;
    const char *pattern;
    unsigned flags;
    enum err (*run)(struct call *c);
    enum api_answer (*direct)(struct call *c, struct desk_reply *reply);
};

static const struct route routes[] = {
    { "GET", "/centre", ROUTE_OPEN, centre_get, NULL },
    { "GET", "/session", ROUTE_OWING, session_get, NULL },
    { "POST", "/session", ROUTE_OPEN | ROUTE_BODY, NULL, session_post },
    { "DELETE", "/session", ROUTE_OWING, NULL, session_delete },
    /* accounts */
    { "PUT", "/me/password", ROUTE_BODY, NULL, password_put },
    { "GET", "/me/mail-address", 0, mail_address_get, NULL },
    { "PUT", "/me/mail-address", ROUTE_BODY, NULL, mail_address_put },
    { "GET", "/me/sessions", 0, my_sessions_get, NULL },
    { "DELETE", "/me/sessions/{}", 0, my_session_delete, NULL },
    { "POST", "/me/sessions/end-others", 0, my_sessions_end_post, NULL },
    { "GET", "/me/second-step", ROUTE_OWING, second_get, NULL },
    { "POST", "/me/second-step", ROUTE_OWING | ROUTE_UNKEPT, second_post, NULL },
    { "POST", "/me/second-step/confirm", ROUTE_OWING | ROUTE_BODY | ROUTE_UNKEPT,
      second_confirm_post, NULL },
    { "POST", "/me/second-step/recovery", ROUTE_BODY | ROUTE_UNKEPT, second_recovery_post, NULL },
    { "POST", "/me/second-step/off", ROUTE_BODY, second_off_post, NULL },
    { "POST", "/password-resets", ROUTE_OPEN | ROUTE_BODY, password_reset_post, NULL },
    { "POST", "/password-resets/use", ROUTE_OPEN | ROUTE_BODY, NULL, password_reset_use_post },
    { "GET", "/invitations", 0, invitations_get, NULL },
    { "POST", "/invitations", ROUTE_BODY, invitation_post, NULL },
    { "DELETE", "/invitations/{}", 0, invitation_delete, NULL },
    { "POST", "/invitations/look", ROUTE_OPEN | ROUTE_BODY, invitation_look_post, NULL },
    { "POST", "/invitations/accept", ROUTE_OPEN | ROUTE_BODY, NULL, invitation_accept_post },
    { "GET", "/people", 0, people_get, NULL },
    { "GET", "/people/{}/sessions", 0, person_sessions_get, NULL },
    { "POST", "/people/{}/sign-out", 0, person_sign_out_post, NULL },
    { "POST", "/people/{}/lock", 0, person_lock_post, NULL },
    { "POST", "/people/{}/unlock", 0, person_unlock_post, NULL },
    { "POST", "/people/{}/second-step-off", 0, person_second_off_post, NULL },
    { "GET", "/outbox", 0, outbox_get, NULL },
    { "POST", "/outbox/{}/again", 0, outbox_again_post, NULL },
    { "GET", "/retention", 0, retention_get, NULL },
    { "POST", "/retention/runs", 0, retention_run_post, NULL },
    { "GET", "/retention/runs/{}", 0, retention_run_get, NULL },
    { "GET", "/retention/runs/{}/items", 0, retention_items_get, NULL },
    { "POST", "/retention/runs/{}/confirm", 0, retention_confirm_post, NULL },
    { "POST", "/retention/runs/{}/withdraw", 0, retention_withdraw_post, NULL },
    { "POST", "/retention/holds", ROUTE_BODY, retention_hold_post, NULL },
    { "POST", "/retention/holds/{}/lift", 0, retention_lift_post, NULL },
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
    { "GET", "/plans", 0, plans_get, NULL },
    { "POST", "/plans", ROUTE_BODY, plan_post, NULL },
    { "GET", "/plans/{}", 0, plan_get, NULL },
    { "POST", "/plans/{}/stop", ROUTE_BODY, plan_stop_post, NULL },
    { "POST", "/schedule-versions/{}/series", ROUTE_BODY, series_post, NULL },
    { "GET", "/series", 0, series_get, NULL },
    { "POST", "/series/{}/end", ROUTE_BODY, series_end_post, NULL },
    { "GET", "/gatherings", 0, gatherings_get, NULL },
    { "POST", "/gatherings", ROUTE_BODY, gathering_create, NULL },
    { "GET", "/gatherings/{}", 0, gathering_get, NULL },
    { "POST", "/gatherings/{}/invite", ROUTE_BODY, gathering_invite_post, NULL },
    { "POST", "/gatherings/{}/withdraw", ROUTE_BODY, gathering_withdraw_post, NULL },
    { "POST", "/gatherings/{}/cancel", ROUTE_BODY, gathering_cancel_post, NULL },
    /* consents */
    { "GET", "/children/{}/consents", 0, consents_get, NULL },
    { "POST", "/children/{}/consents", ROUTE_BODY, consent_answer_post, NULL },
    { "POST", "/children/{}/consents/ask", ROUTE_BODY, consent_ask_post, NULL },
    { "POST", "/children/{}/consents/paper", ROUTE_FILE, NULL, consent_paper_post },
    { "GET", "/consent-papers/{}/file", 0, NULL, consent_paper_get },
    /* sections */
    { "GET", "/providers", 0, providers_get, NULL },
    { "POST", "/providers", ROUTE_BODY, provider_post, NULL },
    { "GET", "/sections", 0, sections_get, NULL },
    { "POST", "/sections", ROUTE_BODY, section_post, NULL },
    { "GET", "/sections/{}", 0, section_get, NULL },
    { "POST", "/sections/{}/close", 0, section_close_post, NULL },
    { "POST", "/sections/{}/open", 0, section_open_post, NULL },
    { "GET", "/sections/{}/visits", 0, visits_get, NULL },
    { "POST", "/sections/{}/visits", ROUTE_BODY, visit_post, NULL },
    { "POST", "/section-visits/{}/sign", ROUTE_BODY, visit_sign_post, NULL },
    { "POST", "/section-visits/{}/attendance", ROUTE_BODY, visit_attendance_post, NULL },
    { "GET", "/children/{}/choice", 0, choice_get, NULL },
    { "PUT", "/children/{}/choice", ROUTE_BODY, choice_put, NULL },
    { "POST", "/children/{}/choice/confirm", 0, choice_confirm_post, NULL },
    { "POST", "/children/{}/section-papers", ROUTE_BODY, section_paper_post, NULL },
    { "POST", "/choices/{}/accept", 0, choice_accept_post, NULL },
    { "POST", "/choices/{}/leave", ROUTE_BODY, choice_leave_post, NULL },
    { "POST", "/choices/{}/group", ROUTE_BODY, choice_group_post, NULL },
    { "GET", "/section-clashes", 0, section_clashes_get, NULL },
    { "PUT", "/lessons/{}/note", ROUTE_BODY, note_put, NULL },
    { "GET", "/lessons/{}/attendance", 0, attendance_get, NULL },
    { "POST", "/lessons/{}/attendance/amendments", ROUTE_BODY, amendment_post, NULL },
    { "POST", "/lessons/{}/confirmation", ROUTE_BODY, confirmation_post, NULL },
    { "GET", "/children/{}/log", 0, child_log_get, NULL },
    { "POST", "/children/{}/confirmations", ROUTE_BODY, confirmations_post, NULL },
    { "GET", "/board", 0, board_get, NULL },
    { "GET", "/path-tests", 0, path_tests_get, NULL },
    { "GET", "/timetable", 0, timetable_get, NULL },
    { "GET", "/week", 0, week_get, NULL },
    { "GET", "/week.pdf", 0, NULL, week_pdf_get },
    { "GET", "/me/feed", 0, feed_get, NULL },
    { "POST", "/me/feed", ROUTE_BODY | ROUTE_UNKEPT, feed_post, NULL },
    { "DELETE", "/me/feed", 0, feed_delete, NULL },
    { "GET", "/feeds/{t}.ics", ROUTE_OPEN, feed_ics_get, NULL },
    { "GET", "/schedule-versions", 0, versions_get, NULL },
    { "GET", "/schedule-versions/{}/lessons", 0, draft_lessons_get, NULL },
    { "POST", "/schedule-versions/{}/moves", ROUTE_BODY, draft_move_post, NULL },
    { "POST", "/schedule-versions/{}/drops", ROUTE_BODY, draft_drop_post, NULL },
    { "POST", "/schedule-versions/{}/stays", ROUTE_BODY, draft_stay_post, NULL },
    { "GET", "/schedule-versions/{}/diff", 0, draft_diff_get, NULL },
    { "PUT", "/planned-lessons/{}", ROUTE_BODY, planned_put, NULL },
    { "DELETE", "/planned-lessons/{}", 0, planned_delete, NULL },
    { "GET", "/reports", 0, reports_get, NULL },
    { "GET", "/reports/{r}", 0, report_get, NULL },
    { "GET", "/reports/{r}.csv", 0, NULL, report_csv_get },
    { "GET", "/reports/{r}.pdf", 0, NULL, report_pdf_get },
    { "GET", "/reports/{r}.xlsx", 0, NULL, report_xlsx_get },
    { "PUT", "/reports/{r}/texts", ROUTE_BODY, report_texts_put, NULL },
    { "POST", "/reports/{r}/submit", 0, report_submit_post, NULL },
    { "POST", "/reports/{r}/return", ROUTE_BODY, report_return_post, NULL },
    { "POST", "/reports/{r}/accept", 0, NULL, report_accept_post },
    { "POST", "/reports/{r}/correct", ROUTE_BODY, report_correct_post, NULL },
    { "POST", "/reports/{r}/open", 0, report_open_post, NULL },
    { "POST", "/reports/{r}/acknowledge", 0, report_acknowledge_post, NULL },
    { "POST", "/report-acknowledgements", ROUTE_BODY, report_acknowledgements_post, NULL },
    { "GET", "/deliveries", 0, deliveries_get, NULL },
    { "POST", "/reports/{r}/wellbeing", ROUTE_UNKEPT, wellbeing_post, NULL },
    { "PUT", "/reports/{r}/wellbeing", ROUTE_BODY, wellbeing_put, NULL },
    { "GET", "/timesheet", 0, timesheet_get, NULL },
    { "GET", "/timesheet.csv", 0, NULL, timesheet_csv_get },
    { "GET", "/timesheet.xlsx", 0, NULL, timesheet_xlsx_get },
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
    { "POST", "/referrals/{}/medical", ROUTE_BODY | ROUTE_UNKEPT, referral_medical_post, NULL },
    { "POST", "/referrals/{}/scans", ROUTE_FILE, NULL, referral_scan_post },
    { "POST", "/referrals/{}/scans/open", ROUTE_BODY, NULL, referral_scan_open_post },
    { "GET", "/child-register", 0, child_register_get, NULL },
    { "GET", "/children/{}/limits", 0, child_limits_get, NULL },
    { "GET", "/children/{}/case", 0, child_case_get, NULL },
    /* programmes, weekly times, selection */
    { "GET", "/programmes", 0, programmes_get, NULL },
    { "POST", "/programmes", ROUTE_BODY, programme_post, NULL },
    { "GET", "/programmes/{}", 0, programme_get, NULL },
    { "GET", "/programme-approvals", 0, programme_approvals_get, NULL },
    { "GET", "/children/{}/programme", 0, child_programme_get, NULL },
    { "POST", "/children/{}/programme", ROUTE_BODY, child_programme_post, NULL },
    { "PUT", "/child-programmes/{}", ROUTE_BODY, child_programme_put, NULL },
    { "POST", "/child-programmes/{}/propose", 0, child_programme_propose_post, NULL },
    { "POST", "/child-programmes/{}/approve", 0, child_programme_approve_post, NULL },
    { "POST", "/child-programmes/{}/return", ROUTE_BODY, child_programme_return_post, NULL },
    { "GET", "/children/{}/hours", 0, child_hours_get, NULL },
    { "PUT", "/children/{}/hours", ROUTE_BODY, child_hours_put, NULL },
    { "GET", "/mentors/{}/hours", 0, mentor_hours_get, NULL },
    { "PUT", "/mentors/{}/hours", ROUTE_BODY, mentor_hours_put, NULL },
    { "GET", "/schools/{}/calendar", 0, school_calendar_get, NULL },
    { "PUT", "/schools/{}/calendar", ROUTE_BODY, school_calendar_put, NULL },
    { "GET", "/children/{}/candidates", 0, candidates_get, NULL },
    { "POST", "/children/{}/assignments", ROUTE_BODY, assignment_post, NULL },
    { "POST", "/assignments/{}/end", ROUTE_BODY, assignment_end_post, NULL },
    { "GET", "/children-without-mentor", 0, children_without_mentor_get, NULL },
    { "GET", "/children-without-peers", 0, children_without_peers_get, NULL },
    { "POST", "/children/{}/case/close", ROUTE_BODY, child_case_close_post, NULL },
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

static bool take_word(const char **path, const char *letters, char *out, size_t cap)
{
    size_t n = strspn(*path, letters);

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
            if (!take_word(&path, "0123456789-", c->word, sizeof c->word))
                return false;
            pattern += 3;
        } else if (strncmp(pattern, "{t}", 3) == 0) { /* base64url (RFC 4648 section 5) */
            if (!take_word(&path,
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                           c->word, sizeof c->word))
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

/* Keyed digest of what was asked: the body in its canonical form, "" without one. */
static enum err request_hash(const struct call *c, uint8_t out[32])
{
    char *body = c->body ? json_dumps(c->body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    struct strbuf b;
    enum err err;
    bool ok;

    strbuf_init(&b);
    strbuf_printf(&b, "%s %s %s", c->http->method, c->http->path, body ? body : "");
    ok = (body || !c->body) && strbuf_ok(&b);
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
    if (!(r->flags & (ROUTE_OPEN | ROUTE_OWING))) {
        bool owed = false;

        err = second_owed(c->db, &c->ctx->session.login, &c->grants, c->now.unix_ms, &owed);
        if (err || owed)
            return err ? err : call_refuse(c, REFUSE_ENROL_FIRST);
    }
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
