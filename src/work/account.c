/* Accounts: who has one, opening them from the roster, closing them. Each belongs to one person;
 * there are no shared ones. */
#include "work/account.h"
#include "work/areas.h"
#include "work/rows.h"

enum { ACCOUNT_PAGE = 100, ACCOUNT_PAGE_MAX = 500, LOGIN_TRIES = 1000 };

#define SECURITY ROLE_BIT(ROLE_SEC_ADMIN)

/* --- who may -------------------------------------------------------------------------------- */

static bool grant_over(const Fact *f, Day today)
{
    Day to = fact_day(f, "to");
    return to != DAY_NONE && to < today;
}

bool work_account_grants(FactList *out, Call *c, int64_t account, Err *e)
{
    if (!call_list_id(out, c, "grant", "account", account, e))
        return false;
    size_t n = 0;
    for (size_t i = 0; i < out->n; i++)
        if (!grant_over(&out->items[i], c->today))
            out->items[n++] = out->items[i];
    out->n = n;
    return true;
}

/* Does the caller cover the person's organisation and every grant? Organisation 0 needs a grant for
 * everything. */
static bool governs(bool *out, Call *c, const Fact *account, Err *e)
{
    FactList grants;
    Fact person = { .org = 0 };
    int64_t id = fact_int(account, "person");
    if ((id && !call_thing(&person, c, "person", id, e)) ||
        !work_account_grants(&grants, c, account->subject, e))
        return false;
    *out = call_can(c, SECURITY, id ? fact_int(&person, "org") : 0);
    for (size_t i = 0; i < grants.n && *out; i++)
        *out = call_can(c, SECURITY, fact_int(&grants.items[i], "org"));
    return true;
}

bool work_account_may(Call *c, const Fact *account, Err *e)
{
    bool ok;
    c->asked = true;
    return governs(&ok, c, account, e) &&
           (ok || err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title)));
}

bool work_account_not_last(Call *c, int64_t account, int64_t grant, Err *e)
{
    FactList l;
    Fact a;
    if (!call_list(&l, c, "grant", "role", str_of(role_name(ROLE_SEC_ADMIN)), e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        const Fact *g = &l.items[i];
        int64_t of = fact_int(g, "account");
        if (grant_over(g, c->today) || fact_day(g, "from") > c->today || fact_int(g, "org") ||
            (grant ? g->subject == grant : of == account))
            continue;
        if (!call_thing(&a, c, "account", of, e))
            return false;
        if (!fact_bool(&a, "closed"))
            return true;
    }
    return err_fail(e, ERR_ACCOUNT_LAST);
}

/* --- the list ------------------------------------------------------------------------------- */

typedef struct ListIn {
    Str q, state;
    int64_t limit, offset;
} ListIn;
static const ShapeField list_in_fields[] = {
    { "q", SHAPE_TEXT, offsetof(ListIn, q), .max = 60, .title = "查找" },
    { "state", SHAPE_WORD, offsetof(ListIn, state), .words = "active|inactive|closed",
      .title = "状态" },
    { "limit", SHAPE_INT, offsetof(ListIn, limit), .min = 0, .max = ACCOUNT_PAGE_MAX,
      .title = "条数" },
    { "offset", SHAPE_INT, offsetof(ListIn, offset), .min = 0, .max = 1000000, .title = "起点" },
};
static const Shape list_in = SHAPE("AccountListIn", ListIn, list_in_fields);

static const ShapeField grant_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "role", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID },
    { "org_name", SHAPE_TEXT },
    { "cycle", SHAPE_ID },
    { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY },
};
static const Shape grant_shape = SHAPE_REPLY("Grant", grant_fields);
static const ShapeField row_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "login", SHAPE_TEXT, .required = true },
    { "person", SHAPE_ID },
    { "name", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID },
    { "org_name", SHAPE_TEXT },
    { "state", SHAPE_WORD, .required = true, .words = "active|inactive|closed" },
    { "slip_until", SHAPE_MOMENT },
    { "grants", SHAPE_LIST, .required = true, .sub = &grant_shape },
};
static const Shape row_shape = SHAPE_REPLY("Account", row_fields);
static const ShapeField list_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "total", SHAPE_INT, .required = true },
    { "inactive", SHAPE_INT, .required = true },
};
static const Shape list_out = SHAPE_REPLY("Accounts", list_fields);

