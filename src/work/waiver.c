/* Letting one organisation, person or thing off a duty for a time, by somebody above it, with the
 * reason; it may be ended early. */
#include "work/areas.h"
#include "work/board_say.h"
#include "work/rows.h"

enum { WAIVER_DAYS_MAX = 3660, WAIVERS_MAX = 500 };

typedef struct WaiveIn {
    int64_t org, person, thing;
    Str duty, reason;
    Day from, to;
} WaiveIn;
static const ShapeField waive_in_fields[] = {
    { "duty", SHAPE_TEXT, offsetof(WaiveIn, duty), .required = true, .max = 64, .title = "职责" },
    { "org", SHAPE_ID, offsetof(WaiveIn, org), .required = true, .title = "组织" },
    { "person", SHAPE_ID, offsetof(WaiveIn, person), .title = "人员" },
    { "thing", SHAPE_ID, offsetof(WaiveIn, thing), .title = "事项" },
    { "from", SHAPE_DAY, offsetof(WaiveIn, from), .required = true, .title = "自" },
    { "to", SHAPE_DAY, offsetof(WaiveIn, to), .required = true, .title = "至" },
    { "reason", SHAPE_TEXT, offsetof(WaiveIn, reason), .required = true, .max = 500,
      .title = "理由" },
};
static const Shape waive_in = SHAPE("WaiverIn", WaiveIn, waive_in_fields);

/* Nobody lets himself off: a role over the organisation above is asked; the root has none. */
static bool may_waive(Call *c, int64_t org, Err *e)
{
    Fact f;
    if (!call_thing(&f, c, "org", org, e))
        return false;
    int64_t above = fact_int(&f, "parent");
    return call_may_org(c, above ? above : org, e);
}

static bool waiver_file(Call *c, const void *in_, Jw *out, Err *e)
{
    const WaiveIn *in = in_;
    const Duty *d;
    Fact person;
    int64_t id;
    if (!may_waive(c, in->org, e) || !work_duty_read(&d, c, in->duty, e) ||
        (in->person && !call_thing(&person, c, "person", in->person, e)))
        return false;
    if (in->to < in->from || in->to - in->from > WAIVER_DAYS_MAX)
        return err_fail(e, ERR_WAIVER_DAYS, err_hole("max", WAIVER_DAYS_MAX / 366));
    json_t *body = json_pack("{s:o,s:I,s:o,s:o,s:o}", "duty", jv_new(d->name), "org", in->org,
                             "from", jv_new(day_print(c->a, in->from)), "to",
                             jv_new(day_print(c->a, in->to)), "reason", jv_new(in->reason));
    bool ok = body &&
              (!in->person || json_object_set_new(body, "person", json_integer(in->person)) == 0) &&
              (!in->thing || json_object_set_new(body, "thing", json_integer(in->thing)) == 0);
    ok = ok ? call_file(c, &(Filing){ .form = "waiver", .org = in->org, .body = body }, &id, e)
            : err_fail(e, ERR_NO_MEMORY, err_hole("what", d->title));
    json_decref(body);
    if (ok)
        work_put_made(out, id, id);
    return ok;
}

const UseCase work_waiver_file = { "waiver_file", "免除下级组织的一项职责", WORK_WRITE,
                                   BOARD_DECIDES, &waive_in, &work_made, .run = waiver_file };

typedef struct EndIn {
    int64_t waiver, version;
} EndIn;
static const ShapeField end_in_fields[] = {
    { "waiver", SHAPE_ID, offsetof(EndIn, waiver), .required = true, .title = "豁免" },
    { "version", SHAPE_ID, offsetof(EndIn, version), .required = true, .title = "版本" },
};
static const Shape end_in = SHAPE("WaiverEndIn", EndIn, end_in_fields);

