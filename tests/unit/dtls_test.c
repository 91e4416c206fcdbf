/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc/dtls: what a handshake may cost, what is negotiated, and records
 * that lie. Driven through peers, as in peer_test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <openssl/srtp.h>
#include <openssl/ssl.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "server/rtc/demux.h"
#include "server/rtc/dtls_identity.h"
#include "tests/support/peer_pair.h"

static bool lose_dtls(struct pair *pair, int side, uint8_t *data, size_t len)
{
    (void)pair;
    (void)side;
    return demux(data, len) != DEMUX_DTLS;
}

/* ---- handshakes that try to cost memory ---- */

static void make_checked(struct pair *p)
{
    pair_init(p);
    p->filter = lose_dtls;
    pair_run(p, 15 * US_PER_MS);
    assert_int_equal(peer_state(p->peer[PAIR_SERVER]), PEER_CHECKED);
}

/* One handshake fragment in one record. */
static size_t fragment(uint8_t *out, uint16_t epoch, uint32_t message_len, uint16_t number,
                       uint32_t offset, uint32_t len, uint32_t record)
{
    struct writer w = writer_on(out, 1400);

    write_u8(&w, 22);
    write_u16(&w, 0xfefd);
    write_u16(&w, epoch);
    write_u16(&w, 0);
    write_u32(&w, record);
    write_u16(&w, (uint16_t)(12 + len));
    write_u8(&w, 1);
    write_u24(&w, message_len);
    write_u16(&w, number);
    write_u24(&w, offset);
    write_u24(&w, len);
    for (uint32_t i = 0; i < len; i++)
        write_u8(&w, (uint8_t)i);
    assert_false(w.full);
    return writer_len(&w);
}

static void lying_fragments_never_reach_openssl(void **state)
{
    static const struct {
        uint32_t message_len, offset, len;
        uint16_t number;
    } bad[] = {
        { 0xffffff, 0, 100, 0 },   /* 16 MB claimed */
        { 4097, 0, 100, 0 },       /* longer than any message of a handshake */
        { 100, 50, 51, 0 },        /* past its end */
        { 100, 0xffffff, 100, 0 }, /* far past its end */
        { 100, 0, 100, 24 },       /* far ahead of everything */
        { 100, 0, 100, 65535 },
    };
    uint8_t datagram[1400];
    struct pair p;

    (void)state;
    make_checked(&p);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t len = fragment(datagram, 0, bad[i].message_len, bad[i].number, bad[i].offset,
                              bad[i].len, (uint32_t)i);

        pair_inject(&p, PAIR_SERVER, &p.addr[PAIR_CLIENT], datagram, len);
        assert_int_equal(peer_counters(p.peer[PAIR_SERVER])->dtls_refused, i + 1);
    }
    /* It cost nothing: the real client still gets through. */
    p.filter = NULL;
    pair_run_live(&p, US_PER_S);
    pair_deinit(&p);
}

static void records_that_lie_are_refused(void **state)
{
    uint8_t datagram[1400];
    unsigned refused = 0;
    struct pair p;
    size_t len;

    (void)state;
    make_checked(&p);
    for (size_t cut = 13; cut < 125; cut++) { /* cut short */
        len = fragment(datagram, 0, 100, 5, 0, 100, 1);
        assert_int_equal(len, 125);
        pair_inject(&p, PAIR_SERVER, &p.addr[PAIR_CLIENT], datagram, cut);
        assert_int_equal(peer_counters(p.peer[PAIR_SERVER])->dtls_refused, ++refused);
    }
    for (uint32_t epoch = 2; epoch < 0x10000; epoch += 997) {
        len = fragment(datagram, (uint16_t)epoch, 100, 5, 0, 100, 1);
        pair_inject(&p, PAIR_SERVER, &p.addr[PAIR_CLIENT], datagram, len);
        assert_int_equal(peer_counters(p.peer[PAIR_SERVER])->dtls_refused, ++refused);
    }
    for (unsigned type = 20; type < 64; type++) { /* application data and unknown types */
        len = fragment(datagram, 0, 100, 5, 0, 100, 1);
        datagram[0] = (uint8_t)type;
        if (type >= 20 && type <= 22)
            continue;
        pair_inject(&p, PAIR_SERVER, &p.addr[PAIR_CLIENT], datagram, len);
        assert_int_equal(peer_counters(p.peer[PAIR_SERVER])->dtls_refused, ++refused);
    }
    p.filter = NULL;
    pair_run_live(&p, US_PER_S);
    pair_deinit(&p);
}

static void a_handshake_takes_in_64_kb_and_no_more(void **state)
{
    uint8_t datagram[1400];
    struct pair p;
    size_t len = 0, taken = 0;

    (void)state;
    make_checked(&p);
    /* Fragments of messages that are not their turn yet: OpenSSL must keep them. */
    for (uint32_t i = 0; i < 1000; i++) {
        len = fragment(datagram, 0, 4000, (uint16_t)(1 + i % 9), i * 7 % 2800, 1200, i);
        pair_inject(&p, PAIR_SERVER, &p.addr[PAIR_CLIENT], datagram, len);
    }
    taken = (1000 - (size_t)peer_counters(p.peer[PAIR_SERVER])->dtls_refused) * len;
    assert_in_range(taken, 60000, 65536);
    /* It dies of its 10 s, alone. */
    pair_run(&p, 11 * US_PER_S);
    assert_int_equal(peer_death(p.peer[PAIR_SERVER]), PEER_DEATH_DTLS);
    pair_deinit(&p);
}

