/* What the rows of a file would become: new, changed, the same as what is held, or refused with the
 * column and a sentence. Preview and import run this very code; only the import goes on to file. */
#include "work/ledger_in.h"

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "导入台账"));
}

void work_ledger_refuse(LedgerRow *row, Call *c, Str column, const Err *why)
{
    row->state = LEDGER_REFUSED;
    row->column = column;
    row->message = work_say(c->w, c->a, why, c->who->lang);
}

/* What ends an import, rather than a row: memory and storage. */
static bool fatal(const Err *why)
{
    return err_http(why->code) >= 500;
}

/* --- which organisation --------------------------------------------------------------------- */

typedef struct OrgSlot {
    int64_t id;
    bool bad;
    Err why;
} OrgSlot;

/* Found once for each text; whether the caller may file there is part of the answer. */
static bool org_slot(OrgSlot **out, LedgerFile *f, Call *c, Str text, int64_t usual, Err *e)
{
    OrgSlot *slot = map_get(&f->orgs, text);
    const Form *org = pack_form(call_rules(c), STRC("org"));
    if (slot)
        return *out = slot, true;
    slot = ARENA_NEW(c->a, OrgSlot);
    if (!slot || !map_put(&f->orgs, text, slot))
        return no_memory(e);
    slot->id = usual;
    if (text.n && !work_ledger_resolve(&slot->id, c, org, text, 0, &slot->why))
        slot->bad = true;
    else if (!slot->id)
        slot->bad = !err_fail(&slot->why, ERR_FIELD_MISSING, err_hole("field", LEDGER_ORG_COLUMN));
    else if (!work_ledger_may_file(c, f->form, slot->id, 0, &slot->why))
        slot->bad = true;
    if (slot->bad && slot->why.code == ERR_FORBIDDEN)
        (void)err_fail(&slot->why, ERR_ROSTER_FORBIDDEN);
    if (slot->bad && fatal(&slot->why))
        return *e = slot->why, false;
    *out = slot;
    return true;
}

static bool org_of(LedgerRow *row, LedgerFile *f, Call *c, int64_t usual, Err *e)
{
    OrgSlot *slot = NULL;
    char digits[STR_DIGITS];
    Str text = row->org;
    if (row->line && jv_int(row->line, "org"))
        text = arena_str(c->a, str_digits(digits, jv_int(row->line, "org")));
    if (!org_slot(&slot, f, c, text, usual, e))
        return false;
    row->org_id = slot->id;
    if (slot->bad)
        work_ledger_refuse(row, c, STRC(LEDGER_ORG_COLUMN), &slot->why);
    return true;
}

/* --- cells to values ------------------------------------------------------------------------ */

static bool ref_of(int64_t *out, LedgerFile *f, Call *c, const FormField *field, Str text,
                   int64_t org, Err *e)
{
    Str key = arena_text(c->a, "%.*s\n%lld\n%.*s", STR(field->form->name), (long long)org,
                         STR(text));
    int64_t *known = map_get(&f->refs, key);
    if (known)
        return *out = *known, true;
    known = ARENA_NEW(c->a, int64_t);
    if (!known || !work_ledger_resolve(known, c, field->form, text, org, e))
        return known ? false : no_memory(e);
    *out = *known;
    return map_put(&f->refs, key, known) || no_memory(e);
}

/* References come as text from a cell: the names become numbers. */
static bool names_to_numbers(json_t **v, LedgerFile *f, Call *c, const FormField *field,
                             int64_t org, Err *e)
{
    int64_t id;
    json_t *ids;
    if (field->type == FIELD_REF) {
        if (!ref_of(&id, f, c, field, jv_text(*v), org, e))
            return false;
        json_decref(*v);
        *v = json_integer(id);
        return *v || no_memory(e);
    }
    ids = json_array();
    for (size_t i = 0; ids && i < jv_len(*v); i++)
        if (!ref_of(&id, f, c, field, jv_text(jv_at(*v, i)), org, e) ||
            json_array_append_new(ids, json_integer(id)) != 0) {
            json_decref(ids);
            return false;
        }
    json_decref(*v);
    *v = ids;
    return ids || no_memory(e);
}

