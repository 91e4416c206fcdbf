/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk behind the API tests; see api_rig.h.
 */
#include "tests/api/api_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/demo.h"
#include "server/store/login.h"
#include "server/store/migrate.h"

#define ok(call) assert_int_equal(call, ERR_OK)

static int64_t unix_now;
static int64_t mono_now;

void api_set_now(int64_t unix_ms)
{
    __atomic_store_n(&unix_now, unix_ms, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&mono_now, US_PER_S, __ATOMIC_SEQ_CST);
}

/* Any thread. */
static struct now stopped_clock(void)
{
    return (struct now){ .mono_us = __atomic_load_n(&mono_now, __ATOMIC_SEQ_CST),
                         .unix_ms = __atomic_load_n(&unix_now, __ATOMIC_SEQ_CST) };
}

static struct user_id person_of(const struct api_rig *r, enum who who)
{
    switch (who) {
    case CHILD:
        return r->w.child_users[0];
    case CHILD_2:
        return r->w.child_users[1];
    case MENTOR:
        return r->w.mentor_users[0];
    case MENTOR_2:
        return r->w.mentor_users[1];
    case STRANGER:
        return r->w.stranger;
    case GUARDIAN:
        return r->w.guardian;
    case OFFICER:
        return r->w.officer;
    case COORDINATOR:
        return r->w.coordinator;
    case ADMIN:
        return r->admin;
    case OFFICER_2:
        return r->officer_2;
    case NOBODY:
    case WHO_COUNT:
        break;
    }
    return (struct user_id){ 0 };
}

static void token_of(enum who who, char out[ACCOUNT_TOKEN_CHARS + 1])
{
    memset(out, 'A' + (int)who, ACCOUNT_TOKEN_CHARS);
    out[ACCOUNT_TOKEN_CHARS] = '\0';
}

static struct user_id add_person(struct api_rig *r, const char *login, const char *name,
                                 enum role role, struct org_id org)
{
    struct user u = { .tz = "Europe/Moscow", .locale = "en" };
    struct grant g = {
        .role = role, .org = org, .from_ms = RIG_NOW - MS_PER_DAY, .to_ms = FOREVER_MS
    };
    int64_t id;

    assert_true(str_copy(u.login, sizeof u.login, login));
    assert_true(str_copy(u.name, sizeof u.name, name));
    assert_true(str_copy(u.short_name, sizeof u.short_name, name));
    ok(user_save(r->w.db, &u, RIG_NOW, (struct user_id){ 0 }, &g.user));
    ok(grant_add(r->w.db, &g, RIG_NOW, (struct user_id){ 0 }, &id));
    return g.user;
}

void api_open(struct api_rig *r)
{
    *r = (struct api_rig){ 0 };
    api_set_now(RIG_NOW);
    world_open(&r->w, RIG_NOW);
    r->admin = add_person(r, "root", "Admin", ROLE_ADMIN, r->w.centre);
    r->officer_2 = add_person(r, "officer2", "Officer 2", ROLE_SCHOOL_OFFICER, r->w.schools[1]);
}

static struct user_id by_login(const struct api_rig *r, const char *login)
{
    struct user u;

    ok(user_by_login(r->w.db, login, &u));
    return u.id;
}

