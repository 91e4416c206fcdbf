/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading and checking the settings. Main thread.
 */
#include "server/config.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/now.h"
#include "server/domain/notify.h"
#include "server/net/tls.h"
#include "server/sys/seal.h"

enum kind { TEXT, PATH, NUMBER };

struct setting {
    const char *section, *name;
    enum kind kind;
    size_t at, cap; /* of the field in struct config */
    int64_t min, max;
    const char *fallback;
    const char *about;
};

#define T(section, name, kind, field, fallback, about)                                             \
    {                                                                                              \
        section, name, kind, offsetof(struct config, field), sizeof((struct config *)0)->field, 0, \
            0, fallback, about                                                                     \
    }
#define N(section, name, field, min, max, fallback, about)                                         \
    {                                                                                              \
        section, name, NUMBER, offsetof(struct config, field), 0, min, max, fallback, about        \
    }

static const struct setting settings[] = {
    T("server", "listen", TEXT, listen, "", "address to listen on; empty: every address"),
    N("server", "port", port, 0, 65535, "8443",
      "TCP port of pages and signalling; 0: any free one"),
    T("server", "origin", TEXT, origin, "https://localhost:8443",
      "where browsers find the pages; up to four, separated by spaces"),
    T("server", "certificate", PATH, certificate, "server.crt", "certificate chain, PEM"),
    T("server", "key", PATH, key, "server.key", "its private key, PEM"),
    T("server", "pages", PATH, pages, "pages", "folder of the built client"),
    N("server", "metrics_port", metrics_port, 0, 65535, "0",
      "plain HTTP on 127.0.0.1: /metrics, /healthz, /readyz; 0: none"),
    T("media", "announce", TEXT, announce, "auto",
      "IP address that browsers send sound and picture to; auto: this machine's own"),
    N("media", "announce_port", announce_port, 0, 65535, "0",
      "UDP port told to browsers for the first relay, the next has the next; 0: the one it has"),
    N("media", "udp_port", udp_port, 0, 65535, "0",
      "UDP port of the first relay, the next has the next; 0: the number of the TCP port"),
    N("media", "relays", relays, 0, NET_RELAYS_MAX, "0", "relay threads; 0: one per core"),
    T("records", "database", PATH, database, "parta.db", "SQLite file"),
    T("records", "secret", PATH, secret, "parta.secret",
      "32 random bytes: pepper of passwords; never beside a backup"),
    T("records", "ring", PATH, ring, "",
      "keys of medical columns; empty: beside the database, its name with .ring"),
    N("records", "workers", workers, 1, 16, "2", "threads for passwords and documents"),
    N("limits", "connections", connections, 8, 60000, "4096", "open TCP connections"),
    N("limits", "connections_per_address", per_address, 1, 60000, "256",
      "of one client address (a whole hospital may have one)"),
    N("limits", "connections_per_person", per_person, 1, 100, "8", "signalling, of one person"),
    N("limits", "accepts_per_second", accepts, 1, 10000, "50",
      "new connections of one address; four seconds' worth at once"),
    N("limits", "requests_per_second", requests, 1, 10000, "100",
      "API requests of one address; four seconds' worth at once"),
    N("limits", "request_seconds", request_s, 1, 300, "10", "for a whole request to arrive"),
    N("limits", "uploads", uploads, 1, 64, "4",
      "files on their way in at once; each may take 10 MB of memory, one address has half of them"),
    N("limits", "upload_seconds", upload_s, 1, 3600, "180", "for a whole file to arrive"),
    N("limits", "idle_seconds", idle_s, 1, 600, "30", "an open connection that asks nothing"),
    N("limits", "answer_seconds", answer_s, 1, 300, "30", "for the records to answer"),
    N("limits", "ping_seconds", ping_s, 1, 60, "10", "between two pings of a WebSocket"),
    N("limits", "hangup_seconds", hangup_s, 1, 120, "25", "nothing heard on a WebSocket"),
    N("limits", "write_seconds", write_s, 1, 120, "10", "a reader that takes nothing"),
    T("mail", "smtp", TEXT, smtp, "",
      "smtp://host:587 or smtps://host:465 of the mail server; empty: no mail is sent"),
    T("mail", "user", TEXT, smtp_user, "", "name to sign in there with; empty: without"),
    T("mail", "password", PATH, smtp_password, "",
      "file with the password for it, of one line, that only its owner may read"),
    T("mail", "from", TEXT, mail_from, "", "address that mails come from"),
    T("mail", "authorities", PATH, mail_ca, "",
      "certificates the mail server's is checked by, PEM; empty: the system's"),
    T("webhooks", "authorities", PATH, hooks_ca, "",
      "certificates that receivers' are checked by, PEM; empty: the system's"),
    N("webhooks", "inside", hooks_inside, 0, 1, "0",
      "1: also to this machine and to closed networks, for tests alone"),
    T("log", "level", TEXT, level, "info", "debug, info, warn, error or off"),
};
#define SETTINGS_N (sizeof settings / sizeof *settings)

