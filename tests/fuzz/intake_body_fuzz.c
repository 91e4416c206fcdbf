/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies of intake: any bytes through the strict JSON reader and every parser
 * of intake_body.h. The first byte chooses the parser, the rest is the body.
 * What is accepted must be within its own limits, and the rules must bear it.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/json.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/intake_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        __builtin_trap();
}

static void day_ok(int64_t day)
{
    char text[DAY_TEXT_BYTES];
    int64_t again;

    day_write(day, text);
    must(day_parse(text, &again) && again == day);
}

static void referral_ok(const struct body_referral *b)
{
    const struct recommendation *l = &b->recommendation.limits;
    struct intake_policy p = intake_policy_default();

    must(b->grade >= 0 && b->grade <= 11);
    must(!b->child_name || str_name_ok(b->child_name, 80));
    if (b->basis.given) {
        day_ok(b->basis.basis.issued_day);
        day_ok(b->basis.basis.to_day);
        must(strlen(b->basis.ground) <= 4000 && str_name_ok(b->basis.issuer, 200));
        (void)basis_check(&b->basis.basis, 0, &p);
    }
    if (b->recommendation.given) {
        day_ok(l->from_day);
        must(l->lesson_minutes >= 0 && l->lesson_minutes <= 1440);
        must((l->rest_weekdays & ~0xfeu) == 0 && l->equipment >> EQUIPMENT_COUNT == 0);
        must(l->to_minute > l->from_minute || l->to_minute == 0);
        (void)recommendation_check(l, l->issued_day, &p);
    }
}

static enum err one(uint8_t which, struct json_view *v)
{
    struct body_need_new need;
    struct body_referral referral;
    struct body_decision decision;
    struct body_ask ask;
    const char *reason;
    enum case_reason end;
    struct body_scan_open scan;
    int64_t count;
    enum err err;

    switch (which) {
    case 0:
        err = body_need_new(v, &need);
        must(err || (need.count >= 0 && need.count <= NEED_COUNT_MAX && strlen(need.period) == 7));
        return err;
    case 1:
        err = body_need_count(v, &count);
        must(err || (count >= 0 && count <= NEED_COUNT_MAX));
        return err;
    case 2:
        err = body_referral(v, &referral);
        if (!err)
            referral_ok(&referral);
        return err;
    case 3:
        err = body_withdraw(v, &reason);
        must(err || str_name_ok(reason, 200));
        return err;
    case 4:
        err = body_ask(v, &ask);
        must(err || (ask.items && ask.items >> ITEM_COUNT == 0 && strlen(ask.note) <= 800));
        return err;
    case 6:
        err = body_why(v, &reason);
        must(err || strlen(reason) >= 6);
        return err;
    case 8:
        err = body_scan_open(v, &scan);
        must(err || (scan.kind <= MEDICAL_RECOMMENDATION && strlen(scan.why) >= 6));
        return err;
    case 7:
        err = body_case_close(v, &end);
        must(err || end >= CASE_REASON_RECOVERED);
        return err;
    default:
        err = body_decision(v, &decision);
        must(err ||
             (str_name_ok(decision.reason, 200) && !decision.accepted == !!decision.refusal));
        return err;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_view v;
    json_t *body;
    enum err err;

    if (size < 1 || json_parse_object((const char *)data + 1, size - 1, &body))
        return 0;
    v = json_view_on(body);
    err = one((uint8_t)((data[0] - 'a') % 9), &v);
    must(!err == (v.fault == JSON_FAULT_NONE));
    json_decref(body);
    return 0;
}
