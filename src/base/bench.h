/* bench: how a bench says what it found against a limit. tool/bench.sh gathers these lines from
 * all of them into one table. Only benches include it.
 *
 * Nouns of this face: bench_ */
#ifndef BASE_BENCH_H
#define BASE_BENCH_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

/* "= what TAB value TAB <= or >= TAB limit TAB unit"; the unit of a ratio is "x". */
static inline void bench_limit(const char *what, double value, bool at_most, double limit,
                               const char *unit)
{
    printf("= %s\t%.4g\t%s\t%.4g\t%s\n", what, value, at_most ? "<=" : ">=", limit, unit);
    fflush(stdout);
}

static inline double bench_clock(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
