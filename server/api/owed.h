/* SPDX-License-Identifier: Apache-2.0
 *
 * What a mentor owes: month reports and notes on lessons. Desk thread.
 */
#ifndef PARTA_API_OWED_H
#define PARTA_API_OWED_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/domain/report_flow.h"
#include "server/store/report.h"

/* Owed of the person; empty lists if it is no mentor. */
enum err owed_json(const struct call *c, bool mentor, json_t **out) MUST_CHECK;

/* ReportId: mentor-child-school-month, of users and the school. */
enum err report_id_text(const struct call *c, const struct report_key *key, char *out,
                        size_t cap) MUST_CHECK;

/* When the month of a report ends and by when it is due, with the centre's policy; fills two fields
 * of out. */
enum err report_times(struct db *db, const struct report_key *key, int64_t now_ms,
                      struct report_policy *policy, struct flow_facts *out) MUST_CHECK;

/* The instant by which a report is due: end of the policy's day in the next month. */
enum err report_due_ms(const struct call *c, const struct report_key *key, int64_t *out) MUST_CHECK;

#endif