void api_open_demo(struct api_rig *r)
{
    struct account_key key;
    struct demo_table table;
    struct org_list orgs;

    *r = (struct api_rig){ .w = { .now_ms = RIG_NOW } };
    api_set_now(RIG_NOW);
    log_set_level(LOG_OFF);
    assert_true(str_copy(r->w.dir, sizeof r->w.dir, "/tmp/parta-test-XXXXXX"));
    assert_non_null(mkdtemp(r->w.dir));
    assert_true(str_format(r->w.path, sizeof r->w.path, "%s/parta.db", r->w.dir));
    assert_true(str_format(r->w.key_path, sizeof r->w.key_path, "%s/key", r->w.dir));
    ok(db_open(&r->w.db, r->w.path, DB_WRITER));
    ok(migrate(r->w.db, RIG_NOW));
    ok(account_key_load(r->w.key_path, true, &key));
    ok(demo_fill(r->w.db, &key, RIG_NOW, &table));
    ok(org_list(r->w.db, NULL, &orgs));
    for (size_t i = 0; i < orgs.n; i++) {
        if (orgs.items[i].type == ORG_CENTRE)
            r->w.centre = orgs.items[i].id;
    }
    org_list_free(&orgs);
    r->w.child_users[0] = by_login(r, "misha");
    r->w.child_users[1] = by_login(r, "sonya");
    r->w.mentor_users[0] = by_login(r, "anna");
    r->w.mentor_users[1] = by_login(r, "pavel");
    r->w.stranger = by_login(r, "olga");
    r->w.guardian = by_login(r, "misha.family");
    r->w.officer = by_login(r, "gromova");
    r->w.coordinator = by_login(r, "irina");
    r->admin = add_person(r, "root", "Admin", ROLE_ADMIN, r->w.centre);
    r->officer_2 = r->w.officer;
}

static void open_desk(struct api_rig *r)
{
    struct desk_config config = { .db_path = r->w.path,
                                  .key_path = r->w.key_path,
                                  .workers = 1,
                                  .to_net = &r->net,
                                  .mail = { .url = r->smtp,
                                            .from = "parta@centre.example",
                                            .origin = "https://parta.example" },
                                  .clock = stopped_clock };

    world_let_go(&r->w);
    ok(mailbox_init(&r->net, NULL, NULL));
    ok(desk_open(&r->desk, &config));
}

void api_start(struct api_rig *r)
{
    struct account_key key;

    for (enum who who = NOBODY + 1; who < WHO_COUNT; who++) {
        char token[ACCOUNT_TOKEN_CHARS + 1];
        uint8_t hash[TOKEN_HASH_BYTES];

        token_of(who, token);
        account_token_hash(token, hash);
        ok(login_add(r->w.db, person_of(r, who), hash, "link", "", RIG_NOW, &r->logins[who]));
    }
    ok(account_key_load(r->w.key_path, true, &key));
    open_desk(r);
}

static void drop_reply(struct api_rig *r, struct desk_reply *reply)
{
    r->lesson_pushes += reply->kind == DESK_PUSH_LESSON;
    r->logout_pushes += reply->kind == DESK_PUSH_LOGOUT;
    if (reply->kind == DESK_PUSH_PERSON && r->person_pushes++ < 8) {
        r->person_push[r->person_pushes - 1].lesson = reply->u.person.lesson;
        r->person_push[r->person_pushes - 1].person = reply->u.person.person;
    }
    desk_reply_free(reply);
}

/* Closes the desk, if there is one, and drops what it still said. */
static void stop(struct api_rig *r)
{
    struct mail *m;

    if (!r->desk)
        return;
    desk_close(r->desk);
    m = mailbox_take(&r->net);
    while (m) {
        struct mail *next = m->next;

        drop_reply(r, (struct desk_reply *)m);
        m = next;
    }
    mailbox_deinit(&r->net);
    r->desk = NULL;
}

void api_stop(struct api_rig *r)
{
    stop(r);
    world_take_back(&r->w);
}

void api_close(struct api_rig *r)
{
    stop(r);
    world_close(&r->w);
}

void api_resume_at(struct api_rig *r, int64_t unix_ms)
{
    struct query q = query_on(r->w.db, "UPDATE login_session SET created_ms = $1, seen_ms = $1, "
                                       "expires_ms = $2");

    query_int(&q, unix_ms);
    query_int(&q, unix_ms + LOGIN_ABSOLUTE_MS);
    ok(query_run(&q));
    api_set_now(unix_ms);
    open_desk(r);
}

static char *copy_of(const char *s)
{
    char *copy = mem_strndup(s ? s : "", s ? strlen(s) : 0);

    assert_non_null(copy);
    return copy;
}

static char guest[ACCOUNT_TOKEN_CHARS + 1];

void api_guest(const char *cookie)
{
    assert_true(str_copy(guest, sizeof guest, cookie ? cookie : ""));
}

