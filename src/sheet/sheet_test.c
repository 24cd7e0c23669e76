#include "sheet/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static Dec dec(const char *z)
{
    Dec d;
    assert_true(dec_parse(&d, str_of(z)));
    return d;
}

static Table *sample(Arena *a)
{
    Table *t = table_open(a, STRC("结果"), STRC("综合评价结果"));
    table_column(t, STRC("姓名"), TABLE_TEXT, 0);
    table_column(t, STRC("得分"), TABLE_NUMBER, 0);
    table_column(t, STRC("日期"), TABLE_DAY, 0);
    table_row(t);
    table_text(t, STRC("甲某某"));
    table_number(t, dec("85.50"));
    table_day(t, day_make(2026, 2, 8));
    table_row(t);
    table_text(t, STRC("乙"));
    table_row(t);
    table_note(t, STRC("注：缺项不计。"));
    return t;
}

static void table_remembers_kinds_and_fills_short_rows(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    Table *t = sample(a);
    assert_true(table_ok(t, &e));
    assert_int_equal(table_rows(t), 3);
    assert_int_equal(table_at(t, 0, 1).kind, TABLE_NUMBER);
    assert_true(str_is(table_cell_text(a, table_at(t, 0, 1)), "85.50"));
    assert_true(str_is(table_cell_text(a, table_at(t, 0, 2)), "2026-02-08"));
    assert_int_equal(table_at(t, 1, 1).kind, TABLE_EMPTY);
    assert_int_equal(table_at(t, 2, 0).kind, TABLE_EMPTY);
    assert_int_equal(table_at(t, 9, 0).kind, TABLE_EMPTY);
    arena_close(a);
}

static void table_widths_follow_cells_within_bounds(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Table *t = table_open(a, STRC("x"), STRC(""));
    table_column(t, STRC("a"), TABLE_TEXT, 0);
    table_column(t, STRC("b"), TABLE_TEXT, 33);
    table_column(t, STRC("c"), TABLE_TEXT, 0);
    table_row(t);
    table_text(t, STRC("十个汉字十个汉字十个"));
    table_text(t, STRC("b"));
    char big[200];
    memset(big, 'x', sizeof big);
    table_text(t, (Str){ big, sizeof big });
    int w[3];
    table_widths(t, w);
    assert_int_equal(w[0], 20);
    assert_int_equal(w[1], 33);
    assert_int_equal(w[2], 60);
    arena_close(a);
}

static void table_refuses_at_its_limits(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    Err e = { 0 };
    Table *t = table_open(a, STRC("x"), STRC(""));
    assert_false(table_ok(t, &e)); /* no columns */
    assert_int_equal(e.code, ERR_TABLE_TOO_BIG);
    for (int i = 0; i < TABLE_COLUMNS_MAX; i++)
        table_column(t, STRC("c"), TABLE_INT, 0);
    assert_true(table_ok(t, &e));
    table_column(t, STRC("c"), TABLE_INT, 0);
    assert_false(table_ok(t, &e));

    t = table_open(a, STRC("x"), STRC(""));
    table_column(t, STRC("c"), TABLE_TEXT, 0);
    static char big[TABLE_TEXT_POINTS_MAX + 1];
    memset(big, 'x', sizeof big);
    table_row(t);
    table_text(t, (Str){ big, TABLE_TEXT_POINTS_MAX });
    assert_true(table_ok(t, &e));
    table_row(t);
    table_text(t, (Str){ big, sizeof big });
    assert_false(table_ok(t, &e));

    t = table_open(a, STRC("x"), STRC(""));
    table_column(t, STRC("c"), TABLE_INT, 0);
    table_row(t);
    table_int(t, 1);
    table_int(t, 2); /* a cell too many */
    assert_false(table_ok(t, &e));
    arena_close(a);
}

static void table_counts_rows_to_its_limit(void **state)
{
    (void)state;
    Arena *a = arena_open(256 << 20);
    Err e = { 0 };
    Table *t = table_open(a, STRC("x"), STRC(""));
    table_column(t, STRC("c"), TABLE_INT, 0);
    for (int i = 0; i < TABLE_ROWS_MAX; i++) {
        table_row(t);
        table_int(t, i);
    }
    assert_true(table_ok(t, &e));
    table_row(t);
    assert_false(table_ok(t, &e));
    assert_int_equal(e.code, ERR_TABLE_TOO_BIG);
    arena_close(a);
}

static void builders_survive_refused_memory(void **state)
{
    (void)state;
    bool whole = false;
    for (size_t cap = 0; cap < 40000 && !whole; cap += 64) {
        Arena *a = arena_open(cap);
        Err e = { 0 };
        Table *t = sample(a);
        Paper *p = paper_open(a, STRC("文"), PAPER_PORTRAIT);
        Str labels[] = { S("主持人"), S("监票人") };
        paper_text(p, STRC("正文"));
        paper_signature(p, labels, 2);
        paper_table(p, t);
        whole = paper_ok(p, &e);
        if (!whole)
            assert_int_equal(e.code, ERR_NO_MEMORY);
        arena_close(a);
    }
    assert_true(whole);
}

