/* SPDX-License-Identifier: Apache-2.0
 *
 * A child's log of lessons, month by month, with the strips, and the family's
 * word on it. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/chip.h"
#include "server/api/endpoints.h"
#include "server/api/family.h"
#include "server/api/lesson_json.h"
#include "server/api/person.h"
#include "server/api/presence.h"
#include "server/store/attendance.h"
#include "server/store/child.h"
#include "server/store/home.h"

enum err family_json(const struct call *c, struct lesson_id lesson, struct child_id child,
                     json_t **out)
{
    struct confirmation said;
    bool disputed;
    enum err err = confirmation_load(c->db, lesson, child, &said);

    if (err)
        return err;
    if (said.word == FAMILY_OPEN) {
        *out = json_null();
        return ERR_OK;
    }
    disputed = said.word == FAMILY_DISPUTED;
    *out = json_pack("{s:s,s:I,s:o,s:o}", "result", disputed ? "disputed" : "confirmed", "at",
                     (json_int_t)said.at_ms, "text", json_text_or_null(said.text), "answer_by",
                     disputed ? json_integer(said.at_ms + FAMILY_ANSWER_MS) : json_null());
    return *out ? ERR_OK : ERR_NOMEM;
}

/* The child in the path, if the person may do this with it; 404 for what may not be known. */
static enum err child_in_path(struct call *c, enum right right, struct child *out, bool *refused)
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
        err = call_may_child(c, right, out, own_mentor, &may);
    if (err)
        return err;
    if (!may)
        return call_refuse(c, may_list ? REFUSE_NOT_ALLOWED : REFUSE_NOT_FOUND);
    *refused = false;
    return ERR_OK;
}

static int seat_of(const struct lesson *l, struct child_id child)
{
    for (int i = 0; i < l->seats_n; i++) {
        if (child_id_eq(l->seats[i].child, child))
            return i;
    }
    return -1;
}

struct log_sums {
    int planned, held, part, teacher_missing, child_missing, technical, ill, other, cancelled;
    int to_confirm;
    int64_t contact_ms;
};

static void count_over(struct log_sums *s, const struct child_record *r, bool said)
{
    s->planned++;
    s->to_confirm += !said;
    s->contact_ms += r->contact_ms;
    if (r->outcome == OUTCOME_HELD) {
        s->held++;
        return;
    }
    if (r->outcome == OUTCOME_PARTIAL) {
        s->part++;
        return;
    }
    if (r->code == 'I' || r->code == 'M') {
        s->ill++;
        return;
    }
    switch (r->outcome) {
    case OUTCOME_TEACHER_NO_SHOW:
        s->teacher_missing++;
        break;
    case OUTCOME_CHILD_NO_SHOW:
        s->child_missing++;
        break;
    case OUTCOME_TECH_SERVER:
    case OUTCOME_TECH_TEACHER:
    case OUTCOME_TECH_CHILD:
        s->technical++;
        break;
    case OUTCOME_BOTH_NO_SHOW:
    case OUTCOME_NO_OVERLAP:
    case OUTCOME_NOT_HELD:
    case OUTCOME_HELD:
    case OUTCOME_PARTIAL:
        s->other++;
        break;
    }
}

/* Everything of one line of the log. */
struct log_line {
    struct child_record record; /* zero unless over */
    bool over;
    struct lesson_note note;
    struct lesson_ref made_up_by;
    struct chip_facts chip;
    json_t *mentor, *strip, *confirmation;
    int64_t rest_ms;
};

static enum err line_presence(const struct call *c, const struct lesson *l, struct user_id child,
                              struct log_line *line, json_t *visitors)
{
    struct presence_sheet sheet = { 0 };
    enum err err = presence_load(c, l, &sheet);

