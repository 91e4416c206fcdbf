/* SPDX-License-Identifier: Apache-2.0
 *
 * server/render/pdf_order: one whole sheet in both languages, the same for the
 * same order, that says what is ordered (read back with pdftotext if the
 * machine has it).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "server/render/pdf_order.h"

static const struct printed_order order = { .school = "Школа № 12, Екатеринбург",
                                            .centre = "Координационный центр",
                                            .mentor = "Анна Сергеевна Лаптева",
                                            .number = "77-k",
                                            .date = "2026-09-01",
                                            .from = "2026-09-02",
                                            .to = "",
                                            .rate_percent = 50,
                                            .week_minutes = 570,
                                            .acquainted = "",
                                            .printed_ms = INT64_C(1795504320000) };

static void it_is_one_whole_sheet(void **state)
{
    (void)state;
    for (int ru = 0; ru < 2; ru++) {
        struct pdf a, b;

        assert_int_equal(pdf_order(&order, labels_for(ru ? "ru" : "en"), &a), ERR_OK);
        assert_int_equal(pdf_order(&order, labels_for(ru ? "ru" : "en"), &b), ERR_OK);
        assert_int_equal(a.pages, 1);
        assert_memory_equal(a.bytes, "%PDF-", 5);
        assert_int_equal(a.len, b.len);
        assert_memory_equal(a.bytes, b.bytes, a.len);
        pdf_deinit(&a);
        pdf_deinit(&b);
    }
}

static void it_says_what_is_ordered(void **state)
{
    static const char *const words[] = { "77-k",    "2026-09-01", "2026-09-02", "50 %",      "9,5",
                                         "Лаптева", "без срока",  "Директор",   "ознакомлен" };
    char name[] = "/tmp/parta-order-XXXXXX", command[80], said[4000];
    struct pdf p;
    FILE *f;
    int fd = mkstemp(name);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(pdf_order(&order, labels_for("ru"), &p), ERR_OK);
    assert_int_equal(write(fd, p.bytes, p.len), p.len);
    close(fd);
    pdf_deinit(&p);
    (void)snprintf(command, sizeof command, "pdftotext -layout %s - 2>/dev/null", name);
    f = popen(command, "r");
    assert_non_null(f);
    said[fread(said, 1, sizeof said - 1, f)] = '\0';
    if (pclose(f) == 0) {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (!strstr(said, words[i]))
                print_error("no \"%s\" in:\n%s\n", words[i], said);
            assert_non_null(strstr(said, words[i]));
        }
    }
    unlink(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_one_whole_sheet),
        cmocka_unit_test(it_says_what_is_ordered),
    };

    return cmocka_run_group_tests_name("hiring order", tests, NULL, NULL);
}
