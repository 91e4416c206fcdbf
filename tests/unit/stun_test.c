/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc: the demultiplexing table and STUN: the RFC's own messages, what
 * is refused, what is ignored, and that what we write we can read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "server/rtc/demux.h"
#include "server/rtc/stun.h"
#include "tests/support/rnd.h"

/* ---- demux ---- */

/* RFC 7983 section 7, written down a second time as ranges. */
static enum demux expected(unsigned first, unsigned second, size_t len)
{
    static const struct {
        unsigned from, to;
        enum demux kind;
        size_t min;
    } table[] = {
        { 0, 3, DEMUX_STUN, 20 },    { 4, 15, DEMUX_DROP, 0 },    { 16, 19, DEMUX_DROP, 0 },
        { 20, 63, DEMUX_DTLS, 13 },  { 64, 79, DEMUX_DROP, 0 },   { 80, 127, DEMUX_DROP, 0 },
        { 128, 191, DEMUX_RTP, 12 }, { 192, 255, DEMUX_DROP, 0 },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (first < table[i].from || first > table[i].to)
            continue;
        if (table[i].kind == DEMUX_RTP && second >= 192 && second <= 223)
            return len >= 8 ? DEMUX_RTCP : DEMUX_DROP;
        return len >= table[i].min ? table[i].kind : DEMUX_DROP;
    }
    return DEMUX_DROP;
}

static void every_first_byte_and_length_is_told_apart(void **state)
{
    static const unsigned seconds[] = { 0, 96, 127, 128, 191, 192, 200, 223, 224, 255 };

    (void)state;
    for (unsigned first = 0; first < 256; first++) {
        for (size_t len = 0; len <= 64; len++) {
            for (size_t k = 0; k < sizeof seconds / sizeof seconds[0]; k++) {
                uint8_t *exact = malloc(len ? len : 1); /* so that ASan sees a read past it */
                enum demux got;

                assert_non_null(exact);
                if (len > 0)
                    exact[0] = (uint8_t)first;
                if (len > 1)
                    exact[1] = (uint8_t)seconds[k];
                got = demux(exact, len);
                free(exact);
                assert_int_equal(got, len ? expected(first, seconds[k], len) : DEMUX_DROP);
            }
        }
    }
}

/* ---- RFC 5769 ---- */

static const char rfc5769_password[] = "VOkJxbRl1RmTxUk/WvJxBt";

static const uint8_t rfc5769_request[] = {
    0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
    0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73,
    0x74, 0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff,
    0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09,
    0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76, 0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14,
    0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49,
    0xc1, 0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf,
};

static const uint8_t rfc5769_ipv4[] = {
    0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
    0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,
    0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43,
    0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9,
    0x2a, 0xf9, 0xba, 0x53, 0xf0, 0x6b, 0xe7, 0xd7, 0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96,
};

static const uint8_t rfc5769_ipv6[] = {
    0x01, 0x01, 0x00, 0x48, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
    0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,
    0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa,
    0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9, 0x00, 0x08, 0x00, 0x14,
    0xa3, 0x82, 0x95, 0x4e, 0x4b, 0xe6, 0x7b, 0xf1, 0x17, 0x84, 0xc9, 0x7c, 0x82, 0x92, 0xc2, 0x75,
    0xbf, 0xe3, 0xed, 0x41, 0x80, 0x28, 0x00, 0x04, 0xc8, 0xfb, 0x0b, 0x4c,
};

static struct hmac_sha1 key_of(const char *password)
{
    struct hmac_sha1 key;

    hmac_sha1_init(&key, password, strlen(password));
    return key;
}

