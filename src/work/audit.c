/* The record of log-ins and refusals: a table, for the audit administrator's eyes. */
#include "work/audit.h"

#include "work/areas.h"
#include "work/rows.h"

#define AUDITOR ROLE_BIT(ROLE_AUDIT_ADMIN)
enum { MINUTE_MS = 60 * 1000 };

/* --- recording ------------------------------------------------------------------------------ */

typedef struct Tried {
    Str login;
    int64_t account;
} Tried;

static bool account_of(Call *c, void *arg, Err *e)
{
    Tried *t = arg;
    Fact f;
    FactFilter by = { .kind = STRC("account"), .field = STRC("login"), .value = t->login };
    if (!fact_first(&f, c->a, c->tx, &by, e))
        return false;
    t->account = f.id ? f.subject : 0;
    return true;
}

/* People type passwords where the login belongs. What nobody is called is therefore kept as four
 * hexadecimal digits of its hash: enough to see one name tried again and again, too little to find
 * out what it was. */
void work_audit_tried(Call *c, Str login, ErrCode outcome)
{
    Tried t = { .login = login };
    Err quiet = { 0 };
    if (!call_read(c, account_of, &t, &quiet))
        t.account = 0;
    c->actor = t.account;
    if (t.account == 0 && outcome != ERR_AUTH_LOCKED) /* one row a minute while it is locked */
        c->mark = str_sub(hash_hex(c->a, hash_of(login)), 0, 4);
}

static bool put(Tx *tx, void *arg, Err *e)
{
    const Call *c = arg;
    Str peer = str_sub(c->given->peer, 0, AUDIT_PEER_MAX);
    return store_run(tx, "audit_put",
                     BIND(bind_int(c->now - c->now % MINUTE_MS), bind_int(c->actor),
                          bind_text(c->mark.n ? c->mark : STRC("")),
                          bind_text(peer.n ? peer : STRC("")), bind_text(str_of(c->u->name)),
                          bind_text(c->outcome == ERR_NONE ? STRC("")
                                                           : str_of(err_name(c->outcome))),
                          bind_int(c->now), bind_int(c->now)),
                     e);
}

bool work_audit_put(Call *c, ErrCode outcome, Err *e)
{
    bool refused = outcome == ERR_FORBIDDEN && c->who->account;
    if (!c->u->audit && !refused)
        return true;
    if (c->actor == 0)
        c->actor = c->who->account;
    c->outcome = outcome;
    return store_write(work_store(c->w), put, c, e) || err_note(e, "recording %s", c->u->name);
}

/* --- reading -------------------------------------------------------------------------------- */

typedef struct AuditIn {
    Day from, to;
    int64_t account, offset, limit;
    bool refused;
} AuditIn;
static const ShapeField list_fields[] = {
    { "from", SHAPE_DAY, offsetof(AuditIn, from), .title = "自" },
    { "to", SHAPE_DAY, offsetof(AuditIn, to), .title = "至" },
    { "account", SHAPE_ID, offsetof(AuditIn, account), .title = "账号" },
    { "refused", SHAPE_BOOL, offsetof(AuditIn, refused), .title = "只看没有成功的" },
    { "offset", SHAPE_INT, offsetof(AuditIn, offset), .min = 0, .max = 100000000,
      .title = "起始位置" },
    { "limit", SHAPE_INT, offsetof(AuditIn, limit), .min = 0, .max = AUDIT_PAGE_MAX,
      .title = "条数" },
};
static const Shape list_in = SHAPE("AuditListIn", AuditIn, list_fields);
static const ShapeField row_fields[] = {
    { "first_at", SHAPE_MOMENT, .required = true },
    { "last_at", SHAPE_MOMENT, .required = true },
    { "times", SHAPE_INT, .required = true },
    { "account", SHAPE_ID },
    { "who", SHAPE_TEXT, .required = true }, /* a name, 未知账号 with its mark, or the console */
    { "peer", SHAPE_TEXT },
    { "what", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "ok", SHAPE_BOOL, .required = true },
    { "outcome", SHAPE_TEXT }, /* the error's name */
};
static const Shape row = SHAPE_REPLY("AuditRow", row_fields);
static const ShapeField rows_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &row },
    { "total", SHAPE_INT, .required = true },
    { "days_min", SHAPE_INT, .required = true },
    { "since", SHAPE_DAY },
};
static const Shape list_out = SHAPE_REPLY("AuditList", rows_fields);

