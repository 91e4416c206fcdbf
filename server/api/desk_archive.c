/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk and its archivist: a thread of its own that puts a centre's month
 * into one file, one at a time. It reads through a connection of its own,
 * writes the file under a random name and tells how far it is by mail; the row
 * that speaks of the file is written here. A file without a row is nobody's: a
 * run that was cut off has failed (archives_lost, at opening), and what it left
 * is swept away (desk_files.c). Desk thread; put_together, stopped and
 * come_back on the archivist's.
 *
 *   POST /report-archives ─▶ row "queued" ─commit─▶ desk_archive_next: "running" ─▶ archivist
 *               GET /report-archives/{id} ◀── desk_archive_word ◀──mail── how far
 *                     row "done" + file   ◀── desk_archive_write ◀──mail── file
 */
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/archive_write.h"
#include "server/api/desk_internal.h"
#include "server/store/audit.h"
#include "server/sys/files.h"

#define TELL_US (250 * US_PER_MS)
#define BLOCK 65536

struct desk_archive_job {
    struct worker_job job; /* first member */
    struct desk *desk;
    struct archive row;
    struct mailbox orders; /* a mail in it: stop */
    struct mail stop;
    struct desk_request *last; /* owned: what it comes back as, made when there was memory */
    bool told_to_stop;         /* desk's */

    /* the archivist's, until it comes back */
    int64_t told_us;
    bool told, asked_to_stop;
    bool written; /* the file is there, and is this job's until a row speaks of it */
    struct archive_made made;
    enum err err;
};

void desk_archive_job_free(struct desk_archive_job *j)
{
    if (!j)
        return;
    if (j->written)
        files_remove(j->desk->files, j->row.name);
    desk_request_free(j->last);
    (void)mailbox_take(&j->orders); /* its mail is a member */
    mailbox_deinit(&j->orders);
    mem_free(j);
}

/* ---- on the archivist's thread ---------------------------------------------------------- */

static void tell(struct desk_archive_job *j, int64_t done, int64_t total)
{
    int64_t now_us = j->desk->clock().mono_us;
    struct desk_request *r;

    if (j->told && now_us - j->told_us < TELL_US)
        return;
    j->told = true;
    j->told_us = now_us;
    r = desk_request_new(DESK_ARCHIVE, 0);
    if (!r)
        return; /* the next word says more */
    r->u.archive.done = done;
    r->u.archive.total = total;
    if (desk_post(j->desk, r) != ERR_OK)
        desk_request_free(r);
}

static bool stopped(void *ctx, int64_t done, int64_t total)
{
    struct desk_archive_job *j = ctx;

    j->asked_to_stop = mailbox_count(&j->orders) > 0;
    if (!j->asked_to_stop)
        tell(j, done, total);
    return j->asked_to_stop;
}

/* Its size and digest, behind the last byte on the disk. */
static enum err measure(int fd, struct archive *a)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    char *block = mem_zalloc(1, BLOCK);
    bool ok = md && block && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;
    ssize_t n = 1;

    while (ok && (n = read(fd, block, BLOCK)) > 0) {
        a->bytes += n;
        ok = EVP_DigestUpdate(md, block, (size_t)n) == 1;
    }
    ok = ok && n == 0 && EVP_DigestFinal_ex(md, a->sha256, NULL) == 1 && fsync(fd) == 0;
    mem_free(block);
    EVP_MD_CTX_free(md);
    return ok ? ERR_OK : ERR_IO;
}

static enum err look_at(struct desk_archive_job *j, const char *path)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    enum err e;

    if (fd < 0)
        return ERR_IO;
    e = fchmod(fd, 0600) == 0 ? measure(fd, &j->row) : ERR_IO;
    (void)close(fd);
    return e;
}

static void put_together(struct worker_job *job)
{
    struct desk_archive_job *j = (struct desk_archive_job *)job;
    struct archive_asked asked = { .centre = j->row.org,
                                   .year = j->row.year,
                                   .month = j->row.month,
                                   .now_ms = j->row.begun_ms,
                                   .stop = stopped,
                                   .ctx = j };
    struct db *reader = NULL;
    char path[700];

    worker_step_back();
    j->err = str_copy(asked.locale, sizeof asked.locale, j->row.locale)
                 ? files_place(j->desk->files, j->row.name, path, sizeof path)
                 : ERR_INVAL;
    if (!j->err)
        j->err = db_open(&reader, j->desk->path, DB_READER);
    if (!j->err)
        j->err = archive_write(reader, &asked, path, &j->made);
    db_close(reader);
    if (!j->err) {
        j->written = true;
        j->err = look_at(j, path);
    }
}

/* Instead of a post of the job itself. */
static void come_back(struct worker_job *job)
{
    struct desk_archive_job *j = (struct desk_archive_job *)job;
    struct desk_request *r = j->last;

    j->last = NULL;
    r->u.archive.job = j;
    if (desk_post(j->desk, r) != ERR_OK)
        desk_request_free(r);
}

/* ---- on the desk's ---------------------------------------------------------------------- */

