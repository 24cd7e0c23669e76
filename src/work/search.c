/* One box for everything: organisations, people, reports, findings, documents, records. Names are
 * found as they sound; texts by their words, which must stand there as they were typed. What the
 * caller may not read is neither shown nor counted: each hit is asked of the very rule that its own
 * page asks. */
#include "work/areas.h"
#include "work/finding.h"
#include "work/ledger.h"
#include "work/names.h"
#include "work/record.h"
#include "work/report.h"
#include "work/rows.h"

#include <stdlib.h>

enum {
    SEARCH_PAGE = 6, SEARCH_PAGE_MAX = 50,
    WORDS_MAX = 6,
    READ_MAX = 200,          /* texts of one group that are read through */
    LOOKED_MAX = 20000,      /* hits of one group that are asked whether they may be seen */
    FORMS_MAX = 200,
    TITLE_POINTS = 60, BEFORE_POINTS = 16, AFTER_POINTS = 44
};

typedef struct SearchIn {
    Str q, kind;
    int64_t limit;
} SearchIn;
#define SEARCH_KINDS "org|person|report|finding|document|record"
static const ShapeField in_fields[] = {
    { "q", SHAPE_TEXT, offsetof(SearchIn, q), .required = true, .max = 100, .title = "查找" },
    { "kind", SHAPE_WORD, offsetof(SearchIn, kind), .words = SEARCH_KINDS, .title = "种类" },
    { "limit", SHAPE_INT, offsetof(SearchIn, limit), .min = 0, .max = SEARCH_PAGE_MAX,
      .title = "每类条数" },
};
static const Shape search_in = SHAPE("SearchIn", SearchIn, in_fields);
static const ShapeField item_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "form", SHAPE_TEXT },           /* of a record: its ledger */
    { "title", SHAPE_TEXT, .required = true },
    { "note", SHAPE_TEXT },
    { "org", SHAPE_ID },              /* of a person: where the roster has him */
    { "org_name", SHAPE_TEXT },
    { "before", SHAPE_TEXT },         /* where the words stand, when not in the title */
    { "hit", SHAPE_TEXT },
    { "after", SHAPE_TEXT },
};
static const Shape item_shape = SHAPE_REPLY("SearchItem", item_fields);
static const ShapeField group_fields[] = {
    { "kind", SHAPE_WORD, .required = true, .words = SEARCH_KINDS },
    { "title", SHAPE_TEXT, .required = true },
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "more", SHAPE_BOOL, .required = true },   /* there are or may be others */
};
static const Shape group_shape = SHAPE_REPLY("SearchGroup", group_fields);
static const ShapeField out_fields[] = {
    { "groups", SHAPE_LIST, .required = true, .sub = &group_shape },
};
static const Shape search_out = SHAPE_REPLY("SearchFound", out_fields);

typedef struct Searching {
    Call *c;
    const SearchIn *in;
    Jw *out;
    size_t limit, n;             /* of the group: wanted, written */
    Str words[WORDS_MAX];        /* simplified, small letters */
    size_t n_words;
    Str asked;                   /* those of two characters and more */
    bool everywhere;             /* every organisation is in reach, or too many to name */
    int64_t *orgs;               /* else: those in reach, and those of what is his own */
    size_t n_orgs, cap_orgs;
    size_t read, looked;
    bool more;
    Arena *text;                 /* of the body being read */
} Searching;

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "查找"));
}

/* --- words ---------------------------------------------------------------------------------- */

/* Simplified, small letters; every byte keeps its place in the fold. */
static bool small(Folded *f, Arena *a, Call *c, Str s, Err *e)
{
    if (!text_fold(f, a, call_text(c), s, e))
        return false;
    char *p = arena_alloc(a, f->text.n + 1);
    if (!p)
        return no_memory(e);
    for (size_t i = 0; i < f->text.n; i++)
        p[i] = f->text.p[i] >= 'A' && f->text.p[i] <= 'Z' ? (char)(f->text.p[i] + 32)
                                                          : f->text.p[i];
    f->text.p = p;
    return true;
}

/* One character is in nearly every text: by itself it asks for names only, beside others it is
 * looked for in what the others find. */
