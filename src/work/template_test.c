/* Papers that packs describe: every one of them is made from a year as it stands, as PDF and as
 * docx, and read back. With KEEP_PAPERS=DIR they are left there to be looked at. */
#include "work/assess_kit_test.h"

#include "pack/pack.h"
#include "pack/template.h"

typedef struct Made {
    int64_t meeting, letter, talk, finding;
} Made;

static void facts(HallRoom *r, Made *m)
{
    long long a = ID(r->debriefer[0]), b = ID(r->debriefer[1]), c = ID(r->debriefer[2]);
    m->meeting = hall_fact(r, "debrief_meeting",
                           "{'cycle':%lld,'day':'2026-12-20','place':'区机关礼堂','present':42,"
                           "'limit':8,'ordering':'fixed','chair':%lld,'order':[%lld,%lld,%lld]}",
                           ID(r->cycle), ID(r->helper[0]), c, a, b);
    hall_fact(r, "agenda_step", "{'meeting':%lld,'item':'rules','note':'到会42人，应到45人'}",
              ID(m->meeting));
    hall_fact(r, "agenda_step", "{'meeting':%lld,'item':'speech','debriefer':%lld,'seconds':470}",
              ID(m->meeting), c);
    hall_fact(r, "commentary",
              "{'debriefer':%lld,'by':'点评人','points':[{'kind':'problem','text':"
              "'联系点去得少，一年只到过一次'},{'kind':'direction','text':'每季度到一次联系点'}]}", c);
    m->finding = hall_fact(r, "finding",
                           "{'cycle':%lld,'debriefer':%lld,'org':%lld,'no':1,'source':'commentary',"
                           "'text':'联系点去得少，一年只到过一次','category':'work_style',"
                           "'owner':%lld,'due':'2027-03-31','state':'listed'}",
                           ID(r->cycle), a, ID(r->branch[0]), ID(r->person[0]));
    hall_fact(r, "finding",
              "{'cycle':%lld,'debriefer':%lld,'org':%lld,'no':2,'source':'ballot','text':"
              "'主题党日形式单一','category':'theme_day','state':'closed'}",
              ID(r->cycle), a, ID(r->branch[0]));
    m->letter = hall_fact(
        r, "letter",
        "{'debriefer':%lld,'version':1,'text':{'name':'甲','org':'一支部','organiser':'区委',"
        "'cycle':'2026年度述职评议','meeting':'常委会会议','meeting_day':'2026-12-28','day':"
        "'2026-12-30','grades':[{'title':'党建','grade':'好','total':'93.08'},{'title':'党风廉政',"
        "'grade':'较好','total':'88.10'}],'achievements':'支部全部按期换届。','problems':"
        "'主题党日形式单一。','direction':'抓实基层支部。','findings':['主题党日形式单一',"
        "'联系点去得少'],'rectify_by':'2027-01-31'}}", a);
    m->talk = hall_fact(r, "ladder_talk",
                        "{'person':%lld,'step':'reminder_talk','on':'2026-09-01','matter':"
                        "'连续两个月没有参加支部主题党日','correct_by':'2026-12-31',"
                        "'state':'approved'}", ID(r->person[1]));
}

/* --- reading back --------------------------------------------------------------------------- */

static void keep(const HallRoom *r, Str name, Str bytes)
{
    char path[400];
    (void)r;
    if (!getenv("KEEP_PAPERS"))
        return;
    snprintf(path, sizeof path, "%s/%.*s", getenv("KEEP_PAPERS"), STR(name));
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    fclose(f);
}

static Str docx_text(HallRoom *r, Str bytes)
{
    Print *pr = NULL;
    Str text;
    PrintSetup setup = { .scratch = r->dir };
    assert_true(print_open(&pr, &setup, &r->e));
    if (!print_read_text(&text, r->a, pr, STRC("x.docx"), bytes, &r->e)) {
        hall_show(r);
        fail_msg("a docx cannot be read back");
    }
    print_close(pr);
    return text;
}

static WorkFile file_of(HallRoom *r, const Who *who, const UseCase *u, const char *json)
{
    WorkFile file = { .name = STRC("") };
    json_t *in;
    assert_true(jv_read(&in, str_of(json), "test", &r->e));
    if (!hall_run(r, who, u, in, NULL, &file)) {
        hall_show(r);
        fail_msg("%s made no file of %s", u->name, json);
    }
    json_decref(in);
    keep(r, file.name, file.bytes);
    return file;
}

