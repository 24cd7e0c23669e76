#include "work/year_test.h"

/* Files over a version that was seen; 0: the first one. */
static json_t *file(Year *y, Who who, int64_t version)
{
    const char *over = version ? fix_text(&y->f, "'version':%lld,", (long long)version) : "";
    return year_ok(y, who, "report_file", "{'debriefer':%lld,%s'sections':%s}",
                   (long long)y->debriefer, over, YEAR_SECTIONS);
}

static json_t *show(Year *y, Who who)
{
    return year_ok(y, who, "report_show", "{'debriefer':%lld}", (long long)y->debriefer);
}

static int64_t judge(Year *y, bool accept, const char *remarks)
{
    int64_t version = jv_int(show(y, y->clerk), "version");
    return jv_int(year_ok(y, y->clerk, "report_judge",
                          "{'debriefer':%lld,'version':%lld,'accept':%s,'remarks':'%s'}",
                          (long long)y->debriefer, (long long)version, accept ? "true" : "false",
                          remarks), "version");
}

static void c06_each_demand_of_the_year_is_answered(void **state)
{
    Year *y = *state;
    year_says(y, y->secretary, "report_file", "推进基层党组织建设",
              "{'debriefer':%lld,'sections':[{'class':'lead','achievements':'我做了。',"
              "'problems':'我不足。'}]}", (long long)y->debriefer);
    year_says(y, y->secretary, "report_file", "履行第一责任人职责",
              "{'debriefer':%lld,'sections':[{'class':'lead','achievements':'我做了。',"
              "'problems':'  '},{'class':'build','achievements':'a','problems':'b'}]}",
              (long long)y->debriefer);
    year_refused(y, y->secretary, "report_file", ERR_REPORT_SECTION,
                 "{'debriefer':%lld,'sections':[{'class':'lead','achievements':'a','problems':'b'},"
                 "{'class':'build','achievements':'a','problems':'b'},"
                 "{'class':'other','achievements':'a','problems':'b'}]}", (long long)y->debriefer);
    year_refused(y, y->secretary, "report_file", ERR_REPORT_SECTION,
                 "{'debriefer':%lld,'sections':[{'class':'lead','achievements':'a','problems':'b'},"
                 "{'class':'build','achievements':'a','problems':'b'},"
                 "{'class':'build','achievements':'c','problems':'d'}]}", (long long)y->debriefer);
    file(y, y->secretary, 0);
    json_t *r = show(y, y->clerk);
    const json_t *first = jv_at(jv_get(jv_get(r, "body"), "sections"), 0);
    assert_true(str_is(jv_str(first, "causes"), "我精力分配不当。"));
    assert_true(str_is(jv_str(first, "measures"), "我每月到一个支部。"));
    /* nobody else writes it, and nobody of another unit reads it */
    year_refused(y, y->second, "report_file", ERR_FORBIDDEN, "{'debriefer':%lld,'sections':%s}",
                 (long long)y->debriefer, YEAR_SECTIONS);
    year_refused(y, y->second, "report_show", ERR_FORBIDDEN, "{'debriefer':%lld}",
                 (long long)y->debriefer);
}

static const char *state_of(Year *y)
{
    json_t *l = year_ok(y, y->clerk, "debriefer_list", "{'cycle':%lld}", (long long)y->cycle);
    const json_t *d = fix_item(l, "name", "甲一");
    return jv_get(d, "report_state") ? jv_bool(d, "zero") ? "zero" : "report" : "unanswered";
}

static void a_zero_report_is_not_an_unanswered_one(void **state)
{
    Year *y = *state;
    assert_string_equal(state_of(y), "unanswered");
    year_refused(y, y->secretary, "report_file", ERR_REPORT_ZERO,
                 "{'debriefer':%lld,'zero':true,'sections':%s}", (long long)y->debriefer,
                 YEAR_SECTIONS);
    year_ok(y, y->secretary, "report_file", "{'debriefer':%lld,'zero':true}",
            (long long)y->debriefer);
    assert_string_equal(state_of(y), "zero");
    file(y, y->secretary, jv_int(show(y, y->secretary), "version"));
    assert_string_equal(state_of(y), "report");
}

