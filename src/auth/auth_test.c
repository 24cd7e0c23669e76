/* auth on a real store in a temporary folder, with the simulated clock. */
#include "auth/parts.h"

#include "fact/fact.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MINUTE ((int64_t)60 * 1000)
#define HOUR (60 * MINUTE)
static const Moment START = 1795000000000;
static const char GOOD[] = "correct horse 述职";

typedef struct Fixture {
    char dir[64], path[80];
    Sys *sys;
    Store *store;
    Facts *facts;
    Auth *auth;
    Arena *a;
    int64_t wang, closed, bare; /* accounts: with GOOD, closed with GOOD, without a password */
} Fixture;

/* --- setting up ----------------------------------------------------------------------------- */

typedef struct NewAccount {
    const char *login;
    int64_t id, subject;
    bool closed;
} NewAccount;

static bool add_account(Tx *tx, void *arg, Err *e)
{
    NewAccount *n = arg;
    FactIn in = { .kind = STRC("account"), .subject = n->subject };
    in.body = arena_text(tx_arena(tx), "{%s\"login\":\"%s\"}", n->closed ? "\"closed\":true," : "",
                         n->login);
    return fact_append(tx, &in, &n->id, e);
}

static void must(bool ok, const Err *e)
{
    char text[500];
    if (ok)
        return;
    err_print(e, LANG_EN, text, sizeof text);
    fail_msg("%s (%s)", text, e->trail);
}

static int64_t account(Fixture *f, const char *login)
{
    NewAccount n = { .login = login };
    Err e = { 0 };
    must(store_write(f->store, add_account, &n, &e), &e);
    return n.id;
}

static void close_account(Fixture *f, const char *login, int64_t subject)
{
    NewAccount n = { .login = login, .subject = subject, .closed = true };
    Err e = { 0 };
    must(store_write(f->store, add_account, &n, &e), &e);
}

