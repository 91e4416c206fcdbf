/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as an RTCP compound; every sub-iterator is walked, and the steps
 * must stay linear in the input.
 */
#include <stdint.h>
#include <stdlib.h>

#include "server/rtc/rtcp.h"
#include "server/rtc/sent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Feedback joined with 1100 packets, more than are remembered: each is told once at most. */
static void join(struct sent *s, const struct rtcp *p)
{
    struct sent_walk w;
    struct sent_report report;
    int64_t before = -1;
    size_t told = 0;

    if (sent_feedback(s, p, 1000000000, &w) != ERR_OK)
        return;
    while (sent_feedback_next(&w, &report)) {
        if (report.number <= before || report.number >= s->next ||
            report.number < s->next - SENT_WINDOW || ++told > SENT_WINDOW)
            abort();
        before = report.number;
    }
}

static size_t walk(const struct rtcp *p)
{
    uint16_t seqs[RTCP_NACK_SEQS_MAX];
    struct rtcp_twcc_walk w;
    struct rtcp_twcc_item item;
    struct rtcp_report report;
    uint32_t ssrc;
    uint8_t seq;
    size_t steps = 0, covered = 0;

    for (int i = 0; rtcp_report_at(p, i, &report); i++)
        steps++;
    for (int i = 0; rtcp_nack_at(p, i, seqs) > 0; i++)
        steps++;
    for (int i = 0; rtcp_fir_at(p, i, &ssrc, &seq); i++)
        steps++;
    for (int i = 0; rtcp_ssrc_at(p, i, &ssrc); i++)
        steps++;
    if (rtcp_twcc_begin(p, &w) == ERR_OK)
        while (rtcp_twcc_next(&w, &item)) {
            covered += item.count;
            if (covered > w.total)
                abort();
            steps++;
        }
    return steps;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_on(data, size);
    static struct sent sent;
    size_t steps = 0;
    struct rtcp p;

    sent_init(&sent);
    for (int i = 0; i < 1100; i++)
        sent_add(&sent, 100, 0, 900000000 + i * 1000);
    while (rtcp_next(&r, &p)) {
        steps += walk(&p) + 1;
        join(&sent, &p);
    }
    if (steps > size * 7 + 1)
        abort();
    if (rtcp_check(data, size) != ERR_OK && !r.bad && size > 0)
        abort();
    return 0;
}