static void every_version_is_kept(void **state)
{
    Year *y = *state;
    file(y, y->secretary, 0);
    year_refused(y, y->clerk, "report_judge", ERR_FIELD_MISSING,
                 "{'debriefer':%lld,'version':%lld,'accept':false}", (long long)y->debriefer,
                 (long long)jv_int(show(y, y->clerk), "version"));
    judge(y, false, "原因没有写到自己");
    json_t *r = show(y, y->secretary);
    assert_true(str_is(jv_str(r, "state"), "returned"));
    assert_true(str_is(jv_str(r, "remarks"), "原因没有写到自己"));
    assert_true(jv_bool(r, "may_write"));
    file(y, y->secretary, jv_int(r, "version"));
    judge(y, true, "");
    r = show(y, y->secretary);
    assert_true(str_is(jv_str(r, "state"), "accepted"));
    assert_false(jv_bool(r, "may_write"));
    year_refused(y, y->secretary, "report_file", ERR_REPORT_ACCEPTED,
                 "{'debriefer':%lld,'version':%lld,'sections':%s}", (long long)y->debriefer,
                 (long long)jv_int(r, "version"), YEAR_SECTIONS);
    json_t *v = year_ok(y, y->secretary, "report_versions", "{'debriefer':%lld}",
                        (long long)y->debriefer);
    assert_int_equal(jv_int(v, "total"), 4); /* filed, returned, filed, accepted */
    assert_true(str_is(jv_str(jv_at(jv_get(v, "items"), 2), "remarks"), "原因没有写到自己"));
    judge(y, false, "数字需再核"); /* called back while the year is still prepared */
    assert_true(str_is(jv_str(show(y, y->secretary), "state"), "returned"));
}

static void the_second_of_two_editors_is_told(void **state)
{
    Year *y = *state;
    int64_t first = jv_int(file(y, y->secretary, 0), "version");
    year_refused(y, y->secretary, "report_file", ERR_CONFLICT, "{'debriefer':%lld,'sections':%s}",
                 (long long)y->debriefer, YEAR_SECTIONS);
    file(y, y->secretary, first);
    year_refused(y, y->secretary, "report_file", ERR_CONFLICT,
                 "{'debriefer':%lld,'version':%lld,'sections':%s}", (long long)y->debriefer,
                 (long long)first, YEAR_SECTIONS);
    assert_int_equal(jv_int(show(y, y->secretary), "versions"), 2);
}

static void a_clerk_on_behalf_is_named(void **state)
{
    Year *y = *state;
    Who served = y->staff;
    year_refused(y, y->staff, "report_file", ERR_FORBIDDEN, "{'debriefer':%lld,'sections':%s}",
                 (long long)y->debriefer, YEAR_SECTIONS);
    served.behalf = y->person[0];
    file(y, served, 0);
    json_t *r = show(y, y->clerk);
    assert_true(str_is(jv_str(r, "by"), "甲一（由壬干事代办）"));
    /* his grant does not reach the person of another unit */
    served.behalf = y->person[1];
    int64_t d = year_debriefer(y, y->cycle, 1, "");
    year_refused(y, served, "report_file", ERR_FORBIDDEN, "{'debriefer':%lld,'sections':%s}",
                 (long long)d, YEAR_SECTIONS);
}

static void nobody_judges_his_own(void **state)
{
    Year *y = *state;
    Who both = year_account(y, "both", "organiser_clerk", y->person[0], y->root);
    file(y, y->secretary, 0);
    json_t *r = show(y, both);
    assert_false(jv_bool(r, "may_judge"));
    year_refused(y, both, "report_judge", ERR_REPORT_OWN,
                 "{'debriefer':%lld,'version':%lld,'accept':true}", (long long)y->debriefer,
                 (long long)jv_int(r, "version"));
}

static void drafts_are_private_to_an_account(void **state)
{
    Year *y = *state;
    const char *at = "'kind':'debrief_report','subject':7";
    year_ok(y, y->secretary, "draft_save", "{%s,'body':{'lead':'只有我看得见'}}", at);
    json_t *mine = year_ok(y, y->secretary, "draft_show", "{%s}", at);
    assert_true(str_is(jv_str(jv_get(mine, "body"), "lead"), "只有我看得见"));
    assert_null(jv_get(year_ok(y, y->clerk, "draft_show", "{%s}", at), "body"));
    year_refused(y, y->secretary, "draft_save", ERR_NOT_FOUND,
                 "{'kind':'no_such','subject':7,'body':{}}");
    year_ok(y, y->secretary, "draft_drop", "{%s}", at);
    assert_null(jv_get(year_ok(y, y->secretary, "draft_show", "{%s}", at), "body"));
}

