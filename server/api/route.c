/* SPDX-License-Identifier: Apache-2.0
 *
 * From method and path to an endpoint: the one table of the HTTP API, in the
 * order of common/openapi.yaml. Each row names the right without which its
 * endpoint is not reached; how far the right reaches, the endpoint asks of the
 * rows. Reads the body strictly before an endpoint sees it, repeats the answer
 * of a repeated request, and turns errors into refusals. Decides no rule. Desk
 * thread.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/repeat.h"
#include "server/api/route.h"
#include "server/api/second.h"

enum route_flag {
    ROUTE_BODY = 2,   /* takes a JSON body */
    ROUTE_FILE = 4,   /* takes the bytes of a file */
    ROUTE_UNKEPT = 8, /* answers medical words or a secret: an Idempotency-Key keeps nothing */
    ROUTE_OWING = 16, /* also while a second step is owed */
};

#define SIGNED_IN ROUTE_SIGNED_IN
#define ANYBODY ROUTE_ANYBODY

/* In a pattern, {} is a number, {r} a report id and {t} a secret token. */
struct route {
    const char *method;
    const char *pattern;
    unsigned right; /* enum right, or one of the two above */
    unsigned flags;
    enum err (*run)(struct call *c);
    enum api_answer (*direct)(struct call *c, struct desk_reply *reply);
};

