#include "ballot/thesis.h"
#include "ballot/record.h"

#include <stdio.h>
#include <string.h>

enum { SCRATCH = 512 << 20 };
static const char hints_magic[8] = "SPHINT1";

typedef struct Audit {
    Bel b;
    Arena *a;
    const BelCheck *check;
    Err *e;
    RecordRun run;
    RecordStep tally, result;
    RecordStep *shares;
    size_t cap_ballots, cap_shares, n_shares;
    bool has_result;
    Str hints;                     /* of all ballots, or empty */
} Audit;

static bool no_memory(Audit *au)
{
    return err_fail(au->e, ERR_NO_MEMORY, err_hole("what", "存档"));
}

/* The fault's place, with the ballot's number before it. */
static bool at_ballot(Err *e, const Err *fault, size_t i)
{
    char where[ERR_HOLE_MAX], where_en[ERR_HOLE_MAX];
    char at[24];
    Str deep = err_get(fault, "where"), deep_en = err_get(fault, "where_en");
    Str byte = err_get(fault, "at");
    snprintf(where, sizeof where, "第%zu张票%.*s", i + 1, STR(deep));
    snprintf(where_en, sizeof where_en, "ballot %zu%s%.*s", i + 1, deep_en.n ? ", " : "",
             STR(deep_en));
    snprintf(at, sizeof at, "%.*s", STR(byte));
    ErrCode code = fault->code;
    return err_fail(e, code, err_hole("where", where), err_hole("where_en", where_en),
                    err_hole("at", at));
}

static bool fail_ballot(Err *e, ErrCode code, size_t i)
{
    Err bare = { .code = code };
    return at_ballot(e, &bare, i);
}

/* --- structure -------------------------------------------------------------------------------- */

typedef struct Move { BelStage from; RecordKind kind; BelStage to; } Move;

static const Move moves[] = {
    { BEL_VOTING,  RECORD_BALLOT, BEL_VOTING  },
    { BEL_VOTING,  RECORD_END,    BEL_CLOSED  },
    { BEL_CLOSED,  RECORD_TALLY,  BEL_TALLIED },
    { BEL_TALLIED, RECORD_SHARE,  BEL_TALLIED },
    { BEL_TALLIED, RECORD_RESULT, BEL_DONE    },
};

static bool keep(Audit *au, const RecordStep *step)
{
    Bel *b = &au->b;
    switch (step->kind) {
    case RECORD_BALLOT:
        if (!ARENA_PUSH(au->a, b->ballots, b->n_ballots, au->cap_ballots))
            return no_memory(au);
        b->ballots[b->n_ballots++] = (BelBallot){ .text = step->body, .hash = step->hash };
        return true;
    case RECORD_TALLY:
        au->tally = *step;
        b->closed = hash_of(str_sub(b->bytes, 0, au->run.at));
        return true;
    case RECORD_SHARE:
        if (!ARENA_PUSH(au->a, au->shares, au->n_shares, au->cap_shares))
            return no_memory(au);
        au->shares[au->n_shares++] = *step;
        return true;
    case RECORD_RESULT:
        au->result = *step;
        au->has_result = true;
        return true;
    default:
        b->closed = hash_of(str_sub(b->bytes, 0, au->run.at));
        return true;
    }
}

static bool move(Audit *au, const RecordStep *step)
{
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].from == au->b.stage && moves[i].kind == step->kind) {
            au->b.stage = moves[i].to;
            return keep(au, step);
        }
    return record_fail(step, ERR_BEL_CHAIN, au->e);
}

static bool read_structure(Audit *au)
{
    if (!record_open(&au->run, au->b.bytes, au->e))
        return false;
    while (au->run.at < au->run.bytes.n) {
        RecordStep step;
        if (!record_next(&step, &au->run, au->e) || !move(au, &step))
            return false;
    }
    au->b.timestamp = au->run.timestamp;
    au->b.height = au->run.height - 1;
    au->b.head = au->run.parent;
    return true;
}

/* --- setup and ballots ------------------------------------------------------------------------ */

