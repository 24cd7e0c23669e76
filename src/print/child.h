/* child: one document, one process. */
#ifndef PRINT_CHILD_H
#define PRINT_CHILD_H

#include "print/part.h"

#define PRINT_CHILD_WORD "print-child" /* argv[1] of the child; argv[2] is the job */

enum { PRINT_CHILD_BYTES_MAX = 1 << 30 }; /* of a request or a reply */

/* Runs `program` as the child for `job` and gives what it made; its Err becomes ours. After
 * `seconds` it is ended. */
bool print_child_run(Str *out, Arena *a, const char *program, int seconds, const char *job, Str in,
                     Err *e) MUST_USE;

#endif
