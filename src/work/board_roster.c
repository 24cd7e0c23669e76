/* Organisations, people, posts, waivers and settings in the board: who was what from which day. */
#include "work/board_in.h"

#include <stdio.h>
#include <string.h>

/* A range that holds on no day: what was struck. */
static void never(Day *from, Day *to)
{
    *from = day_make(1, 1, 2);
    *to = day_make(1, 1, 1);
}

static bool full(const Board *b, Err *e)
{
    return !arena_refused(b->words) || err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
}

/* --- organisations -------------------------------------------------------------------------- */

static BoardOrg *org_get(Board *b, int64_t id, Err *e)
{
    BoardSlot *s = work_board_slot(&b->org_table, 0, id, false, e);
    return s ? &b->orgs[s->org] : NULL;
}

static bool org_new(BoardOrg **out, Board *b, int64_t id, Err *e)
{
    BoardSlot *s = work_board_slot(&b->org_table, 0, id, true, e);
    if (!s || !BOARD_ROOM(b->orgs, b->n_orgs, b->cap_orgs, e))
        return false;
    s->org = (uint32_t)b->n_orgs;
    b->orgs[b->n_orgs] = (BoardOrg){ .id = id };
    *out = &b->orgs[b->n_orgs++];
    return true;
}

static RuleOrg org_row(Board *b, const Fact *f)
{
    return (RuleOrg){ .name = fact_str(b->words, f, "name"), .code = fact_str(b->words, f, "code"),
                      .kind = fact_str(b->words, f, "kind"),
                      .sector = fact_str(b->words, f, "sector"), .parent = fact_int(f, "parent"),
                      .founded = fact_day(f, "founded"), .ended = fact_day(f, "ended"),
                      .term_end = fact_day(f, "term_end") };
}

/* What was first said of it holds from the beginning: a roster is brought in long after. */
static bool org_fold(Board *b, const Fact *f, Err *e)
{
    BoardOrg *o = org_get(b, f->subject, e);
    if (!o && !org_new(&o, b, f->subject, e))
        return false;
    o->stamp = b->stamp;
    b->tree_changed = true;
    o->gone = leaf_is_strike(f);
    if (o->gone)
        return true;
    RuleOrg row = org_row(b, f);
    size_t n = o->n_rows;
    row.from = n ? f->occurred_on : DAY_NONE;
    while (n && o->rows[n - 1].from != DAY_NONE && o->rows[n - 1].from >= row.from)
        n--;
    if (n == 1 && f->corrects)
        row.from = DAY_NONE, n = 0;
    if (!BOARD_ROOM(o->rows, n, o->cap_rows, e))
        return false;
    o->rows[n] = row;
    o->n_rows = n + 1;
    o->parent = row.parent;
    return full(b, e);
}

/* --- people --------------------------------------------------------------------------------- */

/* A member of the body: of a string its text. One pass over the body finds all of them. */
static Str member(Board *b, const LeafField *fields, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(fields[i].name, name)) {
            Str v = fields[i].value;
            bool plain = v.n >= 2 && v.p[0] == '"' && !memchr(v.p, '\\', v.n);
            Fact f = { .body = STRC("") };
            if (plain || v.n < 2 || v.p[0] != '"')
                return plain ? str_sub(v, 1, v.n - 2) : v;
            f.body = arena_text(b->words, "{\"%s\":%.*s}", name, STR(v));
            return fact_str(b->words, &f, name);
        }
    return STRC("");
}

static Day day_of(Str text)
{
    Day d;
    Err none;
    return text.n && day_read(&d, text, &none) ? d : DAY_NONE;
}

static RulePerson person_row(Board *b, const Fact *f)
{
    LeafField x[LEAF_FIELDS_MAX];
    size_t n = 0;
    Err none;
    int64_t org = 0;
    char first[16];
    if (!leaf_split(x, &n, f->body, &none))
        n = 0;
    Str birth = member(b, x, n, "birth"), state = member(b, x, n, "member_state");
    if (!state.n) /* rosters from before there were states say only whether he is a member */
        state = str_is(member(b, x, n, "member"), "true") ? STRC("full") : STRC("none");
    if (!str_int(member(b, x, n, "org"), &org))
        org = 0;
    int len = birth.n == 7 ? snprintf(first, sizeof first, "%.*s-01", STR(birth)) : 0;
    return (RulePerson){ .id = f->subject, .from = DAY_NONE, .to = DAY_NONE, .org = org,
                         .name = member(b, x, n, "name"), .member_state = state,
                         .joined = day_of(member(b, x, n, "joined")),
                         .born = day_of((Str){ first, (size_t)len }),
                         .infirm = str_is(member(b, x, n, "infirm"), "true"),
                         .away = str_is(member(b, x, n, "away"), "true") };
}

