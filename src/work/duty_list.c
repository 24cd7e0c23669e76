/* Which duties there are, what an organisation has set about them, and who was let off. */
#include "work/areas.h"
#include "work/board_say.h"
#include "work/burden.h"
#include "work/rows.h"

/* --- the list ------------------------------------------------------------------------------- */

typedef struct DutiesIn {
    int64_t org;
    Str pack;
} DutiesIn;
static const ShapeField duties_in_fields[] = {
    { "org", SHAPE_ID, offsetof(DutiesIn, org), .title = "组织" },
    { "pack", SHAPE_TEXT, offsetof(DutiesIn, pack), .max = 64, .title = "规则包" },
};
static const Shape duties_in = SHAPE("DutiesIn", DutiesIn, duties_in_fields);
static const ShapeField part_fields[] = {
    { "list", SHAPE_TEXT, .required = true },
    { "value", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape part_shape = SHAPE_REPLY("DutyPartShown", part_fields);
static const ShapeField item_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "pack", SHAPE_TEXT, .required = true },
    { "pack_title", SHAPE_TEXT, .required = true },
    { "for", SHAPE_WORD, .required = true, .words = "org|person|thing" },
    { "every", SHAPE_TEXT, .required = true },
    { "months", SHAPE_INT },
    { "kind", SHAPE_WORD, .required = true, .words = "hard|soft" },
    { "off", SHAPE_BOOL, .required = true },     /* as the pack has it */
    { "draft", SHAPE_BOOL, .required = true },
    { "on", SHAPE_BOOL, .required = true },      /* here, today */
    { "locked", SHAPE_BOOL, .required = true },  /* only waivers, no local setting */
    { "cite", SHAPE_TEXT, .required = true },
    { "text", SHAPE_TEXT },
    { "would", SHAPE_TEXT },
    { "form", SHAPE_TEXT },
    { "at_least", SHAPE_DEC },
    { "at_most", SHAPE_DEC },
    { "here_least", SHAPE_DEC },                 /* as set locally */
    { "grace", SHAPE_INT, .required = true },
    { "remind", SHAPE_INT, .required = true },
    { "exempt", SHAPE_WORDS, .required = true },
    { "parts", SHAPE_LIST, .required = true, .sub = &part_shape },
    { "lacks", SHAPE_WORDS, .required = true },
};
static const Shape item_shape = SHAPE_REPLY("DutyItem", item_fields);
static const ShapeField duties_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape duties_out = SHAPE_REPLY("Duties", duties_fields);

/* What holds at the unit today: of the settings in force the nearest organisation's, then the
 * newest, each of the three on its own. */
typedef struct Here {
    bool on, hard, has_least;
    Dec least;
} Here;

static bool nearer(const RuleSetting *s, const RuleSetting *than)
{
    return !than || s->level > than->level ||
           (s->level == than->level && (s->from > than->from ||
                                        (s->from == than->from && s->id > than->id)));
}

static Here here(const RuleUnit *u, const Duty *d, Day today)
{
    const RuleSetting *on = NULL, *hard = NULL, *least = NULL;
    for (size_t i = 0; i < u->n_settings; i++) {
        const RuleSetting *s = &u->settings[i];
        if (!str_eq(s->name, d->name) || s->from > today)
            continue;
        if (s->on != RULE_UNSAID && nearer(s, on))
            on = s;
        if (s->hard != RULE_AS_WRITTEN && nearer(s, hard))
            hard = s;
        if (s->has_least && nearer(s, least))
            least = s;
    }
    return (Here){ on ? on->on == RULE_ON : !d->off, hard ? hard->hard == RULE_HARD : d->hard,
                   least != NULL, least ? least->least : dec_int(0) };
}

static void put_parts(const Duty *d, Jw *out)
{
    jw_key(out, "parts");
    jw_arr(out);
    for (size_t i = 0; i < d->n_parts; i++) {
        jw_obj(out);
        jw_kstr(out, "list", d->parts[i].list->name);
        jw_kstr(out, "value", d->parts[i].item->value);
        jw_kstr(out, "title", d->parts[i].item->title);
        jw_end(out);
    }
    jw_end(out);
}

