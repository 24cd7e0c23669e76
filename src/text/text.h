/* text: reads Chinese official prose: bytes to UTF-8, traditional to simplified, numerals, the
 * outline of a speech, advice on a report, keys for search and sorting.
 *
 * It refuses to know files, forms, the roster and the log, and it invents nothing: every item it
 * gives back quotes the sentence it came from, as written, with its place in the original.
 *
 * Ownership: results live in the arena that was given; quotes point into the input, which must
 * outlive them. Handles (Text, Pinyin) are opened once, closed by the opener, and only read by
 * every other call, so that threads may share them.
 *
 *     Text *t;
 *     Outline o;
 *     if (!text_open(&t, TEXT_TO_HANS, &e)) ...
 *     if (!outline_read(&o, a, t, STRC("讲两点意见：\n一、抓学习。\n二、抓落实。"), &e)) ...
 *     for (size_t i = 0; i < o.headings.n; i++)          // "抓学习", "抓落实"
 *         show(o.headings.items[i].text);
 *     text_close(t);
 *
 * Nouns of this face:
 *   text_     decoding, folding, search tokens
 *   numeral_  Chinese and Arabic numerals, dates in prose
 *   outline_  outline and extraction of a speech or notice
 *   advice_   checks shown to the author of a report; never a verdict
 *   roster_ draft_   draft.h: names of a roster; obligations, programmes, days as drafts
 *   beside_ claim_   beside.h: this year's report beside last year's findings and the records
 *   pinyin_   how a name sounds: syllables and initials
 *   sortkey_  pinyin and stroke sort keys
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/base.h"

/* --- decoding ---------------------------------------------------------------------------------
 * Rules, first that holds: a byte order mark names UTF-8, UTF-16LE or UTF-16BE; bytes that are
 * valid UTF-8 are UTF-8; else GB18030 and Big5 are both tried, an encoding with any illegal
 * sequence is out, and the one with more of the few hundred commonest characters and fewer odd
 * ones (private, kana, Greek) wins; a draw goes to GB18030. Neither: ERR_BAD_TEXT. U+0000 is
 * refused in every encoding. */

enum { TEXT_BYTES_MAX = 4 << 20 }; /* of input, before decoding or folding */

typedef enum TextCoding {
    TEXT_UTF8, TEXT_UTF16LE, TEXT_UTF16BE, TEXT_GB18030, TEXT_BIG5
} TextCoding;

/* UTF-8 without byte order mark; line ends become "\n". `coding` may be NULL. */
bool text_decode(Str *out, TextCoding *coding, Arena *a, Str bytes, Err *e) MUST_USE;
const char *text_coding_name(TextCoding c); /* "GB18030" */

/* --- folding ----------------------------------------------------------------------------------
 * Folded text is simplified, with half-width digits, Latin letters and ％ ＋ － ．＊ ＿ ＃ ～; other
 * punctuation stays. Every character of it knows the byte of the original it came from. */

typedef struct Text Text;
enum { TEXT_TO_HANS = 1, TEXT_TO_HANT = 2 }; /* may be or-ed */

/* Opens these directions at once, others when first needed. Many threads may use it. */
bool text_open(Text **out, unsigned directions, Err *e) MUST_USE;
void text_close(Text *t);

typedef struct TextSpan { uint32_t folded, origin; } TextSpan; /* from here on, both step alike */
typedef struct Folded {
    Str text;            /* folded */
    Str original;
    TextSpan *spans;     /* ascending; spans[0] is {0, 0} */
    size_t n_spans;
} Folded;

bool text_fold(Folded *out, Arena *a, const Text *t, Str original, Err *e) MUST_USE;
size_t text_origin(const Folded *f, size_t at);           /* byte of f->text -> byte of original */
Str text_quote(const Folded *f, size_t from, size_t to);  /* the original of folded [from, to) */
/* The folded form of each character of the first plane by itself, for those who compare texts and
 * must take every character alike wherever it stands (a few, such as 乾, fold by their word). */
enum { TEXT_SINGLES = 0x10000 };
bool text_singles(uint16_t out[TEXT_SINGLES], const Text *t, Err *e) MUST_USE;
/* Whole texts without a map: for messages and documents. */
bool text_to_hans(Str *out, Arena *a, const Text *t, Str s, Err *e) MUST_USE;
bool text_to_hant(Str *out, Arena *a, const Text *t, Str s, Err *e) MUST_USE;

/* --- search tokens ----------------------------------------------------------------------------
 * Overlapping pairs of CJK characters, and words of Latin letters and digits in lower case,
 * separated by blanks: "党建v2" gives "党建 v2". Give it folded text. TEXT_INDEX adds the last
 * character of a run by itself, so that a prefix search for one character finds every place;
 * TEXT_QUERY does not, so that the tokens of a query stand side by side in the index. */
