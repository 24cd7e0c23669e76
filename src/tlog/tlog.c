#include "tlog/tlog.h"

#include <string.h>

Hash tlog_leaf(Str data)
{
    return hash_of2((Str){ "\0", 1 }, data);
}

Hash tlog_node(Hash left, Hash right)
{
    return hash_of3((Str){ "\1", 1 }, hash_bytes(&left), hash_bytes(&right));
}

Hash tlog_empty(void)
{
    return hash_of((Str){ "", 0 });
}

void tlog_add(TlogEdge *edge, Hash leaf)
{
    int64_t full = edge->size++;
    while (full & 1) { /* each trailing one is a complete subtree that the new one joins */
        leaf = tlog_node(edge->peaks[--edge->n], leaf);
        full >>= 1;
    }
    edge->peaks[edge->n++] = leaf;
}

Hash tlog_edge_root(const TlogEdge *edge)
{
    if (edge->n == 0)
        return tlog_empty();
    Hash root = edge->peaks[edge->n - 1];
    for (int i = edge->n - 2; i >= 0; i--)
        root = tlog_node(edge->peaks[i], root);
    return root;
}

/* The root of 2^height hashes, in place. */
static Hash fold(Hash *hashes, int height)
{
    for (int n = 1 << height; n > 1; n /= 2)
        for (int i = 0; i < n / 2; i++)
            hashes[i] = tlog_node(hashes[2 * i], hashes[2 * i + 1]);
    return hashes[0];
}

/* The same with a digest that is fetched already: an import makes one node a fact. */
Hash tlog_tile_root(HashRun *run, const Hash *full)
{
    Hash h[TLOG_TILE];
    memcpy(h, full, sizeof h);
    for (int n = TLOG_TILE; n > 1; n /= 2) {
        for (int i = 0; i < n / 2; i++) {
            hash_add(run, (Str){ "\1", 1 });
            hash_add(run, (Str){ (const char *)h[2 * i].b, 2 * sizeof *h });
            h[i] = hash_end(run);
        }
    }
    return h[0];
}

/* The root of the complete subtree over leaves [index << height, (index + 1) << height). */
static bool subtree(Hash *out, int height, int64_t index, TlogTiles tiles, Err *e)
{
    Hash hashes[TLOG_TILE];
    int level = height / 8, within = height % 8;
    int64_t first = index << within;
    int at = (int)(first % TLOG_TILE), n = 1 << within;
    if (!tiles.read(tiles.arg, level, first / TLOG_TILE, hashes, at + n, e))
        return false;
    *out = fold(hashes + at, within);
    return true;
}

static int64_t largest_power(int64_t n) /* the largest power of two <= n, n >= 1 */
{
    return INT64_C(1) << (63 - __builtin_clzll((unsigned long long)n));
}

/* The edge of the leaves [from, to): `from` is a multiple of the largest power in their number. */
static bool edge_of(TlogEdge *out, int64_t from, int64_t to, TlogTiles tiles, Err *e)
{
    TlogEdge edge = { .size = to - from };
    while (from < to) {
        int64_t k = largest_power(to - from);
        int height = __builtin_ctzll((unsigned long long)k);
        if (!subtree(&edge.peaks[edge.n++], height, from >> height, tiles, e))
            return false;
        from += k;
    }
    *out = edge;
    return true;
}

static bool size_ok(int64_t at, int64_t size, Err *e)
{
    if (size >= 0 && size <= TLOG_SIZE_MAX && at >= 0 && at <= size)
        return true;
    return err_fail(e, ERR_LOG_RANGE, err_hole("size", size), err_hole("at", at));
}

bool tlog_edge(TlogEdge *out, int64_t size, TlogTiles tiles, Err *e)
{
    return size_ok(0, size, e) && edge_of(out, 0, size, tiles, e);
}

static bool range_root(Hash *out, int64_t from, int64_t to, TlogTiles tiles, Err *e)
{
    TlogEdge edge;
    if (!edge_of(&edge, from, to, tiles, e))
        return false;
    *out = tlog_edge_root(&edge);
    return true;
}

bool tlog_root(Hash *out, int64_t size, TlogTiles tiles, Err *e)
{
    return size_ok(0, size, e) && range_root(out, 0, size, tiles, e);
}

