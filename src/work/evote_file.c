/* The files of an electronic vote, and the urns that this process holds open. */
#include "work/evote.h"
#include "work/call.h"

#include <stdlib.h>

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "电子投票"));
}

const char *work_evote_path(Call *c, int64_t evote, Str uuid, const char *name)
{
    return arena_z(c->a, arena_text(c->a, "%s/evotes/%lld/%.*s%s%s", work_dir(c->w),
                                    (long long)evote, STR(uuid), uuid.n ? "." : "", name));
}

bool work_evote_load(Str *out, Call *c, int64_t evote, Str uuid, const char *name, Err *e)
{
    const char *path = work_evote_path(c, evote, uuid, name);
    return (path || no_memory(e)) &&
           sys_file_read(out, c->a, work_sys(c->w), path, SYS_FILE_MAX, e);
}

bool work_evote_save(Call *c, int64_t evote, Str uuid, const char *name, Str bytes, Err *e)
{
    const char *path = work_evote_path(c, evote, uuid, name);
    const char *dir = arena_z(c->a, arena_text(c->a, "%s/evotes/%lld", work_dir(c->w),
                                               (long long)evote));
    return ((path && dir) || no_memory(e)) && sys_dir_make(work_sys(c->w), dir, e) &&
           sys_file_write(work_sys(c->w), path, bytes, e);
}

bool work_evote_has(Call *c, int64_t evote, Str uuid, const char *name)
{
    const char *path = work_evote_path(c, evote, uuid, name);
    return path && sys_exists(work_sys(c->w), path);
}

/* --- the urns ------------------------------------------------------------------------------- */

typedef struct OpenUrn {
    struct OpenUrn *next;
    int64_t evote;
    Urn *urn;
    Arena *a;                    /* the texts of its elections */
} OpenUrn;

struct Urns {
    SysGate *gate;
    OpenUrn *first;
};

Urns *work_urns_open(void)
{
    Urns *u = calloc(1, sizeof *u);
    if (u && !(u->gate = sys_gate_open())) {
        free(u);
        return NULL;
    }
    return u;
}

static void drop(OpenUrn *o)
{
    urn_close(o->urn);
    arena_close(o->a);
    free(o);
}

void work_urns_close(Urns *u)
{
    if (!u)
        return;
    while (u->first) {
        OpenUrn *o = u->first;
        u->first = o->next;
        drop(o);
    }
    sys_gate_close(u->gate);
    free(u);
}

static Urn *held(const Urns *u, int64_t evote)
{
    for (OpenUrn *o = u->first; o; o = o->next)
        if (o->evote == evote)
            return o->urn;
    return NULL;
}

bool work_urn_setup(UrnSetup *out, Call *c, const Evote *v, Err *e)
{
    size_t n = 0;
    UrnElection *all = ARENA_ARRAY(c->a, UrnElection, v->n_boxes);
    if (!all)
        return no_memory(e);
    for (size_t i = 0; i < v->n_boxes; i++) {
        const EvoteBox *b = &v->boxes[i];
        if (!work_evote_open_box(v, b))
            continue;
        if (!work_evote_load(&all[n].election, c, v->id, b->uuid, "election.json", e) ||
            !work_evote_load(&all[n].creds, c, v->id, b->uuid, "creds.json", e))
            return false;
        n++;
    }
    *out = (UrnSetup){ .path = work_evote_path(c, v->id, STRC(""), "urn"), .elections = all, .n = n,
                       .doors = v->doors, .n_doors = v->strict ? v->n_doors : 0,
                       .wait_ms = sys_is_sim(work_sys(c->w)) ? 0 : URN_WAIT_MS };
    return out->path || no_memory(e);
}

/* Its texts live as long as the urn, so they are read into an arena of their own. */
static bool take_hold(OpenUrn *o, Call *c, int64_t evote, Err *e)
{
    Evote v;
    UrnSetup s;
    Arena *of_call = c->a;
    c->a = o->a;
    bool ok = work_evote_read(&v, c, evote, e) && work_evote_at(c, &v, "open", e) &&
              work_urn_setup(&s, c, &v, e);
    ok = ok && urn_open(&o->urn, work_sys(c->w), &s, e) &&
         work_evote_torn_apply(c, &v, o->urn, e);
    c->a = of_call;
    return ok;
}

typedef struct Holding {
    OpenUrn *o;
    int64_t evote;
} Holding;

static bool hold_job(Call *c, void *arg, Err *e)
{
    Holding *h = arg;
    return take_hold(h->o, c, h->evote, e);
}

static bool hold(Call *c, int64_t evote, Err *e)
{
    Holding h = { calloc(1, sizeof *h.o), evote };
    if (!h.o || !(h.o->a = arena_open(1u << 30))) {
        free(h.o);
        return no_memory(e);
    }
    h.o->evote = evote;
    if (!(c->tx ? hold_job(c, &h, e) : call_read(c, hold_job, &h, e))) {
        drop(h.o);
        return false;
    }
    h.o->next = call_urns(c)->first;
    call_urns(c)->first = h.o;
    return true;
}

bool work_urn_enter(Urn **out, Call *c, int64_t evote, Err *e)
{
    Urns *u = call_urns(c);
    sys_gate_read(u->gate);
    if ((*out = held(u, evote)))
        return true;
    sys_gate_leave(u->gate);
    sys_gate_change(u->gate);
    bool ok = held(u, evote) || hold(c, evote, e);
    sys_gate_leave(u->gate);
    if (!ok)
        return false;
    sys_gate_read(u->gate);
    if ((*out = held(u, evote)))
        return true;
    sys_gate_leave(u->gate); /* closed in between */
    return err_fail(e, ERR_URN_SHUT);
}

void work_urn_leave(Call *c)
{
    sys_gate_leave(call_urns(c)->gate);
}

void work_urns_alone(Call *c)
{
    sys_gate_change(call_urns(c)->gate);
}

bool work_urn_held(Urn **out, Call *c, int64_t evote, Err *e)
{
    if (!held(call_urns(c), evote) && !hold(c, evote, e))
        return false;
    *out = held(call_urns(c), evote);
    return true;
}

void work_urn_forget(Call *c, int64_t evote)
{
    Urns *u = call_urns(c);
    for (OpenUrn **at = &u->first; *at; at = &(*at)->next)
        if ((*at)->evote == evote) {
            OpenUrn *o = *at;
            *at = o->next;
            drop(o);
            return;
        }
}

bool work_urn_in(int64_t *out, Call *c, const Evote *v, Err *e)
{
    Urn *urn;
    size_t n = 0;
    int64_t *most = ARENA_ARRAY(c->a, int64_t, v->n_heaps);
    UrnCount *counts = ARENA_ARRAY(c->a, UrnCount, v->n_boxes);
    *out = 0;
    if (!most || !counts)
        return no_memory(e);
    if (!work_urn_enter(&urn, c, v->id, e))
        return false;
    urn_counts(urn, counts);
    work_urn_leave(c);
    for (size_t i = 0; i < v->n_boxes; i++) {
        if (!work_evote_open_box(v, &v->boxes[i]))
            continue;
        int64_t *m = &most[v->boxes[i].heap];
        *m = *m > counts[n].ballots ? *m : counts[n].ballots;
        n++;
    }
    for (size_t i = 0; i < v->n_heaps; i++)
        *out += most[i];
    return true;
}
