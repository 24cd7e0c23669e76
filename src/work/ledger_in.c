/* Importing a ledger: the file is shown row by row before anything is stored, then comes a second
 * time to be stored. Refused rows are reported, the others are filed in one transaction. */
#include "work/ledger_in.h"
#include "work/rows.h"

typedef struct ImportIn {
    Str form, digest, late_reason, late_by;
    int64_t org;
} ImportIn;
static const ShapeField import_fields[] = {
    { "form", SHAPE_TEXT, offsetof(ImportIn, form), .required = true, .max = 60,
      .title = "表单" },
    { "org", SHAPE_ID, offsetof(ImportIn, org), .title = "组织" },
    { "digest", SHAPE_TEXT, offsetof(ImportIn, digest), .max = 64, .title = "预览标识" },
    { "late_reason", SHAPE_TEXT, offsetof(ImportIn, late_reason), .max = 500,
      .title = "迟报原因" },
    { "late_by", SHAPE_TEXT, offsetof(ImportIn, late_by), .max = 60, .title = "迟报责任方" },
};
static const Shape import_in = SHAPE("RecordImportIn", ImportIn, import_fields);
static const ShapeField bad_fields[] = {
    { "row", SHAPE_INT, .required = true },
    { "column", SHAPE_TEXT },
    { "message", SHAPE_TEXT, .required = true },
};
static const Shape bad_shape = SHAPE_REPLY("RecordBadRow", bad_fields);
static const ShapeField preview_fields[] = {
    { "digest", SHAPE_TEXT, .required = true },
    { "rows", SHAPE_INT, .required = true },
    { "good", SHAPE_INT, .required = true },
    { "new", SHAPE_INT, .required = true },
    { "same", SHAPE_INT, .required = true },
    { "changed", SHAPE_INT, .required = true },
    { "refused", SHAPE_INT, .required = true },
    { "bad", SHAPE_LIST, .required = true, .sub = &bad_shape },
    { "notes", SHAPE_WORDS, .required = true },
};
static const Shape preview_out = SHAPE_REPLY("RecordPreview", preview_fields);
static const ShapeField imported_fields[] = {
    { "filed", SHAPE_INT, .required = true },
    { "same", SHAPE_INT, .required = true },
    { "refused", SHAPE_INT, .required = true },
    { "bad", SHAPE_LIST, .required = true, .sub = &bad_shape },
    { "notes", SHAPE_WORDS, .required = true },
};
static const Shape imported_out = SHAPE_REPLY("RecordImported", imported_fields);

static void put_bad(const LedgerFile *f, Jw *out)
{
    size_t n = 0;
    jw_key(out, "bad");
    jw_arr(out);
    for (size_t i = 0; i < f->n && n < LEDGER_BAD_MAX; i++) {
        const LedgerRow *row = &f->rows[i];
        if (row->state != LEDGER_REFUSED)
            continue;
        jw_obj(out);
        jw_kint(out, "row", row->number);
        jw_kstr_some(out, "column", row->column);
        jw_kstr(out, "message", row->message);
        jw_end(out);
        n++;
    }
    jw_end(out);
    jw_key(out, "notes");
    jw_arr(out);
    for (size_t i = 0; i < f->n_notes; i++)
        jw_str(out, f->notes[i]);
    jw_end(out);
}

typedef struct Import {
    const ImportIn *in;
    const Form *form;
    LedgerFile file;
} Import;

static bool form_job(Call *c, void *arg, Err *e)
{
    Import *x = arg;
    return call_may_all(c, e) && work_ledger_form(&x->form, c, x->in->form, e);
}

/* The form first, so that a stranger's file is not even opened for a form that is not his. */
static bool open_file(Import *x, Call *c, Str *digest, Err *e)
{
    *digest = hash_hex(c->a, hash_of(c->given->upload));
    return call_read(c, form_job, x, e) &&
           work_ledger_parse(&x->file, c, x->form, c->given->upload_name, c->given->upload, e);
}

static bool plan_job(Call *c, void *arg, Err *e)
{
    Import *x = arg;
    LedgerPlan p = { x->in->org, x->in->late_reason, x->in->late_by };
    return work_ledger_plan(&x->file, c, &p, e);
}

static bool preview(Call *c, const void *in, Jw *out, Err *e)
{
    Import x = { .in = in };
    Str digest;
    bool ok = open_file(&x, c, &digest, e) && call_read(c, plan_job, &x, e);
    if (ok) {
        const int64_t *n = x.file.count;
        jw_kstr(out, "digest", digest);
        jw_kint(out, "rows", (int64_t)x.file.n);
        jw_kint(out, "good", (int64_t)x.file.n - n[LEDGER_REFUSED]);
        jw_kint(out, "new", n[LEDGER_NEW]);
        jw_kint(out, "same", n[LEDGER_SAME]);
        jw_kint(out, "changed", n[LEDGER_CHANGED]);
        jw_kint(out, "refused", n[LEDGER_REFUSED]);
        put_bad(&x.file, out);
    }
    work_ledger_file_close(&x.file);
    return ok;
}

const UseCase work_record_preview = { "record_preview", "预览要导入的台账", WORK_OUTSIDE,
                                      LEDGER_ROLES, &import_in, &preview_out, .upload = true,
                                      .token = WORK_TOKEN_FILES, .run = preview };

static bool file_job(Call *c, void *arg, Err *e)
{
    Import *x = arg;
    if (!plan_job(c, x, e))
        return false;
    for (size_t i = 0; i < x->file.n; i++) {
        LedgerRow *row = &x->file.rows[i];
        LedgerDone done;
        Err why = { 0 };
        LedgerEntry entry = { .form = x->form, .org = row->org_id };
        if (row->state != LEDGER_NEW && row->state != LEDGER_CHANGED)
            continue;
        if (row->was.id) {
            entry.was = &row->was;
            entry.base = row->was.id;
        }
        if (work_ledger_store(&done, c, &entry, row->body, &why))
            continue;
        if (why.code != ERR_BURDEN_STOP)
            return *e = why, err_note(e, "row %d", row->number);
        x->file.count[row->state]--;
        x->file.count[LEDGER_REFUSED]++;
        work_ledger_refuse(row, c, STRC(""), &why);
    }
    return true;
}

static bool import(Call *c, const void *in_, Jw *out, Err *e)
{
    Import x = { .in = in_ };
    Str digest;
    bool ok = open_file(&x, c, &digest, e);
    if (ok && x.in->digest.n && !str_eq(x.in->digest, digest))
        ok = err_fail(e, ERR_IMPORT_DIGEST);
    ok = ok && call_write(c, file_job, &x, e);
    if (ok) {
        const int64_t *n = x.file.count;
        jw_kint(out, "filed", n[LEDGER_NEW] + n[LEDGER_CHANGED]);
        jw_kint(out, "same", n[LEDGER_SAME]);
        jw_kint(out, "refused", n[LEDGER_REFUSED]);
        put_bad(&x.file, out);
    }
    work_ledger_file_close(&x.file);
    return ok;
}

const UseCase work_record_import = { "record_import", "导入台账", WORK_OUTSIDE, LEDGER_ROLES,
                                     &import_in, &imported_out, .upload = true,
                                     .token = WORK_TOKEN_FILES, .run = import };
