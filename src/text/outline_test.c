#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DATA "src/text/testdata/"

/* Each is NAME.txt with the golden result NAME.json. */
static const char *const speeches[] = { "levels",    "traditional", "mixed",   "headlines",
                                        "announced", "clauses",     "plain",   "skipped",
                                        "report",    "figures",     "web" };
enum { SPEECHES = sizeof speeches / sizeof *speeches };

typedef struct Fix {
    Arena *a;
    Text *t;
} Fix;

static int set_up(void **state)
{
    Fix *f = calloc(1, sizeof *f);
    Err e = { 0 };
    f->a = arena_open(512u << 20);
    *state = f;
    return text_open(&f->t, TEXT_TO_HANS, &e) ? 0 : -1;
}

static int tear_down(void **state)
{
    Fix *f = *state;
    text_close(f->t);
    arena_close(f->a);
    free(f);
    return 0;
}

static Str file(Arena *a, const char *name, const char *ending)
{
    const char *path = arena_z(a, arena_text(a, DATA "%s%s", name, ending));
    FILE *in = fopen(path, "rb");
    char *p = arena_alloc(a, 1 << 18);
    if (!in)
        return (Str){ "", 0 };
    size_t n = fread(p, 1, 1 << 18, in);
    fclose(in);
    return (Str){ p, n };
}

static Outline outline(Fix *f, Str text)
{
    Outline o;
    Err e = { 0 };
    if (!outline_read(&o, f->a, f->t, text, &e))
        fail_msg("not read: %s %s", err_name(e.code), e.trail);
    return o;
}

