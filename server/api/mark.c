/* SPDX-License-Identifier: Apache-2.0
 *
 * Marks of lessons: a change with its rule, the changes of a lesson, the marks
 * of a child as its family and teachers see them. Desk thread.
 */
#include "server/api/mark.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/domain/day.h"
#include "server/store/attendance.h"
#include "server/store/child.h"
#include "server/store/home.h"
#include "server/store/org.h"
#include "server/store/sheet.h"

/* A child's marks go back over one school year. */
#define DAYS_BACK 366

/* Wholly or partly, for this child; a lesson that runs and is not computed yet is being held. */
static enum err was_held(const struct call *c, const struct lesson *l, struct child_id child,
                         bool *out)
{
    struct lesson_record *rec = mem_zalloc(1, sizeof *rec);
    enum err err = rec ? attendance_load(c->db, l->facts.id, rec) : ERR_NOMEM;

    *out = false;
    if (err == ERR_NOTFOUND) {
        *out = c->now.unix_ms >= l->facts.start_ms;
        err = ERR_OK;
    } else if (!err) {
        for (int i = 0; i < rec->children_n; i++)
            *out |= child_id_eq(rec->children[i].child, child) &&
                    (rec->children[i].outcome == OUTCOME_HELD ||
                     rec->children[i].outcome == OUTCOME_PARTIAL);
    }
    mem_free(rec);
    return err;
}

static enum err facts_of(const struct call *c, const struct lesson *l, struct child_id id,
                         struct lesson_mark_facts *f, struct marks_policy *p)
{
    struct child child;
    struct org school;
    enum err err = child_load(c->db, id, &child);

    if (!err)
        err = org_load(c->db, child.school, &school);
    if (!err)
        err = policy_marks(c->db, child.centre, c->now.unix_ms, p);
    if (!err)
        err = was_held(c, l, id, &f->held);
    if (!err)
        err = lesson_mark_line(c->db, id, l->subject_id, school.tz, l->facts.start_ms, &f->line);
    if (!err)
        err = lesson_mark_closed(c->db, l->facts.id, id, &f->closed);
    f->grade = err ? 0 : child.grade;
    return err;
}

bool mark_reason_given(const char *reason)
{
    return reason && reason[strspn(reason, " \t\r\n")] != '\0';
}

enum err mark_change(struct call *c, const struct lesson *l, int seat, const char *mark,
                     const char *reason, bool *refused)
{
    struct child_id child = l->seats[seat].child;
    struct lesson_note *note = mem_zalloc(1, sizeof *note);
    struct lesson_mark_facts f = { 0 };
    struct marks_policy p;
    enum mark_value now = MARK_NONE;
    enum mark_verdict v;
    enum err err = note ? note_load(c->db, l->facts.id, child, note) : ERR_NOMEM;

    *refused = false;
    if (!err && note->mark[0] && !mark_value_parse(note->mark, &f.was))
        err = ERR_DB;
    mem_free(note);
    if (err)
        return err;
    if (mark[0] && !mark_value_parse(mark, &now))
        return ERR_INVAL; /* the body was checked */
    if (now == f.was)
        return ERR_OK;
    err = facts_of(c, l, child, &f, &p);
    if (err)
        return err;
    v = lesson_mark_check(&f, &p, now, mark_reason_given(reason));
    *refused = v != MARK_MAY_OK;
    if (*refused)
        return call_refuse_gate(c, mark_verdict_name(v));
    return mark_change_add(c->db, l->facts.id, child, f.was, now, reason, c->now.unix_ms,
                           c->user.id);
}

/* ---- the register --------------------------------------------------------------------------- */

static json_t *mark_or_null(enum mark_value v)
{
    return v == MARK_NONE ? json_null() : json_string(mark_value_name(v));
}

static int seat_of(const struct lesson *l, struct child_id child)
{
    for (int i = 0; i < l->seats_n; i++)
        if (child_id_eq(l->seats[i].child, child))
            return i;
    return -1;
}

static enum err change_json(const struct call *c, const struct lesson *l,
                            const struct mark_change *m, int seat, json_t *items)
{
    json_t *by = NULL;
    enum err err = person_json(c, m->by, &by);

    return err ? err
               : json_push(items, json_pack("{s:I,s:o,s:o,s:o,s:I,s:o}", "child",
                                            (json_int_t)l->seats[seat].user.v, "before",
                                            mark_or_null(m->was), "after", mark_or_null(m->now),
                                            "reason", json_text_or_null(m->reason), "at",
                                            (json_int_t)m->at_ms, "by", by));
}

static enum err changes_answer(struct call *c, const struct lesson *l)
{
    struct mark_change_list list = { 0 };
    json_t *items = json_array();
    enum err err = items ? mark_change_list(c->db, l->facts.id, &list) : ERR_NOMEM;

