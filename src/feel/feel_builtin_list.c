/* Built-ins on lists; positions count from 1, or from the end when negative. */
#include "feel/feel_in.h"

#include <string.h>

/* The list a function of one list or of many values works on. */
static FeelValue all_of(const FeelCall *c)
{
    return c->row->variadic ? feel_list(c->rest, c->n_rest) : c->args[0];
}

static bool position(FeelValue index, size_t n, bool past_end, size_t *out)
{
    int64_t i, len = (int64_t)n;
    if (!dec_to_int(&i, dec_round(index.number, 0, DEC_DOWN)) || i == 0 || i < -len ||
        i > len + past_end)
        return false;
    *out = (size_t)(i > 0 ? i - 1 : len + i);
    return true;
}

static FeelValue *room(FeelCall *c, size_t n)
{
    if (n > FEEL_LIST_MAX) {
        err_fail(c->v->e, ERR_TOO_BIG, err_hole("what", "列表"), err_hole("max", FEEL_LIST_MAX));
        return NULL;
    }
    if (!feel_eval_work(c->v, c->at, n))
        return NULL;
    FeelValue *items = ARENA_ARRAY(c->v->a, FeelValue, n);
    if (!items)
        feel_eval_memory(c->v);
    return items;
}

static void copy(FeelValue *to, const FeelValue *from, size_t n)
{
    if (n)
        memcpy(to, from, n * sizeof *to);
}

/* --- asking --------------------------------------------------------------------------------- */
static bool run_contains(FeelCall *c, FeelValue *out)
{
    bool found = false;
    for (size_t i = 0; i < c->args[0].list.n && !found; i++)
        found = feel_equal_within(c->args[0].list.items[i], c->args[1],
                                  &c->v->run->work) == 1;
    *out = feel_boolean(found);
    return feel_eval_work(c->v, c->at, c->args[0].list.n);
}

static bool run_count(FeelCall *c, FeelValue *out)
{
    *out = feel_int((int64_t)c->args[0].list.n);
    return true;
}

static bool extreme(FeelCall *c, FeelValue *out, int sign)
{
    FeelValue l = all_of(c), best = l.list.n ? l.list.items[0] : feel_null();
    int order;
    if (l.list.n == 0)
        return feel_fail(c, out, "列表为空");
    for (size_t i = 0; i < l.list.n; i++) {
        if (!feel_compare(&order, l.list.items[i], best))
            return feel_fail(c, out, "列表里的值不能比较");
        if (order * sign > 0)
            best = l.list.items[i];
    }
    *out = best;
    return true;
}

static bool run_min(FeelCall *c, FeelValue *out)
{
    return extreme(c, out, -1);
}

static bool run_max(FeelCall *c, FeelValue *out)
{
    return extreme(c, out, 1);
}

/* Numbers, or durations of one kind, added up with the arithmetic of +. */
static bool add_up(FeelCall *c, FeelValue l, FeelValue *sum, const char **why)
{
    *why = "列表为空";
    for (size_t i = 0; i < l.list.n; i++) {
        FeelValue item = l.list.items[i];
        bool fits = item.kind == FEEL_NUMBER || item.kind == FEEL_DURATION ||
                    item.kind == FEEL_MONTHS;
        if (!fits || (i && !feel_arith(c->v->a, T_PLUS, *sum, item, sum, why))) {
            *why = "列表里应全是数";
            return false;
        }
        if (i == 0)
            *sum = item;
    }
    return l.list.n > 0;
}

static bool run_sum(FeelCall *c, FeelValue *out)
{
    FeelValue sum = feel_null();
    const char *why;
    if (!add_up(c, all_of(c), &sum, &why))
        return feel_fail(c, out, why);
    *out = sum;
    return true;
}

static bool run_mean(FeelCall *c, FeelValue *out)
{
    FeelValue l = all_of(c), sum = feel_null();
    const char *why;
    if (!add_up(c, l, &sum, &why) ||
        !feel_arith(c->v->a, T_DIVIDE, sum, feel_int((int64_t)l.list.n), out, &why))
        return feel_fail(c, out, why);
    return true;
}

