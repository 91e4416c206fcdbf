/* SPDX-License-Identifier: Apache-2.0
 *
 * The plainest HTTPS client: one request, one answer, the connection closes.
 */
#include "tests/peers/signin.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/json.h"
#include "common/base/mem.h"
#include "common/base/str.h"

#define REPLY_MAX (256u * 1024)

static enum err talk(BIO *bio, const char *request, char *reply, size_t *len)
{
    int n;

    if (BIO_do_connect(bio) <= 0)
        return ERR_IO;
    if (BIO_write(bio, request, (int)strlen(request)) != (int)strlen(request))
        return ERR_IO;
    *len = 0;
    while (*len < REPLY_MAX - 1 &&
           (n = BIO_read(bio, reply + *len, (int)(REPLY_MAX - 1 - *len))) > 0)
        *len += (size_t)n;
    reply[*len] = '\0';
    return *len > 12 ? ERR_OK : ERR_IO;
}

static enum err exchange(const struct server_at *at, const char *request, char *reply, size_t *len)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    char where[192];
    enum err e = ERR_IO;
    SSL *ssl = NULL;
    BIO *bio;

    if (!ctx ||
        !str_format(where, sizeof where, "%s:%d", at->address ? at->address : at->host, at->port)) {
        SSL_CTX_free(ctx);
        return ERR_NOMEM;
    }
    if (!at->insecure) {
        SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
        if (at->ca ? SSL_CTX_load_verify_locations(ctx, at->ca, NULL) != 1
                   : SSL_CTX_set_default_verify_paths(ctx) != 1) {
            SSL_CTX_free(ctx);
            return ERR_IO;
        }
    }
    bio = BIO_new_ssl_connect(ctx);
    if (bio) {
        BIO_get_ssl(bio, &ssl);
        SSL_set_tlsext_host_name(ssl, at->host);
        if (!at->insecure)
            SSL_set1_host(ssl, at->host);
        BIO_set_conn_hostname(bio, where);
        e = talk(bio, request, reply, len);
        BIO_free_all(bio);
    }
    SSL_CTX_free(ctx);
    return e;
}

/* Status and body of an answer that ends with the connection. */
static int status_of(const char *reply)
{
    int64_t v = 0;
    char digits[4] = { 0 };

    if (strncmp(reply, "HTTP/1.", 7) != 0)
        return 0;
    memcpy(digits, reply + 9, 3);
    return str_to_i64(digits, 100, 599, &v) == ERR_OK ? (int)v : 0;
}

static enum err request(const struct server_at *at, const char *method, const char *path,
                        const char *cookie, const char *body, char *reply, size_t *len)
{
    struct strbuf b;
    char *text = NULL;
    enum err e;

    strbuf_init(&b);
    strbuf_printf(&b,
                  "%s %s HTTP/1.1\r\nHost: %s:%d\r\nOrigin: https://%s:%d\r\n"
                  "Connection: close\r\n",
                  method, path, at->host, at->port, at->host, at->port);
    if (cookie)
        strbuf_printf(&b, "Cookie: %s\r\n", cookie);
    if (body)
        strbuf_printf(&b, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                      strlen(body));
    strbuf_printf(&b, "\r\n%s", body ? body : "");
    e = strbuf_take(&b, &text);
    if (e == ERR_OK)
        e = exchange(at, text, reply, len);
    mem_free(text);
    return e;
}

static bool take_cookie(const char *reply, char *cookie, size_t cap)
{
    const char *at = strcasestr(reply, "\r\nSet-Cookie: "), *end;
    size_t n;

    if (!at)
        return false;
    at += strlen("\r\nSet-Cookie: ");
    end = strpbrk(at, ";\r");
    n = end ? (size_t)(end - at) : 0;
    if (n == 0 || n >= cap)
        return false;
    memcpy(cookie, at, n);
    cookie[n] = '\0';
    return true;
}

enum err sign_in(const struct server_at *at, const char *link, char *cookie, size_t cap)
{
    char *reply = malloc(REPLY_MAX);
    char body[256];
    size_t len = 0;
    enum err e = ERR_NOMEM;

    if (reply && str_format(body, sizeof body, "{\"link\":\"%s\"}", link))
        e = request(at, "POST", "/api/v1/session", NULL, body, reply, &len);
    if (e == ERR_OK && status_of(reply) != 200)
        e = status_of(reply) == 401 ? ERR_DENIED : ERR_PROTO;
    if (e == ERR_OK && !take_cookie(reply, cookie, cap))
        e = ERR_PROTO;
    free(reply);
    return e;
}

enum err next_lesson(const struct server_at *at, const char *cookie, int64_t *out)
{
    char *reply = malloc(REPLY_MAX);
    size_t len = 0;
    const char *start, *end;
    json_t *day = NULL, *next;
    enum err e = ERR_NOMEM;

    if (reply)
        e = request(at, "GET", "/api/v1/me/day", cookie, NULL, reply, &len);
    if (e == ERR_OK && status_of(reply) != 200)
        e = ERR_PROTO;
    /* Whatever framing the body has, the object is between the first and the last brace. */
    start = e == ERR_OK ? strstr(reply, "\r\n\r\n") : NULL;
    start = start ? strchr(start, '{') : NULL;
    end = start ? strrchr(start, '}') : NULL;
    if (e == ERR_OK &&
        (!end || json_parse_object(start, (size_t)(end - start) + 1, &day) != ERR_OK))
        e = ERR_PROTO;
    next = day ? json_object_get(day, "next") : NULL;
    if (e == ERR_OK && !json_is_integer(next))
        e = ERR_NOTFOUND;
    if (e == ERR_OK)
        *out = json_integer_value(next);
    json_decref(day);
    free(reply);
    return e;
}
