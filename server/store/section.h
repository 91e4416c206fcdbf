/* SPDX-License-Identifier: Apache-2.0
 *
 * The catalogue of additional education: providers' sections with their groups
 * and weekly meetings, the occasions to get to know them, and who came. Desk
 * thread.
 */
#ifndef PARTA_STORE_SECTION_H
#define PARTA_STORE_SECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/section.h"
#include "server/domain/zone.h"
#include "server/store/db.h"
#include "server/store/org.h"

#define SECTION_TEXT_MAX 160
#define SECTION_PLACE_MAX 240
#define SECTION_GROUP_NAME_MAX 80
#define SECTION_GROUPS_MAX 12
#define SECTION_SLOTS_MAX 7 /* of a group */

struct section_group {
    int64_t id;
    char name[SECTION_GROUP_NAME_MAX + 1];
    int capacity;
    struct section_slot slots[SECTION_SLOTS_MAX];
    int slots_n;
    int taken, waiting; /* read only: active and offered places, and who waits */
};

struct section {
    int64_t id;
    struct org_id centre, provider;
    enum section_kind kind;
    char title[SECTION_TEXT_MAX + 1], leader[SECTION_TEXT_MAX + 1];
    char place[SECTION_PLACE_MAX + 1];
    bool online, paper_needed, open;
    int age_from, age_to;
    int travel_minutes;
    char tz[ZONE_NAME_MAX];
    int64_t rev;
    struct section_group groups[SECTION_GROUPS_MAX];
    int groups_n;
};

struct section_list {
    struct section *items; /* owned */
    size_t n;
};

/* With its groups and their slots; id and rev are set by it. */
enum err section_add(struct db *db, const struct section *s, int64_t now_ms, struct user_id by,
                     int64_t *out_id) MUST_CHECK;
/* ERR_NOTFOUND */
enum err section_load(struct db *db, int64_t id, struct section *out) MUST_CHECK;
/* The section a group is of. ERR_NOTFOUND */
enum err section_of_group(struct db *db, int64_t group, struct section *out) MUST_CHECK;
enum err section_set_open(struct db *db, int64_t id, bool open) MUST_CHECK;
/* By title. */
enum err section_list(struct db *db, struct org_id centre, struct section_list *out) MUST_CHECK;
void section_list_free(struct section_list *l);
/* The group with this id; NULL: none of the section's. */
const struct section_group *section_group_of(const struct section *s, int64_t group);
struct section_place section_place_of(const struct section *s);

/* ---- visits ------------------------------------------------------------------------------- */

struct section_visit {
    int64_t id, section;
    enum visit_kind kind;
    int64_t start_ms;
    int minutes;
};
struct visit_list {
    struct section_visit *items; /* owned */
    size_t n;
};
enum err visit_add(struct db *db, const struct section_visit *v, int64_t now_ms, struct user_id by,
                   int64_t *out_id) MUST_CHECK;
enum err visit_load(struct db *db, int64_t id, struct section_visit *out) MUST_CHECK;
/* Of a section since from_ms, in order of time. */
enum err visit_list(struct db *db, int64_t section, int64_t from_ms,
                    struct visit_list *out) MUST_CHECK;
void visit_list_free(struct visit_list *l);

/* Twice is once. */
enum err visit_sign(struct db *db, int64_t visit, struct child_id child, int64_t now_ms,
                    struct user_id by) MUST_CHECK;
/* ERR_NOTFOUND: the child was not signed up. */
enum err visit_record(struct db *db, int64_t visit, struct child_id child, bool attended,
                      int64_t now_ms, struct user_id by) MUST_CHECK;

struct visitor {
    struct child_id child;
    struct user_id user;
    int attended; /* 1, 0, or -1: not said yet */
};
struct visitor_list {
    struct visitor *items; /* owned */
    size_t n;
};
/* child 0: everybody. */
enum err visitor_list(struct db *db, int64_t visit, struct child_id child,
                      struct visitor_list *out) MUST_CHECK;
void visitor_list_free(struct visitor_list *l);
/* The latest visit of the section that the child attended; 0: none. */
enum err visit_informed(struct db *db, int64_t section, struct child_id child,
                        int64_t *out_ms) MUST_CHECK;

/* ---- papers and settings ------------------------------------------------------------------ */

enum err section_paper_add(struct db *db, struct child_id child, int64_t section, int64_t to_ms,
                           int64_t now_ms, struct user_id by) MUST_CHECK;
/* Until when the seen paper holds; 0: none. */
enum err section_paper_to(struct db *db, struct child_id child, int64_t section,
                          int64_t *out_ms) MUST_CHECK;

/* Keys in domain/section.c. */
enum err policy_section(struct db *db, struct org_id org, int64_t at_ms,
                        struct section_policy *out) MUST_CHECK;

#endif