typedef enum TextGrams { TEXT_INDEX, TEXT_QUERY } TextGrams;
void text_bigrams(Buf *out, Str folded, TextGrams mode);

/* --- numerals ---------------------------------------------------------------------------------
 * A numeral is read at byte `at` of folded text: 12, 1,200, 1.8, 1.8万, 3亿, 一百二十三, 两万五,
 * 二〇二六, 廿三, 百分之二十 (20, percent). Returns the bytes consumed, 0 when none starts there. */
typedef struct Numeral {
    Dec value;      /* 万 and 亿 applied */
    bool chinese;   /* written in Chinese characters (a multiplier after Arabic digits is not) */
    bool percent;   /* 百分之… or …% */
    bool digits;    /* digits only, no 十百千: 二〇二六, 12 */
    int n_digits;   /* characters before any multiplier */
    bool many;      /* 余 多 几 stood inside, before the multiplier: 1000多万 */
} Numeral;
size_t numeral_read(Numeral *out, Str s, size_t at);
/* A whole text as a count or ordinal: "12", "十二", "第十二", "（三）", "③". */
bool numeral_whole(int64_t *out, Str s) MUST_USE;
/* A date or part of one at `at`: 2026年2月8日, 2026年, 2月10日, 二〇二六年二月, 2026.2.10,
 * 2026-02-10, 2月. Absent parts are 0. Returns the bytes consumed, 0 when none starts there. */
size_t numeral_date(DayParts *out, Str s, size_t at);

/* --- outline ----------------------------------------------------------------------------------
 * Levels, lists, classes and announced counts: the rules stand in README.md. */

enum {
    OUTLINE_ITEMS_MAX = 20000,  /* per list of the result */
    OUTLINE_QUOTE_MAX = 3000    /* bytes of one quoted sentence; a longer one is cut at a clause */
};

/* original[from, to) is `sentence`, byte for byte; the block it opens reaches to `end`. */
typedef struct OutlineItem {
    Str text;        /* simplified, without its marker */
    Str sentence;    /* as written */
    size_t from, to, end;
} OutlineItem;
typedef struct OutlineItems { OutlineItem *items; size_t n, cap; } OutlineItems;

typedef struct OutlineHeading {
    int level;       /* 1 一、 or a line of its own; 2 （一） 1. 一是 第一点; deeper ones 3, 4 … */
    Str number;      /* "一", "（一）", "1", "一要", "第一点"; empty for a line of its own */
    Str text, sentence;
    size_t from, to, end;
} OutlineHeading;
typedef struct OutlineHeadings { OutlineHeading *items; size_t n, cap; } OutlineHeadings;

typedef struct OutlineFigure {
    Dec value;
    Str unit;        /* 名 场次 万元→元 %; never empty */
    Str qualifier;   /* 余 多 近 约 至少 不少于 超过 …, empty when plain */
    Str text;        /* the figure as folded: "3700余名" */
    Str sentence;
    size_t from, to;       /* of the sentence */
    size_t at, at_end;     /* of the figure itself */
} OutlineFigure;
typedef struct OutlineFigures { OutlineFigure *items; size_t n, cap; } OutlineFigures;

typedef struct OutlineMismatch {
    int announced, found;
    Str what;        /* the announcing words, simplified: "五个方面的要求" */
    Str sentence;
    size_t from, to;
} OutlineMismatch;
typedef struct OutlineMismatches { OutlineMismatch *items; size_t n, cap; } OutlineMismatches;

typedef struct Outline {
    Str title;       /* simplified; empty when there is none */
    OutlineHeadings headings;
    OutlineItems achievements, problems, impressions, demands;
    OutlineFigures figures;
    OutlineMismatches mismatches;
} Outline;

/* `text` is UTF-8 (see text_decode), at most TEXT_BYTES_MAX. */
bool outline_read(Outline *out, Arena *a, const Text *t, Str text, Err *e) MUST_USE;
/* Is this line what a web page says around a text (addresses, 当前位置, 上一篇 …)? */
bool outline_page_line(Str line);
/* {"title","headings":[…],"achievements":[…],"problems":[…],"impressions":[…],"demands":[…],
 * "figures":[…],"mismatches":[…]}; a whole value is a number, a fraction is a string. */
void outline_json(Jw *w, const Outline *o);

/* --- advice -----------------------------------------------------------------------------------
 * Facts about a report, shown while it is written. Nothing here refuses a report. */

typedef enum AdvicePart { ADVICE_ACHIEVEMENTS, ADVICE_PROBLEMS, ADVICE_CAUSES, ADVICE_MEASURES,
                          ADVICE_PARTS } AdvicePart;
