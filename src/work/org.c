/* The tree of organisations and its people: browsing, searching, and one organisation as of a day.
 * Who led it when is told by tenures; what it was called by the facts about it. */
#include "work/areas.h"
#include "work/names.h"
#include "work/record.h"
#include "work/rows.h"

#include <stdlib.h>

enum { ORG_PAGE = 200, ORG_PAGE_MAX = 1000, RECORDS_MAX = 300, PATH_MAX_STEPS = 40 };

#define READERS (ROLE_ALL & ~(ROLE_BIT(ROLE_SYS_ADMIN) | ROLE_BIT(ROLE_PUBLIC)))

/* --- rows of the tree ----------------------------------------------------------------------- */

static const ShapeField row_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "code", SHAPE_TEXT, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "kind", SHAPE_TEXT, .required = true },
    { "kind_title", SHAPE_TEXT, .required = true },
    { "parent", SHAPE_ID },
    { "path", SHAPE_TEXT },
    { "children", SHAPE_INT, .required = true },
    { "secretary", SHAPE_TEXT },
    { "term_end", SHAPE_DAY },
    { "ended", SHAPE_DAY },
};
static const Shape row_shape = SHAPE_REPLY("OrgRow", row_fields);
static const ShapeField list_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape list_out = SHAPE_REPLY("Orgs", list_fields);

/* 区委 / 直属机关工委: the names above it. */
static bool path_of(Str *out, Call *c, const Fact *org, Err *e)
{
    int64_t up = fact_int(org, "parent");
    *out = STRC("");
    for (int i = 0; up && i < PATH_MAX_STEPS; i++) {
        Fact f;
        if (!call_thing(&f, c, "org", up, e))
            return false;
        *out = arena_text(c->a, "%.*s%s%.*s", STR(fact_str(c->a, &f, "name")),
                          out->n ? " / " : "", STR(*out));
        up = fact_int(&f, "parent");
    }
    return true;
}

static bool count_children(int64_t *out, Call *c, int64_t org, Err *e)
{
    FactFilter f = { .kind = STRC("org"), .field = STRC("parent"),
                     .value = arena_text(c->a, "%lld", (long long)org) };
    return fact_count(out, c->tx, &f, e);
}

static bool put_row(Call *c, const Fact *f, bool with_path, Day day, Jw *out, Err *e)
{
    Str kind = fact_str(c->a, f, "kind"), path = STRC(""), name;
    int64_t children, secretary;
    if ((with_path && !path_of(&path, c, f, e)) || !count_children(&children, c, f->subject, e) ||
        !call_holder(&secretary, c, f->subject, "secretary", day, e) ||
        !call_name(&name, c, "person", secretary, e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kstr(out, "code", fact_str(c->a, f, "code"));
    jw_kstr(out, "name", fact_str(c->a, f, "name"));
    jw_kstr(out, "kind", kind);
    jw_kstr(out, "kind_title", call_title(c, "org_kind", kind));
    if (fact_int(f, "parent"))
        jw_kint(out, "parent", fact_int(f, "parent"));
    if (path.n)
        jw_kstr(out, "path", path);
    jw_kint(out, "children", children);
    if (name.n)
        jw_kstr(out, "secretary", name);
    if (fact_day(f, "term_end") != DAY_NONE)
        jw_kday(out, "term_end", fact_day(f, "term_end"));
    if (fact_day(f, "ended") != DAY_NONE)
        jw_kday(out, "ended", fact_day(f, "ended"));
    jw_end(out);
    return true;
}

/* --- the list ------------------------------------------------------------------------------- */

typedef struct ListIn {
    Str q;
    int64_t parent, limit, offset;
} ListIn;
static const ShapeField list_in_fields[] = {
    { "q", SHAPE_TEXT, offsetof(ListIn, q), .max = 100, .title = "查找" },
    { "parent", SHAPE_ID, offsetof(ListIn, parent), .title = "上级组织" },
    { "limit", SHAPE_INT, offsetof(ListIn, limit), .min = 0, .max = ORG_PAGE_MAX, .title = "条数" },
    { "offset", SHAPE_INT, offsetof(ListIn, offset), .min = 0, .max = 10000000, .title = "起点" },
};
static const Shape list_in = SHAPE("OrgListIn", ListIn, list_in_fields);

static bool roots(FactList *out, Call *c, Err *e)
{
    FactNodes nodes;
    if (!fact_tree(&nodes, c->a, c->tx, 0, 0, e))
        return false;
    out->n = nodes.n;
    out->items = ARENA_ARRAY(c->a, Fact, nodes.n);
    if (!out->items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "组织"));
    for (size_t i = 0; i < nodes.n; i++)
        if (!call_thing(&out->items[i], c, "org", nodes.items[i].org, e))
            return false;
    return true;
}

/* The things whose name, number or sound is asked for. */
static bool found(FactList *out, NameHits *hits, Call *c, const char *form, Str q, Err *e)
{
    if (!work_names_find(hits, c, form, q, e))
        return false;
    *out = (FactList){ .items = ARENA_ARRAY(c->a, Fact, hits->n) };
    if (!out->items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "查找"));
    for (size_t i = 0; i < hits->n; i++) {
        Fact *f = &out->items[out->n];
        if (fact_current(f, c->a, c->tx, str_of(form), hits->items[i].id, e))
            hits->items[out->n++] = hits->items[i];
        else if (e->code != ERR_NOT_FOUND) /* one that came after this transaction began */
            return false;
    }
    return true;
}

