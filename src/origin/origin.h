/* origin: where the words of a report stand elsewhere: in the author's own earlier reports or in
 * another unit's. It gives facts to explain, never a verdict, and refuses to know files, rosters,
 * who may see what, and what a report is for.
 *
 * Counted are characters that carry meaning (CJK, letters, digits; traditional and simplified, full
 * and half width alike; punctuation, blanks and masks not at all).
 *   own text    what is left when every run of ORIGIN_GRAM characters that also stands in a text
 *               given to origin_exempt (this year's template, the superior's documents) is taken
 *               away. Nothing else counts as zero. It is the only denominator.
 *   passage     a longest run of at least ORIGIN_GRAM characters that two texts have in common.
 *   set phrase  less than ORIGIN_PHRASE characters of a passage that more documents than the cap
 *               (origin_cap) hold. It is discounted, except in a run of ORIGIN_RUN own characters
 *               or more, which always counts: eighteen reports alike of 240 are no set phrase.
 * Likeness is a figure of two texts; nothing follows for a third.
 *
 * Ownership: an Origin owns its index, not the texts; results live in the arena that was given and
 * hold places (bytes of the texts as given). Adding and settling are for one thread alone; every
 * call with a const Origin may be made by many.
 *
 *     Origin *o;
 *     if (!origin_open(&o, text, ORIGIN_NORMAL, &e)) ...
 *     if (!origin_exempt(o, template, &e)) ...
 *     if (!origin_add(o, &(OriginDoc){ 7, 1, 2025 }, last_year, &e)) ...
 *     if (!origin_settle(o, &e)) ...
 *     OriginDoc self = { 9, 1, 2026 };
 *     if (!origin_report(&found, a, o, &self, report, fetch, ctx, &e)) ...
 *     show(found.own_earlier);                               // 850: 85.0 % of own text
 *     origin_close(o);
 *
 * Nouns of this face: origin_ */
#ifndef ORIGIN_ORIGIN_H
#define ORIGIN_ORIGIN_H

#include "base/base.h"
#include "text/text.h"

enum {
    ORIGIN_GRAM = 10,          /* characters that make a trace; 6 in strict mode */
    ORIGIN_STRICT_GRAM = 6,
    ORIGIN_WINDOW = 16,        /* of so many neighbouring traces at least one is kept */
    ORIGIN_PHRASE = 30,        /* a set phrase is shorter */
    ORIGIN_RUN = 50,           /* own characters in one run that always count */
    ORIGIN_CAP_LEAST = 3, ORIGIN_CAP_MOST = 32, ORIGIN_CAP_SHARE = 50, /* see origin_cap */
    ORIGIN_DOCS_MAX = 1 << 24, /* of one index */
    ORIGIN_EXEMPT_MAX = 4000000, /* traces of all exempt texts together */
    ORIGIN_HITS_MAX = 50,      /* documents that one question names */
    ORIGIN_PAIRS_MAX = 4000000, /* that origin_pairs gives */
    ORIGIN_SUSPECT = 50        /* permille: documents below are not named */
};

typedef struct Origin Origin;
typedef enum OriginMode { ORIGIN_NORMAL, ORIGIN_STRICT } OriginMode;

bool origin_open(Origin **out, const Text *t, OriginMode mode, Err *e) MUST_USE;
void origin_close(Origin *o);

/* id: the caller's; owner: who answers for it, the same over the years; texts of one owner are his
 * own earlier years to each other. */
typedef struct OriginDoc {
    int64_t id, owner;
    int year;
} OriginDoc;

/* Templates and the superior's documents: all of them before the first report, so that each
 * report is measured alike. At most TEXT_BYTES_MAX a text; invalid UTF-8 is refused. */
bool origin_exempt(Origin *o, Str text, Err *e) MUST_USE;
bool origin_add(Origin *o, const OriginDoc *d, Str text, Err *e) MUST_USE;
/* Makes what was added visible to the questions below. A few milliseconds a thousand documents. */
bool origin_settle(Origin *o, Err *e) MUST_USE;

size_t origin_docs(const Origin *o);               /* settled */
OriginDoc origin_doc(const Origin *o, size_t i);   /* in the order they were added */
int origin_cap(const Origin *o);  /* documents / ORIGIN_CAP_SHARE, between _LEAST and _MOST */

/* --- two texts side by side -----------------------------------------------------------------*/

