/* What each row of a roster means for what is stored. Everything stored is read once into tables by
 * code, number and name, so that a row costs the same however long the roster is.
 *
 * Who somebody is: the system's id, else the staff number, else name, organisation and month of
 * birth together. Whatever is only similar is asked, never guessed. */
#include "work/record.h"
#include "work/roster.h"

#include <stdlib.h>
#include <string.h>

enum { LOAD_PAGE = 20000 };

#define KEEPERS (ROLE_BIT(ROLE_SEC_ADMIN) | ROLE_BIT(ROLE_ORGANISER_CLERK))

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "名册"));
}

/* --- loading what is stored ----------------------------------------------------------------- */

static Str key_of(Plan *p, int64_t n)
{
    return arena_text(p->a, "%lld", (long long)n);
}

static RosterOrg *org_new(Plan *p)
{
    RosterOrg *o = ARENA_NEW(p->a, RosterOrg);
    if (!o || !ARENA_PUSH(p->a, p->orgs, p->n_orgs, p->cap_orgs))
        return NULL;
    o->no = p->n_orgs;
    o->founded = o->ended = o->term_end = DAY_NONE;
    p->orgs[p->n_orgs++] = o;
    return o;
}

static RosterPerson *person_new(Plan *p, Str name)
{
    RosterPerson *x = ARENA_NEW(p->a, RosterPerson);
    if (!x || !ARENA_PUSH(p->a, p->people, p->n_people, p->cap_people))
        return NULL;
    x->no = p->n_people;
    x->member = x->infirm = x->away = -1;
    x->joined = DAY_NONE;
    x->name = name;
    x->next = map_get(&p->name, name);
    p->people[p->n_people++] = x;
    return map_put(&p->name, name, x) ? x : NULL;
}

static Str tenure_key(Plan *p, const RosterPerson *x, const RosterOrg *o, Str post, Day from)
{
    return arena_text(p->a, "%zu.%zu.%.*s.%d", x->no, o->no, STR(post), (int)from);
}

static bool load_org(Plan *p, const Fact *f)
{
    RosterOrg *o = org_new(p);
    if (!o)
        return false;
    o->id = f->subject;
    o->version = f->id;
    o->body = f->body;
    o->code = fact_str(p->a, f, "code");
    o->name = fact_str(p->a, f, "name");
    o->kind = fact_str(p->a, f, "kind");
    o->sector = fact_str(p->a, f, "sector");
    o->founded = fact_day(f, "founded");
    o->ended = fact_day(f, "ended");
    o->term_end = fact_day(f, "term_end");
    return map_put(&p->org_code, o->code, o) && map_put(&p->org_id, key_of(p, o->id), o);
}

static int flag_of(const Fact *f, const char *name)
{
    return fact_json(f, name).n ? fact_bool(f, name) : -1;
}

static bool load_person(Plan *p, const Fact *f)
{
    RosterPerson *x = person_new(p, fact_str(p->a, f, "name"));
    if (!x)
        return false;
    x->id = f->subject;
    x->version = f->id;
    x->body = f->body;
    x->staff_no = fact_str(p->a, f, "staff_no");
    x->birth = fact_str(p->a, f, "birth");
    x->member = flag_of(f, "member");
    x->infirm = flag_of(f, "infirm");
    x->away = flag_of(f, "away");
    x->state = fact_str(p->a, f, "member_state");
    x->joined = fact_day(f, "joined");
    x->org = map_get(&p->org_id, key_of(p, fact_int(f, "org")));
    return map_put(&p->person_id, key_of(p, x->id), x) &&
           (x->staff_no.n == 0 || map_put(&p->staff_no, x->staff_no, x));
}

