/* SPDX-License-Identifier: Apache-2.0
 *
 * Marks of lessons: the register of their changes, what closes them, a
 * child's marks; see sheet.h.
 */
#include "common/base/mem.h"
#include "server/domain/day.h"
#include "server/store/org.h"
#include "server/store/paper.h"
#include "server/store/programme.h"
#include "server/store/sheet.h"

/* "" is no mark. */
static void row_mark(struct query *q, enum mark_value *out)
{
    char word[17];

    row_text(q, word, sizeof word);
    *out = MARK_NONE;
    if (word[0] && !mark_value_parse(word, out))
        query_blame(q);
}

/* ---- the register ------------------------------------------------------------------------ */

enum err mark_change_add(struct db *db, struct lesson_id lesson, struct child_id child,
                         enum mark_value was, enum mark_value now, const char *reason,
                         int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO mark_change (lesson, child, old_mark, new_mark, "
                                  "reason, at_ms, by_user) VALUES ($1, $2, $3, $4, $5, $6, $7)");

    query_int(&q, lesson.v);
    query_int(&q, child.v);
    query_text(&q, mark_value_name(was));
    query_text(&q, mark_value_name(now));
    query_text(&q, reason);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_run(&q);
}

enum err mark_change_list(struct db *db, struct lesson_id lesson, struct mark_change_list *out)
{
    struct query q = query_on(db, "SELECT child, old_mark, new_mark, reason, at_ms, by_user "
                                  "FROM mark_change WHERE lesson = $1 ORDER BY id");
    struct mark_change_list l = { 0 };
    struct mark_change *m;
    enum err e;

    query_int(&q, lesson.v);
    while (QUERY_NEXT(&q, &l, m)) {
        m->child.v = row_int(&q);
        row_mark(&q, &m->was);
        row_mark(&q, &m->now);
        row_text(&q, m->reason, sizeof m->reason);
        m->at_ms = row_int(&q);
        m->by.v = row_int(&q);
    }
    e = query_end(&q);
    if (e)
        mark_change_list_free(&l);
    else
        *out = l;
    return e;
}

void mark_change_list_free(struct mark_change_list *l)
{
    mem_free(l->items);
    *l = (struct mark_change_list){ 0 };
}

/* ---- what a mark hangs on ---------------------------------------------------------------- */

/* The local day of the lesson for the child's school, and in whose sheet it stands. */
static enum err lesson_day(struct db *db, struct lesson_id lesson, struct child_id child,
                           int64_t ids[2], int64_t *day)
{
    struct query q =
        query_on(db, "SELECT l.planned_mentor, lc.school, l.start_ms, o.tz FROM lesson l "
                     "JOIN lesson_child lc ON lc.lesson = l.id "
                     "JOIN org o ON o.id = lc.school "
                     "WHERE l.id = $1 AND lc.child = $2");
    char tz[ZONE_NAME_MAX] = "";
    int64_t start = 0;
    enum err e;

    query_int(&q, lesson.v);
    query_int(&q, child.v);
    if (query_row(&q)) {
        ids[0] = row_int(&q);
        ids[1] = row_int(&q);
        start = row_int(&q);
        row_text(&q, tz, sizeof tz);
    }
    e = query_end_found(&q);
    return e ? e : day_in_zone(tz, start, day);
}

enum err lesson_mark_closed(struct db *db, struct lesson_id lesson, struct child_id child,
                            bool *out)
{
    struct query q;
    char text[DAY_TEXT_BYTES];
    int64_t ids[2] = { 0, 0 }, day = 0;
    enum err e = lesson_day(db, lesson, child, ids, &day);

    *out = false;
    if (e)
        return e == ERR_NOTFOUND ? ERR_OK : e; /* of no school: in no sheet */
    day_write(day, text);
    q = query_on(db, "SELECT 1 FROM mark_sheet s WHERE s.mentor = $1 AND s.child = $2 "
                     "AND s.school = $3 AND s.from_date <= $4 AND s.to_date >= $4 "
                     "AND s.state IN ('submitted', 'accepted') AND NOT EXISTS ("
                     "SELECT 1 FROM mark_sheet n WHERE n.mentor = s.mentor AND n.child = s.child "
                     "AND n.school = s.school AND n.kind = s.kind AND n.from_date = s.from_date "
                     "AND n.version > s.version) LIMIT 1");
    query_int(&q, ids[0]);
    query_int(&q, child.v);
    query_int(&q, ids[1]);
    query_text(&q, text);
    *out = query_row(&q);
    return query_end(&q);
}

