#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pack/scheme.h"

#define INSTRUMENT                                                                                 \
    "instrument review { title \"测评\"; complete all; item overall \"总体\"; item duty \"履职\";" \
    " option good \"好\" 4; option fair \"一般\" 2; option unknown \"不了解\" excluded;"           \
    " invalid double \"多选\"; %s }\n"
#define GROUPS "group a \"甲\" weight 0.6 merge b; group b \"乙\" weight 0.4;\n"
#define PARTS                                                                                      \
    "part work \"工作\" from 0 to 100 missing refuse;"                                             \
    " part extra \"附加\" from 0 to 100 missing renormalise; event bonus \"加分\" from 0 to 2;\n"
#define NODES "node base \"基础\" { sum review.score 0.5; sum work 0.3; sum extra 0.2; }\n"
#define BANDS                                                                                      \
    "band good \"好\" from 60 closed to 100 closed; band poor \"差\" from 0 closed to 60 open;"    \
    " top good;\n"

typedef struct Bench {
    Arena *a;
    Err e;
} Bench;

static int bench_open(void **state)
{
    Bench *b = calloc(1, sizeof *b);
    if (!b || !(b->a = arena_open(64 << 20)))
        return -1;
    *state = b;
    return 0;
}

static int bench_close(void **state)
{
    Bench *b = *state;
    arena_close(b->a);
    free(b);
    return 0;
}

/* A scheme from pieces: what stands in the instrument, and what follows it. */
static Str scheme_text(Bench *b, const char *in_instrument, const char *rest)
{
    Str instrument = arena_text(b->a, INSTRUMENT, in_instrument);
    return arena_text(b->a, "scheme s {\ntitle \"方案\"; cite \"例\";\n%.*s%s}\n", STR(instrument),
                      rest);
}

static bool parse(Bench *b, Scheme *s, Str text)
{
    return pack_scheme_parse(s, b->a, STRC("s.pack"), text, &b->e);
}

static Scheme parsed(Bench *b, Str text)
{
    Scheme s = { .n_nodes = 0 };
    if (!parse(b, &s, text)) {
        char sentence[1200];
        err_print(&b->e, LANG_HANS, sentence, sizeof sentence);
        fail_msg("%s [%s]", sentence, b->e.trail);
    }
    return s;
}

static void refused(Bench *b, Str text, ErrCode code, const char *says)
{
    Scheme s;
    char sentence[1200];
    if (parse(b, &s, text))
        fail_msg("accepted: %.*s", STR(text));
    err_print(&b->e, LANG_HANS, sentence, sizeof sentence);
    if (b->e.code != code || !strstr(sentence, says))
        fail_msg("%s: %s (wanted %s, \"%s\")", err_name(b->e.code), sentence, err_name(code), says);
}

static void reads_all_it_says(void **state)
{
    Bench *b = *state;
    Scheme s = parsed(b, scheme_text(b, "", GROUPS PARTS NODES "total base;" BANDS
        " non_top at_least 0.15; top_share at_most 0.4;"
        " veto v \"否决\" { when count(bonus) > 9; gives poor; }"
        " gate g \"门槛\" { when review.a.overall < 60 and base > 1; bars good; }"
        " class org.sector;"));
    assert_true(str_is(s.name, "s") && str_is(s.title, "方案"));
    assert_int_equal(s.n_groups, 2);
    assert_int_equal(s.groups[0].merge, 1);
    assert_int_equal(s.groups[1].merge, -1);
    assert_int_equal(s.parts[1].missing, SCHEME_RENORMALISE);
    assert_true(s.events[0].ranged && s.has_non_top && s.has_top_share && s.class_of);
    assert_int_equal(s.n_nodes, 1);
    assert_true(str_is(s.nodes[0].source, "review.score * 0.5 + work * 0.3 + extra * 0.2"));
    assert_int_equal(s.gates[0].n_terms, 2);
    assert_true(str_is(s.gates[0].terms[0].name, "review.a.overall"));
    assert_true(str_is(s.gates[0].terms[1].name, "base"));
    assert_true(s.instruments[0].options[2].excluded);
    assert_int_equal(pack_scheme_grade(&s, dec_int(60)), 0);
    assert_int_equal(pack_scheme_grade(&s, dec_scaled(5999, 2)), 1);
    assert_int_equal(pack_scheme_grade(&s, dec_int(101)), -1);
    assert_int_equal(pack_scheme_grade(&s, dec_int(-1)), -1);
}

