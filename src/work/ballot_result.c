/* What was counted: by heap of groups for the organiser and the committee, over all groups for the
 * debriefer himself. */
#include "work/ballot.h"
#include "work/call.h"
#include "work/rows.h"

#define SEES_GROUPS                                                                                \
    (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_COMMITTEE))

typedef struct ResultIn {
    int64_t cycle, debriefer;
    Str object;
} ResultIn;

static bool closed_boxes(FactList *out, Call *c, int64_t cycle, Str object, Err *e)
{
    FactList all;
    *out = (FactList){ NULL, 0 };
    if (!call_list_id(&all, c, "paper_result", "cycle", cycle, e))
        return false;
    out->items = ARENA_ARRAY(c->a, Fact, all.n);
    if (!out->items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "计票结果"));
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(fact_str(c->a, &all.items[i], "object"), object))
            out->items[out->n++] = all.items[i];
    return true;
}

/* --- by heap -------------------------------------------------------------------------------- */

static const ShapeField result_in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ResultIn, cycle), .required = true, .title = "年度周期" },
    { "object", SHAPE_TEXT, offsetof(ResultIn, object), .required = true, .max = 40,
      .title = "评议对象" },
};
static const Shape result_in = SHAPE("BallotResultIn", ResultIn, result_in_fields);

static const ShapeField invalid_fields[] = {
    { "title", SHAPE_TEXT, .required = true },
    { "n", SHAPE_INT, .required = true },
};
static const Shape invalid_shape = SHAPE_REPLY("BallotInvalid", invalid_fields);
static const ShapeField heap_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "issued", SHAPE_INT, .required = true },
    { "returned", SHAPE_INT, .required = true },
    { "valid", SHAPE_INT, .required = true },
    { "invalid", SHAPE_LIST, .required = true, .sub = &invalid_shape },
    { "cells", SHAPE_JSON, .required = true },
};
static const Shape heap_shape = SHAPE_REPLY("BallotHeap", heap_fields);
static const ShapeField result_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &heap_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape result_out = SHAPE_REPLY("BallotResult", result_fields);

static Str groups_title(Call *c, const Hall *h, const json_t *groups)
{
    Str title = STRC("");
    for (size_t i = 0; i < jv_len(groups); i++) {
        Str name = jv_text(jv_at(groups, i));
        ptrdiff_t g = pack_scheme_group(h->scheme, name);
        title = arena_text(c->a, "%.*s%s%.*s", STR(title), i ? "、" : "",
                           STR(g < 0 ? name : h->scheme->groups[g].title));
    }
    return title;
}

static Str reason_title(const Hall *h, Str name)
{
    for (size_t k = 0; k < h->ins->n_reasons; k++)
        if (str_eq(h->ins->reasons[k].name, name))
            return h->ins->reasons[k].title;
    return name;
}

static bool put_heap(Call *c, const Hall *h, const Fact *f, Jw *out, Err *e)
{
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    const json_t *invalid = jv_get(body, "invalid");
    jw_obj(out);
    jw_kint(out, "id", f->id);
    jw_kstr(out, "title", groups_title(c, h, jv_get(body, "groups")));
    jw_kint(out, "issued", jv_int(body, "issued"));
    jw_kint(out, "returned", jv_int(body, "returned"));
    jw_kint(out, "valid", jv_int(body, "valid"));
    jw_key(out, "invalid");
    jw_arr(out);
    for (size_t i = 0; i < jv_len(invalid); i++) {
        jw_obj(out);
        jw_kstr(out, "title", reason_title(h, jv_str(jv_at(invalid, i), "reason")));
        jw_kint(out, "n", jv_int(jv_at(invalid, i), "n"));
        jw_end(out);
    }
    jw_end(out);
    jw_kjson(out, "cells", jv_get(body, "cells"));
    jw_end(out);
    json_decref(body);
    return true;
}

