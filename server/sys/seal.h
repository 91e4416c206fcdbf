/* SPDX-License-Identifier: Apache-2.0
 *
 * Sealed columns: a value that only this installation can read, and only in
 * its own place (DESIGN section 6). AES-256-GCM (NIST SP 800-38D) under a key
 * that is not in the database. A value names its key, so keys can be renewed
 * while old values stay readable; the table, the column and the row are
 * authenticated with it, so a value that was moved to another place does not
 * open. What it cannot show: that an older value of the same place was put
 * back.
 *
 *   value = 1 (format) | key id, 4 bytes | nonce, 12 bytes | ciphertext | tag, 16 bytes
 *
 * Any thread; a ring is not changed after it was loaded.
 */
#ifndef PARTA_SYS_SEAL_H
#define PARTA_SYS_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define SEAL_KEY_BYTES 32
#define SEAL_KEYS_MAX 16
#define SEAL_OVERHEAD (1 + 4 + 12 + 16)  /* a value is longer than its text by this */
#define SEAL_TEXT_MAX (16 * 1024 * 1024) /* a scan of DESK_FILE_MAX, and more */

struct seal_key {
    uint32_t id; /* 1.. */
    uint8_t key[SEAL_KEY_BYTES];
};

/* All keys of an installation, oldest first. The last one seals. */
struct seal_ring {
    struct seal_key keys[SEAL_KEYS_MAX];
    size_t n;
};

/* Where a value stands. table, column: literals. */
struct seal_place {
    const char *table, *column;
    int64_t row;
};

/* Reads the key file: a line per key, "ID HEX" (decimal, 64 digits of hex), ids rising. With create
 * it is made (0600, one fresh key) if it does not exist. ERR_NOTFOUND: no such file; ERR_DENIED:
 * others than its owner may read it; ERR_PARSE: it is no key file; ERR_IO. Wipe *out in the end. */
enum err seal_ring_load(const char *path, bool create, struct seal_ring *out) MUST_CHECK;

/* Renews: adds a fresh key, which seals from the next load on. The file is replaced as a whole or
 * not at all. ERR_NOMEM: SEAL_KEYS_MAX keys are there. Else as seal_ring_load. */
enum err seal_ring_renew(const char *path) MUST_CHECK;

void seal_ring_wipe(struct seal_ring *r);

/* text[0..len) sealed for its place; *out is owned (mem_free), *out_len = len + SEAL_OVERHEAD.
 * ERR_INVAL: no key, or a text over SEAL_TEXT_MAX. ERR_IO: no randomness. ERR_NOMEM. */
enum err seal_close(const struct seal_ring *r, const struct seal_place *at, const void *text,
                    size_t len, uint8_t **out, size_t *out_len) MUST_CHECK;

/* The text of a value found at its place, with a NUL behind it; free with seal_text_free.
 * ERR_PARSE: no sealed value (cut short, other format). ERR_NOTFOUND: sealed under a key that the
 * ring has not. ERR_DENIED: wrong key, changed, or not from this place. ERR_NOMEM. */
enum err seal_open(const struct seal_ring *r, const struct seal_place *at, const uint8_t *value,
                   size_t value_len, char **out, size_t *out_len) MUST_CHECK;

/* Overwrites and frees; NULL is fine. */
void seal_text_free(char *text, size_t len);

#endif
