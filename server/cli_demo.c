/* SPDX-License-Identifier: Apache-2.0
 *
 * parta demo: a demo world in a folder of its own, served with a table of
 * personal sign-in links. The ordinary server, with settings from options
 * instead of a file. Main thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/str.h"
#include "server/api/demo.h"
#include "server/api/desk.h"
#include "server/cli.h"
#include "server/domain/day.h"
#include "server/store/migrate.h"
#include "server/sys/clock.h"

struct demo {
    struct config config;
    struct demo_table table;
};

static enum err set_paths(struct config *c, const char *data, const char *certs, const char *pages)
{
    if (!str_format(c->database, sizeof c->database, "%s/parta.db", data) ||
        !str_format(c->secret, sizeof c->secret, "%s/parta.secret", data) ||
        !str_format(c->certificate, sizeof c->certificate, "%s/server.crt", certs) ||
        !str_format(c->key, sizeof c->key, "%s/server.key", certs) ||
        !str_copy(c->pages, sizeof c->pages, pages))
        return ERR_INVAL;
    return ERR_OK;
}

/* Reachable as localhost, and from another device in the room by this machine's address. */
static enum err set_origin(struct config *c, struct strbuf *problems)
{
    char own[NET_ANNOUNCE_MAX];
    enum err e;

    if (!str_format(c->origin, sizeof c->origin, "https://localhost:%lld https://127.0.0.1:%lld",
                    (long long)c->port, (long long)c->port))
        return ERR_INVAL;
    e = config_finish(c, problems);
    if (e || !str_copy(own, sizeof own, c->announce) || strcmp(own, "127.0.0.1") == 0 ||
        strchr(own, ':'))
        return e;
    if (!str_format(c->origin, sizeof c->origin,
                    "https://localhost:%lld https://127.0.0.1:%lld https://%s:%lld",
                    (long long)c->port, (long long)c->port, own, (long long)c->port))
        return ERR_INVAL;
    return config_finish(c, problems);
}

static enum err fill(struct demo *d)
{
    struct account_key key;
    struct db *db = NULL;
    int64_t now_ms = clock_now().unix_ms;
    char files[sizeof d->config.database + sizeof DESK_FILES];
    enum err e = account_key_load(d->config.secret, true, &key);

    if (!e)
        e = db_open(&db, d->config.database, DB_WRITER);
    if (!e)
        e = migrate(db, now_ms);
    if (!e)
        e = demo_fill(db, &key, now_ms, &d->table);
    db_close(db);
    if (!e)
        e = str_format(files, sizeof files, "%s" DESK_FILES, d->config.database) ? demo_files(files)
                                                                                 : ERR_INVAL;
    explicit_bzero(&key, sizeof key);
    return e;
}

/* The links by role, numbered where there are several ("mentor1"), for programs: links.json beside
 * the database, readable by its owner only. */
static enum err write_links(const struct demo *d, const char *data)
{
    struct strbuf b;
    char path[CONFIG_TEXT_MAX];
    bool ok;
    int fd;

    strbuf_init(&b);
    for (int i = 0; i < d->table.rows_n; i++) {
        const struct demo_row *r = &d->table.rows[i];
        int before = 0, all = 0;

        for (int k = 0; k < d->table.rows_n; k++) {
            bool same = strcmp(d->table.rows[k].what, r->what) == 0;

            all += same;
            before += same && k < i;
        }
        strbuf_printf(&b, "%s\n  \"%s", i ? "," : "{", r->what);
        if (all > 1)
            strbuf_printf(&b, "%d", before + 1);
        strbuf_printf(&b, "\": \"%s/in/%s\"", d->config.net.origins[0], r->token);
    }
    strbuf_puts(&b, "\n}\n");
    ok = strbuf_ok(&b) && str_format(path, sizeof path, "%s/links.json", data);
    fd = ok ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    ok = fd >= 0 && write(fd, b.s, b.len) == (ssize_t)b.len;
    if (fd >= 0)
        close(fd);
    strbuf_deinit(&b);
    return ok ? ERR_OK : ERR_IO;
}

