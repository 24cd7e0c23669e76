/* The input is sorted, so that its order means nothing, laid out by index, and refused where it
 * does not hold together. */
#include "score/score_in.h"

#include <stdlib.h>

bool score_no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "score"));
}

bool score_unknown(const char *what, Str name, Str where, Err *e)
{
    return err_fail(e, ERR_SCORE_UNKNOWN, err_hole("what", what), err_hole("name", name),
                    err_hole("where", where));
}

bool score_twice(const char *what, Str name, Str where, Err *e)
{
    return err_fail(e, ERR_SCORE_TWICE, err_hole("what", what), err_hole("name", name),
                    err_hole("where", where));
}

static Str id_text(Arena *a, int64_t id)
{
    return arena_text(a, "%lld", (long long)id);
}

static bool too_many(const char *what, size_t max, Err *e)
{
    return err_fail(e, ERR_TOO_BIG, err_hole("what", what), err_hole("max", (int64_t)max));
}

/* --- debriefers ----------------------------------------------------------------------------- */
static int by_id(const void *x, const void *y)
{
    const ScoreDebriefer *const *a = x, *const *b = y;
    return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

static int by_fact(const void *x, const void *y)
{
    const ScoreEvent *a = x, *b = y;
    int fact = (a->fact > b->fact) - (a->fact < b->fact), name = str_cmp(a->name, b->name);
    if (fact || name)
        return fact ? fact : name;
    if (!a->value.given || !b->value.given)
        return (int)a->value.given - (int)b->value.given;
    return dec_cmp(a->value.value, b->value.value);
}

static bool in_range(const ScoreRun *r, const ScoreDebriefer *d, Str title, Dec v, Dec from, Dec to,
                     Err *e)
{
    if (dec_cmp(v, from) >= 0 && dec_cmp(v, to) <= 0)
        return true;
    return err_fail(e, ERR_SCORE_RANGE, err_hole("debriefer", d->id), err_hole("part", title),
                    err_hole("value", dec_print_short(r->a, v)),
                    err_hole("min", dec_print_short(r->a, from)),
                    err_hole("max", dec_print_short(r->a, to)));
}

const ScorePart *score_part_of(const ScoreDebriefer *d, Str name)
{
    for (size_t i = 0; i < d->parts.n; i++)
        if (str_eq(SCORE_LIST(ScorePart, d->parts)[i].name, name))
            return &SCORE_LIST(ScorePart, d->parts)[i];
    return NULL;
}

static bool parts_ok(const ScoreRun *r, const ScoreDebriefer *d, Err *e)
{
    for (size_t i = 0; i < d->parts.n; i++) {
        const ScorePart *p = &SCORE_LIST(ScorePart, d->parts)[i];
        ptrdiff_t k = pack_scheme_part(r->s, p->name);
        if (k < 0)
            return score_unknown("评分项", p->name, id_text(r->a, d->id), e);
        if (score_part_of(d, p->name) != p)
            return score_twice("评分项", p->name, id_text(r->a, d->id), e);
        const SchemePart *part = &r->s->parts[k];
        if (p->value.given &&
            !in_range(r, d, part->title, p->value.value, part->from, part->to, e))
            return false;
    }
    return true;
}

static bool event_ok(const ScoreRun *r, const ScoreDebriefer *d, const ScoreEvent *v, Err *e)
{
    ptrdiff_t k = pack_scheme_event(r->s, v->name);
    if (k < 0)
        return score_unknown("事项", v->name, id_text(r->a, d->id), e);
    const SchemeEvent *event = &r->s->events[k];
    if (!event->ranged)
        return true;
    if (!v->value.given)
        return err_fail(e, ERR_SCORE_VALUELESS, err_hole("debriefer", d->id),
                        err_hole("part", event->title));
    return in_range(r, d, event->title, v->value.value, event->from, event->to, e);
}

static bool events_read(ScoreRun *r, size_t i, Err *e)
{
    const ScoreDebriefer *d = r->people[i];
    ScoreEvent *sorted = ARENA_ARRAY(r->a, ScoreEvent, d->events.n);
    if (d->events.n > SCORE_EVENTS_MAX)
        return too_many("事项", SCORE_EVENTS_MAX, e);
    if (!sorted)
        return score_no_memory(e);
    for (size_t k = 0; k < d->events.n; k++) {
        sorted[k] = SCORE_LIST(ScoreEvent, d->events)[k];
        if (!event_ok(r, d, &sorted[k], e))
            return false;
    }
    qsort(sorted, d->events.n, sizeof *sorted, by_fact);
    r->events[i] = sorted;
    r->n_events[i] = d->events.n;
    return true;
}

static bool override_ok(const ScoreRun *r, const ScoreDebriefer *d, Err *e)
{
    if (d->override.grade.n == 0)
        return true;
    if (pack_scheme_band(r->s, d->override.grade) < 0)
        return score_unknown("等次", d->override.grade, id_text(r->a, d->id), e);
    if (str_trim(d->override.reason).n == 0)
        return err_fail(e, ERR_SCORE_REASON, err_hole("what", "审定等次与测算不一致"));
    return true;
}

static bool people_read(ScoreRun *r, Err *e)
{
    size_t n = r->in->debriefers.n;
    if (n == 0)
        return err_fail(e, ERR_SCORE_NONE, err_hole("what", "述职人"));
    if (n > SCORE_DEBRIEFERS_MAX)
        return too_many("述职人", SCORE_DEBRIEFERS_MAX, e);
    r->people = ARENA_ARRAY(r->a, const ScoreDebriefer *, n);
    r->events = ARENA_ARRAY(r->a, const ScoreEvent *, n);
    r->n_events = ARENA_ARRAY(r->a, size_t, n);
    if (!r->people || !r->events || !r->n_events)
        return score_no_memory(e);
    r->n_people = n;
    for (size_t i = 0; i < n; i++)
        r->people[i] = &SCORE_LIST(ScoreDebriefer, r->in->debriefers)[i];
    qsort(r->people, n, sizeof *r->people, by_id);
    for (size_t i = 0; i < n; i++) {
        const ScoreDebriefer *d = r->people[i];
        if (i > 0 && d->id == r->people[i - 1]->id)
            return score_twice("述职人", id_text(r->a, d->id), STRC("名单"), e);
        if (!parts_ok(r, d, e) || !events_read(r, i, e) || !override_ok(r, d, e))
            return false;
    }
    return true;
}

ptrdiff_t score_person(const ScoreRun *r, int64_t id)
{
    size_t low = 0, high = r->n_people;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (r->people[mid]->id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < r->n_people && r->people[low]->id == id ? (ptrdiff_t)low : -1;
}

/* --- boxes ---------------------------------------------------------------------------------- */
int64_t score_marks(const ScoreRun *r, const ScoreHeap *h, size_t person, size_t item,
                    size_t option)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    return h->marks[(person * ins->n_items + item) * ins->n_options + option];
}

static bool box_instrument(ScoreHeap *h, const ScoreRun *r, Err *e)
{
    ptrdiff_t k = pack_scheme_instrument(r->s, h->in->instrument);
    if (h->in->instrument.n == 0 && r->s->n_instruments == 1)
        k = 0;
    if (k < 0)
        return score_unknown("测评表", h->in->instrument, STRC("计票结果"), e);
    h->instrument = (size_t)k;
    return true;
}

static bool box_groups(ScoreHeap *h, const ScoreRun *r, Err *e)
{
    const Str *names = h->in->groups.items;
    const Scheme *s = r->s;
    h->weight = dec_int(0);
    for (size_t i = 0; i < h->in->groups.n; i++) {
        ptrdiff_t g = pack_scheme_group(s, names[i]);
        if (g < 0)
            return score_unknown("票类", names[i], STRC("计票结果"), e);
        if (h->has[g])
            return score_twice("票类", names[i], STRC("计票结果"), e);
        h->has[g] = true;
    }
    h->first = SCHEME_GROUPS_MAX;
    for (size_t g = 0; g < s->n_groups; g++) {
        if (!h->has[g])
            continue;
        bool first = h->first == SCHEME_GROUPS_MAX;
        h->first = first ? g : h->first;
        h->title = first ? s->groups[g].title :
                           arena_text(r->a, "%.*s、%.*s", STR(h->title), STR(s->groups[g].title));
        if (!dec_add(&h->weight, h->weight, s->groups[g].weight))
            return score_no_memory(e);
    }
    if (h->first == SCHEME_GROUPS_MAX)
        return err_fail(e, ERR_SCORE_NONE, err_hole("what", "票类"));
    return true;
}

/* Merged groups hang together by the scheme's merge targets. */
static bool box_linked(const ScoreHeap *h, const ScoreRun *r, Err *e)
{
    const Scheme *s = r->s;
    bool reached[SCHEME_GROUPS_MAX] = { [0] = false };
    bool more = true;
    reached[h->first] = true;
    while (more) {
        more = false;
        for (size_t g = 0; g < s->n_groups; g++) {
            ptrdiff_t to = s->groups[g].merge;
            if (!h->has[g] || to < 0 || !h->has[to] || reached[g] == reached[to])
                continue;
            reached[g] = reached[to] = more = true;
        }
    }
    for (size_t g = 0; g < s->n_groups; g++)
        if (h->has[g] && !reached[g])
            return err_fail(e, ERR_SCORE_APART, err_hole("group", s->groups[g].title));
    return true;
}

static bool box_points(const ScoreHeap *h, const ScoreRun *r, Err *e)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    for (size_t g = 0; g < r->s->n_groups; g++)
        for (size_t i = 0; i < ins->n_items && h->has[g]; i++)
            for (size_t o = 0; o < ins->n_options; o++) /* none in marks and rankings */
                if (!dec_eq(pack_scheme_points(ins, g, i, o),
                            pack_scheme_points(ins, h->first, i, o)))
                    return err_fail(e, ERR_SCORE_POINTS, err_hole("group", h->title));
    return true;
}

