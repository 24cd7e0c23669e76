/* throttle: failures per login and per address, in memory of a fixed size. What it forgets at a
 * restart costs a guesser nothing but the restart. */
#include "auth/parts.h"

#include <string.h>

void auth_throttle_open(Throttle *t, Sys *sys)
{
    memset(t, 0, sizeof *t);
    pthread_mutex_init(&t->lock, NULL);
    t->sys = sys;
    sys_random(sys, t->key, sizeof t->key);
}

void auth_throttle_close(Throttle *t)
{
    pthread_mutex_destroy(&t->lock);
}

/* 0 for an empty name, which is not counted. */
static uint64_t key_of(const Throttle *t, char kind, Str name)
{
    Hash h = hash_of3((Str){ (const char *)t->key, sizeof t->key }, (Str){ &kind, 1 }, name);
    uint64_t key;
    memcpy(&key, h.b, sizeof key);
    return name.n == 0 ? 0 : key ? key : 1;
}

static ThrottleSlot *bucket_of(Throttle *t, uint64_t key)
{
    return t->slots + key % (AUTH_THROTTLE_SLOTS / THROTTLE_WAYS) * THROTTLE_WAYS;
}

static ThrottleSlot *find(Throttle *t, uint64_t key)
{
    ThrottleSlot *b = bucket_of(t, key);
    for (int i = 0; key && i < THROTTLE_WAYS; i++)
        if (b[i].key == key)
            return b + i;
    return NULL;
}

/* A full bucket gives up the slot that began first, a locked one only when all are locked. */
static ThrottleSlot *find_or_take(Throttle *t, uint64_t key, Moment now)
{
    ThrottleSlot *s = find(t, key), *b = bucket_of(t, key);
    if (!s) {
        s = b;
        for (int i = 1; i < THROTTLE_WAYS; i++) {
            bool locked = b[i].until > now, best_locked = s->until > now;
            if (locked != best_locked ? best_locked : b[i].since < s->since)
                s = b + i;
        }
        *s = (ThrottleSlot){ .key = key };
    }
    if (s->until <= now && now - s->since > AUTH_LOCK_MS)
        *s = (ThrottleSlot){ .key = key, .since = now };
    return s;
}

static Moment locked_until(Throttle *t, uint64_t key)
{
    const ThrottleSlot *s = find(t, key);
    return s ? s->until : 0;
}

static void count(Throttle *t, uint64_t key, int most, Moment now)
{
    if (key == 0)
        return;
    ThrottleSlot *s = find_or_take(t, key, now);
    if (++s->failures >= most)
        s->until = now + AUTH_LOCK_MS;
}

static void uncount(Throttle *t, uint64_t key)
{
    ThrottleSlot *s = find(t, key);
    if (s && s->failures > 0) {
        s->failures--;
        s->until = 0;
    }
}

bool auth_throttle_enter(Throttle *t, Str login, Str peer, Err *e)
{
    Moment now = sys_now(t->sys);
    uint64_t a = key_of(t, 'a', login), p = key_of(t, 'p', peer);
    pthread_mutex_lock(&t->lock);
    Moment until = locked_until(t, a), peer_until = locked_until(t, p);
    if (peer_until > until)
        until = peer_until;
    if (until <= now) {
        count(t, a, AUTH_FAILURES_MAX, now);
        count(t, p, AUTH_PEER_FAILURES_MAX, now);
    }
    pthread_mutex_unlock(&t->lock);
    return until <= now
        || err_fail(e, ERR_AUTH_LOCKED, err_hole("minutes", (until - now + 59999) / 60000));
}

void auth_throttle_success(Throttle *t, Str login, Str peer)
{
    pthread_mutex_lock(&t->lock);
    ThrottleSlot *s = find(t, key_of(t, 'a', login));
    if (s)
        *s = (ThrottleSlot){ 0 };
    uncount(t, key_of(t, 'p', peer));
    pthread_mutex_unlock(&t->lock);
}

void auth_throttle_undo(Throttle *t, Str login, Str peer)
{
    pthread_mutex_lock(&t->lock);
    uncount(t, key_of(t, 'a', login));
    uncount(t, key_of(t, 'p', peer));
    pthread_mutex_unlock(&t->lock);
}
