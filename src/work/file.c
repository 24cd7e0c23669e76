/* Attachments: stored once by the hash of their bytes, never asked for, never counted. That the
 * same file hangs on several records is shown as what it is: a fact. */
#include "work/file.h"
#include "work/file_kind.h"
#include "work/ledger.h"
#include "work/rows.h"

enum { DAY_MS = 86400000, HASH_DIGITS = 64, ALSO_MAX = 20 };

typedef struct About {
    bool there;
    int64_t size;
    Str type;
} About;

static bool about(About *out, Call *c, Hash h, Err *e)
{
    Rows *r;
    *out = (About){ .there = false };
    if (!store_rows(&r, c->tx, "blob_about", BIND(bind_blob(hash_bytes(&h))), e))
        return false;
    if (rows_next(r))
        *out = (About){ true, rows_int(r, 0), arena_str(c->a, rows_text(r, 1)) };
    return rows_close(r, e);
}

/* --- where else it hangs -------------------------------------------------------------------- */

static const ShapeField also_fields[] = {
    { "form", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "subject", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "on", SHAPE_DAY, .required = true },
};
static const Shape also_shape = SHAPE_REPLY("FileAlso", also_fields);
static const ShapeField file_fields[] = {
    { "hash", SHAPE_TEXT, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "type", SHAPE_TEXT, .required = true },
    { "size", SHAPE_INT, .required = true },
    { "also", SHAPE_LIST, .required = true, .sub = &also_shape },
    { "elsewhere", SHAPE_INT, .required = true },
};
const Shape work_file_shape = SHAPE_REPLY("RecordAttachment", file_fields);

typedef struct Also {
    Call *c;
    Jw *out;
    int64_t not;                   /* the record that asks */
    int64_t n, elsewhere;          /* shown; with others that the caller may not see */
} Also;

static bool put_also(Also *x, const Form *form, const Fact *f, Err *e)
{
    LedgerSight sight;
    Str org;
    if (f->subject == x->not)
        return true;
    if (!work_ledger_sight(&sight, x->c, form, f, e))
        return false;
    if (sight != LEDGER_SEEN || x->n == ALSO_MAX) {
        x->elsewhere++;
        return true;
    }
    x->n++;
    if (!call_name(&org, x->c, "org", f->org, e))
        return false;
    jw_obj(x->out);
    jw_kstr(x->out, "form", form->name);
    jw_kstr(x->out, "title", form->title);
    jw_kint(x->out, "subject", f->subject);
    jw_kstr(x->out, "org_name", org);
    jw_kday(x->out, "on", f->occurred_on);
    jw_end(x->out);
    return true;
}

static bool put_held(Call *c, const char *key, Str hex, int64_t not, Jw *out, Err *e)
{
    Also x = { .c = c, .out = out, .not = not };
    const Form *form;
    jw_key(out, key);
    jw_arr(out);
    for (size_t i = 0; (form = work_ledger_at(c, i)) != NULL; i++) {
        FactFilter by = { .kind = form->name, .field = STRC("files"), .value = hex };
        FactList l;
        if (!form_field(form, STRC("files")))
            continue;
        if (!fact_list(&l, c->a, c->tx, &by, e))
            return false;
        for (size_t k = 0; k < l.n; k++)
            if (!put_also(&x, form, &l.items[k], e))
                return false;
    }
    jw_end(out);
    jw_kint(out, "elsewhere", x.elsewhere);
    return true;
}

/* --- of a record ---------------------------------------------------------------------------- */

bool work_files_there(Call *c, const json_t *body, Err *e)
{
    const json_t *files = jv_get(body, "files");
    if (jv_len(files) > FILE_OF_RECORD_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "附件数"),
                        err_hole("max", FILE_OF_RECORD_MAX));
    for (size_t i = 0; i < jv_len(files); i++) {
        Hash h;
        About a;
        if (!hash_read(&h, jv_text(jv_at(files, i))))
            return err_fail(e, ERR_FILE_UNKNOWN);
        if (!about(&a, c, h, e))
            return false;
        if (!a.there)
            return err_fail(e, ERR_FILE_UNKNOWN);
        if (tx_may_write(c->tx) &&
            !store_run(c->tx, "blob_keep", BIND(bind_blob(hash_bytes(&h))), e))
            return false;
    }
    return true;
}

static bool put_file(Call *c, const Fact *f, Str hex, size_t no, Jw *out, Err *e)
{
    Hash h;
    About a;
    if (!hash_read(&h, hex))
        return err_fail(e, ERR_FILE_UNKNOWN);
    if (!about(&a, c, h, e))
        return false;
    const FileKind *kind = file_kind_named(a.type);
    jw_obj(out);
    jw_kstr(out, "hash", hex);
    jw_kstr(out, "name", arena_text(c->a, "附件%zu.%s", no, kind ? kind->end : "bin"));
    jw_kstr(out, "type", a.type);
    jw_kint(out, "size", a.size);
    bool ok = put_held(c, "also", hex, f->subject, out, e);
    jw_end(out);
    return ok;
}

bool work_files_put(Call *c, const Form *form, const Fact *f, Jw *out, Err *e)
{
    json_t *body;
    (void)form;
    if (!jv_read(&body, f->body, "body", e))
        return false;
    const json_t *files = jv_get(body, "files");
    bool ok = true;
    jw_key(out, "files");
    jw_arr(out);
    for (size_t i = 0; ok && i < jv_len(files); i++)
        ok = put_file(c, f, jv_text(jv_at(files, i)), i + 1, out, e);
    jw_end(out);
    jv_close(body);
    return ok;
}

