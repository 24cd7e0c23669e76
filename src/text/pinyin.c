/* Pinyin initials and sort keys. ICU reads single characters by their commonest sound; where a
 * surname, a place or a word of organisation names sounds otherwise, the table below replaces the
 * characters by others that have one sound only, before ICU sees them. */
#include "text/inside.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { HAN_FIRST = 0x3400, HAN_END = 0xA000, SYLLABLE_MAX = 6 };

/* ICU takes 10 µs a character, so what it says of each is kept: five bits a letter. Two threads
 * may ask for the same one; both write the same. */
struct Pinyin {
    UTransliterator *latin;
    UCollator *pinyin, *stroke;
    _Atomic uint32_t *sounds;      /* of HAN_FIRST ..; 0: not asked for yet */
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
    p->sounds = calloc(HAN_END - HAN_FIRST, sizeof *p->sounds);
    if (!p->sounds) {
        pinyin_close(p);
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "打开拼音表"));
    }
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
    free(p->sounds);
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

/* The letters of one character as ICU reads it, at most SYLLABLE_MAX; none for a sign. */
static size_t latin_of(char out[SYLLABLE_MAX], const Pinyin *p, uint32_t cp)
{
    enum { ROOM = 32 };
    UChar u[ROOM];
    UErrorCode bad = U_ZERO_ERROR;
    int32_t n = 0, limit;
    size_t k = 0;
    U16_APPEND_UNSAFE(u, n, cp);
    limit = n;
    utrans_transUChars(p->latin, u, &n, ROOM, 0, &limit, &bad);
    for (int32_t i = 0; U_SUCCESS(bad) && i < n && k < SYLLABLE_MAX; i++)
        if (u[i] >= 'a' && u[i] <= 'z')
            out[k++] = (char)u[i];
    return k;
}

static size_t syllable(char out[SYLLABLE_MAX], const Pinyin *p, uint32_t cp)
{
    enum { BITS = 5, ASKED = 1u << 31 };
    if (cp < HAN_FIRST || cp >= HAN_END)
        return latin_of(out, p, cp);
    uint32_t kept = atomic_load_explicit(&p->sounds[cp - HAN_FIRST], memory_order_relaxed);
    size_t n = 0;
    if (kept) {
        for (kept &= ~(uint32_t)ASKED; kept; kept >>= BITS)
            out[n++] = (char)('a' - 1 + (kept & 31));
        return n;
    }
    n = latin_of(out, p, cp);
    for (size_t i = n; i-- > 0;)
        kept = kept << BITS | (uint32_t)(out[i] - 'a' + 1);
    atomic_store_explicit(&p->sounds[cp - HAN_FIRST], kept | ASKED, memory_order_relaxed);
    return n;
}

/* A blank before each syllable, each word of letters and each number. */
static void spell(Buf *b, const Pinyin *p, Str name)
{
    enum { NOTHING, LETTER, DIGIT } last = NOTHING;
    uint32_t cp;
    size_t k;
    for (size_t i = 0; (k = str_next(name, i, &cp)) > 0; i += k) {
        char letters[SYLLABLE_MAX] = { (char)cp };
        bool digit = cp >= '0' && cp <= '9', ascii = cp < 0x80;
        if (cp >= 'A' && cp <= 'Z')
            letters[0] = (char)(cp - 'A' + 'a');
        bool letter = ascii && letters[0] >= 'a' && letters[0] <= 'z';
        size_t n = ascii ? letter || digit : syllable(letters, p, cp);
        bool goes_on = ascii && ((letter && last == LETTER) || (digit && last == DIGIT));
        if (n > 0 && b->n > 0 && !goes_on)
            buf_putc(b, ' ');
        buf_put(b, (Str){ letters, n });
        last = letter ? LETTER : digit ? DIGIT : NOTHING;
    }
}

bool pinyin_spell(Str *out, Arena *a, const Pinyin *p, Str name, PinyinName kind, Err *e)
{
    if (!check_name(name, e))
        return false;
    Buf as = buf_open(UNITS), made = buf_open(UNITS);
    respell(&as, name, kind == PINYIN_PERSON ? READ_PERSON : READ_ORG);
    spell(&made, p, buf_str(&as));
    *out = arena_str(a, buf_str(&made));
    bool ok = !as.failed && !made.failed && out->n == made.n;
    buf_close(&as);
    buf_close(&made);
    return ok || no_memory(e);
}

/* The first letter of each syllable; numbers stand whole. */
bool pinyin_initials(Str *out, Arena *a, const Pinyin *p, Str name, PinyinName kind, Err *e)
{
    Str spelt;
    if (!pinyin_spell(&spelt, a, p, name, kind, e))
        return false;
    char *made = arena_alloc(a, spelt.n + 1);
    if (!made)
        return no_memory(e);
    size_t n = 0;
    for (size_t i = 0; i < spelt.n; i++)
        if (spelt.p[i] != ' ' && (i == 0 || spelt.p[i - 1] == ' ' || spelt.p[i] <= '9'))
            made[n++] = spelt.p[i];
    *out = (Str){ made, n };
    return true;
}

/* ways: bit i set when the first i letters are used up by the syllables before this one. */
static uint64_t one_more(uint64_t ways, Str syllable, Str letters)
{
    uint64_t next = 0;
    for (size_t i = 0; i < letters.n; i++) {
        if (!(ways >> i & 1))
            continue;
        for (size_t k = 0; k < syllable.n && i + k < letters.n; k++) {
            if (syllable.p[k] != letters.p[i + k])
                break;
            next |= UINT64_C(1) << (i + k + 1);
        }
    }
    return next;
}

bool pinyin_match(Str spelt, Str letters)
{
    Str syllable;
    uint64_t ways = 0;
    if (letters.n == 0 || letters.n > PINYIN_ASKED_MAX)
        return false;
    while (spelt.n > 0) {
        str_cut(spelt, STRC(" "), &syllable, &spelt);
        ways = one_more(ways | 1, syllable, letters); /* it may begin at any syllable */
        if (ways >> letters.n & 1)
            return true;
    }
    return false;
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
