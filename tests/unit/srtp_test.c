/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc/srtp: the vectors of RFC 3711 and RFC 7714, agreement with libsrtp2
 * in both directions over random packets, sequence wraps, replays, lengths that
 * lie, and bounded memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <srtp2/srtp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "server/rtc/srtp.h"
#include "server/rtc/srtp_window.h"
#include "tests/support/rnd.h"

#define ROOM 2048

static const enum srtp_profile profiles[] = { SRTP_GCM, SRTP_CM };

#define EACH_PROFILE(p) for (const enum srtp_profile *p = profiles; p < profiles + 2; p++)

static size_t unhex(const char *hex, uint8_t *out)
{
    size_t n = 0;

    for (const char *s = hex; *s;) {
        unsigned byte;

        if (*s == ' ') {
            s++;
            continue;
        }
        assert_int_equal(sscanf(s, "%2x", &byte), 1);
        out[n++] = (uint8_t)byte;
        s += 2;
    }
    return n;
}

static void assert_hex(const uint8_t *bytes, size_t len, const char *hex)
{
    uint8_t want[ROOM];

    assert_int_equal(unhex(hex, want), len);
    assert_memory_equal(bytes, want, len);
}

static struct srtp_master master_of(uint64_t seed)
{
    struct rnd r = { seed };
    struct srtp_master m;

    for (size_t i = 0; i < sizeof m.key; i++)
        m.key[i] = (uint8_t)rnd_u64(&r);
    for (size_t i = 0; i < sizeof m.salt; i++)
        m.salt[i] = (uint8_t)rnd_u64(&r);
    return m;
}

static struct srtp *ours(enum srtp_profile profile, uint64_t seed)
{
    struct srtp_master m = master_of(seed);
    struct srtp *s = NULL;

    assert_int_equal(srtp_new(&s, profile, &m), ERR_OK);
    return s;
}

/* A minimal RTP packet: header and payload bytes of 0xaa. */
static size_t simple(uint8_t *out, uint32_t ssrc, uint16_t seq, size_t payload)
{
    struct writer w = writer_on(out, ROOM);

    write_u8(&w, 0x80);
    write_u8(&w, 96);
    write_u16(&w, seq);
    write_u32(&w, 1000);
    write_u32(&w, ssrc);
    for (size_t i = 0; i < payload; i++)
        write_u8(&w, 0xaa);
    return writer_len(&w);
}

static size_t sealed(struct srtp *s, uint8_t *out, uint32_t ssrc, uint16_t seq, size_t payload)
{
    size_t len = simple(out, ssrc, seq, payload);

    assert_int_equal(srtp_seal_rtp(s, out, &len), ERR_OK);
    return len;
}

static size_t sealed_rtcp(struct srtp *s, uint8_t *out, uint32_t ssrc)
{
    struct writer w = writer_on(out, ROOM);
    size_t len = 28;

    write_u8(&w, 0x80);
    write_u8(&w, 200);
    write_u16(&w, 6);
    write_u32(&w, ssrc);
    for (int i = 0; i < 20; i++)
        write_u8(&w, (uint8_t)i);
    assert_int_equal(srtp_seal_rtcp(s, out, &len), ERR_OK);
    return len;
}

/* ---- vectors ---- */

static void keys_are_derived_as_rfc_3711_b3_says(void **state)
{
    struct srtp_session_keys k;
    struct srtp_master m;

    (void)state;
    unhex("E1F97A0D3E018BE0D64FA32C06DE4139", m.key);
    unhex("0EC675AD498AFEEBB6960B3AABE6", m.salt);
    assert_int_equal(srtp_derive(SRTP_CM, &m, &k), ERR_OK);
    assert_hex(k.rtp.key, 16, "C61E7A93744F39EE10734AFE3FF7A087");
    assert_hex(k.rtp.salt, 14, "30CBBC08863D8C85D49DB34A9AE1");
    assert_hex(k.rtp.auth, 20, "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4");
}