/* The hash is over the canonical text: comments and blanks do not count, words do. */
static void hash_of_the_meaning(void **state)
{
    Bench *b = *state;
    const char *rest = GROUPS PARTS NODES "total base;" BANDS;
    Scheme one = parsed(b, scheme_text(b, "", rest));
    Str text = scheme_text(b, "# 注释\n", GROUPS "\n\n" PARTS NODES "total   base;" BANDS);
    Scheme two = parsed(b, text), again = parsed(b, one.text);
    Scheme three = parsed(b, scheme_text(b, "", GROUPS PARTS NODES "total base;" BANDS
                                                " non_top at_least 0.1;"));
    assert_true(hash_eq(one.hash, two.hash));
    assert_true(hash_eq(one.hash, again.hash));
    assert_false(hash_eq(one.hash, three.hash));
}

/* The statement that says more holds: item and group, then item, then group, then the option. */
static void points_by_group_and_item(void **state)
{
    Bench *b = *state;
    Scheme s = parsed(b, scheme_text(b,
        "points good 10 group a; points good 8 item duty; points good 9 group a item duty;",
        GROUPS PARTS NODES "total base;" BANDS));
    const SchemeInstrument *ins = &s.instruments[0];
    static const int64_t want[2][2] = { { 10, 9 }, { 4, 8 } };
    for (size_t g = 0; g < 2; g++)
        for (size_t i = 0; i < 2; i++) {
            assert_true(dec_eq(pack_scheme_points(ins, g, i, 0), dec_int(want[g][i])));
            assert_true(dec_eq(pack_scheme_points(ins, g, i, 1), dec_int(2)));
            assert_true(dec_eq(pack_scheme_highest(ins, g, i), dec_int(want[g][i])));
        }
}