static bool box_papers(const ScoreHeap *h, const ScoreRun *r, Err *e)
{
    const ScoreBox *b = h->in;
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    bool seen[SCHEME_REASONS_MAX] = { [0] = false };
    int64_t invalid = 0;
    if (b->issued < 0 || b->returned < 0 || b->valid < 0 || b->issued > SCORE_PAPERS_MAX)
        return err_fail(e, ERR_FIELD_RANGE, err_hole("field", h->title), err_hole("min", 0),
                        err_hole("max", SCORE_PAPERS_MAX));
    for (size_t i = 0; i < b->invalid.n; i++) {
        const ScoreInvalid *v = &SCORE_LIST(ScoreInvalid, b->invalid)[i];
        size_t k = 0;
        while (k < ins->n_reasons && !str_eq(ins->reasons[k].name, v->reason))
            k++;
        if (k == ins->n_reasons)
            return score_unknown("无效票原因", v->reason, h->title, e);
        if (seen[k])
            return score_twice("无效票原因", v->reason, h->title, e);
        seen[k] = true;
        if (v->n < 0 || v->n > SCORE_PAPERS_MAX)
            return err_fail(e, ERR_FIELD_RANGE, err_hole("field", v->reason), err_hole("min", 0),
                            err_hole("max", SCORE_PAPERS_MAX));
        invalid += v->n;
    }
    if (b->returned > b->issued)
        return err_fail(e, ERR_SCORE_RETURNED, err_hole("group", h->title),
                        err_hole("returned", b->returned), err_hole("issued", b->issued));
    if (b->electronic < 0 || b->electronic > b->valid)
        return err_fail(e, ERR_FIELD_RANGE, err_hole("field", "其中电子票"), err_hole("min", 0),
                        err_hole("max", b->valid));
    if (b->valid + invalid != b->returned)
        return err_fail(e, ERR_SCORE_VALID, err_hole("group", h->title),
                        err_hole("valid", b->valid), err_hole("invalid", invalid),
                        err_hole("returned", b->returned));
    return true;
}

