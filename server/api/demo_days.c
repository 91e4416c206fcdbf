/* SPDX-License-Identifier: Apache-2.0
 *
 * The demo's lessons, day by day: who was taught when, and what happened at
 * the door. Only presence facts are invented; outcome, codes and reports are
 * computed from them as in earnest. See demo.h.
 */
#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/demo_world.h"
#include "server/api/month_move.h"
#include "server/domain/zone.h"
#include "server/store/attendance.h"
#include "server/store/home.h"
#include "server/store/lesson.h"
#include "server/store/session.h"

#define SLOTS 6
#define FIRST_SLOT_MIN (9 * 60)
#define SLOT_STEP_MIN 55
#define LESSON_MIN 40
/* Today nothing but the running lesson stands this close around now: nobody would come to it. */
#define QUIET_BEFORE_MS (8 * MS_PER_MIN)
#define QUIET_AFTER_MS (20 * MS_PER_MIN)
/* The two of the running lesson are free from this long before now on. */
#define FREE_BEFORE_MS (30 * MS_PER_MIN)

#define S(n) ((int64_t)(n)*MS_PER_S)
#define M(n) ((int64_t)(n)*MS_PER_MIN)

/* xorshift64: the same day gives the same lessons on every machine. */
struct dice {
    uint64_t x;
};

static uint64_t roll(struct dice *d, uint64_t sides)
{
    d->x ^= d->x << 13;
    d->x ^= d->x >> 7;
    d->x ^= d->x << 17;
    return d->x % sides;
}

static struct dice dice_of(int64_t days, int slot, int mentor)
{
    struct dice d = { 0x9e3779b97f4a7c15u ^
                      (uint64_t)(days * 1000 + slot * 10 + mentor + 1) * 0xbf58476d1ce4e5b9u };

    for (int i = 0; i < 8; i++)
        (void)roll(&d, 2);
    return d;
}

/* One lesson being played. */
struct scene {
    struct demo_world *w;
    struct lesson_id lesson;
    int64_t start_ms, end_ms;
    int mentor, child;
    struct outage outage; /* from = to = 0: none on this day */
};

static enum err sit_part(const struct scene *s, struct user_id user, enum seat_role seat,
                         int64_t join, int64_t leave, enum leave_cause cause, int64_t uncertain)
{
    static const uint8_t no_token[SESSION_HASH_BYTES];
    char conn[SESSION_CONN_MAX + 1];
    struct session_new n = { .lesson = s->lesson,
                             .user = user,
                             .seat = seat,
                             .conn = conn,
                             .resume = no_token,
                             .join_ms = join,
                             .ip_hash = "" };
    struct session_id id;
    enum err err;

    if (leave <= join)
        return ERR_OK;
    if (!str_format(conn, sizeof conn, "demo-%lld-%lld-%lld", (long long)s->lesson.v,
                    (long long)user.v, (long long)join))
        return ERR_INVAL;
    err = session_open(s->w->db, &n, &id);
    if (!err)
        err = session_seen(s->w->db, id, leave);
    if (!err)
        err = session_screen(s->w->db, id, seat == SEAT_CHILD ? (leave - join) * 6 / 10 : 0);
    return err ? err : session_leave(s->w->db, id, leave, cause, uncertain, leave);
}

/* A person was connected from join to leave, but for the server's outage. */
static enum err sit(const struct scene *s, struct user_id user, enum seat_role seat, int64_t join,
                    int64_t leave, enum leave_cause cause)
{
    const struct outage *o = &s->outage;
    enum err err;

    if (!o->to_ms || leave <= o->from_ms || join >= o->to_ms)
        return sit_part(s, user, seat, join, leave, cause, 0);
    err = sit_part(s, user, seat, join, o->from_ms, LEAVE_SERVER_RESTART, S(4));
    return err ? err : sit_part(s, user, seat, o->to_ms + S(9), leave, cause, 0);
}

static enum err teach(const struct scene *s, int64_t join, int64_t leave, enum leave_cause cause)
{
    return sit(s, s->w->mentor_users[s->mentor], SEAT_MENTOR, join, leave, cause);
}

