/* The tree of organisations, searching it, one organisation as of a day, and the roster's import
 * with everything that is wrong in real files. */
#include "work/fixture_test.h"

#include <signal.h>
#include <sys/wait.h>
#include <zip.h>

#include "text/text.h"

/* --- helpers -------------------------------------------------------------------------------- */

static Str lit(const char *z)
{
    return str_of(z);
}

static json_t *preview(Fix *f, const char *csv)
{
    return fix_upload(f, fix_console(), "roster_preview", "{}", lit(csv), "名册.csv");
}

static json_t *import(Fix *f, const char *csv)
{
    return fix_upload(f, fix_console(), "roster_import", "{}", lit(csv), "名册.csv");
}

static int64_t count(const json_t *reply, const char *sheet, const char *state)
{
    return jv_int(jv_get(reply, sheet), state);
}

static const json_t *row_of(const json_t *reply, int64_t number)
{
    const json_t *rows = jv_get(reply, "rows");
    for (size_t i = 0; i < jv_len(rows); i++)
        if (jv_int(jv_at(rows, i), "row") == number)
            return jv_at(rows, i);
    fail_msg("row %d is not in the reply", (int)number);
    return NULL;
}

static void assert_row(const json_t *reply, int64_t number, const char *state, const char *column,
                       const char *says)
{
    const json_t *row = row_of(reply, number);
    if (!str_is(jv_str(row, "state"), state) || !str_is(jv_str(row, "column"), column) ||
        !str_has(jv_str(row, "message"), lit(says)))
        fail_msg("row %d: %.*s [%.*s] %.*s", (int)number, STR(jv_str(row, "state")),
                 STR(jv_str(row, "column")), STR(jv_str(row, "message")));
}

/* Refused whole, and nothing of it is stored. */
static void refused(Fix *f, Str bytes, const char *file, ErrCode code, const char *hole,
                    const char *value)
{
    static const char *const names[] = { "roster_preview", "roster_import" };
    for (int i = 0; i < 2; i++) {
        Err e = { 0 };
        json_t *head = fix_ok(f, fix_console(), "log_head", "{}");
        if (fix_call(f, fix_console(), names[i], "{}", bytes, file, NULL, &e))
            fail_msg("%s was not refused", file);
        if (e.code != code || (hole && !str_is(err_get(&e, hole), value)))
            fix_fail(file, &e);
        assert_int_equal(jv_int(fix_ok(f, fix_console(), "log_head", "{}"), "size"),
                         jv_int(head, "size"));
    }
}

static int64_t orgs_stored(Fix *f)
{
    return jv_int(fix_ok(f, fix_console(), "org_list", "{\"limit\":1}"), "total");
}

/* --- an xlsx with what our own writer never makes ------------------------------------------- */

typedef struct Part {
    const char *name, *text;
} Part;

