#include "origin/origin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
    return text_open(&f->t, TEXT_TO_HANS | TEXT_TO_HANT, &e) ? 0 : -1;
}

static int tear_down(void **state)
{
    Fix *f = *state;
    text_close(f->t);
    arena_close(f->a);
    free(f);
    return 0;
}

static Origin *open_index(Fix *f)
{
    Origin *o;
    Err e = { 0 };
    assert_true(origin_open(&o, f->t, ORIGIN_NORMAL, &e));
    return o;
}

static void add(Origin *o, int64_t id, int64_t owner, int year, Str text)
{
    Err e = { 0 };
    assert_true(origin_add(o, &(OriginDoc){ id, owner, year }, text, &e));
}

static void settle(Origin *o)
{
    Err e = { 0 };
    assert_true(origin_settle(o, &e));
}

static void exempt(Origin *o, Str text)
{
    Err e = { 0 };
    assert_true(origin_exempt(o, text, &e));
}

static OriginBeside beside(Fix *f, const Origin *o, Str x, Str y)
{
    OriginBeside b;
    Err e = { 0 };
    assert_true(origin_beside(&b, f->a, o, x, y, &e));
    return b;
}

/* Text that no two seeds share: `points` characters of random words, a stop after every 20. */
static Str prose(Fix *f, unsigned seed, int points)
{
    char *p = arena_alloc(f->a, (size_t)points * 4 + 4);
    size_t n = 0;
    uint64_t s = seed * 2654435761u + 1;
    for (int i = 0; i < points; i++) {
        s = s * 6364136223846793005u + 1442695040888963407u;
        n += str_put(p + n, 0x4E00 + (uint32_t)(s >> 33) % 6000);
        if (i % 20 == 19)
            n += str_put(p + n, 0x3002);
    }
    return (Str){ p, n };
}

static Str join(Fix *f, Str x, Str y)
{
    return arena_text(f->a, "%.*s%.*s", STR(x), STR(y));
}

typedef struct Shelf {
    Str texts[300];
} Shelf;

static bool fetch(Str *out, Arena *a, void *ctx, const OriginDoc *d, Err *e)
{
    (void)a;
    (void)e;
    *out = ((Shelf *)ctx)->texts[d->id];
    return true;
}

static OriginFound report(Fix *f, const Origin *o, int64_t id, int64_t owner, Shelf *s)
{
    OriginFound found;
    Err e = { 0 };
    OriginDoc self = { id, owner, 2026 };
    assert_true(origin_report(&found, f->a, o, &self, s->texts[id], fetch, s, &e));
    return found;
}

static const char template_text[] =
    "一、履行抓基层党建工作职责情况（主要写书记本人抓党建的思路、举措和成效，突出重点，用事实和数据说话）。"
    "二、存在的主要问题及原因（问题和原因的篇幅不少于全文三分之一，问题要具体，原因要从主观上查找）。";

static void identical_is_all_and_template_is_nothing(void **state)
{
    Fix *f = *state;
    Origin *o = open_index(f);
    Str x = prose(f, 1, 400), filled = join(f, STRC("清溪镇"), str_of(template_text));
    exempt(o, str_of(template_text));
    assert_int_equal(beside(f, o, x, x).permille, 1000);
    assert_int_equal(beside(f, o, x, prose(f, 2, 400)).permille, 0);
    OriginBeside same = beside(f, o, filled, filled);
    assert_int_equal(same.permille, 0);
    assert_int_equal(same.own, 3); /* 清溪镇 */
    /* The denominator is own text: the template that both keep changes nothing. */
    OriginBeside both = beside(f, o, join(f, filled, x), join(f, filled, x));
    assert_int_equal(both.permille, 1000);
    assert_int_equal(both.own, 403);
    assert_int_equal(beside(f, o, join(f, filled, x), filled).permille, 0);
    origin_close(o);
}

static void script_width_and_punctuation_do_not_matter(void **state)
{
    Fix *f = *state;
    Origin *o = open_index(f);
    Err e = { 0 };
    Str hans = STRC("２０２５年，我们组织党员干部对照检查，走访了３２户群众，帮助解决饮水和道路等问题１７件；"
                    "请离任干部讲述传统，推动支部建设。"), hant;
    assert_true(text_to_hant(&hant, f->a, f->t, hans, &e));
    Str other = arena_text(f->a, "**%.*s**\n(完)", STR(hant));
    OriginBeside b = beside(f, o, hans, other);
    assert_int_equal(b.permille, 1000);
    assert_int_equal(b.n, 1);
    assert_int_equal(b.items[0].points, b.own);
    origin_close(o);
}

