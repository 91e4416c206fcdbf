/* SPDX-License-Identifier: Apache-2.0
 *
 * Strict reading of the bodies of intake; see intake_body.h.
 */
#include "server/api/intake_body.h"

#include <string.h>

#include "common/base/str.h"
#include "server/api/body.h"
#include "server/store/referral.h"
#include "server/store/scan.h"

#define WORDS_BYTES 4000
#define WORDS_CHARS 2000
#define LINE_BYTES 400
#define LINE_CHARS 200
#define NOTE_CHARS 400

static int64_t as_day(struct json_view *v, const char *name, const char *text)
{
    int64_t day = DAY_NONE;

    if (v->fault == JSON_FAULT_NONE && !day_parse(text, &day))
        json_view_blame(v, JSON_FAULT_MALFORMED, name);
    return day;
}

static int64_t get_day(struct json_view *v, const char *name)
{
    return as_day(v, name, json_get_str(v, name, DAY_TEXT_BYTES - 1));
}

static int64_t opt_day(struct json_view *v, const char *name)
{
    const char *text = json_opt_str(v, name, DAY_TEXT_BYTES - 1);

    return text ? as_day(v, name, text) : DAY_NONE;
}

/* ---- objects within ----------------------------------------------------------------------- */

static struct json_view inner(struct json_view *v, const char *name)
{
    return json_view_on(json_get_object(v, name));
}

/* Hands a fault of the object name over to the view it stands in. */
static void close_inner(struct json_view *v, const char *name, struct json_view *in)
{
    char field[JSON_FIELD_MAX];

    if (v->fault != JSON_FAULT_NONE || !json_view_end(in))
        return;
    if (!str_format(field, sizeof field, "%s.%s", name, in->field))
        json_view_blame(v, in->fault, name);
    else
        json_view_blame(v, in->fault, field);
}

static const char *line(struct json_view *v, const char *name)
{
    const char *s = json_get_str(v, name, LINE_BYTES);

    if (v->fault == JSON_FAULT_NONE && !str_name_ok(s, LINE_CHARS))
        json_view_blame(v, JSON_FAULT_MALFORMED, name);
    return s;
}

static void basis(struct json_view *v, struct body_basis *out)
{
    struct json_view in;

    if (!json_has(v, "basis")) {
        (void)json_opt_str(v, "basis", 0); /* null counts as absent */
        return;
    }
    in = inner(v, "basis");
    if (v->fault != JSON_FAULT_NONE)
        return;
    out->given = true;
    out->basis.issued_day = get_day(&in, "issued");
    out->basis.from_day = get_day(&in, "from");
    out->basis.to_day = get_day(&in, "to");
    out->document = line(&in, "document");
    out->issuer = line(&in, "issuer");
    out->ground = body_text(&in, "ground", WORDS_BYTES, WORDS_CHARS);
    close_inner(v, "basis", &in);
}

static void hours(struct json_view *v, struct recommendation *out)
{
    struct json_view in;

    if (!json_has(v, "hours")) {
        (void)json_opt_str(v, "hours", 0);
        return;
    }
    in = inner(v, "hours");
    if (v->fault != JSON_FAULT_NONE)
        return;
    out->from_minute = body_clock(&in, "from");
    out->to_minute = body_clock(&in, "to");
    if (in.fault == JSON_FAULT_NONE && out->to_minute <= out->from_minute)
        json_view_blame(&in, JSON_FAULT_RANGE, "to"); /* 00:00 to 00:00 is not "any time" */
    close_inner(v, "hours", &in);
}

/* Adds bit to *bits; twice the same is a fault. */
static void add_bit(struct json_view *v, const char *name, unsigned bit, unsigned *bits)
{
    if (*bits >> bit & 1u)
        json_view_blame(v, JSON_FAULT_RANGE, name);
    *bits |= 1u << bit;
}

