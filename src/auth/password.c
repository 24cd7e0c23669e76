/* password: the rules, Argon2id through libsodium, and the gate that bounds its memory. */
#include "auth/parts.h"

#include <sodium.h>
#include <stdio.h>

enum { SALT_BYTES = 16, HASH_BYTES = 32, BASE64_MAX = 44 };

/* Commonplace passwords of at least AUTH_PASSWORD_MIN characters that pass the other rules: the
 * ones that people in Chinese offices are known to choose, and the world's. Compared without
 * regard to case. */
static const char *const common[] = {
    "12345678",   "123456789",  "1234567890", "87654321",   "987654321",   "0987654321",
    "123456789a", "a123456789", "a12345678",  "1234567a",   "12345678a",   "abc123456",
    "123456abc",  "abcd1234",   "1234abcd",   "abcd12345",  "aa123456",    "123456aa",
    "qwertyui",   "qwertyuiop", "qwerty123",  "1qaz2wsx",   "1qaz@wsx",    "zaq12wsx",
    "1q2w3e4r",   "1q2w3e4r5t", "q1w2e3r4",   "qazwsxedc",  "asdfghjk",    "asdfghjkl",
    "zxcvbnm123", "password",   "password1",  "passw0rd",   "p@ssw0rd",    "p@ssword",
    "password123", "admin123",  "admin1234",  "admin12345", "admin@123",   "administrator",
    "iloveyou",   "woaini1314", "woaini520",  "5201314520", "woaini123",   "sunshine",
    "princess",   "football",   "baseball",   "superman",   "trustno1",    "welcome1",
    "welcome123", "letmein123", "changeme",   "changeme123", "test1234",   "dangwei123",
    "dangjian123", "dangjian2026", "zuzhibu123", "zzb123456", "dw123456",  "19210701",
    "19491001",   "shuping123", "shuping2026", "abc@1234",  "abc@123456",  "aa@123456",
    "qwe123456",  "qwer1234",   "qwer@1234",  "asdf1234",   "zxcv1234",    "1234qwer",
};

