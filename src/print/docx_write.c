/* A paper as docx: an archive of XML parts with real styles, so that the office goes on writing in
 * it. Word, WPS and LibreOffice agree on little: [Content_Types].xml comes first, indents are
 * given in characters and in twips, fonts by their Windows names. */
#include <string.h>

#include <cairo.h>

#include "print/page.h"

enum { TWIPS_WIDTH = 8845, TWIPS_WIDTH_LANDSCAPE = 12757 }; /* 156 mm and 225 mm */

typedef struct Docx {
    Buf body;
    PrintPack *pack;
    Arena *a;
    PaperTurn turn;
    size_t seam;     /* in body: where the properties of its last paragraph end; 0: nowhere */
    int pictures;
    bool numbered;
} Docx;

static const char style_parts[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
    "<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"仿宋_GB2312\" w:hAnsi=\"仿宋_GB2312\""
    " w:eastAsia=\"仿宋_GB2312\" w:cs=\"Times New Roman\"/><w:kern w:val=\"2\"/>"
    "<w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/>"
    "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>";

typedef struct Look {
    const char *id, *name, *font;
    int half_points;
    const char *paragraph; /* properties */
    int outline;           /* 0..3, or -1 */
} Look;

/* 22 lines of 579 twips fill the 225 mm of the text block (of 580 the last one would not fit), and
 * 28 characters of 16 pt fit its 156 mm when each stands a quarter point closer. */
#define EXACT(n) "<w:spacing w:line=\"" n "\" w:lineRule=\"exact\"/>"
#define INDENT2 "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>"
/* The grid of the page is for 3号: rows of a table in smaller type are as high as their text. */
#define OFF_GRID(n) "<w:snapToGrid w:val=\"0\"/>" EXACT(n)

static const Look looks[] = {
    { "Normal", "Normal", "仿宋_GB2312", 32, EXACT("579") "<w:jc w:val=\"both\"/>", -1 },
    { "GwTitle", "公文标题", "方正小标宋_GBK", 44, EXACT("660") "<w:jc w:val=\"center\"/>", -1 },
    { "GwSubtitle", "公文副题", "楷体_GB2312", 32, EXACT("579") "<w:jc w:val=\"center\"/>", -1 },
    { "GwIssuer", "发文机关", "方正小标宋_GBK", 68, "<w:jc w:val=\"center\"/>", -1 },
    { "GwMark", "公文标记", "黑体", 32, EXACT("579"), -1 },
    { "GwBody", "公文正文", "仿宋_GB2312", 32, EXACT("579") INDENT2 "<w:jc w:val=\"both\"/>", -1 },
    { "Heading1", "heading 1", "黑体", 32, "<w:keepNext/>" EXACT("579") INDENT2, 0 },
    { "Heading2", "heading 2", "楷体_GB2312", 32, "<w:keepNext/>" EXACT("579") INDENT2, 1 },
    { "Heading3", "heading 3", "仿宋_GB2312", 32, "<w:keepNext/>" EXACT("579") INDENT2, 2 },
    { "Heading4", "heading 4", "仿宋_GB2312", 32, "<w:keepNext/>" EXACT("579") INDENT2, 3 },
    { "GwTable", "表格文字", "宋体", 21, OFF_GRID("300"), -1 },
    { "GwHead", "表头文字", "黑体", 21, OFF_GRID("300") "<w:jc w:val=\"center\"/>", -1 },
    { "GwSmall", "小字", "宋体", 18, OFF_GRID("280"), -1 },
    { "GwNumber", "页码", "宋体", 28, "", -1 },
};

static void styles_put(Buf *b)
{
    buf_put(b, str_of(style_parts));
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        const Look *k = &looks[i];
        buf_fmt(b,
                "<w:style w:type=\"paragraph\"%s w:styleId=\"%s\"><w:name w:val=\"%s\"/>%s"
                "<w:qFormat/><w:pPr>%s",
                i == 0 ? " w:default=\"1\"" : "", k->id, k->name,
                i == 0 ? "" : "<w:basedOn w:val=\"Normal\"/>", k->paragraph);
        if (k->outline >= 0)
            buf_fmt(b, "<w:outlineLvl w:val=\"%d\"/>", k->outline);
        buf_fmt(b,
                "</w:pPr><w:rPr><w:rFonts w:ascii=\"%s\" w:hAnsi=\"%s\" w:eastAsia=\"%s\"/>"
                "%s<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/></w:rPr></w:style>",
                k->font, k->font, k->font, k->half_points == 32 ? "<w:spacing w:val=\"-5\"/>" : "",
                k->half_points, k->half_points);
    }
    buf_put(b, STRC("</w:styles>"));
}

