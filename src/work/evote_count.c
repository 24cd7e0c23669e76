/* Shares come in, boxes are opened, and what they hold joins the count of the papers. */
#include "work/areas.h"
#include "work/evote.h"

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "电子投票"));
}

/* --- one share of one box ------------------------------------------------------------------- */

typedef struct Opening {
    Election el;
    Trustees tr;
    Tally tally;
    TallyShare *shares;
    Str *texts;
    int64_t *owners;
    size_t n;
} Opening;

static bool opening_read(Opening *o, Call *c, const Evote *v, Str uuid, Err *e)
{
    Str election, trustees, tally, shares;
    json_t *all;
    if (!work_evote_load(&election, c, v->id, uuid, "election.json", e) ||
        !work_evote_load(&trustees, c, v->id, STRC(""), "trustees.json", e) ||
        !work_evote_load(&tally, c, v->id, uuid, "tally.json", e) ||
        !work_evote_load(&shares, c, v->id, uuid, "shares.json", e) ||
        !election_read(&o->el, c->a, election, e) || !trustees_read(&o->tr, c->a, trustees, e) ||
        !tally_read(&o->tally, c->a, &o->el, tally, e) || !jv_read(&all, shares, "份额", e))
        return false;
    size_t room = jv_len(all) + 1;
    o->shares = ARENA_ARRAY(c->a, TallyShare, room);
    o->texts = ARENA_ARRAY(c->a, Str, room);
    o->owners = ARENA_ARRAY(c->a, int64_t, room);
    bool ok = (o->shares && o->texts && o->owners) || no_memory(e);
    for (size_t i = 0; ok && i < jv_len(all); i++, o->n++) {
        o->owners[i] = jv_int(jv_at(all, i), "owner");
        o->texts[i] = arena_str(c->a, jv_str(jv_at(all, i), "share"));
        ok = tally_share_read(&o->shares[i], c->a, &o->el, &o->tally, &o->tr, o->owners[i],
                              o->texts[i], e);
    }
    jv_close(all);
    return ok;
}

static bool shares_save(Call *c, const Evote *v, Str uuid, const Opening *o, Err *e)
{
    Buf b = buf_open(SYS_FILE_MAX);
    Jw w = jw_open(&b);
    jw_arr(&w);
    for (size_t i = 0; i < o->n; i++) {
        jw_obj(&w);
        jw_kint(&w, "owner", o->owners[i]);
        jw_kstr(&w, "share", o->texts[i]);
        jw_end(&w);
    }
    jw_end(&w);
    bool ok = (jw_close(&w) || no_memory(e)) &&
              work_evote_save(c, v->id, uuid, "shares.json", buf_str(&b), e);
    buf_close(&b);
    return ok;
}

/* The archive is read and verified once more before shares and result are written behind it. */
static bool archive_finish(Call *c, const Evote *v, Str uuid, const Opening *o, Err *e)
{
    Bel bel;
    BelCheck check = { .hints = STRC("") };
    Str bytes;
    Arena *a = arena_open((size_t)BEL_BYTES_MAX);
    Buf out = buf_open(BEL_BYTES_MAX), result = buf_open(EVOTE_SHARE_MAX);
    Point *powers = ARENA_ARRAY(c->a, Point, o->tally.n);
    int64_t *counts = ARENA_ARRAY(c->a, int64_t, o->tally.n);
    sys_random(work_sys(c->w), check.seed, sizeof check.seed);
    bool ok = (a && powers && counts) || no_memory(e);
    if (ok && work_evote_has(c, v->id, uuid, "hints"))
        ok = work_evote_load(&check.hints, c, v->id, uuid, "hints", e);
    ok = ok && work_evote_load(&bytes, c, v->id, uuid, "bel", e) &&
         bel_verify(&bel, a, bytes, &check, e);
    if (ok && bel.stage == BEL_DONE) /* it broke off before the result stood beside it */
        ok = tally_result_write(&result, &o->el, bel.counts, e);
    else if (ok) {
        buf_put(&out, bytes);
        BelWriter w = bel_resume(&bel, &out);
        for (size_t i = 0; i < o->n; i++)
            bel_share(&w, o->owners[i], o->texts[i]);
        ok = tally_combine(powers, &o->el, &o->tally, &o->tr, o->shares, o->n, e) &&
             tally_counts(counts, &o->el, powers, (int64_t)bel.n_counted, e) &&
             tally_result_write(&result, &o->el, counts, e);
        if (ok)
            bel_result(&w, buf_str(&result));
        ok = ok && bel_close(&w, e) && work_evote_save(c, v->id, uuid, "bel", buf_str(&out), e);
    }
    ok = ok && work_evote_save(c, v->id, uuid, "result.json", buf_str(&result), e);
    buf_close(&out);
    buf_close(&result);
    arena_close(a);
    return ok;
}

/* --- all of them ---------------------------------------------------------------------------- */

typedef struct Counting {
    const Evote *v;
    FactList boxes;
    json_t **cells;              /* by fact of boxes; NULL: shut or of another turn */
    Hash *archives;
} Counting;

