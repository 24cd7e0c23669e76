/* figure: reports and measures over the board; for the files of this folder only. */
#ifndef WORK_FIGURE_H
#define WORK_FIGURE_H

#include "rule/report.h"
#include "work/board_say.h"

enum { FIGURE_RECORDS = 100, FIGURE_RECORDS_MAX = 1000 };

/* Calls `each` with every organisation of the subtree in preorder, its unit in scratch memory that
 * is given back afterwards. */
typedef bool (*FigureEach)(void *arg, Arena *scratch, const RuleUnit *unit, Err *e);
bool work_figure_walk(const Board *b, const BoardOrg *top, FigureEach each, void *arg,
                      Err *e) MUST_USE;
/* A value for people, and exactly where that says more. */
void work_figure_put(Call *c, FeelValue v, Jw *out);

/* Records behind a figure: gathered by walking, shown page by page. */
typedef struct FigureRecords {
    Call *c;
    const RuleRecord **items;
    size_t n, cap;
} FigureRecords;
bool work_figure_keep(FigureRecords *to, const RuleRecords *found, Err *e) MUST_USE;
extern const Shape work_figure_records;
/* Newest first; those that the caller may only count are counted. */
bool work_figure_list(Call *c, const Board *b, const FigureRecords *all, int64_t after,
                      int64_t limit, Jw *out, Err *e) MUST_USE;
bool work_report_named(const Report **out, Call *c, Str name, Err *e) MUST_USE;   /* NOT_FOUND */
/* The table of a report; inside of enter and leave. */
bool work_report_table(RuleTable *out, Call *c, const Board *b, const BoardOrg *top,
                       const Report *report, Period p, Err *e) MUST_USE;

#endif
