/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/hiring: every gate alone and all at once, every date at its
 * edges, which question concerns which gate, who has to act, and the warnings
 * before something expires.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/domain/hiring.h"

#define AT INT64_C(1790000000000)
#define DAY MS_PER_DAY
#define FROM (AT - 30 * DAY)
#define TO (AT + 100 * DAY)
#define MATHS 7

static const struct teach_question everything = {
    .hired = true, .child = true, .consents = true, .group = true, .subject = MATHS, .grade = 5
};

static struct term_facts term(int64_t from, int64_t to)
{
    return (struct term_facts){ .items = { { from, to, true } }, .n = 1 };
}

/* A mentor for whom every gate holds at AT. */
static struct teach_facts in_order(void)
{
    struct teach_facts f = { .account_active = true,
                             .roles = term(FROM, TERM_OPEN_MS),
                             .suspended_ms = TERM_OPEN_MS,
                             .trainings = { { true, true, FROM, TO } },
                             .trainings_n = 1,
                             .qualifications = { { true, MATHS, 5, 9, FROM } },
                             .qualifications_n = 1,
                             .employment = term(FROM, TO),
                             .orders = { { FROM, TO, FROM } },
                             .orders_n = 1,
                             .introduced_ms = FROM,
                             .assignment = term(FROM, TO),
                             .programme = term(FROM, TO),
                             .consent = term(FROM, TO),
                             .group_consent = term(FROM, TO) };

    for (enum document_kind k = 0; k < DOCUMENT_COUNT; k++)
        f.documents[f.documents_n++] = (struct document_facts){ k, true, FROM, TO };
    return f;
}

static struct teach_verdict ask(const struct teach_facts *f, const struct teach_question *q,
                                int64_t at)
{
    struct hiring_policy p = hiring_policy_default();

    return can_teach(f, q, &p, at);
}

static struct document_facts *document(struct teach_facts *f, enum document_kind k)
{
    return &f->documents[k];
}

static void who_is_in_order_may_teach(void **state)
{
    struct teach_facts f = in_order();
    struct teach_verdict v = ask(&f, &everything, AT);

    (void)state;
    assert_int_equal(v.failed, 0);
    assert_int_equal(v.until_ms, TO); /* the certificate is good for longer */
    for (enum teach_gate g = 0; g < TEACH_GATE_COUNT; g++) {
        assert_int_equal(v.gates[g].cause, CAUSE_HOLDS);
        assert_int_equal(v.gates[g].actor, ACTOR_NONE);
        assert_true(v.gates[g].until_ms > AT);
    }
    assert_true(v.gates[TEACH_ACCOUNT].until_ms == TERM_OPEN_MS);
    assert_true(v.gates[TEACH_NO_RECORD_AGE].until_ms == FROM + 365 * DAY);
}

static void of_whom_nothing_is_known_every_gate_is_told(void **state)
{
    struct teach_facts f = { .suspended_ms = AT };
    struct teach_verdict v = ask(&f, &everything, AT);

    (void)state;
    assert_int_equal(v.failed, TEACH_BIT(TEACH_GATE_COUNT) - 1);
    assert_int_equal(v.until_ms, 0);
    for (enum teach_gate g = 0; g < TEACH_GATE_COUNT; g++) {
        assert_int_equal(v.gates[g].cause, g == TEACH_SUSPENSION ? CAUSE_EXPIRED : CAUSE_MISSING);
        assert_int_not_equal(v.gates[g].actor, ACTOR_NONE);
        assert_int_equal(v.gates[g].until_ms, 0);
    }
}

