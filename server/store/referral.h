/* SPDX-License-Identifier: Apache-2.0
 *
 * Referrals: what a school writes, how it moves, who wrote in it, and whom it
 * may be about already. Decides nothing: the rules are server/domain/referral.
 * Desk thread.
 */
#ifndef PARTA_STORE_REFERRAL_H
#define PARTA_STORE_REFERRAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/referral.h"
#include "server/store/db.h"
#include "server/store/paper.h"
#include "server/store/user.h"

#define REFERRAL_PHONE_MAX 80 /* bytes, as all below */
#define REFERRAL_NOTE_MAX 800 /* what the centre asks for, told to the school */
#define REFERRAL_REASON_MAX 400

struct referral {
    struct referral_id id;
    struct org_id school, centre;
    enum referral_state state;
    int64_t rev;

    /* the school's */
    char child_name[USER_NAME_MAX + 1];
    int64_t birth_day; /* days: DAY_NONE = not given */
    int grade;         /* 0: not given */
    char guardian_name[USER_NAME_MAX + 1];
    char guardian_phone[REFERRAL_PHONE_MAX + 1];
    int64_t application_day, consent_day;

    /* read only: the papers */
    struct basis_row basis;
    struct recommendation_row recommendation;

    /* read only: what happened */
    int64_t created_ms;
    struct user_id created_by;
    int64_t first_ms; /* first submitted; 0: never */
    struct user_id reviewer;
    unsigned asked_items;
    char asked_note[REFERRAL_NOTE_MAX + 1];
    char refusal[24]; /* "" : not refused */
    bool reason_sealed;
    struct user_id decided_by;
    int64_t closed_ms; /* accepted, refused, withdrawn; 0: not closed */
    char withdrawn_reason[REFERRAL_REASON_MAX + 1];
    struct child_id child;
    bool emptied;
};

struct referral_list {
    struct referral *items; /* owned */
    size_t n;
};

/* An empty draft; by becomes its author. */
enum err referral_add(struct db *db, struct org_id school, struct org_id centre, int64_t now_ms,
                      struct user_id by, struct referral_id *out) MUST_CHECK;
enum err referral_load(struct db *db, struct referral_id id, struct referral *out) MUST_CHECK;

/* Writes the school's fields; by becomes an author. ERR_STATE "referral_closed". */
enum err referral_save(struct db *db, const struct referral *r, struct user_id by) MUST_CHECK;

/* by becomes an author. */
enum err referral_author_add(struct db *db, struct referral_id id, struct user_id by) MUST_CHECK;

/* What referral_decide needs of it on the day today: content to count what is missing. */
struct referral_content referral_content_of(const struct referral *r);

/* A move that referral_decide has allowed, with its step in the register. Fields that the move has
 * nothing to do with are ignored. */
struct referral_change {
    enum referral_move move;
    enum referral_state to;
    unsigned asked_items;   /* MOVE_ASK */
    const char *asked_note; /* MOVE_ASK */
    const char *reason;     /* MOVE_WITHDRAW */
    const char *refusal;    /* MOVE_REFUSE */
    struct child_id child;  /* MOVE_ACCEPT */
};
/* ERR_STATE "own_referral": the database's own dual control. */
enum err referral_change(struct db *db, const struct referral *r, const struct referral_change *c,
                         int64_t now_ms, struct user_id by) MUST_CHECK;

/* Has the person written in it? */
enum err referral_wrote(struct db *db, struct referral_id id, struct user_id person,
                        bool *out) MUST_CHECK;

/* Oldest first by submission, drafts last; from row first on, at most max. states: bit n = enum
 * referral_state n. Ids of 0 do not narrow. */
struct referral_filter {
    struct org_id school, centre;
    unsigned states;
    bool sent; /* only what was submitted at some time */
    size_t first, max;
};
enum err referral_list(struct db *db, const struct referral_filter *f,
                       struct referral_list *out) MUST_CHECK;
void referral_list_free(struct referral_list *l);

/* Referrals of the centre decided in [from_ms, to_ms). */
struct decided {
    int64_t first_ms, decided_ms;
    bool accepted;
};
struct decided_list {
    struct decided *items; /* owned */
    size_t n;
};
enum err decided_list(struct db *db, struct org_id centre, int64_t from_ms, int64_t to_ms,
                      struct decided_list *out) MUST_CHECK;
void decided_list_free(struct decided_list *l);

/* ---- duplicates ------------------------------------------------------------------------- */

/* A child or an open referral of the centre that child_alike finds. */
struct alike_row {
    struct user_id child;        /* v = 0: it is a referral */
    struct referral_id referral; /* v = 0: it is a child */
    struct org_id school;
    enum alike alike;
    char name[USER_NAME_MAX + 1];
};
struct alike_list {
    struct alike_row *items; /* owned */
    size_t n;
};
/* Children first. not_referral, not_child: the one asked about itself (v = 0: none). Referrals that
 * were refused or withdrawn, and drafts, are left out; accepted ones stand for their child. */
enum err alike_list(struct db *db, struct org_id centre, const struct child_mark *mark,
                    struct referral_id not_referral, struct user_id not_child,
                    struct alike_list *out) MUST_CHECK;
void alike_list_free(struct alike_list *l);

/* ---- retention -------------------------------------------------------------------------- */

/* Empties what was refused or withdrawn longer ago than the centre's intake.keep_refused_days:
 * names, dates, phone and every sealed word; the row with school, state and days stays. */
enum err referral_sweep(struct db *db, int64_t now_ms) MUST_CHECK;

#endif
