/* SPDX-License-Identifier: Apache-2.0
 *
 * Courses, qualifications and introductions of a mentor: entered by the mentor
 * or the centre, verified by the centre. Desk thread.
 */
#include <string.h>

#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/hiring.h"
#include "server/store/child.h"
#include "server/store/hiring.h"

#define TEXT_CHARS 120
#define HOURS_MAX 2000

static const char *name_of(struct json_view *v, const char *field, size_t chars)
{
    const char *s = json_get_str(v, field, STAFF_TEXT_MAX);

    if (v->fault == JSON_FAULT_NONE && !str_name_ok(s, chars))
        json_view_blame(v, JSON_FAULT_MALFORMED, field);
    return s;
}

/* A day of the centre's zone: its first instant, or with last the first behind it. */
static int64_t day_of(struct json_view *v, const struct hiring *h, const char *field, bool last)
{
    const char *s = json_get_str(v, field, 10);
    int64_t from = 0, to = 0;

    if (v->fault == JSON_FAULT_NONE && !hiring_day(h, s, &from, &to))
        json_view_blame(v, JSON_FAULT_MALFORMED, field);
    return last ? to : from;
}

static int64_t opt_last_day(struct json_view *v, const struct hiring *h, const char *field)
{
    if (json_has(v, field))
        return day_of(v, h, field, true);
    (void)json_opt_str(v, field, 0); /* null counts as absent */
    return TERM_OPEN_MS;
}

static unsigned topics_of(struct json_view *v)
{
    const json_t *list = json_get_array(v, "topics", TOPIC_COUNT);
    unsigned topics = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));
        enum training_topic t;

        if (!word)
            json_view_blame(v, JSON_FAULT_TYPE, "topics");
        else if (!training_topic_parse(word, &t) || (topics & 1u << t))
            json_view_blame(v, JSON_FAULT_RANGE, "topics");
        else
            topics |= 1u << t;
    }
    return topics;
}

/* Blames the field whose date cannot be. */
static void check_dates(struct json_view *v, const struct call *c, const struct hiring *h,
                        int64_t issued_ms, int64_t expires_ms)
{
    const char *blame;

    if (v->fault != JSON_FAULT_NONE)
        return;
    blame = hiring_dates_fault(h, DOCUMENT_COURSE, issued_ms, expires_ms, c->now.unix_ms);
    if (blame)
        json_view_blame(v, JSON_FAULT_RANGE, blame);
}

