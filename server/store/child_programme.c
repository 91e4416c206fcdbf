/* SPDX-License-Identifier: Apache-2.0
 *
 * The programmes of children in their versions; see programme.h.
 */
#include "server/store/programme.h"

#include "common/base/mem.h"
#include "server/domain/day.h"
#include "server/store/paper.h"

/* ---- reading ---------------------------------------------------------------------------- */

#define CHILD_PROGRAMME_COLUMNS                                                                    \
    "p.id, p.child, p.version, p.state, p.from_date, p.to_date, p.until_date, p.reason, "          \
    "p.carried, p.proposed_by, p.proposed_ms, p.decided_by, p.decided_ms, p.rev, p.created_ms "

static void read_row(struct query *q, struct child_programme *p)
{
    char word[16];

    *p = (struct child_programme){ .id = row_int(q) };
    p->child.v = row_int(q);
    p->version = (int)row_int(q);
    row_text(q, word, sizeof word);
    if (!programme_state_parse(word, &p->state))
        query_blame(q);
    p->days.first = row_day(q);
    p->days.last = row_day(q);
    if (p->days.last == DAY_NONE)
        p->days.last = INT64_MAX;
    p->until = row_day(q);
    row_text(q, p->reason, sizeof p->reason);
    p->carried = row_bool(q);
    p->proposed_by.v = row_int(q);
    p->proposed_ms = row_int(q);
    p->decided_by.v = row_int(q);
    p->decided_ms = row_int(q);
    p->rev = row_int(q);
    p->created_ms = row_int(q);
}

static enum err load_lines(struct db *db, struct child_programme *p)
{
    struct query q = query_on(db, "SELECT l.subject, l.programme, l.week_minutes, "
                                  "l.year_minutes, l.lesson_minutes FROM child_programme_line l "
                                  "JOIN subject s ON s.id = l.subject "
                                  "WHERE l.child_programme = $1 ORDER BY s.code");

    query_int(&q, p->id);
    while (p->lines_n < PROGRAMME_LINES_MAX && query_row(&q)) {
        struct programme_line *l = &p->lines[p->lines_n++];

        l->subject = row_int(&q);
        l->catalogue = row_int(&q);
        l->week_minutes = (int)row_int(&q);
        l->year_minutes = (int)row_int(&q);
        l->lesson_minutes = (int)row_int(&q);
    }
    return query_end(&q);
}

enum err child_programme_load(struct db *db, int64_t id, struct child_programme *out)
{
    struct query q =
        query_on(db, "SELECT " CHILD_PROGRAMME_COLUMNS "FROM child_programme p WHERE p.id = $1");
    enum err e;

    query_int(&q, id);
    if (query_row(&q))
        read_row(&q, out);
    e = query_end_found(&q);
    return e ? e : load_lines(db, out);
}

/* Ends q; its rows with their lines. */
static enum err list(struct db *db, struct query *q, struct child_programme_list *out)
{
    struct child_programme_list l = { 0 };
    struct child_programme *item;
    enum err e;

    while (QUERY_NEXT(q, &l, item))
        read_row(q, item);
    e = query_end(q);
    for (size_t i = 0; !e && i < l.n; i++)
        e = load_lines(db, &l.items[i]);
    if (e)
        child_programme_list_free(&l);
    else
        *out = l;
    return e;
}

enum err child_programme_list(struct db *db, struct child_id child,
                              struct child_programme_list *out)
{
    struct query q = query_on(db, "SELECT " CHILD_PROGRAMME_COLUMNS "FROM child_programme p "
                                  "WHERE p.child = $1 ORDER BY p.version DESC");

    query_int(&q, child.v);
    return list(db, &q, out);
}

enum err child_programme_waiting(struct db *db, struct org_id centre,
                                 struct child_programme_list *out)
{
    struct query q = query_on(db, "SELECT " CHILD_PROGRAMME_COLUMNS "FROM child_programme p "
                                  "JOIN child c ON c.id = p.child WHERE c.centre = $1 "
                                  "AND p.state = 'proposed' ORDER BY p.proposed_ms, p.id");

    query_int(&q, centre.v);
    return list(db, &q, out);
}

void child_programme_list_free(struct child_programme_list *l)
{
    mem_free(l->items);
    *l = (struct child_programme_list){ 0 };
}

enum err child_programme_author(struct db *db, int64_t id, struct user_id user, bool *out)
{
    struct query q = query_on(db, "SELECT EXISTS (SELECT 1 FROM child_programme_author "
                                  "WHERE child_programme = $1 AND user_id = $2)");

    query_int(&q, id);
    query_int(&q, user.v);
    if (query_row(&q))
        *out = row_bool(&q);
    return query_end_found(&q);
}

enum err child_programme_stands(struct db *db, struct child_id child, bool *out)
{
    struct query q = query_on(db, "SELECT EXISTS (SELECT 1 FROM child_programme "
                                  "WHERE child = $1 AND state = 'approved')");

    query_int(&q, child.v);
    if (query_row(&q))
        *out = row_bool(&q);
    return query_end_found(&q);
}

/* ---- writing ---------------------------------------------------------------------------- */

static enum err add_author(struct db *db, int64_t id, struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO child_programme_author (child_programme, user_id) "
                                  "VALUES ($1, $2) ON CONFLICT (child_programme, user_id) "
                                  "DO NOTHING");

    query_int(&q, id);
    query_int(&q, by.v);
    return query_run(&q);
}

static enum err add_lines(struct db *db, int64_t id, const struct child_programme *p)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < p->lines_n; i++) {
        struct query q = query_on(db, "INSERT INTO child_programme_line (child_programme, subject, "
                                      "programme, week_minutes, year_minutes, lesson_minutes) "
                                      "VALUES ($1, $2, $3, $4, $5, $6)");

