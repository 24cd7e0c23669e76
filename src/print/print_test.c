/* Through the child, as the server does it. This program is its own child. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "print/kit_test.h"

#include <sys/stat.h>
#include <unistd.h>

static const Moment created = 1798711200000; /* 2026-12-31T10:00:00Z */

typedef struct Kit {
    Arena *a;
    Print *pr;
    char scratch[64];
} Kit;

static int begin(void **state)
{
    Err e = { 0 };
    Kit *k = calloc(1, sizeof *k);
    const char *tmp = getenv("TMPDIR");
    snprintf(k->scratch, sizeof k->scratch, "%s/print-XXXXXX", tmp ? tmp : "/tmp");
    PrintSetup setup = { .fonts = ".tools/fonts", .scratch = k->scratch };
    if (!mkdtemp(k->scratch) || !print_open(&k->pr, &setup, &e))
        return -1;
    k->a = arena_open(256 << 20);
    *state = k;
    return 0;
}

static int end(void **state)
{
    Kit *k = *state;
    int left = rmdir(k->scratch); /* fails when anything was left there */
    print_close(k->pr);
    arena_close(k->a);
    free(k);
    return left;
}

static Dec dec(const char *z)
{
    Dec d;
    assert_true(dec_parse(&d, str_of(z)));
    return d;
}

static Table *sample(Arena *a, Str name)
{
    Table *t = table_open(a, name, STRC(""));
    table_column(t, STRC("姓名"), TABLE_TEXT, 0);
    table_column(t, STRC("得分"), TABLE_NUMBER, 0);
    table_column(t, STRC("票数"), TABLE_INT, 0);
    table_column(t, STRC("日期"), TABLE_DAY, 0);
    table_row(t);
    table_text(t, STRC("=1+1"));
    table_number(t, dec("85.50"));
    table_int(t, -3);
    table_day(t, day_make(2026, 2, 8));
    table_row(t);
    table_text(t, STRC("甲\n乙 <&> \x01_x000A_"));
    table_number(t, dec("0.1234567890123456789"));
    table_int(t, INT64_MAX);
    table_day(t, day_make(1890, 2, 8));
    table_row(t);
    table_blank(t);
    table_number(t, dec("123456789012.345"));
    return t;
}

static void xlsx_comes_back_as_it_was(void **state)
{
    Kit *k = *state;
    Arena *a = k->a;
    Err e = { 0 };
    Str bytes, again;
    const Table *tables[] = { sample(a, STRC("一")), sample(a, STRC("一")),
                              sample(a, STRC("a/b:c")) };
    assert_ok(print_xlsx(&bytes, a, k->pr, tables, 3, STRC("册"), created, &e), e);
    assert_ok(print_xlsx(&again, a, k->pr, tables, 3, STRC("册"), created, &e), e);
    assert_true(str_eq(bytes, again));
    GridBook *b;
    assert_ok(print_read_grid(&b, a, k->pr, STRC("a.xlsx"), bytes, &e), e);
    assert_int_equal(b->n_grids, 3);
    assert_str(b->grids[0].name, "一");
    assert_str(b->grids[1].name, "一 2");
    assert_str(b->grids[2].name, "a b c");
    static const char *const want[4][4] = {
        { "姓名", "得分", "票数", "日期" },
        { "=1+1", "85.5", "-3", "2026-02-08" },
        { "甲\n乙 <&> \x01_x000A_", "0.1234567890123456789", "9223372036854775807", "1890-02-08" },
        { "", "123456789012.345", "", "" },
    };
    for (size_t s = 0; s < 3; s++)
        for (int r = 0; r < 4; r++)
            for (int c = 0; c < 4; c++)
                assert_str(grid_at(&b->grids[s], r + 1, c + 1), want[r][c]);
    assert_int_equal(grid_cell(grid_row(&b->grids[0], 2), 1)->flags, 0); /* text, no formula */
    assert_int_equal(grid_cell(grid_row(&b->grids[0], 2), 2)->flags, GRID_NUMBER);
    assert_int_equal(grid_cell(grid_row(&b->grids[0], 2), 4)->flags, GRID_DATE);
}

