/* SPDX-License-Identifier: Apache-2.0
 *
 * The endpoints of common/openapi.yaml, one function per operation; route.c
 * maps method and path to them. Each answers or refuses in the call; an error
 * means that nothing could be decided and everything is undone. Desk thread.
 */
#ifndef PARTA_API_ENDPOINTS_H
#define PARTA_API_ENDPOINTS_H

#include "common/base/err.h"
#include "server/api/api.h"
#include "server/api/call.h"

/* session.c */
enum err centre_get(struct call *c) MUST_CHECK;
enum err session_get(struct call *c) MUST_CHECK;
/* Signing in may wait for a worker, signing out clears a cookie: these fill the reply. */
enum api_answer session_post(struct call *c, struct desk_reply *reply);
enum api_answer session_delete(struct call *c, struct desk_reply *reply);

/* password.c: a worker hashes */
enum api_answer password_put(struct call *c, struct desk_reply *reply);
enum api_answer mail_address_put(struct call *c, struct desk_reply *reply);
enum err mail_address_get(struct call *c) MUST_CHECK;
enum err password_reset_post(struct call *c) MUST_CHECK;
enum api_answer password_reset_use_post(struct call *c, struct desk_reply *reply);

/* second.c */
enum err second_get(struct call *c) MUST_CHECK;
enum err second_post(struct call *c) MUST_CHECK;
enum err second_confirm_post(struct call *c) MUST_CHECK;
enum err second_recovery_post(struct call *c) MUST_CHECK;
enum err second_off_post(struct call *c) MUST_CHECK;
/* Somebody's, with the audit and the letter. ERR_NOTFOUND: there was none. */
enum err second_take_away(struct call *c, struct user_id user) MUST_CHECK;

/* invite.c */
enum err invitations_get(struct call *c) MUST_CHECK;
enum err invitation_post(struct call *c) MUST_CHECK;
enum err invitation_delete(struct call *c) MUST_CHECK;
enum err invitation_look_post(struct call *c) MUST_CHECK;
enum api_answer invitation_accept_post(struct call *c, struct desk_reply *reply);

/* people.c */
enum err my_sessions_get(struct call *c) MUST_CHECK;
enum err my_session_delete(struct call *c) MUST_CHECK;
enum err my_sessions_end_post(struct call *c) MUST_CHECK;
enum err people_get(struct call *c) MUST_CHECK;
enum err person_sessions_get(struct call *c) MUST_CHECK;
enum err person_sign_out_post(struct call *c) MUST_CHECK;
enum err person_lock_post(struct call *c) MUST_CHECK;
enum err person_unlock_post(struct call *c) MUST_CHECK;
enum err person_second_off_post(struct call *c) MUST_CHECK;

/* outbox.c */
enum err outbox_get(struct call *c) MUST_CHECK;
enum err outbox_again_post(struct call *c) MUST_CHECK;

/* webhook.c */
enum err webhooks_get(struct call *c) MUST_CHECK;
enum err webhook_post(struct call *c) MUST_CHECK;
enum err webhook_put(struct call *c) MUST_CHECK;
enum err webhook_delete(struct call *c) MUST_CHECK;
enum err webhook_secret_post(struct call *c) MUST_CHECK;
enum err webhook_deliveries_get(struct call *c) MUST_CHECK;
enum err webhook_again_post(struct call *c) MUST_CHECK;

/* retention.c */
enum err retention_get(struct call *c) MUST_CHECK;
enum err retention_run_post(struct call *c) MUST_CHECK;
enum err retention_run_get(struct call *c) MUST_CHECK;
enum err retention_items_get(struct call *c) MUST_CHECK;
enum err retention_confirm_post(struct call *c) MUST_CHECK;
enum err retention_withdraw_post(struct call *c) MUST_CHECK;
enum err retention_hold_post(struct call *c) MUST_CHECK;
enum err retention_lift_post(struct call *c) MUST_CHECK;

