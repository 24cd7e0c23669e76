/* A whole scheme as data: what the form on the screen shows, and what it writes back as text. */
#include "work/scheme.h"

/* --- shapes --------------------------------------------------------------------------------- */

static const ShapeField name_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape name_shape = SHAPE_REPLY("SchemeName", name_fields);
static const ShapeField option_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "excluded", SHAPE_BOOL, .required = true },
    { "points", SHAPE_DEC, .required = true },
};
static const Shape option_shape = SHAPE_REPLY("SchemeOption", option_fields);
static const ShapeField points_fields[] = {
    { "option", SHAPE_TEXT, .required = true },
    { "group", SHAPE_TEXT },
    { "item", SHAPE_TEXT },
    { "points", SHAPE_DEC, .required = true },
};
static const Shape points_shape = SHAPE_REPLY("SchemePoints", points_fields);
static const ShapeField instrument_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "form", SHAPE_WORD, .required = true, .words = "grades|marks|ranking" },
    { "complete", SHAPE_BOOL, .required = true },
    { "from", SHAPE_DEC },
    { "to", SHAPE_DEC },
    { "drop_high", SHAPE_INT, .required = true },
    { "drop_low", SHAPE_INT, .required = true },
    { "drop_least", SHAPE_INT, .required = true },
    { "places", SHAPE_WORDS, .required = true },
    { "items", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "options", SHAPE_LIST, .required = true, .sub = &option_shape },
    { "points", SHAPE_LIST, .required = true, .sub = &points_shape },
    { "reasons", SHAPE_LIST, .required = true, .sub = &name_shape },
};
static const Shape instrument_shape = SHAPE_REPLY("SchemeInstrument", instrument_fields);
static const ShapeField group_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "weight", SHAPE_DEC, .required = true },
    { "merge", SHAPE_TEXT },
};
static const Shape group_shape = SHAPE_REPLY("SchemeVoters", group_fields);
static const ShapeField part_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DEC, .required = true },
    { "to", SHAPE_DEC, .required = true },
    { "missing", SHAPE_WORD, .required = true, .words = "refuse|renormalise|zero" },
};
static const Shape part_shape = SHAPE_REPLY("SchemeScored", part_fields);
static const ShapeField event_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DEC },
    { "to", SHAPE_DEC },
};
static const Shape event_shape = SHAPE_REPLY("SchemeEvent", event_fields);
static const ShapeField term_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "weight", SHAPE_DEC, .required = true },
};
static const Shape term_shape = SHAPE_REPLY("SchemeTerm", term_fields);
static const ShapeField node_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "kind", SHAPE_WORD, .required = true, .words = "sum|value|places|first" },
    { "value", SHAPE_TEXT, .required = true },
    { "plain", SHAPE_TEXT, .required = true },
    { "terms", SHAPE_LIST, .required = true, .sub = &term_shape },
    { "points", SHAPE_WORDS, .required = true },
    { "beyond", SHAPE_DEC },
};
static const Shape node_shape = SHAPE_REPLY("SchemeStep", node_fields);
static const ShapeField band_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DEC, .required = true },
    { "to", SHAPE_DEC, .required = true },
    { "from_in", SHAPE_BOOL, .required = true },
    { "to_in", SHAPE_BOOL, .required = true },
    { "most", SHAPE_DEC },
};
static const Shape band_shape = SHAPE_REPLY("SchemeGrade", band_fields);
static const ShapeField rule_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "when", SHAPE_TEXT, .required = true },
    { "plain", SHAPE_TEXT, .required = true },
    { "band", SHAPE_TEXT, .required = true },
};
static const Shape rule_shape = SHAPE_REPLY("SchemeRule", rule_fields);
static const ShapeField example_fields[] = {
    { "title", SHAPE_TEXT, .required = true },
    { "choices", SHAPE_TEXT, .required = true },
    { "given", SHAPE_TEXT, .required = true },
    { "want", SHAPE_TEXT, .required = true },
};
static const Shape example_shape = SHAPE_REPLY("SchemeExample", example_fields);
static const ShapeField scheme_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "cite", SHAPE_TEXT, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "hash", SHAPE_TEXT, .required = true },
    { "objects", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "instruments", SHAPE_LIST, .required = true, .sub = &instrument_shape },
    { "groups", SHAPE_LIST, .required = true, .sub = &group_shape },
    { "parts", SHAPE_LIST, .required = true, .sub = &part_shape },
    { "events", SHAPE_LIST, .required = true, .sub = &event_shape },
    { "nodes", SHAPE_LIST, .required = true, .sub = &node_shape },
    { "total", SHAPE_TEXT, .required = true },
    { "bands", SHAPE_LIST, .required = true, .sub = &band_shape },
    { "non_top", SHAPE_DEC },
    { "top_share", SHAPE_DEC },
    { "vetoes", SHAPE_LIST, .required = true, .sub = &rule_shape },
    { "gates", SHAPE_LIST, .required = true, .sub = &rule_shape },
    { "class", SHAPE_TEXT, .required = true },
    { "committee", SHAPE_BOOL, .required = true },
    { "examples", SHAPE_LIST, .required = true, .sub = &example_shape },
};
const Shape work_scheme_shape = SHAPE_REPLY("SchemeWhole", scheme_fields);

