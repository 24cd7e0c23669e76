/* The ceremony of a threshold set, single keys, and envelopes. Secrets: libsodium only. What a
 * trustee sends is made of his seed and of what is public, so nothing but the seed is kept. */
#include "ballot/party.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { SEALED = 32 + 32 + crypto_secretbox_MACBYTES, LABEL_MAX = 200 };

/* HMAC-SHA-512(seed, label) as a big-endian number, mod q. */
static Scalar derive(const TrusteeSeed *seed, Str label)
{
    unsigned char wide[crypto_auth_hmacsha512_BYTES];
    crypto_auth_hmacsha512_state h;
    crypto_auth_hmacsha512_init(&h, seed->b, sizeof seed->b);
    crypto_auth_hmacsha512_update(&h, (const unsigned char *)label.p, label.n);
    crypto_auth_hmacsha512_final(&h, wide);
    Scalar s = scalar_wide(wide);
    sodium_memzero(wide, sizeof wide);
    sodium_memzero(&h, sizeof h);
    return s;
}

/* The nonce of a proof comes from the seed and from what is proved, so two different statements
 * never share one. */
static Proof prove(const TrusteeSeed *seed, Str prefix, const Scalar *secret)
{
    unsigned char all[32];
    crypto_auth_hmacsha256_state h;
    crypto_auth_hmacsha256_init(&h, seed->b, sizeof seed->b);
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)"shuping nonce|", 14);
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)prefix.p, prefix.n);
    crypto_auth_hmacsha256_final(&h, all);
    Coin coin = coin_open(all);
    Proof p = party_prove(prefix, secret, &coin);
    coin_close(&coin);
    sodium_memzero(all, sizeof all);
    return p;
}

static bool prove_message(Proof *out, const TrusteeSeed *seed, Str message, const Scalar *secret,
                          Err *e)
{
    Buf b = buf_open(message.n + 16);
    canon_put_z(&b, "sigmsg|");
    buf_put(&b, message);
    buf_putc(&b, '|');
    bool ok = !b.failed;
    if (ok)
        *out = prove(seed, buf_str(&b), secret);
    buf_close(&b);
    return ok || party_no_memory(e);
}

static Party party_of(const TrusteeSeed *seed, const Scalar *secret, Str name)
{
    Party p = { .key = point_base(*secret), .name = name };
    char prefix[12 + POINT_HEX + 1] = "pok|Ed25519|";
    point_hex(prefix + 12, p.key);
    prefix[12 + POINT_HEX] = '|';
    p.pok = prove(seed, (Str){ prefix, sizeof prefix }, secret);
    return p;
}

static bool name_fits(Str name, Err *e)
{
    return (str_valid(name) && str_points(name) <= 100) ||
           err_fail(e, ERR_BAD_TEXT, err_hole("what", "持钥人名称"));
}

bool trustee_single(Buf *out, Scalar *secret, const TrusteeSeed *seed, Str name, Err *e)
{
    if (!name_fits(name, e))
        return false;
    *secret = derive(seed, STRC("shuping single"));
    Party p = party_of(seed, secret, name);
    party_put(out, &p, false);
    return !out->failed || party_no_memory(e);
}

/* --- step 1 ----------------------------------------------------------------------------------- */

static bool role_fits(TrusteeRole r, Err *e)
{
    int64_t least = r.size / 2 + 1;
    if (r.size < 1 || r.size > TRUSTEE_SET_MAX || r.threshold < least || r.threshold > r.size)
        return err_fail(e, ERR_TRUSTEE_RULE, err_hole("size", r.size), err_hole("least", least),
                        err_hole("threshold", r.threshold));
    return (r.index >= 1 && r.index <= r.size) ||
           party_fail(e, r.index, "序号", "index");
}

