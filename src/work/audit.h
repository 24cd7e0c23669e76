/* audit: the record of log-ins and refusals; for the files of this folder only. */
#ifndef WORK_AUDIT_H
#define WORK_AUDIT_H

#include "work/call.h"

enum { AUDIT_DAYS_MIN = 184, /* GB/T 22239-2019 and the Cybersecurity Law article 21: six months */
       AUDIT_PEER_MAX = 60, AUDIT_PAGE_MAX = 1000 };

/* Somebody typed this login: the account it belongs to, or a mark that tells unknown ones apart. */
void work_audit_tried(Call *c, Str login, ErrCode outcome);
/* Writes what became of a call, when it must be recorded: rows that say so, and every refusal of
 * somebody who has logged in. */
bool work_audit_put(Call *c, ErrCode outcome, Err *e) MUST_USE;

#endif
