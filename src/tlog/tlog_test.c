#include "tlog/tlog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 70000 }; /* three levels of tiles */

/* A log kept in memory as the store keeps it: tiles by level. */
typedef struct Kept {
    Hash *level[3];
    int64_t n[3];
    HashRun *run;
} Kept;

static void kept_add(Kept *k, Hash h)
{
    for (int level = 0; level < 3; level++) {
        k->level[level][k->n[level]++] = h;
        if (k->n[level] % TLOG_TILE != 0)
            break;
        h = tlog_tile_root(k->run, &k->level[level][k->n[level] - TLOG_TILE]);
    }
}

static bool kept_read(void *arg, int level, int64_t index, Hash *out, int n, Err *e)
{
    Kept *k = arg;
    if (index * TLOG_TILE + n > k->n[level])
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "tile"));
    memcpy(out, &k->level[level][index * TLOG_TILE], (size_t)n * sizeof *out);
    return true;
}

static Hash nth(int64_t i)
{
    char text[24];
    int n = snprintf(text, sizeof text, "leaf %lld", (long long)i);
    return tlog_leaf((Str){ text, (size_t)n });
}

static int kept_open(void **state)
{
    Kept *k = calloc(1, sizeof *k);
    for (int i = 0; i < 3; i++)
        k->level[i] = calloc(MANY, sizeof(Hash));
    k->run = hash_open();
    *state = k;
    return 0;
}

static int kept_close(void **state)
{
    Kept *k = *state;
    for (int i = 0; i < 3; i++)
        free(k->level[i]);
    hash_close(k->run);
    free(k);
    return 0;
}

/* RFC 6962 section 2.1 as it is written, recursively. */
static Hash naive_root(int64_t from, int64_t to)
{
    if (to == from)
        return tlog_empty();
    if (to - from == 1)
        return nth(from);
    int64_t k = 1;
    while (k * 2 < to - from)
        k *= 2;
    return tlog_node(naive_root(from, from + k), naive_root(from + k, to));
}

static void naive_path(TlogProof *p, int64_t m, int64_t from, int64_t to)
{
    int64_t k = 1;
    if (to - from == 1)
        return;
    while (k * 2 < to - from)
        k *= 2;
    if (m < k) {
        naive_path(p, m, from, from + k);
        p->path[p->n++] = naive_root(from + k, to);
    } else {
        naive_path(p, m - k, from + k, to);
        p->path[p->n++] = naive_root(from, from + k);
    }
}

static void naive_growth(TlogProof *p, int64_t m, int64_t from, int64_t to, bool whole)
{
    int64_t k = 1;
    if (m == to - from) {
        if (!whole)
            p->path[p->n++] = naive_root(from, to);
        return;
    }
    while (k * 2 < to - from)
        k *= 2;
    if (m <= k) {
        naive_growth(p, m, from, from + k, whole);
        p->path[p->n++] = naive_root(from + k, to);
    } else {
        naive_growth(p, m - k, from + k, to, false);
        p->path[p->n++] = naive_root(from, from + k);
    }
}

static void same_proof(const TlogProof *a, const TlogProof *b)
{
    assert_int_equal(a->n, b->n);
    for (int i = 0; i < a->n; i++)
        assert_true(hash_eq(a->path[i], b->path[i]));
}

/* The eight leaves and roots that certificate transparency tests with. */
static void classic_roots(void **state)
{
    (void)state;
    static const char *const leaves[8] = { "", "00", "10", "2021", "3031", "40414243",
        "5051525354555657", "606162636465666768696a6b6c6d6e6f" };
    static const char *const roots[9] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" };
    Arena *a = arena_open(1 << 20);
    TlogEdge edge = { 0 };
    for (int i = 0; i <= 8; i++) {
        Str data;
        assert_true(str_is(hash_hex(a, tlog_edge_root(&edge)), roots[i]));
        if (i == 8)
            break;
        assert_true(hash_unhex(a, str_of(leaves[i]), &data));
        tlog_add(&edge, tlog_leaf(data));
    }
    assert_int_equal(edge.size, 8);
    arena_close(a);
}

