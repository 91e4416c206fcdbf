/* SPDX-License-Identifier: Apache-2.0
 *
 * server/tables: what a clerk sends as a table, in every form it comes in, and every way in which
 * it is broken, with the row and column that are told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/tables/read.h"

static const struct table_limits limits = {
    .rows = 4, .columns = 3, .cell_bytes = 12, .inflated = 65536
};
static struct table t;
static struct table_faults faults;

static void read_text(const char *text)
{
    table_deinit(&t);
    table_init(&t, "list");
    memset(&faults, 0, sizeof faults);
    assert_int_equal(table_read((const uint8_t *)text, strlen(text), &limits, &t, &faults), ERR_OK);
}

static void expect_fault(size_t i, enum table_fault fault, size_t row, const char *column)
{
    assert_true(i < faults.n);
    assert_string_equal(table_fault_name(faults.items[i].fault), table_fault_name(fault));
    assert_int_equal(faults.items[i].row, row);
    assert_string_equal(faults.items[i].column, column);
    assert_string_equal(faults.items[i].member, "list");
}

static void expect_cells(size_t row, const char *a, const char *b)
{
    assert_string_equal(table_cell(&t, row, 0), a);
    assert_string_equal(table_cell(&t, row, 1), b);
}

static void every_dialect_is_read_alike(void **state)
{
    static const char *const texts[] = {
        "name,grade\nМиша,5\nЛена,6\n",
        "name,grade\r\nМиша,5\r\nЛена,6\r\n",
        "name;grade\r\nМиша;5\r\nЛена;6",
        "name\tgrade\nМиша\t5\nЛена\t6\n",
        "\xEF\xBB\xBFname,grade\nМиша,5\nЛена,6\n",
        "\"name\",\"grade\"\n\"Миша\",\"5\"\n\" Лена \", 6 \n",
        "name,grade\rМиша,5\rЛена,6\r",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        read_text(texts[i]);
        assert_int_equal(faults.n, 0);
        assert_int_equal(t.rows, 3);
        assert_int_equal(t.columns, 2);
        expect_cells(1, "Миша", "5");
        expect_cells(2, "Лена", "6");
    }
    assert_int_equal(table_column(&t, "GRADE"), 1);
    assert_true(table_column(&t, "class") == SIZE_MAX);
    assert_string_equal(table_cell(&t, 9, 0), "");
    assert_string_equal(table_cell(&t, 1, 9), "");
}

/* Rows are counted as a spreadsheet shows them, also behind empty ones and behind line feeds in
 * cells. */
static void rows_keep_their_numbers(void **state)
{
    (void)state;
    read_text("a,b\n\n\"x\ny\",2\n,\n9\n");
    assert_int_equal(t.rows, 5);
    assert_true(table_row_empty(&t, 1));
    expect_cells(2, "x\ny", "2");
    assert_true(table_row_empty(&t, 3));
    expect_cells(4, "9", "");
    assert_int_equal(faults.n, 0);
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
    (void)state;
    read_text("a,b\n1,2,3\n");
    expect_fault(0, TABLE_TOO_MANY_CELLS, 2, "b");
    read_text("a,b\n1,2,\n");
    assert_int_equal(faults.n, 0); /* one more separator is no cell */
    read_text("a,b,c,d\n1,2\n");
    expect_fault(0, TABLE_TOO_MANY_CELLS, 1, "");
    read_text("a,b\n1,1234567890123\n");
    expect_fault(0, TABLE_TOO_LONG, 2, "b");
    read_text("a,b\nx,\xCC\xE8\xF8\xE0\n"); /* Windows-1251 */
    expect_fault(0, TABLE_ENCODING, 2, "b");
    read_text("a,b\n\"x,2\n3,4\n");
    expect_fault(0, TABLE_QUOTES, 2, "");
    read_text("a,b\nx\"y,2\n");
    expect_fault(0, TABLE_QUOTES, 2, "");
    read_text("a,b\n");
    expect_fault(0, TABLE_EMPTY, 0, "");
    read_text("");
    expect_fault(0, TABLE_EMPTY, 0, "");
    read_text("a\n1\n2\n3\n4\n5\n6\n");
    expect_fault(0, TABLE_TOO_MANY_ROWS, 6, "");
    assert_int_equal(faults.n, 1); /* nothing behind it is looked at */
    assert_int_equal(t.rows, 5);
}

/* ---- workbooks ------------------------------------------------------------------------------ */

#define BOOK                                                                                       \
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"x\" r:id=\"rId7\"/><sheet "                     \
    "r:id=\"rId8\"/></sheets></workbook>"
#define RELS                                                                                       \
    "<Relationships><Relationship Id=\"rId8\" Target=\"worksheets/other.xml\"/>"                   \
    "<Relationship Id=\"rId7\" Target=\"worksheets/first.xml\"/></Relationships>"
#define STRINGS                                                                                    \
    "<sst><si><t>name</t></si><si><t>grade</t></si><si><r><t>Ми</t></r><r><t>ша</t></r>"       \
    "<rPh><t>misha</t></rPh></si></sst>"

static void read_book(const char *sheet, const char *strings)
{
    struct pack_out *p;
    uint8_t *bytes;
    size_t len;

    assert_int_equal(pack_new(&p), ERR_OK);
    assert_int_equal(pack_add(p, "xl/workbook.xml", BOOK, strlen(BOOK)), ERR_OK);
    assert_int_equal(pack_add(p, "xl/_rels/workbook.xml.rels", RELS, strlen(RELS)), ERR_OK);
    if (strings)
        assert_int_equal(pack_add(p, "xl/sharedStrings.xml", strings, strlen(strings)), ERR_OK);
    assert_int_equal(pack_add(p, "xl/worksheets/first.xml", sheet, strlen(sheet)), ERR_OK);
    assert_int_equal(pack_take(p, &bytes, &len), ERR_OK);
    table_deinit(&t);
    table_init(&t, "list");
    memset(&faults, 0, sizeof faults);
    assert_int_equal(table_read(bytes, len, &limits, &t, &faults), ERR_OK);
    mem_free(bytes);
}

