/* The core that every use case stands on: who may, what is kept, and what the table of use cases
 * promises. */
#include "work/fixture_test.h"

#include "pack/pack.h"
#include "work/call.h"
#include "work/rows.h"

enum { DAY_MS = 24 * 3600 * 1000 };

/* --- a use case that never asks ------------------------------------------------------------- */

static bool file_something(Call *c, void *arg, Err *e)
{
    (void)arg;
    json_t *body = json_pack("{s:s,s:s,s:s,s:s}", "text", "没有问过", "contact", "", "page", "",
                             "state", "open");
    bool ok = call_file(c, &(Filing){ .form = "complaint", .body = body }, NULL, e);
    json_decref(body);
    return ok;
}

static bool sneak(Call *c, const void *in, Jw *out, Err *e)
{
    (void)in, (void)out;
    return file_something(c, NULL, e);
}

static bool sneak_outside(Call *c, const void *in, Jw *out, Err *e)
{
    (void)in, (void)out;
    return call_write(c, file_something, NULL, e);
}

static bool peep(Call *c, const void *in, Jw *out, Err *e)
{
    (void)in, (void)e;
    jw_kint(out, "today", c->today);
    return true;
}

static bool count_job(Tx *tx, void *out, Err *e)
{
    FactFilter f = { .kind = STRC("complaint") };
    return fact_count(out, tx, &f, e);
}

static int64_t complaints(Fix *f)
{
    int64_t n = -1;
    Err e = { 0 };
    if (!store_read(work_store(f->work), count_job, &n, &e))
        fix_fail("count", &e);
    return n;
}

static bool run_row(Fix *f, const Who *who, const UseCase *u, const char *json, Err *e)
{
    json_t *in = NULL;
    assert_true(jv_read(&in, str_of(json), "test", e));
    WorkReply r = { .json = buf_open(1 << 20) };
    WorkInput given = { .json = in };
    bool ok = work_do(&r, f->work, who, u, &given, f->a, e);
    if (!ok)
        assert_int_equal(r.json.n == 0 || r.json.p[r.json.n - 1] != '}', 1); /* no whole reply */
    buf_close(&r.json);
    json_decref(in);
    return ok;
}

static void who_never_asks_is_refused_and_stores_nothing(void **state)
{
    static const UseCase rows[] = {
        { "sneak", "暗写", WORK_WRITE, WORK_LOGGED_IN, NULL, NULL, .run = sneak },
        { "sneak_outside", "暗写", WORK_OUTSIDE, WORK_LOGGED_IN, NULL, NULL,
          .run = sneak_outside },
        { "peep", "暗看", WORK_READ, WORK_LOGGED_IN, NULL, NULL, .run = peep },
    };
    Fix f;
    (void)state;
    fix_open(&f, 1);
    Who console = fix_console();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Err e = { 0 };
        assert_false(run_row(&f, &console, &rows[i], "{}", &e));
        assert_int_equal(e.code, ERR_FORBIDDEN);
        assert_int_equal(complaints(&f), 0);
    }
    /* The same, asked for: stored. */
    fix_ok(&f, console, "complaint_file", "{\"text\":\"问过了\"}");
    assert_int_equal(complaints(&f), 1);
    fix_close(&f);
}

/* --- scopes --------------------------------------------------------------------------------- */

typedef struct AskIn {
    int64_t org, cycle, person;
} AskIn;
static const ShapeField ask_fields[] = {
    { "org", SHAPE_ID, offsetof(AskIn, org) },
    { "cycle", SHAPE_ID, offsetof(AskIn, cycle) },
    { "person", SHAPE_ID, offsetof(AskIn, person) },
};
static const Shape ask_in = SHAPE("AskIn", AskIn, ask_fields);

static bool ask(Call *c, const void *in_, Jw *out, Err *e)
{
    const AskIn *in = in_;
    (void)out;
    if (in->cycle)
        return call_may_cycle(c, in->cycle, e);
    return in->person ? call_may_self(c, in->person, e) : call_may_org(c, in->org, e);
}

static const UseCase asks = { "ask", "试问", WORK_READ,
                              ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_PARTY_STAFF), &ask_in,
                              NULL, .run = ask };

/* What a caller gets: ERR_NONE, or the refusal. */
static ErrCode asked(Fix *f, const Who *who, const char *what, int64_t id)
{
    Err e = { 0 };
    return run_row(f, who, &asks, fix_text(f, "{\"%s\":%lld}", what, (long long)id), &e) ? ERR_NONE
                                                                                        : e.code;
}

