/* Any bytes: read as a model and as a file of cases. What is read is evaluated with a small budget
 * and its tables are checked. */
#include "dmn/dmn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void eval_all(Arena *a, const DmnModel *m)
{
    static const FeelEntry entries[] = { { S("x"), { .kind = FEEL_BOOLEAN, .boolean = true } } };
    FeelRun run = feel_run(a, 1795452014123);
    DmnRun *r;
    DmnItem item;
    FeelValue v;
    DmnFinding *f;
    size_t n;
    Err e = { 0 };
    run.work = 20000;
    if (!dmn_run(&r, a, m, feel_context(entries, 1), &run, &e) || !dmn_explain(r))
        return;
    for (size_t i = 0; dmn_item(&item, a, m, i); i++) {
        if (item.kind != DMN_INPUT && dmn_eval(&v, r, item.name, &e))
            feel_text(a, v);
        if (item.has_table && dmn_check(&f, &n, a, m, item.name, &e) && n > 0)
            dmn_finding_print(a, m, item.name, &f[0]);
    }
    for (size_t i = 0; i < run.n_diags; i++)
        feel_diag_err(&run.diags[i], &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char cases[] =
        "<testCases xmlns='http://www.omg.org/spec/DMN/20160719/testcase'><testCase id='1'>"
        "<resultNode name='a'><expected><value/></expected></resultNode></testCase></testCases>";
    Arena *a = arena_open(64 << 20);
    Str text = { (const char *)data, size }, name;
    DmnSource sources[2] = { { STRC("a.dmn"), text }, { STRC("b.dmn"), text } };
    const DmnModel *m;
    DmnCase *found;
    size_t n;
    Err e = { 0 };
    if (!a)
        return 0;
    if (dmn_read(&m, a, sources, 2, &e))
        eval_all(a, m);
    if (dmn_cases_model(&name, a, STRC("c.xml"), text, &e) &&
        dmn_cases(&found, &n, a, STRC("c.xml"), text, sources, 1, &e))
        __builtin_trap(); /* one text cannot be both */
    if (dmn_cases(&found, &n, a, STRC("c.xml"), str_of(cases), sources, 1, &e) && n != 1)
        __builtin_trap();
    arena_close(a);
    return 0;
}
