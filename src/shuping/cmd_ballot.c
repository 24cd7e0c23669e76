/* shuping ballot demo: a whole secret box from slips to result, written as the files that the
 * offices would hold, so that anyone can look at the format and run other verifiers on it.
 * shuping ballot open stops where voting begins: the slips are there for another program to use. */
#include "shuping/cli.h"

#include "ballot/ballot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VOTERS_MAX = 20000, QUESTIONS_MAX = 30, ANSWERS = 4, FLOOR = 5, ROOM = 1 << 30,
       SET_MAX = TRUSTEE_SET_MAX };

typedef struct DemoBox {
    Cli *cli;
    Arena *a;
    const char *dir;
    Coin coin;
    int64_t voters, questions, threshold, size;
    bool stop;                         /* open the box for others to vote, nothing more */
    TrusteeSeed seeds[SET_MAX + 1];    /* [0] the server's */
    Scalar secrets[SET_MAX + 1];
    Str trustees, election, creds;
    Election el;
    Slip *slips;
    Str *ballots, *hints;
    int64_t *counts;                   /* what was chosen, counted as it was chosen */
    Buf archive;
} DemoBox;

static bool full(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "演示票箱"));
}

static bool keep(Str *out, DemoBox *d, Buf *b, Err *e)
{
    *out = arena_str(d->a, buf_str(b));
    bool ok = !b->failed && out->n == b->n;
    buf_close(b);
    return ok || full(e);
}

static bool save(DemoBox *d, const char *name, Str text, Err *e)
{
    const char *path = arena_z(d->a, arena_text(d->a, "%s/%s", d->dir, name));
    return path ? sys_file_write(d->cli->sys, path, text, e) : full(e);
}

/* --- the ceremony ----------------------------------------------------------------------------- */

typedef bool (*Step)(DemoBox *d, Buf *out, TrusteeRole role, const Str *certs, const Str *deals,
                     Err *e);

static bool step_cert(DemoBox *d, Buf *out, TrusteeRole role, const Str *certs, const Str *deals,
                      Err *e)
{
    (void)certs, (void)deals;
    return trustee_cert(out, &d->seeds[role.index], role, e);
}

static bool step_deal(DemoBox *d, Buf *out, TrusteeRole role, const Str *certs, const Str *deals,
                      Err *e)
{
    (void)deals;
    return trustee_deal(out, &d->seeds[role.index], role, certs, e);
}

static bool step_take(DemoBox *d, Buf *out, TrusteeRole role, const Str *certs, const Str *deals,
                      Err *e)
{
    return trustee_take(out, &d->secrets[role.index], &d->seeds[role.index], role, certs, deals,
                        STRC(""), e);
}

static bool round_of(DemoBox *d, Str *out, Step step, const Str *certs, const Str *deals, Err *e)
{
    for (int64_t i = 1; i <= d->size; i++) {
        TrusteeRole role = { i, d->threshold, d->size };
        Buf b = buf_open(TRUSTEES_BYTES_MAX);
        bool ok = step(d, &b, role, certs, deals, e);
        if (!ok)
            buf_close(&b);
        if (!ok || !keep(&out[i - 1], d, &b, e))
            return false;
    }
    return true;
}

static bool ceremony(DemoBox *d, Err *e)
{
    Str certs[SET_MAX], deals[SET_MAX], keys[SET_MAX], single, set;
    TrusteeRole role = { 1, d->threshold, d->size };
    for (int64_t i = 0; i <= d->size; i++)
        coin_bytes(&d->coin, d->seeds[i].b, sizeof d->seeds[i].b);
    Buf b = buf_open(TRUSTEES_BYTES_MAX), s = buf_open(TRUSTEES_BYTES_MAX),
        all = buf_open(TRUSTEES_BYTES_MAX);
    bool ok = trustee_single(&b, &d->secrets[0], &d->seeds[0], STRC(""), e) &&
              round_of(d, certs, step_cert, NULL, NULL, e) &&
              round_of(d, deals, step_deal, certs, NULL, e) &&
              round_of(d, keys, step_take, certs, deals, e) &&
              trustee_set_write(&s, role, certs, deals, keys, e);
    single = buf_str(&b);
    set = buf_str(&s);
    ok = ok && trustees_write(&all, &single, 1, &set, 1, e);
    if (ok)
        ok = keep(&d->trustees, d, &all, e) && save(d, "trustees.json", d->trustees, e);
    else
        buf_close(&all);
    buf_close(&b);
    buf_close(&s);
    return ok;
}

/* --- slips and the election ------------------------------------------------------------------- */

