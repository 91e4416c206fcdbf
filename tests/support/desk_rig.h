/* SPDX-License-Identifier: Apache-2.0
 *
 * A desk over the small world of world.h: time is the test's, everybody is
 * signed in, the net loop's side of the mailbox is here. Requests are asked
 * one by one; waiting is for mail, with a bound. It serves a few endpoints of
 * its own, so that the desk is tested and not the API.
 */
#ifndef PARTA_TESTS_DESK_RIG_H
#define PARTA_TESTS_DESK_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdatomic.h>

#include "common/base/now.h"
#include "server/api/account.h"
#include "server/api/desk.h"
#include "tests/support/world.h"

#define NOW INT64_C(1790000000000)
#define MIN MS_PER_MIN
#define SEC MS_PER_S
#define WAIT_US (60 * US_PER_S)
#define START (NOW + 5 * MIN)
#define END (START + 40 * MIN)

#define ok(call) assert_int_equal(call, ERR_OK)

/* What the desk takes for the time. */
extern _Atomic int64_t desk_rig_ms;

struct desk_rig {
    struct world w;
    struct desk *desk;
    struct mailbox to_net;
    struct mail *others; /* pushes that came while waiting for something else */
    uint64_t tag;
    struct lesson_id lesson; /* mentors[0] with children[0] */
    int64_t login[8];        /* by who */
};

enum who { CHILD, OTHER_CHILD, MENTOR, OTHER_MENTOR, GUARDIAN, COORDINATOR, STRANGER, OFFICER };

/* cmocka setup and teardown: *state is a struct desk_rig with its database open and no desk yet. */
int desk_rig_open(void **state);
int desk_rig_close(void **state);

struct user_id desk_rig_user(const struct desk_rig *r, enum who who);
/* The cookie of who, as the rig signed everybody in. */
void desk_rig_cookie(enum who who, char out[ACCOUNT_TOKEN_CHARS + 1]);
struct now desk_rig_clock(void);

/* run: the database goes to a new desk. stop: and comes back. start: the database is free. */
void desk_rig_run(struct desk_rig *r);
void desk_rig_stop(struct desk_rig *r);
void desk_rig_start(struct desk_rig *r);

/* The next mail of a kind with this tag (pushes have 0); the caller frees it. */
struct desk_reply *desk_rig_wait(struct desk_rig *r, enum desk_reply_kind kind, uint64_t tag);
/* Posts and waits for the answer. */
struct desk_reply *desk_rig_ask(struct desk_rig *r, struct desk_request *q);

struct desk_request *desk_rig_admit(struct desk_rig *r, enum who who, struct lesson_id lesson,
                                    uint64_t conn);
enum admit desk_rig_knock(struct desk_rig *r, enum who who, uint64_t conn);
/* Must succeed. */
struct desk_reply *desk_rig_sit(struct desk_rig *r, enum who who, uint64_t conn);

struct desk_request *desk_rig_fact(enum desk_fact_kind kind, struct lesson_id lesson,
                                   struct session_id session, int64_t at_ms);
void desk_rig_tell(struct desk_rig *r, struct desk_request *q);
void desk_rig_tell_left(struct desk_rig *r, struct session_id s, int64_t at_ms,
                        enum leave_cause cause);
char *desk_rig_text(const char *s);

struct desk_request *desk_rig_http(const char *method, const char *path, const char *body,
                                   const char *cookie);
/* Status of a request of the coordinator; the body into out if it is not NULL. */
int desk_rig_call(struct desk_rig *r, const char *method, const char *path, const char *body,
                  char *out, size_t cap);
/* All that was posted before has been handled, and what is due by the clock done. */
void desk_rig_sync(struct desk_rig *r);

#endif