static Str xlsx(Fix *f, const char *sheet_data, const char *after)
{
    char path[128];
    Err e = { 0 };
    Str bytes;
    const char *sheet = fix_text(f,
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
        "<sheetData>%s</sheetData>%s</worksheet>", sheet_data, after);
    const Part parts[] = {
        { "[Content_Types].xml",
          "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
          "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package."
          "relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
          "<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-"
          "officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/"
          "sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument."
          "spreadsheetml.worksheet+xml\"/></Types>" },
        { "_rels/.rels",
          "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
          "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
          "relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>" },
        { "xl/workbook.xml",
          "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
          "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
          "<sheets><sheet name=\"名册\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>" },
        { "xl/_rels/workbook.xml.rels",
          "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
          "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
          "relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>" },
        { "xl/worksheets/sheet1.xml", sheet },
    };
    snprintf(path, sizeof path, "%s/made.xlsx", f->dir);
    unlink(path);
    zip_t *z = zip_open(path, ZIP_CREATE, NULL);
    assert_non_null(z);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        zip_source_t *s = zip_source_buffer(z, parts[i].text, strlen(parts[i].text), 0);
        assert_true(zip_file_add(z, parts[i].name, s, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(z), 0);
    assert_true(sys_file_read(&bytes, f->a, f->sys, path, 1 << 20, &e));
    return bytes;
}

#define CELL(at, text) "<c r=\"" at "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define HEAD                                                                                       \
    "<row r=\"1\">" CELL("A1", "组织编号") CELL("B1", "名称") CELL("C1", "类别")                   \
    CELL("D1", "上级组织编号") "</row>"

/* --- reading and showing -------------------------------------------------------------------- */

static void browsing_and_searching(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 1);
    FixRoster r = fix_roster(&f);
    Who who = fix_account(&f, r.li, "li", "secretary", r.street);
    json_t *l = fix_ok(&f, who, "org_list", "{}");
    assert_int_equal(jv_int(l, "total"), 1);
    assert_int_equal(jv_int(jv_at(jv_get(l, "items"), 0), "children"), 2);
    l = fix_ok(&f, who, "org_list", fix_text(&f, "{\"parent\":%lld}", (long long)r.committee));
    assert_true(str_is(jv_str(fix_item(l, "name", "卫健系统机关党委"), "secretary"), "曾小明"));
    l = fix_ok(&f, who, "org_list", "{\"q\":\"djsq\"}");
    assert_int_equal(jv_int(l, "total"), 1);
    assert_true(str_is(jv_str(jv_at(jv_get(l, "items"), 0), "path"),
                       "某区直属机关工委 / 东街街道党委"));
    assert_int_equal(jv_int(fix_ok(&f, who, "org_list", "{\"q\":\"街\"}"), "total"), 2);
    assert_int_equal(jv_int(fix_ok(&f, who, "org_list", "{\"q\":\"Q21\"}"), "total"), 1);
    assert_int_equal(jv_int(fix_ok(&f, who, "org_list", "{\"q\":\"没有的\"}"), "total"), 0);
    /* 曾 as a surname is zeng. */
    l = fix_ok(&f, who, "person_list", "{\"q\":\"zxm\"}");
    assert_int_equal(jv_int(l, "total"), 1);
    assert_true(str_is(jv_str(jv_at(jv_get(l, "items"), 0), "posts"), "卫健系统机关党委书记"));
    fix_close(&f);
}

/* Birth months and staff numbers are for who keeps the roster there. */
static void personal_fields(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 2);
    FixRoster r = fix_roster(&f);
    Who secretary = fix_account(&f, r.li, "li", "secretary", r.committee);
    Who staff = fix_account(&f, r.zhao, "zhao", "party_staff", r.street);
    const json_t *zhao = fix_item(fix_ok(&f, secretary, "person_list", "{\"q\":\"赵\"}"), "name",
                                  "赵一鸣");
    assert_null(jv_get(zhao, "birth"));
    assert_null(jv_get(zhao, "staff_no"));
    zhao = fix_item(fix_ok(&f, staff, "person_list", "{\"q\":\"A3\"}"), "name", "赵一鸣");
    assert_true(str_is(jv_str(zhao, "birth"), "1980-09"));
    assert_int_equal(jv_int(fix_ok(&f, secretary, "person_list", "{\"q\":\"A3\"}"), "total"), 0);
    assert_int_equal(jv_int(fix_ok(&f, staff, "person_list", "{\"q\":\"A1\"}"), "total"), 0);
    /* Nobody leafs through all people. */
    assert_int_equal(jv_int(fix_ok(&f, staff, "person_list", "{}"), "total"), 0);
    fix_close(&f);
}

static void as_of_a_day(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 3);
    FixRoster r = fix_roster(&f);
    const char *in = "{\"org\":%lld,\"day\":\"%s\"}";
    json_t *now = fix_ok(&f, fix_console(), "org_show",
                         fix_text(&f, "{\"org\":%lld}", (long long)r.branch));
    assert_true(str_is(jv_str(jv_get(now, "secretary"), "name"), "赵一鸣"));
    assert_int_equal(jv_len(jv_get(now, "tenures")), 2);
    json_t *then = fix_ok(&f, fix_console(), "org_show",
                          fix_text(&f, in, (long long)r.branch, "2024-04-30"));
    assert_true(str_is(jv_str(jv_get(then, "secretary"), "name"), "钱满仓"));
    then = fix_ok(&f, fix_console(), "org_show",
                  fix_text(&f, in, (long long)r.branch, "2018-01-01"));
    assert_null(jv_get(then, "secretary"));
    /* What it was called: the fact of that day, once it has been renamed. */
    sys_pass(f.sys, (int64_t)40 * 86400 * 1000);
    import(&f, "组织编号,名称,类别\nQ21,东街新村党总支,党总支\n");
    now = fix_ok(&f, fix_console(), "org_show",
                 fix_text(&f, "{\"org\":%lld}", (long long)r.branch));
    assert_true(str_is(jv_str(now, "name"), "东街新村党总支"));
    assert_true(str_is(jv_str(now, "parent_name"), "东街街道党委")); /* an empty cell keeps it */
    then = fix_ok(&f, fix_console(), "org_show",
                  fix_text(&f, in, (long long)r.branch, "2026-11-20"));
    assert_true(str_is(jv_str(then, "name"), "东街社区党支部"));
    assert_true(str_is(jv_str(then, "kind"), "branch"));
    fix_refused(&f, fix_console(), "org_show", "{\"org\":99}", ERR_NOT_FOUND);
    fix_close(&f);
}

