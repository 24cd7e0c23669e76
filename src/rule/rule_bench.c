/* A city judged: 18,000 organisations of 20 members, a year of records, every shipped pack and all
 * local practice, on two threads as the product does it. Prints ratios to the limits; reading the
 * records from the store is not part of it. */
#include "base/bench.h"
#include "rule/notice.h"
#include "rule/report.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { ORGS = 18000, KEPT = 600, PEOPLE = 20, A_FORM = 2, MEETINGS = 40 };
static const double cold_limit = 2.0, incremental_limit = 0.050;

static double now(void)
{
    return bench_clock(CLOCK_MONOTONIC);
}

static uint32_t dice(uint64_t *seed, uint32_t n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % n;
}

static void stop(const Err *e)
{
    char text[900];
    err_print(e, LANG_HANS, text, sizeof text);
    fprintf(stderr, "%s [%s]\n", text, e->trail);
    exit(1);
}

/* --- a unit --------------------------------------------------------------------------------- */
static json_t *value_of(const FormField *f, Day on, uint64_t *seed)
{
    char text[40];
    DayParts d = day_parts(on);
    bool person = str_is(f->of, "person");
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_LONG:
        return json_string("三楼会议室，学习有关文件并讨论下一步工作");
    case FIELD_NUMBER:
        return json_integer(dice(seed, 40));
    case FIELD_DECIMAL:
        snprintf(text, sizeof text, "%u.5", dice(seed, 60));
        return json_string(text);
    case FIELD_DAY:
        snprintf(text, sizeof text, "%04d-%02d-%02d", d.year, d.month, d.day);
        return json_string(text);
    case FIELD_MONTH:
        snprintf(text, sizeof text, "%04d-%02d", d.year, d.month);
        return json_string(text);
    case FIELD_CHOICE: {
        Str v = f->list->items[dice(seed, (uint32_t)f->list->n_items)].value;
        return json_stringn(v.p, v.n);
    }
    case FIELD_FLAG:
        return json_boolean(dice(seed, 2));
    case FIELD_REF:
        return json_integer(1 + dice(seed, person ? PEOPLE : 1000000));
    case FIELD_REFS: {
        json_t *all = json_array();
        for (uint32_t i = 0, n = 4 + dice(seed, 12); i < n; i++)
            json_array_append_new(all, json_integer(1 + i + (person ? 0 : dice(seed, 100000))));
        return all;
    }
    default:
        return NULL;
    }
}

static Str body_of(Arena *a, const Form *form, Day on, uint64_t *seed)
{
    json_t *o = json_object();
    Buf b = buf_open(1 << 20);
    Err e = { 0 };
    for (size_t i = 0; i < form->n_fields; i++) {
        const FormField *f = &form->fields[i];
        json_t *v = f->built_in || dice(seed, 10) == 0 ? NULL : value_of(f, on, seed);
        if (v)
            json_object_set_new(o, arena_z(a, f->name), v);
    }
    if (!jv_canon(&b, o, &e))
        stop(&e);
    Str out = arena_str(a, buf_str(&b));
    buf_close(&b);
    json_decref(o);
    return out;
}

static void fill_people(RuleUnit *u, Arena *a)
{
    RulePerson *people = ARENA_ARRAY(a, RulePerson, PEOPLE);
    RuleTenure *tenures = ARENA_ARRAY(a, RuleTenure, 4);
    static const char *const posts[] = { "secretary", "deputy_secretary", "committee_member",
                                         "leader" };
    for (int i = 0; i < PEOPLE; i++)
        people[i] = (RulePerson){ .id = i + 1, .from = day_make(2015, 1, 1), .to = DAY_NONE,
                                  .org = u->org, .name = STRC("张三"),
                                  .member_state = STRC("full"), .joined = day_make(2010, 7, 1),
                                  .born = day_make(1960 + i * 2, 5, 1), .infirm = i == 0 };
    for (int i = 0; i < 4; i++)
        tenures[i] = (RuleTenure){ i + 1, str_of(posts[i]), day_make(2024, 3, 1), DAY_NONE };
    u->people = people;
    u->n_people = PEOPLE;
    u->tenures = tenures;
    u->n_tenures = 4;
}

static void fill_records(RuleUnit *u, Arena *a, const RuleSet *rules, uint64_t *seed)
{
    const Rulebook *rb = rule_book(rules);
    Period year = { day_make(2026, 1, 1), day_make(2026, 12, 31) };
    RuleRecord *records = ARENA_ARRAY(a, RuleRecord, pack_form_count(rb) * A_FORM + 60);
    for (size_t i = 0; i < pack_form_count(rb); i++) {
        const Form *f = pack_form_at(rb, i);
        bool meeting = str_is(f->name, "meeting");
        if (!f->ledger || rule_needs(rules, f, year, year.to) == DAY_NONE)
            continue;
        for (int k = 0; k < (meeting ? MEETINGS : A_FORM); k++) {
            Day on = year.from + (Day)dice(seed, 365);
            RuleRecord *r = &records[u->n_records++];
            *r = (RuleRecord){ .form = f, .id = (int64_t)u->n_records, .org = u->org, .on = on,
                               .subject = (int64_t)u->n_records, .state_since = on,
                               .received = on + (Day)dice(seed, 8),
                               .body = body_of(a, f, on, seed) };
        }
    }
    u->records = records;
}

