/* SPDX-License-Identifier: Apache-2.0
 *
 * Calendar feeds: a person makes one secret address and ends it; a calendar
 * program reads it without a login. It holds when, which subject and a given
 * name, never a child's surname, a reason or a word of health. Only lessons of
 * the person's own or of own children: nobody else has a feed. The events such a
 * person is invited to stand beside them, by their kind and place alone. Desk
 * thread.
 */
#include <openssl/crypto.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/render/ics.h"
#include "server/store/events.h"
#include "server/store/feed.h"
#include "server/store/home.h"
#include "server/store/login.h"
#include "server/store/org.h"
#include "server/sys/random.h"

#define TOKEN_BYTES 32
#define BACK_DAYS 30
#define AHEAD_DAYS 180
#define EVENTS_MAX 500

/* What every unknown token counts as. */
#define NO_FEED "-feed"
#define FEED_TRIES 10
#define FEED_WINDOW_MS (15 * MS_PER_MIN)

/* Whose lessons: the person's own or those of own children. */
static bool feed_filter(const struct call *c, struct lesson_filter *out)
{
    int64_t now = c->now.unix_ms;

    return call_lesson_filter(c, RIGHT_FEED_KEEP, now - BACK_DAYS * MS_PER_DAY,
                              now + AHEAD_DAYS * MS_PER_DAY, out);
}

/* ---- one's own feed ------------------------------------------------------------------------- */

/* address: "" unless it was just made. */
static enum err feed_answer(struct call *c, int status, const char *address)
{
    int64_t since = 0;
    enum err err = feed_since(c->db, c->user.id, &since);

    if (err)
        return err;
    return call_answer(c, status,
                       json_pack("{s:o,s:o}", "since", json_time_or_null(since, 0), "address",
                                 json_text_or_null(address)));
}

enum err feed_get(struct call *c)
{
    struct lesson_filter f;

    return feed_filter(c, &f) ? feed_answer(c, 200, "") : call_refuse(c, REFUSE_NOT_ALLOWED);
}

enum err feed_post(struct call *c)
{
    char token[ACCOUNT_TOKEN_CHARS + 1], address[ACCOUNT_TOKEN_CHARS + 40];
    uint8_t hash[FEED_HASH_BYTES];
    struct lesson_filter f;
    int64_t id = 0;
    enum err err;

    if (!feed_filter(c, &f))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = random_token(TOKEN_BYTES, token, sizeof token);
    if (err)
        return err;
    account_token_hash(token, hash);
    if (!str_format(address, sizeof address, API_PREFIX "/feeds/%s.ics", token))
        err = ERR_INVAL;
    if (!err)
        err = feed_set(c->db, c->user.id, hash, c->now.unix_ms, &id);
    if (!err)
        err = call_audit(c, "feed.create", "feed", id, "", "");
    if (!err)
        err = feed_answer(c, 201, address);
    OPENSSL_cleanse(token, sizeof token);
    OPENSSL_cleanse(address, sizeof address);
    return err;
}

enum err feed_delete(struct call *c)
{
    int64_t id = 0;
    enum err err = feed_revoke(c->db, c->user.id, c->now.unix_ms, &id);

    if (!err)
        err = call_audit(c, "feed.revoke", "feed", id, "", "");
    if (err && err != ERR_NOTFOUND)
        return err;
    return feed_answer(c, 200, "");
}

/* ---- the calendar --------------------------------------------------------------------------- */

struct entry {
    char uid[64];
    char summary[300];
};

struct calendar {
    struct lesson_list lessons; /* owned, as all below */
    struct entry *entries;
    struct ics_event *events;
    size_t n;
    bool ru;
    char home[17]; /* of this installation, so that no two have the same entry */
};

static void calendar_deinit(struct calendar *k)
{
    lesson_list_free(&k->lessons);
    mem_free(k->entries);
    mem_free(k->events);
}

