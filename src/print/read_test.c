/* What comes in as text: pages of the web, PDFs, and files that hide something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "print/kit_test.h"
#include "sys/sys.h"

typedef struct Kit {
    Print *pr;
    Arena *a;
    char scratch[64];
} Kit;

static int set_up(void **state)
{
    static Kit kit;
    Err e = { 0 };
    const char *tmp = getenv("TMPDIR");
    snprintf(kit.scratch, sizeof kit.scratch, "%s/read.XXXXXX", tmp ? tmp : "/tmp");
    PrintSetup setup = { .fonts = ".tools/fonts:/usr/share/fonts", .scratch = kit.scratch };
    kit.a = arena_open(256 << 20);
    if (!mkdtemp(kit.scratch) || !kit.a || !print_open(&kit.pr, &setup, &e))
        return -1;
    *state = &kit;
    return 0;
}

static int tear_down(void **state)
{
    Kit *k = *state;
    print_close(k->pr);
    arena_close(k->a);
    return rmdir(k->scratch);
}

static void assert_text(void **state, const char *file, Str bytes, const char *want)
{
    Kit *k = *state;
    Err e = { 0 };
    Str text;
    assert_ok(print_read_text(&text, k->a, k->pr, str_of(file), bytes, &e), e);
    assert_string_equal(arena_z(k->a, text), want);
}

/* --- web pages ------------------------------------------------------------------------------ */

static const char page[] =
    "<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\"><title>全区党建工作会议召开_某某网</title>"
    "<style>p{color:red}</style><script>if (1<2) document.write('<p>脚本</p>');</script></head>\r\n"
    "<body><nav><ul><li><a href=\"/\">首页</a></li><li><a href=\"/x\">要闻</a></li></ul></nav>"
    "<div class=\"path\">当前位置：首页 &gt; 要闻</div>"
    "<h1>全区党建工作会议召开</h1><p>来源：某某网&nbsp; 点击次数：35</p>"
    "<h2>全区党建工作会议召开</h2>"
    "<div>&emsp;&emsp;同志们：</div><p>　　会议指出，要抓好<b>三件\n事</b>，&ldquo;书记项目&rdquo;"
    "完成率&#57;&#x35;%，投入 3 万元 &amp; 5 人。<p>一、抓学习。<br>二、抓落实。"
    "<ol><li>第一件<li>第二件</ol>"
    "<table><tr><th>支部</th><th>次数</th></tr><tr><td>甲</td><td>4</td></tr></table>"
    "<!-- <p>注释</p> --><p><a href=\"/1\">上一条：别的消息</a></p>"
    "<p>相关链接：<a href=\"/2\">省里</a> <a href=\"/3\">市里</a></p>"
    "<footer>版权所有 某某网</footer></body></html>";

static void a_page_without_what_stands_around_it(void **state)
{
    assert_text(state, "网页.html", str_of(page),
                "全区党建工作会议召开\n同志们：\n"
                "会议指出，要抓好三件事，“书记项目”完成率95%，投入 3 万元 & 5 人。\n"
                "一、抓学习。\n二、抓落实。\n1.第一件\n2.第二件\n支部\t次数\n甲\t4\n相关链接：省里 市里\n");
}

static void a_page_in_other_encodings(void **state)
{
    /* <p>党建工作</p> in GBK and <p>黨建工作</p> in Big5 */
    assert_text(state, "a.htm", STRC("<html><p>\xB5\xB3\xBD\xA8\xB9\xA4\xD7\xF7</p>"), "党建工作\n");
    assert_text(state, "a.htm", STRC("<html><p>\xC4\xD2\xAB\xD8\xA4\x75\xA7\x40\xA1\x41\xB3\xF8"
                                      "\xA7\x69</p>"), "黨建工作，報告\n");
}

static void a_page_for_layout_and_a_broken_one(void **state)
{
    /* an old page: one table around everything */
    assert_text(state, "a.html",
                STRC("<table><tr><td><a href=x>首页</a><br><a href=y>简介</a></td><td><p>标题</p>"
                "<p>这是一段很长"
                     "的正文，长到没有哪一张表格会把它放在一个格子里，因为表格里的话总是短的，而一篇讲话的一段总是比这一句还要长，"
                     "所以这一行是版面。</p><p>第二段。</p></td></tr></table>"),
                "标题\n这是一段很长的正文，长到没有哪一张表格会把它放在一个格子里，因为表格里的话总是短的，而一篇讲话的一段总是比这"
                "一句还要长，所以这一行是版面。\n第二段。\n");
    /* a menu that is never closed does not take the text with it */
    assert_text(state, "a.html", STRC("<body><nav><a href=x>首页</a><p>正文还在。"), "正文还在。\n");
    /* a tag that ends nowhere, a quote that ends nowhere, signs that are none */
    assert_text(state, "a.html", STRC("<p>3 < 5，&copy;&nosuch;&#0;&#xD800;<p title=\"x>甲。</p><p>乙。"
                                       "<b"),
                "3 < 5，©&nosuch;\xEF\xBF\xBD\n甲。\n乙。\n");
    assert_text(state, "a.html", STRC("<script>var a = '<p>';"), "");
}

