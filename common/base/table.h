/* SPDX-License-Identifier: Apache-2.0
 *
 * A table of text as people send one: rows of cells, the first row names the
 * columns. Cells are UTF-8; a short row is filled up with empty cells. What is
 * wrong with a table is a list of faults, each with its row and column as a
 * spreadsheet counts them, so that a clerk can mend all of them at once.
 */
#ifndef PARTA_BASE_TABLE_H
#define PARTA_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

/* code, name on the wire, what it means */
#define TABLE_FAULT_LIST(X)                                                                        \
    X(NONE, "none", "")                                                                            \
    X(NO_TABLE, "no_table", "neither CSV nor a spreadsheet, or cut off")                           \
    X(ENCODING, "encoding", "not UTF-8")                                                           \
    X(QUOTES, "quotes", "a quotation mark that is never closed, or one in the middle of a cell")   \
    X(EMPTY, "empty", "no row below the names of the columns")                                     \
    X(TOO_MANY_ROWS, "too_many_rows", "more rows than are taken at once")                          \
    X(TOO_MANY_CELLS, "too_many_cells", "a row with more cells than there are columns")            \
    X(TOO_LONG, "too_long", "a cell with more text than any of ours")                              \
    X(TOO_LARGE, "too_large", "a packed file that grows beyond measure")                           \
    X(FORMULA, "formula", "a formula instead of a value")                                          \
    X(NO_COLUMN, "no_column", "a column that is needed is not there")                              \
    X(WHICH_COLUMN, "which_column", "a column nobody knows")                                       \
    X(COLUMN_TWICE, "column_twice", "two columns of one name")                                     \
    X(NO_MEMBER, "no_member", "a file that is needed is not in the archive")                       \
    X(NOT_BULK, "not_bulk", "the archive holds changes only, not whole lists")                     \
    X(MISSING, "missing", "an empty cell that must be filled")                                     \
    X(MALFORMED, "malformed", "not of the form that the column has")                               \
    X(RANGE, "range", "outside what is possible")                                                  \
    X(TWICE, "twice", "the same as in an earlier row")                                             \
    X(UNKNOWN, "unknown", "names something that is not there")                                     \
    X(TAKEN, "taken", "is there already")                                                          \
    X(DUPLICATE, "duplicate", "perhaps somebody who is there already")                             \
    X(PAST, "past", "lies in the past")                                                            \
    X(NO_SUCH_TIME, "no_such_time", "the clocks jump over this time, or show it twice")

enum table_fault {
#define X(code, name, text) TABLE_##code,
    TABLE_FAULT_LIST(X)
#undef X
};

const char *table_fault_name(enum table_fault f);
/* The same in words, for the console. */
const char *table_fault_text(enum table_fault f);

#define TABLE_NAME_MAX 40 /* of a column or a member, with the NUL */
#define TABLE_FAULTS_KEPT 200

struct table_fault_at {
    enum table_fault fault;
    size_t row;                  /* as a spreadsheet counts: 1 is the names; 0: the whole */
    char member[TABLE_NAME_MAX]; /* of an archive, else "" */
    char column[TABLE_NAME_MAX]; /* its name, "": the whole row */
};

/* The first of them in order of finding; n counts all. Plain value, zero is empty. */
struct table_faults {
    struct table_fault_at items[TABLE_FAULTS_KEPT];
    size_t n;
};

/* member and column may be NULL; what is too long for its field is cut. */
void table_blame(struct table_faults *f, enum table_fault fault, const char *member, size_t row,
                 const char *column);

struct table_limits {
    size_t rows;       /* below the names */
    size_t columns;    /* of the first row */
    size_t cell_bytes; /* without the NUL */
    size_t inflated;   /* bytes of one member of an archive, unpacked */
};

struct table {
    char *text; /* owned: all cells, each with its NUL; text[0] is the empty one */
    size_t text_len, text_cap;
    uint32_t *cells; /* owned: where in text each begins, columns of them to a row */
    size_t cells_cap;
    size_t columns;              /* of every row */
    size_t rows;                 /* with that of the names */
    size_t filled;               /* cells of the row in the making */
    char member[TABLE_NAME_MAX]; /* in whose name faults are told */
};

/* An empty table; {0} too. */
void table_init(struct table *t, const char *member);
void table_deinit(struct table *t);

/* The next cell of the row in the making. The first row decides how many there are; a cell too
 * many is left out unless it is empty, *fault then says so. ERR_NOMEM. */
enum err table_add(struct table *t, const char *s, size_t len, const struct table_limits *limits,
                   enum table_fault *fault) MUST_CHECK;
/* Empty cells up to column (from 0), so that the next table_add fills it. ERR_NOMEM. */
enum err table_skip_to(struct table *t, size_t column,
                       const struct table_limits *limits) MUST_CHECK;
/* Ends the row, filling it up. ERR_NOMEM. */
enum err table_end_row(struct table *t, const struct table_limits *limits,
                       enum table_fault *fault) MUST_CHECK;

/* Text of a cell, without white space at either end; "" outside the table. Row 0: the names. */
const char *table_cell(const struct table *t, size_t row, size_t column);
/* True if nothing stands in the row. */
bool table_row_empty(const struct table *t, size_t row);
/* The column of this name (case and surrounding space do not count), or SIZE_MAX. */
size_t table_column(const struct table *t, const char *name);

/* The filled cells of one column in order of their text. */
struct table_place {
    const char *text;
    size_t row;
};
struct table_index {
    struct table_place *places; /* owned */
    size_t n;
};

/* Of column `column`; none of the table (SIZE_MAX) makes an empty one. ERR_NOMEM. */
enum err table_index_make(struct table_index *ix, const struct table *t, size_t column) MUST_CHECK;
/* Puts places that a caller filled in into order. */
void table_index_sort(struct table_index *ix);
void table_index_free(struct table_index *ix);
/* The first row with this text, SIZE_MAX: none. */
size_t table_index_find(const struct table_index *ix, const char *text);

#endif
