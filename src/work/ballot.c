/* The paper ballot: what is frozen when voting opens, and where the count of each object stands. */
#include "work/areas.h"
#include "work/ballot.h"
#include "work/call.h"
#include "work/rows.h"
#include "work/scheme.h"

#include <stdlib.h>
#include <string.h>

#define ORGANISERS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))
#define WATCHERS                                                                                   \
    (ORGANISERS | ROLE_BIT(ROLE_COMMITTEE) | ROLE_BIT(ROLE_SUPERIOR) | ROLE_BIT(ROLE_SCRUTINEER))

/* --- the hall ------------------------------------------------------------------------------- */

typedef struct Order {
    int64_t *ids;
    size_t n;
} Order;

/* The order of speech, when a meeting has one. */
static bool order_read(Order *out, Call *c, int64_t cycle, Err *e)
{
    FactList l;
    json_t *body;
    *out = (Order){ NULL, 0 };
    if (!call_list_id(&l, c, "debrief_meeting", "cycle", cycle, e))
        return false;
    if (l.n == 0)
        return true;
    if (!(body = call_body(c, &l.items[l.n - 1], e)))
        return false;
    const json_t *order = jv_get(body, "order");
    out->ids = ARENA_ARRAY(c->a, int64_t, jv_len(order));
    for (size_t i = 0; out->ids && i < jv_len(order); i++)
        out->ids[out->n++] = json_integer_value(jv_at(order, i));
    json_decref(body);
    return out->ids || err_fail(e, ERR_NO_MEMORY, err_hole("what", "发言顺序"));
}

typedef struct Ranked {
    HallRow row;
    size_t rank;
} Ranked;

static int by_rank(const void *a_, const void *b_)
{
    const Ranked *a = a_, *b = b_;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->row.id < b->row.id ? -1 : a->row.id > b->row.id;
}

/* Speakers in their order, then live ones without a place, then those who debrief in writing. */
static size_t rank_of(const Order *o, const Fact *d, bool live)
{
    for (size_t i = 0; i < o->n; i++)
        if (o->ids[i] == d->subject)
            return i;
    size_t own = (size_t)fact_int(d, "order");
    return o->n + (live ? 0 : 100000) + (own < 90000 ? own : 90000);
}

static bool rows_read(Hall *h, Call *c, Err *e)
{
    FactList l;
    Order o;
    if (!call_list_id(&l, c, "debriefer", "cycle", h->cycle.subject, e) ||
        !order_read(&o, c, h->cycle.subject, e))
        return false;
    Ranked *all = ARENA_ARRAY(c->a, Ranked, l.n);
    h->rows = ARENA_ARRAY(c->a, HallRow, l.n);
    if (!all || !h->rows)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职人"));
    for (size_t i = 0; i < l.n; i++) {
        const Fact *d = &l.items[i];
        bool live = str_is(fact_str(c->a, d, "form"), "live");
        if (fact_bool(d, "withdrawn"))
            continue;
        Ranked *r = &all[h->n_rows++];
        *r = (Ranked){ { .id = d->subject, .live = live }, rank_of(&o, d, live) };
        if (!call_name(&r->row.name, c, "person", fact_int(d, "person"), e) ||
            !call_name(&r->row.org, c, "org", fact_int(d, "org"), e))
            return false;
    }
    qsort(all, h->n_rows, sizeof *all, by_rank);
    for (size_t i = 0; i < h->n_rows; i++)
        h->rows[i] = all[i].row;
    return true;
}

static bool issued_read(Hall *h, Call *c, const json_t *body, Err *e)
{
    const json_t *groups = jv_get(body, "groups");
    h->issued = ARENA_ARRAY(c->a, int64_t, h->scheme->n_groups);
    h->objects = ARENA_ARRAY(c->a, Str, jv_len(jv_get(body, "objects")));
    if (!h->issued || !h->objects)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "票类"));
    for (size_t i = 0; i < jv_len(groups); i++) {
        ptrdiff_t g = pack_scheme_group(h->scheme, jv_str(jv_at(groups, i), "name"));
        if (g >= 0)
            h->issued[g] = jv_int(jv_at(groups, i), "issued");
    }
    for (size_t i = 0; i < jv_len(jv_get(body, "objects")); i++)
        h->objects[h->n_objects++] = arena_str(c->a, jv_text(jv_at(jv_get(body, "objects"), i)));
    return true;
}

