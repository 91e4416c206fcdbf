/* SPDX-License-Identifier: Apache-2.0
 *
 * The planner never marks its own paper: this judges a week on instants and local minutes, from the
 * facts of the world alone, minute by minute and pair by pair. It shares no code with the planner.
 */
#ifndef PARTA_TESTS_PLAN_JUDGE_H
#define PARTA_TESTS_PLAN_JUDGE_H

#include "tests/support/plan_world.h"

/* A week as somebody proposes it: per lesson the start slot (-1: left out), per line the index of
 * its candidate. */
struct judged_week {
    const int *start;
    const int *candidate;
};

/* Hard rules broken, each counted once per lesson or pair; the first is described in why. */
int judge_week(const struct world *w, const struct judged_week *week, char *why, size_t why_size);

#endif
