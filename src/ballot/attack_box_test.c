/* Archives that someone tampered with: bytes, records, and whole archives written anew around one
 * false payload, with every hash and the chain in order. None is accepted. */
#include "ballot/kit_test.h"
#include "ballot/record.h"

enum { FLIPS = 400, REWRITES = 150, OWNERS = 3 };

/* An archive taken apart, to be written again with one part changed. */
typedef struct Parts {
    Str election, trustees, creds, ballots[KIT_VOTERS], tally, shares[8], result;
    int n_ballots, n_shares;
    int64_t counted, owners[8];
    bool no_end, no_result;
} Parts;

static Parts apart(Str bytes)
{
    Parts p = { .n_ballots = 0 };
    RecordRun run;
    Err e = { 0 };
    KIT_OK(e, record_open(&run, bytes, &e));
    p.election = run.election;
    p.trustees = run.trustees;
    p.creds = run.creds;
    while (run.at < bytes.n) {
        RecordStep s;
        KIT_OK(e, record_next(&s, &run, &e));
        if (s.kind == RECORD_BALLOT)
            p.ballots[p.n_ballots++] = s.body;
        else if (s.kind == RECORD_TALLY)
            p.tally = s.body, p.counted = s.number;
        else if (s.kind == RECORD_SHARE)
            p.owners[p.n_shares] = s.number, p.shares[p.n_shares++] = s.body;
        else if (s.kind == RECORD_RESULT)
            p.result = s.body;
    }
    return p;
}

static Str together(Kit *k, const Parts *p)
{
    Buf b = buf_open(KIT_ROOM);
    BelWriter w = bel_open(&b, 1767225600);
    bel_setup(&w, p->election, p->trustees, p->creds);
    for (int i = 0; i < p->n_ballots; i++)
        bel_ballot(&w, p->ballots[i]);
    if (!p->no_end)
        bel_end(&w);
    if (p->tally.n)
        bel_tally(&w, p->tally, p->counted);
    for (int i = 0; i < p->n_shares; i++)
        bel_share(&w, p->owners[i], p->shares[i]);
    if (!p->no_result)
        bel_result(&w, p->result);
    Err e = { 0 };
    KIT_OK(e, bel_close(&w, &e));
    return kit_keep(k, &b);
}

static ErrCode verdict(Kit *k, Str bytes, Str hints)
{
    Arena *a = arena_open((size_t)KIT_ROOM * 4);
    BelCheck check = { .seed = { 7 }, .hints = hints };
    Err e = { 0 };
    Bel bel;
    (void)k;
    bool ok = bel_verify(&bel, a, bytes, &check, &e) &&
              (bel.stage == BEL_DONE || bel_unfinished(&bel, &e));
    char text[2000];
    if (!ok) { /* the sentence has no hole left open */
        err_print(&e, LANG_HANS, text, sizeof text);
        assert_null(strchr(text, '?'));
    }
    arena_close(a);
    return ok ? ERR_NONE : e.code;
}

static void refused(Kit *k, Str bytes, ErrCode want)
{
    ErrCode got = verdict(k, bytes, (Str){ "", 0 });
    if (got != want)
        fail_msg("%s, not %s", got == ERR_NONE ? "accepted" : err_name(got), err_name(want));
}

static void refused_parts(Kit *k, const Parts *p, ErrCode want)
{
    refused(k, together(k, p), want);
}

static Kit *kit_done_as(unsigned char seed, int voters, bool loose, Str *done)
{
    Kit *k = kit_open_as(seed, voters + 1, 1, 2, 3, true, 0, loose);
    kit_vote(k, voters);
    *done = kit_open_box(k, kit_seal(k, NULL), (int[]){ 1, 2, 4 }, OWNERS, true);
    assert_int_equal(verdict(k, *done, (Str){ "", 0 }), ERR_NONE);
    Parts p = apart(*done);
    assert_true(str_eq(together(k, &p), *done));
    return k;
}

static Kit *kit_done(unsigned char seed, int voters, Str *done)
{
    return kit_done_as(seed, voters, false, done);
}

