/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies of HTTP requests: any bytes through the strict JSON reader and every
 * body parser. The first byte chooses the parser, the rest is the body. What
 * is accepted must be within its own limits.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/fold.h"
#include "common/base/json.h"
#include "common/base/str.h"
#include "server/api/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        __builtin_trap();
}

static void when_ok(const struct body_when *w)
{
    int64_t days = date_to_days(w->local.year, w->local.month, w->local.day);

    must(date_valid(w->local.year, w->local.month, w->local.day));
    must(date_weekday(days) >= 1 && date_weekday(days) <= 7);
    must(w->local.hour >= 0 && w->local.hour < 24 && w->local.minute >= 0 && w->local.minute < 60);
    must(w->minutes >= 1 && w->minutes <= 480);
}

static void reason_ok(const char *s)
{
    must(strlen(s) <= BODY_REASON_BYTES && str_name_ok(s, 200));
}

static enum err lessons(uint8_t which, struct json_view *v)
{
    struct body_lesson_new create;
    struct body_lesson_move move;
    struct body_lesson_cancel cancel;
    struct body_lesson_substitute substitute;
    enum err err;

    switch (which) {
    case 0:
        err = body_lesson_new(v, &create);
        if (!err) {
            when_ok(&create.when);
            must(create.children_n >= 1 && create.children_n <= LESSON_CHILDREN_MAX);
            for (int i = 0; i < create.children_n; i++)
                must(create.children[i].v >= 1);
        }
        return err;
    case 1:
        err = body_lesson_move(v, &move);
        if (!err) {
            when_ok(&move.when);
            reason_ok(move.reason);
        }
        return err;
    case 2:
        err = body_lesson_cancel(v, &cancel);
        if (!err) {
            must(cancel.side > SIDE_NONE && cancel.side < SIDE_COUNT);
            reason_ok(cancel.reason);
        }
        return err;
    default:
        err = body_lesson_substitute(v, &substitute);
        if (!err) {
            must(substitute.mentor.v >= 1);
            reason_ok(substitute.reason);
        }
        return err;
    }
}

static enum err registers(uint8_t which, struct json_view *v)
{
    struct body_note note;
    struct body_amendment amendment;
    struct body_confirmation confirmation;
    struct body_confirm_many many;
    enum err err;

    switch (which) {
    case 4:
        err = body_note(v, &note);
        if (!err)
            must(strlen(note.topic) <= 400 && strlen(note.homework) <= 2000 &&
                 strlen(note.text) <= 2000);
        return err;
    case 5:
        err = body_amendment(v, &amendment);
        if (!err)
            must(strchr("IMCUXH", amendment.code) && strlen(amendment.document) <= 64);
        return err;
    case 6:
        err = body_confirmation(v, &confirmation);
        if (!err)
            must(!confirmation.disputed || confirmation.text[0]);
        return err;
    default:
        err = body_confirm_many(v, &many);
        if (!err)
            must(many.lessons_n >= 1 && many.lessons_n <= BODY_CONFIRM_MAX);
        return err;
    }
}

static enum err others(uint8_t which, struct json_view *v)
{
    struct body_me me;
    struct body_not_today not_today;
    struct body_ready ready;
    struct body_help help;
    struct path_figures path;
    enum err err;

    switch (which) {
    case 8:
        return body_me(v, &me);
    case 9:
        return body_not_today(v, &not_today);
    case 10:
        return body_ready(v, &ready);
    case 11:
        return body_help(v, &help);
    default:
        err = body_path(v, &path);
        must(err || !path_fault(&path));
        return err;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_view v;
    json_t *body;
    uint8_t which;
    enum err err;

    if (size < 1 || json_parse_object((const char *)data + 1, size - 1, &body))
        return 0;
    which = (uint8_t)((data[0] - 'a') % 13);
    v = json_view_on(body);
    err = which < 4 ? lessons(which, &v) : which < 8 ? registers(which, &v) : others(which, &v);
    must(!err == (v.fault == JSON_FAULT_NONE));
    if (err)
        (void)fold_contains(v.field, "é");
    json_decref(body);
    return 0;
}
