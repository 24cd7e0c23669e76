/* Reading the log into the board: one thread steps through the store and copies bodies, the other
 * folds what was copied before. */
#include "work/board_in.h"

/* Large, for a thread that lives a few milliseconds is left on the processor of the one that made
 * it, and nothing is won. */
enum { BATCH = 32768 };

typedef struct Copied {
    Fact f;
    const BoardForm *form;         /* NULL: of the roster */
} Copied;

typedef struct Batch {
    Board *b;
    Copied items[BATCH];
    size_t n;
    bool ok;
    Err e;
} Batch;

typedef struct Reading {
    Board *b;
    Tx *tx;
    Batch *batches[2];             /* one fills while the other is folded */
    int filling;
} Reading;

static void *fold(void *arg)
{
    Batch *x = arg;
    for (size_t i = 0; x->ok && i < x->n; i++)
        x->ok = work_board_fold(x->b, x->items[i].form, &x->items[i].f, &x->e);
    x->n = 0;
    return NULL;
}

static bool folded(const Batch *x, Err *e)
{
    if (!x->ok)
        *e = x->e;
    return x->ok;
}

/* The full batch goes to the other thread, when that one has done the one before. */
static bool hand_over(Reading *r, Err *e)
{
    Batch *full = r->batches[r->filling];
    tx_beside_wait(r->tx);
    r->filling = !r->filling;
    if (!folded(r->batches[r->filling], e))
        return false;
    tx_beside(r->tx, fold, full);
    return true;
}

static bool each(void *arg, const Fact *f, Err *e)
{
    Reading *r = arg;
    Board *b = r->b;
    Str kind = work_board_is_roster(f->kind);
    const BoardForm *form = kind.n ? NULL : map_get(&b->forms, f->kind);
    b->last = f->id;
    b->over |= str_is(f->kind, "erasure");
    if (!kind.n && !work_board_wants(b, form, f))
        return true;
    Batch *x = r->batches[r->filling];
    Copied *to = &x->items[x->n++];
    *to = (Copied){ *f, form };
    to->f.kind = kind.n ? kind : form->form->name;
    to->f.body = arena_str(b->text, f->body);
    if (arena_refused(b->text))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
    return x->n < BATCH || hand_over(r, e);
}

static bool read_all(Reading *r, Err *e)
{
    bool ok = fact_since(r->tx, r->b->last, each, r, e);
    tx_beside_wait(r->tx);
    if (!ok || !folded(r->batches[!r->filling], e))
        return false;
    fold(r->batches[r->filling]);
    return folded(r->batches[r->filling], e);
}

bool work_board_read(Board *b, Call *c, Err *e)
{
    Arena *a = arena_open(32 << 20);
    Reading r = { .b = b, .tx = c->tx };
    bool ok = a != NULL;
    for (int i = 0; ok && i < 2; i++) {
        r.batches[i] = ARENA_NEW(a, Batch);
        ok = r.batches[i] != NULL;
        if (ok) {
            r.batches[i]->b = b;
            r.batches[i]->ok = true;
        }
    }
    ok = ok ? read_all(&r, e) : err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
    arena_close(a);
    return ok;
}
