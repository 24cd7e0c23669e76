/* The index: which documents hold a trace. Shelves by the first bits of the hash, so that one is
 * sorted within the cache and nothing is ever moved as a whole. */
#include "origin/inside.h"

#include <stdlib.h>
#include <string.h>

static bool carries_meaning(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || cp == 0x3007 ||
           (cp >= 0x3400 && cp < 0xA000) || (cp >= 0xF900 && cp < 0xFB00);
}

static bool learn_alphabet(Origin *o, const Text *t, Err *e)
{
    if (!text_singles(o->alphabet, t, e))
        return false;
    for (size_t i = 0; i < TEXT_SINGLES; i++) {
        uint32_t cp = o->alphabet[i];
        if (cp >= 'A' && cp <= 'Z')
            cp += 'a' - 'A';
        o->alphabet[i] = carries_meaning(cp) ? (uint16_t)cp : 0;
    }
    return true;
}

bool origin_open(Origin **out, const Text *t, OriginMode mode, Err *e)
{
    Origin *o = calloc(1, sizeof *o);
    if (!o)
        return origin_refused(e);
    o->gram = mode == ORIGIN_STRICT ? ORIGIN_STRICT_GRAM : ORIGIN_GRAM;
    if (!learn_alphabet(o, t, e)) {
        origin_close(o);
        return false;
    }
    *out = o;
    return true;
}

void origin_close(Origin *o)
{
    if (!o)
        return;
    for (size_t i = 0; i < SHELVES; i++) {
        free(o->traces[i].items);
        free(o->chains[i].items);
    }
    free(o->docs);
    free(o->exempt);
    free(o->sieve);
    free(o->c);
    free(o->h);
    free(o->t);
    free(o);
}

size_t origin_docs(const Origin *o)
{
    return o->settled;
}

OriginDoc origin_doc(const Origin *o, size_t i)
{
    return i < o->n_docs ? o->docs[i].doc : (OriginDoc){ 0 };
}

int origin_cap(const Origin *o)
{
    size_t cap = o->settled / ORIGIN_CAP_SHARE;
    return cap < ORIGIN_CAP_LEAST ? ORIGIN_CAP_LEAST
           : cap > ORIGIN_CAP_MOST ? ORIGIN_CAP_MOST : (int)cap;
}

/* --- adding --------------------------------------------------------------------------------- */

static bool make_room(Origin *o, size_t n, Err *e)
{
    if (n <= o->room)
        return true;
    size_t room = n + n / 2;
    uint16_t *c = realloc(o->c, room * sizeof *c);
    o->c = c ? c : o->c;
    uint64_t *h = realloc(o->h, room * sizeof *h);
    o->h = h ? h : o->h;
    Trace *t = realloc(o->t, room * sizeof *t);
    o->t = t ? t : o->t;
    if (!c || !h || !t)
        return origin_refused(e);
    o->room = room;
    return true;
}

/* The signs and grams of a text in the room of the index; n characters, m grams. */
static bool read_text(Origin *o, Str text, size_t *n, size_t *m, Err *e)
{
    if (text.n > TEXT_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "文字"), err_hole("max", "4 MB"));
    if (!make_room(o, text.n + 1, e))
        return false;
    *n = origin_signs(o->c, NULL, o->alphabet, text);
    if (*n == BAD_SIGNS)
        return err_fail(e, ERR_BAD_TEXT, err_hole("what", "文字"));
    *m = origin_grams(o->h, o->c, *n, o->gram);
    return true;
}

static void put_exempt(Origin *o, uint64_t hash)
{
    size_t mask = o->exempt_size - 1, i = (size_t)hash & mask;
    while (o->exempt[i] && o->exempt[i] != hash)
        i = (i + 1) & mask;
    o->n_exempt += o->exempt[i] == 0;
    o->exempt[i] = hash;
    uint64_t bit = hash >> (64 - SIEVE_BITS);
    o->sieve[bit >> 6] |= (uint64_t)1 << (bit & 63);
}

static bool grow_exempt(Origin *o, size_t more, Err *e)
{
    size_t size = o->exempt_size ? o->exempt_size : 1 << 12, old_size = o->exempt_size;
    uint64_t *old = o->exempt;
    if (!o->sieve && !(o->sieve = calloc((size_t)1 << (SIEVE_BITS - 6), sizeof *o->sieve)))
        return origin_refused(e);
    while (size < 2 * (o->n_exempt + more))
        size *= 2;
    if (size == old_size)
        return true;
    uint64_t *made = calloc(size, sizeof *made);
    if (!made)
        return origin_refused(e);
    o->exempt = made;
    o->exempt_size = size;
    o->n_exempt = 0;
    for (size_t i = 0; i < old_size; i++)
        if (old[i])
            put_exempt(o, old[i]);
    free(old);
    return true;
}

bool origin_exempt(Origin *o, Str text, Err *e)
{
    size_t n, m;
    if (!read_text(o, text, &n, &m, e))
        return false;
    if (o->n_exempt + m > ORIGIN_EXEMPT_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "模板和上级文件的总字数"),
                        err_hole("max", (int64_t)ORIGIN_EXEMPT_MAX));
    if (!grow_exempt(o, m, e))
        return false;
    for (size_t i = 0; i < m; i++)
        if (o->h[i])
            put_exempt(o, o->h[i]);
    return true;
}

/* Room for one more entry; grown by a quarter, because a million reports must fit. */
static inline bool shelf_room(Shelf *s)
{
    if (s->n < s->cap)
        return true;
    size_t cap = s->cap + s->cap / 4 + 16;
    uint64_t *items = realloc(s->items, cap * sizeof *items);
    if (!items)
        return false;
    s->items = items;
    s->cap = cap;
    return true;
}

