/* SPDX-License-Identifier: Apache-2.0
 *
 * parta rights: who may do what, as the program itself decides it: one line
 * for each operation of the HTTP API. Reads nothing. Main thread.
 */
#include <stdio.h>

#include "server/api/route.h"
#include "server/cli.h"

static void print_rule(struct route_rule rule)
{
    bool right = rule.right < RIGHT_COUNT;

    printf("%s %s %s", rule.method, rule.pattern,
           right                           ? right_name((enum right)rule.right)
           : rule.right == ROUTE_SIGNED_IN ? "signed_in"
                                           : "anybody");
    for (int role = ROLE_NONE + 1; right && role < ROLE_COUNT; role++)
        printf(" %s=%s", role_name((enum role)role),
               scope_name(access_scope((enum role)role, (enum right)rule.right)));
    putchar('\n');
}

int cli_rights(const struct command *self, int argc, char **argv)
{
    if (argc > 1)
        return cli_usage(self, "\"%s\" is not understood", argv[1]);
    for (size_t i = 0; i < route_count(); i++)
        print_rule(route_rule_at(i));
    return EXIT_DONE;
}
