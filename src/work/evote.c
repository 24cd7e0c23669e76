/* An electronic vote as it stands: its heaps, trustees and boxes, what was said and counted. */
#include "work/evote.h"
#include "work/call.h"

#include <stdlib.h>
#include <string.h>

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "电子投票"));
}

bool work_evote_at(Call *c, const Evote *v, const char *state, Err *e)
{
    return str_is(v->state, state) ||
           err_fail(e, ERR_EVOTE_STATE, err_hole("state", call_title(c, "evote_state", v->state)),
                    err_hole("want", call_title(c, "evote_state", str_of(state))));
}

/* --- reading -------------------------------------------------------------------------------- */

static bool heaps_read(Evote *v, Call *c, const json_t *body, Err *e)
{
    const json_t *groups = jv_get(body, "groups");
    v->n_heaps = jv_len(groups);
    v->heaps = ARENA_ARRAY(c->a, EvoteHeap, v->n_heaps);
    v->heap_of = ARENA_ARRAY(c->a, size_t, v->hall.scheme->n_groups);
    if (!v->heaps || !v->heap_of)
        return no_memory(e);
    for (size_t i = 0; i < v->n_heaps; i++) {
        const json_t *row = jv_at(groups, i), *words = jv_get(row, "words");
        EvoteHeap *h = &v->heaps[i];
        *h = (EvoteHeap){ arena_str(c->a, jv_str(row, "name")),
                          arena_str(c->a, jv_str(row, "title")), jv_int(row, "slips"), 0, 0 };
        for (size_t k = 0; k < jv_len(words); k++) {
            size_t g;
            if (!work_hall_group(&g, &v->hall, jv_text(jv_at(words, k)), e))
                return false;
            v->heap_of[g] = i;
            if (str_eq(v->hall.scheme->groups[g].name, h->name))
                h->first = g;
        }
    }
    return true;
}

static bool trustees_take(Evote *v, Call *c, const json_t *body, Err *e)
{
    const json_t *rows = jv_get(body, "trustees"), *doors = jv_get(body, "doors");
    v->n_trustees = jv_len(rows);
    v->trustees = ARENA_ARRAY(c->a, EvoteTrustee, v->n_trustees);
    v->n_doors = jv_len(doors);
    v->doors = ARENA_ARRAY(c->a, Hash, v->n_doors);
    if (!v->trustees || !v->doors)
        return no_memory(e);
    for (size_t i = 0; i < v->n_trustees; i++)
        v->trustees[i] = (EvoteTrustee){ jv_int(jv_at(rows, i), "account"),
                                         arena_str(c->a, jv_str(jv_at(rows, i), "name")) };
    for (size_t i = 0; i < v->n_doors; i++)
        if (!hash_read(&v->doors[i], jv_text(jv_at(doors, i))))
            return err_fail(e, ERR_URN_FILE);
    return true;
}

static size_t row_of(const Hall *h, int64_t debriefer)
{
    for (size_t i = 0; i < h->n_rows; i++)
        if (h->rows[i].id == debriefer)
            return i;
    return SIZE_MAX;
}

static bool among(const json_t *ids, int64_t id)
{
    for (size_t i = 0; i < jv_len(ids); i++)
        if (json_integer_value(jv_at(ids, i)) == id)
            return true;
    return false;
}

static bool names(const json_t *words, Str name)
{
    for (size_t i = 0; i < jv_len(words); i++)
        if (str_eq(jv_text(jv_at(words, i)), name))
            return true;
    return jv_len(words) == 0;
}

static bool box_take(EvoteBox *b, Evote *v, Call *c, const json_t *row, const json_t *body)
{
    *b = (EvoteBox){ .uuid = arena_str(c->a, jv_str(row, "uuid")),
                     .object = arena_str(c->a, jv_str(row, "object")),
                     .turn = jv_int(row, "turn"), .debriefer = jv_int(row, "debriefer") };
    b->row = row_of(&v->hall, b->debriefer);
    b->out = b->row == SIZE_MAX || among(jv_get(body, "absent"), b->debriefer) ||
             !names(jv_get(body, "objects"), b->object);
    for (size_t i = 0; i < v->n_heaps; i++)
        if (str_eq(v->heaps[i].name, jv_str(row, "group")))
            return b->heap = i, true;
    return false;
}

static bool torn_read(Evote *v, Call *c, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "evote_torn", "evote", v->id, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        for (size_t h = 0; h < v->n_heaps; h++)
            v->heaps[h].torn += str_eq(v->heaps[h].name, fact_str(c->a, &l.items[i], "group"));
    return true;
}