/* A passage is the same words in both, and together they are every gram in common. */
static void passages_quote_both_texts(void **state)
{
    Fix *f = *state;
    Origin *o = open_index(f);
    Str a1 = prose(f, 11, 90), a2 = prose(f, 12, 60), a3 = prose(f, 13, 80);
    Str x = join(f, join(f, prose(f, 14, 40), a2), join(f, a1, prose(f, 15, 30)));
    Str y = join(f, join(f, a1, prose(f, 16, 70)), join(f, a3, a2));
    OriginBeside b = beside(f, o, x, y);
    int points = 0;
    assert_int_equal(b.n, 2);
    for (size_t i = 0; i < b.n; i++) {
        const OriginPassage *p = &b.items[i];
        Str one = str_sub(x, p->from, p->to - p->from);
        Str two = str_sub(y, p->other_from, p->other_to - p->other_from);
        assert_true(str_eq(one, two));
        assert_int_equal(p->counted, p->points);
        points += p->points;
    }
    assert_int_equal(points, 150);
    assert_int_equal(b.shared, 150);
    assert_int_equal(b.own, 220);
    assert_int_equal(b.permille, 681);
    assert_int_equal(b.other_permille, 500);
    origin_close(o);
}

/* What the notices tell: 18 of 240 and 5 of 23 alike, only a little changed. */
static void many_alike_are_no_set_phrase(void **state)
{
    Fix *f = *state;
    static const struct {
        int alike, all;
    } cases[] = { { 18, 240 }, { 5, 23 } };
    for (size_t c = 0; c < 2; c++) {
        Origin *o = open_index(f);
        Shelf s;
        for (int i = 0; i < cases[c].all; i++) {
            Str own = prose(f, 100 + (unsigned)i, 60);
            s.texts[i] = i < cases[c].alike ? join(f, prose(f, 99, 2000), own)
                                            : join(f, prose(f, 1000 + (unsigned)i, 2000), own);
            add(o, i, i, 2026, s.texts[i]);
        }
        settle(o);
        assert_true(cases[c].alike > origin_cap(o));
        for (int i = 0; i < cases[c].all; i++) {
            OriginFound found = report(f, o, i, i, &s);
            bool alike = i < cases[c].alike;
            assert_int_equal(found.n, alike ? cases[c].alike - 1 : 0);
            assert_int_equal(found.elsewhere, alike ? 970 : 0);
            assert_int_equal(found.own_earlier, 0);
        }
        OriginPairs pairs;
        Err e = { 0 };
        assert_true(origin_pairs(&pairs, f->a, o, 500, &e));
        assert_int_equal(pairs.n, cases[c].alike * (cases[c].alike - 1) / 2);
        origin_close(o);
    }
}

/* The same 24 characters in every report weigh nothing between two of them, 60 do. */
static void set_phrases_are_discounted(void **state)
{
    Fix *f = *state;
    Origin *o = open_index(f);
    Str phrase = prose(f, 7, 24), speech = prose(f, 8, 60), texts[40];
    for (unsigned i = 0; i < 40; i++) {
        Str head = join(f, prose(f, 200 + i, 100), phrase);
        texts[i] = join(f, join(f, head, prose(f, 300 + i, 100)), speech);
        add(o, i, i, 2026, texts[i]);
    }
    settle(o);
    OriginBeside b = beside(f, o, texts[0], texts[1]);
    assert_int_equal(b.n, 2);
    assert_int_equal(b.items[0].points, 24);
    assert_int_equal(b.items[0].counted, 0);
    assert_int_equal(b.items[1].points, 60);
    assert_int_equal(b.items[1].counted, 60);
    Str two = join(f, prose(f, 500, 100), phrase); /* not stored, and so no document of its own */
    assert_int_equal(beside(f, o, two, texts[3]).shared, 0);
    origin_close(o);
}

/* The same phrase in two reports only is as rare as any other words. */
static void rare_phrases_count(void **state)
{
    Fix *f = *state;
    Origin *o = open_index(f);
    Str phrase = prose(f, 7, 28);
    Str x = join(f, prose(f, 1, 100), phrase), y = join(f, prose(f, 2, 100), phrase);
    add(o, 1, 1, 2026, x);
    add(o, 2, 2, 2026, y);
    settle(o);
    assert_int_equal(beside(f, o, x, y).shared, 28);
    origin_close(o);
}

