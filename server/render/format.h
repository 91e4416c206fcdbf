/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers and times as printed: local to a zone, floored, never rounded up to
 * more than was measured.
 */
#ifndef PARTA_RENDER_FORMAT_H
#define PARTA_RENDER_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/domain/report.h"

#define FORMAT_MAX 32 /* fits every text made here */

/* "2026-11-02", "09:40" and "2026-11-02 09:40" of an instant in tz. ERR_NOTFOUND: unknown zone or
 * an instant out of range. */
enum err format_date(char out[FORMAT_MAX], const char *tz, int64_t utc_ms) MUST_CHECK;
enum err format_time(char out[FORMAT_MAX], const char *tz, int64_t utc_ms) MUST_CHECK;
enum err format_date_time(char out[FORMAT_MAX], const char *tz, int64_t utc_ms) MUST_CHECK;

/* Tenths, floored, with the given decimal sign: 749 -> "74.9". */
void format_tenths(char out[FORMAT_MAX], int64_t tenths, const char *decimal);

/* Minutes with one decimal place, floored: 29:59 -> "29.9". */
void format_minutes(char out[FORMAT_MAX], int64_t ms, const char *decimal);

/* Quarters as units: 17 -> "4.25". */
void format_quarters(char out[FORMAT_MAX], int quarters, const char *decimal);

/* "9 h 24 min", floored. */
void format_hours(char out[FORMAT_MAX], int64_t ms, const char *hour, const char *minute);

/* Only a report that agrees with itself is put on paper. ERR_OK also for one that has no line and
 * no reason yet; ERR_NOTFOUND: unknown zone; ERR_NOMEM; ERR_STATE: anything else that
 * month_report_check finds. */
enum err format_printable(const struct month_report *r) MUST_CHECK;

#endif
