/* SPDX-License-Identifier: Apache-2.0
 *
 * See file_out.h. fetch runs on a worker.
 */
#include "server/api/file_out.h"

#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"

#define BLOCK 65536

struct fetching {
    struct file_wish wish;
    const char *folder; /* borrowed: the desk's */
    struct user_id by;
    int fd;
    bool open;
    int64_t len;
    enum err err;
};

static void fetching_free(void *arg)
{
    struct fetching *f = arg;

    if (f->open)
        (void)close(f->fd);
    mem_free(f);
}

/* Is it still what was sent? */
static enum err check_file(const struct fetching *f)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    uint8_t sha[EVP_MAX_MD_SIZE];
    char *block = mem_zalloc(1, BLOCK);
    bool ok = md && block && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;

    for (int64_t at = 0; ok && at < f->len;) {
        ssize_t n = pread(f->fd, block, BLOCK, (off_t)at);

        ok = n > 0 && EVP_DigestUpdate(md, block, (size_t)n) == 1;
        at += n;
    }
    ok = ok && EVP_DigestFinal_ex(md, sha, NULL) == 1 && f->len == f->wish.bytes &&
         memcmp(sha, f->wish.sha256, sizeof f->wish.sha256) == 0;
    mem_free(block);
    EVP_MD_CTX_free(md);
    return ok ? ERR_OK : ERR_IO;
}

/* Worker thread. */
static void fetch(void *arg)
{
    struct fetching *f = arg;

    f->err = files_open(f->folder, f->wish.file, &f->fd, &f->len);
    f->open = f->err == ERR_OK;
    if (f->open)
        f->err = check_file(f);
}

/* Never shown by the browser itself: saved under a name of ours, of a type that was checked. */
static enum err hand_out(struct fetching *f, struct desk_reply *reply)
{
    char name[120];

    if (!str_format(name, sizeof name, "attachment; filename=\"%s.%s\"", f->wish.saved_as,
                    upload_ending(f->wish.type)))
        return ERR_INVAL;
    f->open = false;
    api_reply_file(reply, 200, upload_mime(f->wish.type), f->fd, (size_t)f->len);
    api_header(reply, "Content-Disposition", name);
    api_header(reply, "Content-Security-Policy", "sandbox; default-src 'none'");
    return ERR_OK;
}

static enum err answer(struct call *c, struct fetching *f, struct desk_reply *reply, bool *handed)
{
    enum err err;

    *handed = false;
    if (f->err)
        return call_refuse(c, f->err == ERR_NOTFOUND ? REFUSE_NOT_FOUND : REFUSE_INTERNAL);
    if (!c->user.id.v || !user_id_eq(c->user.id, f->by))
        return call_refuse(c, REFUSE_NO_LOGIN);
    err = call_audit(c, f->wish.action, f->wish.entity, f->wish.id, "", "");
    if (!err)
        api_keep_writes(c->ctx);
    if (!err)
        err = hand_out(f, reply);
    *handed = err == ERR_OK;
    return err;
}

/* The worker is done; the person may have been signed out meanwhile. */
static enum api_answer fetched(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    struct fetching *f = arg;
    struct call c;
    bool handed = false;
    enum err err;

    if (f->err && f->err != ERR_NOTFOUND)
        log_error("file.read", "entity=%s id=%lld error=%s", f->wish.entity, (long long)f->wish.id,
                  err_name(f->err));
    call_init(&c, ctx, &ctx->request->u.http);
    err = answer(&c, f, reply, &handed);
    if (!err && !handed)
        err = call_reply(&c, reply);
    call_deinit(&c);
    return err ? API_FAILED : API_DONE;
}

enum api_answer file_out(struct call *c, const struct file_wish *wish, struct desk_reply *reply)
{
    struct fetching *f = mem_zalloc(1, sizeof *f);
    enum err err;

    if (!f)
        return API_FAILED;
    f->wish = *wish;
    f->folder = desk_files(c->ctx->desk);
    f->by = c->user.id;
    err = api_defer(c->ctx, fetch, fetched, f, fetching_free);
    if (!err)
        return API_LATER;
    if (err != ERR_AGAIN || call_refuse(c, REFUSE_TOO_MANY) != ERR_OK)
        return API_FAILED;
    return call_reply(c, reply) == ERR_OK ? API_DONE : API_FAILED;
}
