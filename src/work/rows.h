/* rows: every use case, by area, in the order of the year. For work.c and the API's table.
 * To add one: write it in its area's file, name it here and in work.c's list, give it a route in
 * src/api/routes.def. */
#ifndef WORK_ROWS_H
#define WORK_ROWS_H

#include "work/work.h"

#define CASE(name) extern const UseCase work_##name;
#include "work/cases.def"
#undef CASE

#endif
