/* SPDX-License-Identifier: Apache-2.0
 *
 * server/net/wsframe: frames of a client, good and bad (RELIABILITY P7).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "server/net/wsframe.h"

static uint8_t wire[WS_MESSAGE_MAX + 64];

/* One masked frame into wire + at. Returns the end. */
static size_t put_frame(size_t at, unsigned first, const void *payload, size_t len)
{
    static const uint8_t mask[4] = { 0x12, 0xfe, 0x00, 0x81 };
    const uint8_t *p = payload;

    wire[at++] = (uint8_t)first;
    if (len < 126) {
        wire[at++] = (uint8_t)(0x80 | len);
    } else {
        wire[at++] = 0x80 | 126;
        wire[at++] = (uint8_t)(len >> 8);
        wire[at++] = (uint8_t)len;
    }
    memcpy(wire + at, mask, 4);
    at += 4;
    for (size_t i = 0; i < len; i++)
        wire[at + i] = p[i] ^ mask[i & 3];
    return at + len;
}

/* Reads wire[0..len) in pieces; the first event that is not a part of a message. */
static enum ws_got read_all(struct ws_reader *r, size_t len, size_t piece, struct ws_event *ev)
{
    size_t at = 0;

    while (at < len) {
        size_t give = len - at < piece ? len - at : piece, used = 0;
        enum ws_got got = ws_read(r, wire + at, give, &used, ev);

        at += used;
        if (got != WS_GOT_NOTHING && got != WS_GOT_FRAME)
            return got;
    }
    return WS_GOT_NOTHING;
}

static void a_message_in_any_cut(void **state)
{
    (void)state;
    for (size_t piece = 1; piece < 40; piece++) {
        struct ws_reader r;
        struct ws_event ev;
        size_t len;

        ws_reader_init(&r);
        len = put_frame(0, 0x01, "при", 6);
        len = put_frame(len, 0x00, "", 0);
        len = put_frame(len, 0x80, "вет!", 7);
        assert_int_equal(read_all(&r, len, piece, &ev), WS_GOT_TEXT);
        assert_int_equal(ev.len, 13);
        assert_string_equal(ev.data, "привет!");
        assert_false(ws_reader_busy(&r));
        /* the next message starts afresh */
        len = put_frame(0, 0x81, "x", 1);
        assert_int_equal(read_all(&r, len, piece, &ev), WS_GOT_TEXT);
        assert_string_equal(ev.data, "x");
        len = put_frame(0, 0x81, "", 0);
        assert_int_equal(read_all(&r, len, piece, &ev), WS_GOT_TEXT);
        assert_string_equal(ev.data, "");
        ws_reader_deinit(&r);
    }
}

static void a_ping_may_stand_within_a_message(void **state)
{
    struct ws_reader r;
    struct ws_event ev;
    size_t first, second, len;

    (void)state;
    ws_reader_init(&r);
    first = put_frame(0, 0x01, "ab", 2);
    second = put_frame(first, 0x89, "now", 3);
    len = put_frame(second, 0x80, "cd", 2);
    assert_int_equal(read_all(&r, second, 100, &ev), WS_GOT_PING);
    assert_string_equal(ev.data, "now");
    memmove(wire, wire + second, len - second);
    assert_int_equal(read_all(&r, len - second, 100, &ev), WS_GOT_TEXT);
    assert_string_equal(ev.data, "abcd");
    ws_reader_deinit(&r);
}

static void faults_close_with_their_code(void **state)
{
    static const struct {
        int code;
        const char *bytes;
        size_t len;
    } cases[] = {
        { 1002, "\x81\x01x", 3 },                                     /* unmasked */
        { 1002, "\xc1\x81....x", 7 },                                 /* reserved bit */
        { 1002, "\x83\x81....x", 7 },                                 /* unknown opcode */
        { 1002, "\x8b\x80....", 6 },                                  /* unknown control opcode */
        { 1003, "\x82\x81....x", 7 },                                 /* binary */
        { 1002, "\x80\x81....x", 7 },                                 /* continuation of nothing */
        { 1002, "\x09\x80....", 6 },                                  /* fragmented ping */
        { 1002, "\x89\xfe\x00\x80", 4 },                              /* ping of 128 bytes */
        { 1002, "\x81\xfe\x00\x05....", 8 },                          /* longer form than needed */
        { 1002, "\x81\xff\x00\x00\x00\x00\x00\x00\x00\x05....", 14 }, /* the same in 64 bits */
        { 1009, "\x81\xfe\xa0\x01....", 8 },                          /* 40961 bytes announced */
        { 1009, "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff....", 14 }, /* 2^63 - 1 */
        { 1002, "\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00....", 14 }, /* top bit set */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ws_reader r;
        struct ws_event ev = { 0 };

        ws_reader_init(&r);
        memcpy(wire, cases[i].bytes, cases[i].len);
        if (read_all(&r, cases[i].len, 1, &ev) != WS_GOT_FAULT || ev.code != cases[i].code)
            fail_msg("case %zu: code %d, want %d", i, ev.code, cases[i].code);
        /* a dead reader says nothing more */
        assert_int_equal(read_all(&r, put_frame(0, 0x81, "x", 1), 100, &ev), WS_GOT_NOTHING);
        ws_reader_deinit(&r);
    }
}