static bool org_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const ListIn *in = in_;
    size_t limit = in->limit ? (size_t)in->limit : ORG_PAGE, from = (size_t)in->offset;
    FactList l;
    NameHits hits;
    if (!call_may_all(c, e))
        return false;
    bool ok = in->q.n ? found(&l, &hits, c, "org", in->q, e)
              : in->parent ? call_list_id(&l, c, "org", "parent", in->parent, e)
                           : roots(&l, c, e);
    if (!ok)
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = from; i < l.n && i < from + limit; i++)
        if (!put_row(c, &l.items[i], in->q.n > 0, c->today, out, e))
            return false;
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    return true;
}

const UseCase work_org_list = { "org_list", "浏览和查找组织", WORK_READ, READERS, &list_in,
                                &list_out, .run = org_list };

/* --- one organisation as of a day ----------------------------------------------------------- */

typedef struct ShowIn {
    int64_t org;
    Day day;
} ShowIn;
static const ShapeField show_in_fields[] = {
    { "org", SHAPE_ID, offsetof(ShowIn, org), .required = true, .title = "组织" },
    { "day", SHAPE_DAY, offsetof(ShowIn, day), .title = "日期" },
};
static const Shape show_in = SHAPE("OrgShowIn", ShowIn, show_in_fields);

static const ShapeField tenure_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "person", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "post", SHAPE_TEXT, .required = true },
    { "post_title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY },
    { "holds", SHAPE_BOOL, .required = true },
};
static const Shape tenure_shape = SHAPE_REPLY("Tenure", tenure_fields);
static const ShapeField grade_fields[] = {
    { "year", SHAPE_INT, .required = true },
    { "object", SHAPE_TEXT },
    { "name", SHAPE_TEXT, .required = true },
    { "grade", SHAPE_TEXT, .required = true },
    { "fact", SHAPE_ID, .required = true },
};
static const Shape grade_shape = SHAPE_REPLY("PastGrade", grade_fields);
static const ShapeField show_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "as_of", SHAPE_DAY, .required = true },
    { "code", SHAPE_TEXT, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "kind", SHAPE_TEXT, .required = true },
    { "kind_title", SHAPE_TEXT, .required = true },
    { "sector", SHAPE_TEXT },
    { "sector_title", SHAPE_TEXT },
    { "parent", SHAPE_ID },
    { "parent_name", SHAPE_TEXT },
    { "path", SHAPE_TEXT },
    { "founded", SHAPE_DAY },
    { "ended", SHAPE_DAY },
    { "term_end", SHAPE_DAY },
    { "secretary", SHAPE_OBJ, .sub = &tenure_shape },
    { "tenures", SHAPE_LIST, .required = true, .sub = &tenure_shape },
    { "children", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "grades", SHAPE_LIST, .required = true, .sub = &grade_shape },
};
static const Shape show_out = SHAPE_REPLY("Org", show_fields);

