/* SPDX-License-Identifier: Apache-2.0
 *
 * parta import and export: lists at the console. A look and an export work
 * beside a running server; writing needs it stopped. Main thread.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "server/api/export.h"
#include "server/api/import.h"
#include "server/cli.h"
#include "server/store/audit.h"
#include "server/store/org.h"
#include "server/sys/clock.h"

#define FILE_MAX_BYTES (64u * 1024 * 1024)

static bool read_file(const char *path, uint8_t **bytes, size_t *len)
{
    FILE *f = fopen(path, "rb");
    uint8_t *b = f ? mem_zalloc(FILE_MAX_BYTES + 1, 1) : NULL;
    bool ok = b != NULL;

    *len = ok ? fread(b, 1, FILE_MAX_BYTES + 1, f) : 0;
    if (ok && (ferror(f) || *len > FILE_MAX_BYTES)) {
        errno = ferror(f) ? errno : EFBIG;
        ok = false;
    }
    if (!ok)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    if (f)
        (void)fclose(f);
    if (ok)
        *bytes = b;
    else
        mem_free(b);
    return ok;
}

/* The centre of this code, or the only one there is. */
static enum err find_centre(struct db *db, const char *code, struct org *out)
{
    const enum org_type centre = ORG_CENTRE;
    struct org_list l = { 0 };
    size_t found = 0;
    enum err e = org_list(db, &centre, &l);

    for (size_t i = 0; !e && i < l.n; i++) {
        if (!code || strcmp(l.items[i].code, code) == 0) {
            *out = l.items[i];
            found++;
        }
    }
    org_list_free(&l);
    if (!e && found != 1) {
        fprintf(stderr, found ? "there are several centres: name one with --centre\n"
                              : "there is no such centre\n");
        e = ERR_NOTFOUND;
    }
    return e;
}

static void print_faults(const struct table_faults *f)
{
    for (size_t i = 0; i < f->n && i < TABLE_FAULTS_KEPT; i++) {
        const struct table_fault_at *at = &f->items[i];

        fprintf(stderr, "%s%srow %zu%s%s: %s\n", at->member, at->member[0] ? ", " : "", at->row,
                at->column[0] ? ", column " : "", at->column, table_fault_text(at->fault));
    }
    if (f->n > TABLE_FAULTS_KEPT)
        fprintf(stderr, "... and %zu more\n", f->n - TABLE_FAULTS_KEPT);
}

static enum err settle(struct import *i, struct db *db, const struct org *centre, bool apply)
{
    struct roster_into into = { .centre = centre->id, .now_ms = clock_now().unix_ms };
    struct roster_count n;
    bool applied = false;
    enum err e = db_begin(db);

    if (e)
        return e;
    e = import_settle(i, db, &into, apply, &n, &applied);
    if (!e && applied)
        e = audit_add(db, into.now_ms, into.by, "import", "org", centre->id.v, "",
                      roster_kind_name(i->kind));
    if (!e && applied)
        e = db_commit(db);
    else
        db_rollback(db);
    if (e)
        return e;
    if (applied)
        printf("written: %zu schools, %zu children, %zu guardians, %zu mentors, %zu assignments, "
               "%zu lessons\n",
               n.schools, n.children, n.guardians, n.mentors, n.teachings, n.lessons);
    else
        printf("%zu rows, %zu faults; nothing was written\n", i->rows, i->faults.n);
    return ERR_OK;
}

static enum err import_file(const char *database, struct import *i, enum roster_kind kind,
                            const uint8_t *bytes, size_t len, const char *code, bool apply)
{
    struct roster_policy policy;
    struct org centre;
    struct db *db = NULL;
    enum err e = db_open(&db, database, apply ? DB_WRITER : DB_READER);

    if (!e)
        e = find_centre(db, code, &centre);
    if (!e)
        e = policy_roster(db, centre.id, clock_now().unix_ms, &policy);
    if (!e)
        e = import_read(i, kind, bytes, len, &policy);
    if (!e)
        e = settle(i, db, &centre, apply);
    db_close(db);
    if (e == ERR_AGAIN)
        fprintf(stderr, "the server is running and owns the database; stop it, or bring the list "
                        "along on the page\n");
    else if (e && e != ERR_NOTFOUND)
        fprintf(stderr, "nothing was written: %s\n", err_name(e));
    return e;
}

int cli_import(const struct command *self, int argc, char **argv)
{
    static const char *const names[] = { "centre", "apply!", NULL };
    const char *values[2] = { 0 };
    struct import *i;
    enum roster_kind kind;
    struct config c;
    uint8_t *bytes;
    size_t len;
    bool bad;
    enum err e;
    int n = cli_options(self, argc, argv, names, values);

    if (n != 3)
        return n < 0 ? EXIT_USAGE
                     : cli_usage(self, "name the settings file, the kind and the file");
    if (!roster_kind_parse(argv[2], &kind))
        return cli_usage(self, "a kind is children, mentors, timetable or oneroster");
    if (cli_load(argv[1], &c) != ERR_OK || !read_file(argv[3], &bytes, &len))
        return EXIT_FAILED;
    i = mem_zalloc(1, sizeof *i);
    e = i ? import_file(c.database, i, kind, bytes, len, values[0], values[1] != NULL) : ERR_NOMEM;
    bad = e || !i || i->faults.n > 0;
    if (i) {
        print_faults(&i->faults);
        import_deinit(i);
    }
    mem_free(i);
    mem_free(bytes);
    return bad ? EXIT_FAILED : EXIT_DONE;
}

static bool write_new(const char *path, const void *bytes, size_t len)
{
    FILE *f = fopen(path, "wxb"); /* never over something that is there */
    bool ok = f && fwrite(bytes, 1, len, f) == len;

    if (f && fclose(f) != 0)
        ok = false;
    if (!ok)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return ok;
}

int cli_export(const struct command *self, int argc, char **argv)
{
    static const char *const names[] = { "centre", NULL };
    const char *values[1] = { 0 };
    struct config c;
    struct org centre;
    struct db *db = NULL;
    uint8_t *bytes = NULL;
    size_t len = 0;
    bool written;
    enum err e;
    int n = cli_options(self, argc, argv, names, values);

    if (n != 3)
        return n < 0 ? EXIT_USAGE
                     : cli_usage(self, "name the settings file, oneroster and the file");
    if (strcmp(argv[2], "oneroster") != 0)
        return cli_usage(self, "what goes out is oneroster");
    if (cli_load(argv[1], &c) != ERR_OK)
        return EXIT_FAILED;
    e = db_open(&db, c.database, DB_READER);
    if (!e)
        e = find_centre(db, values[0], &centre);
    if (!e)
        e = export_oneroster(db, centre.id, clock_now().unix_ms, &bytes, &len);
    db_close(db);
    if (e)
        fprintf(stderr, "no archive was made: %s\n", err_name(e));
    written = !e && write_new(argv[3], bytes, len);
    mem_free(bytes);
    return written ? EXIT_DONE : EXIT_FAILED;
}
