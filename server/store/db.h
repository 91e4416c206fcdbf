/* SPDX-License-Identifier: Apache-2.0
 *
 * The face of the database driver. All SQL of Parta goes through it, in a
 * subset that SQLite and PostgreSQL share: numbered parameters ($1, $2),
 * RETURNING, ON CONFLICT. SQL is always a literal; values are always bound.
 *
 * A query has a sticky error, like the bounded reader: bind in order, step,
 * read columns in order, and check once, with query_end. It must be ended in
 * every case.
 *
 *     struct query q = query_on(db, "SELECT name, tz FROM org WHERE id = $1");
 *     query_int(&q, id.v);
 *     if (query_row(&q)) {
 *         row_text(&q, out->name, sizeof out->name);
 *         row_text(&q, out->tz, sizeof out->tz);
 *     }
 *     return query_end_found(&q);
 *
 * A connection belongs to one thread. Exactly one connection writes, and it
 * alone checkpoints (RELIABILITY section 0, point 3): a lock file keeps a
 * second writer out, in this process or another.
 */
#ifndef PARTA_STORE_DB_H
#define PARTA_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct db;

enum db_mode {
    DB_WRITER, /* creates the file if need be; the only checkpointer */
    DB_READER, /* read-only, sees committed rows */
};

/* ERR_AGAIN: another writer has the database. ERR_IO: cannot be opened. ERR_DB: not a database, or
 * damaged (it is never recreated silently, F5). ERR_NOMEM. */
enum err db_open(struct db **out, const char *path, enum db_mode mode) MUST_CHECK;

/* Rolls back what is open. NULL is fine. */
void db_close(struct db *db);

/* What lies behind the last error of this connection. */
enum db_fault {
    DB_FAULT_NONE,
    DB_FAULT_BUSY,       /* ERR_AGAIN: locked by somebody else */
    DB_FAULT_FULL,       /* ERR_IO: no room on the disk */
    DB_FAULT_IO,         /* ERR_IO: read or write failed, or read-only */
    DB_FAULT_CONSTRAINT, /* ERR_STATE: a rule of the schema; see db_refusal */
    DB_FAULT_CORRUPT,    /* ERR_DB */
    DB_FAULT_NOMEM,      /* ERR_NOMEM */
    DB_FAULT_OTHER,      /* ERR_DB: our own SQL is wrong */
};

enum db_fault db_last_fault(const struct db *db);

/* Of the last constraint fault: the name a trigger raised ("mentor_overlap", "session_fixed"), or
 * "unique", "check", "foreign_key", "not_null". "" if the last fault was none. */
const char *db_refusal(const struct db *db);

/* Transactions. A failed statement inside one may have ended it (disk full): db_in_transaction
 * tells. begin is deferred: readers take no lock, the first write does. */
enum err db_begin(struct db *db) MUST_CHECK;
enum err db_commit(struct db *db) MUST_CHECK; /* on failure the transaction is rolled back */
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/* One savepoint inside a transaction; they nest up to 4 deep. */
enum err db_savepoint(struct db *db) MUST_CHECK;
enum err db_release(struct db *db) MUST_CHECK; /* keeps the innermost savepoint's work */
void db_undo(struct db *db);                   /* drops it */

/* How long a lock of another process is waited for; 2 s after db_open. */
void db_busy_timeout(struct db *db, int ms);

/* A prepared statement in use. Plain value on the caller's stack; never copied. */
struct query {
    struct db *db;
    void *stmt; /* the driver's */
    int slot;   /* place in the statement cache, -1 if it is a private one */
    int param;  /* last bound */
    int column; /* next to read */
    bool row;   /* a row is under the cursor */
    bool any;   /* there was a row */
    enum err err;
};

/* sql must be a literal: it is the key of the statement cache. */
struct query query_on(struct db *db, const char *sql);