static void records(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 4);
    FixRoster r = fix_roster(&f);
    Who clerk = fix_account(&f, r.zeng, "zeng", "organiser_clerk", r.committee);
    Who secretary = fix_account(&f, r.li, "li", "secretary", r.street);
    fix_ok(&f, clerk, "cycle_open",
           fix_text(&f, "{\"body\":{\"year\":2026,\"title\":\"2026年度\",\"organiser\":%lld,"
                    "\"classes\":[{\"name\":\"a\",\"title\":\"甲\"}],"
                    "\"objects\":[\"party_building\"],"
                    "\"scheme\":\"district\",\"survey_mode\":\"open\"}}", (long long)r.committee));
    const char *in = fix_text(&f, "{\"org\":%lld}", (long long)r.committee);
    json_t *l = fix_ok(&f, clerk, "org_records", in);
    assert_int_equal(jv_int(l, "total"), 1);
    assert_true(str_is(jv_str(jv_at(jv_get(l, "items"), 0), "title"), "年度周期"));
    fix_ok(&f, secretary, "org_records", in);
    fix_close(&f);
}

/* --- importing ------------------------------------------------------------------------------ */

static void twice_changes_nothing(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 5);
    fix_roster(&f);
    int64_t size = jv_int(fix_ok(&f, fix_console(), "log_head", "{}"), "size");
    fix_ok(&f, fix_console(), "roster_export", "{}");
    Str exported = f.file.bytes;
    json_t *again = fix_upload(&f, fix_console(), "roster_import", "{}", exported, "名册.xlsx");
    assert_int_equal(count(again, "orgs", "same"), 4);
    assert_int_equal(count(again, "people", "same"), 5);
    assert_int_equal(jv_len(jv_get(again, "rows")), 0);
    assert_int_equal(jv_int(fix_ok(&f, fix_console(), "log_head", "{}"), "size"), size);
    /* csv of one sheet too. */
    fix_ok(&f, fix_console(), "roster_export", "{\"format\":\"csv\",\"sheet\":\"person\"}");
    again = fix_upload(&f, fix_console(), "roster_import", "{}", f.file.bytes, "名册-人员.csv");
    assert_int_equal(count(again, "people", "same"), 5);
    assert_int_equal(jv_int(fix_ok(&f, fix_console(), "log_head", "{}"), "size"), size);
    fix_close(&f);
}

/* The system's id in an export wins over name, code and number. */
static void ids_win(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 6);
    FixRoster r = fix_roster(&f);
    json_t *got = import(&f, fix_text(&f, "组织编号,名称,类别,系统编号\nNEW1,东街新社区党支部,党支部,%lld\n",
                                      (long long)r.branch));
    assert_int_equal(count(got, "orgs", "changed"), 1);
    assert_int_equal(fix_org(&f, "东街新社区党支部"), r.branch);
    got = import(&f, fix_text(&f, "姓名,工号,所在组织编号,系统编号\n赵一明,A33,NEW1,%lld\n",
                              (long long)r.zhao));
    assert_int_equal(count(got, "people", "changed"), 1);
    assert_int_equal(fix_person(&f, "赵一明"), r.zhao);
    got = preview(&f, "组织编号,名称,类别,系统编号\nX,某,党支部,123\n");
    assert_row(got, 2, "refused", "系统编号", "“123”不存在");
    got = preview(&f, fix_text(&f, "组织编号,名称,类别,系统编号\nQ1,某,党支部,%lld\n",
                               (long long)r.branch));
    assert_row(got, 2, "refused", "组织编号", "已被“卫健系统机关党委”使用");
    fix_close(&f);
}

