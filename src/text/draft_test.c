#include "text/draft.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DATA "src/text/golden/"

/* Twenty texts of our own: NAME.txt with the golden result NAME.json. */
enum { EACH = 10 };

static const RosterName names[] = {
    { S("中共岚山镇委员会"), 1, ROSTER_ORG },   { S("松岭乡"), 2, ROSTER_ORG },
    { S("柳堤街道"), 3, ROSTER_ORG },           { S("外语学院"), 4, ROSTER_ORG },
    { S("区水务局党组"), 5, ROSTER_ORG },       { S("区交通运输局党委"), 6, ROSTER_ORG },
    { S("临江社区第二党支部"), 7, ROSTER_ORG }, { S("望江街道党工委"), 8, ROSTER_ORG },
    { S("石桥村"), 9, ROSTER_ORG },             { S("遗传学系支部"), 10, ROSTER_ORG },
    { S("党工委书记"), 20, ROSTER_POST },       { S("镇党委书记"), 21, ROSTER_POST },
    { S("党支部书记"), 22, ROSTER_POST },       { S("城投集团"), 11, ROSTER_ORG },
};
enum { NAMES = sizeof names / sizeof *names };

typedef struct Fix {
    Arena *a;
    Text *t;
    Roster *roster;
} Fix;

static int set_up(void **state)
{
    Fix *f = calloc(1, sizeof *f);
    Err e = { 0 };
    f->a = arena_open(512u << 20);
    *state = f;
    return text_open(&f->t, TEXT_TO_HANS, &e) && roster_open(&f->roster, f->a, f->t, names, NAMES,
                                                             &e) ? 0 : -1;
}

static int tear_down(void **state)
{
    Fix *f = *state;
    text_close(f->t);
    arena_close(f->a);
    free(f);
    return 0;
}

static Str file(Arena *a, Str name, const char *ending)
{
    FILE *in = fopen(arena_z(a, arena_text(a, DATA "%.*s%s", STR(name), ending)), "rb");
    char *p = arena_alloc(a, 1 << 17);
    if (!in)
        return (Str){ "", 0 };
    size_t n = fread(p, 1, 1 << 17, in);
    fclose(in);
    return (Str){ p, n };
}

static Str text_name(Fix *f, int i)
{
    return arena_text(f->a, "%s%02d", i < EACH ? "speech" : "report", i % EACH + 1);
}

static Drafts drafts(Fix *f, Str text)
{
    Drafts d;
    Err e = { 0 };
    if (!draft_read(&d, f->a, f->t, f->roster, text, &e))
        fail_msg("not read: %s %s", err_name(e.code), e.trail);
    return d;
}

static Str shown(Arena *a, const Drafts *d)
{
    Buf b = buf_open(64 << 20);
    Jw w = jw_open(&b);
    Err e = { 0 };
    json_t *v;
    draft_json(&w, d);
    assert_true(jw_close(&w));
    assert_true(jv_read(&v, buf_str(&b), "drafts", &e));
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
    for (int i = 0; i < 2 * EACH; i++) {
        Str name = text_name(f, i), text = file(f->a, name, ".txt");
        assert_true(str_points(text) >= 600 && str_points(text) <= 2500);
        Drafts d = drafts(f, text);
        Str got = shown(f->a, &d), want = file(f->a, name, ".json");
        if (mode && strcmp(mode, "write") == 0) {
            FILE *out = fopen(arena_z(f->a, arena_text(f->a, DATA "%.*s.json", STR(name))), "wb");
            assert_non_null(out);
            assert_int_equal(fwrite(got.p, 1, got.n, out), got.n);
            fclose(out);
        } else if (!str_eq(got, want)) {
            fail_msg("%.*s.json differs; the result is now:\n%.*s", STR(name), STR(got));
        }
    }
}

static void quotes(Str text, Str sentence, size_t from, size_t to)
{
    assert_true(from < to && to <= text.n);
    assert_true(str_eq(str_sub(text, from, to - from), sentence));
}

