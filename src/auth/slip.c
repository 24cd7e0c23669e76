/* slip: one-time codes on paper. 100 random bits need no slow hash: SHA-256 is kept. */
#include "auth/parts.h"

#include <string.h>

enum { GROUP = 4 };

/* 32 letters without 0 O 1 I, which a reader confuses. */
static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

bool auth_slip_read(char out[AUTH_SLIP_LETTERS], Str typed)
{
    size_t n = 0, k;
    uint32_t cp;
    for (size_t i = 0; (k = str_next(typed, i, &cp)) > 0; i += k) {
        if (cp >= 0xFF01 && cp <= 0xFF5E)
            cp -= 0xFF01 - '!';
        if (cp >= 'a' && cp <= 'z')
            cp -= 'a' - 'A';
        if (cp == ' ' || cp == '-' || cp == 0x3000 || cp == 0x2014 || cp == 0x2013)
            continue;
        if (cp == 0 || cp > 'Z' || !strchr(letters, (int)cp) || n == AUTH_SLIP_LETTERS)
            return false;
        out[n++] = (char)cp;
    }
    return n == AUTH_SLIP_LETTERS;
}

static void make_code(char bare[AUTH_SLIP_LETTERS], char shown[AUTH_SLIP_TEXT + 1], Sys *sys)
{
    unsigned char bytes[AUTH_SLIP_LETTERS];
    size_t at = 0;
    sys_random(sys, bytes, sizeof bytes);
    for (size_t i = 0; i < AUTH_SLIP_LETTERS; i++) {
        bare[i] = letters[bytes[i] & 31];
        if (i > 0 && i % GROUP == 0)
            shown[at++] = '-';
        shown[at++] = bare[i];
    }
    shown[at] = 0;
}

bool auth_slip_make(AuthSlip *out, Tx *tx, int64_t account, AuthSlipKind kind, int64_t by, Err *e)
{
    static const struct { Str purpose; int64_t life; } kinds[] = {
        [AUTH_SLIP_PAPER] = { S("activate"), AUTH_SLIP_DAYS * 86400000LL },
        [AUTH_SLIP_FIRST] = { S("first"), AUTH_FIRST_HOURS * 3600000LL },
    };
    char bare[AUTH_SLIP_LETTERS];
    AuthSlip slip;
    Moment now = sys_now(tx_sys(tx));
    make_code(bare, slip.code, tx_sys(tx));
    slip.until = now + kinds[kind].life;
    Hash h = hash_of((Str){ bare, sizeof bare });
    if (!store_run(tx, "auth_slip_drop_all", BIND(bind_int(account)), e)
        || !store_run(tx, "auth_slip_add",
                      BIND(auth_bind_hash(&h), bind_int(account), bind_text(kinds[kind].purpose),
                           bind_int(by), bind_int(now), bind_int(slip.until)),
                      e))
        return false;
    *out = slip;
    return true;
}

bool auth_slip_find(int64_t *account, Tx *tx, Str code, Err *e)
{
    char bare[AUTH_SLIP_LETTERS];
    int64_t found = 0;
    if (!auth_slip_read(bare, code))
        return err_fail(e, ERR_AUTH_SLIP);
    Hash h = hash_of((Str){ bare, sizeof bare });
    if (!store_int(&found, tx, "auth_slip",
                   BIND(auth_bind_hash(&h), bind_int(sys_now(tx_sys(tx)))), 0, e))
        return false;
    if (found == 0)
        return err_fail(e, ERR_AUTH_SLIP);
    *account = found;
    return true;
}

bool auth_slip_take(int64_t *account, Tx *tx, Str code, Err *e)
{
    char bare[AUTH_SLIP_LETTERS];
    int64_t found;
    if (!auth_slip_find(&found, tx, code, e) || !auth_slip_read(bare, code))
        return false;
    Hash h = hash_of((Str){ bare, sizeof bare });
    Moment now = sys_now(tx_sys(tx));
    if (!store_run(tx, "auth_slip_used", BIND(bind_int(now), auth_bind_hash(&h)), e))
        return false;
    *account = found;
    return true;
}

/* --- using one ------------------------------------------------------------------------------ */

enum { LOGIN_BYTES_MAX = AUTH_LOGIN_MAX * 4 };

typedef struct Use {
    Str code;
    int64_t account;
    char login[LOGIN_BYTES_MAX];
    size_t n_login;
    AuthHash hash;
} Use;

static bool look(Tx *tx, void *arg, Err *e)
{
    Use *u = arg;
    Str login;
    if (!auth_slip_find(&u->account, tx, u->code, e))
        return false;
    if (!auth_account_login(&login, tx, u->account, e))
        return e->code != ERR_NONE ? false : err_fail(e, ERR_AUTH_SLIP);
    u->n_login = login.n < sizeof u->login ? login.n : sizeof u->login;
    memcpy(u->login, login.p, u->n_login);
    return true;
}

static bool use(Tx *tx, void *arg, Err *e)
{
    Use *u = arg;
    return auth_slip_take(&u->account, tx, u->code, e)
        && auth_password_put(tx, u->account, &u->hash, e);
}

bool auth_slip_use(int64_t *account, Auth *auth, Str code, Str password, Str peer, Err *e)
{
    Use u = { .code = code };
    if (!auth_throttle_enter(&auth->throttle, STRC(""), peer, e))
        return false;
    bool ok = store_read(auth->store, look, &u, e)
              && auth_password_hash(&u.hash, auth, password, (Str){ u.login, u.n_login }, e)
              && store_write(auth->store, use, &u, e);
    if (ok || e->code != ERR_AUTH_SLIP)
        auth_throttle_undo(&auth->throttle, STRC(""), peer);
    if (ok) {
        auth_throttle_success(&auth->throttle, (Str){ u.login, u.n_login }, STRC(""));
        *account = u.account;
    }
    return ok;
}
