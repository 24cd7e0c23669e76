/* Grants and slips: what an account may do and where, and how its owner gets in. */
#include "work/account.h"
#include "work/areas.h"
#include "work/rows.h"

enum { SLIPS_MAX = 500, SLIPS_ACROSS = 2, SLIPS_DOWN = 4, BASE_MAX = 200 };

#define SECURITY ROLE_BIT(ROLE_SEC_ADMIN)

/* --- grants --------------------------------------------------------------------------------- */

/* The operator of the installation reads no content, so he holds no other role. */
static bool apart(Role a, Role b)
{
    return role_conflicts(a, b) || (a != b && (a == ROLE_SYS_ADMIN || b == ROLE_SYS_ADMIN));
}

static bool guard_roles(Call *c, int64_t account, Role role, int64_t org, int64_t cycle, Err *e)
{
    FactList l;
    if (!work_account_grants(&l, c, account, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Role held;
        if (!role_read(&held, fact_str(c->a, &l.items[i], "role")))
            continue;
        if (apart(held, role))
            return err_fail(e, ERR_GRANT_APART, err_hole("role", role_title(role)),
                            err_hole("held", role_title(held)));
        if (held == role && fact_int(&l.items[i], "org") == org &&
            fact_int(&l.items[i], "cycle") == cycle)
            return err_fail(e, ERR_GRANT_TWICE, err_hole("role", role_title(role)));
    }
    return true;
}

static bool put_day(json_t *body, Call *c, const char *key, Day d)
{
    Str text = day_print(c->a, d);
    return d == DAY_NONE || json_object_set_new(body, key, jv_new(text)) == 0;
}

bool work_grant_file(Call *c, int64_t account, Role role, int64_t org, int64_t cycle, Day from,
                     Day to, int64_t *id, Err *e)
{
    if (!guard_roles(c, account, role, org, cycle, e))
        return false;
    json_t *body = json_pack("{s:I,s:s}", "account", (json_int_t)account, "role", role_name(role));
    bool ok = body && put_day(body, c, "from", from) && put_day(body, c, "to", to) &&
              (!org || json_object_set_new(body, "org", json_integer(org)) == 0) &&
              (!cycle || json_object_set_new(body, "cycle", json_integer(cycle)) == 0);
    Filing f = { .form = "grant", .org = org, .body = body };
    ok = ok ? call_file(c, &f, id, e) : err_fail(e, ERR_NO_MEMORY, err_hole("what", "授权"));
    json_decref(body);
    return ok;
}

typedef struct GrantIn {
    int64_t account, org, cycle;
    Str role;
    Day from, to;
} GrantIn;
static const ShapeField add_fields[] = {
    { "account", SHAPE_ID, offsetof(GrantIn, account), .required = true, .title = "账号" },
    { "role", SHAPE_TEXT, offsetof(GrantIn, role), .required = true, .max = 40, .title = "角色" },
    { "org", SHAPE_ID, offsetof(GrantIn, org), .title = "范围" },
    { "cycle", SHAPE_ID, offsetof(GrantIn, cycle), .title = "年度周期" },
    { "from", SHAPE_DAY, offsetof(GrantIn, from), .title = "自" },
    { "to", SHAPE_DAY, offsetof(GrantIn, to), .title = "至" },
};
static const Shape add_in = SHAPE("GrantAddIn", GrantIn, add_fields);

static bool is_admin(Role r)
{
    return r == ROLE_SYS_ADMIN || r == ROLE_SEC_ADMIN || r == ROLE_AUDIT_ADMIN;
}

/* Work is granted for an organisation; only the three administrators may stand over all of them. */
static bool guard_scope(Call *c, const GrantIn *in, Role role, Err *e)
{
    Fact f;
    if (in->org == 0 && !is_admin(role))
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "范围"));
    return (in->org == 0 || call_thing(&f, c, "org", in->org, e)) &&
           (in->cycle == 0 || call_thing(&f, c, "cycle", in->cycle, e));
}

static bool grant_add(Call *c, const void *in_, Jw *out, Err *e)
{
    const GrantIn *in = in_;
    Fact account;
    Role role;
    int64_t id;
    Day from = in->from == DAY_NONE ? c->today : in->from;
    if (!call_thing(&account, c, "account", in->account, e) || !work_account_may(c, &account, e) ||
        !call_may_org(c, in->org, e))
        return false;
    if (!role_read(&role, in->role) || role == ROLE_PUBLIC)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "角色"));
    if (in->account == c->who->account)
        return err_fail(e, ERR_ACCOUNT_SELF);
    if (fact_bool(&account, "closed"))
        return err_fail(e, ERR_ACCOUNT_CLOSED);
    if (in->to != DAY_NONE && in->to < from)
        return err_fail(e, ERR_DAYS_ORDER, err_hole("from", day_print(c->a, from)),
                        err_hole("to", day_print(c->a, in->to)));
    if (!guard_scope(c, in, role, e) ||
        !work_grant_file(c, in->account, role, in->org, in->cycle, from, in->to, &id, e))
        return false;
    work_put_made(out, id, id);
    return true;
}

