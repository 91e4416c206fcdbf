/* SPDX-License-Identifier: Apache-2.0
 *
 * Strict parsing of a request head. Pure.
 */
#include "server/net/http1.h"

#include <string.h>
#include <strings.h>

#include "common/base/str.h"

static const char *const method_names[] = {
    [HTTP1_GET] = "GET", [HTTP1_HEAD] = "HEAD",   [HTTP1_POST] = "POST",
    [HTTP1_PUT] = "PUT", [HTTP1_PATCH] = "PATCH", [HTTP1_DELETE] = "DELETE",
};

const char *http1_method_name(enum http1_method m)
{
    return method_names[m];
}

const char *http1_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } table[] = {
        { 101, "Switching Protocols" },
        { 200, "OK" },
        { 201, "Created" },
        { 202, "Accepted" },
        { 204, "No Content" },
        { 304, "Not Modified" },
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 408, "Request Timeout" },
        { 409, "Conflict" },
        { 411, "Length Required" },
        { 412, "Precondition Failed" },
        { 413, "Content Too Large" },
        { 414, "URI Too Long" },
        { 415, "Unsupported Media Type" },
        { 417, "Expectation Failed" },
        { 421, "Misdirected Request" },
        { 422, "Unprocessable Content" },
        { 426, "Upgrade Required" },
        { 428, "Precondition Required" },
        { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" },
        { 500, "Internal Server Error" },
        { 503, "Service Unavailable" },
        { 505, "HTTP Version Not Supported" },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].status == status)
            return table[i].reason;
    }
    return "Other";
}

int http1_head_end(const char *buf, size_t len, size_t *scanned)
{
    size_t i = *scanned;

    for (; i < len && i < HTTP1_HEAD_MAX; i++) {
        unsigned char c = (unsigned char)buf[i];

        if (c == '\n') {
            if (i == 0 || buf[i - 1] != '\r')
                return -400;
            if (i >= 3 && buf[i - 2] == '\n')
                return (int)i + 1;
            if (i == 1) /* an empty line instead of a request */
                return -400;
        } else if (i > 0 && buf[i - 1] == '\r') {
            return -400;
        } else if ((c < 0x20 && c != '\r' && c != '\t') || c == 0x7f) {
            return -400;
        }
    }
    *scanned = i;
    if (i >= HTTP1_LINE_MAX && !memchr(buf, '\n', HTTP1_LINE_MAX))
        return -414;
    return i >= HTTP1_HEAD_MAX ? -431 : 0;
}

/* RFC 9110 section 5.6.2 */
static bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Percent-decodes s in place (RFC 3986 section 2.1); the result never grows. */
static bool decode_path(char *s)
{
    char *to = s;

    for (; *s; s++) {
        char c = *s;

        if (c == '%') {
            int high = hex_value(s[1]), low = high < 0 ? -1 : hex_value(s[2]);

            if (low < 0)
                return false;
            c = (char)(high << 4 | low);
            s += 2;
        }
        if ((unsigned char)c < 0x20 || c == 0x7f || c == '\\')
            return false;
        *to++ = c;
    }
    *to = '\0';
    return true;
}

/* No "//", "/./", "/../" and no such end: what a path names must not depend on who resolves it. */
static bool path_is_plain(const char *path)
{
    const char *part = path;

    if (*path != '/')
        return false;
    while (part) {
        const char *next = strchr(part + 1, '/');
        size_t len = next ? (size_t)(next - part) : strlen(part);

        if (len == 1 && (next || part != path))
            return !next && part != path; /* a final '/' is allowed, an empty part is not */
        if ((len == 2 && part[1] == '.') || (len == 3 && part[1] == '.' && part[2] == '.'))
            return false;
        part = next;
    }
    return true;
}

