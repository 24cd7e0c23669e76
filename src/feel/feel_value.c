/* Values: making, comparing, printing, and to and from JSON. */
#include "feel/feel_in.h"

#include <string.h>

FeelValue feel_null(void)
{
    return (FeelValue){ .kind = FEEL_NULL };
}

FeelValue feel_number(Dec d)
{
    return (FeelValue){ .kind = FEEL_NUMBER, .number = d };
}

FeelValue feel_int(int64_t n)
{
    return feel_number(dec_int(n));
}

FeelValue feel_string(Str s)
{
    return (FeelValue){ .kind = FEEL_STRING, .string = s };
}

FeelValue feel_z(const char *z)
{
    return feel_string(str_of(z));
}

FeelValue feel_boolean(bool b)
{
    return (FeelValue){ .kind = FEEL_BOOLEAN, .boolean = b };
}

FeelValue feel_day(Day d)
{
    return d == DAY_NONE ? feel_null() : feel_date_value(d);
}

FeelValue feel_moment(Arena *a, Moment m)
{
    int64_t day = m / 86400000 - (m % 86400000 < 0);
    const FeelZone *utc = feel_zone_offset(a, 0);
    return utc ? feel_make_date_time(day, (m - day * 86400000) * 1000000, utc) : feel_null();
}

FeelValue feel_list(const FeelValue *items, size_t n)
{
    FeelValue v = { .kind = FEEL_LIST };
    v.list.items = items;
    v.list.n = n;
    return v;
}

FeelValue feel_context(const FeelEntry *entries, size_t n)
{
    FeelValue v = { .kind = FEEL_CONTEXT };
    v.context.entries = entries;
    v.context.n = n;
    return v;
}

const FeelValue *feel_member(const FeelValue *context, Str name)
{
    if (context->kind != FEEL_CONTEXT)
        return NULL;
    for (size_t i = 0; i < context->context.n; i++)
        if (str_eq(context->context.entries[i].name, name))
            return &context->context.entries[i].value;
    return NULL;
}

bool feel_to_day(Day *out, FeelValue v)
{
    if (v.kind != FEEL_DATE && v.kind != FEEL_DATE_TIME)
        return false;
    FeelYmd d = feel_ymd(v.day);
    if (d.year < DAY_YEAR_MIN || d.year > DAY_YEAR_MAX)
        return false;
    *out = (Day)v.day;
    return true;
}

const char *feel_kind_name(FeelKind kind)
{
    static const char names[][32] = {
        "null", "number", "string", "boolean", "date", "time", "date and time",
        "years and months duration", "days and time duration", "list", "context", "range",
        "function",
    };
    return names[kind];
}

/* --- equality and order --------------------------------------------------------------------- */
/* One comparison: how deep it stands and the steps left. A loop can build values that are deeper
 * than any stack, or lists of shared lists with more leaves than can ever be visited. */
typedef struct Equal {
    int depth;
    int64_t *work;
} Equal;

static int equal_at(FeelValue a, FeelValue b, Equal q);

static int all_equal(const FeelValue *a, const FeelValue *b, size_t n, Equal q)
{
    for (size_t i = 0; i < n; i++)
        if (equal_at(a[i], b[i], q) != 1)
            return 0;
    return 1;
}

static int contexts_equal(FeelValue a, FeelValue b, Equal q)
{
    if (a.context.n != b.context.n)
        return 0;
    for (size_t i = 0; i < a.context.n; i++) {
        const FeelValue *other = feel_member(&b, a.context.entries[i].name);
        if (!other || equal_at(a.context.entries[i].value, *other, q) != 1)
            return 0;
    }
    return 1;
}

static int ranges_equal(const FeelRange *a, const FeelRange *b, Equal q)
{
    return a->form == b->form && a->low_in == b->low_in && a->high_in == b->high_in &&
           equal_at(a->low, b->low, q) == 1 && equal_at(a->high, b->high, q) == 1;
}

static bool temporal(FeelKind k)
{
    return k == FEEL_DATE || k == FEEL_TIME || k == FEEL_DATE_TIME;
}

/* Points in time are compared to the millisecond, as the standard's cases expect; the digits
 * beyond are kept and printed. Local time and time of a zone have no order between them. */