static bool make_slips(DemoBox *d, Str uuid, Err *e)
{
    Point *points = ARENA_ARRAY(d->a, Point, d->voters);
    Buf text = buf_open(ROOM), list = buf_open(ROOM);
    bool ok = points || full(e);
    for (int64_t i = 0; ok && i < d->voters; i++) {
        char code[SLIP_CODE], credential[SLIP_CREDENTIAL];
        Scalar s;
        d->slips[i] = slip_make(&d->coin);
        slip_code(code, &d->slips[i]);
        slip_credential(credential, &d->slips[i]);
        slip_secret(&s, &d->slips[i], uuid);
        points[i] = point_base(s);
        scalar_close(&s);
        buf_fmt(&text, "%.*s\t%.*s\t%.*s\n", SLIP_CODE, code, SLIP_CREDENTIAL, credential,
                STR(slip_words(d->a, &d->slips[i])));
    }
    ok = ok && (!text.failed || full(e)) && save(d, "slips.txt", buf_str(&text), e) &&
         creds_write(&list, points, (size_t)d->voters, e);
    buf_close(&text);
    if (ok)
        return keep(&d->creds, d, &list, e) && save(d, "public_creds.json", d->creds, e);
    buf_close(&list);
    return false;
}

/* Questions with and without a blank take turns, so that both kinds of proof are there. */
static bool make_election(DemoBox *d, Err *e)
{
    static Str answers[ANSWERS] = { S("好"), S("较好"), S("一般"), S("差") };
    static const char *const titles[] = { "综合评价", "责任落实", "班子建设", "基层基础", "作用发挥",
                                          "整改实效" };
    Trustees tr;
    ElectionQuestion q[QUESTIONS_MAX];
    if (!trustees_read(&tr, d->a, d->trustees, e))
        return false;
    for (int64_t i = 0; i < d->questions; i++)
        q[i] = (ElectionQuestion){ str_of(titles[i % 6]), answers, ANSWERS, 1, 1, i % 2 == 0 };
    Election el = { .description = STRC("述职评议会，演示"), .name = STRC("综合评价：甲书记"),
                    .uuid = election_uuid(d->a, &d->coin), .administrator = STRC("组织部"),
                    .authority = STRC("监督组"), .key = tr.key, .questions = q,
                    .n_questions = (size_t)d->questions, .floor = FLOOR, .frozen = true };
    if (!make_slips(d, el.uuid, e))
        return false;
    el.creds = hash_of(d->creds);
    el.trustees = hash_of(d->trustees);
    Buf b = buf_open(ELECTION_BYTES_MAX);
    if (!election_write(&b, &el, e)) {
        buf_close(&b);
        return false;
    }
    return keep(&d->election, d, &b, e) && save(d, "election.json", d->election, e) &&
           election_read(&d->el, d->a, d->election, e);
}

/* --- voting ----------------------------------------------------------------------------------- */

static bool vote_once(DemoBox *d, int64_t voter, Err *e)
{
    unsigned char room[QUESTIONS_MAX][ANSWERS + 1] = { { 0 } };
    const unsigned char *marks[QUESTIONS_MAX];
    int64_t *count = d->counts;
    Scalar s;
    for (int64_t i = 0; i < d->questions; i++) {
        size_t n = election_choices(&d->el.questions[i]);
        size_t chosen = coin_below(&d->coin, (uint32_t)n);
        room[i][chosen] = 1;
        marks[i] = room[i];
        count[chosen]++;
        count += n;
    }
    Buf b = buf_open(VOTE_BYTES_MAX), h = buf_open(VOTE_BYTES_MAX);
    slip_secret(&s, &d->slips[voter], d->el.uuid);
    bool ok = vote_make(&b, &h, &d->el, &s, marks, &d->coin, e);
    scalar_close(&s);
    if (ok)
        return keep(&d->ballots[voter], d, &b, e) && keep(&d->hints[voter], d, &h, e);
    buf_close(&b);
    buf_close(&h);
    return false;
}

static const char *bel_name(DemoBox *d, const char *end)
{
    return arena_z(d->a, arena_text(d->a, "%.*s.bel%s", STR(d->el.uuid), end));
}

static bool seal(DemoBox *d, Err *e)
{
    BelBox box = { .election = d->election, .trustees = d->trustees, .creds = d->creds,
                   .ballots = d->ballots, .hints = d->hints, .n = (size_t)d->voters,
                   .timestamp = sys_now(d->cli->sys) / 1000 };
    Buf hints = buf_open(ROOM);
    coin_bytes(&d->coin, box.seed, sizeof box.seed);
    bool ok = bel_seal(&d->archive, &hints, &box, e) &&
              save(d, bel_name(d, ".hints"), buf_str(&hints), e);
    buf_close(&hints);
    return ok;
}

/* --- opening ---------------------------------------------------------------------------------- */

static bool give_share(DemoBox *d, Bel *bel, int64_t owner, const BelCheck *check, Err *e)
{
    Arena *a = arena_open(ROOM);
    Buf share = buf_open(1 << 24);
    Hash tally;
    BelGive give = { check, &d->secrets[owner - 1], owner, NULL };
    bool ok = (a || full(e)) &&
              bel_give(&share, &tally, bel, a, buf_str(&d->archive), &give, &d->coin, e);
    if (ok) {
        BelWriter w = bel_resume(bel, &d->archive);
        bel_share(&w, owner, buf_str(&share));
        ok = bel_close(&w, e);
    }
    buf_close(&share);
    arena_close(a);
    return ok;
}

