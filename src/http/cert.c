/* cert: a self-signed P-256 certificate, so that a hall without an authority can still use TLS;
 * its fingerprint is what people compare. */
#include "http/parts.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { HOST_BYTES_MAX = 64, CERT_PEM_MAX = 64 << 10 }; /* 64: the standard's limit for a CN */

static bool is_address(const char *host)
{
    unsigned char bytes[16];
    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

/* A host name or address and nothing that OpenSSL's extension syntax would read as more. */
static bool host_ok(Str host)
{
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
              || c == '.' || c == '-' || c == ':'))
            return false;
    }
    return host.n > 0 && host.n <= HOST_BYTES_MAX;
}

static bool add_extension(X509 *x, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
    X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool ok = ext && X509_add_ext(x, ext, -1);
    X509_EXTENSION_free(ext);
    return ok;
}

static bool set_serial(X509 *x)
{
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] &= 0x7F; /* RFC 5280: positive */
    bytes[0] |= 0x40;
    BIGNUM *n = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));
    BN_free(n);
    return ok;
}

static bool fill(X509 *x, EVP_PKEY *key, const char *host, Moment now)
{
    time_t from = (time_t)(now / 1000) - 86400;
    char names[HOST_BYTES_MAX + 64];
    snprintf(names, sizeof names, "%s:%s%s", is_address(host) ? "IP" : "DNS", host,
             strcmp(host, "localhost") == 0 ? "" : ",DNS:localhost");
    X509_NAME *subject = X509_get_subject_name(x);
    return X509_set_version(x, 2) && set_serial(x)
           && ASN1_TIME_set(X509_getm_notBefore(x), from)
           && ASN1_TIME_adj(X509_getm_notAfter(x), from, HTTP_CERT_DAYS, 0)
           && X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                         (const unsigned char *)host, -1, -1, 0)
           && X509_set_issuer_name(x, subject) && X509_set_pubkey(x, key)
           && add_extension(x, NID_basic_constraints, "critical,CA:FALSE")
           && add_extension(x, NID_key_usage, "critical,digitalSignature")
           && add_extension(x, NID_ext_key_usage, "serverAuth")
           && add_extension(x, NID_subject_alt_name, names)
           && X509_sign(x, key, EVP_sha256()) > 0;
}

static Str bio_text(Arena *a, BIO *b)
{
    char *p = NULL;
    long n = BIO_get_mem_data(b, &p);
    return n > 0 ? arena_str(a, (Str){ p, (size_t)n }) : STRC("");
}

static bool digest(Hash *out, const X509 *x)
{
    unsigned n = 0;
    return X509_digest(x, EVP_sha256(), out->b, &n) == 1 && n == sizeof out->b;
}

static bool write_pem(Arena *a, HttpCert *out, X509 *x, EVP_PKEY *key)
{
    BIO *cert = BIO_new(BIO_s_mem()), *secret = BIO_new(BIO_s_secmem());
    bool ok = cert && secret && PEM_write_bio_X509(cert, x)
              && PEM_write_bio_PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL);
    if (ok) {
        out->cert = bio_text(a, cert);
        out->key = bio_text(a, secret);
        ok = out->cert.n > 0 && out->key.n > 0 && digest(&out->fingerprint, x);
    }
    BIO_free(cert);
    BIO_free(secret);
    return ok;
}

static bool fail(Err *e)
{
    unsigned long code = ERR_get_error();
    const char *why = code ? ERR_reason_error_string(code) : NULL;
    ERR_clear_error();
    return err_fail(e, ERR_HTTP_TLS, err_hole("why", why ? why : "OpenSSL"));
}

bool http_self_signed(Arena *a, HttpCert *out, Str host, Moment now, Err *e)
{
    HttpCert made = { 0 };
    if (!host_ok(host))
        return err_fail(e, ERR_HTTP_ADDRESS, err_hole("host", host));
    const char *z = arena_z(a, host);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    bool ok = z && key && x && fill(x, key, z, now) && write_pem(a, &made, x, key);
    X509_free(x);
    EVP_PKEY_free(key);
    if (!ok)
        return fail(e);
    *out = made;
    return true;
}

bool http_fingerprint(Hash *out, Str cert_pem, Err *e)
{
    Hash found;
    if (cert_pem.n > CERT_PEM_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "PEM"), err_hole("max", CERT_PEM_MAX));
    BIO *b = BIO_new_mem_buf(cert_pem.p, (int)cert_pem.n);
    X509 *x = b ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;
    bool ok = x && digest(&found, x);
    X509_free(x);
    BIO_free(b);
    if (!ok)
        return fail(e);
    *out = found;
    return true;
}
