/* Who I am: log in and out, activate an account with a slip, the first administrator,
 * complaints. */
#include "work/audit.h"
#include "work/call.h"
#include "work/rows.h"

#include <stdio.h>

#define NEW_PASSWORD_MAX AUTH_PASSWORD_MAX

/* --- me ------------------------------------------------------------------------------------- */

static const ShapeField me_role_fields[] = {
    { "role", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID },
    { "org_name", SHAPE_TEXT },
    { "cycle", SHAPE_ID },
};
static const Shape me_role = SHAPE_REPLY("MeRole", me_role_fields);
static const ShapeField me_fields[] = {
    { "account", SHAPE_ID, .required = true },
    { "person", SHAPE_ID },
    { "name", SHAPE_TEXT, .required = true },
    { "roles", SHAPE_LIST, .required = true, .sub = &me_role },
    { "csrf", SHAPE_TEXT, .required = true },
    { "demo", SHAPE_BOOL, .required = true },
    { "today", SHAPE_DAY, .required = true },
};
static const Shape me_out = SHAPE_REPLY("Me", me_fields);

static bool put_role(Call *c, const WhoGrant *g, Jw *out, Err *e)
{
    Str org;
    if (!call_name(&org, c, "org", g->org, e))
        return false;
    jw_obj(out);
    jw_kstr(out, "role", str_of(role_name(g->role)));
    jw_kstr(out, "title", str_of(c->who->lang == LANG_EN ? role_title_en(g->role)
                                                         : role_title(g->role)));
    if (g->org) {
        jw_kint(out, "org", g->org);
        jw_kstr(out, "org_name", org);
    }
    if (g->cycle)
        jw_kint(out, "cycle", g->cycle);
    jw_end(out);
    return true;
}

static bool my_name(Str *out, Call *c, Err *e)
{
    Fact f;
    if (c->who->person)
        return call_name(out, c, "person", c->who->person, e);
    if (!call_thing(&f, c, "account", c->who->account, e))
        return false;
    *out = fact_str(c->a, &f, "login");
    return true;
}

static bool put_me(Call *c, void *arg, Err *e)
{
    Jw *out = arg;
    Str name;
    int64_t demo;
    FactFilter f = { .kind = STRC("demonstration") };
    if (!my_name(&name, c, e) || !fact_count(&demo, c->tx, &f, e))
        return false;
    jw_kint(out, "account", c->who->account);
    if (c->who->person)
        jw_kint(out, "person", c->who->person);
    jw_kstr(out, "name", name);
    jw_key(out, "roles");
    jw_arr(out);
    for (size_t i = 0; i < c->who->n_grants; i++)
        if (!put_role(c, &c->who->grants[i], out, e))
            return false;
    jw_end(out);
    jw_kbool(out, "demo", demo > 0);
    jw_kday(out, "today", c->today);
    return true;
}

static bool me(Call *c, const void *in, Jw *out, Err *e)
{
    AuthSession s;
    (void)in;
    if (!call_may_all(c, e) || !auth_session_check(&s, work_auth(c->w), c->given->session, e))
        return false;
    jw_kstr(out, "csrf", str_of(s.csrf));
    return call_read(c, put_me, out, e);
}

const UseCase work_me = { "me", "我的账号与角色", WORK_OUTSIDE, WORK_LOGGED_IN, NULL, &me_out,
                          .run = me };

/* --- log in, log out ------------------------------------------------------------------------ */

typedef struct LoginIn {
    Str login, password;
} LoginIn;
static const ShapeField login_fields[] = {
    { "login", SHAPE_TEXT, offsetof(LoginIn, login), .required = true, .max = AUTH_LOGIN_MAX,
      .title = "登录名" },
    { "password", SHAPE_TEXT, offsetof(LoginIn, password), .required = true,
      .max = NEW_PASSWORD_MAX, .title = "密码" },
};
static const Shape login_in = SHAPE("LoginIn", LoginIn, login_fields);

static bool login(Call *c, const void *in_, Jw *out, Err *e)
{
    const LoginIn *in = in_;
    AuthLogin got;
    (void)out;
    if (!call_may_all(c, e))
        return false;
    if (!auth_login(&got, c->a, work_auth(c->w), in->login, in->password, c->given->peer, e)) {
        work_audit_tried(c, in->login, e->code);
        return false;
    }
    c->actor = got.account;
    c->reply->session = got.token;
    return true;
}

