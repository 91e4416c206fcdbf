/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading lessons: whole ones for screens, facts for admission, busy times for
 * the schedule rules. Writing is in lesson_change.c.
 */
#include "server/store/lesson.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"

/* J2 */
#define OPEN_BEFORE_MIN 10
#define CLOSE_AFTER_MIN 5

/* When the mentor, or a child of it, is next expected: the first start behind l's end, within the
 * hour, the longest close_after that a policy allows. */
#define NEXT_STARTS                                                                                \
    "(SELECT min(n.start_ms) FROM lesson n WHERE n.mentor = l.mentor AND n.start_ms >= l.end_ms "  \
    "AND n.start_ms < l.end_ms + 3600000 AND n.id <> l.id AND n.state NOT IN "                     \
    "('planned', 'cancelled', 'rescheduled', 'needs_substitute')), "                               \
    "(SELECT min(n.start_ms) FROM lesson_child mine JOIN lesson_child other "                      \
    "ON other.child = mine.child AND other.start_ms >= l.end_ms "                                  \
    "AND other.start_ms < l.end_ms + 3600000 AND other.lesson <> mine.lesson "                     \
    "JOIN lesson n ON n.id = other.lesson WHERE mine.lesson = l.id "                               \
    "AND n.state NOT IN ('planned', 'cancelled', 'rescheduled'))"
#define LESSON_COLUMNS                                                                             \
    "l.id, l.state, v.state, l.start_ms, l.end_ms, m.user_id, l.org, l.version, l.mentor, "        \
    "l.planned_mentor, mu.name, mu.short_name, mu.animal, l.subject, s.code, s.colour, "           \
    "COALESCE(gt.kind, l.kind), COALESCE(gt.title, ''), gt.lesson IS NOT NULL, "                   \
    "(SELECT count(*) FROM invitation i WHERE i.lesson = l.id), l.tz, "                            \
    "l.state_ms, l.reason, l.side, l.make_up_of, l.moved_to, l.seq, l.rev, "                       \
    "(SELECT a.outcome FROM attendance a WHERE a.lesson = l.id ORDER BY a.run DESC LIMIT "         \
    "1), " NEXT_STARTS
/* CROSS JOIN: first the lessons, then their versions, of which ten years make hundreds. */
#define LESSON_FROM                                                                                \
    " FROM lesson l CROSS JOIN schedule_version v ON v.id = l.version JOIN mentor m ON m.id = "    \
    "l.mentor "                                                                                    \
    "JOIN \"user\" mu ON mu.id = m.user_id JOIN subject s ON s.id = l.subject "                    \
    "LEFT JOIN gathering gt ON gt.lesson = l.id "

static void read_state(struct query *q, enum lesson_state *out)
{
    char name[24];

    row_text(q, name, sizeof name);
    if (!lesson_state_parse(name, out))
        query_blame(q);
}

static void read_published(struct query *q, struct lesson_facts *f)
{
    char name[16];

    row_text(q, name, sizeof name);
    /* A superseded version's lessons that were held stay what they were. */
    f->published = strcmp(name, "published") == 0;
}

void row_side(struct query *q, enum side *out)
{
    char name[16];

    row_text(q, name, sizeof name);
    *out = SIDE_NONE;
    if (!q->err && strcmp(name, side_name(SIDE_NONE)) != 0 && !side_parse(name, out))
        query_blame(q);
}

static void read_outcome(struct query *q, struct lesson *l)
{
    char name[24];

    row_text(q, name, sizeof name);
    l->computed = name[0] != '\0';
    l->outcome = OUTCOME_NOT_HELD;
    if (l->computed && !outcome_parse(name, &l->outcome))
        query_blame(q);
}

/* NEXT_STARTS; LESSON_NO_NEXT_MS for none. */
struct next_starts {
    int64_t mentor, child;
};

static struct next_starts read_next(struct query *q)
{
    struct next_starts n;

    n.mentor = row_int_or(q, LESSON_NO_NEXT_MS);
    n.child = row_int_or(q, LESSON_NO_NEXT_MS);
    return n;
}

