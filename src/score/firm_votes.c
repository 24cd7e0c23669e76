/* How firm ranks are when single votes move: every change of counts that two votes can make in the
 * boxes of two debriefers, each effect tried once.
 *
 * As a rule a total reads the counts of its own debriefer only: then the highest and lowest total
 * that one and two votes reach are enough for every pair. A scheme that gives points by place in
 * the ballot ties all of them together: then each pair is tried as a whole. */
#include "score/firm_in.h"

#include <stdlib.h>

/* A vote that moves. Of grades between options; of marks and places between values. */
typedef struct Move {
    size_t heap, item, from, to;
    Dec was, goes, points;        /* points of the place where it goes */
    size_t effect;                /* moves of one effect change the total alike */
    Dec over, under;              /* the effect: on sum(n * points) and on sum(n * highest) */
} Move;

typedef struct Moves {
    Move *all;                    /* sorted by effect */
    size_t n, cap, n_effects, *start; /* of effect k: all[start[k]] .. all[start[k + 1] - 1] */
} Moves;

typedef struct Undo {
    int64_t *from, *to;
    ScoreRow *row, saved;
} Undo;

typedef struct Ends {             /* of the marks given in one box and item */
    bool given;
    Dec low, high;
} Ends;

typedef struct Reach {            /* totals within 0, 1, 2 votes */
    int64_t low[SCORE_FIRM_VOTES + 1], high[SCORE_FIRM_VOTES + 1];
} Reach;

typedef struct Votes {
    Firm *f;
    bool items_read;              /* some formula reads one item: its effect is its own */
    bool bound;                   /* a compared node reads the ballot */
    Ends *ends;                   /* [heap][item] */
    Arena *mine, *theirs;         /* moves of one debriefer, of the other */
    Reach *reach;
    int64_t *swaps;               /* [debriefer][slot][place][place] */
    size_t *slot;                 /* [heap][item]: number among the items of rankings */
    size_t n_slots;
    int64_t *sorted;              /* totals in f->order */
} Votes;

#define NO_KEY INT64_MIN

static const SchemeInstrument *instrument_of(const Votes *v, const ScoreHeap *h)
{
    return &v->f->r.s->instruments[h->instrument];
}

/* --- one move done and undone --------------------------------------------------------------- */
static bool row_move(Votes *v, ScoreRow *row, const Move *m)
{
    size_t at = 0, n = 0;
    while (at < row->n && !dec_eq(row->given[at].value, m->was))
        at++;
    ScoreGiven *given = ARENA_ARRAY(v->f->spare, ScoreGiven, row->n + 1);
    if (at == row->n || row->given[at].n < 1 || !given)
        return false;
    bool put = false;
    for (size_t k = 0; k < row->n; k++) { /* the highest value first */
        int c = dec_cmp(m->goes, row->given[k].value);
        if (!put && c > 0)
            given[n++] = (ScoreGiven){ m->goes, m->points, 1 };
        put = put || c >= 0;
        given[n] = row->given[k];
        given[n].n += (c == 0) - (k == at);
        n += given[n].n > 0;
    }
    if (!put)
        given[n++] = (ScoreGiven){ m->goes, m->points, 1 };
    *row = (ScoreRow){ given, n };
    return true;
}

static bool move_do(Votes *v, size_t i, const Move *m, Undo *u)
{
    ScoreHeap *h = &v->f->r.heaps[m->heap];
    const SchemeInstrument *ins = instrument_of(v, h);
    *u = (Undo){ .row = NULL };
    if (ins->form != SCHEME_GRADES) {
        ScoreRow *row = &h->rows[i * ins->n_items + m->item];
        u->saved = *row;
        u->row = row_move(v, row, m) ? row : NULL;
        return u->row;
    }
    int64_t *n = &h->marks[(i * ins->n_items + m->item) * ins->n_options];
    if (n[m->from] < 1)
        return false;
    u->from = &n[m->from];
    u->to = &n[m->to];
    --*u->from;
    ++*u->to;
    return true;
}

