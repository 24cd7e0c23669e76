/* Speeches in: a text is loaded as a draft, its outline is read out of it, and what the clerk
 * confirms becomes findings and tasks. Nothing is invented: every item quotes its sentence, owners
 * come from the roster, a day is proposed only where the text states one. */
#include "text/draft.h"
#include "work/finding.h"
#include "work/names.h"
#include "work/report.h"
#include "work/rows.h"

#include <stdio.h>

#define LOADERS FINDING_CLERKS
#define READERS                                                                                    \
    (LOADERS | ROLE_BIT(ROLE_COMMITTEE) | ROLE_BIT(ROLE_SUPERIOR) | ROLE_BIT(ROLE_INSPECTOR) |     \
     ROLE_BIT(ROLE_COMMENTATOR))

enum { TEXT_POINTS_MAX = 200000, TITLE_POINTS_MAX = 200, ITEMS_MAX = 500 };

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "讲话"));
}

/* --- loading -------------------------------------------------------------------------------- */

typedef struct LoadIn {
    int64_t cycle, org;
    Day day;
    Str title, by, text;
} LoadIn;
#define LOAD_FIELDS                                                                                \
    { "cycle", SHAPE_ID, offsetof(LoadIn, cycle), .title = "年度周期" },                           \
    { "org", SHAPE_ID, offsetof(LoadIn, org), .title = "组织单位" },                               \
    { "title", SHAPE_TEXT, offsetof(LoadIn, title), .max = TITLE_POINTS_MAX, .title = "标题" },    \
    { "by", SHAPE_TEXT, offsetof(LoadIn, by), .max = 100, .title = "讲话人或发文单位" },           \
    { "day", SHAPE_DAY, offsetof(LoadIn, day), .title = "日期" }
static const ShapeField upload_fields[] = { LOAD_FIELDS };
static const Shape upload_in = SHAPE("DocumentLoadIn", LoadIn, upload_fields);
static const ShapeField type_fields[] = {
    LOAD_FIELDS,
    { "text", SHAPE_TEXT, offsetof(LoadIn, text), .required = true, .max = TEXT_POINTS_MAX,
      .title = "全文" },
};
static const Shape type_in = SHAPE("DocumentTypeIn", LoadIn, type_fields);

typedef struct Loading {
    const LoadIn *in;
    Str title, text, source;
    int64_t id;
} Loading;

static Str first_points(Str s, size_t max)
{
    size_t at = 0, step;
    uint32_t cp;
    for (size_t n = 0; n < max && (step = str_next(s, at, &cp)) > 0; n++)
        at += step;
    return str_sub(s, 0, at);
}

/* As given; else the speech's own; else its first line. */
static bool title_find(Loading *l, Call *c, Err *e)
{
    Outline o;
    Str rest;
    l->title = l->in->title;
    if (l->title.n)
        return true;
    if (!outline_read(&o, c->a, call_text(c), l->text, e))
        return false;
    l->title = str_trim(o.title);
    if (!l->title.n)
        str_cut(str_trim(l->text), STRC("\n"), &l->title, &rest);
    l->title = str_trim(first_points(l->title, TITLE_POINTS_MAX));
    return true;
}

static bool may_load(int64_t *org, Call *c, const LoadIn *in, Err *e)
{
    Fact cycle;
    *org = in->org;
    if (!in->cycle)
        return in->org ? call_may_org(c, in->org, e)
                       : err_fail(e, ERR_FIELD_MISSING, err_hole("field", "年度周期或组织单位"));
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&cycle, c, "cycle", in->cycle, e))
        return false;
    *org = fact_int(&cycle, "organiser");
    return true;
}

static bool load_job(Call *c, void *arg, Err *e)
{
    Loading *l = arg;
    const LoadIn *in = l->in;
    int64_t org;
    if (!may_load(&org, c, in, e))
        return false;
    json_t *body = json_pack("{s:s%,s:s%,s:s%,s:s}", "title", l->title.p, l->title.n, "by",
                             in->by.n ? in->by.p : "", in->by.n, "text", l->text.p, l->text.n,
                             "state", "draft");
    bool ok = body != NULL;
    if (ok && in->cycle)
        ok = json_object_set_new(body, "cycle", json_integer(in->cycle)) == 0;
    if (ok && l->source.n)
        ok = json_object_set_new(body, "source", jv_new(l->source)) == 0;
    if (ok && in->day != DAY_NONE) {
        Str day = day_print(c->a, in->day);
        ok = json_object_set_new(body, "day", jv_new(day)) == 0;
    }
    Filing f = { .form = "document", .org = org, .body = body };
    ok = ok ? call_file(c, &f, &l->id, e) : no_memory(e);
    json_decref(body);
    return ok;
}

