/* slip: what a voter draws at the door: 108 random bits, as a code for the QR picture and as nine
 * words and a check word for typing. One slip opens every election: the credential is the same
 * text, the secret of each election is derived from it and the election's uuid exactly as the
 * official tool derives it, so that a voter may use that tool as well.
 *
 * A word is two characters: one of 64 that describe, one of 64 things (山 水 马 …), 12 bits in all.
 * Within each list all characters sound differently, tones apart. */
#ifndef BALLOT_SLIP_H
#define BALLOT_SLIP_H

#include "ballot/point.h"

enum { SLIP_SYMBOLS = 18, SLIP_CODE = 20, SLIP_WORDS = 10, SLIP_CREDENTIAL = 25,
       SLIP_TEXT_MAX = 400 };

typedef struct Slip { unsigned char symbol[SLIP_SYMBOLS]; } Slip; /* 0..63 each */

Slip slip_make(Coin *coin);
void slip_close(Slip *s);                          /* wipes */
void slip_code(char out[SLIP_CODE], const Slip *s);/* 18 of A-Z a-z 0-9 - _, and 2 to check */
Str slip_words(Arena *a, const Slip *s);           /* ten words with blanks between them */
/* A code or words as typed: blanks, commas and 、 are skipped. Names the word that is unknown. */
bool slip_read(Slip *out, Str typed, Err *e) MUST_USE;
/* XXXXX-XXXXXX-XXXXX-XXXXXX, as the official tool takes it. */
void slip_credential(char out[SLIP_CREDENTIAL], const Slip *s);
void slip_secret(Scalar *out, const Slip *s, Str uuid);
/* The same from a credential's text. */
void slip_derive(Scalar *out, Str credential, Str uuid);

#endif
