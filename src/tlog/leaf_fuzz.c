/* Three promises: a text taken as canonical is what jv_canon writes for it; its fields are found
 * one by one as they are split; an export line that is read prints to a line that reads as the
 * same leaf. */
#include "tlog/leaf.h"
#include "base/json.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void canonical_is_fixed(Str text)
{
    json_t *v;
    Err e;
    Buf b = buf_open(LEAF_BODY_MAX);
    if (!jv_read(&v, text, "fuzz", &e))
        __builtin_trap();
    if (!jv_canon(&b, v, &e) || !str_eq(buf_str(&b), text))
        __builtin_trap();
    jv_close(v);
    buf_close(&b);
}

static void fields_are_found(Str text)
{
    static LeafField fields[LEAF_FIELDS_MAX];
    char name[LEAF_NAME_MAX + 1];
    size_t n;
    Str v;
    Err e;
    if (!leaf_split(fields, &n, text, &e))
        __builtin_trap();
    for (size_t i = 0; i < n; i++) {
        memcpy(name, fields[i].name.p, fields[i].name.n);
        name[fields[i].name.n] = 0;
        if (!leaf_get(&v, text, name) || !str_eq(v, fields[i].value))
            __builtin_trap();
    }
}

static void line_is_stable(Arena *a, LeafRun *run, const Leaf *leaf)
{
    Hash one, two;
    Leaf back;
    Err e;
    Buf b = buf_open(LEAF_LINE_MAX);
    leaf_line_print(&b, leaf);
    if (b.failed || !leaf_line_read(&back, a, buf_str(&b), &e))
        __builtin_trap();
    bool ok = leaf_hash(&one, run, leaf, &e);
    if (ok != leaf_hash(&two, run, &back, &e) || (ok && !hash_eq(one, two)))
        __builtin_trap();
    buf_close(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str text = { (const char *)data, size };
    Leaf leaf;
    Err e;
    Str v;
    if (leaf_is_canonical(text)) {
        canonical_is_fixed(text);
        fields_are_found(text);
    } else if (leaf_get(&v, text, "a") && (v.p < text.p || v.p + v.n > text.p + text.n)) {
        __builtin_trap(); /* whatever it is, nothing outside of it is given */
    }
    Arena *a = arena_open(32 << 20);
    LeafRun *run = leaf_open();
    if (a && run && leaf_line_read(&leaf, a, text, &e))
        line_is_stable(a, run, &leaf);
    leaf_close(run);
    arena_close(a);
    return 0;
}
