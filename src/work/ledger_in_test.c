/* A ledger out as a file and in again: templates, previews, imports that may be repeated. */
#include "work/ledger_kit_test.h"

static Str bytes_of(const char *z)
{
    return str_of(z);
}

static const char csv[] = "所在组织,日期,类别,议题,到会人数,参加人员,费用\n"
                          "Q21,2026.11.16,党员大会,学习讨论,１２,赵一鸣、钱满仓,35.50\n"
                          "东街社区党支部,2026-11-17,党课,廉洁,9,,\n"
                          "Q21,2026-11-17,茶会,聊天,9,,\n"
                          "Q9,2026-11-17,党课,别处,9,,\n"
                          "Q21,2026-11-18,党课,找人,9,没有此人,\n"
                          "Q21,2026-11-17,党课,重复的,9,,\n"
                          "Q21,2026-10-08,党员大会,上月的,9,,\n";

static const json_t *bad_at(const json_t *reply, size_t i)
{
    return jv_at(jv_get(reply, "bad"), i);
}

static void refused_rows_are_reported_the_rest_is_filed(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    const char *in = "{\"form\":\"kit_meeting\"}";
    json_t *p = fix_upload(&f, k.staff, "record_preview", in, bytes_of(csv), "会议.csv");
    assert_int_equal(jv_int(p, "rows"), 7);
    assert_int_equal(jv_int(p, "new"), 2);
    assert_int_equal(jv_int(p, "refused"), 5);
    assert_int_equal(jv_int(bad_at(p, 0), "row"), 4);
    assert_true(str_is(jv_str(bad_at(p, 0), "column"), "类别"));
    assert_true(str_is(jv_str(bad_at(p, 1), "column"), "所在组织"));
    assert_true(str_is(jv_str(bad_at(p, 2), "message"),
                       "没有找到人员“没有此人”；请核对编号或名称"));
    assert_true(str_is(jv_str(bad_at(p, 3), "message"), "与第3行重复；请删去一行"));
    assert_int_equal(jv_int(bad_at(p, 4), "row"), 8); /* late, and no reason given */
    /* Nothing is stored by a preview, and a stranger may file none of it. */
    assert_int_equal(jv_int(fix_ok(&f, k.staff, "record_list", in), "total"), 0);
    json_t *s = fix_upload(&f, k.stranger, "record_import", in, bytes_of(csv), "会议.csv");
    assert_int_equal(jv_int(s, "filed"), 0);
    Str digest = jv_str(p, "digest");
    const char *with = fix_text(&f, "{\"form\":\"kit_meeting\",\"digest\":\"%.*s\"}", STR(digest));
    json_t *got = fix_upload(&f, k.staff, "record_import", with, bytes_of(csv), "会议.csv");
    assert_int_equal(jv_int(got, "filed"), 2);
    /* Once more: the same file changes nothing. */
    got = fix_upload(&f, k.staff, "record_import", with, bytes_of(csv), "会议.csv");
    assert_int_equal(jv_int(got, "filed"), 0);
    assert_int_equal(jv_int(got, "same"), 2);
    json_t *l = fix_ok(&f, k.staff, "record_list", in);
    assert_int_equal(jv_int(l, "total"), 2);
    const json_t *one = jv_at(jv_get(l, "items"), 1);
    assert_int_equal(jv_int(jv_get(one, "values"), "heads"), 12);
    assert_true(str_is(jv_str(jv_get(one, "shown"), "people"), "赵一鸣、钱满仓"));
    assert_true(str_is(jv_str(jv_get(one, "values"), "cost"), "35.5"));
    /* Another file under the mark of this preview is refused. */
    Err e = { 0 };
    assert_false(fix_call(&f, k.staff, "record_import", with, STRC("议题,日期\nx,2026-11-18\n"),
                          "b.csv", NULL, &e));
    assert_int_equal(e.code, ERR_IMPORT_DIGEST);
    fix_close(&f);
}

