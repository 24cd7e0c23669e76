/* Figures and tables: every way to count, roll-up, months that add up to the year, and every figure
 * opens as many records as it says. */
#include "rule/kit_test.h"

#include "rule/report.h"

#define PACK                                                                                       \
    "measure meetings { title \"次数\"; unit \"次\"; of meeting; count; }\n"                        \
    "measure hours { title \"学时\"; of meeting; sum hours; }\n"                                   \
    "measure average { title \"平均\"; of meeting; average hours; }\n"                             \
    "measure most { title \"最多\"; of meeting; greatest present; }\n"                             \
    "measure places { title \"地点\"; of meeting; distinct place; }\n"                             \
    "measure people { title \"人数\"; of meeting; distinct heads; }\n"                             \
    "measure visits { title \"人次\"; of meeting; count; by heads; }\n"                            \
    "measure opens { title \"公开率\"; of meeting; share open; }\n"                                 \
    "measure mean { title \"均\"; value m.hours / m.meetings; }\n"                                 \
    "measure twice { title \"倍\"; value m.mean * 2; }\n"                                          \
    "measure size { title \"规模\"; value org.members; }\n"                                        \
    "report all { title \"表\"; cite \"例\"; rows orgs org.kind = \"branch\"; every year; total;\n"  \
    "  column n \"次数\" { measure meetings; } column was \"上年\" { measure meetings; back 1; }\n"   \
    "  column grown \"同比\" { value c.n - c.was; } column mean \"均\" { measure mean; }\n"           \
    "  column size \"规模\" { measure size; } column who \"名称\" { value org.name; } }\n"            \
    "report children { title \"下级\"; cite \"例\"; rows children; every year;\n"                   \
    "  column n \"次数\" { measure meetings; } column places \"地点\" { measure places; } }\n"       \
    "report kinds { title \"种类\"; cite \"例\"; rows items kind meeting.kind; every quarter;\n" \
    "  total;\n"                                                                                  \
    "  column n \"次数\" { measure meetings; } column h \"学时\" { measure hours; }\n"               \
    "  column per \"每次\" { value if c.n = 0 then 0 else c.h / c.n; }\n"                           \
    "  column share \"比\" {\n"                                                                    \
    "    value if c.n > 0 then decimal(100 * c.h / (c.n * 3), 1) else null; }\n"                  \
    "  column it \"项\" { value item; } }\n"                                                        \
    "report tasks { title \"任务\"; cite \"例\"; rows things task[state = \"open\"]; every year;\n" \
    "  total; column by \"期限\" { value thing.by; } column one \"件\" { value 1; }\n" \
    "  column is \"状态\" { value thing.state; } column same \"在办\" { value c.is = \"open\"; } }\n"

static FeelValue value_of(Kit *k, const char *name, int64_t person, const char *period)
{
    RuleFigure f;
    RuleRecords r;
    Err e = { 0 };
    const Measure *m = pack_measure(k->rb, str_of(name));
    assert_non_null(m);
    if (!rule_measure(&f, k->a, k->rules, m, &k->u, person, kit_period(period),
                      kit_day("2026-12-31"), &e) ||
        !rule_measure_records(&r, k->a, k->rules, m, &k->u, person, kit_period(period), &e))
        kit_fail(&e);
    if (m->how != MEASURE_VALUE)
        assert_int_equal(f.records, r.n);
    for (size_t i = 1; i < r.n; i++)
        assert_true(r.items[i - 1]->on <= r.items[i]->on);
    return f.value;
}

static void is(Kit *k, const char *name, int64_t person, const char *period, const char *want)
{
    FeelValue v = value_of(k, name, person, period);
    assert_string_equal(arena_z(k->a, rule_figure_print(k->a, v)), want);
}

