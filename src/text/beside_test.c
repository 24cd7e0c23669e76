#include "text/beside.h"
#include "text/draft.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
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
    f->a = arena_open(256u << 20);
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

static void last_year_beside_this_year(void **state)
{
    Fix *f = *state;
    static const Str parts[ADVICE_PARTS] = {
        [ADVICE_ACHIEVEMENTS] = S("对“支部活動形式單一”的問題，我们与区文旅局党支部共建，办主题展览4期。"
                                  "窗口排队时间长的问题已经整改到位，取得明显成效。"),
        [ADVICE_PROBLEMS] = S("青年党员培养不够，近两年没有发展一名青年党员。支部书记到一线调研少，办法不多。"),
        [ADVICE_CAUSES] = S("主要是我重视不够。"),
        [ADVICE_MEASURES] = S("明年每季度开一次业务融合会。"),
    };
    static const struct {
        BesideFinding finding;
        BesideState state;
        bool again;
        const char *begins;
    } cases[] = {
        { { 1, S("支部活动形式单一"), S("") }, BESIDE_ANSWERED, false, "对“支部活動" },
        { { 2, S("青年党员培养不够"), S("") }, BESIDE_REDECLARED, true, "青年党员" },
        { { 3, S("党费收缴不及时，有3名党员拖欠"), S("") }, BESIDE_DROPPED, false, "" },
        { { 4, S("窗口排队时间长"), S("") }, BESIDE_EMPTY, false, "窗口排队" },
        { { 5, S("党费收缴不及时"), S("已经高度重视，持续整改，取得明显成效。") }, BESIDE_EMPTY, false, "已经" },
        { { 6, S("党费收缴不及时"), S("党费收缴不及时的问题已整改到位。") }, BESIDE_EMPTY, false, "党费" },
        { { 7, S("党费收缴不及时"), S("改为每月5日由组织委员逐人收缴，12月已无拖欠。") }, BESIDE_ANSWERED, false,
          "改为" },
        { { 8, S("青年党员培养不够"), S("安排4名青年党员到窗口轮岗，结对老党员带教半年。") }, BESIDE_ANSWERED,
          true, "安排" },
    };
    BesideFinding findings[8];
    BesideResult *got;
    Err e = { 0 };
    for (size_t i = 0; i < 8; i++)
        findings[i] = cases[i].finding;
    assert_true(beside_last_year(&got, f->a, f->t, findings, 8, parts, &e));
    for (size_t i = 0; i < 8; i++) {
        if (got[i].state != cases[i].state || got[i].again != cases[i].again)
            fail_msg("finding %zu: %s", i + 1, beside_state_name(got[i].state));
        assert_int_equal(got[i].id, (int64_t)i + 1);
        assert_true(str_starts(got[i].sentence, str_of(cases[i].begins)));
        assert_true(got[i].say.n > 0);
        if (got[i].to > 0)
            assert_true(str_eq(got[i].sentence, str_sub(parts[got[i].part], got[i].from,
                                                        got[i].to - got[i].from)));
    }
    assert_true(beside_last_year(&got, f->a, f->t, findings, 0, parts, &e));
}