static Str hans(Fix *f, Str s)
{
    Str out;
    Err e = { 0 };
    assert_true(text_to_hans(&out, f->a, f->t, s, &e));
    return out;
}

/* The words of an item stand inside its sentence, at its place. */
static void stands(Fix *f, Str text, Str words, Str sentence, size_t from, size_t to, size_t at,
                   size_t end)
{
    quotes(text, sentence, from, to);
    assert_true(from <= at && at < end && end <= to);
    assert_true(str_has(hans(f, str_sub(text, at, end - at)), words));
}

/* Nothing is invented: every item of every text quotes its sentence. */
static void everything_is_quoted(void **state)
{
    Fix *f = *state;
    size_t found[6] = { 0 };
    for (int i = 0; i < 2 * EACH; i++) {
        Str text = file(f->a, text_name(f, i), ".txt");
        Drafts d = drafts(f, text);
        for (size_t k = 0; k < d.duties.n; k++) {
            const DraftDuty *u = &d.duties.items[k];
            stands(f, text, u->unit, u->sentence, u->from, u->to, u->at, u->at_end);
            Str sentence = hans(f, u->sentence);
            assert_true(str_has(sentence, u->clause) && str_has(sentence, u->who));
        }
        for (size_t k = 0; k < d.problems.n; k++) {
            const DraftProblem *p = &d.problems.items[k];
            quotes(text, p->sentence, p->from, p->to);
            assert_true(str_has(hans(f, p->sentence), p->text) && p->end <= text.n);
            assert_true(k == 0 || p->from >= d.problems.items[k - 1].from);
        }
        for (size_t k = 0; k < d.programmes.n; k++) {
            const DraftProgramme *p = &d.programmes.items[k];
            stands(f, text, p->name, p->sentence, p->from, p->to, p->at, p->at_end);
        }
        for (size_t k = 0; k < d.days.n; k++) {
            const DraftDay *p = &d.days.items[k];
            stands(f, text, p->text, p->sentence, p->from, p->to, p->at, p->at_end);
        }
        for (size_t k = 0; k < d.names.n; k++) {
            const DraftName *p = &d.names.items[k];
            stands(f, text, STRC(""), p->sentence, p->from, p->to, p->at, p->at_end);
        }
        for (size_t k = 0; k < d.outline.figures.n; k++) {
            const OutlineFigure *g = &d.outline.figures.items[k];
            stands(f, text, g->unit.n && g->unit.p[0] == '%' ? STRC("") : g->unit, g->sentence,
                   g->from, g->to, g->at, g->at_end);
        }
        size_t n[6] = { d.duties.n, d.problems.n, d.programmes.n, d.days.n, d.names.n,
                        d.outline.figures.n };
        for (int k = 0; k < 6; k++)
            found[k] += n[k];
    }
    for (int k = 0; k < 6; k++)
        assert_true(found[k] >= 20);
}