/* --- paragraphs ----------------------------------------------------------------------------- */

static void run_put(Buf *b, Str text)
{
    Str line, rest = text;
    bool more;
    do {
        more = str_cut(rest, STRC("\n"), &line, &rest);
        buf_put(b, STRC("<w:r><w:t xml:space=\"preserve\">"));
        print_xml_escape(b, line);
        buf_put(b, more ? STRC("</w:t><w:br/></w:r>") : STRC("</w:t></w:r>"));
    } while (more);
}

static void paragraph_put(Docx *d, const char *style, const char *more, Str text)
{
    Buf *b = &d->body;
    buf_fmt(b, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s", style, more);
    d->seam = b->n;
    buf_put(b, STRC("</w:pPr>"));
    run_put(b, text);
    buf_put(b, STRC("</w:p>"));
}

static void list_put(Docx *d, const PaperBlock *k)
{
    for (size_t i = 0; i < k->n_list; i++) {
        Buf line = buf_open(PAPER_TEXT_BYTES_MAX + 100);
        if (k->kind == PAPER_SIGNATURE)
            buf_fmt(&line, "%.*s：____________________", STR(k->list[i]));
        else
            buf_fmt(&line, "%s%.*s", i ? "　　　" : "附件：", STR(k->list[i]));
        paragraph_put(d, k->kind == PAPER_SIGNATURE ? "Normal" : "GwBody", "",
                      buf_str(&line));
        buf_close(&line);
    }
}

static void dateline_put(Docx *d, const PaperBlock *k)
{
    static const char four[] =
        "<w:ind w:rightChars=\"400\" w:right=\"1280\"/><w:jc w:val=\"right\"/>";
    paragraph_put(d, "Normal", "", (Str){ "", 0 });
    if (k->text.n)
        paragraph_put(d, "Normal", four, k->text);
    if (k->day != DAY_NONE)
        paragraph_put(d, "Normal", four, day_print_zh(d->a, k->day));
}

/* --- tables --------------------------------------------------------------------------------- */

static int block_twips(const Docx *d)
{
    return d->turn == PAPER_LANDSCAPE ? TWIPS_WIDTH_LANDSCAPE : TWIPS_WIDTH;
}

static void table_begin(Docx *d, const int *twips, size_t n)
{
    static const char *const sides[] = { "top", "left", "bottom", "right", "insideH", "insideV" };
    buf_fmt(&d->body, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblBorders>",
            block_twips(d));
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        buf_fmt(&d->body, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>",
                sides[i]);
    buf_put(&d->body, STRC("</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>"));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&d->body, "<w:gridCol w:w=\"%d\"/>", twips[i]);
    buf_put(&d->body, STRC("</w:tblGrid>"));
}

