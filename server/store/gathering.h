/* SPDX-License-Identifier: Apache-2.0
 *
 * Seminars and joint meetings (DOMAIN 70): a lesson row without children, and
 * who was invited to it. Children, the host itself and more than
 * LESSON_GUESTS_MAX guests are refused by the database; the refusal's name is
 * then in db_refusal: "adults_only", "host_invited", "gathering_full", and
 * "mentor_overlap" as for a lesson. Desk thread.
 */
#ifndef PARTA_STORE_GATHERING_H
#define PARTA_STORE_GATHERING_H

#include "server/store/lesson.h"

#define GATHERING_TITLE_MAX 160

struct guest {
    struct user_id user;
    bool speaks; /* invited to speak, else to listen */
};

struct guest_list {
    struct guest *items; /* owned */
    size_t n;
};

struct gathering_plan {
    struct org_id org;
    int64_t subject_id;
    struct mentor_id host;
    const char *kind; /* "seminar" or "meeting" */
    const char *title;
    int64_t start_ms, end_ms;
    const char *tz;
    const struct guest *guests;
    int guests_n;
};

/* ERR_STATE and db_refusal: see above. The caller opens the transaction. */
enum err gathering_add(struct db *db, const struct gathering_plan *p, int64_t now_ms,
                       struct user_id by, struct lesson_id *out) MUST_CHECK;

/* Who was invited, speakers first. Empty for what is no gathering. */
enum err guest_list(struct db *db, struct lesson_id lesson, struct guest_list *out) MUST_CHECK;
void guest_list_free(struct guest_list *l);

/* One more guest. ERR_STATE and db_refusal: see above; ERR_EXISTS is not told apart: whoever is
 * invited already keeps the part. */
enum err guest_invite(struct db *db, struct lesson_id lesson, const struct guest *g) MUST_CHECK;
/* The invitation is withdrawn. None there: ok. */
enum err guest_withdraw(struct db *db, struct lesson_id lesson, struct user_id user) MUST_CHECK;

/* Gatherings that start in [from_ms, to_ms) and that this user hosts or is invited to, or, with
 * centre, all of that centre. By start. Free with lesson_list_free. */
enum err gathering_list(struct db *db, struct user_id user, struct org_id centre, int64_t from_ms,
                        int64_t to_ms, struct lesson_list *out) MUST_CHECK;

#endif
