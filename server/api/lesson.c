/* SPDX-License-Identifier: Apache-2.0
 *
 * One lesson, and the mentor's note on it. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/lesson_json.h"
#include "server/api/mark.h"
#include "server/api/person.h"
#include "server/store/attendance.h"
#include "server/store/delivery.h"

enum err lesson_get(struct call *c)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? call_lesson(c, RIGHT_LESSON_VIEW, l, &refused) : ERR_NOMEM;

    mem_free(l);
    return err || refused ? err : lesson_answer(c, 200, (struct lesson_id){ c->id });
}

static int seat_of(const struct lesson *l, struct user_id child)
{
    for (int i = 0; i < l->seats_n; i++) {
        if (user_id_eq(l->seats[i].user, child))
            return i;
    }
    return -1;
}

static enum err save_note(struct call *c, const struct lesson *l, int seat,
                          const struct body_note *b)
{
    struct child_id child = l->seats[seat].child;
    struct lesson_note *note = mem_zalloc(1, sizeof *note);
    json_t *json = NULL;
    enum err err = note ? note_load(c->db, l->facts.id, child, note) : ERR_NOMEM;

    if (!err && (!str_copy(note->topic, sizeof note->topic, b->topic) ||
                 !str_copy(note->homework, sizeof note->homework, b->homework) ||
                 !str_copy(note->mark, sizeof note->mark, b->mark) ||
                 !str_copy(note->text, sizeof note->text, b->text)))
        err = ERR_INVAL; /* body.h's limits are not above the store's */
    if (!err)
        err = note_save(c->db, l->facts.id, child, note, c->now.unix_ms, c->user.id);
    mem_free(note);
    if (!err)
        err = call_audit(c, "lesson.note", "lesson", l->facts.id.v, "", "");
    if (!err)
        err = lesson_note_json(c, l, seat, &json);
    return err ? err : call_answer(c, 200, json);
}

static enum err note_loaded(struct call *c, const struct lesson *l)
{
    struct body_note b;
    struct doc_row report;
    bool refused = false;
    int seat;
    enum err err;

    if (body_note(&c->in, &b))
        return call_refuse_field(c, &c->in);
    seat = seat_of(l, b.child);
    if (seat < 0) {
        json_view_blame(&c->in, JSON_FAULT_RANGE, "child");
        return call_refuse_field(c, &c->in);
    }
    if (l->facts.state == LESSON_LOCKED)
        return call_refuse(c, REFUSE_LOCKED);
    err = report_row_of_lesson(c->db, l->facts.id, l->seats[seat].child, &report);
    if (err)
        return err;
    if (report.row == FLOW_ROW_SUBMITTED || report.row == FLOW_ROW_ACCEPTED)
        return call_refuse(c, REFUSE_LOCKED); /* it stands in a report that is with the centre */
    if (c->now.unix_ms < lesson_opens_ms(&l->facts) || l->facts.state == LESSON_CANCELLED ||
        l->facts.state == LESSON_RESCHEDULED)
        return call_refuse(c, REFUSE_NOT_NOW);
    err = mark_change(c, l, seat, b.mark, b.mark_reason, &refused);
    return err || refused ? err : save_note(c, l, seat, &b);
}

enum err note_put(struct call *c)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? call_lesson(c, RIGHT_LESSON_NOTE_EDIT, l, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = note_loaded(c, l);
    mem_free(l);
    return err;
}
