/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies of intake, from JSON to plain structs, as body.h does it. Days that
 * exist and words of the lists are read; what the rules say to them is not
 * decided here. Pure.
 */
#ifndef PARTA_API_INTAKE_BODY_H
#define PARTA_API_INTAKE_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "common/base/json.h"
#include "server/domain/casefile.h"
#include "server/domain/referral.h"
#include "server/store/paper.h"

struct body_need_new {
    char period[8];
    int year, month;
    int64_t count;
};

/* What is said about a basis. Texts go into its sealed words. */
struct body_basis {
    bool given;
    struct medical_basis basis;
    const char *document, *issuer, *ground;
};

struct body_recommendation {
    bool given;
    struct recommendation limits;
    const char *doctor, *organisation, *words;
};

/* NULL, 0, DAY_NONE: leave as it is, unless its bit is in emptied. */
struct body_referral {
    unsigned emptied; /* bits of referral_item: the field was null */
    const char *child_name, *guardian_name, *guardian_phone;
    int64_t birth_day, application_day, consent_day;
    int grade;
    struct body_basis basis;
    struct body_recommendation recommendation;
};

struct body_ask {
    unsigned items;   /* bits of referral_item, at least one */
    const char *note; /* "" : none */
};

struct body_decision {
    bool accepted;
    const char *reason;
    const char *refusal;  /* refused only */
    struct user_id child; /* 0: not said which */
    bool new_child;
};

/* Strings are borrowed from the view's object. ERR_PARSE: v names the field, "basis.issued" for one
 * inside. */
enum err body_need_new(struct json_view *v, struct body_need_new *out) MUST_CHECK;
enum err body_need_count(struct json_view *v, int64_t *out) MUST_CHECK;
enum err body_referral(struct json_view *v, struct body_referral *out) MUST_CHECK;
enum err body_withdraw(struct json_view *v, const char **reason) MUST_CHECK;
enum err body_ask(struct json_view *v, struct body_ask *out) MUST_CHECK;
enum err body_decision(struct json_view *v, struct body_decision *out) MUST_CHECK;
/* Why sealed words are opened: one of MEDICAL_WHY_LIST, a literal. */
enum err body_why(struct json_view *v, const char **out) MUST_CHECK;
struct body_scan_open {
    enum medical kind;
    const char *why; /* as of body_why */
};
enum err body_scan_open(struct json_view *v, struct body_scan_open *out) MUST_CHECK;
enum err body_case_close(struct json_view *v, enum case_reason *out) MUST_CHECK;

#endif
