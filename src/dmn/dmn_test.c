/* Models of our own for every construct, with what they give as golden files; what is refused and
 * where; limits; memory refused; the check of tables. */
#include "dmn/dmn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SPACE15 "https://www.omg.org/spec/DMN/20230324/MODEL/"
#define OPEN "<definitions xmlns='" SPACE15 "' namespace='urn:t' name='t'>"
#define CLOSE "</definitions>"

static Str read_file(Arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *text = arena_alloc(a, 1 << 20);
    size_t n = fread(text, 1, 1 << 20, f);
    assert_true(n < 1 << 20);
    fclose(f);
    return (Str){ text, n };
}

static const DmnModel *read_model(Arena *a, const char *name)
{
    char path[200], lib[] = "src/dmn/models/lib.dmn";
    snprintf(path, sizeof path, "src/dmn/models/%s.dmn", name);
    DmnSource sources[] = { { str_of(path), read_file(a, path) },
                            { str_of(lib), read_file(a, lib) } };
    const DmnModel *m = NULL;
    Err e = { 0 };
    bool ok = dmn_read(&m, a, sources, 2, &e);
    if (!ok)
        print_error("%s: %s %s\n", path, err_name(e.code), e.trail);
    assert_true(ok);
    return m;
}

static const DmnModel *model_of(Arena *a, const char *text, Err *e)
{
    DmnSource s = { STRC("t.dmn"), str_of(text) };
    const DmnModel *m = NULL;
    return dmn_read(&m, a, &s, 1, e) ? m : NULL;
}

static FeelValue value_of(Arena *a, Str text)
{
    FeelExpr *x;
    FeelValue v;
    Err e = { 0 };
    FeelRun run = feel_run(a, 0);
    assert_true(feel_parse(&x, a, text, NULL, &e));
    assert_true(feel_eval(&v, a, x, NULL, &run, &e));
    return v;
}

/* --- golden --------------------------------------------------------------------------------- */
static void put_diags(Buf *b, const FeelRun *run)
{
    for (size_t i = 0; i < run->n_diags; i++) {
        char text[2000];
        Err e = { 0 };
        feel_diag_err(&run->diags[i], &e);
        err_print(&e, LANG_EN, text, sizeof text);
        buf_fmt(b, "  ! %.*s (%u): %s\n", STR(run->diags[i].where), run->diags[i].file_line, text);
    }
}

static void put_inputs(Buf *b, Arena *a, const DmnModel *m, Str line)
{
    FeelRun run = feel_run(a, 1795452014123);
    DmnRun *r;
    DmnItem item;
    FeelValue v;
    Err e = { 0 };
    buf_fmt(b, "\n%.*s\n", STR(line));
    assert_true(dmn_run(&r, a, m, value_of(a, line), &run, &e));
    for (size_t i = 0; dmn_item(&item, a, m, i); i++) {
        if (item.kind != DMN_DECISION || item.imported)
            continue;
        assert_true(dmn_eval(&v, r, item.name, &e));
        buf_fmt(b, "  %.*s = %.*s\n", STR(item.name), STR(feel_print(a, v)));
    }
    put_diags(b, &run);
}

static void check_golden(Buf *b, Arena *a, const char *path)
{
    assert_false(b->failed);
    if (getenv("GOLDEN")) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(b->p, 1, b->n, f), b->n);
        assert_int_equal(fclose(f), 0);
    }
    Str want = read_file(a, path);
    assert_string_equal(arena_z(a, buf_str(b)), arena_z(a, want));
}

static void golden(void **state)
{
    static const char *const names[] = { "hits", "boxes", "types", "services", "v11", "v12",
                                         "v13", "v14", "faults" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Arena *a = arena_open(64 << 20);
        Buf b = buf_open(1 << 20);
        char path[200], text[1200];
        const DmnModel *m = read_model(a, names[i]);
        for (size_t k = 0; dmn_fault(m, k); k++) {
            err_print(dmn_fault(m, k), LANG_EN, text, sizeof text);
            buf_fmt(&b, "fault: %s [%s]\n", text, dmn_fault(m, k)->trail);
        }
        snprintf(path, sizeof path, "src/dmn/models/%s.in", names[i]);
        Str rest = read_file(a, path), line;
        while (str_cut(rest, STRC("\n"), &line, &rest))
            put_inputs(&b, a, m, line);
        snprintf(path, sizeof path, "src/dmn/models/%s.golden", names[i]);
        check_golden(&b, a, path);
        buf_close(&b);
        arena_close(a);
    }
}

