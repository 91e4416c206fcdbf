/* SPDX-License-Identifier: Apache-2.0
 *
 * What a stage does differently for a group of up to LEGS_MAX people: three
 * voices that all of them get, chosen by level (media/voices), and pictures by
 * each viewer's own choice (media/views).
 */
#include "server/media/stage_inside.h"

static bool present(const struct leg *l)
{
    return l->state != LEG_LEAVING && !l->probe;
}

/* Everybody in the order of arrival, with the microphone as the gate has it. */
static int voice_sources(struct stage *s)
{
    int n = 0;

    for (int i = 0; i < s->legs_n; i++) {
        const struct leg *l = s->legs[i];
        const struct speaker *v = &l->speaker;

        if (!present(l) || !l->tracks[SOURCE_MIC].offered)
            continue;
        s->voices[n++] = (struct voice_source){
            .member = l->member,
            .open = l->tracks[SOURCE_MIC].open,
            .speaks = v->said && s->now.mono_us - v->said_us < VOICE_HOLD_US,
            .loudness_16 = v->voice_16,
            .heard_us = v->said ? v->said_us : INT64_MIN,
            .waits_us = v->waits_us,
        };
    }
    return n;
}

static struct leg *leg_of(struct stage *s, uint16_t member)
{
    for (int i = 0; i < s->legs_n; i++)
        if (present(s->legs[i]) && s->legs[i]->member == member)
            return s->legs[i];
    return NULL;
}

/* Whose picture comes first: who speaks keeps it until silent, then the loudest of those heard. */
static bool choose_speaker(struct stage *s)
{
    const struct leg *best = leg_of(s, s->speaker);
    uint16_t was = s->speaker;

    if (best && leg_sends(best, SOURCE_MIC) && speaker_heard(&best->speaker, s->now.mono_us))
        return false;
    best = NULL;
    for (int i = 0; i < VOICES_MAX; i++) {
        const struct leg *l = s->seats[i].member ? leg_of(s, s->seats[i].member) : NULL;

        if (l && leg_sends(l, SOURCE_MIC) && speaker_heard(&l->speaker, s->now.mono_us) &&
            (!best || l->speaker.voice_16 > best->speaker.voice_16))
            best = l;
    }
    if (best)
        s->speaker = best->member; /* in silence the last one stays */
    return s->speaker != was;
}

void stage_voices(struct stage *s)
{
    bool changed;
    int n, at = 0;

    if (!s->group)
        return;
    n = voice_sources(s);
    changed = voices_choose(s->seats, VOICES_MAX, s->voices, n, s->now.mono_us);
    for (int i = 0; i < s->legs_n && at < n; i++)
        if (present(s->legs[i]) && s->legs[i]->tracks[SOURCE_MIC].offered)
            s->legs[i]->speaker.waits_us = s->voices[at++].waits_us;
    if (choose_speaker(s) || changed)
        stage_rearrange(s);
}

int stage_view_sources(struct stage *s)
{
    int n = 0;

    for (int i = 0; i < s->legs_n; i++) {
        const struct leg *l = s->legs[i];

        if (!present(l) || !l->tracks[SOURCE_CAMERA].offered)
            continue;
        s->views[n++] = (struct view_source){
            .member = l->member,
            .open = l->tracks[SOURCE_CAMERA].open,
            .host = l->host,
            .heard_us = l->speaker.any ? l->speaker.heard_us : INT64_MIN,
        };
    }
    return n;
}

void stage_group_slots(struct stage *s, const struct leg *l, enum slot_kind kind, int views_n,
                       uint16_t *members, int n)
{
    if (kind == SLOT_AUDIO) {
        for (int i = 0; i < n; i++)
            members[i] = i < VOICES_MAX && s->seats[i].member != l->member ? s->seats[i].member : 0;
        return;
    }
    (void)views_choose(s->views, views_n, l->member, s->speaker, &l->view, members, n);
}
