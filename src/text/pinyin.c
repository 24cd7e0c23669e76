/* Pinyin initials and sort keys. ICU reads single characters by their commonest sound; where a
 * surname, a place or a word of organisation names sounds otherwise, the table below replaces the
 * characters by others that have one sound only, before ICU sees them. */
#include "text/inside.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

struct Pinyin {
    UTransliterator *latin;
    UCollator *pinyin, *stroke;
};

/* Surnames at the start of a person's name. Double ones stand first. */
static const struct Sound {
    const char *word, *as;
} surnames[] = {
    { "尉迟", "玉迟" }, { "万俟", "莫奇" }, { "单于", "蝉于" }, { "澹台", "谈抬" },
    { "令狐", "铃狐" }, { "曾", "增" }, { "单", "善" }, { "仇", "求" }, { "解", "谢" },
    { "朴", "嫖" }, { "乐", "月" }, { "查", "渣" }, { "盖", "葛" }, { "区", "欧" },
    { "任", "仁" }, { "华", "化" }, { "召", "哨" }, { "覃", "秦" }, { "缪", "庙" },
    { "翟", "宅" }, { "繁", "婆" }, { "折", "舌" }, { "黑", "贺" }, { "员", "运" },
    { "种", "虫" }, { "牟", "木" }, { "卜", "补" }, { "过", "锅" }, { "葛", "舸" },
    { "都", "嘟" }, { "燕", "烟" }, { "纪", "挤" },
};

/* Places and words anywhere in a name. Longer ones stand first. */
static const struct Sound words[] = {
    { "都江堰", "嘟江堰" }, { "重庆", "虫庆" }, { "长沙", "常沙" }, { "长春", "常春" },
    { "长治", "常治" }, { "长乐", "常乐" }, { "长江", "常江" }, { "长宁", "常宁" },
    { "长安", "常安" }, { "长兴", "常兴" }, { "长垣", "常垣" }, { "长丰", "常丰" },
    { "长岭", "常岭" }, { "长阳", "常阳" }, { "长汀", "常汀" }, { "长寿", "常寿" },
    { "长葛", "常舸" }, { "长白", "常白" }, { "长海", "常海" }, { "厦门", "下门" },
    { "大厦", "大煞" }, { "六安", "路安" }, { "六合", "路合" }, { "蚌埠", "泵布" },
    { "台州", "胎州" }, { "天台", "天胎" }, { "乐清", "月清" }, { "乐亭", "烙亭" },
    { "番禺", "潘鱼" }, { "东阿", "东婀" }, { "浚县", "训县" }, { "单县", "善县" },
    { "铅山", "沿山" }, { "枞阳", "宗阳" }, { "大城县", "代城县" }, { "蔚县", "玉县" },
    { "尉犁", "玉犁" }, { "洪洞", "洪铜" }, { "莘庄", "辛庄" }, { "涡阳", "锅阳" },
    { "丽水", "梨水" }, { "会稽", "快稽" }, { "会计", "快计" }, { "泌阳", "毕阳" },
    { "中牟", "中木" }, { "任丘", "仁丘" }, { "任县", "仁县" }, { "任城", "仁城" },
    { "牟平", "木平" }, { "犍为", "前为" }, { "筠连", "君连" }, { "珲春", "浑春" },
    { "曾都", "增嘟" }, { "银行", "银航" }, { "行业", "航业" }, { "商行", "商航" },
    { "行长", "航掌" }, { "音乐", "音月" }, { "乐团", "月团" }, { "率先", "帅先" },
};

bool pinyin_open(Pinyin **out, Err *e)
{
    UErrorCode bad = U_ZERO_ERROR;
    Pinyin *p = calloc(1, sizeof *p);
    if (!p)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "打开拼音表"));
    static const UChar id[] = u"Han-Latin; Latin-ASCII; Lower";
    p->latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &bad);
    p->pinyin = ucol_open("zh-u-co-pinyin", &bad);
    p->stroke = ucol_open("zh-u-co-stroke", &bad);
    if (U_SUCCESS(bad)) {
        ucol_setAttribute(p->pinyin, UCOL_NUMERIC_COLLATION, UCOL_ON, &bad);
        ucol_setAttribute(p->stroke, UCOL_NUMERIC_COLLATION, UCOL_ON, &bad);
    }
    if (U_FAILURE(bad)) {
        pinyin_close(p);
        return err_fail(e, ERR_TEXT_TABLE, err_hole("table", "zh-u-co-pinyin"));
    }
    *out = p;
    return true;
}

void pinyin_close(Pinyin *p)
{
    if (!p)
        return;
    if (p->latin)
        utrans_close(p->latin);
    if (p->pinyin)
        ucol_close(p->pinyin);
    if (p->stroke)
        ucol_close(p->stroke);
    free(p);
}

static size_t sound_at(Str *as, Str s, size_t at, const struct Sound *table, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Str word = str_of(table[i].word);
        if (!str_starts(str_sub(s, at, s.n), word))
            continue;
        *as = str_of(table[i].as);
        return word.n;
    }
    return 0;
}

/* Behind a Chinese numeral of organisation names: 一支部, 三组, 十二村. */
static bool is_counted_unit(Str s)
{
    static const char *const units[] = { "支部", "党支部", "总支", "党总支", "小组", "组", "中队",
                                         "大队", "分队", "班", "科", "处", "室", "中", "小", NULL };
    return outline_starts_any(s, units);
}