static void fill(RuleUnit *u, Arena *a, const RuleSet *rules, int i, uint64_t *seed)
{
    static const char *const kinds[] = { "branch", "branch", "branch", "branch", "general_branch",
                                         "party_group", "branch", "system_committee" };
    static const char *const sectors[] = { "organ", "village", "community", "soe", "institution" };
    RuleOrg *o = ARENA_NEW(a, RuleOrg);
    RuleSetting *settings = ARENA_ARRAY(a, RuleSetting, pack_duty_count(rule_book(rules)));
    *o = (RuleOrg){ .from = DAY_NONE, .name = STRC("东街社区党支部"), .kind = str_of(kinds[i % 8]),
                    .sector = str_of(sectors[i % 5]), .level = 3, .founded = day_make(2000, 1, 1),
                    .ended = DAY_NONE, .term_end = day_make(2027, 6, 1) };
    *u = (RuleUnit){ .org = 1000 + i, .orgs = o, .n_orgs = 1, .settings = settings };
    for (size_t k = 0; k < pack_duty_count(rule_book(rules)); k++) /* local practice too */
        if (pack_duty_at(rule_book(rules), k)->off)
            settings[u->n_settings++] = (RuleSetting){
                .id = (int64_t)k + 1, .name = pack_duty_at(rule_book(rules), k)->name,
                .from = DAY_NONE, .on = RULE_ON };
    fill_people(u, a);
    fill_records(u, a, rules, seed);
}

/* --- the city ------------------------------------------------------------------------------- */
static void open_rules(RuleSet **rules, Arena *a)
{
    const PackSource *sources;
    size_t n;
    Rulebook *rb;
    Err e = { 0 };
    if (!pack_builtin(&sources, &n, a, &e) || !pack_load(&rb, a, sources, n, &e) ||
        !rule_open(rules, a, rb, &e))
        stop(&e);
}

static void row(const char *what, double took, double limit)
{
    bench_limit(what, took * 1e3, true, limit * 1e3, "ms");
}

typedef struct Half {             /* every second organisation */
    const RuleSet *rules;
    const RuleUnit *units;
    int from;
    bool notices;                 /* of a day, instead of the cells of the year */
    size_t cells, records;
} Half;

static void *judge_half(void *arg)
{
    Half *h = arg;
    Arena *scratch = arena_open(64 << 20);
    Period year = { day_make(2026, 1, 1), day_make(2026, 12, 31) };
    Day day = day_make(2026, 6, 25);
    Err e = { 0 };
    for (int i = h->from; i < ORGS; i += 2) {
        const RuleUnit *u = &h->units[i % KEPT];
        RuleCells c = { .n = 0 };
        RuleNotices n;
        arena_reset(scratch);
        if (h->notices ? !rule_notices(&n, scratch, h->rules, u, day, &e)
                       : !rule_judge(&c, scratch, h->rules, u, year, year.to, &e))
            stop(&e);
        h->cells += c.n;
        h->records += u->n_records;
    }
    arena_close(scratch);
    return NULL;
}

static Half judge_all(const RuleSet *rules, const RuleUnit *units, bool notices)
{
    Half one = { rules, units, 0, notices, 0, 0 }, two = { rules, units, 1, notices, 0, 0 };
    pthread_t beside;
    if (pthread_create(&beside, NULL, judge_half, &two) != 0)
        exit(1);
    judge_half(&one);
    pthread_join(beside, NULL);
    one.cells += two.cells;
    one.records += two.records;
    return one;
}

static void judge_city(const RuleSet *rules, const RuleUnit *units)
{
    Arena *scratch = arena_open(64 << 20);
    Period year = { day_make(2026, 1, 1), day_make(2026, 12, 31) };
    Err e = { 0 };
    double from = now(), took;
    Half all = judge_all(rules, units, false);
    took = now() - from;
    printf("%zu duties, %d orgs, %d members, %zu records, %zu cells\n",
           pack_duty_count(rule_book(rules)), ORGS, ORGS * PEOPLE, all.records, all.cells);
    row("the engine alone: every duty of a city", took, cold_limit);
    from = now();
    for (int i = 0; i < 100; i++) {
        RuleCells c;
        arena_reset(scratch);
        if (!rule_judge(&c, scratch, rules, &units[i], year, year.to, &e))
            stop(&e);
    }
    row("the engine alone: one org again", (now() - from) / 100, incremental_limit);
    from = now();
    judge_all(rules, units, true);
    row("the engine alone: notices of a day, whole city", now() - from, cold_limit);
    arena_close(scratch);
}

int main(void)
{
    Arena *a = arena_open((size_t)2 << 30);
    RuleUnit *units = ARENA_ARRAY(a, RuleUnit, KEPT);
    RuleSet *rules;
    uint64_t seed = 18000;
    open_rules(&rules, a);
    for (int i = 0; i < KEPT; i++)
        fill(&units[i], a, rules, i, &seed);
    judge_city(rules, units);
    arena_close(a);
    return 0;
}
