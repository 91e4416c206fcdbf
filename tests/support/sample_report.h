/* SPDX-License-Identifier: Apache-2.0
 *
 * A made-up month report with every kind of line, for the tests of printing.
 */
#ifndef PARTA_TESTS_SAMPLE_REPORT_H
#define PARTA_TESTS_SAMPLE_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/err.h"
#include "server/domain/report.h"

/* November 2026 with n lessons (at most 100), in Russian or English. Deinit in any case. */
enum err sample_report(struct month_report *r, size_t n, bool russian) MUST_CHECK;

#endif
