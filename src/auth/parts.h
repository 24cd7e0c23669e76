/* parts: what the files of this module share. */
#ifndef AUTH_PARTS_H
#define AUTH_PARTS_H

#include "auth/auth.h"

#include <pthread.h>

enum { THROTTLE_WAYS = 8, AUTH_KEY_BYTES = 32 };

/* One login or one address. */
typedef struct ThrottleSlot {
    uint64_t key;          /* 0: empty */
    int failures;
    Moment since, until;   /* of the first failure counted; locked until */
} ThrottleSlot;

typedef struct Throttle {
    pthread_mutex_t lock;
    Sys *sys;
    unsigned char key[AUTH_KEY_BYTES]; /* so that nobody can aim at a slot */
    ThrottleSlot slots[AUTH_THROTTLE_SLOTS];
} Throttle;

/* At most AUTH_HASHES_AT_ONCE inside, at most AUTH_HASHES_WAITING_MAX before it. */
typedef struct Gate {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    int running, waiting;
} Gate;

struct Auth {
    Store *store;
    Sys *sys;
    Gate gate;
    Throttle throttle;
    AuthHash nobody;       /* checked where there is no password, so that it takes as long */
};

void auth_throttle_open(Throttle *t, Sys *sys);
void auth_throttle_close(Throttle *t);
/* Counts an attempt against login and peer (either may be empty) before it is made, so that many
 * at the same moment count too. AUTH_LOCKED when one of them is locked already. */
bool auth_throttle_enter(Throttle *t, Str login, Str peer, Err *e) MUST_USE;
void auth_throttle_success(Throttle *t, Str login, Str peer); /* the login's count goes, the peer's
                                                                 falls by one */
void auth_throttle_undo(Throttle *t, Str login, Str peer);    /* it was no attempt after all */

void auth_gate_open(Gate *g);
void auth_gate_close(Gate *g);
bool auth_gate_enter(Gate *g, Err *e) MUST_USE;               /* BUSY */
void auth_gate_leave(Gate *g);

/* What was typed as the bare letters: case, blanks, hyphens and full-width forms (an input method
 * left on) are forgiven. */
bool auth_slip_read(char out[AUTH_SLIP_LETTERS], Str typed) MUST_USE;

void auth_hash_nobody(AuthHash *out, Sys *sys);
/* False with code ERR_NONE: wrong; with another: could not be tried. */
bool auth_verify(Auth *auth, const AuthHash *hash, Str password, Err *e) MUST_USE;

/* The open account of that login: its number, 0 when there is none. */
bool auth_account_find(int64_t *account, Tx *tx, Str login, Err *e) MUST_USE;
/* The login of an account; false with ERR_NONE when it is closed or unknown. */
bool auth_account_login(Str *login, Tx *tx, int64_t account, Err *e) MUST_USE;

static inline Bind auth_bind_hash(const Hash *h)
{
    return bind_blob(hash_bytes(h));
}

#endif
