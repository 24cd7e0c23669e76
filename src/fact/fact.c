#include "fact/parts.h"

#include <stdlib.h>
#include <string.h>

bool fact_no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "fact"));
}

/* --- setting up ------------------------------------------------------------ */
static void put_words(Buf *b, const Str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_fmt(b, "%.*s ", STR(words[i]));
    buf_putc(b, '\n');
}

/* What the views depend on, as text, so that a change of it can be noticed. */
static bool setup_hash(Hash *out, const FactSetup *setup)
{
    Buf b = buf_open(16 << 20);
    buf_fmt(&b, "views %d\n", FACT_VIEWS);
    if (setup->tokens)
        setup->tokens(setup->tokens_arg, &b, STRC("基层党建v2述职"), false);
    for (size_t i = 0; i < setup->n_kinds; i++) {
        const FactKind *k = &setup->kinds[i];
        buf_fmt(&b, "\n%.*s\n", STR(k->name));
        put_words(&b, k->index, k->n_index);
        put_words(&b, k->search, k->n_search);
    }
    bool ok = !b.failed;
    *out = hash_of(buf_str(&b));
    buf_close(&b);
    return ok;
}

/* 53 bits of a hash of kind and name. Fields of two kinds may share a number: list_field asks for
 * the kind as well. Within a kind there are at most eight. */
static int64_t field_number(Str kind, Str name)
{
    return (int64_t)((str_hash(kind) * 31 + str_hash(name)) >> 11);
}

static bool kind_copy(Facts *f, FactKindOf *of, const FactKind *k)
{
    of->k = *k;
    of->k.name = arena_str(f->room, k->name);
    for (size_t j = 0; j < k->n_index; j++) {
        of->k.index[j] = arena_str(f->room, k->index[j]);
        of->field[j] = field_number(k->name, k->index[j]);
    }
    for (size_t j = 0; j < k->n_search; j++)
        of->k.search[j] = arena_str(f->room, k->search[j]);
    return map_put(&f->kinds, of->k.name, of);
}

static bool kinds_copy(Facts *f, const FactSetup *setup)
{
    for (size_t i = 0; i < setup->n_kinds; i++) {
        FactKindOf *of = ARENA_NEW(f->room, FactKindOf);
        if (!of || !kind_copy(f, of, &setup->kinds[i]))
            return false;
    }
    return !arena_refused(f->room);
}

const FactKindOf *fact_kind(const Facts *facts, Str kind)
{
    static const FactKindOf none = { .k = { .n_index = 0 } };
    const FactKindOf *of = map_get(&facts->kinds, kind);
    return of ? of : &none;
}

static bool views_job(Tx *tx, void *arg, Err *e)
{
    Facts *f = arg;
    Rows *r;
    Str want = hash_hex(f->room, f->setup);
    if (!store_rows(&r, tx, "setting_get", BIND(bind_text(STRC("fact_views"))), e))
        return false;
    bool same = rows_next(r) && str_eq(rows_text(r, 0), want);
    if (!rows_close(r, e))
        return false;
    return same || (fact_rebuild(tx, e)
                    && store_run(tx, "setting_put",
                                 BIND(bind_text(STRC("fact_views")), bind_text(want)), e));
}

Facts *fact_open(Store *store, const FactSetup *setup, Err *e)
{
    Facts *f = calloc(1, sizeof *f);
    Arena *room = arena_open(16 << 20);
    if (!f || !room) {
        free(f);
        arena_close(room);
        fact_no_memory(e);
        return NULL;
    }
    *f = (Facts){ .store = store, .region = setup->region ? setup->region : 1, .room = room,
        .kinds = map_open(room), .tokens = setup->tokens, .tokens_arg = setup->tokens_arg };
    store_hang(store, f);
    bool made = (kinds_copy(f, setup) && setup_hash(&f->setup, setup)) || fact_no_memory(e);
    if (made && store_write(store, views_job, f, e))
        return f;
    fact_close(f);
    return NULL;
}

