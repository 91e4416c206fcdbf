/* SPDX-License-Identifier: Apache-2.0
 *
 * The door's log of the live board: who came, left, was lost, was refused,
 * called. Alike events in a row are one line with a count. Desk thread.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "server/api/board.h"
#include "server/api/person.h"

#define DOOR_LINES 50

struct door_event {
    int64_t at_ms;
    const char *kind;
    const char *code; /* NULL: none */
    struct user_id who;
    struct lesson_id lesson; /* 0: none */
    int count;
};

struct door {
    struct door_event *items; /* owned */
    size_t n;
    size_t cap;
};

static void put(struct door *d, int64_t at_ms, const char *kind, const char *code,
                struct user_id who, struct lesson_id lesson)
{
    if (d->n < d->cap)
        d->items[d->n++] = (struct door_event){ at_ms, kind, code, who, lesson, 1 };
}

static const char *left_kind(enum leave_cause cause)
{
    switch (cause) {
    case LEAVE_TIRED:
        return "rest";
    case LEAVE_TAKEN_OVER:
        return "taken_over";
    case LEAVE_SOCKET_CLOSED:
    case LEAVE_TIMEOUT:
    case LEAVE_SERVER_RESTART:
        return "lost";
    case LEAVE_LEFT:
    case LEAVE_CUT:
    case LEAVE_WINDOW_END:
    case LEAVE_STILL_IN:
        break;
    }
    return "left";
}

static void of_sessions(const struct board_line *b, struct door *d)
{
    for (size_t i = 0; i < b->sheet.sessions.n; i++) {
        const struct session *s = &b->sheet.sessions.items[i];
        bool visitor = s->seat == SEAT_GUARDIAN || s->seat == SEAT_COORDINATOR;

        put(d, s->join_ms, visitor ? "visitor" : "joined", NULL, s->user, b->lesson->facts.id);
        if (s->cause != LEAVE_STILL_IN)
            put(d, s->leave_ms, left_kind(s->cause), leave_cause_name(s->cause), s->user,
                b->lesson->facts.id);
    }
}

static void of_notice(const struct notice *n, struct door *d)
{
    bool ready = strcmp(n->kind, "ready") == 0;

    if (ready && strcmp(n->code, "failed") != 0)
        return;
    put(d, n->at_ms, ready ? "ready_failed" : n->kind, n->code[0] ? n->code : NULL, n->about,
        n->lesson);
}

static int newest_first(const void *a, const void *b)
{
    const struct door_event *x = a, *y = b;

    return (x->at_ms < y->at_ms) - (x->at_ms > y->at_ms);
}

static bool alike(const struct door_event *a, const struct door_event *b)
{
    bool code = (!a->code && !b->code) || (a->code && b->code && strcmp(a->code, b->code) == 0);

    return code && strcmp(a->kind, b->kind) == 0 && user_id_eq(a->who, b->who) &&
           lesson_id_eq(a->lesson, b->lesson);
}

/* Neighbours that say the same become one line, at the time of the newest. */
static void merge(struct door *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->n; i++) {
        if (n && alike(&d->items[n - 1], &d->items[i]))
            d->items[n - 1].count++;
        else
            d->items[n++] = d->items[i];
    }
    d->n = n < DOOR_LINES ? n : DOOR_LINES;
}

static enum err event_json(const struct call *c, const struct door_event *e, json_t **out)
{
    json_t *person = NULL;
    enum err err = person_or_null(c, e->who, &person);

    if (err)
        return err;
    *out = json_pack("{s:I,s:s,s:o,s:o,s:o,s:i}", "at", (json_int_t)e->at_ms, "kind", e->kind,
                     "code", json_text_or_null(e->code), "person", person, "lesson",
                     json_time_or_null(e->lesson.v, 0), "count", e->count);
    return *out ? ERR_OK : ERR_NOMEM;
}

enum err board_door_json(const struct call *c, const struct board *b, json_t **out)
{
    struct door d = { .cap = b->tries.n + b->notices.n };
    json_t *array = json_array();
    enum err err;

    for (size_t i = 0; i < b->lines_n; i++)
        d.cap += 2 * b->lines[i].sheet.sessions.n;
    d.items = mem_zalloc(d.cap + 1, sizeof *d.items);
    err = d.items && array ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; !err && i < b->lines_n; i++)
        of_sessions(&b->lines[i], &d);
    for (size_t i = 0; !err && i < b->tries.n; i++)
        put(&d, b->tries.items[i].at_ms, "refused", b->tries.items[i].result,
            b->tries.items[i].user, b->tries.items[i].lesson);
    for (size_t i = 0; !err && i < b->notices.n; i++)
        of_notice(&b->notices.items[i], &d);
    if (!err) {
        qsort(d.items, d.n, sizeof d.items[0], newest_first);
        merge(&d);
    }
    for (size_t i = 0; !err && i < d.n; i++) {
        json_t *event = NULL;

        err = event_json(c, &d.items[i], &event);
        if (!err)
            err = json_push(array, event);
    }
    mem_free(d.items);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}
