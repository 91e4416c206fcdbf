/* SPDX-License-Identifier: Apache-2.0
 *
 * Events through the HTTP API: calling, inviting, answering, moving; a child's
 * only way in; who came; minutes until they are signed; letters and the feed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/notification.h"
#include "tests/api/event_rig.h"

static struct api_rig r;
static int64_t id, rev;

#define E "/events/%e"
#define LISTENER(people)                                                                           \
    "{\"part\":\"listener\",\"people\":[" people "],\"roles\":[],\"schools\":[]}"
#define CHANGE "{\"kind\":\"joint_meeting\"," EVENT_WHAT "}"
#define MOVE "{" EVENT_WHEN ",\"reason\":\"repairs\"}"
#define LATER_MOVE                                                                                 \
    "{\"place\":\"Hall 3\",\"date\":\"2026-11-27\",\"time\":\"15:00\",\"minutes\":90,"             \
    "\"reason\":\"repairs\"}"

static void with_address(struct user_id user, const char *address)
{
    assert_int_equal(mail_address_set(r.w.db, user, address, RIG_NOW), ERR_OK);
}

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    with_address(r.w.officer, "officer@example.org");
    with_address(r.w.guardian, "olga@example.org");
    with_address(r.w.mentor_users[0], "mentor@example.org");
    api_start(&r);
    id = event_called(&r);
    rev = event_step(&r, COORDINATOR, "GET", E, id, 0, NULL, 200);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

/* Everybody signs in anew. */
static void later(int64_t unix_ms)
{
    api_stop(&r);
    api_resume_at(&r, unix_ms);
}

static int64_t letters(const char *what)
{
    char sql[300];
    int64_t n;

    assert_true(str_format(sql, sizeof sql,
                           "SELECT count(*) FROM notification WHERE kind = 'event' AND args LIKE "
                           "'%%\"what\":\"%s\"%%'",
                           what));
    api_stop(&r);
    n = world_number(&r.w, sql);
    api_resume_at(&r, RIG_NOW);
    return n;
}

/* ---- calling ------------------------------------------------------------------------------ */

static void hosts_and_speakers_are_invited_with_it(void **state)
{
    struct answer a = event_ask_as(&r, COORDINATOR, "GET", E, id, 0, NULL);

    (void)state;
    assert_int_equal(int_at(&a, "counts.invited"), 2);
    assert_string_equal(str_at(&a, "invites.0.part"), "host");
    assert_string_equal(str_at(&a, "agenda.1.speaker_name"), "Dr Orlov");
    assert_int_equal(int_at(&a, "answer_by"), EVENT_START - MS_PER_DAY);
    assert_int_equal(int_at(&a, "quorum.needed"), 2);
    answer_free(&a);
    a = event_ask_as(&r, MENTOR, "GET", "/events", 0, 0, NULL);
    assert_int_equal(int_at(&a, "items.0.id"), id);
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    answer_free(&a);
    assert_int_equal(letters("invited"), 1); /* the mentor; the coordinator has no address */
}

