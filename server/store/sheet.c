/* SPDX-License-Identifier: Apache-2.0
 *
 * A mark sheet from lessons: head, a line per subject; and which there are.
 */
#include "server/store/sheet.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/day.h"
#include "server/store/attendance.h"
#include "server/store/audit.h"
#include "server/store/child.h"
#include "server/store/mentor.h"
#include "server/store/org.h"
#include "server/store/paper.h"

/* A sequence of copies into owned texts; the first failure sticks. */
static void put(enum err *e, char **dst, const char *src)
{
    if (!*e)
        *e = report_text(dst, src);
}

static enum err day_start(const char *tz, int64_t day, int64_t *out)
{
    int y, m, d;

    date_from_days(day, &y, &m, &d);
    return zone_day_start(tz, y, m, d, out);
}

enum err sheet_bounds(const char *tz, const struct sheet_key *key, int64_t *from_ms, int64_t *to_ms)
{
    enum err e = day_start(tz, key->first_day, from_ms);

    return e ? e : day_start(tz, key->last_day + 1, to_ms);
}

/* ---- the sheet --------------------------------------------------------------------------- */

static enum err load_head(struct db *db, const struct sheet_key *k, struct mark_sheet *s)
{
    struct mentor mentor;
    struct child child;
    struct org school, centre;
    char head[2 * CHAIN_HASH_BYTES + 1] = "";
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
    s->mentor_user = mentor.user;
    s->child_user = child.user;
    s->grade = child.grade;
    put(&e, &s->centre, centre.name);
    put(&e, &s->school, school.name);
    put(&e, &s->mentor, mentor.name);
    put(&e, &s->child, child.name);
    put(&e, &s->register_no, child.register_no);
    put(&e, &s->tz, school.tz);
    put(&e, &s->log_hash, head);
    return e;
}

struct row {
    struct lesson_id id;
    int64_t start_ms, subject;
    enum mark_value mark;
    char code[81], name[161];
};
struct row_list {
    struct row *items; /* owned */
    size_t n;
};

#define NAME_OF_SUBJECT "CASE $6 WHEN 'ru' THEN s.name_ru WHEN 'en' THEN s.name_en ELSE s.code END"

/* "" is no mark. */
static void row_mark(struct query *q, enum mark_value *out)
{
    char word[17];

    row_text(q, word, sizeof word);
    *out = MARK_NONE;
    if (word[0] && !mark_value_parse(word, out))
        query_blame(q);
}

static void bind_term(struct query *q, const struct sheet_key *k, int64_t from_ms, int64_t to_ms)
{
    query_int(q, k->mentor.v);
    query_int(q, k->child.v);
    query_int(q, k->school.v);
    query_int(q, from_ms);
    query_int(q, to_ms);
}

/* Lessons of the term, whether they were held or not: those that a substitute gave stand in the
 * sheet of the mentor whose they were. */
static enum err load_lessons(struct db *db, const struct sheet_key *k, int64_t from_ms,
                             int64_t to_ms, struct row_list *out)
{
    struct query q = query_on(
        db, "SELECT l.id, l.start_ms, l.subject, COALESCE(n.mark, ''), s.code, " NAME_OF_SUBJECT
            " FROM lesson l JOIN lesson_child lc ON lc.lesson = l.id "
            "JOIN subject s ON s.id = l.subject "
            "LEFT JOIN lesson_note n ON n.lesson = l.id AND n.child = lc.child "
            "WHERE l.planned_mentor = $1 AND lc.child = $2 AND lc.school = $3 "
            "AND l.start_ms >= $4 AND l.start_ms < $5 AND l.kind <> 'practice' "
            "AND l.state NOT IN ('planned', 'rescheduled', 'cancelled') "
            "ORDER BY l.start_ms, l.id");
    struct row *r;

    bind_term(&q, k, from_ms, to_ms);
    query_text(&q, k->locale);
    while (QUERY_NEXT(&q, out, r)) {
        r->id.v = row_int(&q);
        r->start_ms = row_int(&q);
        r->subject = row_int(&q);
        row_mark(&q, &r->mark);
        row_text(&q, r->code, sizeof r->code);
        row_text(&q, r->name, sizeof r->name);
    }
    return query_end(&q);
}