/* --- looking in, calling by hand, explaining ------------------------------------------------ */
static void items(void **state)
{
    (void)state;
    Arena *a = arena_open(16 << 20);
    const DmnModel *m = read_model(a, "services");
    DmnItem item;
    size_t n[4] = { 0 }, imported = 0;
    for (size_t i = 0; dmn_item(&item, a, m, i); i++) {
        n[item.kind]++;
        imported += item.imported;
        if (item.imported && item.kind == DMN_DECISION)
            assert_true(str_is(item.name, "库.一半"));
    }
    assert_int_equal(n[DMN_SERVICE], 3);
    assert_int_equal(n[DMN_KNOWLEDGE], 4);
    assert_int_equal(imported, 3);
    arena_close(a);
}

static void call_by_hand(void **state)
{
    static const struct {
        const char *name, *inputs, *want;
    } rows[] = {
        { "算一个", "{甲: 1, 乙: 2}", "6" },
        { "算两个", "{甲: 1, 乙: \"2\"}", "{两数和: 3, 加倍: 6}" },
        { "从中间", "{两数和: 21}", "42" },
        { "从中间", "{两数和: \"x\"}", "null" },
        { "阶乘", "{n: 5}", "120" },
        { "库.取 整", "{x: 2.9}", "2" },
        { "库.一半", "{总数: 9}", "4.5" },
        { "库.一半", "{库: {总数: 5}}", "2.5" },
    };
    (void)state;
    Arena *a = arena_open(16 << 20);
    const DmnModel *m = read_model(a, "services");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        FeelRun run = feel_run(a, 0);
        DmnRun *r;
        FeelValue v;
        Err e = { 0 };
        assert_true(dmn_run(&r, a, m, value_of(a, str_of(rows[i].inputs)), &run, &e));
        assert_true(dmn_eval(&v, r, str_of(rows[i].name), &e));
        assert_string_equal(arena_z(a, feel_print(a, v)), rows[i].want);
    }
    FeelRun run = feel_run(a, 0);
    DmnRun *r;
    FeelValue v;
    Err e = { 0 };
    assert_true(dmn_run(&r, a, m, feel_context(NULL, 0), &run, &e));
    assert_false(dmn_eval(&v, r, STRC("没有"), &e));
    assert_int_equal(e.code, ERR_DMN_NONE);
    arena_close(a);
}

static void explanation(void **state)
{
    (void)state;
    Arena *a = arena_open(16 << 20);
    const DmnModel *m = read_model(a, "hits");
    FeelRun run = feel_run(a, 0);
    DmnRun *r;
    FeelValue v;
    Err e = { 0 };
    assert_true(dmn_run(&r, a, m, value_of(a, STRC("{得分: 95}")), &run, &e));
    const FeelTrace *top = dmn_explain(r);
    assert_non_null(top);
    assert_true(dmn_eval(&v, r, STRC("首个"), &e));
    const FeelTrace *t = top->first;
    assert_true(str_is(t->text, "首个"));
    assert_true(str_is(t->value.string, "合格"));
    bool rule = false;
    for (t = t->first; t && t->first && !rule; t = t->first) /* down to the table */
        for (const FeelTrace *k = t->first; k; k = k->next)
            rule |= str_is(k->text, "R1 及格线");
    assert_true(rule);
    arena_close(a);
}

/* --- refused -------------------------------------------------------------------------------- */
#define DECISION(id, needs, text)                                                                  \
    "<decision id='" id "' name='" id "'>" needs "<literalExpression><text>" text                  \
    "</text></literalExpression></decision>"
#define NEED(id)                                                                                   \
    "<informationRequirement><requiredDecision href='#" id "'/></informationRequirement>"