/* The scheme of the cycle; a vote that is open must still stand on the text it was opened with. */
static bool scheme_find(Hall *h, Call *c, Err *e)
{
    if (!work_scheme_find(&h->scheme, c, fact_str(c->a, &h->cycle, "scheme"), e))
        return false;
    Str frozen = fact_str(c->a, &h->cycle, "scheme_hash");
    if (frozen.n && str_is(fact_str(c->a, &h->cycle, "state"), "voting") &&
        !str_eq(frozen, hash_hex(c->a, h->scheme->hash)))
        return err_fail(e, ERR_BALLOT_SCHEME);
    if (!work_scheme_counted(h->scheme, e))
        return false;
    h->ins = h->scheme->n_instruments ? &h->scheme->instruments[0] : NULL;
    return true;
}

bool work_hall_read(Hall *out, Call *c, int64_t cycle, Err *e)
{
    Hall h = { .n_rows = 0 };
    json_t *body;
    if (!call_thing(&h.cycle, c, "cycle", cycle, e) || !scheme_find(&h, c, e) ||
        !rows_read(&h, c, e) || !(body = call_body(c, &h.cycle, e)))
        return false;
    const json_t *choices = jv_get(body, "choices");
    h.floor = jv_int(body, "floor");
    h.chosen = choices != NULL;
    bool ok = issued_read(&h, c, body, e);
    json_decref(body);
    if (ok && h.chosen) { /* its text points into the JSON, which therefore lives with the call */
        json_t *kept;
        Str text = fact_json(&h.cycle, "choices");
        ok = jv_read(&kept, text, "choices", e) && score_choices_read(&h.choices, c->a, kept, e) &&
             score_choices_check(&h.choices, h.scheme, e);
        if (ok) /* only numbers are read from here on */
            h.choices.measure = STRC(""), h.choices.rounded = NULL, h.choices.n_rounded = 0;
        jv_close(ok ? kept : NULL);
    }
    if (ok)
        *out = h;
    return ok;
}

bool work_hall_round(int64_t *round, bool *closed, Call *c, const Hall *h, Str object, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "quorum_decision", "cycle", h->cycle.subject, e))
        return false;
    *round = 1;
    for (size_t i = 0; i < l.n; i++)
        *round += str_eq(fact_str(c->a, &l.items[i], "object"), object) &&
                  str_is(fact_str(c->a, &l.items[i], "decision"), "revote");
    if (!call_list_id(&l, c, "paper_result", "cycle", h->cycle.subject, e))
        return false;
    *closed = false;
    for (size_t i = 0; i < l.n; i++)
        *closed = *closed || str_eq(fact_str(c->a, &l.items[i], "object"), object);
    return true;
}

Str work_object_title(Call *c, Str object)
{
    return call_title(c, "rated_object", object);
}

bool work_hall_object(Call *c, const Hall *h, Str object, Err *e)
{
    (void)c;
    for (size_t i = 0; i < h->n_objects; i++)
        if (str_eq(h->objects[i], object))
            return true;
    return err_fail(e, ERR_NOT_FOUND, err_hole("what", "评议对象"));
}

bool work_hall_group(size_t *out, const Hall *h, Str group, Err *e)
{
    ptrdiff_t g = pack_scheme_group(h->scheme, group);
    if (g < 0)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "票类"));
    *out = (size_t)g;
    return true;
}

/* --- opening -------------------------------------------------------------------------------- */

typedef struct OpenIn {
    int64_t cycle, version;
} OpenIn;
static const ShapeField open_fields[] = {
    { "cycle", SHAPE_ID, offsetof(OpenIn, cycle), .required = true, .title = "年度周期" },
    { "version", SHAPE_ID, offsetof(OpenIn, version), .required = true, .title = "版本" },
};
static const Shape open_in = SHAPE("VotingOpenIn", OpenIn, open_fields);

/* The groups of the cycle are exactly those of the scheme: a group without papers has no voice,
 * and one that the scheme does not know would vanish. */