typedef struct Case {
    const char *name, *asks;
    size_t thing;                /* offset in Made; 0 with `of` */
    char of;                     /* c: the cycle; d: the first debriefer; m: in Made */
    const char *says[6];
} Case;

static const Case cases[] = {
    { "debrief_notice", "{\"time\":\"下午2时30分\",\"contact\":\"某处 0000-0000\"}",
      offsetof(Made, meeting), 'm',
      { "关于召开2026年度述职评议", "2026年12月20日下午2时30分，区机关礼堂。", "每人述职不超过8分钟。",
        "四、有关要求", "联系人和电话：某处 0000-0000" } },
    { "debrief_plan", "{}", 0, 'c',
      { "工作方案", "现场述职3人，书面述职1人。", "履职。", "评议对象：党建、党风廉政。" } },
    { "meeting_agenda", "{}", offsetof(Made, meeting), 'm',
      { "议程", "2026年12月20日　区机关礼堂", "（每人述职不超过8分钟）", "七、会议要求" } },
    { "meeting_minutes", "{}", offsetof(Made, meeting), 'm',
      { "到会人数：42", "到会42人，应到45人", "8分钟", "：联系点去得少，一年只到过一次",
        "：每季度到一次联系点" } },
    { "debrief_circular", "{\"good\":\"整改台账逐项公开。\",\"demand\":\"限期销号。\"}", 0, 'c',
      { "情况的通报", "书记共4人，其中现场述职3人、书面述职1人", "整改台账逐项公开。",
        "列入清单的问题共2个，已销号1个。", "主题党日吸引力不强1个", "限期销号。" } },
    { "feedback_letter", "{}", offsetof(Made, letter), 'm',
      { "一支部 甲同志：", "党建为“好”（93.08分），党风廉政为“较好”（88.10分）。", "1.主题党日形式单一",
        "2.联系点去得少", "请于2027年1月31日前", "2026年12月30日" } },
    { "rectification_notice", "{\"answer_by\":\"2027-01-15\"}", 0, 'd',
      { "整改通知书", "联系点去得少，一年只到过一次", "2027年3月31日", "请于2027年1月15日前报送整改清单",
        "由出具本通知的单位验收" } },
    { "reminder_letter", "{}", offsetof(Made, talk), 'm',
      { "提醒函", "近期了解到：连续两个月没有参加支部主题党日", "于2026年12月31日前" } },
    { "inquiry_notice", "{\"number\":\"第3号\"}", offsetof(Made, talk), 'm',
      { "函询通知书", "第3号", "十五个工作日", "批准人" } },
    { "caution_letter", "{\"decided\":\"区委 2026年9月10日\"}", offsetof(Made, talk), 'm',
      { "诫 勉 书", "经区委 2026年9月10日批准", "六个月后" } },
};
enum { CASES = sizeof cases / sizeof *cases };

static int64_t thing_of(const HallRoom *r, const Made *m, const Case *k)
{
    return k->of == 'c' ? r->cycle
           : k->of == 'd' ? r->debriefer[0]
                          : *(const int64_t *)(const void *)((const char *)m + k->thing);
}

static void every_template_makes_a_paper(void **state)
{
    HallRoom *r = *state;
    Made m;
    facts(r, &m);
    for (size_t i = 0; i < CASES; i++) {
        const Case *k = &cases[i];
        const char *fmt = "{\"template\":\"%s\",\"thing\":%lld,\"asks\":%s,\"format\":\"%s\"}";
        long long thing = ID(thing_of(r, &m, k));
        WorkFile pdf = file_of(r, &r->console, &work_template_paper,
                               arena_text(r->a, fmt, k->name, thing, k->asks, "pdf").p);
        assert_true(str_starts(pdf.bytes, STRC("%PDF")));
        WorkFile docx = file_of(r, &r->console, &work_template_paper,
                                arena_text(r->a, fmt, k->name, thing, k->asks, "docx").p);
        Str text = docx_text(r, docx.bytes);
        for (size_t n = 0; n < 6 && k->says[n]; n++)
            if (!str_has(text, str_of(k->says[n])))
                fail_msg("%s does not say \"%s\":\n%.*s", k->name, k->says[n], STR(text));
        assert_false(str_has(text, STRC("null")));
        assert_true(str_has(text, STRC("日志共")));
    }
}