const UseCase work_login = { "login", "登录", WORK_OUTSIDE, WORK_ANYBODY, &login_in, NULL,
                             .audit = true, .run = login };

static bool logout(Call *c, const void *in, Jw *out, Err *e)
{
    (void)in;
    (void)out;
    c->reply->session_over = true;
    return call_may_all(c, e) && auth_logout(work_auth(c->w), c->given->session, e);
}

const UseCase work_logout = { "logout", "退出登录", WORK_OUTSIDE, WORK_LOGGED_IN, NULL, NULL,
                              .audit = true, .run = logout };

/* --- activation, change of password --------------------------------------------------------- */

typedef struct ActivateIn {
    Str code, password;
} ActivateIn;
static const ShapeField activate_fields[] = {
    { "code", SHAPE_TEXT, offsetof(ActivateIn, code), .required = true, .max = 60,
      .title = "激活码" },
    { "password", SHAPE_TEXT, offsetof(ActivateIn, password), .required = true,
      .max = NEW_PASSWORD_MAX, .title = "新密码" },
};
static const Shape activate_in = SHAPE("ActivateIn", ActivateIn, activate_fields);
static const ShapeField activate_out_fields[] = { { "login", SHAPE_TEXT, .required = true } };
static const Shape activate_out = SHAPE_REPLY("Activated", activate_out_fields);

typedef struct LoginOf {
    int64_t account;
    Str login;
} LoginOf;

static bool login_of(Call *c, void *arg, Err *e)
{
    LoginOf *l = arg;
    Fact f;
    if (!call_thing(&f, c, "account", l->account, e))
        return false;
    l->login = fact_str(c->a, &f, "login");
    return true;
}

static bool activate(Call *c, const void *in_, Jw *out, Err *e)
{
    const ActivateIn *in = in_;
    AuthLogin got;
    LoginOf who;
    if (!call_may_all(c, e) ||
        !auth_slip_use(&who.account, work_auth(c->w), in->code, in->password, c->given->peer, e) ||
        !call_read(c, login_of, &who, e) ||
        !auth_session_begin(&got, c->a, work_auth(c->w), who.account, c->given->peer, e))
        return false;
    c->actor = who.account;
    c->reply->session = got.token;
    jw_kstr(out, "login", who.login);
    return true;
}

const UseCase work_activate = { "activate", "用激活条启用账号或重设密码", WORK_OUTSIDE,
                                WORK_ANYBODY, &activate_in, &activate_out, .audit = true,
                                .run = activate };

typedef struct PasswordIn {
    Str old, password;
} PasswordIn;
static const ShapeField password_fields[] = {
    { "old", SHAPE_TEXT, offsetof(PasswordIn, old), .required = true, .max = NEW_PASSWORD_MAX,
      .title = "原密码" },
    { "password", SHAPE_TEXT, offsetof(PasswordIn, password), .required = true,
      .max = NEW_PASSWORD_MAX, .title = "新密码" },
};
static const Shape password_in = SHAPE("PasswordIn", PasswordIn, password_fields);

static bool password_change(Call *c, const void *in_, Jw *out, Err *e)
{
    const PasswordIn *in = in_;
    AuthLogin got;
    LoginOf who = { .account = c->who->account };
    (void)out;
    if (!call_may_all(c, e) || !call_read(c, login_of, &who, e) ||
        !auth_password_check(work_auth(c->w), who.login, in->old, c->given->peer, e) ||
        !auth_password_set(work_auth(c->w), who.account, who.login, in->password, e) ||
        !auth_session_begin(&got, c->a, work_auth(c->w), who.account, c->given->peer, e))
        return false;
    c->reply->session = got.token;
    return true;
}

const UseCase work_password_change = { "password_change", "修改密码", WORK_OUTSIDE, WORK_LOGGED_IN,
                                       &password_in, NULL, .audit = true,
                                       .run = password_change };

/* --- the first administrator ---------------------------------------------------------------- */

