/* SPDX-License-Identifier: Apache-2.0
 *
 * One struct type per kind of id, so that a child's id cannot pass for a
 * lesson's. v is the row id in the database, always > 0; 0 means "none".
 */
#ifndef PARTA_BASE_IDS_H
#define PARTA_BASE_IDS_H

#include <stdbool.h>
#include <stdint.h>

#define ID_LIST(X)                                                                                 \
    X(user)                                                                                        \
    X(org)                                                                                         \
    X(child)                                                                                       \
    X(mentor)                                                                                      \
    X(lesson)                                                                                      \
    X(session)                                                                                     \
    X(referral)

#define X(kind)                                                                                    \
    struct kind##_id {                                                                             \
        int64_t v;                                                                                 \
    };                                                                                             \
    static inline bool kind##_id_eq(struct kind##_id a, struct kind##_id b)                        \
    {                                                                                              \
        return a.v == b.v;                                                                         \
    }
ID_LIST(X)
#undef X

#endif