static void own_years_and_other_units_are_apart(void **state)
{
    Fix *f = *state;
    Origin *o = open_index(f);
    Shelf s;
    Str kept = prose(f, 31, 300), taken = prose(f, 32, 200), both = prose(f, 33, 100);
    s.texts[1] = join(f, kept, both);                    /* own, a year ago */
    s.texts[2] = join(f, taken, both);                   /* another unit */
    s.texts[3] = join(f, join(f, kept, taken), join(f, both, prose(f, 34, 400)));
    add(o, 1, 70, 2025, s.texts[1]);
    add(o, 2, 71, 2025, s.texts[2]);
    add(o, 3, 70, 2026, s.texts[3]);
    settle(o);
    OriginFound found = report(f, o, 3, 70, &s);
    assert_int_equal(found.n, 2);
    assert_int_equal(found.own_earlier, 400);
    assert_int_equal(found.elsewhere, 300);
    assert_int_equal(found.anywhere, 600); /* what stands in both counts once */
    assert_int_equal(found.sources[0].doc.id, 1);
    assert_true(found.sources[0].own);
    assert_false(found.sources[1].own);
    assert_int_equal(found.own, 1000);
    origin_close(o);
}

/* B took from A, C from B, each another part: A and C have nothing in common. */
static void nothing_follows_for_a_third(void **state)
{
    Fix *f = *state;
    Origin *o = open_index(f);
    Shelf s;
    Str p = prose(f, 41, 300), q = prose(f, 42, 300);
    s.texts[1] = join(f, p, prose(f, 43, 300));
    s.texts[2] = join(f, p, q);
    s.texts[3] = join(f, q, prose(f, 44, 300));
    for (int i = 1; i <= 3; i++)
        add(o, i, i, 2026, s.texts[i]);
    settle(o);
    OriginPairs pairs;
    Err e = { 0 };
    assert_true(origin_pairs(&pairs, f->a, o, 100, &e));
    assert_int_equal(pairs.n, 2);
    assert_int_equal(report(f, o, 1, 1, &s).n, 1);
    assert_int_equal(report(f, o, 2, 2, &s).elsewhere, 1000);
    origin_close(o);
}

/* In whatever portions reports come in, the answers are the same; what is not settled is unseen. */
static void portions_do_not_matter(void **state)
{
    Fix *f = *state;
    Origin *one = open_index(f), *many = open_index(f);
    Err e = { 0 };
    for (unsigned i = 0; i < 200; i++) {
        Str s = join(f, prose(f, i % 150, 200), prose(f, 1000 + i, 150));
        add(one, i, i, 2026, s);
        add(many, i, i, 2026, s);
        if (i % 37 == 0)
            settle(many);
    }
    assert_int_equal(origin_docs(one), 0);
    settle(one);
    settle(many);
    assert_int_equal(origin_docs(one), 200);
    OriginPairs x, y;
    assert_true(origin_pairs(&x, f->a, one, 100, &e) && origin_pairs(&y, f->a, many, 100, &e));
    assert_int_equal(x.n, 50);
    assert_int_equal(y.n, 50);
    for (size_t i = 0; i < x.n; i++)
        assert_true(x.items[i].a == y.items[i].a && x.items[i].b == y.items[i].b &&
                    x.items[i].guess == y.items[i].guess);
    origin_close(one);
    origin_close(many);
}

static OriginChanges changes(Fix *f, const Origin *o, Str now, Str before)
{
    OriginChanges c;
    Err e = { 0 };
    assert_true(origin_changes(&c, f->a, o, now, before, &e));
    for (size_t i = 0; i < c.n; i++) {
        const OriginChange *k = &c.items[i];
        assert_true(str_eq(k->now, str_sub(now, k->from, k->to - k->from)));
        assert_true(str_eq(k->before, str_sub(before, k->other_from,
                                              k->other_to - k->other_from)));
        assert_true(i == 0 || k->from >= c.items[i - 1].to);
    }
    return c;
}

