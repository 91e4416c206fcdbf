/* SPDX-License-Identifier: Apache-2.0
 *
 * ICE-lite: checks answered, addresses followed; see ice_lite.h.
 */
#include "server/rtc/ice_lite.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#include "common/base/str.h"

#define ANSWER_MAX 128 /* success over IPv6: 76; 420 with 8 attributes: 84 */
/* RFC 8445 section 5.1.2.1: of a host candidate, component 1. */
#define PRIORITY ((126u << 24) | (65535u << 8) | 255u)

void ice_lite_init(struct ice_lite *ice, const char *local_ufrag, const char *local_pwd,
                   const char *remote_ufrag, const char *remote_pwd)
{
    *ice =
        (struct ice_lite){ .used = -1, .local_ufrag = local_ufrag, .remote_ufrag = remote_ufrag };
    hmac_sha1_init(&ice->key, local_pwd, strlen(local_pwd));
    hmac_sha1_init(&ice->their_key, remote_pwd, strlen(remote_pwd));
}

void ice_lite_deinit(struct ice_lite *ice)
{
    OPENSSL_cleanse(&ice->key, sizeof ice->key);
    OPENSSL_cleanse(&ice->their_key, sizeof ice->their_key);
}

static bool username_ok(const struct ice_lite *ice, const struct stun_msg *m)
{
    size_t local = strlen(ice->local_ufrag);
    size_t remote = strlen(ice->remote_ufrag);

    return m->username && m->username_len == local + 1 + remote &&
           memcmp(m->username, ice->local_ufrag, local) == 0 && m->username[local] == ':' &&
           memcmp(m->username + local + 1, ice->remote_ufrag, remote) == 0;
}

/* True if this transaction was answered before; remembers it otherwise. A recorded check that
 * somebody sends again from elsewhere is answered, but moves nothing. */
static bool seen_before(struct ice_lite *ice, const uint8_t *txid)
{
    for (unsigned i = 0; i < ICE_TXIDS_MAX; i++)
        if (memcmp(ice->txid[i], txid, STUN_TXID_BYTES) == 0)
            return true;
    memcpy(ice->txid[ice->txid_next++ % ICE_TXIDS_MAX], txid, STUN_TXID_BYTES);
    return false;
}

static int find_path(const struct ice_lite *ice, const struct addr *from)
{
    for (int i = 0; i < ICE_PATHS_MAX; i++)
        if (ice->path[i].addr.family && addr_eq(&ice->path[i].addr, from))
            return i;
    return -1;
}

/* A slot for a new address: a free one, else the one checked longest ago that is not in use. */
static int take_path(struct ice_lite *ice, const struct addr *from)
{
    int best = -1;

    for (int i = 0; i < ICE_PATHS_MAX; i++) {
        if (!ice->path[i].addr.family) {
            best = i;
            break;
        }
        if (i != ice->used && (best < 0 || ice->path[i].checked_us < ice->path[best].checked_us))
            best = i;
    }
    ice->path[best] = (struct ice_path){ .addr = *from };
    return best;
}

static enum ice_result follow(struct ice_lite *ice, struct now now, const struct addr *from,
                              bool nominating)
{
    int i = find_path(ice, from);
    bool move;

    if (i < 0)
        i = take_path(ice, from);
    ice->path[i].checked_us = ice->path[i].heard_us = ice->checked_us = now.mono_us;
    if (i == ice->used) {
        ice->nominated |= nominating;
        return ICE_CHECKED;
    }
    move = ice->used < 0 || nominating || !ice->nominated ||
           now.mono_us - ice->path[ice->used].heard_us >= ICE_SILENT_CHECK_US;
    if (!move)
        return ICE_CHECKED;
    /* Once nominated, later moves need a nomination or silence again. */
    ice->nominated |= nominating;
    ice->used = i;
    return ICE_MOVED;
}

static void answer_error(const struct stun_msg *m, uint16_t code, const struct hmac_sha1 *key,
                         const struct addr *from, size_t request_len, struct dgramq *out)
{
    uint8_t answer[ANSWER_MAX];
    size_t n;

    if (stun_write_error(m, code, key, answer, sizeof answer, &n) != ERR_OK)
        return;
    /* Nobody who has not authenticated gets more bytes than they sent (T19). */
    if (key || n <= request_len)
        dgramq_push(out, from, answer, n);
}

