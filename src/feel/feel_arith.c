/* What + - * / ** do to two values: one table of kinds (DMN 1.5, tables 52 to 55). */
#include "feel/feel_in.h"

#include <string.h>

typedef bool (*Arith)(Arena *a, FeelValue l, FeelValue r, FeelValue *out);

/* --- numbers and strings -------------------------------------------------------------------- */
#define NUMBERS(name, op)                                                                          \
    static bool name(Arena *a, FeelValue l, FeelValue r, FeelValue *out)                           \
    {                                                                                              \
        (void)a;                                                                                   \
        FeelValue v = { .kind = FEEL_NUMBER };                                                     \
        if (!op(&v.number, l.number, r.number))                                                    \
            return false;                                                                          \
        *out = v;                                                                                  \
        return true;                                                                               \
    }
NUMBERS(add_numbers, dec_add)
NUMBERS(sub_numbers, dec_sub)
NUMBERS(mul_numbers, dec_mul)
NUMBERS(div_numbers, dec_div)
NUMBERS(pow_numbers, dec_pow)
#undef NUMBERS

static bool add_strings(Arena *a, FeelValue l, FeelValue r, FeelValue *out)
{
    size_t n = l.string.n + r.string.n;
    char *p = n <= FEEL_STRING_MAX ? arena_alloc(a, n) : NULL;
    if (!p)
        return false;
    if (l.string.n)
        memcpy(p, l.string.p, l.string.n);
    if (r.string.n)
        memcpy(p + l.string.n, r.string.p, r.string.n);
    *out = feel_string((Str){ p, n });
    return true;
}

/* --- durations ------------------------------------------------------------------------------ */
/* Far more than all years of the calendar; sums and negations of these stay within 64 bits. */
#define MONTHS_MAX 100000000000000000

static bool months_from(Dec d, FeelValue *out)
{
    int64_t months;
    if (!dec_to_int(&months, dec_round(d, 0, DEC_DOWN)) || months > MONTHS_MAX ||
        months < -MONTHS_MAX)
        return false;
    *out = feel_months_value(months);
    return true;
}

static bool add_months(Arena *a, FeelValue l, FeelValue r, FeelValue *out)
{
    (void)a;
    int64_t months = l.months + r.months;
    *out = feel_months_value(months);
    return months <= MONTHS_MAX && months >= -MONTHS_MAX;
}

static bool sub_months(Arena *a, FeelValue l, FeelValue r, FeelValue *out)
{
    return add_months(a, l, feel_months_value(-r.months), out);
}

static bool mul_months(Arena *a, FeelValue l, FeelValue r, FeelValue *out)
{
    (void)a;
    Dec d;
    bool ok = l.kind == FEEL_NUMBER ? dec_mul(&d, l.number, dec_int(r.months))
                                    : dec_mul(&d, r.number, dec_int(l.months));
    return ok && months_from(d, out);
}

static bool div_months(Arena *a, FeelValue l, FeelValue r, FeelValue *out)
{
    (void)a;
    Dec d;
    return dec_div(&d, dec_int(l.months), r.number) && months_from(d, out);
}

static bool ratio_months(Arena *a, FeelValue l, FeelValue r, FeelValue *out)
{
    (void)a;
    FeelValue v = { .kind = FEEL_NUMBER };
    if (!dec_div(&v.number, dec_int(l.months), dec_int(r.months)))
        return false;
    *out = v;
    return true;
}

#define DURATIONS(name, op, left, right, make)                                                     \
    static bool name(Arena *a, FeelValue l, FeelValue r, FeelValue *out)                           \
    {                                                                                              \
        (void)a;                                                                                   \
        Dec d;                                                                                     \
        if (!op(&d, left, right))                                                                  \
            return false;                                                                          \
        *out = make(d);                                                                            \
        return true;                                                                               \
    }
DURATIONS(add_durations, dec_add, l.seconds, r.seconds, feel_duration_value)
DURATIONS(sub_durations, dec_sub, l.seconds, r.seconds, feel_duration_value)
DURATIONS(mul_duration, dec_mul, l.seconds, r.number, feel_duration_value)
DURATIONS(mul_by_duration, dec_mul, l.number, r.seconds, feel_duration_value)
DURATIONS(div_duration, dec_div, l.seconds, r.number, feel_duration_value)
DURATIONS(ratio_durations, dec_div, l.seconds, r.seconds, feel_number)
#undef DURATIONS

