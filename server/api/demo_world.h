/* SPDX-License-Identifier: Apache-2.0
 *
 * The people of the demo and what binds them, shared by demo.c,
 * demo_people.c and demo_days.c. Not for others.
 */
#ifndef PARTA_API_DEMO_WORLD_H
#define PARTA_API_DEMO_WORLD_H

#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/store/db.h"

#define DEMO_MENTORS 6
#define DEMO_CHILDREN 20
#define DEMO_SCHOOLS 2
#define DEMO_SUBJECTS 7
#define DEMO_CENTRE_TZ "Europe/Moscow"

struct demo_world {
    struct db *db;
    int64_t now_ms;
    struct org_id centre;
    struct org_id schools[DEMO_SCHOOLS];
    int64_t subjects[DEMO_SUBJECTS];
    struct user_id coordinator;
    struct user_id officer;
    struct user_id newcomer; /* a mentor who is not hired yet */
    struct user_id mentor_users[DEMO_MENTORS];
    struct mentor_id mentors[DEMO_MENTORS];
    struct user_id child_users[DEMO_CHILDREN];
    struct child_id children[DEMO_CHILDREN];
    struct user_id guardians[DEMO_CHILDREN];
};

/* Six digits on the cards of the first two children. */
extern const char *const demo_cards[2];

/* Subject of a mentor: index into demo_world.subjects. */
int demo_subject_of(int mentor);
const char *demo_subject_code(int subject);
const char *demo_zone_of_child(int child);

/* Does the mentor teach the child in the demo? Each child has three mentors. */
bool demo_teaches(int mentor, int child);

/* Puts the people into an empty database. from_ms: since when everything is in force. */
enum err demo_people(struct demo_world *w, int64_t from_ms) MUST_CHECK;

/* The hiring set of every mentor at both schools, all in order: documents, course, qualifications,
 * orders, introductions. Nothing if they have it. */
enum err demo_papers(struct demo_world *w, int64_t from_ms) MUST_CHECK;

/* The catalogue, an approved programme of every child, free times of the mentors. Nothing if the
 * children have programmes. */
enum err demo_programmes(struct demo_world *w, int64_t from_ms) MUST_CHECK;
/* The mentor without papers; found again if there. */
enum err demo_newcomer(struct demo_world *w, int64_t from_ms) MUST_CHECK;

/* A quarter that is over and one that runs at both schools. Nothing where a school has terms. */
enum err demo_terms(struct demo_world *w) MUST_CHECK;

/* Finds them again by their logins. */
enum err demo_people_find(struct demo_world *w) MUST_CHECK;

/* One day's timetable, with what happened on it as far as it is past. Nothing if the day has
 * lessons already. days: date in the centre's zone, as days since 1970. */
enum err demo_day(struct demo_world *w, int64_t days, bool today) MUST_CHECK;

/* Marks the reports of a month as accepted, but for those of the first mentor's first two
 * children, which stay owed. */
enum err demo_reports(struct demo_world *w, int year, int month) MUST_CHECK;

#endif