static bool box_cell(const ScoreHeap *h, const ScoreRun *r, const ScoreCell *c, bool *seen, Err *e)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    ptrdiff_t person = score_person(r, c->debriefer), item = pack_scheme_item(ins, c->item);
    ptrdiff_t option = pack_scheme_option(ins, c->option);
    if (person < 0)
        return score_unknown("述职人", id_text(r->a, c->debriefer), h->title, e);
    if (item < 0)
        return score_unknown("测评项目", c->item, h->title, e);
    if (option < 0)
        return score_unknown("选项", c->option, h->title, e);
    if (c->n < 0 || c->n > SCORE_PAPERS_MAX)
        return err_fail(e, ERR_FIELD_RANGE, err_hole("field", ins->items[item].title),
                        err_hole("min", 0), err_hole("max", SCORE_PAPERS_MAX));
    size_t at = ((size_t)person * ins->n_items + (size_t)item) * ins->n_options + (size_t)option;
    if (seen[at])
        return score_twice("票数", arena_text(r->a, "%lld·%.*s·%.*s", (long long)c->debriefer,
                                        STR(c->item), STR(c->option)), h->title, e);
    seen[at] = true;
    h->marks[at] = c->n;
    return true;
}

static bool box_row(const ScoreHeap *h, const ScoreRun *r, size_t person, size_t item, Err *e)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    const ScoreRow *row = score_row(r, h, person, item);
    int64_t n = 0;
    for (size_t o = 0; o < ins->n_options; o++)
        n += score_marks(r, h, person, item, o);
    for (size_t k = 0; row && k < row->n; k++)
        n += row->given[k].n;
    int64_t least = ins->complete_all ? h->in->valid - h->in->electronic : 0;
    if (n <= h->in->valid && n >= least)
        return true;
    return err_fail(e, n > h->in->valid ? ERR_SCORE_CELL_MANY : ERR_SCORE_CELL_FEW,
                    err_hole("group", h->title), err_hole("debriefer", r->people[person]->id),
                    err_hole("item", ins->items[item].title), err_hole("n", n),
                    err_hole("valid", h->in->valid));
}