static void bytes_changed(void **state)
{
    (void)state;
    Str done;
    Kit *k = kit_done(80, 3, &done);
    char *p = (char *)done.p;
    for (int i = 0; i < FLIPS; i++) {
        size_t at = i < 20 ? (size_t)i * 97 % done.n : coin_below(&k->coin, (uint32_t)done.n);
        p[at] ^= (char)(1 << i % 8);
        assert_int_not_equal(verdict(k, done, (Str){ "", 0 }), ERR_NONE);
        p[at] ^= (char)(1 << i % 8);
    }
    assert_int_equal(verdict(k, done, (Str){ "", 0 }), ERR_NONE);
    kit_close(k);
}

/* Bounds of each record. */
static size_t bounds(Str bytes, size_t *at, size_t most)
{
    size_t n = 0, pos = 0;
    while (pos < bytes.n && n < most) {
        size_t size = 0;
        at[n++] = pos;
        for (int i = 0; i < 11; i++)
            size = size * 8 + (size_t)(bytes.p[pos + 124 + (size_t)i] - '0');
        pos += BEL_RECORD + (size + BEL_RECORD - 1) / BEL_RECORD * BEL_RECORD;
    }
    at[n] = pos;
    return n;
}

static void records_removed_repeated_reordered(void **state)
{
    (void)state;
    Str done;
    size_t at[100];
    Kit *k = kit_done(81, 3, &done);
    size_t n = bounds(done, at, 99);
    assert_int_equal(at[n], done.n);
    assert_true(n > 20);
    for (size_t i = 0; i < n; i++) {
        Str one = str_sub(done, at[i], at[i + 1] - at[i]), tail = str_sub(done, at[i + 1], done.n);
        Str head = str_sub(done, 0, at[i]);
        Buf b = buf_open(KIT_ROOM);
        buf_put(&b, head);
        buf_put(&b, tail);
        assert_int_not_equal(verdict(k, buf_str(&b), (Str){ "", 0 }), ERR_NONE);
        buf_reset(&b);
        buf_put(&b, head);
        buf_put(&b, one);
        buf_put(&b, one);
        buf_put(&b, tail);
        assert_int_not_equal(verdict(k, buf_str(&b), (Str){ "", 0 }), ERR_NONE);
        assert_int_not_equal(verdict(k, head, (Str){ "", 0 }), ERR_NONE);
        if (i + 1 < n) {
            buf_reset(&b);
            buf_put(&b, head);
            buf_put(&b, str_sub(done, at[i + 1], at[i + 2] - at[i + 1]));
            buf_put(&b, one);
            buf_put(&b, str_sub(done, at[i + 2], done.n));
            assert_int_not_equal(verdict(k, buf_str(&b), (Str){ "", 0 }), ERR_NONE);
        }
        buf_close(&b);
    }
    assert_int_not_equal(verdict(k, str_sub(done, 0, done.n - 1), (Str){ "", 0 }), ERR_NONE);
    Buf b = buf_open(KIT_ROOM);
    buf_put(&b, done);
    buf_putc(&b, 0);
    refused(k, buf_str(&b), ERR_BEL_CHAIN);
    buf_close(&b);
    kit_close(k);
}

/* One character of one payload, and the archive written anew around it. */
static void payloads_changed_and_rehashed(void **state)
{
    (void)state;
    Str done;
    Kit *k = kit_done(82, 3, &done);
    Parts whole = apart(done);
    int kinds[6] = { 0 };
    for (int i = 0; i < REWRITES; i++) {
        Parts p = whole;
        Str *slot[] = { &p.election, &p.trustees, &p.creds, &p.ballots[i % 3], &p.tally,
                        &p.shares[i / 7 % 3] };
        int kind = i % 6;
        Str text = arena_str(k->a, *slot[kind]);
        char *c = (char *)text.p + coin_below(&k->coin, (uint32_t)text.n);
        *c = *c >= '0' && *c <= '9' ? (char)('0' + (*c - '0' + 1) % 10) : (char)(*c ^ 1);
        if (*c == 0)
            continue;
        *slot[kind] = text;
        assert_int_not_equal(verdict(k, together(k, &p), (Str){ "", 0 }), ERR_NONE);
        kinds[kind]++;
    }
    for (int i = 0; i < 6; i++)
        assert_true(kinds[i] >= 20);
    kit_close(k);
}

