/* Two tellers read the papers of one box, each for himself. Their figures are no facts: they stand
 * in a table of their own until both agree, and nobody sees the other's before both submitted. */
#include "work/ballot.h"
#include "work/call.h"
#include "work/rows.h"

#define TELLERS ROLE_BIT(ROLE_TELLER)

/* --- the table ------------------------------------------------------------------------------ */

const char *work_box_name(BoxState s)
{
    static const char *const names[] = { "empty", "one", "differs", "equal" };
    return names[s];
}

static bool tellers_read(Box *out, Call *c, const Hall *h, Str object, Str group, Err *e)
{
    Rows *r;
    if (!store_rows(&r, c->tx, "tally_at", BIND(bind_int(h->cycle.subject), bind_text(object),
                                                bind_text(group)), e))
        return false;
    while (rows_next(r)) {
        out->working++;
        if (rows_int(r, 1) && out->n_tellers < TALLY_TELLERS)
            out->tellers[out->n_tellers++] = rows_int(r, 0);
    }
    return rows_close(r, e);
}

static bool counts_read(Box *out, Call *c, const Hall *h, Str object, Str group, Err *e)
{
    Str bodies[TALLY_TELLERS] = { { NULL, 0 } };
    size_t n = 0;
    Rows *r;
    if (!store_rows(&r, c->tx, "tally_submitted",
                    BIND(bind_int(h->cycle.subject), bind_text(object), bind_text(group)), e))
        return false;
    while (rows_next(r) && n < TALLY_TELLERS)
        bodies[n++] = arena_str(c->a, rows_text(r, 1));
    if (!rows_close(r, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!work_count_parse(&out->counts[i], c, h, bodies[i], e))
            return false;
    return true;
}

bool work_box_read(Box *out, Call *c, const Hall *h, Str object, size_t group, Err *e)
{
    Str name = h->scheme->groups[group].name;
    *out = (Box){ .state = BOX_EMPTY };
    if (!tellers_read(out, c, h, object, name, e))
        return false;
    if (out->n_tellers < TALLY_TELLERS) {
        out->state = out->n_tellers ? BOX_ONE : BOX_EMPTY;
        return true;
    }
    if (!counts_read(out, c, h, object, name, e))
        return false;
    out->state = work_count_same(h, &out->counts[0], &out->counts[1]) ? BOX_EQUAL : BOX_DIFFERS;
    return true;
}

/* --- what they all ask ---------------------------------------------------------------------- */

typedef struct TallyIn {
    int64_t cycle, round;
    Str object, group;
    TallyBody body;
    bool submit;
} TallyIn;

typedef struct Place {
    Hall h;
    size_t group;
    Box box;
    bool mine;          /* I have submitted this box */
} Place;

/* The console is nobody: a count is read off by a person with an account. */
static bool place_read(Place *out, Call *c, const TallyIn *in, Err *e)
{
    int64_t round;
    bool closed;
    if (!call_may_cycle(c, in->cycle, e) || !work_hall_read(&out->h, c, in->cycle, e) ||
        !work_hall_object(c, &out->h, in->object, e) ||
        !work_hall_group(&out->group, &out->h, in->group, e) ||
        !work_hall_round(&round, &closed, c, &out->h, in->object, e))
        return false;
    if (closed)
        return err_fail(e, ERR_BALLOT_CLOSED, err_hole("object", work_object_title(c, in->object)));
    if (!work_cycle_at(c, &out->h.cycle, "voting", e))
        return false;
    if (in->round && in->round != round)
        return err_fail(e, ERR_BALLOT_ROUND, err_hole("object", work_object_title(c, in->object)),
                        err_hole("round", round));
    if (!work_box_read(&out->box, c, &out->h, in->object, out->group, e))
        return false;
    out->mine = false;
    for (size_t i = 0; i < out->box.n_tellers; i++)
        out->mine = out->mine || out->box.tellers[i] == c->who->account;
    return true;
}

static bool person_of(int64_t *out, Call *c, int64_t account, Err *e)
{
    Fact f;
    if (!call_thing(&f, c, "account", account, e))
        return false;
    *out = fact_int(&f, "person");
    return true;
}

/* Two accounts of one person would be one pair of eyes. */
static bool may_enter(Call *c, const Place *p, Err *e)
{
    if (c->who->account == 0)
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    if (p->mine)
        return err_fail(e, ERR_TALLY_SUBMITTED);
    if (p->box.n_tellers == TALLY_TELLERS)
        return err_fail(e, ERR_TALLY_TELLERS);
    for (size_t i = 0; i < p->box.n_tellers; i++) {
        int64_t person;
        if (!person_of(&person, c, p->box.tellers[i], e))
            return false;
        if (person && person == c->who->person)
            return err_fail(e, ERR_TALLY_SAME);
    }
    return true;
}

/* --- my entry ------------------------------------------------------------------------------- */

static const ShapeField box_fields[] = {
    { "cycle", SHAPE_ID, offsetof(TallyIn, cycle), .required = true, .title = "年度周期" },
    { "object", SHAPE_TEXT, offsetof(TallyIn, object), .required = true, .max = 40,
      .title = "评议对象" },
    { "group", SHAPE_TEXT, offsetof(TallyIn, group), .required = true, .max = 64,
      .title = "票类" },
};
static const Shape box_in = SHAPE("TallyBoxIn", TallyIn, box_fields);

static const ShapeField mine_fields[] = {
    { "round", SHAPE_INT, .required = true },
    { "state", SHAPE_WORD, .required = true, .words = "none|draft|submitted" },
    { "taken", SHAPE_BOOL, .required = true },
    { "body", SHAPE_JSON },
    { "saved_at", SHAPE_MOMENT },
};
static const Shape mine_out = SHAPE_REPLY("TallyMine", mine_fields);

static bool tally_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const TallyIn *in = in_;
    Place p;
    Rows *r;
    int64_t round;
    bool closed;
    if (!place_read(&p, c, in, e) || !work_hall_round(&round, &closed, c, &p.h, in->object, e) ||
        !store_rows(&r, c->tx, "tally_mine",
                    BIND(bind_int(in->cycle), bind_text(in->object), bind_text(in->group),
                         bind_int(c->who->account)), e))
        return false;
    bool there = rows_next(r);
    jw_kint(out, "round", round);
    jw_kstr(out, "state", !there           ? STRC("none")
                          : rows_int(r, 1) ? STRC("submitted")
                                           : STRC("draft"));
    jw_kbool(out, "taken", !p.mine && p.box.n_tellers == TALLY_TELLERS);
    if (there) {
        jw_key(out, "body");
        jw_raw(out, rows_text(r, 0)); /* written by tally_save through a Jw */
        jw_kmoment(out, "saved_at", rows_int(r, 2));
    }
    return rows_close(r, e);
}