static bool load(Loading *l, Call *c, Jw *out, Err *e)
{
    l->text = str_trim(l->text);
    if (!l->text.n)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "全文"));
    if (!title_find(l, c, e) || !call_write(c, load_job, l, e))
        return false;
    work_put_made(out, l->id, l->id);
    return true;
}

static bool document_load(Call *c, const void *in_, Jw *out, Err *e)
{
    Loading l = { .in = in_, .source = first_points(c->given->upload_name, TITLE_POINTS_MAX) };
    return print_read_text(&l.text, c->a, call_print(c), c->given->upload_name, c->given->upload,
                           e) &&
           load(&l, c, out, e);
}

const UseCase work_document_load = { "document_load", "读入讲话文件（.docx、.pdf、.html、.txt）", WORK_OUTSIDE,
                                     LOADERS, &upload_in, &work_made, .upload = true,
                                     .run = document_load };

static bool document_type(Call *c, const void *in_, Jw *out, Err *e)
{
    Loading l = { .in = in_ };
    l.text = l.in->text;
    return load(&l, c, out, e);
}

const UseCase work_document_type = { "document_type", "录入讲话文字", WORK_OUTSIDE, LOADERS,
                                     &type_in, &work_made, .run = document_type };

/* --- the list ------------------------------------------------------------------------------- */

typedef struct DocIn {
    int64_t document, cycle, version;
    ShapeList findings, tasks;
} DocIn;
static const ShapeField list_fields[] = {
    { "cycle", SHAPE_ID, offsetof(DocIn, cycle), .title = "年度周期" },
};
static const Shape list_in = SHAPE("DocumentListIn", DocIn, list_fields);
static const ShapeField row_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "by", SHAPE_TEXT },
    { "day", SHAPE_DAY },
    { "cycle", SHAPE_ID },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
};
static const Shape row_shape = SHAPE_REPLY("DocumentRow", row_fields);
static const ShapeField rows_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape rows_out = SHAPE_REPLY("Documents", rows_fields);

static bool readable(Call *c, const Fact *f)
{
    return work_finding_covers(c, READERS, fact_int(f, "cycle"), f->org);
}

static void put_row(Call *c, const Fact *f, Jw *out)
{
    Str by = fact_str(c->a, f, "by"), state = fact_str(c->a, f, "state");
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kstr(out, "title", fact_str(c->a, f, "title"));
    if (by.n)
        jw_kstr(out, "by", by);
    if (fact_day(f, "day") != DAY_NONE)
        jw_kday(out, "day", fact_day(f, "day"));
    if (fact_int(f, "cycle"))
        jw_kint(out, "cycle", fact_int(f, "cycle"));
    jw_kstr(out, "state", state);
    jw_kstr(out, "state_title", call_title(c, "document_state", state));
}

