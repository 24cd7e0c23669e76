/* What the files of drafts share: one walk over the sentences of a Reading. */
#ifndef TEXT_DRAFT_IN_H
#define TEXT_DRAFT_IN_H

#include "text/draft.h"
#include "text/inside.h"

/* Of the sentence [from, to) of folded text; `bids`: it stands among demands. */
bool draft_duties_in(Reading *r, DraftDuties *all, size_t from, size_t to, bool bids);

#endif
