/* SPDX-License-Identifier: Apache-2.0
 *
 * Emptying. What an item loses is a list of statements, run in order. Of a
 * person the names go from every column that holds them, also from texts that
 * mention them in full; rows, times, marks and minutes stay, so that every
 * figure is what it was. The rows of the hash-chained registers are never
 * touched: they hold numbers, and what an amendment or a confirmation gives as
 * its reason stays as its proof.
 */
#include <string.h>

#include "server/store/retention.h"
#include "server/store/user.h"

struct emptying {
    struct db *db;
    int64_t item, now_ms;
    const char *alias;
    char name[USER_NAME_MAX + 1], short_name[USER_NAME_MAX + 1]; /* until now */
};

/* Its parameters in order: i item, n now, a alias, f the full name until now, s the short one. */
struct step {
    const char *params;
    const char *sql;
};

static enum err run_step(const struct emptying *x, const struct step *s)
{
    struct query q = query_on(x->db, s->sql);

    for (const char *p = s->params; *p; p++) {
        switch (*p) {
        case 'i':
            query_int(&q, x->item);
            break;
        case 'n':
            query_int(&q, x->now_ms);
            break;
        case 'a':
            query_text(&q, x->alias);
            break;
        case 'f':
            query_text(&q, x->name);
            break;
        default:
            query_text(&q, x->short_name);
            break;
        }
    }
    return query_run(&q);
}

static enum err run_steps(const struct emptying *x, const struct step *s)
{
    enum err e = ERR_OK;

    for (; !e && s->sql; s++)
        e = run_step(x, s);
    return e;
}

/* ---- what is no person ---------------------------------------------------------------------- */

static const struct step chat[] = { { "i", "DELETE FROM chat_line WHERE lesson = $1" }, { 0 } };
static const struct step presence[] = { { "i", "DELETE FROM room_event WHERE lesson = $1" },
                                        { 0 } };

/* As a refused referral is emptied (referral_sweep). */
#define EMPTY_REFERRAL(which)                                                                      \
    { "i", "UPDATE medical_basis SET sealed = NULL, file = NULL WHERE referral IN (" which ")" },  \
        { "i",                                                                                     \
          "UPDATE recommendation SET sealed = NULL, file = NULL WHERE referral IN (" which ")" },  \
    {                                                                                              \
        "in", "UPDATE referral SET child_name = '', birth_date = NULL, guardian_name = '', "       \
              "guardian_phone = '', asked_note = '', withdrawn_reason = '', sealed = NULL, "       \
              "emptied_ms = COALESCE(emptied_ms, $2) WHERE id IN (" which ")"                      \
    }

static const struct step medical[] = { EMPTY_REFERRAL("$1"), { 0 } };
static const struct step report[] = {
    { "i", "DELETE FROM frozen_body WHERE doc = 'report' AND doc_id = $1" }, { 0 }
};
static const struct step sheet[] = {
    { "i", "DELETE FROM frozen_body WHERE doc = 'sheet' AND doc_id = $1" }, { 0 }
};
static const struct step staff_paper[] = {
    { "in", "INSERT INTO file_gone (file, at_ms) SELECT name, $2 FROM staff_document "
            "WHERE id = $1 ON CONFLICT DO NOTHING" },
    { 0 }
};

/* ---- people --------------------------------------------------------------------------------- */

/* What a person signs in with, is reached by and has said of the own devices. */
static const struct step account[] = {
    { "ian", "UPDATE \"user\" SET login = NULL, name = $2, short_name = $2, animal = '', "
             "phone = '', pw_hash = NULL, pw_set_ms = NULL, status = 'ended', replaced_ms = $3 "
             "WHERE id = $1" },
    { "in", "UPDATE role_grant SET to_ms = $2 WHERE user_id = $1 AND from_ms <= $2 "
            "AND (to_ms IS NULL OR to_ms > $2)" },
    { "in", "UPDATE login_session SET device = '', net = '', ip_hash = '', "
            "ended_ms = COALESCE(ended_ms, $2), end_reason = COALESCE(end_reason, 'locked') "
            "WHERE user_id = $1" },
    { "i", "DELETE FROM sign_in_link WHERE user_id = $1" },
    { "i", "DELETE FROM pin WHERE user_id = $1" },
    { "i", "DELETE FROM feed WHERE user_id = $1" },
    { "i", "DELETE FROM second_step WHERE user_id = $1" },
    { "i", "DELETE FROM recovery_code WHERE user_id = $1" },
    { "i", "DELETE FROM password_reset WHERE user_id = $1" },
    { "i", "DELETE FROM mail_address WHERE user_id = $1" },
    { "i", "DELETE FROM path_test WHERE user_id = $1" },
    { "i", "DELETE FROM idempotency WHERE user_id = $1" },
    { "i", "DELETE FROM chat_line WHERE user_id = $1" },
    { "i", "DELETE FROM notification WHERE user_id = $1 AND state IN ('sent', 'failed')" },
    { "fs", "DELETE FROM notification WHERE state IN ('sent', 'failed') "
            "AND (instr(args, $1) > 0 OR instr(args, $2) > 0)" },
    { "ia", "UPDATE account_invitation SET name = $2, address = $2 WHERE user_id = $1" },
    { "i", "UPDATE notice SET detail = '' WHERE about = $1 OR user_id = $1" },
    { 0 }
};

