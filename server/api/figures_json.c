/* SPDX-License-Identifier: Apache-2.0
 *
 * Figures as JSON and CSV, with the names of what they are of. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/figures.h"
#include "server/api/person.h"
#include "server/render/figures.h"
#include "server/store/child.h"
#include "server/store/mentor.h"
#include "server/store/org.h"

/* Name and key of a group as the person reads it; a subject and a month are named by the reader's
 * page. */
struct group_words {
    char key[81];
    char name[ORG_NAME_MAX + 1]; /* "": the page names it by its key */
};

static bool number(char out[81], int64_t n)
{
    return str_format(out, 81, "%lld", (long long)n);
}

static enum err name_group(struct call *c, enum figures_by by, int64_t key, bool all_named,
                           struct group_words *w)
{
    bool fits = true, ru = strcmp(c->user.locale, "ru") == 0;
    struct subject subject;
    struct mentor m;
    struct org org;
    enum err err = ERR_OK;

    w->name[0] = '\0';
    switch (by) {
    case FIGURES_BY_CENTRE:
    case FIGURES_BY_SCHOOL:
        err = org_load(c->db, (struct org_id){ key }, &org);
        fits = err || (number(w->key, key) && str_copy(w->name, sizeof w->name, org.name));
        break;
    case FIGURES_BY_MENTOR:
        err = mentor_load(c->db, (struct mentor_id){ key }, &m);
        fits = err || (number(w->key, m.user.v) && str_copy(w->name, sizeof w->name, m.name));
        break;
    case FIGURES_BY_SUBJECT:
        err = subject_load(c->db, key, &subject);
        fits = err || str_copy(w->key, sizeof w->key, subject.code);
        if (!err && all_named)
            fits = str_copy(w->name, sizeof w->name, ru ? subject.name_ru : subject.name_en);
        break;
    case FIGURES_BY_MONTH:
    case FIGURES_BY_COUNT:
        fits = str_format(w->key, sizeof w->key, "%04d-%02d", (int)(key / 12), (int)(key % 12) + 1);
        if (all_named)
            fits = fits && str_copy(w->name, sizeof w->name, w->key);
        break;
    }
    return err ? err : fits ? ERR_OK : ERR_DB;
}

static json_t *numbers_json(const struct figures *f)
{
    json_t *o = json_object();

    for (int i = 0; o && i < FIGURE_COUNT; i++) {
        if (json_object_set_new(o, figure_name((enum figure)i), json_integer(f->n[i]))) {
            json_decref(o);
            return NULL;
        }
    }
    return o;
}

static json_t *shares_json(const struct figures *f)
{
    json_t *o = json_object();

    for (int i = 0; o && i < SHARE_COUNT; i++) {
        int tenths = figures_share(f, (enum share)i);

        if (json_object_set_new(o, share_name((enum share)i),
                                tenths < 0 ? json_null() : json_integer(tenths))) {
            json_decref(o);
            return NULL;
        }
    }
    return o;
}

static json_t *words_json(int i)
{
    const struct figure_words *ru = figure_words("ru", i), *en = figure_words("en", i);
    const char *unit = i >= FIGURE_COUNT     ? "percent_tenths"
                       : i == FIGURE_CONTACT ? "ms"
                                             : "lessons";

    return json_pack("{s:s,s:s,s:{s:s,s:s},s:{s:s,s:s}}", "figure",
                     i < FIGURE_COUNT ? figure_name((enum figure)i)
                                      : share_name((enum share)(i - FIGURE_COUNT)),
                     "unit", unit, "name", "ru", ru->name, "en", en->name, "about", "ru", ru->about,
                     "en", en->about);
}

static enum err table_lists(struct call *c, const struct figures_asked *a, json_t *words,
                            json_t *groups)
{
    enum err err = ERR_OK;

    for (int i = 0; !err && i < FIGURE_WORDS; i++)
        err = json_push(words, words_json(i));
    for (size_t i = 0; !err && i < a->list.n; i++) {
        const struct figures_group *g = &a->list.items[i];
        struct group_words w;

        err = name_group(c, a->query.by, g->key, false, &w);
        if (!err)
            err = json_push(groups, json_pack("{s:s,s:o,s:o,s:o}", "key", w.key, "name",
                                              json_text_or_null(w.name[0] ? w.name : NULL),
                                              "figures", numbers_json(&g->figures), "shares",
                                              shares_json(&g->figures)));
    }
    return err;
}