static Kit *open_kit(void)
{
    Kit *k = kit_open(PACK);
    kit_person(k, 1, "2020-01-01");
    kit_person(k, 2, "2020-01-01");
    kit_add(k, "meeting", "2025-12-31", "{\"hours\":\"9\",\"kind\":\"group\"}");
    kit_add(k, "meeting", "2026-01-01",
            "{\"heads\":[1,2,9],\"hours\":\"2.5\",\"kind\":\"congress\",\"open\":true,"
            "\"place\":\"三楼\",\"present\":3}");
    kit_add(k, "meeting", "2026-02-28", "{\"heads\":[2],\"kind\":\"congress\",\"place\":\"三楼\"}");
    kit_add(k, "meeting", "2026-12-31", "{\"heads\":[2,9],\"hours\":\"1\",\"kind\":\"lecture\","
                                        "\"open\":false,\"place\":\"二楼\",\"present\":12}");
    kit_add(k, "meeting", "2026-06-01", "{\"hours\":\"100\",\"kind\":\"group\"}")->org = 5;
    kit_add(k, "meeting", "2026-06-02", "{\"hours\":\"100\"}")->struck = true;
    return k;
}

static void test_ways(void **state)
{
    (void)state;
    Kit *k = open_kit();
    is(k, "meetings", 0, "2026", "3");
    is(k, "meetings", 0, "2025", "1");
    is(k, "meetings", 0, "2024", "0");
    is(k, "hours", 0, "2026", "3.5");
    is(k, "hours", 0, "2024", "0");
    is(k, "average", 0, "2026", "1.75"); /* of those that say it */
    is(k, "average", 0, "2024", "");
    is(k, "most", 0, "2026", "12");
    is(k, "places", 0, "2026", "2");
    is(k, "people", 0, "2026", "3");
    is(k, "visits", 0, "2026", "6");
    is(k, "visits", 2, "2026", "3");
    is(k, "visits", 1, "2026", "1");
    is(k, "opens", 0, "2026", "0.33");
    is(k, "opens", 0, "2025", "0");
    is(k, "opens", 0, "2024", "");
    is(k, "mean", 0, "2026", "1.17");
    is(k, "twice", 0, "2026", "2.33");
    is(k, "mean", 0, "2024", "");
    is(k, "size", 0, "2026", "2");
    kit_close(k);
}

static void test_months_add_up(void **state)
{
    (void)state;
    static const char *const names[] = { "meetings", "hours", "visits" };
    Kit *k = open_kit();
    for (int i = 0; i < 300; i++) {
        RuleRecord *r = kit_add(k, "meeting", "2026-01-01",
                                i % 3 ? "{\"heads\":[1,2],\"hours\":\"0.1\"}" : "{}");
        r->on += (Day)(i * 37 % 365);
    }
    for (int i = 0; i < 3; i++) {
        Dec sum = dec_int(0), quarters = dec_int(0);
        char period[20];
        for (int m = 1; m <= 12; m++) {
            snprintf(period, sizeof period, "2026-%02d", m);
            assert_true(dec_add(&sum, sum, value_of(k, names[i], 0, period).number));
        }
        for (int q = 1; q <= 4; q++) {
            snprintf(period, sizeof period, "2026-Q%d", q);
            assert_true(dec_add(&quarters, quarters, value_of(k, names[i], 0, period).number));
        }
        assert_true(dec_eq(sum, value_of(k, names[i], 0, "2026").number));
        assert_true(dec_eq(sum, quarters) && dec_sign(sum) > 0);
    }
    kit_close(k);
}