static void bad_plans_are_refused_by_name(void **state)
{
#define TRY(what, when) "{\"kind\":\"seminar\"," what "," when "}"
#define HOSTS(chair, secretary, agenda)                                                            \
    "\"title\":\"x\",\"about\":\"\",\"chair\":" chair ",\"secretary\":" secretary                  \
    ",\"agenda\":[" agenda "]"
    static const struct {
        const char *body, *field;
    } bad[] = {
        { "{}", "kind" },
        { "{\"kind\":\"party\"," EVENT_WHAT "," EVENT_WHEN "}", "kind" },
        { TRY(HOSTS("%c", "%m", ""), EVENT_WHEN), "chair" },
        { TRY(HOSTS("%k", "999", ""), EVENT_WHEN), "secretary" },
        { TRY(HOSTS("%k", "%m", "{\"title\":\"x\",\"minutes\":5,\"speaker\":%c}"), EVENT_WHEN),
          "agenda" },
        { TRY(HOSTS("%k", "%m", "{\"title\":\"\",\"minutes\":5}"), EVENT_WHEN), "agenda" },
        { TRY(HOSTS("%k", "%m",
                    "{\"title\":\"x\",\"minutes\":5,\"speaker\":%m,\"speaker_name\":\"y\"}"),
              EVENT_WHEN),
          "agenda" },
        { TRY(HOSTS("%k", "%m", ""),
              "\"place\":\"\",\"date\":\"2026-11-26\",\"time\":\"15:00\",\"minutes\":9"),
          "place" },
        { TRY(HOSTS("%k", "%m", ""), EVENT_WHEN ",\"answer_by\":\"2026-11-22\""), "answer_by" },
        { TRY(HOSTS("%k", "%m", ""), EVENT_WHEN ",\"answer_by\":\"soon\""), "answer_by" },
        { TRY(HOSTS("%k", "%m", ""), EVENT_WHEN ",\"more\":1"), "more" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        event_bad_field(&r, COORDINATOR, "POST", "/events", 0, 0, bad[i].body, bad[i].field);
    event_gated(&r, COORDINATOR, "POST", "/events", 0, 0, TRY(HOSTS("%m", "%m", ""), EVENT_WHEN),
                "event_same_person");
    event_gated(&r, COORDINATOR, "POST", "/events", 0, 0,
                TRY(HOSTS("%k", "%m", "{\"title\":\"x\",\"minutes\":91}"), EVENT_WHEN),
                "event_agenda_long");
    event_gated(&r, COORDINATOR, "POST", "/events", 0, 0,
                TRY(HOSTS("%k", "%m", ""),
                    "\"place\":\"x\",\"date\":\"2026-11-23\",\"time\":\"15:00\",\"minutes\":9"),
                "event_past");
    api_refused(event_ask_as(&r, COORDINATOR, "GET", "/events?when=now", 0, 0, NULL), 400,
                "bad_field");
    api_refused(event_ask_as(&r, COORDINATOR, "GET", "/events?whose=x", 0, 0, NULL), 400,
                "bad_field");
}

static void a_repeated_call_makes_one_event(void **state)
{
    char body[2000];
    struct answer a;

    (void)state;
    event_fill(&r, EVENT_BODY, 0, body, sizeof body);
    for (int i = 0; i < 2; i++) {
        a = api_ask(&r, COORDINATOR, "POST", "/events", NULL, "key-1", body);
        assert_int_equal(a.status, 201);
        assert_int_equal(int_at(&a, "id"), id + 1);
        answer_free(&a);
    }
}

static void a_change_needs_the_version_that_was_seen(void **state)
{
    (void)state;
    api_refused(event_ask_as(&r, COORDINATOR, "PUT", E, id, 0, CHANGE), 428, "need_match");
    api_refused(event_ask_as(&r, COORDINATOR, "PUT", E, id, rev + 9, CHANGE), 412, "stale");
    rev = event_step(&r, COORDINATOR, "PUT", E, id, rev,
                     "{\"kind\":\"seminar\"," HOSTS("%k", "%n", "") "}", 200);
    event_step(&r, MENTOR_2, "GET", E, id, 0, NULL, 200); /* the new secretary */
    event_bad_field(&r, COORDINATOR, "PUT", E, id, rev,
                    "{\"kind\":\"seminar\"," HOSTS("%k", "%n", "") ",\"answer_by\":\"2026-11-22\"}",
                    "answer_by");
}

/* ---- inviting and answering --------------------------------------------------------------- */

static void by_name_by_role_and_by_school(void **state)
{
    struct answer a;

    (void)state;
    event_step(&r, COORDINATOR, "POST", E "/invite", id, 0,
               "{\"part\":\"speaker\",\"people\":[%g],\"roles\":[\"mentor\"],\"schools\":[%S]}",
               200);
    a = event_ask_as(&r, COORDINATOR, "GET", E, id, 0, NULL);
    assert_true(int_at(&a, "counts.invited") >= 5); /* nobody twice */
    answer_free(&a);
    event_step(&r, OFFICER, "GET", E, id, 0, NULL, 200);
    event_step(&r, OFFICER_2, "GET", E, id, 0, NULL, 404); /* of the other school */
    event_step(&r, STRANGER, "GET", E, id, 0, NULL, 200);
    event_bad_field(&r, COORDINATOR, "POST", E "/invite", id, 0,
                    "{\"part\":\"host\",\"people\":[%g],\"roles\":[],\"schools\":[]}", "part");
    event_bad_field(&r, COORDINATOR, "POST", E "/invite", id, 0,
                    "{\"part\":\"listener\",\"people\":[],\"roles\":[],\"schools\":[]}", "people");
    event_bad_field(&r, COORDINATOR, "POST", E "/invite", id, 0,
                    "{\"part\":\"listener\",\"people\":[],\"roles\":[\"child\"],\"schools\":[]}",
                    "roles");
    event_bad_field(&r, COORDINATOR, "POST", E "/invite", id, 0,
                    "{\"part\":\"listener\",\"people\":[],\"roles\":[],\"schools\":[999]}",
                    "schools");
    event_bad_field(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("999"), "people");
    event_bad_field(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("\"x\""), "people");
}

static void the_hall_is_full(void **state)
{
    (void)state;
    api_stop(&r);
    assert_int_equal(policy_set(r.w.db, r.w.centre, "event.invited_most", "3", RIG_NOW - 1, "hall",
                                RIG_NOW, r.w.coordinator),
                     ERR_OK);
    api_resume_at(&r, RIG_NOW);
    event_step(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("%o"), 200);
    event_gated(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("%g"), "event_full");
    event_step(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("%o"), 200); /* is in */
}

static void one_answers_for_oneself_until_the_deadline(void **state)
{
    struct answer a;

    (void)state;
    event_step(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("%o"), 200);
    event_step(&r, OFFICER, "POST", E "/answer", id, 0, "{\"answer\":\"maybe\",\"note\":\"a bus\"}",
               200);
    a = event_ask_as(&r, OFFICER, "POST", E "/answer", id, 0, "{\"answer\":\"yes\"}");
    assert_string_equal(str_at(&a, "mine.0.answer"), "yes");
    assert_int_equal(json_array_size(at(&a, "invites")), 0); /* who else comes is not told */
    assert_int_equal(int_at(&a, "counts.yes"), 1);
    answer_free(&a);
    event_bad_field(&r, OFFICER, "POST", E "/answer", id, 0, "{\"answer\":\"none\"}", "answer");
    event_bad_field(&r, OFFICER, "POST", E "/answer", id, 0, "{\"answer\":\"no\",\"person\":%m}",
                    "person");
    later(EVENT_START - MS_PER_DAY);
    event_gated(&r, OFFICER, "POST", E "/answer", id, 0, "{\"answer\":\"no\"}",
                "event_answer_late");
}

static void a_child_comes_by_an_exception_and_its_guardians_yes(void **state)
{
    (void)state;
    event_gated(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("%c"), "event_adults");
    event_bad_field(&r, COORDINATOR, "POST", E "/invite-child", id, 0, "{\"child\":%c}", "reason");
    event_gated(&r, COORDINATOR, "POST", E "/invite-child", id, 0,
                "{\"child\":%o,\"reason\":\"x\"}", "event_no_child");
    event_bad_field(&r, COORDINATOR, "POST", E "/invite-child", id, 0,
                    "{\"child\":999,\"reason\":\"x\"}", "child");
    /* the second child has no guardian here */
    event_gated(&r, COORDINATOR, "POST", E "/invite-child", id, 0,
                "{\"child\":%d,\"reason\":\"x\"}", "event_guardian");
    event_step(&r, COORDINATOR, "POST", E "/invite-child", id, 0,
               "{\"child\":%c,\"reason\":\"plays the flute\"}", 200);
    event_step(&r, CHILD, "GET", E, id, 0, NULL, 404);
    event_step(&r, GUARDIAN, "GET", E, id, 0, NULL, 200);
    event_step(&r, CHILD, "POST", E "/answer", id, 0, "{\"answer\":\"yes\"}", 403);
    event_bad_field(&r, GUARDIAN, "POST", E "/answer", id, 0, "{\"answer\":\"yes\"}", "person");
    event_step(&r, GUARDIAN, "POST", E "/answer", id, 0, "{\"answer\":\"yes\",\"person\":%c}", 200);
    event_step(&r, CHILD, "GET", E, id, 0, NULL, 200);
    event_step(&r, CHILD, "POST", E "/answer", id, 0, "{\"answer\":\"no\"}", 403);
    event_step(&r, GUARDIAN, "POST", E "/check-in", id, 0, NULL, 403); /* the child is invited */
    assert_int_equal(letters("child"), 1);
    event_step(&r, GUARDIAN, "POST", E "/answer", id, 0, "{\"answer\":\"no\",\"person\":%c}", 200);
    event_step(&r, CHILD, "GET", E, id, 0, NULL, 404);
}

static void an_invitation_is_taken_back_but_not_from_the_hosts(void **state)
{
    (void)state;
    event_step(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("%o"), 200);
    event_gated(&r, COORDINATOR, "POST", E "/withdraw", id, 0, "{\"user\":%m}", "event_host");
    event_bad_field(&r, COORDINATOR, "POST", E "/withdraw", id, 0, "{\"user\":%g}", "user");
    event_step(&r, COORDINATOR, "POST", E "/withdraw", id, 0, "{\"user\":%o}", 200);
    event_step(&r, OFFICER, "GET", E, id, 0, NULL, 404);
    assert_int_equal(letters("withdrawn"), 1);
}

/* ---- moving and calling off --------------------------------------------------------------- */

static void a_move_is_told_once_and_asks_anew(void **state)
{
    struct answer a;

    (void)state;
    event_step(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("%o"), 200);
    rev = event_step(&r, OFFICER, "POST", E "/answer", id, 0, "{\"answer\":\"yes\"}", 200);
    event_bad_field(&r, COORDINATOR, "POST", E "/move", id, rev, "{" EVENT_WHEN "}", "reason");
    api_refused(event_ask_as(&r, COORDINATOR, "POST", E "/move", id, 1, MOVE), 412, "stale");
    a = event_ask_as(&r, COORDINATOR, "POST", E "/move", id, rev, LATER_MOVE);
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "start"), EVENT_START + MS_PER_DAY);
    assert_int_equal(int_at(&a, "counts.yes"), 0);
    assert_string_equal(str_at(&a, "place"), "Hall 3");
    assert_string_equal(str_at(&a, "reason"), "repairs");
    answer_free(&a);
    assert_int_equal(letters("moved"), 2); /* officer and mentor */
}

