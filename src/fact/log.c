/* The Merkle log behind the facts: tiles of 256 hashes, written once a job. */
#include "fact/parts.h"

#include <string.h>

static bool broken(Err *e, int64_t seq, const char *why)
{
    return err_fail(e, ERR_LOG_BROKEN, err_hole("seq", seq), err_hole("why", why));
}

/* Size and last id of the log, from its last fact. */
static bool last_read(FactHead *out, Tx *tx, Err *e)
{
    Rows *r;
    FactHead head = { .size = 0 };
    if (!store_rows(&r, tx, "fact_last", BIND_NONE, e))
        return false;
    if (rows_next(r))
        head = (FactHead){ .size = rows_int(r, 0) + 1, .last_id = rows_int(r, 1),
                           .at = rows_int(r, 2) };
    if (!rows_close(r, e))
        return false;
    *out = head;
    return true;
}

bool fact_log_open(Tx *tx, FactJob *job, Err *e)
{
    FactHead head;
    if (job->have_last)
        return true;
    if (!last_read(&head, tx, e))
        return false;
    job->size = job->tiled = head.size;
    job->last_id = head.last_id;
    job->have_last = true;
    return true;
}

static bool tile_read(Hash *out, int n, Tx *tx, int level, int64_t index, Err *e)
{
    Rows *r;
    if (!store_rows(&r, tx, "log_tile_get", BIND(bind_int(level), bind_int(index)), e))
        return false;
    Str got = rows_next(r) ? rows_blob(r, 0) : (Str){ "", 0 };
    bool enough = got.n >= (size_t)n * sizeof *out;
    if (enough)
        memcpy(out, got.p, (size_t)n * sizeof *out);
    if (!rows_close(r, e))
        return false;
    return enough || broken(e, index * TLOG_TILE, "a tile is missing");
}

/* The tile at the right edge of a level before anything of this job. */
static bool edge_tile(FactTile **out, Tx *tx, FactJob *job, int level, Err *e)
{
    FactTile *t = &job->tiles[level];
    if (t->n < 0) {
        int64_t n = job->tiled >> 8 * level;
        if (n % TLOG_TILE && !tile_read(t->h, (int)(n % TLOG_TILE), tx, level, n / TLOG_TILE, e))
            return false;
        t->n = (int)(n % TLOG_TILE);
    }
    *out = t;
    return true;
}

static bool tile_write(Tx *tx, const FactTile *t, int level, int64_t index, Err *e)
{
    Str bytes = { (const char *)t->h, (size_t)t->n * sizeof *t->h };
    return store_run(tx, "log_tile_put", BIND(bind_int(level), bind_int(index), bind_blob(bytes)),
                     e);
}

bool fact_log_add(Tx *tx, FactJob *job, Hash leaf, Err *e)
{
    FactTile *t;
    Hash h = leaf;
    for (int level = 0; level < TLOG_LEVELS; level++) {
        if (!edge_tile(&t, tx, job, level, e))
            return false;
        t->h[t->n++] = h;
        t->changed = true;
        if (t->n < TLOG_TILE)
            break;
        if (!tile_write(tx, t, level, (job->tiled >> 8 * level) / TLOG_TILE, e))
            return false;
        h = tlog_tile_root(leaf_hasher(job->run), t->h);
        t->n = 0;
        t->changed = false;
    }
    job->tiled++;
    return true;
}

bool fact_log_flush(Tx *tx, FactJob *job, Err *e)
{
    if (!fact_leaves_add(tx, job, e))
        return false;
    for (int level = 0; level < TLOG_LEVELS; level++) {
        FactTile *t = &job->tiles[level];
        if (t->n > 0 && t->changed
            && !tile_write(tx, t, level, (job->tiled >> 8 * level) / TLOG_TILE, e))
            return false;
        t->changed = false;
    }
    return true;
}

