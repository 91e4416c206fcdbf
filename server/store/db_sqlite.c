/* SPDX-License-Identifier: Apache-2.0
 *
 * The SQLite driver: the only file that knows SQLite. WAL with synchronous
 * FULL (an answered write survives a power cut), foreign keys on, no trust in
 * the schema, no checkpoint by anybody but the writer. Refuses what it cannot
 * make sure of: WAL mode that could not be set, a second writer, a damaged
 * file. A connection belongs to one thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/store/db.h"

#define BUSY_MS 2000
#define CACHE_SLOTS 256
#define SAVEPOINT_DEPTH 4
#define REFUSAL_MAX 48

struct cached {
    sqlite3_stmt *stmt; /* owned, NULL: free slot */
    uint32_t hash;
    uint32_t used; /* value of db->clock when last used */
    bool busy;     /* a query is running on it */
};

struct db {
    sqlite3 *handle; /* owned */
    int lock_fd;     /* writer's lock file, -1 for readers */
    struct cached cache[CACHE_SLOTS];
    uint32_t clock;
    int depth; /* open savepoints */
    enum db_fault fault;
    char refusal[REFUSAL_MAX];
};

static enum db_fault fault_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return DB_FAULT_NONE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DB_FAULT_BUSY;
    case SQLITE_FULL:
        return DB_FAULT_FULL;
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return DB_FAULT_IO;
    case SQLITE_CONSTRAINT:
        return DB_FAULT_CONSTRAINT;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return DB_FAULT_CORRUPT;
    case SQLITE_NOMEM:
        return DB_FAULT_NOMEM;
    default:
        return DB_FAULT_OTHER;
    }
}

static enum err err_of(enum db_fault f)
{
    switch (f) {
    case DB_FAULT_NONE:
        return ERR_OK;
    case DB_FAULT_BUSY:
        return ERR_AGAIN;
    case DB_FAULT_FULL:
    case DB_FAULT_IO:
        return ERR_IO;
    case DB_FAULT_CONSTRAINT:
        return ERR_STATE;
    case DB_FAULT_NOMEM:
        return ERR_NOMEM;
    case DB_FAULT_CORRUPT:
    case DB_FAULT_OTHER:
        break;
    }
    return ERR_DB;
}

static const char *constraint_name(int rc, const char *message)
{
    switch (rc) {
    case SQLITE_CONSTRAINT_TRIGGER:
        return message; /* what RAISE(ABORT, ...) said */
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return "unique";
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return "foreign_key";
    case SQLITE_CONSTRAINT_NOTNULL:
        return "not_null";
    default:
        return "check";
    }
}

static enum err record(struct db *db, int rc)
{
    db->fault = fault_of(rc);
    db->refusal[0] = '\0';
    if (db->fault == DB_FAULT_CONSTRAINT) {
        if (!str_copy(db->refusal, sizeof db->refusal,
                      constraint_name(rc, sqlite3_errmsg(db->handle))) &&
            !str_copy(db->refusal, sizeof db->refusal, "check"))
            return ERR_INVAL;
    } else if (db->fault != DB_FAULT_NONE) {
        /* The message names tables and columns, never values. */
        log_error("db.fault", "code=%d message=\"%s\"", rc, sqlite3_errmsg(db->handle));
    }
    return err_of(db->fault);
}

/* ---- opening ---------------------------------------------------------------------------- */

/* Keeps a second writer out. The lock lives in a file of its own, because closing any descriptor
 * of the database itself would drop SQLite's own locks (POSIX). Its first byte says that a
 * database has been here, so an empty file in its place is damage and not a fresh start. */
static enum err take_lock(struct db *db, const char *path, bool *was_here)
{
    char name[4096];
    char mark;

    if (!str_format(name, sizeof name, "%s.lock", path))
        return ERR_INVAL;
    db->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (db->lock_fd < 0)
        return ERR_IO;
    if (flock(db->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? ERR_AGAIN : ERR_IO;
    *was_here = read(db->lock_fd, &mark, 1) == 1;
    return ERR_OK;
}

/* A new database is readable by its owner only, and so are its WAL files, which copy its mode. */
static enum err prepare_file(const char *path, bool was_here)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd >= 0) {
        close(fd);
        return was_here ? ERR_DB : ERR_OK;
    }
    if (errno != EEXIST || stat(path, &st) != 0)
        return ERR_IO;
    return st.st_size == 0 && was_here ? ERR_DB : ERR_OK;
}