static void the_key_stream_is_that_of_rfc_3711_b2(void **state)
{
    struct srtp_session_keys k = { 0 };
    uint8_t packet[ROOM] = { 0x80 };
    struct srtp *s = NULL;
    size_t len = 12 + 48;

    (void)state;
    unhex("2B7E151628AED2A6ABF7158809CF4F3C", k.rtp.key);
    unhex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD", k.rtp.salt);
    assert_int_equal(srtp_new_session(&s, SRTP_CM, &k), ERR_OK);
    /* SSRC, sequence number and payload all zero: what comes out is the key stream. */
    assert_int_equal(srtp_seal_rtp(s, packet, &len), ERR_OK);
    assert_int_equal(len, 12 + 48 + 10);
    assert_hex(packet + 12, 48,
               "E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB"
               "41E95B3BB0A2E8DD477901E4FCA894C0");
    srtp_free(s);
}

static struct srtp *rfc7714_session(void)
{
    struct srtp_session_keys k = { .first_rtcp_index = 0x5d4 };
    struct srtp *s = NULL;

    unhex("000102030405060708090a0b0c0d0e0f", k.rtp.key);
    unhex("517569642070726f2071756f", k.rtp.salt);
    k.rtcp = k.rtp;
    assert_int_equal(srtp_new_session(&s, SRTP_GCM, &k), ERR_OK);
    return s;
}

static void an_rtp_packet_is_sealed_as_rfc_7714_16_1_says(void **state)
{
    static const char plain[] = "8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973"
                                "20646976 69736120 696e2070 61727465 73207472 6573";
    static const char cipher[] = "8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca"
                                 "be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833899d 7f27beb1"
                                 "6a9152cf 765ee439 0cce";
    struct srtp *seal = rfc7714_session(), *open = rfc7714_session();
    uint8_t packet[ROOM];
    size_t len = unhex(plain, packet);

    (void)state;
    assert_int_equal(srtp_seal_rtp(seal, packet, &len), ERR_OK);
    assert_hex(packet, len, cipher);
    assert_int_equal(srtp_open_rtp(open, packet, &len), ERR_OK);
    assert_hex(packet, len, plain);
    srtp_free(seal);
    srtp_free(open);
}

static void an_rtcp_packet_is_sealed_as_rfc_7714_17_1_says(void **state)
{
    static const char plain[] = "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930"
                                "4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef";
    static const char cipher[] = "81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7"
                                 "6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded 0bb9275b c84aa458"
                                 "96cf4d2f c5abf872 45d9eade 800005d4";
    struct srtp *seal = rfc7714_session(), *open = rfc7714_session();
    uint8_t packet[ROOM];
    size_t len = unhex(plain, packet);

    (void)state;
    assert_int_equal(srtp_seal_rtcp(seal, packet, &len), ERR_OK);
    assert_hex(packet, len, cipher);
    assert_int_equal(srtp_open_rtcp(open, packet, &len), ERR_OK);
    assert_hex(packet, len, plain);
    srtp_free(seal);
    srtp_free(open);
}

/* ---- libsrtp2, the independent peer ---- */

static srtp_t theirs(enum srtp_profile profile, uint64_t seed, bool inbound)
{
    struct srtp_master m = master_of(seed);
    uint8_t key[SRTP_KEY_BYTES + SRTP_SALT_MAX];
    srtp_policy_t policy = { 0 };
    srtp_t s = NULL;

    memcpy(key, m.key, SRTP_KEY_BYTES);
    memcpy(key + SRTP_KEY_BYTES, m.salt, SRTP_SALT_MAX);
    if (profile == SRTP_GCM) {
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    }
    policy.ssrc.type = inbound ? ssrc_any_inbound : ssrc_any_outbound;
    policy.key = key;
    policy.window_size = SRTP_WINDOW;
    assert_int_equal(srtp_create(&s, &policy), srtp_err_status_ok);
    return s;
}

