/* SPDX-License-Identifier: Apache-2.0
 *
 * What the lesson room measures and limits: screen minutes, written lines,
 * messages per connection, link reports.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/str.h"
#include "tests/support/lab.h"

#define MIC_CAMERA "{\"type\":\"state\",\"mic\":true,\"camera\":true,\"screen\":false}"

static struct lab g; /* too large for the stack of a sanitizer build */

/* Mentor and one child, five minutes into the lesson, both talking. */
static void lesson_for_two(uint64_t *mentor, uint64_t *child)
{
    lab_init(&g, 1, 5 * MS_PER_MIN);
    *child = lab_join(&g, LAB_CHILD);
    lab_talk(&g, *child);
    *mentor = lab_join(&g, LAB_MENTOR);
    lab_talk(&g, *mentor);
    lab_media(&g, *child, MEDIA_ANSWER);
}

static void screen_minutes_count_only_pictures(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lesson_for_two(&mentor, &child);
    lab_run(&g, 60000);
    lab_say(&g, mentor, "{\"type\":\"state\",\"mic\":true,\"camera\":false,\"screen\":false}");
    lab_run(&g, 120000); /* voice only */
    lab_say(&g, mentor, MIC_CAMERA);
    lab_run(&g, 30000);
    lab_say(&g, child, "{\"type\":\"rest\",\"on\":true}");
    lab_run(&g, 30000);
    assert_int_equal(lab_row_of(&g, LAB_CHILD)->screen_ms, 90000);
    lab_say(&g, child, "{\"type\":\"rest\",\"on\":false}");
    lab_run(&g, 20 * MS_PER_MIN - 90000 - 1);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_SCREEN_LIMIT), 0);
    lab_run(&g, 1);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_SCREEN_LIMIT), 1);
    assert_int_equal(lab_notices(&g, mentor, SIG_NOTICE_SCREEN_LIMIT), 1);
    lab_run(&g, MS_PER_MIN);
    assert_int_equal(lab_notices(&g, child, SIG_NOTICE_SCREEN_LIMIT), 1);
    lab_deinit(&g);
}

static void screen_minutes_written_before_a_restart_count(void **state)
{
    struct room_person p;
    uint64_t child;

    (void)state;
    lab_init(&g, 1, MS_PER_MIN);
    p = lab_person(&g, LAB_CHILD);
    p.screen_used_ms = 700 * MS_PER_S;
    child = lab_join_as(&g, &p);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_JOINED)->u.joined.screen_used_s, 700);
    lab_deinit(&g);
}

static void say_chat(uint64_t conn, const char *text)
{
    struct strbuf b;

    strbuf_init(&b);
    assert_int_equal(
        sig_client_write(&(struct sig_client){ .kind = SIG_CLIENT_CHAT, .u.chat = { text } }, &b),
        ERR_OK);
    lab_say(&g, conn, b.s);
    strbuf_deinit(&b);
}

static void written_lines_have_limits(void **state)
{
    uint64_t mentor, child, late;
    char text[2 * (SIG_LIMIT_CHAT_CHARS + 1) + 1] = "";

    (void)state;
    lesson_for_two(&mentor, &child);
    say_chat(child, "");
    assert_true(lab_refused_with(&g, child, SIG_ERROR_BAD_FIELD));
    say_chat(child, "a\tb");
    assert_true(lab_refused_with(&g, child, SIG_ERROR_BAD_FIELD));
    say_chat(child, "a\xc2\x85"
                    "b");
    assert_true(lab_refused_with(&g, child, SIG_ERROR_BAD_FIELD));
    for (int i = 0; i < SIG_LIMIT_CHAT_CHARS; i++)
        memcpy(text + 2 * i, "\xd0\x96", 2); /* two bytes each: characters are counted */
    say_chat(child, text);
    assert_string_equal(lab_last(&g, mentor, SIG_SERVER_CHAT)->u.chat.line.text, text);
    memcpy(text + 2 * SIG_LIMIT_CHAT_CHARS, "\xd0\x96", 2);
    say_chat(child, text);
    assert_true(lab_refused_with(&g, child, SIG_ERROR_TOO_LONG));
    for (int i = 0; i < 4; i++)
        say_chat(child, "two\nlines");
    assert_int_equal(g.chats, 5);
    say_chat(child, "six");
    assert_true(lab_refused_with(&g, child, SIG_ERROR_TOO_FAST));
    lab_run(&g, SIG_LIMIT_CHAT_WINDOW_MS);
    say_chat(child, "six");
    assert_int_equal(g.chats, 6);
    late = lab_join(&g, LAB_GUARDIAN);
    assert_int_equal(lab_last(&g, late, SIG_SERVER_JOINED)->u.joined.chat_n, 6);
    lab_deinit(&g);
}

