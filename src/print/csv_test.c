#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "print/kit_test.h"

static GridBook *read_ok(Arena *a, Str bytes)
{
    Err e = { 0 };
    GridBook *b = grid_open(a);
    assert_ok(print_parse_csv(b, bytes, &e), e);
    return b;
}

static void separators_are_found(void **state)
{
    static const char *const files[] = { "姓名,得分\n甲,\"1,5\"\n", "姓名\t得分\r\n甲\t1,5\r\n",
                                         "姓名;得分\r甲;1,5", "sep=;\n姓名;得分\n甲;1,5",
                                         "\xEF\xBB\xBF姓名,得分\n甲,\"1,5\"" };
    (void)state;
    Arena *a = arena_open(1 << 20);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const Grid *g = &read_ok(a, str_of(files[i]))->grids[0];
        assert_int_equal(g->n_rows, 2);
        assert_int_equal(g->n_columns, 2);
        assert_str(grid_at(g, 1, 1), "姓名");
        assert_str(grid_at(g, 2, 2), "1,5");
    }
    arena_close(a);
}

static void quotes_hold_breaks_and_quotes(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    const Grid *g = &read_ok(a, STRC("a,\"x\ny\",\"他说\"\"好\"\"\"\n,,b\n\n\"\",c"))->grids[0];
    assert_str(grid_at(g, 1, 2), "x\ny");
    assert_str(grid_at(g, 1, 3), "他说\"好\"");
    assert_str(grid_at(g, 2, 3), "b");
    assert_str(grid_at(g, 4, 2), "c"); /* the empty line is a row of its own */
    Err e;
    GridBook *b = grid_open(a);
    assert_refused(print_parse_csv(b, STRC("a,b\nc,\"d"), &e), e, ERR_CSV_QUOTE);
    assert_str(err_get(&e, "row"), "2");
    assert_str(err_get(&e, "column"), "2");
    assert_int_equal(read_ok(a, STRC(""))->grids[0].n_rows, 0);
    arena_close(a);
}

static void other_encodings_are_converted(void **state)
{
    (void)state;
    Arena *a = arena_open(32 << 20);
    GridBook *b = read_ok(a, STRC("\xB5\xB3\xD6\xA7\xB2\xBF,\xCA\xE9\xBC\xC7\n"
                                  "\xB5\xDA\xD2\xBB\xB5\xB3\xD6\xA7\xB2\xBF,\xCD\xF5\xC4\xB3\n"));
    assert_str(grid_at(&b->grids[0], 1, 1), "党支部");
    assert_str(grid_at(&b->grids[0], 2, 2), "王某");
    assert_str(b->encoding, "GB18030");
    b = read_ok(a, STRC("\xFF\xFE\x5A\x51,\x00\x31\x00\n\x00"));
    assert_str(grid_at(&b->grids[0], 1, 1), "党");
    assert_str(grid_at(&b->grids[0], 1, 2), "1");
    Err e;
    assert_refused(print_parse_csv(grid_open(a), STRC("a\0b"), &e), e, ERR_BAD_TEXT);
    arena_close(a);
}

static void long_gbk_files_are_converted_whole(void **state)
{
    (void)state;
    Arena *a = arena_open(256 << 20);
    Buf b = buf_open(PRINT_FILE_BYTES_MAX);
    int rows = 0;
    for (; b.n < 9 << 20; rows++)
        buf_put(&b, STRC("\xB5\xB3\xD6\xA7\xB2\xBF,\xCA\xE9\xBC\xC7,1234567890\n"));
    GridBook *book = read_ok(a, buf_str(&b));
    assert_int_equal(book->grids[0].n_rows, rows);
    assert_str(grid_at(&book->grids[0], rows, 1), "党支部");
    assert_str(book->encoding, "GB18030");
    buf_put(&b, STRC("\xFF\xFF\n"));
    Err e;
    assert_refused(print_parse_csv(grid_open(a), buf_str(&b), &e), e, ERR_BAD_TEXT);
    buf_close(&b);
    arena_close(a);
}

/* Text that a spreadsheet would compute comes out guarded and comes back as it was. */
static void formulas_are_guarded_and_come_back(void **state)
{
    static const char *const texts[] = { "=cmd|' /C calc'!A0", "+86", "-1", "@sum", "'=1", "'ok",
                                         "\tx", "＝1+1", "甲\"乙", " blank ", "a,b", "x\r\ny", "'" };
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    Str out;
    Table *t = table_open(a, STRC("x"), STRC(""));
    table_column(t, STRC("=名"), TABLE_TEXT, 0);
    table_column(t, STRC("数"), TABLE_INT, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        table_row(t);
        table_text(t, str_of(texts[i]));
        table_int(t, -1);
    }
    assert_ok(print_csv(&out, a, t, &e), e);
    assert_true(str_starts(out, STRC("\xEF\xBB\xBF'=名,数\r\n"
                                     "'=cmd|' /C calc'!A0,-1\r\n'+86,-1\r\n")));
    const Grid *g = &read_ok(a, out)->grids[0];
    assert_int_equal(g->n_rows, 1 + sizeof texts / sizeof *texts);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_str(grid_cell(grid_row(g, (int)i + 2), 1)->text, texts[i]);
        assert_str(grid_at(g, (int)i + 2, 2), "-1");
    }
    arena_close(a);
}

static void limits_hold(void **state)
{
    (void)state;
    Arena *a = arena_open(64 << 20);
    char *big = arena_alloc(a, GRID_TEXT_BYTES_MAX + 2);
    memset(big, 'x', GRID_TEXT_BYTES_MAX + 1);
    read_ok(a, (Str){ big, GRID_TEXT_BYTES_MAX });
    Err e;
    assert_refused(print_parse_csv(grid_open(a), (Str){ big, GRID_TEXT_BYTES_MAX + 1 }, &e), e,
                   ERR_TOO_BIG);
    memset(big, ',', GRID_COLUMNS_MAX + 1);
    big[GRID_COLUMNS_MAX - 1] = 'x';
    read_ok(a, (Str){ big, GRID_COLUMNS_MAX });
    big[GRID_COLUMNS_MAX - 1] = ',';
    big[GRID_COLUMNS_MAX] = 'x';
    assert_refused(print_parse_csv(grid_open(a), (Str){ big, GRID_COLUMNS_MAX + 1 }, &e), e,
                   ERR_TOO_BIG);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(separators_are_found),
        cmocka_unit_test(quotes_hold_breaks_and_quotes),
        cmocka_unit_test(other_encodings_are_converted),
        cmocka_unit_test(long_gbk_files_are_converted_whole),
        cmocka_unit_test(formulas_are_guarded_and_come_back),
        cmocka_unit_test(limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
