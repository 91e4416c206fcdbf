/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers and times as printed.
 */
#include "server/render/format.h"

#include <inttypes.h>
#include <stdbool.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/zone.h"

static enum err local(const char *tz, int64_t utc_ms, struct local_time *t)
{
    return zone_local(tz, utc_ms, t) == ERR_OK ? ERR_OK : ERR_NOTFOUND;
}

/* Everything printed here fits: years have four digits, the rest at most 20. */
static enum err fits(bool ok)
{
    return ok ? ERR_OK : ERR_INVAL;
}

enum err format_date(char out[FORMAT_MAX], const char *tz, int64_t utc_ms)
{
    struct local_time t;
    enum err e = local(tz, utc_ms, &t);

    if (e != ERR_OK)
        return e;
    return fits(str_format(out, FORMAT_MAX, "%04d-%02d-%02d", t.year, t.month, t.day));
}

enum err format_time(char out[FORMAT_MAX], const char *tz, int64_t utc_ms)
{
    struct local_time t;
    enum err e = local(tz, utc_ms, &t);

    if (e != ERR_OK)
        return e;
    return fits(str_format(out, FORMAT_MAX, "%02d:%02d", t.hour, t.minute));
}

enum err format_date_time(char out[FORMAT_MAX], const char *tz, int64_t utc_ms)
{
    struct local_time t;
    enum err e = local(tz, utc_ms, &t);

    if (e != ERR_OK)
        return e;
    return fits(str_format(out, FORMAT_MAX, "%04d-%02d-%02d %02d:%02d", t.year, t.month, t.day,
                           t.hour, t.minute));
}

void format_tenths(char out[FORMAT_MAX], int64_t tenths, const char *decimal)
{
    if (!str_format(out, FORMAT_MAX, "%" PRId64 "%s%" PRId64, tenths / 10, decimal, tenths % 10))
        out[0] = 0;
}

void format_minutes(char out[FORMAT_MAX], int64_t ms, const char *decimal)
{
    format_tenths(out, ms / (MS_PER_MIN / 10), decimal);
}

void format_quarters(char out[FORMAT_MAX], int quarters, const char *decimal)
{
    static const char *const part[] = { "", "25", "5", "75" };

    if (!str_format(out, FORMAT_MAX, "%d%s%s", quarters / 4, quarters % 4 ? decimal : "",
                    part[quarters % 4 & 3]))
        out[0] = 0;
}

void format_hours(char out[FORMAT_MAX], int64_t ms, const char *hour, const char *minute)
{
    int64_t minutes = ms / MS_PER_MIN;

    if (!str_format(out, FORMAT_MAX, "%" PRId64 " %s %02" PRId64 " %s", minutes / 60, hour,
                    minutes % 60, minute))
        out[0] = 0;
}

enum err format_printable(const struct month_report *r)
{
    switch (month_report_check(r, NULL)) {
    case REPORT_FINE:
    case REPORT_EMPTY:
        return ERR_OK;
    case REPORT_ZONE:
        return ERR_NOTFOUND;
    case REPORT_NOMEM:
        return ERR_NOMEM;
    case REPORT_TOTALS:
    case REPORT_MONTH:
    case REPORT_ORDER:
    case REPORT_LINE:
        break;
    }
    return ERR_STATE;
}
