#include "work/call.h"

#include <string.h>

/* --- who may -------------------------------------------------------------------------------- */

/* Does one of the grants with these roles cover org (0: needs a grant for everything)? */
static bool covers(bool *out, Call *c, uint32_t roles, int64_t org, int64_t cycle, Err *e)
{
    *out = c->who->console;
    for (size_t i = 0; i < c->who->n_grants && !*out; i++) {
        const WhoGrant *g = &c->who->grants[i];
        if (!(ROLE_BIT(g->role) & roles) || (g->cycle && g->cycle != cycle))
            continue;
        if (g->org == 0)
            *out = true;
        else if (org && !fact_below(out, c->tx, org, g->org, e))
            return false;
    }
    return true;
}

static bool forbidden(Call *c, Err *e)
{
    return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
}

bool call_may_roles(Call *c, uint32_t roles, int64_t org, Err *e)
{
    bool ok;
    c->asked = true;
    return covers(&ok, c, roles, org, 0, e) && (ok || forbidden(c, e));
}

bool call_may_org(Call *c, int64_t org, Err *e)
{
    return call_may_roles(c, c->u->roles, org, e);
}

static bool cycle_org(int64_t *org, Call *c, int64_t cycle, Err *e)
{
    Fact f;
    if (!call_thing(&f, c, "cycle", cycle, e))
        return false;
    *org = fact_int(&f, "organiser");
    return true;
}

bool call_may_cycle(Call *c, int64_t cycle, Err *e)
{
    int64_t org;
    bool ok;
    c->asked = true;
    return cycle_org(&org, c, cycle, e) && covers(&ok, c, c->u->roles, org, cycle, e) &&
           (ok || forbidden(c, e));
}

bool call_may_self(Call *c, int64_t person, Err *e)
{
    c->asked = true;
    if (c->who->console || (person && person == c->who->person))
        return true;
    if (person && person == c->who->behalf) {
        /* Served by a clerk: his own organisation must lie in the clerk's subtree. */
        Fact f;
        uint32_t clerks = ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_PARTY_STAFF);
        return call_thing(&f, c, "person", person, e) &&
               call_may_roles(c, clerks, fact_int(&f, "org"), e);
    }
    return forbidden(c, e);
}

bool call_may_all(Call *c, Err *e)
{
    (void)e;
    c->asked = true;
    return true; /* work_do has checked the roles of the row */
}

bool call_can(Call *c, uint32_t roles, int64_t org)
{
    bool ok;
    Err e;
    return covers(&ok, c, roles, org, 0, &e) && ok;
}

bool call_can_in(Call *c, uint32_t roles, const Fact *cycle)
{
    bool ok;
    Err e;
    return covers(&ok, c, roles, fact_int(cycle, "organiser"), cycle->subject, &e) && ok;
}

bool call_can_cycle(Call *c, uint32_t roles, int64_t cycle)
{
    int64_t org;
    bool ok;
    Err e;
    return cycle_org(&org, c, cycle, &e) && covers(&ok, c, roles, org, cycle, &e) && ok;
}

/* --- reading -------------------------------------------------------------------------------- */

Str call_title(Call *c, const char *list, Str value)
{
    const List *l = pack_list(call_rules(c), str_of(list));
    return l ? list_title(l, value) : value;
}

static bool not_found(Call *c, const char *form, Err *e)
{
    const Form *f = pack_form(call_rules(c), str_of(form));
    return err_fail(e, ERR_NOT_FOUND, err_hole("what", f ? f->title : str_of(form)));
}

bool call_thing(Fact *out, Call *c, const char *form, int64_t subject, Err *e)
{
    if (fact_current(out, c->a, c->tx, str_of(form), subject, e))
        return true;
    return e->code == ERR_NOT_FOUND ? not_found(c, form, e) : false;
}

bool call_list(FactList *out, Call *c, const char *form, const char *field, Str value, Err *e)
{
    FactFilter f = { .kind = str_of(form), .field = str_of(field), .value = value };
    return fact_list(out, c->a, c->tx, &f, e);
}

bool call_list_id(FactList *out, Call *c, const char *form, const char *field, int64_t id, Err *e)
{
    char digits[STR_DIGITS];
    return call_list(out, c, form, field, str_digits(digits, id), e);
}

bool call_name(Str *out, Call *c, const char *form, int64_t subject, Err *e)
{
    Fact f;
    *out = STRC("");
    if (subject == 0)
        return true;
    if (!call_thing(&f, c, form, subject, e))
        return false;
    *out = fact_str(c->a, &f, "name");
    return true;
}

bool call_holds(const Fact *f, Day day)
{
    Day to = fact_day(f, "to");
    return fact_day(f, "from") <= day && (to == DAY_NONE || to >= day);
}