static bool gather_part(void *ctx, Str piece, bool last, Err *e)
{
    (void)last;
    (void)e;
    buf_put(ctx, piece);
    return true;
}

/* What a person may choose stands in a hidden sheet; readers skip it, the rule points at it. */
static void xlsx_offers_choices(void **state)
{
    Kit *k = *state;
    Arena *a = k->a;
    Err e = { 0 };
    Str bytes;
    static const Str kinds[] = { S("党员大会"), S("党课") }, yes[] = { S("是"), S("否") };
    Table *t = table_open(a, STRC("会议"), STRC(""));
    table_column(t, STRC("类别"), TABLE_TEXT, 0);
    table_choices(t, kinds, 2);
    table_column(t, STRC("议题"), TABLE_TEXT, 0);
    table_column(t, STRC("公开"), TABLE_TEXT, 0);
    table_choices(t, yes, 2);
    const Table *tables[] = { t };
    assert_ok(print_xlsx(&bytes, a, k->pr, tables, 1, STRC("册"), created, &e), e);
    GridBook *b;
    assert_ok(print_read_grid(&b, a, k->pr, STRC("a.xlsx"), bytes, &e), e);
    assert_int_equal(b->n_grids, 2);
    assert_false(b->grids[0].hidden);
    assert_true(b->grids[1].hidden);
    assert_str(grid_at(&b->grids[1], 2, 1), "党课");
    assert_str(grid_at(&b->grids[1], 2, 2), "否");
    PrintZip *z;
    Buf sheet = buf_open(1 << 20);
    assert_ok(print_zip_open(&z, bytes, "xlsx", &e), e);
    assert_ok(print_zip_read(z, "xl/worksheets/sheet1.xml", gather_part, &sheet, &e), e);
    assert_true(str_has(buf_str(&sheet), STRC("sqref=\"A2:A2001\"")));
    assert_true(str_has(buf_str(&sheet), STRC("sqref=\"C2:C2001\"")));
    assert_true(str_has(buf_str(&sheet), STRC("'可选项'!$B$1:$B$2")));
    print_zip_close(z);
    buf_close(&sheet);
}

static void a_zip_holds_its_files(void **state)
{
    Kit *k = *state;
    Arena *a = k->a;
    Err e = { 0 };
    Str bytes;
    const PrintFile files[] = { { S("说明.txt"), S("甲") }, { S("ledgers/a.jsonl"), S("{}\n") },
                                { S("empty.csv"), S("") } };
    assert_ok(print_zip(&bytes, a, files, 3, &e), e);
    PrintZip *z;
    Buf part = buf_open(100);
    assert_ok(print_zip_open(&z, bytes, "zip", &e), e);
    assert_true(print_zip_has(z, "empty.csv"));
    assert_ok(print_zip_read(z, "ledgers/a.jsonl", gather_part, &part, &e), e);
    assert_str(buf_str(&part), "{}\n");
    print_zip_close(z);
    buf_close(&part);
}

static void xlsx_needs_its_scratch_folder(void **state)
{
    Kit *k = *state;
    Err e = { 0 };
    Str bytes;
    Print *pr;
    PrintSetup setup = { .scratch = "/nowhere" };
    const Table *tables[] = { sample(k->a, STRC("一")) };
    assert_ok(print_open(&pr, &setup, &e), e);
    assert_refused(print_xlsx(&bytes, k->a, pr, tables, 1, STRC("册"), created, &e), e,
                   ERR_PRINT_WRITE);
    print_close(pr);
}

