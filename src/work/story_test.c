/* The stories of the packs: packs/NAME/stories.jsonl, each told through the use cases in a small
 * district of its own. What a pack promises is tested beside the pack, without a line of C.
 *
 *     {"story":"c24_rhythm","capability":"C24","title":"…","pack":"duty_list","screen":"…"}
 *     {"do":"record_file","as":"system","in":{"form":"party_study",…},"keep":{"a":"id"}}
 *     {"day":"2026-04-20"}
 *     {"do":"report_rows","in":{…},"want":{"rows[title=区教育系统机关党委].cells[0].value":"1"}}
 *     {"do":"record_move","in":{"subject":"$a",…},"refused":"RULE_GUARD"}
 *
 * `want` compares members exactly, `has` looks for a text inside, `count` counts a list, `answers`
 * names the file that comes back. A path is names, [number] and [member=value]; "$name" stands for
 * what was kept and for the people and organisations below, "$$name" for the same as text. The
 * world begins on 5 January 2026; `day` moves the clock. */
#include "work/fixture_test.h"

#include <dirent.h>

enum { STORIES_MAX = 400, LINE_MAX_BYTES = 64 << 10, STORY_DAY = 20458 /* 2026-01-05 */ };

typedef struct Story {
    char file[320];
    Str text;                    /* its lines, the first one included */
    int line;                    /* of the first */
    char name[100];
} Story;

typedef struct Teller {
    Fix f;
    const Story *story;
    json_t *names;               /* what "$name" stands for */
    int line;
} Teller;

#define TELL_FAIL(t, ...)                                                                          \
    do {                                                                                           \
        char said_[2600];                                                                          \
        snprintf(said_, sizeof said_, __VA_ARGS__);                                                \
        fail_msg("%s:%d: %s", (t)->story->file, (t)->line, said_);                                 \
    } while (0)

/* --- the world ------------------------------------------------------------------------------ */
static const char world_orgs[] =
    "组织编号,名称,类别,领域,上级组织编号,成立日期,本届任期届满\n"
    "Q,某区委,党委,机关,,2012-01-01,2027-06-30\n"
    "S,区教育系统机关党委,系统机关党委,机关,Q,2012-01-01,2026-06-30\n"
    "S1,教育系统机关党支部,党支部,机关,S,2012-01-01,2026-04-30\n"
    "S2,教育系统第二党支部,党支部,机关,S,2012-01-01,2028-04-30\n"
    "S11,教育系统机关第一党小组,党小组,机关,S1,2012-01-01,\n"
    "T,青石镇党委,基层党委,农村,Q,2012-01-01,2028-06-30\n"
    "T1,青石村党支部,党支部,农村,T,2012-01-01,2026-06-30\n"
    "K,城东街道党工委,工委,城市社区,Q,2012-01-01,2028-06-30\n"
    "K1,朝阳社区党支部,党支部,城市社区,K,2012-01-01,2026-06-30\n"
    "N,区两新工委,工委,两新组织,Q,2012-01-01,2028-06-30\n"
    "N1,科技园联合党支部,联合党支部,两新组织,N,2012-01-01,2026-06-30\n";