static enum err text_pragma(struct db *db, const char *sql, const char *want)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);
    enum err e = ERR_OK;

    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        e = record(db, rc);
    else if (want && (rc != SQLITE_ROW || strcmp((const char *)sqlite3_column_text(stmt, 0), want)))
        e = ERR_IO;
    sqlite3_finalize(stmt);
    return e;
}

static enum err configure(struct db *db, enum db_mode mode)
{
    enum err e;

    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    /* A double-quoted word is a name, never a string. */
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    if (mode == DB_READER) {
        sqlite3_wal_autocheckpoint(db->handle, 0);
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    /* The first statement that reads the file: a damaged header shows here. */
    e = text_pragma(db, "PRAGMA schema_version", NULL);
    if (!e && mode == DB_WRITER)
        e = text_pragma(db, "PRAGMA journal_mode = WAL", "wal");
    if (!e)
        e = text_pragma(db, "PRAGMA synchronous = FULL", NULL);
    if (!e)
        e = text_pragma(db, "PRAGMA foreign_keys = ON", NULL);
    if (!e)
        e = text_pragma(db, "PRAGMA cell_size_check = ON", NULL);
    if (!e) /* at most 32 MB: the upper pages of every index of ten years, and today's rows */
        e = text_pragma(db, "PRAGMA cache_size = -32000", NULL);
    if (!e && mode == DB_WRITER) /* what is deleted is overwritten, not only unlinked */
        e = text_pragma(db, "PRAGMA secure_delete = ON", NULL);
    return e;
}

/* From now on an empty file at this path is damage. */
static void mark_lock(struct db *db, const char *path)
{
    struct stat st;

    if (db->lock_fd >= 0 && stat(path, &st) == 0 && st.st_size > 0 &&
        pwrite(db->lock_fd, "1", 1, 0) != 1)
        log_warn("db.lock_mark", "errno=%d", errno);
}

enum err db_open(struct db **out, const char *path, enum db_mode mode)
{
    struct db *db = mem_zalloc(1, sizeof *db);
    int flags = SQLITE_OPEN_NOMUTEX;
    bool was_here = false;
    enum err e = ERR_OK;
    int rc;

    if (!db)
        return ERR_NOMEM;
    db->lock_fd = -1;
    flags |= mode == DB_WRITER ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    if (mode == DB_WRITER) {
        e = take_lock(db, path, &was_here);
        if (!e)
            e = prepare_file(path, was_here);
    }
    if (e)
        goto out;
    rc = sqlite3_open_v2(path, &db->handle, flags, NULL);
    e = rc == SQLITE_OK ? configure(db, mode) : err_of(fault_of(rc));
    if (!e)
        mark_lock(db, path);
out:
    if (e) {
        db_close(db);
        return e;
    }
    *out = db;
    return ERR_OK;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < CACHE_SLOTS; i++)
        sqlite3_finalize(db->cache[i].stmt);
    sqlite3_close_v2(db->handle);
    if (db->lock_fd >= 0)
        close(db->lock_fd);
    mem_free(db);
}

enum db_fault db_last_fault(const struct db *db)
{
    return db->fault;
}

const char *db_refusal(const struct db *db)
{
    return db->refusal;
}

void db_busy_timeout(struct db *db, int ms)
{
    sqlite3_busy_timeout(db->handle, ms);
}

/* ---- queries ---------------------------------------------------------------------------- */

static uint32_t hash_of(const char *s)
{
    uint32_t h = 2166136261u; /* FNV-1a */

    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * 16777619u;
    return h;
}

/* The slot that holds sql, or the one to put it into, or NULL if all are busy. */
static struct cached *find_slot(struct db *db, const char *sql, uint32_t hash)
{
    struct cached *oldest = NULL;

    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        struct cached *c = &db->cache[i];

        if (c->stmt && c->hash == hash && !c->busy && strcmp(sqlite3_sql(c->stmt), sql) == 0)
            return c;
        if (!c->busy && (!oldest || (oldest->stmt && (!c->stmt || c->used < oldest->used))))
            oldest = c;
    }
    if (oldest) {
        sqlite3_finalize(oldest->stmt);
        *oldest = (struct cached){ .hash = hash };
    }
    return oldest;
}

struct query query_on(struct db *db, const char *sql)
{
    struct query q = { .db = db, .slot = -1 };
    struct cached *c = find_slot(db, sql, hash_of(sql));
    sqlite3_stmt *stmt = c ? c->stmt : NULL;