/* The organisation as the facts had it on that day: the last one that had happened by then. */
static bool org_as_of(Fact *out, Call *c, int64_t org, Day day, Err *e)
{
    FactList all;
    if (!call_thing(out, c, "org", org, e) ||
        !fact_history(&all, c->a, c->tx, STRC("org"), org, e))
        return false;
    const Fact *best = NULL;
    for (size_t i = 0; i < all.n; i++) {
        const Fact *f = &all.items[i];
        if (leaf_is_strike(f) || (best && f->occurred_on > day))
            continue;
        if (!best || best->occurred_on > day || f->occurred_on >= best->occurred_on)
            best = f;
    }
    if (best)
        *out = *best;
    return true;
}

static bool put_tenure(Call *c, const Fact *f, Day day, Jw *out, Err *e)
{
    Day from = fact_day(f, "from"), to = fact_day(f, "to");
    Str name, post = fact_str(c->a, f, "post");
    if (!call_name(&name, c, "person", fact_int(f, "person"), e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "person", fact_int(f, "person"));
    jw_kstr(out, "name", name);
    jw_kstr(out, "post", post);
    jw_kstr(out, "post_title", call_title(c, "post", post));
    jw_kday(out, "from", from);
    if (to != DAY_NONE)
        jw_kday(out, "to", to);
    jw_kbool(out, "holds", call_holds(f, day));
    jw_end(out);
    return true;
}

static int later_first(const void *a, const void *b)
{
    Day x = fact_day(a, "from"), y = fact_day(b, "from");
    return (x < y) - (x > y);
}

/* Ordinary members are no office-holders: their list is the people of the organisation. */
static bool put_tenures(Call *c, int64_t org, Day day, Jw *out, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "tenure", "org", org, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        const Fact *f = &l.items[i];
        if (!str_is(fact_str(c->a, f, "post"), "secretary") || !call_holds(f, day))
            continue;
        jw_key(out, "secretary");
        if (!put_tenure(c, f, day, out, e))
            return false;
        break;
    }
    if (l.n)
        qsort(l.items, l.n, sizeof *l.items, later_first);
    jw_key(out, "tenures");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++)
        if (!str_is(fact_str(c->a, &l.items[i], "post"), "member") &&
            !put_tenure(c, &l.items[i], day, out, e))
            return false;
    jw_end(out);
    return true;
}

static bool put_children(Call *c, int64_t org, Day day, Jw *out, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "org", "parent", org, e))
        return false;
    jw_key(out, "children");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        Day founded = fact_day(&l.items[i], "founded"), ended = fact_day(&l.items[i], "ended");
        if ((founded != DAY_NONE && founded > day) || (ended != DAY_NONE && ended < day))
            continue;
        if (!put_row(c, &l.items[i], false, day, out, e))
            return false;
    }
    jw_end(out);
    return true;
}

static void put_kday(Jw *out, const char *key, Day d)
{
    if (d != DAY_NONE)
        jw_kday(out, key, d);
}

