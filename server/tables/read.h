/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables out of files that people send: CSV (RFC 4180, with comma, semicolon
 * or tab, with or without a byte order mark) and the first sheet of an XLSX
 * workbook (ECMA-376); and the members of an archive of CSV files (OneRoster
 * 1.2 CSV). A file is untrusted: its kind is told by its content, and rows,
 * cells and unpacked bytes are bounded. No clock, no disk. Any thread.
 */
#ifndef PARTA_TABLES_READ_H
#define PARTA_TABLES_READ_H

#include "common/base/table.h"

/* Reads what bytes[0..len) holds into *out, which is the caller's to deinit in every case. What is
 * wrong with the file is told in faults and is no error; the table then holds the rows before it.
 * ERR_NOMEM. */
enum err table_read(const uint8_t *bytes, size_t len, const struct table_limits *limits,
                    struct table *out, struct table_faults *faults) MUST_CHECK;

/* The parts of table_read, by kind; out->member names the file in faults. */
enum err table_read_csv(const uint8_t *bytes, size_t len, const struct table_limits *limits,
                        struct table *out, struct table_faults *faults) MUST_CHECK;
enum err table_read_xlsx(const uint8_t *bytes, size_t len, const struct table_limits *limits,
                         struct table *out, struct table_faults *faults) MUST_CHECK;

/* An archive of files, read one after another. */
struct pack;

/* bytes are borrowed and outlive it. ERR_PARSE: no archive. ERR_NOMEM. */
enum err pack_open(struct pack **out, const uint8_t *bytes, size_t len) MUST_CHECK;
void pack_close(struct pack *p);

/* The whole member, also in a folder of its own ("x/users.csv"); *bytes owned (mem_free).
 * ERR_NOTFOUND: none of this name, or several. ERR_STATE: more than limit bytes. ERR_PARSE:
 * damaged or encrypted. */
enum err pack_read(struct pack *p, const char *name, size_t limit, uint8_t **bytes,
                   size_t *len) MUST_CHECK;

/* An archive in the making, with stored time 1980 so that the same content is the same bytes. */
struct pack_out;
enum err pack_new(struct pack_out **out) MUST_CHECK;
/* bytes are borrowed until pack_take. */
enum err pack_add(struct pack_out *p, const char *name, const void *bytes, size_t len) MUST_CHECK;
/* Hands the archive's bytes over (mem_free) and closes it. */
enum err pack_take(struct pack_out *p, uint8_t **bytes, size_t *len) MUST_CHECK;
void pack_drop(struct pack_out *p);

/* The same as a file that must not be there yet, for archives that do not fit into memory: a member
 * that is added by pack_add_made is made when its turn to be written has come, and freed behind it.
 * Nothing is under the path until pack_write has ended well; then everything is. */
enum err pack_new_file(struct pack_out **out, const char *path) MUST_CHECK;
/* *bytes is owned (mem_free). Called in any order, inside pack_write. */
typedef enum err pack_make(void *arg, size_t i, uint8_t **bytes, size_t *len);
enum err pack_add_made(struct pack_out *p, const char *name, pack_make *make, void *arg,
                       size_t i) MUST_CHECK;
/* Writes the file and ends p in every case. The error of the make that failed, if one did; ERR_IO.
 */
enum err pack_write(struct pack_out *p) MUST_CHECK;

#endif
