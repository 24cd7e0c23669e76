/* Blocks by table, and the sentences a pack is refused with. */
#include "pack/pack_in.h"

#include <stdio.h>
#include <string.h>

/* --- refusing ------------------------------------------------------------------------------- */
PackPlace pack_place(const DeclReader *r, const DeclWord *w)
{
    return (PackPlace){ decl_file(r), w->line, w->column };
}

bool pack_no_memory(const DeclReader *r, Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", decl_file(r)));
}

#define PLACE(at)                                                                                  \
    err_hole("file", (at).file), err_hole("line", (int64_t)(at).line),                             \
        err_hole("column", (int64_t)(at).column)

bool pack_twice(PackPlace at, const char *what, Str name, PackPlace first, Err *e)
{
    char where[400];
    snprintf(where, sizeof where, "%.*s:%u", STR(first.file), first.line);
    return err_fail(e, ERR_PACK_TWICE, PLACE(at), err_hole("what", what), err_hole("name", name),
                    err_hole("where", (const char *)where));
}

bool pack_unknown(PackPlace at, const char *what, Str name, const Str *known, size_t n, Err *e)
{
    char hint[DECL_NAME_MAX + 40] = "";
    Str near = decl_closest(name, known, n);
    if (near.n > 0)
        snprintf(hint, sizeof hint, "（是不是“%.*s”？）", STR(near));
    return err_fail(e, ERR_PACK_UNKNOWN, PLACE(at), err_hole("what", what), err_hole("name", name),
                    err_hole("hint", (const char *)hint));
}

/* A suggestion is a courtesy: of very many names only the first are looked at. */
enum { HINT_NAMES_MAX = 500 };

bool pack_unknown_in(PackPlace at, const char *what, Str name, const Map *known, Err *e)
{
    Str names[HINT_NAMES_MAX];
    size_t n = 0;
    for (; n < known->n && n < HINT_NAMES_MAX; n++)
        names[n] = known->entries[n].key;
    return pack_unknown(at, what, name, names, n, e);
}

bool pack_unknown_item(PackPlace at, const char *what, Str name, const List *known, Err *e)
{
    Str names[HINT_NAMES_MAX];
    size_t n = 0;
    for (; n < known->n_items && n < HINT_NAMES_MAX; n++)
        names[n] = known->items[n].value;
    return pack_unknown(at, what, name, names, n, e);
}

bool pack_rule(PackPlace at, const char *why, const char *want, Err *e)
{
    return err_fail(e, ERR_PACK_RULE, PLACE(at), err_hole("why", why), err_hole("want", want));
}

bool pack_ident(Str *out, const DeclReader *r, const DeclItem *item, size_t i, const char *want,
                Err *e)
{
    Str s;
    if (!decl_name(&s, r, item, i, want, e))
        return false;
    for (size_t k = 0; k < s.n; k++)
        if (!((s.p[k] >= 'a' && s.p[k] <= 'z') || (s.p[k] >= '0' && s.p[k] <= '9') ||
              s.p[k] == '_'))
            return decl_refuse(r, decl_word(item, i), "由小写拉丁字母、数字和“_”组成的名称", e);
    *out = s;
    return true;
}

/* --- expressions ---------------------------------------------------------------------------- */
bool pack_expr_read(Rulebook *rb, PackExpr *out, const DeclItem *item, size_t n,
                    const FeelNames *known, DeclReader *r, Err *e)
{
    const DeclWord *raw;
    FeelExpr *x;
    if (!decl_raw(&raw, r, item, n, e))
        return false;
    if (!feel_parse(&x, rb->a, raw->text, known, e))
        return e->code == ERR_NO_MEMORY ? false : decl_refuse_raw(r, raw, e);
    *out = (PackExpr){ x, *raw, r };
    return true;
}

bool pack_expr_check(Rulebook *rb, const PackExpr *x, const FeelType *scope, FeelKind want, Err *e)
{
    const FeelType *got;
    char why[200];
    if (!feel_check(&got, rb->a, x->x, scope, e))
        return e->code == ERR_NO_MEMORY ? false : decl_refuse_raw(x->r, &x->raw, e);
    if (want == FEEL_KINDS || got->form == FEEL_TYPE_ANY || feel_type_fits(got, feel_type_of(want)))
        return true;
    snprintf(why, sizeof why, "这个公式的结果是%.*s", STR(feel_type_print(rb->a, got)));
    return pack_rule(pack_place(x->r, &x->raw), why, feel_kind_name(want), e);
}

