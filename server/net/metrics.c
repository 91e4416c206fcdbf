/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers for operators: Prometheus text (version 0.0.4) and readiness. No
 * ids, names or addresses. Net loop only.
 */
#include <inttypes.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include "common/base/str.h"
#include "server/net/loop.h"

#define DISK_FREE_MIN                                                                              \
    (UINT64_C(64) * 1024 * 1024) /* below this the desk's next writes may fail                     \
                                  */
#define QUEUE_AGE_MAX_US (5 * US_PER_S)

static void line(struct strbuf *b, const char *name, const char *type, const char *help,
                 uint64_t value)
{
    strbuf_printf(b, "# HELP parta_%s %s\n# TYPE parta_%s %s\nparta_%s %" PRIu64 "\n", name, help,
                  name, type, name, value);
}

static void net_lines(const struct net *n, struct strbuf *b)
{
    const struct net_counters *c = &n->counters;

    line(b, "connections", "gauge", "open TCP connections", (uint64_t)n->conns_n);
    line(b, "rooms", "gauge", "live lessons", n->rooms.n);
    line(b, "people", "gauge", "open signalling connections", rooms_people(n));
    line(b, "accepted_total", "counter", "connections taken", c->accepted);
    line(b, "refused_full_total", "counter", "connections refused: server full", c->refused_full);
    line(b, "refused_address_total", "counter", "connections refused: too many of one address",
         c->refused_address);
    line(b, "requests_total", "counter", "HTTP requests", c->requests);
    strbuf_puts(b, "# HELP parta_answers_total HTTP answers by class\n"
                   "# TYPE parta_answers_total counter\n");
    strbuf_printf(b, "parta_answers_total{class=\"2xx\"} %" PRIu64 "\n", c->answered_2xx);
    strbuf_printf(b, "parta_answers_total{class=\"3xx\"} %" PRIu64 "\n", c->answered_3xx);
    strbuf_printf(b, "parta_answers_total{class=\"4xx\"} %" PRIu64 "\n", c->answered_4xx);
    strbuf_printf(b, "parta_answers_total{class=\"5xx\"} %" PRIu64 "\n", c->answered_5xx);
    line(b, "websockets_total", "counter", "signalling connections opened", c->ws_opened);
    line(b, "messages_total", "counter", "signalling messages received", c->ws_messages);
    line(b, "websocket_faults_total", "counter", "signalling connections closed for a fault",
         c->ws_faults);
    line(b, "slow_readers_total", "counter", "connections closed because they did not read",
         c->ws_slow);
    line(b, "timeouts_total", "counter", "connections closed by a deadline", c->timeouts);
    line(b, "slow_callbacks_total", "counter", "callbacks of the net loop over 20 ms",
         c->callbacks_slow);
}

static void relay_lines(const struct net *n, struct strbuf *b)
{
    struct relay_counters sum = { 0 };

    for (int i = 0; i < n->relays_n; i++) {
        const struct relay_counters *r = &n->relay_counters[i];

        sum.packets_in += r->packets_in;
        sum.bytes_in += r->bytes_in;
        sum.packets_out += r->packets_out;
        sum.bytes_out += r->bytes_out;
        sum.unknown += r->unknown;
        sum.receives += r->receives;
        sum.sends += r->sends;
        sum.send_full += r->send_full;
        sum.send_failed += r->send_failed;
        sum.stages += r->stages;
        sum.legs += r->legs;
    }
    line(b, "stages", "gauge", "lessons with a media half", sum.stages);
    line(b, "legs", "gauge", "media connections", sum.legs);
    line(b, "relay_packets_in_total", "counter", "datagrams received", sum.packets_in);
    line(b, "relay_bytes_in_total", "counter", "bytes received", sum.bytes_in);
    line(b, "relay_packets_out_total", "counter", "datagrams sent", sum.packets_out);
    line(b, "relay_bytes_out_total", "counter", "bytes sent", sum.bytes_out);
    line(b, "relay_unknown_total", "counter", "datagrams of no connection", sum.unknown);
    line(b, "relay_receives_total", "counter", "recvmmsg calls", sum.receives);
    line(b, "relay_sends_total", "counter", "sendmmsg calls", sum.sends);
    line(b, "relay_send_full_total", "counter", "datagrams dropped: socket full", sum.send_full);
    line(b, "relay_send_failed_total", "counter", "datagrams dropped: send error", sum.send_failed);
}

enum err metrics_text(struct net *n, char **out)
{
    struct rusage usage = { 0 };
    int64_t oldest_us = 0;
    size_t queued = 0, kept = 0, lost = 0;
    struct strbuf b;

    strbuf_init(&b);
    desk_load(n->desk, &queued, &oldest_us);
    desk_kept(n->desk, &kept, &lost);
    getrusage(RUSAGE_SELF, &usage);
    net_lines(n, &b);
    relay_lines(n, &b);
    line(&b, "desk_queue", "gauge", "requests that wait for the desk", queued);
    line(&b, "desk_queue_age_us", "gauge", "age of the oldest of them", (uint64_t)oldest_us);
    line(&b, "desk_facts_kept", "gauge", "attendance facts that wait for the disk", kept);
    line(&b, "desk_facts_lost_total", "counter", "attendance facts lost for want of memory", lost);
    line(&b, "uptime_seconds", "gauge", "since start",
         (uint64_t)((n->now.mono_us - n->started_us) / US_PER_S));
    line(&b, "cpu_us_total", "counter", "user and system time of the process",
         (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * (uint64_t)US_PER_S +
             (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec));
    line(&b, "memory_peak_kilobytes", "gauge", "largest resident size", (uint64_t)usage.ru_maxrss);
    return strbuf_take(&b, out);
}

void metrics_unready(struct net *n, char *out, size_t cap)
{
    int64_t oldest_us = 0;
    size_t queued = 0, kept = 0, lost = 0;
    struct statvfs disk;
    bool slow, full;

    desk_load(n->desk, &queued, &oldest_us);
    desk_kept(n->desk, &kept, &lost);
    slow = queued > 0 && oldest_us > QUEUE_AGE_MAX_US;
    full = kept > 0 || !n->config.db_path || statvfs(n->config.db_path, &disk) != 0 ||
           (uint64_t)disk.f_bavail * disk.f_frsize < DISK_FREE_MIN;
    if (!slow && !full && !n->draining) {
        out[0] = '\0';
        return;
    }
    if (!str_format(out, cap, "not ready:%s%s%s\n", n->draining ? " draining" : "",
                    slow ? " desk_slow" : "", full ? " disk" : "") &&
        !str_copy(out, cap, "no"))
        out[0] = '\0';
}
