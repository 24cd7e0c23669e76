/* Where the words of a report stand elsewhere. Its author sees, while he writes, his own earlier
 * reports, and of other units only that a passage also stands elsewhere; after filing the superior
 * and he see the sources side by side. Figures and places to explain, never a verdict. */
#include "work/alike.h"
#include "work/areas.h"
#include "work/report.h"
#include "work/rows.h"

enum {
    SOURCES_MAX = 20, PASSAGES_MAX = 100, CHANGES_MAX = 200,
    KEPT_LEAST = 700,      /* permille: below it words that differ say nothing */
    ELSEWHERE_POINTS = 25, /* counted characters of a passage that is worth a word while writing */
    AHEAD_POINTS = 12      /* characters shown before a change */
};

typedef struct AlikeIn {
    int64_t debriefer;
    const json_t *sections;
} AlikeIn;
static const ShapeField show_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(AlikeIn, debriefer), .required = true, .title = "述职人" },
};
static const Shape show_in = SHAPE("ReportAlikeIn", AlikeIn, show_fields);
static const ShapeField draft_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(AlikeIn, debriefer), .required = true, .title = "述职人" },
    { "sections", SHAPE_JSON, offsetof(AlikeIn, sections), .required = true,
      .title = "分类内容" },
};
static const Shape draft_in = SHAPE("ReportAlikeDraftIn", AlikeIn, draft_fields);

static const ShapeField passage_fields[] = {
    { "part", SHAPE_TEXT, .required = true },
    { "class", SHAPE_TEXT },
    { "from", SHAPE_INT },
    { "to", SHAPE_INT },
    { "text", SHAPE_TEXT, .required = true },
    { "other", SHAPE_TEXT },
    { "points", SHAPE_INT, .required = true },
    { "counted", SHAPE_INT, .required = true },
};
static const Shape passage_shape = SHAPE_REPLY("AlikePassage", passage_fields);
static const ShapeField change_fields[] = {
    { "kind", SHAPE_TEXT, .required = true },
    { "ahead", SHAPE_TEXT, .required = true },
    { "now", SHAPE_TEXT, .required = true },
    { "before", SHAPE_TEXT, .required = true },
};
static const Shape change_shape = SHAPE_REPLY("AlikeChange", change_fields);
static const ShapeField source_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "own", SHAPE_BOOL, .required = true },
    { "same_unit", SHAPE_BOOL, .required = true },
    { "permille", SHAPE_INT, .required = true },
    { "passages", SHAPE_LIST, .required = true, .sub = &passage_shape },
    { "kept", SHAPE_INT },
    { "only_renamed", SHAPE_BOOL },
    { "changes", SHAPE_LIST, .sub = &change_shape },
};
static const Shape source_shape = SHAPE_REPLY("AlikeSource", source_fields);
static const ShapeField out_fields[] = {
    { "filed", SHAPE_BOOL, .required = true },
    { "points", SHAPE_INT, .required = true },
    { "own", SHAPE_INT, .required = true },
    { "own_earlier", SHAPE_INT, .required = true },
    { "elsewhere", SHAPE_INT },
    { "reports", SHAPE_INT, .required = true },
    { "sources", SHAPE_LIST, .required = true, .sub = &source_shape },
    { "passages", SHAPE_LIST, .required = true, .sub = &passage_shape },
};
static const Shape alike_out = SHAPE_REPLY("ReportAlike", out_fields);

/* One text being looked at. */
typedef struct Looking {
    Call *c;
    const Alike *k;
    AlikeOf of;
    int64_t org;
    bool draft;
    ReportPart parts[ADVICE_PARTS];
    size_t at[ADVICE_PARTS];
    Str text;
    OriginFound found;
} Looking;

static void put_passage(const Looking *l, const OriginPassage *p, Str other, Jw *out)
{
    size_t part = 0;
    while (part + 1 < ADVICE_PARTS && l->at[part + 1] <= p->from)
        part++;
    jw_obj(out);
    jw_kstr(out, "part", str_of(advice_part_name((AdvicePart)part)));
    work_report_place(out, &l->parts[part], p->from - l->at[part], p->to - l->at[part]);
    jw_kstr(out, "text", str_sub(l->text, p->from, p->to - p->from));
    if (other.n)
        jw_kstr(out, "other", str_sub(other, p->other_from, p->other_to - p->other_from));
    jw_kint(out, "points", p->points);
    jw_kint(out, "counted", p->counted);
    jw_end(out);
}

/* The last characters before a place, on its own line. */
static Str ahead(Str s, size_t at)
{
    size_t from = at;
    for (int n = 0; n < AHEAD_POINTS && from > 0 && s.p[from - 1] != '\n'; n++)
        do
            from--;
        while (from > 0 && ((unsigned char)s.p[from] & 0xC0) == 0x80);
    return str_sub(s, from, at - from);
}

