/* The booth over real HTTP, as the pages ask it: what a phone and a trustee's tool do from the slip
 * to the receipt, and two thousand phones at once that keep their connections. */
#include "api/api.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "work/evote_kit_test.h"

enum { AT_ONCE = 8, REPLY_BYTES = 24 << 20, THREADS = 20, PHONES = 2000, HEAD_BYTES = 300 };

typedef struct Booth {
    Vault t;
    Api *api;
} Booth;

static void booth_begin(Booth *b, HallRoom *r)
{
    set_up(&b->t, r);
    ceremony(&b->t);
    make_slips(&b->t);
    ApiConfig c = { .work = r->w, .host = STRC("127.0.0.1"), .port = 18180, .pick_port = true,
                    .threads = THREADS };
    assert_true(api_open(&b->api, &c, &r->e));
}

/* --- one request ---------------------------------------------------------------------------- */

static int dial(const Booth *b)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)api_port(b->api)) };
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool put_all(int fd, Str s)
{
    while (s.n) {
        ssize_t k = write(fd, s.p, s.n);
        if (k <= 0)
            return false;
        s = str_sub(s, (size_t)k, s.n);
    }
    return true;
}

/* As a page does it: no cookie, the body as plain text. */
static Str request(Arena *a, const char *line, Str body, const char *more)
{
    return arena_text(a, "%s HTTP/1.1\r\nHost: hall:8443\r\nContent-Type: text/plain\r\n%s"
                      "Content-Length: %zu\r\n\r\n%.*s", line, more, body.n, STR(body));
}

typedef struct Said {
    int status;
    Str head, body;
} Said;

static Said say(Booth *b, const char *line, Str body)
{
    Arena *a = b->t.r->a;
    char *room = calloc(1, REPLY_BYTES + 1);
    int fd = dial(b);
    size_t n = 0;
    assert_true(fd >= 0);
    assert_true(put_all(fd, request(a, line, body,
                                    "Connection: close\r\nAccept-Language: en\r\n")));
    assert_non_null(room);
    for (ssize_t k; (k = read(fd, room + n, REPLY_BYTES - n)) > 0; n += (size_t)k)
        ;
    close(fd);
    Said s = { 0 };
    Str all = arena_str(a, (Str){ room, n });
    free(room);
    ptrdiff_t end = str_find(all, STRC("\r\n\r\n"));
    assert_true(end > 0 && n > 12);
    s.status = atoi(arena_z(a, str_sub(all, 9, 3)));
    s.head = str_sub(all, 0, (size_t)end);
    s.body = str_sub(all, (size_t)end + 4, n);
    assert_true(str_has(s.head, STRC("Access-Control-Allow-Origin: *")));
    assert_false(str_has(s.head, STRC("Set-Cookie"))); /* nobody is recognised again */
    assert_false(str_has(s.head, STRC("ETag")));
    return s;
}

static json_t *json_said(Booth *b, const char *line, Str body, int status)
{
    json_t *v;
    Said s = say(b, line, body);
    if (s.status != status)
        fail_msg("%s: %d, not %d: %.*s", line, s.status, status, (int)(s.body.n % 500), s.body.p);
    assert_true(jv_read(&v, s.body, "reply", &b->t.r->e));
    return v;
}

static const char *line_of(Booth *b, const char *method, const char *path)
{
    return arena_z(b->t.r->a, arena_text(b->t.r->a, "%s /api/booth/%lld%s", method,
                                         (long long)b->t.evote, path));
}

static json_t *get(Booth *b, const char *path)
{
    return json_said(b, line_of(b, "GET", path), STRC(""), 200);
}

static Str text_json(Booth *b, json_t *v)
{
    Buf out = buf_open(16 << 20);
    assert_true(jv_canon(&out, v, &b->t.r->e));
    json_decref(v);
    return kept(&b->t, &out);
}

static json_t *post(Booth *b, const char *path, json_t *body, int status)
{
    return json_said(b, line_of(b, "POST", path), text_json(b, body), status);
}

static void refused_as(Booth *b, const char *method, const char *path, Str body, int status,
                       const char *name)
{
    json_t *got = json_said(b, line_of(b, method, path), body, status);
    const json_t *why = jv_get(got, "error");
    if (!str_is(jv_str(why, "name"), name))
        fail_msg("%s: %.*s, not %s", path, STR(jv_str(why, "name")), name);
    assert_true(jv_str(why, "message").n > 0);
    json_decref(got);
}

/* --- the phone ------------------------------------------------------------------------------ */