/* Sentences with an obligation, and what is none. */
static void obligations(void **state)
{
    Fix *f = *state;
    static const struct {
        const char *text;
        DraftEvery every;
        int number; /* 0: no obligation */
        const char *who, *what, *unit;
    } cases[] = {
        { "党组（党委）成员至少要联系1个支部，并经常指导。", DRAFT_STANDING, 1, "党组（党委）成员", "联系支部", "个" },
        { "落实党组会每年至少专题研究1次党建工作的要求。", DRAFT_YEAR, 1, "党组会", "专题研究党建工作", "次" },
        { "要每半年至少开展1次专题督查。", DRAFT_HALF, 1, "", "开展专题督查", "次" },
        { "确保重点工作督查中党建内容不少于20%。", DRAFT_STANDING, 20, "", "重点工作督查中党建内容", "%" },
        { "支部书记要每季度讲一次党课。", DRAFT_QUARTER, 1, "支部书记", "讲党课", "次" },
        { "各支部每月应当开展1次主题党日。", DRAFT_MONTH, 1, "各支部", "开展主题党日", "次" },
        { "各支部要每两个月开展一次谈心。", DRAFT_MONTH, 1, "各支部", "开展谈心", "次" },
        { "要召开党员大会，每季度不少于1次。", DRAFT_QUARTER, 1, "", "召开党员大会", "次" },
        { "全年检查不超过2次。", DRAFT_YEAR, 2, "", "检查", "次" },
        { "全年召开党员大会4次。", 0, 0, "", "", "" },
        { "去年每季度召开1次党员大会。", 0, 0, "", "", "" },
        { "我们每月开展1次主题党日。", 0, 0, "", "", "" },
        { "覆盖率达到95%。", 0, 0, "", "", "" },
        { "个别支部没有做到每季度至少召开1次党员大会。", 0, 0, "", "", "" },
        { "要高度重视这项工作。", 0, 0, "", "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Drafts d = drafts(f, str_of(cases[i].text));
        int64_t n;
        if (d.duties.n != (cases[i].number > 0))
            fail_msg("%s gave %zu obligations", cases[i].text, d.duties.n);
        if (d.duties.n == 0)
            continue;
        const DraftDuty *u = &d.duties.items[0];
        assert_int_equal(u->every, cases[i].every);
        assert_true(dec_to_int(&n, u->number));
        assert_int_equal(n, cases[i].number);
        assert_string_equal(arena_z(f->a, u->unit), cases[i].unit);
        assert_string_equal(arena_z(f->a, u->what), cases[i].what);
        assert_string_equal(arena_z(f->a, u->who), cases[i].who);
        assert_int_equal(u->share, strcmp(cases[i].unit, "%") == 0);
    }
}

static void a_duty_in_pack_syntax(void **state)
{
    Fix *f = *state;
    Drafts d = drafts(f, STRC("党委会每半年至少专题研究1次\"党建\"工作。"));
    Buf b = buf_open(1 << 16);
    draft_duty_pack(&b, &d.duties.items[0], STRC("speech_1"), STRC("讲话"));
    assert_true(str_is(buf_str(&b), "duty speech_1 {\n"
                                    "    title \"专题研究＂党建＂工作\";\n"
                                    "    status draft;\n"
                                    "    # 对象（who）：党委会\n"
                                    "    every half;\n"
                                    "    at_least 1;\n"
                                    "    hard \"党委会每半年至少专题研究1次＂党建＂工作\";\n"
                                    "    cite \"讲话\";\n"
                                    "}\n"));
    buf_close(&b);
}

static void days_and_deadlines(void **state)
{
    Fix *f = *state;
    static const struct {
        const char *text, *words;
        int year, month, day, within;
        bool deadline;
    } cases[] = {
        { "请于2026年4月15日前报送。", "2026年4月15日前", 2026, 4, 15, 0, true },
        { "12月底前完成。", "12月底前", 0, 12, 0, 0, true },
        { "2026年底之前实现。", "2026年底之前", 2026, 0, 0, 0, true },
        { "年底前完成。", "年底前", 0, 0, 0, 0, true },
        { "5个工作日内反馈。", "5个工作日内", 0, 0, 0, 5, true },
        { "一个月内报送。", "一个月内", 0, 0, 0, 1, true },
        { "3月12日召开会议。", "3月12日", 0, 3, 12, 0, false },
        { "截至2025年12月31日。", "2025年12月31日", 2025, 12, 31, 0, false },
        { "报名截止到6月1日。", "6月1日", 0, 6, 1, 0, true },
        { "2025年工作回顾。", "", 0, 0, 0, 0, false },
        { "内容共5条。", "", 0, 0, 0, 0, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Drafts d = drafts(f, str_of(cases[i].text));
        if (d.days.n != (cases[i].words[0] != 0))
            fail_msg("%s gave %zu days", cases[i].text, d.days.n);
        if (d.days.n == 0)
            continue;
        const DraftDay *y = &d.days.items[0];
        assert_string_equal(arena_z(f->a, y->text), cases[i].words);
        assert_int_equal(y->day.year, cases[i].year);
        assert_int_equal(y->day.month, cases[i].month);
        assert_int_equal(y->day.day, cases[i].day);
        assert_int_equal(y->within, cases[i].within);
        assert_int_equal(y->deadline, cases[i].deadline);
    }
}

static void names_of_the_roster(void **state)
{
    Fix *f = *state;
    Drafts d = drafts(f, STRC("岚山镇党委书记带头。個別支部書記反映，松嶺鄉有2个支部学习不够；中共岚山镇委员会要督促，"
                              "白石镇党委也要督促。"));
    static const int64_t want[] = { 1, 2, 1 };
    assert_int_equal(d.names.n, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(d.names.items[i].who.id, want[i]);
    assert_int_equal(d.problems.n, 1);
    assert_int_equal(d.problems.items[0].org, 2);
    assert_true(roster_has(f->roster, STRC("岚山镇党委")));
    assert_false(roster_has(f->roster, STRC("岚山镇")));
    assert_true(roster_knows(f->roster, STRC("岚山镇")));
    /* A post at an organisation names it: the longest name holds. */
    static const RosterName held[] = { { S("松岭乡"), 2, ROSTER_ORG, S("") },
                                       { S("松岭乡书记"), 2, ROSTER_POST, S("松岭乡") } };
    Roster *posts;
    Err why = { 0 };
    assert_true(roster_open(&posts, f->a, f->t, held, 2, &why));
    assert_true(draft_read(&d, f->a, f->t, posts, STRC("個別書記抓黨建不夠，松嶺鄉書記尤其如此。"), &why));
    assert_int_equal(d.names.n, 1);
    assert_int_equal(d.names.items[0].who.kind, ROSTER_POST);
    assert_int_equal(d.problems.n, 1);
    assert_int_equal(d.problems.items[0].org, 2);
    assert_true(str_is(d.problems.items[0].org_name, "松岭乡"));
    /* What two share is nobody's. */
    static const RosterName twins[] = { { S("第一支部"), 1, ROSTER_ORG },
                                        { S("第一支部"), 2, ROSTER_ORG },
                                        { S("第二支部"), 2, ROSTER_ORG } };
    Roster *r;
    Err e = { 0 };
    RosterName who;
    assert_true(roster_open(&r, f->a, f->t, twins, 3, &e));
    assert_int_equal(roster_at(&who, r, STRC("第一支部"), 0), 0);
    assert_int_equal(roster_at(&who, r, STRC("第二支部"), 0), 12);
    assert_int_equal(roster_at(&who, NULL, STRC("第二支部"), 0), 0);
}

static void roster_limits(void **state)
{
    Fix *f = *state;
    Err e = { 0 };
    Roster *r;
    RosterName *many = calloc(ROSTER_NAMES_MAX + 1, sizeof *many);
    for (int i = 0; i <= ROSTER_NAMES_MAX; i++)
        many[i] = (RosterName){ STRC("甲乙"), 1, ROSTER_ORG };
    assert_true(roster_open(&r, f->a, f->t, many, ROSTER_NAMES_MAX, &e));
    assert_false(roster_open(&r, f->a, f->t, many, ROSTER_NAMES_MAX + 1, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    char *long_name = arena_alloc(f->a, ROSTER_NAME_BYTES_MAX + 1);
    memset(long_name, 'a', ROSTER_NAME_BYTES_MAX + 1);
    many[0].name = (Str){ long_name, ROSTER_NAME_BYTES_MAX };
    assert_true(roster_open(&r, f->a, f->t, many, 1, &e));
    many[0].name.n++;
    assert_false(roster_open(&r, f->a, f->t, many, 1, &e));
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_files),        cmocka_unit_test(everything_is_quoted),
        cmocka_unit_test(obligations),         cmocka_unit_test(a_duty_in_pack_syntax),
        cmocka_unit_test(days_and_deadlines),  cmocka_unit_test(names_of_the_roster),
        cmocka_unit_test(roster_limits),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
