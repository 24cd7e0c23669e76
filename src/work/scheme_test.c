/* Schemes on the screen: shown whole, checked while they are written, tried on last year, saved. */
#include "score/score.h"
#include "work/assess_kit_test.h"

static const char *const mixed[] = { "good", "good", "fairly_good", "fair" };

static json_t *shown(HallRoom *r, const char *name)
{
    return hall_do(r, &r->clerk, &work_scheme_show, "{'scheme':'%s'}", name);
}

/* The text with one part of it replaced; what is replaced must be there. */
static Str changed(HallRoom *r, Str text, const char *from, const char *to)
{
    Str before, after;
    if (!str_cut(text, str_of(from), &before, &after))
        fail_msg("\"%s\" is not in the scheme", from);
    return arena_text(r->a, "%.*s%s%.*s", STR(before), to, STR(after));
}

/* The district's scheme under another code. */
static Str ours(HallRoom *r)
{
    json_t *v = shown(r, "district");
    Str text = arena_str(r->a, jv_str(jv_get(v, "scheme"), "text"));
    json_decref(v);
    return changed(r, text, "scheme district", "scheme ours");
}

static json_t *told(HallRoom *r, const Who *who, const UseCase *u, Str text, const char *more)
{
    json_t *in = json_pack("{s:o}", "text", jv_new(text)), *add = NULL, *out = NULL;
    if (more[0]) {
        assert_true(jv_read(&add, str_of(more), "test", &r->e));
        json_object_update(in, add);
    }
    bool ok = hall_run(r, who, u, in, &out, NULL);
    json_decref(in);
    json_decref(add);
    return ok ? out : NULL;
}

