/* SPDX-License-Identifier: Apache-2.0
 *
 * Scans of a referral's papers: sent by its school, opened by the centre. A
 * scan holds what doctors wrote, so its file is sealed like the words, each
 * opening names its cause and is written down, and the school that sent it
 * does not get it back. The bytes never pass through the desk: a worker looks
 * at them, seals and stores them, and opens them again (RELIABILITY T12).
 * Desk thread; look and fetch on a worker.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/endpoints.h"
#include "server/api/intake.h"
#include "server/api/intake_body.h"
#include "server/api/repeat.h"
#include "server/store/scan.h"
#include "server/sys/files.h"
#include "server/sys/seal.h"

static enum api_answer done(struct call *c, enum err err, struct desk_reply *reply)
{
    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}

/* Where a scan's file is sealed to. */
static struct seal_place place_of(const struct scan *s)
{
    return (struct seal_place){ "referral_scan", scan_kind_name(s->kind), s->referral.v };
}

/* ---- sending -------------------------------------------------------------------------------- */

struct sending {
    const uint8_t *bytes; /* borrowed: the request's, which outlives this */
    size_t len;
    const char *folder; /* borrowed: the desk's, as the next */
    const struct seal_ring *ring;
    struct user_id by;
    struct scan s;
    bool stored;
    enum err err;
};

static void sending_free(void *arg)
{
    struct sending *s = arg;

    if (s->stored) /* no row speaks of it */
        files_remove(s->folder, s->s.name);
    mem_free(s);
}

/* Worker thread. */
static void look(void *arg)
{
    struct sending *s = arg;
    struct seal_place at = place_of(&s->s);
    uint8_t *sealed = NULL;
    size_t len = 0;

    s->s.type = upload_type_of(s->bytes, s->len);
    if (s->s.type == UPLOAD_UNKNOWN)
        return;
    if (!EVP_Digest(s->bytes, s->len, s->s.sha256, NULL, EVP_sha256(), NULL))
        s->err = ERR_NOMEM;
    else
        s->err = seal_close(s->ring, &at, s->bytes, s->len, &sealed, &len);
    if (!s->err)
        s->err = files_store(s->folder, sealed, len, s->s.name);
    s->stored = s->err == ERR_OK;
    mem_free(sealed);
}

/* The referral, still the school's to write, by who still may. */
static enum err still_open(struct call *c, struct referral_id id, struct referral *r,
                           struct intake *in, bool *refused)
{
    const struct intake_wish edit = { .move = MOVE_EDIT };
    enum referral_state next;
    enum err err;

    c->id = id.v;
    err = intake_referral(c, RIGHT_REFERRAL_WRITE, r, in, refused);
    return err || *refused ? err : intake_decide(c, r, in, &edit, &next, refused);
}

static enum err keep_scan(struct call *c, const struct intake *in, struct sending *s)
{
    bool other = false;
    int64_t id;
    enum err err = scan_same(c->db, &s->s, &other);

    if (!err && other)
        return call_refuse(c, REFUSE_SAME_FILE);
    if (!err)
        err = scan_add(c->db, &s->s, c->now.unix_ms, c->user.id, &id);
    if (!err)
        err = call_audit(c, "referral.scan", "referral_scan", id, "", scan_kind_name(s->s.kind));
    if (!err)
        err = intake_answer(c, 201, s->s.referral, in);
    if (!err)
        s->stored = false; /* the row's now */
    return err;
}

/* What the worker found, if the referral is still the person's to write. */
static enum err take(struct call *c, struct sending *s)
{
    struct referral r;
    struct intake in;
    bool refused = false, repeated = false;
    enum err err = repeat_upload_answer(c, s->s.sha256, &repeated);

    if (!err && !repeated)
        err = still_open(c, s->s.referral, &r, &in, &refused);
    if (err || repeated || refused)
        return err;
    if (s->s.type == UPLOAD_UNKNOWN)
        return call_refuse(c, REFUSE_BAD_FILE);
    if (s->err)
        return call_refuse(c, REFUSE_UNAVAILABLE);
    err = keep_scan(c, &in, s);
    return err ? err : repeat_upload_keep(c, s->s.sha256);
}

/* The worker is done; the person may have lost the right, or sent the referral, meanwhile. */
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
        log_error("scan.store", "error=%s", err_name(s->err));
    answer = done(&c, err, reply);
    call_deinit(&c);
    return answer;
}

/* Query parameter kind, a paper to hang it on, and the size. *refused: answered already. */
static enum err asked_of(struct call *c, const struct referral *r, const struct intake *in,
                         struct scan *s, bool *refused)
{
    char kind[16];
    enum json_fault fault;

    *refused = true;
    if (!call_query(c, "kind", kind, sizeof kind, &fault))
        return call_refuse_query(c, "kind", fault ? fault : JSON_FAULT_MISSING);
    if (!scan_kind_parse(kind, &s->kind))
        return call_refuse_query(c, "kind", JSON_FAULT_RANGE);
    if (!(s->kind == MEDICAL_BASIS ? r->basis.paper.id : r->recommendation.paper.id))
        return call_refuse_gate(c, "no_paper");
    if (c->http->body_len > (size_t)in->policy.scan_kib * 1024)
        return call_refuse(c, REFUSE_TOO_LARGE);
    *refused = false;
    return ERR_OK;
}

