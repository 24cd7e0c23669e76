/* report: tables declared in packs, filled from the organisations given one by one. Part of the
 * face of rule.
 *
 *     RuleReport *r;
 *     if (!rule_report_open(&r, a, rules, report, &(RuleTop){ ... }, period, today, &e)) ...
 *     for (top and everything below, in preorder)
 *         if (!rule_report_add(r, scratch, &unit, &e)) ...
 *     RuleTable t;
 *     if (!rule_report_read(&t, r, &e)) ...
 */
#ifndef RULE_REPORT_H
#define RULE_REPORT_H

#include "pack/report.h"
#include "rule/measure.h"

enum { RULE_ROWS_MAX = 50000 };

typedef struct RuleReport RuleReport;

typedef struct RuleTableCell {
    FeelValue value;          /* null: nothing known */
    size_t records;           /* it opens so many; 0: made of other columns, or nothing */
    Period period;            /* of the column: that of the report, or earlier */
} RuleTableCell;

typedef struct RuleTableRow {
    Str key;                  /* org or thing id in digits, list value; "" the sum row */
    Str title;                /* "" of a thing, the number of what a ref points to: names are the
                                 caller's to read */
    int64_t org, thing;       /* 0: not of that kind */
    RuleTableCell *cells;     /* as many as columns */
} RuleTableRow;

typedef struct RuleTableColumn {
    Str name, title, unit;
} RuleTableColumn;

typedef struct RuleTable {
    RuleTableColumn *columns;
    size_t n_columns;
    RuleTableRow *rows;       /* orgs in preorder, things by day, items as the list has them */
    size_t n_rows;
    RuleTableRow *total;      /* NULL: the report has none */
} RuleTable;

bool rule_report_open(RuleReport **out, Arena *a, const RuleSet *rules, const Report *report,
                      Period p, Day today, Err *e) MUST_USE;
/* The first unit given is the top; then everything below it in preorder (RuleOrg.level tells). */
bool rule_report_add(RuleReport *r, Arena *scratch, const RuleUnit *unit, Err *e) MUST_USE;
bool rule_report_read(RuleTable *out, RuleReport *r, Err *e) MUST_USE;

/* Which records of this unit are behind a cell? `column` is its name; row: key of a row, "" all.
 * Of a cross-table the column's name is the list value. The caller asks for each unit of the row's
 * subtree (rows of orgs), or for every unit (other rows). */
bool rule_report_records(RuleRecords *out, Arena *a, const RuleSet *rules, const Report *report,
                         const RuleUnit *unit, Str row, Str column, Period p, Day today,
                         Err *e) MUST_USE;
/* The earliest day that the report looks back to. */
Day rule_report_from(const Report *report, Period p);

#endif
