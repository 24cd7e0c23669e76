/* The file of an urn: laid out, made, found again. */
#include "urn/part.h"

#include <stdlib.h>
#include <string.h>

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "票箱"));
}

static bool room_read(Room *r, Urn *u, const UrnElection *s, int64_t at, Err *e)
{
    if (!election_read(&r->el, u->a, s->election, e) || !creds_read(&r->creds, u->a, s->creds, e))
        return false;
    if (r->el.frozen && !hash_eq(r->el.creds, hash_of(s->creds)))
        return err_fail(e, ERR_URN_FILE);
    size_t half;
    r->places = ARENA_ARRAY(u->a, Place, r->creds.n);
    r->ballot_max = vote_bytes_max(&r->el);
    r->hints = vote_hints_size(&r->el);
    half = HALF_HEAD + r->ballot_max + r->hints;
    r->half = (half + FILE_PAGE - 1) / FILE_PAGE * FILE_PAGE;
    r->at = at;
    return (r->places && map_put(&u->by_uuid, r->el.uuid, r)) || no_memory(e);
}

static int64_t opened_at(const Urn *u, size_t i)
{
    (void)u;
    return FILE_PAGE + (int64_t)i * (int64_t)sizeof(Hash);
}

/* The rooms, where each lies, and what binds the file to them. */
static bool layout(Urn *u, int64_t *size, const UrnSetup *s, Err *e)
{
    int64_t at = opened_at(u, URN_OPENED_MAX);
    Hash bound = hash_of(STRC("shuping urn 1"));
    u->rooms = ARENA_ARRAY(u->a, Room, s->n);
    u->by_uuid = map_open(u->a);
    if (!u->rooms)
        return no_memory(e);
    u->n_rooms = s->n;
    for (size_t i = 0; i < s->n; i++) {
        Room *r = &u->rooms[i];
        if (!room_read(r, u, &s->elections[i], at, e))
            return false;
        if (!point_eq(r->el.key, u->rooms[0].el.key)) /* one set of keys opens a meeting's boxes */
            return err_fail(e, ERR_URN_FILE);
        bound = hash_of3(hash_bytes(&bound), s->elections[i].election, s->elections[i].creds);
        at += (int64_t)(r->half * 2 * r->creds.n);
    }
    *size = at;
    u->bound = bound;
    return at <= URN_BYTES_MAX ||
           err_fail(e, ERR_URN_FULL, err_hole("n", at), err_hole("max", URN_BYTES_MAX));
}

int64_t urn_size(Arena *a, const UrnSetup *s, Err *e)
{
    Urn u = { .a = a };
    int64_t size;
    return layout(&u, &size, s, e) ? size : -1;
}

bool urn_make(Sys *sys, const UrnSetup *s, Err *e)
{
    Arena *a = arena_open(1u << 30);
    Urn u = { .a = a };
    SysFixed f;
    int64_t size;
    bool ok = (a || no_memory(e)) && layout(&u, &size, s, e) &&
              sys_fixed_make(sys, s->path, size, e);
    if (ok && (ok = sys_fixed_open(&f, sys, s->path, e))) {
        ok = sys_fixed_write(&f, 0, hash_bytes(&u.bound), e) && sys_fixed_flush(&f, e);
        sys_fixed_close(&f);
    }
    arena_close(a);
    return ok;
}

bool urn_drop(Sys *sys, const char *path, Err *e)
{
    return sys_file_remove(sys, path, e);
}

/* --- finding it again ----------------------------------------------------------------------- */

static bool doors_read(Urn *u, const UrnSetup *s, Err *e)
{
    u->doors = map_open(u->a);
    u->door_no = ARENA_ARRAY(u->a, uint32_t, s->n_doors);
    u->n_doors = s->n_doors;
    if (!u->door_no)
        return no_memory(e);
    for (size_t i = 0; i < s->n_doors; i++) {
        u->door_no[i] = (uint32_t)i;
        if (!map_put(&u->doors, hash_bytes(&s->doors[i]), &u->door_no[i]))
            return no_memory(e);
    }
    for (size_t i = 0; i < u->n_rooms; i++)
        if (!(u->rooms[i].doors = ARENA_ARRAY(u->a, uint32_t, s->n_doors)))
            return no_memory(e);
    return true;
}