static void test_many_units(void **state)
{
    (void)state;
    Kit *k = open_kit();
    Arena *scratch = arena_open(1 << 20);
    static const char *const names[] = { "meetings", "hours", "average", "most", "places", "people",
                                         "opens", "twice", "size" };
    static const char *const want[] = { "6", "7", "1.75", "12", "2", "3", "0.33", "2.33", "2" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        RuleSum *sum = rule_sum_open(k->a, k->rules, pack_measure(k->rb, str_of(names[i])),
                                     kit_period("2026"));
        RuleFigure f;
        Err e = { 0 };
        for (int unit = 0; unit < 2; unit++) { /* the same unit twice */
            arena_reset(scratch);
            assert_true(rule_sum_add(sum, scratch, &k->u, kit_day("2026-12-31"), &e));
        }
        assert_true(rule_sum_read(&f, k->a, sum, &k->u, kit_day("2026-12-31"), &e));
        assert_string_equal(arena_z(k->a, rule_figure_print(k->a, f.value)), want[i]);
        assert_true(rule_sum_read(&f, k->a, sum, NULL, kit_day("2026-12-31"), &e));
        assert_int_equal(f.value.kind == FEEL_NULL, i == 8); /* whose members? */
    }
    arena_close(scratch);
    kit_close(k);
}

/* --- tables --------------------------------------------------------------------------------- */
typedef struct Tree {
    RuleOrg org[4];
    RuleUnit unit[4];
} Tree;

/* A town (1) over a general branch (2) with a branch (3), and a branch (4). */
static void plant(Tree *t, Kit *k)
{
    static const char *const kinds[] = { "committee", "general_branch", "branch", "branch" };
    static const char *const titles[] = { "镇党委", "总支", "一支部", "二支部" };
    static const int64_t parents[] = { 0, 1, 2, 1 }, levels[] = { 0, 1, 2, 1 };
    for (int i = 0; i < 4; i++) {
        t->org[i] = k->org;
        t->org[i].kind = str_of(kinds[i]);
        t->org[i].name = str_of(titles[i]);
        t->org[i].parent = parents[i];
        t->org[i].level = levels[i];
        t->unit[i] = (RuleUnit){ .org = i + 1, .orgs = &t->org[i], .n_orgs = 1 };
    }
    t->unit[2].records = k->records;
    t->unit[2].n_records = k->u.n_records;
    for (size_t i = 0; i < k->u.n_records; i++)
        k->records[i].org = 3;
    t->unit[2].people = k->people;
    t->unit[2].n_people = k->u.n_people;
    for (size_t i = 0; i < k->u.n_people; i++)
        k->people[i].org = 3;
    t->unit[3].records = k->records + 40;
}

static void show(Buf *b, Arena *a, const RuleTableRow *row, size_t n)
{
    buf_fmt(b, "%.*s", STR(row->title.n ? row->title : row->key));
    for (size_t i = 0; i < n; i++)
        buf_fmt(b, "|%.*s", STR(rule_figure_print(a, row->cells[i].value)));
    buf_fmt(b, "\n");
}

/* The table in lines; and every cell opens as many records as it says. */
static void table_is(Kit *k, Tree *t, const char *name, const char *period, const char *want)
{
    RuleReport *r;
    RuleTable table;
    Err e = { 0 };
    const Report *report = pack_report(k->rb, str_of(name));
    Arena *scratch = arena_open(8 << 20);
    Buf b = buf_open(1 << 16);
    Day today = kit_day("2026-12-31");
    assert_non_null(report);
    assert_true(rule_report_open(&r, k->a, k->rules, report, kit_period(period), today, &e));
    for (int i = 0; i < 4; i++) {
        arena_reset(scratch);
        if (!rule_report_add(r, scratch, &t->unit[i], &e))
            kit_fail(&e);
    }
    if (!rule_report_read(&table, r, &e))
        kit_fail(&e);
    for (size_t i = 0; i < table.n_rows; i++)
        show(&b, k->a, &table.rows[i], table.n_columns);
    if (table.total)
        show(&b, k->a, table.total, table.n_columns);
    buf_putc(&b, 0);
    assert_string_equal(b.p, want);
    for (size_t i = 0; i < table.n_rows; i++)
        for (size_t c = 0; c < table.n_columns; c++) {
            size_t opened = 0;
            if (report->rows != REPORT_CROSS && report->rows != REPORT_THINGS &&
                (!report->columns[c].measure || report->columns[c].measure->how == MEASURE_VALUE))
                continue;
            for (int u = 0; u < 4; u++) {
                RuleRecords got;
                bool below = table.rows[i].org == 0 || table.rows[i].thing != 0 ||
                             table.rows[i].org == u + 1 || (table.rows[i].org == 2 && u == 2);
                if (!below)
                    continue;
                if (!rule_report_records(&got, k->a, k->rules, report, &t->unit[u],
                                         table.rows[i].key, table.columns[c].name,
                                         kit_period(period), today, &e))
                    kit_fail(&e);
                opened += got.n;
            }
            assert_int_equal(opened, table.rows[i].cells[c].records);
        }
    buf_close(&b);
    arena_close(scratch);
}

