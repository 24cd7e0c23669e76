/* areas: what one area of the year asks of another; for the files of this folder only. */
#ifndef WORK_AREAS_H
#define WORK_AREAS_H

#include "work/call.h"

/* The reply of a use case that made or changed one thing: {id, version}. */
extern const Shape work_made;
void work_put_made(Jw *out, int64_t id, int64_t version);
/* {name, title}; a thing without a title shows its name. */
void work_put_named(Jw *out, Str name, Str title);

/* cycle.c: the cycle stands at this state, or CYCLE_STATE says at which it does. */
bool work_cycle_at(Call *c, const Fact *cycle, const char *state, Err *e) MUST_USE;

/* cycle_view.c */
/* Is this the caller, or the person whom this clerk serves? */
bool work_is_own(const Call *c, int64_t person);
/* A role of the row covers its organiser, or the caller's unit takes part in it. */
bool work_cycle_seen(bool *out, Call *c, const Fact *cycle, Err *e) MUST_USE;
bool work_cycle_read(Call *c, const Fact *cycle, Err *e) MUST_USE;   /* FORBIDDEN; sets `asked` */
/* The day by which a step of the year is due, from the cycle's body; DAY_NONE when none was set. */
Day work_step_due(const json_t *cycle, const char *step);
/* Is there a current thing of this form about the debriefer? */
bool work_debriefer_has(bool *out, Call *c, const char *form, int64_t debriefer,
                        Err *e) MUST_USE;

/* survey.c */
/* Whose hand: the name of who filed a fact, and on whose behalf. */
bool work_filed_by(Str *out, Call *c, const Fact *f, Err *e) MUST_USE;
/* May the caller see the survey facts of this debriefer now? */
bool work_survey_visible(bool *out, Call *c, const Fact *debriefer, Err *e) MUST_USE;
/* Is it a content class of the cycle? `code` takes the hole {class}. */
bool work_class_known(Call *c, const Fact *cycle, Str name, ErrCode code, Err *e) MUST_USE;
/* The debriefer himself, a clerk for him, someone with a role of the row in his cycle or over one
 * of his lines, or the leader to whom he debriefs. */
bool work_debriefer_read(Call *c, const Fact *debriefer, Err *e) MUST_USE;

/* complaint.c: the day by which its present step should be done; DAY_NONE when it has none. */
bool work_complaint_due(Day *out, Call *c, const Fact *f, Err *e) MUST_USE;

/* report.c: the findings of last year that this year's report must answer. */
bool work_findings_carried(FactList *out, Call *c, const Fact *debriefer, Err *e) MUST_USE;

/* org.c: 东街社区党支部书记、…: what he holds today. */
bool work_posts_of(Str *out, Call *c, int64_t person, Err *e) MUST_USE;

/* finding.c */
/* The next number in the cycle's list of findings. */
bool work_finding_no(int64_t *out, Call *c, int64_t cycle, Err *e) MUST_USE;
/* The finding of a later year that goes on with this one; 0 when there is none. */
bool work_finding_heir(int64_t *out, Call *c, int64_t finding, Err *e) MUST_USE;
/* Findings in the caller's charge that are overdue, and applications that wait for a verifier. */
typedef struct FindingsWaiting {
    int64_t overdue, applied;
    Day oldest;                /* the earliest day passed; DAY_NONE */
} FindingsWaiting;
bool work_findings_waiting(FindingsWaiting *out, Call *c, Err *e) MUST_USE;

#endif
