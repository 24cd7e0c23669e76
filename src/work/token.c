/* Tokens for machines: bound to an account, a subtree, some forms and some days. What is stored is
 * the SHA-256 of 32 random bytes, so it may stand in the log like any other fact: there is nothing
 * to guess, and the token itself is shown once. */
#include "work/token.h"
#include "work/areas.h"
#include "work/ledger.h"
#include "work/rows.h"

enum { TOKEN_BYTES = 32, TOKEN_DAYS_MAX = 366, TOKEN_FORMS_MAX = 200 };
#define TOKEN_HEAD "sp_"
#define MAKERS                                                                                     \
    (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_PARTY_STAFF))
#define KEEPERS (MAKERS | ROLE_BIT(ROLE_SEC_ADMIN))

/* --- a machine comes in --------------------------------------------------------------------- */

bool work_token_find(Fact *out, Call *c, Str text, Err *e)
{
    FactFilter by = { .kind = STRC("token"), .field = STRC("hash"),
                      .value = hash_hex(c->a, hash_of(text)) };
    if (!fact_first(out, c->a, c->tx, &by, e))
        return false;
    if (!out->id || !call_holds(out, c->today) || fact_day(out, "ended") != DAY_NONE)
        return err_fail(e, ERR_TOKEN_BAD);
    return true;
}

bool work_token_cut(Who *who, Call *c, const Fact *token, Err *e)
{
    int64_t top = fact_int(token, "org");
    size_t n = 0;
    for (size_t i = 0; i < who->n_grants; i++) {
        WhoGrant g = who->grants[i];
        bool above = g.org == 0, below = false;
        if (!(ROLE_BIT(g.role) & LEDGER_ROLES) || g.cycle)
            continue;
        if (g.org && (!fact_below(&above, c->tx, top, g.org, e) ||
                      !fact_below(&below, c->tx, g.org, top, e)))
            return false;
        if (above)
            g.org = top;
        if (above || below)
            who->grants[n++] = g;
    }
    who->n_grants = n;
    who->person = 0;
    who->behalf = 0;
    who->token = token->subject;
    who->token_files = fact_bool(token, "files");
    return true;
}

bool work_token_names(bool *out, Call *c, Str form, Err *e)
{
    Fact token;
    json_t *body;
    *out = true;
    if (!c->who->token)
        return true;
    if (!call_thing(&token, c, "token", c->who->token, e) ||
        !jv_read(&body, token.body, "token", e))
        return false;
    const json_t *forms = jv_get(body, "forms");
    *out = jv_len(forms) == 0;
    for (size_t i = 0; i < jv_len(forms); i++)
        *out |= str_eq(jv_text(jv_at(forms, i)), form);
    jv_close(body);
    return true;
}

/* --- making --------------------------------------------------------------------------------- */

typedef struct MakeIn {
    Str title;
    int64_t org;
    ShapeList forms;
    bool files;
    Day to;
} MakeIn;
static const ShapeField make_fields[] = {
    { "title", SHAPE_TEXT, offsetof(MakeIn, title), .required = true, .max = 100,
      .title = "用途" },
    { "org", SHAPE_ID, offsetof(MakeIn, org), .required = true, .title = "组织" },
    { "forms", SHAPE_WORDS, offsetof(MakeIn, forms), .max = TOKEN_FORMS_MAX, .title = "台账" },
    { "files", SHAPE_BOOL, offsetof(MakeIn, files), .title = "可填报" },
    { "to", SHAPE_DAY, offsetof(MakeIn, to), .required = true, .title = "有效期至" },
};
static const Shape make_in = SHAPE("TokenMakeIn", MakeIn, make_fields);
static const ShapeField made_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "token", SHAPE_TEXT, .required = true },
    { "to", SHAPE_DAY, .required = true },
};
static const Shape made_out = SHAPE_REPLY("TokenMade", made_fields);

static bool forms_known(Call *c, const MakeIn *in, Err *e)
{
    const Str *names = in->forms.items;
    for (size_t i = 0; i < in->forms.n; i++) {
        const Form *f = pack_form(call_rules(c), names[i]);
        if (!f || !f->ledger)
            return err_fail(e, ERR_NOT_FOUND,
                            err_hole("what", arena_text(c->a, "台账“%.*s”", STR(names[i]))));
    }
    return true;
}

static json_t *body_of(Call *c, const MakeIn *in, Str hash)
{
    const Str *names = in->forms.items;
    json_t *body = json_object(), *forms = json_array();
    bool ok = body && forms;
    for (size_t i = 0; ok && i < in->forms.n; i++)
        ok = json_array_append_new(forms, jv_new(names[i])) == 0;
    ok = ok && json_object_set_new(body, "hash", jv_new(hash)) == 0 &&
         json_object_set_new(body, "title", jv_new(in->title)) == 0 &&
         json_object_set_new(body, "org", json_integer(in->org)) == 0 &&
         json_object_set(body, "forms", forms) == 0 &&
         json_object_set_new(body, "files", json_boolean(in->files)) == 0 &&
         json_object_set_new(body, "account", json_integer(c->who->account)) == 0 &&
         json_object_set_new(body, "from", jv_new(day_print(c->a, c->today))) == 0 &&
         json_object_set_new(body, "to", jv_new(day_print(c->a, in->to))) == 0;
    json_decref(forms);
    if (ok)
        return body;
    json_decref(body);
    return NULL;
}

