/* backup_files: what of an installation lies beside its database and belongs into its safety copy:
 * the public files of electronic votes. They travel in the copy's database, as blobs named by
 * their path, and leave it when it is restored.
 *
 * Left out: the urn (whoever copies it again and again while people vote sees which slips came in
 * between) and the server's key (the trustees' pieces make it again, and a key that was destroyed
 * must not come back out of a copy). */
#ifndef WORK_BACKUP_FILES_H
#define WORK_BACKUP_FILES_H

#include "store/store.h"
#include "sys/sys.h"

bool work_copy_files_in(Sys *sys, const char *dir, Store *copy, Err *e) MUST_USE;
bool work_copy_files_out(Sys *sys, const char *dir, Store *copy, Err *e) MUST_USE;

#endif
