/* Automatic numbers of a docx. Official writing lives by its numbers (一、（一）1.), and Word keeps
 * them out of the text: numbering.xml says how each level of a list counts, styles.xml which list
 * a style belongs to. ECMA-376 part 1, 17.9. */
#include "print/part.h"

#include <stdlib.h>
#include <string.h>

enum { LEVELS = 9, LISTS_MAX = 4000, STYLES_MAX = 4000 };

typedef enum Counting { COUNT_DECIMAL, COUNT_CHINESE, COUNT_CIRCLED, COUNT_LOWER, COUNT_UPPER,
                        COUNT_ROMAN, COUNT_LOWER_ROMAN, COUNT_NONE } Counting;

typedef struct Level {
    Counting counting;
    int start;
    Str text; /* "（%2）" */
} Level;

typedef struct Abstract {
    int id;
    Level levels[LEVELS];
    int counts[LEVELS]; /* of the paragraph before; lists that share it count on */
} Abstract;

typedef struct Num {
    int id, abstract;
    int starts[LEVELS]; /* where this list begins anew at a level; -1: it counts on */
    bool used;
} Num;

typedef struct Style {
    Str id, parent;
    int num, level; /* -1: none */
} Style;

struct PrintNumbering {
    Arena *a;
    Abstract *abstracts;
    size_t n_abstracts, cap_abstracts;
    Num *nums;
    size_t n_nums, cap_nums;
    Style *styles;
    size_t n_styles, cap_styles;
    /* while reading */
    int level, override; /* -1: in none */
    bool in_abstract, in_num, in_style;
};

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static int number(const char *v, int most, int otherwise)
{
    int64_t n;
    return v && str_int(str_of(v), &n) && n >= 0 && n <= most ? (int)n : otherwise;
}

static Counting counting_of(const char *v)
{
    static const struct { const char *name; Counting counting; } rows[] = {
        { "chineseCounting", COUNT_CHINESE },         { "chineseCountingThousand", COUNT_CHINESE },
        { "ideographDigital", COUNT_CHINESE },        { "japaneseCounting", COUNT_CHINESE },
        { "taiwaneseCountingThousand", COUNT_CHINESE }, { "taiwaneseCounting", COUNT_CHINESE },
        { "decimalEnclosedCircle", COUNT_CIRCLED },
        { "decimalEnclosedCircleChinese", COUNT_CIRCLED },
        { "lowerLetter", COUNT_LOWER },               { "upperLetter", COUNT_UPPER },
        { "upperRoman", COUNT_ROMAN },                { "lowerRoman", COUNT_LOWER_ROMAN },
        { "bullet", COUNT_NONE },                     { "none", COUNT_NONE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is(v, rows[i].name))
            return rows[i].counting;
    return COUNT_DECIMAL;
}

static bool grown(bool pushed, size_t n, size_t max, Err *e)
{
    if (n >= max)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "编号列表或样式数"),
                        err_hole("max", max));
    return pushed || err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取docx"));
}

static bool abstract_add(PrintNumbering *n, const char **at, Err *e)
{
    bool room = ARENA_PUSH(n->a, n->abstracts, n->n_abstracts, n->cap_abstracts);
    if (!grown(room, n->n_abstracts, LISTS_MAX, e))
        return false;
    Abstract *b = &n->abstracts[n->n_abstracts++];
    *b = (Abstract){ .id = number(print_xml_attribute(at, "abstractNumId"), 1 << 30, -1) };
    for (int i = 0; i < LEVELS; i++)
        b->levels[i] = (Level){ .counting = COUNT_NONE, .start = 1 };
    n->in_abstract = true;
    return true;
}

static bool num_add(PrintNumbering *n, const char **at, Err *e)
{
    bool room = ARENA_PUSH(n->a, n->nums, n->n_nums, n->cap_nums);
    if (!grown(room, n->n_nums, LISTS_MAX, e))
        return false;
    Num *u = &n->nums[n->n_nums++];
    *u = (Num){ .id = number(print_xml_attribute(at, "numId"), 1 << 30, -1), .abstract = -1 };
    for (int i = 0; i < LEVELS; i++)
        u->starts[i] = -1;
    n->in_num = true;
    return true;
}