static void a_ballot_left_out_of_the_tally(void **state)
{
    (void)state;
    Str done, other;
    Kit *k = kit_done(83, 3, &done);
    Parts p = apart(done);
    k->n_ballots = 2; /* the same box without its last ballot, decrypted by all who must */
    other = kit_open_box(k, kit_seal(k, NULL), (int[]){ 1, 3, 4 }, OWNERS, true);
    Parts less = apart(other);
    less.ballots[0] = p.ballots[0];
    less.ballots[1] = p.ballots[1];
    less.ballots[2] = p.ballots[2];
    less.n_ballots = 3;
    refused_parts(k, &less, ERR_BEL_TALLY);
    less.counted = 3;
    refused_parts(k, &less, ERR_BEL_TALLY);
    Parts more = p; /* a ballot listed less than counted */
    more.n_ballots = 2;
    refused_parts(k, &more, ERR_BEL_TALLY);
    kit_close(k);
}

static void a_false_number_of_ballots(void **state)
{
    (void)state;
    Str done;
    Kit *k = kit_done(84, 3, &done);
    Parts p = apart(done);
    p.counted = 4;
    refused_parts(k, &p, ERR_BEL_COUNTED);
    p.counted = 2;
    refused_parts(k, &p, ERR_BEL_COUNTED);
    kit_close(k);
}

static void counts_changed(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"result\":[[3,0,0,0,0]]}", "{\"result\":[[0,0,0,0,0]]}", "{\"result\":[[4,0,0,0,0]]}",
        "{\"result\":[[1,1,1,0]]}", "{\"result\":[[1,1,1,0,0,0]]}", "{\"result\":[]}", "{}",
        "{\"result\":[[01,1,1,0,0]]}", "{\"result\":[[-1,1,1,1,1]]}", "{\"result\": [[1,1,1,0,0]]}",
        "{\"result\":[[9007199254740993,0,0,0,0]]}",
    };
    Str done;
    Kit *k = kit_done(85, 3, &done);
    Parts p = apart(done);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Parts q = p;
        q.result = str_of(bad[i]);
        if (!str_eq(q.result, p.result))
            assert_int_not_equal(verdict(k, together(k, &q), (Str){ "", 0 }), ERR_NONE);
    }
    kit_close(k);
}

static void put_step(BelWriter *w, const Parts *p, char step)
{
    switch (step) {
    case 'b': bel_ballot(w, p->ballots[0]); break;
    case 'e': bel_end(w); break;
    case 't': bel_tally(w, p->tally, p->counted); break;
    case 's': bel_share(w, p->owners[0], p->shares[0]); break;
    default: bel_result(w, p->result); break;
    }
}

/* Every stage and every event: what is out of turn is refused, a second close and a vote after it
 * included. The box has one ballot and one key, so every lawful step leaves a sound archive. */
static void every_event_at_every_stage(void **state)
{
    (void)state;
    static const char turn[] = "betsr";
    Kit *k = kit_open(97, 2, 1, 0, 0, true, 0);
    kit_vote(k, 1);
    Parts p = apart(kit_open_box(k, kit_seal(k, NULL), (int[]){ 1 }, 1, true));
    for (size_t done = 0; done <= 5; done++)
        for (size_t next = 0; next < 5; next++) {
            Buf b = buf_open(KIT_ROOM);
            BelWriter w = bel_open(&b, 1767225600);
            bel_setup(&w, p.election, p.trustees, p.creds);
            for (size_t i = 0; i < done; i++)
                put_step(&w, &p, turn[i]);
            put_step(&w, &p, turn[next]);
            ErrCode got = verdict(k, buf_str(&b), (Str){ "", 0 });
            bool empty = done == 0 && turn[next] == 'e';
            ErrCode want = empty || (next == done && turn[next] == 'r') ? ERR_NONE :
                           next == done ? ERR_BEL_UNFINISHED :
                           done == 1 && next == 0 ? ERR_BEL_TWICE :    /* the same ballot again */
                           done == 4 && next == 3 ? ERR_BEL_TWICE :    /* the same share again */
                           done == 3 && next == 4 ? ERR_BEL_SHARES :   /* a result without them */
                                                    ERR_BEL_CHAIN;
            if (got != want)
                fail_msg("%zu steps, then %c: %s, not %s", done, turn[next], err_name(got),
                         err_name(want));
            buf_close(&b);
        }
    kit_close(k);
}

