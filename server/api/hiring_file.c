/* SPDX-License-Identifier: Apache-2.0
 *
 * A mentor's hiring file as JSON, cut to what the reader may know: a school
 * sees its own applications and no word of the interview. Desk thread.
 */
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/hiring.h"
#include "server/api/hiring_json.h"
#include "server/api/person.h"
#include "server/store/interview.h"

/* The day an instant lies in. */
static json_t *day_json(const struct hiring *h, int64_t ms)
{
    int64_t days = (ms - (ms % MS_PER_DAY + MS_PER_DAY) % MS_PER_DAY) / MS_PER_DAY;
    struct day_range day;
    int y, m, d;

    if (call_day_at(h->centre.tz, ms, &day) == ERR_OK && hiring_zoned(day.year))
        return json_string(day.text);
    date_from_days(days, &y, &m, &d);
    return str_format(day.text, sizeof day.text, "%04d-%02d-%02d", y, m, d) ? json_string(day.text)
                                                                            : NULL;
}

/* The last day of a term that ends at to_ms, null for one without an end. */
static json_t *last_day_json(const struct hiring *h, int64_t to_ms)
{
    return to_ms == TERM_OPEN_MS ? json_null() : day_json(h, to_ms - 1);
}

static enum err document_json(const struct call *c, const struct hiring *h,
                              const struct staff_document *d, json_t *array)
{
    json_t *verified = NULL, *returned = NULL;
    enum err err = person_or_null(c, d->verified_by, &verified);

    if (!err)
        err = person_or_null(c, d->returned_by, &returned);
    if (err) {
        json_decref(verified);
        return err;
    }
    return json_push(
        array,
        json_pack("{s:I,s:s,s:s,s:I,s:o,s:o,s:b,s:o,s:o,s:o,s:o,s:o,s:I}", "id", (json_int_t)d->id,
                  "kind", document_name(d->kind), "type", upload_name(d->type), "bytes",
                  (json_int_t)d->bytes, "issued", day_json(h, d->issued_ms), "expires",
                  last_day_json(h, d->expires_ms), "original_seen", (int)d->original_seen,
                  "verified_by", verified, "verified_at", json_time_or_null(d->verified_ms, 0),
                  "returned_by", returned, "returned_at", json_time_or_null(d->returned_ms, 0),
                  "reason", json_text_or_null(d->reason), "sent_at", (json_int_t)d->created_ms));
}

static enum err documents_json(const struct call *c, const struct hiring *h, json_t *array)
{
    struct staff_document_list l = { 0 };
    enum err err = staff_document_list(c->db, h->mentor.id, &l);

    for (size_t i = 0; !err && i < l.n; i++)
        err = document_json(c, h, &l.items[i], array);
    staff_document_list_free(&l);
    return err;
}

