/* SPDX-License-Identifier: Apache-2.0
 *
 * A published week again (PLANNER 3.3). What can stay stays; who lost its place first takes a free
 * one, then one for which few others move. The open-ended search is not used: it would move half
 * the network for a handful of lessons.
 */
#include "server/domain/planner/state.h"

/* Is the published place still open, with nobody in the way? */
static bool can_stay(struct plan *p, int lesson)
{
    int line = p->in.lessons[lesson].line, start = p->in.lessons[lesson].published;
    bool ok;

    if (start < 0 || p->in.lines[line].chosen < 0)
        return false;
    look_begin(p, lesson, p->candidate[line], p->chain_price);
    ok = slot_has(&p->look.starts, start) && look_price(p, lesson, start, p->chain_price) == 0;
    look_end(p);
    return ok;
}

/* Lessons without a place, those with fewest starts first, into p->order. */
static int waiting(struct plan *p)
{
    struct slot_set starts;
    int n = 0;

    for (int i = 0; i < p->in.lessons_n; i++) {
        int line = p->in.lessons[i].line;

        if (p->start[i] >= 0 || p->candidate[line] < 0)
            continue;
        look_starts(p, line, p->candidate[line], p->in.lessons[i].length, &starts);
        p->order[n++] = i;
        p->key[i] = slot_count(&starts);
    }
    order_by_key(p, n);
    return n;
}

void plan_repair(struct plan *p)
{
    int n;

    for (int i = 0; i < p->comps_n; i++)
        mentors_choose(p, &p->comps[i]);
    for (int i = 0; i < p->in.lessons_n; i++) {
        if (p->start[i] >= 0 || p->candidate[p->in.lessons[i].line] < 0)
            continue;
        p->lost[i] = !can_stay(p, i);
        if (!p->lost[i])
            state_place(p, i, p->in.lessons[i].published);
    }
    n = waiting(p);
    for (int depth = 0; depth <= p->opt.moves_per_rescue; depth++)
        for (int i = 0; i < n && !p->stopped; i++)
            if (p->start[p->order[i]] < 0)
                (void)chain_place(p, p->order[i], depth, false);
    for (int i = 0; i < p->comps_n; i++)
        search_save(p, &p->comps[i]);
}

struct plan_changes plan_changes(const struct plan *p)
{
    struct plan_changes c = { 0 };

    for (int i = 0; i < p->in.lessons_n; i++) {
        int was = p->in.lessons[i].published;

        if (p->start[i] < 0)
            c.left++;
        else if (was < 0)
            c.added++;
        else if (was == p->start[i])
            c.kept++;
        else if (p->lost[i])
            c.forced++;
        else
            c.moved++;
    }
    return c;
}
