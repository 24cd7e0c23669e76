/* The year: opening a cycle, changing it until voting opens, and the choices no scheme states. */
#include "score/score.h"
#include "work/areas.h"
#include "work/call.h"
#include "work/rows.h"
#include "work/scheme.h"

#define ORGANISERS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))

enum { YEAR_MIN = 2000, YEAR_MAX = 2100, FLOOR_MIN = 3, FLOOR_MAX = 100 };

bool work_cycle_at(Call *c, const Fact *cycle, const char *state, Err *e)
{
    Str now = fact_str(c->a, cycle, "state");
    return str_is(now, state) ||
           err_fail(e, ERR_CYCLE_STATE, err_hole("what", c->u->title),
                    err_hole("state", call_title(c, "cycle_state", now)),
                    err_hole("want", call_title(c, "cycle_state", str_of(state))));
}

static const ShapeField made_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
};
const Shape work_made = SHAPE_REPLY("Made", made_fields);

void work_put_made(Jw *out, int64_t id, int64_t version)
{
    jw_kint(out, "id", id);
    jw_kint(out, "version", version);
}

void work_put_named(Jw *out, Str name, Str title)
{
    jw_obj(out);
    jw_kstr(out, "name", name);
    jw_kstr(out, "title", title.n ? title : name);
    jw_end(out);
}

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "年度周期"));
}

/* --- what a cycle may say ------------------------------------------------------------------- */

/* No two rows of a list carry the same value. */
static bool rows_unlike(const json_t *rows, const char *key, const char *field, Err *e)
{
    for (size_t i = 0; i < jv_len(rows); i++)
        for (size_t k = 0; k < i; k++)
            if (str_eq(jv_str(jv_at(rows, i), key), jv_str(jv_at(rows, k), key)))
                return err_fail(e, ERR_FORM_TWICE, err_hole("field", field),
                                err_hole("text", jv_str(jv_at(rows, i), key)));
    return true;
}

