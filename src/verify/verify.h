/* verify: the independent auditor. It links only pure modules and sys, reads an exported log and
 * trusts nothing in it but its own arithmetic: every value is hashed again, the tree is built
 * again, every result is computed again from the facts it cites.
 *
 *     shuping-verify LOG.jsonl [--size N --root ROOT]
 *     shuping-verify FILE.bel
 *     shuping-verify score BUNDLE.json
 *
 * Size and root as printed at the foot of a paper (blanks and hyphens in the root are forgiven):
 * does the log still extend it? An archive of a secret box is recounted: every proof, the tally,
 * the shares and the result. Exit 0 sound, 1 a fault (the first one is named), 2 a wrong call, 3 an
 * archive of a kind that is not supported.
 *
 * Nouns of this face: verify_ */
#ifndef VERIFY_H
#define VERIFY_H

#include "base/base.h"
#include "tlog/leaf.h"
#include "tlog/tlog.h"

enum { VERIFY_ARENA_MAX = 1 << 30 };
enum { VERIFY_FAULT = 1, VERIFY_UNSUPPORTED = 3 };

/* A fact that the audit remembers while it reads on; its text is in the audit's arena. */
typedef struct Kept {
    Leaf leaf;
    int64_t since;            /* of a result: the first fact about it that held this bundle */
    const struct Kept *newer; /* the next fact about the same subject */
} Kept;

typedef struct Audit {
    Arena *a;
    Map by_id;           /* of kinds that results cite: "4096" -> Kept */
    Map newest;          /* "score_input 4096" -> Kept, by subject */
    const Kept **kept;   /* in the order of the log */
    size_t n_kept, cap_kept, n_results;
    TlogEdge edge;
    int64_t paper_size;  /* -1: none given */
    bool paper_met;
    Hash paper_root, root_at_paper;
    int64_t last_id;
    int64_t erased;
} Audit;

bool verify_open(Audit *au, Err *e) MUST_USE;
void verify_close(Audit *au);
bool verify_line(Audit *au, LeafRun *run, Str line, int64_t number, Err *e) MUST_USE;
/* As typed from paper: blanks and hyphens between groups of digits are forgiven. */
bool verify_root_read(Hash *out, const char *typed) MUST_USE;
/* Does the log extend what the paper says? */
bool verify_paper(const Audit *au, Err *e) MUST_USE;
/* Every result: by a recorded scheme, from the facts that held then, none left out, digit for
 * digit. */
bool verify_results(Audit *au, int64_t *objects, Err *e) MUST_USE;

/* A secret box; prints what it found, returns the exit code. */
bool verify_is_bel(const char *path);
int verify_bel(const char *path);

/* One score bundle: recomputed from its own inputs; when it names facts, it names all it cites. */
bool verify_bundle(const json_t *whole, Err *e) MUST_USE;
/* The same of a file; prints, returns the exit code. */
int verify_score(const char *path);

#endif
