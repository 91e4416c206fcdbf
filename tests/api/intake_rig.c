/* SPDX-License-Identifier: Apache-2.0
 *
 * The rig of intake's tests; see intake_rig.h.
 */
#include "tests/api/intake_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"

struct api_rig intake;

const char *const medical_words[MEDICAL_WORDS_N] = { "№ 114",        "Онкодиспансер", "J45",
                                                     "Врач",         "утомлять",      "Поликлиника",
                                                     "не по профилю" };

void intake_also(struct user_id who, enum role role, struct org_id org)
{
    struct grant g = {
        .user = who, .role = role, .org = org, .from_ms = RIG_NOW - MS_PER_DAY, .to_ms = FOREVER_MS
    };
    int64_t id;

    assert_int_equal(grant_add(intake.w.db, &g, RIG_NOW, who, &id), ERR_OK);
}

int intake_setup(void **state)
{
    (void)state;
    api_open(&intake);
    intake_also(intake.w.stranger, ROLE_COORDINATOR, intake.w.centre);
    api_start(&intake);
    return 0;
}

int intake_teardown(void **state)
{
    (void)state;
    api_close(&intake);
    return 0;
}

void no_medical_word_in(const struct answer *a)
{
    for (size_t i = 0; a->body && i < sizeof medical_words / sizeof medical_words[0]; i++) {
        if (memmem(a->body, a->body_len, medical_words[i], strlen(medical_words[i])))
            fail_msg("a medical word in %s", a->body);
    }
}

struct answer on_referral(enum who who, const char *method, int64_t id, const char *what,
                          int64_t version, const char *body, int status)
{
    char target[64], etag[24];
    struct answer a;

    assert_true(str_format(target, sizeof target, "/referrals/%lld%s", (long long)id, what));
    assert_true(str_format(etag, sizeof etag, "\"v%lld\"", (long long)version));
    a = api_ask(&intake, who, method, target, version ? etag : NULL, NULL, body);
    if (a.status != status)
        print_error("%s %s: %d %s\n", method, target, a.status, a.body);
    assert_int_equal(a.status, status);
    if (strcmp(what, "/medical") != 0)
        no_medical_word_in(&a);
    return a;
}

struct at_version kept(struct answer a)
{
    struct at_version v = { int_at(&a, "id"), int_at(&a, "version") };

    answer_free(&a);
    return v;
}

struct at_version referral_draft(enum who who, const char *body)
{
    struct answer a = api_post(&intake, who, "/referrals", body);

    if (a.status != 201)
        print_error("%s\n", a.body);
    assert_int_equal(a.status, 201);
    no_medical_word_in(&a);
    return kept(a);
}

struct at_version referral_step(enum who who, struct at_version v, const char *what,
                                const char *body)
{
    return kept(on_referral(who, "POST", v.id, what, v.version, body, 200));
}

struct at_version referral_under_review(const char *body)
{
    struct at_version v = referral_step(OFFICER, referral_draft(OFFICER, body), "/submit", NULL);

    return referral_step(COORDINATOR, v, "/take", NULL);
}

void referral_gate(enum who who, struct at_version v, const char *what, const char *body,
                   const char *name)
{
    struct answer a = on_referral(who, "POST", v.id, what, v.version, body, 409);

    assert_string_equal(str_at(&a, "error.code"), "gate");
    assert_string_equal(str_at(&a, "error.gate"), name);
    answer_free(&a);
}

void bad_field(struct answer a, const char *field, const char *fault)
{
    if (a.status != 400 || strcmp(str_at(&a, "error.field"), field) != 0 ||
        strcmp(str_at(&a, "error.fault"), fault) != 0)
        print_error("%d %s, not %s %s\n", a.status, a.body, field, fault);
    assert_int_equal(a.status, 400);
    assert_string_equal(str_at(&a, "error.code"), "bad_field");
    assert_string_equal(str_at(&a, "error.field"), field);
    assert_string_equal(str_at(&a, "error.fault"), fault);
    answer_free(&a);
}