static void the_rfc_5769_messages_are_read_and_their_tags_hold(void **state)
{
    static const struct addr v4 = { .family = 4, .ip = { 192, 0, 2, 1 }, .port = 32853 };
    static const struct addr v6 = { .family = 6,
                                    .ip = { 0x20, 0x01, 0x0d, 0xb8, 0x12, 0x34, 0x56, 0x78, 0x00,
                                            0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77 },
                                    .port = 32853 };
    struct hmac_sha1 key = key_of(rfc5769_password);
    struct stun_msg m;

    (void)state;
    assert_int_equal(stun_parse(rfc5769_request, sizeof rfc5769_request, &m), ERR_OK);
    assert_int_equal(m.class, STUN_REQUEST);
    assert_int_equal(m.method, STUN_BINDING);
    assert_int_equal(m.username_len, 9);
    assert_memory_equal(m.username, "evtj:h6vY", 9);
    assert_true(m.has_priority && m.controlled && m.fingerprint && !m.controlling);
    assert_int_equal(m.priority, 0x6e0001ff);
    assert_true(m.tie_breaker == 0x932ff9b151263b36u);
    assert_true(stun_integrity_ok(rfc5769_request, &m, &key));

    assert_int_equal(stun_parse(rfc5769_ipv4, sizeof rfc5769_ipv4, &m), ERR_OK);
    assert_int_equal(m.class, STUN_SUCCESS);
    assert_true(addr_eq(&m.mapped, &v4));
    assert_true(stun_integrity_ok(rfc5769_ipv4, &m, &key));

    assert_int_equal(stun_parse(rfc5769_ipv6, sizeof rfc5769_ipv6, &m), ERR_OK);
    assert_true(addr_eq(&m.mapped, &v6));
    assert_true(stun_integrity_ok(rfc5769_ipv6, &m, &key));
    key = key_of("VOkJxbRl1RmTxUk/WvJxBu");
    assert_false(stun_integrity_ok(rfc5769_ipv6, &m, &key));
}

static void no_flipped_bit_passes(void **state)
{
    struct hmac_sha1 key = key_of(rfc5769_password);

    (void)state;
    for (size_t bit = 0; bit < sizeof rfc5769_request * 8; bit++) {
        uint8_t copy[sizeof rfc5769_request];
        struct stun_msg m;

        memcpy(copy, rfc5769_request, sizeof copy);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (stun_parse(copy, sizeof copy, &m) == ERR_OK)
            assert_false(m.fingerprint && stun_integrity_ok(copy, &m, &key));
    }
}

static void no_cut_message_is_read(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof rfc5769_request; len++) {
        uint8_t *exact = malloc(len ? len : 1);
        struct stun_msg m;

        assert_non_null(exact);
        memcpy(exact, rfc5769_request, len);
        assert_int_equal(stun_parse(exact, len, &m), ERR_PARSE);
        free(exact);
    }
}

/* ---- messages made by hand ---- */

struct made {
    uint8_t bytes[1200];
    struct writer w;
};

static void make(struct made *m, uint16_t type)
{
    m->w = writer_on(m->bytes, sizeof m->bytes);
    write_u16(&m->w, type);
    write_u16(&m->w, 0);
    write_u32(&m->w, STUN_COOKIE);
    write_bytes(&m->w, "abcdefghijkl", STUN_TXID_BYTES);
}

static void add(struct made *m, uint16_t type, const void *value, size_t len)
{
    write_u16(&m->w, type);
    write_u16(&m->w, (uint16_t)len);
    write_bytes(&m->w, value, len);
    write_bytes(&m->w, "\0\0\0", (4 - len % 4) % 4);
}

static enum err parse(struct made *m, struct stun_msg *out)
{
    size_t len = writer_len(&m->w);

    assert_false(m->w.full);
    m->bytes[2] = (uint8_t)((len - 20) >> 8);
    m->bytes[3] = (uint8_t)(len - 20);
    return stun_parse(m->bytes, len, out);
}