/* --- points in time ------------------------------------------------------------------------- */
static bool point_add(Arena *a, FeelValue l, FeelValue r, FeelValue *out)
{
    (void)a;
    return r.kind == FEEL_MONTHS ? feel_add_months(l, r.months, out)
                                 : feel_add_seconds(l, r.seconds, out);
}

static bool point_added(Arena *a, FeelValue l, FeelValue r, FeelValue *out)
{
    return point_add(a, r, l, out);
}

static bool point_sub(Arena *a, FeelValue l, FeelValue r, FeelValue *out)
{
    (void)a;
    return r.kind == FEEL_MONTHS ? feel_add_months(l, -r.months, out)
                                 : feel_add_seconds(l, dec_neg(r.seconds), out);
}

/* A date counts as midnight at UTC beside a time with a zone. */
static bool points_apart(Arena *a, FeelValue l, FeelValue r, FeelValue *out)
{
    (void)a;
    bool zones = l.zone && r.zone, none = !l.zone && !r.zone, dates = l.kind != r.kind;
    if (dates) {
        FeelValue timed = l.kind == FEEL_DATE ? r : l;
        zones = timed.zone != NULL;
        none = false;
    }
    return (zones || none) && feel_between_instants(l, r, out);
}

/* --- the table ------------------------------------------------------------------------------ */
typedef struct Row {
    FeelToken op;
    unsigned left, right;
    Arith run;
} Row;

enum { M_SPAN = M_YM | M_DUR, M_DAYS = M_DATE | M_DT };

static const Row rows[] = {
    { T_PLUS, M_NUM, M_NUM, add_numbers },      { T_PLUS, M_STR, M_STR, add_strings },
    { T_PLUS, M_YM, M_YM, add_months },         { T_PLUS, M_DUR, M_DUR, add_durations },
    { T_PLUS, M_DAYS, M_SPAN, point_add },      { T_PLUS, M_SPAN, M_DAYS, point_added },
    { T_PLUS, M_TIME, M_DUR, point_add },       { T_PLUS, M_DUR, M_TIME, point_added },
    { T_MINUS, M_NUM, M_NUM, sub_numbers },     { T_MINUS, M_YM, M_YM, sub_months },
    { T_MINUS, M_DUR, M_DUR, sub_durations },   { T_MINUS, M_DAYS, M_SPAN, point_sub },
    { T_MINUS, M_TIME, M_DUR, point_sub },      { T_MINUS, M_DAYS, M_DAYS, points_apart },
    { T_MINUS, M_TIME, M_TIME, points_apart },  { T_TIMES, M_NUM, M_NUM, mul_numbers },
    { T_TIMES, M_YM, M_NUM, mul_months },       { T_TIMES, M_NUM, M_YM, mul_months },
    { T_TIMES, M_DUR, M_NUM, mul_duration },    { T_TIMES, M_NUM, M_DUR, mul_by_duration },
    { T_DIVIDE, M_NUM, M_NUM, div_numbers },    { T_DIVIDE, M_YM, M_NUM, div_months },
    { T_DIVIDE, M_YM, M_YM, ratio_months },     { T_DIVIDE, M_DUR, M_NUM, div_duration },
    { T_DIVIDE, M_DUR, M_DUR, ratio_durations }, { T_POWER, M_NUM, M_NUM, pow_numbers },
};

bool feel_arith_fits(FeelToken op, FeelKind l, FeelKind r)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].op == op && (rows[i].left & FEEL_BIT(l)) && (rows[i].right & FEEL_BIT(r)))
            return true;
    return false;
}

static const char *reason(FeelToken op, FeelValue r)
{
    bool zero = (r.kind == FEEL_NUMBER && dec_sign(r.number) == 0) ||
                (r.kind == FEEL_DURATION && dec_sign(r.seconds) == 0) ||
                (r.kind == FEEL_MONTHS && r.months == 0);
    return op == T_DIVIDE && zero ? "除数是零" : "结果超出范围";
}

bool feel_arith(Arena *a, FeelToken op, FeelValue l, FeelValue r, FeelValue *out,
                const char **why)
{
    *why = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Row *row = &rows[i];
        if (row->op != op || !(row->left & FEEL_BIT(l.kind)) ||
            !(row->right & FEEL_BIT(r.kind)))
            continue;
        if (row->run(a, l, r, out))
            return true;
        *why = row->run == points_apart ? "只有一边带时区" : reason(op, r);
        return false;
    }
    return false;
}
