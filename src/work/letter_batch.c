/* All letters of a cycle, each a file of its own, in one archive. They are drawn some at a
 * time into
 * the scratch folder, so that whoever asks sees how far it has come and an interrupted batch
 * goes on
 * where it stopped; once the archive is taken they are removed. */
#include "work/letter.h"
#include "work/rows.h"
#include "work/template.h"

#include <string.h>

enum { BATCH_AT_ONCE = 40 };

typedef struct BatchIn {
    int64_t cycle;
    Str format;
} BatchIn;
static const ShapeField in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(BatchIn, cycle), .required = true, .title = "年度周期" },
    { "format", SHAPE_WORD, offsetof(BatchIn, format), .words = CALL_PAPER_FORMATS,
      .title = "格式" },
};
static const Shape draw_in = SHAPE("LettersDrawIn", BatchIn, in_fields);
static const Shape zip_in = SHAPE("LettersZipIn", BatchIn, in_fields);
static const ShapeField drawn_fields[] = {
    { "done", SHAPE_INT, .required = true },
    { "total", SHAPE_INT, .required = true },
};
static const Shape drawn_out = SHAPE_REPLY("LettersDrawn", drawn_fields);

typedef struct Letter {
    Str name;                      /* in the archive */
    const char *path;              /* where it is kept until then */
    Paper *paper;                  /* NULL: drawn already, or not now */
} Letter;

typedef struct Batch {
    const BatchIn *in;
    const char *ending, *folder;
    Letter *items;
    size_t n, missing, now;        /* now: of the missing, those with a paper */
} Batch;

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "反馈函"));
}

/* What a drawn file depends on is in its name: the letter's fact, which result stands now, and the
 * words of the pack. */
static const char *path_of(Batch *b, Call *c, const Fact *letter, const Fact *newest,
                           const Template *t)
{
    return arena_z(c->a, arena_text(c->a, "%s/%lld-%lld-%.*s.%s", b->folder,
                                    (long long)letter->id, (long long)newest->id,
                                    STR(str_sub(t->pack->hash_hex, 0, 16)), b->ending));
}

static bool one_put(Batch *b, Letter *l, Call *c, const Fact *f, Err *e)
{
    Str name;
    if (sys_exists(work_sys(c->w), l->path))
        return true;
    b->missing++;
    if (b->now >= BATCH_AT_ONCE)
        return true;
    b->now++;
    l->paper = paper_open(c->a, STRC("综合评价意见反馈函"), PAPER_PORTRAIT);
    return work_letter_put(l->paper, &name, c, f, b->in->cycle, e);
}

static bool batch_job(Call *c, void *arg, Err *e)
{
    Batch *b = arg;
    FactList letters;
    Fact newest;
    const Template *t;
    if (!work_letters_of(&letters, c, b->in->cycle, e) ||
        !work_result_find(&newest, c, b->in->cycle, 0, e) ||
        !work_template_named(&t, c, STRC("feedback_letter"), e))
        return false;
    b->items = ARENA_ARRAY(c->a, Letter, letters.n);
    if (!b->items)
        return no_memory(e);
    for (b->n = 0; b->n < letters.n; b->n++) {
        const Fact *f = &letters.items[b->n];
        Letter *l = &b->items[b->n];
        json_t *body = call_body(c, f, e);
        if (!body)
            return false;
        Str name = jv_str(jv_get(body, "text"), "name");
        *l = (Letter){ .name = arena_text(c->a, "%03zu-反馈函-%.*s.%s", b->n + 1, STR(name),
                                          b->ending),
                       .path = path_of(b, c, f, &newest, t) };
        json_decref(body);
        if (!l->path || !one_put(b, l, c, f, e))
            return l->path ? false : no_memory(e);
    }
    return true;
}

static bool is_wanted(const Batch *b, Str name)
{
    for (size_t i = 0; i < b->n; i++) {
        const char *slash = strrchr(b->items[i].path, '/');
        if (slash && str_is(name, slash + 1))
            return true;
    }
    return false;
}

/* What an earlier result or an earlier wording left behind. */
static bool sweep(const Batch *b, Call *c, bool all, Err *e)
{
    SysNames old;
    if (!sys_dir_list(&old, c->a, work_sys(c->w), b->folder, e))
        return false;
    for (size_t i = 0; i < old.n; i++) {
        const char *path = arena_text(c->a, "%s/%.*s", b->folder, STR(old.names[i])).p;
        if (!path)
            return no_memory(e);
        if ((all || !is_wanted(b, old.names[i])) && !sys_file_remove(work_sys(c->w), path, e))
            return false;
    }
    return true;
}

static bool draw_now(const Batch *b, Call *c, Err *e)
{
    const Paper *papers[BATCH_AT_ONCE];
    Str made[BATCH_AT_ONCE];
    const char *paths[BATCH_AT_ONCE];
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->items[i].paper) {
            paths[n] = b->items[i].path;
            papers[n++] = b->items[i].paper;
        }
    if (n == 0)
        return true;
    bool ok = strcmp(b->ending, "docx") == 0
                  ? print_docxs(made, c->a, call_print(c), papers, n, c->now, e)
                  : print_pdfs(made, c->a, call_print(c), papers, n, c->now, e);
    for (size_t i = 0; ok && i < n; i++)
        ok = sys_file_write(work_sys(c->w), paths[i], made[i], e);
    return ok;
}

/* Draws the next few; *b says how it stood before. */
static bool step(Batch *b, Call *c, const BatchIn *in, Err *e)
{
    *b = (Batch){ .in = in, .ending = str_is(in->format, "docx") ? "docx" : "pdf" };
    b->folder = arena_z(c->a, arena_text(c->a, "%s/scratch/letters-%lld-%s", work_dir(c->w),
                                         (long long)in->cycle, b->ending));
    if (!b->folder)
        return no_memory(e);
    return call_read(c, batch_job, b, e) && sys_dir_make(work_sys(c->w), b->folder, e) &&
           sweep(b, c, false, e) && draw_now(b, c, e);
}

static bool letters_draw(Call *c, const void *in, Jw *out, Err *e)
{
    Batch b;
    if (!step(&b, c, in, e))
        return false;
    jw_kint(out, "done", (int64_t)(b.n - b.missing + b.now));
    jw_kint(out, "total", (int64_t)b.n);
    return true;
}

const UseCase work_letters_draw = { "letters_draw", "逐批制作反馈函（可接着做）", WORK_OUTSIDE,
                                    ASSESS_JUDGES, &draw_in, &drawn_out, .run = letters_draw };

static bool letters_zip(Call *c, const void *in, Jw *out, Err *e)
{
    Batch b;
    Str bytes;
    (void)out;
    do {
        if (!step(&b, c, in, e))
            return false;
    } while (b.missing > b.now);
    PrintFile *files = ARENA_ARRAY(c->a, PrintFile, b.n);
    if (!files)
        return no_memory(e);
    for (size_t i = 0; i < b.n; i++) {
        files[i].path = b.items[i].name;
        if (!sys_file_read(&files[i].bytes, c->a, work_sys(c->w), b.items[i].path,
                           PRINT_MADE_BYTES_MAX, e))
            return false;
    }
    return print_zip(&bytes, c->a, files, b.n, e) && sweep(&b, c, true, e) &&
           call_answer_file(c, STRC("反馈函.zip"), STRC("application/zip"), bytes);
}

const UseCase work_letters_zip = { "letters_zip", "打包全部反馈函（每人一件）", WORK_OUTSIDE,
                                   ASSESS_JUDGES, &zip_in, NULL, .file = true,
                                   .run = letters_zip };