static void read_lesson(struct query *q, struct lesson *l)
{
    *l = (struct lesson){ 0 };
    l->facts.id.v = row_int(q);
    read_state(q, &l->facts.state);
    read_published(q, &l->facts);
    l->facts.start_ms = row_int(q);
    l->facts.end_ms = row_int(q);
    l->facts.mentor.v = row_int(q);
    l->org.v = row_int(q);
    l->version = row_int(q);
    l->mentor.v = row_int(q);
    l->planned_mentor.v = row_int(q);
    row_text(q, l->mentor_name, sizeof l->mentor_name);
    row_text(q, l->mentor_short, sizeof l->mentor_short);
    row_text(q, l->mentor_animal, sizeof l->mentor_animal);
    l->subject_id = row_int(q);
    row_text(q, l->subject, sizeof l->subject);
    l->subject_colour = (int)row_int(q);
    row_text(q, l->kind, sizeof l->kind);
    row_text(q, l->title, sizeof l->title);
    l->facts.gathering = row_bool(q);
    l->facts.guests_n = (int)row_int(q);
    row_text(q, l->tz, sizeof l->tz);
    l->state_ms = row_int(q);
    row_text(q, l->reason, sizeof l->reason);
    row_side(q, &l->side);
    l->make_up_of.v = row_int(q);
    l->moved_to.v = row_int(q);
    l->seq = (int)row_int(q);
    l->rev = row_int(q);
    read_outcome(q, l);
}

static enum err load_seats(struct db *db, struct lesson *l)
{
    struct query q = query_on(db, "SELECT c.id, c.user_id, lc.school, c.grade, u.name, "
                                  "u.short_name, u.animal FROM lesson_child lc "
                                  "JOIN child c ON c.id = lc.child "
                                  "JOIN \"user\" u ON u.id = c.user_id "
                                  "WHERE lc.lesson = $1 ORDER BY c.id");

    query_int(&q, l->facts.id.v);
    while (query_row(&q)) {
        struct lesson_seat *s = &l->seats[l->seats_n];

        if (l->seats_n == LESSON_CHILDREN_MAX) {
            query_blame(&q);
            break;
        }
        s->child.v = row_int(&q);
        s->user.v = row_int(&q);
        s->school.v = row_int(&q);
        s->grade = (int)row_int(&q);
        row_text(&q, s->name, sizeof s->name);
        row_text(&q, s->short_name, sizeof s->short_name);
        row_text(&q, s->animal, sizeof s->animal);
        l->facts.children[l->seats_n++] = s->user;
    }
    l->facts.children_n = l->seats_n;
    return query_end(&q);
}

/* The settings of one moment and centre; a list asks them once for all lessons of a slot. */
struct slot_policy {
    struct org_id org;
    int64_t start_ms;
    int64_t open_min, close_min;
    int64_t screen_limit_ms[SCHEDULE_GRADES];
    bool screen_known[SCHEDULE_GRADES];
};

static enum err slot_policy(struct db *db, const struct lesson_facts *f, struct org_id org,
                            int grade, struct slot_policy *p)
{
    enum err e = ERR_OK;

    if (!org_id_eq(p->org, org) || p->start_ms != f->start_ms) {
        *p = (struct slot_policy){ .org = org, .start_ms = f->start_ms };
        e = policy_int(db, org, "lesson.open_before_min", f->start_ms, 0, 60, OPEN_BEFORE_MIN,
                       &p->open_min);
        if (!e)
            e = policy_int(db, org, "lesson.close_after_min", f->start_ms, 0, 60, CLOSE_AFTER_MIN,
                           &p->close_min);
    }
    if (!e && !p->screen_known[grade]) {
        e = policy_screen_limit(db, org, f->start_ms, grade, &p->screen_limit_ms[grade]);
        p->screen_known[grade] = !e;
    }
    if (e)
        p->org.v = 0; /* half read */
    return e;
}

