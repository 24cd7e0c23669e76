/* auth: the secrets of accounts: passwords, sessions, activation slips, and the throttle.
 *
 * That an account exists, whose it is, whether it is closed and what it may do are facts, written
 * by the use cases; here an account is a number and, at log-in, the field "login" of the current
 * fact of kind "account". It refuses to know permissions, pages and cookies.
 *
 * Nothing here can be turned back: passwords are kept as Argon2id, tokens and codes as SHA-256.
 * Hashing a password takes tens of milliseconds and 64 MiB, so it is never done inside a
 * transaction (functions that take an Auth hash and write; functions that take a Tx only write),
 * and at most AUTH_HASHES_AT_ONCE run at a time.
 *
 * Ownership: the caller owns the Auth; it outlives no Store. Thread-safe throughout.
 *
 *     AuthLogin in;
 *     if (!auth_login(&in, a, auth, name, password, peer, &e)) ...   // in.token -> cookie
 *     AuthSession s;
 *     if (!auth_session_check(&s, auth, token, &e)) ...              // s.account
 *     if (!auth_csrf_ok(&s, given)) ...                              // before any write
 *
 * Nouns of this face: auth_ role_ */
#ifndef AUTH_AUTH_H
#define AUTH_AUTH_H

#include "auth/role.h"
#include "base/base.h"
#include "store/store.h"

enum {
    AUTH_PASSWORD_MIN = 8,             /* code points */
    AUTH_PASSWORD_MAX = 128,
    AUTH_PASSWORD_KINDS_MIN = 5,       /* different characters in it */
    AUTH_LOGIN_MAX = 40,               /* code points */
    AUTH_HASHES_AT_ONCE = 2,
    AUTH_HASHES_WAITING_MAX = 32,      /* more are answered BUSY */
    AUTH_HASH_TEXT_MAX = 128,
    AUTH_TOKEN_TEXT = 43,              /* base64url of 32 random bytes */
    AUTH_CSRF_TEXT = 64,               /* hexadecimal */
    AUTH_SESSIONS_MAX = 8,             /* of one account; a further one ends the oldest */
    AUTH_IDLE_MS = 30 * 60 * 1000,     /* a session unused for so long is over */
    AUTH_ABSOLUTE_MS = 12 * 3600 * 1000,
    AUTH_SEEN_MS = 60 * 1000,          /* `seen` is written at most so often */
    AUTH_FAILURES_MAX = 5,             /* then the account is locked */
    AUTH_PEER_FAILURES_MAX = 50,       /* an office shares an address */
    AUTH_LOCK_MS = 10 * 60 * 1000,     /* also the time in which failures add up */
    AUTH_THROTTLE_SLOTS = 4096,
    AUTH_SLIP_LETTERS = 20,            /* of 32: 100 bits */
    AUTH_SLIP_TEXT = 24,               /* in five groups, with hyphens */
    AUTH_SLIP_DAYS = 14,
    AUTH_FIRST_HOURS = 24              /* the first administrator's */
};

typedef struct Auth Auth;
/* The twin's clock and randomness serve where the store was opened with it. */
bool auth_open(Auth **out, Store *store, Err *e) MUST_USE;
void auth_close(Auth *auth);           /* accepts NULL */

/* --- passwords ------------------------------------------------------------------------------ */
/* The rules, in one sentence each when broken: 8 to 128 characters, at least 5 different ones, not
 * the login, not a commonplace one. */
bool auth_password_rules(Str password, Str login, Err *e) MUST_USE;

typedef struct AuthHash {
    char text[AUTH_HASH_TEXT_MAX];     /* "$argon2id$v=19$...", NUL-terminated */
} AuthHash;
/* Checks the rules and hashes. Slow: outside any transaction. BUSY when too many wait. */
bool auth_password_hash(AuthHash *out, Auth *auth, Str password, Str login, Err *e) MUST_USE;
/* Stores it; ends every session of the account and voids its slip. NOT_FOUND for an account that
 * is unknown or closed. */