    db->fault = DB_FAULT_NONE;
    db->refusal[0] = '\0';
    if (!stmt) {
        int rc =
            sqlite3_prepare_v3(db->handle, sql, -1, c ? SQLITE_PREPARE_PERSISTENT : 0, &stmt, NULL);
        if (rc != SQLITE_OK) {
            q.err = record(db, rc);
            return q;
        }
    }
    if (c) {
        c->stmt = stmt;
        c->used = ++db->clock;
        c->busy = true;
        q.slot = (int)(c - db->cache);
    }
    q.stmt = stmt;
    return q;
}

static void check_bind(struct query *q, int rc)
{
    if (!q->err && rc != SQLITE_OK)
        q->err = record(q->db, rc);
}

/* Parameters are found by their number, so $2 may stand before $1 in the text. */
static int next_param(struct query *q)
{
    char name[16];
    int at;

    if (q->err)
        return 0;
    if (!str_format(name, sizeof name, "$%d", ++q->param))
        return 0;
    at = sqlite3_bind_parameter_index(q->stmt, name);
    if (at == 0)
        q->err = ERR_INVAL;
    return at;
}

void query_int(struct query *q, int64_t v)
{
    int at = next_param(q);

    if (at)
        check_bind(q, sqlite3_bind_int64(q->stmt, at, v));
}

void query_text(struct query *q, const char *s)
{
    int at = next_param(q);

    if (at)
        check_bind(q,
                   s ? sqlite3_bind_text64(q->stmt, at, s, strlen(s), SQLITE_TRANSIENT, SQLITE_UTF8)
                     : sqlite3_bind_null(q->stmt, at));
}

void query_bytes(struct query *q, const void *bytes, size_t len)
{
    int at = next_param(q);

    if (at)
        check_bind(q, sqlite3_bind_blob64(q->stmt, at, bytes, len, SQLITE_TRANSIENT));
}

void query_null(struct query *q)
{
    int at = next_param(q);

    if (at)
        check_bind(q, sqlite3_bind_null(q->stmt, at));
}

bool query_row(struct query *q)
{
    int rc;

    q->row = false;
    if (q->err)
        return false;
    /* A forgotten value would silently be NULL. */
    if (!q->any && q->param != sqlite3_bind_parameter_count(q->stmt)) {
        q->err = ERR_INVAL;
        return false;
    }
    rc = sqlite3_step(q->stmt);
    if (rc == SQLITE_ROW) {
        q->row = q->any = true;
        q->column = 0;
    } else if (rc != SQLITE_DONE) {
        q->err = record(q->db, rc);
    }
    return q->row;
}

/* The column to read now, or -1 when there is none or an error stands. */
static int next_column(struct query *q)
{
    if (q->err)
        return -1;
    if (!q->row || q->column >= sqlite3_column_count(q->stmt)) {
        q->err = ERR_INVAL;
        return -1;
    }
    return q->column++;
}

int64_t row_int_or(struct query *q, int64_t if_null)
{
    int at = next_column(q);
    int type = at < 0 ? SQLITE_NULL : sqlite3_column_type(q->stmt, at);

    if (type == SQLITE_INTEGER)
        return sqlite3_column_int64(q->stmt, at);
    if (type != SQLITE_NULL)
        query_blame(q);
    return if_null;
}

void row_text(struct query *q, char *out, size_t cap)
{
    int at = next_column(q);
    const char *s = "";

    out[0] = '\0';
    if (at < 0)
        return;
    if (sqlite3_column_type(q->stmt, at) == SQLITE_TEXT)
        s = (const char *)sqlite3_column_text(q->stmt, at);
    else if (sqlite3_column_type(q->stmt, at) != SQLITE_NULL)
        query_blame(q);
    if (!s)
        check_bind(q, SQLITE_NOMEM);
    else if (!str_copy(out, cap, s))
        query_blame(q);
}

char *row_text_dup(struct query *q)
{
    int at = next_column(q);
    const char *s;
    char *copy = NULL;

    if (at < 0 || sqlite3_column_type(q->stmt, at) == SQLITE_NULL)
        return NULL;
    s = (const char *)sqlite3_column_text(q->stmt, at);
    if (s)
        copy = mem_strndup(s, (size_t)sqlite3_column_bytes(q->stmt, at));
    if (!copy)
        q->err = ERR_NOMEM;
    return copy;
}