static bool numbering_open(void *ctx, const char *name, const char **at, Err *e)
{
    PrintNumbering *n = ctx;
    const char *v = print_xml_attribute(at, "val");
    if (is(name, "abstractNum"))
        return abstract_add(n, at, e);
    if (is(name, "num"))
        return num_add(n, at, e);
    if (is(name, "lvlOverride"))
        n->override = number(print_xml_attribute(at, "ilvl"), LEVELS - 1, -1);
    if (n->in_num && n->override >= 0 && is(name, "startOverride"))
        n->nums[n->n_nums - 1].starts[n->override] = number(v, 10000, -1);
    if (is(name, "lvl"))
        n->level = number(print_xml_attribute(at, "ilvl"), LEVELS - 1, -1);
    if (n->in_num && is(name, "abstractNumId"))
        n->nums[n->n_nums - 1].abstract = number(v, 1 << 30, -1);
    if (!n->in_abstract || n->level < 0 || !v)
        return true;
    Level *l = &n->abstracts[n->n_abstracts - 1].levels[n->level];
    if (is(name, "numFmt"))
        l->counting = counting_of(v);
    else if (is(name, "start"))
        l->start = number(v, 10000, 1);
    else if (is(name, "lvlText"))
        l->text = arena_str(n->a, str_of(v));
    return true;
}

static bool numbering_close(void *ctx, const char *name, Err *e)
{
    PrintNumbering *n = ctx;
    (void)e;
    if (is(name, "lvl"))
        n->level = -1;
    else if (is(name, "abstractNum"))
        n->in_abstract = false;
    else if (is(name, "num"))
        n->in_num = false;
    else if (is(name, "lvlOverride"))
        n->override = -1;
    return true;
}

static bool styles_open(void *ctx, const char *name, const char **at, Err *e)
{
    PrintNumbering *n = ctx;
    if (is(name, "style")) {
        bool room = ARENA_PUSH(n->a, n->styles, n->n_styles, n->cap_styles);
        if (!grown(room, n->n_styles, STYLES_MAX, e))
            return false;
        const char *id = print_xml_attribute(at, "styleId");
        n->styles[n->n_styles++] =
            (Style){ .id = arena_str(n->a, str_of(id)), .num = -1, .level = -1 };
        n->in_style = true;
    }
    if (!n->in_style)
        return true;
    Style *s = &n->styles[n->n_styles - 1];
    const char *v = print_xml_attribute(at, "val");
    if (is(name, "basedOn"))
        s->parent = arena_str(n->a, str_of(v));
    else if (is(name, "numId"))
        s->num = number(v, 1 << 30, -1);
    else if (is(name, "ilvl"))
        s->level = number(v, LEVELS - 1, -1);
    return true;
}

static bool styles_close(void *ctx, const char *name, Err *e)
{
    PrintNumbering *n = ctx;
    (void)e;
    if (is(name, "style"))
        n->in_style = false;
    return true;
}

bool print_numbering_open(PrintNumbering **out, Arena *a, PrintZip *z, Err *e)
{
    static const PrintXml lists = { numbering_open, numbering_close, NULL };
    static const PrintXml styles = { styles_open, styles_close, NULL };
    PrintNumbering *n = ARENA_NEW(a, PrintNumbering);
    if (!n)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取docx"));
    n->a = a;
    n->level = n->override = -1;
    if ((print_zip_has(z, "word/numbering.xml") &&
         !print_xml_read(z, "word/numbering.xml", &lists, n, e)) ||
        (print_zip_has(z, "word/styles.xml") &&
         !print_xml_read(z, "word/styles.xml", &styles, n, e)))
        return false;
    *out = n;
    return true;
}

/* --- counting ------------------------------------------------------------------------------- */

static void put_chinese(Buf *b, int v)
{
    static const char *const digits[] = { "〇", "一", "二", "三", "四", "五",
                                          "六", "七", "八", "九" };
    int tens = v / 10 % 10, ones = v % 10;
    if (v >= 100) {
        buf_fmt(b, "%s百", digits[v / 100 % 10]);
        if (tens == 0 && ones > 0)
            buf_put(b, STRC("零"));
    }
    if (tens > 0)
        buf_fmt(b, "%s十", v < 20 ? "" : digits[tens]);
    if (ones > 0 || v == 0)
        buf_put(b, str_of(digits[ones]));
}

