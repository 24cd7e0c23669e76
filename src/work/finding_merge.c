/* One list from all sources: what surveys and reports found and what last year left open is offered
 * for listing, so that nobody types it again; every listed finding gets its number. */
#include "work/finding.h"
#include "work/rows.h"

#include <string.h>

enum { SOURCES_MAX = 5000, KEY_MAX = 80 };

/* A finding that could be listed. */
typedef struct Source {
    Str key;              /* "survey:12", "report:34:0:2", "carry:56": stable while it is offered */
    const char *source;   /* of finding_source */
    int64_t debriefer, org, from_fact;
    Str by, text;
    Fact old;             /* of a carried one */
} Source;

typedef struct Sources {
    Source *items;
    size_t n, cap;
    size_t sealed;        /* survey facts that may not be listed yet */
    FactList listed;      /* findings of the cycle */
} Sources;

static bool put(Sources *s, Call *c, Source item, Err *e)
{
    if (s->n == SOURCES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "可列入的问题"),
                        err_hole("max", SOURCES_MAX));
    if (!ARENA_PUSH(c->a, s->items, s->n, s->cap))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "可列入的问题"));
    s->items[s->n++] = item;
    return true;
}

/* --- pre-survey ----------------------------------------------------------------------------- */

static bool survey_listed(Call *c, const Sources *s, int64_t survey)
{
    for (size_t i = 0; i < s->listed.n; i++)
        if (fact_int(&s->listed.items[i], "from_fact") == survey &&
            str_is(fact_str(c->a, &s->listed.items[i], "source"), "pre_survey"))
            return true;
    return false;
}

static bool of_survey(Sources *s, Call *c, const Fact *d, bool listable, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "survey_fact", "debriefer", d->subject, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        const Fact *f = &l.items[i];
        if (!fact_bool(f, "negative") || survey_listed(c, s, f->subject))
            continue;
        Source item = { .key = arena_text(c->a, "survey:%lld", (long long)f->subject),
                        .source = "pre_survey", .debriefer = d->subject, .org = fact_int(d, "org"),
                        .from_fact = f->subject, .by = STRC("调研组"),
                        .text = fact_str(c->a, f, "text") };
        if (!listable)
            s->sealed++;
        else if (!put(s, c, item, e))
            return false;
    }
    return true;
}

/* --- what the report itself admits ---------------------------------------------------------- */

static bool self_listed(Call *c, const Sources *s, int64_t debriefer, Str text)
{
    for (size_t i = 0; i < s->listed.n; i++)
        if (fact_int(&s->listed.items[i], "debriefer") == debriefer &&
            str_is(fact_str(c->a, &s->listed.items[i], "source"), "self_finding") &&
            str_eq(fact_str(c->a, &s->listed.items[i], "text"), text))
            return true;
    return false;
}

/* Each line of a section's problems is one. */
static bool of_section(Sources *s, Call *c, const Fact *d, const Fact *report, size_t at,
                       const json_t *section, Str by, Err *e)
{
    enum { TEXT_MAX = 2000 };
    Str rest = arena_str(c->a, jv_str(section, "problems")), line;
    bool more = true;
    for (size_t n = 0; more; n++) {
        more = str_cut(rest, STRC("\n"), &line, &rest);
        line = str_trim(line);
        if (line.n == 0 || str_points(line) > TEXT_MAX || self_listed(c, s, d->subject, line))
            continue;
        Source item = { .key = arena_text(c->a, "report:%lld:%zu:%zu", (long long)report->id, at,
                                          n),
                        .source = "self_finding", .debriefer = d->subject,
                        .org = fact_int(d, "org"), .from_fact = report->id, .by = by,
                        .text = line };
        if (!put(s, c, item, e))
            return false;
    }
    return true;
}

static bool of_report(Sources *s, Call *c, const Fact *d, Err *e)
{
    FactList l;
    Str by;
    if (!call_list_id(&l, c, "debrief_report", "debriefer", d->subject, e) ||
        !call_name(&by, c, "person", fact_int(d, "person"), e))
        return false;
    if (l.n == 0 || !str_is(fact_str(c->a, &l.items[l.n - 1], "state"), "accepted"))
        return true;
    const Fact *report = &l.items[l.n - 1];
    json_t *body = call_body(c, report, e);
    const json_t *sections = jv_get(body, "sections");
    bool ok = body != NULL;
    for (size_t i = 0; ok && i < jv_len(sections); i++)
        ok = of_section(s, c, d, report, i, jv_at(sections, i), by, e);
    json_decref(body);
    return ok;
}

