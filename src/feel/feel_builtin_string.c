/* Built-ins on strings; positions count code points. */
#include "feel/feel_in.h"

#include <string.h>
#include <unicode/ucasemap.h>

/* Bytes before the code point number `points` (from 0). */
static size_t byte_of(Str s, int64_t points)
{
    size_t at = 0;
    uint32_t cp;
    while (points-- > 0 && at < s.n)
        at += str_next(s, at, &cp);
    return at;
}

static bool whole(FeelValue v, int64_t *out)
{
    return dec_to_int(out, dec_round(v.number, 0, DEC_DOWN));
}

static bool run_substring(FeelCall *c, FeelValue *out)
{
    Str s = c->args[0].string;
    int64_t from, n = INT64_MAX, points = (int64_t)str_points(s);
    if (!whole(c->args[1], &from) || from == 0 || from > points || from < -points)
        return feel_fail(c, out, "起始位置超出字符串");
    if (c->given[2] && (!whole(c->args[2], &n) || n < 1))
        return feel_fail(c, out, "长度应为正整数");
    size_t start = byte_of(s, from > 0 ? from - 1 : points + from);
    Str rest = str_sub(s, start, s.n);
    *out = feel_string(str_sub(rest, 0, byte_of(rest, n)));
    return true;
}

static bool run_length(FeelCall *c, FeelValue *out)
{
    *out = feel_int((int64_t)str_points(c->args[0].string));
    return true;
}

/* ICU's full case mapping in the root locale, so that Turkish settings change no result. */
static bool change_case(FeelCall *c, FeelValue *out, bool upper)
{
    Str s = c->args[0].string;
    UErrorCode code = U_ZERO_ERROR;
    UCaseMap *map = ucasemap_open("", 0, &code);
    size_t room = s.n * 3 + 1;
    char *to = room <= FEEL_STRING_MAX ? arena_alloc(c->v->a, room) : NULL;
    int32_t n = 0;
    if (to && U_SUCCESS(code))
        n = upper ? ucasemap_utf8ToUpper(map, to, (int32_t)room, s.p, (int32_t)s.n, &code)
                  : ucasemap_utf8ToLower(map, to, (int32_t)room, s.p, (int32_t)s.n, &code);
    ucasemap_close(map);
    if (!to || U_FAILURE(code))
        return feel_fail(c, out, "字符串太长");
    *out = feel_string((Str){ to, (size_t)n });
    return true;
}

static bool run_upper(FeelCall *c, FeelValue *out)
{
    return change_case(c, out, true);
}

static bool run_lower(FeelCall *c, FeelValue *out)
{
    return change_case(c, out, false);
}

static bool run_before(FeelCall *c, FeelValue *out)
{
    ptrdiff_t at = str_find(c->args[0].string, c->args[1].string);
    *out = feel_string(str_sub(c->args[0].string, 0, at > 0 ? (size_t)at : 0));
    return true;
}

static bool run_after(FeelCall *c, FeelValue *out)
{
    Str s = c->args[0].string;
    ptrdiff_t at = str_find(s, c->args[1].string);
    *out = feel_string(at < 0 ? STRC("") : str_sub(s, (size_t)at + c->args[1].string.n, s.n));
    return true;
}

static bool run_contains(FeelCall *c, FeelValue *out)
{
    *out = feel_boolean(str_has(c->args[0].string, c->args[1].string));
    return true;
}

static bool run_starts(FeelCall *c, FeelValue *out)
{
    *out = feel_boolean(str_starts(c->args[0].string, c->args[1].string));
    return true;
}

static bool run_ends(FeelCall *c, FeelValue *out)
{
    *out = feel_boolean(str_ends(c->args[0].string, c->args[1].string));
    return true;
}

static bool regex_end(FeelCall *c, FeelRegexEnd end, FeelValue *out)
{
    return feel_fail(c, out, end == REGEX_BAD ? "正则表达式有误" : "正则表达式太复杂或文字太长");
}

/* A pattern may take up to TICKS_MAX of ICU's ticks, however short the text. */
static bool regex_work(FeelCall *c)
{
    return feel_eval_work(c->v, c->at, 500);
}

static bool run_matches(FeelCall *c, FeelValue *out)
{
    if (!regex_work(c))
        return false;
    bool found = false;
    Str flags = c->given[2] ? c->args[2].string : STRC("");
    FeelRegexEnd end =
        feel_regex_match(c->v->a, c->args[0].string, c->args[1].string, flags, &found);
    *out = feel_boolean(found);
    return end == REGEX_OK || regex_end(c, end, out);
}

