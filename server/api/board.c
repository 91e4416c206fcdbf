/* SPDX-License-Identifier: Apache-2.0
 *
 * The live board: what needs the coordinator, the lessons around now with
 * their strips, and the door's log. Reads the rooms' last word and the
 * presence rows; never asks a room. Desk thread.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/board.h"
#include "server/api/endpoints.h"
#include "server/api/lesson_day.h"
#include "server/api/lesson_json.h"
#include "server/api/noshow.h"
#include "server/api/person.h"
#include "server/store/home.h"
#include "server/store/org.h"

/* "Around now". */
#define BACK_MS (60 * MS_PER_MIN)
#define AHEAD_MS (90 * MS_PER_MIN)
/* A gap between windows is called safe for a restart from this length on. */
#define RESTART_MS (10 * MS_PER_MIN)

static bool dead(enum lesson_state s)
{
    return s == LESSON_CANCELLED || s == LESSON_RESCHEDULED;
}

static bool around(const struct call *c, const struct lesson *l)
{
    return !dead(l->facts.state) && lesson_closes_ms(&l->facts) > c->now.unix_ms - BACK_MS &&
           l->facts.start_ms < c->now.unix_ms + AHEAD_MS;
}

enum err board_load(const struct call *c, struct lesson *l, struct board_line *out)
{
    struct board_line b = { .lesson = l };
    enum err err = presence_load(c, l, &b.sheet);

    if (!err)
        err = presence_chip(c, l, &b.facts);
    if (err) {
        presence_deinit(&b.sheet);
        return err;
    }
    b.chip = chip_of(&b.facts, c->now.unix_ms);
    for (size_t i = 0; i < b.sheet.folded.children_n; i++)
        b.drops += b.sheet.folded.children[i].at.gaps;
    *out = b;
    return ERR_OK;
}

static bool under_way(enum chip chip)
{
    return chip == CHIP_LIVE || chip == CHIP_PAUSED || chip == CHIP_RESTING || chip == CHIP_WEAK ||
           chip == CHIP_MENTOR_MISSING || chip == CHIP_CHILD_MISSING;
}

static json_t *counts_json(const struct call *c, const struct board *b, size_t cards)
{
    int way = 0, ahead = 0, held = 0;

    for (size_t i = 0; i < b->lines_n; i++) {
        const struct lesson *l = b->lines[i].lesson;

        way += under_way(b->lines[i].chip);
        ahead += !dead(l->facts.state) && c->now.unix_ms < l->facts.start_ms;
        held += b->lines[i].chip == CHIP_DONE;
    }
    return json_pack("{s:i,s:I,s:i,s:i}", "under_way", way, "need_you", (json_int_t)cards,
                     "to_come", ahead, "held", held);
}

/* The first gap without an open window, from now to the end of the day. */
static json_t *safe_restart_json(const struct call *c, const struct board *b, int64_t end_ms)
{
    int64_t at = c->now.unix_ms;

    for (size_t i = 0; i < b->lines_n; i++) {
        const struct lesson_facts *f = &b->lines[i].lesson->facts;
        int64_t opens = lesson_opens_ms(f), closes = lesson_closes_ms(f);

        if (dead(f->state) || closes <= at)
            continue;
        if (opens - at >= RESTART_MS)
            return json_pack("{s:I,s:I}", "from", (json_int_t)at, "to", (json_int_t)opens);
        at = closes;
    }
    if (end_ms - at < RESTART_MS)
        return json_null();
    return json_pack("{s:I,s:I}", "from", (json_int_t)at, "to", (json_int_t)end_ms);
}

static enum err seats_json(const struct call *c, const struct lesson *l, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < c->seats_n; i++) {
        const struct desk_board_seat *s = &c->seats[i];
        json_t *person = NULL;

        if (!lesson_id_eq(s->lesson, l->facts.id))
            continue;
        err = person_json(c, s->user, &person);
        if (!err)
            err = json_push(array,
                            json_pack("{s:o,s:s,s:b,s:b,s:b,s:b,s:b,s:b,s:I,s:i,s:i}", "person",
                                      person, "seat", seat_role_name(s->seat), "present",
                                      (int)s->present, "mic", (int)s->mic, "camera", (int)s->camera,
                                      "screen", (int)s->screen, "hand", (int)s->hand, "resting",
                                      (int)s->resting, "since", (json_int_t)s->since_ms,
                                      "loss_permille", s->loss_permille, "rtt_ms", s->rtt_ms));
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static json_t *since_json(const struct board_line *b)
{
    bool missing = b->chip == CHIP_MENTOR_MISSING || b->chip == CHIP_CHILD_MISSING;

    return missing ? json_integer(b->lesson->facts.start_ms) : json_null();
}

/* A side that is gone for a while is not missing: noshow.h tells them apart. */
static enum err no_show_json(const struct call *c, const struct board_line *b, json_t **out)
{
    if (b->chip == CHIP_MENTOR_MISSING || b->chip == CHIP_CHILD_MISSING || b->chip == CHIP_MISSED)
        return noshow_brief_json(c, b->lesson, out);
    *out = json_null();
    return ERR_OK;
}

static enum err line_json(const struct call *c, const struct board_line *b, json_t **out)
{
    const struct lesson *l = b->lesson;
    json_t *json = NULL, *seats = NULL, *lanes = NULL, *no_show = NULL;
    struct user_id child = l->seats_n ? l->seats[0].user : (struct user_id){ 0 };
    enum err err = lesson_brief_json(c, l, &json);