/* Columns by characters, not bytes: the names are Cyrillic. */
static int width(const char *s)
{
    int n = 0;

    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

static void print_table(const struct net *n, void *arg)
{
    const struct demo *d = arg;

    printf("\nParta is running: https://localhost:%d\n\n", net_port(n));
    for (int i = 0; i < d->table.rows_n; i++) {
        const struct demo_row *r = &d->table.rows[i];

        printf("  %-15s %s%*s https://localhost:%d/in/%s", r->what, r->name,
               width(r->name) < 28 ? 28 - width(r->name) : 1, "", net_port(n), r->token);
        printf(*r->card ? "  card %s\n" : "\n", r->card);
    }
    printf(
        "\nOpen two of them in two browsers (or one private window): a mentor's and the child's\n"
        "of the lesson that is running. The certificate is of this machine: accept it, or import\n"
        "certs/ca.crt. Ctrl+C ends it; the world stays in %s.\n\n"
        "serving https://localhost:%d\n",
        d->config.database, net_port(n));
    fflush(stdout);
}

/* Desk thread. */
static enum err keep_running(struct db *db, int64_t now_ms)
{
    int added = 0;
    enum err e = demo_keep_running(db, now_ms, &added);

    if (e)
        log_warn("demo.lesson", "error=%s", err_name(e));
    return e;
}

/* The two digits at text, at most max. */
static bool two_digits(const char *text, int64_t max, int64_t *out)
{
    char digits[3];

    return str_format(digits, sizeof digits, "%.2s", text) &&
           str_to_i64(digits, 0, max, out) == ERR_OK;
}

/* "2027-02-03T06:00:00", UTC */
static bool read_clock(const char *text, int64_t *out)
{
    char date[11];
    int64_t day, hour, minute, second;

    if (strlen(text) != 19 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        !str_format(date, sizeof date, "%.10s", text) || !day_parse(date, &day) ||
        !two_digits(text + 11, 23, &hour) || !two_digits(text + 14, 59, &minute) ||
        !two_digits(text + 17, 59, &second))
        return false;
    *out = day * MS_PER_DAY + hour * MS_PER_HOUR + minute * MS_PER_MIN + second * MS_PER_S;
    return true;
}

int cli_demo(const struct command *self, int argc, char **argv)
{
    static const char *const names[] = { "port",         "data",  "static",   "certs",
                                         "metrics-port", "log",   "announce", "announce-port",
                                         "relays",       "clock", NULL };
    static struct demo d; /* the net borrows its text for as long as the server runs */
    const struct serve_hooks hooks = { .listening = print_table,
                                       .arg = &d,
                                       .every_minute = keep_running };
    const char *values[10] = { 0 };
    int64_t begin_ms;
    struct strbuf problems;
    enum err e;
    int status, n = cli_options(self, argc, argv, names, values);

    if (n != 0)
        return n < 0 ? EXIT_USAGE : cli_usage(self, "the demo takes options only");
    config_defaults(&d.config);
    if ((values[0] && str_to_i64(values[0], 1, 65535, &d.config.port) != ERR_OK) ||
        (values[4] && str_to_i64(values[4], 1, 65535, &d.config.metrics_port) != ERR_OK) ||
        (values[7] && str_to_i64(values[7], 1, 65535, &d.config.announce_port) != ERR_OK))
        return cli_usage(self, "ports are numbers from 1 to 65535");
    if (!str_copy(d.config.level, sizeof d.config.level, values[5] ? values[5] : "warn"))
        return cli_usage(self, "--log is debug, info, warn, error or off");
    if (values[6] && !str_copy(d.config.announce, sizeof d.config.announce, values[6]))
        return cli_usage(self, "--announce is an IP address");
    if (values[8] && str_to_i64(values[8], 1, NET_RELAYS_MAX, &d.config.relays) != ERR_OK)
        return cli_usage(self, "--relays is a number from 1 to 16");
    if (values[9] && !read_clock(values[9], &begin_ms))
        return cli_usage(self, "--clock is a moment in UTC like 2027-02-03T06:00:00");
    if (values[9])
        clock_begin_at(begin_ms);
    strbuf_init(&problems);
    e = set_paths(&d.config, values[1] ? values[1] : "var/demo", values[3] ? values[3] : "certs",
                  values[2] ? values[2] : "client-web/dist");
    if (!e)
        e = set_origin(&d.config, &problems);
    if (!e && values[1] && mkdir(values[1], 0700) != 0 && errno != EEXIST) {
        fprintf(stderr, "%s: %s\n", values[1], strerror(errno));
        e = ERR_IO;
    }
    if (!e)
        e = fill(&d);
    if (!e)
        e = write_links(&d, values[1] ? values[1] : "var/demo");
    if (e) {
        fprintf(stderr, "%sthe demo world could not be made: %s\n", problems.s ? problems.s : "",
                e == ERR_AGAIN ? "another server has it open" : err_name(e));
        status = EXIT_FAILED;
    } else {
        status = serve_run(&d.config, &hooks);
    }
    strbuf_deinit(&problems);
    return status;
}