#define HEAD                                                                                       \
    "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>"                          \
    "<c r=\"B1\" t=\"s\"><v>1</v></c></row>"
#define TAIL "</sheetData></worksheet>"

static void a_workbook_is_read_like_a_list(void **state)
{
    (void)state;
    read_book(HEAD "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>2</v></c><c r=\"B3\"><v>5</v></c></row>"
                   "<row r=\"4\"><c r=\"B4\" t=\"inlineStr\"><is><t>6</t></is></c></row>" TAIL,
              STRINGS);
    assert_int_equal(faults.n, 0);
    assert_int_equal(t.rows, 4);
    expect_cells(0, "name", "grade");
    assert_true(table_row_empty(&t, 1));
    expect_cells(2, "Миша", "5");
    expect_cells(3, "", "6");
}

static void a_broken_workbook_is_told(void **state)
{
    static const char *const broken[] = {
        HEAD "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>9</v></c></row>" TAIL, /* no such string */
        HEAD "<row r=\"1\"><c r=\"A1\"><v>9</v></c></row>" TAIL,         /* a row twice */
        HEAD "<row r=\"2\"><c r=\"7\"><v>9</v></c></row>" TAIL,          /* no place */
        HEAD "<row r=\"2\"><c r=\"B2\"><v>9</v></c><c r=\"A2\"><v>9</v></c></row>" TAIL,
        HEAD "<row r=\"2\">", /* cut off */
        "<!DOCTYPE x [<!ENTITY a \"b\">]>" HEAD TAIL,
    };

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        read_book(broken[i], STRINGS);
        expect_fault(0, TABLE_NO_TABLE, 0, "");
    }
    read_book(HEAD "<row r=\"2\"><c r=\"B2\"><f>1+1</f><v>2</v></c></row>" TAIL, STRINGS);
    expect_fault(0, TABLE_FORMULA, 2, "grade");
    read_book(HEAD "<row r=\"1000000\"><c r=\"A1000000\"><v>2</v></c></row>" TAIL, STRINGS);
    expect_fault(0, TABLE_TOO_MANY_ROWS, 6, "");
    read_text("PK\x03\x04 and no more");
    expect_fault(0, TABLE_NO_TABLE, 0, "");
}

/* 10 MB that pack into 10 kB. */
static void a_bomb_is_not_unpacked(void **state)
{
    char *bomb = mem_zalloc(10000001, 1);

    (void)state;
    memset(bomb, ' ', 10000000);
    read_book(bomb, STRINGS);
    expect_fault(0, TABLE_TOO_LARGE, 0, "");
    mem_free(bomb);
}

static void an_archive_gives_its_members(void **state)
{
    struct pack_out *out;
    struct pack *in;
    uint8_t *bytes, *again, *member;
    size_t len, again_len, n;

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pack_new(&out), ERR_OK);
        assert_int_equal(pack_add(out, "x/users.csv", "a,b\n", 4), ERR_OK);
        assert_int_equal(pack_add(out, "y/orgs.csv", "", 0), ERR_OK);
        assert_int_equal(pack_add(out, "z/orgs.csv", "", 0), ERR_OK);
        assert_int_equal(i ? pack_take(out, &again, &again_len) : pack_take(out, &bytes, &len),
                         ERR_OK);
    }
    assert_int_equal(len, again_len); /* the same content is the same bytes */
    assert_memory_equal(bytes, again, len);
    assert_int_equal(pack_open(&in, bytes, len), ERR_OK);
    assert_int_equal(pack_read(in, "users.csv", 4, &member, &n), ERR_OK);
    assert_int_equal(n, 4);
    assert_memory_equal(member, "a,b\n", 4);
    mem_free(member);
    assert_int_equal(pack_read(in, "users.csv", 3, &member, &n), ERR_STATE);
    assert_int_equal(pack_read(in, "orgs.csv", 9, &member, &n), ERR_NOTFOUND); /* two of them */
    assert_int_equal(pack_read(in, "roles.csv", 9, &member, &n), ERR_NOTFOUND);
    pack_close(in);
    assert_int_equal(pack_open(&in, bytes, len / 2), ERR_PARSE);
    mem_free(bytes);
    mem_free(again);
}

static void memory_may_run_out_anywhere(void **state)
{
    static const char text[] = "a,b\n1,2\n3,4\n";
    enum err e = ERR_NOMEM;
    int n = 0;

    (void)state;
    for (; e == ERR_NOMEM; n++) {
        table_deinit(&t);
        table_init(&t, "list");
        memset(&faults, 0, sizeof faults);
        mem_fail_after(n);
        e = table_read((const uint8_t *)text, sizeof text - 1, &limits, &t, &faults);
        mem_fail_after(-1);
    }
    assert_int_equal(e, ERR_OK);
    assert_true(n > 2);
}

static int end(void **state)
{
    (void)state;
    table_deinit(&t);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_dialect_is_read_alike),
        cmocka_unit_test(rows_keep_their_numbers),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(a_workbook_is_read_like_a_list),
        cmocka_unit_test(a_broken_workbook_is_told),
        cmocka_unit_test(a_bomb_is_not_unpacked),
        cmocka_unit_test(an_archive_gives_its_members),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, end);
}
