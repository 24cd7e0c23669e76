/* ledger_known: what the board knows about a page to fill in, and about a record that was filed.
 * For the files of this folder only; not within a writer's job. */
#ifndef WORK_LEDGER_KNOWN_H
#define WORK_LEDGER_KNOWN_H

#include "work/ledger.h"

/* The keys `values` and `shown`: what the form's `given` expressions say for the org; nothing for
 * org 0. */
bool work_ledger_given(Call *c, const Form *form, int64_t org, Jw *out, Err *e) MUST_USE;
extern const Shape work_ledger_counts;
/* The key `counts_for`: the duties for which the record counts, and how they stand now. */
bool work_ledger_count(Call *c, int64_t org, int64_t subject, Jw *out, Err *e) MUST_USE;

#endif