/* --- what a voter fills in ------------------------------------------------------------------ */

static void put_named(Jw *w, const char *key, const SchemeName *names, size_t n)
{
    jw_key(w, key), jw_arr(w);
    for (size_t i = 0; i < n; i++)
        work_put_named(w, names[i].name, names[i].title);
    jw_end(w);
}

static void put_decs(Jw *w, Arena *a, const char *key, const Dec *d, size_t n)
{
    jw_key(w, key), jw_arr(w);
    for (size_t i = 0; i < n; i++)
        jw_str(w, dec_print_short(a, d[i]));
    jw_end(w);
}

static void put_options(Jw *w, const SchemeInstrument *ins)
{
    jw_key(w, "options"), jw_arr(w);
    for (size_t i = 0; i < ins->n_options; i++) {
        jw_obj(w);
        jw_kstr(w, "name", ins->options[i].name);
        jw_kstr(w, "title", ins->options[i].title);
        jw_kbool(w, "excluded", ins->options[i].excluded);
        jw_kdec(w, "points", ins->options[i].points);
        jw_end(w);
    }
    jw_end(w);
}

static void put_point(Jw *w, Str option, Str group, Str item, Dec points)
{
    jw_obj(w);
    jw_kstr(w, "option", option);
    jw_kstr_some(w, "group", group);
    jw_kstr_some(w, "item", item);
    jw_kdec(w, "points", points);
    jw_end(w);
}

/* The points of an option for a whole group, when all its items agree. */
static bool group_agrees(const SchemeInstrument *ins, size_t g, size_t o)
{
    for (size_t i = 1; i < ins->n_items; i++)
        if (dec_cmp(pack_scheme_points(ins, g, 0, o), pack_scheme_points(ins, g, i, o)) != 0)
            return false;
    return true;
}

/* Where an option counts otherwise than it says: a statement for a group whose items agree, else
 * one for each cell that differs. An item's statement would win over a group's, so none is made. */
static void put_points(Jw *w, const Scheme *s, const SchemeInstrument *ins)
{
    jw_key(w, "points"), jw_arr(w);
    for (size_t o = 0; o < ins->n_options; o++) {
        const SchemeOption *option = &ins->options[o];
        for (size_t g = 0; !option->excluded && g < s->n_groups; g++) {
            bool whole = group_agrees(ins, g, o);
            for (size_t i = 0; i < (whole ? 1 : ins->n_items); i++) {
                Dec points = pack_scheme_points(ins, g, i, o);
                if (dec_cmp(points, option->points) != 0)
                    put_point(w, option->name, s->groups[g].name,
                              whole ? STRC("") : ins->items[i].name, points);
            }
        }
    }
    jw_end(w);
}

static void put_instrument(Jw *w, Arena *a, const Scheme *s, const SchemeInstrument *ins)
{
    static const char *const forms[] = { "grades", "marks", "ranking" };
    jw_obj(w);
    jw_kstr(w, "name", ins->name);
    jw_kstr(w, "title", ins->title);
    jw_kstr(w, "form", str_of(forms[ins->form]));
    jw_kbool(w, "complete", ins->complete_all);
    if (ins->form == SCHEME_MARKS) {
        jw_kdec(w, "from", ins->from);
        jw_kdec(w, "to", ins->to);
    }
    jw_kint(w, "drop_high", ins->drop_high);
    jw_kint(w, "drop_low", ins->drop_low);
    jw_kint(w, "drop_least", ins->drop_least);
    put_decs(w, a, "places", ins->places, ins->n_places);
    put_named(w, "items", ins->items, ins->n_items);
    put_options(w, ins);
    put_points(w, s, ins);
    put_named(w, "reasons", ins->reasons, ins->n_reasons);
    jw_end(w);
}

/* --- groups, parts, events ------------------------------------------------------------------ */

static void put_groups(Jw *w, const Scheme *s)
{
    jw_key(w, "groups"), jw_arr(w);
    for (size_t i = 0; i < s->n_groups; i++) {
        const SchemeGroup *g = &s->groups[i];
        jw_obj(w);
        jw_kstr(w, "name", g->name);
        jw_kstr(w, "title", g->title);
        jw_kdec(w, "weight", g->weight);
        if (g->merge >= 0)
            jw_kstr(w, "merge", s->groups[g->merge].name);
        jw_end(w);
    }
    jw_end(w);
}

