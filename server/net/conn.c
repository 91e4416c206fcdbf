/* SPDX-License-Identifier: Apache-2.0
 *
 * Connections: table, buffers, deadlines. Net loop only.
 */
#include "server/net/conn.h"

#include <fcntl.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"

#define WRITE_PIECE 16384u /* one TLS record */
#define IN_KEEP 4096u      /* an input buffer up to this size is kept between messages */
#define LINGER_US (2 * US_PER_S)
#define LINGER_BYTES (512u * 1024) /* of an answer's refused body; more is no slip but a flood */

static void timer_due(struct net *n, struct net_timer *t);

/* Ids: slot in the low 16 bits, generation above; a generation is never used twice. */
#define SLOT_BITS 16

struct conn *conn_by_id(struct net *n, struct conn_id id)
{
    uint64_t slot = id.v & ((1u << SLOT_BITS) - 1);
    struct conn *c = slot < (uint64_t)n->slots_n ? n->slots[slot].conn : NULL;

    return c && c->id.v == id.v && c->state != CONN_DEAD ? c : NULL;
}

/* The desk throttles by this and never learns the address itself. */
static bool hash_client(struct conn *c)
{
    unsigned char sha[EVP_MAX_MD_SIZE];
    char text[sizeof c->net->address_salt + 16];
    size_t salt = strlen(c->net->address_salt);
    size_t ip = c->peer.family == 4 ? 4 : 8;

    memcpy(text, c->net->address_salt, salt);
    memcpy(text + salt, c->peer.ip, ip);
    if (!EVP_Digest(text, salt + ip, sha, NULL, EVP_sha256(), NULL))
        return false;
    str_hex(sha, 32, c->client_hash);
    return true;
}

enum err conn_adopt(struct net *n, struct lws *wsi, const struct addr *peer, bool inner)
{
    uint32_t slot = n->slots_free;
    struct perip_entry *perip = perip_get(&n->perip, peer, n->now.mono_us);
    struct conn *c;

    if (slot >= (uint32_t)n->slots_n || !perip)
        return ERR_NOMEM;
    c = mem_zalloc(1, sizeof *c);
    if (!c)
        return ERR_NOMEM;
    c->timer.due = timer_due;
    c->net = n;
    c->wsi = wsi;
    c->peer = *peer;
    c->inner = inner;
    c->out_last = &c->out;
    c->stuck_us = NEVER_US;
    if (!hash_client(c)) {
        mem_free(c);
        return ERR_NOMEM;
    }
    c->perip = perip;
    perip->open++;
    c->id.v = (uint64_t)++n->slots[slot].generation << SLOT_BITS | slot;
    n->slots[slot].conn = c;
    n->slots_free = n->slots[slot].next_free;
    n->conns_n++;
    n->counters.accepted++;
    lws_set_opaque_user_data(wsi, c);
    /* The handshake counts as part of the first request. */
    conn_set_state(c, inner ? CONN_HEAD : CONN_TLS, n->config.request_timeout_us);
    return ERR_OK;
}

static void drop_chunk(struct conn *c)
{
    struct conn_chunk *chunk = c->out;

    c->out = chunk->next;
    if (!c->out)
        c->out_last = &c->out;
    if (chunk->file)
        (void)close(chunk->fd);
    mem_free(chunk);
}

void conn_closed(struct conn *c)
{
    struct net *n = c->net;
    struct conn_slot *slot = &n->slots[c->id.v & ((1u << SLOT_BITS) - 1)];

    c->state = CONN_DEAD;
    timerq_cancel(&n->timers, &c->timer.timer);
    lws_set_opaque_user_data(c->wsi, NULL);
    ws_free(c);
    http_upload_done(c);
    if (c->request)
        desk_request_free(c->request);
    while (c->out)
        drop_chunk(c);
    mem_free(c->in);
    c->perip->open--;
    slot->conn = NULL;
    slot->next_free = n->slots_free;
    n->slots_free = (uint32_t)(slot - n->slots);
    n->conns_n--;
    mem_free(c);
}

void conn_kill(struct conn *c)
{
    if (c->state == CONN_DEAD)
        return;
    c->state = CONN_DEAD;
    timerq_cancel(&c->net->timers, &c->timer.timer);
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_ASYNC);
}

