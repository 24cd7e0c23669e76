/* Who debriefs: named, changed with a reason, withdrawn; the list with everyone's past turns. */
#include "work/areas.h"
#include "work/call.h"
#include "work/rows.h"

#include <stdlib.h>

#define ORGANISERS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))
/* Who sees how far everybody's survey and report have come. */
#define INNER                                                                                      \
    (ORGANISERS | ROLE_BIT(ROLE_COMMITTEE) | ROLE_BIT(ROLE_SUPERIOR) | ROLE_BIT(ROLE_SURVEYOR) |   \
     ROLE_BIT(ROLE_COMMENTATOR) | ROLE_BIT(ROLE_INSPECTOR))
#define CYCLE_READERS                                                                              \
    (INNER | ROLE_BIT(ROLE_SECRETARY) | ROLE_BIT(ROLE_PARTY_STAFF) | ROLE_BIT(ROLE_TELLER) |       \
     ROLE_BIT(ROLE_SCRUTINEER))

typedef struct DebrieferIn {
    int64_t cycle, debriefer, version;
    const json_t *body;
    Str reason;
} DebrieferIn;
static const ShapeField add_fields[] = {
    { "cycle", SHAPE_ID, offsetof(DebrieferIn, cycle), .required = true, .title = "年度周期" },
    { "body", SHAPE_JSON, offsetof(DebrieferIn, body), .required = true, .title = "述职人" },
};
static const Shape add_in = SHAPE("DebrieferAddIn", DebrieferIn, add_fields);

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职人"));
}

/* --- naming --------------------------------------------------------------------------------- */

/* One person files one report a cycle, on however many lines he sits. Who has withdrawn may be
 * named again: *again is his entry, its subject 0 when there is none. */
static bool not_yet(Fact *again, Call *c, int64_t cycle, int64_t person, Err *e)
{
    FactList l;
    Str name;
    *again = (Fact){ .subject = 0 };
    if (!call_list_id(&l, c, "debriefer", "person", person, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        if (fact_int(&l.items[i], "cycle") != cycle)
            continue;
        if (!fact_bool(&l.items[i], "withdrawn"))
            return call_name(&name, c, "person", person, e) &&
                   err_fail(e, ERR_DEBRIEFER_TWICE, err_hole("name", name));
        *again = l.items[i];
    }
    return true;
}

static bool lines_exist(Call *c, const json_t *body, Err *e)
{
    const json_t *lines = jv_get(body, "lines");
    Fact f;
    for (size_t i = 0; i < jv_len(lines); i++)
        if (!call_thing(&f, c, "org", json_integer_value(jv_at(lines, i)), e))
            return false;
    int64_t receiver = jv_int(body, "receiver");
    return receiver == 0 || call_thing(&f, c, "person", receiver, e);
}

static bool debriefer_add(Call *c, const void *in_, Jw *out, Err *e)
{
    const DebrieferIn *in = in_;
    Fact cycle, f, again;
    int64_t id, org = jv_int(in->body, "org"), person = jv_int(in->body, "person");
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&cycle, c, "cycle", in->cycle, e) ||
        !work_cycle_at(c, &cycle, "preparing", e) || !call_thing(&f, c, "org", org, e) ||
        !call_thing(&f, c, "person", person, e) || !not_yet(&again, c, in->cycle, person, e) ||
        !lines_exist(c, in->body, e))
        return false;
    json_t *body = json_deep_copy(in->body);
    bool ok = (body && json_object_set_new(body, "cycle", json_integer(in->cycle)) == 0) ||
              no_memory(e);
    json_object_del(body, "withdrawn");
    Filing filing = { .form = "debriefer", .subject = again.subject, .org = org, .body = body };
    ok = ok && call_file(c, &filing, &id, e);
    json_decref(body);
    if (ok)
        work_put_made(out, again.subject ? again.subject : id, id);
    return ok;
}

const UseCase work_debriefer_add = { "debriefer_add", "确定述职人", WORK_WRITE, ORGANISERS, &add_in,
                                     &work_made, .run = debriefer_add };

/* --- changing ------------------------------------------------------------------------------- */

