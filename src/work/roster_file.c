/* Files a plan: every new or changed row becomes facts, all in the one transaction of the import,
 * so that a broken power line leaves either all of them or none. */
#include "work/roster.h"

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "名册"));
}

static bool live(const RosterRow *row)
{
    return row->state == ROSTER_NEW || row->state == ROSTER_CHANGED;
}

static bool put_text(json_t *o, const char *key, Str s)
{
    return s.n == 0 || json_object_set_new(o, key, jv_new(s)) == 0;
}

static bool put_day(json_t *o, Arena *a, const char *key, Day d)
{
    return d == DAY_NONE || put_text(o, key, day_print(a, d));
}

static bool put_id(json_t *o, const char *key, int64_t id)
{
    return id == 0 || json_object_set_new(o, key, json_integer(id)) == 0;
}

/* What is stored, to be changed; an empty object for a new thing. Fields that the roster does not
 * know stay as they are. */
static json_t *body_open(Str stored, Err *e)
{
    json_t *body = NULL;
    if (stored.n == 0)
        body = json_object();
    else if (!jv_read(&body, stored, "body", e))
        return NULL;
    if (!body)
        no_memory(e);
    return body;
}

static bool file(Call *c, const char *form, int64_t subject, int64_t version, int64_t org, Day on,
                 json_t *body, bool whole, int64_t *id, Err *e)
{
    int64_t made;
    Filing f = { .form = form, .subject = subject, .base = version, .org = org, .occurred_on = on,
                 .body = body };
    bool ok = whole ? call_file(c, &f, &made, e) : no_memory(e);
    json_decref(body);
    if (ok && subject == 0)
        *id = made;
    return ok;
}

/* --- organisations -------------------------------------------------------------------------- */

static bool org_file(Call *c, Plan *p, RosterOrg *o, Err *e)
{
    json_t *b = body_open(o->body, e);
    if (!b)
        return false;
    bool whole = put_text(b, "code", o->code) && put_text(b, "name", o->name) &&
                 put_text(b, "kind", o->kind) && put_text(b, "sector", o->sector) &&
                 put_id(b, "parent", o->parent ? o->parent->id : 0) &&
                 put_day(b, p->a, "founded", o->founded) &&
                 put_day(b, p->a, "ended", o->ended) && put_day(b, p->a, "term_end", o->term_end);
    return file(c, "org", o->id, o->version, o->id, 0, b, whole, &o->id, e);
}

static bool waits(const RosterOrg *o)
{
    return o->row && live(o->row) && o->mark == 0;
}

/* Those above it first: a child names its parent by the id that filing gives. */
static bool org_file_from_top(Call *c, Plan *p, RosterOrg *o, Err *e)
{
    while (waits(o)) {
        RosterOrg *top = o;
        while (top->parent && waits(top->parent))
            top = top->parent;
        top->mark = 1;
        if (!org_file(c, p, top, e))
            return err_note(e, "row %d", top->row->number);
    }
    return true;
}

/* --- people --------------------------------------------------------------------------------- */

static bool put_flag(json_t *b, const char *name, int is)
{
    return is < 0 || json_object_set_new(b, name, json_boolean(is)) == 0;
}

static bool person_file(Call *c, Plan *p, RosterPerson *x, Err *e)
{
    json_t *b = body_open(x->body, e);
    if (!b)
        return false;
    bool whole = put_text(b, "name", x->name) && put_text(b, "staff_no", x->staff_no) &&
                 put_text(b, "birth", x->birth) && put_id(b, "org", x->org->id) &&
                 put_flag(b, "member", x->member) && put_text(b, "member_state", x->state) &&
                 put_day(b, p->a, "joined", x->joined) && put_flag(b, "infirm", x->infirm) &&
                 put_flag(b, "away", x->away);
    return file(c, "person", x->id, x->version, x->org->id, 0, b, whole, &x->id, e);
}

static bool tenure_file(Call *c, Plan *p, RosterTenure *t, Err *e)
{
    json_t *b = body_open(t->body, e);
    if (!b)
        return false;
    bool whole = put_id(b, "person", t->person->id) && put_id(b, "org", t->org->id) &&
                 put_text(b, "post", t->post) && put_day(b, p->a, "from", t->from) &&
                 put_day(b, p->a, "to", t->to);
    Day on = t->id ? t->to : t->from;
    return file(c, "tenure", t->id, t->version, t->org->id, on <= c->today ? on : 0, b, whole,
                &t->id, e);
}

bool work_roster_file(Call *c, Plan *p, Err *e)
{
    Roster *r = p->roster;
    for (size_t i = 0; i < p->n_orgs; i++)
        p->orgs[i]->mark = 0;
    for (size_t i = 0; i < p->n_orgs; i++)
        if (!org_file_from_top(c, p, p->orgs[i], e))
            return false;
    for (size_t i = 0; i < r->n; i++) {
        RosterRow *row = &r->rows[i];
        if (!live(row) || row->kind != ROSTER_PEOPLE)
            continue;
        if ((row->about_person && !person_file(c, p, row->person, e)) ||
            (row->tenure && !tenure_file(c, p, row->tenure, e)))
            return err_note(e, "row %d", row->number);
    }
    return true;
}
