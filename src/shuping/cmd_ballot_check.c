/* shuping ballot check: do ballots that another program made hold? Each is a file, with hints in
 * FILE.hints where they were sent. All three verifiers look at each; the tracker is printed for the
 * voter to compare. */
#include "shuping/cli.h"

#include "ballot/ballot.h"

#include <stdio.h>
#include <string.h>

enum { ROOM = 1 << 28, BALLOT_ROOM = 1 << 26, FILE_MAX = 64 << 20 };

typedef struct Checker {
    Cli *cli;
    Arena *a;
    const char *dir;
    Election el;
    Creds creds;
    VoteTables *tables;
} Checker;

static bool full(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "选票"));
}

static bool load(Str *out, Checker *c, Arena *a, const char *name, const char *end, Err *e)
{
    const char *path = arena_z(a, arena_text(a, "%s%s", name, end));
    return path ? sys_file_read(out, a, c->cli->sys, path, FILE_MAX, e) : full(e);
}

static bool open_election(Checker *c, Err *e)
{
    Str election, creds, trustees;
    return load(&election, c, c->a, c->dir, "/election.json", e) &&
           load(&creds, c, c->a, c->dir, "/public_creds.json", e) &&
           load(&trustees, c, c->a, c->dir, "/trustees.json", e) &&
           election_read(&c->el, c->a, election, e) &&
           election_holds(&c->el, trustees, creds, e) && creds_read(&c->creds, c->a, creds, e) &&
           ((c->tables = ARENA_NEW(c->a, VoteTables)) || full(e)) &&
           (vote_tables(c->tables, &c->el) ||
            err_fail(e, ERR_BEL_POINT, err_hole("where", "选举公钥"),
                     err_hole("where_en", "the election's key")));
}

static bool in_batch(Checker *c, const Vote *v, Str hints, Err *e)
{
    CurvePoint sum[ELECTION_QUESTIONS_MAX * (ELECTION_MAKE_ANSWERS_MAX + 1)];
    BatchItem item = { v, hints, true, false };
    unsigned char seed[32];
    size_t bad;
    Err fault = { 0 };
    if (election_cells(&c->el) > sizeof sum / sizeof *sum)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "选项"),
                        err_hole("max", sizeof sum / sizeof *sum));
    for (size_t i = 0; i < election_cells(&c->el); i++)
        sum[i] = curve_identity();
    sys_random(c->cli->sys, seed, sizeof seed);
    if (!batch_verify(&item, 1, &c->el, c->tables, seed, sum, &bad, &fault, e))
        return false;
    if (!item.sound)
        *e = fault;
    return item.sound;
}

static bool listed(Checker *c, const Vote *v, Err *e)
{
    size_t at;
    return creds_find(&at, &c->creds, v->credential_hex) ||
           err_fail(e, ERR_BEL_CREDENTIAL, err_hole("where", "选票"),
                    err_hole("where_en", "the ballot"));
}

/* Hints that were sent are compared with those that verifying finds: a verdict does not depend on
 * them, so a wrong one would otherwise only be slow. */
static bool check_one(Checker *c, Arena *a, const char *path, Err *e)
{
    Vote v;
    Str text, sent = { "", 0 };
    char tracker[VOTE_TRACKER];
    Err none = { 0 };
    Buf own = buf_open(VOTE_BYTES_MAX);
    bool has = load(&sent, c, a, path, ".hints", &none);
    bool ok = load(&text, c, a, path, "", e) && vote_read(&v, a, &c->el, text, e) &&
              listed(c, &v, e) && vote_verify_plain(&v, &c->el, e) &&
              vote_verify(&own, &v, &c->el, c->tables, e) && in_batch(c, &v, sent, e);
    if (ok) {
        vote_tracker(tracker, text);
        printf("%.*s\t%s\t%s\n", VOTE_TRACKER, tracker,
               !has ? "无提示" : str_eq(sent, buf_str(&own)) ? "提示相符" : "提示不符", path);
    }
    buf_close(&own);
    return ok;
}

static int check_all(Checker *c, CliArgs *args)
{
    int bad = 0;
    const char *path;
    while ((path = cli_word(args))) {
        Err e = { 0 };
        Arena *a = arena_open(BALLOT_ROOM);
        if (!(a ? check_one(c, a, path, &e) : full(&e))) {
            fprintf(stderr, "%s\t", path);
            bad = cli_fail(c->cli, &e);
        }
        arena_close(a);
    }
    return bad;
}

int cli_ballot_check(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    Checker *c = ARENA_NEW(cli->a, Checker);
    if (!c)
        return 1;
    c->cli = cli;
    c->dir = cli_option(args, "in");
    if (!c->dir || args->argc < 1) {
        fprintf(stderr, "用法：shuping ballot check --in DIR 选票文件...\n");
        return 2;
    }
    cli->sys = sys_open_real();
    c->a = arena_open(ROOM);
    bool ok = cli->sys && c->a ? open_election(c, &e) : full(&e);
    int code = ok ? check_all(c, args) : cli_fail(cli, &e);
    arena_close(c->a);
    return code;
}
