/* SPDX-License-Identifier: Apache-2.0
 *
 * From rows to the facts of domain/hiring; see hiring.h.
 */
#include "server/store/hiring.h"

#include "common/base/mem.h"
#include "server/store/org.h"
#include "server/store/programme.h"

/* ---- terms ---------------------------------------------------------------------------------- */

static void read_term(struct query *q, struct term_facts *t)
{
    struct term *item = &t->items[t->n++];

    item->from_ms = row_int(q);
    item->to_ms = row_int_or(q, TERM_OPEN_MS);
    item->checked = true;
}

/* Runs a query of the columns from_ms and to_ms over two numbers. */
static enum err load_terms(struct db *db, const char *sql, int64_t a, int64_t b,
                           struct term_facts *out)
{
    struct query q = query_on(db, sql);

    out->n = 0;
    query_int(&q, a);
    query_int(&q, b);
    while (out->n < HIRING_ROWS_MAX && query_row(&q))
        read_term(&q, out);
    return query_end(&q);
}

static enum err load_consents(struct db *db, struct child_id child, const char *kind,
                              struct term_facts *out)
{
    struct query q = query_on(db, "SELECT given_ms, CASE WHEN withdrawn_ms IS NULL THEN expires_ms "
                                  "WHEN expires_ms IS NULL OR withdrawn_ms < expires_ms "
                                  "THEN withdrawn_ms ELSE expires_ms END "
                                  "FROM consent WHERE child = $1 AND kind = $2 "
                                  "ORDER BY id DESC LIMIT 16");

    out->n = 0;
    query_int(&q, child.v);
    query_text(&q, kind);
    while (out->n < HIRING_ROWS_MAX && query_row(&q))
        read_term(&q, out);
    return query_end(&q);
}

/* ---- papers --------------------------------------------------------------------------------- */

static enum err load_account(struct db *db, struct mentor_id mentor, struct teach_facts *f)
{
    struct query q = query_on(db, "SELECT u.status = 'active' FROM mentor m "
                                  "JOIN \"user\" u ON u.id = m.user_id WHERE m.id = $1");
    enum err e;

    query_int(&q, mentor.v);
    if (query_row(&q))
        f->account_active = row_bool(&q);
    e = query_end_found(&q);
    if (e)
        return e;
    return load_terms(db,
                      "SELECT g.from_ms, g.to_ms FROM mentor m JOIN role_grant g "
                      "ON g.user_id = m.user_id WHERE m.id = $1 AND g.role = 'mentor' AND $2 = 0 "
                      "ORDER BY g.id DESC LIMIT 16",
                      mentor.v, 0, &f->roles);
}

static enum err load_trainings(struct db *db, struct mentor_id mentor, struct teach_facts *f)
{
    struct query q = query_on(db, "SELECT verified_by IS NOT NULL, EXISTS (SELECT 1 "
                                  "FROM training_topic t WHERE t.training = training.id "
                                  "AND t.topic = 'contact_psychology'), issued_ms, expires_ms "
                                  "FROM training WHERE mentor = $1 "
                                  "ORDER BY verified_by IS NULL, id DESC LIMIT 16");

    query_int(&q, mentor.v);
    while (f->trainings_n < HIRING_ROWS_MAX && query_row(&q)) {
        struct training_facts *t = &f->trainings[f->trainings_n++];

        t->verified = row_bool(&q);
        t->contact_psychology = row_bool(&q);
        t->issued_ms = row_int(&q);
        t->expires_ms = row_int_or(&q, TERM_OPEN_MS);
    }
    return query_end(&q);
}

/* Awards ask for nothing, so they take no room here. */
static enum err load_documents(struct db *db, struct mentor_id mentor, struct teach_facts *f)
{
    struct query q = query_on(db, "SELECT kind, verified_by IS NOT NULL, issued_ms, expires_ms "
                                  "FROM staff_document WHERE mentor = $1 AND kind <> 'award' "
                                  "AND returned_ms IS NULL "
                                  "ORDER BY verified_by IS NULL, id DESC LIMIT 32");
    char kind[16];

