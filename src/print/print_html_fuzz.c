#include "print/part.h"

/* A page, and the lines of a PDF: what they give is text, and plain text stays as it is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str in = { (const char *)data, size };
    Buf out = buf_open(PRINT_TEXT_BYTES_MAX), plain = buf_open(PRINT_TEXT_BYTES_MAX);
    Buf again = buf_open(PRINT_TEXT_BYTES_MAX);
    Err e = { 0 };
    if (!str_valid(in))
        return 0;
    for (int turn = 0; turn < 2; turn++) {
        buf_reset(&out);
        buf_reset(&plain);
        buf_reset(&again);
        bool ok = turn == 0 ? print_parse_html(&out, in, &e) : print_join_lines(&out, in, &e);
        if (!ok && e.code == ERR_NONE)
            __builtin_trap(); /* a refusal says why */
        print_plain(&plain, buf_str(&out));
        print_plain(&again, buf_str(&plain));
        if (!str_valid(buf_str(&out)) || !str_valid(buf_str(&plain)) ||
            !str_eq(buf_str(&plain), buf_str(&again)))
            __builtin_trap();
    }
    buf_close(&out);
    buf_close(&plain);
    buf_close(&again);
    return 0;
}
