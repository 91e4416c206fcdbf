/* SPDX-License-Identifier: Apache-2.0 */
#include "server/store/roster.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/domain/day.h"
#include "server/store/child.h"
#include "server/store/mentor.h"
#include "server/store/version.h"

struct judging {
    struct db *db;
    const struct roster_into *into;
    const struct roster *r;
    struct table_faults *faults;
    struct table_index schools, children, mentors; /* of the list itself, by code, number, login */
    enum err err;                                  /* sticky */
};

static bool in_list(const struct table_index *ix, const char *text)
{
    return table_index_find(ix, text) != SIZE_MAX;
}

static void blame(const struct judging *j, enum table_fault fault, const struct table *from,
                  size_t row, const char *column)
{
    table_blame(j->faults, fault, from->member, row + 1, column);
}

/* One number by one text, and perhaps the centre: 0 if there is no row. */
static int64_t number(struct judging *j, const char *sql, const char *text, bool with_centre)
{
    struct query q = query_on(j->db, sql);
    int64_t n = 0;
    enum err e;

    query_text(&q, text);
    if (with_centre)
        query_int(&q, j->into->centre.v);
    if (query_row(&q))
        n = row_int(&q);
    e = query_end(&q);
    if (e && !j->err)
        j->err = e;
    return e ? 0 : n;
}

static int64_t school_of(struct judging *j, const char *code)
{
    return number(j,
                  "SELECT id FROM org WHERE code = $1 AND type = 'school' AND parent = $2 "
                  "AND status = 'active'",
                  code, true);
}

static int64_t user_of(struct judging *j, const char *login)
{
    return number(j, "SELECT id FROM \"user\" WHERE login = $1", login, false);
}

static int64_t guardian_of(struct judging *j, const char *login)
{
    return number(j,
                  "SELECT u.id FROM \"user\" u JOIN role_grant g ON g.user_id = u.id "
                  "WHERE u.login = $1 AND u.status = 'active' AND g.role = 'guardian' "
                  "AND g.org = $2 AND g.to_ms IS NULL LIMIT 1",
                  login, true);
}

static int64_t mentor_of(struct judging *j, const char *login)
{
    return number(j,
                  "SELECT m.id FROM mentor m JOIN \"user\" u ON u.id = m.user_id "
                  "WHERE u.login = $1 AND m.centre = $2",
                  login, true);
}

static int64_t child_of(struct judging *j, const char *register_no)
{
    return number(j, "SELECT id FROM child WHERE register_no = $1 AND centre = $2", register_no,
                  true);
}

static int64_t subject_of(struct judging *j, const char *code)
{
    return number(j, "SELECT id FROM subject WHERE code = $1", code, false);
}

/* ---- schools, people ----------------------------------------------------------------------- */

static void judge_schools(struct judging *j)
{
    for (size_t i = 0; i < j->r->schools_n && !j->err; i++) {
        const struct roster_school *s = &j->r->schools[i];
        int64_t other = number(j, "SELECT id FROM org WHERE code = $1", s->code, false);

        if (other && other != school_of(j, s->code))
            blame(j, TABLE_TAKEN, s->from, s->row, "identifier");
    }
}

static void judge_school(struct judging *j, const char *code, const struct table *from, size_t row)
{
    if (code[0] && !in_list(&j->schools, code) && !school_of(j, code))
        blame(j, TABLE_UNKNOWN, from, row, "school");
}

/* Somebody of this name, born on this day, at this school (item 19: never merged silently). */
static bool perhaps_there(struct judging *j, const struct roster_child *c)
{
    struct query q = query_on(j->db, "SELECT 1 FROM child c JOIN \"user\" u ON u.id = c.user_id "
                                     "JOIN org o ON o.id = c.org_school WHERE c.centre = $1 AND "
                                     "u.name = $2 AND c.birth_date = $3 AND o.code = $4");
    char birth[DAY_TEXT_BYTES];
    bool there;
    enum err e;

    day_write(c->birth_day, birth);
    query_int(&q, j->into->centre.v);
    query_text(&q, c->name);
    query_text(&q, birth);
    query_text(&q, c->school);
    there = query_row(&q);
    e = query_end(&q);
    if (e && !j->err)
        j->err = e;
    return there;
}

/* A guardian of this centre may have a child more; any other login is somebody else's. */
static void judge_guardian(struct judging *j, const char *login, const struct table *from,
                           size_t row, const char *column)
{
    if (login[0] && user_of(j, login) && !guardian_of(j, login))
        blame(j, TABLE_TAKEN, from, row, column);
}