static void a_called_off_event_is_over(void **state)
{
    (void)state;
    event_bad_field(&r, COORDINATOR, "POST", E "/cancel", id, rev, "{}", "reason");
    rev = event_step(&r, COORDINATOR, "POST", E "/cancel", id, rev, "{\"reason\":\"ill\"}", 200);
    event_gated(&r, COORDINATOR, "POST", E "/cancel", id, rev, "{\"reason\":\"x\"}",
                "event_cancelled");
    event_gated(&r, COORDINATOR, "POST", E "/move", id, rev, MOVE, "event_cancelled");
    event_gated(&r, COORDINATOR, "PUT", E, id, rev, CHANGE, "event_cancelled");
    event_gated(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("%o"), "event_cancelled");
    event_gated(&r, MENTOR, "POST", E "/answer", id, 0, "{\"answer\":\"yes\"}", "event_cancelled");
    event_gated(&r, MENTOR, "POST", E "/check-in", id, 0, NULL, "event_cancelled");
    event_gated(&r, MENTOR, "POST", E "/minutes/freeze", id, rev, NULL, "event_cancelled");
    assert_int_equal(letters("cancelled"), 1);
}

/* ---- who came, and the minutes ------------------------------------------------------------ */

#define MARK(user, mark) "{\"user\":" user ",\"mark\":\"" mark "\"}"
#define MARKS(list) "{\"marks\":[" list "]}"
#define TEXT                                                                                       \
    "{\"text\":\"Heard.\",\"decisions\":[{\"text\":\"Meet again\",\"who\":%m,"                     \
    "\"due\":\"2026-12-24\"},{\"text\":\"Write to Dr Orlov\",\"who_name\":\"the guest\"}]}"