/* So that none can be added without being made here. */
static void none_is_left_out(void **state)
{
    HallRoom *r = *state;
    const PackSource *sources;
    size_t n;
    Rulebook *rb;
    const Template *t;
    assert_true(pack_builtin(&sources, &n, r->a, &r->e));
    assert_true(pack_load(&rb, r->a, sources, n, &r->e));
    for (size_t i = 0; (t = pack_template_at(rb, i)); i++) {
        bool found = false;
        for (size_t k = 0; k < CASES && !found; k++)
            found = str_is(t->name, cases[k].name);
        if (!found)
            fail_msg("template %.*s is not made by this test", STR(t->name));
    }
    assert_int_equal(pack_template_count(rb), CASES);
}

/* --- who may, and what is wrong ------------------------------------------------------------- */

static void the_roles_of_the_template_count(void **state)
{
    HallRoom *r = *state;
    Made m;
    facts(r, &m);
    const char *fmt = "{'template':'%s','thing':%lld,'asks':{}}";
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_template_paper, fmt, "meeting_agenda",
                 ID(m.meeting));
    hall_refused(r, ERR_FORBIDDEN, &r->teller1, &work_template_paper, fmt, "debrief_plan",
                 ID(r->cycle));
    hall_refused(r, ERR_FORBIDDEN, &r->committee, &work_template_paper, fmt, "reminder_letter",
                 ID(m.talk));
    file_of(r, &r->clerk, &work_template_paper,
            arena_text(r->a, "{\"template\":\"meeting_agenda\",\"thing\":%lld}", ID(m.meeting)).p);
    json_t *list = hall_do(r, &r->clerk, &work_template_list,
                           "{'form':'debrief_meeting','thing':%lld}", ID(m.meeting));
    assert_int_equal(jv_int(list, "total"), 3);
    json_decref(list);
    list = hall_do(r, &r->secretary, &work_template_list,
                   "{'form':'debrief_meeting','thing':%lld}", ID(m.meeting));
    assert_int_equal(jv_int(list, "total"), 0);
    json_decref(list);
}

static void what_lacks_is_said_with_its_place(void **state)
{
    HallRoom *r = *state;
    Made m;
    facts(r, &m);
    hall_refused(r, ERR_FIELD_MISSING, &r->clerk, &work_template_paper,
                 "{'template':'debrief_notice','thing':%lld,'asks':{'time':'下午'}}",
                 ID(m.meeting));
    hall_says(r, "联系人和电话");
    hall_refused(r, ERR_BAD_DATE, &r->clerk, &work_template_paper,
                 "{'template':'rectification_notice','thing':%lld,'asks':"
                 "{'answer_by':'2027-02-30'}}", ID(r->debriefer[0]));
    hall_refused(r, ERR_NOT_FOUND, &r->clerk, &work_template_paper,
                 "{'template':'no_such','thing':1}");
    hall_refused(r, ERR_NOT_FOUND, &r->clerk, &work_template_paper,
                 "{'template':'meeting_agenda','thing':%lld}", ID(r->cycle));
    int64_t bare = hall_fact(r, "letter", "{'debriefer':%lld,'version':1,'text':{'name':'甲'}}",
                             ID(r->debriefer[0]));
    hall_refused(r, ERR_TEMPLATE_FIELD, &r->clerk, &work_template_paper,
                 "{'template':'feedback_letter','thing':%lld}", ID(bare));
    hall_says(r, "debrief.pack 第");
}

/* A meeting without a place is announced with a line to write on, not without saying so. */
static void what_is_not_filled_in_is_a_line(void **state)
{
    HallRoom *r = *state;
    int64_t bare = hall_fact(r, "debrief_meeting",
                             "{'cycle':%lld,'day':'2026-12-20','ordering':'lot'}", ID(r->cycle));
    WorkFile docx = file_of(
        r, &r->clerk, &work_template_paper,
        arena_text(r->a, "{\"template\":\"meeting_agenda\",\"thing\":%lld,\"format\":\"docx\"}",
                   ID(bare)).p);
    Str text = docx_text(r, docx.bytes);
    assert_true(str_has(text, STRC("主持人：＿＿＿＿")));
}

/* --- the other papers ----------------------------------------------------------------------- */

