/* SPDX-License-Identifier: Apache-2.0
 *
 * The estimate of a link; see estimate.h.
 */
#include "server/media/estimate.h"

#include <string.h>

#define BUCKET_US (ESTIMATE_WINDOW_US / ESTIMATE_BUCKETS)
#define LATELY_BUCKETS 8
#define OWD_HALF_US (30 * US_PER_S) /* how long a least delay is believed, at least */
#define AFTER_CUT_US (2 * US_PER_S) /* no probing so soon behind a decrease */
#define PROBE_LOST_US (2 * US_PER_S)
#define TICK_US 250 /* feedback tells times no finer than this (draft-holmer 3.1) */

void estimate_init(struct estimate *e, int64_t now_us)
{
    memset(e, 0, sizeof *e);
    trend_init(&e->trend);
    e->state = ESTIMATE_INCREASE;
    e->delay_bps = ESTIMATE_START_BPS;
    e->loss_bps = ESTIMATE_MAX_BPS;
    e->changed_us = e->loss_since_us = now_us;
    e->cut_us = INT64_MIN / 2;
    e->owd_us[0] = e->owd_us[1] = INT64_MAX;
    e->probe.pause_us = ESTIMATE_PROBE_FIRST_US;
}

static int64_t bounded(int64_t bps)
{
    return bps < ESTIMATE_MIN_BPS   ? ESTIMATE_MIN_BPS
           : bps > ESTIMATE_MAX_BPS ? ESTIMATE_MAX_BPS
                                    : bps;
}

/* ---- what came ---- */

static void meter_add(struct estimate_meter *m, int64_t at_us, uint32_t bytes)
{
    int64_t bucket = at_us / BUCKET_US;

    if (!m->any || bucket > m->last + ESTIMATE_BUCKETS) { /* begin, or a long silence */
        memset(m->bytes, 0, sizeof m->bytes);
        m->first_us = at_us;
        m->last = bucket;
        m->any = true;
    }
    for (; m->last < bucket; m->last++)
        m->bytes[(uint64_t)(m->last + 1) % ESTIMATE_BUCKETS] = 0;
    if (bucket > m->last - ESTIMATE_BUCKETS)
        m->bytes[(uint64_t)bucket % ESTIMATE_BUCKETS] += bytes;
}

/* Bits per second in the last n buckets, up to the last packet; 0 until a fifth of the window is
 * there. */
static int64_t meter_bps(const struct estimate_meter *m, int n)
{
    int64_t bytes = 0, span_us = (m->last + 1) * BUCKET_US - m->first_us;

    if (!m->any || span_us < ESTIMATE_WINDOW_US / 5)
        return 0;
    for (int i = 0; i < n; i++)
        bytes += m->bytes[(uint64_t)(m->last - i + ESTIMATE_BUCKETS) % ESTIMATE_BUCKETS];
    if (span_us > n * BUCKET_US)
        span_us = n * BUCKET_US;
    return bytes * 8 * US_PER_S / span_us;
}

/* The least delay seen lately is that of an empty queue. Clocks drift: it is forgotten. */
static void note_delay(struct estimate *e, int64_t owd_us, int64_t now_us)
{
    int64_t least;

    if (now_us - e->owd_since_us > OWD_HALF_US) {
        e->owd_us[1] = e->owd_us[0];
        e->owd_us[0] = INT64_MAX;
        e->owd_since_us = now_us;
    }
    if (owd_us < e->owd_us[0])
        e->owd_us[0] = owd_us;
    least = earlier_us(e->owd_us[0], e->owd_us[1]);
    e->queue_us = (e->queue_us * 7 + (owd_us - least)) / 8;
}

/* ---- the rate by delay (section 5.5) ---- */

static void note_limit(struct estimate *e, int64_t acked_bps)
{
    double kbps = (double)acked_bps / 1000, off = kbps - e->limit_kbps;

    if (!e->limit_known) {
        e->limit_known = true;
        e->limit_kbps = kbps;
        e->limit_var = 0.4;
        return;
    }
    /* 5.5: exponentially filtered with 0.95; the variance in shares of the mean. */
    e->limit_var = 0.95 * e->limit_var + 0.05 * off * off / (e->limit_kbps > 1 ? e->limit_kbps : 1);
    if (e->limit_var < 0.4)
        e->limit_var = 0.4;
    if (e->limit_var > 2.5)
        e->limit_var = 2.5;
    e->limit_kbps = 0.95 * e->limit_kbps + 0.05 * kbps;
}

