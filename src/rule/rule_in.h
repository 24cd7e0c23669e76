/* rule_in: what the files of rule share and nobody else sees: the compiled rules, and the workspace
 * in which one unit is judged. */
#ifndef RULE_RULE_IN_H
#define RULE_RULE_IN_H

#include "feel/tests.h"
#include "pack/flow.h"
#include "rule/measure.h"
#include "rule/points.h"
#include "rule/report.h"

/* --- names of expressions ------------------------------------------------------------------- */
typedef enum RuleOrgName {
    ORG_ID, ORG_NAME, ORG_CODE, ORG_KIND, ORG_SECTOR, ORG_LEVEL, ORG_PARENT, ORG_FOUNDED,
    ORG_TERM_END, ORG_CHILDREN, ORG_BRANCHES, ORG_GROUPS,
    ORG_MEMBERS, ORG_FULL_MEMBERS, ORG_PROBATIONARY, ORG_INFIRM, /* from people */
    ORG_COMMITTEE_HELD, ORG_LEADERS, ORG_SECRETARY, ORG_SECRETARY_SINCE,
    ORG_SECRETARY_IS_LEADER, ORG_FIRST_SECRETARY, ORG_HAS_COMMITTEE,
    ORG_COMMITTEE_YOUNG, ORG_COMMITTEE_OLD, /* from tenures */
    ORG_EMPLOYEES, ORG_STAFF_FULL, ORG_STAFF_PART, /* from the newest profile of the unit */
    ORG_NAMES
} RuleOrgName;

typedef enum RulePersonName {
    PERSON_ID, PERSON_ORG, PERSON_POST, PERSON_LEADER, PERSON_MEMBER_STATE, PERSON_JOINED,
    PERSON_AGE, PERSON_INFIRM, PERSON_AWAY,
    PERSON_NAMES
} RulePersonName;

extern const Str rule_org_names[ORG_NAMES];
extern const Str rule_person_names[PERSON_NAMES];

/* --- compiled ------------------------------------------------------------------------------- */
enum {
    RULE_COLUMNS_MAX = 900,       /* fields of one form that rules read */
    /* slots of plain tests; below: a column of the record or thing at hand */
    SLOT_ON = 1000, SLOT_RECEIVED, SLOT_LATE, SLOT_SINCE, SLOT_TODAY,
    SLOT_ORG = 2000,              /* + RuleOrgName */
    SLOT_PERSON = 3000,           /* + RulePersonName */
    SLOT_LAST = 10000,            /* + index of rules->lasts */
    SLOT_MEASURE = 1000000,       /* + index of rules->measures */
    RULE_MEASURE_DEPTH_MAX = 32
};

typedef struct RuleForm {
    const Form *form;
    const FormField **columns;    /* fields that rules read */
    size_t n, cap;
    size_t *order;                /* columns by name, bytewise, as canonical JSON has its keys */
    bool counted;                 /* some rule counts or judges its records */
    bool looked_back;             /* some rule looks at its newest record, whenever it was */
    size_t back;                  /* months before the judged year that are counted */
} RuleForm;

/* last.FORM.FIELD, or last.FORM whole (field NULL). */
typedef struct RuleLast {
    size_t form, column;
    const FormField *field;
} RuleLast;

/* An expression, taken apart when it is plain, else with what its scope must hold. */
typedef struct RuleExpr {
    const FeelExpr *x;            /* NULL: nothing said */
    FeelTest *test;               /* NULL: evaluate */
    uint64_t org, person;         /* bits of the members asked for */
    bool thing, today, record, since, peers;
    const uint32_t *fields;       /* columns of the record or thing */
    const uint32_t *lasts, *measures;
    size_t n_fields, n_lasts, n_measures;
} RuleExpr;

typedef struct RuleSelection {    /* FORM[filter]; the same one is shared by all who name it */
    const Form *form;
    size_t at;                    /* index of the form */
    RuleExpr where;
} RuleSelection;

enum { RULE_NO_SELECTION = UINT32_MAX };

typedef struct RuleFigureRule {
    const Measure *m;
    uint32_t sel;
    RuleExpr share, value;
    size_t field, by;             /* columns */
} RuleFigureRule;

typedef struct RuleDuty {
    const Duty *d;
    uint32_t sel;
    RuleExpr who, holds, due;
    RuleExpr *exempt;
    size_t by, sum;               /* columns */
    const FormField *by_field;    /* the duty's own, or the form's personal one */
    size_t thing;                 /* index of the thing's form */
} RuleDuty;

typedef struct RuleAward {
    uint32_t sel;
    size_t to;
} RuleAward;

typedef struct RulePoints {
    const Points *p;
    RuleExpr exempt;
    RuleAward *awards;
} RulePoints;

