/* SPDX-License-Identifier: Apache-2.0
 *
 * The register of one lesson: what was computed from presence, the amendments
 * and what the family said. While the lesson runs the numbers are a fold of
 * the moment and no outcome is named. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/family.h"
#include "server/api/lesson_json.h"
#include "server/api/person.h"
#include "server/api/presence.h"
#include "server/api/register.h"
#include "server/store/attendance.h"
#include "server/store/delivery.h"
#include "server/store/noshow.h"

static json_t *code_json(char code)
{
    return code ? json_stringn(&code, 1) : json_null();
}

/* The child's part in one shape, whether stored or folded now. code 0: not final. */
static void child_part(const struct call *c, const struct lesson_record *record,
                       const struct presence_sheet *sheet, int seat, struct child_record *out)
{
    const struct child_attendance *now = &sheet->folded.children[seat];

    (void)c;
    if (record) {
        *out = record->children[seat];
        return;
    }
    *out = (struct child_record){ .contact_ms = now->contact_ms,
                                  .percent_tenths = now->percent_tenths,
                                  .at = now->at };
}

enum err register_history_json(const struct call *c, const struct lesson *l, int seat, json_t **out)
{
    struct amendment_list list = { 0 };
    json_t *array = json_array();
    enum err err =
        array ? amendment_list(c->db, l->facts.id, l->seats[seat].child, &list) : ERR_NOMEM;

    if (!err && list.n == 0)
        err = noshow_cause_list(c->db, l->facts.id, l->seats[seat].child, &list);
    for (size_t i = 0; !err && i < list.n; i++) {
        const struct amendment *a = &list.items[i];
        json_t *by = NULL;

        err = person_json(c, a->by, &by);
        if (!err)
            err = json_push(array, json_pack("{s:o,s:o,s:s,s:o,s:o,s:s,s:I}", "old",
                                             code_json(a->old_code), "new", code_json(a->new_code),
                                             "reason", a->reason, "document",
                                             json_text_or_null(a->document_no), "by", by, "title",
                                             a->title, "at", (json_int_t)a->at_ms));
    }
    amendment_list_free(&list);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err child_json(const struct call *c, const struct lesson *l,
                           const struct lesson_record *record, const struct presence_sheet *sheet,
                           int seat, json_t **out)
{
    struct child_record r;
    json_t *child = NULL, *strip = NULL, *amendments = NULL, *confirmation = NULL;
    enum err err = person_json(c, l->seats[seat].user, &child);

    child_part(c, record, sheet, seat, &r);
    if (!err)
        err = presence_strip(c, l, sheet, l->seats[seat].user, &strip);
    if (!err)
        err = register_history_json(c, l, seat, &amendments);
    if (!err)
        err = family_json(c, l->facts.id, l->seats[seat].child, &confirmation);
    if (err) {
        json_decref(child);
        json_decref(strip);
        json_decref(amendments);
        return err;
    }
    *out = json_pack("{s:o,s:o,s:I,s:i,s:o,s:o,s:o,s:I,s:o,s:o,s:o}", "child", child, "at",
                     presence_json(&r.at), "contact_ms", (json_int_t)r.contact_ms, "percent_tenths",
                     r.percent_tenths, "outcome",
                     record ? json_string(outcome_name(r.outcome)) : json_null(), "auto_code",
                     code_json(r.auto_code), "code", code_json(r.code), "uncertain_ms",
                     (json_int_t)r.uncertain_ms, "strip", strip, "amendments", amendments,
                     "confirmation", confirmation);
    return *out ? ERR_OK : ERR_NOMEM;
}

struct register_parts {
    json_t *lesson, *children, *visitors;
};

static enum err register_parts(const struct call *c, const struct lesson *l,
                               const struct lesson_record *record,
                               const struct presence_sheet *sheet, struct register_parts *p)
{
    enum err err = lesson_brief_json(c, l, &p->lesson);

    p->children = json_array();
    p->visitors = json_array();
    if (!err && (!p->children || !p->visitors))
        err = ERR_NOMEM;
    for (int i = 0; !err && i < l->seats_n; i++) {
        json_t *child = NULL;
        bool sees = false;

        err = call_sees_seat(c, l, i, &sees);
        if (!err && sees)
            err = child_json(c, l, record, sheet, i, &child);
        if (!err && sees)
            err = json_push(p->children, child);
    }
    if (!err)
        err = presence_visitors(c, sheet, p->visitors);
    return err;
}

static enum err register_answer(struct call *c, int status, const struct lesson *l)
{
    struct lesson_record *record = mem_zalloc(1, sizeof *record), *known = NULL;
    struct presence_sheet sheet = { 0 };
    struct register_parts p = { 0 };
    enum err err = record ? attendance_load(c->db, l->facts.id, record) : ERR_NOMEM;

