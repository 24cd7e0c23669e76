/* Schemes of our own: found beside those of the packs, checked while they are written, saved. */
#include "work/scheme.h"
#include "work/rows.h"

#define ORGANISERS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))

/* --- finding -------------------------------------------------------------------------------- */

bool work_scheme_owns(FactList *out, Call *c, Err *e)
{
    return call_list(out, c, "own_scheme", NULL, STRC(""), e);
}

bool work_scheme_own(Fact *out, Call *c, Str name, Err *e)
{
    FactList l;
    *out = (Fact){ .subject = 0 };
    if (!call_list(&l, c, "own_scheme", "name", name, e))
        return false;
    if (l.n > 0)
        *out = l.items[l.n - 1];
    return true;
}

bool work_scheme_parse(Scheme *out, Call *c, Str text, Err *e)
{
    return pack_scheme_parse(out, c->a, STRC("方案"), text, e);
}

bool work_scheme_find(const Scheme **out, Call *c, Str name, Err *e)
{
    Fact f;
    if ((*out = pack_scheme(call_rules(c), name)) != NULL)
        return true;
    if (!work_scheme_own(&f, c, name, e))
        return false;
    if (f.subject == 0)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "评分方案"));
    Scheme *own = ARENA_NEW(c->a, Scheme);
    if (!own)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "评分方案"));
    if (!work_scheme_parse(own, c, fact_str(c->a, &f, "text"), e))
        return false;
    *out = own;
    return true;
}

bool work_scheme_counted(const Scheme *s, Err *e)
{
    for (size_t i = 0; i < s->n_instruments; i++)
        if (s->instruments[i].form != SCHEME_GRADES)
            return err_fail(e, ERR_CYCLE_FORM, err_hole("scheme", s->title));
    return s->n_instruments <= 1 ||
           err_fail(e, ERR_BALLOT_FORM, err_hole("scheme", s->title),
                    err_hole("n", (int64_t)s->n_instruments));
}

/* --- one scheme, whole ---------------------------------------------------------------------- */

typedef struct ShowIn {
    Str scheme;
} ShowIn;
static const ShapeField show_in_fields[] = {
    { "scheme", SHAPE_TEXT, offsetof(ShowIn, scheme), .required = true, .max = 80,
      .title = "评分方案" },
};
static const Shape show_in = SHAPE("SchemeShowIn", ShowIn, show_in_fields);
static const ShapeField show_fields[] = {
    { "own", SHAPE_BOOL, .required = true },
    { "counted", SHAPE_BOOL, .required = true },
    { "version", SHAPE_ID },
    { "org", SHAPE_ID },
    { "by", SHAPE_TEXT },
    { "at", SHAPE_MOMENT },
    { "reason", SHAPE_TEXT },
    { "used", SHAPE_WORDS, .required = true },
    { "may_save", SHAPE_BOOL, .required = true },
    { "scheme", SHAPE_OBJ, .required = true, .sub = &work_scheme_shape },
};
static const Shape show_out = SHAPE_REPLY("SchemeShown", show_fields);

/* Years that were opened with the scheme, the newest first. */
static bool put_used(Jw *out, Call *c, Str name, bool *used, Err *e)
{
    FactList l;
    *used = false;
    if (!call_list(&l, c, "cycle", NULL, STRC(""), e))
        return false;
    if (out)
        jw_key(out, "used"), jw_arr(out);
    for (size_t i = l.n; i-- > 0;)
        if (str_eq(fact_str(c->a, &l.items[i], "scheme"), name)) {
            *used = true;
            if (out)
                jw_str(out, fact_str(c->a, &l.items[i], "title"));
        }
    if (out)
        jw_end(out);
    return true;
}

static bool put_own(Jw *out, Call *c, const Fact *f, Err *e)
{
    Str by;
    if (!work_filed_by(&by, c, f, e))
        return false;
    jw_kint(out, "version", f->id);
    jw_kint(out, "org", f->org);
    jw_kstr(out, "by", by);
    jw_kmoment(out, "at", f->received_at);
    jw_kstr_some(out, "reason", fact_str(c->a, f, "reason"));
    return true;
}

