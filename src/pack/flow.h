/* flow: the states a thing goes through and who may move it. Part of the face of pack; `rule`
 * decides whether a move may be made now. */
#ifndef PACK_FLOW_H
#define PACK_FLOW_H

#include "pack/form.h"

enum { FLOW_MOVES_MAX = 100, FLOW_WITHIN_MAX = 3660 /* days */ };

typedef struct FlowMove {
    Str event, title;
    Str from, to;            /* values of the form's field `state` */
    uint32_t who;            /* role set; see pack_role_bit */
    const FeelExpr *guard;   /* over `thing` and `today`; NULL: always open */
    Str needs;               /* told to the person while the guard is not true */
    int64_t within;          /* days in `from` after which it is overdue; 0: no limit */
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

#endif