static const char *groups_need(Call *c, const Hall *h, const json_t *groups)
{
    if (!h->ins)
        return NULL;
    for (size_t i = 0; i < jv_len(groups); i++)
        if (pack_scheme_group(h->scheme, jv_str(jv_at(groups, i), "name")) < 0)
            return arena_z(c->a, arena_text(c->a, "票类“%.*s”不在评分方案里",
                                            STR(jv_str(jv_at(groups, i), "title"))));
    for (size_t g = 0; g < h->scheme->n_groups; g++)
        if (h->issued[g] < 1 || h->issued[g] > SCORE_PAPERS_MAX)
            return arena_z(c->a, arena_text(c->a, "票类“%.*s”没有填写发出票数（1至%d）",
                                            STR(h->scheme->groups[g].title), SCORE_PAPERS_MAX));
    return NULL;
}

static bool open_guard(Call *c, const Hall *h, Err *e)
{
    json_t *body = call_body(c, &h->cycle, e);
    if (!body)
        return false;
    const char *needs = h->n_rows == 0    ? "还没有述职人"
                        : h->n_objects == 0 ? "还没有评议对象"
                        : !h->chosen      ? "还没有选定取整、并列和票数效力"
                        : h->floor == 0   ? "还没有确定单独统计的最少有效票"
                                          : groups_need(c, h, jv_get(body, "groups"));
    json_decref(body);
    return !needs || err_fail(e, ERR_BALLOT_NEEDS, err_hole("needs", needs));
}

/* A scheme without a ballot has nothing to count: the year goes on at once. */
static bool nothing_to_count(Call *c, const Hall *h, int64_t *id, Err *e)
{
    Fact now;
    return h->ins || (call_thing(&now, c, "cycle", h->cycle.subject, e) &&
                      call_move(c, "cycle", &now, 0, "count", NULL, id, e));
}

static bool voting_open(Call *c, const void *in_, Jw *out, Err *e)
{
    const OpenIn *in = in_;
    Hall h;
    int64_t id;
    if (!call_may_cycle(c, in->cycle, e) || !work_hall_read(&h, c, in->cycle, e) ||
        !work_cycle_at(c, &h.cycle, "preparing", e) || !open_guard(c, &h, e))
        return false;
    Str hash = hash_hex(c->a, h.scheme->hash);
    json_t *patch = json_pack("{s:s%}", "scheme_hash", hash.p, hash.n);
    bool ok = call_move(c, "cycle", &h.cycle, in->version, "open_voting", patch, &id, e) &&
              nothing_to_count(c, &h, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->cycle, id);
    return ok;
}

const UseCase work_voting_open = { "voting_open", "开始测评（票类、下限和并入规则从此冻结）",
                                   WORK_WRITE, ROLE_BIT(ROLE_ORGANISER_HEAD), &open_in, &work_made,
                                   .run = voting_open };

/* --- where the count stands ----------------------------------------------------------------- */

typedef struct ShowIn {
    int64_t cycle;
} ShowIn;
static const ShapeField show_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ShowIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape show_in = SHAPE("BallotShowIn", ShowIn, show_fields);