static bool put_row(Call *c, Rows *r, Jw *out, Err *e)
{
    Str who, mark = rows_text(r, 1), what = arena_str(c->a, rows_text(r, 3));
    const UseCase *u = work_case(what);
    int64_t account = rows_int(r, 0);
    Fact by = { .who = account };
    if (account == 0 && mark.n)
        who = arena_text(c->a, "未知账号（%.*s）", STR(mark));
    else if (account == 0 && rows_text(r, 2).n && !str_is(rows_text(r, 2), "console"))
        who = STRC("未知账号");
    else if (!work_filed_by(&who, c, &by, e))
        return false;
    jw_obj(out);
    jw_kmoment(out, "first_at", rows_int(r, 5));
    jw_kmoment(out, "last_at", rows_int(r, 6));
    jw_kint(out, "times", rows_int(r, 7));
    if (account)
        jw_kint(out, "account", account);
    jw_kstr(out, "who", who);
    jw_kstr(out, "peer", rows_text(r, 2));
    jw_kstr(out, "what", what);
    jw_kstr(out, "title", u ? str_of(u->title) : what);
    jw_kbool(out, "ok", rows_text(r, 4).n == 0);
    jw_kstr(out, "outcome", rows_text(r, 4));
    jw_end(out);
    return true;
}

static Moment day_start(Day d)
{
    return ((Moment)d * 24 - 8) * 3600 * 1000; /* midnight in Beijing */
}

static bool put_rows(Call *c, const AuditIn *in, Jw *out, Err *e)
{
    Rows *r;
    Moment from = in->from == DAY_NONE ? 0 : day_start(in->from);
    Moment to = in->to == DAY_NONE ? c->now + MINUTE_MS : day_start(in->to + 1);
    int64_t total, first, limit = in->limit ? in->limit : AUDIT_PAGE_MAX;
    if (!store_int(&total, c->tx, "audit_count",
                   BIND(bind_int(from), bind_int(to), bind_int(in->account),
                        bind_int(in->refused)), 0, e) ||
        !store_int(&first, c->tx, "audit_first", BIND_NONE, 0, e) ||
        !store_rows(&r, c->tx, "audit_list",
                    BIND(bind_int(from), bind_int(to), bind_int(in->account),
                         bind_int(in->refused), bind_int(limit), bind_int(in->offset)), e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    while (rows_next(r))
        if (!put_row(c, r, out, e)) {
            rows_drop(r);
            return false;
        }
    jw_end(out);
    jw_kint(out, "total", total);
    jw_kint(out, "days_min", AUDIT_DAYS_MIN);
    if (first)
        jw_kday(out, "since", moment_day(first));
    return rows_close(r, e);
}

static bool audit_list(Call *c, const void *in, Jw *out, Err *e)
{
    return call_may_org(c, 0, e) && put_rows(c, in, out, e);
}

const UseCase work_audit_list = { "audit_list", "查看登录与被拒操作的记录", WORK_READ, AUDITOR,
                                  &list_in, &list_out, .run = audit_list };

/* --- trimming ------------------------------------------------------------------------------- */

typedef struct TrimIn {
    int64_t days;
} TrimIn;
static const ShapeField trim_fields[] = {
    { "days", SHAPE_INT, offsetof(TrimIn, days), .required = true, .min = AUDIT_DAYS_MIN,
      .max = 3660, .title = "保留天数" },
};
static const Shape trim_in = SHAPE("AuditTrimIn", TrimIn, trim_fields);
static const ShapeField trimmed_fields[] = { { "removed", SHAPE_INT, .required = true } };
static const Shape trim_out = SHAPE_REPLY("AuditTrimmed", trimmed_fields);

/* That it was done is recorded like a log-in, so nobody shortens the record unseen. */
static bool audit_trim(Call *c, const void *in_, Jw *out, Err *e)
{
    const TrimIn *in = in_;
    Moment before = day_start(c->today - (Day)in->days);
    if (!call_may_org(c, 0, e) || !store_run(c->tx, "audit_trim", BIND(bind_int(before)), e))
        return false;
    jw_kint(out, "removed", store_changed(c->tx));
    return true;
}

const UseCase work_audit_trim = { "audit_trim", "清理超过保留期的登录记录（至少保留184天）",
                                  WORK_WRITE, AUDITOR, &trim_in, &trim_out, .audit = true,
                                  .run = audit_trim };
