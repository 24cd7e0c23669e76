/* score/firm: how firm a rank is, and what the counts of the boxes show.
 *
 * A rank says more than its figures hold when another weight, or two other votes, would change it.
 * The same input is worked out again with small changes; whoever may stand in the same place as
 * another after them cannot be told from him. Nothing here changes a result.
 *
 * It refuses to know single papers: it reads counts only, and changes counts only.
 *
 * Ownership: results live in the arena given and point into scheme and input.
 *
 *     ScoreFirmness firm;
 *     if (!score_firm(&firm, a, &scheme, &choices, &input, &e)) ...
 *     firm.debriefers[0].votes.worst   // the last place that two votes could give the first
 *
 * Nouns of this face: score_ */
#ifndef SCORE_FIRM_H
#define SCORE_FIRM_H

#include "score/score.h"

enum {
    SCORE_FIRM_PARTS = 10,     /* a weight moves by one tenth of itself, up and down */
    SCORE_FIRM_VOTES = 2,      /* single votes that move in the boxes of a compared pair */
    SCORE_TRIES_MAX = 100000   /* debriefers worked out again; of weights and of votes apart */
};

typedef struct ScoreSpan {     /* places 1..n of a class; tied ones span the places of their tie */
    size_t best, worst;
} ScoreSpan;

typedef struct ScoreFirm {     /* beside result.debriefers of the same index */
    int64_t id;
    Str klass;
    ScoreSpan now;             /* by the rounded total alone, before any tie is broken */
    ScoreSpan weights;         /* each weight a tenth up or down, the others scaled so that their
                                  sum stays */
    ScoreSpan votes;           /* at most two votes moved in his boxes and one other's */
    size_t chain;              /* index into chains, or SIZE_MAX */
} ScoreFirm;

/* Two that cannot be told apart; a stands before b, or beside him. */
typedef struct ScorePair {
    size_t a, b;               /* indices into debriefers */
    bool tied;                 /* their rounded totals are equal */
    bool weights;              /* their spans meet under (a) */
    Str weight;                /* one weight that alone puts b level with a or before him; may be
                                  empty: only the spans meet */
    int votes;                 /* how few votes make their spans meet: 1, 2; 0: two do not */
    bool neighbours;           /* nobody of the class stands between them */
} ScorePair;

/* Whoever cannot be told from one of the others hangs together with them; the best first. */
typedef struct ScoreChain {
    Str klass;
    size_t *members;
    size_t n;
} ScoreChain;

typedef struct ScoreFirmness {
    ScoreFirm *debriefers;
    size_t n;                  /* 0: the result was refused, there are no ranks */
    bool weights_done, votes_done; /* false: more tries than SCORE_TRIES_MAX; spans are `now` */
    size_t n_weights;          /* weights that were moved; factors inside formulas are not seen */
    ScorePair *pairs;          /* in order of class, then place of a, then of b */
    size_t n_pairs;
    ScoreChain *chains;        /* of two at least */
    size_t n_chains;
} ScoreFirmness;

/* (a) Weights are those of the groups and of the terms of sums; the others keep their proportions.
 * (b) A vote moves from any option to any other, the excluded ones too, in one box and item. A mark
 * moves to the highest or the lowest given in that box and item. On a ranking paper two change
 * places, which is two votes. A change that leaves no counted vote is left out.
 * Errors: those of score_run. */
bool score_firm(ScoreFirmness *out, Arena *a, const Scheme *s, const ScoreChoices *c,
                const ScoreInput *in, Err *e) MUST_USE;

/* --- what the counts of the boxes show: for the organiser alone ------------------------------ */
typedef struct ScoreLean {     /* one box and one debriefer, or all of them */
    bool given;                /* false: an item without counted votes */
    Dec lenience;              /* the box's score less the weighted score over all boxes */
    Dec spread;                /* the highest item's score less the lowest one's */
    Dec top;                   /* of 100 counted votes, how many gave the best option, a mark in the
                                  top tenth of the scale, or the first place */
} ScoreLean;

typedef struct ScoreLeanBox {
    Str title;                 /* instrument and groups */
    ScoreLean all;             /* means over the debriefers */
    Dec range;                 /* the best debriefer's score in this box less the last one's */
    ScoreLean *each;           /* beside result.debriefers */
} ScoreLeanBox;

typedef struct ScoreLeaning {
    ScoreLeanBox *boxes;
    size_t n_boxes, n_debriefers; /* 0: refused */
    const int64_t *ids;
} ScoreLeaning;

/* Rounded as the sheet prints. Errors: those of score_run. */
bool score_lean(ScoreLeaning *out, Arena *a, const Scheme *s, const ScoreChoices *c,
                const ScoreInput *in, Err *e) MUST_USE;

#endif
