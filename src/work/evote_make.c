/* An electronic vote is set up: who keeps the keys, who makes the slips, which groups vote into one
 * box. The numbers of all boxes, spare turns with them, are drawn here, before any slip exists. */
#include "work/areas.h"
#include "work/evote.h"
#include "work/rows.h"

enum { SPARE_PERCENT = 5, SPARE_LEAST = 3, PASS_BYTES = 24 };

#define ORGANISERS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))
#define WATCHERS (ROLE_BIT(ROLE_SCRUTINEER) | ROLE_BIT(ROLE_INSPECTOR))

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "电子投票"));
}

typedef struct SlipsIn {
    Str name;
    int64_t slips;
} SlipsIn;
static const ShapeField slips_fields[] = {
    { "name", SHAPE_TEXT, offsetof(SlipsIn, name), .required = true, .max = 40, .title = "票类" },
    { "slips", SHAPE_INT, offsetof(SlipsIn, slips), .required = true, .min = 1,
      .max = EVOTE_SLIPS_MAX, .title = "印制票签" },
};
static const Shape slips_shape = SHAPE("EvoteSlipsIn", SlipsIn, slips_fields);

typedef struct MakeIn {
    int64_t cycle, threshold, maker;
    ShapeList trustees, slips;
    bool strict;
} MakeIn;
static const ShapeField make_fields[] = {
    { "cycle", SHAPE_ID, offsetof(MakeIn, cycle), .required = true, .title = "年度周期" },
    { "trustees", SHAPE_IDS, offsetof(MakeIn, trustees), .required = true, .max = TRUSTEE_SET_MAX,
      .title = "密钥保管人" },
    { "threshold", SHAPE_INT, offsetof(MakeIn, threshold), .required = true, .min = 1,
      .max = TRUSTEE_SET_MAX, .title = "开箱至少需要的保管人" },
    { "maker", SHAPE_ID, offsetof(MakeIn, maker), .required = true, .title = "票签制作人" },
    { "slips", SHAPE_LIST, offsetof(MakeIn, slips), .max = 50, .sub = &slips_shape,
      .title = "印制票签" },
    { "strict", SHAPE_BOOL, offsetof(MakeIn, strict), .title = "另验入场券" },
};
static const Shape make_in = SHAPE("EvoteMakeIn", MakeIn, make_fields);

/* --- may it be? ----------------------------------------------------------------------------- */

static bool form_fits(const Hall *h, Err *e)
{
    if (!h->ins)
        return err_fail(e, ERR_BALLOT_NEEDS, err_hole("needs", "这个评分方案没有测评表"));
    return h->ins->n_options <= ELECTION_MAKE_ANSWERS_MAX ||
           err_fail(e, ERR_EVOTE_FORM, err_hole("n", (int64_t)h->ins->n_options),
                    err_hole("max", ELECTION_MAKE_ANSWERS_MAX));
}

static bool trustees_fit(const MakeIn *in, Err *e)
{
    const int64_t *ids = in->trustees.items;
    bool ok = in->trustees.n >= 2 && 2 * in->threshold > (int64_t)in->trustees.n &&
              in->threshold <= (int64_t)in->trustees.n;
    for (size_t i = 0; ok && i < in->trustees.n; i++)
        for (size_t k = 0; k < i; k++)
            ok = ok && ids[i] != ids[k];
    return ok || err_fail(e, ERR_EVOTE_TRUSTEES, err_hole("min", 2),
                          err_hole("max", TRUSTEE_SET_MAX));
}

