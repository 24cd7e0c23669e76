/* board_say: what the pages about duties ask alike; for the files of this folder only. */
#ifndef WORK_BOARD_SAY_H
#define WORK_BOARD_SAY_H

#include "work/board.h"

/* Everybody who works with content; each use case then asks for the place. */
#define BOARD_READERS (ROLE_ALL & ~(ROLE_BIT(ROLE_SYS_ADMIN) | ROLE_BIT(ROLE_PUBLIC)))
/* Who decides about duties below him. */
#define BOARD_DECIDES                                                                              \
    (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_COMMITTEE) |   \
     ROLE_BIT(ROLE_SUPERIOR))
/* Who knows the persons of an organisation. */
#define BOARD_OF_ORG (ROLE_BIT(ROLE_SECRETARY) | ROLE_BIT(ROLE_PARTY_STAFF))

/* The organisation asked for, or the caller's own when none was named: the first of his grants, the
 * root for who may see everything. Then asks whether a role of the row covers it. NOT_FOUND. */
bool work_board_scope(int64_t *org, Call *c, int64_t asked, Err *e) MUST_USE;
/* The year asked for; this one when 0. */
int work_board_year_of(const Call *c, int64_t asked);
/* "2026-Q1", "2026-03", "2026-03-01..2026-08-31": as period_read takes it. */
Str work_period_text(Arena *a, Period p);
/* The one asked for, or the one of this kind that holds today when it is empty. */
bool work_period_read(Period *out, Call *c, Str asked, PeriodKind kind, Err *e) MUST_USE;
bool work_duty_read(const Duty **out, Call *c, Str name, Err *e) MUST_USE;      /* NOT_FOUND */
Str work_duty_for(const Duty *d);           /* org person thing */
/* What the form's key names first (a person, a place, a kind), else its first text, else the form's
 * title; of a private record that the caller may only count, the form's title. */
Str work_record_title(Call *c, const RuleRecord *r);
bool work_rule_record_seen(bool *out, Call *c, const RuleRecord *r, Err *e) MUST_USE;
Str work_org_title(const BoardOrg *o);      /* its newest name */
const RuleOrg *work_org_now(const BoardOrg *o);
/* May the caller see what concerns this one person? Himself, or who keeps his organisation. */
bool work_person_seen(Call *c, const Board *b, int64_t person, int64_t org);

/* notice.c */
bool work_notice_settled(bool *out, Call *c, const Board *b, const Fact *notice, Err *e) MUST_USE;

/* board_show.c: a cell and the responsible, as replies show them. */
extern const Shape work_cell_shape, work_holder_shape;
void work_put_cell(Call *c, const Board *b, const RuleCell *k, Jw *out);
void work_put_holders(const char *key, const RuleHolder *all, size_t n, Jw *out);

#endif
