#include "ballot/party.h"

#include <stdio.h>
#include <string.h>

bool party_fail(Err *e, int64_t index, const char *what, const char *what_en)
{
    return err_fail(e, ERR_TRUSTEE_MESSAGE, err_hole("index", index), err_hole("what", what),
                    err_hole("what_en", what_en));
}

bool party_no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "持钥人文件"));
}

/* --- proofs ----------------------------------------------------------------------------------- */

static Scalar challenge_of(Str prefix, Point commit)
{
    char hex[POINT_HEX];
    point_hex(hex, commit);
    return scalar_hash(hash_of2(prefix, (Str){ hex, sizeof hex }));
}

Proof party_prove(Str prefix, const Scalar *secret, Coin *coin)
{
    Scalar w = coin_scalar(coin);
    Proof p = { .challenge = challenge_of(prefix, point_base(w)) };
    p.response = scalar_sub(w, scalar_mul(*secret, p.challenge));
    scalar_close(&w);
    return p;
}

bool party_proves(Str prefix, Point key, Proof p)
{
    Point commit = point_add(point_base(p.response), point_mul(key, p.challenge));
    return scalar_eq(challenge_of(prefix, commit), p.challenge);
}

/* "pok|Ed25519|KEY|" and "sigmsg|MESSAGE|" */
static bool proves_key(Point key, Proof p)
{
    Buf b = buf_open(200);
    canon_put_z(&b, "pok|Ed25519|");
    canon_put_hex(&b, key);
    buf_putc(&b, '|');
    bool ok = !b.failed && party_proves(buf_str(&b), key, p);
    buf_close(&b);
    return ok;
}

bool party_signed(Str message, Point key, Proof p)
{
    Buf b = buf_open(message.n + 16);
    canon_put_z(&b, "sigmsg|");
    buf_put(&b, message);
    buf_putc(&b, '|');
    bool ok = !b.failed && party_proves(buf_str(&b), key, p);
    buf_close(&b);
    return ok;
}

/* --- one trustee ------------------------------------------------------------------------------ */

void party_put(Buf *out, const Party *p, bool with_signature)
{
    canon_put_z(out, "{\"pok\":");
    canon_put_proof(out, p->pok);
    canon_put_z(out, ",\"public_key\":");
    canon_put_point(out, p->key);
    if (with_signature) {
        canon_put_z(out, ",\"signature\":");
        canon_put_proof(out, p->signature);
    }
    if (p->name.n) {
        Jw w = jw_open(out);
        canon_put_z(out, ",\"name\":");
        jw_str(&w, p->name);
    }
    buf_putc(out, '}');
}

bool party_proof_read(Proof *out, const json_t *v)
{
    return json_is_object(v) && json_object_size(v) == 2 &&
           scalar_read(&out->challenge, jv_str(v, "challenge")) &&
           scalar_read(&out->response, jv_str(v, "response"));
}

bool party_read(Party *out, const json_t *v, bool with_signature, int64_t owner, Err *e)
{
    Party p = { .name = jv_str(v, "name") };
    if (!json_is_object(v) || !point_read(&p.key, jv_str(v, "public_key")))
        return party_fail(e, owner, "公钥", "public key");
    if (!party_proof_read(&p.pok, jv_get(v, "pok")) || !proves_key(p.key, p.pok))
        return party_fail(e, owner, "公钥证明", "proof of knowledge");
    if (with_signature && !party_proof_read(&p.signature, jv_get(v, "signature")))
        return party_fail(e, owner, "公钥签名", "signature on the public key");
    *out = p;
    return true;
}

/* --- signed messages -------------------------------------------------------------------------- */

void party_put_signed(Buf *out, Str message, Proof signature)
{
    Jw w = jw_open(out);
    canon_put_z(out, "{\"message\":");
    jw_str(&w, message);
    canon_put_z(out, ",\"signature\":");
    canon_put_proof(out, signature);
    buf_putc(out, '}');
}

static bool read_signed(Signed *out, Arena *a, const json_t *v)
{
    Str message = jv_str(v, "message");
    if (!json_is_object(v) || message.n == 0 || message.n > TRUSTEE_MESSAGE_MAX ||
        !party_proof_read(&out->signature, jv_get(v, "signature")))
        return false;
    out->message = arena_str(a, message);
    return out->message.n == message.n;
}

