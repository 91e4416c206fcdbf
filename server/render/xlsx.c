/* SPDX-License-Identifier: Apache-2.0
 *
 * A spreadsheet as one more place that rows can go to.
 */
#include "server/render/xlsx.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"

#define WIDEST 60 /* characters; longer texts go on in the cell */

static void done(struct xlsx *x, lxw_error e)
{
    if (e != LXW_NO_ERROR && x->err == ERR_OK)
        x->err = e == LXW_ERROR_MEMORY_MALLOC_FAILED ? ERR_NOMEM : ERR_IO;
}

/* The next cell; false if there is no room in the row. */
static bool next_cell(struct xlsx *x, const char *text, lxw_row_t *row, lxw_col_t *column)
{
    int width = 0;

    if (x->column >= XLSX_COLUMNS_MAX) {
        if (x->err == ERR_OK)
            x->err = ERR_INVAL;
        return false;
    }
    for (const char *p = text; *p; p++)
        width += ((unsigned char)*p & 0xc0) != 0x80;
    if (width > x->width[x->column])
        x->width[x->column] = width;
    *row = x->row;
    *column = (lxw_col_t)x->column++;
    return *text != '\0';
}

static void put_text(void *to, const char *text)
{
    struct xlsx *x = to;
    lxw_row_t row;
    lxw_col_t column;

    if (next_cell(x, text ? text : "", &row, &column))
        done(x, worksheet_write_string(x->sheet, row, column, text, row == 0 ? x->head : NULL));
}

/* Dates and times stay texts as they are: no program reads them by its own zone and locale. */
static void put_number(void *to, const char *text)
{
    struct xlsx *x = to;
    lxw_row_t row;
    lxw_col_t column;
    char *end;
    double value;

    if (!next_cell(x, text, &row, &column))
        return;
    value = strtod(text, &end);
    if (*end == '\0' && end != text)
        done(x, worksheet_write_number(x->sheet, row, column, value, NULL));
    else
        done(x, worksheet_write_string(x->sheet, row, column, text, NULL));
}

static void end_row(void *to)
{
    struct xlsx *x = to;

    x->row++;
    x->column = 0;
}

static const struct csv_sink sink = { put_text, put_number, end_row };

struct csv xlsx_rows(struct xlsx *x)
{
    return (struct csv){ .sink = &sink, .to = x };
}

/* The library writes to a path only: one of a file that exists in memory alone. */
enum err xlsx_open(struct xlsx *x, const char *name, int64_t made_ms)
{
    lxw_workbook_options options = { 0 };
    lxw_doc_properties properties = { 0 };
    uint8_t *bytes = NULL;
    char path[40];
    size_t len = 0;

    *x = (struct xlsx){ .fd = memfd_create("xlsx", MFD_CLOEXEC) };
    if (x->fd < 0)
        return ERR_IO;
    x->book = str_format(path, sizeof path, "/proc/self/fd/%d", x->fd)
                  ? workbook_new_opt(path, &options)
                  : NULL;
    if (!x->book) {
        (void)close(x->fd);
        return ERR_NOMEM;
    }
    x->sheet = workbook_add_worksheet(x->book, name);
    x->head = workbook_add_format(x->book);
    if (!x->sheet || !x->head)
        return xlsx_close(x, ERR_IO, &bytes, &len);
    properties.created = (time_t)(made_ms / MS_PER_S);
    done(x, workbook_set_properties(x->book, &properties));
    format_set_bold(x->head);
    worksheet_freeze_panes(x->sheet, 1, 0);
    return ERR_OK;
}

static enum err read_back(int fd, uint8_t **bytes, size_t *len)
{
    off_t size = lseek(fd, 0, SEEK_END);
    uint8_t *copy = size > 0 ? mem_zalloc(1, (size_t)size) : NULL;

    if (!copy)
        return size > 0 ? ERR_NOMEM : ERR_IO;
    if (pread(fd, copy, (size_t)size, 0) != size) {
        mem_free(copy);
        return ERR_IO;
    }
    *bytes = copy;
    *len = (size_t)size;
    return ERR_OK;
}

enum err xlsx_close(struct xlsx *x, enum err failed, uint8_t **bytes, size_t *len)
{
    for (unsigned i = 0; x->sheet && i < XLSX_COLUMNS_MAX; i++) {
        int width = x->width[i] > WIDEST ? WIDEST : x->width[i];

        if (width > 0)
            done(x, worksheet_set_column(x->sheet, (lxw_col_t)i, (lxw_col_t)i, width + 2, NULL));
    }
    done(x, workbook_close(x->book));
    if (!failed)
        failed = x->err;
    if (!failed)
        failed = read_back(x->fd, bytes, len);
    (void)close(x->fd);
    *x = (struct xlsx){ .fd = -1 };
    return failed;
}

enum err xlsx_month_report(const struct month_report *r, const struct labels *labels,
                           uint8_t **bytes, size_t *len)
{
    char name[16];
    struct xlsx x;
    struct csv c;
    enum err e;

    if (!str_format(name, sizeof name, "%04d-%02d", r->year, r->month))
        return ERR_INVAL;
    e = xlsx_open(&x, name, r->printed_ms);
    if (e)
        return e;
    c = xlsx_rows(&x);
    e = csv_month_rows(&c, r, labels);
    return xlsx_close(&x, e, bytes, len);
}