static bool scheme_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const ShowIn *in = in_;
    const Scheme *s;
    Err no = { 0 };
    Fact f;
    bool used;
    if (!call_may_all(c, e) || !work_scheme_find(&s, c, in->scheme, e) ||
        !work_scheme_own(&f, c, in->scheme, e))
        return false;
    bool own = f.subject != 0 && !pack_scheme(call_rules(c), in->scheme);
    jw_kbool(out, "own", own);
    jw_kbool(out, "counted", work_scheme_counted(s, &no));
    if (!put_used(out, c, s->name, &used, e) || (own && !put_own(out, c, &f, e)))
        return false;
    jw_kbool(out, "may_save", own && !used && call_can(c, ORGANISERS, f.org));
    jw_key(out, "scheme"), jw_obj(out);
    work_scheme_describe(out, c->a, s);
    jw_end(out);
    return true;
}

const UseCase work_scheme_show = { "scheme_show", "查看一个评分方案", WORK_READ, WORK_LOGGED_IN,
                                   &show_in, &show_out, .run = scheme_show };

/* --- while it is being written -------------------------------------------------------------- */

typedef struct CheckIn {
    Str text;
} CheckIn;
static const ShapeField check_in_fields[] = {
    { "text", SHAPE_TEXT, offsetof(CheckIn, text), .required = true, .max = SCHEME_BYTES_MAX,
      .title = "方案" },
};
static const Shape check_in = SHAPE("SchemeCheckIn", CheckIn, check_in_fields);
static const ShapeField problem_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "message", SHAPE_TEXT, .required = true },
    { "line", SHAPE_INT, .required = true },
    { "column", SHAPE_INT, .required = true },
};
static const Shape problem_shape = SHAPE_REPLY("SchemeProblem", problem_fields);
static const ShapeField held_fields[] = {
    { "title", SHAPE_TEXT, .required = true },
    { "holds", SHAPE_BOOL, .required = true },
    { "message", SHAPE_TEXT },
};
static const Shape held_shape = SHAPE_REPLY("SchemeExampleHeld", held_fields);
static const ShapeField check_fields[] = {
    { "ok", SHAPE_BOOL, .required = true },
    { "problem", SHAPE_OBJ, .sub = &problem_shape },
    { "scheme", SHAPE_OBJ, .sub = &work_scheme_shape },
    { "examples", SHAPE_LIST, .required = true, .sub = &held_shape },
};
static const Shape check_out = SHAPE_REPLY("SchemeChecked", check_fields);

static int64_t place(const Err *e, const char *hole)
{
    int64_t n;
    return str_int(err_get(e, hole), &n) ? n : 0;
}

static void put_problem(Jw *out, Call *c, const Err *why)
{
    jw_key(out, "problem"), jw_obj(out);
    jw_kstr(out, "name", str_of(err_name(why->code)));
    jw_kstr(out, "message", work_say(c->w, c->a, why, c->who->lang));
    jw_kint(out, "line", place(why, "line"));
    jw_kint(out, "column", place(why, "column"));
    jw_end(out);
}

/* Why an example does not hold, in a sentence about the example. */
static bool example_holds(Call *c, const Scheme *s, const SchemeExample *x, Err *e)
{
    Err why = { 0 };
    Buf b = buf_open(SCORE_BUNDLE_MAX);
    bool ok = score_example_holds(&b, c->a, s, x, &why);
    buf_close(&b);
    if (ok)
        return true;
    Str said = why.code == ERR_SCORE_DIFFERS ?
        arena_text(c->a, "%.*s应为%.*s，算得%.*s", STR(err_get(&why, "path")),
                   STR(err_get(&why, "stored")), STR(err_get(&why, "found"))) :
        work_say(c->w, c->a, &why, c->who->lang);
    return err_fail(e, ERR_SCHEME_EXAMPLE, err_hole("example", x->title), err_hole("why", said));
}

static void put_examples(Jw *out, Call *c, const Scheme *s)
{
    for (size_t i = 0; i < s->n_examples; i++) {
        Err why = { 0 };
        bool holds = example_holds(c, s, &s->examples[i], &why);
        jw_obj(out);
        jw_kstr(out, "title", s->examples[i].title);
        jw_kbool(out, "holds", holds);
        if (!holds)
            jw_kstr(out, "message", work_say(c->w, c->a, &why, c->who->lang));
        jw_end(out);
    }
}