static bool boxes_job(Call *c, void *arg, Err *e)
{
    Counting *k = arg;
    return call_list_id(&k->boxes, c, "evote_box", "evote", k->v->id, e);
}

static json_t *cells_of(const Evote *v, const Election *el, const int64_t *counts)
{
    const SchemeInstrument *ins = v->hall.ins;
    json_t *rows = json_array();
    for (size_t i = 0, at = 0; i < el->n_questions; i++) {
        at += el->questions[i].blank;
        for (size_t o = 0; o < ins->n_options; o++, at++)
            if (counts[at])
                json_array_append_new(rows, json_pack("{s:o,s:o,s:I}", "item",
                                                      jv_new(ins->items[i].name), "option",
                                                      jv_new(ins->options[o].name), "n",
                                                      (json_int_t)counts[at]));
    }
    return rows;
}

static bool box_counts(Counting *k, Call *c, size_t i, Err *e)
{
    const Fact *f = &k->boxes.items[i];
    Str uuid = fact_str(c->a, f, "uuid"), text, election, bel;
    Election el;
    int64_t *counts;
    if (fact_int(f, "turn") != k->v->turn || fact_bool(f, "shut"))
        return true;
    if (!work_evote_load(&text, c, k->v->id, uuid, "result.json", e) ||
        !work_evote_load(&election, c, k->v->id, uuid, "election.json", e) ||
        !work_evote_load(&bel, c, k->v->id, uuid, "bel", e) ||
        !election_read(&el, c->a, election, e) ||
        !tally_result_read(&counts, c->a, &el, text, e))
        return false;
    k->archives[i] = hash_of(bel);
    k->cells[i] = cells_of(k->v, &el, counts);
    return k->cells[i] || no_memory(e);
}

static bool count_job(Call *c, void *arg, Err *e)
{
    Counting *k = arg;
    Fact now;
    if (!call_may_all(c, e) || !call_thing(&now, c, "evote", k->v->id, e))
        return false;
    if (!str_is(fact_str(c->a, &now, "state"), "closed"))
        return true;
    for (size_t i = 0; i < k->boxes.n; i++) {
        if (!k->cells[i])
            continue;
        json_t *patch = json_pack("{s:O,s:o}", "cells", k->cells[i], "final",
                                  jv_new(hash_hex(c->a, k->archives[i])));
        bool ok = call_revise(c, "evote_box", &k->boxes.items[i], 0, patch, NULL, e);
        json_decref(patch);
        if (!ok)
            return false;
    }
    return call_move_as(c, ROLE_BIT(ROLE_ORGANISER_HEAD), "evote", &now, 0, "count", NULL, NULL, e);
}

/* Before anything is read: with every share of every box all results so far would be read again. */
static bool all_open(const Counting *k, Call *c)
{
    for (size_t i = 0; i < k->boxes.n; i++) {
        const Fact *f = &k->boxes.items[i];
        if (fact_int(f, "turn") == k->v->turn && !fact_bool(f, "shut") &&
            !work_evote_has(c, k->v->id, fact_str(c->a, f, "uuid"), "result.json"))
            return false;
    }
    return true;
}

static bool count_all(Call *c, const Evote *v, Err *e)
{
    Counting k = { .v = v };
    if (!call_read(c, boxes_job, &k, e))
        return false;
    if (!all_open(&k, c))
        return true;
    k.cells = ARENA_ARRAY(c->a, json_t *, k.boxes.n);
    k.archives = ARENA_ARRAY(c->a, Hash, k.boxes.n);
    bool ok = (k.cells && k.archives) || no_memory(e);
    for (size_t i = 0; ok && i < k.boxes.n; i++)
        ok = box_counts(&k, c, i, e);
    ok = ok && call_write(c, count_job, &k, e);
    for (size_t i = 0; k.cells && i < k.boxes.n; i++)
        json_decref(k.cells[i]);
    return ok;
}

static bool share_take(bool *enough, Call *c, const Evote *v, const EvoteBox *b, int64_t owner,
                       Str share, Err *e)
{
    Opening o = { .n = 0 };
    bool mine = false;
    if (!opening_read(&o, c, v, b->uuid, e))
        return false;
    for (size_t i = 0; i < o.n; i++)
        mine = mine || o.owners[i] == owner; /* another share of his is sound too: no news */
    if (!mine) {
        if (!tally_share_read(&o.shares[o.n], c->a, &o.el, &o.tally, &o.tr, owner, share, e))
            return false;
        o.texts[o.n] = share;
        o.owners[o.n++] = owner;
    }
    *enough = tally_enough(&o.tr, o.shares, o.n);
    if (work_evote_has(c, v->id, b->uuid, "result.json"))
        return true; /* it is open already; the archive holds the shares that opened it */
    return (mine || shares_save(c, v, b->uuid, &o, e)) &&
           (!*enough || archive_finish(c, v, b->uuid, &o, e));
}

bool work_evote_share(bool *enough, Call *c, const Evote *v, const EvoteBox *b, int64_t owner,
                      Str share, Err *e)
{
    work_urns_alone(c); /* two trustees at once would overwrite each other's files */
    bool ok = share_take(enough, c, v, b, owner, share, e) && (!*enough || count_all(c, v, e));
    work_urn_leave(c);
    return ok;
}