static int set_up(void **state)
{
    static const FactKind kinds[] = {
        { .name = S("account"), .index = { S("login") }, .n_index = 1 },
    };
    FactSetup setup = { .kinds = kinds, .n_kinds = 1 };
    const char *tmp = getenv("TMPDIR");
    Fixture *f = calloc(1, sizeof *f);
    Err e = { 0 };
    *state = f;
    snprintf(f->dir, sizeof f->dir, "%s/auth-XXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->path, sizeof f->path, "%s/store.db", f->dir);
    f->sys = sys_open_sim(7, START);
    f->store = store_open(f->sys, f->path, &e);
    must(f->store != NULL, &e);
    f->facts = fact_open(f->store, &setup, &e);
    must(f->facts != NULL, &e);
    must(auth_open(&f->auth, f->store, &e), &e);
    f->a = arena_open(1 << 20);
    f->wang = account(f, "wang");
    f->bare = account(f, "bare");
    must(auth_password_set(f->auth, f->wang, STRC("wang"), str_of(GOOD), &e), &e);
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    char name[120];
    auth_close(f->auth);
    fact_close(f->facts);
    store_close(f->store);
    sys_close(f->sys);
    arena_close(f->a);
    static const char *const ends[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", f->path, ends[i]);
        unlink(name);
    }
    rmdir(f->dir);
    free(f);
    return 0;
}

static ErrCode login(Fixture *f, const char *name, const char *password, const char *peer,
                     AuthLogin *out)
{
    AuthLogin unused;
    Err e = { 0 };
    bool ok = auth_login(out ? out : &unused, f->a, f->auth, str_of(name), str_of(password),
                         str_of(peer), &e);
    assert_int_equal(ok, e.code == ERR_NONE);
    return e.code;
}

static AuthLogin logged_in(Fixture *f)
{
    AuthLogin in;
    assert_int_equal(login(f, "wang", GOOD, "10.0.0.1", &in), ERR_NONE);
    return in;
}

static ErrCode check(Fixture *f, Str token, AuthSession *out)
{
    AuthSession unused;
    Err e = { 0 };
    bool ok = auth_session_check(out ? out : &unused, f->auth, token, &e);
    assert_int_equal(ok, e.code == ERR_NONE);
    return e.code;
}

/* --- passwords ------------------------------------------------------------------------------ */

static ErrCode rules(const char *password, const char *name)
{
    Err e = { 0 };
    bool ok = auth_password_rules(str_of(password), str_of(name), &e);
    assert_int_equal(ok, e.code == ERR_NONE);
    return e.code;
}

static void password_rules(void **state)
{
    (void)state;
    char most[AUTH_PASSWORD_MAX * 3 + 4] = "";
    assert_int_equal(rules("abcde12", "x"), ERR_AUTH_PASSWORD_LENGTH);
    assert_int_equal(rules("abcde129", "x"), ERR_NONE);
    assert_int_equal(rules("述职评议考核办法", "x"), ERR_NONE); /* 8 characters, not bytes */
    assert_int_equal(rules("述职评议考核办", "x"), ERR_AUTH_PASSWORD_LENGTH);
    for (int i = 0; i < AUTH_PASSWORD_MAX; i++)
        strcat(most, (const char *[]){ "述", "a", "b", "c", "d" }[i % 5]);
    assert_int_equal(rules(most, "x"), ERR_NONE);
    strcat(most, "e");
    assert_int_equal(rules(most, "x"), ERR_AUTH_PASSWORD_LENGTH);
    assert_int_equal(rules("aaaaaaaaaaaa", "x"), ERR_AUTH_PASSWORD_KINDS);
    assert_int_equal(rules("12341234", "x"), ERR_AUTH_PASSWORD_KINDS);
    assert_int_equal(rules("WangXiao1", "wangxiao1"), ERR_AUTH_PASSWORD_LOGIN);
    assert_int_equal(rules("12345678", "x"), ERR_AUTH_PASSWORD_COMMON);
    assert_int_equal(rules("PassW0rd", "x"), ERR_AUTH_PASSWORD_COMMON);
    assert_int_equal(rules("a\xff" "bcdefgh", "x"), ERR_BAD_TEXT);
    Err e = { 0 };
    assert_false(auth_password_rules((Str){ "abcd\0efgh", 9 }, STRC("x"), &e));
    assert_int_equal(e.code, ERR_BAD_TEXT);
}

static void bad_password_is_not_stored(void **state)
{
    Fixture *f = *state;
    Err e = { 0 };
    assert_false(auth_password_set(f->auth, f->wang, STRC("wang"), STRC("short"), &e));
    assert_int_equal(e.code, ERR_AUTH_PASSWORD_LENGTH);
    assert_int_equal(login(f, "wang", GOOD, "", NULL), ERR_NONE);
    err_clear(&e);
    assert_false(auth_password_set(f->auth, 999, STRC("nobody"), STRC("long enough"), &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
}

static void password_change_ends_every_session(void **state)
{
    Fixture *f = *state;
    AuthLogin in = logged_in(f);
    Err e = { 0 };
    must(auth_password_check(f->auth, STRC("wang"), str_of(GOOD), STRC(""), &e), &e);
    assert_false(auth_password_check(f->auth, STRC("wang"), STRC("another"), STRC(""), &e));
    assert_int_equal(e.code, ERR_AUTH_LOGIN);
    err_clear(&e);
    must(auth_password_set(f->auth, f->wang, STRC("wang"), STRC("another one 2"), &e), &e);
    assert_int_equal(check(f, in.token, NULL), ERR_AUTH_SESSION);
    assert_int_equal(login(f, "wang", GOOD, "", NULL), ERR_AUTH_LOGIN);
    assert_int_equal(login(f, "wang", "another one 2", "", NULL), ERR_NONE);
}

/* The stored text is what libsodium itself writes, and one seed gives one text. */
static void hash_is_standard_and_salted(void **state)
{
    Fixture *f = *state;
    AuthHash one, two;
    Err e = { 0 };
    must(auth_password_hash(&one, f->auth, str_of(GOOD), STRC("x"), &e), &e);
    must(auth_password_hash(&two, f->auth, str_of(GOOD), STRC("x"), &e), &e);
    assert_memory_equal(one.text, "$argon2id$v=19$m=65536,t=2,p=1$", 31);
    assert_string_not_equal(one.text, two.text);
    assert_true(auth_verify(f->auth, &one, str_of(GOOD), &e));
    assert_false(auth_verify(f->auth, &one, STRC("correct horse"), &e));
    assert_int_equal(strlen(f->auth->nobody.text), strlen(one.text));
}

/* --- log-in --------------------------------------------------------------------------------- */

static void login_gives_a_session(void **state)
{
    Fixture *f = *state;
    AuthLogin in = logged_in(f), other = logged_in(f);
    AuthSession s, t;
    assert_int_equal(in.account, f->wang);
    assert_int_equal(in.token.n, AUTH_TOKEN_TEXT);
    assert_false(str_eq(in.token, other.token));
    assert_int_equal(check(f, in.token, &s), ERR_NONE);
    assert_int_equal(check(f, other.token, &t), ERR_NONE);
    assert_int_equal(s.account, f->wang);
    assert_true(auth_csrf_ok(&s, str_of(s.csrf)));
    assert_false(auth_csrf_ok(&s, str_of(t.csrf)));
    assert_false(auth_csrf_ok(&s, STRC("")));
    assert_false(auth_csrf_ok(&s, str_sub(str_of(s.csrf), 0, AUTH_CSRF_TEXT - 1)));
}

static void login_fails_alike(void **state)
{
    Fixture *f = *state;
    f->closed = account(f, "shut");
    Err e = { 0 };
    must(auth_password_set(f->auth, f->closed, STRC("shut"), str_of(GOOD), &e), &e);
    close_account(f, "shut", f->closed);
    static const struct { const char *name, *password; } rows[] = {
        { "wang", "wrong" }, { "nobody", GOOD },  { "shut", GOOD }, { "bare", GOOD },
        { "", GOOD },        { "wang", "" },      { "\xff", GOOD },
        { "a login of more than forty characters, which no account has", GOOD },
    };
    char first[300], text[300];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AuthLogin out;
        err_clear(&e);
        assert_false(auth_login(&out, f->a, f->auth, str_of(rows[i].name),
                                str_of(rows[i].password), STRC(""), &e));
        err_print(&e, LANG_HANS, i ? text : first, sizeof text);
        if (i)
            assert_string_equal(first, text);
    }
}

static int64_t busy_ms(Fixture *f, const char *name, const char *password)
{
    struct timespec t0, t1;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t0);
    assert_int_equal(login(f, name, password, "", NULL), ERR_AUTH_LOGIN);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t1);
    return (t1.tv_sec - t0.tv_sec) * 1000 + (t1.tv_nsec - t0.tv_nsec) / 1000000;
}

