/* The one writer: takes all waiting jobs, runs each in a savepoint, commits once, answers. */
#include "store/parts.h"

#include <stdlib.h>

enum {
    CHECKPOINT_IDLE = 500,        /* pages in the WAL that are worth moving when nobody waits */
    CHECKPOINT_ANYWAY = 16000     /* 128 MB: moved even under load */
};

/* Up to STORE_BATCH_MAX jobs from the queue, or one that wants to be alone; NULL: closing. */
static Job *batch_take(Store *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->first && !s->closing)
        pthread_cond_wait(&s->job_come, &s->lock);
    Job *first = s->first, *last = first;
    int n = first ? 1 : 0;
    while (last && !first->alone && last->next && !last->next->alone && n < STORE_BATCH_MAX)
        last = last->next, n++;
    if (last) {
        s->first = last->next;
        last->next = NULL;
        if (!s->first)
            s->last = NULL;
        s->n_waiting -= n;
        pthread_cond_broadcast(&s->room_free);
    }
    pthread_mutex_unlock(&s->lock);
    return first;
}

/* After `done` the job's memory belongs to the caller again. */
static void batch_answer(Store *s, Job *job)
{
    pthread_mutex_lock(&s->lock);
    while (job) {
        Job *next = job->next;
        job->done = true;
        pthread_cond_signal(&job->wake);
        job = next;
    }
    pthread_mutex_unlock(&s->lock);
}

static void fail_all(Job *job, const Err *why)
{
    for (; job; job = job->next) {
        if (job->ok || job->e->code == ERR_NONE)
            *job->e = *why;
        job->ok = false;
    }
}

/* Runs one job in its savepoint. False: the whole transaction is lost (disk full, I/O). */
static bool run_marked(Store *s, Job *job, Err *e)
{
    Conn *c = s->write_conn;
    Tx tx = { .store = s, .conn = c, .write = true };
    if (!store_step(c, c->mark, "savepoint", e))
        return false;
    job->ok = tx_run(&tx, job->fn, job->arg, job->e);
    if (sqlite3_get_autocommit(c->db)) { /* SQLite itself rolled everything back */
        if (job->ok)
            err_fail(job->e, ERR_STORE_IO, err_hole("why", "rolled back"));
        *e = *job->e;
        return job->ok = false;
    }
    if (!job->ok && !store_step(c, c->undo, "rollback to", e))
        return false;
    return store_step(c, c->release, "release", e);
}

static void roll_back(Conn *c)
{
    Err ignored; /* when this fails too, SQLite has already rolled back */
    if (!sqlite3_get_autocommit(c->db) && !store_step(c, c->rollback, "rollback", &ignored))
        return;
}

static void run_batch(Store *s, Job *first)
{
    Conn *c = s->write_conn;
    Err e = { 0 };
    bool ok = store_step(c, c->begin, "begin", &e);
    for (Job *job = first; ok && job; job = job->next)
        ok = run_marked(s, job, &e);
    ok = ok && store_step(c, c->commit, "commit", &e);
    if (!ok) {
        roll_back(c);
        fail_all(first, &e);
    }
}

static int wal_grew(void *arg, sqlite3 *db, const char *schema, int pages)
{
    (void)db, (void)schema;
    ((Store *)arg)->wal_pages = pages;
    return SQLITE_OK;
}

/* Moves the WAL into the file when nobody waits for the writer, so that no reply pays for it. */
static void checkpoint(Store *s)
{
    int in_wal = 0, moved = 0;
    pthread_mutex_lock(&s->lock);
    bool idle = !s->first;
    pthread_mutex_unlock(&s->lock);
    if (s->wal_pages < (idle ? CHECKPOINT_IDLE : CHECKPOINT_ANYWAY))
        return;
    if (sqlite3_wal_checkpoint_v2(s->write_conn->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_wal,
                                  &moved) == SQLITE_OK
        && in_wal == moved)
        s->wal_pages = 0;
    else
        s->wal_pages /= 2; /* a reader holds it or the disk is full: tried again later */
}

static void *writer_main(void *arg)
{
    Store *s = arg;
    Job *first;
    while ((first = batch_take(s))) {
        if (first->alone)
            first->ok = first->work(s, first->e);
        else
            run_batch(s, first);
        batch_answer(s, first);
        checkpoint(s);
    }
    return NULL;
}

bool store_writer_start(Store *s, Err *e)
{
    sqlite3_wal_hook(s->write_conn->db, wal_grew, s);
    s->writer_runs = pthread_create(&s->writer, NULL, writer_main, s) == 0;
    return s->writer_runs || err_fail(e, ERR_NO_MEMORY, err_hole("what", "writer"));
}

void store_writer_stop(Store *s)
{
    if (!s->writer_runs)
        return;
    pthread_mutex_lock(&s->lock);
    s->closing = true;
    pthread_cond_signal(&s->job_come);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->writer, NULL);
}

static bool queue(Store *s, Job *job)
{
    *job->e = (Err){ 0 };
    if (pthread_equal(pthread_self(), s->writer))
        return err_fail(job->e, ERR_STORE_NESTED);
    if (pthread_cond_init(&job->wake, NULL) != 0)
        return err_fail(job->e, ERR_NO_MEMORY, err_hole("what", "writer"));
    pthread_mutex_lock(&s->lock);
    while (s->n_waiting >= STORE_QUEUE_MAX)
        pthread_cond_wait(&s->room_free, &s->lock);
    *(s->last ? &s->last->next : &s->first) = job;
    s->last = job;
    s->n_waiting++;
    pthread_cond_signal(&s->job_come);
    while (!job->done)
        pthread_cond_wait(&job->wake, &s->lock);
    pthread_mutex_unlock(&s->lock);
    pthread_cond_destroy(&job->wake);
    return job->ok;
}

bool store_write(Store *store, StoreJob fn, void *arg, Err *e)
{
    Job job = { .fn = fn, .arg = arg, .e = e };
    return queue(store, &job);
}

bool store_alone(Store *store, bool (*work)(Store *store, Err *e), Err *e)
{
    Job job = { .work = work, .alone = true, .e = e };
    return queue(store, &job);
}
