/* Fields of a body, without reading the whole of it into a tree. */
#include "fact/parts.h"

#include <string.h>

Str fact_cut(Str s)
{
    if (s.n <= FACT_VALUE_MAX)
        return s;
    size_t n = FACT_VALUE_MAX;
    while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return str_sub(s, 0, n);
}

Str fact_json(const Fact *f, const char *name)
{
    Str v;
    return leaf_get(&v, f->body, name) ? v : (Str){ "", 0 };
}

Str fact_str(Arena *a, const Fact *f, const char *name)
{
    Str v = fact_json(f, name), text = { "", 0 };
    json_t *read;
    Err ignored;
    if (v.n < 2 || v.p[0] != '"')
        return text;
    if (!memchr(v.p, '\\', v.n))
        return str_sub(v, 1, v.n - 2);
    if (jv_read(&read, v, "field", &ignored)) {
        text = arena_str(a, jv_text(read));
        jv_close(read);
    }
    return text;
}

int64_t fact_int(const Fact *f, const char *name)
{
    int64_t n;
    return str_int(fact_json(f, name), &n) ? n : 0;
}

bool fact_bool(const Fact *f, const char *name)
{
    return str_is(fact_json(f, name), "true");
}

/* The inside of a string; days and decimals hold nothing that is escaped. */
static Str inside(Str v)
{
    return v.n >= 2 && v.p[0] == '"' ? str_sub(v, 1, v.n - 2) : (Str){ "", 0 };
}

Day fact_day(const Fact *f, const char *name)
{
    Day d;
    Err ignored;
    Str v = inside(fact_json(f, name)); /* most often absent */
    return v.n && day_read(&d, v, &ignored) ? d : DAY_NONE;
}

bool fact_dec(Dec *out, const Fact *f, const char *name)
{
    Str v = fact_json(f, name);
    int64_t n;
    if (str_int(v, &n))
        return *out = dec_int(n), true;
    return v.n > 0 && dec_parse(out, inside(v));
}
