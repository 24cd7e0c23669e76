/* points: member points, private to the member and the branch, off until an organisation switches
 * them on. Part of the face of pack; `rule` posts them.
 *
 * Points come only from having attended: an award names the field that holds the persons who were
 * there. Papers, notes, photos and files can give none; there is no word for it. */
#ifndef PACK_POINTS_H
#define PACK_POINTS_H

#include "pack/measure.h"

enum { POINTS_AWARDS_MAX = 50, POINTS_MAX = 10000 /* of one number in the block */ };

typedef struct PointsAward {
    Str name, title;
    Dec each;                 /* for one record, more than 0 */
    Of of;
    const FormField *to;      /* ref or refs to person */
    bool has_cap;
    Dec cap;                  /* in one period */
    PackPlace place;
} PointsAward;

typedef struct Points {
    Str name, title, cite;
    const Pack *pack;
    PackPlace place;
    PeriodKind every;         /* begins again with each */
    Dec base;                 /* 0 when it says nothing */
    bool has_cap;
    Dec cap;
    const FeelExpr *exempt;   /* over org and person; NULL: nobody */
    const PointsAward *awards;
    size_t n_awards;
} Points;

/* Members of the open object: name, title, pack, cite, every, base, cap?, awards:[{"name","title",
 * "each","cap","form","where","to"}]. */
void points_describe(Jw *w, const Points *p);

#endif
