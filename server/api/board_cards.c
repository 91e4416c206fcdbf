/* SPDX-License-Identifier: Apache-2.0
 *
 * Needs-you cards of the live board. A card is a fact and whom to call; it
 * decides nothing. Desk thread.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "server/api/board.h"
#include "server/api/person.h"
#include "server/store/child.h"

#define CARDS_MAX 64
/* A link that broke this often within one lesson needs a look. */
#define CARD_DROPS 3
/* A call for help stays on the board this long. */
#define HELP_MS (30 * MS_PER_MIN)

struct card {
    int rank; /* 0 first */
    const char *kind;
    int64_t since_ms;
    const struct lesson *lesson; /* NULL: of no lesson */
    struct user_id child;        /* 0: none */
    struct user_id missing;      /* whose last try is shown; 0: nobody's */
    struct user_id call;         /* whose telephone is shown; 0: the child's guardian's */
    int64_t child_since_ms;      /* 0: not in */
    int drops;
};

struct cards {
    struct card items[CARDS_MAX];
    size_t n;
};

static void add(struct cards *cards, const struct card *card)
{
    if (cards->n < CARDS_MAX)
        cards->items[cards->n++] = *card;
}

/* Since when the child is in, 0 if it is not. */
static int64_t in_since(const struct board_line *b, struct user_id child)
{
    for (size_t i = b->sheet.sessions.n; i > 0; i--) {
        const struct session *s = &b->sheet.sessions.items[i - 1];

        if (user_id_eq(s->user, child) && s->cause == LEAVE_STILL_IN)
            return s->join_ms;
    }
    return 0;
}

static void of_lesson(const struct board_line *b, struct cards *cards)
{
    const struct lesson *l = b->lesson;
    struct card card = { .lesson = l, .since_ms = l->facts.start_ms, .drops = b->drops };

    if (!l->seats_n)
        return;
    card.child = l->seats[0].user;
    card.child_since_ms = in_since(b, card.child);
    if (b->chip == CHIP_MENTOR_MISSING || b->chip == CHIP_PAUSED) {
        card.kind = "mentor_missing";
        card.rank = b->facts.child_in ? 0 : 1;
        card.missing = card.call = l->facts.mentor;
    } else if (b->chip == CHIP_CHILD_MISSING) {
        card.kind = "child_missing";
        card.rank = 1;
        card.missing = card.child;
    } else if (b->chip == CHIP_WEAK || (b->chip == CHIP_LIVE && b->drops >= CARD_DROPS)) {
        card.kind = "link";
        card.rank = 2;
    } else {
        return;
    }
    add(cards, &card);
}

static const struct lesson *lesson_of(const struct board *b, struct lesson_id id)
{
    for (size_t i = 0; i < b->lines_n; i++) {
        if (lesson_id_eq(b->lines[i].lesson->facts.id, id))
            return b->lines[i].lesson;
    }
    return NULL;
}

/* A word about a lesson that is over, or a call that is old, no longer needs anybody. */
static bool notice_stands(const struct call *c, const struct notice *n, const struct lesson *l)
{
    if (strcmp(n->kind, "help") == 0)
        return c->now.unix_ms - n->at_ms < HELP_MS;
    if (strcmp(n->kind, "not_today") == 0)
        return !l || c->now.unix_ms < l->facts.end_ms;
    return false;
}

static bool told_already(const struct cards *cards, const char *kind, struct user_id who)
{
    for (size_t i = 0; i < cards->n; i++) {
        if (cards->items[i].rank == 3 && strcmp(cards->items[i].kind, kind) == 0 &&
            user_id_eq(cards->items[i].child, who))
            return true;
    }
    return false;
}

static void of_notices(const struct call *c, const struct board *b, struct cards *cards)
{
    for (size_t i = 0; i < b->notices.n; i++) {
        const struct notice *n = &b->notices.items[i];
        const struct lesson *l = n->lesson.v ? lesson_of(b, n->lesson) : NULL;
        struct card card = {
            .rank = 3, .kind = n->kind, .since_ms = n->at_ms, .lesson = l, .child = n->about
        };

        if (notice_stands(c, n, l) && !told_already(cards, n->kind, n->about))
            add(cards, &card);
    }
}

static int by_rank(const void *a, const void *b)
{
    const struct card *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank - y->rank;
    return (x->since_ms > y->since_ms) - (x->since_ms < y->since_ms);
}

static json_t *last_try_json(const struct board *b, struct user_id who)
{
    for (size_t i = 0; who.v && i < b->tries.n; i++) {
        if (user_id_eq(b->tries.items[i].user, who))
            return json_integer(b->tries.items[i].at_ms);
    }
    return json_null();
}

/* Telephone of the person, or of the child's first guardian who has one. */
static enum err phone_json(const struct call *c, const struct card *card, json_t **out)
{
    struct child child;
    struct user_list guardians = { 0 };
    struct face face = { 0 };
    enum err err;

    if (card->call.v) {
        err = face_load(c->db, card->call, &face);
    } else {
        err = child_by_user(c->db, card->child, &child);
        if (!err)
            err = guardian_list(c->db, child.id, c->now.unix_ms, &guardians);
        for (size_t i = 0; !err && !face.phone[0] && i < guardians.n; i++)
            err = face_load(c->db, guardians.items[i].id, &face);
        user_list_free(&guardians);
        err = err == ERR_NOTFOUND ? ERR_OK : err; /* a mentor called for help */
    }
    if (!err)
        *out = json_text_or_null(face.phone);
    return err;
}

static enum err card_json(const struct call *c, const struct board *b, const struct card *card,
                          json_t **out)
{
    const struct lesson *l = card->lesson;
    json_t *mentor = NULL, *child = NULL, *phone = NULL;
    enum err err = person_or_null(c, l ? l->facts.mentor : (struct user_id){ 0 }, &mentor);

    if (!err)
        err = person_or_null(c, card->child, &child);
    if (!err)
        err = phone_json(c, card, &phone);
    if (err) {
        json_decref(mentor);
        json_decref(child);
        return err;
    }
    *out =
        json_pack("{s:s,s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:i,s:o}", "kind", card->kind, "since",
                  (json_int_t)card->since_ms, "lesson", json_time_or_null(l ? l->facts.id.v : 0, 0),
                  "subject", json_text_or_null(l ? l->subject : NULL), "start",
                  json_time_or_null(l ? l->facts.start_ms : 0, 0), "mentor", mentor, "child", child,
                  "child_since", json_time_or_null(card->child_since_ms, 0), "last_try",
                  last_try_json(b, card->missing), "drops", card->drops, "phone", phone);
    return *out ? ERR_OK : ERR_NOMEM;
}

enum err board_cards_json(const struct call *c, const struct board *b, json_t **out)
{
    struct cards *cards = mem_zalloc(1, sizeof *cards);
    json_t *array = json_array();
    enum err err = cards && array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < b->lines_n; i++)
        of_lesson(&b->lines[i], cards);
    if (!err) {
        of_notices(c, b, cards);
        qsort(cards->items, cards->n, sizeof cards->items[0], by_rank);
    }
    for (size_t i = 0; !err && i < cards->n; i++) {
        json_t *card = NULL;

        err = card_json(c, b, &cards->items[i], &card);
        if (!err)
            err = json_push(array, card);
    }
    mem_free(cards);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}
