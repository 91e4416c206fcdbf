/* SPDX-License-Identifier: Apache-2.0
 *
 * The messages of the room to its clients, and the written lines that a
 * newcomer is told. It builds and queues; what is said when, is decided in
 * the other files.
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/room/inside.h"

#define SCREEN_LIMIT_MAX_S 36000 /* protocol.json: lesson_info.screen_limit_s */
#define SCREEN_USED_MAX_S 86400  /* protocol.json: joined.screen_used_s */

_Static_assert(SIG_REFUSAL_WORDS == ADMIT_UNAVAILABLE + 1, "seat_taken stands for ADMIT_OK");

static enum sig_seat seat_word(enum seat_role seat)
{
    switch (seat) {
    case SEAT_MENTOR:
        return SIG_SEAT_MENTOR;
    case SEAT_GUARDIAN:
        return SIG_SEAT_GUARDIAN;
    case SEAT_COORDINATOR:
        return SIG_SEAT_COORDINATOR;
    case SEAT_SPEAKER:
        return SIG_SEAT_SPEAKER;
    case SEAT_LISTENER:
        return SIG_SEAT_LISTENER;
    case SEAT_CHILD:
    case SEAT_NONE:
        break;
    }
    return SIG_SEAT_CHILD;
}

struct sig_member tell_view(const struct member *m)
{
    return (struct sig_member){
        .id = m->known->number,
        .name = m->name,
        .seat = seat_word(m->admit.seat),
        .animal = m->animal,
        .present = member_present(m),
        .mic = m->mic,
        .camera = m->camera,
        .screen = m->screen,
        .hand = m->hand,
        .resting = m->resting,
        .has_pictures = m->voice_only, /* left out otherwise */
        .pictures = 0,
    };
}

/* Whole seconds, cut to what the field can say. */
static int seconds(int64_t ms, int max)
{
    int64_t s = ms / MS_PER_S;

    return s < 0 ? 0 : s > max ? max : (int)s;
}

static struct sig_lesson_info lesson_info(const struct room *r)
{
    return (struct sig_lesson_info){
        .id = r->facts.id.v,
        .subject = r->titles.subject,
        .kind = r->titles.kind,
        .start = r->facts.start_ms,
        .end = r->facts.end_ms,
        .opens = lesson_opens_ms(&r->facts),
        .closes = lesson_closes_ms(&r->facts),
        .screen_limit_s = seconds(r->facts.screen_limit_ms, SCREEN_LIMIT_MAX_S),
        .title = r->titles.title[0] ? r->titles.title : NULL,
    };
}

void tell_error(struct room *r, struct conn_id conn, enum sig_error code, const char *re,
                const char *field, const char *detail)
{
    effect_send(
        r, conn,
        &(struct sig_server){ .kind = SIG_SERVER_ERROR, .u.error = { code, re, field, detail } });
}

void tell_refused(struct room *r, struct conn_id conn, enum admit verdict)
{
    struct sig_server m = { .kind = SIG_SERVER_REFUSED, .u.refused.lesson = r->facts.id.v };

    if (!sig_refusal_parse(admit_name(verdict), &m.u.refused.code))
        m.u.refused.code = SIG_REFUSAL_UNAVAILABLE;
    if (verdict == ADMIT_TOO_EARLY) {
        m.u.refused.has_at = true;
        m.u.refused.at = lesson_opens_ms(&r->facts);
    }
    effect_send(r, conn, &m);
}

/* A child is told its own screen time, the others the most used one. */
static int screen_used_s(const struct room *r, const struct member *to)
{
    int64_t most = 0;

    if (to->admit.seat == SEAT_CHILD)
        return seconds(to->known->screen_us / US_PER_MS, SCREEN_USED_MAX_S);
    for (int i = 0; i < r->size.people; i++) {
        const struct member *m = &r->members[i];

        if (m->seated && m->admit.seat == SEAT_CHILD && m->known->screen_us > most)
            most = m->known->screen_us;
    }
    return seconds(most / US_PER_MS, SCREEN_USED_MAX_S);
}

