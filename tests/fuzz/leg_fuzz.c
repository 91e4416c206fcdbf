/* SPDX-License-Identifier: Apache-2.0
 *
 * What an authenticated but hostile participant may send: any bytes as plain
 * RTP and RTCP, and as frames of a third person on WebSocket, into a lesson, with
 * gates and time in between. The input
 * is a list of steps: a kind, a length of two bytes, the bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "server/media/stage_inside.h"
#include "server/rtc/dtls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TX_CAP 16384
#define STEPS_MAX 300

/* Microphone, camera with two layers, screen; one audio, one video and one screen slot. */
static const char offer[] =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2 3 4 5\r\n"
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 "
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:"
    "FF\r\na=setup:actpass\r\n"
    "m=audio 9 X 111\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
    "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
    "a=rtcp-fb:111 transport-cc\r\na=ssrc:1 cname:a\r\n"
    "m=video 9 X 96 97\r\na=mid:1\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"
    "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
    "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"
    "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\n"
    "a=simulcast:send h;f\r\n"
    "m=video 9 X 96 97\r\na=mid:2\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"
    "a=ssrc-group:FID 2 3\r\na=ssrc:2 cname:a\r\n"
    "m=audio 9 X 111\r\na=mid:3\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
    "m=video 9 X 96 97\r\na=mid:4\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"
    "m=video 9 X 96 97\r\na=mid:5\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n";

static struct stage_shared shared;
static uint8_t tx[TX_CAP];

static void open_leg(struct stage *s, struct now now, int i)
{
    struct media_command cmd = { .kind = MEDIA_LEG_OPEN,
                                 .leg = { (uint64_t)i + 1 },
                                 .member = (uint16_t)(i + 1),
                                 .plan = { 1, 1, 1 },
                                 .gate = { true, true, true, true, false },
                                 .websocket = i == 2,
                                 .offer = offer,
                                 .offer_len = sizeof offer - 1 };

    stage_command(s, now, &cmd);
    if (s->legs_n != i + 1)
        abort();
    s->legs[i]->state = LEG_LIVE; /* as if the handshake were done; sealing will refuse */
}

static void drain(struct stage *s)
{
    struct stage_out out;

    for (int n = 0; stage_poll(s, &out); n++) {
        if (n > 10000)
            abort(); /* never an end */
        if (out.kind == STAGE_OUT_FULL)
            shared.tx_len = 0;
    }
    shared.tx_len = 0;
}

static void step(struct stage *s, struct now *now, uint8_t kind, uint8_t *bytes, size_t len)
{
    struct leg *l = s->legs[kind & 8 ? 2 : kind & 1];
    struct stream *stored;
    struct media_command gate = { .kind = MEDIA_LEG_GATE, .leg = l->id };
    uint8_t bits = len ? bytes[0] : 0;

    if ((kind & 8) && (kind >> 1 & 3) < 2) {
        stage_frame(s, *now, l, bytes, len);
        return;
    }
    switch (kind >> 1 & 3) {
    case 0:
        stored = leg_rtp(l, &s->counters, *now, bytes, len);
        if (stored)
            stage_heat(s, stored);
        break;
    case 1:
        leg_rtcp(l, &s->counters, *now, now->unix_ms * US_PER_MS, bytes, len);
        break;
    case 2:
        gate.gate = (struct leg_gate){ bits & 1, bits & 2, bits & 4, bits & 8, bits & 16 };
        stage_command(s, *now, &gate);
        break;
    case 3:
        now->mono_us += (int64_t)bits * 4000; /* below the handshake's 30 s in all */
        now->unix_ms += bits * 4;
        s->now = *now;
        drain(s);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct now now = { .mono_us = US_PER_S, .unix_ms = 1700000000000 };
    struct reader r = reader_on(data, size);
    struct stage *s = NULL;

    if (!shared.identity) {
        if (dtls_identity_new(&shared.identity) != ERR_OK)
            abort();
        shared.tx = tx;
        shared.tx_cap = sizeof tx;
    }
    if (stage_new(&s, &shared, now) != ERR_OK)
        abort();
    open_leg(s, now, 0);
    open_leg(s, now, 1);
    open_leg(s, now, 2);
    drain(s);
    for (int n = 0; n < STEPS_MAX && reader_left(&r) > 0; n++) {
        uint8_t kind = read_u8(&r);
        size_t len = read_u16(&r) % (RTP_PACKET_MAX + 2);
        const uint8_t *bytes;
        uint8_t *copy;

        len = len > reader_left(&r) ? reader_left(&r) : len;
        bytes = read_bytes(&r, len);
        copy = malloc(len ? len : 1); /* of the exact size, for the sanitizer */
        if (!copy)
            abort();
        if (len && bytes)
            memcpy(copy, bytes, len);
        step(s, &now, kind, copy, len);
        free(copy);
    }
    drain(s);
    stage_free(s);
    return 0;
}
