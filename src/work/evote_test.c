/* The electronic ballot: C13 from the key ceremony to one result with the papers. */
#include "work/evote_kit_test.h"

/* --- the papers of those who came without a phone ------------------------------------------- */

enum { PAPERS = 6 };

static const char *paper_body(HallRoom *r)
{
    Buf b = buf_open(1 << 20);
    buf_fmt(&b, "{'returned':%d,'valid':%d,'invalid':[],'cells':[", PAPERS, PAPERS);
    for (int d = 0; d < HALL_PEOPLE; d++)
        for (size_t i = 0; i < 6; i++)
            buf_fmt(&b, "%s{'debriefer':%lld,'item':'%s','option':'good','n':%d}",
                         d || i ? "," : "",
                    (long long)r->debriefer[d], items[i], PAPERS);
    buf_fmt(&b, "]}");
    const char *z = arena_z(r->a, buf_str(&b));
    buf_close(&b);
    return z;
}

static void papers(Vault *t, const char *object)
{
    HallRoom *r = t->r;
    for (int i = 0; i < 2; i++)
        hall_done(r, i ? &r->teller2 : &r->teller1, &work_tally_save,
                  "{'cycle':%lld,'object':'%s','group':'staff','round':1,'submit':true,'body':%s}",
                  (long long)r->cycle, object, paper_body(r));
}

static int64_t cell(const json_t *body, int64_t debriefer, const char *item, Str option)
{
    const json_t *cells = jv_get(body, "cells");
    for (size_t i = 0; i < jv_len(cells); i++) {
        const json_t *c = jv_at(cells, i);
        if (jv_int(c, "debriefer") == debriefer && str_is(jv_str(c, "item"), item) &&
            str_eq(jv_str(c, "option"), option))
            return jv_int(c, "n");
    }
    return 0;
}

typedef struct Results {
    Arena *a;
    FactList l;
} Results;

static bool results_job(Tx *tx, void *arg, Err *e)
{
    Results *x = arg;
    FactFilter by = { .kind = STRC("paper_result") };
    return fact_list(&x->l, x->a, tx, &by, e);
}

static void same_as_chosen(Vault *t)
{
    static const char *const options[] = { "good", "fairly_good", "fair", "poor" };
    Results x = { .a = t->r->a };
    assert_true(store_read(work_store(t->r->w), results_job, &x, &t->r->e));
    assert_int_equal(x.l.n, 2 * HEAPS);
    for (size_t i = 0; i < x.l.n; i++) {
        json_t *body;
        assert_true(jv_read(&body, x.l.items[i].body, "result", &t->r->e));
        size_t o = place(jv_str(body, "object"), objects);
        size_t h = place(jv_text(jv_at(jv_get(body, "groups"), 0)), heaps);
        int paper = h == 2 ? PAPERS : 0;
        assert_int_equal(jv_int(body, "valid"), voters[h] + paper);
        assert_int_equal(jv_int(body, "electronic"), voters[h]);
        for (int d = 0; d < HALL_PEOPLE; d++)
            for (int q = 0; q < 6; q++)
                for (int k = 0; k < 4; k++)
                    assert_int_equal(cell(body, t->r->debriefer[d], items[q], str_of(options[k])),
                                     t->said[h][o][d][q][k] + (k == 0 ? paper : 0));
        json_decref(body);
    }
}

/* --- slips handed in, the key lost ---------------------------------------------------------- */

/* All public credentials of a slip, as the page that reads it sends them. */
static json_t *slip_of(Vault *t, int heap, int i)
{
    json_t *d = desk(t, t->slips_pass), *slip = json_array();
    const json_t *uuids = jv_get(jv_at(jv_get(d, "groups"), (size_t)heap), "uuids");
    for (size_t k = 0; k < jv_len(uuids); k++) {
        Scalar s;
        char hex[POINT_HEX];
        slip_secret(&s, &t->slips[heap][i], jv_text(jv_at(uuids, k)));
        point_hex(hex, point_base(s));
        json_array_append_new(slip, json_pack("{s:O,s:s%}", "uuid", jv_at(uuids, k), "hex", hex,
                                              (size_t)POINT_HEX));
    }
    json_decref(d);
    return slip;
}

