/* SPDX-License-Identifier: Apache-2.0
 *
 * The lesson room: who hears and sees whom when, seats and take-over, what is
 * written down, limits. The bench (lab) checks the safety promises after
 * every single input of every test here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "tests/support/lab.h"

#define MIC_CAMERA "{\"type\":\"state\",\"mic\":true,\"camera\":true,\"screen\":false}"
#define OFFER "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\"}"

static struct lab g; /* too large for the stack of a sanitizer build */

static void a_child_alone_has_no_media_path(void **state)
{
    uint64_t child, mentor;

    (void)state;
    lab_init(&g, 1, -5 * MS_PER_MIN);
    child = lab_join(&g, LAB_CHILD);
    lab_talk(&g, child);
    lab_run(&g, 60000);
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_WAITING);
    assert_int_equal(g.conns[child].opened, 0);
    assert_null(lab_last(&g, child, SIG_SERVER_ANSWER));

    mentor = lab_join(&g, LAB_MENTOR);
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_LIVE);
    assert_int_equal(g.conns[child].opened, 1); /* the offer that waited */
    lab_media(&g, child, MEDIA_ANSWER);
    assert_string_equal(lab_last(&g, child, SIG_SERVER_ANSWER)->u.answer.sdp, "v=0\r\n");
    lab_talk(&g, mentor);
    assert_true(lab_hears(&g, child, mentor) && lab_hears(&g, mentor, child));
    assert_true(lab_sees(&g, child, mentor) && lab_sees(&g, mentor, child));
    assert_int_equal(g.states_n, 2);
    assert_int_equal(g.states[0], LESSON_OPEN);
    assert_int_equal(g.states[1], LESSON_RUNNING);
    lab_deinit(&g);
}

static void sources_start_off_and_follow_what_the_person_says(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_init(&g, 1, 0);
    mentor = lab_join(&g, LAB_MENTOR);
    child = lab_join(&g, LAB_CHILD);
    lab_say(&g, mentor, OFFER);
    lab_say(&g, child, OFFER);
    assert_false(lab_hears(&g, mentor, child) || lab_sees(&g, mentor, child));
    lab_say(&g, child, "{\"type\":\"state\",\"mic\":true,\"camera\":false,\"screen\":false}");
    assert_true(lab_hears(&g, mentor, child));
    assert_false(lab_sees(&g, mentor, child));
    lab_say(&g, child, "{\"type\":\"state\",\"mic\":false,\"camera\":true,\"screen\":false}");
    assert_false(lab_hears(&g, mentor, child));
    assert_true(lab_sees(&g, mentor, child));
    lab_say(&g, child, "{\"type\":\"state\",\"mic\":true,\"camera\":true,\"screen\":true}");
    assert_true(lab_refused_with(&g, child, SIG_ERROR_NOT_ALLOWED));
    assert_false(lab_hears(&g, mentor, child)); /* refused as a whole */
    lab_say(&g, mentor, "{\"type\":\"state\",\"mic\":false,\"camera\":false,\"screen\":true}");
    assert_true(g.conns[mentor].gate.screen);
    assert_int_equal(lab_events(&g, "screen_on"), 1);
    lab_deinit(&g);
}

static void the_mentor_alone_sends_to_nobody(void **state)
{
    uint64_t mentor, guardian;

    (void)state;
    lab_init(&g, 1, 0);
    mentor = lab_join(&g, LAB_MENTOR);
    guardian = lab_join(&g, LAB_GUARDIAN);
    lab_talk(&g, mentor);
    lab_talk(&g, guardian);
    assert_false(g.conns[mentor].gate.mic || g.conns[mentor].gate.camera);
    assert_false(g.conns[guardian].gate.mic || g.conns[guardian].gate.receive);
    lab_deinit(&g);
}

