/* The shipped packs over made-up units: whatever the records say, cells are whole, each can be
 * explained, and the explanation counts what the cell counted. */
#include "rule/kit_test.h"

#include "rule/notice.h"
#include "rule/points.h"
#include "rule/report.h"

enum { UNITS = 24, PEOPLE = 5 };

typedef struct Made {
    Arena *a;
    uint64_t seed;
    RuleSet *rules;
    RuleOrg org;
    RulePerson people[PEOPLE];
    RuleTenure tenures[PEOPLE];
    RuleSetting *settings;
    RuleUnit u;
} Made;

static uint32_t dice(Made *m, uint32_t n)
{
    m->seed = m->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(m->seed >> 33) % n;
}

static json_t *text_of(Made *m, Day day, const char *form)
{
    DayParts d = day_parts(day);
    return json_string(arena_z(m->a, arena_text(m->a, form, d.year, d.month, d.day)));
}

static json_t *value_of(Made *m, const FormField *f, Day on)
{
    json_t *all;
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_LONG:
        return json_string("一、\"二\"；三\\n");
    case FIELD_NUMBER:
        return json_integer((int)dice(m, 9) - 1);
    case FIELD_DECIMAL:
        return json_string(dice(m, 2) ? "12.5" : "0");
    case FIELD_DAY:
        return text_of(m, on + (Day)dice(m, 90) - 20, "%04d-%02d-%02d");
    case FIELD_MONTH:
        return text_of(m, on, "%04d-%02d");
    case FIELD_CHOICE: {
        Str v = f->list->items[dice(m, (uint32_t)f->list->n_items)].value;
        return json_stringn(v.p, v.n);
    }
    case FIELD_FLAG:
        return json_boolean(dice(m, 2));
    case FIELD_REF:
        return json_integer(1 + dice(m, PEOPLE + 2));
    case FIELD_REFS:
        all = json_array();
        for (uint32_t i = 0, n = 1 + dice(m, 4); i < n; i++)
            json_array_append_new(all, json_integer(1 + dice(m, PEOPLE + 2)));
        return all;
    case FIELD_ROWS:
        all = json_array();
        json_array_append_new(all, json_object());
        return all;
    default:
        return NULL;
    }
}

static Str body_of(Made *m, const Form *f, Day on)
{
    json_t *o = json_object();
    Buf b = buf_open(1 << 20);
    Err e = { 0 };
    for (size_t i = 0; i < f->n_fields; i++) {
        json_t *v = dice(m, 4) == 0 ? NULL : value_of(m, &f->fields[i], on);
        if (v)
            json_object_set_new(o, arena_z(m->a, f->fields[i].name), v);
    }
    assert_true(jv_canon(&b, o, &e));
    Str out = arena_str(m->a, buf_str(&b));
    buf_close(&b);
    json_decref(o);
    return out;
}

static void make_records(Made *m, const Rulebook *rb)
{
    RuleRecord *records = ARENA_ARRAY(m->a, RuleRecord, pack_form_count(rb) * 4);
    for (size_t i = 0; i < pack_form_count(rb); i++)
        for (uint32_t k = 0, n = dice(m, 5); k < n; k++) {
            const Form *f = pack_form_at(rb, i);
            Day on = kit_day("2025-06-01") + (Day)dice(m, 700);
            RuleRecord *r = &records[m->u.n_records++];
            *r = (RuleRecord){ .form = f, .id = (int64_t)m->u.n_records, .on = on,
                               .org = 1 + (dice(m, 9) == 0), .subject = (int64_t)m->u.n_records,
                               .received = on + (Day)dice(m, 10), .struck = dice(m, 20) == 0,
                               .state_since = dice(m, 2) ? on : DAY_NONE,
                               .body = body_of(m, f, on) };
        }
    m->u.records = records;
}

static void make_unit(Made *m, const Rulebook *rb)
{
    static const char *const states[] = { "full", "full", "probationary", "suspended", "" };
    static const char *const posts[] = { "secretary", "committee_member", "leader", "party_staff" };
    const List *kinds = pack_list(rb, STRC("org_kind")), *sectors = pack_list(rb, STRC("sector"));
    Day born = kit_day("1940-01-01");
    m->org = (RuleOrg){ .from = DAY_NONE, .name = STRC("某支部"), .level = 2, .ended = DAY_NONE,
                        .kind = kinds->items[dice(m, (uint32_t)kinds->n_items)].value,
                        .sector = sectors->items[dice(m, (uint32_t)sectors->n_items)].value,
                        .founded = dice(m, 3) ? DAY_NONE : kit_day("2026-03-09"),
                        .term_end = kit_day("2026-01-01") + (Day)dice(m, 500) };
    for (int i = 0; i < PEOPLE; i++) {
        m->people[i] = (RulePerson){ .id = i + 1, .from = DAY_NONE, .to = DAY_NONE, .org = 1,
                                     .member_state = str_of(states[dice(m, 5)]),
                                     .joined = kit_day("2026-05-05") - (Day)dice(m, 1000),
                                     .born = born + (Day)dice(m, 25000),
                                     .infirm = dice(m, 4) == 0, .away = dice(m, 4) == 0 };
        m->tenures[i] = (RuleTenure){ 1 + dice(m, PEOPLE), str_of(posts[dice(m, 4)]),
                                      kit_day("2025-01-01") + (Day)dice(m, 500), DAY_NONE };
    }
    m->u = (RuleUnit){ .org = 1, .orgs = &m->org, .n_orgs = 1, .people = m->people,
                       .n_people = PEOPLE, .tenures = m->tenures, .n_tenures = PEOPLE };
    m->settings = ARENA_ARRAY(m->a, RuleSetting, pack_duty_count(rb) + pack_points_count(rb));
    for (size_t i = 0; i < pack_duty_count(rb); i++)
        m->settings[m->u.n_settings++] = (RuleSetting){ .name = pack_duty_at(rb, i)->name, .id = 1,
                                                        .from = DAY_NONE, .on = RULE_ON };
    for (size_t i = 0; i < pack_points_count(rb); i++)
        m->settings[m->u.n_settings++] = (RuleSetting){ .name = pack_points_at(rb, i)->name,
                                                        .id = 1, .from = DAY_NONE, .on = RULE_ON };
    m->u.settings = m->settings;
    make_records(m, rb);
}