/* --- joined with the papers ----------------------------------------------------------------- */

static bool box_add(TallyPlan *p, Call *c, const Evote *v, const Fact *f, Err *e)
{
    const Hall *h = &v->hall;
    const EvoteBox *b = work_evote_box(v, fact_str(c->a, f, "uuid"));
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    Count *n = b ? &p->counts[v->heaps[b->heap].first] : NULL;
    const json_t *cells = jv_get(body, "cells");
    for (size_t i = 0; b && b->row != SIZE_MAX && i < jv_len(cells); i++) {
        ptrdiff_t item = pack_scheme_item(h->ins, jv_str(jv_at(cells, i), "item"));
        ptrdiff_t option = pack_scheme_option(h->ins, jv_str(jv_at(cells, i), "option"));
        if (item >= 0 && option >= 0)
            n->cells[work_cell(h, b->row, (size_t)item, (size_t)option)] +=
                jv_int(jv_at(cells, i), "n");
    }
    json_decref(body);
    return true;
}

/* Papers of a heap: the most ballots that any one of its boxes of this object took. What stays shut
 * is not counted. */
static int64_t papers_of(Call *c, const Evote *v, const FactList *boxes, Str object, size_t heap,
                         int64_t turn)
{
    int64_t most = 0;
    for (size_t i = 0; i < boxes->n; i++) {
        const Fact *f = &boxes->items[i];
        if (fact_int(f, "turn") == turn && !fact_bool(f, "shut") &&
            str_eq(fact_str(c->a, f, "object"), object) &&
            str_eq(fact_str(c->a, f, "group"), v->heaps[heap].name) &&
            fact_int(f, "ballots") > most)
            most = fact_int(f, "ballots");
    }
    return most;
}

static int64_t last_turn(Call *c, const FactList *boxes, Str object)
{
    int64_t turn = 0;
    for (size_t i = 0; i < boxes->n; i++)
        if (str_eq(fact_str(c->a, &boxes->items[i], "object"), object) &&
            fact_int(&boxes->items[i], "turn") > turn)
            turn = fact_int(&boxes->items[i], "turn");
    return turn;
}

int64_t work_evote_turns(Call *c, const FactList *boxes, Str object)
{
    bool seen[2 + EVOTE_SPARES] = { false };
    int64_t n = 0;
    for (size_t i = 0; i < boxes->n; i++) {
        int64_t turn = fact_int(&boxes->items[i], "turn");
        if (turn < 1 || turn > 1 + EVOTE_SPARES || seen[turn] ||
            !str_eq(fact_str(c->a, &boxes->items[i], "object"), object))
            continue;
        seen[turn] = true;
        n++;
    }
    return n;
}

bool work_evote_covers(bool *out, bool *running, Call *c, const Hall *h, Str object,
                       int64_t round, Err *e)
{
    Fact f;
    FactList boxes;
    int64_t id;
    *out = *running = false;
    if (!work_evote_of(&id, c, h->cycle.subject, e))
        return false;
    if (!id)
        return true;
    if (!call_thing(&f, c, "evote", id, e) || !call_list_id(&boxes, c, "evote_box", "evote", id, e))
        return false;
    Str state = fact_str(c->a, &f, "state");
    *out = work_evote_turns(c, &boxes, object) == round;
    *running = *out && last_turn(c, &boxes, object) == fact_int(&f, "turn") &&
               (str_is(state, "open") || str_is(state, "closed"));
    return true;
}

static void heaps_take(TallyPlan *p, Call *c, const Evote *v, const FactList *boxes, Str object,
                       int64_t turn)
{
    for (size_t g = 0; g < v->hall.scheme->n_groups; g++)
        p->heap[g] = v->heaps[v->heap_of[g]].first;
    for (size_t i = 0; i < v->n_heaps; i++) {
        size_t first = v->heaps[i].first;
        int64_t n = papers_of(c, v, boxes, object, i, turn), papers = 0;
        p->counts[first].returned += n;
        p->counts[first].valid += n;
        p->electronic[first] = n;
        for (size_t g = 0; g < v->hall.scheme->n_groups; g++)
            papers += p->heap[g] == first ? p->counts[g].valid : 0;
        p->small = p->small || (papers < v->floor && papers > 0);
    }
}

bool work_evote_add(TallyPlan *p, Call *c, const Hall *h, Str object, Err *e)
{
    Evote v;
    FactList boxes;
    int64_t id;
    if (!work_evote_of(&id, c, h->cycle.subject, e) || !work_evote_read(&v, c, id, e) ||
        !call_list_id(&boxes, c, "evote_box", "evote", id, e))
        return false;
    int64_t turn = last_turn(c, &boxes, object);
    heaps_take(p, c, &v, &boxes, object, turn);
    for (size_t i = 0; i < boxes.n; i++)
        if (fact_int(&boxes.items[i], "turn") == turn &&
            str_eq(fact_str(c->a, &boxes.items[i], "object"), object) &&
            !box_add(p, c, &v, &boxes.items[i], e))
            return false;
    return true;
}
