/* Ballots accepted: verified with hints, written, flushed, answered. Twenty callers, as many as the
 * server has threads, each wait for an answer before they send again: one question a ballot (four
 * answers and a blank), one ballot a request, all into the same box, or eight into as many boxes,
 * as the page sends them. What they send was made before. Seconds are of the wall, for the disk is
 * part of it. */
#include "base/bench.h"
#include "urn/urn.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CALLERS = 20, ROOMS = URN_CAST_MAX, VOTERS = 250, WANTED = 1500, TEXT_MAX = 1 << 18 };

typedef struct Bench {
    Arena *a;
    Sys *sys;
    Coin coin;
    Scalar key;
    Election el[ROOMS];
    UrnElection texts[ROOMS];
    Str ballots[ROOMS][VOTERS], hints[ROOMS][VOTERS];
    char dir[200], path[256];
    Urn *urn;
    size_t each;                 /* ballots of a request */
    pthread_mutex_t lock;
    int next, taken;
} Bench;

static Str keep(Bench *b, Buf *t)
{
    Str s = arena_str(b->a, buf_str(t));
    buf_close(t);
    return s;
}

static bool election_make(Bench *b, int room, const Scalar *secrets, Err *e)
{
    static Str answers[] = { S("a"), S("b"), S("c"), S("d") };
    ElectionQuestion q = { STRC("q"), answers, 4, 1, 1, true };
    Point points[VOTERS];
    for (int i = 0; i < VOTERS; i++)
        points[i] = point_base(secrets[i]);
    Buf creds = buf_open(TEXT_MAX), text = buf_open(TEXT_MAX);
    if (!creds_write(&creds, points, VOTERS, e))
        return false;
    b->texts[room].creds = keep(b, &creds);
    Election el = { .name = STRC("n"), .uuid = election_uuid(b->a, &b->coin), .questions = &q,
                    .n_questions = 1, .key = point_base(b->key) };
    if (!election_write(&text, &el, e))
        return false;
    b->texts[room].election = keep(b, &text);
    return election_read(&b->el[room], b->a, b->texts[room].election, e);
}

static bool room_make(Bench *b, int room, Err *e)
{
    Scalar secrets[VOTERS];
    for (int i = 0; i < VOTERS; i++)
        secrets[i] = coin_scalar(&b->coin);
    if (!election_make(b, room, secrets, e))
        return false;
    for (int i = 0; i < VOTERS; i++) {
        unsigned char marks[5] = { 0 };
        const unsigned char *all[] = { marks };
        Buf t = buf_open(TEXT_MAX), h = buf_open(TEXT_MAX);
        marks[coin_below(&b->coin, 5)] = 1;
        if (!vote_make(&t, &h, &b->el[room], &secrets[i], all, &b->coin, e))
            return false;
        b->ballots[room][i] = keep(b, &t);
        b->hints[room][i] = keep(b, &h);
    }
    return true;
}

static int take(Bench *b)
{
    pthread_mutex_lock(&b->lock);
    int i = b->next < ROOMS * VOTERS ? b->next : -1;
    b->next += (int)b->each;
    pthread_mutex_unlock(&b->lock);
    return i;
}

static void *caller(void *arg)
{
    Bench *b = arg;
    for (int i; (i = take(b)) >= 0;) {
        UrnItem items[ROOMS] = { 0 };
        Err e = { 0 };
        int fresh = 0;
        for (size_t k = 0; k < b->each; k++) {
            int no = i + (int)k, room = b->each > 1 ? no % ROOMS : no / VOTERS;
            int voter = b->each > 1 ? no / ROOMS : no % VOTERS;
            items[k] = (UrnItem){ .uuid = b->el[room].uuid, .ballot = b->ballots[room][voter],
                                  .hints = b->hints[room][voter] };
        }
        bool ok = urn_cast(b->urn, items, b->each, NULL, &e);
        for (size_t k = 0; k < b->each; k++)
            fresh += ok && items[k].state == URN_NEW;
        pthread_mutex_lock(&b->lock);
        b->taken += fresh;
        pthread_mutex_unlock(&b->lock);
    }
    return NULL;
}

static double timed(Bench *b)
{
    pthread_t threads[CALLERS];
    b->next = b->taken = 0;
    double start = bench_clock(CLOCK_MONOTONIC);
    for (int i = 0; i < CALLERS; i++)
        if (pthread_create(&threads[i], NULL, caller, b) != 0)
            return 0;
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    double took = bench_clock(CLOCK_MONOTONIC) - start;
    return b->taken == ROOMS * VOTERS ? b->taken / took : 0;
}

static bool run(Bench *b, size_t each, Err *e)
{
    UrnSetup s = { .path = b->path, .elections = b->texts, .n = ROOMS,
                   .wait_ms = URN_WAIT_MS };
    b->each = each;
    if (!urn_make(b->sys, &s, e) || !urn_open(&b->urn, b->sys, &s, e))
        return false;
    double rate = timed(b);
    urn_close(b->urn);
    bench_limit(each > 1 ? "ballots accepted and durable, eight a request"
                         : "ballots accepted and durable, one a request", rate, false, WANTED,
                "/s");
    return urn_drop(b->sys, b->path, e) && rate > 0;
}

int main(void)
{
    static const unsigned char seed[32] = { 1 };
    Bench *b = calloc(1, sizeof *b);
    Err e = { 0 };
    char lock[300];
    const char *tmp = getenv("TMPDIR");
    if (!b || !(b->sys = sys_open_real()) || !(b->a = arena_open((size_t)1 << 30)))
        return 1;
    b->coin = coin_open(seed);
    b->key = coin_scalar(&b->coin);
    pthread_mutex_init(&b->lock, NULL);
    snprintf(b->dir, sizeof b->dir, "%s/urnXXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(b->dir))
        return 1;
    snprintf(b->path, sizeof b->path, "%s/urn", b->dir);
    snprintf(lock, sizeof lock, "%s.lock", b->path);
    bool ok = true;
    for (int i = 0; ok && i < ROOMS; i++)
        ok = room_make(b, i, &e);
    ok = ok && run(b, 1, &e) && run(b, ROOMS, &e);
    remove(lock);
    rmdir(b->dir);
    if (!ok)
        fprintf(stderr, "%s\n", err_name(e.code));
    pthread_mutex_destroy(&b->lock);
    arena_close(b->a);
    sys_close(b->sys);
    free(b);
    return ok ? 0 : 1;
}
