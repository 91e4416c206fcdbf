/* SPDX-License-Identifier: Apache-2.0
 *
 * The program: finds the command and runs it. Everything else is in the files
 * of the commands.
 */
#include <stdio.h>
#include <string.h>

#include "server/cli.h"

static const struct command commands[] = {
    { "serve", "run the server",
      "usage: parta serve SETTINGS\n\n"
      "Runs the server in the foreground. SETTINGS is an INI file; server/parta.ini\n"
      "in the sources has every setting with its meaning and its default, and\n"
      "`parta check --settings` prints them.\n\n"
      "Signals: SIGTERM or Ctrl+C tells everyone that the server restarts, writes\n"
      "down what is due and ends. SIGHUP loads the certificate again; nobody is cut off.\n\n"
      "Ports: one TCP port (pages and signalling), one UDP port per relay (sound and\n"
      "picture). /healthz and /readyz answer on the TCP port; /metrics only on\n"
      "127.0.0.1, if metrics_port is set.\n",
      cli_serve },
    { "check", "read the settings and say what is wrong with them",
      "usage: parta check SETTINGS\n"
      "       parta check --settings\n\n"
      "Reads the settings file, the certificate and the folders it names, and says in\n"
      "sentences what would go wrong. Opens no port and changes nothing. Exit status 1\n"
      "if there is a problem. --settings prints every setting and its default.\n",
      cli_check },
};
#define COMMANDS_N (sizeof commands / sizeof *commands)

static int overview(FILE *out, int status)
{
    fprintf(out, "Parta: a lesson server for children who cannot go to school.\n\n"
                 "usage: parta COMMAND ...\n\n");
    for (size_t i = 0; i < COMMANDS_N; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].about);
    fprintf(out, "\n`parta COMMAND --help` explains one. To see it running: ./server/demo\n");
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return overview(stderr, EXIT_USAGE);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0)
        return overview(stdout, EXIT_DONE);
    if (strcmp(argv[1], "--version") == 0) {
        printf("parta " PARTA_VERSION "\n");
        return EXIT_DONE;
    }
    for (size_t i = 0; i < COMMANDS_N; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        for (int k = 2; k < argc; k++) {
            if (strcmp(argv[k], "--help") == 0 || strcmp(argv[k], "-h") == 0) {
                printf("%s", commands[i].help);
                return EXIT_DONE;
            }
        }
        return commands[i].run(&commands[i], argc - 1, argv + 1);
    }
    fprintf(stderr, "parta: there is no command \"%s\".\n\n", argv[1]);
    return overview(stderr, EXIT_USAGE);
}