static bool run_replace(FeelCall *c, FeelValue *out)
{
    if (!regex_work(c))
        return false;
    Str flags = c->given[3] ? c->args[3].string : STRC(""), got;
    FeelRegexEnd end = feel_regex_replace(c->v->a, c->args[0].string, c->args[1].string,
                                          c->args[2].string, flags, &got);
    if (end != REGEX_OK)
        return regex_end(c, end, out);
    *out = feel_string(got);
    return true;
}

static bool run_split(FeelCall *c, FeelValue *out)
{
    if (!regex_work(c))
        return false;
    Str *parts;
    size_t n;
    FeelRegexEnd end =
        feel_regex_split(c->v->a, c->args[0].string, c->args[1].string, &parts, &n);
    FeelValue *items = end == REGEX_OK ? ARENA_ARRAY(c->v->a, FeelValue, n) : NULL;
    if (!items)
        return regex_end(c, end, out);
    for (size_t i = 0; i < n; i++)
        items[i] = feel_string(parts[i]);
    *out = feel_list(items, n);
    return true;
}

static bool run_join(FeelCall *c, FeelValue *out)
{
    FeelValue list = c->args[0];
    Str between = c->given[1] ? c->args[1].string : STRC("");
    Buf b = buf_open(FEEL_STRING_MAX);
    bool first = true, strings = true;
    for (size_t i = 0; i < list.list.n; i++) {
        FeelValue item = list.list.items[i];
        strings &= item.kind == FEEL_STRING || item.kind == FEEL_NULL;
        if (item.kind != FEEL_STRING)
            continue;
        if (!first)
            buf_put(&b, between);
        buf_put(&b, item.string);
        first = false;
    }
    bool ok = strings && !b.failed;
    if (ok)
        *out = feel_string(arena_str(c->v->a, buf_str(&b)));
    buf_close(&b);
    return ok || feel_fail(c, out, strings ? "字符串太长" : "列表里应全是字符串");
}

static bool run_string(FeelCall *c, FeelValue *out)
{
    if (c->args[0].kind == FEEL_NULL) {
        *out = feel_null();
        return true;
    }
    Str text = feel_text(c->v->a, c->args[0]);
    if (text.n == 0 && c->args[0].kind != FEEL_STRING)
        return feel_fail(c, out, "字符串太长");
    *out = feel_string(text);
    return true;
}

static const FeelBuiltin rows[] = {
    { "substring", "string", run_substring, false,
      { { "string", M_STR, 0 }, { "start position", M_NUM, 0 }, { "length", M_NUM, 1 } } },
    { "string length", "number", run_length, false, { { "string", M_STR, 0 } } },
    { "upper case", "string", run_upper, false, { { "string", M_STR, 0 } } },
    { "lower case", "string", run_lower, false, { { "string", M_STR, 0 } } },
    { "substring before", "string", run_before, false,
      { { "string", M_STR, 0 }, { "match", M_STR, 0 } } },
    { "substring after", "string", run_after, false,
      { { "string", M_STR, 0 }, { "match", M_STR, 0 } } },
    { "replace", "string", run_replace, false,
      { { "input", M_STR, 0 }, { "pattern", M_STR, 0 }, { "replacement", M_STR, 0 },
        { "flags", M_STR, 1 } } },
    { "contains", "boolean", run_contains, false,
      { { "string", M_STR, 0 }, { "match", M_STR, 0 } } },
    { "starts with", "boolean", run_starts, false,
      { { "string", M_STR, 0 }, { "match", M_STR, 0 } } },
    { "ends with", "boolean", run_ends, false,
      { { "string", M_STR, 0 }, { "match", M_STR, 0 } } },
    { "matches", "boolean", run_matches, false,
      { { "input", M_STR, 0 }, { "pattern", M_STR, 0 }, { "flags", M_STR, 1 } } },
    { "split", "list", run_split, false, { { "string", M_STR, 0 }, { "delimiter", M_STR, 0 } } },
    { "string join", "string", run_join, false,
      { { "list", M_LIST, 0 }, { "delimiter", M_STR, 1 } } },
    { "string", "string", run_string, false, { { "from", M_ANY, 0 } } },
    { NULL, NULL, NULL, false, { { NULL, 0, 0 } } }, /* the end, for feel_builtin_next */
};

FeelBuiltinGroup feel_builtin_strings(void)
{
    return (FeelBuiltinGroup){ rows, sizeof rows / sizeof *rows - 1 };
}
