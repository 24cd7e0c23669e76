/* Speeches in, tasks out: what a text says becomes findings and tasks that quote it. */
#include "work/hall_test.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

static Str sample(HallRoom *r, const char *name)
{
    Str text;
    const char *path = arena_z(r->a, arena_text(r->a, "src/text/testdata/%s.txt", name));
    assert_true(sys_file_read(&text, r->a, r->sys, path, 1 << 20, &r->e));
    return text;
}

static bool upload(HallRoom *r, const Who *who, Str bytes, const char *file, int64_t *id)
{
    WorkReply reply = { .json = buf_open(WORK_REPLY_MAX) };
    json_t *in = json_pack("{s:I,s:s,s:s}", "cycle", (json_int_t)r->cycle, "by", "某区领导", "day",
                           "2026-12-18"), *out = NULL;
    WorkInput given = { .json = in, .upload = bytes, .upload_name = str_of(file) };
    r->e = (Err){ 0 };
    bool ok = work_do(&reply, r->w, who, &work_document_load, &given, r->a, &r->e);
    if (ok)
        assert_true(jv_read(&out, buf_str(&reply.json), "reply", &r->e));
    *id = jv_int(out, "id");
    json_decref(out);
    json_decref(in);
    buf_close(&reply.json);
    return ok;
}

static int64_t loaded(HallRoom *r, const char *name)
{
    int64_t id;
    if (!upload(r, &r->clerk, sample(r, name), "speech.txt", &id)) {
        hall_show(r);
        fail_msg("%s was not loaded", name);
    }
    return id;
}

static json_t *shown(HallRoom *r, int64_t document)
{
    return hall_do(r, &r->clerk, &work_document_show, "{'document':%lld}", (long long)document);
}

/* Where the nth item of a list begins. */
static long long from(const json_t *shown_, const char *list, size_t n)
{
    return jv_int(jv_at(jv_get(jv_get(shown_, "outline"), list), n), "from");
}

#define CONFIRM "{'document':%lld,'version':%lld,'findings':[%s],'tasks':[%s]}"

static const char *pick(HallRoom *r, long long at, int64_t org, const char *more)
{
    return arena_z(r->a, arena_text(r->a, "{'from':%lld,'org':%lld%s}", at, (long long)org, more));
}

/* --- C19 ------------------------------------------------------------------------------------ */

static void c19_a_speech_becomes_findings_and_tasks(void **state)
{
    HallRoom *r = *state;
    int64_t doc = loaded(r, "traditional");
    json_t *s = shown(r, doc);
    const json_t *o = jv_get(s, "outline");
    assert_true(str_is(jv_str(jv_get(s, "document"), "state"), "draft"));
    assert_true(str_is(jv_str(jv_get(s, "document"), "title"), "在云汀区机关党建工作推进会上的讲话"));
    assert_int_equal(jv_len(jv_get(o, "achievements")), 3);
    assert_int_equal(jv_len(jv_get(o, "problems")), 4);
    assert_int_equal(jv_len(jv_get(o, "mismatches")), 0);
    /* The offsets lead to the sentence as it was written. */
    const json_t *p = jv_at(jv_get(o, "problems"), 1);
    Str there = str_sub(jv_str(s, "text"), (size_t)jv_int(p, "from"),
                        (size_t)(jv_int(p, "to") - jv_int(p, "from")));
    assert_true(str_eq(there, jv_str(p, "sentence")));
    assert_true(str_has(there, STRC("組織生活質量不高")));
    /* 明年3月底前 in a speech of December 2026 is a day; nothing else states one. */
    const json_t *due = jv_get(s, "due");
    assert_int_equal(jv_len(due), 1);
    assert_true(str_is(jv_str(jv_at(due, 0), "due"), "2027-03-31"));
    const char *finding = pick(r, jv_int(p, "from"), r->branch[0], ",'category':'loose_rules'");
    const char *task = pick(r, jv_int(jv_at(due, 0), "from"), r->branch[1],
                            arena_z(r->a, arena_text(r->a, ",'owner':%lld,'due':'2027-03-31'",
                                                     (long long)r->person[1])));
    json_t *made = hall_do(r, &r->clerk, &work_document_confirm, CONFIRM, (long long)doc,
                           (long long)doc, finding, task);
    int64_t f = json_integer_value(jv_at(jv_get(made, "findings"), 0));
    json_decref(made);
    json_decref(s);
    s = hall_do(r, &r->secretary, &work_finding_show, "{'finding':%lld}", (long long)f);
    const json_t *row = jv_get(s, "finding");
    assert_true(str_is(jv_str(row, "source"), "speech"));
    assert_true(str_is(jv_str(row, "by"), "某区领导"));
    assert_true(str_has(jv_str(row, "text"), STRC("组织生活质量不高"))); /* simplified */
    assert_true(str_is(jv_str(row, "state"), "listed"));
    assert_int_equal(jv_int(row, "no"), 1);
    json_decref(s);
    json_t *l = hall_do(r, &r->clerk, &work_task_list, "{'document':%lld}", (long long)doc);
    const json_t *t = jv_at(jv_get(l, "items"), 0);
    assert_int_equal(jv_int(l, "total"), 1);
    assert_true(str_is(jv_str(t, "due"), "2027-03-31"));
    assert_true(str_has(jv_str(t, "sentence"), STRC("突出重點"))); /* as written */
    json_decref(l);
    s = shown(r, doc);
    assert_true(str_is(jv_str(jv_get(s, "document"), "state"), "confirmed"));
    assert_int_equal(jv_int(jv_at(jv_get(s, "findings"), 0), "id"), f);
    assert_false(jv_bool(s, "may_confirm"));
    json_decref(s);
}

