/* The boxes of a turn are opened and closed. Opening writes one election for each box and makes the
 * urn; closing seals every box into an archive, adds the server's share, and only then says so in
 * the log, so that a close that broke off is simply done again. */
#include "work/areas.h"
#include "work/evote.h"
#include "work/rows.h"

#include <stdlib.h>
#include <string.h>

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "电子投票"));
}

/* --- opening -------------------------------------------------------------------------------- */

typedef struct OpenIn {
    int64_t evote;
    ShapeList absent;
} OpenIn;
static const ShapeField open_fields[] = {
    { "evote", SHAPE_ID, offsetof(OpenIn, evote), .required = true, .title = "电子投票" },
    { "absent", SHAPE_IDS, offsetof(OpenIn, absent), .max = 500, .title = "未述职、不开箱" },
};
static const Shape open_in = SHAPE("EvoteOpenIn", OpenIn, open_fields);

typedef struct Opening {
    const OpenIn *in;
    Evote v;
    Str *elections;              /* by box; empty: not opened */
    Str organiser;
} Opening;

static bool away(const Opening *o, int64_t debriefer)
{
    const int64_t *ids = o->in->absent.items;
    for (size_t i = 0; i < o->in->absent.n; i++)
        if (ids[i] == debriefer)
            return true;
    return false;
}

static bool open_guard(Call *c, void *arg, Err *e)
{
    Opening *o = arg;
    size_t n = 0;
    if (!work_evote_read(&o->v, c, o->in->evote, e) || !call_may_cycle(c, o->v.cycle, e) ||
        !work_evote_at(c, &o->v, "ready", e) ||
        !call_name(&o->organiser, c, "org", o->v.fact.org, e))
        return false;
    if (o->v.strict && o->v.n_doors == 0)
        return err_fail(e, ERR_EVOTE_DOORS);
    for (size_t i = 0; i < o->v.n_boxes; i++) {
        EvoteBox *b = &o->v.boxes[i];
        b->out = b->out || away(o, b->debriefer);
        n += work_evote_open_box(&o->v, b);
    }
    return n > 0 || err_fail(e, ERR_EVOTE_EMPTY);
}

static bool questions_put(Election *el, Call *c, const Hall *h, Err *e)
{
    const SchemeInstrument *ins = h->ins;
    Str *answers = ARENA_ARRAY(c->a, Str, ins->n_options);
    el->questions = ARENA_ARRAY(c->a, ElectionQuestion, ins->n_items);
    if (!answers || !el->questions)
        return no_memory(e);
    for (size_t i = 0; i < ins->n_options; i++)
        answers[i] = ins->options[i].title.n ? ins->options[i].title : ins->options[i].name;
    for (size_t i = 0; i < ins->n_items; i++)
        el->questions[i] = (ElectionQuestion){
            ins->items[i].title.n ? ins->items[i].title : ins->items[i].name, answers,
            ins->n_options, 1, 1, !ins->complete_all
        };
    el->n_questions = ins->n_items;
    return true;
}

static bool keep(Str *out, Call *c, Buf *b, Err *e)
{
    *out = arena_str(c->a, buf_str(b));
    bool ok = !b->failed && out->n == b->n;
    buf_close(b);
    return ok || no_memory(e);
}

/* The pages that the voters and the trustees were promised stand in every election. */
static Str description(Call *c, const Evote *v)
{
    const WorkPages *p = &c->given->pages;
    return p->vote.n ? arena_text(c->a, "%.*s；投票页SHA-256 %.*s；保管人工具SHA-256 %.*s",
                                  STR(v->title), STR(p->vote), STR(p->trustee))
                     : v->title;
}

