/* hash: SHA-256 through OpenSSL, and hexadecimal. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/arena.h"

typedef struct Hash {
    unsigned char b[32];
} Hash;

Hash hash_of(Str s);
Hash hash_of2(Str a, Str b);                     /* of the concatenation */
Hash hash_of3(Str a, Str b, Str c);
Hash hash_mac(Str key, Str text);                /* HMAC-SHA-256 */
bool hash_eq(Hash a, Hash b);                    /* in constant time */
static inline Str hash_bytes(const Hash *h)      /* its 32 bytes, as long as *h lives */
{
    return (Str){ (const char *)h->b, sizeof h->b };
}
Str hash_hex(Arena *a, Hash h);                  /* 64 lower-case digits */
bool hash_read(Hash *out, Str hex) MUST_USE;
Str hash_hex_bytes(Arena *a, Str bytes);
bool hash_unhex(Arena *a, Str hex, Str *out) MUST_USE;
Str hash_base64(Arena *a, Str bytes);            /* RFC 4648, padded */
bool hash_unbase64(Arena *a, Str text, Str *out) MUST_USE;

/* Streaming, for files. close without end is allowed; NULL accepted. */
typedef struct HashRun HashRun;
HashRun *hash_open(void);
void hash_add(HashRun *r, Str s);
Hash hash_end(HashRun *r);
void hash_close(HashRun *r);

#endif
