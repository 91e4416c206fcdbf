/* SPDX-License-Identifier: Apache-2.0
 *
 * What the moves of a month report share: who may ask, what stands in the way,
 * the note in the chain. Desk thread.
 */
#ifndef PARTA_API_MONTH_MOVE_H
#define PARTA_API_MONTH_MOVE_H

#include "server/api/month.h"

/* Who makes the move, by which right; of a mark sheet too. */
enum right month_move_right(enum flow_move move);
enum flow_actor month_move_actor(enum flow_move move);

/* The report in the path, for this move by this person, at the version named by If-Match.
 * *refused: answered already. */
enum err month_move_open(struct call *c, enum flow_move move, struct month *m,
                         bool *refused) MUST_CHECK;

/* domain/report_flow over the report as the register makes it now. note: the person gave one. */
enum err month_move_decide(struct call *c, const struct month *m, enum flow_move move, bool note,
                           enum flow_row *next, bool *refused) MUST_CHECK;

/* A step of the newest version, and its audit row. */
enum err month_move_note(struct call *c, const struct month *m, enum doc_step_kind step,
                         const char *note, const char *action) MUST_CHECK;

/* DOMAIN 4.3: a confirmed lesson is locked when its month is accepted, and opened to computed by a
 * correction. One with several children stays open: their reports are accepted one by one. */
enum err month_lock_lesson(struct call *c, struct lesson_id lesson, bool lock) MUST_CHECK;

/* Demo data only: accepted, frozen and sent by c's person without a question, in its language;
 * one that is accepted already stays as it is. The files are drawn here. */
enum err month_accept_stored(struct call *c, const struct report_key *key) MUST_CHECK;

#endif