/* Without the same work an unknown account would be answered some hundred times faster. */
static void unknown_account_costs_the_same(void **state)
{
    Fixture *f = *state;
    int64_t known = busy_ms(f, "wang", "wrong"), unknown = busy_ms(f, "nobody", "wrong");
    assert_true(known >= 5);
    assert_true(unknown * 4 >= known && known * 4 >= unknown);
}

static void password_of_a_megabyte_is_no_work(void **state)
{
    Fixture *f = *state;
    Str big = { arena_alloc(f->a, 1 << 19), 1 << 19 };
    AuthLogin out;
    Err e = { 0 };
    assert_false(auth_login(&out, f->a, f->auth, STRC("wang"), big, STRC(""), &e));
    assert_int_equal(e.code, ERR_AUTH_LOGIN);
}

/* --- the throttle --------------------------------------------------------------------------- */

static void login_locks_after_five_failures(void **state)
{
    Fixture *f = *state;
    for (int i = 0; i < AUTH_FAILURES_MAX; i++)
        assert_int_equal(login(f, "wang", "wrong", "10.0.0.1", NULL), ERR_AUTH_LOGIN);
    assert_int_equal(login(f, "wang", GOOD, "10.0.0.1", NULL), ERR_AUTH_LOCKED);
    assert_int_equal(login(f, "wang", GOOD, "10.0.0.2", NULL), ERR_AUTH_LOCKED);
    sys_pass(f->sys, AUTH_LOCK_MS - 5000);
    assert_int_equal(login(f, "wang", GOOD, "10.0.0.1", NULL), ERR_AUTH_LOCKED);
    sys_pass(f->sys, 5001);
    assert_int_equal(login(f, "wang", GOOD, "10.0.0.1", NULL), ERR_NONE);
}

