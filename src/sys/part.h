/* part: what the files of sys share among themselves. */
#ifndef SYS_PART_H
#define SYS_PART_H

#include "sys/sys.h"

/* Turns errno into the row that fits; false. `what` is the verb of the system's call. */
bool sys_failed(Err *e, const char *what, const char *path, int code);

#endif
