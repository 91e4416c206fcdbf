/* SPDX-License-Identifier: Apache-2.0
 *
 * What a WebSocket takes; see intake.h.
 */
#include "server/media/intake.h"

#define LONG_AGO (INT64_MIN / 2)

void intake_init(struct intake *in, struct now now)
{
    *in = (struct intake){ .bps = INTAKE_START_BPS,
                           .fell_us = LONG_AGO,
                           .looked_us = now.mono_us,
                           .told_us = LONG_AGO,
                           .doubt_us = LONG_AGO,
                           .fill_us = LONG_AGO };
}

/* The first and the last of the last looks; false: there are too few. */
static bool window(const struct intake *in, const struct intake_sample **first,
                   const struct intake_sample **last)
{
    unsigned n = in->samples_n < INTAKE_SAMPLES ? in->samples_n : INTAKE_SAMPLES;

    *first = &in->samples[(in->samples_n - n) % INTAKE_SAMPLES];
    *last = &in->samples[(in->samples_n - 1) % INTAKE_SAMPLES];
    return n >= 3;
}

/* What was acknowledged over the last looks, bit/s; 0: not known. */
static int64_t rate_of(const struct intake *in)
{
    const struct intake_sample *first, *last;

    if (!window(in, &first, &last) || first->acked == 0)
        return 0;
    return (int64_t)(last->acked - first->acked) * 8 * US_PER_S / (last->at_us - first->at_us);
}

/* What was given to the socket over the last looks, bit/s; 0: not known. */
static int64_t given_of(const struct intake *in)
{
    const struct intake_sample *first, *last;

    if (!window(in, &first, &last))
        return 0;
    return (int64_t)(last->given - first->given) * 8 * US_PER_S / (last->at_us - first->at_us);
}

static void fall(struct intake *in, int64_t stands_us, int64_t now_us)
{
    int64_t rate = rate_of(in), percent = INTAKE_FALL, bps;
    bool filled = in->fills; /* that ends now, and what went before goes on */

    if (stands_us > 0 && !filled)
        percent = stands_us > INTAKE_LONG_QUEUE_US ? INTAKE_DRAIN_LONG : INTAKE_DRAIN;
    if (now_us - in->fell_us < INTAKE_CALM_US)
        return;
    if (filled) {
        in->rest_us =
            in->rest_us > 0 ? earlier_us(in->rest_us * 2, INTAKE_REST_MAX_US) : INTAKE_REST_US;
        in->fill_us = now_us + in->rest_us;
    }
    bps = (rate > 0 && rate < in->bps ? rate : in->bps) * percent / 100;
    bps = bps > INTAKE_MIN_BPS ? bps : INTAKE_MIN_BPS;
    if (!in->drains)
        in->before = in->bps;
    if (in->rose && now_us - in->fell_us < INTAKE_DOUBT_US)
        in->doubt_us = now_us + INTAKE_DOUBTED_US;
    in->rose = false;
    in->through = rate;
    in->bps = bps;
    in->fell_us = now_us;
    in->drains = stands_us > 0 && !filled;
    in->met = true;
}

/* What was not sent proves nothing, but what went through a moment ago will do so again: a fall may
 * have been a stall of something else. */
static bool needs_proof(const struct intake *in, int64_t now_us)
{
    return now_us < in->doubt_us || in->bps >= in->carried;
}

static bool proven(const struct intake *in, int64_t now_us)
{
    int64_t rate = rate_of(in);

    return rate == 0 || !needs_proof(in, now_us) || rate * 100 >= in->bps * INTAKE_PROOF;
}

/* Remembers the most that went through lately; taken over spans that no burst of acknowledgements
 * fills. */
static void remember(struct intake *in, uint64_t acked, int64_t now_us)
{
    int64_t us = now_us - in->span_us, rate;

    if (us < INTAKE_SPAN_US)
        return;
    rate = in->span_acked > 0 ? (int64_t)(acked - in->span_acked) * 8 * US_PER_S / us : 0;
    in->span_us = now_us;
    in->span_acked = acked;
    if (rate < in->carried && now_us - in->carried_us < INTAKE_CARRIED_US)
        return;
    in->carried = rate;
    in->carried_us = now_us;
}

static void rise(struct intake *in, int64_t dt_us, int64_t now_us)
{
    int64_t calm_us = now_us - in->fell_us;
    int64_t percent = calm_us > INTAKE_FASTEST_US ? INTAKE_FASTEST_RISE
                      : calm_us > INTAKE_FAST_US  ? INTAKE_FAST_RISE
                                                  : INTAKE_RISE;

    if (calm_us < INTAKE_STEADY_US || !proven(in, now_us))
        return;
    in->rose = true;
    in->bps += in->bps * percent / 100 * dt_us / US_PER_S;
    if (in->bps > INTAKE_MAX_BPS)
        in->bps = INTAKE_MAX_BPS;
}

/* By how much the round trip is longer than the line's own; 0 if not by much. */
static int64_t stands_of(struct intake *in, const struct intake_seen *seen)
{
    int64_t least = in->usual_us > seen->least_us ? in->usual_us : seen->least_us;
    int64_t stands = seen->rtt_us - least;

    if (seen->rtt_us < in->usual_us)
        in->usual_us = seen->rtt_us;
    return stands > INTAKE_STANDS_US && stands * 2 > least ? stands : 0;
}