/* Whoever organises the vote does not hold its slips. */
static bool maker_fits(Call *c, const MakeIn *in, Err *e)
{
    FactList l;
    bool watches = false, organises = false;
    if (!call_list_id(&l, c, "grant", "account", in->maker, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Role role;
        if (!role_read(&role, fact_str(c->a, &l.items[i], "role")) ||
            !call_holds(&l.items[i], c->today))
            continue;
        watches = watches || (ROLE_BIT(role) & WATCHERS);
        organises = organises || (ROLE_BIT(role) & ORGANISERS);
    }
    return (watches && !organises) || err_fail(e, ERR_EVOTE_MAKER);
}

static bool none_yet(Call *c, int64_t cycle, Err *e)
{
    int64_t id;
    return work_evote_of(&id, c, cycle, e) && (id == 0 || err_fail(e, ERR_EVOTE_TWICE));
}

/* --- what it will be ------------------------------------------------------------------------ */

bool work_evote_account(Str *out, Call *c, int64_t account, Err *e)
{
    Fact f;
    if (!call_thing(&f, c, "account", account, e))
        return false;
    *out = fact_str(c->a, &f, "login");
    return !fact_int(&f, "person") || call_name(out, c, "person", fact_int(&f, "person"), e);
}

static bool trustees_put(json_t *body, Call *c, const MakeIn *in, Err *e)
{
    const int64_t *ids = in->trustees.items;
    json_t *rows = json_array();
    for (size_t i = 0; i < in->trustees.n; i++) {
        Str name;
        if (!work_evote_account(&name, c, ids[i], e)) {
            json_decref(rows);
            return false;
        }
        json_array_append_new(rows, json_pack("{s:I,s:o}", "account", (json_int_t)ids[i], "name",
                                              jv_new(name)));
    }
    return json_object_set_new(body, "trustees", rows) == 0 || no_memory(e);
}

static int64_t given_slips(const MakeIn *in, Str group)
{
    const SlipsIn *rows = in->slips.items;
    for (size_t i = 0; i < in->slips.n; i++)
        if (str_eq(rows[i].name, group))
            return rows[i].slips;
    return 0;
}

/* A few more than voters: a torn slip is exchanged for one of them. */
static int64_t slips_for(const MakeIn *in, const Hall *h, size_t group)
{
    int64_t given = given_slips(in, h->scheme->groups[group].name), issued = h->issued[group];
    int64_t spare = (issued * SPARE_PERCENT + 99) / 100;
    return given ? given : issued + (spare > SPARE_LEAST ? spare : SPARE_LEAST);
}

static json_t *heap_row(Call *c, const MakeIn *in, const Hall *h, const size_t *heap, size_t first,
                        int64_t *issued)
{
    json_t *words = json_array();
    json_int_t slips = 0;
    *issued = 0;
    for (size_t g = first; g < h->scheme->n_groups; g++) {
        if (heap[g] != first)
            continue;
        json_array_append_new(words, jv_new(h->scheme->groups[g].name));
        slips += slips_for(in, h, g);
        *issued += h->issued[g];
    }
    return json_pack("{s:o,s:o,s:I,s:o}", "name", jv_new(h->scheme->groups[first].name), "title",
                     jv_new(work_heap_title(c, h, heap, first)), "slips", slips, "words", words);
}

static bool heaps_put(json_t *body, Call *c, const MakeIn *in, const Hall *h, const size_t *heap,
                      Err *e)
{
    json_t *groups = json_array();
    for (size_t first = 0; first < h->scheme->n_groups; first++) {
        int64_t issued;
        if (heap[first] != first)
            continue;
        json_t *row = heap_row(c, in, h, heap, first, &issued);
        json_array_append_new(groups, row);
        if (jv_int(row, "slips") < issued || jv_int(row, "slips") > EVOTE_SLIPS_MAX) {
            Str title = arena_str(c->a, jv_str(row, "title"));
            json_decref(groups);
            return err_fail(e, ERR_EVOTE_SLIPS, err_hole("group", title), err_hole("min", issued),
                            err_hole("max", EVOTE_SLIPS_MAX));
        }
    }
    return json_object_set_new(body, "groups", groups) == 0 || no_memory(e);
}

/* Every turn × heap × object × debriefer, in the order in which they will be voted on. */
static json_t *boxes_draw(Call *c, const Hall *h, const json_t *groups)
{
    unsigned char seed[32];
    json_t *rows = json_array();
    sys_random(work_sys(c->w), seed, sizeof seed);
    Coin coin = coin_open(seed);
    for (int64_t turn = 1; turn <= 1 + EVOTE_SPARES; turn++)
        for (size_t g = 0; g < jv_len(groups); g++)
            for (size_t o = 0; o < h->n_objects; o++)
                for (size_t d = 0; d < h->n_rows; d++)
                    json_array_append_new(
                        rows, json_pack("{s:o,s:I,s:o,s:o,s:I}", "uuid",
                                        jv_new(election_uuid(c->a, &coin)), "turn", turn, "group",
                                        jv_new(jv_str(jv_at(groups, g), "name")), "object",
                                        jv_new(h->objects[o]), "debriefer",
                                        (json_int_t)h->rows[d].id));
    coin_close(&coin);
    return rows;
}

static bool plan_file(Call *c, const Hall *h, const json_t *groups, int64_t evote, Err *e)
{
    json_t *body = json_pack("{s:I,s:o}", "evote", (json_int_t)evote, "boxes",
                             boxes_draw(c, h, groups));
    Filing f = { .form = "evote_plan", .org = h->cycle.org, .body = body };
    bool ok = body ? call_file(c, &f, NULL, e) : no_memory(e);
    json_decref(body);
    return ok;
}

static bool evote_make(Call *c, const void *in_, Jw *out, Err *e)
{
    const MakeIn *in = in_;
    Hall h;
    int64_t id;
    Str maker;
    if (!call_may_cycle(c, in->cycle, e) || !work_hall_read(&h, c, in->cycle, e) ||
        !work_cycle_at(c, &h.cycle, "voting", e) || !none_yet(c, in->cycle, e) ||
        !form_fits(&h, e) || !trustees_fit(in, e) || !maker_fits(c, in, e) ||
        !work_evote_account(&maker, c, in->maker, e))
        return false;
    size_t *heap = ARENA_ARRAY(c->a, size_t, h.scheme->n_groups);
    if (!heap)
        return no_memory(e);
    if (!score_merge(heap, h.scheme, h.issued, h.floor, e))
        return false;
    json_t *body = json_pack("{s:I,s:i,s:i,s:I,s:I,s:o,s:I,s:b,s:s}", "cycle",
                             (json_int_t)in->cycle, "turn", 1, "spares", EVOTE_SPARES, "threshold",
                             (json_int_t)in->threshold, "maker", (json_int_t)in->maker,
                             "maker_name", jv_new(maker), "floor", (json_int_t)h.floor, "strict",
                             in->strict, "state", "ceremony");
    Filing f = { .form = "evote", .org = h.cycle.org, .body = body };
    bool ok = (body || no_memory(e)) && trustees_put(body, c, in, e) &&
              heaps_put(body, c, in, &h, heap, e) && call_file(c, &f, &id, e) &&
              plan_file(c, &h, jv_get(body, "groups"), id, e);
    json_decref(body);
    if (ok)
        work_put_made(out, id, id);
    return ok;
}

const UseCase work_evote_make = { "evote_make", "准备一场电子投票（保管人、票签、分组）", WORK_WRITE,
                                  ROLE_BIT(ROLE_ORGANISER_HEAD), &make_in, &work_made,
                                  .run = evote_make };

/* --- before it opens ------------------------------------------------------------------------ */

typedef struct ChangeIn {
    int64_t evote;
    Str reason;
    ShapeList doors;
} ChangeIn;
static const ShapeField cancel_fields[] = {
    { "evote", SHAPE_ID, offsetof(ChangeIn, evote), .required = true, .title = "电子投票" },
    { "reason", SHAPE_TEXT, offsetof(ChangeIn, reason), .required = true, .max = 500,
      .title = "理由" },
};
static const Shape cancel_in = SHAPE("EvoteCancelIn", ChangeIn, cancel_fields);

static bool evote_cancel(Call *c, const void *in_, Jw *out, Err *e)
{
    const ChangeIn *in = in_;
    Fact f;
    int64_t id;
    if (!call_thing(&f, c, "evote", in->evote, e) || !call_may_cycle(c, fact_int(&f, "cycle"), e))
        return false;
    Str state = fact_str(c->a, &f, "state");
    bool lost = str_is(state, "open") && !work_evote_has(c, in->evote, STRC(""), "urn");
    const char *move = str_is(state, "ceremony") ? "cancel_keys"
                       : str_is(state, "slips")  ? "cancel_slips"
                       : lost                    ? "cancel_lost"
                                                 : "cancel_ready";
    json_t *patch = json_pack("{s:o}", "reason", jv_new(in->reason));
    bool ok = call_move(c, "evote", &f, 0, move, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->evote, id);
    return ok;
}

const UseCase work_evote_cancel = { "evote_cancel", "取消尚未开箱或票箱已丢失的电子投票", WORK_WRITE,
                                    ROLE_BIT(ROLE_ORGANISER_HEAD), &cancel_in, &work_made,
                                    .run = evote_cancel };

static const ShapeField doors_fields[] = {
    { "evote", SHAPE_ID, offsetof(ChangeIn, evote), .required = true, .title = "电子投票" },
    { "doors", SHAPE_WORDS, offsetof(ChangeIn, doors), .required = true, .max = 20000,
      .title = "入场券的校验值" },
};
static const Shape doors_in = SHAPE("EvoteDoorsIn", ChangeIn, doors_fields);

/* Only what SHA-256 makes of the tokens comes here; the page that made them prints them. */
static bool evote_doors(Call *c, const void *in_, Jw *out, Err *e)
{
    const ChangeIn *in = in_;
    const Str *doors = in->doors.items;
    Evote v;
    Hash h;
    int64_t id;
    if (!work_evote_read(&v, c, in->evote, e) || !call_may_cycle(c, v.cycle, e) ||
        !work_evote_at(c, &v, "ready", e))
        return false;
    json_t *list = json_array();
    bool ok = true;
    for (size_t i = 0; ok && i < in->doors.n; i++) {
        ok = hash_read(&h, doors[i]) ||
             err_fail(e, ERR_FIELD_TYPE, err_hole("field", "入场券的校验值"),
                      err_hole("want", "64位十六进制"));
        json_array_append_new(list, jv_new(doors[i]));
    }
    json_t *patch = json_pack("{s:o,s:b}", "doors", list, "strict", 1);
    ok = ok && call_revise(c, "evote", &v.fact, 0, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->evote, id);
    return ok;
}

const UseCase work_evote_doors = { "evote_doors", "登记入场券的校验值", WORK_WRITE, ORGANISERS,
                                   &doors_in, &work_made, .run = evote_doors };

/* --- a pass for the tools ------------------------------------------------------------------- */

static const ShapeField pass_fields[] = {
    { "evote", SHAPE_ID, offsetof(ChangeIn, evote), .required = true, .title = "电子投票" },
};
static const Shape pass_in = SHAPE("EvotePassIn", ChangeIn, pass_fields);
static const ShapeField passed_fields[] = {
    { "pass", SHAPE_TEXT, .required = true },
    { "post", SHAPE_INT, .required = true },
};
static const Shape passed_out = SHAPE_REPLY("EvotePass", passed_fields);

static int64_t post_of(const Evote *v, int64_t account)
{
    for (size_t i = 0; i < v->n_trustees; i++)
        if (v->trustees[i].account == account)
            return (int64_t)i + 1;
    return v->maker == account ? 0 : -1;
}

static bool evote_pass(Call *c, const void *in_, Jw *out, Err *e)
{
    const ChangeIn *in = in_;
    Evote v;
    unsigned char bytes[PASS_BYTES];
    if (!call_may_all(c, e) || !work_evote_read(&v, c, in->evote, e))
        return false;
    int64_t post = c->who->account ? post_of(&v, c->who->account) : -1;
    if (post < 0)
        return err_fail(e, ERR_EVOTE_POST);
    sys_random(work_sys(c->w), bytes, sizeof bytes);
    Str pass = str_sub(hash_base64(c->a, (Str){ (char *)bytes, sizeof bytes }), 0, EVOTE_PASS);
    json_t *body = json_pack("{s:I,s:I,s:o}", "evote", (json_int_t)in->evote, "post",
                             (json_int_t)post, "hash", jv_new(hash_hex(c->a, hash_of(pass))));
    Filing f = { .form = "evote_pass", .org = v.fact.org, .body = body };
    bool ok = body ? call_file(c, &f, NULL, e) : no_memory(e);
    json_decref(body);
    if (ok) {
        jw_kstr(out, "pass", pass);
        jw_kint(out, "post", post);
    }
    return ok;
}

const UseCase work_evote_pass = { "evote_pass", "保管人、票签制作人领取工具口令", WORK_WRITE,
                                  EVOTE_PEOPLE, &pass_in, &passed_out, .audit = true,
                                  .run = evote_pass };

/* --- scrutineers count the slips that nobody drew ------------------------------------------- */

typedef struct WatchRow {
    Str name;
    int64_t undrawn, torn;
} WatchRow;
static const ShapeField watch_row_fields[] = {
    { "name", SHAPE_TEXT, offsetof(WatchRow, name), .required = true, .max = 40, .title = "分组" },
    { "undrawn", SHAPE_INT, offsetof(WatchRow, undrawn), .required = true, .min = 0,
      .max = EVOTE_SLIPS_MAX, .title = "未抽取" },
    { "torn", SHAPE_INT, offsetof(WatchRow, torn), .required = true, .min = 0,
      .max = EVOTE_SLIPS_MAX, .title = "交回作废" },
};
static const Shape watch_row = SHAPE("EvoteWatchRow", WatchRow, watch_row_fields);
typedef struct WatchIn {
    int64_t evote;
    ShapeList groups;
} WatchIn;
static const ShapeField watch_fields[] = {
    { "evote", SHAPE_ID, offsetof(WatchIn, evote), .required = true, .title = "电子投票" },
    { "groups", SHAPE_LIST, offsetof(WatchIn, groups), .required = true, .max = 50,
      .sub = &watch_row, .title = "分组" },
};
static const Shape watch_in = SHAPE("EvoteWatchIn", WatchIn, watch_fields);

static bool watch_rows(json_t **out, const Evote *v, const WatchIn *in, Err *e)
{
    const WatchRow *rows = in->groups.items;
    json_t *list = json_array();
    for (size_t h = 0; h < v->n_heaps; h++) {
        const WatchRow *row = NULL;
        for (size_t i = 0; i < in->groups.n; i++)
            if (str_eq(rows[i].name, v->heaps[h].name))
                row = &rows[i];
        if (!row || row->undrawn + row->torn > v->heaps[h].slips) {
            json_decref(list);
            return row ? err_fail(e, ERR_EVOTE_COUNT, err_hole("group", v->heaps[h].title),
                                  err_hole("n", row->undrawn + row->torn),
                                  err_hole("slips", v->heaps[h].slips))
                       : err_fail(e, ERR_FIELD_MISSING, err_hole("field", v->heaps[h].title));
        }
        json_array_append_new(list, json_pack("{s:o,s:I,s:I}", "name", jv_new(row->name),
                                              "undrawn", (json_int_t)row->undrawn, "torn",
                                              (json_int_t)row->torn));
    }
    *out = list;
    return true;
}

/* His earlier count is corrected by a later one; the other one's stands. */
static bool watch_mine(int64_t *subject, Call *c, const WatchIn *in, Err *e)
{
    FactList l;
    *subject = 0;
    if (!call_list_id(&l, c, "evote_watch", "evote", in->evote, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (fact_int(&l.items[i], "account") == c->who->account)
            return *subject = l.items[i].subject, true;
    return l.n < 2 || err_fail(e, ERR_EVOTE_WATCHERS);
}

static bool evote_watch(Call *c, const void *in_, Jw *out, Err *e)
{
    const WatchIn *in = in_;
    Evote v;
    int64_t mine, id;
    json_t *groups = NULL;
    if (!work_evote_read(&v, c, in->evote, e) || !call_may_cycle(c, v.cycle, e))
        return false;
    if (c->who->account == 0)
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    if (!work_evote_at(c, &v, "open", e) || !watch_mine(&mine, c, in, e) ||
        !watch_rows(&groups, &v, in, e))
        return false;
    json_t *body = json_pack("{s:I,s:I,s:o}", "evote", (json_int_t)in->evote, "account",
                             (json_int_t)c->who->account, "groups", groups);
    Filing f = { .form = "evote_watch", .subject = mine, .org = v.fact.org, .body = body };
    bool ok = body ? call_file(c, &f, &id, e) : no_memory(e);
    json_decref(body);
    if (ok)
        work_put_made(out, mine ? mine : id, id);
    return ok;
}

const UseCase work_evote_watch_file = { "evote_watch_file", "监票人登记未抽取和作废的票签",
                                        WORK_WRITE, ROLE_BIT(ROLE_SCRUTINEER), &watch_in,
                                        &work_made, .run = evote_watch };