static void the_history_keeps_the_last_lines(void **state)
{
    uint64_t mentor, child, late;
    const struct sig_server *joined;

    (void)state;
    lesson_for_two(&mentor, &child);
    for (int i = 0; i < 230; i++) {
        char text[400];

        memset(text, 'x', sizeof text - 1);
        text[sizeof text - 1] = '\0';
        assert_true(str_format(text, 8, "%06d.", i));
        text[7] = 'x';
        say_chat(child, text);
        lab_run(&g, 1000);
    }
    late = lab_join(&g, LAB_GUARDIAN);
    joined = lab_last(&g, late, SIG_SERVER_JOINED);
    assert_int_equal(joined->u.joined.chat_n, SIG_LIMIT_CHAT_HISTORY_BYTES / 399);
    assert_memory_equal(joined->u.joined.chat[joined->u.joined.chat_n - 1].text, "000229.", 7);
    lab_deinit(&g);
}

static void waiting_children_do_not_write_to_each_other(void **state)
{
    uint64_t child;

    (void)state;
    lab_init(&g, 2, 0);
    lab_join(&g, LAB_CHILD + 1);
    child = lab_join(&g, LAB_CHILD);
    say_chat(child, "hello");
    assert_true(lab_refused_with(&g, child, SIG_ERROR_NOT_NOW));
    lab_deinit(&g);
}

static void a_flood_is_refused_and_then_cut(void **state)
{
    uint64_t mentor, child;

    (void)state;
    lesson_for_two(&mentor, &child);
    lab_run(&g, 10000);
    for (int i = 0; i < SIG_LIMIT_MESSAGE_BURST; i++) {
        lab_say(&g, child,
                i % 2 ? "{\"type\":\"hand\",\"up\":false}" : "{\"type\":\"hand\",\"up\":true}");
        assert_false(lab_refused_with(&g, child, SIG_ERROR_TOO_FAST));
    }
    lab_say(&g, child, "{\"type\":\"hand\",\"up\":true}");
    assert_true(lab_refused_with(&g, child, SIG_ERROR_TOO_FAST));
    lab_run(&g, 1000);
    lab_say(&g, child, "{\"type\":\"hand\",\"up\":true}");
    assert_false(lab_refused_with(&g, child, SIG_ERROR_TOO_FAST));
    for (int i = 0; i < 300 && !g.conns[child].closed; i++)
        lab_say(&g, child, "{\"type\":\"hand\",\"up\":true}");
    assert_true(g.conns[child].closed);
    assert_false(g.conns[mentor].closed);
    lab_deinit(&g);
}

static void link_reports_are_spaced(void **state)
{
    static const char link[] = "{\"type\":\"link\",\"loss_permille\":12,\"rtt_ms\":80,"
                               "\"up_kbps\":900,\"down_kbps\":1200}";
    uint64_t mentor, child;
    struct room_view v;

    (void)state;
    lesson_for_two(&mentor, &child);
    lab_say(&g, child, link);
    lab_run(&g, 4999);
    lab_say(&g, child, link);
    assert_true(lab_refused_with(&g, child, SIG_ERROR_TOO_FAST));
    lab_run(&g, 1);
    lab_say(&g, child, link);
    assert_int_equal(g.links, 2);
    room_look(g.room, &v);
    assert_int_equal(v.people_n, 2);
    assert_int_equal(v.people[0].loss_permille, 12);
    lab_deinit(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screen_minutes_count_only_pictures),
        cmocka_unit_test(screen_minutes_written_before_a_restart_count),
        cmocka_unit_test(written_lines_have_limits),
        cmocka_unit_test(the_history_keeps_the_last_lines),
        cmocka_unit_test(waiting_children_do_not_write_to_each_other),
        cmocka_unit_test(a_flood_is_refused_and_then_cut),
        cmocka_unit_test(link_reports_are_spaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