/* --- last year's findings ------------------------------------------------------------------- */

static void last_years_findings_ask_for_one_answer_each(void **state)
{
    Year *y = *state;
    int64_t next = year_open(y, 2027, "'party_building'", "open");
    int64_t d = year_debriefer(y, next, 0, "");
    long long open = (long long)year_fact(y, y->unit[0], "finding",
        "{'cycle':%lld,'org':%lld,'source':'commentary','text':'到支部指导少，组织生活质量不高',"
        "'state':'in_progress'}", (long long)y->cycle, (long long)y->unit[0]);
    year_fact(y, y->unit[0], "finding",
        "{'cycle':%lld,'org':%lld,'source':'commentary','text':'已了结','state':'closed'}",
        (long long)y->cycle, (long long)y->unit[0]);
    json_t *r = year_ok(y, y->secretary, "report_show", "{'debriefer':%lld}", (long long)d);
    assert_int_equal(jv_len(jv_get(r, "carried")), 1);
    year_says(y, y->secretary, "report_file", "到支部指导少", "{'debriefer':%lld,'sections':%s}",
              (long long)d, YEAR_SECTIONS);
    year_refused(y, y->secretary, "report_file", ERR_REPORT_ANSWERS,
                 "{'debriefer':%lld,'sections':%s,'answers':["
                 "{'finding':%lld,'answer':'cured','text':'已完成'},"
                 "{'finding':%lld,'answer':'cured','text':'无关'}]}",
                 (long long)d, YEAR_SECTIONS, open, open + 1);
    year_ok(y, y->secretary, "report_file",
            "{'debriefer':%lld,'zero':true,'answers':[{'finding':%lld,'answer':'under_way',"
            "'text':'每季度到两个支部蹲点，组织生活由机关党委逐月抽看'}]}", (long long)d, open);
    r = year_ok(y, y->clerk, "report_show", "{'debriefer':%lld}", (long long)d);
    const json_t *c = jv_at(jv_get(r, "carried"), 0);
    assert_true(str_is(jv_str(c, "answer_title"), "正在整改"));
    assert_false(jv_bool(c, "echo"));
}

static void an_answer_that_only_repeats_is_marked(void **state)
{
    Year *y = *state;
    int64_t next = year_open(y, 2027, "'party_building'", "open");
    int64_t d = year_debriefer(y, next, 0, "");
    long long open = (long long)year_fact(y, y->unit[0], "finding",
        "{'cycle':%lld,'org':%lld,'source':'commentary','text':'两个支部组织生活质量不高',"
        "'state':'listed'}", (long long)y->cycle, (long long)y->unit[0]);
    year_ok(y, y->secretary, "report_file",
            "{'debriefer':%lld,'sections':%s,'answers':[{'finding':%lld,'answer':'cured',"
            "'text':'两个支部组织生活质量不高的问题'}]}", (long long)d, YEAR_SECTIONS, open);
    json_t *r = year_ok(y, y->clerk, "report_show", "{'debriefer':%lld}", (long long)d);
    const json_t *c = jv_at(jv_get(r, "carried"), 0);
    assert_true(jv_bool(c, "echo"));
    assert_true(jv_bool(c, "restated")); /* the report states it again although it says cured */
}

/* --- advice and files ----------------------------------------------------------------------- */

static bool noted(const json_t *advice, const char *kind, const char *class)
{
    const json_t *notes = jv_get(advice, "notes");
    for (size_t i = 0; i < jv_len(notes); i++)
        if (str_is(jv_str(jv_at(notes, i), "kind"), kind) &&
            (!class || str_is(jv_str(jv_at(notes, i), "class"), class)))
            return true;
    return false;
}

