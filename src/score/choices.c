/* R, T and Q: what no scheme states and every cycle must choose. */
#include "score/score_in.h"

typedef struct RoundingIn {
    Str mode, quota;
    int64_t places;
    ShapeList nodes;
} RoundingIn;

typedef struct TiesIn {
    Str rule, measure;
} TiesIn;

typedef struct QuorumIn {
    ShapeDec returned, valid;
    Str scope, on_failure;
} QuorumIn;

typedef struct ChoicesIn {
    RoundingIn rounding;
    TiesIn ties;
    QuorumIn quorum;
} ChoicesIn;

static const ShapeField rounding_fields[] = {
    { "mode", SHAPE_WORD, offsetof(RoundingIn, mode), .required = true,
      .words = "half_up|half_even|down", .title = "取整方式" },
    { "places", SHAPE_INT, offsetof(RoundingIn, places), .required = true,
      .max = SCORE_PLACES_MAX, .title = "小数位数" },
    { "nodes", SHAPE_WORDS, offsetof(RoundingIn, nodes), .required = true,
      .max = SCHEME_NODES_MAX, .title = "取整的节点" },
    { "quota", SHAPE_WORD, offsetof(RoundingIn, quota), .required = true,
      .words = "up|nearest|down", .title = "比例名额的取整" },
};
static const Shape rounding_shape = SHAPE("ScoreRounding", RoundingIn, rounding_fields);

static const ShapeField ties_fields[] = {
    { "rule", SHAPE_WORD, offsetof(TiesIn, rule), .required = true,
      .words = "share|measure|committee|lot", .title = "并列的处理" },
    { "measure", SHAPE_TEXT, offsetof(TiesIn, measure), .max = DECL_NAME_MAX,
      .title = "并列时比较的节点" },
};
static const Shape ties_shape = SHAPE("ScoreTies", TiesIn, ties_fields);

static const ShapeField quorum_fields[] = {
    { "returned", SHAPE_DEC, offsetof(QuorumIn, returned), .required = true, .max = 1,
      .title = "收回率下限" },
    { "valid", SHAPE_DEC, offsetof(QuorumIn, valid), .required = true, .max = 1,
      .title = "有效率下限" },
    { "scope", SHAPE_WORD, offsetof(QuorumIn, scope), .required = true,
      .words = "per_group|whole", .title = "票数效力的范围" },
    { "on_failure", SHAPE_WORD, offsetof(QuorumIn, on_failure), .required = true,
      .words = "revote|committee", .title = "票数不足时的处理" },
};
static const Shape quorum_shape = SHAPE("ScoreQuorum", QuorumIn, quorum_fields);

static const ShapeField choices_fields[] = {
    { "rounding", SHAPE_OBJ, offsetof(ChoicesIn, rounding), .required = true,
      .sub = &rounding_shape, .title = "取整" },
    { "ties", SHAPE_OBJ, offsetof(ChoicesIn, ties), .required = true, .sub = &ties_shape,
      .title = "并列" },
    { "quorum", SHAPE_OBJ, offsetof(ChoicesIn, quorum), .required = true, .sub = &quorum_shape,
      .title = "票数效力" },
};
const Shape score_choices_shape = SHAPE("ScoreChoices", ChoicesIn, choices_fields);

/* --- words ---------------------------------------------------------------------------------- */
static const struct { Str word; DecRound mode; } modes[] = {
    { S("half_up"), DEC_HALF_UP }, { S("half_even"), DEC_HALF_EVEN }, { S("down"), DEC_DOWN }
};
static const struct { Str word; DecRound mode; } quotas[] = {
    { S("up"), DEC_UP }, { S("nearest"), DEC_HALF_UP }, { S("down"), DEC_DOWN }
};
static const Str ties_words[] = { [SCORE_SHARE] = S("share"), [SCORE_MEASURE] = S("measure"),
                                  [SCORE_COMMITTEE] = S("committee"), [SCORE_LOT] = S("lot") };

const char *score_mode_name(DecRound m)
{
    for (size_t i = 0; i < 3; i++)
        if (modes[i].mode == m)
            return modes[i].word.p;
    return "";
}

