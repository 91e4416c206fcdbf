/* SPDX-License-Identifier: Apache-2.0
 *
 * The inputs of the room: people coming and going, changed facts, media
 * events and the time. Every input first brings the room up to the present
 * (watch), then acts, then settles; so a message that arrives one millisecond
 * after the window closed meets a closed room, whichever timer is late.
 */
#include "server/room/room.h"

#include <string.h>

#include "common/base/mem.h"
#include "server/room/inside.h"

#define FIVE_MS (5 * MS_PER_MIN)
#define ONE_MS (1 * MS_PER_MIN)

/* The desk may tell a state that is older than what the room has just reported. */
static bool state_is_live(enum lesson_state s)
{
    return s == LESSON_SCHEDULED || s == LESSON_OPEN || s == LESSON_RUNNING ||
           s == LESSON_INTERRUPTED;
}

/* Warnings whose moment has passed are not given late. */
static void arm_warnings(struct room *r, struct now now)
{
    r->five_told = now.unix_ms >= r->facts.end_ms - FIVE_MS;
    r->one_told = now.unix_ms >= r->facts.end_ms - ONE_MS;
}

static const struct room_size lesson_size = {
    .people = ROOM_LESSON_PEOPLE,
    .known = 64,
    .wire = 512,
    .wire_reserve = 64,
    .facts = 128,
    .facts_reserve = 48,
    .media = 64,
    .media_reserve = 32,
};

static const struct room_size group_size = {
    .people = ROOM_PEOPLE_MAX,
    .known = 256,
    .wire = 2048,
    .wire_reserve = 256,
    .facts = 512,
    .facts_reserve = 256,
    .media = 512,
    .media_reserve = 256,
};

static enum err make_tables(struct room *r)
{
    r->members = mem_zalloc((size_t)r->size.people, sizeof *r->members);
    r->known = mem_zalloc((size_t)r->size.known, sizeof *r->known);
    r->gone = mem_zalloc((size_t)r->size.people, sizeof *r->gone);
    r->wire = mem_zalloc(r->size.wire, sizeof *r->wire);
    r->fact = mem_zalloc(r->size.facts, sizeof *r->fact);
    r->media = mem_zalloc(r->size.media, sizeof *r->media);
    return r->members && r->known && r->gone && r->wire && r->fact && r->media ? ERR_OK : ERR_NOMEM;
}

static void free_tables(struct room *r)
{
    mem_free(r->members);
    mem_free(r->known);
    mem_free(r->gone);
    mem_free(r->wire);
    mem_free(r->fact);
    mem_free(r->media);
    mem_free(r);
}

enum err room_new(struct room **out, const struct lesson_facts *facts,
                  const struct room_titles *titles, struct now now)
{
    struct room *r = mem_zalloc(1, sizeof *r);

    if (!r)
        return ERR_NOMEM;
    r->size = facts->gathering ? group_size : lesson_size;
    if (make_tables(r) != ERR_OK) {
        free_tables(r);
        return ERR_NOMEM;
    }
    r->facts = *facts;
    r->titles = *titles;
    r->pause = r->told_pause = SIG_BREAK_KIND_NONE;
    r->mentor_was_in = facts->state == LESSON_RUNNING || facts->state == LESSON_INTERRUPTED;
    r->state = r->told_state = room_state_of(r);
    r->state_since_ms = now.unix_ms;
    r->pause_until_us = NEVER_US;
    r->now = now;
    r->accounted_us = now.mono_us;
    r->next_tick_us = now.mono_us + ROOM_TICK_US;
    r->next_seen_us = now.mono_us + ROOM_SEEN_MS * US_PER_MS;
    arm_warnings(r, now);
    *out = r;
    return ERR_OK;
}

void room_free(struct room *r)
{
    if (!r)
        return;
    for (int i = 0; i < r->size.people; i++)
        mem_free(r->members[i].offer);
    chat_free(r);
    effects_free(r);
    free_tables(r);
}

struct slot_plan room_slots(const struct lesson_facts *facts)
{
    int people = facts->children_n + 1;

