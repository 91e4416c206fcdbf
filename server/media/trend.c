/* SPDX-License-Identifier: Apache-2.0
 *
 * The delay gradient and its detector; see trend.h.
 */
#include "server/media/trend.h"

#include <string.h>

#define JUMP_US (3 * US_PER_S) /* a clock was set, or a path changed: begin anew */

void trend_init(struct trend *t)
{
    memset(t, 0, sizeof *t);
    t->threshold_ms = TREND_THRESHOLD_MS;
}

static double magnitude(double v)
{
    return v < 0 ? -v : v;
}

/* Least squares slope of the summed delay over time; 0 if time stood still. */
static double slope(const struct trend *t)
{
    double n = t->points, x = 0, y = 0, above = 0, below = 0;

    for (int i = 0; i < t->points; i++) {
        x += t->at_ms[i];
        y += t->delay_ms[i];
    }
    x /= n;
    y /= n;
    for (int i = 0; i < t->points; i++) {
        above += (t->at_ms[i] - x) * (t->delay_ms[i] - y);
        below += (t->at_ms[i] - x) * (t->at_ms[i] - x);
    }
    return below > 0 ? above / below : 0;
}

/* Section 5.4: the threshold follows the trend slowly, so that a flow that fills queues does not
 * starve this one, and not at all when it is far away. */
static void adapt(struct trend *t, double trend_ms, int64_t came_us)
{
    double off = magnitude(trend_ms) - t->threshold_ms;
    double rate = off < 0 ? TREND_FALL_PER_MS : TREND_RISE_PER_MS;
    int64_t since_us = came_us - t->threshold_at_us;

    if (t->threshold_at_us == 0)
        since_us = 0;
    t->threshold_at_us = came_us;
    if (off > TREND_OUTLIER_MS)
        return;
    if (since_us < 0)
        since_us = 0;
    if (since_us > 100 * US_PER_MS)
        since_us = 100 * US_PER_MS;
    t->threshold_ms += rate * off * ((double)since_us / US_PER_MS);
    if (t->threshold_ms < TREND_THRESHOLD_MIN_MS)
        t->threshold_ms = TREND_THRESHOLD_MIN_MS;
    if (t->threshold_ms > TREND_THRESHOLD_MAX_MS)
        t->threshold_ms = TREND_THRESHOLD_MAX_MS;
}

/* Section 5.4: over-use is told when it lasts, and does not already get better. */
static void detect(struct trend *t, double line, int64_t between_us)
{
    int n = t->deltas < TREND_DELTAS_MAX ? t->deltas : TREND_DELTAS_MAX;
    double trend_ms = n * line * TREND_GAIN;

    if (t->deltas < 2)
        return;
    if (trend_ms > t->threshold_ms) {
        t->over_us += t->over_n ? between_us : between_us / 2;
        t->over_n++;
        if (t->over_us > TREND_OVERUSE_US && t->over_n > 1 && line >= t->slope_before) {
            t->over_us = 0;
            t->over_n = 0;
            t->use = TREND_OVERUSE;
        }
    } else {
        t->over_us = 0;
        t->over_n = 0;
        t->use = trend_ms < -t->threshold_ms ? TREND_UNDERUSE : TREND_NORMAL;
    }
    t->slope_before = line;
    adapt(t, trend_ms, t->now.came_us);
}

/* Two groups are whole: how much longer was the later one on its way? (Section 5.1.) */
static void group_ends(struct trend *t)
{
    int64_t sent_us = t->now.sent_us - t->before.sent_us;
    int64_t came_us = t->now.came_us - t->before.came_us;

    if (came_us < -JUMP_US || came_us - sent_us > JUMP_US || sent_us - came_us > JUMP_US) {
        struct trend_group now = t->now;
        double threshold_ms = t->threshold_ms;

        trend_init(t);
        t->threshold_ms = threshold_ms;
        t->now = now;
        return;
    }
    if (t->deltas == 0)
        t->first_came_us = t->now.came_us;
    if (t->deltas < 1000)
        t->deltas++;
    t->sum_ms += (double)(came_us - sent_us) / US_PER_MS;
    t->smooth_ms = TREND_SMOOTHING * t->smooth_ms + (1 - TREND_SMOOTHING) * t->sum_ms;
    t->at_ms[t->next] = (double)(t->now.came_us - t->first_came_us) / US_PER_MS;
    t->delay_ms[t->next] = t->smooth_ms;
    t->next = (t->next + 1) % TREND_POINTS;
    if (t->points < TREND_POINTS)
        t->points++;
    detect(t, t->points == TREND_POINTS ? slope(t) : 0, sent_us);
}

/* Section 5.2: what left within one burst, or came no later than it left, is one group. */
static bool belongs(const struct trend_group *g, int64_t sent_us, int64_t came_us)
{
    if (sent_us - g->first_sent_us <= TREND_BURST_US)
        return true;
    return came_us - g->came_us <= TREND_BURST_US &&
           (came_us - g->came_us) - (sent_us - g->sent_us) < 0 && came_us - g->came_us >= 0 &&
           sent_us - g->first_sent_us < 100 * US_PER_MS;
}

void trend_packet(struct trend *t, int64_t sent_us, int64_t came_us)
{
    if (t->now.any && sent_us < t->now.first_sent_us)
        return; /* came in a later report than its neighbours */
    if (t->now.any && !belongs(&t->now, sent_us, came_us)) {
        if (t->before.any)
            group_ends(t);
        t->before = t->now;
        t->now.any = false;
    }
    if (!t->now.any)
        t->now = (struct trend_group){ .any = true, .first_sent_us = sent_us, .came_us = came_us };
    t->now.sent_us = sent_us;
    if (came_us > t->now.came_us)
        t->now.came_us = came_us;
}