static void put_parts(Jw *w, const Scheme *s)
{
    jw_key(w, "parts"), jw_arr(w);
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
    jw_key(w, "events"), jw_arr(w);
    for (size_t i = 0; i < s->n_events; i++) {
        jw_obj(w);
        jw_kstr(w, "name", s->events[i].name);
        jw_kstr(w, "title", s->events[i].title);
        if (s->events[i].ranged) {
            jw_kdec(w, "from", s->events[i].from);
            jw_kdec(w, "to", s->events[i].to);
        }
        jw_end(w);
    }
    jw_end(w);
}

/* --- from counts to a grade ----------------------------------------------------------------- */

static void put_node(Jw *w, Arena *a, const Scheme *s, const SchemeNode *n)
{
    static const char *const kinds[] = { "sum", "value", "places", "first" };
    jw_obj(w);
    jw_kstr(w, "name", n->name);
    jw_kstr(w, "title", n->title.n ? n->title : n->name);
    jw_kstr(w, "kind", str_of(kinds[n->kind]));
    jw_kstr(w, "value", n->kind == SCHEME_VALUE ? n->source : STRC(""));
    jw_kstr(w, "plain", work_scheme_node_plain(a, s, n));
    jw_key(w, "terms"), jw_arr(w);
    for (size_t i = 0; n->kind != SCHEME_VALUE && i < n->n_terms; i++) {
        jw_obj(w);
        jw_kstr(w, "name", n->terms[i].name);
        jw_kdec(w, "weight", n->terms[i].weight);
        jw_end(w);
    }
    jw_end(w);
    put_decs(w, a, "points", n->points, n->n_points);
    if (n->kind == SCHEME_PLACES)
        jw_kdec(w, "beyond", n->beyond);
    jw_end(w);
}

static void put_bands(Jw *w, const Scheme *s)
{
    jw_key(w, "bands"), jw_arr(w);
    for (size_t i = 0; i < s->n_bands; i++) {
        const SchemeBand *b = &s->bands[i];
        jw_obj(w);
        jw_kstr(w, "name", b->name);
        jw_kstr(w, "title", b->title);
        jw_kdec(w, "from", b->from);
        jw_kdec(w, "to", b->to);
        jw_kbool(w, "from_in", b->from_in);
        jw_kbool(w, "to_in", b->to_in);
        if (b->has_most)
            jw_kdec(w, "most", b->most);
        jw_end(w);
    }
    jw_end(w);
}

static void put_rules(Jw *w, Arena *a, const Scheme *s, const char *key, const SchemeRule *rules,
                      size_t n)
{
    jw_key(w, key), jw_arr(w);
    for (size_t i = 0; i < n; i++) {
        jw_obj(w);
        jw_kstr(w, "name", rules[i].name);
        jw_kstr(w, "title", rules[i].title);
        jw_kstr(w, "when", rules[i].source);
        jw_kstr(w, "plain", work_scheme_plain(a, s, rules[i].source));
        jw_kstr(w, "band", s->bands[rules[i].band].name);
        jw_end(w);
    }
    jw_end(w);
}

static void put_examples(Jw *w, const Scheme *s)
{
    jw_key(w, "examples"), jw_arr(w);
    for (size_t i = 0; i < s->n_examples; i++) {
        jw_obj(w);
        jw_kstr(w, "title", s->examples[i].title);
        jw_kstr(w, "choices", s->examples[i].choices);
        jw_kstr(w, "given", s->examples[i].given);
        jw_kstr(w, "want", s->examples[i].want);
        jw_end(w);
    }
    jw_end(w);
}

void work_scheme_describe(Jw *w, Arena *a, const Scheme *s)
{
    jw_kstr(w, "name", s->name);
    jw_kstr(w, "title", s->title);
    jw_kstr(w, "cite", s->cite);
    jw_kstr(w, "text", s->text);
    jw_kstr(w, "hash", hash_hex(a, s->hash));
    put_named(w, "objects", s->objects, s->n_objects);
    jw_key(w, "instruments"), jw_arr(w);
    for (size_t i = 0; i < s->n_instruments; i++)
        put_instrument(w, a, s, &s->instruments[i]);
    jw_end(w);
    put_groups(w, s);
    put_parts(w, s);
    jw_key(w, "nodes"), jw_arr(w);
    for (size_t i = 0; i < s->n_nodes; i++)
        put_node(w, a, s, &s->nodes[i]);
    jw_end(w);
    jw_kstr(w, "total", s->nodes[s->total].name);
    put_bands(w, s);
    if (s->has_non_top)
        jw_kdec(w, "non_top", s->non_top);
    if (s->has_top_share)
        jw_kdec(w, "top_share", s->top_share);
    put_rules(w, a, s, "vetoes", s->vetoes, s->n_vetoes);
    put_rules(w, a, s, "gates", s->gates, s->n_gates);
    jw_kstr(w, "class", s->class_of ? feel_source(s->class_of) : STRC(""));
    jw_kbool(w, "committee", s->committee);
    put_examples(w, s);
}