static bool compare_instants(int *out, FeelValue a, FeelValue b)
{
    int64_t s1, n1, s2, n2;
    if (a.kind == FEEL_DATE) {
        *out = (a.day > b.day) - (a.day < b.day);
        return true;
    }
    if (!a.zone != !b.zone)
        return false;
    feel_instant(a, &s1, &n1);
    feel_instant(b, &s2, &n2);
    n1 /= 1000000;
    n2 /= 1000000;
    *out = s1 != s2 ? (s1 > s2) - (s1 < s2) : (n1 > n2) - (n1 < n2);
    return true;
}

static int equal_at(FeelValue a, FeelValue b, Equal q)
{
    int order;
    if (a.kind == FEEL_NULL || b.kind == FEEL_NULL)
        return a.kind == b.kind;
    if (a.kind != b.kind || q.depth > FEEL_DEPTH_MAX || --*q.work < 0)
        return -1;
    q.depth++;
    switch (a.kind) {
    case FEEL_BOOLEAN:
        return a.boolean == b.boolean;
    case FEEL_LIST:
        return a.list.n == b.list.n && all_equal(a.list.items, b.list.items, a.list.n, q);
    case FEEL_CONTEXT:
        return contexts_equal(a, b, q);
    case FEEL_RANGE:
        return ranges_equal(a.range, b.range, q);
    case FEEL_FUNCTION:
        return a.function == b.function;
    default:
        return feel_compare(&order, a, b) && order == 0;
    }
}

int feel_equal_within(FeelValue a, FeelValue b, int64_t *work)
{
    return equal_at(a, b, (Equal){ 0, work });
}

int feel_equal(FeelValue a, FeelValue b)
{
    int64_t work = FEEL_WORK_MAX;
    return feel_equal_within(a, b, &work);
}

bool feel_compare(int *out, FeelValue a, FeelValue b)
{
    if (a.kind != b.kind)
        return false;
    if (temporal(a.kind))
        return compare_instants(out, a, b);
    switch (a.kind) {
    case FEEL_NUMBER:
        *out = dec_cmp(a.number, b.number);
        return true;
    case FEEL_STRING:
        *out = str_cmp(a.string, b.string);
        return true;
    case FEEL_MONTHS:
        *out = (a.months > b.months) - (a.months < b.months);
        return true;
    case FEEL_DURATION:
        *out = dec_cmp(a.seconds, b.seconds);
        return true;
    default:
        return false;
    }
}

/* --- printing ------------------------------------------------------------------------------- */
static void print_string(Buf *b, Str s)
{
    buf_putc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        const char *from = "\n\r\t\"\\", *to = "nrt\"\\", *hit = c ? strchr(from, c) : NULL;
        if (hit) {
            buf_putc(b, '\\');
            buf_putc(b, to[hit - from]);
        } else {
            buf_putc(b, c);
        }
    }
    buf_putc(b, '"');
}

static bool plain_name(Str s)
{
    uint32_t cp;
    size_t n = str_next(s, 0, &cp);
    if (!n || !feel_lex_is_start(cp))
        return false;
    for (size_t i = n; i < s.n; i += n) {
        n = str_next(s, i, &cp);
        if (!feel_lex_is_part(cp) && cp != ' ')
            return false;
    }
    return s.p[s.n - 1] != ' ' && !str_has(s, STRC("  "));
}

/* at: wrap dates and durations in @"" so that the text reads again. */
static void print_value(Buf *b, Arena *a, FeelValue v, bool at, int depth);

static void print_range(Buf *b, Arena *a, const FeelRange *r, bool at, int depth)
{
    static const char ops[][3] = { "", "<", "<=", ">", ">=", "=", "!=" };
    if (r->form != FEEL_BETWEEN) {
        bool low = r->form == FEEL_GT || r->form == FEEL_GE;
        buf_fmt(b, "(%s ", ops[r->form]);
        print_value(b, a, low ? r->low : r->high, at, depth);
        buf_putc(b, ')');
        return;
    }
    buf_putc(b, r->low_in ? '[' : '(');
    print_value(b, a, r->low, at, depth);
    buf_put(b, STRC(".."));
    print_value(b, a, r->high, at, depth);
    buf_putc(b, r->high_in ? ']' : ')');
}

static void print_context(Buf *b, Arena *a, FeelValue v, bool at, int depth)
{
    buf_putc(b, '{');
    for (size_t i = 0; i < v.context.n; i++) {
        const FeelEntry *entry = &v.context.entries[i];
        if (i)
            buf_put(b, STRC(", "));
        if (plain_name(entry->name))
            buf_put(b, entry->name);
        else
            print_string(b, entry->name);
        buf_put(b, STRC(": "));
        print_value(b, a, entry->value, at, depth);
    }
    buf_putc(b, '}');
}