static void changes_and_handover(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 7);
    FixRoster r = fix_roster(&f);
    const char *csv = "姓名,工号,所在组织编号,职务,任职日期,离任日期\n"
                      "赵一鸣,A3,Q21,书记,2024-05-01,2026-10-31\n"
                      "周全,A9,Q21,书记,2026-11-01,\n";
    json_t *got = preview(&f, csv);
    assert_row(got, 2, "changed", "", "");
    assert_row(got, 3, "new", "", "");
    assert_int_equal(jv_str(row_of(got, 3), "note").n, 0);
    import(&f, csv);
    json_t *org = fix_ok(&f, fix_console(), "org_show",
                         fix_text(&f, "{\"org\":%lld}", (long long)r.branch));
    assert_true(str_is(jv_str(jv_get(org, "secretary"), "name"), "周全"));
    assert_int_equal(count(import(&f, csv), "people", "same"), 2);
    /* Without the end of the one before, it is accepted and said. */
    got = preview(&f, "姓名,工号,所在组织编号,职务,任职日期\n吴勤,A10,Q21,书记,2026-11-10\n");
    assert_true(str_has(jv_str(row_of(got, 2), "note"), lit("周全没有离任日期")));
    fix_close(&f);
}

static void preview_stores_nothing(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 8);
    int64_t size = jv_int(fix_ok(&f, fix_console(), "log_head", "{}"), "size");
    json_t *got = preview(&f, "组织编号,名称,类别\nQ,区委,党委\n");
    assert_int_equal(count(got, "orgs", "new"), 1);
    assert_false(jv_bool(got, "stored"));
    assert_int_equal(jv_int(fix_ok(&f, fix_console(), "log_head", "{}"), "size"), size);
    fix_close(&f);
}

/* --- who somebody is ------------------------------------------------------------------------ */

/* How many people there are whose name holds this. */
static int64_t people_named(Fix *f, const char *q)
{
    return jv_int(fix_ok(f, fix_console(), "person_list", fix_text(f, "{\"q\":\"%s\"}", q)),
                  "total");
}

static json_t *import_with(Fix *f, const char *csv, const char *answers)
{
    return fix_upload(f, fix_console(), "roster_import",
                      fix_text(f, "{\"answers\":\"%s\"}", answers), lit(csv), "名册.csv");
}

static void similar_people_are_asked_about(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 9);
    import(&f, "组织编号,名称,类别,上级组织编号\nA,甲党委,党委,\nB,乙党委,党委,A\n");
    import(&f, "姓名,所在组织编号,出生年月\n王五,A,1980-01\n");
    int64_t wang = fix_person(&f, "王五");
    /* The same name and month in another organisation: moved, or a namesake? */
    static const char csv[] = "姓名,所在组织编号,出生年月,职务,任职日期\n王五,B,1980-01,书记,2024-01-01\n";
    json_t *got = preview(&f, csv);
    assert_row(got, 2, "ask", "姓名", "甲党委的王五");
    const json_t *one = jv_at(jv_get(row_of(got, 2), "candidates"), 0);
    assert_true(str_is(jv_str(one, "answer"), fix_text(&f, "%lld", (long long)wang)));
    assert_int_equal(count(import(&f, csv), "people", "ask"), 1);
    assert_int_equal(people_named(&f, "王五"), 1);
    Err e = { 0 };
    assert_false(fix_call(&f, fix_console(), "roster_import", "{\"answers\":\"1:77\"}", lit(csv),
                          "x", NULL, &e));
    assert_int_equal(e.code, ERR_ROSTER_ANSWER);
    got = import_with(&f, csv, fix_text(&f, "1:%lld", (long long)wang));
    assert_int_equal(count(got, "people", "changed"), 1);
    assert_int_equal(people_named(&f, "王五"), 1);
    /* Settled: the same file is understood now without asking. */
    assert_int_equal(count(import(&f, csv), "people", "same"), 1);
    /* The same name with another month is somebody else. */
    got = import(&f, "姓名,所在组织编号,出生年月\n王五,B,1990-07\n");
    assert_int_equal(count(got, "people", "new"), 1);
    assert_int_equal(people_named(&f, "王五"), 2);
    fix_close(&f);
}

static void namesakes_in_one_file(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 10);
    import(&f, "组织编号,名称,类别,上级组织编号\nA,甲党委,党委,\nB,乙党委,党委,A\n");
    static const char csv[] = "姓名,所在组织编号,出生年月,职务,任职日期\n"
                              "李一,A,1980-01,书记,2024-01-01\n李一,B,1980-01,委员,2024-01-01\n"
                              "刘二,A,1981-01,委员,2024-01-01\n刘二,B,1981-01,委员,2024-01-01\n";
    json_t *got = preview(&f, csv);
    assert_int_equal(count(got, "people", "ask"), 2);
    assert_true(str_is(jv_str(jv_at(jv_get(row_of(got, 3), "candidates"), 0), "answer"), "k1"));
    got = import_with(&f, csv, "2:k1,4:new");
    assert_int_equal(count(got, "people", "new"), 4);
    assert_int_equal(people_named(&f, "李一"), 1);
    assert_int_equal(people_named(&f, "刘二"), 2);
    assert_int_equal(count(import(&f, csv), "people", "same"), 4);
    fix_close(&f);
}