static bool document_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const DocIn *in = in_;
    FactList l;
    int64_t n = 0;
    if (!call_may_all(c, e) || !call_list(&l, c, "document", NULL, STRC(""), e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0;) {
        if (!readable(c, &l.items[i]) ||
            (in->cycle && fact_int(&l.items[i], "cycle") != in->cycle))
            continue;
        jw_obj(out);
        put_row(c, &l.items[i], out);
        jw_end(out);
        n++;
    }
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

const UseCase work_document_list = { "document_list", "查看讲话与文件", WORK_READ, READERS, &list_in,
                                     &rows_out, .run = document_list };

/* --- a day that the text states ------------------------------------------------------------- */

/* 2026年6月底前, 3月31日前, 明年2月底前: a day before which; without a year, the speech's own. */
static Day day_stated(const DayParts *p, Str after, Str before, Day spoken)
{
    int year = p->year;
    bool end = str_starts(after, STRC("底")) || str_starts(after, STRC("末"));
    if (end)
        after = str_sub(after, STRC("底").n, after.n);
    bool until = str_starts(after, STRC("前")) || str_starts(after, STRC("之前")) ||
                 str_starts(after, STRC("以前"));
    if (!until || !p->month || (!p->day && !end))
        return DAY_NONE;
    if (!year && spoken != DAY_NONE)
        year = day_parts(spoken).year + (str_ends(before, STRC("明年")) ? 1 : 0);
    if (!year)
        return DAY_NONE;
    int day = p->day ? p->day : day_days_in_month(year, p->month);
    return day_valid(year, p->month, day) ? day_make(year, p->month, day) : DAY_NONE;
}

static bool day_in(Day *out, Call *c, Str text, Day spoken, Err *e)
{
    Folded f;
    *out = DAY_NONE;
    if (!text_fold(&f, c->a, call_text(c), text, e))
        return false;
    for (size_t at = 0, step; *out == DAY_NONE && at < f.text.n; at += step) {
        DayParts p = { 0 };
        uint32_t cp;
        size_t n = numeral_date(&p, f.text, at);
        step = n ? n : str_next(f.text, at, &cp);
        if (n)
            *out = day_stated(&p, str_sub(f.text, at + n, f.text.n), str_sub(f.text, 0, at),
                              spoken);
    }
    return true;
}

/* --- one speech ----------------------------------------------------------------------------- */

static const ShapeField show_fields[] = {
    { "document", SHAPE_ID, offsetof(DocIn, document), .required = true, .title = "讲话" },
};
static const Shape show_in = SHAPE("DocumentShowIn", DocIn, show_fields);
static const ShapeField hint_fields[] = {
    { "from", SHAPE_INT, .required = true },
    { "due", SHAPE_DAY, .required = true },
};
static const Shape hint_shape = SHAPE_REPLY("DocumentDue", hint_fields);
static const ShapeField made_fields[] = {
    { "from", SHAPE_INT, .required = true },
    { "id", SHAPE_ID, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
};
static const Shape made_shape = SHAPE_REPLY("DocumentMade", made_fields);
static const ShapeField pack_fields[] = {
    { "from", SHAPE_INT, .required = true },
    { "at", SHAPE_INT, .required = true },
    { "text", SHAPE_TEXT, .required = true },
};
static const Shape pack_shape = SHAPE_REPLY("DocumentDuty", pack_fields);
static const ShapeField doc_fields[] = {
    { "document", SHAPE_OBJ, .required = true, .sub = &row_shape },
    { "text", SHAPE_TEXT, .required = true },
    { "source", SHAPE_TEXT },
    { "loaded_by", SHAPE_TEXT, .required = true },
    { "outline", SHAPE_JSON, .required = true },
    { "due", SHAPE_LIST, .required = true, .sub = &hint_shape },
    { "packs", SHAPE_LIST, .required = true, .sub = &pack_shape },
    { "findings", SHAPE_LIST, .required = true, .sub = &made_shape },
    { "tasks", SHAPE_LIST, .required = true, .sub = &made_shape },
    { "may_confirm", SHAPE_BOOL, .required = true },
};
static const Shape doc_out = SHAPE_REPLY("Document", doc_fields);

static bool put_hints(Call *c, Str text, const OutlineItems *l, Day spoken, Jw *out, Err *e)
{
    for (size_t i = 0; i < l->n; i++) {
        const OutlineItem *it = &l->items[i];
        Day due;
        if (!day_in(&due, c, str_sub(text, it->from, it->end - it->from), spoken, e))
            return false;
        if (due == DAY_NONE)
            continue;
        jw_obj(out);
        jw_kint(out, "from", (int64_t)it->from);
        jw_kday(out, "due", due);
        jw_end(out);
    }
    return true;
}

/* What was made of it, as it stands now. */
static bool put_made(Call *c, const json_t *list, const char *form, const char *states, Jw *out,
                     Err *e)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        const json_t *m = jv_at(list, i);
        Fact f;
        if (!call_thing(&f, c, form, jv_int(m, "id"), e))
            return false;
        jw_obj(out);
        jw_kint(out, "from", jv_int(m, "from"));
        jw_kint(out, "id", f.subject);
        jw_kstr(out, "text", fact_str(c->a, &f, "text"));
        jw_kstr(out, "state_title", call_title(c, states, fact_str(c->a, &f, "state")));
        jw_end(out);
    }
    return true;
}

