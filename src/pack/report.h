/* report: a table that leads from every figure to its records. Part of the face of pack; `rule`
 * fills it. */
#ifndef PACK_REPORT_H
#define PACK_REPORT_H

#include "pack/measure.h"

enum { REPORT_COLUMNS_MAX = 40, REPORT_BACK_MAX = 10 /* periods */ };

typedef enum ReportRows {
    REPORT_ORGS,              /* the orgs below for which `orgs` holds */
    REPORT_CHILDREN,          /* the orgs directly below */
    REPORT_THINGS,            /* the records `of` */
    REPORT_ITEMS,             /* the values of `items`; records with that value in `down` */
    REPORT_CROSS              /* the values of `down`; a column for each value of `across` */
} ReportRows;

typedef enum ReportChart { REPORT_NO_CHART, REPORT_BAR, REPORT_LINE, REPORT_PIE } ReportChart;

typedef struct ReportColumn {
    Str name, title;
    const Measure *measure;   /* or `value` */
    int64_t back;             /* periods before the one shown */
    const FeelExpr *value;    /* over c (the columns before it), org, thing or item, today */
    bool number;              /* has a sum */
    PackPlace place;
} ReportColumn;

typedef struct Report {
    Str name, title, help, cite;
    const Pack *pack;
    PackPlace place;
    ReportRows rows;
    const FeelExpr *orgs;     /* over org */
    Of of;                    /* of things, of items (without filter) and of a cross table */
    const List *items;
    const FormField *down, *across; /* choice or ref, of `of` */
    PeriodKind every;
    const ReportColumn *columns;    /* none in a cross table */
    size_t n_columns;
    bool total;
    ReportChart chart;
    const ReportColumn *const *charted;
    size_t n_charted;
} Report;

const ReportColumn *report_column(const Report *r, Str name);   /* NULL when it has none such */
Str report_rows_name(ReportRows rows);                           /* "orgs" */
/* Members of the open object: name, title, pack, help?, cite?, rows, every, columns:[{"name",
 * "title","unit","measure","back"}], total, chart:{"kind","columns"}?. */
void report_describe(Jw *w, const Report *r);

#endif