static void cell_put(Docx *d, int twips, int span, const char *style, const char *more, Str text)
{
    buf_fmt(&d->body, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>", twips);
    if (span > 1)
        buf_fmt(&d->body, "<w:gridSpan w:val=\"%d\"/>", span);
    buf_put(&d->body, STRC("<w:vAlign w:val=\"center\"/></w:tcPr>"));
    paragraph_put(d, style, more, text);
    buf_put(&d->body, STRC("</w:tc>"));
}

static void row_begin(Docx *d, bool head)
{
    buf_put(&d->body, head ? STRC("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>")
                           : STRC("<w:tr><w:trPr><w:cantSplit/></w:trPr>"));
}

/* Or the next table grows onto the one before. Of the default style, because LibreOffice gives an
 * empty paragraph that ends a section that one when it saves. */
static void gap_put(Docx *d)
{
    paragraph_put(d, "Normal", OFF_GRID("280"), (Str){ "", 0 });
}

static void table_put(Docx *d, const Table *t)
{
    int units[TABLE_COLUMNS_MAX], twips[TABLE_COLUMNS_MAX], all = 0;
    table_widths(t, units);
    for (size_t c = 0; c < t->n_columns; c++)
        all += units[c];
    for (size_t c = 0; c < t->n_columns; c++)
        twips[c] = block_twips(d) * units[c] / all;
    if (t->title.n)
        paragraph_put(d, "GwMark", "<w:jc w:val=\"center\"/>", t->title);
    table_begin(d, twips, t->n_columns);
    row_begin(d, true);
    for (size_t c = 0; c < t->n_columns; c++)
        cell_put(d, twips[c], 1, "GwHead", "", t->columns[c].name);
    buf_put(&d->body, STRC("</w:tr>"));
    size_t rows = table_rows(t);
    for (size_t r = 0; r < rows; r++) {
        row_begin(d, false);
        for (size_t c = 0; c < t->n_columns; c++) {
            TableCell k = table_at(t, r, c);
            cell_put(d, twips[c], 1, "GwTable",
                     k.kind == TABLE_TEXT ? "" : "<w:jc w:val=\"center\"/>",
                     table_cell_text(d->a, k));
        }
        buf_put(&d->body, STRC("</w:tr>"));
    }
    buf_put(&d->body, STRC("</w:tbl>"));
    for (size_t i = 0; i < t->n_notes; i++)
        paragraph_put(d, "GwSmall", "", t->notes[i]);
    gap_put(d);
}

static void ballot_put(Docx *d, const PaperBallot *v)
{
    int twips[PAPER_CHOICES_MAX + 1];
    size_t n = v->n_groups * v->n_choices;
    int first = block_twips(d) / 5, cell = (block_twips(d) - first) / (int)n;
    twips[0] = first;
    for (size_t i = 1; i <= n; i++)
        twips[i] = cell;
    table_begin(d, twips, n + 1);
    row_begin(d, true);
    cell_put(d, first, 1, "GwHead", "", v->corner);
    for (size_t i = 0; i < v->n_groups; i++)
        cell_put(d, cell * (int)v->n_choices, (int)v->n_choices, "GwHead", "", v->groups[i]);
    buf_put(&d->body, STRC("</w:tr>"));
    row_begin(d, true);
    cell_put(d, first, 1, "GwHead", "", (Str){ "", 0 });
    for (size_t i = 0; i < n; i++)
        cell_put(d, cell, 1, "GwHead", "", v->choices[i % v->n_choices]);
    buf_put(&d->body, STRC("</w:tr>"));
    for (size_t r = 0; r < v->n_rows; r++) {
        row_begin(d, false);
        cell_put(d, first, 1, "GwHead", "", v->rows[r]);
        for (size_t i = 0; i < n; i++)
            cell_put(d, cell, 1, "GwHead", "", (Str){ "", 0 });
        buf_put(&d->body, STRC("</w:tr>"));
    }
    buf_put(&d->body, STRC("</w:tbl>"));
    gap_put(d);
}

/* --- square codes as pictures --------------------------------------------------------------- */

static cairo_status_t take(void *closure, const unsigned char *data, unsigned n)
{
    buf_put(closure, (Str){ (const char *)data, n });
    return CAIRO_STATUS_SUCCESS;
}

static bool picture_make(Docx *d, Str bytes, Err *e)
{
    enum { SCALE = 6, QUIET = 4 };
    unsigned char *m;
    int n;
    if (!print_qr_modules(&m, &n, d->a, bytes, e))
        return false;
    int side = (n + 2 * QUIET) * SCALE;
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side);
    cairo_t *cr = cairo_create(s);
    Buf png = buf_open(1 << 20);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_set_source_rgb(cr, 0, 0, 0);
    for (int i = 0; i < n * n; i++)
        if (m[i])
            cairo_rectangle(cr, (i % n + QUIET) * SCALE, (i / n + QUIET) * SCALE, SCALE, SCALE);
    cairo_fill(cr);
    bool ok = cairo_surface_write_to_png_stream(s, take, &png) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    cairo_surface_destroy(s);
    Str name = arena_text(d->a, "word/media/code%d.png", ++d->pictures);
    if (ok)
        print_pack_add(d->pack, name.p, buf_str(&png));
    buf_close(&png);
    return ok || err_fail(e, ERR_NO_MEMORY, err_hole("what", "二维码"));
}