static bool put(struct config *c, const struct setting *s, const char *value)
{
    char *field = (char *)c + s->at;

    if (s->kind == NUMBER)
        return str_to_i64(value, s->min, s->max, (int64_t *)(void *)field) == ERR_OK;
    return str_copy(field, s->cap, value);
}

void config_defaults(struct config *c)
{
    *c = (struct config){ 0 };
    for (size_t i = 0; i < SETTINGS_N; i++) {
        if (!put(c, &settings[i], settings[i].fallback))
            __builtin_trap(); /* the table contradicts itself: our own bug */
    }
}

void config_print_settings(FILE *out)
{
    const char *section = "";

    for (size_t i = 0; i < SETTINGS_N; i++) {
        const struct setting *s = &settings[i];

        if (strcmp(section, s->section) != 0)
            fprintf(out, "[%s]\n", s->section);
        section = s->section;
        fprintf(out, "  %-24s %s (default: %s)\n", s->name, s->about,
                *s->fallback ? s->fallback : "empty");
    }
}

struct load {
    struct config *config;
    struct strbuf *problems;
    bool seen[SETTINGS_N];
    const char *folder; /* of the file, with its slash; "" = the current one */
    int folder_len;
};

static void unknown(struct load *l, const char *section, const char *name)
{
    bool known_section = false;

    strbuf_printf(l->problems, "[%s] %s is no setting.", section, name);
    for (size_t i = 0; i < SETTINGS_N; i++) {
        if (strcmp(settings[i].section, section) != 0)
            continue;
        strbuf_printf(l->problems, "%s%s",
                      known_section ? ", " : " This section has: ", settings[i].name);
        known_section = true;
    }
    strbuf_puts(l->problems,
                known_section
                    ? ".\n"
                    : " The sections are: server, media, records, limits, mail, webhooks, log.\n");
}

/* inih's callback; 1 = go on, so that every problem is told and not only the first. */
static int take_line(void *arg, const char *section, const char *name, const char *value)
{
    struct load *l = arg;
    const struct setting *s = NULL;
    char path[CONFIG_TEXT_MAX];
    size_t i;

    for (i = 0; i < SETTINGS_N && !s; i++) {
        if (strcmp(settings[i].section, section) == 0 && strcmp(settings[i].name, name) == 0)
            s = &settings[i];
    }
    if (!s) {
        unknown(l, section, name);
        return 1;
    }
    if (l->seen[i - 1])
        strbuf_printf(l->problems, "[%s] %s is set twice.\n", section, name);
    l->seen[i - 1] = true;
    if (s->kind == PATH && *value && *value != '/' && l->folder_len > 0) {
        if (!str_format(path, sizeof path, "%.*s%s", l->folder_len, l->folder, value))
            path[0] = '\0';
        value = path;
    }
    if (!put(l->config, s, value)) {
        if (s->kind == NUMBER)
            strbuf_printf(l->problems, "[%s] %s must be a number from %lld to %lld, not \"%s\".\n",
                          section, name, (long long)s->min, (long long)s->max, value);
        else
            strbuf_printf(l->problems, "[%s] %s is too long: %zu characters at most.\n", section,
                          name, s->cap - 1);
    }
    return 1;
}

/* "https://host" or "https://host:port", lower case, no path. */
static bool parse_origin(const char *text, size_t len, char out[NET_ORIGIN_MAX])
{
    static const char scheme[] = "https://";

    if (len >= NET_ORIGIN_MAX || len <= sizeof scheme - 1 ||
        strncasecmp(text, scheme, sizeof scheme - 1) != 0)
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (i >= sizeof scheme - 1 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
            !strchr(".-:[]", c))
            return false;
        out[i] = c;
    }
    out[len] = '\0';
    /* Browsers leave the default port out of Origin. */
    if (len > 4 && strcmp(out + len - 4, ":443") == 0)
        out[len - 4] = '\0';
    return true;
}

static void parse_origins(struct config *c, struct strbuf *problems)
{
    const char *at = c->origin;

    while (*(at += strspn(at, " \t"))) {
        size_t len = strcspn(at, " \t");

        if (c->net.origins_n == NET_ORIGINS_MAX) {
            strbuf_printf(problems, "[server] origin has more than %d entries.\n", NET_ORIGINS_MAX);
            return;
        }
        if (parse_origin(at, len, c->net.origins[c->net.origins_n]))
            c->net.origins_n++;
        else
            strbuf_printf(problems,
                          "[server] origin must be like https://school.example or "
                          "https://school.example:8443, not \"%.*s\".\n",
                          (int)len, at);
        at += len;
    }
    if (c->net.origins_n == 0)
        strbuf_puts(problems, "[server] origin is empty: say where browsers find the pages.\n");
}