static bool word_add(Searching *s, Str word)
{
    if (s->n_words == WORDS_MAX)
        return true;
    s->words[s->n_words++] = word;
    if (str_points(word) > 1)
        s->asked = arena_text(s->c->a, "%.*s %.*s", STR(s->asked), STR(word));
    return !arena_refused(s->c->a);
}

static bool words_read(Searching *s, Err *e)
{
    Folded f;
    if (!small(&f, s->c->a, s->c, s->in->q, e))
        return false;
    size_t from = 0, k;
    uint32_t cp;
    for (size_t at = 0; at <= f.text.n; at += k) {
        k = str_next(f.text, at, &cp);
        bool gap = k == 0 || cp == ' ' || cp == 0x3000 || cp == 0xA0;
        if (gap && at > from && !word_add(s, str_sub(f.text, from, at - from)))
            return no_memory(e);
        from = gap ? at + k : from;
        k += k == 0;
    }
    return true;
}

/* --- reach ---------------------------------------------------------------------------------- */

static bool org_add(Searching *s, int64_t org)
{
    for (size_t i = 0; i < s->n_orgs; i++)
        if (s->orgs[i] == org)
            return true;
    if (org == 0 || s->everywhere)
        return true;
    if (!ARENA_PUSH(s->c->a, s->orgs, s->n_orgs, s->cap_orgs))
        return false;
    s->orgs[s->n_orgs++] = org;
    s->everywhere = s->n_orgs > FACT_ORGS_MAX;
    return true;
}

/* What is somebody's own may stand at an organisation where he has no role any more. */
static bool own_add(Searching *s, int64_t person, Err *e)
{
    static const char *const own[][2] = { { "finding", "owner" }, { "debriefer", "person" } };
    Fact f;
    if (!person)
        return true;
    if (!call_thing(&f, s->c, "person", person, e))
        return e->code == ERR_NOT_FOUND;
    bool ok = org_add(s, fact_int(&f, "org"));
    for (size_t k = 0; ok && k < sizeof own / sizeof *own; k++) {
        FactList l;
        if (!call_list_id(&l, s->c, own[k][0], own[k][1], person, e))
            return false;
        for (size_t i = 0; ok && i < l.n; i++)
            ok = org_add(s, l.items[i].org);
    }
    return ok || no_memory(e);
}

static bool reach_read(Searching *s, Err *e)
{
    const Who *who = s->c->who;
    s->everywhere = who->console;
    for (size_t i = 0; i < who->n_grants && !s->everywhere; i++) {
        FactNode node;
        FactNodes below;
        s->everywhere = who->grants[i].org == 0;
        if (s->everywhere)
            continue;
        if (!fact_node(&node, s->c->tx, who->grants[i].org, e)) {
            if (e->code != ERR_NOT_FOUND)
                return false;
            continue;
        }
        s->everywhere = node.last - node.rank >= FACT_ORGS_MAX;
        if (s->everywhere)
            continue;
        if (!fact_tree(&below, s->c->a, s->c->tx, node.org, -1, e))
            return false;
        for (size_t k = 0; k < below.n; k++)
            if (!org_add(s, below.items[k].org))
                return no_memory(e);
    }
    return s->everywhere || (own_add(s, who->person, e) && own_add(s, who->behalf, e));
}

/* --- one item ------------------------------------------------------------------------------- */

static Str points(Str s, size_t max, bool from_end)
{
    size_t n = str_points(s), at = 0, k;
    uint32_t cp;
    if (n <= max)
        return s;
    size_t cut = from_end ? n - max : max;
    for (size_t i = 0; i < cut && (k = str_next(s, at, &cp)) > 0; i++)
        at += k;
    return from_end ? str_sub(s, at, s.n) : str_sub(s, 0, at);
}

typedef struct Item {
    int64_t id, org;
    Str form, title, note, org_name;
    Str before, hit, after;
} Item;

static void put_some(Jw *out, const char *key, Str s)
{
    if (s.n)
        jw_kstr(out, key, s);
}

