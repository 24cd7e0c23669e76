/* Tasks that came out of a speech or notice: who does them by when, how far they are. */
#include "work/finding.h"
#include "work/rows.h"

#include <string.h>

#define READERS                                                                                    \
    (FINDING_CLERKS | FINDING_DOERS | ROLE_BIT(ROLE_COMMITTEE) | ROLE_BIT(ROLE_SUPERIOR) |         \
     ROLE_BIT(ROLE_INSPECTOR) | ROLE_BIT(ROLE_MEMBER))
#define WRITERS (FINDING_CLERKS | FINDING_DOERS | ROLE_BIT(ROLE_MEMBER))

typedef struct TaskIn {
    int64_t cycle, document, org, task, version;
    Str state, event;
    const json_t *body;
} TaskIn;

/* --- who may -------------------------------------------------------------------------------- */

static bool is_clerk(Call *c, const Fact *f)
{
    return !c->who->behalf &&
           work_finding_covers(c, FINDING_CLERKS, fact_int(f, "cycle"), f->org);
}

/* The owner, his organisation's secretary and staff, or a clerk in their name. */
static bool does_it(bool *out, Call *c, const Fact *f, Err *e)
{
    int64_t owner = fact_int(f, "owner"), org = fact_int(f, "org"), secretary = 0;
    const Who *who = c->who;
    *out = owner && owner == who->person && !who->behalf;
    if (*out || (!who->behalf && org && call_can(c, FINDING_DOERS, org)))
        return *out = true, true;
    if (!who->behalf)
        return true;
    if (org && !call_holder(&secretary, c, org, "secretary", c->today, e))
        return false;
    *out = who->behalf == owner || who->behalf == secretary;
    return !*out || call_may_self(c, who->behalf, e);
}

static bool readable(bool *out, Call *c, const Fact *f, Err *e)
{
    uint32_t others = READERS & ~(FINDING_DOERS | ROLE_BIT(ROLE_MEMBER));
    *out = work_finding_covers(c, others, fact_int(f, "cycle"), f->org);
    return *out || does_it(out, c, f, e);
}

/* --- the list ------------------------------------------------------------------------------- */

static const ShapeField list_fields[] = {
    { "cycle", SHAPE_ID, offsetof(TaskIn, cycle), .title = "年度周期" },
    { "document", SHAPE_ID, offsetof(TaskIn, document), .title = "讲话" },
    { "org", SHAPE_ID, offsetof(TaskIn, org), .title = "承办单位" },
    { "state", SHAPE_TEXT, offsetof(TaskIn, state), .max = 40, .title = "状态" },
};
static const Shape list_in = SHAPE("TaskListIn", TaskIn, list_fields);
static const ShapeField row_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "document", SHAPE_ID },
    { "document_title", SHAPE_TEXT },
    { "by", SHAPE_TEXT },
    { "text", SHAPE_TEXT, .required = true },
    { "sentence", SHAPE_TEXT },
    { "org", SHAPE_ID },
    { "org_name", SHAPE_TEXT },
    { "owner", SHAPE_ID },
    { "owner_name", SHAPE_TEXT },
    { "due", SHAPE_DAY },
    { "overdue", SHAPE_BOOL, .required = true },
    { "progress", SHAPE_TEXT },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "may_report", SHAPE_BOOL, .required = true },
    { "may_change", SHAPE_BOOL, .required = true },
};
static const Shape row_shape = SHAPE_REPLY("TaskRow", row_fields);
static const ShapeField rows_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "total", SHAPE_INT, .required = true },
    { "open", SHAPE_INT, .required = true },
    { "overdue", SHAPE_INT, .required = true },
};
static const Shape rows_out = SHAPE_REPLY("TaskList", rows_fields);

static bool is_open(Call *c, const Fact *f)
{
    return str_is(fact_str(c->a, f, "state"), "open");
}

static bool is_late(Call *c, const Fact *f)
{
    Day due = fact_day(f, "due");
    return is_open(c, f) && due != DAY_NONE && due < c->today;
}

static bool put_names(Call *c, const Fact *f, Jw *out, Err *e)
{
    Str org, owner;
    Fact d;
    int64_t document = fact_int(f, "document");
    if (!call_name(&org, c, "org", fact_int(f, "org"), e) ||
        !call_name(&owner, c, "person", fact_int(f, "owner"), e) ||
        (document && !call_thing(&d, c, "document", document, e)))
        return false;
    jw_kint_some(out, "document", document);
    if (document)
        jw_kstr(out, "document_title", fact_str(c->a, &d, "title"));
    jw_kint_some(out, "org", fact_int(f, "org"));
    jw_kstr_some(out, "org_name", org);
    jw_kint_some(out, "owner", fact_int(f, "owner"));
    jw_kstr_some(out, "owner_name", owner);
    return true;
}

