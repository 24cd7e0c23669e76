/* Two promises: a text taken as canonical is what jv_canon writes for it; an export line that is
 * read prints to a line that reads as the same leaf. */
#include "tlog/leaf.h"
#include "base/json.h"

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
    if (leaf_is_canonical(text))
        canonical_is_fixed(text);
    Arena *a = arena_open(32 << 20);
    LeafRun *run = leaf_open();
    if (a && run && leaf_line_read(&leaf, a, text, &e))
        line_is_stable(a, run, &leaf);
    leaf_close(run);
    arena_close(a);
    return 0;
}