static bool put_all_made(Call *c, const Fact *f, Jw *out, Err *e)
{
    json_t *body = call_body(c, f, e);
    const json_t *kept = jv_get(body, "outline");
    bool ok = body != NULL;
    jw_key(out, "findings");
    jw_arr(out);
    ok = ok && put_made(c, jv_get(kept, "findings"), "finding", "finding_state", out, e);
    jw_end(out);
    jw_key(out, "tasks");
    jw_arr(out);
    ok = ok && put_made(c, jv_get(kept, "tasks"), "task", "task_state", out, e);
    jw_end(out);
    json_decref(body);
    return ok;
}

/* Each obligation with a number as a draft of a duty: a clerk completes it in a pack. */
static bool put_packs(const Fact *f, const Drafts *d, Str title, Jw *out, Err *e)
{
    jw_key(out, "packs");
    jw_arr(out);
    for (size_t i = 0; i < d->duties.n; i++) {
        const DraftDuty *duty = &d->duties.items[i];
        char name[64];
        Buf b = buf_open(TEXT_BYTES_MAX);
        snprintf(name, sizeof name, "speech_%lld_%zu", (long long)f->subject, i + 1);
        draft_duty_pack(&b, duty, str_of(name), title);
        jw_obj(out);
        jw_kint(out, "from", (int64_t)duty->from);
        jw_kint(out, "at", (int64_t)duty->at);
        jw_kstr(out, "text", buf_str(&b));
        jw_end(out);
        bool ok = !b.failed;
        buf_close(&b);
        if (!ok)
            return no_memory(e);
    }
    jw_end(out);
    return true;
}

static bool drafts_of(Drafts *out, Call *c, Str text, Err *e)
{
    const Roster *roster;
    if (!work_names_roster(&roster, c, e))
        return false;
    bool ok = draft_read(out, c->a, call_text(c), roster, text, e);
    work_names_leave(c);
    return ok;
}

static bool document_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const DocIn *in = in_;
    Fact f;
    Drafts o;
    Str by;
    c->asked = true;
    if (!call_thing(&f, c, "document", in->document, e))
        return false;
    if (!readable(c, &f))
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    Str text = fact_str(c->a, &f, "text"), source = fact_str(c->a, &f, "source");
    if (!drafts_of(&o, c, text, e) || !work_filed_by(&by, c, &f, e))
        return false;
    jw_key(out, "document");
    jw_obj(out);
    put_row(c, &f, out);
    jw_end(out);
    jw_kstr(out, "text", text);
    if (source.n)
        jw_kstr(out, "source", source);
    jw_kstr(out, "loaded_by", by);
    jw_key(out, "outline");
    draft_json(out, &o);
    jw_key(out, "due");
    jw_arr(out);
    if (!put_hints(c, text, &o.outline.problems, fact_day(&f, "day"), out, e) ||
        !put_hints(c, text, &o.outline.demands, fact_day(&f, "day"), out, e))
        return false;
    jw_end(out);
    if (!put_packs(&f, &o, fact_str(c->a, &f, "title"), out, e))
        return false;
    bool clerk = work_finding_covers(c, LOADERS, fact_int(&f, "cycle"), f.org);
    jw_kbool(out, "may_confirm", clerk && str_is(fact_str(c->a, &f, "state"), "draft"));
    return put_all_made(c, &f, out, e);
}

const UseCase work_document_show = { "document_show", "查看讲话和读出的提纲", WORK_READ, READERS,
                                     &show_in, &doc_out, .run = document_show };

/* --- confirming ----------------------------------------------------------------------------- */

