/* SPDX-License-Identifier: Apache-2.0
 *
 * A desk with the small world behind it and people signed in, for tests that
 * speak to the HTTP API as a browser would, but for the network. Every answer
 * is also written to a file for tests/api/contract.py.
 */
#ifndef PARTA_TESTS_API_RIG_H
#define PARTA_TESTS_API_RIG_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "server/api/desk.h"
#include "server/domain/access.h"
#include "tests/support/world.h"

enum who {
    NOBODY,
    CHILD,    /* children[0], of the first school */
    CHILD_2,  /* children[1], of the second school */
    MENTOR,   /* mentors[0] */
    MENTOR_2, /* mentors[1] */
    STRANGER, /* a mentor without any child */
    GUARDIAN, /* of children[0] */
    OFFICER,  /* of the first school */
    COORDINATOR,
    ADMIN,
    OFFICER_2, /* of the second school */
    WHO_COUNT
};

struct answer {
    int status;
    char type[80];
    char *headers; /* owned; NULL: none */
    char *body;    /* owned; NULL: none */
    size_t body_len;
    json_t *json; /* owned; NULL if the body is not JSON */
};

struct api_rig {
    struct world w;
    struct desk *desk;
    struct mailbox net;
    int64_t logins[WHO_COUNT];
    struct user_id admin, officer_2;
    const char *smtp;  /* set before api_start: the desk sends mail there; NULL: none */
    int lesson_pushes; /* DESK_PUSH_LESSON since the rig was opened */
    int logout_pushes;
    struct {
        struct lesson_id lesson;
        struct admit_person person;
    } person_push[8]; /* the first DESK_PUSH_PERSON since the rig was opened */
    int person_pushes;
};

/* Tuesday 24 November 2026, 10:12 in Moscow; the desk's clock stands still but for api_set_now. */
#define RIG_NOW INT64_C(1795504320000)

/* The world is open for direct changes until api_start. */
void api_open(struct api_rig *r);
/* The demo world instead: its people take the places of the small world's. */
void api_open_demo(struct api_rig *r);
void api_start(struct api_rig *r);
/* The desk is closed, the world open again to be looked at and changed. */
void api_stop(struct api_rig *r);
void api_close(struct api_rig *r);
/* Behind api_stop: a new desk at unix_ms, with everybody signed in anew. */
void api_resume_at(struct api_rig *r, int64_t unix_ms);
void api_set_now(int64_t unix_ms);

/* What NOBODY sends as cookie from now on, e.g. that of a sign-in just made; "" or NULL: none. */
void api_guest(const char *cookie);

/* One request. etag, key, body may be NULL. Free with answer_free. */
struct answer api_ask(struct api_rig *r, enum who who, const char *method, const char *target,
                      const char *etag, const char *key, const char *body);
/* A file's bytes as the body; with an Idempotency-Key. */
struct answer api_send(struct api_rig *r, enum who who, const char *target, const void *bytes,
                       size_t len);
struct answer api_send_keyed(struct api_rig *r, enum who who, const char *target, const char *key,
                             const void *bytes, size_t len);
struct answer api_get(struct api_rig *r, enum who who, const char *target);
struct answer api_post(struct api_rig *r, enum who who, const char *target, const char *body);
void answer_free(struct answer *a);

/* Asks, checks the status, frees. */
void api_expect(struct api_rig *r, enum who who, const char *method, const char *target,
                const char *body, int status);
/* Checks status and error code, frees. */
/* What is told of an object that this person may not know of: 403 where the role has the right over
 * none, and so learns nothing; else 404, as if it were not there. */
int api_hidden(enum role role, enum right right);

void api_refused(struct answer a, int status, const char *code);

/* The rooms' last word, as the net loop would report it. Takes no ownership. */
void api_seats(struct api_rig *r, const struct desk_board_seat *seats, size_t n);

/* A value deep inside: "lessons.0.mentor.name". Fails the test if it is not there. */
const json_t *at(const struct answer *a, const char *path);
int64_t int_at(const struct answer *a, const char *path);
const char *str_at(const struct answer *a, const char *path);

const char *who_name(enum who who);

#endif
