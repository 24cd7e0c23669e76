/* report: what the files about the debrief report share; nobody else includes it. */
#ifndef WORK_REPORT_H
#define WORK_REPORT_H

#include "text/beside.h"
#include "text/draft.h"
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

/* --- report_parts.c: a report as texts that can be read ------------------------------------- */

typedef struct ReportSpan {
    Str class;
    size_t from, n;      /* bytes in the part's text */
} ReportSpan;
/* One part of all classes as one text, and where each class's piece stands in it. */
typedef struct ReportPart {
    Str text;
    ReportSpan *spans;
    size_t n;
} ReportPart;
bool work_report_part(ReportPart *out, Arena *a, const json_t *sections, const char *part,
                      Err *e) MUST_USE;
bool work_report_parts(ReportPart out[ADVICE_PARTS], Arena *a, const json_t *sections,
                       Err *e) MUST_USE;
/* The parts one after the other; at[p]: where a part begins. Empty when all are. */
bool work_report_whole(Str *out, size_t at[ADVICE_PARTS], Arena *a,
                       const ReportPart parts[ADVICE_PARTS], Err *e) MUST_USE;
/* Members `class`, `from` and `to` (characters of that class's text) of bytes of the part. */
void work_report_place(Jw *out, const ReportPart *t, size_t from, size_t to);

/* --- report_claims.c ------------------------------------------------------------------------ */

typedef struct ReportClaims {
    ClaimPairs pairs;    /* figures of the text; places of records */
    ClaimRecord *records;
    size_t n;
    const struct Measure **measures; /* parallel to records */
    bool kept;           /* the organisation keeps records here at all */
} ReportClaims;
/* Figures of a report of `org` beside the same figures counted from the ledgers of that year. */
bool work_report_claimed(ReportClaims *out, Call *c, int64_t org, int year,
                         const OutlineFigures *figures, Err *e) MUST_USE;

#endif