void row_bytes(struct query *q, void *out, size_t len)
{
    int at = next_column(q);

    if (at < 0)
        return;
    if (sqlite3_column_type(q->stmt, at) == SQLITE_BLOB &&
        (size_t)sqlite3_column_bytes(q->stmt, at) == len)
        memcpy(out, sqlite3_column_blob(q->stmt, at), len);
    else
        query_blame(q);
}

uint8_t *row_bytes_dup(struct query *q, size_t *len)
{
    int at = next_column(q);
    uint8_t *copy;

    *len = 0;
    if (at < 0 || sqlite3_column_type(q->stmt, at) == SQLITE_NULL)
        return NULL;
    if (sqlite3_column_type(q->stmt, at) != SQLITE_BLOB) {
        query_blame(q);
        return NULL;
    }
    *len = (size_t)sqlite3_column_bytes(q->stmt, at);
    copy = mem_zalloc(1, *len + 1);
    if (copy && *len > 0)
        memcpy(copy, sqlite3_column_blob(q->stmt, at), *len);
    if (!copy)
        q->err = ERR_NOMEM;
    return copy;
}

void row_skip(struct query *q)
{
    (void)next_column(q);
}

void row_canonical(struct query *q, struct strbuf *out)
{
    int n = q->err || !q->row ? 0 : sqlite3_column_count(q->stmt);

    for (int i = 0; i < n; i++) {
        size_t len;
        const uint8_t *bytes;

        switch (sqlite3_column_type(q->stmt, i)) {
        case SQLITE_INTEGER:
            strbuf_printf(out, "i%lld;", (long long)sqlite3_column_int64(q->stmt, i));
            break;
        case SQLITE_TEXT:
            bytes = sqlite3_column_text(q->stmt, i);
            len = (size_t)sqlite3_column_bytes(q->stmt, i);
            strbuf_printf(out, "t%zu:", len);
            strbuf_add(out, (const char *)bytes, len);
            strbuf_puts(out, ";");
            break;
        case SQLITE_BLOB:
            bytes = sqlite3_column_blob(q->stmt, i);
            len = (size_t)sqlite3_column_bytes(q->stmt, i);
            strbuf_printf(out, "b%zu:", len);
            for (size_t b = 0; b < len; b++)
                strbuf_printf(out, "%02x", bytes[b]);
            strbuf_puts(out, ";");
            break;
        case SQLITE_NULL:
            strbuf_puts(out, "n;");
            break;
        default: /* STRICT tables have no other type here */
            query_blame(q);
            return;
        }
    }
    if (!strbuf_ok(out) && !q->err)
        q->err = ERR_NOMEM;
}

void query_blame(struct query *q)
{
    if (q->err)
        return;
    q->err = ERR_DB;
    q->db->fault = DB_FAULT_CORRUPT;
    q->db->refusal[0] = '\0';
}

enum err query_end(struct query *q)
{
    if (!q->stmt)
        return q->err;
    /* Reset repeats the error of the last step, which is recorded already. */
    (void)sqlite3_reset(q->stmt);
    if (q->slot >= 0) {
        sqlite3_clear_bindings(q->stmt);
        q->db->cache[q->slot].busy = false;
    } else {
        sqlite3_finalize(q->stmt);
    }
    q->stmt = NULL;
    return q->err;
}

int64_t db_changes(const struct db *db)
{
    return sqlite3_changes64(db->handle);
}

/* ---- transactions ----------------------------------------------------------------------- */

static enum err plain(struct db *db, const char *sql)
{
    struct query q = query_on(db, sql);

    return query_run(&q);
}

enum err db_begin(struct db *db)
{
    db->depth = 0;
    return plain(db, "BEGIN");
}

enum err db_commit(struct db *db)
{
    enum err e = plain(db, "COMMIT");

    if (e)
        db_rollback(db);
    return e;
}

/* Runs sql without touching what db_last_fault and db_refusal say: the caller asks about what led
 * here. */
static enum err quietly(struct db *db, const char *sql)
{
    enum db_fault fault = db->fault;
    char refusal[REFUSAL_MAX];
    enum err e;

    memcpy(refusal, db->refusal, sizeof refusal);
    e = plain(db, sql);
    db->fault = fault;
    memcpy(db->refusal, refusal, sizeof refusal);
    return e;
}

void db_rollback(struct db *db)
{
    db->depth = 0;
    if (db_in_transaction(db) && quietly(db, "ROLLBACK") != ERR_OK)
        log_error("db.rollback", "failed=1");
}

bool db_in_transaction(const struct db *db)
{
    return !sqlite3_get_autocommit(db->handle);
}

