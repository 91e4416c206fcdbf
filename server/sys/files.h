/* SPDX-License-Identifier: Apache-2.0
 *
 * Files that people sent, in one folder, under names made here and never by
 * them. A file is there whole or not at all: it is written under another name,
 * flushed and renamed. Any thread.
 */
#ifndef PARTA_SYS_FILES_H
#define PARTA_SYS_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define FILES_NAME_BYTES 32 /* of randomness in a name */
#define FILES_NAME_CHARS 43 /* as base64url */

/* Makes the folder (0700) if there is none and stores bytes[0..len) under a fresh random name,
 * which is written to name. ERR_IO: no room, or not allowed; nothing stays behind. */
enum err files_store(const char *folder, const void *bytes, size_t len,
                     char name[FILES_NAME_CHARS + 1]) MUST_CHECK;

/* The same under a name that was made before. ERR_INVAL: no such name can be. */
enum err files_store_as(const char *folder, const char *name, const void *bytes,
                        size_t len) MUST_CHECK;

/* For a writer that makes its file by itself, beside the others: makes the folder, writes a fresh
 * name to name and where its file belongs to path. What the writer leaves under "path.XXXXXX" when
 * it is cut off is swept away. ERR_IO, ERR_INVAL: the path does not fit. */
enum err files_place(const char *folder, char name[FILES_NAME_CHARS + 1], char *path,
                     size_t cap) MUST_CHECK;

/* Opens for reading. *fd is the caller's to close. ERR_INVAL: no name made by files_store;
 * ERR_NOTFOUND; ERR_IO. */
enum err files_open(const char *folder, const char *name, int *fd, int64_t *len) MUST_CHECK;

/* Forgets a file that no row speaks of. */
void files_remove(const char *folder, const char *name);

/* What no row speaks of any more, because the program ended between a file and its row. */
struct files_sweep {
    char first;        /* names that begin so: a slice of the folder, so that no sweep is long */
    int64_t before_ms; /* not changed since; younger ones may be on their way */
    /* Does a row speak of this file? True if that cannot be found out. */
    bool (*known)(void *arg, const char *name);
    void *arg;
};

/* Removes them; also what was begun and never finished. How many. */
int files_sweep(const char *folder, const struct files_sweep *s);

#endif
