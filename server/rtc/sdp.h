/* SPDX-License-Identifier: Apache-2.0
 *
 * SDP as Parta needs it (RFC 8866, RFC 8829): read a browser's offer, decide
 * what is used of it, write the one answer; and the mirror (write an offer,
 * read an answer) for the native peers. Bounded: SDP_TEXT_MAX bytes,
 * SDP_LINES_MAX lines, SDP_MEDIA_MAX media descriptions; anything over is
 * refused in time linear in what was read.
 */
#ifndef PARTA_RTC_SDP_H
#define PARTA_RTC_SDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/str.h"
#include "server/rtc/addr.h"
#include "server/rtc/peer.h"

#define SDP_TEXT_MAX (32u * 1024)
#define SDP_LINES_MAX 1500
#define SDP_MEDIA_MAX 24 /* 3 sources + 3 audio + 11 video + 1 screen slots, and spare */
#define SDP_MID_MAX 16
#define SDP_RIDS_MAX 3
#define SDP_RID_MAX 16
#define SDP_SSRCS_MAX 8
#define SDP_MSID_MAX 64
#define SDP_CNAME_MAX 32

enum sdp_kind { SDP_AUDIO, SDP_VIDEO, SDP_OTHER };
enum sdp_direction { SDP_SENDRECV, SDP_SENDONLY, SDP_RECVONLY, SDP_INACTIVE };

/* Header extensions that Parta negotiates; the id is 0 where a line does not have it. */
enum sdp_ext {
    SDP_EXT_MID,           /* urn:ietf:params:rtp-hdrext:sdes:mid */
    SDP_EXT_RID,           /* urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id */
    SDP_EXT_REPAIRED_RID,  /* urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id */
    SDP_EXT_AUDIO_LEVEL,   /* urn:ietf:params:rtp-hdrext:ssrc-audio-level, RFC 6464 */
    SDP_EXT_TRANSPORT_CC,  /* draft-holmer-rmcat-transport-wide-cc-extensions-01 */
    SDP_EXT_ABS_SEND_TIME, /* http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time */
    SDP_EXT_COUNT
};

/* One m= line: only what Parta uses; the payload types are those of the offer. */
struct sdp_media {
    enum sdp_kind kind;
    enum sdp_direction direction; /* as written by the describing side */
    char mid[SDP_MID_MAX + 1];
    bool rejected;  /* port 0 / answered as not used */
    uint8_t pt;     /* Opus or VP8 payload type; 0 = codec not offered */
    uint8_t rtx_pt; /* RTX for pt (RFC 4588), 0 = none */
    uint8_t red_pt; /* audio RED (RFC 2198) over Opus, 0 = none */
    bool nack, pli, fir, transport_cc, remb;
    bool rsize; /* a=rtcp-rsize: feedback may travel without SR/RR in front (RFC 5506) */
    uint8_t ext[SDP_EXT_COUNT];
    char rids[SDP_RIDS_MAX][SDP_RID_MAX + 1]; /* simulcast, in the offerer's order */
    int rids_n;
    uint32_t ssrc; /* what the describing side sends with, 0 = learnt from mid/rid */
    uint32_t rtx_ssrc;
    char cname[SDP_CNAME_MAX + 1]; /* for a=ssrc lines, "" = none */
    char msid[SDP_MSID_MAX + 1];   /* stream id of a=msid, "" = none */
};

struct sdp_session {
    struct peer_ice ice;
    uint8_t fingerprint[PEER_FINGERPRINT_BYTES];
    bool ice_lite;
    enum { SDP_SETUP_ACTPASS, SDP_SETUP_ACTIVE, SDP_SETUP_PASSIVE } setup;
    struct addr candidate; /* answer: the server's host candidate (UDP) */
    struct sdp_media media[SDP_MEDIA_MAX];
    int media_n;
};

/* Reads an offer or an answer. ERR_PARSE: not SDP or over a bound; ERR_PROTO: lacks what Parta
 * needs (BUNDLE over all lines in use, rtcp-mux, sha-256 fingerprint, ufrag and pwd). *why
 * (optional, static text) names the first fault for the refusal. ICE credentials and fingerprint
 * are taken from the session or the first line that has them: BUNDLE makes them one. */
enum err sdp_parse(const char *text, size_t len, struct sdp_session *out,
                   const char **why) MUST_CHECK;

/* The URI of a header extension, as a=extmap says it. */
const char *sdp_ext_uri(enum sdp_ext e);

/* Begins the answer to line offer: same kind, mid, payload types and what is used of the
 * feedback and extensions, direction mirrored. Rejected if the offer is, or lacks the codec.
 * SSRC, cname and msid are the caller's to fill in for lines that we send on. */
void sdp_answer_media(const struct sdp_media *offer, struct sdp_media *answer);

/* Writes session into b: an offer if setup is ACTPASS (native peers), else an answer. A line that
 * receives asks for Opus with in-band FEC and silence suppression. */
void sdp_write(const struct sdp_session *session, struct strbuf *b);

#endif
