/* evote: what the files about electronic ballot boxes share; nobody else includes it.
 *
 * An evote is one electronic vote of a cycle. Its boxes are elections: a heap of voter groups × a
 * rated object × a debriefer; their numbers are drawn before the slips are made, spare turns with
 * them. While a turn is open its ballots lie in an urn; what is public lies as files in
 * DIR/evotes/ID: trustees.json, and for each box its creds, election, archive and hints. */
#ifndef WORK_EVOTE_H
#define WORK_EVOTE_H

#include "urn/urn.h"
#include "work/ballot.h"

/* Who may have a post in it or look on; whoever runs the installation holds no key. */
#define EVOTE_PEOPLE (ROLE_ALL & ~(ROLE_BIT(ROLE_SYS_ADMIN) | ROLE_BIT(ROLE_PUBLIC)))

enum {
    EVOTE_SPARES = 3,            /* turns beside the first, for ties and changes */
    EVOTE_SLIPS_MAX = 5000,      /* of one heap */
    EVOTE_PASS = 32,             /* letters of a pass */
    EVOTE_SHARE_MAX = 1 << 20    /* bytes */
};

typedef struct EvoteHeap {       /* groups that vote into one box */
    Str name, title;             /* name: of its first group */
    int64_t slips;               /* printed */
    int64_t torn;                /* handed in and void, by the published list */
    size_t first;                /* of the scheme's groups */
} EvoteHeap;

typedef struct EvoteBox {
    Str uuid, object;
    int64_t turn, debriefer;
    size_t heap, row;            /* row: of the hall; SIZE_MAX when he has withdrawn */
    bool out;                    /* not of this turn: absent, withdrawn, another object; once a
                                    turn was opened, what was opened then decides */
} EvoteBox;

typedef struct EvoteTrustee {
    int64_t account;
    Str name;
} EvoteTrustee;

typedef struct Evote {
    Fact fact;
    Hall hall;
    int64_t id, cycle, turn, spares, threshold, floor, maker;
    Str state, maker_name, title;
    bool strict;
    Hash *doors;
    size_t n_doors;
    EvoteHeap *heaps;
    size_t n_heaps;
    size_t *heap_of;             /* by group of the scheme */
    EvoteTrustee *trustees;
    size_t n_trustees;
    EvoteBox *boxes;             /* of all turns */
    size_t n_boxes;
    WorkPages pages;             /* as the rules froze them at the opening; empty before */
} Evote;

bool work_evote_read(Evote *out, Call *c, int64_t evote, Err *e) MUST_USE;
bool work_evote_at(Call *c, const Evote *v, const char *state, Err *e) MUST_USE;
/* Is this box voted in in the present turn? */
bool work_evote_open_box(const Evote *v, const EvoteBox *b);
Str work_evote_box_title(Call *c, const Evote *v, const EvoteBox *b);
const EvoteBox *work_evote_box(const Evote *v, Str uuid); /* NULL: none */
/* The name of whoever holds an account. */
bool work_evote_account(Str *out, Call *c, int64_t account, Err *e) MUST_USE;
/* One hash of all boxes of the present turn that may be opened, for the big screen: of their sorted
 * lines "uuid|closed\n". "" before the close. boxes: the facts evote_box. */
bool work_evote_whole(Str *out, Call *c, const Evote *v, const FactList *boxes, Err *e) MUST_USE;
/* `pages` and `served`, `whole` and `torn`, as every screen of the vote says them. */
bool work_evote_put_public(Call *c, const Evote *v, const FactList *boxes, Jw *out,
                           Err *e) MUST_USE;
#define EVOTE_PUBLIC_FIELDS                                                                        \
    { "pages", SHAPE_OBJ, .sub = &work_evote_pages },                                              \
    { "served", SHAPE_OBJ, .sub = &work_evote_pages },                                             \
    { "whole", SHAPE_TEXT },                                                                       \
    { "torn", SHAPE_INT }
extern const Shape work_evote_pages;
/* The latest evote of a cycle that is not cancelled; id 0 when there is none. */
bool work_evote_of(int64_t *out, Call *c, int64_t cycle, Err *e) MUST_USE;

/* Whose pass is it? post 0: the slip maker, else the trustee's number. */
bool work_evote_enter(Evote *v, int64_t *post, Call *c, int64_t evote, Str pass, Err *e) MUST_USE;

/* --- slips handed in ------------------------------------------------------------------------- */

/* What the list of voided slips takes out of the urn of the present turn. */
bool work_evote_torn_apply(Call *c, const Evote *v, Urn *urn, Err *e) MUST_USE;

/* --- what the trustees said ----------------------------------------------------------------- */