static enum err learn(const struct scene *s, int64_t join, int64_t leave, enum leave_cause cause)
{
    return sit(s, s->w->child_users[s->child], SEAT_CHILD, join, leave, cause);
}

enum plot {
    PLOT_QUIET, /* as it should be */
    PLOT_LATE,
    PLOT_TIRED,
    PLOT_GAP,    /* the link is lost and comes back */
    PLOT_LOST,   /* the link is lost for good, tries to return fail */
    PLOT_NO_WAY, /* tries and never gets in */
    PLOT_CHILD_AWAY,
    PLOT_MENTOR_AWAY,
    PLOT_MENTOR_LATE,
    PLOT_CANCELLED,
};

static enum plot plot_of(struct dice *d)
{
    static const struct {
        unsigned upto;
        enum plot plot;
    } table[] = { { 70, PLOT_QUIET },      { 77, PLOT_LATE },        { 83, PLOT_TIRED },
                  { 88, PLOT_GAP },        { 90, PLOT_LOST },        { 91, PLOT_NO_WAY },
                  { 95, PLOT_CHILD_AWAY }, { 97, PLOT_MENTOR_AWAY }, { 98, PLOT_MENTOR_LATE },
                  { 100, PLOT_CANCELLED } };
    uint64_t n = roll(d, 100);
    size_t i = 0;

    while (n >= table[i].upto)
        i++;
    return table[i].plot;
}

/* Tries at the door that failed while the server answered: the child's own technical failure. */
static enum err tries(const struct scene *s, int64_t from_ms)
{
    enum err err = ERR_OK;

    for (int i = 0; !err && i < 3; i++)
        err = join_attempt_add(s->w->db, s->lesson, true, s->w->child_users[s->child],
                               from_ms + M(3 * i), "unavailable", "");
    return err;
}

static enum err play_plot(const struct scene *s, enum plot plot, struct dice *d)
{
    int64_t a = s->start_ms, z = s->end_ms;
    int64_t in = a - S(60 + roll(d, 180)), at;
    int64_t child_in = a - S(200) + S(roll(d, 260));
    enum err err = ERR_OK;

    switch (plot) {
    case PLOT_LATE:
        err = teach(s, in, z, LEAVE_WINDOW_END);
        return err ? err : learn(s, a + M(6 + roll(d, 7)), z, LEAVE_LEFT);
    case PLOT_TIRED:
        at = a + M(14 + roll(d, 12));
        err = teach(s, in, at + M(4), LEAVE_LEFT);
        return err ? err : learn(s, child_in, at, LEAVE_TIRED);
    case PLOT_GAP:
        at = a + M(8 + roll(d, 15));
        err = teach(s, in, z, LEAVE_WINDOW_END);
        if (!err)
            err = learn(s, child_in, at, LEAVE_TIMEOUT);
        return err ? err : learn(s, at + S(70 + roll(d, 100)), z, LEAVE_LEFT);
    case PLOT_LOST:
        at = a + M(11 + roll(d, 8));
        err = teach(s, in, z, LEAVE_WINDOW_END);
        if (!err)
            err = learn(s, child_in, at, LEAVE_TIMEOUT);
        return err ? err : tries(s, at + M(1));
    case PLOT_NO_WAY:
        err = teach(s, in, a + M(25), LEAVE_LEFT);
        return err ? err : tries(s, a + M(1));
    case PLOT_CHILD_AWAY:
        return teach(s, in, a + M(16 + roll(d, 5)), LEAVE_LEFT);
    case PLOT_MENTOR_AWAY:
        return learn(s, child_in, a + M(15), LEAVE_LEFT);
    case PLOT_MENTOR_LATE:
        err = teach(s, a + M(8), z, LEAVE_WINDOW_END);
        return err ? err : learn(s, child_in, z, LEAVE_LEFT);
    case PLOT_QUIET:
    case PLOT_CANCELLED:
        break;
    }
    err = teach(s, in, z + S(roll(d, 100)), LEAVE_WINDOW_END);
    return err ? err : learn(s, child_in, z + S(roll(d, 40)), LEAVE_LEFT);
}