static bool cell_value(json_t *values, LedgerRow *row, LedgerFile *f, Call *c, size_t i, Err *e)
{
    const FormField *field = f->columns.items[i].field;
    const char *key = arena_z(c->a, field->name);
    Err why = { 0 };
    json_t *v = NULL;
    bool ok = key && form_cell(&v, field, row->cells[i], &why);
    if (ok && v && (field->type == FIELD_REF || field->type == FIELD_REFS))
        ok = names_to_numbers(&v, f, c, field, row->org_id, &why);
    if (ok && v && json_object_set(values, key, v) != 0)
        ok = no_memory(&why);
    json_decref(v);
    if (ok)
        return true;
    if (fatal(&why))
        return *e = why, false;
    work_ledger_refuse(row, c, field->title, &why);
    return true;
}

/* Of JSON Lines the values as they are; *values is the caller's. */
static bool values_of(json_t **values, LedgerRow *row, LedgerFile *f, Call *c, Err *e)
{
    json_t *o = row->line ? json_copy((json_t *)(uintptr_t)jv_get(row->line, "values"))
                          : json_object();
    if (!o)
        return no_memory(e);
    for (size_t i = 0; row->cells && i < f->columns.n && row->state != LEDGER_REFUSED; i++)
        if (!cell_value(o, row, f, c, i, e)) {
            json_decref(o);
            return false;
        }
    if (work_ledger_start(c, f->form).n) { /* a state is moved: it can only be compared */
        row->step = arena_str(c->a, jv_str(o, "state"));
        json_object_del(o, "state");
    }
    *values = o;
    return true;
}

/* False: it says another state than the record has, and is refused. */
static bool step_stands(LedgerRow *row, Call *c)
{
    Err why = { 0 };
    if (!row->step.n || str_eq(row->step, jv_str(row->body, "state")))
        return true;
    (void)err_fail(&why, ERR_RECORD_STATE);
    work_ledger_refuse(row, c, STRC("进展"), &why);
    return false;
}

/* --- what is held --------------------------------------------------------------------------- */

/* Every record of the form that could be the same one, by what makes it so; read once for each
 * organisation, or once for all where the key does not name it. */
static bool held_load(LedgerFile *f, Call *c, int64_t org, Err *e)
{
    FactFilter filter = { .kind = f->form->name };
    FactList l;
    char digits[STR_DIGITS];
    bool by_org = f->form->n_key == 0;
    for (size_t i = 0; i < f->form->n_key; i++)
        by_org |= str_is(f->form->key[i], "org");
    filter.org = by_org ? org : 0;
    Str mark = arena_text(c->a, "*%.*s", STR(str_digits(digits, filter.org)));
    if (map_get(&f->held, mark))
        return true;
    if (!fact_list(&l, c->a, c->tx, &filter, e))
        return false;
    if (!map_put(&f->held, mark, f))
        return no_memory(e);
    for (size_t i = 0; i < l.n; i++) {
        json_t *body;
        Str same;
        if (!jv_read(&body, l.items[i].body, "body", e))
            return false;
        bool ok = work_ledger_same(&same, c, f->form, l.items[i].org, body, e);
        jv_close(body);
        if (!ok || !map_put(&f->held, same, &l.items[i]))
            return ok ? no_memory(e) : false;
    }
    return true;
}

static bool first_seen(LedgerRow *row, LedgerFile *f, Call *c, Str same, Err *e)
{
    LedgerRow *before = map_get(&f->seen, same);
    Err why = { 0 };
    if (!before)
        return map_put(&f->seen, same, row) || no_memory(e);
    (void)err_fail(&why, ERR_ROSTER_TWICE, err_hole("row", before->number));
    work_ledger_refuse(row, c, STRC(""), &why);
    return true;
}

/* --- a row ---------------------------------------------------------------------------------- */

static bool body_try(LedgerRow *row, Call *c, const LedgerEntry *entry, Err *e)
{
    int64_t late;
    Err why = { 0 };
    json_decref(row->body);
    row->body = NULL;
    if (work_ledger_body(&row->body, &late, c, entry, &why))
        return true;
    if (fatal(&why))
        return *e = why, false;
    work_ledger_refuse(row, c, err_get(&why, "field"), &why);
    return true;
}