static json_t *tearing(Vault *t, Str pass, const char *group, json_t *slip)
{
    return json_pack("{s:I,s:o,s:s,s:s,s:o}", "evote", (json_int_t)t->evote, "pass", jv_new(pass),
                     "group", group, "reason", "破损", "slip", slip);
}

static void tear(Vault *t, const char *group, json_t *slip)
{
    json_decref(ask(t, &nobody, &work_booth_torn, tearing(t, t->slips_pass, group, slip)));
}

static int64_t torn_listed(Vault *t, Str *first)
{
    json_t *got = hall_do(t->r, &nobody, &work_booth_torn_list, "{'evote':%lld}",
                          (long long)t->evote);
    const json_t *rows = jv_get(got, "torn");
    int64_t n = (int64_t)jv_len(rows);
    if (n && first)
        *first = text_of(t, jv_at(rows, 0), "first");
    json_decref(got);
    return n;
}

static void torn_before_opening(Vault *t)
{
    json_t *slip = slip_of(t, 2, 20), *one = json_array();
    json_array_append(one, json_array_get(slip, 0));
    refused(t, ERR_EVOTE_SLIP, &nobody, &work_booth_torn,
            tearing(t, t->slips_pass, "staff", one)); /* a part of it: spare turns would be left */
    refused(t, ERR_EVOTE_SLIP, &nobody, &work_booth_torn,
            tearing(t, t->slips_pass, "peers", json_incref(slip)));
    refused(t, ERR_EVOTE_POST, &nobody, &work_booth_torn,
            tearing(t, t->pass[0], "staff", json_incref(slip)));
    refused(t, ERR_EVOTE_PASS, &nobody, &work_booth_torn,
            tearing(t, STRC("guess"), "staff", json_incref(slip)));
    assert_int_equal(torn_listed(t, NULL), 0);
    tear(t, "staff", json_incref(slip));
    tear(t, "staff", slip); /* again is fine */
    assert_int_equal(torn_listed(t, NULL), 1);
}

static ErrCode cast_one(Vault *t, int heap, int voter)
{
    json_t *got = elections_of(t, heap), *ballots = json_array();
    json_array_append_new(ballots, ballot(t, heap, voter, jv_at(jv_get(got, "elections"), 0), 0,
                                          false, NULL));
    json_t *receipts = cast_all(t, ballots);
    const json_t *row = jv_at(jv_get(receipts, "cast"), 0);
    bool taken = !str_is(jv_str(row, "state"), "refused");
    bool torn = str_is(jv_str(row, "name"), "URN_VOID");
    if (!taken)
        assert_int_equal(jv_str(row, "tracker").n, 0); /* nothing that reads as a receipt */
    json_decref(receipts);
    json_decref(got);
    return taken ? ERR_NONE : torn ? ERR_URN_VOID : ERR_FORBIDDEN;
}

/* One slip fewer was drawn than ballots came. */
enum { OVER = 9 };

static void watch_torn(Vault *t, int torn)
{
    const Who *who[] = { &t->r->scrutineer, &t->scrutineer2 };
    for (int i = 0; i < 2; i++)
        hall_done(t->r, who[i], &work_evote_watch_file,
                  "{'evote':%lld,'groups':[{'name':'leaders','undrawn':0,'torn':0},"
                  "{'name':'peers','undrawn':0,'torn':0},{'name':'staff','undrawn':%d,'torn':%d}]}",
                  (long long)t->evote, t->n_slips[2] - 2 - OVER + 1, torn);
}

