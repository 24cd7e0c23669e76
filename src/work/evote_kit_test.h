/* evote_kit_test: an electronic vote in the small hall, with three trustees, slips and voters, for
 * the tests of work and of the server. */
#ifndef WORK_EVOTE_KIT_TEST_H
#define WORK_EVOTE_KIT_TEST_H

#include "work/hall_test.h"

#include "ballot/ballot.h"

enum { TRUSTEES = 3, NEEDED = 2, ROOM = 64 << 20, SLIPS_MAX = 40, HEAPS = 3, BOXES_MAX = 100 };

static const char *const items[] = { "overall",   "understanding", "duty",
                                     "key_tasks", "finding",       "next_steps" };
static const char *const heaps[] = { "leaders", "peers", "staff" };
static const char *const objects[] = { "party_building", "clean_conduct" };
static const int voters[] = { 9, 10, 10 };

typedef struct Vault {
    HallRoom *r;
    Coin coin;
    Who maker, scrutineer2, trustee[TRUSTEES];
    int64_t evote;
    Str pass[TRUSTEES], slips_pass;
    TrusteeSeed seeds[TRUSTEES];
    Scalar secrets[TRUSTEES];
    Slip slips[HEAPS][SLIPS_MAX];
    int n_slips[HEAPS];
    int64_t said[HEAPS][2][HALL_PEOPLE][6][4];   /* what was chosen, counted as it was chosen */
} Vault;

static inline Str kept(Vault *t, Buf *b)
{
    Str s = arena_str(t->r->a, buf_str(b));
    assert_false(b->failed);
    buf_close(b);
    return s;
}

static inline Str text_of(Vault *t, const json_t *v, const char *key)
{
    return arena_str(t->r->a, jv_str(v, key));
}

/* A request as the route makes it: JSON built here, whatever is in it. */
static inline json_t *ask(Vault *t, const Who *who, const UseCase *u, json_t *in)
{
    json_t *out = NULL;
    if (!hall_run(t->r, who, u, in, &out, NULL)) {
        hall_show(t->r);
        fail_msg("%s was refused", u->name);
    }
    json_decref(in);
    return out;
}

static inline void refused(Vault *t, ErrCode code, const Who *who, const UseCase *u, json_t *in)
{
    json_t *out = NULL;
    if (hall_run(t->r, who, u, in, &out, NULL))
        fail_msg("%s was accepted", u->name);
    if (t->r->e.code != code) {
        hall_show(t->r);
        fail_msg("%s: %s", u->name, err_name(t->r->e.code));
    }
    json_decref(in);
}

static const Who nobody = { .account = 0 };

/* --- set up --------------------------------------------------------------------------------- */

static inline json_t *desk(Vault *t, Str pass)
{
    return ask(t, &nobody, &work_booth_desk,
               json_pack("{s:I,s:o}", "evote", (json_int_t)t->evote, "pass", jv_new(pass)));
}

static inline Str pass_of(Vault *t, const Who *who)
{
    json_t *got = hall_do(t->r, who, &work_evote_pass, "{'evote':%lld}", (long long)t->evote);
    Str s = text_of(t, got, "pass");
    json_decref(got);
    return s;
}

