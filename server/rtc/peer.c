/* SPDX-License-Identifier: Apache-2.0
 *
 * One WebRTC connection, put together from its parts; see peer.h. It holds no
 * rule of its own beyond the order of things: an authenticated check before
 * DTLS, the right certificate before media, consent for as long as it lives.
 */
#include "server/rtc/peer.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "server/rtc/demux.h"
#include "server/rtc/dgramq.h"
#include "server/rtc/dtls.h"
#include "server/rtc/ice_client.h"
#include "server/rtc/ice_lite.h"
#include "server/rtc/srtp.h"
#include "server/rtc/stun.h"

_Static_assert(PEER_SEAL_ROOM >= SRTP_GROWTH_MAX, "sealing must fit");
_Static_assert(PEER_CONSENT_US == ICE_CONSENT_US, "one consent time");

struct peer {
    /* config */
    enum peer_role role;
    struct dtls_identity *identity; /* borrowed */
    struct peer_ice local, remote;
    uint8_t remote_fingerprint[PEER_FINGERPRINT_BYTES];
    /* owned */
    union {
        struct ice_lite lite;     /* PEER_ANSWERER */
        struct ice_client client; /* PEER_OFFERER */
    };
    struct dtls *dtls;        /* NULL before it is needed */
    struct srtp *seal, *open; /* NULL before LIVE */
    struct dgramq out;
    /* state */
    enum peer_state state;
    enum peer_death death;
    int64_t limit_us; /* NEW: last moment for a first check; CHECKED: for the handshake */
    bool event[PEER_EVENT_DEAD + 1]; /* waiting to be polled */
    struct peer_counters counters;
};

enum err peer_random_ice(struct peer_ice *out)
{
    /* RFC 8445 section 5.3's ice-char; 64 of them, so a byte's low 6 bits choose evenly. */
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t random[PEER_UFRAG_LEN + PEER_PWD_LEN];

    if (RAND_bytes(random, sizeof random) != 1)
        return ERR_IO;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < PEER_UFRAG_LEN; i++)
        out->ufrag[i] = alphabet[random[i] & 63];
    for (size_t i = 0; i < PEER_PWD_LEN; i++)
        out->pwd[i] = alphabet[random[PEER_UFRAG_LEN + i] & 63];
    OPENSSL_cleanse(random, sizeof random);
    return ERR_OK;
}

static bool credentials_ok(const struct peer_ice *ice)
{
    return memchr(ice->ufrag, 0, sizeof ice->ufrag) && memchr(ice->pwd, 0, sizeof ice->pwd) &&
           ice->ufrag[0] && ice->pwd[0];
}

enum err peer_new(struct peer **out, const struct peer_config *c, struct now now)
{
    struct peer *p;
    enum err e = ERR_OK;

    if (!c->identity || !credentials_ok(&c->local) || !credentials_ok(&c->remote) ||
        (c->role == PEER_OFFERER && !c->remote_addr.family))
        return ERR_INVAL;
    p = mem_zalloc(1, sizeof *p);
    if (!p)
        return ERR_NOMEM;
    p->role = c->role;
    p->identity = c->identity;
    p->local = c->local;
    p->remote = c->remote;
    memcpy(p->remote_fingerprint, c->remote_fingerprint, sizeof p->remote_fingerprint);
    p->limit_us = now.mono_us + PEER_CONSENT_US;
    if (p->role == PEER_ANSWERER)
        ice_lite_init(&p->lite, p->local.ufrag, p->local.pwd, p->remote.ufrag, p->remote.pwd);
    else
        e = ice_client_init(&p->client, p->local.ufrag, p->local.pwd, p->remote.ufrag,
                            p->remote.pwd, &c->remote_addr, now);
    if (e != ERR_OK) {
        peer_free(p);
        return e;
    }
    *out = p;
    return ERR_OK;
}

static void forget_keys(struct peer *p)
{
    srtp_free(p->seal);
    srtp_free(p->open);
    p->seal = p->open = NULL;
    dtls_free(p->dtls);
    p->dtls = NULL;
}

