/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests of one connection, one at a time: the checks that come before
 * anything else looks at them (Host, Origin, Sec-Fetch-Site, sizes, rates),
 * then pages from memory, health, the way to the desk, or the WebSocket
 * handshake. Decides nothing about rights: that is the desk's. Net loop only.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/protocol/protocol.gen.h"
#include "server/net/conn.h"

/* Beside the policy of the pages, which names the origin and is built at start (T10, T13). */
static const char security_headers[] =
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(self), microphone=(self), display-capture=(self), "
    "geolocation=(), payment=(), usb=()\r\n";

struct answer {
    int status;
    const char *content_type; /* NULL = no body */
    const char *extra;        /* whole header lines, "" if none */
    const void *body;
    size_t len;
    bool borrowed; /* body lives as long as the process */
    bool file;     /* the body is what fd holds */
    int fd;
};

static void date_header(const struct net *n, char out[48])
{
    time_t t = (time_t)(n->now.unix_ms / MS_PER_S);
    struct tm tm;

    /* The C locale is never changed, so the names are English as RFC 9110 section 5.6.7 wants. */
    gmtime_r(&t, &tm);
    if (strftime(out, 48, "%a, %d %b %Y %H:%M:%S GMT", &tm) == 0)
        out[0] = '\0';
}

static void count_answer(struct net *n, int status)
{
    n->counters.answered_2xx += status >= 200 && status < 300;
    n->counters.answered_3xx += status >= 300 && status < 400;
    n->counters.answered_4xx += status >= 400 && status < 500;
    n->counters.answered_5xx += status >= 500;
}

void http_upload_done(struct conn *c)
{
    if (!c->upload)
        return;
    c->upload = false;
    c->net->uploads_n--;
    c->perip->uploads--;
}

static bool send_body(struct conn *c, const struct answer *a)
{
    if (a->file)
        return conn_send_file(c, a->fd, a->len);
    return a->borrowed ? conn_send_borrowed(c, a->body, a->len) : conn_send(c, a->body, a->len);
}

/* Queues the answer; afterwards the connection waits for the next request or ends. */
static void respond(struct conn *c, const struct answer *a)
{
    struct net *n = c->net;
    bool bodiless = a->status == 204 || a->status == 304;
    struct strbuf head;
    char date[48];
    bool ok;

    http_upload_done(c);
    count_answer(n, a->status);
    date_header(n, date);
    strbuf_init(&head);
    strbuf_printf(&head, "HTTP/1.1 %d %s\r\nDate: %s\r\n", a->status, http1_reason(a->status),
                  date);
    if (a->content_type)
        strbuf_printf(&head, "Content-Type: %s\r\n", a->content_type);
    if (!bodiless)
        strbuf_printf(&head, "Content-Length: %zu\r\n", a->len);
    strbuf_puts(&head, security_headers);
    strbuf_printf(&head, "Content-Security-Policy: %s\r\n%s", n->csp, a->extra);
    strbuf_puts(&head, c->keep && !n->draining ? "\r\n" : "Connection: close\r\n\r\n");
    ok = strbuf_ok(&head) && conn_send(c, head.s, head.len);
    if (ok && a->len && !bodiless && !c->head_only)
        ok = send_body(c, a);
    strbuf_deinit(&head);
    if (!ok)
        conn_kill(c);
    else if (c->keep && !n->draining)
        conn_set_state(c, CONN_HEAD, n->config.idle_timeout_us);
    else
        conn_finish(c);
}

static void respond_text(struct conn *c, int status, const char *type, const char *extra,
                         const char *text)
{
    struct answer a = {
        .status = status, .content_type = type, .extra = extra, .body = text, .len = strlen(text)
    };

    respond(c, &a);
}

