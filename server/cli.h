/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of the program. Each has a line for the list and a text that
 * teaches; each runs on the main thread and returns the exit status: 0 done,
 * 1 it did not work, 2 it was asked wrongly.
 */
#ifndef PARTA_CLI_H
#define PARTA_CLI_H

#include "server/config.h"

#define EXIT_DONE 0
#define EXIT_FAILED 1
#define EXIT_USAGE 2

struct command {
    const char *name;
    const char *about;                                             /* one line */
    const char *help;                                              /* usage and explanation */
    int (*run)(const struct command *self, int argc, char **argv); /* argv[0] is the name */
};

/* Prints the command's help to stderr with a reason on top. Returns EXIT_USAGE. */
int cli_usage(const struct command *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Takes the options "--name value" that are in names[] out of argv into values[], and leaves the
 * plain arguments in argv[1..]; returns how many, or -1 after a message. A name that ends in '!'
 * takes no value; its value is then "". */
int cli_options(const struct command *c, int argc, char **argv, const char *const *names,
                const char **values);

/* Loads a settings file and tells its problems on stderr. */
enum err cli_load(const char *path, struct config *config) MUST_CHECK;

/* What a command adds to the server; either may be NULL. */
struct serve_hooks {
    void (*listening)(const struct net *n, void *arg); /* once it listens; main thread */
    void *arg;
    enum err (*every_minute)(struct db *db, int64_t now_ms); /* as in desk_config */
};

/* Runs the server with these settings until a signal ends it. */
int serve_run(const struct config *config, const struct serve_hooks *hooks);

int cli_serve(const struct command *self, int argc, char **argv);
int cli_check(const struct command *self, int argc, char **argv);
int cli_admin(const struct command *self, int argc, char **argv);
int cli_verify(const struct command *self, int argc, char **argv);
int cli_backup(const struct command *self, int argc, char **argv);
int cli_import(const struct command *self, int argc, char **argv);
int cli_export(const struct command *self, int argc, char **argv);
int cli_report(const struct command *self, int argc, char **argv);
int cli_plan(const struct command *self, int argc, char **argv);
int cli_rights(const struct command *self, int argc, char **argv);
int cli_retain(const struct command *self, int argc, char **argv);
int cli_demo(const struct command *self, int argc, char **argv);

#endif