static void csv_comes_back_as_it_was(void **state)
{
    Kit *k = *state;
    Arena *a = k->a;
    Err e = { 0 };
    Str bytes;
    GridBook *b;
    assert_ok(print_csv(&bytes, a, sample(a, STRC("一")), &e), e);
    assert_ok(print_read_grid(&b, a, k->pr, STRC("a.csv"), bytes, &e), e);
    assert_str(grid_at(&b->grids[0], 2, 1), "=1+1");
    assert_str(grid_at(&b->grids[0], 2, 2), "85.50");
    assert_str(grid_at(&b->grids[0], 3, 3), "9223372036854775807");
    assert_str(b->encoding, "UTF-8");
}

static void wrong_kinds_are_told_apart(void **state)
{
    Kit *k = *state;
    Arena *a = k->a;
    Err e;
    GridBook *b = NULL;
    Str text;
    Str old = STRC("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 ...");
    assert_refused(print_read_grid(&b, a, k->pr, STRC("旧.xls"), old, &e), e, ERR_PRINT_OLD_OFFICE);
    assert_str(err_get(&e, "file"), "旧.xls");
    assert_refused(print_read_text(&text, a, k->pr, STRC("旧.wps"), old, &e), e,
                   ERR_PRINT_OLD_OFFICE);
    assert_refused(print_read_grid(&b, a, k->pr, STRC("图.pdf"), STRC("%PDF-1.5"), &e), e,
                   ERR_PRINT_KIND);
    assert_refused(print_read_grid(&b, a, k->pr, STRC("网页.xls"), STRC(" \n<html><table>"), &e), e,
                   ERR_PRINT_KIND);
    const KitPart other[] = { { "a.txt", S("x") } };
    assert_refused(print_read_grid(&b, a, k->pr, STRC("包.zip"), kit_zip(a, other, 1), &e), e,
                   ERR_PRINT_KIND);
    const Table *tables[] = { sample(a, STRC("一")) };
    Str xlsx;
    e = (Err){ 0 };
    assert_ok(print_xlsx(&xlsx, a, k->pr, tables, 1, STRC("册"), created, &e), e);
    assert_refused(print_read_text(&text, a, k->pr, STRC("册.xlsx"), xlsx, &e), e, ERR_PRINT_KIND);
    assert_refused(print_read_grid(&b, a, k->pr, STRC("a.csv"), STRC("\xFF\x00\x81"), &e), e,
                   ERR_BAD_TEXT);
    assert_null(b);
    e = (Err){ 0 };
    Str bytes = STRC("\xEF\xBB\xBF一、\r\n二、");
    assert_ok(print_read_text(&text, a, k->pr, STRC("讲话.txt"), bytes, &e), e);
    assert_str(text, "一、\n二、");
}

static void files_are_limited(void **state)
{
    Kit *k = *state;
    Err e = { 0 };
    GridBook *b;
    Buf big = buf_open(PRINT_FILE_BYTES_MAX + 1);
    while (big.n < PRINT_FILE_BYTES_MAX)
        buf_put(&big, STRC("0123456789abcdef0123456789abcde\n"));
    assert_ok(print_read_grid(&b, k->a, k->pr, STRC("x"), buf_str(&big), &e), e);
    assert_int_equal(b->grids[0].n_rows, PRINT_FILE_BYTES_MAX / 32);
    buf_putc(&big, 'x');
    assert_refused(print_read_grid(&b, k->a, k->pr, STRC("x"), buf_str(&big), &e), e, ERR_TOO_BIG);
    buf_close(&big);
}

static void a_broken_child_is_an_error(void **state)
{
    Kit *k = *state;
    Err e = { 0 };
    GridBook *b;
    static const char *const programs[] = { "/bin/true", "/bin/false", "/bin/cat", "/nowhere/x" };
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        Print *pr;
        PrintSetup setup = { .program = programs[i] };
        e = (Err){ 0 };
        assert_ok(print_open(&pr, &setup, &e), e);
        assert_refused(print_read_grid(&b, k->a, pr, STRC("x"), STRC("a,b"), &e), e,
                       ERR_PRINT_CHILD);
        print_close(pr);
    }
}