static void refused(void **state)
{
    static const struct {
        const char *text;
        ErrCode code;
        const char *line;
    } rows[] = {
        { "", ERR_DMN_XML, "1" },
        { "<a>\n<b></a>", ERR_DMN_XML, "2" },
        { "<definitions xmlns='urn:other'/>", ERR_DMN_SPACE, "" },
        { "<definitions/>", ERR_DMN_SPACE, "" },
        { "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", ERR_DMN_DTD, "1" },
        { "<?xml version='1.0'?>\n<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", ERR_DMN_DTD, "2" },
        { OPEN "\n" DECISION("a", NEED("b"), "1") CLOSE, ERR_DMN_REF, "2" },
        { OPEN DECISION("a", NEED("a"), "1") CLOSE, ERR_DMN_CIRCLE, "1" },
        { OPEN DECISION("a", NEED("b"), "1") "\n" DECISION("b", NEED("a"), "1") CLOSE,
          ERR_DMN_CIRCLE, "1" },
        { OPEN "<inputData id='i' name='i'>\n<variable name='i' typeRef='tNone'/></inputData>"
          CLOSE,
          ERR_DMN_TYPE, "2" },
        { OPEN "\n<itemDefinition name='a'><typeRef>a</typeRef></itemDefinition>" CLOSE,
          ERR_DMN_CIRCLE, "2" },
        { OPEN "<itemDefinition name='a'><typeRef>b</typeRef></itemDefinition>"
               "<itemDefinition name='b'><typeRef>a</typeRef></itemDefinition>" CLOSE,
          ERR_DMN_CIRCLE, "1" },
        { OPEN "<itemDefinition name='a'><typeRef>number</typeRef>"
               "<allowedValues><text>[1..</text></allowedValues></itemDefinition>" CLOSE,
          ERR_FEEL_SYNTAX, "1" },
        { OPEN "\n\n<import name='x' namespace='urn:gone' importType='" SPACE15 "'/>" CLOSE,
          ERR_DMN_IMPORT, "3" },
        { OPEN "<decision id='a' name='a'><decisionTable hitPolicy='BEST'><output/></decisionTable>"
               "</decision>" CLOSE, ERR_DMN_SHAPE, "1" },
        { OPEN "<decision id='a' name='a'><decisionTable/></decision>" CLOSE, ERR_DMN_SHAPE, "1" },
        { OPEN "<decision id='a' name='a'><decisionTable><input><inputExpression><text>1</text>"
               "</inputExpression></input><output/>\n<rule><outputEntry><text>1</text>"
               "</outputEntry></rule></decisionTable></decision>" CLOSE, ERR_DMN_SHAPE, "2" },
        { OPEN "<decision id='a' name='a'><decisionTable><output/><rule><outputEntry><text>1</text>"
               "</outputEntry>\n<outputEntry><text>2</text></outputEntry></rule></decisionTable>"
               "</decision>" CLOSE, ERR_DMN_SHAPE, "2" },
        { OPEN "<decision id='a' name='a'><conditional><if/></conditional></decision>" CLOSE,
          ERR_DMN_SHAPE, "1" },
        { OPEN "<decision id='a' name='a'><for><in/></for></decision>" CLOSE, ERR_DMN_SHAPE, "1" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(16 << 20);
        Err e = { 0 };
        bool none = model_of(a, rows[i].text, &e) == NULL;
        if (!none || e.code != rows[i].code)
            print_error("row %zu: %s\n", i, err_name(e.code));
        assert_true(none);
        assert_int_equal(e.code, rows[i].code);
        assert_string_equal(arena_z(a, err_get(&e, "line")), rows[i].line);
        arena_close(a);
    }
}

/* --- limits --------------------------------------------------------------------------------- */
static ErrCode code_of(Str text)
{
    Arena *a = arena_open(512 << 20);
    Err e = { 0 };
    DmnSource s = { STRC("t.dmn"), text };
    const DmnModel *m;
    bool ok = dmn_read(&m, a, &s, 1, &e);
    arena_close(a);
    return ok ? ERR_NONE : e.code;
}

static void repeat(Buf *b, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_put(b, str_of(text));
}

static ErrCode nested(size_t depth)
{
    Buf b = buf_open(1 << 20);
    buf_put(&b, STRC(OPEN "<decision id='a' name='a'>"));
    repeat(&b, "<list>", depth - 2);
    repeat(&b, "</list>", depth - 2);
    buf_put(&b, STRC("</decision>" CLOSE));
    ErrCode code = code_of(buf_str(&b));
    buf_close(&b);
    return code;
}

static ErrCode of_size(size_t bytes)
{
    Buf b = buf_open(DMN_BYTES_MAX + 100);
    buf_put(&b, STRC(OPEN));
    while (b.n < bytes - strlen(CLOSE))
        buf_putc(&b, ' ');
    buf_put(&b, STRC(CLOSE));
    ErrCode code = code_of(buf_str(&b));
    buf_close(&b);
    return code;
}

static ErrCode elements(const char *one, size_t n)
{
    Buf b = buf_open(DMN_BYTES_MAX);
    buf_put(&b, STRC(OPEN));
    repeat(&b, one, n);
    buf_put(&b, STRC(CLOSE));
    assert_false(b.failed);
    ErrCode code = code_of(buf_str(&b));
    buf_close(&b);
    return code;
}

static ErrCode rules(size_t n)
{
    Buf b = buf_open(DMN_BYTES_MAX);
    buf_put(&b, STRC(OPEN "<decision id='a' name='a'><decisionTable><output/>"));
    repeat(&b, "<rule><outputEntry><text>1</text></outputEntry></rule>", n);
    buf_put(&b, STRC("</decisionTable></decision>" CLOSE));
    ErrCode code = code_of(buf_str(&b));
    buf_close(&b);
    return code;
}

static ErrCode chain(size_t n)
{
    Buf b = buf_open(1 << 20);
    buf_put(&b, STRC(OPEN));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "<decision id='d%zu' name='d%zu'><informationRequirement><requiredDecision "
                    "href='#d%zu'/></informationRequirement></decision>", i, i, i + 1);
    buf_fmt(&b, "<decision id='d%zu' name='last'/>" CLOSE, n);
    ErrCode code = code_of(buf_str(&b));
    buf_close(&b);
    return code;
}

