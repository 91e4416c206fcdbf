/* SPDX-License-Identifier: Apache-2.0
 *
 * SQL of the home pages; see home.h. Desk thread.
 */
#include "server/store/home.h"

#include "common/base/mem.h"
#include "common/base/str.h"

enum err face_load(struct db *db, struct user_id user, struct face *out)
{
    struct face f = { 0 };
    struct query q = query_on(db, "SELECT theme, hand, phone FROM \"user\" WHERE id = $1");
    enum err err;

    query_int(&q, user.v);
    if (query_row(&q)) {
        row_text(&q, f.theme, sizeof f.theme);
        row_text(&q, f.hand, sizeof f.hand);
        row_text(&q, f.phone, sizeof f.phone);
    }
    err = query_end_found(&q);
    if (!err)
        *out = f;
    return err;
}

enum err face_save(struct db *db, struct user_id user, const struct face *f)
{
    struct query q =
        query_on(db, "UPDATE \"user\" SET theme = $2, hand = $3, phone = $4 WHERE id = $1");

    query_int(&q, user.v);
    query_text(&q, f->theme);
    query_text(&q, f->hand);
    query_text(&q, f->phone);
    return query_run(&q);
}

enum err notice_add(struct db *db, const struct notice *n)
{
    struct query q =
        query_on(db, "INSERT INTO notice (centre, user_id, about, lesson, at_ms, kind, "
                     "code, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

    query_int(&q, n->centre.v);
    query_int(&q, n->user.v);
    query_int(&q, n->about.v);
    query_id_or_null(&q, n->lesson.v);
    query_int(&q, n->at_ms);
    query_text(&q, n->kind);
    query_text(&q, n->code);
    query_text(&q, n->detail);
    return query_run(&q);
}

enum err notice_list(struct db *db, struct org_id centre, int64_t since_ms, int max,
                     struct notice_list *out)
{
    struct notice_list l = { 0 };
    struct query q = query_on(db, "SELECT id, centre, user_id, about, lesson, at_ms, kind, code, "
                                  "detail FROM notice WHERE centre = $1 AND at_ms >= $2 "
                                  "ORDER BY at_ms DESC, id DESC LIMIT $3");
    enum err err;

    query_int(&q, centre.v);
    query_int(&q, since_ms);
    query_int(&q, max);
    while (query_row(&q)) {
        struct notice *grown = store_grow(l.items, l.n, sizeof *l.items);
        struct notice *n;

        if (!query_room(&q, grown))
            break;
        l.items = grown;
        n = &l.items[l.n++];
        *n = (struct notice){ 0 };
        n->id = row_int(&q);
        n->centre.v = row_int(&q);
        n->user.v = row_int(&q);
        n->about.v = row_int(&q);
        n->lesson.v = row_int_or(&q, 0);
        n->at_ms = row_int(&q);
        row_text(&q, n->kind, sizeof n->kind);
        row_text(&q, n->code, sizeof n->code);
        row_text(&q, n->detail, sizeof n->detail);
    }
    err = query_end(&q);
    if (err)
        notice_list_free(&l);
    else
        *out = l;
    return err;
}

void notice_list_free(struct notice_list *l)
{
    mem_free(l->items);
    *l = (struct notice_list){ 0 };
}

enum err outage_list(struct db *db, int64_t from_ms, int64_t to_ms, struct outage_list *out)
{
    struct outage_list l = { 0 };
    struct query q = query_on(db, "SELECT from_ms, to_ms FROM outage "
                                  "WHERE to_ms > $1 AND from_ms < $2 ORDER BY from_ms, id");
    enum err err;