/* Its group: the one whose first election lists the slip's credential. */
static int group_of(Booth *b, const json_t *info, int heap, int voter)
{
    const json_t *groups = jv_get(info, "groups");
    int found = -1;
    for (size_t g = 0; g < jv_len(groups); g++) {
        char hex[POINT_HEX];
        Scalar s;
        Str uuid = jv_str(jv_at(groups, g), "first");
        slip_secret(&s, &b->t.slips[heap][voter], uuid);
        point_hex(hex, point_base(s));
        const char *path = arena_z(b->t.r->a, arena_text(b->t.r->a, "/creds?uuid=%.*s",
                                                         STR(uuid)));
        json_t *list = get(b, path);
        assert_int_equal(json_array_size(list), b->t.n_slips[g]);
        for (size_t i = 0; i < json_array_size(list); i++)
            if (str_eq(jv_text(jv_at(list, i)), (Str){ hex, POINT_HEX })) {
                assert_int_equal(found, -1);
                found = (int)g;
            }
        json_decref(list);
    }
    return found;
}

static json_t *cast_body(Booth *b, json_t *ballots, Str door)
{
    (void)b;
    json_t *v = json_pack("{s:o}", "ballots", ballots);
    if (door.n)
        json_object_set_new(v, "door", jv_new(door));
    return v;
}

static json_t *one_ballot(Booth *b, const json_t *els, size_t i, int heap, int voter, int shift,
                          Str *text)
{
    json_t *list = json_array();
    json_array_append_new(list, ballot(&b->t, heap, voter, jv_at(els, i), shift, i % 2 == 0, text));
    return list;
}

static void cast_is(Booth *b, json_t *ballots, Str door, const char *state, const char *name,
                    Str text)
{
    json_t *got = post(b, "/cast", cast_body(b, ballots, door), 200);
    const json_t *row = jv_at(jv_get(got, "cast"), 0);
    char tracker[VOTE_TRACKER];
    if (!str_is(jv_str(row, "state"), state))
        fail_msg("%.*s, not %s", STR(jv_str(row, "state")), state);
    if (name) {
        assert_true(str_is(jv_str(row, "name"), name));
        assert_true(jv_str(row, "message").n > 10);
        assert_int_equal(jv_str(row, "tracker").n, 0);
    } else {
        vote_tracker(tracker, text);
        assert_true(str_eq(jv_str(row, "tracker"), (Str){ tracker, VOTE_TRACKER }));
        assert_null(jv_get(row, "name"));
    }
    json_decref(got);
}

static Str door_code(Booth *b, int i)
{
    static const unsigned char seed[32] = { 9 };
    char code[SLIP_CODE];
    Coin coin = coin_open(seed);
    for (int k = 0; k <= i; k++) {
        Slip s = slip_make(&coin);
        slip_code(code, &s);
    }
    coin_close(&coin);
    return arena_str(b->t.r->a, (Str){ code, SLIP_CODE });
}

/* The organiser prints second slips, and tells the server what SHA-256 makes of their codes. */
static void doors_given(Booth *b)
{
    HallRoom *r = b->t.r;
    hall_done(r, &r->clerk, &work_evote_doors, "{'evote':%lld,'doors':['%.*s','%.*s']}",
              (long long)b->t.evote, STR(hash_hex(r->a, hash_of(door_code(b, 0)))),
              STR(hash_hex(r->a, hash_of(door_code(b, 1)))));
}

/* Opened by a request of the server, which knows its pages. */
static void opened(Booth *b)
{
    HallRoom *r = b->t.r;
    json_t *in = json_pack("{s:I}", "evote", (json_int_t)b->t.evote);
    WorkReply reply = { .json = buf_open(WORK_REPLY_MAX) };
    json_t *info = get(b, "");
    const json_t *served = jv_get(info, "served");
    assert_int_equal(jv_str(served, "vote").n, 64);
    assert_int_equal(jv_str(served, "trustee").n, 64);
    WorkInput given = { .json = in, .pages = { jv_str(served, "vote"), jv_str(served, "trustee"),
                                               jv_str(served, "slips") } };
    assert_true(work_do(&reply, r->w, &r->head, &work_evote_open, &given, r->a, &r->e));
    buf_close(&reply.json);
    json_t *now = get(b, "");
    assert_true(json_equal(jv_get(now, "pages"), jv_get(info, "served")));
    assert_true(json_equal(jv_get(now, "served"), jv_get(info, "served")));
    json_decref(now);
    json_decref(info);
    json_decref(in);
}