static void move_undo(const Undo *u)
{
    if (u->row)
        *u->row = u->saved;
    if (u->from) {
        ++*u->from;
        --*u->to;
    }
}

/* --- which moves there are ------------------------------------------------------------------ */
static bool same_effect(const Votes *v, const Move *a, const Move *b)
{
    const SchemeInstrument *ins = instrument_of(v, &v->f->r.heaps[a->heap]);
    if (a->heap != b->heap || (v->items_read && a->item != b->item))
        return false;
    if (ins->drop_least > 0) /* what is left out depends on all marks of the row */
        return a->item == b->item && dec_eq(a->was, b->was) && dec_eq(a->goes, b->goes);
    return dec_eq(a->over, b->over) && dec_eq(a->under, b->under);
}

/* Effects of one heap stand together, so only the last ones need a look. */
static bool move_add(Moves *ms, const Votes *v, Arena *a, size_t first, Move m, Err *e)
{
    if (!ARENA_PUSH(a, ms->all, ms->n, ms->cap))
        return score_no_memory(e);
    m.effect = ms->n_effects;
    for (size_t k = first; k < ms->n && m.effect == ms->n_effects; k++)
        if (same_effect(v, &ms->all[k], &m))
            m.effect = ms->all[k].effect;
    ms->n_effects += m.effect == ms->n_effects;
    ms->all[ms->n++] = m;
    return true;
}

static bool option_moves(Moves *ms, const Votes *v, Arena *a, size_t i, size_t heap, size_t item,
                         size_t first, Err *e)
{
    const ScoreHeap *h = &v->f->r.heaps[heap];
    const SchemeInstrument *ins = instrument_of(v, h);
    Dec best = pack_scheme_highest(ins, h->first, item);
    for (size_t from = 0; from < ins->n_options; from++)
        for (size_t to = 0; to < ins->n_options; to++) {
            bool lost = ins->options[from].excluded, won = ins->options[to].excluded;
            Move m = { .heap = heap, .item = item, .from = from, .to = to };
            Dec x = lost ? dec_int(0) : pack_scheme_points(ins, h->first, item, from);
            Dec y = won ? dec_int(0) : pack_scheme_points(ins, h->first, item, to);
            if (from == to || score_marks(&v->f->r, h, i, item, from) < 1)
                continue;
            m.under = lost == won ? dec_int(0) : lost ? best : dec_neg(best);
            if (!dec_sub(&m.over, y, x))
                return score_no_memory(e);
            if (!move_add(ms, v, a, first, m, e))
                return false;
        }
    return true;
}

static bool mark_moves(Moves *ms, const Votes *v, Arena *a, size_t i, size_t heap, size_t item,
                       size_t first, Err *e)
{
    const ScoreHeap *h = &v->f->r.heaps[heap];
    const ScoreRow *row = score_row(&v->f->r, h, i, item);
    const Ends *ends = &v->ends[heap * SCHEME_ITEMS_MAX + item];
    for (size_t k = 0; k < row->n; k++)
        for (int high = 0; high < 2; high++) {
            Move m = { .heap = heap, .item = item, .was = row->given[k].value,
                       .goes = high ? ends->high : ends->low, .under = dec_int(0) };
            m.points = m.goes;
            if (dec_eq(m.was, m.goes))
                continue;
            if (!dec_sub(&m.over, m.goes, m.was))
                return score_no_memory(e);
            if (!move_add(ms, v, a, first, m, e))
                return false;
        }
    return true;
}

static int by_effect(const void *x, const void *y)
{
    const Move *a = x, *b = y;
    return (a->effect > b->effect) - (a->effect < b->effect);
}