void fact_close(Facts *f)
{
    if (!f)
        return;
    store_hang(f->store, NULL);
    arena_close(f->room);
    free(f);
}

/* --- the job --------------------------------------------------------------- */
static void job_drop(void *local)
{
    FactJob *job = local;
    leaf_close(job->run);
    fact_leaves_drop(job);
    buf_close(&job->body);
    buf_close(&job->tokens);
    arena_close(job->waiting_room);
    explicit_bzero(job->pool, sizeof job->pool); /* secrets of facts not yet made */
    free(job);
}

static bool job_flush(Tx *tx, void *local, Err *e)
{
    FactJob *job = local;
    return (!job->orgs_changed || fact_tree_renumber(tx, job, e))
        && fact_waiting_write(tx, job, e) && fact_log_flush(tx, job, e);
}

FactJob *fact_job(Tx *tx, Err *e)
{
    FactJob *job = tx_local(tx);
    if (job)
        return job;
    job = calloc(1, sizeof *job);
    LeafRun *run = leaf_open();
    if (!job || !run) {
        free(job);
        leaf_close(run);
        fact_no_memory(e);
        return NULL;
    }
    job->facts = tx_owner(tx);
    job->run = run;
    job->body = buf_open(LEAF_BODY_MAX);
    job->tokens = buf_open(FACT_TOKENS_MAX);
    for (int i = 0; i < TLOG_LEVELS; i++)
        job->tiles[i].n = -1;
    tx_set_local(tx, job, job_flush, job_drop);
    return job;
}

/* --- appending ------------------------------------------------------------- */
/* Random bytes are drawn in one piece for many facts: asking the system costs more than hashing. */
static Hash secret_next(Tx *tx, FactJob *job)
{
    Hash secret;
    if (job->pool_left == 0) {
        sys_random(tx_sys(tx), job->pool, sizeof job->pool);
        job->pool_left = sizeof job->pool;
    }
    job->pool_left -= sizeof secret.b;
    memcpy(secret.b, job->pool + job->pool_left, sizeof secret.b);
    return secret;
}

static bool body_canon(FactJob *job, Str *body, const json_t *json, Err *e)
{
    json_t *read = NULL;
    if (!json && !jv_read(&read, *body, "body", e))
        return false;
    buf_reset(&job->body);
    bool ok = jv_canon(&job->body, json ? json : read, e);
    jv_close(read);
    *body = buf_str(&job->body);
    return ok;
}

/* The fields of the body; one that is not canonical yet is made so first. */
static bool split(LeafField *fields, size_t *n, FactJob *job, Fact *f, const FactIn *in, Err *e)
{
    if (!leaf_name_ok(f->kind))
        return err_fail(e, ERR_LEAF_BODY, err_hole("at", 0), err_hole("why", "kind"));
    if (in->body.n == 0 && !in->json)
        return err_fail(e, ERR_LEAF_BODY, err_hole("at", 1), err_hole("why", "empty"));
    if (in->body.n > LEAF_BODY_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", f->kind),
                        err_hole("max", LEAF_BODY_MAX));
    f->body = in->body;
    if (in->body.n > 0 && leaf_split(fields, n, f->body, e))
        return true;
    return body_canon(job, &f->body, in->body.n ? NULL : in->json, e)
        && leaf_split(fields, n, f->body, e);
}

static bool insert(Tx *tx, const Fact *f, Err *e)
{
    Str secret = hash_bytes(&f->secret);
    return store_run(tx, "fact_insert",
        BIND(bind_int(f->region), bind_int(f->id), bind_int(f->seq), bind_text(f->kind),
             bind_int(f->org), bind_int(f->subject),
             f->occurred_on == DAY_NONE ? bind_null() : bind_int(f->occurred_on),
             bind_int(f->received_at), bind_int(f->who), bind_int(f->behalf),
             bind_int(f->corrects), bind_text(f->body), bind_blob(secret)), e);
}

