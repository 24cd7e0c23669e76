/* Everything to take along: whoever leaves this program takes his records in formats that any other
 * can read. What the caller may read goes along, and the console takes the log itself. */
#include "work/file_kind.h"
#include "work/ledger_out.h"
#include "work/record.h"
#include "work/rows.h"

#define LEAVERS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))
enum {
    LEAVE_BYTES_MAX = 48 << 20     /* of records, of the log, and of attachments: each of them */
};

typedef struct LeaveIn {
    bool without_files;
} LeaveIn;
static const ShapeField leave_fields[] = {
    { "without_files", SHAPE_BOOL, offsetof(LeaveIn, without_files), .title = "不带附件" },
};
static const Shape leave_in = SHAPE("ExportAllIn", LeaveIn, leave_fields);

typedef struct OfTable {
    Str path;
    Table *t;
} OfTable;

typedef struct Leave {
    const LeaveIn *in;
    PrintFile *files;
    size_t n, cap;
    Map hashes;                    /* of attachments that go along */
    OfTable *tables;
    size_t n_tables, cap_tables;
    size_t bytes;                  /* of attachments */
} Leave;

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "全部导出"));
}

static bool too_big(const char *what, Err *e)
{
    return err_fail(e, ERR_TOO_BIG, err_hole("what", what), err_hole("max", LEAVE_BYTES_MAX));
}

static bool add(Leave *x, Call *c, Str path, Str bytes, Err *e)
{
    if (!ARENA_PUSH(c->a, x->files, x->n, x->cap))
        return no_memory(e);
    x->files[x->n++] = (PrintFile){ path, bytes };
    return !arena_refused(c->a) || no_memory(e);
}

/* --- records -------------------------------------------------------------------------------- */

static bool hashes_note(Leave *x, Call *c, const Fact *f, Err *e)
{
    json_t *body;
    if (!jv_read(&body, f->body, "body", e))
        return false;
    const json_t *files = jv_get(body, "files");
    bool ok = true;
    for (size_t i = 0; ok && json_is_array(files) && i < jv_len(files); i++)
        ok = map_put(&x->hashes, arena_str(c->a, jv_text(jv_at(files, i))), x) || no_memory(e);
    jv_close(body);
    return ok;
}

typedef struct OfForm {
    LedgerTable sheet;
    Buf lines;
    size_t n;
} OfForm;

static bool record_add(Leave *x, Call *c, OfForm *o, const Fact *f, Err *e)
{
    FactKey key;
    bool may;
    if (!work_record_visible(&may, c, f, e))
        return false;
    if (!may)
        return true;
    if (!work_ledger_key(&key, c, f, e) ||
        !work_ledger_row(&o->sheet, c, f, &key, e) ||
        (o->sheet.form->ledger && !hashes_note(x, c, f, e)))
        return false;
    work_ledger_line(&o->lines, o->sheet.form, f, &key);
    o->n++;
    return !o->lines.failed || too_big("记录字节数", e);
}

static bool form_read(Leave *x, Call *c, OfForm *o, const Form *form, Err *e)
{
    FactFilter by = { .kind = form->name, .limit = 5000 };
    FactList l;
    if (!work_ledger_table(&o->sheet, c, form, e))
        return false;
    do {
        if (!fact_list(&l, c->a, c->tx, &by, e))
            return false;
        for (size_t i = 0; i < l.n; i++)
            if (!record_add(x, c, o, &l.items[i], e))
                return false;
        if (l.n)
            by.after = l.items[l.n - 1].subject;
    } while (l.n == by.limit);
    return true;
}

static bool form_add(Leave *x, Call *c, const Form *form, Err *e)
{
    OfForm o = { .lines = buf_open(LEAVE_BYTES_MAX) };
    Str path = arena_text(c->a, "records/%.*s.jsonl", STR(form->name));
    bool ok = form_read(x, c, &o, form, e);
    if (ok && o.n) {
        ok = add(x, c, path, arena_str(c->a, buf_str(&o.lines)), e);
        ok = ok && (ARENA_PUSH(c->a, x->tables, x->n_tables, x->cap_tables) || no_memory(e));
        path = arena_text(c->a, "records/%.*s.csv", STR(form->name));
        if (ok)
            x->tables[x->n_tables++] = (OfTable){ path, o.sheet.t };
    }
    buf_close(&o.lines);
    return ok;
}

/* --- attachments, rules, the log ------------------------------------------------------------ */