static void unknown_login_locks_too(void **state)
{
    Fixture *f = *state;
    for (int i = 0; i < AUTH_FAILURES_MAX; i++)
        assert_int_equal(login(f, "ghost", "wrong", "10.0.0.1", NULL), ERR_AUTH_LOGIN);
    assert_int_equal(login(f, "ghost", "wrong", "10.0.0.1", NULL), ERR_AUTH_LOCKED);
}

static void success_and_time_forgive(void **state)
{
    Fixture *f = *state;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < AUTH_FAILURES_MAX - 1; i++)
            assert_int_equal(login(f, "wang", "wrong", "", NULL), ERR_AUTH_LOGIN);
        assert_int_equal(login(f, "wang", GOOD, "", NULL), ERR_NONE);
    }
    for (int i = 0; i < AUTH_FAILURES_MAX - 1; i++)
        assert_int_equal(login(f, "wang", "wrong", "", NULL), ERR_AUTH_LOGIN);
    sys_pass(f->sys, AUTH_LOCK_MS + 1000);
    for (int i = 0; i < AUTH_FAILURES_MAX - 1; i++)
        assert_int_equal(login(f, "wang", "wrong", "", NULL), ERR_AUTH_LOGIN);
    assert_int_equal(login(f, "wang", GOOD, "", NULL), ERR_NONE);
}

/* The counters alone, without the cost of hashes. */
static ErrCode enter(Fixture *f, const char *name, const char *peer)
{
    Err e = { 0 };
    bool ok = auth_throttle_enter(&f->auth->throttle, str_of(name), str_of(peer), &e);
    assert_int_equal(ok, e.code == ERR_NONE);
    return e.code;
}

static void address_locks_after_many_names(void **state)
{
    Fixture *f = *state;
    char name[20];
    for (int i = 0; i < AUTH_PEER_FAILURES_MAX; i++) {
        snprintf(name, sizeof name, "n%d", i);
        assert_int_equal(enter(f, name, "10.0.0.9"), ERR_NONE);
    }
    assert_int_equal(enter(f, "another", "10.0.0.9"), ERR_AUTH_LOCKED);
    assert_int_equal(enter(f, "another", "10.0.0.8"), ERR_NONE);
    assert_int_equal(enter(f, "another", ""), ERR_NONE); /* the console has no address */
}

/* One known account must not reset the count of the address it guesses from. */
static void success_takes_back_one_of_the_address(void **state)
{
    Fixture *f = *state;
    char name[20];
    for (int i = 0; i < AUTH_PEER_FAILURES_MAX - 1; i++) {
        snprintf(name, sizeof name, "n%d", i);
        assert_int_equal(enter(f, name, "10.0.0.9"), ERR_NONE);
        assert_int_equal(enter(f, "mine", "10.0.0.9"), ERR_NONE);
        auth_throttle_success(&f->auth->throttle, STRC("mine"), STRC("10.0.0.9"));
    }
    assert_int_equal(enter(f, "last", "10.0.0.9"), ERR_NONE);
    assert_int_equal(enter(f, "mine", "10.0.0.9"), ERR_AUTH_LOCKED);
}

/* More names than slots: memory stays as it is, and what is locked stays locked. */
static void throttle_is_bounded_and_keeps_locks(void **state)
{
    Fixture *f = *state;
    char name[20];
    for (int i = 0; i < AUTH_FAILURES_MAX; i++)
        assert_int_equal(enter(f, "victim", ""), ERR_NONE);
    for (int i = 0; i < AUTH_THROTTLE_SLOTS * 10; i++) {
        snprintf(name, sizeof name, "flood%d", i);
        assert_int_equal(enter(f, name, ""), ERR_NONE);
    }
    sys_pass(f->sys, 0);
    assert_int_equal(enter(f, "victim", ""), ERR_AUTH_LOCKED);
}

typedef struct Crowd {
    Fixture *f;
    atomic_int busy, wrong, other;
} Crowd;