void http_refuse(struct conn *c, int status)
{
    char text[64];

    if (c->state == CONN_DEAD || c->state == CONN_FLUSH || c->state == CONN_LINGER)
        return;
    if (!str_format(text, sizeof text, "%d %s\n", status, http1_reason(status)))
        text[0] = '\0';
    c->keep = false;
    respond_text(c, status, "text/plain; charset=utf-8",
                 status == 405   ? "Allow: GET, HEAD, POST, PUT, PATCH, DELETE\r\n"
                 : status == 426 ? "Upgrade: websocket\r\n"
                 : status == 429 ? "Retry-After: 1\r\n"
                 : status == 503 ? "Retry-After: 2\r\n"
                                 : "Cache-Control: no-store\r\n",
                 text);
}

void http_timeout(struct conn *c)
{
    switch (c->state) {
    case CONN_HEAD:
        if (c->in_len == 0) { /* idle: nobody waits for an answer */
            conn_kill(c);
            return;
        }
        http_refuse(c, 408);
        return;
    case CONN_BODY:
        http_refuse(c, 408);
        return;
    case CONN_ANSWER:
    case CONN_LOGIN:
        http_refuse(c, 503);
        return;
    default:
        conn_kill(c);
    }
}

static void health(struct conn *c, bool ready)
{
    char why[200] = "";

    if (ready)
        metrics_unready(c->net, why, sizeof why);
    respond_text(c, *why ? 503 : 200, "text/plain; charset=utf-8", "Cache-Control: no-store\r\n",
                 *why ? why : "ok\n");
}

/* The metrics port: plain HTTP on loopback. */
static void inner_request(struct conn *c, const struct http1_head *h)
{
    char *text = NULL;

    if (h->method != HTTP1_GET) {
        http_refuse(c, 405);
    } else if (strcmp(h->path, "/metrics") == 0) {
        if (metrics_text(c->net, &text) != ERR_OK)
            http_refuse(c, 503);
        else
            respond_text(c, 200, "text/plain; version=0.0.4", "Cache-Control: no-store\r\n", text);
        mem_free(text);
    } else if (strcmp(h->path, "/healthz") == 0 || strcmp(h->path, "/readyz") == 0) {
        health(c, h->path[1] == 'r');
    } else {
        http_refuse(c, 404);
    }
}

static void serve_page(struct conn *c, const struct http1_head *h)
{
    const struct static_file *f = static_find(&c->net->files, h->path);
    struct answer a = { .status = 200, .borrowed = true };
    const struct static_body *body;
    const char *encoding;
    char extra[256];

    if (h->method > HTTP1_HEAD) {
        http_refuse(c, 405);
        return;
    }
    if (!f) {
        respond_text(c, 404, "text/plain; charset=utf-8", "Cache-Control: no-store\r\n",
                     c->net->files.index ? "404 Not Found\n"
                                         : "The pages are not built: see the README.\n");
        return;
    }
    body = static_choose(f, h->accept_encoding, &encoding);
    if (static_matches(f, h->if_none_match))
        a.status = 304;
    /* Weak: the packed forms of a file share its tag. */
    if (!str_format(extra, sizeof extra, "ETag: W/%s\r\nVary: Accept-Encoding\r\n%s%s%s%s", f->etag,
                    encoding ? "Content-Encoding: " : "", encoding ? encoding : "",
                    encoding ? "\r\n" : "",
                    f->immutable ? "Cache-Control: public, max-age=31536000, immutable\r\n"
                                 : "Cache-Control: no-cache\r\n"))
        extra[0] = '\0';
    a.content_type = f->content_type;
    a.extra = extra;
    a.body = body->bytes;
    a.len = body->len;
    respond(c, &a);
}

/* A copy of a header, cut short never: too long is NULL. */
static char *copy_of(const char *s)
{
    return mem_strndup(s, strlen(s));
}

/* As much of the address as tells a person "that was at home": never the whole. */
static void write_net(const struct addr *a, char out[DESK_NET_MAX + 1])
{
    bool ok = a->family == 4 ? str_format(out, DESK_NET_MAX + 1, "%d.%d.*", a->ip[0], a->ip[1])
                             : str_format(out, DESK_NET_MAX + 1, "%x:%x:*",
                                          a->ip[0] << 8 | a->ip[1], a->ip[2] << 8 | a->ip[3]);

    if (!ok)
        out[0] = '\0';
}

