/* The ceremony of a threshold set when someone breaks its rules, and files that are wrong. */
#include "ballot/canon.h"
#include "ballot/kit_test.h"

enum { SIZE = 3, NEEDED = 2 };

typedef struct Hall {
    Arena *a;
    TrusteeSeed seeds[SIZE];
    Scalar secrets[SIZE];
    Str certs[SIZE], deals[SIZE], keys[SIZE], set, name;
} Hall;

static TrusteeRole role(int i)
{
    return (TrusteeRole){ i + 1, NEEDED, SIZE };
}

static Str kept(Hall *h, Buf *b)
{
    Str s = arena_str(h->a, buf_str(b));
    buf_close(b);
    return s;
}

static void make_certs(Hall *h)
{
    Err e = { 0 };
    for (int i = 0; i < SIZE; i++) {
        Buf b = buf_open(1 << 16);
        KIT_OK(e, trustee_cert(&b, &h->seeds[i], role(i), &e));
        h->certs[i] = kept(h, &b);
    }
}

static void make_deals(Hall *h)
{
    Err e = { 0 };
    for (int i = 0; i < SIZE; i++) {
        Buf b = buf_open(1 << 16);
        KIT_OK(e, trustee_deal(&b, &h->seeds[i], role(i), h->certs, &e));
        h->deals[i] = kept(h, &b);
    }
}

static bool take(Hall *h, int i, Err *e)
{
    Buf b = buf_open(1 << 16);
    bool ok = trustee_take(&b, &h->secrets[i], &h->seeds[i], role(i), h->certs, h->deals,
                           h->name, e);
    h->keys[i] = kept(h, &b);
    return ok;
}

static bool make_set(Hall *h, Err *e)
{
    Buf b = buf_open(1 << 16);
    bool ok = trustee_set_write(&b, role(0), h->certs, h->deals, h->keys, e);
    h->set = kept(h, &b);
    return ok;
}

static Hall *open_hall(unsigned char n)
{
    Hall *h = calloc(1, sizeof *h);
    unsigned char seed[32] = { n, 1 };
    Coin coin = coin_open(seed);
    Err e = { 0 };
    h->a = arena_open(KIT_ROOM);
    h->name = STRC("纪检监察机关");
    for (int i = 0; i < SIZE; i++)
        coin_bytes(&coin, h->seeds[i].b, 32);
    make_certs(h);
    make_deals(h);
    for (int i = 0; i < SIZE; i++)
        KIT_OK(e, take(h, i, &e));
    KIT_OK(e, make_set(h, &e));
    return h;
}

static void close_hall(Hall *h)
{
    arena_close(h->a);
    free(h);
}

static bool read_set(Hall *h, Str set, Err *e)
{
    Trustees t;
    Buf b = buf_open(1 << 18);
    bool ok = trustees_write(&b, NULL, 0, &set, 1, e) &&
              trustees_read(&t, h->a, buf_str(&b), e);
    buf_close(&b);
    return ok;
}

static void any_two_open(void **state)
{
    (void)state;
    Hall *h = open_hall(1);
    Trustees t;
    Err e = { 0 };
    Buf b = buf_open(1 << 18);
    KIT_OK(e, trustees_write(&b, NULL, 0, &h->set, 1, &e));
    KIT_OK(e, trustees_read(&t, h->a, buf_str(&b), &e));
    assert_int_equal(t.n_members, SIZE);
    assert_true(str_is(t.members[0].name, "纪检监察机关"));
    for (int64_t i = 1; i <= SIZE; i++)
        for (int64_t j = 1; j <= SIZE; j++) {
            int64_t indexes[] = { i, j };
            Scalar w[2], key;
            if (i == j)
                continue;
            trustee_weights(w, indexes, 2);
            key = scalar_add(scalar_mul(w[0], h->secrets[i - 1]),
                             scalar_mul(w[1], h->secrets[j - 1]));
            assert_true(point_eq(point_base(key), t.key));
            assert_false(point_eq(point_base(h->secrets[i - 1]), t.key));
        }
    buf_close(&b);
    close_hall(h);
}