static const ShapeField first_fields[] = {
    { "login", SHAPE_TEXT, .required = true },
    { "code", SHAPE_TEXT, .required = true },
};
static const Shape first_out = SHAPE_REPLY("FirstAdmin", first_fields);

/* One security administrator, once: from then on accounts are opened and roles granted by him. */
static bool first_admin(Call *c, const void *in, Jw *out, Err *e)
{
    FactFilter any = { .kind = STRC("account") };
    AuthSlip slip;
    int64_t n, account;
    (void)in;
    if (!call_may_all(c, e))
        return false;
    if (!c->who->console)
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    if (!fact_count(&n, c->tx, &any, e))
        return false;
    if (n > 0)
        return err_fail(e, ERR_FIRST_ADMIN_TAKEN);
    json_t *body = json_pack("{s:s}", "login", "admin");
    bool ok = call_file(c, &(Filing){ .form = "account", .body = body }, &account, e);
    json_decref(body);
    char today[16];
    Str day = day_print(c->a, c->today);
    snprintf(today, sizeof today, "%.*s", STR(day));
    body = json_pack("{s:I,s:s,s:s}", "account", (json_int_t)account, "role",
                     role_name(ROLE_SEC_ADMIN), "from", today);
    ok = ok && call_file(c, &(Filing){ .form = "grant", .body = body }, NULL, e) &&
         auth_slip_make(&slip, c->tx, account, AUTH_SLIP_FIRST, 0, e);
    json_decref(body);
    if (!ok)
        return false;
    jw_kstr(out, "login", STRC("admin"));
    jw_kstr(out, "code", str_of(slip.code));
    return true;
}

const UseCase work_first_admin = { "first_admin", "设立首位安全管理员（仅限本机命令行）",
                                   WORK_WRITE, 0, NULL, &first_out, .run = first_admin };

/* --- a demonstration ------------------------------------------------------------------------ */

/* Marks the installation as invented data: from then on it is served on this machine only. */
static bool demo_mark(Call *c, const void *in, Jw *out, Err *e)
{
    (void)in;
    (void)out;
    if (!call_may_all(c, e))
        return false;
    if (!c->who->console)
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    json_t *body = json_pack("{s:s}", "note", "人物、单位和事件均为虚构");
    bool ok = call_file(c, &(Filing){ .form = "demonstration", .body = body }, NULL, e);
    json_decref(body);
    return ok;
}

const UseCase work_demo_mark = { "demo_mark", "标记为示范数据（仅限本机命令行）", WORK_WRITE, 0,
                                 NULL, NULL, .run = demo_mark };

/* --- complaints ----------------------------------------------------------------------------- */

typedef struct ComplaintIn {
    Str text, contact, page;
} ComplaintIn;
static const ShapeField complaint_fields[] = {
    { "text", SHAPE_TEXT, offsetof(ComplaintIn, text), .required = true, .max = 2000,
      .title = "内容" },
    { "contact", SHAPE_TEXT, offsetof(ComplaintIn, contact), .max = 100, .title = "联系方式" },
    { "page", SHAPE_TEXT, offsetof(ComplaintIn, page), .max = 200, .title = "所在页面" },
};
static const Shape complaint_in = SHAPE("ComplaintIn", ComplaintIn, complaint_fields);
static const ShapeField filed_fields[] = { { "id", SHAPE_ID, .required = true } };
static const Shape filed_out = SHAPE_REPLY("Filed", filed_fields);

static bool complaint_file(Call *c, const void *in_, Jw *out, Err *e)
{
    const ComplaintIn *in = in_;
    int64_t id;
    if (!call_may_all(c, e))
        return false;
    json_t *body = json_pack("{s:s%,s:s%,s:s%,s:s}", "text", in->text.p, in->text.n, "contact",
                             in->contact.n ? in->contact.p : "", in->contact.n, "page",
                             in->page.n ? in->page.p : "", in->page.n, "state", "open");
    bool ok = call_file(c, &(Filing){ .form = "complaint", .body = body }, &id, e);
    json_decref(body);
    if (ok)
        jw_kint(out, "id", id);
    return ok;
}

const UseCase work_complaint_file = { "complaint_file", "提出意见或投诉", WORK_WRITE, WORK_ANYBODY,
                                      &complaint_in, &filed_out, .run = complaint_file };