/* A random well-formed RTP packet: CSRCs, one- or two-byte header extension, padding. */
static size_t random_rtp(struct rnd *r, uint8_t *out, uint32_t ssrc, uint16_t seq)
{
    struct writer w = writer_on(out, ROOM);
    unsigned cc = (unsigned)rnd_in(r, 0, 15) * (unsigned)rnd_percent(r, 30);
    unsigned ext = (unsigned)rnd_percent(r, 50);
    unsigned pad = (unsigned)rnd_percent(r, 20);
    size_t payload = (size_t)rnd_in(r, 0, rnd_percent(r, 80) ? 200 : 1200);

    write_u8(&w, (uint8_t)(0x80 | pad << 5 | ext << 4 | cc));
    write_u8(&w, (uint8_t)(rnd_u64(r) & 0x80) | 96);
    write_u16(&w, seq);
    write_u32(&w, (uint32_t)rnd_u64(r));
    write_u32(&w, ssrc);
    for (unsigned i = 0; i < cc; i++)
        write_u32(&w, (uint32_t)rnd_u64(r));
    if (ext) {
        uint16_t words = (uint16_t)rnd_in(r, 0, 8);

        write_u16(&w, rnd_percent(r, 50) ? 0xbede : 0x1000);
        write_u16(&w, words);
        for (unsigned i = 0; i < words; i++)
            write_u32(&w, (uint32_t)rnd_u64(r));
    }
    for (size_t i = 0; i < payload; i++)
        write_u8(&w, (uint8_t)rnd_u64(r));
    if (pad && payload)
        w.p[-1] = (uint8_t)rnd_in(r, 1, (int64_t)(payload < 255 ? payload : 255));
    assert_false(w.full);
    return writer_len(&w);
}

static size_t random_rtcp(struct rnd *r, uint8_t *out, uint32_t ssrc)
{
    struct writer w = writer_on(out, ROOM);
    uint16_t words = (uint16_t)rnd_in(r, 1, 60);

    write_u8(&w, 0x80);
    write_u8(&w, (uint8_t)rnd_in(r, 200, 206));
    write_u16(&w, words);
    write_u32(&w, ssrc);
    for (unsigned i = 1; i < words; i++)
        write_u32(&w, (uint32_t)rnd_u64(r));
    return writer_len(&w);
}

/* Sequence numbers go forward with gaps, duplicates of the past and reordering; over 100 000
 * packets of 3 sources they wrap several times. */
static uint16_t next_seq(struct rnd *r, uint64_t *top)
{
    if (rnd_percent(r, 10)) {
        uint64_t back = (uint64_t)rnd_in(r, 0, 200);

        return (uint16_t)(*top > back ? *top - back : *top);
    }
    *top += rnd_percent(r, 98) ? 1 : (uint64_t)rnd_in(r, 1, 0x7000);
    return (uint16_t)*top;
}

static void we_open_what_libsrtp_seals(void **state)
{
    uint64_t seed = rnd_seed(11);

    (void)state;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_PROFILE(profile)
    {
        srtp_t seal = theirs(*profile, 5, false), judge = theirs(*profile, 5, true);
        struct srtp *open = ours(*profile, 5);
        uint64_t top[3] = { 65000, 100, 40000 };
        struct rnd r = { seed };
        unsigned opened = 0, refused = 0;

        for (int i = 0; i < 20000; i++) {
            uint8_t plain[ROOM], packet[ROOM], copy[ROOM];
            int source = (int)rnd_in(&r, 0, 2);
            bool rtcp = rnd_percent(&r, 20), flip = rnd_percent(&r, 10);
            size_t plain_len =
                rtcp ? random_rtcp(&r, plain, 70u + (unsigned)source)
                     : random_rtp(&r, plain, 70u + (unsigned)source, next_seq(&r, &top[source]));
            int len = (int)plain_len, judge_len;
            srtp_err_status_t theirs_said;
            size_t ours_len;
            enum err e;

            memcpy(packet, plain, plain_len);
            /* libsrtp refuses to seal a number twice; then there is nothing to compare. */
            if ((rtcp ? srtp_protect_rtcp(seal, packet, &len) : srtp_protect(seal, packet, &len)) !=
                srtp_err_status_ok)
                continue;
            if (flip)
                packet[rnd_in(&r, 0, len - 1)] ^= (uint8_t)(1 << rnd_in(&r, 0, 7));
            memcpy(copy, packet, (size_t)len);
            judge_len = len;
            ours_len = (size_t)len;
            e = rtcp ? srtp_open_rtcp(open, packet, &ours_len)
                     : srtp_open_rtp(open, packet, &ours_len);
            theirs_said = rtcp ? srtp_unprotect_rtcp(judge, copy, &judge_len)
                               : srtp_unprotect(judge, copy, &judge_len);
            assert_int_equal(e == ERR_OK, theirs_said == srtp_err_status_ok);
            if (e != ERR_OK) {
                refused++;
                continue;
            }
            opened++;
            assert_false(flip);
            assert_int_equal(ours_len, plain_len);
            assert_memory_equal(packet, plain, plain_len);
        }
        assert_true(opened > 10000);
        assert_true(refused > 1000);
        srtp_free(open);
        srtp_dealloc(seal);
        srtp_dealloc(judge);
    }
}

