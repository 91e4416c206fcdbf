/* SPDX-License-Identifier: Apache-2.0
 *
 * One person's connection within a stage: the peer, the three tracks it may
 * send, the slots it receives through, and the RTCP between. Inside of media/;
 * the rest of the program knows only struct leg *.
 *
 *   OPEN ──peer LIVE──▶ LIVE ──peer DEAD or closed──▶ LEAVING ──drained──▶ freed
 */
#ifndef PARTA_MEDIA_LEG_H
#define PARTA_MEDIA_LEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/media/estimate.h"
#include "server/media/ladder.h"
#include "server/media/pacer.h"
#include "server/media/slot.h"
#include "server/media/speaker.h"
#include "server/media/stage.h"
#include "server/media/track.h"
#include "server/rtc/peer.h"
#include "server/rtc/sent.h"
#include "server/rtc/twcc.h"

#define LEG_SSRCS_MAX 16   /* 5 streams and their RTX, with room for a source's fresh start */
#define LEG_RESENDS_MAX 64 /* between two polls */
#define LEG_RTP_PER_S 2000 /* T20: a screen and a camera at 4 Mbit/s are 450 */
#define LEG_RTP_BURST 1000
#define LEG_RESEND_PER_S 400
#define LEG_RESEND_BURST 128
#define LEG_REPORT_US US_PER_S
#define LEG_STILL_BLOCKS_US (350 * US_PER_MS) /* so long a still may hold up voices on its line */
#define LEG_NARROW_BPS 90000   /* a link below this takes a voice that makes less ... */
#define LEG_WIDE_BPS 140000    /* ... until it takes this */
#define LEG_ALONE_BPS 75000    /* one below this carries voices alone ... */
#define LEG_BESIDE_BPS 110000  /* ... until it takes this */
#define LEG_NO_PICTURE_BPS 1   /* so little that a camera makes none */
#define LEG_THRIFTY_BPS 16000  /* Opus, still clear */
#define LEG_PICTURE_PERCENT 75 /* of a link: what voices and a picture may make */
#define LEG_PICTURE_ROOM 110   /* percent of a rung must fit for the picture to grow to it */
#define LEG_WHOLE_BPS 660000   /* a link that takes this gets the picture as its sender likes it */
#define LEG_JUDGE_US (200 * US_PER_MS) /* between two looks at the link, without feedback */
#define LEG_PADDING_BYTES 200          /* of a probe's packets; small, so that few bytes are many */
#define LEG_RTT_DEFAULT_US (100 * US_PER_MS) /* until a report tells it */

enum leg_state { LEG_OPEN, LEG_LIVE, LEG_LEAVING };

/* A rate limit: tokens are packets times 2^20. */
struct bucket {
    int64_t tokens_us; /* allowance, in microseconds times rate */
    int64_t at_us;
};

struct leg_ssrc {
    uint32_t ssrc;
    uint8_t source, layer;
    bool rtx;
};

struct leg_resend {
    uint8_t slot;
    uint16_t seq; /* as sent */
};

/* What waits to be told to the room. */
struct leg_news {
    bool answer, live, dead, slots, first, layers, rates, wants;
};

struct leg {
    /* config */
    struct stage *stage;
    struct leg_id id;
    uint16_t member;
    bool probe;
    bool host;  /* leads its group */
    bool rsize; /* feedback may travel alone */
    uint32_t rtcp_ssrc;
    /* owned */
    struct peer *peer;  /* NULL of a leg over WebSocket */
    struct leg_ws *ws;  /* NULL of any other */
    char *answer;       /* until polled */
    struct slot *slots; /* as many as the plan has */
    struct sent *sent;  /* NULL unless transport-wide numbers were negotiated for a slot */
    struct track tracks[SOURCE_COUNT];
    /* state */
    enum leg_state state;
    struct leg_gate gate;
    int slots_n;
    struct leg_ssrc ssrcs[LEG_SSRCS_MAX];
    int ssrcs_n;
    int ssrcs_next; /* which learnt entry the next new source takes over when full */
    struct twcc twcc;
    struct speaker speaker;
    struct bucket rtp_in, resends_out;
    struct leg_resend resends[LEG_RESENDS_MAX];
    int resends_n;
    int64_t rtt_us;
    bool has_clock;
    int64_t clock_offset_us; /* the server's wall clock minus the sender's, least seen */
    int64_t report_us;       /* next periodic report */
    struct media_view view;  /* in a group: whom it wants to see */
    int64_t screen_us;       /* when its screen was opened, for who is shown */
    /* towards the receiver: what its link takes, and what goes to it (leg_link.c) */
    struct estimate estimate;
    struct ladder ladder;
    struct pacer pacer;
    int64_t live_us;  /* when it became LIVE; valid then */
    int64_t judge_us; /* next look at the link; NEVER_US: nothing to go by */
    bool held;        /* pictures are held back until ... */
    int64_t held_us;
    int probe_n, probe_left; /* padding packets of the cluster that is due, and yet to write */
    int64_t probe_bytes;     /* written of it */
    bool heard;              /* a packet of a known source came */
    struct media_rates most; /* its voice and camera make no more, for the sake of who gets them */
    bool narrow;             /* its link is too narrow for a voice as its sender likes it */
    bool alone;              /* it is too narrow for anything beside a voice */
    bool kept_small;         /* the camera that it gets makes less for its sake */
    int64_t wants_bps;       /* as last told to its WebSocket */
    bool dirty;              /* has something for stage_poll */
    struct addr addr;        /* as last told to the driver */
    struct leg_news news;
};

