/* SPDX-License-Identifier: Apache-2.0
 *
 * Does the queue on the way to a receiver grow? The delay half of congestion
 * control: packets are grouped as they left, the change of their delay from
 * group to group is summed up and smoothed, and the slope of a line through
 * the last of these points is held against a threshold that adapts itself
 * (draft-ietf-rmcat-gcc-02 sections 5.1 to 5.4). In place of the draft's Kalman
 * filter the slope is a least squares fit, as browsers have it since: it needs
 * no model of the noise. Pure; all times in microseconds.
 */
#ifndef PARTA_MEDIA_TREND_H
#define PARTA_MEDIA_TREND_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/now.h"

#define TREND_BURST_US (5 * US_PER_MS)    /* 5.2: burst_time, one group */
#define TREND_POINTS 20                   /* of the line; a fifth to half a second of media */
#define TREND_SMOOTHING 0.9               /* of the summed delay before the fit */
#define TREND_GAIN 4.0                    /* slope to the threshold's milliseconds */
#define TREND_DELTAS_MAX 60               /* slope times this many groups at most */
#define TREND_OVERUSE_US (10 * US_PER_MS) /* 5.4: overuse_time_th */
#define TREND_THRESHOLD_MS 12.5           /* 5.4: del_var_th(0) */
#define TREND_THRESHOLD_MIN_MS 6.0        /* 5.4: bounds of del_var_th */
#define TREND_THRESHOLD_MAX_MS 600.0
#define TREND_RISE_PER_MS 0.0087 /* how the threshold follows: the draft's K_u and K_d, for ... */
#define TREND_FALL_PER_MS 0.039  /* ... the fit's scale, as browsers have them */
#define TREND_OUTLIER_MS 15.0    /* 5.4: the threshold follows nothing that is further away */

enum trend_use { TREND_NORMAL, TREND_OVERUSE, TREND_UNDERUSE };

struct trend_group {
    bool any;
    int64_t first_sent_us, sent_us; /* of its first and last packet */
    int64_t came_us;                /* of its last packet */
};

struct trend {
    struct trend_group now, before;
    /* the line */
    int64_t first_came_us;
    double sum_ms, smooth_ms;
    double at_ms[TREND_POINTS], delay_ms[TREND_POINTS];
    int points; /* how many are in use */
    int next;
    int deltas;
    /* the detector */
    double threshold_ms;
    double slope_before;
    int64_t over_us; /* how long it has been over the threshold */
    int over_n;
    int64_t threshold_at_us; /* by the receiver's clock; 0 = never */
    enum trend_use use;
};

void trend_init(struct trend *t);

/* One packet that came, in the order of sending. */
void trend_packet(struct trend *t, int64_t sent_us, int64_t came_us);

#endif