static bool ballot_result(Call *c, const void *in_, Jw *out, Err *e)
{
    const ResultIn *in = in_;
    Hall h;
    FactList l;
    if (!call_may_cycle(c, in->cycle, e) || !work_hall_read(&h, c, in->cycle, e) ||
        !work_hall_object(c, &h, in->object, e) || !closed_boxes(&l, c, in->cycle, in->object, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++)
        if (!put_heap(c, &h, &l.items[i], out, e))
            return false;
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    return true;
}

const UseCase work_ballot_result = { "ballot_result", "查看计票结果（按票类）", WORK_READ, SEES_GROUPS,
                                     &result_in, &result_out, .run = ballot_result };

/* --- for the debriefer himself: over all groups --------------------------------------------- */

static const ShapeField own_in_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(ResultIn, debriefer), .required = true, .title = "述职人" },
};
static const Shape own_in = SHAPE("DebrieferBallotIn", ResultIn, own_in_fields);
static const ShapeField option_fields[] = {
    { "title", SHAPE_TEXT, .required = true },
    { "n", SHAPE_INT, .required = true },
};
static const Shape option_shape = SHAPE_REPLY("BallotOptionTotal", option_fields);
static const ShapeField item_fields[] = {
    { "title", SHAPE_TEXT, .required = true },
    { "options", SHAPE_LIST, .required = true, .sub = &option_shape },
};
static const Shape item_shape = SHAPE_REPLY("BallotItemTotal", item_fields);
static const ShapeField own_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "valid", SHAPE_INT, .required = true },
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
};
static const Shape own_object = SHAPE_REPLY("BallotTotals", own_fields);
static const ShapeField own_out_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &own_object },
    { "total", SHAPE_INT, .required = true },
};
static const Shape own_out = SHAPE_REPLY("DebrieferBallot", own_out_fields);

/* sums[item][option] of one debriefer over all heaps. */
static bool sums_add(int64_t *sums, int64_t *valid, Call *c, const Hall *h, const Fact *f,
                     int64_t debriefer, Err *e)
{
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    const json_t *cells = jv_get(body, "cells");
    *valid += jv_int(body, "valid");
    for (size_t i = 0; i < jv_len(cells); i++) {
        const json_t *cell = jv_at(cells, i);
        ptrdiff_t item = pack_scheme_item(h->ins, jv_str(cell, "item"));
        ptrdiff_t option = pack_scheme_option(h->ins, jv_str(cell, "option"));
        if (item >= 0 && option >= 0 && jv_int(cell, "debriefer") == debriefer)
            sums[(size_t)item * h->ins->n_options + (size_t)option] += jv_int(cell, "n");
    }
    json_decref(body);
    return true;
}

static bool put_totals(Call *c, const Hall *h, Str object, int64_t debriefer, int64_t *n, Jw *out,
                       Err *e)
{
    FactList l;
    int64_t valid = 0;
    int64_t *sums = ARENA_ARRAY(c->a, int64_t, h->ins->n_items * h->ins->n_options);
    if (!sums)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "计票结果"));
    if (!closed_boxes(&l, c, h->cycle.subject, object, e))
        return false;
    if (l.n == 0)
        return true;
    for (size_t i = 0; i < l.n; i++)
        if (!sums_add(sums, &valid, c, h, &l.items[i], debriefer, e))
            return false;
    jw_obj(out);
    jw_kstr(out, "name", object);
    jw_kstr(out, "title", work_object_title(c, object));
    jw_kint(out, "valid", valid);
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < h->ins->n_items; i++) {
        jw_obj(out);
        jw_kstr(out, "title", h->ins->items[i].title);
        jw_key(out, "options");
        jw_arr(out);
        for (size_t o = 0; o < h->ins->n_options; o++) {
            jw_obj(out);
            jw_kstr(out, "title", h->ins->options[o].title);
            jw_kint(out, "n", sums[i * h->ins->n_options + o]);
            jw_end(out);
        }
        jw_end(out);
        jw_end(out);
    }
    jw_end(out);
    jw_end(out);
    (*n)++;
    return true;
}

static bool debriefer_ballot(Call *c, const void *in_, Jw *out, Err *e)
{
    const ResultIn *in = in_;
    Fact d;
    Hall h;
    int64_t n = 0;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !work_hall_read(&h, c, fact_int(&d, "cycle"), e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; h.ins && i < h.n_objects; i++)
        if (!put_totals(c, &h, h.objects[i], in->debriefer, &n, out, e))
            return false;
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

const UseCase work_debriefer_ballot = { "debriefer_ballot", "查看本人的测评合计（不分票类）", WORK_READ,
                                        SEES_GROUPS | ROLE_BIT(ROLE_SECRETARY), &own_in, &own_out,
                                        .run = debriefer_ballot };