static const char world_people[] =
    "姓名,工号,所在组织编号,出生年月,中共党员,党员状态,入党日期,年老体弱,流动在外,职务,任职日期,离任日期\n"
    "区书记,Q1,Q,1970-01,是,正式党员,1995-07-01,,,书记,2023-01-01,\n"
    "区经办,Q2,Q,1985-01,是,正式党员,2008-07-01,,,党务工作者,2023-01-01,\n"
    "区部长,Q3,Q,1975-01,是,正式党员,1998-07-01,,,副书记,2023-01-01,\n"
    "系统书记,S1,S,1972-01,是,正式党员,1996-07-01,,,书记,2023-01-01,\n"
    "系统书记,S1,S,1972-01,是,正式党员,1996-07-01,,,班子成员,2023-01-01,\n"
    "系统副职,S2,S,1976-01,是,正式党员,1999-07-01,,,班子成员,2023-01-01,\n"
    "支部书记,B1,S1,1978-01,是,正式党员,2001-07-01,,,书记,2024-01-01,\n"
    "组织委员,B2,S1,1982-01,是,正式党员,2005-07-01,,,委员,2024-01-01,\n"
    "宣传委员,B3,S1,1983-01,是,正式党员,2006-07-01,,,委员,2024-01-01,\n"
    "党员甲,B4,S1,1990-01,是,正式党员,2012-07-01,,,,,\n"
    "党员乙,B5,S1,1991-01,是,正式党员,2013-07-01,,,,,\n"
    "党员丙,B6,S1,1992-01,是,正式党员,2014-07-01,,,,,\n"
    "党员丁,B7,S1,1993-01,是,正式党员,2015-07-01,,是,,,\n"
    "老党员,B8,S1,1940-01,是,正式党员,1965-07-01,是,,,,\n"
    "预备党员,B9,S1,1998-01,是,预备党员,2025-11-01,,,,,\n"
    "二支书记,D1,S2,1979-01,是,正式党员,2002-07-01,,,书记,2024-01-01,\n"
    "二支党员,D2,S2,1989-01,是,正式党员,2012-07-01,,,,,\n"
    "镇书记,T1,T,1971-01,是,正式党员,1996-07-01,,,书记,2023-01-01,\n"
    "村书记,V1,T1,1968-01,是,正式党员,1992-07-01,,,书记,2021-01-01,\n"
    "村文书,V2,T1,1988-01,是,正式党员,2011-07-01,,,委员,2021-01-01,\n"
    "村党员,V3,T1,1969-01,是,正式党员,1993-07-01,,,,,\n"
    "社区书记,C1,K1,1981-01,是,正式党员,2004-07-01,,,书记,2022-01-01,\n"
    "社区党员,C2,K1,1984-01,是,正式党员,2007-07-01,,,,,\n"
    "联合书记,N1,N1,1986-01,是,正式党员,2009-07-01,,,书记,2022-01-01,\n";

typedef struct Named { const char *name, *title; } Named;
static const Named orgs[] = {
    { "root", "某区委" },           { "system", "区教育系统机关党委" },
    { "branch", "教育系统机关党支部" }, { "branch2", "教育系统第二党支部" },
    { "group", "教育系统机关第一党小组" }, { "town", "青石镇党委" },
    { "village", "青石村党支部" },   { "street", "城东街道党工委" },
    { "community", "朝阳社区党支部" }, { "new_line", "区两新工委" },
    { "new_branch", "科技园联合党支部" },
};
static const Named people[] = {
    { "p_root", "区书记" },   { "p_clerk", "区经办" },     { "p_head", "区部长" },
    { "p_town", "镇书记" },   { "p_system", "系统书记" }, { "p_deputy", "系统副职" },
    { "p_secretary", "支部书记" },
    { "p_staff", "组织委员" }, { "p_publicity", "宣传委员" }, { "p_a", "党员甲" },
    { "p_b", "党员乙" },       { "p_c", "党员丙" },         { "p_away", "党员丁" },
    { "p_old", "老党员" },     { "p_new", "预备党员" },     { "p_second", "二支书记" },
    { "p_village", "村书记" }, { "p_village_clerk", "村文书" }, { "p_village_member", "村党员" },
    { "p_community", "社区书记" }, { "p_community_member", "社区党员" },
};
static const struct { const char *login, *person, *role, *org; } accounts[] = {
    { "clerk", "p_clerk", "organiser_clerk", "root" },
    { "head", "p_head", "organiser_head", "root" },
    { "committee", "p_root", "committee", "root" },
    { "system", "p_system", "secretary", "system" },
    { "secretary", "p_secretary", "secretary", "branch" },
    { "staff", "p_staff", "party_staff", "branch" },
    { "second", "p_second", "secretary", "branch2" },
    { "member", "p_a", "member", "branch" },
    { "member2", "p_b", "member", "branch" },
    { "village", "p_village", "secretary", "village" },
    { "community", "p_community", "secretary", "community" },
    { "inspector", "p_publicity", "inspector", "root" },
};