static void a_number_belongs_to_one(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 11);
    fix_roster(&f);
    json_t *got = preview(&f, "姓名,工号,所在组织编号,出生年月\n"
                              "别人,A1,Q1,1975-03\n"     /* A1 is 曾小明 */
                              "新人,,Q1,\n"              /* neither number nor birth */
                              "双份,B1,Q1,1990-01\n"
                              "双份,B1,Q1,1990-01\n"     /* the same again */
                              "曾小明,A1,Q1,1975-04\n"   /* corrected birth */
                              "曾小明,A1,Q2,1975-05\n"); /* which contradicts the row before */
    assert_row(got, 2, "refused", "工号", "登记的是曾小明");
    assert_row(got, 3, "refused", "工号", "至少填一项");
    assert_row(got, 4, "new", "", "");
    assert_row(got, 5, "refused", "姓名", "与第4行重复");
    assert_row(got, 6, "changed", "", "");
    assert_row(got, 7, "refused", "出生年月", "与第6行是同一人");
    fix_close(&f);
}

/* --- bad input ------------------------------------------------------------------------------ */

static void identity_cards(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 12);
    refused(&f, lit("姓名,身份证号,所在组织编号\n某甲,1,Q\n"), "a.csv", ERR_ROSTER_ID_CARD, "column",
            "B");
    refused(&f, lit("姓名,工号,所在组织编号\n某甲,11010119800230123X,Q\n某乙,A2,Q\n"
                    "某丙,11010119800228123x,Q\n"), "b.csv", ERR_ROSTER_ID_CARD, "row", "4");
    refused(&f, lit("姓名,工号,所在组织编号\n某甲,１１０１０１１９８００２２８１２３４,Q\n"), "c.csv",
            ERR_ROSTER_ID_CARD, "row", "2");
    refused(&f, lit("组织编号,名称,类别,备注\nQ,区委,党委,110101198002281234\n"), "d.csv",
            ERR_ROSTER_ID_CARD, "column", "D");
    /* Eighteen digits without a day in them are a number like any other. */
    import(&f, "组织编号,名称,类别\nQ,区委,党委\n");
    json_t *got = preview(&f, "姓名,工号,所在组织编号\n某甲,110101999913991234,Q\n");
    assert_int_equal(count(got, "people", "new"), 1);
    fix_close(&f);
}

static void sheets_and_columns(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 13);
    refused(&f, lit("组织编号,名称,类别\n"), "a.csv", ERR_ROSTER_EMPTY, "file", "a.csv");
    refused(&f, lit("甲,乙\n1,2\n"), "b.csv", ERR_ROSTER_SHEET, "file", "b.csv");
    refused(&f, lit("组织编号,类别\nQ,党委\n"), "c.csv", ERR_ROSTER_COLUMN, "column", "名称");
    refused(&f, lit("姓名,工号\n甲,1\n"), "d.csv", ERR_ROSTER_COLUMN, "column", "所在组织编号");
    refused(&f, lit("组织编号,名称,类别,名称\nQ,区委,党委,区委\n"), "e.csv", ERR_ROSTER_COLUMN_TWICE,
            "column", "名称");
    refused(&f, lit("组织编号,名称,类别\nQ,\"区委,党委\n"), "f.csv", ERR_CSV_QUOTE, NULL, NULL);
    refused(&f, (Str){ "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8 }, "g.xls", ERR_PRINT_OLD_OFFICE, NULL,
            NULL);
    refused(&f, (Str){ "组织编号,名\0称", 20 }, "h.csv", ERR_BAD_TEXT, NULL, NULL);
    json_t *got = preview(&f, "某区2026年名册,,,\n*组织编号,名称（必填）,类别,联系电话\nＱ－１,区委,党委,1\n");
    assert_int_equal(count(got, "orgs", "new"), 1);
    assert_true(str_has(jv_text(jv_at(jv_get(got, "notes"), 0)), lit("“联系电话”列不认识")));
    assert_true(str_is(jv_str(row_of(got, 3), "what"), "区委 Q-1"));
    fix_close(&f);
}