enum err lesson_mark_line(struct db *db, struct child_id child, int64_t subject, const char *tz,
                          int64_t start_ms, bool *out)
{
    struct approved_list l = { 0 };
    int64_t day = 0;
    enum err e = day_in_zone(tz, start_ms, &day);

    *out = false;
    if (!e)
        e = approved_lines(db, child, &l);
    for (size_t i = 0; !e && i < l.n; i++) {
        const struct approved_line *line = &l.items[i].line;

        *out |= line->subject == subject && day >= line->days.first && day <= line->days.last;
    }
    approved_list_free(&l);
    return e;
}

/* ---- a child's marks --------------------------------------------------------------------- */

static enum err list_end(struct query *q, struct child_mark_list *l, struct child_mark_list *out)
{
    enum err e = query_end(q);

    if (e)
        child_mark_list_free(l);
    else
        *out = *l;
    return e;
}

enum err child_marks_of_lessons(struct db *db, struct child_id child, int64_t from_ms,
                                int64_t to_ms, struct child_mark_list *out)
{
    struct query q = query_on(db, "SELECT s.code, l.id, l.start_ms, n.mark FROM lesson_note n "
                                  "JOIN lesson l ON l.id = n.lesson "
                                  "JOIN subject s ON s.id = l.subject WHERE n.child = $1 "
                                  "AND n.mark <> '' AND l.start_ms >= $2 AND l.start_ms < $3 "
                                  "ORDER BY s.code, l.start_ms, l.id");
    struct child_mark_list l = { 0 };
    struct child_mark_row *r;

    query_int(&q, child.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    while (QUERY_NEXT(&q, &l, r)) {
        row_text(&q, r->subject, sizeof r->subject);
        r->lesson.v = row_int(&q);
        r->start_ms = row_int(&q);
        row_mark(&q, &r->value);
    }
    return list_end(&q, &l, out);
}

enum err child_marks_of_terms(struct db *db, struct child_id child, int64_t from_day,
                              struct child_mark_list *out)
{
    struct query q = query_on(
        db, "SELECT j.code, s.kind, s.from_date, s.to_date, m.mark, m.reason FROM mark_sheet s "
            "JOIN sheet_mark m ON m.sheet = s.id JOIN subject j ON j.id = m.subject "
            "WHERE s.child = $1 AND s.state = 'accepted' AND s.to_date >= $2 AND NOT EXISTS ("
            "SELECT 1 FROM mark_sheet n WHERE n.mentor = s.mentor AND n.child = s.child "
            "AND n.school = s.school AND n.kind = s.kind AND n.from_date = s.from_date "
            "AND n.state = 'accepted' AND n.version > s.version) "
            "ORDER BY j.code, s.to_date, s.kind, s.id");
    struct child_mark_list l = { 0 };
    struct child_mark_row *r;
    char first[DAY_TEXT_BYTES];

    day_write(from_day, first);
    query_int(&q, child.v);
    query_text(&q, first);
    while (QUERY_NEXT(&q, &l, r)) {
        char word[16];

        row_text(&q, r->subject, sizeof r->subject);
        row_text(&q, word, sizeof word);
        if (!marks_term_parse(word, &r->kind))
            query_blame(&q);
        r->first_day = row_day(&q);
        r->last_day = row_day(&q);
        row_mark(&q, &r->value);
        row_text(&q, r->reason, sizeof r->reason);
    }
    return list_end(&q, &l, out);
}

void child_mark_list_free(struct child_mark_list *l)
{
    mem_free(l->items);
    *l = (struct child_mark_list){ 0 };
}

/* ---- settings ---------------------------------------------------------------------------- */

enum err policy_marks(struct db *db, struct org_id centre, int64_t at_ms, struct marks_policy *out)
{
    struct marks_policy p = marks_policy_default();
    const struct {
        const char *key;
        int64_t min, max;
        int *value;
    } rows[] = {
        { "marks.quarter_from", 1, 12, &p.quarter_from },
        { "marks.quarter_to", 1, 12, &p.quarter_to },
        { "marks.half_from", 1, 12, &p.half_from },
        { "marks.half_to", 1, 12, &p.half_to },
        { "marks.min_marks", 1, 50, &p.min_marks },
        { "marks.round_up_hundredths", 1, 100, &p.round_up_hundredths },
        { "marks.due_days", 0, 60, &p.due_days },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t v = *rows[i].value;
        enum err e = policy_int(db, centre, rows[i].key, at_ms, rows[i].min, rows[i].max, v, &v);

        if (e)
            return e;
        *rows[i].value = (int)v;
    }
    *out = p;
    return ERR_OK;
}
