/* SPDX-License-Identifier: Apache-2.0
 *
 * What the endpoints of consents share: the child in the path with its
 * centre's settings, and the answer that every one of them gives. Desk thread.
 */
#ifndef PARTA_API_CONSENT_H
#define PARTA_API_CONSENT_H

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/store/child.h"
#include "server/store/consent.h"
#include "server/store/org.h"

struct consents {
    struct child child;
    struct org centre;
    struct consent_policy policy;
    struct consent_record records[CONSENT_KINDS];
    unsigned standing; /* kinds, as bits */
    int64_t rev;
};

/* Of the child with this user. Who may not know of the child is told 404, who may not do it 403.
 * *refused: answered already. */
enum err consents_open(struct call *c, enum right right, struct user_id child, struct consents *out,
                       bool *refused) MUST_CHECK;

/* Refuses with the gate of domain/consent if the step is not possible. */
enum err consents_step(struct call *c, const struct consents *s, enum consent_kind kind,
                       enum consent_move move, int read, bool *refused) MUST_CHECK;

/* Answers with the child's consents as they are now; changed (taken over, may be NULL): the
 * lessons that a withdrawal has just stopped. */
enum err consents_answer(struct call *c, int status, struct user_id child,
                         json_t *changed) MUST_CHECK;

/* Rights of whoever is in a lesson as this child are asked anew, at once (J6). */
void consents_push(struct call *c, const struct consents *s);

#endif