static bool load_tenure(Plan *p, const Fact *f)
{
    RosterPerson *x = map_get(&p->person_id, key_of(p, fact_int(f, "person")));
    RosterOrg *o = map_get(&p->org_id, key_of(p, fact_int(f, "org")));
    RosterTenure *t = ARENA_NEW(p->a, RosterTenure);
    if (!t)
        return false;
    if (!x || !o)
        return true;
    *t = (RosterTenure){ .id = f->subject, .version = f->id, .body = f->body, .person = x, .org = o,
                         .post = fact_str(p->a, f, "post"), .from = fact_day(f, "from"),
                         .to = fact_day(f, "to") };
    if (str_is(t->post, "secretary") && t->to == DAY_NONE)
        o->secretary = x;
    return map_put(&p->tenure, tenure_key(p, x, o, t->post, t->from), t);
}

static bool load(Plan *p, Call *c, const char *kind, bool (*take)(Plan *, const Fact *), Err *e)
{
    FactFilter f = { .kind = str_of(kind), .limit = LOAD_PAGE };
    FactList l;
    do {
        if (!fact_list(&l, p->a, c->tx, &f, e))
            return false;
        for (size_t i = 0; i < l.n; i++)
            if (!take(p, &l.items[i]))
                return no_memory(e);
        if (l.n)
            f.after = l.items[l.n - 1].subject;
    } while (l.n == LOAD_PAGE);
    return true;
}

static bool load_all(Plan *p, Call *c, Err *e)
{
    if (!load(p, c, "org", load_org, e) || !load(p, c, "person", load_person, e) ||
        !load(p, c, "tenure", load_tenure, e))
        return false;
    for (size_t i = 0; i < p->n_orgs; i++) {
        Fact f = { .body = p->orgs[i]->body };
        int64_t up = fact_int(&f, "parent");
        p->orgs[i]->was = p->orgs[i]->parent = up ? map_get(&p->org_id, key_of(p, up)) : NULL;
    }
    return true;
}

/* --- cells ---------------------------------------------------------------------------------- */

/* A value of a list by its title or itself; refused with the choices when it has none such. */
static bool choice(Str *out, Call *c, RosterRow *row, int column, const char *list)
{
    const List *l = pack_list(call_rules(c), str_of(list));
    Str text = row->cell[column], all = STRC("");
    for (size_t i = 0; l && i < l->n_items; i++) {
        if (str_eq(l->items[i].title, text) || str_eq(l->items[i].value, text)) {
            *out = l->items[i].value;
            return true;
        }
        all = arena_text(c->a, "%.*s%s%.*s", STR(all), i ? "、" : "", STR(l->items[i].title));
    }
    ROSTER_REFUSE(c, row, column, ERR_FIELD_CHOICE,
                  err_hole("field", work_roster_columns(row->kind)[column].title),
                  err_hole("text", text), err_hole("choices", all));
    return false;
}

/* Empty keeps what is stored. A time of day behind a date is dropped. */
static bool day_cell(Day *out, Call *c, RosterRow *row, int column)
{
    Str text = row->cell[column], head = text, tail;
    Err why = { 0 };
    if (text.n == 0)
        return true;
    if (text.n > 10 && str_cut(text, STRC("00:00"), &head, &tail))
        text = head;
    if (day_read_loose(out, text, &why))
        return true;
    work_roster_refuse(c, row, column, &why);
    return false;
}

/* 1980-05, 1980.5, 198005, 1980年5月, also with a day behind. */
static bool month_cell(Str *out, Call *c, RosterRow *row, int column)
{
    Str text = row->cell[column];
    Day d = DAY_NONE;
    int64_t digits;
    if (text.n == 0)
        return true;
    if (text.n == 6 && str_int(text, &digits))
        row->cell[column] = arena_text(c->a, "%.*s-%.*s", 4, text.p, 2, text.p + 4);
    if (!day_cell(&d, c, row, column))
        return false;
    DayParts at = day_parts(d);
    *out = arena_text(c->a, "%04d-%02d", at.year, at.month);
    return true;
}