/* Takes away what one gate wants. */
static void spoil(struct teach_facts *f, enum teach_gate g)
{
    switch (g) {
    case TEACH_ACCOUNT:
        f->account_active = false;
        break;
    case TEACH_SUSPENSION:
        f->suspended_ms = AT;
        break;
    case TEACH_TRAINING: /* with it goes what it was about */
        f->trainings_n = 0;
        break;
    case TEACH_TRAINING_TOPIC:
        f->trainings[0].contact_psychology = false;
        break;
    case TEACH_WORK_BOOK:
        document(f, DOCUMENT_WORK_BOOK)->verified = false;
        break;
    case TEACH_APPLICATION:
        document(f, DOCUMENT_APPLICATION)->verified = false;
        break;
    case TEACH_NO_RECORD: /* expired by what stands on it, though not by its age */
        document(f, DOCUMENT_NO_RECORD)->expires_ms = AT;
        break;
    case TEACH_NO_RECORD_AGE:
        document(f, DOCUMENT_NO_RECORD)->issued_ms = AT - 365 * DAY;
        break;
    case TEACH_COURSE:
        document(f, DOCUMENT_COURSE)->verified = false;
        break;
    case TEACH_RATING_SHEET:
        document(f, DOCUMENT_RATING_SHEET)->verified = false;
        break;
    case TEACH_QUALIFICATION:
        f->qualifications_n = 0;
        break;
    case TEACH_EMPLOYMENT:
        f->employment.n = 0;
        break;
    case TEACH_ORDER: /* with it goes the acquaintance with it */
        f->orders_n = 0;
        break;
    case TEACH_ACQUAINTED:
        f->orders[0].acquainted_ms = 0;
        break;
    case TEACH_INTRODUCTION:
        f->introduced_ms = 0;
        break;
    case TEACH_ASSIGNMENT:
        f->assignment.n = 0;
        break;
    case TEACH_PROGRAMME:
        f->programme.n = 0;
        break;
    case TEACH_CONSENT:
        f->consent.n = 0;
        break;
    case TEACH_GROUP_CONSENT:
        f->group_consent.n = 0;
        break;
    case TEACH_GATE_COUNT:
        break;
    }
}

static void every_gate_fails_alone(void **state)
{
    static const struct {
        unsigned also;
        enum gate_cause cause;
        enum actor actor;
    } want[TEACH_GATE_COUNT] = {
        [TEACH_ACCOUNT] = { 0, CAUSE_MISSING, ACTOR_COORDINATOR },
        [TEACH_SUSPENSION] = { 0, CAUSE_EXPIRED, ACTOR_COORDINATOR },
        [TEACH_TRAINING] = { TEACH_BIT(TEACH_TRAINING_TOPIC), CAUSE_MISSING, ACTOR_MENTOR },
        [TEACH_TRAINING_TOPIC] = { 0, CAUSE_MISSING, ACTOR_MENTOR },
        [TEACH_WORK_BOOK] = { 0, CAUSE_WAITING, ACTOR_COORDINATOR },
        [TEACH_APPLICATION] = { 0, CAUSE_WAITING, ACTOR_COORDINATOR },
        [TEACH_NO_RECORD] = { 0, CAUSE_EXPIRED, ACTOR_MENTOR },
        [TEACH_NO_RECORD_AGE] = { 0, CAUSE_EXPIRED, ACTOR_MENTOR },
        [TEACH_COURSE] = { 0, CAUSE_WAITING, ACTOR_COORDINATOR },
        [TEACH_RATING_SHEET] = { 0, CAUSE_WAITING, ACTOR_COORDINATOR },
        [TEACH_QUALIFICATION] = { 0, CAUSE_MISSING, ACTOR_MENTOR },
        [TEACH_EMPLOYMENT] = { 0, CAUSE_MISSING, ACTOR_SCHOOL },
        [TEACH_ORDER] = { TEACH_BIT(TEACH_ACQUAINTED), CAUSE_MISSING, ACTOR_SCHOOL },
        [TEACH_ACQUAINTED] = { 0, CAUSE_WAITING, ACTOR_MENTOR },
        [TEACH_INTRODUCTION] = { 0, CAUSE_MISSING, ACTOR_COORDINATOR },
        [TEACH_ASSIGNMENT] = { 0, CAUSE_MISSING, ACTOR_COORDINATOR },
        [TEACH_PROGRAMME] = { 0, CAUSE_MISSING, ACTOR_COORDINATOR },
        [TEACH_CONSENT] = { 0, CAUSE_MISSING, ACTOR_GUARDIAN },
        [TEACH_GROUP_CONSENT] = { 0, CAUSE_MISSING, ACTOR_GUARDIAN },
    };

    (void)state;
    for (enum teach_gate g = 0; g < TEACH_GATE_COUNT; g++) {
        struct teach_facts f = in_order();
        struct teach_verdict v;

        spoil(&f, g);
        v = ask(&f, &everything, AT);
        if (v.failed != (TEACH_BIT(g) | want[g].also))
            print_error("%s: %x\n", teach_gate_name(g), v.failed);
        assert_int_equal(v.failed, TEACH_BIT(g) | want[g].also);
        assert_int_equal(v.gates[g].cause, want[g].cause);
        assert_int_equal(v.gates[g].actor, want[g].actor);
        assert_int_equal(v.until_ms, 0);
    }
}

