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
#include <pthread.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "server/rtc/demux.h"
#include "server/rtc/dtls_identity.h"
#include "tests/support/peer_pair.h"
#include "tests/support/virtual_time.h"

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
    virtual_time_set(US_PER_S); /* stands still: nothing is ever repeated */
    for (int i = 0; i < 2; i++)
        assert_int_equal(dtls_identity_new(&d->identity[i]), ERR_OK);
}

/* Asserts nothing, because threads use it too: false if an association could not be made. */
static bool direct_run(struct direct *d)
{
    for (int i = 0; i < 2; i++) { /* 0 is the server */
        struct dtls_config c = { .identity = d->identity[i],
                                 .side = i ? DTLS_CLIENT : DTLS_SERVER,
                                 .out = &d->out[i] };

        memcpy(c.fingerprint, dtls_identity_fingerprint(d->identity[!i]), sizeof c.fingerprint);
        if (dtls_new(&d->dtls[i], &c, d->now) != ERR_OK)
            return false;
    }
    for (int turn = 0; turn < 10; turn++) {
        for (int i = 0; i < 2; i++) {
            const struct dgram *g;

            while ((g = dgramq_pop(&d->out[i]))) {
                if (g->len > DTLS_MTU)
                    return false;
                dtls_input(d->dtls[!i], d->now, g->data, g->len);
            }
        }
    }
    return true;
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
    assert_true(direct_run(&d));
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
    assert_true(direct_run(&d));
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
    assert_true(direct_run(&d));
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
        assert_true(direct_run(&d));
        assert_true(dtls_state(d.dtls[0]) != DTLS_OPEN);
        assert_int_equal(dtls_export(d.dtls[0], &k), ERR_STATE);
        assert_true(dtls_state(d.dtls[1]) != DTLS_OPEN);
        direct_end(&d);
    }
}

static void a_repeated_flight_takes_no_more_datagrams_than_at_first(void **state)
{
    const struct dgram *g;
    struct direct d;
    unsigned n;

    (void)state;
    direct_begin(&d);
    for (int i = 0; i < 2; i++) {
        struct dtls_config c = { .identity = d.identity[i],
                                 .side = i ? DTLS_CLIENT : DTLS_SERVER,
                                 .out = &d.out[i] };

        assert_int_equal(dtls_new(&d.dtls[i], &c, d.now), ERR_OK);
    }
    g = dgramq_pop(&d.out[1]);
    assert_non_null(g);
    assert_true(dtls_input(d.dtls[0], d.now, g->data, g->len));
    for (int64_t wait = DTLS_FIRST_RETRY_US; wait <= 8 * DTLS_FIRST_RETRY_US; wait *= 2) {
        for (n = 0; dgramq_pop(&d.out[0]); n++)
            ;
        assert_int_equal(n, 1); /* five messages */
        assert_int_equal(dtls_deadline(d.dtls[0]) - d.now.mono_us, wait);
        d.now.mono_us += wait;
        virtual_time_set(US_PER_S + d.now.mono_us);
        dtls_timeout(d.dtls[0], d.now);
    }
    direct_end(&d);
}

/* ---- clients not made by dtls.c ---- */

/* OpenSSL used plainly: it can be bent in ways that ours cannot. */
struct raw {
    SSL_CTX *ctx;
    SSL *ssl;
    BIO *in, *sent;
    struct dtls_identity *id; /* of both sides */
    struct dtls *server;
    struct dgramq out;
};

static void raw_begin(struct raw *r, bool with_certificate, long mtu)
{
    struct dtls_config c = { .side = DTLS_SERVER, .out = &r->out };

    memset(r, 0, sizeof *r);
    virtual_time_set(US_PER_S);
    assert_int_equal(dtls_identity_new(&r->id), ERR_OK);
    c.identity = r->id;
    memcpy(c.fingerprint, dtls_identity_fingerprint(r->id), sizeof c.fingerprint);
    assert_int_equal(dtls_new(&r->server, &c, (struct now){ 0 }), ERR_OK);
    r->ctx = SSL_CTX_new(DTLS_client_method());
    assert_int_equal(SSL_CTX_set_tlsext_use_srtp(r->ctx, "SRTP_AEAD_AES_128_GCM"), 0);
    if (with_certificate) {
        SSL_CTX *own = r->id->side[DTLS_CLIENT];

        assert_int_equal(SSL_CTX_use_certificate(r->ctx, SSL_CTX_get0_certificate(own)), 1);
        assert_int_equal(SSL_CTX_use_PrivateKey(r->ctx, SSL_CTX_get0_privatekey(own)), 1);
    }
    r->ssl = SSL_new(r->ctx);
    r->in = BIO_new(BIO_s_mem());
    r->sent = BIO_new(BIO_s_mem());
    SSL_set_bio(r->ssl, r->in, r->sent);
    SSL_set_options(r->ssl, SSL_OP_NO_QUERY_MTU);
    assert_int_equal(SSL_set_mtu(r->ssl, mtu), mtu);
    SSL_set_connect_state(r->ssl);
}

static void raw_end(struct raw *r)
{
    SSL_free(r->ssl);
    SSL_CTX_free(r->ctx);
    dtls_free(r->server);
    dgramq_deinit(&r->out);
    dtls_identity_free(r->id);
}

#define RAW_RECORDS_MAX 64

/* The client's records one by one, each a datagram of its own; handshake messages perhaps backwards
 * and everything perhaps twice. What switches the keys stays last: OpenSSL drops it when it comes
 * early, and waits for it to be repeated. */
