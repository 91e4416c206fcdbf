/* SPDX-License-Identifier: Apache-2.0
 *
 * parta retain: what retention would empty today and what is held back, in
 * figures. It reads and changes nothing: emptying needs two people, at the
 * pages. Main thread.
 */
#include <stdio.h>
#include <string.h>

#include "server/cli.h"
#include "server/store/org.h"
#include "server/store/retention.h"
#include "server/sys/clock.h"

#define WINDOW 20000 /* numbers looked at in one query */

struct figures {
    int64_t due, held, by_hold[RETENTION_HOLDS];
};

static void count(const struct retention_policy *p, enum retention_kind k,
                  const struct retention_found *l, int64_t now_ms, struct figures *f)
{
    for (size_t i = 0; i < l->n; i++) {
        enum retention_verdict v = retention_judge(p, k, &l->items[i], now_ms);

        f->due += v == RETENTION_DUE;
        f->held += v == RETENTION_HELD;
        for (int h = 0; v == RETENTION_HELD && h < RETENTION_HOLDS; h++)
            f->by_hold[h] += (l->items[i].holds & 1u << h) != 0;
    }
}

static enum err look(struct db *db, const struct retention_policy *p, enum retention_kind k,
                     struct org_id centre, int64_t now_ms, struct figures *f)
{
    int64_t last = 0;
    enum err e = retention_last(db, k, &last);

    for (int64_t at = 0; !e && at < last; at += WINDOW) {
        struct retention_found l;

        e = retention_scan(db, k, centre, at, at + WINDOW, now_ms, &l);
        if (e)
            break;
        count(p, k, &l, now_ms, f);
        retention_found_free(&l);
    }
    return e;
}

static void print(enum retention_kind k, int64_t days, const struct figures *f)
{
    printf("%-12s %6lld days  %8lld due  %8lld held back", retention_kind_name(k), (long long)days,
           (long long)f->due, (long long)f->held);
    for (int h = 0; h < RETENTION_HOLDS; h++)
        if (f->by_hold[h])
            printf("  %s %lld", retention_hold_name((enum retention_hold)h),
                   (long long)f->by_hold[h]);
    printf("\n");
}

static enum err one_centre(struct db *db, const struct org *centre, int64_t now_ms)
{
    struct retention_policy p;
    enum err e = policy_retention(db, centre->id, now_ms, &p);

    printf("%s\n", centre->code);
    for (int k = 0; !e && k < RETENTION_KINDS; k++) {
        struct figures f = { 0 };

        e = look(db, &p, (enum retention_kind)k, centre->id, now_ms, &f);
        if (!e)
            print((enum retention_kind)k, p.days[k], &f);
    }
    return e;
}

static enum err centres(struct db *db, const char *code, int *looked)
{
    const enum org_type type = ORG_CENTRE;
    struct org_list l;
    enum err e = org_list(db, &type, &l);

    if (e)
        return e;
    for (size_t i = 0; !e && i < l.n; i++) {
        if (code && strcmp(code, l.items[i].code) != 0)
            continue;
        e = one_centre(db, &l.items[i], clock_now().unix_ms);
        *looked += 1;
    }
    org_list_free(&l);
    return e;
}

int cli_retain(const struct command *self, int argc, char **argv)
{
    static const char *const names[] = { "dry-run!", "centre", NULL };
    const char *values[2] = { 0 };
    struct db *db = NULL;
    struct config c;
    int looked = 0;
    enum err e;
    int n = cli_options(self, argc, argv, names, values);

    if (n != 1)
        return n < 0 ? EXIT_USAGE : cli_usage(self, "name one settings file");
    if (!values[0])
        return cli_usage(self, "only --dry-run can be done here; two people empty at the pages");
    if (cli_load(argv[1], &c) != ERR_OK)
        return EXIT_FAILED;
    e = db_open(&db, c.database, DB_READER);
    if (!e)
        e = centres(db, values[1], &looked);
    db_close(db);
    if (e)
        fprintf(stderr, "the records could not be looked through: %s\n", err_name(e));
    else if (!looked)
        fprintf(stderr, "there is no such centre\n");
    return e || !looked ? EXIT_FAILED : EXIT_DONE;
}