static const ShapeField change_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(DebrieferIn, debriefer), .required = true,
      .title = "述职人" },
    { "version", SHAPE_ID, offsetof(DebrieferIn, version), .required = true, .title = "版本" },
    { "body", SHAPE_JSON, offsetof(DebrieferIn, body), .required = true, .title = "修改内容" },
    { "reason", SHAPE_TEXT, offsetof(DebrieferIn, reason), .required = true, .max = 500,
      .title = "理由" },
};
static const Shape change_in = SHAPE("DebrieferChangeIn", DebrieferIn, change_fields);

static bool debriefer_of(Fact *was, Fact *cycle, Call *c, int64_t debriefer, Err *e)
{
    return call_thing(was, c, "debriefer", debriefer, e) &&
           call_may_cycle(c, fact_int(was, "cycle"), e) &&
           call_thing(cycle, c, "cycle", fact_int(was, "cycle"), e);
}

static bool change_sound(Call *c, const json_t *patch, Err *e)
{
    static const char *const fixed[] = { "cycle", "person", "withdrawn", "reason" };
    Fact org;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (jv_get(patch, fixed[i]))
            return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", fixed[i]));
    return lines_exist(c, patch, e) &&
           (!jv_get(patch, "org") || call_thing(&org, c, "org", jv_int(patch, "org"), e));
}

static bool debriefer_change(Call *c, const void *in_, Jw *out, Err *e)
{
    const DebrieferIn *in = in_;
    Fact was, cycle;
    int64_t id;
    if (!debriefer_of(&was, &cycle, c, in->debriefer, e) ||
        !work_cycle_at(c, &cycle, "preparing", e) || !change_sound(c, in->body, e))
        return false;
    if (fact_bool(&was, "withdrawn"))
        return err_fail(e, ERR_DEBRIEFER_GONE);
    if (jv_get(in->body, "org"))
        was.org = jv_int(in->body, "org"); /* the record belongs to the organisation it names */
    json_t *patch = json_deep_copy(in->body);
    bool ok = (patch && json_object_set_new(patch, "reason", jv_new(in->reason)) == 0) ||
              no_memory(e);
    ok = ok && call_revise(c, "debriefer", &was, in->version, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->debriefer, id);
    return ok;
}

const UseCase work_debriefer_change = { "debriefer_change", "变更述职人安排（开始测评前，须写理由）",
                                        WORK_WRITE, ORGANISERS, &change_in, &work_made,
                                        .run = debriefer_change };

static const ShapeField withdraw_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(DebrieferIn, debriefer), .required = true,
      .title = "述职人" },
    { "version", SHAPE_ID, offsetof(DebrieferIn, version), .required = true, .title = "版本" },
    { "reason", SHAPE_TEXT, offsetof(DebrieferIn, reason), .required = true, .max = 500,
      .title = "理由" },
};
static const Shape withdraw_in = SHAPE("DebrieferWithdrawIn", DebrieferIn, withdraw_fields);

/* Withdrawal is open at any time before the grades stand. */
static bool debriefer_withdraw(Call *c, const void *in_, Jw *out, Err *e)
{
    const DebrieferIn *in = in_;
    Fact was, cycle;
    int64_t id;
    if (!debriefer_of(&was, &cycle, c, in->debriefer, e))
        return false;
    Str state = fact_str(c->a, &cycle, "state");
    if (str_is(state, "approved") || str_is(state, "published") || str_is(state, "closed"))
        return work_cycle_at(c, &cycle, "assessed", e);
    if (fact_bool(&was, "withdrawn"))
        return err_fail(e, ERR_DEBRIEFER_GONE);
    json_t *patch = json_pack("{s:b,s:s%}", "withdrawn", 1, "reason", in->reason.p, in->reason.n);
    bool ok = call_revise(c, "debriefer", &was, in->version, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->debriefer, id);
    return ok;
}

const UseCase work_debriefer_withdraw = { "debriefer_withdraw", "述职人退出（须写理由）", WORK_WRITE,
                                          ORGANISERS, &withdraw_in, &work_made,
                                          .run = debriefer_withdraw };

/* --- the list ------------------------------------------------------------------------------- */

