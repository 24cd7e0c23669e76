#include "ballot/canon.h"

#include <sodium.h>
#include <string.h>

Canon canon_open(Str s)
{
    return (Canon){ .s = s };
}

bool canon_end(const Canon *c)
{
    return !c->bad && c->at == c->s.n;
}

bool canon_try(Canon *c, const char *literal)
{
    size_t n = strlen(literal);
    if (c->bad || c->s.n - c->at < n || memcmp(c->s.p + c->at, literal, n) != 0)
        return false;
    c->at += n;
    return true;
}

void canon_lit(Canon *c, const char *literal)
{
    if (!canon_try(c, literal))
        c->bad = true;
}

Str canon_take(Canon *c, size_t n)
{
    if (c->bad || c->s.n - c->at < n) {
        c->bad = true;
        return (Str){ "", 0 };
    }
    c->at += n;
    return (Str){ c->s.p + c->at - n, n };
}

Point canon_point(Canon *c)
{
    Point p = point_identity();
    canon_lit(c, "\"");
    size_t at = c->at;
    Str hex = canon_take(c, POINT_HEX);
    if (!c->bad && !point_unhex(&p, hex)) {
        c->bad = true;
        c->at = at;
    }
    canon_lit(c, "\"");
    return p;
}

static size_t count_digits(const Canon *c, size_t most)
{
    size_t n = 0;
    while (n < most && c->at + n < c->s.n && c->s.p[c->at + n] >= '0' && c->s.p[c->at + n] <= '9')
        n++;
    return n;
}

Scalar canon_scalar(Canon *c)
{
    Scalar s = { { 0 } };
    canon_lit(c, "\"");
    if (c->bad)
        return s;
    Str digits = { c->s.p + c->at, count_digits(c, SCALAR_DIGITS + 1) };
    if (!scalar_read(&s, digits))
        c->bad = true;
    else
        c->at += digits.n;
    canon_lit(c, "\"");
    return s;
}

Proof canon_proof(Canon *c)
{
    Proof p;
    canon_lit(c, "{\"challenge\":");
    p.challenge = canon_scalar(c);
    canon_lit(c, ",\"response\":");
    p.response = canon_scalar(c);
    canon_lit(c, "}");
    return p;
}

Hash canon_hash(Canon *c)
{
    Hash h = { { 0 } };
    Str hex = canon_take(c, 2 * sizeof h.b);
    if (!c->bad && !hash_read(&h, hex)) {
        c->bad = true;
        c->at -= hex.n;
    }
    return h;
}

int64_t canon_int(Canon *c)
{
    int64_t v = 0;
    size_t n = c->bad ? 0 : count_digits(c, 17);
    Str digits = { c->s.p + c->at, n };
    if (n == 0 || n > 16 || (n > 1 && digits.p[0] == '0') || !str_int(digits, &v) ||
        v > INT64_C(9007199254740991)) {
        c->bad = true;
        return 0;
    }
    c->at += n;
    return v;
}

void canon_put_z(Buf *b, const char *literal)
{
    buf_put(b, str_of(literal));
}

void canon_put_hex(Buf *b, Point p)
{
    char hex[POINT_HEX];
    point_hex(hex, p);
    buf_put(b, (Str){ hex, sizeof hex });
}

void canon_put_point(Buf *b, Point p)
{
    buf_putc(b, '"');
    canon_put_hex(b, p);
    buf_putc(b, '"');
}

void canon_put_scalar(Buf *b, Scalar s)
{
    char text[SCALAR_DIGITS];
    size_t n = scalar_digits(text, s);
    buf_putc(b, '"');
    buf_put(b, (Str){ text, n });
    buf_putc(b, '"');
}

void canon_put_proof(Buf *b, Proof p)
{
    canon_put_z(b, "{\"challenge\":");
    canon_put_scalar(b, p.challenge);
    canon_put_z(b, ",\"response\":");
    canon_put_scalar(b, p.response);
    buf_putc(b, '}');
}

void canon_put_hash(Buf *b, Hash h)
{
    char hex[2 * sizeof h.b + 1];
    sodium_bin2hex(hex, sizeof hex, h.b, sizeof h.b);
    buf_put(b, (Str){ hex, 2 * sizeof h.b });
}

void canon_put_int(Buf *b, int64_t v)
{
    char digits[STR_DIGITS];
    buf_put(b, str_digits(digits, v));
}

void canon_b64(char out[CANON_B64], Hash h)
{
    char text[CANON_B64 + 1];
    sodium_bin2base64(text, sizeof text, h.b, sizeof h.b,
                      sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    memcpy(out, text, CANON_B64);
}

Scalar canon_challenge(const Buf *text)
{
    return scalar_hash(hash_of(buf_str(text)));
}
