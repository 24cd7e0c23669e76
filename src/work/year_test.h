/* year_test: a work committee with three units and a bureau of another line, for the tests of the
 * year, the survey and the report. Stands on fixture_test.h. */
#ifndef WORK_YEAR_TEST_H
#define WORK_YEAR_TEST_H

#include "work/fixture_test.h"

#define YEAR_CHOICES                                                                               \
    "{'rounding':{'mode':'half_up','places':2,'nodes':['ballot'],'quota':'up'},"                   \
    "'ties':{'rule':'share'},'quorum':{'returned':'0.8','valid':'0.9','scope':'per_group',"        \
    "'on_failure':'revote'}}"

#define YEAR_SECTIONS                                                                              \
    "[{'class':'lead','achievements':'我带头讲党课，推动三个支部达标。',"                          \
    "'problems':'我抓基层不够经常，到支部少。','causes':'我精力分配不当。',"                       \
    "'measures':'我每月到一个支部。'},"                                                            \
    "{'class':'build','achievements':'我抓支部标准化，补齐台账。',"                                \
    "'problems':'两个支部组织生活质量不高。','causes':'我指导不细。','measures':'我逐个帮扶。'}]"

typedef struct Year {
    Fix f;
    int64_t root, unit[3], bureau, person[3], leader, other;
    int64_t cycle, debriefer;
    Who clerk, head, surveyor, committee, leader_who, secretary, second, staff, line;
} Year;

typedef struct YearFact {
    const char *kind;
    json_t *body;
    int64_t org, id;
} YearFact;

FIX bool year_fact_job(Tx *tx, void *arg, Err *e)
{
    YearFact *f = arg;
    FactIn in = { .kind = str_of(f->kind), .json = f->body, .org = f->org };
    return fact_append(tx, &in, &f->id, e);
}

