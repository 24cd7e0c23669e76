/* board: what the log says, by organisation, folded and kept in memory; for the files of this
 * folder only.
 *
 * Duties, figures and reports look at thousands of records at once. They are read from the log one
 * time, folded into one unit (rule/unit.h) an organisation, and from then on only what came since
 * is read. What is judged is kept too, until a fact of the organisation or the day changes. Nothing
 * of it is stored: another process makes its own.
 *
 *     Board *b;
 *     if (!work_board_enter(&b, c, e)) return false;   // as of this call's transaction, or newer
 *     const BoardOrg *o = work_board_org(b, in->org);
 *     ... work_board_unit(&unit, c->a, b, o, e) ...
 *     work_board_leave(b);                                 // nothing of it may be used afterwards
 *
 * Between enter and leave the board stands still; a call enters once. Not in a writer's job: what a
 * job has filed may yet be undone.
 *
 * Nouns of this face: work_ */
#ifndef WORK_BOARD_H
#define WORK_BOARD_H

#include "rule/duty.h"
#include "rule/notice.h"
#include "work/call.h"

enum {
    BOARD_TEXT_MAX = 1 << 30,      /* bytes of the texts of records in memory */
    BOARD_FORMS_MAX = 4000,
    BOARD_NAMES_MAX = 8,           /* fields of a form that name persons */
    BOARD_YEARS_MAX = 3,           /* judged years in memory */
    BOARD_SCRATCH_MAX = 512 << 20  /* of judging one organisation */
};

typedef struct Board Board;

/* Whose hand a record is, beside what the engine needs: parallel to RuleUnit.records. */
typedef struct BoardHand {
    Moment received;               /* of the first fact */
    Moment changed;                /* of the newest */
    int64_t who;                   /* account that filed first */
} BoardHand;

typedef struct BoardNamed {        /* a record of another organisation that names its people */
    uint32_t org, at;
} BoardNamed;

typedef struct BoardOrg {
    int64_t id, parent;
    int64_t level;                 /* a root is 0 */
    size_t rank, last;             /* places in preorder: everything below is rank + 1 .. last */
    uint64_t stamp;                /* grows with every fact about it */
    bool gone;                     /* struck */
    RuleOrg *rows;
    size_t n_rows, cap_rows;
    RulePerson *people;
    size_t n_people, cap_people;
    RuleTenure *tenures;
    size_t n_tenures, cap_tenures;
    RuleRecord *records;
    BoardHand *hands;
    size_t n_records, cap_records, cap_hands;
    BoardNamed *named;
    size_t n_named, cap_named;
    RuleWaiver *waivers;
    size_t n_waivers, cap_waivers;
    RuleSetting *settings;         /* its own; those above it count too */
    size_t n_settings, cap_settings;
} BoardOrg;

/* --- the folded log ------------------------------------------------------------------------- */
Board *work_board_open(const Rulebook *rb, Err *e);          /* NULL: no memory */
void work_board_close(Board *b);                              /* accepts NULL */
bool work_board_enter(Board **out, Call *c, Err *e) MUST_USE;
void work_board_leave(Board *b);

const RuleSet *work_board_rules(const Board *b);
const BoardOrg *work_board_org(const Board *b, int64_t org);  /* NULL: unknown or struck */
size_t work_board_size(const Board *b);                       /* organisations */
const BoardOrg *work_board_at(const Board *b, size_t rank);   /* in preorder */
/* Does it exist on some day of the period, as far as it says itself? */
bool work_board_lives(const BoardOrg *o, Period p);
Str work_board_person(const Board *b, int64_t person);        /* his name; "" when unknown */
int64_t work_board_person_org(const Board *b, int64_t person);
/* One organisation alone, read inside the caller's own transaction, a writer's too: with its
 * people,
 * waivers, settings and those above it, and what the form's records say now in the period (NULL:
 * none). The days on which records first came and entered their state are those of their newest
 * fact. The caller closes it; it is never entered. */
bool work_board_alone(Board **out, Call *c, int64_t org, const Form *form, Period p,
                      Err *e) MUST_USE;
/* All that is known of one organisation; arrays live in the board or in a. */
bool work_board_unit(RuleUnit *out, Arena *a, const Board *b, const BoardOrg *o, Err *e) MUST_USE;
/* A record by its thing; NULL when there is none. *org may be NULL. */
const RuleRecord *work_board_record(const BoardOrg **org, const Board *b, const Form *form,
                                    int64_t subject);

/* --- judged years --------------------------------------------------------------------------- */
/* One duty in one period: how many of its cells stand how. A duty of the organisation itself has
 * one; a duty of persons or things one for each of them. */
typedef struct BoardCell {
    uint16_t duty;                 /* place in the rulebook (pack_duty_at) */
    uint8_t state;                 /* the worst of them that counts: see work_board_worst */
    uint8_t hard;
    uint16_t late;                 /* records filed late */
    uint16_t n[DUTY_STATES];
    Day from, to;                  /* of the period; the year where periods are one's own */
    int32_t days_left;             /* of the nearest due one */
} BoardCell;

typedef struct BoardCells {
    const BoardCell *items;        /* by duty, then period */
    size_t n;
} BoardCells;

/* Judges what is not judged yet of o and, with below, of everything under it; then enters. */
bool work_board_enter_judged(Board **out, Call *c, int64_t org, bool below, int year,
                             Err *e) MUST_USE;
/* Of an organisation that was judged by the call before. */
BoardCells work_board_cells(const Board *b, const BoardOrg *o, int year);
/* missed before due before met before waived before not applicable before later */
DutyState work_board_worst(const uint16_t n[DUTY_STATES]);

#endif
