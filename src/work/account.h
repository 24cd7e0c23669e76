/* account: what the files about accounts share; nobody else includes it. */
#ifndef WORK_ACCOUNT_H
#define WORK_ACCOUNT_H

#include "work/call.h"

/* May the caller govern this account: does he cover its person's organisation and the scope of each
 * of its grants? Nobody takes over an account that reaches further than his own. */
bool work_account_may(Call *c, const Fact *account, Err *e) MUST_USE;
/* Grants of an account that count today or later. */
bool work_account_grants(FactList *out, Call *c, int64_t account, Err *e) MUST_USE;
/* Someone else must remain who can govern accounts; else ACCOUNT_LAST. `grant` 0: all of his. */
bool work_account_not_last(Call *c, int64_t account, int64_t grant, Err *e) MUST_USE;
/* Files a grant after the guards; the caller has asked for the scope. */
bool work_grant_file(Call *c, int64_t account, Role role, int64_t org, int64_t cycle, Day from,
                     Day to, int64_t *id, Err *e) MUST_USE;

#endif
