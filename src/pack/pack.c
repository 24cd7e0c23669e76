#include "pack/pack_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"

extern const Embed pack_embed[];

/* --- the kinds: one row each ---------------------------------------------------------------- */
typedef struct Kind {
    Str name;
    bool (*read)(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
} Kind;

static const Kind kinds[] = {
    { S("list"), pack_list_read },       { S("form"), pack_form_read },
    { S("measure"), pack_measure_read }, { S("duty"), pack_duty_read },
    { S("points"), pack_points_read },   { S("flow"), pack_flow_read },
    { S("report"), pack_report_read },   { S("template"), pack_template_read },
    { S("scheme"), pack_scheme_kind_read },
};

enum { N_KINDS = sizeof kinds / sizeof *kinds };

/* When every source is read: each step may use what those before it have settled. */
static bool (*const steps[])(Rulebook *rb, Err *e) = {
    pack_form_settle, pack_names_settle,   pack_flow_settle,   pack_ledger_settle,
    pack_measure_settle, pack_duty_settle, pack_points_settle, pack_report_settle,
    pack_template_settle,
};

/* --- roles ---------------------------------------------------------------------------------- */
typedef struct Role {
    Str name, title;
} Role;

static const Role roles[PACK_ROLES] = {
    { S("sys_admin"), S("系统管理员") },
    { S("sec_admin"), S("安全管理员") },
    { S("audit_admin"), S("审计管理员") },
    { S("organiser_clerk"), S("组织单位经办人") },
    { S("organiser_head"), S("组织单位负责人") },
    { S("committee"), S("党委（常委会）") },
    { S("superior"), S("上级党组织") },
    { S("secretary"), S("书记") },
    { S("party_staff"), S("党务工作者") },
    { S("surveyor"), S("会前调研人员") },
    { S("teller"), S("计票人") },
    { S("scrutineer"), S("监票人") },
    { S("commentator"), S("点评人") },
    { S("member"), S("党员") },
    { S("inspector"), S("督查人员") },
    { S("public"), S("公众") },
};

Str pack_role_name(size_t i)
{
    return i < PACK_ROLES ? roles[i].name : STRC("");
}

Str pack_role_title(size_t i)
{
    return i < PACK_ROLES ? roles[i].title : STRC("");
}

bool pack_role_bit(uint32_t *out, Str name)
{
    for (uint32_t i = 0; i < PACK_ROLES; i++)
        if (str_eq(roles[i].name, name))
            return *out = UINT32_C(1) << i, true;
    return false;
}

/* --- lists ---------------------------------------------------------------------------------- */
typedef struct ListBuild {
    List list;
    ListItem *items;
    size_t n, cap;
    Map seen;
} ListBuild;

static bool list_item_read(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    ListBuild *b = into;
    ListItem it = { .place = pack_place(r, &item->words[0]) };
    if (!decl_name(&it.value, r, item, 1, "取值（名称）", e) ||
        !decl_text(&it.title, r, item, 2, "带引号的显示文字", e) ||
        !decl_done(r, item, 3, false, e))
        return false;
    const PackPlace *first = map_get(&b->seen, it.value);
    if (first)
        return pack_twice(it.place, "清单的取值", it.value, *first, e);
    if (b->n == LIST_ITEMS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", b->list.name),
                        err_hole("max", LIST_ITEMS_MAX));
    PackPlace *place = ARENA_NEW(rb->a, PackPlace);
    if (!place || !ARENA_PUSH(rb->a, b->items, b->n, b->cap))
        return pack_no_memory(r, e);
    *place = it.place;
    b->items[b->n++] = it;
    return map_put(&b->seen, it.value, place) || pack_no_memory(r, e);
}

bool pack_list_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e)
{
    static const PackRow rows[] = {
        { S("title"), PACK_TEXT, offsetof(ListBuild, list.title), 0, NULL, 0, 0 },
        { S("item"), PACK_OWN, 0, PACK_NEED | PACK_MANY, list_item_read, 0, 0 },
    };
    static const PackTable table = PACK_TABLE("清单", rows);
    ListBuild b = { .seen = map_open(rb->a) };
    b.list.pack = rb->now;
    b.list.place = pack_place(r, &head->words[0]);
    if (!pack_ident(&b.list.name, r, head, 1, "清单名称", e) || !decl_done(r, head, 2, true, e))
        return false;
    const List *first = map_get(&rb->lists, b.list.name);
    if (first)
        return pack_twice(b.list.place, "清单", b.list.name, first->place, e);
    if (!pack_table_read(rb, &table, &b, head, r, e))
        return false;
    List *list = ARENA_NEW(rb->a, List);
    if (!list)
        return pack_no_memory(r, e);
    *list = b.list;
    list->items = b.items;
    list->n_items = b.n;
    return map_put(&rb->lists, list->name, list) || pack_no_memory(r, e);
}

