/* SPDX-License-Identifier: Apache-2.0
 *
 * One TCP connection of the net loop: its input buffer, its bounded output
 * queue, its deadlines. It knows nothing of HTTP; http.c and ws.c drive it.
 *
 *   TLS ─▶ HEAD ─▶ BODY ─▶ ANSWER ─▶ HEAD ...        (keep-alive)
 *            │                 └────▶ FLUSH ─▶ LINGER ─▶ gone
 *            └─▶ LOGIN ─▶ WS ─▶ FLUSH ...
 *
 * HEAD reads a head, BODY its body, ANSWER waits for the desk, LOGIN waits for
 * the desk to know the cookie of a WebSocket handshake, FLUSH sends what is
 * queued and takes nothing more, LINGER has said goodbye and throws away what
 * still comes, so that a reset does not eat the answer. Net loop only.
 */
#ifndef PARTA_NET_CONN_H
#define PARTA_NET_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/media/intake.h"
#include "server/media/sendq.h"
#include "server/net/http1.h"
#include "server/net/loop.h"
#include "server/net/tcp.h"
#include "server/net/wsframe.h"

#define CONN_IN_MAX (HTTP1_HEAD_MAX + DESK_BODY_MAX + 4096)
#define CONN_OUT_MAX (1024u * 1024) /* queued copies; borrowed pages do not count */

enum conn_state {
    CONN_TLS,
    CONN_HEAD,
    CONN_BODY,
    CONN_ANSWER,
    CONN_LOGIN,
    CONN_WS,
    CONN_FLUSH,
    CONN_LINGER,
    CONN_DEAD, /* libwebsockets has been asked to close it */
};

struct conn_chunk {
    struct conn_chunk *next;
    const uint8_t *bytes; /* behind the struct (owned) or borrowed for ever */
    size_t len, sent;
    bool owned;
    bool file; /* the bytes are fd's, read as they are sent; fd is owned */
    int fd;
};

/* A person's signalling connection. */
struct ws {
    struct conn *conn; /* borrowed: its owner */
    struct ws_reader reader;
    struct user_id user;
    int64_t login;
    char name[DESK_NAME_MAX + 1];
    struct live_room *room;   /* borrowed; NULL = in none */
    struct list in_room;      /* of live_room.conns */
    struct list of_everybody; /* of net.rooms.people: every WebSocket there is */
    struct lesson_id asked;   /* the lesson an admission was asked for; v = 0: none pending */
    int64_t asked_us;
    struct admit_person person;
    bool admitted;             /* person is valid */
    struct leg_id probe_leg;   /* v = 0: no ready check is running */
    struct relay *probe_relay; /* borrowed */
    int64_t probe_end_us, probe_next_us;
    int64_t heard_us, pinged_us, message_since_us;
    struct rate messages, overruns;
    struct sendq *frames;     /* owned; NULL: no media over this WebSocket yet */
    struct intake intake;     /* what this WebSocket takes; valid if frames */
    int64_t wants_bps;        /* what its leg would give it if it took so much; 0: no more */
    uint64_t frames_bytes;    /* of media, ever given to the socket */
    int64_t together_us;      /* so long voices wait for each other */
    struct leg_id frames_leg; /* whose frames they are; valid if frames */
    struct rate frames_in;
};

struct conn {
    struct net_timer timer; /* first member */
    struct net *net;
    struct lws *wsi;
    struct conn_id id;
    struct addr peer;
    char client_hash[65];      /* of the peer's address, salted: what the desk may know of it */
    struct perip_entry *perip; /* counts this connection */
    bool inner;                /* came by the metrics port */
    bool head_only;            /* answer to HEAD: no body */
    bool keep;                 /* the connection may serve another request */
    bool upload;               /* its request brings a file: counted in net and perip */

    enum conn_state state;
    int64_t deadline_us; /* of the state */
    int64_t stuck_us;    /* output has to move before this; NEVER_US while there is none */

