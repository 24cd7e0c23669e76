/* file: attachments, told apart by what is in them; for the files of this folder only. */
#ifndef WORK_FILE_H
#define WORK_FILE_H

#include "work/call.h"

enum {
    FILE_BYTES_MAX = 10 << 20,     /* of one attachment */
    FILE_OF_RECORD_MAX = 20,       /* attachments of one record */
    FILE_SPARE_DAYS = 2            /* an upload that nothing names is dropped after */
};

extern const Shape work_file_shape;
/* Every hash in the body's `files` is stored here, and there are not too many. */
bool work_files_there(Call *c, const json_t *body, Err *e) MUST_USE;
/* The key `files`: what is attached to the record, and where else the same file is. */
bool work_files_put(Call *c, const Form *form, const Fact *f, Jw *out, Err *e) MUST_USE;

#endif
