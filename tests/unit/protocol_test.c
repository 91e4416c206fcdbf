/* SPDX-License-Identifier: Apache-2.0
 *
 * The signalling messages, both directions: every type is mutated field by
 * field over its description, so a new message is tested without a new line
 * here; and the list of hostile JSON (RELIABILITY P8).
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

#include "common/base/mem.h"
#include "common/protocol/protocol.gen.h"

#define SAMPLE_LIST 2

/* --- one face for both directions --- */

struct side {
    const char *name;
    const struct shape *shapes;
    int kinds;
    size_t max_bytes;
};

static const struct side sides[] = {
    { "client", sig_client_shapes, SIG_CLIENT_KINDS, SIG_LIMIT_MESSAGE_BYTES },
    { "server", sig_server_shapes, SIG_SERVER_KINDS, SIG_LIMIT_SERVER_MESSAGE_BYTES },
};

/* Parses; on success *again is the message written anew. */
static enum err parse(const struct side *side, const char *text, size_t len,
                      struct sig_fault *fault, char **again)
{
    struct strbuf b;
    enum err e, written = ERR_OK;

    strbuf_init(&b);
    if (side == &sides[0]) {
        struct sig_client m;

        memset(&m, 0x5a, sizeof m);
        e = sig_client_parse(text, len, &m, fault);
        if (e == ERR_OK) {
            written = sig_client_write(&m, &b);
            sig_client_free(&m);
        } else {
            assert_int_equal(*(unsigned char *)&m, 0x5a); /* untouched */
        }
    } else {
        struct sig_server m;

        memset(&m, 0x5a, sizeof m);
        e = sig_server_parse(text, len, &m, fault);
        if (e == ERR_OK) {
            written = sig_server_write(&m, &b);
            sig_server_free(&m);
        } else {
            assert_int_equal(*(unsigned char *)&m, 0x5a);
        }
    }
    if (e == ERR_OK && again) {
        assert_int_equal(written, ERR_OK);
        assert_int_equal(strbuf_take(&b, again), ERR_OK);
    }
    strbuf_deinit(&b);
    return e;
}

/* --- samples from the descriptions --- */

static json_t *sample_object(const struct shape *shape);

static json_t *sample(const struct shape_field *f)
{
    json_t *list;

    switch (f->type) {
    case SHAPE_BOOL:
        return json_true();
    case SHAPE_INT:
    case SHAPE_BIG:
        return json_integer(f->min + 1);
    case SHAPE_STRING:
        return json_string("Ж\n\"\\/");
    case SHAPE_ENUM:
        return json_string(f->words[f->words_n - 1]);
    case SHAPE_STRUCT:
        return sample_object(f->sub);
    case SHAPE_LIST:
    case SHAPE_INTS:
        list = json_array();
        for (int i = 0; i < SAMPLE_LIST; i++)
            json_array_append_new(list, f->sub ? sample_object(f->sub) : json_integer(i + 1));
        return list;
    }
    return NULL;
}

static json_t *sample_object(const struct shape *shape)
{
    json_t *o = json_object();

    for (size_t i = 0; i < shape->fields_n; i++)
        json_object_set_new(o, shape->fields[i].name, sample(&shape->fields[i]));
    return o;
}

static json_t *sample_message(const struct shape *shape)
{
    json_t *o = sample_object(shape);

    json_object_set_new(o, "type", json_string(shape->name));
    return o;
}

/* --- expectations --- */

static void expect_ok(const struct side *side, json_t *message)
{
    char *text = json_dumps(message, JSON_COMPACT);
    char *again = NULL;
    struct sig_fault fault;
    json_t *back;

    assert_int_equal(parse(side, text, strlen(text), &fault, &again), ERR_OK);
    back = json_loads(again, JSON_REJECT_DUPLICATES, NULL);
    assert_true(json_equal(back, message));
    json_decref(back);
    mem_free(again);
    free(text);
}

