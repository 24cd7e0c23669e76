/* A feed of facts for other systems of the same closed network: they ask, nothing calls out. Where
 * they were they say by the id of the last fact they have seen; ids always grow. */
#include "work/ledger.h"
#include "work/rows.h"
#include "work/token.h"

enum {
    FEED_PAGE = 100,
    FEED_PAGE_MAX = 500,
    FEED_SCAN_MAX = 5000           /* facts looked at in one answer, whoever they are for */
};

typedef struct FeedIn {
    int64_t after, limit;
    Str form;
} FeedIn;
static const ShapeField feed_fields[] = {
    { "after", SHAPE_ID, offsetof(FeedIn, after), .title = "从哪条以后" },
    { "limit", SHAPE_INT, offsetof(FeedIn, limit), .min = 1, .max = FEED_PAGE_MAX,
      .title = "条数" },
    { "form", SHAPE_TEXT, offsetof(FeedIn, form), .max = 60, .title = "表单" },
};
static const Shape feed_in = SHAPE("FeedIn", FeedIn, feed_fields);
static const ShapeField item_fields[] = {
    { "id", SHAPE_ID, .required = true },       { "seq", SHAPE_INT, .required = true },
    { "form", SHAPE_TEXT, .required = true },   { "subject", SHAPE_ID, .required = true },
    { "org", SHAPE_ID, .required = true },      { "on", SHAPE_DAY, .required = true },
    { "received", SHAPE_MOMENT, .required = true }, { "struck", SHAPE_BOOL, .required = true },
    { "values", SHAPE_JSON },
};
static const Shape item_shape = SHAPE_REPLY("FeedItem", item_fields);
static const ShapeField out_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "next", SHAPE_INT, .required = true },
    { "more", SHAPE_BOOL, .required = true },
};
static const Shape feed_out = SHAPE_REPLY("Feed", out_fields);

typedef struct Feed {
    Call *c;
    const FeedIn *in;
    const Form *only;              /* NULL: every ledger */
    const Form *asked;             /* of which it is known whether the token names it */
    bool named;
    Jw *out;
    int64_t n, scanned, limit, last;
    bool more;
} Feed;

static void put_fact(Jw *out, const Fact *f)
{
    bool struck = leaf_is_strike(f);
    jw_obj(out);
    jw_kint(out, "id", f->id);
    jw_kint(out, "seq", f->seq);
    jw_kstr(out, "form", f->kind);
    jw_kint(out, "subject", f->subject);
    jw_kint(out, "org", f->org);
    jw_kday(out, "on", f->occurred_on);
    jw_kmoment(out, "received", f->received_at);
    jw_kbool(out, "struck", struck);
    if (!struck) {
        jw_key(out, "values");
        jw_raw(out, f->body);
    }
    jw_end(out);
}

static bool wanted(bool *out, Feed *x, const Fact *f, Err *e)
{
    const Form *form = pack_form(call_rules(x->c), f->kind);
    LedgerSight sight;
    *out = false;
    if (!form || !form->ledger || (x->only && form != x->only))
        return true;
    if (form != x->asked && !work_token_names(&x->named, x->c, f->kind, e))
        return false;
    x->asked = form;
    if (!x->named)
        return true;
    if (!work_ledger_sight(&sight, x->c, form, f, e))
        return false;
    *out = sight == LEDGER_SEEN;
    return true;
}

/* False without an error ends the page. */
static bool each_fact(void *arg, const Fact *f, Err *e)
{
    Feed *x = arg;
    bool yes;
    if (x->n == x->limit || x->scanned == FEED_SCAN_MAX) {
        x->more = true;
        return false;
    }
    if (!wanted(&yes, x, f, e))
        return false;
    if (yes) {
        put_fact(x->out, f);
        x->n++;
    }
    x->scanned++;
    x->last = f->id;
    return true;
}

static bool feed_read(Call *c, const void *in_, Jw *out, Err *e)
{
    const FeedIn *in = in_;
    Feed x = { .c = c, .in = in, .out = out, .limit = in->limit ? in->limit : FEED_PAGE,
               .last = in->after };
    if (!call_may_all(c, e) || (in->form.n && !work_ledger_form(&x.only, c, in->form, e)))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    err_clear(e);
    if (!fact_since(c->tx, in->after, each_fact, &x, e) && e->code != ERR_NONE)
        return false;
    jw_end(out);
    jw_kint(out, "next", x.last);
    jw_kbool(out, "more", x.more);
    return true;
}

const UseCase work_feed_read = { "feed_read", "按日志顺序读取台账记录（接口）", WORK_READ,
                                 LEDGER_ROLES, &feed_in, &feed_out, .token = WORK_TOKEN_READS,
                                 .run = feed_read };