static bool conflict(Tx *tx, int64_t region, int64_t id, Err *e)
{
    int64_t at;
    if (!store_int(&at, tx, "fact_received_at", BIND(bind_int(region), bind_int(id)), 0, e))
        return false;
    return err_fail(e, ERR_CONFLICT, err_hole("at", moment_print_zh(tx_arena(tx), at)));
}

/* What an addition to an existing thing must agree with. */
static bool agrees(Tx *tx, const Fact *f, const FactIn *in, Err *e)
{
    FactThing t;
    bool found;
    int64_t same = 1;
    if (!fact_thing_get(&t, &found, tx, f->kind, f->subject, e))
        return false;
    if (in->base && (!found || t.fact != in->base))
        return found ? conflict(tx, f->region, t.fact, e)
                     : err_fail(e, ERR_NOT_FOUND, err_hole("what", f->kind));
    if (leaf_is_strike(f) && (!found || !t.live))
        return err_fail(e, ERR_FACT_STRUCK);
    if (in->corrects && !store_int(&same, tx, "fact_same_thing",
            BIND(bind_int(f->region), bind_int(in->corrects), bind_text(f->kind),
                 bind_int(f->subject)), 0, e))
        return false;
    return same || err_fail(e, ERR_FACT_CORRECTS, err_hole("id", in->corrects));
}

static bool in_range(const FactIn *in, Err *e)
{
    const int64_t ids[] = { in->org, in->subject, in->who, in->behalf, in->corrects, in->base };
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (ids[i] < 0 || ids[i] > JSON_INT_MAX)
            return err_fail(e, ERR_FIELD_RANGE, err_hole("field", "id"), err_hole("min", 0),
                            err_hole("max", JSON_INT_MAX));
    Day first = day_make(DAY_YEAR_MIN, 1, 1), last = day_make(DAY_YEAR_MAX, 12, 31);
    if (in->occurred_on != DAY_NONE && (in->occurred_on < first || in->occurred_on > last))
        return err_fail(e, ERR_FIELD_RANGE, err_hole("field", "occurred_on"),
                        err_hole("min", DAY_YEAR_MIN), err_hole("max", DAY_YEAR_MAX));
    return true;
}

/* Ids sort by time and always grow, also when the clock steps back. */
static int64_t id_next(const FactJob *job, Moment now)
{
    int64_t id = (now - FACT_EPOCH) * 4096;
    return id > job->last_id ? id : job->last_id + 1;
}

static void fill(Fact *f, Tx *tx, FactJob *job, const FactIn *in)
{
    Moment now = sys_now(tx_sys(tx));
    int64_t id = id_next(job, now);
    *f = (Fact){ .seq = job->size, .region = job->facts->region, .id = id, .kind = in->kind,
        .org = in->org, .subject = in->subject ? in->subject : id,
        .occurred_on = in->occurred_on && in->occurred_on != DAY_NONE ? in->occurred_on
                                                                     : moment_day(now),
        .received_at = now, .who = in->who, .behalf = in->behalf, .corrects = in->corrects };
    if (str_is(f->kind, "org"))
        f->org = f->subject;
    f->secret = secret_next(tx, job);
}

bool fact_append(Tx *tx, const FactIn *in, int64_t *id, Err *e)
{
    FactJob *job = fact_job(tx, e);
    Fact f;
    LeafField fields[LEAF_FIELDS_MAX];
    size_t n;
    if (!job || !fact_log_open(tx, job, e) || !in_range(in, e))
        return false;
    fill(&f, tx, job, in);
    if (!split(fields, &n, job, &f, in, e))
        return err_note(e, "while filing a \"%.*s\"", STR(f.kind));
    bool is_new = in->subject == 0 && in->base == 0 && in->corrects == 0 && !leaf_is_strike(&f);
    if (!is_new && !agrees(tx, &f, in, e))
        return false;
    if (!insert(tx, &f, e) || !fact_leaf_put(tx, job, &f, fields, n, e)
        || !fact_view_add(tx, job, &f, fields, n, is_new, e))
        return false;
    job->last_id = f.id;
    if (id)
        *id = f.id;
    return true;
}