/* Places on ranking papers are not among them: those move in pairs. */
static bool moves_make(Moves *ms, const Votes *v, Arena *a, size_t i, Err *e)
{
    arena_reset(a);
    *ms = (Moves){ .n = 0 };
    for (size_t h = 0; h < v->f->r.n_heaps; h++) {
        const SchemeInstrument *ins = instrument_of(v, &v->f->r.heaps[h]);
        size_t first = ms->n;
        for (size_t t = 0; t < ins->n_items; t++)
            if ((ins->form == SCHEME_GRADES && !option_moves(ms, v, a, i, h, t, first, e)) ||
                (ins->form == SCHEME_MARKS && !mark_moves(ms, v, a, i, h, t, first, e)))
                return false;
    }
    if (ms->n > 0)
        qsort(ms->all, ms->n, sizeof *ms->all, by_effect);
    ms->start = ARENA_ARRAY(a, size_t, ms->n_effects + 1);
    if (!ms->start)
        return score_no_memory(e);
    for (size_t k = ms->n; k-- > 0;)
        ms->start[ms->all[k].effect] = k;
    ms->start[ms->n_effects] = ms->n;
    return true;
}

/* --- trying --------------------------------------------------------------------------------- */
/* The total of one debriefer as the counts stand; NO_KEY when they leave no value. */
static bool key_now(int64_t *key, Votes *v, size_t i, Err *e)
{
    Err why = { .code = ERR_NONE };
    *key = NO_KEY;
    if (score_values_of(&v->f->r, i, &why) && score_firm_key(key, v->f, i, &why))
        return true;
    if (!score_firm_void(&why))
        return *e = why, false;
    *key = NO_KEY;
    return true;
}

static void reach_fold(Reach *r, size_t votes, int64_t key)
{
    for (size_t k = votes; key != NO_KEY && k <= SCORE_FIRM_VOTES; k++) {
        r->low[k] = key < r->low[k] ? key : r->low[k];
        r->high[k] = key > r->high[k] ? key : r->high[k];
    }
}

/* Does some move of effect b go together with one of effect a? The counts are left so. */
static bool both_do(Votes *v, size_t i, const Moves *ms, size_t a, size_t b, Undo *x, Undo *y)
{
    for (size_t k = ms->start[a]; k < ms->start[a + 1]; k++) {
        if (!move_do(v, i, &ms->all[k], x))
            continue;
        for (size_t m = ms->start[b]; m < ms->start[b + 1]; m++)
            if (move_do(v, i, &ms->all[m], y))
                return true;
        move_undo(x);
    }
    return false;
}

static bool reach_of(Votes *v, size_t i, const Moves *ms, Err *e)
{
    Reach *r = &v->reach[i];
    for (size_t k = 0; k <= SCORE_FIRM_VOTES; k++)
        r->low[k] = r->high[k] = v->f->keys[i];
    for (size_t a = 0; a < ms->n_effects; a++) {
        Undo x, y;
        int64_t key;
        arena_reset(v->f->spare);
        bool ok = move_do(v, i, &ms->all[ms->start[a]], &x) && key_now(&key, v, i, e);
        move_undo(&x);
        if (!ok)
            return arena_refused(v->f->spare) ? score_no_memory(e) : false;
        reach_fold(r, 1, key);
        for (size_t b = a; b < ms->n_effects; b++) {
            arena_reset(v->f->spare);
            if (!both_do(v, i, ms, a, b, &x, &y))
                continue;
            ok = key_now(&key, v, i, e);
            move_undo(&y);
            move_undo(&x);
            if (!ok)
                return false;
            reach_fold(r, 2, key);
        }
    }
    return true;
}

/* --- places on ranking papers --------------------------------------------------------------- */
static int64_t *swap_at(const Votes *v, size_t i, size_t heap, size_t item, size_t from, size_t to)
{
    size_t n = v->f->n, slot = v->slot[heap * SCHEME_ITEMS_MAX + item];
    return &v->swaps[((i * v->n_slots + slot) * n + from - 1) * n + to - 1];
}

static bool place_move(Move *m, const Votes *v, size_t heap, size_t item, const ScoreRow *row,
                       size_t k, size_t to)
{
    const SchemeInstrument *ins = instrument_of(v, &v->f->r.heaps[heap]);
    *m = (Move){ .heap = heap, .item = item, .was = row->given[k].value,
                 .goes = dec_int((int64_t)to) };
    m->points = ins->n_places == 0 ? dec_int((int64_t)(v->f->n + 1 - to)) :
                to <= ins->n_places ? ins->places[to - 1] : dec_int(0);
    return !dec_eq(m->was, m->goes);
}