enum err db_savepoint(struct db *db)
{
    static const char *const sql[SAVEPOINT_DEPTH] = { "SAVEPOINT s1", "SAVEPOINT s2",
                                                      "SAVEPOINT s3", "SAVEPOINT s4" };
    enum err e;

    if (db->depth >= SAVEPOINT_DEPTH || !db_in_transaction(db))
        return ERR_INVAL;
    e = plain(db, sql[db->depth]);
    if (!e)
        db->depth++;
    return e;
}

static const char *const release_sql[SAVEPOINT_DEPTH] = { "RELEASE s1", "RELEASE s2", "RELEASE s3",
                                                          "RELEASE s4" };

enum err db_release(struct db *db)
{
    if (db->depth == 0)
        return ERR_INVAL;
    if (!db_in_transaction(db)) { /* a failed statement has ended it all */
        db->depth = 0;
        return ERR_STATE;
    }
    return plain(db, release_sql[--db->depth]);
}

void db_undo(struct db *db)
{
    static const char *const sql[SAVEPOINT_DEPTH] = { "ROLLBACK TO s1", "ROLLBACK TO s2",
                                                      "ROLLBACK TO s3", "ROLLBACK TO s4" };

    if (db->depth == 0)
        return;
    if (!db_in_transaction(db)) {
        db->depth = 0;
        return;
    }
    db->depth--;
    if (quietly(db, sql[db->depth]) != ERR_OK || quietly(db, release_sql[db->depth]) != ERR_OK)
        db_rollback(db); /* rather nothing than half */
}

/* ---- whole database --------------------------------------------------------------------- */

enum err db_last_number(struct db *db, const char *table, int64_t *out)
{
    struct query q = query_on(db, "SELECT seq FROM sqlite_sequence WHERE name = $1");
    int64_t n = 0;
    enum err e;

    query_text(&q, table);
    if (query_row(&q))
        n = row_int(&q);
    e = query_end(&q);
    if (!e)
        *out = n;
    return e;
}

enum err db_script(struct db *db, const char *sql)
{
    while (*sql) {
        sqlite3_stmt *stmt = NULL;
        int rc = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, &sql);

        if (rc == SQLITE_OK && stmt) {
            while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
                ;
            if (rc == SQLITE_DONE)
                rc = SQLITE_OK;
        }
        if (rc != SQLITE_OK) {
            enum err e = record(db, rc);

            sqlite3_finalize(stmt);
            return e;
        }
        sqlite3_finalize(stmt);
    }
    return ERR_OK;
}

static enum err flush_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    enum err e = fd >= 0 && fsync(fd) == 0 ? ERR_OK : ERR_IO;

    if (fd >= 0)
        close(fd);
    return e;
}

enum err db_copy(struct db *db, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    struct query q;
    enum err e;

    if (fd < 0)
        return errno == EEXIST ? ERR_STATE : ERR_IO;
    close(fd);
    q = query_on(db, "VACUUM INTO $1");
    query_text(&q, path);
    e = query_run(&q);
    if (!e)
        e = flush_file(path);
    if (e)
        (void)unlink(path);
    return e;
}

enum err db_quick_check(struct db *db)
{
    struct query q = query_on(db, "PRAGMA quick_check(1)");
    char line[256] = "";
    enum err e;

    if (query_row(&q))
        row_text(&q, line, sizeof line);
    e = query_end_found(&q);
    return e ? e : strcmp(line, "ok") == 0 ? ERR_OK : ERR_DB;
}

enum err db_check(struct db *db, char *out, size_t cap)
{
    struct query q = query_on(db, "PRAGMA integrity_check(1)");
    char line[256] = "";
    enum err e;

    if (query_row(&q))
        row_text(&q, line, sizeof line);
    e = query_end_found(&q);
    if (!e && strcmp(line, "ok") != 0)
        e = ERR_DB;
    if (!e) {
        bool broken;

        q = query_on(db, "PRAGMA foreign_key_check");
        broken = query_row(&q);
        if (broken)
            row_text(&q, line, sizeof line);
        e = query_end(&q);
        if (!e && broken)
            e = ERR_DB;
    }
    if (e && !str_copy(out, cap, line))
        out[0] = '\0';
    return e;
}

enum err db_limit_pages(struct db *db, int pages)
{
    char sql[64];

    if (!str_format(sql, sizeof sql, "PRAGMA max_page_count = %d", pages))
        return ERR_INVAL;
    return db_script(db, sql);
}