static void print_list(Buf *b, Arena *a, FeelValue v, bool at, int depth)
{
    buf_putc(b, '[');
    for (size_t i = 0; i < v.list.n; i++) {
        if (i)
            buf_put(b, STRC(", "));
        print_value(b, a, v.list.items[i], at, depth);
    }
    buf_putc(b, ']');
}

static void print_value(Buf *b, Arena *a, FeelValue v, bool at, int depth)
{
    if (depth > FEEL_DEPTH_MAX)
        b->failed = true;
    if (b->failed)
        return;
    switch (v.kind) {
    case FEEL_NULL:
        buf_put(b, STRC("null"));
        break;
    case FEEL_NUMBER:
        buf_put(b, dec_print_short(a, v.number));
        break;
    case FEEL_STRING:
        print_string(b, v.string);
        break;
    case FEEL_BOOLEAN:
        buf_put(b, v.boolean ? STRC("true") : STRC("false"));
        break;
    case FEEL_LIST:
        print_list(b, a, v, at, depth + 1);
        break;
    case FEEL_CONTEXT:
        print_context(b, a, v, at, depth + 1);
        break;
    case FEEL_RANGE:
        print_range(b, a, v.range, at, depth + 1);
        break;
    case FEEL_FUNCTION:
        if (!v.function->body)
            buf_put(b, v.function->name);
        else
            buf_put(b, v.function->body->text);
        break;
    default:
        buf_fmt(b, at ? "@\"%.*s\"" : "%.*s", STR(feel_time_text(a, v)));
        break;
    }
}

static Str print_to(Arena *a, FeelValue v, bool at)
{
    Buf b = buf_open(FEEL_STRING_MAX);
    print_value(&b, a, v, at, 0);
    Str out = b.failed ? STRC("") : arena_str(a, buf_str(&b));
    buf_close(&b);
    return out;
}

Str feel_print(Arena *a, FeelValue v)
{
    return print_to(a, v, true);
}

Str feel_text(Arena *a, FeelValue v)
{
    return v.kind == FEEL_STRING ? v.string : print_to(a, v, false);
}

/* --- JSON ----------------------------------------------------------------------------------- */
typedef struct FromJson {
    Arena *a;
    Err *e;
} FromJson;

static bool from_json(FromJson *f, FeelValue *out, const json_t *v, const FeelType *type,
                      Str field, int depth);

static bool misfit(FromJson *f, Str field, const FeelType *type)
{
    return err_fail(f->e, ERR_FIELD_TYPE, err_hole("field", field),
                    err_hole("want", feel_type_print(f->a, type)));
}

static bool list_from_json(FromJson *f, FeelValue *out, const json_t *v, const FeelType *type,
                           Str field, int depth)
{
    size_t n = jv_len(v);
    FeelValue *items = ARENA_ARRAY(f->a, FeelValue, n);
    if (!items)
        return err_fail(f->e, ERR_NO_MEMORY, err_hole("what", field));
    for (size_t i = 0; i < n; i++)
        if (!from_json(f, &items[i], jv_at(v, i), type ? type->item : NULL, field, depth))
            return false;
    *out = feel_list(items, n);
    return true;
}

static const FeelType *member_type(const FeelType *type, Str name)
{
    for (size_t i = 0; type && type->form == FEEL_TYPE_CONTEXT && i < type->n; i++)
        if (str_eq(type->members[i].name, name))
            return type->members[i].type;
    return NULL;
}

static bool context_from_json(FromJson *f, FeelValue *out, const json_t *v, const FeelType *type,
                              int depth)
{
    size_t n = json_object_size(v), i = 0;
    FeelEntry *entries = ARENA_ARRAY(f->a, FeelEntry, n);
    const char *key;
    json_t *item;
    if (!entries)
        return err_fail(f->e, ERR_NO_MEMORY, err_hole("what", "JSON"));
    json_object_foreach((json_t *)v, key, item) {
        entries[i].name = arena_str(f->a, str_of(key));
        if (!from_json(f, &entries[i].value, item, member_type(type, entries[i].name),
                       entries[i].name, depth))
            return false;
        i++;
    }
    *out = feel_context(entries, n);
    return true;
}