void peer_free(struct peer *p)
{
    if (!p)
        return;
    forget_keys(p);
    dgramq_deinit(&p->out);
    if (p->role == PEER_ANSWERER)
        ice_lite_deinit(&p->lite);
    else
        ice_client_deinit(&p->client);
    OPENSSL_cleanse(&p->local, sizeof p->local);
    OPENSSL_cleanse(&p->remote, sizeof p->remote);
    mem_free(p);
}

/* Datagrams already queued (an alert, a close_notify) still go out. */
static void die(struct peer *p, enum peer_death why)
{
    if (p->state == PEER_DEAD)
        return;
    p->state = PEER_DEAD;
    p->death = why;
    p->event[PEER_EVENT_DEAD] = true;
    forget_keys(p);
}

/* ---- from CHECKED to LIVE ---- */

static bool start_dtls(struct peer *p, struct now now)
{
    struct dtls_config c = { .identity = p->identity,
                             .side = p->role == PEER_ANSWERER ? DTLS_SERVER : DTLS_CLIENT,
                             .out = &p->out };

    memcpy(c.fingerprint, p->remote_fingerprint, sizeof c.fingerprint);
    return dtls_new(&p->dtls, &c, now) == ERR_OK;
}

static void go_live(struct peer *p)
{
    struct dtls_keys keys;
    enum err e = dtls_export(p->dtls, &keys);

    if (e == ERR_OK)
        e = srtp_new(&p->seal, keys.profile, &keys.local);
    if (e == ERR_OK)
        e = srtp_new(&p->open, keys.profile, &keys.remote);
    OPENSSL_cleanse(&keys, sizeof keys);
    if (e != ERR_OK) {
        die(p, PEER_DEATH_DTLS);
        return;
    }
    p->state = PEER_LIVE;
    p->limit_us = NEVER_US;
    p->event[PEER_EVENT_LIVE] = true;
}

/* What the association's state means for the connection. */
static void after_dtls(struct peer *p)
{
    switch (dtls_state(p->dtls)) {
    case DTLS_HANDSHAKE:
        break;
    case DTLS_OPEN:
        if (p->state == PEER_CHECKED)
            go_live(p);
        break;
    case DTLS_CLOSED:
        die(p, PEER_DEATH_REMOTE_CLOSED);
        break;
    case DTLS_FINGERPRINT:
        die(p, PEER_DEATH_FINGERPRINT);
        break;
    case DTLS_FAILED:
        die(p, PEER_DEATH_DTLS);
        break;
    }
}

static void checked(struct peer *p, struct now now)
{
    p->state = PEER_CHECKED;
    p->limit_us = now.mono_us + DTLS_HANDSHAKE_US;
    /* The server makes its half when the first record comes. */
    if (p->role == PEER_OFFERER && start_dtls(p, now))
        after_dtls(p);
}

/* ---- input ---- */

static void stun_to_server(struct peer *p, struct now now, const struct addr *from,
                           const uint8_t *data, size_t len)
{
    switch (ice_lite_input(&p->lite, now, from, data, len, &p->out)) {
    case ICE_MALFORMED:
        p->counters.stun_malformed++;
        break;
    case ICE_BAD_AUTH:
        p->counters.stun_bad_auth++;
        break;
    case ICE_MOVED:
        if (p->state == PEER_NEW)
            checked(p, now);
        else
            p->event[PEER_EVENT_MOVED] = true;
        break;
    case ICE_IGNORED:
    case ICE_REFUSED:
    case ICE_REPEATED:
    case ICE_CHECKED:
        break;
    }
}

static void stun_to_client(struct peer *p, struct now now, const struct addr *from,
                           const uint8_t *data, size_t len)
{
    switch (ice_client_input(&p->client, now, from, data, len, &p->out)) {
    case ICE_CLIENT_MALFORMED:
        p->counters.stun_malformed++;
        break;
    case ICE_CLIENT_BAD_AUTH:
        p->counters.stun_bad_auth++;
        break;
    case ICE_CLIENT_ANSWERED:
        if (p->state == PEER_NEW)
            checked(p, now);
        break;
    case ICE_CLIENT_IGNORED:
        break;
    }
}