typedef struct RuleTableRule {
    const Report *r;
    RuleExpr orgs;
    uint32_t sel;
    size_t down, across;          /* columns of the form */
    RuleExpr *columns;            /* formulas of the report's columns */
} RuleTableRule;

typedef struct RuleGuard {
    const FlowMove *move;
    RuleExpr guard;
} RuleGuard;

typedef struct RuleFilled {       /* a field that is filled in beforehand */
    const FormField *field;
    RuleExpr given;
} RuleFilled;

struct RuleSet {
    Arena *a;
    const Rulebook *rb;
    Map form_at;                  /* name -> RuleForm */
    Map duty_at;                  /* name -> RuleDuty */
    RuleForm *forms;
    size_t n_forms;
    RuleSelection *sels;
    size_t n_sels, cap_sels;
    RuleLast *lasts;
    size_t n_lasts, cap_lasts;
    RuleFigureRule *measures;
    size_t n_measures;
    RuleDuty *duties;
    size_t n_duties;
    RulePoints *points;
    size_t n_points;
    RuleTableRule *reports;
    size_t n_reports;
    RuleGuard *guards;
    size_t n_guards;
    RuleFilled *filled;
    size_t n_filled, cap_filled;
    size_t profile;               /* the form that holds employees and staff; n_forms: none */
    size_t profile_at[3];
};

const RuleForm *rule_form(const RuleSet *s, const Form *form);     /* NULL: not of these rules */
const RuleFigureRule *rule_figure_rule(const RuleSet *s, const Measure *m);
const RuleDuty *rule_duty_rule(const RuleSet *s, const Duty *d);
/* `thing`: the form whose record the expression sees as `thing`; record: it sees its fields. */
bool rule_expr(RuleExpr *out, RuleSet *s, const FeelExpr *x, const Form *thing, const Form *record,
               Err *e) MUST_USE;
bool rule_open_filled(RuleSet *s, Err *e) MUST_USE;
bool rule_column(size_t *out, RuleSet *s, const Form *form, const FormField *field,
                 Err *e) MUST_USE;

/* --- canonical JSON, read in place ---------------------------------------------------------- */
/* raw[i]: the JSON of column i, empty when the body lacks it. */
void rule_body_columns(Str *raw, const RuleForm *f, Str body);
/* Scalars and lists of them; else null. */
FeelValue rule_body_value(Arena *a, const FormField *field, Str raw);
/* Walks the whole numbers of a ref or refs: false at the end. */
bool rule_body_ref(Str raw, size_t *at, int64_t *id);
/* The elements of a list, or the scalar itself: false at the end. */
bool rule_body_item(Str raw, size_t *at, Str *item);

/* --- the workspace -------------------------------------------------------------------------- */
typedef struct RuleRow {          /* a live record of the unit */
    const RuleRecord *r;
    const RuleForm *form;
    Str *raw;                     /* its columns; NULL: not yet read */
    int64_t late;                 /* < 0: not yet worked out */
    bool own;                     /* of the unit's own org */
} RuleRow;

typedef struct RuleRows {
    RuleRow **items;              /* by day, then subject */
    size_t n;
} RuleRows;

typedef struct RuleHere {         /* a person on a day */
    const RulePerson *row;        /* NULL: nothing known but a post */
    Str post;
    bool here, leader;
} RuleHere;

typedef struct RuleDay {          /* the unit on a day */
    struct RuleDay *next;
    Day day;
    const RuleOrg *row;           /* NULL: not yet looked up */
    FeelValue org[ORG_NAMES];
    RuleHere *people;             /* NULL: not yet asked; as many as run->n_ids */
} RuleDay;

typedef struct RuleNamed {        /* the rows that name each person in a column */
    bool made;
    size_t column;
    RuleRows *of;
} RuleNamed;

typedef struct RuleGiven {        /* what an example says instead of a unit */
    const FeelValue *org, *person, *last, *m;
    int64_t person_id;
} RuleGiven;

/* What a measure has counted so far. */
typedef struct RuleTally {
    size_t records;
    size_t n, known, held;        /* times they count; with a value; the share's condition holds */
    Dec sum;
    FeelValue greatest;
    Map *distinct;                /* of measures that count different values */
} RuleTally;