static bool flag_cell(int *out, Call *c, RosterRow *row, int column)
{
    static const char *const yes[] = { "是", "党员", "中共党员", "Y", "y", "√", "1", "TRUE" };
    static const char *const no[] = { "否", "群众", "N", "n", "×", "0", "FALSE" };
    Str text = row->cell[column];
    if (text.n == 0)
        return true;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (str_is(text, yes[i]))
            return *out = 1, true;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (str_is(text, no[i]))
            return *out = 0, true;
    ROSTER_REFUSE(c, row, column, ERR_FIELD_CHOICE,
                  err_hole("field", work_roster_columns(row->kind)[column].title),
                  err_hole("text", text), err_hole("choices", "是、否"));
    return false;
}

/* Required cells stand there, and texts fit their fields. */
static bool filled(Call *c, RosterRow *row)
{
    enum { NAME_POINTS = 100, WORD_POINTS = 40 };
    const RosterColumn *columns = work_roster_columns(row->kind);
    for (int i = 0; i < work_roster_width(row->kind); i++) {
        size_t max = row->kind == ROSTER_ORGS && i == ORG_NAME ? NAME_POINTS : WORD_POINTS;
        size_t n = str_points(row->cell[i]);
        if (columns[i].required && n == 0)
            ROSTER_REFUSE(c, row, i, ERR_FIELD_MISSING, err_hole("field", columns[i].title));
        else if (n > max)
            ROSTER_REFUSE(c, row, i, ERR_FIELD_LONG, err_hole("field", columns[i].title),
                          err_hole("max", max), err_hole("n", n));
        else
            continue;
        return false;
    }
    return true;
}

/* --- organisations -------------------------------------------------------------------------- */

/* The organisation a row is about: by the system's id, else by its code, else a new one. */
static bool org_find(RosterOrg **out, Plan *p, Call *c, RosterRow *row)
{
    RosterOrg *by_code = map_get(&p->org_code, row->cell[ORG_CODE]), *o = by_code;
    if (row->cell[ORG_ID].n) {
        o = map_get(&p->org_id, row->cell[ORG_ID]);
        if (!o) {
            ROSTER_REFUSE(c, row, ORG_ID, ERR_ROSTER_ID, err_hole("text", row->cell[ORG_ID]));
            return false;
        }
        if (by_code && by_code != o) {
            ROSTER_REFUSE(c, row, ORG_CODE, ERR_ROSTER_CODE_TAKEN,
                          err_hole("code", row->cell[ORG_CODE]), err_hole("name", by_code->name));
            return false;
        }
    }
    if (o && o->row) {
        ROSTER_REFUSE(c, row, ORG_CODE, ERR_ROSTER_TWICE, err_hole("row", o->row->number));
        return false;
    }
    *out = o;
    return true;
}

static bool org_same(const RosterOrg *a, const RosterOrg *b)
{
    return str_eq(a->code, b->code) && str_eq(a->name, b->name) && str_eq(a->kind, b->kind) &&
           str_eq(a->sector, b->sector) && a->founded == b->founded && a->ended == b->ended &&
           a->term_end == b->term_end;
}

/* Everything of the row but its parent. */
static bool org_row(Plan *p, Call *c, RosterRow *row)
{
    RosterOrg *o, now = { .founded = DAY_NONE, .ended = DAY_NONE, .term_end = DAY_NONE };
    if (!filled(c, row) || !org_find(&o, p, c, row))
        return true;
    if (o)
        now = *o;
    now.code = row->cell[ORG_CODE];
    now.name = row->cell[ORG_NAME];
    if (!choice(&now.kind, c, row, ORG_KIND, "org_kind") ||
        (row->cell[ORG_SECTOR].n && !choice(&now.sector, c, row, ORG_SECTOR, "sector")) ||
        !day_cell(&now.founded, c, row, ORG_FOUNDED) ||
        !day_cell(&now.ended, c, row, ORG_ENDED) ||
        !day_cell(&now.term_end, c, row, ORG_TERM_END))
        return true;
    row->state = !o ? ROSTER_NEW : org_same(o, &now) ? ROSTER_SAME : ROSTER_CHANGED;
    size_t no = o ? o->no : p->n_orgs;
    if (!o && !(o = org_new(p)))
        return false;
    *o = now;
    o->no = no;
    o->row = row;
    row->org = o;
    return map_put(&p->org_code, o->code, o);
}

