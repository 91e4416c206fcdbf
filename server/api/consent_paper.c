/* SPDX-License-Identifier: Apache-2.0
 *
 * Consents that a guardian signed on paper: the coordinator sends the scan and
 * with it the consent is given, in the guardian's name and the coordinator's
 * own. The file's bytes never pass through the desk: a worker looks at them
 * and stores them (RELIABILITY T12); on their way out: file_out.h. Desk thread;
 * look on a worker.
 */
#include <openssl/evp.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/consent.h"
#include "server/api/endpoints.h"
#include "server/api/file_out.h"
#include "server/api/repeat.h"
#include "server/store/hiring.h"
#include "server/sys/files.h"

static enum api_answer done(struct call *c, enum err err, struct desk_reply *reply)
{
    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}

/* ---- sending ------------------------------------------------------------------------------ */

struct sending {
    const uint8_t *bytes; /* borrowed: the request's, which outlives this */
    size_t len;
    const char *folder; /* borrowed: the desk's */
    struct user_id by, child;
    struct user_id guardian; /* who signed */
    enum consent_kind kind;
    int words; /* version on the paper */
    struct consent_paper paper;
    bool stored;
    enum err err;
};

static void sending_free(void *arg)
{
    struct sending *s = arg;

    if (s->stored) /* no row speaks of it */
        files_remove(s->folder, s->paper.name);
    mem_free(s);
}

/* Worker thread. */
static void look(void *arg)
{
    struct sending *s = arg;

    s->paper.type = upload_type_of(s->bytes, s->len);
    if (s->paper.type == UPLOAD_UNKNOWN)
        return;
    if (!EVP_Digest(s->bytes, s->len, s->paper.sha256, NULL, EVP_sha256(), NULL))
        s->err = ERR_NOMEM;
    else
        s->err = files_store(s->folder, s->bytes, s->len, s->paper.name);
    s->stored = s->err == ERR_OK;
}

/* Query parameters. *refused: answered already. */
static enum err word_of(struct call *c, const char *name, char *out, size_t cap, bool *refused)
{
    enum json_fault fault;

    *refused = !call_query(c, name, out, cap, &fault);
    return *refused ? call_refuse_query(c, name, fault ? fault : JSON_FAULT_MISSING) : ERR_OK;
}

static enum err number_of(struct call *c, const char *name, int64_t max, int64_t *out,
                          bool *refused)
{
    char text[20];
    enum err err = word_of(c, name, text, sizeof text, refused);

    if (err || *refused)
        return err;
    *refused = str_to_i64(text, 1, max, out) != ERR_OK;
    return *refused ? call_refuse_query(c, name, JSON_FAULT_RANGE) : ERR_OK;
}

/* The day of the signature: no later than today, not too long ago, behind no withdrawal. */
static enum err check_signed(struct call *c, const struct consents *s, const struct sending *send,
                             bool *refused)
{
    const char *tz = s->centre.tz, *fault;
    int64_t from, to;
    int y, m, d;
    enum err err;

    *refused = !body_date(send->paper.signed_on, &y, &m, &d);
    if (*refused)
        return call_refuse_query(c, "signed", JSON_FAULT_MALFORMED);
    err = zone_day_start(tz, y, m, d, &from);
    if (!err) {
        date_from_days(date_to_days(y, m, d) + 1, &y, &m, &d);
        err = zone_day_start(tz, y, m, d, &to);
    }
    *refused = err != ERR_OK; /* a year that no zone is known for */
    if (*refused)
        return call_refuse_query(c, "signed", JSON_FAULT_RANGE);
    fault =
        consent_paper_fault(&s->records[send->kind].facts, from, to, &s->policy, c->now.unix_ms);
    *refused = fault != NULL;
    return fault ? call_refuse_word(c, "signed", fault) : ERR_OK;
}

/* Everything about the paper but its bytes. Asked before the worker looks and again behind it. */
static enum err check_sending(struct call *c, const struct consents *s, const struct sending *send,
                              bool *refused)
{
    bool full = false;
    enum err err = consent_giver(c->db, s->child.id, send->guardian, c->now.unix_ms, &full);

    if (err)
        return err;
    *refused = !full;
    if (*refused)
        return call_refuse_query(c, "guardian", JSON_FAULT_RANGE);
    err = check_signed(c, s, send, refused);
    return err || *refused ? err
                           : consents_step(c, s, send->kind, CONSENT_GIVE, send->words, refused);
}

static enum err asked_of(struct call *c, struct sending *out, bool *refused)
{
    char kind[16];
    int64_t guardian = 0, words = 0;
    enum err err = word_of(c, "kind", kind, sizeof kind, refused);

    if (!err && !*refused && !consent_parse(kind, &out->kind)) {
        *refused = true;
        return call_refuse_query(c, "kind", JSON_FAULT_RANGE);
    }
    if (!err && !*refused)
        err = number_of(c, "guardian", BODY_ID_MAX, &guardian, refused);
    if (!err && !*refused)
        err = number_of(c, "words", 9999, &words, refused);
    if (!err && !*refused)
        err = word_of(c, "signed", out->paper.signed_on, sizeof out->paper.signed_on, refused);
    out->guardian.v = guardian;
    out->words = (int)words;
    return err;
}

