/* draft: what a speech, a notice or a report says beyond its outline, as drafts a clerk confirms:
 * obligations with a number, problems with the organisation they name, named programmes, dates and
 * deadlines, organisations and posts of a given roster. Part of the face of text.
 *
 * Nothing is guessed: every item quotes its sentence, a subject that a clause does not name stays
 * empty, a name that is not on the roster is no name.
 *
 *     Roster *r;
 *     Drafts d;
 *     if (!roster_open(&r, a, t, names, n, &e)) ...
 *     if (!draft_read(&d, a, t, r, speech, &e)) ...
 *     for (size_t i = 0; i < d.duties.n; i++)
 *         draft_duty_pack(&buf, &d.duties.items[i], STRC("speech_1"), d.outline.title); */
#ifndef TEXT_DRAFT_H
#define TEXT_DRAFT_H

#include "text/text.h"

/* --- the roster -------------------------------------------------------------------------------*/

enum { ROSTER_NAMES_MAX = 200000, ROSTER_NAME_BYTES_MAX = 300 };

typedef enum RosterKind { ROSTER_ORG, ROSTER_POST } RosterKind;
typedef struct RosterName {
    Str name;                /* as registered; shorter forms in use are names of their own */
    int64_t id;              /* the caller's; of a post with `at`, the organisation's */
    RosterKind kind;
    Str at;                  /* of a post at one organisation: its name; else empty */
} RosterName;

/* Names of two characters or more, ready to be found in text. Of 中共…委员会 the forms without 中共
 * and with 党委, 党总支, 党支部 are known too; a form that two ids share is nobody's. Lives in the
 * arena. */
typedef struct Roster Roster;
bool roster_open(Roster **out, Arena *a, const Text *t, const RosterName *names, size_t n,
                 Err *e) MUST_USE;
/* The longest name at byte `at` of folded text: its bytes (0: none) and whose it is. `r` may be
 * NULL. */
size_t roster_at(RosterName *out, const Roster *r, Str folded, size_t at);
bool roster_has(const Roster *r, Str folded_name);
/* Part of some organisation's name: 青石镇 of 云河县青石镇. */
bool roster_knows(const Roster *r, Str folded);

/* --- drafts -----------------------------------------------------------------------------------*/

typedef enum DraftEvery { DRAFT_STANDING, DRAFT_WEEK, DRAFT_MONTH, DRAFT_QUARTER, DRAFT_HALF,
                          DRAFT_YEAR } DraftEvery;

/* original[from, to) is the sentence, [at, at_end) the number (a name, a day) inside it. */
typedef struct DraftDuty {
    Str who;                 /* simplified, as the clause names it; empty when it does not */
    Str what;                /* the clause without subject, period and number */
    DraftEvery every;
    int times;               /* periods in one: 2 for 每两个月, else 1 */
    bool share;              /* the number is a percentage of something */
    bool most;               /* 至多, 不超过: an upper bound */
    bool soft;               /* 原则上, 一般, 可以 */
    Dec number;
    Str unit;                /* 次 个 % … */
    Str clause;              /* simplified */
    Str sentence;
    size_t from, to, at, at_end;
} DraftDuty;
typedef struct DraftDuties { DraftDuty *items; size_t n, cap; } DraftDuties;

typedef struct DraftProblem {
    Str text, sentence;
    size_t from, to, end;
    int64_t org;             /* id on the roster, 0: names none of it */
    Str org_name;            /* as the roster has it */
    bool listed;             /* stands in the outline's list; else told in passing */
} DraftProblem;
typedef struct DraftProblems { DraftProblem *items; size_t n, cap; } DraftProblems;

typedef struct DraftProgramme {
    Str name, sentence;      /* the name without its quotation marks, simplified */
    size_t from, to, at, at_end; /* of the first place */
    int times;               /* how often the text names it */
} DraftProgramme;
typedef struct DraftProgrammes { DraftProgramme *items; size_t n, cap; } DraftProgrammes;

typedef struct DraftDay {
    DayParts day;            /* absent parts 0 */
    bool end;                /* 底, 末: the end of that year or month */
    bool deadline;           /* by then: 前, 之前, 截至, 内 */
    int within;              /* so many `unit`, counted from an event the sentence names; 0: none */
    Str unit;                /* 日 个工作日 周 个月; for words of their own (年底前) empty */
    Str text, sentence;      /* the words themselves, simplified: "12月底前" */
    size_t from, to, at, at_end;
} DraftDay;
typedef struct DraftDays { DraftDay *items; size_t n, cap; } DraftDays;

typedef struct DraftName {
    RosterName who;
    Str sentence;
    size_t from, to, at, at_end;
} DraftName;
typedef struct DraftNames { DraftName *items; size_t n, cap; } DraftNames;

typedef struct Drafts {
    Outline outline;
    DraftDuties duties;
    DraftProblems problems;
    DraftProgrammes programmes;
    DraftDays days;
    DraftNames names;        /* every place; a list per kind holds OUTLINE_ITEMS_MAX at most */
} Drafts;

/* `roster` may be NULL. */
bool draft_read(Drafts *out, Arena *a, const Text *t, const Roster *roster, Str text,
                Err *e) MUST_USE;
/* The outline's members and "duties", "problems_named", "programmes", "days", "names". */
void draft_json(Jw *w, const Drafts *d);
/* A duty block with `status draft` that names what a clerk must add; `cite` is what it was taken
 * from. */
void draft_duty_pack(Buf *out, const DraftDuty *d, Str name, Str cite);
const char *draft_every_name(DraftEvery every);  /* "half", "standing" */

#endif
