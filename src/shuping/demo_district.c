/* The invented district: organisations and people. */
#include "shuping/demo.h"

#include <string.h>

uint64_t demo_random(DemoRandom *r) /* splitmix64 (Steele, Lea, Flood 2014) */
{
    uint64_t z = (r->state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

int demo_below(DemoRandom *r, int n)
{
    return (int)(demo_random(r) % (uint64_t)n);
}

bool demo_chance(DemoRandom *r, int percent)
{
    return demo_below(r, 100) < percent;
}

typedef struct System {
    const char *name, *work, *sector;
} System;

static const System systems[DEMO_SYSTEMS] = {
    { "教育", "中小学校党组织建设", "institution" },
    { "卫生健康", "公立医院党建", "institution" },
    { "财政", "预算绩效管理", "organ" },
    { "发展改革", "重点项目建设", "organ" },
    { "民政", "社区养老服务", "organ" },
    { "人力资源社会保障", "稳就业工作", "organ" },
    { "住房城乡建设", "老旧小区改造", "organ" },
    { "交通运输", "农村公路建设", "organ" },
    { "水利", "河湖治理", "organ" },
    { "农业农村", "和美乡村建设", "organ" },
    { "商务", "招商引资", "organ" },
    { "文化旅游", "公共文化服务", "organ" },
    { "应急管理", "安全生产监管", "organ" },
    { "市场监管", "食品安全监管", "organ" },
    { "自然资源", "不动产登记服务", "organ" },
    { "生态环境", "大气污染防治", "organ" },
    { "审计", "政策落实跟踪审计", "organ" },
    { "统计", "经济普查", "organ" },
    { "司法行政", "人民调解", "organ" },
    { "退役军人事务", "退役军人服务保障", "organ" },
    { "城市管理", "背街小巷整治", "organ" },
    { "政务服务", "高效办成一件事", "organ" },
    { "供销", "农资供应", "soe" },
    { "国有资产", "国企改革", "soe" },
    { "科技工信", "企业技术改造", "organ" },
    { "信访", "群众诉求办理", "organ" },
};

const char *demo_system(int i)
{
    return systems[i].name;
}

const char *demo_system_work(int i)
{
    return systems[i].work;
}

static Str invented_name(Arena *a, DemoRandom *r)
{
    static const char *const family[] = {
        "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩",
        "杨", "朱", "秦", "许", "何", "吕", "施", "张", "孔", "曹", "严", "华", "金", "魏", "陶",
        "姜", "戚", "谢", "邹", "喻", "柏", "水", "窦", "章", "云", "苏", "潘", "葛", "范", "彭",
        "鲁", "韦", "马", "苗", "方", "俞", "任", "袁", "柳", "曾", "单", "仇", "欧阳", "司马",
    };
    static const char *const given[] = {
        "文", "明", "志", "国", "海", "丽", "秀", "芳", "晓", "建", "春", "玉", "兰", "红", "梅",
        "军", "勇", "伟", "强", "静", "敏", "洁", "倩", "雪", "峰", "林", "涛", "波", "辉", "宁",
        "安", "平", "和", "清", "远", "思", "嘉", "佳", "新", "亮", "飞", "宇", "欣", "怡", "岚",
    };
    const char *f = family[demo_below(r, sizeof family / sizeof *family)];
    const char *g1 = given[demo_below(r, sizeof given / sizeof *given)];
    const char *g2 = given[demo_below(r, sizeof given / sizeof *given)];
    return demo_chance(r, 20) ? arena_text(a, "%s%s", f, g1) : arena_text(a, "%s%s%s", f, g1, g2);
}

static bool person_add(DemoDistrict *d, size_t *cap, Arena *a, DemoRandom *r, int org,
                       const char *post)
{
    if (!ARENA_PUSH(a, d->people, d->n_people, *cap))
        return false;
    DemoPerson *p = &d->people[d->n_people];
    *p = (DemoPerson){ .name = invented_name(a, r), .org = org, .post = post,
                       .staff_no = arena_text(a, "YL%05zu", d->n_people + 1),
                       .birth_year = 1950 + demo_below(r, post ? 45 : 52),
                       .birth_month = 1 + demo_below(r, 12), .state = "full" };
    p->from = day_make(2021 + demo_below(r, 4), 1 + demo_below(r, 12), 1 + demo_below(r, 28));
    p->joined = day_make(p->birth_year + 20 + demo_below(r, 4), 1 + demo_below(r, 12), 1);
    if (!post && demo_chance(r, 3)) {
        p->state = "probationary";
        p->joined = day_make(2026, 1 + demo_below(r, 10), 1);
    }
    p->infirm = !post && p->birth_year < 1960 && demo_chance(r, 40);
    p->away = !post && demo_chance(r, 4);
    d->n_people++;
    return true;
}

static void org_set(DemoOrg *o, Str code, Str name, const char *kind, const char *sector,
                    int parent, DemoRandom *r)
{
    int founded = 2012 + demo_below(r, 8), years = strcmp(kind, "branch") == 0 ? 3 : 5;
    Day term = day_make(2023 + demo_below(r, 3), 1 + demo_below(r, 12), 1 + demo_below(r, 28));
    *o = (DemoOrg){ .code = code, .name = name, .kind = kind, .sector = sector, .parent = parent,
                    .founded = day_make(founded, 1 + demo_below(r, 12), 1),
                    .term_end = day_add_months(term, 12 * years) };
}

static bool leaders(DemoDistrict *d, size_t *cap, Arena *a, DemoRandom *r)
{
    bool ok = person_add(d, cap, a, r, 0, "secretary") &&
              person_add(d, cap, a, r, 0, "deputy_secretary");
    for (int i = 0; ok && i < 9; i++)
        ok = person_add(d, cap, a, r, 0, i < 5 ? "portfolio_leader" : "party_staff");
    return ok;
}

/* The people of a branch: its committee, when it has members enough, and the others. */
static bool branch_people(DemoDistrict *d, size_t *cap, Arena *a, DemoRandom *r, int org,
                          int members)
{
    bool ok = person_add(d, cap, a, r, org, "secretary");
    for (int i = 0; ok && members >= 7 && i < 2 + demo_below(r, 2); i++)
        ok = person_add(d, cap, a, r, org, "committee_member");
    for (; ok && members > 0; members--)
        ok = person_add(d, cap, a, r, org, NULL);
    return ok;
}

static bool branches(DemoDistrict *d, size_t *cap, Arena *a, DemoRandom *r)
{
    static const char *const parts[] = { "机关", "一", "二", "三", "四", "离退休", "窗口",
                                         "事业", "下属单位", "项目", "督查", "综合" };
    bool ok = true;
    for (int b = 0; ok && b < DEMO_BRANCHES; b++) {
        int s = b % DEMO_SYSTEMS, org = 1 + DEMO_SYSTEMS + b;
        org_set(&d->orgs[org], arena_text(a, "YL-%02d-%02d", s + 1, b / DEMO_SYSTEMS + 1),
                arena_text(a, "%s系统%s党支部", systems[s].name, parts[b / DEMO_SYSTEMS]), "branch",
                systems[s].sector, 1 + s, r);
        ok = branch_people(d, cap, a, r, org, 5 + demo_below(r, 20));
    }
    return ok;
}

typedef struct Line {
    const char *code, *name, *kind, *sector;
    const char *branches[DEMO_LINE_BRANCHES];
} Line;

static const Line lines[DEMO_LINES] = {
    { "YL-QS", "青石镇党委", "primary_committee", "village",
      { "青石村", "上河村", "柳湾村", "石桥村", "枫岭村", "竹溪村", "大坪村", "云台村" } },
    { "YL-BX", "白溪镇党委", "primary_committee", "village",
      { "白溪村", "松林村", "下渡村", "黄泥村", "新塘村", "茶园村", "双井村", "龙潭村" } },
    { "YL-CD", "城东街道党工委", "work_committee", "community",
      { "朝阳社区", "和平社区", "桂园社区", "文昌社区", "东湖社区", "滨江社区", "银杏社区", "光华社区" } },
    { "YL-CX", "城西街道党工委", "work_committee", "community",
      { "西苑社区", "梧桐社区", "站前社区", "书院社区", "南门社区", "清泉社区", "锦绣社区", "望江社区" } },
    { "YL-LX", "区两新工委", "work_committee", "new_sector_org",
      { "云岭科技园联合", "云岭商会", "云岭物流园联合", "城中商圈联合", "云岭快递行业", "云岭民办教育",
        "云岭社会组织联合", "云岭电商产业园联合" } },
};

/* Towns, streets and the new-sector line: the third branch of each has too few members. */
static bool lines_add(DemoDistrict *d, size_t *cap, Arena *a, DemoRandom *r)
{
    int at = 1 + DEMO_SYSTEMS + DEMO_BRANCHES;
    bool ok = true;
    for (int i = 0; ok && i < DEMO_LINES; i++) {
        const Line *l = &lines[i];
        int top = at++;
        org_set(&d->orgs[top], str_of(l->code), str_of(l->name), l->kind, l->sector, 0, r);
        ok = person_add(d, cap, a, r, top, "secretary") &&
             person_add(d, cap, a, r, top, "deputy_secretary") &&
             person_add(d, cap, a, r, top, "party_staff");
        for (int b = 0; ok && b < DEMO_LINE_BRANCHES; b++, at++) {
            bool joint = strstr(l->branches[b], "联合") != NULL;
            org_set(&d->orgs[at], arena_text(a, "%s-%02d", l->code, b + 1),
                    arena_text(a, "%s党支部", l->branches[b]), joint ? "joint_branch" : "branch",
                    l->sector, top, r);
            ok = branch_people(d, cap, a, r, at, b == 2 ? 1 : 6 + demo_below(r, 18));
        }
    }
    return ok;
}

static void groups_add(DemoDistrict *d, Arena *a, DemoRandom *r)
{
    static const char *const names[] = { "第一", "第二", "第三" };
    int at = (int)d->n_orgs - DEMO_GROUPS;
    for (int i = 0; i < DEMO_GROUPS; i++) {
        int branch = 1 + DEMO_SYSTEMS + i / 3;
        org_set(&d->orgs[at + i], arena_text(a, "%.*s-%d", STR(d->orgs[branch].code), i % 3 + 1),
                arena_text(a, "%.*s%s党小组", STR(d->orgs[branch].name), names[i % 3]),
                "party_group", d->orgs[branch].sector, branch, r);
    }
}

bool demo_district(DemoDistrict *d, Arena *a, DemoRandom *r)
{
    size_t cap = 0;
    *d = (DemoDistrict){ .n_orgs = 1 + DEMO_SYSTEMS + DEMO_BRANCHES +
                                   DEMO_LINES * (1 + DEMO_LINE_BRANCHES) + DEMO_GROUPS };
    d->orgs = ARENA_ARRAY(a, DemoOrg, d->n_orgs);
    if (!d->orgs)
        return false;
    org_set(&d->orgs[0], STRC("YL"), STRC("云岭区委"), "committee", "organ", -1, r);
    bool ok = leaders(d, &cap, a, r);
    for (int i = 0; ok && i < DEMO_SYSTEMS; i++) {
        org_set(&d->orgs[1 + i], arena_text(a, "YL-%02d", i + 1),
                arena_text(a, "区%s系统机关党委", systems[i].name), "system_committee",
                systems[i].sector, 0, r);
        d->systems[i] = 1 + i;
        d->secretary[i] = (int)d->n_people;
        ok = person_add(d, &cap, a, r, 1 + i, "secretary") &&
             person_add(d, &cap, a, r, 1 + i, "deputy_secretary") &&
             person_add(d, &cap, a, r, 1 + i, "leader") &&
             person_add(d, &cap, a, r, 1 + i, "leader") &&
             person_add(d, &cap, a, r, 1 + i, "party_staff");
        if (ok && i % 7 != 4) /* the head of the unit is its secretary; four are exceptions */
            d->people[d->secretary[i]].second = "leader";
    }
    ok = ok && branches(d, &cap, a, r) && lines_add(d, &cap, a, r);
    if (ok)
        groups_add(d, a, r);
    return ok;
}