static void wrong_organisations(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 14);
    json_t *got = preview(&f, "组织编号,名称,类别,领域,上级组织编号,成立日期,本届任期届满\n"
                              "Q,区委,党委,机关,,2001.7.1,２０２７年６月３０日\n"
                              "Q,再来,党委,,,,\n"
                              "A,甲,不存在的,,Q,,\n"
                              "B,乙,党支部,海洋,Q,,\n"
                              "C,丙,党支部,,Q,2026.2.30,\n"
                              "D,丁,党支部,,NONE,,\n"
                              "E,,党支部,,Q,,\n"
                              "F,己,党支部,,C,,\n"
                              "G1,庚,党支部,,G2,,\nG2,辛,党支部,,G3,,\nG3,壬,党支部,,G1,,\n"
                              "H,癸,党支部,,G3,,\nI,自,党支部,,I,,\n");
    assert_row(got, 2, "new", "", "");
    assert_row(got, 3, "refused", "组织编号", "与第2行重复");
    assert_row(got, 4, "refused", "类别", "没有“不存在的”这一项；可填：党委、");
    assert_row(got, 5, "refused", "领域", "没有“海洋”");
    assert_row(got, 6, "refused", "成立日期", "“2026.2.30”不是有效日期");
    assert_row(got, 7, "refused", "上级组织编号", "没有编号为“NONE”");
    assert_row(got, 8, "refused", "名称", "没有填写");
    assert_row(got, 9, "refused", "上级组织编号", "“C”");
    assert_row(got, 10, "refused", "上级组织编号", "绕成了圈");
    assert_row(got, 11, "refused", "上级组织编号", "绕成了圈");
    assert_row(got, 12, "refused", "上级组织编号", "绕成了圈");
    assert_row(got, 13, "refused", "上级组织编号", "“G3”");
    assert_row(got, 14, "refused", "上级组织编号", "绕成了圈");
    assert_int_equal(count(got, "orgs", "new"), 1);
    fix_close(&f);
}

/* A circle through what is stored: the row that closes it is refused, the tree stays. */
static void a_circle_with_the_stored(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 15);
    fix_roster(&f);
    json_t *got = import(&f, "组织编号,名称,类别,上级组织编号\nQ,某区直属机关工委,工委,Q21\n");
    assert_row(got, 2, "refused", "上级组织编号", "绕成了圈");
    assert_int_equal(orgs_stored(&f), 1);
    fix_close(&f);
}

static void wrong_people(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 16);
    fix_roster(&f);
    json_t *got = preview(&f, "姓名,工号,所在组织编号,出生年月,中共党员,职务,任职日期,离任日期\n"
                              "甲,B1,NONE,,,,,\n"
                              "乙,B2,Q1,1980.13,,,,\n"
                              "丙,B3,Q1,,也许,,,\n"
                              "丁,B4,Q1,,,书记,,\n"
                              "戊,B5,Q1,,,书记,2024-05-01,2024-04-01\n"
                              "己,B6,Q1,,,队长,2024-05-01,\n"
                              "庚　辛,Ｂ７,Q1,198005,是,党员,,\n"
                              "王,B8,Q1,1980年5月,,委员,2024年5月1日,\n");
    assert_row(got, 2, "refused", "所在组织编号", "“NONE”");
    assert_row(got, 3, "refused", "出生年月", "1980.13");
    assert_row(got, 4, "refused", "中共党员", "可填：是、否");
    assert_row(got, 5, "refused", "任职日期", "没有填任职日期");
    assert_row(got, 6, "refused", "离任日期", "早于开始日");
    assert_row(got, 7, "refused", "职务", "没有“队长”");
    assert_row(got, 8, "new", "", "");
    assert_true(str_is(jv_str(row_of(got, 8), "what"), "庚辛 B7 党员"));
    assert_row(got, 9, "new", "", "");
    fix_close(&f);
}

static void gbk_is_read(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 17);
    static const unsigned char gbk[] = /* 组织编号,名称,类别 / Q,区委,党委 */
        "\xd7\xe9\xd6\xaf\xb1\xe0\xba\xc5,\xc3\xfb\xb3\xc6,\xc0\xe0\xb1\xf0\r\n"
        "Q,\xc7\xf8\xce\xaf,\xb5\xb3\xce\xaf\r\n";
    json_t *got = fix_upload(&f, fix_console(), "roster_import", "{}",
                             (Str){ (const char *)gbk, sizeof gbk - 1 }, "gbk.csv");
    assert_int_equal(count(got, "orgs", "new"), 1);
    assert_true(fix_org(&f, "区委") > 0);
    fix_close(&f);
}

