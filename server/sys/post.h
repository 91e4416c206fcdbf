/* SPDX-License-Identifier: Apache-2.0
 *
 * What leaves the house: one mail through SMTP (RFC 5321). Each call does one
 * try, waits at most POST_SECONDS and tells how it went. It keeps nothing and
 * repeats nothing. Worker threads only: it waits for strangers.
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
    POST_LATER, /* nobody there, no TLS, cut off, 4xx */
    POST_NEVER, /* 5xx */
};

/* detail: one line for people: what the other side answered, or what went wrong on the way; it may
 * name the receiver, so it goes to no log. code: the SMTP status, 0: there was none. */
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

#endif
