/* SPDX-License-Identifier: Apache-2.0
 *
 * See repeat.h. Desk thread; digest on a worker.
 */
#include "server/api/repeat.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/account.h"
#include "server/store/event.h"

#define KEY_MAX 64

bool repeat_keyed(const struct call *c)
{
    return strcmp(c->http->method, "POST") == 0 && c->user.id.v && c->http->idempotency_key &&
           c->http->idempotency_key[0];
}

/* Keyed digest of the request with what stands for its body. */
static enum err hash_of(const struct call *c, const char *query, const char *body, uint8_t out[32])
{
    struct strbuf b;
    enum err err;

    strbuf_init(&b);
    strbuf_printf(&b, "%s %s%s %s", c->http->method, c->http->path, query, body);
    err = strbuf_ok(&b) ? account_request_mac(desk_key(c->ctx->desk), b.s, out) : ERR_NOMEM;
    strbuf_deinit(&b);
    return err;
}

/* The body in its canonical form, "" without one. */
enum err repeat_hash(const struct call *c, uint8_t out[32])
{
    char *body = c->body ? json_dumps(c->body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    enum err err = body || !c->body ? hash_of(c, "", body ? body : "", out) : ERR_NOMEM;

    free(body);
    return err;
}

enum err repeat_answer(struct call *c, const uint8_t hash[32], bool *repeated)
{
    struct kept_answer kept;
    enum err err;

    *repeated = true;
    if (strlen(c->http->idempotency_key) > KEY_MAX)
        return call_refuse(c, REFUSE_MALFORMED);
    err = answer_load(c->db, c->user.id, c->http->idempotency_key, &kept);
    *repeated = err == ERR_OK;
    if (err)
        return err == ERR_NOTFOUND ? ERR_OK : err;
    if (memcmp(kept.request_hash, hash, 32) != 0)
        err = call_refuse(c, REFUSE_KEY_REUSED);
    else
        err = call_answer(c, kept.status, json_loads(kept.body, 0, NULL));
    mem_free(kept.body);
    return err;
}

enum err repeat_keep(const struct call *c, const uint8_t hash[32])
{
    char *body;
    enum err err;

    if (c->status >= 400 || !c->json)
        return ERR_OK;
    body = json_dumps(c->json, JSON_COMPACT);
    err = body ? answer_keep(c->db, c->user.id, c->http->idempotency_key, hash, c->status, body,
                             c->now.unix_ms)
               : ERR_NOMEM;
    free(body);
    return err;
}

/* ---- uploads -------------------------------------------------------------------------------- */

/* The query says of what kind the file is: it is part of what was asked. */
static enum err upload_hash(const struct call *c, const uint8_t sha256[32], uint8_t out[32])
{
    char hex[65], query[1024];

    for (int i = 0; i < 32; i++)
        if (!str_format(hex + 2 * i, sizeof hex - (size_t)(2 * i), "%02x", sha256[i]))
            return ERR_INVAL;
    if (!str_format(query, sizeof query, "?%s", c->http->query ? c->http->query : ""))
        return ERR_PARSE;
    return hash_of(c, query, hex, out);
}

enum err repeat_upload_answer(struct call *c, const uint8_t sha256[32], bool *repeated)
{
    uint8_t hash[32];
    enum err err;

    *repeated = false;
    if (!repeat_keyed(c))
        return ERR_OK;
    err = upload_hash(c, sha256, hash);
    return err ? err : repeat_answer(c, hash, repeated);
}

enum err repeat_upload_keep(const struct call *c, const uint8_t sha256[32])
{
    uint8_t hash[32];
    enum err err;

    if (!repeat_keyed(c))
        return ERR_OK;
    err = upload_hash(c, sha256, hash);
    return err ? err : repeat_keep(c, hash);
}

struct digesting {
    const uint8_t *bytes; /* borrowed: the request's, which outlives this */
    size_t len;
    struct user_id by;
    uint8_t sha256[EVP_MAX_MD_SIZE];
    bool ok;
};

/* Worker thread. */
static void digest(void *arg)
{
    struct digesting *d = arg;

    d->ok = EVP_Digest(d->bytes, d->len, d->sha256, NULL, EVP_sha256(), NULL) == 1;
}

/* The key's answer may have been swept meanwhile: then nothing was done, and it is asked again. */
static enum api_answer digested(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    struct digesting *d = arg;
    bool repeated = false;
    struct call c;
    enum err err;

    call_init(&c, ctx, &ctx->request->u.http);
    if (!ctx->session.valid || !user_id_eq(ctx->session.user.id, d->by))
        err = call_refuse(&c, REFUSE_NO_LOGIN);
    else
        err = d->ok ? repeat_upload_answer(&c, d->sha256, &repeated) : ERR_NOMEM;
    if (!err && !repeated && c.status == 0)
        err = call_refuse(&c, REFUSE_UNAVAILABLE);
    if (!err)
        err = call_reply(&c, reply);
    call_deinit(&c);
    return err ? API_FAILED : API_DONE;
}

static enum err begin(struct call *c, struct desk_reply *reply, enum api_answer *answer)
{
    struct digesting *d = mem_zalloc(1, sizeof *d);
    enum err err;

    if (!d)
        return ERR_NOMEM;
    *d = (struct digesting){ .bytes = (const uint8_t *)c->http->body,
                             .len = c->http->body_len,
                             .by = c->user.id };
    *answer = API_LATER;
    err = api_defer(c->ctx, digest, digested, d, mem_free);
    if (err != ERR_AGAIN)
        return err;
    *answer = API_DONE;
    err = call_refuse(c, REFUSE_TOO_MANY);
    return err ? err : call_reply(c, reply);
}

enum err repeat_upload(struct call *c, struct desk_reply *reply, bool *taken,
                       enum api_answer *answer)
{
    struct kept_answer kept;
    enum err err;

    *taken = false;
    if (!repeat_keyed(c))
        return ERR_OK;
    if (strlen(c->http->idempotency_key) > KEY_MAX) {
        *taken = true;
        *answer = API_DONE;
        err = call_refuse(c, REFUSE_MALFORMED);
        return err ? err : call_reply(c, reply);
    }
    err = answer_load(c->db, c->user.id, c->http->idempotency_key, &kept);
    if (err)
        return err == ERR_NOTFOUND ? ERR_OK : err;
    mem_free(kept.body);
    *taken = true;
    return begin(c, reply, answer);
}