static bool is_from_here(const struct peer *p, struct now now, const struct addr *from)
{
    return p->state != PEER_NEW && (p->role == PEER_ANSWERER ? ice_lite_valid(&p->lite, now, from)
                                                             : addr_eq(from, &p->client.server));
}

/* Media from an unknown address that may be the client's behind a NAT that forgot. */
static bool is_stray(const struct peer *p, const uint8_t *data, size_t len)
{
    uint32_t ssrc;

    return p->role == PEER_ANSWERER && peer_media_ssrc(data, len, &ssrc) && peer_knows(p, ssrc);
}

static void dtls_record(struct peer *p, struct now now, const uint8_t *data, size_t len)
{
    /* Without memory the datagram counts as lost; the client repeats it. */
    if (!p->dtls && !start_dtls(p, now))
        return;
    if (!dtls_input(p->dtls, now, data, len))
        p->counters.dtls_refused++;
    after_dtls(p);
}

static enum peer_got media(struct peer *p, struct now now, const struct addr *from, uint8_t *data,
                           size_t *len, bool rtcp, bool here)
{
    enum err e;

    if (p->state != PEER_LIVE)
        return PEER_GOT_NOTHING;
    e = rtcp ? srtp_open_rtcp(p->open, data, len) : srtp_open_rtp(p->open, data, len);
    switch (e) {
    case ERR_OK:
        if (!here)
            ice_lite_strayed(&p->lite, now, from, &p->out);
        else if (p->role == PEER_ANSWERER && ice_lite_heard(&p->lite, now, from))
            p->event[PEER_EVENT_MOVED] = true;
        return rtcp ? PEER_GOT_RTCP : PEER_GOT_RTP;
    case ERR_STATE:
        ++*(rtcp ? &p->counters.rtcp_replayed : &p->counters.rtp_replayed);
        break;
    case ERR_NOMEM:
        p->counters.ssrc_refused++;
        break;
    default:
        ++*(rtcp ? &p->counters.rtcp_bad_auth : &p->counters.rtp_bad_auth);
        break;
    }
    return PEER_GOT_NOTHING;
}

enum peer_got peer_input(struct peer *p, struct now now, const struct addr *from, uint8_t *data,
                         size_t *len)
{
    enum demux kind = *len <= PEER_MTU ? demux(data, *len) : DEMUX_DROP;
    bool here = is_from_here(p, now, from);

    if (p->state == PEER_DEAD)
        return PEER_GOT_NOTHING;
    switch (kind) {
    case DEMUX_RTP:
    case DEMUX_RTCP:
        if (here || is_stray(p, data, *len))
            return media(p, now, from, data, len, kind == DEMUX_RTCP, here);
        p->counters.not_from_here++;
        break;
    case DEMUX_STUN:
        if (p->role == PEER_ANSWERER)
            stun_to_server(p, now, from, data, *len);
        else
            stun_to_client(p, now, from, data, *len);
        break;
    case DEMUX_DTLS:
        if (here)
            dtls_record(p, now, data, *len);
        else
            p->counters.not_from_here++;
        break;
    case DEMUX_DROP:
        p->counters.unknown_byte++;
        break;
    }
    return PEER_GOT_NOTHING;
}

bool peer_media_ssrc(const uint8_t *data, size_t len, uint32_t *ssrc)
{
    enum demux kind = len <= PEER_MTU ? demux(data, len) : DEMUX_DROP;
    size_t at = kind == DEMUX_RTCP ? 4 : 8;
    struct reader r = reader_on(data, len);

    if (kind != DEMUX_RTP && kind != DEMUX_RTCP)
        return false;
    read_bytes(&r, at);
    *ssrc = read_u32(&r);
    return !r.bad;
}

bool peer_knows(const struct peer *p, uint32_t ssrc)
{
    return p->state == PEER_LIVE && srtp_knows(p->open, ssrc);
}

bool peer_asks(const struct peer *p, const struct addr *at)
{
    return p->role == PEER_ANSWERER && ice_lite_asks(&p->lite, at);
}

