/* A file sealed under a passphrase: Argon2id for the key, XChaCha20-Poly1305 over chunks
 * (libsodium's secretstream), so that a cut, moved or changed chunk is found.
 *
 * Layout: "shuping-copy-1\n", 16 bytes of salt, 24 of stream header, then chunks of at most
 * SYS_PIPE_CHUNK bytes + 17; the last one carries the final tag. */
#include "auth/auth.h"

#include <sodium.h>
#include <string.h>

#define MAGIC "shuping-copy-1\n"
enum {
    MAGIC_BYTES = sizeof MAGIC - 1,
    SALT = crypto_pwhash_SALTBYTES,
    HEADER = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    EXTRA = crypto_secretstream_xchacha20poly1305_ABYTES,
    SEALED = SYS_PIPE_CHUNK + EXTRA
};

typedef struct Vault {
    crypto_secretstream_xchacha20poly1305_state state;
    Str passphrase;
    Sys *sys;
    bool begun, ended;
    Buf held;          /* opening: bytes not yet a whole chunk */
} Vault;

static bool key_of(unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES],
                   const unsigned char *salt, Str passphrase, Err *e)
{
    return crypto_pwhash(key, crypto_secretstream_xchacha20poly1305_KEYBYTES, passphrase.p,
                         passphrase.n, salt, crypto_pwhash_OPSLIMIT_MODERATE,
                         crypto_pwhash_MEMLIMIT_MODERATE, crypto_pwhash_ALG_ARGON2ID13) == 0 ||
           err_fail(e, ERR_NO_MEMORY, err_hole("what", "加密"));
}

static bool seal_begin(Vault *v, Buf *out, Err *e)
{
    unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES], salt[SALT], header[HEADER];
    sys_random(v->sys, salt, sizeof salt);
    if (!key_of(key, salt, v->passphrase, e))
        return false;
    crypto_secretstream_xchacha20poly1305_init_push(&v->state, header, key);
    sodium_memzero(key, sizeof key);
    buf_put(out, STRC(MAGIC));
    buf_put(out, (Str){ (char *)salt, sizeof salt });
    buf_put(out, (Str){ (char *)header, sizeof header });
    v->begun = true;
    return true;
}

static bool seal_turn(void *arg, Buf *out, Str chunk, bool last, Err *e)
{
    Vault *v = arg;
    if (!v->begun && !seal_begin(v, out, e))
        return false;
    unsigned char *sealed = sodium_malloc(chunk.n + EXTRA);
    if (!sealed)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "加密"));
    unsigned long long n;
    crypto_secretstream_xchacha20poly1305_push(
        &v->state, sealed, &n, (const unsigned char *)chunk.p, chunk.n, NULL, 0,
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
    buf_put(out, (Str){ (char *)sealed, (size_t)n });
    sodium_free(sealed);
    return !out->failed || err_fail(e, ERR_NO_MEMORY, err_hole("what", "加密"));
}

static bool open_begin(Vault *v, Err *e)
{
    unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    const unsigned char *p = (const unsigned char *)v->held.p;
    enum { ALL = MAGIC_BYTES + SALT + HEADER };
    if (v->held.n < ALL || memcmp(p, MAGIC, MAGIC_BYTES) != 0)
        return err_fail(e, ERR_VAULT_FORMAT);
    if (!key_of(key, p + MAGIC_BYTES, v->passphrase, e))
        return false;
    int bad = crypto_secretstream_xchacha20poly1305_init_pull(&v->state, p + MAGIC_BYTES + SALT,
                                                              key);
    sodium_memzero(key, sizeof key);
    memmove(v->held.p, v->held.p + ALL, v->held.n - ALL);
    v->held.n -= ALL;
    v->begun = true;
    return bad == 0 || err_fail(e, ERR_VAULT_FORMAT);
}

static bool open_chunk(Vault *v, Buf *out, size_t n, Err *e)
{
    unsigned char tag, *plain = sodium_malloc(n);
    unsigned long long got;
    if (!plain)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "解密"));
    bool ok = n >= EXTRA && !v->ended &&
              crypto_secretstream_xchacha20poly1305_pull(&v->state, plain, &got, &tag,
                                                         (unsigned char *)v->held.p, n, NULL,
                                                         0) == 0;
    if (ok) {
        buf_put(out, (Str){ (char *)plain, (size_t)got });
        v->ended = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
        memmove(v->held.p, v->held.p + n, v->held.n - n);
        v->held.n -= n;
    }
    sodium_free(plain);
    return ok || err_fail(e, ERR_VAULT_OPEN);
}

static bool open_turn(void *arg, Buf *out, Str chunk, bool last, Err *e)
{
    Vault *v = arg;
    buf_put(&v->held, chunk);
    if (v->held.failed)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "解密"));
    if (!v->begun && !open_begin(v, e))
        return false;
    while (v->held.n >= SEALED)
        if (!open_chunk(v, out, SEALED, e))
            return false;
    if (last && v->held.n && !open_chunk(v, out, v->held.n, e))
        return false;
    return !last || v->ended || err_fail(e, ERR_VAULT_OPEN); /* cut short */
}

static bool run(Sys *sys, const char *from, const char *to, Str passphrase, bool seal, Err *e)
{
    Vault v = { .sys = sys, .passphrase = passphrase, .held = buf_open(3 * SEALED) };
    if (sodium_init() < 0)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "加密"));
    if (seal && str_points(passphrase) < AUTH_VAULT_PASSPHRASE_MIN)
        return err_fail(e, ERR_VAULT_SHORT, err_hole("min", AUTH_VAULT_PASSPHRASE_MIN));
    SysPipe p = { from, to, seal ? seal_turn : open_turn, &v };
    bool ok = sys_file_pipe(sys, &p, e);
    buf_close(&v.held);
    sodium_memzero(&v.state, sizeof v.state);
    return ok;
}

bool auth_vault_seal(Sys *sys, const char *from, const char *to, Str passphrase, Err *e)
{
    return run(sys, from, to, passphrase, true, e);
}

bool auth_vault_open(Sys *sys, const char *from, const char *to, Str passphrase, Err *e)
{
    return run(sys, from, to, passphrase, false, e);
}
