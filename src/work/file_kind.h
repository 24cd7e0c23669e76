/* file_kind: the kinds of file that may be attached; for the files of this folder only.
 *
 * Nouns of this face: file_ */
#ifndef WORK_FILE_KIND_H
#define WORK_FILE_KIND_H

#include "base/base.h"

typedef struct FileKind {
    const char *type;              /* for Content-Type */
    const char *end;               /* of a file name, without the dot */
    const char *title;
} FileKind;

const FileKind *file_kind(Str bytes);         /* NULL: not a kind that is taken */
const FileKind *file_kind_named(Str type);    /* NULL: none of these */

#endif
