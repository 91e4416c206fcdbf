/* SPDX-License-Identifier: Apache-2.0
 *
 * parta plan: a week proposed at the console, in figures. Reads only, so beside
 * a running server, too; what it finds is not kept. Main thread.
 */
#include <stdio.h>
#include <string.h>

#include "server/cli.h"
#include "server/domain/zone.h"
#include "server/store/org.h"
#include "server/store/planning.h"
#include "server/sys/clock.h"

struct limit {
    int64_t until_us;
};

static bool out_of_time(void *ctx, const struct plan_figures *at)
{
    (void)at;
    return clock_now().mono_us >= ((const struct limit *)ctx)->until_us;
}

/* "2026-11-30", a Monday. */
static bool parse_week(const char *text, int64_t *monday)
{
    int64_t y, m, d;
    char year[5], month[3];

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
        !str_format(year, sizeof year, "%.4s", text) ||
        !str_format(month, sizeof month, "%.2s", text + 5) ||
        str_to_i64(year, ZONE_YEAR_MIN, ZONE_YEAR_MAX, &y) != ERR_OK ||
        str_to_i64(month, 1, 12, &m) != ERR_OK || str_to_i64(text + 8, 1, 31, &d) != ERR_OK ||
        !date_valid((int)y, (int)m, (int)d))
        return false;
    *monday = date_to_days((int)y, (int)m, (int)d);
    return date_weekday(*monday) == 1;
}

/* The centre of that code, or the only one there is. */
static enum err find_centre(struct db *db, const char *code, struct org *out)
{
    const enum org_type type = ORG_CENTRE;
    struct org_list l = { 0 };
    size_t found = 0;
    enum err e = org_list(db, &type, &l);

    for (size_t i = 0; !e && i < l.n; i++)
        if (!code || strcmp(l.items[i].code, code) == 0) {
            *out = l.items[i];
            found++;
        }
    org_list_free(&l);
    return e ? e : found == 1 ? ERR_OK : ERR_NOTFOUND;
}

static void print_left(const struct plan_outcome *o)
{
    int by_rule[PLAN_RULE_COUNT] = { 0 };
    int proved = 0;

    for (size_t i = 0; i < o->left_n; i++) {
        by_rule[o->left[i].rule]++;
        proved += o->left[i].lessons > 0;
    }
    printf("left     %zu, %d of them proved\n", o->left_n, proved);
    for (int r = 0; r < PLAN_RULE_COUNT; r++)
        if (by_rule[r] > 0)
            printf("         %4d  R%d %s\n", by_rule[r], plan_rule_number((enum plan_rule)r),
                   plan_rule_name((enum plan_rule)r));
}

static void print_outcome(const struct plan_outcome *o, enum plan_mode mode, int64_t us)
{
    const struct plan_figures *f = &o->figures;

    printf("wanted   %lld\nplaced   %lld\nbound    %lld\ngap      %lld%s\n", (long long)f->wanted,
           (long long)f->placed, (long long)f->bound, (long long)(f->bound - f->placed),
           f->bound == f->placed ? "  (no week places more)" : "");
    if (mode == PLAN_MODE_REPAIR)
        printf("kept     %lld\nforced   %lld\nmoved    %lld\nadded    %lld\n", (long long)f->kept,
               (long long)f->forced, (long long)f->moved, (long long)f->added);
    printf("steps    %lld in %lld ms%s\n", (long long)f->steps, (long long)(us / US_PER_MS),
           o->stopped ? ", stopped by the time of the policy" : "");
    print_left(o);
}

static enum err plan_week_of(struct db *db, const char *centre_code, struct plan_asked *asked)
{
    struct plan_outcome o = { 0 };
    struct limit limit;
    struct org centre;
    int64_t begun = clock_now().mono_us;
    enum err e = find_centre(db, centre_code, &centre);

    if (e == ERR_NOTFOUND)
        fprintf(stderr, "there is no such centre, or there are several: name it with --centre\n");
    if (!e)
        e = policy_plan(db, centre.id, asked->query.now_ms, &asked->policy);
    if (e)
        return e;
    asked->query.centre = centre.id;
    limit.until_us = begun + asked->policy.seconds_max * US_PER_S;
    asked->stop = out_of_time;
    asked->ctx = &limit;
    e = planning_search(db, asked, &o);
    if (!e)
        print_outcome(&o, asked->query.mode, clock_now().mono_us - begun);
    plan_outcome_free(&o);
    return e;
}

int cli_plan(const struct command *self, int argc, char **argv)
{
    static const char *const names[] = { "mode", "seed", "centre", "copy", NULL };
    const char *values[4] = { 0 };
    struct plan_asked asked = { .query = { .now_ms = clock_now().unix_ms } };
    struct db *db = NULL;
    struct config c;
    int64_t seed = 1;
    enum err e;
    int n = cli_options(self, argc, argv, names, values);

    if (n != 2)
        return n < 0 ? EXIT_USAGE : cli_usage(self, "name the settings file and the week");
    if (!parse_week(argv[2], &asked.query.monday))
        return cli_usage(self, "a week is named by its Monday, like 2026-11-30");
    if (values[0] && !plan_mode_parse(values[0], &asked.query.mode))
        return cli_usage(self, "--mode is fresh or repair");
    if (values[1] && str_to_i64(values[1], 0, INT32_MAX, &seed) != ERR_OK)
        return cli_usage(self, "--seed is a number");
    if (cli_load(argv[1], &c) != ERR_OK)
        return EXIT_FAILED;
    asked.seed = (uint64_t)seed;
    e = db_open(&db, values[3] ? values[3] : c.database, DB_READER);
    if (!e)
        e = plan_week_of(db, values[2], &asked);
    db_close(db);
    if (e)
        fprintf(stderr, "the week could not be planned: %s\n", err_name(e));
    return e ? EXIT_FAILED : EXIT_DONE;
}
