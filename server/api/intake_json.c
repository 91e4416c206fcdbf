/* SPDX-License-Identifier: Apache-2.0
 *
 * Referrals as JSON, without a medical word: that there are words, not which.
 * Who reviews and who is alike is the centre's to know. Desk thread.
 */
#include <string.h>

#include "server/api/intake.h"
#include "server/api/month_json.h"
#include "server/api/person.h"

json_t *json_day(int64_t day)
{
    char text[DAY_TEXT_BYTES];

    day_write(day, text);
    return json_text_or_null(text);
}

json_t *json_bits(unsigned bits, unsigned n, const char *(*name)(unsigned))
{
    json_t *array = json_array();

    for (unsigned i = 0; array && i < n; i++) {
        if ((bits >> i & 1u) != 0 && json_push(array, json_string(name(i)))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static const char *item_name(unsigned i)
{
    return referral_item_name((enum referral_item)i);
}

static const char *equipment_word(unsigned i)
{
    return equipment_name((enum equipment)i);
}

json_t *validity_json(int64_t from_day, int64_t to_day, const struct intake *in)
{
    struct validity_report v = validity_at(from_day, to_day, in->today, &in->policy);
    bool valid = v.state == VALIDITY_VALID;

    return json_pack("{s:s,s:o,s:o,s:o,s:o}", "state", validity_name(v.state), "from",
                     json_day(from_day), "to", json_day(to_day), "days_left",
                     valid ? json_integer(v.days_left) : json_null(), "alert",
                     v.alert_days ? json_integer(v.alert_days) : json_null());
}

/* ---- papers ------------------------------------------------------------------------------- */

static json_t *limit(int value)
{
    return value ? json_integer(value) : json_null();
}

static json_t *clock_json(int minute)
{
    return json_sprintf("%02d:%02d", minute / 60, minute % 60);
}

static json_t *hours_json(const struct recommendation *l)
{
    if (l->to_minute == 0)
        return json_null();
    return json_pack("{s:o,s:o}", "from", clock_json(l->from_minute), "to",
                     clock_json(l->to_minute));
}

static json_t *weekdays_json(unsigned bits)
{
    json_t *array = json_array();

    for (int day = 1; array && day <= 7; day++) {
        if ((bits >> day & 1u) != 0 && json_push(array, json_integer(day))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

enum err limits_put(json_t *object, const struct recommendation *l)
{
    json_t *limits =
        json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:b}", "lesson_minutes", limit(l->lesson_minutes),
                  "lessons_per_day", limit(l->lessons_per_day), "lessons_per_week",
                  limit(l->lessons_per_week), "screen_minutes", limit(l->screen_minutes), "hours",
                  hours_json(l), "rest_days", weekdays_json(l->rest_weekdays), "equipment",
                  json_bits(l->equipment, EQUIPMENT_COUNT, equipment_word), "camera_allowed",
                  (int)l->camera_allowed);

    return limits && json_object_update_new(object, limits) == 0 ? ERR_OK : ERR_NOMEM;
}

static enum err paper_put(json_t *object, const struct paper *p, int64_t issued)
{
    enum err err = json_put(object, "issued", json_day(issued));

    if (!err)
        err = json_put(object, "words", json_boolean(p->sealed));
    return err ? err : json_put(object, "scan", json_boolean(p->file != 0));
}

static enum err basis_json(const struct basis_row *b, const struct intake *in, json_t **out)
{
    json_t *json = NULL;
    enum err err = ERR_NOMEM;

    if (b->paper.id)
        json = validity_json(b->basis.from_day, b->basis.to_day, in);
    else
        json = json_null();
    if (json)
        err = b->paper.id ? paper_put(json, &b->paper, b->basis.issued_day) : ERR_OK;
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

static enum err recommendation_json(const struct recommendation_row *r, const struct intake *in,
                                    json_t **out)
{
    const struct recommendation *l = &r->limits;
    json_t *json = r->paper.id ? validity_json(l->from_day, l->to_day, in) : json_null();
    enum err err = json ? ERR_OK : ERR_NOMEM;

    if (!err && r->paper.id)
        err = paper_put(json, &r->paper, l->issued_day);
    if (!err && r->paper.id)
        err = limits_put(json, l);
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

/* ---- the referral ------------------------------------------------------------------------- */

/* Days from the first submission to the end of it, or to today. */
static enum err waiting(const struct referral *r, const struct intake *in, int64_t *out)
{
    int64_t first, last = in->today;
    enum err err;

    *out = 0;
    if (!r->first_ms)
        return ERR_OK;
    err = day_in_zone(in->centre.tz, r->first_ms, &first);
    if (!err && r->closed_ms)
        err = day_in_zone(in->centre.tz, r->closed_ms, &last);
    if (!err)
        *out = referral_waiting_days(first, last);
    return err;
}

static unsigned missing_of(const struct referral *r, const struct intake *in)
{
    struct referral_content content = referral_content_of(r);

    return referral_missing(&content, in->today, &in->policy);
}

static enum err alike_json(const struct call *c, const struct alike_row *row, json_t **out)
{
    json_t *school = NULL, *child = NULL;
    enum err err = person_or_null(c, row->child, &child);

    if (!err)
        err = school_json(c, row->school, &school);
    if (err) {
        json_decref(child);
        return err;
    }
    *out = json_pack("{s:s,s:o,s:o,s:s,s:o}", "alike", alike_name(row->alike), "child", child,
                     "referral", row->referral.v ? json_integer(row->referral.v) : json_null(),
                     "name", row->name, "school", school);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err alikes_json(const struct call *c, const struct referral *r, json_t *array)
{
    struct child_mark mark = { r->child_name, r->birth_day, r->school };
    struct alike_list l = { 0 };
    enum err err = alike_list(c->db, r->centre, &mark, r->id, (struct user_id){ 0 }, &l);

    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *item = NULL;

        err = alike_json(c, &l.items[i], &item);
        if (!err)
            err = json_push(array, item);
    }
    alike_list_free(&l);
    return err;
}

/* What both kinds of answer begin with. */
static enum err head_json(const struct call *c, const struct referral *r, const struct intake *in,
                          json_t **out)
{
    bool centre = intake_may(c, RIGHT_REFERRAL_REVIEW, r);
    bool open = r->first_ms && !r->closed_ms;
    json_t *school = NULL, *reviewer = NULL, *alike = json_array();
    int64_t days = 0;
    enum err err = alike ? waiting(r, in, &days) : ERR_NOMEM;

    if (!err)
        err = school_json(c, r->school, &school);
    if (!err)
        err = person_or_null(c, centre ? r->reviewer : (struct user_id){ 0 }, &reviewer);
    if (!err && centre && !r->closed_ms)
        err = alikes_json(c, r, alike);
    if (!err) {
        *out = json_pack(
            "{s:I,s:I,s:s,s:O,s:o,s:o,s:o,s:o,s:I,s:b,s:O,s:O}", "id", (json_int_t)r->id.v,
            "version", (json_int_t)r->rev, "state", referral_state_name(r->state), "school", school,
            "child_name", json_text_or_null(r->child_name), "birth_date", json_day(r->birth_day),
            "missing",
            r->closed_ms ? json_array() : json_bits(missing_of(r, in), ITEM_COUNT, item_name),
            "submitted", json_time_or_null(r->first_ms, 0), "waiting_days", (json_int_t)days,
            "overdue", (int)(open && days > in->policy.decision_days), "reviewer", reviewer,
            "alike", alike);
        err = *out ? ERR_OK : ERR_NOMEM;
    }
    json_decref(school);
    json_decref(reviewer);
    json_decref(alike);
    return err;
}

enum err referral_line_json(const struct call *c, const struct referral *r, const struct intake *in,
                            json_t **out)
{
    return head_json(c, r, in, out);
}

static json_t *asked_json(const struct referral *r)
{
    if (!r->asked_items)
        return json_null();
    return json_pack("{s:o,s:o}", "items", json_bits(r->asked_items, ITEM_COUNT, item_name), "note",
                     json_text_or_null(r->asked_note));
}

static enum err child_json(const struct call *c, struct child_id id, json_t **out)
{
    struct child child = { 0 };
    enum err err = id.v ? child_load(c->db, id, &child) : ERR_OK;

    return err ? err : person_or_null(c, child.user, out);
}

static enum err body_put(const struct call *c, const struct referral *r, const struct intake *in,
                         json_t *json)
{
    json_t *basis = NULL, *recommendation = NULL, *child = NULL;
    enum err err = basis_json(&r->basis, in, &basis);

    if (!err)
        err = json_put(json, "basis", basis);
    if (!err)
        err = recommendation_json(&r->recommendation, in, &recommendation);
    if (!err)
        err = json_put(json, "recommendation", recommendation);
    if (!err)
        err = child_json(c, r->child, &child);
    if (!err)
        err = json_put(json, "child", child);
    if (!err)
        err = json_put(json, "asked", asked_json(r));
    if (err)
        return err;
    return json_object_update_new(
               json, json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "grade",
                               r->grade ? json_integer(r->grade) : json_null(), "guardian_name",
                               json_text_or_null(r->guardian_name), "guardian_phone",
                               json_text_or_null(r->guardian_phone), "application",
                               json_day(r->application_day), "consent", json_day(r->consent_day),
                               "refusal", json_text_or_null(r->refusal), "closed",
                               json_time_or_null(r->closed_ms, 0), "withdrawn_reason",
                               json_text_or_null(r->withdrawn_reason))) == 0
               ? ERR_OK
               : ERR_NOMEM;
}

enum err referral_json(const struct call *c, const struct referral *r, const struct intake *in,
                       json_t **out)
{
    json_t *json = NULL;
    enum err err = head_json(c, r, in, &json);

    if (!err)
        err = body_put(c, r, in, json);
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

enum err intake_page(struct call *c, json_t *items, const struct page *page, bool more)
{
    size_t next = page->first + json_array_size(items);

    return call_answer(c, 200,
                       json_pack("{s:o,s:o}", "items", items, "next",
                                 page_next(more ? next : 0, more ? next + 1 : 0)));
}