static void info_is_whole(Booth *b)
{
    static const char *const texts[] = { "title", "state", "whole" };
    json_t *info = get(b, "");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_true(json_is_string(jv_get(info, texts[i])));
    assert_true(str_is(jv_str(info, "state"), "open"));
    assert_true(str_is(jv_str(info, "site"), "http://hall:8443"));
    assert_true(jv_bool(info, "strict"));
    assert_int_equal(jv_int(info, "id"), b->t.evote);
    assert_int_equal(jv_int(info, "round"), 0);
    assert_int_equal(jv_int(info, "elections"), HEAPS * 2 * HALL_PEOPLE);
    assert_int_equal(jv_len(jv_get(info, "groups")), HEAPS);
    assert_int_equal(jv_len(jv_get(info, "items")), 6);
    assert_int_equal(jv_len(jv_get(info, "options")), 4);
    assert_int_equal(jv_len(jv_get(info, "objects")), 2);
    for (int h = 0; h < HEAPS; h++)
        assert_int_equal(group_of(b, info, h, 3), h);
    json_decref(info);
}

static void a_phone_votes(Booth *b, const json_t *els)
{
    Str text, again, none = STRC(""), door = door_code(b, 0);
    cast_is(b, one_ballot(b, els, 0, 2, 0, 0, NULL), none, "refused", "URN_DOOR", none);
    cast_is(b, one_ballot(b, els, 0, 2, 0, 0, NULL), STRC("x"), "refused", "URN_DOOR", none);
    json_t *list = one_ballot(b, els, 0, 2, 0, 0, &text);
    cast_is(b, json_deep_copy(list), door, "new", NULL, text);
    cast_is(b, list, door, "same", NULL, text); /* the answer was lost */
    cast_is(b, one_ballot(b, els, 0, 2, 0, 1, &again), door, "replaced", NULL, again);
    cast_is(b, one_ballot(b, els, 0, 2, 1, 0, NULL), door, "refused", "URN_DOOR_USED", none);
    cast_is(b, one_ballot(b, els, 1, 1, 0, 0, NULL), door, "refused", "BEL_CREDENTIAL", none);
    json_t *many = json_array();
    for (int i = 0; i < AT_ONCE + 1; i++)
        json_array_extend(many, one_ballot(b, els, 1, 2, 0, 0, NULL));
    refused_as(b, "POST", "/cast", text_json(b, cast_body(b, many, door)), 413, "TOO_BIG");
}

static void a_test_ballot(Booth *b, const json_t *els)
{
    Str text;
    char tracker[VOTE_TRACKER];
    json_t *list = one_ballot(b, els, 3, 2, 1, 0, &text);
    Str uuid = text_of(&b->t, jv_at(list, 0), "uuid");
    vote_tracker(tracker, text);
    json_decref(post(b, "/opened", json_pack("{s:o,s:s%}", "uuid", jv_new(uuid), "tracker", tracker,
                                             (size_t)VOTE_TRACKER), 200));
    cast_is(b, list, door_code(b, 1), "refused", "URN_OPENED", STRC(""));
}

static void refusals(Booth *b)
{
    refused_as(b, "GET", "/trackers", STRC(""), 409, "EVOTE_STATE");
    refused_as(b, "GET", "/creds?uuid=..%2Fserver.key", STRC(""), 404, "NOT_FOUND");
    refused_as(b, "GET", "/creds?uuid=nothing", STRC(""), 404, "NOT_FOUND");
    refused_as(b, "GET", "/archive?uuid=x&part=key", STRC(""), 422, "FIELD_CHOICE");
    refused_as(b, "POST", "/desk", STRC("{\"pass\":\"guess\"}"), 403, "EVOTE_PASS");
    refused_as(b, "POST", "/cast", STRC("{\"ballots\":["), 422, "BAD_JSON");
    Said s = say(b, "GET /api/booth/1", STRC(""));
    assert_int_equal(s.status, 404);
}

/* --- after the close ------------------------------------------------------------------------ */

static Str file_of(Booth *b, Str uuid, const char *part)
{
    Said s = say(b, line_of(b, "GET", arena_z(b->t.r->a, arena_text(b->t.r->a,
                 "/archive?uuid=%.*s&part=%s", STR(uuid), part))), STRC(""));
    assert_int_equal(s.status, 200);
    return s.body;
}

static void everybody_votes(Booth *b)
{
    for (int h = 0; h < HEAPS; h++)
        for (int v = 0; v < voters[h]; v++)
            vote(&b->t, h, v, -1);
}

static void closed(Booth *b)
{
    HallRoom *r = b->t.r;
    watch(&b->t, &r->scrutineer, b->t.n_slips[2] - voters[2]);
    watch(&b->t, &b->t.scrutineer2, b->t.n_slips[2] - voters[2]);
    hall_done(r, &r->head, &work_evote_close, "{'evote':%lld}", (long long)b->t.evote);
}