bool trustee_cert(Buf *out, const TrusteeSeed *seed, TrusteeRole role, Err *e)
{
    Scalar sign = derive(seed, STRC("shuping sign")), open = derive(seed, STRC("shuping open"));
    Buf m = buf_open(1000);
    Proof p;
    canon_put_z(&m, "{\"context\":{\"group\":\"Ed25519\",\"size\":");
    canon_put_int(&m, role.size);
    canon_put_z(&m, ",\"threshold\":");
    canon_put_int(&m, role.threshold);
    canon_put_z(&m, ",\"index\":");
    canon_put_int(&m, role.index);
    canon_put_z(&m, "},\"verification\":");
    canon_put_point(&m, point_base(sign));
    canon_put_z(&m, ",\"encryption\":");
    canon_put_point(&m, point_base(open));
    canon_put_z(&m, "}");
    bool ok = role_fits(role, e) && (!m.failed || party_no_memory(e)) &&
              prove_message(&p, seed, buf_str(&m), &sign, e);
    if (ok)
        party_put_signed(out, buf_str(&m), p);
    buf_close(&m);
    scalar_close(&sign);
    scalar_close(&open);
    return ok && (!out->failed || party_no_memory(e));
}

Hash trustee_fingerprint(const Str *certs, size_t n)
{
    Buf b = buf_open(TRUSTEES_BYTES_MAX);
    for (size_t i = 0; i < n; i++) {
        buf_put(&b, certs[i]);
        buf_putc(&b, '\n');
    }
    Hash h = hash_of(buf_str(&b));
    buf_close(&b);
    return h;
}

/* --- reading what the others sent ------------------------------------------------------------- */

static bool read_json(json_t **out, Str text, int64_t index, const char *what,
                      const char *what_en, Err *e)
{
    Err why;
    return (text.n <= TRUSTEES_BYTES_MAX && jv_read(out, text, what, &why)) ||
           party_fail(e, index, what, what_en);
}

static bool read_certs(PartySet *s, Arena *a, TrusteeRole role, const Str *certs, Err *e)
{
    s->n = (size_t)role.size;
    s->threshold = role.threshold;
    s->certs = ARENA_ARRAY(a, PartyCert, s->n);
    s->coefs = ARENA_ARRAY(a, PartyCoefs, s->n);
    s->signatures = ARENA_ARRAY(a, Proof, s->n);
    s->keys = ARENA_ARRAY(a, Party, s->n);
    if (arena_refused(a))
        return party_no_memory(e);
    for (size_t i = 0; i < s->n; i++) {
        int64_t index = (int64_t)i + 1;
        json_t *v;
        if (!read_json(&v, certs[i], index, "证书", "certificate", e))
            return false;
        bool ok = party_cert_read(&s->certs[i], a, v, index, e);
        jv_close(v);
        if (!ok)
            return false;
        if (s->certs[i].role.size != role.size || s->certs[i].role.threshold != role.threshold)
            return party_fail(e, index, "证书所写的人数", "number in the certificate");
    }
    return true;
}

static bool is_ours(const PartySet *s, int64_t index, const Scalar *sign, Err *e)
{
    return point_eq(s->certs[index - 1].verification, point_base(*sign)) ||
           err_fail(e, ERR_TRUSTEE_KEY, err_hole("owner", index));
}

/* --- step 2 ----------------------------------------------------------------------------------- */

/* Coefficient k of our polynomial. It depends on all certificates: in another ceremony it is
 * another one. */
static Scalar coefficient(const TrusteeSeed *seed, Hash certs, int64_t k)
{
    char label[LABEL_MAX], hex[2 * sizeof certs.b + 1];
    sodium_bin2hex(hex, sizeof hex, certs.b, sizeof certs.b);
    int n = snprintf(label, sizeof label, "shuping coefficient|%s|%lld", hex, (long long)k);
    return derive(seed, (Str){ label, (size_t)n });
}

static Scalar share_for(const TrusteeSeed *seed, Hash certs, int64_t threshold, int64_t j)
{
    Scalar sum = scalar_int(0), x = scalar_int((uint64_t)j);
    for (int64_t k = threshold - 1; k >= 0; k--) {
        Scalar c = coefficient(seed, certs, k);
        sum = scalar_add(scalar_mul(sum, x), c);
        scalar_close(&c);
    }
    return sum;
}

/* SHA-256("shuping share|" recipient "|" ephemeral "|" common), the common point of both. */
static void seal_key(unsigned char out[32], Point recipient, Point ephemeral, Point common)
{
    char text[14 + 3 * POINT_HEX + 2] = "shuping share|";
    point_hex(text + 14, recipient);
    text[14 + POINT_HEX] = '|';
    point_hex(text + 15 + POINT_HEX, ephemeral);
    text[15 + 2 * POINT_HEX] = '|';
    point_hex(text + 16 + 2 * POINT_HEX, common);
    crypto_hash_sha256(out, (const unsigned char *)text, sizeof text);
    sodium_memzero(text, sizeof text);
}