    if (facts->gathering)
        return (struct slot_plan){ .audio = VOICES_MAX, .video = 9, .screen = 1 };
    if (people <= 2)
        return (struct slot_plan){ .audio = 2, .video = 2, .screen = 1 };
    return (struct slot_plan){ .audio = 3, .video = people - 1, .screen = 1 };
}

static void state_fact(struct room *r, struct now now, enum lesson_state state)
{
    struct room_fact f = { .kind = FACT_LESSON_STATE, .lesson_state = state, .at_ms = now.unix_ms };

    if (!lesson_state_may_become(r->facts.state, state))
        return;
    r->facts.state = state;
    effect_fact(r, &f, NULL);
}

void room_finish(struct room *r, struct now now, enum sig_close code)
{
    static const struct media_command close_stage = { .kind = MEDIA_STAGE_CLOSE };

    if (r->over)
        return;
    (void)effect_media(r, &close_stage, NULL);
    EACH_SEATED(r, m)
    {
        bool leaves = code == SIG_CLOSE_MENTOR_ENDED && m->admit.seat == SEAT_MENTOR;
        bool cut = code == SIG_CLOSE_CUT_CANCELLED;

        if (code == SIG_CLOSE_SERVER_RESTART)
            /* its row stays open: the next start closes it as a restart */
            member_seen(r, m, member_until(m, now));
        else
            member_leave_row(r, m, now, leaves ? LEAVE_LEFT : (cut ? LEAVE_CUT : LEAVE_WINDOW_END));
        tell_closed(r, m, code);
        m->leg = LEG_NONE; /* went with the stage */
        member_disconnect(r, m);
        m->seated = false;
    }
    if (code == SIG_CLOSE_WINDOW_END || code == SIG_CLOSE_MENTOR_ENDED)
        state_fact(r, now, LESSON_ENDED);
    r->over = true;
    r->state = r->told_state = SIG_ROOM_STATE_ENDED;
    r->state_since_ms = now.unix_ms;
    r->done_due = true;
}

static enum sig_close close_of(enum admit v)
{
    switch (v) {
    case ADMIT_ENDED:
        return SIG_CLOSE_WINDOW_END;
    case ADMIT_CONSENT:
        return SIG_CLOSE_CUT_CONSENT;
    case ADMIT_NO_LOGIN:
        return SIG_CLOSE_LOGGED_OUT;
    case ADMIT_CANCELLED:
    case ADMIT_MOVED:
    case ADMIT_TOO_EARLY:
    case ADMIT_NOT_READY:
        return SIG_CLOSE_CUT_CANCELLED;
    case ADMIT_OK:
    case ADMIT_NOT_YOURS:
    case ADMIT_RIGHT_ENDED:
    case ADMIT_BACK_OFF:
    case ADMIT_FULL:
    case ADMIT_UNAVAILABLE:
        break;
    }
    return SIG_CLOSE_CUT_RIGHT_ENDED;
}

/* The verdict about the lesson itself, the same for everybody in it. */
static bool lesson_is_off(enum admit v)
{
    return v == ADMIT_CANCELLED || v == ADMIT_MOVED || v == ADMIT_NOT_READY ||
           v == ADMIT_TOO_EARLY || v == ADMIT_ENDED;
}

/* Facts that cannot be decided about do not end a running lesson (T24). */
static bool verdict_is_bad(enum admit v)
{
    return v != ADMIT_OK && v != ADMIT_UNAVAILABLE;
}

static void judge(struct room *r, struct now now, struct member *m)
{
    enum admit v = admit(&r->facts, &m->admit, now.unix_ms);

    if (!verdict_is_bad(v))
        return;
    if (lesson_is_off(v)) {
        room_finish(r, now, close_of(v));
        return;
    }
    member_leave_row(r, m, now, LEAVE_CUT);
    tell_closed(r, m, close_of(v));
    member_drop(r, now, m, SIG_LEAVE_CAUSE_CUT);
}

static void judge_all(struct room *r, struct now now)
{
    EACH_SEATED(r, m)
    {
        judge(r, now, m);
    }
}