static const ShapeField list_in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(DebrieferIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape list_in = SHAPE("DebrieferListIn", DebrieferIn, list_in_fields);
static const ShapeField turn_fields[] = {
    { "year", SHAPE_INT, .required = true },
    { "form", SHAPE_TEXT, .required = true },
    { "form_title", SHAPE_TEXT, .required = true },
};
static const Shape turn_shape = SHAPE_REPLY("PastTurn", turn_fields);
static const ShapeField debriefer_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "person", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "form", SHAPE_TEXT, .required = true },
    { "form_title", SHAPE_TEXT, .required = true },
    { "class", SHAPE_TEXT },
    { "receiver", SHAPE_ID },
    { "receiver_name", SHAPE_TEXT },
    { "line_ids", SHAPE_IDS, .required = true },
    { "lines", SHAPE_WORDS, .required = true },
    { "order", SHAPE_INT },
    { "withdrawn", SHAPE_BOOL, .required = true },
    { "reason", SHAPE_TEXT },
    { "months", SHAPE_INT },
    { "past", SHAPE_LIST, .required = true, .sub = &turn_shape },
    { "own", SHAPE_BOOL, .required = true },
    { "survey_facts", SHAPE_INT },
    { "report_state", SHAPE_TEXT },
    { "report_title", SHAPE_TEXT },
    { "zero", SHAPE_BOOL },
};
static const Shape debriefer_shape = SHAPE_REPLY("Debriefer", debriefer_fields);
static const ShapeField debriefers_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &debriefer_shape },
    { "total", SHAPE_INT, .required = true },
    { "live", SHAPE_INT, .required = true },
    { "written", SHAPE_INT, .required = true },
    { "may_edit", SHAPE_BOOL, .required = true },
};
static const Shape debriefers_out = SHAPE_REPLY("Debriefers", debriefers_fields);