/* me.c */
enum err me_patch(struct call *c) MUST_CHECK;
enum err not_today_post(struct call *c) MUST_CHECK;
enum err ready_post(struct call *c) MUST_CHECK;
enum err help_post(struct call *c) MUST_CHECK;

/* path.c */
enum err path_test_post(struct call *c) MUST_CHECK;
enum err path_tests_get(struct call *c) MUST_CHECK;

/* day.c */
enum err day_get(struct call *c) MUST_CHECK;
enum err timetable_get(struct call *c) MUST_CHECK;

/* week.c */
enum err week_get(struct call *c) MUST_CHECK;
enum api_answer week_pdf_get(struct call *c, struct desk_reply *reply); /* week_pdf.c: a worker */

/* feed.c */
enum err feed_get(struct call *c) MUST_CHECK;
enum err feed_post(struct call *c) MUST_CHECK;
enum err feed_delete(struct call *c) MUST_CHECK;
enum err feed_ics_get(struct call *c) MUST_CHECK;

/* event.c */
enum err events_get(struct call *c) MUST_CHECK;
enum err event_get(struct call *c) MUST_CHECK;
enum err event_people_get(struct call *c) MUST_CHECK;
/* event_edit.c */
enum err event_post(struct call *c) MUST_CHECK;
enum err event_put(struct call *c) MUST_CHECK;
enum err event_move_post(struct call *c) MUST_CHECK;
enum err event_cancel_post(struct call *c) MUST_CHECK;
/* event_invite.c */
enum err event_invite_post(struct call *c) MUST_CHECK;
enum err event_invite_child_post(struct call *c) MUST_CHECK;
enum err event_withdraw_post(struct call *c) MUST_CHECK;
/* event_reply.c */
enum err event_answer_post(struct call *c) MUST_CHECK;
enum err event_check_in_post(struct call *c) MUST_CHECK;
enum err event_attendance_post(struct call *c) MUST_CHECK;
/* event_minutes.c */
enum err event_minutes_put(struct call *c) MUST_CHECK;
enum err event_freeze_post(struct call *c) MUST_CHECK;
enum err event_sign_post(struct call *c) MUST_CHECK;
enum err event_addendum_post(struct call *c) MUST_CHECK;
/* event_pdf.c: a worker draws */
enum api_answer event_agenda_pdf_get(struct call *c, struct desk_reply *reply);
enum api_answer event_minutes_pdf_get(struct call *c, struct desk_reply *reply);

/* draft.c */
enum err versions_get(struct call *c) MUST_CHECK;
enum err draft_lessons_get(struct call *c) MUST_CHECK;
enum err draft_move_post(struct call *c) MUST_CHECK;
enum err draft_drop_post(struct call *c) MUST_CHECK;
enum err draft_stay_post(struct call *c) MUST_CHECK;
enum err planned_put(struct call *c) MUST_CHECK;
enum err planned_delete(struct call *c) MUST_CHECK;

/* draft_diff.c */
enum err draft_diff_get(struct call *c) MUST_CHECK;

/* lesson.c */
enum err lesson_get(struct call *c) MUST_CHECK;
enum err note_put(struct call *c) MUST_CHECK;

/* lesson_edit.c */
enum err lesson_create(struct call *c) MUST_CHECK;
enum err lesson_move_post(struct call *c) MUST_CHECK;
enum err lesson_cancel_post(struct call *c) MUST_CHECK;
enum err lesson_substitute_post(struct call *c) MUST_CHECK;

/* lesson_edit.c: the body's lesson into a draft of the schedule, answered as created */
enum err lesson_plan_into(struct call *c, int64_t version) MUST_CHECK;

/* version.c */
enum err version_post(struct call *c) MUST_CHECK;
enum err version_get(struct call *c) MUST_CHECK;
enum err version_lesson_post(struct call *c) MUST_CHECK;
enum err version_validate_post(struct call *c) MUST_CHECK;
enum err version_publish_post(struct call *c) MUST_CHECK;

