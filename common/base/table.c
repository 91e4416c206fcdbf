/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/table.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/mem.h"
#include "common/base/str.h"

const char *table_fault_name(enum table_fault f)
{
    static const char *const names[] = {
#define X(code, name, text) name,
        TABLE_FAULT_LIST(X)
#undef X
    };

    return (size_t)f < sizeof names / sizeof names[0] ? names[f] : "none";
}

const char *table_fault_text(enum table_fault f)
{
    static const char *const texts[] = {
#define X(code, name, text) text,
        TABLE_FAULT_LIST(X)
#undef X
    };

    return (size_t)f < sizeof texts / sizeof texts[0] ? texts[f] : "";
}

static void cut_copy(char out[TABLE_NAME_MAX], const char *s)
{
    size_t n = s ? strnlen(s, TABLE_NAME_MAX - 1) : 0;

    while (n > 0 && !str_utf8_ok(s, n)) /* not in the middle of a character */
        n--;
    if (n > 0)
        memcpy(out, s, n);
    out[n] = '\0';
}

void table_blame(struct table_faults *f, enum table_fault fault, const char *member, size_t row,
                 const char *column)
{
    if (f->n < TABLE_FAULTS_KEPT) {
        struct table_fault_at *at = &f->items[f->n];

        at->fault = fault;
        at->row = row;
        cut_copy(at->member, member);
        cut_copy(at->column, column);
    }
    f->n++;
}

void table_init(struct table *t, const char *member)
{
    memset(t, 0, sizeof *t);
    cut_copy(t->member, member);
}

void table_deinit(struct table *t)
{
    mem_free(t->text);
    mem_free(t->cells);
    memset(t, 0, sizeof *t);
}

/* Room for more elements of size bytes behind the used ones. */
static enum err grow(void **block, size_t *cap, size_t used, size_t more, size_t size)
{
    size_t wanted = *cap ? *cap : 256;
    void *p;

    if (more > SIZE_MAX / 2 - used)
        return ERR_NOMEM;
    while (wanted < used + more)
        wanted *= 2;
    if (wanted == *cap)
        return ERR_OK;
    p = mem_regrow(*block, wanted, size);
    if (!p)
        return ERR_NOMEM;
    *block = p;
    *cap = wanted;
    return ERR_OK;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The end of a cell's text is its place, so that text may move while it grows. */
static enum err keep_text(struct table *t, const char *s, size_t len, uint32_t *place)
{
    enum err e = grow((void **)&t->text, &t->text_cap, t->text_len, len + 2, 1);

    if (e)
        return e;
    if (t->text_len == 0)
        t->text[t->text_len++] = '\0';
    if (len == 0) {
        *place = 0;
        return ERR_OK;
    }
    if (t->text_len + len >= UINT32_MAX)
        return ERR_NOMEM;
    *place = (uint32_t)t->text_len;
    memcpy(t->text + t->text_len, s, len);
    t->text_len += len;
    t->text[t->text_len++] = '\0';
    return ERR_OK;
}

enum err table_add(struct table *t, const char *s, size_t len, const struct table_limits *limits,
                   enum table_fault *fault)
{
    size_t most = t->rows ? t->columns : limits->columns;
    uint32_t place = 0;
    enum err e;

    *fault = TABLE_NONE;
    while (len > 0 && blank(s[len - 1]))
        len--;
    while (len > 0 && blank(*s)) {
        s++;
        len--;
    }
    if (t->filled >= most) {
        *fault = len ? TABLE_TOO_MANY_CELLS : TABLE_NONE;
        return ERR_OK;
    }
    if (len > limits->cell_bytes) {
        *fault = TABLE_TOO_LONG;
        len = 0;
    } else if (!str_utf8_ok(s, len) || memchr(s, '\0', len)) {
        *fault = TABLE_ENCODING;
        len = 0;
    }
    e = keep_text(t, s, len, &place);
    if (!e)
        e = grow((void **)&t->cells, &t->cells_cap, t->rows * t->columns + t->filled, 1,
                 sizeof *t->cells);
    if (e)
        return e;
    t->cells[t->rows * t->columns + t->filled++] = place;
    return ERR_OK;
}

enum err table_skip_to(struct table *t, size_t column, const struct table_limits *limits)
{
    enum table_fault fault;
    size_t most = t->rows ? t->columns : limits->columns;
    enum err e = ERR_OK;

    while (!e && t->filled < column && t->filled < most)
        e = table_add(t, "", 0, limits, &fault);
    return e;
}

enum err table_end_row(struct table *t, const struct table_limits *limits, enum table_fault *fault)
{
    enum err e = t->rows ? table_skip_to(t, t->columns, limits) : ERR_OK;

    *fault = TABLE_NONE;
    if (e)
        return e;
    if (t->rows == 0)
        t->columns = t->filled;
    t->filled = 0;
    if (t->rows > limits->rows)
        *fault = TABLE_TOO_MANY_ROWS;
    else
        t->rows++;
    return ERR_OK;
}

const char *table_cell(const struct table *t, size_t row, size_t column)
{
    if (row >= t->rows || column >= t->columns)
        return "";
    return t->text + t->cells[row * t->columns + column];
}

bool table_row_empty(const struct table *t, size_t row)
{
    for (size_t i = 0; i < t->columns; i++) {
        if (table_cell(t, row, i)[0])
            return false;
    }
    return true;
}

size_t table_column(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->columns; i++) {
        if (strcasecmp(table_cell(t, 0, i), name) == 0)
            return i;
    }
    return SIZE_MAX;
}

static int by_text(const void *a, const void *b)
{
    const struct table_place *x = a, *y = b;
    int order = strcmp(x->text, y->text);

    return order ? order : (x->row > y->row) - (x->row < y->row);
}

enum err table_index_make(struct table_index *ix, const struct table *t, size_t column)
{
    ix->n = 0;
    ix->places = mem_zalloc(t->rows ? t->rows : 1, sizeof *ix->places);
    if (!ix->places)
        return ERR_NOMEM;
    for (size_t row = 1; row < t->rows; row++) {
        const char *text = table_cell(t, row, column);

        if (text[0])
            ix->places[ix->n++] = (struct table_place){ text, row };
    }
    table_index_sort(ix);
    return ERR_OK;
}

void table_index_sort(struct table_index *ix)
{
    qsort(ix->places, ix->n, sizeof *ix->places, by_text);
}

void table_index_free(struct table_index *ix)
{
    mem_free(ix->places);
    ix->places = NULL;
    ix->n = 0;
}

size_t table_index_find(const struct table_index *ix, const char *text)
{
    size_t low = 0, high = ix->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(ix->places[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ix->n && strcmp(ix->places[low].text, text) == 0 ? ix->places[low].row : SIZE_MAX;
}