    if (!err)
        err = presence_strip(c, l, &sheet, child, &line->strip);
    if (!err)
        err = presence_visitors(c, &sheet, visitors);
    if (!err) {
        line->rest_ms = presence_rest_ms(&sheet, child);
        if (!line->over && sheet.folded.children_n) {
            int seat = 0;

            while (seat < l->seats_n && !user_id_eq(l->seats[seat].user, child))
                seat++;
            line->record.contact_ms = sheet.folded.children[seat].contact_ms;
        }
    }
    presence_deinit(&sheet);
    return err;
}

static enum err line_load(const struct call *c, const struct lesson *l, const struct child *child,
                          struct log_line *line, json_t *visitors)
{
    struct lesson_record *record = mem_zalloc(1, sizeof *record);
    int seat = seat_of(l, child->id);
    enum err err = record && seat >= 0 ? ERR_OK : ERR_NOMEM;

    if (!err) {
        err = attendance_load(c->db, l->facts.id, record);
        line->over = !err && seat < record->children_n;
        if (line->over)
            line->record = record->children[seat];
        err = err == ERR_NOTFOUND ? ERR_OK : err;
    }
    mem_free(record);
    if (!err)
        err = note_load(c->db, l->facts.id, child->id, &line->note);
    if (!err)
        err = lesson_made_up_by(c->db, l->facts.id, &line->made_up_by);
    if (!err)
        err = presence_chip(c, l, &line->chip);
    if (!err)
        err = line_presence(c, l, child->user, line, visitors);
    if (!err)
        line->mentor =
            person_pack(l->facts.mentor, l->mentor_name, l->mentor_short, l->mentor_animal);
    if (!err)
        err = family_json(c, l->facts.id, child->id, &line->confirmation);
    return err;
}

static json_t *line_json(const struct call *c, const struct lesson *l, const struct log_line *line)
{
    const struct child_record *r = &line->record;

    return json_pack(
        "{s:I,s:s,s:s,s:I,s:I,s:s,s:s,s:O,s:o,s:o,s:I,s:I,s:I,s:i,s:I,s:o,s:o,s:o,s:o,s:o,s:O,s:O}",
        "id", (json_int_t)l->facts.id.v, "kind", l->kind, "subject", l->subject, "start",
        (json_int_t)l->facts.start_ms, "end", (json_int_t)l->facts.end_ms, "state",
        lesson_state_name(l->facts.state), "chip", chip_name(chip_of(&line->chip, c->now.unix_ms)),
        "mentor", line->mentor, "outcome",
        line->over ? json_string(outcome_name(r->outcome)) : json_null(), "code",
        line->over ? json_stringn(&r->code, 1) : json_null(), "contact_ms",
        (json_int_t)r->contact_ms, "planned_ms", (json_int_t)(l->facts.end_ms - l->facts.start_ms),
        "late_ms", (json_int_t)r->at.late_ms, "gaps", r->at.gaps, "gaps_ms",
        (json_int_t)r->at.gaps_ms, "rest_at", json_time_or_null(line->rest_ms, 0), "made_up_by",
        lesson_ref_json(&line->made_up_by), "topic", json_text_or_null(line->note.topic),
        "homework", json_text_or_null(line->note.homework), "mark",
        json_text_or_null(line->note.mark), "strip", line->strip, "confirmation",
        line->confirmation);
}

/* Appends the lesson to its day; days are made newest first from lessons in order of time. */
static enum err add_to_days(const struct lesson *l, const char *tz, json_t *days, json_t *line)
{
    struct day_range day;
    json_t *first = json_array_get(days, 0);
    json_t *lessons = NULL;
    enum err err = line ? call_day_at(tz, l->facts.start_ms, &day) : ERR_NOMEM;

    if (!err && first && strcmp(json_string_value(json_object_get(first, "date")), day.text) == 0) {
        lessons = json_object_get(first, "lessons");
    } else if (!err) {
        json_t *fresh = json_pack("{s:s,s:[]}", "date", day.text, "lessons");

        lessons = json_object_get(fresh, "lessons");
        if (!fresh || json_array_insert_new(days, 0, fresh) != 0)
            err = ERR_NOMEM;
    }
    if (err) {
        json_decref(line);
        return err;
    }
    return json_push(lessons, line);
}