static void raw_deliver(struct raw *r, bool backwards, bool twice)
{
    static uint8_t bytes[16384];
    size_t at[RAW_RECORDS_MAX], len[RAW_RECORDS_MAX], n = 0, plain = 0;
    int got = BIO_read(r->sent, bytes, sizeof bytes);

    for (size_t o = 0; got > 0 && o < (size_t)got; n++) {
        assert_true(n < RAW_RECORDS_MAX);
        at[n] = o;
        len[n] = 13 + ((size_t)bytes[o + 11] << 8 | bytes[o + 12]);
        plain += bytes[o] == 22 && bytes[o + 4] == 0;
        o += len[n];
    }
    for (size_t i = 0; i < n; i++) {
        size_t k = backwards && i < plain ? plain - 1 - i : i;

        for (int times = 0; times < 1 + twice; times++)
            dtls_input(r->server, (struct now){ 0 }, bytes + at[k], len[k]);
    }
}

static void raw_run(struct raw *r, bool backwards, bool twice)
{
    for (int turn = 0; turn < 5; turn++) {
        const struct dgram *g;

        SSL_do_handshake(r->ssl);
        raw_deliver(r, backwards, twice);
        while ((g = dgramq_pop(&r->out)))
            assert_int_equal(BIO_write(r->in, g->data, (int)g->len), g->len);
    }
}

static void a_client_without_a_certificate_is_refused(void **state)
{
    struct raw r;

    (void)state;
    raw_begin(&r, false, 1200);
    raw_run(&r, false, false);
    assert_int_equal(dtls_state(r.server), DTLS_FAILED);
    raw_end(&r);
}

static void small_fragments_in_any_order_and_twice_are_put_together(void **state)
{
    (void)state;
    for (int how = 0; how < 4; how++) {
        struct raw r;

        raw_begin(&r, true, 256);
        raw_run(&r, how & 1, how & 2);
        assert_int_equal(dtls_state(r.server), DTLS_OPEN);
        raw_end(&r);
    }
}

static void renegotiation_is_not_begun(void **state)
{
    const struct dgram *g;
    struct raw r;

    (void)state;
    raw_begin(&r, true, 1200);
    raw_run(&r, false, false);
    assert_int_equal(dtls_state(r.server), DTLS_OPEN);
    for (int i = 0; i < 20; i++) {
        unsigned answers = 0;

        (void)SSL_renegotiate(r.ssl);
        SSL_do_handshake(r.ssl);
        raw_deliver(&r, false, false);
        while ((g = dgramq_pop(&r.out))) {
            assert_true(g->len < 100); /* an alert, no ServerHello */
            answers++;
        }
        assert_true(answers <= 1);
    }
    assert_true(dtls_state(r.server) == DTLS_OPEN || dtls_state(r.server) == DTLS_CLOSED);
    raw_end(&r);
}

static void application_data_is_refused(void **state)
{
    static uint8_t bytes[2000];
    struct raw r;
    int n;

    (void)state;
    raw_begin(&r, true, 1200);
    raw_run(&r, false, false);
    assert_int_equal(SSL_write(r.ssl, "hello", 5), 5);
    n = BIO_read(r.sent, bytes, sizeof bytes);
    assert_true(n > 13);
    assert_int_equal(bytes[0], 23);
    assert_false(dtls_input(r.server, (struct now){ 0 }, bytes, (size_t)n));
    assert_int_equal(dtls_state(r.server), DTLS_OPEN);
    raw_end(&r);
}

/* Somebody who can send from the other side's address ended an association with four bytes: OpenSSL
 * 3.0.19 took a protected record without room for a tag for an inner error of its own. */
static void a_protected_record_too_short_for_its_tag_ends_nothing(void **state)
{
    uint8_t record[13 + 40] = { 0, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 99 };
    struct direct d;

    (void)state;
    direct_begin(&d);
    assert_true(direct_run(&d));
    for (uint8_t type = 20; type < 23; type++) {
        for (uint8_t length = 1; length <= 40; length++) {
            record[0] = type;
            record[12] = length;
            for (int i = 0; i < 2; i++) {
                dtls_input(d.dtls[i], d.now, record, 13u + length);
                assert_int_equal(dtls_state(d.dtls[i]), DTLS_OPEN);
            }
        }
    }
    direct_end(&d);
}

/* ---- threads ---- */

static void *handshakes(void *arg)
{
    struct dtls_identity *const *identity = arg;
    intptr_t good = 0;

    for (int i = 0; i < 20; i++) {
        struct direct d = { .identity = { identity[0], identity[1] } };

        good += direct_run(&d) && dtls_state(d.dtls[0]) == DTLS_OPEN &&
                dtls_state(d.dtls[1]) == DTLS_OPEN;
        for (int k = 0; k < 2; k++) {
            dtls_free(d.dtls[k]);
            dgramq_deinit(&d.out[k]);
        }
    }
    return (void *)good;
}

static void threads_share_an_identity(void **state)
{
    pthread_t thread[4];
    struct direct d;

    (void)state;
    direct_begin(&d);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, handshakes, d.identity), 0);
    for (int i = 0; i < 4; i++) {
        void *good;

        assert_int_equal(pthread_join(thread[i], &good), 0);
        assert_int_equal((intptr_t)good, 20);
    }
    direct_end(&d);
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
        cmocka_unit_test(a_repeated_flight_takes_no_more_datagrams_than_at_first),
        cmocka_unit_test(a_client_without_a_certificate_is_refused),
        cmocka_unit_test(small_fragments_in_any_order_and_twice_are_put_together),
        cmocka_unit_test(renegotiation_is_not_begun),
        cmocka_unit_test(application_data_is_refused),
        cmocka_unit_test(a_protected_record_too_short_for_its_tag_ends_nothing),
        cmocka_unit_test(threads_share_an_identity),
        cmocka_unit_test(identities_differ_and_say_nothing_of_the_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
