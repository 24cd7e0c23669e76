#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <opencc/opencc.h>
#include <unicode/ucnv.h>

#define IS(got, want) assert_string_equal(arena_z(a, (got)), (want))

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

static Str hans(Fix *f, const char *z)
{
    Err e = { 0 };
    Str out = { "", 0 };
    assert_true(text_to_hans(&out, f->a, f->t, str_of(z), &e));
    return out;
}

static void folds_script_and_width(void **state)
{
    Fix *f = *state;
    Arena *a = f->a;
    static const struct {
        const char *from, *to;
    } cases[] = {
        { "區衞健局黨委書記", "区卫健局党委书记" },
        { "紅揹簍精神", "红背篓精神" },
        { "藉口與慰藉，乾隆與乾燥", "借口与慰藉，乾隆与干燥" },
        { "徵求意見、瞭解情況、答覆羣眾", "征求意见、了解情况、答复群众" },
        { "１２６個，９５．５％", "126个,95.5%" },
        { "ＡＢｃ＋Ｘ", "ABc+X" },
        { "已经是简体。", "已经是简体。" },
        { "", "" },
        { "no CJK at all", "no CJK at all" },
        { "𠀀𠮷野家", "𠀀𠮷野家" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *want = cases[i].to;
        if (i == 4)
            want = "126个，95.5%"; /* the comma keeps its width */
        IS(hans(f, cases[i].from), want);
    }
}

/* Looking single characters up gives what OpenCC gives for the whole text. */
static void same_as_opencc(void **state)
{
    Fix *f = *state;
    static const char prose[] =
        "據瞭解，該縣計畫於明年徵收鋼鐵廠舊址，鍾書記藉此機會覆覈數據；乾部與幹部、後來與皇后、"
        "頭髮與發展、麵粉與方面、復興與反覆、鬥爭與斗笠、臺灣與檯面，彷彿昇平。沈船沉沒，俱樂部傢俱，"
        "哪吒、畢昇、銀鍊、鉅子、牴觸、什麼、么麼、二噁英、蒜薹、八濛山、於菟、樊於期、宮商角徵羽，"
        "老百姓的生産與喫飯，裏面的綫索，衆人注冊，峯會啓動，羣衆滿意。";
    opencc_t o = opencc_open("hk2s.json");
    assert_true(o != (opencc_t)-1);
    char *want = opencc_convert_utf8(o, prose, strlen(prose));
    Str got = hans(f, prose);
    assert_int_equal(got.n, strlen(want));
    assert_memory_equal(got.p, want, got.n);
    opencc_convert_utf8_free(want);
    opencc_close(o);
}

static void map_leads_back(void **state)
{
    Fix *f = *state;
    Arena *a = f->a;
    Err e = { 0 };
    Folded fold;
    const char *z = "ａ１２黨員，Ｂ𠮷３個\n尾";
    assert_true(text_fold(&fold, a, f->t, str_of(z), &e));
    IS(fold.text, "a12党员，B𠮷3个\n尾");
    size_t at = (size_t)str_find(fold.text, STRC("党"));
    IS(text_quote(&fold, at, at + 6), "黨員");
    at = (size_t)str_find(fold.text, STRC("3个"));
    IS(text_quote(&fold, at, at + 4), "３個");
    IS(text_quote(&fold, 0, fold.text.n), z);
    assert_int_equal(text_origin(&fold, fold.text.n), strlen(z));
    assert_int_equal(text_origin(&fold, 0), 0);
    /* every character of the fold is the fold of the one it came from */
    size_t k;
    uint32_t cp;
    for (size_t i = 0; (k = str_next(fold.text, i, &cp)) > 0; i += k) {
        Str one = text_quote(&fold, i, i + k);
        assert_int_equal(str_points(one), 1);
        assert_true(str_eq(hans(f, arena_z(a, one)), str_sub(fold.text, i, k)));
    }
}

static void hant_for_messages(void **state)
{
    Fix *f = *state;
    Arena *a = f->a;
    Err e = { 0 };
    Str out;
    assert_true(text_to_hant(&out, a, f->t, STRC("没有找到干部；请检查编号"), &e));
    IS(out, "沒有找到幹部；請檢查編號");
    assert_true(text_to_hant(&out, a, f->t, STRC(""), &e));
    assert_int_equal(out.n, 0);
}

static void refuses_bad_text(void **state)
{
    Fix *f = *state;
    Err e = { 0 };
    Str out = STRC("untouched");
    assert_false(text_to_hans(&out, f->a, f->t, STRC("a\0b"), &e));
    assert_int_equal(e.code, ERR_BAD_TEXT);
    assert_false(text_to_hans(&out, f->a, f->t, STRC("\xE4\xB8"), &e));
    assert_int_equal(e.code, ERR_BAD_TEXT);
    assert_true(str_is(out, "untouched"));
}

static void limit_and_one_past(void **state)
{
    Fix *f = *state;
    Err e = { 0 };
    char *big = malloc(TEXT_BYTES_MAX + 1);
    Str out;
    memset(big, 'a', TEXT_BYTES_MAX + 1);
    assert_true(text_to_hans(&out, f->a, f->t, (Str){ big, TEXT_BYTES_MAX }, &e));
    assert_int_equal(out.n, TEXT_BYTES_MAX);
    assert_false(text_to_hans(&out, f->a, f->t, (Str){ big, TEXT_BYTES_MAX + 1 }, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    assert_true(text_decode(&out, NULL, f->a, (Str){ big, TEXT_BYTES_MAX }, &e));
    assert_false(text_decode(&out, NULL, f->a, (Str){ big, TEXT_BYTES_MAX + 1 }, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    free(big);
}

static void small_arena_says_so(void **state)
{
    Fix *f = *state;
    Err e = { 0 };
    Str out;
    Arena *tiny = arena_open(64);
    char text[600];
    memset(text, 'b', sizeof text);
    assert_false(text_to_hans(&out, tiny, f->t, (Str){ text, sizeof text }, &e));
    assert_int_equal(e.code, ERR_NO_MEMORY);
    err_clear(&e);
    assert_false(text_decode(&out, NULL, tiny, (Str){ text, sizeof text }, &e));
    assert_int_equal(e.code, ERR_NO_MEMORY);
    arena_close(tiny);
}

static void decodes(void **state)
{
    Fix *f = *state;
    Arena *a = f->a;
    static const struct {
        Str bytes;
        TextCoding coding;
        const char *want;
    } cases[] = {
        { S("述职\r\n评议\r会"), TEXT_UTF8, "述职\n评议\n会" },
        { S("\xEF\xBB\xBF述职"), TEXT_UTF8, "述职" },
        { S("\xFF\xFE\xF0\x8F\x4C\x80\x0D\x00\x0A\x00\x31\x00"), TEXT_UTF16LE, "述职\n1" },
        { S("\xFE\xFF\x8F\xF0\x80\x4C"), TEXT_UTF16BE, "述职" },
        { S("\xFE\xFF\xD8\x42\xDF\xB7"), TEXT_UTF16BE, "𠮷" },
        /* 各级党组织书记要切实履行第一责任人职责。 in GBK */
        { S("\xB8\xF7\xBC\xB6\xB5\xB3\xD7\xE9\xD6\xAF\xCA\xE9\xBC\xC7\xD2\xAA\xC7\xD0\xCA\xB5\xC2"
            "\xC4\xD0\xD0\xB5\xDA\xD2\xBB\xD4\xF0\xC8\xCE\xC8\xCB\xD6\xB0\xD4\xF0\xA1\xA3"),
          TEXT_GB18030, "各级党组织书记要切实履行第一责任人职责。" },
        /* 各級黨組織書記要切實履行第一責任人職責。 in Big5 */
        { S("\xA6\x55\xAF\xC5\xC4\xD2\xB2\xD5\xC2\xB4\xAE\xD1\xB0\x4F\xAD\x6E\xA4\xC1\xB9\xEA\xBC"
            "\x69\xA6\xE6\xB2\xC4\xA4\x40\xB3\x64\xA5\xF4\xA4\x48\xC2\xBE\xB3\x64\xA1\x43"),
          TEXT_BIG5, "各級黨組織書記要切實履行第一責任人職責。" },
        { S(""), TEXT_UTF8, "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Err e = { 0 };
        Str out;
        TextCoding c;
        assert_true(text_decode(&out, &c, a, cases[i].bytes, &e));
        IS(out, cases[i].want);
        assert_string_equal(text_coding_name(c), text_coding_name(cases[i].coding));
    }
}

/* Whole speeches in the encodings that clerks' files still have. */
static void decodes_speeches(void **state)
{
    Fix *f = *state;
    static const struct {
        const char *path, *encoding;
        TextCoding want;
    } cases[] = {
        { "src/text/testdata/levels.txt", "gb18030", TEXT_GB18030 },
        { "src/text/testdata/plain.txt", "gb18030", TEXT_GB18030 },
        { "src/text/testdata/figures.txt", "gb18030", TEXT_GB18030 },
        { "src/text/testdata/traditional.txt", "gb18030", TEXT_GB18030 },
        { "src/text/testdata/traditional.txt", "windows-950-2000", TEXT_BIG5 },
        { "src/text/testdata/traditional.txt", "UTF-16LE,version=1", TEXT_UTF16LE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char utf8[8000], bytes[16000];
        FILE *in = fopen(cases[i].path, "rb");
        assert_non_null(in);
        size_t n = fread(utf8, 1, sizeof utf8, in);
        fclose(in);
        UErrorCode bad = U_ZERO_ERROR;
        int32_t made = ucnv_convert(cases[i].encoding, "UTF-8", bytes, sizeof bytes, utf8,
                                    (int32_t)n, &bad);
        assert_true(U_SUCCESS(bad));
        Err e = { 0 };
        Str out;
        TextCoding c;
        assert_true(text_decode(&out, &c, f->a, (Str){ bytes, (size_t)made }, &e));
        assert_int_equal(c, cases[i].want);
        assert_int_equal(out.n, n);
        assert_memory_equal(out.p, utf8, n);
    }
}

static void decoding_refuses(void **state)
{
    Fix *f = *state;
    static const Str cases[] = {
        S("a\0b"), S("\xFF\xFE\x00\x00"), S("\xFE\xFF\xD8\x42"), S("\xFF\xFE\x31"),
        S("\xEF\xBB\xBF\xFF"), S("\xFE\xFF\xDF\xB7\x00\x31"), S("\xB8\xF7\x00\xBC\xB6"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Err e = { 0 };
        Str out = STRC("untouched");
        assert_false(text_decode(&out, NULL, f->a, cases[i], &e));
        assert_int_equal(e.code, ERR_BAD_TEXT);
        assert_true(str_is(out, "untouched"));
    }
}

static void pairs_for_search(void **state)
{
    Fix *f = *state;
    Arena *a = f->a;
    static const struct {
        const char *text, *index, *query;
    } cases[] = {
        { "党建", "党建 建", "党建" },
        { "党", "党", "党" },
        { "党建v2工作，Ab 3", "党建 建 v2 工作 作 ab 3", "党建 v2 工作 ab 3" },
        { "三会一课", "三会 会一 一课 课", "三会 会一 一课" },
        { "，。 ", "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buf b = buf_open(1000);
        text_bigrams(&b, str_of(cases[i].text), TEXT_INDEX);
        IS(buf_str(&b), cases[i].index);
        buf_reset(&b);
        text_bigrams(&b, str_of(cases[i].text), TEXT_QUERY);
        IS(buf_str(&b), cases[i].query);
        buf_close(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_script_and_width), cmocka_unit_test(same_as_opencc),
        cmocka_unit_test(map_leads_back),         cmocka_unit_test(hant_for_messages),
        cmocka_unit_test(refuses_bad_text),       cmocka_unit_test(limit_and_one_past),
        cmocka_unit_test(small_arena_says_so),    cmocka_unit_test(decodes),
        cmocka_unit_test(decodes_speeches),       cmocka_unit_test(decoding_refuses),
        cmocka_unit_test(pairs_for_search),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
