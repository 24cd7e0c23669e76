/* Taking ballots. Whoever finds nobody at work leads: he waits a moment for others, verifies what
 * came as one batch, writes it, flushes once, and wakes them all. */
#include "urn/part.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { QUIET_MS = 2 };

struct Waiting {
    Waiting *next;
    UrnItem *items;
    size_t n;
    const Hash *door;
    Err *e;
    bool done, ok;
};

/* One ballot on its way into the urn. */
typedef struct Casting {
    UrnItem *it;
    const Hash *door;
    Room *room;
    size_t place, order;
    Vote vote;
    Hash text;
    bool sound, settled, written;
} Casting;

static void refuse(Casting *k, Err why)
{
    k->it->state = URN_REFUSED;
    k->it->why = why;
    k->settled = true;
}

static void refuse_as(Casting *k, ErrCode code)
{
    Err why = { 0 };
    (void)!err_fail(&why, code);
    refuse(k, why);
}

/* --- before it may wait with the others ----------------------------------------------------- */

/* What costs nothing to see: a guess, a ballot of another vote, one that is too long. */
static bool look(Casting *k, Urn *u)
{
    Err why = { 0 };
    k->room = map_get(&u->by_uuid, k->it->uuid);
    if (!k->room) {
        (void)!err_fail(&why, ERR_NOT_FOUND, err_hole("what", "票箱"));
        return refuse(k, why), false;
    }
    bool fits = k->it->ballot.n <= k->room->ballot_max &&
                (k->it->hints.n == 0 || k->it->hints.n == k->room->hints);
    bool listed = creds_find(&k->place, &k->room->creds,
                             vote_credential(&k->room->el, k->it->ballot));
    if (!listed || !fits) {
        (void)!err_fail(&why, listed ? ERR_BEL_FORM : ERR_BEL_CREDENTIAL,
                        err_hole("where", "这张票"), err_hole("where_en", "this ballot"),
                        err_hole("at", 0));
        return refuse(k, why), false;
    }
    vote_tracker(k->it->tracker, k->it->ballot);
    k->text = hash_of(k->it->ballot);
    return true;
}

/* --- verifying ------------------------------------------------------------------------------ */

static int by_room(const void *a_, const void *b_)
{
    const Casting *a = *(Casting *const *)a_, *b = *(Casting *const *)b_;
    if (a->room != b->room)
        return a->room < b->room ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

static bool verify_room(Urn *u, Casting **k, size_t n, Err *e)
{
    BatchItem *items = ARENA_ARRAY(u->work, BatchItem, n);
    const Election *el = &k[0]->room->el;
    unsigned char seed[32];
    size_t bad;
    Err fault;
    if (!items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "票箱"));
    sys_random(u->sys, seed, sizeof seed);
    for (size_t i = 0; i < n; i++)
        items[i] = (BatchItem){ .vote = &k[i]->vote, .hints = k[i]->it->hints };
    if (!batch_verify(items, n, el, u->tables, seed, NULL, &bad, &fault, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        Err why = { 0 };
        k[i]->sound = items[i].sound;
        if (!items[i].sound && i == bad)
            refuse(k[i], fault);
        else if (!items[i].sound && !vote_verify(NULL, &k[i]->vote, el, u->tables, &why))
            refuse(k[i], why);
    }
    return true;
}

static bool verify(Urn *u, Casting **k, size_t n, Err *e)
{
    qsort(k, n, sizeof *k, by_room);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && to - from < BATCH_MAX && k[to]->room == k[from]->room; to++)
            ;
        if (!verify_room(u, k + from, to - from, e))
            return false;
    }
    return true;
}

/* --- storing -------------------------------------------------------------------------------- */

/* With a second slip: one door token goes with one credential of an election, for good. */
static bool door_fits(Casting *k, Urn *u)
{
    const Place *p = &k->room->places[k->place];
    if (u->n_doors == 0)
        return true;
    const uint32_t *no = k->door ? map_get(&u->doors, hash_bytes(k->door)) : NULL;
    if (!no)
        return refuse_as(k, ERR_URN_DOOR), false;
    uint32_t whose = k->room->doors[*no];
    if ((whose && whose != k->place + 1) || (p->held && !hash_eq(p->door, *k->door)))
        return refuse_as(k, ERR_URN_DOOR_USED), false;
    return true;
}

static bool was_opened(const Urn *u, Hash text)
{
    for (size_t i = 0; i < u->n_opened; i++)
        if (hash_eq(u->opened[i], text))
            return true;
    return false;
}

/* May it be written in this wave? A place is written once a wave, for only one of its halves is
 * free. */
static bool may_write(Casting *k, Urn *u)
{
    Place *p = &k->room->places[k->place];
    if (k->settled || p->wave == u->wave)
        return false;
    if (p->held && hash_eq(p->text, k->text)) {
        k->it->state = URN_SAME;
        k->settled = true;
        return false;
    }
    if (p->voided || was_opened(u, k->text))
        return refuse_as(k, p->voided ? ERR_URN_VOID : ERR_URN_OPENED), false;
    return door_fits(k, u);
}