static int64_t name_of(const Teller *t, const char *name)
{
    return jv_int(t->names, name);
}

static void name_put(Teller *t, const char *name, int64_t id)
{
    assert_int_equal(json_object_set_new(t->names, name, json_integer(id)), 0);
}

static void world_open(Teller *t)
{
    Fix *f = &t->f;
    *f = (Fix){ .dir = "" };
    const char *tmp = getenv("TMPDIR");
    snprintf(f->dir, sizeof f->dir, "%.40s/story-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(f->dir));
    f->sys = sys_open_sim(7, (Moment)STORY_DAY * 86400000 + 3600000);
    f->a = arena_open((size_t)1 << 30);
    assert_non_null(f->sys);
    assert_non_null(f->a);
    fix_reopen(f, true);
    fix_upload(f, fix_console(), "roster_import", "{}", (Str){ world_orgs, sizeof world_orgs - 1 },
               "orgs.csv");
    fix_upload(f, fix_console(), "roster_import", "{}",
               (Str){ world_people, sizeof world_people - 1 }, "people.csv");
    t->names = json_object();
    for (size_t i = 0; i < sizeof orgs / sizeof *orgs; i++)
        name_put(t, orgs[i].name, fix_org(f, orgs[i].title));
    for (size_t i = 0; i < sizeof people / sizeof *people; i++)
        name_put(t, people[i].name, fix_person(f, people[i].title));
    for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++)
        fix_account(f, name_of(t, accounts[i].person), accounts[i].login, accounts[i].role,
                    name_of(t, accounts[i].org));
}

/* --- "$name" -------------------------------------------------------------------------------- */
static json_t *filled_in(Teller *t, const json_t *v)
{
    if (json_is_string(v) && json_string_value(v)[0] == '$') {
        bool text = json_string_value(v)[1] == '$';
        json_t *is = json_object_get(t->names, json_string_value(v) + 1 + text);
        if (is && text)
            return json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(is));
        if (!is)
            TELL_FAIL(t, "nothing was kept as %s", json_string_value(v));
        return json_deep_copy(is);
    }
    if (json_is_array(v)) {
        json_t *out = json_array();
        for (size_t i = 0; i < json_array_size(v); i++)
            json_array_append_new(out, filled_in(t, json_array_get(v, i)));
        return out;
    }
    if (json_is_object(v)) {
        json_t *out = json_object();
        const char *key;
        json_t *one;
        json_object_foreach((json_t *)v, key, one)
            json_object_set_new(out, key, filled_in(t, one));
        return out;
    }
    return json_deep_copy(v);
}

/* --- paths ---------------------------------------------------------------------------------- */
static bool says(Teller *t, const json_t *v, const char *want)
{
    char text[64];
    const json_t *kept = want[0] == '$' ? json_object_get(t->names, want + 1) : NULL;
    if (kept)
        return json_equal(v, kept);
    if (json_is_string(v))
        return strcmp(json_string_value(v), want) == 0;
    snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    return json_is_integer(v) && strcmp(text, want) == 0;
}

static const json_t *picked(Teller *t, const json_t *list, const char *inside)
{
    char member[100], want[200];
    if (sscanf(inside, "%99[^=]=%199[^\n]", member, want) == 2) {
        for (size_t i = 0; i < json_array_size(list); i++)
            if (says(t, json_object_get(json_array_get(list, i), member), want))
                return json_array_get(list, i);
        return NULL;
    }
    return json_array_get(list, (size_t)atoi(inside));
}

static const json_t *at_path(Teller *t, const json_t *v, const char *path)
{
    char part[300];
    while (v && *path) {
        size_t n = 0;
        bool index = *path == '[';
        path += index || *path == '.';
        while (path[n] && (index ? path[n] != ']' : path[n] != '.' && path[n] != '['))
            n++;
        if (n >= sizeof part)
            TELL_FAIL(t, "the path is too long: %s", path);
        memcpy(part, path, n);
        part[n] = 0;
        path += n + index;
        v = index ? picked(t, v, part) : json_object_get(v, part);
    }
    return v;
}

