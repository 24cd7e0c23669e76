/* tlog: a Merkle tree over numbered leaves (RFC 6962 section 2.1), its proofs, and the checkpoint
 * text that is printed, cosigned and typed back from paper (C2SP tlog-checkpoint).
 *
 * It refuses to know what a leaf says (that is leaf.h) and where hashes are kept: it asks a
 * reader for tiles of 256 (C2SP tlog-tiles).
 *
 * Ownership: values only; proofs are arrays of the caller.
 *
 *     TlogEdge edge = { 0 };
 *     for (...) tlog_add(&edge, leaf);                 // append
 *     Hash root = tlog_edge_root(&edge);
 *     if (!tlog_prove_leaf(&proof, 3, edge.size, tiles, &e)) ...
 *     bool holds = tlog_check_leaf(leaf, 3, edge.size, &proof, root);
 *
 * Nouns of this face: tlog_ leaf_ (leaf.h) */
#ifndef TLOG_TLOG_H
#define TLOG_TLOG_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

enum {
    TLOG_TILE = 256,              /* hashes in a full tile */
    TLOG_LEVELS = 7,              /* levels of tiles: 256^7 leaves */
    TLOG_PROOF_MAX = 2 * 54,      /* hashes in a proof, sizes below 2^53 */
    TLOG_ORIGIN_MAX = 200,        /* bytes of a checkpoint's origin */
    TLOG_CHECKPOINT_MAX = 4096    /* bytes of a checkpoint's text */
};
#define TLOG_SIZE_MAX (INT64_C(1) << 53)

Hash tlog_leaf(Str data);                    /* SHA-256(0x00 || data) */
Hash tlog_node(Hash left, Hash right);       /* SHA-256(0x01 || left || right) */
/* The root of a full tile of TLOG_TILE hashes: one hash of the next level. */
Hash tlog_tile_root(HashRun *run, const Hash *full);
Hash tlog_empty(void);                       /* the root of no leaves: SHA-256("") */

/* The right edge of a tree: roots of its complete subtrees, largest first. Enough to append and to
 * know the root. A zeroed edge is the empty tree. */
typedef struct TlogEdge {
    int64_t size;
    Hash peaks[54];
    int n;
} TlogEdge;

void tlog_add(TlogEdge *edge, Hash leaf);
Hash tlog_edge_root(const TlogEdge *edge);

/* Reads the first n hashes of one tile: level 0 holds leaf hashes, level k the roots of whole
 * tiles of level k - 1. n is 1..256. */
typedef struct TlogTiles {
    bool (*read)(void *arg, int level, int64_t index, Hash *out, int n, Err *e);
    void *arg;
} TlogTiles;

bool tlog_root(Hash *out, int64_t size, TlogTiles tiles, Err *e) MUST_USE;
bool tlog_edge(TlogEdge *out, int64_t size, TlogTiles tiles, Err *e) MUST_USE;

typedef struct TlogProof {
    Hash path[TLOG_PROOF_MAX];
    int n;
} TlogProof;

/* RFC 6962 section 2.1.1: leaf `index` is in the tree of `size` (0 <= index < size). */
bool tlog_prove_leaf(TlogProof *out, int64_t index, int64_t size, TlogTiles tiles,
                     Err *e) MUST_USE;
bool tlog_check_leaf(Hash leaf, int64_t index, int64_t size, const TlogProof *proof, Hash root);
/* RFC 6962 section 2.1.2: the tree of `size` extends the tree of `old` (0 <= old <= size). */
bool tlog_prove_growth(TlogProof *out, int64_t old, int64_t size, TlogTiles tiles,
                       Err *e) MUST_USE;
bool tlog_check_growth(int64_t old, Hash old_root, int64_t size, Hash root,
                       const TlogProof *proof);

/* The note text of a checkpoint: three lines origin, size, base64 root, then extension lines,
 * which are skipped on reading and never written. Signatures are not here. */
typedef struct TlogCheckpoint {
    Str origin;                              /* no line breaks, at most TLOG_ORIGIN_MAX */
    int64_t size;
    Hash root;
} TlogCheckpoint;

void tlog_checkpoint_print(Buf *out, const TlogCheckpoint *c);
bool tlog_checkpoint_read(TlogCheckpoint *out, Str text, Err *e) MUST_USE; /* origin points in */

#endif
