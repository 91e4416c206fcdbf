/* SPDX-License-Identifier: Apache-2.0
 *
 * What people say about a lesson: human codes (amendments), the mentor's
 * notes, the family's word.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/store/attendance.h"
#include "server/store/audit.h"
#include "server/store/webhook.h"

static enum err tell_amended(struct db *db, struct lesson_id lesson, int64_t id, int64_t at_ms)
{
    const struct webhook_event told = {
        .kind = WEBHOOK_ATTENDANCE_AMENDED, .at_ms = at_ms, .lesson = lesson.v, .amendment = id
    };
    struct query q = query_on(db, "SELECT org FROM lesson WHERE id = $1");
    struct org_id org = { 0 };
    enum err e;

    query_int(&q, lesson.v);
    if (query_row(&q))
        org.v = row_int(&q);
    e = query_end_found(&q);
    return e ? e : webhook_tell(db, org, &told, at_ms);
}

enum err amendment_add(struct db *db, struct lesson_id lesson, struct child_id child,
                       const struct amendment *a, int64_t *out_id)
{
    struct lesson_record r;
    const struct child_record *c = NULL;
    struct query q;
    int64_t id = 0;
    enum err e = attendance_load(db, lesson, &r);

    if (e)
        return e;
    for (int i = 0; i < r.children_n; i++)
        if (child_id_eq(r.children[i].child, child))
            c = &r.children[i];
    if (!c)
        return ERR_NOTFOUND;
    q = query_on(db, "INSERT INTO amendment (lesson, child, attendance_child, old_code, new_code, "
                     "reason, document_no, by_user, title, at_ms) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id");
    query_int(&q, lesson.v);
    query_int(&q, child.v);
    query_int(&q, c->id);
    query_text(&q, (const char[2]){ c->code, '\0' });
    query_text(&q, (const char[2]){ a->new_code, '\0' });
    query_text(&q, a->reason);
    query_text(&q, a->document_no);
    query_int(&q, a->by.v);
    query_text(&q, a->title);
    query_int(&q, a->at_ms);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        e = chain_enter(db, "amendment", id, a->at_ms);
    if (!e)
        e = tell_amended(db, lesson, id, a->at_ms);
    if (!e)
        *out_id = id;
    return e;
}

enum err amendment_list(struct db *db, struct lesson_id lesson, struct child_id child,
                        struct amendment_list *out)
{
    struct query q = query_on(db, "SELECT id, old_code, new_code, reason, document_no, title, "
                                  "by_user, at_ms FROM amendment WHERE lesson = $1 "
                                  "AND child = $2 ORDER BY id");
    struct amendment_list l = { 0 };
    struct amendment *a;
    enum err e;

    query_int(&q, lesson.v);
    query_int(&q, child.v);
    while (QUERY_NEXT(&q, &l, a)) {
        char code[2];

        a->id = row_int(&q);
        row_text(&q, code, sizeof code);
        a->old_code = code[0];
        row_text(&q, code, sizeof code);
        a->new_code = code[0];
        row_text(&q, a->reason, sizeof a->reason);
        row_text(&q, a->document_no, sizeof a->document_no);
        row_text(&q, a->title, sizeof a->title);
        a->by.v = row_int(&q);
        a->at_ms = row_int(&q);
    }
    e = query_end(&q);
    if (e)
        amendment_list_free(&l);
    else
        *out = l;
    return e;
}

void amendment_list_free(struct amendment_list *l)
{
    mem_free(l->items);
    *l = (struct amendment_list){ 0 };
}

/* ---- notes ------------------------------------------------------------------------------ */

enum err note_load(struct db *db, struct lesson_id lesson, struct child_id child,
                   struct lesson_note *out)
{
    struct query q = query_on(db, "SELECT topic, homework, mark, text, rev FROM lesson_note "
                                  "WHERE lesson = $1 AND child = $2");