    query_int(&q, mentor.v);
    while (f->documents_n < (size_t)2 * HIRING_ROWS_MAX && query_row(&q)) {
        struct document_facts *d = &f->documents[f->documents_n++];

        row_text(&q, kind, sizeof kind);
        if (!document_parse(kind, &d->kind))
            query_blame(&q);
        d->verified = row_bool(&q);
        d->issued_ms = row_int(&q);
        d->expires_ms = row_int_or(&q, TERM_OPEN_MS);
    }
    return query_end(&q);
}

static enum err load_qualifications(struct db *db, struct mentor_id mentor, struct teach_facts *f,
                                    int64_t subject)
{
    struct query q = query_on(db, "SELECT verified_by IS NOT NULL, subject, grade_from, grade_to, "
                                  "issued_ms FROM qualification WHERE mentor = $1 "
                                  "AND ($2 = 0 OR subject = $2) "
                                  "ORDER BY verified_by IS NULL, id DESC LIMIT 16");

    query_int(&q, mentor.v);
    query_int(&q, subject);
    while (f->qualifications_n < HIRING_ROWS_MAX && query_row(&q)) {
        struct qualification_facts *t = &f->qualifications[f->qualifications_n++];

        t->verified = row_bool(&q);
        t->subject = row_int(&q);
        t->grade_from = (int)row_int(&q);
        t->grade_to = (int)row_int(&q);
        t->issued_ms = row_int(&q);
    }
    return query_end(&q);
}

static enum err load_papers(struct db *db, struct mentor_id mentor, int64_t subject,
                            struct teach_facts *f)
{
    enum err e = load_account(db, mentor, f);

    if (!e)
        e = load_trainings(db, mentor, f);
    if (!e)
        e = load_documents(db, mentor, f);
    return e ? e : load_qualifications(db, mentor, f, subject);
}

/* ---- school and child ----------------------------------------------------------------------- */

/* The newest application counts: whoever applies again is not barred by the old end. */
static enum err load_suspension(struct db *db, const struct teach_who *w, struct teach_facts *f)
{
    struct query q = query_on(db, "SELECT state IN ('suspended', 'ended'), state_ms "
                                  "FROM application WHERE mentor = $1 AND school = $2 "
                                  "ORDER BY id DESC LIMIT 1");

    f->suspended_ms = TERM_OPEN_MS;
    query_int(&q, w->mentor.v);
    query_int(&q, w->school.v);
    if (query_row(&q) && row_bool(&q))
        f->suspended_ms = row_int(&q);
    return query_end(&q);
}

static enum err load_orders(struct db *db, const struct teach_who *w, struct teach_facts *f)
{
    struct query q = query_on(db, "SELECT from_ms, to_ms, acquainted_ms FROM employment_order "
                                  "WHERE mentor = $1 AND school = $2 ORDER BY id DESC LIMIT 16");

    query_int(&q, w->mentor.v);
    query_int(&q, w->school.v);
    while (f->orders_n < HIRING_ROWS_MAX && query_row(&q)) {
        struct order_facts *o = &f->orders[f->orders_n++];

        o->from_ms = row_int(&q);
        o->to_ms = row_int_or(&q, TERM_OPEN_MS);
        o->acquainted_ms = row_int(&q);
    }
    return query_end(&q);
}

/* They met, or meet in a lesson that was held or is still to come. */
static enum err load_introduction(struct db *db, const struct teach_who *w, struct teach_facts *f)
{
    struct query q = query_on(
        db, "SELECT min(at_ms) FROM (SELECT held_ms AS at_ms FROM introduction "
            "WHERE mentor = $1 AND child = $2 UNION ALL "
            "SELECT l.end_ms FROM lesson_child lc JOIN lesson l ON l.id = lc.lesson "
            "WHERE lc.child = $2 AND l.mentor = $1 AND l.kind = 'introduction' AND ("
            "l.state IN ('scheduled', 'open', 'running', 'interrupted', 'ended') OR ("
            "l.state IN ('computed', 'disputed', 'confirmed', 'locked') AND (SELECT ac.outcome "
            "FROM attendance a JOIN attendance_child ac ON ac.attendance = a.id "
            "WHERE a.lesson = l.id AND ac.child = $2 ORDER BY a.run DESC LIMIT 1) "
            "IN ('held', 'partial')))) AS met");