    if (!err)
        err = seats_json(c, l, &seats);
    if (!err)
        err = presence_strip(c, l, &b->sheet, child, &lanes);
    if (!err)
        err = no_show_json(c, b, &no_show);
    if (!err &&
        json_object_update_new(
            json,
            json_pack("{s:I,s:I,s:s,s:s,s:o,s:I,s:i,s:O,s:O,s:O,s:I}", "opens",
                      (json_int_t)b->facts.opens_ms, "closes", (json_int_t)b->facts.closes_ms,
                      "state", lesson_state_name(l->facts.state), "chip", chip_name(b->chip),
                      "since", since_json(b), "contact_ms", (json_int_t)b->sheet.folded.contact_ms,
                      "drops", b->drops, "seats", seats, "lanes", lanes, "no_show", no_show,
                      "version", (json_int_t)l->rev)) != 0)
        err = ERR_NOMEM;
    json_decref(seats);
    json_decref(lanes);
    json_decref(no_show);
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

/* Who needs somebody comes first, then by start. */
static int need_of(enum chip chip)
{
    switch (chip) {
    case CHIP_MENTOR_MISSING:
        return 0;
    case CHIP_CHILD_MISSING:
        return 1;
    case CHIP_PAUSED:
        return 2;
    case CHIP_WEAK:
        return 3;
    default:
        return 4;
    }
}

static int by_need(const void *a, const void *b)
{
    const struct board_line *x = *(const struct board_line *const *)a;
    const struct board_line *y = *(const struct board_line *const *)b;
    int need = need_of(x->chip) - need_of(y->chip);
    int64_t dx = x->lesson->facts.start_ms, dy = y->lesson->facts.start_ms;

    return need ? need : (dx > dy) - (dx < dy);
}

static enum err lines_json(const struct call *c, const struct board *b, json_t **out)
{
    const struct board_line **order = mem_zalloc(b->lines_n + 1, sizeof(struct board_line *));
    json_t *array = json_array();
    size_t n = 0;
    enum err err = order && array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < b->lines_n; i++) {
        if (around(c, b->lines[i].lesson))
            order[n++] = &b->lines[i];
    }
    if (!err)
        qsort(order, n, sizeof(struct board_line *), by_need);
    for (size_t i = 0; !err && i < n; i++) {
        json_t *line = NULL;

        err = line_json(c, order[i], &line);
        if (!err)
            err = json_push(array, line);
    }
    mem_free((void *)order);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err load_board(const struct call *c, struct lesson_list *l, struct board *b)
{
    enum err err;

    b->lines = mem_zalloc(l->n + 1, sizeof *b->lines);
    if (!b->lines)
        return ERR_NOMEM;
    for (size_t i = 0; i < l->n; i++) {
        err = board_load(c, &l->items[i], &b->lines[i]);
        if (err)
            return err;
        b->lines_n = i + 1;
    }
    err = join_attempt_list(c->db, (struct lesson_id){ 0 }, b->centre, b->from_ms, 200, &b->tries);
    if (!err)
        err = notice_list(c->db, b->centre, b->from_ms, 100, &b->notices);
    return err;
}

static void board_deinit(struct board *b)
{
    for (size_t i = 0; i < b->lines_n; i++)
        presence_deinit(&b->lines[i].sheet);
    mem_free(b->lines);
    join_attempt_list_free(&b->tries);
    notice_list_free(&b->notices);
}

static enum err board_answer(struct call *c, const struct day_range *day, const struct board *b)
{
    json_t *cards = NULL, *lines = NULL, *door = NULL;
    enum err err = board_cards_json(c, b, &cards);

    if (!err)
        err = lines_json(c, b, &lines);
    if (!err)
        err = board_door_json(c, b, &door);
    if (!err)
        err = call_answer(c, 200,
                          json_pack("{s:I,s:I,s:s,s:s,s:o,s:o,s:O,s:O,s:O}", "now",
                                    (json_int_t)c->now.unix_ms, "as_of",
                                    (json_int_t)(c->seats ? c->seats_at_ms : c->now.unix_ms),
                                    "date", day->text, "tz", c->user.tz, "counts",
                                    counts_json(c, b, json_array_size(cards)), "safe_restart",
                                    safe_restart_json(c, b, day->to_ms), "cards", cards, "lessons",
                                    lines, "door", door));
    json_decref(cards);
    json_decref(lines);
    json_decref(door);
    return err;
}

enum err board_get(struct call *c)
{
    struct lesson_filter f;
    struct day_range day;
    struct lesson_list l = { 0 };
    struct board b = { 0 };
    enum err err;

    if (!call_lesson_filter(c, RIGHT_BOARD_VIEW, 0, 0, &f) || !f.centre.v)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = call_day_at(c->user.tz, c->now.unix_ms, &day);
    if (err)
        return err;
    b.centre = f.centre;
    b.from_ms = day.from_ms;
    err = lessons_of_day(c, &f, &day, true, &l);
    if (!err)
        err = load_board(c, &l, &b);
    if (!err)
        err = board_answer(c, &day, &b);
    board_deinit(&b);
    lesson_list_free(&l);
    return err;
}