    for (size_t i = 0; !err && i < list.n; i++) {
        int seat = seat_of(l, list.items[i].child);
        bool sees = false;

        if (seat >= 0)
            err = call_sees_seat(c, l, seat, &sees);
        if (!err && sees)
            err = change_json(c, l, &list.items[i], seat, items);
    }
    mark_change_list_free(&list);
    if (err) {
        json_decref(items);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o}", "items", items));
}

enum err mark_changes_get(struct call *c)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? call_lesson(c, RIGHT_LESSON_NOTE_VIEW, l, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = changes_answer(c, l);
    mem_free(l);
    return err;
}

/* ---- a child's marks ------------------------------------------------------------------------ */

/* The entry of the subject in the answer, made if there is none. Borrowed. */
static json_t *entry_of(json_t *subjects, const char *code)
{
    json_t *entry;

    for (size_t i = 0; i < json_array_size(subjects); i++) {
        entry = json_array_get(subjects, i);
        if (strcmp(json_string_value(json_object_get(entry, "subject")), code) == 0)
            return entry;
    }
    entry = json_pack("{s:s,s:[],s:[]}", "subject", code, "lessons", "terms");
    return entry && json_array_append_new(subjects, entry) == 0 ? entry : NULL;
}

static enum err add_lessons(const char *tz, const struct child_mark_list *l, json_t *subjects)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < l->n; i++) {
        const struct child_mark_row *r = &l->items[i];
        json_t *entry = entry_of(subjects, r->subject);
        char date[DAY_TEXT_BYTES];
        int64_t day = 0;

        err = entry ? day_in_zone(tz, r->start_ms, &day) : ERR_NOMEM;
        day_write(day, date);
        if (!err)
            err = json_push(json_object_get(entry, "lessons"),
                            json_pack("{s:I,s:s,s:s}", "lesson", (json_int_t)r->lesson.v, "date",
                                      date, "mark", mark_value_name(r->value)));
    }
    return err;
}

static enum err add_terms(const struct child_mark_list *l, json_t *subjects)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < l->n; i++) {
        const struct child_mark_row *r = &l->items[i];
        json_t *entry = entry_of(subjects, r->subject);
        char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];

        day_write(r->first_day, first);
        day_write(r->last_day, last);
        err =
            entry
                ? json_push(json_object_get(entry, "terms"),
                            json_pack("{s:s,s:s,s:s,s:s,s:o}", "kind", marks_term_name(r->kind),
                                      "from", first, "to", last, "mark", mark_value_name(r->value),
                                      "reason", json_text_or_null(r->reason)))
                : ERR_NOMEM;
    }
    return err;
}

static enum err marks_of(struct call *c, const struct child *child, json_t *subjects)
{
    struct child_mark_list lessons = { 0 }, terms = { 0 };
    struct org school;
    int64_t now = c->now.unix_ms, today = 0;
    enum err err = org_load(c->db, child->school, &school);

    if (!err)
        err = day_in_zone(school.tz, now, &today);
    if (!err)
        err = child_marks_of_lessons(c->db, child->id, now - DAYS_BACK * MS_PER_DAY,
                                     now + MS_PER_DAY, &lessons);
    if (!err)
        err = child_marks_of_terms(c->db, child->id, today - DAYS_BACK, &terms);
    if (!err)
        err = add_lessons(school.tz, &lessons, subjects);
    if (!err)
        err = add_terms(&terms, subjects);
    child_mark_list_free(&lessons);
    child_mark_list_free(&terms);
    return err;
}

/* The child in the path, if the person may read its marks; 404 for what may not be known. */
static enum err child_in_path(struct call *c, struct child *out, bool *refused)
{
    bool own_mentor = false, may_list = false, may = false;
    enum err err = child_by_user(c->db, (struct user_id){ c->id }, out);

    *refused = true;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = child_taught_by(c->db, out->id, c->user.id, c->now.unix_ms, &own_mentor);
    if (!err)
        err = call_may_child(c, RIGHT_CHILD_LIST, out, own_mentor, &may_list);
    if (!err)
        err = call_may_child(c, RIGHT_LESSON_NOTE_VIEW, out, own_mentor, &may);
    if (err)
        return err;
    if (!may)
        return call_refuse(c, may_list ? REFUSE_NOT_ALLOWED : REFUSE_NOT_FOUND);
    *refused = false;
    return ERR_OK;
}

enum err child_marks_get(struct call *c)
{
    struct child child;
    json_t *subjects, *person = NULL;
    bool refused = false;
    enum err err = child_in_path(c, &child, &refused);

    if (err || refused)
        return err;
    subjects = json_array();
    err = subjects ? marks_of(c, &child, subjects) : ERR_NOMEM;
    if (!err)
        err = person_json(c, child.user, &person);
    if (err) {
        json_decref(subjects);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o,s:o}", "child", person, "subjects", subjects));
}