/* The window and the screen limit, by the settings that are valid on the lesson's day. */
static enum err load_window(struct db *db, struct lesson_facts *f, struct org_id org, int grade,
                            const struct next_starts *next, struct slot_policy *p)
{
    enum err e;

    grade = grade < 0 ? 0 : grade >= SCHEDULE_GRADES ? SCHEDULE_GRADES - 1 : grade;
    e = slot_policy(db, f, org, grade, p);
    if (e)
        return e;
    /* R6 is for children */
    f->screen_limit_ms = f->gathering ? 0 : p->screen_limit_ms[grade];
    f->open_before_ms = p->open_min * MS_PER_MIN;
    f->close_after_ms =
        lesson_close_after(f->end_ms, p->close_min * MS_PER_MIN, next->mentor, next->child);
    return ERR_OK;
}

static int youngest_grade(const struct lesson *l)
{
    int grade = 11;

    for (int i = 0; i < l->seats_n; i++)
        if (l->seats[i].grade < grade)
            grade = l->seats[i].grade;
    return grade;
}

static enum err complete(struct db *db, struct lesson *l, const struct next_starts *next,
                         struct slot_policy *p)
{
    enum err e = load_seats(db, l);

    return e ? e : load_window(db, &l->facts, l->org, youngest_grade(l), next, p);
}

enum err lesson_load(struct db *db, struct lesson_id id, struct lesson *out)
{
    struct query q = query_on(db, "SELECT " LESSON_COLUMNS LESSON_FROM "WHERE l.id = $1");
    struct next_starts next = { 0 };
    struct slot_policy p = { 0 };
    enum err e;

    query_int(&q, id.v);
    if (query_row(&q)) {
        read_lesson(&q, out);
        next = read_next(&q);
    }
    e = query_end_found(&q);
    return e ? e : complete(db, out, &next, &p);
}

enum err lesson_facts_load(struct db *db, struct lesson_id id, struct lesson_facts *out)
{
    struct query q =
        query_on(db, "SELECT l.state, v.state, l.start_ms, l.end_ms, m.user_id, l.org, "
                     "EXISTS (SELECT 1 FROM gathering g WHERE g.lesson = l.id), "
                     "(SELECT count(*) FROM invitation i WHERE i.lesson = l.id), " NEXT_STARTS
                     " FROM lesson l JOIN schedule_version v ON v.id = l.version "
                     "JOIN mentor m ON m.id = l.mentor WHERE l.id = $1");
    struct lesson_facts f = { .id = id };
    struct next_starts next = { 0 };
    struct slot_policy p = { 0 };
    struct org_id org = { 0 };
    int grade = 11;
    enum err e;

    query_int(&q, id.v);
    if (query_row(&q)) {
        read_state(&q, &f.state);
        read_published(&q, &f);
        f.start_ms = row_int(&q);
        f.end_ms = row_int(&q);
        f.mentor.v = row_int(&q);
        org.v = row_int(&q);
        f.gathering = row_bool(&q);
        f.guests_n = (int)row_int(&q);
        next = read_next(&q);
    }
    e = query_end_found(&q);
    if (e)
        return e;
    q = query_on(db, "SELECT c.user_id, c.grade FROM lesson_child lc "
                     "JOIN child c ON c.id = lc.child WHERE lc.lesson = $1 ORDER BY c.id");
    query_int(&q, id.v);
    while (query_row(&q)) {
        int g;

        if (f.children_n == LESSON_CHILDREN_MAX) {
            query_blame(&q);
            break;
        }
        f.children[f.children_n++].v = row_int(&q);
        g = (int)row_int(&q);
        grade = g < grade ? g : grade;
    }
    e = query_end(&q);
    if (!e)
        e = load_window(db, &f, org, grade, &next, &p);
    if (!e)
        *out = f;
    return e;
}

/* One list, asked in four ways: by the narrowest key that has an index over time. narrow says which
 * lessons can be of the list; whether they are, the filters behind it say. */
