/* SPDX-License-Identifier: Apache-2.0
 *
 * A mentor of the demo who is not hired yet: no document, no course, no
 * school; assigned to one child, whom nobody lets that mentor teach before all
 * is in order. See demo_world.h.
 */
#include "common/base/str.h"
#include "server/api/demo_world.h"
#include "server/store/home.h"
#include "server/store/mentor.h"
#include "server/store/user.h"

#define LOGIN "leskova"
#define CHILD 18 /* of the first school, which has an officer */
#define SUBJECT 0

static enum err add(struct demo_world *w, int64_t from_ms)
{
    struct user u = { .tz = DEMO_CENTRE_TZ, .locale = "ru" };
    struct grant g = {
        .role = ROLE_MENTOR, .org = w->centre, .from_ms = from_ms, .to_ms = FOREVER_MS
    };
    struct face face = { .theme = "system", .hand = "right", .phone = "8 800 555-10-31" };
    struct mentor_id mentor;
    int64_t id;
    enum err err;

    if (!str_copy(u.login, sizeof u.login, LOGIN) ||
        !str_copy(u.name, sizeof u.name, "Марина Лескова") ||
        !str_copy(u.short_name, sizeof u.short_name, "Марина Олеговна") ||
        !str_copy(u.animal, sizeof u.animal, "owl"))
        return ERR_INVAL;
    err = user_save(w->db, &u, w->now_ms, w->coordinator, &w->newcomer);
    g.user = w->newcomer;
    if (!err)
        err = grant_add(w->db, &g, w->now_ms, w->coordinator, &id);
    if (!err)
        err = face_save(w->db, w->newcomer, &face);
    if (!err)
        err = mentor_add(w->db, w->newcomer, w->centre, w->now_ms, w->coordinator, &mentor);
    return err ? err
               : assignment_add(w->db, w->children[CHILD], mentor, w->subjects[SUBJECT], from_ms,
                                FOREVER_MS, w->now_ms, w->coordinator, &id);
}

enum err demo_newcomer(struct demo_world *w, int64_t from_ms)
{
    struct user u;
    enum err err = user_by_login(w->db, LOGIN, &u);

    if (err == ERR_NOTFOUND)
        return add(w, from_ms);
    w->newcomer = u.id;
    return err;
}
