/* Importing the roster: a file is shown row by row before anything is stored; the same file comes a
 * second time, with the answers to what was asked, to be stored. Nothing is kept in between. */
#include "work/roster.h"
#include "work/rows.h"

#define KEEPERS (ROLE_BIT(ROLE_SEC_ADMIN) | ROLE_BIT(ROLE_ORGANISER_CLERK))

/* --- the reply ------------------------------------------------------------------------------ */

static const ShapeField candidate_fields[] = {
    { "answer", SHAPE_TEXT, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "staff_no", SHAPE_TEXT },
    { "birth", SHAPE_TEXT },
    { "row", SHAPE_INT },
};
static const Shape candidate_shape = SHAPE_REPLY("RosterCandidate", candidate_fields);
static const ShapeField row_fields[] = {
    { "key", SHAPE_ID, .required = true },
    { "sheet", SHAPE_TEXT, .required = true },
    { "row", SHAPE_INT, .required = true },
    { "what", SHAPE_TEXT, .required = true },
    { "state", SHAPE_WORD, .required = true, .words = "new|changed|same|refused|ask" },
    { "column", SHAPE_TEXT },
    { "message", SHAPE_TEXT },
    { "note", SHAPE_TEXT },
    { "candidates", SHAPE_LIST, .required = true, .sub = &candidate_shape },
};
static const Shape row_shape = SHAPE_REPLY("RosterRow", row_fields);
static const ShapeField count_fields[] = {
    { "new", SHAPE_INT, .required = true },
    { "changed", SHAPE_INT, .required = true },
    { "same", SHAPE_INT, .required = true },
    { "refused", SHAPE_INT, .required = true },
    { "ask", SHAPE_INT, .required = true },
};
static const Shape count_shape = SHAPE_REPLY("RosterCount", count_fields);
static const ShapeField reply_fields[] = {
    { "stored", SHAPE_BOOL, .required = true },
    { "orgs", SHAPE_OBJ, .required = true, .sub = &count_shape },
    { "people", SHAPE_OBJ, .required = true, .sub = &count_shape },
    { "rows", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "total", SHAPE_INT, .required = true },
    { "notes", SHAPE_WORDS, .required = true },
};
static const Shape reply = SHAPE_REPLY("RosterReply", reply_fields);

static const char *const states[] = { "new", "changed", "same", "refused", "ask" };

static void put_count(Jw *out, const char *key, const int64_t *count)
{
    jw_key(out, key);
    jw_obj(out);
    for (int i = 0; i < ROSTER_STATES; i++)
        jw_kint(out, states[i], count[i]);
    jw_end(out);
}

static void put_candidate(Jw *out, Arena *a, const RosterPerson *x)
{
    jw_obj(out);
    jw_kstr(out, "answer", x->id ? arena_text(a, "%lld", (long long)x->id)
                                 : arena_text(a, "k%lld", (long long)(x->row ? x->row->key : 0)));
    jw_kstr(out, "name", x->name);
    jw_kstr(out, "org_name", x->org ? x->org->name : STRC("?"));
    jw_kstr_some(out, "staff_no", x->staff_no);
    jw_kstr_some(out, "birth", x->birth);
    if (x->id == 0 && x->row)
        jw_kint(out, "row", x->row->number);
    jw_end(out);
}

static void put_row(Jw *out, Arena *a, const RosterRow *row)
{
    bool org = row->kind == ROSTER_ORGS;
    Str code = row->cell[org ? ORG_CODE : PER_STAFF], name = row->cell[org ? ORG_NAME : PER_NAME];
    Str post = org ? STRC("") : row->cell[PER_POST];
    jw_obj(out);
    jw_kint(out, "key", row->key);
    jw_kstr(out, "sheet", row->sheet.n ? row->sheet : str_of(work_roster_sheet(row->kind)));
    jw_kint(out, "row", row->number);
    jw_kstr(out, "what", arena_text(a, "%.*s%s%.*s%s%.*s", STR(name), code.n ? " " : "", STR(code),
                                    post.n ? " " : "", STR(post)));
    jw_kstr(out, "state", str_of(states[row->state]));
    jw_kstr_some(out, "column", row->column);
    jw_kstr_some(out, "message", row->message);
    jw_kstr_some(out, "note", row->note);
    jw_key(out, "candidates");
    jw_arr(out);
    for (size_t i = 0; row->state == ROSTER_ASK && i < row->n_candidates; i++)
        put_candidate(out, a, row->candidates[i]);
    jw_end(out);
    jw_end(out);
}