static json_t *topics_json(unsigned topics)
{
    json_t *array = json_array();

    for (enum training_topic t = 0; array && t < TOPIC_COUNT; t++) {
        if ((topics & 1u << t) &&
            json_array_append_new(array, json_string(training_topic_name(t)))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static enum err trainings_json(const struct call *c, const struct hiring *h, json_t *array)
{
    struct training_list l = { 0 };
    enum err err = training_list(c->db, h->mentor.id, &l);

    for (size_t i = 0; !err && i < l.n; i++) {
        const struct training *t = &l.items[i];
        json_t *verified = NULL;

        err = person_or_null(c, t->verified_by, &verified);
        if (!err)
            err = json_push(array,
                            json_pack("{s:I,s:s,s:s,s:i,s:o,s:o,s:o,s:o}", "id", (json_int_t)t->id,
                                      "course", t->course, "provider", t->provider, "hours",
                                      t->hours, "issued", day_json(h, t->issued_ms), "expires",
                                      last_day_json(h, t->expires_ms), "topics",
                                      topics_json(t->topics), "verified_by", verified));
    }
    training_list_free(&l);
    return err;
}

static enum err qualifications_json(const struct call *c, const struct hiring *h, json_t *array)
{
    struct qualification_list l = { 0 };
    enum err err = qualification_list(c->db, h->mentor.id, &l);

    for (size_t i = 0; !err && i < l.n; i++) {
        const struct qualification *q = &l.items[i];
        json_t *verified = NULL;

        err = person_or_null(c, q->verified_by, &verified);
        if (!err)
            err =
                json_push(array, json_pack("{s:I,s:s,s:s,s:i,s:i,s:o,s:o}", "id", (json_int_t)q->id,
                                           "subject", q->subject, "level", q->level, "grade_from",
                                           q->grade_from, "grade_to", q->grade_to, "issued",
                                           day_json(h, q->issued_ms), "verified_by", verified));
    }
    qualification_list_free(&l);
    return err;
}

/* The order of an application, null if there is none. */
static enum err order_json(const struct call *c, const struct hiring *h, int64_t application,
                           json_t **out)
{
    struct employment_order o;
    enum err err = order_of(c->db, application, &o);

    if (err == ERR_NOTFOUND) {
        *out = json_null();
        return ERR_OK;
    }
    if (err)
        return err;
    *out = json_pack("{s:s,s:o,s:i,s:I,s:o,s:o,s:o}", "number", o.number, "date",
                     day_json(h, o.signed_ms), "rate_percent", o.rate_percent, "week_minutes",
                     (json_int_t)o.week_minutes, "from", day_json(h, o.from_ms), "to",
                     last_day_json(h, o.to_ms), "acquainted_at",
                     json_time_or_null(o.acquainted_ms, 0));
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err application_json(const struct call *c, const struct hiring *h,
                                 const struct application *a, json_t *array)
{
    json_t *school = NULL, *order = NULL;
    enum err err = school_json(c, a->school, &school);

    if (!err)
        err = order_json(c, h, a->id, &order);
    if (err) {
        json_decref(school);
        return err;
    }
    return json_push(array,
                     json_pack("{s:I,s:o,s:s,s:I,s:o,s:I,s:o}", "id", (json_int_t)a->id, "school",
                               school, "state", application_state_name(a->state), "since",
                               (json_int_t)a->state_ms, "reason", json_text_or_null(a->reason),
                               "rev", (json_int_t)a->rev, "order", order));
}

/* A school sees its own; the mentor and the centre see all. */
static enum err applications_json(const struct call *c, const struct hiring *h, json_t *array)
{
    struct application_list l = { 0 };
    struct grant g;
    bool school_only = call_scope(c, RIGHT_HIRING_VIEW, &g) == SCOPE_OWN_SCHOOL;
    enum err err = application_list(c->db, h->mentor.id, &l);

    for (size_t i = 0; !err && i < l.n; i++)
        if (!school_only || org_id_eq(l.items[i].school, g.org))
            err = application_json(c, h, &l.items[i], array);
    application_list_free(&l);
    return err;
}

/* Nobody but the mentor and the centre: a school hires by the papers. */
static enum err interviews_json(const struct call *c, const struct hiring *h, json_t *array)
{
    struct interview_list l = { 0 };
    struct grant g;
    bool school_only = call_scope(c, RIGHT_HIRING_VIEW, &g) == SCOPE_OWN_SCHOOL;
    enum err err = school_only ? ERR_OK : interview_list(c->db, h->mentor.id, &l);

    for (size_t i = 0; !err && i < l.n; i++) {
        const struct interview *v = &l.items[i];
        json_t *by = NULL;

        err = person_json(c, v->by, &by);
        if (!err)
            err = json_push(array, json_pack("{s:I,s:o,s:i,s:s,s:o}", "id", (json_int_t)v->id,
                                             "date", day_json(h, v->held_ms), "score", v->score,
                                             "evidence", v->evidence, "by", by));
    }
    interview_list_free(&l);
    return err;
}

static bool applied_at(const struct application_list *l, struct org_id school)
{
    for (size_t i = 0; i < l->n; i++)
        if (org_id_eq(l->items[i].school, school) && l->items[i].state != APPLICATION_ENDED)
            return true;
    return false;
}

/* Schools of the centre where the mentor may apply: those without an application that is alive. */
static enum err schools_json(const struct call *c, const struct hiring *h, json_t *array)
{
    static const enum org_type type = ORG_SCHOOL;
    struct application_list applied = { 0 };
    struct org_list l = { 0 };
    struct grant g;
    bool school_only = call_scope(c, RIGHT_HIRING_VIEW, &g) == SCOPE_OWN_SCHOOL;
    enum err err = school_only ? ERR_OK : org_list(c->db, &type, &l);

    if (!err)
        err = application_list(c->db, h->mentor.id, &applied);
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *school = NULL;

        if (!org_id_eq(l.items[i].parent, h->centre.id) || applied_at(&applied, l.items[i].id))
            continue;
        err = school_json(c, l.items[i].id, &school);
        if (!err)
            err = json_push(array, school);
    }
    application_list_free(&applied);
    org_list_free(&l);
    return err;
}

/* The lists of the file, in this order. */
static const struct {
    const char *name;
    enum err (*fill)(const struct call *c, const struct hiring *h, json_t *array);
} parts[] = {
    { "documents", documents_json },           { "trainings", trainings_json },
    { "qualifications", qualifications_json }, { "interviews", interviews_json },
    { "applications", applications_json },     { "schools", schools_json },
};

static enum err add_parts(const struct call *c, const struct hiring *h, json_t *file)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < sizeof parts / sizeof parts[0]; i++) {
        json_t *array = json_array();

        if (json_object_set_new(file, parts[i].name, array))
            return ERR_NOMEM;
        err = parts[i].fill(c, h, array);
    }
    return err;
}

enum err hiring_answer(struct call *c, int status, const struct hiring *h)
{
    struct teach_verdict papers;
    json_t *person = NULL, *file = NULL;
    enum err err = hiring_papers(c, h, &papers);

    if (!err)
        err = person_json(c, h->mentor.user, &person);
    if (err)
        return err;
    file = json_pack("{s:o,s:s,s:o,s:o,s:b}", "mentor", person, "tz", h->centre.tz, "checklist",
                     gates_json(&papers, false), "expiring",
                     expiring_json(&papers, &h->policy, c->now.unix_ms), "complete",
                     papers.failed == 0);
    err = file ? add_parts(c, h, file) : ERR_NOMEM;
    if (!err)
        return call_answer(c, status, file);
    json_decref(file);
    return err;
}