static struct desk_request *request_of(enum who who, const char *method, const char *target,
                                       const char *etag, const char *key, const char *body)
{
    struct desk_request *q = desk_request_new(DESK_HTTP, 1);
    size_t path_len = strcspn(target, "?");
    char token[ACCOUNT_TOKEN_CHARS + 1] = "";
    struct strbuf path;

    assert_non_null(q);
    if (who != NOBODY)
        token_of(who, token);
    else
        memcpy(token, guest, sizeof token);
    strbuf_init(&path);
    strbuf_puts(&path, "/api/v1");
    strbuf_add(&path, target, path_len);
    ok(strbuf_take(&path, &q->u.http.path));
    assert_true(str_copy(q->u.http.method, sizeof q->u.http.method, method));
    assert_true(str_copy(q->u.http.client_hash, sizeof q->u.http.client_hash, "c0ffee"));
    q->u.http.query = copy_of(target[path_len] ? target + path_len + 1 : "");
    q->u.http.cookie = copy_of(token);
    q->u.http.if_match = copy_of(etag);
    q->u.http.idempotency_key = copy_of(key);
    q->u.http.accept_language = copy_of("ru");
    q->u.http.body = copy_of(body);
    q->u.http.body_len = body ? strlen(body) : 0;
    return q;
}

static struct desk_reply *wait_reply(struct api_rig *r)
{
    struct desk_reply *found = NULL;

    while (!found) {
        struct mail *m = mailbox_wait(&r->net, 20 * US_PER_S);

        if (!m)
            fail_msg("no answer from the desk");
        while (m) {
            struct mail *next = m->next;
            struct desk_reply *reply = (struct desk_reply *)m;

            m = next;
            if (reply->kind == DESK_REPLY_HTTP && !found)
                found = reply;
            else
                drop_reply(r, reply);
        }
    }
    return found;
}

/* For contract.py: one object a line, appended to $PARTA_DUMP. */
static void dump(const char *method, const char *target, const struct answer *a)
{
    static bool begun; /* the first answer of a run starts the file anew */
    const char *file = getenv("PARTA_DUMP");
    FILE *f = file ? fopen(file, begun ? "a" : "w") : NULL;
    struct strbuf path;
    json_t *line;

    if (!f)
        return;
    begun = true;
    strbuf_init(&path);
    strbuf_puts(&path, "/api/v1");
    strbuf_add(&path, target, strcspn(target, "?"));
    line = json_pack("{s:s,s:s,s:i,s:s,s:o}", "method", method, "path", path.s, "status", a->status,
                     "type", a->type, "body",
                     a->json           ? json_incref(a->json)
                     : a->body_len > 0 ? json_string("(bytes)")
                                       : json_null());
    assert_non_null(line);
    assert_int_equal(json_dumpf(line, f, JSON_COMPACT), 0);
    fputc('\n', f);
    json_decref(line);
    strbuf_deinit(&path);
    fclose(f);
}

/* The file of an answer, as the net loop would send it. */
static void take_file(struct answer *a, struct desk_reply *reply)
{
    a->body = mem_zalloc(1, reply->u.http.body_len + 1);
    assert_non_null(a->body);
    assert_int_equal(pread(reply->u.http.fd, a->body, reply->u.http.body_len, 0),
                     reply->u.http.body_len);
}

static struct answer ask(struct api_rig *r, struct desk_request *q, const char *method,
                         const char *target)
{
    struct answer a = { 0 };
    struct desk_reply *reply;

    ok(desk_post(r->desk, q));
    reply = wait_reply(r);
    a.status = reply->u.http.status;
    assert_true(str_copy(a.type, sizeof a.type, reply->u.http.content_type));
    a.headers = reply->u.http.headers;
    a.body = reply->u.http.body;
    a.body_len = reply->u.http.body_len;
    if (reply->u.http.from_file)
        take_file(&a, reply);
    reply->u.http.headers = NULL;
    reply->u.http.body = NULL;
    desk_reply_free(reply);
    if (strncmp(a.type, "application/json", 16) == 0) {
        a.json = json_loadb(a.body, a.body_len, 0, NULL);
        assert_non_null(a.json);
    }
    dump(method, target, &a);
    return a;
}

