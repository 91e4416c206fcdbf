/* SPDX-License-Identifier: Apache-2.0
 *
 * common/base: bounded reading and writing, text, timers, strict JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/buf.h"
#include "common/base/json.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "common/base/timerq.h"

static void reader_is_sticky(void **state)
{
    static const uint8_t bytes[] = { 1, 2, 3 };
    struct reader r = reader_on(bytes, sizeof bytes);

    (void)state;
    assert_int_equal(read_u16(&r), 0x0102);
    assert_int_equal(read_u16(&r), 0);
    assert_true(r.bad);
    assert_int_equal(read_u8(&r), 0); /* one byte is left, but the error stays */
}

static void writer_refuses_overflow_and_keeps_the_rest(void **state)
{
    uint8_t room[5];
    struct writer w = writer_on(room, sizeof room);

    (void)state;
    write_u32(&w, 0x01020304);
    write_u16(&w, 0x0506);
    assert_true(w.full);
    assert_int_equal(writer_len(&w), 4);
    assert_memory_equal(room, "\1\2\3\4", 4);
}

static void names(void **state)
{
    (void)state;
    assert_true(str_name_ok("Анна Сергеевна", 64));
    assert_false(str_name_ok("", 64));
    assert_false(str_name_ok("a\nb", 64));
    assert_false(str_name_ok("a\xe2\x80\xae"
                             "b",
                             64));                 /* right-to-left override */
    assert_false(str_name_ok("\xed\xa0\x80", 64)); /* a surrogate */
    assert_false(str_name_ok("\xc0\xaf", 64));     /* an overlong slash */
    assert_true(str_name_ok("абв", 3));
    assert_false(str_name_ok("абвг", 3));
}

static void numbers(void **state)
{
    int64_t n = 7;

    (void)state;
    assert_int_equal(str_to_i64("-12", -20, 20, &n), ERR_OK);
    assert_int_equal(n, -12);
    assert_int_equal(str_to_i64("21", -20, 20, &n), ERR_PARSE);
    assert_int_equal(str_to_i64(" 1", -20, 20, &n), ERR_PARSE);
    assert_int_equal(str_to_i64("1x", -20, 20, &n), ERR_PARSE);
    assert_int_equal(str_to_i64("99999999999999999999", INT64_MIN, INT64_MAX, &n), ERR_PARSE);
    assert_int_equal(n, -12);
}

static void timers_come_out_in_order(void **state)
{
    struct timer t[50] = { 0 };
    struct timerq q;
    int64_t last = -1;
    int n = 0;

    (void)state;
    timerq_init(&q);
    for (int i = 0; i < 50; i++)
        assert_int_equal(timerq_set(&q, &t[i], (i * 37) % 50), ERR_OK);
    timerq_cancel(&q, &t[3]);
    assert_int_equal(timerq_set(&q, &t[4], 1000), ERR_OK);
    for (struct timer *due; (due = timerq_pop(&q, 100)); n++) {
        assert_true(due->at_us >= last);
        last = due->at_us;
    }
    assert_int_equal(n, 48);
    assert_int_equal(timerq_next(&q), 1000);
    timerq_deinit(&q);
    assert_int_equal(t[4].slot, 0);
}

static enum err parse(const char *text, json_t **out)
{
    return json_parse_object(text, strlen(text), out);
}

static void json_is_strict(void **state)
{
    json_t *j = NULL;
    char deep[64];

    (void)state;
    assert_int_equal(parse("{\"a\":1,\"a\":2}", &j), ERR_PARSE);
    assert_int_equal(parse("[1]", &j), ERR_PARSE);
    assert_int_equal(parse("{\"a\":NaN}", &j), ERR_PARSE);
    assert_int_equal(parse("{\"a\":1e999}", &j), ERR_PARSE);
    assert_int_equal(parse("{\"a\":\"\\ud800\"}", &j), ERR_PARSE);
    assert_int_equal(parse("{\"a\":\"\\u0000\"}", &j), ERR_PARSE);
    memset(deep, '[', sizeof deep);
    assert_int_equal(json_parse_object(deep, sizeof deep, &j), ERR_PARSE);
    assert_null(j);
}

static void json_names_the_field_at_fault(void **state)
{
    json_t *j = NULL;
    struct json_view v;

    (void)state;
    assert_int_equal(parse("{\"n\":5,\"x\":1}", &j), ERR_OK);
    v = json_view_on(j);
    assert_int_equal(json_get_int(&v, "n", 0, 10), 5);
    assert_int_equal(json_view_end(&v), ERR_PARSE);
    assert_string_equal(v.field, "x");
    assert_int_equal(v.fault, JSON_FAULT_UNKNOWN);

    v = json_view_on(j);
    json_get_str(&v, "name", 4);
    assert_int_equal(json_view_end(&v), ERR_PARSE);
    assert_string_equal(v.field, "name");
    assert_int_equal(v.fault, JSON_FAULT_MISSING);

    v = json_view_on(j);
    json_get_int(&v, "n", 6, 10);
    assert_int_equal(json_view_end(&v), ERR_PARSE);
    assert_int_equal(v.fault, JSON_FAULT_RANGE);
    json_decref(j);
}

static void text_survives_lack_of_memory(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        long before = mem_live();
        struct strbuf b;
        char *out = NULL;
        enum err e;

        strbuf_init(&b);
        mem_fail_after(n);
        for (int i = 0; i < 100; i++)
            strbuf_printf(&b, "%d,", i);
        e = strbuf_take(&b, &out);
        mem_fail_after(-1);
        if (e == ERR_OK) {
            assert_true(n > 0);
            assert_int_equal(strlen(out), 290);
            mem_free(out);
            assert_int_equal(mem_live(), before);
            return;
        }
        assert_int_equal(e, ERR_NOMEM);
        assert_int_equal(mem_live(), before);
    }
}

static void log_limit_counts_what_it_drops(void **state)
{
    struct log_limit l = { 0 };
    unsigned passed = 0;

    (void)state;
    for (int i = 0; i < 1000000; i++)
        passed += log_limit_pass(&l, i, 10, US_PER_S);
    assert_int_equal(passed, 10);
    assert_int_equal(l.dropped, 999990);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reader_is_sticky),
        cmocka_unit_test(writer_refuses_overflow_and_keeps_the_rest),
        cmocka_unit_test(names),
        cmocka_unit_test(numbers),
        cmocka_unit_test(timers_come_out_in_order),
        cmocka_unit_test(json_is_strict),
        cmocka_unit_test(json_names_the_field_at_fault),
        cmocka_unit_test(text_survives_lack_of_memory),
        cmocka_unit_test(log_limit_counts_what_it_drops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