static void the_room_freezes_when_the_mentor_drops(void **state)
{
    uint64_t mentor, child, again;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_lose(&g, mentor);
    assert_true(lab_shut(&g, child)); /* in the same call */
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_FROZEN);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_ROOM)->u.room.state, SIG_ROOM_STATE_FROZEN);
    assert_int_equal(g.facts.state, LESSON_INTERRUPTED);
    lab_run(&g, 8000);
    again = lab_join(&g, LAB_MENTOR);
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_LIVE);
    assert_int_equal(g.facts.state, LESSON_RUNNING);
    assert_true(g.conns[child].gate.receive && g.conns[child].gate.mic);
    lab_say(&g, again, OFFER);
    assert_true(lab_hears(&g, child, again)); /* the seat kept what it said about its microphone */
    lab_deinit(&g);
}

static void a_silent_mentor_freezes_before_the_line_is_found_dead(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_two(&g, &mentor, &child);
    g.conns[mentor].alive = false; /* no more pings, no close */
    lab_run(&g, ROOM_SILENT_MS - 1);
    assert_false(lab_shut(&g, child));
    lab_run(&g, 1);
    assert_true(lab_shut(&g, child));
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_FROZEN);
    lab_say(&g, mentor, "{\"type\":\"hand\",\"up\":false}");
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_LIVE); /* it was only slow */
    assert_true(lab_hears(&g, child, mentor));
    lab_deinit(&g);
}

static void dead_media_of_the_mentor_freezes(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_media(&g, mentor, MEDIA_DEAD);
    assert_true(lab_shut(&g, child));
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_FROZEN);
    lab_say(&g, mentor, OFFER); /* on the same connection ... */
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_LIVE);
    lab_media(&g, mentor, MEDIA_ANSWER);
    lab_media(&g, mentor, MEDIA_DEAD);
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_FROZEN);
    mentor = lab_join(&g, LAB_MENTOR); /* ... or anew */
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_LIVE);
    lab_deinit(&g);
}

static void a_dead_line_ends_its_row_when_it_was_last_heard(void **state)
{
    uint64_t mentor, child;
    int64_t heard_ms;
    const struct lab_row *row;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_run(&g, 60000);
    heard_ms = g.now.unix_ms - (g.now.mono_us - g.conns[child].heard_us) / US_PER_MS;
    g.conns[child].alive = false;
    lab_run(&g, ROOM_KEEP_SEAT_MS + 1000);
    row = lab_row_of(&g, LAB_CHILD);
    assert_int_equal(row->cause, LEAVE_TIMEOUT);
    assert_int_equal(row->left_ms, heard_ms);
    assert_true(g.conns[child].closed);
    assert_int_equal(lab_last(&g, mentor, SIG_SERVER_GONE)->u.gone.cause, SIG_LEAVE_CAUSE_LOST);
    lab_deinit(&g);
}

static void a_lost_seat_is_kept_and_resumed(void **state)
{
    uint64_t mentor, child, again;
    int number;

    (void)state;
    lab_two(&g, &mentor, &child);
    number = lab_last(&g, child, SIG_SERVER_JOINED)->u.joined.you;
    lab_say(&g, child, "{\"type\":\"hand\",\"up\":true}");
    lab_lose(&g, child);
    assert_int_equal(lab_row_of(&g, LAB_CHILD)->cause, LEAVE_SOCKET_CLOSED);
    assert_false(lab_last(&g, mentor, SIG_SERVER_MEMBER)->u.member.member.present);
    lab_run(&g, ROOM_KEEP_SEAT_MS - 1);
    assert_int_equal(lab_count(&g, mentor, SIG_SERVER_GONE), 0);
    again = lab_join(&g, LAB_CHILD);
    assert_int_equal(lab_last(&g, again, SIG_SERVER_JOINED)->u.joined.you, number);
    assert_true(lab_last(&g, mentor, SIG_SERVER_MEMBER)->u.member.member.hand);
    assert_int_equal(lab_open_rows(&g, LAB_CHILD), 1);

    lab_lose(&g, again);
    lab_run(&g, ROOM_KEEP_SEAT_MS);
    assert_int_equal(lab_count(&g, mentor, SIG_SERVER_GONE), 1);
    again = lab_join(&g, LAB_CHILD); /* a new seat, but never another person's number */
    assert_int_equal(lab_last(&g, again, SIG_SERVER_JOINED)->u.joined.you, number);
    assert_false(lab_last(&g, mentor, SIG_SERVER_MEMBER)->u.member.member.hand);
    lab_deinit(&g);
}