static void paper_prints_as_text(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    Paper *p = paper_open(a, STRC("通报"), PAPER_PORTRAIT);
    Str rows[] = { S("甲"), S("乙") }, groups[] = { S("总体"), S("抓落实") };
    Str choices[] = { S("好"), S("差") }, labels[] = { S("主持人") }, att[] = { S("1. 名单") };
    PaperBallot ballot = { STRC("述职人"), rows, 2, groups, 2, choices, 2 };
    PaperCard card = { STRC("激活单"), labels, 1, STRC("abc") };
    paper_mark(p, STRC("内部"));
    paper_title(p, STRC("述职评议\n结果通报"));
    paper_addressee(p, STRC("各党支部"));
    paper_text(p, STRC("第一段。\n\n第二段。"));
    paper_heading(p, 1, STRC("一、总体情况"));
    paper_table(p, sample(a));
    paper_attachment(p, att, 1);
    paper_dateline(p, STRC("某某机关工委"), day_make(2026, 12, 31));
    paper_signature(p, labels, 1);
    paper_small(p, STRC("日志 12 条"));
    paper_break(p, PAPER_LANDSCAPE);
    paper_ballot(p, &ballot);
    paper_qr(p, STRC("x"), STRC("核对"));
    paper_cards(p, &card, 1, 2, 4);
    assert_true(paper_ok(p, &e));
    Str text = sheet_text(a, p);
    static const char want[] =
        "〔内部〕\n\n# 述职评议\n结果通报\n\n各党支部：\n　　第一段。\n　　第二段。\n"
        "　　一、总体情况\n[综合评价结果]\n"
        "姓名      得分  日期\n------  ------  ----------\n"
        "甲某某   85.50  2026-02-08\n乙              \n                \n注：缺项不计。\n"
        "　　附件：1. 名单\n"
        "                                        某某机关工委\n"
        "                                        2026年12月31日\n"
        "主持人：____________\n日志 12 条\n-------- 横页\n"
        "述职人 | 总体: 好/差 | 抓落实: 好/差\n甲 | □ □ | □ □\n乙 | □ □ | □ □\n"
        "[二维码 x] 核对\n┌ 激活单\n│ 主持人\n│ [二维码] abc\n└\n";
    size_t same = 0; /* cmocka cuts long texts short: name the place that differs */
    while (same < text.n && text.p[same] == want[same])
        same++;
    assert_string_equal(arena_z(a, str_sub(text, same, 60)), "");
    assert_int_equal(text.n, sizeof want - 1);
    arena_close(a);
}

static void paper_refuses_at_its_limits(void **state)
{
    (void)state;
    Arena *a = arena_open(64 << 20);
    Err e = { 0 };
    Paper *p = paper_open(a, STRC("x"), PAPER_PORTRAIT);
    for (int i = 0; i < PAPER_BLOCKS_MAX; i++)
        paper_plain(p, STRC("y"));
    assert_true(paper_ok(p, &e));
    paper_plain(p, STRC("y"));
    assert_false(paper_ok(p, &e));
    assert_int_equal(e.code, ERR_PAPER_TOO_BIG);

    static char big[PAPER_TEXT_BYTES_MAX + 1];
    memset(big, 'x', sizeof big);
    p = paper_open(a, STRC("x"), PAPER_PORTRAIT);
    paper_plain(p, (Str){ big, PAPER_TEXT_BYTES_MAX });
    assert_true(paper_ok(p, &e));
    paper_plain(p, (Str){ big, sizeof big });
    assert_false(paper_ok(p, &e));

    p = paper_open(a, STRC("x"), PAPER_PORTRAIT);
    paper_qr(p, (Str){ big, PAPER_QR_BYTES_MAX }, STRC(""));
    assert_true(paper_ok(p, &e));
    paper_qr(p, (Str){ big, PAPER_QR_BYTES_MAX + 1 }, STRC(""));
    assert_false(paper_ok(p, &e));

    Str names[PAPER_CHOICES_MAX + 1];
    for (size_t i = 0; i <= PAPER_CHOICES_MAX; i++)
        names[i] = STRC("n");
    PaperBallot b = { STRC(""), names, 1, names, PAPER_CHOICES_MAX / 4, names, 4 };
    p = paper_open(a, STRC("x"), PAPER_PORTRAIT);
    paper_ballot(p, &b);
    assert_true(paper_ok(p, &e));
    b.n_groups++;
    paper_ballot(p, &b);
    assert_false(paper_ok(p, &e));
    arena_close(a);
}

