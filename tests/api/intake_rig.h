/* SPDX-License-Identifier: Apache-2.0
 *
 * Referrals through the HTTP API, for the tests of intake: bodies, moves with
 * their versions, and the look for medical words in every answer.
 */
#ifndef PARTA_TESTS_INTAKE_RIG_H
#define PARTA_TESTS_INTAKE_RIG_H

#include <stdint.h>

#include "server/domain/access.h"
#include "tests/api/api_rig.h"

/* One world per test program. */
extern struct api_rig intake;

/* STRANGER is a second coordinator in it. */
#define COORDINATOR_2 STRANGER

int intake_setup(void **state);
int intake_teardown(void **state);

/* One role more for a person; before api_start. */
void intake_also(struct user_id who, enum role role, struct org_id org);

#define BASIS                                                                                      \
    "\"basis\":{\"issued\":\"2026-11-20\",\"from\":\"2026-11-20\",\"to\":\"2027-05-31\","          \
    "\"document\":\"№ 114\",\"issuer\":\"Онкодиспансер № 7\",\"ground\":\"J45 астма\"}"
#define RECOMMENDATION                                                                                                       \
    "\"recommendation\":{\"issued\":\"2026-11-20\",\"from\":\"2026-11-20\",\"to\":\"2026-12-20\","                           \
    "\"doctor\":\"А. Б. Врач\",\"organisation\":\"Поликлиника № 2\",\"words\":\"не утомлять\"," \
    "\"lesson_minutes\":30,\"lessons_per_day\":3,\"lessons_per_week\":12,\"screen_minutes\":20,"                             \
    "\"hours\":{\"from\":\"10:00\",\"to\":\"14:00\"},\"rest_days\":[3,7],"                                                   \
    "\"equipment\":[\"headset\"],\"camera_allowed\":false}"
#define PERSON                                                                                     \
    "\"child_name\":\"Лиза Лис\",\"birth_date\":\"2016-05-09\",\"grade\":4,"                \
    "\"guardian_name\":\"Вера Лис\",\"guardian_phone\":\"+7 900 000-00-00\","               \
    "\"application\":\"2026-11-21\",\"consent\":\"2026-11-21\""
#define WHY "{\"why\":\"review\"}"
#define FULL "{" PERSON "," BASIS "," RECOMMENDATION "}"

#define SAME_CHILD                                                                                 \
    "{\"child_name\":\"ЛИЗА  лис\",\"birth_date\":\"2016-05-09\",\"grade\":5,"              \
    "\"guardian_name\":\"В. Лис\",\"guardian_phone\":\"1\",\"application\":\"2026-11-21\","    \
    "\"consent\":\"2026-11-21\"," BASIS "," RECOMMENDATION "}"

#define ACCEPT "{\"decision\":\"accepted\",\"reason\":\"не по профилю? нет, всё верно\"}"
#define ACCEPT_NEW                                                                                 \
    "{\"decision\":\"accepted\",\"reason\":\"не по профилю? нет, всё верно\",\"new_child\":true}"
#define REFUSE "{\"decision\":\"refused\",\"reason\":\"не по профилю\",\"refusal\":\"no_ground\"}"

/* What must be in no answer but that of /medical. */
#define MEDICAL_WORDS_N 7
extern const char *const medical_words[MEDICAL_WORDS_N];
void no_medical_word_in(const struct answer *a);

/* One request on a referral with its ETag (version 0: without); checks the status. */
struct answer on_referral(enum who who, const char *method, int64_t id, const char *what,
                          int64_t version, const char *body, int status);

struct at_version {
    int64_t id, version;
};
/* Of an answer, which is freed. */
struct at_version kept(struct answer a);
struct at_version referral_draft(enum who who, const char *body);
struct at_version referral_step(enum who who, struct at_version v, const char *what,
                                const char *body);
/* Submitted by OFFICER, taken by COORDINATOR. */
struct at_version referral_under_review(const char *body);

/* The move is refused by this gate. */
void referral_gate(enum who who, struct at_version v, const char *what, const char *body,
                   const char *name);
void bad_field(struct answer a, const char *field, const char *fault);

#endif