/* The round trip is told smoothed: it still falls when the queue has gone. */
static bool shrinks(const struct intake *in)
{
    const struct intake_sample *first, *last;

    return window(in, &first, &last) && last->rtt_us < first->rtt_us;
}

/* Less is sent since the fall. As long as more than that goes through, a queue empties. If it does
 * not and the round trip is still long, nothing of ours was standing there. A voice is sent even if
 * it is more than the estimate. */
static void settle(struct intake *in, const struct intake_seen *seen, int64_t stands_us,
                   int64_t now_us)
{
    int64_t window_us = INTAKE_SAMPLES * INTAKE_LOOK_US, given = given_of(in);

    if (now_us - in->fell_us < seen->rtt_us + window_us)
        return;
    if (stands_us > 0 &&
        (shrinks(in) || rate_of(in) * 100 > (given > in->bps ? given : in->bps) * INTAKE_DRAINS))
        return;
    in->drains = false;
    if (stands_us > 0) {
        in->usual_us = seen->rtt_us;
        in->bps = in->before;
    } else if (in->bps < in->through * INTAKE_FALL / 100) {
        in->bps = in->through * INTAKE_FALL / 100;
    }
}

int64_t intake_pace(const struct intake *in)
{
    int64_t bps = in->bps * INTAKE_PACE / 100;

    return bps > INTAKE_PACE_MIN_BPS ? bps : INTAKE_PACE_MIN_BPS;
}

/* Frames wait, no queue stands on the way, and all goes through that may: it is we who hold back.
 */
static bool holds_back(const struct intake *in, const struct intake_seen *seen)
{
    return in->met && seen->rtt_us > 0 && rate_of(in) >= in->bps;
}

/* bit/s that go out together with filler: a proof of the estimate, but not at once far more than
 * goes through already. */
static int64_t filled(const struct intake *in)
{
    int64_t proof = in->bps * INTAKE_FILL / 100, rate = rate_of(in);
    int64_t more = (rate > INTAKE_MIN_BPS ? rate : INTAKE_MIN_BPS) * INTAKE_FILL_MORE / 100;

    return proof < more ? proof : more;
}

/* How much filler goes out until the next look. */
static void fill(struct intake *in, const struct intake_seen *seen, int64_t dt_us, int64_t now_us)
{
    int64_t due = filled(in) / 8 * dt_us / US_PER_S;

    in->filler = 0;
    if (in->fills && seen->wants_bps <= in->bps)
        in->rest_us = 0; /* it was proved */
    in->fills = in->met && !in->drains && seen->acked > 0 && seen->wants_bps > in->bps &&
                now_us - in->fell_us >= INTAKE_STEADY_US && now_us >= in->fill_us &&
                needs_proof(in, now_us);
    in->owed = in->fills ? in->owed + due - (int64_t)(seen->given - in->given) : 0;
    in->given = seen->given;
    if (in->owed < -due)
        in->owed = -due;
    if (in->owed > due * 3 / 2)
        in->owed = due * 3 / 2;
    if (!in->fills || seen->oldest_us >= INTAKE_LONG_US || in->owed <= 0)
        return;
    in->filler = (size_t)(in->owed < INTAKE_FILL_MAX ? in->owed : INTAKE_FILL_MAX);
    in->owed = 0;
}

bool intake_look(struct intake *in, const struct intake_seen *seen, struct now now)
{
    int64_t dt_us = now.mono_us - in->looked_us, stands_us, change;
    unsigned at = in->samples_n++ % INTAKE_SAMPLES;

    in->looked_us = in->samples[at].at_us = now.mono_us;
    in->samples[at].acked = seen->acked;
    in->samples[at].given = seen->given;
    in->samples[at].rtt_us = seen->rtt_us;
    if (seen->oldest_us <= INTAKE_LONG_US) {
        in->waits_us = NEVER_US;
        in->repeats = false;
    } else if (in->waits_us == NEVER_US) {
        in->waits_us = now.mono_us;
    }
    in->repeats |= seen->repeats;
    remember(in, seen->acked, now.mono_us);
    stands_us = stands_of(in, seen);
    if (in->drains && (stands_us == 0 || in->bps <= rate_of(in) || in->bps == INTAKE_MIN_BPS))
        settle(in, seen, stands_us, now.mono_us);
    else if (stands_us > 0)
        fall(in, stands_us, now.mono_us);
    else if (in->waits_us != NEVER_US &&
             now.mono_us - in->waits_us >= (in->repeats ? INTAKE_REPEATS_US : INTAKE_WAITS_US) &&
             !holds_back(in, seen))
        fall(in, 0, now.mono_us);
    else if (in->met && (seen->oldest_us < INTAKE_SHORT_US || holds_back(in, seen)))
        rise(in, dt_us < US_PER_S ? dt_us : US_PER_S, now.mono_us);
    fill(in, seen, dt_us < US_PER_S ? dt_us : US_PER_S, now.mono_us);
    change = in->bps > in->told_bps ? in->bps - in->told_bps : in->told_bps - in->bps;
    if (!in->met || (change * 20 < in->told_bps && now.mono_us - in->told_us < INTAKE_TELL_US))
        return false;
    in->told_bps = in->bps;
    in->told_us = now.mono_us;
    return true;
}