    if (!err)
        known = record;
    else if (err == ERR_NOTFOUND)
        err = ERR_OK;
    if (!err)
        err = presence_load(c, l, &sheet);
    if (!err)
        err = register_parts(c, l, known, &sheet, &p);
    if (!err) {
        int64_t contact = known ? known->contact_ms : sheet.folded.contact_ms;
        int percent = known ? known->percent_tenths : sheet.folded.percent_tenths;

        err = call_answer(
            c, status,
            json_pack("{s:O,s:b,s:i,s:o,s:I,s:I,s:i,s:o,s:O,s:O}", "lesson", p.lesson, "final",
                      known != NULL, "algo_version",
                      known ? known->algo_version : ATTENDANCE_ALGO_VERSION, "outcome",
                      known ? json_string(outcome_name(known->outcome)) : json_null(), "contact_ms",
                      (json_int_t)contact, "planned_ms",
                      (json_int_t)(l->facts.end_ms - l->facts.start_ms), "percent_tenths", percent,
                      "mentor", presence_json(known ? &known->mentor : &sheet.folded.mentor),
                      "children", p.children, "visitors", p.visitors));
    }
    json_decref(p.lesson);
    json_decref(p.children);
    json_decref(p.visitors);
    presence_deinit(&sheet);
    mem_free(record);
    return err;
}

enum err attendance_get(struct call *c)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? call_lesson(c, RIGHT_ATTENDANCE_VIEW, l, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = register_answer(c, 200, l);
    mem_free(l);
    return err;
}

static enum err make_amendment(const struct call *c, const struct body_amendment *b,
                               struct amendment *a)
{
    *a = (struct amendment){ .new_code = b->code, .by = c->user.id, .at_ms = c->now.unix_ms };
    return str_copy(a->reason, sizeof a->reason, b->reason) &&
                   str_copy(a->document_no, sizeof a->document_no, b->document) &&
                   str_copy(a->title, sizeof a->title, role_name(call_role(c)))
               ? ERR_OK
               : ERR_INVAL;
}

static enum err audit_code(struct call *c, const char *action, const char *entity, int64_t id,
                           char code)
{
    char change[40];

    if (!str_format(change, sizeof change, "{\"code\":\"%c\"}", code))
        return ERR_INVAL;
    return call_audit(c, action, entity, id, "", change);
}

static enum err amend(struct call *c, const struct lesson *l, const struct body_amendment *b,
                      int seat)
{
    struct amendment a;
    struct doc_row report;
    int64_t id;
    enum err err = report_row_of_lesson(c->db, l->facts.id, l->seats[seat].child, &report);

    if (!err && report.row == FLOW_ROW_ACCEPTED)
        return call_refuse(c, REFUSE_LOCKED); /* a correction opens it */
    if (!err)
        err = make_amendment(c, b, &a);
    if (!err)
        err = amendment_add(c->db, l->facts.id, l->seats[seat].child, &a, &id);
    if (!err)
        err = audit_code(c, "attendance.amend", "amendment", id, b->code);
    return err ? err : register_answer(c, 201, l);
}

/* While a side is missing and nothing is computed, the cause is noted; it becomes an amendment when
 * attendance is computed (noshow.h). */
static enum err note_cause(struct call *c, const struct lesson *l, const struct body_amendment *b,
                           int seat)
{
    struct noshow_lesson facts;
    struct noshow_policy policy;
    struct amendment a;
    enum noshow who;
    int64_t id;
    enum err err = noshow_load(c->db, l->facts.id, &facts);

    if (!err)
        err = policy_noshow(c->db, l->org, c->now.unix_ms, &policy);
    if (err)
        return err;
    who = noshow_missed(&facts.facts, &policy, c->now.unix_ms);
    if (who == NOSHOW_NOBODY)
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!noshow_cause_may(who, b->code))
        return call_refuse_gate(c, "cause_waited");
    err = make_amendment(c, b, &a);
    if (!err)
        err = noshow_cause_add(c->db, l->facts.id, l->seats[seat].child, &a, &id);
    if (!err)
        err = audit_code(c, "noshow.cause", "noshow_cause", id, b->code);
    return err ? err : register_answer(c, 201, l);
}

static enum err amend_loaded(struct call *c, const struct lesson *l)
{
    struct lesson_record *record;
    struct body_amendment b;
    int seat = 0;
    enum err err;

    if (body_amendment(&c->in, &b))
        return call_refuse_field(c, &c->in);
    if (l->facts.state == LESSON_LOCKED)
        return call_refuse(c, REFUSE_LOCKED);
    while (seat < l->seats_n && !user_id_eq(l->seats[seat].user, b.child))
        seat++;
    if (seat == l->seats_n) {
        json_view_blame(&c->in, JSON_FAULT_RANGE, "child");
        return call_refuse_field(c, &c->in);
    }
    record = mem_zalloc(1, sizeof *record);
    err = record ? attendance_load(c->db, l->facts.id, record) : ERR_NOMEM;
    mem_free(record);
    if (err == ERR_NOTFOUND)
        return note_cause(c, l, &b, seat);
    return err ? err : amend(c, l, &b, seat);
}

enum err amendment_post(struct call *c)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? call_lesson(c, RIGHT_ATTENDANCE_AMEND, l, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = amend_loaded(c, l);
    mem_free(l);
    return err;
}
