/* SPDX-License-Identifier: Apache-2.0
 *
 * Consents of a family; see consent.h.
 *
 *   (none) ──ask──▶ asked ──refuse──▶ refused ──ask──▶ asked
 *      └────give──────┴──give──▶ given ◀──give─────────┘
 *                                  ├──withdraw──▶ withdrawn ──ask, give──▶
 *                                  └──time──────▶ expired ────ask, give──▶
 */
#include "server/domain/consent.h"

#include <string.h>

#include "common/base/now.h"

bool consent_permits(unsigned standing, enum consent_act act)
{
    static const unsigned needs[CONSENT_ACTS] = {
#define X(code, name, kinds) [CONSENT_TO_##code] = kinds,
        CONSENT_ACT_LIST(X)
#undef X
    };

    return (unsigned)act < CONSENT_ACTS && (standing & needs[act]) == needs[act];
}

unsigned consent_stops(unsigned standing, enum consent_kind kind)
{
    unsigned without = standing & ~CONSENT_BIT(kind), stops = 0;

    for (unsigned a = 0; a < CONSENT_ACTS; a++)
        if (consent_permits(standing, (enum consent_act)a) &&
            !consent_permits(without, (enum consent_act)a))
            stops |= 1u << a;
    return stops;
}

/* What became of the consent that was given, without regard to questions. */
static enum consent_state of_given(const struct consent_facts *f, int64_t now_ms)
{
    bool withdrawn = f->withdrawn_ms && f->withdrawn_ms <= now_ms;
    bool expired = f->expires_ms <= now_ms;

    if (withdrawn && (!expired || f->withdrawn_ms <= f->expires_ms))
        return CONSENT_IS_WITHDRAWN;
    return expired ? CONSENT_IS_EXPIRED : CONSENT_IS_GIVEN;
}

enum consent_state consent_state(const struct consent_facts *f, int64_t now_ms)
{
    enum consent_state given =
        f->given_ms && f->given_ms <= now_ms ? of_given(f, now_ms) : CONSENT_IS_NONE;
    int64_t over_ms = given == CONSENT_IS_WITHDRAWN ? f->withdrawn_ms
                      : given == CONSENT_IS_EXPIRED ? f->expires_ms
                                                    : 0;

    /* What stands, stands while new words are asked about; a question counts from when it ended. */
    if (given == CONSENT_IS_GIVEN || !f->asked_ms || f->asked_ms < over_ms)
        return given;
    return f->refused_ms ? CONSENT_IS_REFUSED : CONSENT_IS_ASKED;
}

/* There is a question that nobody has answered. */
static bool open_question(const struct consent_facts *f)
{
    return f->asked_ms && !f->refused_ms && f->asked_ms > f->given_ms;
}

enum consent_verdict consent_decide(const struct consent_facts *f, enum consent_move move, int read,
                                    int in_force, int64_t now_ms)
{
    enum consent_state s = consent_state(f, now_ms);
    bool stands = s == CONSENT_IS_GIVEN;
    bool newest = stands && f->version == in_force;

    switch (move) {
    case CONSENT_ASK:
        return newest                                                  ? CONSENT_MAY_GIVEN
               : s == CONSENT_IS_ASKED || (stands && open_question(f)) ? CONSENT_MAY_ASKED
                                                                       : CONSENT_MAY_OK;
    case CONSENT_GIVE:
        return newest ? CONSENT_MAY_GIVEN : read != in_force ? CONSENT_MAY_WORDS : CONSENT_MAY_OK;
    case CONSENT_REFUSE:
        if (s != CONSENT_IS_ASKED && !(stands && open_question(f)))
            return CONSENT_MAY_NOT_ASKED;
        return read != in_force ? CONSENT_MAY_WORDS : CONSENT_MAY_OK;
    case CONSENT_WITHDRAW:
        break;
    }
    return stands ? CONSENT_MAY_OK : CONSENT_MAY_NOT_GIVEN;
}

/* ---- policy ------------------------------------------------------------------------------- */

#define OWN "proposal of the programme's makers"
#define FIRST_WORDS OWN ": the first words; a lawyer's words get the next number"
#define ONE(field, key, fallback, min, max, source)                                                \
    {                                                                                              \
        key, offsetof(struct consent_policy, field), fallback, min, max, source                    \
    }

static const struct consent_setting settings[] = {
    ONE(words[CONSENT_LESSONS], "consent.words.lessons", 1, 1, 9999, FIRST_WORDS),
    ONE(words[CONSENT_GROUP], "consent.words.group", 1, 1, 9999, FIRST_WORDS),
    ONE(words[CONSENT_RECORDING], "consent.words.recording", 1, 1, 9999, FIRST_WORDS),
    ONE(words[CONSENT_SECTIONS], "consent.words.sections", 1, 1, 9999, FIRST_WORDS),
    ONE(valid_days, "consent.valid_days", 0, 0, 3660,
        OWN
        ": a consent holds until it is withdrawn (law 152-FZ, article 9, lets it be at any time)"),
    ONE(paper_days, "consent.paper_days", 92, 1, 3660,
        OWN ": a paper is entered within a quarter of its signature"),
    ONE(ahead_days, "consent.ahead_days", 28, 1, 366, OWN ": four weeks of the timetable"),
};

const struct consent_setting *consent_settings(size_t *n)
{
    *n = sizeof settings / sizeof settings[0];
    return settings;
}

struct consent_policy consent_policy_default(void)
{
    struct consent_policy p = { 0 };

    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        *(int *)(void *)((char *)&p + settings[i].offset) = settings[i].fallback;
    return p;
}

int64_t consent_expires_ms(int64_t given_ms, const struct consent_policy *p)
{
    return p->valid_days ? given_ms + p->valid_days * MS_PER_DAY : CONSENT_OPEN_MS;
}

const char *consent_paper_fault(const struct consent_facts *f, int64_t from_ms, int64_t to_ms,
                                const struct consent_policy *p, int64_t now_ms)
{
    if (from_ms > now_ms)
        return "ahead";
    if (to_ms + p->paper_days * MS_PER_DAY <= now_ms)
        return "too_old";
    return f->withdrawn_ms >= to_ms ? "withdrawn_since" : NULL;
}

/* ---- names -------------------------------------------------------------------------------- */

const char *consent_name(enum consent_kind k)
{
    static const char *const names[] = {
#define X(code, name) name,
        CONSENT_LIST(X)
#undef X
    };

    return (unsigned)k < CONSENT_KINDS ? names[k] : "unknown";
}

bool consent_parse(const char *name, enum consent_kind *out)
{
    for (unsigned k = 0; name && k < CONSENT_KINDS; k++) {
        if (strcmp(consent_name((enum consent_kind)k), name) == 0) {
            *out = (enum consent_kind)k;
            return true;
        }
    }
    return false;
}

const char *consent_act_name(enum consent_act a)
{
    static const char *const names[] = {
#define X(code, name, needs) name,
        CONSENT_ACT_LIST(X)
#undef X
    };

    return (unsigned)a < CONSENT_ACTS ? names[a] : "unknown";
}

const char *consent_state_name(enum consent_state s)
{
    static const char *const names[] = {
#define X(code, name) name,
        CONSENT_STATE_LIST(X)
#undef X
    };

    return (unsigned)s < sizeof names / sizeof names[0] ? names[s] : "none";
}

const char *consent_verdict_name(enum consent_verdict v)
{
    static const char *const names[] = {
#define X(code, name) name,
        CONSENT_VERDICT_LIST(X)
#undef X
    };

    return (unsigned)v < sizeof names / sizeof names[0] ? names[v] : "ok";
}
