/* The chair's view of an electronic vote; the later moves: a spare turn, the keys destroyed. */
#include "work/areas.h"
#include "work/evote.h"
#include "work/rows.h"

#define ORGANISERS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))

typedef struct ShowIn {
    int64_t evote, cycle;
    ShapeList objects;
    Str reason;
} ShowIn;
static const ShapeField of_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ShowIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape of_in = SHAPE("EvoteOfIn", ShowIn, of_fields);

static const ShapeField trustee_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "step", SHAPE_WORD, .required = true, .words = "none|cert|deal|key" },
    { "shares", SHAPE_INT, .required = true },
    { "mine", SHAPE_BOOL, .required = true },
};
static const Shape trustee_shape = SHAPE_REPLY("EvoteTrustee", trustee_fields);
static const ShapeField group_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "slips", SHAPE_INT, .required = true },
    { "drawn", SHAPE_INT },
    { "torn", SHAPE_INT },
};
static const Shape group_shape = SHAPE_REPLY("EvoteGroup", group_fields);
static const ShapeField watch_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "mine", SHAPE_BOOL, .required = true },
};
static const Shape watch_shape = SHAPE_REPLY("EvoteWatcher", watch_fields);
static const ShapeField box_fields[] = {
    { "uuid", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "group", SHAPE_TEXT, .required = true },
    { "object", SHAPE_TEXT, .required = true },
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "ballots", SHAPE_INT },
    { "replaced", SHAPE_INT },
    { "shut", SHAPE_BOOL },
    { "archive", SHAPE_TEXT },
    { "final", SHAPE_TEXT },
};
static const Shape box_shape = SHAPE_REPLY("EvoteBox", box_fields);
static const ShapeField show_fields[] = {
    { "id", SHAPE_INT, .required = true },
    { "state", SHAPE_TEXT },
    { "state_title", SHAPE_TEXT },
    { "turn", SHAPE_INT },
    { "spares", SHAPE_INT },
    { "threshold", SHAPE_INT },
    { "floor", SHAPE_INT },
    { "strict", SHAPE_BOOL },
    { "doors", SHAPE_INT },
    { "maker", SHAPE_TEXT },
    { "maker_mine", SHAPE_BOOL },
    { "in", SHAPE_INT },
    { "issued", SHAPE_INT },
    { "agree", SHAPE_BOOL },
    { "trustees", SHAPE_LIST, .sub = &trustee_shape },
    { "groups", SHAPE_LIST, .sub = &group_shape },
    { "watchers", SHAPE_LIST, .sub = &watch_shape },
    { "boxes", SHAPE_LIST, .sub = &box_shape },
    { "key", SHAPE_BOOL },
    { "volumes", SHAPE_INT },
    EVOTE_PUBLIC_FIELDS,
};
static const Shape show_out = SHAPE_REPLY("Evote", show_fields);

static const char *step_of(const EvoteWords *w, size_t trustee)
{
    for (size_t s = EVOTE_STEPS; s-- > 0;)
        if (w->said[s][trustee].n)
            return work_evote_step((EvoteStep)s);
    return "none";
}

static bool shares_of(int64_t *out, Call *c, const Evote *v, const FactList *boxes, int64_t owner,
                      Err *e)
{
    *out = 0;
    if (!str_is(v->state, "closed") && !str_is(v->state, "counted"))
        return true;
    for (size_t i = 0; i < boxes->n; i++) {
        bool shared;
        const Fact *f = &boxes->items[i];
        if (fact_int(f, "turn") != v->turn || fact_bool(f, "shut"))
            continue;
        if (!work_evote_shared(&shared, c, v->id, fact_str(c->a, f, "uuid"), owner, e))
            return false;
        *out += shared;
    }
    return true;
}

