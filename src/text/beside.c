/* Last year's findings beside this year's report. Likeness is the share of a finding's pairs of
 * neighbouring characters that one sentence holds. */
#include "text/beside.h"
#include "text/inside.h"

#include <stdlib.h>
#include <string.h>

const char *beside_state_name(BesideState s)
{
    static const char *const names[] = { "answered", "empty", "redeclared", "dropped" };
    return names[s];
}

static bool refused(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "对照上年问题"));
}

static bool is_cjk(uint32_t cp)
{
    return cp >= 0x3400 && cp <= 0x9FFF;
}

/* --- pairs of characters -------------------------------------------------------------------- */

typedef struct Pairs { uint32_t *items; size_t n; } Pairs;

static int by_value(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

/* Distinct pairs of CJK characters, sorted. `room` holds one a byte of s at least. */
static Pairs pairs_of(uint32_t *room, Str s)
{
    size_t n = 0, kept = 0, k;
    uint32_t cp, last = 0;
    for (size_t at = 0; (k = outline_next(s, at, &cp)) > 0; at += k) {
        if (is_cjk(cp) && is_cjk(last))
            room[n++] = last << 16 | cp;
        last = cp;
    }
    if (n > 0)
        qsort(room, n, sizeof *room, by_value);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || room[kept - 1] != room[i])
            room[kept++] = room[i];
    return (Pairs){ room, kept };
}

static int likeness(const Pairs *finding, const Pairs *sentence)
{
    size_t both = 0;
    for (size_t i = 0, k = 0; i < finding->n && k < sentence->n;) {
        both += finding->items[i] == sentence->items[k];
        if (finding->items[i] <= sentence->items[k])
            i++;
        else
            k++;
    }
    return finding->n ? (int)(both * 1000 / finding->n) : 0;
}

/* --- the report ----------------------------------------------------------------------------- */

typedef struct Said {
    Pairs pairs;
    Str text;                /* folded */
    AdvicePart part;
    size_t from, to;         /* of the original */
} Said;

typedef struct Besides {
    Arena *a;
    const Text *t;
    Folded parts[ADVICE_PARTS];
    Said *items;
    size_t n, cap;
    Err *e;
} Besides;

static bool read_sentences(Besides *w, AdvicePart part)
{
    Str s = w->parts[part].text;
    for (size_t at = 0, next; at < s.n; at = next) {
        next = outline_sentence_end(s, at);
        if (next == at) {
            next++;
            continue;
        }
        Str one = str_trim(str_sub(s, at, next - at));
        uint32_t *room = one.n ? ARENA_ARRAY(w->a, uint32_t, one.n) : NULL;
        if (one.n == 0)
            continue;
        if (!room || !ARENA_PUSH(w->a, w->items, w->n, w->cap))
            return refused(w->e);
        size_t from = (size_t)(one.p - s.p);
        w->items[w->n++] = (Said){ pairs_of(room, one), one, part,
                                   text_origin(&w->parts[part], from),
                                   text_origin(&w->parts[part], from + one.n) };
    }
    return true;
}

static const Said *likest(const Besides *w, const Pairs *finding, bool problems, int *best)
{
    const Said *found = NULL;
    *best = 0;
    for (size_t i = 0; i < w->n; i++) {
        bool told = w->items[i].part == ADVICE_PROBLEMS || w->items[i].part == ADVICE_CAUSES;
        int like = told == problems ? likeness(finding, &w->items[i].pairs) : 0;
        if (like > *best) {
            *best = like;
            found = &w->items[i];
        }
    }
    return found;
}

/* --- empty answers -------------------------------------------------------------------------- */

static const char *const phrases[] = {
    "已经整改到位", "已整改到位", "已完成整改", "整改完成", "整改到位", "正在整改", "立行立改",
    "即知即改", "持续整改", "长期坚持", "持续推进", "不断加强", "进一步加强", "高度重视", "认真研究",
    "认真整改", "制定措施", "采取措施", "明确责任", "压实责任", "取得明显成效", "取得一定成效",
    "取得成效", "有所改善", "明显改善", "得到解决", "基本解决", "已经解决", "已解决", "已落实",
    "针对", "问题", "我们", "我", "今年", "一年来", "目前", "已经", "这个", "该", "上述", "存在",
    "通过", "努力", "整改", "解决", "工作", "落实", NULL
};

static bool holds(const Pairs *p, uint32_t pair)
{
    return bsearch(&pair, p->items, p->n, sizeof pair, by_value) != NULL;
}