static void c14_advice(void **state)
{
    Year *y = *state;
    json_t *ad = year_ok(y, y->secretary, "report_advice",
        "{'debriefer':%lld,'sections':[{'class':'lead','achievements':'单位召开会议XX次，"
        "推进2024年工作，各项工作全面完成，成绩突出，队伍稳定。'},"
        "{'class':'build','achievements':'全年开展活动。','problems':'不足。'}]}",
        (long long)y->debriefer);
    assert_true(noted(ad, "placeholder", "lead"));
    assert_true(noted(ad, "year", "lead"));
    assert_true(noted(ad, "share", NULL));
    assert_true(noted(ad, "first_person", NULL));
    const json_t *notes = jv_get(ad, "notes");
    for (size_t i = 0; i < jv_len(notes); i++)
        if (str_is(jv_str(jv_at(notes, i), "kind"), "placeholder")) {
            assert_int_equal(jv_int(jv_at(notes, i), "from"), 6); /* 单位召开会议 */
            assert_true(str_starts(jv_str(jv_at(notes, i), "quote"), STRC("XX")));
        }
    ad = year_ok(y, y->secretary, "report_advice", "{'debriefer':%lld,'sections':%s}",
                 (long long)y->debriefer, YEAR_SECTIONS);
    assert_false(noted(ad, "placeholder", NULL));
    assert_false(noted(ad, "share", NULL));
    assert_false(noted(ad, "first_person", NULL));
    assert_int_equal(jv_int(ad, "points"), jv_int(ad, "achievements") + jv_int(ad, "problems") +
                                               jv_int(ad, "causes") + jv_int(ad, "measures"));
}

/* What a place writes in every report is marked like the phrases known everywhere. */
static void c14_phrases_of_the_pack_are_marked(void **state)
{
    Year *y = *state;
    json_t *ad = year_ok(y, y->secretary, "report_advice",
        "{'debriefer':%lld,'sections':[{'class':'lead','achievements':"
        "'我坚持一级抓一级、层层抓落实，走访12户。'}]}", (long long)y->debriefer);
    const json_t *phrases = jv_get(ad, "phrases");
    bool marked = false;
    for (size_t i = 0; i < jv_len(phrases); i++)
        marked |= str_is(jv_str(jv_at(phrases, i), "quote"), "一级抓一级、层层抓落实");
    assert_true(marked);
    assert_true(jv_int(ad, "phrase_points") >= 11);
}

static void a_report_copied_from_last_year_is_told(void **state)
{
    Year *y = *state;
    file(y, y->secretary, 0);
    int64_t d = year_debriefer(y, year_open(y, 2027, "'party_building'", "open"), 0, "");
    json_t *ad = year_ok(y, y->secretary, "report_advice", "{'debriefer':%lld,'sections':%s}",
                         (long long)d, YEAR_SECTIONS);
    assert_true(noted(ad, "copy", NULL));
    ad = year_ok(y, y->secretary, "report_advice",
                 "{'debriefer':%lld,'sections':[{'class':'lead','achievements':"
                 "'我今年换了办法，先把问题摆在桌面上再谈成绩。'}]}", (long long)d);
    assert_false(noted(ad, "copy", NULL));
}

/* --- where the words stand elsewhere -------------------------------------------------------- */

#define ALIKE_TEXT                                                                                 \
    "我每月带着组织委员到东片三个支部旁听支委会，把没有记录的议题当场补齐，两个月后再回去看一遍。"   \
    "七月我和老支书一户一户核对在外党员的去向，找回四名失去联系的党员，补上了他们的组织关系。"       \
    "为了把支部的账算清，我请镇财政所的会计给支书们讲了半天怎样登记党费，又用一周逐本对账。"

static json_t *alike_file(Year *y, Who who, int64_t debriefer, const char *more)
{
    return year_ok(y, who, "report_file",
                   "{'debriefer':%lld,'sections':[{'class':'lead','achievements':'%s%s',"
                   "'problems':'我不足。'},{'class':'build','achievements':'抓了%s。',"
                   "'problems':'少。'}]}", (long long)debriefer, ALIKE_TEXT, more, more);
}

static const json_t *alike_source(const json_t *r, bool own)
{
    const json_t *l = jv_get(r, "sources");
    for (size_t i = 0; i < jv_len(l); i++)
        if (jv_bool(jv_at(l, i), "own") == own)
            return jv_at(l, i);
    return NULL;
}