/* 5.5: within three standard deviations of the mean rate at decreases. */
static bool near_limit(struct estimate *e, int64_t acked_bps)
{
    double off = (double)acked_bps / 1000 - e->limit_kbps;
    bool within;

    if (!e->limit_known)
        return false;
    within = off * off <= 9 * e->limit_var * e->limit_kbps;
    if (!within && off > 0)
        e->limit_known = false; /* the link is another one now */
    return within;
}

static void increase(struct estimate *e, int64_t acked_bps, int64_t rtt_us, int64_t now_us)
{
    int64_t dt = now_us - e->changed_us, bps = e->delay_bps, response = rtt_us, step;
    int64_t most = acked_bps * 3 / 2 + 10000; /* 5.5: A_hat < 1.5 R_hat, lest it run away */

    response += ESTIMATE_RESPONSE_US;
    dt = dt > US_PER_S ? US_PER_S : dt;
    e->changed_us = now_us;
    if (near_limit(e, acked_bps)) { /* additive: half a packet in a response time */
        int64_t frame = bps / 30, packets = frame / (1200 * 8) + 1;
        int64_t packet = frame / packets / 2;

        step = (packet > 1000 ? packet : 1000) * dt / response;
    } else {
        step = bps * ESTIMATE_ETA / 100 * dt / US_PER_S;
    }
    if (bps >= most)
        return;
    bps = bps + step > most ? most : bps + step;
    e->delay_bps = bounded(bps);
}

static void cut(struct estimate *e, int64_t bps, int64_t now_us)
{
    e->cut_us = e->changed_us = now_us;
    e->congested = true;
    if (bps < e->delay_bps)
        e->delay_bps = bounded(bps);
}

/* 5.5: A = beta R_hat. What came in a shorter time counts too if it is more: no link delivers
 * faster than it can, and a picture that has just begun is not in the long window yet. */
static void back_off(struct estimate *e, int64_t now_us)
{
    int64_t bps = meter_bps(&e->acked, ESTIMATE_BUCKETS);
    int64_t lately = meter_bps(&e->acked, LATELY_BUCKETS);

    if (bps == 0)
        return;
    if (lately > bps)
        bps = lately;
    (void)near_limit(e, bps);
    note_limit(e, bps);
    cut(e, bps * ESTIMATE_BETA / 100, now_us);
}

static void steer(struct estimate *e, int64_t rtt_us, int64_t now_us)
{
    int64_t acked_bps = meter_bps(&e->acked, ESTIMATE_BUCKETS);

    switch (e->trend.use) { /* 5.5: table of states */
    case TREND_OVERUSE:
        /* One large packet on a narrow link looks like a growing queue to the small ones behind it.
         * If none stands, it has gone already. */
        e->state = e->queue_us > ESTIMATE_QUEUE_US / 2 ? ESTIMATE_DECREASE : ESTIMATE_HOLD;
        break;
    case TREND_UNDERUSE:
        e->state = ESTIMATE_HOLD;
        break;
    case TREND_NORMAL:
        e->state = e->state == ESTIMATE_DECREASE ? ESTIMATE_HOLD : ESTIMATE_INCREASE;
        break;
    }
    if (acked_bps == 0) {
        e->changed_us = now_us;
        return;
    }
    if (e->state == ESTIMATE_DECREASE) {
        if (now_us - e->cut_us >= rtt_us + ESTIMATE_RESPONSE_US) /* else it has no effect yet */
            back_off(e, now_us);
    } else if (e->state == ESTIMATE_INCREASE) {
        increase(e, acked_bps, rtt_us, now_us);
    } else {
        e->changed_us = now_us;
    }
}

/* ---- loss (section 6) ---- */

