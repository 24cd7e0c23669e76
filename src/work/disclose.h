/* disclose: what leaves the house, by a decision on record; for the files of this folder only. */
#ifndef WORK_DISCLOSE_H
#define WORK_DISCLOSE_H

#include "work/call.h"

/* Who may decide that something is made public. */
#define DISCLOSERS                                                                                 \
    (ROLE_BIT(ROLE_SECRETARY) | ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_COMMITTEE) |         \
     ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_PARTY_STAFF))

/* Has the form fields that may leave, and is it no personal one? */
bool work_disclosable(const Form *form);

#endif
