#include "sys/sys.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct Sys {
    bool sim;
    pthread_mutex_t lock;         /* guards the twin's clock and stream */
    Moment now;
    uint64_t drawn;               /* blocks taken from the twin's stream */
    unsigned char key[crypto_stream_chacha20_KEYBYTES];
};

static Sys *sys_make(bool sim)
{
    if (sodium_init() < 0)
        return NULL;
    Sys *sys = calloc(1, sizeof *sys);
    if (!sys)
        return NULL;
    sys->sim = sim;
    if (pthread_mutex_init(&sys->lock, NULL) != 0) {
        free(sys);
        return NULL;
    }
    return sys;
}

Sys *sys_open_real(void)
{
    return sys_make(false);
}

Sys *sys_open_sim(uint64_t seed, Moment start)
{
    Sys *sys = sys_make(true);
    if (!sys)
        return NULL;
    sys->now = start;
    for (int i = 0; i < 8; i++)
        sys->key[i] = (unsigned char)(seed >> 8 * i);
    return sys;
}

void sys_close(Sys *sys)
{
    if (!sys)
        return;
    pthread_mutex_destroy(&sys->lock);
    free(sys);
}

bool sys_is_sim(const Sys *sys)
{
    return sys->sim;
}

Moment sys_now(Sys *sys)
{
    if (sys->sim) {
        pthread_mutex_lock(&sys->lock);
        Moment now = sys->now++;
        pthread_mutex_unlock(&sys->lock);
        return now;
    }
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (Moment)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void sys_pass(Sys *sys, int64_t ms)
{
    if (!sys->sim || ms < 0)
        return;
    pthread_mutex_lock(&sys->lock);
    sys->now += ms;
    pthread_mutex_unlock(&sys->lock);
}

/* Every draw starts at a fresh block of 64 bytes under a nonce of zero, so that the stream is
 * fixed by the seed and by the order of the draws. */
void sys_random(Sys *sys, void *out, size_t n)
{
    static const unsigned char nonce[crypto_stream_chacha20_NONCEBYTES] = { 0 };
    if (!sys->sim) {
        randombytes_buf(out, n);
        return;
    }
    if (n == 0)
        return;
    pthread_mutex_lock(&sys->lock);
    uint64_t block = sys->drawn;
    sys->drawn += (n + 63) / 64;
    pthread_mutex_unlock(&sys->lock);
    memset(out, 0, n);
    crypto_stream_chacha20_xor_ic(out, out, n, nonce, block, sys->key);
}
