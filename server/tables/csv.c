/* SPDX-License-Identifier: Apache-2.0 */
#include <csv.h>
#include <string.h>

#include "server/tables/read.h"

#define BLOCK 65536 /* between two looks whether to go on */

struct reading {
    const struct table_limits *limits;
    struct table *out;
    struct table_faults *faults;
    size_t row;    /* of the spreadsheet: the one in the making */
    bool after_cr; /* the last row ended with one */
    bool any;      /* a cell stands in the row in the making */
    bool full;     /* no more rows */
    enum err err;
};

static void blame(struct reading *r, enum table_fault fault)
{
    const char *column = r->out->filled ? table_cell(r->out, 0, r->out->filled - 1) : NULL;

    if (fault)
        table_blame(r->faults, fault, r->out->member, r->row, r->row > 1 ? column : NULL);
    if (fault == TABLE_TOO_MANY_ROWS)
        r->full = true;
}

static void on_cell(void *text, size_t len, void *arg)
{
    struct reading *r = arg;
    enum table_fault fault;

    if (r->err || r->full)
        return;
    r->any = true;
    r->err = table_add(r->out, text ? text : "", len, r->limits, &fault);
    blame(r, fault);
}

/* Also called for an empty line, and for the second half of CRLF. */
static void on_end(int c, void *arg)
{
    struct reading *r = arg;
    enum table_fault fault;
    bool half = c == '\n' && r->after_cr && !r->any;

    r->after_cr = c == '\r';
    if (r->err || r->full || half || (c == -1 && !r->any))
        return;
    r->any = false;
    r->err = table_end_row(r->out, r->limits, &fault);
    blame(r, fault);
    r->row++;
}

/* The sign between cells: the one that the first line has most of, outside quotes. */
static unsigned char delimiter(const uint8_t *bytes, size_t len)
{
    static const char signs[] = ",;\t";
    size_t count[3] = { 0 };
    bool quoted = false;
    int best = 0;

    for (size_t i = 0; i < len && (quoted || (bytes[i] != '\n' && bytes[i] != '\r')); i++) {
        const char *at = bytes[i] ? strchr(signs, bytes[i]) : NULL;

        if (bytes[i] == '"')
            quoted = !quoted;
        else if (at && !quoted)
            count[at - signs]++;
    }
    for (int i = 1; i < 3; i++) {
        if (count[i] > count[best])
            best = i;
    }
    return (unsigned char)signs[best];
}

static enum err parse(struct csv_parser *p, struct reading *r, const uint8_t *bytes, size_t len)
{
    for (size_t at = 0; at < len && !r->err && !r->full;) {
        size_t n = len - at < BLOCK ? len - at : BLOCK;

        if (csv_parse(p, bytes + at, n, on_cell, on_end, r) != n) {
            if (csv_error(p) != CSV_EPARSE)
                return ERR_NOMEM;
            table_blame(r->faults, TABLE_QUOTES, r->out->member, r->row, NULL);
            return ERR_OK;
        }
        at += n;
    }
    if (!r->err && !r->full && csv_fini(p, on_cell, on_end, r) != 0)
        table_blame(r->faults, TABLE_QUOTES, r->out->member, r->row, NULL);
    return r->err;
}

enum err table_read_csv(const uint8_t *bytes, size_t len, const struct table_limits *limits,
                        struct table *out, struct table_faults *faults)
{
    struct reading r = { .limits = limits, .out = out, .faults = faults, .row = 1 };
    struct csv_parser p;
    enum err e;

    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
        return ERR_NOMEM;
    csv_set_delim(&p, delimiter(bytes, len));
    e = parse(&p, &r, bytes, len);
    csv_free(&p);
    return e;
}