typedef struct Moved {
    Board *b;
    int64_t person;
    bool found;
} Moved;

static bool is_him(void *arg, int64_t id, Err *e)
{
    Moved *m = arg;
    (void)e;
    m->found |= id == m->person;
    return true;
}

/* Records of the organisation he leaves name him still. */
static bool take_along(Board *b, int64_t person, uint32_t from, Err *e)
{
    for (size_t i = 0; i < b->orgs[from].n_records; i++) {
        const RuleRecord *r = &b->orgs[from].records[i];
        const BoardForm *bf = map_get(&b->forms, r->form->name);
        Moved m = { b, person, false };
        Str v;
        for (size_t k = 0; bf && k < bf->n_names; k++)
            if (leaf_get(&v, r->body, bf->names[k]) && !work_board_ids(v, is_him, &m, e))
                return false;
        if (m.found && !work_board_name(b, person, from, (uint32_t)i, e))
            return false;
    }
    return true;
}

static bool person_push(Board *b, BoardSlot *s, uint32_t org, const RulePerson *row, Err *e)
{
    BoardOrg *o = &b->orgs[org];
    if (!BOARD_ROOM(o->people, o->n_people, o->cap_people, e))
        return false;
    s->org = org;
    s->at = (uint32_t)o->n_people;
    o->people[o->n_people++] = *row;
    o->stamp = b->stamp;
    return true;
}

static bool person_fold(Board *b, const Fact *f, Err *e)
{
    BoardSlot *s = work_board_slot(&b->people_table, 0, f->subject, false, e);
    RulePerson row = person_row(b, f);
    BoardSlot *so = work_board_slot(&b->org_table, 0, row.org, false, e);
    RulePerson *was = s ? &b->orgs[s->org].people[s->at] : NULL;
    if (was)
        b->orgs[s->org].stamp = b->stamp;
    if (leaf_is_strike(f) || !so) {
        if (was)
            never(&was->from, &was->to);
        return true;
    }
    if (!was)
        return (s = work_board_slot(&b->people_table, 0, f->subject, true, e)) &&
               person_push(b, s, so->org, &row, e) && full(b, e);
    uint32_t from = s->org;
    bool same_day = f->corrects || (was->from != DAY_NONE && was->from >= f->occurred_on);
    if (same_day && from == so->org) {
        row.from = was->from;
        *was = row;
        return full(b, e);
    }
    row.from = same_day ? was->from : f->occurred_on;
    if (same_day)
        never(&was->from, &was->to);
    else
        was->to = f->occurred_on - 1;
    return person_push(b, s, so->org, &row, e) &&
           (from == so->org || take_along(b, f->subject, from, e)) && full(b, e);
}

bool work_board_name(Board *b, int64_t person, uint32_t org, uint32_t at, Err *e)
{
    BoardSlot *s = work_board_slot(&b->people_table, 0, person, false, e);
    if (!s || s->org == org)
        return true;
    BoardOrg *o = &b->orgs[s->org];
    o->stamp = b->stamp;
    if (o->n_named && o->named[o->n_named - 1].org == org && o->named[o->n_named - 1].at == at)
        return true; /* one record names several of them */
    if (!BOARD_ROOM(o->named, o->n_named, o->cap_named, e))
        return false;
    o->named[o->n_named++] = (BoardNamed){ org, at };
    return true;
}

/* --- posts ---------------------------------------------------------------------------------- */

enum { TENURE = 60001, WAIVER, DUTY_SETTING, POINTS_SETTING }; /* beside the numbers of forms */

/* The place of a small thing in an array of its organisation; a new one when it moved there. */
static bool small_place(size_t *at, BoardOrg **org, Board *b, uint16_t kind, const Fact *f,
                        size_t n, Err *e)
{
    BoardSlot *s = work_board_thing(b, kind, f->subject);
    if (!s && !(s = work_board_thing_new(b, kind, f->subject, e)))
        return false;
    if (s->org != UINT32_MAX && &b->orgs[s->org] == *org) {
        *at = s->at;
        return true;
    }
    s->org = (uint32_t)(*org - b->orgs);
    s->at = (uint32_t)n;
    *at = n;
    return true;
}

/* Where the thing was before, when a later fact moves it to another organisation or strikes it. */
static BoardOrg *was_at(size_t *at, Board *b, uint16_t kind, const Fact *f)
{
    BoardSlot *s = work_board_thing(b, kind, f->subject);
    if (!s || s->org == UINT32_MAX)
        return NULL;
    *at = s->at;
    return &b->orgs[s->org];
}

