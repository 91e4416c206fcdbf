/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc/sdp: real offers of two browsers, the answer's shape, bounds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/mem.h"
#include "server/rtc/sdp.h"

static char text[2 * SDP_TEXT_MAX];

static size_t load(const char *name)
{
    char path[256];
    size_t len;
    FILE *f;

    snprintf(path, sizeof path, "tests/unit/data/sdp/%s.sdp", name);
    f = fopen(path, "rb");
    assert_non_null(f);
    len = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[len] = '\0';
    return len;
}

static void parse_file(const char *name, struct sdp_session *s)
{
    const char *why = "";
    size_t len = load(name);

    if (sdp_parse(text, len, s, &why) != ERR_OK)
        fail_msg("%s: %s", name, why);
}

static char *answer_to(const struct sdp_session *offer)
{
    struct sdp_session a = *offer;
    struct strbuf b;
    char *out = NULL;

    a.ice_lite = true;
    a.setup = SDP_SETUP_PASSIVE;
    a.candidate = (struct addr){ .family = 4, .ip = { 192, 0, 2, 7 }, .port = 3478 };
    for (int i = 0; i < a.media_n; i++) {
        sdp_answer_media(&offer->media[i], &a.media[i]);
        if (a.media[i].direction == SDP_SENDONLY) {
            a.media[i].ssrc = 1000 + (uint32_t)i;
            a.media[i].rtx_ssrc = a.media[i].rtx_pt ? 2000 + (uint32_t)i : 0;
            assert_true(str_copy(a.media[i].cname, sizeof a.media[i].cname, "parta"));
            assert_true(str_copy(a.media[i].msid, sizeof a.media[i].msid, "s1"));
        }
    }
    strbuf_init(&b);
    sdp_write(&a, &b);
    assert_int_equal(strbuf_take(&b, &out), ERR_OK);
    return out;
}

static void chromium_offer_is_understood(void **state)
{
    struct sdp_session s;

    (void)state;
    parse_file("chromium-156-simulcast", &s);
    assert_int_equal(s.media_n, 3);
    assert_string_equal(s.ice.ufrag, "iO3w");
    assert_string_equal(s.ice.pwd, "NOlx3+CnVCrV4fRTa1mGQ3sW");
    assert_int_equal(s.fingerprint[0], 0x3B);
    assert_int_equal(s.fingerprint[31], 0x91);
    assert_int_equal(s.setup, SDP_SETUP_ACTPASS);
    assert_int_equal(s.media[0].pt, 111);
    assert_int_equal(s.media[0].red_pt, 63);
    assert_false(s.media[0].nack);
    assert_true(s.media[0].transport_cc && s.media[0].rsize);
    assert_int_equal(s.media[0].ext[SDP_EXT_AUDIO_LEVEL], 1);
    assert_int_equal(s.media[0].ssrc, 495267178);
    assert_int_equal(s.media[1].pt, 96);
    assert_int_equal(s.media[1].rtx_pt, 97);
    assert_true(s.media[1].nack && s.media[1].pli && s.media[1].fir && s.media[1].remb);
    assert_int_equal(s.media[1].direction, SDP_SENDONLY);
    assert_int_equal(s.media[1].rids_n, 3);
    assert_string_equal(s.media[1].rids[0], "q");
    assert_string_equal(s.media[1].rids[2], "f");
    assert_int_equal(s.media[1].ext[SDP_EXT_RID], 10);
    assert_int_equal(s.media[2].kind, SDP_OTHER);
}