static void one_signs_in_while_the_door_is_open(void **state)
{
    struct answer a;

    (void)state;
    event_gated(&r, MENTOR, "POST", E "/check-in", id, 0, NULL, "event_window");
    event_gated(&r, COORDINATOR, "POST", E "/attendance", id, 0, MARKS(MARK("%m", "present")),
                "event_not_begun");
    event_gated(&r, COORDINATOR, "PUT", E "/minutes", id, rev, TEXT, "event_not_begun");
    later(EVENT_START + 11 * MS_PER_MIN);
    a = event_ask_as(&r, MENTOR, "POST", E "/check-in", id, 0, NULL);
    assert_string_equal(str_at(&a, "mine.0.mark"), "late");
    answer_free(&a);
    /* what the organiser says counts; signing in again changes nothing */
    event_step(&r, COORDINATOR, "POST", E "/attendance", id, 0, MARKS(MARK("%m", "present")), 200);
    a = event_ask_as(&r, MENTOR, "POST", E "/check-in", id, 0, NULL);
    assert_string_equal(str_at(&a, "mine.0.mark"), "present");
    answer_free(&a);
    event_bad_field(&r, COORDINATOR, "POST", E "/attendance", id, 0, MARKS(MARK("%g", "present")),
                    "user");
    event_bad_field(&r, COORDINATOR, "POST", E "/attendance", id, 0, MARKS(MARK("%m", "none")),
                    "mark");
    event_gated(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("%o"), "event_begun");
}