static const struct route routes[] = {
    { "GET", "/centre", ANYBODY, 0, centre_get, NULL },
    { "GET", "/session", SIGNED_IN, ROUTE_OWING, session_get, NULL },
    { "POST", "/session", ANYBODY, ROUTE_BODY, NULL, session_post },
    { "DELETE", "/session", SIGNED_IN, ROUTE_OWING, NULL, session_delete },
    /* accounts */
    { "PUT", "/me/password", SIGNED_IN, ROUTE_BODY, NULL, password_put },
    { "GET", "/me/mail-address", SIGNED_IN, 0, mail_address_get, NULL },
    { "PUT", "/me/mail-address", SIGNED_IN, ROUTE_BODY, NULL, mail_address_put },
    { "GET", "/me/sessions", SIGNED_IN, 0, my_sessions_get, NULL },
    { "DELETE", "/me/sessions/{}", SIGNED_IN, 0, my_session_delete, NULL },
    { "POST", "/me/sessions/end-others", SIGNED_IN, 0, my_sessions_end_post, NULL },
    { "GET", "/me/second-step", SIGNED_IN, ROUTE_OWING, second_get, NULL },
    { "POST", "/me/second-step", SIGNED_IN, ROUTE_OWING | ROUTE_UNKEPT, second_post, NULL },
    { "POST", "/me/second-step/confirm", SIGNED_IN, ROUTE_OWING | ROUTE_BODY | ROUTE_UNKEPT,
      second_confirm_post, NULL },
    { "POST", "/me/second-step/recovery", SIGNED_IN, ROUTE_BODY | ROUTE_UNKEPT,
      second_recovery_post, NULL },
    { "POST", "/me/second-step/off", SIGNED_IN, ROUTE_BODY, second_off_post, NULL },
    { "POST", "/password-resets", ANYBODY, ROUTE_BODY, password_reset_post, NULL },
    { "POST", "/password-resets/use", ANYBODY, ROUTE_BODY, NULL, password_reset_use_post },
    { "GET", "/invitations", RIGHT_USER_LIST, 0, invitations_get, NULL },
    { "POST", "/invitations", RIGHT_USER_MANAGE, ROUTE_BODY, invitation_post, NULL },
    { "DELETE", "/invitations/{}", RIGHT_USER_MANAGE, 0, invitation_delete, NULL },
    { "POST", "/invitations/look", ANYBODY, ROUTE_BODY, invitation_look_post, NULL },
    { "POST", "/invitations/accept", ANYBODY, ROUTE_BODY, NULL, invitation_accept_post },
    { "GET", "/people", RIGHT_USER_LIST, 0, people_get, NULL },
    { "GET", "/people/{}/sessions", RIGHT_SESSION_REVOKE, 0, person_sessions_get, NULL },
    { "POST", "/people/{}/sign-out", RIGHT_SESSION_REVOKE, 0, person_sign_out_post, NULL },
    { "POST", "/people/{}/lock", RIGHT_USER_MANAGE, 0, person_lock_post, NULL },
    { "POST", "/people/{}/unlock", RIGHT_USER_MANAGE, 0, person_unlock_post, NULL },
    { "POST", "/people/{}/second-step-off", RIGHT_SECOND_STEP_RESET, 0, person_second_off_post,
      NULL },
    { "GET", "/outbox", RIGHT_OUTBOX_VIEW, 0, outbox_get, NULL },
    { "POST", "/outbox/{}/again", RIGHT_OUTBOX_VIEW, 0, outbox_again_post, NULL },
    { "GET", "/webhooks", RIGHT_WEBHOOK_KEEP, 0, webhooks_get, NULL },
    { "POST", "/webhooks", RIGHT_WEBHOOK_KEEP, ROUTE_BODY | ROUTE_UNKEPT, webhook_post, NULL },
    { "PUT", "/webhooks/{}", RIGHT_WEBHOOK_KEEP, ROUTE_BODY, webhook_put, NULL },
    { "DELETE", "/webhooks/{}", RIGHT_WEBHOOK_KEEP, 0, webhook_delete, NULL },
    { "POST", "/webhooks/{}/secret", RIGHT_WEBHOOK_KEEP, ROUTE_UNKEPT, webhook_secret_post, NULL },
    { "GET", "/webhooks/{}/deliveries", RIGHT_WEBHOOK_KEEP, 0, webhook_deliveries_get, NULL },
    { "POST", "/webhook-deliveries/{}/again", RIGHT_WEBHOOK_KEEP, 0, webhook_again_post, NULL },
    { "PATCH", "/me", RIGHT_PROFILE_EDIT, ROUTE_BODY, me_patch, NULL },
    { "GET", "/retention", RIGHT_RETENTION_VIEW, 0, retention_get, NULL },
    { "GET", "/me/day", RIGHT_MY_DAY, 0, day_get, NULL },
    { "POST", "/retention/runs", RIGHT_RETENTION_ASK, 0, retention_run_post, NULL },
    { "POST", "/me/not-today", RIGHT_NOTICE_GIVE, ROUTE_BODY, not_today_post, NULL },
    { "GET", "/retention/runs/{}", RIGHT_RETENTION_VIEW, 0, retention_run_get, NULL },
    { "POST", "/me/ready", RIGHT_LESSON_VIEW, ROUTE_BODY, ready_post, NULL },
    { "GET", "/retention/runs/{}/items", RIGHT_RETENTION_VIEW, 0, retention_items_get, NULL },
    { "POST", "/me/path-tests", SIGNED_IN, ROUTE_BODY, path_test_post, NULL },
    { "POST", "/retention/runs/{}/confirm", RIGHT_RETENTION_CONFIRM, 0, retention_confirm_post,
      NULL },
    { "POST", "/me/help", RIGHT_LESSON_VIEW, ROUTE_BODY, help_post, NULL },
    { "POST", "/retention/runs/{}/withdraw", RIGHT_RETENTION_CONFIRM, 0, retention_withdraw_post,
      NULL },
    { "POST", "/lessons", RIGHT_LESSON_CREATE, ROUTE_BODY, lesson_create, NULL },
    { "POST", "/retention/holds", RIGHT_RETENTION_HOLD, ROUTE_BODY, retention_hold_post, NULL },
    { "POST", "/retention/holds/{}/lift", RIGHT_RETENTION_HOLD, 0, retention_lift_post, NULL },
    { "GET", "/lessons/{}", RIGHT_LESSON_VIEW, 0, lesson_get, NULL },
    { "POST", "/lessons/{}/move", RIGHT_LESSON_MOVE, ROUTE_BODY, lesson_move_post, NULL },
    { "POST", "/lessons/{}/cancel", RIGHT_LESSON_CANCEL, ROUTE_BODY, lesson_cancel_post, NULL },
    { "POST", "/lessons/{}/substitute", RIGHT_LESSON_SUBSTITUTE, ROUTE_BODY, lesson_substitute_post,
      NULL },
    { "POST", "/schedule-versions", RIGHT_LESSON_CREATE, ROUTE_BODY, version_post, NULL },
    { "GET", "/schedule-versions/{}", RIGHT_LESSON_CREATE, 0, version_get, NULL },
    { "POST", "/schedule-versions/{}/lessons", RIGHT_LESSON_CREATE, ROUTE_BODY, version_lesson_post,
      NULL },
    { "POST", "/schedule-versions/{}/validate", RIGHT_LESSON_CREATE, ROUTE_BODY,
      version_validate_post, NULL },
    { "POST", "/schedule-versions/{}/publish", RIGHT_LESSON_CREATE, ROUTE_BODY,
      version_publish_post, NULL },
    { "GET", "/plans", RIGHT_PLAN, 0, plans_get, NULL },
    { "POST", "/plans", RIGHT_PLAN, ROUTE_BODY, plan_post, NULL },
    { "GET", "/plans/{}", RIGHT_PLAN, 0, plan_get, NULL },
    { "POST", "/plans/{}/stop", RIGHT_PLAN, ROUTE_BODY, plan_stop_post, NULL },
    { "POST", "/schedule-versions/{}/series", RIGHT_LESSON_CREATE, ROUTE_BODY, series_post, NULL },
    { "GET", "/series", RIGHT_LESSON_CREATE, 0, series_get, NULL },
    { "POST", "/series/{}/end", RIGHT_LESSON_CANCEL, ROUTE_BODY, series_end_post, NULL },
    { "GET", "/gatherings", RIGHT_LESSON_VIEW, 0, gatherings_get, NULL },
    { "POST", "/gatherings", RIGHT_LESSON_CREATE, ROUTE_BODY, gathering_create, NULL },
    { "GET", "/gatherings/{}", RIGHT_LESSON_VIEW, 0, gathering_get, NULL },
    { "POST", "/gatherings/{}/invite", RIGHT_LESSON_CREATE, ROUTE_BODY, gathering_invite_post,
      NULL },
    { "POST", "/gatherings/{}/withdraw", RIGHT_LESSON_CREATE, ROUTE_BODY, gathering_withdraw_post,
      NULL },
    { "POST", "/gatherings/{}/cancel", RIGHT_LESSON_CREATE, ROUTE_BODY, gathering_cancel_post,
      NULL },
    /* consents */
    { "GET", "/children/{}/consents", RIGHT_CONSENT_VIEW, 0, consents_get, NULL },
    { "POST", "/children/{}/consents", RIGHT_CONSENT_VIEW, ROUTE_BODY, consent_answer_post, NULL },
    { "POST", "/children/{}/consents/ask", RIGHT_CONSENT_ENTER, ROUTE_BODY, consent_ask_post,
      NULL },
    { "POST", "/children/{}/consents/paper", RIGHT_CONSENT_ENTER, ROUTE_FILE, NULL,
      consent_paper_post },
    { "GET", "/consent-papers/{}/file", RIGHT_CONSENT_VIEW, 0, NULL, consent_paper_get },
    /* sections */
    { "GET", "/providers", RIGHT_SECTION_EDIT, 0, providers_get, NULL },
    { "POST", "/providers", RIGHT_SECTION_EDIT, ROUTE_BODY, provider_post, NULL },
    { "GET", "/sections", RIGHT_SECTION_VIEW, 0, sections_get, NULL },
    { "POST", "/sections", RIGHT_SECTION_EDIT, ROUTE_BODY, section_post, NULL },
    { "GET", "/sections/{}", RIGHT_SECTION_VIEW, 0, section_get, NULL },
    { "POST", "/sections/{}/close", RIGHT_SECTION_EDIT, 0, section_close_post, NULL },
    { "POST", "/sections/{}/open", RIGHT_SECTION_EDIT, 0, section_open_post, NULL },
    { "GET", "/sections/{}/visits", RIGHT_SECTION_VIEW, 0, visits_get, NULL },
    { "POST", "/sections/{}/visits", RIGHT_SECTION_EDIT, ROUTE_BODY, visit_post, NULL },
    { "POST", "/section-visits/{}/sign", RIGHT_CHOICE_WISH, ROUTE_BODY, visit_sign_post, NULL },
    { "POST", "/section-visits/{}/attendance", RIGHT_SECTION_EDIT, ROUTE_BODY,
      visit_attendance_post, NULL },
    { "GET", "/children/{}/choice", RIGHT_CHOICE_VIEW, 0, choice_get, NULL },
    { "PUT", "/children/{}/choice", RIGHT_CHOICE_WISH, ROUTE_BODY, choice_put, NULL },
    { "POST", "/children/{}/choice/confirm", RIGHT_CHOICE_CONFIRM, 0, choice_confirm_post, NULL },
    { "POST", "/children/{}/section-papers", RIGHT_SECTION_EDIT, ROUTE_BODY, section_paper_post,
      NULL },
    { "POST", "/choices/{}/accept", RIGHT_CHOICE_CONFIRM, 0, choice_accept_post, NULL },
    { "POST", "/choices/{}/leave", RIGHT_CHOICE_CONFIRM, ROUTE_BODY, choice_leave_post, NULL },
    { "POST", "/choices/{}/group", RIGHT_CHOICE_CONFIRM, ROUTE_BODY, choice_group_post, NULL },
    { "GET", "/section-clashes", RIGHT_SECTION_EDIT, 0, section_clashes_get, NULL },
    { "PUT", "/lessons/{}/note", RIGHT_LESSON_NOTE_EDIT, ROUTE_BODY, note_put, NULL },
    { "GET", "/lessons/{}/attendance", RIGHT_ATTENDANCE_VIEW, 0, attendance_get, NULL },
    { "POST", "/lessons/{}/attendance/amendments", RIGHT_ATTENDANCE_AMEND, ROUTE_BODY,
      amendment_post, NULL },
    { "POST", "/lessons/{}/confirmation", RIGHT_LESSON_LOG_CONFIRM, ROUTE_BODY, confirmation_post,
      NULL },
    { "GET", "/children/{}/log", RIGHT_LESSON_LOG_VIEW, 0, child_log_get, NULL },
    { "POST", "/children/{}/confirmations", RIGHT_LESSON_LOG_CONFIRM, ROUTE_BODY,
      confirmations_post, NULL },
    { "GET", "/board", RIGHT_BOARD_VIEW, 0, board_get, NULL },
    { "GET", "/path-tests", RIGHT_PATH_VIEW, 0, path_tests_get, NULL },
    { "GET", "/lessons/{}/no-show", RIGHT_LESSON_CREATE, 0, no_show_get, NULL },
    { "GET", "/timetable", RIGHT_BOARD_VIEW, 0, timetable_get, NULL },
    { "POST", "/lessons/{}/make-up", RIGHT_LESSON_CREATE, ROUTE_BODY, make_up_post, NULL },
    { "GET", "/week", RIGHT_TIMETABLE_VIEW, 0, week_get, NULL },
    { "GET", "/week.pdf", RIGHT_TIMETABLE_VIEW, 0, NULL, week_pdf_get },
    { "GET", "/me/feed", RIGHT_FEED_KEEP, 0, feed_get, NULL },
    { "POST", "/me/feed", RIGHT_FEED_KEEP, ROUTE_BODY | ROUTE_UNKEPT, feed_post, NULL },
    { "DELETE", "/me/feed", RIGHT_FEED_KEEP, 0, feed_delete, NULL },
    { "GET", "/feeds/{t}.ics", ANYBODY, 0, feed_ics_get, NULL },
    { "GET", "/schedule-versions", RIGHT_LESSON_CREATE, 0, versions_get, NULL },
    { "GET", "/events", RIGHT_EVENT_VIEW, 0, events_get, NULL },
    { "POST", "/events", RIGHT_EVENT_KEEP, ROUTE_BODY, event_post, NULL },
    { "GET", "/event-people", RIGHT_EVENT_KEEP, 0, event_people_get, NULL },
    { "GET", "/events/{}", RIGHT_EVENT_VIEW, 0, event_get, NULL },
    { "PUT", "/events/{}", RIGHT_EVENT_KEEP, ROUTE_BODY, event_put, NULL },
    { "POST", "/events/{}/move", RIGHT_EVENT_KEEP, ROUTE_BODY, event_move_post, NULL },
    { "POST", "/events/{}/cancel", RIGHT_EVENT_KEEP, ROUTE_BODY, event_cancel_post, NULL },
    { "POST", "/events/{}/invite", RIGHT_EVENT_KEEP, ROUTE_BODY, event_invite_post, NULL },
    { "POST", "/events/{}/invite-child", RIGHT_EVENT_KEEP, ROUTE_BODY, event_invite_child_post,
      NULL },
    { "POST", "/events/{}/withdraw", RIGHT_EVENT_KEEP, ROUTE_BODY, event_withdraw_post, NULL },
    { "POST", "/events/{}/answer", RIGHT_EVENT_ANSWER, ROUTE_BODY, event_answer_post, NULL },
    { "POST", "/events/{}/check-in", RIGHT_EVENT_ANSWER, 0, event_check_in_post, NULL },
    { "POST", "/events/{}/attendance", RIGHT_EVENT_WRITE, ROUTE_BODY, event_attendance_post, NULL },
    { "PUT", "/events/{}/minutes", RIGHT_EVENT_WRITE, ROUTE_BODY, event_minutes_put, NULL },
    { "POST", "/events/{}/minutes/freeze", RIGHT_EVENT_WRITE, 0, event_freeze_post, NULL },
    { "POST", "/events/{}/minutes/sign", RIGHT_EVENT_SIGN, 0, event_sign_post, NULL },
    { "POST", "/events/{}/minutes/addenda", RIGHT_EVENT_WRITE, ROUTE_BODY, event_addendum_post,
      NULL },
    { "GET", "/events/{}/agenda.pdf", RIGHT_EVENT_VIEW, 0, NULL, event_agenda_pdf_get },
    { "GET", "/events/{}/minutes.pdf", RIGHT_EVENT_VIEW, 0, NULL, event_minutes_pdf_get },
    { "GET", "/schedule-versions/{}/lessons", RIGHT_LESSON_CREATE, 0, draft_lessons_get, NULL },
    { "POST", "/schedule-versions/{}/moves", RIGHT_LESSON_CREATE, ROUTE_BODY, draft_move_post,
      NULL },
    { "POST", "/schedule-versions/{}/drops", RIGHT_LESSON_CREATE, ROUTE_BODY, draft_drop_post,
      NULL },
    { "POST", "/schedule-versions/{}/stays", RIGHT_LESSON_CREATE, ROUTE_BODY, draft_stay_post,
      NULL },
    { "GET", "/schedule-versions/{}/diff", RIGHT_LESSON_CREATE, 0, draft_diff_get, NULL },
    { "PUT", "/planned-lessons/{}", RIGHT_LESSON_CREATE, ROUTE_BODY, planned_put, NULL },
    { "DELETE", "/planned-lessons/{}", RIGHT_LESSON_CREATE, 0, planned_delete, NULL },
    { "GET", "/reports", RIGHT_REPORT_LIST, 0, reports_get, NULL },
    { "GET", "/reports/{r}", RIGHT_REPORT_VIEW, 0, report_get, NULL },
    { "GET", "/reports/{r}.csv", RIGHT_REPORT_VIEW, 0, NULL, report_csv_get },
    { "GET", "/reports/{r}.pdf", RIGHT_REPORT_VIEW, 0, NULL, report_pdf_get },
    { "GET", "/reports/{r}.xlsx", RIGHT_REPORT_VIEW, 0, NULL, report_xlsx_get },
    { "PUT", "/reports/{r}/texts", RIGHT_REPORT_EDIT, ROUTE_BODY, report_texts_put, NULL },
    { "POST", "/reports/{r}/submit", RIGHT_REPORT_EDIT, 0, report_submit_post, NULL },
    { "POST", "/reports/{r}/return", RIGHT_REPORT_DECIDE, ROUTE_BODY, report_return_post, NULL },
    { "POST", "/reports/{r}/accept", RIGHT_REPORT_DECIDE, 0, NULL, report_accept_post },
    { "POST", "/reports/{r}/correct", RIGHT_REPORT_DECIDE, ROUTE_BODY, report_correct_post, NULL },
    { "POST", "/reports/{r}/open", RIGHT_REPORT_ACKNOWLEDGE, 0, report_open_post, NULL },
    { "POST", "/reports/{r}/acknowledge", RIGHT_REPORT_ACKNOWLEDGE, 0, report_acknowledge_post,
      NULL },
    { "POST", "/report-acknowledgements", RIGHT_REPORT_ACKNOWLEDGE, ROUTE_BODY,
      report_acknowledgements_post, NULL },
    { "GET", "/deliveries", RIGHT_REPORT_DECIDE, 0, deliveries_get, NULL },
    { "POST", "/reports/{r}/wellbeing", RIGHT_WELLBEING_VIEW, ROUTE_UNKEPT, wellbeing_post, NULL },
    { "PUT", "/reports/{r}/wellbeing", RIGHT_WELLBEING_EDIT, ROUTE_BODY, wellbeing_put, NULL },
    { "GET", "/timesheet", RIGHT_TIMESHEET_VIEW, 0, timesheet_get, NULL },
    { "GET", "/lessons/{}/mark-changes", RIGHT_LESSON_NOTE_VIEW, 0, mark_changes_get, NULL },
    { "GET", "/timesheet.csv", RIGHT_TIMESHEET_VIEW, 0, NULL, timesheet_csv_get },
    { "GET", "/children/{}/marks", RIGHT_LESSON_NOTE_VIEW, 0, child_marks_get, NULL },
    { "GET", "/timesheet.xlsx", RIGHT_TIMESHEET_VIEW, 0, NULL, timesheet_xlsx_get },
    { "GET", "/mark-sheets", RIGHT_REPORT_LIST, 0, sheets_get, NULL },
    { "GET", "/figures", RIGHT_FIGURES_VIEW, 0, NULL, figures_get },
    { "GET", "/children", RIGHT_CHILD_LIST, 0, children_get, NULL },
    { "GET", "/figures.csv", RIGHT_FIGURES_VIEW, 0, NULL, figures_csv_get },
    { "GET", "/figures/rows", RIGHT_FIGURES_VIEW, 0, NULL, figures_rows_get },
    { "GET", "/report-archives", RIGHT_REPORT_DECIDE, 0, archives_get, NULL },
    { "POST", "/report-archives", RIGHT_REPORT_DECIDE, ROUTE_BODY, archive_post, NULL },
    { "GET", "/report-archives/{}", RIGHT_REPORT_DECIDE, 0, archive_get, NULL },
    { "POST", "/report-archives/{}/stop", RIGHT_REPORT_DECIDE, ROUTE_BODY, archive_stop_post,
      NULL },
    { "GET", "/report-archives/{}/file", RIGHT_REPORT_DECIDE, 0, NULL, archive_file_get },
    { "GET", "/mark-sheets/{r}", RIGHT_REPORT_VIEW, 0, sheet_get, NULL },
    { "GET", "/mentors", RIGHT_MENTOR_LIST, 0, mentors_get, NULL },
    { "GET", "/mark-sheets/{r}.csv", RIGHT_REPORT_VIEW, 0, NULL, sheet_csv_get },
    { "GET", "/subjects", SIGNED_IN, 0, subjects_get, NULL },
    { "GET", "/mark-sheets/{r}.pdf", RIGHT_REPORT_VIEW, 0, NULL, sheet_pdf_get },
    { "POST", "/imports", RIGHT_DATA_IMPORT, ROUTE_FILE, NULL, imports_post },
    { "GET", "/mark-sheets/{r}.xlsx", RIGHT_REPORT_VIEW, 0, NULL, sheet_xlsx_get },
    { "GET", "/imports/template", RIGHT_DATA_IMPORT, 0, import_template_get, NULL },
    { "PUT", "/mark-sheets/{r}/marks", RIGHT_REPORT_EDIT, ROUTE_BODY, sheet_marks_put, NULL },
    { "GET", "/exports/oneroster.zip", RIGHT_DATA_EXPORT, 0, export_oneroster_get, NULL },
    { "POST", "/mark-sheets/{r}/submit", RIGHT_REPORT_EDIT, 0, sheet_submit_post, NULL },
    { "POST", "/mark-sheets/{r}/return", RIGHT_REPORT_DECIDE, ROUTE_BODY, sheet_return_post, NULL },
    { "POST", "/mark-sheets/{r}/accept", RIGHT_REPORT_DECIDE, 0, NULL, sheet_accept_post },
    { "POST", "/mark-sheets/{r}/correct", RIGHT_REPORT_DECIDE, ROUTE_BODY, sheet_correct_post,
      NULL },
    { "POST", "/mark-sheets/{r}/open", RIGHT_REPORT_ACKNOWLEDGE, 0, sheet_open_post, NULL },
    { "POST", "/mark-sheets/{r}/acknowledge", RIGHT_REPORT_ACKNOWLEDGE, 0, sheet_acknowledge_post,
      NULL },
    { "POST", "/mark-sheet-acknowledgements", RIGHT_REPORT_ACKNOWLEDGE, ROUTE_BODY,
      sheet_acknowledgements_post, NULL },
    { "GET", "/mark-sheet-deliveries", RIGHT_REPORT_DECIDE, 0, sheet_deliveries_get, NULL },
    { "GET", "/mentors/{}/hiring", RIGHT_HIRING_VIEW, 0, hiring_get, NULL },
    { "GET", "/mentors/{}/can-teach", RIGHT_TEACH_ASK, 0, can_teach_get, NULL },
    { "POST", "/mentors/{}/documents", RIGHT_HIRING_EDIT, ROUTE_FILE, NULL, document_post },
    { "POST", "/mentors/{}/trainings", RIGHT_HIRING_EDIT, ROUTE_BODY, training_post, NULL },
    { "POST", "/mentors/{}/qualifications", RIGHT_HIRING_EDIT, ROUTE_BODY, qualification_post,
      NULL },
    { "POST", "/mentors/{}/introductions", RIGHT_HIRING_VERIFY, ROUTE_BODY, introduction_post,
      NULL },
    { "POST", "/mentors/{}/applications", RIGHT_HIRING_EDIT, ROUTE_BODY, application_post, NULL },
    { "GET", "/expiries", RIGHT_HIRING_VERIFY, 0, expiries_get, NULL },
    { "GET", "/mentor-papers", RIGHT_HIRING_LIST, 0, hirings_get, NULL },
    { "POST", "/mentors/{}/interviews", RIGHT_HIRING_VERIFY, ROUTE_BODY, interview_post, NULL },
    { "GET", "/needs-substitute", RIGHT_LESSON_SUBSTITUTE, 0, needs_substitute_get, NULL },
    { "GET", "/lessons/{}/substitutes", RIGHT_LESSON_SUBSTITUTE, 0, lesson_substitutes_get, NULL },
    { "POST", "/children/{}/school", RIGHT_CHILD_REGISTER, ROUTE_BODY, child_school_post, NULL },
    { "GET", "/child-moves", RIGHT_CHILD_REGISTER, 0, child_moves_get, NULL },
    { "GET", "/documents/{}/file", RIGHT_HIRING_VIEW, 0, NULL, document_file_get },
    { "POST", "/documents/{}/verify", RIGHT_HIRING_VERIFY, ROUTE_BODY, document_verify_post, NULL },
    { "POST", "/documents/{}/return", RIGHT_HIRING_VERIFY, ROUTE_BODY, document_return_post, NULL },
    { "POST", "/trainings/{}/verify", RIGHT_HIRING_VERIFY, ROUTE_BODY, training_verify_post, NULL },
    { "POST", "/qualifications/{}/verify", RIGHT_HIRING_VERIFY, ROUTE_BODY,
      qualification_verify_post, NULL },
    { "POST", "/applications/{}/step", RIGHT_HIRING_STEP, ROUTE_BODY, application_step_post, NULL },
    { "POST", "/applications/{}/order", RIGHT_HIRING_STEP, ROUTE_BODY, order_post, NULL },
    { "GET", "/applications/{}/order.pdf", RIGHT_HIRING_VIEW, 0, NULL, order_pdf_get },
    /* intake */
    { "GET", "/need-returns", RIGHT_NEED_RETURN_VIEW, 0, need_returns_get, NULL },
    { "POST", "/need-returns", RIGHT_NEED_RETURN_EDIT, ROUTE_BODY, need_return_post, NULL },
    { "PUT", "/need-returns/{}", RIGHT_NEED_RETURN_EDIT, ROUTE_BODY, need_return_put, NULL },
    { "GET", "/referrals", RIGHT_REFERRAL_VIEW, 0, referrals_get, NULL },
    { "POST", "/referrals", RIGHT_REFERRAL_WRITE, ROUTE_BODY, referral_post, NULL },
    { "GET", "/referrals/{}", RIGHT_REFERRAL_VIEW, 0, referral_get, NULL },
    { "PATCH", "/referrals/{}", RIGHT_REFERRAL_WRITE, ROUTE_BODY, referral_patch, NULL },
    { "POST", "/referrals/{}/submit", RIGHT_REFERRAL_WRITE, 0, referral_submit_post, NULL },
    { "POST", "/referrals/{}/withdraw", RIGHT_REFERRAL_WRITE, ROUTE_BODY, referral_withdraw_post,
      NULL },
    { "GET", "/intake/queue", RIGHT_REFERRAL_REVIEW, 0, intake_queue_get, NULL },
    { "GET", "/intake/decisions", RIGHT_REFERRAL_REVIEW, 0, intake_decisions_get, NULL },
    { "POST", "/referrals/{}/take", RIGHT_REFERRAL_REVIEW, 0, referral_take_post, NULL },
    { "POST", "/referrals/{}/ask", RIGHT_REFERRAL_REVIEW, ROUTE_BODY, referral_ask_post, NULL },
    { "POST", "/referrals/{}/decide", RIGHT_REFERRAL_REVIEW, ROUTE_BODY, referral_decide_post,
      NULL },
    { "POST", "/referrals/{}/medical", RIGHT_MEDICAL_READ, ROUTE_BODY | ROUTE_UNKEPT,
      referral_medical_post, NULL },
    { "POST", "/referrals/{}/scans", RIGHT_REFERRAL_WRITE, ROUTE_FILE, NULL, referral_scan_post },
    { "POST", "/referrals/{}/scans/open", RIGHT_MEDICAL_READ, ROUTE_BODY, NULL,
      referral_scan_open_post },
    { "GET", "/child-register", RIGHT_CHILD_REGISTER, 0, child_register_get, NULL },
    { "GET", "/children/{}/limits", RIGHT_LIMITS_VIEW, 0, child_limits_get, NULL },
    { "GET", "/children/{}/case", RIGHT_CASE_VIEW, 0, child_case_get, NULL },
    /* programmes, weekly times, selection */
    { "GET", "/programmes", RIGHT_PROGRAMME_VIEW, 0, programmes_get, NULL },
    { "POST", "/children/{}/sign-in-link", RIGHT_LINK_ISSUE, ROUTE_BODY | ROUTE_UNKEPT,
      family_link_post, NULL },
    { "POST", "/programmes", RIGHT_PROGRAMME_DECIDE, ROUTE_BODY, programme_post, NULL },
    { "GET", "/programmes/{}", RIGHT_PROGRAMME_VIEW, 0, programme_get, NULL },
    { "GET", "/programme-approvals", RIGHT_PROGRAMME_DECIDE, 0, programme_approvals_get, NULL },
    { "GET", "/children/{}/programme", RIGHT_PROGRAMME_VIEW, 0, child_programme_get, NULL },
    { "POST", "/children/{}/programme", RIGHT_PROGRAMME_PROPOSE, ROUTE_BODY, child_programme_post,
      NULL },
    { "PUT", "/child-programmes/{}", RIGHT_PROGRAMME_PROPOSE, ROUTE_BODY, child_programme_put,
      NULL },
    { "POST", "/child-programmes/{}/propose", RIGHT_PROGRAMME_PROPOSE, 0,
      child_programme_propose_post, NULL },
    { "POST", "/child-programmes/{}/approve", RIGHT_PROGRAMME_DECIDE, 0,
      child_programme_approve_post, NULL },
    { "POST", "/child-programmes/{}/return", RIGHT_PROGRAMME_DECIDE, ROUTE_BODY,
      child_programme_return_post, NULL },
    { "GET", "/children/{}/hours", RIGHT_CHILD_HOURS_VIEW, 0, child_hours_get, NULL },
    { "PUT", "/children/{}/hours", RIGHT_CHILD_HOURS_EDIT, ROUTE_BODY, child_hours_put, NULL },
    { "GET", "/mentors/{}/hours", RIGHT_MENTOR_HOURS_VIEW, 0, mentor_hours_get, NULL },
    { "PUT", "/mentors/{}/hours", RIGHT_MENTOR_HOURS_EDIT, ROUTE_BODY, mentor_hours_put, NULL },
    { "GET", "/schools/{}/calendar", RIGHT_CALENDAR_VIEW, 0, school_calendar_get, NULL },
    { "PUT", "/schools/{}/calendar", RIGHT_CALENDAR_EDIT, ROUTE_BODY, school_calendar_put, NULL },
    { "GET", "/schools/{}/calendar/lessons", RIGHT_CALENDAR_VIEW, 0, calendar_lessons_get, NULL },
    { "GET", "/children/{}/candidates", RIGHT_CANDIDATES_VIEW, 0, candidates_get, NULL },
    { "POST", "/children/{}/assignments", RIGHT_ASSIGNMENT_EDIT, ROUTE_BODY, assignment_post,
      NULL },
    { "POST", "/assignments/{}/end", RIGHT_ASSIGNMENT_EDIT, ROUTE_BODY, assignment_end_post, NULL },
    { "GET", "/children-without-mentor", RIGHT_CANDIDATES_VIEW, 0, children_without_mentor_get,
      NULL },
    { "GET", "/children-without-peers", RIGHT_CANDIDATES_VIEW, 0, children_without_peers_get,
      NULL },
    { "POST", "/children/{}/case/close", RIGHT_CASE_CLOSE, ROUTE_BODY, child_case_close_post,
      NULL },
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
    bool keyed = repeat_keyed(c) && !(r->flags & ROUTE_UNKEPT), repeated = false;
    enum err err = keyed ? repeat_hash(c, hash) : ERR_OK;

    if (!err && keyed)
        err = repeat_answer(c, hash, &repeated);
    if (err || repeated)
        return err;
    err = r->run(c);
    if (err)
        return refuse_error(c, r, err);
    return keyed ? repeat_keep(c, hash) : ERR_OK;
}

