/* SPDX-License-Identifier: Apache-2.0
 *
 * Missing packets of one stream.
 */
#include "server/rtc/nack.h"

#include <string.h>

void nack_init(struct nack *n)
{
    memset(n, 0, sizeof *n);
}

void nack_reset(struct nack *n)
{
    n->missing_n = 0;
    n->line.any = false;
}

static void drop_at(struct nack *n, int i)
{
    n->missing_n--;
    memmove(&n->missing[i], &n->missing[i + 1], (size_t)(n->missing_n - i) * sizeof n->missing[0]);
}

static void found(struct nack *n, int64_t seq)
{
    for (int i = 0; i < n->missing_n && n->missing[i].seq <= seq; i++)
        if (n->missing[i].seq == seq) {
            drop_at(n, i);
            return;
        }
}

int64_t nack_received(struct nack *n, uint16_t seq, int64_t now_us)
{
    bool first = !n->line.any;
    int64_t before = n->line.highest;
    int64_t at = seq_unwrap(&n->line, seq);

    if (first)
        return at;
    if (at <= before) {
        found(n, at);
        return at;
    }
    if (at - before - 1 > NACK_MISSING_MAX - n->missing_n) {
        n->gave_up += (uint64_t)(at - before - 1) + (uint64_t)n->missing_n;
        n->missing_n = 0;
        return at;
    }
    for (int64_t s = before + 1; s < at; s++)
        n->missing[n->missing_n++] = (struct nack_missing){ .seq = s, .since_us = now_us };
    return at;
}

static int64_t due_us(const struct nack_missing *m, int64_t rtt_us)
{
    int64_t pause = rtt_us > NACK_REPEAT_MIN_US ? rtt_us : NACK_REPEAT_MIN_US;

    return m->tries == 0 ? m->since_us + NACK_WAIT_US : m->asked_us + pause;
}

static bool hopeless(const struct nack_missing *m, int64_t now_us)
{
    return m->tries >= NACK_TRIES_MAX || now_us - m->since_us >= NACK_GIVE_UP_US;
}

int nack_due(struct nack *n, int64_t now_us, int64_t rtt_us, uint16_t *seqs, int cap)
{
    int due = 0;

    for (int i = 0; i < n->missing_n;) {
        struct nack_missing *m = &n->missing[i];

        if (due_us(m, rtt_us) > now_us) {
            i++;
        } else if (hopeless(m, now_us)) {
            n->gave_up++;
            drop_at(n, i);
        } else {
            if (due < cap) {
                seqs[due++] = (uint16_t)m->seq;
                m->asked_us = now_us;
                m->tries++;
            }
            i++;
        }
    }
    return due;
}

int64_t nack_deadline(const struct nack *n, int64_t rtt_us)
{
    int64_t at = NEVER_US;

    for (int i = 0; i < n->missing_n; i++)
        at = earlier_us(at, due_us(&n->missing[i], rtt_us));
    return at;
}