/* --- reading -------------------------------------------------------------------------------- */
bool score_choices_read(ScoreChoices *out, Arena *a, const json_t *v, Err *e)
{
    ChoicesIn in;
    ScoreChoices c = { .places = 0 };
    if (!shape_read(a, &in, &score_choices_shape, v, e))
        return false;
    for (size_t i = 0; i < 3; i++) {
        if (str_eq(modes[i].word, in.rounding.mode))
            c.mode = modes[i].mode;
        if (str_eq(quotas[i].word, in.rounding.quota))
            c.quota = quotas[i].mode;
    }
    while (!str_eq(ties_words[c.ties], in.ties.rule))
        c.ties++;
    if (c.ties == SCORE_MEASURE && in.ties.measure.n == 0)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "并列时比较的节点"));
    if (c.ties != SCORE_MEASURE && in.ties.measure.n > 0)
        return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", "measure"));
    c.places = (int)in.rounding.places;
    c.n_rounded = in.rounding.nodes.n;
    c.rounded = ARENA_ARRAY(a, Str, c.n_rounded);
    for (size_t i = 0; c.rounded && i < c.n_rounded; i++)
        c.rounded[i] = arena_str(a, SCORE_LIST(Str, in.rounding.nodes)[i]);
    c.measure = arena_str(a, in.ties.measure);
    c.returned = in.quorum.returned.value;
    c.valid = in.quorum.valid.value;
    c.per_group = str_is(in.quorum.scope, "per_group");
    c.on_failure = str_is(in.quorum.on_failure, "revote") ? SCORE_REVOTE : SCORE_DECIDE;
    if (arena_refused(a))
        return score_no_memory(e);
    *out = c;
    return true;
}

bool score_choices_check(const ScoreChoices *c, const Scheme *s, Err *e)
{
    for (size_t i = 0; i < c->n_rounded; i++) {
        if (pack_scheme_node(s, c->rounded[i]) < 0)
            return err_fail(e, ERR_SCORE_CHOICE, err_hole("field", "取整的节点"),
                            err_hole("name", c->rounded[i]));
        for (size_t k = 0; k < i; k++)
            if (str_eq(c->rounded[i], c->rounded[k]))
                return err_fail(e, ERR_SCORE_TWICE, err_hole("what", "节点"),
                                err_hole("name", c->rounded[i]), err_hole("where", "取整的节点"));
    }
    if (c->ties == SCORE_MEASURE && pack_scheme_node(s, c->measure) < 0)
        return err_fail(e, ERR_SCORE_CHOICE, err_hole("field", "并列时比较的节点"),
                        err_hole("name", c->measure));
    return true;
}

/* --- writing -------------------------------------------------------------------------------- */
static void write_share(Jw *w, const char *key, Dec d)
{
    Arena *a = arena_open(4096);
    jw_key(w, key);
    if (a)
        jw_str(w, dec_print_short(a, d));
    else
        w->bad = true;
    arena_close(a);
}

void score_choices_write(Jw *w, const ScoreChoices *c)
{
    jw_obj(w);
    jw_key(w, "rounding");
    jw_obj(w);
    jw_kstr(w, "mode", str_of(score_mode_name(c->mode)));
    jw_kint(w, "places", c->places);
    jw_key(w, "nodes");
    jw_arr(w);
    for (size_t i = 0; i < c->n_rounded; i++)
        jw_str(w, c->rounded[i]);
    jw_end(w);
    for (size_t i = 0; i < 3; i++)
        if (quotas[i].mode == c->quota)
            jw_kstr(w, "quota", quotas[i].word);
    jw_end(w);
    jw_key(w, "ties");
    jw_obj(w);
    jw_kstr(w, "rule", ties_words[c->ties]);
    if (c->ties == SCORE_MEASURE)
        jw_kstr(w, "measure", c->measure);
    jw_end(w);
    jw_key(w, "quorum");
    jw_obj(w);
    write_share(w, "returned", c->returned);
    write_share(w, "valid", c->valid);
    jw_kstr(w, "scope", c->per_group ? STRC("per_group") : STRC("whole"));
    jw_kstr(w, "on_failure", c->on_failure == SCORE_REVOTE ? STRC("revote") : STRC("committee"));
    jw_end(w);
    jw_end(w);
}