static void a_reason_for_the_whole_file(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    json_t *got = fix_upload(&f, k.staff, "record_import",
                             "{\"form\":\"kit_meeting\",\"late_reason\":\"旧系统迁移\","
                             "\"late_by\":\"system\"}", bytes_of(csv), "会议.csv");
    assert_int_equal(jv_int(got, "filed"), 3);
    json_t *l = fix_ok(&f, k.staff, "record_list", "{\"form\":\"kit_meeting\",\"late\":true}");
    assert_int_equal(jv_int(l, "total"), 1);
    assert_true(str_is(jv_str(jv_at(jv_get(l, "items"), 0), "late_reason"), "旧系统迁移"));
    fix_close(&f);
}

/* Empty cells keep what is stored; what differs becomes a correction of the same record. */
static void a_second_file_corrects(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    kit_meeting(&f, &k, "2026-11-17", "lecture", "旧题");
    json_t *got = fix_upload(&f, k.staff, "record_import",
                             fix_text(&f, "{\"form\":\"kit_meeting\",\"org\":%lld}",
                                      (long long)k.r.branch),
                             STRC("日期,类别,议题,到会人数\n2026-11-17,党课,新题,\n"), "a.csv");
    assert_int_equal(jv_int(got, "filed"), 1);
    json_t *l = fix_ok(&f, k.staff, "record_list", "{\"form\":\"kit_meeting\"}");
    assert_int_equal(jv_int(l, "total"), 1);
    const json_t *values = jv_get(jv_at(jv_get(l, "items"), 0), "values");
    assert_true(str_is(jv_str(values, "topic"), "新题"));
    assert_int_equal(jv_int(values, "heads"), 12);
    fix_close(&f);
}

static void the_template_leads_to_an_import(void **state)
{
    Fix f;
    Kit k;
    Err e = { 0 };
    GridBook *b;
    Print *pr;
    char scratch[100];
    (void)state;
    kit_open(&f, &k);
    fix_ok(&f, k.staff, "record_template",
           fix_text(&f, "{\"form\":\"kit_meeting\",\"org\":%lld}", (long long)k.r.branch));
    assert_true(str_is(f.file.name, "会议记录-模板.xlsx"));
    snprintf(scratch, sizeof scratch, "%s/scratch", f.dir);
    assert_true(print_open(&pr, &(PrintSetup){ .scratch = scratch }, &e));
    assert_true(print_read_grid(&b, f.a, pr, f.file.name, f.file.bytes, &e));
    print_close(pr);
    const Grid *g = &b->grids[0];
    assert_true(str_is(grid_at(g, 1, 1), "所在组织"));
    assert_true(str_is(grid_at(g, 1, 2), "日期（必填）"));
    assert_true(str_is(grid_at(g, 2, 2), "日期，如2026-02-28"));
    assert_true(b->grids[1].hidden);
    assert_true(str_is(grid_at(&b->grids[1], 1, 1), "东街社区党支部"));
    assert_true(str_is(grid_at(&b->grids[1], 2, 2), "党课"));
    /* Sent back unfilled, the row of hints is no record. */
    assert_false(fix_call(&f, k.staff, "record_preview", "{\"form\":\"kit_meeting\"}",
                          f.file.bytes, "模板.xlsx", NULL, &e));
    assert_int_equal(e.code, ERR_ROSTER_EMPTY);
    fix_close(&f);
}

static void what_goes_out_comes_in_again(void **state)
{
    Fix f;
    Kit k;
    static const char *const kinds[] = { "xlsx", "csv", "jsonl" };
    (void)state;
    kit_open(&f, &k);
    fix_upload(&f, k.staff, "record_import", "{\"form\":\"kit_meeting\"}", bytes_of(csv), "a.csv");
    sys_pass(f.sys, INT64_C(60) * 86400000); /* what came in time does not become late */
    for (size_t i = 0; i < 3; i++) {
        fix_ok(&f, k.superior, "record_export",
               fix_text(&f, "{\"form\":\"kit_meeting\",\"kind\":\"%s\"}", kinds[i]));
        json_t *p = fix_upload(&f, k.staff, "record_preview", "{\"form\":\"kit_meeting\"}",
                               f.file.bytes, "导出");
        assert_int_equal(jv_int(p, "same"), 2);
        assert_int_equal(jv_int(p, "rows"), 2);
        assert_int_equal(jv_len(jv_get(p, "notes")), 0);
    }
    fix_refused(&f, k.stranger, "record_export",
                fix_text(&f, "{\"form\":\"kit_meeting\",\"org\":%lld}", (long long)k.r.branch),
                ERR_FORBIDDEN);
    fix_close(&f);
}