static enum err add_line(const struct call *c, const struct lesson *l, const struct child *child,
                         json_t *days, json_t *visitors, struct log_sums *sums)
{
    struct log_line *line = mem_zalloc(1, sizeof *line);
    enum err err = line ? line_load(c, l, child, line, visitors) : ERR_NOMEM;

    if (!err) {
        if (l->facts.state == LESSON_CANCELLED)
            sums->cancelled++;
        else if (line->over)
            count_over(sums, &line->record, !json_is_null(line->confirmation));
        err = add_to_days(l, child->tz, days, line_json(c, l, line));
    }
    if (line) {
        json_decref(line->mentor);
        json_decref(line->strip);
        json_decref(line->confirmation);
    }
    mem_free(line);
    return err;
}

static json_t *sums_json(const struct log_sums *s)
{
    return json_pack("{s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:I,s:i}", "planned", s->planned, "held",
                     s->held, "part", s->part, "teacher_missing", s->teacher_missing,
                     "child_missing", s->child_missing, "technical", s->technical, "ill", s->ill,
                     "other", s->other, "cancelled", s->cancelled, "contact_ms",
                     (json_int_t)s->contact_ms, "to_confirm", s->to_confirm);
}

static enum err log_answer(struct call *c, const struct child *child, const struct day_range *month,
                           const struct lesson_list *l)
{
    struct log_sums sums = { 0 };
    json_t *days = json_array(), *visitors = json_array(), *person = NULL, *school = NULL;
    enum err err = days && visitors ? person_json(c, child->user, &person) : ERR_NOMEM;

    if (!err)
        err = school_json(c, child->school, &school);
    for (size_t i = 0; !err && i < l->n; i++) {
        const struct lesson *one = &l->items[i];

        /* A mentor sees the lessons it gave; the others read the child's whole month. */
        bool may = false;

        if (one->facts.start_ms < month->from_ms || one->facts.start_ms >= month->to_ms ||
            one->facts.state == LESSON_RESCHEDULED)
            continue;
        err = call_may_lesson(c, RIGHT_LESSON_LOG_VIEW, one, &may);
        if (!err && may)
            err = add_line(c, one, child, days, visitors, &sums);
    }
    if (!err)
        err = call_answer(c, 200,
                          json_pack("{s:O,s:O,s:s,s:s,s:I,s:s,s:o,s:O,s:O}", "child", person,
                                    "school", school, "month", month->text, "tz", child->tz, "now",
                                    (json_int_t)c->now.unix_ms, "recording", "off", "summary",
                                    sums_json(&sums), "visitors", visitors, "days", days));
    json_decref(days);
    json_decref(visitors);
    json_decref(person);
    json_decref(school);
    return err;
}

enum err child_log_get(struct call *c)
{
    struct child child;
    struct day_range month;
    struct lesson_filter f = { 0 };
    struct lesson_list l = { 0 };
    bool refused = false;
    enum err err = child_in_path(c, RIGHT_LESSON_LOG_VIEW, &child, &refused);

    if (!err && !refused)
        err = call_month(c, child.tz, &month, &refused);
    if (err || refused)
        return err;
    f.child = child.id;
    f.from_ms = month.from_ms;
    f.to_ms = month.to_ms;
    err = lesson_list(c->db, &f, &l);
    if (!err)
        err = log_answer(c, &child, &month, &l);
    lesson_list_free(&l);
    return err;
}

static bool may_be_confirmed(const struct lesson *l)
{
    return l->facts.state == LESSON_COMPUTED || l->facts.state == LESSON_CONFIRMED ||
           l->facts.state == LESSON_DISPUTED;
}