static void *guess(void *arg)
{
    Crowd *c = arg;
    Err e = { 0 };
    AuthHash h = c->f->auth->nobody;
    bool ok = auth_verify(c->f->auth, &h, STRC("guess"), &e);
    if (e.code == ERR_BUSY)
        atomic_fetch_add(&c->busy, 1);
    else if (!ok && e.code == ERR_NONE)
        atomic_fetch_add(&c->wrong, 1);
    else
        atomic_fetch_add(&c->other, 1);
    return NULL;
}

static void crowd_is_told_to_wait(void **state)
{
    enum { EXTRA = 6, MOST = AUTH_HASHES_WAITING_MAX + EXTRA };
    Fixture *f = *state;
    Crowd c = { .f = f };
    pthread_t threads[MOST];
    Err e = { 0 };
    /* both places are taken, so that whoever comes waits */
    for (int i = 0; i < AUTH_HASHES_AT_ONCE; i++)
        assert_true(auth_gate_enter(&f->auth->gate, &e));
    for (int i = 0; i < MOST; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, guess, &c), 0);
    while (atomic_load(&c.busy) < EXTRA)
        usleep(1000);
    assert_int_equal(f->auth->gate.waiting, AUTH_HASHES_WAITING_MAX);
    for (int i = 0; i < AUTH_HASHES_AT_ONCE; i++)
        auth_gate_leave(&f->auth->gate);
    for (int i = 0; i < MOST; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&c.busy), EXTRA);
    assert_int_equal(atomic_load(&c.wrong), AUTH_HASHES_WAITING_MAX);
    assert_int_equal(atomic_load(&c.other), 0);
}

/* --- sessions ------------------------------------------------------------------------------- */

static void idle_session_ends(void **state)
{
    Fixture *f = *state;
    AuthLogin in = logged_in(f);
    sys_pass(f->sys, AUTH_IDLE_MS - MINUTE);
    assert_int_equal(check(f, in.token, NULL), ERR_NONE); /* and is seen */
    sys_pass(f->sys, AUTH_IDLE_MS - MINUTE);
    assert_int_equal(check(f, in.token, NULL), ERR_NONE);
    sys_pass(f->sys, AUTH_IDLE_MS + 1);
    assert_int_equal(check(f, in.token, NULL), ERR_AUTH_SESSION);
}

static void busy_session_ends_after_twelve_hours(void **state)
{
    Fixture *f = *state;
    AuthLogin in = logged_in(f);
    int64_t passed = 0;
    for (; passed < AUTH_ABSOLUTE_MS - 20 * MINUTE; passed += 20 * MINUTE) {
        sys_pass(f->sys, 20 * MINUTE);
        assert_int_equal(check(f, in.token, NULL), ERR_NONE);
    }
    sys_pass(f->sys, 20 * MINUTE);
    assert_int_equal(check(f, in.token, NULL), ERR_AUTH_SESSION);
}

static void seen_is_written_once_a_minute(void **state)
{
    Fixture *f = *state;
    AuthLogin in = logged_in(f);
    AuthSession first, s;
    assert_int_equal(check(f, in.token, &first), ERR_NONE);
    for (int i = 0; i < 10; i++) {
        sys_pass(f->sys, 5000);
        assert_int_equal(check(f, in.token, &s), ERR_NONE);
        assert_true(s.seen == first.seen);
    }
    sys_pass(f->sys, 10000);
    assert_int_equal(check(f, in.token, &s), ERR_NONE);
    assert_true(s.seen >= first.seen + AUTH_SEEN_MS);
}

static void logout_ends_one_session(void **state)
{
    Fixture *f = *state;
    AuthLogin one = logged_in(f), two = logged_in(f);
    Err e = { 0 };
    must(auth_logout(f->auth, one.token, &e), &e);
    assert_int_equal(check(f, one.token, NULL), ERR_AUTH_SESSION);
    assert_int_equal(check(f, two.token, NULL), ERR_NONE);
    must(auth_logout(f->auth, one.token, &e), &e);
    must(auth_logout(f->auth, STRC("no token"), &e), &e);
}

static bool logout_all(Tx *tx, void *arg, Err *e)
{
    return auth_logout_all(tx, *(int64_t *)arg, e);
}

static bool forget(Tx *tx, void *arg, Err *e)
{
    return auth_forget(tx, *(int64_t *)arg, e);
}

