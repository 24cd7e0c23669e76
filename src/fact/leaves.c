/* Leaves on their way to the tiles. Hashing costs a bulk import more than writing its rows, and
 * nobody asks for a leaf before the job ends: so it is done beside the job, on the other core. */
#include "fact/parts.h"

static void hash_all(FactBatch *b, LeafRun *run)
{
    for (size_t i = 0; i < b->n; i++) {
        FactLeaf *l = &b->leaves[i];
        l->hash = leaf_hash_split(run, &l->f, l->fields, l->n_fields);
    }
}

static void *beside(void *arg)
{
    FactBatch *b = arg;
    hash_all(b, b->run);
    return NULL;
}

/* The hashed leaves of a batch to the tiles; it is empty then. A job that swallows the failure of
 * this does not get away with half a batch in the tiles. */
static bool batch_add(Tx *tx, FactJob *job, FactBatch *b, Err *e)
{
    bool ok = job->failed.code == ERR_NONE;
    for (size_t i = 0; ok && i < b->n; i++)
        if (!(ok = fact_log_add(tx, job, b->leaves[i].hash, e)))
            job->failed = *e;
    if (!ok)
        return *e = job->failed, false;
    if (b->room)
        arena_reset(b->room);
    *b = (FactBatch){ .run = b->run, .room = b->room };
    return true;
}

/* The full batch goes to the other thread; what that one has made goes to the tiles. */
static bool hand_over(Tx *tx, FactJob *job, Err *e)
{
    FactBatch *full = &job->batches[job->filling], *done = &job->batches[!job->filling];
    if (!full->run)
        full->run = leaf_open();
    if (!full->run)
        return fact_no_memory(e);
    tx_beside(tx, beside, full);
    job->filling = !job->filling;
    return batch_add(tx, job, done, e);
}

/* Fields that point into a copy of the body they were split from. */
static const LeafField *moved(Arena *a, const LeafField *fields, size_t n, Str from, Str to)
{
    LeafField *copy = ARENA_ARRAY(a, LeafField, n);
    for (size_t i = 0; copy && i < n; i++)
        copy[i] = (LeafField){ { to.p + (fields[i].name.p - from.p), fields[i].name.n },
                               { to.p + (fields[i].value.p - from.p), fields[i].value.n } };
    return copy;
}

bool fact_leaf_put(Tx *tx, FactJob *job, const Fact *f, const LeafField *fields, size_t n, Err *e)
{
    FactBatch *b = &job->batches[job->filling];
    if (!b->room)
        b->room = arena_open(8 * (size_t)FACT_BATCH_BYTES);
    if (!b->room || !ARENA_PUSH(b->room, b->leaves, b->n, b->cap))
        return fact_no_memory(e);
    FactLeaf *l = &b->leaves[b->n], *last = b->n ? l - 1 : NULL;
    *l = (FactLeaf){ .f = *f, .n_fields = n };
    l->f.kind = last && str_eq(last->f.kind, f->kind) ? last->f.kind : arena_str(b->room, f->kind);
    l->f.body = arena_str(b->room, f->body);
    l->fields = moved(b->room, fields, n, f->body, l->f.body);
    if (arena_refused(b->room))
        return fact_no_memory(e);
    b->n++;
    b->bytes += f->body.n + n * sizeof *fields;
    job->size++;
    return (b->n < FACT_BATCH && b->bytes < FACT_BATCH_BYTES) || hand_over(tx, job, e);
}

bool fact_leaves_add(Tx *tx, FactJob *job, Err *e)
{
    FactBatch *rest = &job->batches[job->filling];
    tx_beside_wait(tx);
    hash_all(rest, job->run);
    return batch_add(tx, job, &job->batches[!job->filling], e) && batch_add(tx, job, rest, e);
}

void fact_leaves_drop(FactJob *job)
{
    for (int i = 0; i < 2; i++) {
        leaf_close(job->batches[i].run);
        arena_close(job->batches[i].room);
    }
}
