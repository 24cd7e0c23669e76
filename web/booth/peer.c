/* peer: the other trustees of the booth's cross-check. It says what the program's ceremony says and
 * judges what the page said; tool/booth.sh builds it against the program's own libraries. */
#include "ballot/ballot.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 64 << 20, OUT = 1 << 20, FILES = 3 * TRUSTEE_SET_MAX };

typedef struct Peer {
    Arena *a;
    Buf out;
    TrusteeSeed seed;
    TrusteeRole role;
    Str file[FILES];
    int n;
} Peer;

static Str load(Peer *p, const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = arena_alloc(p->a, OUT);
    size_t n = f && text ? fread(text, 1, OUT, f) : 0;
    if (f)
        fclose(f);
    return (Str){ text, n };
}

static bool cert(Peer *p, Err *e)
{
    return trustee_cert(&p->out, &p->seed, p->role, e);
}

static bool deal(Peer *p, Err *e)
{
    return trustee_deal(&p->out, &p->seed, p->role, p->file, e);
}

static bool take(Peer *p, Err *e)
{
    Scalar secret;
    return trustee_take(&p->out, &secret, &p->seed, p->role, p->file, p->file + p->role.size,
                        STRC("监票人"), e);
}

static bool set(Peer *p, Err *e)
{
    return trustee_set_write(&p->out, p->role, p->file, p->file + p->role.size,
                             p->file + 2 * p->role.size, e);
}

static bool single(Peer *p, Err *e)
{
    Scalar secret;
    return trustee_single(&p->out, &secret, &p->seed, STRC("服务器"), e);
}

static bool trustees(Peer *p, Err *e)
{
    Trustees t;
    return trustees_read(&t, p->a, p->file[0], e);
}

/* election.json, trustees.json, the tally, the share of trustee `index` */
static bool share(Peer *p, Err *e)
{
    Election el;
    Trustees t;
    Tally tally;
    TallyShare s;
    return election_read(&el, p->a, p->file[0], e) && trustees_read(&t, p->a, p->file[1], e) &&
           tally_read(&tally, p->a, &el, p->file[2], e) &&
           tally_share_read(&s, p->a, &el, &tally, &t, p->role.index, p->file[3], e);
}

/* peer WHAT SEED INDEX THRESHOLD SIZE FILE... */
int main(int argc, char **argv)
{
    static const struct { const char *name; bool (*run)(Peer *, Err *); } words[] = {
        { "cert", cert }, { "deal", deal }, { "take", take }, { "set", set },
        { "single", single }, { "trustees", trustees }, { "share", share },
    };
    Peer p = { .a = arena_open(ROOM), .out = buf_open(OUT) };
    Err e = { 0 };
    if (argc < 6 || !p.a || sodium_init() < 0 || strlen(argv[2]) != 64 ||
        sodium_hex2bin(p.seed.b, sizeof p.seed.b, argv[2], 64, NULL, NULL, NULL) != 0)
        return 2;
    p.role = (TrusteeRole){ atoi(argv[3]), atoi(argv[4]), atoi(argv[5]) };
    for (int i = 6; i < argc && p.n < FILES; i++)
        p.file[p.n++] = load(&p, argv[i]);
    bool ok = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].name, argv[1]) == 0)
            ok = words[i].run(&p, &e);
    if (ok)
        fwrite(p.out.p, 1, p.out.n, stdout);
    else
        fprintf(stderr, "%d\n", (int)e.code);
    buf_close(&p.out);
    arena_close(p.a);
    return ok ? 0 : 1;
}
