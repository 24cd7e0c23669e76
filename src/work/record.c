/* A fact of the log as a person reads it: who filed what when, and what it says. The way down from
 * a grade to its records ends here. */
#include "work/record.h"
#include "work/areas.h"
#include "work/ledger.h"
#include "work/rows.h"

#define JUDGES                                                                                     \
    (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_COMMITTEE) |   \
     ROLE_BIT(ROLE_SUPERIOR))
#define READERS                                                                                    \
    (JUDGES | ROLE_BIT(ROLE_SURVEYOR) | ROLE_BIT(ROLE_COMMENTATOR) | ROLE_BIT(ROLE_INSPECTOR) |    \
     ROLE_BIT(ROLE_PARTY_STAFF))

/* --- who may read it ------------------------------------------------------------------------ */

typedef enum Reach {
    REACH_ALL,      /* everyone who works with content */
    REACH_ORG,      /* these roles over its organisation */
    REACH_CYCLE,    /* these roles over its cycle; the debriefer himself once results are out */
    REACH_OWN,      /* the same, but the debriefer himself at once */
    REACH_JUDGES,   /* these roles over its cycle, and nobody else: it speaks of several people */
    REACH_SURVEY,
    REACH_PERSON
} Reach;

static const struct Rule {
    const char *kind;
    Reach reach;
    uint32_t roles;
} rules[] = {
    { "pack", REACH_ALL, 0 },
    { "org", REACH_ALL, 0 },
    { "tenure", REACH_ALL, 0 },
    { "cycle", REACH_ALL, 0 },
    { "debriefer", REACH_ALL, 0 },
    { "debrief_meeting", REACH_ALL, 0 },
    { "agenda_step", REACH_ALL, 0 },
    { "person", REACH_PERSON, RECORD_PERSONAL },
    { "account", REACH_ORG, ROLE_BIT(ROLE_SEC_ADMIN) | ROLE_BIT(ROLE_AUDIT_ADMIN) },
    { "grant", REACH_ORG, ROLE_BIT(ROLE_SEC_ADMIN) | ROLE_BIT(ROLE_AUDIT_ADMIN) },
    { "complaint", REACH_ORG, ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD) },
    { "survey_fact", REACH_SURVEY, 0 },
    { "debrief_report", REACH_OWN, READERS },
    { "commentary", REACH_OWN, READERS },
    { "finding", REACH_OWN, READERS },
    { "score_input", REACH_CYCLE, JUDGES },
    { "score_event", REACH_CYCLE, JUDGES },
    { "grade_override", REACH_CYCLE, JUDGES },
    { "opinion", REACH_CYCLE, JUDGES },
    { "letter", REACH_CYCLE, JUDGES },
    { "result_use", REACH_CYCLE, JUDGES },
    { "paper_result", REACH_JUDGES, JUDGES },
    { "tie_decision", REACH_JUDGES, JUDGES },
    { "result", REACH_JUDGES, JUDGES },
};

static const struct Rule *rule_of(Str kind)
{
    static const struct Rule other = { "", REACH_ORG, JUDGES };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_is(kind, rules[i].kind))
            return &rules[i];
    return &other;
}

static bool results_out(bool *out, Call *c, int64_t cycle, Err *e)
{
    Fact f;
    if (!call_thing(&f, c, "cycle", cycle, e))
        return false;
    Str state = fact_str(c->a, &f, "state");
    *out = str_is(state, "published") || str_is(state, "closed");
    return true;
}

/* The cycle a fact belongs to and the debriefer it speaks of, each 0 when there is none. */
static bool about(int64_t *cycle, Fact *debriefer, Call *c, const Fact *f, Err *e)
{
    int64_t id = fact_int(f, "debriefer");
    *cycle = fact_int(f, "cycle");
    *debriefer = (Fact){ .id = 0 };
    if (id == 0)
        return true;
    if (!call_thing(debriefer, c, "debriefer", id, e))
        return false;
    *cycle = fact_int(debriefer, "cycle");
    return true;
}