static void c13_torn_slips(void **state)
{
    HallRoom *r = *state;
    Vault t;
    Str first;
    set_up(&t, r);
    ceremony(&t);
    make_slips(&t);
    torn_before_opening(&t);
    hall_done(r, &r->head, &work_evote_open, "{'evote':%lld}", (long long)t.evote);
    assert_int_equal(cast_one(&t, 2, 20), ERR_URN_VOID); /* from the list, into the urn */
    assert_int_equal(cast_one(&t, 2, 0), ERR_NONE);
    refused(&t, ERR_URN_VOTED, &nobody, &work_booth_torn,
            tearing(&t, t.slips_pass, "staff", slip_of(&t, 2, 0)));
    assert_int_equal(torn_listed(&t, NULL), 1);
    tear(&t, "staff", slip_of(&t, 2, 1));
    assert_int_equal(cast_one(&t, 2, 1), ERR_URN_VOID);
    assert_int_equal(cast_one(&t, 2, 0), ERR_NONE);
    work_close(r->w);
    WorkConfig c = { .dir = r->dir, .sys = r->sys, .fonts = ".tools/fonts" };
    assert_true(work_open(&r->w, &c, &r->e));
    assert_int_equal(cast_one(&t, 2, 1), ERR_URN_VOID);
    assert_int_equal(torn_listed(&t, &first), 2);
    json_t *b = hall_do(r, &nobody, &work_booth_show, "{'evote':%lld}", (long long)t.evote);
    assert_int_equal(jv_int(b, "torn"), 2);
    assert_int_equal(jv_str(b, "whole").n, 0);
    assert_true(str_is(jv_str(jv_get(b, "pages"), "vote"), "")); /* no page is served here */
    json_decref(b);
    for (int v = 2; v <= OVER; v++)
        assert_int_equal(cast_one(&t, 2, v), ERR_NONE);
    watch_torn(&t, 1);
    hall_refused(r, ERR_EVOTE_TORN, &r->head, &work_evote_close, "{'evote':%lld}",
                 (long long)t.evote);
    watch_torn(&t, 2);
    hall_done(r, &r->head, &work_evote_close, "{'evote':%lld}", (long long)t.evote);
    refused(&t, ERR_EVOTE_STATE, &nobody, &work_booth_torn,
            tearing(&t, t.slips_pass, "staff", slip_of(&t, 2, 2)));
    json_t *shown = hall_do(r, &r->head, &work_evote_show, "{'cycle':%lld}", (long long)r->cycle);
    int over = 0;
    for (size_t i = 0; i < jv_len(jv_get(shown, "boxes")); i++) {
        const json_t *box = jv_at(jv_get(shown, "boxes"), i);
        assert_true(jv_bool(box, "shut"));
        over += jv_int(box, "ballots") == OVER; /* enough of them, but one too many */
    }
    assert_int_equal(over, 1);
    json_decref(shown);
}

static json_t *piece_in(Vault *t, int i, Str piece)
{
    return json_pack("{s:I,s:o,s:o}", "evote", (json_int_t)t->evote, "pass", jv_new(t->pass[i]),
                     "piece", jv_new(piece));
}