struct answer api_ask(struct api_rig *r, enum who who, const char *method, const char *target,
                      const char *etag, const char *key, const char *body)
{
    return ask(r, request_of(who, method, target, etag, key, body), method, target);
}

struct answer api_send(struct api_rig *r, enum who who, const char *target, const void *bytes,
                       size_t len)
{
    return api_send_keyed(r, who, target, NULL, bytes, len);
}

struct answer api_send_keyed(struct api_rig *r, enum who who, const char *target, const char *key,
                             const void *bytes, size_t len)
{
    struct desk_request *q = request_of(who, "POST", target, NULL, key, NULL);

    mem_free(q->u.http.body);
    q->u.http.body = mem_strndup(bytes, len);
    assert_non_null(q->u.http.body);
    q->u.http.body_len = len;
    q->u.http.file = true;
    return ask(r, q, "POST", target);
}

struct answer api_get(struct api_rig *r, enum who who, const char *target)
{
    return api_ask(r, who, "GET", target, NULL, NULL, NULL);
}

struct answer api_post(struct api_rig *r, enum who who, const char *target, const char *body)
{
    return api_ask(r, who, "POST", target, NULL, NULL, body);
}

void answer_free(struct answer *a)
{
    json_decref(a->json);
    mem_free(a->headers);
    mem_free(a->body);
    *a = (struct answer){ 0 };
}

void api_expect(struct api_rig *r, enum who who, const char *method, const char *target,
                const char *body, int status)
{
    struct answer a = api_ask(r, who, method, target, NULL, NULL, body);

    if (a.status != status)
        print_error("%s %s as %s: %d, not %d: %s\n", method, target, who_name(who), a.status,
                    status, a.body ? a.body : "");
    assert_int_equal(a.status, status);
    answer_free(&a);
}

int api_hidden(enum role role, enum right right)
{
    return access_scope(role, right) == SCOPE_NONE ? 403 : 404;
}

void api_refused(struct answer a, int status, const char *code)
{
    const char *got = str_at(&a, "error.code");

    if (a.status != status || strcmp(got, code) != 0)
        print_error("%d %s, not %d %s: %s\n", a.status, got, status, code, a.body);
    assert_int_equal(a.status, status);
    assert_string_equal(got, code);
    answer_free(&a);
}

void api_seats(struct api_rig *r, const struct desk_board_seat *seats, size_t n)
{
    struct desk_request *q = desk_request_new(DESK_BOARD, 0);

    assert_non_null(q);
    q->u.board.seats = mem_zalloc(n + 1, sizeof *seats);
    assert_non_null(q->u.board.seats);
    memcpy(q->u.board.seats, seats, n * sizeof *seats);
    q->u.board.n = n;
    q->u.board.at_ms = stopped_clock().unix_ms;
    ok(desk_post(r->desk, q));
}

const json_t *at(const struct answer *a, const char *path)
{
    const json_t *j = a->json;
    const char *p = path;

    while (j && *p) {
        char key[64];
        size_t len = strcspn(p, ".");

        assert_true(len < sizeof key);
        memcpy(key, p, len);
        key[len] = '\0';
        j = json_is_array(j) ? json_array_get(j, (size_t)strtoul(key, NULL, 10))
                             : json_object_get(j, key);
        p += len;
        p += *p == '.';
    }
    if (!j)
        print_error("no %s in %d %s\n", path, a->status, a->body ? a->body : "");
    assert_non_null(j);
    return j;
}

int64_t int_at(const struct answer *a, const char *path)
{
    const json_t *j = at(a, path);

    assert_true(json_is_integer(j));
    return json_integer_value(j);
}

const char *str_at(const struct answer *a, const char *path)
{
    const json_t *j = at(a, path);

    assert_true(json_is_string(j));
    return json_string_value(j);
}

const char *who_name(enum who who)
{
    static const char *const names[WHO_COUNT] = {
        "nobody",
        "child",
        "other child",
        "mentor",
        "other mentor",
        "stranger",
        "guardian",
        "officer",
        "coordinator",
        "admin",
        "officer of another school",
    };

    return names[who];
}
