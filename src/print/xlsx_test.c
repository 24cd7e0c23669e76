#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "print/kit_test.h"

/* One sheet by hand: the rest of the workbook around what stands between the quotes. */
typedef struct Made {
    const char *sheet, *strings, *styles, *workbook_pr;
    const char *extra; /* the name of one more part */
} Made;

static Str make(Arena *a, Made m)
{
    KitPart parts[8];
    size_t n = 0;
    parts[n++] = (KitPart){ "_rels/.rels", STRC(KIT_RELS("officeDocument", "xl/workbook.xml")) };
    parts[n++] = (KitPart){ "xl/workbook.xml",
                            arena_text(a,
                                       "<workbook>%s<sheets><sheet name=\"表\" sheetId=\"1\" "
                                       "r:id=\"s1\"/></sheets></workbook>",
                                       m.workbook_pr ? m.workbook_pr : "") };
    parts[n++] = (KitPart){
        "xl/_rels/workbook.xml.rels",
        arena_text(a,
                   "<Relationships><Relationship Id=\"s1\" Type=\"http://x/worksheet\" "
                   "Target=\"worksheets/a.xml\"/>%s%s</Relationships>",
                   m.strings ? "<Relationship Id=\"s2\" Type=\"http://x/sharedStrings\" "
                               "Target=\"/xl/ss.xml\"/>"
                             : "",
                   m.styles ? "<Relationship Id=\"s3\" Type=\"http://x/styles\" "
                              "Target=\"styles.xml\"/>"
                            : "")
    };
    parts[n++] = (KitPart){ "xl/worksheets/a.xml",
                            arena_text(a, "<worksheet>%s</worksheet>", m.sheet) };
    if (m.strings)
        parts[n++] = (KitPart){ "xl/ss.xml", arena_text(a, "<sst>%s</sst>", m.strings) };
    if (m.styles)
        parts[n++] = (KitPart){ "xl/styles.xml", str_of(m.styles) };
    if (m.extra)
        parts[n++] = (KitPart){ m.extra, STRC("x") };
    return kit_zip(a, parts, n);
}

static GridBook *read_ok(Arena *a, Made m)
{
    Err e = { 0 };
    GridBook *b = grid_open(a);
    assert_ok(print_parse_xlsx(b, make(a, m), &e), e);
    return b;
}

static void refused(Arena *a, Made m, ErrCode want)
{
    Err e;
    GridBook *b = grid_open(a);
    assert_refused(print_parse_xlsx(b, make(a, m), &e), e, want);
}

static const GridCell *at(const GridBook *b, int row, int column)
{
    const GridCell *c = grid_cell(grid_row(&b->grids[0], row), column);
    assert_non_null(c);
    return c;
}

static void every_type_of_cell_is_read(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    GridBook *b = read_ok(
        a, (Made){
               .sheet = "<sheetData><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c>"
                        "<c r=\"B2\" t=\"s\"><v>1</v></c><c r=\"C2\"><v>85.5</v></c>"
                        "<c r=\"D2\" t=\"b\"><v>1</v></c><c r=\"E2\" t=\"e\"><v>#N/A</v></c>"
                        "<c r=\"F2\" t=\"inlineStr\"><is><t>行内</t></is></c>"
                        "<c r=\"G2\" t=\"str\"><f>A2</f><v>甲乙</v></c>"
                        "<c r=\"H2\"><f>1+1</f><v>2</v></c><c r=\"I2\"><f>NOW()</f></c>"
                        "<c r=\"J2\" s=\"1\"/></row>"
                        "<row><c><v>1</v></c><c t=\"d\"><v>2026-02-08</v></c></row></sheetData>",
               .strings = "<si><t xml:space=\"preserve\"> 甲乙 </t></si>"
                          "<si><r><t>富</t></r><r><t>文本_x000A_二_x0000_</t></r>"
                          "<rPh sb=\"0\" eb=\"1\"><t>ふ</t></rPh></si>" });
    assert_str(at(b, 2, 1)->text, " 甲乙 ");
    assert_str(at(b, 2, 2)->text, "富文本\n二_x0000_");
    assert_str(at(b, 2, 3)->text, "85.5");
    assert_int_equal(at(b, 2, 3)->flags, GRID_NUMBER);
    assert_str(at(b, 2, 4)->text, "TRUE");
    assert_int_equal(at(b, 2, 4)->flags, GRID_BOOL);
    assert_int_equal(at(b, 2, 5)->flags, GRID_ERROR);
    assert_str(at(b, 2, 6)->text, "行内");
    assert_str(at(b, 2, 7)->text, "甲乙");
    assert_int_equal(at(b, 2, 7)->flags, GRID_FORMULA);
    assert_str(at(b, 2, 8)->text, "2");
    assert_int_equal(at(b, 2, 8)->flags, GRID_FORMULA | GRID_NUMBER);
    assert_int_equal(at(b, 2, 9)->flags, GRID_FORMULA); /* no value was saved: says so */
    assert_int_equal(at(b, 2, 9)->text.n, 0);
    assert_null(grid_cell(grid_row(&b->grids[0], 2), 10));
    assert_str(at(b, 3, 1)->text, "1"); /* places left out follow on */
    assert_str(at(b, 3, 2)->text, "2026-02-08");
    assert_int_equal(at(b, 3, 2)->flags, GRID_DATE);
    arena_close(a);
}