/* The key goes, the pieces of two envelopes bring it back; a false third does not spoil it. */
static void key_lost_and_joined(Vault *t, Str piece[TRUSTEES])
{
    HallRoom *r = t->r;
    Str before, after;
    for (int i = 0; i < TRUSTEES; i++) {
        json_t *d = desk(t, t->pass[i]);
        assert_true(jv_bool(d, "key"));
        piece[i] = text_of(t, d, "piece");
        json_decref(d);
    }
    json_t *got = ask(t, &nobody, &work_booth_piece, piece_in(t, 0, piece[0]));
    assert_true(jv_bool(got, "joined")); /* nothing is lost yet */
    json_decref(got);
    const char *key = arena_z(r->a, arena_text(r->a, "%s/evotes/%lld/server.key", r->dir,
                                               (long long)t->evote));
    assert_true(sys_file_read(&before, r->a, r->sys, key, SYS_FILE_MAX, &r->e));
    assert_true(sys_file_remove(r->sys, key, &r->e));
    hall_refused(r, ERR_EVOTE_KEYS, &r->scrutineer, &work_evote_close, "{'evote':%lld}",
                 (long long)t->evote);
    json_t *d = desk(t, t->pass[0]);
    assert_false(jv_bool(d, "key"));
    json_decref(d);
    refused(t, ERR_EVOTE_PIECE, &nobody, &work_booth_piece, piece_in(t, 0, STRC("12")));
    refused(t, ERR_EVOTE_POST, &nobody, &work_booth_piece,
            json_pack("{s:I,s:o,s:o}", "evote", (json_int_t)t->evote, "pass",
                      jv_new(t->slips_pass), "piece", jv_new(piece[0])));
    got = ask(t, &nobody, &work_booth_piece, piece_in(t, 2, piece[1])); /* not his */
    assert_int_equal(jv_int(got, "given"), 1);
    assert_int_equal(jv_int(got, "need"), NEEDED);
    assert_false(jv_bool(got, "joined"));
    json_decref(got);
    refused(t, ERR_EVOTE_PIECES, &nobody, &work_booth_piece, piece_in(t, 0, piece[0]));
    got = ask(t, &nobody, &work_booth_piece, piece_in(t, 1, piece[1]));
    assert_true(jv_bool(got, "joined"));
    json_decref(got);
    assert_true(sys_file_read(&after, r->a, r->sys, key, SYS_FILE_MAX, &r->e));
    assert_true(str_eq(str_sub(before, 0, 64), str_sub(after, 0, 64)));
}

/* After the close the laptop is lost: what the safety copy and two envelopes hold is enough. */
static void laptop_lost(Vault *t, const Str piece[TRUSTEES])
{
    HallRoom *r = t->r;
    Str copy, bytes;
    int64_t size;
    Arena *a = arena_open(256 << 20);
    json_t *d = desk(t, t->pass[2]);
    Str uuid = text_of(t, jv_at(jv_get(d, "archives"), 0), "uuid");
    assert_int_equal(jv_str(d, "piece").n, 0); /* a false one was not kept */
    json_decref(d);
    bytes = archive(t, uuid, "bel");
    json_t *got = hall_do(r, &r->console, &work_backup_make, "{'passphrase':'一句很长的话，不告诉别人'}");
    copy = arena_text(r->a, "%s/backups/%.*s", r->dir, STR(jv_str(got, "name")));
    json_decref(got);
    snprintf(r->dir + strlen(r->dir), 20, ".again");
    assert_true(work_restore(r->sys, a, arena_z(r->a, copy), r->dir,
                             STRC("一句很长的话，不告诉别人"), &size, &r->e));
    work_close(r->w);
    WorkConfig c = { .dir = r->dir, .sys = r->sys, .fonts = ".tools/fonts" };
    assert_true(work_open(&r->w, &c, &r->e));
    assert_true(str_eq(archive(t, uuid, "bel"), bytes));
    d = desk(t, t->pass[0]);
    assert_false(jv_bool(d, "key")); /* it is in no copy */
    json_decref(d);
    json_decref(ask(t, &nobody, &work_booth_piece, piece_in(t, 2, piece[2])));
    got = ask(t, &nobody, &work_booth_piece, piece_in(t, 1, piece[1]));
    assert_true(jv_bool(got, "joined"));
    json_decref(got);
    arena_close(a);
}

/* --- what is carried away -------------------------------------------------------------------- */

static Str file_from(Vault *t, const Who *who, const UseCase *u)
{
    WorkFile f = { .bytes = STRC("") };
    json_t *in = json_pack("{s:I}", "evote", (json_int_t)t->evote);
    if (!hall_run(t->r, who, u, in, NULL, &f)) {
        hall_show(t->r);
        fail_msg("no %s", u->name);
    }
    json_decref(in);
    return f.bytes;
}

