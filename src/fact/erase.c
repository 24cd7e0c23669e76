/* Erasing what the law bids erase. The leaf stays: erased fields leave their salted hash, kept
 * ones their own salt, because the secret from which all salts come must go. */
#include "fact/parts.h"

static bool is_asked(const FactErase *in, Str name)
{
    for (size_t i = 0; i < in->n_fields; i++)
        if (str_eq(in->fields[i], name))
            return true;
    return in->n_fields == 0;
}

/* Every field the fact ever had, as a mark; values[i] is its text or NULL when erased before. */
static bool marks_now(LeafMark **marks, const Str ***values, size_t *n, Arena *a, LeafRun *run,
                      const Fact *f, Err *e)
{
    LeafField *fields = ARENA_ARRAY(a, LeafField, LEAF_FIELDS_MAX);
    size_t n_fields, used = 0;
    if (!fields)
        return fact_no_memory(e);
    if (!leaf_split(fields, &n_fields, f->body, e))
        return false;
    *n = f->erased ? f->n_marks : n_fields;
    *marks = ARENA_ARRAY(a, LeafMark, *n);
    *values = ARENA_ARRAY(a, const Str *, *n);
    if (!*marks || !*values)
        return fact_no_memory(e);
    for (size_t i = 0; i < *n; i++) {
        LeafMark *m = &(*marks)[i];
        *m = f->erased ? f->marks[i]
                       : (LeafMark){ .name = fields[i].name, .kept = true,
                                     .salt = leaf_salt(run, f->secret, i) };
        (*values)[i] = m->kept ? &fields[used++].value : NULL;
    }
    return true;
}

static bool all_known(const FactErase *in, const LeafMark *marks, size_t n, Err *e)
{
    for (size_t i = 0; i < in->n_fields; i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known = known || (marks[k].kept && str_eq(marks[k].name, in->fields[i]));
        if (!known)
            return err_fail(e, ERR_FACT_ERASED, err_hole("id", in->fact),
                            err_hole("field", in->fields[i]));
    }
    return true;
}

/* The body of what is kept; marks of what is not turn from salt to hash. */
static Str body_left(Arena *a, LeafRun *run, const FactErase *in, LeafMark *marks,
                     const Str **values, size_t n)
{
    Buf b = buf_open(LEAF_BODY_MAX);
    Jw w = jw_open(&b);
    jw_obj(&w);
    for (size_t i = 0; i < n; i++) {
        if (!marks[i].kept)
            continue;
        if (is_asked(in, marks[i].name)) {
            marks[i].hash = leaf_field_hash(run, marks[i].salt, *values[i]);
            marks[i].kept = false;
        } else {
            jw_key_str(&w, marks[i].name);
            jw_raw(&w, *values[i]);
        }
    }
    jw_end(&w);
    Str left = jw_close(&w) ? arena_str(a, buf_str(&b)) : (Str){ "", 0 };
    buf_close(&b);
    return left;
}

static bool marks_write(Tx *tx, const Fact *f, Err *e)
{
    if (!store_run(tx, "erased_drop", BIND(bind_int(f->region), bind_int(f->id)), e))
        return false;
    for (size_t i = 0; i < f->n_marks; i++) {
        const LeafMark *m = &f->marks[i];
        Str h = m->kept ? (Str){ (const char *)m->salt.b, sizeof m->salt.b }
                        : hash_bytes(&m->hash);
        if (!store_run(tx, "erased_insert",
                       BIND(bind_int(f->region), bind_int(f->id), bind_text(m->name),
                            bind_int(m->kept), bind_blob(h)), e))
            return false;
    }
    return true;
}

static bool fact_left(Fact *out, Arena *a, LeafRun *run, const FactErase *in, const Fact *f,
                      Err *e)
{
    LeafMark *marks = NULL;
    const Str **values = NULL;
    size_t n = 0;
    if (!marks_now(&marks, &values, &n, a, run, f, e) || !all_known(in, marks, n, e))
        return false;
    *out = *f;
    out->erased = true;
    out->body = leaf_is_strike(f) ? f->body : body_left(a, run, in, marks, values, n);
    out->marks = marks;
    out->n_marks = n;
    return out->body.n > 0 || fact_no_memory(e);
}

/* The leaf must come out as it stands in the log, or the erasure is not done. */
static bool same_leaf(Tx *tx, LeafRun *run, const Fact *left, Err *e)
{
    Hash now, logged;
    if (!leaf_hash(&now, run, left, e) || !fact_log_leaf(&logged, tx, left->seq, e))
        return false;
    return hash_eq(now, logged)
        || err_fail(e, ERR_LOG_BROKEN, err_hole("seq", left->seq), err_hole("why", "erasure"));
}

static bool views_change(Tx *tx, FactJob *job, const Fact *f, const Fact *left, Err *e)
{
    FactThing t;
    bool found;
    if (!fact_thing_get(&t, &found, tx, f->kind, f->subject, e))
        return false;
    if (!found || t.fact != f->id || leaf_is_strike(f))
        return true;
    if (str_is(f->kind, "org"))
        job->orgs_changed = true;
    LeafField fields[LEAF_FIELDS_MAX];
    size_t n;
    return fact_view_leave(tx, job, f, t.first, e) && leaf_split(fields, &n, left->body, e)
        && fact_view_enter(tx, job, left, t.first, fields, n, e);
}

/* {"fact":..,"fields":[..],"ground":".."}: what was erased and why, without what it said. */
static bool log_erasure(Tx *tx, const FactErase *in, const Fact *f, const Fact *left, int64_t *id,
                        Err *e)
{
    Buf b = buf_open(LEAF_BODY_MAX);
    Jw w = jw_open(&b);
    jw_obj(&w);
    jw_kint(&w, "fact", f->id);
    jw_key(&w, "fields");
    jw_arr(&w);
    for (size_t i = 0; i < left->n_marks; i++)
        if (is_asked(in, left->marks[i].name))
            jw_str(&w, left->marks[i].name);
    jw_end(&w);
    jw_kstr(&w, "ground", in->ground);
    jw_end(&w);
    FactIn note = { .kind = STRC("erasure"), .org = f->org, .who = in->who };
    bool ok = jw_close(&w) || fact_no_memory(e);
    note.body = buf_str(&b);
    ok = ok && fact_append(tx, &note, id, e);
    buf_close(&b);
    return ok;
}

bool fact_erase(Tx *tx, const FactErase *in, int64_t *id, Err *e)
{
    Fact f, left;
    FactJob *job = fact_job(tx, e);
    Arena *a = tx_arena(tx);
    if (!job || !fact_log_open(tx, job, e))
        return false;
    if (str_trim(in->ground).n == 0)
        return err_fail(e, ERR_FACT_GROUND);
    return fact_get(&f, a, tx, in->fact, e)
        && fact_left(&left, a, job->run, in, &f, e)
        && same_leaf(tx, job->run, &left, e)
        && views_change(tx, job, &f, &left, e)
        && store_run(tx, "fact_erase_body", BIND(bind_text(left.body), bind_int(f.region),
                                                 bind_int(f.id)), e)
        && marks_write(tx, &left, e)
        && log_erasure(tx, in, &f, &left, id, e);
}

/* Search segments keep deleted words until they are merged; only then can VACUUM drop them. */
static bool optimize(Tx *tx, void *arg, Err *e)
{
    (void)arg;
    return store_run(tx, "search_optimize_fts", BIND_NONE, e);
}

bool fact_purge(Store *store, Err *e)
{
    return store_write(store, optimize, NULL, e) && store_compact(store, e);
}
