/* head: what is read from a request before its body, as tables. */
#include "http/parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int open_arena(void **state)
{
    *state = arena_open(4 << 20);
    return *state ? 0 : -1;
}

static int close_arena(void **state)
{
    arena_close(*state);
    return 0;
}

static bool read_target(Arena *a, HttpRequest *r, Str raw, ErrCode *code)
{
    Err e = { 0 };
    *r = (HttpRequest){ .arena = a };
    bool ok = http_read_target(r, raw, &e);
    *code = e.code;
    return ok;
}

static void target_is_decoded(void **state)
{
    static const struct { const char *raw, *path; } rows[] = {
        { "/", "/" },
        { "/a", "/a" },
        { "/a/", "/a/" },
        { "/a/b?x=1", "/a/b" },
        { "/%E8%BF%B0%E8%81%8C", "/述职" },
        { "/a%20b", "/a b" },
        { "/a+b", "/a+b" },
        { "/...", "/..." },
        { "/a?", "/a" },
        { "/%3f%23", "/?#" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        HttpRequest r;
        ErrCode code;
        if (!read_target(*state, &r, str_of(rows[i].raw), &code)
            || !str_is(r.path, rows[i].path))
            fail_msg("%s became %.*s (%s)", rows[i].raw, STR(r.path), err_name(code));
    }
}

static void bad_target_is_refused(void **state)
{
    static const char *const rows[] = {
        "",           "*",        "a",          "http://a/b",  "/a#b",      "/..",
        "/../etc",    "/a/..",    "/a/./b",     "/%2e%2e/etc", "/a/%2E",    "/a%2Fb",
        "/a%5Cb",     "/a\\b",    "//",         "//a",         "/a//b",     "/%00",
        "/a%00b",     "/%",       "/%4",        "/%zz",        "/%C0%AF",   "/%FF",
        "/%ED%A0%80", "/a%0Ab",   "/a%7F",      "/a?b=%00",    "/a?%00=b",  "/a?b=%",
        "/a?b=%ff",   "/a?x&x",   "/a?x=1&x=2", "/a?%78=1&x",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        HttpRequest r;
        ErrCode code;
        if (read_target(*state, &r, str_of(rows[i]), &code) || code != ERR_HTTP_BAD_REQUEST)
            fail_msg("%s was taken", rows[i]);
    }
}

static void query_is_read(void **state)
{
    HttpRequest r;
    ErrCode code;
    assert_true(read_target(*state, &r, STRC("/?q=%E5%85%9A+%E5%BB%BA&&p=2&flag&e=&x=a=b"),
                            &code));
    assert_int_equal(r.n_query, 5);
    assert_true(str_is(http_query(&r, "q"), "党 建"));
    assert_true(str_is(http_query(&r, "p"), "2"));
    assert_true(str_is(http_query(&r, "flag"), ""));
    assert_true(str_is(http_query(&r, "x"), "a=b"));
    assert_true(str_is(http_query(&r, "absent"), ""));
}

static Str repeat(Arena *a, const char *head, char c, size_t n)
{
    char *p = arena_alloc(a, strlen(head) + n + 1);
    memcpy(p, head, strlen(head));
    memset(p + strlen(head), c, n);
    return (Str){ p, strlen(head) + n };
}

static void target_limits(void **state)
{
    HttpRequest r;
    ErrCode code;
    Buf b = buf_open(1 << 20);
    assert_true(read_target(*state, &r, repeat(*state, "/", 'a', HTTP_URI_MAX - 1), &code));
    assert_false(read_target(*state, &r, repeat(*state, "/", 'a', HTTP_URI_MAX), &code));
    assert_int_equal(code, ERR_HTTP_URI_LONG);
    buf_put(&b, STRC("/?"));
    for (int i = 0; i < HTTP_QUERY_MAX; i++)
        buf_fmt(&b, "&k%d=%d", i, i);
    assert_true(read_target(*state, &r, buf_str(&b), &code));
    assert_int_equal(r.n_query, HTTP_QUERY_MAX);
    buf_put(&b, STRC("&more=1"));
    assert_false(read_target(*state, &r, buf_str(&b), &code));
    assert_int_equal(code, ERR_TOO_BIG);
    buf_close(&b);
}

static void language_is_chosen(void **state)
{
    (void)state;
    static const struct { const char *said; Lang want; } rows[] = {
        { "", LANG_HANS },
        { "zh-CN,zh;q=0.9,en;q=0.8", LANG_HANS },
        { "en", LANG_EN },
        { "en-GB,en;q=0.9,zh;q=0.8", LANG_EN },
        { "zh;q=0.5,en;q=0.6", LANG_EN },
        { "zh-TW", LANG_HANT },
        { "zh-Hant-HK,zh;q=0.1", LANG_HANT },
        { "ZH-hk", LANG_HANT },
        { "fr,de;q=0.9", LANG_HANS },
        { "en;q=0", LANG_HANS },
        { "en;q=x,zh", LANG_HANS },
        { "english", LANG_HANS },
        { ";;,,;q=,=", LANG_HANS },
        { "en ; q=0.5 , zh-TW ; q=0.501", LANG_HANT },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (http_read_lang(str_of(rows[i].said)) != rows[i].want)
            fail_msg("\"%s\" gave %d", rows[i].said, http_read_lang(str_of(rows[i].said)));
}

static void cookies_and_headers(void **state)
{
    (void)state;
    HttpPair headers[] = { { S("Host"), S("a") }, { S("cookie"), S("a=1; sid=x=y ;b=; c") } };
    HttpRequest r = { .headers = headers, .n_headers = 2 };
    assert_true(str_is(http_header(&r, "HOST"), "a"));
    assert_true(str_is(http_header(&r, "Hos"), ""));
    assert_true(str_is(http_cookie(&r, "a"), "1"));
    assert_true(str_is(http_cookie(&r, "sid"), "x=y"));
    assert_true(str_is(http_cookie(&r, "b"), ""));
    assert_true(str_is(http_cookie(&r, "c"), ""));
    assert_true(str_is(http_cookie(&r, "id"), ""));
}

static void forwarded_takes_the_last(void **state)
{
    (void)state;
    assert_true(str_is(http_read_forwarded(STRC("1.2.3.4, 10.0.0.7")), "10.0.0.7"));
    assert_true(str_is(http_read_forwarded(STRC("fe80::1")), "fe80::1"));
    assert_true(str_is(http_read_forwarded(STRC("1.2.3.4, unknown")), ""));
    assert_true(str_is(http_read_forwarded(STRC("")), ""));
}

static void etags_match(void **state)
{
    (void)state;
    Str tag = STRC("abc");
    assert_true(http_etag_match(STRC("\"abc\""), tag));
    assert_true(http_etag_match(STRC("W/\"abc\""), tag));
    assert_true(http_etag_match(STRC("\"x\", \"abc\""), tag));
    assert_true(http_etag_match(STRC("*"), tag));
    assert_false(http_etag_match(STRC(""), tag));
    assert_false(http_etag_match(STRC("abc"), tag));
    assert_false(http_etag_match(STRC("\"abcd\""), tag));
}

static bool file_name(Arena *a, const char *sent, Str *out)
{
    HttpPair header = { S("X-File-Name"), str_of(sent) };
    HttpRequest r = { .arena = a, .headers = &header, .n_headers = 1 };
    Err e = { 0 };
    return http_file_name(out, &r, &e) || (assert_int_equal(e.code, ERR_HTTP_FILE_NAME), false);
}

static void file_names(void **state)
{
    Str name;
    assert_true(file_name(*state, "%E5%90%8D%E5%86%8C+2026.xlsx", &name));
    assert_true(str_is(name, "名册+2026.xlsx"));
    static const char *const bad[] = { "", "..", ".profile", "a%2Fb", "..%5Ca", "%00", "a%0a",
                                       "%ff", "%20", "%" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (file_name(*state, bad[i], &name))
            fail_msg("\"%s\" was taken", bad[i]);
    assert_true(file_name(*state, repeat(*state, "", 'a', HTTP_FILE_NAME_MAX).p, &name));
    assert_int_equal(name.n, HTTP_FILE_NAME_MAX);
    assert_false(file_name(*state, repeat(*state, "", 'a', HTTP_FILE_NAME_MAX + 1).p, &name));
}

static void download_names(void **state)
{
    assert_true(str_is(http_disposition(*state, STRC("a.pdf")),
                       "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"));
    assert_true(str_is(http_disposition(*state, STRC("结果 单\".pdf\r\n")),
                       "attachment; filename=\"__ __.pdf__\"; filename*=UTF-8''"
                       "%E7%BB%93%E6%9E%9C%20%E5%8D%95%22.pdf%0D%0A"));
}

static void cookie_texts(void **state)
{
    HttpCookie c = { S("sid"), S("v"), 0 };
    assert_true(str_is(http_cookie_text(*state, c, false),
                       "sid=v; Path=/; HttpOnly; SameSite=Strict"));
    c.max_age = 60;
    assert_true(str_is(http_cookie_text(*state, c, true),
                       "sid=v; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=60"));
    c.max_age = -1;
    assert_true(str_is(http_cookie_text(*state, c, false),
                       "sid=v; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
}

static void reply_refuses_injection_and_overflow(void **state)
{
    (void)state;
    HttpReply r = { 0 };
    assert_false(http_reply_header(&r, STRC("X-A"), STRC("a\r\nSet-Cookie: b")));
    assert_false(http_reply_header(&r, STRC("X A"), STRC("a")));
    assert_false(http_reply_header(&r, STRC(""), STRC("a")));
    assert_false(http_reply_cookie(&r, STRC("sid"), STRC("a; Domain=x"), 0));
    assert_false(http_reply_cookie(&r, STRC("s=d"), STRC("a"), 0));
    for (int i = 0; i < HTTP_REPLY_HEADERS_MAX; i++)
        assert_true(http_reply_header(&r, STRC("X-A"), STRC("a")));
    assert_false(http_reply_header(&r, STRC("X-A"), STRC("a")));
    for (int i = 0; i < HTTP_REPLY_COOKIES_MAX; i++)
        assert_true(http_reply_cookie(&r, STRC("sid"), STRC("a"), 0));
    assert_false(http_reply_cookie(&r, STRC("sid"), STRC("a"), 0));
}

static void loopback_is_known(void **state)
{
    (void)state;
    static const char *const yes[] = { "127.0.0.1", "127.9.9.9", "::1" };
    static const char *const no[] = { "0.0.0.0", "::", "10.0.0.1", "localhost", "", "128.0.0.1",
                                      "127.0.0.1 " };
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(http_is_loopback(str_of(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(http_is_loopback(str_of(no[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(target_is_decoded),
        cmocka_unit_test(bad_target_is_refused),
        cmocka_unit_test(query_is_read),
        cmocka_unit_test(target_limits),
        cmocka_unit_test(language_is_chosen),
        cmocka_unit_test(cookies_and_headers),
        cmocka_unit_test(forwarded_takes_the_last),
        cmocka_unit_test(etags_match),
        cmocka_unit_test(file_names),
        cmocka_unit_test(download_names),
        cmocka_unit_test(cookie_texts),
        cmocka_unit_test(reply_refuses_injection_and_overflow),
        cmocka_unit_test(loopback_is_known),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
