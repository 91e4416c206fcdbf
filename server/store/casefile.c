/* SPDX-License-Identifier: Apache-2.0
 *
 * Case files and their facts.
 */
#include "server/store/casefile.h"

#include <string.h>

#include "common/base/str.h"
#include "server/domain/zone.h"
#include "server/store/hiring.h"
#include "server/store/org.h"
#include "server/store/programme.h"

/* ---- entering a child ------------------------------------------------------------------- */

static enum err next_register_no(struct db *db, struct org_id centre, int year, char out[33])
{
    struct query q = query_on(db, "SELECT register_no FROM child WHERE centre = $1 "
                                  "AND register_no LIKE $2 AND length(register_no) = 9 "
                                  "ORDER BY register_no DESC LIMIT 1");
    char last[33] = "", like[16];
    int64_t n = 0;
    enum err e;

    if (!str_format(like, sizeof like, "%04d-____", year))
        return ERR_INVAL;
    query_int(&q, centre.v);
    query_text(&q, like);
    if (query_row(&q))
        row_text(&q, last, sizeof last);
    e = query_end(&q);
    if (e)
        return e;
    if (last[0] && str_to_i64(last + 5, 0, 9999, &n) != ERR_OK)
        return ERR_DB;
    return n < 9999 && str_format(out, 33, "%04d-%04d", year, (int)n + 1) ? ERR_OK : ERR_STATE;
}

/* The first word of the name as the short one: how it is spoken to is the centre's to mend. */
static bool short_of(char *out, size_t cap, const char *name)
{
    size_t n = strcspn(name, " ");

    return n < cap && str_format(out, cap, "%.*s", (int)n, name);
}

static enum err add_person(struct db *db, const struct referral *r, const char *tz, int64_t now_ms,
                           struct user_id by, struct user_id *out)
{
    struct user u = { .locale = "ru" };
    struct grant g = {
        .role = ROLE_CHILD, .org = r->centre, .from_ms = now_ms, .to_ms = FOREVER_MS
    };
    int64_t grant;
    enum err e;

    if (!str_copy(u.name, sizeof u.name, r->child_name) || !str_copy(u.tz, sizeof u.tz, tz) ||
        !short_of(u.short_name, sizeof u.short_name, r->child_name))
        return ERR_INVAL;
    e = user_save(db, &u, now_ms, by, out);
    g.user = *out;
    return e ? e : grant_add(db, &g, now_ms, by, &grant);
}

enum err child_enter(struct db *db, const struct referral *r, int64_t now_ms, struct user_id by,
                     struct child_id *out)
{
    struct child c = { .centre = r->centre, .school = r->school, .grade = r->grade };
    struct local_time t;
    struct org school;
    enum err e = org_load(db, r->school, &school);

    if (!e)
        e = zone_local(school.tz, now_ms, &t);
    if (!e)
        e = next_register_no(db, r->centre, t.year, c.register_no);
    if (!e)
        e = add_person(db, r, school.tz, now_ms, by, &c.user);
    day_write(r->birth_day, c.birth_date);
    return e ? e : child_save(db, &c, now_ms, by, out);
}

/* ---- case files ------------------------------------------------------------------------- */

enum err case_open(struct db *db, struct child_id child, struct referral_id referral,
                   int64_t now_ms)
{
    struct query q = query_on(db, "INSERT INTO case_file (child, referral, opened_ms) "
                                  "SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM case_file "
                                  "WHERE child = $1 AND closed_ms IS NULL)");

    query_int(&q, child.v);
    query_int(&q, referral.v);
    query_int(&q, now_ms);
    return query_run(&q);
}

static void read_reason(struct query *q, enum case_reason *out)
{
    char word[16];

    row_text(q, word, sizeof word);
    *out = CASE_REASON_NONE;
    if (word[0] && !case_end_parse(word, out))
        query_blame(q);
}

enum err case_of_child(struct db *db, struct child_id child, struct case_file *out)
{
    struct query q = query_on(db, "SELECT id, referral, opened_ms, closed_reason, closed_ms "
                                  "FROM case_file WHERE child = $1 "
                                  "ORDER BY closed_ms IS NOT NULL, opened_ms DESC, id DESC "
                                  "LIMIT 1");
    struct case_file c = { .child = child };
    enum err e;

    query_int(&q, child.v);
    if (query_row(&q)) {
        c.id = row_int(&q);
        c.referral.v = row_int(&q);
        c.opened_ms = row_int(&q);
        read_reason(&q, &c.closed);
        c.closed_ms = row_int(&q);
    }
    e = query_end_found(&q);
    if (!e)
        *out = c;
    return e;
}

enum err case_close(struct db *db, int64_t id, enum case_reason reason, int64_t now_ms,
                    struct user_id by)
{
    struct query q = query_on(db, "UPDATE case_file SET closed_ms = $2, closed_reason = $3, "
                                  "closed_by = $4 WHERE id = $1 AND closed_ms IS NULL "
                                  "RETURNING id");

