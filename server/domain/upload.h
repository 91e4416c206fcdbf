/* SPDX-License-Identifier: Apache-2.0
 *
 * What a file that was sent really is, by its content and never by its name or
 * what the browser says (RELIABILITY T12): PDF, PNG or JPEG, whole in their
 * outer structure; anything else is UNKNOWN and is refused. Nothing is decoded
 * or repaired: a picture is walked from mark to mark, a PDF looked at at both
 * ends. Walked by tests/fuzz/upload_fuzz.
 */
#ifndef PARTA_DOMAIN_UPLOAD_H
#define PARTA_DOMAIN_UPLOAD_H

#include <stddef.h>
#include <stdint.h>

/* code, name in the database, content type, ending of the name it is handed out under */
#define UPLOAD_LIST(X)                                                                             \
    X(UNKNOWN, "unknown", "application/octet-stream", "bin")                                       \
    X(PDF, "pdf", "application/pdf", "pdf")                                                        \
    X(PNG, "png", "image/png", "png")                                                              \
    X(JPEG, "jpeg", "image/jpeg", "jpg")                                                           \
    X(ZIP, "zip", "application/zip", "zip") /* made here; never found in what was sent */

enum upload_type {
#define X(code, name, mime, ending) UPLOAD_##code,
    UPLOAD_LIST(X)
#undef X
};

/* Source of the marks: PDF ISO 32000-1 section 7.5; PNG W3C second edition sections 5.2-5.6;
 * JPEG ITU-T T.81 annex B. */
enum upload_type upload_type_of(const uint8_t *bytes, size_t len);

const char *upload_name(enum upload_type t);
enum upload_type upload_parse(const char *name); /* UNKNOWN for any other word */
const char *upload_mime(enum upload_type t);
const char *upload_ending(enum upload_type t);

#endif