static void rest_days(struct json_view *v, unsigned *out)
{
    const json_t *list = json_opt_array(v, "rest_days", 7);

    for (size_t i = 0; i < json_array_size(list) && v->fault == JSON_FAULT_NONE; i++) {
        const json_t *item = json_array_get(list, i);
        json_int_t n = json_integer_value(item);

        if (!json_is_integer(item))
            json_view_blame(v, JSON_FAULT_TYPE, "rest_days");
        else if (n < 1 || n > 7)
            json_view_blame(v, JSON_FAULT_RANGE, "rest_days");
        else
            add_bit(v, "rest_days", (unsigned)n, out);
    }
}

static void equipment(struct json_view *v, unsigned *out)
{
    const json_t *list = json_opt_array(v, "equipment", EQUIPMENT_COUNT);

    for (size_t i = 0; i < json_array_size(list) && v->fault == JSON_FAULT_NONE; i++) {
        enum equipment e;

        if (equipment_parse(json_string_value(json_array_get(list, i)), &e))
            add_bit(v, "equipment", e, out);
        else
            json_view_blame(v, JSON_FAULT_RANGE, "equipment");
    }
}

static int limit(struct json_view *v, const char *name)
{
    return (int)json_opt_int(v, name, 1, 1440, 0);
}

static void recommendation(struct json_view *v, struct body_recommendation *out)
{
    struct recommendation *l = &out->limits;
    struct json_view in;

    if (!json_has(v, "recommendation")) {
        (void)json_opt_str(v, "recommendation", 0);
        return;
    }
    in = inner(v, "recommendation");
    if (v->fault != JSON_FAULT_NONE)
        return;
    out->given = true;
    l->issued_day = get_day(&in, "issued");
    l->from_day = get_day(&in, "from");
    l->to_day = get_day(&in, "to");
    out->doctor = line(&in, "doctor");
    out->organisation = line(&in, "organisation");
    out->words = body_text(&in, "words", WORDS_BYTES, WORDS_CHARS);
    l->lesson_minutes = limit(&in, "lesson_minutes");
    l->lessons_per_day = limit(&in, "lessons_per_day");
    l->lessons_per_week = limit(&in, "lessons_per_week");
    l->screen_minutes = limit(&in, "screen_minutes");
    hours(&in, l);
    rest_days(&in, &l->rest_weekdays);
    equipment(&in, &l->equipment);
    l->camera_allowed = json_get_bool(&in, "camera_allowed");
    close_inner(v, "recommendation", &in);
}

/* ---- bodies ------------------------------------------------------------------------------- */

enum err body_need_new(struct json_view *v, struct body_need_new *out)
{
    const char *period = json_get_str(v, "period", 7);

    *out = (struct body_need_new){ 0 };
    if (v->fault == JSON_FAULT_NONE && (!body_month(period, &out->year, &out->month) ||
                                        !str_copy(out->period, sizeof out->period, period)))
        json_view_blame(v, JSON_FAULT_MALFORMED, "period");
    out->count = json_get_int(v, "count", 0, NEED_COUNT_MAX);
    return json_view_end(v);
}

enum err body_need_count(struct json_view *v, int64_t *out)
{
    *out = json_get_int(v, "count", 0, NEED_COUNT_MAX);
    return json_view_end(v);
}

/* Fields of a referral that null empties. A paper is replaced, never taken out. */
static const struct {
    const char *name;
    enum referral_item item;
} emptiable[] = {
    { "child_name", ITEM_CHILD_NAME },
    { "birth_date", ITEM_BIRTH_DATE },
    { "grade", ITEM_GRADE },
    { "guardian_name", ITEM_GUARDIAN_NAME },
    { "guardian_phone", ITEM_GUARDIAN_PHONE },
    { "application", ITEM_APPLICATION },
    { "consent", ITEM_CONSENT },
};

