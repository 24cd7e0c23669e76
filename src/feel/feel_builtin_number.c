/* Built-ins on numbers, and the two of logic that take no list. */
#include "feel/feel_in.h"

#include <string.h>

enum { SCALE_LEAST = -6111, SCALE_MOST = 6176 };

static bool round_to(FeelCall *c, FeelValue *out, DecRound how)
{
    int64_t scale = 0;
    if (c->given[1] && (!dec_to_int(&scale, dec_round(c->args[1].number, 0, DEC_DOWN)) ||
                        scale < SCALE_LEAST || scale > SCALE_MOST))
        return feel_fail(c, out, "小数位数超出范围");
    *out = feel_number(dec_round(c->args[0].number, (int)scale, how));
    return true;
}

#define ROUNDING(name, how)                                                                        \
    static bool name(FeelCall *c, FeelValue *out)                                                  \
    {                                                                                              \
        return round_to(c, out, how);                                                              \
    }
ROUNDING(run_decimal, DEC_HALF_EVEN)
ROUNDING(run_floor, DEC_FLOOR)
ROUNDING(run_ceiling, DEC_CEILING)
ROUNDING(run_round_up, DEC_UP)
ROUNDING(run_round_down, DEC_DOWN)
ROUNDING(run_half_up, DEC_HALF_UP)
ROUNDING(run_half_down, DEC_HALF_DOWN)
#undef ROUNDING

static bool run_abs(FeelCall *c, FeelValue *out)
{
    FeelValue v = c->args[0];
    if (v.kind == FEEL_NUMBER)
        v.number = dec_abs(v.number);
    else if (v.kind == FEEL_DURATION)
        v.seconds = dec_abs(v.seconds);
    else
        v.months = v.months < 0 ? -v.months : v.months;
    *out = v;
    return true;
}

/* dividend - divisor * floor(dividend / divisor): the sign is the divisor's. */
static bool run_modulo(FeelCall *c, FeelValue *out)
{
    Dec a = c->args[0].number, b = c->args[1].number, q, p;
    FeelValue v = { .kind = FEEL_NUMBER };
    if (!dec_div(&q, a, b) || !dec_mul(&p, b, dec_round(q, 0, DEC_FLOOR)) ||
        !dec_sub(&v.number, a, p))
        return feel_fail(c, out, "除数是零");
    *out = v;
    return true;
}

#define REAL(name, op, why)                                                                        \
    static bool name(FeelCall *c, FeelValue *out)                                                  \
    {                                                                                              \
        FeelValue v = { .kind = FEEL_NUMBER };                                                     \
        if (!op(&v.number, c->args[0].number))                                                     \
            return feel_fail(c, out, why);                                                         \
        *out = v;                                                                                  \
        return true;                                                                               \
    }
REAL(run_sqrt, dec_sqrt, "负数没有平方根")
REAL(run_exp, dec_exp, "结果超出范围")
REAL(run_log, dec_log, "对数只用于正数")
#undef REAL

static bool parity(FeelCall *c, FeelValue *out, int want)
{
    Dec half, back;
    Dec n = c->args[0].number;
    if (!dec_is_whole(n)) {
        *out = feel_boolean(false);
        return true;
    }
    if (!dec_div(&half, n, dec_int(2)) ||
        !dec_mul(&back, dec_round(half, 0, DEC_DOWN), dec_int(2)))
        return feel_fail(c, out, "结果超出范围");
    *out = feel_boolean(dec_eq(back, n) == (want == 0));
    return true;
}

static bool run_odd(FeelCall *c, FeelValue *out)
{
    return parity(c, out, 1);
}

static bool run_even(FeelCall *c, FeelValue *out)
{
    return parity(c, out, 0);
}

static bool run_not(FeelCall *c, FeelValue *out)
{
    FeelValue v = c->args[0];
    *out = v.kind == FEEL_BOOLEAN ? feel_boolean(!v.boolean) : feel_null();
    return v.kind == FEEL_BOOLEAN || v.kind == FEEL_NULL || feel_fail(c, out, "参数类型不对");
}

static bool one_of(Str s, const char *set)
{
    return s.n == 1 && strchr(set, s.p[0]) != NULL;
}

static bool run_number(FeelCall *c, FeelValue *out)
{
    Str from = c->args[0].string, group = c->given[1] ? c->args[1].string : STRC("");
    Str point = c->given[2] ? c->args[2].string : STRC(".");
    char text[DEC_TEXT_MAX];
    size_t n = 0;
    if (group.n && !one_of(group, " ,."))
        return feel_fail(c, out, "分组符应为空格、逗号或句点");
    if (!one_of(point, ",.") || str_eq(group, point))
        return feel_fail(c, out, "小数点应为句点或逗号，且不同于分组符");
    for (size_t i = 0; i < from.n && n < sizeof text; i++) {
        char ch = from.p[i];
        if (group.n && ch == group.p[0])
            continue;
        text[n++] = ch == point.p[0] ? '.' : ch == '.' ? '?' : ch;
    }
    FeelValue v = { .kind = FEEL_NUMBER };
    if (n == sizeof text || !dec_parse(&v.number, (Str){ text, n }))
        return feel_fail(c, out, "不是数");
    *out = v;
    return true;
}

/* number(from: 5): the identity on numbers. */
static bool run_same(FeelCall *c, FeelValue *out)
{
    *out = c->args[0];
    return true;
}

#define N { "n", M_NUM, 0 }
#define SCALE { "scale", M_NUM, 0 }
static const FeelBuiltin rows[] = {
    { "decimal", "number", run_decimal, false, { N, SCALE } },
    { "floor", "number", run_floor, false, { N } },
    { "floor", "number", run_floor, false, { N, SCALE } },
    { "ceiling", "number", run_ceiling, false, { N } },
    { "ceiling", "number", run_ceiling, false, { N, SCALE } },
    { "round up", "number", run_round_up, false, { N, SCALE } },
    { "round down", "number", run_round_down, false, { N, SCALE } },
    { "round half up", "number", run_half_up, false, { N, SCALE } },
    { "round half down", "number", run_half_down, false, { N, SCALE } },
    { "abs", "number", run_abs, false, { { "n", M_NUM, 0 } } },
    { "abs", "years and months duration", run_abs, false, { { "n", M_YM, 0 } } },
    { "abs", "days and time duration", run_abs, false, { { "n", M_DUR, 0 } } },
    { "modulo", "number", run_modulo, false,
      { { "dividend", M_NUM, 0 }, { "divisor", M_NUM, 0 } } },
    { "sqrt", "number", run_sqrt, false, { { "number", M_NUM, 0 } } },
    { "log", "number", run_log, false, { { "number", M_NUM, 0 } } },
    { "exp", "number", run_exp, false, { { "number", M_NUM, 0 } } },
    { "odd", "boolean", run_odd, false, { { "number", M_NUM, 0 } } },
    { "even", "boolean", run_even, false, { { "number", M_NUM, 0 } } },
    { "not", "boolean", run_not, false, { { "negand", M_ANY, 0 } } },
    { "number", "number", run_number, false,
      { { "from", M_STR, 0 }, { "grouping separator", M_STR, 1 },
        { "decimal separator", M_STR, 1 } } },
    { "number", "number", run_same, false, { { "from", M_NUM, 0 } } },
    { NULL, NULL, NULL, false, { { NULL, 0, 0 } } }, /* the end, for feel_builtin_next */
};

FeelBuiltinGroup feel_builtin_numbers(void)
{
    return (FeelBuiltinGroup){ rows, sizeof rows / sizeof *rows - 1 };
}
