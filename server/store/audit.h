/* SPDX-License-Identifier: Apache-2.0
 *
 * The two chains. audit: who did what. register: the digest of every row that
 * makes attendance, taken when the row became final. Each entry's hash covers
 * the hash of the one before it, so a changed, missing or inserted entry is
 * found by walking; a changed row is found by its digest. What a chain cannot
 * show, a cut-off tail, is shown by the head: it is printed in each report and
 * backup, and the next number is kept by the database. Desk thread; chain_verify
 * also on a reading connection.
 */
#ifndef PARTA_STORE_AUDIT_H
#define PARTA_STORE_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/store/db.h"

#define CHAIN_HASH_BYTES 32

/* entity: table; before, after: short JSON or "", never a secret, never a medical field.
 * actor 0: the program itself. */
enum err audit_add(struct db *db, int64_t at_ms, struct user_id actor, const char *action,
                   const char *entity, int64_t entity_id, const char *before,
                   const char *after) MUST_CHECK;

struct audit_row {
    int64_t seq;
    int64_t at_ms;
    struct user_id actor;
    char action[41];
    char entity[25];
    int64_t entity_id;
    char *before; /* owned */
    char *after;  /* owned */
};
struct audit_list {
    struct audit_row *items; /* owned */
    size_t n;
};
/* Newest first: seq < before_seq (0: from the end), at most max. */
enum err audit_list(struct db *db, int64_t before_seq, int max, struct audit_list *out) MUST_CHECK;
void audit_list_free(struct audit_list *l);

/* Enters the row kind/row_id, as it stands, into the register. */
enum err chain_enter(struct db *db, const char *kind, int64_t row_id, int64_t at_ms) MUST_CHECK;

/* Head of the register: 64 hex digits (zeros while it is empty). */
enum err chain_head(struct db *db, char out[2 * CHAIN_HASH_BYTES + 1]) MUST_CHECK;

struct chain_report {
    int64_t audit_rows;
    int64_t register_rows;
    int64_t bad_seq;   /* first entry at fault, 0: none */
    char bad_kind[25]; /* "audit", or the kind of the register entry */
    char why[41];      /* "hash", "link", "row", "gap", "tail", "missing" */
};
/* Walks both chains. ERR_OK also when a fault was found: see bad_kind ("" = clean). */
enum err chain_verify(struct db *db, struct chain_report *out) MUST_CHECK;

#endif