static void judge_children(struct judging *j)
{
    int64_t today;

    if (day_in_zone("UTC", j->into->now_ms, &today) != ERR_OK)
        today = 0;
    for (size_t i = 0; i < j->r->children_n && !j->err; i++) {
        const struct roster_child *c = &j->r->children[i];

        judge_school(j, c->school, c->from, c->row);
        if (child_of(j, c->register_no))
            blame(j, TABLE_TAKEN, c->from, c->row, "register_no");
        else if (perhaps_there(j, c))
            blame(j, TABLE_DUPLICATE, c->from, c->row, "name");
        if (c->login[0] && user_of(j, c->login))
            blame(j, TABLE_TAKEN, c->from, c->row, "login");
        if (c->birth_day >= today || day_years(c->birth_day, today) > 21)
            blame(j, TABLE_RANGE, c->from, c->row, "birth_date");
        judge_guardian(j, c->guardian_login, c->from, c->row, "guardian_login");
    }
    for (size_t i = 0; i < j->r->guardians_n && !j->err; i++)
        judge_guardian(j, j->r->guardians[i].login, j->r->guardians[i].from, j->r->guardians[i].row,
                       "username");
}

static void judge_mentors(struct judging *j)
{
    for (size_t i = 0; i < j->r->mentors_n && !j->err; i++) {
        const struct roster_mentor *m = &j->r->mentors[i];

        judge_school(j, m->school, m->from, m->row);
        if (user_of(j, m->login))
            blame(j, TABLE_TAKEN, m->from, m->row, "login");
    }
}

static void judge_teachings(struct judging *j)
{
    for (size_t i = 0; i < j->r->teachings_n && !j->err; i++) {
        const struct roster_teaching *t = &j->r->teachings[i];

        if (!subject_of(j, t->subject))
            blame(j, TABLE_UNKNOWN, t->from, t->row, "classSourcedId");
        if (!in_list(&j->mentors, t->login) && !mentor_of(j, t->login))
            blame(j, TABLE_UNKNOWN, t->from, t->row, "classSourcedId");
        if (!in_list(&j->children, t->register_no) && !child_of(j, t->register_no))
            blame(j, TABLE_UNKNOWN, t->from, t->row, "userSourcedId");
    }
}

/* ---- lessons --------------------------------------------------------------------------------- */

/* The children of the cell as rows; false after a word about one. */
static bool find_children(struct judging *j, const struct roster_lesson *l, struct lesson_plan *p)
{
    const char *at = l->children;
    char code[33];
    bool all = true;

    for (p->children_n = 0; roster_next_code(&at, code, sizeof code);) {
        int64_t child = child_of(j, code);

        if (!child || p->children_n == LESSON_CHILDREN_MAX) {
            blame(j, child ? TABLE_RANGE : TABLE_UNKNOWN, l->from, l->row, "children");
            return false;
        }
        for (int i = 0; i < p->children_n; i++)
            all &= p->children[i].v != child;
        p->children[p->children_n++].v = child;
    }
    if (!all || p->children_n == 0)
        blame(j, all ? TABLE_MISSING : TABLE_TWICE, l->from, l->row, "children");
    return all && p->children_n > 0;
}

static bool find_time(const struct judging *j, const struct roster_lesson *l, const char *tz,
                      int minute, const char *column, int64_t *out)
{
    struct local_time t = { .hour = minute / 60, .minute = minute % 60 };
    int64_t second;

    date_from_days(l->day, &t.year, &t.month, &t.day);
    if (zone_to_utc(tz, &t, out, &second) == ZONE_UNIQUE)
        return true;
    blame(j, TABLE_NO_SUCH_TIME, l->from, l->row, column);
    return false;
}

/* The row as a plan in tz (filled with the first child's); false after a word. */
static bool plan_of(struct judging *j, const struct roster_lesson *l, struct lesson_plan *p,
                    char tz[ZONE_NAME_MAX])
{
    struct child first;
    bool good;

    *p = (struct lesson_plan){ .org = j->into->centre, .state = LESSON_PLANNED, .tz = tz };
    p->subject_id = subject_of(j, l->subject);
    p->mentor.v = mentor_of(j, l->login);
    if (!p->subject_id)
        blame(j, TABLE_UNKNOWN, l->from, l->row, "subject");
    if (!p->mentor.v)
        blame(j, TABLE_UNKNOWN, l->from, l->row, "mentor");
    good = p->subject_id && p->mentor.v;
    if (!find_children(j, l, p) || j->err)
        return false;
    j->err = child_load(j->db, p->children[0], &first);
    if (j->err || !str_copy(tz, ZONE_NAME_MAX, first.tz))
        return false;
    good &= find_time(j, l, tz, l->start_min, "start", &p->start_ms);
    good &= find_time(j, l, tz, l->end_min, "end", &p->end_ms);
    if (good && p->start_ms <= j->into->now_ms) {
        blame(j, TABLE_PAST, l->from, l->row, "date");
        good = false;
    }
    return good;
}

