/* SPDX-License-Identifier: Apache-2.0
 *
 * What a WebSocket takes; see intake.h.
 */
#include "server/media/intake.h"

void intake_init(struct intake *in, struct now now)
{
    *in = (struct intake){ .bps = INTAKE_START_BPS,
                           .fell_us = INT64_MIN / 2,
                           .looked_us = now.mono_us,
                           .told_us = INT64_MIN / 2 };
}

static void fall(struct intake *in, uint64_t rate_bps, int64_t now_us)
{
    int64_t bps = rate_bps > 0 && rate_bps < INTAKE_MAX_BPS ? (int64_t)rate_bps * INTAKE_FALL / 100
                                                            : in->bps * INTAKE_BLIND / 100;

    if (now_us - in->fell_us < INTAKE_CALM_US)
        return;
    if (bps < in->bps)
        in->bps = bps > INTAKE_MIN_BPS ? bps : INTAKE_MIN_BPS;
    in->fell_us = now_us;
    in->met = true;
}

static void rise(struct intake *in, int64_t dt_us, int64_t now_us)
{
    int64_t calm_us = now_us - in->fell_us;
    int64_t percent = calm_us > INTAKE_FASTEST_US ? INTAKE_FASTEST_RISE
                      : calm_us > INTAKE_FAST_US  ? INTAKE_FAST_RISE
                                                  : INTAKE_RISE;

    if (calm_us < INTAKE_STEADY_US)
        return;
    in->bps += in->bps * percent / 100 * dt_us / US_PER_S;
    if (in->bps > INTAKE_MAX_BPS)
        in->bps = INTAKE_MAX_BPS;
}

bool intake_look(struct intake *in, const struct sendq_pressure *p, struct now now)
{
    int64_t dt_us = now.mono_us - in->looked_us;
    int64_t change;

    in->looked_us = now.mono_us;
    if (p->oldest_us > INTAKE_LONG_US || p->left_out > in->left_out)
        fall(in, p->rate_bps, now.mono_us);
    else if (in->met && p->oldest_us < INTAKE_SHORT_US)
        rise(in, dt_us < US_PER_S ? dt_us : US_PER_S, now.mono_us);
    in->left_out = p->left_out;
    change = in->bps > in->told_bps ? in->bps - in->told_bps : in->told_bps - in->bps;
    if (!in->met || (change * 20 < in->told_bps && now.mono_us - in->told_us < INTAKE_TELL_US))
        return false;
    in->told_bps = in->bps;
    in->told_us = now.mono_us;
    return true;
}

int64_t intake_deadline(const struct intake *in, const struct sendq_pressure *p)
{
    return in->met || p->bytes > 0 ? in->looked_us + INTAKE_LOOK_US : NEVER_US;
}
