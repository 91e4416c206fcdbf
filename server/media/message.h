/* SPDX-License-Identifier: Apache-2.0
 *
 * What the room tells the media half of its lesson, and what it hears back:
 * plain structs, the only thing that room and media share. They cross from
 * the net loop to a relay loop and back through mailboxes.
 */
#ifndef PARTA_MEDIA_MESSAGE_H
#define PARTA_MEDIA_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEGS_MAX 100       /* people in one stage: a seminar; a lesson has 12 */
#define LESSON_LEGS_MAX 12 /* people in the stage of a lesson */
#define SPEAKING_MAX 12    /* told as heard at one time */
#define SLOTS_MAX 15       /* 3 audio + 11 video + 1 screen */
#define VOICES_MAX 3       /* voices that a group hears (DESIGN section 5) */
#define VIEW_PINS_MAX 6    /* people whom one viewer pins */
#define VIEW_PAGE_MAX 99   /* a page of one picture each */
#define SLOT_MID_MAX 16

/* One connection's media, unique in the process, never reused while it runs. 0 = none. In a lesson
 * it is the number of its connection, which has 48 bits, and above it how many legs that connection
 * had before: what is still on its way for the leg before this one finds nobody. */
struct leg_id {
    uint64_t v;
};

#define LEG_CONN_BITS 48
#define LEG_TURNS_MAX 0x7FFFu /* the top bit marks the legs of ready checks */

/* The connection of a lesson's leg. */
static inline uint64_t leg_conn(struct leg_id leg)
{
    return leg.v & ((UINT64_C(1) << LEG_CONN_BITS) - 1);
}

/* How many receive slots of each kind a client of this lesson offers (DESIGN section 5). */
struct slot_plan {
    int audio, video, screen;
};

/* Whose pictures one viewer of a group has chosen (media/views). */
struct media_view {
    uint16_t pins[VIEW_PINS_MAX];
    int pins_n;
    int page; /* 0: who speaks and spoke last; from 1 on: everybody in turn */
};

/* How much of a picture one receiver gets, from least to most (DESIGN section 5: the ladder). */
enum media_step {
    MEDIA_STEP_VOICE,  /* no picture */
    MEDIA_STEP_STILL,  /* one every few seconds */
    MEDIA_STEP_SLOW,   /* lowest layer, lowest temporal layer: some 5 a second */
    MEDIA_STEP_LOW,    /* lowest layer */
    MEDIA_STEP_MIDDLE, /* second layer */
    MEDIA_STEP_TOP,    /* third layer */
    MEDIA_STEPS
};

/* What may be forwarded of a leg. Everything starts false: default deny. */
struct leg_gate {
    bool mic; /* its voice reaches others */
    bool camera;
    bool screen;
    bool receive;     /* it gets others' media */
    bool no_pictures; /* ... but their voices only, by its own wish */
};

enum media_command_kind {
    MEDIA_LEG_OPEN, /* offer → ANSWER or REFUSED event; websocket → LIVE or REFUSED */
    MEDIA_LEG_GATE,
    MEDIA_LEG_VIEW, /* of a group: view */
    MEDIA_LEG_KEY,  /* its WebSocket left out what only a key frame mends: slot */
    MEDIA_LEG_RATE, /* what its WebSocket takes: bps */
    MEDIA_LEG_CLOSE,
    MEDIA_STAGE_CLOSE, /* the lesson is over: drop every leg */
};

struct media_command {
    enum media_command_kind kind;
    struct leg_id leg;
    uint16_t member;        /* OPEN: the seat number, returned in slot maps */
    struct slot_plan plan;  /* OPEN */
    struct leg_gate gate;   /* OPEN, GATE */
    bool group;             /* OPEN: of a seminar or meeting: voices by level, pictures by choice */
    bool host;              /* OPEN: who leads the group */
    struct media_view view; /* OPEN, VIEW */
    bool websocket;         /* OPEN: frames over WebSocket (common/protocol/wsmedia.h), no offer */
    uint8_t slot;           /* KEY */
    int64_t bps;            /* RATE */
    bool probe;             /* OPEN: ready check, alone on a stage of its own */
    const char *offer;      /* OPEN: borrowed for the call, or owned by the mail */
    size_t offer_len;
};

enum media_event_kind {
    MEDIA_ANSWER,    /* leg, sdp */
    MEDIA_REFUSED,   /* leg, why: the offer cannot be used */
    MEDIA_LIVE,      /* leg: DTLS done, media may flow */
    MEDIA_DEAD,      /* leg: no consent for 30 s, DTLS failed, or said goodbye */
    MEDIA_SLOTS,     /* leg: what its slots carry now */
    MEDIA_SPEAKING,  /* members heard now, on change, at most every 200 ms */
    MEDIA_KEY,       /* leg: its client is to send a key frame of source (a WebSocket leg's PLI) */
    MEDIA_RATES,     /* leg: its client's voice and camera are to make no more than this */
    MEDIA_WANTS,     /* leg: so much would its WebSocket have to take for the next step up */
    MEDIA_LAYERS,    /* leg: its client is to send these layers of its camera and no others */
    MEDIA_BAD_FRAME, /* leg, why: a frame was refused, by the word of the protocol */
    MEDIA_FIRST,     /* leg: first media packet from it was forwarded or could have been */
};

struct media_slot {
    char mid[SLOT_MID_MAX + 1];
    uint16_t member; /* 0 = nobody */
    bool picture;    /* a picture is mapped to it: step counts */
    enum media_step step;
};

/* What encoders may make at most, bit/s; 0: as much as they like. */
struct media_rates {
    int32_t voice, camera;
};

struct media_event {
    enum media_event_kind kind;
    struct leg_id leg;
    const char *sdp; /* ANSWER: borrowed until the next poll */
    size_t sdp_len;
    const char *why;          /* REFUSED, BAD_FRAME: static text */
    uint8_t source;           /* KEY: 0 microphone, 1 camera, 2 screen */
    struct media_rates rates; /* RATES */
    int64_t wants_bps;        /* WANTS: 0: all is given */
    uint8_t layers;           /* LAYERS: bit i for layer i, lowest first */
    struct media_slot slots[SLOTS_MAX];
    int slots_n;
    uint16_t speaking[SPEAKING_MAX];
    int speaking_n;
};

#endif