static size_t place_of(const ScoreRow *row, size_t k)
{
    int64_t place = 0;
    return dec_to_int(&place, row->given[k].value) ? (size_t)place : 0;
}

static bool swaps_row(Votes *v, size_t i, size_t heap, size_t item, Err *e)
{
    const ScoreRow row = *score_row(&v->f->r, &v->f->r.heaps[heap], i, item);
    for (size_t k = 0; k < row.n; k++)
        for (size_t to = 1; to <= v->f->n; to++) {
            Move m;
            Undo u;
            if (!place_move(&m, v, heap, item, &row, k, to))
                continue;
            arena_reset(v->f->spare);
            int64_t *key = swap_at(v, i, heap, item, place_of(&row, k), to);
            bool ok = move_do(v, i, &m, &u) && key_now(key, v, i, e);
            move_undo(&u);
            if (!ok)
                return arena_refused(v->f->spare) ? score_no_memory(e) : false;
        }
    return true;
}

/* --- pairs ---------------------------------------------------------------------------------- */
typedef struct Pairing {
    size_t i, k;                  /* i stands before k in f->order */
    size_t from, to;              /* their class in f->order */
    ScoreSpan spans[2][SCORE_FIRM_VOTES + 1]; /* of i and of k, within so many votes */
} Pairing;

static void pairing_fold(Pairing *p, size_t votes, ScoreSpan i, ScoreSpan k)
{
    for (size_t n = votes; n <= SCORE_FIRM_VOTES; n++) {
        score_firm_widen(&p->spans[0][n], i);
        score_firm_widen(&p->spans[1][n], k);
    }
}

static void pairing_end(const Votes *v, const Pairing *p)
{
    Firm *f = v->f;
    uint8_t few = 0;
    for (uint8_t n = SCORE_FIRM_VOTES; n > 0; n--)
        if (score_firm_meet(p->spans[0][n], p->spans[1][n]))
            few = n;
    f->votes[p->i * f->n + p->k] = f->keys[p->i] == f->keys[p->k] ? 0 : few;
    score_firm_widen(&f->out->debriefers[p->i].votes, p->spans[0][SCORE_FIRM_VOTES]);
    score_firm_widen(&f->out->debriefers[p->k].votes, p->spans[1][SCORE_FIRM_VOTES]);
}

/* How many of the class have at least that total. */
static size_t at_least(const Votes *v, const Pairing *p, int64_t key)
{
    size_t low = p->from, high = p->to;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (v->sorted[mid] >= key)
            low = mid + 1;
        else
            high = mid;
    }
    return low - p->from;
}

/* The places of `one` with total x while `other` has y and all the rest stay. */
static ScoreSpan place_with(const Votes *v, const Pairing *p, size_t one, int64_t x, size_t other,
                            int64_t y)
{
    const int64_t *keys = v->f->keys;
    size_t more = at_least(v, p, x + 1) - (keys[one] > x) - (keys[other] > x) + (y > x);
    size_t same = at_least(v, p, x) - (keys[one] >= x) - (keys[other] >= x) + (y >= x);
    return (ScoreSpan){ more + 1, same + 1 };
}

static void both_place(const Votes *v, Pairing *p, size_t votes, int64_t x, int64_t y)
{
    if (x != NO_KEY && y != NO_KEY)
        pairing_fold(p, votes, place_with(v, p, p->i, x, p->k, y),
                     place_with(v, p, p->k, y, p->i, x));
}

/* Places only grow worse as one falls and the other rises: the ends are enough. */
static void reaches_pair(const Votes *v, Pairing *p)
{
    const Reach *i = &v->reach[p->i], *k = &v->reach[p->k];
    for (size_t votes = 1; votes <= SCORE_FIRM_VOTES; votes++)
        for (size_t mine = 0; mine <= votes; mine++) {
            both_place(v, p, votes, i->high[mine], k->low[votes - mine]);
            both_place(v, p, votes, i->low[mine], k->high[votes - mine]);
        }
}