/* --- tables --------------------------------------------------------------------------------- */
static const PackRow *row_named(const PackTable *t, Str name)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->rows[i].name, name))
            return &t->rows[i];
    return NULL;
}

static bool refuse_row(const PackTable *t, const DeclItem *item, const DeclReader *r, Err *e)
{
    Str known[32];
    char want[ERR_HOLE_MAX];
    size_t n = (size_t)snprintf(want, sizeof want, "%s的项目（", t->what);
    for (size_t i = 0; i < t->n; i++) {
        known[i] = t->rows[i].name;
        n += (size_t)snprintf(want + n, n < sizeof want ? sizeof want - n : 0, "%s%.*s",
                              i ? " " : "", STR(known[i]));
        if (n >= sizeof want - 4)
            n = sizeof want - 4;
    }
    snprintf(want + n, sizeof want - n, "）");
    return decl_refuse_word(r, &item->words[0], want, known, t->n, e);
}

static bool read_value(Rulebook *rb, const PackRow *row, void *into, const DeclItem *item,
                       DeclReader *r, Err *e)
{
    void *at = (char *)into + row->at;
    char want[80];
    switch (row->want) {
    case PACK_TEXT:
        return decl_text(at, r, item, 1, "带引号的文字", e) && decl_done(r, item, 2, false, e);
    case PACK_NAME:
        return decl_name(at, r, item, 1, "名称", e) && decl_done(r, item, 2, false, e);
    case PACK_INT:
        snprintf(want, sizeof want, "%lld到%lld之间的整数", (long long)row->min,
                 (long long)row->max);
        return decl_int(at, r, item, 1, row->min, row->max, want, e) &&
               decl_done(r, item, 2, false, e);
    case PACK_DEC:
        return decl_dec(at, r, item, 1, "数", e) && decl_done(r, item, 2, false, e);
    case PACK_DAY:
        return decl_day(at, r, item, 1, "日期（如2026-02-28）", e) &&
               decl_done(r, item, 2, false, e);
    case PACK_MARK:
        *(bool *)at = true;
        return decl_done(r, item, 1, false, e);
    case PACK_EXPR:
        return pack_expr_read(rb, at, item, 1, NULL, r, e);
    case PACK_OWN:
        break;
    }
    return row->set(rb, into, item, r, e);
}

static bool nothing_lacks(const PackTable *t, const uint32_t *seen, const DeclItem *head,
                          const DeclReader *r, Err *e)
{
    char what[DECL_NAME_MAX + 80];
    PackPlace at = pack_place(r, &head->words[0]);
    Str name = head->n > 1 ? head->words[1].text : STRC("");
    snprintf(what, sizeof what, "%s%s%.*s", t->what, name.n ? " " : "",
             name.n > DECL_NAME_MAX ? DECL_NAME_MAX : (int)name.n, name.p);
    for (size_t i = 0; i < t->n; i++)
        if ((t->rows[i].flags & PACK_NEED) && seen[i] == 0)
            return err_fail(e, ERR_PACK_MISSING, PLACE(at), err_hole("what", (const char *)what),
                            err_hole("field", t->rows[i].name));
    return true;
}

bool pack_table_read(Rulebook *rb, const PackTable *t, void *into, const DeclItem *head,
                     DeclReader *r, Err *e)
{
    uint32_t seen[32] = { 0 }; /* the line each row was first seen on */
    DeclItem item;
    for (;;) {
        if (!decl_item(&item, r, t->raw, t->n_raw, e))
            return false;
        if (item.n == 0)
            return nothing_lacks(t, seen, head, r, e);
        const DeclWord *word = &item.words[0];
        const PackRow *row = word->quoted ? NULL : row_named(t, word->text);
        if (!row)
            return refuse_row(t, &item, r, e);
        uint32_t *line = &seen[row - t->rows];
        if (*line && !(row->flags & PACK_MANY))
            return pack_twice(pack_place(r, word), t->what, word->text,
                              (PackPlace){ decl_file(r), *line, 1 }, e);
        *line = word->line;
        if (!read_value(rb, row, into, &item, r, e))
            return false;
    }
}
