/* Ballots that someone tampered with. Whatever is tried, the three verifiers agree, and hints that
 * are right, wrong, or carry torsion change nothing. */
#include "ballot/thesis.h"
#include "ballot/kit_test.h"

enum { CHANGES = 120 };

/* The voter himself may sign anything: a new signature over a changed body. */
static Str signed_again(Kit *k, int voter, Str text)
{
    ptrdiff_t at = str_find(text, STRC(",\"signature\":"));
    char b64[CANON_B64];
    Scalar secret, w = coin_scalar(&k->coin);
    Buf b = buf_open(KIT_ROOM), room = buf_open(1000);
    Proof p;
    assert_true(at > 0);
    slip_secret(&secret, &k->slips[voter], k->el.uuid);
    Hash content = hash_of2(str_sub(text, 0, (size_t)at), STRC("}"));
    p.challenge = thesis_signature(&room, content, point_base(w));
    p.response = scalar_sub(w, scalar_mul(secret, p.challenge));
    canon_b64(b64, content);
    buf_put(&b, str_sub(text, 0, (size_t)at));
    canon_put_z(&b, ",\"signature\":{\"hash\":\"");
    buf_put(&b, (Str){ b64, sizeof b64 });
    canon_put_z(&b, "\",\"proof\":");
    canon_put_proof(&b, p);
    canon_put_z(&b, "}}");
    buf_close(&room);
    return kit_keep(k, &b);
}

/* text with `n` bytes at `at` replaced */
static Str replaced(Kit *k, Str text, size_t at, size_t n, Str by)
{
    return arena_text(k->a, "%.*s%.*s%.*s", STR(str_sub(text, 0, at)), STR(by),
                      STR(str_sub(text, at + n, text.n)));
}

/* The n-th place (from 0) where `what` ends. */
static size_t after(Str text, const char *what, int n)
{
    size_t at = 0;
    for (int i = 0; i <= n; i++) {
        ptrdiff_t found = str_find(str_sub(text, at, text.n), str_of(what));
        assert_true(found >= 0);
        at += (size_t)found + strlen(what);
    }
    return at;
}

static bool in_batch(const Vote *v, const Kit *k, const VoteTables *t, Str hints)
{
    static const unsigned char seed[32] = { 3 };
    BatchItem item = { .vote = v, .hints = hints };
    Err fault = { 0 }, e = { 0 };
    size_t bad;
    KIT_OK(e, batch_verify(&item, 1, &k->el, t, seed, NULL, &bad, &fault, &e));
    assert_int_equal(item.sound, bad == 1);
    assert_int_equal(item.sound, fault.code == ERR_NONE);
    return item.sound;
}

/* Every verifier says the same; returns it. */
static bool verdict(Kit *k, Str text, Str hints, ErrCode *code)
{
    static VoteTables t;
    Err e = { 0 }, plain = { 0 }, curve = { 0 };
    Vote v;
    *code = ERR_NONE;
    if (!vote_read(&v, k->a, &k->el, text, &e)) {
        *code = e.code;
        return false;
    }
    assert_true(vote_tables(&t, &k->el));
    bool ok = vote_verify_plain(&v, &k->el, &plain);
    assert_int_equal(vote_verify(NULL, &v, &k->el, &t, &curve), ok);
    assert_int_equal(plain.code, curve.code);
    assert_true(str_eq(err_get(&plain, "where"), err_get(&curve, "where")));
    assert_int_equal(in_batch(&v, k, &t, hints), ok);
    assert_int_equal(in_batch(&v, k, &t, (Str){ "", 0 }), ok);
    assert_int_equal(in_batch(&v, k, &t, str_sub(hints, 0, hints.n - 1)), ok);
    *code = plain.code;
    return ok;
}

static void refused(Kit *k, Str text, Str hints, ErrCode want)
{
    ErrCode code;
    assert_false(verdict(k, text, hints, &code));
    if (code != want)
        fail_msg("%s, not %s", err_name(code), err_name(want));
}

static Kit *kit_with_ballots(unsigned char seed, bool blank)
{
    Kit *k = kit_open(seed, 3, 2, 2, 3, blank, 0);
    kit_vote(k, 2);
    ErrCode code;
    assert_true(verdict(k, k->ballots[0], k->hints[0], &code));
    return k;
}

