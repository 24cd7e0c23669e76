#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "print/kit_test.h"

static Str make(Arena *a, const char *body, const char *numbering, const char *styles)
{
    KitPart parts[5];
    size_t n = 0;
    parts[n++] = (KitPart){ "_rels/.rels", STRC(KIT_RELS("officeDocument", "word/document.xml")) };
    parts[n++] = (KitPart){ "word/document.xml",
                            arena_text(a, "<w:document><w:body>%s</w:body></w:document>", body) };
    if (numbering)
        parts[n++] = (KitPart){ "word/numbering.xml", str_of(numbering) };
    if (styles)
        parts[n++] = (KitPart){ "word/styles.xml", str_of(styles) };
    return kit_zip(a, parts, n);
}

static Str read_ok(Arena *a, Str bytes)
{
    Err e = { 0 };
    Buf b = buf_open(PRINT_TEXT_BYTES_MAX);
    assert_ok(print_parse_docx(&b, bytes, &e), e);
    Str s = arena_str(a, buf_str(&b));
    buf_close(&b);
    return s;
}

static void text_is_taken_in_reading_order(void **state)
{
    (void)state;
    Arena *a = arena_open(4 << 20);
    assert_str(read_ok(a, make(a,
                               "<w:p><w:r><w:t>述职</w:t></w:r><w:r><w:tab/><w:t>报告</w:t></w:r></w:p>"
                               "<w:p/><w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
                               "<w:ins><w:r><w:t>新</w:t><w:br/><w:t>行</w:t></w:r></w:ins>"
                               "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
                               "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>一次</w:t></w:r></w:p>"
                               "</mc:Choice><mc:Fallback><w:p><w:r><w:t>一次</w:t></w:r></w:p>"
                               "</mc:Fallback></mc:AlternateContent>"
                               "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:r>"
                               "<w:t>乙</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>丙</w:t></w:r>"
                               "</w:p></w:tc></w:tr></w:tbl>",
                               NULL, NULL)),
               "述职\t报告\n\n新\n行\n一次\n甲 乙\t丙\n");
    arena_close(a);
}

#define P(style, num, text)                                                                        \
    "<w:p><w:pPr>" style num "</w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
#define NUM(n, l) "<w:numPr><w:ilvl w:val=\"" l "\"/><w:numId w:val=\"" n "\"/></w:numPr>"
#define STYLE(s) "<w:pStyle w:val=\"" s "\"/>"
#define LEVEL(i, fmt, text)                                                                        \
    "<w:lvl w:ilvl=\"" i "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" fmt "\"/>"                  \
    "<w:lvlText w:val=\"" text "\"/></w:lvl>"

static void automatic_numbers_are_written_out(void **state)
{
    static const char numbering[] =
        "<w:numbering><w:abstractNum w:abstractNumId=\"3\">" LEVEL("0", "chineseCounting", "%1、")
            LEVEL("1", "chineseCountingThousand", "（%2）") LEVEL("2", "decimal", "%3.")
                LEVEL("3", "bullet", "") "</w:abstractNum>"
        "<w:num w:numId=\"7\"><w:abstractNumId w:val=\"3\"/></w:num>"
        "<w:num w:numId=\"8\"><w:abstractNumId w:val=\"3\"/><w:lvlOverride w:ilvl=\"1\">"
        "<w:startOverride w:val=\"5\"/></w:lvlOverride></w:num></w:numbering>";
    static const char styles[] =
        "<w:styles><w:style w:styleId=\"H1\"><w:pPr>" NUM("7", "0") "</w:pPr></w:style>"
        "<w:style w:styleId=\"H1b\"><w:basedOn w:val=\"H1\"/></w:style>"
        "<w:style w:styleId=\"Ring\"><w:basedOn w:val=\"Ring\"/></w:style></w:styles>";
    (void)state;
    Arena *a = arena_open(4 << 20);
    assert_str(read_ok(a, make(a,
                               P(STYLE("H1"), "", "总体") P("", NUM("7", "1"), "成效")
                                   P("", NUM("7", "1"), "经验") P("", NUM("7", "2"), "点")
                                       P("", NUM("7", "3"), "圆点") P(STYLE("H1b"), "", "问题")
                                           P("", NUM("7", "1"), "一层") P("", NUM("8", "1"), "另起")
                                           P("", NUM("8", "1"), "再") P("", NUM("0", "0"), "无号")
                                               P(STYLE("Ring"), "", "圈") P("", NUM("99", "0"), "无"),
                               numbering, styles)),
               "一、总体\n（一）成效\n（二）经验\n1.点\n圆点\n二、问题\n（一）一层\n（五）另起\n（六）再\n无号\n圈\n无\n");
    arena_close(a);
}