/* Each date by which a gate opens or shuts, at it and a millisecond before. */
static void dates_are_half_open(void **state)
{
    static const struct {
        enum teach_gate gate;
        size_t from, to; /* where the dates stand in the facts; 0: there is none */
    } t[] = {
        { TEACH_ACCOUNT, offsetof(struct teach_facts, roles.items[0].from_ms),
          offsetof(struct teach_facts, roles.items[0].to_ms) },
        { TEACH_SUSPENSION, 0, offsetof(struct teach_facts, suspended_ms) },
        { TEACH_TRAINING_TOPIC, offsetof(struct teach_facts, trainings[0].issued_ms),
          offsetof(struct teach_facts, trainings[0].expires_ms) },
        { TEACH_WORK_BOOK, offsetof(struct teach_facts, documents[DOCUMENT_WORK_BOOK].issued_ms),
          offsetof(struct teach_facts, documents[DOCUMENT_WORK_BOOK].expires_ms) },
        { TEACH_APPLICATION,
          offsetof(struct teach_facts, documents[DOCUMENT_APPLICATION].issued_ms),
          offsetof(struct teach_facts, documents[DOCUMENT_APPLICATION].expires_ms) },
        { TEACH_NO_RECORD, offsetof(struct teach_facts, documents[DOCUMENT_NO_RECORD].issued_ms),
          offsetof(struct teach_facts, documents[DOCUMENT_NO_RECORD].expires_ms) },
        { TEACH_COURSE, offsetof(struct teach_facts, documents[DOCUMENT_COURSE].issued_ms),
          offsetof(struct teach_facts, documents[DOCUMENT_COURSE].expires_ms) },
        { TEACH_RATING_SHEET,
          offsetof(struct teach_facts, documents[DOCUMENT_RATING_SHEET].issued_ms),
          offsetof(struct teach_facts, documents[DOCUMENT_RATING_SHEET].expires_ms) },
        { TEACH_QUALIFICATION, offsetof(struct teach_facts, qualifications[0].issued_ms), 0 },
        { TEACH_EMPLOYMENT, offsetof(struct teach_facts, employment.items[0].from_ms),
          offsetof(struct teach_facts, employment.items[0].to_ms) },
        { TEACH_ORDER, offsetof(struct teach_facts, orders[0].from_ms),
          offsetof(struct teach_facts, orders[0].to_ms) },
        { TEACH_ACQUAINTED, offsetof(struct teach_facts, orders[0].acquainted_ms), 0 },
        { TEACH_INTRODUCTION, offsetof(struct teach_facts, introduced_ms), 0 },
        { TEACH_ASSIGNMENT, offsetof(struct teach_facts, assignment.items[0].from_ms),
          offsetof(struct teach_facts, assignment.items[0].to_ms) },
        { TEACH_PROGRAMME, offsetof(struct teach_facts, programme.items[0].from_ms),
          offsetof(struct teach_facts, programme.items[0].to_ms) },
        { TEACH_CONSENT, offsetof(struct teach_facts, consent.items[0].from_ms),
          offsetof(struct teach_facts, consent.items[0].to_ms) },
        { TEACH_GROUP_CONSENT, offsetof(struct teach_facts, group_consent.items[0].from_ms),
          offsetof(struct teach_facts, group_consent.items[0].to_ms) },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct teach_facts f = in_order();
        int64_t *from = (int64_t *)(void *)((char *)&f + t[i].from);
        int64_t *to = (int64_t *)(void *)((char *)&f + t[i].to);

        if (t[i].from) {
            *from = AT;
            assert_int_equal(ask(&f, &everything, AT).failed, 0);
            assert_true(ask(&f, &everything, AT - 1).failed & TEACH_BIT(t[i].gate));
            assert_int_equal(ask(&f, &everything, AT - 1).gates[t[i].gate].cause, CAUSE_NOT_YET);
        }
        f = in_order();
        if (t[i].to) {
            *to = AT + 1;
            assert_int_equal(ask(&f, &everything, AT).failed, 0);
            assert_true(ask(&f, &everything, AT).gates[t[i].gate].until_ms == AT + 1);
            assert_true(ask(&f, &everything, AT).until_ms == AT + 1);
            assert_true(ask(&f, &everything, AT + 1).failed & TEACH_BIT(t[i].gate));
            assert_int_equal(ask(&f, &everything, AT + 1).gates[t[i].gate].cause, CAUSE_EXPIRED);
        }
    }
}