static bool usable(const RosterOrg *o)
{
    return o->id || (o->row && o->row->state != ROSTER_REFUSED);
}

/* Back to what is stored, when its row is refused after all. */
static void org_refuse(Call *c, RosterOrg *o, const Err *why)
{
    work_roster_refuse(c, o->row, ORG_PARENT, why);
    o->parent = o->was;
}

static void parent_set(Plan *p, Call *c, RosterOrg *o)
{
    Str code = o->row->cell[ORG_PARENT];
    Err why = { 0 };
    if (code.n == 0)
        return;
    RosterOrg *up = map_get(&p->org_code, code);
    if (!up || !usable(up)) {
        (void)err_fail(&why, ERR_ROSTER_PARENT, err_hole("code", code));
        org_refuse(c, o, &why);
        return;
    }
    o->parent = up;
    if (up != o->was && o->row->state == ROSTER_SAME)
        o->row->state = ROSTER_CHANGED;
}

/* Every row on the circle that one of them has closed is refused; false when there is none left. */
static bool circle_refuse(Call *c, RosterOrg *from)
{
    Str names = STRC("");
    Err why = { 0 };
    RosterOrg *o = from;
    int n = 0;
    bool any = false;
    do {
        if (n++ < 6)
            names = arena_text(c->a, "%.*s%s%.*s", STR(names), n > 1 ? "、" : "", STR(o->name));
        o = o->parent;
    } while (o != from);
    (void)err_fail(&why, ERR_ROSTER_CIRCLE, err_hole("names", names));
    do {
        RosterOrg *up = o->parent;
        if (o->row && o->row->state != ROSTER_REFUSED) {
            org_refuse(c, o, &why);
            any = true;
        }
        o = up;
    } while (o != from);
    return any;
}

/* Walks up from one; marks: 0 not seen, this walk's number, -1 fine. True: a row was refused. */
static bool climb(Call *c, RosterOrg *start, int walk)
{
    RosterOrg *o = start;
    for (; o && o->mark == 0; o = o->parent) {
        o->mark = walk;
        if (o->row && o->row->state != ROSTER_REFUSED && o->parent && !usable(o->parent)) {
            Err why = { 0 };
            (void)err_fail(&why, ERR_ROSTER_PARENT, err_hole("code", o->parent->code));
            org_refuse(c, o, &why);
            return true;
        }
    }
    if (o && o->mark == walk)
        return circle_refuse(c, o);
    for (o = start; o && o->mark == walk; o = o->parent)
        o->mark = -1;
    return false;
}

/* A refused row may take others with it, so it is gone over again until nothing changes. */
static void tree_check(Plan *p, Call *c)
{
    bool again = true;
    while (again) {
        again = false;
        for (size_t i = 0; i < p->n_orgs; i++)
            p->orgs[i]->mark = 0;
        for (size_t i = 0; i < p->n_orgs; i++)
            again |= climb(c, p->orgs[i], (int)i + 1);
    }
}

/* May the caller keep the roster there? A new organisation is judged by the one above it. */
static bool allowed(Call *c, RosterOrg *o)
{
    RosterOrg *at = o;
    while (at && at->allowed == 0 && at->id == 0)
        at = at->parent;
    int may = at && at->allowed ? at->allowed
                                : call_can(c, KEEPERS, at ? at->id : 0) ? 1 : -1;
    for (; o != at; o = o->parent)
        o->allowed = may;
    if (at)
        at->allowed = may;
    return may > 0;
}