static bool of_cycle(bool *out, Call *c, const Fact *f, const struct Rule *r, Err *e)
{
    int64_t cycle;
    Fact debriefer;
    if (!about(&cycle, &debriefer, c, f, e))
        return false;
    *out = cycle ? call_can_cycle(c, r->roles, cycle) : call_can(c, r->roles, f->org);
    if (*out || r->reach == REACH_JUDGES)
        return true;
    if (work_is_own(c, fact_int(f, "owner")))
        return *out = true, true;
    if (!debriefer.id || !work_is_own(c, fact_int(&debriefer, "person")))
        return true;
    return r->reach == REACH_OWN ? (*out = true) : results_out(out, c, cycle, e);
}

bool work_record_visible(bool *out, Call *c, const Fact *f, Err *e)
{
    const struct Rule *r = rule_of(f->kind);
    Fact debriefer;
    *out = c->who->console;
    if (*out)
        return true;
    const Form *form = pack_form(call_rules(c), f->kind);
    LedgerSight sight;
    if (form && form->ledger) {
        if (!work_ledger_sight(&sight, c, form, f, e))
            return false;
        return *out = sight == LEDGER_SEEN, true;
    }
    switch (r->reach) {
    case REACH_ALL:
        *out = true;
        return true;
    case REACH_ORG:
        *out = str_is(f->kind, "complaint") ? who_has(c->who, r->roles)
                                            : call_can(c, r->roles, f->org);
        return true;
    case REACH_PERSON:
        *out = call_can(c, r->roles, fact_int(f, "org")) || work_is_own(c, f->subject);
        return true;
    case REACH_SURVEY:
        return call_thing(&debriefer, c, "debriefer", fact_int(f, "debriefer"), e) &&
               work_survey_visible(out, c, &debriefer, e);
    case REACH_CYCLE:
    case REACH_OWN:
    case REACH_JUDGES:
        return of_cycle(out, c, f, r, e);
    }
    return true;
}

/* --- one fact ------------------------------------------------------------------------------- */

typedef struct FactIdIn {
    int64_t fact;
} FactIdIn;
static const ShapeField fact_in_fields[] = {
    { "fact", SHAPE_ID, offsetof(FactIdIn, fact), .required = true, .title = "记录" },
};
static const Shape fact_in = SHAPE("FactShowIn", FactIdIn, fact_in_fields);
static const ShapeField field_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "text", SHAPE_TEXT, .required = true },
};
static const Shape field_shape = SHAPE_REPLY("FactField", field_fields);
static const ShapeField fact_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "seq", SHAPE_INT, .required = true },
    { "kind", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "subject", SHAPE_ID, .required = true },
    { "org", SHAPE_ID },
    { "org_name", SHAPE_TEXT },
    { "by", SHAPE_TEXT, .required = true },
    { "occurred_on", SHAPE_DAY },
    { "received_at", SHAPE_MOMENT, .required = true },
    { "corrects", SHAPE_ID },
    { "newest", SHAPE_ID },
    { "struck", SHAPE_BOOL, .required = true },
    { "erased", SHAPE_BOOL, .required = true },
    { "fields", SHAPE_LIST, .required = true, .sub = &field_shape },
};
static const Shape fact_out = SHAPE_REPLY("FactShown", fact_fields);

static void put_field(Jw *out, Str name, Str title, Str text)
{
    jw_obj(out);
    jw_kstr(out, "name", name);
    jw_kstr(out, "title", title);
    jw_kstr(out, "text", text);
    jw_end(out);
}

