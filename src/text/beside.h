/* beside: this year's report beside last year's findings, and its figures beside counted ones.
 * Part of the face of text. Facts for a person to judge: a finding that no sentence seems to speak
 * of may be told in other words, and a figure that differs from the records may be right. */
#ifndef TEXT_BESIDE_H
#define TEXT_BESIDE_H

#include "text/text.h"

/* --- last year's findings ----------------------------------------------------------------------*/

enum {
    BESIDE_FINDINGS_MAX = 500,
    BESIDE_TEXT_BYTES_MAX = 20000, /* of one finding or answer */
    BESIDE_SPOKEN = 350,       /* permille of a finding's pairs of characters in one sentence that
                                  speaks of it; chosen on the reports of testdata */
    BESIDE_AGAIN = 600,        /* … in one sentence that declares it again */
    BESIDE_SUBSTANCE = 12      /* characters an answer must add to the finding and to set phrases */
};

typedef struct BesideFinding {
    int64_t id;
    Str text;
    Str answer;                /* what the form holds as answer to it; empty: none */
} BesideFinding;

typedef enum BesideState {
    BESIDE_ANSWERED,
    BESIDE_EMPTY,              /* answered with nothing but itself and set phrases */
    BESIDE_REDECLARED,         /* not answered, and among this year's problems */
    BESIDE_DROPPED             /* no sentence speaks of it */
} BesideState;
const char *beside_state_name(BesideState s);   /* "dropped" */

typedef struct BesideResult {
    int64_t id;
    BesideState state;
    bool again;                /* stands among this year's problems, answered or not */
    AdvicePart part;           /* where the sentence stands; ADVICE_PARTS: in the answer */
    size_t from, to;           /* of the sentence, bytes of that part; 0, 0: none */
    Str sentence;              /* as written */
    int likeness;              /* permille */
    Str say;                   /* one Chinese sentence: what, and what to do */
} BesideResult;

/* One result a finding, in their order. A finding without an answer is looked for in the
 * achievements and measures, and among the problems and causes. */
bool beside_last_year(BesideResult **out, Arena *a, const Text *t, const BesideFinding *findings,
                      size_t n, const Str parts[ADVICE_PARTS], Err *e) MUST_USE;
void beside_json(Jw *w, const BesideResult *results, size_t n);

/* --- claims and records ------------------------------------------------------------------------*/

typedef struct ClaimRecord {
    int64_t id;                /* what the caller links to: a measure, a ledger */
    Str name;                  /* as reports say it: "党员大会"; other words are rows of their own */
    Str unit;                  /* 次 名 …; 次 场 期 are one, 名 人 are one, 个 支 are one */
    Dec counted;
} ClaimRecord;

typedef enum ClaimState {
    CLAIM_EQUAL,
    CLAIM_FITS,                /* qualified (余 近 约 至少 …), and the record lies within */
    CLAIM_MORE,                /* the report claims more than is recorded */
    CLAIM_LESS
} ClaimState;
const char *claim_state_name(ClaimState s);     /* "more" */

typedef struct ClaimPair {
    size_t figure;             /* index into the figures */
    size_t record;             /* index into the records */
    Dec claimed;               /* 每季度1次 over a year is 4 */
    int per_year;              /* what the number was multiplied by */
    ClaimState state;
} ClaimPair;
typedef struct ClaimPairs { ClaimPair *items; size_t n, cap; } ClaimPairs;

/* Pairs a figure with the record that its own clause names and whose unit agrees. Figures whose
 * clause names none are left alone. */
bool claim_pairs(ClaimPairs *out, Arena *a, const Text *t, const OutlineFigures *figures,
                 const ClaimRecord *records, size_t n, Err *e) MUST_USE;
void claim_json(Jw *w, const ClaimPairs *pairs, const OutlineFigures *figures,
                const ClaimRecord *records);

#endif