static void the_certificate_ages_by_the_policy(void **state)
{
    struct teach_facts f = in_order();
    struct hiring_policy p = hiring_policy_default();

    (void)state;
    p.certificate_days = 90;
    document(&f, DOCUMENT_NO_RECORD)->issued_ms = AT - 90 * DAY + 1;
    assert_int_equal(can_teach(&f, &everything, &p, AT).failed, 0);
    assert_int_equal(can_teach(&f, &everything, &p, AT + 1).failed, TEACH_BIT(TEACH_NO_RECORD_AGE));
    document(&f, DOCUMENT_NO_RECORD)->verified = false;
    assert_int_equal(can_teach(&f, &everything, &p, AT).failed,
                     TEACH_BIT(TEACH_NO_RECORD) | TEACH_BIT(TEACH_NO_RECORD_AGE));
}

static void a_course_without_the_topic_does_not_do(void **state)
{
    struct teach_facts f = in_order();

    (void)state;
    f.trainings[0].contact_psychology = false;
    f.trainings[f.trainings_n++] = (struct training_facts){ true, true, FROM, AT };
    f.trainings[f.trainings_n++] = (struct training_facts){ false, true, AT + 1, TO };
    assert_int_equal(ask(&f, &everything, AT).failed, TEACH_BIT(TEACH_TRAINING_TOPIC));
    assert_int_equal(ask(&f, &everything, AT - 1).failed, 0);
    assert_int_equal(ask(&f, &everything, AT + 1).gates[TEACH_TRAINING_TOPIC].cause, CAUSE_WAITING);
}

/* What is renewed in time never fails: the terms touch. A gap of a millisecond is a gap. */
static void renewed_in_time_is_one_run(void **state)
{
    struct teach_facts f = in_order();

    (void)state;
    f.employment.items[0].to_ms = AT + DAY;
    f.employment.items[f.employment.n++] = (struct term){ AT + 2 * DAY, AT + 3 * DAY, true };
    f.employment.items[f.employment.n++] = (struct term){ AT + DAY, AT + 2 * DAY, true };
    assert_true(ask(&f, &everything, AT).gates[TEACH_EMPLOYMENT].until_ms == AT + 3 * DAY);
    f.employment.items[1].from_ms++;
    assert_true(ask(&f, &everything, AT).gates[TEACH_EMPLOYMENT].until_ms == AT + 2 * DAY);
    f.employment.items[2].checked = false;
    assert_true(ask(&f, &everything, AT).gates[TEACH_EMPLOYMENT].until_ms == AT + DAY);
    assert_int_equal(ask(&f, &everything, FROM - 1).gates[TEACH_EMPLOYMENT].cause, CAUSE_NOT_YET);
}