/* Every proof of every size up to 64: the naive text, accepted, and refused when anything moves. */
static void proofs_of_small_trees(void **state)
{
    Kept *k = *state;
    TlogTiles tiles = { kept_read, k };
    Err e;
    Hash roots[65];
    for (int64_t size = 0; size <= 64; size++) {
        assert_true(tlog_root(&roots[size], size, tiles, &e));
        assert_true(hash_eq(roots[size], naive_root(0, size)));
        for (int64_t i = 0; i < size; i++) {
            TlogProof got, want = { .n = 0 };
            assert_true(tlog_prove_leaf(&got, i, size, tiles, &e));
            naive_path(&want, i, 0, size);
            same_proof(&got, &want);
            assert_true(tlog_check_leaf(nth(i), i, size, &got, roots[size]));
            assert_false(tlog_check_leaf(nth(i + 1), i, size, &got, roots[size]));
            assert_false(tlog_check_leaf(nth(i), i + 1, size, &got, roots[size]));
            if (got.n) {
                got.path[got.n / 2].b[5] ^= 1;
                assert_false(tlog_check_leaf(nth(i), i, size, &got, roots[size]));
                got.path[got.n / 2].b[5] ^= 1;
                got.n--;
                assert_false(tlog_check_leaf(nth(i), i, size, &got, roots[size]));
            }
        }
        for (int64_t old = 0; old <= size; old++) {
            TlogProof got, want = { .n = 0 };
            assert_true(tlog_prove_growth(&got, old, size, tiles, &e));
            if (old > 0)
                naive_growth(&want, old, 0, size, true);
            same_proof(&got, &want);
            assert_true(tlog_check_growth(old, roots[old], size, roots[size], &got));
            Hash other = roots[old];
            other.b[31] ^= 1;
            assert_false(tlog_check_growth(old, other, size, roots[size], &got));
            if (got.n) {
                got.path[0].b[0] ^= 1;
                assert_false(tlog_check_growth(old, roots[old], size, roots[size], &got));
                got.path[0].b[0] ^= 1;
                got.n--;
                assert_false(tlog_check_growth(old, roots[old], size, roots[size], &got));
            }
        }
        kept_add(k, nth(size));
    }
}

