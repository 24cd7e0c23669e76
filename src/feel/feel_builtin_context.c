/* Built-ins on contexts. */
#include "feel/feel_in.h"

#include <string.h>

static bool run_get_value(FeelCall *c, FeelValue *out)
{
    const FeelValue *m = feel_member(&c->args[0], c->args[1].string);
    *out = m ? *m : feel_null();
    return true;
}

/* A path of keys: each leads one context deeper. */
static bool run_get_path(FeelCall *c, FeelValue *out)
{
    FeelValue at = c->args[0], keys = c->args[1];
    for (size_t i = 0; i < keys.list.n; i++) {
        const FeelValue *m = keys.list.items[i].kind == FEEL_STRING
                                 ? feel_member(&at, keys.list.items[i].string) : NULL;
        if (!m)
            return feel_fail(c, out, "没有这个键");
        at = *m;
    }
    *out = keys.list.n ? at : feel_null();
    return true;
}

static bool run_get_entries(FeelCall *c, FeelValue *out)
{
    FeelValue m = c->args[0];
    FeelValue *items = ARENA_ARRAY(c->v->a, FeelValue, m.context.n);
    FeelEntry *pairs = ARENA_ARRAY(c->v->a, FeelEntry, m.context.n * 2);
    if (!items || !pairs)
        return feel_eval_memory(c->v);
    for (size_t i = 0; i < m.context.n; i++) {
        pairs[2 * i] = (FeelEntry){ S("key"), feel_string(m.context.entries[i].name) };
        pairs[2 * i + 1] = (FeelEntry){ S("value"), m.context.entries[i].value };
        items[i] = feel_context(pairs + 2 * i, 2);
    }
    *out = feel_list(items, m.context.n);
    return true;
}

/* The context with one entry more, or with that entry's value in its old place. */
static bool with_entry(FeelCall *c, FeelValue m, Str key, FeelValue value, FeelValue *out)
{
    size_t n = m.context.n;
    FeelEntry *entries = ARENA_ARRAY(c->v->a, FeelEntry, n + 1);
    if (!entries || !feel_eval_work(c->v, c->at, n))
        return entries ? false : feel_eval_memory(c->v);
    if (n)
        memcpy(entries, m.context.entries, n * sizeof *entries);
    size_t at = 0;
    while (at < n && !str_eq(entries[at].name, key))
        at++;
    entries[at] = (FeelEntry){ key, value };
    *out = feel_context(entries, at == n ? n + 1 : n);
    return true;
}

static bool run_put(FeelCall *c, FeelValue *out)
{
    return with_entry(c, c->args[0], c->args[1].string, c->args[2], out);
}

/* From the innermost context outwards; keys were checked to be strings. */
static bool run_put_path(FeelCall *c, FeelValue *out)
{
    FeelValue keys = c->args[1], value = c->args[2];
    FeelValue *path = ARENA_ARRAY(c->v->a, FeelValue, keys.list.n);
    if (!path)
        return feel_eval_memory(c->v);
    if (keys.list.n == 0)
        return feel_fail(c, out, "没有给出键");
    path[0] = c->args[0];
    for (size_t i = 0; i < keys.list.n; i++) {
        if (keys.list.items[i].kind != FEEL_STRING)
            return feel_fail(c, out, "键应为字符串");
        if (i + 1 == keys.list.n)
            break;
        const FeelValue *m = feel_member(&path[i], keys.list.items[i].string);
        if (!m || m->kind != FEEL_CONTEXT)
            return feel_fail(c, out, "没有这个键");
        path[i + 1] = *m;
    }
    for (size_t i = keys.list.n; i-- > 0;)
        if (!with_entry(c, path[i], keys.list.items[i].string, value, &value))
            return false;
    *out = value;
    return true;
}

static bool run_merge(FeelCall *c, FeelValue *out)
{
    FeelValue list = c->args[0], all = feel_context(NULL, 0);
    for (size_t i = 0; i < list.list.n; i++) {
        FeelValue m = list.list.items[i];
        if (m.kind != FEEL_CONTEXT)
            return feel_fail(c, out, "列表里应全是上下文");
        for (size_t k = 0; k < m.context.n; k++)
            if (!with_entry(c, all, m.context.entries[k].name, m.context.entries[k].value, &all))
                return false;
    }
    *out = all;
    return true;
}

static bool run_context(FeelCall *c, FeelValue *out)
{
    FeelValue list = c->args[0];
    FeelEntry *entries = ARENA_ARRAY(c->v->a, FeelEntry, list.list.n);
    if (!entries)
        return feel_eval_memory(c->v);
    for (size_t i = 0; i < list.list.n; i++) {
        const FeelValue *key = feel_member(&list.list.items[i], STRC("key"));
        const FeelValue *value = feel_member(&list.list.items[i], STRC("value"));
        if (!key || key->kind != FEEL_STRING || !value)
            return feel_fail(c, out, "每项应有 key 和 value");
        FeelValue so_far = feel_context(entries, i);
        if (!feel_eval_work(c->v, c->at, i))
            return false;
        if (feel_member(&so_far, key->string))
            return feel_fail(c, out, "键重复");
        entries[i] = (FeelEntry){ key->string, *value };
    }
    *out = feel_context(entries, list.list.n);
    return true;
}

#define CONTEXT { "context", M_CTX, 0 }
static const FeelBuiltin rows[] = {
    { "get value", "Any", run_get_value, false, { { "m", M_CTX, 0 }, { "key", M_STR, 0 } } },
    { "get value", "Any", run_get_path, false, { CONTEXT, { "keys", M_LIST, 0 } } },
    { "get entries", "list", run_get_entries, false, { { "m", M_CTX, 0 } } },
    { "context put", "context", run_put, false,
      { CONTEXT, { "key", M_STR, 0 }, { "value", M_ANY, 0 } } },
    { "context put", "context", run_put_path, false,
      { CONTEXT, { "keys", M_LIST, 0 }, { "value", M_ANY, 0 } } },
    { "context merge", "context", run_merge, false, { { "contexts", M_LIST, 0 } } },
    { "context", "context", run_context, false, { { "entries", M_LIST, 0 } } },
    { NULL, NULL, NULL, false, { { NULL, 0, 0 } } }, /* the end, for feel_builtin_next */
};

FeelBuiltinGroup feel_builtin_contexts(void)
{
    return (FeelBuiltinGroup){ rows, sizeof rows / sizeof *rows - 1 };
}