static void the_newest_device_wins_and_the_old_one_is_told(void **state)
{
    uint64_t mentor, child, tablet;
    struct room_person p;

    (void)state;
    lab_two(&g, &mentor, &child);
    p = lab_person(&g, LAB_CHILD);
    p.came_back = false;
    tablet = lab_join_as(&g, &p);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_CLOSED)->u.closed.code, SIG_CLOSE_TAKEN_OVER);
    assert_true(g.conns[child].closed);
    assert_true(lab_shut(&g, child));
    assert_false(g.conns[child].leg_open);
    assert_int_equal(g.rows[0].cause, LEAVE_TAKEN_OVER);
    assert_int_equal(lab_open_rows(&g, LAB_CHILD), 1);
    lab_lose(&g, child); /* the close arrives late and must not touch the new device */
    assert_int_equal(lab_open_rows(&g, LAB_CHILD), 1);
    lab_say(&g, tablet, OFFER);
    assert_true(g.conns[tablet].leg_open);
    assert_false(g.conns[tablet].gate.camera); /* the new device starts with sources off */
    lab_deinit(&g);
}

static void rest_stops_a_childs_sources_only(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_say(&g, child, "{\"type\":\"rest\",\"on\":true}");
    assert_false(lab_hears(&g, mentor, child) || lab_sees(&g, mentor, child));
    assert_true(lab_hears(&g, child, mentor));
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_RESTING);
    assert_true(lab_last(&g, mentor, SIG_SERVER_MEMBER)->u.member.member.resting);
    lab_say(&g, child, MIC_CAMERA); /* says so, but rests */
    assert_false(lab_hears(&g, mentor, child));
    lab_say(&g, child, "{\"type\":\"rest\",\"on\":false}");
    assert_true(lab_hears(&g, mentor, child) && lab_sees(&g, mentor, child));
    assert_int_equal(lab_events(&g, "rest_on"), 1);
    assert_int_equal(lab_events(&g, "rest_off"), 1);
    lab_deinit(&g);
}

static void a_screen_break_stops_pictures_and_ends_by_itself(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_say(&g, mentor, "{\"type\":\"state\",\"mic\":true,\"camera\":true,\"screen\":true}");
    lab_say(&g, mentor, "{\"type\":\"break\",\"kind\":\"screen\"}");
    assert_false(g.conns[mentor].gate.camera || g.conns[mentor].gate.screen);
    assert_false(g.conns[child].gate.camera);
    assert_true(lab_hears(&g, child, mentor) && lab_hears(&g, mentor, child));
    assert_int_equal(lab_last(&g, child, SIG_SERVER_ROOM)->u.room.break_, SIG_BREAK_KIND_SCREEN);
    lab_run(&g, 5 * MS_PER_MIN - 1);
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_RESTING);
    lab_run(&g, 1);
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_LIVE);
    assert_true(g.conns[mentor].gate.screen && lab_sees(&g, mentor, child));
    assert_int_equal(lab_events(&g, "break_off"), 1);
    lab_deinit(&g);
}

