/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts for admission, relations for rights. No decision is made here.
 */
#include "server/store/seat.h"

#include <string.h>

#include "server/store/child.h"
#include "server/store/consent.h"
#include "server/store/hiring.h"

/* ---- admission -------------------------------------------------------------------------- */

/* One EXISTS query over three numbers. */
static enum err exists3(struct db *db, const char *sql, int64_t a, int64_t b, int64_t c, bool *out)
{
    struct query q = query_on(db, sql);
    bool any;
    enum err e;

    query_int(&q, a);
    query_int(&q, b);
    query_int(&q, c);
    any = query_row(&q);
    e = query_end(&q);
    if (!e)
        *out = any;
    return e;
}

static bool on_schedule_as_child(const struct lesson_facts *l, struct user_id user)
{
    for (int i = 0; i < l->children_n; i++)
        if (user_id_eq(l->children[i], user))
            return true;
    return false;
}

static enum err guest_seat(struct db *db, struct lesson_id lesson, struct user_id user,
                           enum seat_role *out)
{
    struct query q = query_on(db, "SELECT part = 'speaker' FROM invitation "
                                  "WHERE lesson = $1 AND user_id = $2");

    query_int(&q, lesson.v);
    query_int(&q, user.v);
    if (query_row(&q))
        *out = row_bool(&q) ? SEAT_SPEAKER : SEAT_LISTENER;
    return query_end(&q);
}

/* The seat the schedule or the rights give, the schedule first (J1, J4, J5). */
static enum err find_seat(struct db *db, const struct lesson_facts *l, struct user_id user,
                          int64_t now_ms, enum seat_role *out)
{
    bool any = false;
    enum err e;

    *out = SEAT_NONE;
    if (user_id_eq(l->mentor, user)) {
        *out = SEAT_MENTOR;
        return ERR_OK;
    }
    if (on_schedule_as_child(l, user)) {
        *out = SEAT_CHILD;
        return ERR_OK;
    }
    if (l->gathering) {
        e = guest_seat(db, l->id, user, out);
        if (e || *out != SEAT_NONE)
            return e;
    }
    e = exists3(db,
                "SELECT 1 FROM lesson_child lc JOIN guardian_link g ON g.child = lc.child "
                "WHERE lc.lesson = $1 AND g.user_id = $2 AND g.rights = 'full' "
                "AND g.from_ms <= $3 AND (g.to_ms IS NULL OR g.to_ms > $3)",
                l->id.v, user.v, now_ms, &any);
    if (!e && any)
        *out = SEAT_GUARDIAN;
    if (e || any)
        return e;
    e = exists3(db,
                "SELECT 1 FROM lesson l JOIN role_grant g ON g.org = l.org "
                "WHERE l.id = $1 AND g.user_id = $2 AND g.role = 'coordinator' "
                "AND g.from_ms <= $3 AND (g.to_ms IS NULL OR g.to_ms > $3)",
                l->id.v, user.v, now_ms, &any);
    if (!e && any)
        *out = SEAT_COORDINATOR;
    return e;
}

static enum role role_of_seat(enum seat_role s)
{
    switch (s) {
    case SEAT_CHILD:
        return ROLE_CHILD;
    case SEAT_MENTOR:
        return ROLE_MENTOR;
    case SEAT_GUARDIAN:
        return ROLE_GUARDIAN;
    case SEAT_COORDINATOR:
        return ROLE_COORDINATOR;
    case SEAT_SPEAKER: /* by any role of an adult: adult_active */
    case SEAT_LISTENER:
    case SEAT_NONE:
        break;
    }
    return ROLE_NONE;
}

static enum err is_active(struct db *db, struct user_id user, enum seat_role seat, int64_t now_ms,
                          bool *out)
{
    struct query q = query_on(db, "SELECT 1 FROM \"user\" u JOIN role_grant g ON g.user_id = u.id "
                                  "WHERE u.id = $1 AND u.status = 'active' AND g.role = $2 "
                                  "AND g.from_ms <= $3 AND (g.to_ms IS NULL OR g.to_ms > $3)");
    bool any;
    enum err e;

    query_int(&q, user.v);
    query_text(&q, role_name(role_of_seat(seat)));
    query_int(&q, now_ms);
    any = query_row(&q);
    e = query_end(&q);
    if (!e)
        *out = any;
    return e;
}

