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
    { "admin", "make the first coordinator, sign-in links, lock people out",
      "usage: parta admin SETTINGS coordinator --name NAME --login LOGIN\n"
      "             [--centre CODE] [--centre-name NAME] [--zone Europe/Moscow] [--admin]\n"
      "       parta admin SETTINGS link LOGIN\n"
      "       parta admin SETTINGS users\n"
      "       parta admin SETTINGS lock LOGIN\n"
      "       parta admin SETTINGS unlock LOGIN\n\n"
      "The way into a fresh installation: `coordinator` makes the centre if it is not\n"
      "there, a person who runs it, and prints a personal link that opens once within\n"
      "24 hours. Everybody else is invited from the pages. --admin also grants the\n"
      "administrator's role; --token prints the bare token, for scripts.\n\n"
      "All but `users` need the server to be stopped: it alone writes the database.\n",
      cli_admin },
    { "report", "month reports as a list, PDF or CSV",
      "usage: parta report SETTINGS 2026-11 [--out FOLDER] [--format pdf|csv] [--locale ru|en]\n"
      "       parta report SETTINGS 2026-11 --zip FILE [--centre CODE] [--locale ru|en]\n\n"
      "Without --out: the month's reports, a line each. With --out: one file for each\n"
      "mentor, child and school, named by their numbers; files that exist are left\n"
      "alone. A report whose totals do not follow from its lines is refused. --zip: the\n"
      "centre's whole month as one new file, as the pages make it: accepted reports as\n"
      "they were accepted, the others as drafts, a summary, and what is missing with who\n"
      "has to act. Works beside a running server.\n",
      cli_report },
    { "plan", "propose a week, in figures",
      "usage: parta plan SETTINGS 2026-11-30 [--mode fresh|repair] [--seed N]\n"
      "             [--centre CODE] [--copy DATABASE]\n\n"
      "Plans the week of that Monday from the records, as the pages do, and prints how\n"
      "many lessons were wanted and placed, how many any week could place at most, and\n"
      "which rules stood in the way of the rest. Changes nothing. Works beside a running\n"
      "server, or on a copy. --seed: another of the many equal weeks.\n",
      cli_plan },
    { "retain", "what is due to be emptied by its period, in figures",
      "usage: parta retain SETTINGS --dry-run [--centre CODE]\n\n"
      "For each kind of data its period, how much has come to its end and how much of\n"
      "that is held back, and by what. Changes nothing and tells no name: emptying needs\n"
      "a list and a second person, at the pages. Works beside a running server.\n",
      cli_retain },
    { "import", "lists of children, mentors, lessons; a OneRoster archive",
      "usage: parta import SETTINGS children|mentors|timetable|oneroster FILE\n"
      "             [--centre CODE] [--apply]\n\n"
      "FILE is CSV (UTF-8), XLSX, or a zip of OneRoster 1.2 CSV files; its first row\n"
      "names the columns. Without --apply: every fault by row and column, and nothing is\n"
      "written; this works beside a running server. With --apply, the server stopped: all\n"
      "rows, or with one fault none. Exit status 1 if there is a fault.\n",
      cli_import },
    { "export", "a centre's people as a OneRoster archive",
      "usage: parta export SETTINGS oneroster FILE.zip [--centre CODE]\n\n"
      "Schools, children, guardians, mentors and who teaches whom, as a OneRoster 1.2\n"
      "archive of CSV files; nothing medical. A file that exists is left alone. Works\n"
      "beside a running server.\n",
      cli_export },
    { "rights", "who may do what, operation by operation",
      "usage: parta rights\n\n"
      "A line for each operation of the HTTP API: the right that it needs, and how far\n"
      "that right reaches for each role: none, own, own_children, own_school,\n"
      "own_centre. \"signed_in\" is for everybody about oneself, \"anybody\" for all.\n",
      cli_rights },
    { "verify", "check the database and the hash chain of its registers",
      "usage: parta verify SETTINGS\n\n"
      "SQLite's own integrity check, then every row of the registers against the chain\n"
      "of hashes. Prints the head of the chain: keep it elsewhere, and a later change\n"
      "of old rows shows. Works beside a running server. Exit status 1 if it is not clean.\n",
      cli_verify },
    { "backup", "a consistent copy of the database, checked",
      "usage: parta backup SETTINGS COPY\n\n"
      "Copies while the server runs, then verifies the copy; a copy that is not clean\n"
      "is deleted. The secret file is not in it and must be kept in another place:\n"
      "without it the copy cannot be read, with it beside the copy it is no secret.\n"
      "To restore: stop the server, put the copy in the database's place, start.\n",
      cli_backup },
    { "demo", "a demo world with sign-in links (./server/demo calls it)",
      "usage: parta demo [--port 8443] [--data FOLDER] [--static FOLDER] [--certs FOLDER]\n"
      "             [--metrics-port N] [--log warn] [--announce ADDRESS] [--announce-port N]\n"
      "             [--relays N] [--clock 2027-02-03T06:00:00]\n\n"
      "Fills a database of invented people with a month of lessons, brings it up to now\n"
      "if it is there already, serves it and prints a table of personal links. Never\n"
      "touches a database that is no demo. --clock: its day begins at this moment (UTC)\n"
      "instead of now, to look at another month.\n",
      cli_demo },
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