static bool read_setup(Audit *au)
{
    Bel *b = &au->b;
    if (!election_read(&b->election, au->a, au->run.election, au->e) ||
        !election_holds(&b->election, au->run.trustees, au->run.creds, au->e) ||
        !trustees_read(&b->trustees, au->a, au->run.trustees, au->e) ||
        !creds_read(&b->creds, au->a, au->run.creds, au->e))
        return false;
    return point_eq(b->trustees.key, b->election.key) ||
           err_fail(au->e, ERR_BEL_PROOF, err_hole("where", "选举公钥（应为各持钥人公钥之积）"),
                    err_hole("where_en", "the election's key (the product of the trustees')"));
}

/* Which ballot of a credential is its last; whose credential is not listed; what stands twice. */
static bool sort_ballots(Audit *au)
{
    Bel *b = &au->b;
    Map seen = map_open(au->a);
    size_t *last = ARENA_ARRAY(au->a, size_t, b->creds.n), at;
    if (!last)
        return no_memory(au);
    for (size_t i = 0; i < b->n_ballots; i++) {
        Str name = hash_bytes(&b->ballots[i].hash);
        if (map_get(&seen, name))
            return fail_ballot(au->e, ERR_BEL_TWICE, i);
        if (!map_put(&seen, name, b))
            return no_memory(au);
        if (!creds_find(&at, &b->creds, vote_credential(&b->election, b->ballots[i].text)))
            return fail_ballot(au->e, ERR_BEL_CREDENTIAL, i);
        if (last[at])
            b->ballots[last[at] - 1].counts = false;
        else
            b->n_counted++;
        b->ballots[i].counts = true;
        last[at] = i + 1;
    }
    return true;
}

static bool verify_some(Audit *au, Arena *scratch, size_t from, size_t n,
                        const VoteTables *tables, CurvePoint *sum)
{
    Bel *b = &au->b;
    size_t each = vote_hints_size(&b->election), bad;
    Vote *votes = ARENA_ARRAY(scratch, Vote, n);
    BatchItem *items = ARENA_ARRAY(scratch, BatchItem, n);
    Err fault = { 0 };
    if (!votes || !items)
        return no_memory(au);
    for (size_t i = 0; i < n; i++) {
        if (!vote_read(&votes[i], scratch, &b->election, b->ballots[from + i].text, &fault))
            return fault.code == ERR_NO_MEMORY ? no_memory(au) : at_ballot(au->e, &fault, from + i);
        items[i] = (BatchItem){ .vote = &votes[i], .counts = b->ballots[from + i].counts,
                                .hints = str_sub(au->hints, each * (from + i), each) };
    }
    if (!batch_verify(items, n, &b->election, tables, au->check->seed, sum, &bad, &fault, au->e))
        return false;
    return bad == n || at_ballot(au->e, &fault, from + bad);
}

static bool verify_ballots(Audit *au, const VoteTables *tables, CurvePoint *sum)
{
    size_t n = au->b.n_ballots;
    Arena *scratch = arena_open(SCRATCH);
    bool ok = scratch || no_memory(au);
    for (size_t from = 0; ok && from < n; from += BATCH_MAX) {
        arena_reset(scratch);
        ok = verify_some(au, scratch, from, n - from < BATCH_MAX ? n - from : BATCH_MAX, tables,
                         sum);
    }
    arena_close(scratch);
    return ok;
}

static void take_hints(Audit *au)
{
    Str h = au->check->hints;
    size_t want = BEL_HINTS_HEAD + au->b.n_ballots * vote_hints_size(&au->b.election);
    if (h.n == want && memcmp(h.p, hints_magic, sizeof hints_magic) == 0 &&
        memcmp(h.p + sizeof hints_magic, au->b.closed.b, sizeof au->b.closed.b) == 0)
        au->hints = str_sub(h, BEL_HINTS_HEAD, h.n);
}

/* --- tally, shares, result -------------------------------------------------------------------- */