bool auth_password_put(Tx *tx, int64_t account, const AuthHash *hash, Err *e) MUST_USE;
/* Both. */
bool auth_password_set(Auth *auth, int64_t account, Str login, Str password, Err *e) MUST_USE;
/* Is this the account's password? Throttled like a log-in. For changing it. */
bool auth_password_check(Auth *auth, Str login, Str password, Str peer, Err *e) MUST_USE;

/* --- log-in and sessions -------------------------------------------------------------------- */
typedef struct AuthLogin {
    int64_t account;
    Str token;                         /* for the cookie; nowhere else kept */
} AuthLogin;
/* AUTH_LOGIN for an unknown or closed account, one without a password, and a wrong password alike,
 * after the same time; AUTH_LOCKED after AUTH_FAILURES_MAX for a login or AUTH_PEER_FAILURES_MAX
 * for an address (peer empty: the console, not counted). */
bool auth_login(AuthLogin *out, Arena *a, Auth *auth, Str login, Str password, Str peer,
                Err *e) MUST_USE;
/* A session without a password: after a slip was used, and for the console. */
bool auth_session_begin(AuthLogin *out, Arena *a, Auth *auth, int64_t account, Str peer,
                        Err *e) MUST_USE;

typedef struct AuthSession {
    int64_t account;
    Moment made, seen;
    char csrf[AUTH_CSRF_TEXT + 1];     /* sent to the page, which returns it with each write */
} AuthSession;
/* One indexed read; AUTH_SESSION when there is none, it was idle too long or is too old. */
bool auth_session_check(AuthSession *out, Auth *auth, Str token, Err *e) MUST_USE;
/* The same inside a job of store_read, so that a request reads one snapshot: csrf stays empty
 * (reads need none), and when *touch is set auth_session_touch is owed afterwards. */
bool auth_session_in(AuthSession *out, bool *touch, Auth *auth, Tx *tx, Str token,
                     Err *e) MUST_USE;
void auth_session_touch(Auth *auth, Str token);  /* on a full disk people may go on reading */
bool auth_csrf_ok(const AuthSession *s, Str given);
bool auth_logout(Auth *auth, Str token, Err *e) MUST_USE;              /* none: fine */
bool auth_logout_all(Tx *tx, int64_t account, Err *e) MUST_USE;
/* An account is closed: password, sessions and slip go. */
bool auth_forget(Tx *tx, int64_t account, Err *e) MUST_USE;

/* --- slips ---------------------------------------------------------------------------------- */
typedef enum AuthSlipKind { AUTH_SLIP_PAPER, AUTH_SLIP_FIRST } AuthSlipKind;
typedef struct AuthSlip {
    char code[AUTH_SLIP_TEXT + 1];     /* "7KQM-2XWA-..." to print; nowhere else kept */
    Moment until;
} AuthSlip;
/* A new slip voids the account's older one; the password stays until the slip is used. `by`: the
 * account that made it, 0 at the console. */
bool auth_slip_make(AuthSlip *out, Tx *tx, int64_t account, AuthSlipKind kind, int64_t by,
                    Err *e) MUST_USE;
/* Whose is it? Case, blanks and hyphens are forgiven. AUTH_SLIP: unknown, used or expired. */
bool auth_slip_find(int64_t *account, Tx *tx, Str code, Err *e) MUST_USE;
/* The same, and uses it up. */
bool auth_slip_take(int64_t *account, Tx *tx, Str code, Err *e) MUST_USE;
/* Takes the slip and sets the password it was for, in one transaction; a lock of the login ends. */
bool auth_slip_use(int64_t *account, Auth *auth, Str code, Str password, Str peer,
                   Err *e) MUST_USE;

/* --- a file sealed under a passphrase ------------------------------------------------------- */
enum { AUTH_VAULT_PASSPHRASE_MIN = 12 /* code points */ };
/* Argon2id and XChaCha20-Poly1305 over chunks; any size. VAULT_SHORT, VAULT_FORMAT (no such file),
 * VAULT_OPEN (another passphrase, or the file was changed or cut): then `to` is not made. */
bool auth_vault_seal(Sys *sys, const char *from, const char *to, Str passphrase, Err *e) MUST_USE;
bool auth_vault_open(Sys *sys, const char *from, const char *to, Str passphrase, Err *e) MUST_USE;

#endif
