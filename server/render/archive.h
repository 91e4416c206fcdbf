/* SPDX-License-Identifier: Apache-2.0
 *
 * The summary of a centre's month: a row per report, with its state, who has
 * to act and the file that it stands in; and the same of the missing ones
 * alone.
 */
#ifndef PARTA_RENDER_ARCHIVE_H
#define PARTA_RENDER_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/domain/archive.h"

struct archive_line {
    const char *school, *mentor, *child; /* names */
    const char *file;                    /* inside the archive, without an ending */
    struct archive_entry entry;
    struct report_totals totals; /* of the version that is in the file */
};

/* A heading, a row per line in their order, the totals. missing: only lines on which somebody still
 * has to act, and no totals. *bytes is owned (mem_free). ERR_NOMEM. */
enum err archive_csv(const struct archive_line *lines, size_t n, bool missing, const char *lang,
                     uint8_t **bytes, size_t *len) MUST_CHECK;
/* The summary as a spreadsheet. ERR_NOMEM, ERR_IO. */
enum err archive_xlsx(const struct archive_line *lines, size_t n, const char *lang, int64_t made_ms,
                      uint8_t **bytes, size_t *len) MUST_CHECK;

#endif
