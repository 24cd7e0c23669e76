/* Filing: a record comes in, is put right, is struck. What was said before stays in the log. */
#include "work/areas.h"
#include "work/ledger.h"
#include "work/ledger_known.h"
#include "work/rows.h"

/* --- a new record --------------------------------------------------------------------------- */

typedef struct FileIn {
    Str form, late_reason, late_by;
    int64_t org;
    const json_t *values;
} FileIn;
static const ShapeField file_fields[] = {
    { "form", SHAPE_TEXT, offsetof(FileIn, form), .required = true, .max = 60, .title = "表单" },
    { "org", SHAPE_ID, offsetof(FileIn, org), .required = true, .title = "组织" },
    { "values", SHAPE_JSON, offsetof(FileIn, values), .required = true, .title = "内容" },
    { "late_reason", SHAPE_TEXT, offsetof(FileIn, late_reason), .max = 1000,
      .title = "补录原因" },
    { "late_by", SHAPE_TEXT, offsetof(FileIn, late_by), .max = 60, .title = "责任方" },
};
static const Shape file_in = SHAPE("RecordFileIn", FileIn, file_fields);
static const ShapeField filed_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "late", SHAPE_INT, .required = true },
    { "counts_for", SHAPE_LIST, .sub = &work_ledger_counts },
};
static const Shape filed_out = SHAPE_REPLY("RecordFiled", filed_fields);

static void put_done(Jw *out, const LedgerDone *done)
{
    jw_kint(out, "id", done->id);
    jw_kint(out, "version", done->version);
    jw_kint(out, "late", done->late);
}

typedef struct New {
    const FileIn *in;
    LedgerDone done;
    Jw *out;
} New;

static bool file_job(Call *c, void *arg, Err *e)
{
    New *x = arg;
    LedgerEntry entry = { .org = x->in->org, .values = x->in->values,
                          .late_reason = x->in->late_reason, .late_by = x->in->late_by };
    return work_ledger_form(&entry.form, c, x->in->form, e) &&
           work_ledger_may_file(c, entry.form, x->in->org,
                                work_ledger_person(c, entry.form, x->in->values), e) &&
           work_ledger_file(&x->done, c, &entry, e);
}

static bool count_job(Call *c, void *arg, Err *e)
{
    New *x = arg;
    return work_ledger_count(c, x->in->org, x->done.id, x->out, e);
}

/* A person is told at once what his record counts for. The console and machines file in bulk and
 * do not ask. */
static bool record_file(Call *c, const void *in, Jw *out, Err *e)
{
    New x = { .in = in, .out = out };
    if (!call_write(c, file_job, &x, e))
        return false;
    put_done(out, &x.done);
    return c->who->console || c->who->token || call_read(c, count_job, &x, e);
}

const UseCase work_record_file = { "record_file", "填写台账", WORK_OUTSIDE, LEDGER_ROLES, &file_in,
                                   &filed_out, .token = WORK_TOKEN_FILES, .run = record_file };

/* --- put right ------------------------------------------------------------------------------ */

typedef struct ReviseIn {
    Str form, reason;
    int64_t subject, version;
    const json_t *values;
} ReviseIn;
static const ShapeField revise_fields[] = {
    { "form", SHAPE_TEXT, offsetof(ReviseIn, form), .required = true, .max = 60, .title = "表单" },
    { "subject", SHAPE_ID, offsetof(ReviseIn, subject), .required = true, .title = "记录" },
    { "version", SHAPE_ID, offsetof(ReviseIn, version), .required = true, .title = "版本" },
    { "values", SHAPE_JSON, offsetof(ReviseIn, values), .required = true, .title = "内容" },
};
static const Shape revise_in = SHAPE("RecordReviseIn", ReviseIn, revise_fields);

static int64_t about(Call *c, const Form *form, const Fact *was)
{
    const char *field = form->personal ? arena_z(c->a, form->personal->name) : NULL;
    return field ? fact_int(was, field) : 0;
}

/* The record, of a form and an organisation for which the caller may file. */
static bool keep(const Form **form, Fact *was, Call *c, const ReviseIn *in, Err *e)
{
    const char *name = arena_z(c->a, in->form);
    return work_ledger_form(form, c, in->form, e) && name &&
           call_thing(was, c, name, in->subject, e) &&
           work_ledger_may_file(c, *form, was->org, about(c, *form, was), e);
}

static bool record_revise(Call *c, const void *in_, Jw *out, Err *e)
{
    const ReviseIn *in = in_;
    Fact was;
    LedgerEntry entry = { .was = &was, .base = in->version, .values = in->values };
    LedgerDone done;
    if (!keep(&entry.form, &was, c, in, e))
        return false;
    entry.org = was.org;
    if (!work_ledger_file(&done, c, &entry, e))
        return false;
    put_done(out, &done);
    return true;
}

const UseCase work_record_revise = { "record_revise", "更正台账记录", WORK_WRITE, LEDGER_ROLES,
                                     &revise_in, &filed_out, .token = WORK_TOKEN_FILES,
                                     .run = record_revise };

/* --- struck --------------------------------------------------------------------------------- */

static const ShapeField strike_fields[] = {
    { "form", SHAPE_TEXT, offsetof(ReviseIn, form), .required = true, .max = 60, .title = "表单" },
    { "subject", SHAPE_ID, offsetof(ReviseIn, subject), .required = true, .title = "记录" },
    { "version", SHAPE_ID, offsetof(ReviseIn, version), .required = true, .title = "版本" },
    { "reason", SHAPE_TEXT, offsetof(ReviseIn, reason), .required = true, .max = 1000,
      .title = "作废原因" },
};
static const Shape strike_in = SHAPE("RecordStrikeIn", ReviseIn, strike_fields);

static bool strike_why(Call *c, const Fact *was, const ReviseIn *in, Err *e)
{
    json_t *body = json_pack("{s:s%,s:I,s:s%}", "form", was->kind.p, was->kind.n, "subject",
                             (json_int_t)was->subject, "reason", in->reason.p, in->reason.n);
    bool ok = body != NULL || err_fail(e, ERR_NO_MEMORY, err_hole("what", "作废"));
    ok = ok && call_file(c, &(Filing){ .form = "record_strike", .org = was->org, .body = body },
                         NULL, e);
    json_decref(body);
    return ok;
}

static bool record_strike(Call *c, const void *in_, Jw *out, Err *e)
{
    const ReviseIn *in = in_;
    const Form *form;
    Fact was;
    (void)out;
    if (!keep(&form, &was, c, in, e) || !strike_why(c, &was, in, e))
        return false;
    FactIn gone = { .kind = form->name, .subject = was.subject, .org = was.org,
                    .occurred_on = was.occurred_on, .who = c->who->account,
                    .behalf = c->who->behalf, .base = in->version, .body = STRC("null") };
    return fact_append(c->tx, &gone, NULL, e);
}

const UseCase work_record_strike = { "record_strike", "作废台账记录", WORK_WRITE, LEDGER_ROLES,
                                     &strike_in, NULL, .run = record_strike };