static void holds(Str text, Str part)
{
    if (!str_has(text, part))
        fail_msg("it does not say %.*s", STR(part));
}

/* The report stands alone and says what happened; the zip holds it and every archive. */
static void carried_away(Vault *t, Str tracker)
{
    HallRoom *r = t->r;
    json_t *shown = hall_do(r, &r->head, &work_evote_show, "{'cycle':%lld}", (long long)r->cycle);
    const json_t *boxes = jv_get(shown, "boxes");
    Str html = file_from(t, &r->head, &work_evote_report);
    Str zip = file_from(t, &r->teller1, &work_evote_bundle);
    assert_int_equal(jv_int(shown, "volumes"), 1);
    assert_false(str_has(html, STRC("<script")));
    assert_false(str_has(html, STRC("src=")));
    assert_false(str_has(html, STRC("href=")));
    holds(html, tracker);
    holds(html, jv_str(shown, "whole"));
    holds(html, STRC("监票人清点票签"));
    holds(html, STRC("监票人更正票签清点")); /* the second scrutineer had miscounted */
    holds(html, STRC("密钥仪式："));
    holds(html, arena_text(r->a, "<td class=\"n\">%d</td>", t->n_slips[2]));
    holds(zip, STRC("report.html"));
    holds(zip, STRC("trustees.json"));
    holds(zip, STRC("archives/ceremony.json"));
    for (size_t i = 0; i < jv_len(boxes); i++) {
        const json_t *b = jv_at(boxes, i);
        holds(html, jv_str(b, "archive"));
        holds(html, jv_str(b, "final"));
        holds(zip, arena_text(r->a, "archives/%.*s.bel", STR(jv_str(b, "uuid"))));
    }
    json_decref(shown);
    hall_refused(r, ERR_NOT_FOUND, &r->head, &work_evote_bundle, "{'evote':%lld,'volume':2}",
                 (long long)t->evote);
    Who stranger = hall_account(r, "stranger", "secretary", r->person[1], r->branch[1]);
    hall_refused(r, ERR_FORBIDDEN, &stranger, &work_evote_bundle, "{'evote':%lld}",
                 (long long)t->evote);
}

/* --- the story ------------------------------------------------------------------------------ */

