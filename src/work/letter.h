/* letter: what the files about feedback letters share; for the files of this folder. */
#ifndef WORK_LETTER_H
#define WORK_LETTER_H

#include "work/assess.h"

/* Of each debriefer of the cycle the newest letter; LETTER_NONE when there is none. Asks
 * whether the
 * caller may. */
bool work_letters_of(FactList *out, Call *c, int64_t cycle, Err *e) MUST_USE;
/* Adds the letter to the paper; *name is that of its file, without the ending. */
bool work_letter_put(Paper *p, Str *name, Call *c, const Fact *letter, int64_t cycle,
                     Err *e) MUST_USE;

#endif
