/* Reminders: what the turn of the day told, and what an organiser sends by hand. They are friendly:
 * none of them marks anybody, and what was done meanwhile is shown as done. */
#include "work/areas.h"
#include "work/board_say.h"
#include "work/rows.h"

enum { NOTICES_SHOWN = 300, SEND_MAX = 2000, SHOWN_DAYS = 60 };

/* --- the list ------------------------------------------------------------------------------- */

typedef struct ListIn {
    int64_t org;
    bool below, all;
} ListIn;
static const ShapeField list_in_fields[] = {
    { "org", SHAPE_ID, offsetof(ListIn, org), .title = "组织" },
    { "below", SHAPE_BOOL, offsetof(ListIn, below), .title = "含下级" },
    { "all", SHAPE_BOOL, offsetof(ListIn, all), .title = "含已读和已完成的" },
};
static const Shape list_in = SHAPE("RemindersIn", ListIn, list_in_fields);
static const ShapeField item_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "kind", SHAPE_TEXT, .required = true },
    { "kind_title", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "to_superior", SHAPE_BOOL, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "duty", SHAPE_TEXT },
    { "form", SHAPE_TEXT },
    { "subject", SHAPE_ID },
    { "due", SHAPE_DAY },
    { "day", SHAPE_DAY, .required = true },
    { "read", SHAPE_DAY },
    { "settled", SHAPE_BOOL, .required = true }, /* met or waived since */
};
static const Shape item_shape = SHAPE_REPLY("Reminder", item_fields);
static const ShapeField list_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape list_out = SHAPE_REPLY("Reminders", list_fields);

static bool record_settled(const Board *b, Call *c, const Fact *f)
{
    const Form *form = pack_form(call_rules(c), fact_str(c->a, f, "form"));
    const RuleRecord *r =
        form ? work_board_record(NULL, b, form, fact_int(f, "subject")) : NULL;
    return r && (r->struck || (r->state_since != DAY_NONE &&
                               r->state_since >= fact_day(f, "day")));
}

/* Is what it reminds of met or waived by now? Of several persons: of all of them. Of a flow: has
 * the thing moved on since? */
bool work_notice_settled(bool *out, Call *c, const Board *b, const Fact *f, Err *e)
{
    const Duty *d = pack_duty(call_rules(c), fact_str(c->a, f, "duty"));
    const BoardOrg *o = work_board_org(b, fact_int(f, "org"));
    Day due = fact_day(f, "due");
    RuleUnit unit;
    RuleCells cells;
    *out = false;
    if (!d || !o || due == DAY_NONE)
        return *out = record_settled(b, c, f), true;
    DayParts p = day_parts(due);
    Period year = { day_make(p.year, 1, 1), day_make(p.year, 12, 31) };
    if (!work_board_unit(&unit, c->a, b, o, e) ||
        !rule_judge_duty(&cells, c->a, work_board_rules(b), &unit, d, year, c->today, e))
        return false;
    bool any = false, open = false;
    for (size_t i = 0; i < cells.n; i++) {
        const RuleCell *k = &cells.items[i];
        /* A period is told from the day by which it was due, grace included. */
        bool same = (!k->thing || k->thing == fact_int(f, "subject")) && k->period.from <= due &&
                    k->period.to + d->grace >= due;
        any |= same;
        open |= same && (k->state == DUTY_DUE || k->state == DUTY_MISSED);
    }
    *out = any && !open;
    return true;
}

