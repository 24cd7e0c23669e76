/* A slip that is torn or of the wrong stack is handed in: if it has not voted, its credentials take
 * no ballot in this turn nor in a later one, the published list names it, and the voter draws
 * another. The page that reads the slip sends its public credentials; its secret stays there. A
 * lost slip is not replaced: nobody could show which one it was. */
#include "work/areas.h"
#include "work/evote.h"
#include "work/rows.h"

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "作废票签"));
}

typedef struct TornCredential {
    Str uuid, hex;
} TornCredential;
static const ShapeField credential_fields[] = {
    { "uuid", SHAPE_TEXT, offsetof(TornCredential, uuid), .required = true,
      .max = ELECTION_UUID_MAX, .title = "编号" },
    { "hex", SHAPE_TEXT, offsetof(TornCredential, hex), .required = true, .max = POINT_HEX,
      .title = "凭证" },
};
static const Shape credential = SHAPE("TornCredential", TornCredential, credential_fields);
typedef struct TornIn {
    int64_t evote;
    Str pass, group, reason;
    ShapeList slip;
} TornIn;
static const ShapeField torn_fields[] = {
    { "evote", SHAPE_ID, offsetof(TornIn, evote), .required = true, .title = "电子投票" },
    { "pass", SHAPE_TEXT, offsetof(TornIn, pass), .required = true, .max = 100, .title = "口令" },
    { "group", SHAPE_TEXT, offsetof(TornIn, group), .required = true, .max = 40,
      .title = "分组" },
    { "reason", SHAPE_TEXT, offsetof(TornIn, reason), .required = true, .max = 300,
      .title = "原因" },
    { "slip", SHAPE_LIST, offsetof(TornIn, slip), .required = true, .max = 20000,
      .sub = &credential, .title = "票签的凭证" },
};
static const Shape torn_in = SHAPE("DeskTornIn", TornIn, torn_fields);

typedef struct Tearing {
    const TornIn *in;
    Evote v;
    size_t heap;
    Str first;                   /* its credential in the first box of the plan: what is listed */
    bool listed;                 /* it was handed in before */
} Tearing;

static bool on_list(Call *c, const Evote *v, const EvoteBox *b, Str hex)
{
    Str text;
    Err quiet = { 0 };
    for (size_t i = 0; i < hex.n; i++)
        if (!((hex.p[i] >= '0' && hex.p[i] <= '9') || (hex.p[i] >= 'a' && hex.p[i] <= 'f')))
            return false;
    return hex.n == POINT_HEX &&
           work_evote_load(&text, c, v->id, b->uuid, "creds.json", &quiet) &&
           str_has(text, arena_text(c->a, "\"%.*s\"", STR(hex)));
}

/* One credential for every box of the group, each on its box's list. */
static bool slip_fits(Tearing *t, Call *c, Err *e)
{
    const TornCredential *rows = t->in->slip.items;
    Map given = map_open(c->a);
    bool fits = true;
    for (size_t i = 0; i < t->in->slip.n; i++)
        if (!map_put(&given, rows[i].uuid, (void *)&rows[i]))
            return no_memory(e);
    t->first = STRC("");
    for (size_t i = 0; fits && i < t->v.n_boxes; i++) {
        const EvoteBox *b = &t->v.boxes[i];
        if (b->heap != t->heap)
            continue;
        const TornCredential *one = map_get(&given, b->uuid);
        fits = one && on_list(c, &t->v, b, one->hex);
        if (fits && t->first.n == 0)
            t->first = one->hex;
    }
    return (fits && t->first.n) ||
           err_fail(e, ERR_EVOTE_SLIP, err_hole("group", t->v.heaps[t->heap].title));
}