const ListItem *list_item(const List *list, Str value)
{
    for (size_t i = 0; i < list->n_items; i++)
        if (str_eq(list->items[i].value, value))
            return &list->items[i];
    return NULL;
}

Str list_title(const List *list, Str value)
{
    const ListItem *it = list_item(list, value);
    return it ? it->title : value;
}

/* --- one source ----------------------------------------------------------------------------- */
static bool read_header(Rulebook *rb, Pack *p, DeclReader *r, Err *e)
{
    static const PackRow rows[] = {
        { S("title"), PACK_TEXT, offsetof(Pack, title), PACK_NEED, NULL, 0, 0 },
        { S("version"), PACK_TEXT, offsetof(Pack, version), PACK_NEED, NULL, 0, 0 },
        { S("from"), PACK_DAY, offsetof(Pack, from), PACK_NEED, NULL, 0, 0 },
        { S("cite"), PACK_TEXT, offsetof(Pack, cite), 0, NULL, 0, 0 },
        { S("menu"), PACK_TEXT, offsetof(Pack, menu), 0, NULL, 0, 0 },
        { S("under"), PACK_TEXT, offsetof(Pack, under), 0, NULL, 0, 0 },
        { S("order"), PACK_INT, offsetof(Pack, order), 0, NULL, 0, PACK_ORDER_MAX },
        { S("shows"), PACK_TEXT, offsetof(Pack, shows), 0, NULL, 0, 0 },
    };
    static const PackTable table = PACK_TABLE("规则包", rows);
    DeclItem head;
    if (!decl_item(&head, r, NULL, 0, e) || !decl_keyword(r, &head, 0, "pack", e) ||
        !pack_ident(&p->name, r, &head, 1, "规则包名称", e) || !decl_done(r, &head, 2, true, e))
        return false;
    const Pack *first = map_get(&rb->packs, p->name);
    if (first)
        return pack_twice(pack_place(r, &head.words[0]), "规则包", p->name,
                          (PackPlace){ first->file, 1, 1 }, e);
    return pack_table_read(rb, &table, p, &head, r, e);
}

static bool read_kinds(Rulebook *rb, DeclReader *r, Err *e)
{
    Str known[N_KINDS];
    DeclItem head;
    for (size_t i = 0; i < N_KINDS; i++)
        known[i] = kinds[i].name;
    for (;;) {
        rb->canon_from = rb->canon->n;
        if (!decl_item(&head, r, NULL, 0, e))
            return false;
        if (head.n == 0)
            return true;
        const Kind *k = NULL;
        for (size_t i = 0; i < N_KINDS && !k; i++)
            if (!head.words[0].quoted && str_eq(kinds[i].name, head.words[0].text))
                k = &kinds[i];
        if (!k)
            return decl_refuse_word(
                r, &head.words[0],
                "list、form、measure、duty、points、flow、report、template或scheme", known, N_KINDS, e);
        if (!k->read(rb, &head, r, e))
            return err_note(e, "while reading %.*s %.*s", STR(k->name),
                            STR(decl_word(&head, 1)->text));
    }
}