static int parse_target(char *target, struct http1_head *h)
{
    char *query;

    if (*target != '/') /* absolute-form, authority-form and asterisk-form: RFC 9112 section 3.2 */
        return 400;
    for (const char *p = target; *p; p++) {
        if (*p <= 0x20 || *p >= 0x7f || *p == '#' || *p == '\\')
            return 400;
    }
    query = strchr(target, '?');
    if (query)
        *query++ = '\0';
    if (!decode_path(target) || !str_utf8_ok(target, strlen(target)) || !path_is_plain(target))
        return 400;
    h->path = target;
    h->query = query ? query : "";
    return 0;
}

static int parse_request_line(char *line, struct http1_head *h)
{
    char *target = strchr(line, ' ');
    char *version = target ? strchr(target + 1, ' ') : NULL;
    int status;

    if (!version || strncmp(version + 1, "HTTP/", 5) != 0)
        return 400;
    *target++ = '\0';
    *version++ = '\0';
    for (const char *p = line; *p; p++) {
        if (!is_token_char(*p))
            return 400;
    }
    status = 405;
    for (int m = HTTP1_GET; m <= HTTP1_DELETE; m++) {
        if (strcmp(line, method_names[m]) == 0) {
            h->method = (enum http1_method)m;
            status = 0;
        }
    }
    if (status)
        return status;
    if (strcmp(version, "HTTP/1.1") != 0)
        return strlen(version) == 8 ? 505 : 400;
    return parse_target(target, h);
}

/* How a known header is kept. A second ONE is refused: two readers could choose differently. */
enum keep { ONE, FIRST, LENGTH, CONNECTION, ENCODING, EXPECT };

static const struct known {
    const char *name;
    enum keep keep;
    size_t field; /* offset of the const char * */
} known_headers[] = {
    { "host", ONE, offsetof(struct http1_head, host) },
    { "origin", ONE, offsetof(struct http1_head, origin) },
    { "sec-fetch-site", ONE, offsetof(struct http1_head, fetch_site) },
    { "cookie", ONE, offsetof(struct http1_head, cookie) },
    { "content-type", ONE, offsetof(struct http1_head, content_type) },
    { "if-none-match", ONE, offsetof(struct http1_head, if_none_match) },
    { "if-match", ONE, offsetof(struct http1_head, if_match) },
    { "idempotency-key", ONE, offsetof(struct http1_head, idempotency_key) },
    { "accept-encoding", FIRST, offsetof(struct http1_head, accept_encoding) },
    { "accept-language", FIRST, offsetof(struct http1_head, accept_language) },
    { "user-agent", FIRST, offsetof(struct http1_head, user_agent) },
    { "sec-websocket-key", ONE, offsetof(struct http1_head, ws_key) },
    { "sec-websocket-version", ONE, offsetof(struct http1_head, ws_version) },
    { "sec-websocket-protocol", ONE, offsetof(struct http1_head, ws_protocol) },
    { "upgrade", ONE, offsetof(struct http1_head, upgrade) },
    { "content-length", LENGTH, 0 },
    { "connection", CONNECTION, 0 },
    { "transfer-encoding", ENCODING, 0 },
    { "expect", EXPECT, 0 },
};
#define KNOWN_N (sizeof known_headers / sizeof *known_headers)

struct parse {
    struct http1_head head;
    bool seen[KNOWN_N];
    bool encoding;
};

static int keep_header(struct parse *p, const char *name, char *value)
{
    const struct known *k = NULL;
    const char **field;
    size_t i;

    for (i = 0; i < KNOWN_N && !k; i++) {
        if (strcasecmp(name, known_headers[i].name) == 0)
            k = &known_headers[i];
    }
    if (!k)
        return 0;
    field = (const char **)(void *)((char *)&p->head + k->field);
    switch (k->keep) {
    case FIRST:
        if (!p->seen[i - 1])
            *field = value;
        break;
    case ONE:
        if (p->seen[i - 1])
            return 400;
        *field = value;
        break;
    case LENGTH:
        /* Digits only: RFC 9110 section 8.6. str_to_i64 also takes '-', so look at the first. */
        if (p->seen[i - 1] || *value < '0' || *value > '9' ||
            str_to_i64(value, 0, INT64_MAX, &p->head.content_length) != ERR_OK)
            return 400;
        break;
    case CONNECTION:
        p->head.connection_close |= http1_list_has(value, "close");
        p->head.connection_upgrade |= http1_list_has(value, "upgrade");
        break;
    case ENCODING:
        p->encoding = true;
        break;
    case EXPECT:
        return 417;
    }
    p->seen[i - 1] = true;
    return 0;
}