/* ---- what is negotiated ---- */

/* Two associations joined directly; the client's context may be bent before. Returns the states. */
struct direct {
    struct dtls_identity *identity[2];
    struct dgramq out[2];
    struct dtls *dtls[2];
    struct now now;
};

static void direct_begin(struct direct *d)
{
    memset(d, 0, sizeof *d);
    for (int i = 0; i < 2; i++)
        assert_int_equal(dtls_identity_new(&d->identity[i]), ERR_OK);
}

static void direct_run(struct direct *d)
{
    for (int i = 0; i < 2; i++) { /* 0 is the server */
        struct dtls_config c = { .identity = d->identity[i],
                                 .side = i ? DTLS_CLIENT : DTLS_SERVER,
                                 .out = &d->out[i] };

        memcpy(c.fingerprint, dtls_identity_fingerprint(d->identity[!i]), sizeof c.fingerprint);
        assert_int_equal(dtls_new(&d->dtls[i], &c, d->now), ERR_OK);
    }
    for (int turn = 0; turn < 10; turn++) {
        for (int i = 0; i < 2; i++) {
            const struct dgram *g;

            while ((g = dgramq_pop(&d->out[i]))) {
                assert_true(g->len <= DTLS_MTU);
                dtls_input(d->dtls[!i], d->now, g->data, g->len);
            }
        }
    }
}

static void direct_end(struct direct *d)
{
    for (int i = 0; i < 2; i++) {
        dtls_free(d->dtls[i]);
        dgramq_deinit(&d->out[i]);
        dtls_identity_free(d->identity[i]);
    }
}

static void both_sides_export_the_same_keys(void **state)
{
    struct dtls_keys k[2];
    struct direct d;

    (void)state;
    direct_begin(&d);
    direct_run(&d);
    for (int i = 0; i < 2; i++)
        assert_int_equal(dtls_export(d.dtls[i], &k[i]), ERR_OK);
    assert_int_equal(k[0].profile, SRTP_GCM);
    assert_int_equal(k[1].profile, SRTP_GCM);
    assert_memory_equal(k[0].local.key, k[1].remote.key, SRTP_KEY_BYTES);
    assert_memory_equal(k[0].remote.key, k[1].local.key, SRTP_KEY_BYTES);
    assert_memory_equal(k[0].local.salt, k[1].remote.salt, 12);
    assert_memory_equal(k[0].remote.salt, k[1].local.salt, 12);
    assert_memory_not_equal(k[0].local.key, k[0].remote.key, SRTP_KEY_BYTES);
    direct_end(&d);
}

static void the_server_takes_gcm_though_the_client_prefers_another(void **state)
{
    struct dtls_keys k;
    struct direct d;

    (void)state;
    direct_begin(&d);
    assert_int_equal(SSL_CTX_set_tlsext_use_srtp(d.identity[1]->side[DTLS_CLIENT],
                                                 "SRTP_AES128_CM_SHA1_80:SRTP_AES128_CM_SHA1_32:"
                                                 "SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM"),
                     0);
    direct_run(&d);
    assert_int_equal(dtls_export(d.dtls[0], &k), ERR_OK);
    assert_int_equal(k.profile, SRTP_GCM);
    direct_end(&d);
}

static void a_client_without_gcm_gets_the_80_bit_tag(void **state)
{
    struct dtls_keys k[2];
    struct direct d;

    (void)state;
    direct_begin(&d);
    assert_int_equal(SSL_CTX_set_tlsext_use_srtp(d.identity[1]->side[DTLS_CLIENT],
                                                 "SRTP_AES128_CM_SHA1_32:SRTP_AES128_CM_SHA1_80"),
                     0);
    direct_run(&d);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(dtls_export(d.dtls[i], &k[i]), ERR_OK);
        assert_int_equal(k[i].profile, SRTP_CM);
    }
    assert_memory_equal(k[0].local.salt, k[1].remote.salt, 14);
    direct_end(&d);
}

/* Clients that are bent so that no association may come about. */
static void bend_weak_srtp(SSL_CTX *ctx)
{
    assert_int_equal(SSL_CTX_set_tlsext_use_srtp(ctx, "SRTP_AES128_CM_SHA1_32"), 0);
}

static void bend_no_srtp(SSL_CTX *ctx)
{
    /* OpenSSL offers no way to take the extension away again: another profile list is as good. */
    assert_int_equal(SSL_CTX_set_tlsext_use_srtp(ctx, "SRTP_AEAD_AES_256_GCM"), 0);
}