static void firefox_offer_is_understood(void **state)
{
    struct sdp_session s;

    (void)state;
    parse_file("firefox-153-simulcast", &s);
    assert_string_equal(s.ice.ufrag, "aa429b06");
    assert_int_equal(s.fingerprint[0], 0x51);
    assert_int_equal(s.media[0].pt, 109);
    assert_int_equal(s.media[0].rtx_pt, 0);
    assert_false(s.media[0].rsize);
    assert_int_equal(s.media[1].pt, 120);
    assert_int_equal(s.media[1].rtx_pt, 124); /* fmtp stands before rtpmap there */
    assert_int_equal(s.media[1].ext[SDP_EXT_RID], 9);
    assert_int_equal(s.media[1].ssrc, 1023108023);
    assert_int_equal(s.media[1].rtx_ssrc, 2077009736);
    parse_file("firefox-153-plain", &s);
    assert_int_equal(s.media[1].rids_n, 0);
    parse_file("chromium-156-plain", &s);
    assert_int_equal(s.media[1].rids_n, 0);
}

static void answer_takes_only_what_is_used(void **state)
{
    struct sdp_session s, a;
    const char *why = "";
    char *out;

    (void)state;
    parse_file("chromium-156-simulcast", &s);
    out = answer_to(&s);
    assert_non_null(strstr(out, "a=ice-lite\r\n"));
    assert_non_null(strstr(out, "a=group:BUNDLE 0 1\r\n")); /* the data channel is not in it */
    assert_non_null(strstr(out, "m=application 0 "));
    assert_non_null(strstr(out, "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n"));
    assert_non_null(strstr(out, "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n"));
    assert_non_null(strstr(out, "a=rid:f recv\r\na=simulcast:recv q;h;f\r\n"));
    assert_non_null(strstr(out, "a=candidate:1 1 udp 2130706431 192.0.2.7 3478 typ host\r\n"));
    assert_null(strstr(out, "H264"));
    assert_null(strstr(out, "goog-remb"));
    assert_int_equal(sdp_parse(out, strlen(out), &a, &why), ERR_OK);
    assert_int_equal(a.setup, SDP_SETUP_PASSIVE);
    assert_int_equal(a.candidate.port, 3478);
    assert_int_equal(a.media[1].direction, SDP_RECVONLY);
    assert_true(a.media[1].transport_cc && a.media[1].nack && a.media[1].pli);
    assert_int_equal(a.media[1].ext[SDP_EXT_MID], 4);
    assert_true(a.media[2].rejected);
    mem_free(out);
}

static const char head[] = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
static const char transport[] =
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 "
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:"
    "FF\r\na=setup:actpass\r\n";

/* A small offer: n lines that receive video, around extra attributes of the first. */
static size_t make_offer(int n, const char *session_extra, const char *media_extra)
{
    size_t at = (size_t)snprintf(text, sizeof text, "%sa=group:BUNDLE", head);

    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, " m%d", i);
    at += (size_t)snprintf(text + at, sizeof text - at, "\r\n%s%s", session_extra, transport);
    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:m%d\r\na=recvonly\r\n"
                               "a=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:* nack\r\n"
                               "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n%s",
                               i, i == 0 ? media_extra : "");
    return at;
}

static void many_lines_with_slots(void **state)
{
    struct sdp_session s, a;
    const char *why = "";
    char *out;

    (void)state;
    assert_int_equal(sdp_parse(text, make_offer(18, "", ""), &s, &why), ERR_OK);
    assert_int_equal(s.media_n, 18);
    assert_true(s.media[17].nack);
    out = answer_to(&s);
    assert_int_equal(sdp_parse(out, strlen(out), &a, &why), ERR_OK);
    assert_int_equal(a.media_n, 18);
    assert_int_equal(a.media[17].ssrc, 1017);
    assert_int_equal(a.media[17].rtx_ssrc, 2017);
    assert_string_equal(a.media[17].msid, "s1");
    assert_int_equal(a.media[17].direction, SDP_SENDONLY);
    mem_free(out);
}

static void bundle_only_lines_are_in_use(void **state)
{
    struct sdp_session s;
    const char *why = "";
    size_t len = make_offer(2, "", "");
    char *port = strstr(strstr(text, "m=video 9") + 1, "m=video 9");

    (void)state;
    port[8] = '0';
    assert_int_equal(sdp_parse(text, len, &s, &why), ERR_OK);
    assert_true(s.media[1].rejected);
    len += (size_t)snprintf(text + len, sizeof text - len, "a=bundle-only\r\n");
    assert_int_equal(sdp_parse(text, len, &s, &why), ERR_OK);
    assert_false(s.media[1].rejected);
}