/* A report that changes the year and the place of last year's is shown as that. */
static void only_renamed(void **state)
{
    Fix *f = *state;
    Origin *o = open_index(f);
    Str last = STRC("2024年，青石镇党委坚持把抓基层党建作为第一责任，全年召开党委会专题研究党建工作4次，"
                    "我到联系村走访12次，帮助青石镇中心村解决饮水问题3个。去年以来，全镇新发展党员9名，"
                    "整顿软弱涣散村党组织1个，群众办事更加方便，村集体经济收入稳步增长。");
    Str now = STRC("2025年，云河镇党委坚持把抓基层党建作为第一责任，全年召开党委会专题研究党建工作5次，"
                   "我到联系村走访12次，帮助云河镇中心村解决饮水问题3个。今年以来，全镇新发展党员11名，"
                   "整顿软弱涣散村党组织1个，群众办事更加方便，村集体经济收入稳步增长。");
    OriginChanges c = changes(f, o, now, last);
    static const struct {
        OriginChangeKind kind;
        const char *now, *before;
    } want[] = {
        { ORIGIN_YEAR, "2025", "2024" },      { ORIGIN_PLACE, "云河镇", "青石镇" },
        { ORIGIN_NUMBER, "5", "4" },          { ORIGIN_PLACE, "云河镇", "青石镇" },
        { ORIGIN_YEAR, "今", "去" },          { ORIGIN_NUMBER, "11", "9" },
    };
    assert_int_equal(c.n, 6);
    for (size_t i = 0; i < c.n; i++) {
        assert_int_equal(c.items[i].kind, want[i].kind);
        assert_true(str_is(c.items[i].now, want[i].now));
        assert_true(str_is(c.items[i].before, want[i].before));
    }
    assert_true(c.only_renamed);
    assert_true(c.kept >= 850);
    origin_close(o);
}

static void changed_words_are_shown(void **state)
{
    Fix *f = *state;
    Origin *o = open_index(f);
    Str last = STRC("一年来，我们坚持问题导向，聚焦基层薄弱环节，狠抓工作落实。");
    Str now = STRC("一年来，我们坚持问题导向，聚焦群众急难愁盼，真抓实干，狠抓工作落实。");
    OriginChanges c = changes(f, o, now, last);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0].kind, ORIGIN_WORDS);
    assert_true(str_is(c.items[0].before, "基层薄弱环节"));
    assert_true(str_is(c.items[0].now, "群众急难愁盼，真抓实干"));
    assert_false(c.only_renamed);
    OriginChanges none = changes(f, o, last, last);
    assert_int_equal(none.n, 0);
    assert_int_equal(none.kept, 1000);
    assert_false(none.only_renamed);
    OriginChanges all = changes(f, o, last, prose(f, 3, 50));
    assert_int_equal(all.n, 1);
    assert_int_equal(all.kept, 0);
    assert_int_equal(changes(f, o, STRC(""), STRC("")).n, 0);
    origin_close(o);
}

static void strict_mode_sees_shorter_runs(void **state)
{
    Fix *f = *state;
    Err e = { 0 };
    Origin *o, *strict;
    assert_true(origin_open(&o, f->t, ORIGIN_NORMAL, &e));
    assert_true(origin_open(&strict, f->t, ORIGIN_STRICT, &e));
    Str x = join(f, join(f, prose(f, 1, 30), prose(f, 9, 8)), prose(f, 2, 30));
    Str y = join(f, join(f, prose(f, 3, 30), prose(f, 9, 8)), prose(f, 4, 30));
    assert_int_equal(beside(f, o, x, y).n, 0);
    OriginBeside b = beside(f, strict, x, y);
    assert_int_equal(b.n, 1);
    assert_int_equal(b.items[0].points, 8);
    origin_close(o);
    origin_close(strict);
}

static void short_and_odd_texts(void **state)
{
    Fix *f = *state;
    static const char *const cases[] = { "", "。", "述职", "**", "\xF0\xA0\x80\x80\xF0\xA0\x80\x81",
                                         "一二三四五六七八九十", "😀😀😀😀😀😀😀😀😀😀😀😀" };
    Origin *o = open_index(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Str s = str_of(cases[i]);
        add(o, (int64_t)i, 1, 2026, s);
        OriginBeside b = beside(f, o, s, s);
        assert_int_equal(b.permille, b.own >= 10 ? 1000 : 0);
    }
    settle(o);
    Str same = prose(f, 1, 1);
    Buf b = buf_open(1 << 20);
    for (int i = 0; i < 20000; i++)
        buf_put(&b, same);
    OriginBeside long_one = beside(f, o, buf_str(&b), buf_str(&b));
    assert_int_equal(long_one.permille, 1000);
    buf_close(&b);
    origin_close(o);
}