static void a_trustee_opens(Booth *b, int i)
{
    json_t *d = post(b, "/desk", json_pack("{s:o}", "pass", jv_new(b->t.pass[i])), 200);
    assert_true(str_is(jv_str(d, "role"), "trustee"));
    assert_true(jv_bool(d, "settled"));
    assert_int_equal(jv_len(jv_get(d, "certs")), TRUSTEES);
    const json_t *rows = jv_get(d, "archives");
    assert_int_equal(jv_len(rows), HEAPS * 2 * HALL_PEOPLE);
    for (size_t k = 0; k < jv_len(rows); k++) {
        Str uuid = jv_str(jv_at(rows, k), "uuid");
        Arena *a = arena_open(256 << 20);
        Bel bel;
        Hash tally;
        BelCheck check = { .hints = file_of(b, uuid, "hints") };
        BelGive give = { .check = &check, .secret = &b->t.secrets[i], .owner = i + 2 };
        Buf share = buf_open(ROOM);
        assert_true(bel_give(&share, &tally, &bel, a, file_of(b, uuid, "bel"), &give, &b->t.coin,
                             &b->t.r->e));
        assert_true(str_eq(hash_hex(a, bel.closed), jv_str(jv_at(rows, k), "closed")));
        json_decref(post(b, "/share", json_pack("{s:o,s:o,s:o}", "pass", jv_new(b->t.pass[i]),
                                                "uuid", jv_new(uuid), "share",
                                                jv_new(buf_str(&share))), 200));
        buf_close(&share);
        arena_close(a);
    }
    json_decref(d);
}

static void the_contract(void **state)
{
    Booth b;
    booth_begin(&b, *state);
    json_t *d = post(&b, "/desk", json_pack("{s:o}", "pass", jv_new(b.t.slips_pass)), 200);
    assert_true(str_is(jv_str(d, "role"), "slips"));
    json_decref(d);
    doors_given(&b);
    opened(&b);
    info_is_whole(&b);
    json_t *got = get(&b, "/group?group=staff");
    const json_t *els = jv_get(got, "elections");
    assert_int_equal(jv_len(els), 2 * HALL_PEOPLE);
    a_phone_votes(&b, els);
    a_test_ballot(&b, els);
    refusals(&b);
    json_decref(got);
    api_close(b.api);
}

static void from_slips_to_result(void **state)
{
    Booth b;
    HallRoom *r = *state;
    booth_begin(&b, r);
    hall_done(r, &r->head, &work_evote_open, "{'evote':%lld}", (long long)b.t.evote);
    everybody_votes(&b);
    closed(&b);
    json_t *tr = get(&b, "/trackers"), *info = get(&b, "");
    assert_int_equal(jv_len(jv_get(tr, "elections")), HEAPS * 2 * HALL_PEOPLE);
    assert_int_equal(jv_str(info, "whole").n, 64);
    json_decref(tr);
    json_decref(info);
    a_trustee_opens(&b, 1);
    a_trustee_opens(&b, 2);
    a_trustee_opens(&b, 0); /* the third comes when it is open already */
    same_whole(&b.t);
    info = get(&b, "");
    assert_true(str_is(jv_str(info, "state"), "counted"));
    json_decref(info);
    api_close(b.api);
}

/* --- two thousand phones -------------------------------------------------------------------- */

typedef struct Phone {
    const Booth *b;
    Str info, cast;
    pthread_barrier_t *all;
    bool asked, taken;
} Phone;

/* One answer on a connection that stays open; its body is looked at for `want`. */
static bool answered(int fd, const char *want)
{
    enum { ROOM_BYTES = 64 << 10 };
    char *room = calloc(1, ROOM_BYTES + 1);
    size_t n = 0, need = SIZE_MAX;
    while (room && n < need && n < ROOM_BYTES) {
        ssize_t k = read(fd, room + n, ROOM_BYTES - n);
        if (k <= 0)
            break;
        n += (size_t)k;
        const char *end = memmem(room, n, "\r\n\r\n", 4), *length = strstr(room, "Content-Length:");
        if (end && length)
            need = (size_t)(end + 4 - room) + strtoul(length + 15, NULL, 10);
    }
    bool ok = room && n == need && strncmp(room, "HTTP/1.1 200", 12) == 0 && strstr(room, want);
    free(room);
    return ok;
}

