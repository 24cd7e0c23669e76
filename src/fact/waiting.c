/* Rows of the views on their way. */
#include "fact/parts.h"

#include <stdlib.h>

enum { MANY = 64 };               /* rows of the statements named *_64 */

static bool room_open(FactJob *job, Err *e)
{
    if (!job->waiting_room)
        job->waiting_room = arena_open((size_t)1 << 30);
    return job->waiting_room || fact_no_memory(e);
}

/* The first eight bytes as a number: most comparisons of a sort end here, without the text. */
static uint64_t first_of(Str s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < sizeof n; i++)
        n = n << 8 | (i < s.n ? (unsigned char)s.p[i] : 0);
    return n;
}

bool fact_index_put(Tx *tx, FactJob *job, const FactIndexRow *row, Err *e)
{
    if (job->n_waiting == FACT_WAITING_MAX && !fact_waiting_write(tx, job, e))
        return false;
    if (!room_open(job, e))
        return false;
    FactIndexRow copy = *row;
    copy.value = arena_str(job->waiting_room, row->value);
    copy.first = first_of(row->value);
    if (!ARENA_PUSH(job->waiting_room, job->waiting, job->n_waiting, job->cap_waiting)
        || arena_refused(job->waiting_room))
        return fact_no_memory(e);
    job->waiting[job->n_waiting++] = copy;
    return true;
}

bool fact_thing_put(Tx *tx, FactJob *job, const FactNewThing *row, Err *e)
{
    if (job->n_things == FACT_THINGS_MAX && !fact_waiting_write(tx, job, e))
        return false;
    if (!room_open(job, e))
        return false;
    FactNewThing copy = *row;
    const FactNewThing *last = job->n_things ? &job->things[job->n_things - 1] : NULL;
    copy.kind = last && str_eq(last->kind, row->kind) ? last->kind
                                                      : arena_str(job->waiting_room, row->kind);
    if (!ARENA_PUSH(job->waiting_room, job->things, job->n_things, job->cap_things)
        || arena_refused(job->waiting_room))
        return fact_no_memory(e);
    job->things[job->n_things++] = copy;
    return true;
}

/* --- rows of the index ------------------------------------------------------ */
static int by_key(const void *x, const void *y)
{
    const FactIndexRow *a = x, *b = y;
    if (a->field != b->field)
        return a->field < b->field ? -1 : 1;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    int c = str_cmp(a->value, b->value);
    return c ? c : a->subject < b->subject ? -1 : a->subject > b->subject;
}

static bool index_write(Tx *tx, FactJob *job, Err *e)
{
    Bind binds[1 + 3 * MANY] = { bind_int(job->facts->region) };
    const FactIndexRow *r = job->waiting, *end = r + job->n_waiting;
    if (job->n_waiting > 1)
        qsort(job->waiting, job->n_waiting, sizeof *r, by_key);
    while (r < end) {
        size_t n = end - r >= MANY ? MANY : 1;
        Bind *b = binds + 1;
        for (size_t i = 0; i < n; i++, r++) {
            *b++ = bind_int(r->field);
            *b++ = bind_text(r->value);
            *b++ = bind_int(r->subject);
        }
        if (!store_run(tx, n == MANY ? "field_insert_64" : "field_insert", binds, 1 + 3 * n, e))
            return false;
    }
    return true;
}

/* --- new things -------------------------------------------------------------- */
static int by_thing(const void *x, const void *y)
{
    const FactNewThing *a = x, *b = y;
    int c = str_cmp(a->kind, b->kind);
    return c ? c : a->subject < b->subject ? -1 : a->subject > b->subject;
}

static bool things_write(Tx *tx, FactJob *job, Err *e)
{
    Bind binds[2 + 3 * MANY] = { bind_int(job->facts->region) };
    const FactNewThing *r = job->things, *end = r + job->n_things;
    if (job->n_things > 1)
        qsort(job->things, job->n_things, sizeof *r, by_thing);
    while (r < end) {
        size_t n = end - r >= MANY && str_eq(r->kind, r[MANY - 1].kind) ? MANY : 1;
        Bind *b = binds + 2;
        binds[1] = bind_text(r->kind);
        for (size_t i = 0; i < n; i++, r++) {
            *b++ = bind_int(r->subject);
            *b++ = bind_int(r->fact);
            *b++ = bind_int(r->org);
        }
        if (!store_run(tx, n == MANY ? "thing_insert_64" : "thing_insert", binds, 2 + 3 * n, e))
            return false;
    }
    return true;
}

bool fact_waiting_write(Tx *tx, FactJob *job, Err *e)
{
    if (job->n_waiting == 0 && job->n_things == 0)
        return true;
    if (!index_write(tx, job, e) || !things_write(tx, job, e))
        return false;
    arena_reset(job->waiting_room);
    job->waiting = NULL;
    job->things = NULL;
    job->n_waiting = job->cap_waiting = job->n_things = job->cap_things = 0;
    return true;
}

bool fact_own_seen(Tx *tx, Err *e)
{
    FactJob *job = tx_local(tx);
    return !job || fact_waiting_write(tx, job, e);
}