static const ShapeField name_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape name_shape = SHAPE_REPLY("BallotName", name_fields);
static const ShapeField group_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "issued", SHAPE_INT, .required = true },
    { "merge_title", SHAPE_TEXT },
};
static const Shape group_shape = SHAPE_REPLY("BallotGroup", group_fields);
static const ShapeField row_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "live", SHAPE_BOOL, .required = true },
};
static const Shape row_shape = SHAPE_REPLY("BallotDebriefer", row_fields);
static const ShapeField box_fields[] = {
    { "group", SHAPE_TEXT, .required = true },
    { "state", SHAPE_WORD, .required = true, .words = "empty|one|differs|equal|closed" },
    { "submitted", SHAPE_INT, .required = true },
    { "mine", SHAPE_WORD, .required = true, .words = "none|draft|submitted" },
};
static const Shape box_shape = SHAPE_REPLY("BallotBox", box_fields);
static const ShapeField quorum_fields[] = {
    { "groups", SHAPE_TEXT, .required = true },
    { "issued", SHAPE_INT, .required = true },
    { "returned", SHAPE_INT, .required = true },
    { "valid", SHAPE_INT, .required = true },
    { "returned_ok", SHAPE_BOOL, .required = true },
    { "valid_ok", SHAPE_BOOL, .required = true },
};
static const Shape quorum_shape = SHAPE_REPLY("BallotQuorum", quorum_fields);
static const ShapeField object_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "round", SHAPE_INT, .required = true },
    { "closed", SHAPE_BOOL, .required = true },
    { "boxes", SHAPE_LIST, .required = true, .sub = &box_shape },
    { "agreed", SHAPE_BOOL, .required = true },
    { "small", SHAPE_BOOL, .required = true },
    { "quorum", SHAPE_LIST, .required = true, .sub = &quorum_shape },
    { "quorum_ok", SHAPE_BOOL, .required = true },
    { "accepted", SHAPE_BOOL, .required = true },
};
static const Shape object_shape = SHAPE_REPLY("BallotObject", object_fields);
static const ShapeField ballot_fields[] = {
    { "cycle", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "scheme_title", SHAPE_TEXT, .required = true },
    { "complete_all", SHAPE_BOOL, .required = true },
    { "floor", SHAPE_INT, .required = true },
    { "on_failure", SHAPE_WORD, .words = "revote|committee" },
    { "groups", SHAPE_LIST, .required = true, .sub = &group_shape },
    { "items", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "options", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "reasons", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "debriefers", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "objects", SHAPE_LIST, .required = true, .sub = &object_shape },
    { "needs", SHAPE_TEXT },
};
static const Shape ballot_out = SHAPE_REPLY("Ballot", ballot_fields);

static void put_groups(const Hall *h, Jw *out)
{
    jw_key(out, "groups");
    jw_arr(out);
    for (size_t g = 0; g < h->scheme->n_groups; g++) {
        const SchemeGroup *group = &h->scheme->groups[g];
        jw_obj(out);
        jw_kstr(out, "name", group->name);
        jw_kstr(out, "title", group->title);
        jw_kint(out, "issued", h->issued[g]);
        if (group->merge >= 0)
            jw_kstr(out, "merge_title", h->scheme->groups[group->merge].title);
        jw_end(out);
    }
    jw_end(out);
}

static void put_form(const Hall *h, Jw *out)
{
    static const SchemeInstrument none = { .n_items = 0 };
    const SchemeInstrument *ins = h->ins ? h->ins : &none;
    jw_kbool(out, "complete_all", ins->complete_all);
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < ins->n_items; i++)
        work_put_named(out, ins->items[i].name, ins->items[i].title);
    jw_end(out);
    jw_key(out, "options");
    jw_arr(out);
    for (size_t i = 0; i < ins->n_options; i++)
        work_put_named(out, ins->options[i].name, ins->options[i].title);
    jw_end(out);
    jw_key(out, "reasons");
    jw_arr(out);
    for (size_t i = 0; i < ins->n_reasons; i++)
        work_put_named(out, ins->reasons[i].name, ins->reasons[i].title);
    jw_end(out);
}

static void put_rows(const Hall *h, Jw *out)
{
    jw_key(out, "debriefers");
    jw_arr(out);
    for (size_t i = 0; i < h->n_rows; i++) {
        jw_obj(out);
        jw_kint(out, "id", h->rows[i].id);
        jw_kstr(out, "name", h->rows[i].name);
        jw_kstr(out, "org_name", h->rows[i].org);
        jw_kbool(out, "live", h->rows[i].live);
        jw_end(out);
    }
    jw_end(out);
}

static bool my_entry(const char **out, Call *c, const Hall *h, Str object, Str group, Err *e)
{
    Rows *r;
    *out = "none";
    if (!store_rows(&r, c->tx, "tally_mine",
                    BIND(bind_int(h->cycle.subject), bind_text(object), bind_text(group),
                         bind_int(c->who->account)), e))
        return false;
    if (rows_next(r))
        *out = rows_int(r, 1) ? "submitted" : "draft";
    return rows_close(r, e);
}

