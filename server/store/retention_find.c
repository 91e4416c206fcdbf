/* SPDX-License-Identifier: Apache-2.0
 *
 * What the records have of each kind, from when its days count, and what
 * stands in its way. Each query has the columns number, since, and one per
 * hold in the order of RETENTION_HOLD_LIST; its parameters are the centre, the
 * numbers it goes over (after, upto], and now.
 */
#include "common/base/mem.h"
#include "server/store/retention.h"

/* l: a lesson. Somebody of it is on hold. */
#define BAN_LESSON                                                                                 \
    "EXISTS (SELECT 1 FROM retention_hold h WHERE h.lifted_ms IS NULL AND (h.user_id = "           \
    "(SELECT t.user_id FROM mentor t WHERE t.id = l.mentor) OR h.user_id IN (SELECT b.user_id "    \
    "FROM lesson_child kb JOIN child b ON b.id = kb.child WHERE kb.lesson = l.id)))"
#define BAN_USER(user)                                                                             \
    "EXISTS (SELECT 1 FROM retention_hold h WHERE h.lifted_ms IS NULL AND h.user_id = " user ")"
/* The child or the mentor of a mark sheet. */
#define BAN_SHEET(sheet)                                                                           \
    "EXISTS (SELECT 1 FROM retention_hold h JOIN mark_sheet ms ON ms.id = " sheet                  \
    " JOIN child mc ON mc.id = ms.child JOIN mentor mt ON mt.id = ms.mentor "                      \
    "WHERE h.lifted_ms IS NULL AND h.user_id IN (mc.user_id, mt.user_id))"
#define DISPUTE_CHILD(child)                                                                       \
    "EXISTS (SELECT 1 FROM lesson_child kd JOIN lesson ld ON ld.id = kd.lesson WHERE kd.child = "  \
    "" child " AND ld.state = 'disputed')"
#define CASE_OPEN(child)                                                                           \
    "EXISTS (SELECT 1 FROM case_file f WHERE f.child = " child " AND f.closed_ms IS NULL)"
#define CASE_END(child)                                                                            \
    "COALESCE((SELECT max(f.closed_ms) FROM case_file f WHERE f.child = " child "), 0)"
#define REPORTS_OPEN(whose)                                                                        \
    "EXISTS (SELECT 1 FROM month_report o WHERE " whose " AND (o.state <> 'accepted' OR EXISTS "   \
    "(SELECT 1 FROM delivery d WHERE d.doc = 'report' AND d.doc_id = o.id AND d.ack_ms IS NULL)))"
#define LAST_LESSON_CHILD                                                                          \
    "COALESCE((SELECT max(l.end_ms) FROM lesson_child k JOIN lesson l ON l.id = k.lesson "         \
    "WHERE k.child = c.id AND l.state NOT IN ('planned', 'cancelled', 'rescheduled')), 0)"
#define LAST_LESSON_MENTOR                                                                         \
    "COALESCE((SELECT max(l.end_ms) FROM lesson l JOIN mentor t ON t.id = l.mentor "               \
    "WHERE t.user_id = u.id AND l.state NOT IN ('planned', 'cancelled', 'rescheduled')), 0)"
#define EMPLOYED(mentor)                                                                           \
    "EXISTS (SELECT 1 FROM employment e WHERE e.mentor = " mentor " AND (e.to_ms IS NULL OR "      \
    "e.to_ms > $4))"
#define STAFF_ROLES "('mentor', 'coordinator', 'school_officer', 'admin')"
/* o: an organisation of the centre */
#define IN_CENTRE "(o.id = $1 OR o.parent = $1)"

static const char *const last[RETENTION_KINDS] = {
    [RETENTION_CHAT] = "SELECT max(id) FROM lesson",
    [RETENTION_PRESENCE] = "SELECT max(id) FROM lesson",
    [RETENTION_MEDICAL] = "SELECT max(id) FROM referral",
    [RETENTION_REPORT] = "SELECT max(id) FROM month_report",
    [RETENTION_SHEET] = "SELECT max(doc_id) FROM frozen_body WHERE doc = 'sheet'",
    [RETENTION_STAFF_PAPER] = "SELECT max(id) FROM staff_document",
    [RETENTION_CHILD] = "SELECT max(id) FROM \"user\"",
    [RETENTION_FAMILY] = "SELECT max(id) FROM \"user\"",
    [RETENTION_STAFF] = "SELECT max(id) FROM \"user\"",
};

