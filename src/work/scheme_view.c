/* What can be chosen: the schemes with their formulas in plain words, forms and lists. */
#include "work/rows.h"
#include "work/scheme.h"

/* --- shapes --------------------------------------------------------------------------------- */

static const ShapeField named_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape name_shape = SHAPE_REPLY("Named", named_fields);
static const ShapeField group_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "weight", SHAPE_DEC, .required = true },
    { "merge", SHAPE_TEXT },
    { "merge_title", SHAPE_TEXT },
};
static const Shape group_shape = SHAPE_REPLY("SchemeGroup", group_fields);
static const ShapeField part_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DEC, .required = true },
    { "to", SHAPE_DEC, .required = true },
    { "missing", SHAPE_WORD, .required = true, .words = "refuse|renormalise|zero" },
};
static const Shape part_shape = SHAPE_REPLY("SchemePart", part_fields);
static const ShapeField node_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "formula", SHAPE_TEXT, .required = true },
};
static const Shape node_shape = SHAPE_REPLY("SchemeNode", node_fields);
static const ShapeField band_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DEC, .required = true },
    { "to", SHAPE_DEC, .required = true },
    { "from_in", SHAPE_BOOL, .required = true },
    { "to_in", SHAPE_BOOL, .required = true },
};
static const Shape band_shape = SHAPE_REPLY("SchemeBand", band_fields);
static const ShapeField paper_fields[] = {
    { "title", SHAPE_TEXT, .required = true },
    { "form", SHAPE_WORD, .required = true, .words = "grades|marks|ranking" },
    { "items", SHAPE_INT, .required = true },
    { "options", SHAPE_INT, .required = true },
};
static const Shape paper_shape = SHAPE_REPLY("SchemePaper", paper_fields);
static const ShapeField used_fields[] = {
    { "year", SHAPE_INT, .required = true },
    { "organiser", SHAPE_ID, .required = true },
};
static const Shape used_shape = SHAPE_REPLY("SchemeUsed", used_fields);
static const ShapeField scheme_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "cite", SHAPE_TEXT },
    { "own", SHAPE_BOOL, .required = true },
    { "counted", SHAPE_BOOL, .required = true },
    { "committee", SHAPE_BOOL, .required = true },
    { "used", SHAPE_LIST, .required = true, .sub = &used_shape },
    { "papers", SHAPE_LIST, .required = true, .sub = &paper_shape },
    { "groups", SHAPE_LIST, .required = true, .sub = &group_shape },
    { "parts", SHAPE_LIST, .required = true, .sub = &part_shape },
    { "events", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "items", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "options", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "reasons", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "nodes", SHAPE_LIST, .required = true, .sub = &node_shape },
    { "total", SHAPE_TEXT, .required = true },
    { "grades", SHAPE_LIST, .required = true, .sub = &band_shape },
    { "non_top", SHAPE_DEC },
    { "top_share", SHAPE_DEC },
    { "rules", SHAPE_WORDS, .required = true },
};
static const Shape scheme_shape = SHAPE_REPLY("Scheme", scheme_fields);
static const ShapeField schemes_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &scheme_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape schemes_out = SHAPE_REPLY("Schemes", schemes_fields);

/* --- one scheme ----------------------------------------------------------------------------- */

static void put_node(Jw *w, Arena *a, const Scheme *s, const SchemeNode *node)
{
    jw_obj(w);
    jw_kstr(w, "name", node->name);
    jw_kstr(w, "title", node->title.n ? node->title : node->name);
    jw_kstr(w, "formula", work_scheme_node_plain(a, s, node));
    jw_end(w);
}

static void put_groups(Jw *w, const Scheme *s)
{
    jw_key(w, "groups");
    jw_arr(w);
    for (size_t i = 0; i < s->n_groups; i++) {
        const SchemeGroup *g = &s->groups[i];
        jw_obj(w);
        jw_kstr(w, "name", g->name);
        jw_kstr(w, "title", g->title);
        jw_kdec(w, "weight", g->weight);
        if (g->merge >= 0) {
            jw_kstr(w, "merge", s->groups[g->merge].name);
            jw_kstr(w, "merge_title", s->groups[g->merge].title);
        }
        jw_end(w);
    }
    jw_end(w);
}

