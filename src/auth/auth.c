/* auth: opening, logging in, sessions. */
#include "auth/parts.h"

#include "fact/fact.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_BYTES = 32, PASSWORD_BYTES_MAX = AUTH_PASSWORD_MAX * 4 };

bool auth_open(Auth **out, Store *store, Err *e)
{
    Auth *auth = calloc(1, sizeof *auth);
    if (!auth || sodium_init() < 0) {
        free(auth);
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "启动登录服务"));
    }
    auth->store = store;
    auth->sys = store_sys(store);
    auth_gate_open(&auth->gate);
    auth_throttle_open(&auth->throttle, auth->sys);
    auth_hash_nobody(&auth->nobody, auth->sys);
    *out = auth;
    return true;
}

void auth_close(Auth *auth)
{
    if (!auth)
        return;
    auth_gate_close(&auth->gate);
    auth_throttle_close(&auth->throttle);
    free(auth);
}

/* --- accounts are facts --------------------------------------------------------------------- */

bool auth_account_find(int64_t *account, Tx *tx, Str login, Err *e)
{
    Fact f = { 0 };
    FactFilter filter = { .kind = STRC("account"), .field = STRC("login"), .value = login };
    *account = 0;
    if (login.n == 0 || !str_valid(login) || str_points(login) > AUTH_LOGIN_MAX)
        return true;
    if (!fact_first(&f, tx_arena(tx), tx, &filter, e))
        return false;
    if (f.id != 0 && !fact_bool(&f, "closed"))
        *account = f.subject;
    return true;
}

bool auth_account_login(Str *login, Tx *tx, int64_t account, Err *e)
{
    Fact f;
    bool found = false;
    if (!fact_exists(&found, tx, STRC("account"), account, e) || !found
        || !fact_current(&f, tx_arena(tx), tx, STRC("account"), account, e)
        || fact_bool(&f, "closed"))
        return false;
    *login = fact_str(tx_arena(tx), &f, "login");
    return true;
}

/* --- tokens --------------------------------------------------------------------------------- */

static Hash csrf_of(Str token)
{
    return hash_mac(token, STRC("csrf"));
}

static Str token_make(Arena *a, Sys *sys)
{
    unsigned char bytes[TOKEN_BYTES];
    char text[AUTH_TOKEN_TEXT + 1];
    sys_random(sys, bytes, sizeof bytes);
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
    return arena_str(a, str_of(text));
}

/* --- log-in --------------------------------------------------------------------------------- */

typedef struct Asked {
    Str login;
    int64_t account;
    AuthHash hash;
} Asked;

/* Leaves `hash` as it was (nobody's) when there is no such account or it has no password. */
static bool read_credential(Tx *tx, void *arg, Err *e)
{
    Asked *asked = arg;
    Rows *r;
    if (!auth_account_find(&asked->account, tx, asked->login, e))
        return false;
    if (!store_rows(&r, tx, "auth_credential", BIND(bind_int(asked->account)), e))
        return false;
    if (rows_next(r)) {
        Str text = rows_text(r, 0);
        if (text.n < sizeof asked->hash.text) {
            memset(asked->hash.text, 0, sizeof asked->hash.text);
            memcpy(asked->hash.text, text.p, text.n);
        }
    } else {
        asked->account = 0;
    }
    return rows_close(r, e);
}

/* Whether or not there is such an account, one hash is computed and the answer is the same. */
static bool try_password(int64_t *account, Auth *auth, Str login, Str password, Str peer, Err *e)
{
    Asked asked = { .login = login, .hash = auth->nobody };
    Err why = { 0 };
    if (!auth_throttle_enter(&auth->throttle, login, peer, e))
        return false;
    bool tried = store_read(auth->store, read_credential, &asked, &why);
    bool right = tried && password.n <= PASSWORD_BYTES_MAX
                 && auth_verify(auth, &asked.hash, password, &why) && asked.account != 0;
    if (why.code != ERR_NONE) {
        auth_throttle_undo(&auth->throttle, login, peer);
        *e = why;
        return false;
    }
    if (!right)
        return err_fail(e, ERR_AUTH_LOGIN, err_hole("max", AUTH_FAILURES_MAX),
                        err_hole("minutes", AUTH_LOCK_MS / 60000));
    auth_throttle_success(&auth->throttle, login, peer);
    *account = asked.account;
    return true;
}

bool auth_password_check(Auth *auth, Str login, Str password, Str peer, Err *e)
{
    int64_t account;
    return try_password(&account, auth, str_trim(login), password, peer, e);
}

bool auth_login(AuthLogin *out, Arena *a, Auth *auth, Str login, Str password, Str peer, Err *e)
{
    int64_t account;
    return try_password(&account, auth, str_trim(login), password, peer, e)
        && auth_session_begin(out, a, auth, account, peer, e);
}

/* --- sessions ------------------------------------------------------------------------------- */

