/* SPDX-License-Identifier: Apache-2.0
 *
 * One line per event, key=value, to standard error. Personal data, tokens and
 * SDP are never logged: log ids and codes. Text that came from outside passes
 * through the line escaper, so nobody can forge a second line. A repeating
 * event is limited per call site (LOG_EVERY), so garbage cannot fill a disk.
 * Never called per packet. Thread-safe: one write(2) per line.
 */
#ifndef PARTA_BASE_LOG_H
#define PARTA_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_OFF };

/* Lines below level are dropped. Set once at start, before threads exist. */
void log_set_level(enum log_level level);

/* Parses "debug", "info", "warn", "error", "off"; false if it is none of these. */
bool log_level_parse(const char *name, enum log_level *out);

/* event is a fixed dotted word ("room.open"), fmt the key=value pairs. */
void log_line(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)

/* Per call site allowance: at most burst lines per window. */
struct log_limit {
    int64_t window_start_us;
    unsigned used;
    unsigned dropped;
};

/* True if a line may be written now; counts what it refuses. now_us is monotonic. */
bool log_limit_pass(struct log_limit *l, int64_t now_us, unsigned burst, int64_t window_us);

#endif
