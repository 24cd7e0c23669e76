/* ballot: what the files about the paper ballot share; nobody else includes it. */
#ifndef WORK_BALLOT_H
#define WORK_BALLOT_H

#include "score/score.h"
#include "work/areas.h"

enum { TALLY_TELLERS = 2 };

typedef struct HallRow {       /* a debriefer on the paper */
    int64_t id;
    Str name, org;
    bool live;
} HallRow;

/* Everything about a cycle's vote that is frozen when voting opens, and who is voted on. */
typedef struct Hall {
    Fact cycle;
    const Scheme *scheme;
    const SchemeInstrument *ins; /* NULL: the scheme takes no ballot */
    int64_t *issued;             /* by group of the scheme */
    Str *objects;
    size_t n_objects;
    HallRow *rows;               /* those who have not withdrawn, in order of speech */
    size_t n_rows;
    int64_t floor;               /* 0: not chosen yet */
    ScoreChoices choices;
    bool chosen;
} Hall;

bool work_hall_read(Hall *out, Call *c, int64_t cycle, Err *e) MUST_USE;
/* The vote of an object that is under way, from 1; and whether its count is closed. */
bool work_hall_round(int64_t *round, bool *closed, Call *c, const Hall *h, Str object,
                     Err *e) MUST_USE;
Str work_object_title(Call *c, Str object);
/* NOT_FOUND unless the cycle rates this object; unless the scheme has this group. */
bool work_hall_object(Call *c, const Hall *h, Str object, Err *e) MUST_USE;
bool work_hall_group(size_t *out, const Hall *h, Str group, Err *e) MUST_USE;

/* --- figures of one box --------------------------------------------------------------------- */

typedef struct TallyBody {
    int64_t returned, valid;
    ShapeList invalid;           /* of ScoreInvalid */
    ShapeList cells;             /* of ScoreCell */
} TallyBody;
extern const Shape work_tally_body;

typedef struct Count {
    int64_t returned, valid;
    int64_t *invalid;            /* by reason */
    int64_t *cells;              /* [row][item][option] */
} Count;

size_t work_cells(const Hall *h);
size_t work_cell(const Hall *h, size_t row, size_t item, size_t option);
/* Marks of those who have withdrawn are left out; unknown and double names are refused. */
bool work_count_read(Count *out, Call *c, const Hall *h, const TallyBody *b, Err *e) MUST_USE;
bool work_count_parse(Count *out, Call *c, const Hall *h, Str body, Err *e) MUST_USE;
/* Do the figures of a box hold together? Names the cell that does not. */
bool work_count_check(const Hall *h, size_t group, const Count *n, Err *e) MUST_USE;
bool work_count_same(const Hall *h, const Count *a, const Count *b);

typedef enum BoxState { BOX_EMPTY, BOX_ONE, BOX_DIFFERS, BOX_EQUAL } BoxState;
typedef struct Box {
    BoxState state;
    size_t n_tellers;            /* who have submitted */
    int64_t tellers[TALLY_TELLERS];
    Count counts[TALLY_TELLERS]; /* filled only when both have submitted */
    int64_t working;             /* accounts with an entry, submitted or not */
} Box;
bool work_box_read(Box *out, Call *c, const Hall *h, Str object, size_t group, Err *e) MUST_USE;
const char *work_box_name(BoxState s);   /* empty one differs equal */

/* --- what closing an object would do -------------------------------------------------------- */

typedef struct TallyPlan {
    bool agreed;                 /* every box is; else `open` is the first that is not */
    bool running;                /* electronic boxes are not opened yet; then nothing is agreed */
    size_t open;
    BoxState open_state;
    bool small;                  /* even all groups together lie below the floor */
    Count *counts;               /* by group; of electronic boxes by the first group of a heap */
    int64_t *electronic;         /* by group, as counts: how many came by electronic box */
    size_t *heap;                /* by group: the smallest group counted together with it */
    ScoreQuorum *quorum;
    size_t n_quorum;
    bool quorum_ok, accepted;
} TallyPlan;
bool work_tally_plan(TallyPlan *out, Call *c, const Hall *h, Str object, int64_t round,
                     Err *e) MUST_USE;
Str work_heap_title(Call *c, const Hall *h, const size_t *heap, size_t first);

#endif