static void c13_electronic(void **state)
{
    HallRoom *r = *state;
    Vault t;
    Str piece[TRUSTEES];
    set_up(&t, r);
    ceremony(&t);
    hall_refused(r, ERR_EVOTE_STATE, &r->head, &work_evote_open, "{'evote':%lld}",
                 (long long)t.evote);
    make_slips(&t);
    hall_refused(r, ERR_FORBIDDEN, &r->clerk, &work_evote_open, "{'evote':%lld}",
                 (long long)t.evote);
    hall_done(r, &r->head, &work_evote_open, "{'evote':%lld}", (long long)t.evote);

    for (int h = 0; h < HEAPS; h++)
        for (int v = 0; v < voters[h]; v++)
            vote(&t, h, v, h == 1 && v < 3 ? v : -1); /* three debriefers are among the peers */
    json_t *el = elections_of(&t, 0);
    Str first = text_of(&t, jv_at(jv_get(el, "elections"), 0), "text");
    json_decref(el);
    Election e0;
    assert_true(election_read(&e0, r->a, first, &r->e));
    Str mine = change_mind(&t);

    json_decref(hall_do(r, &r->teller1, &work_ballot_show, "{'cycle':%lld}", (long long)r->cycle));
    json_t *b = hall_do(r, &nobody, &work_booth_show, "{'evote':%lld}", (long long)t.evote);
    assert_int_equal(jv_int(b, "in"), voters[0] + voters[1] + voters[2]);
    json_decref(b);
    hall_refused(r, ERR_EVOTE_STATE, &nobody, &work_booth_trackers, "{'evote':%lld}",
                 (long long)t.evote);
    hall_refused(r, ERR_EVOTE_STATE, &nobody, &work_booth_archive,
                 "{'evote':%lld,'uuid':'%.*s','part':'bel'}", (long long)t.evote, STR(e0.uuid));

    hall_refused(r, ERR_RULE_STATE, &r->head, &work_evote_cancel, "{'evote':%lld,'reason':'想重来'}",
                 (long long)t.evote);
    hall_refused(r, ERR_EVOTE_STATE, &r->head, &work_evote_report, "{'evote':%lld}",
                 (long long)t.evote);
    hall_refused(r, ERR_EVOTE_WATCH, &r->head, &work_evote_close, "{'evote':%lld}",
                 (long long)t.evote);
    watch(&t, &r->scrutineer, t.n_slips[2] - voters[2]);
    watch(&t, &t.scrutineer2, t.n_slips[2] - voters[2] - 1);
    hall_refused(r, ERR_EVOTE_WATCH, &r->head, &work_evote_close, "{'evote':%lld}",
                 (long long)t.evote);
    watch(&t, &t.scrutineer2, t.n_slips[2] - voters[2]);
    key_lost_and_joined(&t, piece);
    hall_refused(r, ERR_FORBIDDEN, &r->teller1, &work_evote_close, "{'evote':%lld}",
                 (long long)t.evote);
    hall_done(r, &r->scrutineer, &work_evote_close, "{'evote':%lld}", (long long)t.evote);
    hall_refused(r, ERR_EVOTE_STATE, &r->scrutineer, &work_evote_close, "{'evote':%lld}",
                 (long long)t.evote); /* closing twice */
    json_t *late = json_array();
    el = elections_of(&t, 0);
    json_array_append_new(late, ballot(&t, 0, 0, jv_at(jv_get(el, "elections"), 0), 2, false,
                 NULL));
    refused(&t, ERR_EVOTE_STATE, &nobody, &work_booth_cast,
            json_pack("{s:I,s:o}", "evote", (json_int_t)t.evote, "ballots", late));
    json_decref(el);

    json_t *tr = hall_do(r, &nobody, &work_booth_trackers, "{'evote':%lld}", (long long)t.evote);
    const json_t *one = jv_at(jv_get(tr, "elections"), 0);
    bool found = false;
    assert_int_equal(jv_len(jv_get(one, "trackers")), voters[0]);
    for (size_t i = 0; i < jv_len(jv_get(one, "trackers")); i++)
        found |= str_eq(jv_text(jv_at(jv_get(one, "trackers"), i)), mine);
    assert_true(found);
    assert_int_equal(jv_len(jv_get(tr, "replaced")), 1);
    json_decref(tr);

    laptop_lost(&t, piece);
    hall_refused(r, ERR_EVOTE_RUNNING, &r->scrutineer, &work_tally_close,
                 "{'cycle':%lld,'object':'party_building'}", (long long)r->cycle);
    give_shares(&t, 2, false);
    give_shares(&t, 0, true);
    same_whole(&t);
    json_t *shown = hall_do(r, &r->head, &work_evote_show, "{'cycle':%lld}", (long long)r->cycle);
    assert_true(str_is(jv_str(shown, "state"), "counted"));
    json_decref(shown);

    for (int o = 0; o < 2; o++) {
        papers(&t, objects[o]);
        hall_done(r, &r->scrutineer, &work_tally_close, "{'cycle':%lld,'object':'%s'}",
                  (long long)r->cycle, objects[o]);
    }
    same_as_chosen(&t);

    /* anyone: the archive is whole, its result is there */
    Bel bel;
    BelCheck check = { .hints = STRC("") };
    Arena *a = arena_open(256 << 20);
    assert_true(bel_verify(&bel, a, archive(&t, e0.uuid, "bel"), &check, &r->e));
    assert_int_equal(bel.stage, BEL_DONE);
    assert_int_equal(bel.n_counted, voters[0]);
    arena_close(a);
    carried_away(&t, mine);
    hall_done(r, &r->scrutineer, &work_evote_destroy, "{'evote':%lld,'reason':'申诉期满'}",
              (long long)t.evote);
    json_t *d = desk(&t, t.pass[0]);
    assert_int_equal(jv_str(d, "piece").n, 0);
    json_decref(d);
    r->dir[strlen(r->dir) - strlen(".again")] = 0;
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s.again'", r->dir);
    assert_int_equal(system(command), 0);
}