/* Silence: shown after a while, a leave after a longer one. */
static void watch_silence(struct room *r, struct now now, struct member *m)
{
    int64_t silent_us = now.mono_us - m->heard_us;

    if (!m->conn.v) {
        if (now.mono_us >= m->keep_until_us)
            member_drop(r, now, m, SIG_LEAVE_CAUSE_LOST);
    } else if (silent_us >= ROOM_KEEP_SEAT_MS * US_PER_MS) {
        member_leave_row(r, m, now, LEAVE_TIMEOUT);
        effect_close(r, m->conn);
        member_drop(r, now, m, SIG_LEAVE_CAUSE_LOST);
    } else if (!m->silent && silent_us >= ROOM_SILENT_MS * US_PER_MS) {
        member_seen(r, m, m->heard_us); /* whoever comes back loses no more */
        m->silent = true;
        tell_member(r, m, m);
    }
}

static void watch_warnings(struct room *r, struct now now)
{
    int64_t left_ms = r->facts.end_ms - now.unix_ms;

    if (!r->five_told && left_ms <= FIVE_MS) {
        r->five_told = true;
        tell_notice_all(r, SIG_NOTICE_FIVE_MINUTES, 0, NULL);
    }
    if (!r->one_told && left_ms <= ONE_MS) {
        r->one_told = true;
        tell_notice_all(r, SIG_NOTICE_ONE_MINUTE, 0, NULL);
    }
}

static bool limit_reached(const struct room *r, const struct member *m)
{
    return r->facts.screen_limit_ms > 0 &&
           m->known->screen_us >= r->facts.screen_limit_ms * US_PER_MS;
}

/* What a child and its mentor are told once: the mentor is late, the screen minutes are used up. */
static void watch_children(struct room *r, struct now now)
{
    bool late = !r->mentor_was_in && now.unix_ms >= r->facts.start_ms + ROOM_MENTOR_LATE_MS;

    EACH_SEATED(r, m)
    {
        if (m->admit.seat == SEAT_MENTOR || member_visitor(m))
            continue;
        if (late && !m->known->late_told && m->conn.v) {
            m->known->late_told = true;
            tell_notice(r, m->conn, SIG_NOTICE_MENTOR_LATE, 0);
        }
        if (!m->known->limit_told && limit_reached(r, m)) {
            m->known->limit_told = true;
            tell_notice_all(r, SIG_NOTICE_SCREEN_LIMIT, m->known->number, NULL);
        }
    }
}

static void watch_seen(struct room *r, struct now now)
{
    if (now.mono_us < r->next_seen_us)
        return;
    r->next_seen_us = now.mono_us + ROOM_SEEN_MS * US_PER_MS;
    EACH_SEATED(r, m)
    {
        member_seen(r, m, m->heard_us);
    }
}

/* Brings the room up to now: everything that time alone causes. */
void room_watch(struct room *r, struct now now)
{
    r->now = now;
    room_account(r, now);
    if (r->over)
        return;
    if (now.unix_ms >= lesson_closes_ms(&r->facts)) {
        room_finish(r, now, SIG_CLOSE_WINDOW_END);
        return;
    }
    if (now.mono_us >= r->next_tick_us) {
        r->next_tick_us = now.mono_us + ROOM_TICK_US;
        judge_all(r, now);
        if (r->over)
            return;
    }
    EACH_SEATED(r, m)
    {
        watch_silence(r, now, m);
    }
    if (now.mono_us >= r->pause_until_us) {
        r->pause = SIG_BREAK_KIND_NONE;
        r->pause_until_us = NEVER_US;
        effect_fact(
            r,
            &(struct room_fact){ .kind = FACT_EVENT, .at_ms = now.unix_ms, .event = "break_off" },
            NULL);
    }
    watch_warnings(r, now);
    watch_children(r, now);
    watch_seen(r, now);
}

static void refuse(struct room *r, struct now now, struct conn_id conn, const struct room_person *p,
                   enum admit verdict)
{
    struct room_fact f = { .kind = FACT_LEFT,
                           .session = p->session,
                           .user = p->admit.user,
                           .at_ms = now.unix_ms,
                           .cause = LEAVE_CUT };

    effect_fact(r, &f, NULL);
    tell_refused(r, conn, verdict);
}