    query_int(&q, id);
    query_int(&q, now_ms);
    query_text(&q, case_reason_name(reason));
    query_int(&q, by.v);
    query_row(&q);
    return query_end_found(&q);
}

enum err case_lessons_ahead(struct db *db, struct child_id child, int64_t now_ms, int64_t *out)
{
    struct query q =
        query_on(db, "SELECT count(*) FROM lesson_child k JOIN lesson l ON l.id = k.lesson "
                     "WHERE k.child = $1 AND l.end_ms > $2 AND l.state IN "
                     "('scheduled', 'needs_substitute', 'open', 'running', 'interrupted')");
    int64_t n = 0;
    enum err e;

    query_int(&q, child.v);
    query_int(&q, now_ms);
    if (query_row(&q))
        n = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out = n;
    return e;
}

/* ---- facts ------------------------------------------------------------------------------ */

struct links {
    bool guardian, schedule, begun;
    struct mentor_id lead; /* v = 0: none */
    struct org_id school;  /* of the referral */
};

static enum err links_of(struct db *db, const struct case_file *c, int64_t now_ms,
                         struct links *out)
{
    struct query q = query_on(
        db, "SELECT EXISTS (SELECT 1 FROM guardian_link g WHERE g.child = $1 AND g.from_ms <= $3 "
            "AND (g.to_ms IS NULL OR g.to_ms > $3)), "
            "EXISTS (SELECT 1 FROM lesson_child k JOIN lesson l ON l.id = k.lesson "
            "WHERE k.child = $1 AND l.state NOT IN ('planned', 'cancelled', 'rescheduled')), "
            "EXISTS (SELECT 1 FROM lesson_child k JOIN lesson l ON l.id = k.lesson "
            "WHERE k.child = $1 AND l.state IN ('running', 'interrupted', 'ended', 'computed', "
            "'disputed', 'confirmed', 'locked')), "
            "(SELECT a.mentor FROM assignment a WHERE a.child = $1 AND a.role = 'lead' "
            "AND a.from_ms <= $3 AND (a.to_ms IS NULL OR a.to_ms > $3) ORDER BY a.id DESC "
            "LIMIT 1), "
            "(SELECT r.school FROM referral r WHERE r.id = $2)");
    struct links l = { 0 };
    enum err e;

    query_int(&q, c->child.v);
    query_int(&q, c->referral.v);
    query_int(&q, now_ms);
    if (query_row(&q)) {
        l.guardian = row_bool(&q);
        l.schedule = row_bool(&q);
        l.begun = row_bool(&q);
        l.lead.v = row_int(&q);
        l.school.v = row_int(&q);
    }
    e = query_end_found(&q);
    if (!e)
        *out = l;
    return e;
}

static enum err validities(struct db *db, struct child_id child, int64_t today,
                           const struct intake_policy *p, struct case_facts *f)
{
    struct recommendation_row r;
    struct basis_row b;
    enum err e = basis_of_child(db, child, today, &b);

    if (!e)
        e = recommendation_of_child(db, child, today, &r);
    if (e)
        return e;
    f->basis = validity_at(b.basis.from_day, b.basis.to_day, today, p).state;
    f->recommendation = validity_at(r.limits.from_day, r.limits.to_day, today, p).state;
    return ERR_OK;
}

enum err case_facts(struct db *db, const struct case_file *c, const struct child *child,
                    int64_t today, int64_t now_ms, const struct intake_policy *p,
                    struct case_facts *out)
{
    struct case_facts f = { .closed = c->closed };
    const struct teach_question hired = { .hired = true };
    struct teach_verdict lead = { .failed = ~0u };
    struct term_facts lines;
    struct links l;
    enum err e = links_of(db, c, now_ms, &l);

    if (!e)
        e = validities(db, child->id, today, p, &f);
    if (!e)
        e = consent_stands(db, child->id, "lessons", now_ms, &f.consent);
    if (!e)
        e = approved_terms(db, child->id, 0, &lines);
    if (!e && l.lead.v)
        e = teach_ask(db, &(struct teach_who){ l.lead, child->school, child->id }, &hired, now_ms,
                      &lead);
    if (e)
        return e;
    f.guardian = l.guardian;
    f.lead_mentor = l.lead.v != 0;
    f.schedule = l.schedule;
    f.begun = l.begun;
    for (size_t i = 0; i < lines.n; i++) /* one that begins later can be scheduled for */
        f.programme = f.programme || lines.items[i].to_ms > now_ms;
    f.staff = lead.failed == 0;
    /* Settled when the lead mentor may teach at the new school. */
    f.school_unsettled = !org_id_eq(child->school, l.school) && !f.staff;
    *out = f;
    return ERR_OK;
}