static void expect(size_t len, enum err e, const char *reason)
{
    struct sdp_session s;
    const char *why = "";

    assert_int_equal(sdp_parse(text, len, &s, &why), e);
    assert_string_equal(why, reason);
    assert_int_equal(s.media_n, 0);
}

/* Removes the first line that starts with prefix. */
static size_t without(size_t len, const char *prefix)
{
    char *at = strstr(text, prefix), *end = strstr(at, "\r\n") + 2;

    memmove(at, end, len - (size_t)(end - text) + 1);
    return len - (size_t)(end - at);
}

static void what_is_needed_is_named(void **state)
{
    (void)state;
    expect(without(make_offer(2, "", ""), "a=group"), ERR_PROTO, "not bundled");
    expect(without(make_offer(2, "", ""), "a=rtcp-mux"), ERR_PROTO, "rtcp-mux missing");
    expect(without(make_offer(2, "", ""), "a=fingerprint"), ERR_PROTO, "no sha-256 fingerprint");
    expect(without(make_offer(2, "", ""), "a=ice-ufrag"), ERR_PROTO, "no ice credentials");
    expect(without(make_offer(2, "", ""), "a=mid"), ERR_PROTO, "mid missing");
    expect(make_offer(0, "", ""), ERR_PROTO, "no media");
    expect(make_offer(2, "", "a=mid:again\r\n"), ERR_PARSE, "mid");
    expect(make_offer(SDP_MEDIA_MAX + 1, "", ""), ERR_PARSE, "too many media lines");
    expect(make_offer(1, "a=fingerprint:sha-256 \r\n", ""), ERR_PARSE, "fingerprint");
    expect(make_offer(1, "a=fingerprint:sha-256 00:1\r\n", ""), ERR_PARSE, "fingerprint");
    expect(make_offer(1, "a=ice-ufrag:a b c d\r\n", ""), ERR_PARSE, "ice credentials");
    expect(make_offer(1, "a=ice-pwd:short\r\n", ""), ERR_PARSE, "ice credentials");
    expect(make_offer(1, "a=setup:\r\n", ""), ERR_PARSE, "setup");
    expect(make_offer(1, "nonsense\r\n", ""), ERR_PARSE, "line");
    text[0] = 'w';
    expect(strlen(text), ERR_PARSE, "version");
    expect(0, ERR_PROTO, "no media");
    make_offer(1, "", "");
    text[40] = '\0';
    expect(100, ERR_PARSE, "zero byte");
}

/* Attributes without a value, values that are no numbers, numbers out of range: Janus fell on
 * such (CVE-2020-13898, -13900). They are ignored, the offer stands. */
static void odd_attributes_are_ignored(void **state)
{
    struct sdp_session s;
    const char *why = "";

    (void)state;
    assert_int_equal(
        sdp_parse(text,
                  make_offer(1, "",
                             "a=rtpmap:\r\na=rtpmap:999 VP8/90000\r\na=fmtp:\r\na=fmtp:97 apt=\r\n"
                             "a=fmtp:97 apt=300\r\na=rtcp-fb:\r\na=extmap:\r\na=extmap:0 x\r\n"
                             "a=extmap:15 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
                             "a=extmap:99999999999999999999 y\r\na=simulcast:\r\na=rid:\r\n"
                             "a=simulcast:send ;;~;,a\r\na=ssrc:\r\na=ssrc:0 cname:\r\n"
                             "a=ssrc:4294967296 cname:x\r\na=ssrc-group:FID\r\n"
                             "a=ssrc-group:FID 1\r\na=candidate:\r\na=candidate:1 1 udp\r\n"
                             "a=candidate:1 1 udp 1 1.2.3.4.5 1 typ host\r\na=msid:\r\na=\r\n"),
                  &s, &why),
        ERR_OK);
    assert_int_equal(s.media[0].ssrc, 0);
    assert_int_equal(s.media[0].rids_n, 0);
    assert_int_equal(s.media[0].ext[SDP_EXT_MID], 0);
    assert_int_equal(s.candidate.family, 0);
    assert_int_equal(s.media[0].rtx_pt, 97);
}