#define NAMELESS(column) column " = replace(replace(" column ", $3, $2), $4, $2)"
#define CHILD "(SELECT id FROM child WHERE user_id = $1)"
#define MENTOR "(SELECT id FROM mentor WHERE user_id = $1)"
#define NAMES "iafs" /* the parameters of NAMELESS */

/* Texts of a month's report, whoever it is of. */
#define REPORT_TEXTS(whose)                                                                        \
    { NAMES,                                                                                       \
      "UPDATE month_report SET " NAMELESS("empty_reason") ", " NAMELESS("progress") ", " NAMELESS( \
          "difficulties") ", " NAMELESS("next_month") " "                                          \
                                                      "WHERE " whose },                            \
    {                                                                                              \
        NAMES,                                                                                     \
            "UPDATE report_step SET " NAMELESS("note") " WHERE doc = 'report' AND doc_id IN "      \
                                                       "(SELECT id FROM month_report WHERE " whose \
                                                       ")"                                         \
    }

/* Texts of a term's mark sheet. */
#define MARK_TEXTS(whose)                                                                          \
    { NAMES,                                                                                       \
      "UPDATE sheet_mark SET " NAMELESS("reason") " WHERE reason <> '' AND sheet IN "              \
                                                  "(SELECT id FROM mark_sheet WHERE " whose ")" }, \
    {                                                                                              \
        NAMES,                                                                                     \
            "UPDATE report_step SET " NAMELESS("note") " WHERE doc = 'sheet' AND doc_id IN "       \
                                                       "(SELECT id FROM mark_sheet WHERE " whose   \
                                                       ")"                                         \
    }

static const struct step of_child[] = {
    { "ia", "UPDATE child SET birth_date = NULL, register_no = $2 WHERE user_id = $1" },
    { "i", "DELETE FROM chat_line WHERE lesson IN (SELECT lesson FROM lesson_child "
           "WHERE child = " CHILD ")" },
    { "i", "DELETE FROM wellbeing_note WHERE child = " CHILD },
    { "in", "UPDATE guardian_link SET to_ms = $2 WHERE from_ms <= $2 AND child = " CHILD
            " AND (to_ms IS NULL OR to_ms > $2)" },
    { "in", "INSERT INTO file_gone (file, at_ms) SELECT name, $2 FROM consent_paper "
            "WHERE child = " CHILD " ON CONFLICT DO NOTHING" },
    EMPTY_REFERRAL("SELECT id FROM referral WHERE child = " CHILD),
    { NAMES, "UPDATE lesson_note SET " NAMELESS("topic") ", " NAMELESS("homework") ", " NAMELESS(
                 "text") " WHERE child = " CHILD },
    { NAMES, "UPDATE lesson SET " NAMELESS("reason") " WHERE reason <> '' AND id IN "
                                                     "(SELECT lesson FROM lesson_child "
                                                     "WHERE child = " CHILD ")" },
    REPORT_TEXTS("child = " CHILD),
    { NAMES, "UPDATE assignment SET " NAMELESS("reason") ", " NAMELESS(
                 "end_reason") " "
                               "WHERE child = " CHILD },
    { NAMES, "UPDATE child_programme SET " NAMELESS("reason") " WHERE reason <> '' "
                                                              "AND child = " CHILD },
    { NAMES,
      "UPDATE child_programme_step SET " NAMELESS(
          "reason") " WHERE reason <> '' "
                    "AND child_programme IN (SELECT id FROM child_programme WHERE child = " CHILD
                    ")" },
    { NAMES, "UPDATE child_move SET " NAMELESS("reason") " WHERE child = " CHILD },
    { NAMES, "UPDATE choice SET " NAMELESS("reason") " WHERE child = " CHILD },
    { NAMES, "UPDATE consent SET " NAMELESS("withdrawn_reason") " WHERE child = " CHILD },
    { NAMES, "UPDATE noshow_cause SET " NAMELESS("reason") " WHERE child = " CHILD },
    { NAMES, "UPDATE mark_change SET " NAMELESS("reason") " WHERE child = " CHILD },
    MARK_TEXTS("child = " CHILD),
    { NAMES, "UPDATE event_invite SET " NAMELESS("exception") ", " NAMELESS(
                 "note") " WHERE child = " CHILD },
    { 0 }
};