static bool put_row(Call *c, const Fact *f, Jw *out, Err *e)
{
    Str state = fact_str(c->a, f, "state");
    bool does;
    if (!does_it(&does, c, f, e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kstr_some(out, "by", fact_str(c->a, f, "by"));
    jw_kstr(out, "text", fact_str(c->a, f, "text"));
    jw_kstr_some(out, "sentence", fact_str(c->a, f, "sentence"));
    if (fact_day(f, "due") != DAY_NONE)
        jw_kday(out, "due", fact_day(f, "due"));
    jw_kbool(out, "overdue", is_late(c, f));
    jw_kstr_some(out, "progress", fact_str(c->a, f, "progress"));
    jw_kstr(out, "state", state);
    jw_kstr(out, "state_title", call_title(c, "task_state", state));
    jw_kbool(out, "may_report", is_open(c, f) && (does || is_clerk(c, f)));
    jw_kbool(out, "may_change", is_clerk(c, f));
    bool ok = put_names(c, f, out, e);
    jw_end(out);
    return ok;
}

static bool asked_for(const TaskIn *in, Call *c, const Fact *f)
{
    return (!in->cycle || fact_int(f, "cycle") == in->cycle) &&
           (!in->document || fact_int(f, "document") == in->document) &&
           (!in->org || fact_int(f, "org") == in->org) &&
           (!in->state.n || str_eq(fact_str(c->a, f, "state"), in->state));
}

static bool task_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const TaskIn *in = in_;
    FactList l;
    int64_t n = 0, open = 0, late = 0;
    if (!call_may_all(c, e) || !call_list(&l, c, "task", NULL, STRC(""), e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        bool may;
        if (!asked_for(in, c, &l.items[i]))
            continue;
        if (!readable(&may, c, &l.items[i], e))
            return false;
        if (!may)
            continue;
        if (!put_row(c, &l.items[i], out, e))
            return false;
        n++;
        open += is_open(c, &l.items[i]);
        late += is_late(c, &l.items[i]);
    }
    jw_end(out);
    jw_kint(out, "total", n);
    jw_kint(out, "open", open);
    jw_kint(out, "overdue", late);
    return true;
}

const UseCase work_task_list = { "task_list", "查看讲话转办的任务", WORK_READ, READERS, &list_in,
                                 &rows_out, .run = task_list };

/* --- changing ------------------------------------------------------------------------------- */

static const ShapeField edit_fields[] = {
    { "task", SHAPE_ID, offsetof(TaskIn, task), .required = true, .title = "任务" },
    { "version", SHAPE_ID, offsetof(TaskIn, version), .required = true, .title = "版本" },
    { "body", SHAPE_JSON, offsetof(TaskIn, body), .required = true, .title = "修改内容" },
};
static const Shape edit_in = SHAPE("TaskEditIn", TaskIn, edit_fields);

/* Who does it writes how far he is; the rest is the clerk's. */
static bool fields_fit(Call *c, const json_t *patch, bool clerk, Err *e)
{
    static const char *const clerks[] = { "text", "org", "owner", "due" };
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)patch, key, value) {
        bool ok = str_is(STRC("progress"), key);
        for (size_t i = 0; clerk && i < sizeof clerks / sizeof *clerks; i++)
            ok = ok || strcmp(key, clerks[i]) == 0;
        if (!ok) {
            const FormField *f = form_field(pack_form(call_rules(c), STRC("task")), str_of(key));
            return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", f ? f->title : str_of(key)));
        }
    }
    return true;
}

static bool task_edit(Call *c, const void *in_, Jw *out, Err *e)
{
    const TaskIn *in = in_;
    Fact was;
    int64_t id;
    bool does;
    c->asked = true;
    if (!call_thing(&was, c, "task", in->task, e) || !does_it(&does, c, &was, e))
        return false;
    bool clerk = is_clerk(c, &was);
    if (!clerk && !does)
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    if (!fields_fit(c, in->body, clerk, e) || !work_finding_refs(c, in->body, e))
        return false;
    if (!is_open(c, &was))
        return err_fail(e, ERR_FINDING_LOCKED,
                        err_hole("state", call_title(c, "task_state",
                                                     fact_str(c->a, &was, "state"))),
                        err_hole("field", "任务"));
    if (!call_revise(c, "task", &was, in->version, in->body, &id, e))
        return false;
    work_put_made(out, in->task, id);
    return true;
}

const UseCase work_task_edit = { "task_edit", "填写任务进展、调整任务", WORK_WRITE, WRITERS,
                                 &edit_in, &work_made, .run = task_edit };

static const ShapeField go_fields[] = {
    { "task", SHAPE_ID, offsetof(TaskIn, task), .required = true, .title = "任务" },
    { "version", SHAPE_ID, offsetof(TaskIn, version), .required = true, .title = "版本" },
    { "event", SHAPE_TEXT, offsetof(TaskIn, event), .required = true, .max = 40, .title = "办理" },
};
static const Shape go_in = SHAPE("TaskMoveIn", TaskIn, go_fields);

static bool task_move(Call *c, const void *in_, Jw *out, Err *e)
{
    const TaskIn *in = in_;
    Fact was;
    int64_t id;
    uint32_t hands = 0;
    c->asked = true;
    if (!call_thing(&was, c, "task", in->task, e))
        return false;
    if (!is_clerk(c, &was))
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    for (Role r = 0; r < ROLE_COUNT; r++)
        if (work_finding_covers(c, ROLE_BIT(r), fact_int(&was, "cycle"), was.org))
            hands |= ROLE_BIT(r);
    if (!call_move_as(c, hands, "task", &was, in->version, arena_z(c->a, in->event), NULL, &id, e))
        return false;
    work_put_made(out, in->task, id);
    return true;
}

const UseCase work_task_move = { "task_move", "任务办结或重新办理", WORK_WRITE, FINDING_CLERKS,
                                 &go_in, &work_made, .run = task_move };