static int parse_header(struct parse *p, char *line)
{
    char *colon = strchr(line, ':'), *value, *end;

    /* RFC 9112 section 5.1: no space before the colon; 5.2: no folding */
    if (!colon || colon == line)
        return 400;
    *colon = '\0';
    for (const char *c = line; *c; c++) {
        if (!is_token_char(*c))
            return 400;
    }
    value = colon + 1;
    while (*value == ' ' || *value == '\t')
        value++;
    end = value + strlen(value);
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = '\0';
    return keep_header(p, line, value);
}

/* The rules that need more than one header. */
static int check_head(const struct parse *p)
{
    const struct http1_head *h = &p->head;

    if (!*h->host)
        return 400;
    if (p->encoding)
        return h->content_length >= 0 ? 400 : 411;
    /* RFC 9110 section 9.3.1: a body on these has no meaning, and smugglers like it */
    if (h->content_length > 0 && (h->method == HTTP1_GET || h->method == HTTP1_HEAD))
        return 400;
    if (h->content_length < 0 && h->method >= HTTP1_POST && h->method <= HTTP1_PATCH)
        return 411;
    /* Only one upgrade exists here: h2c would open a second protocol on this port. */
    if (*h->upgrade && (strcasecmp(h->upgrade, "websocket") != 0 || h->method != HTTP1_GET))
        return 400;
    return 0;
}

int http1_parse(char *head, size_t len, struct http1_head *out)
{
    struct parse p = { .head = { .content_length = -1 } };
    char *line = head, *end = head + len;
    int status, lines = 0;

    for (size_t i = 0; i < KNOWN_N; i++) {
        if (known_headers[i].keep == ONE || known_headers[i].keep == FIRST)
            *(const char **)(void *)((char *)&p.head + known_headers[i].field) = "";
    }
    while (line < end) {
        char *cr = memchr(line, '\r', (size_t)(end - line));

        if (!cr || cr + 1 >= end || memchr(line, '\0', (size_t)(cr - line)))
            return 400;
        *cr = '\0';
        if (lines == 0)
            status = cr - line + 2 > HTTP1_LINE_MAX ? 414 : parse_request_line(line, &p.head);
        else if (cr == line)
            break; /* the empty line that ends the head */
        else
            status = lines > HTTP1_HEADERS_MAX ? 431 : parse_header(&p, line);
        if (status)
            return status;
        line = cr + 2;
        lines++;
    }
    status = check_head(&p);
    if (!status)
        *out = p.head;
    return status;
}

bool http1_list_has(const char *list, const char *token)
{
    size_t want = strlen(token);

    while (*list) {
        size_t len = strcspn(list, ",");
        size_t first = strspn(list, " \t"), last = len;

        while (last > first && (list[last - 1] == ' ' || list[last - 1] == '\t'))
            last--;
        if (first <= last && last - first == want && strncasecmp(list + first, token, want) == 0)
            return true;
        list += len;
        if (*list)
            list++;
    }
    return false;
}

bool http1_cookie(const char *header, const char *name, char *out, size_t cap)
{
    size_t want = strlen(name);
    bool found = false;

    out[0] = '\0';
    while (*header) {
        size_t len;

        header += strspn(header, " \t;");
        len = strcspn(header, ";");
        if (len > want && strncmp(header, name, want) == 0 && header[want] == '=') {
            size_t value = len - want - 1;

            if (found || value >= cap) {
                out[0] = '\0';
                return false;
            }
            memcpy(out, header + want + 1, value);
            out[value] = '\0';
            found = true;
        }
        header += len;
    }
    return found;
}
