/* What the files of the board share. */
#ifndef WORK_BOARD_IN_H
#define WORK_BOARD_IN_H

#include "work/board.h"

typedef struct BoardForm {
    const Form *form;
    const char *names[BOARD_NAMES_MAX]; /* fields that name persons, as a duty or figure asks */
    size_t n_names;
    bool keep;                     /* some rule or page looks at its records */
    bool versions;                 /* points: what was corrected counts too */
    bool moves;                    /* it has states */
    uint16_t number;
} BoardForm;

/* A thing by form and subject: open addressing, never emptied but as a whole. */
typedef struct BoardSlot {
    int64_t subject;               /* 0: free */
    uint32_t org, at;
    uint16_t form;
} BoardSlot;

typedef struct BoardTable {
    BoardSlot *slots;
    size_t n, size;
} BoardTable;

typedef struct BoardYear {         /* what was judged of one year */
    int year;
    Day today;
    uint64_t used;                 /* when it was last asked for */
    struct BoardJudged {
        BoardCell *cells;
        size_t n;
        uint64_t stamp;            /* of the organisation when it was judged; 0: never */
    } *orgs;
    size_t n_orgs;
} BoardYear;

struct Board {
    const Rulebook *rb;
    SysGate *gate;
    Arena *rules_room;
    Arena *text;                   /* bodies: who reads the store writes here */
    Arena *words;                  /* what is cut out of them while they are folded */
    RuleSet *rules;
    Map forms;                     /* name -> BoardForm */
    BoardForm *by_number[BOARD_FORMS_MAX];
    int64_t last;                  /* newest fact that is folded in */
    uint64_t stamp;
    Day today;                     /* of the call that folds */
    bool tight;                    /* only what this year and the two before need */
    bool tree_changed, over;       /* over: an erasure came, everything is read again */
    uint32_t met;                  /* organisation of the fact before */
    BoardOrg *orgs;
    size_t n_orgs, cap_orgs;
    uint32_t *order;               /* preorder -> orgs */
    size_t n_order;
    BoardSlot *filed;              /* things in order of their ids, as they came */
    size_t n_filed, cap_filed;
    BoardTable late_things;        /* those whose first fact was left out */
    BoardTable org_table, people_table;
    BoardYear years[BOARD_YEARS_MAX];
    uint64_t uses;
};

/* Room for one more in a plain array. */
bool work_board_room(void **items, size_t n, size_t *cap, size_t size, Err *e) MUST_USE;
#define BOARD_ROOM(items, n, cap, e)                                                               \
    work_board_room((void **)&(items), (n), &(cap), sizeof *(items), (e))

BoardSlot *work_board_slot(BoardTable *t, uint16_t form, int64_t subject, bool make, Err *e);
/* Where a thing is. Valid until the next one is made. */
BoardSlot *work_board_thing(const Board *b, uint16_t form, int64_t subject);
BoardSlot *work_board_thing_new(Board *b, uint16_t form, int64_t subject, Err *e);
bool work_board_forms(Board *b, Err *e) MUST_USE;    /* once, when the rules are open */
/* Is the record of such a form kept? */
bool work_board_wants(const Board *b, const BoardForm *bf, const Fact *f);
/* One fact into the board, its body in b->text: a record of bf, or (NULL) one that
 * work_board_is_roster knows. */
bool work_board_fold(Board *b, const BoardForm *bf, const Fact *f, Err *e) MUST_USE;
/* board_roster.c: organisations, persons, posts, waivers and settings. The kind as a text that
 * stays; empty for other kinds. */
Str work_board_is_roster(Str kind);
bool work_board_roster(Board *b, const Fact *f, Err *e) MUST_USE;
/* board_read.c: everything after b->last, read and folded side by side. */
bool work_board_read(Board *b, Call *c, Err *e) MUST_USE;
bool work_board_tree(Board *b, Err *e) MUST_USE;     /* levels, preorder and counts */
void work_board_forget(Board *b);                    /* everything that was folded */
void work_board_years_forget(Board *b);
/* Calls each id of a canonical value: 7 or [7,8]. */
bool work_board_ids(Str value, bool (*each)(void *arg, int64_t id, Err *e), void *arg,
                    Err *e) MUST_USE;
/* The record is (also) about this person of another organisation. */
bool work_board_name(Board *b, int64_t person, uint32_t org, uint32_t at, Err *e) MUST_USE;

#endif
