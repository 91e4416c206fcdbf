/* SPDX-License-Identifier: Apache-2.0
 *
 * See hiring_rig.h.
 */
#include "tests/api/hiring_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/base/now.h"

#define DAY MS_PER_DAY

struct api_rig r;

int setup(void **state)
{
    struct mentor_id newcomer;
    int64_t id;

    (void)state;
    api_open(&r);
    assert_int_equal(
        mentor_add(r.w.db, r.w.stranger, r.w.centre, RIG_NOW, r.w.coordinator, &newcomer), ERR_OK);
    assert_int_equal(assignment_add(r.w.db, r.w.children[0], newcomer, 0, RIG_NOW - DAY, FOREVER_MS,
                                    RIG_NOW, r.w.coordinator, &id),
                     ERR_OK);
    return 0;
}

int started(void **state)
{
    setup(state);
    api_start(&r);
    return 0;
}

int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

const char *text(const char *format, ...)
{
    static char texts[16][400];
    static int next;
    char *t = texts[next++ % 16];
    va_list args;

    va_start(args, format);
    assert_true(vsnprintf(t, sizeof texts[0], format, args) < (int)sizeof texts[0]);
    va_end(args);
    return t;
}

const char *mentor(const char *tail)
{
    return text("/mentors/%lld%s", (long long)r.w.stranger.v, tail);
}

struct answer send_as(enum who who, const char *query, const char *content)
{
    const char *file = text("%s%s%s", PDF_HEAD, content, PDF_TAIL);

    return api_send(&r, who, mentor(text("/documents?%s", query)), file, strlen(file));
}

void sends(const char *kind, const char *content)
{
    struct answer a = send_as(STRANGER, text("kind=%s&issued=2026-11-01", kind), content);

    assert_int_equal(a.status, 201);
    answer_free(&a);
}

void field_is(struct answer a, const char *field)
{
    if (a.status != 400 || strcmp(str_at(&a, "error.code"), "bad_field") != 0 ||
        strcmp(str_at(&a, "error.field"), field) != 0)
        print_error("%d %s, not the field %s\n", a.status, a.body, field);
    assert_int_equal(a.status, 400);
    assert_string_equal(str_at(&a, "error.field"), field);
    answer_free(&a);
}

int64_t id_of_first(const char *list)
{
    struct answer a = api_get(&r, COORDINATOR, mentor("/hiring"));
    int64_t id = int_at(&a, text("%s.0.id", list));

    answer_free(&a);
    return id;
}