static enum err say(struct call *c, const struct lesson *l, int seat,
                    const struct confirmation *said)
{
    enum err err = confirmation_add(c->db, l->facts.id, l->seats[seat].child, said);

    return err ? err
               : call_audit(c, said->word == FAMILY_DISPUTED ? "lesson.dispute" : "lesson.confirm",
                            "lesson", l->facts.id.v, "", "");
}

static enum err confirm_loaded(struct call *c, const struct lesson *l)
{
    struct confirmation said = { .guardian = c->user.id, .at_ms = c->now.unix_ms };
    struct body_confirmation b;
    bool sees = false;
    json_t *json = NULL;
    int seat = 0;
    enum err err = ERR_OK;

    if (body_confirmation(&c->in, &b))
        return call_refuse_field(c, &c->in);
    while (seat < l->seats_n && !user_id_eq(l->seats[seat].user, b.child))
        seat++;
    if (seat < l->seats_n)
        err = call_sees_seat(c, l, seat, &sees);
    if (err)
        return err;
    if (!sees) {
        json_view_blame(&c->in, JSON_FAULT_RANGE, "child");
        return call_refuse_field(c, &c->in);
    }
    if (l->facts.state == LESSON_LOCKED)
        return call_refuse(c, REFUSE_LOCKED);
    if (!may_be_confirmed(l))
        return call_refuse(c, REFUSE_NOT_NOW);
    said.word = b.disputed ? FAMILY_DISPUTED : FAMILY_CONFIRMED;
    if (!str_copy(said.text, sizeof said.text, b.text))
        return ERR_INVAL;
    err = say(c, l, seat, &said);
    if (!err)
        err = family_json(c, l->facts.id, l->seats[seat].child, &json);
    return err ? err : call_answer(c, 200, json);
}

enum err confirmation_post(struct call *c)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? call_lesson(c, RIGHT_LESSON_LOG_CONFIRM, l, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = confirm_loaded(c, l);
    mem_free(l);
    return err;
}

/* One lesson of many. Unknown, foreign or not of this child: bad_field; under dispute, locked or
 * not computed: left as it is. */
static enum err confirm_one(struct call *c, struct lesson_id id, const struct child *child,
                            int *confirmed, bool *refused)
{
    struct confirmation said = { .word = FAMILY_CONFIRMED,
                                 .guardian = c->user.id,
                                 .at_ms = c->now.unix_ms };
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool may = false;
    int seat = -1;
    enum err err = l ? lesson_load(c->db, id, l) : ERR_NOMEM;

    if (!err) {
        seat = seat_of(l, child->id);
        err = call_may_lesson(c, RIGHT_LESSON_LOG_CONFIRM, l, &may);
    }
    if (err == ERR_NOTFOUND || (!err && (!may || seat < 0))) {
        *refused = true;
        json_view_blame(&c->in, JSON_FAULT_RANGE, "lessons");
        err = call_refuse_field(c, &c->in);
    } else if (!err && l->facts.state == LESSON_COMPUTED) {
        err = say(c, l, seat, &said);
        *confirmed += !err;
    } else if (!err && l->facts.state == LESSON_CONFIRMED) {
        (*confirmed)++;
    }
    mem_free(l);
    return err;
}

enum err confirmations_post(struct call *c)
{
    struct child child;
    struct body_confirm_many b;
    bool refused = false;
    int confirmed = 0;
    enum err err = child_in_path(c, RIGHT_LESSON_LOG_CONFIRM, &child, &refused);

    if (err || refused)
        return err;
    if (body_confirm_many(&c->in, &b))
        return call_refuse_field(c, &c->in);
    for (int i = 0; !err && !refused && i < b.lessons_n; i++)
        err = confirm_one(c, b.lessons[i], &child, &confirmed, &refused);
    if (err || refused)
        return err;
    return call_answer(c, 200, json_pack("{s:i}", "confirmed", confirmed));
}