/* The result, indented, so that a change of a golden file can be read. */
static Str shown(Arena *a, const Outline *o)
{
    Buf b = buf_open(64 << 20);
    Jw w = jw_open(&b);
    Err e = { 0 };
    json_t *v;
    outline_json(&w, o);
    assert_true(jw_close(&w));
    assert_true(jv_read(&v, buf_str(&b), "outline", &e));
    char *z = json_dumps(v, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    Str out = arena_text(a, "%s\n", z);
    free(z);
    jv_close(v);
    buf_close(&b);
    return out;
}

static void golden_files(void **state)
{
    Fix *f = *state;
    const char *mode = getenv("GOLDEN");
    for (int i = 0; i < SPEECHES; i++) {
        Outline o = outline(f, file(f->a, speeches[i], ".txt"));
        Str got = shown(f->a, &o), want = file(f->a, speeches[i], ".json");
        if (mode && strcmp(mode, "write") == 0) {
            FILE *out = fopen(arena_z(f->a, arena_text(f->a, DATA "%s.json", speeches[i])), "wb");
            assert_non_null(out);
            assert_int_equal(fwrite(got.p, 1, got.n, out), got.n);
            fclose(out);
        } else if (!str_eq(got, want)) {
            fail_msg("%s.json differs; the result is now:\n%.*s", speeches[i], STR(got));
        }
    }
}

static void quotes(Str text, Str sentence, size_t from, size_t to)
{
    assert_true(from < to && to <= text.n);
    assert_true(str_eq(str_sub(text, from, to - from), sentence));
}

static void quote_items(Fix *f, Str text, const OutlineItems *all)
{
    for (size_t i = 0; i < all->n; i++) {
        const OutlineItem *it = &all->items[i];
        Err e = { 0 };
        Str folded;
        quotes(text, it->sentence, it->from, it->to);
        assert_true(it->end >= it->to && it->end <= text.n);
        assert_true(text_to_hans(&folded, f->a, f->t, it->sentence, &e));
        assert_true(it->text.n > 0 && str_has(folded, it->text));
    }
}

/* Nothing is invented: each item is in its sentence, each sentence in the text, in order. */
static void everything_is_quoted(void **state)
{
    Fix *f = *state;
    size_t found = 0;
    for (int i = 0; i < SPEECHES; i++) {
        Str text = file(f->a, speeches[i], ".txt");
        Outline o = outline(f, text);
        quote_items(f, text, &o.achievements);
        quote_items(f, text, &o.problems);
        quote_items(f, text, &o.impressions);
        quote_items(f, text, &o.demands);
        for (size_t k = 0; k < o.headings.n; k++) {
            const OutlineHeading *h = &o.headings.items[k];
            quotes(text, h->sentence, h->from, h->to);
            assert_true(k == 0 || h->from >= o.headings.items[k - 1].to);
            assert_true(k > 0 ? h->level <= o.headings.items[k - 1].level + 1 : h->level <= 2);
        }
        for (size_t k = 0; k < o.figures.n; k++) {
            const OutlineFigure *g = &o.figures.items[k];
            quotes(text, g->sentence, g->from, g->to);
            assert_true(g->at >= g->from && g->at_end <= g->to && g->unit.n > 0);
        }
        found += o.headings.n + o.problems.n + o.figures.n;
    }
    assert_true(found > 100);
}

/* Traditional, simplified, half and full width give the same outline. */
static void script_does_not_matter(void **state)
{
    Fix *f = *state;
    for (int i = 0; i < SPEECHES; i++) {
        Err e = { 0 };
        Str text = file(f->a, speeches[i], ".txt"), hans;
        assert_true(text_to_hans(&hans, f->a, f->t, text, &e));
        Outline a = outline(f, text), b = outline(f, hans);
        assert_int_equal(a.headings.n, b.headings.n);
        assert_int_equal(a.figures.n, b.figures.n);
        assert_int_equal(a.mismatches.n, b.mismatches.n);
        for (size_t k = 0; k < a.headings.n; k++)
            assert_true(str_eq(a.headings.items[k].text, b.headings.items[k].text));
    }
}

/* The example of text.h. */
static void example_of_the_face(void **state)
{
    Fix *f = *state;
    Outline o = outline(f, STRC("讲两点意见：\n一、抓学习。\n二、抓落实。"));
    assert_int_equal(o.headings.n, 2);
    assert_true(str_is(o.headings.items[0].text, "抓学习"));
    assert_true(str_is(o.headings.items[1].text, "抓落实"));
    assert_true(str_is(o.headings.items[1].number, "二"));
    assert_int_equal(o.mismatches.n, 0);
    assert_int_equal(o.demands.n, 2);
}

static void announced_counts(void **state)
{
    Fix *f = *state;
    static const struct {
        const char *text;
        int announced, found; /* 0: no mismatch */
        const char *what;
    } cases[] = {
        { "讲三点意见。\n一、甲。\n二、乙。\n三、丙。", 0, 0, "" },
        { "讲三点意见。\n一、甲。\n二、乙。", 3, 2, "三点意见" },
        { "强调五个方面的要求：\n一、甲。\n二、乙。\n三、丙。\n四、丁。", 5, 4, "五个方面的要求" },
        { "主要体现在2个方面：一是甲；二是乙；三是丙。", 2, 3, "2个方面" },
        { "讲几点意见。\n一、甲。\n二、乙。", 0, 0, "" },
        { "聚焦思想、作风两个方面，讲清楚。\n一、甲。\n二、乙。\n三、丙。", 0, 0, "" },
        { "落实《意见》提出的4个方面16项任务。\n一、甲。\n二、乙。\n三、丙。", 0, 0, "" },
        { "抓好“三个一”。\n一、甲。\n二、乙。", 0, 0, "" },
        { "谈三点感受、两点建议。\n第一点感受是甲。\n第二点感受是乙。\n第三点感受是丙。\n"
          "再提两点建议：\n一要丁。\n二要戊。\n三要己。", 2, 3, "两点建议" },
        { "先讲两点要求。\n会后请看材料。\n", 0, 0, "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Outline o = outline(f, str_of(cases[i].text));
        bool any = cases[i].announced > 0;
        if (o.mismatches.n != (size_t)any)
            fail_msg("case %zu: %zu mismatches", i, o.mismatches.n);
        if (any) {
            assert_int_equal(o.mismatches.items[0].announced, cases[i].announced);
            assert_int_equal(o.mismatches.items[0].found, cases[i].found);
            assert_true(str_is(o.mismatches.items[0].what, cases[i].what));
        }
    }
}

static void numbers_that_are_no_figures(void **state)
{
    Fix *f = *state;
    static const char *const cases[] = {
        "2026年2月8日召开。", "第3名同志发言。", "二届四次全会。", "实施“15分钟服务圈”。",
        "《三年行动（2024—2026年）》。", "讲三点意见。", "7+X主题党日。", "打12345热线。",
        "千名书记进党校。", "百年大计。", "一名书记。", "4个方面。", "功能2.0版。", "9时30分开会。",
        "抓好三件事。", "云组发〔2026〕15号。", "2022年度。", "三会一课。",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Outline o = outline(f, str_of(cases[i]));
        if (o.figures.n != 0)
            fail_msg("%s gave the figure %.*s", cases[i], STR(o.figures.items[0].text));
    }
}

static void figures_with_unit_and_qualifier(void **state)
{
    Fix *f = *state;
    static const struct {
        const char *text, *value, *unit, *qualifier;
    } cases[] = {
        { "派出3700余名干部。", "3700", "名", "余" },  { "受众19838人次。", "19838", "人次", "" },
        { "宣讲164场次。", "164", "场次", "" },         { "培养1.8万人。", "18000", "人", "" },
        { "近四百人参加。", "400", "人", "近" },        { "不少于20%。", "20", "%", "不少于" },
        { "每年至少专题研究1次。", "1", "次", "至少" }, { "完成14项左右。", "14", "项", "左右" },
        { "约３２户。", "32", "户", "约" },             { "十余万件。", "100000", "件", "余" },
        { "经费1.5亿元以上。", "150000000", "元", "以上" },
        { "提高2.5个百分点。", "2.5", "个百分点", "" }, { "近3000余名。", "3000", "名", "近余" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Outline o = outline(f, str_of(cases[i].text));
        if (o.figures.n != 1)
            fail_msg("%s gave %zu figures", cases[i].text, o.figures.n);
        const OutlineFigure *g = &o.figures.items[0];
        assert_string_equal(arena_z(f->a, dec_print_short(f->a, g->value)), cases[i].value);
        assert_true(str_is(g->unit, cases[i].unit));
        assert_true(str_is(g->qualifier, cases[i].qualifier));
    }
}

static void empty_and_odd_texts(void **state)
{
    Fix *f = *state;
    static const char *const cases[] = { "", "\n", "\n\n\n", "一、", "1.", "（", "第", "一是", "“",
                                         "一、\n二、\n", "：：：", "***", "一", "其一", "①②③" };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Outline o = outline(f, str_of(cases[i]));
        assert_int_equal(o.figures.n + o.mismatches.n + o.problems.n, 0);
    }
}

static void refuses_bad_input(void **state)
{
    Fix *f = *state;
    Err e = { 0 };
    Outline o = { .title = STRC("untouched") };
    assert_false(outline_read(&o, f->a, f->t, STRC("a\0b"), &e));
    assert_int_equal(e.code, ERR_BAD_TEXT);
    err_clear(&e);
    char *big = calloc(1, TEXT_BYTES_MAX + 1);
    memset(big, '\n', TEXT_BYTES_MAX + 1);
    assert_false(outline_read(&o, f->a, f->t, (Str){ big, TEXT_BYTES_MAX + 1 }, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    assert_true(str_is(o.title, "untouched"));
    err_clear(&e);
    assert_true(outline_read(&o, f->a, f->t, (Str){ big, TEXT_BYTES_MAX }, &e));
    assert_int_equal(o.headings.n, 0);
    free(big);
}

static void items_up_to_the_limit(void **state)
{
    Fix *f = *state;
    Err e = { 0 };
    Outline o;
    Buf b = buf_open(8 << 20);
    for (int i = 0; i < OUTLINE_ITEMS_MAX; i++)
        buf_put(&b, STRC("共12户，"));
    assert_true(outline_read(&o, f->a, f->t, buf_str(&b), &e));
    assert_int_equal(o.figures.n, OUTLINE_ITEMS_MAX);
    for (size_t i = 0; i < o.figures.n; i++)
        assert_true(o.figures.items[i].sentence.n <= OUTLINE_QUOTE_MAX);
    buf_put(&b, STRC("共12户"));
    assert_false(outline_read(&o, f->a, f->t, buf_str(&b), &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    buf_close(&b);
}

static void small_arena_says_so(void **state)
{
    Fix *f = *state;
    Str text = file(f->a, "levels", ".txt");
    bool read = false;
    int refusals = 0;
    for (size_t cap = 256; !read && cap < (1 << 24); cap += cap / 8) {
        Arena *tiny = arena_open(cap);
        Err e = { 0 };
        Outline o;
        read = outline_read(&o, tiny, f->t, text, &e);
        if (!read) {
            assert_int_equal(e.code, ERR_NO_MEMORY);
            refusals++;
        }
        arena_close(tiny);
    }
    assert_true(read && refusals > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_files),
        cmocka_unit_test(everything_is_quoted),
        cmocka_unit_test(script_does_not_matter),
        cmocka_unit_test(example_of_the_face),
        cmocka_unit_test(announced_counts),
        cmocka_unit_test(numbers_that_are_no_figures),
        cmocka_unit_test(figures_with_unit_and_qualifier),
        cmocka_unit_test(empty_and_odd_texts),
        cmocka_unit_test(refuses_bad_input),
        cmocka_unit_test(items_up_to_the_limit),
        cmocka_unit_test(small_arena_says_so),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