/* Guests come in by any role that an adult has at a centre, and by none that a child has. */
static enum err adult_active(struct db *db, struct user_id user, int64_t now_ms,
                             struct admit_person *p)
{
    struct query q =
        query_on(db, "SELECT EXISTS (SELECT 1 FROM role_grant g WHERE g.user_id = u.id "
                     "AND g.role IN ('mentor', 'guardian', 'coordinator') "
                     "AND g.from_ms <= $2 AND (g.to_ms IS NULL OR g.to_ms > $2)), "
                     "NOT EXISTS (SELECT 1 FROM child c WHERE c.user_id = u.id) "
                     "FROM \"user\" u WHERE u.id = $1 AND u.status = 'active'");

    query_int(&q, user.v);
    query_int(&q, now_ms);
    if (query_row(&q)) {
        p->active = row_bool(&q);
        p->adult = row_bool(&q);
    }
    return query_end(&q);
}

/* A child's own consents: to lessons at all, and to lessons with other children (R18). */
static enum err consents(struct db *db, const struct lesson_facts *l, struct user_id user,
                         int64_t now_ms, bool *out)
{
    enum consent_act act = l->children_n > 1 ? CONSENT_TO_GROUP_LESSON : CONSENT_TO_LESSON;
    struct child c;
    unsigned standing = 0;
    enum err e = child_by_user(db, user, &c);

    if (!e)
        e = consent_standing(db, c.id, now_ms, &standing);
    if (!e)
        *out = consent_permits(standing, act);
    return e;
}

enum err seat_facts(struct db *db, const struct lesson_facts *lesson, struct user_id user,
                    int64_t now_ms, struct admit_person *out)
{
    struct admit_person p = { .user = user };
    enum err e = find_seat(db, lesson, user, now_ms, &p.seat);

    if (!e && (p.seat == SEAT_SPEAKER || p.seat == SEAT_LISTENER))
        e = adult_active(db, user, now_ms, &p);
    else if (!e && p.seat != SEAT_NONE)
        e = is_active(db, user, p.seat, now_ms, &p.active);
    if (!e && p.seat == SEAT_MENTOR && lesson->gathering)
        p.may_teach = true; /* nobody is taught: the gates are about children */
    else if (!e && p.seat == SEAT_MENTOR)
        e = teach_ask_lesson(db, lesson->id, now_ms, &p.may_teach);
    if (!e && p.seat == SEAT_CHILD)
        e = consents(db, lesson, user, now_ms, &p.consent_ok);
    if (!e)
        *out = p;
    return e;
}

/* ---- relations -------------------------------------------------------------------------- */

/* Runs a query of the four columns own, own_child, own_school, own_centre over
 * $1 = object, $2 = user, $3 = organisation of the grant, $4 = now. */
static enum err read_relation(struct db *db, const char *sql, int64_t object, const struct grant *g,
                              int64_t now_ms, struct relation *out)
{
    struct query q = query_on(db, sql);
    struct relation r = { 0 };
    enum err e;

    query_int(&q, object);
    query_int(&q, g->user.v);
    query_int(&q, g->org.v);
    query_int(&q, now_ms);
    if (query_row(&q)) {
        r.own = row_bool(&q);
        r.own_child = row_bool(&q);
        r.own_school = row_bool(&q);
        r.own_centre = row_bool(&q);
    }
    e = query_end_found(&q);
    if (!e)
        *out = r;
    return e;
}

#define WARD "g.user_id = $2 AND g.from_ms <= $4 AND (g.to_ms IS NULL OR g.to_ms > $4)"

enum err relation_lesson(struct db *db, const struct grant *g, struct lesson_id lesson,
                         int64_t now_ms, struct relation *out)
{
    return read_relation(
        db,
        "SELECT EXISTS (SELECT 1 FROM mentor m WHERE m.id = l.mentor AND m.user_id = $2) "
        "OR EXISTS (SELECT 1 FROM lesson_child lc JOIN child c ON c.id = lc.child "
        "WHERE lc.lesson = l.id AND c.user_id = $2), "
        "EXISTS (SELECT 1 FROM lesson_child lc JOIN guardian_link g ON g.child = lc.child "
        "WHERE lc.lesson = l.id AND " WARD "), "
        "EXISTS (SELECT 1 FROM lesson_child lc WHERE lc.lesson = l.id AND lc.school = $3), "
        "l.org = $3 FROM lesson l WHERE l.id = $1",
        lesson.v, g, now_ms, out);
}