static bool orgs_plan(Plan *p, Call *c, Err *e)
{
    Roster *r = p->roster;
    for (size_t i = 0; i < r->n; i++)
        if (r->rows[i].kind == ROSTER_ORGS && r->rows[i].state != ROSTER_REFUSED &&
            !org_row(p, c, &r->rows[i]))
            return no_memory(e);
    for (size_t i = 0; i < p->n_orgs; i++)
        if (p->orgs[i]->row)
            parent_set(p, c, p->orgs[i]);
    tree_check(p, c);
    for (size_t i = 0; i < p->n_orgs; i++) {
        RosterOrg *o = p->orgs[i];
        bool moved = o->parent != o->was && o->parent;
        if (!o->row || o->row->state == ROSTER_REFUSED || o->row->state == ROSTER_SAME)
            continue;
        if (!allowed(c, o) || (moved && !allowed(c, o->parent)))
            ROSTER_REFUSE(c, o->row, ORG_CODE, ERR_ROSTER_FORBIDDEN);
    }
    tree_check(p, c); /* what hung on those without permission */
    return true;
}

/* --- who somebody is ------------------------------------------------------------------------ */

typedef struct PersonRow {          /* one row, understood */
    Str name, staff_no, birth, state, post;
    int member, infirm, away;
    Day joined;
    RosterOrg *org;
    Day from, to;
} PersonRow;

static bool has_tenure(Plan *p, const RosterPerson *x, const PersonRow *in)
{
    return in->post.n && in->from != DAY_NONE &&
           map_get(&p->tenure, tenure_key(p, x, in->org, in->post, in->from));
}

static bool candidate_add(Plan *p, RosterRow *row, RosterPerson *x)
{
    if (row->n_candidates == ROSTER_CANDIDATES_MAX)
        return true;
    if (!row->candidates)
        row->candidates = ARENA_ARRAY(p->a, RosterPerson *, ROSTER_CANDIDATES_MAX);
    if (!row->candidates)
        return false;
    row->candidates[row->n_candidates++] = x;
    return true;
}

/* Could this be him? Not when both months of birth or both staff numbers are known and differ. */
static bool similar(const RosterPerson *x, const PersonRow *in)
{
    if (x->birth.n && in->birth.n && !str_eq(x->birth, in->birth))
        return false;
    return !(x->staff_no.n && in->staff_no.n);
}

/* By name: *out is the one who surely is it; the others are candidates of the row. */
static bool by_name(RosterPerson **out, Plan *p, RosterRow *row, const PersonRow *in)
{
    size_t sure = 0;
    *out = NULL;
    for (RosterPerson *x = map_get(&p->name, in->name); x; x = x->next) {
        if (!similar(x, in))
            continue;
        bool same = !in->staff_no.n && x->org == in->org && in->birth.n &&
                    str_eq(x->birth, in->birth);
        if (same || (!in->staff_no.n && has_tenure(p, x, in))) {
            *out = x;
            sure++;
        }
        if (!candidate_add(p, row, x))
            return false;
    }
    if (sure == 1) {
        row->n_candidates = 0;
        return true;
    }
    *out = NULL;
    return true;
}

static Str candidate_name(Plan *p, const RosterPerson *x)
{
    Str org = x->org ? x->org->name : STRC("?");
    return arena_text(p->a, "%.*s的%.*s", STR(org), STR(x->name));
}

static Str candidate_names(Plan *p, const RosterRow *row)
{
    Str all = STRC("");
    for (size_t i = 0; i < row->n_candidates; i++)
        all = arena_text(p->a, "%.*s%s%.*s", STR(all), i ? "、" : "",
                         STR(candidate_name(p, row->candidates[i])));
    return all;
}

/* What the person at the screen chose: "new", a system id, or "k" and the key of another row. */
static bool answered(RosterPerson **out, bool *found, Plan *p, const RosterRow *row, Err *e)
{
    const Str *answer = map_get(&p->answer, key_of(p, row->key));
    *found = answer != NULL;
    *out = NULL;
    if (!answer || str_is(*answer, "new"))
        return true;
    for (size_t i = 0; i < row->n_candidates; i++) {
        RosterPerson *x = row->candidates[i];
        Str name = x->id ? key_of(p, x->id)
                         : arena_text(p->a, "k%lld", (long long)(x->row ? x->row->key : 0));
        if (str_eq(*answer, name)) {
            *out = x;
            return true;
        }
    }
    return err_fail(e, ERR_ROSTER_ANSWER, err_hole("row", row->number), err_hole("text", *answer));
}

