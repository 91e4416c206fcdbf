/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules of accounts: whose sign-in needs a second step, which code opens, who
 * may invite and lock whom. Pure.
 */
#ifndef PARTA_DOMAIN_ACCOUNTS_H
#define PARTA_DOMAIN_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/domain/access.h"

/* RFC 6238 section 4.1 and RFC 4226 section 5.3: what every authenticator does without being told.
 */
#define TOTP_STEP_S 30
#define TOTP_DIGITS 6
/* Steps of clock difference that are taken, each way (RFC 6238 section 5.2 advises one). */
#define TOTP_DRIFT 1
#define TOTP_CANDIDATES (2 * TOTP_DRIFT + 1)

#define RECOVERY_CODES 10
#define RECOVERY_CODE_CHARS 10 /* of 32: 50 bits */

/* Policy keys account.* of the centre; the defaults are Parta's proposal (RELIABILITY T7). */
struct accounts_policy {
    bool second_coordinator; /* who signs in with a password must have a second step */
    bool second_admin;
    int64_t invitation_ms; /* how long an invitation opens */
    int64_t reset_ms;      /* how long a link for a new password opens */
    int resets_max;        /* links for one person within reset_ms; one more is not sent */
    int asks_max;          /* askings for one address, or of one client, within asks_ms */
    int64_t asks_ms;
};

struct accounts_policy accounts_policy_default(void);

/* roles: true for each role the person has. */
bool accounts_second_needed(const struct accounts_policy *p, const bool roles[ROLE_COUNT]);

/* The time step an instant lies in. */
int64_t totp_step(int64_t unix_ms);

/* codes[i] is the code of step `first + i`. The step whose code was typed, if it is newer than
 * last_step, the newest that ever opened (RFC 6238 section 5.2: a code opens once); 0: none. typed
 * is six digits or it is none. Every code is looked at whatever the first says. */
int64_t totp_match(const uint32_t codes[TOTP_CANDIDATES], int64_t first, const char *typed,
                   int64_t last_step);

/* May somebody with these roles invite a person into a role? Only staff is invited: children and
 * families come in through intake. */
bool accounts_may_invite(const bool by[ROLE_COUNT], enum role role);

enum manage_answer {
    MANAGE_OK,
    MANAGE_OWN,    /* one does not lock or sign out oneself here */
    MANAGE_HIGHER, /* an administrator is an administrator's business */
};
enum manage_answer accounts_may_manage(const bool by[ROLE_COUNT], const bool whom[ROLE_COUNT],
                                       bool self);

/* A sign-in name: 2-64 of a-z 0-9 . - _ . */
bool accounts_login_ok(const char *login);

/* A recovery code as typed, in the form it was made in: lower case, without spaces and dashes.
 * False: it is none (out is then ""). */
bool recovery_tidy(const char *typed, char out[RECOVERY_CODE_CHARS + 1]);

#endif