static void a_grant_covers_its_subtree_only(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 2);
    FixRoster r = fix_roster(&f);
    Who street = fix_account(&f, r.li, "li", "party_staff", r.street);
    assert_int_equal(asked(&f, &street, "org", r.street), ERR_NONE);
    assert_int_equal(asked(&f, &street, "org", r.branch), ERR_NONE);
    assert_int_equal(asked(&f, &street, "org", r.health), ERR_FORBIDDEN);
    assert_int_equal(asked(&f, &street, "org", r.committee), ERR_FORBIDDEN); /* not upwards */
    Err e = { 0 };
    assert_false(run_row(&f, &street, &asks, "{}", &e)); /* org 0: everything */
    assert_int_equal(e.code, ERR_FORBIDDEN);
    /* Another role over everything does not help; nor does no role at all. */
    Who head = fix_account(&f, r.zeng, "zeng", "organiser_head", r.committee);
    assert_int_equal(asked(&f, &head, "org", r.street), ERR_FORBIDDEN);
    Who nobody = { 0 }, bare = { .account = 1 };
    assert_int_equal(asked(&f, &nobody, "org", r.street), ERR_LOGIN_NEEDED);
    assert_int_equal(asked(&f, &bare, "org", r.street), ERR_FORBIDDEN);
    Who console = fix_console();
    assert_int_equal(asked(&f, &console, "org", r.street), ERR_NONE);
    fix_close(&f);
}

typedef struct NewCycle {
    int64_t org, id;
} NewCycle;

static bool cycle_job(Tx *tx, void *arg, Err *e)
{
    NewCycle *n = arg;
    FactIn in = { .kind = STRC("cycle"), .org = n->org };
    in.body = arena_text(tx_arena(tx), "{\"organiser\":%lld,\"state\":\"preparing\"}",
                         (long long)n->org);
    return fact_append(tx, &in, &n->id, e);
}

static int64_t cycle_of(Fix *f, int64_t org)
{
    NewCycle n = { .org = org };
    Err e = { 0 };
    if (!store_write(work_store(f->work), cycle_job, &n, &e))
        fix_fail("cycle", &e);
    return n.id;
}

static void a_grant_for_one_cycle_counts_in_it_only(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 3);
    FixRoster r = fix_roster(&f);
    int64_t one = cycle_of(&f, r.committee), two = cycle_of(&f, r.committee);
    json_t *got = fix_ok(&f, fix_console(), "account_open",
                         fix_text(&f, "{\"person\":%lld,\"login\":\"li\"}", (long long)r.li));
    fix_ok(&f, fix_console(), "grant_add",
           fix_text(&f, "{\"account\":%lld,\"role\":\"organiser_clerk\",\"org\":%lld,"
                        "\"cycle\":%lld}",
                    (long long)jv_int(got, "id"), (long long)r.committee, (long long)one));
    Who who = fix_login(&f, "li");
    assert_int_equal(asked(&f, &who, "cycle", one), ERR_NONE);
    assert_int_equal(asked(&f, &who, "cycle", two), ERR_FORBIDDEN);
    assert_int_equal(asked(&f, &who, "org", r.committee), ERR_FORBIDDEN); /* not outside of it */
    /* A grant below the organiser does not reach his cycle. */
    Who low = fix_account(&f, r.zhao, "zhao", "organiser_clerk", r.street);
    assert_int_equal(asked(&f, &low, "cycle", one), ERR_FORBIDDEN);
    assert_int_equal(asked(&f, &low, "cycle", 999), ERR_NOT_FOUND);
    fix_close(&f);
}

static void a_grant_counts_from_its_first_to_its_last_day(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 4);
    FixRoster r = fix_roster(&f);
    json_t *got = fix_ok(&f, fix_console(), "account_open",
                         fix_text(&f, "{\"person\":%lld,\"login\":\"li\"}", (long long)r.li));
    /* The fixture's clock begins on 2026-11-18 in Beijing. */
    fix_ok(&f, fix_console(), "grant_add",
           fix_text(&f, "{\"account\":%lld,\"role\":\"party_staff\",\"org\":%lld,"
                        "\"from\":\"2026-11-20\",\"to\":\"2026-11-21\"}",
                    (long long)jv_int(got, "id"), (long long)r.street));
    static const size_t grants[] = { 0, 0, 1, 1, 0 };
    assert_int_equal(moment_day(sys_now(f.sys)), day_make(2026, 11, 18));
    for (size_t i = 0; i < sizeof grants / sizeof *grants; i++) {
        assert_int_equal(fix_login(&f, "li").n_grants, grants[i]);
        sys_pass(f.sys, DAY_MS);
    }
    fix_close(&f);
}