static int relays_of(const struct config *c)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (c->relays > 0)
        return (int)c->relays;
    return cores < 1 ? 1 : cores > NET_RELAYS_MAX ? NET_RELAYS_MAX : (int)cores;
}

/* The password of the mail server, from its file of one line. */
static void read_mail_password(struct config *c, struct strbuf *problems)
{
    int fd = open(c->smtp_password, O_RDONLY | O_CLOEXEC);
    struct stat st;
    ssize_t n = 0;

    if (fd < 0 || fstat(fd, &st) != 0 || (st.st_mode & 077) != 0)
        strbuf_printf(problems, "[mail] password %s must be there, for its owner alone to read.\n",
                      c->smtp_password);
    else
        n = read(fd, c->password, sizeof c->password - 1);
    if (fd >= 0)
        close(fd);
    c->password[n > 0 ? n : 0] = '\0';
    c->password[strcspn(c->password, "\r\n")] = '\0';
}

/* A mail server needs a sender; what is set must be possible, also while no mail is sent. */
static void finish_mail(struct config *c, struct strbuf *problems)
{
    if (*c->smtp && strncmp(c->smtp, "smtp://", 7) != 0 && strncmp(c->smtp, "smtps://", 8) != 0)
        strbuf_printf(problems, "[mail] smtp must be like smtp://host:587, not \"%s\".\n", c->smtp);
    if ((*c->smtp || *c->mail_from) && !notify_address_ok(c->mail_from))
        strbuf_puts(problems, "[mail] from must be the address that mails come from.\n");
    if (*c->smtp_user && !str_name_ok(c->smtp_user, sizeof c->smtp_user))
        strbuf_puts(problems, "[mail] user must be a name without control characters.\n");
    if (*c->mail_ca && access(c->mail_ca, R_OK) != 0)
        strbuf_printf(problems, "[mail] authorities %s cannot be read: %s.\n", c->mail_ca,
                      strerror(errno));
    if (*c->smtp_password)
        read_mail_password(c, problems);
}

enum err config_finish(struct config *c, struct strbuf *problems)
{
    size_t before = problems->len;
    struct net_config *n = &c->net;

    *n = (struct net_config){
        .listen_address = c->listen,
        .port = (int)c->port,
        .cert_file = c->certificate,
        .key_file = c->key,
        .static_dir = c->pages,
        .db_path = c->database,
        .metrics_port = (int)c->metrics_port,
        .announce = c->announce,
        .announce_port = (int)c->announce_port,
        .udp_port = (int)(c->udp_port ? c->udp_port : c->port),
        .relays = relays_of(c),
        .connections_max = (int)c->connections,
        .connections_per_address_max = (int)c->per_address,
        .connections_per_user_max = (int)c->per_person,
        .accepts_per_s = (int)c->accepts,
        .requests_per_s = (int)c->requests,
        .request_timeout_us = c->request_s * US_PER_S,
        .uploads_max = (int)c->uploads,
        .upload_timeout_us = c->upload_s * US_PER_S,
        .idle_timeout_us = c->idle_s * US_PER_S,
        .answer_timeout_us = c->answer_s * US_PER_S,
        .ping_us = c->ping_s * US_PER_S,
        .hangup_us = c->hangup_s * US_PER_S,
        .write_timeout_us = c->write_s * US_PER_S,
    };
    if (!*c->ring && !str_format(c->ring, sizeof c->ring, "%s.ring", c->database))
        strbuf_puts(problems, "[records] database is too long a name.\n");
    parse_origins(c, problems);
    finish_mail(c, problems);
    if (*c->hooks_ca && access(c->hooks_ca, R_OK) != 0)
        strbuf_printf(problems, "[webhooks] authorities %s cannot be read: %s.\n", c->hooks_ca,
                      strerror(errno));
    if (strcmp(c->announce, "auto") == 0)
        net_own_address(c->announce, sizeof c->announce);
    if (!net_is_address(c->announce))
        strbuf_printf(problems, "[media] announce must be an IP address or auto, not \"%s\".\n",
                      c->announce);
    if (*c->listen && !net_is_address(c->listen))
        strbuf_printf(problems, "[server] listen must be an IP address or empty, not \"%s\".\n",
                      c->listen);
    if (n->udp_port + n->relays > 65536)
        strbuf_printf(problems, "[media] %d relays from UDP port %d on go beyond 65535.\n",
                      n->relays, n->udp_port);
    if (n->announce_port + n->relays > 65536)
        strbuf_printf(problems,
                      "[media] announce_port %d and up for %d relays goes beyond 65535.\n",
                      n->announce_port, n->relays);
    if (c->hangup_s <= c->ping_s)
        strbuf_puts(problems, "[limits] hangup_seconds must be more than ping_seconds, or every "
                              "silent connection is closed before it was asked.\n");
    if (!log_level_parse(c->level, &c->log_level))
        strbuf_printf(problems,
                      "[log] level must be debug, info, warn, error or off, not \"%s\".\n",
                      c->level);
    return problems->len == before ? ERR_OK : ERR_PARSE;
}