static bool wave_write(Urn *u, Casting **k, size_t n, size_t *written, Err *e)
{
    *written = 0;
    u->wave++;
    for (size_t i = 0; i < n; i++) {
        if (!may_write(k[i], u))
            continue;
        Room *r = k[i]->room;
        const Hash *door = u->n_doors ? k[i]->door : NULL;
        if (!urn_half_put(u, r, k[i]->place, k[i]->it, door, false, e))
            return false;
        if (door)
            r->doors[*(uint32_t *)map_get(&u->doors, hash_bytes(door))] =
                (uint32_t)k[i]->place + 1;
        r->places[k[i]->place].wave = u->wave;
        k[i]->written = true;
        ++*written;
    }
    return *written == 0 || sys_fixed_flush(&u->file, e);
}

static bool wave_settle(Urn *u, Casting **k, size_t n, Err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (!k[i]->written)
            continue;
        Place *p = &k[i]->room->places[k[i]->place];
        bool replaced = p->held;
        const Hash *door = u->n_doors ? k[i]->door : NULL;
        urn_half_done(u, k[i]->room, k[i]->place, k[i]->it, door, false);
        k[i]->it->state = replaced ? URN_REPLACED : URN_NEW;
        k[i]->written = false;
        k[i]->settled = true;
        if (replaced && !urn_half_wipe(u, k[i]->room, k[i]->place, !p->half, e))
            return false;
    }
    return true;
}

static int by_order(const void *a_, const void *b_)
{
    const Casting *a = *(Casting *const *)a_, *b = *(Casting *const *)b_;
    return a->order < b->order ? -1 : a->order > b->order;
}

static bool keep(Urn *u, Casting **k, size_t n, Err *e)
{
    size_t written;
    qsort(k, n, sizeof *k, by_order); /* who replaces whom is settled by who came first */
    do {
        if (!wave_write(u, k, n, &written, e) || !wave_settle(u, k, n, e))
            return false;
    } while (written);
    return true;
}

/* --- one batch ------------------------------------------------------------------------------ */

static bool known(const Casting *k)
{
    const Place *p = &k->room->places[k->place];
    return p->held && hash_eq(p->text, k->text);
}

static bool batch_take(Urn *u, Casting *all, size_t n, Err *e)
{
    Casting **k = ARENA_ARRAY(u->work, Casting *, n);
    size_t fresh = 0;
    Err why = { 0 };
    if (!k)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "票箱"));
    for (size_t i = 0; i < n; i++) {
        if (!look(&all[i], u))
            continue;
        if (known(&all[i]))
            all[i].it->state = URN_SAME, all[i].settled = true;
        else if (u->shut)
            refuse_as(&all[i], ERR_URN_SHUT);
        else if (!vote_read(&all[i].vote, u->work, &all[i].room->el, all[i].it->ballot, &why))
            refuse(&all[i], why);
        else
            k[fresh++] = &all[i];
    }
    return fresh == 0 || (verify(u, k, fresh, e) && keep(u, k, fresh, e));
}

static bool process(Urn *u, Waiting *list, Err *e)
{
    size_t n = 0, at = 0;
    for (Waiting *w = list; w; w = w->next)
        n += w->n;
    Casting *all = ARENA_ARRAY(u->work, Casting, n);
    if (!all)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "票箱"));
    for (Waiting *w = list; w; w = w->next)
        for (size_t i = 0; i < w->n; i++, at++) {
            all[at] = (Casting){ .it = &w->items[i], .door = w->door, .order = at };
            w->items[i].state = URN_REFUSED;
        }
    return batch_take(u, all, n, e);
}

static void pause_ms(int ms)
{
    struct timespec t = { ms / 1000, ms % 1000 * 1000000L };
    nanosleep(&t, NULL);
}

/* Until nobody has come for a moment, but not longer than the urn waits: a single phone is answered
 * soon, a hall that sends at once is one batch. The lock is held before and after. */
static void gather(Urn *u)
{
    size_t seen = 0;
    for (int waited = 0; waited < u->wait_ms && u->n_waiting != seen; waited += QUIET_MS) {
        seen = u->n_waiting;
        pthread_mutex_unlock(&u->lock);
        pause_ms(QUIET_MS);
        pthread_mutex_lock(&u->lock);
    }
}

/* Called with the lock held and `busy` set by us. */
static void lead(Urn *u)
{
    gather(u);
    Waiting *list = u->first;
    u->first = NULL;
    u->last = &u->first;
    u->n_waiting = 0;
    pthread_mutex_unlock(&u->lock);
    Err why = { 0 };
    bool ok = process(u, list, &why);
    pthread_mutex_lock(&u->lock);
    for (Waiting *w = list, *next; w; w = next) {
        next = w->next; /* once done it is its caller's again */
        if (!ok)
            *w->e = why;
        w->ok = ok;
        w->done = true;
    }
    arena_reset(u->work);
}

bool urn_cast(Urn *u, UrnItem *items, size_t n, const Hash *door, Err *e)
{
    Waiting w = { .items = items, .n = n, .door = door, .e = e };
    if (n > URN_CAST_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "一次投的票"),
                        err_hole("max", URN_CAST_MAX));
    pthread_mutex_lock(&u->lock);
    *u->last = &w;
    u->last = &w.next;
    u->n_waiting++;
    while (!w.done) {
        if (u->busy) {
            pthread_cond_wait(&u->turn, &u->lock);
            continue;
        }
        u->busy = true;
        lead(u);
        u->busy = false;
        pthread_cond_broadcast(&u->turn);
    }
    pthread_mutex_unlock(&u->lock);
    return w.ok;
}