#define LESSONS_OF(narrow)                                                                         \
    "SELECT " LESSON_COLUMNS LESSON_FROM "WHERE gt.lesson IS NULL AND " narrow                     \
    " AND +l.start_ms >= $7 AND +l.start_ms < $8 "                                                 \
    "AND ($9 = 1 OR l.state <> 'planned') AND ($1 = 0 OR m.user_id = $1 OR EXISTS ("               \
    "SELECT 1 FROM lesson_child lc JOIN child c ON c.id = lc.child "                               \
    "WHERE lc.lesson = l.id AND c.user_id = $1)) AND ($2 = 0 OR EXISTS ("                          \
    "SELECT 1 FROM lesson_child lc JOIN guardian_link g ON g.child = lc.child "                    \
    "WHERE lc.lesson = l.id AND g.user_id = $2 AND g.from_ms <= $7 "                               \
    "AND (g.to_ms IS NULL OR g.to_ms > $7))) AND ($3 = 0 OR EXISTS ("                              \
    "SELECT 1 FROM lesson_child lc WHERE lc.lesson = l.id AND lc.child = $3)) "                    \
    "AND ($4 = 0 OR l.mentor = $4) AND ($5 = 0 OR l.org = $5) AND ($6 = 0 OR EXISTS ("             \
    "SELECT 1 FROM lesson_child lc WHERE lc.lesson = l.id AND lc.school = $6)) "                   \
    "ORDER BY l.start_ms, l.id"
#define SEATS_IN_TIME "lc.start_ms >= $7 AND lc.start_ms < $8"

static struct query lessons_of(struct db *db, const struct lesson_filter *f)
{
    if (f->child.v)
        return query_on(db, LESSONS_OF("l.id IN (SELECT lc.lesson FROM lesson_child lc "
                                       "WHERE lc.child = $3 AND " SEATS_IN_TIME ")"));
    if (f->user.v)
        return query_on(db, LESSONS_OF("l.id IN (SELECT x.id FROM mentor t JOIN lesson x "
                                       "ON x.mentor = t.id WHERE t.user_id = $1 "
                                       "AND x.start_ms >= $7 AND x.start_ms < $8 "
                                       "UNION ALL SELECT lc.lesson FROM child t "
                                       "JOIN lesson_child lc ON lc.child = t.id "
                                       "WHERE t.user_id = $1 AND " SEATS_IN_TIME ")"));
    if (f->guardian.v)
        return query_on(db, LESSONS_OF("l.id IN (SELECT lc.lesson FROM guardian_link t "
                                       "JOIN lesson_child lc ON lc.child = t.child "
                                       "WHERE t.user_id = $2 AND " SEATS_IN_TIME ")"));
    if (f->mentor.v)
        return query_on(db, LESSONS_OF("l.id IN (SELECT x.id FROM lesson x WHERE x.mentor = $4 "
                                       "AND x.start_ms >= $7 AND x.start_ms < $8)"));
    return query_on(db, LESSONS_OF("l.id IN (SELECT x.id FROM lesson x WHERE x.start_ms >= $7 "
                                   "AND x.start_ms < $8)"));
}

enum err lesson_list(struct db *db, const struct lesson_filter *f, struct lesson_list *out)
{
    struct query q = lessons_of(db, f);
    struct lesson_list l = { 0 };
    struct slot_policy p = { 0 };
    struct lesson *item;
    enum err e;

    query_int(&q, f->user.v);
    query_int(&q, f->guardian.v);
    query_int(&q, f->child.v);
    query_int(&q, f->mentor.v);
    query_int(&q, f->centre.v);
    query_int(&q, f->school.v);
    query_int(&q, f->from_ms);
    query_int(&q, f->to_ms);
    query_int(&q, f->with_planned);
    while (QUERY_NEXT(&q, &l, item)) {
        struct next_starts next;

        read_lesson(&q, item);
        next = read_next(&q);
        if (!q.err)
            q.err = complete(db, item, &next, &p);
    }
    e = query_end(&q);
    if (e)
        lesson_list_free(&l);
    else
        *out = l;
    return e;
}

void lesson_list_free(struct lesson_list *l)
{
    mem_free(l->items);
    *l = (struct lesson_list){ 0 };
}

/* ---- busy times ------------------------------------------------------------------------- */

static enum err booked_children(struct db *db, struct booked_lesson *b)
{
    struct query q = query_on(db, "SELECT c.user_id, lc.school FROM lesson_child lc "
                                  "JOIN child c ON c.id = lc.child WHERE lc.lesson = $1");