/* Characters of an answer that are neither of a set phrase nor the finding said again. */
static int substance(Str s, const Pairs *finding)
{
    int n = 0;
    size_t k;
    uint32_t cp, last = 0;
    bool repeats = false;
    for (size_t at = 0; at < s.n; at += k) {
        size_t phrase = outline_one(s, at, phrases);
        k = outline_next(s, at, &cp);
        if (phrase > 0) {
            k = phrase;
            last = 0;
            continue;
        }
        bool digit = cp >= '0' && cp <= '9';
        bool again = is_cjk(cp) && is_cjk(last) && holds(finding, last << 16 | cp);
        if (again && !repeats)
            n--; /* the first character of the pair was counted */
        n += (is_cjk(cp) && !again) || digit;
        repeats = again;
        last = cp;
    }
    return n;
}

/* --- one finding ---------------------------------------------------------------------------- */

static Str words_of(const BesideResult *r)
{
    switch (r->state) {
    case BESIDE_ANSWERED:
        return r->again ? STRC("已有答复，今年又列为问题；请核对答复是否属实") : STRC("已有答复");
    case BESIDE_EMPTY:
        return STRC("答复里没有写做了什么；请写明措施和结果");
    case BESIDE_REDECLARED:
        return STRC("今年又列为问题，没有说明上年整改情况；请补充");
    case BESIDE_DROPPED:
        break;
    }
    return STRC("没有找到说到这个问题的句子；请说明整改情况，或指出写在哪里");
}

static void place(BesideResult *r, const Besides *w, const Said *s, int like)
{
    r->part = s->part;
    r->from = s->from;
    r->to = s->to;
    r->sentence = str_sub(w->parts[s->part].original, s->from, s->to - s->from);
    r->likeness = like;
}

static bool judge(BesideResult *out, Besides *w, const BesideFinding *f)
{
    Str text, answer;
    if (f->text.n > BESIDE_TEXT_BYTES_MAX || f->answer.n > BESIDE_TEXT_BYTES_MAX)
        return err_fail(w->e, ERR_TOO_BIG, err_hole("what", "问题或答复的字节数"),
                        err_hole("max", (int64_t)BESIDE_TEXT_BYTES_MAX));
    if (!text_to_hans(&text, w->a, w->t, f->text, w->e) ||
        !text_to_hans(&answer, w->a, w->t, str_trim(f->answer), w->e))
        return false;
    uint32_t *room = ARENA_ARRAY(w->a, uint32_t, text.n + 1);
    if (!room)
        return refused(w->e);
    Pairs pairs = pairs_of(room, text);
    BesideResult r = { .id = f->id, .part = ADVICE_PARTS };
    int again, spoken;
    const Said *problem = likest(w, &pairs, true, &again);
    const Said *deed = likest(w, &pairs, false, &spoken);
    r.again = again >= BESIDE_AGAIN;
    if (answer.n > 0) {
        r.state = substance(answer, &pairs) >= BESIDE_SUBSTANCE ? BESIDE_ANSWERED : BESIDE_EMPTY;
        r.sentence = f->answer;
    } else if (spoken >= BESIDE_SPOKEN) {
        r.state = substance(deed->text, &pairs) >= BESIDE_SUBSTANCE ? BESIDE_ANSWERED
                                                                   : BESIDE_EMPTY;
        place(&r, w, deed, spoken);
    } else if (r.again) {
        r.state = BESIDE_REDECLARED;
        place(&r, w, problem, again);
    } else {
        r.state = BESIDE_DROPPED;
    }
    r.say = words_of(&r);
    *out = r;
    return true;
}

bool beside_last_year(BesideResult **out, Arena *a, const Text *t, const BesideFinding *findings,
                      size_t n, const Str parts[ADVICE_PARTS], Err *e)
{
    Besides w = { .a = a, .t = t, .e = e };
    if (n > BESIDE_FINDINGS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "上年的问题"),
                        err_hole("max", (int64_t)BESIDE_FINDINGS_MAX));
    BesideResult *made = ARENA_ARRAY(a, BesideResult, n + 1);
    if (!made)
        return refused(e);
    for (int p = 0; p < ADVICE_PARTS; p++)
        if (!text_fold(&w.parts[p], a, t, parts[p], e) || !read_sentences(&w, (AdvicePart)p))
            return false;
    for (size_t i = 0; i < n; i++)
        if (!judge(&made[i], &w, &findings[i]))
            return false;
    *out = made;
    return true;
}

void beside_json(Jw *w, const BesideResult *results, size_t n)
{
    jw_arr(w);
    for (size_t i = 0; i < n; i++) {
        const BesideResult *r = &results[i];
        jw_obj(w);
        jw_kint(w, "id", r->id);
        jw_kstr(w, "state", str_of(beside_state_name(r->state)));
        jw_kbool(w, "again", r->again);
        if (r->to > 0) {
            jw_kstr(w, "part", str_of(advice_part_name(r->part)));
            jw_kint(w, "from", (int64_t)r->from);
            jw_kint(w, "to", (int64_t)r->to);
        }
        jw_kstr(w, "sentence", r->sentence);
        jw_kint(w, "likeness", r->likeness);
        jw_kstr(w, "say", r->say);
        jw_end(w);
    }
    jw_end(w);
}
