/* SPDX-License-Identifier: Apache-2.0
 *
 * parta admin, verify, backup: people at the console with the records. What
 * they do is in server/api/admin; here is only what they type and read. Main
 * thread.
 */
#include <stdio.h>
#include <string.h>

#include "server/api/admin.h"
#include "server/cli.h"

static void print_link(const struct config *c, const char *token)
{
    printf("Personal link, good once, for 24 hours:\n\n  %s/in/%s\n\n", c->net.origins[0], token);
}

/* The sentence for what went wrong. */
static int failed(enum err e, const char *what)
{
    const char *why = "see the lines above";

    switch (e) {
    case ERR_AGAIN:
        why = "the server is running and owns the database; stop it first";
        break;
    case ERR_STATE:
        why = "it exists already";
        break;
    case ERR_NOTFOUND:
        why = "there is no such thing";
        break;
    case ERR_INVAL:
        why = "a name, a login (a-z, 0-9, . - _) or a time zone (like Europe/Moscow) is not valid";
        break;
    case ERR_IO:
        why = "the file cannot be opened";
        break;
    case ERR_DB:
        why = "the database is damaged or refuses";
        break;
    default:
        break;
    }
    fprintf(stderr, "%s: %s (%s)\n", what, why, err_name(e));
    return EXIT_FAILED;
}

static int make_coordinator(const struct command *self, const struct config *c,
                            const char *const *values)
{
    struct admin_coordinator k = { .name = values[0],
                                   .login = values[1],
                                   .centre_code = values[2] ? values[2] : "centre",
                                   .centre_name = values[3] ? values[3] : "Centre",
                                   .tz = values[4] ? values[4] : "Europe/Moscow",
                                   .also_admin = values[5] != NULL };
    char token[ACCOUNT_TOKEN_CHARS + 1];
    enum err e;

    if (!k.name || !k.login)
        return cli_usage(self, "a coordinator needs --name and --login");
    e = admin_create_coordinator(c->database, &k, token);
    if (e)
        return failed(e, "no coordinator was made");
    if (values[6]) {
        printf("%s\n", token);
        return EXIT_DONE;
    }
    printf("%s is a coordinator of %s now.\n", k.name, k.centre_code);
    print_link(c, token);
    return EXIT_DONE;
}

static int make_link(const struct config *c, const char *login)
{
    char token[ACCOUNT_TOKEN_CHARS + 1];
    enum err e = admin_new_link(c->database, login, token);

    if (e)
        return failed(e, "no link was made");
    print_link(c, token);
    return EXIT_DONE;
}

static int lock_user(const struct config *c, const char *login, bool lock)
{
    enum err e = admin_lock_user(c->database, login, lock);

    if (e)
        return failed(e, "nothing was changed");
    printf("%s is %s.\n", login, lock ? "locked out" : "let in again");
    return EXIT_DONE;
}

int cli_admin(const struct command *self, int argc, char **argv)
{
    static const char *const names[] = { "name", "login",  "centre", "centre-name",
                                         "zone", "admin!", "token!", NULL };
    const char *values[7] = { 0 };
    struct config c;
    enum err e;
    int n = cli_options(self, argc, argv, names, values);

    if (n < 0)
        return EXIT_USAGE;
    if (n < 2)
        return cli_usage(self, "name the settings file and what to do");
    if (cli_load(argv[1], &c) != ERR_OK)
        return EXIT_FAILED;
    if (strcmp(argv[2], "coordinator") == 0 && n == 2)
        return make_coordinator(self, &c, values);
    if (strcmp(argv[2], "users") == 0 && n == 2) {
        e = admin_list_users(c.database, stdout);
        return e ? failed(e, "no list") : EXIT_DONE;
    }
    if (strcmp(argv[2], "link") == 0 && n == 3)
        return make_link(&c, argv[3]);
    if ((strcmp(argv[2], "lock") == 0 || strcmp(argv[2], "unlock") == 0) && n == 3)
        return lock_user(&c, argv[3], argv[2][0] == 'l');
    return cli_usage(self, "\"%s\" with %d arguments is nothing that can be done", argv[2], n - 2);
}

static int tell_findings(const struct verify_result *r)
{
    printf("database:     %s%s%s\n", r->database_ok ? "intact" : "DAMAGED",
           r->database_ok ? "" : ": ", r->database_ok ? "" : r->database_fault);
    printf("hash chains:  %lld audit rows, %lld register rows, %s\n",
           (long long)r->chain.audit_rows, (long long)r->chain.register_rows,
           *r->chain.bad_kind ? "BROKEN" : "unbroken");
    if (*r->chain.bad_kind)
        printf("              first fault: %s entry %lld (%s)\n", r->chain.bad_kind,
               (long long)r->chain.bad_seq, r->chain.why);
    printf("head:         %s\n", r->head);
    printf("%s\n", verify_clean(r) ? "clean" : "NOT CLEAN");
    return verify_clean(r) ? EXIT_DONE : EXIT_FAILED;
}

int cli_verify(const struct command *self, int argc, char **argv)
{
    static const char *const none[] = { NULL };
    struct verify_result r;
    struct config c;
    enum err e;
    int n = cli_options(self, argc, argv, none, NULL);

    if (n != 1)
        return n < 0 ? EXIT_USAGE : cli_usage(self, "name one settings file");
    if (cli_load(argv[1], &c) != ERR_OK)
        return EXIT_FAILED;
    e = admin_verify(c.database, &r);
    return e ? failed(e, "the database could not be looked at") : tell_findings(&r);
}

int cli_backup(const struct command *self, int argc, char **argv)
{
    static const char *const none[] = { NULL };
    struct verify_result r;
    struct config c;
    enum err e;
    int n = cli_options(self, argc, argv, none, NULL);

    if (n != 2)
        return n < 0 ? EXIT_USAGE : cli_usage(self, "name the settings file and the copy to make");
    if (cli_load(argv[1], &c) != ERR_OK)
        return EXIT_FAILED;
    e = admin_backup(c.database, argv[2], &r);
    if (e)
        return failed(e, "no backup was made");
    printf("%s is a consistent copy.\n", argv[2]);
    return tell_findings(&r);
}
