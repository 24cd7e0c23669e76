#include "work/alike.h"
#include "work/audit.h"
#include "work/board.h"
#include "work/call.h"
#include "work/evote.h"
#include "work/initials.h"
#include "work/names.h"
#include "work/rows.h"
#include "work/token.h"

#include <stdlib.h>
#include <string.h>

struct Work {
    Store *store;
    Facts *facts;
    Auth *auth;
    Text *text;
    Initials *initials;
    Print *print;
    Arena *program;      /* rulebook and what else lives as long as the Work */
    Rulebook *rules;
    Board *board;        /* what the log says, folded, for duties and figures */
    Alike *alike;        /* the words of filed reports */
    Names *names;        /* of organisations and people */
    Urns *urns;          /* electronic boxes that are open */
    Sys *sys;
    const char *dir;
};

static const UseCase *const cases[] = {
#define CASE(name) &work_##name,
#include "work/cases.def"
#undef CASE
    NULL
};

const UseCase *const *work_cases(void)
{
    return cases;
}

const UseCase *work_case(Str name)
{
    for (size_t i = 0; cases[i]; i++)
        if (str_is(name, cases[i]->name))
            return cases[i];
    return NULL;
}

Sys *work_sys(const Work *w)
{
    return w->sys;
}

Store *work_store(const Work *w)
{
    return w->store;
}

Auth *work_auth(const Work *w)
{
    return w->auth;
}

const char *work_dir(const Work *w)
{
    return w->dir;
}

static bool demo_job(Tx *tx, void *out, Err *e)
{
    FactFilter f = { .kind = STRC("demonstration") };
    int64_t n;
    if (!fact_count(&n, tx, &f, e))
        return false;
    *(bool *)out = n > 0;
    return true;
}

bool work_is_demo(Work *w)
{
    bool demo = true; /* when in doubt, the stricter rule */
    Err e;
    return !store_read(w->store, demo_job, &demo, &e) || demo;
}

/* --- opening -------------------------------------------------------------------------------- */

/* Search folds traditional and simplified to one form and cuts it into pairs of characters. */
static void tokens(void *arg, Buf *out, Str text, bool asked)
{
    Arena *a = arena_open(16 << 20);
    Folded f;
    Err e;
    if (a && text_fold(&f, a, arg, text, &e))
        text_bigrams(out, f.text, asked ? TEXT_QUERY : TEXT_INDEX);
    arena_close(a);
}

static bool rules_open(Work *w, const WorkConfig *c, Err *e)
{
    const PackSource *sources;
    size_t n;
    if (!pack_builtin(&sources, &n, w->program, e))
        return false;
    PackSource *all = ARENA_ARRAY(w->program, PackSource, n + c->n_packs);
    if (!all)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "规则包"));
    memcpy(all, sources, n * sizeof *all);
    for (size_t i = 0; i < c->n_packs; i++)
        all[n++] = c->packs[i];
    return pack_load(&w->rules, w->program, all, n, e);
}

/* Beside what a form marks: in which state a record is, and which files hang on it. */
static void index_more(FactKind *k, const Form *f)
{
    static const Str more[] = { S("state"), S("files") };
    for (size_t i = 0; f->ledger && i < sizeof more / sizeof *more; i++) {
        bool has = false;
        for (size_t n = 0; n < k->n_index; n++)
            has |= str_eq(k->index[n], more[i]);
        if (!has && form_field(f, more[i]))
            k->index[k->n_index++] = more[i];
    }
}

/* The texts of a report stand in rows, which a form's marks do not reach. */
static void search_more(FactKind *k)
{
    if (str_is(k->name, "debrief_report"))
        k->search[k->n_search++] = STRC("sections");
}

