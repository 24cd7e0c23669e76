/* Marks and rankings: how many gave which number, laid out by debriefer and item. */
#include "score/score_in.h"

#include <stdlib.h>

const ScoreRow *score_row(const ScoreRun *r, const ScoreHeap *h, size_t person, size_t item)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    return h->rows ? &h->rows[person * ins->n_items + item] : NULL;
}

Dec score_best(const ScoreRun *r, const ScoreHeap *h, size_t item)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    if (ins->form == SCHEME_GRADES)
        return pack_scheme_highest(ins, h->first, item);
    if (ins->form == SCHEME_MARKS)
        return ins->to;
    return ins->n_places > 0 ? ins->places[0] : dec_int((int64_t)r->n_people);
}

/* How many of the k-th fall into the n outermost, counting from its end of the row. */
static int64_t cut(const ScoreRow *row, size_t k, int64_t n, bool from_top)
{
    int64_t before = 0;
    for (size_t i = from_top ? 0 : k + 1; i < (from_top ? k : row->n); i++)
        before += row->given[i].n;
    if (before >= n)
        return 0;
    return n - before < row->given[k].n ? n - before : row->given[k].n;
}

int64_t score_row_counted(const SchemeInstrument *ins, const ScoreRow *row, size_t k)
{
    int64_t all = 0, n = row->given[k].n;
    for (size_t i = 0; i < row->n; i++)
        all += row->given[i].n;
    if (ins->drop_least == 0 || all < ins->drop_least)
        return n;
    return n - cut(row, k, ins->drop_high, true) - cut(row, k, ins->drop_low, false);
}

/* --- reading -------------------------------------------------------------------------------- */
static bool value_ok(ScoreGiven *out, const ScoreRun *r, const ScoreHeap *h, const ScoreCell *c,
                     Err *e)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    bool marks = ins->form == SCHEME_MARKS;
    Dec from = marks ? ins->from : dec_int(1);
    Dec to = marks ? ins->to : dec_int((int64_t)r->n_people);
    int64_t place = 0;
    if (!dec_parse(&out->value, c->option) || (!marks && !dec_to_int(&place, out->value)))
        return score_unknown(marks ? "分数" : "名次", c->option, h->title, e);
    if (dec_cmp(out->value, from) < 0 || dec_cmp(out->value, to) > 0)
        return err_fail(e, ERR_SCORE_RANGE, err_hole("debriefer", c->debriefer),
                        err_hole("part", ins->title), err_hole("value", c->option),
                        err_hole("min", dec_print_short(r->a, from)),
                        err_hole("max", dec_print_short(r->a, to)));
    if (c->n < 1 || c->n > SCORE_PAPERS_MAX)
        return err_fail(e, ERR_FIELD_RANGE, err_hole("field", ins->title), err_hole("min", 1),
                        err_hole("max", SCORE_PAPERS_MAX));
    out->n = c->n;
    out->points = out->value;
    if (!marks && ins->n_places == 0)
        out->points = dec_int((int64_t)r->n_people + 1 - place);
    else if (!marks)
        out->points = (size_t)place <= ins->n_places ? ins->places[place - 1] : dec_int(0);
    return true;
}

typedef struct Placed {
    size_t row;
    ScoreGiven given;
} Placed;

static int by_row(const void *x, const void *y)
{
    const Placed *a = x, *b = y;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return dec_cmp(b->given.value, a->given.value);
}

/* Each place of an item is given as often as there are valid papers: no gap and no tie. */
static bool ranking_ok(const ScoreRun *r, const ScoreHeap *h, size_t item, Err *e)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    int64_t *n = ARENA_ARRAY(r->a, int64_t, r->n_people);
    if (!n)
        return score_no_memory(e);
    for (size_t p = 0; p < r->n_people; p++) {
        const ScoreRow *row = score_row(r, h, p, item);
        for (size_t k = 0; k < row->n; k++) {
            int64_t place = 0;
            if (dec_to_int(&place, row->given[k].value))
                n[place - 1] += row->given[k].n;
        }
    }
    for (size_t p = 0; p < r->n_people; p++)
        if (n[p] != h->in->valid)
            return err_fail(e, ERR_SCORE_PLACE, err_hole("group", h->title),
                            err_hole("item", ins->items[item].title),
                            err_hole("place", (int64_t)p + 1), err_hole("n", n[p]),
                            err_hole("valid", h->in->valid));
    return true;
}

bool score_rows_read(ScoreHeap *h, ScoreRun *r, Err *e)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    size_t n = h->in->cells.n, n_rows = r->n_people * ins->n_items;
    Placed *all = ARENA_ARRAY(r->a, Placed, n);
    ScoreGiven *given = ARENA_ARRAY(r->a, ScoreGiven, n);
    h->rows = ARENA_ARRAY(r->a, ScoreRow, n_rows);
    if (!all || !given || !h->rows)
        return score_no_memory(e);
    for (size_t i = 0; i < n; i++) {
        const ScoreCell *c = &SCORE_LIST(ScoreCell, h->in->cells)[i];
        ptrdiff_t person = score_person(r, c->debriefer), item = pack_scheme_item(ins, c->item);
        if (person < 0)
            return score_unknown("述职人", arena_text(r->a, "%lld", (long long)c->debriefer),
                                 h->title, e);
        if (item < 0)
            return score_unknown("测评项目", c->item, h->title, e);
        if (!value_ok(&all[i].given, r, h, c, e))
            return false;
        all[i].row = (size_t)person * ins->n_items + (size_t)item;
    }
    qsort(all, n, sizeof *all, by_row);
    for (size_t i = 0; i < n; i++) {
        ScoreRow *row = &h->rows[all[i].row];
        if (i > 0 && by_row(&all[i - 1], &all[i]) == 0)
            return score_twice("票数", dec_print_short(r->a, all[i].given.value), h->title, e);
        given[i] = all[i].given;
        row->given = row->n == 0 ? &given[i] : row->given;
        row->n++;
    }
    for (size_t i = 0; ins->form == SCHEME_RANKING && i < ins->n_items; i++)
        if (!ranking_ok(r, h, i, e))
            return false;
    return true;
}
