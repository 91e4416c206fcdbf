/* SPDX-License-Identifier: Apache-2.0
 *
 * A relay loop: one thread, one UDP socket, and every stage that is pinned to
 * it. Commands come and events go as owned copies through mailboxes; nothing
 * else is shared, so the path of a packet has no lock.
 */
#ifndef PARTA_NET_RELAY_H
#define PARTA_NET_RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/media/message.h"
#include "server/rtc/addr.h"
#include "server/sys/mailbox.h"

struct dtls_identity;
struct relay;

/* Which stage is meant: a lesson's, or the one of a single probing connection. */
struct stage_key {
    uint64_t v;
    bool probe; /* v is the leg, not a lesson */
};

/* Relay → net. First two members as in struct net_mail. */
struct relay_event {
    struct mail mail;
    int kind; /* NET_MAIL_MEDIA */
    struct stage_key stage;
    struct media_event event; /* event.sdp is owned by this mail */
    char *sdp;
    uint8_t *frame; /* owned: no event, but a message for the WebSocket of event.leg */
    size_t frame_len;
};

struct relay_config {
    const char *listen_address; /* "" = every address */
    int port;                   /* 0 = any free one */
    struct addr announce; /* host candidate of every answer; port 0: the one that we listen on */
    struct dtls_identity *identity; /* borrowed */
    struct mailbox *to_net;         /* borrowed */
    int event_kind, report_kind;    /* what relay_event.kind and relay_report.kind say */
    int index;                      /* of this relay, for reports and logs */
    int legs_max; /* people in one stage, 0 = LEGS_MAX; only the bench asks for more */
};

/* Cumulative. */
struct relay_counters {
    uint64_t packets_in, bytes_in, packets_out, bytes_out;
    uint64_t unknown;         /* datagrams of nobody's */
    uint64_t sends, receives; /* system calls */
    uint64_t send_full;       /* datagrams dropped because the socket's queue was full */
    uint64_t send_failed;     /* ... or for another reason */
    uint64_t stages, legs;    /* now */
    bool gso;
};

/* Relay → net, every few seconds while there is something to tell. */
struct relay_report {
    struct mail mail;
    int kind;
    int index;
    struct relay_counters counters;
};

/* Opens the socket. ERR_IO with a log line, ERR_NOMEM. */
enum err relay_open(struct relay **out, const struct relay_config *config) MUST_CHECK;
int relay_port(const struct relay *r);

/* Starts the thread. */
enum err relay_start(struct relay *r) MUST_CHECK;

/* Net loop. Copies the command. False when the relay is going down or memory is short. */
bool relay_command(struct relay *r, struct stage_key stage, const struct media_command *cmd);

/* Net loop. A binary message of this leg's WebSocket, copied. False as above. */
bool relay_frame(struct relay *r, struct stage_key stage, struct leg_id leg, const void *message,
                 size_t len);

/* Stops the thread, frees everything. */
void relay_close(struct relay *r);

/* Frees an event that the net loop has taken. */
void relay_event_free(struct relay_event *ev);

#endif