    query_int(&q, b->id.v);
    while (b->children_n < LESSON_CHILDREN_MAX && query_row(&q)) {
        b->children[b->children_n].v = row_int(&q);
        b->schools[b->children_n++].v = row_int(&q);
    }
    return query_end(&q);
}

static bool listed(const struct booked_list *l, int64_t id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->items[i].id.v == id)
            return true;
    return false;
}

/* Adds what q yields (BOOKED_COLUMNS) and is not there yet. */
static enum err add_booked(struct db *db, struct query *q, struct booked_list *l)
{
    while (query_row(q)) {
        struct booked_lesson *grown, b = { 0 };

        b.id.v = row_int(q);
        read_state(q, &b.state);
        b.start_ms = row_int(q);
        b.end_ms = row_int(q);
        b.mentor.v = row_int(q);
        b.subject = row_int(q);
        b.make_up = row_bool(q);
        b.lost = row_bool(q);
        if (listed(l, b.id.v))
            continue;
        grown = store_grow(l->items, l->n, sizeof *l->items);
        if (!query_room(q, grown))
            break;
        l->items = grown;
        if (!q->err)
            q->err = booked_children(db, &b);
        l->items[l->n++] = b;
    }
    return query_end(q);
}

#define BOOKED_COLUMNS                                                                             \
    "l.id, l.state, l.start_ms, l.end_ms, m.user_id, l.subject, l.make_up_of IS NOT NULL, "        \
    "COALESCE(l.state IN ('computed', 'disputed', 'confirmed', 'locked') AND (SELECT a.outcome "   \
    "FROM attendance a WHERE a.lesson = l.id ORDER BY a.run DESC LIMIT 1) "                        \
    "NOT IN ('held', 'partial'), 0)"
/* What the draft takes off the timetable is in nobody's way. */
#define TAKEN_OFF "AND l.id NOT IN (SELECT lesson FROM draft_change WHERE version = $4) "

enum err booked_with_draft(struct db *db, int64_t draft, struct mentor_id mentor,
                           const struct child_id *children, int children_n, int64_t from_ms,
                           int64_t to_ms, struct booked_list *out)
{
    struct query q = query_on(db, "SELECT " BOOKED_COLUMNS " FROM lesson l "
                                  "JOIN mentor m ON m.id = l.mentor WHERE l.mentor = $1 "
                                  "AND l.start_ms > $2 - 86400000 AND l.start_ms < $3 "
                                  "AND l.end_ms > $2 "
                                  "AND (l.state NOT IN ('planned', 'cancelled', 'rescheduled') "
                                  "OR (l.state = 'planned' AND l.version = $4)) " TAKEN_OFF
                                  "ORDER BY l.start_ms");
    struct booked_list l = { 0 };
    enum err e;

    query_int(&q, mentor.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    query_int(&q, draft);
    e = add_booked(db, &q, &l);
    for (int i = 0; !e && i < children_n; i++) {
        q = query_on(db, "SELECT " BOOKED_COLUMNS " FROM lesson_child lc "
                         "JOIN lesson l ON l.id = lc.lesson JOIN mentor m ON m.id = l.mentor "
                         "WHERE lc.child = $1 AND lc.start_ms > $2 - 86400000 "
                         "AND lc.start_ms < $3 AND l.end_ms > $2 "
                         "AND (l.state NOT IN ('planned', 'cancelled', 'rescheduled') "
                         "OR (l.state = 'planned' AND l.version = $4)) " TAKEN_OFF
                         "ORDER BY l.start_ms");
        query_int(&q, children[i].v);
        query_int(&q, from_ms);
        query_int(&q, to_ms);
        query_int(&q, draft);
        e = add_booked(db, &q, &l);
    }
    if (e)
        booked_list_free(&l);
    else
        *out = l;
    return e;
}

enum err booked_list(struct db *db, struct mentor_id mentor, const struct child_id *children,
                     int children_n, int64_t from_ms, int64_t to_ms, struct booked_list *out)
{
    return booked_with_draft(db, 0, mentor, children, children_n, from_ms, to_ms, out);
}

void booked_list_free(struct booked_list *l)
{
    mem_free(l->items);
    *l = (struct booked_list){ 0 };
}