static void subject_and_grade_have_to_fit(void **state)
{
    static const struct {
        int64_t subject;
        int grade;
        bool fits;
    } t[] = {
        { MATHS, 5, true },   { MATHS, 9, true },      { MATHS, 4, false },
        { MATHS, 10, false }, { MATHS + 1, 5, false }, { 0, 5, true },
        { MATHS, 0, true },   { 0, 0, true },          { 0, 11, false },
    };
    struct teach_facts f = in_order();

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct teach_question q = everything;

        q.subject = t[i].subject;
        q.grade = t[i].grade;
        assert_int_equal(ask(&f, &q, AT).failed, t[i].fits ? 0 : TEACH_BIT(TEACH_QUALIFICATION));
    }
    f.qualifications[0].verified = false;
    assert_int_equal(ask(&f, &everything, AT).gates[TEACH_QUALIFICATION].cause, CAUSE_WAITING);
}

/* Acquainted before the order is in force counts from its first day. */
static void acquaintance_does_not_begin_before_the_order(void **state)
{
    struct teach_facts f = in_order();

    (void)state;
    f.orders[0] = (struct order_facts){ AT, TO, AT - DAY };
    assert_int_equal(ask(&f, &everything, AT).failed, 0);
    assert_int_equal(ask(&f, &everything, AT - 1).failed,
                     TEACH_BIT(TEACH_ORDER) | TEACH_BIT(TEACH_ACQUAINTED));
}

static void the_question_says_which_gates_it_concerns(void **state)
{
    static const unsigned papers = TEACH_BIT(TEACH_ACCOUNT) | TEACH_BIT(TEACH_TRAINING) |
                                   TEACH_BIT(TEACH_TRAINING_TOPIC) | TEACH_BIT(TEACH_WORK_BOOK) |
                                   TEACH_BIT(TEACH_APPLICATION) | TEACH_BIT(TEACH_NO_RECORD) |
                                   TEACH_BIT(TEACH_NO_RECORD_AGE) | TEACH_BIT(TEACH_COURSE) |
                                   TEACH_BIT(TEACH_RATING_SHEET) | TEACH_BIT(TEACH_QUALIFICATION);
    static const unsigned hired =
        TEACH_BIT(TEACH_SUSPENSION) | TEACH_BIT(TEACH_EMPLOYMENT) | TEACH_BIT(TEACH_ORDER);
    static const unsigned acquainted = TEACH_BIT(TEACH_ACQUAINTED);
    static const unsigned introduced = TEACH_BIT(TEACH_INTRODUCTION);
    static const unsigned assigned = TEACH_BIT(TEACH_ASSIGNMENT);
    static const unsigned programme = TEACH_BIT(TEACH_PROGRAMME);
    static const unsigned consent = TEACH_BIT(TEACH_CONSENT);
    static const unsigned group = TEACH_BIT(TEACH_GROUP_CONSENT);
    const struct {
        struct teach_question q;
        unsigned want;
    } t[] = {
        { { 0 }, papers },
        { { .hired = true }, papers | hired | acquainted },
        { { .hired = true, .introduction = true }, papers | hired },
        { { .child = true }, papers | introduced | assigned | programme },
        { { .child = true, .substitute = true }, papers | programme },
        { { .child = true, .introduction = true }, papers | assigned },
        { { .consents = true }, papers | consent },
        { { .consents = true, .group = true }, papers | consent | group },
        { { .group = true }, papers },
        { { .introduction = true, .substitute = true }, papers },
    };
    struct teach_facts nothing = { .suspended_ms = AT };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct teach_verdict v = ask(&nothing, &t[i].q, AT);

        assert_int_equal(v.failed, t[i].want);
        for (enum teach_gate g = 0; g < TEACH_GATE_COUNT; g++)
            assert_int_equal(v.gates[g].cause != CAUSE_NOT_ASKED, (t[i].want >> g) & 1);
    }
}

