/* finding: what the files about rectification share; nobody else includes it. */
#ifndef WORK_FINDING_H
#define WORK_FINDING_H

#include "work/areas.h"
#include "work/call.h"

/* Those who look after the findings of a year, and those who cure their own. */
#define FINDING_CLERKS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))
#define FINDING_JUDGES                                                                             \
    (FINDING_CLERKS | ROLE_BIT(ROLE_COMMITTEE) | ROLE_BIT(ROLE_SUPERIOR) |                         \
     ROLE_BIT(ROLE_COMMENTATOR) | ROLE_BIT(ROLE_SURVEYOR) | ROLE_BIT(ROLE_INSPECTOR))
#define FINDING_DOERS (ROLE_BIT(ROLE_SECRETARY) | ROLE_BIT(ROLE_PARTY_STAFF))
#define FINDING_READERS (FINDING_JUDGES | FINDING_DOERS | ROLE_BIT(ROLE_MEMBER))

/* --- who may -------------------------------------------------------------------------------- */

/* The roles that the caller has for this very finding. On behalf of someone he has only those of
 * the person he serves; the owner acts with the hand of a secretary. */
bool work_finding_hands(uint32_t *out, Call *c, const Fact *f, Err *e) MUST_USE;
/* May he read it? Asks for the scope. */
bool work_finding_read(bool *out, Call *c, const Fact *f, Err *e) MUST_USE;
/* Does one of the roles cover the finding's cycle, or its organisation when it has none? */
bool work_finding_covers(Call *c, uint32_t roles, int64_t cycle, int64_t org);

/* --- how it stands -------------------------------------------------------------------------- */

bool work_finding_open(Call *c, const Fact *f);      /* neither closed nor rechecked */
bool work_finding_overdue(Call *c, const Fact *f);   /* open, and its day has passed */
/* FINDING_CARRIED when a finding of a later year goes on with it. */
bool work_finding_mine(Call *c, const Fact *f, Err *e) MUST_USE;

/* What its chain of facts says. */
typedef struct FindingPast {
    FactList facts;
    Day moved_on;           /* of its last move or milestone, DAY_NONE when it never moved */
    const Fact *applied;    /* the last application for close-out, NULL when there is none */
} FindingPast;
bool work_finding_past(FindingPast *out, Call *c, const Fact *f, Err *e) MUST_USE;
/* Day of the cycle's debrief meeting when it has been held; else DAY_NONE. */
bool work_meeting_held(Day *out, Call *c, int64_t cycle, Err *e) MUST_USE;
/* Open, and nothing has moved since that day. */
bool work_finding_unmoved(Call *c, const Fact *f, const FindingPast *past, Day meeting);

/* What protects people in a move, beyond the guard of the pack: the owner and the applicant never
 * verify, long-term findings need milestones. `body`: as it would be filed. */
bool work_finding_guard(Call *c, const Fact *was, const FindingPast *past, const json_t *body,
                        const FlowMove *move, Err *e) MUST_USE;
/* The fields that may be filled in with a move; ends with NULL. */
const char *const *work_finding_fields(Str event);

/* --- becoming true -------------------------------------------------------------------------- */

/* Owner, leader, organisation and cycle of a body exist. */
bool work_finding_refs(Call *c, const json_t *body, Err *e) MUST_USE;
/* Files a new one, for the organisation in its body, at the end of its cycle's list. */
bool work_finding_file(int64_t *id, Call *c, json_t *body, Err *e) MUST_USE;
/* The body with which last year's finding goes on in `cycle`; free it. NULL on failure. */
json_t *work_finding_heir_body(Call *c, const Fact *old, int64_t cycle, Err *e);
/* Survey facts are listed only when the debriefers may know them. */
bool work_survey_listable(bool *out, Call *c, const Fact *cycle, Err *e) MUST_USE;

#endif