static void limits(void **state)
{
    (void)state;
    assert_int_equal(nested(DMN_DEPTH_MAX), ERR_NONE);
    assert_int_equal(nested(DMN_DEPTH_MAX + 1), ERR_TOO_BIG);
    assert_int_equal(nested(10000), ERR_TOO_BIG);
    assert_int_equal(of_size(DMN_BYTES_MAX), ERR_NONE);
    assert_int_equal(of_size(DMN_BYTES_MAX + 1), ERR_TOO_BIG);
    assert_int_equal(elements("<x/>", DMN_NODES_MAX - 1), ERR_NONE);
    assert_int_equal(elements("<x/>", DMN_NODES_MAX), ERR_TOO_BIG);
    assert_int_equal(elements("<inputData name='i'/>", DMN_ELEMENTS_MAX), ERR_NONE);
    assert_int_equal(elements("<inputData name='i'/>", DMN_ELEMENTS_MAX + 1), ERR_TOO_BIG);
    assert_int_equal(rules(DMN_RULES_MAX), ERR_NONE);
    assert_int_equal(rules(DMN_RULES_MAX + 1), ERR_TOO_BIG);
    assert_int_equal(chain(300), ERR_NONE);
    assert_int_equal(chain(301), ERR_DMN_CHAIN);
}