    query_int(&q, from_ms);
    query_int(&q, to_ms);
    while (query_row(&q)) {
        struct outage *grown = store_grow(l.items, l.n, sizeof *l.items);

        if (!query_room(&q, grown))
            break;
        l.items = grown;
        l.items[l.n].from_ms = row_int(&q);
        l.items[l.n++].to_ms = row_int(&q);
    }
    err = query_end(&q);
    if (err)
        outage_list_free(&l);
    else
        *out = l;
    return err;
}

void outage_list_free(struct outage_list *l)
{
    mem_free(l->items);
    *l = (struct outage_list){ 0 };
}

/* Ends a query of (id, start_ms) that yields one row or none. */
static enum err end_ref(struct query *q, struct lesson_ref *out)
{
    struct lesson_ref ref = { 0 };
    enum err err;

    if (query_row(q)) {
        ref.id.v = row_int(q);
        ref.start_ms = row_int(q);
    }
    err = query_end(q);
    if (!err)
        *out = ref;
    return err;
}

enum err lesson_ref_of(struct db *db, struct lesson_id id, struct lesson_ref *out)
{
    struct query q = query_on(db, "SELECT id, start_ms FROM lesson WHERE id = $1");

    query_int(&q, id.v);
    return end_ref(&q, out);
}

enum err lesson_moved_from(struct db *db, struct lesson_id id, struct lesson_ref *out)
{
    struct query q =
        query_on(db, "SELECT id, start_ms FROM lesson WHERE moved_to = $1 ORDER BY id LIMIT 1");

    query_int(&q, id.v);
    return end_ref(&q, out);
}

enum err lesson_made_up_by(struct db *db, struct lesson_id id, struct lesson_ref *out)
{
    struct query q = query_on(db, "SELECT id, start_ms FROM lesson WHERE make_up_of = $1 AND state "
                                  "NOT IN ('planned', 'cancelled', 'rescheduled') "
                                  "ORDER BY id DESC LIMIT 1");

    query_int(&q, id.v);
    return end_ref(&q, out);
}

enum err assigned_list(struct db *db, struct child_id child, int64_t at_ms,
                       struct assigned_list *out)
{
    struct assigned_list l = { 0 };
    struct query q =
        query_on(db, "SELECT m.user_id, s.code, a.role FROM assignment a "
                     "JOIN mentor m ON m.id = a.mentor LEFT JOIN subject s ON s.id = a.subject "
                     "WHERE a.child = $1 AND a.from_ms <= $2 AND (a.to_ms IS NULL OR a.to_ms > $2) "
                     "ORDER BY a.role, s.code, a.id");
    enum err err;

    query_int(&q, child.v);
    query_int(&q, at_ms);
    while (query_row(&q)) {
        struct assigned *grown = store_grow(l.items, l.n, sizeof *l.items);
        char role[16];

        if (!query_room(&q, grown))
            break;
        l.items = grown;
        l.items[l.n] = (struct assigned){ 0 };
        l.items[l.n].mentor.v = row_int(&q);
        row_text(&q, l.items[l.n].subject, sizeof l.items[l.n].subject);
        row_text(&q, role, sizeof role);
        l.items[l.n++].lead = role[0] == 'l';
    }
    err = query_end(&q);
    if (err)
        assigned_list_free(&l);
    else
        *out = l;
    return err;
}

void assigned_list_free(struct assigned_list *l)
{
    mem_free(l->items);
    *l = (struct assigned_list){ 0 };
}

enum err child_taught_by(struct db *db, struct child_id child, struct user_id user, int64_t at_ms,
                         bool *out)
{
    struct query q =
        query_on(db, "SELECT EXISTS (SELECT 1 FROM assignment a JOIN mentor m ON m.id = a.mentor "
                     "WHERE a.child = $1 AND m.user_id = $2 AND a.from_ms <= $3 "
                     "AND (a.to_ms IS NULL OR a.to_ms > $3)) "
                     "OR EXISTS (SELECT 1 FROM lesson_child lc JOIN lesson l ON l.id = lc.lesson "
                     "JOIN mentor m ON m.id = l.mentor WHERE lc.child = $1 AND m.user_id = $2 "
                     "AND l.state <> 'planned')");
    bool taught = false;
    enum err err;

    query_int(&q, child.v);
    query_int(&q, user.v);
    query_int(&q, at_ms);
    if (query_row(&q))
        taught = row_bool(&q);
    err = query_end(&q);
    if (!err)
        *out = taught;
    return err;
}

enum err mentor_card(struct db *db, struct mentor_id mentor, int64_t at_ms, struct mentor_card *out)
{
    struct mentor_card card = { 0 };
    struct query q = query_on(
        db, "SELECT DISTINCT s.code FROM assignment a JOIN subject s ON s.id = a.subject "
            "WHERE a.mentor = $1 AND a.from_ms <= $2 AND (a.to_ms IS NULL OR a.to_ms > $2) "
            "ORDER BY s.code");
    enum err err;