static bool month_words(const struct figures_query *q, char from[8], char to[8])
{
    int last = q->month - 1 + q->months - 1;

    return str_format(from, 8, "%04d-%02d", q->year, q->month) &&
           str_format(to, 8, "%04d-%02d", q->year + last / 12, last % 12 + 1);
}

static enum err answer_table(struct call *c, const struct figures_asked *a)
{
    json_t *words = json_array(), *groups = json_array();
    char from[8], to[8];
    enum err err = words && groups ? ERR_OK : ERR_NOMEM;

    if (!err && !month_words(&a->query, from, to))
        err = ERR_INVAL;
    if (!err)
        err = table_lists(c, a, words, groups);
    if (err) {
        json_decref(words);
        json_decref(groups);
        return err;
    }
    return call_answer(c, 200,
                       json_pack("{s:s,s:s,s:s,s:o,s:o,s:{s:o,s:o}}", "from", from, "to", to, "by",
                                 figures_by_name(a->query.by), "definitions", words, "groups",
                                 groups, "total", "figures", numbers_json(&a->list.total), "shares",
                                 shares_json(&a->list.total)));
}

static enum err answer_csv(struct call *c, const struct figures_asked *a)
{
    size_t n = a->list.n + 1, len;
    struct figures_line *lines = mem_zalloc(n, sizeof lines[0]);
    struct group_words *words = mem_zalloc(n, sizeof words[0]);
    uint8_t *bytes;
    enum err err = lines && words ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < a->list.n; i++) {
        err = name_group(c, a->query.by, a->list.items[i].key, true, &words[i]);
        lines[i] = (struct figures_line){ words[i].name, &a->list.items[i].figures };
    }
    if (!err) {
        lines[n - 1] = (struct figures_line){ NULL, &a->list.total };
        err = figures_csv(a->query.by, lines, n, c->user.locale, &bytes, &len);
    }
    if (!err)
        call_answer_raw(c, "text/csv; charset=utf-8", (char *)bytes, len);
    mem_free(lines);
    mem_free(words);
    return err;
}

static enum err item_json(struct call *c, const struct figures_item *i, json_t **out)
{
    json_t *mentor = NULL, *school = NULL, *child = NULL;
    struct subject subject;
    struct mentor m;
    struct child k;
    enum err err = mentor_load(c->db, i->mentor, &m);

    if (!err)
        err = child_load(c->db, i->child, &k);
    if (!err)
        err = subject_load(c->db, i->subject, &subject);
    if (!err)
        err = person_json(c, m.user, &mentor);
    if (!err)
        err = person_json(c, k.user, &child);
    if (!err)
        err = school_json(c, i->school, &school);
    if (err) {
        json_decref(mentor);
        json_decref(child);
        return err;
    }
    *out = json_pack("{s:I,s:I,s:I,s:s,s:s,s:o,s:o,s:o,s:s,s:I}", "lesson", (json_int_t)i->lesson.v,
                     "start", (json_int_t)i->start_ms, "end", (json_int_t)i->end_ms, "tz", i->tz,
                     "subject", subject.code, "mentor", mentor, "child", child, "school", school,
                     "kind", i->kind, "contact_ms", (json_int_t)i->row.contact_ms);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err answer_rows(struct call *c, const struct figures_asked *a)
{
    json_t *list = json_array(), *next = json_null();
    char cursor[24];
    enum err err = list ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < a->items.n; i++) {
        json_t *item = NULL;

        err = item_json(c, &a->items.items[i], &item);
        if (!err)
            err = json_push(list, item);
    }
    if (!err && a->items.more) {
        if (!str_format(cursor, sizeof cursor, "%zu", a->page.first + a->page.limit))
            err = ERR_INVAL;
        next = json_string(cursor);
    }
    if (err) {
        json_decref(list);
        json_decref(next);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o,s:o}", "items", list, "next", next));
}

enum err figures_answer(struct call *c, const struct figures_asked *a)
{
    static enum err (*const answers[])(struct call *, const struct figures_asked *) = {
        [AS_TABLE] = answer_table, [AS_CSV] = answer_csv, [AS_ROWS] = answer_rows
    };

    return answers[a->as](c, a);
}