static void c14_the_same_words_of_another_unit_and_of_last_year(void **state)
{
    Year *y = *state;
    alike_file(y, y->secretary, y->debriefer, "2026年走访30户");
    int64_t next = year_open(y, 2027, "'party_building'", "open");
    int64_t mine = year_debriefer(y, next, 0, ""), other = year_debriefer(y, next, 1, "");
    alike_file(y, y->second, other, "别的事也做了一些");
    /* while writing: his own last year in words, of the other one only that it stands elsewhere */
    json_t *d = year_ok(y, y->secretary, "report_alike_draft",
                        "{'debriefer':%lld,'sections':[{'class':'lead','achievements':'%s'}]}",
                        (long long)mine, ALIKE_TEXT);
    assert_int_equal(jv_len(jv_get(d, "sources")), 1);
    assert_true(jv_bool(jv_at(jv_get(d, "sources"), 0), "own"));
    assert_int_equal(jv_int(d, "own_earlier"), 1000);
    assert_null(jv_get(d, "elsewhere"));
    assert_true(jv_len(jv_get(d, "passages")) > 0);
    assert_null(jv_get(jv_at(jv_get(d, "passages"), 0), "other"));
    /* after filing both are there, kept apart */
    alike_file(y, y->secretary, mine, "2027年走访35户");
    json_t *r = year_ok(y, y->clerk, "report_alike", "{'debriefer':%lld}", (long long)mine);
    const json_t *own = alike_source(r, true), *else_ = alike_source(r, false);
    assert_true(jv_bool(r, "filed"));
    assert_non_null(own);
    assert_non_null(else_);
    assert_int_equal(jv_int(own, "year"), 2026);
    assert_true(jv_bool(own, "only_renamed"));
    assert_true(jv_len(jv_get(own, "changes")) > 0);
    assert_true(str_is(jv_str(else_, "name"), "乙二"));
    assert_true(jv_int(r, "own_earlier") > 800);
    assert_true(jv_int(r, "elsewhere") > 700);
    const json_t *p = jv_at(jv_get(else_, "passages"), 0);
    assert_true(str_is(jv_str(p, "part"), "achievements"));
    assert_true(str_is(jv_str(p, "class"), "lead"));
    assert_int_equal(jv_int(p, "from"), 0);
    assert_true(str_eq(jv_str(p, "text"), jv_str(p, "other")));
    /* the author answers for it and sees it too; nobody else does */
    r = year_ok(y, y->secretary, "report_alike", "{'debriefer':%lld}", (long long)mine);
    assert_non_null(alike_source(r, false));
    year_refused(y, y->second, "report_alike", ERR_FORBIDDEN, "{'debriefer':%lld}",
                 (long long)mine);
    year_refused(y, y->surveyor, "report_alike", ERR_FORBIDDEN, "{'debriefer':%lld}",
                 (long long)mine);
}

static void c14_what_the_superior_wrote_is_nobodys_own(void **state)
{
    Year *y = *state;
    int64_t next = year_open(y, 2027, "'party_building'", "open");
    int64_t mine = year_debriefer(y, next, 0, ""), other = year_debriefer(y, next, 1, "");
    alike_file(y, y->secretary, mine, "甲事");
    alike_file(y, y->second, other, "乙事");
    json_t *r = year_ok(y, y->clerk, "report_alike", "{'debriefer':%lld}", (long long)mine);
    assert_true(jv_int(r, "elsewhere") > 700);
    year_ok(y, y->clerk, "document_type", "{'cycle':%lld,'text':'%s'}", (long long)next,
            ALIKE_TEXT);
    r = year_ok(y, y->clerk, "report_alike", "{'debriefer':%lld}", (long long)mine);
    assert_int_equal(jv_int(r, "elsewhere"), 0);
    assert_int_equal(jv_len(jv_get(r, "sources")), 0);
}

static void c14_an_older_version_is_no_source(void **state)
{
    Year *y = *state;
    int64_t first = jv_int(alike_file(y, y->secretary, y->debriefer, "甲事"), "version");
    year_ok(y, y->clerk, "report_alike", "{'debriefer':%lld}", (long long)y->debriefer);
    file(y, y->secretary, first);
    int64_t next = year_open(y, 2027, "'party_building'", "open");
    int64_t other = year_debriefer(y, next, 1, "");
    alike_file(y, y->second, other, "乙事");
    json_t *r = year_ok(y, y->clerk, "report_alike", "{'debriefer':%lld}", (long long)other);
    assert_int_equal(jv_len(jv_get(r, "sources")), 0);
}

static void c14_a_draft_is_not_compared_without_end(void **state)
{
    Year *y = *state;
    for (int i = 0; i < 12; i++)
        year_ok(y, y->secretary, "report_alike_draft", "{'debriefer':%lld,'sections':%s}",
                (long long)y->debriefer, YEAR_SECTIONS);
    year_refused(y, y->secretary, "report_alike_draft", ERR_ALIKE_OFTEN,
                 "{'debriefer':%lld,'sections':%s}", (long long)y->debriefer, YEAR_SECTIONS);
    year_refused(y, y->clerk, "report_alike_draft", ERR_FORBIDDEN,
                 "{'debriefer':%lld,'sections':%s}", (long long)y->debriefer, YEAR_SECTIONS);
}