static bool fill_request(struct conn *c, const struct http1_head *h, struct desk_request *r)
{
    struct desk_http *http = &r->u.http;
    const char *method = http1_method_name(h->method == HTTP1_HEAD ? HTTP1_GET : h->method);
    char cookie[DESK_TOKEN_MAX * 2 + 1];

    /* A cookie that is doubled or too long is no login; the desk says so. */
    (void)http1_cookie(h->cookie, DESK_COOKIE, cookie, sizeof cookie);
    http->path = copy_of(h->path);
    http->query = copy_of(h->query);
    http->cookie = copy_of(cookie);
    http->if_match = copy_of(h->if_match);
    http->idempotency_key = copy_of(h->idempotency_key);
    http->accept_language = copy_of(h->accept_language);
    http->user_agent = copy_of(h->user_agent);
    write_net(&c->peer, http->net);
    memcpy(http->client_hash, c->client_hash, sizeof http->client_hash);
    return http->path && http->query && http->cookie && http->if_match && http->idempotency_key &&
           http->accept_language && http->user_agent &&
           str_copy(http->method, sizeof http->method, method);
}

/* This type, with or without parameters. */
static bool is_type(const char *content_type, const char *type)
{
    size_t len = strlen(type);

    return strncasecmp(content_type, type, len) == 0 &&
           (content_type[len] == '\0' || content_type[len] == ';' || content_type[len] == ' ');
}

/* May this connection bring a file now? 0 or the status. The files on their way in are few, and of
 * one address fewer, because each may come to wait in memory as a whole. */
static int upload_fits(const struct conn *c)
{
    const struct net *n = c->net;

    if (n->draining)
        return 503;
    if (n->uploads_n >= n->config.uploads_max)
        return 429;
    return c->perip->uploads >= (n->config.uploads_max + 1) / 2 ? 429 : 0;
}

/* A file: first whose cookie this is, so that a stranger's bytes are not waited for. They are taken
 * in meanwhile. */
static void upload_request(struct conn *c, const struct http1_head *h)
{
    struct net *n = c->net;
    struct desk_request *who = desk_request_new(DESK_CONNECT, c->id.v);
    int status = upload_fits(c);

    c->request = desk_request_new(DESK_HTTP, c->id.v);
    if (!status && (!who || !c->request || !fill_request(c, h, c->request)))
        status = 503;
    if (!status &&
        !http1_cookie(h->cookie, DESK_COOKIE, who->u.connect.cookie, sizeof who->u.connect.cookie))
        status = 401;
    if (!status && !net_desk_post(n, who)) {
        status = 503;
        who = NULL;
    }
    if (status) {
        desk_request_free(who);
        http_refuse(c, status);
        return;
    }
    c->request->u.http.file = true;
    c->body_len = (size_t)h->content_length;
    c->upload = true;
    n->uploads_n++;
    c->perip->uploads++;
    conn_set_state(c, CONN_LOGIN, n->config.answer_timeout_us);
}

/* JSON, or a file's bytes: what a form of another page cannot send without asking first (S8). */
static void api_request(struct conn *c, const struct http1_head *h)
{
    struct net *n = c->net;
    bool file = h->content_length > 0 && is_type(h->content_type, "application/octet-stream");

    if (!rate_take(&c->perip->requests, n->now.mono_us, n->config.requests_per_s,
                   n->config.requests_per_s * 4)) {
        http_refuse(c, 429);
        return;
    }
    if (h->content_length > (int64_t)(file ? DESK_FILE_MAX : DESK_BODY_MAX)) {
        http_refuse(c, 413);
        return;
    }
    if (h->content_length > 0 && !file && !is_type(h->content_type, "application/json")) {
        http_refuse(c, 415);
        return;
    }
    if (file) {
        upload_request(c, h);
        return;
    }
    c->request = desk_request_new(DESK_HTTP, c->id.v);
    if (!c->request || !fill_request(c, h, c->request)) {
        http_refuse(c, 503);
        return;
    }
    c->body_len = h->content_length > 0 ? (size_t)h->content_length : 0;
    c->state = CONN_BODY; /* the deadline of the head goes on: it is for the whole request */
}