static bool read_source(Rulebook *rb, const PackSource *s, Err *e)
{
    Buf canon = buf_open(4 * (size_t)PACK_BYTES_MAX); /* indentation may widen it */
    Pack *p = ARENA_NEW(rb->a, Pack);
    DeclSource src = { arena_str(rb->a, s->file), arena_str(rb->a, s->text), feel_scan, &canon };
    DeclReader *r;
    bool ok = p && !arena_refused(rb->a);
    if (!ok)
        err_fail(e, ERR_NO_MEMORY, err_hole("what", s->file));
    ok = ok && decl_open(&r, rb->a, &src, e);
    if (ok && s->readme.n > PACK_README_MAX)
        ok = err_fail(e, ERR_TOO_BIG, err_hole("what", s->file), err_hole("max", PACK_README_MAX));
    if (ok && !str_valid(s->readme))
        ok = err_fail(e, ERR_BAD_TEXT, err_hole("what", s->file));
    if (ok) {
        p->readme = arena_str(rb->a, s->readme);
        p->file = src.file;
        rb->now = p;
        rb->canon = &canon;
        ok = read_header(rb, p, r, e) && (map_put(&rb->packs, p->name, p) ||
             pack_no_memory(r, e)) && read_kinds(rb, r, e);
    }
    if (ok && canon.failed)
        ok = err_fail(e, ERR_TOO_BIG, err_hole("what", s->file),
                      err_hole("max", PACK_BYTES_MAX));
    if (ok) {
        p->text = arena_str(rb->a, buf_str(&canon));
        p->hash = hash_of(p->text);
        p->hash_hex = hash_hex(rb->a, p->hash);
    }
    buf_close(&canon);
    return ok;
}

/* --- schemes: the block is scheme.h's; here it gets its name and its canonical text --------- */
bool pack_scheme_kind_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e)
{
    Scheme *s = ARENA_NEW(rb->a, Scheme);
    if (!s)
        return pack_no_memory(r, e);
    PackOwner *owner = ARENA_NEW(rb->a, PackOwner);
    if (!owner)
        return pack_no_memory(r, e);
    *owner = (PackOwner){ rb->now, pack_place(r, &head->words[0]) };
    if (!pack_scheme_read(s, rb->a, r, head, e))
        return false;
    const PackOwner *first = map_get(&rb->scheme_owners, s->name);
    if (first)
        return pack_twice(owner->place, "评分方案", s->name, first->place, e);
    if (rb->canon->failed)
        return pack_no_memory(r, e);
    Str text = buf_str(rb->canon);
    return pack_scheme_seal(s, rb->a, str_sub(text, rb->canon_from, text.n), e) &&
           ((map_put(&rb->schemes, s->name, s) && map_put(&rb->scheme_owners, s->name, owner)) ||
            pack_no_memory(r, e));
}

/* --- loading -------------------------------------------------------------------------------- */
static int by_name(const void *a, const void *b)
{
    const Pack *const *x = a, *const *y = b;
    return str_cmp((*x)->name, (*y)->name);
}

static bool hash_all(Rulebook *rb, Err *e)
{
    const Pack **all = ARENA_ARRAY(rb->a, const Pack *, rb->packs.n);
    Buf b = buf_open(PACK_SOURCES_MAX * sizeof(Hash));
    if (!all)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "规则库"));
    for (size_t i = 0; i < rb->packs.n; i++)
        all[i] = rb->packs.entries[i].value;
    qsort(all, rb->packs.n, sizeof *all, by_name);
    for (size_t i = 0; i < rb->packs.n; i++)
        buf_put(&b, (Str){ (const char *)all[i]->hash.b, sizeof all[i]->hash.b });
    rb->hash = hash_of(buf_str(&b));
    bool ok = !b.failed;
    buf_close(&b);
    return ok || err_fail(e, ERR_NO_MEMORY, err_hole("what", "规则库"));
}