/* --- beside the records --------------------------------------------------------------------- */

static void c33_claims_beside_records(void **state)
{
    Year *y = *state;
    for (int i = 0; i < 3; i++)
        year_fact(y, y->unit[0], "meeting",
                  "{'on':'2026-0%d-10','kind':'branch_congress','stage':'held','topic':'学习'}",
                  i + 1);
    long long old = (long long)year_fact(y, y->unit[0], "finding",
        "{'cycle':%lld,'org':%lld,'source':'commentary','text':'到支部指导少，组织生活质量不高',"
        "'state':'in_progress'}", (long long)y->cycle, (long long)y->unit[0]);
    (void)old;
    year_ok(y, y->secretary, "report_file",
            "{'debriefer':%lld,'sections':[{'class':'lead','achievements':'我做了不少。',"
            "'problems':'少。'},"
            "{'class':'build','achievements':'全年召开党员大会4次。','problems':'少。'}]}",
            (long long)y->debriefer);
    json_t *r = year_ok(y, y->clerk, "report_beside", "{'debriefer':%lld}",
                        (long long)y->debriefer);
    assert_true(jv_bool(r, "kept"));
    assert_int_equal(jv_len(jv_get(r, "claims")), 1);
    const json_t *k = jv_at(jv_get(r, "claims"), 0);
    assert_true(str_is(jv_str(k, "measure"), "congresses"));
    assert_true(str_is(jv_str(k, "claimed"), "4"));
    assert_true(str_is(jv_str(k, "counted"), "3"));
    assert_true(str_is(jv_str(k, "state"), "more"));
    assert_true(str_is(jv_str(k, "class"), "build"));
    assert_true(str_is(jv_str(r, "period"), "2026"));
    /* the author is told while he writes that no record stands behind the figure */
    json_t *ad = year_ok(y, y->secretary, "report_advice",
        "{'debriefer':%lld,'sections':[{'class':'build','achievements':'全年召开党员大会4次。'}]}",
        (long long)y->debriefer);
    assert_true(noted(ad, "source", "build"));
    ad = year_ok(y, y->secretary, "report_advice",
        "{'debriefer':%lld,'sections':[{'class':'build','achievements':'全年召开党员大会3次。'}]}",
        (long long)y->debriefer);
    assert_false(noted(ad, "source", NULL));
}

static void c33_a_finding_nobody_speaks_of_is_told(void **state)
{
    Year *y = *state;
    int64_t next = year_open(y, 2027, "'party_building'", "open");
    int64_t d = year_debriefer(y, next, 0, "");
    file(y, y->secretary, 0);
    int64_t old = year_fact(y, y->unit[0], "finding",
        "{'cycle':%lld,'org':%lld,'source':'commentary','text':'流动党员去向不清，党费收缴不及时',"
        "'state':'in_progress'}", (long long)y->cycle, (long long)y->unit[0]);
    json_t *r = year_ok(y, y->clerk, "report_beside", "{'debriefer':%lld}", (long long)d);
    const json_t *f = jv_at(jv_get(r, "findings"), 0);
    assert_int_equal(jv_int(f, "finding"), old);
    assert_true(str_is(jv_str(f, "state"), "dropped"));
    assert_true(jv_str(f, "say").n > 0);
}

static void a_file_is_placed_into_the_classes(void **state)
{
    Year *y = *state;
    Str text = STRC("2026年度述职报告\n甲一\n一、履行第一责任人职责\n我带头讲党课。\n"
                    "（二）存在的问题及原因\n我到支部少。\n原因：精力分配不当。\n"
                    "二、推进基层党组织建设\n我抓标准化。\n下一步打算\n我逐个帮扶。\n");
    const char *in = fix_text(&y->f, "{\"debriefer\":%lld}", (long long)y->debriefer);
    json_t *got = fix_upload(&y->f, y->secretary, "report_parse", in, text, "述职.txt");
    const json_t *lead = jv_at(jv_get(got, "sections"), 0),
                 *build = jv_at(jv_get(got, "sections"), 1);
    assert_int_equal(jv_int(got, "unplaced"), 2);
    assert_true(str_is(jv_str(lead, "achievements"), "我带头讲党课。"));
    assert_true(str_is(jv_str(lead, "problems"), "我到支部少。"));
    assert_true(str_is(jv_str(lead, "causes"), "精力分配不当。"));
    assert_true(str_is(jv_str(build, "measures"), "我逐个帮扶。"));
    Err e = { 0 };
    assert_false(fix_call(&y->f, y->second, "report_parse", in, text, "述职.txt", NULL, &e));
    assert_int_equal(e.code, ERR_FORBIDDEN);
}

