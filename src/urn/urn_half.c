/* One half of a place: how a ballot lies in the file. */
#include "urn/part.h"

#include <string.h>

static void put32(unsigned char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(v >> (8 * i));
}

static uint32_t get32(const unsigned char *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static Hash half_hash(const unsigned char *b, size_t used)
{
    return hash_of((Str){ (const char *)b + HALF_HASH, used - HALF_HASH });
}

Hash urn_print(const char tracker[VOTE_TRACKER])
{
    return hash_of2(STRC("replaced|"), (Str){ tracker, VOTE_TRACKER });
}

/* The prints of a place stand in its present half; a replaced ballot's is added. */
static bool prints_keep(Urn *u, const Room *r, size_t place, unsigned char *b, Err *e)
{
    const Place *p = &r->places[place];
    unsigned char old[HALF_HEAD];
    char tracker[VOTE_TRACKER + 1];
    if (!sys_fixed_read(old, &u->file, half_at(r, place, p->half), sizeof old, e))
        return false;
    size_t n = old[HALF_PRINTS] < URN_PRINTS_MAX ? old[HALF_PRINTS] : URN_PRINTS_MAX - 1u;
    size_t from = old[HALF_PRINTS] > n ? old[HALF_PRINTS] - n : 0; /* the oldest goes */
    memcpy(b + HALF_PRINT, old + HALF_PRINT + 32 * from, 32 * n);
    Str text = hash_base64(u->work, hash_bytes(&p->text));
    if (text.n < VOTE_TRACKER)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "票箱"));
    memcpy(tracker, text.p, VOTE_TRACKER);
    Hash print = urn_print(tracker);
    memcpy(b + HALF_PRINT + 32 * n, print.b, sizeof print.b);
    b[HALF_PRINTS] = (unsigned char)(n + 1);
    put32(b + HALF_REPLACED, p->replaced + 1);
    return true;
}

bool urn_half_put(Urn *u, Room *r, size_t place, const UrnItem *it, const Hash *door, bool voided,
              Err *e)
{
    const Place *p = &r->places[place];
    unsigned char *b = u->room;
    size_t used = HALF_HEAD;
    memset(b, 0, r->half);
    b[HALF_MARK] = 'U';
    b[HALF_GEN] = (unsigned char)(p->gen + 1);
    b[HALF_FLAGS] = voided;
    if (p->held && !prints_keep(u, r, place, b, e))
        return false;
    if (!voided) {
        put32(b + HALF_BALLOT, (uint32_t)it->ballot.n);
        put32(b + HALF_HINTS, (uint32_t)it->hints.n);
        memcpy(b + HALF_HEAD, it->ballot.p, it->ballot.n);
        if (it->hints.n)
            memcpy(b + HALF_HEAD + it->ballot.n, it->hints.p, it->hints.n);
        used += it->ballot.n + it->hints.n;
    }
    if (door)
        memcpy(b + HALF_DOOR, door->b, sizeof door->b);
    Hash h = half_hash(b, used);
    memcpy(b, h.b, sizeof h.b);
    return sys_fixed_write(&u->file, half_at(r, place, !p->half), (Str){ (char *)b, r->half }, e);
}

/* It is durable: from now on the new half is the present one. */
void urn_half_done(Urn *u, Room *r, size_t place, const UrnItem *it, const Hash *door, bool voided)
{
    Place *p = &r->places[place];
    (void)u;
    r->count.ballots += !voided && !p->held;
    r->count.replaced += p->held;
    r->count.voided += voided;
    p->replaced += p->held;
    p->half = !p->half;
    p->gen++;
    p->held = !voided;
    p->voided = voided;
    if (!voided)
        p->text = hash_of(it->ballot);
    if (door)
        p->door = *door;
}

bool urn_half_wipe(Urn *u, const Room *r, size_t place, unsigned half, Err *e)
{
    memset(u->room, 0, r->half);
    return sys_fixed_write(&u->file, half_at(r, place, half), (Str){ (char *)u->room, r->half }, e);
}