static void bend_cipher(SSL_CTX *ctx)
{
    assert_int_equal(SSL_CTX_set_cipher_list(ctx, "ECDHE-ECDSA-AES128-SHA"), 1);
}

static void bend_static_rsa(SSL_CTX *ctx)
{
    assert_int_equal(SSL_CTX_set_cipher_list(ctx, "AES128-GCM-SHA256"), 1);
}

static void bend_version(SSL_CTX *ctx)
{
    SSL_CTX_set_security_level(ctx, 0);
    assert_int_equal(SSL_CTX_set_cipher_list(ctx, "ALL:@SECLEVEL=0"), 1);
    assert_int_equal(SSL_CTX_set_min_proto_version(ctx, DTLS1_VERSION), 1);
    assert_int_equal(SSL_CTX_set_max_proto_version(ctx, DTLS1_VERSION), 1);
}

static void weak_or_missing_offers_end_in_failure(void **state)
{
    static void (*const bends[])(SSL_CTX *) = { bend_weak_srtp, bend_no_srtp, bend_cipher,
                                                bend_static_rsa, bend_version };

    (void)state;
    for (size_t i = 0; i < sizeof bends / sizeof bends[0]; i++) {
        struct dtls_keys k;
        struct direct d;

        direct_begin(&d);
        bends[i](d.identity[1]->side[DTLS_CLIENT]);
        direct_run(&d);
        assert_true(dtls_state(d.dtls[0]) != DTLS_OPEN);
        assert_int_equal(dtls_export(d.dtls[0], &k), ERR_STATE);
        assert_true(dtls_state(d.dtls[1]) != DTLS_OPEN);
        direct_end(&d);
    }
}

/* A client that sends no certificate, made without dtls.c: its first flights by hand. */
static void a_client_without_a_certificate_is_refused(void **state)
{
    SSL_CTX *ctx = SSL_CTX_new(DTLS_client_method());
    struct dgramq out = { 0 };
    BIO *in = BIO_new(BIO_s_mem()), *sent = BIO_new(BIO_s_mem());
    struct dtls_identity *id = NULL;
    struct dtls *server = NULL;
    struct dtls_config c = { .side = DTLS_SERVER, .out = &out };
    SSL *ssl;

    (void)state;
    assert_int_equal(dtls_identity_new(&id), ERR_OK);
    c.identity = id;
    assert_int_equal(dtls_new(&server, &c, (struct now){ 0 }), ERR_OK);
    assert_int_equal(SSL_CTX_set_tlsext_use_srtp(ctx, "SRTP_AEAD_AES_128_GCM"), 0);
    ssl = SSL_new(ctx);
    SSL_set_bio(ssl, in, sent);
    SSL_set_options(ssl, SSL_OP_NO_QUERY_MTU);
    SSL_set_mtu(ssl, 1200);
    SSL_set_connect_state(ssl);
    for (int turn = 0; turn < 5; turn++) {
        const struct dgram *g;
        uint8_t bytes[4000];
        int n;

        SSL_do_handshake(ssl);
        n = BIO_read(sent, bytes, sizeof bytes);
        if (n > 0)
            dtls_input(server, (struct now){ 0 }, bytes, (size_t)n);
        while ((g = dgramq_pop(&out)))
            assert_int_equal(BIO_write(in, g->data, (int)g->len), g->len);
    }
    assert_int_equal(dtls_state(server), DTLS_FAILED);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    dtls_free(server);
    dgramq_deinit(&out);
    dtls_identity_free(id);
}

static void identities_differ_and_say_nothing_of_the_machine(void **state)
{
    struct dtls_identity *a = NULL, *b = NULL;
    X509 *cert;
    char name[100];

    (void)state;
    assert_int_equal(dtls_identity_new(&a), ERR_OK);
    assert_int_equal(dtls_identity_new(&b), ERR_OK);
    assert_memory_not_equal(dtls_identity_fingerprint(a), dtls_identity_fingerprint(b),
                            DTLS_FINGERPRINT_BYTES);
    cert = SSL_CTX_get0_certificate(a->side[DTLS_SERVER]);
    assert_string_equal(X509_NAME_oneline(X509_get_subject_name(cert), name, sizeof name),
                        "/CN=parta");
    assert_int_equal(X509_cmp_time(X509_get0_notBefore(cert), NULL), -1);
    assert_int_equal(X509_cmp_time(X509_get0_notAfter(cert), NULL), 1);
    dtls_identity_free(a);
    dtls_identity_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lying_fragments_never_reach_openssl),
        cmocka_unit_test(records_that_lie_are_refused),
        cmocka_unit_test(a_handshake_takes_in_64_kb_and_no_more),
        cmocka_unit_test(both_sides_export_the_same_keys),
        cmocka_unit_test(the_server_takes_gcm_though_the_client_prefers_another),
        cmocka_unit_test(a_client_without_gcm_gets_the_80_bit_tag),
        cmocka_unit_test(weak_or_missing_offers_end_in_failure),
        cmocka_unit_test(a_client_without_a_certificate_is_refused),
        cmocka_unit_test(identities_differ_and_say_nothing_of_the_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