static void a_docx_is_placed_too(void **state)
{
    Year *y = *state;
    static const char *const lines[] = { "一、履行第一责任人职责", "我带头讲党课。",
                                         "二、推进基层党组织建设", "我抓标准化。" };
    Err e = { 0 };
    Str docx;
    Print *own;
    PrintSetup setup = { .fonts = ".tools/fonts", .scratch = y->f.dir };
    assert_true(print_open(&own, &setup, &e));
    Paper *p = paper_open(y->f.a, STRC("述职报告"), PAPER_PORTRAIT);
    assert_non_null(p);
    for (size_t i = 0; i < 4; i++)
        paper_text(p, str_of(lines[i]));
    if (!print_docx(&docx, y->f.a, own, p, FIX_START, &e))
        fix_fail("print_docx", &e);
    json_t *got = fix_upload(&y->f, y->secretary, "report_parse",
                             fix_text(&y->f, "{\"debriefer\":%lld}", (long long)y->debriefer),
                             docx, "述职.docx");
    assert_int_equal(jv_len(jv_get(got, "sections")), 2);
    assert_true(str_is(jv_str(jv_at(jv_get(got, "sections"), 1), "achievements"),
                       "我抓标准化。"));
    print_close(own);
}

/* --- the survey beside the report ----------------------------------------------------------- */

static int64_t found(Year *y, const char *text)
{
    return jv_int(year_ok(y, y->surveyor, "survey_file",
                          "{'debriefer':%lld,'body':{'class':'lead','text':'%s',"
                          "'source':'visit','claim':'带头讲党课','negative':true}}",
                          (long long)y->debriefer, text), "id");
}

static void c10_survey_beside_claims(void **state)
{
    Year *y = *state;
    int64_t id = found(y, "全年到支部两次");
    file(y, y->secretary, 0);
    found(y, "党课记录一次");
    json_t *l = year_ok(y, y->secretary, "survey_list", "{'debriefer':%lld}",
                        (long long)y->debriefer);
    assert_int_equal(jv_int(l, "total"), 2);
    const json_t *first = jv_at(jv_get(l, "items"), 0), *second = jv_at(jv_get(l, "items"), 1);
    assert_true(str_is(jv_str(first, "claim"), "带头讲党课"));
    assert_true(str_is(jv_str(first, "by"), "戊职员"));
    assert_false(jv_bool(first, "late"));
    assert_true(jv_bool(second, "late")); /* recorded after the report was filed: said so */
    year_refused(y, y->surveyor, "survey_file", ERR_SURVEY_CLASS,
                 "{'debriefer':%lld,'body':{'class':'no','text':'x','source':'visit'}}",
                 (long long)y->debriefer);
    year_refused(y, y->secretary, "survey_file", ERR_FORBIDDEN,
                 "{'debriefer':%lld,'body':{'class':'lead','text':'x','source':'visit'}}",
                 (long long)y->debriefer);
    /* corrected over the version seen; a stale one is told */
    const char *edit = "{'debriefer':%lld,'fact':%lld,'version':%lld,'body':{'class':'lead',"
                       "'text':'全年到支部三次','source':'visit'}}";
    year_ok(y, y->surveyor, "survey_file", edit, (long long)y->debriefer, (long long)id,
            (long long)id);
    year_refused(y, y->surveyor, "survey_file", ERR_CONFLICT, edit, (long long)y->debriefer,
                 (long long)id, (long long)id);
    int64_t other = year_debriefer(y, y->cycle, 1, "");
    year_refused(y, y->surveyor, "survey_file", ERR_NOT_FOUND, edit, (long long)other,
                 (long long)id, (long long)id);
}

static void nobody_surveys_himself(void **state)
{
    Year *y = *state;
    Who own = year_account(y, "own", "surveyor", y->person[0], y->root);
    year_refused(y, own, "survey_file", ERR_SURVEY_OWN,
                 "{'debriefer':%lld,'body':{'class':'lead','text':'好','source':'talk'}}",
                 (long long)y->debriefer);
}

static void seal(Year *y)
{
    year_ok(y, y->clerk, "cycle_edit",
            "{'cycle':%lld,'version':%lld,'body':{'survey_mode':'sealed'},'reason':'背靠背调研'}",
            (long long)y->cycle, (long long)y->cycle);
}

