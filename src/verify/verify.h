/* verify: the independent auditor. It links only pure modules and sys, reads an exported log and
 * trusts nothing in it but its own arithmetic: every value is hashed again, the tree is built
 * again, every result is computed again from the facts it cites.
 *
 *     shuping-verify LOG.jsonl [--size N --root ROOT]
 *
 * Size and root as printed at the foot of a paper (blanks and hyphens in the root are forgiven):
 * does the log still extend it? Exit 0 sound, 1 a fault (the first one is named), 2 a wrong call. */
#ifndef VERIFY_H
#define VERIFY_H

#include "base/base.h"
#include "tlog/leaf.h"
#include "tlog/tlog.h"

enum {
    VERIFY_ARENA_MAX = 1 << 30,
    VERIFY_RESULTS_MAX = 100000
};

/* What the audit remembers of a fact while it reads on. */
typedef struct Seen {
    int64_t id;
    Leaf leaf;           /* text in the audit's arena */
} Seen;

typedef struct Audit {
    Arena *a;
    Map by_id;           /* of kinds that results cite: "4096" -> Leaf */
    const Leaf **packs, **results;
    size_t n_packs, cap_packs, n_results, cap_results;
    TlogEdge edge;
    int64_t paper_size;  /* -1: none given */
    bool paper_met;
    Hash paper_root, root_at_paper;
    int64_t last_id;
    int64_t erased;
} Audit;

bool verify_line(Audit *au, LeafRun *run, Str line, int64_t number, Err *e) MUST_USE;
/* Every result: by a recorded scheme, from facts that say so, digit for digit. */
bool verify_results(Audit *au, int64_t *objects, Err *e) MUST_USE;

#endif