static void formulas_and_merged_cells(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 18);
    Str book = xlsx(&f,
        HEAD "<row r=\"2\">" CELL("A2", "Q") CELL("B2", "区委") CELL("C2", "党委") "</row>"
        "<row r=\"3\"><c r=\"A3\" t=\"str\"><f>\"Q\"&amp;1</f><v>Q1</v></c>" CELL("B3", "甲")
        CELL("C3", "党支部") CELL("D3", "Q") "</row>"
        "<row r=\"4\"><c r=\"A4\" t=\"e\"><f>A9+1</f><v>#REF!</v></c>" CELL("B4", "乙")
        CELL("C4", "党支部") "<c r=\"D4\"/></row>"
        "<row r=\"5\">" CELL("A5", "Q2") CELL("B5", "丙") "<c r=\"C5\"/><c r=\"D5\"/></row>"
        "<row r=\"6\">" CELL("A6", "Q3") "<c r=\"B6\"/>" CELL("C6", "党支部") "</row>",
        "<mergeCells count=\"3\"><mergeCell ref=\"D3:D5\"/><mergeCell ref=\"C4:C5\"/>"
        "<mergeCell ref=\"B5:B6\"/></mergeCells>");
    json_t *got = fix_upload(&f, fix_console(), "roster_preview", "{}", book, "名册.xlsx");
    assert_true(str_has(jv_str(row_of(got, 3), "note"), lit("公式，取用了文件里保存的结果“Q1”")));
    assert_row(got, 3, "new", "", "");
    assert_row(got, 4, "refused", "组织编号", "#REF!");
    assert_row(got, 5, "new", "", ""); /* kind and parent were merged over rows that share them */
    assert_row(got, 6, "refused", "名称", "合并的单元格");
    fix_close(&f);
}

static void limits(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 19);
    char name[101 * 3 + 1] = "", line[600];
    for (int i = 0; i < 100; i++)
        strcat(name, "委");
    snprintf(line, sizeof line, "组织编号,名称,类别\nQ,%s,党委\n", name);
    assert_row(preview(&f, line), 2, "new", "", "");
    strcat(name, "委");
    snprintf(line, sizeof line, "组织编号,名称,类别\nQ,%s,党委\n", name);
    assert_row(preview(&f, line), 2, "refused", "名称", "最多100字，现有101字");
    /* A file larger than an upload may be. */
    size_t n = WORK_UPLOAD_MAX + 1;
    char *big = malloc(n);
    assert_non_null(big);
    memset(big, ',', n);
    refused(&f, (Str){ big, n }, "big.csv", ERR_TOO_BIG, NULL, NULL);
    free(big);
    fix_close(&f);
}

/* --- permissions ---------------------------------------------------------------------------- */

static void only_below_ones_own(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 20);
    FixRoster r = fix_roster(&f);
    Who clerk = fix_account(&f, r.li, "li", "organiser_clerk", r.street);
    static const char orgs[] = "组织编号,名称,类别,上级组织编号\n"
                               "Q22,西街社区党支部,党支部,Q2\n"
                               "Q3,别处党委,党委,Q\n"
                               "ROOT,另一棵树,党委,\n"
                               "Q1,改名的卫健党委,系统机关党委,Q\n"
                               "Q21,东街社区党支部,党支部,Q1\n";
    json_t *got = fix_upload(&f, clerk, "roster_import", "{}", lit(orgs), "o.csv");
    assert_row(got, 2, "new", "", "");
    for (int row = 3; row <= 6; row++)
        assert_row(got, row, "refused", "组织编号", "不在您负责的范围内");
    static const char people[] = "姓名,工号,所在组织编号\n新来的,N1,Q22\n别处的,N2,Q1\n曾小明,A1,Q22\n";
    got = fix_upload(&f, clerk, "roster_import", "{}", lit(people), "p.csv");
    assert_row(got, 2, "new", "", "");
    assert_row(got, 3, "refused", "所在组织编号", "不在您负责的范围内");
    assert_row(got, 4, "refused", "所在组织编号", "不在您负责的范围内"); /* taken from elsewhere */
    fix_ok(&f, clerk, "roster_export", "{\"format\":\"csv\"}");
    assert_false(str_has(f.file.bytes, lit("卫健")));
    assert_true(str_has(f.file.bytes, lit("西街社区党支部")));
    fix_refused(&f, clerk, "roster_export",
                fix_text(&f, "{\"org\":%lld}", (long long)r.committee), ERR_FORBIDDEN);
    Err e = { 0 };
    Who member = fix_account(&f, r.zhao, "zhao", "secretary", r.branch);
    assert_false(fix_call(&f, member, "roster_import", "{}", lit(orgs), "o.csv", NULL, &e));
    assert_int_equal(e.code, ERR_FORBIDDEN);
    fix_close(&f);
}

