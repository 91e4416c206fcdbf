/* SPDX-License-Identifier: Apache-2.0
 *
 * See event_rig.h.
 */
#include "tests/api/event_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "common/base/str.h"

static int64_t id_of(const struct api_rig *r, char letter, int64_t event)
{
    switch (letter) {
    case 'k':
        return r->w.coordinator.v;
    case 'm':
        return r->w.mentor_users[0].v;
    case 'n':
        return r->w.mentor_users[1].v;
    case 's':
        return r->w.stranger.v;
    case 'o':
        return r->w.officer.v;
    case 'g':
        return r->w.guardian.v;
    case 'c':
        return r->w.child_users[0].v;
    case 'd':
        return r->w.child_users[1].v;
    case 'S':
        return r->w.schools[0].v;
    case 'e':
        return event;
    default:
        fail_msg("unknown letter %c", letter);
        return 0;
    }
}

void event_fill(struct api_rig *r, const char *pattern, int64_t id, char *out, size_t cap)
{
    struct strbuf b;

    strbuf_init(&b);
    for (const char *p = pattern; *p; p++) {
        if (*p == '%')
            strbuf_printf(&b, "%lld", (long long)id_of(r, *++p, id));
        else
            strbuf_add(&b, p, 1);
    }
    assert_true(strbuf_ok(&b) && str_copy(out, cap, b.len ? b.s : ""));
    strbuf_deinit(&b);
}

struct answer event_ask_as(struct api_rig *r, enum who who, const char *method, const char *target,
                           int64_t id, int64_t version, const char *body)
{
    char path[80], filled[2000], etag[24];

    event_fill(r, target, id, path, sizeof path);
    event_fill(r, body ? body : "", id, filled, sizeof filled);
    assert_true(str_format(etag, sizeof etag, "\"v%lld\"", (long long)version));
    return api_ask(r, who, method, path, version ? etag : NULL, NULL, body ? filled : NULL);
}

int64_t event_step(struct api_rig *r, enum who who, const char *method, const char *target,
                   int64_t id, int64_t version, const char *body, int status)
{
    struct answer a = event_ask_as(r, who, method, target, id, version, body);
    const char *etag = a.headers ? strstr(a.headers, "\"v") : NULL;
    int64_t now = 0;

    for (const char *p = etag ? etag + 2 : ""; a.status < 400 && *p >= '0' && *p <= '9'; p++)
        now = now * 10 + (*p - '0');
    if (a.status != status)
        print_error("%s %s as %s: %d: %s\n", method, target, who_name(who), a.status,
                    a.body ? a.body : "");
    assert_int_equal(a.status, status);
    answer_free(&a);
    return now;
}

void event_gated(struct api_rig *r, enum who who, const char *method, const char *target,
                 int64_t id, int64_t version, const char *body, const char *gate)
{
    struct answer a = event_ask_as(r, who, method, target, id, version, body);

    if (a.status != 409)
        print_error("%s %s: %d: %s\n", method, target, a.status, a.body ? a.body : "");
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), gate);
    answer_free(&a);
}

void event_bad_field(struct api_rig *r, enum who who, const char *method, const char *target,
                     int64_t id, int64_t version, const char *body, const char *field)
{
    struct answer a = event_ask_as(r, who, method, target, id, version, body);

    if (a.status != 400)
        print_error("%s %s %s: %d: %s\n", method, target, body, a.status, a.body ? a.body : "");
    assert_int_equal(a.status, 400);
    assert_string_equal(str_at(&a, "error.field"), field);
    answer_free(&a);
}

int64_t event_called(struct api_rig *r)
{
    struct answer a = event_ask_as(r, COORDINATOR, "POST", "/events", 0, 0, EVENT_BODY);
    int64_t id;

    if (a.status != 201)
        print_error("%d: %s\n", a.status, a.body ? a.body : "");
    assert_int_equal(a.status, 201);
    assert_int_equal(int_at(&a, "start"), EVENT_START);
    id = int_at(&a, "id");
    answer_free(&a);
    return id;
}
