/* overlap: how much of one text stands word for word in another; pure. For the files of this
 * folder only. Used to show, never to judge: an answer that repeats the question, a problem of
 * last year that is stated again, a report that is last year's. */
#ifndef WORK_OVERLAP_H
#define WORK_OVERLAP_H

#include "base/base.h"

enum { OVERLAP_WINDOW = 8 };  /* characters in a row that count as the same passage */

typedef struct Overlap {
    size_t all;      /* characters of the first text; blanks and punctuation do not count */
    size_t same;     /* of these, inside a passage that the second text has too */
} Overlap;

/* A first text shorter than the window is compared as one passage. False: no memory. */
bool work_overlap(Overlap *out, Arena *a, Str first, Str second) MUST_USE;
bool work_overlap_over(const Overlap *o, size_t num, size_t den);   /* same/all >= num/den */

#endif