static void c19_what_was_announced_is_compared_with_what_is_there(void **state)
{
    HallRoom *r = *state;
    int64_t doc = loaded(r, "announced");
    json_t *s = shown(r, doc);
    const json_t *miss = jv_get(jv_get(s, "outline"), "mismatches");
    assert_int_equal(jv_len(miss), 2);
    assert_int_equal(jv_int(jv_at(miss, 0), "announced"), 3);
    assert_int_equal(jv_int(jv_at(miss, 0), "found"), 4);
    json_decref(s);
    hall_done(r, &r->clerk, &work_document_confirm, CONFIRM, (long long)doc, (long long)doc, "",
              "");
    /* It stays on record with the confirmation. */
    s = shown(r, doc);
    long long version = jv_int(jv_get(s, "document"), "version");
    json_decref(s);
    json_t *fact = hall_do(r, &r->console, &work_fact_show, "{'fact':%lld}", version);
    const json_t *fields = jv_get(fact, "fields");
    bool kept = false;
    for (size_t i = 0; i < jv_len(fields); i++)
        kept |= str_is(jv_str(jv_at(fields, i), "name"), "outline") &&
                str_has(jv_str(jv_at(fields, i), "text"),
                        STRC("{\"announced\":3,\"found\":4,\"what\":\"三点意见\"}"));
    assert_true(kept);
    json_decref(fact);
}

