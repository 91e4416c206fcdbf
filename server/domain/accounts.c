/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules of accounts; see accounts.h.
 */
#include "server/domain/accounts.h"

#include <string.h>

#include "common/base/now.h"

struct accounts_policy accounts_policy_default(void)
{
    return (struct accounts_policy){ .second_coordinator = true,
                                     .second_admin = true,
                                     .invitation_ms = 7 * MS_PER_DAY,
                                     .reset_ms = MS_PER_HOUR,
                                     .resets_max = 3,
                                     .asks_max = 5,
                                     .asks_ms = 15 * MS_PER_MIN };
}

bool accounts_second_needed(const struct accounts_policy *p, const bool roles[ROLE_COUNT])
{
    return (p->second_coordinator && roles[ROLE_COORDINATOR]) ||
           (p->second_admin && roles[ROLE_ADMIN]);
}

int64_t totp_step(int64_t unix_ms)
{
    return unix_ms / (TOTP_STEP_S * MS_PER_S);
}

int64_t totp_match(const uint32_t codes[TOTP_CANDIDATES], int64_t first, const char *typed,
                   int64_t last_step)
{
    uint32_t value = 0;
    int64_t found = 0;

    if (strlen(typed) != TOTP_DIGITS || strspn(typed, "0123456789") != TOTP_DIGITS)
        return 0;
    for (int i = 0; i < TOTP_DIGITS; i++)
        value = value * 10 + (uint32_t)(typed[i] - '0');
    for (int i = 0; i < TOTP_CANDIDATES; i++)
        if (codes[i] == value && first + i > last_step)
            found = first + i;
    return found;
}

bool accounts_may_invite(const bool by[ROLE_COUNT], enum role role)
{
    switch (role) {
    case ROLE_MENTOR:
    case ROLE_COORDINATOR:
    case ROLE_SCHOOL_OFFICER:
        return by[ROLE_COORDINATOR] || by[ROLE_ADMIN];
    case ROLE_ADMIN:
        return by[ROLE_ADMIN];
    case ROLE_NONE:
    case ROLE_CHILD:
    case ROLE_GUARDIAN:
    case ROLE_COUNT:
        break;
    }
    return false;
}

enum manage_answer accounts_may_manage(const bool by[ROLE_COUNT], const bool whom[ROLE_COUNT],
                                       bool self)
{
    if (self)
        return MANAGE_OWN;
    return whom[ROLE_ADMIN] && !by[ROLE_ADMIN] ? MANAGE_HIGHER : MANAGE_OK;
}

bool accounts_login_ok(const char *login)
{
    size_t len = strlen(login);

    return len >= 2 && len <= 64 && strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == len;
}

bool recovery_tidy(const char *typed, char out[RECOVERY_CODE_CHARS + 1])
{
    size_t n = 0;

    for (const char *p = typed; *p; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;

        if (c == ' ' || c == '-')
            continue;
        if (!((c >= 'a' && c <= 'z') || (c >= '2' && c <= '7')) || n == RECOVERY_CODE_CHARS) {
            n = 0;
            break;
        }
        out[n++] = c;
    }
    if (n != RECOVERY_CODE_CHARS)
        n = 0;
    out[n] = '\0';
    return n > 0;
}