static void refuses_with_a_place(void **state)
{
    Bench *b = *state;
    static const struct { const char *in, *rest; ErrCode code; const char *says; } cases[] = {
        /* bands: the value that falls into two or none of them */
        { "", GROUPS PARTS NODES "total base; band good \"好\" from 90 closed to 100 closed;"
              " band poor \"差\" from 0 closed to 90 closed; top good;",
          ERR_PACK_RULE, "90分同时在“poor”和“good”里" },
        { "", GROUPS PARTS NODES "total base; band good \"好\" from 90 open to 100 closed;"
              " band poor \"差\" from 0 closed to 90 open; top good;",
          ERR_PACK_RULE, "90分不在任何等次里" },
        { "", GROUPS PARTS NODES "total base; band good \"好\" from 90 closed to 100 closed;"
              " band poor \"差\" from 0 closed to 80 closed; top good;",
          ERR_PACK_RULE, "85分不在任何等次里" },
        { "", GROUPS PARTS NODES "total base; band good \"好\" from 80 closed to 100 closed;"
              " band poor \"差\" from 0 closed to 90 closed; top good;",
          ERR_PACK_RULE, "85分同时在" },
        { "", GROUPS PARTS NODES "total base; band good \"好\" from 0 closed to 9 closed; top good;",
          ERR_PACK_RULE, "等次只有一个" },
        { "", GROUPS PARTS NODES "total base; band good \"好\" from 9 closed to 9 closed; top good;",
          ERR_PACK_RULE, "上限不大于下限" },
        { "", GROUPS PARTS NODES "total base; band good \"好\" from 9 near to 10 closed; top good;",
          ERR_PACK_SYNTAX, "closed（含端点）或open" },
        { "", GROUPS PARTS NODES "total base; band good \"好\" from 60 closed to 100 closed;"
              " band poor \"差\" from 0 closed to 60 open; top poor;",
          ERR_PACK_RULE, "分数最高的等次" },
        /* names */
        { "", GROUPS PARTS NODES "total bas;" BANDS, ERR_PACK_UNKNOWN, "是不是“base”" },
        { "", GROUPS PARTS NODES BANDS, ERR_PACK_MISSING, "total" },
        { "", GROUPS PARTS NODES "total base;" BANDS "colour red;", ERR_PACK_SYNTAX, "colour" },
        { "", GROUPS PARTS NODES "node work \"工作\" { sum base 1; } total base;" BANDS,
          ERR_PACK_TWICE, "work" },
        { "", GROUPS PARTS NODES "node grade \"等\" { sum base 1; } total base;" BANDS,
          ERR_PACK_RULE, "grade" },
        { "", GROUPS PARTS "part work \"x\" from 0 to 1 missing zero;" NODES "total base;" BANDS,
          ERR_PACK_TWICE, "work" },
        { "", GROUPS PARTS "part top-mark \"x\" from 0 to 1 missing zero;" NODES "total base;"
              BANDS,
          ERR_PACK_SYNTAX, "下划线" },
        { "", GROUPS PARTS NODES "total base;" BANDS "veto v \"否\" { when base > 1; gives bad; }",
          ERR_PACK_UNKNOWN, "bad" },
        { "", GROUPS PARTS NODES "total base;" BANDS "gate g \"否\" { when base > 1; bars poor; }",
          ERR_PACK_RULE, "最低的等次" },
        /* groups and points */
        { "", "group a \"甲\" weight 0.6; group b \"乙\" weight 0.5;" PARTS NODES "total base;" BANDS,
          ERR_PACK_RULE, "票类权重之和为1.1" },
        { "", "group a \"甲\" weight 1 merge a;" PARTS NODES "total base;" BANDS,
          ERR_PACK_RULE, "并入了自己" },
        { "", "group a \"甲\" weight 1 merge c;" PARTS NODES "total base;" BANDS,
          ERR_PACK_UNKNOWN, "票类“c”" },
        { "", PARTS "node base \"基\" { sum work 1; } total base;" BANDS, ERR_PACK_RULE, "票类" },
        { "points good 9;", GROUPS PARTS NODES "total base;" BANDS, ERR_PACK_SYNTAX, "group或item" },
        { "points good 9 item soul;", GROUPS PARTS NODES "total base;" BANDS, ERR_PACK_UNKNOWN,
          "soul" },
        { "points unknown 9 item duty;", GROUPS PARTS NODES "total base;" BANDS, ERR_PACK_RULE,
          "不计分" },
        { "points good 9 item duty; points good 8 item duty;",
          GROUPS PARTS NODES "total base;" BANDS,
          ERR_PACK_TWICE, "good" },
        { "points good 0 item duty; points fair 0 item duty;",
          GROUPS PARTS NODES "total base;" BANDS,
          ERR_PACK_RULE, "没有分值大于0的选项" },
        /* formulas */
        { "", GROUPS PARTS NODES "node x \"x\" { value wrok * 2; } total base;" BANDS,
          ERR_PACK_EXPRESSION, "wrok" },
        { "", GROUPS PARTS NODES "node x \"x\" { value review.c.score; } total base;" BANDS,
          ERR_PACK_EXPRESSION, "c" },
        { "", GROUPS PARTS NODES "node x \"x\" { value \"高\"; } total base;" BANDS, ERR_PACK_RULE,
          "string" },
        { "", GROUPS PARTS NODES "node x \"x\" { value later + 1; }"
              " node later \"l\" { sum base 1; } total base;" BANDS, ERR_PACK_EXPRESSION, "later" },
        { "", GROUPS PARTS NODES "node x \"x\" { value extra * 2; } total base;" BANDS,
          ERR_PACK_RULE, "缺项时按权重折算" },
        { "", GROUPS PARTS NODES "node x \"x\" { sum bonus 1; } total base;" BANDS,
          ERR_PACK_UNKNOWN, "bonus" },
        { "", GROUPS PARTS NODES "node x \"x\" { sum review.c.score 1; } total base;" BANDS,
          ERR_PACK_UNKNOWN, "review.c.score" },
        { "", GROUPS PARTS NODES "node x \"x\" { sum base 0; } total base;" BANDS, ERR_PACK_RULE,
          "权重不大于0" },
        { "", GROUPS PARTS NODES "node x \"x\" { sum base 1; value 2; } total base;" BANDS,
          ERR_PACK_RULE, "其中一种" },
        { "", GROUPS PARTS NODES "node x \"x\" { value today().year; } total base;" BANDS,
          ERR_PACK_RULE, "当前日期" },
        { "", GROUPS PARTS NODES "node x \"x\" { value 1+now ().year; } total base;" BANDS,
          ERR_PACK_RULE, "当前日期" },
        { "", GROUPS PARTS NODES "total base;" BANDS "veto v \"否\" { when base; gives poor; }",
          ERR_PACK_RULE, "number" },
        { "", GROUPS PARTS NODES "total base;" BANDS "non_top at_least 1.5;", ERR_PACK_RULE,
          "0到1" },
        { "", GROUPS "part w \"x\" from 5 to 5 missing zero;" NODES "total base;" BANDS,
          ERR_PACK_RULE, "上限不大于下限" },
        { "", GROUPS "part w \"x\" from 0 to 5 missing ignore;" NODES "total base;" BANDS,
          ERR_PACK_SYNTAX, "refuse、renormalise或zero" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(b, scheme_text(b, cases[i].in, cases[i].rest), cases[i].code, cases[i].says);
    refused(b, scheme_text(b, "", GROUPS PARTS NODES "total base;\nband good \"好\" from 60 closed"
                                  " to 100 closed;\nband poor \"差\" from 0 closed to 61 open;"
                                  " top good;"),
            ERR_PACK_RULE, "第9行第6列");
    refused(b, STRC(""), ERR_PACK_SYNTAX, "scheme");
    refused(b, STRC("form x { }"), ERR_PACK_SYNTAX, "scheme");
}

/* A name inside a string is no clock. */
static void words_are_no_clock(void **state)
{
    Bench *b = *state;
    parsed(b, scheme_text(b, "", GROUPS PARTS NODES
        "node know \"k\" { value if contains(\"do it now (soon)\", \"x\") then 1 else 2; }"
        " total base;" BANDS));
}

#define INS "instrument r { title \"r\"; complete all; "
#define ALL "group all \"全\" weight 1;"
#define TOTAL "node total \"总\" { value 60; } total total;"

/* One more of each than its limit: `row` n times between `before` and `after`. */
static void limits(void **state)
{
    Bench *b = *state;
    static const struct { const char *before, *row, *after; size_t max; } cases[] = {
        { "", "part p%zu \"p\" from 0 to 1 missing zero;", TOTAL BANDS, SCHEME_PARTS_MAX },
        { "", "event e%zu \"e\";", TOTAL BANDS, SCHEME_EVENTS_MAX },
        { "", "node n%zu \"n\" { value 1; }", "total n0;" BANDS, SCHEME_NODES_MAX },
        { TOTAL BANDS, "veto v%zu \"v\" { when total > 1; gives poor; }", "", SCHEME_RULES_MAX },
        { TOTAL BANDS, "gate g%zu \"g\" { when total > 1; bars good; }", "", SCHEME_RULES_MAX },
        { INS "option good \"好\" 1; ", "item i%zu \"i\";", "}" ALL TOTAL BANDS, SCHEME_ITEMS_MAX },
        { INS "item i \"i\"; ", "option o%zu \"o\" 1;", "}" ALL TOTAL BANDS, SCHEME_OPTIONS_MAX },
        { INS "item i \"i\"; option good \"好\" 1; ", "invalid r%zu \"r\";", "}" ALL TOTAL BANDS,
          SCHEME_REASONS_MAX },
        { ALL TOTAL BANDS, "instrument r%zu { title \"r\"; complete all; item i \"i\";"
                           " option good \"好\" 1; }", "", SCHEME_INSTRUMENTS_MAX },
        { INS "item i \"i\"; option good \"好\" 1; } group last \"l\" weight 0.89;",
          "group g%zu \"g\" weight 0.01;", TOTAL BANDS, SCHEME_GROUPS_MAX },
        { TOTAL "band last \"l\" from 100 open to 200 closed; top last;",
          "band b%zu \"b\" from %zu open to %zu closed;", "", SCHEME_BANDS_MAX },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t over = 0; over < 2; over++) {
            Buf text = buf_open(1 << 20);
            Scheme s;
            /* groups and bands count one that stands before the rows */
            size_t n = cases[i].max + over - (i >= 9);
            buf_fmt(&text, "scheme s { title \"t\"; cite \"c\"; %s", cases[i].before);
            for (size_t k = 0; k < n; k++) {
                Str row = arena_text(b->a, cases[i].row, k, 99 - k, 100 - k);
                buf_put(&text, row);
            }
            buf_fmt(&text, "%s}", cases[i].after);
            bool ok = parse(b, &s, arena_str(b->a, buf_str(&text)));
            buf_close(&text);
            if (ok == (over == 1))
                fail_msg("%s: %zu", cases[i].row, n);
            if (over && b->e.code != ERR_PACK_RULE)
                fail_msg("%s: %s", cases[i].row, err_name(b->e.code));
        }
}

/* --- limits of what no single row repeats: each writes n of them ---------------------------- */
static void put_objects(Buf *t, size_t n)
{
    for (size_t k = 0; k < n; k++)
        buf_fmt(t, "object o%zu \"o\";", k);
}

static void put_examples(Buf *t, size_t n)
{
    for (size_t k = 0; k < n; k++)
        buf_fmt(t, "example \"e%zu\" { choices {}; given {}; want {}; }", k);
}

static void put_ranking(Buf *t, size_t n)
{
    buf_fmt(t, INS "item i \"i\"; ranking points");
    for (size_t k = 0; k < n; k++)
        buf_fmt(t, " %zu", n - k);
    buf_fmt(t, "; }" ALL);
}

static void put_places(Buf *t, size_t n)
{
    buf_fmt(t, "node one \"一\" { value 1; } node place \"名次\" { places one points");
    for (size_t k = 0; k < n; k++)
        buf_fmt(t, " %zu", n - k);
    buf_fmt(t, " beyond 0; }");
}

static void put_drops(Buf *t, size_t n)
{
    buf_fmt(t, INS "item i \"i\"; marks from 0 to 100;"
                   " drop highest %zu lowest 1 least 99; }" ALL, n);
}

static void put_low_drops(Buf *t, size_t n)
{
    buf_fmt(t, INS "item i \"i\"; marks from 0 to 100;"
                   " drop highest 1 lowest %zu least 99; }" ALL, n);
}

static void put_many_items(Buf *t)
{
    buf_fmt(t, INS);
    for (size_t k = 0; k < SCHEME_ITEMS_MAX; k++)
        buf_fmt(t, "item i%zu \"i\";", k);
}

/* Every option of every item, then every option in every item of one group. */
static void put_points(Buf *t, size_t n)
{
    enum { OPTIONS = SCHEME_OPTIONS_MAX };
    put_many_items(t);
    for (size_t k = 0; k < OPTIONS; k++)
        buf_fmt(t, "option o%zu \"o\" 1;", k);
    for (size_t k = 0; k < n; k++)
        buf_fmt(t, "points o%zu 2 %sitem i%zu;", k % OPTIONS,
                k < OPTIONS * SCHEME_ITEMS_MAX ? "" : "group all ",
                k / OPTIONS % SCHEME_ITEMS_MAX);
    buf_fmt(t, "}" ALL);
}

static void put_terms(Buf *t, size_t n)
{
    put_many_items(t);
    buf_fmt(t, "option good \"好\" 1; }" ALL);
    for (size_t k = 0; k < n - SCHEME_ITEMS_MAX; k++)
        buf_fmt(t, "part p%zu \"p\" from 0 to 1 missing zero;", k);
    buf_fmt(t, "node big \"大\" {");
    for (size_t k = 0; k < n; k++)
        buf_fmt(t, k < SCHEME_ITEMS_MAX ? "sum r.all.i%zu 1;" : "sum p%zu 1;",
                k < SCHEME_ITEMS_MAX ? k : k - SCHEME_ITEMS_MAX);
    buf_fmt(t, "}");
}

static void put_uses(Buf *t, size_t n)
{
    put_many_items(t);
    buf_fmt(t, "option good \"好\" 1; }");
    for (size_t g = 0; g < 4; g++)
        buf_fmt(t, "group g%zu \"g\" weight 0.25;", g);
    buf_fmt(t, "node big \"大\" { value 0");
    for (size_t k = 0; k < n; k++)
        buf_fmt(t, " + r.g%zu.i%zu", k / SCHEME_ITEMS_MAX, k % SCHEME_ITEMS_MAX);
    buf_fmt(t, "; }");
}

static bool parse_parts(Bench *b, void (*put)(Buf *t, size_t n), size_t n)
{
    Buf text = buf_open(1 << 20);
    Scheme s;
    buf_fmt(&text, "scheme s { title \"t\"; cite \"c\";");
    put(&text, n);
    buf_fmt(&text, TOTAL BANDS "}");
    bool ok = parse(b, &s, arena_str(b->a, buf_str(&text)));
    assert_false(text.failed);
    buf_close(&text);
    return ok;
}

static void limits_of_the_rest(void **state)
{
    static const struct { const char *what; void (*put)(Buf *t, size_t n); size_t max; } cases[] = {
        { "objects", put_objects, SCHEME_OBJECTS_MAX },
        { "examples", put_examples, SCHEME_EXAMPLES_MAX },
        { "points of a ranking", put_ranking, SCHEME_PLACES_MAX },
        { "points by place", put_places, SCHEME_PLACES_MAX },
        { "highest marks left out", put_drops, SCHEME_DROPS_MAX },
        { "lowest marks left out", put_low_drops, SCHEME_DROPS_MAX },
        { "points statements", put_points, SCHEME_POINTS_MAX },
        { "terms of a sum", put_terms, SCHEME_TERMS_MAX },
        { "values of a formula", put_uses, SCHEME_USES_MAX },
    };
    Bench *b = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!parse_parts(b, cases[i].put, cases[i].max))
            fail_msg("%s: the limit is refused: %s %s", cases[i].what, err_name(b->e.code),
                     b->e.trail);
        if (parse_parts(b, cases[i].put, cases[i].max + 1))
            fail_msg("%s: one past the limit is taken", cases[i].what);
        if (b->e.code != ERR_PACK_RULE && b->e.code != ERR_PACK_SYNTAX)
            fail_msg("%s: %s", cases[i].what, err_name(b->e.code));
    }
}

