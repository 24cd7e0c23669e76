/* What the tests of rule share: a small pack, and units made of one line a record. */
#ifndef RULE_KIT_TEST_H
#define RULE_KIT_TEST_H

#include "rule/measure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KIT_HEAD                                                                                   \
    "pack t { title \"例\"; version \"1\"; from 2020-01-01; }\n"                                   \
    "list late_cause { item own \"本单位\"; item superior \"上级\"; }\n"                           \
    "list kind { item congress \"党员大会\"; item group \"小组会\"; item lecture \"党课\"; }\n"      \
    "list stage { item open \"在办\"; item done \"已办\"; item shut \"已结\"; }\n"                  \
    "form org { title \"组织\"; field name text { title \"名称\"; } }\n"                           \
    "form person { title \"人员\"; field name text { title \"姓名\"; } }\n"                        \
    "form meeting { title \"会议\"; ledger; minutes 5; dated held; on_time 3;\n" \
    "  field org ref { title \"组织\"; of org; }\n"                                                \
    "  field held day { title \"日期\"; }\n"                                                       \
    "  field kind choice { title \"种类\"; of kind; }\n"                                           \
    "  field heads refs { title \"到会\"; of person; }\n"                                          \
    "  field hours decimal { title \"学时\"; }\n"                                                  \
    "  field present number { title \"人数\"; }\n"                                                 \
    "  field open flag { title \"公开\"; }\n"                                                      \
    "  field place text { title \"地点\"; } }\n"                                                   \
    "form dues { title \"党费\"; ledger; minutes 1; personal person; dated paid;\n" \
    "  field person ref { title \"党员\"; of person; }\n"                                          \
    "  field paid day { title \"交纳日期\"; }\n"                                                   \
    "  field sum decimal { title \"金额\"; } }\n"                                                  \
    "form task { title \"任务\"; ledger; minutes 1; dated given_on;\n" \
    "  field given_on day { title \"交办日期\"; }\n"                                               \
    "  field by day { title \"期限\"; }\n"                                                         \
    "  field state choice { title \"状态\"; of stage; } }\n"

/* Duties need examples; most tests are not about them. */
#define KIT_DRAFTLESS                                                                              \
    " example \"一\" { given { facts: [] }; period %s; on 2026-12-31; want met; }"                  \
    " example \"二\" { given { facts: [] }; period %s; on 2026-12-31; want missed; } }\n"

typedef struct Kit {
    Arena *a, *scratch;
    Rulebook *rb;
    RuleSet *rules;
    RuleOrg org;
    RulePerson people[20];
    RuleTenure tenures[20];
    RuleRecord records[400];
    RuleVersion versions[50];
    RuleWaiver waivers[10];
    RuleSetting settings[10];
    RuleUnit u;
} Kit;

static inline void kit_fail(const Err *e)
{
    char text[900];
    err_print(e, LANG_HANS, text, sizeof text);
    fail_msg("%s [%s]", text, e->trail);
}

/* KIT_HEAD and `more`; each duty of it gets its two examples where it says EXAMPLES(2026-Q1). */
static inline Kit *kit_open(const char *more)
{
    Kit *k = calloc(1, sizeof *k);
    Buf b = buf_open(1 << 20);
    Err e = { 0 };
    Str rest = str_of(more), head, period;
    k->a = arena_open(64 << 20);
    k->scratch = arena_open(256 << 20);
    buf_put(&b, STRC(KIT_HEAD));
    while (str_cut(rest, STRC("EXAMPLES("), &head, &rest)) {
        buf_put(&b, head);
        str_cut(rest, STRC(")"), &period, &rest);
        for (int i = 0; i < 2; i++) {
            buf_fmt(&b, " example \"%d\" { given { facts: [] };", i);
            if (period.n)
                buf_fmt(&b, " period %.*s;", STR(period));
            buf_fmt(&b, " on 2026-12-31; want %s; }", i ? "met" : "missed");
        }
    }
    buf_put(&b, head);
    PackSource source = { STRC("t.pack"), arena_str(k->a, buf_str(&b)) };
    buf_close(&b);
    if (!pack_load(&k->rb, k->a, &source, 1, &e) || !rule_open(&k->rules, k->a, k->rb, &e))
        kit_fail(&e);
    k->org = (RuleOrg){ .from = DAY_NONE, .name = STRC("东街支部"), .kind = STRC("branch"),
                        .founded = DAY_NONE, .ended = DAY_NONE, .term_end = DAY_NONE };
    k->u = (RuleUnit){ .org = 1, .orgs = &k->org, .n_orgs = 1, .people = k->people,
                       .tenures = k->tenures, .records = k->records, .waivers = k->waivers,
                       .settings = k->settings };
    return k;
}

static inline void kit_close(Kit *k)
{
    arena_close(k->a);
    arena_close(k->scratch);
    free(k);
}

static inline Day kit_day(const char *text)
{
    Day d;
    Err e = { 0 };
    assert_true(day_read(&d, str_of(text), &e));
    return d;
}

static inline Period kit_period(const char *text)
{
    Period p;
    Err e = { 0 };
    assert_true(period_read(&p, str_of(text), &e));
    return p;
}

/* A record of the form; body: canonical JSON. Filed on its day. */
static inline RuleRecord *kit_add(Kit *k, const char *form, const char *on, const char *body)
{
    RuleRecord *r = &k->records[k->u.n_records++];
    assert_true(k->u.n_records <= 400);
    *r = (RuleRecord){ .form = pack_form(k->rb, str_of(form)), .id = (int64_t)k->u.n_records,
                       .subject = (int64_t)k->u.n_records, .org = 1, .on = kit_day(on),
                       .received = kit_day(on), .state_since = DAY_NONE, .body = str_of(body) };
    assert_non_null(r->form);
    return r;
}

static inline RulePerson *kit_person(Kit *k, int64_t id, const char *from)
{
    RulePerson *p = &k->people[k->u.n_people++];
    *p = (RulePerson){ .id = id, .from = kit_day(from), .to = DAY_NONE, .org = 1,
                       .name = STRC("张三"), .member_state = STRC("full"), .joined = DAY_NONE,
                       .born = DAY_NONE };
    return p;
}

static inline RuleTenure *kit_tenure(Kit *k, int64_t person, const char *post, const char *from)
{
    RuleTenure *t = &k->tenures[k->u.n_tenures++];
    *t = (RuleTenure){ .person = person, .post = str_of(post), .from = kit_day(from),
                       .to = DAY_NONE };
    return t;
}

static inline const Duty *kit_duty(Kit *k, const char *name)
{
    const Duty *d = pack_duty(k->rb, str_of(name));
    assert_non_null(d);
    return d;
}

static inline RuleCells kit_cells(Kit *k, const char *duty, const char *year, const char *today)
{
    RuleCells c;
    Err e = { 0 };
    arena_reset(k->scratch);
    if (!rule_judge_duty(&c, k->scratch, k->rules, &k->u, kit_duty(k, duty), kit_period(year),
                         kit_day(today), &e))
        kit_fail(&e);
    return c;
}

/* The states of a duty's cells in one word: met m, due d, missed x, waived w, n/a -, later . */
static inline void kit_states(Kit *k, const char *duty, const char *year, const char *today,
                              const char *want)
{
    RuleCells c = kit_cells(k, duty, year, today);
    char got[200] = "";
    for (size_t i = 0; i < c.n && i < sizeof got - 1; i++)
        got[i] = "mdxw-."[c.items[i].state];
    assert_string_equal(got, want);
}

#endif