/* MESSAGE-INTEGRITY as a sender would compute it, by the RFC's words. */
static void add_integrity(struct made *m, const struct hmac_sha1 *key)
{
    size_t len = writer_len(&m->w);
    uint8_t tag[20];

    m->bytes[2] = (uint8_t)((len + 4) >> 8);
    m->bytes[3] = (uint8_t)(len + 4);
    hmac_sha1_tag(key, m->bytes, len, NULL, 0, tag);
    add(m, 0x0008, tag, sizeof tag);
}

static void attributes_of_a_wrong_size_are_malformed(void **state)
{
    static const struct {
        uint16_t type;
        size_t right[2];
    } table[] = {
        { 0x0024, { 4, 4 } }, { 0x0025, { 0, 0 } }, { 0x8029, { 8, 8 } },
        { 0x802a, { 8, 8 } }, { 0x0020, { 8, 8 } }, { 0x0008, { 20, 20 } },
    };
    uint8_t value[64] = { 0, 1 }; /* family IPv4, where an address is read */

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (size_t len = 0; len <= 40; len++) {
            struct stun_msg m;
            struct made made;
            bool right = len == table[i].right[0] || len == table[i].right[1];

            make(&made, 0x0001);
            add(&made, table[i].type, value, len);
            assert_int_equal(parse(&made, &m), right ? ERR_OK : ERR_PARSE);
        }
    }
}

static void lengths_that_lie_are_refused(void **state)
{
    struct stun_msg m;
    struct made made;

    (void)state;
    for (unsigned claim = 0; claim < 65536; claim++) {
        make(&made, 0x0001);
        add(&made, 0x8022, "abcd", 4);
        made.bytes[2] = (uint8_t)(claim >> 8);
        made.bytes[3] = (uint8_t)claim;
        assert_int_equal(stun_parse(made.bytes, 28, &m), claim == 8 ? ERR_OK : ERR_PARSE);
        /* the attribute's own length */
        make(&made, 0x0001);
        add(&made, 0x8022, "abcd", 4);
        made.bytes[22] = (uint8_t)(claim >> 8);
        made.bytes[23] = (uint8_t)claim;
        assert_int_equal(parse(&made, &m), claim >= 1 && claim <= 4 ? ERR_OK : ERR_PARSE);
    }
}

static void what_follows_the_integrity_is_ignored(void **state)
{
    struct hmac_sha1 key = key_of("secret");
    struct stun_msg m;
    struct made made;

    (void)state;
    make(&made, 0x0001);
    add(&made, 0x0006, "first:one", 9);
    add_integrity(&made, &key);
    add(&made, 0x0025, "", 0);          /* USE-CANDIDATE */
    add(&made, 0x0006, "other:one", 9); /* USERNAME */
    add(&made, 0x0024, "\1\2\3\4", 4);  /* PRIORITY */
    add(&made, 0x7777, "x", 1);         /* unknown, must be understood */
    assert_int_equal(parse(&made, &m), ERR_OK);
    assert_true(stun_integrity_ok(made.bytes, &m, &key));
    assert_false(m.use_candidate || m.has_priority);
    assert_int_equal(m.unknown_n, 0);
    assert_memory_equal(m.username, "first:one", 9);
}

static void of_a_repeated_attribute_the_first_counts(void **state)
{
    struct stun_msg m;
    struct made made;

    (void)state;
    make(&made, 0x0001);
    add(&made, 0x0006, "a:b", 3);
    add(&made, 0x0006, "c:d", 3);
    add(&made, 0x0024, "\0\0\0\1", 4);
    add(&made, 0x0024, "\0\0\0\2", 4);
    add(&made, 0x802a, "\0\0\0\0\0\0\0\3", 8);
    add(&made, 0x802a, "\0\0\0\0\0\0\0\4", 8);
    assert_int_equal(parse(&made, &m), ERR_OK);
    assert_memory_equal(m.username, "a:b", 3);
    assert_int_equal(m.priority, 1);
    assert_true(m.tie_breaker == 3);
}