typedef enum EvoteStep { EVOTE_CERT, EVOTE_DEAL, EVOTE_KEY, EVOTE_STEPS } EvoteStep;
typedef struct EvoteWords {
    Str *said[EVOTE_STEPS];      /* by trustee; "" until said */
    bool all[EVOTE_STEPS];
} EvoteWords;
bool work_evote_words(EvoteWords *out, Call *c, const Evote *v, Err *e) MUST_USE;
const char *work_evote_step(EvoteStep s);     /* cert deal key */

/* --- what the scrutineers counted ----------------------------------------------------------- */

typedef struct EvoteWatch {
    size_t n;                    /* scrutineers who counted: 0..2 */
    bool agree;                  /* both did, with the same figures */
    int64_t *drawn;              /* by heap, when they agree: printed less undrawn less torn */
    int64_t *torn;               /* by heap, when they agree */
    int64_t accounts[2];
} EvoteWatch;
bool work_evote_watch(EvoteWatch *out, Call *c, const Evote *v, Err *e) MUST_USE;

/* --- files ---------------------------------------------------------------------------------- */

/* DIR/evotes/ID/NAME, or with a box DIR/evotes/ID/UUID.NAME. */
const char *work_evote_path(Call *c, int64_t evote, Str uuid, const char *name);
bool work_evote_load(Str *out, Call *c, int64_t evote, Str uuid, const char *name,
                     Err *e) MUST_USE;
bool work_evote_save(Call *c, int64_t evote, Str uuid, const char *name, Str bytes,
                     Err *e) MUST_USE;
bool work_evote_has(Call *c, int64_t evote, Str uuid, const char *name);

/* Pieces of the server's key that came back so far, until they are enough. */
#define EVOTE_PIECES_FILE "server.pieces"

/* --- the urns of this process --------------------------------------------------------------- */

typedef struct Urns Urns;
Urns *work_urns_open(void);
void work_urns_close(Urns *u);
/* The urn of an evote whose turn is open, kept open between calls; leave it with work_urn_leave. */
bool work_urn_enter(Urn **out, Call *c, int64_t evote, Err *e) MUST_USE;
void work_urn_leave(Call *c);
void work_urns_alone(Call *c);   /* nobody else is at any box; ends with work_urn_leave */
/* Within work_urns_alone: the urn, opened when it was not; and closed, if this process has it. */
bool work_urn_held(Urn **out, Call *c, int64_t evote, Err *e) MUST_USE;
void work_urn_forget(Call *c, int64_t evote);
Urns *call_urns(Call *c);
/* The elections of the present turn in the order of the plan, with their files. */
bool work_urn_setup(UrnSetup *out, Call *c, const Evote *v, Err *e) MUST_USE;
/* "So many of so many papers in", over all heaps: most ballots of one box each. */
bool work_urn_in(int64_t *out, Call *c, const Evote *v, Err *e) MUST_USE;
/* The same at any state; issued: slips drawn, or printed until that is known. */
bool work_evote_in(int64_t *in, int64_t *issued, Call *c, const Evote *v, Err *e) MUST_USE;

/* --- shares and results --------------------------------------------------------------------- */

/* Has this owner of the flattened trustees given his share of a closed box? */
bool work_evote_shared(bool *out, Call *c, int64_t evote, Str uuid, int64_t owner,
                       Err *e) MUST_USE;
/* Verified and kept; with enough of them the box is opened, with the last box the vote counted. */
bool work_evote_share(bool *enough, Call *c, const Evote *v, const EvoteBox *b, int64_t owner,
                      Str share, Err *e) MUST_USE;

/* --- to be carried away --------------------------------------------------------------------- */

/* The organiser's side and the scrutineers, and who has a post in it. v may be NULL: none yet. */
bool work_evote_may_see(Call *c, const Evote *v, int64_t cycle, Err *e) MUST_USE;
bool work_evote_html(Str *out, Call *c, const Evote *v, Err *e) MUST_USE;
/* Zips of all archives; 0 before the first close. */
bool work_evote_volumes(int64_t *out, Call *c, const Evote *v, Err *e) MUST_USE;

/* --- for the count -------------------------------------------------------------------------- */

/* Did people vote on this object by electronic box in this round? running: no result yet. */
bool work_evote_covers(bool *out, bool *running, Call *c, const Hall *h, Str object,
                       int64_t round, Err *e) MUST_USE;
/* Adds what the boxes of the last turn hold to the counts of a plan; heaps are those of the
 * vote. */
bool work_evote_add(TallyPlan *p, Call *c, const Hall *h, Str object, Err *e) MUST_USE;
/* How many turns have voted on the object. */
int64_t work_evote_turns(Call *c, const FactList *boxes, Str object);

#endif
