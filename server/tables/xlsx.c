/* SPDX-License-Identifier: Apache-2.0
 *
 * The first sheet of a workbook (ECMA-376 part 1, section 18). A cell's text
 * is what is stored: numbers as they are, a date as its serial number.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/tables/read.h"
#include "server/tables/xml.h"

#define PATH_MAX_BYTES 200

/* ---- strings that cells share (18.4) ----------------------------------------------------- */

struct strings {
    struct strbuf text; /* each with its NUL, as a byte of its own */
    size_t *places;     /* owned */
    size_t n, cap;
    int phonetic; /* inside rPh: how to read it, not what it says */
    bool in_text;
    enum err err;
};

static void string_start(void *arg, const char *name, const char *const *attributes)
{
    struct strings *s = arg;

    (void)attributes;
    if (strcmp(name, "si") == 0) {
        if (s->n == s->cap) {
            size_t cap = s->cap ? s->cap * 2 : 64;
            size_t *p = mem_regrow(s->places, cap, sizeof *p);

            if (!p) {
                s->err = ERR_NOMEM;
                return;
            }
            s->places = p;
            s->cap = cap;
        }
        s->places[s->n++] = s->text.len;
    }
    s->phonetic += strcmp(name, "rPh") == 0;
    s->in_text = strcmp(name, "t") == 0;
}

static void string_end(void *arg, const char *name)
{
    struct strings *s = arg;

    s->phonetic -= strcmp(name, "rPh") == 0;
    s->in_text = false;
    if (strcmp(name, "si") == 0)
        strbuf_add(&s->text, "", 1);
    if (!strbuf_ok(&s->text))
        s->err = ERR_NOMEM;
}

static void string_text(void *arg, const char *text, size_t len)
{
    struct strings *s = arg;

    if (s->in_text && !s->phonetic && s->n > 0)
        strbuf_add(&s->text, text, len);
}

/* ---- where the first sheet is (18.2.19, part 2 section 9.3) -----------------------------------
 */

struct finding {
    char id[64]; /* of the first sheet's relationship */
    char path[PATH_MAX_BYTES];
    enum err err;
};

static void no_text(void *arg, const char *text, size_t len)
{
    (void)arg, (void)text, (void)len;
}

static void no_end(void *arg, const char *name)
{
    (void)arg, (void)name;
}

static void book_start(void *arg, const char *name, const char *const *attributes)
{
    struct finding *f = arg;
    const char *id = xml_attribute(attributes, "r:id");

    if (strcmp(name, "sheet") == 0 && id && !f->id[0] && !str_copy(f->id, sizeof f->id, id))
        f->err = ERR_PARSE;
}

static void relation_start(void *arg, const char *name, const char *const *attributes)
{
    struct finding *f = arg;
    const char *id = xml_attribute(attributes, "Id");
    const char *target = xml_attribute(attributes, "Target");

    if (strcmp(name, "Relationship") != 0 || !id || !target || strcmp(id, f->id) != 0)
        return;
    if (!str_format(f->path, sizeof f->path, "%s%s", target[0] == '/' ? "" : "xl/",
                    target[0] == '/' ? target + 1 : target))
        f->err = ERR_PARSE;
}

/* ---- cells (18.3.1) ---------------------------------------------------------------------- */

struct sheet {
    const struct table_limits *limits;
    struct table *out;
    struct table_faults *faults;
    const struct strings *strings;
    struct strbuf value; /* of the cell in the making */
    size_t column;
    bool shared, in_cell, in_value;
    bool full;
    enum err err;
};

static void sheet_blame(struct sheet *s, enum table_fault fault)
{
    const char *column = s->out->rows && s->in_cell ? table_cell(s->out, 0, s->column) : NULL;

    if (fault)
        table_blame(s->faults, fault, s->out->member, s->out->rows + 1, column);
    if (fault == TABLE_TOO_MANY_ROWS)
        s->full = true;
}

static void end_row(struct sheet *s)
{
    enum table_fault fault;

    s->err = table_end_row(s->out, s->limits, &fault);
    if (!s->err)
        sheet_blame(s, fault);
}

/* Rows that the file leaves out because nothing stands in them. */
static void start_row(struct sheet *s, const char *number)
{
    int64_t row;

    if (!number)
        return;
    if (str_to_i64(number, 1, 1048576, &row) != ERR_OK || (size_t)row <= s->out->rows) {
        s->err = ERR_PARSE;
        return;
    }
    while (!s->err && !s->full && s->out->rows + 1 < (size_t)row)
        end_row(s);
}

/* "BC12": the column from 0; SIZE_MAX if it is no such name. */
static size_t column_of(const char *name)
{
    size_t column = 0, letters = 0;

    for (; *name >= 'A' && *name <= 'Z' && letters < 3; name++, letters++)
        column = column * 26 + (size_t)(*name - 'A' + 1);
    return letters && *name >= '0' && *name <= '9' ? column - 1 : SIZE_MAX;
}

static void start_cell(struct sheet *s, const char *const *attributes)
{
    const char *place = xml_attribute(attributes, "r");
    const char *type = xml_attribute(attributes, "t");

    s->column = place ? column_of(place) : s->out->filled;
    s->shared = type && strcmp(type, "s") == 0;
    s->in_cell = true;
    strbuf_deinit(&s->value);
    strbuf_init(&s->value);
    if (s->column == SIZE_MAX || s->column < s->out->filled)
        s->err = ERR_PARSE;
}