static void judge_lessons(struct judging *j)
{
    struct lesson_plan p;
    char tz[ZONE_NAME_MAX];

    for (size_t i = 0; i < j->r->lessons_n && !j->err; i++)
        (void)plan_of(j, &j->r->lessons[i], &p, tz);
}

/* What the list itself brings, in order. */
static enum err sort_list(struct judging *j)
{
    const struct roster *r = j->r;

    j->schools.places = mem_zalloc(r->schools_n + 1, sizeof *j->schools.places);
    j->children.places = mem_zalloc(r->children_n + 1, sizeof *j->children.places);
    j->mentors.places = mem_zalloc(r->mentors_n + 1, sizeof *j->mentors.places);
    if (!j->schools.places || !j->children.places || !j->mentors.places)
        return ERR_NOMEM;
    for (size_t i = 0; i < r->schools_n; i++)
        j->schools.places[j->schools.n++] = (struct table_place){ r->schools[i].code, i };
    for (size_t i = 0; i < r->children_n; i++)
        j->children.places[j->children.n++] = (struct table_place){ r->children[i].register_no, i };
    for (size_t i = 0; i < r->mentors_n; i++)
        j->mentors.places[j->mentors.n++] = (struct table_place){ r->mentors[i].login, i };
    table_index_sort(&j->schools);
    table_index_sort(&j->children);
    table_index_sort(&j->mentors);
    return ERR_OK;
}

enum err roster_judge(struct db *db, const struct roster_into *into, const struct roster *r,
                      struct table_faults *faults)
{
    struct judging j = { .db = db, .into = into, .r = r, .faults = faults };

    j.err = sort_list(&j);
    if (!j.err) {
        judge_schools(&j);
        judge_children(&j);
        judge_mentors(&j);
        judge_teachings(&j);
        judge_lessons(&j);
    }
    table_index_free(&j.schools);
    table_index_free(&j.children);
    table_index_free(&j.mentors);
    return j.err;
}

/* ---- writing ----------------------------------------------------------------------------------
 */

struct writing {
    struct judging j; /* for its questions */
    struct org centre;
    struct roster_count *count;
};

static const char *or_else(const char *text, const char *other)
{
    return text[0] ? text : other;
}

/* A person with one role in the centre. The short name is the first word unless one is given. */
static enum err write_user(struct writing *w, const char *login, const char *name,
                           const char *short_name, const char *tz, const char *locale,
                           enum role role, struct user_id *out)
{
    const struct roster_into *into = w->j.into;
    struct user u = { 0 };
    struct grant g = {
        .role = role, .org = into->centre, .from_ms = into->now_ms, .to_ms = FOREVER_MS
    };
    int64_t grant;
    enum err e;

    if (!str_copy(u.login, sizeof u.login, login) || !str_copy(u.name, sizeof u.name, name) ||
        !str_copy(u.tz, sizeof u.tz, or_else(tz, w->centre.tz)) ||
        !str_copy(u.locale, sizeof u.locale, or_else(locale, "ru")))
        return ERR_INVAL;
    if (!(short_name[0] ? str_copy(u.short_name, sizeof u.short_name, short_name)
                        : str_format(u.short_name, sizeof u.short_name, "%.*s",
                                     (int)strcspn(name, " "), name)))
        return ERR_INVAL;
    e = user_save(w->j.db, &u, into->now_ms, into->by, out);
    g.user = *out;
    return e ? e : grant_add(w->j.db, &g, into->now_ms, into->by, &grant);
}

static enum err write_school(struct writing *w, const struct roster_school *s)
{
    struct org o = { .type = ORG_SCHOOL, .parent = w->j.into->centre };

    if (school_of(&w->j, s->code) || w->j.err)
        return w->j.err;
    if (!str_copy(o.code, sizeof o.code, s->code) || !str_copy(o.name, sizeof o.name, s->name) ||
        !str_copy(o.tz, sizeof o.tz, or_else(s->tz, w->centre.tz)))
        return ERR_INVAL;
    w->count->schools++;
    return org_save(w->j.db, &o, w->j.into->now_ms, w->j.into->by, &o.id);
}

/* Of somebody who is there, or who comes with this list. */
static enum err write_guardian(struct writing *w, const char *login, const char *name,
                               const char *tz, struct child_id child)
{
    struct user_id user = { guardian_of(&w->j, login) };
    int64_t link;
    enum err e = w->j.err;

    if (!e && !user.v) {
        w->count->guardians++;
        e = write_user(w, login, name, "", tz, "", ROLE_GUARDIAN, &user);
    }
    return e ? e
             : guardian_add(w->j.db, user, child, "full", w->j.into->now_ms, w->j.into->by, &link);
}

