/* Every route as every role, inside and outside of the subtree; the table, its description, and
 * what stands between a request and a use case. */
#include "api/api.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "work/fixture_test.h"

/* --- the table ------------------------------------------------------------------------------ */

static bool has_field(const Shape *s, const char *name, size_t n)
{
    for (size_t i = 0; s && i < s->n; i++)
        if (strlen(s->fields[i].name) == n && strncmp(s->fields[i].name, name, n) == 0)
            return true;
    return false;
}

/* Each member of a path is an input, no two routes are the same, each is granted to somebody. */
static void the_table_holds_together(void **state)
{
    size_t n;
    const ApiRoute *all = api_routes(&n);
    (void)state;
    assert_true(n > 50);
    for (size_t i = 0; i < n; i++) {
        const UseCase *u = all[i].use_case;
        assert_true(strncmp(all[i].path, "/api/", 5) == 0);
        for (const char *at = strchr(all[i].path, '{'); at; at = strchr(at + 1, '{'))
            if (!has_field(u->in, at + 1, strcspn(at + 1, "}")))
                fail_msg("%s: %s has no such input", all[i].path, u->name);
        if (u->roles == 0)
            fail_msg("%s is granted to nobody", u->name);
        if (all[i].method == HTTP_GET && u->mode == WORK_WRITE)
            fail_msg("GET %s writes", all[i].path);
        for (size_t k = 0; k < i; k++)
            if (all[k].method == all[i].method && strcmp(all[k].path, all[i].path) == 0)
                fail_msg("%s stands twice", all[i].path);
    }
}

/* Names of shapes are unique, or two would be taken for one in the description. */
static void shapes_are_told_apart(void **state)
{
    size_t n;
    const ApiRoute *all = api_routes(&n);
    (void)state;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) {
            const Shape *a = all[i].use_case->out, *b = all[k].use_case->out;
            if (a && b && a != b && strcmp(a->name, b->name) == 0)
                fail_msg("%s and %s both answer \"%s\"", all[i].use_case->name,
                         all[k].use_case->name, a->name);
        }
}

static void the_description_is_whole(void **state)
{
    Err e = { 0 };
    size_t n, operations = 0;
    json_t *doc;
    Buf b = buf_open(WORK_REPLY_MAX);
    Jw w = jw_open(&b);
    const char *path;
    json_t *item;
    (void)state;
    (void)api_routes(&n);
    api_openapi(&w);
    assert_true(jw_close(&w));
    assert_true(jv_read(&doc, buf_str(&b), "openapi", &e));
    json_object_foreach ((json_t *)(uintptr_t)jv_get(doc, "paths"), path, item)
        operations += json_object_size(item);
    assert_int_equal(operations, n);
    /* Every reference leads somewhere. */
    Str text = buf_str(&b), ref = STRC("\"#/components/schemas/");
    const json_t *schemas = jv_get(jv_get(doc, "components"), "schemas");
    size_t refs = 0;
    for (ptrdiff_t at; (at = str_find(text, ref)) >= 0; refs++) {
        Str name, rest;
        text = str_sub(text, (size_t)at + ref.n, SIZE_MAX);
        str_cut(text, STRC("\""), &name, &rest);
        char key[100];
        snprintf(key, sizeof key, "%.*s", STR(name));
        if (!jv_get(schemas, key))
            fail_msg("no schema %s", key);
    }
    assert_true(refs > n / 2);
    json_decref(doc);
    buf_close(&b);
}

/* --- every route as every role -------------------------------------------------------------- */

typedef struct Things {
    FixRoster r;
    int64_t other, cycle, debriefer, account, complaint;
} Things;