static void visitors_are_announced_and_open_nothing(void **state)
{
    uint64_t mentor, child, guardian, coordinator;

    (void)state;
    lab_init(&g, 1, 0);
    child = lab_join(&g, LAB_CHILD);
    lab_talk(&g, child);
    guardian = lab_join(&g, LAB_GUARDIAN);
    coordinator = lab_join(&g, LAB_COORDINATOR);
    lab_talk(&g, guardian);
    lab_talk(&g, coordinator);
    assert_int_equal(g.conns[child].opened + g.conns[guardian].opened, 0);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_VISITOR_IN), 2);
    assert_int_equal(lab_events(&g, "visitor_in"), 2);

    mentor = lab_join(&g, LAB_MENTOR);
    lab_talk(&g, mentor);
    assert_true(lab_hears(&g, child, guardian) && lab_sees(&g, coordinator, child));
    lab_say(&g, coordinator, MIC_CAMERA);
    assert_true(lab_refused_with(&g, coordinator, SIG_ERROR_NOT_ALLOWED));
    assert_int_equal(lab_last(&g, mentor, SIG_SERVER_JOINED)->u.joined.members_n, 4);
    lab_say(&g, coordinator, "{\"type\":\"leave\",\"reason\":\"left\"}");
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_VISITOR_OUT), 1);
    lab_deinit(&g);
}

static void the_mentor_quiets_and_cannot_switch_on(void **state)
{
    uint64_t mentor, child;
    int number;

    (void)state;
    lab_two(&g, &mentor, &child);
    number = lab_last(&g, child, SIG_SERVER_JOINED)->u.joined.you;
    assert_int_equal(number, 1);
    lab_say(&g, mentor, "{\"type\":\"quiet\",\"member\":1,\"mic\":true,\"camera\":false}");
    assert_false(lab_hears(&g, mentor, child));
    assert_true(lab_sees(&g, mentor, child));
    assert_true(lab_last(&g, child, SIG_SERVER_QUIETED)->u.quieted.mic);
    lab_say(&g, mentor, "{\"type\":\"quiet\",\"member\":1,\"mic\":false,\"camera\":false}");
    assert_false(lab_hears(&g, mentor, child)); /* never the other way round */
    lab_say(&g, child, MIC_CAMERA);
    assert_true(lab_hears(&g, mentor, child));
    lab_say(&g, mentor, "{\"type\":\"quiet\",\"member\":9,\"mic\":true,\"camera\":false}");
    assert_true(lab_refused_with(&g, mentor, SIG_ERROR_BAD_FIELD));
    lab_say(&g, mentor, "{\"type\":\"quiet\",\"member\":2,\"mic\":true,\"camera\":false}");
    assert_true(lab_refused_with(&g, mentor, SIG_ERROR_NOT_ALLOWED));
    lab_deinit(&g);
}

static void warnings_come_once_and_the_window_ends_it(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_run(&g, 30 * MS_PER_MIN - 1);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_FIVE_MINUTES), 0);
    lab_run(&g, 1);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_FIVE_MINUTES), 1);
    lab_run(&g, 4 * MS_PER_MIN);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_ONE_MINUTE), 1);
    lab_run(&g, 6 * MS_PER_MIN - 1);
    assert_false(g.done);
    assert_false(lab_shut(&g, child));
    lab_run(&g, 1);
    assert_true(g.done && lab_shut(&g, child) && lab_shut(&g, mentor) && g.stage_closed);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_FIVE_MINUTES), 1);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_CLOSED)->u.closed.code, SIG_CLOSE_WINDOW_END);
    assert_int_equal(lab_row_of(&g, LAB_CHILD)->cause, LEAVE_WINDOW_END);
    assert_int_equal(g.facts.state, LESSON_ENDED);
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_ENDED);
    child = lab_join(&g, LAB_CHILD);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_REFUSED)->u.refused.code, SIG_REFUSAL_ENDED);
    assert_int_equal(lab_open_rows(&g, LAB_CHILD), 0);
    lab_deinit(&g);
}

static void nobody_comes_in_a_millisecond_too_early(void **state)
{
    uint64_t child;

    (void)state;
    lab_init(&g, 1, -10 * MS_PER_MIN - 1);
    child = lab_join(&g, LAB_CHILD);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_REFUSED)->u.refused.code,
                     SIG_REFUSAL_TOO_EARLY);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_REFUSED)->u.refused.at,
                     LAB_START - 10 * MS_PER_MIN);
    assert_false(g.conns[child].closed);
    assert_int_equal(lab_open_rows(&g, LAB_CHILD), 0);
    lab_run(&g, 1);
    child = lab_join(&g, LAB_CHILD);
    assert_non_null(lab_last(&g, child, SIG_SERVER_JOINED));
    lab_deinit(&g);
}