static bool torn_guard(Call *c, void *arg, Err *e)
{
    Tearing *t = arg;
    FactList l;
    int64_t post;
    if (!work_evote_enter(&t->v, &post, c, t->in->evote, t->in->pass, e))
        return false;
    if (post != 0)
        return err_fail(e, ERR_EVOTE_POST);
    if (!str_is(t->v.state, "ready") && !work_evote_at(c, &t->v, "open", e))
        return false;
    while (t->heap < t->v.n_heaps && !str_eq(t->v.heaps[t->heap].name, t->in->group))
        t->heap++;
    if (t->heap == t->v.n_heaps)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "分组"));
    if (!slip_fits(t, c, e) || !call_list_id(&l, c, "evote_torn", "evote", t->v.id, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        t->listed = t->listed || str_eq(fact_str(c->a, &l.items[i], "first"), t->first);
    return true;
}

static bool from_urn(Tearing *t, Call *c, Err *e)
{
    const TornCredential *rows = t->in->slip.items;
    UrnCredential *list = ARENA_ARRAY(c->a, UrnCredential, t->in->slip.n);
    Urn *urn;
    size_t n = 0;
    if (!list)
        return no_memory(e);
    for (size_t i = 0; i < t->in->slip.n; i++) {
        const EvoteBox *b = work_evote_box(&t->v, rows[i].uuid);
        if (b && b->heap == t->heap && work_evote_open_box(&t->v, b))
            list[n++] = (UrnCredential){ rows[i].uuid, rows[i].hex };
    }
    return work_urn_held(&urn, c, t->v.id, e) && urn_void(urn, list, n, e);
}

static bool torn_job(Call *c, void *arg, Err *e)
{
    const Tearing *t = arg;
    const TornCredential *rows = t->in->slip.items;
    json_t *slip = json_array();
    for (size_t i = 0; i < t->in->slip.n; i++)
        json_array_append_new(slip, json_pack("{s:o,s:o}", "uuid", jv_new(rows[i].uuid), "hex",
                                              jv_new(rows[i].hex)));
    json_t *body = json_pack("{s:I,s:o,s:o,s:o,s:o}", "evote", (json_int_t)t->v.id, "group",
                             jv_new(t->in->group), "first", jv_new(t->first), "reason",
                             jv_new(t->in->reason), "slip", slip);
    Filing f = { .form = "evote_torn", .org = t->v.fact.org, .body = body };
    bool ok = call_may_all(c, e) && (body ? call_file(c, &f, NULL, e) : no_memory(e));
    json_decref(body);
    return ok;
}

/* First out of the urn, then on the list: one that broke off in between is done by asking again. */
static bool booth_torn(Call *c, const void *in_, Jw *out, Err *e)
{
    Tearing t = { .in = in_ };
    (void)out;
    work_urns_alone(c);
    bool ok = call_read(c, torn_guard, &t, e) &&
              (!str_is(t.v.state, "open") || from_urn(&t, c, e)) &&
              (t.listed || call_write(c, torn_job, &t, e));
    work_urn_leave(c);
    return ok;
}

const UseCase work_booth_torn = { "booth_torn", "作废交回的票签（破损、拿错分组）", WORK_OUTSIDE,
                                  WORK_ANYBODY, &torn_in, NULL, .run = booth_torn };

static bool torn_out(UrnCredential *out, size_t *n, Call *c, const Evote *v, const Fact *f, Err *e)
{
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    const json_t *slip = jv_get(body, "slip");
    *n = 0;
    for (size_t i = 0; i < jv_len(slip) && *n < v->n_boxes; i++) {
        const EvoteBox *b = work_evote_box(v, jv_str(jv_at(slip, i), "uuid"));
        if (b && work_evote_open_box(v, b))
            out[(*n)++] = (UrnCredential){ b->uuid,
                                           arena_str(c->a, jv_str(jv_at(slip, i), "hex")) };
    }
    json_decref(body);
    return true;
}

bool work_evote_torn_apply(Call *c, const Evote *v, Urn *urn, Err *e)
{
    FactList l;
    size_t n;
    UrnCredential *list = ARENA_ARRAY(c->a, UrnCredential, v->n_boxes);
    if (!list)
        return no_memory(e);
    if (!call_list_id(&l, c, "evote_torn", "evote", v->id, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (!torn_out(list, &n, c, v, &l.items[i], e) || !urn_void(urn, list, n, e))
            return false;
    return true;
}

/* --- the published list --------------------------------------------------------------------- */

static const ShapeField of_fields[] = {
    { "evote", SHAPE_ID, offsetof(TornIn, evote), .required = true, .title = "电子投票" },
};
static const Shape of_in = SHAPE("BoothTornIn", TornIn, of_fields);
static const ShapeField row_fields[] = {
    { "group", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "first", SHAPE_TEXT, .required = true },
    { "reason", SHAPE_TEXT, .required = true },
};
static const Shape row_shape = SHAPE_REPLY("BoothTornRow", row_fields);
static const ShapeField list_fields[] = {
    { "torn", SHAPE_LIST, .required = true, .sub = &row_shape },
};
static const Shape list_out = SHAPE_REPLY("BoothTorn", list_fields);

static Str title_of(const Evote *v, Str group)
{
    for (size_t i = 0; i < v->n_heaps; i++)
        if (str_eq(v->heaps[i].name, group))
            return v->heaps[i].title;
    return group;
}

static bool booth_torn_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const TornIn *in = in_;
    Evote v;
    FactList l;
    if (!call_may_all(c, e) || !work_evote_read(&v, c, in->evote, e) ||
        !call_list_id(&l, c, "evote_torn", "evote", v.id, e))
        return false;
    jw_key(out, "torn");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        Str group = fact_str(c->a, &l.items[i], "group");
        jw_obj(out);
        jw_kstr(out, "group", group);
        jw_kstr(out, "title", title_of(&v, group));
        jw_kstr(out, "first", fact_str(c->a, &l.items[i], "first"));
        jw_kstr(out, "reason", fact_str(c->a, &l.items[i], "reason"));
        jw_end(out);
    }
    jw_end(out);
    return true;
}

const UseCase work_booth_torn_list = { "booth_torn_list", "公布的作废票签名单", WORK_READ,
                                       WORK_ANYBODY, &of_in, &list_out, .run = booth_torn_list };