static bool election_make(Str *out, Call *c, const Opening *o, const EvoteBox *b, Str trustees,
                          Point key, Err *e)
{
    const Evote *v = &o->v;
    Str creds;
    Election el = { .description = description(c, v), .name = work_evote_box_title(c, v, b),
                    .uuid = b->uuid, .administrator = o->organiser, .authority = v->maker_name,
                    .key = key, .floor = v->floor, .frozen = true };
    if (!work_evote_load(&creds, c, v->id, b->uuid, "creds.json", e) ||
        !questions_put(&el, c, &v->hall, e))
        return false;
    el.creds = hash_of(creds);
    el.trustees = hash_of(trustees);
    Buf text = buf_open(ELECTION_BYTES_MAX);
    if (!election_write(&text, &el, e)) {
        buf_close(&text);
        return false;
    }
    return keep(out, c, &text, e) &&
           work_evote_save(c, v->id, b->uuid, "election.json", *out, e);
}

static bool elections_make(Call *c, Opening *o, Err *e)
{
    Str text;
    Trustees tr;
    o->elections = ARENA_ARRAY(c->a, Str, o->v.n_boxes);
    if (!o->elections)
        return no_memory(e);
    if (!work_evote_load(&text, c, o->v.id, STRC(""), "trustees.json", e) ||
        !trustees_read(&tr, c->a, text, e))
        return false;
    for (size_t i = 0; i < o->v.n_boxes; i++)
        if (work_evote_open_box(&o->v, &o->v.boxes[i]) &&
            !election_make(&o->elections[i], c, o, &o->v.boxes[i], text, tr.key, e))
            return false;
    return true;
}

/* An urn from an opening that broke off held no ballot: nobody could vote before the log said
 * so. */
static bool urn_fresh(Call *c, const Evote *v, Err *e)
{
    UrnSetup s;
    return work_urn_setup(&s, c, v, e) && urn_drop(work_sys(c->w), s.path, e) &&
           urn_make(work_sys(c->w), &s, e);
}

static bool box_file(Call *c, const Opening *o, size_t i, Err *e)
{
    const EvoteBox *b = &o->v.boxes[i];
    Hash h = hash_of(o->elections[i]);
    json_t *body = json_pack("{s:I,s:o,s:I,s:o,s:o,s:I,s:o}", "evote", (json_int_t)o->v.id, "uuid",
                             jv_new(b->uuid), "turn", (json_int_t)b->turn, "group",
                             jv_new(o->v.heaps[b->heap].name), "object", jv_new(b->object),
                             "debriefer", (json_int_t)b->debriefer, "election",
                             jv_new(hash_hex(c->a, h)));
    Filing f = { .form = "evote_box", .org = o->v.fact.org, .body = body };
    bool ok = body ? call_file(c, &f, NULL, e) : no_memory(e);
    json_decref(body);
    return ok;
}

static bool open_job(Call *c, void *arg, Err *e)
{
    Opening *o = arg;
    Evote now;
    if (!work_evote_read(&now, c, o->in->evote, e) || !call_may_cycle(c, now.cycle, e) ||
        !work_evote_at(c, &now, "ready", e))
        return false;
    for (size_t i = 0; i < o->v.n_boxes; i++)
        if (o->elections[i].n && !box_file(c, o, i, e))
            return false;
    json_t *patch = json_pack("{s:o}", "absent",
                              jv_new_ids(o->in->absent.items, o->in->absent.n));
    const WorkPages *p = &c->given->pages;
    if (p->vote.n && (json_object_set_new(patch, "vote_page", jv_new(p->vote)) != 0 ||
                      json_object_set_new(patch, "trustee_page", jv_new(p->trustee)) != 0 ||
                      json_object_set_new(patch, "slips_page", jv_new(p->slips)) != 0)) {
        json_decref(patch);
        return no_memory(e);
    }
    bool ok = call_move(c, "evote", &now.fact, 0, "open", patch, NULL, e);
    json_decref(patch);
    return ok;
}

static bool evote_open(Call *c, const void *in_, Jw *out, Err *e)
{
    Opening o = { .in = in_ };
    (void)out;
    work_urns_alone(c); /* a second opening at the same moment would throw the first urn away */
    bool ok = call_read(c, open_guard, &o, e) && elections_make(c, &o, e) &&
              urn_fresh(c, &o.v, e) && call_write(c, open_job, &o, e);
    work_urn_leave(c);
    return ok;
}

const UseCase work_evote_open = { "evote_open", "开箱：电子投票开始", WORK_OUTSIDE,
                                  ROLE_BIT(ROLE_ORGANISER_HEAD), &open_in, NULL,
                                  .run = evote_open };