static Things things_make(Fix *f)
{
    Things t = { .r = fix_roster(f) };
    static const char outside[] = "组织编号,名称,类别\nZ,别处委员会,党委\n";
    fix_upload(f, fix_console(), "roster_import", "{}", (Str){ outside, sizeof outside - 1 }, "z");
    t.other = fix_org(f, "别处委员会");
    json_t *got = fix_ok(f, fix_console(), "cycle_open",
        fix_text(f, "{\"body\":{\"year\":2026,\"title\":\"2026年度\",\"organiser\":%lld,"
                 "\"classes\":[{\"name\":\"a\",\"title\":\"甲\"}],\"objects\":[\"party_building\"],"
                 "\"scheme\":\"district\",\"survey_mode\":\"sealed\"}}",
                 (long long)t.r.committee));
    t.cycle = jv_int(got, "id");
    got = fix_ok(f, fix_console(), "debriefer_add",
        fix_text(f, "{\"cycle\":%lld,\"body\":{\"org\":%lld,\"person\":%lld,\"form\":\"live\"}}",
                 (long long)t.cycle, (long long)t.r.street, (long long)t.r.li));
    t.debriefer = jv_int(got, "id");
    got = fix_ok(f, fix_console(), "account_open",
                 fix_text(f, "{\"person\":%lld,\"login\":\"zeng\"}", (long long)t.r.zeng));
    t.account = jv_int(got, "id");
    got = fix_ok(f, fix_console(), "complaint_file", "{\"text\":\"意见\"}");
    t.complaint = jv_int(got, "id");
    return t;
}

static int64_t thing_named(const Things *t, const char *name)
{
    const struct { const char *name; int64_t id; } known[] = {
        { "cycle", t->cycle },          { "org", t->r.street },      { "debriefer", t->debriefer },
        { "person", t->r.zhao },        { "account", t->account },   { "fact", t->r.branch },
        { "complaint", t->complaint },  { "version", t->cycle },     { "subject", t->debriefer },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].id;
    return 1; /* a number of nothing */
}

static json_t *input_for(const Things *t, const Shape *s);

static json_t *value_for(const Things *t, const ShapeField *f)
{
    char word[40];
    switch (f->type) {
    case SHAPE_ID:
        return json_integer(thing_named(t, f->name));
    case SHAPE_INT:
        return json_integer(f->max > f->min ? f->min : 1);
    case SHAPE_BOOL:
        return json_true();
    case SHAPE_DAY:
        return json_string("2026-11-20");
    case SHAPE_WORD:
        snprintf(word, sizeof word, "%.*s", (int)strcspn(f->words, "|"), f->words);
        return json_string(word);
    case SHAPE_DEC:
        return json_string("1.5");
    case SHAPE_LIST:
    case SHAPE_WORDS:
    case SHAPE_IDS:
        return json_array();
    case SHAPE_OBJ:
        return input_for(t, f->sub);
    case SHAPE_JSON:
        return json_object();
    default:
        return json_string(strcmp(f->name, "form") == 0 ? "org" :
                           strcmp(f->name, "object") == 0 ? "party_building" : "某");
    }
}

/* Only what must be there, so that a GET without a question is asked too. */
static json_t *input_for(const Things *t, const Shape *s)
{
    json_t *o = json_object();
    for (size_t i = 0; s && i < s->n; i++)
        if (s->fields[i].required)
            json_object_set_new(o, s->fields[i].name, value_for(t, &s->fields[i]));
    return o;
}

static bool row_allows(const UseCase *u, Role r)
{
    if (u->roles & WORK_ANYBODY)
        return true;
    return r != ROLE_PUBLIC && ((u->roles & WORK_LOGGED_IN) || (u->roles & ROLE_BIT(r)));
}

/* Does it change something that belongs to an organisation or a cycle named in its input? */
static bool belongs(const UseCase *u)
{
    static const char *const names[] = { "cycle", "debriefer", "org", "account", "meeting",
                                         "grant" };
    if (u->mode != WORK_WRITE || (u->roles & (WORK_ANYBODY | WORK_LOGGED_IN)))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (has_field(u->in, names[i], strlen(names[i])))
            return true;
    return false;
}

/* Carries the route out without keeping what it wrote: a writer that succeeds is told so. */
static bool try_route(Fix *f, const Things *t, const UseCase *u, Who who, Err *e)
{
    json_t *in = input_for(t, u->in), *got = NULL;
    WorkReply r = { .json = buf_open(WORK_REPLY_MAX) };
    WorkInput given = { .json = in, .peer = STRC("127.0.0.1"), .upload_name = STRC("名册.csv") };
    Arena *a = arena_open(WORK_ARENA_MAX);
    if (u->upload)
        given.upload = STRC("组织编号,名称,类别,上级组织编号\nQ2,东街街道党委,党委,Q\n");
    bool ok = work_do(&r, f->work, &who, u, &given, a, e);
    if (ok && u->out) {
        Err shape = { 0 };
        assert_true(jv_read(&got, buf_str(&r.json), "reply", e));
        if (!shape_check(u->out, got, &shape))
            fix_fail(u->name, &shape);
    }
    json_decref(got);
    json_decref(in);
    buf_close(&r.json);
    arena_close(a);
    return ok;
}