/* A program of a few lines in place of the child. */
static void with_script(Kit *k, const char *lines, Err *e)
{
    char path[96];
    GridBook *b;
    Print *pr;
    snprintf(path, sizeof path, "%s/child", k->scratch);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "#!/bin/sh\n%s\n", lines);
    fclose(f);
    assert_int_equal(chmod(path, 0700), 0);
    PrintSetup setup = { .program = path, .seconds = 1 };
    *e = (Err){ 0 };
    assert_ok(print_open(&pr, &setup, e), *e);
    assert_false(print_read_grid(&b, k->a, pr, STRC("x"), STRC("a,b"), e));
    print_close(pr);
    unlink(path);
}

static void a_late_or_lying_child_is_an_error(void **state)
{
    Kit *k = *state;
    Err e;
    with_script(k, "exec /bin/sleep 30", &e);
    assert_int_equal(e.code, ERR_PRINT_TIMEOUT);
    assert_true(str_is(err_get(&e, "max"), "1"));
    with_script(k, "cat >/dev/null; echo '+garbage'", &e);
    assert_int_equal(e.code, ERR_PRINT_CHILD);
    with_script(k, "cat >/dev/null; echo '-garbage'", &e);
    assert_int_equal(e.code, ERR_PRINT_CHILD);
    with_script(k, "cat >/dev/null; kill -9 $$", &e);
    assert_int_equal(e.code, ERR_PRINT_CHILD);
}

/* Whatever a child replies, cut off anywhere or with a byte changed: an error or a grid. */
static void replies_are_distrusted(void **state)
{
    Kit *k = *state;
    Err e = { 0 };
    GridBook *b = grid_open(k->a);
    Buf wire = buf_open(1 << 20);
    assert_ok(print_parse_csv(b, STRC("a,b\nc,d\n"), &e), e);
    print_put_book(&wire, b);
    for (size_t n = 0; n < wire.n; n++) {
        PrintWire w = { .s = { wire.p, n } };
        assert_refused(print_get_book(&w, grid_open(k->a), &e), e, ERR_PRINT_CHILD);
        for (int bit = 0; bit < 8; bit++) {
            wire.p[n] ^= (char)(1 << bit);
            PrintWire whole = { .s = buf_str(&wire) };
            GridBook *got = grid_open(k->a);
            Err why = { 0 };
            if (!print_get_book(&whole, got, &why))
                assert_int_not_equal(why.code, ERR_NONE);
            wire.p[n] ^= (char)(1 << bit);
        }
    }
    buf_close(&wire);
}

/* --- PDF ------------------------------------------------------------------------------------ */

static Str run(Arena *a, const char *command)
{
    Buf b = buf_open(1 << 20);
    char piece[4096];
    size_t n;
    FILE *f = popen(command, "r");
    assert_non_null(f);
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_put(&b, (Str){ piece, n });
    assert_int_equal(pclose(f), 0);
    Str s = arena_str(a, buf_str(&b));
    buf_close(&b);
    return s;
}

/* The text of one page by pdftotext (poppler-utils). */
static Str page_text(Kit *k, Str pdf, int page)
{
    char path[96];
    snprintf(path, sizeof path, "%s/x.pdf", k->scratch);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(pdf.p, 1, pdf.n, f), pdf.n);
    fclose(f);
    Str text = run(k->a, arena_text(k->a, "pdftotext -f %d -l %d %s -", page, page, path).p);
    unlink(path);
    return text;
}