static bool year_free(Call *c, const json_t *body, Err *e)
{
    FactList l;
    int64_t year = jv_int(body, "year");
    if (year < YEAR_MIN || year > YEAR_MAX)
        return err_fail(e, ERR_FIELD_RANGE, err_hole("field", "年度"), err_hole("min", YEAR_MIN),
                        err_hole("max", YEAR_MAX));
    if (!call_list_id(&l, c, "cycle", "year", year, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (fact_int(&l.items[i], "organiser") == jv_int(body, "organiser"))
            return err_fail(e, ERR_CYCLE_TWICE, err_hole("year", year));
    return true;
}

/* The body as it would be filed: names once each, lengths in order, the scheme known. */
static bool body_sound(const Scheme **scheme, Call *c, const json_t *body, Err *e)
{
    int64_t least = jv_int(body, "report_min"), most = jv_int(body, "report_max");
    if (!work_scheme_find(scheme, c, jv_str(body, "scheme"), e))
        return false;
    if (!work_scheme_counted(*scheme, e))
        return false;
    if (least < 0 || most < 0 || (most > 0 && least > most))
        return err_fail(e, ERR_CYCLE_LENGTH, err_hole("min", least), err_hole("max", most));
    return rows_unlike(jv_get(body, "classes"), "name", "述职内容类别", e) &&
           rows_unlike(jv_get(body, "classes"), "title", "述职内容类别", e) &&
           rows_unlike(jv_get(body, "dates"), "step", "各步骤日期", e);
}

/* The groups of a cycle are those of its scheme, in its order, with the papers issued to each. */
static bool groups_put(json_t *body, const Scheme *s, const json_t *given, Err *e)
{
    for (size_t i = 0; i < jv_len(given); i++)
        if (pack_scheme_group(s, jv_str(jv_at(given, i), "name")) < 0)
            return err_fail(e, ERR_NOT_FOUND, err_hole("what", "票类"));
    json_t *out = json_array();
    for (size_t g = 0; out && g < s->n_groups; g++) {
        Str name = s->groups[g].name, title = s->groups[g].title;
        json_t *row = json_pack("{s:s%,s:s%}", "name", name.p, name.n, "title", title.p, title.n);
        for (size_t i = 0; i < jv_len(given); i++)
            if (str_eq(jv_str(jv_at(given, i), "name"), name) &&
                jv_get(jv_at(given, i), "issued"))
                json_object_set_new(row, "issued",
                                    json_integer(jv_int(jv_at(given, i), "issued")));
        json_array_append_new(out, row);
    }
    if (!out || json_array_size(out) != s->n_groups || json_object_set_new(body, "groups", out))
        return no_memory(e);
    for (size_t i = 0; i < jv_len(given); i++)
        if (jv_int(jv_at(given, i), "issued") < 0 ||
            jv_int(jv_at(given, i), "issued") > SCORE_PAPERS_MAX)
            return err_fail(e, ERR_FIELD_RANGE, err_hole("field", "发出票数"), err_hole("min", 0),
                            err_hole("max", SCORE_PAPERS_MAX));
    return rows_unlike(given, "name", "票类", e);
}

/* --- opening -------------------------------------------------------------------------------- */

typedef struct BodyIn {
    int64_t cycle, version;
    const json_t *body;
    Str reason;
} BodyIn;
static const ShapeField open_fields[] = {
    { "body", SHAPE_JSON, offsetof(BodyIn, body), .required = true, .title = "年度周期" },
};
static const Shape open_in = SHAPE("CycleOpenIn", BodyIn, open_fields);

/* The organiser's newest cycle before this one: its open findings ask for answers. */
static bool previous_put(Call *c, json_t *body, Err *e)
{
    FactList l;
    int64_t before = 0, id = 0;
    if (!call_list(&l, c, "cycle", NULL, STRC(""), e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        int64_t year = fact_int(&l.items[i], "year");
        if (fact_int(&l.items[i], "organiser") == jv_int(body, "organiser") && year > before &&
            year < jv_int(body, "year"))
            before = year, id = l.items[i].subject;
    }
    json_object_del(body, "previous");
    return id == 0 || json_object_set_new(body, "previous", json_integer(id)) == 0 || no_memory(e);
}

static bool cycle_open(Call *c, const void *in_, Jw *out, Err *e)
{
    const BodyIn *in = in_;
    static const char *const later[] = { "choices", "floor", "scheme_hash", "reason" };
    int64_t organiser = jv_int(in->body, "organiser"), id;
    const Scheme *scheme;
    Fact org;
    if (!call_may_org(c, organiser, e) || !call_thing(&org, c, "org", organiser, e) ||
        !year_free(c, in->body, e) || !body_sound(&scheme, c, in->body, e))
        return false;
    json_t *body = json_deep_copy(in->body);
    bool ok = (body && json_object_set_new(body, "state", json_string("preparing")) == 0) ||
              no_memory(e);
    for (size_t i = 0; ok && i < sizeof later / sizeof *later; i++)
        json_object_del(body, later[i]); /* absent ones are no matter */
    ok = ok && groups_put(body, scheme, jv_get(in->body, "groups"), e) &&
         previous_put(c, body, e) &&
         call_file(c, &(Filing){ .form = "cycle", .org = organiser, .body = body }, &id, e);
    json_decref(body);
    if (ok)
        work_put_made(out, id, id);
    return ok;
}

const UseCase work_cycle_open = { "cycle_open", "开启年度周期", WORK_WRITE, ORGANISERS, &open_in,
                                  &work_made, .run = cycle_open };

/* --- changing ------------------------------------------------------------------------------- */

static const ShapeField edit_fields[] = {
    { "cycle", SHAPE_ID, offsetof(BodyIn, cycle), .required = true, .title = "年度周期" },
    { "version", SHAPE_ID, offsetof(BodyIn, version), .required = true, .title = "版本" },
    { "body", SHAPE_JSON, offsetof(BodyIn, body), .required = true, .title = "修改内容" },
    { "reason", SHAPE_TEXT, offsetof(BodyIn, reason), .required = true, .max = 500,
      .title = "理由" },
};
static const Shape edit_in = SHAPE("CycleEditIn", BodyIn, edit_fields);

static bool fields_free(const json_t *patch, Err *e)
{
    static const char *const fixed[] = { "state", "year", "organiser", "choices", "previous",
                                         "floor", "scheme_hash", "reason" };
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (jv_get(patch, fixed[i]))
            return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", fixed[i]));
    return true;
}

/* What was sealed stays sealed until it is opened before everyone. */
static bool seal_keeps(Call *c, const Fact *was, const json_t *patch, Err *e)
{
    FactList l, facts;
    if (!jv_get(patch, "survey_mode") || !str_is(fact_str(c->a, was, "survey_mode"), "sealed") ||
        str_is(jv_str(patch, "survey_mode"), "sealed"))
        return true;
    if (!call_list_id(&l, c, "debriefer", "cycle", was->subject, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (!call_list_id(&facts, c, "survey_fact", "debriefer", l.items[i].subject, e))
            return false;
        else if (facts.n)
            return err_fail(e, ERR_SURVEY_SEALED);
    return true;
}

/* Another scheme has other groups and nodes: papers and choices must be settled anew. */
static bool scheme_follow(Call *c, const Fact *was, json_t *body, const json_t *patch, Err *e)
{
    const Scheme *scheme;
    if (!body_sound(&scheme, c, body, e))
        return false;
    bool other = !str_eq(scheme->name, fact_str(c->a, was, "scheme"));
    if (other)
        json_object_del(body, "choices"), json_object_del(body, "groups");
    const json_t *given = jv_get(patch, "groups");
    /* a copy: groups_put replaces the list it may stand in */
    json_t *kept = json_deep_copy(given ? given : jv_get(body, "groups"));
    bool ok = groups_put(body, scheme, kept, e);
    json_decref(kept);
    return ok;
}

static bool patch_into(json_t *body, const json_t *patch, Err *e)
{
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)patch, key, value) {
        if (json_is_null(value))
            json_object_del(body, key); /* absent already is no matter */
        else if (json_object_set(body, key, value) != 0)
            return no_memory(e);
    }
    return true;
}

/* Until voting opens everything but organiser, year and state may change, with a reason. */
static bool cycle_edit(Call *c, const void *in_, Jw *out, Err *e)
{
    const BodyIn *in = in_;
    Fact was;
    int64_t id;
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&was, c, "cycle", in->cycle, e) ||
        !work_cycle_at(c, &was, "preparing", e) || !fields_free(in->body, e) ||
        !seal_keeps(c, &was, in->body, e))
        return false;
    json_t *body = call_body(c, &was, e);
    if (!body)
        return false;
    Filing f = { .form = "cycle", .subject = was.subject, .org = was.org, .base = in->version,
                 .body = body };
    bool ok = patch_into(body, in->body, e) && scheme_follow(c, &was, body, in->body, e) &&
              (json_object_set_new(body, "reason", jv_new(in->reason)) == 0 || no_memory(e)) &&
              call_file(c, &f, &id, e);
    json_decref(body);
    if (ok)
        work_put_made(out, in->cycle, id);
    return ok;
}

const UseCase work_cycle_edit = { "cycle_edit", "修改年度安排（开始测评前，须写理由）", WORK_WRITE,
                                  ORGANISERS, &edit_in, &work_made, .run = cycle_edit };

/* --- R, T, Q: what no scheme states --------------------------------------------------------- */

typedef struct GroupIn {
    Str name;
    int64_t issued;
} GroupIn;
static const ShapeField group_fields[] = {
    { "name", SHAPE_TEXT, offsetof(GroupIn, name), .required = true, .max = 40, .title = "票类" },
    { "issued", SHAPE_INT, offsetof(GroupIn, issued), .required = true,
      .max = SCORE_PAPERS_MAX, .title = "发出票数" },
};
static const Shape group_in = SHAPE("GroupIssuedIn", GroupIn, group_fields);

typedef struct ChoicesIn {
    int64_t cycle, version, floor;
    const json_t *choices;
    ShapeList groups;
    Str reason;
} ChoicesIn;
static const ShapeField choices_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ChoicesIn, cycle), .required = true, .title = "年度周期" },
    { "version", SHAPE_ID, offsetof(ChoicesIn, version), .required = true, .title = "版本" },
    { "choices", SHAPE_JSON, offsetof(ChoicesIn, choices), .required = true,
      .title = "取整、并列与票数效力的选择" },
    { "floor", SHAPE_INT, offsetof(ChoicesIn, floor), .required = true, .min = FLOOR_MIN,
      .max = FLOOR_MAX, .title = "单独统计的最少有效票" },
    { "groups", SHAPE_LIST, offsetof(ChoicesIn, groups), .max = SCHEME_GROUPS_MAX,
      .sub = &group_in, .title = "各票类发出票数" },
    { "reason", SHAPE_TEXT, offsetof(ChoicesIn, reason), .max = 500, .title = "理由" },
};
static const Shape choices_in = SHAPE("ChoicesIn", ChoicesIn, choices_fields);