/* JSON written with ' for the reader's sake. */
FIX const char *year_json(Year *y, const char *fmt, va_list args)
{
    char *out = arena_alloc(y->f.a, 64 << 10);
    vsnprintf(out, 64 << 10, fmt, args);
    for (char *p = out; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    return out;
}

/* Files a fact past the use cases, as another area would have. */
FIX int64_t year_fact(Year *y, int64_t org, const char *kind, const char *fmt, ...)
{
    Err e = { 0 };
    va_list args;
    va_start(args, fmt);
    YearFact f = { .kind = kind, .org = org };
    assert_true(jv_read(&f.body, str_of(year_json(y, fmt, args)), "test", &e));
    va_end(args);
    if (!store_write(work_store(y->f.work), year_fact_job, &f, &e))
        fix_fail(kind, &e);
    json_decref(f.body);
    return f.id;
}

FIX json_t *year_ok(Year *y, Who who, const char *name, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *json = year_json(y, fmt, args);
    va_end(args);
    return fix_ok(&y->f, who, name, json);
}

FIX void year_refused(Year *y, Who who, const char *name, ErrCode code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *json = year_json(y, fmt, args);
    va_end(args);
    fix_refused(&y->f, who, name, json, code);
}

/* Refused, and the sentence says this. */
FIX void year_says(Year *y, Who who, const char *name, const char *part, const char *fmt, ...)
{
    Err e = { 0 };
    char text[1200];
    va_list args;
    va_start(args, fmt);
    const char *json = year_json(y, fmt, args);
    va_end(args);
    if (fix_call(&y->f, who, name, json, STRC(""), "", NULL, &e))
        fail_msg("%s %s was not refused", name, json);
    err_print(&e, LANG_HANS, text, sizeof text);
    if (!strstr(text, part))
        fail_msg("\"%s\" does not say \"%s\" (%s)", text, part, e.trail);
}

FIX Who year_account(Year *y, const char *login, const char *role, int64_t person, int64_t org)
{
    int64_t account = year_fact(y, 0, "account", "{'login':'%s','person':%lld}", login,
                                (long long)person);
    year_fact(y, 0, "grant", "{'account':%lld,'role':'%s','org':%lld,'from':'2020-01-01'}",
              (long long)account, role, (long long)org);
    return fix_login(&y->f, login);
}

FIX int64_t year_person(Year *y, const char *name, int64_t org)
{
    return year_fact(y, org, "person", "{'name':'%s','org':%lld}", name, (long long)org);
}

FIX int64_t year_open(Year *y, int year, const char *objects, const char *mode)
{
    json_t *got = year_ok(y, y->head, "cycle_open",
        "{'body':{'year':%d,'title':'%d年度述职评议考核','organiser':%lld,"
        "'classes':[{'name':'lead','title':'履行第一责任人职责'},"
        "{'name':'build','title':'推进基层党组织建设'}],'objects':[%s],'scheme':'district',"
        "'survey_mode':'%s','dates':[{'step':'report','due':'2026-11-01'}]}}",
        year, year, (long long)y->root, objects, mode);
    return jv_int(got, "id");
}

FIX int64_t year_debriefer(Year *y, int64_t cycle, int i, const char *more)
{
    json_t *got = year_ok(y, y->clerk, "debriefer_add",
                          "{'cycle':%lld,'body':{'org':%lld,'person':%lld,'form':'live'%s}}",
                          (long long)cycle, (long long)y->unit[i], (long long)y->person[i], more);
    return jv_int(got, "id");
}

FIX int64_t year_version(Year *y, const char *use, const char *field, int64_t id)
{
    return jv_int(year_ok(y, fix_console(), use, "{'%s':%lld}", field, (long long)id), "version");
}

FIX void year_people(Year *y)
{
    static const char *const names[] = { "甲一", "乙二", "丙三" };
    y->root = year_fact(y, 0, "org", "{'code':'D','name':'例区机关工委','kind':'work_committee'}");
    y->bureau = year_fact(y, 0, "org", "{'code':'J','name':'例局党组','kind':'leading_group'}");
    for (int i = 0; i < 3; i++) {
        y->unit[i] = year_fact(y, 0, "org", "{'code':'U%d','name':'第%d系统机关党委',"
                               "'kind':'system_committee','parent':%lld}", i, i + 1,
                               (long long)y->root);
        y->person[i] = year_person(y, names[i], y->unit[i]);
    }
    y->leader = year_person(y, "丁常委", y->root);
    y->other = year_person(y, "戊职员", y->root);
    y->clerk = year_account(y, "clerk", "organiser_clerk", year_person(y, "己职员", y->root),
                            y->root);
    y->head = year_account(y, "head", "organiser_head", year_person(y, "庚部长", y->root), y->root);
    y->surveyor = year_account(y, "surveyor", "surveyor", y->other, y->root);
    y->committee = year_account(y, "committee", "committee", year_person(y, "辛常委", y->root),
                                y->root);
    y->leader_who = year_account(y, "leader", "committee", y->leader, y->unit[2]);
    y->secretary = year_account(y, "secretary", "secretary", y->person[0], y->unit[0]);
    y->second = year_account(y, "second", "secretary", y->person[1], y->unit[1]);
    y->staff = year_account(y, "staff", "party_staff", year_person(y, "壬干事", y->unit[0]),
                            y->unit[0]);
    y->line = year_account(y, "line", "superior", year_person(y, "癸书记", y->bureau), y->bureau);
}

FIX int year_setup(void **state)
{
    Year *y = calloc(1, sizeof *y);
    if (!y)
        return -1;
    fix_open(&y->f, 11);
    year_people(y);
    y->cycle = year_open(y, 2026, "'party_building'", "open");
    y->debriefer = year_debriefer(y, y->cycle, 0, "");
    *state = y;
    return 0;
}

FIX int year_teardown(void **state)
{
    Year *y = *state;
    fix_close(&y->f);
    free(y);
    return 0;
}

#define YEAR_TEST(f) cmocka_unit_test_setup_teardown(f, year_setup, year_teardown)

#endif