typedef struct Row {
    const Fact *f;
    int64_t person, org;
    Str login, name;
    const char *state;
} Row;

static bool row_read(Row *out, Call *c, const Fact *f, Err *e)
{
    Fact person = { .org = 0 };
    int64_t active;
    *out = (Row){ .f = f, .person = fact_int(f, "person"), .login = fact_str(c->a, f, "login") };
    out->name = out->login;
    if (out->person) {
        if (!call_thing(&person, c, "person", out->person, e))
            return false;
        out->name = fact_str(c->a, &person, "name");
        out->org = fact_int(&person, "org");
    }
    if (!store_int(&active, c->tx, "account_active", BIND(bind_int(f->subject)), 0, e))
        return false;
    out->state = fact_bool(f, "closed") ? "closed" : active ? "active" : "inactive";
    return true;
}

static bool wanted(bool *out, Call *c, const ListIn *in, const Row *r, Err *e)
{
    if (!governs(out, c, r->f, e))
        return false;
    /* The audit administrator sees every account, and changes none. */
    *out = *out || call_can(c, ROLE_BIT(ROLE_AUDIT_ADMIN), r->org);
    if (*out && in->state.n)
        *out = str_is(in->state, r->state);
    if (*out && in->q.n && !str_has(r->login, in->q))
        return call_like(out, c, r->name, in->q, PINYIN_PERSON, e);
    return true;
}

