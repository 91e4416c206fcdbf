/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages to other programs; see webhook.h.
 */
#include "server/domain/webhook.h"

#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/noshow.h"
#include "server/domain/zone.h"

#define SCHEME "https://"
#define YEAR_10000_MS INT64_C(253402300800000)
#define HOST_MAX 253 /* RFC 1035 2.3.4, as text */

static const char *const names[WEBHOOK_COUNT] = {
#define X(code, name) [WEBHOOK_##code] = name,
    WEBHOOK_LIST(X)
#undef X
};

static const char *const url_faults[] = {
#define X(code, name) [WEBHOOK_URL_##code] = name,
    WEBHOOK_URL_LIST(X)
#undef X
};

const char *webhook_name(enum webhook_kind k)
{
    return (unsigned)k < WEBHOOK_COUNT ? names[k] : "unknown";
}

bool webhook_parse(const char *name, enum webhook_kind *out)
{
    for (unsigned i = 0; i < WEBHOOK_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum webhook_kind)i;
            return true;
        }
    }
    return false;
}

enum webhook_kind webhook_of_outcome(enum outcome o)
{
    if (o == OUTCOME_HELD || o == OUTCOME_PARTIAL)
        return WEBHOOK_LESSON_HELD;
    return noshow_of_outcome(o) == NOSHOW_NOBODY ? WEBHOOK_LESSON_NOT_HELD : WEBHOOK_LESSON_NO_SHOW;
}

/* ---- the body --------------------------------------------------------------------------- */

static bool write_instant(int64_t at_ms, char *out, size_t cap)
{
    int64_t ms = at_ms % MS_PER_DAY, s = ms / MS_PER_S;
    int year, month, day;

    date_from_days(at_ms / MS_PER_DAY, &year, &month, &day);
    return str_format(out, cap, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, day,
                      (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60), (int)(ms % MS_PER_S));
}

enum err webhook_body(const struct webhook_event *e, char out[WEBHOOK_BODY_MAX + 1])
{
    const struct {
        const char *name;
        int64_t id;
    } all[] = { { "lesson", e->lesson },
                { "amendment", e->amendment },
                { "version", e->version },
                { "delivery", e->delivery },
                { "school", e->school } };
    char at[32], data[140] = "";

    if ((unsigned)e->kind >= WEBHOOK_COUNT || e->at_ms < 0 || e->at_ms >= YEAR_10000_MS ||
        !write_instant(e->at_ms, at, sizeof at))
        return ERR_INVAL;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        size_t n = strlen(data);

        if (all[i].id && !str_format(data + n, sizeof data - n, "%s\"%s\":%lld", n ? "," : "",
                                     all[i].name, (long long)all[i].id))
            return ERR_INVAL;
    }
    return str_format(out, WEBHOOK_BODY_MAX + 1,
                      "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":{%s}}", names[e->kind], at,
                      data)
               ? ERR_OK
               : ERR_INVAL;
}

/* ---- the address ------------------------------------------------------------------------ */

static bool letters_ok(const char *s)
{
    for (; *s; s++)
        if (*s <= ' ' || *s > '~' || strchr("\"<>\\^`{|}", *s))
            return false;
    return true;
}

/* authority[0..n): host or [v6] or v4, with or without :port. */
static bool host_ok(const char *authority, size_t n, bool loose)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    bool six = n > 0 && authority[0] == '[';
    size_t host =
        six ? 1 + strspn(authority + 1, "0123456789abcdefABCDEF:.") : strspn(authority, letters);
    int64_t port = 0;
    char digits[6];

    if (six && (host < 3 || authority[host++] != ']'))
        return false;
    if (host == 0 || host > HOST_MAX || host > n || authority[0] == '.' || authority[0] == '-')
        return false;
    if (!six && !loose && !memchr(authority, '.', host))
        return false;
    if (host == n)
        return true;
    if (authority[host] != ':' || n - host - 1 == 0 || n - host - 1 >= sizeof digits)
        return false;
    memcpy(digits, authority + host + 1, n - host - 1);
    digits[n - host - 1] = '\0';
    return strspn(digits, "0123456789") == strlen(digits) &&
           str_to_i64(digits, 1, 65535, &port) == ERR_OK;
}

enum webhook_url webhook_url_check(const char *url, bool loose)
{
    const char *authority = url + sizeof SCHEME - 1;
    size_t n;

    if (strlen(url) > WEBHOOK_URL_MAX)
        return WEBHOOK_URL_LONG;
    if (strncmp(url, SCHEME, sizeof SCHEME - 1) != 0)
        return WEBHOOK_URL_HTTPS;
    if (!letters_ok(url))
        return WEBHOOK_URL_LETTERS;
    n = strcspn(authority, "/?#");
    if (memchr(authority, '@', n))
        return WEBHOOK_URL_NAMED;
    if (!host_ok(authority, n, loose))
        return WEBHOOK_URL_HOST;
    return strchr(url, '#') ? WEBHOOK_URL_FRAGMENT : WEBHOOK_URL_OK;
}

const char *webhook_url_fault(enum webhook_url u)
{
    return url_faults[u];
}

void webhook_host(const char *url, char out[WEBHOOK_URL_MAX + 1])
{
    const char *authority =
        strncmp(url, SCHEME, sizeof SCHEME - 1) == 0 ? url + sizeof SCHEME - 1 : "";
    size_t n = strcspn(authority, "/?#");

    n = n > WEBHOOK_URL_MAX ? WEBHOOK_URL_MAX : n;
    memcpy(out, authority, n);
    out[n] = '\0';
}

/* ---- trying ----------------------------------------------------------------------------- */

struct webhook_policy webhook_policy_default(void)
{
    return (struct webhook_policy){ .tries_max = 20,
                                    .first_wait_ms = MS_PER_MIN,
                                    .most_wait_ms = 12 * 60 * MS_PER_MIN,
                                    .rest_ms = 30 * MS_PER_S,
                                    .most_rest_ms = 15 * MS_PER_MIN,
                                    .off_after_ms = 5 * MS_PER_DAY,
                                    .keep_ms = 30 * MS_PER_DAY,
                                    .old_secret_ms = MS_PER_DAY };
}

enum notify_end webhook_after(const struct webhook_policy *p, int tries, enum notify_try said,
                              uint32_t random, int64_t now_ms, int64_t *next_ms)
{
    const struct notify_policy waits = { .tries_max = p->tries_max,
                                         .first_wait_ms = p->first_wait_ms,
                                         .most_wait_ms = p->most_wait_ms };

    return notify_after(&waits, tries, said, random, now_ms, next_ms);
}

struct webhook_health webhook_health_after(const struct webhook_policy *p,
                                           const struct webhook_health *before,
                                           enum notify_try said, int64_t now_ms)
{
    struct webhook_health h = { .fails = before->fails + 1,
                                .failing_ms = before->failing_ms ? before->failing_ms : now_ms };
    int64_t rest = p->rest_ms;

    if (said == NOTIFY_DONE)
        return (struct webhook_health){ 0 };
    for (int i = 1; i < h.fails && rest < p->most_rest_ms; i++)
        rest *= 2;
    h.rest_ms = now_ms + (rest < p->most_rest_ms ? rest : p->most_rest_ms);
    h.off = said == NOTIFY_NEVER || now_ms - h.failing_ms >= p->off_after_ms;
    return h;
}
