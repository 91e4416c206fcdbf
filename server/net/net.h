/* SPDX-License-Identifier: Apache-2.0
 *
 * The net loop as the rest of the program sees it: one thread that owns every
 * TCP connection and every live lesson, and the relay threads that it feeds.
 * It never waits for the desk, for a hash or for a codec.
 */
#ifndef PARTA_NET_NET_H
#define PARTA_NET_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/api/desk.h"

#define NET_ORIGINS_MAX 4
#define NET_ORIGIN_MAX 270 /* scheme, a 253-byte name, port */
#define NET_RELAYS_MAX 16
#define NET_ANNOUNCE_MAX 64

/* All text is borrowed and must outlive the net. */
struct net_config {
    const char *listen_address; /* "" = every address, IPv4 and IPv6 */
    int port;                   /* 0: any free one, see net_port */
    const char *cert_file, *key_file;
    const char *static_dir;
    const char *db_path;                           /* for the disk check of /readyz */
    char origins[NET_ORIGINS_MAX][NET_ORIGIN_MAX]; /* "https://host[:port]", lower case */
    int origins_n;
    int metrics_port; /* loopback, plain HTTP; 0 = none, -1 = any free one */

    const char *announce; /* address that answers name to browsers */
    int announce_port;    /* ... for the first relay, the next has the next; 0: the relay's own */
    int udp_port;         /* first relay's port, the next relay has the next; 0: any free ones */
    int relays;

    int connections_max, connections_per_address_max, connections_per_user_max;
    int accepts_per_s;  /* new connections of one address, with a burst of four seconds */
    int uploads_max;    /* files on their way in at once, of everybody; each may wait in memory */
    int requests_per_s; /* API requests of one address, with a burst of four seconds */
    int64_t request_timeout_us; /* whole head and body of a request */
    int64_t upload_timeout_us;  /* the same of one that brings a file */
    int64_t idle_timeout_us;    /* an open connection that asks nothing */
    int64_t answer_timeout_us;  /* the desk's time for one request */
    int64_t ping_us, hangup_us; /* WebSocket */
    int64_t write_timeout_us;   /* a reader that takes nothing for so long is closed */
};

struct net;

/* Sockets, certificate, pages: everything that can fail does so here, with a log line that names
 * it. Starts no thread yet. ERR_IO, ERR_NOMEM, ERR_INVAL. */
enum err net_open(struct net **out, const struct net_config *config) MUST_CHECK;

/* Where the desk posts its replies and pushes. */
struct mailbox *net_mailbox(struct net *n);

/* The port that the pages are served on, and the metrics port; 0 = none. */
int net_port(const struct net *n);
int net_metrics_port(const struct net *n);

/* Starts the relays and the loop. desk is borrowed; close the net first, then the desk. */
enum err net_start(struct net *n, struct desk *desk) MUST_CHECK;

/* Any thread: load the certificate again; connections stay. */
void net_reload(struct net *n);

/* Any thread: tell the rooms that the server restarts, write down what is due, end the loop. Waits
 * for it. */
void net_stop(struct net *n);

/* After net_stop (or instead of net_start). */
void net_free(struct net *n);

#endif