static void unknown_attributes_are_collected_up_to_a_limit(void **state)
{
    struct stun_msg m;
    struct made made;

    (void)state;
    make(&made, 0x0001);
    for (uint16_t i = 0; i < 100; i++)
        add(&made, (uint16_t)(0x7f00 + i), "abc", 3);
    add(&made, 0xc057, "\0\0\0\0", 4); /* optional: no offence */
    assert_int_equal(parse(&made, &m), ERR_OK);
    assert_int_equal(m.unknown_n, STUN_UNKNOWN_MAX);
    assert_int_equal(m.unknown[0], 0x7f00);
}

static void a_long_user_name_is_malformed(void **state)
{
    static const char name[600];
    struct stun_msg m;
    struct made made;

    (void)state;
    make(&made, 0x0001);
    add(&made, 0x0006, name, STUN_USERNAME_MAX);
    assert_int_equal(parse(&made, &m), ERR_OK);
    make(&made, 0x0001);
    add(&made, 0x0006, name, STUN_USERNAME_MAX + 1);
    assert_int_equal(parse(&made, &m), ERR_PARSE);
}

static void a_fingerprint_that_is_wrong_or_not_last_is_malformed(void **state)
{
    uint8_t copy[sizeof rfc5769_request + 8];
    struct stun_msg m;

    (void)state;
    memcpy(copy, rfc5769_request, sizeof rfc5769_request);
    copy[sizeof rfc5769_request - 1] ^= 1;
    assert_int_equal(stun_parse(copy, sizeof rfc5769_request, &m), ERR_PARSE);
    copy[sizeof rfc5769_request - 1] ^= 1;
    memcpy(copy + sizeof rfc5769_request, "\x80\x22\0\4abcd", 8);
    copy[3] += 8;
    assert_int_equal(stun_parse(copy, sizeof copy, &m), ERR_PARSE);
}

/* ---- what we write ---- */

static void our_messages_can_be_read(void **state)
{
    static const struct addr v4 = { .family = 4, .ip = { 1, 2, 3, 4 }, .port = 65535 };
    static const struct addr v6 = { .family = 6, .ip = { 0xfe, 0x80, [15] = 1 }, .port = 1 };
    const uint8_t *txid = (const uint8_t *)"abcdefghijkl";
    struct hmac_sha1 key = key_of("secret");
    uint8_t out[STUN_MESSAGE_MAX];
    struct stun_msg m;
    size_t len;

    (void)state;
    assert_int_equal(stun_write_request(&(struct stun_request){ .username = "abc:defgh",
                                                                .priority = 77,
                                                                .tie_breaker = 0x0102030405060708,
                                                                .use_candidate = true,
                                                                .txid = txid },
                                        &key, out, sizeof out, &len),
                     ERR_OK);
    assert_int_equal(stun_parse(out, len, &m), ERR_OK);
    assert_true(m.class == STUN_REQUEST && m.use_candidate && m.controlling && m.fingerprint);
    assert_int_equal(m.priority, 77);
    assert_true(m.tie_breaker == 0x0102030405060708);
    assert_memory_equal(m.username, "abc:defgh", 9);
    assert_true(stun_integrity_ok(out, &m, &key));

    for (int i = 0; i < 2; i++) {
        const struct addr *a = i ? &v6 : &v4;

        assert_int_equal(stun_write_success(txid, a, &key, out, sizeof out, &len), ERR_OK);
        assert_int_equal(stun_parse(out, len, &m), ERR_OK);
        assert_true(m.class == STUN_SUCCESS && addr_eq(&m.mapped, a));
        assert_memory_equal(m.txid, txid, STUN_TXID_BYTES);
        assert_true(stun_integrity_ok(out, &m, &key));
    }

    m.unknown_n = 3;
    m.unknown[0] = m.unknown[1] = m.unknown[2] = 0x7001;
    m.txid = txid;
    assert_int_equal(stun_write_error(&m, 420, &key, out, sizeof out, &len), ERR_OK);
    assert_int_equal(stun_parse(out, len, &m), ERR_OK);
    assert_true(m.class == STUN_ERROR && m.error_code == 420 && m.fingerprint);
}