/* *go: the row is understood; *out NULL then means somebody new. */
static bool person_find(RosterPerson **out, bool *go, Plan *p, Call *c, RosterRow *row,
                        const PersonRow *in, Err *e)
{
    bool is_answered;
    *go = false;
    *out = NULL;
    if (row->cell[PER_ID].n) {
        *out = map_get(&p->person_id, row->cell[PER_ID]);
        *go = *out != NULL;
        if (!*go)
            ROSTER_REFUSE(c, row, PER_ID, ERR_ROSTER_ID, err_hole("text", row->cell[PER_ID]));
        return true;
    }
    if (in->staff_no.n && (*out = map_get(&p->staff_no, in->staff_no))) {
        *go = str_eq((*out)->name, in->name);
        if (!*go)
            ROSTER_REFUSE(c, row, PER_STAFF, ERR_ROSTER_STAFF, err_hole("text", in->staff_no),
                          err_hole("name", (*out)->name));
        return true;
    }
    if (!in->staff_no.n && !in->birth.n) {
        ROSTER_REFUSE(c, row, PER_STAFF, ERR_ROSTER_PERSON);
        return true;
    }
    if (!by_name(out, p, row, in))
        return no_memory(e);
    *go = true;
    if (*out || row->n_candidates == 0)
        return true;
    if (!answered(out, &is_answered, p, row, e))
        return false;
    if (!is_answered) {
        ROSTER_REFUSE(c, row, PER_NAME, ERR_ROSTER_ASK, err_hole("names", candidate_names(p, row)));
        row->state = ROSTER_ASK;
        *go = false;
    }
    return true;
}

/* --- people --------------------------------------------------------------------------------- */

static bool post_read(PersonRow *in, Call *c, RosterRow *row)
{
    if (row->cell[PER_POST].n == 0)
        return true;
    if (!choice(&in->post, c, row, PER_POST, "post") ||
        !day_cell(&in->from, c, row, PER_FROM) || !day_cell(&in->to, c, row, PER_TO))
        return false;
    if (in->from == DAY_NONE && str_is(in->post, "member")) { /* an ordinary member: no post */
        in->post = STRC("");
        in->member = in->member < 0 ? 1 : in->member;
        return true;
    }
    if (in->from == DAY_NONE) {
        ROSTER_REFUSE(c, row, PER_FROM, ERR_ROSTER_FROM, err_hole("post", row->cell[PER_POST]));
        return false;
    }
    if (in->to != DAY_NONE && in->to < in->from) {
        ROSTER_REFUSE(c, row, PER_TO, ERR_DAYS_ORDER, err_hole("from", day_print(c->a, in->from)),
                      err_hole("to", day_print(c->a, in->to)));
        return false;
    }
    return true;
}

static bool person_read(PersonRow *in, Plan *p, Call *c, RosterRow *row)
{
    *in = (PersonRow){ .name = row->cell[PER_NAME], .staff_no = row->cell[PER_STAFF],
                       .member = -1, .infirm = -1, .away = -1, .joined = DAY_NONE,
                       .from = DAY_NONE, .to = DAY_NONE };
    if (!filled(c, row) || !month_cell(&in->birth, c, row, PER_BIRTH) ||
        !flag_cell(&in->member, c, row, PER_MEMBER) ||
        (row->cell[PER_STATE].n && !choice(&in->state, c, row, PER_STATE, "member_state")) ||
        !day_cell(&in->joined, c, row, PER_JOINED) ||
        !flag_cell(&in->infirm, c, row, PER_INFIRM) || !flag_cell(&in->away, c, row, PER_AWAY) ||
        !post_read(in, c, row))
        return false;
    in->org = map_get(&p->org_code, row->cell[PER_ORG]);
    if (!in->org || !usable(in->org))
        ROSTER_REFUSE(c, row, PER_ORG, ERR_ROSTER_PARENT, err_hole("code", row->cell[PER_ORG]));
    else if (!allowed(c, in->org))
        ROSTER_REFUSE(c, row, PER_ORG, ERR_ROSTER_FORBIDDEN);
    return row->state != ROSTER_REFUSED;
}