/* --- in ------------------------------------------------------------------------------------- */

static const ShapeField stored_fields[] = {
    { "hash", SHAPE_TEXT, .required = true },
    { "size", SHAPE_INT, .required = true },
    { "type", SHAPE_TEXT, .required = true },
    { "held", SHAPE_LIST, .required = true, .sub = &also_shape },
    { "elsewhere", SHAPE_INT, .required = true },
};
static const Shape stored_out = SHAPE_REPLY("FileStored", stored_fields);

/* NULL: refused. */
static const FileKind *kind_of(Call *c, Err *e)
{
    Str bytes = c->given->upload;
    const FileKind *kind = file_kind(bytes);
    if (bytes.n > FILE_BYTES_MAX) {
        (void)err_fail(e, ERR_TOO_BIG, err_hole("what", "附件字节数"),
                       err_hole("max", FILE_BYTES_MAX));
        return NULL;
    }
    if (!kind)
        (void)err_fail(e, ERR_FILE_KIND, err_hole("file", c->given->upload_name));
    return kind;
}

/* What was uploaded and then not attached goes again, so that nothing piles up unseen. */
static bool sweep(Call *c, Err *e)
{
    Moment old = c->now - (Moment)FILE_SPARE_DAYS * DAY_MS;
    return store_run(c->tx, "blob_sweep", BIND(bind_int(-old)), e);
}

static bool file_store(Call *c, const void *in, Jw *out, Err *e)
{
    Str bytes = c->given->upload;
    About known;
    (void)in;
    if (!call_may_all(c, e))
        return false;
    const FileKind *kind = kind_of(c, e);
    if (!kind)
        return false;
    Hash h = hash_of(bytes);
    if (!sweep(c, e) || !about(&known, c, h, e))
        return false;
    if (!known.there &&
        !store_run(c->tx, "blob_add",
                   BIND(bind_blob(hash_bytes(&h)), bind_int((int64_t)bytes.n),
                        bind_text(str_of(kind->type)), bind_int(-c->now), bind_blob(bytes)), e))
        return false;
    jw_kstr(out, "hash", hash_hex(c->a, h));
    jw_kint(out, "size", (int64_t)bytes.n);
    jw_kstr(out, "type", str_of(kind->type));
    return put_held(c, "held", hash_hex(c->a, h), 0, out, e);
}

const UseCase work_file_store = { "file_store", "上传附件", WORK_WRITE, LEDGER_ROLES, NULL,
                                  &stored_out, .upload = true, .token = WORK_TOKEN_FILES,
                                  .run = file_store };

/* --- out ------------------------------------------------------------------------------------ */

typedef struct FileIn {
    Str hash, form;
    int64_t subject;
} FileIn;
static const ShapeField get_fields[] = {
    { "hash", SHAPE_TEXT, offsetof(FileIn, hash), .required = true, .max = HASH_DIGITS,
      .title = "附件" },
    { "form", SHAPE_TEXT, offsetof(FileIn, form), .required = true, .max = 60, .title = "表单" },
    { "subject", SHAPE_ID, offsetof(FileIn, subject), .required = true, .title = "记录" },
};
static const Shape get_in = SHAPE("FileGetIn", FileIn, get_fields);

/* Has any version of the record named it? Then who may read the record may read the file. */
static bool named(bool *out, Call *c, const Form *form, const FileIn *in, Err *e)
{
    FactList all;
    *out = false;
    if (!fact_history(&all, c->a, c->tx, form->name, in->subject, e))
        return false;
    for (size_t i = 0; i < all.n && !*out; i++) {
        Str files = leaf_is_strike(&all.items[i]) ? STRC("")
                                                  : fact_json(&all.items[i], "files");
        *out = str_has(files, in->hash);
        if (*out && !work_ledger_read(c, form, &all.items[i], e))
            return false;
    }
    return true;
}

static bool hash_given(Hash *out, Str hex, Err *e)
{
    return (hex.n == HASH_DIGITS && hash_read(out, hex)) ||
           err_fail(e, ERR_NOT_FOUND, err_hole("what", "附件"));
}

static bool file_get(Call *c, const void *in_, Jw *out, Err *e)
{
    const FileIn *in = in_;
    const Form *form;
    Hash h;
    Rows *r;
    bool has;
    (void)out;
    if (!call_may_all(c, e) || !work_ledger_form(&form, c, in->form, e) ||
        !hash_given(&h, in->hash, e) || !named(&has, c, form, in, e))
        return false;
    if (!has)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "附件"));
    if (!store_rows(&r, c->tx, "blob_bytes", BIND(bind_blob(hash_bytes(&h))), e))
        return false;
    bool there = rows_next(r);
    if (there) {
        const FileKind *kind = file_kind_named(rows_text(r, 0));
        Str type = arena_str(c->a, rows_text(r, 0)), bytes = arena_str(c->a, rows_blob(r, 1));
        call_answer_file(c, arena_text(c->a, "附件-%.8s.%s", in->hash.p, kind ? kind->end : "bin"),
                         type, bytes);
    }
    return rows_close(r, e) && (there || err_fail(e, ERR_NOT_FOUND, err_hole("what", "附件")));
}

const UseCase work_file_get = { "file_get", "下载附件", WORK_READ, LEDGER_ROLES, &get_in, NULL,
                                .file = true, .token = WORK_TOKEN_READS, .run = file_get };
