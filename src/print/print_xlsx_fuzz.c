#include "print/part.h"

/* Rows and cells rise, and every text is text. */
static void xlsx_check(const Grid *g)
{
    for (size_t r = 0; r < g->n_rows; r++) {
        if (r > 0 && g->rows[r].number <= g->rows[r - 1].number)
            __builtin_trap();
        for (size_t c = 0; c < g->rows[r].n; c++)
            if (!str_valid(g->rows[r].cells[c].text) ||
                (c > 0 && g->rows[r].cells[c].column <= g->rows[r].cells[c - 1].column))
                __builtin_trap();
    }
}

/* Checksums keep a fuzzer out of archives: unless the input is one, its pieces between bytes 1E
 * become the sheet, the shared strings, the styles and the workbook of an archive. */
static void xlsx_wrap(Buf *out, Str in)
{
    static const char *const parts[] = { "xl/a.xml", "xl/sharedStrings.xml", "xl/styles.xml",
                                         "xl/workbook.xml" };
    static const char rels[] =
        "<r><Relationship Id=\"a\" Type=\"/worksheet\" Target=\"a.xml\"/>"
        "<Relationship Id=\"b\" Type=\"/sharedStrings\" Target=\"sharedStrings.xml\"/>"
        "<Relationship Id=\"c\" Type=\"/styles\" Target=\"styles.xml\"/></r>";
    Err e = { 0 };
    PrintPack *k = print_pack_open();
    Str piece, rest = in;
    print_pack_add(k, "_rels/.rels",
                   STRC("<r><Relationship Type=\"/officeDocument\" "
                        "Target=\"xl/workbook.xml\"/></r>"));
    print_pack_add(k, "xl/_rels/workbook.xml.rels", str_of(rels));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        str_cut(rest, STRC("\x1E"), &piece, &rest);
        if (i == 3 && piece.n == 0)
            piece = STRC("<w><sheet name=\"s\" id=\"a\"/></w>");
        print_pack_add(k, parts[i], piece.n ? piece : STRC("<x/>"));
    }
    if (!print_pack_close(k, out, &e))
        buf_reset(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str in = { (const char *)data, size };
    Buf wrapped = buf_open(1 << 20);
    Arena *a = arena_open(64 << 20);
    GridBook *b = a ? grid_open(a) : NULL;
    Err e = { 0 };
    if (!str_starts(in, STRC("PK"))) {
        xlsx_wrap(&wrapped, in);
        in = buf_str(&wrapped);
    }
    if (b && !print_parse_xlsx(b, in, &e) && e.code == ERR_NONE)
        __builtin_trap(); /* a refusal says why */
    for (size_t i = 0; b && i < b->n_grids; i++)
        xlsx_check(&b->grids[i]);
    arena_close(a);
    buf_close(&wrapped);
    return 0;
}