static void put_item(Searching *s, const Item *it)
{
    jw_obj(s->out);
    jw_kint(s->out, "id", it->id);
    put_some(s->out, "form", it->form);
    jw_kstr(s->out, "title", points(it->title, TITLE_POINTS, false));
    put_some(s->out, "note", it->note);
    jw_kint_some(s->out, "org", it->org);
    put_some(s->out, "org_name", it->org_name);
    put_some(s->out, "before", it->before);
    put_some(s->out, "hit", it->hit);
    put_some(s->out, "after", it->after);
    jw_end(s->out);
    s->n++;
}

/* The line around the first word. */
static void quote(Item *it, const Folded *f, size_t at, size_t n)
{
    Str all = f->original, line = all;
    size_t from = text_origin(f, at), to = text_origin(f, at + n);
    for (size_t i = from; i > 0; i--)
        if (all.p[i - 1] == '\n') {
            line = str_sub(all, i, all.n);
            break;
        }
    size_t start = (size_t)(line.p - all.p);
    Str rest, tail = str_sub(all, to, all.n);
    str_cut(tail, STRC("\n"), &tail, &rest);
    it->before = points(str_sub(all, start, from - start), BEFORE_POINTS, true);
    it->hit = str_sub(all, from, to - from);
    it->after = points(tail, AFTER_POINTS, false);
}

/* Marks the words that `text` holds; the first of them is quoted. */
static bool text_holds(bool held[WORDS_MAX], Item *it, Searching *s, Str text, Err *e)
{
    Folded f;
    if (!small(&f, s->text, s->c, text, e))
        return false;
    for (size_t i = 0; i < s->n_words; i++) {
        ptrdiff_t at = str_find(f.text, s->words[i]);
        if (at < 0)
            continue;
        held[i] = true;
        if (it && !it->hit.n)
            quote(it, &f, (size_t)at, s->words[i].n);
    }
    return true;
}

static bool body_holds(bool held[WORDS_MAX], Item *it, Searching *s, const json_t *v, Err *e)
{
    const char *key;
    json_t *child;
    size_t i;
    if (json_is_string(v))
        return text_holds(held, it, s, jv_text(v), e);
    json_array_foreach ((json_t *)v, i, child)
        if (!body_holds(held, it, s, child, e))
            return false;
    json_object_foreach ((json_t *)v, key, child)
        if (!body_holds(held, it, s, child, e))
            return false;
    return true;
}

/* Do all words stand in the searched fields? The title's own words need no quote. */
static bool holds(bool *out, Item *it, Searching *s, const Str *fields, size_t n,
                  const json_t *body, Err *e)
{
    bool held[WORDS_MAX] = { false }, in_title[WORDS_MAX] = { false };
    if (!text_holds(in_title, NULL, s, points(it->title, TITLE_POINTS, false), e))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *field = arena_z(s->text, fields[i]);
        if (!field)
            return no_memory(e);
        if (!body_holds(held, it, s, jv_get(body, field), e))
            return false;
    }
    bool titled = true;
    *out = true;
    for (size_t i = 0; i < s->n_words; i++) {
        *out &= held[i];
        titled &= in_title[i];
    }
    if (titled)
        it->before = it->hit = it->after = STRC("");
    return true;
}

/* --- texts ---------------------------------------------------------------------------------- */

typedef struct Group {
    const char *kind, *title;
    const char *form;            /* NULL: every ledger */
    bool (*sees)(bool *out, Call *c, const Fact *f, Err *e);
    bool (*tells)(Item *it, Call *c, const Fact *f, const json_t *body, Err *e);
} Group;

static bool sees_report(bool *out, Call *c, const Fact *f, Err *e)
{
    Fact d;
    Err why = { 0 };
    if (!call_thing(&d, c, "debriefer", fact_int(f, "debriefer"), e))
        return e->code == ERR_NOT_FOUND && (*out = false, true);
    *out = work_debriefer_read(c, &d, &why);
    return *out || why.code == ERR_FORBIDDEN || (*e = why, false);
}

static bool tells_report(Item *it, Call *c, const Fact *f, const json_t *body, Err *e)
{
    Fact d, cycle;
    Str name;
    (void)body;
    if (!call_thing(&d, c, "debriefer", fact_int(f, "debriefer"), e) ||
        !call_thing(&cycle, c, "cycle", fact_int(&d, "cycle"), e) ||
        !call_name(&name, c, "person", fact_int(&d, "person"), e))
        return false;
    it->id = d.subject;
    it->title = arena_text(c->a, "%.*s %d年度述职报告", STR(name), (int)fact_int(&cycle, "year"));
    it->note = call_title(c, "report_state", fact_str(c->a, f, "state"));
    return true;
}