static void test_tables(void **state)
{
    (void)state;
    Kit *k = open_kit();
    Tree t;
    kit_add(k, "task", "2026-03-01", "{\"by\":\"2026-04-01\",\"state\":\"open\"}");
    kit_add(k, "task", "2026-02-01", "{\"state\":\"open\"}");
    kit_add(k, "task", "2026-02-01", "{\"state\":\"done\"}");
    plant(&t, k);
    k->records[4].org = 4; /* filed for the other branch, which has its own copy */
    k->records[40] = k->records[4];
    k->records[4].org = 9;
    t.unit[3].n_records = 1;
    table_is(k, &t, "all", "2026",
             "一支部|3|1|2|1.17|2|一支部\n二支部|1|0|1|100|0|二支部\n合计|4|1|3|25.88||\n");
    table_is(k, &t, "children", "2026", "总支|3|2\n二支部|1|0\n");
    table_is(k, &t, "children", "2025", "总支|1|0\n二支部|0|0\n");
    table_is(k, &t, "kinds", "2026-Q1",
             "党员大会|2|2.5|1.25|41.7|congress\n小组会|0|0|0||group\n党课|0|0|0||lecture\n"
             "合计|2|2.5|1.25||\n");
    table_is(k, &t, "tasks", "2026", "8||1|在办|true\n7|2026-04-01|1|在办|true\n合计||2||\n");
    assert_int_equal(rule_report_from(pack_report(k->rb, STRC("all")), kit_period("2026")),
                     kit_day("2025-01-01"));
    kit_close(k);
}

static void test_cross(void **state)
{
    (void)state;
    Kit *k = kit_open(
        "form talk { title \"宣讲\"; ledger; minutes 1; dated day;\n"
        "  field day day { title \"日\"; } field kind choice { title \"类\"; of kind; }\n"
        "  field stage choice { title \"地\"; of stage; }\n"
        "  field place ref { title \"点\"; of org; } }\n"
        "report grid { title \"格\"; cite \"例\"; cross talk.kind talk.stage; of talk; total; }\n"
        "report spots { title \"点\"; cite \"例\"; cross talk.place talk.kind; of talk; }\n");
    Tree t;
    kit_add(k, "talk", "2026-03-01", "{\"kind\":\"group\",\"place\":70,\"stage\":\"open\"}");
    kit_add(k, "talk", "2026-03-02", "{\"kind\":\"group\",\"place\":71,\"stage\":\"open\"}");
    kit_add(k, "talk", "2026-03-03", "{\"kind\":\"lecture\",\"place\":70,\"stage\":\"shut\"}");
    kit_add(k, "talk", "2026-03-04", "{\"kind\":\"lecture\"}");
    kit_add(k, "talk", "2025-03-04", "{\"kind\":\"lecture\",\"stage\":\"shut\"}");
    plant(&t, k);
    table_is(k, &t, "grid", "2026", "党员大会|0|0|0\n小组会|2|0|0\n党课|0|0|1\n合计|2|0|1\n");
    table_is(k, &t, "spots", "2026", "70|0|1|1\n71|0|1|0\n");
    kit_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways),  cmocka_unit_test(test_months_add_up),
        cmocka_unit_test(test_many_units), cmocka_unit_test(test_tables),
        cmocka_unit_test(test_cross),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