static void swaps_pair(const Votes *v, Pairing *p, size_t heap, size_t item)
{
    const ScoreHeap *h = &v->f->r.heaps[heap];
    const ScoreRow *a = score_row(&v->f->r, h, p->i, item), *b = score_row(&v->f->r, h, p->k, item);
    for (size_t x = 0; x < a->n; x++)
        for (size_t y = 0; y < b->n; y++) {
            size_t from = place_of(a, x), to = place_of(b, y);
            if (from != to)
                both_place(v, p, SCORE_FIRM_VOTES, *swap_at(v, p->i, heap, item, from, to),
                           *swap_at(v, p->k, heap, item, to, from));
        }
}

/* --- all bound together --------------------------------------------------------------------- */
static ScoreSpan span_in(const Votes *v, const Pairing *p, const int64_t *keys, size_t i)
{
    ScoreSpan s = { 1, 0 };
    for (size_t x = p->from; x < p->to; x++) {
        s.best += keys[v->f->order[x]] > keys[i];
        s.worst += keys[v->f->order[x]] >= keys[i];
    }
    return s;
}

static bool bound_try(Votes *v, Pairing *p, size_t votes, Err *e)
{
    Firm *f = v->f;
    Err why = { .code = ERR_NONE };
    int64_t *keys = ARENA_ARRAY(f->spare, int64_t, f->n);
    if (!keys)
        return score_no_memory(e);
    bool ok = score_inputs_of(&f->r, p->i, &why) && score_inputs_of(&f->r, p->k, &why) &&
              score_nodes_make(&f->r, &why);
    for (size_t i = 0; ok && i < f->n; i++)
        ok = score_firm_key(&keys[i], f, i, &why);
    if (!ok) {
        *e = score_firm_void(&why) ? *e : why;
        return score_firm_void(&why);
    }
    pairing_fold(p, votes, span_in(v, p, keys, p->i), span_in(v, p, keys, p->k));
    return true;
}

static bool bound_own(Votes *v, Pairing *p, size_t i, const Moves *ms, Err *e)
{
    Undo x, y;
    for (size_t a = 0; a < ms->n_effects; a++) {
        arena_reset(v->f->spare);
        bool ok = move_do(v, i, &ms->all[ms->start[a]], &x) && bound_try(v, p, 1, e);
        move_undo(&x);
        for (size_t b = a; ok && b < ms->n_effects; b++) {
            arena_reset(v->f->spare);
            if (!both_do(v, i, ms, a, b, &x, &y))
                continue;
            ok = bound_try(v, p, 2, e);
            move_undo(&y);
            move_undo(&x);
        }
        if (!ok)
            return arena_refused(v->f->spare) ? score_no_memory(e) : false;
    }
    return true;
}

/* One vote of each: x of the first, y of the second. */
static bool bound_two(Votes *v, Pairing *p, const Move *mine, const Move *theirs, Err *e)
{
    Undo x, y = { .row = NULL };
    arena_reset(v->f->spare);
    bool ok = move_do(v, p->i, mine, &x) && move_do(v, p->k, theirs, &y) && bound_try(v, p, 2, e);
    move_undo(&y);
    move_undo(&x);
    return ok || (arena_refused(v->f->spare) ? score_no_memory(e) : false);
}

static bool bound_swaps(Votes *v, Pairing *p, size_t heap, size_t item, Err *e)
{
    const ScoreHeap *h = &v->f->r.heaps[heap];
    const ScoreRow a = *score_row(&v->f->r, h, p->i, item), b = *score_row(&v->f->r, h, p->k, item);
    for (size_t x = 0; x < a.n; x++)
        for (size_t y = 0; y < b.n; y++) {
            Move mine, theirs;
            if (place_move(&mine, v, heap, item, &a, x, place_of(&b, y)) &&
                place_move(&theirs, v, heap, item, &b, y, place_of(&a, x)) &&
                !bound_two(v, p, &mine, &theirs, e))
                return false;
        }
    return true;
}

