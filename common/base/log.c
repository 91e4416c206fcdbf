/* SPDX-License-Identifier: Apache-2.0
 *
 * Formats one escaped line and writes it with a single system call.
 */
#include "common/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

static enum log_level threshold = LOG_INFO;
static const char *const level_names[] = { "debug", "info", "warn", "error", "off" };

void log_set_level(enum log_level level)
{
    threshold = level;
}

bool log_level_parse(const char *name, enum log_level *out)
{
    for (int i = LOG_DEBUG; i <= LOG_OFF; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *out = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* Control bytes become '?', so a value can neither start a line nor drive a terminal. */
static void escape(char *s)
{
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;

        if (c < 0x20 || c == 0x7f)
            *s = '?';
    }
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
    char text[LINE_MAX_BYTES], line[LINE_MAX_BYTES + 128];
    struct timespec ts;
    struct tm tm;
    va_list ap;
    int n;

    if (level < threshold)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    escape(text);
    clock_gettime(CLOCK_REALTIME, &ts);
    gmtime_r(&ts.tv_sec, &tm);
    n = snprintf(line, sizeof line, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ %s %s %s\n",
                 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
                 ts.tv_nsec / 1000000, level_names[level], event, text);
    if (n < 0)
        return;
    if ((size_t)n >= sizeof line) {
        n = (int)sizeof line - 1;
        line[n - 1] = '\n';
    }
    /* A log that cannot be written must not stop a lesson. */
    if (write(STDERR_FILENO, line, (size_t)n) < 0)
        return;
}

bool log_limit_pass(struct log_limit *l, int64_t now_us, unsigned burst, int64_t window_us)
{
    if (now_us - l->window_start_us >= window_us) {
        l->window_start_us = now_us;
        l->used = 0;
    }
    if (l->used < burst) {
        l->used++;
        return true;
    }
    l->dropped++;
    return false;
}