static void put_words(const Duty *d, Jw *out)
{
    Str lacks[DUTY_LACKS_MAX];
    size_t n = duty_lacks(lacks, d);
    jw_key(out, "exempt");
    jw_arr(out);
    for (size_t i = 0; i < d->n_exempt; i++)
        jw_str(out, d->exempt[i].reason);
    jw_end(out);
    put_parts(d, out);
    jw_key(out, "lacks");
    jw_arr(out);
    for (size_t i = 0; i < n; i++)
        jw_str(out, lacks[i]);
    jw_end(out);
}

/* What a regulation demands is not set aside by a switch: only single cases are, by waiver. */
static bool locked(const Duty *d)
{
    return d->hard && !d->off;
}

static void put_item(const Duty *d, const Here *h, Jw *out)
{
    jw_obj(out);
    jw_kstr(out, "name", d->name);
    jw_kstr(out, "title", d->title);
    jw_kstr(out, "pack", d->pack->name);
    jw_kstr(out, "pack_title", d->pack->title);
    jw_kstr(out, "for", work_duty_for(d));
    jw_kstr(out, "every", duty_every_name(d->every));
    jw_kint_some(out, "months", d->months);
    jw_kstr(out, "kind", h->hard ? STRC("hard") : STRC("soft"));
    jw_kbool(out, "off", d->off);
    jw_kbool(out, "draft", d->draft);
    jw_kbool(out, "on", h->on && !d->draft);
    jw_kbool(out, "locked", locked(d));
    jw_kstr(out, "cite", d->cite);
    jw_kstr_some(out, "text", d->text);
    jw_kstr_some(out, "would", d->would);
    if (d->of.form)
        jw_kstr(out, "form", d->of.form->name);
    if (d->has_least)
        jw_kdec(out, "at_least", d->at_least);
    if (d->has_most)
        jw_kdec(out, "at_most", d->at_most);
    if (h->has_least)
        jw_kdec(out, "here_least", h->least);
    jw_kint(out, "grace", d->grace);
    jw_kint(out, "remind", d->remind);
    put_words(d, out);
    jw_end(out);
}

static bool duties_write(Call *c, const Board *b, int64_t org, Str pack, Jw *out, Err *e)
{
    const BoardOrg *o = work_board_org(b, org);
    const Duty *d;
    RuleUnit unit;
    int64_t n = 0;
    if (!o)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    if (!work_board_unit(&unit, c->a, b, o, e))
        return false;
    jw_kint(out, "org", org);
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; (d = pack_duty_at(call_rules(c), i)) != NULL; i++) {
        if (pack.n && !str_eq(d->pack->name, pack))
            continue;
        Here h = here(&unit, d, c->today);
        put_item(d, &h, out);
        n++;
    }
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

static bool duty_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const DutiesIn *in = in_;
    Board *b;
    int64_t org;
    if (!work_board_scope(&org, c, in->org, e) || !work_board_enter(&b, c, e))
        return false;
    bool ok = duties_write(c, b, org, in->pack, out, e);
    work_board_leave(b);
    return ok;
}

const UseCase work_duty_list = { "duty_list", "查看各项职责及其依据", WORK_READ, BOARD_READERS,
                                 &duties_in, &duties_out, .run = duty_list };

/* --- settings ------------------------------------------------------------------------------- */

typedef struct SetIn {
    int64_t org;
    Str duty, kind, reason, beyond;
    Day from;
    bool on;
    ShapeDec at_least;
} SetIn;
static const ShapeField set_in_fields[] = {
    { "duty", SHAPE_TEXT, offsetof(SetIn, duty), .required = true, .max = 64, .title = "职责" },
    { "org", SHAPE_ID, offsetof(SetIn, org), .required = true, .title = "适用范围" },
    { "on", SHAPE_BOOL, offsetof(SetIn, on), .required = true, .title = "启用" },
    { "at_least", SHAPE_DEC, offsetof(SetIn, at_least), .title = "最低要求" },
    { "kind", SHAPE_WORD, offsetof(SetIn, kind), .words = "hard|soft", .title = "性质" },
    { "from", SHAPE_DAY, offsetof(SetIn, from), .title = "自" },
    { "reason", SHAPE_TEXT, offsetof(SetIn, reason), .required = true, .max = 500,
      .title = "理由" },
    { "beyond", SHAPE_TEXT, offsetof(SetIn, beyond), .max = 500, .title = "超出减负上限的理由" },
};
static const Shape set_in = SHAPE("DutySettingIn", SetIn, set_in_fields);