static void sheet_start(void *arg, const char *name, const char *const *attributes)
{
    struct sheet *s = arg;

    if (s->err || s->full)
        return;
    s->in_value = strcmp(name, "v") == 0 || strcmp(name, "t") == 0;
    if (strcmp(name, "row") == 0)
        start_row(s, xml_attribute(attributes, "r"));
    else if (strcmp(name, "c") == 0)
        start_cell(s, attributes);
    else if (strcmp(name, "f") == 0)
        sheet_blame(s, TABLE_FORMULA);
}

static void sheet_text(void *arg, const char *text, size_t len)
{
    struct sheet *s = arg;

    if (s->in_value && !s->full)
        strbuf_add(&s->value, text, len);
}

static void end_cell(struct sheet *s)
{
    const char *text = s->value.s ? s->value.s : "";
    size_t len = s->value.len;
    enum table_fault fault;
    int64_t index;

    if (s->shared) {
        if (str_to_i64(text, 0, (int64_t)s->strings->n - 1, &index) != ERR_OK) {
            s->err = ERR_PARSE;
            return;
        }
        text = s->strings->text.s + s->strings->places[index];
        len = strlen(text);
    }
    if (len == 0) /* a cell with a colour and nothing in it */
        return;
    if (s->column >= (s->out->rows ? s->out->columns : s->limits->columns)) {
        sheet_blame(s, TABLE_TOO_MANY_CELLS);
        return;
    }
    s->err = table_skip_to(s->out, s->column, s->limits);
    if (!s->err)
        s->err = table_add(s->out, text, len, s->limits, &fault);
    if (!s->err)
        sheet_blame(s, fault);
}

static void sheet_end(void *arg, const char *name)
{
    struct sheet *s = arg;

    s->in_value = false;
    if (s->err || s->full)
        return;
    if (!strbuf_ok(&s->value)) {
        s->err = ERR_NOMEM;
    } else if (strcmp(name, "c") == 0) {
        end_cell(s);
        s->in_cell = false;
    } else if (strcmp(name, "row") == 0) {
        end_row(s);
    }
}

/* ---- the whole --------------------------------------------------------------------------- */

static enum err walk(struct pack *p, const char *member, size_t limit, const struct xml_walk *w)
{
    uint8_t *bytes;
    size_t len;
    enum err e = pack_read(p, member, limit, &bytes, &len);

    if (e)
        return e;
    e = xml_read(w, bytes, len);
    mem_free(bytes);
    return e;
}

static enum err find_sheet(struct pack *p, size_t limit, char path[PATH_MAX_BYTES])
{
    struct finding f = { 0 };
    struct xml_walk w = { book_start, no_end, no_text, &f, &f.err };
    enum err e = walk(p, "xl/workbook.xml", limit, &w);

    w.start = relation_start;
    if (!e)
        e = walk(p, "xl/_rels/workbook.xml.rels", limit, &w);
    if (!e && (!f.path[0] || !str_copy(path, PATH_MAX_BYTES, f.path)))
        e = ERR_PARSE;
    return e;
}

static enum err read_strings(struct pack *p, size_t limit, struct strings *s)
{
    struct xml_walk w = { string_start, string_end, string_text, s, &s->err };
    enum err e = walk(p, "xl/sharedStrings.xml", limit, &w);

    return e == ERR_NOTFOUND ? ERR_OK : e; /* a book of numbers has none */
}

static enum err read_sheet(struct pack *p, const char *path, struct sheet *s)
{
    struct xml_walk w = { sheet_start, sheet_end, sheet_text, s, &s->err };
    enum err e = walk(p, path, s->limits->inflated, &w);

    strbuf_deinit(&s->value);
    return e;
}

enum err table_read_xlsx(const uint8_t *bytes, size_t len, const struct table_limits *limits,
                         struct table *out, struct table_faults *faults)
{
    struct strings strings = { 0 };
    struct sheet s = { .limits = limits, .out = out, .faults = faults, .strings = &strings };
    char path[PATH_MAX_BYTES];
    struct pack *p = NULL;
    enum err e = pack_open(&p, bytes, len);

    if (!e)
        e = find_sheet(p, limits->inflated, path);
    if (!e)
        e = read_strings(p, limits->inflated, &strings);
    if (!e)
        e = read_sheet(p, path, &s);
    pack_close(p);
    strbuf_deinit(&strings.text);
    mem_free(strings.places);
    if (e == ERR_NOMEM)
        return e;
    if (e == ERR_STATE)
        table_blame(faults, TABLE_TOO_LARGE, out->member, 0, NULL);
    else if (e)
        table_blame(faults, TABLE_NO_TABLE, out->member, 0, NULL);
    return ERR_OK;
}

enum err table_read(const uint8_t *bytes, size_t len, const struct table_limits *limits,
                    struct table *out, struct table_faults *faults)
{
    bool packed = len >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0;
    enum err e = packed ? table_read_xlsx(bytes, len, limits, out, faults)
                        : table_read_csv(bytes, len, limits, out, faults);

    if (!e && out->rows < 2 && faults->n == 0)
        table_blame(faults, TABLE_EMPTY, out->member, 0, NULL);
    return e;
}
