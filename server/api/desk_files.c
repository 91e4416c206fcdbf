/* SPDX-License-Identifier: Apache-2.0
 *
 * Files that nobody speaks of: the program ended between storing one and
 * writing its row. A slice of the folder every minute, the whole of it in
 * about an hour. Desk thread.
 */
#include "common/base/log.h"
#include "server/api/desk_internal.h"
#include "server/store/file.h"
#include "server/sys/files.h"

/* Whatever is on its way has long arrived by then. */
#define OLD_MS MS_PER_DAY

static const char slices[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* What cannot be found out is kept. */
static bool known(void *arg, const char *name)
{
    struct desk *d = arg;
    bool is = true;

    return file_known(d->db, name, &is) != ERR_OK || is;
}

void desk_do_files(struct desk *d)
{
    int64_t minute = d->now.unix_ms / MS_PER_MIN;
    const struct files_sweep s = { .first = slices[minute % (int64_t)(sizeof slices - 1)],
                                   .before_ms = d->now.unix_ms - OLD_MS,
                                   .known = known,
                                   .arg = d };
    int removed = files_sweep(d->files, &s);

    if (removed > 0)
        log_info("files.sweep", "removed=%d", removed);
}