static bool plan_read(Evote *v, Call *c, const json_t *body, Err *e)
{
    FactList l;
    json_t *plan;
    if (!call_list_id(&l, c, "evote_plan", "evote", v->id, e))
        return false;
    if (l.n == 0)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "电子票箱编号"));
    if (!(plan = call_body(c, &l.items[0], e)))
        return false;
    const json_t *rows = jv_get(plan, "boxes");
    bool ok = (v->boxes = ARENA_ARRAY(c->a, EvoteBox, jv_len(rows))) != NULL || no_memory(e);
    for (size_t i = 0; ok && i < jv_len(rows); i++)
        if (!box_take(&v->boxes[v->n_boxes++], v, c, jv_at(rows, i), body))
            ok = err_fail(e, ERR_NOT_FOUND, err_hole("what", "票箱分组"));
    json_decref(plan);
    return ok;
}

/* Whoever withdraws while people vote takes no box away: the urn has its order. */
static bool opened_read(Evote *v, Call *c, Err *e)
{
    static const char *const before[] = { "ceremony", "slips", "ready", "cancelled" };
    FactList l;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (str_is(v->state, before[i]))
            return true;
    if (!call_list_id(&l, c, "evote_box", "evote", v->id, e))
        return false;
    Map opened = map_open(c->a);
    for (size_t i = 0; i < l.n; i++)
        if (!map_put(&opened, fact_str(c->a, &l.items[i], "uuid"), v))
            return no_memory(e);
    for (size_t i = 0; i < v->n_boxes; i++)
        v->boxes[i].out = !map_get(&opened, v->boxes[i].uuid);
    return true;
}

bool work_evote_read(Evote *out, Call *c, int64_t evote, Err *e)
{
    Evote v = { .id = evote };
    json_t *body;
    if (!call_thing(&v.fact, c, "evote", evote, e))
        return false;
    v.cycle = fact_int(&v.fact, "cycle");
    v.turn = fact_int(&v.fact, "turn");
    v.spares = fact_int(&v.fact, "spares");
    v.threshold = fact_int(&v.fact, "threshold");
    v.floor = fact_int(&v.fact, "floor");
    v.maker = fact_int(&v.fact, "maker");
    v.maker_name = fact_str(c->a, &v.fact, "maker_name");
    v.state = fact_str(c->a, &v.fact, "state");
    v.strict = fact_bool(&v.fact, "strict");
    v.pages = (WorkPages){ fact_str(c->a, &v.fact, "vote_page"),
                           fact_str(c->a, &v.fact, "trustee_page"),
                           fact_str(c->a, &v.fact, "slips_page") };
    if (!work_hall_read(&v.hall, c, v.cycle, e) || !(body = call_body(c, &v.fact, e)))
        return false;
    v.title = fact_str(c->a, &v.hall.cycle, "title");
    bool ok = heaps_read(&v, c, body, e) && trustees_take(&v, c, body, e) &&
              plan_read(&v, c, body, e) && opened_read(&v, c, e) && torn_read(&v, c, e);
    json_decref(body);
    if (ok)
        *out = v;
    return ok;
}

bool work_evote_open_box(const Evote *v, const EvoteBox *b)
{
    return b->turn == v->turn && !b->out;
}

const EvoteBox *work_evote_box(const Evote *v, Str uuid)
{
    for (size_t i = 0; i < v->n_boxes; i++)
        if (str_eq(v->boxes[i].uuid, uuid))
            return &v->boxes[i];
    return NULL;
}

Str work_evote_box_title(Call *c, const Evote *v, const EvoteBox *b)
{
    Str who = b->row == SIZE_MAX ? STRC("") : v->hall.rows[b->row].name;
    return arena_text(c->a, "%.*s：%.*s（%.*s）", STR(work_object_title(c, b->object)), STR(who),
                      STR(v->heaps[b->heap].title));
}

bool work_evote_of(int64_t *out, Call *c, int64_t cycle, Err *e)
{
    FactList l;
    *out = 0;
    if (!call_list_id(&l, c, "evote", "cycle", cycle, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (!str_is(fact_str(c->a, &l.items[i], "state"), "cancelled") &&
            l.items[i].subject > *out)
            *out = l.items[i].subject;
    return true;
}

/* --- what the trustees said ----------------------------------------------------------------- */

static const char *const steps[] = { "cert", "deal", "key" };

const char *work_evote_step(EvoteStep s)
{
    return steps[s];
}

bool work_evote_words(EvoteWords *out, Call *c, const Evote *v, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "evote_word", "evote", v->id, e))
        return false;
    for (size_t s = 0; s < EVOTE_STEPS; s++) {
        size_t said = 0;
        if (!(out->said[s] = ARENA_ARRAY(c->a, Str, v->n_trustees)))
            return no_memory(e);
        for (size_t t = 0; t < v->n_trustees; t++)
            out->said[s][t] = STRC("");
        for (size_t i = 0; i < l.n; i++) {
            size_t t = (size_t)fact_int(&l.items[i], "trustee");
            if (!str_is(fact_str(c->a, &l.items[i], "step"), steps[s]) || t < 1 ||
                t > v->n_trustees)
                continue;
            said += out->said[s][t - 1].n == 0;
            out->said[s][t - 1] = fact_str(c->a, &l.items[i], "text");
        }
        out->all[s] = said == v->n_trustees;
    }
    return true;
}