/* --- closing -------------------------------------------------------------------------------- */

typedef struct CloseIn {
    int64_t evote;
} CloseIn;
static const ShapeField close_fields[] = {
    { "evote", SHAPE_ID, offsetof(CloseIn, evote), .required = true, .title = "电子投票" },
};
static const Shape close_in = SHAPE("EvoteCloseIn", CloseIn, close_fields);

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

typedef struct Sealed {
    Hash archive;
    int64_t ballots, replaced;
    bool shut, done;
} Sealed;

typedef struct Closing {
    const CloseIn *in;
    Evote v;
    EvoteWatch watch;
    Sealed *sealed;              /* by box */
    Buf prints;                  /* of replaced ballots, 32 bytes each */
    Scalar secret;
    Coin coin;
    Moment at;
} Closing;

static bool close_guard(Call *c, void *arg, Err *e)
{
    Closing *k = arg;
    if (!work_evote_read(&k->v, c, k->in->evote, e) || !call_may_cycle(c, k->v.cycle, e) ||
        !work_evote_at(c, &k->v, "open", e) || !work_evote_watch(&k->watch, c, &k->v, e))
        return false;
    if (!k->watch.agree)
        return err_fail(e, ERR_EVOTE_WATCH);
    for (size_t i = 0; i < k->v.n_heaps; i++)
        if (k->watch.torn[i] != k->v.heaps[i].torn)
            return err_fail(e, ERR_EVOTE_TORN, err_hole("group", k->v.heaps[i].title),
                            err_hole("n", k->watch.torn[i]),
                            err_hole("listed", k->v.heaps[i].torn));
    return true;
}

static bool secret_read(Closing *k, Call *c, Err *e)
{
    Str text, bytes;
    if (!work_evote_load(&text, c, k->v.id, STRC(""), "server.key", e) ||
        !hash_unhex(c->a, str_sub(text, 0, 2 * sizeof k->secret.b), &bytes) ||
        bytes.n != sizeof k->secret.b)
        return err_fail(e, ERR_EVOTE_KEYS);
    memcpy(k->secret.b, bytes.p, sizeof k->secret.b);
    return true;
}

/* The server's share stands beside the archive until the trustees have given theirs. */
static bool share_give(Closing *k, Call *c, Arena *a, const EvoteBox *b, Str bel, Str hints, Err *e)
{
    Bel box;
    BelCheck check = { .hints = hints };
    Buf share = buf_open(EVOTE_SHARE_MAX), tally = buf_open(EVOTE_SHARE_MAX),
        all = buf_open(EVOTE_SHARE_MAX * 2);
    Jw w = jw_open(&all);
    sys_random(work_sys(c->w), check.seed, sizeof check.seed);
    bool ok = bel_verify(&box, a, bel, &check, e) &&
              tally_write(&tally, &box.election, &box.tally, e) &&
              tally_share(&share, &box.election, &box.tally, &k->secret, &k->coin, e);
    if (ok) {
        jw_arr(&w);
        jw_obj(&w);
        jw_kint(&w, "owner", 1);
        jw_kstr(&w, "share", buf_str(&share));
        jw_end(&w);
        jw_end(&w);
        ok = (jw_close(&w) || no_memory(e)) &&
             work_evote_save(c, k->v.id, b->uuid, "tally.json", buf_str(&tally), e) &&
             work_evote_save(c, k->v.id, b->uuid, "shares.json", buf_str(&all), e);
    }
    buf_close(&share);
    buf_close(&tally);
    buf_close(&all);
    return ok;
}