/* The first lesson of a chain of moves, and how often the entry has changed since. */
static enum err root_of(struct db *db, const struct lesson *l, int64_t *root, int *sequence)
{
    struct lesson_ref from = { .id = l->facts.id };
    struct lesson *old = NULL;
    enum err err = ERR_OK;

    *root = l->facts.id.v;
    *sequence = l->seq;
    for (int i = 0; !err && i < 1000; i++) {
        err = lesson_moved_from(db, (struct lesson_id){ *root }, &from);
        if (err || !from.id.v)
            break;
        *root = from.id.v;
        if (!old)
            old = mem_zalloc(1, sizeof *old);
        err = old ? lesson_load(db, from.id, old) : ERR_NOMEM;
        if (!err)
            *sequence += old->seq;
    }
    mem_free(old);
    return err;
}

/* A moved lesson is the entry of its successor, where the reader sees that one. */
static bool goes_on(const struct lesson_list *l, const struct lesson *moved)
{
    for (size_t i = 0; moved->moved_to.v && i < l->n; i++)
        if (lesson_id_eq(l->items[i].facts.id, moved->moved_to))
            return true;
    return false;
}

static enum err summarise(const struct call *c, const struct calendar *k, const struct lesson *l,
                          char *out, size_t cap)
{
    struct subject s;
    struct strbuf b;
    bool fits;
    enum err err = subject_by_code(c->db, l->subject, &s);

    if (err)
        return err;
    strbuf_init(&b);
    strbuf_puts(&b, k->ru ? s.name_ru : s.name_en);
    for (int i = 0, shown = 0; !err && i < l->seats_n; i++) {
        bool sees = false;

        if (user_id_eq(l->seats[i].user, c->user.id)) /* a child needs no name of its own */
            continue;
        err = call_sees_seat(c, l, i, &sees);
        if (!err && sees)
            strbuf_printf(&b, "%s %s", shown++ ? "," : ":", l->seats[i].short_name);
    }
    fits = strbuf_ok(&b) && str_copy(out, cap, b.s);
    strbuf_deinit(&b);
    return err ? err : fits ? ERR_OK : ERR_DB;
}

static enum err add_event(const struct call *c, struct calendar *k, const struct lesson *l)
{
    struct entry *entry = &k->entries[k->n];
    bool cancelled = l->facts.state == LESSON_CANCELLED || l->facts.state == LESSON_RESCHEDULED;
    struct ics_event e = { .uid = entry->uid,
                           .summary = entry->summary,
                           .start_ms = l->facts.start_ms,
                           .end_ms = l->facts.end_ms,
                           .changed_ms = l->state_ms,
                           .cancelled = cancelled };
    int64_t root = 0;
    enum err err = root_of(c->db, l, &root, &e.sequence);

    if (!err &&
        !str_format(entry->uid, sizeof entry->uid, "%lld-%s@parta", (long long)root, k->home))
        err = ERR_INVAL;
    if (!err)
        err = summarise(c, k, l, entry->summary, sizeof entry->summary);
    if (!err)
        k->events[k->n++] = e;
    return err;
}

static enum err home_of(const struct call *c, char out[17])
{
    uint8_t mac[32];
    enum err err = account_request_mac(desk_key(c->ctx->desk), "calendar entries", mac);

    if (!err)
        str_hex(mac, 8, out);
    return err;
}

/* What a title says is for the page, behind the login: it could name a child. */
static enum err add_meeting(struct calendar *k, const struct event *e)
{
    static const char *const kinds[2][EVENT_KINDS] = {
        { "Seminar", "Joint meeting", "Conference" },
        { "Семинар", "Совместное собрание", "Конференция" },
    };
    struct entry *entry = &k->entries[k->n];

    if (!str_format(entry->uid, sizeof entry->uid, "event-%lld-%s@parta", (long long)e->id,
                    k->home) ||
        !str_format(entry->summary, sizeof entry->summary, "%s: %s", kinds[k->ru][e->kind],
                    e->place))
        return ERR_INVAL;
    k->events[k->n++] = (struct ics_event){ .uid = entry->uid,
                                            .summary = entry->summary,
                                            .sequence = (int)e->change,
                                            .start_ms = e->facts.start_ms,
                                            .end_ms = e->facts.end_ms,
                                            .changed_ms = e->changed_ms,
                                            .cancelled = e->facts.cancelled };
    return ERR_OK;
}