static char low(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same(Str a, Str b)
{
    bool eq = a.n == b.n;
    for (size_t i = 0; eq && i < a.n; i++)
        eq = low(a.p[i]) == low(b.p[i]);
    return eq;
}

static bool is_common(Str password)
{
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (same(password, str_of(common[i])))
            return true;
    return false;
}

/* How many different characters, counted up to AUTH_PASSWORD_KINDS_MIN. */
static int kinds(Str password)
{
    uint32_t seen[AUTH_PASSWORD_KINDS_MIN], cp;
    int n = 0;
    size_t k;
    for (size_t i = 0; n < AUTH_PASSWORD_KINDS_MIN && (k = str_next(password, i, &cp)) > 0;
         i += k) {
        int j = 0;
        while (j < n && seen[j] != cp)
            j++;
        if (j == n)
            seen[n++] = cp;
    }
    return n;
}

bool auth_password_rules(Str password, Str login, Err *e)
{
    if (!str_valid(password))
        return err_fail(e, ERR_BAD_TEXT, err_hole("what", "密码"));
    size_t n = str_points(password);
    if (n < AUTH_PASSWORD_MIN || n > AUTH_PASSWORD_MAX)
        return err_fail(e, ERR_AUTH_PASSWORD_LENGTH, err_hole("min", AUTH_PASSWORD_MIN),
                        err_hole("max", AUTH_PASSWORD_MAX), err_hole("n", n));
    if (kinds(password) < AUTH_PASSWORD_KINDS_MIN)
        return err_fail(e, ERR_AUTH_PASSWORD_KINDS, err_hole("min", AUTH_PASSWORD_KINDS_MIN));
    if (same(password, login))
        return err_fail(e, ERR_AUTH_PASSWORD_LOGIN);
    return !is_common(password) || err_fail(e, ERR_AUTH_PASSWORD_COMMON);
}

/* --- the gate ------------------------------------------------------------------------------- */

void auth_gate_open(Gate *g)
{
    *g = (Gate){ 0 };
    pthread_mutex_init(&g->lock, NULL);
    pthread_cond_init(&g->freed, NULL);
}

void auth_gate_close(Gate *g)
{
    pthread_cond_destroy(&g->freed);
    pthread_mutex_destroy(&g->lock);
}

bool auth_gate_enter(Gate *g, Err *e)
{
    pthread_mutex_lock(&g->lock);
    bool ok = g->running < AUTH_HASHES_AT_ONCE || g->waiting < AUTH_HASHES_WAITING_MAX;
    if (ok) {
        g->waiting++;
        while (g->running >= AUTH_HASHES_AT_ONCE)
            pthread_cond_wait(&g->freed, &g->lock);
        g->waiting--;
        g->running++;
    }
    pthread_mutex_unlock(&g->lock);
    return ok || err_fail(e, ERR_BUSY, err_hole("what", "登录"));
}

void auth_gate_leave(Gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->running--;
    pthread_cond_signal(&g->freed);
    pthread_mutex_unlock(&g->lock);
}

/* --- Argon2id ------------------------------------------------------------------------------- */

/* The PHC string that libsodium itself would write, but with a salt from Sys, so that a run from a
 * seed gives the same bytes. */
static void print_hash(AuthHash *out, const unsigned char *salt, const unsigned char *hash)
{
    char s[BASE64_MAX], h[BASE64_MAX];
    sodium_bin2base64(s, sizeof s, salt, SALT_BYTES, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    sodium_bin2base64(h, sizeof h, hash, HASH_BYTES, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    snprintf(out->text, sizeof out->text, "$argon2id$v=19$m=%u,t=%u,p=1$%s$%s",
             (unsigned)(crypto_pwhash_MEMLIMIT_INTERACTIVE / 1024),
             (unsigned)crypto_pwhash_OPSLIMIT_INTERACTIVE, s, h);
}

void auth_hash_nobody(AuthHash *out, Sys *sys)
{
    unsigned char salt[SALT_BYTES], hash[HASH_BYTES];
    sys_random(sys, salt, sizeof salt);
    sys_random(sys, hash, sizeof hash);
    print_hash(out, salt, hash);
}

bool auth_password_hash(AuthHash *out, Auth *auth, Str password, Str login, Err *e)
{
    unsigned char salt[SALT_BYTES], hash[HASH_BYTES];
    if (!auth_password_rules(password, login, e) || !auth_gate_enter(&auth->gate, e))
        return false;
    sys_random(auth->sys, salt, sizeof salt);
    int bad = crypto_pwhash(hash, sizeof hash, password.p, password.n, salt,
                            crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13);
    auth_gate_leave(&auth->gate);
    if (bad)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "保存密码"));
    print_hash(out, salt, hash);
    sodium_memzero(hash, sizeof hash);
    return true;
}

bool auth_verify(Auth *auth, const AuthHash *hash, Str password, Err *e)
{
    if (!auth_gate_enter(&auth->gate, e))
        return false;
    bool ok = crypto_pwhash_str_verify(hash->text, password.p, password.n) == 0;
    auth_gate_leave(&auth->gate);
    return ok;
}

bool auth_password_put(Tx *tx, int64_t account, const AuthHash *hash, Err *e)
{
    Str login = STRC("");
    if (!auth_account_login(&login, tx, account, e))
        return e->code == ERR_NONE ? err_fail(e, ERR_NOT_FOUND, err_hole("what", "账号")) : false;
    return auth_forget(tx, account, e)
        && store_run(tx, "auth_credential_free", BIND(bind_text(login)), e)
        && store_run(tx, "auth_credential_add",
                     BIND(bind_int(account), bind_text(login), bind_text(str_of(hash->text)),
                          bind_int(sys_now(tx_sys(tx)))),
                     e);
}

typedef struct Put {
    int64_t account;
    AuthHash hash;
} Put;

static bool put(Tx *tx, void *arg, Err *e)
{
    const Put *p = arg;
    return auth_password_put(tx, p->account, &p->hash, e);
}

bool auth_password_set(Auth *auth, int64_t account, Str login, Str password, Err *e)
{
    Put p = { .account = account };
    return auth_password_hash(&p.hash, auth, password, login, e)
        && store_write(auth->store, put, &p, e);
}
