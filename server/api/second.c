/* SPDX-License-Identifier: Apache-2.0
 *
 * Second step: asking for it, setting it up, recovery codes. The secret lies
 * sealed; the codes lie as keyed digests and are shown once. Desk thread.
 */
#include "server/api/second.h"

#include <openssl/crypto.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/endpoints.h"
#include "server/api/notify.h"
#include "server/api/person.h"
#include "server/render/qr.h"
#include "server/store/audit.h"
#include "server/store/org.h"
#include "server/store/second.h"
#include "server/sys/random.h"
#include "server/sys/seal.h"
#include "server/sys/totp.h"

#define TRIES_MAX 10
#define TRIES_WINDOW_MS (15 * MS_PER_MIN)
#define URI_MAX 700

void roles_of(const struct grant_set *grants, bool roles[ROLE_COUNT])
{
    for (int r = ROLE_NONE; r < ROLE_COUNT; r++)
        roles[r] = grant_has(grants, (enum role)r, (struct org_id){ 0 });
}

/* ---- codes ------------------------------------------------------------------------------ */

static struct seal_place place_of(struct user_id user)
{
    return (struct seal_place){ .table = "second_step", .column = "sealed", .row = user.v };
}

/* The step whose code was typed, 0: none. */
static enum err match(struct api_ctx *ctx, struct user_id user, const struct second *s,
                      const char *typed, int64_t *step)
{
    struct seal_place at = place_of(user);
    int64_t first = totp_step(ctx->now.unix_ms) - TOTP_DRIFT;
    uint32_t codes[TOTP_CANDIDATES];
    char *secret = NULL;
    size_t len = 0;
    enum err e = seal_open(desk_ring(ctx->desk), &at, s->sealed, s->sealed_len, &secret, &len);

    if (!e && len != TOTP_SECRET_BYTES)
        e = ERR_DB;
    for (int i = 0; !e && i < TOTP_CANDIDATES; i++)
        e = totp_code((const uint8_t *)secret, first + i, &codes[i]);
    seal_text_free(secret, len);
    if (!e)
        *step = totp_match(codes, first, typed, s->last_step);
    return e;
}

static enum err recovery_mac(struct api_ctx *ctx, struct user_id user, const char *code,
                             uint8_t out[RECOVERY_MAC_BYTES])
{
    char text[64];

    if (!str_format(text, sizeof text, "recovery:%lld:%s", (long long)user.v, code))
        return ERR_INVAL;
    return account_request_mac(desk_key(ctx->desk), text, out);
}

static enum err by_recovery(struct api_ctx *ctx, struct user_id user, const char *typed,
                            enum second_answer *out)
{
    uint8_t mac[RECOVERY_MAC_BYTES];
    char code[RECOVERY_CODE_CHARS + 1];
    enum err e;

    *out = SECOND_WRONG;
    if (!recovery_tidy(typed, code))
        return ERR_OK;
    e = recovery_mac(ctx, user, code, mac);
    if (!e)
        e = recovery_take(ctx->db, user, mac, ctx->now.unix_ms);
    if (e == ERR_NOTFOUND)
        return ERR_OK;
    if (!e)
        e = audit_add(ctx->db, ctx->now.unix_ms, user, "recovery_code.use", "user", user.v, "", "");
    *out = SECOND_OK;
    return e;
}

