/* Figures of a report beside counted ones: paired by what the clause of a figure names. */
#include "text/beside.h"
#include "text/inside.h"

const char *claim_state_name(ClaimState s)
{
    static const char *const names[] = { "equal", "fits", "more", "less" };
    return names[s];
}

static bool refused(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "核对数据"));
}

/* Units that count the same things. */
static int unit_class(Str u)
{
    static const struct {
        const char *unit;
        int cls;
    } classes[] = { { "次", 1 }, { "场", 1 }, { "期", 1 }, { "场次", 1 }, { "堂", 1 }, { "节", 1 },
                    { "名", 2 }, { "人", 2 }, { "位", 2 }, { "个", 3 },   { "支", 3 }, { "家", 3 },
                    { "件", 4 }, { "项", 4 }, { "条", 4 } };
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (str_is(u, classes[i].unit))
            return classes[i].cls;
    return 0;
}

static bool same_unit(Str a, Str b)
{
    int cls = unit_class(a);
    return str_eq(a, b) || (cls > 0 && cls == unit_class(b));
}

static bool ends_clause(uint32_t cp)
{
    switch (cp) {
    case 0xFF0C: case 0xFF1B: case 0xFF1A: case 0x3001: case 0x3002: case ',': case ';': case ':':
        return true;
    }
    return false;
}

/* The clause around [at, to) of a folded sentence; 、 ends it too: 党员大会4次、支委会12次. */
static Str clause_around(Str s, size_t at, size_t to)
{
    size_t from = 0, end = s.n, k;
    uint32_t cp;
    for (size_t i = 0; (k = outline_next(s, i, &cp)) > 0; i += k) {
        if (!ends_clause(cp))
            continue;
        if (i < at)
            from = i + k;
        else if (i >= to) {
            end = i;
            break;
        }
    }
    return str_sub(s, from, end - from);
}

/* 每季度 and the like make a yearly figure of it. */
static int times_a_year(Str clause)
{
    static const struct {
        const char *word;
        int times;
    } words[] = { { "每两个月", 6 }, { "每个月", 12 }, { "每月", 12 },  { "每季", 4 },
                  { "每个季度", 4 }, { "每半年", 2 },  { "每周", 52 } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_has(clause, str_of(words[i].word)))
            return words[i].times;
    return 1;
}

static bool is_within(Str qualifier, Dec claimed, Dec counted)
{
    static const char *const more[] = { "余", "多", "超过", "超", "逾", "以上", "至少", "不少于",
                                        "不低于", "多达", NULL };
    static const char *const about[] = { "近", "约", "左右", "大约", "接近", "将近", NULL };
    Dec tenth, off;
    if (outline_any(qualifier, more) && dec_cmp(counted, claimed) >= 0)
        return true;
    if (!outline_any(qualifier, about) || !dec_mul(&tenth, claimed, dec_scaled(1, 1)) ||
        !dec_sub(&off, claimed, counted))
        return false;
    return dec_cmp(dec_abs(off), dec_abs(tenth)) <= 0;
}

static ClaimState state_of(Str qualifier, Dec claimed, Dec counted)
{
    int c = dec_cmp(claimed, counted);
    if (c == 0)
        return CLAIM_EQUAL;
    return is_within(qualifier, claimed, counted) ? CLAIM_FITS : c > 0 ? CLAIM_MORE : CLAIM_LESS;
}

/* The record whose name is the longest that the clause holds. */
static size_t record_of(Str clause, Str unit, const ClaimRecord *records, const Str *names,
                        size_t n)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (names[i].n > 0 && same_unit(unit, records[i].unit) && str_has(clause, names[i]) &&
            (best == n || names[i].n > names[best].n))
            best = i;
    return best;
}

static bool pair_figure(ClaimPairs *out, Arena *a, const Text *t, const OutlineFigures *figures,
                        size_t i, const ClaimRecord *records, const Str *names, size_t n, Err *e)
{
    const OutlineFigure *f = &figures->items[i];
    Folded sentence;
    if (!text_fold(&sentence, a, t, f->sentence, e))
        return false;
    ptrdiff_t at = str_find(sentence.text, f->text); /* exact place below when it stands twice */
    for (ptrdiff_t k = at; k >= 0 && text_origin(&sentence, (size_t)at) < f->at - f->from;) {
        k = str_find(str_sub(sentence.text, (size_t)at + 1, sentence.text.n), f->text);
        at += k >= 0 ? k + 1 : 0;
    }
    if (at < 0)
        return true;
    Str clause = clause_around(sentence.text, (size_t)at, (size_t)at + f->text.n);
    size_t r = record_of(clause, f->unit, records, names, n);
    if (r == n)
        return true;
    ClaimPair p = { .figure = i, .record = r, .per_year = times_a_year(clause) };
    if (!dec_mul(&p.claimed, f->value, dec_int(p.per_year)))
        p.claimed = f->value;
    p.state = state_of(f->qualifier, p.claimed, records[r].counted);
    if (!ARENA_PUSH(a, out->items, out->n, out->cap))
        return refused(e);
    out->items[out->n++] = p;
    return true;
}

bool claim_pairs(ClaimPairs *out, Arena *a, const Text *t, const OutlineFigures *figures,
                 const ClaimRecord *records, size_t n, Err *e)
{
    ClaimPairs made = { 0 };
    Str *names = ARENA_ARRAY(a, Str, n + 1);
    if (!names)
        return refused(e);
    for (size_t i = 0; i < n; i++)
        if (!text_to_hans(&names[i], a, t, str_trim(records[i].name), e))
            return false;
    for (size_t i = 0; i < figures->n; i++)
        if (!pair_figure(&made, a, t, figures, i, records, names, n, e))
            return false;
    *out = made;
    return true;
}

void claim_json(Jw *w, const ClaimPairs *pairs, const OutlineFigures *figures,
                const ClaimRecord *records)
{
    jw_arr(w);
    for (size_t i = 0; i < pairs->n; i++) {
        const ClaimPair *p = &pairs->items[i];
        const OutlineFigure *f = &figures->items[p->figure];
        jw_obj(w);
        jw_kint(w, "id", records[p->record].id);
        jw_kstr(w, "name", records[p->record].name);
        jw_kstr(w, "text", f->text);
        jw_kstr(w, "sentence", f->sentence);
        jw_kint(w, "at", (int64_t)f->at);
        jw_kint(w, "at_end", (int64_t)f->at_end);
        jw_kdec(w, "claimed", p->claimed);
        jw_kint(w, "per_year", p->per_year);
        jw_kdec(w, "counted", records[p->record].counted);
        jw_kstr(w, "state", str_of(claim_state_name(p->state)));
        jw_end(w);
    }
    jw_end(w);
}
