/* SPDX-License-Identifier: Apache-2.0
 *
 * What a room does differently for a seminar or a meeting of up to 100 people:
 * who has the word, the queue of hands, and news of people in batches, so that
 * a hundred who come at once are told in some messages and not in ten
 * thousand. The rights themselves are domain/floor's.
 */
#include <string.h>

#include "server/room/inside.h"

_Static_assert(SIG_LIMIT_VIEW_PINS == VIEW_PINS_MAX, "pins of protocol and stage");
_Static_assert(ROOM_PEOPLE_MAX == LESSON_GUESTS_MAX + 1 && ROOM_PEOPLE_MAX == LEGS_MAX,
               "the host and the guests, each with a leg");

#define BATCH_US (SIG_LIMIT_BATCH_MS * US_PER_MS)

static enum floor_part part_of(const struct member *m)
{
    switch (m->admit.seat) {
    case SEAT_MENTOR:
        return FLOOR_HOST;
    case SEAT_SPEAKER:
        return FLOOR_SPEAKER;
    case SEAT_LISTENER:
    case SEAT_COORDINATOR:
        return FLOOR_LISTENER;
    case SEAT_CHILD: /* admission lets none into a gathering */
    case SEAT_GUARDIAN:
    case SEAT_NONE:
        break;
    }
    return FLOOR_NONE;
}

struct floor_rights floor_of(const struct member *m)
{
    return floor_rights(part_of(m), m->known->word);
}

void group_known(const struct room *r, const struct member *m)
{
    if (!r->facts.gathering)
        return;
    /* Who lost the word does not get it back by leaving; nor does a listener keep it. */
    if (!m->known->met)
        m->known->word = floor_word_at_first(part_of(m));
    else if (part_of(m) == FLOOR_LISTENER)
        m->known->word = false;
    m->known->met = true;
}

void group_gone(struct room *r, const struct member *m, enum sig_leave_cause cause)
{
    if (r->gone_n == r->size.people) { /* more came and went within a batch than there are seats */
        r->batch_us = r->now.mono_us;
        group_batch(r, r->now);
    }
    r->gone[r->gone_n++] = (struct sig_gone_member){ m->known->number, cause };
    r->people_news = r->floor_news = true;
}

void group_heard(struct room *r, struct member *m)
{
    if (!r->facts.gathering || m->known->spoke)
        return;
    m->known->spoke = true;
    r->floor_news = true;
}

void group_hand(struct room *r, struct member *m, bool up)
{
    if (!r->facts.gathering || m->hand == up)
        return;
    m->hand = up;
    if (up)
        m->hand_turn = ++r->hand_turns;
    r->floor_news = true;
    tell_member(r, m, NULL);
}

void group_word(struct room *r, struct now now, struct member *to, bool give)
{
    struct sig_server quieted = { .kind = SIG_SERVER_QUIETED, .u.quieted = { true, true } };

    if (give)
        group_hand(r, to, false);
    if (to->known->word == give)
        return;
    to->known->word = give;
    r->floor_news = true;
    member_event(r, to, now, give ? "word_on" : "word_off", 0);
    if (give)
        return;
    to->mic = to->camera = to->screen = false; /* room_settle shuts the gates */
    effect_send(r, to->conn, &quieted);
    tell_member(r, to, NULL);
}

static int fill_hands(struct room *r, struct sig_hand *out)
{
    struct floor_hand hands[ROOM_PEOPLE_MAX];
    int n = 0;

    EACH_SEATED(r, m)
    {
        if (m->hand)
            hands[n++] = (struct floor_hand){ m->known->number, m->known->spoke, m->hand_turn };
    }
    floor_queue(hands, n);
    for (int i = 0; i < n; i++)
        out[i] = (struct sig_hand){ hands[i].member, hands[i].spoke };
    return n;
}

/* to.v 0: to everybody. */
static void tell_floor(struct room *r, struct conn_id to)
{
    struct sig_hand hands[ROOM_PEOPLE_MAX];
    uint16_t word[ROOM_PEOPLE_MAX];
    struct sig_server msg = { .kind = SIG_SERVER_FLOOR,
                              .u.floor = { .word = word, .hands = hands } };

    EACH_SEATED(r, m)
    {
        if (floor_of(m).mic)
            word[msg.u.floor.word_n++] = m->known->number;
    }
    msg.u.floor.hands_n = (size_t)fill_hands(r, hands);
    if (to.v)
        effect_send(r, to, &msg);
    else
        effect_broadcast(r, &msg, NULL);
}

void group_tell_floor(struct room *r, struct conn_id to)
{
    tell_floor(r, to);
    r->floor_news = true; /* the others hear of the newcomer's word */
}

static void tell_people(struct room *r)
{
    struct sig_member views[ROOM_PEOPLE_MAX];
    struct sig_server msg = {
        .kind = SIG_SERVER_MEMBERS,
        .u.members = { .members = views, .gone = r->gone, .gone_n = (size_t)r->gone_n }
    };

    EACH_SEATED(r, m)
    {
        if (m->news)
            views[msg.u.members.members_n++] = tell_view(m);
        m->news = false;
    }
    effect_broadcast(r, &msg, NULL);
    r->gone_n = 0;
}

void group_batch(struct room *r, struct now now)
{
    if (r->over || (!r->people_news && !r->floor_news) || now.mono_us < r->batch_us)
        return;
    r->batch_us = now.mono_us + BATCH_US;
    if (r->people_news)
        tell_people(r);
    if (r->floor_news)
        tell_floor(r, (struct conn_id){ 0 });
    r->people_news = r->floor_news = false;
}

int64_t group_deadline(const struct room *r)
{
    return r->people_news || r->floor_news ? r->batch_us : NEVER_US;
}