/* fault, code */
static void a_bad_verdict_cuts_in_the_same_call(void **state)
{
    static const struct {
        bool mentor;
        size_t flag;
        enum sig_close code;
    } cases[] = {
        { false, offsetof(struct admit_person, consent_ok), SIG_CLOSE_CUT_CONSENT },
        { false, offsetof(struct admit_person, active), SIG_CLOSE_CUT_RIGHT_ENDED },
        { false, offsetof(struct admit_person, login_valid), SIG_CLOSE_LOGGED_OUT },
        { true, offsetof(struct admit_person, may_teach), SIG_CLOSE_CUT_RIGHT_ENDED },
        { true, offsetof(struct admit_person, active), SIG_CLOSE_CUT_RIGHT_ENDED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t mentor, child, who;
        struct admit_person p;
        bool no = false;

        lab_two(&g, &mentor, &child);
        who = cases[i].mentor ? mentor : child;
        p = lab_person(&g, cases[i].mentor ? LAB_MENTOR : LAB_CHILD).admit;
        memcpy((char *)&p + cases[i].flag, &no, sizeof no);
        room_person_changed(g.room, g.now, &p);
        lab_drain(&g);
        assert_int_equal(lab_last(&g, who, SIG_SERVER_CLOSED)->u.closed.code, cases[i].code);
        assert_true(g.conns[who].closed && lab_shut(&g, who) && lab_shut(&g, child));
        assert_int_equal(lab_row_of(&g, g.conns[who].user)->cause, LEAVE_CUT);
        lab_deinit(&g);
    }
}

static void a_role_that_changed_is_cut(void **state)
{
    uint64_t guardian;
    struct admit_person p;

    (void)state;
    lab_init(&g, 1, 0);
    guardian = lab_join(&g, LAB_GUARDIAN);
    p = lab_person(&g, LAB_GUARDIAN).admit;
    p.seat = SEAT_COORDINATOR;
    room_person_changed(g.room, g.now, &p);
    lab_drain(&g);
    assert_true(g.conns[guardian].closed);
    lab_deinit(&g);
}

static void a_changed_schedule_is_obeyed_at_once(void **state)
{
    static const struct room_titles titles = { "maths", "lesson", "" };
    static const struct {
        enum lesson_state state;
        int64_t shift_ms, end_shift_ms;
        bool other_mentor;
        enum sig_close code;
    } cases[] = {
        { LESSON_CANCELLED, 0, 0, false, SIG_CLOSE_CUT_CANCELLED },
        { LESSON_RESCHEDULED, 0, 0, false, SIG_CLOSE_CUT_CANCELLED },
        { LESSON_NEEDS_SUBSTITUTE, 0, 0, false, SIG_CLOSE_CUT_CANCELLED },
        { LESSON_SCHEDULED, MS_PER_HOUR, MS_PER_HOUR, false, SIG_CLOSE_CUT_CANCELLED },
        { LESSON_SCHEDULED, -MS_PER_HOUR, -MS_PER_HOUR, false, SIG_CLOSE_WINDOW_END },
        { LESSON_ENDED, 0, 0, false, SIG_CLOSE_WINDOW_END },
        { LESSON_SCHEDULED, 0, 0, true, SIG_CLOSE_CUT_RIGHT_ENDED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t mentor, child;
        struct lesson_facts f;

        lab_two(&g, &mentor, &child);
        f = g.facts;
        f.state = cases[i].state;
        f.start_ms += cases[i].shift_ms;
        f.end_ms += cases[i].end_shift_ms;
        f.mentor.v = cases[i].other_mentor ? 999 : f.mentor.v;
        room_facts(g.room, g.now, &f, &titles);
        lab_drain(&g);
        assert_int_equal(lab_last(&g, mentor, SIG_SERVER_CLOSED)->u.closed.code, cases[i].code);
        assert_true(lab_shut(&g, mentor) && lab_shut(&g, child));
        assert_int_equal(g.done, !cases[i].other_mentor);
        lab_deinit(&g);
    }
}

static void a_longer_lesson_is_told_and_warned_anew(void **state)
{
    static const struct room_titles titles = { "maths", "lesson", "" };
    uint64_t mentor, child;
    struct lesson_facts f;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_run(&g, 31 * MS_PER_MIN);
    f = g.facts;
    f.end_ms += 10 * MS_PER_MIN;
    f.state = LESSON_SCHEDULED; /* older than what the room knows */
    room_facts(g.room, g.now, &f, &titles);
    lab_drain(&g);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_LESSON)->u.lesson.lesson.end, f.end_ms);
    lab_run(&g, 10 * MS_PER_MIN);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_FIVE_MINUTES), 2);
    assert_int_equal(g.facts.state, LESSON_RUNNING);
    lab_deinit(&g);
}