static const char *more(HallRoom *r, const char *fmt, ...)
{
    char *out = arena_alloc(r->a, 2000);
    va_list args;
    va_start(args, fmt);
    vsnprintf(out, 2000, fmt, args);
    va_end(args);
    for (char *p = out; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    return out;
}

static void every_scheme_is_shown_whole(void **state)
{
    HallRoom *r = *state;
    json_t *list = hall_do(r, &r->clerk, &work_scheme_list, "{}");
    const json_t *items = jv_get(list, "items");
    assert_int_equal(jv_int(list, "total"), 25);
    for (size_t i = 0; i < jv_len(items); i++) {
        json_t *v = shown(r, arena_text(r->a, "%.*s", STR(jv_str(jv_at(items, i), "name"))).p);
        const json_t *s = jv_get(v, "scheme");
        assert_true(jv_len(jv_get(s, "nodes")) > 0 && jv_len(jv_get(s, "bands")) > 1);
        assert_false(jv_bool(v, "own") || jv_bool(v, "may_save"));
        json_t *same = told(r, &r->clerk, &work_scheme_check, jv_str(s, "text"), "");
        assert_true(jv_bool(same, "ok"));
        assert_true(json_equal(jv_get(same, "scheme"), s));
        const json_t *examples = jv_get(same, "examples");
        for (size_t k = 0; k < jv_len(examples); k++)
            assert_true(jv_bool(jv_at(examples, k), "holds"));
        json_decref(same);
        json_decref(v);
    }
    json_decref(list);
}

/* Points for a group or a cell are exceptions to the option's; the form must get them back. */
static void exceptions_of_points_are_told(void **state)
{
    HallRoom *r = *state;
    Str text = changed(r, ours(r), "invalid unfilled",
                       "points good 5 group leaders;\n points fair 3 group peers item duty;\n"
                       "invalid unfilled");
    json_t *v = told(r, &r->clerk, &work_scheme_check, text, "");
    const json_t *points =
        jv_get(jv_at(jv_get(jv_get(v, "scheme"), "instruments"), 0), "points");
    assert_int_equal(jv_len(points), 2);
    kit_text(jv_str(jv_at(points, 0), "group"), "leaders");
    assert_null(jv_get(jv_at(points, 0), "item"));
    kit_text(jv_str(jv_at(points, 1), "group"), "peers");
    kit_text(jv_str(jv_at(points, 1), "item"), "duty");
    kit_text(jv_str(jv_at(points, 1), "points"), "3");
    json_decref(v);
}

static void what_is_wrong_has_its_place(void **state)
{
    HallRoom *r = *state;
    json_t *v = told(r, &r->clerk, &work_scheme_check,
                     STRC("scheme x {\n    title \"甲\";\n    cite \"乙\";\n"
                          "    part a \"甲\" from 0 to 100 missing refuse;\n"
                          "    node total \"总分\" { value aa; }\n    total total;\n"
                          "    band good \"好\" from 60 closed to 100 closed;\n"
                          "    band poor \"差\" from 0 closed to 60 open;\n    top good;\n}\n"), "");
    const json_t *problem = jv_get(v, "problem");
    assert_false(jv_bool(v, "ok"));
    assert_null(jv_get(v, "scheme"));
    assert_int_equal(jv_int(problem, "line"), 5);
    assert_int_equal(jv_int(problem, "column"), 29);
    assert_true(str_has(jv_str(problem, "message"), STRC("aa")));
    json_decref(v);
    v = told(r, &r->clerk, &work_scheme_check,
             changed(r, ours(r), "band fair \"一般\" from 60", "band fair \"一般\" from 61"), "");
    assert_true(str_has(jv_str(jv_get(v, "problem"), "message"), STRC("60")));
    json_decref(v);
    assert_null(told(r, &r->secretary, &work_scheme_check, STRC("x"), ""));
    assert_int_equal(r->e.code, ERR_FORBIDDEN);
}

static void computed(HallRoom *r)
{
    static const char *const routine[] = { "90", "90", "85", "70" };
    Who up = hall_account(r, "superior", "superior", r->helper[7], r->org);
    kit_choose(r, "share");
    kit_boxes(r, mixed);
    kit_state(r, "counted");
    for (int d = 0; d < HALL_PEOPLE; d++) {
        kit_input(r, &r->clerk, d, "routine", routine[d]);
        kit_input(r, &up, d, "superior", "95");
    }
    json_decref(kit_compute(r));
}

static const json_t *row_of(HallRoom *r, const json_t *tried, int d)
{
    const json_t *rows = jv_get(tried, "rows");
    for (size_t i = 0; i < jv_len(rows); i++)
        if (jv_int(jv_at(rows, i), "debriefer") == r->debriefer[d])
            return jv_at(rows, i);
    fail_msg("debriefer %d is not in the trial", d);
    return NULL;
}

/* Ballots 100, 100, 75, 50; by hand: 1 and 2 have 50 + 27 + 19 = 96, 3 has 37.5 + 25.5 + 19 = 82,
 * 4 has 25 + 21 + 19 = 65. With the ballot 0.6 and the routine part 0.2:
 * 60 + 18 + 19 = 97, 45 + 17 + 19 = 81 and 30 + 14 + 19 = 63. */
static void a_draft_stands_beside_the_result(void **state)
{
    HallRoom *r = *state;
    const char *year = more(r, "{'cycle':%lld}", ID(r->cycle));
    assert_null(told(r, &r->clerk, &work_scheme_try, ours(r), year));
    assert_int_equal(r->e.code, ERR_RESULT_NONE);
    computed(r);
    json_t *v = told(r, &r->clerk, &work_scheme_try, ours(r), year);
    for (int d = 0; d < HALL_PEOPLE; d++)
        assert_true(json_equal(jv_get(row_of(r, v, d), "before"),
                               jv_get(row_of(r, v, d), "after")));
    assert_int_equal(jv_len(jv_get(v, "objects")), 2);
    json_decref(v);
    Str draft = changed(r, changed(r, ours(r), "sum ballot 0.5", "sum ballot 0.6"),
                        "sum routine 0.3", "sum routine 0.2");
    v = told(r, &r->clerk, &work_scheme_try, draft, year);
    kit_text(jv_str(jv_get(row_of(r, v, 0), "before"), "total"), "96.00");
    kit_text(jv_str(jv_get(row_of(r, v, 0), "after"), "total"), "97.00");
    kit_text(jv_str(jv_get(row_of(r, v, 2), "before"), "total"), "82.00");
    kit_text(jv_str(jv_get(row_of(r, v, 2), "after"), "total"), "81.00");
    kit_text(jv_str(jv_get(row_of(r, v, 3), "after"), "total"), "63.00");
    json_decref(v);
    Who none = r->secretary;
    assert_null(told(r, &none, &work_scheme_try, draft, year));
    assert_int_equal(r->e.code, ERR_FORBIDDEN);
}

/* What a draft no longer has is left out of the figures, and said. */
static void what_a_draft_lacks_is_said(void **state)
{
    HallRoom *r = *state;
    computed(r);
    Str draft = changed(r, ours(r), "part superior \"上级评价\" from 0 to 100 missing renormalise;",
                        "");
    draft = changed(r, changed(r, draft, "sum superior 0.2;", ""), "sum ballot 0.5",
                    "sum ballot 0.7");
    draft = changed(r, changed(r, draft, "node ballot", "node votes"), "sum ballot", "sum votes");
    json_t *v = told(r, &r->clerk, &work_scheme_try, draft,
                     more(r, "{'cycle':%lld}", ID(r->cycle)));
    const json_t *left = jv_get(v, "left");
    assert_int_equal(jv_len(left), 2);
    kit_text(jv_str(jv_at(left, 0), "kind"), "part");
    kit_text(jv_str(jv_at(left, 0), "title"), "上级评价");
    kit_text(jv_str(jv_at(left, 1), "kind"), "node");
    kit_text(jv_str(jv_get(row_of(r, v, 0), "after"), "total"), "97.00"); /* 70 + 27 */
    json_decref(v);
    /* a part that is new has no figures: no result, and it says whose */
    draft = changed(r, ours(r), "part routine",
                    "part extra \"创新\" from 0 to 10 missing refuse;\n part routine");
    draft = changed(r, draft, "sum routine 0.3", "sum routine 0.3; sum extra 1");
    v = told(r, &r->clerk, &work_scheme_try, draft, more(r, "{'cycle':%lld}", ID(r->cycle)));
    kit_text(jv_str(jv_get(v, "after"), "status"), "refused");
    assert_int_equal(jv_len(jv_get(jv_get(v, "after"), "lacks")), HALL_PEOPLE);
    assert_null(jv_get(row_of(r, v, 0), "after"));
    json_decref(v);
    /* a total outside all bands names the person, not a number */
    draft = changed(r, ours(r), "value review.score", "value review.score + 200");
    draft = changed(r, draft, "max(0, min(100, base", "max(0, min(1000, base");
    assert_null(told(r, &r->clerk, &work_scheme_try, draft,
                     more(r, "{'cycle':%lld}", ID(r->cycle))));
    assert_int_equal(r->e.code, ERR_SCORE_NO_BAND);
    hall_says(r, "甲一");
}

static void an_example_is_tried_too(void **state)
{
    HallRoom *r = *state;
    json_t *s = shown(r, "sc02");
    Str text = arena_str(r->a, jv_str(jv_get(s, "scheme"), "text"));
    json_t *v = told(r, &r->committee, &work_scheme_try, text,
                     more(r, "{'base':'sc02','example':0}"));
    const json_t *second = jv_at(jv_get(v, "rows"), 1);
    kit_text(jv_str(second, "name"), "102");
    kit_text(jv_str(jv_get(second, "after"), "total"), "89.67");
    json_decref(v);
    json_decref(s);
    assert_null(told(r, &r->committee, &work_scheme_try, text,
                     more(r, "{'base':'sc02','example':9}")));
    assert_int_equal(r->e.code, ERR_NOT_FOUND);
}

static const char *saving(HallRoom *r, int64_t version)
{
    return version ? more(r, "{'org':%lld,'reason':'今年的通知','version':%lld}", ID(r->org),
                          ID(version)) :
                     more(r, "{'org':%lld,'reason':'今年的通知'}", ID(r->org));
}

static void a_scheme_of_our_own_is_saved_and_chosen(void **state)
{
    HallRoom *r = *state;
    Str text = ours(r);
    json_t *v = told(r, &r->clerk, &work_scheme_save, text, saving(r, 0));
    int64_t first = jv_int(v, "version");
    json_decref(v);
    /* the code is taken for whoever does not know of it, and nobody saves over a newer one */
    assert_null(told(r, &r->clerk, &work_scheme_save, text, saving(r, 0)));
    assert_int_equal(r->e.code, ERR_SCHEME_TAKEN);
    Str next = changed(r, text, "from 90 closed", "from 92 closed");
    next = changed(r, next, "to 90 open", "to 92 open");
    v = told(r, &r->head, &work_scheme_save, next, saving(r, first));
    int64_t second = jv_int(v, "version");
    json_decref(v);
    assert_null(told(r, &r->clerk, &work_scheme_save, text, saving(r, first)));
    assert_int_equal(r->e.code, ERR_CONFLICT);
    v = shown(r, "ours");
    assert_true(jv_bool(v, "own") && jv_bool(v, "may_save"));
    kit_text(jv_str(jv_at(jv_get(jv_get(v, "scheme"), "bands"), 0), "from"), "92");
    json_decref(v);
    v = hall_do(r, &r->clerk, &work_scheme_list, "{}");
    assert_int_equal(jv_int(v, "total"), 26);
    json_decref(v);
    /* a year that is opened with it holds it still */
    json_decref(hall_do(r, &r->head, &work_cycle_open,
                        "{'body':{'year':2027,'title':'2027年度','organiser':%lld,"
                        "'classes':[{'name':'duty','title':'履职'}],'objects':['party_building'],"
                        "'scheme':'ours','survey_mode':'open'}}", ID(r->org)));
    assert_null(told(r, &r->clerk, &work_scheme_save, text, saving(r, second)));
    assert_int_equal(r->e.code, ERR_SCHEME_USED);
    v = shown(r, "ours");
    assert_false(jv_bool(v, "may_save"));
    assert_int_equal(jv_len(jv_get(v, "used")), 1);
    json_decref(v);
}

static void what_does_not_hold_is_not_saved(void **state)
{
    HallRoom *r = *state;
    json_t *v = shown(r, "district");
    assert_null(told(r, &r->clerk, &work_scheme_save, jv_str(jv_get(v, "scheme"), "text"),
                     saving(r, 0)));
    assert_int_equal(r->e.code, ERR_SCHEME_TAKEN);
    json_decref(v);
    v = shown(r, "sc02");
    Str text = changed(r, arena_str(r->a, jv_str(jv_get(v, "scheme"), "text")), "scheme sc02",
                       "scheme ours");
    json_decref(v);
    assert_null(told(r, &r->clerk, &work_scheme_save,
                     changed(r, text, "value review.score", "value review.score / 2"),
                     saving(r, 0)));
    assert_int_equal(r->e.code, ERR_SCHEME_EXAMPLE);
    hall_says(r, "平均分与名次");
    assert_null(told(r, &r->secretary, &work_scheme_save, text, saving(r, 0)));
    assert_int_equal(r->e.code, ERR_FORBIDDEN);
    /* marks are not counted here: the year says so at once */
    v = told(r, &r->clerk, &work_scheme_save, text, saving(r, 0));
    json_decref(v);
    hall_refused(r, ERR_CYCLE_FORM, &r->head, &work_cycle_open,
                 "{'body':{'year':2027,'title':'2027年度','organiser':%lld,"
                 "'classes':[{'name':'duty','title':'履职'}],'objects':['party_building'],"
                 "'scheme':'ours','survey_mode':'open'}}", ID(r->org));
}

#define SCHEME_TEST(f) cmocka_unit_test_setup_teardown(f, hall_open, hall_close)

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        SCHEME_TEST(every_scheme_is_shown_whole),
        SCHEME_TEST(exceptions_of_points_are_told),
        SCHEME_TEST(what_is_wrong_has_its_place),
        SCHEME_TEST(a_draft_stands_beside_the_result),
        SCHEME_TEST(what_a_draft_lacks_is_said),
        SCHEME_TEST(an_example_is_tried_too),
        SCHEME_TEST(a_scheme_of_our_own_is_saved_and_chosen),
        SCHEME_TEST(what_does_not_hold_is_not_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