const UseCase work_tally_show = { "tally_show", "查看我录入的票数", WORK_READ, TELLERS, &box_in,
                                  &mine_out, .run = tally_show };

static const ShapeField save_fields[] = {
    { "cycle", SHAPE_ID, offsetof(TallyIn, cycle), .required = true, .title = "年度周期" },
    { "object", SHAPE_TEXT, offsetof(TallyIn, object), .required = true, .max = 40,
      .title = "评议对象" },
    { "group", SHAPE_TEXT, offsetof(TallyIn, group), .required = true, .max = 64,
      .title = "票类" },
    { "round", SHAPE_INT, offsetof(TallyIn, round), .required = true, .min = 1, .max = 1000,
      .title = "第几次投票" },
    { "body", SHAPE_OBJ, offsetof(TallyIn, body), .required = true, .sub = &work_tally_body,
      .title = "票数" },
    { "submit", SHAPE_BOOL, offsetof(TallyIn, submit), .required = true, .title = "提交" },
};
static const Shape save_in = SHAPE("TallySaveIn", TallyIn, save_fields);
static const ShapeField saved_fields[] = {
    { "saved_at", SHAPE_MOMENT, .required = true },
    { "state", SHAPE_WORD, .required = true, .words = "draft|empty|one|differs|equal" },
};
static const Shape saved_out = SHAPE_REPLY("TallySaved", saved_fields);

