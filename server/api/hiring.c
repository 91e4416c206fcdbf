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

enum err hiring_reaches(const struct call *c, enum right right, struct mentor_id mentor, bool *out)
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
        err = hiring_reaches(c, RIGHT_HIRING_VIEW, mentor, &sees);
    if (!err)
        err = hiring_reaches(c, right, mentor, &may);
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

bool hiring_zoned(int year)
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
    return !hiring_zoned(y) || zone_day_start(h->centre.tz, y, m, d, out) == ERR_OK;
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

/* ---- the file ------------------------------------------------------------------------------- */

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
