/* SPDX-License-Identifier: Apache-2.0
 *
 * See file.h.
 */
#include "server/store/file.h"

enum err file_known(struct db *db, const char *name, bool *out)
{
    struct query q = query_on(db, "SELECT NOT EXISTS (SELECT 1 FROM file_gone WHERE file = $1) "
                                  "AND EXISTS (SELECT 1 FROM staff_document WHERE name = $1 "
                                  "UNION ALL SELECT 1 FROM consent_paper WHERE name = $1 "
                                  "UNION ALL SELECT 1 FROM referral_scan WHERE name = $1 "
                                  "UNION ALL SELECT 1 FROM report_archive WHERE name = $1)");

    query_text(&q, name);
    if (query_row(&q))
        *out = row_bool(&q);
    return query_end_found(&q);
}
