/* SPDX-License-Identifier: Apache-2.0
 *
 * The settings of intake: each number of its rules as a dated row of a centre,
 * with the rule's own default where there is no row.
 */
#include <stddef.h>

#include "server/store/org.h"
#include "server/store/paper.h"

#define AT(member) offsetof(struct intake_policy, member)

static const struct {
    const char *key;
    size_t at; /* an int of struct intake_policy */
    int min, max;
} settings[] = {
    { "intake.alert_first_days", AT(alert_days[0]), 1, 366 },
    { "intake.alert_second_days", AT(alert_days[1]), 1, 366 },
    { "intake.alert_last_days", AT(alert_days[2]), 0, 366 },
    { "intake.basis_max_days", AT(basis_max_days), 1, 3660 },
    { "intake.recommendation_max_days", AT(recommendation_max_days), 1, 3660 },
    { "intake.age_min", AT(age_min), 0, 30 },
    { "intake.age_max", AT(age_max), 0, 30 },
    { "intake.decision_days", AT(decision_days), 1, 366 },
    { "intake.return_open_days", AT(return_open_days), 0, 366 },
    { "intake.keep_refused_days", AT(keep_refused_days), 1, 3660 },
    { "intake.case_days", AT(case_days), 1, 366 },
    { "intake.scan_kib", AT(scan_kib), 1, 10240 },
    { "lesson.min_min", AT(shortest_lesson_minutes), 1, 240 },
};

static enum err read_setting(struct db *db, struct org_id org, int64_t at_ms, const char *key,
                             int min, int max, int *value)
{
    int64_t v = *value;
    enum err e = policy_int(db, org, key, at_ms, min, max, v, &v);

    if (!e)
        *value = (int)v;
    return e;
}

enum err policy_intake(struct db *db, struct org_id org, int64_t at_ms, struct intake_policy *out)
{
    struct intake_policy p = intake_policy_default();
    int scans = p.scans_required;
    enum err e = read_setting(db, org, at_ms, "intake.scans_required", 0, 1, &scans);

    for (size_t i = 0; !e && i < sizeof settings / sizeof settings[0]; i++) {
        int *value = (int *)(void *)((char *)&p + settings[i].at);

        e = read_setting(db, org, at_ms, settings[i].key, settings[i].min, settings[i].max, value);
    }
    p.scans_required = scans != 0;
    if (!e)
        *out = p;
    return e;
}