static void a_child_without_a_yes_is_not_marked_present(void **state)
{
    (void)state;
    event_step(&r, COORDINATOR, "POST", E "/invite-child", id, 0, "{\"child\":%c,\"reason\":\"x\"}",
               200);
    later(EVENT_START);
    event_gated(&r, COORDINATOR, "POST", E "/attendance", id, 0, MARKS(MARK("%c", "present")),
                "event_no_consent");
    event_step(&r, COORDINATOR, "POST", E "/attendance", id, 0, MARKS(MARK("%c", "absent")), 200);
}

static void minutes_are_closed_signed_and_added_to(void **state)
{
    struct answer a;

    (void)state;
    event_step(&r, COORDINATOR, "POST", E "/invite", id, 0, LISTENER("%o"), 200);
    later(EVENT_START + MS_PER_HOUR);
    rev = event_step(&r, MENTOR, "POST", E "/attendance", id, 0,
                     MARKS(MARK("%m", "present") "," MARK("%k", "absent")), 200);
    event_gated(&r, MENTOR, "POST", E "/minutes/freeze", id, rev, NULL, "event_unmarked");
    rev = event_step(&r, MENTOR, "POST", E "/attendance", id, 0, MARKS(MARK("%o", "absent")), 200);
    event_gated(&r, MENTOR, "POST", E "/minutes/freeze", id, rev, NULL, "event_minutes_empty");
    event_gated(&r, MENTOR, "POST", E "/minutes/sign", id, 0, NULL, "event_not_frozen");
    event_gated(&r, MENTOR, "POST", E "/minutes/addenda", id, 0, "{\"text\":\"x\"}",
                "event_not_frozen");
    event_bad_field(&r, MENTOR, "PUT", E "/minutes", id, rev,
                    "{\"text\":\"x\",\"decisions\":[{\"text\":\"x\",\"who\":%c}]}", "decisions");
    event_bad_field(&r, MENTOR, "PUT", E "/minutes", id, rev,
                    "{\"text\":\"x\",\"decisions\":[{\"text\":\"x\",\"due\":\"2026-02-30\"}]}",
                    "decisions");
    event_bad_field(&r, MENTOR, "PUT", E "/minutes", id, rev,
                    "{\"text\":\"x\",\"decisions\":[{\"text\":\"\"}]}", "decisions");
    api_refused(event_ask_as(&r, MENTOR, "PUT", E "/minutes", id, rev - 1, TEXT), 412, "stale");
    rev = event_step(&r, MENTOR, "PUT", E "/minutes", id, rev, TEXT, 200);
    a = event_ask_as(&r, OFFICER, "GET", E, id, 0, NULL); /* not before they are closed */
    assert_true(json_is_null(at(&a, "text")));
    assert_int_equal(json_array_size(at(&a, "decisions")), 0);
    answer_free(&a);
    api_refused(event_ask_as(&r, OFFICER, "GET", E "/minutes.pdf", id, 0, NULL), 403,
                "not_allowed");
    event_step(&r, MENTOR, "POST", E "/minutes/freeze", id, rev, NULL, 200);
    a = event_ask_as(&r, OFFICER, "GET", E, id, 0, NULL);
    assert_string_equal(str_at(&a, "decisions.0.due"), "2026-12-24");
    assert_int_equal(int_at(&a, "quorum.needed"), 2); /* of three; one was there */
    assert_true(json_is_false(at(&a, "quorum.holds")));
    answer_free(&a);
    event_gated(&r, MENTOR, "PUT", E "/minutes", id, rev + 1, TEXT, "event_frozen");
    event_gated(&r, COORDINATOR, "POST", E "/attendance", id, 0, MARKS(MARK("%o", "present")),
                "event_frozen");
    event_gated(&r, MENTOR, "POST", E "/check-in", id, 0, NULL, "event_frozen");
    event_step(&r, OFFICER, "POST", E "/minutes/sign", id, 0, NULL, 403);
    event_step(&r, MENTOR, "POST", E "/minutes/sign", id, 0, NULL, 200);
    event_gated(&r, MENTOR, "POST", E "/minutes/sign", id, 0, NULL, "event_signed_already");
    event_bad_field(&r, MENTOR, "POST", E "/minutes/addenda", id, 0, "{\"text\":\"\"}", "text");
    event_step(&r, MENTOR, "POST", E "/minutes/addenda", id, 0, "{\"text\":\"A date.\"}", 201);
    a = event_ask_as(&r, COORDINATOR, "POST", E "/minutes/sign", id, 0, NULL);
    assert_string_equal(str_at(&a, "minutes"), "signed");
    assert_string_equal(str_at(&a, "addenda.0.text"), "A date.");
    answer_free(&a);
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM audit WHERE action IN "
                                        "('event.create', 'event.freeze', 'event.addendum')"),
                     3);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM audit WHERE action = 'event.sign'"),
                     2);
    api_resume_at(&r, EVENT_START + MS_PER_DAY);
    a = event_ask_as(&r, OFFICER, "GET", "/events?when=past", 0, 0, NULL);
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    answer_free(&a);
}

