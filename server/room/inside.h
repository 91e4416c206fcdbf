/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the room share among themselves: the seats, the queues of
 * effects, and who may call whom. Nobody outside server/room includes it.
 *
 *   room.c    inputs, verdicts, time          signal.c  messages of clients
 *   member.c  seats, presence, gates          tell.c    messages to clients
 *   effects.c the bounded queues behind room_poll
 *   group.c   what is different with many: the word, the queue of hands, batches
 */
#ifndef PARTA_ROOM_INSIDE_H
#define PARTA_ROOM_INSIDE_H

#include "server/domain/floor.h"
#include "server/room/room.h"

/* Lengths of the room's tables: of a lesson, and of a gathering of ROOM_PEOPLE_MAX. A queue holds
 * what one input can cause: in a gathering some messages to everybody, and a fact, a command, a
 * close for each. */
struct room_size {
    int people, known;           /* known: people whose number is remembered after they left */
    size_t wire, wire_reserve;   /* queued messages and closes; places that only closes may take */
    size_t facts, facts_reserve; /* ...; that only LEFT, STATE and CHAT may take */
    size_t media, media_reserve; /* queued media commands; that only closes may take */
};
#define ROOM_TICK_US US_PER_S
#define ROOM_BREAK_US (5 * 60 * US_PER_S)    /* a screen break ends by itself */
#define ROOM_MENTOR_LATE_MS (5 * MS_PER_MIN) /* the child is told after this */
#define ROOM_FLOOD_MAX 200                   /* messages over the rate before the line is cut */

/* Where a connection's media stands. */
enum member_leg {
    LEG_NONE,    /* no offer yet, or it was refused */
    LEG_HELD,    /* the offer waits until media may begin */
    LEG_OPENING, /* the stage has the offer */
    LEG_OPEN,    /* answered */
    LEG_DEAD,    /* died; the client has to come back on a new connection */
};

/* What is remembered of a person while the room lives, also after the seat is gone. */
struct known {
    struct user_id user;
    uint16_t number; /* 0 = unused place */
    bool late_told;
    bool limit_told;
    bool met;          /* in a gathering: has been in */
    bool word;         /* in a gathering: has the word; kept when it comes back */
    bool spoke;        /* in a gathering: was heard while it had the word */
    int64_t screen_us; /* screen time of this person in this lesson (R6) */
};

struct member {
    /* who */
    bool seated;
    struct admit_person admit;
    struct known *known; /* into the room's table */
    char name[ROOM_NAME_MAX + 1];
    char animal[17];
    char resume[ROOM_TOKEN_MAX + 1];

    /* connection and presence row */
    struct conn_id conn; /* 0 = lost, the seat is kept */
    struct session_id session;
    bool session_open;
    bool closing;          /* the room has asked to close this connection */
    bool silent;           /* connected, but unheard for ROOM_SILENT_MS */
    int64_t joined_us;     /* of this session, monotonic ... */
    int64_t joined_ms;     /* ... and the wall clock at that moment */
    int64_t heard_us;      /* last sign of life */
    int64_t seen_us;       /* presence is written down up to here */
    int64_t keep_until_us; /* while lost */
    int64_t session_screen_us;
    int64_t screen_written_us;

    /* what it sends and shows */
    bool mic, camera, screen, hand, resting;
    bool voice_only;    /* wants no pictures; of this connection */
    uint32_t hand_turn; /* when the hand was raised, by room.hand_turns */
    bool news;          /* in a gathering: to be told with the next batch */
    struct media_view view;

    /* media */
    enum member_leg leg;
    uint16_t leg_turn; /* legs that this connection had before */
    bool media_dead;
    bool frames; /* asked for frames over its WebSocket instead of an offer */
    char *offer; /* owned while HELD */
    size_t offer_len;
    struct leg_gate gate; /* as last told to the stage */
    bool watching;        /* sees a picture since the last accounting (children) */

