/* A value compared with a choice must be one of its list: `kind = "meating"` is never true, and
 * nobody would notice. The check reads the expression's words, not its meaning: it knows
 * PATH = "…", PATH != "…", PATH in ("…", "…") and, in a body, FIELD: "…"; what is written otherwise
 * passes. */
#include "pack/pack_in.h"

#include <ctype.h>

typedef enum Stand { STAND_NOWHERE, STAND_PATH, STAND_OP, STAND_IN } Stand;

typedef struct Scan {
    Rulebook *rb;
    const PackExpr *x;
    const FeelType *scope;
    const Form *bare;      /* whose fields stand without a path; NULL: nothing does */
    size_t at;
    Stand stand;
    Str path;
} Scan;

static const List *list_of_field(const Form *form, Str name)
{
    const FormField *f = form ? form_field(form, name) : NULL;
    return f && f->type == FIELD_CHOICE ? f->list : NULL;
}

/* The form whose bodies have this very type. */
static const Form *form_of_type(const Rulebook *rb, const FeelType *type)
{
    for (size_t i = 0; type && i < rb->forms.n; i++)
        if (((const Form *)rb->forms.entries[i].value)->type == type)
            return rb->forms.entries[i].value;
    return NULL;
}

static const FeelType *member(const FeelType *t, Str name)
{
    for (size_t i = 0; t && t->form == FEEL_TYPE_CONTEXT && i < t->n; i++)
        if (str_eq(t->members[i].name, name))
            return t->members[i].type;
    return NULL;
}

static Str step_of(Str *path)
{
    size_t dot = 0;
    while (dot < path->n && path->p[dot] != '.')
        dot++;
    Str step = str_sub(*path, 0, dot);
    *path = str_sub(*path, dot < path->n ? dot + 1 : dot, path->n);
    return step;
}

static const List *list_of(const Scan *s)
{
    static const struct {
        Str path, list;
    } known[] = {
        { S("org.kind"), S("org_kind") }, { S("org.sector"), S("sector") },
        { S("person.post"), S("post") },  { S("person.member_state"), S("member_state") },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(s->path, known[i].path))
            return map_get(&s->rb->lists, known[i].list);
    Str rest = s->path, first = step_of(&rest);
    if (rest.n == 0)
        return list_of_field(s->bare, first);
    const FeelType *t = member(s->scope, first);
    const Form *form = form_of_type(s->rb, t);
    if (!form && str_is(first, "last"))
        form = map_get(&s->rb->forms, step_of(&rest));
    return list_of_field(form, rest);
}

static bool literal_check(Scan *s, Str value, Err *e)
{
    const List *list = list_of(s);
    if (!list || list_item(list, value))
        return true;
    return pack_unknown_item(pack_place(s->x->r, &s->x->raw), "取值", value, list, e);
}

/* From the opening quote; *out is what stands between the quotes. */
static void string_skip(Scan *s, Str text, Str *out)
{
    size_t from = ++s->at;
    while (s->at < text.n && text.p[s->at] != '"')
        s->at += text.p[s->at] == '\\' ? 2 : 1;
    *out = str_sub(text, from, (s->at < text.n ? s->at : text.n) - from);
    s->at++;
}

/* The beginning of a longer text is no value yet. */
static bool goes_on(const Scan *s, Str text)
{
    size_t at = s->at;
    while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\n'))
        at++;
    return at < text.n && text.p[at] == '+';
}

static bool is_path(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || ((unsigned char)c & 0x80);
}

static void path_skip(Scan *s, Str text)
{
    size_t from = s->at;
    while (s->at < text.n && is_path(text.p[s->at]))
        s->at++;
    Str word = str_sub(text, from, s->at - from);
    if (str_is(word, "in") && s->stand == STAND_PATH) {
        s->stand = STAND_IN;
        return;
    }
    s->path = word;
    s->stand = STAND_PATH;
}

static void sign_skip(Scan *s, char c)
{
    s->at++;
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '!')
        return;
    if ((c == '=' || c == ':') && s->stand == STAND_PATH)
        s->stand = STAND_OP;
    else if (!(s->stand == STAND_IN && (c == '(' || c == ',' || c == '[')))
        s->stand = STAND_NOWHERE;
}

bool pack_literals_check(Rulebook *rb, const PackExpr *x, const FeelType *scope, const Form *bare,
                         Err *e)
{
    Scan s = { .rb = rb, .x = x, .scope = scope, .bare = bare };
    Str text = x->raw.text, value;
    while (s.at < text.n) {
        char c = text.p[s.at];
        if (c == '/' && s.at + 1 < text.n && text.p[s.at + 1] == '/') {
            while (s.at < text.n && text.p[s.at] != '\n')
                s.at++;
        } else if (c == '"') {
            string_skip(&s, text, &value);
            if ((s.stand == STAND_OP || s.stand == STAND_IN) && !goes_on(&s, text) &&
                !literal_check(&s, value, e))
                return false;
            if (s.stand == STAND_OP)
                s.stand = STAND_NOWHERE;
        } else if (is_path(c)) {
            path_skip(&s, text);
        } else {
            sign_skip(&s, c);
        }
    }
    return true;
}
