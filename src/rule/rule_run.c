/* The workspace: one unit, its records by form and day, and what it was on each day that is asked
 * about. Everything is worked out when it is first asked for. */
#include "rule/rule_in.h"

#include <stdlib.h>
#include <string.h>

bool rule_run_memory(RuleRun *r)
{
    return err_fail(r->e, ERR_NO_MEMORY, err_hole("what", "规则计算"));
}

/* --- records -------------------------------------------------------------------------------- */
static int by_day(const void *x, const void *y)
{
    const RuleRecord *a = (*(RuleRow *const *)x)->r, *b = (*(RuleRow *const *)y)->r;
    return a->on != b->on ? (a->on > b->on) - (a->on < b->on)
                          : (a->subject > b->subject) - (a->subject < b->subject);
}

static void sort_rows(RuleRows *rows)
{
    for (size_t i = 1; i < rows->n; i++)
        if (by_day(&rows->items[i - 1], &rows->items[i]) > 0) {
            qsort(rows->items, rows->n, sizeof *rows->items, by_day);
            return;
        }
}

size_t rule_rows_from(const RuleRows *rows, Day day)
{
    size_t low = 0, high = rows->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (rows->items[mid]->r->on < day)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool open_records(RuleRun *r)
{
    const RuleUnit *u = r->u;
    if (u->n_records > RULE_RECORDS_MAX)
        return err_fail(r->e, ERR_TOO_BIG, err_hole("what", "记录"),
                        err_hole("max", RULE_RECORDS_MAX));
    RuleRow *rows = ARENA_ARRAY(r->a, RuleRow, u->n_records);
    const RuleForm **forms = ARENA_ARRAY(r->a, const RuleForm *, u->n_records);
    r->forms = ARENA_ARRAY(r->a, RuleRows, r->s->n_forms);
    if (!rows || !forms || !r->forms)
        return rule_run_memory(r);
    for (size_t i = 0; i < u->n_records; i++) {
        forms[i] = u->records[i].struck ? NULL : rule_form(r->s, u->records[i].form);
        if (forms[i])
            r->forms[forms[i] - r->s->forms].n++;
    }
    for (size_t i = 0; i < r->s->n_forms; i++) {
        size_t n = r->forms[i].n;
        r->forms[i].n = 0;
        if (n > 0 && !(r->forms[i].items = ARENA_ARRAY(r->a, RuleRow *, n)))
            return rule_run_memory(r);
    }
    for (size_t i = 0; i < u->n_records; i++) {
        if (!forms[i])
            continue;
        RuleRows *to = &r->forms[forms[i] - r->s->forms];
        rows[i] = (RuleRow){ .r = &u->records[i], .form = forms[i], .late = -1,
                             .own = u->records[i].org == u->org };
        to->items[to->n++] = &rows[i];
    }
    return true;
}

/* Records that no rule asks about are neither read nor sorted. */
bool rule_run_form(const RuleRows **out, RuleRun *r, size_t form)
{
    RuleRows *rows = &r->forms[form];
    const RuleForm *f = &r->s->forms[form];
    *out = rows;
    if (rows->n == 0 || rows->items[0]->raw)
        return true;
    sort_rows(rows);
    Str *raw = ARENA_ARRAY(r->a, Str, rows->n * (f->n + 1)); /* + 1: never NULL */
    for (size_t i = 0; raw && i < rows->n; i++) {
        rows->items[i]->raw = raw + i * (f->n + 1);
        rule_body_columns(rows->items[i]->raw, f, rows->items[i]->r->body);
    }
    return raw != NULL || rule_run_memory(r);
}

int64_t rule_run_late(RuleRow *row)
{
    if (row->late < 0)
        row->late = rule_late(row->r->form, row->r->on, row->r->received);
    return row->late;
}

void rule_run_collect(RuleRun *r, RuleRows *rows)
{
    r->collect = rows;
    r->cap_collect = 0;
}

bool rule_run_note(RuleRun *r, RuleRow *row)
{
    if (!r->collect)
        return true;
    if (!ARENA_PUSH(r->a, r->collect->items, r->collect->n, r->cap_collect))
        return rule_run_memory(r);
    r->collect->items[r->collect->n++] = row;
    return true;
}

/* --- people --------------------------------------------------------------------------------- */
/* Posts by weight: the first that a person holds is his main one. */
static const Str posts[] = { S("secretary"), S("deputy_secretary"), S("first_secretary"),
                             S("committee_member"), S("leader"), S("portfolio_leader"),
                             S("party_staff"), S("member") };
enum { POST_SECRETARY, POST_DEPUTY, POST_FIRST, POST_COMMITTEE, POST_LEADER, POST_PORTFOLIO,
       POST_STAFF, POST_MEMBER, POSTS };

static int post_at(Str post)
{
    for (int i = 0; i < POSTS; i++)
        if (str_eq(posts[i], post))
            return i;
    return POSTS;
}

static int by_id(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

ptrdiff_t rule_run_person(const RuleRun *r, int64_t id)
{
    size_t low = 0, high = r->n_ids;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < r->n_ids && r->ids[low] == id ? (ptrdiff_t)low : -1;
}

/* Rows of people or tenures grouped by person: where each person's begin. */
static bool group(RuleRun *r, uint32_t **rows, uint32_t **from, const void *items, size_t size,
                  size_t n)
{
    uint32_t *at = *from = ARENA_ARRAY(r->a, uint32_t, r->n_ids + 2);
    uint32_t *out = *rows = ARENA_ARRAY(r->a, uint32_t, n);
    uint32_t *who = ARENA_ARRAY(r->a, uint32_t, n);
    if (!at || !out || !who)
        return rule_run_memory(r);
    for (size_t i = 0; i < n; i++) {
        int64_t id = *(const int64_t *)((const char *)items + i * size); /* the first member */
        who[i] = (uint32_t)rule_run_person(r, id);
        at[who[i] + 2]++;
    }
    for (size_t i = 2; i < r->n_ids + 2; i++)
        at[i] += at[i - 1];
    for (size_t i = 0; i < n; i++)
        out[at[who[i] + 1]++] = (uint32_t)i;
    return true;
}

_Static_assert(offsetof(RulePerson, id) == 0 && offsetof(RuleTenure, person) == 0,
               "group reads the person first");

static bool open_posts(RuleRun *r)
{
    if (!(r->posts = ARENA_ARRAY(r->a, uint8_t, r->u->n_tenures)))
        return rule_run_memory(r);
    for (size_t i = 0; i < r->u->n_tenures; i++)
        r->posts[i] = (uint8_t)post_at(r->u->tenures[i].post);
    return true;
}

static bool open_people(RuleRun *r)
{
    const RuleUnit *u = r->u;
    size_t n = u->n_people + u->n_tenures, kept = 0;
    int64_t *ids = ARENA_ARRAY(r->a, int64_t, n + 1);
    if (!ids)
        return rule_run_memory(r);
    for (size_t i = 0; i < u->n_people; i++)
        ids[i] = u->people[i].id;
    for (size_t i = 0; i < u->n_tenures; i++)
        ids[u->n_people + i] = u->tenures[i].person;
    qsort(ids, n, sizeof *ids, by_id);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    if (r->given) {
        ids[0] = r->given->person_id;
        kept = r->given->person != NULL;
    }
    r->ids = ids;
    r->n_ids = kept;
    return r->given ||
           (open_posts(r) &&
            group(r, &r->person_rows, &r->person_from, u->people, sizeof *u->people,
                  u->n_people) &&
            group(r, &r->tenure_rows, &r->tenure_from, u->tenures, sizeof *u->tenures,
                  u->n_tenures));
}

static bool open_settings(RuleRun *r)
{
    r->set_first = ARENA_ARRAY(r->a, uint32_t, r->s->n_duties);
    r->set_next = ARENA_ARRAY(r->a, uint32_t, r->u->n_settings);
    if (!r->set_first || !r->set_next)
        return rule_run_memory(r);
    for (size_t i = 0; i < r->u->n_settings; i++) {
        const RuleDuty *d = map_get(&r->s->duty_at, r->u->settings[i].name);
        if (!d)
            continue;
        r->set_next[i] = r->set_first[d - r->s->duties];
        r->set_first[d - r->s->duties] = (uint32_t)i + 1;
    }
    return true;
}

bool rule_run_open(RuleRun *r, Arena *a, const RuleSet *s, const RuleUnit *u, Day today, Err *e)
{
    const RuleGiven *given = r->given;
    *r = (RuleRun){ .a = a, .s = s, .u = u, .given = given, .today = today, .e = e };
    r->sels = ARENA_ARRAY(a, RuleRows, s->n_sels);
    r->sel_made = ARENA_ARRAY(a, bool, s->n_sels);
    r->named = ARENA_ARRAY(a, RuleNamed, s->n_sels);
    if (!r->sels || !r->sel_made || !r->named)
        return rule_run_memory(r);
    return open_records(r) && open_people(r) && open_settings(r);
}

static bool holds_on(Day from, Day to, Day day)
{
    return (from == DAY_NONE || from <= day) && (to == DAY_NONE || day <= to);
}

/* The tenures of a person on a day as bits; *since: from when he is secretary. */
static unsigned posts_on(const RuleRun *r, size_t person, Day day, Day *since)
{
    unsigned held = 0;
    for (uint32_t i = r->tenure_from[person]; i < r->tenure_from[person + 1]; i++) {
        const RuleTenure *t = &r->u->tenures[r->tenure_rows[i]];
        if (!holds_on(t->from, t->to, day))
            continue;
        int at = r->posts[r->tenure_rows[i]];
        held |= 1u << at;
        if (at == POST_SECRETARY && since && (*since == DAY_NONE || t->from > *since))
            *since = t->from;
    }
    return held;
}

static const RulePerson *person_on(const RuleRun *r, size_t person, Day day)
{
    const RulePerson *best = NULL;
    for (uint32_t i = r->person_from[person]; i < r->person_from[person + 1]; i++) {
        const RulePerson *row = &r->u->people[r->person_rows[i]];
        if (holds_on(row->from, row->to, day) && (!best || row->from > best->from))
            best = row;
    }
    return best;
}

static void here_on(RuleHere *out, const RuleRun *r, size_t person, Day day, Day *since)
{
    unsigned held = posts_on(r, person, day, since);
    int main = 0;
    while (main < POST_MEMBER && !(held >> main & 1))
        main++;
    out->row = person_on(r, person, day);
    out->here = held != 0 || (out->row && out->row->org == r->u->org);
    out->leader = (held & (1u << POST_LEADER | 1u << POST_PORTFOLIO)) != 0;
    out->post = posts[main];
}

/* --- the org on a day ----------------------------------------------------------------------- */
static RuleDay *day_at(RuleRun *r, Day day)
{
    RuleDay **slot = &r->days;
    if (r->day_now && r->day_now->day == day)
        return r->day_now;
    for (; *slot; slot = &(*slot)->next)
        if ((*slot)->day == day)
            return r->day_now = *slot;
    RuleDay *d = *slot = ARENA_NEW(r->a, RuleDay);
    if (d)
        d->day = day;
    return r->day_now = d;
}

static bool is_aged(const RulePerson *p, int years, Day day)
{
    return day_add_months(p->born, 12 * years) <= day;
}

enum { YOUNG_BELOW = 40, OLD_FROM = 55 };

/* People of the unit, and what the org is by them. */
static bool fill_people(RuleRun *r, RuleDay *d)
{
    int64_t full = 0, probationary = 0, infirm = 0, committee = 0, leaders = 0, young = 0, old = 0;
    bool secretary = false, is_leader = false, first = false;
    Day since = DAY_NONE;
    if (!(d->people = ARENA_ARRAY(r->a, RuleHere, r->n_ids)))
        return rule_run_memory(r);
    for (size_t i = 0; !r->given && i < r->n_ids; i++) {
        RuleHere *h = &d->people[i];
        here_on(h, r, i, d->day, &since);
        unsigned held = posts_on(r, i, d->day, NULL);
        const RulePerson *p = h->row && h->row->org == r->u->org ? h->row : NULL;
        bool is_full = p && str_is(p->member_state, "full");
        bool is_new = p && str_is(p->member_state, "probationary");
        full += is_full;
        probationary += is_new;
        infirm += (is_full || is_new) && p->infirm;
        bool seat = held & (1u << POST_SECRETARY | 1u << POST_DEPUTY | 1u << POST_COMMITTEE);
        committee += seat;
        if (seat && h->row && h->row->born != DAY_NONE) { /* who has no known age is neither */
            young += !is_aged(h->row, YOUNG_BELOW, d->day);
            old += is_aged(h->row, OLD_FROM, d->day);
        }
        leaders += h->leader;
        secretary = secretary || held & 1u << POST_SECRETARY;
        is_leader = is_leader || (held & 1u << POST_SECRETARY && h->leader);
        first = first || held & 1u << POST_FIRST;
    }
    for (size_t i = 0; r->given && i < r->n_ids; i++)
        d->people[i].here = true;
    d->org[ORG_MEMBERS] = feel_int(full + probationary);
    d->org[ORG_FULL_MEMBERS] = feel_int(full);
    d->org[ORG_PROBATIONARY] = feel_int(probationary);
    d->org[ORG_INFIRM] = feel_int(infirm);
    d->org[ORG_COMMITTEE_HELD] = feel_int(committee);
    d->org[ORG_LEADERS] = feel_int(leaders);
    d->org[ORG_SECRETARY] = feel_boolean(secretary);
    d->org[ORG_SECRETARY_SINCE] = feel_day(since);
    d->org[ORG_SECRETARY_IS_LEADER] = feel_boolean(is_leader);
    d->org[ORG_FIRST_SECRETARY] = feel_boolean(first);
    d->org[ORG_HAS_COMMITTEE] = feel_boolean(committee >= 3);
    d->org[ORG_COMMITTEE_YOUNG] = feel_int(young);
    d->org[ORG_COMMITTEE_OLD] = feel_int(old);
    return true;
}

const RuleOrg *rule_run_row(RuleRun *r, Day day)
{
    RuleDay *d = r->given ? NULL : day_at(r, day);
    if (!d) /* an example, or no memory: then without remembering it */
        return r->given ? NULL : rule_org_on(r->u, day);
    if (!d->row)
        d->row = rule_org_on(r->u, day);
    return d->row;
}

const RuleDay *rule_run_day(RuleRun *r, Day day)
{
    RuleDay *d = day_at(r, day);
    if (!d)
        rule_run_memory(r);
    return d && (d->people || fill_people(r, d)) ? d : NULL;
}

static FeelValue text_value(Str s)
{
    return s.n ? feel_string(s) : feel_null();
}

static FeelValue plain_org(const RuleRun *r, const RuleOrg *o, RuleOrgName name)
{
    switch (name) {
    case ORG_ID:
        return feel_int(r->u->org);
    case ORG_NAME:
        return text_value(o->name);
    case ORG_CODE:
        return text_value(o->code);
    case ORG_KIND:
        return text_value(o->kind);
    case ORG_SECTOR:
        return text_value(o->sector);
    case ORG_LEVEL:
        return feel_int(o->level);
    case ORG_PARENT:
        return o->parent ? feel_int(o->parent) : feel_null();
    case ORG_FOUNDED:
        return feel_day(o->founded);
    case ORG_TERM_END:
        return feel_day(o->term_end);
    case ORG_CHILDREN:
        return feel_int(o->children);
    case ORG_BRANCHES:
        return feel_int(o->branches);
    default:
        return feel_int(o->groups);
    }
}

static const RuleRow *newest(const RuleRows *rows, Day day)
{
    for (size_t i = rule_rows_from(rows, day + 1); i > 0; i--)
        if (rows->items[i - 1]->own)
            return rows->items[i - 1];
    return NULL;
}

static bool profile_value(FeelValue *out, RuleRun *r, int at, Day day)
{
    const RuleRows *rows;
    *out = feel_null();
    if (r->s->profile == r->s->n_forms || r->s->profile_at[at] == SIZE_MAX)
        return true;
    if (!rule_run_form(&rows, r, r->s->profile))
        return false;
    const RuleForm *f = &r->s->forms[r->s->profile];
    const RuleRow *row = newest(rows, day);
    size_t column = r->s->profile_at[at];
    if (row)
        *out = rule_body_value(r->a, f->columns[column], row->raw[column]);
    return true;
}

bool rule_run_org(FeelValue *out, RuleRun *r, RuleOrgName name, Day day)
{
    if (r->given) {
        const FeelValue *org = r->given->org;
        const FeelValue *v = org ? feel_member(org, rule_org_names[name]) : NULL;
        *out = v ? *v : feel_null();
        return true;
    }
    if (name < ORG_MEMBERS) {
        *out = plain_org(r, rule_run_row(r, day), name);
    } else if (name >= ORG_EMPLOYEES) {
        return profile_value(out, r, (int)(name - ORG_EMPLOYEES), day);
    } else {
        const RuleDay *d = rule_run_day(r, day);
        if (!d)
            return false;
        *out = d->org[name];
    }
    return true;
}

/* Full years from the month of birth to the day. */
static FeelValue age_on(Day born, Day day)
{
    if (born == DAY_NONE || born > day)
        return feel_null();
    DayParts b = day_parts(born), d = day_parts(day);
    return feel_int(d.year - b.year - (d.month < b.month || (d.month == b.month && d.day < b.day)));
}

static bool person_value(FeelValue *out, RuleRun *r, RulePersonName name, const RuleOn *on)
{
    *out = feel_null();
    if (on->person < 0)
        return true;
    if (r->given) {
        const FeelValue *v = feel_member(r->given->person, rule_person_names[name]);
        *out = v ? *v : feel_null();
        return true;
    }
    const RuleDay *d = rule_run_day(r, on->day);
    if (!d)
        return false;
    const RuleHere *h = &d->people[on->person];
    const RulePerson *p = h->row;
    if (name == PERSON_ID)
        *out = feel_int(r->ids[on->person]);
    else if (name == PERSON_POST)
        *out = feel_string(h->post);
    else if (name == PERSON_LEADER)
        *out = feel_boolean(h->leader);
    else if (!p)
        return true;
    else if (name == PERSON_ORG)
        *out = feel_int(p->org);
    else if (name == PERSON_MEMBER_STATE)
        *out = text_value(p->member_state);
    else if (name == PERSON_JOINED)
        *out = feel_day(p->joined);
    else if (name == PERSON_AGE)
        *out = age_on(p->born, on->day);
    else
        *out = feel_boolean(name == PERSON_INFIRM ? p->infirm : p->away);
    return true;
}

/* --- the newest record ---------------------------------------------------------------------- */
static bool names_person(Str raw, int64_t id)
{
    size_t at = 0;
    int64_t one;
    while (rule_body_ref(raw, &at, &one))
        if (one == id)
            return true;
    return false;
}

static bool personal_column(size_t *out, const RuleForm *f)
{
    for (*out = 0; *out < f->n; ++*out)
        if (f->columns[*out] == f->form->personal)
            return f->form->personal != NULL;
    return false;
}

/* *out is NULL when there is none. */
static bool last_row(const RuleRow **out, RuleRun *r, const RuleLast *l, const RuleOn *on)
{
    const RuleForm *f = &r->s->forms[l->form];
    const RuleRows *rows;
    size_t column;
    *out = NULL;
    if (!rule_run_form(&rows, r, l->form))
        return false;
    if (on->person < 0 || !personal_column(&column, f)) {
        *out = newest(rows, on->day);
        return true;
    }
    for (size_t i = rule_rows_from(rows, on->day + 1); i > 0 && !*out; i--)
        if (names_person(rows->items[i - 1]->raw[column], r->ids[on->person]))
            *out = rows->items[i - 1];
    return true;
}

static bool parsed_value(FeelValue *out, RuleRun *r, const Form *form, const FormField *field,
                         const FeelType *type, Str raw)
{
    json_t *v = NULL;
    bool ok = jv_read(&v, raw, "记录", r->e) &&
              (field->type == FIELD_ROWS ? form_rows_value(out, r->a, form, field, v, r->e)
                                         : feel_from_json(out, r->a, v, type, r->e));
    jv_close(v);
    return ok;
}

static bool column_value(FeelValue *out, RuleRun *r, const RuleForm *f, size_t column,
                         const RuleRow *row)
{
    const FormField *field = f->columns[column];
    const FormField *fields = f->form->fields;
    *out = feel_null();
    if (!row || row->raw[column].n == 0)
        return true;
    if (field->type != FIELD_REFS && field->type != FIELD_WORDS && field->type != FIELD_ROWS &&
        field->type != FIELD_OBJECT) {
        *out = rule_body_value(r->a, field, row->raw[column]);
        return true;
    }
    const FeelType *type = field >= fields && field < fields + f->form->n_fields
                               ? f->form->type->members[field - fields].type
                               : NULL;
    return parsed_value(out, r, f->form, field, type, row->raw[column]);
}

static const FeelValue *given_member(const FeelValue *of, Str head, Str tail)
{
    const FeelValue *v = of && of->kind == FEEL_CONTEXT ? feel_member(of, head) : NULL;
    return v && tail.n && v->kind == FEEL_CONTEXT ? feel_member(v, tail) : v;
}

static bool last_value(FeelValue *out, RuleRun *r, const RuleLast *l, const RuleOn *on)
{
    const RuleForm *f = &r->s->forms[l->form];
    const RuleRow *row;
    const FeelValue *said = r->given && l->field
                                ? given_member(r->given->last, f->form->name, l->field->name)
                                : NULL;
    if (said) {
        *out = *said;
        return true;
    }
    return last_row(&row, r, l, on) && column_value(out, r, f, l->column, row);
}

/* --- plain tests ---------------------------------------------------------------------------- */
typedef struct Reading {
    RuleRun *r;
    const RuleOn *on;
} Reading;

static bool measure_value(FeelValue *out, RuleRun *r, size_t at, const RuleOn *on)
{
    const RuleFigureRule *m = &r->s->measures[at];
    const FeelValue *said = r->given ? given_member(r->given->m, m->m->name, (Str){ 0 }) : NULL;
    if (!said)
        return rule_run_measure(out, r, m, on->person, on->period, on->day);
    *out = *said;
    return true;
}

static bool read_slot(void *arg, int slot, FeelValue *out)
{
    Reading *g = arg;
    RuleRun *r = g->r;
    const RuleOn *on = g->on;
    if (slot >= SLOT_MEASURE)
        return measure_value(out, r, (size_t)(slot - SLOT_MEASURE), on);
    if (slot >= SLOT_LAST)
        return last_value(out, r, &r->s->lasts[slot - SLOT_LAST], on);
    if (slot >= SLOT_PERSON)
        return person_value(out, r, (RulePersonName)(slot - SLOT_PERSON), on);
    if (slot >= SLOT_ORG)
        return rule_run_org(out, r, (RuleOrgName)(slot - SLOT_ORG), on->day);
    switch (slot) {
    case SLOT_ON:
        *out = feel_day(on->row->r->on);
        return true;
    case SLOT_RECEIVED:
        *out = feel_day(on->row->r->received);
        return true;
    case SLOT_LATE:
        *out = feel_int(rule_run_late(on->row));
        return true;
    case SLOT_SINCE:
        *out = feel_day(on->row->r->state_since);
        return true;
    case SLOT_TODAY:
        *out = feel_day(on->day);
        return true;
    default:
        *out = rule_body_value(r->a, on->row->form->columns[slot], on->row->raw[slot]);
        return true;
    }
}

/* --- scopes --------------------------------------------------------------------------------- */
static bool org_context(FeelValue *out, RuleRun *r, uint64_t bits, Day day)
{
    FeelEntry *items = ARENA_ARRAY(r->a, FeelEntry, ORG_NAMES);
    size_t n = 0;
    if (!items)
        return rule_run_memory(r);
    for (int i = 0; i < ORG_NAMES; i++) {
        if (!(bits >> i & 1))
            continue;
        items[n].name = rule_org_names[i];
        if (!rule_run_org(&items[n++].value, r, (RuleOrgName)i, day))
            return false;
    }
    *out = feel_context(items, n);
    return true;
}

static bool person_context(FeelValue *out, RuleRun *r, uint64_t bits, const RuleOn *on)
{
    FeelEntry *items = ARENA_ARRAY(r->a, FeelEntry, PERSON_NAMES);
    size_t n = 0;
    if (!items)
        return rule_run_memory(r);
    for (int i = 0; i < PERSON_NAMES; i++) {
        if (!(bits >> i & 1))
            continue;
        items[n].name = rule_person_names[i];
        if (!person_value(&items[n++].value, r, (RulePersonName)i, on))
            return false;
    }
    *out = feel_context(items, n);
    return true;
}

/* The columns of a row that are asked for, as entries. */
static bool row_entries(FeelEntry *items, size_t *n, RuleRun *r, const RuleExpr *x,
                        const RuleRow *row)
{
    for (size_t i = 0; i < x->n_fields; i++) {
        items[*n].name = row->form->columns[x->fields[i]]->name;
        if (!column_value(&items[(*n)++].value, r, row->form, x->fields[i], row))
            return false;
    }
    return true;
}

static bool row_context(FeelValue *out, RuleRun *r, const RuleExpr *x, const RuleRow *row)
{
    size_t n = 0;
    FeelEntry *items = ARENA_ARRAY(r->a, FeelEntry, x->n_fields);
    if (!items)
        return rule_run_memory(r);
    if (!row_entries(items, &n, r, x, row))
        return false;
    *out = feel_context(items, n);
    return true;
}

static bool whole_record(FeelValue *out, RuleRun *r, const RuleRow *row)
{
    json_t *v = NULL;
    *out = feel_null();
    if (!row)
        return true;
    bool ok = jv_read(&v, row->r->body, "记录", r->e) &&
              form_value(out, r->a, row->r->form, v, r->e);
    jv_close(v);
    return ok;
}

/* One form inside `last`: its fields that are asked for, or the whole record. */
static bool last_form(FeelValue *out, RuleRun *r, const RuleExpr *x, size_t form, const RuleOn *on)
{
    FeelEntry *items = ARENA_ARRAY(r->a, FeelEntry, x->n_lasts);
    const RuleRow *row;
    size_t n = 0;
    if (!items)
        return rule_run_memory(r);
    for (size_t i = 0; i < x->n_lasts; i++) {
        const RuleLast *l = &r->s->lasts[x->lasts[i]];
        if (l->form != form)
            continue;
        if (!l->field)
            return last_row(&row, r, l, on) && whole_record(out, r, row);
        items[n].name = l->field->name;
        if (!last_value(&items[n++].value, r, l, on))
            return false;
    }
    *out = feel_context(items, n);
    return true;
}

static bool last_context(FeelValue *out, RuleRun *r, const RuleExpr *x, const RuleOn *on)
{
    FeelEntry *items = ARENA_ARRAY(r->a, FeelEntry, x->n_lasts);
    size_t n = 0;
    if (!items)
        return rule_run_memory(r);
    for (size_t i = 0; i < x->n_lasts; i++) {
        size_t form = r->s->lasts[x->lasts[i]].form;
        bool had = false;
        for (size_t k = 0; k < i; k++)
            had = had || r->s->lasts[x->lasts[k]].form == form;
        if (had)
            continue;
        items[n].name = r->s->forms[form].form->name;
        if (!last_form(&items[n++].value, r, x, form, on))
            return false;
    }
    *out = feel_context(items, n);
    return true;
}

static bool measure_context(FeelValue *out, RuleRun *r, const RuleExpr *x, const RuleOn *on)
{
    FeelEntry *items = ARENA_ARRAY(r->a, FeelEntry, x->n_measures);
    if (!items)
        return rule_run_memory(r);
    for (size_t i = 0; i < x->n_measures; i++) {
        items[i].name = r->s->measures[x->measures[i]].m->name;
        if (!measure_value(&items[i].value, r, x->measures[i], on))
            return false;
    }
    *out = feel_context(items, x->n_measures);
    return true;
}

static bool record_entries(FeelEntry *items, size_t *n, RuleRun *r, const RuleExpr *x,
                           const RuleOn *on)
{
    items[(*n)++] = (FeelEntry){ STRC("on"), feel_day(on->row->r->on) };
    items[(*n)++] = (FeelEntry){ STRC("received"), feel_day(on->row->r->received) };
    items[(*n)++] = (FeelEntry){ STRC("late"), feel_int(rule_run_late(on->row)) };
    items[(*n)++] = (FeelEntry){ STRC("state_since"), feel_day(on->row->r->state_since) };
    return row_entries(items, n, r, x, on->row); /* a field of such a name is hidden */
}

static FeelValue *entry(FeelEntry *items, size_t *n, const char *name)
{
    items[*n].name = str_of(name);
    return &items[(*n)++].value;
}

bool rule_run_scope(FeelScope *out, RuleRun *r, const RuleExpr *x, const RuleOn *on)
{
    size_t n = 0;
    FeelEntry *items = ARENA_ARRAY(r->a, FeelEntry, x->n_fields + 16);
    if (!items)
        return rule_run_memory(r);
    if (x->org && !org_context(entry(items, &n, "org"), r, x->org, on->day))
        return false;
    if (x->record && !record_entries(items, &n, r, x, on))
        return false;
    if (x->person && !person_context(entry(items, &n, "person"), r, x->person, on))
        return false;
    if (x->thing && on->row && !row_context(entry(items, &n, "thing"), r, x, on->row))
        return false;
    if (x->n_lasts && !last_context(entry(items, &n, "last"), r, x, on))
        return false;
    if (x->n_measures && !measure_context(entry(items, &n, "m"), r, x, on))
        return false;
    if (x->today)
        items[n++] = (FeelEntry){ STRC("today"), feel_day(on->day) };
    if (x->since)
        items[n++] = (FeelEntry){ STRC("since"), feel_day(on->since) };
    if (x->peers)
        items[n++] = (FeelEntry){ STRC("peers"), on->peers };
    *out = (FeelScope){ .entries = items, .n = n };
    return true;
}

bool rule_run_value(FeelValue *out, RuleRun *r, const RuleExpr *x, const RuleOn *on,
                    const FeelScope *more)
{
    FeelScope scope;
    FeelRun run = feel_run(r->a, (Moment)on->day * 86400000);
    if (!rule_run_scope(&scope, r, x, on))
        return false;
    scope.parent = more;
    return feel_eval(out, r->a, x->x, &scope, &run, r->e);
}

bool rule_run_truth(int *out, RuleRun *r, const RuleExpr *x, const RuleOn *on)
{
    FeelValue v;
    if (!x->x) {
        *out = 1;
        return true;
    }
    if (x->test) {
        Reading g = { r, on };
        *out = feel_tests_hold(x->test, read_slot, &g);
        return *out != -2;
    }
    if (!rule_run_value(&v, r, x, on, NULL))
        return false;
    *out = v.kind == FEEL_BOOLEAN ? v.boolean : -1;
    return true;
}

/* --- selections ----------------------------------------------------------------------------- */
bool rule_run_rows(const RuleRows **out, RuleRun *r, uint32_t sel)
{
    const RuleSelection *s = &r->s->sels[sel];
    const RuleRows *all;
    RuleRows *kept = &r->sels[sel];
    *out = kept;
    if (r->sel_made[sel])
        return true;
    if (!rule_run_form(&all, r, s->at))
        return false;
    r->sel_made[sel] = true;
    if (!s->where.x) {
        *kept = *all;
        return true;
    }
    if (all->n > 0 && !(kept->items = ARENA_ARRAY(r->a, RuleRow *, all->n)))
        return rule_run_memory(r);
    for (size_t i = 0; i < all->n; i++) {
        RuleOn on = { .day = all->items[i]->r->on, .person = -1, .row = all->items[i] };
        int holds;
        if (!rule_run_truth(&holds, r, &s->where, &on))
            return false;
        if (holds == 1)
            kept->items[kept->n++] = all->items[i];
    }
    return true;
}

static bool push_named(RuleRun *r, RuleRows *of, size_t *cap, RuleRow *row)
{
    if (of->n > 0 && of->items[of->n - 1] == row)
        return true; /* the same person twice in one record counts once */
    if (!ARENA_PUSH(r->a, of->items, of->n, *cap))
        return rule_run_memory(r);
    of->items[of->n++] = row;
    return true;
}

static bool name_rows(RuleRun *r, RuleNamed *named, const RuleRows *rows, size_t column)
{
    size_t *caps = ARENA_ARRAY(r->a, size_t, r->n_ids);
    if (!caps || !(named->of = ARENA_ARRAY(r->a, RuleRows, r->n_ids)))
        return rule_run_memory(r);
    for (size_t i = 0; i < rows->n; i++) {
        size_t at = 0;
        int64_t id;
        while (rule_body_ref(rows->items[i]->raw[column], &at, &id)) {
            ptrdiff_t who = rule_run_person(r, id);
            if (who >= 0 && !push_named(r, &named->of[who], &caps[who], rows->items[i]))
                return false;
        }
    }
    named->made = true;
    named->column = column;
    return true;
}

bool rule_run_named(const RuleRows **out, RuleRun *r, uint32_t sel, size_t column, size_t person)
{
    RuleNamed *named = &r->named[sel];
    const RuleRows *rows;
    if (!rule_run_rows(&rows, r, sel))
        return false;
    if ((!named->made || named->column != column) && !name_rows(r, named, rows, column))
        return false;
    *out = &named->of[person];
    return true;
}
