/* What waits for the caller. */
#include "work/areas.h"
#include "work/board_say.h"
#include "work/call.h"
#include "work/rows.h"

#define CLERKS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))

/* --- what waits for me ---------------------------------------------------------------------- */

static const ShapeField task_fields[] = {
    { "title", SHAPE_TEXT, .required = true },
    { "why", SHAPE_TEXT, .required = true },
    { "link", SHAPE_TEXT, .required = true },
    { "due", SHAPE_DAY },
};
static const Shape task_shape = SHAPE_REPLY("MyTask", task_fields);
static const ShapeField tasks_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &task_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape tasks_out = SHAPE_REPLY("MyTasks", tasks_fields);

typedef struct Tasks {
    Jw *out;
    int64_t n;
} Tasks;

static void put_task(Tasks *t, Str title, Str why, Str link, Day due)
{
    jw_obj(t->out);
    jw_kstr(t->out, "title", title);
    jw_kstr(t->out, "why", why);
    jw_kstr(t->out, "link", link);
    if (due != DAY_NONE)
        jw_kday(t->out, "due", due);
    jw_end(t->out);
    t->n++;
}

static bool step_due(Day *out, Call *c, const Fact *cycle, const char *step, Err *e)
{
    json_t *body = call_body(c, cycle, e);
    if (!body)
        return false;
    *out = work_step_due(body, step);
    json_decref(body);
    return true;
}

static bool report_of(Str *state, Call *c, int64_t debriefer, Err *e)
{
    FactList l;
    *state = STRC("");
    if (!call_list_id(&l, c, "debrief_report", "debriefer", debriefer, e))
        return false;
    if (l.n)
        *state = fact_str(c->a, &l.items[l.n - 1], "state");
    return true;
}

/* My own reports, as a debriefer of a cycle that is being prepared. */
static bool my_reports(Tasks *t, Call *c, Err *e)
{
    FactList l;
    if (!c->who->person || !call_list_id(&l, c, "debriefer", "person", c->who->person, e))
        return c->who->person == 0;
    for (size_t i = 0; i < l.n; i++) {
        Fact cycle;
        Str state;
        Day due;
        if (!call_thing(&cycle, c, "cycle", fact_int(&l.items[i], "cycle"), e) ||
            !report_of(&state, c, l.items[i].subject, e) ||
            !step_due(&due, c, &cycle, "report", e))
            return false;
        if (fact_bool(&l.items[i], "withdrawn") ||
            !str_is(fact_str(c->a, &cycle, "state"), "preparing") ||
            (state.n && !str_is(state, "returned")))
            continue;
        Str name = fact_str(c->a, &cycle, "title");
        put_task(t, state.n ? STRC("修改并再次提交述职报告") : STRC("撰写并提交述职报告"),
                 state.n ? arena_text(c->a, "%.*s：报告已退回，请按意见修改", STR(name)) : name,
                 arena_text(c->a, "/reports/%lld", (long long)l.items[i].subject), due);
    }
    return true;
}

