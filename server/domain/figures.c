/* SPDX-License-Identifier: Apache-2.0
 *
 * See figures.h.
 */
#include "server/domain/figures.h"

#include <string.h>

#include "common/base/str.h"

#define BIT(f) (UINT32_C(1) << FIGURE_##f)

static const char *const figure_names[FIGURE_COUNT] = {
#define X(code, name) [FIGURE_##code] = name,
    FIGURE_LIST(X)
#undef X
};

static const char *const share_names[SHARE_COUNT] = {
#define X(code, name, of) [SHARE_##code] = name,
    SHARE_LIST(X)
#undef X
};

static const char *const by_names[FIGURES_BY_COUNT] = {
#define X(code, name) [FIGURES_BY_##code] = name,
    FIGURES_BY_LIST(X)
#undef X
};

const char *figure_name(enum figure f)
{
    return (unsigned)f < FIGURE_COUNT ? figure_names[f] : "unknown";
}

const char *share_name(enum share s)
{
    return (unsigned)s < SHARE_COUNT ? share_names[s] : "unknown";
}

const char *figures_by_name(enum figures_by by)
{
    return (unsigned)by < FIGURES_BY_COUNT ? by_names[by] : "unknown";
}

static bool find(const char *const *names, int n, const char *name, int *out)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

bool figure_parse(const char *name, enum figure *out)
{
    int i = 0;
    bool found = find(figure_names, FIGURE_COUNT, name, &i);

    if (found)
        *out = (enum figure)i;
    return found;
}

bool figures_by_parse(const char *name, enum figures_by *out)
{
    int i = 0;
    bool found = find(by_names, FIGURES_BY_COUNT, name, &i);

    if (found)
        *out = (enum figures_by)i;
    return found;
}

static uint32_t of_outcome(enum outcome o)
{
    switch (o) {
    case OUTCOME_HELD:
        return BIT(HELD);
    case OUTCOME_PARTIAL:
        return BIT(PARTIAL);
    case OUTCOME_CHILD_NO_SHOW:
        return BIT(NOT_HELD) | BIT(NO_SHOW) | BIT(CHILD_NO_SHOW);
    case OUTCOME_TEACHER_NO_SHOW:
        return BIT(NOT_HELD) | BIT(NO_SHOW) | BIT(MENTOR_NO_SHOW);
    case OUTCOME_BOTH_NO_SHOW:
        return BIT(NOT_HELD) | BIT(NO_SHOW) | BIT(BOTH_NO_SHOW);
    case OUTCOME_TECH_CHILD:
        return BIT(NOT_HELD) | BIT(TECHNICAL) | BIT(TECH_CHILD);
    case OUTCOME_TECH_TEACHER:
        return BIT(NOT_HELD) | BIT(TECHNICAL) | BIT(TECH_MENTOR);
    case OUTCOME_TECH_SERVER:
        return BIT(NOT_HELD) | BIT(TECHNICAL) | BIT(TECH_SERVER);
    case OUTCOME_NO_OVERLAP:
        return BIT(NOT_HELD) | BIT(NO_OVERLAP);
    case OUTCOME_NOT_HELD:
        return BIT(NOT_HELD) | BIT(TOO_SHORT);
    }
    return 0;
}

static uint32_t of_side(enum side s)
{
    switch (s) {
    case SIDE_CHILD:
        return BIT(CANCELLED_CHILD);
    case SIDE_MENTOR:
        return BIT(CANCELLED_MENTOR);
    case SIDE_SCHOOL:
        return BIT(CANCELLED_SCHOOL);
    case SIDE_CENTRE:
        return BIT(CANCELLED_CENTRE);
    case SIDE_NONE:
    case SIDE_COUNT:
        break;
    }
    return 0;
}

uint32_t figures_of(const struct figure_row *r)
{
    switch (r->status) {
    case LINE_AHEAD:
        return BIT(PLANNED) | BIT(AHEAD);
    case LINE_OVER:
        return BIT(PLANNED) | of_outcome(r->outcome) | (r->contact_ms > 0 ? BIT(CONTACT) : 0);
    case LINE_CANCELLED:
        return BIT(PLANNED) | BIT(CANCELLED) | of_side(r->side);
    case LINE_MOVED:
        return BIT(MOVED);
    }
    return 0;
}

void figures_add(struct figures *f, const struct figure_row *r, int64_t times)
{
    uint32_t bits = figures_of(r);

    for (int i = 0; i < FIGURE_COUNT; i++)
        if (bits & UINT32_C(1) << i)
            f->n[i] += i == FIGURE_CONTACT ? r->contact_ms : times;
}

void figures_sum(struct figures *f, const struct figures *more)
{
    for (int i = 0; i < FIGURE_COUNT; i++)
        f->n[i] += more->n[i];
}

int figures_share(const struct figures *f, enum share s)
{
    static const enum figure of[SHARE_COUNT] = {
#define X(code, name, figure) [SHARE_##code] = figure,
        SHARE_LIST(X)
#undef X
    };
    int64_t due = f->n[FIGURE_PLANNED] - f->n[FIGURE_AHEAD];

    if ((unsigned)s >= SHARE_COUNT || due <= 0)
        return -1;
    return (int)(f->n[of[s]] * PERCENT_TENTHS_MAX / due);
}

/* ---- kinds of rows ---------------------------------------------------------------------- */

static const struct {
    const char *name;
    struct figure_row row;
} kinds[] = { { "ahead", { .status = LINE_AHEAD } },
              { "moved", { .status = LINE_MOVED } },
#define X(code, name) { "cancelled_" name, { .status = LINE_CANCELLED, .side = SIDE_##code } },
              SIDE_LIST(X)
#undef X
#define X(code, name) { name, { .status = LINE_OVER, .outcome = OUTCOME_##code } },
                  OUTCOME_LIST(X)
#undef X
};

#define KINDS ((int)(sizeof kinds / sizeof kinds[0]))

const char *figure_kind(int i)
{
    return i >= 0 && i < KINDS ? kinds[i].name : NULL;
}

bool figure_kind_parse(const char *kind, struct figure_row *out)
{
    for (int i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].name, kind) == 0) {
            int64_t contact_ms = out->contact_ms;

            *out = kinds[i].row;
            out->contact_ms = contact_ms;
            return true;
        }
    }
    return false;
}

bool figure_kinds(enum figure f, char out[FIGURE_KINDS_MAX])
{
    size_t len = 1;

    if ((unsigned)f >= FIGURE_COUNT || !str_copy(out, FIGURE_KINDS_MAX, ","))
        return false;
    for (int i = 0; i < KINDS; i++) {
        struct figure_row r = kinds[i].row;

        r.contact_ms = 1; /* a row of this kind may have some */
        if (!(figures_of(&r) & UINT32_C(1) << f))
            continue;
        if (!str_format(out + len, FIGURE_KINDS_MAX - len, "%s,", kinds[i].name))
            return false;
        len += strlen(out + len);
    }
    return true;
}