static void a_new_message_within_a_message_is_a_fault(void **state)
{
    struct ws_reader r;
    struct ws_event ev;
    size_t len;

    (void)state;
    ws_reader_init(&r);
    len = put_frame(0, 0x01, "a", 1);
    len = put_frame(len, 0x81, "b", 1);
    assert_int_equal(read_all(&r, len, 100, &ev), WS_GOT_FAULT);
    assert_int_equal(ev.code, 1002);
    ws_reader_deinit(&r);
}

static void the_cap_counts_all_fragments(void **state)
{
    static char part[WS_MESSAGE_MAX];
    struct ws_reader r;
    struct ws_event ev;
    size_t len;

    (void)state;
    memset(part, 'a', sizeof part);
    ws_reader_init(&r);
    len = put_frame(0, 0x01, part, WS_MESSAGE_MAX - 1);
    assert_int_equal(read_all(&r, len, 4096, &ev), WS_GOT_NOTHING);
    len = put_frame(0, 0x80, part, 1);
    assert_int_equal(read_all(&r, len, 4096, &ev), WS_GOT_TEXT);
    assert_int_equal(ev.len, WS_MESSAGE_MAX);
    len = put_frame(0, 0x01, part, WS_MESSAGE_MAX);
    assert_int_equal(read_all(&r, len, 4096, &ev), WS_GOT_NOTHING);
    len = put_frame(0, 0x80, part, 1);
    assert_int_equal(read_all(&r, len, 4096, &ev), WS_GOT_FAULT);
    assert_int_equal(ev.code, 1009);
    ws_reader_deinit(&r);
}

/* Allowed from some moment on, with a cap of their own; text keeps its rules. */
static void binary_messages_when_they_are_allowed(void **state)
{
    static const uint8_t bytes[100] = { 0xFF, 0, 0xC0 };
    static const char text[] = "a text that is longer than the cap of binary messages, which is 60";
    struct ws_reader r;
    struct ws_event ev;
    size_t len;

    (void)state;
    ws_reader_init(&r);
    r.binary_max = 60;
    len = put_frame(0, 0x02, bytes, 40);
    len = put_frame(len, 0x89, "now", 3);
    len = put_frame(len, 0x80, bytes + 40, 20);
    for (size_t piece = 1; piece < 50; piece += 7) {
        size_t at = 0, used;
        enum ws_got got = WS_GOT_NOTHING;
        bool ping = false;

        while (at < len && got != WS_GOT_BINARY) {
            size_t give = len - at < piece ? len - at : piece;

            got = ws_read(&r, wire + at, give, &used, &ev);
            ping |= got == WS_GOT_PING;
            at += used;
        }
        assert_true(ping);
        assert_int_equal(got, WS_GOT_BINARY);
        assert_int_equal(ev.len, 60);
        assert_memory_equal(ev.data, bytes, 60);
    }
    len = put_frame(0, 0x81, text, sizeof text - 1);
    assert_int_equal(read_all(&r, len, 50, &ev), WS_GOT_TEXT);
    len = put_frame(0, 0x02, bytes, 61);
    assert_int_equal(read_all(&r, len, 50, &ev), WS_GOT_FAULT);
    assert_int_equal(ev.code, 1009);
    ws_reader_deinit(&r);
    r.binary_max = 60;
    len = put_frame(0, 0x02, bytes, 40);
    len = put_frame(len, 0x80, bytes, 21); /* all fragments count */
    assert_int_equal(read_all(&r, len, 50, &ev), WS_GOT_FAULT);
    assert_int_equal(ev.code, 1009);
    ws_reader_deinit(&r);
    r.binary_max = 60;
    len = put_frame(0, 0x01, "ab", 2); /* text has begun */
    len = put_frame(len, 0x82, bytes, 3);
    assert_int_equal(read_all(&r, len, 50, &ev), WS_GOT_FAULT);
    assert_int_equal(ev.code, 1002);
    ws_reader_deinit(&r);
    len = put_frame(0, 0x82, bytes, 3); /* not allowed at the start */
    assert_int_equal(read_all(&r, len, 50, &ev), WS_GOT_FAULT);
    assert_int_equal(ev.code, 1003);
    ws_reader_deinit(&r);
}