static void show(char *out, size_t n, const json_t *v)
{
    char *text = v ? json_dumps(v, JSON_ENCODE_ANY | JSON_SORT_KEYS) : NULL;
    snprintf(out, n, "%.900s", text ? text : "(nothing)");
    free(text);
}

static void compare(Teller *t, const json_t *reply, const json_t *step)
{
    const char *path;
    const json_t *want;
    char got[1000], wanted[1000];
    json_t *all = json_object_get(step, "want");
    json_object_foreach(all, path, want) {
        json_t *is = filled_in(t, want);
        const json_t *v = at_path(t, reply, path);
        bool same = json_is_null(is) ? !v || json_is_null(v) : v && json_equal(v, is);
        show(wanted, sizeof wanted, is);
        json_decref(is);
        show(got, sizeof got, v ? v : reply);
        if (!same)
            TELL_FAIL(t, "%s should be %s, but: %s", path, wanted, got);
    }
    all = json_object_get(step, "has");
    json_object_foreach(all, path, want) {
        const json_t *v = at_path(t, reply, path);
        show(got, sizeof got, v ? v : reply);
        if (!json_is_string(v) || !strstr(json_string_value(v), json_string_value(want)))
            TELL_FAIL(t, "%s should hold %s, but: %s", path, json_string_value(want), got);
    }
    all = json_object_get(step, "count");
    json_object_foreach(all, path, want) {
        const json_t *v = at_path(t, reply, path);
        show(got, sizeof got, v ? v : reply);
        if (!json_is_array(v) || (json_int_t)json_array_size(v) != json_integer_value(want))
            TELL_FAIL(t, "%s should have %lld entries, but: %s", path,
                      (long long)json_integer_value(want), got);
    }
    all = json_object_get(step, "keep");
    json_object_foreach(all, path, want) {
        const json_t *v = at_path(t, reply, json_string_value(want));
        if (!v)
            TELL_FAIL(t, "nothing at %s to keep", json_string_value(want));
        json_object_set(t->names, path, (json_t *)v);
    }
}

/* --- steps ---------------------------------------------------------------------------------- */
static void day_step(Teller *t, const char *text)
{
    Day day;
    Err e = { 0 };
    if (!day_read(&day, str_of(text), &e))
        TELL_FAIL(t, "not a day: %s", text);
    Moment want = (Moment)day * 86400000 + 3600000, now = sys_now(t->f.sys);
    if (want < now)
        TELL_FAIL(t, "the clock does not go back to %s", text);
    sys_pass(t->f.sys, want - now);
}

static void do_step(Teller *t, const json_t *step, const char *name)
{
    const json_t *as = json_object_get(step, "as"), *refused = json_object_get(step, "refused");
    const json_t *upload = json_object_get(step, "upload"), *file = json_object_get(step, "file");
    const json_t *given = json_object_get(step, "in");
    json_t *in = given ? filled_in(t, given) : json_object(), *reply = NULL;
    char *text = json_dumps(in, 0);
    Err e = { 0 };
    if (!work_case(str_of(name)))
        TELL_FAIL(t, "no use case %s", name);
    Who who = as ? fix_login(&t->f, json_string_value(as)) : fix_console();
    const char *bytes = upload ? json_string_value(upload) : "";
    bool ok = fix_call(&t->f, who, name, text, str_of(bytes), file ? json_string_value(file) : "",
                       &reply, &e);
    free(text);
    json_decref(in);
    if (ok && refused)
        TELL_FAIL(t, "%s was not refused", name);
    const char *answers = json_string_value(json_object_get(step, "answers"));
    if (ok && answers && (!str_is(t->f.file.name, answers) || t->f.file.bytes.n < 100))
        TELL_FAIL(t, "%s answers %.*s, %zu bytes", name, STR(t->f.file.name), t->f.file.bytes.n);
    if (!ok) {
        char said[800];
        err_print(&e, LANG_HANS, said, sizeof said);
        if (!refused || strcmp(err_name(e.code), json_string_value(refused)) != 0)
            TELL_FAIL(t, "%s: %s %s (%s)", name, err_name(e.code), said, e.trail);
        return;
    }
    compare(t, reply, step);
}