static bool picture_put(Docx *d, Str bytes, Err *e)
{
    enum { EMU = 1080000 }; /* 30 mm */
    if (!picture_make(d, bytes, e))
        return false;
    d->seam = 0;
    buf_fmt(&d->body,
            "<w:p><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">"
            "<wp:extent cx=\"%d\" cy=\"%d\"/><wp:docPr id=\"%d\" name=\"code%d\"/>"
            "<a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\">"
            "<a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">"
            "<pic:pic xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">"
            "<pic:nvPicPr><pic:cNvPr id=\"%d\" name=\"code%d\"/><pic:cNvPicPr/></pic:nvPicPr>"
            "<pic:blipFill><a:blip r:embed=\"rIdP%d\"/><a:stretch><a:fillRect/></a:stretch>"
            "</pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"%d\" cy=\"%d\"/>"
            "</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>"
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
            EMU, EMU, d->pictures, d->pictures, d->pictures, d->pictures, d->pictures, EMU, EMU);
    return true;
}

static bool cards_put(Docx *d, const PaperBlock *k, Err *e)
{
    for (size_t i = 0; i < k->n_cards; i++) {
        const PaperCard *c = &k->cards[i];
        paragraph_put(d, "GwMark",
                      "<w:keepNext/><w:pBdr><w:top w:val=\"dashed\" w:sz=\"4\" w:space=\"6\""
                      " w:color=\"000000\"/></w:pBdr>",
                      c->title);
        for (size_t j = 0; j < c->n_lines; j++)
            paragraph_put(d, "GwTable", "<w:keepNext/>", c->lines[j]);
        if (c->qr.n && !picture_put(d, c->qr, e))
            return false;
    }
    return true;
}

/* --- the document --------------------------------------------------------------------------- */

/* GB/T 9704: top 37 mm, left 28 mm, block 156 mm x 225 mm; 22 lines a page. */
static void section_put(Docx *d, Buf *b)
{
    bool wide = d->turn == PAPER_LANDSCAPE;
    buf_put(b, STRC("<w:sectPr>"));
    if (d->numbered)
        buf_put(b, STRC("<w:footerReference w:type=\"default\" r:id=\"rId3\"/>"
                        "<w:footerReference w:type=\"even\" r:id=\"rId4\"/>"));
    buf_fmt(b,
            "<w:pgSz w:w=\"%d\" w:h=\"%d\"%s/><w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\""
            " w:left=\"%d\" w:header=\"850\" w:footer=\"1400\" w:gutter=\"0\"/>"
            "<w:docGrid w:type=\"lines\" w:linePitch=\"579\"/></w:sectPr>",
            wide ? 16838 : 11906, wide ? 11906 : 16838, wide ? " w:orient=\"landscape\"" : "",
            wide ? 1587 : 2098, wide ? 1983 : 1474, wide ? 1474 : 1984, wide ? 2098 : 1587);
}

/* A section ends with a paragraph that says so: the last one that has words. One of its own would
 * be an empty line, on a page of its own where the page before is full. */
static void break_put(Docx *d, PaperTurn turn)
{
    Buf *b = &d->body;
    if (d->seam && !b->failed) {
        Str rest = arena_str(d->a, str_sub(buf_str(b), d->seam, b->n - d->seam));
        b->n = d->seam;
        section_put(d, b);
        buf_put(b, rest);
    } else {
        buf_put(b, STRC("<w:p><w:pPr>"));
        section_put(d, b);
        buf_put(b, STRC("</w:pPr></w:p>"));
    }
    d->seam = 0;
    d->turn = turn;
}

