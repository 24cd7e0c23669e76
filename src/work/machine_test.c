/* Machines: what a token lets in, the feed they read, and everything to take along. */
#include "work/ledger_kit_test.h"

#include "print/part.h"

typedef struct Machine {
    Fix f;
    Kit k;
    Str token;
    long long id;
} Machine;

static void machine_open(Machine *m, const char *more)
{
    kit_open(&m->f, &m->k);
    json_t *got = fix_ok(&m->f, m->k.clerk, "token_make",
                         fix_text(&m->f, "{\"title\":\"对接\",\"org\":%lld,\"to\":\"2027-01-31\"%s}",
                                  (long long)m->k.r.branch, more));
    m->token = jv_str(got, "token");
    m->id = jv_int(got, "id");
}

/* A request with the token alone, as the API passes it on; the error's code. */
static ErrCode visit(Machine *m, const char *name, const char *json, Str upload, json_t **out)
{
    const UseCase *u = work_case(str_of(name));
    json_t *in = NULL, *got = NULL;
    Err e = { 0 };
    assert_true(jv_read(&in, str_of(json), "test", &e));
    WorkReply r = { .json = buf_open(WORK_REPLY_MAX) };
    WorkInput given = { .json = in, .upload = upload, .upload_name = STRC("a.csv"),
                        .bearer = m->token };
    WorkVisit v = { .behalf = m->k.r.zhao };
    bool ok = work_visit(&r, m->f.work, &v, u, &given, m->f.a, &e);
    if (ok && r.json.n && u->out) {
        assert_true(jv_read(&got, buf_str(&r.json), "reply", &e));
        assert_true(shape_check(u->out, got, &e));
        m->f.kept[m->f.n_kept++] = got;
    }
    if (out)
        *out = got;
    json_decref(in);
    buf_close(&r.json);
    return ok ? ERR_NONE : e.code;
}

static const char *meeting(Machine *m, const char *kind)
{
    return fix_text(&m->f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":"
                    "\"2026-11-17\",\"kind\":\"%s\",\"topic\":\"x\"}}",
                    (long long)m->k.r.branch, kind);
}

static void a_reader_reads(void **state)
{
    Machine m;
    json_t *got;
    (void)state;
    machine_open(&m, "");
    kit_meeting(&m.f, &m.k, "2026-11-17", "congress", "学习");
    assert_int_equal(visit(&m, "record_list", "{\"form\":\"kit_meeting\"}", STRC(""), &got), 0);
    assert_int_equal(jv_int(got, "total"), 1);
    assert_int_equal(visit(&m, "record_file", meeting(&m, "day"), STRC(""), NULL), ERR_TOKEN_CASE);
    assert_int_equal(visit(&m, "org_list", "{}", STRC(""), NULL), ERR_TOKEN_CASE);
    assert_int_equal(visit(&m, "token_list", "{}", STRC(""), NULL), ERR_TOKEN_CASE);
    /* Nothing private comes with it, though its maker governs the whole tree. */
    fix_ok(&m.f, m.k.staff, "record_file",
           fix_text(&m.f, "{\"form\":\"kit_talk\",\"org\":%lld,\"values\":{\"on\":\"2026-11-17\","
                    "\"person\":%lld,\"gist\":\"x\"}}", (long long)m.k.r.branch,
                    (long long)m.k.r.zhao));
    assert_int_equal(visit(&m, "record_list", "{\"form\":\"kit_talk\"}", STRC(""), &got), 0);
    assert_int_equal(jv_int(got, "total"), 0);
    /* The log holds a hash, never the token. */
    Str secret = str_sub(m.token, 3, SIZE_MAX);
    fix_ok(&m.f, fix_console(), "export_all", "{}");
    assert_false(str_has(m.f.file.bytes, secret));
    fix_close(&m.f);
}

static void a_token_ends(void **state)
{
    Machine m;
    const char *list = "{\"form\":\"kit_meeting\"}";
    (void)state;
    machine_open(&m, "");
    assert_int_equal(visit(&m, "record_list", list, STRC(""), NULL), 0);
    fix_refused(&m.f, m.k.stranger, "token_end", fix_text(&m.f, "{\"token\":%lld}", m.id),
                ERR_FORBIDDEN);
    fix_ok(&m.f, m.k.clerk, "token_end", fix_text(&m.f, "{\"token\":%lld}", m.id));
    assert_int_equal(visit(&m, "record_list", list, STRC(""), NULL), ERR_TOKEN_BAD);
    json_t *l = fix_ok(&m.f, m.k.clerk, "token_list", "{}");
    assert_false(jv_bool(jv_at(jv_get(l, "items"), 0), "holds"));
    fix_close(&m.f);
    machine_open(&m, "");
    sys_pass(m.f.sys, INT64_C(80) * 86400000); /* 2027-02-06 */
    assert_int_equal(visit(&m, "record_list", list, STRC(""), NULL), ERR_TOKEN_BAD);
    m.token = STRC("sp_0000");
    assert_int_equal(visit(&m, "record_list", list, STRC(""), NULL), ERR_TOKEN_BAD);
    fix_refused(&m.f, m.k.clerk, "token_make",
                fix_text(&m.f, "{\"title\":\"x\",\"org\":%lld,\"to\":\"2029-01-01\"}",
                         (long long)m.k.r.branch), ERR_TOKEN_DAYS);
    fix_refused(&m.f, m.k.staff, "token_make",
                fix_text(&m.f, "{\"title\":\"x\",\"org\":%lld,\"to\":\"2027-03-01\"}",
                         (long long)m.k.r.committee), ERR_FORBIDDEN);
    fix_close(&m.f);
}