/* ---- paper and calendar ------------------------------------------------------------------- */

static void agenda_and_minutes_are_printed(void **state)
{
    struct answer a = event_ask_as(&r, MENTOR, "GET", E "/agenda.pdf", id, 0, NULL);

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(a.type, "application/pdf");
    assert_memory_equal(a.body, "%PDF-", 5);
    answer_free(&a);
    later(EVENT_START + MS_PER_HOUR);
    rev = event_step(&r, COORDINATOR, "POST", E "/attendance", id, 0,
                     MARKS(MARK("%m", "present") "," MARK("%k", "late")), 200);
    rev = event_step(&r, COORDINATOR, "PUT", E "/minutes", id, rev, TEXT, 200);
    event_step(&r, COORDINATOR, "POST", E "/minutes/freeze", id, rev, NULL, 200);
    event_step(&r, COORDINATOR, "POST", E "/minutes/addenda", id, 0, "{\"text\":\"A date.\"}", 201);
    a = event_ask_as(&r, MENTOR, "GET", E "/minutes.pdf", id, 0, NULL);
    assert_int_equal(a.status, 200);
    assert_memory_equal(a.body, "%PDF-", 5);
    answer_free(&a);
}

static void the_feed_tells_kind_and_place_and_no_title(void **state)
{
    struct answer a = api_post(&r, MENTOR, "/me/feed", "{}");
    char address[100];

    (void)state;
    assert_int_equal(a.status, 201);
    assert_true(str_copy(address, sizeof address, str_at(&a, "address") + strlen("/api/v1")));
    answer_free(&a);
    event_step(&r, COORDINATOR, "POST", E "/cancel", id, rev, "{\"reason\":\"ill\"}", 200);
    a = api_get(&r, NOBODY, address);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "UID:event-"));
    assert_non_null(strstr(a.body, "Hall 2"));
    assert_non_null(strstr(a.body, "STATUS:CANCELLED"));
    assert_non_null(strstr(a.body, "SEQUENCE:1"));
    assert_null(strstr(a.body, "Plans"));
    answer_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        T(hosts_and_speakers_are_invited_with_it),
        T(bad_plans_are_refused_by_name),
        T(a_repeated_call_makes_one_event),
        T(a_change_needs_the_version_that_was_seen),
        T(by_name_by_role_and_by_school),
        T(the_hall_is_full),
        T(one_answers_for_oneself_until_the_deadline),
        T(a_child_comes_by_an_exception_and_its_guardians_yes),
        T(an_invitation_is_taken_back_but_not_from_the_hosts),
        T(a_move_is_told_once_and_asks_anew),
        T(a_called_off_event_is_over),
        T(one_signs_in_while_the_door_is_open),
        T(a_child_without_a_yes_is_not_marked_present),
        T(minutes_are_closed_signed_and_added_to),
        T(agenda_and_minutes_are_printed),
        T(the_feed_tells_kind_and_place_and_no_title),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
