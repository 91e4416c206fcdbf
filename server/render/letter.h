/* SPDX-License-Identifier: Apache-2.0
 *
 * Mails: their sentences in Russian and English, and the message of RFC 5322
 * around them. No child's surname and no medical word has a place here: what
 * may stand in a letter is struct letter. letter.c is the one file to
 * translate.
 */
#ifndef PARTA_RENDER_LETTER_H
#define PARTA_RENDER_LETTER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/str.h"
#include "server/domain/notify.h"

struct letter {
    enum notify_kind kind;
    const char *locale; /* "en", else Russian */
    const char *centre; /* its name */
    const char *link;   /* a whole address, "" : none */
    const char *when;   /* a day or an hour in the reader's zone, "" : none */
    const char *what;   /* a code of the event: gate, "on" or "off", "child" or "mentor", "" */
    const char *who;    /* an adult's name, or a child's given name; "" : none */
};

/* Subject and body as UTF-8 text with \n. ERR_NOMEM. */
enum err letter_write(const struct letter *l, struct strbuf *subject,
                      struct strbuf *body) MUST_CHECK;

struct letter_head {
    const char *from_name; /* the centre's name */
    const char *from;      /* a bare address */
    const char *to;        /* a bare address, notify_address_ok */
    int64_t id;            /* of the notification: the same Message-ID at every try */
    int64_t at_ms;
};

/* The whole message with CRLF: UTF-8 in the subject and in the name by RFC 2047 (words of at most
 * 75 characters that split no letter), the body in base64. ERR_INVAL: a line break where none may
 * be. ERR_NOMEM. */
enum err letter_message(const struct letter_head *h, const char *subject, const char *body,
                        struct strbuf *out) MUST_CHECK;

#endif