/* Nobody verifies what is their own. */
static enum err open_to_verify(struct call *c, struct mentor_id mentor, struct hiring *h,
                               bool *refused)
{
    enum err err = hiring_open(c, RIGHT_HIRING_VERIFY, mentor, h, refused);

    if (err || *refused)
        return err;
    *refused = user_id_eq(h->mentor.user, c->user.id);
    if (*refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = json_view_end(&c->in) != ERR_OK;
    return *refused ? call_refuse_field(c, &c->in) : ERR_OK;
}

/* Audit and the whole file: the end of every change. */
static enum err finish(struct call *c, int status, const char *action, const char *entity,
                       int64_t id, const struct hiring *h)
{
    enum err err = call_audit(c, action, entity, id, "", "");

    return err ? err : hiring_answer(c, status, h);
}

/* ---- courses -------------------------------------------------------------------------------- */

enum err training_post(struct call *c)
{
    struct training t = { 0 };
    struct hiring h;
    int64_t id;
    bool refused = false;
    enum err err = hiring_open_path(c, RIGHT_HIRING_EDIT, &h, &refused);
    const char *course, *provider;

    if (err || refused)
        return err;
    course = name_of(&c->in, "course", TEXT_CHARS);
    provider = name_of(&c->in, "provider", TEXT_CHARS);
    t.mentor = h.mentor.id;
    t.hours = (int)json_get_int(&c->in, "hours", 1, HOURS_MAX);
    t.issued_ms = day_of(&c->in, &h, "issued", false);
    t.expires_ms = opt_last_day(&c->in, &h, "expires");
    t.topics = topics_of(&c->in);
    check_dates(&c->in, c, &h, t.issued_ms, t.expires_ms);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    if (!str_copy(t.course, sizeof t.course, course) ||
        !str_copy(t.provider, sizeof t.provider, provider))
        return ERR_INVAL;
    err = training_add(c->db, &t, c->now.unix_ms, c->user.id, &id);
    return err ? err : finish(c, 201, "training.add", "training", id, &h);
}

enum err training_verify_post(struct call *c)
{
    struct training t;
    struct hiring h;
    bool refused = false;
    enum err err = training_load(c->db, c->id, &t);

    if (!err)
        err = open_to_verify(c, t.mentor, &h, &refused);
    if (err || refused)
        return err;
    err = training_verify(c->db, t.id, c->now.unix_ms, c->user.id);
    return err ? err : finish(c, 200, "training.verify", "training", t.id, &h);
}

/* ---- qualifications ------------------------------------------------------------------------- */

static void subject_asked(struct call *c, struct qualification *q, enum err *err)
{
    const char *code = json_get_str(&c->in, "subject", sizeof q->subject - 1);
    struct subject subject;

    if (c->in.fault != JSON_FAULT_NONE)
        return;
    *err = subject_by_code(c->db, code, &subject);
    if (*err == ERR_NOTFOUND) {
        json_view_blame(&c->in, JSON_FAULT_RANGE, "subject");
        *err = ERR_OK;
    } else if (!*err) {
        q->subject_id = subject.id;
    }
}

enum err qualification_post(struct call *c)
{
    struct qualification q = { 0 };
    struct hiring h;
    const char *level;
    int64_t id;
    bool refused = false;
    enum err err = hiring_open_path(c, RIGHT_HIRING_EDIT, &h, &refused);

    if (err || refused)
        return err;
    subject_asked(c, &q, &err);
    if (err)
        return err;
    level = name_of(&c->in, "level", 80);
    q.mentor = h.mentor.id;
    q.grade_from = (int)json_get_int(&c->in, "grade_from", 1, 11);
    q.grade_to = (int)json_get_int(&c->in, "grade_to", 1, 11);
    q.issued_ms = day_of(&c->in, &h, "issued", false);
    check_dates(&c->in, c, &h, q.issued_ms, TERM_OPEN_MS);
    if (c->in.fault == JSON_FAULT_NONE && q.grade_to < q.grade_from)
        json_view_blame(&c->in, JSON_FAULT_RANGE, "grade_to");
    if (c->in.fault == JSON_FAULT_NONE && !str_copy(q.level, sizeof q.level, level))
        json_view_blame(&c->in, JSON_FAULT_TOO_LONG, "level");
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = qualification_add(c->db, &q, c->now.unix_ms, c->user.id, &id);
    return err ? err : finish(c, 201, "qualification.add", "qualification", id, &h);
}

enum err qualification_verify_post(struct call *c)
{
    struct qualification q;
    struct hiring h;
    bool refused = false;
    enum err err = qualification_load(c->db, c->id, &q);

    if (!err)
        err = open_to_verify(c, q.mentor, &h, &refused);
    if (err || refused)
        return err;
    err = qualification_verify(c->db, q.id, c->now.unix_ms, c->user.id);
    return err ? err : finish(c, 200, "qualification.verify", "qualification", q.id, &h);
}

/* ---- introductions -------------------------------------------------------------------------- */

/* They met without a lesson: the centre says so. */
enum err introduction_post(struct call *c)
{
    struct hiring h;
    struct child child = { 0 };
    struct user_id user;
    int64_t held_ms;
    bool refused = false, may = false;
    enum err err = hiring_open_path(c, RIGHT_HIRING_VERIFY, &h, &refused);

    if (err || refused)
        return err;
    user.v = json_get_int(&c->in, "child", 1, BODY_ID_MAX);
    held_ms = day_of(&c->in, &h, "date", false);
    if (c->in.fault == JSON_FAULT_NONE && held_ms > c->now.unix_ms)
        json_view_blame(&c->in, JSON_FAULT_RANGE, "date");
    if (c->in.fault == JSON_FAULT_NONE) {
        err = child_by_user(c->db, user, &child);
        if (!err)
            err = call_may_child(c, RIGHT_CHILD_LIST, &child, false, &may);
        if (err && err != ERR_NOTFOUND)
            return err;
        if (err || !may)
            json_view_blame(&c->in, JSON_FAULT_RANGE, "child");
    }
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = introduction_add(c->db, h.mentor.id, child.id, held_ms, c->now.unix_ms, c->user.id);
    return err ? err : finish(c, 201, "introduction.add", "child", child.id.v, &h);
}