static void counting_in_chinese_is_right(void **state)
{
    static const char numbering[] =
        "<w:numbering><w:abstractNum w:abstractNumId=\"1\">" LEVEL("0", "chineseCounting", "%1")
        "</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>";
    static const struct { int line; const char *want; } rows[] = {
        { 1, "一" }, { 10, "十" }, { 11, "十一" }, { 20, "二十" }, { 99, "九十九" },
        { 100, "一百" }, { 105, "一百零五" }, { 110, "一百一十" }, { 121, "一百二十一" },
    };
    (void)state;
    Arena *a = arena_open(8 << 20);
    Buf b = buf_open(1 << 20);
    for (int i = 0; i < 125; i++)
        buf_put(&b, STRC(P("", NUM("1", "0"), "")));
    buf_putc(&b, '\0');
    Str text = read_ok(a, make(a, b.p, numbering, NULL)), line, rest = text;
    for (int i = 1; str_cut(rest, STRC("\n"), &line, &rest); i++)
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
            if (rows[k].line == i)
                assert_str(line, rows[k].want);
    buf_close(&b);
    arena_close(a);
}

static void a_made_paper_reads_back(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    Err e = { 0 };
    Paper *p = paper_open(a, STRC("通报"), PAPER_PORTRAIT);
    paper_title(p, STRC("述职<通报>"));
    paper_addressee(p, STRC("各支部"));
    paper_text(p, STRC("甲 & 乙"));
    paper_heading(p, 1, STRC("一、总体"));
    paper_break(p, PAPER_LANDSCAPE);
    paper_dateline(p, STRC("某某工委"), day_make(2026, 12, 31));
    paper_qr(p, STRC("abc"), STRC("核对"));
    Buf b = buf_open(1 << 20), again = buf_open(1 << 20);
    assert_ok(print_make_docx(&b, p, 1798711200000, &e), e);
    assert_ok(print_make_docx(&again, p, 1798711200000, &e), e);
    assert_true(str_eq(buf_str(&b), buf_str(&again)));
    assert_str(read_ok(a, buf_str(&b)),
               "述职<通报>\n\n各支部：\n甲 & 乙\n一、总体\n\n某某工委\n2026年12月31日\n\n核对\n");
    /* the first entry is the content types, plain: Word looks for it there */
    assert_memory_equal(b.p + 30, "[Content_Types].xml", 19);
    assert_int_equal(b.p[6] & 8, 0); /* no data descriptor */
    buf_close(&b);
    buf_close(&again);
    arena_close(a);
}