const UseCase work_grant_add = { "grant_add", "授予角色", WORK_WRITE, SECURITY, &add_in,
                                 &work_made, .run = grant_add };

typedef struct EndIn {
    int64_t grant, version;
} EndIn;
static const ShapeField end_fields[] = {
    { "grant", SHAPE_ID, offsetof(EndIn, grant), .required = true, .title = "授权" },
    { "version", SHAPE_ID, offsetof(EndIn, version), .required = true, .title = "版本" },
};
static const Shape end_in = SHAPE("GrantEndIn", EndIn, end_fields);

/* Over at once: it counted until yesterday; one that began today never counted. */
static bool end_now(Call *c, const Fact *was, int64_t base, int64_t *id, Err *e)
{
    if (fact_day(was, "from") >= c->today) {
        FactIn in = { .kind = STRC("grant"), .org = was->org, .subject = was->subject,
                      .who = c->who->account, .behalf = c->who->behalf, .base = base,
                      .body = STRC("null") };
        return fact_append(c->tx, &in, id, e);
    }
    json_t *patch = json_object();
    bool ok = patch && put_day(patch, c, "to", c->today - 1)
                  ? call_revise(c, "grant", was, base, patch, id, e)
                  : err_fail(e, ERR_NO_MEMORY, err_hole("what", "授权"));
    json_decref(patch);
    return ok;
}

static bool grant_end(Call *c, const void *in_, Jw *out, Err *e)
{
    const EndIn *in = in_;
    Fact was, account;
    int64_t id;
    if (!call_thing(&was, c, "grant", in->grant, e) ||
        !call_thing(&account, c, "account", fact_int(&was, "account"), e) ||
        !work_account_may(c, &account, e) || !call_may_org(c, fact_int(&was, "org"), e))
        return false;
    if (str_is(fact_str(c->a, &was, "role"), role_name(ROLE_SEC_ADMIN)) &&
        !work_account_not_last(c, 0, in->grant, e))
        return false;
    if (!end_now(c, &was, in->version, &id, e))
        return false;
    work_put_made(out, in->grant, id);
    return true;
}

const UseCase work_grant_end = { "grant_end", "收回角色", WORK_WRITE, SECURITY, &end_in,
                                 &work_made, .run = grant_end };

/* --- slips ---------------------------------------------------------------------------------- */

typedef struct SlipIn {
    int64_t account;
} SlipIn;
static const ShapeField slip_in_fields[] = {
    { "account", SHAPE_ID, offsetof(SlipIn, account), .required = true, .title = "账号" },
};
static const Shape slip_in = SHAPE("SlipIn", SlipIn, slip_in_fields);
static const ShapeField slip_fields[] = {
    { "login", SHAPE_TEXT, .required = true },
    { "code", SHAPE_TEXT, .required = true },
    { "path", SHAPE_TEXT, .required = true },
    { "until", SHAPE_MOMENT, .required = true },
};
static const Shape slip_out = SHAPE_REPLY("Slip", slip_fields);

static bool slip_make(AuthSlip *out, Call *c, const Fact *account, Err *e)
{
    if (!work_account_may(c, account, e))
        return false;
    if (fact_bool(account, "closed"))
        return err_fail(e, ERR_ACCOUNT_CLOSED);
    return auth_slip_make(out, c->tx, account->subject, AUTH_SLIP_PAPER, c->who->account, e);
}

static bool account_slip(Call *c, const void *in_, Jw *out, Err *e)
{
    const SlipIn *in = in_;
    Fact account;
    AuthSlip slip;
    if (!call_thing(&account, c, "account", in->account, e) || !slip_make(&slip, c, &account, e))
        return false;
    jw_kstr(out, "login", fact_str(c->a, &account, "login"));
    jw_kstr(out, "code", str_of(slip.code));
    jw_kstr(out, "path", arena_text(c->a, "/activate#%s", slip.code));
    jw_kmoment(out, "until", slip.until);
    return true;
}

const UseCase work_account_slip = { "account_slip", "发一张新的激活条（旧的作废）", WORK_WRITE,
                                    SECURITY, &slip_in, &slip_out, .run = account_slip };

typedef struct SlipsIn {
    ShapeList accounts;
    Str base;
} SlipsIn;
static const ShapeField slips_fields[] = {
    { "accounts", SHAPE_IDS, offsetof(SlipsIn, accounts), .max = SLIPS_MAX, .title = "账号" },
    { "base", SHAPE_TEXT, offsetof(SlipsIn, base), .max = BASE_MAX, .title = "系统网址" },
};
static const Shape slips_in = SHAPE("SlipsIn", SlipsIn, slips_fields);