static void lists_and_papers_before_the_meeting_are_docx_too(void **state)
{
    HallRoom *r = *state;
    hall_done(r, &r->clerk, &work_finding_add,
              "{'body':{'debriefer':%lld,'source':'inspection','by':'督查组','text':"
              "'联系点去得少，一年只到过一次'}}", ID(r->debriefer[0]));
    WorkFile f = file_of(r, &r->clerk, &work_finding_lists,
                         arena_text(r->a, "{\"cycle\":%lld,\"list\":\"all\",\"format\":\"docx\"}",
                                    ID(r->cycle)).p);
    Str text = docx_text(r, f.bytes);
    assert_true(str_has(text, STRC("问题清单")));
    assert_true(str_has(text, STRC("责任清单")));
    assert_true(str_has(text, STRC("整改清单")));
    assert_true(str_has(text, STRC("联系点去得少，一年只到过一次")));
    f = file_of(r, &r->clerk, &work_preread_pdf,
                arena_text(r->a, "{\"cycle\":%lld,\"format\":\"docx\"}", ID(r->cycle)).p);
    text = docx_text(r, f.bytes);
    assert_true(str_has(text, STRC("三、会前调研核实的情况与报告中的说法")));
    file_of(r, &r->clerk, &work_finding_lists,
            arena_text(r->a, "{\"cycle\":%lld,\"list\":\"all\",\"format\":\"pdf\"}",
                       ID(r->cycle)).p);
    f = file_of(r, &r->clerk, &work_preread_pdf,
                arena_text(r->a, "{\"cycle\":%lld}", ID(r->cycle)).p);
    assert_true(str_starts(f.bytes, STRC("%PDF")));
}

static void the_result_is_a_docx_too(void **state)
{
    static const char *const options[] = { "good", "good", "fairly_good", "fair" };
    static const char *const routine[] = { "90", "89", "85", "70" };
    HallRoom *r = *state;
    Who up = hall_account(r, "superior", "superior", r->helper[7], r->org);
    kit_choose(r, "share");
    kit_boxes(r, options);
    kit_state(r, "counted");
    for (int d = 0; d < HALL_PEOPLE; d++) {
        kit_input(r, &r->clerk, d, "routine", routine[d]);
        kit_input(r, &up, d, "superior", "90");
    }
    json_decref(kit_compute(r));
    const char *of = "{\"cycle\":%lld,\"format\":\"%s\"}";
    WorkFile f = file_of(r, &r->clerk, &work_result_sheet,
                         arena_text(r->a, of, ID(r->cycle), "docx").p);
    Str text = docx_text(r, f.bytes);
    assert_true(str_has(text, STRC("测算稿，未经审定")));
    assert_true(str_has(text, STRC("综合评价结果单（第1版）")));
    assert_true(str_has(text, STRC("方案：")));
    f = file_of(r, &r->clerk, &work_result_sheet,
                arena_text(r->a, of, ID(r->cycle), "pdf").p);
    assert_true(str_starts(f.bytes, STRC("%PDF")));
    f = file_of(r, &r->clerk, &work_result_sheet,
                arena_text(r->a, of, ID(r->cycle), "xlsx").p);
    assert_true(str_starts(f.bytes, STRC("PK")));
}

/* `template_test read FILE` prints what our reader finds in it: tool/check-docx.sh compares a docx
 * with what an office program made of it. */
static int read_file(const char *path)
{
    Arena *a = arena_open(256 << 20);
    Buf bytes = buf_open(PRINT_FILE_BYTES_MAX);
    Print *pr = NULL;
    PrintSetup setup = { .scratch = "/tmp" };
    Err e = { 0 };
    Str text;
    char piece[65536];
    size_t n;
    FILE *f = fopen(path, "rb");
    while (f && (n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_put(&bytes, (Str){ piece, n });
    bool ok = f && a && print_open(&pr, &setup, &e) &&
              print_read_text(&text, a, pr, str_of(path), buf_str(&bytes), &e);
    if (ok)
        printf("%.*s", STR(text));
    else
        fprintf(stderr, "%s: %s\n", path, f ? err_name(e.code) : "cannot be opened");
    if (f)
        fclose(f);
    print_close(pr);
    buf_close(&bytes);
    arena_close(a);
    return ok ? 0 : 1;
}

#define ROOM(test) cmocka_unit_test_setup_teardown(test, hall_open, hall_close)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ROOM(every_template_makes_a_paper),
        ROOM(none_is_left_out),
        ROOM(the_roles_of_the_template_count),
        ROOM(what_lacks_is_said_with_its_place),
        ROOM(what_is_not_filled_in_is_a_line),
        ROOM(lists_and_papers_before_the_meeting_are_docx_too),
        ROOM(the_result_is_a_docx_too),
    };
    print_child(argc, argv);
    if (argc == 3 && strcmp(argv[1], "read") == 0)
        return read_file(argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