static void body_write(Jw *w, const TallyBody *b)
{
    const ScoreInvalid *invalid = b->invalid.items;
    const ScoreCell *cells = b->cells.items;
    jw_obj(w);
    jw_kint(w, "returned", b->returned);
    jw_kint(w, "valid", b->valid);
    jw_key(w, "invalid");
    jw_arr(w);
    for (size_t i = 0; i < b->invalid.n; i++) {
        jw_obj(w);
        jw_kstr(w, "reason", invalid[i].reason);
        jw_kint(w, "n", invalid[i].n);
        jw_end(w);
    }
    jw_end(w);
    jw_key(w, "cells");
    jw_arr(w);
    for (size_t i = 0; i < b->cells.n; i++) {
        jw_obj(w);
        jw_kint(w, "debriefer", cells[i].debriefer);
        jw_kstr(w, "item", cells[i].item);
        jw_kstr(w, "option", cells[i].option);
        jw_kint(w, "n", cells[i].n);
        jw_end(w);
    }
    jw_end(w);
    jw_end(w);
}

static bool entry_put(Call *c, const TallyIn *in, Err *e)
{
    Buf b = buf_open(JSON_BYTES_MAX);
    Jw w = jw_open(&b);
    body_write(&w, &in->body);
    bool ok = jw_close(&w)
                  ? store_run(c->tx, "tally_put",
                              BIND(bind_int(in->cycle), bind_text(in->object), bind_text(in->group),
                                   bind_int(c->who->account), bind_text(buf_str(&b)),
                                   bind_int(in->submit), bind_int(c->now)), e)
                  : err_fail(e, ERR_TOO_BIG, err_hole("what", "票数"),
                             err_hole("max", JSON_BYTES_MAX));
    buf_close(&b);
    return ok;
}

/* Saved as it is typed, checked when submitted. */
static bool tally_save(Call *c, const void *in_, Jw *out, Err *e)
{
    const TallyIn *in = in_;
    Place p;
    Count n;
    Box now;
    if (!place_read(&p, c, in, e) || !may_enter(c, &p, e) ||
        !work_count_read(&n, c, &p.h, &in->body, e) ||
        (in->submit && !work_count_check(&p.h, p.group, &n, e)) || !entry_put(c, in, e) ||
        !work_box_read(&now, c, &p.h, in->object, p.group, e))
        return false;
    jw_kmoment(out, "saved_at", c->now);
    jw_kstr(out, "state", in->submit ? str_of(work_box_name(now.state)) : STRC("draft"));
    return true;
}

const UseCase work_tally_save = { "tally_save", "录入票数（保存或提交）", WORK_WRITE, TELLERS,
                                  &save_in, &saved_out, .run = tally_save };

static bool tally_reopen(Call *c, const void *in_, Jw *out, Err *e)
{
    const TallyIn *in = in_;
    Place p;
    (void)out;
    if (!place_read(&p, c, in, e))
        return false;
    if (!p.mine)
        return err_fail(e, ERR_TALLY_NOTHING);
    return store_run(c->tx, "tally_reopen",
                     BIND(bind_int(in->cycle), bind_text(in->object), bind_text(in->group),
                          bind_int(c->who->account)), e);
}

const UseCase work_tally_reopen = { "tally_reopen", "撤回我提交的票数以便更正", WORK_WRITE, TELLERS,
                                    &box_in, NULL, .run = tally_reopen };

/* --- comparing ------------------------------------------------------------------------------ */

static const ShapeField difference_fields[] = {
    { "what", SHAPE_WORD, .required = true, .words = "returned|valid|invalid|cell" },
    { "title", SHAPE_TEXT, .required = true },
    { "debriefer", SHAPE_ID },
    { "item", SHAPE_TEXT },
    { "option", SHAPE_TEXT },
    { "a", SHAPE_INT, .required = true },
    { "b", SHAPE_INT, .required = true },
};
static const Shape difference_shape = SHAPE_REPLY("TallyDifference", difference_fields);
static const ShapeField compare_fields[] = {
    { "title", SHAPE_TEXT, .required = true },
    { "state", SHAPE_WORD, .required = true, .words = "differs|equal" },
    { "tellers", SHAPE_WORDS, .required = true },
    { "me", SHAPE_INT, .required = true },
    { "differences", SHAPE_LIST, .required = true, .sub = &difference_shape },
};
static const Shape compare_out = SHAPE_REPLY("TallyCompared", compare_fields);