typedef struct RuleRun {
    Arena *a;
    const RuleSet *s;
    const RuleUnit *u;
    const RuleGiven *given;       /* NULL: a real unit */
    Day today;
    Err *e;
    RuleRows *forms;              /* by form; read through rule_run_form */
    RuleRows *sels;               /* by selection */
    bool *sel_made;
    RuleNamed *named;             /* by selection */
    RuleDay *days;
    RuleDay *day_now;             /* the one asked for last */
    uint32_t *set_first;          /* by duty: its first setting + 1, 0 none */
    uint32_t *set_next;           /* by setting: the next of the same duty + 1 */
    int64_t *ids;                 /* persons, ascending */
    size_t n_ids;
    uint32_t *person_rows, *person_from;     /* rows of unit->people by person */
    uint32_t *tenure_rows, *tenure_from;
    uint8_t *posts;               /* by tenure: which post it is */
    int depth;
    const RuleTally *tallies;     /* by measure: figures of many units instead of this one */
    RuleRows *collect;            /* where the rows counted are to be noted */
    size_t cap_collect;
} RuleRun;

/* What an expression stands on. */
typedef struct RuleOn {
    Day day;                      /* as of */
    Period period;                /* of measures */
    ptrdiff_t person;             /* index of run->ids; < 0: none */
    RuleRow *row;                 /* the record or thing at hand */
    Day since;
    FeelValue peers;
} RuleOn;

bool rule_run_open(RuleRun *r, Arena *a, const RuleSet *s, const RuleUnit *u, Day today,
                   Err *e) MUST_USE;
/* 1 true, 0 false, -1 null; an expression that says nothing is true. False: e. */
bool rule_run_truth(int *out, RuleRun *r, const RuleExpr *x, const RuleOn *on) MUST_USE;
bool rule_run_value(FeelValue *out, RuleRun *r, const RuleExpr *x, const RuleOn *on,
                    const FeelScope *more) MUST_USE;
bool rule_run_scope(FeelScope *out, RuleRun *r, const RuleExpr *x, const RuleOn *on) MUST_USE;
const RuleOrg *rule_run_row(RuleRun *r, Day day);              /* what the org was; NULL: given */
const RuleDay *rule_run_day(RuleRun *r, Day day);              /* with people; NULL: no memory */
bool rule_run_org(FeelValue *out, RuleRun *r, RuleOrgName name, Day day) MUST_USE;
bool rule_run_form(const RuleRows **out, RuleRun *r, size_t form) MUST_USE;
bool rule_run_rows(const RuleRows **out, RuleRun *r, uint32_t sel) MUST_USE;
/* Of them, those that name the person in the column. */
bool rule_run_named(const RuleRows **out, RuleRun *r, uint32_t sel, size_t column,
                    size_t person) MUST_USE;
ptrdiff_t rule_run_person(const RuleRun *r, int64_t id);       /* < 0: not here */
int64_t rule_run_late(RuleRow *row);
/* The first of the rows on or after the day. */
size_t rule_rows_from(const RuleRows *rows, Day day);
bool rule_run_memory(RuleRun *r);                              /* false, says so */
/* From now on each row that is counted is noted in `rows`, an empty list; NULL: no more. */
void rule_run_collect(RuleRun *r, RuleRows *rows);
bool rule_run_note(RuleRun *r, RuleRow *row) MUST_USE;         /* when somebody collects */

/* Counts the rows of one unit in; what must last is copied into `keep`. */
bool rule_tally_add(RuleTally *t, Arena *keep, RuleRun *r, const RuleFigureRule *m,
                    ptrdiff_t person, Period p) MUST_USE;
/* How often a record counts for an org: once, or for each person it names. */
size_t rule_tally_weight(const RuleFigureRule *m, const RuleRow *row);
bool rule_tally_row(RuleTally *t, Arena *keep, RuleRun *r, const RuleFigureRule *m,
                    RuleRow *row, size_t weight) MUST_USE;
bool rule_tally_read(FeelValue *out, const RuleTally *t, const RuleFigureRule *m);
/* Which measures a measure is made of, itself included: used[i] becomes true. */
void rule_measure_closure(bool *used, const RuleSet *s, size_t at, int depth);
/* The records of the rows, each once, by day. */
bool rule_records_of(RuleRecords *out, RuleRun *r, const RuleRows *rows) MUST_USE;
bool rule_run_measure(FeelValue *out, RuleRun *r, const RuleFigureRule *m, ptrdiff_t person,
                      Period p, Day day) MUST_USE;

/* --- cells ---------------------------------------------------------------------------------- */
/* all: also those of persons and things that the duty does not mean. */
bool rule_cells_of(RuleCells *out, RuleRun *r, const RuleDuty *d, Period year, bool all) MUST_USE;
/* What the expressions of a cell stand on. */
bool rule_cell_on(RuleOn *out, RuleRun *r, const RuleDuty *d, const RuleCell *c) MUST_USE;
/* The cell judged again, its records noted. */
bool rule_cell_count(RuleRun *r, const RuleDuty *d, const RuleCell *c) MUST_USE;

#endif
