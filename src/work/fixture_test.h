/* What tests of use cases share: an installation in a temporary folder with a simulated clock, and
 * calls in one line. Included by tests only; every function is static: a test uses what it needs.
 *
 *     Fix f;
 *     fix_open(&f, 7);
 *     json_t *got = fix_ok(&f, fix_console(), "org_list", "{}");
 *     fix_refused(&f, fix_login(&f, "admin"), "cycle_open", "{...}", ERR_FORBIDDEN);
 *     fix_close(&f);
 *
 * A test's main begins with print_child(argc, argv): readers and writers of documents run in a
 * short-lived child of the test program itself. */
#ifndef WORK_FIXTURE_TEST_H
#define WORK_FIXTURE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fact/fact.h"
#include "pack/pack.h"
#include "print/print.h"
#include "work/work.h"

#define FIX __attribute__((unused)) static

#define FIX_START ((Moment)1795000000000) /* 2026-11-18 in Beijing */

typedef struct Fix {
    char dir[64];
    Sys *sys;
    Work *work;
    Arena *a;
    json_t *kept[256]; /* replies, freed at the end */
    size_t n_kept;
    WorkFile file;     /* of the last answer that was one */
    const PackSource *packs; /* beside those of the program */
    size_t n_packs;
} Fix;

FIX void fix_fail(const char *what, const Err *e)
{
    char text[1200];
    err_print(e, LANG_HANS, text, sizeof text);
    fail_msg("%s: %s: %s (%s)", what, err_name(e->code), text, e->trail);
}

FIX void fix_reopen(Fix *f, bool make)
{
    Err e = { 0 };
    WorkConfig c = { .dir = f->dir, .sys = f->sys, .fonts = ".tools/fonts", .make = make,
                     .packs = f->packs, .n_packs = f->n_packs };
    if (!work_open(&f->work, &c, &e))
        fix_fail("work_open", &e);
}