/* Canonical text of exactly SCHEME_BYTES_MAX bytes, and one byte more. */
static void limit_of_the_text(void **state)
{
    Bench *b = *state;
    enum { ROOM = SCHEME_BYTES_MAX };
    char *fill = ARENA_ARRAY(b->a, char, ROOM);
    static const char form[] = "scheme s { title \"t\"; cite \"c\"; " TOTAL BANDS
                               "example \"e\" { choices {}; given {%.*s}; want {}; } }";
    Scheme s;
    memset(fill, '1', ROOM);
    assert_true(parse(b, &s, arena_text(b->a, form, 1, fill)));
    int most = (int)(SCHEME_BYTES_MAX - s.text.n) + 1;
    assert_true(parse(b, &s, arena_text(b->a, form, most, fill)));
    assert_int_equal(s.text.n, SCHEME_BYTES_MAX);
    assert_false(parse(b, &s, arena_text(b->a, form, most + 1, fill)));
    assert_int_equal(b->e.code, ERR_TOO_BIG);
}

static void memory_refused(void **state)
{
    Bench *b = *state;
    Str text = scheme_text(b, "points good 9 item duty;", GROUPS PARTS NODES "total base;" BANDS
                           "gate g \"门槛\" { when review.a.overall < 60; bars good; }");
    size_t failed = 0;
    for (size_t cap = 0; cap < 400 << 10; cap += 4096) {
        Arena *a = arena_open(cap);
        Scheme s;
        Err e = { .code = ERR_NONE };
        if (!pack_scheme_parse(&s, a, STRC("s.pack"), text, &e)) {
            assert_int_equal(e.code, ERR_NO_MEMORY);
            failed++;
        }
        arena_close(a);
    }
    assert_true(failed > 3 && failed < 100);
}