/* Whether a role of the person has the right at all. */
static bool reaches(const struct call *c, unsigned right)
{
    bool out = right >= RIGHT_COUNT;

    for (size_t i = 0; i < c->grants.n && !out; i++)
        out = access_scope(c->grants.items[i].role, (enum right)right) != SCOPE_NONE;
    return out;
}

/* *direct is set when the endpoint fills the reply itself. */
static enum err dispatch(struct call *c, const struct route **direct)
{
    bool other = false, refused = false;
    const struct route *r = find(c->http, c, &other);
    enum err err;

    if (!r)
        return call_refuse(c, other ? REFUSE_BAD_METHOD : REFUSE_NOT_FOUND);
    if (r->right != ANYBODY && !c->user.id.v)
        return call_refuse(c, REFUSE_NO_LOGIN);
    if (r->right != ANYBODY && !(r->flags & ROUTE_OWING)) {
        bool owed = false;

        err = second_owed(c->db, &c->ctx->session.login, &c->grants, c->now.unix_ms, &owed);
        if (err || owed)
            return err ? err : call_refuse(c, REFUSE_ENROL_FIRST);
    }
    if (!reaches(c, r->right))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
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
    bool taken = false;
    enum err err;

    call_init(&c, ctx, http);
    err = dispatch(&c, &direct);
    if (!err && direct && direct->flags & ROUTE_FILE)
        err = repeat_upload(&c, reply, &taken, &answer);
    if (!err && direct && !taken)
        answer = direct->direct(&c, reply);
    else if (!err && !taken)
        err = call_reply(&c, reply);
    call_deinit(&c);
    return err ? API_FAILED : answer;
}

size_t route_count(void)
{
    return sizeof routes / sizeof routes[0];
}

struct route_rule route_rule_at(size_t i)
{
    return (struct route_rule){ routes[i].method, routes[i].pattern, routes[i].right };
}
