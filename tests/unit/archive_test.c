/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/archive: in which form a month report goes into the centre's
 * file, and who has to act; the words of its summary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "common/base/mem.h"
#include "server/domain/archive.h"
#include "server/render/archive.h"

#define END 1000

static void every_state_has_its_form_and_its_actor(void **state)
{
    static const struct {
        struct flow_facts f;
        int newest, accepted;
        int64_t now;
        enum flow_state state;
        enum archive_act act;
        bool frozen, correcting;
        int version;
    } want[] = {
        { { .row = FLOW_ROW_NONE },
          1,
          0,
          END - 1,
          FLOW_NOT_DUE,
          ARCHIVE_ACT_LATER,
          false,
          false,
          1 },
        { { .row = FLOW_ROW_NONE }, 1, 0, END, FLOW_DUE, ARCHIVE_ACT_MENTOR, false, false, 1 },
        { { .row = FLOW_ROW_DRAFT }, 1, 0, END, FLOW_DRAFT, ARCHIVE_ACT_MENTOR, false, false, 1 },
        { { .row = FLOW_ROW_RETURNED },
          1,
          0,
          END,
          FLOW_RETURNED,
          ARCHIVE_ACT_MENTOR,
          false,
          false,
          1 },
        { { .row = FLOW_ROW_SUBMITTED },
          1,
          0,
          END,
          FLOW_SUBMITTED,
          ARCHIVE_ACT_COORDINATOR,
          false,
          false,
          1 },
        { { .row = FLOW_ROW_ACCEPTED },
          1,
          1,
          END,
          FLOW_ACCEPTED,
          ARCHIVE_ACT_COORDINATOR,
          true,
          false,
          1 },
        { { .row = FLOW_ROW_ACCEPTED, .sent = true },
          1,
          1,
          END,
          FLOW_DUPLICATED,
          ARCHIVE_ACT_SCHOOL,
          true,
          false,
          1 },
        { { .row = FLOW_ROW_ACCEPTED, .sent = true, .acknowledged = true },
          2,
          2,
          END,
          FLOW_ACKNOWLEDGED,
          ARCHIVE_ACT_NONE,
          true,
          false,
          2 },
        /* A correction is being written: the version that was accepted goes in, and it is said. */
        { { .row = FLOW_ROW_DRAFT }, 3, 2, END, FLOW_DRAFT, ARCHIVE_ACT_MENTOR, true, true, 2 },
        { { .row = FLOW_ROW_SUBMITTED },
          2,
          1,
          END,
          FLOW_SUBMITTED,
          ARCHIVE_ACT_COORDINATOR,
          true,
          true,
          1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        struct flow_facts f = want[i].f;
        struct archive_entry e;

        f.period_end_ms = f.due_ms = END;
        e = archive_entry_of(&f, want[i].newest, want[i].accepted, want[i].now);
        assert_int_equal(e.state, want[i].state);
        assert_int_equal(e.act, want[i].act);
        assert_int_equal(e.frozen, want[i].frozen);
        assert_int_equal(e.correcting, want[i].correcting);
        assert_int_equal(e.version, want[i].version);
    }
}

static void words_are_read_and_others_refused(void **state)
{
    enum archive_state s;
    enum archive_cause c;

    (void)state;
    for (int i = ARCHIVE_QUEUED; i <= ARCHIVE_FAILED; i++) {
        assert_true(archive_state_parse(archive_state_name((enum archive_state)i), &s));
        assert_int_equal(s, i);
    }
    for (int i = ARCHIVE_CAUSE_NONE; i <= ARCHIVE_CAUSE_RECORDS; i++) {
        assert_true(archive_cause_parse(archive_cause_name((enum archive_cause)i), &c));
        assert_int_equal(c, i);
    }
    assert_false(archive_state_parse("broken", &s));
    assert_false(archive_cause_parse("time", &c));
    assert_string_equal(archive_state_name((enum archive_state)99), "unknown");
    assert_string_equal(archive_cause_name((enum archive_cause)99), "unknown");
    assert_string_equal(archive_act_name(ARCHIVE_ACT_SCHOOL), "school");
    assert_string_equal(archive_act_name(ARCHIVE_ACT_COUNT), "unknown");
    assert_int_equal(archive_policy_default().keep_days, 14);
}

static void has(const uint8_t *bytes, size_t len, const char *what, bool there)
{
    if ((memmem(bytes, len, what, strlen(what)) != NULL) != there)
        print_error("%s\n", what);
    assert_int_equal(memmem(bytes, len, what, strlen(what)) != NULL, there);
}

/* The missing ones are those on which somebody has to act; names that look like formulas are none.
 */
static void the_summary_says_what_is_missing(void **state)
{
    const struct archive_line lines[] = {
        { "=School",
          "Anna",
          "Misha",
          "accepted/a",
          { FLOW_ACKNOWLEDGED, ARCHIVE_ACT_NONE, true, 1, false },
          { .planned = 4, .held = 3, .contact_ms = 90000 } },
        { "School 2",
          "Boris",
          "Sofia",
          "drafts/b",
          { FLOW_DUE, ARCHIVE_ACT_MENTOR, false, 1, false },
          { .planned = 2, .not_held = 1 } },
    };
    uint8_t *bytes;
    size_t len;

    (void)state;
    assert_int_equal(archive_csv(lines, 2, false, "en", &bytes, &len), ERR_OK);
    has(bytes, len,
        "\r\n'=School,Anna,Misha,acknowledged by the school,,as "
        "accepted,accepted/a,1,4,3,0,0,0,1.5\r\n",
        true);
    has(bytes, len, "the mentor: write the report and send it,draft,drafts/b,1,2,0,0,1,0,0.0\r\n",
        true);
    has(bytes, len, "\r\nTotals,,,,,,,,6,3,0,1,0,1.5\r\n", true);
    mem_free(bytes);
    assert_int_equal(archive_csv(lines, 2, true, "ru", &bytes, &len), ERR_OK);
    has(bytes, len, "Sofia", true);
    has(bytes, len, "за учителем", true);
    has(bytes, len, "Misha", false);
    mem_free(bytes);
    assert_int_equal(archive_xlsx(lines, 2, "ru", 0, &bytes, &len), ERR_OK);
    assert_memory_equal(bytes, "PK", 2);
    mem_free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_its_form_and_its_actor),
        cmocka_unit_test(words_are_read_and_others_refused),
        cmocka_unit_test(the_summary_says_what_is_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