static bool tells_finding(Item *it, Call *c, const Fact *f, const json_t *body, Err *e)
{
    (void)e;
    it->title = arena_str(c->a, jv_str(body, "text"));
    it->note = call_title(c, "finding_state", fact_str(c->a, f, "state"));
    return true;
}

#define DOCUMENT_READERS                                                                           \
    (FINDING_CLERKS | ROLE_BIT(ROLE_COMMITTEE) | ROLE_BIT(ROLE_SUPERIOR) |                         \
     ROLE_BIT(ROLE_INSPECTOR) | ROLE_BIT(ROLE_COMMENTATOR))

static bool sees_document(bool *out, Call *c, const Fact *f, Err *e)
{
    (void)e;
    *out = work_finding_covers(c, DOCUMENT_READERS, fact_int(f, "cycle"), f->org);
    return true;
}

static bool tells_document(Item *it, Call *c, const Fact *f, const json_t *body, Err *e)
{
    (void)f, (void)e;
    it->title = arena_str(c->a, jv_str(body, "title"));
    it->note = arena_str(c->a, jv_str(body, "by"));
    return true;
}

static bool sees_record(bool *out, Call *c, const Fact *f, Err *e)
{
    LedgerSight sight;
    const Form *form = pack_form(call_rules(c), f->kind);
    *out = false;
    if (!form)
        return true;
    if (!work_ledger_sight(&sight, c, form, f, e))
        return false;
    *out = sight == LEDGER_SEEN;
    return true;
}

static bool tells_record(Item *it, Call *c, const Fact *f, const json_t *body, Err *e)
{
    const Form *form = pack_form(call_rules(c), f->kind);
    const char *field = form && form->n_search ? arena_z(c->a, form->search[0]) : NULL;
    if (!field)
        return no_memory(e);
    it->form = form->name;
    it->title = arena_str(c->a, jv_str(body, field));
    it->note = form->title;
    if (!it->title.n)
        it->title = form->title;
    return true;
}

static const Group groups[] = {
    { "report", "述职报告", "debrief_report", sees_report, tells_report },
    { "finding", "问题与整改", "finding", work_finding_read, tells_finding },
    { "document", "讲话与文件", "document", sees_document, tells_document },
    { "record", "台账记录", NULL, sees_record, tells_record },
};

typedef struct Looking {
    Searching *s;
    const Group *g;
} Looking;

static bool tell(Searching *s, const Group *g, const Fact *f, const json_t *body, Err *e)
{
    static const Str sections[] = { S("sections") };
    const Form *form = pack_form(call_rules(s->c), f->kind);
    bool report = str_is(f->kind, "debrief_report"), right = false;
    Item it = { .id = f->subject };
    if (!g->tells(&it, s->c, f, body, e) || !call_name(&it.org_name, s->c, "org", f->org, e) ||
        !holds(&right, &it, s, report ? sections : form->search, report ? 1 : form->n_search,
               body, e))
        return false;
    if (right && s->n == s->limit)
        s->more = true;
    else if (right)
        put_item(s, &it);
    return true;
}

static bool look(void *arg, const Fact *f, bool *enough, Err *e)
{
    const Looking *l = arg;
    Searching *s = l->s;
    bool sees;
    json_t *body;
    if (++s->looked > LOOKED_MAX || s->read == READ_MAX) {
        s->more = *enough = true;
        return true;
    }
    if (!l->g->sees(&sees, s->c, f, e))
        return false;
    if (!sees)
        return true;
    s->read++;
    arena_reset(s->text);
    if (!jv_read(&body, f->body, "body", e))
        return false;
    bool ok = tell(s, l->g, f, body, e);
    jv_close(body);
    *enough = s->more;
    return ok;
}

