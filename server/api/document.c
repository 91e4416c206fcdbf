/* SPDX-License-Identifier: Apache-2.0
 *
 * The documents of the hiring set: sent, handed out, verified, returned. The
 * bytes of a file never pass through the desk: a worker looks at them, takes
 * their digest and stores them; on their way out: file_out.h
 * (RELIABILITY T12). Desk thread; look on a worker.
 */
#include <openssl/evp.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/file_out.h"
#include "server/api/hiring.h"
#include "server/api/repeat.h"
#include "server/sys/files.h"

static enum api_answer done(struct call *c, enum err err, struct desk_reply *reply)
{
    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}

static enum err refuse_file(struct call *c, const char *field, enum json_fault fault)
{
    return call_refuse_query(c, field, fault);
}

/* ---- sending -------------------------------------------------------------------------------- */

struct sending {
    const uint8_t *bytes; /* borrowed: the request's, which outlives this */
    size_t len;
    const char *folder; /* borrowed: the desk's */
    struct user_id by;
    struct staff_document d;
    bool stored;
    enum err err;
};

static void sending_free(void *arg)
{
    struct sending *s = arg;

    if (s->stored) /* no row speaks of it */
        files_remove(s->folder, s->d.name);
    mem_free(s);
}

/* Worker thread. */
static void look(void *arg)
{
    struct sending *s = arg;

    s->d.type = upload_type_of(s->bytes, s->len);
    if (s->d.type == UPLOAD_UNKNOWN)
        return;
    if (!EVP_Digest(s->bytes, s->len, s->d.sha256, NULL, EVP_sha256(), NULL))
        s->err = ERR_NOMEM;
    else
        s->err = files_store(s->folder, s->bytes, s->len, s->d.name);
    s->stored = s->err == ERR_OK;
}

/* A file that is there already: the same document again, or a mistake. */
static enum err sent_before(struct call *c, const struct hiring *h, const struct sending *s,
                            bool *before)
{
    struct staff_document old;
    enum err err = staff_document_by_file(c->db, s->d.mentor, s->d.sha256, &old);

    *before = err == ERR_OK;
    if (err)
        return err == ERR_NOTFOUND ? ERR_OK : err;
    return old.kind == s->d.kind ? hiring_answer(c, 200, h) : call_refuse(c, REFUSE_SAME_FILE);
}

static enum err keep_document(struct call *c, const struct hiring *h, struct sending *s)
{
    int64_t id;
    bool before = false;
    enum err err = sent_before(c, h, s, &before);

    if (err || before)
        return err;
    err = staff_document_add(c->db, &s->d, c->now.unix_ms, c->user.id, &id);
    if (!err)
        err = call_audit(c, "document.send", "document", id, "", "");
    if (!err)
        err = hiring_answer(c, 201, h);
    if (!err)
        s->stored = false; /* the row's now */
    return err;
}

/* What the worker found, if the person still may send it. */
static enum err take(struct call *c, struct sending *s)
{
    struct hiring h;
    bool refused = false, repeated = false;
    enum err err = repeat_upload_answer(c, s->d.sha256, &repeated);

    if (!err && !repeated)
        err = hiring_open(c, RIGHT_HIRING_EDIT, s->d.mentor, &h, &refused);
    if (err || repeated || refused)
        return err;
    if (s->d.type == UPLOAD_UNKNOWN)
        return call_refuse(c, REFUSE_BAD_FILE);
    if (s->err)
        return call_refuse(c, REFUSE_UNAVAILABLE);
    err = keep_document(c, &h, s);
    return err ? err : repeat_upload_keep(c, s->d.sha256);
}

/* The worker is done; the person may have lost the right meanwhile. */
static enum api_answer sent(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    struct sending *s = arg;
    struct call c;
    enum api_answer answer;
    enum err err;

    call_init(&c, ctx, &ctx->request->u.http);
    if (!ctx->session.valid || !user_id_eq(ctx->session.user.id, s->by))
        err = call_refuse(&c, REFUSE_NO_LOGIN);
    else
        err = take(&c, s);
    if (s->err)
        log_error("document.store", "error=%s", err_name(s->err));
    answer = done(&c, err, reply);
    call_deinit(&c);
    return answer;
}

/* Query parameters kind, issued and expires. *refused: answered already. */
static enum err asked_of(struct call *c, const struct hiring *h, struct staff_document *d,
                         bool *refused)
{
    char kind[16], text[11];
    enum json_fault fault;
    const char *blame;
    int64_t next;

    *refused = true;
    d->expires_ms = TERM_OPEN_MS;
    if (!call_query(c, "kind", kind, sizeof kind, &fault))
        return refuse_file(c, "kind", fault ? fault : JSON_FAULT_MISSING);
    if (!document_parse(kind, &d->kind))
        return refuse_file(c, "kind", JSON_FAULT_RANGE);
    if (!call_query(c, "issued", text, sizeof text, &fault))
        return refuse_file(c, "issued", fault ? fault : JSON_FAULT_MISSING);
    if (!hiring_day(h, text, &d->issued_ms, &next))
        return refuse_file(c, "issued", JSON_FAULT_MALFORMED);
    if (call_query(c, "expires", text, sizeof text, &fault)) {
        if (!hiring_day(h, text, &next, &d->expires_ms))
            return refuse_file(c, "expires", JSON_FAULT_MALFORMED);
    } else if (fault) {
        return refuse_file(c, "expires", fault);
    }
    blame = hiring_dates_fault(h, d->kind, d->issued_ms, d->expires_ms, c->now.unix_ms);
    if (blame)
        return refuse_file(c, blame, JSON_FAULT_RANGE);
    if (c->http->body_len > (size_t)h->policy.document_kib * 1024)
        return call_refuse(c, REFUSE_TOO_LARGE);
    *refused = false;
    return ERR_OK;
}