/* The WebSocket handshake up to the question whose cookie this is (RFC 6455 section 4.2.1). */
static void ws_request(struct conn *c, const struct http1_head *h)
{
    struct net *n = c->net;
    struct desk_request *r;

    if (!*h->upgrade || !h->connection_upgrade) {
        http_refuse(c, 426);
        return;
    }
    if (strcmp(h->ws_version, "13") != 0 || !ws_accept_key(h->ws_key, c->ws_accept)) {
        http_refuse(c, 400);
        return;
    }
    if (!*h->origin || !http1_list_has(h->ws_protocol, SIG_PROTOCOL)) {
        http_refuse(c, 403);
        return;
    }
    if (n->draining) {
        http_refuse(c, 503);
        return;
    }
    r = desk_request_new(DESK_CONNECT, c->id.v);
    if (!r) {
        http_refuse(c, 503);
        return;
    }
    if (!http1_cookie(h->cookie, DESK_COOKIE, r->u.connect.cookie, sizeof r->u.connect.cookie)) {
        desk_request_free(r);
        http_refuse(c, 401);
        return;
    }
    if (!net_desk_post(n, r)) {
        http_refuse(c, 503);
        return;
    }
    conn_set_state(c, CONN_LOGIN, n->config.answer_timeout_us);
}

/* Who may send this request at all, before its path means anything (S8). 0 or the status. */
static int check_source(const struct conn *c, const struct http1_head *h)
{
    int index = net_host_index(c->net, h->host);

    if (c->inner)
        return strncmp(h->host, "127.0.0.1", 9) == 0 || strncmp(h->host, "localhost", 9) == 0 ? 0
                                                                                              : 421;
    if (index < 0)
        return 421;
    if (*h->origin && strcasecmp(h->origin, c->net->config.origins[index]) != 0)
        return 403;
    /* "none": the person typed the address. Pages may be linked to from elsewhere, the API not. */
    if (*h->fetch_site && strcmp(h->fetch_site, "same-origin") != 0 &&
        strcmp(h->fetch_site, "none") != 0 &&
        (h->method > HTTP1_HEAD || *h->upgrade || strncmp(h->path, "/api/", 5) == 0))
        return 403;
    return 0;
}

static void route(struct conn *c, const struct http1_head *h)
{
    int status = check_source(c, h);

    if (status)
        http_refuse(c, status);
    else if (c->inner)
        inner_request(c, h);
    else if (strcmp(h->path, SIG_PATH) == 0)
        h->method == HTTP1_GET ? ws_request(c, h) : http_refuse(c, 405);
    else if (*h->upgrade) /* WebSockets live on one path */
        http_refuse(c, 400);
    else if (strncmp(h->path, "/api/", 5) == 0)
        api_request(c, h);
    else if (strcmp(h->path, "/healthz") == 0 || strcmp(h->path, "/readyz") == 0)
        h->method <= HTTP1_HEAD ? health(c, h->path[1] == 'r') : http_refuse(c, 405);
    else
        serve_page(c, h);
}

static void drop_input(struct conn *c, size_t len)
{
    conn_drop_input(c, len);
    c->scanned = 0;
}