static void expect_text_fault(const struct side *side, const char *text, size_t len,
                              enum sig_error code, const char *re, const char *field)
{
    struct sig_fault fault = { SIG_ERROR_TOO_FAST, "unset", "unset" };

    assert_int_equal(parse(side, text, len, &fault, NULL), ERR_PARSE);
    assert_string_equal(sig_error_name(fault.code), sig_error_name(code));
    assert_string_equal(fault.re, re);
    assert_string_equal(fault.field, field);
}

/* Takes message over. */
static void expect_fault(const struct side *side, json_t *message, enum sig_error code,
                         const char *re, const char *field)
{
    char *text = json_dumps(message, JSON_COMPACT);

    expect_text_fault(side, text, strlen(text), code, re, field);
    free(text);
    json_decref(message);
}

/* Where in a message a mutated object sits: the message itself, or a nested object. */
struct spot {
    const struct side *side;
    const struct shape *message;
    const struct shape *shape;
    const char *outer; /* field that holds the object, NULL = the message itself */
    bool in_list;
};

static json_t *object_at(const struct spot *s, json_t *message)
{
    json_t *o = s->outer ? json_object_get(message, s->outer) : message;

    return s->in_list ? json_array_get(o, SAMPLE_LIST - 1) : o;
}

static void path_of(const struct spot *s, const char *field, char *out, size_t cap)
{
    assert_true(s->outer ? str_format(out, cap, "%s.%s", s->outer, field)
                         : str_format(out, cap, "%s", field));
}

/* The sample with one field set to value (taken over; NULL = removed) must be refused so. */
static void with(const struct spot *s, const char *field, json_t *value, enum sig_error code)
{
    json_t *m = sample_message(s->message);
    char path[160];

    if (value)
        json_object_set_new(object_at(s, m), field, value);
    else
        json_object_del(object_at(s, m), field);
    path_of(s, field, path, sizeof path);
    expect_fault(s->side, m, code, s->message->name, path);
}

static bool right_type(const struct shape_field *f, const json_t *j)
{
    switch (f->type) {
    case SHAPE_BOOL:
        return json_is_boolean(j);
    case SHAPE_INT:
    case SHAPE_BIG:
        return json_is_integer(j);
    case SHAPE_STRING:
    case SHAPE_ENUM:
        return json_is_string(j);
    case SHAPE_STRUCT:
        return json_is_object(j);
    case SHAPE_LIST:
    case SHAPE_INTS:
        return json_is_array(j);
    }
    return false;
}

static void wrong_types(const struct spot *s, const struct shape_field *f)
{
    json_t *values[] = { json_null(),   json_true(),  json_integer(5),        json_real(1.5),
                         json_object(), json_array(), json_string("a string") };

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        bool fine = right_type(f, values[i]) || (f->optional && json_is_null(values[i]));

        if (!fine)
            with(s, f->name, json_incref(values[i]), SIG_ERROR_BAD_FIELD);
        json_decref(values[i]);
    }
}

static json_t *long_string(size_t len)
{
    char *s = mem_zalloc(len + 1, 1);
    json_t *j;

    memset(s, 'x', len);
    j = json_string(s);
    mem_free(s);
    return j;
}

static json_t *long_list(const struct shape_field *f, int n)
{
    json_t *list = json_array();

    for (int i = 0; i < n; i++)
        json_array_append_new(list, f->sub ? sample_object(f->sub) : json_integer(1));
    return list;
}