static bool quantified(FeelCall *c, FeelValue *out, bool decides)
{
    FeelValue l = all_of(c);
    bool unknown = false, odd = c->n_rest == 1 && c->rest[0].kind == FEEL_NULL; /* all(null) */
    for (size_t i = 0; i < l.list.n; i++) {
        FeelValue item = l.list.items[i];
        if (item.kind == FEEL_BOOLEAN && item.boolean == decides) {
            *out = item;
            return true;
        }
        unknown |= item.kind != FEEL_BOOLEAN;
        odd |= item.kind != FEEL_BOOLEAN && item.kind != FEEL_NULL;
    }
    if (odd)
        return feel_fail(c, out, "参数类型不对");
    *out = unknown ? feel_null() : feel_boolean(!decides);
    return true;
}

static bool run_all(FeelCall *c, FeelValue *out)
{
    return quantified(c, out, false);
}

static bool run_any(FeelCall *c, FeelValue *out)
{
    return quantified(c, out, true);
}

/* --- parts and new lists -------------------------------------------------------------------- */
static bool run_sublist(FeelCall *c, FeelValue *out)
{
    FeelValue l = c->args[0];
    size_t from;
    int64_t n = (int64_t)l.list.n;
    if (!position(c->args[1], l.list.n, false, &from))
        return feel_fail(c, out, "序号超出列表");
    if (c->given[2] && (!dec_to_int(&n, dec_round(c->args[2].number, 0, DEC_DOWN)) || n < 0 ||
                        (uint64_t)n > l.list.n - from))
        return feel_fail(c, out, "长度超出列表");
    if (!c->given[2])
        n = (int64_t)(l.list.n - from);
    *out = feel_list(l.list.items + from, (size_t)n);
    return true;
}

static bool run_append(FeelCall *c, FeelValue *out)
{
    FeelValue l = c->args[0], *items = room(c, l.list.n + c->n_rest);
    if (!items)
        return false;
    copy(items, l.list.items, l.list.n);
    copy(items + l.list.n, c->rest, c->n_rest);
    *out = feel_list(items, l.list.n + c->n_rest);
    return true;
}

static bool run_concatenate(FeelCall *c, FeelValue *out)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < c->n_rest; i++) {
        if (c->rest[i].kind == FEEL_NULL)
            return feel_fail(c, out, "参数应为列表");
        n += c->rest[i].kind == FEEL_LIST ? c->rest[i].list.n : 1;
    }
    FeelValue *items = room(c, n);
    for (size_t i = 0; items && i < c->n_rest; i++) {
        FeelValue l = c->rest[i].kind == FEEL_LIST ? c->rest[i] : feel_list(&c->rest[i], 1);
        copy(items + at, l.list.items, l.list.n);
        at += l.list.n;
    }
    *out = feel_list(items, n);
    return items != NULL;
}

static bool run_insert(FeelCall *c, FeelValue *out)
{
    FeelValue l = c->args[0];
    size_t at;
    if (!position(c->args[1], l.list.n, true, &at))
        return feel_fail(c, out, "序号超出列表");
    FeelValue *items = room(c, l.list.n + 1);
    if (!items)
        return false;
    copy(items, l.list.items, at);
    items[at] = c->args[2];
    copy(items + at + 1, l.list.items + at, l.list.n - at);
    *out = feel_list(items, l.list.n + 1);
    return true;
}

static bool run_remove(FeelCall *c, FeelValue *out)
{
    FeelValue l = c->args[0];
    size_t at;
    if (!position(c->args[1], l.list.n, false, &at))
        return feel_fail(c, out, "序号超出列表");
    FeelValue *items = room(c, l.list.n);
    if (!items)
        return false;
    copy(items, l.list.items, at);
    copy(items + at, l.list.items + at + 1, l.list.n - at - 1);
    *out = feel_list(items, l.list.n - 1);
    return true;
}

static bool run_replace_at(FeelCall *c, FeelValue *out)
{
    FeelValue l = c->args[0], *items;
    size_t at;
    if (!position(c->args[1], l.list.n, false, &at))
        return feel_fail(c, out, "序号超出列表");
    if (!(items = room(c, l.list.n)))
        return false;
    copy(items, l.list.items, l.list.n);
    items[at] = c->args[2];
    *out = feel_list(items, l.list.n);
    return true;
}

