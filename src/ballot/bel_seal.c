#include "ballot/record.h"

#include <stdlib.h>
#include <string.h>

typedef struct Slot {
    Str credential, text, hints;
    Vote vote;
} Slot;

typedef struct Sealer {
    const BelBox *box;
    Arena *a;
    Election el;
    Creds creds;
    Slot *slots;
    CurvePoint *sum;
    Err *e;
} Sealer;

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "存档"));
}

static int slot_cmp(const void *a, const void *b)
{
    return str_cmp(((const Slot *)a)->credential, ((const Slot *)b)->credential);
}

static bool fail(Err *e, ErrCode code)
{
    return err_fail(e, code, err_hole("where", "选票"), err_hole("where_en", "a ballot"));
}

static bool fill_slots(Sealer *s)
{
    size_t at;
    for (size_t i = 0; i < s->box->n; i++) {
        Slot *slot = &s->slots[i];
        slot->text = s->box->ballots[i];
        slot->hints = s->box->hints ? s->box->hints[i] : (Str){ "", 0 };
        slot->credential = vote_credential(&s->el, slot->text);
        if (!creds_find(&at, &s->creds, slot->credential))
            return fail(s->e, ERR_BEL_CREDENTIAL);
    }
    qsort(s->slots, s->box->n, sizeof *s->slots, slot_cmp);
    for (size_t i = 1; i < s->box->n; i++)
        if (str_eq(s->slots[i].credential, s->slots[i - 1].credential))
            return fail(s->e, ERR_BEL_TWICE);
    return true;
}

static bool verify_slots(Sealer *s)
{
    size_t n = s->box->n, bad;
    VoteTables *tables = ARENA_NEW(s->a, VoteTables);
    BatchItem *items = ARENA_ARRAY(s->a, BatchItem, n);
    if (!tables || !items || !vote_tables(tables, &s->el))
        return no_memory(s->e);
    for (size_t i = 0; i < n; i++) {
        Slot *slot = &s->slots[i];
        if (!vote_read(&slot->vote, s->a, &s->el, slot->text, s->e))
            return false;
        items[i] = (BatchItem){ .vote = &slot->vote, .hints = slot->hints, .counts = true };
    }
    for (size_t from = 0; from < n; from += BATCH_MAX) {
        size_t now = n - from < BATCH_MAX ? n - from : BATCH_MAX;
        Err fault;
        if (!batch_verify(items + from, now, &s->el, tables, s->box->seed, s->sum, &bad, &fault,
                          s->e))
            return false;
        if (bad < now) {
            *s->e = fault;
            return false;
        }
    }
    return true;
}

static bool put_tally(Sealer *s, BelWriter *w)
{
    Tally t;
    Buf text = buf_open(1 << 22);
    bool ok = tally_of(&t, s->a, &s->el, s->sum, s->e) && tally_write(&text, &s->el, &t, s->e);
    if (ok)
        bel_tally(w, buf_str(&text), (int64_t)s->box->n);
    buf_close(&text);
    return ok;
}

static bool put_all(Sealer *s, Buf *out, Buf *hints)
{
    size_t start = out->n;
    BelWriter w = bel_open(out, s->box->timestamp);
    bel_setup(&w, s->box->election, s->box->trustees, s->box->creds);
    for (size_t i = 0; i < s->box->n; i++)
        bel_ballot(&w, s->slots[i].text);
    bel_end(&w);
    if ((s->box->n > 0 && !put_tally(s, &w)) || !bel_close(&w, s->e))
        return false;
    if (!hints || !s->box->hints)
        return true;
    bel_hints_open(hints, hash_of(str_sub(buf_str(out), start, out->n)));
    for (size_t i = 0; i < s->box->n; i++)
        buf_put(hints, s->slots[i].hints);
    return !hints->failed || no_memory(s->e);
}

bool bel_seal(Buf *out, Buf *hints, const BelBox *box, Err *e)
{
    Sealer s = { .box = box, .a = arena_open((size_t)BEL_BYTES_MAX * 2), .e = e };
    Trustees trustees;
    bool ok = s.a && (s.slots = ARENA_ARRAY(s.a, Slot, box->n)) != NULL;
    if (!ok)
        no_memory(e);
    ok = ok && election_read(&s.el, s.a, box->election, e) &&
         election_holds(&s.el, box->trustees, box->creds, e) &&
         trustees_read(&trustees, s.a, box->trustees, e) &&
         creds_read(&s.creds, s.a, box->creds, e);
    if (ok && !point_eq(trustees.key, s.el.key))
        ok = err_fail(e, ERR_BEL_PROOF, err_hole("where", "选举公钥"),
                      err_hole("where_en", "the election's key"));
    if (ok) {
        size_t n = 2 * election_cells(&s.el);
        s.sum = ARENA_ARRAY(s.a, CurvePoint, n);
        ok = s.sum || no_memory(e);
        for (size_t i = 0; ok && i < n; i++)
            s.sum[i] = curve_identity();
    }
    ok = ok && fill_slots(&s) && verify_slots(&s) && put_all(&s, out, hints);
    arena_close(s.a);
    return ok;
}