/* With packs of the test's own beside those of the program. */
FIX void fix_open_packs(Fix *f, uint64_t seed, const PackSource *packs, size_t n)
{
    const char *tmp = getenv("TMPDIR");
    *f = (Fix){ .packs = packs, .n_packs = n };
    snprintf(f->dir, sizeof f->dir, "%.40s/work-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(f->dir));
    f->sys = sys_open_sim(seed, FIX_START);
    f->a = arena_open((size_t)1 << 30);
    assert_non_null(f->sys);
    assert_non_null(f->a);
    fix_reopen(f, true);
}

FIX void fix_open(Fix *f, uint64_t seed)
{
    fix_open_packs(f, seed, NULL, 0);
}

FIX void fix_close(Fix *f)
{
    char command[128];
    for (size_t i = 0; i < f->n_kept; i++)
        json_decref(f->kept[i]);
    work_close(f->work);
    sys_close(f->sys);
    arena_close(f->a);
    snprintf(command, sizeof command, "rm -rf '%s'", f->dir);
    assert_int_equal(system(command), 0);
}

FIX Who fix_console(void)
{
    return (Who){ .console = true };
}

FIX Who fix_login(Fix *f, const char *login)
{
    Who who;
    Err e = { 0 };
    if (!who_named(&who, f->work, str_of(login), &e))
        fix_fail(login, &e);
    return who;
}

/* Carries a use case out; false with the error. *out (may be NULL) lives until fix_close. */
FIX bool fix_call(Fix *f, Who who, const char *name, const char *json, Str upload,
                  const char *upload_name, json_t **out, Err *e)
{
    const UseCase *u = work_case(str_of(name));
    json_t *in = NULL, *got = NULL;
    if (!u)
        fail_msg("no use case %s", name);
    assert_true(jv_read(&in, str_of(json), "test", e));
    WorkReply r = { .json = buf_open(WORK_REPLY_MAX) };
    WorkInput given = { .json = in, .upload = upload, .upload_name = str_of(upload_name),
                        .peer = STRC("127.0.0.1") };
    bool ok = work_do(&r, f->work, &who, u, &given, f->a, e);
    if (ok && r.json.n && u->out) {
        Err shape = { 0 };
        assert_true(jv_read(&got, buf_str(&r.json), "reply", e));
        if (!shape_check(u->out, got, &shape))
            fix_fail(name, &shape);
    }
    if (ok)
        f->file = r.file;
    if (got) {
        assert_true(f->n_kept < sizeof f->kept / sizeof *f->kept);
        f->kept[f->n_kept++] = got;
    }
    if (out)
        *out = got;
    buf_close(&r.json);
    json_decref(in);
    return ok;
}

/* Must succeed; every reply is checked against its shape. NULL for {} and files. */
FIX json_t *fix_ok(Fix *f, Who who, const char *name, const char *json)
{
    json_t *out;
    Err e = { 0 };
    if (!fix_call(f, who, name, json, STRC(""), "", &out, &e))
        fix_fail(name, &e);
    return out;
}

FIX json_t *fix_upload(Fix *f, Who who, const char *name, const char *json, Str bytes,
                       const char *file)
{
    json_t *out;
    Err e = { 0 };
    if (!fix_call(f, who, name, json, bytes, file, &out, &e))
        fix_fail(name, &e);
    return out;
}

/* Must be refused with this code. */
FIX void fix_refused(Fix *f, Who who, const char *name, const char *json, ErrCode code)
{
    Err e = { 0 };
    if (fix_call(f, who, name, json, STRC(""), "", NULL, &e))
        fail_msg("%s %s was not refused", name, json);
    if (e.code != code)
        fix_fail(name, &e);
}

/* JSON text of an input, in the fixture's arena. */
FIX const char *fix_text(Fix *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
FIX const char *fix_text(Fix *f, const char *fmt, ...)
{
    char *out = arena_alloc(f->a, 16 << 10);
    va_list args;
    va_start(args, fmt);
    vsnprintf(out, 16 << 10, fmt, args);
    va_end(args);
    return out;
}

/* The item of a list reply whose member is this text. */
FIX const json_t *fix_item(const json_t *reply, const char *member, const char *value)
{
    const json_t *items = jv_get(reply, "items");
    for (size_t i = 0; i < jv_len(items); i++)
        if (str_is(jv_str(jv_at(items, i), member), value))
            return jv_at(items, i);
    fail_msg("no item with %s = %s", member, value);
    return NULL;
}

/* --- a small district ----------------------------------------------------------------------- */

typedef struct FixRoster {
    int64_t committee, health, street, branch; /* the committee above the three others' lines */
    int64_t zeng, li, zhao;                    /* secretaries of health, street, branch */
} FixRoster;

FIX int64_t fix_org(Fix *f, const char *name)
{
    json_t *l = fix_ok(f, fix_console(), "org_list", fix_text(f, "{\"q\":\"%s\"}", name));
    return jv_int(fix_item(l, "name", name), "id");
}

FIX int64_t fix_person(Fix *f, const char *name)
{
    json_t *l = fix_ok(f, fix_console(), "person_list", fix_text(f, "{\"q\":\"%s\"}", name));
    return jv_int(fix_item(l, "name", name), "id");
}

/* Four organisations, three secretaries, two others. */
FIX FixRoster fix_roster(Fix *f)
{
    static const char orgs[] = "组织编号,名称,类别,领域,上级组织编号,本届任期届满\n"
                               "Q,某区直属机关工委,工委,机关,,2027-06-30\n"
                               "Q1,卫健系统机关党委,系统机关党委,医院,Q,2027-06-30\n"
                               "Q2,东街街道党委,党委,城市社区,Q,\n"
                               "Q21,东街社区党支部,党支部,城市社区,Q2,\n";
    static const char people[] = "姓名,工号,所在组织编号,出生年月,中共党员,职务,任职日期,离任日期\n"
                                 "曾小明,A1,Q1,1975-03,是,书记,2023-03-01,\n"
                                 "李思源,A2,Q2,1978-05,是,书记,2022-01-05,\n"
                                 "赵一鸣,A3,Q21,1980-09,是,书记,2024-05-01,\n"
                                 "钱满仓,A4,Q21,1979-11,是,书记,2019-05-01,2024-04-30\n"
                                 "孙立,A5,Q,1985-02,是,党务工作者,2021-02-01,\n";
    json_t *r = fix_upload(f, fix_console(), "roster_import", "{}",
                           (Str){ orgs, sizeof orgs - 1 }, "orgs.csv");
    assert_int_equal(jv_int(jv_get(r, "orgs"), "new"), 4);
    r = fix_upload(f, fix_console(), "roster_import", "{}", (Str){ people, sizeof people - 1 },
                   "people.csv");
    assert_int_equal(jv_int(jv_get(r, "people"), "new"), 5);
    return (FixRoster){ fix_org(f, "某区直属机关工委"), fix_org(f, "卫健系统机关党委"),
                        fix_org(f, "东街街道党委"),     fix_org(f, "东街社区党支部"),
                        fix_person(f, "曾小明"),        fix_person(f, "李思源"),
                        fix_person(f, "赵一鸣") };
}

/* An account of this person (0: of nobody is not possible here) with one role over org. */
FIX Who fix_account(Fix *f, int64_t person, const char *login, const char *role, int64_t org)
{
    json_t *got = fix_ok(f, fix_console(), "account_open",
                         fix_text(f, "{\"person\":%lld,\"login\":\"%s\"}", (long long)person,
                                  login));
    fix_ok(f, fix_console(), "grant_add",
           org ? fix_text(f, "{\"account\":%lld,\"role\":\"%s\",\"org\":%lld}",
                          (long long)jv_int(got, "id"), role, (long long)org)
               : fix_text(f, "{\"account\":%lld,\"role\":\"%s\"}", (long long)jv_int(got, "id"),
                          role));
    return fix_login(f, login);
}

#endif