static unsigned emptied(const struct json_view *v)
{
    unsigned bits = 0;

    for (size_t i = 0; i < sizeof emptiable / sizeof emptiable[0]; i++) {
        if (json_is_null(json_object_get(v->object, emptiable[i].name)))
            bits |= 1u << emptiable[i].item;
    }
    return bits;
}

enum err body_referral(struct json_view *v, struct body_referral *out)
{
    *out = (struct body_referral){ .emptied = emptied(v) };
    out->child_name = body_opt_name(v, "child_name", USER_NAME_MAX, 80);
    out->birth_day = opt_day(v, "birth_date");
    out->grade = (int)json_opt_int(v, "grade", 1, 11, 0);
    out->guardian_name = body_opt_name(v, "guardian_name", USER_NAME_MAX, 80);
    out->guardian_phone = body_opt_name(v, "guardian_phone", REFERRAL_PHONE_MAX, 40);
    out->application_day = opt_day(v, "application");
    out->consent_day = opt_day(v, "consent");
    basis(v, &out->basis);
    recommendation(v, &out->recommendation);
    return json_view_end(v);
}

enum err body_withdraw(struct json_view *v, const char **reason)
{
    *reason = body_reason(v);
    return json_view_end(v);
}

enum err body_ask(struct json_view *v, struct body_ask *out)
{
    const json_t *list = json_get_array(v, "items", ITEM_COUNT);

    *out = (struct body_ask){ .note = "" };
    if (v->fault == JSON_FAULT_NONE && json_array_size(list) == 0)
        json_view_blame(v, JSON_FAULT_RANGE, "items");
    for (size_t i = 0; i < json_array_size(list) && v->fault == JSON_FAULT_NONE; i++) {
        enum referral_item item;

        if (referral_item_parse(json_string_value(json_array_get(list, i)), &item))
            add_bit(v, "items", item, &out->items);
        else
            json_view_blame(v, JSON_FAULT_RANGE, "items");
    }
    if (json_has(v, "note"))
        out->note = body_text(v, "note", REFERRAL_NOTE_MAX, NOTE_CHARS);
    else
        (void)json_opt_str(v, "note", 0);
    return json_view_end(v);
}

enum err body_decision(struct json_view *v, struct body_decision *out)
{
    static const char *const decisions[] = { "accepted", "refused" };
    static const char *const refusals[] = { "no_ground", "not_our_school", "duplicate",
                                            "family_declined", "other" };

    *out = (struct body_decision){ 0 };
    out->accepted = strcmp(body_word(v, "decision", decisions, 2), "accepted") == 0;
    out->reason = body_reason(v);
    if (out->accepted) {
        out->child.v = json_opt_int(v, "child", 1, BODY_ID_MAX, 0);
        out->new_child = json_opt_bool(v, "new_child", false);
        if (out->child.v && out->new_child)
            json_view_blame(v, JSON_FAULT_RANGE, "new_child");
    } else {
        out->refusal = body_word(v, "refusal", refusals, 5);
    }
    return json_view_end(v);
}

enum err body_case_close(struct json_view *v, enum case_reason *out)
{
    static const char *const reasons[] = { "recovered", "left", "finished" };

    *out = CASE_REASON_NONE;
    (void)case_end_parse(body_word(v, "reason", reasons, 3), out);
    return json_view_end(v);
}

static const char *why(struct json_view *v)
{
#define X(code, name) name,
    static const char *const whys[] = { MEDICAL_WHY_LIST(X) };
#undef X

    return body_word(v, "why", whys, sizeof whys / sizeof whys[0]);
}

enum err body_why(struct json_view *v, const char **out)
{
    *out = why(v);
    return json_view_end(v);
}

enum err body_scan_open(struct json_view *v, struct body_scan_open *out)
{
    static const char *const words[] = { "basis", "recommendation" };

    out->kind = MEDICAL_BASIS;
    (void)scan_kind_parse(body_word(v, "kind", words, 2), &out->kind);
    out->why = why(v);
    return json_view_end(v);
}