enum api_answer referral_scan_post(struct call *c, struct desk_reply *reply)
{
    struct sending *s = mem_zalloc(1, sizeof *s);
    struct referral r;
    struct intake in;
    bool refused = false;
    enum err err = s ? still_open(c, (struct referral_id){ c->id }, &r, &in, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = asked_of(c, &r, &in, &s->s, &refused);
    if (err || refused) {
        mem_free(s);
        return done(c, err, reply);
    }
    s->bytes = (const uint8_t *)c->http->body;
    s->len = c->http->body_len;
    s->folder = desk_files(c->ctx->desk);
    s->ring = desk_ring(c->ctx->desk);
    s->by = c->user.id;
    s->s.referral = r.id;
    s->s.bytes = (int64_t)s->len;
    err = api_defer(c->ctx, look, sent, s, sending_free);
    if (err == ERR_AGAIN)
        return done(c, call_refuse(c, REFUSE_TOO_MANY), reply);
    return err ? API_FAILED : API_LATER;
}

/* ---- opening -------------------------------------------------------------------------------- */

struct fetching {
    struct scan s;
    const char *folder; /* borrowed: the desk's, as the next */
    const struct seal_ring *ring;
    struct user_id by;
    char *bytes; /* of the scan as it was sent */
    size_t len;
    enum err err;
};

static void fetching_free(void *arg)
{
    struct fetching *f = arg;

    seal_text_free(f->bytes, f->len);
    mem_free(f);
}

/* The whole file; *out is owned. */
static enum err read_all(const char *folder, const char *name, uint8_t **out, size_t *out_len)
{
    int64_t len;
    size_t at = 0;
    uint8_t *bytes;
    int fd;
    enum err err = files_open(folder, name, &fd, &len);

    if (err)
        return err;
    bytes = len > 0 && len <= SEAL_TEXT_MAX + SEAL_OVERHEAD ? mem_zalloc(1, (size_t)len) : NULL;
    while (bytes && at < (size_t)len) {
        ssize_t n = read(fd, bytes + at, (size_t)len - at);

        if (n <= 0)
            break;
        at += (size_t)n;
    }
    (void)close(fd);
    if (!bytes || at < (size_t)len) {
        mem_free(bytes);
        return ERR_IO;
    }
    *out = bytes;
    *out_len = at;
    return ERR_OK;
}

/* Worker thread. What does not open, or is another scan of the place, is not handed out. */
static void fetch(void *arg)
{
    struct fetching *f = arg;
    struct seal_place at = place_of(&f->s);
    uint8_t *sealed = NULL, sha[EVP_MAX_MD_SIZE];
    size_t len = 0;

    f->err = read_all(f->folder, f->s.name, &sealed, &len);
    if (!f->err)
        f->err = seal_open(f->ring, &at, sealed, len, &f->bytes, &f->len);
    if (!f->err && (!EVP_Digest(f->bytes, f->len, sha, NULL, EVP_sha256(), NULL) ||
                    memcmp(sha, f->s.sha256, sizeof f->s.sha256) != 0))
        f->err = ERR_IO;
    mem_free(sealed);
}

/* Never shown by the browser itself: saved under a name of ours, of a type that was checked. */
static enum api_answer hand_out(const struct fetching *f, struct desk_reply *reply)
{
    char name[80];

    if (!str_format(name, sizeof name, "attachment; filename=\"%s-%lld.%s\"",
                    scan_kind_name(f->s.kind), (long long)f->s.referral.v,
                    upload_ending(f->s.type)))
        return API_FAILED;
    api_reply(reply, 200, upload_mime(f->s.type), f->bytes, f->len);
    api_header(reply, "Content-Disposition", name);
    api_header(reply, "Content-Security-Policy", "sandbox; default-src 'none'");
    return API_DONE;
}

static enum api_answer fetched(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    struct fetching *f = arg;
    enum api_answer answer;
    struct call c;

    if (f->err)
        log_error("scan.read", "scan=%lld error=%s", (long long)f->s.id, err_name(f->err));
    if (ctx->session.valid && user_id_eq(ctx->session.user.id, f->by) && !f->err)
        return hand_out(f, reply);
    call_init(&c, ctx, &ctx->request->u.http);
    answer = done(&c, call_refuse(&c, f->err ? REFUSE_INTERNAL : REFUSE_NO_LOGIN), reply);
    call_deinit(&c);
    return answer;
}

/* The scan asked for, with its audit row. */
static enum err open_scan(struct call *c, struct scan *out, bool *refused)
{
    struct body_scan_open b;
    struct referral r;
    struct intake in;
    enum err err = intake_referral(c, RIGHT_MEDICAL_READ, &r, &in, refused);

    if (err || *refused)
        return err;
    *refused = true;
    if (body_scan_open(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = scan_read(c->db, r.id, b.kind, c->user.id, b.why, c->now.unix_ms, out);
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    *refused = err != ERR_OK;
    return err;
}

/* POST, because opening is written down. */
enum api_answer referral_scan_open_post(struct call *c, struct desk_reply *reply)
{
    struct fetching *f = mem_zalloc(1, sizeof *f);
    bool refused = false;
    enum err err = f ? open_scan(c, &f->s, &refused) : ERR_NOMEM;

    if (err || refused) {
        mem_free(f);
        return done(c, err, reply);
    }
    f->folder = desk_files(c->ctx->desk);
    f->ring = desk_ring(c->ctx->desk);
    f->by = c->user.id;
    err = api_defer(c->ctx, fetch, fetched, f, fetching_free);
    if (err == ERR_AGAIN)
        return done(c, call_refuse(c, REFUSE_TOO_MANY), reply);
    return err ? API_FAILED : API_LATER;
}

/* ---- taking away ---------------------------------------------------------------------------- */

/* First the file, then the row: whatever is undone, no file is left that no row speaks of. */
enum err scan_sweep(struct db *db, const char *folder)
{
    struct scan s;
    enum err err;

    while (!(err = scan_orphan(db, &s))) {
        files_remove(folder, s.name);
        err = scan_forget(db, s.id);
        if (err)
            return err;
    }
    return err == ERR_NOTFOUND ? ERR_OK : err;
}