/* A Chinese ordinal in digits, so that 第十 sorts behind 第二 and 十二支部 behind 三支部. */
static size_t ordinal_at(Buf *out, Str s, size_t at)
{
    bool named = str_starts(str_sub(s, at, 3), STRC("第"));
    size_t head = named ? 3 : 0;
    Numeral n;
    int64_t v;
    uint32_t cp;
    if (str_next(s, at + head, &cp) == 0 || (text_zh_digit(cp) < 1 && cp != 0x5341))
        return 0;
    size_t k = numeral_read(&n, s, at + head);
    if (k == 0 || n.many || n.percent || !dec_to_int(&v, n.value))
        return 0;
    if (!named && !is_counted_unit(str_sub(s, at + head + k, s.n)))
        return 0;
    buf_put(out, str_sub(s, at, head));
    buf_fmt(out, "%lld", (long long)v);
    return head + k;
}

/* What a key is made for: by strokes the characters themselves count, so only ordinals change. */
typedef enum ReadAs { READ_STROKES, READ_ORG, READ_PERSON } ReadAs;

/* The name as ICU shall read it. */
static void respell(Buf *out, Str name, ReadAs how)
{
    size_t at = 0, k;
    Str as;
    if (how == READ_PERSON &&
        (k = sound_at(&as, name, 0, surnames, sizeof surnames / sizeof *surnames)) > 0) {
        buf_put(out, as);
        at = k;
    }
    while (at < name.n) {
        uint32_t cp;
        if (how != READ_PERSON && (k = ordinal_at(out, name, at)) > 0) {
            at += k;
        } else if (how != READ_STROKES &&
                   (k = sound_at(&as, name, at, words, sizeof words / sizeof *words)) > 0) {
            buf_put(out, as);
            at += k;
        } else {
            k = str_next(name, at, &cp);
            buf_put(out, str_sub(name, at, k));
            at += k;
        }
    }
}

enum { UNITS = PINYIN_BYTES_MAX * 8, KEY_BYTES = 8000 };

static bool check_name(Str name, Err *e)
{
    if (name.n > PINYIN_BYTES_MAX)
        return err_fail(e, ERR_FIELD_LONG, err_hole("field", "名称"),
                        err_hole("max", (int64_t)PINYIN_BYTES_MAX / 3),
                        err_hole("n", (int64_t)str_points(name)));
    if (!str_valid(name))
        return err_fail(e, ERR_BAD_TEXT, err_hole("what", "名称"));
    return true;
}

/* UTF-16 of the respelt name; false when it does not fit. */
static bool to_units(UChar *u, int32_t *n, Str name, ReadAs how)
{
    Buf b = buf_open(UNITS);
    UErrorCode bad = U_ZERO_ERROR;
    respell(&b, name, how);
    u_strFromUTF8(u, UNITS, n, b.n ? b.p : "", (int32_t)b.n, &bad);
    bool ok = !b.failed && U_SUCCESS(bad);
    buf_close(&b);
    return ok;
}

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "生成排序码"));
}

/* Letters at the start of syllables. Han-Latin sets syllables apart by blanks; a run of digits
 * stands for itself. */
bool pinyin_initials(Str *out, Arena *a, const Pinyin *p, Str name, PinyinName kind, Err *e)
{
    UChar u[UNITS];
    int32_t n = 0;
    UErrorCode bad = U_ZERO_ERROR;
    if (!check_name(name, e))
        return false;
    if (!to_units(u, &n, name, kind == PINYIN_PERSON ? READ_PERSON : READ_ORG))
        return no_memory(e);
    int32_t limit = n;
    utrans_transUChars(p->latin, u, &n, UNITS, 0, &limit, &bad);
    char *made = arena_alloc(a, (size_t)n + 1);
    if (U_FAILURE(bad) || !made)
        return no_memory(e);
    size_t k = 0;
    bool inside = false;
    for (int32_t i = 0; i < n; i++) {
        bool digit = u[i] >= '0' && u[i] <= '9', letter = u[i] >= 'a' && u[i] <= 'z';
        if (digit || (letter && !inside))
            made[k++] = (char)u[i];
        inside = letter;
    }
    *out = (Str){ made, k };
    return true;
}

static bool add_key(Buf *b, const UCollator *c, Str name, ReadAs how)
{
    UChar u[UNITS];
    uint8_t key[KEY_BYTES];
    int32_t n = 0;
    if (!to_units(u, &n, name, how))
        return false;
    int32_t size = ucol_getSortKey(c, u, n, key, KEY_BYTES);
    if (size <= 0 || size > KEY_BYTES)
        return false;
    buf_put(b, (Str){ (const char *)key, (size_t)size - 1 }); /* without ICU's closing zero */
    return !b->failed;
}

/* The key, a byte below every key byte, and the name itself, so that only equal names tie. */
static bool make_key(Str *out, Arena *a, const UCollator *c, Str name, ReadAs how, Err *e)
{
    if (!check_name(name, e))
        return false;
    Buf b = buf_open(KEY_BYTES * 2);
    bool ok = add_key(&b, c, name, how);
    buf_putc(&b, '\0');
    buf_put(&b, name);
    Str made = ok && !b.failed ? arena_str(a, buf_str(&b)) : (Str){ "", 0 };
    buf_close(&b);
    if (made.n == 0)
        return no_memory(e);
    *out = made;
    return true;
}

bool sortkey_pinyin(Str *out, Arena *a, const Pinyin *p, Str name, PinyinName kind, Err *e)
{
    return make_key(out, a, p->pinyin, name, kind == PINYIN_PERSON ? READ_PERSON : READ_ORG, e);
}

bool sortkey_stroke(Str *out, Arena *a, const Pinyin *p, Str name, Err *e)
{
    return make_key(out, a, p->stroke, name, READ_STROKES, e);
}