static void a_set_to_be_looked_at_is_complete(void **state)
{
    static const struct teach_question papers = { 0 };
    struct teach_facts f = in_order();
    struct teach_verdict v;

    (void)state;
    for (size_t i = 0; i < f.documents_n; i++)
        f.documents[i].verified = false;
    v = ask(&f, &papers, AT);
    assert_true(v.failed != 0);
    assert_true(hiring_complete(&v));
    f.documents[DOCUMENT_COURSE].expires_ms = AT;
    v = ask(&f, &papers, AT);
    assert_false(hiring_complete(&v));
    f.documents[DOCUMENT_COURSE].expires_ms = TO;
    f.documents[DOCUMENT_COURSE].issued_ms = AT + 1;
    v = ask(&f, &papers, AT);
    assert_false(hiring_complete(&v));
    f.documents[DOCUMENT_COURSE].kind = DOCUMENT_AWARD; /* no award stands for it */
    v = ask(&f, &papers, AT);
    assert_int_equal(v.gates[TEACH_COURSE].cause, CAUSE_MISSING);
    assert_false(hiring_complete(&v));
}

static void warnings_come_at_30_14_and_3_days(void **state)
{
    static const struct {
        int64_t left;
        int days;
    } t[] = {
        { 31 * DAY, 0 },  { 30 * DAY + 1, 0 }, { 30 * DAY, 30 }, { 14 * DAY + 1, 30 },
        { 14 * DAY, 14 }, { 3 * DAY + 1, 14 }, { 3 * DAY, 3 },   { 1, 3 },
        { 0, 0 },         { -DAY, 0 },
    };
    struct hiring_policy p = hiring_policy_default();

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        assert_int_equal(hiring_warning(AT + t[i].left, &p, AT), t[i].days);
    assert_int_equal(hiring_warning(TERM_OPEN_MS, &p, AT), 0);
    p.warn_first_days = 2; /* in whatever order they stand */
    assert_int_equal(hiring_warning(AT + DAY, &p, AT), 2);
    assert_int_equal(hiring_warning(AT + 3 * DAY, &p, AT), 3);
}

static void more_rows_than_there_is_room_for_change_nothing(void **state)
{
    struct teach_facts f = in_order();

    (void)state;
    f.documents_n = 2 * HIRING_ROWS_MAX;
    for (size_t i = DOCUMENT_COUNT; i < f.documents_n; i++)
        f.documents[i] = (struct document_facts){ DOCUMENT_COURSE, true, TO, TO + DAY };
    assert_int_equal(ask(&f, &everything, AT).failed, 0);
}

static void words_are_stable(void **state)
{
    enum document_kind k;

    (void)state;
    for (enum document_kind i = 0; i < DOCUMENT_COUNT; i++) {
        assert_true(document_parse(document_name(i), &k));
        assert_int_equal(k, i);
        assert_int_equal(document_required(i), i != DOCUMENT_AWARD);
    }
    assert_false(document_parse("passport", &k));
    assert_string_equal(document_name(DOCUMENT_COUNT), "none");
    assert_false(document_required(DOCUMENT_COUNT));
    assert_string_equal(teach_gate_name(TEACH_NO_RECORD_AGE), "no_record_age");
    assert_string_equal(teach_gate_name(TEACH_GATE_COUNT), "none");
    assert_string_equal(gate_cause_name(CAUSE_WAITING), "waiting");
    assert_string_equal(gate_cause_name((enum gate_cause)99), "missing");
    assert_string_equal(actor_name(ACTOR_SCHOOL), "school");
    assert_string_equal(actor_name((enum actor)99), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_in_order_may_teach),
        cmocka_unit_test(of_whom_nothing_is_known_every_gate_is_told),
        cmocka_unit_test(every_gate_fails_alone),
        cmocka_unit_test(dates_are_half_open),
        cmocka_unit_test(the_certificate_ages_by_the_policy),
        cmocka_unit_test(a_course_without_the_topic_does_not_do),
        cmocka_unit_test(renewed_in_time_is_one_run),
        cmocka_unit_test(subject_and_grade_have_to_fit),
        cmocka_unit_test(acquaintance_does_not_begin_before_the_order),
        cmocka_unit_test(the_question_says_which_gates_it_concerns),
        cmocka_unit_test(a_set_to_be_looked_at_is_complete),
        cmocka_unit_test(warnings_come_at_30_14_and_3_days),
        cmocka_unit_test(more_rows_than_there_is_room_for_change_nothing),
        cmocka_unit_test(words_are_stable),
    };

    return cmocka_run_group_tests_name("hiring", tests, NULL, NULL);
}