static void wrong_values(const struct spot *s, const struct shape_field *f)
{
    switch (f->type) {
    case SHAPE_INT:
    case SHAPE_BIG:
        with(s, f->name, json_integer(f->min - 1), SIG_ERROR_BAD_FIELD);
        with(s, f->name, json_integer(f->max + 1), SIG_ERROR_BAD_FIELD);
        break;
    case SHAPE_STRING:
        with(s, f->name, long_string((size_t)f->max + 1), SIG_ERROR_TOO_LONG);
        break;
    case SHAPE_ENUM:
        with(s, f->name, json_string("nonsense"), SIG_ERROR_BAD_FIELD);
        with(s, f->name, json_string(""), SIG_ERROR_BAD_FIELD);
        break;
    case SHAPE_LIST:
        with(s, f->name, long_list(f, (int)f->max + 1), SIG_ERROR_TOO_LONG);
        break;
    case SHAPE_INTS:
        with(s, f->name, long_list(f, (int)f->max + 1), SIG_ERROR_TOO_LONG);
        with(s, f->name, json_pack("[i]", 0), SIG_ERROR_BAD_FIELD);
        with(s, f->name, json_pack("[i]", 65536), SIG_ERROR_BAD_FIELD);
        with(s, f->name, json_pack("[s]", "1"), SIG_ERROR_BAD_FIELD);
        break;
    case SHAPE_BOOL:
    case SHAPE_STRUCT:
        break;
    }
}

static void duplicate_key(const struct spot *s, const struct shape_field *f)
{
    json_t *m = sample_message(s->message);
    char *value = json_dumps(json_object_get(object_at(s, m), f->name), JSON_ENCODE_ANY);
    char *whole = json_dumps(m, JSON_COMPACT);
    struct strbuf b;

    strbuf_init(&b);
    if (!s->outer) {
        strbuf_printf(&b, "{\"%s\":%s,%s", f->name, value, whole + 1);
        expect_text_fault(s->side, b.s, b.len, SIG_ERROR_MALFORMED, "", "");
    }
    strbuf_deinit(&b);
    free(value);
    free(whole);
    json_decref(m);
}

static int mutate(const struct spot *s)
{
    int n = 0;

    with(s, "zzz", json_integer(1), SIG_ERROR_UNKNOWN_FIELD);
    for (size_t i = 0; i < s->shape->fields_n; i++) {
        const struct shape_field *f = &s->shape->fields[i];

        if (!f->optional)
            with(s, f->name, NULL, SIG_ERROR_MISSING_FIELD);
        wrong_types(s, f);
        wrong_values(s, f);
        duplicate_key(s, f);
        n++;
        if (f->sub && !s->outer) {
            struct spot inner = { s->side, s->message, f->sub, f->name, f->type == SHAPE_LIST };

            n += mutate(&inner);
        }
    }
    return n;
}

static void every_field_of_every_message_is_checked(void **state)
{
    int fields = 0;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (int k = 0; k < sides[i].kinds; k++) {
            struct spot s = { &sides[i], &sides[i].shapes[k], &sides[i].shapes[k], NULL, false };

            fields += mutate(&s);
        }
    }
    assert_true(fields > 100);
}

static void what_is_read_is_what_was_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (int k = 0; k < sides[i].kinds; k++) {
            const struct shape *shape = &sides[i].shapes[k];
            json_t *m = sample_message(shape);

            expect_ok(&sides[i], m);
            for (size_t f = 0; f < shape->fields_n; f++) {
                if (shape->fields[f].optional)
                    json_object_del(m, shape->fields[f].name);
            }
            expect_ok(&sides[i], m);
            json_decref(m);
        }
    }
}

static void limits_are_inclusive(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (int k = 0; k < sides[i].kinds; k++) {
            const struct shape *shape = &sides[i].shapes[k];

            for (size_t n = 0; n < shape->fields_n; n++) {
                const struct shape_field *f = &shape->fields[n];
                json_t *m = sample_message(shape);

                if (f->type == SHAPE_INT || f->type == SHAPE_BIG)
                    json_object_set_new(m, f->name, json_integer(f->max));
                else if (f->type == SHAPE_STRING)
                    json_object_set_new(m, f->name, long_string((size_t)f->max));
                else if (f->type == SHAPE_LIST || f->type == SHAPE_INTS)
                    json_object_set_new(m, f->name, long_list(f, (int)f->max));
                expect_ok(&sides[i], m);
                json_decref(m);
            }
        }
    }
}

