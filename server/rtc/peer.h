/* SPDX-License-Identifier: Apache-2.0
 *
 * One WebRTC connection as a machine without I/O: demultiplexing (RFC 7983),
 * ICE (RFC 8445) with consent (RFC 7675), DTLS-SRTP (RFC 5764) and the SRTP
 * contexts (RFC 3711, RFC 7714). Datagrams and the time go in; plain RTP and
 * RTCP, datagrams to send, events and the next deadline come out.
 *
 * Two roles. PEER_ANSWERER is the server: ICE-lite, DTLS passive, so that it
 * chooses the SRTP profile. PEER_OFFERER is the other side as browsers play
 * it (full ICE, controlling, DTLS client); the native test peers use it.
 *
 *             check with good MESSAGE-INTEGRITY      handshake done
 *   NEW ────────────────────────────────▶ CHECKED ────────────────▶ LIVE
 *    │  no check for 30 s                    │ DTLS failed/10 s      │ no consent for 30 s,
 *    └──────────────▶ DEAD ◀─────────────────┘◀──────────────────────┘ close_notify, peer_close
 */
#ifndef PARTA_RTC_PEER_H
#define PARTA_RTC_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/now.h"
#include "server/rtc/addr.h"

#define PEER_MTU 1500           /* largest datagram accepted */
#define PEER_SEAL_ROOM 32       /* spare bytes behind a packet that sealing may need (tag, index) */
#define PEER_UFRAG_LEN 8        /* ours; RFC 8445 5.3 asks for >= 4 */
#define PEER_PWD_LEN 24         /* ours; RFC 8445 5.3 asks for >= 22 */
#define PEER_CREDENTIAL_MAX 256 /* theirs; RFC 8445 5.3 upper bound */
#define PEER_FINGERPRINT_BYTES 32 /* sha-256 only */
#define PEER_CONSENT_US (30 * US_PER_S)

enum peer_role { PEER_ANSWERER, PEER_OFFERER };
enum peer_state { PEER_NEW, PEER_CHECKED, PEER_LIVE, PEER_DEAD };

/* The certificate and key of this process, made at start: see dtls_identity_new in dtls.h. */
struct dtls_identity;

struct peer_ice {
    char ufrag[PEER_CREDENTIAL_MAX + 1];
    char pwd[PEER_CREDENTIAL_MAX + 1];
};

struct peer_config {
    enum peer_role role;
    struct dtls_identity *identity; /* borrowed, shared by all peers of one thread's use */
    struct peer_ice local;          /* fresh random per connection: peer_random_ice */
    struct peer_ice remote;
    uint8_t remote_fingerprint[PEER_FINGERPRINT_BYTES]; /* from the SDP; the handshake must match */
    struct addr remote_addr; /* PEER_OFFERER: where to send checks; unused by the server */
};

/* What an accepted datagram turned out to be. Media comes back decrypted in place. */
enum peer_got { PEER_GOT_NOTHING, PEER_GOT_RTP, PEER_GOT_RTCP };

enum peer_event { PEER_EVENT_NONE, PEER_EVENT_LIVE, PEER_EVENT_MOVED, PEER_EVENT_DEAD };

/* One thing for the driver to do. */
struct peer_out {
    enum { PEER_OUT_DATAGRAM, PEER_OUT_EVENT } kind;
    struct addr to;      /* DATAGRAM */
    const uint8_t *data; /* DATAGRAM: borrowed until the next call on this peer */
    size_t len;
    enum peer_event event; /* EVENT: LIVE (media may flow), MOVED (new address), DEAD (why below) */
};

/* Why a connection died, for metrics and the attendance register. */
enum peer_death {
    PEER_DEATH_NONE,
    PEER_DEATH_CLOSED,
    PEER_DEATH_NO_CHECK,
    PEER_DEATH_NO_CONSENT,
    PEER_DEATH_DTLS,
    PEER_DEATH_FINGERPRINT,
    PEER_DEATH_REMOTE_CLOSED
};

struct peer_counters { /* packets refused, by reason; for tests and metrics */
    uint64_t rtp_bad_auth, rtp_replayed, rtcp_bad_auth, stun_bad_auth, stun_malformed,
        not_from_here, unknown_byte, rtcp_replayed;
    uint64_t ssrc_refused; /* authentic or not, but more sources than a connection may have */
    uint64_t dtls_refused; /* datagrams with malformed records or over the handshake's limits */
};

struct peer;

/* A new connection in NEW. Borrows config->identity only; copies the rest. ERR_NOMEM, ERR_INVAL. */
enum err peer_new(struct peer **out, const struct peer_config *config, struct now now) MUST_CHECK;
void peer_free(struct peer *p);

/* Fresh local credentials from the system's random source. ERR_IO. */
enum err peer_random_ice(struct peer_ice *out) MUST_CHECK;

/* One datagram as received. data[0..*len) may be changed; for RTP and RTCP it holds the plain
 * packet afterwards and *len its length. Anything else, or anything refused, gives
 * PEER_GOT_NOTHING. DTLS is taken only from an address that passed an authenticated check (T5).
 * So is media, except by the server from a source that is known: such a packet proves itself, is
 * taken once wherever it comes from, and makes the server ask that address (see ice_lite.h). */
enum peer_got peer_input(struct peer *p, struct now now, const struct addr *from, uint8_t *data,
                         size_t *len);

/* True if data is RTP or RTCP; *ssrc is whose. */
bool peer_media_ssrc(const uint8_t *data, size_t len, uint32_t *ssrc);

/* True if media of this source came over p before: for a driver that knows the address not yet. */
bool peer_knows(const struct peer *p, uint32_t ssrc);

/* True if p, the server, waits for an answer from this address, which is not valid yet. */
bool peer_asks(const struct peer *p, const struct addr *at);

/* True if data is a STUN binding request whose USERNAME begins with our ufrag and ':'.
 * ufrag[0..*ufrag_len) is the local part, for the driver's table of connections. */
bool peer_stun_local_ufrag(const uint8_t *data, size_t len, const char **ufrag, size_t *ufrag_len);

void peer_timeout(struct peer *p, struct now now);
bool peer_poll(struct peer *p, struct peer_out *out);
int64_t peer_deadline(const struct peer *p);

/* Encrypts data[0..*len) in place, with PEER_SEAL_ROOM writable bytes behind it; *len grows.
 * ERR_STATE unless LIVE, or when this SSRC's sequence number was sealed before or is more than 127
 * behind its highest: GCM must not use an index twice, so a repetition goes out as RTX (RFC 4588).
 * ERR_PARSE for no RTP or RTCP packet, ERR_NOMEM for a 65th SSRC. */
enum err peer_seal_rtp(struct peer *p, uint8_t *data, size_t *len) MUST_CHECK;
enum err peer_seal_rtcp(struct peer *p, uint8_t *data, size_t *len) MUST_CHECK;

/* Where to send now (the validated address); family 0 while NEW. */
const struct addr *peer_remote(const struct peer *p);
enum peer_state peer_state(const struct peer *p);
enum peer_death peer_death(const struct peer *p);
const struct peer_ice *peer_local_ice(const struct peer *p);
const struct peer_counters *peer_counters(const struct peer *p);

/* Round trip of the last answered check of ours in us, 0 if unknown (PEER_OFFERER only). */
int64_t peer_rtt_us(const struct peer *p);

/* Says goodbye (DTLS close_notify through peer_poll) and goes to DEAD. */
void peer_close(struct peer *p, struct now now);

#endif