static bool run_replace_where(FeelCall *c, FeelValue *out)
{
    FeelValue l = c->args[0], *items = room(c, l.list.n), yes;
    if (!items)
        return false;
    for (size_t i = 0; i < l.list.n; i++) {
        FeelValue args[2] = { l.list.items[i], c->args[2] };
        if (!feel_eval_call(c->v, c->at, c->args[1], args, 2, &yes))
            return false;
        if (yes.kind != FEEL_BOOLEAN)
            return feel_fail(c, out, "判断函数应得布尔值");
        items[i] = yes.boolean ? c->args[2] : args[0];
    }
    *out = feel_list(items, l.list.n);
    return true;
}

static bool run_reverse(FeelCall *c, FeelValue *out)
{
    FeelValue l = c->args[0], *items = room(c, l.list.n);
    for (size_t i = 0; items && i < l.list.n; i++)
        items[i] = l.list.items[l.list.n - 1 - i];
    *out = feel_list(items, l.list.n);
    return items != NULL;
}

static bool run_index_of(FeelCall *c, FeelValue *out)
{
    FeelValue l = c->args[0], *items = room(c, l.list.n);
    size_t n = 0;
    for (size_t i = 0; items && i < l.list.n; i++)
        if (feel_equal_within(l.list.items[i], c->args[1], &c->v->run->work) == 1)
            items[n++] = feel_int((int64_t)i + 1);
    *out = feel_list(items, n);
    return items != NULL;
}

/* Keeps the first of equal items. Every pair is a step of work. */
static bool distinct(FeelCall *c, FeelValue l, FeelValue *out)
{
    FeelValue *items = room(c, l.list.n);
    size_t n = 0;
    for (size_t i = 0; items && i < l.list.n; i++) {
        bool seen = false;
        for (size_t k = 0; k < n && !seen; k++)
            seen = feel_equal_within(items[k], l.list.items[i], &c->v->run->work) == 1;
        if (!seen)
            items[n++] = l.list.items[i];
        if (!feel_eval_work(c->v, c->at, n))
            return false;
    }
    *out = feel_list(items, n);
    return items != NULL;
}

static bool run_distinct(FeelCall *c, FeelValue *out)
{
    return distinct(c, c->args[0], out);
}

static bool run_union(FeelCall *c, FeelValue *out)
{
    FeelValue all;
    if (!run_concatenate(c, &all) || all.kind != FEEL_LIST) {
        *out = feel_null();
        return c->v->e->code == ERR_NONE;
    }
    return distinct(c, all, out);
}

typedef struct Flat {
    FeelCall *c;
    FeelValue *items;
    size_t n, cap;
} Flat;

static bool flatten(Flat *f, FeelValue l, int depth)
{
    if (!feel_eval_work(f->c->v, f->c->at, 1))
        return false;
    for (size_t i = 0; i < l.list.n; i++) {
        FeelValue item = l.list.items[i];
        if (item.kind == FEEL_LIST) {
            if (depth > FEEL_DEPTH_MAX)
                return err_fail(f->c->v->e, ERR_TOO_BIG, err_hole("what", "列表"),
                                err_hole("max", FEEL_DEPTH_MAX));
            if (!flatten(f, item, depth + 1))
                return false;
            continue;
        }
        if (f->n >= FEEL_LIST_MAX)
            return err_fail(f->c->v->e, ERR_TOO_BIG, err_hole("what", "列表"),
                            err_hole("max", FEEL_LIST_MAX));
        if (!feel_eval_work(f->c->v, f->c->at, 1))
            return false;
        if (!ARENA_PUSH(f->c->v->a, f->items, f->n, f->cap))
            return feel_eval_memory(f->c->v);
        f->items[f->n++] = item;
    }
    return true;
}

static bool run_flatten(FeelCall *c, FeelValue *out)
{
    Flat f = { .c = c };
    if (!flatten(&f, c->args[0], 0))
        return false;
    *out = feel_list(f.items, f.n);
    return true;
}