struct leg_ws;

struct leg_open {
    struct stage_shared *shared;
    const struct media_command *cmd;
    struct now now;
};

/* A leg from an OPEN command. ERR_PROTO or ERR_PARSE with *why: the offer cannot be used.
 * ERR_NOMEM, ERR_IO. */
enum err leg_new(struct leg **out, struct stage *stage, const struct leg_open *open,
                 const char **why) MUST_CHECK;
void leg_free(struct leg *l);

/* A decrypted packet, changed in place. Returns the stream in which it now waits to be
 * forwarded, or NULL. */
struct stream *leg_rtp(struct leg *l, struct stage_counters *n, struct now now, uint8_t *data,
                       size_t len);
void leg_rtcp(struct leg *l, struct stage_counters *n, struct now now, int64_t wall_us,
              const uint8_t *data, size_t len);

/* Writes the RTCP that is due into to[0..cap): one compound, 0 if nothing is due. Call again
 * until 0. */
size_t leg_write_rtcp(struct leg *l, struct stage_counters *n, struct now now, int64_t wall_us,
                      uint8_t *to, size_t cap);

/* When leg_write_rtcp or the peer has something to do. */
int64_t leg_deadline(const struct leg *l);

/* A sender's clock was told: the server's wall clock minus it, with the delay of the message. */
void leg_clock(struct leg *l, int64_t offset_us);

/* True if this source of the leg may reach others now. */
bool leg_sends(const struct leg *l, enum source source);

/* Applies the gate; returns true if anything changed. */
bool leg_set_gate(struct leg *l, const struct leg_gate *gate, struct now now);

/* Nothing is known of the link yet. */
void link_init(struct leg *l, int64_t now_us);

/* Looks at the link: decides the steps of all slots, the pace, and whether to probe. */
void link_judge(struct leg *l, struct now now);

/* What the only camera that it gets may make, of one layer, bit/s; 0: as much as it likes. was:
 * what was said before. */
int32_t link_picture(const struct leg *l, int32_t was, int64_t now_us);

/* What the WebSocket of a leg without RTCP takes (media/intake); told again within 5 s. */
void link_takes(struct leg *l, int64_t bps, struct now now);

/* One feedback of the receiver about what was sent to it. */
void link_feedback(struct leg *l, const struct rtcp *p, struct now now);

/* The transport-wide number of the next packet. */
static inline uint16_t leg_number(const struct leg *l)
{
    return l->sent ? sent_seq(l->sent) : 0;
}

/* A packet of len bytes, sealed, of this slot is about to leave. */
static inline void link_sent(struct leg *l, const struct slot *s, size_t len, uint8_t probe,
                             int64_t now_us)
{
    if (s->ext_id) {
        sent_add(l->sent, len + ESTIMATE_PACKET_BYTES, probe, now_us);
        estimate_sent(&l->estimate, now_us);
    }
    pacer_sent(&l->pacer, (int64_t)len + ESTIMATE_PACKET_BYTES, now_us);
}

/* Takes n tokens of a bucket with this rate; false if there are too few. */
bool bucket_take(struct bucket *b, int64_t now_us, int64_t per_s, int64_t burst);

#endif