/* The person is in already, on a line that is still open or lost. */
static void replace_connection(struct room *r, struct now now, struct member *m,
                               const struct room_person *p)
{
    bool same_client = p->came_back;

    if (m->conn.v && same_client)
        effect_close(r, m->conn); /* it has come back before its old line was found dead */
    else
        tell_closed(r, m, SIG_CLOSE_TAKEN_OVER);
    member_leave_row(r, m, now, same_client ? LEAVE_SOCKET_CLOSED : LEAVE_TAKEN_OVER);
    member_disconnect(r, m);
    if (!same_client)
        m->mic = m->camera = m->screen = false; /* the new device says itself what it sends */
}

void room_join(struct room *r, struct now now, struct conn_id conn,
               const struct room_person *person)
{
    struct admit_person asked = person->admit;
    struct member *m;
    enum admit verdict;
    bool fresh;

    room_watch(r, now);
    asked.refused_in_minute = 0; /* asked and counted by the desk */
    asked.no_seat_free = false;
    verdict = r->over ? ADMIT_ENDED : admit(&r->facts, &asked, now.unix_ms);
    if (verdict == ADMIT_OK && member_by_conn(r, conn))
        verdict = ADMIT_UNAVAILABLE; /* one seat per connection */
    m = verdict == ADMIT_OK ? member_by_user(r, asked.user) : NULL;
    fresh = !m;
    if (fresh && verdict == ADMIT_OK) {
        m = member_seat(r, person);
        verdict = m ? ADMIT_OK : ADMIT_FULL;
    }
    if (verdict != ADMIT_OK) {
        refuse(r, now, conn, person, verdict);
        room_settle(r, now);
        return;
    }
    if (!fresh)
        replace_connection(r, now, m, person);
    member_connect(m, now, conn, person);
    state_fact(r, now, LESSON_OPEN);
    r->mentor_was_in = r->mentor_was_in || m->admit.seat == SEAT_MENTOR;
    tell_joined(r, now, m);
    if (r->facts.gathering)
        group_tell_floor(r, m->conn);
    tell_member(r, m, m);
    if (fresh && member_visitor(m)) {
        member_event(r, m, now, "visitor_in", 0);
        tell_notice_all(r, SIG_NOTICE_VISITOR_IN, m->known->number, m);
    }
    watch_children(r, now);
    room_settle(r, now);
}

void room_returns(struct room *r, struct now now, struct user_id user)
{
    struct member *m = member_by_user(r, user);

    r->now = now;
    if (m)
        member_seen(r, m, m->heard_us);
}

void room_heard(struct room *r, struct now now, struct conn_id conn)
{
    struct member *m = member_by_conn(r, conn);

    if (!m)
        return;
    m->heard_us = now.mono_us;
    if (!m->silent)
        return;
    room_watch(r, now);
    if (m->seated && m->silent) {
        m->silent = false;
        tell_member(r, m, m);
    }
    room_settle(r, now);
}

void room_conn_lost(struct room *r, struct now now, struct conn_id conn)
{
    struct member *m;

    room_watch(r, now);
    m = member_by_conn(r, conn);
    if (m)
        member_lose(r, m, now);
    room_settle(r, now);
}

void room_facts(struct room *r, struct now now, const struct lesson_facts *facts,
                const struct room_titles *titles)
{
    enum lesson_state state = r->facts.state;
    int64_t end_ms = r->facts.end_ms;

    room_watch(r, now);
    if (r->over)
        return;
    r->facts = *facts;
    r->titles = *titles;
    if ((r->size.people > ROOM_LESSON_PEOPLE) != facts->gathering)
        r->facts.gathering = !facts->gathering; /* a lesson never turns into a gathering */
    if (state_is_live(facts->state) && state_is_live(state))
        r->facts.state = state;
    if (facts->end_ms != end_ms)
        arm_warnings(r, now);
    if (now.unix_ms >= lesson_closes_ms(&r->facts))
        room_finish(r, now, SIG_CLOSE_WINDOW_END);
    else
        judge_all(r, now);
    if (!r->over)
        tell_lesson(r);
    room_settle(r, now);
}

