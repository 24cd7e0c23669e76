/* Drafts save themselves: private to an account, no facts, gone when the thing is filed. */
#include "work/call.h"
#include "work/rows.h"

typedef struct DraftIn {
    Str kind;
    int64_t subject, base;
    const json_t *body;
} DraftIn;
static const ShapeField get_fields[] = {
    { "kind", SHAPE_TEXT, offsetof(DraftIn, kind), .required = true, .max = 60, .title = "表单" },
    { "subject", SHAPE_ID, offsetof(DraftIn, subject), .required = true, .title = "对象" },
};
static const Shape get_in = SHAPE("DraftGetIn", DraftIn, get_fields);
static const ShapeField put_fields[] = {
    { "kind", SHAPE_TEXT, offsetof(DraftIn, kind), .required = true, .max = 60, .title = "表单" },
    { "subject", SHAPE_ID, offsetof(DraftIn, subject), .required = true, .title = "对象" },
    { "base", SHAPE_ID, offsetof(DraftIn, base), .title = "版本" },
    { "body", SHAPE_JSON, offsetof(DraftIn, body), .required = true, .title = "草稿" },
};
static const Shape put_in = SHAPE("DraftPutIn", DraftIn, put_fields);
static const ShapeField draft_fields[] = {
    { "body", SHAPE_JSON },
    { "saved_at", SHAPE_MOMENT },
    { "base", SHAPE_ID },
};
static const Shape draft_out = SHAPE_REPLY("Draft", draft_fields);

static bool draft_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const DraftIn *in = in_;
    Rows *r;
    if (!call_may_all(c, e) ||
        !store_rows(&r, c->tx, "draft_get", BIND(bind_int(c->who->account), bind_text(in->kind),
                                                 bind_int(in->subject)), e))
        return false;
    if (rows_next(r)) {
        jw_key(out, "body");
        jw_raw(out, rows_text(r, 0)); /* written by draft_save through jv_canon */
        jw_kmoment(out, "saved_at", rows_int(r, 1));
        if (rows_int(r, 2))
            jw_kint(out, "base", rows_int(r, 2));
    }
    return rows_close(r, e);
}

const UseCase work_draft_show = { "draft_show", "取回我的草稿", WORK_READ, WORK_LOGGED_IN, &get_in,
                                  &draft_out, .run = draft_show };

static const ShapeField saved_fields[] = { { "saved_at", SHAPE_MOMENT, .required = true } };
static const Shape saved_out = SHAPE_REPLY("DraftSaved", saved_fields);

static bool draft_save(Call *c, const void *in_, Jw *out, Err *e)
{
    const DraftIn *in = in_;
    if (!pack_form(call_rules(c), in->kind)) /* a draft is of something that can be filed */
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "表单"));
    Buf b = buf_open(FORM_BODY_MAX);
    bool ok = call_may_all(c, e) && jv_canon(&b, in->body, e) &&
              store_run(c->tx, "draft_put",
                        BIND(bind_int(c->who->account), bind_text(in->kind), bind_int(in->subject),
                             bind_int(in->base), bind_text(buf_str(&b)), bind_int(c->now)), e);
    buf_close(&b);
    if (ok)
        jw_kmoment(out, "saved_at", c->now);
    return ok;
}

const UseCase work_draft_save = { "draft_save", "保存我的草稿", WORK_WRITE, WORK_LOGGED_IN, &put_in,
                                  &saved_out, .run = draft_save };

static bool draft_drop(Call *c, const void *in_, Jw *out, Err *e)
{
    const DraftIn *in = in_;
    (void)out;
    return call_may_all(c, e) &&
           store_run(c->tx, "draft_delete", BIND(bind_int(c->who->account), bind_text(in->kind),
                                                 bind_int(in->subject)), e);
}

const UseCase work_draft_drop = { "draft_drop", "删除我的草稿", WORK_WRITE, WORK_LOGGED_IN, &get_in,
                                  NULL, .run = draft_drop };