static void put_parts(Jw *w, const Scheme *s)
{
    jw_key(w, "parts");
    jw_arr(w);
    for (size_t i = 0; i < s->n_parts; i++) {
        jw_obj(w);
        jw_kstr(w, "name", s->parts[i].name);
        jw_kstr(w, "title", s->parts[i].title);
        jw_kdec(w, "from", s->parts[i].from);
        jw_kdec(w, "to", s->parts[i].to);
        jw_kstr(w, "missing", str_of(pack_scheme_missing_name(s->parts[i].missing)));
        jw_end(w);
    }
    jw_end(w);
}

static void put_grades(Jw *w, const Scheme *s)
{
    jw_key(w, "grades");
    jw_arr(w);
    for (size_t i = 0; i < s->n_bands; i++) {
        const SchemeBand *b = &s->bands[i];
        jw_obj(w);
        jw_kstr(w, "name", b->name);
        jw_kstr(w, "title", b->title);
        jw_kdec(w, "from", b->from);
        jw_kdec(w, "to", b->to);
        jw_kbool(w, "from_in", b->from_in);
        jw_kbool(w, "to_in", b->to_in);
        jw_end(w);
    }
    jw_end(w);
    if (s->has_non_top)
        jw_kdec(w, "non_top", s->non_top);
    if (s->has_top_share)
        jw_kdec(w, "top_share", s->top_share);
    jw_key(w, "rules");
    jw_arr(w);
    for (size_t i = 0; i < s->n_vetoes; i++)
        jw_str(w, s->vetoes[i].title);
    for (size_t i = 0; i < s->n_gates; i++)
        jw_str(w, s->gates[i].title);
    jw_end(w);
}

static void put_instrument(Jw *w, const SchemeInstrument *ins)
{
    jw_key(w, "items"), jw_arr(w);
    for (size_t i = 0; ins && i < ins->n_items; i++)
        work_put_named(w, ins->items[i].name, ins->items[i].title);
    jw_end(w), jw_key(w, "options"), jw_arr(w);
    for (size_t i = 0; ins && i < ins->n_options; i++)
        work_put_named(w, ins->options[i].name, ins->options[i].title);
    jw_end(w), jw_key(w, "reasons"), jw_arr(w);
    for (size_t i = 0; ins && i < ins->n_reasons; i++)
        work_put_named(w, ins->reasons[i].name, ins->reasons[i].title);
    jw_end(w);
}

static void put_papers(Jw *w, const Scheme *s)
{
    static const char *const forms[] = { "grades", "marks", "ranking" };
    jw_key(w, "papers"), jw_arr(w);
    for (size_t i = 0; i < s->n_instruments; i++) {
        jw_obj(w);
        jw_kstr(w, "title", s->instruments[i].title);
        jw_kstr(w, "form", str_of(forms[s->instruments[i].form]));
        jw_kint(w, "items", (int64_t)s->instruments[i].n_items);
        jw_kint(w, "options", (int64_t)s->instruments[i].n_options);
        jw_end(w);
    }
    jw_end(w);
}

/* The years of every organiser that were opened with it: what was used last stands first. */
static void put_used(Jw *w, Arena *a, const FactList *cycles, Str name)
{
    jw_key(w, "used"), jw_arr(w);
    for (size_t i = 0; i < cycles->n; i++)
        if (str_eq(fact_str(a, &cycles->items[i], "scheme"), name)) {
            jw_obj(w);
            jw_kint(w, "year", fact_int(&cycles->items[i], "year"));
            jw_kint(w, "organiser", fact_int(&cycles->items[i], "organiser"));
            jw_end(w);
        }
    jw_end(w);
}