    char *in; /* owned */
    size_t in_len, in_cap, scanned;
    size_t body_len;
    size_t dropped_bytes;         /* in FLUSH and LINGER */
    struct desk_request *request; /* owned until posted: an API request whose body is coming */
    char ws_accept[29];

    struct conn_chunk *out, **out_last;
    size_t out_bytes; /* owned bytes not sent yet */

    struct ws *ws; /* owned; NULL unless LOGIN or WS */
};

/* From libwebsockets' callbacks. conn_adopt: ERR_NOMEM when there is no room. */
enum err conn_adopt(struct net *n, struct lws *wsi, const struct addr *peer, bool inner) MUST_CHECK;
/* Both: false = close it now. */
bool conn_readable(struct conn *c, const uint8_t *data, size_t len);
bool conn_writable(struct conn *c);
void conn_closed(struct conn *c);

/* The connection with this id, NULL when it is gone. */
struct conn *conn_by_id(struct net *n, struct conn_id id);

/* The first len bytes of c->in have been dealt with. */
void conn_drop_input(struct conn *c, size_t len);

/* Queues a copy, or bytes that live as long as the process. False (and the connection is killed)
 * when the queue or the memory is full. */
bool conn_send(struct conn *c, const void *bytes, size_t len);
bool conn_send_borrowed(struct conn *c, const void *bytes, size_t len);

/* The first len bytes of a file; a copy of fd is kept. */
bool conn_send_file(struct conn *c, int fd, size_t len);

/* The kernel is to hold little that is unsent: for connections that carry media. */
void conn_keep_fresh(struct conn *c);
/* What the kernel knows of it. False: it does not say. */
bool conn_look(struct conn *c, struct tcp_seen *out);
/* It is not to be written to faster than this. */
void conn_pace(struct conn *c, int64_t bps);
/* Has conn_writable called as soon as there is room. */
void conn_wants_write(struct conn *c);

/* Sends what is queued, then closes. */
void conn_finish(struct conn *c);

/* Closes without sending anything more. Safe everywhere; conn_closed follows later. */
void conn_kill(struct conn *c);

void conn_set_state(struct conn *c, enum conn_state state, int64_t timeout_us);
void conn_rearm(struct conn *c);

/* http.c: looks at c->in. */
void http_input(struct conn *c);
/* Answers and closes: the short text is for the person who looks at raw HTTP. */
void http_refuse(struct conn *c, int status);
/* The request that brought a file is over. */
void http_upload_done(struct conn *c);
void http_answer_desk(struct conn *c, const struct desk_reply *r);
void http_login_answered(struct conn *c, const struct desk_reply *r);
/* A timer of the state ran out. */
void http_timeout(struct conn *c);

/* ws.c */
void ws_open(struct conn *c, const struct desk_reply *r);
void ws_input(struct conn *c);
void ws_timer(struct conn *c);
int64_t ws_next_timer_us(const struct conn *c);
void ws_free(struct conn *c);
bool ws_send(struct conn *c, const char *text, size_t len);
/* One signalling message. */
void ws_send_message(struct conn *c, const struct sig_server *m);
void ws_close(struct conn *c, int code);
/* `closed` with this enum sig_close, for somebody whom no room tells it. */
void ws_say_closed(struct conn *c, int code);
/* `closed` with server_restart, then the end. */
void ws_server_restart(struct conn *c);
/* False when this person has as many connections open as one may have. */
bool ws_user_fits(struct net *n, struct user_id user);
/* From now on binary messages are frames of media, both ways. False: out of memory. */
bool ws_frames_begin(struct conn *c);
/* A message of its leg for this connection: waits in its send queue, which takes it over. */
void ws_frame_out(struct conn *c, uint8_t *message, size_t len);
/* All that was queued went out: takes the next frame from the send queue. */
void ws_pull(struct conn *c);
/* Of a ready check's stage. */
void ws_probe_event(struct net *n, const struct relay_event *ev);

#endif
