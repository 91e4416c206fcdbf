/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole month of a centre as one file: in which form each month report goes
 * in, who has to act where something is missing, and the words of such a job.
 * Pure.
 */
#ifndef PARTA_DOMAIN_ARCHIVE_H
#define PARTA_DOMAIN_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "server/domain/report_flow.h"

/* queued → running → done | stopped | failed. Only "done" has a file. */
#define ARCHIVE_STATE_LIST(X)                                                                      \
    X(QUEUED, "queued")                                                                            \
    X(RUNNING, "running")                                                                          \
    X(DONE, "done")                                                                                \
    X(STOPPED, "stopped")                                                                          \
    X(FAILED, "failed")

enum archive_state {
#define X(code, name) ARCHIVE_##code,
    ARCHIVE_STATE_LIST(X)
#undef X
};

#define ARCHIVE_CAUSE_LIST(X)                                                                      \
    X(NONE, "none")                                                                                \
    X(ASKED, "asked")     /* stopped by a person */                                                \
    X(RESTART, "restart") /* failed: the server stopped while it was made */                       \
    X(RECORDS, "records") /* failed: a row or a file could not be read or written */

enum archive_cause {
#define X(code, name) ARCHIVE_CAUSE_##code,
    ARCHIVE_CAUSE_LIST(X)
#undef X
};

const char *archive_state_name(enum archive_state s);
bool archive_state_parse(const char *name, enum archive_state *out);
const char *archive_cause_name(enum archive_cause c);
bool archive_cause_parse(const char *name, enum archive_cause *out);

/* Who has to act so that the school has the report and has said so. */
#define ARCHIVE_ACT_LIST(X)                                                                        \
    X(NONE, "none")               /* nobody: the school has acknowledged it */                     \
    X(LATER, "later")             /* nobody yet: the month is not over */                          \
    X(MENTOR, "mentor")           /* writes and sends it */                                        \
    X(COORDINATOR, "coordinator") /* accepts it, or finds who at the school takes the copy */      \
    X(SCHOOL, "school")           /* opens and acknowledges the copy */

enum archive_act {
#define X(code, name) ARCHIVE_ACT_##code,
    ARCHIVE_ACT_LIST(X)
#undef X
        ARCHIVE_ACT_COUNT
};

const char *archive_act_name(enum archive_act a);

struct archive_entry {
    enum flow_state state; /* of the newest version */
    enum archive_act act;
    bool frozen;     /* the bytes that were accepted go in, else a draft drawn now */
    int version;     /* that goes in */
    bool correcting; /* it is the accepted one, and a newer version is being written */
};

/* newest: number of the newest version, 1 without a row; accepted: of the newest accepted one, 0 if
 * there is none. */
struct archive_entry archive_entry_of(const struct flow_facts *f, int newest, int accepted,
                                      int64_t now_ms);

/* Each a dated policy row of the centre: field, key, least, most, default, where it stands. */
#define ARCHIVE_SETTING_LIST(X)                                                                    \
    X(keep_days, "report.archive_days", 1, 365, 14,                                                \
      "proposal of the programme's makers: so long a month's file is kept")

struct archive_policy {
#define X(field, key, min, max, fallback, source) int64_t field;
    ARCHIVE_SETTING_LIST(X)
#undef X
};

struct archive_policy archive_policy_default(void);

#endif