static bool block_put(Docx *d, const PaperBlock *k, Err *e)
{
    Buf *b = &d->body;
    char heading[] = "Heading1";
    switch (k->kind) {
    case PAPER_MARK:
        paragraph_put(d, "GwMark", "", k->text);
        break;
    case PAPER_ISSUER:
        buf_put(b, STRC("<w:p><w:pPr><w:pStyle w:val=\"GwIssuer\"/></w:pPr><w:r><w:rPr>"
                        "<w:color w:val=\"FF3333\"/></w:rPr><w:t xml:space=\"preserve\">"));
        print_xml_escape(b, k->text);
        buf_put(b, STRC("</w:t></w:r></w:p>"));
        paragraph_put(d, "Normal",
                      "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"11\""
                      " w:color=\"FF3333\"/></w:pBdr><w:jc w:val=\"center\"/>",
                      k->more);
        for (int i = 0; i < 2; i++) /* the title stands two lines under the rule */
            paragraph_put(d, "Normal", "", (Str){ "", 0 });
        break;
    case PAPER_TITLE:
        paragraph_put(d, "GwTitle", "", k->text);
        paragraph_put(d, "Normal", "", (Str){ "", 0 });
        break;
    case PAPER_SUBTITLE:
        paragraph_put(d, "GwSubtitle", "", k->text);
        break;
    case PAPER_ADDRESSEE:
        paragraph_put(d, "Normal", "", arena_text(d->a, "%.*s：", STR(k->text)));
        break;
    case PAPER_PARAGRAPH:
        paragraph_put(d, "GwBody", "", k->text);
        break;
    case PAPER_PLAIN:
        paragraph_put(d, "Normal", "", k->text);
        break;
    case PAPER_HEADING:
        heading[7] = (char)('0' + k->level);
        paragraph_put(d, heading, "", k->text);
        break;
    case PAPER_TABLE_BLOCK:
        table_put(d, k->table);
        break;
    case PAPER_ATTACHMENT:
    case PAPER_SIGNATURE:
        list_put(d, k);
        break;
    case PAPER_DATELINE:
        dateline_put(d, k);
        break;
    case PAPER_SMALL:
        paragraph_put(d, "GwSmall", "", k->text);
        break;
    case PAPER_BREAK:
        break_put(d, k->turn);
        break;
    case PAPER_BALLOT:
        ballot_put(d, k->ballot);
        break;
    case PAPER_QR:
        if (!picture_put(d, k->text, e))
            return false;
        paragraph_put(d, "GwTable", "", k->more);
        break;
    case PAPER_CARDS:
        return cards_put(d, k, e);
    }
    return true;
}

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define NS_W "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define NS_R "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define NS_WP "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
#define NS_PKG "http://schemas.openxmlformats.org/package/2006/"
#define TYPE_W "application/vnd.openxmlformats-officedocument.wordprocessingml."

static const char content_types[] = XML_HEAD
    "<Types xmlns=\"" NS_PKG "content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package"
    ".relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Default Extension=\"png\" ContentType=\"image/png\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"" TYPE_W "document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"" TYPE_W "styles+xml\"/>"
    "<Override PartName=\"/word/settings.xml\" ContentType=\"" TYPE_W "settings+xml\"/>"
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"" TYPE_W "footer+xml\"/>"
    "<Override PartName=\"/word/footer2.xml\" ContentType=\"" TYPE_W "footer+xml\"/>"
    "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-"
    "package.core-properties+xml\"/></Types>";

static const char package_rels[] = XML_HEAD
    "<Relationships xmlns=\"" NS_PKG "relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" NS_R "/officeDocument\" Target=\"word/document.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" NS_PKG "relationships/metadata/core-properties\""
    " Target=\"docProps/core.xml\"/></Relationships>";

static const char settings[] = XML_HEAD
    "<w:settings xmlns:w=\"" NS_W "\"><w:evenAndOddHeaders/>"
    "<w:characterSpacingControl w:val=\"compressPunctuation\"/>"
    "<w:compat><w:compatSetting w:name=\"compatibilityMode\""
    " w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>";

static void footer_add(Docx *d, const char *part, const char *align, const char *indent)
{
    Buf b = buf_open(1 << 14);
    buf_fmt(&b,
            XML_HEAD "<w:ftr xmlns:w=\"" NS_W "\"><w:p><w:pPr><w:pStyle w:val=\"GwNumber\"/>"
            "<w:ind %s/><w:jc w:val=\"%s\"/></w:pPr><w:r><w:t xml:space=\"preserve\">— </w:t></w:r>"
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText"
            " xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r><w:fldChar"
            " w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar"
            " w:fldCharType=\"end\"/></w:r><w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p>"
            "</w:ftr>",
            indent, align);
    print_pack_add(d->pack, part, buf_str(&b));
    buf_close(&b);
}