bool peer_stun_local_ufrag(const uint8_t *data, size_t len, const char **ufrag, size_t *ufrag_len)
{
    const uint8_t *colon;
    struct stun_msg m;

    if (demux(data, len) != DEMUX_STUN || stun_parse(data, len, &m) != ERR_OK ||
        m.class != STUN_REQUEST || m.method != STUN_BINDING || !m.username)
        return false;
    colon = memchr(m.username, ':', m.username_len);
    if (!colon || colon == m.username)
        return false;
    *ufrag = (const char *)m.username;
    *ufrag_len = (size_t)(colon - m.username);
    return true;
}

/* ---- time ---- */

static int64_t consent_expiry(const struct peer *p)
{
    return p->role == PEER_ANSWERER ? ice_lite_expiry(&p->lite) : ice_client_expiry(&p->client);
}

void peer_timeout(struct peer *p, struct now now)
{
    if (p->state == PEER_DEAD)
        return;
    if (p->state != PEER_NEW && now.mono_us >= consent_expiry(p)) {
        die(p, PEER_DEATH_NO_CONSENT);
        return;
    }
    if (now.mono_us >= p->limit_us) {
        die(p, p->state == PEER_NEW ? PEER_DEATH_NO_CHECK : PEER_DEATH_DTLS);
        return;
    }
    if (p->role == PEER_OFFERER) {
        ice_client_timeout(&p->client, now, &p->out);
        if (p->state == PEER_CHECKED && !p->dtls && !start_dtls(p, now))
            return;
    }
    if (p->dtls) {
        dtls_timeout(p->dtls, now);
        after_dtls(p);
    }
}

int64_t peer_deadline(const struct peer *p)
{
    int64_t at = p->limit_us;

    if (p->state == PEER_DEAD)
        return NEVER_US;
    at = earlier_us(at, consent_expiry(p));
    if (p->role == PEER_OFFERER)
        at = earlier_us(at, ice_client_deadline(&p->client));
    if (p->dtls)
        at = earlier_us(at, dtls_deadline(p->dtls));
    return at;
}

/* ---- output ---- */

bool peer_poll(struct peer *p, struct peer_out *out)
{
    static const enum peer_event order[] = { PEER_EVENT_LIVE, PEER_EVENT_MOVED, PEER_EVENT_DEAD };
    const struct dgram *d;

    while ((d = dgramq_pop(&p->out))) {
        const struct addr *to = d->to.family ? &d->to : peer_remote(p);

        if (!to->family)
            continue;
        *out = (struct peer_out){
            .kind = PEER_OUT_DATAGRAM, .to = *to, .data = d->data, .len = d->len
        };
        return true;
    }
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (!p->event[order[i]])
            continue;
        p->event[order[i]] = false;
        *out = (struct peer_out){ .kind = PEER_OUT_EVENT, .event = order[i] };
        return true;
    }
    return false;
}

enum err peer_seal_rtp(struct peer *p, uint8_t *data, size_t *len)
{
    return p->state == PEER_LIVE ? srtp_seal_rtp(p->seal, data, len) : ERR_STATE;
}

enum err peer_seal_rtcp(struct peer *p, uint8_t *data, size_t *len)
{
    return p->state == PEER_LIVE ? srtp_seal_rtcp(p->seal, data, len) : ERR_STATE;
}

const struct addr *peer_remote(const struct peer *p)
{
    static const struct addr none;
    const struct addr *lite;

    if (p->role == PEER_OFFERER)
        return &p->client.server;
    lite = ice_lite_remote(&p->lite);
    return lite ? lite : &none;
}

enum peer_state peer_state(const struct peer *p)
{
    return p->state;
}

enum peer_death peer_death(const struct peer *p)
{
    return p->death;
}

const struct peer_ice *peer_local_ice(const struct peer *p)
{
    return &p->local;
}

const struct peer_counters *peer_counters(const struct peer *p)
{
    return &p->counters;
}

int64_t peer_rtt_us(const struct peer *p)
{
    return p->role == PEER_OFFERER ? p->client.rtt_us : 0;
}

void peer_close(struct peer *p, struct now now)
{
    (void)now;
    if (p->state == PEER_DEAD)
        return;
    if (p->dtls)
        dtls_close(p->dtls);
    die(p, PEER_DEATH_CLOSED);
}