static bool put_org(Call *c, const Fact *f, int64_t version, Day day, Jw *out, Err *e)
{
    Str parent, path, kind = fact_str(c->a, f, "kind"), sector = fact_str(c->a, f, "sector");
    int64_t up = fact_int(f, "parent");
    if (!call_name(&parent, c, "org", up, e) || !path_of(&path, c, f, e))
        return false;
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", version);
    jw_kday(out, "as_of", day);
    jw_kstr(out, "code", fact_str(c->a, f, "code"));
    jw_kstr(out, "name", fact_str(c->a, f, "name"));
    jw_kstr(out, "kind", kind);
    jw_kstr(out, "kind_title", call_title(c, "org_kind", kind));
    if (sector.n) {
        jw_kstr(out, "sector", sector);
        jw_kstr(out, "sector_title", call_title(c, "sector", sector));
    }
    if (up) {
        jw_kint(out, "parent", up);
        jw_kstr(out, "parent_name", parent);
        jw_kstr(out, "path", path);
    }
    put_kday(out, "founded", fact_day(f, "founded"));
    put_kday(out, "ended", fact_day(f, "ended"));
    put_kday(out, "term_end", fact_day(f, "term_end"));
    return true;
}

/* --- past grades ---------------------------------------------------------------------------- */

/* The final grade that a bundle gives this debriefer, and the object it rates. */
static bool grade_in(Str *grade, Str *object, const json_t *bundle, int64_t debriefer)
{
    const json_t *list = jv_get(jv_get(bundle, "result"), "debriefers");
    *object = jv_str(jv_get(bundle, "inputs"), "object");
    for (size_t i = 0; i < jv_len(list); i++)
        if (jv_int(jv_at(list, i), "id") == debriefer) {
            *grade = jv_str(jv_at(list, i), "final");
            return grade->n > 0;
        }
    return false;
}

/* The newest published result of a cycle, for every object. */
static bool put_grades_of(Call *c, const Fact *debriefer, Jw *out, Err *e)
{
    FactList results;
    Fact cycle;
    Str name;
    int64_t of = fact_int(debriefer, "cycle");
    if (!call_thing(&cycle, c, "cycle", of, e) ||
        !call_list_id(&results, c, "result", "cycle", of, e) ||
        !call_name(&name, c, "person", fact_int(debriefer, "person"), e))
        return false;
    for (size_t i = 0; i < results.n; i++) {
        const Fact *f = &results.items[i];
        if (fact_bool(f, "superseded") || fact_day(f, "published") == DAY_NONE)
            continue;
        json_t *body = call_body(c, f, e);
        if (!body)
            return false;
        Str grade, object;
        if (grade_in(&grade, &object, jv_get(body, "bundle"), debriefer->subject)) {
            jw_obj(out);
            jw_kint(out, "year", fact_int(&cycle, "year"));
            if (object.n)
                jw_kstr(out, "object", call_title(c, "rated_object", object));
            jw_kstr(out, "name", name);
            jw_kstr(out, "grade", call_title(c, "grade", grade));
            jw_kint(out, "fact", f->id);
            jw_end(out);
        }
        json_decref(body);
    }
    return true;
}

/* Whoever decides may look back over an organisation; a debriefer sees his own. */
static bool may_see_grade(Call *c, const Fact *debriefer)
{
    uint32_t judges = ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD) |
                      ROLE_BIT(ROLE_COMMITTEE) | ROLE_BIT(ROLE_SUPERIOR);
    int64_t person = fact_int(debriefer, "person");
    return (person && person == c->who->person) ||
           call_can_cycle(c, judges, fact_int(debriefer, "cycle"));
}

static bool put_grades(Call *c, int64_t org, Jw *out, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "debriefer", "org", org, e))
        return false;
    jw_key(out, "grades");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0;)
        if (may_see_grade(c, &l.items[i]) && !put_grades_of(c, &l.items[i], out, e))
            return false;
    jw_end(out);
    return true;
}

static bool org_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const ShowIn *in = in_;
    Day day = in->day == DAY_NONE ? c->today : in->day;
    Fact now, then;
    return call_may_all(c, e) && call_thing(&now, c, "org", in->org, e) &&
           org_as_of(&then, c, in->org, day, e) && put_org(c, &then, now.id, day, out, e) &&
           put_tenures(c, in->org, day, out, e) && put_children(c, in->org, day, out, e) &&
           put_grades(c, in->org, out, e);
}