/* True if a whole head was there and has been dealt with. */
static bool take_head(struct conn *c)
{
    struct http1_head h;
    int len, status;

    if (c->in_len == 0)
        return false;
    if (c->scanned == 0) /* the first byte of a request starts its clock */
        conn_set_state(c, CONN_HEAD, c->net->config.request_timeout_us);
    len = http1_head_end(c->in, c->in_len, &c->scanned);
    if (len == 0)
        return false;
    c->net->counters.requests++;
    c->keep = true;
    c->head_only = false;
    status = len < 0 ? -len : http1_parse(c->in, (size_t)len, &h);
    if (status) {
        http_refuse(c, status);
        return false;
    }
    c->keep = !h.connection_close;
    c->head_only = h.method == HTTP1_HEAD;
    /* Only the API takes bodies; elsewhere the next request would begin in the middle of one. */
    if (h.content_length > 0 && strncmp(h.path, "/api/", 5) != 0)
        c->keep = false;
    route(c, &h);
    drop_input(c, (size_t)len);
    return true;
}

/* The body becomes the request's: a copy, or the buffer itself if nothing else is in it. */
static void take_bytes(struct conn *c, struct desk_request *r)
{
    r->u.http.body_len = c->body_len;
    if (!c->upload || c->in_len != c->body_len) {
        r->u.http.body = mem_strndup(c->in, c->body_len);
        drop_input(c, c->body_len);
        return;
    }
    c->in[c->in_len] = '\0'; /* keep_input leaves room for it */
    r->u.http.body = c->in;
    c->in = NULL;
    c->in_len = c->in_cap = c->scanned = 0;
}

/* True if the body was there and the request is on its way to the desk. */
static bool take_body(struct conn *c)
{
    struct desk_request *r = c->request;

    if (c->in_len < c->body_len)
        return false;
    take_bytes(c, r);
    c->request = NULL;
    if (!r->u.http.body) {
        desk_request_free(r);
        http_refuse(c, 503);
        return false;
    }
    if (!net_desk_post(c->net, r)) {
        http_refuse(c, 503);
        return false;
    }
    conn_set_state(c, CONN_ANSWER, c->net->config.answer_timeout_us);
    return true;
}

void http_input(struct conn *c)
{
    bool more = true;

    while (more) {
        switch (c->state) {
        case CONN_HEAD:
            more = take_head(c);
            break;
        case CONN_BODY:
            more = take_body(c);
            break;
        default: /* waits for an answer: what comes behind stays in the buffer, which is bounded */
            more = false;
        }
    }
}

void http_answer_desk(struct conn *c, const struct desk_reply *r)
{
    struct answer a = { .status = r->u.http.status,
                        .content_type = *r->u.http.content_type ? r->u.http.content_type : NULL,
                        .body = r->u.http.body,
                        .len = r->u.http.body_len,
                        .file = r->u.http.from_file,
                        .fd = r->u.http.fd };
    struct strbuf extra;

    if (c->state != CONN_ANSWER)
        return;
    strbuf_init(&extra);
    strbuf_puts(&extra, r->u.http.headers ? r->u.http.headers : "");
    if (!r->u.http.headers || !strcasestr(r->u.http.headers, "cache-control:"))
        strbuf_puts(&extra, "Cache-Control: no-store\r\n");
    if (!strbuf_ok(&extra)) {
        http_refuse(c, 503);
    } else {
        a.extra = extra.s;
        respond(c, &a);
        http_input(c); /* a pipelined request may wait */
    }
    strbuf_deinit(&extra);
}

void http_login_answered(struct conn *c, const struct desk_reply *r)
{
    char head[512];

    if (c->state != CONN_LOGIN)
        return;
    if (!r->u.connect.ok) {
        http_refuse(c, 401);
        return;
    }
    if (c->upload) {
        conn_set_state(c, CONN_BODY, c->net->config.upload_timeout_us);
        http_input(c);
        return;
    }
    if (!ws_user_fits(c->net, r->u.connect.user)) {
        http_refuse(c, 429);
        return;
    }
    if (!str_format(head, sizeof head,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n"
                    "Sec-WebSocket-Protocol: " SIG_PROTOCOL "\r\n\r\n",
                    c->ws_accept) ||
        !conn_send(c, head, strlen(head))) {
        conn_kill(c);
        return;
    }
    ws_open(c, r);
}
