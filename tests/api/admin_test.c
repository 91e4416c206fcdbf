/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands on the records, the key file, and the password hash.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <argon2.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/str.h"
#include "server/api/admin.h"
#include "server/api/argon.h"
#include "server/store/login.h"
#include "tests/support/world.h"

#define NOW INT64_C(1790000000000)

#define ok(call) assert_int_equal(call, ERR_OK)

static int open_world(void **state)
{
    static struct world w;

    world_open(&w, NOW);
    world_let_go(&w);
    *state = &w;
    return 0;
}

static int close_world(void **state)
{
    world_close(*state);
    return 0;
}

static const struct admin_coordinator first = { .centre_name = "Центр",
                                                .centre_code = "main",
                                                .tz = "Asia/Yekaterinburg",
                                                .name = "Ольга Петровна",
                                                .login = "olga.p",
                                                .also_admin = true };

static void the_first_coordinator_comes_in_by_a_link(void **state)
{
    struct world *w = *state;
    char token[ACCOUNT_TOKEN_CHARS + 1];
    struct admin_coordinator c = first;
    struct user_id user;
    struct grant_set g;
    struct user u;
    uint8_t hash[32];
    int64_t link;

    ok(admin_create_coordinator(w->path, &c, token));
    assert_int_equal(strlen(token), ACCOUNT_TOKEN_CHARS);
    assert_int_equal(admin_create_coordinator(w->path, &c, token), ERR_STATE); /* login taken */
    world_take_back(w);
    assert_int_equal(world_number(w, "SELECT count(*) FROM org WHERE code = 'main'"), 1);
    ok(user_by_login(w->db, "olga.p", &u));
    assert_string_equal(u.name, "Ольга Петровна");
    ok(grant_list(w->db, u.id, INT64_MAX - 1, &g));
    assert_int_equal(g.n, 2);
    account_token_hash(token, hash);
    /* the real clock made it, so it is valid by the real clock: look at the row */
    assert_int_equal(world_number(w, "SELECT expires_ms - created_ms FROM sign_in_link"),
                     MS_PER_DAY);
    ok(link_consume(w->db, hash, world_number(w, "SELECT created_ms FROM sign_in_link"), &user,
                    &link));
    assert_int_equal(user.v, u.id.v);
    assert_int_equal(world_number(w, "SELECT count(*) FROM audit"), 3);
    /* the token is nowhere in the rows */
    assert_int_equal(world_number(w, "SELECT count(*) FROM sign_in_link "
                                     "WHERE length(token_hash) <> 32"),
                     0);
}

static void senseless_people_are_refused(void **state)
{
    struct world *w = *state;
    char token[ACCOUNT_TOKEN_CHARS + 1];
    struct admin_coordinator c = first;

    c.login = "Olga P";
    assert_int_equal(admin_create_coordinator(w->path, &c, token), ERR_INVAL);
    c = first;
    c.name = "a\nb";
    assert_int_equal(admin_create_coordinator(w->path, &c, token), ERR_INVAL);
    c = first;
    c.tz = "Mars/Olympus";
    assert_int_equal(admin_create_coordinator(w->path, &c, token), ERR_INVAL);
    assert_int_equal(admin_new_link(w->path, "nobody", token), ERR_NOTFOUND);
    assert_int_equal(admin_lock_user(w->path, "nobody", true), ERR_NOTFOUND);
}

static void users_are_listed_and_locked(void **state)
{
    struct world *w = *state;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    assert_non_null(out);
    ok(admin_lock_user(w->path, "anna", true));
    ok(admin_list_users(w->path, out));
    fclose(out);
    assert_non_null(strstr(text, "\tanna\tlocked\tmentor\tАнна Сергеевна\n"));
    assert_non_null(strstr(text, "\tmisha\tactive\tchild\tМиша\n"));
    free(text);
    ok(admin_lock_user(w->path, "anna", false));
    world_take_back(w);
    assert_int_equal(world_number(w, "SELECT count(*) FROM \"user\" WHERE status <> 'active'"), 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM audit WHERE action = 'unlock'"), 1);
}

static void verify_looks_at_what_is_there(void **state)
{
    struct world *w = *state;
    struct verify_result v;
    int fd;

    ok(admin_verify(w->path, &v));
    assert_true(verify_clean(&v));
    assert_int_equal(strlen(v.head), 64);
    assert_int_equal(admin_verify("/nonexistent/parta.db", &v), ERR_IO);
    fd = open(w->path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "nonsense", 8, 0), 8);
    close(fd);
    ok(admin_verify(w->path, &v));
    assert_false(verify_clean(&v));
}

