/* SPDX-License-Identifier: Apache-2.0
 *
 * What commands share: options, help, loading the settings. Main thread.
 */
#include "server/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int cli_usage(const struct command *c, const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "parta %s: ", c->name);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fprintf(stderr, "\n\n%s", c->help);
    return EXIT_USAGE;
}

/* Index of the option in names, -1 if there is none; *flag: it takes no value. */
static int find_option(const char *const *names, const char *arg, bool *flag)
{
    for (int i = 0; names[i]; i++) {
        size_t len = strcspn(names[i], "!");

        if (strlen(arg) == len && strncmp(names[i], arg, len) == 0) {
            *flag = names[i][len] == '!';
            return i;
        }
    }
    return -1;
}

int cli_options(const struct command *c, int argc, char **argv, const char *const *names,
                const char **values)
{
    int plain = 1;

    for (int i = 1; i < argc; i++) {
        bool flag = false;
        int at;

        if (strncmp(argv[i], "--", 2) != 0) {
            argv[plain++] = argv[i];
            continue;
        }
        at = find_option(names, argv[i] + 2, &flag);
        if (at < 0) {
            cli_usage(c, "there is no option %s", argv[i]);
            return -1;
        }
        if (values[at]) {
            cli_usage(c, "%s is given twice", argv[i]);
            return -1;
        }
        if (!flag && i + 1 == argc) {
            cli_usage(c, "%s needs a value", argv[i]);
            return -1;
        }
        values[at] = flag ? "" : argv[++i];
    }
    return plain - 1;
}

enum err cli_load(const char *path, struct config *config)
{
    struct strbuf problems;
    enum err e;

    strbuf_init(&problems);
    e = config_load(path, config, &problems);
    if (e)
        fprintf(stderr, "%s", problems.s ? problems.s : "out of memory\n");
    strbuf_deinit(&problems);
    return e;
}

int cli_check(const struct command *self, int argc, char **argv)
{
    static const char *const names[] = { "settings!", NULL };
    const char *list = NULL;
    struct strbuf problems;
    struct config config;
    int n, status;

    n = cli_options(self, argc, argv, names, &list);
    if (list && n == 0) {
        config_print_settings(stdout);
        return EXIT_DONE;
    }
    if (n != 1)
        return n < 0 ? EXIT_USAGE : cli_usage(self, "name one settings file");
    strbuf_init(&problems);
    if (config_load(argv[1], &config, &problems) == ERR_OK &&
        config_check(&config, &problems) == 0) {
        printf("%s: no problems found.\n", argv[1]);
        printf("Pages and signalling: TCP port %d, for %s\n", config.net.port, config.origin);
        printf("Sound and picture: UDP ports %d to %d, told to browsers as %s from port %d on\n",
               config.net.udp_port, config.net.udp_port + config.net.relays - 1,
               config.net.announce,
               config.net.announce_port ? config.net.announce_port : config.net.udp_port);
        status = EXIT_DONE;
    } else {
        fprintf(stderr, "%s", problems.s ? problems.s : "out of memory\n");
        status = EXIT_FAILED;
    }
    strbuf_deinit(&problems);
    return status;
}