static enum err ask(struct api_ctx *ctx, struct user_id user, const struct second *s,
                    const char *typed, enum second_answer *out)
{
    int64_t step = 0;
    enum err e;

    *out = SECOND_NEED;
    if (!typed[0])
        return ERR_OK;
    e = match(ctx, user, s, typed, &step);
    if (!e && !step)
        return by_recovery(ctx, user, typed, out);
    if (!e)
        e = second_take(ctx->db, user, step);
    *out = e == ERR_NOTFOUND ? SECOND_WRONG : SECOND_OK;
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

enum err second_ask(struct api_ctx *ctx, struct user_id user, const char *typed,
                    enum second_answer *out)
{
    struct second s = { 0 };
    enum err e = second_load(ctx->db, user, &s);

    *out = SECOND_OK;
    if (e == ERR_NOTFOUND)
        return ERR_OK;
    if (!e && s.confirmed)
        e = ask(ctx, user, &s, typed, out);
    second_free(&s);
    return e;
}

enum err second_owed(struct db *db, const struct login *l, const struct grant_set *grants,
                     int64_t now_ms, bool *out)
{
    struct accounts_policy p;
    struct org centre;
    bool roles[ROLE_COUNT], on = false;
    enum err e;

    *out = false;
    roles_of(grants, roles);
    if (strcmp(l->via, "password") != 0 || (!roles[ROLE_COORDINATOR] && !roles[ROLE_ADMIN]))
        return ERR_OK;
    e = second_on(db, l->user, &on);
    if (e || on)
        return e;
    e = notify_centre(db, l->user, now_ms, &centre);
    if (!e)
        e = policy_accounts(db, centre.id, now_ms, &p);
    if (e == ERR_NOTFOUND) { /* of no centre: the default holds */
        p = accounts_policy_default();
        e = ERR_OK;
    }
    *out = !e && accounts_second_needed(&p, roles);
    return e;
}

/* ---- guesses ---------------------------------------------------------------------------- */

/* Wrong codes at one's own settings are counted like those at the door. */
static enum err guesses(struct call *c, int64_t *try_id, bool *refused)
{
    uint8_t account[TOKEN_HASH_BYTES];
    struct sign_in_tries t;
    char text[48];
    enum err e;

    if (!str_format(text, sizeof text, "second:%lld", (long long)c->user.id.v))
        return ERR_INVAL;
    account_token_hash(text, account);
    e = sign_in_tries(c->db, account, "", c->now.unix_ms - TRIES_WINDOW_MS, &t);
    *refused = !e && t.failed_here >= TRIES_MAX;
    if (*refused)
        return call_refuse(c, REFUSE_TOO_MANY);
    return e ? e : sign_in_try_add(c->db, account, "", c->now.unix_ms, try_id);
}

/* The code of the body, "" and refused when it is none. */
static enum err take_code(struct call *c, const char **code, bool *refused)
{
    *code = json_get_str(&c->in, "code", ACCOUNT_CODE_MAX);
    if (c->in.fault == JSON_FAULT_NONE && !(*code)[0])
        json_view_blame(&c->in, JSON_FAULT_RANGE, "code");
    *refused = json_view_end(&c->in) != ERR_OK;
    return *refused ? call_refuse_field(c, &c->in) : ERR_OK;
}

static enum err refuse_code(struct call *c)
{
    api_keep_writes(c->ctx); /* the guess is counted */
    return call_refuse(c, REFUSE_BAD_CODE);
}

/* ---- one's own second step -------------------------------------------------------------- */

enum err second_get(struct call *c)
{
    struct second s = { 0 };
    bool owed = false;
    enum err e = second_load(c->db, c->user.id, &s);

    if (e && e != ERR_NOTFOUND)
        return e;
    e = second_owed(c->db, &c->ctx->session.login, &c->grants, c->now.unix_ms, &owed);
    if (!e)
        e = call_answer(c, 200,
                        json_pack("{s:b,s:b,s:o,s:i}", "active", (int)s.confirmed, "owed",
                                  (int)owed, "since", json_time_or_null(s.confirmed_ms, 0),
                                  "recovery_left", s.confirmed ? s.recovery_left : 0));
    second_free(&s);
    return e;
}

static enum err qr_json(const char *uri, json_t **out)
{
    struct qr *qr = mem_zalloc(1, sizeof *qr);
    json_t *rows = json_array();
    enum err e = qr && rows ? qr_make(uri, qr) : ERR_NOMEM;

    for (size_t i = 0; !e && i < qr->side; i++)
        e = json_push(rows, json_string(qr->rows[i]));
    mem_free(qr);
    if (e)
        json_decref(rows);
    else
        *out = rows;
    return e;
}

/* otpauth://totp/Parta:login?secret=..&issuer=Parta, as authenticators read it. */
static enum err answer_secret(struct call *c, const uint8_t secret[TOTP_SECRET_BYTES])
{
    char text[TOTP_SECRET_CHARS + 1], uri[URI_MAX];
    json_t *rows = NULL;
    enum err e = ERR_OK;

    base32(secret, TOTP_SECRET_BYTES, 1, text);
    if (!str_format(uri, sizeof uri, "otpauth://totp/Parta:%s?secret=%s&issuer=Parta",
                    c->user.login[0] ? c->user.login : "me", text))
        e = ERR_INVAL;
    if (!e)
        e = qr_json(uri, &rows);
    if (!e)
        e = call_answer(c, 200, json_pack("{s:s,s:s,s:o}", "secret", text, "uri", uri, "qr", rows));
    OPENSSL_cleanse(text, sizeof text);
    OPENSSL_cleanse(uri, sizeof uri);
    return e;
}

enum err second_post(struct call *c)
{
    struct seal_place at = place_of(c->user.id);
    uint8_t secret[TOTP_SECRET_BYTES], *sealed = NULL;
    size_t len = 0;
    bool on = false;
    enum err e = second_on(c->db, c->user.id, &on);

    if (!e && on)
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!e)
        e = random_bytes(secret, sizeof secret);
    if (!e)
        e = seal_close(desk_ring(c->ctx->desk), &at, secret, sizeof secret, &sealed, &len);
    if (!e)
        e = second_begin(c->db, c->user.id, sealed, len, c->now.unix_ms);
    if (!e)
        e = answer_secret(c, secret);
    mem_free(sealed);
    OPENSSL_cleanse(secret, sizeof secret);
    return e;
}

