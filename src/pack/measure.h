/* measure: a figure counted from records, per org or per person. Part of the face of pack; `rule`
 * counts it. */
#ifndef PACK_MEASURE_H
#define PACK_MEASURE_H

#include "pack/form.h"

enum { MEASURE_DEPTH_MAX = 20 /* measures one stands on, through values of values */ };

/* Which records: FORM or FORM[filter]. The filter sees the form's fields by name and, beside them,
 * org (a context, hides a field of that name), on, received (days), late (working days late, 0 in
 * time) and state_since (day). */
typedef struct Of {
    const Form *form;         /* NULL: not said */
    const FeelExpr *where;    /* NULL: every record */
} Of;

typedef enum MeasureHow {
    MEASURE_COUNT,
    MEASURE_SUM,              /* of `field`; 0 without records */
    MEASURE_AVERAGE,          /* of `field`; null without records */
    MEASURE_GREATEST,
    MEASURE_DISTINCT,         /* different values of `field` */
    MEASURE_SHARE,            /* records for which `share` holds, 0 to 1; null without records */
    MEASURE_VALUE             /* `value` over org, m, last and today */
} MeasureHow;

typedef struct Measure {
    Str name, title, unit, help, cite;  /* all but the first two may be empty */
    const Pack *pack;
    PackPlace place;
    MeasureHow how;
    Of of;                    /* form is NULL for MEASURE_VALUE */
    const FormField *field;   /* of the form; sum, average, greatest, distinct */
    const FeelExpr *share;    /* sees what a filter sees */
    const FeelExpr *value;
    const FormField *by;      /* a ref or refs to person: counted per person named there */
} Measure;

Str measure_how_name(MeasureHow how);          /* "count" */
/* Members of the open object: name, title, pack, how, and where there are any unit, help, cite,
 * form, where, field, by, value. */
void measure_describe(Jw *w, const Measure *m);

#endif