static void a_majority_is_needed(void **state)
{
    (void)state;
    static const struct { int64_t threshold, size; bool fits; } rules[] = {
        { 1, 1, true },  { 1, 2, false }, { 2, 2, true },  { 1, 3, false }, { 2, 3, true },
        { 3, 3, true },  { 2, 4, false }, { 3, 4, true },  { 4, 3, false }, { 0, 3, false },
        { 17, 32, true }, { 17, 33, false }, { -1, 3, false },
    };
    TrusteeSeed seed = { { 1 } };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        Err e = { 0 };
        TrusteeRole r = { 1, rules[i].threshold, rules[i].size };
        Buf b = buf_open(1 << 16);
        assert_int_equal(trustee_cert(&b, &seed, r, &e), rules[i].fits);
        assert_int_equal(e.code, rules[i].fits ? ERR_NONE : ERR_TRUSTEE_RULE);
        buf_close(&b);
    }
}

/* The server hands everyone another certificate for trustee 3 after they dealt. */
static void a_certificate_swapped_on_the_way(void **state)
{
    (void)state;
    Hall *h = open_hall(2), *other = open_hall(3);
    Err e = { 0 };
    Hash before = trustee_fingerprint(h->certs, SIZE);
    h->certs[2] = other->certs[2];
    assert_false(hash_eq(before, trustee_fingerprint(h->certs, SIZE)));
    assert_false(take(h, 0, &e));
    assert_int_equal(e.code, ERR_TRUSTEE_MESSAGE);
    make_certs(h);
    h->certs[0] = other->certs[0]; /* one's own */
    assert_false(take(h, 0, &e));
    assert_int_equal(e.code, ERR_TRUSTEE_KEY);
    close_hall(h);
    close_hall(other);
}

static void messages_with_any_byte_changed(void **state)
{
    (void)state;
    Hall *h = open_hall(4);
    unsigned char seed[32] = { 44 };
    Coin coin = coin_open(seed);
    for (int i = 0; i < 60; i++) {
        Err e = { 0 };
        Str *slot = i % 2 ? &h->certs[i / 2 % SIZE] : &h->deals[i / 2 % SIZE], was = *slot;
        Str changed = arena_str(h->a, was);
        size_t at = coin_below(&coin, (uint32_t)was.n);
        ((char *)changed.p)[at] ^= 1;
        *slot = changed;
        bool all = true; /* a sealed share touches only the one it is for */
        for (int k = 0; k < SIZE; k++)
            all = take(h, k, &e) && all;
        assert_false(all);
        assert_true(e.code == ERR_TRUSTEE_MESSAGE || e.code == ERR_TRUSTEE_KEY);
        *slot = was;
    }
    close_hall(h);
}

static void sets_with_any_byte_changed(void **state)
{
    (void)state;
    Hall *h = open_hall(5);
    unsigned char seed[32] = { 45 };
    Coin coin = coin_open(seed);
    Err e = { 0 };
    h->name = STRC(""); /* names are not signed; an election freezes the file as a whole */
    for (int i = 0; i < SIZE; i++)
        KIT_OK(e, take(h, i, &e));
    KIT_OK(e, make_set(h, &e));
    KIT_OK(e, read_set(h, h->set, &e));
    for (int i = 0; i < 150; i++) {
        Str changed = arena_str(h->a, h->set);
        char *p = (char *)changed.p + coin_below(&coin, (uint32_t)changed.n), was = *p;
        *p = was >= '0' && was <= '9' ? (char)('0' + (was - '0' + 1) % 10) : (char)(was ^ 1);
        assert_false(read_set(h, changed, &e));
    }
    assert_false(read_set(h, arena_text(h->a, "%.*s,\"x\":1}",
                                        STR(str_sub(h->set, 0, h->set.n - 1))), &e));
    assert_int_equal(e.code, ERR_BEL_FORM);
    close_hall(h);
}

