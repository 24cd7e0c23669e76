/* What the files of `origin` share and no other module sees.
 *
 *   signs.c    a text as characters that carry meaning; traces of it
 *   index.c    which documents hold a trace
 *   pairs.c    documents that share traces
 *   beside.c   two texts character by character
 *   changes.c  the words that differ
 *   report.c   one text against all
 *
 * A gram is ORIGIN_GRAM neighbouring characters; its hash has 64 bits, of which the index keeps
 * 50. A trace is the gram with the least hash of ORIGIN_WINDOW neighbouring ones (winnowing:
 * Schleimer, Wilkerson, Aiken, SIGMOD 2003), so every common run of 25 characters has one in
 * common. A chain is the hash of four traces in a row, about 35 characters: it finds long copies
 * whose every trace is above the cap. */
#ifndef ORIGIN_INSIDE_H
#define ORIGIN_INSIDE_H

#include "origin/origin.h"

enum { SHELVES = 1 << 10, DOC_BITS = 24, CHAIN = 4, CHAIN_ALL = 64, CHAIN_NEAR = 4 };

typedef struct Trace {
    uint64_t hash;
    uint32_t at;             /* index of its first character */
} Trace;

/* Entries are hash << DOC_BITS | document: 40 bits of hash, ten more are the shelf's number. */
typedef struct Shelf {
    uint64_t *items;
    size_t n, sorted, cap;
} Shelf;

typedef struct Stored {
    OriginDoc doc;
    uint32_t traces, chains; /* of own text */
} Stored;

struct Origin {
    uint16_t alphabet[TEXT_SINGLES]; /* folded; 0: carries no meaning */
    size_t gram;
    Shelf traces[SHELVES], chains[SHELVES];
    Stored *docs;
    size_t n_docs, cap_docs, settled;
    uint64_t *exempt;        /* open addressing, 0 empty */
    size_t n_exempt, exempt_size;
    uint64_t *sieve;         /* bits by hash: most characters need no look at the table */
    uint16_t *c;             /* room for the text being added */
    uint64_t *h;
    Trace *t;
    size_t room;
};

enum { SIEVE_BITS = 20 };
#define BAD_SIGNS SIZE_MAX

/* Folds s into c (room for s.n) and, unless NULL, the byte of each into `at`; BAD_SIGNS when s is
 * no UTF-8 or holds U+0000. */
size_t origin_signs(uint16_t *c, uint32_t *at, const uint16_t *alphabet, Str s);
size_t origin_grams(uint64_t *h, const uint16_t *c, size_t n, size_t gram); /* how many */
size_t origin_traces(Trace *out, const uint64_t *h, size_t m);              /* room for m */
/* The chain that begins at t[0] of CHAIN traces; 0: not among the quarter that is kept. */
uint64_t origin_chain(const Trace *t);
bool origin_is_exempt(const Origin *o, uint64_t hash);
/* Drops exempt traces, keeps order; how many are left. */
size_t origin_keep_own(const Origin *o, Trace *t, size_t n);
/* How many of n characters stand in no exempt gram; flags may be NULL. */
size_t origin_own(const Origin *o, const uint64_t *h, size_t m, size_t n, uint8_t *exempt);

static inline Shelf *origin_shelf(Shelf *shelves, uint64_t hash)
{
    return &shelves[hash >> 54];
}
static inline uint64_t origin_entry(uint64_t hash, uint64_t doc)
{
    return (hash << 10 >> DOC_BITS) << DOC_BITS | doc;
}
static inline uint32_t origin_entry_doc(uint64_t entry)
{
    return (uint32_t)(entry & ((1u << DOC_BITS) - 1));
}
/* The first settled entry of a hash, and behind the last. */
size_t origin_find(const Shelf *s, uint64_t hash, size_t *end);
/* Documents that hold it, counted up to `most` + 1. */
int origin_holders(const Origin *o, uint64_t hash, int most);

/* A text ready to be laid beside others. */
typedef struct Side {
    Str text;
    uint16_t *c;
    uint32_t *at;
    uint64_t *h;
    uint8_t *exempt;
    Trace *t;                /* all, exempt ones too */
    int8_t *common;          /* a trace each: -1 not asked yet, 1 above the cap */
    size_t n, m, n_t;
    int own;
} Side;

typedef struct Run {
    uint32_t a, b, n;        /* characters */
    uint32_t counted;
} Run;
typedef struct Runs { Run *items; size_t n, cap; } Runs;

bool origin_side(Side *out, Arena *a, const Origin *o, Str text, Err *e);
/* The passages of `a` that stand in `b`; sets counted[i] for characters of a that count. */
bool origin_lay(Runs *out, uint8_t *counted, Arena *m, const Origin *o, Side *a, const Side *b,
                Err *e);
bool origin_lay_both(OriginBeside *out, uint8_t *counted, Arena *m, const Origin *o, Side *a,
                     Side *b, Err *e);
int origin_permille(int part, int whole);
size_t origin_behind(const Side *s, size_t i); /* the byte behind character i - 1 */
bool origin_refused(Err *e);

#endif
