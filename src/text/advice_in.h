/* What the two files of advice share. */
#ifndef TEXT_ADVICE_IN_H
#define TEXT_ADVICE_IN_H

#include "text/draft.h"
#include "text/inside.h"

typedef struct Advising {
    Arena *a;
    const Text *t;
    const AdviceIn *in;
    Advice *out;
    Folded f;          /* the part being read */
    AdvicePart part;
    Err *e;
} Advising;

/* A finding about folded [from, to) of the part, or about the whole when both are 0. */
bool advice_add(Advising *w, AdviceKind kind, size_t from, size_t to, Str say);
int advice_points(Str s);                    /* characters without blanks */
const char *advice_part_title(AdvicePart p); /* "成绩" */

/* wording.c: of the part being read, and of the whole report. */
bool advice_phrases(Advising *w);
bool advice_sentence(Advising *w, size_t from, size_t to);
bool advice_places(Advising *w);
bool advice_sources(Advising *w);
bool advice_phrase_share(Advising *w);

#endif