static bool facts_open(Work *w, Err *e)
{
    size_t n = 0;
    while (pack_form_at(w->rules, n))
        n++;
    FactKind *kinds = ARENA_ARRAY(w->program, FactKind, n);
    if (!kinds)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "规则包"));
    for (size_t i = 0; i < n; i++) {
        const Form *f = pack_form_at(w->rules, i);
        kinds[i].name = f->name;
        kinds[i].n_index = f->n_index;
        kinds[i].n_search = f->n_search;
        memcpy(kinds[i].index, f->index, sizeof f->index);
        memcpy(kinds[i].search, f->search, sizeof f->search);
        index_more(&kinds[i], f);
        search_more(&kinds[i]);
    }
    FactSetup setup = { .kinds = kinds, .n_kinds = n, .tokens = tokens, .tokens_arg = w->text };
    w->facts = fact_open(w->store, &setup, e);
    return w->facts != NULL;
}

static bool pack_file(Tx *tx, const Pack *p, Err *e)
{
    Buf b = buf_open(JSON_BYTES_MAX);
    Jw j = jw_open(&b);
    jw_obj(&j);
    jw_kstr(&j, "name", p->name);
    jw_kstr(&j, "version", p->version);
    jw_kstr(&j, "hash", p->hash_hex);
    jw_kstr(&j, "text", p->text);
    jw_end(&j);
    FactIn in = { .kind = STRC("pack"), .body = buf_str(&b) };
    bool ok = jw_close(&j) ? fact_append(tx, &in, NULL, e)
                           : err_fail(e, ERR_TOO_BIG, err_hole("what", p->name),
                                      err_hole("max", JSON_BYTES_MAX));
    buf_close(&b);
    return ok;
}

/* The text of every pack in use stands in the log, so that a verifier can judge by it. */
static bool packs_record(Tx *tx, void *arg, Err *e)
{
    Work *w = arg;
    Arena *a = tx_arena(tx);
    FactList known;
    if (!fact_list(&known, a, tx, &(FactFilter){ .kind = STRC("pack") }, e))
        return false;
    const Pack *p;
    for (size_t i = 0; (p = pack_at(w->rules, i)) != NULL; i++) {
        bool there = false;
        for (size_t k = 0; k < known.n && !there; k++)
            there = str_eq(fact_str(a, &known.items[k], "hash"), p->hash_hex);
        if (!there && !pack_file(tx, p, e))
            return err_note(e, "recording pack %.*s", STR(p->name));
    }
    return true;
}

static bool papers_open(Work *w, const WorkConfig *c, Err *e)
{
    const char *scratch = arena_z(w->program, arena_text(w->program, "%s/scratch", c->dir));
    PrintSetup setup = { .program = c->exe, .fonts = c->fonts, .scratch = scratch };
    return (scratch || err_fail(e, ERR_NO_MEMORY, err_hole("what", "打开数据"))) &&
           sys_dir_make(c->sys, scratch, e) && print_open(&w->print, &setup, e);
}

static bool open_all(Work *w, const WorkConfig *c, Err *e)
{
    const char *db = arena_z(w->program, arena_text(w->program, "%s/shuping.db", c->dir));
    if (!db)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "打开数据"));
    if (c->make && !sys_dir_make(c->sys, c->dir, e))
        return false;
    if (!c->make && !sys_exists(c->sys, db))
        return err_fail(e, ERR_NO_INSTALLATION, err_hole("dir", c->dir));
    if (c->make && sys_exists(c->sys, db))
        return err_fail(e, ERR_INSTALLED, err_hole("dir", c->dir));
    w->store = store_open(c->sys, db, e);
    return w->store && text_open(&w->text, 0, e) &&
           (w->initials = work_initials_open(e)) &&
           ((w->alike = work_alike_open()) != NULL ||
            err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职报告"))) &&
           ((w->names = work_names_open()) != NULL ||
            err_fail(e, ERR_NO_MEMORY, err_hole("what", "名称"))) &&
           ((w->urns = work_urns_open()) != NULL ||
            err_fail(e, ERR_NO_MEMORY, err_hole("what", "电子票箱"))) &&
           rules_open(w, c, e) && (w->board = work_board_open(w->rules, e)) &&
           facts_open(w, e) &&
           auth_open(&w->auth, w->store, e) && papers_open(w, c, e) &&
           store_write(w->store, packs_record, w, e);
}