/* Reports that were filed and wait for a clerk of the cycle. */
static bool reports_filed(Tasks *t, Call *c, const Fact *cycle, Err *e)
{
    FactList l;
    int64_t n = 0;
    Day due;
    if (!call_list_id(&l, c, "debriefer", "cycle", cycle->subject, e) ||
        !step_due(&due, c, cycle, "report", e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Str state;
        if (!report_of(&state, c, l.items[i].subject, e))
            return false;
        n += str_is(state, "filed") && !fact_bool(&l.items[i], "withdrawn");
    }
    if (n)
        put_task(t, arena_text(c->a, "审核%lld份述职报告", (long long)n),
                 fact_str(c->a, cycle, "title"),
                 arena_text(c->a, "/reports?cycle=%lld", (long long)cycle->subject), due);
    return true;
}

static bool complaints_open(Tasks *t, Call *c, Err *e)
{
    static const char *const states[] = { "open", "accepted" };
    FactList l;
    Day due, first = DAY_NONE;
    size_t n = 0;
    for (size_t k = 0; k < 2; k++) {
        if (!call_list(&l, c, "complaint", "state", str_of(states[k]), e))
            return false;
        for (size_t i = 0; i < l.n; i++, n++) {
            if (!work_complaint_due(&due, c, &l.items[i], e))
                return false;
            if (due != DAY_NONE && (first == DAY_NONE || due < first))
                first = due;
        }
    }
    if (n)
        put_task(t, arena_text(c->a, "答复%zu件意见与投诉", n),
                 STRC("有人提出了意见，还没有答复"), STRC("/complaints"), first);
    return true;
}

static bool as_clerk(Tasks *t, Call *c, Err *e)
{
    FactList l;
    if (!who_has(c->who, CLERKS))
        return true;
    if (!call_list(&l, c, "cycle", NULL, STRC(""), e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (str_is(fact_str(c->a, &l.items[i], "state"), "preparing") &&
            call_can_cycle(c, CLERKS, l.items[i].subject) && !reports_filed(t, c, &l.items[i], e))
            return false;
    if (l.n == 0)
        put_task(t, STRC("开启本年度的述职评议"), STRC("还没有开启任何年度"), STRC("/cycles/new"),
                 DAY_NONE);
    return complaints_open(t, c, e);
}

/* Findings whose owner I am and which are not cured yet. */
static bool my_findings(Tasks *t, Call *c, Err *e)
{
    static const char *const over[] = { "verified", "closed", "rechecked", "close_out_applied" };
    FactList l;
    if (!c->who->person || !call_list_id(&l, c, "finding", "owner", c->who->person, e))
        return c->who->person == 0;
    for (size_t i = 0; i < l.n; i++) {
        Str state = fact_str(c->a, &l.items[i], "state");
        Str text = fact_str(c->a, &l.items[i], "text");
        bool is_over = false;
        for (size_t k = 0; k < sizeof over / sizeof *over; k++)
            is_over |= str_is(state, over[k]);
        int64_t heir;
        if (!work_finding_heir(&heir, c, l.items[i].subject, e))
            return false;
        if (!is_over && !heir)
            put_task(t, arena_text(c->a, "整改问题（%.*s）",
                                   STR(call_title(c, "finding_state", state))),
                     text, arena_text(c->a, "/findings/%lld", (long long)l.items[i].subject),
                     fact_day(&l.items[i], "due"));
    }
    return true;
}

/* Findings in my charge that are overdue, applications for close-out that wait for me. */
static bool findings_waiting(Tasks *t, Call *c, Err *e)
{
    FindingsWaiting w;
    if (!work_findings_waiting(&w, c, e))
        return false;
    if (w.overdue)
        put_task(t, arena_text(c->a, "%lld个问题整改逾期", (long long)w.overdue),
                 STRC("过了完成时限还没有销号；请督促办理，确需延期须经批准"),
                 STRC("/findings?overdue=true"), w.oldest);
    if (w.applied)
        put_task(t, arena_text(c->a, "验收%lld项申请销号", (long long)w.applied),
                 STRC("整改单位已申请销号；请核实后验收或退回"),
                 STRC("/findings?state=close_out_applied"), DAY_NONE);
    return true;
}

/* Tasks out of speeches that are mine to do. */
static bool my_duties(Tasks *t, Call *c, Err *e)
{
    FactList l;
    if (!c->who->person || !call_list_id(&l, c, "task", "owner", c->who->person, e))
        return c->who->person == 0;
    for (size_t i = 0; i < l.n; i++)
        if (str_is(fact_str(c->a, &l.items[i], "state"), "open"))
            put_task(t, STRC("办理讲话转办的任务"), fact_str(c->a, &l.items[i], "text"),
                     STRC("/duties"), fact_day(&l.items[i], "due"));
    return true;
}

/* The first steps of a new installation, one at a time. */
static bool first_steps(Tasks *t, Call *c, Err *e)
{
    int64_t orgs, accounts;
    FactFilter org = { .kind = STRC("org") }, account = { .kind = STRC("account") };
    if (!who_has(c->who, ROLE_BIT(ROLE_SEC_ADMIN)))
        return true;
    if (!fact_count(&orgs, c->tx, &org, e) || !fact_count(&accounts, c->tx, &account, e))
        return false;
    if (orgs == 0)
        put_task(t, STRC("导入组织和人员名册"), STRC("系统里还没有组织；下载模板、填好后导入"),
                 STRC("/orgs/import"), DAY_NONE);
    else if (accounts <= 1)
        put_task(t, STRC("开通账号并打印激活条"), STRC("名册已导入，还没有其他人能登录"),
                 STRC("/accounts"), DAY_NONE);
    return true;
}

/* --- reminders and duties of the organisations I keep --------------------------------------- */

enum { REMINDERS_SHOWN = 5, REMINDER_DAYS = 60 };

/* Unread and still open; more than a handful are told as a number. */
static bool reminders(Tasks *t, Call *c, const Board *b, int64_t org, Err *e)
{
    FactFilter f = { .kind = STRC("notice"), .org = org };
    FactList l;
    int64_t open = 0;
    if (!fact_list(&l, c->a, c->tx, &f, e))
        return false;
    for (size_t i = l.n; i-- > 0;) {
        bool settled;
        if (fact_day(&l.items[i], "read") != DAY_NONE ||
            fact_day(&l.items[i], "day") < c->today - REMINDER_DAYS)
            continue;
        if (!work_notice_settled(&settled, c, b, &l.items[i], e))
            return false;
        if (!settled && open++ < REMINDERS_SHOWN)
            put_task(t, call_title(c, "notice_kind", fact_str(c->a, &l.items[i], "kind")),
                     fact_str(c->a, &l.items[i], "text"),
                     arena_text(c->a, "/reminders?org=%lld", (long long)org),
                     fact_day(&l.items[i], "due"));
    }
    if (open > REMINDERS_SHOWN)
        put_task(t, arena_text(c->a, "另有%lld条提醒", (long long)(open - REMINDERS_SHOWN)),
                 STRC("都还来得及，可在提醒里逐条看"),
                 arena_text(c->a, "/reminders?org=%lld", (long long)org), DAY_NONE);
    return true;
}

/* What was missed this year is said once, with the way to look at it; nothing here is a score. */
static bool missed(Tasks *t, Call *c, const Board *b, const BoardOrg *o, Err *e)
{
    Period year = period_of(PERIOD_YEAR, c->today);
    RuleUnit unit;
    RuleCells cells;
    int64_t n = 0;
    if (!work_board_unit(&unit, c->a, b, o, e) ||
        !rule_judge(&cells, c->a, work_board_rules(b), &unit, year, c->today, e))
        return false;
    for (size_t i = 0; i < cells.n; i++)
        n += cells.items[i].state == DUTY_MISSED && !cells.items[i].person;
    if (n)
        put_task(t, arena_text(c->a, "今年有%lld项职责没有按期落实", (long long)n),
                 STRC("已办未登记的可以补录并写明原因，确有困难的可请上级办理豁免"),
                 arena_text(c->a, "/board?org=%lld", (long long)o->id), DAY_NONE);
    return true;
}

static bool my_orgs(Tasks *t, Call *c, const Board *b, Err *e)
{
    for (size_t i = 0; i < c->who->n_grants; i++) {
        const WhoGrant *g = &c->who->grants[i];
        const BoardOrg *o = (ROLE_BIT(g->role) & BOARD_OF_ORG) && g->org
                                ? work_board_org(b, g->org) : NULL;
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again |= c->who->grants[k].org == g->org &&
                     (ROLE_BIT(c->who->grants[k].role) & BOARD_OF_ORG);
        if (o && !again && (!reminders(t, c, b, o->id, e) || !missed(t, c, b, o, e)))
            return false;
    }
    return true;
}

static bool my_board(Tasks *t, Call *c, Err *e)
{
    Board *b;
    if (!who_has(c->who, BOARD_OF_ORG))
        return true;
    if (!work_board_enter(&b, c, e))
        return false;
    bool ok = my_orgs(t, c, b, e);
    work_board_leave(b);
    return ok;
}

/* What stands with me as the superior, because it was not done in time below. */
static bool escalated(Tasks *t, Call *c, Err *e)
{
    for (size_t i = 0; i < c->who->n_grants; i++) {
        const WhoGrant *g = &c->who->grants[i];
        FactList l;
        int64_t n = 0;
        if (!(ROLE_BIT(g->role) & BOARD_DECIDES) || !g->org)
            continue;
        if (!call_list_id(&l, c, "notice", "above", g->org, e))
            return false;
        for (size_t k = 0; k < l.n; k++)
            n += fact_day(&l.items[k], "read") == DAY_NONE;
        if (n)
            put_task(t, arena_text(c->a, "下级有%lld件事过期未办", (long long)n),
                     STRC("请了解困难，帮助解决"),
                     arena_text(c->a, "/reminders?org=%lld&below=true", (long long)g->org),
                     DAY_NONE);
    }
    return true;
}

/* --- new in the post ------------------------------------------------------------------------ */

enum { NEW_DAYS = 183 };

/* Findings of the organisation that are still being put right. */
static bool inherited(int64_t *n, Call *c, int64_t org, Err *e)
{
    static const char *const over[] = { "verified", "closed", "rechecked" };
    FactList l;
    *n = 0;
    if (!call_list_id(&l, c, "finding", "org", org, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Str state = fact_str(c->a, &l.items[i], "state");
        bool is_over = false;
        for (size_t k = 0; k < sizeof over / sizeof *over; k++)
            is_over |= str_is(state, over[k]);
        *n += !is_over;
    }
    return true;
}

static bool welcome(Tasks *t, Call *c, const Fact *tenure, Err *e)
{
    int64_t org = fact_int(tenure, "org"), findings;
    Fact f;
    if (!call_thing(&f, c, "org", org, e) || !inherited(&findings, c, org, e))
        return false;
    Day term = fact_day(&f, "term_end");
    Str name = fact_str(c->a, &f, "name");
    Str why = STRC("接手先看三样：今年的职责和期限、还在整改的问题、本届何时届满。这是帮助，不计分，半年后自动收起");
    if (findings)
        why = arena_text(c->a, "%.*s；接手时有%lld个问题还在整改", STR(why), (long long)findings);
    if (term != DAY_NONE)
        why = arena_text(c->a, "%.*s；本届任期到%.*s", STR(why), STR(day_print_zh(c->a, term)));
    put_task(t, arena_text(c->a, "新任%.*s书记：先看这几件事", STR(name)), why,
             arena_text(c->a, "/board?org=%lld", (long long)org), DAY_NONE);
    return true;
}

/* Who has held a secretary's post for less than half a year is helped to find his way. */
static bool new_secretary(Tasks *t, Call *c, Err *e)
{
    FactList l;
    if (!c->who->person || c->who->token)
        return true;
    if (!call_list_id(&l, c, "tenure", "person", c->who->person, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (str_is(fact_str(c->a, &l.items[i], "post"), "secretary") &&
            call_holds(&l.items[i], c->today) &&
            fact_day(&l.items[i], "from") > c->today - NEW_DAYS &&
            !welcome(t, c, &l.items[i], e))
            return false;
    return true;
}

static bool tasks_mine(Call *c, const void *in, Jw *out, Err *e)
{
    Tasks t = { .out = out };
    (void)in;
    if (!call_may_all(c, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    if (!first_steps(&t, c, e) || !new_secretary(&t, c, e) || !my_reports(&t, c, e) ||
        !my_findings(&t, c, e) || !findings_waiting(&t, c, e) || !my_duties(&t, c, e) ||
        !as_clerk(&t, c, e) || !my_board(&t, c, e) || !escalated(&t, c, e))
        return false;
    jw_end(out);
    jw_kint(out, "total", t.n);
    return true;
}

const UseCase work_tasks_mine = { "tasks_mine", "查看等我办的事", WORK_READ, WORK_LOGGED_IN, NULL,
                                  &tasks_out, .run = tasks_mine };
