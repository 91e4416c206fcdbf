/* SPDX-License-Identifier: Apache-2.0
 *
 * The controlling full side of ICE for one pair; see ice_client.h.
 */
#include "server/rtc/ice_client.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#include "common/base/str.h"
#include "server/rtc/ice_lite.h"
/* RFC 8445 section 5.1.2.1 for a peer-reflexive candidate (type preference 110), component 1. */
#define PRIORITY ((110u << 24) | (65535u << 8) | 255u)

enum err ice_client_init(struct ice_client *ice, const char *local_ufrag, const char *local_pwd,
                         const char *remote_ufrag, const char *remote_pwd,
                         const struct addr *server, struct now now)
{
    *ice = (struct ice_client){ .server = *server, .next_us = now.mono_us };
    if (!str_format(ice->username, sizeof ice->username, "%s:%s", remote_ufrag, local_ufrag))
        return ERR_INVAL;
    if (RAND_bytes((unsigned char *)&ice->tie_breaker, sizeof ice->tie_breaker) != 1)
        return ERR_IO;
    hmac_sha1_init(&ice->key, remote_pwd, strlen(remote_pwd));
    hmac_sha1_init(&ice->own_key, local_pwd, strlen(local_pwd));
    return ERR_OK;
}

void ice_client_deinit(struct ice_client *ice)
{
    OPENSSL_cleanse(&ice->key, sizeof ice->key);
    OPENSSL_cleanse(&ice->own_key, sizeof ice->own_key);
}

/* Is the user name the one of our checks with its halves exchanged? */
static bool names_us(const struct ice_client *ice, const struct stun_msg *m)
{
    const char *colon = strchr(ice->username, ':');
    size_t theirs = (size_t)(colon - ice->username), ours = strlen(colon + 1);

    return m->username && m->username_len == ours + 1 + theirs &&
           memcmp(m->username, colon + 1, ours) == 0 && m->username[ours] == ':' &&
           memcmp(m->username + ours + 1, ice->username, theirs) == 0;
}

static enum ice_client_result answer(struct ice_client *ice, const struct addr *from,
                                     const uint8_t *data, const struct stun_msg *m,
                                     struct dgramq *out)
{
    uint8_t reply[128];
    size_t n;

    if (!names_us(ice, m) || m->unknown_n || !stun_integrity_ok(data, m, &ice->own_key))
        return ICE_CLIENT_BAD_AUTH;
    if (stun_write_success(m->txid, from, &ice->own_key, reply, sizeof reply, &n) == ERR_OK)
        dgramq_push(out, from, reply, n);
    return ICE_CLIENT_IGNORED;
}

enum ice_client_result ice_client_input(struct ice_client *ice, struct now now,
                                        const struct addr *from, const uint8_t *data, size_t len,
                                        struct dgramq *out)
{
    struct stun_msg m;

    if (stun_parse(data, len, &m) != ERR_OK)
        return ICE_CLIENT_MALFORMED;
    if (m.class == STUN_REQUEST && m.method == STUN_BINDING)
        return answer(ice, from, data, &m, out);
    if (m.class != STUN_SUCCESS || m.method != STUN_BINDING)
        return ICE_CLIENT_IGNORED;
    /* RFC 8445 section 7.2.5.2.1: the answer must come from where the check went. */
    if (!addr_eq(from, &ice->server) || m.unknown_n || !stun_integrity_ok(data, &m, &ice->key))
        return ICE_CLIENT_BAD_AUTH;
    for (unsigned i = 0; i < ICE_CLIENT_OPEN_MAX; i++) {
        if (!ice->open[i].waiting || memcmp(ice->open[i].txid, m.txid, STUN_TXID_BYTES) != 0)
            continue;
        ice->rtt_us = now.mono_us - ice->open[i].sent_us;
        if (ice->rtt_us <= 0)
            ice->rtt_us = 1; /* 0 means unknown */
        ice->open[i].waiting = false;
        ice->answered_us = now.mono_us;
        if (!ice->answered)
            ice->next_us = now.mono_us + ICE_CLIENT_CONSENT_US;
        ice->answered = true;
        return ICE_CLIENT_ANSWERED;
    }
    return ICE_CLIENT_BAD_AUTH;
}

static int64_t consent_interval(void)
{
    uint16_t r = 0x8000;

    /* Without randomness the interval is just not spread. */
    if (RAND_bytes((unsigned char *)&r, sizeof r) != 1)
        r = 0x8000;
    return ICE_CLIENT_CONSENT_US * 8 / 10 + ICE_CLIENT_CONSENT_US * 4 / 10 * r / 0xffff;
}

void ice_client_timeout(struct ice_client *ice, struct now now, struct dgramq *out)
{
    unsigned slot = ice->open_next % ICE_CLIENT_OPEN_MAX;
    struct stun_request q = { .username = ice->username,
                              .priority = PRIORITY,
                              .tie_breaker = ice->tie_breaker,
                              .use_candidate = true,
                              .txid = ice->open[slot].txid };
    uint8_t request[STUN_MESSAGE_MAX];
    size_t n;

    if (now.mono_us < ice->next_us)
        return;
    ice->next_us = now.mono_us + (ice->answered ? consent_interval() : ICE_CLIENT_PACE_US);
    ice->open[slot].waiting = false;
    if (RAND_bytes(ice->open[slot].txid, STUN_TXID_BYTES) != 1)
        return; /* the next turn tries again */
    ice->open[slot].sent_us = now.mono_us;
    ice->open[slot].waiting = true;
    ice->open_next++;
    if (stun_write_request(&q, &ice->key, request, sizeof request, &n) == ERR_OK)
        dgramq_push(out, &ice->server, request, n);
}

int64_t ice_client_deadline(const struct ice_client *ice)
{
    return earlier_us(ice->next_us, ice_client_expiry(ice));
}

int64_t ice_client_expiry(const struct ice_client *ice)
{
    return ice->answered ? ice->answered_us + ICE_CONSENT_US : NEVER_US;
}
