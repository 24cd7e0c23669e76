/* map: text -> pointer, open addressing in an arena. Keys are not copied; entries are never
 * removed; iteration is in order of insertion. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"

typedef struct MapEntry {
    Str key;
    void *value;
} MapEntry;

typedef struct Map {
    Arena *a;
    MapEntry *entries; /* n of them, in order of insertion */
    size_t n, cap;
    uint32_t *slots;   /* index + 1 into entries, 0 empty */
    size_t n_slots;
} Map;

Map map_open(Arena *a);
void *map_get(const Map *m, Str key);                      /* NULL when absent */
bool map_put(Map *m, Str key, void *value) MUST_USE;       /* replaces; false when refused */

#endif