static bool put_fields(Call *c, const Fact *f, Jw *out, Err *e)
{
    const Form *form = pack_form(call_rules(c), f->kind);
    json_t *body = NULL;
    bool ok = true;
    if (!leaf_is_strike(f) && !jv_read(&body, f->body, "body", e))
        return false;
    for (size_t i = 0; ok && form && i < form->n_fields; i++) {
        const FormField *field = &form->fields[i];
        const char *key = arena_z(c->a, field->name);
        const json_t *v = key ? jv_get(body, key) : NULL;
        Str text;
        if (v && (ok = work_record_text(&text, c, field, v, e)))
            put_field(out, field->name, field->title, text);
    }
    jv_close(body);
    for (size_t i = 0; ok && i < f->n_marks; i++)
        if (!f->marks[i].kept) {
            const FormField *field = form ? form_field(form, f->marks[i].name) : NULL;
            put_field(out, f->marks[i].name, field ? field->title : f->marks[i].name,
                      STRC("（已依法删除）"));
        }
    return ok;
}

static bool put_head(Call *c, const Fact *f, Jw *out, Err *e)
{
    const Form *form = pack_form(call_rules(c), f->kind);
    FactList all;
    Fact org;
    Str by;
    Err none = { 0 };
    if (!work_filed_by(&by, c, f, e) ||
        !fact_history(&all, c->a, c->tx, f->kind, f->subject, e))
        return false;
    jw_kint(out, "id", f->id);
    jw_kint(out, "seq", f->seq);
    jw_kstr(out, "kind", f->kind);
    jw_kstr(out, "title", form ? form->title : f->kind);
    jw_kint(out, "subject", f->subject);
    if (f->org && fact_current(&org, c->a, c->tx, STRC("org"), f->org, &none)) {
        jw_kint(out, "org", f->org);
        jw_kstr(out, "org_name", fact_str(c->a, &org, "name"));
    }
    jw_kstr(out, "by", by);
    if (f->occurred_on != DAY_NONE)
        jw_kday(out, "occurred_on", f->occurred_on);
    jw_kmoment(out, "received_at", f->received_at);
    if (f->corrects)
        jw_kint(out, "corrects", f->corrects);
    if (all.n && all.items[all.n - 1].id != f->id)
        jw_kint(out, "newest", all.items[all.n - 1].id);
    jw_kbool(out, "struck", leaf_is_strike(f));
    jw_kbool(out, "erased", f->erased);
    return true;
}

static bool fact_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const FactIdIn *in = in_;
    Fact f;
    bool may;
    if (!call_may_all(c, e) || !fact_get(&f, c->a, c->tx, in->fact, e) ||
        !work_record_visible(&may, c, &f, e))
        return false;
    if (!may)
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    if (!put_head(c, &f, out, e))
        return false;
    jw_key(out, "fields");
    jw_arr(out);
    if (!put_fields(c, &f, out, e))
        return false;
    jw_end(out);
    return true;
}

const UseCase work_fact_show = { "fact_show", "查看一条记录", WORK_READ,
                                 ROLE_ALL & ~(ROLE_BIT(ROLE_SYS_ADMIN) | ROLE_BIT(ROLE_PUBLIC)),
                                 &fact_in, &fact_out, .run = fact_show };

/* --- the log -------------------------------------------------------------------------------- */

static const ShapeField head_fields[] = {
    { "size", SHAPE_INT, .required = true },
    { "root", SHAPE_TEXT, .required = true },
    { "at", SHAPE_MOMENT },
};
static const Shape head_out = SHAPE_REPLY("LogHead", head_fields);

static bool log_head(Call *c, const void *in, Jw *out, Err *e)
{
    FactHead h;
    (void)in;
    if (!call_may_all(c, e) || !fact_log_head(&h, c->tx, e))
        return false;
    jw_kint(out, "size", h.size);
    jw_kstr(out, "root", hash_hex(c->a, h.root));
    if (h.size)
        jw_kmoment(out, "at", h.at);
    return true;
}

const UseCase work_log_head = { "log_head", "查看日志的条数、根和时间", WORK_READ, WORK_LOGGED_IN,
                                NULL, &head_out, .run = log_head };