static void libsrtp_opens_what_we_seal(void **state)
{
    uint64_t seed = rnd_seed(12);

    (void)state;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_PROFILE(profile)
    {
        srtp_t open = theirs(*profile, 6, true), judge = theirs(*profile, 6, false);
        struct srtp *seal = ours(*profile, 6);
        uint64_t top[3] = { 65000, 100, 40000 };
        struct rnd r = { seed };
        unsigned opened = 0;

        for (int i = 0; i < 20000; i++) {
            uint8_t plain[ROOM], packet[ROOM], copy[ROOM];
            int source = (int)rnd_in(&r, 0, 2);
            bool rtcp = rnd_percent(&r, 20);
            size_t plain_len =
                rtcp ? random_rtcp(&r, plain, 70u + (unsigned)source)
                     : random_rtp(&r, plain, 70u + (unsigned)source, next_seq(&r, &top[source]));
            size_t len = plain_len;
            int judge_len = (int)plain_len, opened_len;
            enum err e;

            memcpy(packet, plain, plain_len);
            memcpy(copy, plain, plain_len);
            e = rtcp ? srtp_seal_rtcp(seal, packet, &len) : srtp_seal_rtp(seal, packet, &len);
            if (rtcp) {
                assert_int_equal(e, ERR_OK);
            } else {
                /* Byte for byte the same, and the same refusals. */
                srtp_err_status_t said = srtp_protect(judge, copy, &judge_len);

                assert_int_equal(e == ERR_OK, said == srtp_err_status_ok);
                if (e != ERR_OK)
                    continue;
                assert_int_equal(len, judge_len);
                assert_memory_equal(packet, copy, len);
            }
            opened_len = (int)len;
            assert_int_equal(rtcp ? srtp_unprotect_rtcp(open, packet, &opened_len)
                                  : srtp_unprotect(open, packet, &opened_len),
                             srtp_err_status_ok);
            assert_int_equal(opened_len, plain_len);
            assert_memory_equal(packet, plain, plain_len);
            opened++;
        }
        assert_true(opened > 15000);
        srtp_free(seal);
        srtp_dealloc(open);
        srtp_dealloc(judge);
    }
}

/* ---- indices ---- */

static void sequence_numbers_wrap(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        struct srtp *seal = ours(*profile, 1), *open = ours(*profile, 1);
        uint8_t packet[ROOM], late[ROOM];
        size_t late_len = 0;

        /* Four times round; at each wrap one packet arrives after the wrap. */
        for (uint32_t i = 65000; i < 65000 + 4 * 65536; i += 7) {
            size_t len = sealed(seal, packet, 9, (uint16_t)i, 3);

            if ((uint16_t)i >= 65529) {
                memcpy(late, packet, len);
                late_len = len;
                continue;
            }
            assert_int_equal(srtp_open_rtp(open, packet, &len), ERR_OK);
            if (late_len) {
                assert_int_equal(srtp_open_rtp(open, late, &late_len), ERR_OK);
                late_len = 0;
            }
        }
        srtp_free(seal);
        srtp_free(open);
    }
}

