/* The turn of the day: what falls due is told to whom it concerns, once. Run when the server
 * starts, after midnight and by `shuping day`; however often it runs, a notice is filed one time,
 * because its key says what it is about. */
#include "work/board_say.h"
#include "work/rows.h"

enum {
    NOTICES_AT_ONCE = 200,         /* filed in one transaction, so that others get their turn */
    ITEM_REMIND = 7, ITEM_ESCALATE = 5, /* days before and after the day of a finding or task */
    ITEM_TEXT_MAX = 120            /* bytes of it in a notice */
};

typedef struct Told {
    Str key, kind, duty, form, text;
    int64_t org, above, person, subject;
    Day due;
} Told;

typedef struct Turn {
    Told *items;
    size_t n, cap, from;
    int64_t orgs, filed;
} Turn;

/* --- what is to be told --------------------------------------------------------------------- */

static bool known(bool *out, Call *c, Str key, Err *e)
{
    FactFilter f = { .kind = STRC("notice"), .field = STRC("key"), .value = key };
    int64_t n;
    if (!fact_count(&n, c->tx, &f, e))
        return false;
    *out = n > 0;
    return true;
}

static bool tell(Turn *t, Call *c, const Told *what, Err *e)
{
    bool there;
    if (!known(&there, c, what->key, e))
        return false;
    if (there)
        return true;
    if (!ARENA_PUSH(c->a, t->items, t->n, t->cap))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "提醒"));
    Told *to = &t->items[t->n++];
    *to = *what;
    to->key = arena_str(c->a, what->key);
    to->text = arena_str(c->a, what->text);
    return !arena_refused(c->a) || err_fail(e, ERR_NO_MEMORY, err_hole("what", "提醒"));
}

static Str kind_of(const RuleNotice *n)
{
    switch (n->kind) {
    case RULE_ESCALATION:
        return STRC("escalation");
    case RULE_OVERDUE:
        return STRC("overdue");
    case RULE_REMINDER:
        break;
    }
    return n->duty ? STRC("duty_reminder") : STRC("move_reminder");
}

/* Members who still lack the same thing by the same day are told as one number: a reminder is for
 * who keeps the organisation, and names nobody. Returns how many notices it speaks for. */
static size_t people(Told *what, Call *c, const RuleNotices *all, size_t i)
{
    const RuleNotice *n = &all->items[i];
    size_t k = i;
    while (k < all->n && all->items[k].duty == n->duty && all->items[k].due == n->due &&
           all->items[k].person)
        k++;
    what->key = arena_text(c->a, "people:%.*s:%lld:%.*s", STR(n->duty->name),
                           (long long)what->org, STR(day_print(c->a, n->due)));
    what->text = arena_text(c->a, "温馨提示：“%.*s”还有%zu名党员没有落实，请在%.*s前完成，还有%lld天",
                            STR(n->duty->title), k - i, STR(day_print_zh(c->a, n->due)),
                            (long long)(n->due - c->today));
    return k - i;
}

static bool of_org(Turn *t, Call *c, Arena *scratch, const Board *b, const BoardOrg *o, Err *e)
{
    RuleUnit unit;
    RuleNotices all;
    if (!work_board_unit(&unit, scratch, b, o, e) ||
        !rule_notices(&all, scratch, work_board_rules(b), &unit, c->today, e))
        return false;
    for (size_t i = 0, step; i < all.n; i += step) {
        const RuleNotice *n = &all.items[i];
        Told what = { .key = n->key, .kind = kind_of(n), .org = o->id,
                      .above = n->kind == RULE_ESCALATION ? o->parent : 0, .due = n->due,
                      .duty = n->duty ? n->duty->name : STRC(""), .text = n->text };
        step = n->person && n->duty ? people(&what, c, &all, i) : 1;
        if (n->record) {
            what.form = n->record->form->name;
            what.subject = n->record->subject;
        }
        if (n->since <= c->today && !tell(t, c, &what, e))
            return false;
    }
    t->orgs++;
    return true;
}

static bool of_orgs(Turn *t, Call *c, Err *e)
{
    Board *b;
    Period now = { c->today, c->today };
    Arena *scratch = arena_open(BOARD_SCRATCH_MAX);
    if (!scratch)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "提醒"));
    bool ok = work_board_enter(&b, c, e);
    if (ok) {
        for (size_t i = 0; ok && i < work_board_size(b); i++) {
            const BoardOrg *o = work_board_at(b, i);
            arena_reset(scratch);
            ok = !work_board_lives(o, now) || of_org(t, c, scratch, b, o, e);
        }
        work_board_leave(b);
    }
    arena_close(scratch);
    return ok;
}

/* --- findings and tasks: their day is their own --------------------------------------------- */

static bool is_open(Call *c, const Fact *f)
{
    static const char *const over[] = { "close_out_applied", "verified", "closed", "rechecked",
                                        "done" };
    Str state = fact_str(c->a, f, "state");
    for (size_t i = 0; i < sizeof over / sizeof *over; i++)
        if (str_is(state, over[i]))
            return false;
    return true;
}

static Str cut(Str s)
{
    size_t n = 0, step;
    uint32_t cp;
    while ((step = str_next(s, n, &cp)) > 0 && n + step <= ITEM_TEXT_MAX && cp != '\n')
        n += step;
    return str_sub(s, 0, n);
}