typedef struct Sheet {
    const SlipsIn *in;
    PaperCard *cards;
    size_t n;
} Sheet;

static bool card(PaperCard *out, Call *c, const Fact *account, Str base, Err *e)
{
    enum { LINES = 6, FIRST = 15 }; /* letters of the code that fit a line beside the square code */
    Fact person = { .org = 0 };
    AuthSlip slip;
    Str login = fact_str(c->a, account, "login"), org = STRC("");
    int64_t id = fact_int(account, "person");
    if (!slip_make(&slip, c, account, e) || (id && !call_thing(&person, c, "person", id, e)) ||
        (id && !call_name(&org, c, "org", fact_int(&person, "org"), e)))
        return false;
    Str *lines = ARENA_ARRAY(c->a, Str, LINES);
    if (!lines)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "激活条"));
    lines[0] = org.n ? org : STRC("（管理员）");
    lines[1] = arena_text(c->a, "登录名：%.*s", STR(login));
    lines[2] = STRC("激活码（连着填）：");
    lines[3] = arena_text(c->a, "%.*s", FIRST, slip.code);
    lines[4] = arena_text(c->a, "%s", slip.code + FIRST);
    lines[5] = arena_text(c->a, "%.*s前在 %.*s/activate 填写",
                          STR(day_print_zh(c->a, moment_day(slip.until))), STR(base));
    *out = (PaperCard){ .title = id ? fact_str(c->a, &person, "name") : login, .lines = lines,
                        .n_lines = LINES };
    if (base.n)
        out->qr = arena_text(c->a, "%.*s/activate#%s", STR(base), slip.code);
    return true;
}

/* Those named, or everyone the caller governs who has not been let in yet. */
static bool listed(FactList *out, Call *c, const SlipsIn *in, Err *e)
{
    const int64_t *ids = in->accounts.items;
    if (in->accounts.n == 0)
        return call_list(out, c, "account", NULL, STRC(""), e);
    out->items = ARENA_ARRAY(c->a, Fact, in->accounts.n);
    out->n = in->accounts.n;
    if (!out->items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "激活条"));
    for (size_t i = 0; i < out->n; i++)
        if (!call_thing(&out->items[i], c, "account", ids[i], e))
            return false;
    return true;
}

static bool due(bool *out, Call *c, const Sheet *s, const Fact *account, Err *e)
{
    int64_t active;
    Err no = { 0 };
    *out = true;
    if (s->in->accounts.n)
        return true;
    if (!store_int(&active, c->tx, "account_active", BIND(bind_int(account->subject)), 0, e))
        return false;
    *out = !active && !fact_bool(account, "closed") && s->n < SLIPS_MAX &&
           work_account_may(c, account, &no);
    return true;
}

static bool sheet_fill(Call *c, void *arg, Err *e)
{
    Sheet *s = arg;
    FactList l;
    if (!call_may_all(c, e) || !listed(&l, c, s->in, e))
        return false;
    s->cards = ARENA_ARRAY(c->a, PaperCard, l.n);
    if (!s->cards)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "激活条"));
    for (size_t i = 0; i < l.n; i++) {
        bool is_due;
        if (!due(&is_due, c, s, &l.items[i], e))
            return false;
        if (is_due && !card(&s->cards[s->n++], c, &l.items[i], s->in->base, e))
            return false;
    }
    return s->n > 0 || err_fail(e, ERR_SLIPS_NONE);
}

/* The codes are made in one transaction and then printed; they are kept nowhere else. */
static bool account_slips_pdf(Call *c, const void *in_, Jw *out, Err *e)
{
    const SlipsIn *in = in_;
    Sheet s = { .in = in };
    Str bytes;
    (void)out;
    if (in->base.n && !str_starts(in->base, STRC("http://")) &&
        !str_starts(in->base, STRC("https://")))
        return err_fail(e, ERR_FIELD_TYPE, err_hole("field", "系统网址"),
                        err_hole("want", "以http://或https://开头的网址"));
    if (!call_write(c, sheet_fill, &s, e))
        return false;
    Paper *p = paper_open(c->a, STRC("账号激活条"), PAPER_PORTRAIT);
    paper_numbered(p, false);
    paper_cards(p, s.cards, s.n, SLIPS_ACROSS, SLIPS_DOWN);
    return print_pdf(&bytes, c->a, call_print(c), p, c->now, e) &&
           call_answer_file(c, STRC("账号激活条.pdf"), STRC("application/pdf"), bytes);
}

const UseCase work_account_slips_pdf = { "account_slips_pdf", "打印激活条（旧的作废）",
                                         WORK_OUTSIDE, SECURITY, &slips_in, NULL, .file = true,
                                         .run = account_slips_pdf };
