/* The story of a box, from slips to the result. */
#include "ballot/kit_test.h"

static void verify_all(Kit *k, Str bytes, Str hints)
{
    Err e = { 0 };
    Bel bel;
    BelCheck check = { .seed = { 9 }, .hints = hints };
    KIT_OK(e, bel_verify(&bel, k->a, bytes, &check, &e));
    assert_int_equal(bel.stage, BEL_DONE);
    assert_int_equal(bel.n_counted, k->n_ballots);
    assert_memory_equal(bel.counts, k->counts,
                        election_cells(&bel.election) * sizeof *bel.counts);
}

static void boxes_are_made_and_recounted(void **state)
{
    (void)state;
    static const struct { int voters, questions, threshold, size; bool blank; } shapes[] = {
        { 1, 1, 0, 0, true }, { 5, 1, 2, 3, true }, { 6, 2, 1, 1, false },
        { 4, 3, 3, 5, true }, { 3, 1, 4, 7, false },
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        Kit *k = kit_open((unsigned char)i, shapes[i].voters + 2, shapes[i].questions,
                          shapes[i].threshold, shapes[i].size, shapes[i].blank, 0);
        int owners[KIT_SET + 1], n = 1 + shapes[i].threshold;
        kit_vote(k, shapes[i].voters);
        owners[0] = 1;
        for (int j = 1; j < n; j++) /* the last members of the set, in falling order */
            owners[j] = shapes[i].size + 2 - j;
        Str hints = { "", 0 }, sealed = kit_seal(k, &hints);
        Str done = kit_open_box(k, sealed, owners, n, true);
        verify_all(k, done, (Str){ "", 0 });
        verify_all(k, done, hints);
        kit_close(k);
    }
}

static void all_ballots_of_three_voters(void **state)
{
    (void)state;
    Kit *k = kit_open(20, 3, 1, 0, 0, true, 0);
    Str of[3][5];
    for (int v = 0; v < 3; v++)
        for (int c = 0; c < 5; c++)
            of[v][c] = kit_ballot(k, v, &c, NULL);
    k->n_ballots = 3;
    for (int all = 0; all < 125; all++) {
        int c[3] = { all % 5, all / 5 % 5, all / 25 };
        memset(k->counts, 0, sizeof k->counts);
        for (int v = 0; v < 3; v++) {
            k->ballots[v] = of[v][c[v]];
            k->counts[c[v] == 4 ? 0 : c[v] + 1]++;
        }
        Str done = kit_open_box(k, kit_seal(k, NULL), (int[]){ 1 }, 1, true);
        verify_all(k, done, (Str){ "", 0 });
    }
    kit_close(k);
}

static void an_empty_box_closes_without_a_tally(void **state)
{
    (void)state;
    Kit *k = kit_open(21, 4, 1, 2, 3, true, 5);
    Str sealed = kit_seal(k, NULL);
    verify_all(k, sealed, (Str){ "", 0 });
    BelCheck check = { .seed = { 0 } };
    BelGive give = { &check, &k->secrets[0], 1, NULL };
    Buf share = buf_open(1 << 20);
    Hash given;
    Bel bel;
    Err e = { 0 };
    assert_false(bel_give(&share, &given, &bel, k->a, sealed, &give, &k->coin, &e));
    assert_int_equal(e.code, ERR_BEL_UNFINISHED);
    buf_close(&share);
    kit_close(k);
}

