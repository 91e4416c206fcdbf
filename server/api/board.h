/* SPDX-License-Identifier: Apache-2.0
 *
 * What the three parts of the live board share: the day's lessons with their
 * presence, the refusals and the notices. Desk thread.
 */
#ifndef PARTA_API_BOARD_H
#define PARTA_API_BOARD_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/api/chip.h"
#include "server/api/presence.h"
#include "server/store/home.h"
#include "server/store/session.h"

struct board_line {
    const struct lesson *lesson; /* borrowed */
    struct presence_sheet sheet; /* owned */
    struct chip_facts facts;
    enum chip chip;
    int drops; /* interruptions of the children */
};

struct board {
    struct org_id centre;
    int64_t from_ms;          /* start of the day */
    struct board_line *lines; /* owned; the whole day by start */
    size_t lines_n;
    struct join_attempt_list tries; /* owned; newest first */
    struct notice_list notices;     /* owned; newest first */
};

enum err board_load(const struct call *c, struct lesson *l, struct board_line *out) MUST_CHECK;

/* Needs-you cards: child alone, then no-show, then link, then words to the centre. */
enum err board_cards_json(const struct call *c, const struct board *b, json_t **out) MUST_CHECK;

/* The door's log, newest first. */
enum err board_door_json(const struct call *c, const struct board *b, json_t **out) MUST_CHECK;

#endif