static inline void set_up(Vault *t, HallRoom *r)
{
    unsigned char seed[32] = { 42 };
    *t = (Vault){ .r = r, .coin = coin_open(seed) };
    json_t *c = hall_do(r, &r->head, &work_cycle_show, "{'cycle':%lld}", (long long)r->cycle);
    hall_done(r, &r->head, &work_voting_open, "{'cycle':%lld,'version':%lld}", (long long)r->cycle,
              (long long)jv_int(c, "version"));
    json_decref(c);
    t->maker = hall_account(r, "maker", "inspector", r->helper[7], r->org);
    t->scrutineer2 = hall_account(r, "scrutineer2", "scrutineer", r->helper[4], r->org);
    t->trustee[0] = r->committee;
    t->trustee[1] = r->scrutineer;
    t->trustee[2] = r->secretary;
#define MAKE "{'cycle':%lld,'trustees':[%lld,%lld,%lld],'threshold':%d,'maker':%lld}"
#define MADE(threshold, maker)                                                                     \
    (long long)r->cycle, (long long)t->trustee[0].account, (long long)t->trustee[1].account,       \
        (long long)t->trustee[2].account, threshold, (long long)(maker)
    hall_refused(r, ERR_EVOTE_TRUSTEES, &r->head, &work_evote_make, MAKE, MADE(1,
                 t->maker.account));
    hall_refused(r, ERR_EVOTE_MAKER, &r->head, &work_evote_make, MAKE, MADE(2, r->clerk.account));
    hall_refused(r, ERR_FORBIDDEN, &r->clerk, &work_evote_make, MAKE, MADE(2, t->maker.account));
    t->evote = hall_made(hall_do(r, &r->head, &work_evote_make, MAKE, MADE(2, t->maker.account)),
                         "id");
    hall_refused(r, ERR_EVOTE_TWICE, &r->head, &work_evote_make, MAKE, MADE(2, t->maker.account));
    for (int i = 0; i < TRUSTEES; i++)
        t->pass[i] = pass_of(t, &t->trustee[i]);
    t->slips_pass = pass_of(t, &t->maker);
    hall_refused(r, ERR_EVOTE_POST, &r->clerk, &work_evote_pass, "{'evote':%lld}",
                 (long long)t->evote);
    refused(t, ERR_EVOTE_PASS, &nobody, &work_booth_desk,
            json_pack("{s:I,s:s}", "evote", (json_int_t)t->evote, "pass", "guess"));
}

static inline json_t *saying(Vault *t, int i, const char *step, Str text)
{
    return json_pack("{s:I,s:o,s:s,s:o}", "evote", (json_int_t)t->evote, "pass",
                     jv_new(t->pass[i]), "step", step, "text", jv_new(text));
}

static inline void all_say(Vault *t, const char *step, Str *texts)
{
    for (int i = 0; i < TRUSTEES; i++)
        json_decref(ask(t, &nobody, &work_booth_say, saying(t, i, step, texts[i])));
}

static inline void ceremony(Vault *t)
{
    Str certs[TRUSTEES], deals[TRUSTEES], keys[TRUSTEES];
    Err e = { 0 };
    for (int i = 0; i < TRUSTEES; i++) {
        TrusteeRole role = { i + 1, NEEDED, TRUSTEES };
        Buf b = buf_open(ROOM);
        coin_bytes(&t->coin, t->seeds[i].b, 32);
        assert_true(trustee_cert(&b, &t->seeds[i], role, &e));
        certs[i] = kept(t, &b);
    }
    refused(t, ERR_EVOTE_EARLY, &nobody, &work_booth_say, saying(t, 0, "deal", STRC("x")));
    all_say(t, "cert", certs);
    all_say(t, "cert", certs); /* again is fine, something else is not */
    refused(t, ERR_EVOTE_SAID, &nobody, &work_booth_say, saying(t, 0, "cert", STRC("x")));
    for (int i = 0; i < TRUSTEES; i++) {
        TrusteeRole role = { i + 1, NEEDED, TRUSTEES };
        Buf b = buf_open(ROOM);
        assert_true(trustee_deal(&b, &t->seeds[i], role, certs, &e));
        deals[i] = kept(t, &b);
    }
    all_say(t, "deal", deals);
    for (int i = 0; i < TRUSTEES; i++) {
        TrusteeRole role = { i + 1, NEEDED, TRUSTEES };
        Buf b = buf_open(ROOM);
        assert_true(trustee_take(&b, &t->secrets[i], &t->seeds[i], role, certs, deals, STRC(""),
                                 &e));
        keys[i] = kept(t, &b);
    }
    json_t *d = desk(t, t->pass[0]);
    assert_true(str_is(jv_str(d, "state"), "ceremony"));
    assert_int_equal(jv_str(d, "piece").n, 0);
    json_decref(d);
    all_say(t, "key", keys);
    d = desk(t, t->pass[1]);
    assert_true(str_is(jv_str(d, "state"), "slips"));
    assert_int_equal(jv_str(d, "piece").n, 64);
    json_decref(d);
}

