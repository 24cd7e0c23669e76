/* date: days, periods and moments. A Day counts days since 1970-01-01 in the proleptic Gregorian
 * calendar; a Moment counts milliseconds since 1970-01-01T00:00:00Z. No zone but UTC and Beijing
 * time (UTC+8, no summer time) is known here; FEEL's zones live in `feel`. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/arena.h"
#include "base/err.h"

typedef int32_t Day;
typedef int64_t Moment;

enum { DAY_NONE = INT32_MIN, DAY_YEAR_MIN = 1, DAY_YEAR_MAX = 9999 };

typedef struct DayParts { int year, month, day; } DayParts;

bool day_valid(int year, int month, int day);
Day day_make(int year, int month, int day);      /* parts must be valid */
DayParts day_parts(Day d);
int day_weekday(Day d);                          /* 1 Monday .. 7 Sunday */
int day_days_in_month(int year, int month);
Day day_add_months(Day d, int months);           /* clipped to the month's end */
bool day_read(Day *out, Str s, Err *e) MUST_USE; /* 2026-02-28 only */
/* What clerks write: 2026-2-8, 2026.2.8, 2026/2/8, 20260208, 2026年2月8日, full-width digits;
 * 2026.2 and 2026年2月 give the first of the month. */
bool day_read_loose(Day *out, Str s, Err *e) MUST_USE;
Str day_print(Arena *a, Day d);                  /* 2026-02-08; "" for DAY_NONE */
Str day_print_zh(Arena *a, Day d);               /* 2026年2月8日 */

typedef struct Period { Day from, to; } Period;  /* both days included */
bool period_read(Period *out, Str s, Err *e) MUST_USE; /* 2026, 2026-H1, 2026-Q3, 2026-02, a..b */
bool period_has(Period p, Day d);
typedef enum PeriodKind { PERIOD_YEAR, PERIOD_HALF, PERIOD_QUARTER, PERIOD_MONTH } PeriodKind;
Period period_of(PeriodKind kind, Day d);        /* the calendar period that holds d */

Str moment_print(Arena *a, Moment m);            /* 2026-11-23T16:40:14.123Z */
Str moment_print_zh(Arena *a, Moment m);         /* 2026年11月24日 00:40, Beijing time */
Day moment_day(Moment m);                        /* the day in Beijing */

#endif
