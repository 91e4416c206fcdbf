/* SPDX-License-Identifier: Apache-2.0
 *
 * A child's choice as its endpoints see it: every wish and place with what
 * stands against it, which lesson is in the way, and which groups would fit
 * instead. Desk thread.
 */
#ifndef PARTA_API_CHOICE_H
#define PARTA_API_CHOICE_H

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/api/section.h"
#include "server/store/choice.h"

/* One wish or place. */
struct choice_case {
    struct choice choice;
    struct section section;
    unsigned faults; /* CHOICE_BIT */
    struct clash_list clashes;
};

/* All of a child that is not over. */
struct choice_book {
    struct child child;
    struct section_policy policy;
    struct schedule_policy schedule;
    int64_t today, rev;
    struct choice_case *cases; /* owned */
    size_t n;
};

enum err choice_book_open(const struct call *c, const struct child *child,
                          struct choice_book *out) MUST_CHECK;
void choice_book_close(struct choice_book *b);

/* What stands against a group for this child, whether it is chosen or not. skip: a choice of the
 * book whose meetings do not count (it would be given up); 0: none. clashes may be NULL. */
enum err choice_ask(const struct call *c, const struct choice_book *b, const struct section *s,
                    int64_t group, int64_t skip, unsigned *faults,
                    struct clash_list *clashes) MUST_CHECK;

/* Answers with the child's choice as it is now; ETag. */
enum err choice_answer(struct call *c, int status, const struct child *child) MUST_CHECK;

/* Lessons in the way: [{lesson, rule, limit, value, meeting}]. */
enum err clashes_json(const struct call *c, const struct clash_list *l, json_t **out) MUST_CHECK;
/* Other groups of the section that fit, with a free place. */
enum err proposals_json(const struct call *c, const struct choice_book *b,
                        const struct choice_case *k, json_t **out) MUST_CHECK;

#endif