static void all_sessions_end_together(void **state)
{
    Fixture *f = *state;
    AuthLogin one = logged_in(f), two = logged_in(f);
    Err e = { 0 };
    must(store_write(f->store, logout_all, &f->wang, &e), &e);
    assert_int_equal(check(f, one.token, NULL), ERR_AUTH_SESSION);
    assert_int_equal(check(f, two.token, NULL), ERR_AUTH_SESSION);
    one = logged_in(f);
    must(store_write(f->store, forget, &f->wang, &e), &e);
    assert_int_equal(check(f, one.token, NULL), ERR_AUTH_SESSION);
    assert_int_equal(login(f, "wang", GOOD, "", NULL), ERR_AUTH_LOGIN);
}

static void session_past_the_limit_ends_the_oldest(void **state)
{
    Fixture *f = *state;
    AuthLogin in[AUTH_SESSIONS_MAX + 1];
    Err e = { 0 };
    for (int i = 0; i <= AUTH_SESSIONS_MAX; i++) {
        must(auth_session_begin(&in[i], f->a, f->auth, f->wang, STRC(""), &e), &e);
        assert_int_equal(check(f, in[0].token, NULL),
                         i < AUTH_SESSIONS_MAX ? ERR_NONE : ERR_AUTH_SESSION);
        sys_pass(f->sys, 1000);
    }
    for (int i = 1; i <= AUTH_SESSIONS_MAX; i++)
        assert_int_equal(check(f, in[i].token, NULL), ERR_NONE);
}

static void forged_tokens(void **state)
{
    Fixture *f = *state;
    AuthLogin in = logged_in(f);
    char forged[AUTH_TOKEN_TEXT + 2];
    memcpy(forged, in.token.p, AUTH_TOKEN_TEXT);
    forged[0] = forged[0] == 'A' ? 'B' : 'A';
    assert_int_equal(check(f, (Str){ forged, AUTH_TOKEN_TEXT }, NULL), ERR_AUTH_SESSION);
    assert_int_equal(check(f, str_sub(in.token, 0, AUTH_TOKEN_TEXT - 1), NULL), ERR_AUTH_SESSION);
    assert_int_equal(check(f, STRC(""), NULL), ERR_AUTH_SESSION);
    assert_int_equal(check(f, in.token, NULL), ERR_NONE);
}

/* Neither token, code nor password stands in the file in a form that opens anything. */
static void secrets_are_not_in_the_file(void **state)
{
    Fixture *f = *state;
    AuthLogin in = logged_in(f);
    static const char *const ends[] = { "", "-wal" };
    char name[120];
    bool hash_seen = false;
    for (size_t i = 0; i < 2; i++) {
        Arena *a = arena_open(64 << 20);
        Str text;
        Err e = { 0 };
        snprintf(name, sizeof name, "%s%s", f->path, ends[i]);
        must(sys_file_read(&text, a, f->sys, name, 32 << 20, &e), &e);
        assert_false(str_has(text, in.token));
        assert_false(str_has(text, str_of(GOOD)));
        hash_seen = hash_seen || str_has(text, STRC("$argon2id$"));
        arena_close(a);
    }
    assert_true(hash_seen); /* the search does look where things are */
}

/* --- slips ---------------------------------------------------------------------------------- */

typedef struct Slip {
    int64_t account;
    AuthSlipKind kind;
    AuthSlip slip;
} Slip;

static bool make_slip(Tx *tx, void *arg, Err *e)
{
    Slip *s = arg;
    return auth_slip_make(&s->slip, tx, s->account, s->kind, 0, e);
}

static Slip slip_for(Fixture *f, int64_t account, AuthSlipKind kind)
{
    Slip s = { .account = account, .kind = kind };
    Err e = { 0 };
    must(store_write(f->store, make_slip, &s, &e), &e);
    return s;
}

static ErrCode use_slip(Fixture *f, const char *code, const char *password, int64_t *account)
{
    int64_t unused;
    Err e = { 0 };
    bool ok = auth_slip_use(account ? account : &unused, f->auth, str_of(code), str_of(password),
                            STRC("10.0.0.1"), &e);
    assert_int_equal(ok, e.code == ERR_NONE);
    return e.code;
}