static bool tell_item(Turn *t, Call *c, const Fact *f, Told *what, const char *kind, Str text,
                      Err *e)
{
    what->kind = str_of(kind);
    what->text = text;
    what->key = arena_text(c->a, "%.*s:%lld:%.*s:%s", STR(f->kind), (long long)f->subject,
                           STR(day_print(c->a, what->due)), kind);
    return tell(t, c, what, e);
}

/* Each stage is told when its day has come, also when the days before it were not turned. */
static bool of_item(Turn *t, Call *c, const Fact *f, const char *doing, Err *e)
{
    Told what = { .form = f->kind, .subject = f->subject, .person = fact_int(f, "owner"),
                  .org = fact_int(f, "org"), .due = fact_day(f, "due") };
    Str about = cut(fact_str(c->a, f, "text")), due = day_print_zh(c->a, what.due);
    int64_t left = (int64_t)what.due - c->today;
    Fact org;
    if (left >= 0)
        return left > ITEM_REMIND ||
               tell_item(t, c, f, &what, "move_reminder",
                         arena_text(c->a, "温馨提示：“%.*s”的%s%.*s到期，还有%lld天，请抓紧办理。",
                                    STR(about), doing, STR(due), (long long)left), e);
    if (!tell_item(t, c, f, &what, "overdue",
                   arena_text(c->a, "“%.*s”的%s已于%.*s到期；办完请及时登记，确有困难请说明情况并申请延期。",
                              STR(about), doing, STR(due)), e))
        return false;
    if (-left < ITEM_ESCALATE)
        return true;
    if (!call_thing(&org, c, "org", what.org, e))
        return false;
    what.above = fact_int(&org, "parent");
    return tell_item(t, c, f, &what, "escalation",
                     arena_text(c->a, "“%.*s”的%s过期%lld天还没有办结，提请上级了解困难、帮助解决。",
                                STR(about), doing, (long long)-left), e);
}

static bool of_items(Turn *t, Call *c, const char *form, const char *doing, Err *e)
{
    FactList l;
    if (!call_list(&l, c, form, NULL, STRC(""), e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Day due = fact_day(&l.items[i], "due");
        if (due != DAY_NONE && fact_int(&l.items[i], "org") && is_open(c, &l.items[i]) &&
            !of_item(t, c, &l.items[i], doing, e))
            return false;
    }
    return true;
}

static bool find(Call *c, void *arg, Err *e)
{
    return of_orgs(arg, c, e) && of_items(arg, c, "finding", "整改", e) &&
           of_items(arg, c, "task", "任务", e);
}

/* --- telling -------------------------------------------------------------------------------- */

static bool set(json_t *body, const char *key, Str value)
{
    return !value.n || json_object_set_new(body, key, jv_new(value)) == 0;
}

static bool set_id(json_t *body, const char *key, int64_t id)
{
    return !id || json_object_set_new(body, key, json_integer(id)) == 0;
}

static bool file_one(Call *c, const Told *t, Err *e)
{
    json_t *body = json_object();
    bool ok = body && set(body, "key", t->key) && set(body, "kind", t->kind) &&
              set_id(body, "org", t->org) && set_id(body, "above", t->above) &&
              set_id(body, "person", t->person) && set(body, "duty", t->duty) &&
              set(body, "form", t->form) && set_id(body, "subject", t->subject) &&
              set(body, "due", day_print(c->a, t->due)) &&
              set(body, "day", day_print(c->a, c->today)) && set(body, "text", t->text);
    ok = ok ? call_file(c, &(Filing){ .form = "notice", .org = t->org, .body = body }, NULL, e)
            : err_fail(e, ERR_NO_MEMORY, err_hole("what", "提醒"));
    json_decref(body);
    return ok;
}

/* Asked again in the writer's turn: another process may have turned the day meanwhile. */
static bool file_some(Call *c, void *arg, Err *e)
{
    Turn *t = arg;
    if (!call_may_all(c, e))
        return false;
    for (size_t i = t->from; i < t->n && i < t->from + NOTICES_AT_ONCE; i++) {
        bool there;
        if (!known(&there, c, t->items[i].key, e) || (!there && !file_one(c, &t->items[i], e)))
            return false;
        t->filed += !there;
    }
    return true;
}

static const ShapeField turn_fields[] = {
    { "day", SHAPE_DAY, .required = true },
    { "orgs", SHAPE_INT, .required = true },
    { "filed", SHAPE_INT, .required = true },
};
static const Shape turn_out = SHAPE_REPLY("DayTurned", turn_fields);

static bool day_turn(Call *c, const void *in, Jw *out, Err *e)
{
    Turn t = { .n = 0 };
    (void)in;
    if (!call_may_all(c, e) || !call_read(c, find, &t, e))
        return false;
    for (; t.from < t.n; t.from += NOTICES_AT_ONCE)
        if (!call_write(c, file_some, &t, e))
            return false;
    jw_kday(out, "day", c->today);
    jw_kint(out, "orgs", t.orgs);
    jw_kint(out, "filed", t.filed);
    return true;
}

const UseCase work_day_turn = { "day_turn", "到期提醒和逾期提请：每天一次", WORK_OUTSIDE,
                                ROLE_BIT(ROLE_SYS_ADMIN), NULL, &turn_out, .run = day_turn };