/* plan.c */
enum err plans_get(struct call *c) MUST_CHECK;
enum err plan_post(struct call *c) MUST_CHECK;
enum err plan_get(struct call *c) MUST_CHECK;
enum err plan_stop_post(struct call *c) MUST_CHECK;

/* series.c */
enum err series_post(struct call *c) MUST_CHECK;
enum err series_get(struct call *c) MUST_CHECK;
enum err series_end_post(struct call *c) MUST_CHECK;

/* gathering.c */
enum err gatherings_get(struct call *c) MUST_CHECK;
enum err gathering_get(struct call *c) MUST_CHECK;
enum err gathering_create(struct call *c) MUST_CHECK;
enum err gathering_invite_post(struct call *c) MUST_CHECK;
enum err gathering_withdraw_post(struct call *c) MUST_CHECK;
enum err gathering_cancel_post(struct call *c) MUST_CHECK;

/* consent.c */
enum err consents_get(struct call *c) MUST_CHECK;
enum err consent_answer_post(struct call *c) MUST_CHECK;
enum err consent_ask_post(struct call *c) MUST_CHECK;
/* consent_paper.c: a worker looks at what comes and goes */
enum api_answer consent_paper_post(struct call *c, struct desk_reply *reply);
enum api_answer consent_paper_get(struct call *c, struct desk_reply *reply);

/* section.c */
enum err providers_get(struct call *c) MUST_CHECK;
enum err provider_post(struct call *c) MUST_CHECK;
enum err sections_get(struct call *c) MUST_CHECK;
enum err section_post(struct call *c) MUST_CHECK;
enum err section_get(struct call *c) MUST_CHECK;
enum err section_close_post(struct call *c) MUST_CHECK;
enum err section_open_post(struct call *c) MUST_CHECK;

/* visit.c */
enum err visits_get(struct call *c) MUST_CHECK;
enum err visit_post(struct call *c) MUST_CHECK;
enum err visit_sign_post(struct call *c) MUST_CHECK;
enum err visit_attendance_post(struct call *c) MUST_CHECK;

/* choice.c */
enum err choice_get(struct call *c) MUST_CHECK;
enum err choice_put(struct call *c) MUST_CHECK;
enum err choice_confirm_post(struct call *c) MUST_CHECK;
enum err choice_accept_post(struct call *c) MUST_CHECK;
enum err choice_leave_post(struct call *c) MUST_CHECK;
enum err choice_group_post(struct call *c) MUST_CHECK;
enum err section_paper_post(struct call *c) MUST_CHECK;
enum err section_clashes_get(struct call *c) MUST_CHECK;

/* register.c */
enum err attendance_get(struct call *c) MUST_CHECK;
enum err amendment_post(struct call *c) MUST_CHECK;

/* childlog.c */
enum err child_log_get(struct call *c) MUST_CHECK;
enum err confirmation_post(struct call *c) MUST_CHECK;
enum err confirmations_post(struct call *c) MUST_CHECK;

/* board.c */
enum err board_get(struct call *c) MUST_CHECK;
/* noshow.c, make_up.c */
enum err no_show_get(struct call *c) MUST_CHECK;
enum err make_up_post(struct call *c) MUST_CHECK;

/* month.c */
enum err reports_get(struct call *c) MUST_CHECK;
enum err report_get(struct call *c) MUST_CHECK;
enum api_answer report_csv_get(struct call *c, struct desk_reply *reply); /* a worker draws */
enum api_answer report_pdf_get(struct call *c, struct desk_reply *reply);
enum api_answer report_xlsx_get(struct call *c, struct desk_reply *reply);

/* month_flow.c */
enum err report_texts_put(struct call *c) MUST_CHECK;
enum err report_submit_post(struct call *c) MUST_CHECK;
enum err report_return_post(struct call *c) MUST_CHECK;
enum err report_correct_post(struct call *c) MUST_CHECK;

/* month_accept.c: a worker draws what is frozen */
enum api_answer report_accept_post(struct call *c, struct desk_reply *reply);