/* Items of a ranking; none of any other form. */
static size_t ranked_items(const Votes *v, size_t heap)
{
    const SchemeInstrument *ins = instrument_of(v, &v->f->r.heaps[heap]);
    return ins->form == SCHEME_RANKING ? ins->n_items : 0;
}

static bool bound_pair(Votes *v, Pairing *p, Err *e)
{
    Moves a, b;
    if (!moves_make(&a, v, v->mine, p->i, e) || !moves_make(&b, v, v->theirs, p->k, e) ||
        !bound_own(v, p, p->i, &a, e) || !bound_own(v, p, p->k, &b, e))
        return false;
    for (size_t x = 0; x < a.n_effects; x++)
        for (size_t y = 0; y < b.n_effects; y++)
            if (!bound_two(v, p, &a.all[a.start[x]], &b.all[b.start[y]], e))
                return false;
    for (size_t h = 0; h < v->f->r.n_heaps; h++)
        for (size_t t = 0; t < ranked_items(v, h); t++)
            if (!bound_swaps(v, p, h, t, e))
                return false;
    arena_reset(v->f->spare); /* both as they were, for the next pair */
    return score_inputs_of(&v->f->r, p->i, e) && score_inputs_of(&v->f->r, p->k, e) &&
           score_nodes_make(&v->f->r, e);
}

static bool pair_try(Votes *v, Pairing *p, Err *e)
{
    for (size_t n = 0; n <= SCORE_FIRM_VOTES; n++) {
        p->spans[0][n] = v->f->out->debriefers[p->i].now;
        p->spans[1][n] = v->f->out->debriefers[p->k].now;
    }
    if (v->bound && !bound_pair(v, p, e))
        return false;
    if (!v->bound)
        reaches_pair(v, p);
    for (size_t h = 0; !v->bound && h < v->f->r.n_heaps; h++)
        for (size_t t = 0; t < ranked_items(v, h); t++)
            swaps_pair(v, p, h, t);
    pairing_end(v, p);
    return true;
}

static bool pairs_try(Votes *v, Err *e)
{
    const Firm *f = v->f;
    for (size_t from = 0, to; from < f->n; from = to) {
        to = from + 1;
        while (to < f->n && f->klass[f->order[to]] == f->klass[f->order[from]])
            to++;
        for (size_t x = from; x < to; x++)
            for (size_t y = x + 1; y < to; y++) {
                Pairing p = { .i = f->order[x], .k = f->order[y], .from = from, .to = to };
                if (!pair_try(v, &p, e))
                    return false;
            }
    }
    return true;
}

/* --- what a scheme needs -------------------------------------------------------------------- */
/* Which values read counts; does the total? do compared nodes? does any node read one item? */
static bool reads_make(Votes *v, bool *total, Err *e)
{
    const ScoreRun *r = &v->f->r;
    bool *reads = ARENA_ARRAY(v->f->work, bool, r->out->n_defs);
    if (!reads)
        return score_no_memory(e);
    for (size_t d = 0; d < r->out->n_defs; d++) {
        const ScoreDef *def = &r->out->defs[d];
        reads[d] = def->kind != SCORE_PART && def->kind != SCORE_NODE;
        for (size_t t = 0; def->kind == SCORE_NODE && t < def->n_inputs; t++) {
            ptrdiff_t at = score_def_named(r, def->inputs[t].name);
            reads[d] = reads[d] || (at >= 0 && reads[at]);
            v->items_read = v->items_read || (at >= 0 && r->out->defs[at].kind == SCORE_ITEM);
        }
    }
    for (size_t k = 0; k < r->s->n_nodes; k++) {
        SchemeNodeKind kind = r->s->nodes[k].kind;
        if (kind == SCHEME_PLACES || kind == SCHEME_FIRST)
            v->bound = v->bound || reads[score_def_node(r, k)];
    }
    *total = reads[score_def_node(r, r->s->total)];
    return true;
}

static void ends_row(Ends *ends, const ScoreRow *row)
{
    for (size_t k = 0; k < row->n; k++) {
        Dec x = row->given[k].value;
        ends->low = !ends->given || dec_cmp(x, ends->low) < 0 ? x : ends->low;
        ends->high = !ends->given || dec_cmp(x, ends->high) > 0 ? x : ends->high;
        ends->given = true;
    }
}

