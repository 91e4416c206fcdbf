/* SPDX-License-Identifier: Apache-2.0
 *
 * Which marks may be set, and their mean.
 */
#include "server/domain/marks.h"

#include <string.h>

static const char *const value_names[MARK_VALUE_COUNT] = {
#define X(code, name) [MARK_##code] = name,
    MARK_VALUE_LIST(X)
#undef X
};

static const char *const verdict_names[MARK_VERDICT_COUNT] = {
#define X(code, name) [MARK_MAY_##code] = name,
    MARK_VERDICT_LIST(X)
#undef X
};

static const char *const kind_names[MARKS_TERM_COUNT] = { "quarter", "half" };

struct marks_policy marks_policy_default(void)
{
    return (struct marks_policy){ .quarter_from = 2,
                                  .quarter_to = 9,
                                  .half_from = 10,
                                  .half_to = 11,
                                  .min_marks = 3,
                                  .round_up_hundredths = 50,
                                  .due_days = 3 };
}

bool marks_due(const struct marks_policy *p, int grade, enum marks_term kind)
{
    return kind == MARKS_QUARTER ? grade >= p->quarter_from && grade <= p->quarter_to
                                 : grade >= p->half_from && grade <= p->half_to;
}

static bool is_numeric(enum mark_value v)
{
    return v >= MARK_2 && v <= MARK_5;
}

enum mark_verdict mark_check(const struct mark_facts *f, const struct marks_policy *p,
                             enum mark_value value, bool has_reason)
{
    bool unattested = value == MARK_NOT_ATTESTED || value == MARK_RELEASED;
    bool other = marks_due(p, f->grade, f->kind == MARKS_QUARTER ? MARKS_HALF : MARKS_QUARTER);

    if (!marks_due(p, f->grade, f->kind))
        return other ? MARK_MAY_WRONG_TERM : MARK_MAY_UNMARKED;
    if (f->closed)
        return MARK_MAY_CLOSED;
    if (f->lessons == 0 && !unattested)
        return MARK_MAY_NO_LESSONS;
    if (has_reason)
        return MARK_MAY_OK;
    if (unattested)
        return MARK_MAY_NO_REASON;
    if (f->proposed != MARK_NONE)
        return value == f->proposed ? MARK_MAY_OK : MARK_MAY_DIFFERS;
    return is_numeric(value) && f->marks < p->min_marks ? MARK_MAY_FEW : MARK_MAY_OK;
}

int mark_mean_hundredths(const enum mark_value *values, size_t n)
{
    int sum = 0, count = 0;

    for (size_t i = 0; i < n; i++) {
        if (!is_numeric(values[i]))
            continue;
        sum += (int)values[i] - MARK_2 + 2;
        count++;
    }
    return count ? sum * 100 / count : 0;
}

int mark_count(const enum mark_value *values, size_t n)
{
    int count = 0;

    for (size_t i = 0; i < n; i++)
        count += is_numeric(values[i]);
    return count;
}

enum mark_value marks_propose(const struct marks_policy *p, const enum mark_value *values, size_t n)
{
    int mean = mark_mean_hundredths(values, n), whole = mean / 100;

    if (mean == 0 || mark_count(values, n) < p->min_marks)
        return MARK_NONE;
    whole += mean % 100 >= p->round_up_hundredths;
    return (enum mark_value)(MARK_2 + whole - 2);
}

enum mark_verdict lesson_mark_check(const struct lesson_mark_facts *f, const struct marks_policy *p,
                                    enum mark_value value, bool has_reason)
{
    if (value == f->was)
        return MARK_MAY_OK;
    if (f->closed)
        return MARK_MAY_CLOSED;
    if (value != MARK_NONE && !marks_due(p, f->grade, MARKS_QUARTER) &&
        !marks_due(p, f->grade, MARKS_HALF))
        return MARK_MAY_UNMARKED;
    if (value != MARK_NONE && !f->held)
        return MARK_MAY_NOT_HELD;
    if (value != MARK_NONE && !f->line)
        return MARK_MAY_NO_LINE;
    return f->was != MARK_NONE && !has_reason ? MARK_MAY_NO_REASON : MARK_MAY_OK;
}

const char *mark_value_name(enum mark_value v)
{
    return (unsigned)v < MARK_VALUE_COUNT ? value_names[v] : "";
}

bool mark_value_parse(const char *name, enum mark_value *out)
{
    for (unsigned i = MARK_NONE + 1; i < MARK_VALUE_COUNT; i++) {
        if (strcmp(value_names[i], name) == 0) {
            *out = (enum mark_value)i;
            return true;
        }
    }
    return false;
}

const char *marks_term_name(enum marks_term k)
{
    return (unsigned)k < MARKS_TERM_COUNT ? kind_names[k] : "unknown";
}

bool marks_term_parse(const char *name, enum marks_term *out)
{
    for (unsigned i = 0; i < MARKS_TERM_COUNT; i++) {
        if (strcmp(kind_names[i], name) == 0) {
            *out = (enum marks_term)i;
            return true;
        }
    }
    return false;
}

const char *mark_verdict_name(enum mark_verdict v)
{
    return (unsigned)v < MARK_VERDICT_COUNT ? verdict_names[v] : "unknown";
}
