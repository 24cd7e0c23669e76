/* scheme: what the files about scoring schemes share; for the files of this folder only.
 *
 * A scheme comes with a pack of the program, or an organiser saved it here as his own: a fact
 * (form own_scheme) whose text is one scheme block. Both are found by name, packs first. */
#ifndef WORK_SCHEME_H
#define WORK_SCHEME_H

#include "score/score.h"
#include "work/areas.h"

/* --- scheme_own.c --------------------------------------------------------------------------- */
/* NOT_FOUND when neither a pack nor anybody here has one of this name. */
bool work_scheme_find(const Scheme **out, Call *c, Str name, Err *e) MUST_USE;
/* The newest text saved under this name; subject 0: none. */
bool work_scheme_own(Fact *out, Call *c, Str name, Err *e) MUST_USE;
/* Every own scheme. */
bool work_scheme_owns(FactList *out, Call *c, Err *e) MUST_USE;
bool work_scheme_parse(Scheme *out, Call *c, Str text, Err *e) MUST_USE;
/* Can papers be issued and counted for it here? Forms with options only, and one form:
 * CYCLE_FORM, BALLOT_FORM. */
bool work_scheme_counted(const Scheme *s, Err *e);

/* --- scheme_words.c: formulas in plain words ------------------------------------------------ */
Str work_scheme_plain(Arena *a, const Scheme *s, Str formula);
Str work_scheme_node_plain(Arena *a, const Scheme *s, const SchemeNode *node);

/* --- scheme_form.c: the whole scheme as data, for the form on the screen --------------------- */
extern const Shape work_scheme_shape;
/* Members of an object that the caller opened. */
void work_scheme_describe(Jw *w, Arena *a, const Scheme *s);

#endif