static inline bool shelf_put(Shelf *shelves, uint64_t hash, size_t doc)
{
    Shelf *s = origin_shelf(shelves, hash);
    if (!shelf_room(s))
        return false;
    s->items[s->n++] = origin_entry(hash, doc);
    return true;
}

/* Entries of a document that was not added in the end: its number is the next one's too, so they
 * must go. */
static void take_back(Shelf *shelves, size_t doc)
{
    for (size_t i = 0; i < SHELVES; i++) {
        Shelf *s = &shelves[i];
        while (s->n > s->sorted && origin_entry_doc(s->items[s->n - 1]) == doc)
            s->n--;
    }
}

static bool put_doc(Origin *o, Stored *d, size_t doc, size_t n)
{
    d->traces = (uint32_t)n;
    for (size_t i = 0; i < n; i++)
        if (!shelf_put(o->traces, o->t[i].hash, doc))
            return false;
    for (size_t i = 0; i + CHAIN <= n; i++) {
        uint64_t chain = origin_chain(o->t + i);
        if (chain == 0)
            continue;
        d->chains++;
        if (!shelf_put(o->chains, chain, doc))
            return false;
    }
    return true;
}

bool origin_add(Origin *o, const OriginDoc *doc, Str text, Err *e)
{
    size_t n, m;
    if (o->n_docs >= ORIGIN_DOCS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "参加比对的报告"),
                        err_hole("max", (int64_t)ORIGIN_DOCS_MAX));
    if (!read_text(o, text, &n, &m, e))
        return false;
    if (o->n_docs == o->cap_docs) {
        size_t cap = o->cap_docs + o->cap_docs / 2 + 64;
        Stored *docs = realloc(o->docs, cap * sizeof *docs);
        if (!docs)
            return origin_refused(e);
        o->docs = docs;
        o->cap_docs = cap;
    }
    Stored *d = &o->docs[o->n_docs];
    *d = (Stored){ .doc = *doc };
    if (!put_doc(o, d, o->n_docs, origin_keep_own(o, o->t, origin_traces(o->t, o->h, m)))) {
        take_back(o->traces, o->n_docs);
        take_back(o->chains, o->n_docs);
        return origin_refused(e);
    }
    o->n_docs++;
    return true;
}

/* --- settling ------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Documents were appended in their order, so sorting by hash alone, and stably, is enough. */
static void radix_sort(uint64_t *items, uint64_t *room, size_t n)
{
    enum { BITS = 10, PASSES = 4 };
    uint32_t count[1 << BITS];
    for (int pass = 0; pass < PASSES; pass++) {
        int shift = DOC_BITS + pass * BITS;
        memset(count, 0, sizeof count);
        for (size_t i = 0; i < n; i++)
            count[items[i] >> shift & ((1 << BITS) - 1)]++;
        uint32_t sum = 0;
        for (size_t i = 0; i < 1 << BITS; i++) {
            uint32_t here = count[i];
            count[i] = sum;
            sum += here;
        }
        for (size_t i = 0; i < n; i++)
            room[count[items[i] >> shift & ((1 << BITS) - 1)]++] = items[i];
        uint64_t *swap = items;
        items = room;
        room = swap;
    }
}

/* Sorts what came behind the sorted part and merges it in from the end. */
static void settle_shelf(Shelf *s, uint64_t *room)
{
    size_t tail = s->n - s->sorted, i = s->sorted, k = s->n;
    uint64_t *from = s->items + s->sorted;
    if (tail < 512)
        qsort(from, tail, sizeof *from, by_value);
    else
        radix_sort(from, room, tail);
    if (s->sorted > 0) {
        memcpy(room, from, tail * sizeof *room);
        while (tail > 0)
            s->items[--k] = i > 0 && s->items[i - 1] > room[tail - 1] ? s->items[--i]
                                                                      : room[--tail];
    }
    s->sorted = s->n;
}

bool origin_settle(Origin *o, Err *e)
{
    size_t most = 0;
    for (size_t i = 0; i < SHELVES; i++) {
        size_t a = o->traces[i].n - o->traces[i].sorted, b = o->chains[i].n - o->chains[i].sorted;
        most = a > most ? a : most;
        most = b > most ? b : most;
    }
    uint64_t *room = malloc((most + 1) * sizeof *room);
    if (!room)
        return origin_refused(e);
    for (size_t i = 0; i < SHELVES; i++) {
        if (o->traces[i].n > o->traces[i].sorted)
            settle_shelf(&o->traces[i], room);
        if (o->chains[i].n > o->chains[i].sorted)
            settle_shelf(&o->chains[i], room);
    }
    free(room);
    o->settled = o->n_docs;
    return true;
}

/* --- looking up ----------------------------------------------------------------------------- */

static size_t first_from(const Shelf *s, uint64_t key)
{
    size_t low = 0, high = s->sorted;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->items[mid] < key)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

size_t origin_find(const Shelf *s, uint64_t hash, size_t *end)
{
    uint64_t key = origin_entry(hash, 0), last = origin_entry(hash, (1u << DOC_BITS) - 1);
    *end = first_from(s, last);
    *end += *end < s->sorted && s->items[*end] == last;
    return first_from(s, key);
}

int origin_holders(const Origin *o, uint64_t hash, int most)
{
    const Shelf *s = &o->traces[hash >> 54];
    uint64_t key = origin_entry(hash, 0), last = UINT64_MAX;
    int n = 0;
    for (size_t i = first_from(s, key); i < s->sorted && n <= most; i++) {
        if (s->items[i] >> DOC_BITS != key >> DOC_BITS)
            break;
        n += s->items[i] != last;
        last = s->items[i];
    }
    return n;
}