static void whole(Made *m, const RuleCell *c, Day today, size_t *states)
{
    RuleWhy w;
    Err e = { 0 };
    RuleAsk ask = { c->duty, c->person, c->thing, c->period.to };
    Str said = rule_say(m->a, c, LANG_HANS), en = rule_say(m->a, c, LANG_EN);
    if (said.n == 0 || str_has(said, STRC("{")) || en.n == 0 || str_has(en, STRC("{")))
        fail_msg("%.*s: %.*s", STR(c->duty->name), STR(said));
    assert_true(c->period.from <= c->period.to);
    assert_true(c->state < DUTY_STATES && c->reason < RULE_REASONS);
    assert_true(c->state != DUTY_DUE || c->days_left >= 0);
    assert_true(c->late <= c->counted);
    states[c->state]++;
    if (c->state == DUTY_LATER)
        return;
    if (!rule_why(&w, m->a, m->rules, &m->u, &ask, today, &e))
        fail_msg("%.*s: %s", STR(c->duty->name), err_name(e.code));
    assert_true(w.cell.state == c->state && w.cell.reason == c->reason);
    if (c->counts)
        assert_int_equal(w.n_counted, c->counted);
    assert_true(w.would.n > 0 && w.cite.n > 0 && w.clause.n > 0);
}

/* Every cell of every duty, every day of notices, points and tables; none may fail. */
static void all_of(Made *m, const Rulebook *rb, Day today, size_t *states)
{
    RuleCells c;
    RuleNotices n;
    Err e = { 0 };
    Period year = period_of(PERIOD_YEAR, today);
    if (!rule_judge(&c, m->a, m->rules, &m->u, year, today, &e) ||
        !rule_notices(&n, m->a, m->rules, &m->u, today, &e))
        kit_fail(&e);
    for (size_t i = 0; i < c.n; i++)
        whole(m, &c.items[i], today, states);
    for (size_t i = 1; i < n.n; i++)
        assert_false(str_eq(n.items[i - 1].key, n.items[i].key));
    for (size_t i = 0; i < pack_points_count(rb); i++) {
        RulePostings p;
        RuleBalances b;
        if (!rule_points(&p, &b, m->a, m->rules, &m->u, pack_points_at(rb, i), 0, today, &e))
            kit_fail(&e);
    }
    for (size_t i = 0; i < pack_measure_count(rb); i++) {
        RuleFigure f;
        if (!rule_measure(&f, m->a, m->rules, pack_measure_at(rb, i), &m->u, 0, year, today, &e))
            kit_fail(&e);
    }
    for (size_t i = 0; i < pack_report_count(rb); i++) {
        RuleReport *r;
        RuleTable t;
        const Report *report = pack_report_at(rb, i);
        if (!rule_report_open(&r, m->a, m->rules, report, period_of(report->every, today), today,
                              &e) ||
            !rule_report_add(r, m->a, &m->u, &e) || !rule_report_read(&t, r, &e))
            kit_fail(&e);
    }
}

static void test_made_up(void **state)
{
    (void)state;
    Arena *a = arena_open(256 << 20);
    const PackSource *sources;
    size_t n, states[DUTY_STATES] = { 0 };
    Rulebook *rb;
    Made m = { .seed = 24, .a = arena_open((size_t)1 << 30) };
    Err e = { 0 };
    if (!pack_builtin(&sources, &n, a, &e) || !pack_load(&rb, a, sources, n, &e) ||
        !rule_open(&m.rules, a, rb, &e))
        kit_fail(&e);
    for (int i = 0; i < UNITS; i++) {
        arena_reset(m.a);
        make_unit(&m, rb);
        all_of(&m, rb, kit_day("2026-01-01") + (Day)dice(&m, 400), states);
    }
    for (int i = 0; i < DUTY_STATES; i++)
        if (i != DUTY_WAIVED) /* nobody waived anything here */
            assert_true(states[i] > 10);
    arena_close(m.a);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_made_up) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