/* Subjects that the mentor had to teach: assigned in the term, with an approved line in it. */
static enum err load_assigned(struct db *db, const struct sheet_key *k, int64_t from_ms,
                              int64_t to_ms, struct mark_sheet *s)
{
    struct query q = query_on(
        db, "SELECT s.id, s.code, " NAME_OF_SUBJECT " FROM subject s WHERE EXISTS ("
            "SELECT 1 FROM assignment a JOIN child c ON c.id = a.child WHERE a.subject = s.id "
            "AND a.mentor = $1 AND a.child = $2 AND c.org_school = $3 AND a.from_ms < $5 "
            "AND (a.to_ms IS NULL OR a.to_ms > $4)) AND EXISTS ("
            "SELECT 1 FROM child_programme p JOIN child_programme_line l "
            "ON l.child_programme = p.id WHERE p.child = $2 AND l.subject = s.id "
            "AND p.state IN ('approved', 'superseded') AND p.from_date <= $8 "
            "AND (p.to_date IS NULL OR p.to_date >= $7) "
            "AND (p.until_date IS NULL OR p.until_date >= $7)) ORDER BY s.code");
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES], code[81], name[161];
    enum err e = ERR_OK;

    day_write(k->first_day, first);
    day_write(k->last_day, last);
    bind_term(&q, k, from_ms, to_ms);
    query_text(&q, k->locale);
    query_text(&q, first);
    query_text(&q, last);
    while (!e && query_row(&q)) {
        int64_t id = row_int(&q);
        struct sheet_subject *l;

        row_text(&q, code, sizeof code);
        row_text(&q, name, sizeof name);
        e = mark_sheet_subject(s, id, code, name, &l);
    }
    if (e)
        q.err = e;
    return query_end(&q);
}

/* What became of the lesson for this child. */
static enum err count_lesson(struct db *db, struct child_id child, struct lesson_id lesson,
                             struct sheet_subject *l)
{
    struct lesson_record *rec = mem_zalloc(1, sizeof *rec);
    enum err e = rec ? attendance_load(db, lesson, rec) : ERR_NOMEM;

    if (e == ERR_NOTFOUND) {
        l->unresolved++;
        e = ERR_OK;
    } else if (!e) {
        for (int i = 0; i < rec->children_n; i++) {
            const struct child_record *c = &rec->children[i];

            if (!child_id_eq(c->child, child))
                continue;
            l->held += c->outcome == OUTCOME_HELD || c->outcome == OUTCOME_PARTIAL;
            l->missed += report_code_missed(c->code);
        }
    }
    mem_free(rec);
    return e;
}

static enum err add_lesson(struct db *db, const struct sheet_key *k, const struct row *r,
                           struct mark_sheet *s)
{
    struct sheet_subject *l;
    enum err e = mark_sheet_subject(s, r->subject, r->code, r->name, &l);

    if (!e)
        e = count_lesson(db, k->child, r->id, l);
    if (!e && r->mark != MARK_NONE)
        e = sheet_subject_mark(l, &(struct sheet_current){ r->id, r->start_ms, r->mark });
    return e;
}

/* Marks of the version; one of a subject that has left the sheet is left out. */
static enum err load_set(struct db *db, const struct doc_row *row, struct mark_sheet *s)
{
    struct query q = query_on(db, "SELECT subject, mark, reason FROM sheet_mark WHERE sheet = $1");
    char reason[MARK_REASON_MAX + 1];
    enum err e = ERR_OK;