static bool put_boxes(Call *c, const Hall *h, Str object, bool closed, Jw *out, Err *e)
{
    jw_key(out, "boxes");
    jw_arr(out);
    for (size_t g = 0; h->ins && g < h->scheme->n_groups; g++) {
        Box box;
        const char *mine;
        if (!work_box_read(&box, c, h, object, g, e) ||
            !my_entry(&mine, c, h, object, h->scheme->groups[g].name, e))
            return false;
        jw_obj(out);
        jw_kstr(out, "group", h->scheme->groups[g].name);
        jw_kstr(out, "state", str_of(closed ? "closed" : work_box_name(box.state)));
        jw_kint(out, "submitted", (int64_t)box.n_tellers);
        jw_kstr(out, "mine", str_of(mine));
        jw_end(out);
    }
    jw_end(out);
    return true;
}

/* Figures of returned and valid papers are for those who watch the count, once it is agreed, and
 * only for groups counted together. */
static void put_quorum(Call *c, const Hall *h, const TallyPlan *p, Jw *out)
{
    bool may = call_can_cycle(c, WATCHERS, h->cycle.subject) && p->agreed && !p->small;
    jw_key(out, "quorum");
    jw_arr(out);
    for (size_t i = 0; may && i < p->n_quorum; i++) {
        const ScoreQuorum *q = &p->quorum[i];
        jw_obj(out);
        jw_kstr(out, "groups", q->groups);
        jw_kint(out, "issued", q->issued);
        jw_kint(out, "returned", q->returned);
        jw_kint(out, "valid", q->valid);
        jw_kbool(out, "returned_ok", q->returned_ok);
        jw_kbool(out, "valid_ok", q->valid_ok);
        jw_end(out);
    }
    jw_end(out);
    jw_kbool(out, "agreed", p->agreed);
    jw_kbool(out, "small", p->small);
    jw_kbool(out, "quorum_ok", p->quorum_ok);
    jw_kbool(out, "accepted", p->accepted);
}

static bool put_object(Call *c, const Hall *h, Str object, Jw *out, Err *e)
{
    int64_t round;
    bool closed;
    TallyPlan p = { .agreed = false };
    if (!work_hall_round(&round, &closed, c, h, object, e))
        return false;
    bool counting = h->ins && !closed && str_is(fact_str(c->a, &h->cycle, "state"), "voting");
    if (counting && !work_tally_plan(&p, c, h, object, round, e))
        return false;
    jw_obj(out);
    jw_kstr(out, "name", object);
    jw_kstr(out, "title", work_object_title(c, object));
    jw_kint(out, "round", round);
    jw_kbool(out, "closed", closed);
    if (!put_boxes(c, h, object, closed, out, e))
        return false;
    put_quorum(c, h, &p, out);
    jw_end(out);
    return true;
}

static bool ballot_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const ShowIn *in = in_;
    Hall h;
    if (!call_may_cycle(c, in->cycle, e) || !work_hall_read(&h, c, in->cycle, e))
        return false;
    Str state = fact_str(c->a, &h.cycle, "state");
    Err why = { 0 };
    jw_kint(out, "cycle", in->cycle);
    jw_kint(out, "version", h.cycle.id);
    jw_kstr(out, "state", state);
    jw_kstr(out, "state_title", call_title(c, "cycle_state", state));
    jw_kstr(out, "title", fact_str(c->a, &h.cycle, "title"));
    jw_kstr(out, "scheme_title", h.scheme->title);
    jw_kint(out, "floor", h.floor);
    if (h.chosen)
        jw_kstr(out, "on_failure", h.choices.on_failure == SCORE_REVOTE ? STRC("revote")
                                                                        : STRC("committee"));
    put_groups(&h, out);
    put_form(&h, out);
    put_rows(&h, out);
    jw_key(out, "objects");
    jw_arr(out);
    for (size_t i = 0; i < h.n_objects; i++)
        if (!put_object(c, &h, h.objects[i], out, e))
            return false;
    jw_end(out);
    if (str_is(state, "preparing") && !open_guard(c, &h, &why))
        jw_kstr(out, "needs", err_get(&why, "needs"));
    return true;
}

const UseCase work_ballot_show = { "ballot_show", "查看测评准备与计票进度", WORK_READ,
                                   WATCHERS | ROLE_BIT(ROLE_TELLER), &show_in, &ballot_out,
                                   .run = ballot_show };
