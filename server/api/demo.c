/* SPDX-License-Identifier: Apache-2.0
 *
 * Filling and renewing the demo; see demo.h.
 */
#include "server/api/demo.h"

#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/card.h"
#include "server/api/demo_world.h"
#include "server/domain/zone.h"
#include "server/store/attendance.h"
#include "server/store/lesson.h"
#include "server/store/login.h"
#include "server/store/org.h"
#include "server/store/session.h"

#define DEMO_DAYS 400 /* since when everything is in force */
#define RUNNING_MIN 45
#define RUNNING_SINCE_MIN 12
#define RUNNING_STEP_MS (5 * MS_PER_MIN)
/* The next lesson is put on the timetable when this much is left: its door opens 10 min before. */
#define RUNNING_LEFT_MS (11 * MS_PER_MIN)
#define LINK_VALID_MS (7 * MS_PER_DAY)

enum err demo_is(struct db *db, bool *out)
{
    const enum org_type centre = ORG_CENTRE;
    struct org_list l = { 0 };
    int64_t demo = 0;
    enum err err = org_list(db, &centre, &l);

    *out = false;
    for (size_t i = 0; !err && i < l.n; i++) {
        err = policy_int(db, l.items[i].id, "demo", INT64_MAX - 1, 0, 1, 0, &demo);
        *out = *out || demo == 1;
    }
    org_list_free(&l);
    return err;
}

static enum err is_empty(struct db *db, bool *out)
{
    struct org_list l = { 0 };
    enum err err = org_list(db, NULL, &l);

    *out = l.n == 0;
    org_list_free(&l);
    return err;
}

/* ---- the lesson that always runs ------------------------------------------------------------- */

static enum err add_running(struct demo_world *w, int64_t start_ms)
{
    struct lesson_plan plan = { .org = w->centre,
                                .subject_id = w->subjects[0],
                                .mentor = w->mentors[0],
                                .children = { w->children[0] },
                                .children_n = 1,
                                .start_ms = start_ms,
                                .end_ms = start_ms + RUNNING_MIN * MS_PER_MIN,
                                .tz = demo_zone_of_child(0),
                                .state = LESSON_SCHEDULED };
    struct lesson_id id;

    return lesson_add(w->db, &plan, w->now_ms, w->coordinator, &id);
}

/* Lessons of the first mentor around now: the one that runs, the latest end behind, the next one
 * ahead. */
struct around {
    struct lesson_id running;
    enum lesson_state state;
    int64_t ends_ms;      /* of the running one */
    int64_t free_from_ms; /* nothing of the two ends later than this before now */
    bool next;            /* one begins where the running one ends */
};

static bool stands(const struct booked_lesson *b)
{
    return b->state != LESSON_CANCELLED && b->state != LESSON_RESCHEDULED &&
           b->state != LESSON_PLANNED;
}

static enum err look_around(struct demo_world *w, struct around *out)
{
    struct booked_list l = { 0 };
    struct around a = { .free_from_ms = w->now_ms - MS_PER_DAY };
    int64_t now = w->now_ms;
    enum err err = booked_list(w->db, w->mentors[0], w->children, 1, now - 4 * MS_PER_HOUR,
                               now + 4 * MS_PER_HOUR, &l);

    for (size_t i = 0; !err && i < l.n; i++) {
        const struct booked_lesson *b = &l.items[i];
        bool over = b->state != LESSON_SCHEDULED && b->state != LESSON_OPEN &&
                    b->state != LESSON_RUNNING && b->state != LESSON_INTERRUPTED;

        if (!stands(b))
            continue;
        if (b->start_ms <= now && b->end_ms > now && !over) {
            a.running = b->id;
            a.state = b->state;
            a.ends_ms = b->end_ms;
        } else if (b->start_ms <= now && b->end_ms > a.free_from_ms) {
            a.free_from_ms = b->end_ms;
        }
    }
    for (size_t i = 0; !err && a.running.v && i < l.n; i++)
        a.next = a.next || (stands(&l.items[i]) && l.items[i].start_ms >= a.ends_ms &&
                            l.items[i].start_ms < a.ends_ms + RUNNING_MIN * MS_PER_MIN);
    booked_list_free(&l);
    if (!err)
        *out = a;
    return err;
}

/* Nobody came to the running lesson: it moves to now, so that the register does not fill with
 * no-shows of a lesson that only exists to be looked at. */
static enum err move_running(struct demo_world *w, const struct around *a)
{
    int64_t start = w->now_ms - w->now_ms % RUNNING_STEP_MS;
    struct lesson_id id;

    return lesson_move(w->db, a->running, start, start + RUNNING_MIN * MS_PER_MIN, "demo",
                       SIDE_CENTRE, w->now_ms, w->coordinator, &id);
}

static enum err keep_running(struct demo_world *w, int *added)
{
    struct around a;
    int seats = 0;
    struct session_list sessions = { 0 };
    enum err err = look_around(w, &a);

    *added = 0;
    if (err)
        return err;
    if (!a.running.v) {
        int64_t start = w->now_ms - RUNNING_SINCE_MIN * MS_PER_MIN;

        start -= start % RUNNING_STEP_MS;
        *added = 1;
        return add_running(w, start > a.free_from_ms ? start : a.free_from_ms);
    }
    if (a.ends_ms - w->now_ms > RUNNING_LEFT_MS || a.next)
        return ERR_OK;
    err = session_list(w->db, a.running, &sessions);
    seats = (int)sessions.n;
    session_list_free(&sessions);
    if (err)
        return err;
    *added = 1;
    if (seats == 0 && a.state == LESSON_SCHEDULED)
        return move_running(w, &a);
    return add_running(w, a.ends_ms);
}

