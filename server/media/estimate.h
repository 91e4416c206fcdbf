/* SPDX-License-Identifier: Apache-2.0
 *
 * How much one receiver's link takes: the estimate of a sender, made from
 * transport-wide feedback (draft-ietf-rmcat-gcc-02): the delay gradient of
 * trend.h steers an increase and decrease of the rate (section 5.5), loss
 * bounds it (section 6), and short probe clusters find out that a link has
 * become wider than what is sent now. A receiver that has only REMB is taken
 * by its word. Pure; it decides nothing about pictures.
 */
#ifndef PARTA_MEDIA_ESTIMATE_H
#define PARTA_MEDIA_ESTIMATE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/now.h"
#include "server/media/trend.h"
#include "server/rtc/sent.h"

#define ESTIMATE_START_BPS 1000000 /* a picture and the voices; less is soon known */
#define ESTIMATE_MIN_BPS 30000     /* below what a voice needs nothing is left to decide */
#define ESTIMATE_MAX_BPS 20000000
#define ESTIMATE_WINDOW_US (500 * US_PER_MS) /* 5.5: T of R_hat, 0.5 to 1 s */
#define ESTIMATE_BUCKETS 25
#define ESTIMATE_BETA 85                       /* percent; 5.5: beta, 0.8 to 0.95 */
#define ESTIMATE_ETA 8                         /* percent a second; 5.5: eta = 1.08^dt */
#define ESTIMATE_RESPONSE_US (100 * US_PER_MS) /* 5.5: response time less the round trip */
#define ESTIMATE_LOSS_HIGH 100                 /* permille; section 6: decrease above 10 % */
#define ESTIMATE_LOSS_LOW 20                   /* permille; section 6: increase below 2 % */
#define ESTIMATE_LOSS_ALONE 200                /* permille: what is blamed on the link's rate ... */
#define ESTIMATE_QUEUE_US (30 * US_PER_MS)     /* ... though no queue stands on the way */
#define ESTIMATE_LOSS_WINDOW_US (US_PER_S)     /* section 6 counts per report, about this often */
#define ESTIMATE_LOSS_PACKETS 20               /* fewer than these tell no share */
#define ESTIMATE_SILENCE_US (US_PER_S)         /* packets leave, feedback fails to come */
#define ESTIMATE_REMB_US (5 * US_PER_S)        /* remb-03: sent about every second */
#define ESTIMATE_PROBE_BYTES_MIN 1200
#define ESTIMATE_PROBE_BYTES_MAX 16000
#define ESTIMATE_PROBE_US                                                                          \
    (30 * US_PER_MS)                 /* a cluster is what the estimate carries in this time        \
                                      */
#define ESTIMATE_PROBE_PACKETS_MIN 4 /* that must have come for a result */
#define ESTIMATE_PROBE_GAIN 3        /* one cluster raises the estimate at most so often */
#define ESTIMATE_PROBE_SHARE 95      /* percent of the rate at which a cluster came through */
#define ESTIMATE_PROBE_SOON_US (500 * US_PER_MS) /* after one that raised it */
#define ESTIMATE_PROBE_FIRST_US (US_PER_S)       /* after one that did not; doubles ... */
#define ESTIMATE_PROBE_LAST_US (4 * US_PER_S)    /* ... up to here */
#define ESTIMATE_PACKET_BYTES 28                 /* IPv4 and UDP around every packet */

/* Bytes in the last ESTIMATE_WINDOW_US of some clock. */
struct estimate_meter {
    bool any;
    int64_t first_us, last; /* first moment; last bucket's number */
    uint32_t bytes[ESTIMATE_BUCKETS];
};

struct estimate_probe {
    uint8_t number; /* of the last cluster, 1.. */
    bool open;      /* its result is not in */
    int64_t last;   /* number of its last packet */
    int sent_n;
    int came_n;
    int64_t bytes; /* that came behind the first one */
    int64_t first_us, last_us;
    int64_t at_us;    /* when it left */
    int64_t blind_us; /* until then its queue may stand, and delay is no news */
    int64_t next_us;  /* no other before */
    int64_t pause_us;
    int64_t most_bps; /* a cluster may raise the estimate up to here at once */
};

struct estimate {
    struct trend trend;
    struct estimate_meter acked; /* by the receiver's clock */
    bool fed;                    /* transport-wide feedback came */
    bool congested;              /* the link's limit was met at least once */
    enum { ESTIMATE_HOLD, ESTIMATE_INCREASE, ESTIMATE_DECREASE } state;
    int64_t delay_bps, loss_bps;
    int64_t changed_us, cut_us; /* last step of the rate; last decrease, INT64_MIN = never */
    /* where the link's limit seems to be (5.5: near-convergence) */
    bool limit_known;
    double limit_kbps, limit_var;
    /* least delay of two minutes' halves, for the queue that stands */
    int64_t owd_us[2], owd_since_us, queue_us;
    /* loss */
    int told_n, lost_n;
    int64_t loss_since_us;
    int last_permille;
    /* silence */
    int64_t unanswered_us; /* first packet since the last feedback, 0 = none */
    int64_t before_bps;    /* the estimate before the silence that lasts, 0 = none does */
    int64_t deaf_us;       /* what was sent before this fell into a silence: it tells nothing */
    /* REMB */
    uint64_t remb_bps;
    int64_t remb_us;
    struct estimate_probe probe;
};

void estimate_init(struct estimate *e, int64_t now_us);

/* A packet left. */
static inline void estimate_sent(struct estimate *e, int64_t now_us)
{
    if (e->unanswered_us == 0)
        e->unanswered_us = now_us;
}

/* One feedback packet, walked to its end. rtt_us: round trip of the connection. */
void estimate_feedback(struct estimate *e, struct sent_walk *w, int64_t rtt_us, int64_t now_us);

/* The receiver's own estimate. */
void estimate_remb(struct estimate *e, uint64_t bps, int64_t now_us);

/* Time passes without feedback: call now and then. */
void estimate_timeout(struct estimate *e, int64_t now_us);

/* True if anything is known of the link; else estimate_bps means nothing. */
bool estimate_known(const struct estimate *e, int64_t now_us);
int64_t estimate_bps(const struct estimate *e, int64_t now_us);

/* How many bytes a probe cluster should have that is due now for a wish to send wanted_bps; 0:
 * none. The caller then sends them back to back and says so. */
int estimate_probe_due(const struct estimate *e, int64_t wanted_bps, int64_t now_us);

/* The cluster's number for sent_add, and after n packets of bytes in all, the last of them being
 * number last, the word that it left. */
uint8_t estimate_probe_number(const struct estimate *e);
void estimate_probe_sent(struct estimate *e, int n, int64_t bytes, int64_t last, int64_t now_us);

#endif