    /* limits */
    int64_t tokens_milli; /* thousandths of a message */
    int64_t tokens_us;
    int flood;
    int64_t chat_us[SIG_LIMIT_CHAT_BURST]; /* ring of the last lines */
    int chat_next;
    bool link_sent;
    int64_t link_us;
    int loss_permille, rtt_ms;
};

/* Text shared by all who get it. */
struct text {
    int refs;
    size_t len;
    char s[];
};

struct wire_item {
    struct conn_id conn;
    struct text *text; /* NULL = close the connection */
};

struct fact_item {
    struct room_fact fact;
    char *text; /* owned, CHAT only */
};

struct media_item {
    struct media_command command;
    char *offer; /* owned, LEG_OPEN only */
};

struct chat_line {
    struct chat_line *next;
    uint16_t from;
    int64_t at_ms;
    const char *name; /* behind text in the same block */
    char text[];
};

struct room {
    struct lesson_facts facts; /* state is the room's own while it runs */
    struct room_titles titles;
    struct room_size size;
    struct member *members; /* owned, size.people */
    struct known *known;    /* owned, size.known */
    uint16_t last_number;

    enum sig_room_state state; /* as computed last */
    int64_t state_since_ms;
    enum sig_break_kind pause;
    int64_t pause_until_us;
    enum sig_room_state told_state; /* as broadcast last */
    enum sig_break_kind told_pause;
    bool mentor_was_in;
    bool over; /* ENDED or drained: nobody comes in any more */
    bool done_due;
    bool five_told, one_told;

    struct now now;       /* of the last input */
    int64_t accounted_us; /* screen time is counted up to here */
    int64_t next_tick_us;
    int64_t next_seen_us;

    struct chat_line *chat_first, *chat_last;
    int chat_n;
    size_t chat_bytes;

    /* of a gathering */
    uint32_t hand_turns;
    bool floor_news, people_news;
    int64_t batch_us;             /* the next batch may go from here on */
    struct sig_gone_member *gone; /* owned, size.people: left since the last batch */
    int gone_n;

    struct wire_item *wire; /* owned, as are the next two */
    size_t wire_from, wire_n;
    struct fact_item *fact;
    size_t fact_from, fact_n;
    struct media_item *media;
    size_t media_from, media_n;
    bool media_lost; /* a close did not fit: the whole stage has to go */
    long effects_lost;

    struct text *out_text; /* what the last poll lent out */
    struct fact_item out_fact;
    struct media_item out_media;
};

#define EACH_SEATED(r, m)                                                                          \
    for (struct member *m = (r)->members; m < (r)->members + (r)->size.people; m++)                \
        if (m->seated)

/* ---- effects.c: queues. None of these can fail towards the caller. */

/* The message to one connection; lack of memory or room closes that connection instead. */
void effect_send(struct room *r, struct conn_id conn, const struct sig_server *m);
/* The same text to all who get media now. */
void effect_to_receivers(struct room *r, const struct sig_server *m);
/* The same text to everyone connected, except one (NULL = nobody). */
void effect_broadcast(struct room *r, const struct sig_server *m, const struct member *except);
void effect_close(struct room *r, struct conn_id conn);
void effect_fact(struct room *r, const struct room_fact *fact, char *owned_text);
/* False if there is no room now; closes always find room or take the stage with them. */
bool effect_media(struct room *r, const struct media_command *command, char *owned_offer);
void effects_free(struct room *r);

/* ---- tell.c: what clients are told. */
struct sig_member tell_view(const struct member *m);
void tell_error(struct room *r, struct conn_id conn, enum sig_error code, const char *re,
                const char *field, const char *detail);
void tell_refused(struct room *r, struct conn_id conn, enum admit verdict);
void tell_joined(struct room *r, struct now now, const struct member *m);
/* In a gathering: with the next batch, to everybody. */
void tell_member(struct room *r, struct member *m, const struct member *except);
void tell_gone(struct room *r, const struct member *m, enum sig_leave_cause cause);
void tell_room(struct room *r, struct now now);
void tell_lesson(struct room *r);
void tell_notice(struct room *r, struct conn_id to, enum sig_notice code, uint16_t member);
void tell_notice_all(struct room *r, enum sig_notice code, uint16_t member,
                     const struct member *except);