/* A fresh key for every share, so the nonce may be zero. */
static void seal(unsigned char out[SEALED], const TrusteeSeed *seed, Hash certs, int64_t j,
                 Point recipient, const Scalar *share)
{
    unsigned char key[32], nonce[crypto_secretbox_NONCEBYTES] = { 0 };
    char label[LABEL_MAX], hex[2 * sizeof certs.b + 1];
    sodium_bin2hex(hex, sizeof hex, certs.b, sizeof certs.b);
    int n = snprintf(label, sizeof label, "shuping seal|%s|%lld", hex, (long long)j);
    Scalar e = derive(seed, (Str){ label, (size_t)n });
    Point ephemeral = point_base(e);
    seal_key(key, recipient, ephemeral, point_mul(recipient, e));
    memcpy(out, ephemeral.b, 32);
    crypto_secretbox_easy(out + 32, share->b, sizeof share->b, nonce, key);
    sodium_memzero(key, sizeof key);
    scalar_close(&e);
}

static bool unseal(Scalar *share, const unsigned char in[SEALED], Point ours, const Scalar *open)
{
    unsigned char key[32], nonce[crypto_secretbox_NONCEBYTES] = { 0 };
    Point ephemeral;
    memcpy(ephemeral.b, in, 32);
    if (!point_valid(ephemeral))
        return false;
    seal_key(key, ours, ephemeral, point_mul(ephemeral, *open));
    bool ok = crypto_secretbox_open_easy(share->b, in + 32, SEALED - 32, nonce, key) == 0;
    sodium_memzero(key, sizeof key);
    return ok;
}

static bool put_coefs(Buf *out, const TrusteeSeed *seed, PartyCoefs *mine, int64_t threshold,
                      Hash certs, const Scalar *sign, Err *e)
{
    Buf m = buf_open(TRUSTEE_MESSAGE_MAX);
    Proof p;
    canon_put_z(&m, "{\"coefexps\":[");
    for (int64_t k = 0; k < threshold; k++) {
        Scalar c = coefficient(seed, certs, k);
        mine->items[k] = point_base(c);
        scalar_close(&c);
        if (k)
            buf_putc(&m, ',');
        canon_put_point(&m, mine->items[k]);
    }
    canon_put_z(&m, "]}");
    bool ok = (!m.failed || party_no_memory(e)) &&
              prove_message(&p, seed, buf_str(&m), sign, e);
    if (ok)
        party_put_signed(out, buf_str(&m), p);
    buf_close(&m);
    return ok;
}

static void put_shares(Buf *out, const TrusteeSeed *seed, const PartySet *s, Hash certs)
{
    for (size_t j = 1; j <= s->n; j++) {
        unsigned char sealed[SEALED];
        char text[sodium_base64_ENCODED_LEN(SEALED, sodium_base64_VARIANT_ORIGINAL)];
        Scalar share = share_for(seed, certs, s->threshold, (int64_t)j);
        seal(sealed, seed, certs, (int64_t)j, s->certs[j - 1].encryption, &share);
        sodium_bin2base64(text, sizeof text, sealed, sizeof sealed,
                          sodium_base64_VARIANT_ORIGINAL);
        canon_put_z(out, j > 1 ? ",\"" : "\"");
        canon_put_z(out, text);
        buf_putc(out, '"');
        scalar_close(&share);
    }
}

static bool deal(Buf *out, Arena *a, const TrusteeSeed *seed, TrusteeRole role, const Str *certs,
                 const Scalar *sign, Err *e)
{
    PartySet s;
    Proof p;
    Hash all = trustee_fingerprint(certs, (size_t)role.size);
    Buf m = buf_open(TRUSTEES_BYTES_MAX);
    bool ok = role_fits(role, e) && read_certs(&s, a, role, certs, e) &&
              is_ours(&s, role.index, sign, e);
    if (ok) {
        s.coefs[role.index - 1].items = ARENA_ARRAY(a, Point, role.threshold);
        ok = !arena_refused(a) || party_no_memory(e);
    }
    canon_put_z(out, "{\"coefexps\":");
    ok = ok && put_coefs(out, seed, &s.coefs[role.index - 1], role.threshold, all, sign, e) &&
         (party_sign_text(&m, &s, (size_t)role.index) || party_no_memory(e)) &&
         prove_message(&p, seed, buf_str(&m), sign, e);
    if (ok) {
        canon_put_z(out, ",\"signature\":");
        canon_put_proof(out, p);
        canon_put_z(out, ",\"shares\":[");
        put_shares(out, seed, &s, all);
        canon_put_z(out, "]}");
        ok = !out->failed || party_no_memory(e);
    }
    buf_close(&m);
    return ok;
}