/* --- faults --------------------------------------------------------------------------------- */

static char *many_rows(size_t n)
{
    Buf b = buf_open((size_t)64 << 20);
    buf_put(&b, STRC("组织编号,名称,类别,上级组织编号\nR,根,党委,\n"));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "C%zu,第%zu支部,党支部,R\n", i, i);
    assert_false(b.failed);
    char *out = malloc(b.n + 1);
    assert_non_null(out);
    memcpy(out, b.p, b.n);
    out[b.n] = 0;
    buf_close(&b);
    return out;
}

/* Killed at some moment of an import: afterwards all of it is there, or nothing. */
static void killed_while_importing(void **state)
{
    enum { ROWS = 4000, TRIES = 6 };
    char *csv = many_rows(ROWS);
    int none = 0, all = 0;
    (void)state;
    for (int i = 0; i < TRIES; i++) {
        Fix f;
        fix_open(&f, 21 + (uint64_t)i);
        work_close(f.work);
        f.work = NULL;
        fflush(NULL);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            fix_reopen(&f, false);
            import(&f, csv);
            _exit(0);
        }
        usleep(20000 + 45000 * (useconds_t)i);
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        fix_reopen(&f, false);
        json_t *l = fix_ok(&f, fix_console(), "org_list", "{\"q\":\"支部\",\"limit\":1}");
        int64_t n = jv_int(l, "total");
        assert_true(n == 0 || n == ROWS);
        none += n == 0;
        all += n == ROWS;
        fix_close(&f);
    }
    assert_int_equal(none + all, TRIES);
    assert_true(none > 0);
    free(csv);
}

/* Twice the rows take about twice the time, whatever is stored: no row searches the others. */
static void many_rows_stay_linear(void **state)
{
    enum { ROWS = 20000 };
    Fix f;
    (void)state;
    fix_open(&f, 40);
    char *csv = many_rows(ROWS);
    json_t *got = import(&f, csv);
    assert_int_equal(count(got, "orgs", "new"), ROWS + 1);
    assert_true(jv_len(jv_get(got, "rows")) <= 1000);
    got = import(&f, csv);
    assert_int_equal(count(got, "orgs", "same"), ROWS + 1);
    free(csv);
    fix_close(&f);
}

static void the_template_comes_back(void **state)
{
    Fix f;
    Err e = { 0 };
    (void)state;
    fix_open(&f, 41);
    fix_ok(&f, fix_console(), "org_template", "{}");
    assert_true(str_starts(f.file.bytes, STRC("PK")));
    assert_true(str_is(f.file.name, "名册模板.xlsx"));
    /* Empty as it is, its line of hints is no row. */
    assert_false(fix_call(&f, fix_console(), "roster_preview", "{}", f.file.bytes, "名册模板.xlsx",
                          NULL, &e));
    assert_int_equal(e.code, ERR_ROSTER_EMPTY);
    fix_close(&f);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(browsing_and_searching), cmocka_unit_test(personal_fields),
        cmocka_unit_test(as_of_a_day), cmocka_unit_test(records),
        cmocka_unit_test(twice_changes_nothing), cmocka_unit_test(ids_win),
        cmocka_unit_test(changes_and_handover), cmocka_unit_test(preview_stores_nothing),
        cmocka_unit_test(similar_people_are_asked_about), cmocka_unit_test(namesakes_in_one_file),
        cmocka_unit_test(a_number_belongs_to_one), cmocka_unit_test(identity_cards),
        cmocka_unit_test(sheets_and_columns), cmocka_unit_test(wrong_organisations),
        cmocka_unit_test(a_circle_with_the_stored), cmocka_unit_test(wrong_people),
        cmocka_unit_test(gbk_is_read), cmocka_unit_test(formulas_and_merged_cells),
        cmocka_unit_test(limits), cmocka_unit_test(only_below_ones_own),
        cmocka_unit_test(killed_while_importing), cmocka_unit_test(many_rows_stay_linear),
        cmocka_unit_test(the_template_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
