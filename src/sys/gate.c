#include "sys/sys.h"

#include <pthread.h>
#include <stdlib.h>

struct SysGate {
    pthread_rwlock_t lock;
};

SysGate *sys_gate_open(void)
{
    pthread_rwlockattr_t how;
    SysGate *g = malloc(sizeof *g);
    if (!g || pthread_rwlockattr_init(&how) != 0) {
        free(g);
        return NULL;
    }
    pthread_rwlockattr_setkind_np(&how, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    bool made = pthread_rwlock_init(&g->lock, &how) == 0;
    pthread_rwlockattr_destroy(&how);
    if (!made) {
        free(g);
        return NULL;
    }
    return g;
}

void sys_gate_close(SysGate *g)
{
    if (!g)
        return;
    pthread_rwlock_destroy(&g->lock);
    free(g);
}

void sys_gate_read(SysGate *g)
{
    pthread_rwlock_rdlock(&g->lock);
}

void sys_gate_change(SysGate *g)
{
    pthread_rwlock_wrlock(&g->lock);
}

void sys_gate_leave(SysGate *g)
{
    pthread_rwlock_unlock(&g->lock);
}
