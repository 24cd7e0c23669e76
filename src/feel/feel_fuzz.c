/* Any bytes: read as an expression, as unary tests and as a type; what is read is evaluated with a
 * small budget, printed and read again. */
#include "feel/feel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_expr(Arena *a, Str text, bool unary)
{
    static const Str names[] = { S("Full Name"), S("profit-loss") };
    FeelNames known = { .names = names, .n = 2 };
    FeelEntry entries[] = { { S("x"), feel_int(3) }, { S("?"), feel_int(5) },
                            { S("Full Name"), feel_z("述评") } };
    FeelScope scope = { NULL, entries, 3 };
    Err e = { 0 };
    FeelExpr *x, *again;
    FeelValue v;
    FeelTrace *trace;
    FeelUse *uses;
    const FeelType *type;
    size_t n;
    if (!(unary ? feel_parse_unary : feel_parse)(&x, a, text, &known, &e))
        return;
    FeelRun run = feel_run(a, 1795452014123);
    run.work = 20000;
    bool ok = feel_names_used(&uses, &n, a, x, &e);
    ok = feel_check(&type, a, x, feel_type_of(FEEL_CONTEXT), &e) && ok;
    if (feel_explain(&trace, a, x, &scope, &run, &e))
        ok = feel_parse(&again, a, feel_print(a, trace->value), &known, &e);
    run.work = 20000;
    if (feel_eval(&v, a, x, &scope, &run, &e) && ok)
        feel_text(a, v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_open(32 << 20);
    if (!a)
        return 0;
    Str text = { (const char *)data, size };
    Err e = { 0 };
    const FeelType *type;
    size_t len;
    try_expr(a, text, false);
    try_expr(a, text, true);
    if (feel_scan(text, &len, &e) && len >= size)
        __builtin_trap();
    if (feel_type_read(&type, a, text, &e))
        feel_type_print(a, type);
    arena_close(a);
    return 0;
}
