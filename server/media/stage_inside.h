/* SPDX-License-Identifier: Apache-2.0
 *
 * What stage.c and stage_poll.c share; nobody else includes it.
 */
#ifndef PARTA_MEDIA_STAGE_INSIDE_H
#define PARTA_MEDIA_STAGE_INSIDE_H

#include "server/media/assign.h"
#include "server/media/leg.h"
#include "server/media/views.h"
#include "server/media/voices.h"

#define STAGE_REFUSALS_MAX 8
#define STAGE_LAYERS_US (200 * US_PER_MS) /* between two looks at which layers are wanted */

struct stage_refusal {
    struct leg_id leg;
    const char *why;
};

/* Datagrams to one receiver that can leave as one GSO message. */
struct stage_run {
    size_t start, len, segment;
    int n;
    bool closed; /* its last segment is shorter: nothing fits behind */
};

/* One pass of stage_poll; a phase may be left and taken up again between any two outputs. */
enum stage_phase { PHASE_SIGNALS, PHASE_MEDIA, PHASE_RTCP, PHASE_NEWS };

struct stage {
    /* config */
    struct stage_shared *shared; /* borrowed */
    int legs_max;                /* 0: by the kind of the first leg */
    bool group;                  /* a seminar or meeting: voices by level, pictures by choice */
    int64_t wall_base_us; /* wall clock minus monotonic, in us; fixed: NTP steps move no report */
    /* owned */
    struct leg **legs;
    int legs_n, legs_cap;
    struct leg *gone;              /* told to the driver, freed with the next call */
    struct assign_source *sources; /* scratch, legs_cap, as are the next two */
    struct voice_source *voices;
    struct view_source *views;
    struct stream **hot; /* borrowed: streams with pending packets */
    int hot_n;
    char *told; /* the answer that the last event lent out */
    /* state */
    struct now now;
    bool closed;
    struct voice_seat seats[VOICES_MAX]; /* of a group: whose voices everybody gets */
    uint16_t speaker;                    /* of a group: whose picture comes first */
    int64_t tick_us;                     /* next look at who speaks */
    int64_t layers_us;                   /* next look at which layers anybody wants */
    uint16_t speaking[SPEAKING_MAX];
    int speaking_n;
    bool speaking_news;
    struct stage_refusal refusals[STAGE_REFUSALS_MAX];
    int refusals_n;
    struct stage_counters counters;
    /* position of stage_poll */
    enum stage_phase phase;
    int at_leg, at_slot, at_layer, at_packet, at_resend;
    struct stage_run run;
    struct media_event event;
};

/* Frees the leg that the driver was told to forget. */
void stage_reap(struct stage *s);

/* Maps sources to slots anew and asks for the key frames that are now needed. */
void stage_rearrange(struct stage *s);

/* Decides the voices of a group anew; maps them if they changed. */
void stage_voices(struct stage *s);

/* Writes s->views, and returns their number. */
int stage_view_sources(struct stage *s);

/* Decides one leg's slots of one kind within a group: members[0..n), in place. */
void stage_group_slots(struct stage *s, const struct leg *l, enum slot_kind kind, int views_n,
                       uint16_t *members, int n);

/* Takes a leg out of the map; it stays until its last datagrams and news are polled. */
void stage_leave(struct stage *s, struct leg *l);

/* Has the next poll look at this stream. */
void stage_heat(struct stage *s, struct stream *stream);

/* What is pending counts as forwarded. */
void stage_drop_pending(struct stage *s);

#endif