static void a_page_holds_22_lines_of_28_characters(void **state)
{
    Kit *k = *state;
    Arena *a = k->a;
    Err e = { 0 };
    Buf b = buf_open(1 << 16);
    for (int i = 0; i < 28 * 23; i++)
        buf_put(&b, STRC("述"));
    Paper *p = paper_open(a, STRC("x"), PAPER_PORTRAIT);
    paper_plain(p, buf_str(&b));
    buf_close(&b);
    Str pdf, again, line, rest;
    assert_ok(print_pdf(&pdf, a, k->pr, p, created, &e), e);
    assert_ok(print_pdf(&again, a, k->pr, p, created, &e), e);
    assert_true(str_eq(pdf, again));
    int lines = 0;
    rest = page_text(k, pdf, 1);
    while (str_cut(rest, STRC("\n"), &line, &rest))
        if (str_starts(line, STRC("述"))) {
            assert_int_equal(str_points(line), 28);
            lines++;
        }
    assert_int_equal(lines, 22);
    assert_true(str_has(page_text(k, pdf, 1), STRC("—1—")));
    assert_true(str_has(page_text(k, pdf, 2), STRC("—2—")));
}

static Paper *paper_of_all_blocks(Arena *a)
{
    Paper *p = paper_open(a, STRC("结果通报"), PAPER_PORTRAIT);
    Str names[] = { S("甲某"), S("乙某") }, items[] = { S("总体评价"), S("抓落实") };
    Str grades[] = { S("好"), S("较好"), S("一般"), S("差") }, lines[] = { S("激活码 ABCD") };
    PaperBallot ballot = { STRC("述职人"), names, 2, items, 2, grades, 4 };
    PaperCard cards[] = { { STRC("激活单"), lines, 1, STRC("https://x/y") },
                          { STRC("无码单"), lines, 1, STRC("") } };
    paper_mark(p, STRC("已被第2版替代"));
    paper_issuer(p, STRC("某某工委文件"), STRC("某工〔2026〕1号"));
    paper_title(p, STRC("关于述职评议结果的通报"));
    paper_subtitle(p, STRC("（试行）"));
    paper_addressee(p, STRC("各支部"));
    paper_text(p, STRC("现将结果通报如下。"));
    paper_plain(p, STRC("顶格。"));
    for (int i = 1; i <= 4; i++)
        paper_heading(p, i, STRC("标题"));
    paper_table(p, sample(a, STRC("一")));
    paper_attachment(p, names, 2);
    paper_dateline(p, STRC("某某工委"), day_make(2026, 12, 31));
    paper_signature(p, names, 2);
    paper_small(p, STRC("日志12条"));
    paper_qr(p, STRC("https://x/z"), STRC("扫码核对"));
    paper_break(p, PAPER_LANDSCAPE);
    paper_ballot(p, &ballot);
    paper_cards(p, cards, 2, 2, 4);
    return p;
}

static void every_block_is_printed(void **state)
{
    Kit *k = *state;
    Arena *a = k->a;
    Err e = { 0 };
    Str pdf, docx, text;
    Paper *p = paper_of_all_blocks(a);
    assert_ok(print_pdf(&pdf, a, k->pr, p, created, &e), e);
    assert_ok(print_docx(&docx, a, k->pr, p, created, &e), e);
    assert_ok(print_read_text(&text, a, k->pr, STRC("x.docx"), docx, &e), e);
    Buf all = buf_open(1 << 20);
    for (int page = 1; page <= 4; page++)
        buf_put(&all, page_text(k, pdf, page));
    static const char *const words[] = { "已被第2版替代", "某某工委文件", "〔2026〕1号",
                                         "结果的通报", "（试行）", "各支部：", "通报如下。",
                                         "顶格。", "标题", "姓名", "85.50", "2026-02-08",
                                         "附件：", "2026年12月31日", "甲某", "日志12条",
                                         "扫码核对", "述职人", "总体评价", "较好", "激活单",
                                         "激活码", "无码单" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!str_has(buf_str(&all), str_of(words[i])))
            fail_msg("%s is not in the PDF", words[i]);
        if (!str_has(text, str_of(words[i])))
            fail_msg("%s is not in the docx", words[i]);
    }
    buf_close(&all);
    assert_true(str_has(pdf, STRC("/CreationDate")) || str_has(pdf, STRC("/Type")));
}