static void judge_loss(struct estimate *e, int64_t now_us)
{
    /* A radio loses packets that no queue dropped: going slower would not help those. */
    bool full = e->queue_us > ESTIMATE_QUEUE_US;
    int64_t window_us = full ? ESTIMATE_LOSS_WINDOW_US / 2 : ESTIMATE_LOSS_WINDOW_US;
    int permille;

    if (now_us - e->loss_since_us < window_us || e->told_n < ESTIMATE_LOSS_PACKETS)
        return;
    permille = e->last_permille = (e->lost_n > 0 ? e->lost_n : 0) * 1000 / e->told_n;
    if (permille > ESTIMATE_LOSS_HIGH && full) {
        /* A queue that overflows grows no more: the gradient is blind to it, and what comes
         * through is what the link takes. */
        back_off(e, now_us);
    } else if (permille > ESTIMATE_LOSS_ALONE) {
        e->loss_bps = bounded(earlier_us(e->loss_bps, e->delay_bps) * (2000 - permille) / 2000);
        e->congested = true;
        e->cut_us = now_us;
    } else if (permille < ESTIMATE_LOSS_LOW) {
        e->loss_bps = bounded(e->loss_bps * 105 / 100);
    }
    e->told_n = e->lost_n = 0;
    e->loss_since_us = now_us;
}

/* ---- probing ---- */

static void probe_failed(struct estimate_probe *p, int64_t now_us)
{
    p->next_us = now_us + p->pause_us;
    p->pause_us = earlier_us(p->pause_us * 2, ESTIMATE_PROBE_LAST_US);
}

static void probe_packet(struct estimate_probe *p, const struct sent_report *r)
{
    if (!p->open || r->probe != p->number || !r->came)
        return;
    if (p->came_n++ == 0) {
        p->first_us = p->last_us = r->came_us;
        return;
    }
    p->bytes += r->bytes;
    if (r->came_us > p->last_us)
        p->last_us = r->came_us;
}

/* All of the cluster has been told: how fast did it come through? */
static void probe_ends(struct estimate *e, int64_t now_us)
{
    struct estimate_probe *p = &e->probe;
    int64_t span_us = p->last_us - p->first_us, before = estimate_bps(e, now_us), bps, most;

    p->open = false;
    if (p->came_n < ESTIMATE_PROBE_PACKETS_MIN || p->came_n * 5 < p->sent_n * 4 ||
        e->trend.use == TREND_OVERUSE) {
        probe_failed(p, now_us);
        return;
    }
    bps = p->bytes * 8 * US_PER_S / (span_us < TICK_US ? TICK_US : span_us) * ESTIMATE_PROBE_SHARE /
          100;
    most = before * ESTIMATE_PROBE_GAIN > p->most_bps ? before * ESTIMATE_PROBE_GAIN : p->most_bps;
    bps = bounded(bps < most ? bps : most);
    if (bps < before * 11 / 10) {
        probe_failed(p, now_us);
        return;
    }
    p->most_bps = 0;
    p->pause_us = ESTIMATE_PROBE_FIRST_US;
    p->next_us = now_us + ESTIMATE_PROBE_SOON_US;
    e->limit_known = false;
    if (bps > e->delay_bps)
        e->delay_bps = bps;
    if (bps > e->loss_bps)
        e->loss_bps = bps;
    e->changed_us = now_us;
}

int estimate_probe_due(const struct estimate *e, int64_t wanted_bps, int64_t now_us)
{
    int64_t bps = estimate_bps(e, now_us), bytes = bps * ESTIMATE_PROBE_US / US_PER_S / 8;

    if (!e->fed || e->probe.open || now_us < e->probe.next_us || wanted_bps <= bps ||
        now_us - e->cut_us < AFTER_CUT_US || e->queue_us > ESTIMATE_QUEUE_US ||
        e->trend.use == TREND_OVERUSE || e->last_permille > ESTIMATE_LOSS_ALONE)
        return 0;
    if (bytes < ESTIMATE_PROBE_BYTES_MIN)
        bytes = ESTIMATE_PROBE_BYTES_MIN;
    return (int)earlier_us(bytes, ESTIMATE_PROBE_BYTES_MAX);
}

uint8_t estimate_probe_number(const struct estimate *e)
{
    return e->probe.number == UINT8_MAX ? 1 : (uint8_t)(e->probe.number + 1);
}

void estimate_probe_sent(struct estimate *e, int n, int64_t bytes, int64_t last, int64_t now_us)
{
    struct estimate_probe *p = &e->probe;

    p->number = estimate_probe_number(e);
    p->open = true;
    p->last = last;
    p->sent_n = n;
    p->came_n = 0;
    p->bytes = 0;
    p->at_us = now_us;
    p->blind_us = now_us + bytes * 8 * US_PER_S / estimate_bps(e, now_us);
}