void tell_joined(struct room *r, struct now now, const struct member *m)
{
    struct sig_member views[ROOM_PEOPLE_MAX];
    struct sig_chat_line lines[SIG_LIMIT_CHAT_HISTORY];
    struct slot_plan plan = room_slots(&r->facts);
    size_t views_n = 0, lines_n = 0;

    EACH_SEATED(r, other)
    {
        views[views_n++] = tell_view(other);
    }
    for (const struct chat_line *l = r->chat_first; l; l = l->next)
        lines[lines_n++] = (struct sig_chat_line){ l->from, l->name, l->text, l->at_ms };
    effect_send(r, m->conn,
                &(struct sig_server){
                    .kind = SIG_SERVER_JOINED,
                    .u.joined = {
                        .lesson = lesson_info(r),
                        .you = m->known->number,
                        .resume = m->resume,
                        .state = room_state_of(r),
                        .slots = { plan.audio, plan.video, plan.screen },
                        .members = views,
                        .members_n = views_n,
                        .chat = lines,
                        .chat_n = lines_n,
                        .screen_used_s = screen_used_s(r, m),
                        .now = now.unix_ms,
                    },
                });
}

void tell_member(struct room *r, struct member *m, const struct member *except)
{
    if (r->facts.gathering) {
        m->news = r->people_news = true;
        return;
    }
    effect_broadcast(
        r, &(struct sig_server){ .kind = SIG_SERVER_MEMBER, .u.member.member = tell_view(m) },
        except);
}

void tell_gone(struct room *r, const struct member *m, enum sig_leave_cause cause)
{
    if (r->facts.gathering) {
        group_gone(r, m, cause);
        return;
    }
    effect_broadcast(
        r, &(struct sig_server){ .kind = SIG_SERVER_GONE, .u.gone = { m->known->number, cause } },
        m);
}

void tell_room(struct room *r, struct now now)
{
    EACH_SEATED(r, to)
    {
        effect_send(r, to->conn,
                    &(struct sig_server){
                        .kind = SIG_SERVER_ROOM,
                        .u.room = { r->state, r->pause, screen_used_s(r, to), now.unix_ms } });
    }
}

void tell_lesson(struct room *r)
{
    effect_broadcast(
        r, &(struct sig_server){ .kind = SIG_SERVER_LESSON, .u.lesson.lesson = lesson_info(r) },
        NULL);
}

static struct sig_server notice(enum sig_notice code, uint16_t member)
{
    return (struct sig_server){ .kind = SIG_SERVER_NOTICE,
                                .u.notice = { code, member != 0, member } };
}

void tell_notice(struct room *r, struct conn_id to, enum sig_notice code, uint16_t member)
{
    struct sig_server m = notice(code, member);

    effect_send(r, to, &m);
}

void tell_notice_all(struct room *r, enum sig_notice code, uint16_t member,
                     const struct member *except)
{
    struct sig_server m = notice(code, member);

    effect_broadcast(r, &m, except);
}

void tell_closed(struct room *r, const struct member *m, enum sig_close code)
{
    if (!m->conn.v)
        return;
    effect_send(r, m->conn,
                &(struct sig_server){ .kind = SIG_SERVER_CLOSED, .u.closed.code = code });
    effect_close(r, m->conn);
}

static void chat_forget_first(struct room *r)
{
    struct chat_line *l = r->chat_first;

    r->chat_first = l->next;
    if (!r->chat_first)
        r->chat_last = NULL;
    r->chat_n--;
    r->chat_bytes -= strlen(l->text);
    mem_free(l);
}

void chat_free(struct room *r)
{
    while (r->chat_first)
        chat_forget_first(r);
}

enum err tell_chat(struct room *r, const struct member *from, const char *text, int64_t at_ms)
{
    size_t text_len = strlen(text), name_len = strlen(from->name);
    struct chat_line *l = mem_zalloc(1, sizeof *l + text_len + 1 + name_len + 1);

    if (!l)
        return ERR_NOMEM;
    l->from = from->known->number;
    l->at_ms = at_ms;
    memcpy(l->text, text, text_len);
    memcpy(l->text + text_len + 1, from->name, name_len);
    l->name = l->text + text_len + 1;
    if (r->chat_last)
        r->chat_last->next = l;
    else
        r->chat_first = l;
    r->chat_last = l;
    r->chat_n++;
    r->chat_bytes += text_len;
    while (r->chat_n > SIG_LIMIT_CHAT_HISTORY || r->chat_bytes > SIG_LIMIT_CHAT_HISTORY_BYTES)
        chat_forget_first(r);
    effect_broadcast(r,
                     &(struct sig_server){ .kind = SIG_SERVER_CHAT,
                                           .u.chat.line = { l->from, l->name, l->text, at_ms } },
                     NULL);
    return ERR_OK;
}