static void the_mentor_ends_the_lesson(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_say(&g, child, "{\"type\":\"end\"}");
    assert_true(lab_refused_with(&g, child, SIG_ERROR_NOT_ALLOWED));
    lab_say(&g, mentor, "{\"type\":\"end\"}");
    assert_int_equal(lab_last(&g, child, SIG_SERVER_CLOSED)->u.closed.code, SIG_CLOSE_MENTOR_ENDED);
    assert_int_equal(lab_row_of(&g, LAB_MENTOR)->cause, LEAVE_LEFT);
    assert_int_equal(lab_row_of(&g, LAB_CHILD)->cause, LEAVE_WINDOW_END);
    assert_int_equal(g.facts.state, LESSON_ENDED);
    assert_true(g.done);
    lab_deinit(&g);
}

static void a_tired_child_leaves(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_say(&g, mentor, "{\"type\":\"leave\",\"reason\":\"tired\"}");
    assert_true(lab_refused_with(&g, mentor, SIG_ERROR_NOT_ALLOWED));
    lab_say(&g, child, "{\"type\":\"leave\",\"reason\":\"tired\"}");
    assert_int_equal(lab_row_of(&g, LAB_CHILD)->cause, LEAVE_TIRED);
    assert_int_equal(lab_last(&g, mentor, SIG_SERVER_GONE)->u.gone.cause, SIG_LEAVE_CAUSE_TIRED);
    assert_true(g.conns[child].closed);
    assert_false(g.conns[mentor].gate.mic); /* nobody is left to hear it */
    assert_int_equal(g.facts.state, LESSON_INTERRUPTED);
    lab_deinit(&g);
}

static void a_late_mentor_is_told_to_the_child_once(void **state)
{
    uint64_t child;

    (void)state;
    lab_init(&g, 2, -MS_PER_MIN);
    child = lab_join(&g, LAB_CHILD);
    lab_run(&g, 6 * MS_PER_MIN - 1);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_MENTOR_LATE), 0);
    lab_run(&g, 5 * MS_PER_MIN);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_MENTOR_LATE), 1);
    child = lab_join(&g, LAB_CHILD + 1);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_MENTOR_LATE), 1);
    lab_deinit(&g);
}

static void media_events_become_messages(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_media(&g, child, MEDIA_SLOTS);
    assert_string_equal(lab_last(&g, child, SIG_SERVER_SLOTS)->u.slots.slots[0].mid, "3");
    lab_media(&g, child, MEDIA_SPEAKING); /* members 1 to 4, of which 1 and 2 exist */
    assert_int_equal(lab_last(&g, mentor, SIG_SERVER_SPEAKING)->u.speaking.members_n, 2);
    lab_lose(&g, mentor);
    mentor = lab_join(&g, LAB_MENTOR);
    lab_say(&g, mentor, OFFER);
    lab_media(&g, mentor, MEDIA_REFUSED);
    assert_true(lab_refused_with(&g, mentor, SIG_ERROR_BAD_OFFER));
    g.conns[mentor].leg_open = false; /* the stage never had it */
    lab_say(&g, mentor, OFFER);
    assert_int_equal(g.conns[mentor].opened, 2);
    lab_say(&g, mentor, OFFER);
    assert_true(lab_refused_with(&g, mentor, SIG_ERROR_NOT_NOW)); /* one offer */
    lab_deinit(&g);
}