static bool box_marks(ScoreHeap *h, const ScoreRun *r, Err *e)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    size_t n = r->n_people * ins->n_items * ins->n_options;
    bool *seen = ARENA_ARRAY(r->a, bool, n);
    h->marks = ARENA_ARRAY(r->a, int64_t, n);
    if (!h->marks || !seen)
        return score_no_memory(e);
    for (size_t i = 0; i < h->in->cells.n; i++)
        if (!box_cell(h, r, &SCORE_LIST(ScoreCell, h->in->cells)[i], seen, e))
            return false;
    return true;
}

static bool box_cells(ScoreHeap *h, ScoreRun *r, Err *e)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    if (h->in->cells.n > SCORE_CELLS_MAX)
        return too_many("各格票数", SCORE_CELLS_MAX, e);
    if (!(ins->form == SCHEME_GRADES ? box_marks(h, r, e) : score_rows_read(h, r, e)))
        return false;
    for (size_t p = 0; p < r->n_people; p++)
        for (size_t i = 0; i < ins->n_items; i++)
            if (!box_row(h, r, p, i, e))
                return false;
    return true;
}

static int by_place(const void *x, const void *y)
{
    const ScoreHeap *a = x, *b = y;
    if (a->instrument != b->instrument)
        return a->instrument < b->instrument ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static bool heaps_cover(ScoreRun *r, Err *e)
{
    size_t n = r->s->n_instruments * r->s->n_groups;
    r->heap_of = ARENA_ARRAY(r->a, size_t, n);
    if (!r->heap_of)
        return score_no_memory(e);
    for (size_t i = 0; i < n; i++)
        r->heap_of[i] = SIZE_MAX;
    for (size_t i = 0; i < r->n_heaps; i++)
        for (size_t g = 0; g < r->s->n_groups; g++) {
            size_t at = r->heaps[i].instrument * r->s->n_groups + g;
            if (!r->heaps[i].has[g])
                continue;
            if (r->heap_of[at] != SIZE_MAX)
                return score_twice("票类", r->s->groups[g].title, STRC("计票结果"), e);
            r->heap_of[at] = i;
        }
    for (size_t i = 0; i < n; i++)
        if (r->heap_of[i] == SIZE_MAX)
            return err_fail(e, ERR_SCORE_NO_BOX,
                            err_hole("group", r->s->groups[i % r->s->n_groups].title));
    return true;
}

static bool heaps_read(ScoreRun *r, Err *e)
{
    r->n_heaps = r->in->boxes.n;
    if (r->n_heaps > SCORE_BOXES_MAX)
        return too_many("计票结果", SCORE_BOXES_MAX, e);
    r->heaps = ARENA_ARRAY(r->a, ScoreHeap, r->n_heaps);
    if (!r->heaps)
        return score_no_memory(e);
    for (size_t i = 0; i < r->n_heaps; i++) {
        ScoreHeap *h = &r->heaps[i];
        h->in = &SCORE_LIST(ScoreBox, r->in->boxes)[i];
        if (!box_instrument(h, r, e) || !box_groups(h, r, e))
            return false;
    }
    qsort(r->heaps, r->n_heaps, sizeof *r->heaps, by_place);
    if (!heaps_cover(r, e))
        return false;
    for (size_t i = 0; i < r->n_heaps; i++) {
        ScoreHeap *h = &r->heaps[i];
        if (!box_linked(h, r, e) || !box_points(h, r, e) || !box_papers(h, r, e) ||
            !box_cells(h, r, e))
            return false;
    }
    return true;
}

/* --- decisions ------------------------------------------------------------------------------ */
static int latest_first(const void *x, const void *y)
{
    const ScoreDecision *const *a = x, *const *b = y;
    return ((*a)->fact < (*b)->fact) - ((*a)->fact > (*b)->fact);
}

static bool decisions_read(const ScoreDecision ***out, const ScoreRun *r, ShapeList list,
                           const char *what, Err *e)
{
    const ScoreDecision **all = ARENA_ARRAY(r->a, const ScoreDecision *, list.n);
    if (list.n > SCORE_DECISIONS_MAX)
        return too_many(what, SCORE_DECISIONS_MAX, e);
    if (!all)
        return score_no_memory(e);
    for (size_t i = 0; i < list.n; i++) {
        const ScoreDecision *d = all[i] = &SCORE_LIST(ScoreDecision, list)[i];
        const int64_t *order = d->order.items;
        if (str_trim(d->reason).n == 0)
            return err_fail(e, ERR_SCORE_REASON, err_hole("what", what));
        for (size_t k = 0; k < d->order.n; k++) {
            if (score_person(r, order[k]) < 0)
                return score_unknown("述职人", id_text(r->a, order[k]), str_of(what), e);
            for (size_t j = 0; j < k; j++)
                if (order[j] == order[k])
                    return score_twice("述职人", id_text(r->a, order[k]), str_of(what), e);
        }
    }
    qsort(all, list.n, sizeof *all, latest_first);
    *out = all;
    return true;
}

bool score_input_read(ScoreRun *r, Err *e)
{
    if (r->in->lot_seed.n > SCORE_SEED_MAX)
        return too_many("抽签种子", SCORE_SEED_MAX, e);
    if (r->s->n_objects > 0 && pack_scheme_object(r->s, str_trim(r->in->object)) < 0)
        return score_unknown("述职内容", str_trim(r->in->object), STRC("测算"), e);
    return people_read(r, e) && heaps_read(r, e) &&
           decisions_read(&r->ties, r, r->in->ties, "并列的裁定", e) &&
           decisions_read(&r->accepts, r, r->in->accepts, "票数效力的裁定", e);
}