static const char *const topics[DEMO_SUBJECTS][6] = {
    { "Обыкновенные дроби", "Сокращение дробей", "Общий знаменатель", "Сравнение дробей",
      "Сложение дробей", "Задачи на части" },
    { "Части речи", "Безударные гласные", "Приставки", "Сложное предложение", "Диктант",
      "Знаки препинания" },
    { "А. С. Пушкин. Сказки", "Басни Крылова", "Рассказы о природе", "Стихи об осени",
      "Пересказ по плану", "Выразительное чтение" },
    { "Вода в природе", "Строение растений", "Наша планета", "Животные леса", "Погода и климат",
      "Полезные ископаемые" },
    { "Present Simple", "My day", "At the shop", "Past Simple", "Weather", "Reading: a letter" },
    { "Осенний лист", "Натюрморт", "Портрет", "Перспектива", "Орнамент", "Иллюстрация к сказке" },
    { "Ритм", "Народная песня", "Инструменты", "Ноты", "Марш и вальс", "Слушаем Чайковского" },
};
static const char *const homework[] = { "№ 214, 215", "стр. 48, вопросы 1-3", "выучить правило",
                                        "прочитать и пересказать", "" };
static const char *const marks[] = { "5", "4", "5", "3", "", "4", "", "" };

static enum err write_note(const struct scene *s, int subject, struct dice *d)
{
    struct lesson_note note = { 0 };

    if (!str_copy(note.topic, sizeof note.topic, topics[subject][roll(d, 6)]) ||
        !str_copy(note.homework, sizeof note.homework, homework[roll(d, 5)]) ||
        !str_copy(note.mark, sizeof note.mark, marks[roll(d, 8)]))
        return ERR_INVAL;
    return note_save(s->w->db, s->lesson, s->w->children[s->child], &note, s->end_ms + M(30),
                     s->w->mentor_users[s->mentor]);
}

static enum err amend_illness(const struct scene *s, int64_t at_ms)
{
    struct amendment a = {
        .old_code = 'N', .new_code = 'I', .by = s->w->coordinator, .at_ms = at_ms
    };
    int64_t id;

    if (!str_copy(a.reason, sizeof a.reason, "справка из поликлиники") ||
        !str_format(a.document_no, sizeof a.document_no, "%d", 100 + s->child) ||
        !str_copy(a.title, sizeof a.title, "coordinator"))
        return ERR_INVAL;
    return amendment_add(s->w->db, s->lesson, s->w->children[s->child], &a, &id);
}

static enum err family_says(const struct scene *s, struct dice *d)
{
    struct confirmation said = { .word = FAMILY_CONFIRMED,
                                 .guardian = s->w->guardians[s->child],
                                 .at_ms = s->end_ms + 2 * MS_PER_DAY };
    bool first = s->child == 0 && s->w->now_ms - s->end_ms < 8 * MS_PER_DAY;

    /* The first child's last week is left to be confirmed by whoever looks at the demo. */
    if (said.at_ms > s->w->now_ms || first || roll(d, 100) >= 85)
        return ERR_OK;
    if (roll(d, 60) == 0) {
        said.word = FAMILY_DISPUTED;
        if (!str_copy(said.text, sizeof said.text, "Урок был короче, чем записано"))
            return ERR_INVAL;
    }
    return confirmation_add(s->w->db, s->lesson, s->w->children[s->child], &said);
}

/* A coordinator looked in on a few of the first child's lessons: everybody was told. */
static enum err visit(const struct scene *s, struct dice *d)
{
    if (s->child != 0 || roll(d, 9) != 0)
        return ERR_OK;
    return sit(s, s->w->coordinator, SEAT_COORDINATOR, s->start_ms + M(10), s->start_ms + M(14),
               LEAVE_LEFT);
}

static enum err play(const struct scene *s, int subject, struct dice *d)
{
    enum plot plot = plot_of(d);
    int64_t done = s->end_ms + M(6);
    enum err err;

