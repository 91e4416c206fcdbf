/* SPDX-License-Identifier: Apache-2.0
 *
 * argon2id in the usual written form ("$argon2id$v=19$m=..,t=..,p=..$salt$hash"), computed in
 * memory of huge pages: with small ones half of the time goes into 12 000 page faults, and a flood
 * of sign-ins is decided by what one hash costs. Any thread; about 40 ms, so a worker's.
 */
#ifndef PARTA_API_ARGON_H
#define PARTA_API_ARGON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define ARGON_KEY_BYTES 32 /* what is hashed: a peppered secret */

/* With a fresh salt. ERR_NOMEM: no memory, or cap is too small. */
enum err argon_hash(const uint8_t key[ARGON_KEY_BYTES], char *out, size_t cap) MUST_CHECK;

/* True if encoded is the hash of key. False for whatever cannot be read or computed. */
bool argon_verify(const uint8_t key[ARGON_KEY_BYTES], const char *encoded);

#endif