static void any_changed_byte(void **state)
{
    (void)state;
    Kit *k = kit_with_ballots(50, true);
    for (int i = 0; i < CHANGES; i++) {
        ErrCode code;
        Str text = arena_str(k->a, k->ballots[0]);
        size_t at = coin_below(&k->coin, (uint32_t)text.n);
        char *p = (char *)text.p + at, old = *p;
        static const char hex[] = "0123456789abcdef";
        *p = old >= '0' && old <= '9' ? (char)('0' + (old - '0' + 1 + i % 9) % 10)
           : i % 2 ? hex[i % 16] : (char)(old ^ (1 << i % 7));
        if (*p == old)
            continue;
        assert_false(verdict(k, text, k->hints[0], &code));
        assert_int_not_equal(code, ERR_NONE);
        if (str_find(text, STRC(",\"signature\":")) < 0 ||
            (ptrdiff_t)at > str_find(text, STRC(",\"signature\":")))
            continue;
        assert_false(verdict(k, signed_again(k, 0, text), k->hints[0], &code));
    }
    kit_close(k);
}

static void digits_signed_again(void **state)
{
    (void)state;
    Kit *k = kit_with_ballots(51, false);
    for (int i = 0; i < 40; i++) { /* one digit of a challenge or response: canonical, false */
        Str text = arena_str(k->a, k->ballots[1]);
        size_t at = after(text, i % 2 ? "\"challenge\":\"" : "\"response\":\"", i / 2 % 18) + 3;
        char *p = (char *)text.p + at;
        *p = *p == '9' ? '0' : (char)(*p + 1);
        refused(k, signed_again(k, 1, text), k->hints[1], ERR_BEL_PROOF);
    }
    kit_close(k);
}

static void points_outside_the_group(void **state)
{
    (void)state;
    /* order 2, 4, 8, 8, the identity, y above p, not on the curve */
    static const char *const bad[] = {
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
        "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
        "0000000000000000000000000000000000000000000000000000000000000001",
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffee",
        "0000000000000000000000000000000000000000000000000000000000000002",
    };
    Kit *k = kit_with_ballots(52, true);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (int n = 0; n < 4; n++) {
            size_t at = after(k->ballots[0], n % 2 ? "\"beta\":\"" : "\"alpha\":\"", n);
            Str text = replaced(k, k->ballots[0], at, POINT_HEX, str_of(bad[i]));
            refused(k, signed_again(k, 0, text), k->hints[0], ERR_BEL_POINT);
        }
    kit_close(k);
}

/* A point of the group plus one of order eight passes every equation times eight; not here. */
static void points_with_a_torsion_part(void **state)
{
    (void)state;
    Kit *k = kit_with_ballots(53, true);
    Point t8;
    CurvePoint t, c;
    char hex[POINT_HEX];
    assert_true(point_unhex(&t8, STRC("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95"
                                      "e826")));
    assert_true(curve_decode(&t, t8));
    for (int n = 0; n < 7; n++) {
        size_t at = after(k->ballots[0], "\"alpha\":\"", n % 5);
        Point p;
        assert_true(point_read(&p, str_sub(k->ballots[0], at, POINT_HEX)));
        assert_true(curve_decode(&c, p));
        for (int times = 0; times <= n; times++)
            c = curve_add(&c, &t);
        curve_encode(&p, &c, 1);
        point_hex(hex, p);
        Str text = replaced(k, k->ballots[0], at, POINT_HEX, (Str){ hex, POINT_HEX });
        refused(k, signed_again(k, 0, text), k->hints[0], ERR_BEL_POINT);
    }
    kit_close(k);
}

static void hints_never_decide(void **state)
{
    (void)state;
    Kit *k = kit_with_ballots(54, true);
    CurvePoint t, c;
    Point t8;
    assert_true(point_unhex(&t8, STRC("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95"
                                      "e826")));
    assert_true(curve_decode(&t, t8));
    ErrCode code;
    Str forged = arena_str(k->a, k->ballots[0]);
    char *digit = (char *)forged.p + after(forged, "\"response\":\"", 3) + 5;
    *digit = *digit == '9' ? '1' : (char)(*digit + 1);
    forged = signed_again(k, 0, forged);
    size_t n = k->hints[0].n / CURVE_HINT;
    for (size_t i = 0; i < n; i += 5) {
        Str hints = arena_str(k->a, k->hints[0]);
        unsigned char *at = (unsigned char *)hints.p + CURVE_HINT * i;
        at[i % 64] ^= 4; /* off the curve */
        assert_true(verdict(k, k->ballots[0], hints, &code));
        assert_false(verdict(k, forged, hints, &code));
        Scalar s = coin_scalar(&k->coin); /* another point */
        assert_true(curve_decode(&c, point_base(s)));
        curve_hint_write(at, &c, 1);
        assert_true(verdict(k, k->ballots[0], hints, &code));
        assert_false(verdict(k, forged, hints, &code));
    }
    Str hints = arena_str(k->a, k->hints[0]); /* every hint with torsion: the same points */
    for (size_t i = 0; i < n; i++) {
        CurvePoint p, sum;
        unsigned char *at = (unsigned char *)hints.p + CURVE_HINT * i;
        Point whole;
        assert_true(curve_hint_read(&p, at));
        curve_encode(&whole, &p, 1);
        Scalar eighth = curve_eighth(scalar_int(1));
        assert_true(curve_decode(&c, point_mul(whole, eighth)));
        sum = curve_add(&c, &t);
        curve_hint_write(at, &sum, 1);
    }
    assert_memory_not_equal(hints.p, k->hints[0].p, hints.n);
    assert_true(verdict(k, k->ballots[0], hints, &code));
    assert_false(verdict(k, forged, hints, &code));
    /* hints of another ballot */
    assert_true(verdict(k, k->ballots[0], k->hints[1], &code));
    kit_close(k);
}

