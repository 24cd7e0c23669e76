/* The export line of a fact: one JSON object, specified in README.md. */
#include "tlog/leaf.h"
#include "tlog/tlog.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

static void put_hex(Jw *w, const char *key, const unsigned char *b, size_t n)
{
    static const char hex[] = "0123456789abcdef";
    char text[64];
    for (size_t i = 0; i < n; i++) {
        text[2 * i] = hex[b[i] >> 4];
        text[2 * i + 1] = hex[b[i] & 15];
    }
    jw_kstr(w, key, (Str){ text, 2 * n });
}

static void put_mark(Jw *w, const LeafMark *m)
{
    jw_key_str(w, m->name);
    jw_obj(w);
    if (m->kept)
        put_hex(w, "salt", m->salt.b, sizeof m->salt.b);
    else
        put_hex(w, "hash", m->hash.b, sizeof m->hash.b);
    jw_end(w);
}

void leaf_line_print(Buf *out, const Leaf *f)
{
    Jw w = jw_open(out);
    jw_obj(&w);
    jw_kint(&w, "seq", f->seq);
    jw_kint(&w, "region", f->region);
    jw_kint(&w, "id", f->id);
    jw_kstr(&w, "kind", f->kind);
    jw_kint(&w, "org", f->org);
    jw_kint(&w, "subject", f->subject);
    jw_kday(&w, "occurred_on", f->occurred_on);
    jw_kint(&w, "received_at", f->received_at);
    jw_kint(&w, "who", f->who);
    jw_kint(&w, "behalf", f->behalf);
    jw_kint(&w, "corrects", f->corrects);
    jw_key(&w, "body");
    jw_raw(&w, f->body);
    if (!f->erased) {
        put_hex(&w, "secret", f->secret.b, sizeof f->secret.b);
    } else {
        jw_key(&w, "erased");
        jw_obj(&w);
        for (size_t i = 0; i < f->n_marks; i++)
            put_mark(&w, &f->marks[i]);
        jw_end(&w);
    }
    jw_end(&w);
    if (!jw_close(&w))
        out->failed = true;
}

static bool bad(Err *e, const char *why)
{
    return err_fail(e, ERR_LEAF_LINE, err_hole("why", why));
}

static bool read_int(int64_t *out, const json_t *o, const char *key, int64_t least, Err *e)
{
    const json_t *v = jv_get(o, key);
    if (!json_is_integer(v) || json_integer_value(v) < least)
        return bad(e, key);
    *out = json_integer_value(v);
    return true;
}

static bool read_day(Day *out, const json_t *o, Err *e)
{
    const json_t *v = jv_get(o, "occurred_on");
    Err ignored;
    if (json_is_null(v))
        return *out = DAY_NONE, true;
    return (json_is_string(v) && day_read(out, jv_text(v), &ignored)) || bad(e, "occurred_on");
}

static bool read_envelope(Leaf *f, Arena *a, const json_t *o, Err *e)
{
    f->kind = arena_str(a, jv_str(o, "kind"));
    if (!leaf_name_ok(f->kind))
        return bad(e, "kind");
    return read_int(&f->seq, o, "seq", 0, e) && read_int(&f->region, o, "region", 0, e)
        && read_int(&f->id, o, "id", 1, e) && read_int(&f->org, o, "org", 0, e)
        && read_int(&f->subject, o, "subject", 1, e) && read_day(&f->occurred_on, o, e)
        && read_int(&f->received_at, o, "received_at", -JSON_INT_MAX, e)
        && read_int(&f->who, o, "who", 0, e) && read_int(&f->behalf, o, "behalf", 0, e)
        && read_int(&f->corrects, o, "corrects", 0, e);
}

static bool read_body(Leaf *f, Arena *a, const json_t *o, Err *e)
{
    Buf b = buf_open(LEAF_BODY_MAX);
    const json_t *body = jv_get(o, "body");
    bool ok = body && jv_canon(&b, body, e);
    if (ok)
        f->body = arena_str(a, buf_str(&b));
    buf_close(&b);
    return ok || bad(e, "body");
}

static int by_name(const void *x, const void *y)
{
    return str_cmp(((const LeafMark *)x)->name, ((const LeafMark *)y)->name);
}

/* 32 hexadecimal digits: read as a hash whose second half is zero. */
static bool read_salt(LeafSalt *out, Str hex)
{
    char whole[64];
    Hash h;
    if (hex.n != 2 * sizeof out->b)
        return false;
    memset(whole, '0', sizeof whole);
    memcpy(whole, hex.p, hex.n);
    if (!hash_read(&h, (Str){ whole, sizeof whole }))
        return false;
    memcpy(out->b, h.b, sizeof out->b);
    return true;
}

static bool read_mark(LeafMark *m, Arena *a, const char *key, const json_t *v, Err *e)
{
    m->name = arena_str(a, str_of(key));
    m->kept = jv_get(v, "salt") != NULL;
    if (json_object_size(v) != 1 || !leaf_name_ok(m->name))
        return bad(e, "erased");
    return (m->kept ? read_salt(&m->salt, jv_str(v, "salt"))
                    : hash_read(&m->hash, jv_str(v, "hash"))) || bad(e, "erased");
}

static bool read_marks(Leaf *f, Arena *a, const json_t *marks, Err *e)
{
    const char *key;
    json_t *v;
    size_t n = 0;
    if (!json_is_object(marks) || json_object_size(marks) > LEAF_FIELDS_MAX)
        return bad(e, "erased");
    LeafMark *list = ARENA_ARRAY(a, LeafMark, json_object_size(marks));
    if (!list)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "export line"));
    json_object_foreach ((json_t *)marks, key, v)
        if (!read_mark(&list[n++], a, key, v, e))
            return false;
    qsort(list, n, sizeof *list, by_name);
    f->erased = true;
    f->marks = list;
    f->n_marks = n;
    return true;
}

static bool read_object(Leaf *f, Arena *a, const json_t *o, Err *e)
{
    const json_t *marks = jv_get(o, "erased");
    if (json_object_size(o) != 13)
        return bad(e, "unknown or missing keys");
    if (!read_envelope(f, a, o, e) || !read_body(f, a, o, e))
        return false;
    if (!leaf_is_canonical(f->body))
        return bad(e, "body");
    if (marks ? !read_marks(f, a, marks, e) : !hash_read(&f->secret, jv_str(o, "secret")))
        return marks ? false : bad(e, "secret");
    return !arena_refused(a) || err_fail(e, ERR_NO_MEMORY, err_hole("what", "export line"));
}

bool leaf_line_read(Leaf *out, Arena *a, Str line, Err *e)
{
    json_t *o;
    Leaf f = { 0 };
    if (line.n > LEAF_LINE_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "export line"),
                        err_hole("max", LEAF_LINE_MAX));
    if (!jv_read(&o, line, "export line", e))
        return false;
    bool ok = read_object(&f, a, o, e);
    jv_close(o);
    if (ok)
        *out = f;
    return ok;
}
