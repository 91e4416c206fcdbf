/* SPDX-License-Identifier: Apache-2.0
 *
 * Interviews of a mentor: entered by the centre, about others (item 21). Desk
 * thread.
 */
#include "server/store/interview.h"

#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/hiring.h"

#define EVIDENCE_CHARS 200

static void read_interview(struct call *c, const struct hiring *h, struct interview *i)
{
    const char *date = json_get_str(&c->in, "date", 10), *evidence;
    int64_t next;

    if (c->in.fault == JSON_FAULT_NONE && !hiring_day(h, date, &i->held_ms, &next))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "date");
    if (c->in.fault == JSON_FAULT_NONE && i->held_ms > c->now.unix_ms)
        json_view_blame(&c->in, JSON_FAULT_RANGE, "date");
    i->score = (int)json_get_int(&c->in, "score", INTERVIEW_SCORE_MIN, INTERVIEW_SCORE_MAX);
    evidence = json_get_str(&c->in, "evidence", INTERVIEW_EVIDENCE_MAX);
    if (c->in.fault == JSON_FAULT_NONE && (!str_name_ok(evidence, EVIDENCE_CHARS) ||
                                           !str_copy(i->evidence, sizeof i->evidence, evidence)))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "evidence");
}

enum err interview_post(struct call *c)
{
    struct hiring h;
    struct interview i = { .by = c->user.id };
    int64_t id;
    bool refused = false;
    enum err err = hiring_open_path(c, RIGHT_HIRING_VERIFY, &h, &refused);

    if (err || refused)
        return err;
    if (user_id_eq(h.mentor.user, c->user.id)) /* nobody judges themselves */
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    i.mentor = h.mentor.id;
    read_interview(c, &h, &i);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = interview_add(c->db, &i, c->now.unix_ms, &id);
    if (!err)
        err = call_audit(c, "interview.add", "interview", id, "", "");
    return err ? err : hiring_answer(c, 201, &h);
}