/* The pack that a district starts from. */
static void the_district_pack(void **state)
{
    Bench *b = *state;
    char file[32 << 10];
    FILE *f = fopen("packs/schemes/district/district.pack", "rb");
    assert_non_null(f);
    Str text = { file, fread(file, 1, sizeof file, f) };
    fclose(f);
    ptrdiff_t at = str_find(text, STRC("\nscheme "));
    assert_true(at > 0);
    Scheme s = parsed(b, str_sub(text, (size_t)at, text.n));
    assert_int_equal(s.n_groups, 3);
    assert_int_equal(s.instruments[0].n_items, 6);
    assert_int_equal(s.n_bands, 4);
    assert_true(str_is(s.bands[0].title, "好"));
    assert_true(dec_eq(s.non_top, dec_scaled(15, 2)));
}

/* The example of SCHEME.md: its lines that are indented, up to the first section. */
static void the_manual(void **state)
{
    Bench *b = *state;
    char file[16 << 10];
    FILE *f = fopen("src/pack/SCHEME.md", "rb");
    assert_non_null(f);
    Str rest = { file, fread(file, 1, sizeof file, f) }, line;
    Buf text = buf_open(1 << 16);
    fclose(f);
    while (str_cut(rest, STRC("\n"), &line, &rest) && !str_starts(line, STRC("## "))) {
        if (!str_starts(line, STRC("    ")))
            continue;
        buf_put(&text, line);
        buf_putc(&text, '\n');
    }
    Scheme s = parsed(b, arena_str(b->a, buf_str(&text)));
    buf_close(&text);
    assert_int_equal(s.n_nodes, 3);
    assert_int_equal(s.n_bands, 2);
    assert_true(dec_eq(pack_scheme_points(&s.instruments[0], 0, 0, 0), dec_int(5)));
    assert_true(dec_eq(pack_scheme_points(&s.instruments[0], 0, 1, 0), dec_int(6)));
}

