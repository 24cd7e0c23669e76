/* A scheme's formulas in plain words: names become titles, built-ins what they do. */
#include "work/scheme.h"

enum { FORMULA_BYTES_MAX = 64 << 10 };

static bool is_name(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
           ch == '_' || ch == '.';
}

/* review.score, review.leaders.score, review.leaders.overall: ballot, group, item of a group. */
static bool put_ballot_name(Buf *b, const Scheme *s, Str name)
{
    Str instrument, rest, group, last;
    if (!str_cut(name, STRC("."), &instrument, &rest) || pack_scheme_instrument(s, instrument) < 0)
        return false;
    const SchemeInstrument *ins = &s->instruments[pack_scheme_instrument(s, instrument)];
    if (!str_cut(rest, STRC("."), &group, &last)) {
        buf_fmt(b, s->n_groups > 1 ? "%.*s各票类加权得分" : "%.*s得分", STR(ins->title));
        return true;
    }
    ptrdiff_t g = pack_scheme_group(s, group), i = pack_scheme_item(ins, last);
    if (g < 0)
        return false;
    buf_fmt(b, "“%.*s”%s%.*s得分", STR(s->groups[g].title), i < 0 ? "" : "的",
            STR(i < 0 ? STRC("") : ins->items[i].title));
    return true;
}

static void put_name(Buf *b, const Scheme *s, Str name)
{
    static const struct { const char *word, *plain; } words[] = {
        { "max", "取较大" }, { "min", "取较小" }, { "sum", "合计" }, { "count", "次数" },
        { "if", "如果" },    { "then", "则" },    { "else", "否则" }, { "and", "且" },
        { "or", "或" },      { "place", "名次" }, { "floor", "舍去小数" },
        { "ceiling", "进一取整" }, { "abs", "绝对值" }, { "mean", "平均" },
    };
    ptrdiff_t at;
    if ((at = pack_scheme_part(s, name)) >= 0)
        buf_put(b, s->parts[at].title);
    else if ((at = pack_scheme_event(s, name)) >= 0)
        buf_put(b, s->events[at].title);
    else if ((at = pack_scheme_node(s, name)) >= 0)
        buf_put(b, s->nodes[at].title);
    else if (!put_ballot_name(b, s, name)) {
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (str_is(name, words[i].word))
                name = str_of(words[i].plain);
        buf_put(b, name);
    }
}

/* append(bonus, 0) keeps a sum from being empty; a reader needs the name alone. */
static bool put_append(Buf *b, const Scheme *s, Str src, size_t *i)
{
    static const Str head = S("append("), tail = S(", 0)");
    Str rest = str_sub(src, *i, SIZE_MAX);
    if (!str_starts(rest, head))
        return false;
    size_t from = head.n, n = 0;
    while (from + n < rest.n && is_name(rest.p[from + n]))
        n++;
    if (n == 0 || !str_starts(str_sub(rest, from + n, SIZE_MAX), tail))
        return false;
    put_name(b, s, str_sub(rest, from, n));
    *i += from + n + tail.n;
    return true;
}

static void put_sign(Buf *b, char ch)
{
    if (ch == '*')
        buf_put(b, STRC("×"));
    else if (ch == '/')
        buf_put(b, STRC("÷"));
    else
        buf_putc(b, ch);
}

static void put_formula(Buf *b, const Scheme *s, Str src)
{
    for (size_t i = 0; i < src.n;) {
        size_t n = 0;
        if (put_append(b, s, src, &i))
            continue;
        while (i + n < src.n && is_name(src.p[i + n]))
            n++;
        if (n == 0)
            put_sign(b, src.p[i++]);
        else
            put_name(b, s, str_sub(src, i, n)), i += n;
    }
}

Str work_scheme_plain(Arena *a, const Scheme *s, Str formula)
{
    Buf b = buf_open(FORMULA_BYTES_MAX);
    put_formula(&b, s, formula);
    Str out = arena_str(a, buf_str(&b));
    buf_close(&b);
    return out;
}

/* Points by place: 第1名60、第2名57……其余45. */
static void put_places(Buf *b, const Scheme *s, const SchemeNode *node, Arena *a)
{
    buf_put(b, STRC("按"));
    put_name(b, s, node->terms[0].name);
    buf_put(b, STRC("的名次折分："));
    for (size_t i = 0; i < node->n_points; i++)
        buf_fmt(b, "第%zu名%.*s分，", i + 1, STR(dec_print_short(a, node->points[i])));
    buf_fmt(b, "其余%.*s分", STR(dec_print_short(a, node->beyond)));
}

static void put_sum(Buf *b, const Scheme *s, const SchemeNode *node, Arena *a)
{
    for (size_t i = 0; i < node->n_terms; i++) {
        buf_put(b, i ? STRC(" + ") : STRC(""));
        put_name(b, s, node->terms[i].name);
        if (dec_cmp(node->terms[i].weight, dec_int(1)) != 0)
            buf_fmt(b, " × %.*s", STR(dec_print_short(a, node->terms[i].weight)));
    }
}

static void put_first(Buf *b, const Scheme *s, const SchemeNode *node, Arena *a)
{
    buf_fmt(b, "%.*s × ", STR(dec_print_short(a, node->points[0])));
    put_name(b, s, node->terms[0].name);
    buf_put(b, STRC(" ÷ 第一名的"));
    put_name(b, s, node->terms[0].name);
}

Str work_scheme_node_plain(Arena *a, const Scheme *s, const SchemeNode *node)
{
    Buf b = buf_open(FORMULA_BYTES_MAX);
    switch (node->kind) {
    case SCHEME_SUM:
        put_sum(&b, s, node, a);
        break;
    case SCHEME_PLACES:
        put_places(&b, s, node, a);
        break;
    case SCHEME_FIRST:
        put_first(&b, s, node, a);
        break;
    case SCHEME_VALUE:
        put_formula(&b, s, node->source);
    }
    Str out = arena_str(a, buf_str(&b));
    buf_close(&b);
    return out;
}