static void judge(const UseCase *u, Role role, bool inside, bool ok, const Err *e)
{
    bool allowed = row_allows(u, role);
    if (ok && !allowed)
        fail_msg("%s was done as %s", u->name, role_name(role));
    if (ok && !inside && belongs(u))
        fail_msg("%s was done by a %s of another tree", u->name, role_name(role));
    if (ok)
        return;
    if (err_http(e->code) == 500) {
        fix_fail(u->name, e);
    } else if (!allowed && e->code != ERR_FORBIDDEN && e->code != ERR_LOGIN_NEEDED) {
        fix_fail(u->name, e);
    } else if (role == ROLE_PUBLIC && !allowed && e->code != ERR_LOGIN_NEEDED) {
        fix_fail(u->name, e);
    }
}

static Who who_as(const Things *t, Role role, bool inside)
{
    if (role == ROLE_PUBLIC)
        return (Who){ .account = 0 };
    return (Who){ .account = t->account, .person = t->r.zeng, .n_grants = 1,
                  .grants = { { role, inside ? t->r.committee : t->other, 0 } } };
}

static void every_route_as_every_role(void **state)
{
    Fix f;
    size_t n, answered = 0;
    const ApiRoute *all = api_routes(&n);
    (void)state;
    fix_open(&f, 1);
    Things t = things_make(&f);
    for (size_t i = 0; i < n; i++) {
        bool any = false;
        for (Role role = 0; role < ROLE_COUNT; role++)
            for (int inside = 0; inside < 2; inside++) {
                Err e = { 0 };
                bool ok = try_route(&f, &t, all[i].use_case, who_as(&t, role, inside), &e);
                judge(all[i].use_case, role, inside, ok, &e);
                any |= ok;
            }
        answered += any && all[i].method == HTTP_GET;
    }
    assert_true(answered >= 15); /* replies whose shape was checked */
    fix_close(&f);
}

/* Who has no account gets in nowhere, except where it says so. */
static void strangers(void **state)
{
    size_t n;
    const ApiRoute *all = api_routes(&n);
    static const char *const open[] = {
        "login", "activate", "complaint_file", "open_list", "open_feed", "open_show", "open_notice",
        /* voters have slips, trustees have passes, and what is published anybody reads */
        "booth_show", "booth_group", "booth_creds", "booth_trackers", "booth_archive", "booth_cast",
        "booth_opened", "booth_desk", "booth_say", "booth_slips", "booth_share",
        "booth_torn", "booth_torn_list", "booth_piece"
    };
    (void)state;
    for (size_t i = 0; i < n; i++) {
        bool named = false;
        for (size_t k = 0; k < sizeof open / sizeof *open; k++)
            named |= strcmp(open[k], all[i].use_case->name) == 0;
        assert_int_equal((all[i].use_case->roles & WORK_ANYBODY) != 0, named);
    }
}

/* The operator of the installation reads no content, but what is his own (…_mine). */
static void sys_admin_reads_no_content(void **state)
{
    static const char *const may[] = { "me", "logout", "login", "activate", "password_change",
                                       "log_head", "complaint_file", "form_show", "list_show",
                                       "scheme_list", "scheme_show", "draft_show", "draft_save",
                                       "draft_drop",
                                       "open_list", "open_feed", "open_show", "open_notice" };
    size_t n;
    const ApiRoute *all = api_routes(&n);
    (void)state;
    for (size_t i = 0; i < n; i++) {
        const UseCase *u = all[i].use_case;
        Str name = str_of(u->name);
        bool named = str_starts(name, STRC("backup_")) || str_ends(name, STRC("_mine")) ||
                     str_starts(name, STRC("booth_"));
        for (size_t k = 0; k < sizeof may / sizeof *may; k++)
            named |= strcmp(may[k], u->name) == 0;
        if (row_allows(u, ROLE_SYS_ADMIN) && !named)
            fail_msg("sys_admin may call %s", u->name);
    }
}