static void a_page_with_entities_of_its_own_is_refused(void **state)
{
    Kit *k = *state;
    Str text;
    Err e;
    assert_refused(print_read_text(&text, k->a, k->pr, STRC("a.html"),
                                   STRC("<!DOCTYPE html [<!ENTITY a \"&b;&b;\">]>"
                                        "<html><p>&a;</p>"), &e),
                   e, ERR_PRINT_DTD);
}

static void a_page_is_limited(void **state)
{
    Kit *k = *state;
    enum { LIMIT = 4 << 20 };       /* TEXT_BYTES_MAX */
    for (int more = 0; more <= 1; more++) {
        Buf b = buf_open(LIMIT + 8);
        Str text;
        Err e = { 0 };
        buf_put(&b, STRC("<p>"));
        while (b.n < LIMIT + (size_t)more)
            buf_putc(&b, 'x');
        bool ok = print_read_text(&text, k->a, k->pr, STRC("a.html"), buf_str(&b), &e);
        assert_string_equal(err_name(e.code), err_name(more ? ERR_TOO_BIG : ERR_NONE));
        assert_int_equal(ok, !more);
        buf_close(&b);
    }
}

/* --- what hides ----------------------------------------------------------------------------- */

static void what_makes_text_look_otherwise_is_taken_off(void **state)
{
    /* a turn of direction, characters without width, a soft hyphen, a control */
    assert_text(state, "a.txt",
                STRC("\xE2\x80\xAE" "100\xE2\x80\xAC名\xE2\x80\x8B党\xE2\x81\xA0员\xC2\xAD。\x07"),
                "100名党员。");
    /* four accents stay, of twenty the others go; the next letter begins anew */
    Buf b = buf_open(1000);
    buf_putc(&b, 'e');
    for (int i = 0; i < 20; i++)
        buf_put(&b, STRC("\xCC\x81"));
    buf_put(&b, STRC("e\xCC\x81"));
    assert_text(state, "a.txt", buf_str(&b),
                "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81" "e\xCC\x81");
    buf_close(&b);
    /* Arabic reads as it is stored */
    assert_text(state, "a.txt", STRC("\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85"),
                "\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85");
    assert_text(state, "a.html", STRC("<p>甲&#8238;乙&#x200b;丙</p>"), "甲乙丙\n");
}

static void broken_text_is_refused(void **state)
{
    Kit *k = *state;
    static const Str bad[] = { S("党建\xFF\xFE\x81"), S("\xEF\xBB\xBF\xE5\x85"), S("a\0b"),
                               S("\xED\xA0\x80\xFF") };
    Str text;
    Err e;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(print_read_text(&text, k->a, k->pr, STRC("a.txt"), bad[i], &e), e,
                       ERR_BAD_TEXT);
}

/* A file of a gigabyte that takes no room on the disk is refused before it is read; zeros inside a
 * docx, where they take a thousandth, while they come out of it. */
static void a_hollow_gigabyte_is_refused(void **state)
{
    Kit *k = *state;
    char path[96];
    Str bytes, text;
    Err e = { 0 };
    Sys *sys = sys_open_real();
    assert_non_null(sys);
    snprintf(path, sizeof path, "%s/hollow.docx", k->scratch);
    int fd = open(path, O_CREAT | O_RDWR, 0600);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, 1 << 30), 0);
    close(fd);
    assert_refused(sys_file_read(&bytes, k->a, sys, path, PRINT_FILE_BYTES_MAX, &e), e,
                   ERR_TOO_BIG);
    unlink(path);
    sys_close(sys);

    enum { ZEROS = 64 << 20 };
    char *zeros = calloc(1, ZEROS);
    assert_non_null(zeros);
    const KitPart parts[] = { { "word/document.xml", { zeros, ZEROS } },
                              { "_rels/.rels",
                                S(KIT_RELS("officeDocument", "word/document.xml")) } };
    Str bomb = kit_zip(k->a, parts, 2);
    free(zeros);
    assert_true(bomb.n < 1 << 20);
    e = (Err){ 0 };
    assert_false(print_read_text(&text, k->a, k->pr, STRC("a.docx"), bomb, &e));
    assert_true(e.code == ERR_PRINT_BOMB || e.code == ERR_PRINT_DAMAGED);
}

/* --- PDF ------------------------------------------------------------------------------------ */