static const struct step of_staff[] = {
    { NAMES, "UPDATE lesson_note SET " NAMELESS("topic") ", " NAMELESS("homework") ", " NAMELESS(
                 "text") " WHERE by_user = $1" },
    { NAMES, "UPDATE lesson SET " NAMELESS("reason") " WHERE reason <> '' AND mentor = " MENTOR },
    REPORT_TEXTS("mentor = " MENTOR),
    { NAMES, "UPDATE wellbeing_note SET " NAMELESS("text") " WHERE mentor = " MENTOR },
    { NAMES, "UPDATE assignment SET " NAMELESS("reason") ", " NAMELESS(
                 "end_reason") " "
                               "WHERE mentor = " MENTOR },
    { NAMES, "UPDATE application SET " NAMELESS("reason") " WHERE mentor = " MENTOR },
    { NAMES, "UPDATE application_step SET " NAMELESS(
                 "reason") " WHERE application IN "
                           "(SELECT id FROM application WHERE mentor = " MENTOR ")" },
    { NAMES, "UPDATE interview SET " NAMELESS("evidence") " WHERE mentor = " MENTOR },
    { NAMES, "UPDATE staff_document SET " NAMELESS("reason") " WHERE mentor = " MENTOR },
    { NAMES, "UPDATE mark_change SET " NAMELESS("reason") " WHERE by_user = $1" },
    MARK_TEXTS("mentor = " MENTOR),
    { NAMES, "UPDATE event_invite SET " NAMELESS("note") " WHERE user_id = $1" },
    { 0 }
};

static enum err person(struct emptying *x, const struct step *more)
{
    struct query q = query_on(x->db, "SELECT name, short_name FROM \"user\" WHERE id = $1 "
                                     "AND replaced_ms IS NULL");
    enum err e;

    query_int(&q, x->item);
    if (query_row(&q)) {
        row_text(&q, x->name, sizeof x->name);
        row_text(&q, x->short_name, sizeof x->short_name);
    }
    e = query_end_found(&q);
    if (!e)
        e = run_steps(x, account);
    return e || !more ? e : run_steps(x, more);
}

/* ---- one item ------------------------------------------------------------------------------- */

static enum err by_kind(struct emptying *x, enum retention_kind k)
{
    switch (k) {
    case RETENTION_CHAT:
        return run_steps(x, chat);
    case RETENTION_PRESENCE:
        return run_steps(x, presence);
    case RETENTION_MEDICAL:
        return run_steps(x, medical);
    case RETENTION_REPORT:
        return run_steps(x, report);
    case RETENTION_SHEET:
        return run_steps(x, sheet);
    case RETENTION_STAFF_PAPER:
        return run_steps(x, staff_paper);
    case RETENTION_CHILD:
        return person(x, of_child);
    case RETENTION_FAMILY:
        return person(x, NULL);
    case RETENTION_STAFF:
        return person(x, of_staff);
    case RETENTION_KINDS:
        break;
    }
    return ERR_INVAL;
}

static enum err work(struct db *db, const char *sql, int64_t run)
{
    struct query q = query_on(db, sql);

    query_int(&q, run);
    return query_run(&q);
}

enum err retention_empty(struct db *db, int64_t run, enum retention_kind k, int64_t item,
                         const char *alias, int64_t now_ms)
{
    struct emptying x = { .db = db, .item = item, .now_ms = now_ms, .alias = alias };
    enum err e;

    if (retention_of_person(k) != (alias != NULL))
        return ERR_INVAL;
    e = work(db, "INSERT INTO retention_work (run) VALUES ($1)", run);
    if (!e)
        e = by_kind(&x, k);
    if (!e)
        e = work(db, "DELETE FROM retention_work WHERE run = $1", run);
    memset(&x, 0, sizeof x);
    return e;
}