/* Room for what will stand in it. */
static enum err size_calendar(struct calendar *k, size_t events)
{
    k->entries = mem_zalloc(k->lessons.n + events + 1, sizeof *k->entries);
    k->events = mem_zalloc(k->lessons.n + events + 1, sizeof *k->events);
    return k->entries && k->events ? ERR_OK : ERR_NOMEM;
}

static enum err add_meetings(const struct call *c, struct calendar *k)
{
    const struct event_filter f = { .user = c->user.id,
                                    .now_ms = c->now.unix_ms,
                                    .from_ms = c->now.unix_ms - BACK_DAYS * MS_PER_DAY,
                                    .to_ms = c->now.unix_ms + AHEAD_DAYS * MS_PER_DAY,
                                    .limit = EVENTS_MAX };
    struct event_list l = { 0 };
    enum err err = event_list(c->db, &f, &l);

    if (!err)
        err = size_calendar(k, l.n);
    for (size_t i = 0; !err && i < l.n; i++)
        err = add_meeting(k, &l.items[i]);
    event_list_free(&l);
    return err;
}

static enum err fill(const struct call *c, const struct lesson_filter *f, struct calendar *k)
{
    enum err err = lesson_list(c->db, f, &k->lessons);

    if (!err)
        err = home_of(c, k->home);
    if (!err)
        err = add_meetings(c, k);
    if (err)
        return err;
    for (size_t i = 0; !err && i < k->lessons.n; i++) {
        const struct lesson *l = &k->lessons.items[i];

        if (l->facts.state != LESSON_RESCHEDULED || !goes_on(&k->lessons, l))
            err = add_event(c, k, l);
    }
    return err;
}

static enum err answer_calendar(struct call *c, const struct lesson_filter *f)
{
    struct calendar k = { .ru = strcmp(c->user.locale, "en") != 0 };
    char *text = NULL;
    size_t len = 0;
    enum err err = fill(c, f, &k);

    if (!err)
        err = ics_calendar(k.ru ? "Уроки" : "Lessons", k.events, k.n, &text, &len);
    if (!err)
        call_answer_raw(c, "text/calendar; charset=utf-8", text, len);
    calendar_deinit(&k);
    return err;
}

/* Unknown, revoked and of a person whose access has ended: all the same, and all counted. */
static enum err refuse_unknown(struct call *c, const uint8_t account[32])
{
    int64_t id;
    enum err err = sign_in_try_add(c->db, account, c->http->client_hash, c->now.unix_ms, &id);

    if (err)
        return err;
    api_keep_writes(c->ctx);
    return call_refuse(c, REFUSE_NOT_FOUND);
}

enum err feed_ics_get(struct call *c)
{
    uint8_t account[32], hash[FEED_HASH_BYTES];
    struct sign_in_tries tries;
    struct lesson_filter f;
    struct user_id user;
    enum err err;

    account_token_hash(NO_FEED, account);
    err = sign_in_tries(c->db, account, c->http->client_hash, c->now.unix_ms - FEED_WINDOW_MS,
                        &tries);
    if (!err && tries.failed_here >= FEED_TRIES)
        return call_refuse(c, REFUSE_TOO_MANY);
    account_token_hash(c->word, hash);
    if (!err)
        err = feed_user(c->db, hash, &user);
    if (err == ERR_NOTFOUND)
        return refuse_unknown(c, account);
    if (!err)
        err = call_load_user(c, user); /* the feed's reader stands for its person */
    if (err)
        return err;
    if (c->user.status != USER_ACTIVE || !feed_filter(c, &f))
        return refuse_unknown(c, account);
    return answer_calendar(c, &f);
}
