/* SPDX-License-Identifier: Apache-2.0
 *
 * Signing in as a person does who opens a personal link, and asking which
 * lesson comes next: two HTTPS requests, blocking, before anything else runs.
 */
#ifndef PARTA_TESTS_SIGNIN_H
#define PARTA_TESTS_SIGNIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define SIGNIN_COOKIE_MAX 256

struct server_at {
    char host[128];
    const char *address; /* to connect to instead of what host resolves to, or NULL */
    int port;
    const char *ca; /* file of trusted certificates, NULL = the system's */
    bool insecure;  /* any certificate will do */
};

/* cookie gets "name=value". ERR_DENIED: the link is not accepted. ERR_IO, ERR_PROTO. */
enum err sign_in(const struct server_at *at, const char *link, char *cookie, size_t cap) MUST_CHECK;

/* The lesson that the person's day offers next. ERR_NOTFOUND if there is none. */
enum err next_lesson(const struct server_at *at, const char *cookie, int64_t *out) MUST_CHECK;

#endif
