/* SPDX-License-Identifier: Apache-2.0
 *
 * The net loop's own state, shared by the files of this folder and nobody
 * else. Everything here belongs to the net loop's thread, except the mailbox.
 *
 *   bytes ─▶ conn (TLS by libwebsockets) ─▶ http ─┬▶ static
 *                                                 ├▶ desk ─▶ reply by tag
 *                                                 └▶ ws ─▶ rooms ─▶ relay
 */
#ifndef PARTA_NET_LOOP_H
#define PARTA_NET_LOOP_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/list.h"
#include "common/base/now.h"
#include "common/base/timerq.h"
#include "server/net/measure.h"
#include "server/net/net.h"
#include "server/net/perip.h"
#include "server/net/relay.h"
#include "server/net/rooms.h"
#include "server/net/static.h"
#include "server/sys/mailbox.h"

struct alarm_clock;
struct conn;
struct lws;
struct lws_context;
struct lws_vhost;

/* Counters for /metrics; all since start. */
struct net_counters {
    uint64_t accepted, refused_full, refused_address;
    uint64_t requests, answered_2xx, answered_3xx, answered_4xx, answered_5xx;
    uint64_t ws_opened, ws_messages, ws_faults, ws_slow;
    uint64_t timeouts;
    uint64_t callbacks_slow; /* over 20 ms */
};

/* A slot of the table of connections. */
struct conn_slot {
    struct conn *conn;   /* owned by libwebsockets' close callback, NULL = free */
    uint32_t generation; /* of the next connection in this slot */
    uint32_t next_free;
};

/* Mail that is not from the desk begins with its kind at the same place as desk_reply. */
enum net_mail_kind {
    NET_MAIL_RELOAD = 1000, /* above every desk_reply_kind */
    NET_MAIL_STOP,
    NET_MAIL_MEDIA,    /* struct relay_event */
    NET_MAIL_COUNTERS, /* struct relay_report */
};

struct net_mail {
    struct mail mail;
    enum net_mail_kind kind;
};

/* A timer's owner: every struct timer of the net loop is the first member of one of these. */
struct net_timer {
    struct timer timer; /* first member */
    void (*due)(struct net *n, struct net_timer *t);
};

struct net {
    /* config */
    struct net_config config;
    char csp[NET_ORIGIN_MAX * NET_ORIGINS_MAX + 400]; /* Content-Security-Policy */
    char address_salt[33];

    /* owned */
    struct lws_context *lws;
    struct lws_vhost *pages, *inner; /* by libwebsockets */
    void *tls;                       /* SSL_CTX of the pages, libwebsockets' */
    struct static_table files;
    struct mailbox box;
    struct perip perip;
    struct measures measures; /* of path tests */
    struct timerq timers;
    struct alarm_clock *alarm; /* libwebsockets' timer for them */
    struct conn_slot *slots;
    struct rooms rooms;
    struct relay *relays[NET_RELAYS_MAX];
    int relays_n;
    struct relay_counters relay_counters[NET_RELAYS_MAX]; /* as last reported */
    struct dtls_identity *identity;
    pthread_t thread;
    bool started;

    /* borrowed */
    struct desk *desk;

    /* state */
    struct now now; /* read at the start of each callback */
    uint32_t slots_free;
    int slots_n, conns_n;
    int uploads_n; /* files on their way in */
    int next_relay;
    uint64_t probes; /* ready checks begun since start */
    bool draining, stopped;
    int64_t drain_until_us;
    struct net_timer tick; /* once a second */
    int64_t started_us;
    struct net_counters counters;
    int notify_fd; /* systemd's socket, -1 = none */
};

/* Queues t; a full memory is logged, and the next tick tries again for connections. */
void net_timer_set(struct net *n, struct net_timer *t, int64_t at_us);

/* loop.c, for net.c: opens the ports; runs until n->stopped (the loop's thread); wakes it (any
 * thread); frees what is left in the mailbox. */
enum err loop_open(struct net *n) MUST_CHECK;
void *loop_run(void *net);
void loop_wake(void *lws_context);
void loop_drop_mail(struct net *n);

/* Asks libwebsockets to call back when the earliest timer is due. */
void net_arm(struct net *n);

/* Posts to the desk; on refusal frees the request and says so. */
bool net_desk_post(struct net *n, struct desk_request *r);

/* True when Host (or Origin) names this server. Returns the index of the origin, -1 if it is none.
 */
int net_host_index(const struct net *n, const char *host);

/* The relay for the next stage: round robin. There must be one. */
struct relay *net_next_relay(struct net *n);

/* metrics.c. Caller frees the text. */
enum err metrics_text(struct net *n, char **out) MUST_CHECK;
/* "" when ready, else the reasons, space-separated. */
void metrics_unready(struct net *n, char *out, size_t cap);

#endif