static bool differs(Call *c, RosterRow *row, const RosterPerson *x, int column, Str was, Str is)
{
    if (is.n == 0 || was.n == 0 || str_eq(was, is))
        return false;
    ROSTER_REFUSE(c, row, column, ERR_ROSTER_DIFFERS, err_hole("row", x->row->number),
                  err_hole("column", work_roster_columns(ROSTER_PEOPLE)[column].title));
    return true;
}

/* A second row about someone says the same of him, and tells of another post. */
static bool second_row(Call *c, RosterRow *row, const RosterPerson *x, const PersonRow *in)
{
    if (differs(c, row, x, PER_BIRTH, x->birth, in->birth) ||
        differs(c, row, x, PER_STAFF, x->staff_no, in->staff_no))
        return false;
    if (in->post.n == 0) {
        ROSTER_REFUSE(c, row, PER_NAME, ERR_ROSTER_TWICE, err_hole("row", x->row->number));
        return false;
    }
    return true;
}

static bool take_text(Str *slot, Str is)
{
    if (is.n == 0 || str_eq(*slot, is))
        return false;
    *slot = is;
    return true;
}

static bool take_flag(int *slot, int is)
{
    if (is < 0 || is == *slot)
        return false;
    *slot = is;
    return true;
}

/* The first row about someone decides what is said of him; empty cells keep what is stored. */
static bool first_row(bool *ok, Plan *p, Call *c, RosterRow *row, RosterPerson *x,
                      const PersonRow *in)
{
    RosterPerson *other = in->staff_no.n ? map_get(&p->staff_no, in->staff_no) : NULL;
    bool changed = x->id == 0;
    *ok = !other || other == x;
    if (!*ok) {
        ROSTER_REFUSE(c, row, PER_STAFF, ERR_ROSTER_STAFF, err_hole("text", in->staff_no),
                      err_hole("name", other->name));
        return true;
    }
    /* Someone in another organisation is moved only by whoever keeps the roster there too. */
    if (x->id && x->org != in->org && x->org && !allowed(c, x->org)) {
        ROSTER_REFUSE(c, row, PER_ORG, ERR_ROSTER_FORBIDDEN);
        *ok = false;
        return true;
    }
    changed |= take_text(&x->name, in->name);
    changed |= take_text(&x->staff_no, in->staff_no);
    changed |= take_text(&x->birth, in->birth);
    changed |= take_flag(&x->member, in->member);
    changed |= take_flag(&x->infirm, in->infirm);
    changed |= take_flag(&x->away, in->away);
    changed |= take_text(&x->state, in->state);
    if (in->joined != DAY_NONE && in->joined != x->joined) {
        x->joined = in->joined;
        changed = true;
    }
    if (x->org != in->org) {
        x->org = in->org;
        changed = true;
    }
    x->row = row;
    row->about_person = changed;
    row->state = x->id == 0 ? ROSTER_NEW : changed ? ROSTER_CHANGED : ROSTER_SAME;
    return x->staff_no.n == 0 || map_put(&p->staff_no, x->staff_no, x);
}