/* --- statistics ----------------------------------------------------------------------------- */
static bool all_numbers(FeelValue l)
{
    for (size_t i = 0; i < l.list.n; i++)
        if (l.list.items[i].kind != FEEL_NUMBER)
            return false;
    return true;
}

static bool run_product(FeelCall *c, FeelValue *out)
{
    FeelValue l = all_of(c), p = feel_int(1);
    if (l.list.n == 0 || !all_numbers(l))
        return feel_fail(c, out, "列表里应全是数");
    for (size_t i = 0; i < l.list.n; i++)
        if (!dec_mul(&p.number, p.number, l.list.items[i].number))
            return feel_fail(c, out, "结果超出范围");
    *out = p;
    return true;
}

/* --- sorting: a stable merge, by a function or by < ----------------------------------------- */
typedef struct Sort {
    FeelCall *c;
    const FeelValue *precedes; /* NULL: < */
    FeelValue *scratch;
    bool bad;                  /* a pair had no order */
} Sort;

static bool before(Sort *s, FeelValue a, FeelValue b, bool *yes)
{
    int order = 0;
    FeelValue got, args[2] = { a, b };
    if (!feel_eval_work(s->c->v, s->c->at, 1))
        return false;
    if (!s->precedes) {
        s->bad |= !feel_compare(&order, a, b);
        *yes = order < 0;
        return true;
    }
    if (!feel_eval_call(s->c->v, s->c->at, *s->precedes, args, 2, &got))
        return false;
    s->bad |= got.kind != FEEL_BOOLEAN;
    *yes = got.kind == FEEL_BOOLEAN && got.boolean;
    return true;
}

static bool merge(Sort *s, FeelValue *items, size_t mid, size_t n)
{
    size_t i = 0, k = mid, to = 0;
    while (i < mid && k < n) {
        bool second;
        if (!before(s, items[k], items[i], &second))
            return false;
        s->scratch[to++] = second ? items[k++] : items[i++];
    }
    copy(s->scratch + to, items + i, mid - i);
    copy(s->scratch + to + (mid - i), items + k, n - k);
    copy(items, s->scratch, n);
    return true;
}

/* Bottom up: runs of 1, 2, 4 ... are merged in pairs. */
static bool sort_items(Sort *s, FeelValue *items, size_t n)
{
    for (size_t run = 1; run < n; run *= 2)
        for (size_t at = 0; at + run < n; at += 2 * run) {
            size_t len = n - at < 2 * run ? n - at : 2 * run;
            if (!merge(s, items + at, run, len))
                return false;
        }
    return true;
}

static FeelValue *sorted(FeelCall *c, FeelValue l, const FeelValue *precedes, bool *bad)
{
    FeelValue *items = room(c, l.list.n);
    Sort s = { .c = c, .precedes = precedes };
    if (!items || !(s.scratch = room(c, l.list.n)))
        return NULL;
    copy(items, l.list.items, l.list.n);
    if (!sort_items(&s, items, l.list.n))
        return NULL;
    *bad = s.bad;
    return items;
}

static bool run_sort(FeelCall *c, FeelValue *out)
{
    bool bad = false;
    FeelValue *items = sorted(c, c->args[0], c->given[1] ? &c->args[1] : NULL, &bad);
    if (!items)
        return false;
    *out = feel_list(items, c->args[0].list.n);
    return !bad || feel_fail(c, out, "列表里的值不能比较");
}

static bool run_median(FeelCall *c, FeelValue *out)
{
    FeelValue l = all_of(c);
    size_t n = l.list.n;
    bool bad = false;
    if (n == 0 || !all_numbers(l))
        return feel_fail(c, out, n ? "列表里应全是数" : "列表为空");
    FeelValue *items = sorted(c, l, NULL, &bad), v = { .kind = FEEL_NUMBER };
    if (!items)
        return false;
    if (n % 2) {
        *out = items[n / 2];
        return true;
    }
    if (!dec_add(&v.number, items[n / 2 - 1].number, items[n / 2].number) ||
        !dec_div(&v.number, v.number, dec_int(2)))
        return feel_fail(c, out, "结果超出范围");
    *out = v;
    return true;
}