enum err config_load(const char *path, struct config *c, struct strbuf *problems)
{
    struct load l = { .config = c, .problems = problems, .folder = path };
    const char *slash = strrchr(path, '/');
    int line;

    config_defaults(c);
    l.folder_len = slash ? (int)(slash - path) + 1 : 0;
    /* The fallbacks of paths are relative to the file, too. */
    for (size_t i = 0; i < SETTINGS_N; i++) {
        if (settings[i].kind == PATH)
            take_line(&l, settings[i].section, settings[i].name, settings[i].fallback);
        l.seen[i] = false;
    }
    line = ini_parse(path, take_line, &l);
    if (line < 0) {
        strbuf_printf(problems, "%s cannot be read: %s.\n", path, strerror(errno));
        return ERR_IO;
    }
    if (line > 0)
        strbuf_printf(problems, "%s line %d is neither [section] nor name = value.\n", path, line);
    if (config_finish(c, problems) != ERR_OK || problems->len > 0)
        return ERR_PARSE;
    return ERR_OK;
}

/* A problem with a file that has to be readable, as a sentence. */
static int check_readable(const char *what, const char *path, struct strbuf *problems)
{
    if (access(path, R_OK) == 0)
        return 0;
    strbuf_printf(problems, "%s %s cannot be read: %s.\n", what, path, strerror(errno));
    return 1;
}

static int check_folder_of(const char *what, const char *path, struct strbuf *problems)
{
    const char *slash = strrchr(path, '/');
    char folder[CONFIG_TEXT_MAX];

    if (!str_format(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1,
                    slash ? path : "."))
        return 0;
    if (access(folder, W_OK | X_OK) == 0)
        return 0;
    strbuf_printf(problems, "%s: the folder %s cannot be written: %s.\n", what, folder,
                  strerror(errno));
    return 1;
}

static int check_ring(const struct config *c, struct strbuf *problems)
{
    struct seal_ring ring;
    enum err e = seal_ring_load(c->ring, false, &ring);

    if (e == ERR_NOTFOUND) /* made at the first start */
        return check_folder_of("[records] ring", c->ring, problems);
    if (!e) {
        seal_ring_wipe(&ring);
        return 0;
    }
    strbuf_printf(problems, "[records] ring %s %s.\n", c->ring,
                  e == ERR_DENIED  ? "can be read by others: chmod 600 it"
                  : e == ERR_PARSE ? "is no file of column keys"
                                   : "cannot be read");
    return 1;
}

static int check_secret(const struct config *c, struct strbuf *problems)
{
    struct stat st;

    if (stat(c->secret, &st) != 0) /* made at the first start */
        return check_folder_of("[records] secret", c->secret, problems);
    if (st.st_size != 32) {
        strbuf_printf(problems, "[records] secret %s has %lld bytes instead of 32.\n", c->secret,
                      (long long)st.st_size);
        return 1;
    }
    if (st.st_mode & (S_IRWXG | S_IRWXO)) {
        strbuf_printf(problems, "[records] secret %s can be read by others: chmod 600 it.\n",
                      c->secret);
        return 1;
    }
    return 0;
}

int config_check(const struct config *c, struct strbuf *problems)
{
    char index[CONFIG_TEXT_MAX + 16], why[256];
    int n = 0;

    n += check_readable("[server] certificate", c->certificate, problems);
    n += check_readable("[server] key", c->key, problems);
    if (n == 0) {
        for (int i = 0; i < c->net.origins_n; i++) {
            if (!tls_check_files(c->certificate, c->key, c->net.origins[i], why, sizeof why)) {
                strbuf_printf(problems, "[server] certificate %s: %s.\n", c->certificate, why);
                n++;
                break;
            }
        }
    }
    if (str_format(index, sizeof index, "%s/index.html", c->pages) && access(index, R_OK) != 0) {
        strbuf_printf(problems,
                      "[server] pages %s has no index.html: build the client (npm run build in "
                      "client-web) and name its dist folder.\n",
                      c->pages);
        n++;
    }
    if (access(c->database, F_OK) == 0 && access(c->database, W_OK) != 0) {
        strbuf_printf(problems, "[records] database %s cannot be written: %s.\n", c->database,
                      strerror(errno));
        n++;
    } else {
        n += check_folder_of("[records] database", c->database, problems);
    }
    n += check_secret(c, problems);
    n += check_ring(c, problems);
    return n;
}
