/* SPDX-License-Identifier: Apache-2.0
 *
 * When a notification leaves; see notify.h.
 */
#include "server/domain/notify.h"

#include <string.h>

#include "common/base/now.h"
#include "server/domain/zone.h"

#define DAY_MINUTES 1440
#define ADDRESS_MAX 254
#define LOCAL_MAX 64 /* RFC 5321 4.5.3.1.1 */
#define LABEL_MAX 63 /* RFC 1035 2.3.4 */

static const char *const names[NOTIFY_COUNT] = {
#define X(code, name, quiet) [NOTIFY_##code] = name,
    NOTIFY_LIST(X)
#undef X
};

static const bool waits_for_morning[NOTIFY_COUNT] = {
#define X(code, name, quiet) [NOTIFY_##code] = quiet,
    NOTIFY_LIST(X)
#undef X
};

const char *notify_name(enum notify_kind k)
{
    return (unsigned)k < NOTIFY_COUNT ? names[k] : "unknown";
}

bool notify_parse(const char *name, enum notify_kind *out)
{
    for (unsigned i = 0; i < NOTIFY_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum notify_kind)i;
            return true;
        }
    }
    return false;
}

struct notify_policy notify_policy_default(void)
{
    return (struct notify_policy){ .quiet_from_min = 21 * 60,
                                   .quiet_to_min = 8 * 60,
                                   .tries_max = 12,
                                   .first_wait_ms = MS_PER_MIN,
                                   .most_wait_ms = 4 * 60 * MS_PER_MIN,
                                   .keep_ms = 90 * MS_PER_DAY };
}

/* Quiet hours may go over midnight. */
static bool is_quiet(const struct notify_policy *p, int minute)
{
    if (p->quiet_from_min <= p->quiet_to_min)
        return minute >= p->quiet_from_min && minute < p->quiet_to_min;
    return minute >= p->quiet_from_min || minute < p->quiet_to_min;
}

int64_t notify_due_ms(const struct notify_policy *p, enum notify_kind kind, const char *tz,
                      int64_t now_ms)
{
    struct local_time t;
    int64_t first = now_ms, second = now_ms, days;
    int minute;

    if ((unsigned)kind >= NOTIFY_COUNT || !waits_for_morning[kind] ||
        zone_local(tz, now_ms, &t) != ERR_OK)
        return now_ms;
    minute = t.hour * 60 + t.minute;
    if (!is_quiet(p, minute))
        return now_ms;
    days = date_to_days(t.year, t.month, t.day) + (minute >= p->quiet_to_min);
    date_from_days(days, &t.year, &t.month, &t.day);
    t.hour = p->quiet_to_min % DAY_MINUTES / 60;
    t.minute = p->quiet_to_min % 60;
    t.second = 0;
    if (zone_to_utc(tz, &t, &first, &second) == ZONE_UNKNOWN || second < now_ms)
        return now_ms;
    return first < now_ms ? second : first;
}

static int64_t wait_ms(const struct notify_policy *p, int tries)
{
    int64_t wait = p->first_wait_ms;

    for (int i = 1; i < tries && wait < p->most_wait_ms; i++)
        wait *= 2;
    return wait < p->most_wait_ms ? wait : p->most_wait_ms;
}

enum notify_end notify_after(const struct notify_policy *p, int tries, enum notify_try said,
                             uint32_t random, int64_t now_ms, int64_t *next_ms)
{
    int64_t half;

    if (said == NOTIFY_DONE)
        return NOTIFY_SENT;
    if (said == NOTIFY_NEVER || tries >= p->tries_max)
        return NOTIFY_FAILED;
    half = wait_ms(p, tries) / 2;
    *next_ms = now_ms + half + (int64_t)(random % ((uint64_t)half + 1));
    return NOTIFY_WAITS;
}

static bool label_ok(const char *s, size_t n)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

    return n > 0 && n <= LABEL_MAX && s[0] != '-' && s[n - 1] != '-' && strspn(s, letters) >= n;
}

static bool domain_ok(const char *s)
{
    int labels = 0;

    for (;;) {
        size_t n = strcspn(s, ".");

        if (!label_ok(s, n))
            return false;
        labels++;
        if (!s[n])
            return labels > 1;
        s += n + 1;
    }
}

bool notify_address_ok(const char *address)
{
    /* atext of RFC 5322 3.2.3 and the dot between */
    static const char atext[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "!#$%&'*+-/=?^_`{|}~.";
    size_t local = strspn(address, atext);

    if (strlen(address) > ADDRESS_MAX || local == 0 || local > LOCAL_MAX || address[local] != '@')
        return false;
    if (address[0] == '.' || address[local - 1] == '.')
        return false;
    for (size_t i = 1; i < local; i++)
        if (address[i] == '.' && address[i - 1] == '.')
            return false;
    return domain_ok(address + local + 1);
}