    if (plot == PLOT_CANCELLED)
        return lesson_cancel(s->w->db, s->lesson, "температура", SIDE_CHILD, s->start_ms - M(90));
    err = play_plot(s, plot, d);
    if (!err && plot == PLOT_QUIET)
        err = visit(s, d);
    if (!err)
        err = attendance_close(s->w->db, s->lesson, done);
    if (err || s->w->now_ms < done)
        return err;
    if (plot == PLOT_CHILD_AWAY && roll(d, 2) == 0 && s->end_ms + MS_PER_DAY < s->w->now_ms)
        err = amend_illness(s, s->end_ms + MS_PER_DAY);
    if (!err && plot != PLOT_CHILD_AWAY && plot != PLOT_MENTOR_AWAY && plot != PLOT_NO_WAY &&
        (roll(d, 100) >= 8 || s->w->now_ms - s->end_ms > 10 * MS_PER_DAY))
        err = write_note(s, subject, d);
    return err ? err : family_says(s, d);
}

/* ---- the timetable of one day ---------------------------------------------------------------- */

struct day_plan {
    struct demo_world *w;
    int64_t days, midnight_ms;
    bool today;
    struct outage outage;
    int taught[DEMO_CHILDREN]; /* lessons of the day */
};

static bool quiet_time(const struct day_plan *p, int64_t start_ms, int64_t end_ms)
{
    return p->today && end_ms > p->w->now_ms - QUIET_BEFORE_MS &&
           start_ms < p->w->now_ms + QUIET_AFTER_MS;
}

/* Today the first mentor and the first child are kept free for the running lesson. */
static bool kept_free(const struct day_plan *p, int mentor, int child, int64_t end_ms)
{
    return p->today && end_ms > p->w->now_ms - FREE_BEFORE_MS && (mentor == 0 || child == 0);
}

static int child_for(const struct day_plan *p, int slot, int mentor, const bool *busy, int64_t end)
{
    int from = (int)((p->days * 3 + slot * 7 + mentor) % DEMO_CHILDREN);

    for (int i = 0; i < DEMO_CHILDREN; i++) {
        int child = (from + i) % DEMO_CHILDREN;

        if (demo_teaches(mentor, child) && !busy[child] && p->taught[child] < 3 &&
            !kept_free(p, mentor, child, end))
            return child;
    }
    return -1;
}

static enum err place(struct day_plan *p, int slot, int mentor, int child, int64_t start_ms)
{
    struct dice d = dice_of(p->days, slot, mentor);
    int subject = demo_subject_of(mentor);
    struct scene s = { .w = p->w,
                       .start_ms = start_ms,
                       .end_ms = start_ms + M(LESSON_MIN),
                       .mentor = mentor,
                       .child = child,
                       .outage = p->outage };
    struct lesson_plan plan = { .org = p->w->centre,
                                .mentor = p->w->mentors[mentor],
                                .children = { p->w->children[child] },
                                .children_n = 1,
                                .start_ms = s.start_ms,
                                .end_ms = s.end_ms,
                                .tz = demo_zone_of_child(child),
                                .state = LESSON_SCHEDULED };
    enum err err = db_savepoint(p->w->db);

    if (err)
        return err;
    if (mentor == DEMO_MENTORS - 1 && slot % 2)
        subject++; /* art and music */
    plan.subject_id = p->w->subjects[subject];
    err = lesson_add(p->w->db, &plan, p->w->now_ms, p->w->coordinator, &s.lesson);
    if (err == ERR_STATE) { /* the running lesson of an earlier start is in the way */
        db_undo(p->w->db);
        return ERR_OK;
    }
    if (!err)
        p->taught[child]++;
    if (!err && s.end_ms + M(6) <= p->w->now_ms)
        err = play(&s, subject, &d);
    if (!err)
        return db_release(p->w->db);
    db_undo(p->w->db);
    return err;
}

static enum err add_outage(struct day_plan *p)
{
    int64_t length = p->days % 19 == 4 ? S(90) : p->days % 23 == 7 ? M(20) : 0;
    int64_t from = p->midnight_ms + M(11 * 60 + 50);

