/* SPDX-License-Identifier: Apache-2.0
 *
 * What leaves the house: one mail through SMTP (RFC 5321), one signed message
 * by HTTPS. Each call does one try, waits at most POST_SECONDS and tells how
 * it went. It keeps nothing, repeats nothing, and follows no redirect. Worker
 * threads only: it waits for strangers.
 */
#ifndef PARTA_SYS_POST_H
#define PARTA_SYS_POST_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/err.h"

#define POST_SECONDS 20
#define POST_CONNECT_SECONDS 10
#define POST_DETAIL_MAX 160

struct post_smtp {
    const char *url;      /* smtp://host:port (STARTTLS where offered) or smtps://host:port */
    const char *user;     /* "": no authentication; else only over TLS */
    const char *password; /* wiped by its owner */
    const char *from;     /* envelope sender, a bare address */
    const char *ca_file;  /* "": the system's */
};

enum post_said {
    POST_DONE,
    POST_LATER, /* nobody there, no TLS, cut off, 4xx; HTTP: 5xx, 408, 425, 429 */
    POST_NEVER, /* 5xx; HTTP: every other answer that is no 2xx; an address that is not allowed */
};

/* detail: one line for people: what the other side answered, or what went wrong on the way; it may
 * name the receiver, so it goes to no log. code: the SMTP or HTTP status, 0: there was none. */
struct post_outcome {
    enum post_said said;
    int code;
    char detail[POST_DETAIL_MAX];
};

/* Once per process, before other threads; ERR_NOMEM. */
enum err post_init(void) MUST_CHECK;

/* message: a whole one of RFC 5322 with CRLF. */
void post_mail(const struct post_smtp *to_server, const char *to, const char *message, size_t len,
               struct post_outcome *out);

struct post_hook {
    const char *url;            /* https:// only */
    const char *const *headers; /* "Name: value", NULL behind the last */
    const char *ca_file;        /* "": the system's */
    bool inside;                /* addresses inside the own network are allowed too */
};

/* POSTs body as application/json. Unless inside is set no connection is opened to an address that
 * is not public: this machine, private networks, link-local (cloud metadata), carrier NAT,
 * multicast, and the IPv6 forms that hide such an address (T21); whatever name led there. */
void post_hook(const struct post_hook *h, const char *body, size_t len, struct post_outcome *out);

/* The rule behind it: may this address be called from here? bytes: 4 or 16, network order. */
bool post_address_public(const unsigned char *bytes, size_t len);

#endif