static inline json_t *list_of(Vault *t, int heap, Str uuid)
{
    Point points[SLIPS_MAX];
    char hex[POINT_HEX];
    json_t *creds = json_array();
    for (int i = 0; i < t->n_slips[heap]; i++) {
        Scalar s;
        slip_secret(&s, &t->slips[heap][i], uuid);
        points[i] = point_base(s);
        point_hex(hex, points[i]);
        json_array_append_new(creds, json_stringn(hex, POINT_HEX));
    }
    return json_pack("{s:o,s:o}", "uuid", jv_new(uuid), "creds", creds);
}

static inline json_t *creds_in(Vault *t, const char *group, json_t *lists)
{
    return json_pack("{s:I,s:o,s:s,s:o}", "evote", (json_int_t)t->evote, "pass",
                     jv_new(t->slips_pass), "group", group, "lists", lists);
}

static inline void make_slips(Vault *t)
{
    json_t *d = desk(t, t->slips_pass);
    const json_t *groups = jv_get(d, "groups");
    assert_int_equal(jv_len(groups), HEAPS);
    for (int h = 0; h < HEAPS; h++) {
        const json_t *g = jv_at(groups, (size_t)h), *uuids = jv_get(g, "uuids");
        assert_int_equal(jv_len(uuids), 4 * 2 * HALL_PEOPLE); /* turns × objects × debriefers */
        t->n_slips[h] = (int)jv_int(g, "slips");
        assert_in_range(t->n_slips[h], voters[h] + 1, SLIPS_MAX);
        for (int i = 0; i < t->n_slips[h]; i++)
            t->slips[h][i] = slip_make(&t->coin);
        json_t *lists = json_array();
        for (size_t u = 0; u < jv_len(uuids); u++)
            json_array_append_new(lists, list_of(t, h, jv_text(jv_at(uuids, u))));
        if (h == 0) { /* one too few */
            json_t *few = json_deep_copy(lists);
            json_array_remove(json_object_get(json_array_get(few, 0), "creds"), 0);
            refused(t, ERR_EVOTE_CREDS, &nobody, &work_booth_slips, creds_in(t, heaps[h], few));
        }
        json_t *got = ask(t, &nobody, &work_booth_slips, creds_in(t, heaps[h], lists));
        assert_int_equal(jv_bool(got, "done"), h == HEAPS - 1);
        json_decref(got);
    }
    json_decref(d);
}

/* --- voting --------------------------------------------------------------------------------- */

static inline json_t *elections_of(Vault *t, int heap)
{
    return ask(t, &nobody, &work_booth_group,
               json_pack("{s:I,s:s}", "evote", (json_int_t)t->evote, "group", heaps[heap]));
}

static inline size_t place(Str name, const char *const *names)
{
    size_t i = 0;
    while (!str_is(name, names[i]))
        i++;
    return i;
}

static inline int debriefer_no(const Vault *t, int64_t id)
{
    for (int i = 0; i < HALL_PEOPLE; i++)
        if (t->r->debriefer[i] == id)
            return i;
    return -1;
}

