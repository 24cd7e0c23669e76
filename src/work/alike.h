/* alike: one Origin a Work over every filed report of the installation, folded like the board and
 * kept up with the log; for the files of this folder only.
 *
 *     Alike *k;
 *     if (!work_alike_enter(&k, c, e)) return false;
 *     ... work_alike_ask(&found, c, k, &asked, text, e) ...
 *     work_alike_leave(k);
 *
 * Speeches and notices that were loaded are the superior's documents: words of theirs are nobody's
 * own. Nothing of it is stored.
 *
 * Nouns of this face: work_ */
#ifndef WORK_ALIKE_H
#define WORK_ALIKE_H

#include "origin/origin.h"
#include "work/call.h"

enum {
    ALIKE_DRAFTS_MAX = 12,      /* questions of one account about a draft ... */
    ALIKE_DRAFTS_EVERY = 600,   /* ... in so many seconds */
    ALIKE_PAGE = 200            /* reports read at once while the index is made */
};

typedef struct Alike Alike;
Alike *work_alike_open(void);                     /* NULL: no memory */
void work_alike_close(Alike *k);                  /* accepts NULL */
Alike *call_alike(Call *c);
/* Up to this call's transaction or later; not in a writer's job. */
bool work_alike_enter(Alike **out, Call *c, Err *e) MUST_USE;
void work_alike_leave(Alike *k);
const Origin *work_alike_origin(const Alike *k);

/* Whose text is asked about: its other versions are no sources. */
typedef struct AlikeOf {
    int64_t debriefer, person;
    int year;
} AlikeOf;
bool work_alike_of(AlikeOf *out, Call *c, const Fact *debriefer, Err *e) MUST_USE;
bool work_alike_ask(OriginFound *out, Call *c, const Alike *k, const AlikeOf *of, Str text,
                    Err *e) MUST_USE;
/* The text of a filed report as it was compared, and whose it is; empty when it is no more. */
bool work_alike_text(Str *out, Call *c, int64_t report_fact, Fact *report, Err *e) MUST_USE;
/* One more question about a draft; false with ALIKE_OFTEN when there were too many. */
bool work_alike_count(Call *c, Err *e) MUST_USE;

#endif