static int64_t split(int64_t n) /* the largest power of two < n, n >= 2 */
{
    return largest_power(n - 1);
}

/* Proofs are found from the root down and written from the leaf up. */
static void turn_round(TlogProof *p)
{
    for (int i = 0, j = p->n - 1; i < j; i++, j--) {
        Hash h = p->path[i];
        p->path[i] = p->path[j];
        p->path[j] = h;
    }
}

bool tlog_prove_leaf(TlogProof *out, int64_t index, int64_t size, TlogTiles tiles, Err *e)
{
    TlogProof p = { .n = 0 };
    int64_t lo = 0, hi = size;
    if (!size_ok(index, size, e) || !size_ok(index + 1, size, e))
        return false;
    while (hi - lo > 1) {
        int64_t mid = lo + split(hi - lo);
        bool left = index < mid;
        if (!range_root(&p.path[p.n++], left ? mid : lo, left ? hi : mid, tiles, e))
            return false;
        *(left ? &hi : &lo) = mid;
    }
    turn_round(&p);
    *out = p;
    return true;
}

bool tlog_prove_growth(TlogProof *out, int64_t old, int64_t size, TlogTiles tiles, Err *e)
{
    TlogProof p = { .n = 0 };
    int64_t lo = 0, hi = size;
    bool whole = true; /* is [lo, hi) still a subtree of the old tree's left side as a whole? */
    if (!size_ok(old, size, e))
        return false;
    while (old > 0 && hi != old) {
        int64_t mid = lo + split(hi - lo);
        bool left = old <= mid;
        if (!range_root(&p.path[p.n++], left ? mid : lo, left ? hi : mid, tiles, e))
            return false;
        whole = whole && left;
        *(left ? &hi : &lo) = mid;
    }
    if (old > 0 && !whole && !range_root(&p.path[p.n++], lo, hi, tiles, e))
        return false;
    turn_round(&p);
    *out = p;
    return true;
}

/* RFC 9162 section 2.1.3.2, the algorithm for RFC 6962 audit paths. */
bool tlog_check_leaf(Hash leaf, int64_t index, int64_t size, const TlogProof *proof, Hash root)
{
    if (index < 0 || index >= size)
        return false;
    int64_t fn = index, sn = size - 1;
    for (int i = 0; i < proof->n; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            leaf = tlog_node(proof->path[i], leaf);
            while (!(fn & 1) && fn != 0)
                fn >>= 1, sn >>= 1;
        } else {
            leaf = tlog_node(leaf, proof->path[i]);
        }
        fn >>= 1, sn >>= 1;
    }
    return sn == 0 && hash_eq(leaf, root);
}

/* RFC 9162 section 2.1.4.2 from its third step on: `next` are the hashes after the first. */
static bool climb(int64_t fn, int64_t sn, Hash first, const Hash *next, int n, Hash old_root,
                  Hash root)
{
    Hash fr = first, sr = first;
    while (fn & 1)
        fn >>= 1, sn >>= 1;
    for (int i = 0; i < n; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            fr = tlog_node(next[i], fr);
            sr = tlog_node(next[i], sr);
            while (!(fn & 1) && fn != 0)
                fn >>= 1, sn >>= 1;
        } else {
            sr = tlog_node(sr, next[i]);
        }
        fn >>= 1, sn >>= 1;
    }
    return sn == 0 && hash_eq(fr, old_root) && hash_eq(sr, root);
}

bool tlog_check_growth(int64_t old, Hash old_root, int64_t size, Hash root,
                       const TlogProof *proof)
{
    if (old < 0 || old > size)
        return false;
    if (old == 0)
        return proof->n == 0 && hash_eq(old_root, tlog_empty());
    if (old == size)
        return proof->n == 0 && hash_eq(old_root, root);
    if ((old & (old - 1)) == 0) /* a power of two: its root is a subtree, the proof omits it */
        return climb(old - 1, size - 1, old_root, proof->path, proof->n, old_root, root);
    return proof->n > 0 && climb(old - 1, size - 1, proof->path[0], proof->path + 1,
                                 proof->n - 1, old_root, root);
}
