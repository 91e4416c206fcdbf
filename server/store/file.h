/* SPDX-License-Identifier: Apache-2.0
 *
 * Which rows speak of files that people sent. Every table with such names has
 * to be known here, or its files are swept away as nobody's; a test compares
 * this with the schema. Desk thread.
 */
#ifndef PARTA_STORE_FILE_H
#define PARTA_STORE_FILE_H

#include <stdbool.h>

#include "common/base/err.h"
#include "server/store/db.h"

/* Does any row speak of the file of this name? Not once retention has taken it (file_gone). */
enum err file_known(struct db *db, const char *name, bool *out) MUST_CHECK;

#endif