/* Nothing of an offer may become a line of the answer. */
static void answer_cannot_be_injected(void **state)
{
    struct sdp_session s;
    const char *why = "";
    char *out;

    (void)state;
    assert_int_equal(sdp_parse(text,
                               make_offer(1, "", "a=msid:evil\ra=x t\r\na=ssrc:7 cname:\ra\r\n"),
                               &s, &why),
                     ERR_OK);
    assert_string_equal(s.media[0].msid, "");
    assert_string_equal(s.media[0].cname, "");
    out = answer_to(&s);
    assert_null(strstr(out, "evil"));
    mem_free(out);
}

static double ms_to_parse(const char *t, size_t len)
{
    static struct sdp_session s;
    struct timespec a, b;
    double best = 1e9;

    for (int i = 0; i < 5; i++) {
        double ms;

        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
        assert_int_equal(sdp_parse(t, len, &s, NULL), ERR_PARSE);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
        ms = (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
        best = ms < best ? ms : best;
    }
    return best;
}

/* RELIABILITY P10. */
static void huge_input_is_refused_at_once(void **state)
{
    size_t big = 1u << 20, n;
    char *t = malloc(big);

    (void)state;
    assert_non_null(t);
    memset(t, 'a', big);
    assert_true(ms_to_parse(t, big) < 10);
    for (size_t i = 0; i + 5 <= big; i += 5) /* 2e5 lines */
        memcpy(t + i, "a=b\r\n", 5);
    memcpy(t, "v=0\r\n", 5);
    assert_true(ms_to_parse(t, big) < 10);
    assert_true(ms_to_parse(t, SDP_TEXT_MAX) < 10); /* over the count of lines only */
    memset(t, '\r', SDP_TEXT_MAX);
    assert_true(ms_to_parse(t, SDP_TEXT_MAX) < 10);
    n = 0; /* 1000 media lines */
    for (; n + 40 < SDP_TEXT_MAX; n += 20)
        memcpy(t + n, n ? "m=video 9 a 96 97 9\n" : "v=0\ns=------------\n\n", 20);
    assert_true(ms_to_parse(t, n) < 10);
    memset(t, 'x', SDP_TEXT_MAX); /* one endless attribute */
    memcpy(t, "v=0\na=", 6);
    t[SDP_TEXT_MAX - 1] = '\n';
    memcpy(t + SDP_TEXT_MAX - 4, "\nm=\n", 4);
    assert_true(ms_to_parse(t, SDP_TEXT_MAX) < 10);
    free(t);
}

static void answer_survives_lack_of_memory(void **state)
{
    struct sdp_session s;

    (void)state;
    parse_file("chromium-156-simulcast", &s);
    for (long n = 0; n < 50; n++) {
        long before = mem_live();
        struct strbuf b;
        char *out = NULL;
        enum err e;

        strbuf_init(&b);
        mem_fail_after(n);
        sdp_write(&s, &b);
        e = strbuf_take(&b, &out);
        mem_fail_after(-1);
        if (e == ERR_OK)
            mem_free(out);
        assert_int_equal(mem_live(), before);
        if (e == ERR_OK)
            return;
        assert_int_equal(e, ERR_NOMEM);
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chromium_offer_is_understood),
        cmocka_unit_test(firefox_offer_is_understood),
        cmocka_unit_test(answer_takes_only_what_is_used),
        cmocka_unit_test(many_lines_with_slots),
        cmocka_unit_test(bundle_only_lines_are_in_use),
        cmocka_unit_test(what_is_needed_is_named),
        cmocka_unit_test(odd_attributes_are_ignored),
        cmocka_unit_test(answer_cannot_be_injected),
        cmocka_unit_test(huge_input_is_refused_at_once),
        cmocka_unit_test(answer_survives_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
