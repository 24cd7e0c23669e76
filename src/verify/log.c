#include "verify/verify.h"

#include <string.h>

/* Kinds whose facts a result may cite, and the packs it is judged by. */
static bool kept_kind(Str kind)
{
    static const char *const kinds[] = { "pack", "result", "score_input", "score_event",
                                         "paper_result", "grade_override", "tie_decision",
                                         "debriefer", "cycle" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_is(kind, kinds[i]))
            return true;
    return false;
}

static bool keep(Audit *au, const Leaf *leaf, Err *e)
{
    Leaf *copy = ARENA_NEW(au->a, Leaf);
    bool ok = copy != NULL;
    if (ok) {
        *copy = *leaf;
        copy->kind = arena_str(au->a, leaf->kind);
        copy->body = arena_str(au->a, leaf->body);
        ok = map_put(&au->by_id, arena_text(au->a, "%lld", (long long)leaf->id), copy);
    }
    if (ok && str_is(leaf->kind, "pack")) {
        ok = ARENA_PUSH(au->a, au->packs, au->n_packs, au->cap_packs);
        if (ok)
            au->packs[au->n_packs++] = copy;
    }
    if (ok && str_is(leaf->kind, "result") && !leaf_is_strike(leaf)) {
        ok = ARENA_PUSH(au->a, au->results, au->n_results, au->cap_results);
        if (ok)
            au->results[au->n_results++] = copy;
    }
    return ok || err_fail(e, ERR_NO_MEMORY, err_hole("what", "日志"));
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
