/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands against each of a child's wishes and places, and its JSON; see
 * choice.h.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/choice.h"
#include "server/api/person.h"
#include "server/domain/papers.h"
#include "server/store/consent.h"

/* ---- judging ------------------------------------------------------------------------------ */

/* Do the group's meetings touch those of another wish or place? */
static enum err overlaps(const struct choice_book *b, const struct section *s,
                         const struct section_group *g, int64_t now_ms, int64_t skip, bool *out)
{
    int64_t to_ms = now_ms + b->policy.ahead_days * MS_PER_DAY;
    struct section_blocks mine = { 0 };
    enum err err = section_blocks_of(s, g, now_ms, to_ms, &mine);

    *out = false;
    for (size_t i = 0; !err && !*out && i < b->n; i++) {
        const struct choice_case *k = &b->cases[i];
        struct section_blocks other = { 0 };

        if (k->choice.id == skip || k->choice.group == g->id)
            continue;
        err = section_blocks_of(&k->section, section_group_of(&k->section, k->choice.group), now_ms,
                                to_ms, &other);
        *out = !err && section_blocks_overlap(mine.items, mine.n, other.items, other.n);
        section_blocks_free(&other);
    }
    section_blocks_free(&mine);
    return err;
}

static enum err facts_of(const struct call *c, const struct choice_book *b, const struct section *s,
                         struct choice_facts *f)
{
    int64_t birth_day = INT64_MIN;
    unsigned standing = 0;
    enum err err = consent_standing(c->db, b->child.id, c->now.unix_ms, &standing);

    if (!day_parse(b->child.birth_date, &birth_day))
        birth_day = INT64_MIN; /* not known */
    *f = (struct choice_facts){ .open = s->open,
                                .age_from = s->age_from,
                                .age_to = s->age_to,
                                .birth_day = birth_day,
                                .paper_needed = s->paper_needed,
                                .consent = consent_permits(standing, CONSENT_TO_SECTION) };
    if (!err)
        err = section_paper_to(c->db, b->child.id, s->id, &f->paper_to_ms);
    return err ? err : visit_informed(c->db, s->id, b->child.id, &f->informed_ms);
}

enum err choice_ask(const struct call *c, const struct choice_book *b, const struct section *s,
                    int64_t group, int64_t skip, unsigned *faults, struct clash_list *clashes)
{
    const struct section_group *g = section_group_of(s, group);
    struct clash_list found = { 0 };
    struct choice_facts f;
    enum err err = g ? facts_of(c, b, s, &f) : ERR_NOTFOUND;

    if (!err)
        err = overlaps(b, s, g, c->now.unix_ms, skip, &f.overlap);
    if (!err)
        err = clash_find(c->db, b->child.id, s, g, &b->policy, c->now.unix_ms, &found);
    if (err)
        return err;
    f.clash = found.n > 0;
    *faults = choice_check(&f, b->today, c->now.unix_ms, &b->policy);
    if (clashes)
        *clashes = found;
    else
        clash_list_free(&found);
    return ERR_OK;
}

/* ---- the book ----------------------------------------------------------------------------- */

static enum err load_head(const struct call *c, struct choice_book *b)
{
    struct local_time t;
    struct org centre;
    enum err err = org_load(c->db, b->child.centre, &centre);

    if (!err)
        err = policy_section(c->db, centre.id, c->now.unix_ms, &b->policy);
    if (!err)
        err = policy_schedule(c->db, centre.id, c->now.unix_ms, &b->schedule);
    if (!err)
        err = zone_local(centre.tz, c->now.unix_ms, &t);
    if (!err)
        b->today = date_to_days(t.year, t.month, t.day);
    return err ? err : choice_rev(c->db, b->child.id, &b->rev);
}

enum err choice_book_open(const struct call *c, const struct child *child, struct choice_book *out)
{
    struct choice_book b = { .child = *child };
    struct choice_list l = { 0 };
    enum err err = load_head(c, &b);

    if (!err)
        err = choice_list(c->db, child->id, &l);
    if (!err && l.n)
        b.cases = mem_zalloc(l.n, sizeof *b.cases);
    if (!err && l.n && !b.cases)
        err = ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++) {
        b.cases[i].choice = l.items[i];
        err = section_load(c->db, l.items[i].section, &b.cases[i].section);
        b.n++;
    }
    for (size_t i = 0; !err && i < b.n; i++)
        err = choice_ask(c, &b, &b.cases[i].section, b.cases[i].choice.group, b.cases[i].choice.id,
                         &b.cases[i].faults, &b.cases[i].clashes);
    choice_list_free(&l);
    if (err)
        choice_book_close(&b);
    else
        *out = b;
    return err;
}

void choice_book_close(struct choice_book *b)
{
    for (size_t i = 0; i < b->n; i++)
        clash_list_free(&b->cases[i].clashes);
    mem_free(b->cases);
    *b = (struct choice_book){ 0 };
}

/* ---- JSON --------------------------------------------------------------------------------- */