static const char dated[] =
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"[Red]0.0&quot;天 d&quot;\"/>"
    "<numFmt numFmtId=\"166\" formatCode=\"h:mm\"/></numFmts>"
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/>"
    "<xf numFmtId=\"166\"/><xf numFmtId=\"31\"/></cellXfs></styleSheet>";

static void days_follow_number_formats(void **state)
{
    static const struct { const char *value; int style; bool y1904; const char *want; } rows[] = {
        { "46061", 1, false, "2026-02-08" },
        { "46061", 0, false, "46061" },      { "46061.395833333336", 2, false, "2026-02-08 09:30" },
        { "46061", 3, false, "46061" },      { "0.5", 4, false, "12:00" },
        { "46061", 5, false, "2026-02-08" }, { "44599", 1, true, "2026-02-08" },
        { "61", 1, false, "1900-03-01" },    { "59", 1, false, "1900-02-28" },
        { "1", 1, false, "1900-01-01" },     { "46060.99999", 1, false, "2026-02-08" },
        { "2958465", 1, false, "9999-12-31" }, { "2958466", 1, false, "2958466" },
        { "-3", 1, false, "-3" },            { "0", 1, true, "1904-01-01" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(8 << 20);
        Str sheet = arena_text(a,
                               "<sheetData><row r=\"1\"><c r=\"A1\" s=\"%d\"><v>%s</v></c></row>"
                               "</sheetData>",
                               rows[i].style, rows[i].value);
        const char *pr = rows[i].y1904 ? "<workbookPr date1904=\"1\"/>" : "";
        GridBook *b =
            read_ok(a, (Made){ .sheet = sheet.p, .styles = dated, .workbook_pr = pr });
        assert_str(at(b, 1, 1)->text, rows[i].want);
        arena_close(a);
    }
}

static void numbers_are_shown_with_15_digits(void **state)
{
    static const struct { const char *value, *want; } rows[] = {
        { "0.30000000000000004", "0.3" },   { "85.5", "85.5" },      { "85.50", "85.50" },
        { "1E-3", "0.001" },                { "1.5E+3", "1500" },    { "-0.1", "-0.1" },
        { "123456789012345678", "123456789012346000" },
        { "9.9999999999999995E-2", "0.1" }, { "1E+300", "1E+300" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(8 << 20);
        Str sheet = arena_text(a, "<sheetData><row><c><v>%s</v></c></row></sheetData>",
                               rows[i].value);
        assert_str(at(read_ok(a, (Made){ .sheet = sheet.p }), 1, 1)->text, rows[i].want);
        arena_close(a);
    }
}

static void merged_cells_are_flagged(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    GridBook *b = read_ok(
        a, (Made){ .sheet = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>单位</t>"
                            "</is></c><c r=\"B1\"><v>1</v></c></row>"
                            "<row r=\"3\"><c r=\"B3\"><v>3</v></c></row></sheetData>"
                            "<mergeCells><mergeCell ref=\"A1:A1048576\"/></mergeCells>" });
    assert_int_equal(b->grids[0].n_rows, 3);
    assert_str(at(b, 3, 1)->text, "单位");
    assert_int_equal(at(b, 3, 1)->flags, GRID_MERGED | GRID_COVERED);
    assert_int_equal(at(b, 1, 1)->flags, GRID_MERGED);
    refused(a, (Made){ .sheet = "<sheetData/><mergeCells><mergeCell ref=\"A1\"/></mergeCells>" },
            ERR_PRINT_DAMAGED);
    arena_close(a);
}

static void empty_and_hidden_sheets_are_fine(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    GridBook *b = read_ok(a, (Made){ .sheet = "<sheetData/>" });
    assert_int_equal(b->n_grids, 1);
    assert_str(b->grids[0].name, "表");
    assert_int_equal(b->grids[0].n_rows, 0);
    assert_false(b->grids[0].hidden);
    arena_close(a);
}

static void damage_is_told(void **state)
{
    static const char *const sheets[] = {
        "<sheetData><row r=\"0\"/></sheetData>",
        "<sheetData><row r=\"2\"/><row r=\"1\"/></sheetData>",
        "<sheetData><row r=\"1048577\"/></sheetData>",
        "<sheetData><row r=\"1\"><c r=\"A2\"><v>1</v></c></row></sheetData>",
        "<sheetData><row r=\"1\"><c r=\"ZZZZZZ1\"><v>1</v></c></row></sheetData>",
        "<sheetData><row r=\"1\"><c t=\"s\"><v>7</v></c></row></sheetData>",
        "<sheetData><row r=\"1\"><c t=\"s\"><v>-1</v></c></row></sheetData>",
        "<sheetData><row r=\"1\"><c s=\"x\"><v>1</v></c></row></sheetData>",
        "<sheetData><row>", "<sheetData>&#0;</sheetData>", "<sheetData>\x80</sheetData>",
    };
    (void)state;
    Arena *a = arena_open(8 << 20);
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
        refused(a, (Made){ .sheet = sheets[i] }, ERR_PRINT_DAMAGED);
    refused(a, (Made){ .sheet = "<sheetData><row r=\"1\"><c r=\"B1\"><v>1</v></c>"
                                "<c r=\"A1\"><v>1</v></c></row></sheetData>" },
            ERR_GRID_ORDER);
    Str whole = make(a, (Made){ .sheet = "<sheetData/>" });
    for (size_t n = 0; n < whole.n; n += 7) { /* cut off anywhere */
        Err e = { 0 };
        GridBook *b = grid_open(a);
        assert_refused(print_parse_xlsx(b, str_sub(whole, 0, n), &e), e, ERR_PRINT_DAMAGED);
    }
    arena_close(a);
}

static void attacks_are_refused(void **state)
{
    (void)state;
    Arena *a = arena_open(64 << 20);
    refused(a, (Made){ .sheet = "", .extra = "xl/vbaProject.bin" }, ERR_PRINT_MACROS);
    const KitPart dtd[] = {
        { "_rels/.rels", S("<!DOCTYPE x [<!ENTITY a \"b\">"
                           "<!ENTITY c SYSTEM \"file:///etc/passwd\">]>"
                           "<Relationships>&c;</Relationships>") },
        { "xl/workbook.xml", S("<workbook/>") },
    };
    Err e;
    GridBook *b = grid_open(a);
    assert_refused(print_parse_xlsx(b, kit_zip(a, dtd, 2), &e), e, ERR_PRINT_DTD);
    /* eight million blanks pack into eight thousand bytes */
    size_t n = 8 << 20;
    char *blanks = arena_alloc(a, n + 1);
    memset(blanks, ' ', n);
    refused(a, (Made){ .sheet = blanks }, ERR_PRINT_BOMB);
    refused(a, (Made){ .sheet = "<sheetData/>", .strings = blanks }, ERR_PRINT_BOMB);
    arena_close(a);
}

/* One part that many sheets point at: small in the archive, large in sum. */
static void the_sum_of_parts_is_limited(void **state)
{
    enum { PART = 8 << 20 };
    (void)state;
    Arena *a = arena_open(256 << 20);
    char *part = arena_alloc(a, PART + 1);
    uint32_t x = 1;
    size_t from = strlen("<worksheet><!--"), to = PART - strlen("--></worksheet>");
    for (size_t i = 0; i < PART; i++) { /* enough variety to stay under the ratio */
        x = x * 1664525u + 1013904223u;
        part[i] = x >> 24 < 12 ? (char)('a' + (x >> 16) % 26) : 'a';
    }
    memcpy(part, "<worksheet><!--", from);
    memcpy(part + to, "--></worksheet>", PART - to);
    enum { FIT = PRINT_EXPANDED_BYTES_MAX / PART };
    for (int sheets = FIT - 1; sheets <= FIT + 1; sheets += 2) {
        Buf book = buf_open(1 << 20), rels = buf_open(1 << 20);
        buf_put(&book, STRC("<workbook><sheets>"));
        buf_put(&rels, STRC("<Relationships>"));
        for (int i = 0; i < sheets; i++) {
            buf_fmt(&book, "<sheet name=\"%d\" r:id=\"s%d\"/>", i, i);
            buf_fmt(&rels, "<Relationship Id=\"s%d\" Type=\"/worksheet\" Target=\"a.xml\"/>", i);
        }
        buf_put(&book, STRC("</sheets></workbook>"));
        buf_put(&rels, STRC("</Relationships>"));
        const KitPart parts[] = {
            { "_rels/.rels", S(KIT_RELS("officeDocument", "xl/workbook.xml")) },
            { "xl/workbook.xml", buf_str(&book) },
            { "xl/_rels/workbook.xml.rels", buf_str(&rels) },
            { "xl/a.xml", { part, PART } },
        };
        Err e = { 0 };
        GridBook *b = grid_open(a);
        bool ok = print_parse_xlsx(b, kit_zip(a, parts, 4), &e);
        assert_string_equal(err_name(e.code),
                            err_name(sheets < FIT ? ERR_NONE : ERR_PRINT_BOMB));
        assert_int_equal(ok, sheets < FIT);
        buf_close(&book);
        buf_close(&rels);
    }
    arena_close(a);
}

static void limits_hold_at_and_past(void **state)
{
    (void)state;
    Arena *a = arena_open(256 << 20);
    Err e;
    for (int depth = PRINT_XML_DEPTH_MAX; depth <= PRINT_XML_DEPTH_MAX + 1; depth++) {
        Buf b = buf_open(1 << 20);
        for (int i = 1; i < depth; i++) /* the worksheet itself is the first level */
            buf_put(&b, STRC("<x>"));
        for (int i = 1; i < depth; i++)
            buf_put(&b, STRC("</x>"));
        buf_putc(&b, '\0');
        Made m = { .sheet = b.p };
        if (depth == PRINT_XML_DEPTH_MAX)
            read_ok(a, m);
        else
            refused(a, m, ERR_TOO_BIG);
        buf_close(&b);
    }
    for (int more = 0; more <= 1; more++) {
        KitPart *parts = ARENA_ARRAY(a, KitPart, PRINT_PARTS_MAX + 1);
        for (int i = 0; i < PRINT_PARTS_MAX + 1; i++)
            parts[i] = (KitPart){ arena_text(a, "p%d", i).p, STRC("") };
        PrintZip *z = NULL;
        Str bytes = kit_zip(a, parts, PRINT_PARTS_MAX + (size_t)more);
        if (more == 0) {
            e = (Err){ 0 };
            assert_ok(print_zip_open(&z, bytes, "xlsx", &e), e);
        } else {
            assert_refused(print_zip_open(&z, bytes, "xlsx", &e), e, ERR_PRINT_BOMB);
        }
        print_zip_close(z);
    }
    Str far = arena_text(a, "<sheetData><row><c r=\"%.*s1\"><v>1</v></c></row></sheetData>",
                         STR(grid_column_name(a, GRID_COLUMNS_MAX)));
    read_ok(a, (Made){ .sheet = far.p });
    far = arena_text(a, "<sheetData><row><c r=\"%.*s1\"><v>1</v></c></row></sheetData>",
                     STR(grid_column_name(a, GRID_COLUMNS_MAX + 1)));
    refused(a, (Made){ .sheet = far.p }, ERR_TOO_BIG);
    arena_close(a);
}

static void merges_are_counted(void **state)
{
    (void)state;
    Arena *a = arena_open(64 << 20);
    for (int more = 0; more <= 1; more++) {
        Buf b = buf_open(16 << 20);
        buf_put(&b, STRC("<sheetData/><mergeCells>"));
        for (int i = 0; i < PRINT_MERGES_MAX + more; i++)
            buf_fmt(&b, "<mergeCell ref=\"A%d:B%d\"/>", i + 1, i + 1);
        buf_put(&b, STRC("</mergeCells>"));
        buf_putc(&b, '\0');
        if (more)
            refused(a, (Made){ .sheet = b.p }, ERR_TOO_BIG);
        else
            read_ok(a, (Made){ .sheet = b.p });
        buf_close(&b);
    }
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_of_cell_is_read),
        cmocka_unit_test(days_follow_number_formats),
        cmocka_unit_test(numbers_are_shown_with_15_digits),
        cmocka_unit_test(merged_cells_are_flagged),
        cmocka_unit_test(empty_and_hidden_sheets_are_fine),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(attacks_are_refused),
        cmocka_unit_test(the_sum_of_parts_is_limited),
        cmocka_unit_test(limits_hold_at_and_past),
        cmocka_unit_test(merges_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