static bool file_add(Leave *x, Call *c, Str hex, Err *e)
{
    Hash h;
    Rows *r;
    Str bytes = STRC(""), path = STRC("");
    if (!hash_read(&h, hex))
        return true;
    if (!store_rows(&r, c->tx, "blob_bytes", BIND(bind_blob(hash_bytes(&h))), e))
        return false;
    if (rows_next(r)) {
        const FileKind *kind = file_kind_named(rows_text(r, 0));
        path = arena_text(c->a, "files/%.*s.%s", STR(hex), kind ? kind->end : "bin");
        x->bytes += rows_blob(r, 1).n;
        if (x->bytes <= LEAVE_BYTES_MAX)
            bytes = arena_str(c->a, rows_blob(r, 1));
    }
    if (!rows_close(r, e))
        return false;
    if (x->bytes > LEAVE_BYTES_MAX)
        return too_big("附件总字节数（可以选择不带附件）", e);
    return path.n == 0 || add(x, c, path, bytes, e);
}

static bool put_line(void *arg, Str line, Err *e)
{
    Buf *b = arg;
    buf_put(b, line);
    buf_putc(b, '\n');
    return !b->failed || too_big("日志字节数", e);
}

static bool log_add(Leave *x, Call *c, Err *e)
{
    Buf b = buf_open(LEAVE_BYTES_MAX);
    bool ok = fact_export(c->tx, (FactSink){ put_line, &b }, e) &&
              add(x, c, STRC("log.jsonl"), arena_str(c->a, buf_str(&b)), e);
    buf_close(&b);
    return ok;
}

static bool note_add(Leave *x, Call *c, Err *e)
{
    FactHead head;
    if (!fact_log_head(&head, c->tx, e))
        return false;
    Str text = arena_text(c->a,
        "述评全部导出\n"
        "时间：%.*s；日志共%lld条，根%.*s。\n\n"
        "records/表单名.jsonl  一行一条现行记录：form id version org on received values\n"
        "records/表单名.csv    同样的内容，供表格软件打开（UTF-8）\n"
        "files/散列.扩展名     附件，文件名是内容的SHA-256，记录的files里写的就是它\n"
        "packs/包名.pack       当时使用的规则包全文\n"
        "%s"
        "只含导出人有权查看的内容；密码、口令等秘密从不导出。\n",
        STR(moment_print_zh(c->a, c->now)), (long long)head.size, STR(hash_hex(c->a, head.root)),
        c->who->console ? "log.jsonl             完整日志（含更正、作废和个人记录），可用 "
                          "shuping-verify 核验\n"
                        : "");
    return add(x, c, STRC("说明.txt"), text, e);
}

static bool leave_job(Call *c, void *arg, Err *e)
{
    Leave *x = arg;
    const Pack *p;
    const Form *form;
    if (!call_may_all(c, e) || !note_add(x, c, e))
        return false;
    for (size_t i = 0; (p = pack_at(call_rules(c), i)) != NULL; i++)
        if (!add(x, c, arena_text(c->a, "packs/%.*s.pack", STR(p->name)), p->text, e))
            return false;
    for (size_t i = 0; (form = pack_form_at(call_rules(c), i)) != NULL; i++)
        if (!form_add(x, c, form, e))
            return err_note(e, "exporting %.*s", STR(form->name));
    for (size_t i = 0; !x->in->without_files && i < x->hashes.n; i++)
        if (!file_add(x, c, x->hashes.entries[i].key, e))
            return false;
    return !c->who->console || log_add(x, c, e);
}

static bool export_all(Call *c, const void *in, Jw *out, Err *e)
{
    Leave x = { .in = in, .hashes = map_open(c->a) };
    Str bytes;
    (void)out;
    if (!call_read(c, leave_job, &x, e))
        return false;
    for (size_t i = 0; i < x.n_tables; i++) {
        const OfTable *o = &x.tables[i];
        if (!print_csv(&bytes, c->a, o->t, e) || !add(&x, c, o->path, bytes, e))
            return false;
    }
    return print_zip(&bytes, c->a, x.files, x.n, e) &&
           call_answer_file(c, STRC("述评-全部导出.zip"), STRC("application/zip"), bytes);
}

const UseCase work_export_all = { "export_all", "导出全部内容（离开本系统时用）", WORK_OUTSIDE,
                                  LEAVERS, &leave_in, NULL, .file = true, .audit = true,
                                  .run = export_all };