static void hidden(Year *y, Who who, int64_t fact, const char *text)
{
    static const char *const routes[] = { "survey_list", "report_show", "report_versions",
                                          "commentary_list" };
    json_t *l = year_ok(y, who, "survey_list", "{'debriefer':%lld}", (long long)y->debriefer);
    assert_false(jv_bool(l, "visible"));
    assert_int_equal(jv_int(l, "total"), 0);
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        json_t *got = year_ok(y, who, routes[i], "{'debriefer':%lld}", (long long)y->debriefer);
        Buf b = buf_open(1 << 20);
        Err e = { 0 };
        assert_true(jv_canon(&b, got, &e));
        assert_false(str_has(buf_str(&b), str_of(text)));
        buf_close(&b);
    }
    l = year_ok(y, who, "debriefer_list", "{'cycle':%lld}", (long long)y->cycle);
    assert_null(jv_get(fix_item(l, "name", "甲一"), "survey_facts"));
    year_refused(y, who, "fact_show", ERR_FORBIDDEN, "{'fact':%lld}", (long long)fact);
}

static void a_sealed_survey_stays_shut_until_the_meeting(void **state)
{
    Year *y = *state;
    seal(y);
    int64_t fact = found(y, "台账补记三次");
    Who both = year_account(y, "team", "organiser_clerk", y->person[0], y->root);
    hidden(y, both, fact, "台账补记");  /* also when he whom it is about is one of the team */
    json_t *l = year_ok(y, y->committee, "survey_list", "{'debriefer':%lld}",
                        (long long)y->debriefer);
    assert_false(jv_bool(l, "visible"));
    assert_int_equal(jv_int(year_ok(y, y->surveyor, "survey_list", "{'debriefer':%lld}",
                                    (long long)y->debriefer), "total"), 1);
    year_refused(y, y->clerk, "cycle_edit", ERR_SURVEY_SEALED,
                 "{'cycle':%lld,'version':%lld,'body':{'survey_mode':'open'},'reason':'公开'}",
                 (long long)y->cycle,
                 (long long)year_version(y, "cycle_show", "cycle", y->cycle));
    long long meeting = (long long)year_fact(y, y->root, "debrief_meeting",
        "{'cycle':%lld,'day':'2026-11-20','ordering':'fixed'}", (long long)y->cycle);
    hidden(y, both, fact, "台账补记");
    year_fact(y, y->root, "agenda_step", "{'meeting':%lld,'item':'open_survey'}", meeting);
    l = year_ok(y, y->secretary, "survey_list", "{'debriefer':%lld}", (long long)y->debriefer);
    assert_true(jv_bool(l, "visible") && jv_bool(l, "opened"));
    assert_int_equal(jv_int(l, "total"), 1);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        YEAR_TEST(c06_each_demand_of_the_year_is_answered),
        YEAR_TEST(a_zero_report_is_not_an_unanswered_one),
        YEAR_TEST(every_version_is_kept),
        YEAR_TEST(the_second_of_two_editors_is_told),
        YEAR_TEST(a_clerk_on_behalf_is_named),
        YEAR_TEST(nobody_judges_his_own),
        YEAR_TEST(drafts_are_private_to_an_account),
        YEAR_TEST(last_years_findings_ask_for_one_answer_each),
        YEAR_TEST(an_answer_that_only_repeats_is_marked),
        YEAR_TEST(c14_advice),
        YEAR_TEST(c14_phrases_of_the_pack_are_marked),
        YEAR_TEST(a_report_copied_from_last_year_is_told),
        YEAR_TEST(c14_the_same_words_of_another_unit_and_of_last_year),
        YEAR_TEST(c14_what_the_superior_wrote_is_nobodys_own),
        YEAR_TEST(c14_an_older_version_is_no_source),
        YEAR_TEST(c14_a_draft_is_not_compared_without_end),
        YEAR_TEST(c33_claims_beside_records),
        YEAR_TEST(c33_a_finding_nobody_speaks_of_is_told),
        YEAR_TEST(a_file_is_placed_into_the_classes),
        YEAR_TEST(a_docx_is_placed_too),
        YEAR_TEST(c10_survey_beside_claims),
        YEAR_TEST(nobody_surveys_himself),
        YEAR_TEST(a_sealed_survey_stays_shut_until_the_meeting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
