#include "verify/verify.h"

#include <string.h>

bool verify_open(Audit *au, Err *e)
{
    *au = (Audit){ .paper_size = -1, .a = arena_open(VERIFY_ARENA_MAX) };
    if (!au->a)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "日志"));
    au->by_id = map_open(au->a);
    au->newest = map_open(au->a);
    return true;
}

void verify_close(Audit *au)
{
    arena_close(au->a);
}

/* Kinds that results cite, and the packs they are judged by. */
static bool kept_kind(Str kind)
{
    static const char *const kinds[] = { "pack", "result", "score_input", "score_event",
                                         "paper_result", "grade_override", "tie_decision",
                                         "quorum_decision", "tie_lot" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_is(kind, kinds[i]))
            return true;
    return false;
}

/* A result is filed again when it is approved and published: its inputs held when its bundle was
 * first there. */
static int64_t since(const Kept *k, const Kept *before)
{
    Str was, is;
    bool same = before && leaf_get(&was, before->leaf.body, "bundle") &&
                leaf_get(&is, k->leaf.body, "bundle") && str_eq(was, is);
    return same ? before->since : k->leaf.id;
}

static bool keep(Audit *au, const Leaf *leaf, Err *e)
{
    Kept *k = ARENA_NEW(au->a, Kept), *before;
    Str subject = arena_text(au->a, "%.*s %lld", STR(leaf->kind), (long long)leaf->subject);
    if (!k || !ARENA_PUSH(au->a, au->kept, au->n_kept, au->cap_kept))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "日志"));
    k->leaf = *leaf;
    k->leaf.kind = arena_str(au->a, leaf->kind);
    k->leaf.body = arena_str(au->a, leaf->body);
    before = map_get(&au->newest, subject);
    k->since = since(k, before);
    if (before)
        before->newer = k;
    au->kept[au->n_kept++] = k;
    Str id = arena_text(au->a, "%lld", (long long)leaf->id);
    return (map_put(&au->newest, subject, k) && map_put(&au->by_id, id, k)) ||
           err_fail(e, ERR_NO_MEMORY, err_hole("what", "日志"));
}

bool verify_line(Audit *au, LeafRun *run, Str line, int64_t number, Err *e)
{
    Arena *scratch = arena_open(2 * LEAF_LINE_MAX);
    Leaf leaf;
    Hash h;
    if (!scratch)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "日志"));
    bool ok = leaf_line_read(&leaf, scratch, line, e) && leaf_hash(&h, run, &leaf, e);
    if (ok && leaf.seq != au->edge.size)
        ok = err_fail(e, ERR_VERIFY_ORDER, err_hole("line", number), err_hole("seq", leaf.seq),
                      err_hole("want", au->edge.size));
    if (ok && leaf.id <= au->last_id)
        ok = err_fail(e, ERR_VERIFY_ORDER, err_hole("line", number), err_hole("seq", leaf.seq),
                      err_hole("want", au->edge.size));
    if (ok) {
        tlog_add(&au->edge, h);
        au->last_id = leaf.id;
        au->erased += leaf.erased;
        if (au->edge.size == au->paper_size) {
            au->paper_met = true;
            au->root_at_paper = tlog_edge_root(&au->edge);
        }
        ok = !kept_kind(leaf.kind) || keep(au, &leaf, e);
    }
    arena_close(scratch);
    return ok || err_note(e, "line %lld", (long long)number);
}

bool verify_root_read(Hash *out, const char *typed)
{
    char hex[65];
    size_t n = 0;
    for (; *typed; typed++) {
        if (*typed == ' ' || *typed == '-')
            continue;
        if (n == 64)
            return false;
        hex[n++] = *typed >= 'A' && *typed <= 'F' ? (char)(*typed - 'A' + 'a') : *typed;
    }
    return hash_read(out, (Str){ hex, n });
}

bool verify_paper(const Audit *au, Err *e)
{
    if (au->paper_size < 0)
        return true;
    if (!au->paper_met)
        return err_fail(e, ERR_VERIFY_SHORT, err_hole("size", au->paper_size),
                        err_hole("have", au->edge.size));
    return hash_eq(au->paper_root, au->root_at_paper) ||
           err_fail(e, ERR_VERIFY_ROOT, err_hole("size", au->paper_size));
}
