/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of operations, for those who check it against the table of rights
 * (domain/access) and against common/openapi.yaml.
 */
#ifndef PARTA_API_ROUTE_H
#define PARTA_API_ROUTE_H

#include <stddef.h>

#include "server/domain/access.h"

/* In place of a right: every person signed in, of whatever role, about oneself; and everybody. */
enum route_right {
    ROUTE_SIGNED_IN = RIGHT_COUNT,
    ROUTE_ANYBODY,
};

struct route_rule {
    const char *method;
    const char *pattern; /* below /api/v1; {} a number, {r} a report id, {t} a secret token */
    unsigned right;      /* enum right or enum route_right */
};

size_t route_count(void);

/* i below route_count(). */
struct route_rule route_rule_at(size_t i);

#endif