static enum err clash_json(const struct call *c, const struct clash *k, json_t **out)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    enum err err = l ? lesson_load(c->db, k->lesson, l) : ERR_NOMEM;

    if (!err)
        *out = json_pack("{s:{s:I,s:s,s:I,s:I},s:s,s:I,s:I,s:I}", "lesson", "id",
                         (json_int_t)k->lesson.v, "subject", l->subject, "start",
                         (json_int_t)l->facts.start_ms, "end", (json_int_t)l->facts.end_ms, "rule",
                         schedule_rule_name(k->rule), "limit", (json_int_t)k->limit, "value",
                         (json_int_t)k->value, "meeting", (json_int_t)k->meeting_ms);
    mem_free(l);
    return err ? err : *out ? ERR_OK : ERR_NOMEM;
}

enum err clashes_json(const struct call *c, const struct clash_list *l, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < l->n; i++) {
        json_t *item = NULL;

        err = clash_json(c, &l->items[i], &item);
        if (!err)
            err = json_push(array, item);
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

enum err proposals_json(const struct call *c, const struct choice_book *b,
                        const struct choice_case *k, json_t **out)
{
    const unsigned of_time = CHOICE_BIT(CHOICE_OVERLAP) | CHOICE_BIT(CHOICE_CLASH);
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (int i = 0; !err && i < k->section.groups_n; i++) {
        const struct section_group *g = &k->section.groups[i];
        unsigned faults = 0;

        if (g->id == k->choice.group || g->taken >= g->capacity)
            continue;
        err = choice_ask(c, b, &k->section, g->id, k->choice.id, &faults, NULL);
        if (!err && !(faults & of_time))
            err = json_push(array, section_group_json(g));
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static json_t *faults_json(unsigned faults)
{
    json_t *array = json_array();

    for (unsigned f = 0; array && f < CHOICE_FAULTS; f++)
        if ((faults >> f & 1u) != 0 &&
            json_push(array, json_string(choice_fault_name((enum choice_fault)f)))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static enum err lists_json(const struct call *c, const struct choice_book *b,
                           const struct choice_case *k, json_t *into)
{
    const unsigned of_time = CHOICE_BIT(CHOICE_OVERLAP) | CHOICE_BIT(CHOICE_CLASH);
    json_t *section = NULL, *clashes = NULL, *proposals = NULL;
    enum err err = section_json(c, &k->section, &section);

    if (!err)
        err = json_put(into, "section", section);
    if (!err)
        err = clashes_json(c, &k->clashes, &clashes);
    if (!err)
        err = json_put(into, "clashes", clashes);
    if (!err && k->faults & of_time)
        err = proposals_json(c, b, k, &proposals);
    else if (!err)
        proposals = json_array();
    return err ? err : json_put(into, "proposals", proposals);
}

static enum err case_json(const struct call *c, const struct choice_book *b,
                          const struct choice_case *k, json_t **out)
{
    bool offered = k->choice.state == CHOICE_IS_OFFERED;
    int rank = 0;
    json_t *json;
    enum err err = choice_rank(c->db, &k->choice, &rank);

    if (err)
        return err;
    json = json_pack("{s:I,s:I,s:s,s:o,s:o,s:o}", "id", (json_int_t)k->choice.id, "group",
                     (json_int_t)k->choice.group, "state", choice_state_name(k->choice.state),
                     "rank", rank ? json_integer(rank) : json_null(), "offer_to",
                     json_time_or_null(offered ? k->choice.offer_to_ms : 0, 0), "faults",
                     faults_json(k->faults));
    err = json ? lists_json(c, b, k, json) : ERR_NOMEM;
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

static enum err book_json(const struct call *c, const struct choice_book *b, json_t **out)
{
    unsigned count = choice_count_check((int)b->n, &b->schedule);
    json_t *items = json_array(), *person = NULL;
    enum err err = items ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < b->n; i++) {
        json_t *item = NULL;

        err = case_json(c, b, &b->cases[i], &item);
        if (!err)
            err = json_push(items, item);
    }
    if (!err)
        err = person_json(c, b->child.user, &person);
    if (err) {
        json_decref(items);
        return err;
    }
    *out = json_pack("{s:o,s:s,s:i,s:i,s:o,s:o}", "child", person, "tz", b->child.tz, "least",
                     b->schedule.sections_min, "most", b->schedule.sections_max, "count_fault",
                     count == 0 ? json_null()
                                : json_string(choice_fault_name(
                                      count & CHOICE_BIT(CHOICE_FEW) ? CHOICE_FEW : CHOICE_MANY)),
                     "choices", items);
    return *out ? ERR_OK : ERR_NOMEM;
}

enum err choice_answer(struct call *c, int status, const struct child *child)
{
    struct choice_book b = { 0 };
    json_t *json = NULL;
    enum err err = choice_book_open(c, child, &b);

    if (!err)
        err = book_json(c, &b, &json);
    if (!err && !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)b.rev))
        err = ERR_INVAL;
    choice_book_close(&b);
    if (err) {
        json_decref(json);
        return err;
    }
    return call_answer(c, status, json);
}