static void door_found(Urn *u, Room *r, size_t place)
{
    const uint32_t *no = map_get(&u->doors, hash_bytes(&r->places[place].door));
    if (no)
        r->doors[*no] = (uint32_t)place + 1;
}

/* A crash between a new half and the wiping of the old one leaves both: the older goes now. */
static bool place_find(Urn *u, Room *r, size_t i, Err *e)
{
    bool used[2];
    Place *p = &r->places[i];
    if (!urn_half_read(&used[0], u, r, i, 0, e) || !urn_half_read(&used[1], u, r, i, 1, e))
        return false;
    if (!p->held && !p->voided)
        return true;
    r->count.ballots += p->held;
    r->count.voided += p->voided;
    r->count.replaced += p->replaced;
    door_found(u, r, i);
    return !used[!p->half] || urn_half_wipe(u, r, i, !p->half, e);
}

static bool opened_find(Urn *u, Err *e)
{
    static const Hash none = { { 0 } };
    u->opened = ARENA_ARRAY(u->a, Hash, URN_OPENED_MAX);
    if (!u->opened)
        return no_memory(e);
    if (!sys_fixed_read(u->opened, &u->file, opened_at(u, 0), URN_OPENED_MAX * sizeof(Hash), e))
        return false;
    while (u->n_opened < URN_OPENED_MAX && !hash_eq(u->opened[u->n_opened], none))
        u->n_opened++;
    return true;
}

static bool find_all(Urn *u, const UrnSetup *s, Err *e)
{
    int64_t size;
    size_t largest = 0;
    Hash bound;
    if (!layout(u, &size, s, e) || !doors_read(u, s, e))
        return false;
    for (size_t i = 0; i < u->n_rooms; i++)
        largest = largest > u->rooms[i].half ? largest : u->rooms[i].half;
    u->room = arena_alloc(u->a, largest);
    u->tables = ARENA_NEW(u->a, VoteTables);
    if (!u->room || !u->tables || (u->n_rooms && !vote_tables(u->tables, &u->rooms[0].el)))
        return no_memory(e);
    if (!sys_fixed_read(bound.b, &u->file, 0, sizeof bound.b, e))
        return false;
    if (u->file.size != size || !hash_eq(bound, u->bound))
        return err_fail(e, ERR_URN_FILE);
    for (size_t i = 0; i < u->n_rooms; i++)
        for (size_t k = 0; k < u->rooms[i].creds.n; k++)
            if (!place_find(u, &u->rooms[i], k, e))
                return false;
    return opened_find(u, e) && sys_fixed_flush(&u->file, e);
}

bool urn_open(Urn **out, Sys *sys, const UrnSetup *s, Err *e)
{
    Urn *u = calloc(1, sizeof *u);
    if (!u)
        return no_memory(e);
    u->file.fd = u->lock_file.fd = -1;
    u->wait_ms = s->wait_ms;
    u->sys = sys;
    pthread_mutex_init(&u->lock, NULL);
    pthread_cond_init(&u->turn, NULL);
    u->last = &u->first;
    u->a = arena_open(1u << 30);
    u->work = arena_open(1u << 30);
    bool ok = (u->a && u->work) || no_memory(e);
    const char *lock = ok ? arena_z(u->a, arena_text(u->a, "%s.lock", s->path)) : NULL;
    ok = ok && (lock || no_memory(e)) && sys_lock_open(&u->lock_file, sys, lock, "票箱", e) &&
         sys_fixed_open(&u->file, sys, s->path, e) && find_all(u, s, e);
    if (!ok) {
        urn_close(u);
        return false;
    }
    *out = u;
    return true;
}

void urn_close(Urn *u)
{
    if (!u)
        return;
    sys_fixed_close(&u->file);
    if (u->lock_file.fd >= 0)
        sys_lock_close(&u->lock_file);
    pthread_cond_destroy(&u->turn);
    pthread_mutex_destroy(&u->lock);
    arena_close(u->work);
    arena_close(u->a);
    free(u);
}