enum err relation_child(struct db *db, const struct grant *g, struct child_id child, int64_t now_ms,
                        struct relation *out)
{
    /* A mentor's own children: those assigned now, and those in a lesson of theirs that is yet to
     * come or at most a day old (a substitute prepares, and writes the note). */
    return read_relation(
        db,
        "SELECT c.user_id = $2 OR EXISTS (SELECT 1 FROM assignment a JOIN mentor m "
        "ON m.id = a.mentor WHERE a.child = c.id AND m.user_id = $2 AND a.from_ms <= $4 "
        "AND (a.to_ms IS NULL OR a.to_ms > $4)) OR EXISTS (SELECT 1 FROM lesson_child lc "
        "JOIN lesson l ON l.id = lc.lesson JOIN mentor m ON m.id = l.mentor "
        "WHERE lc.child = c.id AND m.user_id = $2 AND l.end_ms > $4 - 86400000 "
        "AND l.state NOT IN ('planned', 'cancelled', 'rescheduled')), "
        "EXISTS (SELECT 1 FROM guardian_link g WHERE g.child = c.id AND " WARD "), "
        "c.org_school = $3, c.centre = $3 FROM child c WHERE c.id = $1",
        child.v, g, now_ms, out);
}

enum err relation_mentor(struct db *db, const struct grant *g, struct mentor_id mentor,
                         int64_t now_ms, struct relation *out)
{
    return read_relation(
        db,
        "SELECT m.user_id = $2, $4 < 0, EXISTS (SELECT 1 FROM employment e WHERE e.mentor = m.id "
        "AND e.school = $3 AND e.from_ms <= $4 AND (e.to_ms IS NULL OR e.to_ms > $4)) "
        "OR EXISTS (SELECT 1 FROM application a WHERE a.mentor = m.id AND a.school = $3 "
        "AND a.state NOT IN ('draft', 'ended')), m.centre = $3 FROM mentor m WHERE m.id = $1",
        mentor.v, g, now_ms, out);
}

enum err relation_user(struct db *db, const struct grant *g, struct user_id user, int64_t now_ms,
                       struct relation *out)
{
    return read_relation(
        db,
        "SELECT u.id = $2, EXISTS (SELECT 1 FROM child c JOIN guardian_link g ON g.child = c.id "
        "WHERE c.user_id = u.id AND " WARD "), "
        "EXISTS (SELECT 1 FROM child c WHERE c.user_id = u.id AND c.org_school = $3), "
        "EXISTS (SELECT 1 FROM child c WHERE c.user_id = u.id AND c.centre = $3) "
        "OR EXISTS (SELECT 1 FROM mentor m WHERE m.user_id = u.id AND m.centre = $3) "
        "OR EXISTS (SELECT 1 FROM role_grant r WHERE r.user_id = u.id AND r.org = $3 "
        "AND r.role <> 'admin') "
        "OR EXISTS (SELECT 1 FROM guardian_link k JOIN child c ON c.id = k.child "
        "WHERE k.user_id = u.id AND c.centre = $3) FROM \"user\" u WHERE u.id = $1",
        user.v, g, now_ms, out);
}

enum err relation_report(struct db *db, const struct grant *g, struct mentor_id mentor,
                         struct child_id child, struct org_id school, int64_t now_ms,
                         struct relation *out)
{
    struct query q = query_on(
        db, "SELECT 1 WHERE EXISTS (SELECT 1 FROM assignment a JOIN child c ON c.id = a.child "
            "WHERE a.mentor = $1 AND a.child = $2 AND c.org_school = $3) OR EXISTS ("
            "SELECT 1 FROM lesson_child lc JOIN lesson l ON l.id = lc.lesson "
            "WHERE lc.child = $2 AND l.mentor = $1 AND lc.school = $3)");
    struct relation m = { 0 }, c = { 0 };
    enum err e;

    query_int(&q, mentor.v);
    query_int(&q, child.v);
    query_int(&q, school.v);
    query_row(&q);
    e = query_end_found(&q);
    if (!e)
        e = relation_mentor(db, g, mentor, now_ms, &m);
    if (!e)
        e = relation_child(db, g, child, now_ms, &c);
    if (e)
        return e;
    /* The school that the lessons were registered with keeps the report when the child has moved
     * on; the child's new school does not get the old one's. */
    *out = (struct relation){ .own = m.own,
                              .own_child = c.own_child,
                              .own_school = org_id_eq(school, g->org),
                              .own_centre = c.own_centre };
    return ERR_OK;
}
