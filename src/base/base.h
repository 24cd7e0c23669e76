/* base: what every other room stands on: text with a length, capped memory, errors with a
 * remedy, decimals, days, JSON.
 *
 * It refuses to know files, clocks, sockets and SQL: the same input gives the same output.
 *
 * Ownership: whatever a function returns lives in the arena it was given; the arena frees it all.
 *
 *     Arena *a = arena_open(1 << 20);
 *     Dec third;
 *     Err e = { 0 };
 *     if (!dec_read(&third, S("0.3333"), &e)) ...
 *     Str shown = dec_print(a, dec_round(third, 2, DEC_HALF_UP));      // 0.33
 *     arena_close(a);
 *
 * Nouns of this face, one header each:
 *   str_    str.h     text with its length, UTF-8
 *   arena_  arena.h   memory with one lifetime and a cap
 *   buf_    buf.h     text that grows
 *   map_    map.h     text -> pointer
 *   err_    err.h     one row per way to fail (errors.def)
 *   dec_    dec.h     decimal128
 *   day_ period_ moment_  date.h
 *   hash_   hash.h    SHA-256 and hexadecimal
 *   jv_ jw_ json.h    reading and writing JSON
 *   Embed   embed.h   a file linked into the binary
 *   shape_  shape.h   what an input or a reply looks like; JSON <-> struct
 */
#ifndef BASE_H
#define BASE_H

#include "base/str.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/err.h"
#include "base/dec.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/shape.h"
#include "base/embed.h"

#endif
