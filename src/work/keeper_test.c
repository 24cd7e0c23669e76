/* A trustee without a net: the archives and key files of a small election. */
#include "work/keeper.h"

#include "base/json.h"

#include "ballot/kit_test.h"

#include <stdio.h>
#include <unistd.h>

enum { VOTERS = 6, SIZE = 3, NEED = 2 };

typedef struct Desk {
    char dir[200];
    const char *key[SIZE];
    Kit *k;
    Str sealed;
    TrusteePiece pieces[SIZE];
} Desk;

static void put(Desk *d, const char *name, Str bytes)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", d->dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
}

static Str get(Desk *d, const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", d->dir, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return STRC("");
    char *room = arena_alloc(d->k->a, 8 << 20);
    size_t n = fread(room, 1, 8 << 20, f);
    fclose(f);
    return (Str){ room, n };
}

static const char *named(Desk *d, const char *end)
{
    return arena_z(d->k->a, arena_text(d->k->a, "%.*s%s", STR(d->k->el.uuid), end));
}

/* What the ceremony left: public texts, and a file for each trustee. */
static void ceremony_files(Desk *d)
{
    Err e = { 0 };
    Str certs[SIZE];
    json_t *c = json_array(), *deals = json_array();
    for (int i = 0; i < SIZE; i++) {
        Buf b = buf_open(KIT_ROOM);
        KIT_OK(e, trustee_cert(&b, &d->k->seeds[i + 1], (TrusteeRole){ i + 1, NEED, SIZE }, &e));
        certs[i] = kit_keep(d->k, &b);
        json_array_append_new(c, jv_new(certs[i]));
    }
    for (int i = 0; i < SIZE; i++) {
        Buf b = buf_open(KIT_ROOM);
        KIT_OK(e, trustee_deal(&b, &d->k->seeds[i + 1], (TrusteeRole){ i + 1, NEED, SIZE }, certs,
                               &e));
        json_array_append_new(deals, jv_new(kit_keep(d->k, &b)));
    }
    json_t *v = json_pack("{s:o,s:o,s:[s%,s]}", "certs", c, "deals", deals, "open",
                          d->k->el.uuid.p, d->k->el.uuid.n, "Another2345678");
    Buf b = buf_open(KIT_ROOM);
    KIT_OK(e, jv_canon(&b, v, &e));
    put(d, "ceremony.json", kit_keep(d->k, &b));
    json_decref(v);
    KIT_OK(e, trustee_split(d->pieces, &d->k->secrets[0], NEED, SIZE, &d->k->coin, &e));
    for (int i = 0; i < SIZE; i++) {
        Arena *a = d->k->a;
        d->key[i] = arena_z(a, arena_text(a, "%s/key-%d.json", d->dir, i + 1));
        Str seed = hash_hex_bytes(a, (Str){ (char *)d->k->seeds[i + 1].b, 32 });
        Str piece = hash_hex_bytes(a, (Str){ (char *)d->pieces[i].value.b, 32 });
        put(d, d->key[i] + strlen(d->dir) + 1,
            arena_text(a, "{\"evote\":\"1\",\"site\":\"\",\"title\":\"会\",\"index\":%d,"
                       "\"threshold\":%d,\"size\":%d,\"name\":\"\",\"seed\":\"%.*s\","
                       "\"fingerprint\":\"%.*s\",\"piece\":\"%.*s\",\"tallies\":{}}", i + 1, NEED,
                       SIZE, STR(seed), STR(hash_hex(a, trustee_fingerprint(certs, SIZE))),
                       STR(piece)));
    }
}

static void desk_open(Desk *d, int votes)
{
    const char *tmp = getenv("TMPDIR");
    *d = (Desk){ .k = kit_open(71, VOTERS, 2, NEED, SIZE, true, 5) };
    snprintf(d->dir, sizeof d->dir, "%s/trusteeXXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(d->dir));
    kit_vote(d->k, votes);
    Str hints;
    d->sealed = kit_seal(d->k, &hints);
    put(d, named(d, ".bel"), d->sealed);
    put(d, named(d, ".bel.hints"), hints);
    ceremony_files(d);
}

static void desk_close(Desk *d)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", d->dir);
    assert_int_equal(system(command), 0);
    kit_close(d->k);
}

static void quiet(const char *line)
{
    assert_true(line[0] != 0);
}

/* With one or two key files; ERR_NONE or why not. */
static ErrCode trustee(Desk *d, const char *one, const char *two, bool open)
{
    const char *keys[] = { one, two };
    KeeperJob job = { keys, two ? 2 : 1, d->dir, open, quiet };
    Err e = { 0 };
    Sys *sys = sys_open_real();
    assert_non_null(sys);
    bool ok = work_keeper(sys, &job, &e);
    sys_close(sys);
    return ok ? ERR_NONE : e.code;
}