typedef enum AdviceKind { ADVICE_SHARE, ADVICE_FIRST_PERSON, ADVICE_PLACEHOLDER, ADVICE_YEAR,
                          ADVICE_LONG, ADVICE_SHORT, ADVICE_EMPTY,
                          ADVICE_PHRASES,   /* more set phrases than allowed */
                          ADVICE_SENTENCE,  /* a sentence too long to follow */
                          ADVICE_FOREIGN,   /* a place that is not on the roster */
                          ADVICE_SOURCE     /* a figure of the achievements without a record */
} AdviceKind;

typedef struct AdviceKnown { Dec value; Str unit; } AdviceKnown; /* unit "": any */

typedef struct AdviceIn {
    Str parts[ADVICE_PARTS];
    int year;                 /* the year reported on */
    int points_min, points_max; /* characters without blanks; 0: no limit */
    int share_num, share_den; /* problems + causes at least num/den of all; 0: no check */
    int first_num, first_den; /* sentences with 我 (not 我们, 我县) or 本人, likewise */
    int phrase_num, phrase_den; /* set phrases at most num/den of all; 0: no check, marked anyway */
    const Str *phrases;       /* simplified; set phrases besides those known here */
    size_t n_phrases;
    int sentence_max;         /* characters of one sentence; 0: no check */
    const struct Roster *roster; /* draft.h; NULL: places are not checked */
    bool check_sources;       /* compare the figures of the achievements with `known` */
    const AdviceKnown *known;
    size_t n_known;
} AdviceIn;

typedef struct AdviceFinding {
    AdviceKind kind;
    AdvicePart part;          /* ADVICE_PARTS: the whole report */
    size_t from, to;          /* bytes of that part; 0, 0 for the whole */
    Str quote;                /* as written; empty for the whole */
    Str say;                  /* one Chinese sentence: what, and what to do */
} AdviceFinding;

typedef struct AdvicePhrase {
    AdvicePart part;
    size_t from, to;          /* bytes of that part */
    Str quote;
} AdvicePhrase;

typedef struct Advice {
    AdviceFinding *items;
    size_t n, cap;
    AdvicePhrase *phrases;    /* as they stand; each in one place */
    size_t n_phrases, cap_phrases;
    int phrase_points;        /* characters of set phrases */
    int longest;              /* characters of the longest sentence */
    int points[ADVICE_PARTS], points_all;     /* characters without blanks */
    int sentences, first_person;              /* all, and those with 我 or 本人 */
} Advice;

enum { ADVICE_ITEMS_MAX = 2000 }; /* findings beyond are not listed */

const char *advice_kind_name(AdviceKind k);   /* "placeholder" */
const char *advice_part_name(AdvicePart p);   /* "problems"; "report" for the whole */
bool advice_report(Advice *out, Arena *a, const Text *t, const AdviceIn *in, Err *e) MUST_USE;
void advice_json(Jw *w, const Advice *ad);
/* The parts of a report written as one text, by what its headings of level 1 say (二、存在的问题); what
 * stands before the first telling one is achievements. Pieces of a part are joined by line ends. */
bool advice_split(Str parts[ADVICE_PARTS], Arena *a, const Text *t, Str text, Err *e) MUST_USE;

/* --- pinyin and sort keys ---------------------------------------------------------------------
 * ICU reads single characters; a table of surnames, places and words of organisation names
 * corrects it (曾 zeng, 单 shan, 长沙, 重庆, 银行). */

typedef struct Pinyin Pinyin;
typedef enum PinyinName { PINYIN_ORG, PINYIN_PERSON } PinyinName; /* persons begin with a surname */

enum { PINYIN_BYTES_MAX = 600,                /* of one name */
       PINYIN_ASKED_MAX = 60 };               /* letters of a question */

bool pinyin_open(Pinyin **out, Err *e) MUST_USE;   /* about 0.1 s */
void pinyin_close(Pinyin *p);
/* "曾小明" -> "zxm", "第2支部" -> "d2zb". Blanks and punctuation are dropped. */
bool pinyin_initials(Str *out, Arena *a, const Pinyin *p, Str name, PinyinName kind, Err *e)
    MUST_USE;
/* "曾小明" -> "zeng xiao ming", "第2支部" -> "di 2 zhi bu". */
bool pinyin_spell(Str *out, Arena *a, const Pinyin *p, Str name, PinyinName kind, Err *e) MUST_USE;
/* Do the letters begin syllables that stand side by side, each with one letter at least? Of "zeng
 * xiao ming": zxm, xm, zengxm, zengxiaoming; not zm. */
bool pinyin_match(Str spelt, Str letters);
/* Bytes to be compared with memcmp; 第二 before 第十; equal names only have equal keys. */
bool sortkey_pinyin(Str *out, Arena *a, const Pinyin *p, Str name, PinyinName kind, Err *e)
    MUST_USE;
bool sortkey_stroke(Str *out, Arena *a, const Pinyin *p, Str name, Err *e) MUST_USE;

#endif