/* The number of a record, as an export writes it, says which one a row corrects, its key included;
 * it never makes two records one. */
static void a_number_names_the_record(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    long long a = jv_int(kit_meeting(&f, &k, "2026-11-17", "lecture", "甲"), "id");
    kit_meeting(&f, &k, "2026-11-16", "lecture", "乙");
    const char *rows = fix_text(&f, "{\"id\":%lld,\"org\":\"Q21\",\"values\":{\"on\":"
                                "\"2026-11-18\",\"kind\":\"lecture\",\"topic\":\"甲\"}}\n", a);
    json_t *got = fix_upload(&f, k.staff, "record_import", "{\"form\":\"kit_meeting\"}",
                             bytes_of(rows), "a.jsonl");
    assert_int_equal(jv_int(got, "filed"), 1);
    json_t *l = fix_ok(&f, k.staff, "record_list", "{\"form\":\"kit_meeting\"}");
    assert_int_equal(jv_int(l, "total"), 2);
    assert_int_equal(jv_int(jv_at(jv_get(l, "items"), 0), "id"), a);
    rows = fix_text(&f, "{\"id\":%lld,\"org\":\"Q21\",\"values\":{\"on\":\"2026-11-16\","
                    "\"kind\":\"lecture\",\"topic\":\"甲\"}}\n"
                    "{\"id\":99,\"org\":\"Q21\",\"values\":{\"on\":\"2026-11-15\","
                    "\"kind\":\"day\",\"topic\":\"别处来的\"}}\n", a);
    got = fix_upload(&f, k.staff, "record_import", "{\"form\":\"kit_meeting\"}", bytes_of(rows),
                     "a.jsonl");
    assert_int_equal(jv_int(got, "filed"), 1);
    assert_int_equal(jv_int(got, "refused"), 1);
    fix_close(&f);
}

/* A form without a key: the very same content is the same record. */
static void without_a_key_content_decides(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    static const char lines[] =
        "{\"org\":\"Q21\",\"values\":{\"subject\":\"修路\"}}\n"
        "\n"
        "{\"org\":\"Q21\",\"values\":{\"subject\":\"修桥\",\"posted\":\"2026-11-01\"}}\n";
    const char *in = "{\"form\":\"kit_plan\"}";
    json_t *got = fix_upload(&f, k.staff, "record_import", in, bytes_of(lines), "a.jsonl");
    assert_int_equal(jv_int(got, "filed"), 2);
    got = fix_upload(&f, k.staff, "record_import", in, bytes_of(lines), "a.jsonl");
    assert_int_equal(jv_int(got, "same"), 2);
    fix_close(&f);
}

static void bad_files_are_refused_whole(void **state)
{
    Fix f;
    Kit k;
    static const struct { const char *text; ErrCode want; } bad[] = {
        { "甲,乙\n1,2\n", ERR_IMPORT_SHEET },
        { "议题,日期\n", ERR_ROSTER_EMPTY },
        { "议题,议题\nx,y\n", ERR_ROSTER_COLUMN_TWICE },
        { "议题,身份证号\nx,11010119900307123X\n", ERR_ROSTER_ID_CARD },
        { "{\"org\":1}\n", ERR_IMPORT_LINE },
        { "{\"org\":1,\n", ERR_BAD_JSON },
    };
    (void)state;
    kit_open(&f, &k);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Err e = { 0 };
        assert_false(fix_call(&f, k.staff, "record_import", "{\"form\":\"kit_meeting\"}",
                              bytes_of(bad[i].text), "a.csv", NULL, &e));
        if (e.code != bad[i].want)
            fix_fail(bad[i].text, &e);
    }
    fix_close(&f);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_rows_are_reported_the_rest_is_filed),
        cmocka_unit_test(a_reason_for_the_whole_file),
        cmocka_unit_test(a_second_file_corrects),
        cmocka_unit_test(the_template_leads_to_an_import),
        cmocka_unit_test(what_goes_out_comes_in_again),
        cmocka_unit_test(a_number_names_the_record),
        cmocka_unit_test(without_a_key_content_decides),
        cmocka_unit_test(bad_files_are_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
