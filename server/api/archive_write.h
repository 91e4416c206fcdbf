/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole month of a centre into one file: the accepted reports with the bytes
 * that were accepted, the others as drafts that say so on paper, a summary, and
 * what is missing with who has to act. Reads only. A worker's thread with a
 * connection of its own, or the console.
 */
#ifndef PARTA_API_ARCHIVE_WRITE_H
#define PARTA_API_ARCHIVE_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/store/db.h"

struct archive_asked {
    struct org_id centre;
    int year, month;
    int64_t now_ms;
    char locale[9]; /* of the summary and the drafts */
    /* Told of every report twice, when it was looked at and when it was written; true: stop.
     * NULL: never. */
    bool (*stop)(void *ctx, int64_t done, int64_t total);
    void *ctx;
};

struct archive_made {
    int64_t reports;  /* in the month, each mentor's for each child and school */
    int64_t accepted; /* of them with the bytes that were accepted */
    int64_t waiting;  /* of them somebody still has to act on */
};

/* Writes the file, which must not be there yet; on an error there is none. ERR_STATE: stopped.
 * ERR_IO: no room. Errors of the store and of the renderers. */
enum err archive_write(struct db *reader, const struct archive_asked *a, const char *path,
                       struct archive_made *out) MUST_CHECK;

#endif