static void a_drained_room_leaves_its_rows_open(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_run(&g, 7000);
    room_drain(g.room, g.now);
    lab_drain(&g);
    assert_true(g.done && g.conns[child].closed);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_CLOSED)->u.closed.code,
                     SIG_CLOSE_SERVER_RESTART);
    assert_int_equal(lab_open_rows(&g, LAB_CHILD), 1);
    assert_int_equal(lab_row_of(&g, LAB_CHILD)->seen_ms, g.now.unix_ms);
    assert_int_equal(g.facts.state, LESSON_RUNNING);
    lab_deinit(&g);
}

static void presence_is_confirmed_every_five_seconds(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_two(&g, &mentor, &child);
    for (int i = 0; i < 20; i++) {
        lab_run(&g, 1700);
        assert_true(g.now.unix_ms - lab_row_of(&g, LAB_CHILD)->seen_ms <= 5000);
    }
    lab_deinit(&g);
}

/* F7: the wall clock jumps by an hour; the length of the presence is what really passed. */
static void a_jump_of_the_wall_clock_changes_no_duration(void **state)
{
    uint64_t mentor, child;
    const struct lab_row *row;

    (void)state;
    lab_two(&g, &mentor, &child);
    lab_run(&g, 60000);
    g.now.unix_ms -= MS_PER_MIN;
    lab_run(&g, 60000);
    g.now.unix_ms += MS_PER_MIN;
    lab_say(&g, child, "{\"type\":\"leave\",\"reason\":\"left\"}");
    row = lab_row_of(&g, LAB_CHILD);
    assert_int_equal(row->left_ms - row->join_ms, 120000);
    lab_deinit(&g);
}

static void scheduled_people_always_find_their_seat(void **state)
{
    uint64_t conn;

    (void)state;
    lab_init(&g, 9, 0);
    lab_join(&g, LAB_GUARDIAN);
    lab_join(&g, LAB_GUARDIAN + 1);
    conn = lab_join(&g, LAB_COORDINATOR);
    assert_int_equal(lab_last(&g, conn, SIG_SERVER_REFUSED)->u.refused.code, SIG_REFUSAL_FULL);
    assert_int_equal(lab_row_of(&g, LAB_COORDINATOR)->cause, LEAVE_CUT);
    for (int i = 0; i < 9; i++) {
        conn = lab_join(&g, LAB_CHILD + i);
        assert_non_null(lab_last(&g, conn, SIG_SERVER_JOINED));
    }
    conn = lab_join(&g, LAB_MENTOR);
    assert_int_equal(lab_last(&g, conn, SIG_SERVER_JOINED)->u.joined.members_n, 12);
    assert_int_equal(lab_last(&g, conn, SIG_SERVER_JOINED)->u.joined.slots.video, 9);
    lab_deinit(&g);
}

/* A full room ends: the largest burst of effects there is must fit the queues. */
static void the_end_of_a_full_room_fits_the_queues(void **state)
{
    uint64_t conns[12];

    (void)state;
    lab_init(&g, 11, 0);
    for (int i = 0; i < 12; i++) {
        conns[i] = lab_join(&g, i == 0 ? LAB_MENTOR : LAB_CHILD + i - 1);
        lab_talk(&g, conns[i]);
    }
    lab_run(&g, LAB_LONG_MS + 5 * MS_PER_MIN);
    for (int i = 0; i < 12; i++) {
        assert_true(g.conns[conns[i]].closed);
        assert_int_equal(lab_last(&g, conns[i], SIG_SERVER_CLOSED)->u.closed.code,
                         SIG_CLOSE_WINDOW_END);
    }
    assert_true(g.done);
    assert_true(g.max_effects < 300);
    lab_deinit(&g);
}