static bool put_grants(Call *c, int64_t account, Jw *out, Err *e)
{
    FactList l;
    if (!work_account_grants(&l, c, account, e))
        return false;
    jw_key(out, "grants");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        const Fact *f = &l.items[i];
        Str role = fact_str(c->a, f, "role"), org;
        Role r;
        if (!call_name(&org, c, "org", fact_int(f, "org"), e))
            return false;
        jw_obj(out);
        jw_kint(out, "id", f->subject);
        jw_kint(out, "version", f->id);
        jw_kstr(out, "role", role);
        jw_kstr(out, "title", role_read(&r, role) ? str_of(role_title(r)) : role);
        if (fact_int(f, "org")) {
            jw_kint(out, "org", fact_int(f, "org"));
            jw_kstr(out, "org_name", org);
        }
        if (fact_int(f, "cycle"))
            jw_kint(out, "cycle", fact_int(f, "cycle"));
        jw_kday(out, "from", fact_day(f, "from"));
        if (fact_day(f, "to") != DAY_NONE)
            jw_kday(out, "to", fact_day(f, "to"));
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool put_row(Call *c, const Row *r, Jw *out, Err *e)
{
    Str org;
    int64_t until;
    if (!call_name(&org, c, "org", r->org, e) ||
        !store_int(&until, c->tx, "account_slip_until",
                   BIND(bind_int(r->f->subject), bind_int(c->now)), 0, e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", r->f->subject);
    jw_kint(out, "version", r->f->id);
    jw_kstr(out, "login", r->login);
    if (r->person)
        jw_kint(out, "person", r->person);
    jw_kstr(out, "name", r->name);
    if (r->org) {
        jw_kint(out, "org", r->org);
        jw_kstr(out, "org_name", org);
    }
    jw_kstr(out, "state", str_of(r->state));
    if (until)
        jw_kmoment(out, "slip_until", until);
    if (!put_grants(c, r->f->subject, out, e))
        return false;
    jw_end(out);
    return true;
}

static bool account_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const ListIn *in = in_;
    int64_t limit = in->limit ? in->limit : ACCOUNT_PAGE, n = 0, inactive = 0;
    FactList l;
    if (!call_may_all(c, e) || !call_list(&l, c, "account", NULL, STRC(""), e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        Row r;
        bool want;
        if (!row_read(&r, c, &l.items[i], e) || !wanted(&want, c, in, &r, e))
            return false;
        if (!want)
            continue;
        inactive += str_is(str_of(r.state), "inactive");
        if (n >= in->offset && n < in->offset + limit && !put_row(c, &r, out, e))
            return false;
        n++;
    }
    jw_end(out);
    jw_kint(out, "total", n);
    jw_kint(out, "inactive", inactive);
    return true;
}

const UseCase work_account_list = { "account_list", "查看账号和授权", WORK_READ,
                                    SECURITY | ROLE_BIT(ROLE_AUDIT_ADMIN), &list_in, &list_out,
                                    .run = account_list };

/* --- opening one ---------------------------------------------------------------------------- */

static bool login_free(bool *out, Call *c, Str login, Err *e)
{
    FactList l;
    if (!call_list(&l, c, "account", "login", login, e))
        return false;
    *out = l.n == 0;
    return true;
}

/* The staff number, else the initials of the name with the first free number behind. */
static bool login_make(Str *out, Call *c, const Fact *person, Err *e)
{
    Str staff = fact_str(c->a, person, "staff_no"), head;
    const Pinyin *p;
    bool is_free = false;
    if (staff.n && !login_free(&is_free, c, staff, e))
        return false;
    *out = staff;
    if (is_free)
        return true;
    if (!call_pinyin(&p, c, e) ||
        !pinyin_initials(&head, c->a, p, fact_str(c->a, person, "name"), PINYIN_PERSON, e))
        return false;
    for (int i = 1; i < LOGIN_TRIES; i++) {
        *out = i == 1 && head.n > 1 ? head : arena_text(c->a, "%.*s%d", STR(head), i);
        if (!login_free(&is_free, c, *out, e))
            return false;
        if (is_free)
            return true;
    }
    return err_fail(e, ERR_ACCOUNT_LOGIN, err_hole("login", head));
}

static bool login_check(Call *c, Str login, Err *e)
{
    bool is_free;
    uint32_t cp;
    size_t n;
    for (size_t i = 0; (n = str_next(login, i, &cp)) > 0; i += n)
        if (cp <= ' ' || cp == 0x3000)
            return err_fail(e, ERR_FIELD_TYPE, err_hole("field", "登录名"),
                            err_hole("want", "不含空格的工号或名称"));
    return login_free(&is_free, c, login, e) &&
           (is_free || err_fail(e, ERR_ACCOUNT_LOGIN, err_hole("login", login)));
}

/* The person's open account; *account 0 when there is none. */
static bool account_of(int64_t *account, Call *c, int64_t person, Err *e)
{
    FactList l;
    *account = 0;
    if (!call_list_id(&l, c, "account", "person", person, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (!fact_bool(&l.items[i], "closed"))
            *account = l.items[i].subject;
    return true;
}

static bool account_file(int64_t *id, Call *c, const Fact *person, Str login, Err *e)
{
    json_t *body = json_pack("{s:I,s:s%}", "person", (json_int_t)person->subject, "login", login.p,
                             login.n);
    Filing f = { .form = "account", .org = fact_int(person, "org"), .body = body };
    bool ok = body ? call_file(c, &f, id, e) : err_fail(e, ERR_NO_MEMORY, err_hole("what", "账号"));
    json_decref(body);
    return ok;
}

typedef struct OpenIn {
    int64_t person;
    Str login;
} OpenIn;
static const ShapeField open_in_fields[] = {
    { "person", SHAPE_ID, offsetof(OpenIn, person), .required = true, .title = "人员" },
    { "login", SHAPE_TEXT, offsetof(OpenIn, login), .max = AUTH_LOGIN_MAX, .title = "登录名" },
};
static const Shape open_in = SHAPE("AccountOpenIn", OpenIn, open_in_fields);
static const ShapeField open_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "login", SHAPE_TEXT, .required = true },
};
static const Shape open_out = SHAPE_REPLY("AccountOpened", open_fields);

static bool account_open(Call *c, const void *in_, Jw *out, Err *e)
{
    const OpenIn *in = in_;
    Fact person;
    int64_t id, already;
    Str login = in->login;
    if (!call_thing(&person, c, "person", in->person, e) ||
        !call_may_org(c, fact_int(&person, "org"), e) || !account_of(&already, c, in->person, e))
        return false;
    if (already)
        return err_fail(e, ERR_ACCOUNT_TWICE, err_hole("name", fact_str(c->a, &person, "name")));
    if (!(login.n ? login_check(c, login, e) : login_make(&login, c, &person, e)) ||
        !account_file(&id, c, &person, login, e))
        return false;
    work_put_made(out, id, id);
    jw_kstr(out, "login", login);
    return true;
}

const UseCase work_account_open = { "account_open", "为一个人开通账号", WORK_WRITE, SECURITY,
                                    &open_in, &open_out, .run = account_open };

/* --- opening all of a subtree --------------------------------------------------------------- */

typedef struct OpenAllIn {
    int64_t org;
    Str post;
} OpenAllIn;
static const ShapeField all_in_fields[] = {
    { "org", SHAPE_ID, offsetof(OpenAllIn, org), .title = "范围" },
    { "post", SHAPE_TEXT, offsetof(OpenAllIn, post), .required = true, .max = 40,
      .title = "职务" },
};
static const Shape all_in = SHAPE("AccountOpenAllIn", OpenAllIn, all_in_fields);
static const ShapeField opened_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "login", SHAPE_TEXT, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "post", SHAPE_TEXT, .required = true },
    { "role", SHAPE_TEXT },
    { "opened", SHAPE_BOOL, .required = true },
    { "granted", SHAPE_BOOL, .required = true },
};
static const Shape opened_shape = SHAPE_REPLY("AccountOfPost", opened_fields);
static const ShapeField all_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &opened_shape },
    { "total", SHAPE_INT, .required = true },
    { "opened", SHAPE_INT, .required = true },
    { "granted", SHAPE_INT, .required = true },
};
static const Shape all_out = SHAPE_REPLY("AccountsOfPosts", all_fields);