static void forms_and_subtree_hold(void **state)
{
    Machine m;
    json_t *got;
    (void)state;
    machine_open(&m, ",\"forms\":[\"kit_plan\"],\"files\":true");
    assert_int_equal(visit(&m, "record_list", "{\"form\":\"kit_meeting\"}", STRC(""), NULL),
                     ERR_TOKEN_FORM);
    const char *plan = "{\"form\":\"kit_plan\",\"org\":%lld,\"values\":{\"subject\":\"修路\"}}";
    assert_int_equal(visit(&m, "record_file", fix_text(&m.f, plan, (long long)m.k.r.branch),
                           STRC(""), &got), 0);
    assert_int_equal(visit(&m, "record_file", fix_text(&m.f, plan, (long long)m.k.r.street),
                           STRC(""), NULL), ERR_FORBIDDEN);
    assert_int_equal(visit(&m, "record_import", "{\"form\":\"kit_plan\"}",
                           STRC("所在组织,事项名称\nQ21,修桥\nQ2,修渠\n"), &got), 0);
    assert_int_equal(jv_int(got, "filed"), 1);
    assert_int_equal(jv_int(got, "refused"), 1);
    json_t *l = fix_ok(&m.f, m.k.clerk, "record_list", "{\"form\":\"kit_plan\"}");
    assert_int_equal(jv_int(l, "total"), 2);
    assert_true(str_is(jv_str(jv_at(jv_get(l, "items"), 0), "filed_by"), "孙立"));
    fix_close(&m.f);
}

static void the_feed_goes_on_where_it_was(void **state)
{
    Machine m;
    json_t *got;
    int64_t after = 0, seen = 0;
    bool more = true;
    (void)state;
    machine_open(&m, "");
    json_t *first = kit_meeting(&m.f, &m.k, "2026-11-17", "congress", "一");
    kit_meeting(&m.f, &m.k, "2026-11-17", "lecture", "二");
    fix_ok(&m.f, m.k.staff, "record_strike",
           fix_text(&m.f, "{\"form\":\"kit_meeting\",\"subject\":%lld,\"version\":%lld,"
                    "\"reason\":\"x\"}", (long long)jv_int(first, "id"),
                    (long long)jv_int(first, "version")));
    for (int turn = 0; more && turn < 10; turn++) {
        assert_int_equal(visit(&m, "feed_read",
                               after ? fix_text(&m.f, "{\"limit\":2,\"after\":%lld}",
                                                (long long)after) : "{\"limit\":2}",
                               STRC(""), &got), 0);
        seen += (int64_t)jv_len(jv_get(got, "items"));
        after = jv_int(got, "next");
        more = jv_bool(got, "more");
    }
    assert_int_equal(seen, 3);
    assert_true(jv_bool(jv_at(jv_get(got, "items"), 0), "struck"));
    kit_meeting(&m.f, &m.k, "2026-11-18", "day", "三");
    assert_int_equal(visit(&m, "feed_read", fix_text(&m.f, "{\"after\":%lld}", (long long)after),
                           STRC(""), &got), 0);
    assert_int_equal(jv_len(jv_get(got, "items")), 1);
    const json_t *values = jv_get(jv_at(jv_get(got, "items"), 0), "values");
    assert_true(str_is(jv_str(values, "topic"), "三"));
    /* Of another line nothing, and the page ends all the same. */
    got = fix_ok(&m.f, m.k.stranger, "feed_read", "{}");
    assert_int_equal(jv_len(jv_get(got, "items")), 0);
    assert_false(jv_bool(got, "more"));
    fix_close(&m.f);
}