static bool rows_make(Votes *v, Err *e)
{
    const ScoreRun *r = &v->f->r;
    v->ends = ARENA_ARRAY(v->f->work, Ends, r->n_heaps * SCHEME_ITEMS_MAX);
    v->slot = ARENA_ARRAY(v->f->work, size_t, r->n_heaps * SCHEME_ITEMS_MAX);
    if (!v->ends || !v->slot)
        return score_no_memory(e);
    for (size_t h = 0; h < r->n_heaps; h++)
        for (size_t t = 0; r->heaps[h].rows && t < instrument_of(v, &r->heaps[h])->n_items; t++) {
            if (ranked_items(v, h) > 0)
                v->slot[h * SCHEME_ITEMS_MAX + t] = v->n_slots++;
            for (size_t i = 0; i < r->n_people; i++)
                ends_row(&v->ends[h * SCHEME_ITEMS_MAX + t], score_row(r, &r->heaps[h], i, t));
        }
    return true;
}

/* How many debriefers all of it works out again; more than SCORE_TRIES_MAX need no exact number. */
static bool tries_count(int64_t *tries, const Votes *v, Err *e)
{
    int64_t n = (int64_t)v->f->n, swaps = (int64_t)v->n_slots * n * n, effects = 0, squares = 0;
    int64_t own = 0;
    for (size_t i = 0; i < v->f->n && own <= SCORE_TRIES_MAX; i++) {
        Moves ms;
        if (!moves_make(&ms, v, v->mine, i, e))
            return false;
        int64_t x = (int64_t)ms.n_effects;
        own += x + x * (x + 1) / 2;
        effects += x;
        squares += x * x;
    }
    *tries = own + swaps * n;
    if (v->bound && *tries <= SCORE_TRIES_MAX)
        *tries = (own * (n - 1) + (effects * effects - squares) / 2 + swaps * n * (n - 1) / 2) * n;
    return true;
}

static bool tables_make(Votes *v, Err *e)
{
    Firm *f = v->f;
    v->reach = ARENA_ARRAY(f->work, Reach, f->n);
    v->swaps = ARENA_ARRAY(f->work, int64_t, v->bound ? 0 : f->n * v->n_slots * f->n * f->n);
    v->sorted = ARENA_ARRAY(f->work, int64_t, f->n);
    if (!v->reach || !v->swaps || !v->sorted)
        return score_no_memory(e);
    for (size_t x = 0; x < f->n; x++)
        v->sorted[x] = f->keys[f->order[x]];
    return true;
}

static bool alone_try(Votes *v, Err *e)
{
    for (size_t i = 0; i < v->f->n; i++) {
        Moves ms;
        if (!moves_make(&ms, v, v->mine, i, e) || !reach_of(v, i, &ms, e))
            return false;
        for (size_t h = 0; h < v->f->r.n_heaps; h++)
            for (size_t t = 0; t < ranked_items(v, h); t++)
                if (!swaps_row(v, i, h, t, e))
                    return false;
    }
    return true;
}

static bool votes_make(Votes *v, Err *e)
{
    bool reads = false;
    int64_t tries;
    if (!reads_make(v, &reads, e))
        return false;
    v->f->out->votes_done = true;
    if (!reads)
        return true; /* no vote changes anything */
    if (!rows_make(v, e) || !tries_count(&tries, v, e))
        return false;
    v->f->out->votes_done = tries <= SCORE_TRIES_MAX;
    return !v->f->out->votes_done ||
           (tables_make(v, e) && (v->bound || alone_try(v, e)) && pairs_try(v, e));
}

bool score_firm_votes(Firm *f, Err *e)
{
    Votes v = { .f = f, .mine = arena_open(SCORE_MEMORY_MAX),
                .theirs = arena_open(SCORE_MEMORY_MAX) };
    bool ok = v.mine && v.theirs ? votes_make(&v, e) : score_no_memory(e);
    arena_close(v.mine);
    arena_close(v.theirs);
    return ok;
}