static bool scheme_check(Call *c, const void *in_, Jw *out, Err *e)
{
    const CheckIn *in = in_;
    Err why = { 0 };
    Scheme s;
    if (!call_may_all(c, e))
        return false;
    bool ok = work_scheme_parse(&s, c, in->text, &why);
    jw_kbool(out, "ok", ok);
    if (ok) {
        jw_key(out, "scheme"), jw_obj(out);
        work_scheme_describe(out, c->a, &s);
        jw_end(out);
    } else {
        put_problem(out, c, &why);
    }
    jw_key(out, "examples"), jw_arr(out);
    if (ok)
        put_examples(out, c, &s);
    jw_end(out);
    return true;
}

const UseCase work_scheme_check = { "scheme_check", "检查评分方案草稿", WORK_READ, ORGANISERS,
                                    &check_in, &check_out, .run = scheme_check };

/* --- saving --------------------------------------------------------------------------------- */

typedef struct SaveIn {
    int64_t org, version;
    Str text, reason;
} SaveIn;
static const ShapeField save_in_fields[] = {
    { "org", SHAPE_ID, offsetof(SaveIn, org), .required = true, .title = "组织单位" },
    { "version", SHAPE_ID, offsetof(SaveIn, version), .title = "版本" },
    { "text", SHAPE_TEXT, offsetof(SaveIn, text), .required = true, .max = SCHEME_BYTES_MAX,
      .title = "方案" },
    { "reason", SHAPE_TEXT, offsetof(SaveIn, reason), .required = true, .max = 500,
      .title = "理由" },
};
static const Shape save_in = SHAPE("SchemeSaveIn", SaveIn, save_in_fields);

/* A code of the program's packs is taken; a scheme that a year was opened with does not change. */
static bool name_free(Call *c, const Scheme *s, Err *e)
{
    bool used;
    if (pack_scheme(call_rules(c), s->name))
        return err_fail(e, ERR_SCHEME_TAKEN, err_hole("scheme", s->name));
    return put_used(NULL, c, s->name, &used, e) &&
           (!used || err_fail(e, ERR_SCHEME_USED, err_hole("scheme", s->name)));
}

static bool examples_hold(Call *c, const Scheme *s, Err *e)
{
    for (size_t i = 0; i < s->n_examples; i++)
        if (!example_holds(c, s, &s->examples[i], e))
            return false;
    return true;
}

/* A new one under a name that exists would overwrite what its author does not know of. */
static bool known_to_him(Call *c, const SaveIn *in, const Scheme *s, const Fact *was, Err *e)
{
    if (was->subject == 0)
        return true;
    if (in->version == 0)
        return err_fail(e, ERR_SCHEME_TAKEN, err_hole("scheme", s->name));
    return call_may_org(c, was->org, e);
}

static bool scheme_save(Call *c, const void *in_, Jw *out, Err *e)
{
    const SaveIn *in = in_;
    Scheme s;
    Fact was;
    int64_t id;
    if (!call_may_org(c, in->org, e) || !work_scheme_parse(&s, c, in->text, e) ||
        !name_free(c, &s, e) || !examples_hold(c, &s, e) ||
        !work_scheme_own(&was, c, s.name, e) || !known_to_him(c, in, &s, &was, e))
        return false;
    json_t *body = json_pack("{s:o,s:o,s:o,s:o}", "name", jv_new(s.name), "title",
                             jv_new(s.title), "text", jv_new(s.text), "reason",
                             jv_new(in->reason));
    Filing f = { .form = "own_scheme", .subject = was.subject, .body = body,
                 .org = was.subject ? was.org : in->org, .base = in->version };
    bool ok = body ? call_file(c, &f, &id, e) :
                     err_fail(e, ERR_NO_MEMORY, err_hole("what", s.title));
    json_decref(body);
    if (ok)
        work_put_made(out, was.subject ? was.subject : id, id);
    return ok;
}

const UseCase work_scheme_save = { "scheme_save", "保存自拟的评分方案", WORK_WRITE, ORGANISERS,
                                   &save_in, &work_made, .run = scheme_save };