static bool tenure_fold(Board *b, const Fact *f, Err *e)
{
    BoardOrg *o = leaf_is_strike(f) ? NULL : org_get(b, fact_int(f, "org"), e);
    size_t at;
    BoardOrg *was = was_at(&at, b, TENURE, f);
    if (was && was != o) {
        never(&was->tenures[at].from, &was->tenures[at].to);
        was->stamp = b->stamp;
    }
    if (!o)
        return true;
    if (!small_place(&at, &o, b, TENURE, f, o->n_tenures, e) ||
        !BOARD_ROOM(o->tenures, o->n_tenures, o->cap_tenures, e))
        return false;
    o->n_tenures += at == o->n_tenures;
    o->tenures[at] = (RuleTenure){ fact_int(f, "person"), fact_str(b->words, f, "post"),
                                   fact_day(f, "from"), fact_day(f, "to") };
    o->stamp = b->stamp;
    return full(b, e);
}

/* --- waivers and settings ------------------------------------------------------------------- */

static bool waiver_fold(Board *b, const Fact *f, Err *e)
{
    BoardOrg *o = leaf_is_strike(f) ? NULL : org_get(b, fact_int(f, "org"), e);
    size_t at;
    BoardOrg *was = was_at(&at, b, WAIVER, f);
    if (was && was != o) {
        never(&was->waivers[at].from, &was->waivers[at].to);
        was->stamp = b->stamp;
    }
    if (!o)
        return true;
    if (!small_place(&at, &o, b, WAIVER, f, o->n_waivers, e) ||
        !BOARD_ROOM(o->waivers, o->n_waivers, o->cap_waivers, e))
        return false;
    Day to = fact_day(f, "to"), ended = fact_day(f, "ended");
    o->n_waivers += at == o->n_waivers;
    o->waivers[at] = (RuleWaiver){ .id = f->subject, .duty = fact_str(b->words, f, "duty"),
                                   .person = fact_int(f, "person"),
                                   .thing = fact_int(f, "thing"), .from = fact_day(f, "from"),
                                   .to = ended != DAY_NONE && (to == DAY_NONE || ended < to)
                                             ? ended : to,
                                   .reason = fact_str(b->words, f, "reason") };
    o->stamp = b->stamp;
    return full(b, e);
}

static void setting_read(RuleSetting *s, Board *b, const Fact *f, const char *name)
{
    Str on = fact_json(f, "on"), force = fact_str(b->words, f, "force");
    *s = (RuleSetting){ .id = f->subject, .name = fact_str(b->words, f, name),
                        .from = fact_day(f, "from"),
                        .on = str_is(on, "true") ? RULE_ON
                              : str_is(on, "false") ? RULE_OFF : RULE_UNSAID,
                        .hard = str_is(force, "hard") ? RULE_HARD
                                : str_is(force, "soft") ? RULE_SOFT : RULE_AS_WRITTEN };
    s->has_least = fact_dec(&s->least, f, "at_least");
}

/* What an organisation sets holds for everything below it. */
static void stamp_below(Board *b, const BoardOrg *o)
{
    if (b->tree_changed || !b->n_order) /* nothing is judged before the tree stands */
        return;
    for (size_t i = o->rank; i <= o->last; i++)
        b->orgs[b->order[i]].stamp = b->stamp;
}

static bool setting_fold(Board *b, const Fact *f, bool points, Err *e)
{
    uint16_t kind = points ? POINTS_SETTING : DUTY_SETTING;
    BoardOrg *o = leaf_is_strike(f) ? NULL : org_get(b, fact_int(f, "org"), e);
    size_t at;
    BoardOrg *was = was_at(&at, b, kind, f);
    if (was && was != o) {
        was->settings[at].name = STRC("");
        stamp_below(b, was);
    }
    if (!o)
        return true;
    if (!small_place(&at, &o, b, kind, f, o->n_settings, e) ||
        !BOARD_ROOM(o->settings, o->n_settings, o->cap_settings, e))
        return false;
    o->n_settings += at == o->n_settings;
    setting_read(&o->settings[at], b, f, points ? "points" : "duty");
    stamp_below(b, o);
    return full(b, e);
}

static bool duty_fold(Board *b, const Fact *f, Err *e)
{
    return setting_fold(b, f, false, e);
}

static bool points_fold(Board *b, const Fact *f, Err *e)
{
    return setting_fold(b, f, true, e);
}

static const struct {
    Str kind;
    bool (*fold)(Board *b, const Fact *f, Err *e);
} kinds[] = {
    { S("person"), person_fold },       { S("tenure"), tenure_fold },
    { S("org"), org_fold },             { S("waiver"), waiver_fold },
    { S("duty_setting"), duty_fold },   { S("points_setting"), points_fold },
};

Str work_board_is_roster(Str kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(kind, kinds[i].kind))
            return kinds[i].kind;
    return STRC("");
}

bool work_board_roster(Board *b, const Fact *f, Err *e)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(f->kind, kinds[i].kind))
            return kinds[i].fold(b, f, e);
    return true;
}