/* The answer to the check of ours: whoever wrote it has the password and hears us there. */
static enum ice_result answered(struct ice_lite *ice, struct now now, const struct addr *from,
                                const uint8_t *data, const struct stun_msg *m)
{
    if (!ice->asked.addr.family || memcmp(m->txid, ice->asked.txid, STUN_TXID_BYTES) != 0)
        return ICE_IGNORED;
    if (!addr_eq(from, &ice->asked.addr) || m->unknown_n ||
        now.mono_us - ice->asked.since_us >= ICE_ASK_LIFE_US ||
        !stun_integrity_ok(data, m, &ice->their_key))
        return ICE_BAD_AUTH;
    ice->asked.addr.family = 0;
    /* The client sends by way of this address now, which is more than a nomination says. */
    return follow(ice, now, from, true);
}

enum ice_result ice_lite_input(struct ice_lite *ice, struct now now, const struct addr *from,
                               const uint8_t *data, size_t len, struct dgramq *out)
{
    uint8_t answer[ANSWER_MAX];
    struct stun_msg m;
    size_t n;

    if (stun_parse(data, len, &m) != ERR_OK)
        return ICE_MALFORMED;
    if (m.class == STUN_SUCCESS && m.method == STUN_BINDING)
        return answered(ice, now, from, data, &m);
    if (m.class != STUN_REQUEST || m.method != STUN_BINDING)
        return ICE_IGNORED;
    if (!username_ok(ice, &m))
        return ICE_BAD_AUTH;
    if (!m.integrity) { /* RFC 8489 section 9.1.3 */
        answer_error(&m, 400, NULL, from, len, out);
        return ICE_BAD_AUTH;
    }
    if (!stun_integrity_ok(data, &m, &ice->key))
        return ICE_BAD_AUTH; /* no 401: a guesser learns nothing */
    if (m.unknown_n) {
        answer_error(&m, 420, &ice->key, from, len, out);
        return ICE_REFUSED;
    }
    if (m.controlled) { /* we are lite, hence controlled, always: RFC 8445 section 7.3.1.1 */
        answer_error(&m, 487, &ice->key, from, len, out);
        return ICE_REFUSED;
    }
    if (stun_write_success(m.txid, from, &ice->key, answer, sizeof answer, &n) != ERR_OK)
        return ICE_REFUSED;
    dgramq_push(out, from, answer, n);
    if (seen_before(ice, m.txid))
        return ICE_REPEATED;
    return follow(ice, now, from, m.use_candidate);
}

bool ice_lite_valid(const struct ice_lite *ice, struct now now, const struct addr *from)
{
    int i = find_path(ice, from);

    return i >= 0 && now.mono_us - ice->path[i].checked_us < ICE_CONSENT_US;
}

bool ice_lite_heard(struct ice_lite *ice, struct now now, const struct addr *from)
{
    int i = find_path(ice, from);

    if (i < 0)
        return false;
    ice->path[i].heard_us = now.mono_us;
    if (i == ice->used || now.mono_us - ice->path[ice->used].heard_us < ICE_SILENT_MEDIA_US)
        return false;
    ice->used = i;
    return true;
}

void ice_lite_strayed(struct ice_lite *ice, struct now now, const struct addr *from,
                      struct dgramq *out)
{
    char username[STUN_USERNAME_MAX + 1];
    struct stun_request q = {
        .username = username, .priority = PRIORITY, .controlled = true, .txid = ice->asked.txid
    };
    uint8_t request[STUN_MESSAGE_MAX];
    size_t n;

    if (ice->used < 0 || (ice->asked.addr.family && now.mono_us < ice->asked.next_us))
        return;
    if (!ice->asked.addr.family || now.mono_us - ice->asked.since_us >= ICE_ASK_LIFE_US) {
        ice->asked.addr.family = 0;
        if (RAND_bytes(ice->asked.txid, STUN_TXID_BYTES) != 1)
            return;
        ice->asked.addr = *from;
        ice->asked.since_us = now.mono_us;
        ice->asked.pause_us = ICE_ASK_FIRST_US;
    } else if (!addr_eq(&ice->asked.addr, from)) {
        return;
    }
    ice->asked.next_us = now.mono_us + ice->asked.pause_us;
    ice->asked.pause_us *= 2;
    memcpy(&q.tie_breaker, ice->asked.txid, sizeof q.tie_breaker);
    if (str_format(username, sizeof username, "%s:%s", ice->remote_ufrag, ice->local_ufrag) &&
        stun_write_request(&q, &ice->their_key, request, sizeof request, &n) == ERR_OK)
        dgramq_push(out, from, request, n);
}

bool ice_lite_asks(const struct ice_lite *ice, const struct addr *at)
{
    return ice->asked.addr.family && addr_eq(&ice->asked.addr, at);
}

const struct addr *ice_lite_remote(const struct ice_lite *ice)
{
    return ice->used < 0 ? NULL : &ice->path[ice->used].addr;
}

int64_t ice_lite_expiry(const struct ice_lite *ice)
{
    return ice->used < 0 ? NEVER_US : ice->checked_us + ICE_CONSENT_US;
}