static Str with_form(Bench *b, const char *form, const char *rest)
{
    return arena_text(b->a, "scheme s { title \"方案\"; cite \"例\"; instrument jury {"
                      " title \"打分\"; complete all; item overall \"总体\"; %s }"
                      " group a \"甲\" weight 1; part work \"工作\" from 0 to 9 missing refuse;"
                      " part more \"附加\" from 0 to 9 missing renormalise; %s total t;" BANDS "}",
                      form, rest);
}

static void marks_rankings_and_places(void **state)
{
    Bench *b = *state;
    const char *node = " node t \"总\" { value jury.score; }", *marks = "marks from 0 to 100;";
    static const struct { const char *form, *rest, *says; } bad[] = {
        { "marks from -1 to 100;", "", "下限小于0" },
        { "marks from 0 to 100; ranking borda;", "", "已写为打分票" },
        { "marks from 0 to 100; option good \"好\" 4;", "", "没有选项" },
        { "ranking points 4 5;", "", "高于前一名" },
        { "ranking points 0;", "", "第一名的分值为0" },
        { "ranking borda; drop highest 1 lowest 1 least 3;", "", "只有打分票" },
        { "marks from 0 to 9; drop highest 1 lowest 1 least 2;", "", "没有票了" },
        { "marks from 0 to 9; drop highest 0 lowest 0 least 2;", "", "一个也没有去掉" },
        { "marks from 0 to 9;", "node p \"名\" { places more points 3; }", "名次没有权重" },
        { "marks from 0 to 9;", "node p \"名\" { places work points 3 beyond 4; }", "高于前面" },
        { "marks from 0 to 9;", "node p \"名\" { first work points 3; value 1; }", "须写一个" },
        { "marks from 0 to 9;", "share poor at_most 0.5;", "最低的等次之下" },
        { "marks from 0 to 9;", "share good at_most 0.5; top_share at_most 0.5;", "top_share" },
    };
    Scheme s = parsed(b, with_form(b, "marks from 0 to 10; drop highest 1 lowest 2 least 6;",
        " node p \"名\" { places work points 6 5 beyond 1; } node t \"总\" { sum p 1; }"
        " share good at_most 0.1; object x \"党建\"; decides committee;"));
    assert_int_equal(s.instruments[0].form, SCHEME_MARKS);
    assert_int_equal(s.instruments[0].drop_low, 2);
    assert_int_equal(s.nodes[0].kind, SCHEME_PLACES);
    assert_int_equal(s.nodes[0].n_points, 2);
    assert_true(s.bands[0].has_most && s.committee && s.n_objects == 1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refused(b, with_form(b, bad[i].form, arena_text(b->a, "%s%s", bad[i].rest, node).p),
                ERR_PACK_RULE, bad[i].says);
    refused(b, with_form(b, marks, "node t \"名\" { places nix points 3; }"), ERR_PACK_UNKNOWN,
            "nix");
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(reads_all_it_says), T(hash_of_the_meaning), T(points_by_group_and_item),
        T(refuses_with_a_place), T(words_are_no_clock), T(limits), T(limits_of_the_rest),
        T(limit_of_the_text), T(memory_refused), T(the_district_pack), T(the_manual),
        T(marks_rankings_and_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