enum api_answer document_post(struct call *c, struct desk_reply *reply)
{
    struct hiring h;
    struct sending *s = NULL;
    bool refused = false;
    enum err err = hiring_open_path(c, RIGHT_HIRING_EDIT, &h, &refused);

    if (!err && !refused) {
        s = mem_zalloc(1, sizeof *s);
        err = s ? asked_of(c, &h, &s->d, &refused) : ERR_NOMEM;
    }
    if (err || refused) {
        mem_free(s);
        return done(c, err, reply);
    }
    s->bytes = (const uint8_t *)c->http->body;
    s->len = c->http->body_len;
    s->folder = desk_files(c->ctx->desk);
    s->by = c->user.id;
    s->d.mentor = h.mentor.id;
    s->d.bytes = (int64_t)s->len;
    err = api_defer(c->ctx, look, sent, s, sending_free);
    if (err == ERR_AGAIN)
        return done(c, call_refuse(c, REFUSE_TOO_MANY), reply);
    return err ? API_FAILED : API_LATER;
}

/* ---- handing out ---------------------------------------------------------------------------- */

/* The document in the path, and whose file it is in. */
static enum err document_of(struct call *c, enum right right, struct staff_document *d,
                            struct hiring *h, bool *refused)
{
    enum err err = staff_document_load(c->db, c->id, d);

    *refused = err == ERR_NOTFOUND;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    return err ? err : hiring_open(c, right, d->mentor, h, refused);
}

enum api_answer document_file_get(struct call *c, struct desk_reply *reply)
{
    struct staff_document d;
    struct file_wish wish = { .action = "document.read", .entity = "document" };
    struct hiring h;
    bool refused = false;
    enum err err = document_of(c, RIGHT_HIRING_VIEW, &d, &h, &refused);

    if (err || refused)
        return done(c, err, reply);
    memcpy(wish.sha256, d.sha256, sizeof wish.sha256);
    wish.bytes = d.bytes;
    wish.type = d.type;
    wish.id = d.id;
    if (!str_copy(wish.file, sizeof wish.file, d.name) ||
        !str_format(wish.saved_as, sizeof wish.saved_as, "%s-%lld", document_name(d.kind),
                    (long long)d.id))
        return API_FAILED;
    return file_out(c, &wish, reply);
}

/* ---- verifying and returning ---------------------------------------------------------------- */

/* Nobody looks at their own. */
static enum err not_own(struct call *c, const struct hiring *h, bool *refused)
{
    *refused = user_id_eq(h->mentor.user, c->user.id);
    return *refused ? call_refuse(c, REFUSE_NOT_ALLOWED) : ERR_OK;
}

enum err document_verify_post(struct call *c)
{
    struct staff_document d;
    struct hiring h;
    const char *blame;
    bool refused = false, seen;
    enum err err = document_of(c, RIGHT_HIRING_VERIFY, &d, &h, &refused);

    if (!err && !refused)
        err = not_own(c, &h, &refused);
    if (err || refused)
        return err;
    seen = json_get_bool(&c->in, "original_seen");
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    blame = hiring_dates_fault(&h, d.kind, d.issued_ms, d.expires_ms, c->now.unix_ms);
    if (blame) /* it has run out while it waited */
        return call_refuse(c, REFUSE_NOT_NOW);
    err = staff_document_verify(c->db, d.id, seen, c->now.unix_ms, c->user.id);
    if (!err)
        err = call_audit(c, "document.verify", "document", d.id, "", "");
    return err ? err : hiring_answer(c, 200, &h);
}

enum err document_return_post(struct call *c)
{
    struct staff_document d;
    struct hiring h;
    const char *reason;
    bool refused = false;
    enum err err = document_of(c, RIGHT_HIRING_VERIFY, &d, &h, &refused);

    if (!err && !refused)
        err = not_own(c, &h, &refused);
    if (err || refused)
        return err;
    reason = json_get_str(&c->in, "reason", BODY_REASON_BYTES);
    if (c->in.fault == JSON_FAULT_NONE && !str_name_ok(reason, 200))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "reason");
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = staff_document_return(c->db, d.id, reason, c->now.unix_ms, c->user.id);
    if (!err)
        err = call_audit(c, "document.return", "document", d.id, "", "");
    if (!err)
        desk_push_person(c->ctx, h.mentor.user); /* out, if it taught by it */
    return err ? err : hiring_answer(c, 200, &h);
}