/* --- last year ------------------------------------------------------------------------------ */

static bool of_last_year(Sources *s, Call *c, const Fact *cycle, const FactList *debriefers,
                         Err *e)
{
    FactList l;
    int64_t before = fact_int(cycle, "previous"), heir;
    if (before == 0)
        return true;
    if (!call_list_id(&l, c, "finding", "cycle", before, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        const Fact *f = &l.items[i];
        if (!work_finding_heir(&heir, c, f->subject, e))
            return false;
        /* What is verified only waits to be closed; it is no work for another year. */
        if (heir || !work_finding_open(c, f) || str_is(fact_str(c->a, f, "state"), "verified"))
            continue;
        Source item = { .key = arena_text(c->a, "carry:%lld", (long long)f->subject),
                        .source = "carry_over", .org = f->org, .from_fact = f->id,
                        .by = fact_str(c->a, f, "by"), .text = fact_str(c->a, f, "text"),
                        .old = *f };
        for (size_t k = 0; k < debriefers->n; k++)
            if (fact_int(&debriefers->items[k], "org") == f->org &&
                !fact_bool(&debriefers->items[k], "withdrawn"))
                item.debriefer = debriefers->items[k].subject;
        if (!put(s, c, item, e))
            return false;
    }
    return true;
}

static bool gather(Sources *s, Call *c, int64_t id, Err *e)
{
    Fact cycle;
    FactList l;
    bool listable;
    *s = (Sources){ .n = 0 };
    if (!call_thing(&cycle, c, "cycle", id, e) ||
        !call_list_id(&s->listed, c, "finding", "cycle", id, e) ||
        !call_list_id(&l, c, "debriefer", "cycle", id, e) ||
        !work_survey_listable(&listable, c, &cycle, e) || !of_last_year(s, c, &cycle, &l, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (!fact_bool(&l.items[i], "withdrawn") &&
            (!of_survey(s, c, &l.items[i], listable, e) || !of_report(s, c, &l.items[i], e)))
            return false;
    return true;
}

/* --- offered -------------------------------------------------------------------------------- */

typedef struct MergeIn {
    int64_t cycle;
    ShapeList keys;
} MergeIn;
static const ShapeField offer_fields[] = {
    { "cycle", SHAPE_ID, offsetof(MergeIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape offer_in = SHAPE("FindingSourcesIn", MergeIn, offer_fields);
static const ShapeField source_fields[] = {
    { "key", SHAPE_TEXT, .required = true },
    { "source", SHAPE_TEXT, .required = true },
    { "source_title", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "by", SHAPE_TEXT },
    { "text", SHAPE_TEXT, .required = true },
};
static const Shape source_shape = SHAPE_REPLY("FindingSource", source_fields);
static const ShapeField offered_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &source_shape },
    { "total", SHAPE_INT, .required = true },
    { "sealed", SHAPE_INT, .required = true },
    { "unnumbered", SHAPE_INT, .required = true },
};
static const Shape offered_out = SHAPE_REPLY("FindingSources", offered_fields);

static bool put_source(Call *c, const Source *s, Jw *out, Err *e)
{
    Str org, source = str_of(s->source);
    if (!call_name(&org, c, "org", s->org, e))
        return false;
    jw_obj(out);
    jw_kstr(out, "key", s->key);
    jw_kstr(out, "source", source);
    jw_kstr(out, "source_title", call_title(c, "finding_source", source));
    jw_kint(out, "org", s->org);
    jw_kstr(out, "org_name", org);
    if (s->by.n)
        jw_kstr(out, "by", s->by);
    jw_kstr(out, "text", s->text);
    jw_end(out);
    return true;
}

static bool finding_sources(Call *c, const void *in_, Jw *out, Err *e)
{
    const MergeIn *in = in_;
    Sources s;
    int64_t unnumbered = 0;
    if (!call_may_cycle(c, in->cycle, e) || !gather(&s, c, in->cycle, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < s.n; i++)
        if (!put_source(c, &s.items[i], out, e))
            return false;
    jw_end(out);
    for (size_t i = 0; i < s.listed.n; i++)
        unnumbered += fact_int(&s.listed.items[i], "no") == 0;
    jw_kint(out, "total", (int64_t)s.n);
    jw_kint(out, "sealed", (int64_t)s.sealed);
    jw_kint(out, "unnumbered", unnumbered);
    return true;
}

const UseCase work_finding_sources = { "finding_sources", "查看各来源中尚未列入清单的问题",
                                       WORK_READ, FINDING_CLERKS, &offer_in, &offered_out,
                                       .run = finding_sources };

/* --- listed --------------------------------------------------------------------------------- */

static const ShapeField merge_fields[] = {
    { "cycle", SHAPE_ID, offsetof(MergeIn, cycle), .required = true, .title = "年度周期" },
    { "keys", SHAPE_WORDS, offsetof(MergeIn, keys), .required = true, .max = SOURCES_MAX,
      .title = "列入的问题" },
};
static const Shape merge_in = SHAPE("FindingMergeIn", MergeIn, merge_fields);
static const ShapeField merged_fields[] = {
    { "findings", SHAPE_IDS, .required = true },
    { "numbered", SHAPE_INT, .required = true },
};
static const Shape merged_out = SHAPE_REPLY("FindingsMerged", merged_fields);

static json_t *source_body(Call *c, const Source *s, int64_t cycle, Err *e)
{
    json_t *body;
    if (str_is(str_of(s->source), "carry_over")) {
        body = work_finding_heir_body(c, &s->old, cycle, e);
    } else {
        body = json_pack("{s:I,s:I,s:s,s:I,s:s%,s:s%,s:s}", "cycle", (json_int_t)cycle, "org",
                         (json_int_t)s->org, "source", s->source, "from_fact",
                         (json_int_t)s->from_fact, "by", s->by.p, s->by.n, "text", s->text.p,
                         s->text.n, "state", "listed");
        if (!body)
            err_fail(e, ERR_NO_MEMORY, err_hole("what", "问题"));
    }
    if (body && s->debriefer)
        json_object_set_new(body, "debriefer", json_integer(s->debriefer));
    return body;
}

static bool list_source(int64_t *id, Call *c, Sources *s, Str key, int64_t cycle, Err *e)
{
    for (size_t i = 0; i < s->n; i++) {
        if (!str_eq(s->items[i].key, key))
            continue;
        json_t *body = source_body(c, &s->items[i], cycle, e);
        bool ok = body && work_finding_file(id, c, body, e);
        json_decref(body);
        s->items[i].key = STRC(""); /* named twice, it is no source any more */
        return ok;
    }
    return err_fail(e, ERR_FINDING_KEY, err_hole("text", key));
}

/* Those that came by commentary have no number yet. */
static bool number_rest(int64_t *n, Call *c, const FactList *l, int64_t cycle, Err *e)
{
    int64_t no;
    *n = 0;
    if (!work_finding_no(&no, c, cycle, e))
        return false;
    for (size_t i = 0; i < l->n; i++) {
        if (fact_int(&l->items[i], "no"))
            continue;
        json_t *patch = json_pack("{s:I}", "no", (json_int_t)no);
        bool ok = patch ? call_revise(c, "finding", &l->items[i], 0, patch, NULL, e)
                        : err_fail(e, ERR_NO_MEMORY, err_hole("what", "问题"));
        json_decref(patch);
        if (!ok)
            return false;
        no++;
        ++*n;
    }
    return true;
}

static bool finding_merge(Call *c, const void *in_, Jw *out, Err *e)
{
    const MergeIn *in = in_;
    const Str *keys = in->keys.items;
    Sources s;
    int64_t id, n;
    if (!call_may_cycle(c, in->cycle, e) || !gather(&s, c, in->cycle, e) ||
        !number_rest(&n, c, &s.listed, in->cycle, e))
        return false;
    jw_key(out, "findings");
    jw_arr(out);
    for (size_t i = 0; i < in->keys.n; i++) {
        if (!list_source(&id, c, &s, keys[i], in->cycle, e))
            return false;
        jw_int(out, id);
    }
    jw_end(out);
    jw_kint(out, "numbered", n);
    return true;
}

const UseCase work_finding_merge = { "finding_merge", "合并各来源的问题、编号成单", WORK_WRITE,
                                     FINDING_CLERKS, &merge_in, &merged_out, .run = finding_merge };
