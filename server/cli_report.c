/* SPDX-License-Identifier: Apache-2.0
 *
 * parta report: the month reports at the console, as a list, as files, or a
 * centre's whole month as one. Reads beside a running server. Main thread.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/api/archive_write.h"
#include "server/cli.h"
#include "server/render/csv.h"
#include "server/render/pdf.h"
#include "server/store/org.h"
#include "server/store/report.h"
#include "server/sys/clock.h"
#include "server/sys/worker.h"

#define DRAWERS_MAX 8

struct job {
    struct db *db;
    const char *folder; /* NULL: only the list */
    bool csv;
    const char *locale;
    int written, refused;
};

/* "2026-11". */
static bool parse_month(const char *text, struct report_filter *f)
{
    char year[5], month[3];
    int64_t y, m;

    if (strlen(text) != 7 || text[4] != '-' || !str_format(year, sizeof year, "%.4s", text) ||
        !str_copy(month, sizeof month, text + 5) || str_to_i64(year, 2000, 9999, &y) != ERR_OK ||
        str_to_i64(month, 1, 12, &m) != ERR_OK)
        return false;
    f->year = (int)y;
    f->month = (int)m;
    return true;
}

static bool write_file(const char *path, const void *bytes, size_t len)
{
    FILE *f = fopen(path, "wxb"); /* never over something that is there */
    bool ok = f && fwrite(bytes, 1, len, f) == len;

    if (f && fclose(f) != 0)
        ok = false;
    if (!ok)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return ok;
}

static enum err render(const struct job *j, const struct month_report *r, const char *path,
                       bool *written)
{
    const struct labels *labels = labels_for(j->locale);
    struct strbuf text;
    struct pdf pdf;
    enum err e;

    *written = false;
    if (j->csv) {
        strbuf_init(&text);
        e = csv_month_report(r, labels, &text);
        if (!e)
            *written = write_file(path, text.s, text.len);
        strbuf_deinit(&text);
        return e;
    }
    e = pdf_month_report(r, labels, &pdf);
    if (!e) {
        *written = write_file(path, pdf.bytes, pdf.len);
        pdf_deinit(&pdf);
    }
    return e;
}

/* One report into its file. Ids in the name, not people. */
static enum err make_file(struct job *j, const struct report_head *h)
{
    struct report_key key = h->key;
    enum report_fault fault;
    struct month_report r;
    bool written = false;
    char path[512];
    int line = 0;
    enum err e;

    if (!str_copy(key.locale, sizeof key.locale, j->locale) ||
        !str_format(path, sizeof path, "%s/%04d-%02d-mentor%lld-child%lld-school%lld.%s", j->folder,
                    key.year, key.month, (long long)key.mentor.v, (long long)key.child.v,
                    (long long)key.school.v, j->csv ? "csv" : "pdf"))
        return ERR_INVAL;
    e = report_load(j->db, &key, clock_now().unix_ms, &r);
    if (e)
        return e;
    fault = month_report_check(&r, &line);
    if (fault) {
        fprintf(stderr, "%s: totals do not follow from the lines (fault %d, line %d): refused\n",
                path, (int)fault, line);
        j->refused++;
    } else {
        e = render(j, &r, path, &written);
        j->written += written;
        j->refused += !written;
    }
    month_report_deinit(&r);
    return e;
}

static void print_list(const struct report_head_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct report_head *h = &l->items[i];

        printf("%04d-%02d  %3d lessons, %d not computed, %d disputed  %s, %s, %s\n", h->key.year,
               h->key.month, h->lessons, h->ahead, h->disputed, h->mentor, h->child, h->school);
    }
}

/* ---- files, as many at once as there are processors ------------------------------------- */

/* A month of a large centre is ten thousand drawings, each on its own. */
struct drawer {
    struct worker_job work; /* first member */
    struct job job;         /* its own connection and its own counts */
    const struct report_head_list *heads;
    atomic_size_t *next; /* the first that nobody has taken */
    enum err err;
};

static void draw(struct worker_job *work)
{
    struct drawer *d = (struct drawer *)work;
    size_t i;

    worker_step_back(); /* whoever is in a lesson on this machine goes first */
    while (!d->err && (i = atomic_fetch_add(d->next, 1)) < d->heads->n)
        d->err = make_file(&d->job, &d->heads->items[i]);
}

static void forget(struct worker_job *work)
{
    (void)work; /* it is make_files' own */
}

static size_t drawers_n(size_t reports)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = processors < 1 ? 1 : (size_t)processors;

    n = n > DRAWERS_MAX ? DRAWERS_MAX : n;
    return n > reports ? reports : n;
}

static enum err open_drawers(struct drawer *drawers, size_t n, const struct drawer *like,
                             const char *database)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < n; i++) {
        drawers[i] = *like;
        drawers[i].job.db = NULL;
        e = db_open(&drawers[i].job.db, database, DB_READER);
    }
    return e;
}