static void text_must_be_utf8(void **state)
{
    static const char *const bad[] = { "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                       "\xd0" };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct ws_reader r;
        struct ws_event ev = { 0 };

        ws_reader_init(&r);
        assert_int_equal(read_all(&r, put_frame(0, 0x81, bad[i], strlen(bad[i])), 1, &ev),
                         WS_GOT_FAULT);
        assert_int_equal(ev.code, 1007);
        ws_reader_deinit(&r);
    }
}

static void closing(void **state)
{
    static const struct {
        enum ws_got got;
        int code;
        const char *payload;
        size_t len;
    } cases[] = {
        { WS_GOT_CLOSE, 1000, "", 0 },         { WS_GOT_CLOSE, 1001, "\x03\xe9 bye", 6 },
        { WS_GOT_CLOSE, 4000, "\x0f\xa0", 2 }, { WS_GOT_FAULT, 1002, "\x03", 1 },
        { WS_GOT_FAULT, 1002, "\x03\xed", 2 }, { WS_GOT_FAULT, 1002, "\x00\x00", 2 },
        { WS_GOT_FAULT, 1002, "\x13\x88", 2 }, { WS_GOT_FAULT, 1007, "\x03\xe8\xff", 3 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ws_reader r;
        struct ws_event ev = { 0 };

        ws_reader_init(&r);
        assert_int_equal(read_all(&r, put_frame(0, 0x88, cases[i].payload, cases[i].len), 100, &ev),
                         cases[i].got);
        assert_int_equal(ev.code, cases[i].code);
        ws_reader_deinit(&r);
    }
}

static void lack_of_memory_closes_and_leaks_nothing(void **state)
{
    long before = mem_live();
    struct ws_reader r;
    struct ws_event ev;

    (void)state;
    ws_reader_init(&r);
    mem_fail_after(0);
    assert_int_equal(read_all(&r, put_frame(0, 0x81, "abc", 3), 100, &ev), WS_GOT_FAULT);
    mem_fail_after(-1);
    assert_int_equal(ev.code, WS_CLOSE_TRY_LATER);
    ws_reader_deinit(&r);
    assert_int_equal(mem_live(), before);
}

static void headers_of_the_server(void **state)
{
    uint8_t out[WS_HEADER_MAX];

    (void)state;
    assert_int_equal(ws_write_header(out, WS_OP_TEXT, 125), 2);
    assert_memory_equal(out, "\x81\x7d", 2);
    assert_int_equal(ws_write_header(out, WS_OP_TEXT, 126), 4);
    assert_memory_equal(out, "\x81\x7e\x00\x7e", 4);
    assert_int_equal(ws_write_header(out, WS_OP_TEXT, 65536), 10);
    assert_memory_equal(out, "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10);
}

static void the_accept_key_of_the_rfc(void **state)
{
    char out[29];

    (void)state;
    assert_true(ws_accept_key("dGhlIHNhbXBsZSBub25jZQ==", out)); /* RFC 6455 section 1.3 */
    assert_string_equal(out, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_false(ws_accept_key("", out));
    assert_false(ws_accept_key("dGhlIHNhbXBsZSBub25jZQ=", out));
    assert_false(ws_accept_key("dGhlIHNhbXBsZSBub25jZ!==", out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_in_any_cut),
        cmocka_unit_test(binary_messages_when_they_are_allowed),
        cmocka_unit_test(a_ping_may_stand_within_a_message),
        cmocka_unit_test(faults_close_with_their_code),
        cmocka_unit_test(a_new_message_within_a_message_is_a_fault),
        cmocka_unit_test(the_cap_counts_all_fragments),
        cmocka_unit_test(text_must_be_utf8),
        cmocka_unit_test(closing),
        cmocka_unit_test(lack_of_memory_closes_and_leaks_nothing),
        cmocka_unit_test(headers_of_the_server),
        cmocka_unit_test(the_accept_key_of_the_rfc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
