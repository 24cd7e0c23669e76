#include "base/map.h"

Map map_open(Arena *a)
{
    return (Map){ .a = a };
}

/* The slot where key is or would go. */
static size_t slot_of(const Map *m, Str key)
{
    size_t mask = m->n_slots - 1, i = (size_t)str_hash(key) & mask;
    while (m->slots[i] && !str_eq(m->entries[m->slots[i] - 1].key, key))
        i = (i + 1) & mask;
    return i;
}

void *map_get(const Map *m, Str key)
{
    if (m->n_slots == 0)
        return NULL;
    uint32_t at = m->slots[slot_of(m, key)];
    return at ? m->entries[at - 1].value : NULL;
}

static bool map_widen(Map *m)
{
    size_t n_slots = m->n_slots ? m->n_slots * 2 : 16;
    uint32_t *slots = ARENA_ARRAY(m->a, uint32_t, n_slots);
    if (!slots)
        return false;
    m->slots = slots;
    m->n_slots = n_slots;
    for (size_t i = 0; i < m->n; i++)
        slots[slot_of(m, m->entries[i].key)] = (uint32_t)i + 1;
    return true;
}

bool map_put(Map *m, Str key, void *value)
{
    if (m->n * 2 >= m->n_slots && !map_widen(m))
        return false;
    size_t at = slot_of(m, key);
    if (m->slots[at]) {
        m->entries[m->slots[at] - 1].value = value;
        return true;
    }
    if (!ARENA_PUSH(m->a, m->entries, m->n, m->cap))
        return false;
    m->entries[m->n++] = (MapEntry){ key, value };
    m->slots[at] = (uint32_t)m->n;
    return true;
}