    if (p->today || !length)
        return ERR_OK;
    p->outage = (struct outage){ from, from + length };
    return outage_add(p->w->db, from, from + length, "crash", from + length);
}

/* Does the day have lessons other than the running ones? */
static enum err day_is_filled(const struct day_plan *p, bool *out)
{
    struct lesson_filter f = { .centre = p->w->centre,
                               .from_ms = p->midnight_ms,
                               .to_ms = p->midnight_ms + MS_PER_DAY };
    struct lesson_list l = { 0 };
    enum err err = lesson_list(p->w->db, &f, &l);

    *out = false;
    for (size_t i = 0; !err && i < l.n; i++) {
        bool running = mentor_id_eq(l.items[i].mentor, p->w->mentors[0]) && l.items[i].seats_n &&
                       child_id_eq(l.items[i].seats[0].child, p->w->children[0]);

        *out = *out || !running;
    }
    lesson_list_free(&l);
    return err;
}

static enum err fill_slot(struct day_plan *p, int slot)
{
    int64_t start = p->midnight_ms + M(FIRST_SLOT_MIN + slot * SLOT_STEP_MIN);
    bool busy[DEMO_CHILDREN] = { false };
    enum err err = ERR_OK;

    if (quiet_time(p, start, start + M(LESSON_MIN)))
        return ERR_OK;
    for (int m = 0; !err && m < DEMO_MENTORS; m++) {
        bool ahead = start > p->w->now_ms;
        int child;

        /* Every mentor has a free hour; what is still to come today is thinner. */
        if ((m + slot + p->days) % 6 == 0 || (ahead && (m + slot + p->days) % 3 != 1))
            continue;
        child = child_for(p, slot, m, busy, start + M(LESSON_MIN));
        if (child < 0 || kept_free(p, m, child, start + M(LESSON_MIN)))
            continue;
        busy[child] = true;
        err = place(p, slot, m, child, start);
    }
    return err;
}

enum err demo_day(struct demo_world *w, int64_t days, bool today)
{
    struct day_plan p = { .w = w, .days = days, .today = today };
    int year, month, day;
    bool filled = false;
    enum err err;

    if (!today && date_weekday(days) > 5)
        return ERR_OK;
    date_from_days(days, &year, &month, &day);
    err = zone_day_start(DEMO_CENTRE_TZ, year, month, day, &p.midnight_ms);
    if (!err)
        err = day_is_filled(&p, &filled);
    if (err || filled)
        return err;
    err = add_outage(&p);
    for (int slot = 0; !err && slot < SLOTS; slot++)
        err = fill_slot(&p, slot);
    return err;
}

/* As in earnest, with the bytes that were accepted: without them the centre's archive of the month
 * could not be made. */
static enum err accept_report(struct demo_world *w, const struct report_key *k)
{
    struct call c = { .db = w->db, .now = { .unix_ms = w->now_ms } };
    enum err err = user_load(w->db, w->coordinator, &c.user);

    if (err)
        return err;
    return month_accept_stored(&c, k);
}

/* One of the demo's own? Whoever came by a referral writes and accepts their reports by hand. */
static bool invented(const struct demo_world *w, struct child_id child)
{
    bool found = false;

    for (int i = 0; i < DEMO_CHILDREN; i++)
        found = found || child_id_eq(child, w->children[i]);
    return found;
}

enum err demo_reports(struct demo_world *w, int year, int month)
{
    struct report_filter f = { .centre = w->centre, .year = year, .month = month };
    struct report_head_list l = { 0 };
    enum err err = report_list(w->db, &f, &l);

    for (size_t i = 0; !err && i < l.n; i++) {
        const struct report_key *k = &l.items[i].key;
        bool owed =
            mentor_id_eq(k->mentor, w->mentors[0]) &&
            (child_id_eq(k->child, w->children[0]) || child_id_eq(k->child, w->children[5]));

        if (!owed && invented(w, k->child))
            err = accept_report(w, k);
    }
    report_head_list_free(&l);
    return err;
}