static void forms_that_are_not_canonical(void **state)
{
    (void)state;
    Kit *k = kit_with_ballots(55, true);
    Str b = k->ballots[0];
    size_t digits = after(b, "\"challenge\":\"", 0), hex = after(b, "\"alpha\":\"", 0);
    refused(k, replaced(k, b, 1, 0, STRC(" ")), k->hints[0], ERR_BEL_FORM);
    refused(k, replaced(k, b, b.n, 0, STRC("\n")), k->hints[0], ERR_BEL_FORM);
    refused(k, replaced(k, b, b.n, 0, STRC("x")), k->hints[0], ERR_BEL_FORM);
    refused(k, str_sub(b, 0, b.n - 1), k->hints[0], ERR_BEL_FORM);
    refused(k, (Str){ "", 0 }, k->hints[0], ERR_BEL_FORM);
    refused(k, STRC("{}"), k->hints[0], ERR_BEL_FORM);
    refused(k, replaced(k, b, digits, 0, STRC("0")), k->hints[0], ERR_BEL_FORM);
    refused(k, replaced(k, b, digits, 0, STRC("-")), k->hints[0], ERR_BEL_FORM);
    refused(k, replaced(k, b, hex, POINT_HEX, /* upper case */
                        STRC("0BF9504945F7D4526135D5FB1727DB406AB247CB3BD4C1DD2C317A07488EB89C")),
            k->hints[0], ERR_BEL_FORM);
    refused(k, replaced(k, b, hex, 1, STRC("")), k->hints[0], ERR_BEL_FORM);
    /* a member twice, one more choice, one fewer */
    refused(k, replaced(k, b, b.n - 1, 0, STRC(",\"x\":1")), k->hints[0], ERR_BEL_FORM);
    size_t first = after(b, "\"choices\":[", 0), second = after(b, "},{\"alpha\"", 0) - 9;
    refused(k, replaced(k, b, first, second - first, STRC("")), k->hints[0], ERR_BEL_FORM);
    refused(k, replaced(k, b, first, 0, str_sub(b, first, second - first)), k->hints[0],
            ERR_BEL_FORM);
    kit_close(k);
}

/* x and x + q are the same number to a careless reader. */
static void scalars_not_below_q(void **state)
{
    (void)state;
    Kit *k = kit_with_ballots(56, true);
    Str b = k->ballots[0];
    size_t at = after(b, "\"response\":\"", 0), n = 0;
    while (b.p[at + n] != '"')
        n++;
    refused(k, replaced(k, b, at, n, STRC("7237005577332262213973186563042994240857116359379907606"
                                          "001950938285454250989")), k->hints[0], ERR_BEL_FORM);
    refused(k, replaced(k, b, at, n, STRC("9999999999999999999999999999999999999999999999999999999"
                                          "9999999999999999999999")), k->hints[0], ERR_BEL_FORM);
    kit_close(k);
}

