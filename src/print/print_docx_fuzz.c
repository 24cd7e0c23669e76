#include "print/part.h"

/* As for xlsx: document, numbering and styles between bytes 1E unless the input is an archive. */
static void docx_wrap(Buf *out, Str in)
{
    static const char *const parts[] = { "word/document.xml", "word/numbering.xml",
                                         "word/styles.xml" };
    Err e = { 0 };
    PrintPack *k = print_pack_open();
    Str piece, rest = in;
    print_pack_add(
        k, "_rels/.rels",
        STRC("<r><Relationship Type=\"/officeDocument\" Target=\"word/document.xml\"/></r>"));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        str_cut(rest, STRC("\x1E"), &piece, &rest);
        print_pack_add(k, parts[i], piece.n ? piece : STRC("<x/>"));
    }
    if (!print_pack_close(k, out, &e))
        buf_reset(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str in = { (const char *)data, size };
    Buf out = buf_open(PRINT_TEXT_BYTES_MAX), wrapped = buf_open(1 << 20);
    Err e = { 0 };
    if (!str_starts(in, STRC("PK"))) {
        docx_wrap(&wrapped, in);
        in = buf_str(&wrapped);
    }
    if (!print_parse_docx(&out, in, &e) && e.code == ERR_NONE)
        __builtin_trap(); /* a refusal says why */
    if (!str_valid(buf_str(&out)))
        __builtin_trap();
    buf_close(&out);
    buf_close(&wrapped);
    return 0;
}