static bool texts(Searching *s, const Group *g, Err *e)
{
    Str forms[FORMS_MAX];
    FactAsk ask = { .text = s->asked, .kinds = forms, .orgs = s->orgs };
    Looking l = { s, g };
    const Form *f;
    if (g->form)
        forms[ask.n_kinds++] = str_of(g->form);
    for (size_t i = 0; !g->form && ask.n_kinds < FORMS_MAX && (f = work_ledger_at(s->c, i)); i++)
        if (f->n_search)
            forms[ask.n_kinds++] = f->name;
    ask.n_orgs = s->everywhere ? 0 : s->n_orgs;
    s->read = s->looked = 0;
    return !s->asked.n || (!s->everywhere && !s->n_orgs) || !ask.n_kinds ||
           fact_search(s->c->tx, &ask, look, &l, e);
}

/* --- names ---------------------------------------------------------------------------------- */

static int best_first(const void *a, const void *b)
{
    const NameHit *x = a, *y = b;
    int i = x->whole * 2 + x->begins, k = y->whole * 2 + y->begins;
    return i != k ? k - i : x->id < y->id ? -1 : x->id > y->id;
}

/* A staff number is answered to who keeps the roster there, as in the list of people. */
static bool name_item(Searching *s, const char *form, const NameHit *h, Err *e)
{
    Call *c = s->c;
    Fact f;
    Item it = { .id = h->id };
    bool org = str_is(STRC("org"), form);
    if (!fact_current(&f, c->a, c->tx, str_of(form), h->id, e))
        return e->code == ERR_NOT_FOUND;
    int64_t up = fact_int(&f, org ? "parent" : "org");
    if (h->by_number && !org && !call_can(c, RECORD_PERSONAL, up))
        return true;
    it.title = fact_str(c->a, &f, "name");
    if (org)
        it.note = call_title(c, "org_kind", fact_str(c->a, &f, "kind"));
    else if (!work_posts_of(&it.note, c, f.subject, e))
        return false;
    it.org = org ? 0 : up;
    if (!call_name(&it.org_name, c, "org", up, e))
        return false;
    if (s->n == s->limit)
        s->more = true;
    else
        put_item(s, &it);
    return true;
}

static bool names(Searching *s, const char *form, Err *e)
{
    NameHits hits;
    if (!work_names_find(&hits, s->c, form, s->in->q, e))
        return false;
    if (hits.n)
        qsort(hits.items, hits.n, sizeof *hits.items, best_first);
    for (size_t i = 0; i < hits.n && !s->more; i++)
        if (!name_item(s, form, &hits.items[i], e))
            return false;
    return true;
}

/* --- all groups ----------------------------------------------------------------------------- */

static bool group(Searching *s, const char *kind, const char *title, const Group *g, Err *e)
{
    if (s->in->kind.n && !str_is(s->in->kind, kind))
        return true;
    s->n = 0;
    s->more = false;
    jw_obj(s->out);
    jw_kstr(s->out, "kind", str_of(kind));
    jw_kstr(s->out, "title", str_of(title));
    jw_key(s->out, "items");
    jw_arr(s->out);
    bool ok = g ? texts(s, g, e) : names(s, kind, e);
    jw_end(s->out);
    jw_kbool(s->out, "more", s->more);
    jw_end(s->out);
    return ok;
}

static bool search(Call *c, const void *in_, Jw *out, Err *e)
{
    const SearchIn *in = in_;
    Searching s = { .c = c, .in = in, .out = out,
                    .limit = in->limit ? (size_t)in->limit : SEARCH_PAGE };
    if (!call_may_all(c, e) || !words_read(&s, e) || !reach_read(&s, e))
        return false;
    if (!s.n_words)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "查找"));
    s.text = arena_open(WORK_ARENA_MAX);
    if (!s.text)
        return no_memory(e);
    jw_key(out, "groups");
    jw_arr(out);
    bool ok = group(&s, "org", "组织", NULL, e) && group(&s, "person", "人员", NULL, e);
    for (size_t i = 0; ok && i < sizeof groups / sizeof *groups; i++)
        ok = group(&s, groups[i].kind, groups[i].title, &groups[i], e);
    jw_end(out);
    arena_close(s.text);
    return ok;
}

const UseCase work_search = { "search", "全站查找", WORK_READ, LEDGER_ROLES, &search_in, &search_out,
                              .run = search };
