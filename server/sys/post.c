/* SPDX-License-Identifier: Apache-2.0
 *
 * SMTP and HTTPS by libcurl; see post.h. Worker threads.
 */
#include "server/sys/post.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/str.h"

enum err post_init(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == 0 ? ERR_OK : ERR_NOMEM;
}

/* ---- what both have in common ----------------------------------------------------------- */

/* A line of the other side's or of the library's, as far as it may be kept: printable, short. */
static void keep_detail(struct post_outcome *out, const char *text)
{
    size_t n = 0;

    for (; text[n] && text[n] != '\r' && text[n] != '\n' && n + 1 < sizeof out->detail; n++)
        out->detail[n] = text[n] >= ' ' && text[n] < 127 ? text[n] : '?';
    out->detail[n] = '\0';
}

static void set_common(CURL *curl, const char *url, const char *ca_file, char *errors)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)POST_SECONDS);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)POST_CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, errors);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* not what some variable says */
    if (ca_file && ca_file[0])
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
}

static size_t drop(char *bytes, size_t size, size_t n, void *arg)
{
    (void)bytes;
    (void)arg;
    return size * n;
}

/* ---- mail ------------------------------------------------------------------------------- */

struct source {
    const char *bytes;
    size_t left;
};

static size_t give(char *to, size_t size, size_t n, void *arg)
{
    struct source *s = arg;
    size_t take = size * n < s->left ? size * n : s->left;

    memcpy(to, s->bytes, take);
    s->bytes += take;
    s->left -= take;
    return take;
}

/* The last "no" the other side said; its farewell is none. */
static size_t hear(char *bytes, size_t size, size_t n, void *arg)
{
    char line[POST_DETAIL_MAX];
    size_t len = size * n < sizeof line - 1 ? size * n : sizeof line - 1;

    memcpy(line, bytes, len);
    line[len] = '\0';
    if (line[0] == '4' || line[0] == '5')
        keep_detail(arg, line);
    return size * n;
}

static enum post_said smtp_said(CURLcode rc, long code)
{
    if (rc == CURLE_OK)
        return POST_DONE;
    return code >= 500 && code < 600 && rc != CURLE_LOGIN_DENIED ? POST_NEVER : POST_LATER;
}

static void set_mail(CURL *curl, const struct post_smtp *s, struct curl_slist *to,
                     struct source *source, struct post_outcome *out)
{
    bool login = s->user && s->user[0];

    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    /* A password never goes over an open line. */
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(login ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (login) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, s->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, s->password);
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, s->from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, source);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)source->left);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, hear);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, out);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
}

void post_mail(const struct post_smtp *to_server, const char *to, const char *message, size_t len,
               struct post_outcome *out)
{
    struct source source = { message, len };
    char errors[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    struct curl_slist *rcpt = curl ? curl_slist_append(NULL, to) : NULL;
    long code = 0;

    *out = (struct post_outcome){ .said = POST_LATER };
    if (rcpt) {
        CURLcode rc;

        set_common(curl, to_server->url, to_server->ca_file, errors);
        set_mail(curl, to_server, rcpt, &source, out);
        rc = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
        out->said = smtp_said(rc, code);
        out->code = (int)code;
        if (rc == CURLE_OK)
            out->detail[0] = '\0';
        else if (!out->detail[0])
            keep_detail(out, errors[0] ? errors : curl_easy_strerror(rc));
    }
    curl_slist_free_all(rcpt);
    curl_easy_cleanup(curl);
}

/* ---- hooks ------------------------------------------------------------------------------ */

static bool v4_public(const unsigned char *b)
{
    if (b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224)
        return false; /* this network, private, this machine, multicast and above */
    if (b[0] == 100 && (b[1] & 0xc0) == 64)
        return false; /* carrier NAT, RFC 6598 */
    if ((b[0] == 169 && b[1] == 254) || (b[0] == 172 && (b[1] & 0xf0) == 16) ||
        (b[0] == 192 && b[1] == 168))
        return false;
    if (b[0] == 192 && b[1] == 0 && (b[2] == 0 || b[2] == 2))
        return false; /* IETF, documentation */
    if ((b[0] == 198 && (b[1] & 0xfe) == 18) || (b[0] == 198 && b[1] == 51 && b[2] == 100) ||
        (b[0] == 203 && b[1] == 0 && b[2] == 113))
        return false; /* benchmarks, documentation */
    return true;
}

bool post_address_public(const unsigned char *b, size_t len)
{
    static const unsigned char zeros[12];
    static const unsigned char nat64[12] = { 0, 0x64, 0xff, 0x9b };

    if (len == 4)
        return v4_public(b);
    if (len != 16)
        return false;
    if (memcmp(b, zeros, 10) == 0 || memcmp(b, nat64, sizeof nat64) == 0)
        return false; /* ::, ::1, mapped and compatible, NAT64: an IPv4 address in disguise */
    if (b[0] == 0x20 && b[1] == 0x02)
        return false; /* 6to4 */
    if (b[0] == 0x20 && b[1] == 0x01 && (b[2] == 0 || (b[2] == 0x0d && b[3] == 0xb8)))
        return false;             /* Teredo and other IETF uses, documentation */
    return (b[0] & 0xe0) == 0x20; /* 2000::/3 is what is handed out */
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    const struct post_hook *h = arg;
    bool ok = h->inside;

    (void)purpose;
    if (a->family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, &a->addr, sizeof in);
        ok = ok || post_address_public((const unsigned char *)&in.sin_addr, 4);
    } else if (a->family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, (const void *)&a->addr, sizeof in6);
        ok = ok || post_address_public(in6.sin6_addr.s6_addr, 16);
    }
    return ok ? socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol) : CURL_SOCKET_BAD;
}

static enum post_said http_said(CURLcode rc, long code)
{
    if (rc != CURLE_OK)
        return rc == CURLE_UNSUPPORTED_PROTOCOL || rc == CURLE_URL_MALFORMAT ? POST_NEVER
                                                                             : POST_LATER;
    if (code >= 200 && code < 300)
        return POST_DONE;
    return code >= 500 || code == 408 || code == 425 || code == 429 ? POST_LATER : POST_NEVER;
}

static void set_hook(CURL *curl, const struct post_hook *h, struct curl_slist *lines,
                     const char *body, size_t len)
{
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, h);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
}

void post_hook(const struct post_hook *h, const char *body, size_t len, struct post_outcome *out)
{
    char errors[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    struct curl_slist *lines = curl_slist_append(NULL, "Content-Type: application/json");
    long code = 0;

    *out = (struct post_outcome){ .said = POST_LATER };
    for (size_t i = 0; lines && h->headers[i]; i++) {
        struct curl_slist *more = curl_slist_append(lines, h->headers[i]);

        if (!more)
            curl_slist_free_all(lines);
        lines = more;
    }
    if (curl && lines) {
        CURLcode rc;

        set_common(curl, h->url, h->ca_file, errors);
        set_hook(curl, h, lines, body, len);
        rc = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
        out->said = http_said(rc, code);
        out->code = (int)code;
        if (rc != CURLE_OK)
            keep_detail(out, errors[0] ? errors : curl_easy_strerror(rc));
        else if (!str_format(out->detail, sizeof out->detail, "HTTP %ld", code))
            out->detail[0] = '\0';
    }
    curl_slist_free_all(lines);
    curl_easy_cleanup(curl);
}
