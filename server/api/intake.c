/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may do what with a referral, its moves, and the sealed words; see
 * intake.h. Desk thread.
 */
#include "server/api/intake.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/account.h"
#include "server/sys/seal.h"

enum err intake_load(const struct call *c, struct org_id centre, struct intake *out)
{
    enum err err = org_load(c->db, centre, &out->centre);

    if (!err)
        err = policy_intake(c->db, centre, c->now.unix_ms, &out->policy);
    return err ? err : day_in_zone(out->centre.tz, c->now.unix_ms, &out->today);
}

bool intake_may(const struct call *c, enum right right, const struct referral *r)
{
    for (size_t i = 0; i < c->grants.n; i++) {
        const struct grant *g = &c->grants.items[i];
        struct relation to = { .own_school = org_id_eq(g->org, r->school),
                               .own_centre = org_id_eq(g->org, r->centre) };

        if (access_may(g->role, right, to))
            return true;
    }
    return false;
}

enum err intake_referral(struct call *c, enum right right, struct referral *out, struct intake *in,
                         bool *refused)
{
    enum err err = referral_load(c->db, (struct referral_id){ c->id }, out);

    *refused = true;
    if (err == ERR_NOTFOUND || (!err && !intake_may(c, RIGHT_REFERRAL_VIEW, out)))
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (err)
        return err;
    if (!out->first_ms && !intake_may(c, RIGHT_REFERRAL_WRITE, out))
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!intake_may(c, right, out))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = false;
    return intake_load(c, out->centre, in);
}

static enum referral_side side_of(enum referral_move m)
{
    return m == MOVE_EDIT || m == MOVE_SUBMIT || m == MOVE_WITHDRAW ? SIDE_OF_SCHOOL
                                                                    : SIDE_OF_CENTRE;
}

static enum err alike_count(const struct call *c, const struct referral *r, int *out)
{
    struct child_mark mark = { r->child_name, r->birth_day, r->school };
    struct alike_list l;
    enum err err = alike_list(c->db, r->centre, &mark, r->id, (struct user_id){ 0 }, &l);

    if (err)
        return err;
    *out = (int)l.n;
    alike_list_free(&l);
    return ERR_OK;
}

enum err intake_decide(struct call *c, const struct referral *r, const struct intake *in,
                       const struct intake_wish *wish, enum referral_state *next, bool *refused)
{
    struct referral_content content = referral_content_of(r);
    struct referral_facts f = { .state = r->state,
                                .reviewer = r->reviewer,
                                .missing = referral_missing(&content, in->today, &in->policy) };
    struct referral_ask ask = { .move = wish->move,
                                .side = side_of(wish->move),
                                .person = c->user.id,
                                .has_reason = true, /* the bodies require it */
                                .chose = wish->chose };
    enum referral_verdict v;
    enum err err = referral_wrote(c->db, r->id, c->user.id, &ask.wrote);

    *refused = false;
    if (!err && wish->move == MOVE_ACCEPT)
        err = alike_count(c, r, &f.alike);
    if (err)
        return err;
    v = referral_decide(&f, &ask, next);
    *refused = v != REFERRAL_MAY_OK;
    return *refused ? call_refuse_gate(c, referral_verdict_name(v)) : ERR_OK;
}

enum err intake_move(struct call *c, const struct referral *r, const struct intake *in,
                     const struct referral_change *change)
{
    static const char *const actions[MOVE_COUNT] = {
        [MOVE_EDIT] = "referral.edit",         [MOVE_SUBMIT] = "referral.submit",
        [MOVE_WITHDRAW] = "referral.withdraw", [MOVE_TAKE] = "referral.take",
        [MOVE_ASK] = "referral.ask",           [MOVE_ACCEPT] = "referral.accept",
        [MOVE_REFUSE] = "referral.refuse",
    };
    enum err err = referral_change(c->db, r, change, c->now.unix_ms, c->user.id);

    if (!err)
        err = call_audit(c, actions[change->move], "referral", r->id.v,
                         referral_state_name(r->state), referral_state_name(change->to));
    return err ? err : intake_answer(c, 200, r->id, in);
}

enum err intake_answer(struct call *c, int status, struct referral_id id, const struct intake *in)
{
    struct referral r;
    json_t *json = NULL;
    enum err err = referral_load(c->db, id, &r);

    if (!err)
        err = referral_json(c, &r, in, &json);
    if (err)
        return err;
    if (!str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)r.rev)) {
        json_decref(json);
        return ERR_INVAL;
    }
    return call_answer(c, status, json);
}

/* ---- sealed words ------------------------------------------------------------------------- */

enum err words_seal(const struct call *c, enum medical m, int64_t row, json_t *words)
{
    struct seal_place at = { medical_table(m), "sealed", row };
    char *text = words ? json_dumps(words, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    uint8_t *value = NULL;
    size_t len = 0;
    enum err err = text ? seal_close(desk_ring(c->ctx->desk), &at, text, strlen(text), &value, &len)
                        : ERR_NOMEM;

    if (!err)
        err = medical_set(c->db, m, row, value, len);
    mem_free(value);
    free(text);
    json_decref(words);
    return err;
}

static enum err open_value(const struct call *c, const struct seal_place *at, const uint8_t *value,
                           size_t len, json_t **out)
{
    char *text = NULL;
    size_t n = 0;
    enum err err = seal_open(desk_ring(c->ctx->desk), at, value, len, &text, &n);

    if (err) {
        log_error("intake.sealed", "table=%s row=%lld err=%s", at->table, (long long)at->row,
                  err_name(err));
        return err == ERR_NOMEM ? err : ERR_PARSE;
    }
    *out = json_loadb(text, n, JSON_DECODE_ANY, NULL);
    seal_text_free(text, n);
    return *out ? ERR_OK : ERR_PARSE;
}

enum err words_open(const struct call *c, enum medical m, int64_t row, const char *why,
                    json_t **out)
{
    struct seal_place at = { medical_table(m), "sealed", row };
    uint8_t *value = NULL;
    size_t len = 0;
    enum err err = ERR_OK;

    if (row)
        err = medical_read(c->db, m, row, c->user.id, why, c->now.unix_ms, &value, &len);
    if (err)
        return err;
    if (value) {
        err = open_value(c, &at, value, len, out);
        mem_free(value);
        return err;
    }
    *out = json_null();
    return ERR_OK;
}
