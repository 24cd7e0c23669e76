/* What the tests of this module share: a whole small election made from a seed. The server's single
 * key is trustee 1, the members of the set follow. */
#ifndef BALLOT_KIT_TEST_H
#define BALLOT_KIT_TEST_H

#include "ballot/ballot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { KIT_VOTERS = 200, KIT_SET = 7, KIT_QUESTIONS = 8, KIT_CELLS = 200, KIT_ROOM = 64 << 20 };

typedef struct Kit {
    Arena *a;
    Coin coin;
    int voters, questions, threshold, size;
    bool blank, loose;                 /* loose: election.json freezes nothing */
    int64_t floor;
    TrusteeSeed seeds[KIT_SET + 1];    /* [0] the server's */
    Scalar secrets[KIT_SET + 1];
    Str trustees, election, creds;
    Election el;
    Slip slips[KIT_VOTERS];
    Str ballots[KIT_VOTERS], hints[KIT_VOTERS];
    int n_ballots;
    int64_t counts[KIT_CELLS];         /* what was chosen, cell by cell */
} Kit;

#define KIT_OK(e, call)                                                                            \
    do {                                                                                           \
        if (!(call))                                                                               \
            fail_msg("%s: %s %.*s", #call, err_name((e).code), STR(err_get(&(e), "where_en")));    \
    } while (0)

static inline Str kit_keep(Kit *k, Buf *b)
{
    assert_false(b->failed);
    Str s = arena_str(k->a, buf_str(b));
    assert_int_equal(s.n, b->n);
    buf_close(b);
    return s;
}

static inline void kit_ceremony(Kit *k)
{
    Err e = { 0 };
    Str certs[KIT_SET], deals[KIT_SET], keys[KIT_SET], single, set;
    TrusteeRole role = { 1, k->threshold, k->size };
    for (int i = 0; i <= k->size; i++)
        coin_bytes(&k->coin, k->seeds[i].b, 32);
    Buf b = buf_open(KIT_ROOM);
    KIT_OK(e, trustee_single(&b, &k->secrets[0], &k->seeds[0], STRC("服务器"), &e));
    single = kit_keep(k, &b);
    for (int i = 0; i < k->size; i++) {
        role.index = i + 1;
        b = buf_open(KIT_ROOM);
        KIT_OK(e, trustee_cert(&b, &k->seeds[i + 1], role, &e));
        certs[i] = kit_keep(k, &b);
    }
    for (int i = 0; i < k->size; i++) {
        role.index = i + 1;
        b = buf_open(KIT_ROOM);
        KIT_OK(e, trustee_deal(&b, &k->seeds[i + 1], role, certs, &e));
        deals[i] = kit_keep(k, &b);
    }
    for (int i = 0; i < k->size; i++) {
        role.index = i + 1;
        b = buf_open(KIT_ROOM);
        KIT_OK(e, trustee_take(&b, &k->secrets[i + 1], &k->seeds[i + 1], role, certs, deals,
                               STRC(""), &e));
        keys[i] = kit_keep(k, &b);
    }
    b = buf_open(KIT_ROOM);
    if (k->size)
        KIT_OK(e, trustee_set_write(&b, role, certs, deals, keys, &e));
    set = kit_keep(k, &b);
    b = buf_open(KIT_ROOM);
    KIT_OK(e, trustees_write(&b, &single, 1, &set, k->size ? 1 : 0, &e));
    k->trustees = kit_keep(k, &b);
}

/* Slips first, then the election that freezes their public parts. */
static inline void kit_creds(Kit *k, Str uuid)
{
    Point points[KIT_VOTERS];
    Err e = { 0 };
    for (int i = 0; i < k->voters; i++) {
        Scalar s;
        k->slips[i] = slip_make(&k->coin);
        slip_secret(&s, &k->slips[i], uuid);
        points[i] = point_base(s);
    }
    Buf b = buf_open(KIT_ROOM);
    KIT_OK(e, creds_write(&b, points, (size_t)k->voters, &e));
    k->creds = kit_keep(k, &b);
}

static inline void kit_election(Kit *k)
{
    static Str answers[] = { S("好"), S("较好"), S("一般"), S("差") };
    Err e = { 0 };
    Trustees tr;
    ElectionQuestion q[KIT_QUESTIONS];
    KIT_OK(e, trustees_read(&tr, k->a, k->trustees, &e));
    for (int i = 0; i < k->questions; i++)
        q[i] = (ElectionQuestion){ STRC("综合评价"), answers, 4, 1, 1, k->blank };
    Election el = { .description = STRC("述职评议会"), .name = STRC("综合评价：甲书记"),
                    .uuid = election_uuid(k->a, &k->coin), .administrator = STRC("组织部"),
                    .key = tr.key, .questions = q, .n_questions = (size_t)k->questions,
                    .floor = k->floor, .frozen = !k->loose };
    kit_creds(k, el.uuid);
    el.creds = hash_of(k->creds);
    el.trustees = hash_of(k->trustees);
    Buf b = buf_open(KIT_ROOM);
    KIT_OK(e, election_write(&b, &el, &e));
    k->election = kit_keep(k, &b);
    KIT_OK(e, election_read(&k->el, k->a, k->election, &e));
}

/* marks of one question: the choice 0..3, or 4 for a blank */
static inline void kit_marks(const Kit *k, unsigned char *out, int choice)
{
    memset(out, 0, 5);
    if (!k->blank)
        out[choice % 4] = 1;
    else
        out[choice == 4 ? 0 : choice + 1] = 1;
}

static inline Str kit_ballot(Kit *k, int voter, const int *choices, Str *hints)
{
    unsigned char room[KIT_QUESTIONS][5];
    const unsigned char *marks[KIT_QUESTIONS];
    Err e = { 0 };
    Scalar s;
    for (int i = 0; i < k->questions; i++) {
        kit_marks(k, room[i], choices[i]);
        marks[i] = room[i];
    }
    Buf b = buf_open(KIT_ROOM), h = buf_open(KIT_ROOM);
    slip_secret(&s, &k->slips[voter], k->el.uuid);
    KIT_OK(e, vote_make(&b, hints ? &h : NULL, &k->el, &s, marks, &k->coin, &e));
    if (hints)
        *hints = kit_keep(k, &h);
    else
        buf_close(&h);
    return kit_keep(k, &b);
}

static inline void kit_vote(Kit *k, int n)
{
    for (int i = 0; i < n; i++) {
        int choices[KIT_QUESTIONS];
        for (int q = 0; q < k->questions; q++) {
            unsigned char marks[5];
            choices[q] = (int)coin_below(&k->coin, k->blank ? 5 : 4);
            kit_marks(k, marks, choices[q]);
            for (int c = 0; c < 4 + k->blank; c++)
                k->counts[q * (4 + k->blank) + c] += marks[c];
        }
        k->ballots[i] = kit_ballot(k, i, choices, &k->hints[i]);
    }
    k->n_ballots = n;
}

static inline Kit *kit_open_as(unsigned char seed, int voters, int questions, int threshold,
                               int size, bool blank, int64_t floor, bool loose)
{
    unsigned char bytes[32] = { seed };
    Kit *k = calloc(1, sizeof *k);
    assert_non_null(k);
    *k = (Kit){ .a = arena_open((size_t)KIT_ROOM * 4), .coin = coin_open(bytes), .voters = voters,
                .questions = questions, .threshold = threshold, .size = size, .blank = blank,
                .floor = floor, .loose = loose };
    kit_ceremony(k);
    kit_election(k);
    return k;
}

static inline Kit *kit_open(unsigned char seed, int voters, int questions, int threshold, int size,
                            bool blank, int64_t floor)
{
    return kit_open_as(seed, voters, questions, threshold, size, blank, floor, false);
}

static inline void kit_close(Kit *k)
{
    arena_close(k->a);
    free(k);
}

static inline Str kit_seal(Kit *k, Str *hints)
{
    Err e = { 0 };
    BelBox box = { .election = k->election, .trustees = k->trustees, .creds = k->creds,
                   .ballots = k->ballots, .hints = hints ? k->hints : NULL,
                   .n = (size_t)k->n_ballots, .timestamp = 1767225600 };
    Buf b = buf_open(KIT_ROOM), h = buf_open(KIT_ROOM);
    KIT_OK(e, bel_seal(&b, hints ? &h : NULL, &box, &e));
    if (hints)
        *hints = kit_keep(k, &h);
    else
        buf_close(&h);
    return kit_keep(k, &b);
}

/* The archive with the shares of these owners (from 1) and, if wanted, the result. */
static inline Str kit_open_box(Kit *k, Str sealed, const int *owners, int n, bool result)
{
    Err e = { 0 };
    BelCheck check = { .seed = { 1 } };
    Bel bel;
    Hash given;
    Buf out = buf_open(KIT_ROOM);
    buf_put(&out, sealed);
    for (int i = 0; i < n; i++) {
        BelGive give = { &check, &k->secrets[owners[i] - 1], owners[i], NULL };
        Buf share = buf_open(KIT_ROOM);
        KIT_OK(e, bel_give(&share, &given, &bel, k->a, buf_str(&out), &give, &k->coin, &e));
        BelWriter w = bel_resume(&bel, &out);
        bel_share(&w, owners[i], buf_str(&share));
        buf_close(&share);
    }
    KIT_OK(e, bel_verify(&bel, k->a, arena_str(k->a, buf_str(&out)), &check, &e));
    if (result) {
        Buf text = buf_open(KIT_ROOM);
        KIT_OK(e, bel_count(&text, &bel, &e));
        BelWriter w = bel_resume(&bel, &out);
        bel_result(&w, buf_str(&text));
        buf_close(&text);
    }
    return kit_keep(k, &out);
}

#endif