static Str random_text(Call *c)
{
    unsigned char raw[TOKEN_BYTES];
    sys_random(tx_sys(c->tx), raw, sizeof raw);
    return arena_text(c->a, TOKEN_HEAD "%.*s",
                      STR(hash_hex_bytes(c->a, (Str){ (char *)raw, sizeof raw })));
}

static bool token_make(Call *c, const void *in_, Jw *out, Err *e)
{
    const MakeIn *in = in_;
    int64_t id;
    if (!call_may_org(c, in->org, e) || !forms_known(c, in, e))
        return false;
    if (!c->who->account) /* what it files has to have been filed by somebody */
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    if (in->to < c->today || in->to > c->today + TOKEN_DAYS_MAX)
        return err_fail(e, ERR_TOKEN_DAYS, err_hole("max", TOKEN_DAYS_MAX));
    Str text = random_text(c);
    json_t *body = body_of(c, in, hash_hex(c->a, hash_of(text)));
    bool ok = (body || err_fail(e, ERR_NO_MEMORY, err_hole("what", c->u->title))) &&
              call_file(c, &(Filing){ .form = "token", .org = in->org, .body = body }, &id, e);
    json_decref(body);
    if (!ok)
        return false;
    jw_kint(out, "id", id);
    jw_kstr(out, "token", text);
    jw_kday(out, "to", in->to);
    return true;
}

const UseCase work_token_make = { "token_make", "签发接口口令", WORK_WRITE, MAKERS, &make_in,
                                  &made_out, .audit = true, .run = token_make };

/* --- which there are ------------------------------------------------------------------------ */

static const ShapeField token_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "forms", SHAPE_WORDS, .required = true },
    { "files", SHAPE_BOOL, .required = true },
    { "by", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY, .required = true },
    { "ended", SHAPE_DAY },
    { "holds", SHAPE_BOOL, .required = true },
};
static const Shape token_shape = SHAPE_REPLY("Token", token_fields);
static const ShapeField tokens_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &token_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape tokens_out = SHAPE_REPLY("Tokens", tokens_fields);

static bool put_forms(Call *c, const Fact *f, Jw *out, Err *e)
{
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    const json_t *forms = jv_get(body, "forms");
    jw_key(out, "forms");
    jw_arr(out);
    for (size_t i = 0; i < jv_len(forms); i++)
        jw_str(out, jv_text(jv_at(forms, i)));
    jw_end(out);
    json_decref(body);
    return true;
}

static bool put_token(Call *c, const Fact *f, Jw *out, Err *e)
{
    Str org, by;
    Day ended = fact_day(f, "ended");
    FactList all;
    if (!call_name(&org, c, "org", f->org, e) ||
        !fact_history(&all, c->a, c->tx, f->kind, f->subject, e) || !all.n ||
        !work_filed_by(&by, c, &all.items[0], e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kstr(out, "title", fact_str(c->a, f, "title"));
    jw_kint(out, "org", f->org);
    jw_kstr(out, "org_name", org);
    jw_kbool(out, "files", fact_bool(f, "files"));
    jw_kstr(out, "by", by);
    jw_kday(out, "from", fact_day(f, "from"));
    jw_kday(out, "to", fact_day(f, "to"));
    if (ended != DAY_NONE)
        jw_kday(out, "ended", ended);
    jw_kbool(out, "holds", ended == DAY_NONE && call_holds(f, c->today));
    bool ok = put_forms(c, f, out, e);
    jw_end(out);
    return ok;
}

static bool token_list(Call *c, const void *in, Jw *out, Err *e)
{
    FactList l;
    int64_t n = 0;
    (void)in;
    if (!call_may_all(c, e) || !call_list(&l, c, "token", NULL, STRC(""), e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0;) {
        if (!call_can(c, KEEPERS, l.items[i].org))
            continue;
        if (!put_token(c, &l.items[i], out, e))
            return false;
        n++;
    }
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

const UseCase work_token_list = { "token_list", "查看接口口令", WORK_READ, KEEPERS, NULL,
                                  &tokens_out, .run = token_list };

/* --- ending --------------------------------------------------------------------------------- */

typedef struct EndIn {
    int64_t token;
} EndIn;
static const ShapeField end_fields[] = {
    { "token", SHAPE_ID, offsetof(EndIn, token), .required = true, .title = "接口口令" },
};
static const Shape end_in = SHAPE("TokenEndIn", EndIn, end_fields);

static bool token_end(Call *c, const void *in_, Jw *out, Err *e)
{
    const EndIn *in = in_;
    Fact was;
    (void)out;
    if (!call_thing(&was, c, "token", in->token, e) || !call_may_org(c, was.org, e))
        return false;
    if (fact_day(&was, "ended") != DAY_NONE)
        return true;
    Str today = day_print(c->a, c->today);
    json_t *patch = json_pack("{s:s%}", "ended", today.p, today.n);
    bool ok = (patch || err_fail(e, ERR_NO_MEMORY, err_hole("what", c->u->title))) &&
              call_revise(c, "token", &was, 0, patch, NULL, e);
    json_decref(patch);
    return ok;
}

const UseCase work_token_end = { "token_end", "作废接口口令", WORK_WRITE, KEEPERS, &end_in, NULL,
                                 .audit = true, .run = token_end };
