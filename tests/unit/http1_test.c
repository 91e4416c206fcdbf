/* SPDX-License-Identifier: Apache-2.0
 *
 * server/net/http1: what a request head may look like (RELIABILITY P9).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "server/net/http1.h"

static char buf[HTTP1_HEAD_MAX + 256];
static struct http1_head head;

/* The whole way of a head: find its end, then parse. The status of the refusal, 0 if accepted. */
static int parse_bytes(const char *text, size_t len)
{
    size_t scanned = 0;
    int end;

    memcpy(buf, text, len);
    end = http1_head_end(buf, len, &scanned);
    if (end < 0)
        return -end;
    assert_true(end > 0);
    return http1_parse(buf, (size_t)end, &head);
}

static int parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

#define HOST "Host: school.example\r\n"

static void a_plain_request(void **state)
{
    (void)state;
    assert_int_equal(parse("GET /day/%D0%BC?a=1&b HTTP/1.1\r\n" HOST
                           "Cookie: x=1; __Host-s=abc\r\nAccept-Encoding:  gzip \r\n\r\n"),
                     0);
    assert_int_equal(head.method, HTTP1_GET);
    assert_string_equal(head.path, "/day/м");
    assert_string_equal(head.query, "a=1&b");
    assert_string_equal(head.host, "school.example");
    assert_string_equal(head.accept_encoding, "gzip");
    assert_string_equal(head.if_match, "");
    assert_int_equal(head.content_length, -1);
    assert_false(head.connection_close);
}

static void the_end_of_the_head_is_found_byte_by_byte(void **state)
{
    static const char text[] = "GET / HTTP/1.1\r\n" HOST "\r\nnext";
    size_t scanned = 0, whole = strlen(text) - 4;

    (void)state;
    for (size_t len = 0; len < whole; len++)
        assert_int_equal(http1_head_end(text, len, &scanned), 0);
    assert_int_equal(http1_head_end(text, sizeof text - 1, &scanned), (int)whole);
}

static void refused_heads(void **state)
{
    static const struct {
        int status;
        const char *text;
    } cases[] = {
        /* lines */
        { 400, "GET / HTTP/1.1\n" HOST "\r\n" },
        { 400, "GET / HTTP/1.1\r\nHost: a\n\r\n" },
        { 400, "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n" },
        { 400, "\r\nGET / HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET / HTTP/1.1\r\nHost: a\x01\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "X: a\r\n folded\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "nocolon\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST ": empty\r\n\r\n" },
        /* request line */
        { 400, "GET /\r\n" HOST "\r\n" },
        { 505, "GET / HTTP/1.0\r\n" HOST "\r\n" },
        { 505, "GET / HTTP/2.0\r\n" HOST "\r\n" },
        { 400, "GET / HTTP/1.1 \r\n" HOST "\r\n" },
        { 400, "GET  / HTTP/1.1\r\n" HOST "\r\n" },
        { 405, "PRI * HTTP/2.0\r\n\r\n" },
        { 405, "CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n" },
        { 405, "OPTIONS * HTTP/1.1\r\n" HOST "\r\n" },
        { 405, "TRACE / HTTP/1.1\r\n" HOST "\r\n" },
        { 405, "get / HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "G(T / HTTP/1.1\r\n" HOST "\r\n" },
        /* target */
        { 400, "GET https://school.example/ HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /%00 HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /%0a HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /%zz HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /% HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /%c0%af HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /../etc/passwd HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /%2e%2e/x HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /a/.%2e HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /a/./b HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET //a HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /a%2f/b HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /a\\b HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /a%5cb HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /#x HTTP/1.1\r\n" HOST "\r\n" },
        /* headers that decide */
        { 400, "GET / HTTP/1.1\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST HOST "\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "Cookie: a=1\r\nCookie: b=2\r\n\r\n" },
        { 400,
          "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" },
        { 411, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n" },
        { 411, "POST / HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n" },
        { 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\n" },
        { 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\n" },
        { 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x10\r\n\r\n" },
        { 400, "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n" },
        { 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n" },
        { 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n" },
        { 417, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nExpect: 100-continue\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "Upgrade: websocket, h2c\r\n\r\n" },
        { 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\nUpgrade: websocket\r\n\r\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status = parse(cases[i].text);

        if (status != cases[i].status)
            fail_msg("case %zu: got %d, want %d: %s", i, status, cases[i].status, cases[i].text);
    }
    assert_int_equal(parse_bytes("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", 29), 400);
}

static void long_things_are_refused_before_they_end(void **state)
{
    static char text[HTTP1_HEAD_MAX + 100];
    size_t scanned = 0, len;

    (void)state;
    memset(text, 'a', sizeof text);
    memcpy(text, "GET /", 5);
    assert_int_equal(http1_head_end(text, HTTP1_LINE_MAX - 1, &scanned), 0);
    assert_int_equal(http1_head_end(text, HTTP1_LINE_MAX, &scanned), -414);

    scanned = 0;
    memset(text, 'a', sizeof text);
    memcpy(text, "GET / HTTP/1.1\r\nX: ", 19);
    assert_int_equal(http1_head_end(text, HTTP1_HEAD_MAX - 1, &scanned), 0);
    assert_int_equal(http1_head_end(text, sizeof text, &scanned), -431);

    len = 0;
    memcpy(text, "GET / HTTP/1.1\r\n" HOST, len = strlen("GET / HTTP/1.1\r\n" HOST));
    for (int i = 0; i < HTTP1_HEADERS_MAX; i++, len += 6)
        memcpy(text + len, "X: y\r\n", 6);
    memcpy(text + len, "\r\n", 2);
    assert_int_equal(parse_bytes(text, len + 2), 431);
    memcpy(text + len - 6, "\r\n", 2);
    assert_int_equal(parse_bytes(text, len - 4), 0);
}

static void cookies_are_taken_once_or_not_at_all(void **state)
{
    char out[8];

    (void)state;
    assert_true(http1_cookie("a=1; __Host-s=xyz; b=2", "__Host-s", out, sizeof out));
    assert_string_equal(out, "xyz");
    assert_false(http1_cookie("__Host-s=x; __Host-s=y", "__Host-s", out, sizeof out));
    assert_string_equal(out, "");
    assert_false(http1_cookie("x__Host-s=x; __Host-sx=1", "__Host-s", out, sizeof out));
    assert_false(http1_cookie("__Host-s=12345678", "__Host-s", out, sizeof out));
    assert_false(http1_cookie("", "__Host-s", out, sizeof out));
    assert_true(http1_cookie("__Host-s=", "__Host-s", out, sizeof out));
    assert_string_equal(out, "");
}

static void lists(void **state)
{
    (void)state;
    assert_true(http1_list_has("keep-alive, Upgrade", "upgrade"));
    assert_true(http1_list_has("close", "close"));
    assert_false(http1_list_has("closed, not-close", "close"));
    assert_false(http1_list_has(",,", "close"));
    assert_false(http1_list_has("", "close"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_request),
        cmocka_unit_test(the_end_of_the_head_is_found_byte_by_byte),
        cmocka_unit_test(refused_heads),
        cmocka_unit_test(long_things_are_refused_before_they_end),
        cmocka_unit_test(cookies_are_taken_once_or_not_at_all),
        cmocka_unit_test(lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