/* --- what the scrutineers counted ----------------------------------------------------------- */

/* drawn of every heap, then torn of every heap. */
static bool watch_take(int64_t *drawn, Call *c, const Evote *v, const Fact *f, Err *e)
{
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    const json_t *groups = jv_get(body, "groups");
    for (size_t i = 0; i < v->n_heaps; i++)
        for (size_t k = 0; k < jv_len(groups); k++)
            if (str_eq(jv_str(jv_at(groups, k), "name"), v->heaps[i].name)) {
                int64_t torn = jv_int(jv_at(groups, k), "torn");
                drawn[v->n_heaps + i] = torn;
                drawn[i] = v->heaps[i].slips - jv_int(jv_at(groups, k), "undrawn") - torn;
            }
    json_decref(body);
    return true;
}

bool work_evote_watch(EvoteWatch *out, Call *c, const Evote *v, Err *e)
{
    FactList l;
    int64_t *drawn[2];
    *out = (EvoteWatch){ .n = 0 };
    if (!call_list_id(&l, c, "evote_watch", "evote", v->id, e))
        return false;
    for (size_t i = 0; i < l.n && out->n < 2; i++) {
        drawn[out->n] = ARENA_ARRAY(c->a, int64_t, 2 * v->n_heaps);
        if (!drawn[out->n])
            return no_memory(e);
        if (!watch_take(drawn[out->n], c, v, &l.items[i], e))
            return false;
        out->accounts[out->n++] = fact_int(&l.items[i], "account");
    }
    out->agree = out->n == 2 && memcmp(drawn[0], drawn[1], 2 * v->n_heaps * sizeof **drawn) == 0;
    out->drawn = out->agree ? drawn[0] : NULL;
    out->torn = out->agree ? drawn[0] + v->n_heaps : NULL;
    return true;
}

/* --- what anybody may compare --------------------------------------------------------------- */

static const ShapeField pages_fields[] = {
    { "vote", SHAPE_TEXT, .required = true },
    { "trustee", SHAPE_TEXT, .required = true },
    { "slips", SHAPE_TEXT, .required = true },
};
const Shape work_evote_pages = SHAPE_REPLY("EvotePages", pages_fields);

static void put_pages(Jw *out, const char *key, WorkPages p)
{
    jw_key(out, key);
    jw_obj(out);
    jw_kstr(out, "vote", p.vote);
    jw_kstr(out, "trustee", p.trustee);
    jw_kstr(out, "slips", p.slips);
    jw_end(out);
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

bool work_evote_whole(Str *out, Call *c, const Evote *v, const FactList *boxes, Err *e)
{
    size_t n = 0;
    Str *lines = ARENA_ARRAY(c->a, Str, boxes->n);
    Buf all = buf_open(WORK_REPLY_MAX);
    if (!lines)
        return no_memory(e);
    for (size_t i = 0; i < boxes->n; i++) {
        const Fact *f = &boxes->items[i];
        Str closed = fact_str(c->a, f, "archive");
        if (fact_int(f, "turn") == v->turn && closed.n && !fact_bool(f, "shut"))
            lines[n++] = arena_text(c->a, "%.*s|%.*s\n", STR(fact_str(c->a, f, "uuid")),
                                    STR(closed));
    }
    if (n)
        qsort(lines, n, sizeof *lines, by_text);
    for (size_t i = 0; i < n; i++)
        buf_put(&all, lines[i]);
    *out = n ? hash_hex(c->a, hash_of(buf_str(&all))) : STRC("");
    bool ok = !all.failed && !arena_refused(c->a);
    buf_close(&all);
    return ok || no_memory(e);
}

bool work_evote_put_public(Call *c, const Evote *v, const FactList *boxes, Jw *out, Err *e)
{
    Str whole;
    int64_t torn = 0;
    if (!work_evote_whole(&whole, c, v, boxes, e))
        return false;
    for (size_t i = 0; i < v->n_heaps; i++)
        torn += v->heaps[i].torn;
    put_pages(out, "pages", v->pages.vote.n ? v->pages : c->given->pages);
    put_pages(out, "served", c->given->pages);
    jw_kstr(out, "whole", whole);
    jw_kint(out, "torn", torn);
    return true;
}