/* Trustee 3 publishes a key that cancels the others: his signature on it is missing. */
static void a_key_that_is_not_the_share(void **state)
{
    (void)state;
    Hall *h = open_hall(6), *other = open_hall(7);
    Err e = { 0 };
    h->keys[2] = other->keys[2];
    assert_false(make_set(h, &e));
    assert_int_equal(e.code, ERR_TRUSTEE_MESSAGE);
    assert_true(str_is(err_get(&e, "index"), "3"));
    close_hall(h);
    close_hall(other);
}

static void a_single_key_needs_its_proof(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    TrusteeSeed seed = { { 8 } };
    Scalar secret;
    Trustees t;
    Err e = { 0 };
    Buf b = buf_open(1 << 16), all = buf_open(1 << 16);
    KIT_OK(e, trustee_single(&b, &secret, &seed, STRC("服务器 \"A\""), &e));
    Str single = buf_str(&b);
    KIT_OK(e, trustees_write(&all, &single, 1, NULL, 0, &e));
    KIT_OK(e, trustees_read(&t, a, buf_str(&all), &e));
    assert_true(point_eq(t.key, point_base(secret)) && str_is(t.members[0].name, "服务器 \"A\""));
    ptrdiff_t at = str_find(buf_str(&all), STRC("\"challenge\":\"")) + 20;
    all.p[at] = all.p[at] == '9' ? '1' : (char)(all.p[at] + 1);
    assert_false(trustees_read(&t, a, buf_str(&all), &e));
    assert_int_equal(e.code, ERR_TRUSTEE_MESSAGE);
    assert_false(trustees_read(&t, a, STRC("[]"), &e));
    buf_close(&b);
    buf_close(&all);
    arena_close(a);
}

static void elections_that_are_wrong(void **state)
{
    (void)state;
    static Str few[] = { S("好"), S("差") }, many[11];
    for (size_t i = 0; i < 11; i++)
        many[i] = STRC("x");
    ElectionQuestion good = { STRC("q"), few, 2, 1, 1, true };
    Election el = { .name = STRC("n"), .uuid = STRC("AbCdEfGh234567"), .questions = &good,
                    .n_questions = 1, .key = point_base(scalar_int(7)) };
    Err e = { 0 };
    Buf b = buf_open(1 << 16);
    KIT_OK(e, election_write(&b, &el, &e));
    for (int i = 0; i < 8; i++) {
        Election bad = el;
        ElectionQuestion q = good;
        bad.questions = &q;
        switch (i) {
        case 0: bad.uuid = STRC("AbCdEfGh23456"); break;
        case 1: bad.uuid = STRC("AbCdEfGh23456O"); break;
        case 2: bad.name = STRC(""); break;
        case 3: bad.floor = ELECTION_FLOOR_MAX + 1; break;
        case 4: q.answers = many; q.n_answers = ELECTION_MAKE_ANSWERS_MAX + 1; break;
        case 5: q.max = 2; break;
        case 6: q.min = 2; break;
        default: bad.n_questions = 0; break;
        }
        assert_false(election_write(&b, &bad, &e));
        assert_int_equal(e.code, ERR_BEL_ELECTION);
    }
    good.answers = many;
    good.n_answers = ELECTION_MAKE_ANSWERS_MAX;
    el.floor = ELECTION_FLOOR_MAX;
    buf_reset(&b);
    KIT_OK(e, election_write(&b, &el, &e));
    Arena *a = arena_open(1 << 20);
    KIT_OK(e, election_read(&el, a, buf_str(&b), &e));
    assert_int_equal(el.floor, ELECTION_FLOOR_MAX);
    arena_close(a);
    buf_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_two_open),
        cmocka_unit_test(a_majority_is_needed),
        cmocka_unit_test(a_certificate_swapped_on_the_way),
        cmocka_unit_test(messages_with_any_byte_changed),
        cmocka_unit_test(sets_with_any_byte_changed),
        cmocka_unit_test(a_key_that_is_not_the_share),
        cmocka_unit_test(a_single_key_needs_its_proof),
        cmocka_unit_test(elections_that_are_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