    query_int(&q, row->ref.id);
    while (!e && query_row(&q)) {
        int64_t subject = row_int(&q);
        enum mark_value value;

        row_mark(&q, &value);
        row_text(&q, reason, sizeof reason);
        for (size_t i = 0; !e && i < s->subjects_n; i++) {
            if (s->subjects[i].subject != subject)
                continue;
            s->subjects[i].set = value;
            e = report_text(&s->subjects[i].reason, reason);
        }
    }
    if (e)
        q.err = e;
    return query_end(&q);
}

enum err sheet_load(struct db *db, const struct sheet_key *key, const struct doc_row *row,
                    const struct marks_policy *p, int64_t now_ms, struct mark_sheet *out)
{
    struct mark_sheet s;
    struct row_list rows = { 0 };
    int64_t from_ms = 0, to_ms = 0;
    enum err e;

    mark_sheet_init(&s);
    s.kind = key->kind;
    s.first_day = key->first_day;
    s.last_day = key->last_day;
    s.version = row->version;
    s.printed_ms = now_ms;
    e = load_head(db, key, &s);
    if (!e)
        e = sheet_bounds(s.tz, key, &from_ms, &to_ms);
    if (!e)
        e = load_lessons(db, key, from_ms, to_ms, &rows);
    for (size_t i = 0; !e && i < rows.n; i++)
        e = add_lesson(db, key, &rows.items[i], &s);
    if (!e)
        e = load_assigned(db, key, from_ms, to_ms, &s);
    if (!e && row->rev)
        e = load_set(db, row, &s);
    if (!e)
        e = mark_sheet_close(&s, p);
    mem_free(rows.items);
    if (e)
        mark_sheet_deinit(&s);
    else
        *out = s;
    return e;
}

/* ---- which sheets there are -------------------------------------------------------------- */

struct school_term {
    struct org_id school;
    enum marks_term kind;
    int64_t first_day, last_day;
    char tz[ZONE_NAME_MAX];
};
struct school_term_list {
    struct school_term *items; /* owned */
    size_t n;
};

static void read_kind(struct query *q, enum marks_term *out)
{
    char word[16];

    row_text(q, word, sizeof word);
    if (!marks_term_parse(word, out))
        query_blame(q);
}

static enum err list_terms(struct db *db, const struct sheet_filter *f,
                           struct school_term_list *out)
{
    struct query q = query_on(db, "SELECT t.org, t.kind, t.from_date, t.to_date, o.tz FROM term t "
                                  "JOIN org o ON o.id = t.org WHERE t.kind IN ('quarter', 'half') "
                                  "AND t.from_date <= $1 AND t.to_date >= $2 "
                                  "AND ($3 = 0 OR t.org = $3) AND ($4 = 0 OR o.parent = $4) "
                                  "ORDER BY t.to_date DESC, t.kind, o.name, t.org");
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
    struct school_term *t;

    day_write(f->first_day, first);
    day_write(f->last_day, last);
    query_text(&q, last);
    query_text(&q, first);
    query_int(&q, f->school.v);
    query_int(&q, f->centre.v);
    while (QUERY_NEXT(&q, out, t)) {
        t->school.v = row_int(&q);
        read_kind(&q, &t->kind);
        t->first_day = row_day(&q);
        t->last_day = row_day(&q);
        row_text(&q, t->tz, sizeof t->tz);
    }
    return query_end(&q);
}

