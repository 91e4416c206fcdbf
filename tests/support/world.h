/* SPDX-License-Identifier: Apache-2.0
 *
 * A small world in a temporary database, for tests of store and api: one
 * centre, two schools, two mentors employed and trained, two children with
 * consents, a guardian of the first child, a coordinator, a school officer.
 * Times are the test's: nothing here reads a clock.
 */
#ifndef PARTA_TESTS_WORLD_H
#define PARTA_TESTS_WORLD_H

#include <stdint.h>

#include "server/store/child.h"
#include "server/store/db.h"
#include "server/store/lesson.h"
#include "server/store/mentor.h"
#include "server/store/org.h"
#include "server/store/user.h"

#define WORLD_PEOPLE 2

struct world {
    char dir[64];
    char path[96];
    char key_path[96];
    struct db *db; /* writer; NULL while a desk has it */
    int64_t now_ms;
    struct org_id centre;
    struct org_id schools[WORLD_PEOPLE];
    int64_t subject;
    struct user_id mentor_users[WORLD_PEOPLE];
    struct mentor_id mentors[WORLD_PEOPLE];
    struct user_id child_users[WORLD_PEOPLE];
    struct child_id children[WORLD_PEOPLE]; /* children[i] at schools[i] */
    struct user_id guardian;                /* of children[0] */
    struct user_id coordinator;
    struct user_id officer;  /* of schools[0] */
    struct user_id stranger; /* a mentor's role without any relation */
};

/* Fails the running test on any error. Everything is in force from a year before now_ms on. */
void world_open(struct world *w, int64_t now_ms);
/* A mentor's hiring set, seen and verified: the course, the five documents, the qualification. */
void world_papers(struct world *w, struct mentor_id mentor, int64_t from_ms);
void world_course(struct world *w, struct mentor_id mentor, int64_t from_ms);
void world_documents(struct world *w, struct mentor_id mentor, int64_t from_ms);
/* The order of a school that the mentor is acquainted with, and the employment by it. */
void world_order(struct world *w, struct mentor_id mentor, struct org_id school, int64_t from_ms);
/* The child's approved programme: one line of the world's subject, from from_ms's day on for two
 * years, proposed by the stranger, with hours that stand in nobody's way. */
void world_programme(struct world *w, struct child_id child, int64_t from_ms);
/* Deletes the files. */
void world_close(struct world *w);

/* Releases and takes the writing connection again, e.g. around a desk. */
void world_let_go(struct world *w);
void world_take_back(struct world *w);

/* A scheduled lesson of mentors[mentor] with children[child]. */
struct lesson_id world_lesson(struct world *w, int mentor, int child, int64_t start_ms,
                              int64_t end_ms);

/* One number from one row. */
int64_t world_number(struct world *w, const char *sql);

#endif