static void groups_hear_each_other_only_with_the_mentor(void **state)
{
    uint64_t mentor, a, b;

    (void)state;
    lab_init(&g, 2, 0);
    mentor = lab_join(&g, LAB_MENTOR);
    a = lab_join(&g, LAB_CHILD);
    b = lab_join(&g, LAB_CHILD + 1);
    lab_talk(&g, mentor);
    lab_talk(&g, a);
    lab_talk(&g, b);
    assert_true(lab_hears(&g, a, b) && lab_sees(&g, b, a));
    lab_say(&g, a, "{\"type\":\"rest\",\"on\":true}");
    assert_false(lab_hears(&g, b, a));
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_LIVE); /* the other one works on */
    lab_say(&g, mentor, "{\"type\":\"leave\",\"reason\":\"left\"}");
    assert_true(lab_shut(&g, a) && lab_shut(&g, b));
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_FROZEN);
    lab_deinit(&g);
}

static void strangers_to_the_room_change_nothing(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lab_two(&g, &mentor, &child);
    g.conns[40].used = true;
    lab_say(&g, 40, "{\"type\":\"end\"}");
    assert_true(lab_refused_with(&g, 40, SIG_ERROR_NOT_NOW));
    assert_int_equal(lab_state(&g), SIG_ROOM_STATE_LIVE);
    room_conn_lost(g.room, g.now, (struct conn_id){ 0 });
    room_heard(g.room, g.now, (struct conn_id){ 41 });
    lab_drain(&g);
    lab_deinit(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_alone_has_no_media_path),
        cmocka_unit_test(sources_start_off_and_follow_what_the_person_says),
        cmocka_unit_test(the_mentor_alone_sends_to_nobody),
        cmocka_unit_test(the_room_freezes_when_the_mentor_drops),
        cmocka_unit_test(a_silent_mentor_freezes_before_the_line_is_found_dead),
        cmocka_unit_test(dead_media_of_the_mentor_freezes),
        cmocka_unit_test(a_dead_line_ends_its_row_when_it_was_last_heard),
        cmocka_unit_test(a_lost_seat_is_kept_and_resumed),
        cmocka_unit_test(the_newest_device_wins_and_the_old_one_is_told),
        cmocka_unit_test(rest_stops_a_childs_sources_only),
        cmocka_unit_test(a_screen_break_stops_pictures_and_ends_by_itself),
        cmocka_unit_test(visitors_are_announced_and_open_nothing),
        cmocka_unit_test(the_mentor_quiets_and_cannot_switch_on),
        cmocka_unit_test(warnings_come_once_and_the_window_ends_it),
        cmocka_unit_test(nobody_comes_in_a_millisecond_too_early),
        cmocka_unit_test(a_bad_verdict_cuts_in_the_same_call),
        cmocka_unit_test(a_role_that_changed_is_cut),
        cmocka_unit_test(a_changed_schedule_is_obeyed_at_once),
        cmocka_unit_test(a_longer_lesson_is_told_and_warned_anew),
        cmocka_unit_test(the_mentor_ends_the_lesson),
        cmocka_unit_test(a_tired_child_leaves),
        cmocka_unit_test(a_late_mentor_is_told_to_the_child_once),
        cmocka_unit_test(media_events_become_messages),
        cmocka_unit_test(a_drained_room_leaves_its_rows_open),
        cmocka_unit_test(presence_is_confirmed_every_five_seconds),
        cmocka_unit_test(a_jump_of_the_wall_clock_changes_no_duration),
        cmocka_unit_test(scheduled_people_always_find_their_seat),
        cmocka_unit_test(the_end_of_a_full_room_fits_the_queues),
        cmocka_unit_test(groups_hear_each_other_only_with_the_mentor),
        cmocka_unit_test(strangers_to_the_room_change_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