static const char *const found[RETENTION_KINDS] = {
    [RETENTION_CHAT] =
        "SELECT l.id, l.end_ms, " BAN_LESSON ", l.state = 'disputed', 0, 0, 0 FROM lesson l "
        "WHERE l.org = $1 AND l.id > $2 AND l.id <= $3 AND l.end_ms < $4 "
        "AND EXISTS (SELECT 1 FROM chat_line x WHERE x.lesson = l.id) ORDER BY l.id",
    [RETENTION_PRESENCE] =
        "SELECT l.id, l.end_ms, " BAN_LESSON ", l.state = 'disputed', 0, 0, 0 FROM lesson l "
        "WHERE l.org = $1 AND l.id > $2 AND l.id <= $3 AND l.end_ms < $4 "
        "AND EXISTS (SELECT 1 FROM room_event x WHERE x.lesson = l.id) ORDER BY l.id",
    [RETENTION_MEDICAL] =
        "SELECT r.id, " CASE_END("r.child") ", " BAN_USER("c.user_id") ", 0, " CASE_OPEN(
            "r.child") ", 0, 0 FROM referral r JOIN child c ON c.id = r.child "
                       "WHERE r.centre = $1 AND r.id > $2 AND r.id <= $3 AND $4 > 0 AND "
                       "r.emptied_ms IS NULL "
                       "ORDER BY r.id",
    [RETENTION_REPORT] =
        "SELECT m.id, (SELECT max(b.at_ms) FROM frozen_body b WHERE b.doc = 'report' "
        "AND b.doc_id = m.id), " BAN_USER("c.user_id") " OR " BAN_USER(
            "t.user_id") ", " DISPUTE_CHILD("m.child") ", 0, EXISTS (SELECT 1 FROM delivery d "
                                                       "WHERE d.doc = 'report' "
                                                       "AND d.doc_id = m.id AND d.ack_ms IS NULL), "
                                                       "0 FROM month_report m "
                                                       "JOIN child c ON c.id = m.child JOIN mentor "
                                                       "t ON t.id = m.mentor "
                                                       "WHERE c.centre = $1 AND m.id > $2 AND m.id "
                                                       "<= $3 AND $4 > 0 AND EXISTS (SELECT 1 "
                                                       "FROM frozen_body b WHERE b.doc = 'report' "
                                                       "AND b.doc_id = m.id) ORDER BY m.id",
    [RETENTION_SHEET] = "SELECT b.doc_id, max(b.at_ms), " BAN_SHEET(
        "b.doc_id") ", 0, 0, EXISTS (SELECT 1 FROM delivery d "
                    "WHERE d.doc = 'sheet' AND d.doc_id = b.doc_id AND d.ack_ms IS NULL), 0 "
                    "FROM frozen_body b WHERE b.doc = 'sheet' AND b.doc_id > $2 AND b.doc_id <= $3 "
                    "AND $4 > 0 "
                    "AND EXISTS (SELECT 1 FROM delivery d JOIN org o ON o.id = d.to_org WHERE "
                    "d.doc = 'sheet' "
                    "AND d.doc_id = b.doc_id AND " IN_CENTRE
                    ") GROUP BY b.doc_id ORDER BY b.doc_id",
    [RETENTION_STAFF_PAPER] =
        "SELECT s.id, COALESCE((SELECT max(COALESCE(e.to_ms, e.from_ms)) FROM employment e "
        "WHERE e.mentor = s.mentor), s.created_ms), " BAN_USER("t.user_id") ", 0, 0, 0, " EMPLOYED(
            "s.mentor") " FROM staff_document s JOIN mentor t ON t.id = s.mentor "
                        "WHERE t.centre = $1 AND s.id > $2 AND s.id <= $3 "
                        "AND NOT EXISTS (SELECT 1 FROM file_gone g WHERE g.file = s.name) ORDER BY "
                        "s.id",
    [RETENTION_CHILD] =
        "SELECT u.id, max(u.created_ms, " LAST_LESSON_CHILD
        ", " CASE_END("c.id") "), " BAN_USER("u.id") ", " DISPUTE_CHILD("c.id") ", " CASE_OPEN(
            "c.id") ", " REPORTS_OPEN("o.child = c.id") ", 0 FROM child c JOIN \"user\" u ON u.id "
                                                        "= c.user_id "
                                                        "WHERE c.centre = $1 AND u.id > $2 AND "
                                                        "u.id <= $3 AND $4 > 0 AND u.replaced_ms "
                                                        "IS NULL "
                                                        "ORDER BY u.id",
    [RETENTION_FAMILY] =
        "SELECT u.id, CASE WHEN EXISTS (SELECT 1 FROM guardian_link g JOIN child c ON c.id = "
        "g.child "
        "JOIN \"user\" k ON k.id = c.user_id WHERE g.user_id = u.id AND k.replaced_ms IS NULL) "
        "THEN 0 ELSE (SELECT max(k.replaced_ms) FROM guardian_link g JOIN child c ON c.id = "
        "g.child "
        "JOIN \"user\" k ON k.id = c.user_id WHERE g.user_id = u.id) END, " BAN_USER(
            "u.id") ", 0, 0, 0, 0 FROM \"user\" u WHERE u.id > $2 AND u.id <= $3 AND $4 > 0 "
                    "AND u.replaced_ms IS NULL AND EXISTS (SELECT 1 FROM guardian_link g JOIN "
                    "child c "
                    "ON c.id = g.child WHERE g.user_id = u.id AND c.centre = $1) AND NOT EXISTS "
                    "(SELECT 1 "
                    "FROM role_grant r WHERE r.user_id = u.id AND r.role IN " STAFF_ROLES
                    ") ORDER BY u.id",
    [RETENTION_STAFF] =
        "SELECT u.id, max((SELECT max(COALESCE(r.to_ms, r.from_ms)) FROM role_grant r "
        "WHERE r.user_id = u.id), " LAST_LESSON_MENTOR
        "), " BAN_USER("u.id") ", 0, 0, " REPORTS_OPEN(
            "o.mentor = (SELECT t.id FROM mentor t WHERE t.user_id "
            "= u.id)") ", EXISTS (SELECT 1 FROM role_grant r WHERE "
                       "r.user_id = u.id AND (r.to_ms IS NULL "
                       "OR r.to_ms > $4)) OR " EMPLOYED("(SELECT t.id FROM mentor t WHERE "
                                                        "t.user_id = u.id)") " OR EXISTS "
                                                                             "(SELECT 1 FROM "
                                                                             "guardian_link g "
                                                                             "JOIN child c ON "
                                                                             "c.id = g.child "
                                                                             "JOIN \"user\" k "
                                                                             "ON k.id = "
                                                                             "c.user_id WHERE "
                                                                             "g.user_id = u.id "
                                                                             "AND k.replaced_ms "
                                                                             "IS NULL) "
                                                                             "FROM \"user\" u "
                                                                             "WHERE u.id > $2 "
                                                                             "AND u.id <= $3 "
                                                                             "AND u.replaced_ms "
                                                                             "IS NULL "
                                                                             "AND EXISTS "
                                                                             "(SELECT 1 FROM "
                                                                             "role_grant r JOIN "
                                                                             "org o ON o.id = "
                                                                             "r.org WHERE "
                                                                             "r.user_id = u.id "
                                                                             "AND r.role "
                                                                             "IN " STAFF_ROLES
                                                                             " AND " IN_CENTRE
                                                                             ") AND NOT EXISTS "
                                                                             "(SELECT 1 FROM "
                                                                             "child c "
                                                                             "WHERE c.user_id = "
                                                                             "u.id) ORDER BY "
                                                                             "u.id",
};