static bool put_item(Call *c, const Fact *f, bool settled, Jw *out, Err *e)
{
    Str org, kind = fact_str(c->a, f, "kind"), duty = fact_str(c->a, f, "duty");
    Str form = fact_str(c->a, f, "form");
    if (!call_name(&org, c, "org", fact_int(f, "org"), e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kstr(out, "kind", kind);
    jw_kstr(out, "kind_title", call_title(c, "notice_kind", kind));
    jw_kint(out, "org", fact_int(f, "org"));
    jw_kstr(out, "org_name", org);
    jw_kbool(out, "to_superior", fact_int(f, "above") != 0);
    jw_kstr(out, "text", fact_str(c->a, f, "text"));
    jw_kstr_some(out, "duty", duty);
    jw_kstr_some(out, "form", form);
    jw_kint_some(out, "subject", fact_int(f, "subject"));
    if (fact_day(f, "due") != DAY_NONE)
        jw_kday(out, "due", fact_day(f, "due"));
    jw_kday(out, "day", fact_day(f, "day"));
    if (fact_day(f, "read") != DAY_NONE)
        jw_kday(out, "read", fact_day(f, "read"));
    jw_kbool(out, "settled", settled);
    jw_end(out);
    return true;
}

static bool list_write(Call *c, const Board *b, const FactList *l, bool all, Jw *out, Err *e)
{
    int64_t n = 0;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l->n; i-- > 0 && n < NOTICES_SHOWN;) {
        const Fact *f = &l->items[i];
        bool settled;
        if (!all && (fact_day(f, "read") != DAY_NONE ||
                     fact_day(f, "day") < c->today - SHOWN_DAYS))
            continue;
        if (!work_notice_settled(&settled, c, b, f, e))
            return false;
        if (settled && !all)
            continue;
        if (!put_item(c, f, settled, out, e))
            return false;
        n++;
    }
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

static bool reminder_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const ListIn *in = in_;
    FactFilter filter = { .kind = STRC("notice"), .below = in->below };
    FactList l;
    Board *b;
    if (!work_board_scope(&filter.org, c, in->org, e) || !fact_list(&l, c->a, c->tx, &filter, e) ||
        !work_board_enter(&b, c, e))
        return false;
    bool ok = list_write(c, b, &l, in->all, out, e);
    work_board_leave(b);
    return ok;
}

const UseCase work_reminder_list = { "reminder_list", "查看提醒", WORK_READ, BOARD_READERS,
                                     &list_in, &list_out, .run = reminder_list };

/* --- seen ----------------------------------------------------------------------------------- */

typedef struct SeenIn {
    int64_t notice;
} SeenIn;
static const ShapeField seen_in_fields[] = {
    { "notice", SHAPE_ID, offsetof(SeenIn, notice), .required = true, .title = "提醒" },
};
static const Shape seen_in = SHAPE("ReminderSeenIn", SeenIn, seen_in_fields);

static bool reminder_seen(Call *c, const void *in_, Jw *out, Err *e)
{
    const SeenIn *in = in_;
    Fact was;
    int64_t id;
    if (!call_thing(&was, c, "notice", in->notice, e) ||
        !call_may_org(c, fact_int(&was, "above") ? fact_int(&was, "above") : fact_int(&was, "org"),
                      e))
        return false;
    if (fact_day(&was, "read") != DAY_NONE) {
        work_put_made(out, was.subject, was.id);
        return true;
    }
    json_t *patch = json_pack("{s:o}", "read", jv_new(day_print(c->a, c->today)));
    bool ok = patch && call_revise(c, "notice", &was, 0, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, was.subject, id);
    return ok;
}

const UseCase work_reminder_seen = { "reminder_seen", "标记提醒已读", WORK_WRITE, BOARD_READERS,
                                     &seen_in, &work_made, .run = reminder_seen };

/* --- by hand -------------------------------------------------------------------------------- */

typedef struct SendIn {
    ShapeList orgs;
    Str text;
    Day due;
} SendIn;
static const ShapeField send_in_fields[] = {
    { "orgs", SHAPE_IDS, offsetof(SendIn, orgs), .required = true, .max = SEND_MAX,
      .title = "提醒对象" },
    { "text", SHAPE_TEXT, offsetof(SendIn, text), .required = true, .max = 1000, .title = "内容" },
    { "due", SHAPE_DAY, offsetof(SendIn, due), .title = "期限" },
};
static const Shape send_in = SHAPE("ReminderSendIn", SendIn, send_in_fields);
static const ShapeField sent_fields[] = {
    { "sent", SHAPE_INT, .required = true },
    { "same", SHAPE_INT, .required = true },     /* sent today already */
};
static const Shape sent_out = SHAPE_REPLY("RemindersSent", sent_fields);

static bool send_one(bool *sent, Call *c, const SendIn *in, int64_t org, Err *e)
{
    Str day = day_print(c->a, c->today);
    Str key = arena_text(c->a, "friendly:%lld:%.*s:%.*s", (long long)org, STR(day),
                         STR(str_sub(hash_hex(c->a, hash_of(in->text)), 0, 16)));
    FactFilter f = { .kind = STRC("notice"), .field = STRC("key"), .value = key };
    int64_t n;
    if (!call_may_org(c, org, e) || !fact_count(&n, c->tx, &f, e))
        return false;
    *sent = n == 0;
    if (n)
        return true;
    json_t *body = json_pack("{s:o,s:s,s:I,s:o,s:o}", "key", jv_new(key), "kind",
                             "friendly_reminder", "org", org, "day", jv_new(day), "text",
                             jv_new(in->text));
    bool ok = body && (in->due == DAY_NONE ||
                       json_object_set_new(body, "due", jv_new(day_print(c->a, in->due))) == 0);
    ok = ok ? call_file(c, &(Filing){ .form = "notice", .org = org, .body = body }, NULL, e)
            : err_fail(e, ERR_NO_MEMORY, err_hole("what", "提醒"));
    json_decref(body);
    return ok;
}

static bool reminder_send(Call *c, const void *in_, Jw *out, Err *e)
{
    const SendIn *in = in_;
    const int64_t *orgs = in->orgs.items;
    int64_t sent = 0;
    if (in->orgs.n == 0)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "提醒对象"));
    for (size_t i = 0; i < in->orgs.n; i++) {
        bool one;
        Fact org;
        if (!call_thing(&org, c, "org", orgs[i], e) || !send_one(&one, c, in, orgs[i], e))
            return false;
        sent += one;
    }
    jw_kint(out, "sent", sent);
    jw_kint(out, "same", (int64_t)in->orgs.n - sent);
    return true;
}

const UseCase work_reminder_send = { "reminder_send", "发送温馨提示", WORK_WRITE, BOARD_DECIDES,
                                     &send_in, &sent_out, .run = reminder_send };