static void shares_that_are_wrong(void **state)
{
    (void)state;
    Str done;
    Kit *k = kit_done(86, 3, &done);
    Parts p = apart(done), q = p;
    q.owners[1] = 3; /* trustee 2's share under the name of 3 */
    refused_parts(k, &q, ERR_BEL_PROOF);
    q = p;
    q.owners[2] = q.owners[1];
    q.shares[2] = q.shares[1];
    refused_parts(k, &q, ERR_BEL_TWICE);
    q = p;
    q.owners[0] = 0;
    refused_parts(k, &q, ERR_TRUSTEE_KEY);
    q.owners[0] = 5;
    refused_parts(k, &q, ERR_TRUSTEE_KEY);
    q = p;
    q.n_shares = 2; /* the server's and one of two */
    refused_parts(k, &q, ERR_BEL_SHARES);
    q = p;
    q.shares[0] = q.shares[2];
    q.owners[0] = q.owners[2];
    q.n_shares = 2; /* two of the set, the server's missing */
    refused_parts(k, &q, ERR_BEL_SHARES);
    q = p;
    q.no_result = true;
    refused_parts(k, &q, ERR_BEL_UNFINISHED);
    q.n_shares = 0;
    refused_parts(k, &q, ERR_BEL_UNFINISHED);
    kit_close(k);
}

static void an_extra_share_does_no_harm(void **state)
{
    (void)state;
    Kit *k = kit_open(87, 4, 1, 2, 3, true, 0);
    kit_vote(k, 4);
    Str all = kit_open_box(k, kit_seal(k, NULL), (int[]){ 4, 3, 2, 1 }, 4, true);
    assert_int_equal(verdict(k, all, (Str){ "", 0 }), ERR_NONE);
    kit_close(k);
}

static void ballots_twice_and_votes_replaced(void **state)
{
    (void)state;
    Str done;
    Kit *k = kit_done(88, 3, &done);
    Parts p = apart(done), q = p;
    q.ballots[3] = q.ballots[0];
    q.n_ballots = 4;
    refused_parts(k, &q, ERR_BEL_TWICE);
    /* the official tool keeps replaced ballots: the last one counts */
    Str again = kit_ballot(k, 0, (int[]){ 2 }, NULL);
    q = p;
    q.n_ballots = 4;
    for (int i = 0; i < 3; i++)
        if (str_eq(vote_credential(&k->el, p.ballots[i]), vote_credential(&k->el, again)))
            q.ballots[i] = again, q.ballots[3] = p.ballots[i];
    refused_parts(k, &q, ERR_NONE);        /* the older one comes last, so it counts */
    Str swap = q.ballots[3];
    for (int i = 0; i < 3; i++)
        if (str_eq(q.ballots[i], again))
            q.ballots[i] = swap;
    q.ballots[3] = again;
    refused_parts(k, &q, ERR_BEL_TALLY);   /* the tally is that of the older one */
    kit_close(k);
}

static void credentials_that_are_not_listed(void **state)
{
    (void)state;
    Str done;
    Kit *k = kit_done_as(89, 3, true, &done);
    Parts p = apart(done), q = p;
    Point one[4];
    Creds c;
    Err e = { 0 };
    KIT_OK(e, creds_read(&c, k->a, p.creds, &e));
    size_t at;
    assert_true(creds_find(&at, &c, vote_credential(&k->el, p.ballots[1])));
    memcpy(one, c.items, sizeof one);
    one[at] = point_base(scalar_int(99));
    Buf b = buf_open(KIT_ROOM);
    KIT_OK(e, creds_write(&b, one, 4, &e));
    q.creds = kit_keep(k, &b);
    refused_parts(k, &q, ERR_BEL_CREDENTIAL);
    one[at] = one[(at + 1) % 4];
    b = buf_open(KIT_ROOM);
    KIT_OK(e, creds_write(&b, one, 4, &e));
    q.creds = kit_keep(k, &b);
    refused_parts(k, &q, ERR_BEL_TWICE);
    q.creds = arena_text(k->a, "[\"%.*s,2\"]", STR(vote_credential(&k->el, p.ballots[0])));
    refused_parts(k, &q, ERR_BEL_UNSUPPORTED);
    q.creds = STRC("[\"0000000000000000000000000000000000000000000000000000000000000001\"]");
    refused_parts(k, &q, ERR_BEL_POINT);
    q.creds = STRC("[]");
    refused_parts(k, &q, ERR_BEL_CREDENTIAL);
    kit_close(k);
}