bool work_open(Work **out, const WorkConfig *c, Err *e)
{
    Work *w = calloc(1, sizeof *w);
    if (!w || !(w->program = arena_open(64 << 20))) {
        free(w);
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "打开数据"));
    }
    w->sys = c->sys;
    w->dir = arena_z(w->program, str_of(c->dir));
    if (!open_all(w, c, e)) {
        work_close(w);
        return err_note(e, "opening %s", c->dir);
    }
    *out = w;
    return true;
}

void work_close(Work *w)
{
    if (!w)
        return;
    work_urns_close(w->urns);
    print_close(w->print);
    auth_close(w->auth);
    fact_close(w->facts);
    store_close(w->store);
    work_board_close(w->board);
    work_alike_close(w->alike);
    work_names_close(w->names);
    work_initials_close(w->initials);
    text_close(w->text);
    arena_close(w->program);
    free(w);
}

/* --- who ------------------------------------------------------------------------------------ */

bool who_has(const Who *who, uint32_t roles)
{
    for (size_t i = 0; i < who->n_grants; i++)
        if (ROLE_BIT(who->grants[i].role) & roles)
            return true;
    return false;
}

typedef struct WhoJob {
    Who *out;
    Str login;
    int64_t account;
    Day today;
} WhoJob;

static void grants_take(Who *who, Arena *a, const FactList *list, Day today)
{
    for (size_t i = 0; i < list->n && who->n_grants < WHO_GRANTS_MAX; i++) {
        const Fact *f = &list->items[i];
        Role role;
        if (!role_read(&role, fact_str(a, f, "role")) || !call_holds(f, today))
            continue;
        who->grants[who->n_grants++] =
            (WhoGrant){ role, fact_int(f, "org"), fact_int(f, "cycle") };
    }
}

static bool who_job(Tx *tx, void *arg, Err *e)
{
    WhoJob *j = arg;
    Arena *a = tx_arena(tx);
    char digits[STR_DIGITS];
    Fact f;
    FactList grants;
    if (j->login.n) {
        FactFilter by = { .kind = STRC("account"), .field = STRC("login"), .value = j->login };
        if (!fact_first(&f, a, tx, &by, e))
            return false;
        j->account = f.id ? f.subject : 0;
    }
    if (j->account == 0)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "账号"));
    if (!fact_current(&f, a, tx, STRC("account"), j->account, e))
        return false;
    if (fact_bool(&f, "closed"))
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "账号"));
    FactFilter of = { .kind = STRC("grant"), .field = STRC("account"),
                      .value = str_digits(digits, j->account) };
    if (!fact_list(&grants, a, tx, &of, e))
        return false;
    *j->out = (Who){ .account = j->account, .person = fact_int(&f, "person") };
    grants_take(j->out, a, &grants, j->today);
    return true;
}

bool who_read(Who *out, Work *w, int64_t account, Err *e)
{
    WhoJob j = { .out = out, .account = account, .today = moment_day(sys_now(w->sys)) };
    return store_read(w->store, who_job, &j, e);
}

bool who_named(Who *out, Work *w, Str login, Err *e)
{
    WhoJob j = { .out = out, .login = login, .today = moment_day(sys_now(w->sys)) };
    return store_read(w->store, who_job, &j, e);
}

/* --- doing ---------------------------------------------------------------------------------- */

typedef struct Doing {
    Call *c;
    const void *in;
    Jw *out;
    CallJob job;
    void *arg;
    bool kept;         /* what it does is stored when it succeeds */
} Doing;

static bool allowed(const UseCase *u, const Who *who, Err *e)
{
    if (u->roles & WORK_ANYBODY)
        return true;
    if (who->token && (u->token == WORK_TOKEN_NO ||
                       (u->token == WORK_TOKEN_FILES && !who->token_files)))
        return err_fail(e, ERR_TOKEN_CASE, err_hole("what", u->title));
    if (who->account == 0 && !who->console)
        return err_fail(e, ERR_LOGIN_NEEDED);
    if (who->console || (u->roles & WORK_LOGGED_IN) || who_has(who, u->roles))
        return true;
    return err_fail(e, ERR_FORBIDDEN, err_hole("what", u->title));
}