static void put_scheme(Jw *w, Arena *a, const Scheme *s, bool own, const FactList *cycles)
{
    Err no = { 0 };
    jw_obj(w);
    jw_kstr(w, "name", s->name);
    jw_kstr(w, "title", s->title);
    jw_kstr(w, "cite", s->cite);
    jw_kbool(w, "own", own);
    jw_kbool(w, "counted", work_scheme_counted(s, &no));
    jw_kbool(w, "committee", s->committee);
    put_used(w, a, cycles, s->name);
    put_papers(w, s);
    put_groups(w, s);
    put_parts(w, s);
    jw_key(w, "events"), jw_arr(w);
    for (size_t i = 0; i < s->n_events; i++)
        work_put_named(w, s->events[i].name, s->events[i].title);
    jw_end(w);
    put_instrument(w, s->n_instruments ? &s->instruments[0] : NULL);
    jw_key(w, "nodes"), jw_arr(w);
    for (size_t i = 0; i < s->n_nodes; i++)
        put_node(w, a, s, &s->nodes[i]);
    jw_end(w);
    jw_kstr(w, "total", s->nodes[s->total].title);
    put_grades(w, s);
    jw_end(w);
}

static bool put_owns(Jw *out, Call *c, const FactList *cycles, size_t *n, Err *e)
{
    FactList l;
    if (!work_scheme_owns(&l, c, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Scheme *s = ARENA_NEW(c->a, Scheme);
        if (!s)
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "评分方案"));
        if (!work_scheme_parse(s, c, fact_str(c->a, &l.items[i], "text"), e))
            return false;
        put_scheme(out, c->a, s, true, cycles);
        *n += 1;
    }
    return true;
}

static bool scheme_list(Call *c, const void *in, Jw *out, Err *e)
{
    FactList cycles;
    size_t n = 0;
    const Scheme *s;
    (void)in;
    if (!call_may_all(c, e) || !call_list(&cycles, c, "cycle", NULL, STRC(""), e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (; (s = pack_scheme_at(call_rules(c), n)) != NULL; n++)
        put_scheme(out, c->a, s, false, &cycles);
    if (!put_owns(out, c, &cycles, &n, e))
        return false;
    jw_end(out);
    jw_kint(out, "total", (int64_t)n);
    return true;
}

const UseCase work_scheme_list = { "scheme_list", "查看评分方案", WORK_READ, WORK_LOGGED_IN, NULL,
                                   &schemes_out, .run = scheme_list };

/* --- one form ------------------------------------------------------------------------------- */

typedef struct FormIn {
    Str form;
} FormIn;
static const ShapeField form_in_fields[] = {
    { "form", SHAPE_TEXT, offsetof(FormIn, form), .required = true, .max = 60, .title = "表单" },
};
static const Shape form_in = SHAPE("FormIn", FormIn, form_in_fields);
static const ShapeField form_out_fields[] = { { "form", SHAPE_JSON, .required = true } };
static const Shape form_out = SHAPE_REPLY("FormOut", form_out_fields);

static bool form_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const FormIn *in = in_;
    const Form *f = pack_form(call_rules(c), in->form);
    if (!call_may_all(c, e))
        return false;
    if (!f)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", in->form));
    jw_key(out, "form");
    form_describe(out, f);
    return true;
}

const UseCase work_form_show = { "form_show", "查看表单", WORK_READ, WORK_LOGGED_IN, &form_in,
                                 &form_out, .run = form_show };

/* --- one list ------------------------------------------------------------------------------- */

typedef struct ListIn {
    Str list;
} ListIn;
static const ShapeField list_in_fields[] = {
    { "list", SHAPE_TEXT, offsetof(ListIn, list), .required = true, .max = 60, .title = "清单" },
};
static const Shape list_in = SHAPE("ListIn", ListIn, list_in_fields);
static const ShapeField list_out_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape list_out = SHAPE_REPLY("ListOut", list_out_fields);

static bool list_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const ListIn *in = in_;
    const List *l = pack_list(call_rules(c), in->list);
    if (!call_may_all(c, e))
        return false;
    if (!l)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", in->list));
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l->n_items; i++)
        work_put_named(out, l->items[i].value, l->items[i].title);
    jw_end(out);
    jw_kint(out, "total", (int64_t)l->n_items);
    return true;
}

const UseCase work_list_show = { "list_show", "查看规则包的清单", WORK_READ, WORK_LOGGED_IN,
                                 &list_in, &list_out, .run = list_show };