static void null_stands_for_an_absent_optional_field(void **state)
{
    static const char text[] =
        "{\"type\":\"join\",\"lesson\":1,\"take_over\":false,\"resume\":null}";
    struct sig_client m;
    struct sig_fault fault;

    (void)state;
    assert_int_equal(sig_client_parse(text, strlen(text), &m, &fault), ERR_OK);
    assert_int_equal(m.kind, SIG_CLIENT_JOIN);
    assert_null(m.u.join.resume);
    sig_client_free(&m);
}

static void identity_cannot_be_sent(void **state)
{
    static const char *const fields[] = { "user",    "seat",   "name", "member",
                                          "session", "hidden", "role", "login" };

    (void)state;
    for (int k = 0; k < SIG_CLIENT_KINDS; k++) {
        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
            json_t *m = sample_message(&sig_client_shapes[k]);

            if (json_object_get(m, fields[i])) { /* these name whom they are about */
                assert_true(k == SIG_CLIENT_QUIET || k == SIG_CLIENT_WORD || k == SIG_CLIENT_LOWER);
                json_decref(m);
                continue;
            }
            json_object_set_new(m, fields[i], json_integer(1));
            expect_fault(&sides[0], m, SIG_ERROR_UNKNOWN_FIELD, sig_client_shapes[k].name,
                         fields[i]);
        }
    }
}