/* --- over the wire -------------------------------------------------------------------------- */

typedef struct Served {
    Fix f;
    Api *api;
} Served;

static Served served_open(void)
{
    Served s;
    Err e = { 0 };
    fix_open(&s.f, 3);
    ApiConfig c = { .work = s.f.work, .host = STRC("127.0.0.1"), .port = 18080, .pick_port = true,
                    .threads = 2 };
    if (!api_open(&s.api, &c, &e))
        fix_fail("api_open", &e);
    return s;
}

static void served_close(Served *s)
{
    api_close(s->api);
    fix_close(&s->f);
}

/* One request on a connection of its own; the whole reply with a NUL, in the fixture's arena. */
static const char *ask(Served *s, const char *request)
{
    enum { REPLY_BYTES = 1 << 20 };
    char *reply = arena_alloc(s->f.a, REPLY_BYTES + 1);
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)api_port(s->api)) };
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(write(fd, request, strlen(request)), (ssize_t)strlen(request));
    size_t n = 0;
    for (ssize_t k; (k = read(fd, reply + n, REPLY_BYTES - n)) > 0; n += (size_t)k)
        ;
    close(fd);
    reply[n] = 0;
    return reply;
}

static const char *request(Served *s, const char *line, const char *headers, const char *body)
{
    return fix_text(&s->f, "%s HTTP/1.1\r\nHost: t\r\nConnection: close\r\n%s"
                    "Content-Length: %zu\r\n\r\n%s", line, headers, strlen(body), body);
}

static void assert_status(const char *reply, int status, const char *holds)
{
    char want[20];
    snprintf(want, sizeof want, "HTTP/1.1 %d", status);
    if (strncmp(reply, want, strlen(want)) != 0 || !strstr(reply, holds))
        fail_msg("wanted %d with \"%s\", got: %.600s", status, holds, reply);
}

static void refusals_over_the_wire(void **state)
{
    Served s = served_open();
    (void)state;
    assert_status(ask(&s, request(&s, "GET /api/me", "", "")), 401, "LOGIN_NEEDED");
    assert_status(ask(&s, request(&s, "GET /api/nothing", "", "")), 404, "NO_ROUTE");
    assert_status(ask(&s, request(&s, "DELETE /api/me", "", "")), 405, "NO_METHOD");
    assert_status(ask(&s, request(&s, "POST /api/login", "", "{\"login\":1}")), 422, "FIELD_TYPE");
    assert_status(ask(&s, request(&s, "POST /api/login", "", "{\"login\":\"a\",\"password\":\"b\","
                                  "\"more\":1}")), 422, "FIELD_UNKNOWN");
    assert_status(ask(&s, request(&s, "POST /api/login", "", "[]")), 422, "FIELD_TYPE");
    assert_status(ask(&s, request(&s, "POST /api/login", "", "{\"login\":\"nobody\","
                                  "\"password\":\"wrong one\"}")), 401, "AUTH_LOGIN");
    assert_status(ask(&s, request(&s, "POST /api/complaints", "Accept-Language: en\r\n", "{}")),
                  422, "fill it in");
    served_close(&s);
}

static const char *cookie_of(Served *s, const char *reply)
{
    const char *at = strstr(reply, "shuping_session=");
    assert_non_null(at);
    assert_non_null(strstr(reply, "HttpOnly"));
    assert_non_null(strstr(reply, "SameSite"));
    return fix_text(&s->f, "Cookie: %.*s\r\n", (int)strcspn(at, ";\r"), at);
}