static void refuses_bad_input(void **state)
{
    Fix *f = *state;
    Err e = { 0 };
    Origin *o = open_index(f);
    OriginDoc d = { 1, 1, 2026 };
    OriginBeside b;
    assert_false(origin_add(o, &d, STRC("a\0b"), &e));
    assert_int_equal(e.code, ERR_BAD_TEXT);
    assert_false(origin_exempt(o, STRC("\xE4\xB8"), &e));
    assert_false(origin_beside(&b, f->a, o, STRC("好"), STRC("\xFF"), &e));
    char *big = malloc((size_t)TEXT_BYTES_MAX + 1);
    memset(big, 'x', (size_t)TEXT_BYTES_MAX + 1);
    err_clear(&e);
    assert_true(origin_add(o, &d, (Str){ big, TEXT_BYTES_MAX }, &e));
    assert_false(origin_add(o, &d, (Str){ big, (size_t)TEXT_BYTES_MAX + 1 }, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    err_clear(&e);
    assert_false(origin_beside(&b, f->a, o, STRC(""), (Str){ big, (size_t)TEXT_BYTES_MAX + 1 },
                               &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    settle(o);
    assert_int_equal(origin_docs(o), 1); /* the refused ones left nothing */
    free(big);
    origin_close(o);
    origin_close(NULL);
}

/* Exempt texts together have a limit: at it, and one past it. */
static void exempt_limit(void **state)
{
    Fix *f = *state;
    Err e = { 0 };
    Origin *o = open_index(f);
    size_t grams = 0;
    bool refused = false;
    for (unsigned i = 0; i < 5 && !refused; i++) {
        size_t left = ORIGIN_EXEMPT_MAX - grams, take = left < 1000000 ? left : 1000000;
        Str s = prose(f, 900 + i, (int)take + ORIGIN_GRAM - 1);
        refused = !origin_exempt(o, s, &e);
        grams += take;
        if (grams == ORIGIN_EXEMPT_MAX && !refused) {
            assert_false(origin_exempt(o, prose(f, 999, ORIGIN_GRAM), &e));
            assert_int_equal(e.code, ERR_TOO_BIG);
            refused = true;
        }
    }
    assert_true(refused);
    origin_close(o);
}

/* The example of origin.h. */
static void example_of_the_face(void **state)
{
    Fix *f = *state;
    Origin *o;
    Err e = { 0 };
    Shelf s;
    OriginFound found;
    s.texts[7] = prose(f, 77, 850);
    s.texts[9] = join(f, s.texts[7], prose(f, 78, 150));
    assert_true(origin_open(&o, f->t, ORIGIN_NORMAL, &e));
    assert_true(origin_exempt(o, str_of(template_text), &e));
    assert_true(origin_add(o, &(OriginDoc){ 7, 1, 2025 }, s.texts[7], &e));
    assert_true(origin_settle(o, &e));
    OriginDoc self = { 9, 1, 2026 };
    assert_true(origin_report(&found, f->a, o, &self, s.texts[9], fetch, &s, &e));
    assert_int_equal(found.own_earlier, 850);
    Buf b = buf_open(1 << 20);
    Jw w = jw_open(&b);
    origin_found_json(&w, &found);
    assert_true(jw_close(&w));
    json_t *v;
    assert_true(jv_read(&v, buf_str(&b), "found", &e));
    assert_int_equal(jv_int(v, "own_earlier"), 850);
    assert_int_equal(jv_len(jv_get(v, "sources")), 1);
    jv_close(v);
    buf_close(&b);
    origin_close(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example_of_the_face),
        cmocka_unit_test(identical_is_all_and_template_is_nothing),
        cmocka_unit_test(script_width_and_punctuation_do_not_matter),
        cmocka_unit_test(passages_quote_both_texts),
        cmocka_unit_test(many_alike_are_no_set_phrase),
        cmocka_unit_test(set_phrases_are_discounted),
        cmocka_unit_test(rare_phrases_count),
        cmocka_unit_test(own_years_and_other_units_are_apart),
        cmocka_unit_test(nothing_follows_for_a_third),
        cmocka_unit_test(portions_do_not_matter),
        cmocka_unit_test(only_renamed),
        cmocka_unit_test(changed_words_are_shown),
        cmocka_unit_test(strict_mode_sees_shorter_runs),
        cmocka_unit_test(short_and_odd_texts),
        cmocka_unit_test(refuses_bad_input),
        cmocka_unit_test(exempt_limit),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