static enum err make_files(struct job *j, const char *database, const struct report_head_list *l)
{
    struct drawer drawers[DRAWERS_MAX] = { 0 };
    struct mailbox done;
    atomic_size_t next = 0;
    struct drawer like = {
        .work = { .run = draw, .done = &done, .drop = forget }, .job = *j, .heads = l, .next = &next
    };
    size_t n = drawers_n(l->n);
    struct worker_pool pool;
    enum err e = n ? mailbox_init(&done, NULL, NULL) : ERR_OK;

    if (e || !n)
        return e;
    e = open_drawers(drawers, n, &like, database);
    if (!e)
        e = worker_open(&pool, n, n);
    if (!e) {
        for (size_t i = 0; !e && i < n; i++)
            e = worker_submit(&pool, &drawers[i].work);
        worker_close(&pool); /* runs what is queued */
    }
    for (size_t i = 0; i < n; i++) {
        j->written += drawers[i].job.written;
        j->refused += drawers[i].job.refused;
        e = e ? e : drawers[i].err;
        db_close(drawers[i].job.db);
    }
    while (mailbox_take(&done)) {
        /* a drawer that is done; it stays where it is */
    }
    mailbox_close(&done);
    mailbox_deinit(&done);
    return e;
}

static enum err run_all(struct job *j, const char *database, const struct report_filter *f)
{
    struct report_head_list l = { 0 };
    enum err e = report_list(j->db, f, &l);

    if (!e && j->folder)
        e = make_files(j, database, &l);
    else if (!e)
        print_list(&l);
    report_head_list_free(&l);
    return e;
}

/* ---- the whole month as one file -------------------------------------------------------- */

/* The centre of this code, or the only one there is. */
static enum err find_centre(struct db *db, const char *code, struct org_id *out)
{
    const enum org_type centre = ORG_CENTRE;
    struct org_list l = { 0 };
    size_t found = 0;
    enum err e = org_list(db, &centre, &l);

    for (size_t i = 0; !e && i < l.n; i++) {
        if (!code || strcmp(l.items[i].code, code) == 0) {
            *out = l.items[i].id;
            found++;
        }
    }
    org_list_free(&l);
    if (!e && found != 1) {
        fprintf(stderr, found ? "there are several centres: name one with --centre\n"
                              : "there is no such centre\n");
        e = ERR_NOTFOUND;
    }
    return e;
}

static bool print_progress(void *ctx, int64_t done, int64_t total)
{
    int64_t *shown = ctx, percent = done * 100 / total;

    if (percent != *shown)
        fprintf(stderr, "\r%3lld %%", (long long)percent);
    *shown = percent;
    return false;
}

static enum err write_zip(const struct job *j, const struct report_filter *f, const char *code,
                          const char *path)
{
    int64_t shown = -1;
    struct archive_asked a = { .year = f->year,
                               .month = f->month,
                               .now_ms = clock_now().unix_ms,
                               .stop = print_progress,
                               .ctx = &shown };
    struct archive_made made;
    enum err e = find_centre(j->db, code, &a.centre);

    if (!e && !str_copy(a.locale, sizeof a.locale, j->locale))
        e = ERR_INVAL;
    if (!e)
        e = archive_write(j->db, &a, path, &made);
    if (shown >= 0)
        fputc('\n', stderr);
    if (!e)
        printf("%s: %lld reports, %lld of them accepted; on %lld somebody has to act "
               "(missing.csv)\n",
               path, (long long)made.reports, (long long)made.accepted, (long long)made.waiting);
    return e;
}

int cli_report(const struct command *self, int argc, char **argv)
{
    static const char *const names[] = { "out", "format", "locale", "zip", "centre", NULL };
    const char *values[5] = { 0 };
    struct report_filter filter = { 0 };
    struct job j = { 0 };
    struct config c;
    enum err e;
    int n = cli_options(self, argc, argv, names, values);

    if (n != 2)
        return n < 0 ? EXIT_USAGE : cli_usage(self, "name the settings file and the month");
    if (!parse_month(argv[2], &filter))
        return cli_usage(self, "a month looks like 2026-11");
    if (values[1] && strcmp(values[1], "csv") != 0 && strcmp(values[1], "pdf") != 0)
        return cli_usage(self, "--format is csv or pdf");
    if (values[3] && (values[0] || values[1]))
        return cli_usage(self, "--zip is a file of its own: without --out and --format");
    if (values[4] && !values[3])
        return cli_usage(self, "--centre belongs to --zip");
    j.folder = values[0];
    j.csv = values[1] && values[1][0] == 'c';
    j.locale = values[2] ? values[2] : "ru";
    if (cli_load(argv[1], &c) != ERR_OK)
        return EXIT_FAILED;
    e = db_open(&j.db, c.database, DB_READER);
    if (!e)
        e = values[3] ? write_zip(&j, &filter, values[4], values[3])
                      : run_all(&j, c.database, &filter);
    db_close(j.db);
    if (e)
        fprintf(stderr, "the reports could not be made: %s\n", err_name(e));
    if (j.folder)
        printf("%d files in %s, %d refused\n", j.written, j.folder, j.refused);
    return e || j.refused ? EXIT_FAILED : EXIT_DONE;
}