/* Of a sample: divided by n - 1. */
static bool run_stddev(FeelCall *c, FeelValue *out)
{
    FeelValue l = all_of(c), v = { .kind = FEEL_NUMBER };
    Dec mean = dec_int(0), n1 = dec_int((int64_t)l.list.n - 1), sum = dec_int(0), d;
    bool ok = l.list.n > 1 && all_numbers(l);
    for (size_t i = 0; ok && i < l.list.n; i++)
        ok = dec_add(&mean, mean, l.list.items[i].number);
    ok = ok && dec_div(&mean, mean, dec_int((int64_t)l.list.n));
    for (size_t i = 0; ok && i < l.list.n; i++)
        ok = dec_sub(&d, l.list.items[i].number, mean) && dec_mul(&d, d, d) &&
             dec_add(&sum, sum, d);
    if (!ok || !dec_div(&sum, sum, n1) || !dec_sqrt(&v.number, sum))
        return feel_fail(c, out, "至少要有两个数，且应全是数");
    *out = v;
    return true;
}

static bool run_mode(FeelCall *c, FeelValue *out)
{
    FeelValue l = all_of(c);
    bool bad = false;
    if (!all_numbers(l))
        return feel_fail(c, out, "列表里应全是数");
    FeelValue *items = sorted(c, l, NULL, &bad), *modes = items ? room(c, l.list.n) : NULL;
    size_t most = 0, n = 0;
    if (!modes)
        return false;
    for (size_t i = 0, run; i < l.list.n; i += run) {
        for (run = 1; i + run < l.list.n && dec_eq(items[i].number, items[i + run].number);)
            run++;
        if (run > most)
            n = 0;
        if (run >= most) {
            most = run;
            modes[n++] = items[i];
        }
    }
    *out = feel_list(modes, n);
    return true;
}

/* --- rows ----------------------------------------------------------------------------------- */
#define LIST { "list", M_LIST, 0 }
#define ELEMENT(name) { name, M_ANY, 0 }
#define INDEX(name) { name, M_NUM, 0 }
#define BOTH(name, result, run)                                                                    \
    { name, result, run, false, { LIST } },                                                        \
    { name, result, run, true, { ELEMENT("c") } }

static const FeelBuiltin rows[] = {
    { "list contains", "boolean", run_contains, false, { LIST, ELEMENT("element") } },
    { "count", "number", run_count, false, { LIST } },
    BOTH("min", "Any", run_min),
    BOTH("max", "Any", run_max),
    BOTH("sum", "Any", run_sum),
    BOTH("mean", "Any", run_mean),
    BOTH("all", "boolean", run_all),
    BOTH("any", "boolean", run_any),
    { "sublist", "list", run_sublist, false,
      { LIST, INDEX("start position"), { "length", M_NUM, 1 } } },
    { "append", "list", run_append, true, { LIST, ELEMENT("item") } },
    { "concatenate", "list", run_concatenate, true, { ELEMENT("list") } },
    { "insert before", "list", run_insert, false,
      { LIST, INDEX("position"), ELEMENT("newItem") } },
    { "remove", "list", run_remove, false, { LIST, INDEX("position") } },
    { "list replace", "list", run_replace_at, false,
      { LIST, INDEX("position"), ELEMENT("newItem") } },
    { "list replace", "list", run_replace_where, false,
      { LIST, { "match", M_FN, 0 }, ELEMENT("newItem") } },
    { "reverse", "list", run_reverse, false, { LIST } },
    { "index of", "list", run_index_of, false, { LIST, ELEMENT("match") } },
    { "union", "list", run_union, true, { ELEMENT("list") } },
    { "distinct values", "list", run_distinct, false, { LIST } },
    { "flatten", "list", run_flatten, false, { LIST } },
    BOTH("product", "number", run_product),
    BOTH("median", "number", run_median),
    BOTH("stddev", "number", run_stddev),
    BOTH("mode", "list", run_mode),
    { "sort", "list", run_sort, false, { LIST, { "precedes", M_FN, 1 } } },
    { NULL, NULL, NULL, false, { { NULL, 0, 0 } } }, /* the end, for feel_builtin_next */
};

FeelBuiltinGroup feel_builtin_lists(void)
{
    return (FeelBuiltinGroup){ rows, sizeof rows / sizeof *rows - 1 };
}
