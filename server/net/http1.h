/* SPDX-License-Identifier: Apache-2.0
 *
 * The head of an HTTP/1.1 request, strictly (RFC 9112, RFC 9110). Pure: bytes
 * in, a struct or a refusal out. libwebsockets carries the bytes (TCP, TLS,
 * timers) but does not parse them: its packaged version accepts bare LF, two
 * Hosts, Content-Length beside Transfer-Encoding, h2c upgrades and URIs with
 * NUL, and gives no callback that could see them. What is not plainly right is
 * refused here, never repaired: no line folding, no chunked bodies, no
 * absolute URIs, no HTTP/1.0.
 */
#ifndef PARTA_NET_HTTP1_H
#define PARTA_NET_HTTP1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP1_LINE_MAX 4096  /* request line with its CRLF; longer is 414 */
#define HTTP1_HEAD_MAX 16384 /* whole head with its last CRLF CRLF; longer is 431 */
#define HTTP1_HEADERS_MAX 64 /* more lines are 431 */

enum http1_method {
    HTTP1_GET,
    HTTP1_HEAD,
    HTTP1_POST,
    HTTP1_PUT,
    HTTP1_PATCH,
    HTTP1_DELETE,
};

/* All text is NUL-terminated and borrowed from the parsed buffer; absent headers are "". */
struct http1_head {
    enum http1_method method;
    const char *path;  /* percent-decoded UTF-8; begins with '/', no empty, "." or ".." part */
    const char *query; /* raw, without '?' */
    const char *host;
    const char *origin;
    const char *fetch_site; /* Sec-Fetch-Site */
    const char *cookie;
    const char *content_type;
    const char *if_none_match;
    const char *if_match;
    const char *idempotency_key;
    const char *accept_encoding;
    const char *accept_language;
    const char *user_agent;
    const char *ws_key;
    const char *ws_version;
    const char *ws_protocol;
    const char *upgrade;
    int64_t content_length; /* -1 when there is none */
    bool connection_close;
    bool connection_upgrade;
};

/* Looks for the end of the head in buf[0..len). *scanned is the caller's memory of how far it got,
 * 0 at first. Returns the length of the head (> 0), 0 if more bytes are needed, or minus the status
 * to refuse with: 400 for a CR or LF alone and for control bytes, 414, 431. */
int http1_head_end(const char *buf, size_t len, size_t *scanned);

/* Parses a whole head, in place. 0, or the status of the refusal: 400, 405, 411, 414, 417, 431,
 * 505. *out is written only on success. */
int http1_parse(char *head, size_t len, struct http1_head *out);

/* True if the comma-separated list has this token (RFC 9110 section 5.6.1, case-insensitive). */
bool http1_list_has(const char *list, const char *token);

/* Copies the value of a cookie from a Cookie header (RFC 6265 section 4.2) into out[cap]. False,
 * and "", if it is absent, named twice or too long. */
bool http1_cookie(const char *header, const char *name, char *out, size_t cap);

/* "GET" and so on. */
const char *http1_method_name(enum http1_method m);

/* The reason phrase of a status. */
const char *http1_reason(int status);

#endif