static void grid_finds_rows_and_cells(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    GridBook *b = grid_open(a);
    assert_true(grid_sheet(b, STRC("说明"), false, &e));
    assert_true(grid_put(b, 1, 1, STRC(""), GRID_FORMULA, &e)); /* the first of all, without text */
    assert_true(grid_sheet(b, STRC("组织"), false, &e));
    assert_true(grid_put(b, 1, 1, STRC(" 名称 "), 0, &e));
    assert_true(grid_put(b, 1, 3, STRC("书记"), 0, &e));
    assert_true(grid_put(b, 5, 2, STRC("x"), GRID_FORMULA, &e));
    assert_true(grid_put(b, 5, 3, STRC(""), 0, &e)); /* says nothing, is not kept */
    assert_true(grid_put(b, 5, 4, STRC(""), GRID_FORMULA, &e)); /* a formula without a value is */
    const Grid *g = grid_find(b, STRC("组织"));
    assert_non_null(g);
    assert_null(grid_find(b, STRC("人员")));
    assert_int_equal(g->n_rows, 2);
    assert_int_equal(g->n_columns, 4);
    assert_true(str_is(grid_at(g, 1, 1), "名称"));
    assert_true(str_is(grid_at(g, 1, 2), ""));
    assert_true(str_is(grid_at(g, 4, 2), ""));
    assert_null(grid_cell(grid_row(g, 5), 3));
    assert_int_equal(grid_cell(grid_row(g, 5), 4)->flags, GRID_FORMULA);
    assert_false(grid_put(b, 5, 2, STRC("y"), 0, &e)); /* again */
    assert_int_equal(e.code, ERR_GRID_ORDER);
    assert_false(grid_put(b, 4, 1, STRC("y"), 0, &e)); /* backwards */
    assert_true(str_is(grid_column_name(a, 1), "A"));
    assert_true(str_is(grid_column_name(a, 26), "Z"));
    assert_true(str_is(grid_column_name(a, 27), "AA"));
    assert_true(str_is(grid_column_name(a, 703), "AAA"));
    arena_close(a);
}

static void grid_merges_show_the_first_text(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    GridBook *b = grid_open(a);
    assert_true(grid_sheet(b, STRC("s"), false, &e));
    assert_true(grid_put(b, 2, 1, STRC("机关"), 0, &e));
    assert_true(grid_put(b, 2, 2, STRC("一支部"), 0, &e));
    assert_true(grid_put(b, 4, 2, STRC("三支部"), 0, &e));
    assert_true(grid_merge(b, 2, 1, 1000, 1, &e)); /* far below the last row */
    assert_true(grid_merge(b, 9, 5, 9, 6, &e));    /* empty: nothing happens */
    const Grid *g = &b->grids[0];
    assert_int_equal(g->n_rows, 3);
    for (int r = 2; r <= 4; r++) {
        const GridCell *c = grid_cell(grid_row(g, r), 1);
        assert_true(str_is(c->text, "机关"));
        assert_int_equal(c->flags, r == 2 ? GRID_MERGED : GRID_MERGED | GRID_COVERED);
    }
    assert_true(str_is(grid_at(g, 4, 2), "三支部"));
    assert_false(grid_merge(b, 3, 1, 2, 1, &e));
    assert_int_equal(e.code, ERR_GRID_ORDER);
    arena_close(a);
}

static void grid_refuses_at_its_limits(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    Err e = { 0 };
    GridBook *b = grid_open(a);
    assert_true(grid_sheet(b, STRC("s"), false, &e));
    assert_true(grid_put(b, 1, GRID_COLUMNS_MAX, STRC("x"), 0, &e));
    assert_false(grid_put(b, 2, GRID_COLUMNS_MAX + 1, STRC("x"), 0, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    static char big[GRID_TEXT_BYTES_MAX + 1];
    memset(big, 'x', sizeof big);
    assert_true(grid_put(b, 2, 1, (Str){ big, GRID_TEXT_BYTES_MAX }, 0, &e));
    assert_false(grid_put(b, 2, 2, (Str){ big, sizeof big }, 0, &e));
    assert_true(grid_put(b, GRID_ROWS_MAX, 1, STRC("x"), 0, &e));
    assert_false(grid_put(b, GRID_ROWS_MAX + 1, 1, STRC("x"), 0, &e));
    for (int i = 1; i < GRID_SHEETS_MAX; i++)
        assert_true(grid_sheet(b, STRC("t"), false, &e));
    assert_false(grid_sheet(b, STRC("t"), false, &e));
    b->n_cells = GRID_CELLS_MAX - 1;
    assert_true(grid_put(b, 1, 1, STRC("x"), 0, &e));
    assert_false(grid_put(b, 1, 2, STRC("x"), 0, &e));
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_remembers_kinds_and_fills_short_rows),
        cmocka_unit_test(table_widths_follow_cells_within_bounds),
        cmocka_unit_test(table_refuses_at_its_limits),
        cmocka_unit_test(table_counts_rows_to_its_limit),
        cmocka_unit_test(builders_survive_refused_memory),
        cmocka_unit_test(paper_prints_as_text),
        cmocka_unit_test(paper_refuses_at_its_limits),
        cmocka_unit_test(grid_finds_rows_and_cells),
        cmocka_unit_test(grid_merges_show_the_first_text),
        cmocka_unit_test(grid_refuses_at_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