/* He withdraws while people vote, the server starts again, too few come: the boxes that were opened
 * are those that are closed, and all of them stay shut. */
static void c13_withdrawn_restarted_and_too_few(void **state)
{
    HallRoom *r = *state;
    Vault t;
    set_up(&t, r);
    ceremony(&t);
    make_slips(&t);
    hall_done(r, &r->head, &work_evote_open, "{'evote':%lld,'absent':[%lld]}", (long long)t.evote,
              (long long)r->debriefer[3]);
    json_t *got = elections_of(&t, 0);
    const json_t *els = jv_get(got, "elections");
    assert_int_equal(jv_len(els), 2 * (HALL_PEOPLE - 1));
    json_t *ballots = json_array();
    json_array_append_new(ballots, ballot(&t, 0, 0, jv_at(els, 0), 0, false, NULL));
    json_t *again = json_deep_copy(ballots), *receipts = cast_all(&t, ballots);
    all_are(receipts, "new");
    json_decref(receipts);
    json_decref(got);

    hall_done(r, &r->clerk, &work_debriefer_withdraw,
              "{'debriefer':%lld,'version':%lld,'reason':'调离'}", (long long)r->debriefer[0],
              (long long)r->debriefer[0]);
    work_close(r->w);
    WorkConfig c = { .dir = r->dir, .sys = r->sys, .fonts = ".tools/fonts" };
    assert_true(work_open(&r->w, &c, &r->e));

    receipts = cast_all(&t, again); /* his ballot is there, though its debriefer has gone */
    all_are(receipts, "same");
    json_decref(receipts);
    got = elections_of(&t, 0);
    assert_int_equal(jv_len(jv_get(got, "elections")), 2 * (HALL_PEOPLE - 2));
    json_decref(got);
    json_decref(hall_do(r, &r->teller1, &work_ballot_show, "{'cycle':%lld}", (long long)r->cycle));
    watch(&t, &r->scrutineer, t.n_slips[2] - voters[2]);
    watch(&t, &t.scrutineer2, t.n_slips[2] - voters[2]);
    hall_done(r, &r->head, &work_evote_close, "{'evote':%lld}", (long long)t.evote);
    json_t *shown = hall_do(r, &r->head, &work_evote_show, "{'cycle':%lld}", (long long)r->cycle);
    assert_true(str_is(jv_str(shown, "state"), "counted"));
    const json_t *boxes = jv_get(shown, "boxes");
    assert_int_equal(jv_len(boxes), HEAPS * 2 * (HALL_PEOPLE - 1));
    for (size_t i = 0; i < jv_len(boxes); i++)
        assert_true(jv_bool(jv_at(boxes, i), "shut"));
    refused(&t, ERR_NOT_FOUND, &nobody, &work_booth_share,
            share_in(&t, 0, jv_str(jv_at(boxes, 0), "uuid"), STRC("x")));
    json_decref(shown);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(c13_electronic, hall_open, hall_close),
        cmocka_unit_test_setup_teardown(c13_torn_slips, hall_open, hall_close),
        cmocka_unit_test_setup_teardown(c13_withdrawn_restarted_and_too_few, hall_open, hall_close),
    };
    return cmocka_run_group_tests_name("evote", tests, NULL, NULL);
}
