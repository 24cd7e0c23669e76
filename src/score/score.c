/* One run from the input to the result, and what may refuse it: quorum and missing parts. */
#include "score/score_in.h"

/* --- quorum --------------------------------------------------------------------------------- */
static bool reaches(int64_t part, int64_t whole, Dec share)
{
    Dec least;
    return whole > 0 && dec_mul(&least, share, dec_int(whole)) &&
           dec_cmp(dec_int(part), least) >= 0;
}

void score_quorum_judge(ScoreQuorum *q, const ScoreChoices *c)
{
    q->returned_ok = reaches(q->returned, q->issued, c->returned);
    q->valid_ok = reaches(q->valid, q->returned, c->valid);
}

static void quorum_add(ScoreQuorum *q, const ScoreBox *b)
{
    q->issued += b->issued;
    q->returned += b->returned;
    q->valid += b->valid;
}

static bool quorum_make(ScoreRun *r, Err *e)
{
    ScoreResult *out = r->out;
    size_t n = r->c->per_group ? r->n_heaps : r->s->n_instruments;
    out->quorum = ARENA_ARRAY(r->a, ScoreQuorum, n);
    if (!out->quorum)
        return score_no_memory(e);
    out->n_quorum = n;
    for (size_t k = 0; k < n && !r->c->per_group; k++)
        out->quorum[k].groups = r->s->instruments[k].title;
    for (size_t i = 0; i < r->n_heaps; i++) {
        const ScoreHeap *h = &r->heaps[i];
        ScoreQuorum *q = &out->quorum[r->c->per_group ? i : h->instrument];
        if (r->c->per_group) {
            q->box = h->in;
            q->groups = h->title;
        }
        quorum_add(q, h->in);
    }
    for (size_t k = 0; k < n; k++)
        score_quorum_judge(&out->quorum[k], r->c);
    return true;
}

static bool quorum_holds(ScoreRun *r)
{
    bool ok = true;
    for (size_t k = 0; k < r->out->n_quorum; k++)
        ok = ok && r->out->quorum[k].returned_ok && r->out->quorum[k].valid_ok;
    if (ok || r->c->on_failure == SCORE_REVOTE || r->in->accepts.n == 0)
        return ok;
    r->out->accepted = r->accepts[0];
    return true;
}

/* --- parts that must be there --------------------------------------------------------------- */
static bool absent_make(ScoreRun *r, Err *e)
{
    ScoreResult *out = r->out;
    out->absent = ARENA_ARRAY(r->a, ScoreAbsent, r->n_people * r->s->n_parts);
    if (!out->absent)
        return score_no_memory(e);
    for (size_t i = 0; i < r->n_people; i++)
        for (size_t k = 0; k < r->s->n_parts; k++) {
            const ScorePart *p = score_part_of(r->people[i], r->s->parts[k].name);
            if (r->s->parts[k].missing == SCHEME_REFUSE && !(p && p->value.given))
                out->absent[out->n_absent++] = (ScoreAbsent){ r->people[i]->id, k };
        }
    return true;
}

/* --- the run -------------------------------------------------------------------------------- */
static bool people_make(ScoreRun *r, Err *e)
{
    ScoreResult *out = r->out;
    out->n_debriefers = r->n_people;
    out->debriefers = ARENA_ARRAY(r->a, ScoreScored, r->n_people);
    if (!out->debriefers)
        return score_no_memory(e);
    for (size_t i = 0; i < r->n_people; i++) {
        ScoreScored *d = &out->debriefers[i];
        *d = (ScoreScored){ .id = r->people[i]->id, .klass = str_trim(r->people[i]->klass),
                            .input = r->people[i] };
        d->values = ARENA_ARRAY(r->a, ScoreValue, out->n_defs);
        if (!d->values)
            return score_no_memory(e);
    }
    return true;
}

bool score_start(ScoreRun *r, Arena *a, const Scheme *s, const ScoreChoices *c,
                 const ScoreInput *in, ScoreResult *out, Err *e)
{
    *out = (ScoreResult){ .status = SCORE_REFUSED };
    *r = (ScoreRun){ .a = a, .s = s, .c = c, .in = in, .out = out };
    if (!score_choices_check(c, s, e) || !score_input_read(r, e) || !score_defs_make(r, e) ||
        !people_make(r, e) || !quorum_make(r, e) || !absent_make(r, e))
        return false;
    if (!quorum_holds(r) || out->n_absent > 0)
        return true;
    return score_values_make(r, e) && score_grades_make(r, e) &&
           (!arena_refused(a) || score_no_memory(e));
}

bool score_run(ScoreResult *out, Arena *a, const Scheme *s, const ScoreChoices *c,
               const ScoreInput *in, Err *e)
{
    ScoreRun r;
    ScoreResult result;
    if (!score_start(&r, a, s, c, in, &result, e))
        return err_note(e, "while scoring by scheme \"%.*s\"", STR(s->name));
    *out = result;
    return true;
}

/* --- merging -------------------------------------------------------------------------------- */
static int64_t papers_of(const size_t *of, const int64_t *valid, size_t n, size_t heap)
{
    int64_t sum = 0;
    for (size_t g = 0; g < n; g++)
        sum += of[g] == heap ? valid[g] : 0;
    return sum;
}

static void join(size_t *of, size_t n, size_t a, size_t b)
{
    size_t keep = a < b ? a : b, gone = a < b ? b : a;
    for (size_t g = 0; g < n; g++)
        if (of[g] == gone)
            of[g] = keep;
}

/* The first merge target that leads out of the heap; -1: it has nowhere to go. */
static ptrdiff_t way_out(const size_t *of, const Scheme *s, size_t heap)
{
    for (size_t g = 0; g < s->n_groups; g++)
        if (of[g] == heap && s->groups[g].merge >= 0 && of[s->groups[g].merge] != heap)
            return s->groups[g].merge;
    return -1;
}

bool score_merge(size_t *of, const Scheme *s, const int64_t *valid, int64_t floor, Err *e)
{
    size_t heap_of[SCHEME_GROUPS_MAX], n = s->n_groups;
    for (size_t g = 0; g < n; g++)
        heap_of[g] = g;
    for (size_t g = 0; g < n; g++)
        while (papers_of(heap_of, valid, n, heap_of[g]) < floor) {
            ptrdiff_t to = way_out(heap_of, s, heap_of[g]);
            if (to < 0)
                return err_fail(e, ERR_SCORE_MERGE, err_hole("group", s->groups[g].title),
                                err_hole("floor", floor));
            join(heap_of, n, heap_of[g], heap_of[to]);
        }
    for (size_t g = 0; g < n; g++)
        of[g] = heap_of[g];
    return true;
}