static void *phone(void *arg)
{
    Phone *p = arg;
    int fd = dial(p->b);
    p->asked = fd >= 0 && put_all(fd, p->info) && answered(fd, "\"state\":\"open\"");
    p->taken = p->asked && put_all(fd, p->cast) && answered(fd, "\"tracker\":\"");
    pthread_barrier_wait(p->all); /* nobody hangs up before the last one was served */
    if (fd >= 0)
        close(fd);
    return NULL;
}

static void files_enough(rlim_t n)
{
    struct rlimit l;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &l), 0);
    l.rlim_cur = l.rlim_max < n ? l.rlim_max : n;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &l), 0);
}

static void two_thousand_phones(void **state)
{
    Booth b;
    HallRoom *r = *state;
    static Phone phones[PHONES];
    static pthread_t threads[PHONES];
    pthread_barrier_t all;
    pthread_attr_t small;
    Str cast[10];
    files_enough(3 * PHONES);
    booth_begin(&b, r);
    hall_done(r, &r->head, &work_evote_open, "{'evote':%lld}", (long long)b.t.evote);
    json_t *got = elections_of(&b.t, 2);
    for (int i = 0; i < 10; i++)
        cast[i] = request(r->a, line_of(&b, "POST", "/cast"),
                          text_json(&b, cast_body(&b, one_ballot(&b, jv_get(got, "elections"), 0,
                                                                 2, i, 0, NULL), STRC(""))), "");
    Str info = request(r->a, line_of(&b, "GET", ""), STRC(""), "");
    pthread_barrier_init(&all, NULL, PHONES);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 128 << 10);
    for (int i = 0; i < PHONES; i++) {
        phones[i] = (Phone){ .b = &b, .info = info, .cast = cast[i % 10], .all = &all };
        assert_int_equal(pthread_create(&threads[i], &small, phone, &phones[i]), 0);
    }
    int asked = 0, taken = 0;
    for (int i = 0; i < PHONES; i++) {
        pthread_join(threads[i], NULL);
        asked += phones[i].asked;
        taken += phones[i].taken;
    }
    assert_int_equal(asked, PHONES);
    assert_int_equal(taken, PHONES);
    json_t *now = get(&b, "");
    assert_int_equal(jv_int(now, "in"), 10); /* each slip once, however often it was sent */
    json_decref(now);
    json_decref(got);
    pthread_attr_destroy(&small);
    pthread_barrier_destroy(&all);
    api_close(b.api);
}

/* --- for the pages' own code ------------------------------------------------------------------ */

/* The small hall with its server, for web/booth/cross-server.mjs: it says where it is and the
 * passes, then does what a line asks until there are no more. */
static void serve(void **state)
{
    HallRoom *r = *state;
    Booth b;
    char line[100];
    int undrawn;
    set_up(&b.t, r);
    ApiConfig c = { .work = r->w, .host = STRC("127.0.0.1"), .port = 18280, .pick_port = true,
                    .threads = THREADS };
    assert_true(api_open(&b.api, &c, &r->e));
    printf("{\"url\":\"http://127.0.0.1:%d\",\"evote\":\"%lld\",\"slips\":\"%.*s\","
           "\"passes\":[\"%.*s\",\"%.*s\",\"%.*s\"]}\n", api_port(b.api), (long long)b.t.evote,
           STR(b.t.slips_pass), STR(b.t.pass[0]), STR(b.t.pass[1]), STR(b.t.pass[2]));
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        if (strcmp(line, "open\n") == 0)
            opened(&b);
        else if (sscanf(line, "close %d", &undrawn) == 1) {
            const Who *who[] = { &r->scrutineer, &b.t.scrutineer2 };
            for (int i = 0; i < 2; i++)
                hall_done(r, who[i], &work_evote_watch_file,
                          "{'evote':%lld,'groups':[{'name':'leaders','undrawn':0,'torn':0},{'name':"
                          "'peers','undrawn':0,'torn':0},{'name':'staff','undrawn':%d,'torn':1}]}",
                          (long long)b.t.evote, undrawn);
            hall_done(r, &r->head, &work_evote_close, "{'evote':%lld}", (long long)b.t.evote);
        }
        printf("done\n");
        fflush(stdout);
    }
    api_close(b.api);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest served[] = {
        cmocka_unit_test_setup_teardown(serve, hall_open, hall_close),
    };
    if (argc == 2 && strcmp(argv[1], "--serve") == 0)
        return cmocka_run_group_tests_name("serve", served, NULL, NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_contract, hall_open, hall_close),
        cmocka_unit_test_setup_teardown(from_slips_to_result, hall_open, hall_close),
        cmocka_unit_test_setup_teardown(two_thousand_phones, hall_open, hall_close),
    };
    return cmocka_run_group_tests_name("booth", tests, NULL, NULL);
}