static bool read_cert_message(PartyCert *c)
{
    Canon t = canon_open(c->said.message);
    canon_lit(&t, "{\"context\":{\"group\":\"Ed25519\",\"size\":");
    c->role.size = canon_int(&t);
    canon_lit(&t, ",\"threshold\":");
    c->role.threshold = canon_int(&t);
    canon_lit(&t, ",\"index\":");
    c->role.index = canon_int(&t);
    canon_lit(&t, "},\"verification\":");
    c->verification = canon_point(&t);
    canon_lit(&t, ",\"encryption\":");
    c->encryption = canon_point(&t);
    canon_lit(&t, "}");
    return canon_end(&t) && point_valid(c->verification) && point_valid(c->encryption);
}

bool party_cert_read(PartyCert *out, Arena *a, const json_t *v, int64_t index, Err *e)
{
    PartyCert c;
    if (!read_signed(&c.said, a, v) || !read_cert_message(&c) || c.role.index != index)
        return party_fail(e, index, "证书", "certificate");
    if (!party_signed(c.said.message, c.verification, c.said.signature))
        return party_fail(e, index, "证书签名", "signature on the certificate");
    *out = c;
    return true;
}

bool party_coefs_read(PartyCoefs *out, Arena *a, const json_t *v, const PartyCert *cert, Err *e)
{
    PartyCoefs c = { .items = ARENA_ARRAY(a, Point, cert->role.threshold) };
    if (!c.items)
        return party_no_memory(e);
    if (!read_signed(&c.said, a, v) ||
        !party_signed(c.said.message, cert->verification, c.said.signature))
        return party_fail(e, cert->role.index, "多项式签名", "signature on the polynomial");
    Canon t = canon_open(c.said.message);
    canon_lit(&t, "{\"coefexps\":[");
    for (int64_t k = 0; k < cert->role.threshold && !t.bad; k++) {
        if (k)
            canon_lit(&t, ",");
        c.items[k] = canon_point(&t);
        if (!t.bad && !point_valid(c.items[k]))
            t.bad = true;
    }
    canon_lit(&t, "]}");
    if (!canon_end(&t))
        return party_fail(e, cert->role.index, "多项式", "polynomial");
    *out = c;
    return true;
}

bool party_sign_text(Buf *out, const PartySet *s, size_t index)
{
    canon_put_z(out, "certs_sig|{\"certs\":[");
    for (size_t i = 0; i < s->n; i++) {
        if (i)
            buf_putc(out, ',');
        party_put_signed(out, s->certs[i].said.message, s->certs[i].said.signature);
    }
    canon_put_z(out, "],\"coefexps\":[");
    for (int64_t k = 0; k < s->threshold; k++) {
        if (k)
            buf_putc(out, ',');
        canon_put_point(out, s->coefs[index - 1].items[k]);
    }
    canon_put_z(out, "]}");
    return !out->failed;
}

/* --- a set ------------------------------------------------------------------------------------ */

Point party_coefs_at(const PartyCoefs *c, int64_t threshold, size_t j)
{
    Point sum = point_identity();
    Scalar power = scalar_int(1), step = scalar_int(j);
    for (int64_t k = 0; k < threshold; k++, power = scalar_mul(power, step))
        sum = point_add(sum, point_mul(c->items[k], power));
    return sum;
}

Point party_share_key(const PartySet *s, size_t j)
{
    Point sum = point_identity();
    for (size_t i = 0; i < s->n; i++)
        sum = point_add(sum, party_coefs_at(&s->coefs[i], s->threshold, j));
    return sum;
}

static bool lists_fit(const json_t *v, size_t n)
{
    static const char *const names[] = { "certs", "coefexps", "signatures", "verification_keys" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!json_is_array(jv_get(v, names[i])) || jv_len(jv_get(v, names[i])) != n)
            return false;
    return true;
}

