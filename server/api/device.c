/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of devices; see device.h. Desk thread.
 */
#include "server/api/device.h"

#include <string.h>

#include "common/base/str.h"
#include "server/store/invite.h"

struct word {
    const char *mark, *name;
};

/* The first that fits: later ones are named by earlier ones too. */
static const struct word browsers[] = {
    { "YaBrowser/", "Yandex" }, { "Edg", "Edge" },       { "OPR/", "Opera" },
    { "Firefox/", "Firefox" },  { "FxiOS/", "Firefox" }, { "CriOS/", "Chrome" },
    { "Chrome/", "Chrome" },    { "Safari/", "Safari" },
};
static const struct word systems[] = {
    { "Android", "Android" }, { "iPhone", "iPhone" }, { "iPad", "iPad" },
    { "Windows", "Windows" }, { "Mac OS", "macOS" },  { "CrOS", "ChromeOS" },
    { "Linux", "Linux" },
};

static const char *find(const struct word *words, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strstr(text, words[i].mark))
            return words[i].name;
    return "";
}

void device_name(const char *user_agent, char out[DEVICE_MAX + 1])
{
    const char *browser = find(browsers, sizeof browsers / sizeof browsers[0], user_agent);
    const char *system = find(systems, sizeof systems / sizeof systems[0], user_agent);

    if (!str_format(out, DEVICE_MAX + 1, "%s%s%s", browser, browser[0] && system[0] ? " · " : "",
                    system))
        out[0] = '\0';
}

enum err device_note(struct api_ctx *ctx, int64_t login)
{
    const struct desk_http *http = &ctx->request->u.http;
    char device[DEVICE_MAX + 1];

    device_name(http->user_agent ? http->user_agent : "", device);
    return login_describe(ctx->db, login, device, http->net);
}