static bool tenure_row(Plan *p, Call *c, RosterRow *row, RosterPerson *x, const PersonRow *in)
{
    if (in->post.n == 0)
        return true;
    Str key = tenure_key(p, x, in->org, in->post, in->from);
    RosterTenure *t = map_get(&p->tenure, key);
    if (t && t->row) {
        ROSTER_REFUSE(c, row, PER_POST, ERR_ROSTER_TWICE, err_hole("row", t->row->number));
        return true;
    }
    if (t) {
        t->row = row;
        row->tenure = t;
        if (in->to != DAY_NONE && in->to != t->to) {
            t->to = in->to;
            if (in->org->secretary == x && str_is(t->post, "secretary"))
                in->org->secretary = NULL;
            row->state = row->state == ROSTER_NEW ? ROSTER_NEW : ROSTER_CHANGED;
        } else {
            row->tenure = NULL;
        }
        return true;
    }
    if (!(t = ARENA_NEW(p->a, RosterTenure)))
        return false;
    *t = (RosterTenure){ .person = x, .org = in->org, .post = in->post, .from = in->from,
                         .to = in->to, .row = row };
    row->tenure = t;
    if (row->state == ROSTER_SAME)
        row->state = x->row == row ? ROSTER_CHANGED : ROSTER_NEW;
    return map_put(&p->tenure, key, t);
}

static bool person_row(Plan *p, Call *c, RosterRow *row, Err *e)
{
    PersonRow in;
    RosterPerson *x;
    bool go, ok = true;
    if (!person_read(&in, p, c, row))
        return true;
    if (!person_find(&x, &go, p, c, row, &in, e))
        return false;
    if (!go)
        return true;
    if (x && x->row) {
        ok = second_row(c, row, x, &in);
        if (ok)
            row->state = ROSTER_SAME;
    } else {
        if (!x && !(x = person_new(p, in.name)))
            return no_memory(e);
        if (!first_row(&ok, p, c, row, x, &in))
            return no_memory(e);
    }
    row->person = x;
    return !ok || tenure_row(p, c, row, x, &in) || no_memory(e);
}

/* --- the plan ------------------------------------------------------------------------------- */

/* "12:new,15:88123,18:k12" */
static bool answers_read(Plan *p, Err *e)
{
    Str rest = p->answers, one, key, value;
    bool more = rest.n > 0;
    while (more) {
        more = str_cut(rest, STRC(","), &one, &rest);
        Str *kept = ARENA_NEW(p->a, Str);
        if (!kept)
            return no_memory(e);
        if (!str_cut(one, STRC(":"), &key, &value))
            return err_fail(e, ERR_ROSTER_ANSWER, err_hole("row", one), err_hole("text", one));
        *kept = value;
        if (!map_put(&p->answer, key, kept))
            return no_memory(e);
    }
    return true;
}

/* A new secretary where the one before has not left: accepted, and said. Ends may stand anywhere in
 * the file, so this waits until all of it is known. */
static void secretary_note(Plan *p, RosterRow *row)
{
    const RosterTenure *t = row->tenure;
    if (!t || t->to != DAY_NONE || !str_is(t->post, "secretary"))
        return;
    const RosterPerson *before = t->org->secretary;
    if (before && before != t->person)
        row->note = arena_text(p->a, "“%.*s”已有书记%.*s没有离任日期；请核对并补填离任日期",
                               STR(t->org->name), STR(before->name));
    t->org->secretary = t->person;
}

bool work_roster_plan(Plan *p, Call *c, Roster *r, Str answers, Err *e)
{
    Arena *a = r->a;
    *p = (Plan){ .roster = r, .a = a, .answers = answers, .answer = map_open(a),
                 .org_code = map_open(a), .org_id = map_open(a), .staff_no = map_open(a),
                 .person_id = map_open(a), .name = map_open(a), .tenure = map_open(a) };
    if (!answers_read(p, e) || !load_all(p, c, e) || !orgs_plan(p, c, e))
        return false;
    for (size_t i = 0; i < r->n; i++)
        if (r->rows[i].kind == ROSTER_PEOPLE && r->rows[i].state != ROSTER_REFUSED &&
            !person_row(p, c, &r->rows[i], e))
            return false;
    for (size_t i = 0; i < r->n; i++)
        secretary_note(p, &r->rows[i]);
    for (size_t i = 0; i < r->n; i++)
        p->count[r->rows[i].kind][r->rows[i].state]++;
    return !arena_refused(a) || no_memory(e);
}
