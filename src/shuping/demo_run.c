#include "shuping/demo_run.h"

#include "fact/fact.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void demo_say(Demo *d, const char *fmt, ...)
{
    va_list ap;
    if (!d->speak)
        return;
    printf("%3d. ", ++d->step);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
}

void demo_clock(Demo *d, int year, int month, int day, int hour, int minute)
{
    Moment want = (Moment)day_make(year, month, day) * 86400000 +
                  (hour - 8) * (Moment)3600000 + minute * (Moment)60000;
    Moment now = sys_now(d->cli->sys);
    if (want > now)
        sys_pass(d->cli->sys, want - now);
}

bool demo_until(Demo *d, int year, int month, int day, int hour, int minute)
{
    if (!demo_packs_until(d, day_make(year, month, day)))
        return false;
    demo_clock(d, year, month, day, hour, minute);
    return true;
}

/* --- calling use cases ---------------------------------------------------------------------- */

typedef struct Doing {
    const char *name;
    json_t *in;
    Str upload_name, upload;
    WorkFile file;
    const ErrCode *may;          /* refusals that are no failure; NULL: none */
} Doing;

static bool carry_out(Demo *d, const Who *who, Doing *g, json_t **reply)
{
    Err e = { 0 };
    const UseCase *u = work_case(str_of(g->name));
    Arena *a = arena_open(WORK_ARENA_MAX);
    WorkReply got = { .json = buf_open(WORK_REPLY_MAX) };
    WorkInput in = { .json = g->in, .upload = g->upload, .upload_name = g->upload_name };
    bool ok = u ? a != NULL : err_fail(&e, ERR_NOT_FOUND, err_hole("what", g->name));
    sys_pass(d->cli->sys, 1000 + demo_below(&d->random, 60000));
    ok = ok && work_do(&got, d->cli->work, who, u, &in, a, &e) &&
         (!got.json.n || jv_read(reply, buf_str(&got.json), g->name, &e));
    if (ok && got.file.bytes.n)
        g->file = (WorkFile){ arena_str(d->a, got.file.name), arena_str(d->a, got.file.type),
                              arena_str(d->a, got.file.bytes) };
    for (const ErrCode *may = g->may; !ok && may && *may; may++)
        ok = e.code == *may;
    if (!ok) {
        fprintf(stderr, "示范没有完成：%s\n", g->name);
        cli_fail(d->cli, &e);
    }
    buf_close(&got.json);
    arena_close(a);
    json_decref(g->in);
    return ok;
}

json_t *demo_do(Demo *d, const Who *who, const char *name, json_t *in)
{
    Doing g = { .name = name, .in = in };
    json_t *reply = NULL;
    return carry_out(d, who, &g, &reply) ? reply ? reply : json_object() : NULL;
}

json_t *demo_try(Demo *d, const Who *who, const char *name, json_t *in, const ErrCode *may)
{
    Doing g = { .name = name, .in = in, .may = may };
    json_t *reply = NULL;
    return carry_out(d, who, &g, &reply) ? reply ? reply : json_object() : NULL;
}

bool demo_just(Demo *d, const Who *who, const char *name, json_t *in)
{
    json_t *reply = demo_do(d, who, name, in);
    json_decref(reply);
    return reply != NULL;
}

json_t *demo_upload(Demo *d, const Who *who, const char *name, json_t *in, Str file, Str bytes)
{
    Doing g = { .name = name, .in = in, .upload_name = file, .upload = bytes };
    json_t *reply = NULL;
    return carry_out(d, who, &g, &reply) ? reply ? reply : json_object() : NULL;
}

static bool write_below(Demo *d, const char *folder, const char *name, Str bytes)
{
    Err e = { 0 };
    const char *dir = arena_z(d->a, arena_text(d->a, "%s/%s", d->dir, folder));
    const char *path = arena_z(d->a, arena_text(d->a, "%s/%s/%s", d->dir, folder, name));
    if (!dir || !path)
        return false;
    return (sys_dir_make(d->cli->sys, dir, &e) && sys_file_write(d->cli->sys, path, bytes, &e)) ||
           cli_fail(d->cli, &e) == 0;
}

bool demo_export(Demo *d, const Who *who, const char *name, json_t *in, const char *as)
{
    Doing g = { .name = name, .in = in };
    json_t *reply = NULL;
    bool ok = carry_out(d, who, &g, &reply) && write_below(d, "exports", as, g.file.bytes);
    json_decref(reply);
    return ok;
}

bool demo_sample(Demo *d, const char *name, Str bytes)
{
    return write_below(d, "samples", name, bytes);
}

/* --- the roster ----------------------------------------------------------------------------- */

static Str post_title(const char *post)
{
    static const struct { const char *post; Str title; } of[] = {
        { "secretary", S("书记") },        { "deputy_secretary", S("副书记") },
        { "committee_member", S("委员") }, { "party_staff", S("党务工作者") },
        { "portfolio_leader", S("分管领导") }, { "leader", S("班子成员") },
    };
    for (size_t i = 0; post && i < sizeof of / sizeof *of; i++)
        if (strcmp(post, of[i].post) == 0)
            return of[i].title;
    return STRC("党员");
}