void conn_set_state(struct conn *c, enum conn_state state, int64_t timeout_us)
{
    if (c->state == CONN_DEAD)
        return;
    c->state = state;
    c->deadline_us = timeout_us == NEVER_US ? NEVER_US : c->net->now.mono_us + timeout_us;
    conn_rearm(c);
}

void conn_rearm(struct conn *c)
{
    int64_t at = earlier_us(c->deadline_us, c->stuck_us);

    if (c->state == CONN_DEAD)
        return;
    if (c->state == CONN_WS)
        at = earlier_us(at, ws_next_timer_us(c));
    net_timer_set(c->net, &c->timer, at);
}

static void timer_due(struct net *n, struct net_timer *t)
{
    struct conn *c = (struct conn *)t;

    if (c->stuck_us <= n->now.mono_us) {
        n->counters.ws_slow += c->state == CONN_WS;
        n->counters.timeouts++;
        conn_kill(c);
    } else if (c->deadline_us <= n->now.mono_us) {
        n->counters.timeouts++;
        http_timeout(c);
    } else if (c->state == CONN_WS) {
        ws_timer(c);
    }
    conn_rearm(c);
}

/* Appends to the input buffer. */
static bool keep_input(struct conn *c, const uint8_t *data, size_t len)
{
    size_t need = c->in_len + len + 1;

    if (need > CONN_IN_MAX + (c->upload ? c->body_len : 0))
        return false;
    if (need > c->in_cap) {
        size_t cap = need < 2048 ? 2048 : need + need / 2;
        char *grown;

        /* At once, so that the bytes of a file are moved once; what does not come takes no room. */
        if (c->upload && need <= c->body_len + 1)
            cap = c->body_len + 1;
        grown = mem_regrow(c->in, cap, 1);
        if (!grown)
            return false;
        c->in = grown;
        c->in_cap = cap;
    }
    memcpy(c->in + c->in_len, data, len);
    c->in_len += len;
    return true;
}

void conn_drop_input(struct conn *c, size_t len)
{
    c->in_len -= len;
    if (c->in_len > 0) {
        memmove(c->in, c->in + len, c->in_len);
    } else if (c->in_cap > IN_KEEP) {
        /* One large body must not be held for as long as the connection lives. */
        mem_free(c->in);
        c->in = NULL;
        c->in_cap = 0;
    }
}

bool conn_readable(struct conn *c, const uint8_t *data, size_t len)
{
    switch (c->state) {
    case CONN_DEAD:
        return false;
    case CONN_FLUSH:
    case CONN_LINGER:
        c->dropped_bytes += len; /* thrown away */
        return c->dropped_bytes <= LINGER_BYTES;
    case CONN_TLS:
        /* The first byte through the handshake. libwebsockets has given the connection timeout_secs
         * to say something it understands, which of a raw one it never does: from here on the
         * deadlines are ours. */
        lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0);
        conn_set_state(c, CONN_HEAD, c->net->config.request_timeout_us);
        break;
    default:
        break;
    }
    if (!keep_input(c, data, len))
        return false;
    if (c->state == CONN_WS)
        ws_input(c);
    else
        http_input(c);
    return c->state != CONN_DEAD;
}

static void append(struct conn *c, struct conn_chunk *chunk)
{
    *c->out_last = chunk;
    c->out_last = &chunk->next;
    if (c->stuck_us == NEVER_US) {
        c->stuck_us = c->net->now.mono_us + c->net->config.write_timeout_us;
        conn_rearm(c);
    }
    lws_callback_on_writable(c->wsi);
}

static bool queue(struct conn *c, const void *bytes, size_t len, bool copy)
{
    struct conn_chunk *chunk;

    if (c->state == CONN_DEAD || c->state == CONN_LINGER)
        return false;
    if (len == 0)
        return true;
    if (copy && c->out_bytes + len > CONN_OUT_MAX) {
        c->net->counters.ws_slow++;
        conn_kill(c);
        return false;
    }
    chunk = mem_zalloc(1, sizeof *chunk + (copy ? len : 0));
    if (!chunk) {
        conn_kill(c);
        return false;
    }
    if (copy)
        memcpy(chunk + 1, bytes, len);
    chunk->bytes = copy ? (const uint8_t *)(chunk + 1) : bytes;
    chunk->len = len;
    chunk->owned = copy;
    c->out_bytes += copy ? len : 0;
    append(c, chunk);
    return true;
}

bool conn_send(struct conn *c, const void *bytes, size_t len)
{
    return queue(c, bytes, len, true);
}

