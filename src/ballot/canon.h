/* canon: the pieces of the format's canonical text, written and read back. A reader takes exactly
 * the bytes a writer gives; the first byte that differs is remembered (`at`), later calls do
 * nothing, and the caller looks once at its end.
 *
 * Nouns of this face: canon_ */
#ifndef BALLOT_CANON_H
#define BALLOT_CANON_H

#include "ballot/point.h"

enum { CANON_B64 = 43 };

typedef struct Canon {
    Str s;
    size_t at;
    bool bad;
} Canon;

Canon canon_open(Str s);
bool canon_end(const Canon *c);                  /* all of it, nothing amiss */
void canon_lit(Canon *c, const char *literal);
bool canon_try(Canon *c, const char *literal);   /* takes it if it is there */
Str canon_take(Canon *c, size_t n);              /* the next n bytes */
Point canon_point(Canon *c);                     /* 64 digits in quotes; not validated */
Scalar canon_scalar(Canon *c);                   /* decimal in quotes, below q */
Proof canon_proof(Canon *c);
Hash canon_hash(Canon *c);                       /* 64 hexadecimal digits, no quotes */
int64_t canon_int(Canon *c);                     /* 0 .. 2^53 - 1 */

void canon_put_z(Buf *b, const char *literal);
void canon_put_hex(Buf *b, Point p);             /* without quotes */
void canon_put_point(Buf *b, Point p);
void canon_put_scalar(Buf *b, Scalar s);
void canon_put_proof(Buf *b, Proof p);
void canon_put_hash(Buf *b, Hash h);
void canon_put_int(Buf *b, int64_t v);
void canon_b64(char out[CANON_B64], Hash h);     /* without padding */
Scalar canon_challenge(const Buf *text);         /* SHA-256 of it, mod q */

#endif