/* One ballot; what is chosen is counted when `keep` says so. */
static inline json_t *ballot(Vault *t, int heap, int voter, const json_t *el, int shift, bool keep,
                      Str *text_out)
{
    Election election;
    Err e = { 0 };
    Str text = arena_str(t->r->a, jv_str(el, "text"));
    assert_true(election_read(&election, t->r->a, text, &e));
    assert_int_equal(election.n_questions, 6);
    unsigned char marks[6][8] = { { 0 } };
    const unsigned char *rows[6];
    size_t o = place(jv_str(el, "object"), objects);
    int d = debriefer_no(t, jv_int(el, "debriefer"));
    for (int q = 0; q < 6; q++) {
        bool blank = election.questions[q].blank;
        size_t pick = ((size_t)voter * 3 + (size_t)q + (size_t)d + (size_t)shift) %
                      election.questions[q].n_answers;
        marks[q][pick + blank] = 1;
        rows[q] = marks[q];
        if (keep)
            t->said[heap][o][d][q][pick]++;
    }
    Scalar s;
    Buf b = buf_open(ROOM), hints = buf_open(ROOM);
    slip_secret(&s, &t->slips[heap][voter], election.uuid);
    assert_true(vote_make(&b, &hints, &election, &s, rows, &t->coin, &e));
    Str ballot_text = kept(t, &b), h = kept(t, &hints);
    if (text_out)
        *text_out = ballot_text;
    return json_pack("{s:o,s:o,s:o}", "uuid", jv_new(election.uuid), "ballot",
                     jv_new(ballot_text), "hints", jv_new(hash_base64(t->r->a, h)));
}

static inline json_t *cast_all(Vault *t, json_t *ballots)
{
    return ask(t, &nobody, &work_booth_cast,
               json_pack("{s:I,s:o}", "evote", (json_int_t)t->evote, "ballots", ballots));
}

static inline void all_are(const json_t *receipts, const char *state)
{
    const json_t *rows = jv_get(receipts, "cast");
    for (size_t i = 0; i < jv_len(rows); i++)
        if (!str_is(jv_str(jv_at(rows, i), "state"), state))
            fail_msg("%.*s: %.*s", STR(jv_str(jv_at(rows, i), "state")),
                     STR(jv_str(jv_at(rows, i), "message")));
}

/* `self`: the debriefer who is this voter sends nothing about himself. */
static inline void vote(Vault *t, int heap, int voter, int self)
{
    json_t *got = elections_of(t, heap), *ballots = json_array();
    const json_t *els = jv_get(got, "elections");
    assert_int_equal(jv_len(els), 2 * HALL_PEOPLE);
    for (size_t i = 0; i < jv_len(els); i++)
        if (debriefer_no(t, jv_int(jv_at(els, i), "debriefer")) != self)
            json_array_append_new(ballots,
                                  ballot(t, heap, voter, jv_at(els, i), 0, true, NULL));
    json_t *receipts = cast_all(t, ballots);
    all_are(receipts, "new");
    json_decref(receipts);
    json_decref(got);
}

/* The first voter of the leaders changes his mind about the first debriefer. */
static inline Str change_mind(Vault *t)
{
    json_t *got = elections_of(t, 0);
    const json_t *el = jv_at(jv_get(got, "elections"), 0);
    Str text;
    for (int q = 0; q < 6; q++)
        t->said[0][0][0][q][(size_t)q % 4]--;
    json_t *ballots = json_array();
    json_array_append_new(ballots, ballot(t, 0, 0, el, 1, true, &text));
    json_t *again = json_deep_copy(ballots), *receipts = cast_all(t, ballots);
    all_are(receipts, "replaced");
    Str tracker = text_of(t, jv_at(jv_get(receipts, "cast"), 0), "tracker");
    json_decref(receipts);
    receipts = cast_all(t, again); /* a lost answer */
    all_are(receipts, "same");
    json_decref(receipts);
    json_decref(got);
    return tracker;
}

static inline void watch(Vault *t, const Who *who, int staff_undrawn)
{
    hall_done(t->r, who, &work_evote_watch_file,
              "{'evote':%lld,'groups':[{'name':'leaders','undrawn':%d,'torn':0},"
              "{'name':'peers','undrawn':%d,'torn':0},{'name':'staff','undrawn':%d,'torn':0}]}",
              (long long)t->evote, t->n_slips[0] - voters[0], t->n_slips[1] - voters[1],
              staff_undrawn);
}

/* --- opening -------------------------------------------------------------------------------- */

