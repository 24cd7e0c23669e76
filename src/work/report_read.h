/* report_read: puts the lines of a report's text into the classes and parts of the year, as far as
 * its headings say; pure. For the files of this folder only. */
#ifndef WORK_REPORT_READ_H
#define WORK_REPORT_READ_H

#include "base/base.h"

typedef struct ReportText {
    json_t *sections;    /* [{class, achievements, problems, causes, measures}]; json_decref it */
    Str rest;            /* lines before the first heading, in the arena: nothing is lost */
    int64_t unplaced;    /* how many */
} ReportText;

/* `classes` is the cycle's list of {name, title}. False: no memory. */
bool work_report_read(ReportText *out, Arena *a, Str text, const json_t *classes) MUST_USE;

#endif