/* An attachment of n bytes unlike the others, and a record that names it. */
static void attach_much(Machine *m, size_t n, char letter)
{
    char *bytes = malloc(n), day[11];
    assert_non_null(bytes);
    memset(bytes, letter, n);
    json_t *file = fix_upload(&m->f, m->k.staff, "file_store", "{}", (Str){ bytes, n }, "a.txt");
    snprintf(day, sizeof day, "2026-11-1%c", letter);
    fix_ok(&m->f, m->k.staff, "record_file",
           fix_text(&m->f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":\"%s\","
                    "\"kind\":\"day\",\"topic\":\"x\",\"files\":[\"%.*s\"]},"
                    "\"late_reason\":\"补\",\"late_by\":\"own\"}",
                    (long long)m->k.r.branch, day, STR(jv_str(file, "hash"))));
    free(bytes);
}

/* All attachments together may be 48 MB; one byte more is said, and the way without them stays. */
static void too_many_attachments_are_said(void **state)
{
    Machine m;
    (void)state;
    machine_open(&m, "");
    for (char day = '0'; day < '4'; day++)
        attach_much(&m, 10 << 20, day);
    attach_much(&m, 8 << 20, '4');
    fix_ok(&m.f, m.k.clerk, "export_all", "{}");
    attach_much(&m, 1, '5');
    fix_refused(&m.f, m.k.clerk, "export_all", "{}", ERR_TOO_BIG);
    fix_ok(&m.f, m.k.clerk, "export_all", "{\"without_files\":true}");
    fix_close(&m.f);
}

static void everything_goes_along(void **state)
{
    Machine m;
    Err e = { 0 };
    PrintZip *z;
    (void)state;
    machine_open(&m, "");
    json_t *file = fix_upload(&m.f, m.k.staff, "file_store", "{}", STRC("会议记录一页\n"), "a.txt");
    fix_ok(&m.f, m.k.staff, "record_file",
           fix_text(&m.f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":"
                    "\"2026-11-17\",\"kind\":\"day\",\"topic\":\"x\",\"files\":[\"%.*s\"]}}",
                    (long long)m.k.r.branch, STR(jv_str(file, "hash"))));
    fix_ok(&m.f, m.k.clerk, "export_all", "{}");
    assert_true(print_zip_open(&z, m.f.file.bytes, "zip", &e));
    assert_true(print_zip_has(z, "说明.txt"));
    assert_true(print_zip_has(z, "records/kit_meeting.jsonl"));
    assert_true(print_zip_has(z, "records/kit_meeting.csv"));
    assert_true(print_zip_has(z, "records/org.jsonl"));
    assert_true(print_zip_has(z, "packs/kit.pack"));
    assert_true(print_zip_has(z, fix_text(&m.f, "files/%.*s.txt", STR(jv_str(file, "hash")))));
    assert_false(print_zip_has(z, "records/account.jsonl"));
    assert_false(print_zip_has(z, "log.jsonl"));
    print_zip_close(z);
    fix_ok(&m.f, fix_console(), "export_all", "{\"without_files\":true}");
    assert_true(print_zip_open(&z, m.f.file.bytes, "zip", &e));
    assert_true(print_zip_has(z, "log.jsonl"));
    assert_false(print_zip_has(z, fix_text(&m.f, "files/%.*s.txt", STR(jv_str(file, "hash")))));
    print_zip_close(z);
    fix_refused(&m.f, m.k.staff, "export_all", "{}", ERR_FORBIDDEN);
    fix_close(&m.f);
}

/* --- attachments ---------------------------------------------------------------------------- */

static void files_are_told_by_their_bytes(void **state)
{
    Fix f;
    Kit k;
    static const struct { const char *bytes; size_t n; const char *type; } kinds[] = {
#define FILE_OF(lit, type) { lit, sizeof lit - 1, type }
        FILE_OF("%PDF-1.4 x", "application/pdf"),
        FILE_OF("\x89PNG\r\n\x1A\nx", "image/png"),
        FILE_OF("\xFF\xD8\xFF\xE0x", "image/jpeg"),
        FILE_OF("PK\x03\x04 word/document.xml", "application/vnd.openxmlformats-officedocument."
                "wordprocessingml.document"),
        FILE_OF("PK\x03\x04 OFD.xml", "application/ofd"),
        FILE_OF("会议记录", "text/plain; charset=utf-8"),
        FILE_OF("PK\x03\x04 xl/workbook.xml vbaProject.bin", NULL),
        FILE_OF("PK\x03\x04 a.exe", NULL),
        FILE_OF("<html>", NULL),
        FILE_OF("  <svg>", NULL),
        FILE_OF("#!/bin/sh", NULL),
        FILE_OF("MZ\x90", NULL),
        FILE_OF("\xD0\xCF\x11\xE0", NULL),
        FILE_OF("\xB5\xB3", NULL),
        FILE_OF("", NULL),
    };
    (void)state;
    kit_open(&f, &k);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        json_t *got = NULL;
        Err e = { 0 };
        bool ok = fix_call(&f, k.staff, "file_store", "{}", (Str){ kinds[i].bytes, kinds[i].n },
                           "x.pdf", &got, &e);
        assert_int_equal(ok, kinds[i].type != NULL);
        if (ok)
            assert_true(str_is(jv_str(got, "type"), kinds[i].type));
        else
            assert_int_equal(e.code, ERR_FILE_KIND);
    }
    fix_close(&f);
}

