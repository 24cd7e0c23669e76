/* trustees.json: written, and read with every proof and signature. */
#include "ballot/party.h"
#include "base/json.h"

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "持钥人文件"));
}

static bool bad_form(Err *e, size_t at)
{
    return err_fail(e, ERR_BEL_FORM, err_hole("where", "持钥人文件"),
                    err_hole("where_en", "the trustees' file"), err_hole("at", at));
}

static bool unsupported(Err *e)
{
    return err_fail(e, ERR_BEL_UNSUPPORTED, err_hole("what", "没有上下文和签名的旧式门限钥匙"),
                    err_hole("what_en", "threshold keys of the older layout"));
}

static void put_list(Buf *out, const char *kind, const Str *items, size_t n, bool first)
{
    for (size_t i = 0; i < n; i++) {
        canon_put_z(out, first && i == 0 ? "[\"" : ",[\"");
        canon_put_z(out, kind);
        canon_put_z(out, "\",");
        buf_put(out, items[i]);
        buf_putc(out, ']');
    }
}

bool trustees_write(Buf *out, const Str *singles, size_t n_singles, const Str *sets, size_t n_sets,
                    Err *e)
{
    buf_putc(out, '[');
    put_list(out, "Single", singles, n_singles, true);
    put_list(out, "Pedersen", sets, n_sets, n_singles == 0);
    buf_putc(out, ']');
    return !out->failed || no_memory(e);
}

/* --- reading ---------------------------------------------------------------------------------- */

typedef struct Reader {
    Trustees t;
    Buf again;                     /* what would be written: the text must be it */
    Arena *a;
    size_t cap_members, cap_sets;
    Err *e;
} Reader;

static bool push(Reader *r, const Party *p)
{
    if (r->t.n_members == TRUSTEES_MAX)
        return err_fail(r->e, ERR_TOO_BIG, err_hole("what", "持钥人"),
                        err_hole("max", TRUSTEES_MAX));
    if (!ARENA_PUSH(r->a, r->t.members, r->t.n_members, r->cap_members))
        return no_memory(r->e);
    r->t.members[r->t.n_members++] = (TrusteeMember){ p->key, arena_str(r->a, p->name) };
    return true;
}

static bool add_set(Reader *r, TrusteeSet set, Point key)
{
    if (!ARENA_PUSH(r->a, r->t.sets, r->t.n_sets, r->cap_sets))
        return no_memory(r->e);
    r->t.sets[r->t.n_sets++] = set;
    r->t.key = point_add(r->t.key, key);
    return true;
}

static bool read_single(Reader *r, const json_t *v)
{
    Party p;
    TrusteeSet set = { r->t.n_members, 1, 0 };
    if (!party_read(&p, v, false, (int64_t)r->t.n_members + 1, r->e))
        return false;
    party_put(&r->again, &p, false);
    return push(r, &p) && add_set(r, set, p.key);
}

/* What the members of a set said, checked against each other: party_check in party.c. */
static bool read_set(Reader *r, const json_t *v)
{
    PartySet s;
    TrusteeSet set = { .from = r->t.n_members };
    if (!json_is_object(v))
        return bad_form(r->e, 0);
    if (!jv_get(v, "signatures"))
        return unsupported(r->e);
    if (!party_set_read(&s, r->a, v, r->e) || !party_set_check(&s, r->e))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!push(r, &s.keys[i]))
            return false;
    party_set_put(&r->again, &s);
    set.n = s.n;
    set.threshold = s.threshold;
    return add_set(r, set, s.key);
}

static bool read_item(Reader *r, const json_t *v)
{
    Str kind = jv_text(jv_at(v, 0));
    if (!json_is_array(v) || jv_len(v) != 2)
        return bad_form(r->e, 0);
    if (str_is(kind, "Single") || str_is(kind, "Pedersen")) {
        canon_put_z(&r->again, r->t.n_sets ? ",[\"" : "[\"");
        buf_put(&r->again, kind);
        canon_put_z(&r->again, "\",");
        bool ok = str_is(kind, "Single") ? read_single(r, jv_at(v, 1)) : read_set(r, jv_at(v, 1));
        buf_putc(&r->again, ']');
        return ok;
    }
    return err_fail(r->e, ERR_BEL_UNSUPPORTED, err_hole("what", "其他种类的持钥人"),
                    err_hole("what_en", "another kind of trustees"));
}

static size_t differs(Str a, Str b)
{
    size_t i = 0;
    while (i < a.n && i < b.n && a.p[i] == b.p[i])
        i++;
    return i;
}

bool trustees_read(Trustees *out, Arena *a, Str text, Err *e)
{
    Reader r = { .t.text = arena_str(a, text), .t.key = point_identity(), .a = a, .e = e };
    json_t *v;
    if (text.n > TRUSTEES_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "持钥人文件"),
                        err_hole("max", TRUSTEES_BYTES_MAX));
    if (!jv_read(&v, text, "持钥人文件", e))
        return false;
    r.again = buf_open(text.n + 2);
    buf_putc(&r.again, '[');
    bool ok = (json_is_array(v) && jv_len(v) > 0) || bad_form(e, 0);
    for (size_t i = 0; ok && i < jv_len(v); i++)
        ok = read_item(&r, jv_at(v, i));
    jv_close(v);
    buf_putc(&r.again, ']');
    if (ok && !str_eq(buf_str(&r.again), text))
        ok = bad_form(e, differs(buf_str(&r.again), text));
    buf_close(&r.again);
    if (ok && (r.t.text.n != text.n || arena_refused(a)))
        ok = no_memory(e);
    if (ok && !point_valid(r.t.key))
        ok = err_fail(e, ERR_BEL_POINT, err_hole("where", "选举公钥"),
                      err_hole("where_en", "the election's key"));
    if (ok)
        *out = r.t;
    return ok;
}