typedef struct OriginPassage {
    size_t from, to;             /* bytes of the first text */
    size_t other_from, other_to; /* bytes of the other one: the same words */
    int points;                  /* characters that carry meaning */
    int counted;                 /* of these: own text and no set phrase */
} OriginPassage;

typedef struct OriginBeside {
    int own, shared, permille;   /* of the first: own text, of it counted, rounded down */
    int other_own, other_shared, other_permille; /* the same figures of the other one */
    OriginPassage *items;        /* by rising place in the first text; none overlap there */
    size_t n, cap;
} OriginBeside;

bool origin_beside(OriginBeside *out, Arena *a, const Origin *o, Str text, Str other,
                   Err *e) MUST_USE;

typedef enum OriginChangeKind {
    ORIGIN_YEAR,    /* 2024 -> 2025, 二〇二四 -> 二〇二五, 去年 -> 今年 */
    ORIGIN_NUMBER,  /* other digits or numerals */
    ORIGIN_PLACE,   /* a name that ends in 省 市 县 区 镇 乡 村 街道 社区 …, old or new */
    ORIGIN_WORDS    /* anything else */
} OriginChangeKind;
const char *origin_change_name(OriginChangeKind k); /* "year" */

typedef struct OriginChange {
    OriginChangeKind kind;
    size_t from, to;             /* now; from == to: left out */
    size_t other_from, other_to; /* before; equal: put in */
    Str now, before;             /* as written */
} OriginChange;

typedef struct OriginChanges {
    OriginChange *items;
    size_t n, cap;
    int kept;                    /* permille of the characters of the first text that stayed */
    int of_kind[ORIGIN_WORDS + 1];
    bool only_renamed;           /* nothing but years, places and numbers, and something of them */
} OriginChanges;

/* The words that differ, in the order of the texts: sense only where most of a text was kept
 * (kept >= 700, say); parts that moved show as left out and put in. */
bool origin_changes(OriginChanges *out, Arena *a, const Origin *o, Str text, Str other,
                    Err *e) MUST_USE;

/* --- one text against all stored ones ---------------------------------------------------------*/

typedef struct OriginHit {
    OriginDoc doc;
    bool own;                    /* the same owner */
    int guess;                   /* permille of own text, from traces only */
} OriginHit;
typedef struct OriginHits { OriginHit *items; size_t n, cap; } OriginHits;

/* The likeliest sources, best first, without the text itself (self->id). Within milliseconds. */
bool origin_ask(OriginHits *out, Arena *a, const Origin *o, const OriginDoc *self, Str text,
                Err *e) MUST_USE;

typedef struct OriginSource {
    OriginDoc doc;
    bool own;                    /* the author's own other year, else another unit */
    OriginBeside beside;
} OriginSource;

typedef struct OriginFound {
    OriginSource *sources;       /* by falling permille; those below ORIGIN_SUSPECT are left out */
    size_t n, cap;
    int points, own;             /* characters in all, and of own text */
    int own_earlier;             /* permille of own text that stands in the author's own years */
    int elsewhere;               /* … in other units' reports */
    int anywhere;                /* … in either; each character counts once */
} OriginFound;

/* Gives the text of a document; `out` lives as long as `a`. */
typedef bool OriginFetch(Str *out, Arena *a, void *ctx, const OriginDoc *d, Err *e);

/* Asks, fetches the likely sources and lays each beside the text. */
bool origin_report(OriginFound *out, Arena *a, const Origin *o, const OriginDoc *self, Str text,
                   OriginFetch *fetch, void *ctx, Err *e) MUST_USE;
void origin_found_json(Jw *w, const OriginFound *f);
void origin_changes_json(Jw *w, const OriginChanges *c);

/* --- all stored ones against each other --------------------------------------------------------*/

typedef struct OriginPair {
    uint32_t a, b;               /* origin_doc(o, a): added before b */
    int guess;                   /* permille of the own text of the one that shares more */
} OriginPair;
typedef struct OriginPairs { OriginPair *items; size_t n, cap; } OriginPairs;

/* Pairs of which one at least shares `permille` by its traces, by (a, b). Guesses: lay a pair
 * side by side before it is shown to anybody. */
bool origin_pairs(OriginPairs *out, Arena *a, const Origin *o, int permille, Err *e) MUST_USE;

#endif