void tell_closed(struct room *r, const struct member *m, enum sig_close code);

/* Adds a line to the history and tells everyone. ERR_NOMEM: nobody was told. */
enum err tell_chat(struct room *r, const struct member *from, const char *text,
                   int64_t at_ms) MUST_CHECK;
void chat_free(struct room *r);

/* ---- group.c: gatherings. */

/* What the seat may send, by the floor (domain/floor). Of a gathering only. */
struct floor_rights floor_of(const struct member *m);
/* The person has been given a place in the room's memory. */
void group_known(const struct room *r, const struct member *m);
/* Who is gone for good, with the next batch. */
void group_gone(struct room *r, const struct member *m, enum sig_leave_cause cause);
/* Somebody is heard. */
void group_heard(struct room *r, struct member *m);
void group_hand(struct room *r, struct member *m, bool up);
void group_word(struct room *r, struct now now, struct member *to, bool give);
/* Who has the word and the hands, to one connection. */
void group_tell_floor(struct room *r, struct conn_id to);
/* Tells everybody what is due of a batch. Called when all else is settled. */
void group_batch(struct room *r, struct now now);
int64_t group_deadline(const struct room *r);

/* ---- member.c: seats. */
struct member *member_by_conn(struct room *r, struct conn_id conn);
struct member *member_by_user(struct room *r, struct user_id user);
struct member *member_by_number(struct room *r, uint16_t number);
bool member_present(const struct member *m);
bool member_visitor(const struct member *m);

/* What the stage calls this member's leg. */
struct leg_id member_leg(const struct member *m);

/* Closes the leg, if there is one, so that another one may take its place. */
void member_end_leg(struct room *r, struct member *m);

/* A free seat for this person, with its number, or NULL if it may have none. */
struct member *member_seat(struct room *r, const struct room_person *p);

/* Binds the seat to a connection and its presence row. */
void member_connect(struct member *m, struct now now, struct conn_id conn,
                    const struct room_person *p);

/* Closes the presence row. */
void member_leave_row(struct room *r, struct member *m, struct now now, enum leave_cause cause);

/* The connection is gone: row closed, media closed, the seat waits for a return. */
void member_lose(struct room *r, struct member *m, struct now now);

/* Takes connection and media away; the seat stays. */
void member_disconnect(struct room *r, struct member *m);

/* The seat is given up: everyone else is told. */
void member_drop(struct room *r, struct now now, struct member *m, enum sig_leave_cause cause);

/* Wall time of a monotonic moment within the member's session: a step of the wall clock changes
 * no duration. */
int64_t member_time(const struct member *m, int64_t us);

void member_event(struct room *r, const struct member *m, struct now now, const char *event,
                  int64_t value);
/* Writes SEEN and SCREEN facts of one member. */
void member_seen(struct room *r, struct member *m, int64_t until_us);
/* When it was there for sure: now, if it was heard a moment ago. */
int64_t member_until(const struct member *m, struct now now);

bool room_mentor_in(const struct room *r);
bool room_child_seated(const struct room *r);
enum sig_room_state room_state_of(const struct room *r);

/* Brings legs, gates, the lesson's state and what was told in line with the seats. Ends every
 * input. */
void room_settle(struct room *r, struct now now);

/* Adds the time since the last call to everyone who sees a picture. */
void room_account(struct room *r, struct now now);

/* ---- room.c */

/* Brings the room up to now: everything that time alone causes. Begins every input. */
void room_watch(struct room *r, struct now now);

/* Everyone out. */
void room_finish(struct room *r, struct now now, enum sig_close code);

/* ---- signal.c is entered by room_message only. */

/* Lengths of the plan for a lesson of so many scheduled people. */
struct slot_plan room_slots(const struct lesson_facts *facts);

#endif