/* month_share.c */
enum err report_open_post(struct call *c) MUST_CHECK;
enum err report_acknowledge_post(struct call *c) MUST_CHECK;
enum err report_acknowledgements_post(struct call *c) MUST_CHECK;
enum err deliveries_get(struct call *c) MUST_CHECK;
enum err wellbeing_post(struct call *c) MUST_CHECK;
enum err wellbeing_put(struct call *c) MUST_CHECK;

/* mark.c */
enum err mark_changes_get(struct call *c) MUST_CHECK;
enum err child_marks_get(struct call *c) MUST_CHECK;

/* sheet.c */
enum err sheets_get(struct call *c) MUST_CHECK;
enum err sheet_get(struct call *c) MUST_CHECK;
enum api_answer sheet_csv_get(struct call *c, struct desk_reply *reply); /* a worker draws */
enum api_answer sheet_pdf_get(struct call *c, struct desk_reply *reply);
enum api_answer sheet_xlsx_get(struct call *c, struct desk_reply *reply);

/* sheet_flow.c, sheet_accept.c (a worker draws what is frozen), sheet_share.c */
enum err sheet_marks_put(struct call *c) MUST_CHECK;
enum err sheet_submit_post(struct call *c) MUST_CHECK;
enum err sheet_return_post(struct call *c) MUST_CHECK;
enum err sheet_correct_post(struct call *c) MUST_CHECK;
enum api_answer sheet_accept_post(struct call *c, struct desk_reply *reply);
enum err sheet_open_post(struct call *c) MUST_CHECK;
enum err sheet_acknowledge_post(struct call *c) MUST_CHECK;
enum err sheet_acknowledgements_post(struct call *c) MUST_CHECK;
enum err sheet_deliveries_get(struct call *c) MUST_CHECK;

/* timesheet.c: a worker draws the files */
enum err timesheet_get(struct call *c) MUST_CHECK;
enum api_answer timesheet_csv_get(struct call *c, struct desk_reply *reply);
enum api_answer timesheet_xlsx_get(struct call *c, struct desk_reply *reply);

/* figures.c: a worker reads */
enum api_answer figures_get(struct call *c, struct desk_reply *reply);
enum api_answer figures_csv_get(struct call *c, struct desk_reply *reply);
enum api_answer figures_rows_get(struct call *c, struct desk_reply *reply);

/* archive.c: the archivist writes, a worker reads the file */
enum err archives_get(struct call *c) MUST_CHECK;
enum err archive_post(struct call *c) MUST_CHECK;
enum err archive_get(struct call *c) MUST_CHECK;
enum err archive_stop_post(struct call *c) MUST_CHECK;
enum api_answer archive_file_get(struct call *c, struct desk_reply *reply);

/* lists.c */
enum err children_get(struct call *c) MUST_CHECK;
enum err mentors_get(struct call *c) MUST_CHECK;
enum err subjects_get(struct call *c) MUST_CHECK;

/* import.c; the file goes to a worker */
enum api_answer imports_post(struct call *c, struct desk_reply *reply);
enum err import_template_get(struct call *c) MUST_CHECK;

/* export.c */
enum err export_oneroster_get(struct call *c) MUST_CHECK;

/* hiring.c */
enum err hiring_get(struct call *c) MUST_CHECK;
enum err can_teach_get(struct call *c) MUST_CHECK;
enum err expiries_get(struct call *c) MUST_CHECK;

/* hiring_list.c, interview.c */
enum err hirings_get(struct call *c) MUST_CHECK;
enum err interview_post(struct call *c) MUST_CHECK;

/* substitutes.c */
enum err needs_substitute_get(struct call *c) MUST_CHECK;
enum err lesson_substitutes_get(struct call *c) MUST_CHECK;

/* child_move.c */
enum err child_school_post(struct call *c) MUST_CHECK;
enum err child_moves_get(struct call *c) MUST_CHECK;

/* document.c: a worker looks at what comes and goes */
enum api_answer document_post(struct call *c, struct desk_reply *reply);
enum api_answer document_file_get(struct call *c, struct desk_reply *reply);
enum err document_verify_post(struct call *c) MUST_CHECK;
enum err document_return_post(struct call *c) MUST_CHECK;