static bool waiver_end(Call *c, const void *in_, Jw *out, Err *e)
{
    const EndIn *in = in_;
    Fact was;
    int64_t id;
    if (!call_thing(&was, c, "waiver", in->waiver, e) ||
        !may_waive(c, fact_int(&was, "org"), e))
        return false;
    json_t *patch = json_pack("{s:o}", "ended", jv_new(day_print(c->a, c->today)));
    bool ok = patch && call_revise(c, "waiver", &was, in->version, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->waiver, id);
    return ok;
}

const UseCase work_waiver_end = { "waiver_end", "提前结束一项豁免", WORK_WRITE, BOARD_DECIDES,
                                  &end_in, &work_made, .run = waiver_end };

/* --- the list ------------------------------------------------------------------------------- */

typedef struct ListIn {
    int64_t org;
    bool below;
} ListIn;
static const ShapeField list_in_fields[] = {
    { "org", SHAPE_ID, offsetof(ListIn, org), .title = "组织" },
    { "below", SHAPE_BOOL, offsetof(ListIn, below), .title = "含下级" },
};
static const Shape list_in = SHAPE("WaiversIn", ListIn, list_in_fields);
static const ShapeField item_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "duty", SHAPE_TEXT, .required = true },
    { "duty_title", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "person_name", SHAPE_TEXT },
    { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY, .required = true },
    { "ended", SHAPE_DAY },
    { "reason", SHAPE_TEXT, .required = true },
    { "by", SHAPE_TEXT, .required = true },
    { "may_end", SHAPE_BOOL, .required = true },
};
static const Shape item_shape = SHAPE_REPLY("Waiver", item_fields);
static const ShapeField list_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape list_out = SHAPE_REPLY("Waivers", list_fields);

static bool put_item(Call *c, const Fact *f, bool may_end, Jw *out, Err *e)
{
    const Duty *d = pack_duty(call_rules(c), fact_str(c->a, f, "duty"));
    int64_t person = fact_int(f, "person"), org = fact_int(f, "org");
    Str org_name, by, name = STRC("");
    /* Whom of an organisation it concerns is for those who keep it, and for who decides. */
    bool seen = person && (may_end || call_can(c, BOARD_OF_ORG, org));
    if (!call_name(&org_name, c, "org", org, e) || !work_filed_by(&by, c, f, e) ||
        (seen && !call_name(&name, c, "person", person, e)))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kstr(out, "duty", fact_str(c->a, f, "duty"));
    jw_kstr(out, "duty_title", d ? d->title : fact_str(c->a, f, "duty"));
    jw_kint(out, "org", org);
    jw_kstr(out, "org_name", org_name);
    if (person)
        jw_kstr(out, "person_name", seen ? name : STRC("（一名党员）"));
    jw_kday(out, "from", fact_day(f, "from"));
    jw_kday(out, "to", fact_day(f, "to"));
    if (fact_day(f, "ended") != DAY_NONE)
        jw_kday(out, "ended", fact_day(f, "ended"));
    jw_kstr(out, "reason", seen || !person ? fact_str(c->a, f, "reason") : STRC("（不公开）"));
    jw_kstr(out, "by", by);
    jw_kbool(out, "may_end", may_end && fact_day(f, "ended") == DAY_NONE);
    jw_end(out);
    return true;
}

static bool waiver_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const ListIn *in = in_;
    FactFilter filter = { .kind = STRC("waiver"), .below = in->below };
    FactList l;
    int64_t n = 0;
    if (!work_board_scope(&filter.org, c, in->org, e) || !fact_list(&l, c->a, c->tx, &filter, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0 && n < WAIVERS_MAX; n++) {
        Fact org;
        if (!call_thing(&org, c, "org", fact_int(&l.items[i], "org"), e))
            return false;
        int64_t above = fact_int(&org, "parent");
        if (!put_item(c, &l.items[i], call_can(c, BOARD_DECIDES, above ? above : org.subject), out,
                      e))
            return false;
    }
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    return true;
}

const UseCase work_waiver_list = { "waiver_list", "查看职责豁免", WORK_READ, BOARD_READERS,
                                   &list_in, &list_out, .run = waiver_list };