/* A string where the type asks for something else is read as that. */
static bool string_from_json(FromJson *f, FeelValue *out, Str s, const FeelType *type)
{
    FeelKind kind = type && type->form == FEEL_TYPE_PLAIN ? type->kind : FEEL_STRING;
    switch (kind) {
    case FEEL_NUMBER:
        out->kind = FEEL_NUMBER;
        return dec_parse(&out->number, s);
    case FEEL_DATE:
        return feel_date_read(out, s);
    case FEEL_TIME:
        return feel_time_read(out, f->a, s);
    case FEEL_DATE_TIME:
        return feel_date_time_read(out, f->a, s);
    case FEEL_MONTHS:
    case FEEL_DURATION:
        return feel_duration_read(out, s) && out->kind == kind;
    default:
        *out = feel_string(arena_str(f->a, s));
        return out->string.n == s.n;
    }
}

static bool from_json(FromJson *f, FeelValue *out, const json_t *v, const FeelType *type,
                      Str field, int depth)
{
    FeelValue got = feel_null();
    if (depth > FEEL_JSON_DEPTH_MAX)
        return err_fail(f->e, ERR_TOO_BIG, err_hole("what", "JSON"),
                        err_hole("max", FEEL_JSON_DEPTH_MAX));
    if (json_is_string(v)) {
        if (!string_from_json(f, &got, jv_text(v), type))
            return misfit(f, field, type ? type : feel_type_of(FEEL_STRING));
    } else if (json_is_integer(v)) {
        got = feel_int(json_integer_value(v));
    } else if (json_is_boolean(v)) {
        got = feel_boolean(json_is_true(v));
    } else if (json_is_array(v)) {
        if (!list_from_json(f, &got, v, type, field, depth + 1))
            return false;
    } else if (json_is_object(v)) {
        if (!context_from_json(f, &got, v, type, depth + 1))
            return false;
    } else if (json_is_real(v)) {
        return misfit(f, field, feel_type_of(FEEL_STRING)); /* no double may become a number */
    }
    if (type && got.kind != FEEL_NULL && !feel_type_allows(type, got))
        return misfit(f, field, type);
    *out = got;
    return true;
}

bool feel_from_json(FeelValue *out, Arena *a, const json_t *v, const FeelType *type, Err *e)
{
    FromJson f = { a, e };
    return from_json(&f, out, v, type, STRC("JSON"), 0);
}

static void write_value(Jw *w, Arena *a, FeelValue v, int depth)
{
    int64_t whole;
    if (depth > FEEL_JSON_DEPTH_MAX)
        w->bad = true;
    if (w->bad || w->b->failed)
        return;
    switch (v.kind) {
    case FEEL_NULL:
        jw_null(w);
        break;
    case FEEL_BOOLEAN:
        jw_bool(w, v.boolean);
        break;
    case FEEL_NUMBER:
        if (dec_to_int(&whole, v.number) && whole <= JSON_INT_MAX && whole >= -JSON_INT_MAX)
            jw_int(w, whole);
        else
            jw_str(w, dec_print(a, v.number));
        break;
    case FEEL_LIST:
        jw_arr(w);
        for (size_t i = 0; i < v.list.n; i++)
            write_value(w, a, v.list.items[i], depth + 1);
        jw_end(w);
        break;
    case FEEL_CONTEXT:
        jw_obj(w);
        for (size_t i = 0; i < v.context.n; i++) {
            jw_key_str(w, v.context.entries[i].name);
            write_value(w, a, v.context.entries[i].value, depth + 1);
        }
        jw_end(w);
        break;
    default:
        jw_str(w, feel_text(a, v));
        break;
    }
}

void feel_write(Jw *w, Arena *scratch, FeelValue v)
{
    write_value(w, scratch, v, 0);
}

bool feel_to_json(json_t **out, FeelValue v, Err *e)
{
    Buf b = buf_open(JSON_BYTES_MAX);
    Arena *a = arena_open(JSON_BYTES_MAX);
    Jw w = jw_open(&b);
    if (a)
        feel_write(&w, a, v);
    bool ok = a && jw_close(&w)
                  ? jv_read(out, buf_str(&b), "FEEL", e)
                  : err_fail(e, ERR_TOO_BIG, err_hole("what", "JSON"),
                             err_hole("max", JSON_BYTES_MAX));
    arena_close(a);
    buf_close(&b);
    return ok;
}