static bool trackers_save(Closing *k, Call *c, const EvoteBox *b, const UrnBox *box, Err *e)
{
    Str *all = ARENA_ARRAY(c->a, Str, box->n);
    Buf out = buf_open(WORK_REPLY_MAX);
    Jw w = jw_open(&out);
    bool ok = all || no_memory(e);
    for (size_t i = 0; ok && i < box->n; i++) {
        char tracker[VOTE_TRACKER];
        vote_tracker(tracker, box->ballots[i]);
        all[i] = arena_str(c->a, (Str){ tracker, sizeof tracker });
    }
    if (ok && box->n)
        qsort(all, box->n, sizeof *all, by_text);
    jw_arr(&w);
    for (size_t i = 0; ok && i < box->n; i++)
        jw_str(&w, all[i]);
    jw_end(&w);
    ok = ok && (jw_close(&w) || no_memory(e)) &&
         work_evote_save(c, k->v.id, b->uuid, "trackers.json", buf_str(&out), e);
    buf_close(&out);
    return ok;
}

static bool seal_into(Buf *bel, Buf *hints, Closing *k, Call *c, const EvoteBox *b, UrnBox *box,
                      const UrnElection *el, Err *e)
{
    Str trustees;
    BelBox seal = { .election = el->election, .creds = el->creds, .ballots = box->ballots,
                    .hints = box->hints, .n = box->n,
                    .timestamp = k->at / 1000 };
    sys_random(work_sys(c->w), seal.seed, sizeof seal.seed);
    if (!work_evote_load(&trustees, c, k->v.id, STRC(""), "trustees.json", e))
        return false;
    seal.trustees = trustees;
    return bel_seal(bel, hints, &seal, e) &&
           work_evote_save(c, k->v.id, b->uuid, "bel", buf_str(bel), e) &&
           (hints->n == 0 || work_evote_save(c, k->v.id, b->uuid, "hints", buf_str(hints), e));
}

/* A box below the floor, or with more ballots than slips were drawn, stays shut. */
static bool box_seal(Closing *k, Call *c, Urn *urn, size_t election, size_t i,
                     const UrnElection *el, Err *e)
{
    const EvoteBox *b = &k->v.boxes[i];
    Sealed *s = &k->sealed[i];
    UrnBox box;
    Arena *a = arena_open((size_t)BEL_BYTES_MAX);
    Buf bel = buf_open(BEL_BYTES_MAX), hints = buf_open(BEL_BYTES_MAX);
    bool ok = (a || no_memory(e)) && urn_take(&box, a, urn, election, e) &&
              seal_into(&bel, &hints, k, c, b, &box, el, e) &&
              trackers_save(k, c, b, &box, e);
    if (ok) {
        *s = (Sealed){ .archive = hash_of(buf_str(&bel)), .ballots = (int64_t)box.n, .done = true };
        s->shut = s->ballots < k->v.floor || s->ballots > k->watch.drawn[b->heap];
        for (size_t p = 0; p < box.n_replaced; p++)
            buf_put(&k->prints, hash_bytes(&box.replaced[p]));
        ok = s->shut || share_give(k, c, a, b, buf_str(&bel), buf_str(&hints), e);
    }
    buf_close(&bel);
    buf_close(&hints);
    arena_close(a);
    return ok;
}

static int by_print(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(Hash));
}

static bool prints_save(Closing *k, Call *c, Err *e)
{
    Buf out = buf_open(WORK_REPLY_MAX);
    Jw w = jw_open(&out);
    size_t n = k->prints.n / sizeof(Hash);
    if (n)
        qsort(k->prints.p, n, sizeof(Hash), by_print);
    jw_arr(&w);
    for (size_t i = 0; i < n; i++) {
        Str b64 = hash_base64(c->a, str_sub(buf_str(&k->prints), i * sizeof(Hash), sizeof(Hash)));
        jw_str(&w, str_sub(b64, 0, VOTE_TRACKER));
    }
    jw_end(&w);
    bool ok = (jw_close(&w) || no_memory(e)) &&
              work_evote_save(c, k->v.id, STRC(""),
                              arena_z(c->a, arena_text(c->a, "replaced-%lld.json",
                                                       (long long)k->v.turn)),
                              buf_str(&out), e);
    buf_close(&out);
    return ok;
}