static Str kind_title(const char *kind)
{
    static const struct { const char *kind; Str title; } of[] = {
        { "committee", S("党委") },          { "primary_committee", S("基层党委") },
        { "work_committee", S("工委") },     { "system_committee", S("系统机关党委") },
        { "joint_branch", S("联合党支部") }, { "party_group", S("党小组") },
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if (strcmp(kind, of[i].kind) == 0)
            return of[i].title;
    return STRC("党支部");
}

static Str sector_title(const char *sector)
{
    static const struct { const char *sector; Str title; } of[] = {
        { "organ", S("机关") },   { "soe", S("国有企业") },
        { "village", S("农村") }, { "community", S("城市社区") }, { "new_sector_org", S("两新组织") },
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if (strcmp(sector, of[i].sector) == 0)
            return of[i].title;
    return STRC("事业单位");
}

static Table *orgs_table(Demo *d)
{
    Table *t = table_open(d->a, STRC("组织"), STRC(""));
    static const char *const columns[] = { "组织编号", "名称", "类别", "领域", "上级组织编号",
                                           "成立日期", "本届任期届满" };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_column(t, str_of(columns[i]), i >= 5 ? TABLE_DAY : TABLE_TEXT, 0);
    for (size_t i = 0; i < d->district.n_orgs; i++) {
        const DemoOrg *o = &d->district.orgs[i];
        table_row(t);
        table_text(t, o->code);
        table_text(t, o->name);
        table_text(t, kind_title(o->kind));
        table_text(t, sector_title(o->sector));
        table_text(t, o->parent < 0 ? STRC("") : d->district.orgs[o->parent].code);
        table_day(t, o->founded);
        table_day(t, o->term_end);
    }
    return t;
}

static void person_line(Demo *d, Table *t, const DemoPerson *p, const char *post)
{
    table_row(t);
    table_text(t, p->name);
    table_text(t, p->staff_no);
    table_text(t, d->district.orgs[p->org].code);
    table_text(t, arena_text(d->a, "%04d-%02d", p->birth_year, p->birth_month));
    table_text(t, STRC("是"));
    table_text(t, strcmp(p->state, "full") == 0 ? STRC("正式党员") : STRC("预备党员"));
    table_day(t, p->joined);
    table_text(t, p->infirm ? STRC("是") : STRC(""));
    table_text(t, p->away ? STRC("是") : STRC(""));
    table_text(t, post ? post_title(post) : STRC(""));
    if (post)
        table_day(t, p->from);
    else
        table_text(t, STRC(""));
}

static Table *people_table(Demo *d)
{
    Table *t = table_open(d->a, STRC("人员"), STRC(""));
    static const char *const columns[] = { "姓名", "工号", "所在组织编号", "出生年月", "中共党员",
                                           "党员状态", "入党日期", "年老体弱", "流动在外",
                                           "职务", "任职日期" };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_column(t, str_of(columns[i]), i == 6 || i == 10 ? TABLE_DAY : TABLE_TEXT, 0);
    for (size_t i = 0; i < d->district.n_people; i++) {
        const DemoPerson *p = &d->district.people[i];
        person_line(d, t, p, p->post);
        if (p->second)
            person_line(d, t, p, p->second);
    }
    return t;
}

/* Any Print serves for making samples: no server is needed for it. */
static bool roster_file(Demo *d, Str *bytes)
{
    Err e = { 0 };
    Print *print = NULL;
    const char *scratch = arena_z(d->a, arena_text(d->a, "%s/scratch", d->dir));
    PrintSetup setup = { .scratch = scratch, .fonts = cli_fonts(d->cli) };
    const Table *tables[] = { orgs_table(d), people_table(d) };
    bool ok = print_open(&print, &setup, &e) &&
              print_xlsx(bytes, d->a, print, tables, 2, STRC("云岭区名册"),
                         sys_now(d->cli->sys), &e);
    print_close(print);
    return (ok || cli_fail(d->cli, &e) == 0) && demo_sample(d, "roster.xlsx", *bytes);
}

static bool roster(Demo *d)
{
    Str bytes;
    if (!roster_file(d, &bytes))
        return false;
    json_t *seen = demo_upload(d, &d->actors[ACTOR_CONSOLE], "roster_preview", NULL,
                               STRC("roster.xlsx"), bytes);
    if (!seen)
        return false;
    json_decref(seen);
    json_t *got = demo_upload(d, &d->actors[ACTOR_CONSOLE], "roster_import", NULL,
                              STRC("roster.xlsx"), bytes);
    json_decref(got);
    demo_say(d, "导入名册：%zu个组织、%zu名人员", d->district.n_orgs, d->district.n_people);
    return got != NULL;
}

/* Ids of what was imported, by code and staff number. */
static bool ids_job(Tx *tx, void *arg, Err *e)
{
    Demo *d = arg;
    FactList l;
    Arena *a = tx_arena(tx);
    Map by_code = map_open(a);
    if (!fact_list(&l, a, tx, &(FactFilter){ .kind = STRC("org") }, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (!map_put(&by_code, fact_str(a, &l.items[i], "code"), &l.items[i]))
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "名册"));
    for (size_t i = 0; i < d->district.n_orgs; i++) {
        const Fact *f = map_get(&by_code, d->district.orgs[i].code);
        d->district.orgs[i].id = f ? f->subject : 0;
    }
    d->root = d->district.orgs[0].id;
    for (int i = 0; i < DEMO_SYSTEMS; i++) {
        Fact f;
        FactFilter by = { .kind = STRC("person"), .field = STRC("staff_no"),
                          .value = d->district.people[d->district.secretary[i]].staff_no };
        if (!fact_first(&f, a, tx, &by, e))
            return false;
        d->secretary_person[i] = f.subject;
    }
    return true;
}

typedef struct PersonJob {
    Str staff_no;
    int64_t id;
} PersonJob;

static bool person_job(Tx *tx, void *arg, Err *e)
{
    PersonJob *j = arg;
    Fact f;
    FactFilter by = { .kind = STRC("person"), .field = STRC("staff_no"), .value = j->staff_no };
    if (!fact_first(&f, tx_arena(tx), tx, &by, e))
        return false;
    j->id = f.subject;
    return true;
}

static bool account(Demo *d, Who *out, int64_t person, const char *role, int64_t org,
                    int64_t cycle)
{
    Err e = { 0 };
    json_t *got = demo_do(d, &d->actors[ACTOR_CONSOLE], "account_open",
                          json_pack("{s:I}", "person", (json_int_t)person));
    int64_t id = jv_int(got, "id");
    json_t *grant = json_pack("{s:I,s:s}", "account", (json_int_t)id, "role", role);
    if (org)
        json_object_set_new(grant, "org", json_integer(org));
    if (cycle)
        json_object_set_new(grant, "cycle", json_integer(cycle));
    bool ok = got && demo_just(d, &d->actors[ACTOR_CONSOLE], "grant_add", grant);
    if (!got)
        json_decref(grant);
    json_decref(got);
    return ok && (who_read(out, d->cli->work, id, &e) || cli_fail(d->cli, &e) == 0);
}

/* The organiser's own people: staff numbers 1.. are those of the root organisation. */
static bool actors(Demo *d)
{
    static const struct { Actor actor; int person; const char *role; } of[] = {
        { ACTOR_HEAD, 0, "organiser_head" },      { ACTOR_CLERK, 1, "organiser_clerk" },
        { ACTOR_COMMITTEE, 2, "committee" },      { ACTOR_SUPERIOR, 3, "superior" },
        { ACTOR_COMMENTATOR, 4, "commentator" },  { ACTOR_SURVEYOR, 5, "surveyor" },
        { ACTOR_TELLER_1, 6, "teller" },          { ACTOR_TELLER_2, 7, "teller" },
        { ACTOR_SCRUTINEER, 8, "scrutineer" },    { ACTOR_SYS_ADMIN, 9, "sys_admin" },
        { ACTOR_AUDIT_ADMIN, 10, "audit_admin" },
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        Err e = { 0 };
        PersonJob j = { .staff_no = d->district.people[of[i].person].staff_no };
        bool admin = of[i].actor == ACTOR_SYS_ADMIN || of[i].actor == ACTOR_AUDIT_ADMIN;
        if (!store_read(work_store(d->cli->work), person_job, &j, &e))
            return cli_fail(d->cli, &e) == 0;
        if (!account(d, &d->actors[of[i].actor], j.id, of[i].role, admin ? 0 : d->root, 0))
            return false;
    }
    for (int i = 0; i < DEMO_SYSTEMS; i++)
        if (!account(d, &d->secretaries[i], d->secretary_person[i], "secretary",
                     d->district.orgs[d->district.systems[i]].id, 0))
            return false;
    demo_say(d, "开通账号%d个，角色按范围授予", ACTOR_COUNT - 2 + DEMO_SYSTEMS);
    return true;
}

bool demo_found(Demo *d)
{
    Err e = { 0 };
    json_t *first;
    if (!demo_district(&d->district, d->a, &d->random))
        return false;
    d->actors[ACTOR_CONSOLE] = (Who){ .console = true };
    if (!(first = demo_do(d, &d->actors[ACTOR_CONSOLE], "first_admin", NULL)))
        return false;
    json_decref(first);
    demo_say(d, "建立安装，设立首位安全管理员");
    if (!demo_just(d, &d->actors[ACTOR_CONSOLE], "demo_mark", NULL) || !roster(d))
        return false;
    if (!store_read(work_store(d->cli->work), ids_job, d, &e))
        return cli_fail(d->cli, &e) == 0;
    return actors(d) && demo_export(d, &d->actors[ACTOR_CONSOLE], "roster_export", NULL,
                                    "名册.xlsx");
}