    query_int(&q, mentor.v);
    query_int(&q, at_ms);
    while (card.subjects_n < MENTOR_CARD_MAX && query_row(&q)) {
        row_text(&q, card.subjects[card.subjects_n], sizeof card.subjects[0]);
        card.subjects_n++;
    }
    err = query_end(&q);
    if (err)
        return err;
    q = query_on(db, "SELECT DISTINCT school FROM employment WHERE mentor = $1 AND from_ms <= $2 "
                     "AND (to_ms IS NULL OR to_ms > $2) ORDER BY school");
    query_int(&q, mentor.v);
    query_int(&q, at_ms);
    while (card.schools_n < MENTOR_CARD_MAX && query_row(&q))
        card.schools[card.schools_n++].v = row_int(&q);
    err = query_end(&q);
    if (!err)
        *out = card;
    return err;
}

enum err report_state(struct db *db, const struct report_key *key, char out[16], int *version)
{
    char month[8], state[16] = "";
    int v = 1;
    struct query q =
        query_on(db, "SELECT state, version FROM month_report WHERE mentor = $1 AND child = $2 AND "
                     "school = $3 AND month = $4 ORDER BY version DESC LIMIT 1");
    enum err err;

    if (!str_format(month, sizeof month, "%04d-%02d", key->year, key->month))
        q.err = ERR_INVAL;
    query_int(&q, key->mentor.v);
    query_int(&q, key->child.v);
    query_int(&q, key->school.v);
    query_text(&q, month);
    if (query_row(&q)) {
        row_text(&q, state, sizeof state);
        v = (int)row_int(&q);
    }
    err = query_end(&q);
    if (err)
        return err;
    *version = v;
    return str_copy(out, 16, state) ? ERR_OK : ERR_DB;
}

enum err lesson_note_due(struct db *db, struct lesson_id lesson, bool *out)
{
    struct query q =
        query_on(db, "SELECT EXISTS (SELECT 1 FROM lesson_child lc "
                     "JOIN attendance a ON a.lesson = lc.lesson "
                     "AND a.run = (SELECT MAX(run) FROM attendance WHERE lesson = lc.lesson) "
                     "LEFT JOIN lesson_note n ON n.lesson = lc.lesson AND n.child = lc.child "
                     "WHERE lc.lesson = $1 AND a.outcome IN ('held', 'partial') "
                     "AND (n.topic IS NULL OR n.topic = ''))");
    bool due = false;
    enum err err;

    query_int(&q, lesson.v);
    if (query_row(&q))
        due = row_bool(&q);
    err = query_end(&q);
    if (!err)
        *out = due;
    return err;
}

enum err note_stamp(struct db *db, struct lesson_id lesson, struct child_id child,
                    struct note_stamp *out)
{
    struct note_stamp stamp = { 0 };
    struct query q =
        query_on(db, "SELECT at_ms, by_user FROM lesson_note WHERE lesson = $1 AND child = $2");
    enum err err;

    query_int(&q, lesson.v);
    query_int(&q, child.v);
    if (query_row(&q)) {
        stamp.at_ms = row_int(&q);
        stamp.by.v = row_int(&q);
    }
    err = query_end_found(&q);
    if (!err)
        *out = stamp;
    return err;
}
