/* SPDX-License-Identifier: Apache-2.0
 *
 * Children who wait: without a lead mentor (item 20), and without a lesson
 * among other children this term (item 22). Desk thread.
 */
#include "server/api/endpoints.h"
#include "server/api/intake.h"
#include "server/api/person.h"
#include "server/api/programme.h"
#include "server/domain/day.h"
#include "server/store/selection.h"

static enum err lead_json(const struct call *c, const struct waiting_child *w, json_t **out)
{
    json_t *person = NULL, *school = NULL;
    struct child child;
    enum err err = child_load(c->db, w->child, &child);

    if (!err)
        err = person_json(c, child.user, &person);
    if (!err)
        err = school_json(c, child.school, &school);
    if (!err) {
        *out = json_pack("{s:O,s:i,s:O,s:I,s:I,s:i}", "child", person, "grade", child.grade,
                         "school", school, "since", (json_int_t)w->since_ms, "waiting_days",
                         (json_int_t)((c->now.unix_ms - w->since_ms) / MS_PER_DAY),
                         "subject_mentors", w->subject_mentors);
        err = *out ? ERR_OK : ERR_NOMEM;
    }
    json_decref(person);
    json_decref(school);
    return err;
}

enum err children_without_mentor_get(struct call *c)
{
    struct waiting_list l = { 0 };
    struct page page;
    struct grant g;
    bool refused = false, more = false;
    json_t *items;
    enum err err;

    if (call_scope(c, RIGHT_CANDIDATES_VIEW, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = call_page(c, &page, &refused);
    if (err || refused)
        return err;
    err = children_without_lead(c->db, g.org, c->now.unix_ms, &l);
    items = json_array();
    if (!err && !items)
        err = ERR_NOMEM;
    for (size_t i = page.first; !err && i < l.n && !more; i++) {
        json_t *line = NULL;

        more = json_array_size(items) == page.limit;
        if (!more)
            err = lead_json(c, &l.items[i], &line);
        if (!err && !more)
            err = json_push(items, line);
    }
    waiting_list_free(&l);
    if (err) {
        json_decref(items);
        return err;
    }
    return intake_page(c, items, &page, more);
}

/* ---- among other children ----------------------------------------------------------------- */

/* The shortest of the school's terms that today lies in, else the school year. */
static enum err term_of(const struct call *c, const struct org *school, struct day_span *out)
{
    struct school_calendar cal;
    struct programme_policy policy;
    int64_t today;
    enum err err = policy_programme(c->db, school->parent, c->now.unix_ms, &policy);

    if (!err)
        err = day_in_zone(school->tz, c->now.unix_ms, &today);
    if (!err)
        err = calendar_of_school(c->db, school->id, &cal);
    if (err)
        return err;
    *out = calendar_year(&cal, today, policy.year_first_month);
    for (size_t i = 0; i < cal.terms_n; i++) {
        const struct day_span *d = &cal.terms[i].days;

        if (d->first <= today && d->last >= today && d->last - d->first < out->last - out->first)
            *out = *d;
    }
    school_calendar_free(&cal);
    return ERR_OK;
}

static enum err peer_json(const struct call *c, const struct waiting_child *w,
                          const struct day_span *term, json_t **out)
{
    json_t *person = NULL, *school = NULL;
    struct child child;
    enum err err = child_load(c->db, w->child, &child);

    if (!err)
        err = person_json(c, child.user, &person);
    if (!err)
        err = school_json(c, child.school, &school);
    if (!err) {
        *out = json_pack("{s:O,s:i,s:O,s:o,s:o,s:o,s:o,s:b}", "child", person, "grade", child.grade,
                         "school", school, "term_from", programme_day_json(term->first), "term_to",
                         programme_day_json(term->last), "last", json_time_or_null(w->last_ms, 0),
                         "next", json_time_or_null(w->next_ms, 0), "group_consent",
                         (int)w->group_consent);
        err = *out ? ERR_OK : ERR_NOMEM;
    }
    json_decref(person);
    json_decref(school);
    return err;
}

/* Where a page stands that is filled school by school. */
struct filling {
    const struct page *page;
    size_t seen;
    json_t *items;
    bool more;
};

static enum err add_school(const struct call *c, const struct org *school, struct filling *f)
{
    struct waiting_list l = { 0 };
    struct day_span term;
    int64_t from_ms;
    int y, m, d;
    enum err err = term_of(c, school, &term);

    if (err)
        return err;
    date_from_days(term.first, &y, &m, &d);
    err = zone_day_start(school->tz, y, m, d, &from_ms);
    if (!err)
        err =
            children_without_peers(c->db, school->parent, school->id, from_ms, c->now.unix_ms, &l);
    for (size_t i = 0; !err && i < l.n && !f->more; i++) {
        json_t *line = NULL;

        if (f->seen++ < f->page->first)
            continue;
        f->more = json_array_size(f->items) == f->page->limit;
        if (f->more)
            break;
        err = peer_json(c, &l.items[i], &term, &line);
        if (!err)
            err = json_push(f->items, line);
    }
    waiting_list_free(&l);
    return err;
}

enum err children_without_peers_get(struct call *c)
{
    const enum org_type type = ORG_SCHOOL;
    struct org_list schools = { 0 };
    struct page page;
    struct filling f = { .page = &page };
    struct grant g;
    bool refused = false;
    enum err err;

    if (call_scope(c, RIGHT_CANDIDATES_VIEW, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = call_page(c, &page, &refused);
    if (err || refused)
        return err;
    f.items = json_array();
    err = f.items ? org_list(c->db, &type, &schools) : ERR_NOMEM;
    for (size_t i = 0; !err && i < schools.n && !f.more; i++)
        if (org_id_eq(schools.items[i].parent, g.org))
            err = add_school(c, &schools.items[i], &f);
    org_list_free(&schools);
    if (err) {
        json_decref(f.items);
        return err;
    }
    return intake_page(c, f.items, &page, f.more);
}