static bool put_changes(const Looking *l, Str other, Jw *out, Err *e)
{
    OriginChanges all;
    if (!origin_changes(&all, l->c->a, work_alike_origin(l->k), l->text, other, e))
        return false;
    jw_kint(out, "kept", all.kept);
    if (all.kept < KEPT_LEAST)
        return true;
    jw_kbool(out, "only_renamed", all.only_renamed);
    jw_key(out, "changes");
    jw_arr(out);
    for (size_t i = 0; i < all.n && i < CHANGES_MAX; i++) {
        const OriginChange *ch = &all.items[i];
        jw_obj(out);
        jw_kstr(out, "kind", str_of(origin_change_name(ch->kind)));
        jw_kstr(out, "ahead", ahead(l->text, ch->from));
        jw_kstr(out, "now", ch->now);
        jw_kstr(out, "before", ch->before);
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool put_source(const Looking *l, const OriginSource *s, Jw *out, Err *e)
{
    Call *c = l->c;
    Fact r, d;
    Str other, name, org;
    if (!work_alike_text(&other, c, s->doc.id, &r, e) ||
        !call_thing(&d, c, "debriefer", fact_int(&r, "debriefer"), e) ||
        !call_name(&name, c, "person", fact_int(&d, "person"), e) ||
        !call_name(&org, c, "org", fact_int(&d, "org"), e))
        return false;
    jw_obj(out);
    jw_kstr(out, "name", name);
    jw_kstr(out, "org_name", org);
    jw_kint(out, "year", s->doc.year);
    jw_kbool(out, "own", s->own);
    jw_kbool(out, "same_unit", fact_int(&d, "org") == l->org);
    jw_kint(out, "permille", s->beside.permille);
    jw_key(out, "passages");
    jw_arr(out);
    for (size_t i = 0; i < s->beside.n && i < PASSAGES_MAX; i++)
        put_passage(l, &s->beside.items[i], other, out);
    jw_end(out);
    bool ok = put_changes(l, other, out, e);
    jw_end(out);
    return ok;
}

/* Of other units nothing but the author's own words: neither whose the others are nor how many. */
static void put_elsewhere(const Looking *l, Jw *out)
{
    size_t behind = 0, n = 0;
    jw_key(out, "passages");
    jw_arr(out);
    for (size_t i = 0; l->draft && i < l->found.n; i++)
        for (size_t k = 0; !l->found.sources[i].own && k < l->found.sources[i].beside.n; k++) {
            const OriginPassage *p = &l->found.sources[i].beside.items[k];
            if (p->counted < ELSEWHERE_POINTS || n >= PASSAGES_MAX || (n && p->from < behind))
                continue;
            put_passage(l, p, STRC(""), out);
            behind = p->to;
            n++;
        }
    jw_end(out);
}

static bool put_alike(const Looking *l, Jw *out, Err *e)
{
    const OriginFound *f = &l->found;
    size_t shown = 0;
    jw_kint(out, "points", f->points);
    jw_kint(out, "own", f->own);
    jw_kint(out, "own_earlier", f->own_earlier);
    if (!l->draft)
        jw_kint(out, "elsewhere", f->elsewhere);
    jw_kint(out, "reports", (int64_t)origin_docs(work_alike_origin(l->k)));
    jw_key(out, "sources");
    jw_arr(out);
    for (size_t i = 0; i < f->n && shown < SOURCES_MAX; i++) {
        if (l->draft && !f->sources[i].own)
            continue;
        if (!put_source(l, &f->sources[i], out, e))
            return false;
        shown++;
    }
    jw_end(out);
    put_elsewhere(l, out);
    return true;
}

static bool look(Call *c, const Fact *d, const json_t *sections, bool draft, Jw *out, Err *e)
{
    Looking l = { .c = c, .org = fact_int(d, "org"), .draft = draft };
    Alike *k;
    if (!work_alike_of(&l.of, c, d, e) || !work_report_parts(l.parts, c->a, sections, e) ||
        !work_report_whole(&l.text, l.at, c->a, l.parts, e) || !work_alike_enter(&k, c, e))
        return false;
    l.k = k;
    bool ok = work_alike_ask(&l.found, c, k, &l.of, l.text, e) && put_alike(&l, out, e);
    work_alike_leave(k);
    return ok;
}

/* Those who judge it, and the author, who must be able to answer. */
static bool report_alike(Call *c, const void *in_, Jw *out, Err *e)
{
    const AlikeIn *in = in_;
    Fact d, r;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !work_report_current(&r, c, in->debriefer, e))
        return false;
    json_t *body = r.id ? call_body(c, &r, e) : NULL;
    if (r.id && !body)
        return false;
    jw_kbool(out, "filed", r.id != 0);
    bool ok = look(c, &d, jv_get(body, "sections"), false, out, e);
    json_decref(body);
    return ok;
}

const UseCase work_report_alike = { "report_alike", "查看述职报告与往年、他人报告相同的文字",
                                    WORK_READ,
                                    REPORT_JUDGES | ROLE_BIT(ROLE_SECRETARY) |
                                        ROLE_BIT(ROLE_PARTY_STAFF),
                                    &show_in, &alike_out, .run = report_alike };

/* Only his own draft: nobody else may try texts against the reports of the installation. */
static bool report_alike_draft(Call *c, const void *in_, Jw *out, Err *e)
{
    const AlikeIn *in = in_;
    Fact d;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) ||
        !call_may_self(c, fact_int(&d, "person"), e) || !work_alike_count(c, e))
        return false;
    jw_kbool(out, "filed", false);
    return look(c, &d, in->sections, true, out, e);
}

const UseCase work_report_alike_draft = { "report_alike_draft", "撰写时对照本人往年的报告",
                                          WORK_READ, REPORT_WRITERS, &draft_in, &alike_out,
                                          .run = report_alike_draft };