bool pack_load(Rulebook **out, Arena *a, const PackSource *sources, size_t n, Err *e)
{
    Rulebook *rb = ARENA_NEW(a, Rulebook);
    if (!rb)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "规则库"));
    if (n > PACK_SOURCES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "规则包的个数"),
                        err_hole("max", PACK_SOURCES_MAX));
    *rb = (Rulebook){ .a = a, .packs = map_open(a), .lists = map_open(a), .forms = map_open(a),
                      .flows = map_open(a), .schemes = map_open(a), .measures = map_open(a),
                      .duties = map_open(a), .points = map_open(a), .reports = map_open(a),
                      .templates = map_open(a), .scheme_owners = map_open(a) };
    for (size_t i = 0; i < n; i++)
        if (!read_source(rb, &sources[i], e))
            return false;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (!steps[i](rb, e))
            return false;
    if (!hash_all(rb, e))
        return false;
    if (arena_refused(a))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "规则库"));
    rb->now = NULL;
    rb->canon = NULL;
    *out = rb;
    return true;
}

static Str embedded(const Embed *m)
{
    return (Str){ m->p, (size_t)(m->end - m->p) };
}

static bool ends_with(Str s, Str tail)
{
    return s.n >= tail.n && str_eq(str_sub(s, s.n - tail.n, tail.n), tail);
}

/* README.md beside the pack; empty without one. */
static Str readme_of(Str path)
{
    size_t dir = path.n;
    while (dir > 0 && path.p[dir - 1] != '/')
        dir--;
    for (const Embed *m = pack_embed; m->path; m++) {
        Str other = str_of(m->path);
        if (other.n > dir && str_eq(str_sub(other, 0, dir), str_sub(path, 0, dir)) &&
            str_is(str_sub(other, dir, other.n), "README.md"))
            return embedded(m);
    }
    return STRC("");
}

bool pack_builtin(const PackSource **out, size_t *n, Arena *a, Err *e)
{
    size_t many = 0, got = 0;
    while (pack_embed[many].path)
        many++;
    PackSource *sources = ARENA_ARRAY(a, PackSource, many);
    if (!sources)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "规则包"));
    for (const Embed *m = pack_embed; m->path; m++)
        if (ends_with(str_of(m->path), STRC(".pack")))
            sources[got++] = (PackSource){ str_of(m->path), embedded(m),
                                           readme_of(str_of(m->path)) };
    *out = sources;
    *n = got;
    return true;
}

/* --- finding -------------------------------------------------------------------------------- */
static void *nth(const Map *m, size_t i)
{
    return i < m->n ? m->entries[i].value : NULL;
}

/* By name, by place, and how many: the same for every kind. */
#define FIND(type, kind, by_name, map)                                                             \
    const type *by_name(const Rulebook *rb, Str name)                                              \
    {                                                                                              \
        return map_get(&rb->map, name);                                                            \
    }                                                                                              \
    const type *pack_##kind##at(const Rulebook *rb, size_t i)                                      \
    {                                                                                              \
        return nth(&rb->map, i);                                                                   \
    }                                                                                              \
    size_t pack_##kind##count(const Rulebook *rb)                                                  \
    {                                                                                              \
        return rb->map.n;                                                                          \
    }

FIND(Pack, , pack_find, packs)
FIND(List, list_, pack_list, lists)
FIND(Form, form_, pack_form, forms)
FIND(Flow, flow_, pack_flow, flows)
FIND(struct Scheme, scheme_, pack_scheme, schemes)
FIND(Measure, measure_, pack_measure, measures)
FIND(Duty, duty_, pack_duty, duties)
FIND(Points, points_, pack_points, points)
FIND(Report, report_, pack_report, reports)
FIND(Template, template_, pack_template, templates)

const Flow *pack_flow_of(const Rulebook *rb, const Form *form)
{
    for (size_t i = 0; i < rb->flows.n; i++)
        if (((const Flow *)nth(&rb->flows, i))->form == form)
            return nth(&rb->flows, i);
    return NULL;
}

const FeelType *pack_org_type(const Rulebook *rb)
{
    return rb->org;
}

const FeelType *pack_person_type(const Rulebook *rb)
{
    return rb->person;
}

Hash pack_hash(const Rulebook *rb)
{
    return rb->hash;
}