static bool read_for_tlog(void *arg, int level, int64_t index, Hash *out, int n, Err *e)
{
    return tile_read(out, n, arg, level, index, e);
}

TlogTiles fact_log_tiles(Tx *tx)
{
    return (TlogTiles){ read_for_tlog, tx };
}

/* A job that has appended and asks for the log sees its own leaves. */
static bool flush_own(Tx *tx, Err *e)
{
    return !tx_local(tx) || fact_log_flush(tx, tx_local(tx), e);
}

bool fact_log_leaf(Hash *out, Tx *tx, int64_t seq, Err *e)
{
    Hash h[TLOG_TILE];
    int at = (int)(seq % TLOG_TILE);
    if (!flush_own(tx, e) || !tile_read(h, at + 1, tx, 0, seq / TLOG_TILE, e))
        return false;
    *out = h[at];
    return true;
}

bool fact_log_head(FactHead *out, Tx *tx, Err *e)
{
    FactHead head;
    if (!flush_own(tx, e) || !last_read(&head, tx, e)
        || !tlog_root(&head.root, head.size, fact_log_tiles(tx), e))
        return false;
    *out = head;
    return true;
}

static bool size_known(Tx *tx, int64_t size, Err *e)
{
    FactHead head;
    if (!flush_own(tx, e) || !last_read(&head, tx, e))
        return false;
    if (size < 0 || size > head.size)
        return err_fail(e, ERR_LOG_RANGE, err_hole("size", head.size), err_hole("at", size));
    return true;
}

bool fact_log_root(Hash *out, Tx *tx, int64_t size, Err *e)
{
    return size_known(tx, size, e) && tlog_root(out, size, fact_log_tiles(tx), e);
}

bool fact_prove(TlogProof *out, Tx *tx, int64_t seq, int64_t size, Err *e)
{
    return size_known(tx, size, e) && tlog_prove_leaf(out, seq, size, fact_log_tiles(tx), e);
}

bool fact_prove_growth(TlogProof *out, Tx *tx, int64_t old, int64_t size, Err *e)
{
    return size_known(tx, size, e) && tlog_prove_growth(out, old, size, fact_log_tiles(tx), e);
}

/* --- audit ----------------------------------------------------------------- */
/* One fact: is it the next, and does its leaf stand in the log? */
static bool audit_one(TlogEdge *edge, Tx *tx, LeafRun *run, Rows *r, Err *e)
{
    Fact f;
    Hash leaf, kept;
    Arena *a = tx_arena(tx);
    Err why;
    fact_of_row(&f, r);
    if (f.seq != edge->size)
        return broken(e, edge->size, "a fact is missing or was added");
    if (!fact_marks(&f, a, tx, e) || !fact_log_leaf(&kept, tx, f.seq, e))
        return false;
    if (!leaf_hash(&leaf, run, &f, &why))
        return broken(e, f.seq, "its content is no longer canonical");
    if (!hash_eq(leaf, kept))
        return broken(e, f.seq, "its content was changed");
    tlog_add(edge, leaf);
    return true;
}

static bool audit_all(TlogEdge *edge, Tx *tx, LeafRun *run, Err *e)
{
    Rows *r;
    if (!store_rows(&r, tx, "fact_all", BIND_NONE, e))
        return false;
    while (rows_next(r))
        if (!audit_one(edge, tx, run, r, e)) {
            rows_drop(r);
            return false;
        }
    return rows_close(r, e);
}

bool fact_audit(Tx *tx, Err *e)
{
    TlogEdge edge = { .size = 0 };
    Hash root;
    LeafRun *run = leaf_open();
    if (!run)
        return fact_no_memory(e);
    bool ok = flush_own(tx, e) && audit_all(&edge, tx, run, e);
    leaf_close(run);
    if (!ok || !tlog_root(&root, edge.size, fact_log_tiles(tx), e))
        return false;
    return hash_eq(root, tlog_edge_root(&edge)) || broken(e, edge.size, "the root differs");
}