static inline int line_order(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

static inline Str archive(Vault *t, Str uuid, const char *part)
{
    WorkFile f = { .bytes = STRC("") };
    json_t *in = json_pack("{s:I,s:o,s:s}", "evote", (json_int_t)t->evote, "uuid", jv_new(uuid),
                           "part", part);
    if (!hall_run(t->r, &nobody, &work_booth_archive, in, NULL, &f)) {
        hall_show(t->r);
        fail_msg("no archive");
    }
    json_decref(in);
    return f.bytes;
}

/* The hash on the big screen is made of what every trustee's tool sees, and outlives the result. */
static inline void same_whole(Vault *t)
{
    json_t *d = desk(t, t->pass[1]), *b = hall_do(t->r, &nobody, &work_booth_show,
                                                  "{'evote':%lld}", (long long)t->evote);
    const json_t *rows = jv_get(d, "archives");
    Str lines[BOXES_MAX];
    size_t n = jv_len(rows);
    Buf all = buf_open(1 << 20);
    for (size_t i = 0; i < n; i++) {
        Str uuid = jv_str(jv_at(rows, i), "uuid"), closed = jv_str(jv_at(rows, i), "closed");
        Arena *a = arena_open(256 << 20);
        Bel bel;
        BelCheck check = { .hints = archive(t, uuid, "hints") };
        assert_true(bel_verify(&bel, a, archive(t, uuid, "bel"), &check, &t->r->e));
        assert_true(str_eq(hash_hex(a, bel.closed), closed)); /* shares behind it change nothing */
        arena_close(a);
        lines[i] = arena_text(t->r->a, "%.*s|%.*s\n", STR(uuid), STR(closed));
    }
    qsort(lines, n, sizeof *lines, line_order);
    for (size_t i = 0; i < n; i++)
        buf_put(&all, lines[i]);
    assert_true(str_eq(jv_str(b, "whole"), hash_hex(t->r->a, hash_of(buf_str(&all)))));
    buf_close(&all);
    json_decref(b);
    json_decref(d);
}

static inline json_t *share_in(Vault *t, int i, Str uuid, Str share)
{
    return json_pack("{s:I,s:o,s:o,s:o}", "evote", (json_int_t)t->evote, "pass",
                     jv_new(t->pass[i]), "uuid", jv_new(uuid), "share", jv_new(share));
}

static inline void give_shares(Vault *t, int i, bool enough)
{
    json_t *d = desk(t, t->pass[i]);
    const json_t *rows = jv_get(d, "archives");
    assert_int_equal(jv_len(rows), HEAPS * 2 * HALL_PEOPLE);
    assert_true(jv_bool(d, "settled"));
    for (size_t k = 0; k < jv_len(rows); k++) {
        Str uuid = jv_str(jv_at(rows, k), "uuid");
        Arena *a = arena_open(256 << 20);
        Bel bel;
        Hash tally;
        BelCheck check = { .hints = archive(t, uuid, "hints") };
        BelGive give = { .check = &check, .secret = &t->secrets[i], .owner = i + 2 };
        Buf share = buf_open(ROOM);
        Str bytes = archive(t, uuid, "bel");
        if (!enough) /* the hash on the big screen */
            assert_true(str_eq(hash_hex(a, hash_of(bytes)), jv_str(jv_at(rows, k), "closed")));
        if (!bel_give(&share, &tally, &bel, a, bytes, &give, &t->coin, &t->r->e)) {
            hall_show(t->r);
            fail_msg("no share");
        }
        if (k == 0 && !enough) { /* a false one, and one of another trustee */
            refused(t, ERR_BEL_PROOF, &nobody, &work_booth_share,
                    share_in(t, (i + 1) % TRUSTEES, uuid, buf_str(&share)));
        }
        json_t *got = ask(t, &nobody, &work_booth_share, share_in(t, i, uuid, buf_str(&share)));
        assert_int_equal(jv_bool(got, "enough"), enough);
        json_decref(got);
        buf_close(&share);
        arena_close(a);
    }
    json_decref(d);
}

#endif