static void a_gap_of_nearly_half_the_numbers_is_bridged(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        for (uint32_t gap = 0x7ffd; gap <= 0x8003; gap++) {
            for (uint32_t from = 0; from <= 0xffff; from += 0x3fff) {
                struct srtp *seal = ours(*profile, 1), *open = ours(*profile, 1);
                uint8_t packet[ROOM];
                size_t len = sealed(seal, packet, 9, (uint16_t)from, 3);
                enum err e;

                assert_int_equal(srtp_open_rtp(open, packet, &len), ERR_OK);
                /* The sender walks through the gap, the receiver loses all of it. */
                for (uint32_t i = 1; i < gap; i += 100)
                    sealed(seal, packet, 9, (uint16_t)(from + i), 3);
                len = sealed(seal, packet, 9, (uint16_t)(from + gap), 3);
                e = srtp_open_rtp(open, packet, &len);
                /* Below 2^15 the guess is right, at 2^15 it depends on the wrap (RFC 3711 section
                 * 3.3.1), beyond it is wrong: then the packet is refused, not garbled. */
                if (gap < 0x8000)
                    assert_int_equal(e, ERR_OK);
                else if (gap > 0x8000)
                    assert_true(e == ERR_DENIED || e == ERR_STATE);
                srtp_free(seal);
                srtp_free(open);
            }
        }
    }
}

static void replays_and_the_past_are_refused(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        struct srtp *seal = ours(*profile, 1), *open = ours(*profile, 1);
        static uint8_t packets[400][64];
        size_t lens[400], len;
        uint8_t copy[64];

        for (uint16_t i = 0; i < 400; i++)
            lens[i] = sealed(seal, packets[i], 9, i, 20);
        for (int i = 100; i < 400; i += 2) { /* every second one arrives */
            len = lens[i];
            memcpy(copy, packets[i], len);
            assert_int_equal(srtp_open_rtp(open, copy, &len), ERR_OK);
        }
        for (int i = 0; i < 400; i++) {
            bool arrived = i >= 100 && i % 2 == 0;
            bool in_window = i > 398 - SRTP_WINDOW;

            len = lens[i];
            memcpy(copy, packets[i], len);
            if (i == 399)
                continue;
            assert_int_equal(srtp_open_rtp(open, copy, &len),
                             arrived || !in_window ? ERR_STATE : ERR_OK);
        }
        srtp_free(seal);
        srtp_free(open);
    }
}

static void rtcp_replays_are_refused(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        struct srtp *seal = ours(*profile, 1), *open = ours(*profile, 1);
        uint8_t packet[ROOM], copy[ROOM];
        size_t len, n;

        for (int i = 0; i < 300; i++) {
            n = len = sealed_rtcp(seal, packet, 9);
            memcpy(copy, packet, len);
            assert_int_equal(srtp_open_rtcp(open, copy, &n), ERR_OK);
            memcpy(copy, packet, len);
            n = len;
            assert_int_equal(srtp_open_rtcp(open, copy, &n), ERR_STATE);
        }
        srtp_free(seal);
        srtp_free(open);
    }
}

static void the_last_rtcp_index_uses_up_the_key(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        struct srtp *open = ours(*profile, 1), *seal = NULL;
        struct srtp_master m = master_of(1);
        struct srtp_session_keys k;
        uint8_t packet[ROOM] = { 0x80, 200, 0, 6, 0, 0, 0, 9 };
        size_t len = 28;

        assert_int_equal(srtp_derive(*profile, &m, &k), ERR_OK);
        k.first_rtcp_index = 0x7fffffff;
        assert_int_equal(srtp_new_session(&seal, *profile, &k), ERR_OK);
        assert_int_equal(srtp_seal_rtcp(seal, packet, &len), ERR_OK);
        assert_int_equal(srtp_open_rtcp(open, packet, &len), ERR_OK);
        len = 28;
        assert_int_equal(srtp_seal_rtcp(seal, packet, &len), ERR_STATE);
        srtp_free(seal);
        srtp_free(open);
    }
}

/* ---- refusals ---- */

static void one_index_is_never_sealed_twice(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        struct srtp *seal = ours(*profile, 1);
        uint8_t packet[ROOM];
        size_t len;

        for (uint16_t i = 0; i < 300; i++)
            sealed(seal, packet, 9, i, 20);
        for (uint16_t i = 0; i < 300; i++) {
            len = simple(packet, 9, i, 20);
            assert_int_equal(srtp_seal_rtp(seal, packet, &len), ERR_STATE);
        }
        srtp_free(seal);
    }
}

