/* SPDX-License-Identifier: Apache-2.0
 *
 * A mentor's hiring file: who may open it, and the whole of it as JSON; and
 * the question can_teach for one child. Desk thread.
 */
#include "server/api/hiring.h"

#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/hiring_json.h"
#include "server/api/person.h"
#include "server/store/child.h"
#include "server/store/hiring.h"
#include "server/store/home.h"
#include "server/store/seat.h"

static enum err reaches(const struct call *c, enum right right, struct mentor_id mentor, bool *out)
{
    *out = false;
    for (size_t i = 0; i < c->grants.n && !*out; i++) {
        const struct grant *g = &c->grants.items[i];
        struct relation to = { 0 };
        enum err err = relation_mentor(c->db, g, mentor, c->now.unix_ms, &to);

        if (err)
            return err;
        *out = access_may(g->role, right, to);
    }
    return ERR_OK;
}

enum err hiring_open(struct call *c, enum right right, struct mentor_id mentor, struct hiring *out,
                     bool *refused)
{
    bool sees = false, may = false;
    enum err err = mentor_load(c->db, mentor, &out->mentor);

    *refused = true;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = reaches(c, RIGHT_HIRING_VIEW, mentor, &sees);
    if (!err)
        err = reaches(c, right, mentor, &may);
    if (err)
        return err;
    if (!sees)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!may)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = org_load(c->db, out->mentor.centre, &out->centre);
    if (!err)
        err = policy_hiring(c->db, out->mentor.centre, c->now.unix_ms, &out->policy);
    *refused = false;
    return err;
}

enum err hiring_open_path(struct call *c, enum right right, struct hiring *out, bool *refused)
{
    struct mentor m;
    enum err err = mentor_by_user(c->db, (struct user_id){ c->id }, &m);

    *refused = err == ERR_NOTFOUND;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    return err ? err : hiring_open(c, right, m.id, out, refused);
}

enum err hiring_papers(const struct call *c, const struct hiring *h, struct teach_verdict *out)
{
    static const struct teach_question papers = { 0 };
    const struct teach_who who = { .mentor = h->mentor.id };

    return teach_ask(c->db, &who, &papers, c->now.unix_ms, out);
}

enum err hiring_refuse_papers(struct call *c, const struct teach_verdict *papers)
{
    enum err err = call_refuse(c, REFUSE_GATE);

    return err ? err
               : call_answer(c, 409,
                             json_pack("{s:{s:s,s:s,s:o}}", "error", "code", "gate", "gate",
                                       "papers", "gates", gates_json(papers, true)));
}

/* ---- dates ---------------------------------------------------------------------------------- */

/* Diplomas are older, and papers good for longer, than the years for which zones are known; there
 * a day is UTC's. */
#define OLDEST_YEAR 1940
#define NEWEST_YEAR 2099

static bool zoned(int year)
{
    return year > ZONE_YEAR_MIN && year < ZONE_YEAR_MAX;
}

static bool date_of(const char *text, int *year, int *month, int *day)
{
    int v[3] = { 0 }, n = 0;

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    for (int i = 0; i < 10; i++) {
        if (i == 4 || i == 7) {
            n++;
        } else if (text[i] < '0' || text[i] > '9') {
            return false;
        } else {
            v[n] = v[n] * 10 + (text[i] - '0');
        }
    }
    *year = v[0];
    *month = v[1];
    *day = v[2];
    return v[0] >= OLDEST_YEAR && v[0] <= NEWEST_YEAR && date_valid(v[0], v[1], v[2]);
}

static bool day_start(const struct hiring *h, int64_t days, int64_t *out)
{
    int y, m, d;

    date_from_days(days, &y, &m, &d);
    *out = days * MS_PER_DAY;
    return !zoned(y) || zone_day_start(h->centre.tz, y, m, d, out) == ERR_OK;
}

bool hiring_day(const struct hiring *h, const char *text, int64_t *from_ms, int64_t *to_ms)
{
    int y, m, d;

    return date_of(text, &y, &m, &d) && day_start(h, date_to_days(y, m, d), from_ms) &&
           day_start(h, date_to_days(y, m, d) + 1, to_ms);
}

const char *hiring_dates_fault(const struct hiring *h, enum document_kind kind, int64_t issued_ms,
                               int64_t expires_ms, int64_t now_ms)
{
    if (issued_ms > now_ms)
        return "issued";
    if (expires_ms <= now_ms || expires_ms <= issued_ms)
        return "expires";
    if (kind == DOCUMENT_NO_RECORD && issued_ms + h->policy.certificate_days * MS_PER_DAY <= now_ms)
        return "issued";
    return NULL;
}

