/* initials: how names sound; for work.c, names.c and initials.c only. The tables take a tenth of a
 * second to open, so this waits for the first who asks.
 *
 * Nouns of this face: work_initials_ work_letters */
#ifndef WORK_INITIALS_H
#define WORK_INITIALS_H

#include "text/text.h"

typedef struct Initials Initials;
Initials *work_initials_open(Err *e);              /* NULL: no memory */
void work_initials_close(Initials *s);             /* accepts NULL */
bool work_initials_tables(const Pinyin **out, Initials *s, Err *e) MUST_USE;
/* Are these letters and digits, as one types a sound? `low` has q.n of them, small. */
bool work_letters(char low[PINYIN_ASKED_MAX], Str q);

#endif