static void tiles_of_a_large_tree(void **state)
{
    Kept *k = *state;
    TlogTiles tiles = { kept_read, k };
    TlogEdge edge = { 0 }, got;
    Err e;
    Hash at_65000 = { { 0 } }, root;
    for (int64_t i = 0; i < MANY; i++) {
        Hash leaf = nth(i);
        kept_add(k, leaf);
        tlog_add(&edge, leaf);
        if (i + 1 == 65000)
            at_65000 = tlog_edge_root(&edge);
    }
    assert_true(tlog_root(&root, MANY, tiles, &e));
    assert_true(hash_eq(root, tlog_edge_root(&edge)));
    assert_true(tlog_edge(&got, MANY, tiles, &e));
    assert_int_equal(got.n, edge.n);
    assert_int_equal(got.size, MANY);
    for (int i = 0; i < got.n; i++)
        assert_true(hash_eq(got.peaks[i], edge.peaks[i]));
    TlogProof p;
    assert_true(tlog_prove_leaf(&p, 66666, MANY, tiles, &e));
    assert_true(tlog_check_leaf(nth(66666), 66666, MANY, &p, root));
    assert_true(tlog_prove_growth(&p, 65000, MANY, tiles, &e));
    assert_true(tlog_check_growth(65000, at_65000, MANY, root, &p));
    assert_false(tlog_check_growth(65001, at_65000, MANY, root, &p));
    assert_false(tlog_root(&root, MANY + 1, tiles, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
}

static void sizes_out_of_range(void **state)
{
    TlogTiles tiles = { kept_read, *state };
    TlogProof p;
    Hash root;
    Err e;
    assert_false(tlog_root(&root, -1, tiles, &e));
    assert_false(tlog_root(&root, TLOG_SIZE_MAX + 1, tiles, &e));
    assert_int_equal(e.code, ERR_LOG_RANGE);
    assert_false(tlog_prove_leaf(&p, 3, 3, tiles, &e));
    assert_false(tlog_prove_leaf(&p, -1, 3, tiles, &e));
    assert_false(tlog_prove_growth(&p, 4, 3, tiles, &e));
    assert_false(tlog_check_leaf(tlog_empty(), 0, 0, &(TlogProof){ 0 }, tlog_empty()));
    assert_false(tlog_check_growth(2, tlog_empty(), 1, tlog_empty(), &(TlogProof){ 0 }));
}

static void checkpoint_there_and_back(void **state)
{
    (void)state;
    Buf b = buf_open(10000);
    TlogCheckpoint c = { STRC("district.example/述评"), 4711, tlog_empty() }, got;
    Err e;
    tlog_checkpoint_print(&b, &c);
    assert_false(b.failed);
    assert_true(str_is(buf_str(&b), "district.example/述评\n4711\n"
                                    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"));
    assert_true(tlog_checkpoint_read(&got, buf_str(&b), &e));
    assert_true(str_eq(got.origin, c.origin));
    assert_int_equal(got.size, 4711);
    assert_true(hash_eq(got.root, c.root));
    buf_put(&b, STRC("an extension\n"));
    assert_true(tlog_checkpoint_read(&got, buf_str(&b), &e));
    buf_close(&b);
}

static void checkpoint_refusals(void **state)
{
    (void)state;
    static const struct { const char *text; int line; } cases[] = {
        { "", 1 },
        { "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", 1 },
        { "a\tb\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", 1 },
        { "a\n", 2 },
        { "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", 2 },
        { "a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", 2 },
        { "a\n1 \n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", 2 },
        { "a\n9007199254740993\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", 2 },
        { "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n", 3 },
        { "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", 3 }, /* stray bits */
        { "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", 3 },
        { "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nx", 4 },
        { "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nx\n\n", 5 },
    };
    TlogCheckpoint c = { .size = -7 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Err e;
        char line[8];
        assert_false(tlog_checkpoint_read(&c, str_of(cases[i].text), &e));
        assert_int_equal(e.code, ERR_LOG_TEXT);
        snprintf(line, sizeof line, "%d", cases[i].line);
        assert_true(str_is(err_get(&e, "line"), line));
        assert_int_equal(c.size, -7);
    }
}

static void checkpoint_limits(void **state)
{
    (void)state;
    Buf b = buf_open(10000);
    TlogCheckpoint c;
    Err e;
    for (size_t n = TLOG_ORIGIN_MAX; n <= TLOG_ORIGIN_MAX + 1; n++) {
        buf_reset(&b);
        for (size_t i = 0; i < n; i++)
            buf_putc(&b, 'o');
        buf_put(&b, STRC("\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"));
        assert_int_equal(tlog_checkpoint_read(&c, buf_str(&b), &e), n == TLOG_ORIGIN_MAX);
    }
    buf_reset(&b);
    buf_put(&b, STRC("o\n9007199254740992\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"));
    while (buf_str(&b).n < TLOG_CHECKPOINT_MAX)
        buf_put(&b, STRC("x\n"));
    while (buf_str(&b).n > TLOG_CHECKPOINT_MAX)
        b.n--;
    b.p[b.n - 1] = '\n', b.p[b.n - 2] = 'x';
    assert_true(tlog_checkpoint_read(&c, buf_str(&b), &e));
    assert_true(c.size == TLOG_SIZE_MAX);
    buf_put(&b, STRC("\n"));
    assert_false(tlog_checkpoint_read(&c, buf_str(&b), &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    buf_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classic_roots),
        cmocka_unit_test_setup_teardown(proofs_of_small_trees, kept_open, kept_close),
        cmocka_unit_test_setup_teardown(tiles_of_a_large_tree, kept_open, kept_close),
        cmocka_unit_test_setup_teardown(sizes_out_of_range, kept_open, kept_close),
        cmocka_unit_test(checkpoint_there_and_back),
        cmocka_unit_test(checkpoint_refusals),
        cmocka_unit_test(checkpoint_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
