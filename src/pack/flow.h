/* flow: the states a thing goes through and who may move it. Part of the face of pack; `rule`
 * decides whether a move may be made now. */
#ifndef PACK_FLOW_H
#define PACK_FLOW_H

#include "pack/form.h"

enum { FLOW_MOVES_MAX = 100, FLOW_WITHIN_MAX = 3660 /* days */, FLOW_SETS_MAX = 8 };

/* With the move the record's organisation changes itself: what `from` says, if it says anything,
 * becomes `to` of the form `org`, in the same transaction. */
typedef struct FlowSet {
    const FormField *to, *from;
} FlowSet;

typedef struct FlowMove {
    Str event, title;
    Str from, to;            /* values of the form's field `state` */
    uint32_t who;            /* role set; see pack_role_bit */
    const FeelExpr *guard;   /* over thing, today, org, since (day `from` was reached), peers (the
                                things of this form under the same parent org), m and last; NULL:
                                always open */
    Str needs;               /* told to the person while the guard is not true */
    int64_t within;          /* days in `from` after which it is overdue; 0: no limit */
    int64_t remind;          /* days before that when a reminder goes out; 0: none */
    bool escalates;
    int64_t escalate;        /* days after it when it stands with the superior too */
    FlowSet sets[FLOW_SETS_MAX];
    size_t n_sets;
    PackPlace place;
} FlowMove;

typedef struct Flow {
    Str name, title, cite;
    const Pack *pack;
    PackPlace place;
    const Form *form;
    const List *states;
    Str start;
    const FlowMove *moves;
    size_t n_moves;
} Flow;

/* The table of states and moves as text, for auditors and golden files. */
void flow_print(Buf *out, const Flow *flow);
/* Members of the open object: name, title, pack, cite, form, start, states:[{"value","title"}],
 * moves:[{"event","title","from","to","who":[titles],"needs","within","remind","escalate"}]. */
void flow_describe(Jw *w, const Flow *flow);

#endif