static void put_roman(Buf *b, int v, bool lower)
{
    static const struct { int value; const char *upper, *lower; } rows[] = {
        { 1000, "M", "m" }, { 900, "CM", "cm" }, { 500, "D", "d" }, { 400, "CD", "cd" },
        { 100, "C", "c" },  { 90, "XC", "xc" },  { 50, "L", "l" },  { 40, "XL", "xl" },
        { 10, "X", "x" },   { 9, "IX", "ix" },   { 5, "V", "v" },   { 4, "IV", "iv" },
        { 1, "I", "i" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (; v >= rows[i].value; v -= rows[i].value)
            buf_put(b, str_of(lower ? rows[i].lower : rows[i].upper));
}

static void put_count(Buf *b, Counting how, int v)
{
    if (how == COUNT_CHINESE && v < 1000)
        put_chinese(b, v);
    else if (how == COUNT_CIRCLED && v >= 1 && v <= 20)
        buf_point(b, 0x2460 + (uint32_t)v - 1);
    else if ((how == COUNT_LOWER || how == COUNT_UPPER) && v >= 1 && v <= 26)
        buf_putc(b, (char)((how == COUNT_LOWER ? 'a' : 'A') + v - 1));
    else if ((how == COUNT_ROMAN || how == COUNT_LOWER_ROMAN) && v >= 1 && v < 4000)
        put_roman(b, v, how == COUNT_LOWER_ROMAN);
    else
        buf_fmt(b, "%d", v);
}

/* The counters of a list; one that begins anew sets them back when it first appears. */
static Abstract *abstract_of(PrintNumbering *n, int num)
{
    Num *u = NULL;
    Abstract *b = NULL;
    for (size_t i = 0; i < n->n_nums && !u; i++)
        u = n->nums[i].id == num ? &n->nums[i] : NULL;
    for (size_t k = 0; u && k < n->n_abstracts && !b; k++)
        b = n->abstracts[k].id == u->abstract ? &n->abstracts[k] : NULL;
    for (int i = 0; b && !u->used && i < LEVELS; i++)
        if (u->starts[i] >= 0) {
            b->levels[i].start = u->starts[i];
            b->counts[i] = 0;
        }
    if (u)
        u->used = true;
    return b;
}

/* The list of a style or of one it is based on; a chain that runs in a ring ends after a while. */
static void style_list(const PrintNumbering *n, Str style, int *num, int *level)
{
    for (int hops = 0; hops < 10 && style.n && *num < 0; hops++) {
        const Style *found = NULL;
        for (size_t i = 0; i < n->n_styles && !found; i++)
            if (str_eq(n->styles[i].id, style))
                found = &n->styles[i];
        if (!found)
            return;
        *num = found->num;
        if (found->level >= 0)
            *level = found->level;
        style = found->parent;
    }
}

void print_numbering_next(PrintNumbering *n, Buf *out, Str style, int num, int level)
{
    if (num < 0)
        style_list(n, style, &num, &level);
    Abstract *b = num > 0 ? abstract_of(n, num) : NULL; /* list 0 means: no number here */
    if (!b || level < 0 || level >= LEVELS)
        return;
    int *count = &b->counts[level];
    *count = *count ? *count + 1 : b->levels[level].start;
    for (int i = level + 1; i < LEVELS; i++)
        b->counts[i] = 0;
    if (b->levels[level].counting == COUNT_NONE)
        return;
    Str text = b->levels[level].text;
    for (size_t i = 0; i < text.n; i++) {
        char next = i + 1 < text.n ? text.p[i + 1] : 0;
        if (text.p[i] == '%' && next >= '1' && next <= '9') {
            int of = next - '1';
            put_count(out, b->levels[of].counting,
                      b->counts[of] ? b->counts[of] : b->levels[of].start);
            i++;
        } else {
            buf_putc(out, text.p[i]);
        }
    }
}