/* Whole months in office today, from the tenure: for guidance of new ones, never a score. */
static bool months_in_post(int64_t *months, Call *c, int64_t person, int64_t org, Err *e)
{
    FactList l;
    *months = -1;
    if (!call_list_id(&l, c, "tenure", "person", person, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Day from = fact_day(&l.items[i], "from");
        if (fact_int(&l.items[i], "org") != org || from == DAY_NONE ||
            !call_holds(&l.items[i], c->today) ||
            !str_is(fact_str(c->a, &l.items[i], "post"), "secretary"))
            continue;
        DayParts a = day_parts(from), b = day_parts(c->today);
        *months = (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day);
    }
    return true;
}

typedef struct Turn {
    int64_t year;
    Str form;
} Turn;

static int by_year(const void *a, const void *b)
{
    const Turn *x = a, *y = b;
    return x->year < y->year ? 1 : x->year > y->year ? -1 : 0;
}

/* How this person debriefed in earlier years, the latest first. */
static bool put_past(Call *c, int64_t person, const Fact *cycle, Jw *out, Err *e)
{
    FactList l;
    Fact other;
    size_t n = 0;
    if (!call_list_id(&l, c, "debriefer", "person", person, e))
        return false;
    Turn *turns = ARENA_ARRAY(c->a, Turn, l.n);
    if (!turns)
        return no_memory(e);
    for (size_t i = 0; i < l.n; i++) {
        const Fact *f = &l.items[i];
        if (fact_int(f, "cycle") == cycle->subject || fact_bool(f, "withdrawn"))
            continue;
        if (!call_thing(&other, c, "cycle", fact_int(f, "cycle"), e))
            return false;
        if (fact_int(&other, "year") < fact_int(cycle, "year"))
            turns[n++] = (Turn){ fact_int(&other, "year"), fact_str(c->a, f, "form") };
    }
    qsort(turns, n, sizeof *turns, by_year);
    jw_key(out, "past");
    jw_arr(out);
    for (size_t i = 0; i < n; i++) {
        jw_obj(out);
        jw_kint(out, "year", turns[i].year);
        jw_kstr(out, "form", turns[i].form);
        jw_kstr(out, "form_title", call_title(c, "debrief_form", turns[i].form));
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool put_lines(Call *c, const Fact *f, Jw *out, Err *e)
{
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    const json_t *lines = jv_get(body, "lines");
    bool ok = true;
    jw_key(out, "line_ids");
    jw_arr(out);
    for (size_t i = 0; i < jv_len(lines); i++)
        jw_int(out, json_integer_value(jv_at(lines, i)));
    jw_end(out);
    jw_key(out, "lines");
    jw_arr(out);
    for (size_t i = 0; ok && i < jv_len(lines); i++) {
        Str name;
        ok = call_name(&name, c, "org", json_integer_value(jv_at(lines, i)), e);
        if (ok)
            jw_str(out, name);
    }
    jw_end(out);
    json_decref(body);
    return ok;
}

/* How far survey and report have come; sealed survey facts are not even counted for him they are
 * about. */
static bool put_progress(Call *c, const Fact *f, Jw *out, Err *e)
{
    FactList facts, reports;
    bool visible;
    if (!work_survey_visible(&visible, c, f, e) ||
        !call_list_id(&facts, c, "survey_fact", "debriefer", f->subject, e) ||
        !call_list_id(&reports, c, "debrief_report", "debriefer", f->subject, e))
        return false;
    if (visible)
        jw_kint(out, "survey_facts", (int64_t)facts.n);
    if (reports.n) {
        const Fact *r = &reports.items[reports.n - 1];
        Str state = fact_str(c->a, r, "state");
        bool zero = fact_bool(r, "zero");
        jw_kstr(out, "report_state", state);
        jw_kstr(out, "report_title",
                arena_text(c->a, "%.*s%s", STR(call_title(c, "report_state", state)),
                           zero ? "（零报告）" : ""));
        jw_kbool(out, "zero", zero);
    }
    return true;
}

static void put_plain(Call *c, const Fact *f, Jw *out)
{
    Str form = fact_str(c->a, f, "form");
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kstr(out, "form", form);
    jw_kstr(out, "form_title", call_title(c, "debrief_form", form));
    jw_kstr(out, "class", fact_str(c->a, f, "class"));
    if (fact_int(f, "order"))
        jw_kint(out, "order", fact_int(f, "order"));
    jw_kbool(out, "withdrawn", fact_bool(f, "withdrawn"));
}

static bool put_debriefer(Call *c, const Fact *f, const Fact *cycle, bool inner, Jw *out, Err *e)
{
    int64_t org = fact_int(f, "org"), person = fact_int(f, "person"), months;
    int64_t receiver = fact_int(f, "receiver");
    Str org_name, name, receiver_name;
    bool own = work_is_own(c, person);
    if (!call_name(&org_name, c, "org", org, e) || !call_name(&name, c, "person", person, e) ||
        !call_name(&receiver_name, c, "person", receiver, e) ||
        !months_in_post(&months, c, person, org, e))
        return false;
    jw_obj(out);
    put_plain(c, f, out);
    jw_kint(out, "org", org);
    jw_kstr(out, "org_name", org_name);
    jw_kint(out, "person", person);
    jw_kstr(out, "name", name);
    if (receiver) {
        jw_kint(out, "receiver", receiver);
        jw_kstr(out, "receiver_name", receiver_name);
    }
    jw_kbool(out, "own", own);
    if (months >= 0)
        jw_kint(out, "months", months);
    bool close = inner || own || work_is_own(c, receiver);
    if (close)
        jw_kstr(out, "reason", fact_str(c->a, f, "reason"));
    if (!put_lines(c, f, out, e) || !put_past(c, person, cycle, out, e) ||
        (close && !put_progress(c, f, out, e)))
        return false;
    jw_end(out);
    return true;
}

static bool debriefer_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const DebrieferIn *in = in_;
    Fact cycle;
    FactList l;
    int64_t live = 0, written = 0;
    if (!call_thing(&cycle, c, "cycle", in->cycle, e) || !work_cycle_read(c, &cycle, e) ||
        !call_list_id(&l, c, "debriefer", "cycle", in->cycle, e))
        return false;
    bool inner = call_can_cycle(c, INNER, in->cycle);
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        bool is_live = str_is(fact_str(c->a, &l.items[i], "form"), "live");
        if (!put_debriefer(c, &l.items[i], &cycle, inner, out, e))
            return false;
        live += is_live && !fact_bool(&l.items[i], "withdrawn");
        written += !is_live && !fact_bool(&l.items[i], "withdrawn");
    }
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    jw_kint(out, "live", live);
    jw_kint(out, "written", written);
    jw_kbool(out, "may_edit", call_can_cycle(c, ORGANISERS, in->cycle));
    return true;
}

const UseCase work_debriefer_list = { "debriefer_list", "查看述职人名单", WORK_READ, CYCLE_READERS,
                                      &list_in, &debriefers_out, .run = debriefer_list };