/* The record that the row names by its number, as an export writes it: of this form, this org. One
 * of another installation is no record here, and the row goes by what it says. */
static bool by_number(const Fact **out, LedgerRow *row, LedgerFile *f, Call *c, Err *e)
{
    Err none = { 0 };
    Fact held;
    *out = NULL;
    if (!row->id)
        return true;
    if (!fact_current(&held, c->a, c->tx, f->form->name, row->id, &none))
        return none.code == ERR_NOT_FOUND || (*e = none, false);
    if (held.org != row->org_id)
        return true;
    row->was = held;
    *out = &row->was;
    return first_seen(row, f, c, arena_text(c->a, "#%lld", (long long)row->id), e);
}

/* What the row changes must not make it the same as another record. */
static bool alone(LedgerRow *row, LedgerFile *f, Call *c, Err *e)
{
    Fact twin;
    Err why = { 0 };
    if (!work_ledger_twin(&twin, c, f->form, row->org_id, row->body, e))
        return false;
    if (!twin.id || twin.subject == row->was.subject)
        return true;
    (void)err_fail(&why, ERR_RECORD_TWICE, err_hole("form", f->form->title),
                   err_hole("on", day_print_zh(c->a, twin.occurred_on)));
    work_ledger_refuse(row, c, STRC(""), &why);
    return true;
}

/* The record that is the same by what the row says. */
static bool by_content(const Fact **out, LedgerRow *row, LedgerFile *f, Call *c, Err *e)
{
    Str same;
    if (!work_ledger_same(&same, c, f->form, row->org_id, row->body, e) ||
        !first_seen(row, f, c, same, e))
        return false;
    if (row->state == LEDGER_REFUSED)
        return true;
    if (!held_load(f, c, row->org_id, e))
        return false;
    *out = map_get(&f->held, same);
    return true;
}

/* Is it held already? Then the row only changes it: cells left empty keep what is stored, and
 * whether it was late was settled on the day it came first. Only then it is asked. */
static bool compare(LedgerRow *row, LedgerFile *f, Call *c, LedgerEntry *entry, Err *e)
{
    const Fact *held = NULL;
    if (!by_number(&held, row, f, c, e) || (!held && !by_content(&held, row, f, c, e)))
        return false;
    if (row->state == LEDGER_REFUSED)
        return true;
    if (held) {
        row->was = *held;
        entry->was = &row->was;
    }
    entry->unjudged = false;
    if (!body_try(row, c, entry, e) || row->state == LEDGER_REFUSED || !step_stands(row, c))
        return row->state == LEDGER_REFUSED;
    if (!held)
        return true;
    Buf b = buf_open(FORM_BODY_MAX * 2);
    bool ok = jv_canon(&b, row->body, e);
    row->state = str_eq(buf_str(&b), held->body) ? LEDGER_SAME : LEDGER_CHANGED;
    buf_close(&b);
    return ok && (!row->id || row->state != LEDGER_CHANGED || alone(row, f, c, e));
}

static bool row_plan(LedgerRow *row, LedgerFile *f, Call *c, const LedgerPlan *p, Err *e)
{
    json_t *values = NULL;
    if (row->state == LEDGER_REFUSED)
        return true;
    if (!org_of(row, f, c, p->org, e))
        return false;
    if (row->state == LEDGER_REFUSED || !values_of(&values, row, f, c, e))
        return row->state == LEDGER_REFUSED;
    LedgerEntry entry = { .form = f->form, .org = row->org_id, .values = values,
                          .late_reason = p->late_reason, .late_by = p->late_by,
                          .unjudged = true };
    bool ok = row->state == LEDGER_REFUSED || body_try(row, c, &entry, e);
    ok = ok && (row->state == LEDGER_REFUSED || compare(row, f, c, &entry, e));
    json_decref(values);
    return ok;
}

bool work_ledger_plan(LedgerFile *f, Call *c, const LedgerPlan *p, Err *e)
{
    c->asked = true; /* each row asks for its own organisation */
    for (size_t i = 0; i < f->n; i++) {
        if (!row_plan(&f->rows[i], f, c, p, e))
            return err_note(e, "row %d", f->rows[i].number);
        f->count[f->rows[i].state]++;
    }
    return true;
}