static enum err write_child(struct writing *w, const struct roster_child *c)
{
    struct child child = { .centre = w->j.into->centre, .grade = c->grade };
    struct org school;
    const char *tz;
    enum err e;

    child.school.v = school_of(&w->j, c->school);
    e = w->j.err ? w->j.err : org_load(w->j.db, child.school, &school);
    if (e)
        return e;
    tz = or_else(c->tz, school.tz);
    day_write(c->birth_day, child.birth_date);
    if (!str_copy(child.register_no, sizeof child.register_no, c->register_no))
        return ERR_INVAL;
    e = write_user(w, c->login, c->name, c->short_name, tz, c->locale, ROLE_CHILD, &child.user);
    if (!e)
        e = child_save(w->j.db, &child, w->j.into->now_ms, w->j.into->by, &child.id);
    if (!e && c->guardian_login[0])
        e = write_guardian(w, c->guardian_login, c->guardian_name, tz, child.id);
    w->count->children++;
    return e;
}

static enum err write_mentor(struct writing *w, const struct roster_mentor *m)
{
    const struct roster_into *into = w->j.into;
    struct user_id user;
    struct mentor_id mentor;
    struct org school;
    int64_t from_ms, employment;
    int y, mo, d;
    enum err e =
        write_user(w, m->login, m->name, m->short_name, m->tz, m->locale, ROLE_MENTOR, &user);

    if (!e)
        e = mentor_add(w->j.db, user, into->centre, into->now_ms, into->by, &mentor);
    w->count->mentors++;
    if (e || !m->school[0])
        return e;
    e = org_load(w->j.db, (struct org_id){ school_of(&w->j, m->school) }, &school);
    date_from_days(m->from_day, &y, &mo, &d);
    if (!e)
        e = zone_day_start(school.tz, y, mo, d, &from_ms);
    if (!e)
        e = employment_add(w->j.db, mentor, school.id, m->order_no, (int)m->week_minutes, from_ms,
                           FOREVER_MS, into->now_ms, into->by, &employment);
    return e;
}

static enum err write_teaching(struct writing *w, const struct roster_teaching *t)
{
    int64_t id;
    struct child_id child = { child_of(&w->j, t->register_no) };
    struct mentor_id mentor = { mentor_of(&w->j, t->login) };
    int64_t subject = subject_of(&w->j, t->subject);

    if (w->j.err)
        return w->j.err;
    w->count->teachings++;
    return assignment_add(w->j.db, child, mentor, subject, w->j.into->now_ms, FOREVER_MS,
                          w->j.into->now_ms, w->j.into->by, &id);
}

static enum err write_lessons(struct writing *w, const struct roster *r)
{
    const struct roster_into *into = w->j.into;
    struct version draft;
    enum err e = r->lessons_n ? version_draft(w->j.db, into->centre, into->now_ms, into->by, &draft)
                              : ERR_OK;

    for (size_t i = 0; !e && i < r->lessons_n; i++) {
        char tz[ZONE_NAME_MAX];
        struct lesson_plan p;
        struct lesson_id lesson;

        if (!plan_of(&w->j, &r->lessons[i], &p, tz))
            return w->j.err ? w->j.err : ERR_STATE;
        e = version_add(w->j.db, draft.id, &p, into->now_ms, into->by, &lesson);
    }
    if (!e && r->lessons_n) {
        w->count->lessons = r->lessons_n;
        w->count->version = draft.id;
    }
    return e;
}

enum err roster_write(struct db *db, const struct roster_into *into, const struct roster *r,
                      struct roster_count *out)
{
    struct table_faults none = { 0 };
    struct writing w = { .j = { .db = db, .into = into, .r = r, .faults = &none }, .count = out };
    enum err e = org_load(db, into->centre, &w.centre);

    memset(out, 0, sizeof *out);
    for (size_t i = 0; !e && i < r->schools_n; i++)
        e = write_school(&w, &r->schools[i]);
    for (size_t i = 0; !e && i < r->children_n; i++)
        e = write_child(&w, &r->children[i]);
    for (size_t i = 0; !e && i < r->guardians_n; i++) {
        const struct roster_guardian *g = &r->guardians[i];
        struct child_id child = { child_of(&w.j, g->register_no) };

        e = w.j.err ? w.j.err : write_guardian(&w, g->login, g->name, "", child);
    }
    for (size_t i = 0; !e && i < r->mentors_n; i++)
        e = write_mentor(&w, &r->mentors[i]);
    for (size_t i = 0; !e && i < r->teachings_n; i++)
        e = write_teaching(&w, &r->teachings[i]);
    return e ? e : write_lessons(&w, r);
}
