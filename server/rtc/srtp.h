/* SPDX-License-Identifier: Apache-2.0
 *
 * SRTP and SRTCP on libcrypto: AEAD_AES_128_GCM (RFC 7714) and
 * AES_CM_128_HMAC_SHA1_80 (RFC 3711). One struct srtp is one direction of one
 * connection: it either seals or opens. Ciphers live as long as it does; per
 * packet only the IV is set. Works in place, allocates nothing per packet.
 *
 * Refuses everything it cannot prove: wrong tags, replays, packets older than
 * the window, unencrypted SRTCP, and sealing two packets under one index (that
 * would give GCM's key away; a repeated packet goes out by RTX instead).
 * Memory is fixed: at most SRTP_SSRC_MAX sources, each entered only after a
 * packet of it authenticated.
 */
#ifndef PARTA_RTC_SRTP_H
#define PARTA_RTC_SRTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define SRTP_KEY_BYTES 16
#define SRTP_SALT_MAX 14       /* AES-CM; GCM's has 12 */
#define SRTP_AUTH_KEY_BYTES 20 /* HMAC-SHA1, RFC 3711 section 5.2 */
#define SRTP_SSRC_MAX 64       /* sources per direction: 11 video and 3 audio slots, RTX, spare */
#define SRTP_WINDOW 128        /* packets; RFC 3711 section 3.3.2 asks for at least 64 */
#define SRTP_GROWTH_MAX 20     /* bytes sealing may add: tag 16 and SRTCP index 4 */

/* The IANA numbers of the DTLS-SRTP profiles (RFC 5764 section 4.1.2, RFC 7714 section 14.2). */
enum srtp_profile { SRTP_CM = 0x0001, SRTP_GCM = 0x0007 };

/* 14 or 12 bytes. */
size_t srtp_salt_bytes(enum srtp_profile profile);

struct srtp_master {
    uint8_t key[SRTP_KEY_BYTES];
    uint8_t salt[SRTP_SALT_MAX]; /* the first srtp_salt_bytes() */
};

/* Keys of one half (RTP or RTCP) of a session. */
struct srtp_half_keys {
    uint8_t key[SRTP_KEY_BYTES];
    uint8_t salt[SRTP_SALT_MAX];
    uint8_t auth[SRTP_AUTH_KEY_BYTES]; /* AES-CM only */
};

struct srtp_session_keys {
    struct srtp_half_keys rtp, rtcp;
    uint32_t first_rtcp_index; /* of the first SRTCP packet sealed: 0, RFC 3711 section 3.4 */
};

/* RFC 3711 section 4.3 with key derivation rate 0. ERR_NOMEM if libcrypto fails. */
enum err srtp_derive(enum srtp_profile profile, const struct srtp_master *master,
                     struct srtp_session_keys *out) MUST_CHECK;

struct srtp;

/* From master keys, as DTLS exports them. ERR_NOMEM. */
enum err srtp_new(struct srtp **out, enum srtp_profile profile,
                  const struct srtp_master *master) MUST_CHECK;
/* From session keys (the RFCs' test vectors start here). ERR_NOMEM. */
enum err srtp_new_session(struct srtp **out, enum srtp_profile profile,
                          const struct srtp_session_keys *keys) MUST_CHECK;
/* Wipes the keys. NULL is fine. */
void srtp_free(struct srtp *s);

/* Seals data[0..*len) in place; SRTP_GROWTH_MAX bytes behind it must be writable. *len grows.
 * ERR_PARSE: no RTP/RTCP packet. ERR_STATE: this SSRC and sequence number was sealed before, is
 * older than the window, or the key is used up. ERR_NOMEM: SRTP_SSRC_MAX sources exist. */
enum err srtp_seal_rtp(struct srtp *s, uint8_t *data, size_t *len) MUST_CHECK;
enum err srtp_seal_rtcp(struct srtp *s, uint8_t *data, size_t *len) MUST_CHECK;

/* Opens data[0..*len) in place. *len shrinks; on an error it is unchanged and data is spoilt.
 * ERR_PARSE: too short or a header past its end. ERR_DENIED: not authentic, or SRTCP that is not
 * encrypted. ERR_STATE: replayed or older than the window. ERR_NOMEM: a new source, and
 * SRTP_SSRC_MAX exist. */
enum err srtp_open_rtp(struct srtp *s, uint8_t *data, size_t *len) MUST_CHECK;
enum err srtp_open_rtcp(struct srtp *s, uint8_t *data, size_t *len) MUST_CHECK;

/* True if a packet of this source, RTP or RTCP, was opened or sealed before. */
bool srtp_knows(struct srtp *s, uint32_t ssrc);

#endif
