/* SPDX-License-Identifier: Apache-2.0
 *
 * The jobs that put a centre's month into one file (domain/archive.h), as
 * rows. The file itself is sys/files.h's. Desk thread.
 */
#ifndef PARTA_STORE_ARCHIVE_H
#define PARTA_STORE_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/archive.h"
#include "server/store/db.h"

#define ARCHIVE_SHA_BYTES 32
#define ARCHIVE_NAME_CHARS 43 /* of its file (sys/files.h) */

struct archive {
    int64_t id;
    struct org_id org;
    int year, month;
    char locale[9];
    enum archive_state state;
    enum archive_cause cause;
    struct user_id asked_by;
    int64_t asked_ms;
    int64_t begun_ms, ended_ms; /* 0: not yet */
    int64_t reports, accepted, waiting;
    char name[ARCHIVE_NAME_CHARS + 1]; /* "": there is no file, or not any more */
    uint8_t sha256[ARCHIVE_SHA_BYTES];
    int64_t bytes;
    int64_t swept_ms; /* 0: not yet */
};

struct archive_list {
    struct archive *items; /* owned */
    size_t n;
};

/* Queued. ERR_STATE: the centre has one that is not over. */
enum err archive_add(struct db *db, const struct archive *a, int64_t *out) MUST_CHECK;
enum err archive_load(struct db *db, int64_t id, struct archive *out) MUST_CHECK;
/* Of a centre's month, the newest first, at most 20. */
enum err archive_list(struct db *db, struct org_id org, int year, int month,
                      struct archive_list *out) MUST_CHECK;
void archive_list_free(struct archive_list *l);

/* The oldest queued one becomes running. ERR_NOTFOUND: none. */
enum err archive_next(struct db *db, int64_t now_ms, struct archive *out) MUST_CHECK;
/* Over without a file: failed or stopped. ERR_STATE: it was over already. */
enum err archive_close(struct db *db, int64_t id, enum archive_state state,
                       enum archive_cause cause, int64_t now_ms) MUST_CHECK;
/* Done: counts, name, digest and size of *a. ERR_STATE: it was over already. */
enum err archive_finish(struct db *db, const struct archive *a, int64_t now_ms) MUST_CHECK;
/* At boot: what was not over when the server stopped has failed. */
enum err archives_lost(struct db *db, int64_t now_ms, int64_t *n) MUST_CHECK;

/* Files whose days are over by their centre's policy: their names are taken out of the rows, and
 * the sweep of files that no row speaks of takes them away. */
enum err archive_sweep(struct db *db, int64_t now_ms) MUST_CHECK;

enum err policy_archive(struct db *db, struct org_id org, int64_t at_ms,
                        struct archive_policy *out) MUST_CHECK;

#endif