static void hostile_json(void **state)
{
    static const struct {
        const char *text;
        size_t len; /* 0 = strlen */
        enum sig_error code;
        const char *re, *field;
    } cases[] = {
        { "", 0, SIG_ERROR_MALFORMED, "", "" },
        { " ", 0, SIG_ERROR_MALFORMED, "", "" },
        { "null", 0, SIG_ERROR_MALFORMED, "", "" },
        { "[]", 0, SIG_ERROR_MALFORMED, "", "" },
        { "\"end\"", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{}", 0, SIG_ERROR_MISSING_FIELD, "", "type" },
        { "{\"type\":null}", 0, SIG_ERROR_BAD_FIELD, "", "type" },
        { "{\"type\":1}", 0, SIG_ERROR_BAD_FIELD, "", "type" },
        { "{\"type\":\"\"}", 0, SIG_ERROR_UNKNOWN_TYPE, "", "type" },
        { "{\"type\":\"END\"}", 0, SIG_ERROR_UNKNOWN_TYPE, "END", "type" },
        { "{\"type\":\"welcome\"}", 0, SIG_ERROR_UNKNOWN_TYPE, "welcome", "type" },
        { "{\"type\":\"__proto__\"}", 0, SIG_ERROR_UNKNOWN_TYPE, "__proto__", "type" },
        { "{\"type\":\"end\"}x", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"end\"}{\"type\":\"end\"}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"end\",}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{'type':'end'}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"end\"", 0, SIG_ERROR_MALFORMED, "", "" },
        { "\xef\xbb\xbf{\"type\":\"end\"}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"end\"}\0", 15, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"e\\u0000nd\"}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"chat\",\"text\":\"\xff\"}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"chat\",\"text\":\"\xc0\xaf\"}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"chat\",\"text\":\"\xed\xa0\x80\"}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"chat\",\"text\":\"\\ud800\"}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"chat\",\"text\":\"a\nb\"}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"ping\",\"id\":NaN}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"ping\",\"id\":1e999}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"ping\",\"id\":99999999999999999999}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"ping\",\"id\":1.0}", 0, SIG_ERROR_BAD_FIELD, "ping", "id" },
        { "{\"type\":\"ping\",\"id\":1e3}", 0, SIG_ERROR_BAD_FIELD, "ping", "id" },
        { "{\"type\":\"ping\",\"id\":-0}", 0, SIG_ERROR_MALFORMED, NULL, NULL }, /* is 0: fine */
        { "{\"type\":\"ping\",\"id\":01}", 0, SIG_ERROR_MALFORMED, "", "" },
        { "{\"type\":\"ping\",\"id\":1,\"\":2}", 0, SIG_ERROR_UNKNOWN_FIELD, "ping", "" },
        { "{\"type\":\"ping\",\"ID\":1}", 0, SIG_ERROR_MISSING_FIELD, "ping", "id" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t len = cases[i].len ? cases[i].len : strlen(cases[i].text);
        struct sig_fault fault;

        if (cases[i].re)
            expect_text_fault(&sides[0], cases[i].text, len, cases[i].code, cases[i].re,
                              cases[i].field);
        else
            assert_int_equal(parse(&sides[0], cases[i].text, len, &fault, NULL), ERR_OK);
    }
}

static void depth_and_size_are_bounded(void **state)
{
    struct strbuf b;

    (void)state;
    strbuf_init(&b);
    strbuf_puts(&b, "{\"type\":\"end\",\"a\":");
    for (int i = 0; i < 10000; i++)
        strbuf_puts(&b, "[");
    expect_text_fault(&sides[0], b.s, b.len, SIG_ERROR_MALFORMED, "", "");
    strbuf_deinit(&b);

    strbuf_puts(&b, "{\"type\":\"end\"");
    for (int i = 0; i < 2500; i++)
        strbuf_printf(&b, ",\"k%d\":%d", i, i);
    strbuf_puts(&b, "}");
    assert_true(b.len <= SIG_LIMIT_MESSAGE_BYTES);
    expect_text_fault(&sides[0], b.s, b.len, SIG_ERROR_UNKNOWN_FIELD, "end", "k0");
    strbuf_deinit(&b);

    for (int i = 0; i < 1000000; i++)
        strbuf_printf(&b, "%c\"k%d\":%d", i ? ',' : '{', i, i);
    strbuf_puts(&b, "}");
    expect_text_fault(&sides[0], b.s, b.len, SIG_ERROR_TOO_LONG, "", "");
    strbuf_deinit(&b);

    strbuf_puts(&b, "{\"type\":\"end\"}");
    while (b.len < SIG_LIMIT_MESSAGE_BYTES)
        strbuf_puts(&b, " ");
    assert_int_equal(parse(&sides[0], b.s, b.len, &(struct sig_fault){ 0 }, NULL), ERR_OK);
    strbuf_puts(&b, " ");
    expect_text_fault(&sides[0], b.s, b.len, SIG_ERROR_TOO_LONG, "", "");
    strbuf_deinit(&b);
}

/* The names that a refusal repeats are cut at the border of a character. */
static void a_refusal_repeats_long_names_cut(void **state)
{
    struct sig_fault fault;
    char text[600] = "{\"type\":\"ping\",\"id\":1,\"";
    size_t len = strlen(text);

    (void)state;
    for (int i = 0; i < 200; i++, len += 2)
        memcpy(text + len, "\xd0\x96", 2);
    memcpy(text + len, "\":1}", 5);
    assert_int_equal(parse(&sides[0], text, strlen(text), &fault, NULL), ERR_PARSE);
    assert_int_equal(fault.code, SIG_ERROR_UNKNOWN_FIELD);
    assert_true(strlen(fault.field) >= 62 && strlen(fault.field) <= SIG_WORD_MAX);
    assert_true(str_utf8_ok(fault.field, strlen(fault.field)));
}

static void nothing_outside_its_limits_is_written(void **state)
{
    static const struct sig_server bad[] = {
        { .kind = SIG_SERVER_ANSWER, .u.answer.sdp = NULL },
        { .kind = SIG_SERVER_ANSWER, .u.answer.sdp = "\xff" },
        { .kind = SIG_SERVER_CLOSED, .u.closed.code = (enum sig_close)99 },
        { .kind = SIG_SERVER_GONE, .u.gone = { 0, SIG_LEAVE_CAUSE_LEFT } },
        { .kind = SIG_SERVER_PONG, .u.pong = { 1, -1 } },
        { .kind = (enum sig_server_kind)99 },
    };
    struct strbuf b;

    (void)state;
    strbuf_init(&b);
    strbuf_puts(&b, "before");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(sig_server_write(&bad[i], &b), ERR_INVAL);
        assert_string_equal(b.s, "before");
        assert_int_equal(b.len, 6);
    }
    strbuf_deinit(&b);
}

static void words_are_read_and_written(void **state)
{
    enum sig_refusal r = SIG_REFUSAL_FULL;

    (void)state;
    for (int i = 0; i < SIG_REFUSAL_WORDS; i++) {
        assert_true(sig_refusal_parse(sig_refusal_name((enum sig_refusal)i), &r));
        assert_int_equal(r, i);
    }
    assert_false(sig_refusal_parse("nonsense", &r));
    assert_int_equal(r, SIG_REFUSAL_WORDS - 1);
    assert_string_equal(sig_refusal_name((enum sig_refusal) - 1), "");
}

/* The example of PROTOCOL.md is what a stranger starts from: each of its lines is a message. */
static void the_example_of_the_page_is_true(void **state)
{
    static const char client[] = "→ ", server[] = "← ";
    char line[8192];
    FILE *f = fopen("common/protocol/PROTOCOL.md", "r");
    int seen[2] = { 0, 0 };

    (void)state;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        int side = strncmp(line, client, strlen(client)) == 0   ? 0
                   : strncmp(line, server, strlen(server)) == 0 ? 1
                                                                : -1;
        struct sig_fault fault;

        if (side < 0)
            continue;
        line[strcspn(line, "\n")] = '\0';
        assert_int_equal(
            parse(&sides[side], line + strlen(client), strlen(line + strlen(client)), &fault, NULL),
            ERR_OK);
        seen[side]++;
    }
    fclose(f);
    assert_true(seen[0] >= 8 && seen[1] >= 12);
}

