/* initials: remembered pinyin initials of names; for work.c and initials.c only. */
#ifndef WORK_INITIALS_H
#define WORK_INITIALS_H

#include "text/text.h"

typedef struct Initials Initials;

Initials *work_initials_open(Err *e);              /* NULL: no memory */
void work_initials_close(Initials *s);             /* accepts NULL */
/* Thread-safe; the text lives in `a` or as long as s. */
bool work_initials_of(Str *out, Arena *a, Initials *s, Str name, PinyinName kind, Err *e) MUST_USE;

#endif