/* The day an instant lies in. */
static json_t *day_json(const struct hiring *h, int64_t ms)
{
    int64_t days = (ms - (ms % MS_PER_DAY + MS_PER_DAY) % MS_PER_DAY) / MS_PER_DAY;
    struct day_range day;
    int y, m, d;

    if (call_day_at(h->centre.tz, ms, &day) == ERR_OK && zoned(day.year))
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

/* ---- the file ------------------------------------------------------------------------------- */

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

enum err hiring_answer(struct call *c, int status, const struct hiring *h)
{
    json_t *documents = json_array(), *trainings = json_array(), *qualifications = json_array(),
           *applications = json_array(), *person = NULL;
    struct teach_verdict papers;
    enum err err = documents && trainings && qualifications && applications ? ERR_OK : ERR_NOMEM;

    if (!err)
        err = documents_json(c, h, documents);
    if (!err)
        err = trainings_json(c, h, trainings);
    if (!err)
        err = qualifications_json(c, h, qualifications);
    if (!err)
        err = applications_json(c, h, applications);
    if (!err)
        err = hiring_papers(c, h, &papers);
    if (!err)
        err = person_json(c, h->mentor.user, &person);
    if (!err)
        err = call_answer(c, status,
                          json_pack("{s:O,s:s,s:O,s:O,s:O,s:O,s:o,s:b}", "mentor", person, "tz",
                                    h->centre.tz, "documents", documents, "trainings", trainings,
                                    "qualifications", qualifications, "applications", applications,
                                    "checklist", gates_json(&papers, false), "complete",
                                    papers.failed == 0));
    json_decref(documents);
    json_decref(trainings);
    json_decref(qualifications);
    json_decref(applications);
    json_decref(person);
    return err;
}

enum err hiring_get(struct call *c)
{
    struct hiring h;
    bool refused = false;
    enum err err = hiring_open_path(c, RIGHT_HIRING_VIEW, &h, &refused);

    return err || refused ? err : hiring_answer(c, 200, &h);
}

/* ---- may this mentor teach this child? --------------------------------------------------------
 */

static enum err query_id(struct call *c, const char *name, int64_t max, int64_t *out, bool *refused)
{
    char text[24];
    enum json_fault fault;
    bool given;

    if (*refused)
        return ERR_OK;
    given = call_query(c, name, text, sizeof text, &fault);
    if (fault == JSON_FAULT_NONE && !given)
        fault = JSON_FAULT_MISSING;
    if (given && str_to_i64(text, 1, max, out))
        fault = JSON_FAULT_RANGE;
    *refused = fault != JSON_FAULT_NONE;
    return *refused ? call_refuse_query(c, name, fault) : ERR_OK;
}

static enum err query_subject(struct call *c, int64_t *out, bool *refused)
{
    struct subject subject;
    char text[81];
    enum json_fault fault;
    enum err err = ERR_NOTFOUND;

    if (*refused)
        return ERR_OK;
    if (call_query(c, "subject", text, sizeof text, &fault))
        err = subject_by_code(c->db, text, &subject);
    else if (fault == JSON_FAULT_NONE)
        fault = JSON_FAULT_MISSING;
    if (err && err != ERR_NOTFOUND)
        return err;
    *refused = err != ERR_OK;
    if (*refused)
        return call_refuse_query(c, "subject", fault ? fault : JSON_FAULT_RANGE);
    *out = subject.id;
    return ERR_OK;
}

/* The child asked about, if the person may see it. */
static enum err query_child(struct call *c, struct child *out, bool *refused)
{
    struct user_id user = { 0 };
    bool may = false, taught = false;
    enum err err = query_id(c, "child", BODY_ID_MAX, &user.v, refused);

    if (err || *refused)
        return err;
    err = child_by_user(c->db, user, out);
    if (!err)
        err = child_taught_by(c->db, out->id, c->user.id, c->now.unix_ms, &taught);
    if (!err)
        err = call_may_child(c, RIGHT_CHILD_LIST, out, taught, &may);
    if (err && err != ERR_NOTFOUND)
        return err;
    *refused = err || !may;
    return *refused ? call_refuse_query(c, "child", JSON_FAULT_RANGE) : ERR_OK;
}

enum err can_teach_get(struct call *c)
{
    struct teach_question q = { .hired = true, .child = true, .consents = true };
    struct teach_verdict v;
    struct hiring h;
    struct child child;
    int64_t at_ms = 0;
    bool refused = false;
    enum err err = hiring_open_path(c, RIGHT_TEACH_ASK, &h, &refused);

    if (!err && !refused)
        err = query_child(c, &child, &refused);
    if (!err)
        err = query_subject(c, &q.subject, &refused);
    if (!err)
        err = query_id(c, "at", BODY_ID_MAX, &at_ms, &refused);
    if (err || refused)
        return err;
    err =
        teach_ask(c->db, &(struct teach_who){ h.mentor.id, child.school, child.id }, &q, at_ms, &v);
    if (err)
        return err;
    return call_answer(c, 200,
                       json_pack("{s:b,s:o,s:o}", "may", v.failed == 0, "until",
                                 json_time_or_null(v.until_ms == TERM_OPEN_MS ? 0 : v.until_ms, 0),
                                 "gates", gates_json(&v, false)));
}

/* ---- what runs out ----------------------------------------------------------------------------
 */

static enum err expiry_json(const struct call *c, const struct expiry *e, json_t *array)
{
    json_t *mentor = NULL, *school = NULL;
    enum err err = person_json(c, e->mentor, &mentor);

    if (!err && e->school.v)
        err = school_json(c, e->school, &school);
    else
        school = json_null();
    if (err) {
        json_decref(mentor);
        return err;
    }
    return json_push(array, json_pack("{s:o,s:o,s:s,s:I,s:i,s:I}", "mentor", mentor, "school",
                                      school, "gate", e->gate, "until", (json_int_t)e->until_ms,
                                      "days", e->days, "told_at", (json_int_t)e->told_ms));
}

enum err expiries_get(struct call *c)
{
    struct expiry_list l = { 0 };
    struct grant g;
    json_t *array;
    enum err err;

    if (call_scope(c, RIGHT_HIRING_VERIFY, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    array = json_array();
    err = array ? expiry_list(c->db, g.org, c->now.unix_ms, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++)
        err = expiry_json(c, &l.items[i], array);
    expiry_list_free(&l);
    if (err) {
        json_decref(array);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o}", "items", array));
}