bool call_holder(int64_t *person, Call *c, int64_t org, const char *post, Day day, Err *e)
{
    FactList l;
    *person = 0;
    if (!call_list_id(&l, c, "tenure", "org", org, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        const Fact *f = &l.items[i];
        if (str_is(fact_str(c->a, f, "post"), post) && call_holds(f, day))
            *person = fact_int(f, "person");
    }
    return true;
}

json_t *call_body(Call *c, const Fact *f, Err *e)
{
    json_t *v;
    (void)c;
    return jv_read(&v, f->body, "body", e) ? v : NULL;
}

/* --- becoming true -------------------------------------------------------------------------- */

bool call_file(Call *c, const Filing *f, int64_t *id, Err *e)
{
    const Form *form = pack_form(call_rules(c), str_of(f->form));
    Buf b = buf_open(JSON_BYTES_MAX);
    if (!form)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", f->form));
    FactIn in = { .kind = str_of(f->form), .org = f->org, .subject = f->subject,
                  .occurred_on = f->occurred_on ? f->occurred_on : c->today,
                  .who = c->who->account, .behalf = c->who->behalf, .corrects = f->corrects,
                  .base = f->base };
    bool ok = form_check(&b, form, f->body, e);
    in.body = buf_str(&b);
    ok = ok && fact_append(c->tx, &in, id, e);
    buf_close(&b);
    return ok || err_note(e, "filing %s", f->form);
}

static bool patched(json_t *body, const json_t *patch, Err *e)
{
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)patch, key, value) {
        int bad = json_is_null(value) ? (json_object_del(body, key), 0)
                                      : json_object_set(body, key, value);
        if (bad)
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", key));
    }
    return true;
}

bool call_revise(Call *c, const char *form, const Fact *was, int64_t base, const json_t *patch,
                 int64_t *id, Err *e)
{
    json_t *body = call_body(c, was, e);
    if (!body)
        return false;
    Filing f = { .form = form, .subject = was->subject, .org = was->org, .base = base,
                 .body = body };
    bool ok = patched(body, patch, e) && call_file(c, &f, id, e);
    json_decref(body);
    return ok;
}

static uint32_t role_bits(const Who *who)
{
    uint32_t bits = 0;
    if (who->console)
        return UINT32_MAX;
    for (size_t i = 0; i < who->n_grants; i++)
        bits |= ROLE_BIT(who->grants[i].role);
    return bits;
}

bool call_move(Call *c, const char *form, const Fact *was, int64_t base, const char *move,
               const json_t *patch, int64_t *id, Err *e)
{
    return call_move_as(c, role_bits(c->who), form, was, base, move, patch, id, e);
}

bool call_move_as(Call *c, uint32_t roles, const char *form, const Fact *was, int64_t base,
                  const char *move, const json_t *patch, int64_t *id, Err *e)
{
    const Flow *flow = pack_flow(call_rules(c), str_of(form));
    json_t *body = call_body(c, was, e);
    Str to;
    if (!flow || !body) {
        json_decref(body);
        return flow ? false : err_fail(e, ERR_NOT_FOUND, err_hole("what", form));
    }
    Str state = fact_str(c->a, was, "state");
    bool ok = patched(body, patch, e) &&
              rule_move(&to, flow, c->a, state, str_of(move), body, roles, c->today, e);
    ok = ok && json_object_set_new(body, "state", jv_new(to)) == 0;
    Filing f = { .form = form, .subject = was->subject, .org = was->org, .base = base,
                 .body = body };
    ok = ok && call_file(c, &f, id, e);
    json_decref(body);
    return ok;
}

/* --- papers --------------------------------------------------------------------------------- */

bool call_answer_file(Call *c, Str name, Str type, Str bytes)
{
    c->reply->file = (WorkFile){ name, type, bytes };
    return true;
}

bool call_answer_paper(Call *c, Str name, const Paper *p, Str format, Err *e)
{
    Str bytes;
    if (str_is(format, "docx"))
        return print_docx(&bytes, c->a, call_print(c), p, c->now, e) &&
               call_answer_file(c, arena_text(c->a, "%.*s.docx", STR(name)),
                                STRC("application/vnd.openxmlformats-officedocument."
                                     "wordprocessingml.document"),
                                bytes);
    return print_pdf(&bytes, c->a, call_print(c), p, c->now, e) &&
           call_answer_file(c, arena_text(c->a, "%.*s.pdf", STR(name)), STRC("application/pdf"),
                            bytes);
}

enum { ROOT_GROUP = 8 }; /* hexadecimal digits between hyphens: to be read aloud and typed */

bool call_log_lines(Paper *p, Call *c, Err *e)
{
    FactHead head;
    Str root = STRC("");
    if (!fact_log_head(&head, c->tx, e))
        return false;
    Str hex = hash_hex(c->a, head.root);
    for (size_t i = 0; i < hex.n; i += ROOT_GROUP)
        root = arena_text(c->a, "%.*s%s%.*s", STR(root), i ? "-" : "",
                          STR(str_sub(hex, i, ROOT_GROUP)));
    paper_small(p, arena_text(c->a, "日志共%lld条，最后一条记于%.*s；根 %.*s；本件打印于%.*s。",
                              (long long)head.size, STR(moment_print_zh(c->a, head.at)), STR(root),
                              STR(moment_print_zh(c->a, c->now))));
    return true;
}