/* Somebody may have put a lesson of the two on the timetable: then that one is what runs. */
static enum err keep_running_if_free(struct demo_world *w, int *added)
{
    enum err err = db_savepoint(w->db);

    if (err)
        return err;
    err = keep_running(w, added);
    if (!err)
        return db_release(w->db);
    db_undo(w->db);
    *added = 0;
    return err == ERR_STATE && db_in_transaction(w->db) ? ERR_OK : err;
}

enum err demo_keep_running(struct db *db, int64_t now_ms, int *added)
{
    struct demo_world w = { .db = db, .now_ms = now_ms };
    enum err err = demo_people_find(&w);

    return err ? err : keep_running_if_free(&w, added);
}

/* ---- filling --------------------------------------------------------------------------------- */

static enum err today_in(const struct demo_world *w, struct local_time *out)
{
    return zone_local(DEMO_CENTRE_TZ, w->now_ms, out);
}

/* From the first of the month before this one to today. */
static enum err fill_days(struct demo_world *w, int *year, int *month)
{
    struct local_time t;
    enum err err = today_in(w, &t);
    int64_t today, first;

    if (err)
        return err;
    *year = t.month == 1 ? t.year - 1 : t.year;
    *month = t.month == 1 ? 12 : t.month - 1;
    today = date_to_days(t.year, t.month, t.day);
    first = date_to_days(*year, *month, 1);
    for (int64_t day = first; !err && day <= today; day++)
        err = demo_day(w, day, day == today);
    return err;
}

static enum err add_row(struct demo_world *w, struct demo_table *t, const char *what,
                        struct user_id user, const char *card)
{
    struct demo_row *row = &t->rows[t->rows_n];
    struct user u;
    uint8_t hash[TOKEN_HASH_BYTES];
    enum err err = user_load(w->db, user, &u);

    if (t->rows_n == DEMO_ROWS_MAX)
        return ERR_INVAL;
    if (!err)
        err = link_revoke_all(w->db, user, w->now_ms);
    if (!err)
        err = account_new_link(w->db, user, LINK_VALID_MS, w->now_ms, w->coordinator, row->token);
    if (err)
        return err;
    account_token_hash(row->token, hash);
    err = link_allow_uses(w->db, hash, DEMO_LINK_USES);
    if (err)
        return err;
    if (!str_copy(row->what, sizeof row->what, what) ||
        !str_copy(row->name, sizeof row->name, u.name) ||
        !str_copy(row->card, sizeof row->card, card))
        return ERR_INVAL;
    t->rows_n++;
    return ERR_OK;
}

static enum err fill_table(struct demo_world *w, struct demo_table *t)
{
    enum err err = add_row(w, t, "coordinator", w->coordinator, "");

    for (int i = 0; !err && i < 2; i++)
        err = add_row(w, t, "mentor", w->mentor_users[i], "");
    for (int i = 0; !err && i < 2; i++)
        err = add_row(w, t, "child", w->child_users[i], demo_cards[i]);
    if (!err)
        err = add_row(w, t, "guardian", w->guardians[0], "");
    if (!err)
        err = add_row(w, t, "school_officer", w->officer, "");
    return err ? err : add_row(w, t, "newcomer", w->newcomer, "");
}

static enum err make_world(struct demo_world *w, const struct account_key *key)
{
    enum err err = demo_people(w, w->now_ms - DEMO_DAYS * MS_PER_DAY);

    for (int i = 0; !err && i < 2; i++)
        err = card_set(w->db, key, w->child_users[i], demo_cards[i], w->now_ms, w->coordinator);
    return err;
}

static enum err fill(struct demo_world *w, const struct account_key *key, struct demo_table *out)
{
    bool empty = false, demo = false;
    int year, month, added;
    enum err err = is_empty(w->db, &empty);

    if (!err)
        err = demo_is(w->db, &demo);
    if (err)
        return err;
    if (!empty && !demo)
        return ERR_STATE;
    err = empty ? make_world(w, key) : demo_people_find(w);
    if (!err && !empty) /* made before there was anything to verify */
        err = demo_papers(w, w->now_ms - DEMO_DAYS * MS_PER_DAY);
    if (!err)
        err = demo_newcomer(w, w->now_ms - DEMO_DAYS * MS_PER_DAY);
    if (!err)
        err = fill_days(w, &year, &month);
    if (!err)
        err = demo_terms(w);
    if (!err)
        err = demo_reports(w, year, month);
    if (!err)
        err = keep_running_if_free(w, &added);
    return err ? err : fill_table(w, out);
}

enum err demo_fill(struct db *db, const struct account_key *key, int64_t now_ms,
                   struct demo_table *out)
{
    struct demo_world w = { .db = db, .now_ms = now_ms };
    struct demo_table table = { 0 };
    enum err err = db_begin(db);

    if (err)
        return err;
    err = fill(&w, key, &table);
    if (err) {
        db_rollback(db);
        return err;
    }
    err = db_commit(db);
    if (!err)
        *out = table;
    return err;
}