typedef struct Session {
    Hash token;
    int64_t account;
    Moment made, seen, until;
    Str peer;
} Session;

static bool session_add(Tx *tx, void *arg, Err *e)
{
    const Session *s = arg;
    return store_run(tx, "auth_session_sweep",
                     BIND(bind_int(s->made), bind_int(s->made - AUTH_IDLE_MS)), e)
        && store_run(tx, "auth_session_trim",
                     BIND(bind_int(s->account), bind_int(s->account),
                          bind_int(AUTH_SESSIONS_MAX - 1)),
                     e)
        && store_run(tx, "auth_session_add",
                     BIND(auth_bind_hash(&s->token), bind_int(s->account), bind_int(s->made),
                          bind_int(s->seen), bind_int(s->until), bind_text(s->peer)),
                     e);
}

bool auth_session_begin(AuthLogin *out, Arena *a, Auth *auth, int64_t account, Str peer, Err *e)
{
    Str token = token_make(a, auth->sys);
    if (token.n == 0)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "登录"));
    Session s = { .token = hash_of(token), .account = account, .made = sys_now(auth->sys),
                  .peer = peer };
    s.seen = s.made;
    s.until = s.made + AUTH_ABSOLUTE_MS;
    if (!store_write(auth->store, session_add, &s, e))
        return false;
    *out = (AuthLogin){ account, token };
    return true;
}

static bool session_read(Tx *tx, void *arg, Err *e)
{
    Session *s = arg;
    Rows *r;
    if (!store_rows(&r, tx, "auth_session", BIND(auth_bind_hash(&s->token)), e))
        return false;
    if (rows_next(r)) {
        s->account = rows_int(r, 0);
        s->made = rows_int(r, 1);
        s->seen = rows_int(r, 2);
        s->until = rows_int(r, 3);
    }
    return rows_close(r, e);
}

static bool session_seen(Tx *tx, void *arg, Err *e)
{
    const Session *s = arg;
    return store_run(tx, "auth_session_seen",
                     BIND(bind_int(s->seen), auth_bind_hash(&s->token)), e);
}

bool auth_session_in(AuthSession *out, bool *touch, Auth *auth, Tx *tx, Str token, Err *e)
{
    Session s = { 0 };
    if (token.n != AUTH_TOKEN_TEXT)
        return err_fail(e, ERR_AUTH_SESSION);
    s.token = hash_of(token);
    if (!session_read(tx, &s, e))
        return false;
    Moment now = sys_now(auth->sys);
    if (s.account == 0 || now - s.seen > AUTH_IDLE_MS || now > s.until)
        return err_fail(e, ERR_AUTH_SESSION);
    *touch = now - s.seen >= AUTH_SEEN_MS;
    *out = (AuthSession){ .account = s.account, .made = s.made, .seen = *touch ? now : s.seen };
    return true;
}

void auth_session_touch(Auth *auth, Str token)
{
    Session s = { .token = hash_of(token), .seen = sys_now(auth->sys) };
    Err unwritten = { 0 };
    if (!store_write(auth->store, session_seen, &s, &unwritten))
        err_clear(&unwritten);
}

typedef struct Check {
    AuthSession *out;
    Auth *auth;
    Str token;
    bool touch;
} Check;

static bool check_job(Tx *tx, void *arg, Err *e)
{
    Check *c = arg;
    return auth_session_in(c->out, &c->touch, c->auth, tx, c->token, e);
}

bool auth_session_check(AuthSession *out, Auth *auth, Str token, Err *e)
{
    AuthSession s;
    Check c = { &s, auth, token, false };
    if (!store_read(auth->store, check_job, &c, e))
        return false;
    if (c.touch)
        auth_session_touch(auth, token);
    Hash csrf = csrf_of(token);
    sodium_bin2hex(s.csrf, sizeof s.csrf, csrf.b, sizeof csrf.b);
    *out = s;
    return true;
}

bool auth_csrf_ok(const AuthSession *s, Str given)
{
    return given.n == AUTH_CSRF_TEXT && sodium_memcmp(given.p, s->csrf, AUTH_CSRF_TEXT) == 0;
}

static bool session_drop(Tx *tx, void *arg, Err *e)
{
    return store_run(tx, "auth_session_drop", BIND(auth_bind_hash(arg)), e);
}

bool auth_logout(Auth *auth, Str token, Err *e)
{
    Hash h = hash_of(token);
    return store_write(auth->store, session_drop, &h, e);
}

bool auth_logout_all(Tx *tx, int64_t account, Err *e)
{
    return store_run(tx, "auth_session_drop_all", BIND(bind_int(account)), e);
}

bool auth_forget(Tx *tx, int64_t account, Err *e)
{
    return store_run(tx, "auth_credential_drop", BIND(bind_int(account)), e)
        && store_run(tx, "auth_slip_drop_all", BIND(bind_int(account)), e)
        && auth_logout_all(tx, account, e);
}