/* The paper itself must survive the wire, or the child prints something else. */
static void the_wire_keeps_papers(void **state)
{
    Kit *k = *state;
    Err e = { 0 };
    Paper *p = paper_of_all_blocks(k->a);
    Buf wire = buf_open(1 << 20);
    print_put_paper(&wire, p);
    PrintWire w = { .s = buf_str(&wire) };
    Paper *q = print_get_paper(&w, k->a);
    assert_false(w.bad);
    assert_ok(paper_ok(q, &e), e);
    assert_true(str_eq(sheet_text(k->a, p), sheet_text(k->a, q)));
    for (size_t n = 0; n < wire.n; n += 3) {
        PrintWire cut = { .s = { wire.p, n } };
        print_get_paper(&cut, k->a);
        assert_true(cut.bad);
    }
    buf_close(&wire);
}

static void long_tables_repeat_their_head(void **state)
{
    Kit *k = *state;
    Arena *a = k->a;
    Err e = { 0 };
    Table *t = table_open(a, STRC("x"), STRC("清单"));
    table_column(t, STRC("序号"), TABLE_INT, 0);
    table_column(t, STRC("内容"), TABLE_TEXT, 0);
    Buf giant = buf_open(1 << 16); /* one row that no page can hold */
    for (int i = 0; i < 3000; i++)
        buf_put(&giant, STRC("长"));
    for (int i = 0; i < 60; i++) {
        table_row(t);
        table_int(t, i);
        table_text(t, i == 30 ? buf_str(&giant) : STRC("短"));
    }
    buf_close(&giant);
    Paper *p = paper_open(a, STRC("x"), PAPER_PORTRAIT);
    paper_table(p, t);
    Str pdf;
    assert_ok(print_pdf(&pdf, a, k->pr, p, created, &e), e);
    size_t signs = 0;
    for (int page = 1; page <= 4; page++) {
        Str text = page_text(k, pdf, page), head, rest = text;
        assert_true(str_has(text, STRC("序号")));
        while (str_cut(rest, STRC("长"), &head, &rest))
            signs++;
    }
    assert_int_equal(signs, 3000);
}

static void rare_characters_are_drawn(void **state)
{
    Kit *k = *state;
    Err e = { 0 };
    Str pdf;
    Paper *p = paper_open(k->a, STRC("x"), PAPER_PORTRAIT);
    paper_title(p, STRC("䶮某"));
    paper_text(p, STRC("张𬭎、王㛃"));
    assert_ok(print_pdf(&pdf, k->a, k->pr, p, created, &e), e);
    Str text = page_text(k, pdf, 1);
    assert_true(str_has(text, STRC("䶮某")));
    assert_true(str_has(text, STRC("张𬭎、王㛃")));
}

static void system_fonts_alone_will_do(void **state)
{
    Kit *k = *state;
    Arena *a = k->a;
    Err e = { 0 };
    Str pdf;
    Print *pr;
    PrintSetup setup = { .fonts = "/nowhere:/nowhere/else", .scratch = k->scratch };
    Paper *p = paper_open(a, STRC("x"), PAPER_PORTRAIT);
    paper_text(p, STRC("只有系统字体"));
    assert_ok(print_open(&pr, &setup, &e), e);
    assert_ok(print_pdf(&pdf, a, pr, p, created, &e), e);
    assert_true(str_has(page_text(k, pdf, 1), STRC("只有系统字体")));
    print_close(pr);
}