/* A function that never asked whom it may serve has a hole: nothing it did is kept. */
static bool scoped(const Call *c, Err *e)
{
    return c->asked || err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
}

static bool in_tx(Tx *tx, void *arg, Err *e)
{
    Doing *d = arg;
    size_t mark = d->c->reply->json.n;
    d->c->tx = tx;
    bool ok = (d->job ? d->job(d->c, d->arg, e) : d->c->u->run(d->c, d->in, d->out, e)) &&
              (!d->kept || scoped(d->c, e));
    d->c->tx = NULL;
    if (!ok)
        d->c->reply->json.n = mark;
    return ok;
}

bool call_read(Call *c, CallJob job, void *arg, Err *e)
{
    Doing d = { .c = c, .job = job, .arg = arg };
    return store_read(c->w->store, in_tx, &d, e);
}

bool call_write(Call *c, CallJob job, void *arg, Err *e)
{
    Doing d = { .c = c, .job = job, .arg = arg, .kept = true };
    return store_write(c->w->store, in_tx, &d, e);
}

static bool run(Call *c, const void *in, Jw *out, Err *e)
{
    Doing d = { .c = c, .in = in, .out = out, .kept = true };
    switch (c->u->mode) {
    case WORK_READ:
        return c->tx ? in_tx(c->tx, &d, e) : store_read(c->w->store, in_tx, &d, e);
    case WORK_WRITE:
        return store_write(c->w->store, in_tx, &d, e);
    case WORK_OUTSIDE:
        return c->u->run(c, in, out, e) && scoped(c, e);
    }
    return false;
}

static bool input(void **in, Call *c, Err *e)
{
    const Shape *shape = c->u->in;
    const json_t *given = c->given->json;
    json_t *empty = given ? NULL : json_object();
    *in = arena_alloc(c->a, shape->size);
    bool ok = *in ? shape_read(c->a, *in, shape, given ? given : empty, e)
                  : err_fail(e, ERR_NO_MEMORY, err_hole("what", c->u->title));
    jv_close(empty);
    return ok || err_note(e, "input of %s", c->u->name);
}

static bool carry_out(Call *c, Err *e)
{
    void *in = NULL;
    bool object = c->u->out || !c->u->file;
    if (!allowed(c->u, c->who, e) || (c->u->in && !input(&in, c, e)))
        return false;
    Jw out = jw_open(&c->reply->json);
    if (object)
        jw_obj(&out);
    if (!run(c, in, &out, e))
        return err_note(e, "doing %s", c->u->name);
    if (object)
        jw_end(&out);
    return !object || jw_close(&out) ||
           err_fail(e, ERR_TOO_BIG, err_hole("what", c->u->title),
                    err_hole("max", WORK_REPLY_MAX));
}

static Call call_open(WorkReply *reply, Work *w, const Who *who, const UseCase *u,
                      const WorkInput *given, Arena *a)
{
    Moment now = sys_now(w->sys);
    return (Call){ .w = w, .who = who, .u = u, .given = given, .reply = reply, .a = a,
                   .now = now, .today = moment_day(now) };
}

static bool recorded(Call *c, bool ok, Err *e)
{
    Err unrecorded = { 0 };
    if (work_audit_put(c, ok ? ERR_NONE : e->code, &unrecorded) || !ok)
        return ok;
    *e = unrecorded; /* what cannot be recorded is not granted */
    return false;
}

bool work_do(WorkReply *reply, Work *w, const Who *who, const UseCase *u, const WorkInput *given,
             Arena *a, Err *e)
{
    Call c = call_open(reply, w, who, u, given, a);
    return recorded(&c, carry_out(&c, e), e);
}

/* --- a request of a session ----------------------------------------------------------------- */

typedef struct Visiting {
    const WorkVisit *v;
    Who who;
    Call c;
    bool touch;
} Visiting;