static bool may_set(const Duty *d, const SetIn *in, Err *e)
{
    if (d->draft)
        return err_fail(e, ERR_DUTY_DRAFT, err_hole("duty", d->title));
    bool lower = in->at_least.given && d->has_least && dec_cmp(in->at_least.value, d->at_least) < 0;
    if (locked(d) && (!in->on || str_is(in->kind, "soft") || lower))
        return err_fail(e, ERR_DUTY_LOCKED, err_hole("duty", d->title), err_hole("cite", d->cite));
    return true;
}

/* What branches were asked in a year, and what they would be. */
static bool adds_up(const Duty *d, Call *c, const RuleSet *rules, const RuleUnit *unit,
                    const SetIn *in, Err *e)
{
    Burdens was, now;
    RuleSetting *all = ARENA_ARRAY(c->a, RuleSetting, unit->n_settings + 1);
    if (!all)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", d->title));
    for (size_t i = 0; i < unit->n_settings; i++)
        all[i] = unit->settings[i];
    all[unit->n_settings] = (RuleSetting){ .id = INT64_MAX, .name = d->name, .level = INT64_MAX,
                                           .from = DAY_NONE, .on = RULE_ON,
                                           .has_least = in->at_least.given,
                                           .least = in->at_least.value };
    BurdenSet before = { unit->settings, unit->n_settings }, after = { all, unit->n_settings + 1 };
    if (!work_burden_all(&was, c->a, rules, &before, c->today, e) ||
        !work_burden_all(&now, c->a, rules, &after, c->today, e))
        return false;
    for (size_t i = 0; i < now.n; i++) {
        const Burden *b = &now.items[i];
        if (b->minutes > BURDEN_MINUTES_CAP && b->minutes > was.items[i].minutes)
            return err_fail(e, ERR_BURDEN_OVER, err_hole("duty", d->title),
                            err_hole("sector", b->title), err_hole("n", b->minutes),
                            err_hole("max", BURDEN_MINUTES_CAP));
    }
    return true;
}

/* A duty that would make branches key in more than the cap is not switched on, unless somebody
 * above writes down why. */
static bool may_ask(const Duty *d, Call *c, const Fact *org, const SetIn *in, Err *e)
{
    Board *b;
    RuleUnit unit;
    int64_t above = fact_int(org, "parent");
    if (!in->on || !d->of.form || !d->has_least)
        return true;
    if (in->beyond.n)
        return call_may_org(c, above ? above : in->org, e);
    if (!work_board_alone(&b, c, in->org, NULL, (Period){ c->today, c->today }, e))
        return false;
    const BoardOrg *o = work_board_org(b, in->org);
    bool ok = o ? work_board_unit(&unit, c->a, b, o, e) &&
                      adds_up(d, c, work_board_rules(b), &unit, in, e)
                : err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    work_board_close(b);
    return ok;
}