/* In the order of the file; of the rows that need nobody's attention only the first thousand. */
static void put_rows(Jw *out, const Roster *r)
{
    size_t listed = 0, well = 0;
    jw_key(out, "rows");
    jw_arr(out);
    for (size_t i = 0; i < r->n && listed < ROSTER_LISTED_MAX; i++) {
        const RosterRow *row = &r->rows[i];
        bool quiet = row->state != ROSTER_REFUSED && row->state != ROSTER_ASK && !row->note.n;
        if (quiet && (row->state == ROSTER_SAME || well == ROSTER_WELL_LISTED_MAX))
            continue;
        well += quiet;
        listed++;
        put_row(out, r->a, row);
    }
    jw_end(out);
}

static void put_reply(Jw *out, const Plan *p, bool stored)
{
    const Roster *r = p->roster;
    jw_kbool(out, "stored", stored);
    put_count(out, "orgs", p->count[ROSTER_ORGS]);
    put_count(out, "people", p->count[ROSTER_PEOPLE]);
    put_rows(out, r);
    jw_kint(out, "total", (int64_t)r->n);
    jw_key(out, "notes");
    jw_arr(out);
    for (size_t i = 0; i < r->n_notes; i++)
        jw_str(out, r->notes[i]);
    jw_end(out);
}

/* --- the two steps -------------------------------------------------------------------------- */

typedef struct ImportIn {
    Str answers;
} ImportIn;
static const ShapeField import_in_fields[] = {
    { "answers", SHAPE_TEXT, offsetof(ImportIn, answers), .max = ROSTER_ANSWERS_MAX,
      .title = "选定的人员" },
};
static const Shape import_in = SHAPE("RosterIn", ImportIn, import_in_fields);

typedef struct Import {
    Roster roster;
    Plan plan;
    Str answers;
    bool store;
} Import;

static bool import_job(Call *c, void *arg, Err *e)
{
    Import *im = arg;
    return work_roster_plan(&im->plan, c, &im->roster, im->answers, e) &&
           (!im->store || work_roster_file(c, &im->plan, e));
}

/* The file is read by a child without rights before any transaction begins. */
static bool import_run(Call *c, Import *im, Jw *out, Err *e)
{
    GridBook *book;
    Roster *r = &im->roster;
    if (!print_read_grid(&book, r->a, call_print(c), r->file, c->given->upload, e) ||
        !work_roster_read(r, c, book, e))
        return false;
    bool ok = im->store ? call_write(c, import_job, im, e) : call_read(c, import_job, im, e);
    if (ok)
        put_reply(out, &im->plan, im->store);
    return ok;
}

static bool import(Call *c, const ImportIn *in, bool store, Jw *out, Err *e)
{
    Arena *a = arena_open(ROSTER_MEMORY_MAX);
    if (!call_may_all(c, e) || !a) {
        arena_close(a);
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "名册"));
    }
    Import im = { .roster = { .a = a, .file = c->given->upload_name }, .answers = in->answers,
                  .store = store };
    bool ok = import_run(c, &im, out, e);
    arena_close(a);
    return ok;
}

static bool roster_preview(Call *c, const void *in, Jw *out, Err *e)
{
    return import(c, in, false, out, e);
}

const UseCase work_roster_preview = { "roster_preview", "预览要导入的名册（不保存）", WORK_OUTSIDE,
                                      KEEPERS, &import_in, &reply, .upload = true,
                                      .run = roster_preview };

static bool roster_import(Call *c, const void *in, Jw *out, Err *e)
{
    return import(c, in, true, out, e);
}

const UseCase work_roster_import = { "roster_import", "导入名册", WORK_OUTSIDE, KEEPERS, &import_in,
                                     &reply, .upload = true, .run = roster_import };
