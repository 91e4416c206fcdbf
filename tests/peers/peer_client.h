/* SPDX-License-Identifier: Apache-2.0
 *
 * The other side of a lesson, as a browser plays it: offers, connects, sends
 * microphone, camera and screen, receives through slots, asks for what got
 * lost and repeats what it is asked for. Our own rtc/ in the offerer's role;
 * no socket, no clock, no codec: datagrams leave through a callback, payloads
 * come from and go to the caller. Sim tests run it on virtual time, the
 * program parta-peer on real sockets. One thread.
 */
#ifndef PARTA_TESTS_PEER_CLIENT_H
#define PARTA_TESTS_PEER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/now.h"
#include "server/media/message.h"
#include "server/rtc/dtls.h"
#include "server/rtc/nack.h"
#include "server/rtc/peer.h"
#include "server/rtc/reception.h"
#include "server/rtc/ring.h"
#include "server/rtc/rtp.h"
#include "server/rtc/sdp.h"
#include "server/rtc/twcc.h"

#define CLIENT_LAYERS 3
#define CLIENT_PAYLOAD_MAX                                                                         \
    1180 /* of one packet; 1200 bytes with header, below every MTU sealed                          \
          */

enum client_source { CLIENT_MIC, CLIENT_CAMERA, CLIENT_SCREEN, CLIENT_SOURCES };

struct client;

struct client_config {
    struct dtls_identity *identity; /* borrowed */
    struct slot_plan plan;
    int camera_layers; /* over 1: simulcast with rids q, h, f */
    bool no_rtx, no_rsize, no_mid;
    bool voice_nack;  /* asks for lost voice packets again, as a browser does whose offer says so */
    bool no_feedback; /* offers no transport-wide feedback about what it receives */
    bool no_resend;   /* only send and count: no ring, no NACK (for load) */
    uint64_t seed;    /* of SSRCs and first numbers */
    void *arg;
    /* A datagram for the server. */
    void (*send)(void *arg, const uint8_t *data, size_t len);
    /* A media packet came through a slot; seq is unwrapped. May be NULL. */
    void (*packet)(void *arg, int slot, const struct rtp *p, int64_t seq, bool repeated);
};

/* One stream that it sends. */
struct client_stream {
    uint32_t ssrc, rtx_ssrc;
    int64_t seq;
    uint16_t rtx_seq;
    uint32_t ts;
    int64_t sent_us; /* when ts was now */
    uint16_t picture_id;
    uint8_t tl0;
    uint8_t tid;  /* temporal layer of the next frame; all but the lowest are sync frames */
    bool no_sync; /* no frame is marked as one with which an upper temporal layer may begin */
    struct ring ring;
    uint32_t packets, octets;
    bool wants_key; /* the server asked: send a key frame and clear it */
    unsigned plis, nacked, resent;
};

/* One slot that it receives through. */
struct client_slot {
    char mid[SDP_MID_MAX + 1];
    bool video;
    uint8_t pt, rtx_pt;
    uint32_t ssrc, rtx_ssrc;
    struct nack nack;
    struct reception reception;
    uint64_t packets, bytes, repeated, duplicates;
    uint64_t key_frames;
    int64_t first_us; /* first packet; 0 = none yet */
    int64_t last_us;
    int64_t highest;
    bool has_sr;
    uint64_t sr_ntp;
    uint32_t sr_ts;
};

struct client {
    struct client_config config;
    struct peer *peer; /* NULL before the answer */
    char *offer;       /* owned */
    struct peer_ice ice;
    struct sdp_session described; /* what it offered */
    struct client_stream streams[CLIENT_SOURCES][CLIENT_LAYERS];
    struct client_slot slots[SLOTS_MAX];
    int slots_n;
    uint8_t mid_ext, rid_ext, repaired_ext, level_ext, twcc_ext; /* as answered, 0 = not */
    uint16_t twcc_seq;
    uint8_t twcc_in_ext; /* of what it receives, 0 = not negotiated */
    struct twcc twcc;
    uint64_t padding; /* packets of it, from probes */
    uint32_t rtcp_ssrc;
    bool live, dead;
    int64_t made_us, live_us;
    int64_t report_us;
    unsigned feedback;                         /* transport-wide feedback packets heard */
    unsigned feedback_received, feedback_lost; /* statuses in them */
    unsigned reports;                          /* report blocks heard about its streams */
    uint8_t last_fraction_lost;
    uint8_t voice_fraction_lost; /* as the server says of its voice */
    uint64_t refused;
};

/* ERR_NOMEM, ERR_IO. The offer is ready at once. */
enum err client_new(struct client **out, const struct client_config *config,
                    struct now now) MUST_CHECK;
void client_free(struct client *c);
const char *client_offer(const struct client *c);

/* The server's answer. The connection begins with the next client_timeout, which is due at once.
 * ERR_PARSE, ERR_PROTO, ERR_NOMEM. */
enum err client_answer(struct client *c, const char *sdp, size_t len, struct now now) MUST_CHECK;

/* The server's address, as the answer said. */
const struct addr *client_server(const struct client *c);

void client_input(struct client *c, struct now now, const struct addr *from, uint8_t *data,
                  size_t len);
void client_timeout(struct client *c, struct now now);
int64_t client_deadline(const struct client *c);

/* Sends one packet of voice; level in -dBov; ticks of 48 kHz since the packet before. */
void client_send_voice(struct client *c, struct now now, const uint8_t *payload, size_t len,
                       uint8_t level, uint32_t ticks);

/* Sends one VP8 frame in as many packets as it needs; ticks of 90 kHz since the frame before. */
void client_send_picture(struct client *c, struct now now, enum client_source source, int layer,
                         const uint8_t *frame, size_t len, uint32_t ticks);

/* Asks the server for a key frame on a slot. */
void client_ask_picture(struct client *c, int slot);

/* Tells the server what this client's link takes. */
void client_remb(struct client *c, uint64_t bps);

/* Leaves politely. */
void client_close(struct client *c, struct now now);

#endif