static void limit_of_files(void **state)
{
    (void)state;
    static DmnSource const one = { S("t.dmn"), S(OPEN CLOSE) };
    Arena *a = arena_open(16 << 20);
    DmnSource *s = ARENA_ARRAY(a, DmnSource, DMN_FILES_MAX + 1);
    const DmnModel *m;
    Err e = { 0 };
    for (size_t i = 0; i <= DMN_FILES_MAX; i++)
        s[i] = one;
    assert_true(dmn_read(&m, a, s, DMN_FILES_MAX, &e));
    assert_false(dmn_read(&m, a, s, DMN_FILES_MAX + 1, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    arena_close(a);
}

static void limit_of_clauses(void **state)
{
    (void)state;
    for (size_t n = DMN_CLAUSES_MAX; n <= DMN_CLAUSES_MAX + 1; n++) {
        Buf b = buf_open(1 << 20);
        buf_put(&b, STRC(OPEN "<decision id='a' name='a'><decisionTable>"));
        repeat(&b, "<output/>", n);
        buf_put(&b, STRC("</decisionTable></decision>" CLOSE));
        assert_int_equal(code_of(buf_str(&b)), n > DMN_CLAUSES_MAX ? ERR_TOO_BIG : ERR_NONE);
        buf_close(&b);
    }
}

/* Faults beyond the most that are listed are still faults of their own expressions. */
static void limit_of_faults(void **state)
{
    (void)state;
    Arena *a = arena_open(256 << 20);
    Buf b = buf_open(1 << 20);
    Err e = { 0 };
    size_t n = 0;
    buf_put(&b, STRC(OPEN));
    repeat(&b, DECISION("a", "", "1 +"), DMN_FAULTS_MAX + 1);
    buf_put(&b, STRC(CLOSE));
    const DmnModel *m = model_of(a, arena_z(a, buf_str(&b)), &e);
    assert_non_null(m);
    while (dmn_fault(m, n))
        n++;
    assert_int_equal(n, DMN_FAULTS_MAX);
    buf_close(&b);
    arena_close(a);
}

/* Knowledge models that call each other for ever end at a limit, not at the stack's. */
static void endless(void **state)
{
    static const char text[] =
        OPEN "<businessKnowledgeModel id='k' name='k'><encapsulatedLogic>"
             "<formalParameter name='n'/><literalExpression><text>k(n + 1)</text>"
             "</literalExpression></encapsulatedLogic></businessKnowledgeModel>"
             "<decision id='a' name='a'><knowledgeRequirement><requiredKnowledge href='#k'/>"
             "</knowledgeRequirement><literalExpression><text>k(1)</text></literalExpression>"
             "</decision>"
             "<decisionService id='s' name='s'><outputDecision href='#b'/></decisionService>"
             "<decision id='b' name='b'><knowledgeRequirement><requiredKnowledge href='#s'/>"
             "</knowledgeRequirement><literalExpression><text>s()</text></literalExpression>"
             "</decision>" CLOSE;
    (void)state;
    for (int i = 0; i < 2; i++) {
        Arena *a = arena_open(64 << 20);
        Err e = { 0 };
        FeelRun run = feel_run(a, 0);
        DmnRun *r;
        FeelValue v;
        const DmnModel *m = model_of(a, text, &e);
        assert_non_null(m);
        assert_true(dmn_run(&r, a, m, feel_context(NULL, 0), &run, &e));
        assert_false(dmn_eval(&v, r, i ? STRC("b") : STRC("a"), &e));
        assert_int_equal(e.code, ERR_FEEL_DEPTH);
        arena_close(a);
    }
}

/* Whatever the memory, a model is read whole or refused for want of it. */
static void memory_refused(void **state)
{
    (void)state;
    Arena *texts = arena_open(16 << 20);
    Str text = read_file(texts, "src/dmn/models/boxes.dmn");
    size_t ends = 0;
    for (size_t cap = 1024; cap < 4 << 20; cap += cap / 7) {
        Arena *a = arena_open(cap);
        Err e = { 0 };
        DmnSource s = { STRC("boxes.dmn"), text };
        const DmnModel *m;
        if (!a)
            continue;
        if (!dmn_read(&m, a, &s, 1, &e)) {
            assert_int_equal(e.code, ERR_NO_MEMORY);
            ends++;
        }
        arena_close(a);
    }
    assert_true(ends > 3);
    arena_close(texts);
}

/* --- the check of tables -------------------------------------------------------------------- */
#define INPUT(text, type)                                                                          \
    "<input><inputExpression typeRef='" type "'><text>" text "</text></inputExpression></input>"
#define RULE1(a, out)                                                                              \
    "<rule><inputEntry><text>" a "</text></inputEntry><outputEntry><text>" out                     \
    "</text></outputEntry></rule>"
#define RULE2(a, b, out)                                                                           \
    "<rule><inputEntry><text>" a "</text></inputEntry><inputEntry><text>" b                        \
    "</text></inputEntry><outputEntry><text>" out "</text></outputEntry></rule>"
#define TABLE(hit, body)                                                                           \
    OPEN "<inputData id='x' name='x'/><inputData id='y' name='y'/><decision id='t' name='t'>"      \
         "<informationRequirement><requiredInput href='#x'/></informationRequirement>"             \
         "<informationRequirement><requiredInput href='#y'/></informationRequirement>"             \
         "<decisionTable hitPolicy='" hit "'>" body "</decisionTable></decision>" CLOSE

static void gaps_and_overlaps(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { TABLE("UNIQUE", INPUT("x", "number") "<output/>" RULE1("&lt; 60", "1")
                RULE1("&gt;= 60", "2")), "" },
        { TABLE("UNIQUE", INPUT("x", "number") "<output/>" RULE1("&lt; 60", "1")
                RULE1("&gt; 60", "2")), "gap x = 60" },
        { TABLE("UNIQUE", INPUT("x", "number") "<output/>" RULE1("&lt;= 60", "1")
                RULE1("&gt;= 60", "2")), "1-2 x = 60" },
        { TABLE("UNIQUE", INPUT("x", "number") "<output/>" RULE1("[0..59]", "1")
                RULE1("[60..100]", "2")), "gap x = -1" },
        { TABLE("UNIQUE", "<input><inputExpression typeRef='number'><text>x</text>"
                "</inputExpression><inputValues><text>[0..100]</text></inputValues></input>"
                "<output/>"
                RULE1("[0..59]", "1") RULE1("[60..100]", "2")), "gap x = 59.5" },
        { TABLE("UNIQUE", INPUT("x", "string") "<output/>" RULE1("\"a\", \"b\"", "1")
                RULE1("not(\"a\")", "2")), "1-2 x = \"b\"" },
        { TABLE("UNIQUE", INPUT("x", "string") "<output/>" RULE1("\"a\"", "1")),
          "gap x = \"(other)\"" },
        { TABLE("UNIQUE", INPUT("x", "boolean") "<output/>" RULE1("true", "1")),
          "gap x = false" },
        { TABLE("UNIQUE", INPUT("x", "date") "<output/>" RULE1("&lt; @\"2026-01-01\"", "1")
                RULE1("&gt; date(\"2026-01-01\")", "2")), "gap x = @\"2026-01-01\"" },
        { TABLE("UNIQUE", INPUT("x", "number") INPUT("y", "boolean") "<output/>"
                RULE2("&lt; 5", "true", "1") RULE2("&gt;= 5", "-", "2")),
          "gap x = 4, y = false" },
        { TABLE("UNIQUE", INPUT("x", "number") INPUT("y", "boolean") "<output/>"
                RULE2("&lt; 5", "-", "1") RULE2("&gt;= 5", "-", "2") RULE2("7", "true", "3")),
          "2-3 x = 7, y = true" },
        { TABLE("ANY", INPUT("x", "number") "<output/>" RULE1("-", "1") RULE1("5", "1")), "" },
        { TABLE("ANY", INPUT("x", "number") "<output/>" RULE1("-", "1") RULE1("5", "2")),
          "1-2 x = 5" },
        { TABLE("FIRST", INPUT("x", "number") "<output/>" RULE1("5", "1") RULE1("-", "2")), "" },
        { TABLE("COLLECT", INPUT("x", "number") "<output/>" RULE1("5", "1")), "" },
        { TABLE("UNIQUE", INPUT("x", "number")
                "<output><defaultOutputEntry><text>0</text></defaultOutputEntry></output>"
                RULE1("5", "1")), "" },
        { TABLE("UNIQUE", INPUT("x", "number") "<output/>" RULE1("&lt; y", "1")), "? x" },
        { TABLE("UNIQUE", INPUT("x", "number") "<output/>" RULE1("? &lt; 5 or ? > 10", "1")
                RULE1("[5..10)", "2")), "gap x = 10" },
        { TABLE("PRIORITY", INPUT("x", "number") "<output/>"), "gap x = 0" }, /* no rule at all */
        { TABLE("UNIQUE", "<input><inputExpression typeRef='number'><text>x</text>"
                "</inputExpression><inputValues><text>? &gt; 5 and ? &lt; 5</text></inputValues>"
                "</input><output/>" RULE1("7", "1")), "? x" }, /* nothing is let in */
        { TABLE("UNIQUE", INPUT("x", "number") "<input><inputExpression typeRef='number'>"
                "<text>y</text></inputExpression><inputValues><text>? &gt; 5 and ? &lt; 5</text>"
                "</inputValues></input><output/>" RULE2("7", "7", "1")), "? y" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(32 << 20);
        Err e = { 0 };
        DmnFinding *f = NULL;
        size_t n = 0;
        Str got = STRC("");
        const DmnModel *m = model_of(a, rows[i].text, &e);
        assert_non_null(m);
        if (!dmn_check(&f, &n, a, m, STRC("t"), &e)) {
            assert_int_equal(e.code, ERR_DMN_CHECK);
            got = arena_text(a, "? %.*s", STR(err_get(&e, "clause")));
        } else if (n) {
            Str values = dmn_finding_print(a, m, STRC("t"), &f[0]);
            got = f[0].gap ? arena_text(a, "gap %.*s", STR(values))
                           : arena_text(a, "%zu-%zu %.*s", f[0].first, f[0].second, STR(values));
        }
        if (!str_is(got, rows[i].want))
            print_error("row %zu\n", i);
        assert_string_equal(arena_z(a, got), rows[i].want);
        arena_close(a);
    }
}

/* A column of a hundred classes in each of four inputs: more combinations than are visited, unless
 * a branch is decided early. */
static Str wide_table(Arena *a, const char *hit, int ins, int n, const char *test)
{
    Buf b = buf_open(4 << 20);
    buf_fmt(&b, OPEN "<decision id='t' name='t'><decisionTable hitPolicy='%s'>", hit);
    for (int i = 0; i < ins; i++)
        buf_put(&b, STRC(INPUT("1", "number")));
    buf_put(&b, STRC("<output/>"));
    for (int r = 0; r < n; r++) {
        buf_put(&b, STRC("<rule>"));
        for (int i = 0; i < ins; i++)
            buf_fmt(&b, "<inputEntry><text>%s%d%s</text></inputEntry>", test, r,
                    test[0] == 'n' ? ")" : "");
        buf_put(&b, STRC("<outputEntry><text>1</text></outputEntry></rule>"));
    }
    buf_put(&b, STRC("</decisionTable></decision>" CLOSE));
    assert_false(b.failed);
    Str text = arena_str(a, buf_str(&b));
    buf_close(&b);
    return text;
}

static void limits_of_check(void **state)
{
    (void)state;
    Arena *a = arena_open(512 << 20);
    Err e = { 0 };
    DmnFinding *f;
    size_t n;
    const DmnModel *m = model_of(a, arena_z(a, wide_table(a, "FIRST", 4, 100, "not(")), &e);
    assert_non_null(m);
    assert_false(dmn_check(&f, &n, a, m, STRC("t"), &e));
    assert_int_equal(e.code, ERR_DMN_CHECK);
    m = model_of(a, arena_z(a, wide_table(a, "UNIQUE", 1, 60, "&gt; ")), &e);
    assert_non_null(m);
    assert_true(dmn_check(&f, &n, a, m, STRC("t"), &e));
    assert_int_equal(n, DMN_FINDINGS_MAX);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden),          cmocka_unit_test(items),
        cmocka_unit_test(call_by_hand),    cmocka_unit_test(explanation),
        cmocka_unit_test(refused),         cmocka_unit_test(limits),
        cmocka_unit_test(limit_of_files),  cmocka_unit_test(limit_of_clauses),
        cmocka_unit_test(limit_of_faults), cmocka_unit_test(endless),
        cmocka_unit_test(memory_refused),  cmocka_unit_test(gaps_and_overlaps),
        cmocka_unit_test(limits_of_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