static void slip_sets_a_password_once(void **state)
{
    Fixture *f = *state;
    Slip s = slip_for(f, f->bare, AUTH_SLIP_PAPER);
    int64_t account = 0;
    assert_int_equal(strlen(s.slip.code), AUTH_SLIP_TEXT);
    assert_int_equal(strspn(s.slip.code, "23456789ABCDEFGHJKLMNPQRSTUVWXYZ-"), AUTH_SLIP_TEXT);
    assert_int_equal(use_slip(f, s.slip.code, "new password 1", &account), ERR_NONE);
    assert_int_equal(account, f->bare);
    assert_int_equal(login(f, "bare", "new password 1", "", NULL), ERR_NONE);
    assert_int_equal(use_slip(f, s.slip.code, "new password 2", NULL), ERR_AUTH_SLIP);
    assert_int_equal(login(f, "bare", "new password 1", "", NULL), ERR_NONE);
}

typedef struct Taken {
    const char *code;
    int64_t account;
} Taken;

static bool take_slip(Tx *tx, void *arg, Err *e)
{
    Taken *t = arg;
    return auth_slip_take(&t->account, tx, str_of(t->code), e);
}

static bool find_slip(Tx *tx, void *arg, Err *e)
{
    Taken *t = arg;
    return auth_slip_find(&t->account, tx, str_of(t->code), e);
}

static void slip_is_found_often_and_taken_once(void **state)
{
    Fixture *f = *state;
    Slip s = slip_for(f, f->bare, AUTH_SLIP_PAPER);
    Taken t = { .code = s.slip.code };
    Err e = { 0 };
    must(store_read(f->store, find_slip, &t, &e), &e);
    must(store_read(f->store, find_slip, &t, &e), &e);
    must(store_write(f->store, take_slip, &t, &e), &e);
    assert_int_equal(t.account, f->bare);
    assert_false(store_write(f->store, take_slip, &t, &e));
    assert_int_equal(e.code, ERR_AUTH_SLIP);
    err_clear(&e);
    assert_false(store_read(f->store, find_slip, &t, &e));
    assert_int_equal(e.code, ERR_AUTH_SLIP);
}

static void slip_forgives_how_it_is_typed(void **state)
{
    Fixture *f = *state;
    Slip s = slip_for(f, f->bare, AUTH_SLIP_PAPER);
    char typed[AUTH_SLIP_TEXT * 4] = " ";
    for (const char *p = s.slip.code; *p; p++) {
        char wide[5] = { 0 };
        str_put(wide, (uint32_t)(p - s.slip.code > 12 && *p != '-' ? *p + 0xFEE0
                                 : *p == '-' ? ' ' : *p >= 'A' ? *p + 32 : *p));
        strcat(typed, wide);
    }
    assert_int_equal(use_slip(f, typed, "new password 1", NULL), ERR_NONE);
}

static void bad_codes(void **state)
{
    Fixture *f = *state;
    Slip s = slip_for(f, f->bare, AUTH_SLIP_PAPER);
    char code[AUTH_SLIP_TEXT + 8];
    static const char *const rows[] = { "", "-", "ABCD", "2222-2222-2222-2222-2222",
                                        "0OOO-1III-0000-1111-0000", "\xff\xff", "述职" };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(use_slip(f, rows[i], "new password 1", NULL), ERR_AUTH_SLIP);
    snprintf(code, sizeof code, "%s2", s.slip.code); /* one letter too many */
    assert_int_equal(use_slip(f, code, "new password 1", NULL), ERR_AUTH_SLIP);
    assert_int_equal(use_slip(f, s.slip.code, "short", NULL), ERR_AUTH_PASSWORD_LENGTH);
    assert_int_equal(use_slip(f, s.slip.code, "new password 1", NULL), ERR_NONE);
}