static void beside_limits(void **state)
{
    Fix *f = *state;
    static const Str parts[ADVICE_PARTS] = { S("") };
    Err e = { 0 };
    BesideResult *got;
    BesideFinding *many = calloc(BESIDE_FINDINGS_MAX + 1, sizeof *many);
    assert_true(beside_last_year(&got, f->a, f->t, many, BESIDE_FINDINGS_MAX, parts, &e));
    assert_false(beside_last_year(&got, f->a, f->t, many, BESIDE_FINDINGS_MAX + 1, parts, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    char *text = arena_alloc(f->a, BESIDE_TEXT_BYTES_MAX + 1);
    memset(text, 'a', BESIDE_TEXT_BYTES_MAX + 1);
    many[0].text = (Str){ text, BESIDE_TEXT_BYTES_MAX };
    assert_true(beside_last_year(&got, f->a, f->t, many, 1, parts, &e));
    many[0].text.n++;
    assert_false(beside_last_year(&got, f->a, f->t, many, 1, parts, &e));
    free(many);
}

static void claims_beside_records(void **state)
{
    Fix *f = *state;
    ClaimRecord records[] = {
        { 11, S("党员大会"), S("次"), dec_int(3) },   { 12, S("党课"), S("次"), dec_int(4) },
        { 13, S("发展党员"), S("名"), dec_int(9) },   { 14, S("走访"), S("户"), dec_int(118) },
        { 15, S("支委會"), S("次"), dec_int(12) },    { 16, S("党课人数"), S("人"), dec_int(200) },
    };
    static const struct {
        const char *text;
        int record; /* -1: no pair */
        int claimed, per_year;
        ClaimState state;
    } cases[] = {
        { "全年召开党员大会4次。", 0, 4, 1, CLAIM_MORE },
        { "全年召开党员大会3次，讲党课5次。", 0, 3, 1, CLAIM_EQUAL },
        { "每季度召开党员大会1次。", 0, 4, 4, CLAIM_MORE },
        { "发展党员8人。", 2, 8, 1, CLAIM_LESS },
        { "走访群众100余户。", 3, 100, 1, CLAIM_FITS },
        { "走访群众近120户。", 3, 120, 1, CLAIM_FITS },
        { "走访群众近200户。", 3, 200, 1, CLAIM_MORE },
        { "每月召开支委会1次、开展慰问30次。", 4, 12, 12, CLAIM_EQUAL },
        { "培训干部8人。", -1, 0, 0, CLAIM_EQUAL },
        { "党员大会之外，慰问困难党员8次。", -1, 0, 0, CLAIM_EQUAL },
        { "新建党课教室2间。", -1, 0, 0, CLAIM_EQUAL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Outline o;
        ClaimPairs got;
        Err e = { 0 };
        int64_t n;
        assert_true(outline_read(&o, f->a, f->t, str_of(cases[i].text), &e));
        assert_true(claim_pairs(&got, f->a, f->t, &o.figures, records, 6, &e));
        if (cases[i].record < 0) {
            if (got.n != 0)
                fail_msg("%s gave a pair", cases[i].text);
            continue;
        }
        if (got.n == 0 || got.items[0].record != (size_t)cases[i].record ||
            got.items[0].state != cases[i].state)
            fail_msg("%s: %s", cases[i].text,
                     got.n ? claim_state_name(got.items[0].state) : "no pair");
        assert_true(dec_to_int(&n, got.items[0].claimed));
        assert_int_equal(n, cases[i].claimed);
        assert_int_equal(got.items[0].per_year, cases[i].per_year);
    }
}

/* The same figure twice in one sentence: each with its own clause. */
static void same_figure_twice(void **state)
{
    Fix *f = *state;
    ClaimRecord records[] = { { 1, S("党员大会"), S("次"), dec_int(4) },
                              { 2, S("党课"), S("次"), dec_int(2) } };
    Outline o;
    ClaimPairs got;
    Err e = { 0 };
    assert_true(outline_read(&o, f->a, f->t, STRC("召开党员大会4次，组织党课4次，慰问4次。"), &e));
    assert_true(claim_pairs(&got, f->a, f->t, &o.figures, records, 2, &e));
    assert_int_equal(got.n, 2);
    assert_int_equal(got.items[0].record, 0);
    assert_int_equal(got.items[0].state, CLAIM_EQUAL);
    assert_int_equal(got.items[1].record, 1);
    assert_int_equal(got.items[1].state, CLAIM_MORE);
    Buf b = buf_open(1 << 20);
    Jw w = jw_open(&b);
    claim_json(&w, &got, &o.figures, records);
    assert_true(jw_close(&w));
    json_t *v;
    assert_true(jv_read(&v, buf_str(&b), "claims", &e));
    assert_int_equal(jv_len(v), 2);
    assert_true(str_is(jv_str(jv_at(v, 1), "state"), "more"));
    jv_close(v);
    buf_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_year_beside_this_year),
        cmocka_unit_test(beside_limits),
        cmocka_unit_test(claims_beside_records),
        cmocka_unit_test(same_figure_twice),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