        query_int(&q, id);
        query_int(&q, p->lines[i].subject);
        query_id_or_null(&q, p->lines[i].catalogue);
        query_int(&q, p->lines[i].week_minutes);
        query_int(&q, p->lines[i].year_minutes);
        query_int(&q, p->lines[i].lesson_minutes);
        e = query_run(&q);
    }
    return e;
}

static void bind_days(struct query *q, const struct day_span *days)
{
    char from[DAY_TEXT_BYTES], to[DAY_TEXT_BYTES];

    day_write(days->first, from);
    day_write(days->last, to);
    query_text(q, from);
    query_text(q, to);
}

enum err child_programme_add(struct db *db, const struct child_programme *p, int64_t now_ms,
                             struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO child_programme (child, version, from_date, "
                                  "to_date, created_ms, created_by) VALUES ($1, 1 + COALESCE(("
                                  "SELECT max(version) FROM child_programme WHERE child = $1), 0), "
                                  "$2, $3, $4, $5) RETURNING id");
    enum err e;

    query_int(&q, p->child.v);
    bind_days(&q, &p->days);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    e = query_insert(&q, out_id);
    if (!e)
        e = add_lines(db, *out_id, p);
    return e ? e : add_author(db, *out_id, by);
}

/* Runs an UPDATE ... RETURNING id that finds its row only if its rev is as it was. */
static enum err update_one(struct query *q)
{
    bool any = query_row(q);
    enum err e = query_run(q);

    return e ? e : any ? ERR_OK : ERR_STATE;
}

enum err child_programme_save(struct db *db, const struct child_programme *p, struct user_id by)
{
    struct query q = query_on(db, "UPDATE child_programme SET from_date = $3, to_date = $4, "
                                  "rev = rev + 1 WHERE id = $1 AND rev = $2 RETURNING id");
    enum err e;

    query_int(&q, p->id);
    query_int(&q, p->rev);
    bind_days(&q, &p->days);
    e = update_one(&q);
    if (e)
        return e;
    q = query_on(db, "DELETE FROM child_programme_line WHERE child_programme = $1");
    query_int(&q, p->id);
    e = query_run(&q);
    if (!e)
        e = add_lines(db, p->id, p);
    return e ? e : add_author(db, p->id, by);
}

static enum err add_step(struct db *db, int64_t id, enum programme_state from,
                         enum programme_state to, const char *reason, int64_t now_ms,
                         struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO child_programme_step (child_programme, at_ms, "
                                  "by_user, from_state, to_state, reason) "
                                  "VALUES ($1, $2, $3, $4, $5, $6)");

    query_int(&q, id);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    query_text(&q, programme_state_name(from));
    query_text(&q, programme_state_name(to));
    query_text(&q, reason);
    return query_run(&q);
}

/* The approved one of the child, if there is one, makes room for its successor. */
static enum err supersede(struct db *db, const struct child_programme *by_this, int64_t now_ms)
{
    struct query q = query_on(db, "SELECT " CHILD_PROGRAMME_COLUMNS "FROM child_programme p "
                                  "WHERE p.child = $1 AND p.state = 'approved'");
    struct child_programme old = { 0 };
    char until[DAY_TEXT_BYTES];
    enum err e;

    query_int(&q, by_this->child.v);
    if (query_row(&q))
        read_row(&q, &old);
    e = query_end(&q);
    if (e || !old.id)
        return e;
    day_write(programme_until(&old.days, by_this->days.first), until);
    q = query_on(db, "UPDATE child_programme SET state = 'superseded', until_date = $2, "
                     "rev = rev + 1 WHERE id = $1");
    query_int(&q, old.id);
    query_text(&q, until);
    e = query_run(&q);
    return e ? e
             : add_step(db, old.id, PROGRAMME_APPROVED, PROGRAMME_SUPERSEDED, "", now_ms,
                        (struct user_id){ 0 });
}

static enum err set_proposed(struct db *db, const struct child_programme *p, int64_t now_ms,
                             struct user_id by)
{
    struct query q = query_on(db, "UPDATE child_programme SET state = 'proposed', "
                                  "proposed_by = $3, proposed_ms = $4, decided_by = NULL, "
                                  "decided_ms = NULL, rev = rev + 1 "
                                  "WHERE id = $1 AND rev = $2 RETURNING id");
    enum err e;

    query_int(&q, p->id);
    query_int(&q, p->rev);
    query_int(&q, by.v);
    query_int(&q, now_ms);
    e = update_one(&q);
    return e ? e : add_author(db, p->id, by);
}

static enum err set_decided(struct db *db, const struct child_programme *p, enum programme_state to,
                            const char *reason, int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "UPDATE child_programme SET state = $3, reason = $4, "
                                  "decided_by = $5, decided_ms = $6, rev = rev + 1 "
                                  "WHERE id = $1 AND rev = $2 RETURNING id");

    query_int(&q, p->id);
    query_int(&q, p->rev);
    query_text(&q, programme_state_name(to));
    query_text(&q, reason);
    query_int(&q, by.v);
    query_int(&q, now_ms);
    return update_one(&q);
}

enum err child_programme_move(struct db *db, const struct child_programme *p,
                              enum programme_state to, const char *reason, int64_t now_ms,
                              struct user_id by)
{
    enum err e = to == PROGRAMME_APPROVED ? supersede(db, p, now_ms) : ERR_OK;

    if (!e)
        e = to == PROGRAMME_PROPOSED ? set_proposed(db, p, now_ms, by)
                                     : set_decided(db, p, to, reason, now_ms, by);
    return e ? e : add_step(db, p->id, p->state, to, reason, now_ms, by);
}