static void a_closed_account_is_nobody(void **state)
{
    Fix f;
    Who who;
    Err e = { 0 };
    (void)state;
    fix_open(&f, 5);
    fix_ok(&f, fix_console(), "first_admin", "{}");
    FixRoster r = fix_roster(&f);
    Who li = fix_account(&f, r.li, "li", "party_staff", r.street);
    json_t *l = fix_ok(&f, fix_console(), "account_list", "{}");
    fix_ok(&f, fix_console(), "account_close",
           fix_text(&f, "{\"account\":%lld,\"version\":%lld}",
                    (long long)li.account,
                    (long long)jv_int(fix_item(l, "login", "li"), "version")));
    assert_false(who_read(&who, f.work, li.account, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_false(who_named(&who, f.work, STRC("li"), &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_false(who_named(&who, f.work, STRC("nobody"), &e));
    assert_false(who_read(&who, f.work, 0, &e));
    fix_close(&f);
}

static void oneself_or_served_by_a_clerk_of_the_place(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 6);
    FixRoster r = fix_roster(&f);
    Who zhao = fix_account(&f, r.zhao, "zhao", "secretary", r.branch);
    Who staff = fix_account(&f, r.li, "li", "party_staff", r.street);
    Who far = fix_account(&f, r.zeng, "zeng", "party_staff", r.health);
    assert_int_equal(asked(&f, &zhao, "person", r.zhao), ERR_FORBIDDEN); /* the row's roles first */
    Who both = staff;
    both.person = r.zhao;
    assert_int_equal(asked(&f, &both, "person", r.zhao), ERR_NONE);
    assert_int_equal(asked(&f, &staff, "person", r.zhao), ERR_FORBIDDEN); /* not by itself */
    staff.behalf = far.behalf = r.zhao;
    assert_int_equal(asked(&f, &staff, "person", r.zhao), ERR_NONE);
    assert_int_equal(asked(&f, &staff, "person", r.zeng), ERR_FORBIDDEN);
    assert_int_equal(asked(&f, &far, "person", r.zhao), ERR_FORBIDDEN); /* of another place */
    fix_close(&f);
}

/* --- what the table promises ---------------------------------------------------------------- */

static void roles_of_packs_are_roles_of_accounts(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        Role r;
        uint32_t bit = 0;
        if (!str_is(pack_role_name(i), role_name((Role)i)))
            fail_msg("role %zu is %.*s in packs and %s in accounts", i, STR(pack_role_name(i)),
                     role_name((Role)i));
        assert_true(str_is(pack_role_title(i), role_title((Role)i)));
        assert_true(role_read(&r, pack_role_name(i)));
        assert_true(pack_role_bit(&bit, pack_role_name(i)));
        assert_int_equal(bit, ROLE_BIT(r));
    }
    assert_int_equal(pack_role_name(ROLE_COUNT).n, 0);
}

static bool snake(const char *name)
{
    for (; *name; name++)
        if (!((*name >= 'a' && *name <= 'z') || *name == '_'))
            return false;
    return true;
}

static void every_row_says_what_it_is(void **state)
{
    const UseCase *const *all = work_cases();
    (void)state;
    for (size_t i = 0; all[i]; i++) {
        const UseCase *u = all[i];
        if (!u->title || strlen(u->title) < 6 || !snake(u->name) || !u->run)
            fail_msg("%s lacks something", u->name);
        assert_ptr_equal(work_case(str_of(u->name)), u); /* no name twice */
        for (size_t k = 0; u->in && k < u->in->n; k++)
            for (size_t m = 0; m < k; m++)
                assert_string_not_equal(u->in->fields[k].name, u->in->fields[m].name);
        /* Nobody answers to a stranger unseen, but in the booth, where nobody may be seen. */
        if ((u->roles & WORK_ANYBODY) && strncmp(u->name, "booth_", 6) != 0)
            assert_true(u->audit || u->mode == WORK_READ || u == &work_complaint_file);
    }
    assert_null(work_case(STRC("no_such_case")));
}

/* The operator of the installation reads no content: what his role opens is named here. */
static void the_operator_reads_no_content(void **state)
{
    static const char *const his[] = { "backup_make", "backup_list", "backup_fetch",
                                       "day_turn" };
    const UseCase *const *all = work_cases();
    (void)state;
    for (size_t i = 0; all[i]; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof his / sizeof *his; k++)
            known |= strcmp(all[i]->name, his[k]) == 0;
        if ((all[i]->roles & ROLE_BIT(ROLE_SYS_ADMIN)) && !known)
            fail_msg("%s is open to sys_admin", all[i]->name);
    }
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_never_asks_is_refused_and_stores_nothing),
        cmocka_unit_test(a_grant_covers_its_subtree_only),
        cmocka_unit_test(a_grant_for_one_cycle_counts_in_it_only),
        cmocka_unit_test(a_grant_counts_from_its_first_to_its_last_day),
        cmocka_unit_test(a_closed_account_is_nobody),
        cmocka_unit_test(oneself_or_served_by_a_clerk_of_the_place),
        cmocka_unit_test(roles_of_packs_are_roles_of_accounts),
        cmocka_unit_test(every_row_says_what_it_is),
        cmocka_unit_test(the_operator_reads_no_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