static void tell(void **state)
{
    Teller t = { .story = *state };
    Str rest = t.story->text, line;
    bool more = true;
    int asserted = 0;
    world_open(&t);
    for (t.line = t.story->line; more; t.line++) {
        json_t *step;
        Err e = { 0 };
        more = str_cut(rest, STRC("\n"), &line, &rest);
        if (line.n == 0)
            continue;
        if (!jv_read(&step, line, "story", &e))
            fix_fail("story", &e);
        const char *name = json_string_value(json_object_get(step, "do"));
        if (name)
            do_step(&t, step, name);
        else if (json_object_get(step, "day"))
            day_step(&t, json_string_value(json_object_get(step, "day")));
        else if (!json_object_get(step, "story"))
            TELL_FAIL(&t, "a step is story, day or do");
        asserted += json_object_get(step, "want") || json_object_get(step, "has") ||
                    json_object_get(step, "count") || json_object_get(step, "refused") ||
                    json_object_get(step, "answers");
        json_decref(step);
    }
    if (asserted == 0)
        fail_msg("%s: %s asserts nothing", t.story->file, t.story->name);
    json_decref(t.names);
    fix_close(&t.f);
}

/* --- finding the stories -------------------------------------------------------------------- */
typedef struct Shelf {
    Story *items;
    size_t n;
    Arena *a;
} Shelf;

static Str read_file(Shelf *s, const char *path)
{
    FILE *in = fopen(path, "rb");
    Buf b = buf_open(16 << 20);
    char part[LINE_MAX_BYTES];
    size_t n;
    if (!in)
        return STRC("");
    while ((n = fread(part, 1, sizeof part, in)) > 0)
        buf_put(&b, (Str){ part, n });
    fclose(in);
    Str out = arena_str(s->a, buf_str(&b));
    buf_close(&b);
    return out;
}

static void shelve(Shelf *s, const char *path)
{
    Str rest = read_file(s, path), line;
    bool more = rest.n > 0;
    for (int number = 1; more; number++) {
        const char *at = rest.p;
        more = str_cut(rest, STRC("\n"), &line, &rest);
        if (!str_starts(line, STRC("{\"story\":")) || s->n == STORIES_MAX) {
            if (s->n > 0 && line.n)
                s->items[s->n - 1].text.n = (size_t)(line.p + line.n - s->items[s->n - 1].text.p);
            continue;
        }
        Story *it = &s->items[s->n++];
        json_t *head;
        Err e = { 0 };
        if (!jv_read(&head, line, path, &e)) {
            fprintf(stderr, "%s:%d: not JSON\n", path, number);
            exit(1);
        }
        *it = (Story){ .text = { at, line.n }, .line = number };
        snprintf(it->file, sizeof it->file, "%s", path);
        snprintf(it->name, sizeof it->name, "%s",
                 json_string_value(json_object_get(head, "story")));
        json_decref(head);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void shelve_all(Shelf *s)
{
    char *names[200];
    size_t n = 0;
    DIR *d = opendir("packs");
    for (struct dirent *e; d && (e = readdir(d)) && n < 200;)
        if (e->d_name[0] != '.')
            names[n++] = strdup(e->d_name);
    if (d)
        closedir(d);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) {
        char path[300];
        snprintf(path, sizeof path, "packs/%s/stories.jsonl", names[i]);
        shelve(s, path);
        free(names[i]);
    }
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    Shelf s = { .a = arena_open(64 << 20), .items = calloc(STORIES_MAX, sizeof(Story)) };
    struct CMUnitTest *tests = calloc(STORIES_MAX, sizeof *tests);
    shelve_all(&s);
    for (size_t i = 0; i < s.n; i++)
        tests[i] = (struct CMUnitTest){ .name = s.items[i].name, .test_func = tell,
                                        .initial_state = &s.items[i] };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    int failed = _cmocka_run_group_tests("stories", tests, s.n, NULL, NULL);
    free(tests);
    free(s.items);
    arena_close(s.a);
    return failed;
}