static void a_message_that_does_not_fit_is_an_error(void **state)
{
    static const struct addr v6 = { .family = 6, .port = 1 };
    const uint8_t *txid = (const uint8_t *)"abcdefghijkl";
    struct hmac_sha1 key = key_of("secret");
    uint8_t out[STUN_MESSAGE_MAX];
    size_t full = 0;

    (void)state;
    assert_int_equal(stun_write_success(txid, &v6, &key, out, sizeof out, &full), ERR_OK);
    for (size_t cap = STUN_HEADER_BYTES; cap < full; cap++) {
        uint8_t *exact = malloc(cap);
        size_t len = 0;

        assert_non_null(exact);
        assert_int_equal(stun_write_success(txid, &v6, &key, exact, cap, &len), ERR_NOMEM);
        free(exact);
    }
}

static void hmac_agrees_with_rfc_2202(void **state)
{
    /* Test cases 1, 2 and 6. */
    static const uint8_t tag1[] = { 0xb6, 0x17, 0x31, 0x86, 0x55, 0x05, 0x72, 0x64, 0xe2, 0x8b,
                                    0xc0, 0xb6, 0xfb, 0x37, 0x8c, 0x8e, 0xf1, 0x46, 0xbe, 0x00 };
    static const uint8_t tag2[] = { 0xef, 0xfc, 0xdf, 0x6a, 0xe5, 0xeb, 0x2f, 0xa2, 0xd2, 0x74,
                                    0x16, 0xd5, 0xf1, 0x84, 0xdf, 0x9c, 0x25, 0x9a, 0x7c, 0x79 };
    static const uint8_t tag6[] = { 0xaa, 0x4a, 0xe5, 0xe1, 0x52, 0x72, 0xd0, 0x0e, 0x95, 0x70,
                                    0x56, 0x37, 0xce, 0x8a, 0x3b, 0x55, 0xed, 0x40, 0x21, 0x12 };
    uint8_t key[80], tag[20];
    struct hmac_sha1 h;

    (void)state;
    memset(key, 0x0b, sizeof key);
    hmac_sha1_init(&h, key, 20);
    hmac_sha1_tag(&h, "Hi There", 8, NULL, 0, tag);
    assert_memory_equal(tag, tag1, sizeof tag);
    hmac_sha1_init(&h, "Jefe", 4);
    hmac_sha1_tag(&h, "what do ya want ", 16, "for nothing?", 12, tag);
    assert_memory_equal(tag, tag2, sizeof tag);
    memset(key, 0xaa, sizeof key);
    hmac_sha1_init(&h, key, sizeof key);
    hmac_sha1_tag(&h, "Test Using Larger Than Block-Size Key - Hash Key First", 54, NULL, 0, tag);
    assert_memory_equal(tag, tag6, sizeof tag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_first_byte_and_length_is_told_apart),
        cmocka_unit_test(the_rfc_5769_messages_are_read_and_their_tags_hold),
        cmocka_unit_test(no_flipped_bit_passes),
        cmocka_unit_test(no_cut_message_is_read),
        cmocka_unit_test(attributes_of_a_wrong_size_are_malformed),
        cmocka_unit_test(lengths_that_lie_are_refused),
        cmocka_unit_test(what_follows_the_integrity_is_ignored),
        cmocka_unit_test(of_a_repeated_attribute_the_first_counts),
        cmocka_unit_test(unknown_attributes_are_collected_up_to_a_limit),
        cmocka_unit_test(a_long_user_name_is_malformed),
        cmocka_unit_test(a_fingerprint_that_is_wrong_or_not_last_is_malformed),
        cmocka_unit_test(our_messages_can_be_read),
        cmocka_unit_test(a_message_that_does_not_fit_is_an_error),
        cmocka_unit_test(hmac_agrees_with_rfc_2202),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