/* Whoever runs the server may not add a credential, nor swap the trustees, once a phone has read
 * the election. */
static void frozen_files(void **state)
{
    (void)state;
    Str done, other;
    Kit *k = kit_done(95, 3, &done), *l = kit_done(96, 3, &other);
    Parts p = apart(done), q = p, r = apart(other);
    q.creds = arena_text(k->a, "%.*s,\"%.*s]", STR(str_sub(p.creds, 0, p.creds.n - 1)),
                         STR(str_sub(r.creds, 2, POINT_HEX + 1)));
    refused_parts(k, &q, ERR_BEL_CHAIN);
    q = p;
    q.trustees = r.trustees;
    refused_parts(k, &q, ERR_BEL_CHAIN);
    kit_close(k);
    kit_close(l);
}

static void what_is_not_for_us(void **state)
{
    (void)state;
    Str done;
    Kit *k = kit_done_as(90, 3, true, &done);
    Parts p = apart(done), q = p;
    q.election = STRC("{\"version\":1,\"description\":\"\",\"name\":\"n\",\"group\":\"BELENIOS-2048"
                      "\",\"public_key\":\"4\",\"questions\":[],\"uuid\":\"AbCdEfGh234567\"}");
    refused_parts(k, &q, ERR_BEL_UNSUPPORTED);
    char hex[POINT_HEX];
    point_hex(hex, k->el.key);
    q.election = arena_text(k->a, "{\"version\":1,\"description\":\"\",\"name\":\"n\",\"group\":"
                            "\"Ed25519\",\"public_key\":\"%.64s\",\"questions\":[{\"type\":"
                            "\"NonHomomorphic\",\"value\":{}}],\"uuid\":\"AbCdEfGh234567\"}", hex);
    refused_parts(k, &q, ERR_BEL_UNSUPPORTED);
    q = p;
    q.trustees = STRC("[[\"Pedersen\",{\"threshold\":1,\"certs\":[],\"coefexps\":[],"
                      "\"verification_keys\":[]}]]");
    refused_parts(k, &q, ERR_BEL_UNSUPPORTED);
    kit_close(k);
}

/* The floor stands in the election's file; below it nobody's tool gives a share, and an archive
 * with shares of such a box is false. */
static void below_the_floor(void **state)
{
    (void)state;
    Kit *k = kit_open(91, 6, 1, 2, 3, true, 5);
    BelCheck check = { .seed = { 1 } };
    kit_vote(k, 4);
    Str sealed = kit_seal(k, NULL);
    Buf share = buf_open(KIT_ROOM);
    Hash given;
    Bel bel;
    Err e = { 0 };
    BelGive give = { &check, &k->secrets[0], 1, NULL };
    assert_false(bel_give(&share, &given, &bel, k->a, sealed, &give, &k->coin, &e));
    assert_int_equal(e.code, ERR_BEL_FLOOR);
    assert_int_equal(share.n, 0);
    KIT_OK(e, bel_verify(&bel, k->a, sealed, &check, &e)); /* shut, it is sound */
    KIT_OK(e, tally_share(&share, &bel.election, &bel.tally, &k->secrets[0], &k->coin, &e));
    Parts p = apart(sealed);
    p.shares[0] = buf_str(&share);
    p.owners[0] = 1;
    p.n_shares = 1;
    p.no_result = true;
    refused_parts(k, &p, ERR_BEL_FLOOR);
    buf_close(&share);
    kit_vote(k, 5);
    kit_open_box(k, kit_seal(k, NULL), (int[]){ 1, 2, 3 }, 3, true);
    kit_close(k);
}