static const char *const paragraphs[] = {
    "党支部书记要带头抓落实，每年至少专题研究1次党建工作，每半年至少开展1次督查，把任务分解到每一个月、每一个人，年底逐项对账销号，没有完成的要说明原因。",
    "村级组织要把“三会一课”开出质量，联系实际讲身边的事，每名党员全年参加集中学习不少于32学时。",
};

static Str pdf_of(Kit *k, int pages)
{
    Err e = { 0 };
    Str bytes;
    Paper *p = paper_open(k->a, STRC("通知"), PAPER_PORTRAIT);
    paper_title(p, STRC("关于做好述职评议的通知"));
    paper_addressee(p, STRC("各支部"));
    for (int i = 0; i < pages; i++) {
        paper_heading(p, 1, STRC("一、总体要求"));
        paper_text(p, str_of(paragraphs[0]));
        paper_text(p, str_of(paragraphs[1]));
        if (i + 1 < pages)
            paper_break(p, PAPER_PORTRAIT);
    }
    assert_ok(print_pdf(&bytes, k->a, k->pr, p, 1798711200000, &e), e);
    return bytes;
}

static void paragraphs_of_a_pdf_come_back_whole(void **state)
{
    Kit *k = *state;
    Str want = arena_text(k->a, "关于做好述职评议的通知\n各支部：\n一、总体要求\n%s\n%s\n"
                          "一、总体要求\n%s\n%s\n", paragraphs[0], paragraphs[1], paragraphs[0],
                          paragraphs[1]);
    assert_text(state, "通知.pdf", pdf_of(k, 2), arena_z(k->a, want));
}

static void lines_are_joined_by_where_they_stand(void **state)
{
    (void)state;
    Buf out = buf_open(10000);
    Err e = { 0 };
    Arena *a = arena_open(1 << 20);
    static const char lines[] =
        "  某某区委组织部\n\n    第一段从这里开始，一直写到这一行的最右边为止\n  还没有写完。\n"
        "    第二段 A1\n    3 / 12\n\f"
        "  某某区委组织部\n    第三段从这里开始，一直写到这一行的最右边为止\n            4\n\f"
        "  某某区委组织部\n  跨页以后接着写，也写到这一行的最右边才算完结\n  尾。\n      — 5 —\n\f";
    assert_true(print_join_lines(&out, str_of(lines), &e));
    assert_str(buf_str(&out), "第一段从这里开始，一直写到这一行的最右边为止还没有写完。\n第二段 A1\n"
               "第三段从这里开始，一直写到这一行的最右边为止跨页以后接着写，也写到这一行的最右边才算完结尾。\n");
    buf_close(&out);
    arena_close(a);
}

static void a_pdf_that_cannot_be_read_says_why(void **state)
{
    Kit *k = *state;
    Str text, whole = pdf_of(k, 1);
    Err e;
    assert_refused(print_read_text(&text, k->a, k->pr, STRC("a.pdf"), STRC("%PDF-1.5\n"), &e), e,
                   ERR_PRINT_PDF);
    /* no text layer: a page with a drawing alone */
    static const char blank[] =
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n"
        "trailer<</Root 1 0 R>>\n%%EOF\n";
    assert_refused(print_read_text(&text, k->a, k->pr, STRC("a.pdf"), str_of(blank), &e), e,
                   ERR_PRINT_PDF);
    assert_true(str_has(err_get(&e, "why"), STRC("扫描")));
    /* cut off anywhere: text or a sentence that says why */
    for (size_t i = 1; i < 8; i++) {
        e = (Err){ 0 };
        bool ok = print_read_text(&text, k->a, k->pr, STRC("a.pdf"),
                                  str_sub(whole, 0, whole.n * i / 8), &e);
        assert_true(ok || e.code == ERR_PRINT_PDF);
    }
    /* it is no table */
    GridBook *book;
    assert_refused(print_read_grid(&book, k->a, k->pr, STRC("a.pdf"), whole, &e), e,
                   ERR_PRINT_KIND);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_without_what_stands_around_it),
        cmocka_unit_test(a_page_in_other_encodings),
        cmocka_unit_test(a_page_for_layout_and_a_broken_one),
        cmocka_unit_test(a_page_with_entities_of_its_own_is_refused),
        cmocka_unit_test(a_page_is_limited),
        cmocka_unit_test(what_makes_text_look_otherwise_is_taken_off),
        cmocka_unit_test(broken_text_is_refused),
        cmocka_unit_test(a_hollow_gigabyte_is_refused),
        cmocka_unit_test(paragraphs_of_a_pdf_come_back_whole),
        cmocka_unit_test(lines_are_joined_by_where_they_stand),
        cmocka_unit_test(a_pdf_that_cannot_be_read_says_why),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