    *out = (struct lesson_note){ .rev = 0 };
    query_int(&q, lesson.v);
    query_int(&q, child.v);
    if (query_row(&q)) {
        row_text(&q, out->topic, sizeof out->topic);
        row_text(&q, out->homework, sizeof out->homework);
        row_text(&q, out->mark, sizeof out->mark);
        row_text(&q, out->text, sizeof out->text);
        out->rev = row_int(&q);
    }
    return query_end(&q);
}

enum err note_save(struct db *db, struct lesson_id lesson, struct child_id child,
                   const struct lesson_note *note, int64_t now_ms, struct user_id by)
{
    struct query q =
        note->rev == 0
            ? query_on(db, "INSERT INTO lesson_note (lesson, child, topic, homework, mark, text, "
                           "at_ms, by_user) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                           "ON CONFLICT (lesson, child) DO NOTHING RETURNING lesson")
            : query_on(db, "UPDATE lesson_note SET topic = $3, homework = $4, mark = $5, "
                           "text = $6, at_ms = $7, by_user = $8, rev = rev + 1 "
                           "WHERE lesson = $1 AND child = $2 AND rev = $9 RETURNING lesson");
    enum err e;

    query_int(&q, lesson.v);
    query_int(&q, child.v);
    query_text(&q, note->topic);
    query_text(&q, note->homework);
    query_text(&q, note->mark);
    query_text(&q, note->text);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    if (note->rev != 0)
        query_int(&q, note->rev);
    query_row(&q);
    e = query_end_found(&q);
    return e == ERR_NOTFOUND ? ERR_STATE : e;
}

/* ---- the family's word ------------------------------------------------------------------ */

static void read_word(struct query *q, enum family_word *out)
{
    char word[16];

    row_text(q, word, sizeof word);
    if (strcmp(word, "confirmed") == 0)
        *out = FAMILY_CONFIRMED;
    else if (strcmp(word, "disputed") == 0)
        *out = FAMILY_DISPUTED;
    else
        query_blame(q);
}

enum err confirmation_load(struct db *db, struct lesson_id lesson, struct child_id child,
                           struct confirmation *out)
{
    struct query q = query_on(db, "SELECT result, text, guardian, at_ms FROM confirmation "
                                  "WHERE lesson = $1 AND child = $2 ORDER BY id DESC LIMIT 1");

    *out = (struct confirmation){ .word = FAMILY_OPEN };
    query_int(&q, lesson.v);
    query_int(&q, child.v);
    if (query_row(&q)) {
        read_word(&q, &out->word);
        row_text(&q, out->text, sizeof out->text);
        out->guardian.v = row_int(&q);
        out->at_ms = row_int(&q);
    }
    return query_end(&q);
}

enum err confirmation_add(struct db *db, struct lesson_id lesson, struct child_id child,
                          const struct confirmation *c)
{
    struct query q =
        query_on(db, "INSERT INTO confirmation (lesson, child, guardian, result, text, "
                     "at_ms) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id");
    struct lesson_facts f;
    enum lesson_state to = c->word == FAMILY_DISPUTED ? LESSON_DISPUTED : LESSON_CONFIRMED;
    int64_t id = 0;
    enum err e;

    query_int(&q, lesson.v);
    query_int(&q, child.v);
    query_int(&q, c->guardian.v);
    query_text(&q, c->word == FAMILY_DISPUTED ? "disputed" : "confirmed");
    query_text(&q, c->text);
    query_int(&q, c->at_ms);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        e = chain_enter(db, "confirmation", id, c->at_ms);
    if (!e)
        e = lesson_facts_load(db, lesson, &f);
    if (e || f.state == to)
        return e;
    /* A dispute settled by the family itself: back to computed, then confirmed. */
    if (f.state == LESSON_DISPUTED)
        e = lesson_set_state(db, lesson, LESSON_COMPUTED, c->at_ms);
    return e ? e : lesson_set_state(db, lesson, to, c->at_ms);
}
