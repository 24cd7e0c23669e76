/* The index of reports in memory: made when it is first asked for, then kept up with the log. */
#include "work/alike.h"

#include "work/report.h"

#include <stdlib.h>

typedef struct Asker {
    int64_t account;
    Moment since;
    int n;
} Asker;

struct Alike {
    SysGate *gate;
    Origin *origin;      /* NULL: not made yet */
    int64_t last;        /* newest fact that is folded in */
    size_t stale;        /* documents that a newer version replaced */
    SysGate *counting;   /* askers are changed alone */
    Asker *askers;
    size_t n_askers, cap_askers;
};

Alike *work_alike_open(void)
{
    Alike *k = calloc(1, sizeof *k);
    if (k) {
        k->gate = sys_gate_open();
        k->counting = sys_gate_open();
    }
    if (k && (!k->gate || !k->counting)) {
        work_alike_close(k);
        return NULL;
    }
    return k;
}

void work_alike_close(Alike *k)
{
    if (!k)
        return;
    origin_close(k->origin);
    sys_gate_close(k->gate);
    sys_gate_close(k->counting);
    free(k->askers);
    free(k);
}

const Origin *work_alike_origin(const Alike *k)
{
    return k->origin;
}

/* --- one report ----------------------------------------------------------------------------- */

/* Its parts one after the other, as ReportPart has them. */
static bool whole(Str *out, Call *c, const Fact *f, Err *e)
{
    ReportPart parts[ADVICE_PARTS];
    size_t at[ADVICE_PARTS];
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    bool ok = work_report_parts(parts, c->a, jv_get(body, "sections"), e) &&
              work_report_whole(out, at, c->a, parts, e);
    json_decref(body);
    return ok;
}

bool work_alike_of(AlikeOf *out, Call *c, const Fact *d, Err *e)
{
    Fact cycle;
    if (!call_thing(&cycle, c, "cycle", fact_int(d, "cycle"), e))
        return false;
    *out = (AlikeOf){ d->subject, fact_int(d, "person"), (int)fact_int(&cycle, "year") };
    return true;
}

static bool report_add(Alike *k, Call *c, const Fact *f, Err *e)
{
    Fact d;
    AlikeOf of;
    Str text;
    if (!call_thing(&d, c, "debriefer", fact_int(f, "debriefer"), e) ||
        !work_alike_of(&of, c, &d, e) || !whole(&text, c, f, e))
        return false;
    return text.n == 0 ||
           origin_add(k->origin, &(OriginDoc){ f->id, of.person, of.year }, text, e);
}

/* --- making it ------------------------------------------------------------------------------ */

typedef bool (*Each)(Alike *k, Call *c, const Fact *f, Err *e);

/* Every present thing of a form, a page at a time, in memory that is given back. */
static bool all_of(Alike *k, Call *c, const char *form, Each each, Err *e)
{
    FactFilter filter = { .kind = str_of(form), .limit = ALIKE_PAGE };
    Arena *kept = c->a, *page = arena_open(WORK_ARENA_MAX);
    bool ok = page || err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职报告")), more = true;
    c->a = page;
    while (ok && more) {
        FactList l;
        arena_reset(page);
        ok = fact_list(&l, page, c->tx, &filter, e);
        more = ok && l.n == ALIKE_PAGE;
        for (size_t i = 0; ok && i < l.n; i++)
            ok = each(k, c, &l.items[i], e);
        if (ok && l.n)
            filter.after = l.items[l.n - 1].subject;
    }
    c->a = kept;
    arena_close(page);
    return ok;
}

static bool exempt(Alike *k, Call *c, const Fact *f, Err *e)
{
    return origin_exempt(k->origin, fact_str(c->a, f, "text"), e);
}

static bool make(Alike *k, Call *c, Err *e)
{
    origin_close(k->origin);
    k->origin = NULL;
    k->stale = 0;
    return origin_open(&k->origin, call_text(c), ORIGIN_NORMAL, e) &&
           all_of(k, c, "document", exempt, e) && all_of(k, c, "debrief_report", report_add, e) &&
           origin_settle(k->origin, e);
}

/* --- keeping up ----------------------------------------------------------------------------- */

typedef struct News {
    Call *c;
    int64_t *reports;    /* subjects, each once for each of its facts */
    size_t n, cap;
    size_t again;        /* of these, things that were known */
    bool over;           /* what cannot be added: everything is read again */
} News;

static bool hear(void *arg, const Fact *f, Err *e)
{
    News *n = arg;
    if (str_is(f->kind, "document") || str_is(f->kind, "erasure"))
        n->over = true;
    if (!str_is(f->kind, "debrief_report"))
        return true;
    if (!ARENA_PUSH(n->c->a, n->reports, n->n, n->cap))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职报告"));
    n->reports[n->n++] = f->subject;
    n->again += f->id != f->subject;
    return true;
}