typedef struct Pick {
    int64_t from, org, owner, leader;
    Day due;
    Str text, category;
} Pick;
static const ShapeField pick_fields[] = {
    { "from", SHAPE_INT, offsetof(Pick, from), .required = true, .title = "位置" },
    { "org", SHAPE_ID, offsetof(Pick, org), .title = "单位" },
    { "owner", SHAPE_ID, offsetof(Pick, owner), .title = "责任人" },
    { "leader", SHAPE_ID, offsetof(Pick, leader), .title = "责任领导" },
    { "due", SHAPE_DAY, offsetof(Pick, due), .title = "期限" },
    { "text", SHAPE_TEXT, offsetof(Pick, text), .max = 2000, .title = "表述" },
    { "category", SHAPE_TEXT, offsetof(Pick, category), .max = 40, .title = "类别" },
};
static const Shape pick = SHAPE("DocumentPick", Pick, pick_fields);
static const ShapeField confirm_fields[] = {
    { "document", SHAPE_ID, offsetof(DocIn, document), .required = true, .title = "讲话" },
    { "version", SHAPE_ID, offsetof(DocIn, version), .required = true, .title = "版本" },
    { "findings", SHAPE_LIST, offsetof(DocIn, findings), .required = true, .max = ITEMS_MAX,
      .sub = &pick, .title = "转为问题" },
    { "tasks", SHAPE_LIST, offsetof(DocIn, tasks), .required = true, .max = ITEMS_MAX,
      .sub = &pick, .title = "转为任务" },
};
static const Shape confirm_in = SHAPE("DocumentConfirmIn", DocIn, confirm_fields);
static const ShapeField confirmed_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "findings", SHAPE_IDS, .required = true },
    { "tasks", SHAPE_IDS, .required = true },
};
static const Shape confirmed = SHAPE_REPLY("DocumentConfirmed", confirmed_fields);

typedef struct Confirming {
    const Fact *f;
    Outline o;
    json_t *kept;      /* becomes the document's `outline` */
} Confirming;

static const OutlineItem *item_at(const OutlineItems *l, int64_t from)
{
    for (size_t i = 0; i < l->n; i++)
        if ((int64_t)l->items[i].from == from)
            return &l->items[i];
    return NULL;
}

/* The item a pick names; each may be named once. */
static bool item_of(const OutlineItem **out, const OutlineItems *l, const Pick *p,
                    const json_t *made, const char *what, Err *e)
{
    *out = item_at(l, p->from);
    if (!*out)
        return err_fail(e, ERR_DOCUMENT_ITEM, err_hole("at", p->from), err_hole("what", what));
    for (size_t i = 0; i < jv_len(made); i++)
        if (jv_int(jv_at(made, i), "from") == p->from)
            return err_fail(e, ERR_DOCUMENT_TWICE, err_hole("text", (*out)->text));
    return true;
}

static bool set_common(Call *c, json_t *body, const Confirming *k, const Pick *p,
                       const OutlineItem *it)
{
    Str text = p->text.n ? p->text : it->text, by = fact_str(c->a, k->f, "by");
    Str due = day_print(c->a, p->due);
    int64_t cycle = fact_int(k->f, "cycle");
    if (!by.n)
        by = first_points(fact_str(c->a, k->f, "title"), 60);
    return json_object_set_new(body, "text", jv_new(text)) == 0 &&
           json_object_set_new(body, "by", jv_new(by)) == 0 &&
           (!cycle || json_object_set_new(body, "cycle", json_integer(cycle)) == 0) &&
           (!p->org || json_object_set_new(body, "org", json_integer(p->org)) == 0) &&
           (!p->owner || json_object_set_new(body, "owner", json_integer(p->owner)) == 0) &&
           (!due.n || json_object_set_new(body, "due", jv_new(due)) == 0);
}

static bool keep(json_t *list, int64_t from, int64_t id, Err *e)
{
    json_t *row = json_pack("{s:I,s:I}", "from", (json_int_t)from, "id", (json_int_t)id);
    return (row && json_array_append_new(list, row) == 0) || no_memory(e);
}