static void put_file(Arena *a, const char *dir, const char *name, Str bytes)
{
    FILE *out = fopen(arena_z(a, arena_text(a, "%s/%s", dir, name)), "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, out), bytes.n);
    fclose(out);
}

/* A page full of Chinese: what tool/check-docx.sh measures as our PDF and as LibreOffice lays the
 * docx out, when DOCX_DIR names a folder. Here only: the text is whole. */
static void a_page_for_an_office(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    Err e = { 0 };
    Paper *p = paper_open(a, STRC("版面"), PAPER_PORTRAIT);
    Buf text = buf_open(1 << 16), b = buf_open(1 << 20);
    const char *dir = getenv("DOCX_DIR");
    for (int i = 0; i < 28 * 40; i++)
        buf_point(&text, 0x4E00 + (uint32_t)(i % 28) * 16);
    paper_plain(p, buf_str(&text));
    paper_heading(p, 1, STRC("一、总体情况"));
    paper_heading(p, 2, STRC("（一）做法"));
    paper_text(p, STRC("正文。"));
    assert_ok(print_make_docx(&b, p, 1798711200000, &e), e);
    assert_true(read_ok(a, buf_str(&b)).n > 28 * 40 * 3);
    if (dir) {
        Buf pdf = buf_open(PRINT_MADE_BYTES_MAX);
        assert_ok(print_make_pdf(&pdf, p, 1798711200000, ".tools/fonts", &e), e);
        put_file(a, dir, "page.docx", buf_str(&b));
        put_file(a, dir, "page.pdf", buf_str(&pdf));
        buf_close(&pdf);
    }
    buf_close(&text);
    buf_close(&b);
    arena_close(a);
}

/* A new page costs no paragraph: the last one with words ends its section. */
static void a_break_leaves_no_empty_line(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    Err e = { 0 };
    Paper *p = paper_open(a, STRC("函"), PAPER_PORTRAIT);
    Buf b = buf_open(1 << 20);
    paper_text(p, STRC("甲"));
    paper_break(p, PAPER_LANDSCAPE);
    paper_text(p, STRC("乙"));
    assert_ok(print_make_docx(&b, p, 1798711200000, &e), e);
    assert_str(read_ok(a, buf_str(&b)), "甲\n乙\n");
    buf_reset(&b);
    p = paper_open(a, STRC("函"), PAPER_PORTRAIT);
    paper_break(p, PAPER_PORTRAIT);
    paper_text(p, STRC("乙"));
    assert_ok(print_make_docx(&b, p, 1798711200000, &e), e);
    assert_str(read_ok(a, buf_str(&b)), "\n乙\n");
    buf_close(&b);
    arena_close(a);
}

static void limits_hold(void **state)
{
    (void)state;
    Arena *a = arena_open(64 << 20);
    size_t room = PRINT_TEXT_BYTES_MAX - 1; /* a line end follows */
    for (int more = 0; more <= 1; more++) {
        Buf body = buf_open(32 << 20), out = buf_open(PRINT_TEXT_BYTES_MAX);
        uint32_t x = 7;
        buf_put(&body, STRC("<w:p><w:r><w:t>"));
        for (size_t i = 0; i < room + (size_t)more; i++) {
            x = x * 1664525u + 1013904223u;
            buf_putc(&body, (char)('a' + (x >> 24) % 26));
        }
        buf_put(&body, STRC("</w:t></w:r></w:p>"));
        buf_putc(&body, '\0');
        Err e = { 0 };
        bool ok = print_parse_docx(&out, make(a, body.p, NULL, NULL), &e);
        assert_string_equal(err_name(e.code), err_name(more ? ERR_TOO_BIG : ERR_NONE));
        assert_int_equal(ok, !more);
        buf_close(&body);
        buf_close(&out);
    }
    Err e;
    Buf out = buf_open(1000);
    assert_refused(print_parse_docx(&out, make(a, "<w:p>", NULL, NULL), &e), e, ERR_PRINT_DAMAGED);
    const KitPart dtd[] = {
        { "_rels/.rels", S(KIT_RELS("officeDocument", "word/document.xml")) },
        { "word/document.xml",
          S("<!DOCTYPE d [<!ENTITY l \"lol\"><!ENTITY m \"&l;&l;&l;\">]>"
            "<w:document>&m;</w:document>") },
    };
    assert_refused(print_parse_docx(&out, kit_zip(a, dtd, 2), &e), e, ERR_PRINT_DTD);
    buf_close(&out);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_taken_in_reading_order),
        cmocka_unit_test(automatic_numbers_are_written_out),
        cmocka_unit_test(counting_in_chinese_is_right),
        cmocka_unit_test(a_made_paper_reads_back),
        cmocka_unit_test(a_page_for_an_office),
        cmocka_unit_test(a_break_leaves_no_empty_line),
        cmocka_unit_test(limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