bool trustee_deal(Buf *out, const TrusteeSeed *seed, TrusteeRole role, const Str *certs, Err *e)
{
    Scalar sign = derive(seed, STRC("shuping sign"));
    Arena *a = arena_open(TRUSTEES_BYTES_MAX);
    bool ok = a ? deal(out, a, seed, role, certs, &sign, e) : party_no_memory(e);
    arena_close(a);
    scalar_close(&sign);
    return ok;
}

/* --- step 3 ----------------------------------------------------------------------------------- */

typedef struct Taker {
    PartySet s;
    TrusteeRole role;
    Scalar sign, open, sum;
} Taker;

static bool open_share(Taker *t, const json_t *shares, size_t from, Err *e)
{
    unsigned char sealed[SEALED];
    size_t n, j = (size_t)t->role.index;
    Scalar share;
    Str text = jv_text(jv_at(shares, j - 1));
    int64_t index = (int64_t)from + 1;
    if (sodium_base642bin(sealed, sizeof sealed, text.n ? text.p : "", text.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        n != sizeof sealed || !unseal(&share, sealed, t->s.certs[j - 1].encryption, &t->open))
        return party_fail(e, index, "密封份额", "sealed share");
    bool ok = point_eq(point_base(share), party_coefs_at(&t->s.coefs[from], t->role.threshold, j));
    t->sum = scalar_add(t->sum, share);
    scalar_close(&share);
    return ok || party_fail(e, index, "密封份额", "sealed share");
}

static bool read_deal(PartySet *s, Arena *a, const json_t *v, size_t i, Err *e)
{
    const json_t *signature = jv_get(v, "signature");
    int64_t index = (int64_t)i + 1;
    Buf m = buf_open(TRUSTEES_BYTES_MAX);
    bool ok = party_coefs_read(&s->coefs[i], a, jv_get(v, "coefexps"), &s->certs[i], e) &&
              (party_proof_read(&s->signatures[i], signature) ||
               party_fail(e, index, "签名", "signature")) &&
              (party_sign_text(&m, s, i + 1) || party_no_memory(e)) &&
              (party_signed(buf_str(&m), s->certs[i].verification, s->signatures[i]) ||
               party_fail(e, index, "对全体证书的签名", "signature on all certificates"));
    buf_close(&m);
    return ok;
}

/* taker NULL: nobody opens shares. */
static bool read_deals(PartySet *s, Arena *a, const Str *deals, Taker *taker, Err *e)
{
    for (size_t i = 0; i < s->n; i++) {
        json_t *v;
        if (!read_json(&v, deals[i], (int64_t)i + 1, "多项式", "polynomial", e))
            return false;
        bool ok = read_deal(s, a, v, i, e) &&
                  (!taker || open_share(taker, jv_get(v, "shares"), i, e));
        jv_close(v);
        if (!ok)
            return false;
    }
    return true;
}

static bool take(Buf *out, Arena *a, const TrusteeSeed *seed, Taker *t, const Str *certs,
                 const Str *deals, Str name, Err *e)
{
    if (!role_fits(t->role, e) || !name_fits(name, e) ||
        !read_certs(&t->s, a, t->role, certs, e) ||
        !is_ours(&t->s, t->role.index, &t->sign, e) || !read_deals(&t->s, a, deals, t, e))
        return false;
    char hex[POINT_HEX];
    Party p = party_of(seed, &t->sum, name);
    point_hex(hex, p.key);
    if (!prove_message(&p.signature, seed, (Str){ hex, sizeof hex }, &t->sign, e))
        return false;
    party_put(out, &p, true);
    return !out->failed || party_no_memory(e);
}

bool trustee_take(Buf *out, Scalar *secret, const TrusteeSeed *seed, TrusteeRole role,
                  const Str *certs, const Str *deals, Str name, Err *e)
{
    Taker t = { .role = role, .sign = derive(seed, STRC("shuping sign")),
                .open = derive(seed, STRC("shuping open")) };
    Arena *a = arena_open(TRUSTEES_BYTES_MAX);
    bool ok = a ? take(out, a, seed, &t, certs, deals, name, e) : party_no_memory(e);
    if (ok)
        *secret = t.sum;
    arena_close(a);
    sodium_memzero(&t, sizeof t);
    return ok;
}

/* --- step 4 ----------------------------------------------------------------------------------- */

bool trustee_set_write(Buf *out, TrusteeRole role, const Str *certs, const Str *deals,
                       const Str *keys, Err *e)
{
    PartySet s;
    json_t *held[TRUSTEE_SET_MAX] = { NULL };
    Arena *a = arena_open(TRUSTEES_BYTES_MAX);
    role.index = 1;
    bool ok = (a || party_no_memory(e)) && role_fits(role, e) &&
              read_certs(&s, a, role, certs, e) && read_deals(&s, a, deals, NULL, e);
    for (size_t i = 0; ok && i < s.n; i++)
        ok = read_json(&held[i], keys[i], (int64_t)i + 1, "验证公钥", "verification key", e) &&
             party_read(&s.keys[i], held[i], true, (int64_t)i + 1, e);
    ok = ok && party_set_check(&s, e);
    if (ok) {
        party_set_put(out, &s);
        ok = !out->failed || party_no_memory(e);
    }
    for (size_t i = 0; i < TRUSTEE_SET_MAX; i++)
        jv_close(held[i]);
    arena_close(a);
    return ok;
}

/* --- envelopes -------------------------------------------------------------------------------- */

void trustee_weights(Scalar *out, const int64_t *indexes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Scalar up = scalar_int(1), down = scalar_int(1);
        for (size_t k = 0; k < n; k++) {
            if (k == i)
                continue;
            Scalar other = scalar_int((uint64_t)indexes[k]);
            up = scalar_mul(up, other);
            down = scalar_mul(down, scalar_sub(other, scalar_int((uint64_t)indexes[i])));
        }
        out[i] = scalar_mul(up, scalar_invert(down));
    }
}