const UseCase work_org_show = { "org_show", "查看一个组织在某日的情况", WORK_READ, READERS,
                                &show_in, &show_out, .run = org_show };

/* --- its records ---------------------------------------------------------------------------- */

typedef struct RecordsIn {
    int64_t org;
} RecordsIn;
static const ShapeField records_in_fields[] = {
    { "org", SHAPE_ID, offsetof(RecordsIn, org), .required = true, .title = "组织" },
};
static const Shape records_in = SHAPE("OrgRecordsIn", RecordsIn, records_in_fields);
static const ShapeField record_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "kind", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "occurred_on", SHAPE_DAY },
    { "received_at", SHAPE_MOMENT, .required = true },
};
static const Shape record_shape = SHAPE_REPLY("OrgRecord", record_fields);
static const ShapeField records_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &record_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape records_out = SHAPE_REPLY("OrgRecords", records_fields);

static int newer_first(const void *a, const void *b)
{
    const Fact *x = a, *y = b;
    return (x->id < y->id) - (x->id > y->id);
}

/* What stands in the log about it and the caller may read, whatever kinds the packs declare. The
 * roster itself (the organisation, its people and tenures) is shown elsewhere on the page. */
static bool records_of(FactList *out, Call *c, int64_t org, Err *e)
{
    static const char *const roster[] = { "org", "person", "tenure", "account", "grant" };
    size_t cap = 0;
    const Form *form;
    *out = (FactList){ .n = 0 };
    for (size_t i = 0; (form = pack_form_at(call_rules(c), i)) != NULL; i++) {
        FactFilter f = { .kind = form->name, .org = org };
        FactList l;
        bool skip = false;
        for (size_t k = 0; k < sizeof roster / sizeof *roster; k++)
            skip |= str_is(form->name, roster[k]);
        if (skip)
            continue;
        if (!fact_list(&l, c->a, c->tx, &f, e))
            return false;
        for (size_t k = 0; k < l.n; k++) {
            bool may;
            if (!work_record_visible(&may, c, &l.items[k], e))
                return false;
            if (may && !ARENA_PUSH(c->a, out->items, out->n, cap))
                return err_fail(e, ERR_NO_MEMORY, err_hole("what", "记录"));
            if (may)
                out->items[out->n++] = l.items[k];
        }
    }
    return true;
}

static bool org_records(Call *c, const void *in_, Jw *out, Err *e)
{
    const RecordsIn *in = in_;
    FactList l;
    Fact org;
    if (!call_may_all(c, e) || !call_thing(&org, c, "org", in->org, e) ||
        !records_of(&l, c, in->org, e))
        return false;
    if (l.n)
        qsort(l.items, l.n, sizeof *l.items, newer_first);
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l.n && i < RECORDS_MAX; i++) {
        const Fact *f = &l.items[i];
        const Form *form = pack_form(call_rules(c), f->kind);
        Str line;
        if (!work_record_line(&line, c, f, e))
            return false;
        jw_obj(out);
        jw_kint(out, "id", f->id);
        jw_kstr(out, "kind", f->kind);
        jw_kstr(out, "title", form ? form->title : f->kind);
        jw_kstr(out, "text", line);
        put_kday(out, "occurred_on", f->occurred_on);
        jw_kmoment(out, "received_at", f->received_at);
        jw_end(out);
    }
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    return true;
}

const UseCase work_org_records = { "org_records", "查看一个组织的记录", WORK_READ, READERS,
                                   &records_in, &records_out, .run = org_records };

/* --- people --------------------------------------------------------------------------------- */