static bool heard(const News *n, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (n->reports[k] == n->reports[i])
            return true;
    return false;
}

static bool add_news(Alike *k, Call *c, const News *n, Err *e)
{
    for (size_t i = 0; i < n->n; i++) {
        FactList l;
        if (heard(n, i))
            continue;
        if (!fact_history(&l, c->a, c->tx, STRC("debrief_report"), n->reports[i], e))
            return false;
        const Fact *f = l.n ? &l.items[l.n - 1] : NULL;
        if (f && !leaf_is_strike(f) && !report_add(k, c, f, e))
            return false;
    }
    return origin_settle(k->origin, e);
}

/* A quarter of old versions would make common what is not. */
static bool catch_up(Alike *k, Call *c, int64_t newest, Err *e)
{
    News n = { .c = c, .over = k->origin == NULL };
    if (!n.over && !fact_since(c->tx, k->last, hear, &n, e))
        return false;
    k->stale += n.again;
    if (!n.over && n.n)
        n.over = k->stale * 4 > origin_docs(k->origin);
    bool ok = n.over ? make(k, c, e) : n.n == 0 || add_news(k, c, &n, e);
    if (ok) {
        k->last = newest;
        return true;
    }
    origin_close(k->origin);
    k->origin = NULL;
    return false;
}

bool work_alike_enter(Alike **out, Call *c, Err *e)
{
    Alike *k = call_alike(c);
    int64_t newest;
    if (tx_may_write(c->tx))
        return err_fail(e, ERR_BOARD_WRITER);
    if (!fact_newest(&newest, c->tx, e))
        return false;
    sys_gate_read(k->gate);
    if (k->origin && k->last >= newest) {
        *out = k;
        return true;
    }
    sys_gate_leave(k->gate);
    sys_gate_change(k->gate);
    bool ok = (k->origin && k->last >= newest) || catch_up(k, c, newest, e);
    sys_gate_leave(k->gate);
    if (!ok)
        return false;
    sys_gate_read(k->gate);
    *out = k;
    return true;
}

void work_alike_leave(Alike *k)
{
    sys_gate_leave(k->gate);
}

/* --- asking --------------------------------------------------------------------------------- */

bool work_alike_text(Str *out, Call *c, int64_t id, Fact *report, Err *e)
{
    Fact now;
    *out = STRC("");
    if (!fact_get(report, c->a, c->tx, id, e)) {
        *report = (Fact){ 0 }; /* the index may know what this transaction does not see yet */
        return e->code == ERR_NOT_FOUND;
    }
    if (!work_report_current(&now, c, fact_int(report, "debriefer"), e))
        return false;
    return now.id != id || whole(out, c, report, e);
}

typedef struct Asking {
    Call *c;
    const AlikeOf *of;
} Asking;

/* An old version, and any version of the very report that is asked about, is no source. */
static bool fetch(Str *out, Arena *a, void *ctx, const OriginDoc *d, Err *e)
{
    const Asking *k = ctx;
    Fact f;
    (void)a; /* the call's own memory lives as long */
    if (!work_alike_text(out, k->c, d->id, &f, e))
        return false;
    if (fact_int(&f, "debriefer") == k->of->debriefer)
        *out = STRC("");
    return true;
}

bool work_alike_ask(OriginFound *out, Call *c, const Alike *k, const AlikeOf *of, Str text, Err *e)
{
    Asking asking = { c, of };
    OriginDoc self = { 0, of->person, of->year };
    return origin_report(out, c->a, k->origin, &self, text, fetch, &asking, e);
}

/* --- how often ------------------------------------------------------------------------------ */

static Asker *asker(Alike *k, int64_t account)
{
    for (size_t i = 0; i < k->n_askers; i++)
        if (k->askers[i].account == account)
            return &k->askers[i];
    if (k->n_askers == k->cap_askers) {
        size_t cap = k->cap_askers ? k->cap_askers * 2 : 64;
        Asker *more = realloc(k->askers, cap * sizeof *more);
        if (!more)
            return NULL;
        k->askers = more;
        k->cap_askers = cap;
    }
    k->askers[k->n_askers] = (Asker){ .account = account };
    return &k->askers[k->n_askers++];
}

bool work_alike_count(Call *c, Err *e)
{
    Alike *k = call_alike(c);
    sys_gate_change(k->counting);
    Asker *who = asker(k, c->who->account);
    if (who && c->now - who->since >= (Moment)ALIKE_DRAFTS_EVERY * 1000) {
        who->since = c->now;
        who->n = 0;
    }
    bool may = who && who->n < ALIKE_DRAFTS_MAX;
    if (may)
        who->n++;
    bool memory = who != NULL;
    sys_gate_leave(k->counting);
    if (!memory)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "对照"));
    return may || err_fail(e, ERR_ALIKE_OFTEN, err_hole("n", ALIKE_DRAFTS_MAX),
                           err_hole("minutes", ALIKE_DRAFTS_EVERY / 60));
}