static bool read_member(PartySet *s, Arena *a, const json_t *v, size_t i, Err *e)
{
    int64_t index = (int64_t)i + 1;
    PartyCert *cert = &s->certs[i];
    if (!party_cert_read(cert, a, jv_at(jv_get(v, "certs"), i), index, e))
        return false;
    if (cert->role.size != (int64_t)s->n || cert->role.threshold != s->threshold)
        return party_fail(e, index, "证书所写的人数", "number in the certificate");
    return party_coefs_read(&s->coefs[i], a, jv_at(jv_get(v, "coefexps"), i), cert, e) &&
           (party_proof_read(&s->signatures[i], jv_at(jv_get(v, "signatures"), i)) ||
            party_fail(e, index, "签名", "signature")) &&
           party_read(&s->keys[i], jv_at(jv_get(v, "verification_keys"), i), true, index, e);
}

bool party_set_read(PartySet *out, Arena *a, const json_t *v, Err *e)
{
    PartySet s = { .n = jv_len(jv_get(v, "certs")), .threshold = jv_int(v, "threshold") };
    if (s.n < 1 || s.n > TRUSTEE_SET_MAX || s.threshold < 1 || s.threshold > (int64_t)s.n ||
        !lists_fit(v, s.n))
        return party_fail(e, 1, "人数", "number of members");
    s.certs = ARENA_ARRAY(a, PartyCert, s.n);
    s.coefs = ARENA_ARRAY(a, PartyCoefs, s.n);
    s.signatures = ARENA_ARRAY(a, Proof, s.n);
    s.keys = ARENA_ARRAY(a, Party, s.n);
    if (!s.certs || !s.coefs || !s.signatures || !s.keys)
        return party_no_memory(e);
    for (size_t i = 0; i < s.n; i++)
        if (!read_member(&s, a, v, i, e))
            return false;
    *out = s;
    return true;
}

static bool check_member(const PartySet *s, size_t i, Err *e)
{
    char hex[POINT_HEX];
    int64_t index = (int64_t)i + 1;
    Point signer = s->certs[i].verification;
    Buf b = buf_open(TRUSTEES_BYTES_MAX);
    bool made = party_sign_text(&b, s, i + 1);
    bool ok = made && party_signed(buf_str(&b), signer, s->signatures[i]);
    buf_close(&b);
    if (!made)
        return party_no_memory(e);
    if (!ok)
        return party_fail(e, index, "对全体证书的签名", "signature on all certificates");
    if (!point_eq(s->keys[i].key, party_share_key(s, i + 1)))
        return party_fail(e, index, "验证公钥", "verification key");
    point_hex(hex, s->keys[i].key);
    return party_signed((Str){ hex, sizeof hex }, signer, s->keys[i].signature) ||
           party_fail(e, index, "验证公钥签名", "signature on the verification key");
}

bool party_set_check(PartySet *s, Err *e)
{
    s->key = point_identity();
    for (size_t i = 0; i < s->n; i++) {
        if (!check_member(s, i, e))
            return false;
        s->key = point_add(s->key, s->coefs[i].items[0]);
    }
    return true;
}

void party_set_put(Buf *out, const PartySet *s)
{
    canon_put_z(out, "{\"threshold\":");
    canon_put_int(out, s->threshold);
    canon_put_z(out, ",\"certs\":[");
    for (size_t i = 0; i < s->n; i++) {
        canon_put_z(out, i ? "," : "");
        party_put_signed(out, s->certs[i].said.message, s->certs[i].said.signature);
    }
    canon_put_z(out, "],\"coefexps\":[");
    for (size_t i = 0; i < s->n; i++) {
        canon_put_z(out, i ? "," : "");
        party_put_signed(out, s->coefs[i].said.message, s->coefs[i].said.signature);
    }
    canon_put_z(out, "],\"signatures\":[");
    for (size_t i = 0; i < s->n; i++) {
        canon_put_z(out, i ? "," : "");
        canon_put_proof(out, s->signatures[i]);
    }
    canon_put_z(out, "],\"verification_keys\":[");
    for (size_t i = 0; i < s->n; i++) {
        canon_put_z(out, i ? "," : "");
        party_put(out, &s->keys[i], true);
    }
    canon_put_z(out, "]}");
}
