/* report: what the files about the debrief report share; nobody else includes it. */
#ifndef WORK_REPORT_H
#define WORK_REPORT_H

#include "work/call.h"

/* A member of the committee judges only what is debriefed to him. */
#define REPORT_JUDGES                                                                              \
    (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_SUPERIOR) |    \
     ROLE_BIT(ROLE_COMMITTEE))
#define REPORT_READERS                                                                             \
    (REPORT_JUDGES | ROLE_BIT(ROLE_COMMENTATOR) | ROLE_BIT(ROLE_SURVEYOR) |                        \
     ROLE_BIT(ROLE_SECRETARY) | ROLE_BIT(ROLE_PARTY_STAFF))
#define REPORT_WRITERS                                                                             \
    (ROLE_BIT(ROLE_SECRETARY) | ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_PARTY_STAFF))

/* The newest version; out->id is 0 when none was filed: a zero report is one that was. */
bool work_report_current(Fact *out, Call *c, int64_t debriefer, Err *e) MUST_USE;
/* May the caller accept or return this debriefer's report? Never his own. */
bool work_report_judge_is(Call *c, const Fact *debriefer);

#endif
