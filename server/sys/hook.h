/* SPDX-License-Identifier: Apache-2.0
 *
 * A signed message to another program, over HTTPS: Standard Webhooks
 * (standardwebhooks.com, "Signature scheme"), symmetric. One try per call; it
 * waits at most HOOK_SECONDS, follows no redirect, reads at most HOOK_ANSWER_MAX
 * bytes of an answer and keeps none of them. The receiver is a stranger whose
 * address somebody typed in: no line is opened to an address that is not
 * public, whatever name led there. hook_post: worker threads only; the rest:
 * any thread.
 */
#ifndef PARTA_SYS_HOOK_H
#define PARTA_SYS_HOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define HOOK_SECONDS 10
#define HOOK_CONNECT_SECONDS 5
#define HOOK_ANSWER_MAX (16u * 1024) /* head and body together */
#define HOOK_KEY_BYTES 32            /* the specification: 24 to 64 */
#define HOOK_SECRET_CHARS (6 + 44)   /* "whsec_" and the key in base64 */
#define HOOK_KEY_MAX 64
#define HOOK_SIGNATURE_CHARS (3 + 44) /* "v1," and 32 bytes in base64 */
#define HOOK_ID_MAX 40

/* A fresh secret as its receiver gets it. ERR_IO: no randomness. Wipe *out in the end. */
enum err hook_secret_new(char out[HOOK_SECRET_CHARS + 1]) MUST_CHECK;

/* "v1," and the base64 of HMAC-SHA256 over "id.at_s.body". ERR_PARSE: secret is not whsec_ and the
 * base64 of 1 to HOOK_KEY_MAX bytes. ERR_NOMEM. */
enum err hook_sign(const char *secret, const char *id, int64_t at_s, const char *body,
                   char out[HOOK_SIGNATURE_CHARS + 1]) MUST_CHECK;

/* May this address be called? bytes: 4 or 16, network order. False for this machine, private and
 * link-local networks (cloud metadata), carrier NAT, multicast, documentation, and every IPv6 form
 * that hides an IPv4 address (IANA special-purpose registries; RFC 6890). */
bool hook_address_public(const unsigned char *bytes, size_t len);

struct hook_call {
    const char *url;        /* https:// */
    const char *ca_file;    /* "": the system's */
    bool inside;            /* for tests: addresses that are not public, too */
    const char *id;         /* of the message: the same at every try */
    int64_t at_s;           /* of this try */
    const char *signatures; /* one, or two with a space between */
    const char *body;       /* JSON */
};

enum hook_said {
    HOOK_DONE,  /* 2xx */
    HOOK_LATER, /* anything else */
    HOOK_GONE,  /* 410: the receiver wants nothing any more */
};

/* What went wrong, by a word of the API; "" for HOOK_DONE. */
#define HOOK_WHY_LIST(X)                                                                           \
    X(NONE, "")                                                                                    \
    X(ANSWER, "answer")         /* a status that is not 2xx */                                     \
    X(GONE, "gone")             /* 410 */                                                          \
    X(REDIRECT, "redirect")     /* 3xx: the address itself must be right */                        \
    X(CLOSED, "closed_network") /* the address is not public */                                    \
    X(NAME, "no_name")          /* no such host */                                                 \
    X(LINE, "no_connection")                                                                       \
    X(TLS, "tls")               /* a certificate that does not hold, no common version */          \
    X(SLOW, "too_slow")         /* no whole answer in time */                                      \
    X(LONG, "too_long")         /* an answer over HOOK_ANSWER_MAX */                               \
    X(UNREADABLE, "unreadable") /* our own: its secret does not open */

enum hook_why {
#define X(code, name) HOOK_WHY_##code,
    HOOK_WHY_LIST(X)
#undef X
};
const char *hook_why_name(enum hook_why w);

struct hook_outcome {
    enum hook_said said;
    enum hook_why why;
    int code; /* HTTP, 0: there was none */
    int64_t took_ms;
};

void hook_post(const struct hook_call *c, struct hook_outcome *out);

#endif