static bool seal_all(Closing *k, Call *c, Urn *urn, Err *e)
{
    UrnSetup s;
    size_t n = 0;
    UrnCount *counts = ARENA_ARRAY(c->a, UrnCount, k->v.n_boxes);
    k->sealed = ARENA_ARRAY(c->a, Sealed, k->v.n_boxes);
    if (!k->sealed || !counts)
        return no_memory(e);
    if (!work_urn_setup(&s, c, &k->v, e))
        return false;
    urn_counts(urn, counts);
    for (size_t i = 0; i < k->v.n_boxes; i++) {
        if (!work_evote_open_box(&k->v, &k->v.boxes[i]))
            continue;
        if (!box_seal(k, c, urn, n, i, &s.elections[n], e))
            return false;
        k->sealed[i].replaced = counts[n].replaced;
        n++;
    }
    return prints_save(k, c, e);
}

static bool box_revise(Call *c, const Closing *k, const FactList *l, size_t i, Err *e)
{
    const Sealed *s = &k->sealed[i];
    for (size_t f = 0; f < l->n; f++) {
        if (!str_eq(fact_str(c->a, &l->items[f], "uuid"), k->v.boxes[i].uuid))
            continue;
        json_t *patch = json_pack("{s:o,s:I,s:I,s:b}", "archive",
                                  jv_new(hash_hex(c->a, s->archive)), "ballots",
                                  (json_int_t)s->ballots, "replaced", (json_int_t)s->replaced,
                                  "shut", s->shut);
        bool ok = call_revise(c, "evote_box", &l->items[f], 0, patch, NULL, e);
        json_decref(patch);
        return ok;
    }
    return err_fail(e, ERR_NOT_FOUND, err_hole("what", "电子票箱"));
}

static bool close_job(Call *c, void *arg, Err *e)
{
    Closing *k = arg;
    Evote now;
    FactList l;
    if (!work_evote_read(&now, c, k->in->evote, e) || !call_may_cycle(c, now.cycle, e) ||
        !work_evote_at(c, &now, "open", e) ||
        !call_list_id(&l, c, "evote_box", "evote", now.id, e))
        return false;
    bool any = false;
    for (size_t i = 0; i < k->v.n_boxes; i++) {
        if (k->sealed[i].done && !box_revise(c, k, &l, i, e))
            return false;
        any = any || (k->sealed[i].done && !k->sealed[i].shut);
    }
    if (!call_move(c, "evote", &now.fact, 0, "close", NULL, NULL, e))
        return false;
    /* Nothing that may be opened: there is nothing to wait for. */
    return any || (call_thing(&now.fact, c, "evote", now.id, e) &&
                   call_move_as(c, ROLE_BIT(ROLE_ORGANISER_HEAD), "evote", &now.fact, 0, "count",
                                NULL, NULL, e));
}

/* Alone from the look at the state to the word in the log: two closings at the same moment would
 * write two archives over each other. */
static bool close_all(Closing *k, Call *c, Err *e)
{
    Urn *urn;
    Err ignored = { 0 };
    if (!call_read(c, close_guard, k, e) || !secret_read(k, c, e) ||
        !work_urn_held(&urn, c, k->v.id, e))
        return false;
    urn_shut(urn);
    if (!seal_all(k, c, urn, e) || !call_write(c, close_job, k, e)) {
        urn_reopen(urn);
        return false;
    }
    work_urn_forget(c, k->v.id); /* the archives have taken its place */
    const char *path = work_evote_path(c, k->v.id, STRC(""), "urn");
    (void)!(path && urn_drop(work_sys(c->w), path, &ignored));
    return true;
}

static bool evote_close(Call *c, const void *in_, Jw *out, Err *e)
{
    Closing k = { .in = in_, .at = c->now, .prints = buf_open(WORK_REPLY_MAX) };
    unsigned char seed[32];
    (void)out;
    sys_random(work_sys(c->w), seed, sizeof seed);
    k.coin = coin_open(seed);
    work_urns_alone(c);
    bool ok = close_all(&k, c, e);
    work_urn_leave(c);
    coin_close(&k.coin);
    scalar_close(&k.secret);
    buf_close(&k.prints);
    return ok;
}

const UseCase work_evote_close = { "evote_close", "封箱：电子投票结束，存档生成", WORK_OUTSIDE,
                                   ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_SCRUTINEER),
                                   &close_in, NULL, .run = evote_close };
