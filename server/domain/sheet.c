/* SPDX-License-Identifier: Apache-2.0
 *
 * The mark sheet: its memory, means and proposals, what holds it up.
 */
#include "server/domain/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"

void mark_sheet_init(struct mark_sheet *s)
{
    *s = (struct mark_sheet){ 0 };
}

static void subject_deinit(struct sheet_subject *l)
{
    mem_free(l->code);
    mem_free(l->name);
    mem_free(l->reason);
    mem_free(l->current);
}

void mark_sheet_deinit(struct mark_sheet *s)
{
    for (size_t i = 0; i < s->subjects_n; i++)
        subject_deinit(&s->subjects[i]);
    mem_free(s->subjects);
#define X(text) mem_free(s->text);
    SHEET_TEXTS(X)
#undef X
    for (int i = 0; i < SIGN_COUNT; i++)
        mem_free(s->signs[i].name);
    mark_sheet_init(s);
}

enum err mark_sheet_subject(struct mark_sheet *s, int64_t subject, const char *code,
                            const char *name, struct sheet_subject **out)
{
    struct sheet_subject *l;
    enum err e;

    for (size_t i = 0; i < s->subjects_n; i++) {
        *out = &s->subjects[i];
        if ((*out)->subject == subject)
            return ERR_OK;
    }
    if (s->subjects_n == s->subjects_cap) {
        size_t cap = s->subjects_cap ? s->subjects_cap * 2 : 4;
        struct sheet_subject *grown = mem_regrow(s->subjects, cap, sizeof grown[0]);

        if (!grown)
            return ERR_NOMEM;
        s->subjects = grown;
        s->subjects_cap = cap;
    }
    l = &s->subjects[s->subjects_n];
    *l = (struct sheet_subject){ .subject = subject };
    s->subjects_n++;
    e = report_text(&l->code, code);
    if (!e)
        e = report_text(&l->name, name);
    *out = l;
    return e;
}

struct sheet_subject *mark_sheet_find(const struct mark_sheet *s, const char *code)
{
    for (size_t i = 0; i < s->subjects_n; i++)
        if (strcmp(s->subjects[i].code, code) == 0)
            return &s->subjects[i];
    return NULL;
}

enum err sheet_subject_mark(struct sheet_subject *l, const struct sheet_current *mark)
{
    if (l->current_n == l->current_cap) {
        size_t cap = l->current_cap ? l->current_cap * 2 : 16;
        struct sheet_current *grown = mem_regrow(l->current, cap, sizeof grown[0]);

        if (!grown)
            return ERR_NOMEM;
        l->current = grown;
        l->current_cap = cap;
    }
    l->current[l->current_n++] = *mark;
    return ERR_OK;
}

static int by_code(const void *a, const void *b)
{
    const struct sheet_subject *x = a, *y = b;

    return strcmp(x->code, y->code);
}

/* The values alone; *out is owned, NULL for none. */
static enum err values_of(const struct sheet_subject *l, enum mark_value **out)
{
    enum mark_value *values = NULL;

    if (l->current_n > 0) {
        values = mem_zalloc(l->current_n, sizeof values[0]);
        if (!values)
            return ERR_NOMEM;
    }
    for (size_t i = 0; i < l->current_n; i++)
        values[i] = l->current[i].value;
    *out = values;
    return ERR_OK;
}

enum err mark_sheet_close(struct mark_sheet *s, const struct marks_policy *p)
{
    if (s->subjects_n > 0)
        qsort(s->subjects, s->subjects_n, sizeof s->subjects[0], by_code);
    for (size_t i = 0; i < s->subjects_n; i++) {
        struct sheet_subject *l = &s->subjects[i];
        enum mark_value *values = NULL;
        enum err e = values_of(l, &values);

        if (e)
            return e;
        l->mean_hundredths = mark_mean_hundredths(values, l->current_n);
        l->proposed = marks_propose(p, values, l->current_n);
        mem_free(values);
    }
    return ERR_OK;
}

enum mark_verdict sheet_subject_check(const struct mark_sheet *s, const struct sheet_subject *l,
                                      const struct marks_policy *p, enum mark_value value,
                                      bool has_reason)
{
    struct mark_facts f = {
        .grade = s->grade, .kind = s->kind, .lessons = l->held, .proposed = l->proposed
    };

    for (size_t i = 0; i < l->current_n; i++)
        f.marks += mark_count(&l->current[i].value, 1);
    return mark_check(&f, p, value, has_reason);
}

enum mark_verdict mark_sheet_check(const struct mark_sheet *s, const struct marks_policy *p,
                                   int *no)
{
    *no = 0;
    for (size_t i = 0; i < s->subjects_n; i++) {
        const struct sheet_subject *l = &s->subjects[i];
        enum mark_verdict v;

        if (l->set == MARK_NONE)
            continue;
        v = sheet_subject_check(s, l, p, l->set, l->reason != NULL);
        if (v != MARK_MAY_OK) {
            *no = (int)i + 1;
            return v;
        }
    }
    return MARK_MAY_OK;
}

struct flow_content flow_content_of_sheet(const struct mark_sheet *s)
{
    struct flow_content c = { .totals_hold = true, .empty = s->subjects_n == 0 };

    for (size_t i = 0; i < s->subjects_n; i++) {
        const struct sheet_subject *l = &s->subjects[i];

        c.unresolved += l->unresolved;
        c.marks_missing += l->set == MARK_NONE;
        if ((l->unresolved || l->set == MARK_NONE) && c.first_line == 0)
            c.first_line = (int)i + 1;
    }
    return c;
}

const char *sheet_verdict_name(enum flow_verdict v)
{
    switch (v) {
    case FLOW_MAY_OWN:
        return "own_sheet";
    case FLOW_MAY_NOT_OVER:
        return "term_not_over";
    case FLOW_MAY_STATE:
        return "sheet_state";
    case FLOW_MAY_ACCEPTED:
        return "sheet_accepted";
    case FLOW_MAY_NOT_SENT:
        return "sheet_not_sent";
    case FLOW_MAY_UNRESOLVED:
        return "sheet_unresolved";
    case FLOW_MAY_EMPTY:
        return "sheet_empty";
    case FLOW_MAY_CHANGED:
        return "sheet_changed";
    default:
        return flow_verdict_name(v);
    }
}
