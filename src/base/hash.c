#include "base/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

struct HashRun {
    EVP_MD_CTX *ctx;
    EVP_MD *md;
};

HashRun *hash_open(void)
{
    HashRun *r = OPENSSL_zalloc(sizeof *r);
    if (!r)
        return NULL;
    r->md = EVP_MD_fetch(NULL, "SHA256", NULL);
    r->ctx = EVP_MD_CTX_new();
    if (!r->md || !r->ctx || !EVP_DigestInit_ex2(r->ctx, r->md, NULL)) {
        hash_close(r);
        return NULL;
    }
    return r;
}

void hash_add(HashRun *r, Str s)
{
    if (s.n)
        EVP_DigestUpdate(r->ctx, s.p, s.n);
}

/* Ends one hash and readies the run for the next: the fetched digest is reused. */
Hash hash_end(HashRun *r)
{
    Hash h = { { 0 } };
    unsigned n = sizeof h.b;
    EVP_DigestFinal_ex(r->ctx, h.b, &n);
    EVP_DigestInit_ex2(r->ctx, r->md, NULL);
    return h;
}

void hash_close(HashRun *r)
{
    if (!r)
        return;
    EVP_MD_CTX_free(r->ctx);
    EVP_MD_free(r->md);
    OPENSSL_free(r);
}

Hash hash_of3(Str a, Str b, Str c)
{
    Hash h = { { 0 } };
    unsigned n = sizeof h.b;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (ctx && EVP_DigestInit_ex2(ctx, EVP_sha256(), NULL)) {
        EVP_DigestUpdate(ctx, a.n ? a.p : "", a.n);
        EVP_DigestUpdate(ctx, b.n ? b.p : "", b.n);
        EVP_DigestUpdate(ctx, c.n ? c.p : "", c.n);
        EVP_DigestFinal_ex(ctx, h.b, &n);
    }
    EVP_MD_CTX_free(ctx);
    return h;
}

Hash hash_of(Str s)
{
    return hash_of3(s, (Str){ "", 0 }, (Str){ "", 0 });
}

Hash hash_of2(Str a, Str b)
{
    return hash_of3(a, b, (Str){ "", 0 });
}

Hash hash_mac(Str key, Str text)
{
    Hash h = { { 0 } };
    unsigned n = sizeof h.b;
    HMAC(EVP_sha256(), key.n ? key.p : "", (int)key.n, (const unsigned char *)text.p, text.n, h.b,
         &n);
    return h;
}

bool hash_eq(Hash a, Hash b)
{
    unsigned diff = 0;
    for (size_t i = 0; i < sizeof a.b; i++)
        diff |= a.b[i] ^ b.b[i];
    return diff == 0;
}

Str hash_hex_bytes(Arena *a, Str s)
{
    static const char hex[] = "0123456789abcdef";
    char *p = arena_alloc(a, s.n * 2 + 1);
    if (!p)
        return (Str){ "", 0 };
    for (size_t i = 0; i < s.n; i++) {
        p[2 * i] = hex[(unsigned char)s.p[i] >> 4];
        p[2 * i + 1] = hex[(unsigned char)s.p[i] & 15];
    }
    return (Str){ p, s.n * 2 };
}

Str hash_hex(Arena *a, Hash h)
{
    return hash_hex_bytes(a, (Str){ (const char *)h.b, sizeof h.b });
}

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
           c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool unhex(unsigned char *out, Str hex)
{
    for (size_t i = 0; i + 1 < hex.n; i += 2) {
        int hi = nibble(hex.p[i]), lo = nibble(hex.p[i + 1]);
        if (hi < 0 || lo < 0)
            return false;
        out[i / 2] = (unsigned char)(hi << 4 | lo);
    }
    return hex.n % 2 == 0;
}

bool hash_read(Hash *out, Str hex)
{
    Hash h;
    if (hex.n != 64 || !unhex(h.b, hex))
        return false;
    *out = h;
    return true;
}

bool hash_unhex(Arena *a, Str hex, Str *out)
{
    unsigned char *p = arena_alloc(a, hex.n / 2 + 1);
    if (!p || !unhex(p, hex))
        return false;
    *out = (Str){ (char *)p, hex.n / 2 };
    return true;
}

Str hash_base64(Arena *a, Str s)
{
    unsigned char *p = arena_alloc(a, (s.n + 2) / 3 * 4 + 1);
    if (!p)
        return (Str){ "", 0 };
    int n = EVP_EncodeBlock(p, (const unsigned char *)(s.n ? s.p : ""), (int)s.n);
    return (Str){ (char *)p, (size_t)n };
}

bool hash_unbase64(Arena *a, Str s, Str *out)
{
    unsigned char *p = arena_alloc(a, s.n / 4 * 3 + 1);
    if (!p || s.n % 4 != 0)
        return false;
    int n = s.n ? EVP_DecodeBlock(p, (const unsigned char *)s.p, (int)s.n) : 0;
    if (n < 0)
        return false;
    size_t pad = s.n && s.p[s.n - 1] == '=' ? 1 + (s.p[s.n - 2] == '=') : 0;
    *out = (Str){ (char *)p, (size_t)n - pad };
    Arena *check = arena_open(s.n + 4096); /* one text, one meaning: re-encode and compare */
    bool same = check && str_eq(hash_base64(check, *out), s);
    arena_close(check);
    return same;
}