static enum err make_job(struct desk *d, const struct archive *row, struct desk_archive_job **out)
{
    struct desk_archive_job *j = mem_zalloc(1, sizeof *j);
    enum err e = j ? mailbox_init(&j->orders, NULL, NULL) : ERR_NOMEM;

    if (e) {
        mem_free(j);
        return e;
    }
    j->desk = d;
    j->row = *row;
    j->job = (struct worker_job){ .run = put_together, .done = &d->nowhere, .drop = come_back };
    j->last = desk_request_new(DESK_ARCHIVE, 0);
    if (!j->last) {
        desk_archive_job_free(j);
        return ERR_NOMEM;
    }
    *out = j;
    return ERR_OK;
}

/* In a transaction: the oldest that waits, as a job. NULL: none. */
static enum err take_next(struct desk *d, struct desk_archive_job **out)
{
    struct archive row;
    enum err e = archive_next(d->db, d->now.unix_ms, &row);

    *out = NULL;
    if (!e)
        e = make_job(d, &row, out);
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

void desk_archive_next(struct desk *d)
{
    struct desk_archive_job *j = NULL;
    enum err e;

    d->archive_due = false;
    if (d->archive || d->archive_over)
        return; /* its end calls again */
    e = db_begin(d->db);
    if (!e) {
        e = take_next(d, &j);
        if (!e)
            e = db_commit(d->db);
        else
            db_rollback(d->db);
    }
    if (!e && j)
        e = worker_submit(&d->archivist, &j->job);
    if (e) {
        log_error("archive.start", "error=%s", err_name(e));
        desk_archive_job_free(j);
        return;
    }
    d->archive = j;
    d->archive_live = (struct archive_live){ .id = j ? j->row.id : 0, .begun_us = d->now.mono_us };
}

static enum err write_end(struct desk *d, const struct desk_archive_job *j)
{
    struct archive row = j->row;

    row.reports = j->made.reports;
    row.accepted = j->made.accepted;
    row.waiting = j->made.waiting;
    if (!j->err)
        return archive_finish(d->db, &row, d->now.unix_ms);
    return j->asked_to_stop
               ? archive_close(d->db, row.id, ARCHIVE_STOPPED, ARCHIVE_CAUSE_ASKED, d->now.unix_ms)
               : archive_close(d->db, row.id, ARCHIVE_FAILED, ARCHIVE_CAUSE_RECORDS,
                               d->now.unix_ms);
}

static enum err write_result(struct desk *d, const struct desk_archive_job *j)
{
    enum err e = db_begin(d->db);

    if (e)
        return e;
    e = write_end(d, j);
    if (!e)
        e = audit_add(d->db, d->now.unix_ms, j->row.asked_by, "archive.end", "report_archive",
                      j->row.id, "",
                      !j->err            ? "done"
                      : j->asked_to_stop ? "stopped"
                                         : "failed");
    if (e) {
        db_rollback(d->db);
        return e;
    }
    return db_commit(d->db);
}

void desk_archive_write(struct desk *d)
{
    struct desk_archive_job *j = d->archive_over;
    enum err e = write_result(d, j);

    if (e) {
        if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
            log_error("archive.write", "error=%s fault=%d", err_name(e), (int)db_last_fault(d->db));
        return; /* at the next look at time again */
    }
    log_info("archive.end", "id=%lld error=%s reports=%lld bytes=%lld", (long long)j->row.id,
             err_name(j->err), (long long)j->made.reports, (long long)j->row.bytes);
    j->written = j->written && j->err; /* a row speaks of it now */
    d->archive_over = NULL;
    d->archive_live = (struct archive_live){ 0 };
    desk_archive_job_free(j);
    desk_archive_next(d);
}

void desk_archive_word(struct desk *d, struct desk_request *r)
{
    if (r->u.archive.job) {
        d->archive_over = r->u.archive.job;
        d->archive = NULL;
        r->u.archive.job = NULL;
        desk_archive_write(d);
    } else {
        d->archive_live.done = r->u.archive.done;
        d->archive_live.total = r->u.archive.total;
    }
    desk_request_free(r);
}

static void order_stop(struct desk_archive_job *j)
{
    if (j->told_to_stop)
        return;
    j->told_to_stop = true;
    if (mailbox_post(&j->orders, &j->stop) != ERR_OK)
        log_error("archive.stop", "id=%lld", (long long)j->row.id);
}

void desk_archive_close(struct desk *d)
{
    if (d->archive)
        order_stop(d->archive);
    worker_close(&d->archivist); /* its mail finds the box closed, and is freed */
    desk_archive_job_free(d->archive_over);
}

/* ---- for the endpoints ------------------------------------------------------------------ */

void desk_archive_ask(struct desk *d)
{
    d->archive_due = true;
}

bool desk_archive_stop(struct desk *d, int64_t id)
{
    if (!d->archive || d->archive->row.id != id)
        return false;
    order_stop(d->archive);
    return true;
}

bool desk_archive_told(const struct desk *d, int64_t id, int64_t *done, int64_t *total, int64_t *ms)
{
    if (d->archive_live.id != id)
        return false;
    *done = d->archive_live.done;
    *total = d->archive_live.total;
    *ms = (d->now.mono_us - d->archive_live.begun_us) / US_PER_MS;
    return true;
}
