/* One box: names by character and sound, texts by their words, and nothing that the caller's own
 * pages would not show. */
#include "work/fixture_test.h"

typedef struct Put {
    const char *kind;
    int64_t org;
    Str body;
    int64_t id;
} Put;

static bool put_job(Tx *tx, void *arg, Err *e)
{
    Put *p = arg;
    FactIn in = { .kind = str_of(p->kind), .org = p->org, .body = p->body, .who = 1,
                  .occurred_on = day_make(2026, 11, 1) };
    return fact_append(tx, &in, &p->id, e);
}

static int64_t put(Fix *f, const char *kind, int64_t org, const char *body)
{
    Put p = { kind, org, str_of(body), 0 };
    Err e = { 0 };
    if (!store_write(work_store(f->work), put_job, &p, &e))
        fix_fail(kind, &e);
    return p.id;
}

static const json_t *found(Fix *f, Who who, const char *q, const char *kind)
{
    const json_t *groups =
        jv_get(fix_ok(f, who, "search", fix_text(f, "{\"q\":\"%s\"}", q)), "groups");
    for (size_t i = 0; i < jv_len(groups); i++)
        if (str_is(jv_str(jv_at(groups, i), "kind"), kind))
            return jv_get(jv_at(groups, i), "items");
    fail_msg("no group %s", kind);
    return NULL;
}

static void assert_first(const json_t *items, size_t n, const char *title)
{
    assert_int_equal(jv_len(items), n);
    if (n)
        assert_true(str_is(jv_str(jv_at(items, 0), "title"), title));
}

static void names_by_character_and_sound(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 1);
    FixRoster r = fix_roster(&f);
    Who li = fix_account(&f, r.li, "li", "secretary", r.street);
    assert_first(found(&f, li, "东街社区", "org"), 1, "东街社区党支部");
    assert_first(found(&f, li, "東街社區", "org"), 1, "东街社区党支部");
    assert_first(found(&f, li, "djsq", "org"), 1, "东街社区党支部");
    assert_first(found(&f, li, "dongjiesq", "org"), 1, "东街社区党支部");
    assert_first(found(&f, li, "DJ", "org"), 2, "东街街道党委");
    assert_first(found(&f, li, "Q21", "org"), 1, "东街社区党支部");
    assert_first(found(&f, li, "zxm", "person"), 1, "曾小明");
    assert_first(found(&f, li, "zengxiao", "person"), 1, "曾小明");
    assert_first(found(&f, li, "小明", "person"), 1, "曾小明");
    assert_first(found(&f, li, "没有的", "person"), 0, "");
    const json_t *zeng = jv_at(found(&f, li, "曾", "person"), 0);
    assert_true(str_is(jv_str(zeng, "note"), "卫健系统机关党委书记"));
    assert_true(str_is(jv_str(zeng, "org_name"), "卫健系统机关党委"));
    /* a staff number is for who keeps the roster there */
    assert_first(found(&f, li, "A1", "person"), 0, "");
    assert_first(found(&f, fix_console(), "A1", "person"), 1, "曾小明");
    /* a name that changes is found as it is now, one that is struck no more */
    put(&f, "org", 0, "{\"code\":\"Q9\",\"kind\":\"branch\",\"name\":\"西街社区党支部\"}");
    assert_first(found(&f, li, "xjsq", "org"), 1, "西街社区党支部");
    fix_refused(&f, li, "search", "{\"q\":\" 　\"}", ERR_FIELD_MISSING);
    fix_close(&f);
}

#define AT(f, org, rest) fix_text((f), "{\"org\":%lld," rest "}", (long long)(org))