static bool check_tally(Audit *au, const CurvePoint *sum)
{
    Bel *b = &au->b;
    if (b->stage < BEL_TALLIED || b->n_ballots == 0)
        return true;
    if (!tally_of(&b->tally, au->a, &b->election, sum, au->e))
        return false;
    Buf want = buf_open(1 << 22);
    bool ok = tally_write(&want, &b->election, &b->tally, au->e) &&
              (str_eq(buf_str(&want), au->tally.body) ||
               err_fail(au->e, ERR_BEL_TALLY, err_hole("where", "加密合计"),
                        err_hole("where_en", "the encrypted tally")));
    buf_close(&want);
    b->tally_hash = au->tally.hash;
    int64_t counted = (int64_t)b->n_counted;
    int64_t said = au->tally.number != counted ? au->tally.number : au->tally.weight;
    return ok && (said == counted || err_fail(au->e, ERR_BEL_COUNTED, err_hole("said", said),
                                              err_hole("found", counted)));
}

static bool check_shares(Audit *au)
{
    Bel *b = &au->b;
    b->shares = ARENA_ARRAY(au->a, TallyShare, au->n_shares);
    if (!b->shares)
        return no_memory(au);
    for (size_t i = 0; i < au->n_shares; i++) {
        for (size_t k = 0; k < i; k++)
            if (au->shares[k].number == au->shares[i].number)
                return record_fail(&au->shares[i], ERR_BEL_TWICE, au->e);
        if (!tally_share_read(&b->shares[i], au->a, &b->election, &b->tally, &b->trustees,
                              au->shares[i].number, au->shares[i].body, au->e))
            return false;
        b->n_shares++;
    }
    return true;
}

static bool fail_result(Audit *au, size_t cell)
{
    const Election *el = &au->b.election;
    size_t i = 0;
    while (cell >= election_choices(&el->questions[i]))
        cell -= election_choices(&el->questions[i++]);
    Thesis c = { .kind = THESIS_CHOICE, .question = i, .choice = cell };
    return thesis_fail(au->e, ERR_BEL_RESULT, &c);
}

static bool check_result(Audit *au)
{
    Bel *b = &au->b;
    size_t n = election_cells(&b->election);
    Point *powers = ARENA_ARRAY(au->a, Point, n);
    if (!au->has_result)
        return true;
    if (!powers)
        return no_memory(au);
    if (!tally_combine(powers, &b->election, &b->tally, &b->trustees, b->shares, b->n_shares,
                       au->e) ||
        !tally_result_read(&b->counts, au->a, &b->election, au->result.body, au->e))
        return false;
    for (size_t k = 0; k < n; k++)
        if (b->counts[k] > (int64_t)b->n_counted ||
            !point_eq(point_base(scalar_int((uint64_t)b->counts[k])), powers[k]))
            return fail_result(au, k);
    return true;
}

static bool check_floor(Audit *au)
{
    const Bel *b = &au->b;
    return b->n_shares == 0 || (int64_t)b->n_counted >= b->election.floor ||
           err_fail(au->e, ERR_BEL_FLOOR, err_hole("n", b->n_counted),
                    err_hole("floor", b->election.floor));
}

static bool finish_empty(Audit *au)
{
    Bel *b = &au->b;
    if (b->n_ballots > 0 || b->stage < BEL_CLOSED)
        return true;
    if (b->stage > BEL_CLOSED)
        return record_fail(&au->tally, ERR_BEL_CHAIN, au->e);
    b->stage = BEL_DONE;
    b->counts = ARENA_ARRAY(au->a, int64_t, election_cells(&b->election));
    return b->counts || no_memory(au);
}

static bool audit(Audit *au)
{
    if (!read_structure(au) || !read_setup(au) || !sort_ballots(au) || !finish_empty(au))
        return false;
    size_t cells = 2 * election_cells(&au->b.election);
    VoteTables *tables = ARENA_NEW(au->a, VoteTables);
    CurvePoint *sum = ARENA_ARRAY(au->a, CurvePoint, cells);
    if (!tables || !sum || !vote_tables(tables, &au->b.election))
        return no_memory(au);
    for (size_t i = 0; i < cells; i++)
        sum[i] = curve_identity();
    take_hints(au);
    return verify_ballots(au, tables, sum) && check_tally(au, sum) && check_shares(au) &&
           check_floor(au) && check_result(au);
}

