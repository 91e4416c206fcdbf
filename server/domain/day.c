/* SPDX-License-Identifier: Apache-2.0
 *
 * Calendar days as text and in a zone.
 */
#include "server/domain/day.h"

#include <string.h>

#include "common/base/str.h"
#include "server/domain/zone.h"

#define YEAR_MIN 1900
#define YEAR_MAX 2199

static bool digits(const char *s, size_t n, int *out)
{
    int v = 0;

    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        v = v * 10 + (s[i] - '0');
    }
    *out = v;
    return true;
}

bool day_parse(const char *text, int64_t *out)
{
    int y, m, d;

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !digits(text, 4, &y) ||
        !digits(text + 5, 2, &m) || !digits(text + 8, 2, &d) || y < YEAR_MIN || y > YEAR_MAX ||
        !date_valid(y, m, d))
        return false;
    *out = date_to_days(y, m, d);
    return true;
}

void day_write(int64_t day, char out[DAY_TEXT_BYTES])
{
    int y, m, d;

    out[0] = '\0';
    if (day < date_to_days(YEAR_MIN, 1, 1) || day > date_to_days(YEAR_MAX, 12, 31))
        return;
    date_from_days(day, &y, &m, &d);
    if (!str_format(out, DAY_TEXT_BYTES, "%04d-%02d-%02d", y, m, d))
        out[0] = '\0';
}

enum err day_in_zone(const char *tz, int64_t utc_ms, int64_t *out)
{
    struct local_time t;
    enum err err = zone_local(tz, utc_ms, &t);

    if (!err)
        *out = date_to_days(t.year, t.month, t.day);
    return err;
}

int day_years(int64_t from, int64_t to)
{
    int y, m, d, ty, tm, td;

    date_from_days(from, &y, &m, &d);
    date_from_days(to, &ty, &tm, &td);
    return ty - y - (tm < m || (tm == m && td < d));
}
