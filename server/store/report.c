/* SPDX-License-Identifier: Apache-2.0
 *
 * The month report from the register: head, one line per lesson of the
 * schedule, and what the mentor wrote.
 */
#include "server/store/report.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/attendance.h"
#include "server/store/audit.h"
#include "server/store/child.h"
#include "server/store/lesson.h"
#include "server/store/mentor.h"
#include "server/store/org.h"

/* DOMAIN 4.3: a lesson nobody objected to is taken as confirmed. */
#define SILENT_MS (7 * MS_PER_DAY)

/* A sequence of copies into owned texts; the first failure sticks. */
static void put(enum err *e, char **dst, const char *src)
{
    if (!*e)
        *e = report_text(dst, src);
}

static bool month_text(const struct report_key *k, char out[8])
{
    return str_format(out, 8, "%04d-%02d", k->year, k->month);
}

/* ---- head ------------------------------------------------------------------------------- */

static enum err load_employment(struct db *db, const struct report_key *k, int64_t from_ms,
                                int64_t to_ms, struct month_report *r)
{
    struct query q =
        query_on(db, "SELECT order_no, week_minutes FROM employment "
                     "WHERE mentor = $1 AND school = $2 AND from_ms < $4 "
                     "AND (to_ms IS NULL OR to_ms > $3) ORDER BY from_ms DESC LIMIT 1");
    char order[65] = "";
    enum err e;

    query_int(&q, k->mentor.v);
    query_int(&q, k->school.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    if (query_row(&q)) {
        row_text(&q, order, sizeof order);
        r->hours_week_minutes = (int)row_int(&q);
    }
    e = query_end(&q);
    put(&e, &r->order_no, order);
    return e;
}

static enum err load_head(struct db *db, const struct report_key *k, struct month_report *r)
{
    struct mentor mentor;
    struct child child;
    struct org school, centre;
    char grade[8], head[2 * CHAIN_HASH_BYTES + 1] = "";
    enum err e = mentor_load(db, k->mentor, &mentor);

    if (!e)
        e = child_load(db, k->child, &child);
    if (!e)
        e = org_load(db, k->school, &school);
    if (!e)
        e = org_load(db, child.centre, &centre);
    if (!e)
        e = chain_head(db, head);
    if (e)
        return e;
    if (!str_format(grade, sizeof grade, "%d", child.grade))
        return ERR_INVAL;
    r->mentor_user = mentor.user;
    r->child_user = child.user;
    r->school_org = k->school;
    put(&e, &r->centre, centre.name);
    put(&e, &r->school, school.name);
    put(&e, &r->mentor, mentor.name);
    put(&e, &r->child, child.name);
    put(&e, &r->register_no, child.register_no);
    put(&e, &r->grade, grade);
    put(&e, &r->tz, school.tz);
    put(&e, &r->log_hash, head);
    return e;
}

static enum err load_texts(struct db *db, const struct report_key *k, struct month_report *r)
{
    struct report_texts t;
    enum err e = report_texts_load(db, k, &t);

    put(&e, &r->empty_reason, t.empty_reason);
    put(&e, &r->progress, t.progress);
    put(&e, &r->difficulties, t.difficulties);
    put(&e, &r->next_month, t.next_month);
    return e;
}

/* ---- lines ------------------------------------------------------------------------------ */

static enum err gaps_cause(unsigned bits, char **out)
{
    struct strbuf b;
    char *text = NULL;
    enum err e = ERR_OK;

    strbuf_init(&b);
    for (int c = LEAVE_STILL_IN; c <= LEAVE_WINDOW_END; c++) {
        if (bits & 1u << c) {
            strbuf_puts(&b, b.len ? ", " : "");
            strbuf_puts(&b, leave_cause_name((enum leave_cause)c));
        }
    }
    if (b.len)
        e = strbuf_take(&b, &text);
    strbuf_deinit(&b);
    put(&e, out, text);
    mem_free(text);
    return e;
}

static enum err find_make_up(struct db *db, struct lesson_id of, struct lesson_id *out)
{
    struct query q = query_on(db, "SELECT id FROM lesson WHERE make_up_of = $1 "
                                  "AND state NOT IN ('planned', 'cancelled', 'rescheduled') "
                                  "ORDER BY start_ms LIMIT 1");

    query_int(&q, of.v);
    if (query_row(&q))
        out->v = row_int(&q);
    return query_end(&q);
}

/* What was computed, for this child. */
static enum err line_attendance(struct db *db, struct child_id child, struct report_line *line,
                                int64_t now_ms)
{
    struct lesson_record rec;
    struct confirmation word;
    const struct child_record *c = NULL;
    enum err e = attendance_load(db, line->lesson, &rec);

    if (e)
        return e == ERR_NOTFOUND ? ERR_OK : e; /* over, not computed yet: still AHEAD */
    for (int i = 0; i < rec.children_n; i++)
        if (child_id_eq(rec.children[i].child, child))
            c = &rec.children[i];
    if (!c)
        return ERR_DB;
    line->status = LINE_OVER;
    line->outcome = c->outcome;
    line->code = c->code;
    line->amended = c->code != c->auto_code;
    line->first_contact_ms = c->first_contact_ms == INT64_MIN ? 0 : c->first_contact_ms;
    line->last_contact_ms = c->last_contact_ms == INT64_MIN ? 0 : c->last_contact_ms;
    line->contact_ms = c->contact_ms;
    line->percent_tenths = c->percent_tenths;
    line->late_ms = c->at.late_ms;
    line->early_ms = c->at.early_ms;
    line->mentor_late_ms = rec.mentor.late_ms;
    line->gaps = c->at.gaps;
    line->gaps_ms = c->at.gaps_ms;
    line->uncertain_ms = c->uncertain_ms;
    line->screen_ms = c->screen_ms;
    line->credit_quarters = rec.credit_quarters;
    line->waited = rec.waited;
    e = gaps_cause(c->at.gap_causes, &line->gaps_cause);
    if (!e)
        e = confirmation_load(db, line->lesson, child, &word);
    if (!e) {
        line->family = word.word;
        if (word.word == FAMILY_OPEN && now_ms - rec.computed_ms >= SILENT_MS)
            line->family = FAMILY_SILENT;
    }
    return e;
}

/* Reason and paper of the newest human code. */
static enum err line_amendment(struct db *db, struct child_id child, struct report_line *line)
{
    struct amendment_list l = { 0 };
    enum err e = amendment_list(db, line->lesson, child, &l);

    if (!e && l.n > 0) {
        put(&e, &line->reason, l.items[l.n - 1].reason);
        put(&e, &line->document_no, l.items[l.n - 1].document_no);
        line->amended = true;
    }
    amendment_list_free(&l);
    return e;
}

static enum err line_note(struct db *db, struct child_id child, struct report_line *line)
{
    struct lesson_note note;
    enum err e = note_load(db, line->lesson, child, &note);

    put(&e, &line->topic, note.topic);
    put(&e, &line->homework, note.homework);
    put(&e, &line->mark, note.mark);
    return e;
}

struct row {
    struct lesson_id id;
    int64_t start_ms, end_ms;
    enum lesson_state state;
    enum side side;
    struct lesson_id make_up_of;
    char subject[161];
    char reason[LESSON_REASON_MAX + 1];
};

struct row_list {
    struct row *items; /* owned */
    size_t n;
};

static enum err load_rows(struct db *db, const struct report_key *k, int64_t from_ms, int64_t to_ms,
                          struct row_list *out)
{
    struct query q = query_on(db, "SELECT l.id, l.start_ms, l.end_ms, l.state, l.side, "
                                  "l.make_up_of, l.reason, CASE $6 WHEN 'ru' THEN s.name_ru "
                                  "WHEN 'en' THEN s.name_en ELSE s.code END "
                                  "FROM lesson l JOIN lesson_child lc ON lc.lesson = l.id "
                                  "JOIN subject s ON s.id = l.subject "
                                  "WHERE l.mentor = $1 AND lc.child = $2 AND lc.school = $3 "
                                  "AND l.start_ms >= $4 AND l.start_ms < $5 "
                                  "AND l.state <> 'planned' AND l.kind <> 'practice' "
                                  "ORDER BY l.start_ms, l.id");
    struct row *r;

    query_int(&q, k->mentor.v);
    query_int(&q, k->child.v);
    query_int(&q, k->school.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    query_text(&q, k->locale);
    while (QUERY_NEXT(&q, out, r)) {
        char word[24];

        r->id.v = row_int(&q);
        r->start_ms = row_int(&q);
        r->end_ms = row_int(&q);
        row_text(&q, word, sizeof word);
        if (!lesson_state_parse(word, &r->state))
            query_blame(&q);
        row_side(&q, &r->side);
        r->make_up_of.v = row_int(&q);
        row_text(&q, r->reason, sizeof r->reason);
        row_text(&q, r->subject, sizeof r->subject);
    }
    return query_end(&q);
}

static enum err add_line(struct db *db, const struct report_key *k, const struct row *row,
                         int64_t now_ms, struct month_report *r)
{
    struct report_line *line;
    enum err e = month_report_add(r, &line);

    if (e)
        return e;
    line->lesson = row->id;
    line->start_ms = row->start_ms;
    line->end_ms = row->end_ms;
    line->side = row->side;
    line->make_up_of = row->make_up_of;
    line->status = row->state == LESSON_CANCELLED     ? LINE_CANCELLED
                   : row->state == LESSON_RESCHEDULED ? LINE_MOVED
                                                      : LINE_AHEAD;
    put(&e, &line->subject, row->subject);
    put(&e, &line->reason, row->reason);
    if (!e && line->status == LINE_AHEAD)
        e = line_attendance(db, k->child, line, now_ms);
    if (!e && line->status == LINE_OVER)
        e = line_amendment(db, k->child, line);
    if (!e)
        e = line_note(db, k->child, line);
    if (!e)
        e = find_make_up(db, row->id, &line->make_up_by);
    return e;
}

static enum err known_pair(struct db *db, const struct report_key *k)
{
    struct query q = query_on(
        db, "SELECT 1 WHERE EXISTS (SELECT 1 FROM assignment a JOIN child c ON c.id = a.child "
            "WHERE a.mentor = $1 AND a.child = $2 AND c.org_school = $3) OR EXISTS ("
            "SELECT 1 FROM lesson_child lc JOIN lesson l ON l.id = lc.lesson "
            "WHERE lc.child = $2 AND l.mentor = $1 AND lc.school = $3)");

    query_int(&q, k->mentor.v);
    query_int(&q, k->child.v);
    query_int(&q, k->school.v);
    query_row(&q);
    return query_end_found(&q);
}

enum err report_load(struct db *db, const struct report_key *key, int64_t now_ms,
                     struct month_report *out)
{
    struct month_report r;
    struct row_list rows = { 0 };
    int64_t from_ms = 0, to_ms = 0;
    enum err e;

    month_report_init(&r);
    r.year = key->year;
    r.month = key->month;
    r.version = 1;
    r.algo_version = ATTENDANCE_ALGO_VERSION;
    r.printed_ms = now_ms;
    e = known_pair(db, key);
    if (!e)
        e = load_head(db, key, &r);
    if (!e)
        e = report_month_bounds(r.tz, key->year, key->month, &from_ms, &to_ms);
    if (!e)
        e = load_employment(db, key, from_ms, to_ms, &r);
    if (!e)
        e = load_rows(db, key, from_ms, to_ms, &rows);
    for (size_t i = 0; !e && i < rows.n; i++)
        e = add_line(db, key, &rows.items[i], now_ms, &r);
    if (!e)
        e = load_texts(db, key, &r);
    if (!e && rows.n == 0 && !r.empty_reason)
        e = report_text(&r.empty_reason, "no lessons on the schedule");
    if (!e)
        e = month_report_close(&r);
    mem_free(rows.items);
    if (e)
        month_report_deinit(&r);
    else
        *out = r;
    return e;
}

/* ---- which reports there are ------------------------------------------------------------ */

/* The months of schools in different zones begin at different instants: the query takes a day more
 * on both sides and each lesson is asked for its own month. *any is set, never cleared. */
static enum err count_lessons(struct db *db, struct report_head *h, const char *tz, bool *any)
{
    struct query q = query_on(db, "SELECT l.start_ms, l.state FROM lesson l "
                                  "JOIN lesson_child lc ON lc.lesson = l.id WHERE l.mentor = $1 "
                                  "AND lc.child = $2 AND lc.school = $3 AND l.start_ms >= $4 "
                                  "AND l.start_ms < $5 AND l.kind <> 'practice' "
                                  "AND l.state NOT IN ('planned', 'rescheduled')");
    int64_t from_ms = 0, to_ms = 0;
    enum err e = report_month_bounds(tz, h->key.year, h->key.month, &from_ms, &to_ms);

    query_int(&q, h->key.mentor.v);
    query_int(&q, h->key.child.v);
    query_int(&q, h->key.school.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    while (!e && query_row(&q)) {
        enum lesson_state state = LESSON_PLANNED;
        char word[24];

        row_skip(&q);
        row_text(&q, word, sizeof word);
        if (!lesson_state_parse(word, &state))
            query_blame(&q);
        h->lessons++;
        h->disputed += state == LESSON_DISPUTED;
        h->ahead += state != LESSON_DISPUTED && state != LESSON_COMPUTED &&
                    state != LESSON_CONFIRMED && state != LESSON_LOCKED &&
                    state != LESSON_CANCELLED;
        *any = true;
    }
    if (e) {
        enum err closed = query_end(&q);

        return closed ? closed : e;
    }
    return query_end(&q);
}

enum err report_list(struct db *db, const struct report_filter *f, struct report_head_list *out)
{
    struct query q = query_on(
        db, "SELECT p.mentor, p.child, p.school, MAX(p.assigned), mu.name, cu.name, o.name, o.tz "
            "FROM (SELECT l.mentor AS mentor, lc.child AS child, lc.school AS school, "
            "l.org AS centre, 0 AS assigned FROM lesson l JOIN lesson_child lc ON lc.lesson = l.id "
            "WHERE l.start_ms >= $5 AND l.start_ms < $6 "
            "AND l.state NOT IN ('planned', 'rescheduled') AND l.kind <> 'practice' "
            "UNION ALL SELECT a.mentor, a.child, c.org_school, c.centre, 1 FROM assignment a "
            "JOIN child c ON c.id = a.child WHERE $7 = 1 AND a.from_ms < $9 "
            "AND (a.to_ms IS NULL OR a.to_ms > $8)) p "
            "JOIN mentor m ON m.id = p.mentor JOIN \"user\" mu ON mu.id = m.user_id "
            "JOIN child c ON c.id = p.child JOIN \"user\" cu ON cu.id = c.user_id "
            "JOIN org o ON o.id = p.school WHERE ($1 = 0 OR p.mentor = $1) "
            "AND ($2 = 0 OR p.child = $2) AND ($3 = 0 OR p.school = $3) "
            "AND ($4 = 0 OR p.centre = $4) "
            "GROUP BY p.mentor, p.child, p.school, mu.name, cu.name, o.name, o.tz "
            "ORDER BY o.name, cu.name, mu.name, p.mentor, p.child");
    struct report_head_list l = { 0 };
    struct report_head *h;
    int64_t from_ms = 0, to_ms = 0;
    enum err e = report_month_bounds("UTC", f->year, f->month, &from_ms, &to_ms);

    query_int(&q, f->mentor.v);
    query_int(&q, f->child.v);
    query_int(&q, f->school.v);
    query_int(&q, f->centre.v);
    query_int(&q, from_ms - MS_PER_DAY);
    query_int(&q, to_ms + MS_PER_DAY);
    query_int(&q, f->empty_too);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    while (!e && QUERY_NEXT(&q, &l, h)) {
        char tz[ZONE_NAME_MAX];
        bool any;

        *h = (struct report_head){ .key = { .year = f->year, .month = f->month } };
        h->key.mentor.v = row_int(&q);
        h->key.child.v = row_int(&q);
        h->key.school.v = row_int(&q);
        any = row_int(&q) != 0;
        row_text(&q, h->mentor, sizeof h->mentor);
        row_text(&q, h->child, sizeof h->child);
        row_text(&q, h->school, sizeof h->school);
        row_text(&q, tz, sizeof tz);
        if (!q.err)
            e = count_lessons(db, h, tz, &any);
        if (!any)
            l.n--; /* all of its lessons belong to a neighbouring month there */
    }
    if (query_end(&q) && !e)
        e = q.err;
    if (e)
        report_head_list_free(&l);
    else
        *out = l;
    return e;
}

void report_head_list_free(struct report_head_list *l)
{
    mem_free(l->items);
    *l = (struct report_head_list){ 0 };
}

/* ---- the mentor's texts ----------------------------------------------------------------- */

enum err report_texts_load(struct db *db, const struct report_key *key, struct report_texts *out)
{
    struct query q = query_on(db, "SELECT empty_reason, progress, difficulties, next_month, rev "
                                  "FROM month_report WHERE mentor = $1 AND child = $2 "
                                  "AND school = $3 AND month = $4 ORDER BY version DESC LIMIT 1");
    char month[8];

    *out = (struct report_texts){ .rev = 0 };
    if (!month_text(key, month))
        q.err = ERR_INVAL;
    query_int(&q, key->mentor.v);
    query_int(&q, key->child.v);
    query_int(&q, key->school.v);
    query_text(&q, month);
    if (query_row(&q)) {
        row_text(&q, out->empty_reason, sizeof out->empty_reason);
        row_text(&q, out->progress, sizeof out->progress);
        row_text(&q, out->difficulties, sizeof out->difficulties);
        row_text(&q, out->next_month, sizeof out->next_month);
        out->rev = row_int(&q);
    }
    return query_end(&q);
}

enum err report_texts_save(struct db *db, const struct report_key *key,
                           const struct report_texts *t, int64_t now_ms, struct user_id by)
{
    struct query q =
        t->rev == 0
            ? query_on(db, "INSERT INTO month_report (mentor, child, school, month, empty_reason, "
                           "progress, difficulties, next_month, at_ms, by_user) "
                           "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
                           "ON CONFLICT DO NOTHING RETURNING id")
            : query_on(db, "UPDATE month_report SET empty_reason = $5, progress = $6, "
                           "difficulties = $7, next_month = $8, at_ms = $9, by_user = $10, "
                           "rev = rev + 1 WHERE mentor = $1 AND child = $2 AND school = $3 "
                           "AND month = $4 AND rev = $11 AND state IN ('draft', 'returned') "
                           "RETURNING id");
    char month[8];
    enum err e;

    if (!month_text(key, month))
        q.err = ERR_INVAL;
    query_int(&q, key->mentor.v);
    query_int(&q, key->child.v);
    query_int(&q, key->school.v);
    query_text(&q, month);
    query_text(&q, t->empty_reason);
    query_text(&q, t->progress);
    query_text(&q, t->difficulties);
    query_text(&q, t->next_month);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    if (t->rev != 0)
        query_int(&q, t->rev);
    query_row(&q);
    e = query_end_found(&q);
    return e == ERR_NOTFOUND ? ERR_STATE : e;
}