/* Bind the next parameter. Text is copied by the driver; NULL binds NULL. */
void query_int(struct query *q, int64_t v);
void query_text(struct query *q, const char *s);
void query_bytes(struct query *q, const void *bytes, size_t len);
void query_null(struct query *q);
void query_int_or_null(struct query *q, int64_t v, int64_t null_value);
void query_id_or_null(struct query *q, int64_t id); /* 0 = none becomes NULL */

/* Next row; false at the end or on an error. */
bool query_row(struct query *q);

/* Read the next column of the row. NULL reads as 0 and "". A wrong type, or text that does not fit
 * its place, is ERR_DB. */
int64_t row_int(struct query *q);
int64_t row_int_or(struct query *q, int64_t if_null);
bool row_bool(struct query *q);
void row_text(struct query *q, char *out, size_t cap);
char *row_text_dup(struct query *q);                    /* owned; NULL for NULL; ERR_NOMEM sticks */
void row_bytes(struct query *q, void *out, size_t len); /* exactly len */
/* Owned (mem_free); NULL and 0 for NULL; ERR_NOMEM sticks. */
uint8_t *row_bytes_dup(struct query *q, size_t *len);
void row_skip(struct query *q);

/* The whole row in the form that chains are computed over: per column "n;" (NULL), "i" decimal ";",
 * "t" bytes ":" text ";" or "b" bytes ":" lower-case hex ";". */
struct strbuf;
void row_canonical(struct query *q, struct strbuf *out);

/* Records a fault the caller found in a row (an unknown word): ERR_DB sticks. */
void query_blame(struct query *q);

/* Always the last call. */
enum err query_end(struct query *q) MUST_CHECK;
/* The same; ERR_NOTFOUND if there was no row. */
enum err query_end_found(struct query *q) MUST_CHECK;
/* Runs to the end, drops rows. For INSERT, UPDATE, DELETE. */
enum err query_run(struct query *q) MUST_CHECK;
/* The same for an INSERT ... RETURNING id. */
enum err query_insert(struct query *q, int64_t *out_id) MUST_CHECK;

/* Rows the last INSERT, UPDATE or DELETE of this connection changed. */
int64_t db_changes(const struct db *db);

/* The highest number the table has ever handed out (AUTOINCREMENT), 0 if none. */
enum err db_last_number(struct db *db, const char *table, int64_t *out) MUST_CHECK;

/* Runs several statements without parameters. For migrations. */
enum err db_script(struct db *db, const char *sql) MUST_CHECK;

/* Writer's thread (or a reader's, while another process writes): a consistent copy into a new file.
 * ERR_STATE if the file exists. Check it with db_check before calling it a backup. */
enum err db_copy(struct db *db, const char *path) MUST_CHECK;

/* quick_check: pages and records, without the indexes. ERR_DB: damaged. At every start (F5). */
enum err db_quick_check(struct db *db) MUST_CHECK;

/* integrity_check and foreign_key_check. ERR_DB: damaged; the first finding is written to out. */
enum err db_check(struct db *db, char *out, size_t cap) MUST_CHECK;

/* Tests only: at most this many pages, so that a full disk can be met. */
enum err db_limit_pages(struct db *db, int pages) MUST_CHECK;

/* Room for one more item behind items[0..n): NULL and the old block kept on ERR_NOMEM. */
void *store_grow(void *items, size_t n, size_t size);

/* For QUERY_NEXT: makes the lack of memory stick. */
bool query_room(struct query *q, const void *grown);

/* List functions: steps to the next row and sets item to fresh room for it in l (a struct with
 * items and n). False at the end or on an error.
 *
 *     while (QUERY_NEXT(&q, &l, item))
 *         read_org(&q, item);
 */
#define QUERY_NEXT(q, l, item)                                                                     \
    (query_row(q) &&                                                                               \
     query_room((q), (item) = store_grow((l)->items, (l)->n, sizeof *(l)->items)) &&               \
     ((l)->items = (item), (item) = &(l)->items[(l)->n++], true))

#endif