static void proofs_that_changed_places(void **state)
{
    (void)state;
    Kit *k = kit_with_ballots(57, true);
    Str b = k->ballots[0];
    size_t from = after(b, "\"individual_proofs\":[", 0), one = after(b, "}],[", 0) - 1;
    size_t two = after(b, "}],[", 1) - 1;
    Str first = str_sub(b, from, one - 1 - from), second = str_sub(b, one, two - 1 - one);
    Str swapped = arena_text(k->a, "%.*s%.*s,%.*s%.*s", STR(str_sub(b, 0, from)), STR(second),
                             STR(first), STR(str_sub(b, two - 1, b.n)));
    refused(k, signed_again(k, 0, swapped), k->hints[0], ERR_BEL_PROOF);
    /* the answers of another voter under one's own credential */
    size_t answers = after(b, "\"answers\":[", 0);
    Str other = arena_text(k->a, "%.*s%.*s", STR(str_sub(b, 0, answers)),
                           STR(str_sub(k->ballots[1], answers, k->ballots[1].n)));
    refused(k, signed_again(k, 0, other), k->hints[1], ERR_BEL_PROOF);
    /* signed by somebody else */
    refused(k, signed_again(k, 1, b), k->hints[0], ERR_BEL_PROOF);
    kit_close(k);
}

static void ballots_of_another_election(void **state)
{
    (void)state;
    Kit *k = kit_with_ballots(58, true), *l = kit_with_ballots(59, true);
    refused(k, l->ballots[0], l->hints[0], ERR_BEL_OTHER);
    Str b = k->ballots[0]; /* the same uuid, another description: another hash */
    size_t at = after(b, "\"election_hash\":\"", 0);
    refused(k, replaced(k, b, at, 1, b.p[at] == 'A' ? STRC("B") : STRC("A")), k->hints[0],
            ERR_BEL_OTHER);
    kit_close(k);
    kit_close(l);
}

static void sizes(void **state)
{
    (void)state;
    Kit *k = kit_with_ballots(60, true);
    ErrCode code;
    assert_true(k->ballots[0].n <= vote_bytes_max(&k->el));
    assert_true(k->ballots[0].n > vote_bytes_max(&k->el) * 9 / 10);
    char *big = calloc(1, VOTE_BYTES_MAX + 1);
    memset(big, ' ', VOTE_BYTES_MAX + 1);
    assert_false(verdict(k, (Str){ big, VOTE_BYTES_MAX }, k->hints[0], &code));
    assert_int_equal(code, ERR_BEL_FORM);
    assert_false(verdict(k, (Str){ big, VOTE_BYTES_MAX + 1 }, k->hints[0], &code));
    assert_int_equal(code, ERR_TOO_BIG);
    free(big);
    kit_close(k);
}

/* One bad ballot among many, with hints that fit: it is named, the others hold, and the sum is that
 * of the good ones. */
static void a_batch_names_the_bad_one(void **state)
{
    (void)state;
    Kit *k = kit_open(61, 24, 1, 0, 0, true, 0);
    static VoteTables t;
    static const unsigned char seed[32] = { 5 };
    kit_vote(k, 24);
    assert_true(vote_tables(&t, &k->el));
    Vote v[24];
    BatchItem items[24];
    CurvePoint want[10], got[10];
    for (int bad = -1; bad < 24; bad += 5) {
        Err e = { 0 }, fault = { 0 };
        size_t at;
        for (int i = 0; i < 10; i++)
            want[i] = got[i] = curve_identity();
        for (int i = 0; i < 24; i++) {
            KIT_OK(e, vote_read(&v[i], k->a, &k->el, k->ballots[i], &e));
            if (i == bad) /* hashes hold, the equation does not */
                v[i].answers[0].blank[0].response = scalar_int(7);
            else if (i % 4)
                assert_true(tally_add(want, &k->el, &v[i]));
            items[i] = (BatchItem){ &v[i], i % 3 ? k->hints[i] : (Str){ "", 0 }, i % 4 != 0,
                                    false };
        }
        KIT_OK(e, batch_verify(items, 24, &k->el, &t, seed, got, &at, &fault, &e));
        assert_int_equal(at, bad < 0 ? 24 : bad);
        for (int i = 0; i < 24; i++)
            assert_int_equal(items[i].sound, i != bad);
        for (int i = 0; i < 10; i++)
            assert_true(curve_eq(&want[i], &got[i]));
        if (bad >= 0)
            assert_true(fault.code == ERR_BEL_PROOF &&
                        str_is(err_get(&fault, "where_en"), "question 1, the blank"));
    }
    kit_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_changed_byte),
        cmocka_unit_test(digits_signed_again),
        cmocka_unit_test(points_outside_the_group),
        cmocka_unit_test(points_with_a_torsion_part),
        cmocka_unit_test(hints_never_decide),
        cmocka_unit_test(forms_that_are_not_canonical),
        cmocka_unit_test(scalars_not_below_q),
        cmocka_unit_test(proofs_that_changed_places),
        cmocka_unit_test(ballots_of_another_election),
        cmocka_unit_test(sizes),
        cmocka_unit_test(a_batch_names_the_bad_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