static void texts_by_their_words(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 2);
    FixRoster r = fix_roster(&f);
    Who li = fix_account(&f, r.li, "li", "secretary", r.street);
    Who zeng = fix_account(&f, r.zeng, "zeng", "secretary", r.health);
    Who head = fix_account(&f, fix_person(&f, "孙立"), "sun", "organiser_head", r.committee);
    put(&f, "finding", r.branch,
        AT(&f, r.branch, "\"text\":\"主题党日吸引力不强，党员参加不积极。\",\"measure\":\"每月月初排出计划，由书记带头讲课。\","
                         "\"state\":\"entered\",\"source\":\"survey\""));
    /* its owner is of another organisation */
    put(&f, "finding", r.health,
        fix_text(&f, "{\"org\":%lld,\"owner\":%lld,\"text\":\"台账补填较多\",\"state\":\"entered\"}",
                 (long long)r.health, (long long)r.li));
    put(&f, "document", r.committee,
        "{\"title\":\"在基層黨建推進會上的講話\",\"by\":\"某区领导\",\"state\":\"draft\","
        "\"text\":\"同志们：\\n一、总体情况。\\n有的支部組織生活質量不高，談心談話走過場，需要下大力气改。\\n完。\"}");
    put(&f, "meeting", r.branch,
        "{\"kind\":\"theme_day\",\"on\":\"2026-10-02\",\"topic\":\"清理河道和谈心谈话\"}");
    put(&f, "meeting", r.health,
        "{\"kind\":\"theme_day\",\"on\":\"2026-10-02\",\"topic\":\"清理病案\"}");

    /* in the title: no quote; further down: the words and what stands around them */
    const json_t *one = jv_at(found(&f, li, "吸引力不强", "finding"), 0);
    assert_true(str_is(jv_str(one, "org_name"), "东街社区党支部"));
    assert_int_equal(jv_str(one, "hit").n, 0);
    one = jv_at(found(&f, li, "书记带头", "finding"), 0);
    assert_true(str_is(jv_str(one, "hit"), "书记带头"));
    assert_true(str_is(jv_str(one, "before"), "每月月初排出计划，由"));
    assert_true(str_is(jv_str(one, "after"), "讲课。"));
    /* all words, in any order; the pairs alone do not do: 党员积极 stands nowhere together */
    assert_first(found(&f, li, "带头 吸引力", "finding"), 1, "主题党日吸引力不强，党员参加不积极。");
    assert_first(found(&f, li, "员参积极", "finding"), 0, "");
    assert_first(found(&f, li, "带头 没有的话", "finding"), 0, "");
    /* one character asks for names; beside another word it counts */
    assert_first(found(&f, li, "计", "finding"), 0, "");
    assert_first(found(&f, li, "计 带头", "finding"), 1, "主题党日吸引力不强，党员参加不积极。");
    assert_first(found(&f, li, "完 带头", "finding"), 0, "");

    /* simplified finds traditional, and shows it as it is written */
    one = jv_at(found(&f, head, "组织生活质量", "document"), 0);
    assert_true(str_is(jv_str(one, "title"), "在基層黨建推進會上的講話"));
    assert_true(str_is(jv_str(one, "hit"), "組織生活質量"));
    assert_true(str_is(jv_str(one, "before"), "有的支部"));
    assert_first(found(&f, head, "黨建推進", "document"), 1, "在基層黨建推進會上的講話");

    /* what one's own pages do not show is not found either */
    assert_first(found(&f, li, "组织生活", "document"), 0, "");
    assert_first(found(&f, zeng, "吸引力不强", "finding"), 0, "");
    assert_first(found(&f, li, "补填", "finding"), 1, "台账补填较多");
    assert_first(found(&f, zeng, "补填", "finding"), 1, "台账补填较多");
    one = jv_at(found(&f, li, "清理", "record"), 0);
    assert_first(found(&f, li, "清理", "record"), 1, "清理河道和谈心谈话");
    assert_true(str_is(jv_str(one, "form"), "meeting"));
    assert_first(found(&f, head, "清理", "record"), 2, "清理病案");
    fix_close(&f);
}

static void a_group_ends_and_says_so(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 3);
    FixRoster r = fix_roster(&f);
    for (int i = 0; i < 8; i++)
        put(&f, "finding", r.branch,
            AT(&f, r.branch, "\"text\":\"制度落实不严\",\"state\":\"entered\""));
    json_t *got = fix_ok(&f, fix_console(), "search", "{\"q\":\"制度落实\",\"kind\":\"finding\"}");
    const json_t *g = jv_at(jv_get(got, "groups"), 0);
    assert_int_equal(jv_len(jv_get(got, "groups")), 1);
    assert_int_equal(jv_len(jv_get(g, "items")), 6);
    assert_true(jv_bool(g, "more"));
    got = fix_ok(&f, fix_console(), "search",
                 "{\"q\":\"制度落实\",\"kind\":\"finding\",\"limit\":8}");
    g = jv_at(jv_get(got, "groups"), 0);
    assert_int_equal(jv_len(jv_get(g, "items")), 8);
    assert_false(jv_bool(g, "more"));
    fix_close(&f);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_by_character_and_sound),
        cmocka_unit_test(texts_by_their_words),
        cmocka_unit_test(a_group_ends_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