/* Ten fresh codes; the old ones are worth nothing any more. */
static enum err answer_recovery(struct call *c)
{
    json_t *codes = json_array();
    enum err e = codes ? recovery_drop(c->db, c->user.id) : ERR_NOMEM;

    for (int i = 0; !e && i < RECOVERY_CODES; i++) {
        uint8_t bytes[10], mac[RECOVERY_MAC_BYTES];
        char code[17];

        e = random_bytes(bytes, sizeof bytes);
        if (e)
            break;
        base32(bytes, sizeof bytes, 0, code);
        code[RECOVERY_CODE_CHARS] = '\0';
        e = recovery_mac(c->ctx, c->user.id, code, mac);
        if (!e)
            e = recovery_add(c->db, c->user.id, mac, c->now.unix_ms);
        if (!e)
            e = json_push(codes, json_sprintf("%.5s-%s", code, code + 5));
    }
    if (e) {
        json_decref(codes);
        return e;
    }
    return call_answer(c, 200, json_pack("{s:o}", "recovery", codes));
}

static enum err tell(struct call *c, struct user_id user, const char *what)
{
    struct notify_args said = { .when_ms = c->now.unix_ms, .what = what };
    char key[48];

    if (!str_format(key, sizeof key, "%s:%lld", what, (long long)c->now.unix_ms))
        return ERR_INVAL;
    return notify(c->db, user, NOTIFY_SECOND_STEP, key, &said, c->now.unix_ms);
}

enum err second_confirm_post(struct call *c)
{
    struct second s = { 0 };
    const char *code;
    int64_t step = 0, try_id = 0;
    bool refused = false;
    enum err e = take_code(c, &code, &refused);

    if (!e && !refused)
        e = guesses(c, &try_id, &refused);
    if (e || refused)
        return e;
    e = second_load(c->db, c->user.id, &s);
    if (!e && !s.confirmed)
        e = match(c->ctx, c->user.id, &s, code, &step);
    refused = s.confirmed;
    second_free(&s);
    if (e == ERR_NOTFOUND || (!e && refused))
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!e && !step)
        return refuse_code(c);
    if (!e)
        e = sign_in_try_won(c->db, try_id);
    if (!e)
        e = second_confirm(c->db, c->user.id, step, c->now.unix_ms);
    if (!e)
        e = call_audit(c, "second_step.on", "user", c->user.id.v, "", "");
    if (!e)
        e = tell(c, c->user.id, "on");
    return e ? e : answer_recovery(c);
}

/* For what a code must be typed again. ERR_OK with *refused false: it opened. */
static enum err ask_again(struct call *c, bool *refused)
{
    enum second_answer said = SECOND_WRONG;
    const char *code;
    int64_t try_id = 0;
    bool on = false;
    enum err e = take_code(c, &code, refused);

    if (e || *refused)
        return e;
    e = second_on(c->db, c->user.id, &on);
    if (!e && !on) {
        *refused = true;
        return call_refuse(c, REFUSE_NOT_NOW);
    }
    if (!e)
        e = guesses(c, &try_id, refused);
    if (e || *refused)
        return e;
    e = second_ask(c->ctx, c->user.id, code, &said);
    *refused = said != SECOND_OK;
    if (!e && *refused)
        return refuse_code(c);
    return e ? e : sign_in_try_won(c->db, try_id);
}

enum err second_recovery_post(struct call *c)
{
    bool refused = false;
    enum err e = ask_again(c, &refused);

    if (e || refused)
        return e;
    e = call_audit(c, "recovery_code.renew", "user", c->user.id.v, "", "");
    return e ? e : answer_recovery(c);
}

enum err second_off_post(struct call *c)
{
    bool refused = false;
    enum err e = ask_again(c, &refused);

    if (e || refused)
        return e;
    e = second_drop(c->db, c->user.id);
    if (!e)
        e = call_audit(c, "second_step.off", "user", c->user.id.v, "", "");
    if (!e)
        e = tell(c, c->user.id, "off");
    return e ? e : call_answer(c, 200, json_object());
}

enum err second_take_away(struct call *c, struct user_id user)
{
    enum err e = second_drop(c->db, user);

    if (!e)
        e = call_audit(c, "second_step.take_away", "user", user.v, "", "");
    return e ? e : tell(c, user, "off");
}