static void no_flipped_bit_opens(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        struct srtp *seal = ours(*profile, 1), *open = ours(*profile, 1);
        uint8_t packet[ROOM], copy[ROOM];
        size_t len = sealed(seal, packet, 9, 1000, 30), n;

        for (size_t bit = 0; bit < len * 8; bit++) {
            memcpy(copy, packet, len);
            copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
            n = len;
            assert_int_not_equal(srtp_open_rtp(open, copy, &n), ERR_OK);
            assert_int_equal(n, len);
        }
        /* None of them left a trace: the real one opens. */
        n = len;
        assert_int_equal(srtp_open_rtp(open, packet, &n), ERR_OK);

        len = sealed_rtcp(seal, packet, 9);
        for (size_t bit = 0; bit < len * 8; bit++) {
            memcpy(copy, packet, len);
            copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
            n = len;
            assert_int_not_equal(srtp_open_rtcp(open, copy, &n), ERR_OK);
        }
        n = len;
        assert_int_equal(srtp_open_rtcp(open, packet, &n), ERR_OK);
        srtp_free(seal);
        srtp_free(open);
    }
}

/* All lengths 0..40 with every CC and X, sealing and opening, in a block of exactly that size. */
static void short_packets_and_long_headers_are_refused(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        struct srtp *s = ours(*profile, 1);
        size_t growth = *profile == SRTP_GCM ? 16 : 10;

        for (size_t len = 0; len <= 40; len++) {
            for (unsigned first = 0x80; first <= 0xbf; first++) {
                uint8_t *exact = calloc(1, len ? len : 1);
                size_t head = 12 + (first & 15) * 4, n = len;
                enum err e;

                assert_non_null(exact);
                if (len)
                    exact[0] = (uint8_t)first;
                if (first & 0x10) {
                    if (len >= head + 4)
                        exact[head + 3] = 1; /* one word of extension */
                    head += 8;
                }
                e = srtp_open_rtp(s, exact, &n);
                assert_int_equal(e, len >= head + growth ? ERR_DENIED : ERR_PARSE);
                e = srtp_open_rtcp(s, exact, &n);
                assert_int_equal(e, len >= 8 + 4 + growth ? ERR_DENIED : ERR_PARSE);
                free(exact);

                exact = calloc(1, len + growth + 4);
                assert_non_null(exact);
                exact[0] = (uint8_t)first;
                if ((first & 0x10) && len >= head - 4)
                    exact[head - 8 + 3] = 1;
                if (len < head) {
                    n = len;
                    assert_int_equal(srtp_seal_rtp(s, exact, &n), ERR_PARSE);
                }
                if (len < 8) {
                    n = len;
                    assert_int_equal(srtp_seal_rtcp(s, exact, &n), ERR_PARSE);
                }
                free(exact);
            }
        }
        srtp_free(s);
    }
}

static void wrong_versions_are_refused(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        struct srtp *s = ours(*profile, 1);
        uint8_t packet[ROOM] = { 0 };

        for (unsigned first = 0; first < 256; first++) {
            size_t len = 100;

            packet[0] = (uint8_t)first & 0xe0; /* no CSRC, no extension */
            if (first >> 6 == 2)
                continue;
            assert_int_equal(srtp_open_rtp(s, packet, &len), ERR_PARSE);
            assert_int_equal(srtp_open_rtcp(s, packet, &len), ERR_PARSE);
            assert_int_equal(srtp_seal_rtp(s, packet, &len), ERR_PARSE);
            assert_int_equal(srtp_seal_rtcp(s, packet, &len), ERR_PARSE);
        }
        srtp_free(s);
    }
}

static void rtcp_in_the_clear_is_refused(void **state)
{
    /* libsrtp can be told to authenticate without encrypting; E is then 0. */
    struct srtp_master m = master_of(5);
    uint8_t key[SRTP_KEY_BYTES + SRTP_SALT_MAX], packet[ROOM];
    srtp_policy_t policy = { 0 };
    struct srtp *open = ours(SRTP_CM, 5);
    srtp_t seal = NULL;
    struct rnd r = { 1 };
    int len = (int)random_rtcp(&r, packet, 7);
    size_t n;

    (void)state;
    memcpy(key, m.key, SRTP_KEY_BYTES);
    memcpy(key + SRTP_KEY_BYTES, m.salt, SRTP_SALT_MAX);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    policy.rtcp.sec_serv = sec_serv_auth;
    policy.ssrc.type = ssrc_any_outbound;
    policy.key = key;
    assert_int_equal(srtp_create(&seal, &policy), srtp_err_status_ok);
    assert_int_equal(srtp_protect_rtcp(seal, packet, &len), srtp_err_status_ok);
    n = (size_t)len;
    assert_int_equal(srtp_open_rtcp(open, packet, &n), ERR_DENIED);
    srtp_dealloc(seal);
    srtp_free(open);
}