static void put_difference(Jw *out, const char *what, Str title, int64_t a, int64_t b)
{
    jw_kstr(out, "what", str_of(what));
    jw_kstr(out, "title", title);
    jw_kint(out, "a", a);
    jw_kint(out, "b", b);
}

static void put_papers(Jw *out, const Hall *h, const Count *a, const Count *b)
{
    if (a->returned != b->returned) {
        jw_obj(out);
        put_difference(out, "returned", STRC("收回"), a->returned, b->returned);
        jw_end(out);
    }
    if (a->valid != b->valid) {
        jw_obj(out);
        put_difference(out, "valid", STRC("有效"), a->valid, b->valid);
        jw_end(out);
    }
    for (size_t k = 0; k < h->ins->n_reasons; k++) {
        if (a->invalid[k] == b->invalid[k])
            continue;
        jw_obj(out);
        put_difference(out, "invalid", h->ins->reasons[k].title, a->invalid[k], b->invalid[k]);
        jw_end(out);
    }
}

static void put_cells(Jw *out, Call *c, const Hall *h, const Count *a, const Count *b)
{
    for (size_t r = 0; r < h->n_rows; r++)
        for (size_t i = 0; i < h->ins->n_items; i++)
            for (size_t o = 0; o < h->ins->n_options; o++) {
                size_t at = work_cell(h, r, i, o);
                if (a->cells[at] == b->cells[at])
                    continue;
                jw_obj(out);
                put_difference(out, "cell",
                               arena_text(c->a, "%.*s · %.*s · %.*s", STR(h->rows[r].name),
                                          STR(h->ins->items[i].title),
                                          STR(h->ins->options[o].title)),
                               a->cells[at], b->cells[at]);
                jw_kint(out, "debriefer", h->rows[r].id);
                jw_kstr(out, "item", h->ins->items[i].name);
                jw_kstr(out, "option", h->ins->options[o].name);
                jw_end(out);
            }
}

static bool put_tellers(Call *c, const Box *box, Jw *out, Err *e)
{
    int64_t me = -1;
    jw_key(out, "tellers");
    jw_arr(out);
    for (size_t i = 0; i < TALLY_TELLERS; i++) {
        Fact f;
        Str name;
        if (!call_thing(&f, c, "account", box->tellers[i], e) ||
            !call_name(&name, c, "person", fact_int(&f, "person"), e))
            return false;
        jw_str(out, name.n ? name : fact_str(c->a, &f, "login"));
        if (box->tellers[i] == c->who->account)
            me = (int64_t)i;
    }
    jw_end(out);
    jw_kint(out, "me", me);
    return true;
}

static bool tally_compare(Call *c, const void *in_, Jw *out, Err *e)
{
    const TallyIn *in = in_;
    Place p;
    if (!place_read(&p, c, in, e))
        return false;
    if (p.box.state != BOX_DIFFERS && p.box.state != BOX_EQUAL)
        return err_fail(e, ERR_TALLY_HIDDEN);
    if (!p.mine && !call_can_cycle(c, ROLE_BIT(ROLE_SCRUTINEER), in->cycle))
        return err_fail(e, ERR_TALLY_NOT_YOURS);
    jw_kstr(out, "title", arena_text(c->a, "%.*s · %.*s", STR(work_object_title(c, in->object)),
                                     STR(p.h.scheme->groups[p.group].title)));
    jw_kstr(out, "state", str_of(work_box_name(p.box.state)));
    if (!put_tellers(c, &p.box, out, e))
        return false;
    jw_key(out, "differences");
    jw_arr(out);
    put_papers(out, &p.h, &p.box.counts[0], &p.box.counts[1]);
    put_cells(out, c, &p.h, &p.box.counts[0], &p.box.counts[1]);
    jw_end(out);
    return true;
}

const UseCase work_tally_compare = { "tally_compare", "核对两名计票人的票数", WORK_READ,
                                     TELLERS | ROLE_BIT(ROLE_SCRUTINEER), &box_in, &compare_out,
                                     .run = tally_compare };