typedef struct PeopleIn {
    Str q;
    int64_t org, limit, offset;
} PeopleIn;
static const ShapeField people_in_fields[] = {
    { "q", SHAPE_TEXT, offsetof(PeopleIn, q), .max = 60, .title = "查找" },
    { "org", SHAPE_ID, offsetof(PeopleIn, org), .title = "组织" },
    { "limit", SHAPE_INT, offsetof(PeopleIn, limit), .min = 0, .max = ORG_PAGE_MAX,
      .title = "条数" },
    { "offset", SHAPE_INT, offsetof(PeopleIn, offset), .min = 0, .max = 10000000,
      .title = "起点" },
};
static const Shape people_in = SHAPE("PeopleIn", PeopleIn, people_in_fields);
static const ShapeField person_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "posts", SHAPE_TEXT },
    { "staff_no", SHAPE_TEXT },
    { "birth", SHAPE_TEXT },
    { "member", SHAPE_BOOL },
};
static const Shape person_shape = SHAPE_REPLY("Person", person_fields);
static const ShapeField people_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &person_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape people_out = SHAPE_REPLY("People", people_fields);

/* 东街社区党支部书记、…: what he holds today. */
bool work_posts_of(Str *out, Call *c, int64_t person, Err *e)
{
    FactList l;
    *out = STRC("");
    if (!call_list_id(&l, c, "tenure", "person", person, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Str org;
        if (!call_holds(&l.items[i], c->today))
            continue;
        if (!call_name(&org, c, "org", fact_int(&l.items[i], "org"), e))
            return false;
        Str post = call_title(c, "post", fact_str(c->a, &l.items[i], "post"));
        *out = arena_text(c->a, "%.*s%s%.*s%.*s", STR(*out), out->n ? "、" : "", STR(org),
                          STR(post));
    }
    return true;
}

/* Name, organisation and posts are for colleagues; the rest only for who keeps the roster there. */
static bool put_person(Call *c, const Fact *f, Jw *out, Err *e)
{
    Str org, posts, staff = fact_str(c->a, f, "staff_no"), birth = fact_str(c->a, f, "birth");
    if (!call_name(&org, c, "org", fact_int(f, "org"), e) ||
        !work_posts_of(&posts, c, f->subject, e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kstr(out, "name", fact_str(c->a, f, "name"));
    jw_kint(out, "org", fact_int(f, "org"));
    jw_kstr(out, "org_name", org);
    if (posts.n)
        jw_kstr(out, "posts", posts);
    if (call_can(c, RECORD_PERSONAL, fact_int(f, "org"))) {
        if (staff.n)
            jw_kstr(out, "staff_no", staff);
        if (birth.n)
            jw_kstr(out, "birth", birth);
        jw_kbool(out, "member", fact_bool(f, "member"));
    }
    jw_end(out);
    return true;
}

/* Those who are asked for, below an organisation when one is named; a staff number is answered to
 * who keeps the roster there. */
static bool people_asked(FactList *l, Call *c, const PeopleIn *in, Err *e)
{
    NameHits hits;
    size_t n = 0;
    if (!found(l, &hits, c, "person", in->q, e))
        return false;
    for (size_t i = 0; i < l->n; i++) {
        int64_t org = fact_int(&l->items[i], "org");
        bool below = true;
        if (in->org && !fact_below(&below, c->tx, org, in->org, e))
            return false;
        if (below && (!hits.items[i].by_number || call_can(c, RECORD_PERSONAL, org)))
            l->items[n++] = l->items[i];
    }
    l->n = n;
    return true;
}

/* Without a question only the people of one organisation, for the page about it; nobody leafs
 * through all the people there are. */
static bool person_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const PeopleIn *in = in_;
    size_t limit = in->limit ? (size_t)in->limit : ORG_PAGE, from = (size_t)in->offset;
    FactFilter f = { .kind = STRC("person"), .org = in->org };
    FactList l = { .n = 0 };
    if (!call_may_all(c, e) ||
        !(in->q.n ? people_asked(&l, c, in, e)
                  : !in->org || fact_list(&l, c->a, c->tx, &f, e)))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = from; i < l.n && i < from + limit; i++)
        if (!put_person(c, &l.items[i], out, e))
            return false;
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    return true;
}

const UseCase work_person_list = { "person_list", "查找人员", WORK_READ, READERS, &people_in,
                                   &people_out, .run = person_list };