/* A machine is its account, cut down to what its token names. */
static bool enter_machine(Visiting *g, Tx *tx, Err *e)
{
    Fact token;
    WhoJob j = { .out = &g->who, .today = g->c.today };
    g->c.tx = tx;
    bool ok = work_token_find(&token, &g->c, g->c.given->bearer, e);
    j.account = ok ? fact_int(&token, "account") : 0;
    ok = ok && (who_job(tx, &j, e) || err_fail(e, ERR_TOKEN_BAD)) &&
         work_token_cut(&g->who, &g->c, &token, e);
    g->c.tx = NULL;
    g->who.lang = g->v->lang;
    return ok;
}

/* Leaves `who` as nobody when the session is over or its account was closed meanwhile. */
static bool enter(Visiting *g, Tx *tx, Err *e)
{
    AuthSession s;
    Err quiet = { 0 };
    WhoJob j = { .out = &g->who, .today = g->c.today };
    Str token = g->c.given->session;
    if (g->c.given->bearer.n)
        return enter_machine(g, tx, e);
    if (token.n == 0 || !auth_session_in(&s, &g->touch, g->c.w->auth, tx, token, &quiet))
        return true;
    j.account = s.account;
    if (!who_job(tx, &j, &quiet))
        return true;
    g->who.lang = g->v->lang;
    g->who.behalf = g->v->behalf;
    return true;
}

static bool read_job(Tx *tx, void *arg, Err *e)
{
    Visiting *g = arg;
    if (!enter(g, tx, e))
        return false;
    g->c.tx = tx;
    return carry_out(&g->c, e);
}

static bool enter_job(Tx *tx, void *arg, Err *e)
{
    return enter(arg, tx, e);
}

bool work_visit(WorkReply *reply, Work *w, const WorkVisit *v, const UseCase *u,
                const WorkInput *given, Arena *a, Err *e)
{
    Visiting g = { .v = v, .who = { .lang = v->lang } };
    bool ok;
    g.c = call_open(reply, w, &g.who, u, given, a);
    if (u->mode == WORK_READ)
        ok = store_read(w->store, read_job, &g, e);
    else
        ok = store_read(w->store, enter_job, &g, e) && carry_out(&g.c, e);
    if (g.touch && !u->audit)
        auth_session_touch(w->auth, given->session);
    return recorded(&g.c, ok, e);
}

Str work_say(const Work *w, Arena *a, const Err *why, Lang lang)
{
    char out[2000];
    Str hans = { out, err_print(why, lang, out, sizeof out) }, hant;
    Err e = { 0 };
    if (lang == LANG_HANT && text_to_hant(&hant, a, w->text, hans, &e))
        return hant;
    return arena_str(a, hans);
}

void work_matrix(Buf *out)
{
    buf_put(out, STRC("| 用例 |"));
    for (Role r = 0; r < ROLE_COUNT; r++)
        buf_fmt(out, " %s |", role_name(r));
    buf_put(out, STRC("\n|-|"));
    for (Role r = 0; r < ROLE_COUNT; r++)
        buf_put(out, STRC("-|"));
    for (size_t i = 0; cases[i]; i++) {
        const UseCase *u = cases[i];
        buf_fmt(out, "\n| `%s` %s |", u->name, u->title);
        for (Role r = 0; r < ROLE_COUNT; r++) {
            bool may = (u->roles & WORK_ANYBODY) || (u->roles & ROLE_BIT(r)) ||
                       ((u->roles & WORK_LOGGED_IN) && r != ROLE_PUBLIC);
            buf_fmt(out, " %s |", may ? "✓" : "");
        }
    }
    buf_putc(out, '\n');
}

/* --- what a call may ask of its Work -------------------------------------------------------- */

const Rulebook *call_rules(Call *c)
{
    return c->w->rules;
}

Board *call_board(Call *c)
{
    return c->w->board;
}

Names *call_names(Call *c)
{
    return c->w->names;
}

Urns *call_urns(Call *c)
{
    return c->w->urns;
}

Alike *call_alike(Call *c)
{
    return c->w->alike;
}

const Print *call_print(Call *c)
{
    return c->w->print;
}

Text *call_text(Call *c)
{
    return c->w->text;
}

bool call_pinyin(const Pinyin **out, Call *c, Err *e)
{
    return work_initials_tables(out, c->w->initials, e);
}
