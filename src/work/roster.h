/* roster: the import of organisations and people, in three steps that share these tables: reading a
 * book into rows (roster_read.c), finding out what each row means for what is stored
 * (roster_plan.c), and filing it (roster_file.c). For the files of this folder only.
 *
 * Rows live in an arena of their own, larger than a request's: a roster may hold 100,000. */
#ifndef WORK_ROSTER_H
#define WORK_ROSTER_H

#include "base/map.h"
#include "work/call.h"

enum {
    ROSTER_ROWS_MAX = 200000,        /* rows with content in one file */
    ROSTER_MEMORY_MAX = 1 << 30,     /* bytes for reading and planning one file */
    ROSTER_COLUMNS = 13,             /* the most of either sheet */
    ROSTER_HEADER_ROWS = 10,         /* the column names stand in one of the first rows */
    ROSTER_LISTED_MAX = 5000,        /* rows in one reply */
    ROSTER_WELL_LISTED_MAX = 1000,   /* of these, rows that need no attention */
    ROSTER_CANDIDATES_MAX = 8,
    ROSTER_ANSWERS_MAX = 4000        /* characters of the answers that come with an import */
};

typedef enum RosterSheet { ROSTER_ORGS, ROSTER_PEOPLE } RosterSheet;
enum { ORG_CODE, ORG_NAME, ORG_KIND, ORG_SECTOR, ORG_PARENT, ORG_FOUNDED, ORG_ENDED, ORG_TERM_END,
       ORG_ID };
enum { PER_NAME, PER_STAFF, PER_ORG, PER_BIRTH, PER_MEMBER, PER_STATE, PER_JOINED, PER_INFIRM,
       PER_AWAY, PER_POST, PER_FROM, PER_TO, PER_ID };

/* How a cell's text is cleaned before it is understood. */
typedef enum RosterClean {
    CLEAN_NAME,    /* blanks inside a Chinese name are set for looks: gone */
    CLEAN_WORD,    /* as written */
    CLEAN_CODE     /* full-width letters and digits become narrow; blanks go */
} RosterClean;

typedef struct RosterColumn {
    const char *title;
    const char *also[3];             /* other names of it that are understood */
    bool required;
    bool shared;                     /* a merged cell may stand for several rows */
    RosterClean clean;
    TableKind kind;                  /* in the export */
    const char *hint;                /* in the template; followed by the choices of `list` */
    const char *list;
} RosterColumn;
const RosterColumn *work_roster_columns(RosterSheet sheet);   /* work_roster_width of them */
int work_roster_width(RosterSheet sheet);
const char *work_roster_sheet(RosterSheet sheet);             /* 组织, 人员 */

typedef enum RosterState {
    ROSTER_NEW, ROSTER_CHANGED, ROSTER_SAME, ROSTER_REFUSED, ROSTER_ASK, ROSTER_STATES
} RosterState;

struct RosterOrg;
struct RosterPerson;
struct RosterTenure;

typedef struct RosterRow {
    RosterSheet kind;
    Str sheet;                       /* empty for a csv */
    int number;                      /* of the row, as the margin says */
    int64_t key;                     /* from 1, over the whole file */
    Str cell[ROSTER_COLUMNS];        /* cleaned */
    RosterState state;
    Str column, message;             /* of a refusal or question */
    Str note;
    struct RosterPerson **candidates;
    size_t n_candidates;
    struct RosterOrg *org;           /* what it is about, once known */
    struct RosterPerson *person;
    struct RosterTenure *tenure;
    bool about_person;               /* the row that says name, birth and so on of a person */
} RosterRow;

typedef struct Roster {
    Arena *a;
    Str file;
    RosterRow *rows;
    size_t n, cap;
    Str *notes;                      /* about the whole file */
    size_t n_notes, cap_notes;
} Roster;

/* Reads the book. Refused whole: identity-card numbers, no known sheet, a missing or doubled
 * column, no rows, too many rows. */
bool work_roster_read(Roster *out, Call *c, const GridBook *book, Err *e) MUST_USE;
/* ROSTER_ID_CARD when a cell of the book looks like an identity-card number, or is headed so. */
bool work_roster_no_id_cards(const GridBook *book, Arena *a, Err *e) MUST_USE;
/* Does a text hold something that looks like one? */
bool work_roster_id_card_in(Str text);
/* The row is refused: the sentence of the error stands at this column. */
void work_roster_refuse(Call *c, RosterRow *row, int column, const Err *why);
#define ROSTER_REFUSE(c, row, column, ...)                                                         \
    do {                                                                                           \
        Err refuse_ = { 0 };                                                                       \
        (void)err_fail(&refuse_, __VA_ARGS__);                                                     \
        work_roster_refuse(c, row, column, &refuse_);                                              \
    } while (0)

/* --- what is stored, and what it becomes ---------------------------------------------------- */

typedef struct RosterOrg {
    int64_t id, version;             /* 0: new */
    size_t no;                       /* its place in Plan.orgs */
    Str body;                        /* as stored; empty for a new one */
    Str code, name, kind, sector;    /* as they will be */
    Day founded, ended, term_end;
    struct RosterOrg *parent;        /* as it will be; NULL: a root */
    struct RosterOrg *was;           /* the parent as stored */
    RosterRow *row;                  /* the row about it; NULL: none */
    int mark;                        /* while walking up */
    int allowed;                     /* may the caller? 0 not asked yet, 1 yes, -1 no */
    struct RosterPerson *secretary;  /* who holds the post without an end */
} RosterOrg;

typedef struct RosterPerson {
    int64_t id, version;
    size_t no;
    Str body;
    Str name, staff_no, birth;
    int member, infirm, away;        /* 1 yes, 0 no, -1 not said */
    Str state;                       /* of the list member_state; empty: not said */
    Day joined;
    RosterOrg *org;
    RosterRow *row;                  /* the first row about the person */
    struct RosterPerson *next;       /* of the same name */
} RosterPerson;

typedef struct RosterTenure {
    int64_t id, version;
    Str body;
    RosterPerson *person;
    RosterOrg *org;
    Str post;
    Day from, to;
    RosterRow *row;
} RosterTenure;

typedef struct Plan {
    Roster *roster;
    Arena *a;
    Str answers;
    Map answer;                      /* "12" -> Str */
    RosterOrg **orgs;
    size_t n_orgs, cap_orgs;
    RosterPerson **people;
    size_t n_people, cap_people;
    Map org_code, org_id, staff_no, person_id, name, tenure;
    int64_t count[2][ROSTER_STATES]; /* rows by sheet and state */
} Plan;

/* Compares every row with what is stored: reads, never writes. */
bool work_roster_plan(Plan *out, Call *c, Roster *r, Str answers, Err *e) MUST_USE;
/* Files what is new or changed. */
bool work_roster_file(Call *c, Plan *p, Err *e) MUST_USE;

#endif