void room_person_changed(struct room *r, struct now now, const struct admit_person *person)
{
    struct member *m;

    room_watch(r, now);
    m = member_by_user(r, person->user);
    if (m) {
        enum seat_role seat = m->admit.seat;

        m->admit = *person;
        m->admit.refused_in_minute = 0;
        m->admit.no_seat_free = false;
        if (person->seat != seat)
            m->admit.active = false; /* who is something else now has to come in anew */
        m->admit.seat = seat;
        judge(r, now, m);
    }
    room_settle(r, now);
}

static void media_slots(struct room *r, const struct member *m, const struct media_event *ev)
{
    struct sig_slot slots[SLOTS_MAX];
    int n = ev->slots_n < SLOTS_MAX ? ev->slots_n : SLOTS_MAX;

    for (int i = 0; i < n; i++)
        slots[i] = (struct sig_slot){ .mid = ev->slots[i].mid,
                                      .member = ev->slots[i].member,
                                      .has_step = ev->slots[i].picture,
                                      .step = (int)ev->slots[i].step };
    effect_send(r, m->conn,
                &(struct sig_server){ .kind = SIG_SERVER_SLOTS,
                                      .u.slots = { slots, (size_t)(n > 0 ? n : 0) } });
}

/* Told to those who hear, about those who may be heard. */
static void media_speaking(struct room *r, const struct media_event *ev)
{
    uint16_t heard[SPEAKING_MAX];
    struct sig_server msg = { .kind = SIG_SERVER_SPEAKING, .u.speaking.members = heard };

    for (int i = 0; i < ev->speaking_n && i < SPEAKING_MAX; i++) {
        struct member *m = member_by_number(r, ev->speaking[i]);

        if (!m || !m->gate.mic)
            continue;
        heard[msg.u.speaking.members_n++] = ev->speaking[i];
        group_heard(r, m);
    }
    effect_to_receivers(r, &msg);
}

static void media_answer(struct room *r, struct member *m, const struct media_event *ev)
{
    char *sdp = mem_strndup(ev->sdp, ev->sdp_len);

    if (!sdp) {
        effect_close(r, m->conn);
        return;
    }
    m->leg = LEG_OPEN;
    effect_send(r, m->conn, &(struct sig_server){ .kind = SIG_SERVER_ANSWER, .u.answer.sdp = sdp });
    mem_free(sdp);
}

static void media_dead(struct room *r, struct member *m)
{
    struct media_command close = { .kind = MEDIA_LEG_CLOSE, .leg = member_leg(m) };

    (void)effect_media(r, &close, NULL);
    m->leg = LEG_DEAD;
    m->gate = (struct leg_gate){ 0 };
    m->media_dead = true;
}

static void media_key(struct room *r, const struct member *m, const struct media_event *ev)
{
    struct sig_server msg = { .kind = SIG_SERVER_KEY_FRAME,
                              .u.key_frame.source = (enum sig_source)ev->source };

    effect_send(r, m->conn, &msg);
}

static void media_layers(struct room *r, const struct member *m, const struct media_event *ev)
{
    effect_send(r, m->conn,
                &(struct sig_server){ .kind = SIG_SERVER_LAYERS, .u.layers.camera = ev->layers });
}

static void media_rates(struct room *r, const struct member *m, const struct media_event *ev)
{
    struct sig_server msg = { .kind = SIG_SERVER_RATES };

    msg.u.rates.voice = ev->rates.voice;
    msg.u.rates.camera = ev->rates.camera;
    effect_send(r, m->conn, &msg);
}

static void media_bad_frame(struct room *r, const struct member *m, const struct media_event *ev)
{
    struct sig_server msg = { .kind = SIG_SERVER_BAD_FRAME };

    if (sig_media_refusal_parse(ev->why, &msg.u.bad_frame.code))
        effect_send(r, m->conn, &msg);
}