/* What a post lets its holder do in his organisation; others get an account and no grant. */
static bool role_of_post(Role *out, Str post)
{
    static const struct { const char *post; Role role; } of[] = {
        { "secretary", ROLE_SECRETARY },     { "first_secretary", ROLE_SECRETARY },
        { "party_staff", ROLE_PARTY_STAFF }, { "member", ROLE_MEMBER },
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if (str_is(post, of[i].post)) {
            *out = of[i].role;
            return true;
        }
    return false;
}

static bool has_grant(bool *out, Call *c, int64_t account, Role role, int64_t org, Err *e)
{
    FactList l;
    *out = false;
    if (!work_account_grants(&l, c, account, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        *out |= str_is(fact_str(c->a, &l.items[i], "role"), role_name(role)) &&
                fact_int(&l.items[i], "org") == org;
    return true;
}

typedef struct Opened {
    int64_t account;
    Str login, name;
    Role role;
    bool has_role, opened, granted;
} Opened;

static bool open_for(Opened *out, Call *c, const Fact *tenure, Err *e)
{
    Fact person, account;
    int64_t org = fact_int(tenure, "org");
    bool has = false;
    *out = (Opened){ .account = 0 };
    out->has_role = role_of_post(&out->role, fact_str(c->a, tenure, "post"));
    if (!call_thing(&person, c, "person", fact_int(tenure, "person"), e) ||
        !account_of(&out->account, c, person.subject, e))
        return false;
    out->name = fact_str(c->a, &person, "name");
    out->opened = out->account == 0;
    if (out->opened) {
        if (!login_make(&out->login, c, &person, e) ||
            !account_file(&out->account, c, &person, out->login, e))
            return false;
    } else {
        if (!call_thing(&account, c, "account", out->account, e))
            return false;
        out->login = fact_str(c->a, &account, "login");
    }
    if (!out->has_role)
        return true;
    if (!has_grant(&has, c, out->account, out->role, org, e))
        return false;
    out->granted = !has;
    return has || work_grant_file(c, out->account, out->role, org, 0, c->today, DAY_NONE, NULL, e);
}

static bool put_opened(Call *c, const Fact *tenure, const Opened *o, Jw *out, Err *e)
{
    Str org;
    if (!call_name(&org, c, "org", fact_int(tenure, "org"), e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", o->account);
    jw_kstr(out, "login", o->login);
    jw_kstr(out, "name", o->name);
    jw_kstr(out, "org_name", org);
    jw_kstr(out, "post", call_title(c, "post", fact_str(c->a, tenure, "post")));
    if (o->has_role)
        jw_kstr(out, "role", str_of(role_title(o->role)));
    jw_kbool(out, "opened", o->opened);
    jw_kbool(out, "granted", o->granted);
    jw_end(out);
    return true;
}

static bool tenures_of(FactList *out, Call *c, const OpenAllIn *in, Err *e)
{
    const List *posts = pack_list(call_rules(c), STRC("post"));
    bool any = str_is(in->post, "any");
    if (!any && (!posts || !list_item(posts, in->post)))
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "职务"));
    FactFilter f = { .kind = STRC("tenure"), .field = any ? STRC("") : STRC("post"),
                     .value = in->post, .org = in->org, .below = true };
    return fact_list(out, c->a, c->tx, &f, e);
}

static bool account_open_all(Call *c, const void *in_, Jw *out, Err *e)
{
    const OpenAllIn *in = in_;
    int64_t n = 0, opened = 0, granted = 0;
    FactList l;
    if (!call_may_org(c, in->org, e) || !tenures_of(&l, c, in, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        Opened o;
        if (!call_holds(&l.items[i], c->today))
            continue;
        if (!open_for(&o, c, &l.items[i], e) || !put_opened(c, &l.items[i], &o, out, e))
            return false;
        n++;
        opened += o.opened;
        granted += o.granted;
    }
    jw_end(out);
    jw_kint(out, "total", n);
    jw_kint(out, "opened", opened);
    jw_kint(out, "granted", granted);
    return true;
}

const UseCase work_account_open_all = { "account_open_all", "为一个范围内担任某职务的人开通账号",
                                        WORK_WRITE, SECURITY, &all_in, &all_out,
                                        .run = account_open_all };

/* --- closing -------------------------------------------------------------------------------- */

typedef struct CloseIn {
    int64_t account, version;
} CloseIn;
static const ShapeField close_fields[] = {
    { "account", SHAPE_ID, offsetof(CloseIn, account), .required = true, .title = "账号" },
    { "version", SHAPE_ID, offsetof(CloseIn, version), .required = true, .title = "版本" },
};
static const Shape close_in = SHAPE("AccountCloseIn", CloseIn, close_fields);

/* Its password, sessions and slips go; what it filed stays. */
static bool account_close(Call *c, const void *in_, Jw *out, Err *e)
{
    const CloseIn *in = in_;
    Fact was;
    int64_t id;
    if (!call_thing(&was, c, "account", in->account, e) || !work_account_may(c, &was, e))
        return false;
    if (in->account == c->who->account)
        return err_fail(e, ERR_ACCOUNT_SELF);
    if (!work_account_not_last(c, in->account, 0, e))
        return false;
    json_t *patch = json_pack("{s:b}", "closed", 1);
    bool ok = call_revise(c, "account", &was, in->version, patch, &id, e) &&
              auth_forget(c->tx, in->account, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->account, id);
    return ok;
}

const UseCase work_account_close = { "account_close", "停用账号", WORK_WRITE, SECURITY, &close_in,
                                     &work_made, .run = account_close };