/* In by the slip; a write without the page's token is refused, with it is done; out again. */
static void a_session_over_the_wire(void **state)
{
    Served s = served_open();
    json_t *first = fix_ok(&s.f, fix_console(), "first_admin", "{}");
    (void)state;
    const char *reply = ask(&s, request(&s, "POST /api/activate", "",
        fix_text(&s.f, "{\"code\":\"%.*s\",\"password\":\"江山如画 2026\"}",
                 STR(jv_str(first, "code")))));
    assert_status(reply, 200, "\"admin\"");
    const char *cookie = cookie_of(&s, reply);
    reply = ask(&s, request(&s, "GET /api/me", cookie, ""));
    assert_status(reply, 200, "sec_admin");
    const char *csrf = strstr(reply, "\"csrf\":\"") + 8;
    csrf = fix_text(&s.f, "%sX-Csrf: %.64s\r\n", cookie, csrf);
    assert_status(ask(&s, request(&s, "GET /api/accounts?q=adm&limit=5", cookie, "")), 200,
                  "\"login\":\"admin\"");
    assert_status(ask(&s, request(&s, "GET /api/accounts?limit=x", cookie, "")), 422, "FIELD_TYPE");
    assert_status(ask(&s, request(&s, "GET /api/accounts?nothing=1", cookie, "")), 422,
                  "FIELD_UNKNOWN");
    assert_status(ask(&s, request(&s, "GET /api/cycles", cookie, "")), 403, "FORBIDDEN");
    static const char csv[] = "组织编号,名称,类别\nQ,区委,党委\n";
    const char *named = fix_text(&s.f, "%sX-File-Name: %%E5%%90%%8D%%E5%%86%%8C.csv\r\n", csrf);
    assert_status(ask(&s, request(&s, "POST /api/orgs/import", cookie, csv)), 403, "CSRF");
    assert_status(ask(&s, request(&s, "POST /api/orgs/import", csrf, csv)), 422, "HTTP_FILE_NAME");
    assert_status(ask(&s, request(&s, "POST /api/orgs/import?answers=", named, csv)), 200,
                  "\"stored\":true");
    reply = ask(&s, request(&s, "GET /api/orgs/export?format=csv", cookie, ""));
    assert_status(reply, 200, "区委");
    assert_non_null(strstr(reply, "attachment"));
    assert_status(ask(&s, request(&s, "POST /api/logout", csrf, "")), 200, "{}");
    assert_status(ask(&s, request(&s, "GET /api/me", cookie, "")), 401, "LOGIN_NEEDED");
    served_close(&s);
}

/* A machine: its token alone lets it in; a cookie beside it adds nothing, and it needs no CSRF. */
static void a_token_over_the_wire(void **state)
{
    Served s = served_open();
    FixRoster r = fix_roster(&s.f);
    Who clerk = fix_account(&s.f, r.zeng, "zeng", "organiser_clerk", r.committee);
    (void)state;
    json_t *made = fix_ok(&s.f, clerk, "token_make",
        fix_text(&s.f, "{\"title\":\"对接\",\"org\":%lld,\"to\":\"2027-01-01\",\"files\":true}",
                 (long long)r.branch));
    const char *bearer = fix_text(&s.f, "Authorization: Bearer %.*s\r\n",
                                  STR(jv_str(made, "token")));
    assert_status(ask(&s, request(&s, "GET /api/feed", bearer, "")), 200, "\"more\":false");
    assert_status(ask(&s, request(&s, "GET /api/tokens", bearer, "")), 403, "TOKEN_CASE");
    assert_status(ask(&s, request(&s, "GET /api/feed", "Authorization: Bearer sp_0\r\n", "")), 401,
                  "TOKEN_BAD");
    const char *both = fix_text(&s.f, "%sCookie: shuping_session=x\r\n", bearer);
    assert_status(ask(&s, request(&s, "POST /api/ledgers/nothing", both,
                                  fix_text(&s.f, "{\"org\":%lld,\"values\":{}}",
                                           (long long)r.branch))), 404, "NOT_FOUND");
    assert_status(ask(&s, request(&s, "GET /api/open", "", "")), 200, "\"total\":0");
    assert_status(ask(&s, request(&s, "GET /api/open/feed", "", "")), 200,
                  "<id>http://t/open</id>");
    assert_status(ask(&s, request(&s, "GET /api/open/7", "", "")), 404, "NOT_FOUND");
    served_close(&s);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_holds_together), cmocka_unit_test(shapes_are_told_apart),
        cmocka_unit_test(the_description_is_whole), cmocka_unit_test(every_route_as_every_role),
        cmocka_unit_test(strangers), cmocka_unit_test(sys_admin_reads_no_content),
        cmocka_unit_test(refusals_over_the_wire), cmocka_unit_test(a_session_over_the_wire),
        cmocka_unit_test(a_token_over_the_wire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