static void nothing_is_made_of_what_the_text_does_not_say(void **state)
{
    HallRoom *r = *state;
    int64_t doc = loaded(r, "traditional"), org = r->branch[0];
    json_t *s = shown(r, doc);
    long long problem = from(s, "problems", 0), demand = from(s, "demands", 0);
    json_decref(s);
    const struct { const char *findings, *tasks; ErrCode code; } refused[] = {
        { pick(r, problem + 1, org, ""), "", ERR_DOCUMENT_ITEM },
        { pick(r, demand, org, ""), "", ERR_DOCUMENT_ITEM },      /* a demand is no problem */
        { "", pick(r, problem, org, ""), ERR_DOCUMENT_ITEM },
        { pick(r, problem, 999999, ""), "", ERR_NOT_FOUND },      /* not on the roster */
        { pick(r, problem, org, ",'owner':999999"), "", ERR_NOT_FOUND },
        { "", pick(r, demand, org, ",'owner':999999"), ERR_NOT_FOUND },
        { pick(r, problem, org, ",'category':'bad'"), "", ERR_FIELD_CHOICE },
        { arena_z(r->a, arena_text(r->a, "{'from':%lld}", problem)), "", ERR_FIELD_MISSING },
        { arena_z(r->a, arena_text(r->a, "%s,%s", pick(r, problem, org, ""),
                                   pick(r, problem, org, ""))), "", ERR_DOCUMENT_TWICE },
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        hall_refused(r, refused[i].code, &r->clerk, &work_document_confirm, CONFIRM,
                     (long long)doc, (long long)doc, refused[i].findings, refused[i].tasks);
    /* All or nothing: the refused confirmations left no finding behind. */
    json_t *l = hall_do(r, &r->clerk, &work_finding_list, "{'cycle':%lld}", (long long)r->cycle);
    assert_int_equal(jv_int(l, "total"), 0);
    json_decref(l);
    hall_refused(r, ERR_CONFLICT, &r->clerk, &work_document_confirm, CONFIRM, (long long)doc,
                 (long long)doc - 1, "", "");
    hall_done(r, &r->clerk, &work_document_confirm, CONFIRM, (long long)doc, (long long)doc, "",
              "");
    hall_refused(r, ERR_DOCUMENT_CONFIRMED, &r->clerk, &work_document_confirm, CONFIRM,
                 (long long)doc, (long long)doc, pick(r, problem, org, ""), "");
}

/* --- loading -------------------------------------------------------------------------------- */

static void docx_txt_and_typed_text_say_the_same(void **state)
{
    HallRoom *r = *state;
    Str text = sample(r, "announced"), bytes, rest = text, line;
    Paper *p = paper_open(r->a, STRC("讲话"), PAPER_PORTRAIT);
    Print *print;
    PrintSetup setup = { .scratch = r->dir };
    for (bool more = true; more;) {
        more = str_cut(rest, STRC("\n"), &line, &rest);
        if (str_trim(line).n)
            paper_plain(p, line);
    }
    assert_true(print_open(&print, &setup, &r->e));
    assert_true(print_docx(&bytes, r->a, print, p, 0, &r->e));
    print_close(print);
    int64_t ids[3];
    assert_true(upload(r, &r->clerk, bytes, "讲话.docx", &ids[0]));
    assert_true(upload(r, &r->clerk, text, "讲话.txt", &ids[1]));
    json_t *in = json_pack("{s:I,s:s%}", "cycle", (json_int_t)r->cycle, "text", text.p, text.n);
    json_t *out = NULL;
    assert_true(hall_run(r, &r->clerk, &work_document_type, in, &out, NULL));
    ids[2] = jv_int(out, "id");
    json_decref(in);
    json_decref(out);
    for (int i = 0; i < 3; i++) {
        json_t *s = shown(r, ids[i]);
        const json_t *o = jv_get(s, "outline");
        assert_true(str_is(jv_str(jv_get(s, "document"), "title"),
                           "在南浦街道党建工作调度会上的讲话"));
        assert_int_equal(jv_len(jv_get(o, "mismatches")), 2);
        assert_int_equal(jv_len(jv_get(o, "demands")), 6);
        json_decref(s);
    }
    json_t *l = hall_do(r, &r->clerk, &work_document_list, "{'cycle':%lld}", (long long)r->cycle);
    assert_int_equal(jv_int(l, "total"), 3);
    json_decref(l);
}

static ErrCode typed(HallRoom *r, const Who *who, size_t points)
{
    char *text = malloc(points + 1);
    memset(text, 'a', points);
    json_t *in = json_pack("{s:I,s:s%}", "cycle", (json_int_t)r->cycle, "text", text, points);
    json_t *out = NULL;
    bool ok = hall_run(r, who, &work_document_type, in, &out, NULL);
    json_decref(out);
    json_decref(in);
    free(text);
    return ok ? ERR_NONE : r->e.code;
}

static void bad_texts_are_refused_in_words(void **state)
{
    HallRoom *r = *state;
    int64_t id;
    assert_int_equal(typed(r, &r->clerk, 200000), ERR_NONE);
    assert_int_equal(typed(r, &r->clerk, 200001), ERR_FIELD_LONG);
    assert_int_equal(typed(r, &r->clerk, 0), ERR_FIELD_MISSING);
    assert_int_equal(typed(r, &r->secretary, 10), ERR_FORBIDDEN);
    assert_false(upload(r, &r->clerk, STRC("  \n \n"), "空.txt", &id));
    assert_int_equal(r->e.code, ERR_FIELD_MISSING);
    assert_false(upload(r, &r->clerk, (Str){ "讲\0话", 7 }, "坏.txt", &id));
    assert_int_equal(r->e.code, ERR_BAD_TEXT);
    assert_false(upload(r, &r->clerk, (Str){ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8 }, "旧.doc",
                        &id));
    assert_int_equal(r->e.code, ERR_PRINT_OLD_OFFICE);
    hall_refused(r, ERR_FIELD_MISSING, &r->clerk, &work_document_type, "{'text':'讲话'}");
    /* Another organiser's clerk neither reads nor confirms it. */
    int64_t doc = loaded(r, "announced");
    int64_t elsewhere = hall_fact(r, "org", "{'code':'E','name':'他区机关工委',"
                                            "'kind':'work_committee'}");
    Who stranger = hall_account(r, "stranger", "organiser_clerk", r->helper[7], elsewhere);
    hall_refused(r, ERR_FORBIDDEN, &stranger, &work_document_show, "{'document':%lld}",
                 (long long)doc);
    hall_refused(r, ERR_FORBIDDEN, &stranger, &work_document_confirm, CONFIRM, (long long)doc,
                 (long long)doc, "", "");
    json_t *l = hall_do(r, &stranger, &work_document_list, "{}");
    assert_int_equal(jv_int(l, "total"), 0);
    json_decref(l);
}

/* --- tasks ---------------------------------------------------------------------------------- */

static int64_t task_made(HallRoom *r)
{
    int64_t doc = loaded(r, "announced");
    json_t *s = shown(r, doc);
    const char *task = pick(r, from(s, "demands", 0), r->branch[0], ",'due':'2026-12-20'");
    json_decref(s);
    json_t *made = hall_do(r, &r->clerk, &work_document_confirm, CONFIRM, (long long)doc,
                           (long long)doc, "", task);
    int64_t id = json_integer_value(jv_at(jv_get(made, "tasks"), 0));
    json_decref(made);
    return id;
}

static void a_task_is_done_when_its_progress_says_so(void **state)
{
    HallRoom *r = *state;
    int64_t t = task_made(r), v = t;
    const char *edit = "{'task':%lld,'version':%lld,'body':{%s}}";
    const char *move = "{'task':%lld,'version':%lld,'event':'%s'}";
    hall_refused(r, ERR_RULE_GUARD, &r->clerk, &work_task_move, move, (long long)t, (long long)v,
                 "finish");
    hall_refused(r, ERR_FIELD_UNKNOWN, &r->secretary, &work_task_edit, edit, (long long)t,
                 (long long)v, "'due':'2027-12-31'");
    Who stranger = hall_account(r, "stranger", "secretary", r->person[1], r->branch[1]);
    hall_refused(r, ERR_FORBIDDEN, &stranger, &work_task_edit, edit, (long long)t, (long long)v,
                 "'progress':'已办'");
    json_t *l = hall_do(r, &stranger, &work_task_list, "{}");
    assert_int_equal(jv_int(l, "total"), 0);
    json_decref(l);
    sys_pass(r->sys, 25 * DAY_MS);
    l = hall_do(r, &r->secretary, &work_task_list, "{'state':'open'}");
    assert_int_equal(jv_int(l, "overdue"), 1);
    assert_true(jv_bool(jv_at(jv_get(l, "items"), 0), "may_report"));
    assert_false(jv_bool(jv_at(jv_get(l, "items"), 0), "may_change"));
    json_decref(l);
    int64_t now = hall_made(hall_do(r, &r->secretary, &work_task_edit, edit, (long long)t,
                                    (long long)v, "'progress':'书记每周到网格'"), "version");
    hall_refused(r, ERR_CONFLICT, &r->clerk, &work_task_edit, edit, (long long)t, (long long)v,
                 "'progress':'旧页面上写的'");
    now = hall_made(hall_do(r, &r->clerk, &work_task_move, move, (long long)t, (long long)now,
                            "finish"), "version");
    hall_refused(r, ERR_FINDING_LOCKED, &r->secretary, &work_task_edit, edit, (long long)t,
                 (long long)now, "'progress':'再写'");
    hall_done(r, &r->clerk, &work_task_move, move, (long long)t, (long long)now, "reopen");
}

static void an_owner_finds_his_task_waiting(void **state)
{
    HallRoom *r = *state;
    int64_t t = task_made(r);
    hall_done(r, &r->clerk, &work_task_edit,
              "{'task':%lld,'version':%lld,'body':{'owner':%lld}}", (long long)t, (long long)t,
              (long long)r->person[0]);
    json_t *mine = hall_do(r, &r->secretary, &work_tasks_mine, "{}");
    const json_t *items = jv_get(mine, "items");
    bool found = false;
    for (size_t i = 0; i < jv_len(items); i++)
        found |= str_is(jv_str(jv_at(items, i), "why"), "抓住关键，书记要在一线") &&
                 str_is(jv_str(jv_at(items, i), "due"), "2026-12-20");
    assert_true(found);
    json_decref(mine);
}

#define ROOM(f) cmocka_unit_test_setup_teardown(f, hall_open, hall_close)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ROOM(c19_a_speech_becomes_findings_and_tasks),
        ROOM(c19_what_was_announced_is_compared_with_what_is_there),
        ROOM(nothing_is_made_of_what_the_text_does_not_say),
        ROOM(docx_txt_and_typed_text_say_the_same),
        ROOM(bad_texts_are_refused_in_words),
        ROOM(a_task_is_done_when_its_progress_says_so),
        ROOM(an_owner_finds_his_task_waiting),
    };
    print_child(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
