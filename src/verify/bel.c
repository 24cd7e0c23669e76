/* shuping-verify FILE.bel: the whole archive, and what it says. FILE.bel.hints, when it lies beside
 * it, saves time and is not trusted. */
#include "verify/verify.h"

#include "ballot/ballot.h"
#include "sys/sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READ_ROOM = 1 << 16 };

/* An archive may be larger than sys_file_read gives: a hundred thousand ballots are half a GiB. */
static bool read_whole(Buf *out, const char *path, bool optional, Err *e)
{
    char *some = malloc(READ_ROOM);
    FILE *f = fopen(path, "rb");
    size_t n;
    if (!f || !some) {
        free(some);
        if (f)
            fclose(f);
        return optional || err_fail(e, ERR_NOT_FOUND, err_hole("what", path));
    }
    while (!out->failed && (n = fread(some, 1, READ_ROOM, f)) > 0)
        buf_put(out, (Str){ some, n });
    bool ok = !ferror(f);
    fclose(f);
    free(some);
    if (!ok && !optional)
        return err_fail(e, ERR_SYS_IO, err_hole("what", "read"), err_hole("path", path),
                        err_hole("why", "I/O"));
    if (out->failed && !optional)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", path), err_hole("max", BEL_BYTES_MAX));
    if (!ok || out->failed)
        buf_reset(out);
    return true;
}

static void put_question(const ElectionQuestion *q, const int64_t *counts)
{
    printf("  %.*s\n", STR(q->text));
    if (q->blank)
        printf("    弃权：%lld\n", (long long)*counts++);
    for (size_t i = 0; i < q->n_answers; i++)
        printf("    %.*s：%lld\n", STR(q->answers[i]), (long long)counts[i]);
}

static void put_trustees(const Bel *b)
{
    for (size_t i = 0; i < b->trustees.n_sets; i++) {
        const TrusteeSet *s = &b->trustees.sets[i];
        if (s->threshold)
            printf("持钥人：%zu人中须有%lld人\n", s->n, (long long)s->threshold);
        else
            printf("持钥人：必须到场的一人\n");
    }
}

static void put_all(const Bel *b)
{
    Arena *a = arena_open(1 << 16);
    const int64_t *counts = b->counts;
    printf("票箱完好：%.*s（%.*s）\n", STR(b->election.name), STR(b->election.uuid));
    put_trustees(b);
    printf("凭证%zu个，收到的票%zu张，计入%zu张\n", b->creds.n, b->n_ballots, b->n_counted);
    if (b->election.floor)
        printf("人数下限%lld\n", (long long)b->election.floor);
    if (a)
        printf("封箱时存档的SHA-256：%.*s\n", STR(hash_hex(a, b->closed)));
    for (size_t i = 0; i < b->election.n_questions; i++) {
        put_question(&b->election.questions[i], counts);
        counts += election_choices(&b->election.questions[i]);
    }
    arena_close(a);
}

static int say(const Err *e)
{
    char text[2000];
    err_print(e, LANG_HANS, text, sizeof text);
    fprintf(stderr, "%s：%s\n", e->code == ERR_BEL_UNSUPPORTED ? "不能核验" : "核验没有通过", text);
    return e->code == ERR_BEL_UNSUPPORTED ? VERIFY_UNSUPPORTED : VERIFY_FAULT;
}

bool verify_is_bel(const char *path)
{
    return str_ends(str_of(path), STRC(".bel"));
}

int verify_bel(const char *path)
{
    Err e = { 0 };
    Bel b;
    BelCheck check = { .seed = { 0 } };
    Buf bytes = buf_open((size_t)BEL_BYTES_MAX), hints = buf_open((size_t)BEL_BYTES_MAX * 2);
    Arena *a = arena_open((size_t)BEL_BYTES_MAX);
    Sys *sys = sys_open_real();
    bool ok = (a && sys) || err_fail(&e, ERR_NO_MEMORY, err_hole("what", path));
    if (ok) {
        const char *beside = arena_z(a, arena_text(a, "%s.hints", path));
        sys_random(sys, check.seed, sizeof check.seed);
        ok = read_whole(&bytes, path, false, &e) &&
             (!beside || read_whole(&hints, beside, true, &e));
    }
    check.hints = buf_str(&hints);
    ok = ok && bel_verify(&b, a, buf_str(&bytes), &check, &e) &&
         (b.stage == BEL_DONE || bel_unfinished(&b, &e));
    if (ok)
        put_all(&b);
    int code = ok ? 0 : say(&e);
    sys_close(sys);
    arena_close(a);
    buf_close(&bytes);
    buf_close(&hints);
    return code;
}