/* One trustee: a share that the archive takes, and a tally that is remembered. */
static void a_share_is_given(void **state)
{
    Desk d;
    (void)state;
    desk_open(&d, VOTERS);
    assert_int_equal(trustee(&d, d.key[1], NULL, false), ERR_NONE);
    Str share = get(&d, named(&d, ".share-2.json")), key = get(&d, "key-2.json");
    Bel bel;
    TallyShare read;
    Err e = { 0 };
    BelCheck check = { .hints = STRC("") };
    KIT_OK(e, bel_verify(&bel, d.k->a, d.sealed, &check, &e));
    KIT_OK(e, tally_share_read(&read, d.k->a, &bel.election, &bel.tally, &bel.trustees, 3, share,
                               &e));
    assert_true(str_has(key, hash_hex(d.k->a, bel.tally_hash)));
    assert_int_equal(trustee(&d, d.key[1], NULL, false), ERR_NONE); /* again is fine */
    desk_close(&d);
}

/* The same election with other ballots: whoever gave a share for the one gives none for the other,
 * and writes nothing. */
static void a_second_tally_is_refused(void **state)
{
    Desk d;
    (void)state;
    desk_open(&d, VOTERS);
    assert_int_equal(trustee(&d, d.key[0], NULL, false), ERR_NONE);
    int choices[2] = { 3, 2 };
    d.k->ballots[0] = kit_ballot(d.k, 0, choices, &d.k->hints[0]);
    put(&d, named(&d, ".bel"), kit_seal(d.k, NULL));
    put(&d, named(&d, ".bel.hints"), STRC(""));
    put(&d, named(&d, ".share-1.json"), STRC("none"));
    assert_int_equal(trustee(&d, d.key[0], NULL, false), ERR_BEL_GIVEN);
    assert_true(str_is(get(&d, named(&d, ".share-1.json")), "none"));
    assert_int_equal(trustee(&d, d.key[1], NULL, false), ERR_NONE); /* he gave none before */
    desk_close(&d);
}

static void what_is_false_gets_no_share(void **state)
{
    Desk d;
    (void)state;
    desk_open(&d, VOTERS);
    char *changed = arena_alloc(d.k->a, d.sealed.n);
    memcpy(changed, d.sealed.p, d.sealed.n);
    changed[d.sealed.n / 2] ^= 1;
    put(&d, named(&d, ".bel"), (Str){ changed, d.sealed.n });
    assert_int_equal(trustee(&d, d.key[0], NULL, false), ERR_BEL_CHAIN);
    put(&d, named(&d, ".bel"), d.sealed);
    put(&d, "Another2345678.bel", d.sealed); /* under the name of another election */
    assert_int_equal(trustee(&d, d.key[0], NULL, false), ERR_TRUSTEE_FILE);
    put(&d, "Overfull345678.bel", STRC("")); /* more ballots than slips: it is not looked at */
    assert_int_equal(trustee(&d, d.key[0], NULL, false), ERR_TRUSTEE_FILE);
    assert_int_equal(get(&d, named(&d, ".share-1.json")).n, 0);
    char path[400];
    snprintf(path, sizeof path, "%s/Another2345678.bel", d.dir);
    assert_int_equal(remove(path), 0);
    Str key = get(&d, "key-1.json");
    put(&d, "key-9.json", arena_text(d.k->a, "%.*s,\"more\":", (int)(key.n / 2), key.p));
    snprintf(path, sizeof path, "%s/key-9.json", d.dir);
    assert_int_equal(trustee(&d, path, NULL, false), ERR_BAD_JSON);
    ptrdiff_t at = str_find(key, STRC("\"fingerprint\":\""));
    ((char *)(uintptr_t)key.p)[at + 20] ^= 1; /* not what was read aloud */
    put(&d, "key-9.json", key);
    assert_int_equal(trustee(&d, path, NULL, false), ERR_TRUSTEE_FILE);
    desk_close(&d);
}

static void below_the_floor_it_stays_shut(void **state)
{
    Desk d;
    (void)state;
    desk_open(&d, 4);
    assert_int_equal(trustee(&d, d.key[0], NULL, false), ERR_NONE);
    assert_int_equal(get(&d, named(&d, ".share-1.json")).n, 0);
    desk_close(&d);
}

/* The server is lost with its key: two envelopes and the archive are enough. */
static void opened_without_a_server(void **state)
{
    Desk d;
    (void)state;
    desk_open(&d, VOTERS);
    assert_int_equal(trustee(&d, d.key[0], NULL, true), ERR_TRUSTEE_PIECES); /* one is not enough */
    assert_int_equal(get(&d, named(&d, ".opened.bel")).n, 0);
    assert_int_equal(trustee(&d, d.key[2], d.key[0], true), ERR_NONE);
    Bel bel;
    Err e = { 0 };
    BelCheck check = { .hints = STRC("") };
    KIT_OK(e, bel_verify(&bel, d.k->a, get(&d, named(&d, ".opened.bel")), &check, &e));
    assert_int_equal(bel.stage, BEL_DONE);
    for (size_t i = 0; i < election_cells(&bel.election); i++)
        assert_int_equal(bel.counts[i], d.k->counts[i]);
    desk_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_given),
        cmocka_unit_test(a_second_tally_is_refused),
        cmocka_unit_test(what_is_false_gets_no_share),
        cmocka_unit_test(below_the_floor_it_stays_shut),
        cmocka_unit_test(opened_without_a_server),
    };
    return cmocka_run_group_tests_name("keeper", tests, NULL, NULL);
}