    query_int(&q, w->mentor.v);
    query_int(&q, w->child.v);
    if (query_row(&q))
        f->introduced_ms = row_int(&q);
    return query_end(&q);
}

static enum err load_school(struct db *db, const struct teach_who *w, struct teach_facts *f)
{
    enum err e = load_suspension(db, w, f);

    if (!e)
        e = load_terms(db,
                       "SELECT from_ms, to_ms FROM employment WHERE mentor = $1 AND school = $2 "
                       "ORDER BY id DESC LIMIT 16",
                       w->mentor.v, w->school.v, &f->employment);
    return e ? e : load_orders(db, w, f);
}

static enum err load_child(struct db *db, const struct teach_who *w, int64_t subject,
                           struct teach_facts *f)
{
    enum err e = load_introduction(db, w, f);

    if (!e)
        e = approved_terms(db, w->child, subject, &f->programme);
    if (!e)
        e = load_terms(db,
                       "SELECT from_ms, to_ms FROM assignment WHERE mentor = $1 AND child = $2 "
                       "ORDER BY id DESC LIMIT 16",
                       w->mentor.v, w->child.v, &f->assignment);
    if (!e)
        e = load_consents(db, w->child, "lessons", &f->consent);
    return e ? e : load_consents(db, w->child, "group", &f->group_consent);
}

static enum err load_facts(struct db *db, const struct teach_who *who, int64_t subject,
                           struct teach_facts *out)
{
    struct teach_facts f = { .suspended_ms = TERM_OPEN_MS };
    enum err e = load_papers(db, who->mentor, subject, &f);

    if (!e && who->school.v)
        e = load_school(db, who, &f);
    if (!e && who->child.v)
        e = load_child(db, who, subject, &f);
    if (!e)
        *out = f;
    return e;
}

enum err teach_facts_load(struct db *db, const struct teach_who *who, struct teach_facts *out)
{
    return load_facts(db, who, 0, out);
}

/* ---- asking --------------------------------------------------------------------------------- */

static enum err centre_and_grade(struct db *db, const struct teach_who *who, struct org_id *centre,
                                 int *grade)
{
    struct query q = query_on(db, "SELECT centre, (SELECT grade FROM child WHERE id = $2) "
                                  "FROM mentor WHERE id = $1");

    query_int(&q, who->mentor.v);
    query_int(&q, who->child.v);
    if (query_row(&q)) {
        centre->v = row_int(&q);
        *grade = (int)row_int(&q);
    }
    return query_end_found(&q);
}

enum err teach_ask(struct db *db, const struct teach_who *who, const struct teach_question *q,
                   int64_t at_ms, struct teach_verdict *out)
{
    struct teach_question asked = *q;
    struct hiring_policy policy;
    struct teach_facts facts;
    struct org_id centre = { 0 };
    enum err e = centre_and_grade(db, who, &centre, &asked.grade);

    if (!e)
        e = policy_hiring(db, centre, at_ms, &policy);
    if (!e)
        e = load_facts(db, who, q->subject, &facts);
    if (!e)
        *out = can_teach(&facts, &asked, &policy, at_ms);
    return e;
}

enum err teach_ask_lesson(struct db *db, struct lesson_id lesson, int64_t at_ms, bool *out)
{
    struct query q = query_on(db, "SELECT l.mentor, l.mentor <> l.planned_mentor, l.subject, "
                                  "l.kind = 'introduction', lc.child, c.org_school "
                                  "FROM lesson l JOIN lesson_child lc "
                                  "ON lc.lesson = l.id JOIN child c ON c.id = lc.child "
                                  "WHERE l.id = $1");
    bool ok = true, any = false;
    enum err e;