bool trustee_split(TrusteePiece *out, const Scalar *secret, int64_t threshold, int64_t size,
                   Coin *coin, Err *e)
{
    Scalar c[TRUSTEE_SET_MAX];
    if (!role_fits((TrusteeRole){ 1, threshold, size }, e))
        return false;
    c[0] = *secret;
    for (int64_t k = 1; k < threshold; k++)
        c[k] = coin_scalar(coin);
    for (int64_t j = 1; j <= size; j++) {
        Scalar sum = scalar_int(0), x = scalar_int((uint64_t)j);
        for (int64_t k = threshold - 1; k >= 0; k--)
            sum = scalar_add(scalar_mul(sum, x), c[k]);
        out[j - 1] = (TrusteePiece){ j, sum };
    }
    sodium_memzero(c, sizeof c);
    return true;
}

bool trustee_join(Scalar *out, const TrusteePiece *pieces, size_t n, Point key, Err *e)
{
    int64_t indexes[TRUSTEE_SET_MAX];
    Scalar weights[TRUSTEE_SET_MAX], sum = scalar_int(0);
    if (n < 1 || n > TRUSTEE_SET_MAX)
        return err_fail(e, ERR_TRUSTEE_PIECES);
    for (size_t i = 0; i < n; i++) {
        indexes[i] = pieces[i].index;
        for (size_t k = 0; k < i; k++)
            if (indexes[k] == indexes[i])
                return err_fail(e, ERR_TRUSTEE_PIECES);
    }
    trustee_weights(weights, indexes, n);
    for (size_t i = 0; i < n; i++)
        sum = scalar_add(sum, scalar_mul(weights[i], pieces[i].value));
    bool ok = point_eq(point_base(sum), key);
    if (ok)
        *out = sum;
    scalar_close(&sum);
    return ok || err_fail(e, ERR_TRUSTEE_PIECES);
}