/* training.c */
enum err training_post(struct call *c) MUST_CHECK;
enum err training_verify_post(struct call *c) MUST_CHECK;
enum err qualification_post(struct call *c) MUST_CHECK;
enum err qualification_verify_post(struct call *c) MUST_CHECK;
enum err introduction_post(struct call *c) MUST_CHECK;

/* application.c */
enum err application_post(struct call *c) MUST_CHECK;
enum err application_step_post(struct call *c) MUST_CHECK;
enum err order_post(struct call *c) MUST_CHECK;

/* order_pdf.c: a worker draws */
enum api_answer order_pdf_get(struct call *c, struct desk_reply *reply);

/* intake_need.c */
enum err need_returns_get(struct call *c) MUST_CHECK;
enum err need_return_post(struct call *c) MUST_CHECK;
enum err need_return_put(struct call *c) MUST_CHECK;

/* intake_school.c */
enum err referrals_get(struct call *c) MUST_CHECK;
enum err referral_post(struct call *c) MUST_CHECK;
enum err referral_get(struct call *c) MUST_CHECK;
enum err referral_patch(struct call *c) MUST_CHECK;
enum err referral_submit_post(struct call *c) MUST_CHECK;
enum err referral_withdraw_post(struct call *c) MUST_CHECK;

/* intake_review.c */
enum err intake_queue_get(struct call *c) MUST_CHECK; /* intake_school.c */
enum err intake_decisions_get(struct call *c) MUST_CHECK;
enum err referral_take_post(struct call *c) MUST_CHECK;
enum err referral_ask_post(struct call *c) MUST_CHECK;
enum err referral_decide_post(struct call *c) MUST_CHECK;
enum err referral_medical_post(struct call *c) MUST_CHECK;

/* intake_child.c */
enum api_answer referral_scan_post(struct call *c, struct desk_reply *reply);
enum api_answer referral_scan_open_post(struct call *c, struct desk_reply *reply);
enum err child_register_get(struct call *c) MUST_CHECK;
enum err child_limits_get(struct call *c) MUST_CHECK;
enum err child_case_get(struct call *c) MUST_CHECK;
enum err family_link_post(struct call *c) MUST_CHECK;
enum err child_case_close_post(struct call *c) MUST_CHECK;

/* programme.c */
enum err programmes_get(struct call *c) MUST_CHECK;
enum err programme_get(struct call *c) MUST_CHECK;
enum err programme_post(struct call *c) MUST_CHECK;

/* child_programme.c */
enum err programme_approvals_get(struct call *c) MUST_CHECK;
enum err child_programme_get(struct call *c) MUST_CHECK;
enum err child_programme_post(struct call *c) MUST_CHECK;
enum err child_programme_put(struct call *c) MUST_CHECK;
enum err child_programme_propose_post(struct call *c) MUST_CHECK;
enum err child_programme_approve_post(struct call *c) MUST_CHECK;
enum err child_programme_return_post(struct call *c) MUST_CHECK;

/* hours.c */
enum err child_hours_get(struct call *c) MUST_CHECK;
enum err child_hours_put(struct call *c) MUST_CHECK;
enum err mentor_hours_get(struct call *c) MUST_CHECK;
enum err mentor_hours_put(struct call *c) MUST_CHECK;
enum err school_calendar_get(struct call *c) MUST_CHECK;
enum err school_calendar_put(struct call *c) MUST_CHECK;
enum err calendar_lessons_get(struct call *c) MUST_CHECK; /* calendar.c */

/* candidates.c */
enum err candidates_get(struct call *c) MUST_CHECK;
enum err assignment_post(struct call *c) MUST_CHECK;
enum err assignment_end_post(struct call *c) MUST_CHECK;

/* waiting.c */
enum err children_without_mentor_get(struct call *c) MUST_CHECK;
enum err children_without_peers_get(struct call *c) MUST_CHECK;

#endif