static void papers_of_a_batch_are_those_made_alone(void **state)
{
    Kit *k = *state;
    enum { PAPERS = 3 };
    const Paper *papers[PAPERS];
    static const Paper *many[PRINT_PAPERS_MAX + 1];
    Str pdf[PAPERS], docx[PAPERS], alone;
    Err e = { 0 };
    for (int i = 0; i < PAPERS; i++) {
        Paper *p = paper_open(k->a, STRC("函"), PAPER_PORTRAIT);
        paper_title(p, arena_text(k->a, "第%d号函", i));
        paper_text(p, i == 1 ? STRC("述职评议") : STRC("整改清单，逐项销号。"));
        papers[i] = p;
    }
    assert_ok(print_pdfs(pdf, k->a, k->pr, papers, PAPERS, created, &e), e);
    assert_ok(print_docxs(docx, k->a, k->pr, papers, PAPERS, created, &e), e);
    for (int i = 0; i < PAPERS; i++) {
        assert_ok(print_pdf(&alone, k->a, k->pr, papers[i], created, &e), e);
        assert_true(str_eq(alone, pdf[i]));
        assert_ok(print_docx(&alone, k->a, k->pr, papers[i], created, &e), e);
        assert_true(str_eq(alone, docx[i]));
    }
    assert_false(str_eq(pdf[0], pdf[1]));
    assert_refused(print_pdfs(pdf, k->a, k->pr, papers, 0, created, &e), e, ERR_TOO_BIG);
    assert_refused(print_docxs(docx, k->a, k->pr, many, PRINT_PAPERS_MAX + 1, created, &e), e,
                   ERR_TOO_BIG);
}

/* At the limit: papers so small that it takes a moment. */
static void a_batch_may_be_as_long_as_said(void **state)
{
    Kit *k = *state;
    static const Paper *many[PRINT_PAPERS_MAX];
    static Str made[PRINT_PAPERS_MAX];
    Err e = { 0 };
    Paper *p = paper_open(k->a, STRC("函"), PAPER_PORTRAIT);
    paper_text(p, STRC("函"));
    for (size_t i = 0; i < PRINT_PAPERS_MAX; i++)
        many[i] = p;
    assert_ok(print_docxs(made, k->a, k->pr, many, PRINT_PAPERS_MAX, created, &e), e);
    assert_true(made[0].n > 0 && str_eq(made[0], made[PRINT_PAPERS_MAX - 1]));
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(xlsx_comes_back_as_it_was, begin, end),
        cmocka_unit_test_setup_teardown(xlsx_offers_choices, begin, end),
        cmocka_unit_test_setup_teardown(a_zip_holds_its_files, begin, end),
        cmocka_unit_test_setup_teardown(xlsx_needs_its_scratch_folder, begin, end),
        cmocka_unit_test_setup_teardown(csv_comes_back_as_it_was, begin, end),
        cmocka_unit_test_setup_teardown(wrong_kinds_are_told_apart, begin, end),
        cmocka_unit_test_setup_teardown(files_are_limited, begin, end),
        cmocka_unit_test_setup_teardown(a_broken_child_is_an_error, begin, end),
        cmocka_unit_test_setup_teardown(a_late_or_lying_child_is_an_error, begin, end),
        cmocka_unit_test_setup_teardown(replies_are_distrusted, begin, end),
        cmocka_unit_test_setup_teardown(a_page_holds_22_lines_of_28_characters, begin, end),
        cmocka_unit_test_setup_teardown(every_block_is_printed, begin, end),
        cmocka_unit_test_setup_teardown(the_wire_keeps_papers, begin, end),
        cmocka_unit_test_setup_teardown(long_tables_repeat_their_head, begin, end),
        cmocka_unit_test_setup_teardown(rare_characters_are_drawn, begin, end),
        cmocka_unit_test_setup_teardown(system_fonts_alone_will_do, begin, end),
        cmocka_unit_test_setup_teardown(papers_of_a_batch_are_those_made_alone, begin, end),
        cmocka_unit_test_setup_teardown(a_batch_may_be_as_long_as_said, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