bool bel_verify(Bel *out, Arena *a, Str bytes, const BelCheck *check, Err *e)
{
    Audit au = { .b.bytes = bytes, .a = a, .check = check, .e = e };
    if (!audit(&au))
        return false;
    *out = au.b;
    return true;
}

/* --- what follows a verified archive ---------------------------------------------------------- */

bool bel_count(Buf *out, const Bel *bel, Err *e)
{
    size_t n = election_cells(&bel->election);
    Arena *a = arena_open(n * (sizeof(Point) + sizeof(int64_t)) + (1 << 18));
    Point *powers = a ? ARENA_ARRAY(a, Point, n) : NULL;
    int64_t *counts = a ? ARENA_ARRAY(a, int64_t, n) : NULL;
    bool ok = (powers && counts) || err_fail(e, ERR_NO_MEMORY, err_hole("what", "结果"));
    ok = ok && (bel->stage >= BEL_TALLIED || bel_unfinished(bel, e)) &&
         tally_combine(powers, &bel->election, &bel->tally, &bel->trustees, bel->shares,
                       bel->n_shares, e) &&
         tally_counts(counts, &bel->election, powers, (int64_t)bel->n_counted, e) &&
         tally_result_write(out, &bel->election, counts, e);
    arena_close(a);
    return ok;
}

BelWriter bel_resume(const Bel *bel, Buf *out)
{
    return (BelWriter){ .out = out, .timestamp = bel->timestamp, .height = bel->height + 1,
                        .parent = bel->head };
}

void bel_hints_open(Buf *out, Hash closed)
{
    buf_put(out, (Str){ hints_magic, sizeof hints_magic });
    buf_put(out, hash_bytes(&closed));
}

bool bel_hints_write(Buf *out, const Bel *bel, Err *e)
{
    VoteTables tables;
    Arena *a = arena_open(SCRATCH);
    bool ok = a && vote_tables(&tables, &bel->election);
    if (!ok)
        err_fail(e, ERR_NO_MEMORY, err_hole("what", "存档"));
    bel_hints_open(out, bel->closed);
    for (size_t i = 0; ok && i < bel->n_ballots; i++) {
        Vote v;
        arena_reset(a);
        ok = vote_read(&v, a, &bel->election, bel->ballots[i].text, e) &&
             vote_verify(out, &v, &bel->election, &tables, e);
    }
    arena_close(a);
    return ok && (!out->failed || err_fail(e, ERR_NO_MEMORY, err_hole("what", "存档")));
}

bool bel_unfinished(const Bel *bel, Err *e)
{
    static const char *const names[][2] = { { "还在投票", "voting" }, { "已封箱", "closed" },
                                            { "已合计", "tallied" }, { "已有结果", "done" } };
    return err_fail(e, ERR_BEL_UNFINISHED, err_hole("stage", names[bel->stage][0]),
                    err_hole("stage_en", names[bel->stage][1]));
}

bool bel_give(Buf *share, Hash *tally, Bel *bel, Arena *a, Str bytes, const BelGive *give,
              Coin *coin, Err *e)
{
    Bel b;
    if (!bel_verify(&b, a, bytes, give->check, e))
        return false;
    if (b.stage < BEL_TALLIED || b.n_counted == 0)
        return bel_unfinished(&b, e);
    if ((int64_t)b.n_counted < b.election.floor)
        return err_fail(e, ERR_BEL_FLOOR, err_hole("n", b.n_counted),
                        err_hole("floor", b.election.floor));
    if (give->given && !hash_eq(*give->given, b.tally_hash))
        return err_fail(e, ERR_BEL_GIVEN);
    if (give->owner < 1 || give->owner > (int64_t)b.trustees.n_members ||
        !point_eq(point_base(*give->secret), b.trustees.members[give->owner - 1].key))
        return err_fail(e, ERR_TRUSTEE_KEY, err_hole("owner", give->owner));
    if (!tally_share(share, &b.election, &b.tally, give->secret, coin, e))
        return false;
    *tally = b.tally_hash;
    *bel = b;
    return true;
}