static bool put_trustees(Call *c, const Evote *v, const FactList *boxes, Jw *out, Err *e)
{
    EvoteWords w;
    if (!work_evote_words(&w, c, v, e))
        return false;
    jw_key(out, "trustees");
    jw_arr(out);
    for (size_t i = 0; i < v->n_trustees; i++) {
        int64_t shares;
        if (!shares_of(&shares, c, v, boxes, (int64_t)i + 2, e))
            return false;
        jw_obj(out);
        jw_kstr(out, "name", v->trustees[i].name);
        jw_kstr(out, "step", str_of(step_of(&w, i)));
        jw_kint(out, "shares", shares);
        jw_kbool(out, "mine", v->trustees[i].account == c->who->account);
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool put_watch(Call *c, const Evote *v, Jw *out, Err *e)
{
    EvoteWatch w;
    if (!work_evote_watch(&w, c, v, e))
        return false;
    jw_kbool(out, "agree", w.agree);
    jw_key(out, "groups");
    jw_arr(out);
    for (size_t i = 0; i < v->n_heaps; i++) {
        jw_obj(out);
        jw_kstr(out, "name", v->heaps[i].name);
        jw_kstr(out, "title", v->heaps[i].title);
        jw_kint(out, "slips", v->heaps[i].slips);
        jw_kint(out, "torn", v->heaps[i].torn);
        if (w.agree)
            jw_kint(out, "drawn", w.drawn[i]);
        jw_end(out);
    }
    jw_end(out);
    jw_key(out, "watchers"); /* who has counted; not what, until both have */
    jw_arr(out);
    for (size_t i = 0; i < w.n; i++) {
        Str name;
        if (!work_evote_account(&name, c, w.accounts[i], e))
            return false;
        jw_obj(out);
        jw_kstr(out, "name", name);
        jw_kbool(out, "mine", w.accounts[i] == c->who->account);
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static void put_boxes(Call *c, const Evote *v, const FactList *boxes, Jw *out)
{
    jw_key(out, "boxes");
    jw_arr(out);
    for (size_t i = 0; i < boxes->n; i++) {
        const Fact *f = &boxes->items[i];
        const EvoteBox *b = work_evote_box(v, fact_str(c->a, f, "uuid"));
        if (!b || b->turn != v->turn)
            continue;
        jw_obj(out);
        jw_kstr(out, "uuid", b->uuid);
        jw_kstr(out, "title", work_evote_box_title(c, v, b));
        jw_kstr(out, "group", v->heaps[b->heap].name);
        jw_kstr(out, "object", b->object);
        jw_kint(out, "debriefer", b->debriefer);
        jw_kstr(out, "name", b->row == SIZE_MAX ? STRC("") : v->hall.rows[b->row].name);
        Str archive = fact_str(c->a, f, "archive");
        if (archive.n) {
            jw_kint(out, "ballots", fact_int(f, "ballots"));
            jw_kint(out, "replaced", fact_int(f, "replaced"));
            jw_kbool(out, "shut", fact_bool(f, "shut"));
            jw_kstr(out, "archive", archive);
            jw_kstr(out, "final", fact_str(c->a, f, "final"));
        }
        jw_end(out);
    }
    jw_end(out);
}

static bool put_evote(Call *c, const Evote *v, Jw *out, Err *e)
{
    FactList boxes;
    int64_t in, issued, volumes;
    if (!call_list_id(&boxes, c, "evote_box", "evote", v->id, e) ||
        !work_evote_volumes(&volumes, c, v, e) ||
        !work_evote_in(&in, &issued, c, v, e))
        return false;
    jw_kstr(out, "state", v->state);
    jw_kstr(out, "state_title", call_title(c, "evote_state", v->state));
    jw_kint(out, "turn", v->turn);
    jw_kint(out, "spares", v->spares);
    jw_kint(out, "threshold", v->threshold);
    jw_kint(out, "floor", v->floor);
    jw_kbool(out, "strict", v->strict);
    jw_kint(out, "doors", (int64_t)v->n_doors);
    jw_kstr(out, "maker", v->maker_name);
    jw_kbool(out, "maker_mine", v->maker == c->who->account);
    jw_kint(out, "in", in);
    jw_kint(out, "issued", issued);
    if (!put_trustees(c, v, &boxes, out, e) || !put_watch(c, v, out, e))
        return false;
    put_boxes(c, v, &boxes, out);
    jw_kint(out, "volumes", volumes);
    jw_kbool(out, "key", work_evote_has(c, v->id, STRC(""), "server.key"));
    return work_evote_put_public(c, v, &boxes, out, e);
}

bool work_evote_may_see(Call *c, const Evote *v, int64_t cycle, Err *e)
{
    for (size_t i = 0; v && c->who->account && i < v->n_trustees; i++)
        if (v->trustees[i].account == c->who->account)
            return call_may_all(c, e);
    if (v && c->who->account && v->maker == c->who->account)
        return call_may_all(c, e);
    uint32_t hall = ORGANISERS | ROLE_BIT(ROLE_COMMITTEE) | ROLE_BIT(ROLE_SUPERIOR) |
                    ROLE_BIT(ROLE_SCRUTINEER) | ROLE_BIT(ROLE_TELLER);
    if (call_can_cycle(c, hall, cycle) || c->who->console)
        return call_may_all(c, e);
    return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
}

static bool evote_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const ShowIn *in = in_;
    int64_t id;
    Evote v;
    if (!work_evote_of(&id, c, in->cycle, e) || (id && !work_evote_read(&v, c, id, e)) ||
        !work_evote_may_see(c, id ? &v : NULL, in->cycle, e))
        return false;
    jw_kint(out, "id", id);
    return !id || put_evote(c, &v, out, e);
}

const UseCase work_evote_show = { "evote_show", "电子投票进行到哪一步", WORK_READ, EVOTE_PEOPLE,
                                  &of_in, &show_out, .run = evote_show };

/* --- a spare turn --------------------------------------------------------------------------- */

static const ShapeField again_fields[] = {
    { "evote", SHAPE_ID, offsetof(ShowIn, evote), .required = true, .title = "电子投票" },
    { "objects", SHAPE_WORDS, offsetof(ShowIn, objects), .required = true, .max = 8,
      .title = "评议对象" },
    { "reason", SHAPE_TEXT, offsetof(ShowIn, reason), .required = true, .max = 500,
      .title = "理由" },
};
static const Shape again_in = SHAPE("EvoteAgainIn", ShowIn, again_fields);

/* The same slips open the boxes of the next turn. Only an object whose first vote did not stand is
 * voted on again: quorum_decision says so. */
static bool revote_decided(Call *c, const Evote *v, Str object, Err *e)
{
    FactList boxes;
    int64_t round;
    bool closed;
    if (!work_hall_object(c, &v->hall, object, e) ||
        !work_hall_round(&round, &closed, c, &v->hall, object, e) ||
        !call_list_id(&boxes, c, "evote_box", "evote", v->id, e))
        return false;
    return (!closed && round > work_evote_turns(c, &boxes, object)) ||
           err_fail(e, ERR_BALLOT_STANDS, err_hole("object", work_object_title(c, object)));
}

static bool evote_again(Call *c, const void *in_, Jw *out, Err *e)
{
    const ShowIn *in = in_;
    const Str *objects = in->objects.items;
    Evote v;
    int64_t id;
    if (!work_evote_read(&v, c, in->evote, e) || !call_may_cycle(c, v.cycle, e) ||
        !work_evote_at(c, &v, "counted", e))
        return false;
    if (v.turn > v.spares)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "备用轮次"), err_hole("max", v.spares));
    json_t *list = json_array();
    bool ok = in->objects.n > 0 || err_fail(e, ERR_FIELD_MISSING, err_hole("field", "评议对象"));
    for (size_t i = 0; ok && i < in->objects.n; i++) {
        ok = revote_decided(c, &v, objects[i], e);
        json_array_append_new(list, jv_new(objects[i]));
    }
    json_t *patch = json_pack("{s:o,s:I,s:o}", "objects", list, "turn", (json_int_t)v.turn + 1,
                              "reason", jv_new(in->reason));
    ok = ok && call_move(c, "evote", &v.fact, 0, "again", patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->evote, id);
    return ok;
}

const UseCase work_evote_again = { "evote_again", "用备用轮次重新投票", WORK_WRITE,
                                   ROLE_BIT(ROLE_ORGANISER_HEAD), &again_in, &work_made,
                                   .run = evote_again };

/* --- the end of the keys -------------------------------------------------------------------- */

static const ShapeField destroy_fields[] = {
    { "evote", SHAPE_ID, offsetof(ShowIn, evote), .required = true, .title = "电子投票" },
    { "reason", SHAPE_TEXT, offsetof(ShowIn, reason), .required = true, .max = 500,
      .title = "说明（申诉期何时届满、何人在场）" },
};
static const Shape destroy_in = SHAPE("EvoteDestroyIn", ShowIn, destroy_fields);

static bool destroy_job(Call *c, void *arg, Err *e)
{
    const ShowIn *in = arg;
    Fact f;
    if (!call_thing(&f, c, "evote", in->evote, e) || !call_may_cycle(c, fact_int(&f, "cycle"), e))
        return false;
    json_t *patch = json_pack("{s:o}", "reason", jv_new(in->reason));
    bool ok = call_move(c, "evote", &f, 0, "destroy", patch, NULL, e);
    json_decref(patch);
    return ok;
}

/* First on record, then gone: a file that could not be removed is removed by asking again. */
static bool evote_destroy(Call *c, const void *in_, Jw *out, Err *e)
{
    const ShowIn *in = in_;
    (void)out;
    if (!call_write(c, destroy_job, (void *)in, e))
        return false;
    const char *key = work_evote_path(c, in->evote, STRC(""), "server.key");
    const char *pieces = work_evote_path(c, in->evote, STRC(""), EVOTE_PIECES_FILE);
    if (!key || !pieces)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "电子投票"));
    return sys_file_remove(work_sys(c->w), key, e) && sys_file_remove(work_sys(c->w), pieces, e);
}

const UseCase work_evote_destroy = { "evote_destroy", "申诉期满，销毁服务器的钥匙", WORK_OUTSIDE,
                                     ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_SCRUTINEER),
                                     &destroy_in, NULL, .run = evote_destroy };