static void one_share_an_election(void **state)
{
    (void)state;
    Kit *k = kit_open(92, 6, 1, 2, 3, true, 0);
    BelCheck check = { .seed = { 1 } };
    kit_vote(k, 5);
    Str five = kit_seal(k, NULL);
    k->n_ballots = 6 - 2;
    Str four = kit_seal(k, NULL);
    Buf share = buf_open(KIT_ROOM);
    Hash given, again;
    Bel bel;
    Err e = { 0 };
    BelGive give = { &check, &k->secrets[2], 3, NULL };
    KIT_OK(e, bel_give(&share, &given, &bel, k->a, five, &give, &k->coin, &e));
    give.given = &given;
    KIT_OK(e, bel_give(&share, &again, &bel, k->a, five, &give, &k->coin, &e));
    size_t before = share.n;
    assert_false(bel_give(&share, &again, &bel, k->a, four, &give, &k->coin, &e));
    assert_int_equal(e.code, ERR_BEL_GIVEN);
    give.given = NULL;
    give.owner = 2;
    assert_false(bel_give(&share, &again, &bel, k->a, five, &give, &k->coin, &e));
    assert_int_equal(e.code, ERR_TRUSTEE_KEY);
    give.owner = 5;
    assert_false(bel_give(&share, &again, &bel, k->a, five, &give, &k->coin, &e));
    assert_int_equal(e.code, ERR_TRUSTEE_KEY);
    assert_int_equal(share.n, before);
    buf_close(&share);
    kit_close(k);
}

static void a_seal_refuses_what_may_not_count(void **state)
{
    (void)state;
    Kit *k = kit_open(93, 4, 1, 2, 3, true, 0);
    kit_vote(k, 3);
    BelBox box = { .election = k->election, .trustees = k->trustees, .creds = k->creds,
                   .ballots = k->ballots, .n = 3, .timestamp = 1 };
    Buf b = buf_open(KIT_ROOM);
    Err e = { 0 };
    Str good = k->ballots[1];
    k->ballots[1] = kit_ballot(k, 0, (int[]){ 3 }, NULL);
    assert_false(bel_seal(&b, NULL, &box, &e));
    assert_int_equal(e.code, ERR_BEL_TWICE);
    k->ballots[1] = arena_str(k->a, good);
    ((char *)k->ballots[1].p)[k->ballots[1].n - 10] ^= 1;
    assert_false(bel_seal(&b, NULL, &box, &e));
    assert_int_equal(e.code, ERR_BEL_PROOF);
    k->ballots[1] = STRC("");
    assert_false(bel_seal(&b, NULL, &box, &e));
    assert_int_equal(e.code, ERR_BEL_CREDENTIAL);
    assert_int_equal(b.n, 0);
    buf_close(&b);
    kit_close(k);
}

static void hints_beside_an_archive(void **state)
{
    (void)state;
    Kit *k = kit_open(94, 4, 1, 2, 3, true, 0);
    kit_vote(k, 4);
    Str hints, sealed = kit_seal(k, &hints);
    Str done = kit_open_box(k, sealed, (int[]){ 1, 2, 3 }, 3, true);
    BelCheck check = { .seed = { 1 } };
    Bel bel;
    Err e = { 0 };
    KIT_OK(e, bel_verify(&bel, k->a, done, &check, &e));
    Buf made = buf_open(KIT_ROOM);
    KIT_OK(e, bel_hints_write(&made, &bel, &e));
    assert_int_equal(made.n, hints.n);
    assert_memory_equal(made.p, hints.p, hints.n);
    buf_close(&made);
    for (int i = 0; i < 40; i++) {
        Str wrong = arena_str(k->a, hints);
        ((char *)wrong.p)[coin_below(&k->coin, (uint32_t)wrong.n)] ^= 8;
        assert_int_equal(verdict(k, done, wrong), ERR_NONE);
        assert_int_equal(verdict(k, sealed, wrong), ERR_BEL_UNFINISHED);
    }
    assert_int_equal(verdict(k, done, str_sub(hints, 0, 50)), ERR_NONE);
    kit_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_changed),
        cmocka_unit_test(records_removed_repeated_reordered),
        cmocka_unit_test(payloads_changed_and_rehashed),
        cmocka_unit_test(a_ballot_left_out_of_the_tally),
        cmocka_unit_test(a_false_number_of_ballots),
        cmocka_unit_test(counts_changed),
        cmocka_unit_test(every_event_at_every_stage),
        cmocka_unit_test(shares_that_are_wrong),
        cmocka_unit_test(an_extra_share_does_no_harm),
        cmocka_unit_test(ballots_twice_and_votes_replaced),
        cmocka_unit_test(credentials_that_are_not_listed),
        cmocka_unit_test(frozen_files),
        cmocka_unit_test(what_is_not_for_us),
        cmocka_unit_test(below_the_floor),
        cmocka_unit_test(one_share_an_election),
        cmocka_unit_test(a_seal_refuses_what_may_not_count),
        cmocka_unit_test(hints_beside_an_archive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
