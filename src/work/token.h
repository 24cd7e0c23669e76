/* token: what a machine that calls with a token may do; for the files of this folder only. */
#ifndef WORK_TOKEN_H
#define WORK_TOKEN_H

#include "work/call.h"

/* The token's fact; TOKEN_BAD for one that is unknown, ended or not yet begun. */
bool work_token_find(Fact *out, Call *c, Str text, Err *e) MUST_USE;
/* Who its account is, cut down: its grants within the token's subtree, no administrator's, and no
 * person, so that nothing private comes with it. */
bool work_token_cut(Who *who, Call *c, const Fact *token, Err *e) MUST_USE;
/* Does the caller's token name this form? Always for a person, and for a token without a list. */
bool work_token_names(bool *out, Call *c, Str form, Err *e) MUST_USE;

#endif