static bool make_finding(Call *c, const Confirming *k, const Pick *p, Err *e)
{
    json_t *made = json_object_get(k->kept, "findings");
    const OutlineItem *it;
    int64_t id;
    if (!item_of(&it, &k->o.problems, p, made, "问题", e))
        return false;
    if (!p->org)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "整改单位"));
    json_t *body = json_pack("{s:s,s:I,s:s}", "source", "speech", "from_fact",
                             (json_int_t)k->f->id, "state", "listed");
    bool ok = body && set_common(c, body, k, p, it) &&
              (!p->leader || json_object_set_new(body, "leader", json_integer(p->leader)) == 0) &&
              (!p->category.n ||
               json_object_set_new(body, "category", jv_new(p->category)) == 0);
    ok = ok ? work_finding_file(&id, c, body, e) && keep(made, p->from, id, e) : no_memory(e);
    json_decref(body);
    return ok;
}

static bool make_task(Call *c, const Confirming *k, const Pick *p, Err *e)
{
    json_t *made = json_object_get(k->kept, "tasks");
    const OutlineItem *it;
    int64_t id;
    if (!item_of(&it, &k->o.demands, p, made, "要求", e))
        return false;
    json_t *body = json_pack("{s:I,s:s%,s:s}", "document", (json_int_t)k->f->subject, "sentence",
                             it->sentence.p, it->sentence.n, "state", "open");
    bool ok = body && set_common(c, body, k, p, it) ? work_finding_refs(c, body, e) : no_memory(e);
    Filing f = { .form = "task", .org = p->org ? p->org : k->f->org, .body = body };
    ok = ok && call_file(c, &f, &id, e) && keep(made, p->from, id, e);
    json_decref(body);
    return ok;
}

/* What was announced and what was found stays on record with what was made of the speech. */
static bool kept_open(Confirming *k, Err *e)
{
    json_t *miss = json_array();
    bool ok = miss != NULL;
    for (size_t i = 0; ok && i < k->o.mismatches.n; i++) {
        const OutlineMismatch *m = &k->o.mismatches.items[i];
        json_t *row = json_pack("{s:i,s:i,s:s%}", "announced", m->announced, "found", m->found,
                                "what", m->what.p, m->what.n);
        ok = row && json_array_append_new(miss, row) == 0;
    }
    k->kept = json_pack("{s:[],s:[],s:o}", "findings", "tasks", "mismatches", miss);
    return (ok && k->kept) || no_memory(e);
}

static bool make_all(Call *c, const Confirming *k, const DocIn *in, Err *e)
{
    const Pick *findings = in->findings.items, *tasks = in->tasks.items;
    for (size_t i = 0; i < in->findings.n; i++)
        if (!make_finding(c, k, &findings[i], e))
            return false;
    for (size_t i = 0; i < in->tasks.n; i++)
        if (!make_task(c, k, &tasks[i], e))
            return false;
    return true;
}

static void put_ids(Jw *out, const char *key, const json_t *list)
{
    jw_key(out, key);
    jw_arr(out);
    for (size_t i = 0; i < jv_len(list); i++)
        jw_int(out, jv_int(jv_at(list, i), "id"));
    jw_end(out);
}

static bool document_confirm(Call *c, const void *in_, Jw *out, Err *e)
{
    const DocIn *in = in_;
    Fact f;
    Confirming k = { .f = &f };
    int64_t id;
    c->asked = true;
    if (!call_thing(&f, c, "document", in->document, e))
        return false;
    if (!work_finding_covers(c, LOADERS, fact_int(&f, "cycle"), f.org))
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    if (!str_is(fact_str(c->a, &f, "state"), "draft"))
        return err_fail(e, ERR_DOCUMENT_CONFIRMED);
    if (!outline_read(&k.o, c->a, call_text(c), fact_str(c->a, &f, "text"), e))
        return false;
    bool ok = kept_open(&k, e) && make_all(c, &k, in, e);
    json_t *patch = ok ? json_pack("{s:s,s:O}", "state", "confirmed", "outline", k.kept) : NULL;
    ok = ok && (patch ? call_revise(c, "document", &f, in->version, patch, &id, e) : no_memory(e));
    if (ok) {
        work_put_made(out, f.subject, id);
        put_ids(out, "findings", jv_get(k.kept, "findings"));
        put_ids(out, "tasks", jv_get(k.kept, "tasks"));
    }
    json_decref(patch);
    json_decref(k.kept);
    return ok;
}

const UseCase work_document_confirm = { "document_confirm", "确认讲话中的问题和任务", WORK_WRITE,
                                        LOADERS, &confirm_in, &confirmed, .run = document_confirm };