static void unknown_sources_cost_nothing_and_known_ones_are_limited(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        struct srtp *seal = ours(*profile, 1), *open = ours(*profile, 1);
        long blocks = mem_live();
        uint8_t packet[ROOM];
        size_t len;

        for (uint32_t i = 0; i < 100000; i++) {
            len = simple(packet, i, (uint16_t)i, 60);
            assert_int_equal(srtp_open_rtp(open, packet, &len), ERR_DENIED);
        }
        assert_int_equal(mem_live(), blocks);
        for (uint32_t i = 0; i < SRTP_SSRC_MAX; i++) {
            len = sealed(seal, packet, i, 1, 60);
            assert_int_equal(srtp_open_rtp(open, packet, &len), ERR_OK);
        }
        len = simple(packet, 1000, 1, 60);
        assert_int_equal(srtp_seal_rtp(seal, packet, &len), ERR_NOMEM);
        assert_int_equal(srtp_open_rtp(open, packet, &len), ERR_NOMEM);
        for (uint32_t i = 0; i < SRTP_SSRC_MAX; i++) { /* the known ones go on */
            len = sealed(seal, packet, i, 2, 60);
            assert_int_equal(srtp_open_rtp(open, packet, &len), ERR_OK);
        }
        srtp_free(seal);
        srtp_free(open);
    }
}

static void no_memory_no_context(void **state)
{
    struct srtp_master m = master_of(1);

    (void)state;
    for (long n = 0;; n++) {
        long before = mem_live();
        struct srtp *s = NULL;
        enum err e;

        mem_fail_after(n);
        e = srtp_new(&s, SRTP_GCM, &m);
        mem_fail_after(-1);
        if (e == ERR_OK) {
            assert_true(n > 0);
            srtp_free(s);
            assert_int_equal(mem_live(), before);
            return;
        }
        assert_int_equal(e, ERR_NOMEM);
        assert_null(s);
        assert_int_equal(mem_live(), before);
    }
}

static int start_libsrtp(void **state)
{
    (void)state;
    return srtp_init() == srtp_err_status_ok ? 0 : -1;
}

static int stop_libsrtp(void **state)
{
    (void)state;
    return srtp_shutdown() == srtp_err_status_ok ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_derived_as_rfc_3711_b3_says),
        cmocka_unit_test(the_key_stream_is_that_of_rfc_3711_b2),
        cmocka_unit_test(an_rtp_packet_is_sealed_as_rfc_7714_16_1_says),
        cmocka_unit_test(an_rtcp_packet_is_sealed_as_rfc_7714_17_1_says),
        cmocka_unit_test(we_open_what_libsrtp_seals),
        cmocka_unit_test(libsrtp_opens_what_we_seal),
        cmocka_unit_test(sequence_numbers_wrap),
        cmocka_unit_test(a_gap_of_nearly_half_the_numbers_is_bridged),
        cmocka_unit_test(replays_and_the_past_are_refused),
        cmocka_unit_test(rtcp_replays_are_refused),
        cmocka_unit_test(the_last_rtcp_index_uses_up_the_key),
        cmocka_unit_test(one_index_is_never_sealed_twice),
        cmocka_unit_test(no_flipped_bit_opens),
        cmocka_unit_test(short_packets_and_long_headers_are_refused),
        cmocka_unit_test(wrong_versions_are_refused),
        cmocka_unit_test(rtcp_in_the_clear_is_refused),
        cmocka_unit_test(unknown_sources_cost_nothing_and_known_ones_are_limited),
        cmocka_unit_test(no_memory_no_context),
    };

    return cmocka_run_group_tests(tests, start_libsrtp, stop_libsrtp);
}