/* --- alone with the urn --------------------------------------------------------------------- */

void urn_enter(Urn *u)
{
    pthread_mutex_lock(&u->lock);
    while (u->busy)
        pthread_cond_wait(&u->turn, &u->lock);
    u->busy = true;
    pthread_mutex_unlock(&u->lock);
}

void urn_leave(Urn *u)
{
    pthread_mutex_lock(&u->lock);
    arena_reset(u->work);
    u->busy = false;
    pthread_cond_broadcast(&u->turn);
    pthread_mutex_unlock(&u->lock);
}

void urn_counts(Urn *u, UrnCount *out)
{
    urn_enter(u);
    for (size_t i = 0; i < u->n_rooms; i++)
        out[i] = u->rooms[i].count;
    urn_leave(u);
}

void urn_shut(Urn *u)
{
    urn_enter(u);
    u->shut = true;
    urn_leave(u);
}

void urn_reopen(Urn *u)
{
    urn_enter(u);
    u->shut = false;
    urn_leave(u);
}

/* --- slips handed in, test ballots opened --------------------------------------------------- */

static bool credential_find(Room **r, size_t *at, Urn *u, const UrnCredential *c, Err *e)
{
    *r = map_get(&u->by_uuid, c->uuid);
    if (!*r)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "票箱"));
    return creds_find(at, &(*r)->creds, c->hex) ||
           err_fail(e, ERR_BEL_CREDENTIAL, err_hole("where", "票签"),
                    err_hole("where_en", "the slip"));
}

static bool void_all(Urn *u, const UrnCredential *c, size_t n, Err *e)
{
    Room *r;
    size_t at;
    if (u->shut)
        return err_fail(e, ERR_URN_SHUT);
    for (size_t i = 0; i < n; i++) {
        if (!credential_find(&r, &at, u, &c[i], e))
            return false;
        if (r->places[at].held)
            return err_fail(e, ERR_URN_VOTED);
    }
    for (size_t i = 0; i < n; i++)
        if (!credential_find(&r, &at, u, &c[i], e) ||
            (!r->places[at].voided && !urn_half_put(u, r, at, NULL, NULL, true, e)))
            return false;
    if (!sys_fixed_flush(&u->file, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (credential_find(&r, &at, u, &c[i], e) && !r->places[at].voided)
            urn_half_done(u, r, at, NULL, NULL, true);
    return true;
}

bool urn_void(Urn *u, const UrnCredential *c, size_t n, Err *e)
{
    urn_enter(u);
    bool ok = void_all(u, c, n, e);
    urn_leave(u);
    return ok;
}

static bool in_urn(const Room *r, Hash text)
{
    for (size_t i = 0; i < r->creds.n; i++)
        if (r->places[i].held && hash_eq(r->places[i].text, text))
            return true;
    return false;
}

static bool open_one(Urn *u, Str uuid, Str tracker, Err *e)
{
    Str bytes;
    Hash h;
    const Room *r = map_get(&u->by_uuid, uuid);
    Str padded = arena_text(u->work, "%.*s=", STR(tracker));
    if (!r || !hash_unbase64(u->work, padded, &bytes) || bytes.n != sizeof h.b)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "票箱或回执"));
    memcpy(h.b, bytes.p, sizeof h.b);
    if (in_urn(r, h))
        return err_fail(e, ERR_URN_CAST);
    for (size_t i = 0; i < u->n_opened; i++)
        if (hash_eq(u->opened[i], h))
            return true;
    if (u->n_opened == URN_OPENED_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "测试票"),
                        err_hole("max", URN_OPENED_MAX));
    if (!sys_fixed_write(&u->file, opened_at(u, u->n_opened), hash_bytes(&h), e) ||
        !sys_fixed_flush(&u->file, e))
        return false;
    u->opened[u->n_opened++] = h;
    return true;
}

bool urn_opened(Urn *u, Str uuid, const char tracker[VOTE_TRACKER], Err *e)
{
    urn_enter(u);
    bool ok = open_one(u, uuid, (Str){ tracker, VOTE_TRACKER }, e);
    urn_leave(u);
    return ok;
}