static bool newer(const Place *p, unsigned char gen)
{
    return (!p->held && !p->voided) || (unsigned char)(gen - p->gen) < 128;
}

/* What a half says, when it is whole and newer than what is known of the place. *used: something
 * stands there, if only the rest of a write that broke off. */
bool urn_half_read(bool *used, Urn *u, const Room *r, size_t place, unsigned half, Err *e)
{
    Place *p = &r->places[place];
    unsigned char *b = u->room;
    if (!sys_fixed_read(b, &u->file, half_at(r, place, half), HALF_HEAD, e))
        return false;
    size_t ballot = get32(b + HALF_BALLOT), hints = get32(b + HALF_HINTS);
    *used = b[HALF_MARK] != 0;
    if (b[HALF_MARK] != 'U' || ballot > r->ballot_max || hints > r->hints ||
        b[HALF_PRINTS] > URN_PRINTS_MAX)
        return true;
    if (!sys_fixed_read(b, &u->file, half_at(r, place, half), HALF_HEAD + ballot + hints, e))
        return false;
    Hash h = half_hash(b, HALF_HEAD + ballot + hints);
    if (memcmp(h.b, b, sizeof h.b) != 0 || !newer(p, b[HALF_GEN]))
        return true;
    p->half = (unsigned char)half;
    p->gen = b[HALF_GEN];
    p->voided = b[HALF_FLAGS];
    p->held = !p->voided;
    p->replaced = get32(b + HALF_REPLACED);
    p->text = hash_of((Str){ (char *)b + HALF_HEAD, ballot });
    memcpy(p->door.b, b + HALF_DOOR, sizeof p->door.b);
    return true;
}

/* --- what a shut urn holds ------------------------------------------------------------------ */

static bool take_one(UrnBox *out, Arena *a, Urn *u, const Room *r, size_t place, Err *e)
{
    const Place *p = &r->places[place];
    unsigned char head[HALF_HEAD];
    if (!sys_fixed_read(head, &u->file, half_at(r, place, p->half), sizeof head, e))
        return false;
    size_t n = get32(head + HALF_BALLOT), hints = get32(head + HALF_HINTS);
    char *text = arena_alloc(a, n + hints + 1);
    if (!text)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "票箱"));
    if (!sys_fixed_read(text, &u->file, half_at(r, place, p->half) + HALF_HEAD, n + hints, e))
        return false;
    Str ballot = { text, n };
    if (!hash_eq(hash_of(ballot), p->text))
        return err_fail(e, ERR_URN_FILE);
    out->ballots[out->n] = ballot;
    out->hints[out->n++] = (Str){ text + n, hints };
    for (size_t i = 0; i < head[HALF_PRINTS] && i < URN_PRINTS_MAX; i++)
        memcpy(out->replaced[out->n_replaced++].b, head + HALF_PRINT + 32 * i, 32);
    return true;
}

bool urn_take(UrnBox *out, Arena *a, Urn *u, size_t election, Err *e)
{
    const Room *r = &u->rooms[election];
    size_t n = (size_t)r->count.ballots;
    bool hinted = true;
    UrnBox box = { .ballots = ARENA_ARRAY(a, Str, n), .hints = ARENA_ARRAY(a, Str, n),
                   .replaced = ARENA_ARRAY(a, Hash, n * URN_PRINTS_MAX) };
    if (!box.ballots || !box.hints || !box.replaced)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "票箱"));
    urn_enter(u);
    bool ok = true;
    for (size_t i = 0; ok && i < r->creds.n; i++)
        ok = !r->places[i].held || take_one(&box, a, u, r, i, e);
    urn_leave(u);
    for (size_t i = 0; i < box.n; i++)
        hinted = hinted && box.hints[i].n == r->hints;
    if (!hinted)
        box.hints = NULL;
    if (ok)
        *out = box;
    return ok;
}