static void slips_expire(void **state)
{
    Fixture *f = *state;
    Slip paper = slip_for(f, f->bare, AUTH_SLIP_PAPER);
    Slip first = slip_for(f, f->wang, AUTH_SLIP_FIRST);
    sys_pass(f->sys, (int64_t)AUTH_FIRST_HOURS * HOUR);
    assert_int_equal(use_slip(f, first.slip.code, "new password 1", NULL), ERR_AUTH_SLIP);
    sys_pass(f->sys, (int64_t)(AUTH_SLIP_DAYS - 1) * 24 * HOUR - MINUTE);
    Slip again = slip_for(f, f->wang, AUTH_SLIP_PAPER);
    assert_int_equal(use_slip(f, paper.slip.code, "new password 1", NULL), ERR_NONE);
    sys_pass(f->sys, (int64_t)AUTH_SLIP_DAYS * 24 * HOUR);
    assert_int_equal(use_slip(f, again.slip.code, "new password 1", NULL), ERR_AUTH_SLIP);
}

static void new_slip_voids_the_old_one(void **state)
{
    Fixture *f = *state;
    Slip old = slip_for(f, f->wang, AUTH_SLIP_PAPER), new = slip_for(f, f->wang, AUTH_SLIP_PAPER);
    assert_int_equal(use_slip(f, old.slip.code, "new password 1", NULL), ERR_AUTH_SLIP);
    assert_int_equal(login(f, "wang", GOOD, "", NULL), ERR_NONE); /* until it is used */
    assert_int_equal(use_slip(f, new.slip.code, "new password 1", NULL), ERR_NONE);
    assert_int_equal(login(f, "wang", GOOD, "", NULL), ERR_AUTH_LOGIN);
}

static void slip_unlocks_a_login_and_not_a_closed_account(void **state)
{
    Fixture *f = *state;
    for (int i = 0; i < AUTH_FAILURES_MAX; i++)
        assert_int_equal(enter(f, "bare", ""), ERR_NONE);
    assert_int_equal(login(f, "bare", GOOD, "", NULL), ERR_AUTH_LOCKED);
    Slip s = slip_for(f, f->bare, AUTH_SLIP_PAPER);
    assert_int_equal(use_slip(f, s.slip.code, "new password 1", NULL), ERR_NONE);
    assert_int_equal(login(f, "bare", "new password 1", "", NULL), ERR_NONE);
    s = slip_for(f, f->bare, AUTH_SLIP_PAPER);
    close_account(f, "bare", f->bare);
    assert_int_equal(use_slip(f, s.slip.code, "new password 2", NULL), ERR_AUTH_SLIP);
}

/* An account gets the login that another one had before. */
static void login_may_move_to_another_account(void **state)
{
    Fixture *f = *state;
    NewAccount renamed = { .login = "wang2", .subject = f->wang };
    Err e = { 0 };
    must(store_write(f->store, add_account, &renamed, &e), &e);
    int64_t other = account(f, "wang");
    must(auth_password_set(f->auth, other, STRC("wang"), STRC("of the other 1"), &e), &e);
    AuthLogin in;
    assert_int_equal(login(f, "wang", "of the other 1", "", &in), ERR_NONE);
    assert_int_equal(in.account, other);
    assert_int_equal(login(f, "wang2", GOOD, "", &in), ERR_NONE);
    assert_int_equal(in.account, f->wang);
}

#define T(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(password_rules),
        T(bad_password_is_not_stored),
        T(password_change_ends_every_session),
        T(hash_is_standard_and_salted),
        T(login_gives_a_session),
        T(login_fails_alike),
        T(unknown_account_costs_the_same),
        T(password_of_a_megabyte_is_no_work),
        T(login_locks_after_five_failures),
        T(unknown_login_locks_too),
        T(success_and_time_forgive),
        T(address_locks_after_many_names),
        T(success_takes_back_one_of_the_address),
        T(throttle_is_bounded_and_keeps_locks),
        T(crowd_is_told_to_wait),
        T(idle_session_ends),
        T(busy_session_ends_after_twelve_hours),
        T(seen_is_written_once_a_minute),
        T(logout_ends_one_session),
        T(all_sessions_end_together),
        T(session_past_the_limit_ends_the_oldest),
        T(forged_tokens),
        T(secrets_are_not_in_the_file),
        T(slip_sets_a_password_once),
        T(slip_is_found_often_and_taken_once),
        T(slip_forgives_how_it_is_typed),
        T(bad_codes),
        T(slips_expire),
        T(new_slip_voids_the_old_one),
        T(slip_unlocks_a_login_and_not_a_closed_account),
        T(login_may_move_to_another_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
