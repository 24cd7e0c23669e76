/* Rows of field_index on their way. */
#include "fact/parts.h"

#include <stdlib.h>

bool fact_index_put(Tx *tx, FactJob *job, const FactIndexRow *row, Err *e)
{
    if (job->n_waiting == FACT_WAITING_MAX && !fact_index_flush(tx, job, e))
        return false;
    if (!job->waiting_room && !(job->waiting_room = arena_open((size_t)1 << 30)))
        return fact_no_memory(e);
    FactIndexRow copy = *row;
    copy.value = arena_str(job->waiting_room, row->value);
    if (!ARENA_PUSH(job->waiting_room, job->waiting, job->n_waiting, job->cap_waiting)
        || arena_refused(job->waiting_room))
        return fact_no_memory(e);
    job->waiting[job->n_waiting++] = copy;
    return true;
}

static int by_key(const void *x, const void *y)
{
    const FactIndexRow *a = x, *b = y;
    if (a->field != b->field)
        return a->field < b->field ? -1 : 1;
    int c = str_cmp(a->value, b->value);
    return c ? c : a->subject < b->subject ? -1 : a->subject > b->subject;
}

#define ROW(r) bind_int((r)->field), bind_text((r)->value), bind_int((r)->subject)

static bool write_eight(Tx *tx, FactJob *job, const FactIndexRow *r, Err *e)
{
    return store_run(tx, "field_insert_8",
                     BIND(bind_int(job->facts->region), ROW(r), ROW(r + 1), ROW(r + 2),
                          ROW(r + 3), ROW(r + 4), ROW(r + 5), ROW(r + 6), ROW(r + 7)), e);
}

static bool write_one(Tx *tx, FactJob *job, const FactIndexRow *r, Err *e)
{
    return store_run(tx, "field_insert", BIND(bind_int(job->facts->region), ROW(r)), e);
}

bool fact_index_flush(Tx *tx, FactJob *job, Err *e)
{
    const FactIndexRow *r = job->waiting, *end = r + job->n_waiting;
    if (job->n_waiting == 0)
        return true;
    qsort(job->waiting, job->n_waiting, sizeof *r, by_key);
    while (r < end) {
        size_t n = end - r >= 8 ? 8 : 1;
        if (!(n == 8 ? write_eight(tx, job, r, e) : write_one(tx, job, r, e)))
            return false;
        r += n;
    }
    arena_reset(job->waiting_room);
    job->waiting = NULL;
    job->n_waiting = job->cap_waiting = 0;
    return true;
}