void room_media(struct room *r, struct now now, const struct media_event *ev)
{
    struct member *m;
    bool has_leg;

    room_watch(r, now);
    m = member_by_conn(r, (struct conn_id){ leg_conn(ev->leg) });
    has_leg = m && member_leg(m).v == ev->leg.v && (m->leg == LEG_OPENING || m->leg == LEG_OPEN);
    if (ev->kind == MEDIA_SPEAKING)
        media_speaking(r, ev);
    else if (!has_leg)
        return; /* of a leg that has been closed meanwhile */
    else if (ev->kind == MEDIA_LIVE && m->leg == LEG_OPENING && m->frames) {
        m->leg = LEG_OPEN;
        effect_send(r, m->conn, &(struct sig_server){ .kind = SIG_SERVER_FRAMES });
    } else if (ev->kind == MEDIA_KEY)
        media_key(r, m, ev);
    else if (ev->kind == MEDIA_LAYERS)
        media_layers(r, m, ev);
    else if (ev->kind == MEDIA_RATES)
        media_rates(r, m, ev);
    else if (ev->kind == MEDIA_BAD_FRAME)
        media_bad_frame(r, m, ev);
    else if (ev->kind == MEDIA_ANSWER && m->leg == LEG_OPENING)
        media_answer(r, m, ev);
    else if (ev->kind == MEDIA_REFUSED && m->leg == LEG_OPENING) {
        m->leg = LEG_NONE;
        m->gate = (struct leg_gate){ 0 };
        tell_error(r, m->conn, SIG_ERROR_BAD_OFFER, m->frames ? "frames" : "offer",
                   m->frames ? "" : "sdp", ev->why ? ev->why : "");
    } else if (ev->kind == MEDIA_DEAD)
        media_dead(r, m);
    else if (ev->kind == MEDIA_SLOTS)
        media_slots(r, m, ev);
    room_settle(r, now);
}

void room_drain(struct room *r, struct now now)
{
    room_watch(r, now);
    room_finish(r, now, SIG_CLOSE_SERVER_RESTART);
}

void room_timeout(struct room *r, struct now now)
{
    room_watch(r, now);
    room_settle(r, now);
}

/* When a moment of the wall clock comes, on the monotonic one; never if it has passed. */
static int64_t when(struct now now, int64_t unix_ms)
{
    return unix_ms > now.unix_ms ? now.mono_us + (unix_ms - now.unix_ms) * US_PER_MS : NEVER_US;
}

static int64_t member_deadline(const struct room *r, const struct member *m)
{
    int64_t at;

    if (!m->conn.v)
        return m->keep_until_us;
    at = m->heard_us + (m->silent ? ROOM_KEEP_SEAT_MS : ROOM_SILENT_MS) * US_PER_MS;
    if (m->watching && r->facts.screen_limit_ms > 0 && !m->known->limit_told)
        at = earlier_us(at, r->accounted_us + r->facts.screen_limit_ms * US_PER_MS -
                                m->known->screen_us);
    return at;
}

int64_t room_deadline(const struct room *r)
{
    int64_t at = earlier_us(r->next_tick_us, r->next_seen_us);

    if (r->over)
        return NEVER_US;
    at = earlier_us(at, r->pause_until_us);
    at = earlier_us(at, group_deadline(r));
    at = earlier_us(at, when(r->now, lesson_closes_ms(&r->facts)));
    at = earlier_us(at, when(r->now, r->facts.end_ms - FIVE_MS));
    at = earlier_us(at, when(r->now, r->facts.end_ms - ONE_MS));
    at = earlier_us(at, when(r->now, r->facts.start_ms + ROOM_MENTOR_LATE_MS));
    for (int i = 0; i < r->size.people; i++) {
        if (r->members[i].seated)
            at = earlier_us(at, member_deadline(r, &r->members[i]));
    }
    return at;
}

int room_places(const struct room *r)
{
    return r->size.people;
}

void room_look(const struct room *r, struct room_view *out)
{
    *out = (struct room_view){ .lesson = r->facts.id,
                               .state = r->state,
                               .state_since_ms = r->state_since_ms };
    for (int i = 0; i < r->size.people; i++) {
        const struct member *m = &r->members[i];

        if (!m->seated)
            continue;
        out->people[out->people_n++] = (struct room_person_view){
            .user = m->admit.user,
            .seat = m->admit.seat,
            .present = member_present(m),
            .mic = m->mic,
            .camera = m->camera,
            .screen = m->screen,
            .hand = m->hand,
            .resting = m->resting,
            .since_ms = m->joined_ms,
            .loss_permille = m->loss_permille,
            .rtt_ms = m->rtt_ms,
        };
    }
}