static json_t *groups_json(const ShapeList *groups)
{
    const GroupIn *g = groups->items;
    json_t *l = json_array();
    for (size_t i = 0; l && i < groups->n; i++)
        json_array_append_new(l, json_pack("{s:s%,s:I}", "name", g[i].name.p, g[i].name.n,
                                           "issued", (json_int_t)g[i].issued));
    return l;
}

/* The first choice needs no reason; a later change of it does, like every change of the year. */
static bool choices_patch(json_t *body, const ChoicesIn *in, const Scheme *s, Err *e)
{
    bool again = jv_get(body, "choices") != NULL;
    if (again && in->reason.n == 0)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "理由"));
    json_object_del(body, "reason"); /* that of an earlier change; absent is no matter */
    if (json_object_set(body, "choices", (json_t *)in->choices) != 0 ||
        json_object_set_new(body, "floor", json_integer(in->floor)) != 0 ||
        (in->reason.n && json_object_set_new(body, "reason", jv_new(in->reason)) != 0))
        return no_memory(e);
    json_t *given = in->groups.n ? groups_json(&in->groups)
                                 : json_deep_copy(jv_get(body, "groups"));
    bool ok = groups_put(body, s, given, e);
    json_decref(given);
    return ok;
}

static bool choices_set(Call *c, const void *in_, Jw *out, Err *e)
{
    const ChoicesIn *in = in_;
    ScoreChoices read;
    Fact was;
    int64_t id;
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&was, c, "cycle", in->cycle, e) ||
        !work_cycle_at(c, &was, "preparing", e))
        return false;
    const Scheme *s;
    if (!work_scheme_find(&s, c, fact_str(c->a, &was, "scheme"), e) ||
        !score_choices_read(&read, c->a, in->choices, e) || !score_choices_check(&read, s, e))
        return false;
    json_t *body = call_body(c, &was, e);
    if (!body)
        return false;
    Filing f = { .form = "cycle", .subject = was.subject, .org = was.org, .base = in->version,
                 .body = body };
    bool ok = choices_patch(body, in, s, e) && call_file(c, &f, &id, e);
    json_decref(body);
    if (ok)
        work_put_made(out, in->cycle, id);
    return ok;
}

const UseCase work_choices_set = { "choices_set", "选定取整、并列与票数效力", WORK_WRITE, ORGANISERS,
                                   &choices_in, &work_made, .run = choices_set };
