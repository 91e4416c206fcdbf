/* SPDX-License-Identifier: Apache-2.0
 *
 * The planner over a centre's rows: facts in, a week out, with the reasons for
 * what has no place; the runs of it as rows; and its proposal as a draft of the
 * schedule. Searching and reading: any thread, on a reading connection of its
 * own. Writing: desk thread, inside the caller's transaction.
 */
#ifndef PARTA_STORE_PLANNING_H
#define PARTA_STORE_PLANNING_H

#include "server/store/plan_facts.h"
#include "server/store/user.h"

/* A lesson of the proposal that is not on the timetable as it stands. */
struct plan_placed {
    struct child_id child;
    struct mentor_id mentor;
    int64_t subject;
    int64_t start_ms, end_ms;
    struct lesson_id was; /* the published one whose place it takes; 0: a new one */
};

/* A lesson without a place. */
struct plan_left {
    struct child_id child;
    int64_t subject;
    struct mentor_id mentor; /* who would teach it; 0: nobody may */
    struct lesson_id was;    /* the published one that cannot stay; 0: a new one */
    int minutes;
    enum plan_rule rule;      /* the first that leaves nothing; PLAN_NONE: the search did not get
                                 to it */
    enum plan_rule would_fit; /* dropped alone, it opens the most; PLAN_NONE: none does */
    int starts;               /* so many */
    /* A proof: `lessons` of one person, this one among them, have no more than `places`. 0: none
     * was found. */
    int lessons, places;
    bool of_mentor;
};

/* wanted: lessons that were to be placed, those that may move among them. */
struct plan_figures {
    int64_t wanted, placed, bound, steps;
    int64_t kept, forced, moved, added; /* of plan_changes: with what is published */
};

struct plan_outcome {
    struct plan_figures figures;
    bool stopped;
    struct plan_placed *placed; /* owned */
    size_t placed_n;
    struct plan_left *left; /* owned */
    size_t left_n;
};

struct plan_asked {
    struct plan_query query;
    uint64_t seed;
    struct plan_policy policy;
    /* Every few hundred steps, with figures of the best week so far: true stops the search, and the
     * best stays. NULL: never. */
    bool (*stop)(void *ctx, const struct plan_figures *at);
    void *ctx;
};

/* Reads in one transaction and ends it before it searches. Deterministic, unless stopped. Errors of
 * plan_facts_load; ERR_NOMEM. */
enum err planning_search(struct db *reader, const struct plan_asked *asked,
                         struct plan_outcome *out) MUST_CHECK;
void plan_outcome_free(struct plan_outcome *o);

/* ---- rows ------------------------------------------------------------------------------- */

struct plan_run {
    int64_t id;
    struct org_id org;
    int64_t monday;
    enum plan_mode mode;
    int64_t seed;
    enum plan_state state;
    enum plan_cause cause;
    struct user_id asked_by;
    int64_t asked_ms;
    int64_t begun_ms, ended_ms; /* 0: not yet */
    int64_t version;            /* 0: none */
    struct plan_figures figures;
    int64_t left; /* how many */
};

struct plan_run_list {
    struct plan_run *items; /* owned */
    size_t n;
};

/* Queued. ERR_STATE: the centre has one that is not over. */
enum err plan_run_add(struct db *db, struct org_id org, int64_t monday, enum plan_mode mode,
                      int64_t seed, int64_t now_ms, struct user_id by, int64_t *out) MUST_CHECK;
enum err plan_run_load(struct db *db, int64_t id, struct plan_run *out) MUST_CHECK;
/* The newest of a centre first, at most 20; monday 0: of any week. */
enum err plan_run_list(struct db *db, struct org_id org, int64_t monday,
                       struct plan_run_list *out) MUST_CHECK;
void plan_run_list_free(struct plan_run_list *l);

/* The oldest queued one becomes running. ERR_NOTFOUND: none. */
enum err plan_run_next(struct db *db, int64_t now_ms, struct plan_run *out) MUST_CHECK;

/* Over without a proposal: failed, or stopped before it began. */
enum err plan_run_close(struct db *db, int64_t id, enum plan_state state, enum plan_cause cause,
                        int64_t now_ms) MUST_CHECK;
/* At boot: what had not ended when the server stopped has failed. */
enum err plan_runs_lost(struct db *db, int64_t now_ms, int64_t *n) MUST_CHECK;

/* Over: the outcome becomes a draft (none if nothing changes), for the person who asked. cause:
 * PLAN_CAUSE_NONE is done, else stopped. ERR_STATE: it was over already. */
enum err plan_run_finish(struct db *db, int64_t id, const struct plan_outcome *o,
                         enum plan_cause cause, int64_t now_ms) MUST_CHECK;

/* In the order of the outcome, the first cap. */
enum err plan_left_list(struct db *db, int64_t run, struct plan_left *out, size_t cap,
                        size_t *n) MUST_CHECK;

#endif