enum err retention_scan(struct db *db, enum retention_kind k, struct org_id centre, int64_t after,
                        int64_t upto, int64_t now_ms, struct retention_found *out)
{
    struct query q = query_on(db, found[k]);
    struct retention_found l = { 0 };
    struct retention_facts *item;
    enum err e;

    query_int(&q, centre.v);
    query_int(&q, after);
    query_int(&q, upto);
    query_int(&q, now_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        *item = (struct retention_facts){ 0 };
        item->item = row_int(&q);
        item->since_ms = row_int(&q);
        for (int h = 0; h < RETENTION_HOLDS; h++)
            if (row_bool(&q))
                item->holds |= 1u << h;
    }
    e = query_end(&q);
    if (e)
        retention_found_free(&l);
    else
        *out = l;
    return e;
}

void retention_found_free(struct retention_found *l)
{
    mem_free(l->items);
    *l = (struct retention_found){ 0 };
}

enum err retention_last(struct db *db, enum retention_kind k, int64_t *out)
{
    struct query q = query_on(db, last[k]);

    if (query_row(&q))
        *out = row_int(&q);
    return query_end_found(&q);
}

enum err retention_of_centre(struct db *db, struct user_id user, struct org_id centre, bool *out)
{
    struct query q = query_on(
        db, "SELECT EXISTS (SELECT 1 FROM child c WHERE c.user_id = $2 AND c.centre = $1) "
            "OR EXISTS (SELECT 1 FROM guardian_link g JOIN child c ON c.id = g.child "
            "WHERE g.user_id = $2 AND c.centre = $1) OR EXISTS (SELECT 1 FROM role_grant r "
            "JOIN org o ON o.id = r.org WHERE r.user_id = $2 AND " IN_CENTRE ")");

    query_int(&q, centre.v);
    query_int(&q, user.v);
    if (query_row(&q))
        *out = row_bool(&q);
    return query_end_found(&q);
}