static void a_backup_of_nothing_makes_nothing(void **state)
{
    struct world *w = *state;
    struct verify_result v;
    char missing[128], target[128];
    struct stat st;

    assert_true(str_format(missing, sizeof missing, "%s/no.db", w->dir));
    assert_true(str_format(target, sizeof target, "%s/copy.db", w->dir));
    assert_int_equal(admin_backup(missing, target, &v), ERR_IO);
    assert_int_equal(stat(missing, &st), -1);
    assert_int_equal(stat(target, &st), -1);
    ok(admin_backup(w->path, target, &v));
    assert_int_equal(stat(target, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void the_key_is_made_once_and_kept_to_itself(void **state)
{
    struct world *w = *state;
    struct account_key a, b;
    struct stat st;
    int fd;

    assert_int_equal(account_key_load(w->key_path, false, &a), ERR_IO);
    ok(account_key_load(w->key_path, true, &a));
    ok(account_key_load(w->key_path, true, &b));
    assert_memory_equal(&a, &b, sizeof a);
    assert_int_equal(stat(w->key_path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, 32);
    fd = open(w->key_path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    assert_int_equal(write(fd, "short", 5), 5);
    close(fd);
    assert_int_equal(account_key_load(w->key_path, true, &b), ERR_PARSE);
}

static void a_hash_opens_to_its_own_secret_and_key_only(void **state)
{
    struct account_key key = { .pepper = { 1 } }, other = { .pepper = { 2 } };
    char a[PIN_HASH_MAX], b[PIN_HASH_MAX], small[20];

    (void)state;
    ok(account_hash(&key, "тайна", a, sizeof a));
    ok(account_hash(&key, "тайна", b, sizeof b));
    assert_string_not_equal(a, b); /* salted */
    assert_int_equal(strncmp(a, "$argon2id$v=19$m=47104,t=1,p=1$", 31), 0);
    assert_true(account_verify(&key, "тайна", a));
    assert_false(account_verify(&key, "тайны", a));
    assert_false(account_verify(&other, "тайна", a)); /* a stolen database alone opens nothing */
    assert_false(account_verify(&key, "тайна", ""));
    assert_false(account_verify(&key, "", ""));
    assert_false(account_verify(&key, "тайна", "$argon2id$nonsense"));
    assert_int_equal(account_hash(&key, "тайна", small, sizeof small), ERR_NOMEM);
}

/* What the library itself writes and reads: an update of either changes nobody's password. */
static void written_hashes_are_argon2s_own(void **state)
{
    static const uint8_t salt[16] = "0123456789abcde";
    uint8_t secret[ARGON_KEY_BYTES] = { 7 };
    char theirs[PIN_HASH_MAX], ours[PIN_HASH_MAX], bad[PIN_HASH_MAX];
    size_t len;

    (void)state;
    assert_int_equal(argon2id_hash_encoded(2, 1024, 1, secret, sizeof secret, salt, sizeof salt, 32,
                                           theirs, sizeof theirs),
                     ARGON2_OK);
    assert_true(argon_verify(secret, theirs));
    ok(argon_hash(secret, ours, sizeof ours));
    assert_int_equal(argon2id_verify(ours, secret, sizeof secret), ARGON2_OK);
    len = strlen(theirs);
    for (size_t i = 0; i < len; i++) { /* cut off, or one character changed */
        memcpy(bad, theirs, i);
        bad[i] = '\0';
        assert_false(argon_verify(secret, bad));
    }
    for (size_t i = 0; i < len; i += 3) {
        memcpy(bad, theirs, len + 1);
        bad[i] = bad[i] == '!' ? '?' : '!';
        assert_false(argon_verify(secret, bad));
    }
    assert_false(argon_verify(secret, "$argon2id$v=19$m=4294967295,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg"
                                      "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
        t(the_first_coordinator_comes_in_by_a_link),
        t(senseless_people_are_refused),
        t(users_are_listed_and_locked),
        t(verify_looks_at_what_is_there),
        t(a_backup_of_nothing_makes_nothing),
        t(the_key_is_made_once_and_kept_to_itself),
        cmocka_unit_test(a_hash_opens_to_its_own_secret_and_key_only),
        cmocka_unit_test(written_hashes_are_argon2s_own),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