static bool duty_set(Call *c, const void *in_, Jw *out, Err *e)
{
    const SetIn *in = in_;
    const Duty *d;
    int64_t id;
    Fact org;
    if (!call_may_org(c, in->org, e) || !call_thing(&org, c, "org", in->org, e) ||
        !work_duty_read(&d, c, in->duty, e) || !may_set(d, in, e) ||
        !may_ask(d, c, &org, in, e))
        return false;
    Day from = in->from == DAY_NONE ? c->today : in->from;
    json_t *body = json_pack("{s:o,s:I,s:b,s:o,s:o}", "duty", jv_new(d->name), "org", in->org, "on",
                             in->on, "from", jv_new(day_print(c->a, from)), "reason",
                             jv_new(in->reason));
    bool ok = body != NULL;
    if (ok && in->at_least.given)
        ok = json_object_set_new(body, "at_least",
                                 jv_new(dec_print_short(c->a, in->at_least.value))) == 0;
    if (ok && in->beyond.n)
        ok = json_object_set_new(body, "beyond", jv_new(in->beyond)) == 0;
    if (ok && in->kind.n)
        ok = json_object_set_new(body, "force", jv_new(in->kind)) == 0;
    Filing f = { .form = "duty_setting", .org = in->org, .body = body };
    ok = ok ? call_file(c, &f, &id, e)
            : err_fail(e, ERR_NO_MEMORY, err_hole("what", d->title));
    json_decref(body);
    if (ok)
        work_put_made(out, id, id);
    return ok;
}

const UseCase work_duty_set = { "duty_set", "启用、停用或调整一项职责", WORK_WRITE, BOARD_DECIDES,
                                &set_in, &work_made, .run = duty_set };

typedef struct SettingsIn {
    int64_t org;
    Str duty;
} SettingsIn;
static const ShapeField settings_in_fields[] = {
    { "duty", SHAPE_TEXT, offsetof(SettingsIn, duty), .required = true, .max = 64,
      .title = "职责" },
    { "org", SHAPE_ID, offsetof(SettingsIn, org), .title = "组织" },
};
static const Shape settings_in = SHAPE("DutySettingsIn", SettingsIn, settings_in_fields);
static const ShapeField setting_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "on", SHAPE_BOOL, .required = true },
    { "at_least", SHAPE_DEC },
    { "kind", SHAPE_TEXT },
    { "from", SHAPE_DAY, .required = true },
    { "reason", SHAPE_TEXT, .required = true },
    { "beyond", SHAPE_TEXT },
    { "by", SHAPE_TEXT, .required = true },
    { "received_at", SHAPE_MOMENT, .required = true },
};
static const Shape setting_shape = SHAPE_REPLY("DutySetting", setting_fields);
static const ShapeField settings_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &setting_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape settings_out = SHAPE_REPLY("DutySettings", settings_fields);

static bool put_setting(Call *c, const Fact *f, Jw *out, Err *e)
{
    Str org, by;
    Dec least;
    if (!call_name(&org, c, "org", fact_int(f, "org"), e) || !work_filed_by(&by, c, f, e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "org", fact_int(f, "org"));
    jw_kstr(out, "org_name", org);
    jw_kbool(out, "on", fact_bool(f, "on"));
    if (fact_dec(&least, f, "at_least"))
        jw_kdec(out, "at_least", least);
    jw_kstr_some(out, "kind", fact_str(c->a, f, "force"));
    jw_kday(out, "from", fact_day(f, "from"));
    jw_kstr(out, "reason", fact_str(c->a, f, "reason"));
    jw_kstr_some(out, "beyond", fact_str(c->a, f, "beyond"));
    jw_kstr(out, "by", by);
    jw_kmoment(out, "received_at", f->received_at);
    jw_end(out);
    return true;
}

static bool duty_settings(Call *c, const void *in_, Jw *out, Err *e)
{
    const SettingsIn *in = in_;
    const Duty *d;
    FactList l;
    int64_t org, n = 0;
    if (!work_board_scope(&org, c, in->org, e) || !work_duty_read(&d, c, in->duty, e) ||
        !call_list(&l, c, "duty_setting", "duty", d->name, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0;) {
        bool above, below;
        int64_t of = fact_int(&l.items[i], "org");
        if (!fact_below(&above, c->tx, org, of, e) || !fact_below(&below, c->tx, of, org, e))
            return false;
        if (!above && !below)
            continue;
        if (!put_setting(c, &l.items[i], out, e))
            return false;
        n++;
    }
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

const UseCase work_duty_settings = { "duty_settings", "查看一项职责的本地设置", WORK_READ,
                                     BOARD_READERS, &settings_in, &settings_out,
                                     .run = duty_settings };