static void relations_add(Docx *d)
{
    Buf b = buf_open(4 << 20);
    buf_put(&b, STRC(XML_HEAD "<Relationships xmlns=\"" NS_PKG "relationships\">"
                              "<Relationship Id=\"rId1\" Type=\"" NS_R
                              "/styles\" Target=\"styles.xml\"/>"
                              "<Relationship Id=\"rId2\" Type=\"" NS_R
                              "/settings\" Target=\"settings.xml\"/>"
                              "<Relationship Id=\"rId3\" Type=\"" NS_R
                              "/footer\" Target=\"footer1.xml\"/>"
                              "<Relationship Id=\"rId4\" Type=\"" NS_R
                              "/footer\" Target=\"footer2.xml\"/>"));
    for (int i = 1; i <= d->pictures; i++)
        buf_fmt(&b,
                "<Relationship Id=\"rIdP%d\" Type=\"" NS_R
                "/image\" Target=\"media/code%d.png\"/>",
                i, i);
    buf_put(&b, STRC("</Relationships>"));
    print_pack_add(d->pack, "word/_rels/document.xml.rels", buf_str(&b));
    buf_close(&b);
}

static void about_add(Docx *d, Str title, Moment created)
{
    Buf b = buf_open(1 << 16);
    Str stamp = str_sub(moment_print(d->a, created), 0, 19);
    buf_put(&b, STRC(XML_HEAD "<cp:coreProperties xmlns:cp=\"" NS_PKG "metadata/core-properties\""
                              " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                              " xmlns:dcterms=\"http://purl.org/dc/terms/\""
                              " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
                              "<dc:title>"));
    print_xml_escape(&b, title);
    buf_fmt(&b, "</dc:title><dcterms:created xsi:type=\"dcterms:W3CDTF\">%.*sZ</dcterms:created>",
            STR(stamp));
    buf_put(&b, STRC("</cp:coreProperties>"));
    print_pack_add(d->pack, "docProps/core.xml", buf_str(&b));
    buf_close(&b);
}

static bool body_make(Docx *d, const Paper *p, Err *e)
{
    buf_put(&d->body, STRC(XML_HEAD "<w:document xmlns:w=\"" NS_W "\" xmlns:r=\"" NS_R
                                    "\" xmlns:wp=\"" NS_WP "\"><w:body>"));
    for (size_t i = 0; i < p->n_blocks; i++)
        if (!block_put(d, &p->blocks[i], e))
            return false;
    section_put(d, &d->body);
    buf_put(&d->body, STRC("</w:body></w:document>"));
    print_pack_add(d->pack, "word/document.xml", buf_str(&d->body));
    return true;
}

bool print_make_docx(Buf *out, const Paper *p, Moment created, Err *e)
{
    Docx d = { .body = buf_open(PRINT_MADE_BYTES_MAX), .pack = print_pack_open(),
               .a = arena_open(256 << 20), .turn = p->turn, .numbered = p->numbered };
    Buf styles = buf_open(1 << 16);
    bool ok = d.pack && d.a;
    if (ok) {
        print_pack_add(d.pack, "[Content_Types].xml", str_of(content_types));
        print_pack_add(d.pack, "_rels/.rels", str_of(package_rels));
        styles_put(&styles);
        print_pack_add(d.pack, "word/styles.xml", buf_str(&styles));
        print_pack_add(d.pack, "word/settings.xml", str_of(settings));
        footer_add(&d, "word/footer1.xml", "right", "w:rightChars=\"100\" w:right=\"280\"");
        footer_add(&d, "word/footer2.xml", "left", "w:leftChars=\"100\" w:left=\"280\"");
        about_add(&d, p->name, created);
        ok = body_make(&d, p, e);
        if (ok)
            relations_add(&d);
        ok = ok && ((!d.body.failed && !styles.failed && !arena_refused(d.a)) ||
                    err_fail(e, ERR_NO_MEMORY, err_hole("what", "docx")));
    } else {
        (void)err_fail(e, ERR_NO_MEMORY, err_hole("what", "docx"));
    }
    bool closed = print_pack_close(d.pack, ok ? out : NULL, e);
    buf_close(&d.body);
    buf_close(&styles);
    arena_close(d.a);
    return ok && closed;
}