static void slips_as_code_and_words(void **state)
{
    (void)state;
    unsigned char seed[32] = { 30 };
    Coin coin = coin_open(seed);
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    for (int i = 0; i < 300; i++) {
        Slip s = slip_make(&coin), back;
        char code[SLIP_CODE];
        slip_code(code, &s);
        KIT_OK(e, slip_read(&back, (Str){ code, SLIP_CODE }, &e));
        assert_memory_equal(&s, &back, sizeof s);
        Str words = slip_words(a, &s);
        assert_int_equal(str_points(words), 2 * SLIP_WORDS + SLIP_WORDS - 1);
        KIT_OK(e, slip_read(&back, words, &e));
        assert_memory_equal(&s, &back, sizeof s);
        code[i % SLIP_CODE] = code[i % SLIP_CODE] == 'A' ? 'B' : 'A';
        if (slip_read(&back, (Str){ code, SLIP_CODE }, &e)) /* one of 4,096 checks fits */
            assert_memory_not_equal(&s, &back, sizeof s);
    }
    arena_close(a);
}

static void slips_that_were_mistyped(void **state)
{
    (void)state;
    unsigned char seed[32] = { 31 };
    Coin coin = coin_open(seed);
    Slip s = slip_make(&coin), back;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    Str words = slip_words(a, &s);
    char typed[SLIP_TEXT_MAX + 2];
    assert_false(slip_read(&back, STRC(""), &e));
    assert_int_equal(e.code, ERR_SLIP_LENGTH);
    assert_false(slip_read(&back, str_sub(words, 0, words.n - 3), &e));
    assert_int_equal(e.code, ERR_SLIP_LENGTH);
    Str more = arena_text(a, "%.*s 好", STR(words));
    assert_false(slip_read(&back, more, &e));
    assert_int_equal(e.code, ERR_SLIP_LENGTH);
    memcpy(typed, words.p, words.n); /* the first of the third word */
    memcpy(typed + 14, "党", 3);
    assert_false(slip_read(&back, (Str){ typed, words.n }, &e));
    assert_int_equal(e.code, ERR_SLIP_WORD);
    assert_true(str_is(err_get(&e, "n"), "3") && str_is(err_get(&e, "text"), "党"));
    memcpy(typed, words.p, words.n); /* two words change places */
    memcpy(typed, words.p + 7, 6);
    memcpy(typed + 7, words.p, 6);
    assert_false(slip_read(&back, (Str){ typed, words.n }, &e));
    assert_int_equal(e.code, ERR_SLIP_CHECK);
    memset(typed, ' ', sizeof typed);
    memcpy(typed, words.p, words.n);
    KIT_OK(e, slip_read(&back, (Str){ typed, SLIP_TEXT_MAX }, &e));
    assert_false(slip_read(&back, (Str){ typed, SLIP_TEXT_MAX + 1 }, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    arena_close(a);
}

/* The official tool, given this credential and uuid, prints this public key. */
static void credentials_as_the_official_tool_derives_them(void **state)
{
    (void)state;
    char hex[POINT_HEX], credential[SLIP_CREDENTIAL];
    Scalar s, again;
    slip_derive(&s, STRC("S1JGe-4cd255-Hf4pb-9Bok5m"), STRC("AbCdEfGh234567"));
    point_hex(hex, point_base(s));
    assert_memory_equal(hex, "4f7ebb2110c4e1b30b53f3e7ad698a298bd87658e6cfac25138f9166e6e28024",
                        64);
    unsigned char seed[32] = { 32 };
    Coin coin = coin_open(seed);
    Slip slip = slip_make(&coin);
    slip_credential(credential, &slip);
    assert_true(credential[5] == '-' && credential[12] == '-' && credential[18] == '-');
    slip_secret(&s, &slip, STRC("AbCdEfGh234567"));
    slip_derive(&again, (Str){ credential, SLIP_CREDENTIAL }, STRC("AbCdEfGh234567"));
    assert_true(scalar_eq(s, again));
    slip_secret(&again, &slip, STRC("AbCdEfGh234568"));
    assert_false(scalar_eq(s, again));
}

static void marks_that_do_not_fit(void **state)
{
    (void)state;
    Kit *k = kit_open(33, 1, 1, 2, 3, true, 0);
    static const unsigned char bad[][5] = { { 0, 0, 0, 0, 0 }, { 0, 1, 1, 0, 0 }, { 1, 1, 0, 0, 0 },
                                            { 0, 2, 0, 0, 0 }, { 2, 0, 0, 0, 0 } };
    Scalar s = coin_scalar(&k->coin);
    Buf b = buf_open(1 << 20);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Err e = { 0 };
        const unsigned char *marks[] = { bad[i] };
        assert_false(vote_make(&b, NULL, &k->el, &s, marks, &k->coin, &e));
        assert_int_equal(e.code, ERR_BEL_MARKS);
    }
    assert_int_equal(b.n, 0);
    buf_close(&b);
    kit_close(k);
}

static void randomness_is_the_seed(void **state)
{
    (void)state;
    Kit *k = kit_open(34, 3, 2, 2, 3, true, 0), *l = kit_open(34, 3, 2, 2, 3, true, 0);
    kit_vote(k, 3);
    kit_vote(l, 3);
    Str one = kit_seal(k, NULL), two = kit_seal(l, NULL);
    assert_true(str_eq(one, two));
    Kit *m = kit_open(35, 3, 2, 2, 3, true, 0);
    assert_false(str_eq(k->creds, m->creds));
    unsigned char seed[32] = { 1 };
    Coin c = coin_open(seed);
    int seen[7] = { 0 };
    for (int i = 0; i < 700; i++)
        seen[coin_below(&c, 7)]++;
    for (int i = 0; i < 7; i++)
        assert_true(seen[i] > 50 && seen[i] < 150);
    kit_close(k);
    kit_close(l);
    kit_close(m);
}

/* Order in, order out: the archive is sorted by credential, whatever order ballots came in. */
static void order_of_arrival_is_gone(void **state)
{
    (void)state;
    Kit *k = kit_open(36, 12, 1, 2, 3, true, 0);
    kit_vote(k, 12);
    Str one = kit_seal(k, NULL);
    for (int i = 0; i < 6; i++) {
        Str t = k->ballots[i];
        k->ballots[i] = k->ballots[11 - i];
        k->ballots[11 - i] = t;
    }
    Str two = kit_seal(k, NULL);
    assert_true(str_eq(one, two));
    kit_close(k);
}

static void envelopes_give_the_server_key_back(void **state)
{
    (void)state;
    unsigned char seed[32] = { 37 };
    Coin coin = coin_open(seed);
    Scalar key = coin_scalar(&coin), back;
    TrusteePiece p[5], two[3];
    Err e = { 0 };
    Point g = point_base(key);
    KIT_OK(e, trustee_split(p, &key, 3, 5, &coin, &e));
    KIT_OK(e, trustee_join(&back, (TrusteePiece[]){ p[4], p[0], p[2] }, 3, g, &e));
    assert_true(scalar_eq(back, key));
    assert_false(trustee_join(&back, p, 2, g, &e));
    assert_int_equal(e.code, ERR_TRUSTEE_PIECES);
    two[0] = two[1] = p[0];
    two[2] = p[1];
    assert_false(trustee_join(&back, two, 3, g, &e));
    two[1] = p[2];
    two[1].index = 4;
    assert_false(trustee_join(&back, two, 3, g, &e));
    assert_false(trustee_split(p, &key, 2, 5, &coin, &e));
    assert_int_equal(e.code, ERR_TRUSTEE_RULE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_are_made_and_recounted),
        cmocka_unit_test(all_ballots_of_three_voters),
        cmocka_unit_test(an_empty_box_closes_without_a_tally),
        cmocka_unit_test(slips_as_code_and_words),
        cmocka_unit_test(slips_that_were_mistyped),
        cmocka_unit_test(credentials_as_the_official_tool_derives_them),
        cmocka_unit_test(marks_that_do_not_fit),
        cmocka_unit_test(randomness_is_the_seed),
        cmocka_unit_test(order_of_arrival_is_gone),
        cmocka_unit_test(envelopes_give_the_server_key_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