/* The server, then the last k of the n: whoever is there. */
static bool open_box(DemoBox *d, Bel *bel, Err *e)
{
    BelCheck check = { .hints = { "", 0 } };
    coin_bytes(&d->coin, check.seed, sizeof check.seed);
    if (!give_share(d, bel, 1, &check, e))
        return false;
    for (int64_t i = 0; i < d->threshold; i++)
        if (!give_share(d, bel, 1 + d->size - i, &check, e))
            return false;
    Buf result = buf_open(1 << 20);
    bool ok = bel_verify(bel, d->a, buf_str(&d->archive), &check, e) && bel_count(&result, bel, e);
    if (ok) {
        BelWriter w = bel_resume(bel, &d->archive);
        bel_result(&w, buf_str(&result));
        ok = bel_close(&w, e) && bel_verify(bel, d->a, buf_str(&d->archive), &check, e);
    }
    buf_close(&result);
    return ok;
}

static bool same_counts(const DemoBox *d, const Bel *bel)
{
    return memcmp(bel->counts, d->counts, election_cells(&d->el) * sizeof *d->counts) == 0;
}

static bool run(DemoBox *d, Err *e)
{
    Bel bel;
    if (!ceremony(d, e) || !make_election(d, e))
        return false;
    printf("钥匙仪式：服务器一把，另%lld人中须有%lld人\n票签%lld张，题目%lld道\n",
           (long long)d->size, (long long)d->threshold, (long long)d->voters,
           (long long)d->questions);
    if (d->stop)
        return true;
    d->counts = ARENA_ARRAY(d->a, int64_t, election_cells(&d->el));
    if (!d->counts)
        return full(e);
    for (int64_t i = 0; i < d->voters; i++)
        if (!vote_once(d, i, e))
            return false;
    if (!seal(d, e) || !save(d, bel_name(d, ""), buf_str(&d->archive), e))
        return false;
    printf("封箱：%s/%s\n", d->dir, bel_name(d, ""));
    if (!open_box(d, &bel, e) || !save(d, bel_name(d, ""), buf_str(&d->archive), e))
        return false;
    printf("开箱：%zu张票，结果与所投的%s\n", bel.n_counted, same_counts(d, &bel) ? "一致" : "不一致");
    return same_counts(d, &bel) || err_fail(e, ERR_BEL_RESULT, err_hole("where", "结果"),
                                            err_hole("where_en", "the result"));
}

static bool number(const char *text, int64_t least, int64_t most, int64_t *out)
{
    return text && str_int(str_of(text), out) && *out >= least && *out <= most;
}

static bool shares(const char *text, DemoBox *d)
{
    Str k, n;
    return text && str_cut(str_of(text), STRC("/"), &k, &n) && str_int(k, &d->threshold) &&
           str_int(n, &d->size) && d->size >= 1 && d->size <= SET_MAX;
}

int cli_ballot(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    unsigned char seed[32];
    DemoBox *d = ARENA_NEW(cli->a, DemoBox);
    const char *what = args->argc ? args->argv[0] : "";
    if (!d)
        return 1;
    if (strcmp(what, "check") == 0)
        return cli_word(args) ? cli_ballot_check(cli, args) : 2;
    d->stop = strcmp(what, "open") == 0;
    bool fits = (d->stop || strcmp(what, "demo") == 0) && cli_word(args);
    fits &= number(cli_option(args, "voters"), 1, VOTERS_MAX, &d->voters);
    fits &= number(cli_option(args, "questions"), 1, QUESTIONS_MAX, &d->questions);
    fits &= shares(cli_option(args, "trustees"), d);
    d->dir = cli_option(args, "out");
    if (!fits || !d->dir || !cli_end(args)) {
        fprintf(stderr, "用法：shuping ballot demo|open --voters N --questions N --trustees K/N "
                        "--out DIR\n"
                        "　　　shuping ballot check --in DIR 选票文件...\n");
        return 2;
    }
    cli->sys = sys_open_real();
    d->cli = cli;
    d->a = arena_open((size_t)ROOM * 2);
    d->archive = buf_open(ROOM);
    bool ok = cli->sys && d->a && (d->slips = ARENA_ARRAY(d->a, Slip, d->voters)) &&
              (d->ballots = ARENA_ARRAY(d->a, Str, d->voters)) &&
              (d->hints = ARENA_ARRAY(d->a, Str, d->voters));
    if (!ok)
        full(&e);
    if (ok) {
        sys_random(cli->sys, seed, sizeof seed);
        d->coin = coin_open(seed);
        ok = sys_dir_make(cli->sys, d->dir, &e) && run(d, &e);
    }
    buf_close(&d->archive);
    arena_close(d->a);
    coin_close(&d->coin);
    memset(d, 0, sizeof *d);
    return ok ? 0 : cli_fail(cli, &e);
}