static enum err list_pairs(struct db *db, const struct school_term *t, const struct sheet_filter *f,
                           struct sheet_head_list *out)
{
    struct query q = query_on(
        db, "SELECT p.mentor, p.child, c.grade FROM (SELECT l.planned_mentor AS mentor, lc.child "
            "AS child "
            "FROM lesson l JOIN lesson_child lc ON lc.lesson = l.id WHERE lc.school = $3 "
            "AND l.start_ms >= $4 AND l.start_ms < $5 AND l.kind <> 'practice' "
            "AND l.state NOT IN ('planned', 'rescheduled', 'cancelled') "
            "UNION SELECT a.mentor, a.child FROM assignment a JOIN child ac ON ac.id = a.child "
            "WHERE ac.org_school = $3 AND a.subject IS NOT NULL AND a.from_ms < $5 "
            "AND (a.to_ms IS NULL OR a.to_ms > $4)) p "
            "JOIN mentor m ON m.id = p.mentor JOIN \"user\" mu ON mu.id = m.user_id "
            "JOIN child c ON c.id = p.child JOIN \"user\" cu ON cu.id = c.user_id "
            "WHERE ($1 = 0 OR p.mentor = $1) AND ($2 = 0 OR p.child = $2) "
            "ORDER BY cu.name, mu.name, p.child, p.mentor");
    struct sheet_head *h;
    struct sheet_key k = { .mentor = f->mentor,
                           .child = f->child,
                           .school = t->school,
                           .kind = t->kind,
                           .first_day = t->first_day,
                           .last_day = t->last_day };
    int64_t from_ms = 0, to_ms = 0;
    enum err e = sheet_bounds(t->tz, &k, &from_ms, &to_ms);

    bind_term(&q, &k, from_ms, to_ms);
    if (e)
        q.err = e;
    while (QUERY_NEXT(&q, out, h)) {
        h->key = k;
        h->key.mentor.v = row_int(&q);
        h->key.child.v = row_int(&q);
        h->grade = (int)row_int(&q);
    }
    return query_end(&q);
}

/* Sheets of which the school has a copy of some version. */
static enum err list_sent(struct db *db, const struct sheet_filter *f, struct sheet_head_list *out)
{
    struct query q = query_on(
        db, "SELECT s.mentor, s.child, s.school, s.kind, s.from_date, s.to_date, c.grade "
            "FROM mark_sheet s JOIN delivery d ON d.doc = 'sheet' AND d.doc_id = s.id "
            "JOIN child c ON c.id = s.child JOIN \"user\" cu ON cu.id = c.user_id "
            "WHERE d.to_org = $1 AND d.sent_ms IS NOT NULL AND s.to_date >= $2 AND NOT EXISTS ("
            "SELECT 1 FROM mark_sheet n JOIN delivery e ON e.doc = 'sheet' AND e.doc_id = n.id "
            "WHERE n.mentor = s.mentor AND n.child = s.child AND n.school = s.school "
            "AND n.kind = s.kind AND n.from_date = s.from_date AND n.version > s.version "
            "AND e.sent_ms IS NOT NULL) ORDER BY s.to_date DESC, s.kind, cu.name, s.id");
    char first[DAY_TEXT_BYTES];
    struct sheet_head *h;

    day_write(f->first_day, first);
    query_int(&q, f->school.v);
    query_text(&q, first);
    while (QUERY_NEXT(&q, out, h)) {
        h->key.mentor.v = row_int(&q);
        h->key.child.v = row_int(&q);
        h->key.school.v = row_int(&q);
        read_kind(&q, &h->key.kind);
        h->key.first_day = row_day(&q);
        h->key.last_day = row_day(&q);
        h->grade = (int)row_int(&q);
    }
    return query_end(&q);
}

enum err sheet_list(struct db *db, const struct sheet_filter *f, struct sheet_head_list *out)
{
    struct sheet_head_list l = { 0 };
    struct school_term_list terms = { 0 };
    enum err e = f->sent ? list_sent(db, f, &l) : list_terms(db, f, &terms);

    for (size_t i = 0; !e && i < terms.n; i++)
        e = list_pairs(db, &terms.items[i], f, &l);
    mem_free(terms.items);
    if (e)
        sheet_head_list_free(&l);
    else
        *out = l;
    return e;
}

void sheet_head_list_free(struct sheet_head_list *l)
{
    mem_free(l->items);
    *l = (struct sheet_head_list){ 0 };
}