static enum err keep_paper(struct call *c, const struct consents *s, struct sending *send)
{
    int64_t now = c->now.unix_ms, paper, id;
    struct consent_new n = { .child = s->child.id,
                             .kind = send->kind,
                             .version = send->words,
                             .given_by = send->guardian,
                             .given_ms = now,
                             .expires_ms = consent_expires_ms(now, &s->policy),
                             .entered_by = c->user.id };
    enum err err;

    send->paper.child = s->child.id;
    err = consent_paper_add(c->db, &send->paper, now, c->user.id, &paper);
    n.paper = paper;
    if (!err)
        err = consent_add(c->db, &n, &id);
    if (!err)
        err = call_audit(c, "consent.paper", "child", s->child.id.v, "", consent_name(n.kind));
    if (err)
        return err;
    consents_push(c, s);
    err = consents_answer(c, 201, s->child.user, NULL);
    if (!err)
        send->stored = false; /* the row's now */
    return err;
}

/* What the worker found, if the person still may enter it. */
static enum err take(struct call *c, struct sending *s)
{
    struct consents of = { 0 };
    bool refused = false, repeated = false;
    enum err err = repeat_upload_answer(c, s->paper.sha256, &repeated);

    if (!err && !repeated)
        err = consents_open(c, RIGHT_CONSENT_ENTER, s->child, &of, &refused);
    if (!err && !repeated && !refused)
        err = check_sending(c, &of, s, &refused);
    if (err || repeated || refused)
        return err;
    if (s->paper.type == UPLOAD_UNKNOWN)
        return call_refuse(c, REFUSE_BAD_FILE);
    if (s->err)
        return call_refuse(c, REFUSE_UNAVAILABLE);
    err = keep_paper(c, &of, s);
    return err ? err : repeat_upload_keep(c, s->paper.sha256);
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
        log_error("consent.store", "error=%s", err_name(s->err));
    answer = done(&c, err, reply);
    call_deinit(&c);
    return answer;
}

/* The size that every paper may have. *refused: answered already. */
static enum err check_size(struct call *c, const struct consents *s, bool *refused)
{
    struct hiring_policy p;
    enum err err = policy_hiring(c->db, s->child.centre, c->now.unix_ms, &p);

    *refused = !err && c->http->body_len > (size_t)p.document_kib * 1024;
    return *refused ? call_refuse(c, REFUSE_TOO_LARGE) : err;
}

enum api_answer consent_paper_post(struct call *c, struct desk_reply *reply)
{
    struct consents of = { 0 };
    struct sending *s = mem_zalloc(1, sizeof *s);
    bool refused = false;
    enum err err =
        s ? consents_open(c, RIGHT_CONSENT_ENTER, (struct user_id){ c->id }, &of, &refused)
          : ERR_NOMEM;

    if (!err && !refused)
        err = asked_of(c, s, &refused);
    if (!err && !refused)
        err = check_sending(c, &of, s, &refused);
    if (!err && !refused)
        err = check_size(c, &of, &refused);
    if (err || refused) {
        mem_free(s);
        return done(c, err, reply);
    }
    s->bytes = (const uint8_t *)c->http->body;
    s->len = c->http->body_len;
    s->folder = desk_files(c->ctx->desk);
    s->by = c->user.id;
    s->child = of.child.user;
    s->paper.bytes = (int64_t)s->len;
    err = api_defer(c->ctx, look, sent, s, sending_free);
    if (err == ERR_AGAIN)
        return done(c, call_refuse(c, REFUSE_TOO_MANY), reply);
    return err ? API_FAILED : API_LATER;
}

/* ---- handing out -------------------------------------------------------------------------- */

enum api_answer consent_paper_get(struct call *c, struct desk_reply *reply)
{
    struct file_wish wish = { .action = "consent.read", .entity = "consent_paper" };
    struct consent_paper paper;
    struct consents of = { 0 };
    struct child child;
    bool refused = false;
    enum err err = consent_paper_load(c->db, c->id, &paper);

    if (!err)
        err = child_load(c->db, paper.child, &child);
    if (err == ERR_NOTFOUND)
        return done(c, call_refuse(c, REFUSE_NOT_FOUND), reply);
    if (!err)
        err = consents_open(c, RIGHT_CONSENT_VIEW, child.user, &of, &refused);
    if (err || refused)
        return done(c, err, reply);
    memcpy(wish.sha256, paper.sha256, sizeof wish.sha256);
    wish.bytes = paper.bytes;
    wish.type = paper.type;
    wish.id = paper.id;
    if (!str_copy(wish.file, sizeof wish.file, paper.name) ||
        !str_format(wish.saved_as, sizeof wish.saved_as, "consent-%lld", (long long)paper.id))
        return API_FAILED;
    return file_out(c, &wish, reply);
}
