/* areas: what one area of the year asks of another; for the files of this folder only. */
#ifndef WORK_AREAS_H
#define WORK_AREAS_H

#include "work/call.h"

/* The reply of a use case that made or changed one thing: {id, version}. */
extern const Shape work_made;
void work_put_made(Jw *out, int64_t id, int64_t version);

/* cycle.c: the cycle stands at this state, or CYCLE_STATE says at which it does. */
bool work_cycle_at(Call *c, const Fact *cycle, const char *state, Err *e) MUST_USE;

/* survey.c */
/* Whose hand: the name of who filed a fact, and on whose behalf. */
bool work_filed_by(Str *out, Call *c, const Fact *f, Err *e) MUST_USE;
/* May the caller see the survey facts of this debriefer now? */
bool work_survey_visible(bool *out, Call *c, const Fact *debriefer, Err *e) MUST_USE;
/* The debriefer himself, a clerk for him, or someone with a role of the row in his cycle. */
bool work_debriefer_read(Call *c, const Fact *debriefer, Err *e) MUST_USE;

/* report.c: the findings of last year that this year's report must answer. */
bool work_findings_carried(FactList *out, Call *c, const Fact *debriefer, Err *e) MUST_USE;

#endif