bool conn_send_borrowed(struct conn *c, const void *bytes, size_t len)
{
    return queue(c, bytes, len, false);
}

bool conn_send_file(struct conn *c, int fd, size_t len)
{
    struct conn_chunk *chunk;
    int own;

    if (c->state == CONN_DEAD || c->state == CONN_LINGER)
        return false;
    if (len == 0)
        return true;
    own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    chunk = own < 0 ? NULL : mem_zalloc(1, sizeof *chunk);
    if (!chunk) {
        if (own >= 0)
            (void)close(own);
        conn_kill(c);
        return false;
    }
    chunk->len = len;
    chunk->file = true;
    chunk->fd = own;
    append(c, chunk);
    return true;
}

/* Says goodbye in TLS and TCP but keeps reading: closing a socket with unread input makes the
 * kernel send a reset, which may overtake the answer. */
static void start_linger(struct conn *c)
{
    SSL *ssl = lws_get_ssl(c->wsi);

    if (ssl)
        SSL_shutdown(ssl);
    shutdown(lws_get_socket_fd(c->wsi), SHUT_WR);
    conn_set_state(c, CONN_LINGER, LINGER_US);
}

void conn_keep_fresh(struct conn *c)
{
    if (!tcp_keep_fresh(lws_get_socket_fd(c->wsi)))
        log_error("conn.lowat", "conn=%llu", (unsigned long long)c->id.v);
}

bool conn_look(struct conn *c, struct tcp_seen *out)
{
    return tcp_look(lws_get_socket_fd(c->wsi), out);
}

void conn_pace(struct conn *c, int64_t bps)
{
    if (!tcp_pace(lws_get_socket_fd(c->wsi), bps))
        log_error("conn.pace", "conn=%llu", (unsigned long long)c->id.v);
}

void conn_wants_write(struct conn *c)
{
    if (c->state != CONN_DEAD)
        lws_callback_on_writable(c->wsi);
}

void conn_finish(struct conn *c)
{
    if (c->state == CONN_DEAD || c->state == CONN_FLUSH || c->state == CONN_LINGER)
        return;
    conn_set_state(c, CONN_FLUSH, c->net->config.write_timeout_us * 2);
    lws_callback_on_writable(c->wsi);
}

/* A piece of the first chunk. False: its file has become shorter, or cannot be read. */
static bool copy_piece(const struct conn_chunk *chunk, uint8_t *out, size_t len)
{
    if (chunk->file)
        return pread(chunk->fd, out, len, (off_t)chunk->sent) == (ssize_t)len;
    memcpy(out, chunk->bytes + chunk->sent, len);
    return true;
}

/* Moves up to WRITE_PIECE bytes of the queue into one record: small messages travel together. */
static size_t gather(struct conn *c, uint8_t piece[WRITE_PIECE])
{
    size_t len = 0;

    while (c->out && len < WRITE_PIECE) {
        struct conn_chunk *chunk = c->out;
        size_t left = chunk->len - chunk->sent;
        size_t part = left < WRITE_PIECE - len ? left : WRITE_PIECE - len;

        if (!copy_piece(chunk, piece + len, part)) {
            log_error("conn.file", "sent=%zu of=%zu", chunk->sent, chunk->len);
            conn_kill(c);
            return 0;
        }
        len += part;
        chunk->sent += part;
        c->out_bytes -= chunk->owned ? part : 0;
        if (chunk->sent == chunk->len)
            drop_chunk(c);
    }
    return len;
}

bool conn_writable(struct conn *c)
{
    uint8_t piece[WRITE_PIECE];
    size_t len;

    if (c->state == CONN_DEAD)
        return false;
    if (!c->out && c->state == CONN_WS)
        ws_pull(c);
    len = gather(c, piece);
    if (c->state == CONN_DEAD)
        return false;
    if (len > 0) {
        /* What does not go out at once libwebsockets keeps, and sends before it calls again. */
        if (lws_write(c->wsi, piece, len, LWS_WRITE_RAW) < 0)
            return false;
        c->stuck_us = c->net->now.mono_us + c->net->config.write_timeout_us;
        /* Once more even when nothing is left: that call says that all has gone out. */
        lws_callback_on_writable(c->wsi);
    } else {
        c->stuck_us = NEVER_US;
        if (c->state == CONN_FLUSH)
            start_linger(c);
    }
    conn_rearm(c);
    return true;
}
