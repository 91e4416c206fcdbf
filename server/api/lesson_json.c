/* SPDX-License-Identifier: Apache-2.0
 *
 * Lessons as JSON; see lesson_json.h. Desk thread.
 */
#include "server/api/lesson_json.h"

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/chip.h"
#include "server/api/person.h"
#include "server/api/presence.h"
#include "server/store/attendance.h"
#include "server/store/home.h"
#include "server/store/mentor.h"

json_t *lesson_ref_json(const struct lesson_ref *ref)
{
    if (!ref->id.v)
        return json_null();
    return json_pack("{s:I,s:I}", "id", (json_int_t)ref->id.v, "start", (json_int_t)ref->start_ms);
}

enum err lesson_children_json(const struct call *c, const struct lesson *l, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (int i = 0; !err && i < l->seats_n; i++) {
        const struct lesson_seat *s = &l->seats[i];
        bool sees = false;

        err = call_sees_seat(c, l, i, &sees);
        if (!err && sees)
            err = json_push(array, person_pack(s->user, s->name, s->short_name, s->animal));
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

enum err lesson_brief_json(const struct call *c, const struct lesson *l, json_t **out)
{
    json_t *mentor, *children = NULL, *json;
    enum err err = lesson_children_json(c, l, &children);

    if (err)
        return err;
    mentor = person_pack(l->facts.mentor, l->mentor_name, l->mentor_short, l->mentor_animal);
    json =
        json_pack("{s:o,s:s,s:I,s:I,s:s,s:o,s:o}", "id", json_time_or_null(l->facts.id.v, 0),
                  "subject", l->subject, "start", (json_int_t)l->facts.start_ms, "end",
                  (json_int_t)l->facts.end_ms, "tz", l->tz, "mentor", mentor, "children", children);
    if (!json)
        return ERR_NOMEM;
    *out = json;
    return ERR_OK;
}

static enum err note_due(const struct call *c, const struct lesson *l, bool *out)
{
    *out = false;
    if (!user_id_eq(l->facts.mentor, c->user.id) || c->now.unix_ms < l->facts.end_ms)
        return ERR_OK;
    return lesson_note_due(c->db, l->facts.id, out);
}

enum err lesson_json(const struct call *c, const struct lesson *l, json_t **out)
{
    struct chip_facts chip;
    bool due = false;
    json_t *json = NULL;
    enum err err = presence_chip(c, l, &chip);

    if (!err)
        err = note_due(c, l, &due);
    if (!err)
        err = lesson_brief_json(c, l, &json);
    if (err)
        return err;
    if (json_object_update_new(json, json_pack("{s:s,s:I,s:I,s:s,s:s,s:I,s:I,s:b}", "kind", l->kind,
                                               "opens", (json_int_t)chip.opens_ms, "closes",
                                               (json_int_t)chip.closes_ms, "state",
                                               lesson_state_name(l->facts.state), "chip",
                                               chip_name(chip_of(&chip, c->now.unix_ms)), "version",
                                               (json_int_t)l->rev, "screen_limit_s",
                                               (json_int_t)(l->facts.screen_limit_ms / MS_PER_S),
                                               "note_due", (int)due)) != 0) {
        json_decref(json);
        return ERR_NOMEM;
    }
    *out = json;
    return ERR_OK;
}

enum err lesson_note_json(const struct call *c, const struct lesson *l, int seat, json_t **out)
{
    struct lesson_note note;
    struct note_stamp stamp = { 0 };
    json_t *by = NULL;
    enum err err = note_load(c->db, l->facts.id, l->seats[seat].child, &note);

    *out = NULL;
    if (err || note.rev == 0)
        return err;
    err = note_stamp(c->db, l->facts.id, l->seats[seat].child, &stamp);
    if (!err)
        err = person_json(c, stamp.by, &by);
    if (err)
        return err;
    *out = json_pack("{s:I,s:s,s:s,s:o,s:s,s:I,s:o}", "child", (json_int_t)l->seats[seat].user.v,
                     "topic", note.topic, "homework", note.homework, "mark",
                     json_text_or_null(note.mark), "text", note.text, "at", (json_int_t)stamp.at_ms,
                     "by", by);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err notes_json(const struct call *c, const struct lesson *l, json_t **out)
{
    bool may = false;
    json_t *array = json_array();
    enum err err = array ? call_may_lesson(c, RIGHT_LESSON_NOTE_VIEW, l, &may) : ERR_NOMEM;

    for (int i = 0; !err && may && i < l->seats_n; i++) {
        json_t *note = NULL;
        bool sees = false;

        err = call_sees_seat(c, l, i, &sees);
        if (!err && sees)
            err = lesson_note_json(c, l, i, &note);
        if (!err && note)
            err = json_push(array, note);
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err may_push(const struct call *c, const struct lesson *l, bool now, enum right right,
                         const char *word, json_t *array)
{
    bool may = false;
    enum err err = now ? call_may_lesson(c, right, l, &may) : ERR_OK;

    return !err && may ? json_push(array, json_string(word)) : err;
}

static enum err may_json(const struct call *c, const struct lesson *l, json_t **out)
{
    bool edit = lesson_editable(&l->facts, c->now.unix_ms);
    bool over = c->now.unix_ms >= l->facts.end_ms && l->facts.state != LESSON_CANCELLED &&
                l->facts.state != LESSON_RESCHEDULED;
    bool begun = c->now.unix_ms >= lesson_opens_ms(&l->facts) &&
                 l->facts.state != LESSON_CANCELLED && l->facts.state != LESSON_RESCHEDULED;
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    if (!err)
        err = may_push(c, l, edit, RIGHT_LESSON_MOVE, "move", array);
    if (!err)
        err = may_push(c, l, edit, RIGHT_LESSON_CANCEL, "cancel", array);
    if (!err)
        err = may_push(c, l, edit, RIGHT_LESSON_SUBSTITUTE, "substitute", array);
    if (!err)
        err = may_push(c, l, begun, RIGHT_LESSON_NOTE_EDIT, "note", array);
    if (!err)
        err = may_push(c, l, over && l->facts.state != LESSON_LOCKED, RIGHT_ATTENDANCE_AMEND,
                       "amend", array);
    if (!err)
        err = may_push(c, l, over, RIGHT_LESSON_LOG_CONFIRM, "confirm", array);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

/* The reason of a change may name another family's matter or a person's health: only who may
 * change the timetable reads it. */
static enum err reason_json(const struct call *c, const struct lesson *l, json_t **out)
{
    bool may = false;
    enum err err = call_may_lesson(c, RIGHT_LESSON_CANCEL, l, &may);

    if (!err)
        *out = may ? json_text_or_null(l->reason) : json_null();
    return err;
}

struct full_parts {
    json_t *school, *reason, *notes, *may, *substitute_for;
    struct lesson_ref from, to, make_up_of;
};

static enum err full_parts(const struct call *c, const struct lesson *l, struct full_parts *p)
{
    struct user_id planned = { 0 };
    enum err err = l->seats_n ? school_json(c, l->seats[0].school, &p->school) : ERR_DB;

    if (!err)
        err = reason_json(c, l, &p->reason);
    if (!err)
        err = notes_json(c, l, &p->notes);
    if (!err)
        err = may_json(c, l, &p->may);
    if (!err && !mentor_id_eq(l->planned_mentor, l->mentor)) {
        struct mentor m;

        err = mentor_load(c->db, l->planned_mentor, &m);
        planned = err ? planned : m.user;
    }
    if (!err)
        err = person_or_null(c, planned, &p->substitute_for);
    if (!err)
        err = lesson_moved_from(c->db, l->facts.id, &p->from);
    if (!err && l->moved_to.v)
        err = lesson_ref_of(c->db, l->moved_to, &p->to);
    if (!err && l->make_up_of.v)
        err = lesson_ref_of(c->db, l->make_up_of, &p->make_up_of);
    return err;
}

enum err lesson_full_json(const struct call *c, const struct lesson *l, json_t **out)
{
    struct full_parts p = { 0 };
    json_t *json = NULL;
    enum err err = lesson_json(c, l, &json);

    if (!err)
        err = full_parts(c, l, &p);
    if (!err &&
        json_object_update_new(
            json, json_pack("{s:O,s:O,s:o,s:o,s:o,s:o,s:O,s:O,s:b,s:O}", "school", p.school,
                            "reason", p.reason, "side",
                            l->side == SIDE_NONE ? json_null() : json_string(side_name(l->side)),
                            "moved_from", lesson_ref_json(&p.from), "moved_to",
                            lesson_ref_json(&p.to), "make_up_of", lesson_ref_json(&p.make_up_of),
                            "substitute_for", p.substitute_for, "notes", p.notes, "editable",
                            (int)lesson_editable(&l->facts, c->now.unix_ms), "may", p.may)) != 0)
        err = ERR_NOMEM;
    json_decref(p.school);
    json_decref(p.reason);
    json_decref(p.notes);
    json_decref(p.may);
    json_decref(p.substitute_for);
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

enum err lesson_answer(struct call *c, int status, struct lesson_id id)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    json_t *json = NULL;
    enum err err = l ? lesson_load(c->db, id, l) : ERR_NOMEM;

    if (!err)
        err = lesson_full_json(c, l, &json);
    if (!err)
        err = call_answer(c, status, json);
    if (!err && !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)l->rev))
        err = ERR_INVAL;
    mem_free(l);
    return err;
}