    query_int(&q, lesson.v);
    while (query_row(&q)) {
        struct teach_question asked = { .hired = true, .child = true };
        struct teach_who who = { .mentor = { row_int(&q) } };
        struct teach_verdict v = { .failed = 1 };

        asked.substitute = row_bool(&q);
        asked.subject = row_int(&q);
        asked.introduction = row_bool(&q);
        who.child.v = row_int(&q);
        who.school.v = row_int(&q);
        if (!q.err)
            q.err = teach_ask(db, &who, &asked, at_ms, &v);
        ok = ok && v.failed == 0;
        any = true;
    }
    e = query_end(&q);
    if (!e)
        *out = ok && any;
    return e;
}

enum err lesson_upcoming(struct db *db, const struct upcoming *after, int64_t from_ms,
                         int64_t to_ms, struct upcoming *out, int cap, int *n)
{
    struct query q = query_on(db, "SELECT l.start_ms, l.id FROM lesson l "
                                  "WHERE l.state = 'scheduled' AND l.start_ms >= $1 "
                                  "AND l.start_ms < $2 AND (l.start_ms > $3 OR (l.start_ms = $3 "
                                  "AND l.id > $4)) AND NOT EXISTS (SELECT 1 FROM gathering g "
                                  "WHERE g.lesson = l.id) ORDER BY l.start_ms, l.id LIMIT $5");

    *n = 0;
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    query_int(&q, after->start_ms);
    query_int(&q, after->lesson.v);
    query_int(&q, cap);
    while (*n < cap && query_row(&q)) {
        out[*n].start_ms = row_int(&q);
        out[(*n)++].lesson.v = row_int(&q);
    }
    return query_end(&q);
}

enum err introduction_add(struct db *db, struct mentor_id mentor, struct child_id child,
                          int64_t held_ms, int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO introduction (mentor, child, held_ms, created_ms, "
                                  "created_by) VALUES ($1, $2, $3, $4, $5)");

    query_int(&q, mentor.v);
    query_int(&q, child.v);
    query_int(&q, held_ms);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return query_run(&q);
}

enum err expiry_tell(struct db *db, struct mentor_id mentor, struct org_id school, const char *gate,
                     int64_t until_ms, int days, int64_t now_ms, bool *fresh)
{
    struct query q = query_on(db, "INSERT INTO expiry_told (mentor, school, gate, until_ms, days, "
                                  "at_ms) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (mentor, "
                                  "school, gate, until_ms, days) DO NOTHING RETURNING days");
    bool any;
    enum err e;

    query_int(&q, mentor.v);
    query_int(&q, school.v);
    query_text(&q, gate);
    query_int(&q, until_ms);
    query_int(&q, days);
    query_int(&q, now_ms);
    any = query_row(&q);
    e = query_run(&q);
    if (!e)
        *fresh = any;
    return e;
}

enum err expiry_list(struct db *db, struct org_id centre, int64_t now_ms, struct expiry_list *out)
{
    struct query q = query_on(db, "SELECT m.user_id, t.school, t.gate, t.until_ms, min(t.days), "
                                  "max(t.at_ms) FROM expiry_told t JOIN mentor m "
                                  "ON m.id = t.mentor WHERE m.centre = $1 AND t.until_ms > $2 "
                                  "GROUP BY m.user_id, t.school, t.gate, t.until_ms "
                                  "ORDER BY t.until_ms, m.user_id, t.gate");
    struct expiry_list l = { 0 };
    struct expiry *item;
    enum err e;

    query_int(&q, centre.v);
    query_int(&q, now_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        item->mentor.v = row_int(&q);
        item->school.v = row_int(&q);
        row_text(&q, item->gate, sizeof item->gate);
        item->until_ms = row_int(&q);
        item->days = (int)row_int(&q);
        item->told_ms = row_int(&q);
    }
    e = query_end(&q);
    if (e)
        expiry_list_free(&l);
    else
        *out = l;
    return e;
}

void expiry_list_free(struct expiry_list *l)
{
    mem_free(l->items);
    *l = (struct expiry_list){ 0 };
}
