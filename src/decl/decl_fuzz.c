/* Any bytes: read or refused, never both. What was read prints canonically, and that text reads
 * back as itself. */
#include "decl/decl.h"

#include <stdlib.h>

/* Up to the first ";", as good as any expression language here. */
static bool scan(Str text, size_t *len, Err *e)
{
    ptrdiff_t at = str_find(text, STRC(";"));
    if (at < 0)
        return err_fail(e, ERR_BAD_TEXT, err_hole("what", "x"));
    *len = (size_t)at;
    return true;
}

static bool read_all(Str text, Buf *canon)
{
    static const DeclRaw raw[] = { { S("guard"), S("") }, { S("veto"), S("when") } };
    Err e;
    DeclItem item = { .n = 1 };
    DeclReader *r;
    Arena *a = arena_open(8 << 20);
    DeclSource src = { STRC("fuzz"), text, scan, canon };
    bool ok = decl_open(&r, a, &src, &e);
    size_t depth = 0;
    do {
        ok = ok && decl_item(&item, r, raw, 2, &e);
        depth += ok && item.block;
    } while (ok && (item.n > 0 || depth-- > 0));
    arena_close(a);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    Buf one = buf_open(16 << 20), two = buf_open(16 << 20);
    if (read_all((Str){ (const char *)p, n }, &one) &&
        (!read_all(buf_str(&one), &two) || !str_eq(buf_str(&one), buf_str(&two))))
        abort();
    buf_close(&one);
    buf_close(&two);
    return 0;
}