static void the_size_of_a_file(void **state)
{
    enum { MAX = 10 << 20 };
    Fix f;
    Kit k;
    Err e = { 0 };
    (void)state;
    kit_open(&f, &k);
    char *big = malloc(MAX + 1);
    memset(big, 'a', MAX + 1);
    assert_true(fix_call(&f, k.staff, "file_store", "{}", (Str){ big, MAX }, "a", NULL, &e));
    assert_false(fix_call(&f, k.staff, "file_store", "{}", (Str){ big, MAX + 1 }, "a", NULL, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    free(big);
    fix_close(&f);
}

static int64_t attach(Fix *f, Kit *k, const char *kind, Str hash)
{
    return jv_int(fix_ok(f, k->staff, "record_file",
                         fix_text(f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":"
                                  "\"2026-11-17\",\"kind\":\"%s\",\"topic\":\"x\",\"files\":"
                                  "[\"%.*s\"]}}", (long long)k->r.branch, kind, STR(hash))), "id");
}

/* The same file twice is a fact that both records show; who may not read one gets neither. */
static void the_same_file_twice_is_shown(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    json_t *up = fix_upload(&f, k.staff, "file_store", "{}", STRC("签到表"), "a.txt");
    Str hash = jv_str(up, "hash");
    assert_int_equal(jv_len(jv_get(up, "held")), 0);
    long long first = attach(&f, &k, "day", hash), second = attach(&f, &k, "lecture", hash);
    up = fix_upload(&f, k.staff, "file_store", "{}", STRC("签到表"), "b.txt");
    assert_int_equal(jv_len(jv_get(up, "held")), 2);
    up = fix_upload(&f, k.stranger, "file_store", "{}", STRC("签到表"), "b.txt");
    assert_int_equal(jv_len(jv_get(up, "held")), 0);
    assert_int_equal(jv_int(up, "elsewhere"), 2);
    json_t *one = fix_ok(&f, k.superior, "record_show",
                         fix_text(&f, "{\"form\":\"kit_meeting\",\"subject\":%lld}", first));
    const json_t *file = jv_at(jv_get(one, "files"), 0);
    assert_true(str_is(jv_str(file, "name"), "附件1.txt"));
    assert_int_equal(jv_int(jv_at(jv_get(file, "also"), 0), "subject"), second);
    const char *get = fix_text(&f, "{\"hash\":\"%.*s\",\"form\":\"kit_meeting\",\"subject\":%lld}",
                               STR(hash), first);
    fix_ok(&f, k.superior, "file_get", get);
    assert_true(str_is(f.file.bytes, "签到表"));
    fix_refused(&f, k.stranger, "file_get", get, ERR_FORBIDDEN);
    fix_refused(&f, k.superior, "file_get",
                fix_text(&f, "{\"hash\":\"%064d\",\"form\":\"kit_meeting\",\"subject\":%lld}", 0,
                         first), ERR_NOT_FOUND);
    fix_close(&f);
}

/* What was uploaded and attached to nothing goes after two days; what hangs somewhere stays. */
static void spare_files_go(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    Str kept = jv_str(fix_upload(&f, k.staff, "file_store", "{}", STRC("甲"), "a"), "hash");
    Str spare = jv_str(fix_upload(&f, k.staff, "file_store", "{}", STRC("乙"), "a"), "hash");
    attach(&f, &k, "day", kept);
    sys_pass(f.sys, INT64_C(3) * 86400000);
    fix_upload(&f, k.staff, "file_store", "{}", STRC("丙"), "a");
    const char *in = "{\"form\":\"kit_plan\",\"org\":%lld,\"values\":{\"subject\":\"%s\","
                     "\"files\":[\"%.*s\"]}}";
    fix_refused(&f, k.staff, "record_file",
                fix_text(&f, in, (long long)k.r.branch, "一", STR(spare)), ERR_FILE_UNKNOWN);
    fix_ok(&f, k.staff, "record_file",
           fix_text(&f, in, (long long)k.r.branch, "二", STR(kept)));
    fix_close(&f);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_reads),
        cmocka_unit_test(a_token_ends),
        cmocka_unit_test(forms_and_subtree_hold),
        cmocka_unit_test(the_feed_goes_on_where_it_was),
        cmocka_unit_test(too_many_attachments_are_said),
        cmocka_unit_test(everything_goes_along),
        cmocka_unit_test(files_are_told_by_their_bytes),
        cmocka_unit_test(the_size_of_a_file),
        cmocka_unit_test(the_same_file_twice_is_shown),
        cmocka_unit_test(spare_files_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
