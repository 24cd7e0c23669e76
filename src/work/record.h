/* record: which facts a caller may read, and what they say; for the files of this folder. */
#ifndef WORK_RECORD_H
#define WORK_RECORD_H

#include "work/call.h"

/* May the caller read this fact? Unknown kinds are for the organiser's people. */
bool work_record_visible(bool *out, Call *c, const Fact *f, Err *e) MUST_USE;
/* A value as a person reads it: titles of choices, names of what is pointed to. */
bool work_record_text(Str *out, Call *c, const FormField *f, const json_t *v, Err *e) MUST_USE;
/* The name of the thing that a ref points to; its number when it has none. */
Str work_ref_name(Call *c, const FormField *f, int64_t id);
/* One line: the first text the form asks for. */
bool work_record_line(Str *out, Call *c, const Fact *f, Err *e) MUST_USE;
/* Who may read birth months and staff numbers, and keep the roster. */
#define RECORD_PERSONAL                                                                            \
    (ROLE_BIT(ROLE_SEC_ADMIN) | ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_PARTY_STAFF))

#endif
