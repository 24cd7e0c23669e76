/* template: official papers made from what packs say of them; for the files of this folder. */
#ifndef WORK_TEMPLATE_H
#define WORK_TEMPLATE_H

#include "pack/template.h"
#include "work/call.h"

enum { TEMPLATE_RECORDS_MAX = 5000 /* of one `with` */ };

/* Adds the paper about the thing to p. `asks`: what the maker filled in, by name; NULL: nothing.
 * Who may is the caller's business; the records that belong to it must be visible to him.
 * Errors: TEMPLATE_FIELD (file and line of the field), FIELD_MISSING, FORBIDDEN. */
bool work_template_fill(Paper *p, Call *c, const Template *t, const Fact *thing,
                        const json_t *asks, Err *e) MUST_USE;
/* Templates of packs by name; NOT_FOUND. */
bool work_template_named(const Template **out, Call *c, Str name, Err *e) MUST_USE;

#endif