/* ---- inputs ---- */

/* Packets come through again behind a silence. It was an outage more likely than a full queue: what
 * was lost in it says nothing of the link's rate, nor do the cuts and failed probes. The rate stays
 * down, but a probe is due at once and may lead right back to where it was. */
static void hear_again(struct estimate *e, const struct sent_report *first, int64_t now_us)
{
    e->deaf_us = first->sent_us;
    e->told_n = 1;
    e->lost_n = e->last_permille = 0;
    e->loss_since_us = e->changed_us = now_us;
    e->cut_us = INT64_MIN / 2;
    e->limit_known = false;
    e->state = ESTIMATE_HOLD;
    trend_init(&e->trend);
    e->probe.open = false;
    e->probe.next_us = now_us;
    e->probe.pause_us = ESTIMATE_PROBE_FIRST_US;
    e->probe.most_bps = e->before_bps;
    e->loss_bps = e->before_bps > e->loss_bps ? e->before_bps : e->loss_bps;
    e->before_bps = 0;
}

void estimate_feedback(struct estimate *e, struct sent_walk *w, int64_t rtt_us, int64_t now_us)
{
    struct sent_report r;
    bool over = false, any = false;

    while (sent_feedback_next(w, &r)) {
        if (r.came && e->before_bps > 0)
            hear_again(e, &r, now_us);
        if (e->before_bps > 0 || r.sent_us < e->deaf_us)
            continue;
        if (r.corrected)
            e->lost_n--;
        else
            e->told_n++;
        if (!r.came) {
            e->lost_n++;
        } else {
            meter_add(&e->acked, r.came_us, r.bytes);
            if (r.sent_us < e->probe.at_us || r.sent_us >= e->probe.blind_us) {
                note_delay(e, r.came_us - r.sent_us, now_us);
                trend_packet(&e->trend, r.sent_us, r.came_us);
            }
            over |= e->trend.use == TREND_OVERUSE;
            any = true;
        }
        probe_packet(&e->probe, &r);
        if (e->probe.open && r.number >= e->probe.last)
            probe_ends(e, now_us);
    }
    if (!any)
        return; /* everything is lost: the silence and the loss will tell */
    if (!e->fed) {
        e->fed = true;
        e->changed_us = e->loss_since_us = now_us;
    }
    e->unanswered_us = 0;
    if (over)
        e->trend.use = TREND_OVERUSE;
    steer(e, rtt_us, now_us);
    judge_loss(e, now_us);
}

void estimate_remb(struct estimate *e, uint64_t bps, int64_t now_us)
{
    e->remb_bps = bps;
    e->remb_us = now_us;
}

void estimate_timeout(struct estimate *e, int64_t now_us)
{
    if (e->probe.open && now_us - e->probe.at_us > PROBE_LOST_US) {
        e->probe.open = false;
        probe_failed(&e->probe, now_us);
    }
    if (!e->fed || e->unanswered_us == 0 || now_us - e->unanswered_us < ESTIMATE_SILENCE_US)
        return;
    if (e->before_bps == 0)
        e->before_bps = earlier_us(e->delay_bps, e->loss_bps);
    cut(e, earlier_us(e->delay_bps, e->loss_bps) / 2, now_us);
    e->unanswered_us = now_us; /* again after as long a silence */
}

static bool remb_fresh(const struct estimate *e, int64_t now_us)
{
    return e->remb_bps > 0 && now_us - e->remb_us < ESTIMATE_REMB_US;
}

bool estimate_known(const struct estimate *e, int64_t now_us)
{
    return e->fed || remb_fresh(e, now_us);
}

int64_t estimate_bps(const struct estimate *e, int64_t now_us)
{
    int64_t bps = earlier_us(e->delay_bps, e->loss_bps);

    if (!remb_fresh(e, now_us))
        return bps;
    if (!e->fed || e->remb_bps < (uint64_t)bps)
        bps = e->remb_bps > ESTIMATE_MAX_BPS ? ESTIMATE_MAX_BPS : (int64_t)e->remb_bps;
    return bounded(bps);
}