static void *json_alloc(size_t n)
{
    return mem_zalloc(n, 1);
}

static void reading_survives_lack_of_memory(void **state)
{
    static const char text[] = "{\"type\":\"slots\",\"slots\":[{\"mid\":\"3\",\"member\":1},{"
                               "\"mid\":\"4\",\"member\":0}]}";
    long n = 0;

    (void)state;
    json_set_alloc_funcs(json_alloc, mem_free);
    for (;; n++) {
        long before = mem_live();
        struct sig_server m;
        struct sig_fault fault;
        enum err e;

        mem_fail_after(n);
        e = sig_server_parse(text, strlen(text), &m, &fault);
        mem_fail_after(-1);
        if (e == ERR_OK)
            sig_server_free(&m);
        assert_int_equal(mem_live(), before);
        if (e == ERR_OK)
            break;
    }
    json_set_alloc_funcs(malloc, free);
    assert_true(n > 10);
}

static void writing_survives_lack_of_memory(void **state)
{
    const struct sig_server m = { .kind = SIG_SERVER_ANSWER,
                                  .u.answer.sdp =
                                      "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n"
                                      "t=0 0\r\na=ice-lite\r\na=group:BUNDLE 0 1 2 3\r\n"
                                      "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" };

    (void)state;
    for (long n = 0;; n++) {
        struct strbuf b;
        enum err e;

        strbuf_init(&b);
        mem_fail_after(n);
        e = sig_server_write(&m, &b);
        mem_fail_after(-1);
        strbuf_deinit(&b);
        if (e == ERR_OK) {
            assert_true(n > 1);
            return;
        }
        assert_int_equal(e, ERR_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_of_every_message_is_checked),
        cmocka_unit_test(what_is_read_is_what_was_written),
        cmocka_unit_test(limits_are_inclusive),
        cmocka_unit_test(null_stands_for_an_absent_optional_field),
        cmocka_unit_test(identity_cannot_be_sent),
        cmocka_unit_test(hostile_json),
        cmocka_unit_test(depth_and_size_are_bounded),
        cmocka_unit_test(a_refusal_repeats_long_names_cut),
        cmocka_unit_test(nothing_outside_its_limits_is_written),
        cmocka_unit_test(words_are_read_and_written),
        cmocka_unit_test(the_example_of_the_page_is_true),
        cmocka_unit_test(reading_survives_lack_of_memory),
        cmocka_unit_test(writing_survives_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
