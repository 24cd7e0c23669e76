/* What the invented people write and say: different for each, none of it about anyone real. */
#include "shuping/demo.h"

#include <string.h>

#define PICK(r, l) (l)[demo_below(r, (int)(sizeof(l) / sizeof *(l)))]

static const char *const done[] = {
    "我带头讲党课%d次，到联系支部调研%d次，现场解决问题%d个",
    "我主持研究党建工作%d次，听取班子成员汇报%d次，列出任务%d项并逐项督办",
    "我牵头修订制度%d项，组织支部书记培训%d次，帮助%d个支部补齐档案之外的真实短板",
    "我推动党员先锋岗进窗口，设岗%d个，走访服务对象%d户，办结诉求%d件",
    "我把党建任务与业务任务放在一张表上推进，全年调度%d次，销号%d项，退回重做%d项",
    "我组织开展主题党日%d次，党员提出建议%d条，采纳%d条",
};
static const char *const effect[] = {
    "%s有了实打实的进展，基层反映办事少跑了路",
    "围绕%s组建攻坚小组，年初定下的节点全部按期完成",
    "%s中遇到的三个老问题有两个得到解决，剩下一个已报区里协调",
    "把%s作为党建项目来抓，项目组每月向支部报告一次",
    "在%s一线发展党员两名，骨干力量得到充实",
};
static const char *const trouble[] = {
    "我对个别支部的指导停留在打电话，全年没有到过现场，主题党日形式单一，青年党员参与不积极",
    "我抓%s时间多、抓支部建设时间少，党建和业务还存在“两张皮”，两次党组会没有研究党建议题",
    "我批评的多、帮带的少，党务干部一年换了两人，业务不熟，组织生活会的批评意见不够具体",
    "我对换届后新任支部书记培训不够，谈心谈话没有做到全覆盖，有的支部记录是年底集中补的",
    "我对离退休支部关心不够，送学上门落实不经常，个别老党员半年没有参加过组织生活",
    "我推动%s的党建品牌重名称轻内容，群众说不出它办成了什么事",
};
static const char *const cause[] = {
    "主要是我第一责任人意识不够强，总觉得业务任务压头，党建可以放一放",
    "根子在我工作方法简单，习惯发文件、看材料，深入支部听真话不够",
    "我对党务干部的培养缺少长远打算，人手紧时首先抽调党务岗位",
    "我对制度落实的检查不经常，发现问题后碍于情面，没有一抓到底",
    "我学习不够系统，对新任务新要求吃得不透，办法不多",
};
static const char *const measure[] = {
    "我将每季度到每个联系支部至少一次，带着问题清单去、带着解决结果回",
    "我将把党建议题列入每月党组会第一项，会后三日内公布办理人和期限",
    "三月底前配齐专职党务干部，建立以老带新的名单，半年检验一次",
    "六月底前对全部支部开展一次体检，按支部列出短板，年底逐项回头看",
    "取消三张重复报表，把时间还给支部，用会议记录和走访代替材料评比",
    "每半年公布一次党建项目进度，请服务对象打分，得分低的由我向党员大会说明",
};

static Str fill(Arena *a, DemoRandom *r, const char *t, int system)
{
    if (strstr(t, "%d"))
        return arena_text(a, t, 2 + demo_below(r, 7), 3 + demo_below(r, 20), 2 + demo_below(r, 30));
    return strstr(t, "%s") ? arena_text(a, t, demo_system_work(system)) : str_of(t);
}

static void put_sentence(Buf *b, Str s)
{
    buf_put(b, s);
    buf_put(b, STRC("。"));
}

static bool set(json_t *o, const char *key, Buf *b)
{
    bool ok = !b->failed && json_object_set_new(o, key, json_stringn(b->p ? b->p : "", b->n)) == 0;
    buf_reset(b);
    return ok;
}

json_t *demo_section(Arena *a, DemoRandom *r, const char *klass, int system, int year)
{
    Buf b = buf_open(64 << 10);
    json_t *o = json_pack("{s:s}", "class", klass);
    put_sentence(&b, arena_text(a, "%d年，%s系统", year, demo_system(system)));
    b.n -= strlen("。");
    put_sentence(&b, fill(a, r, PICK(r, done), system));
    put_sentence(&b, fill(a, r, PICK(r, effect), system));
    put_sentence(&b, fill(a, r, PICK(r, done), system));
    bool ok = set(o, "achievements", &b);
    put_sentence(&b, fill(a, r, PICK(r, trouble), system));
    if (demo_chance(r, 60))
        put_sentence(&b, fill(a, r, PICK(r, trouble), system));
    ok = ok && set(o, "problems", &b);
    put_sentence(&b, fill(a, r, PICK(r, cause), system));
    ok = ok && set(o, "causes", &b);
    put_sentence(&b, fill(a, r, PICK(r, measure), system));
    ok = ok && set(o, "measures", &b);
    buf_close(&b);
    if (!ok) {
        json_decref(o);
        return NULL;
    }
    return o;
}

Str demo_survey_text(Arena *a, DemoRandom *r, int system, bool negative)
{
    static const char *const good[] = {
        "走访两个支部，党员能说出今年的党建项目和自己的任务",
        "查阅会议记录，党组会研究党建的次数与报告一致",
        "电话抽查十名党员，九名参加了最近一次主题党日",
        "座谈中窗口党员反映诉求当天有人回应",
    };
    static const char *const bad[] = {
        "抽查的支部有两次主题党日只有签到没有议题",
        "三名受访党员说不出本支部今年的党建项目",
        "组织生活会查摆的问题与去年基本相同，没有见到整改结果",
        "党务干部为兼职，任职不到半年，没有参加过培训",
        "党员大会记录的时间与会场使用登记对不上",
    };
    (void)system;
    (void)a;
    return str_of(negative ? PICK(r, bad) : PICK(r, good));
}

Str demo_comment(Arena *a, DemoRandom *r, int system, const char *kind)
{
    static const char *const good[] = {
        "述职直面问题，没有绕弯子，%s抓得实",
        "能用事实说话，%s的几项数据经得起核对",
    };
    static const char *const bad[] = {
        "抓%s与抓支部建设结合不紧，两张皮问题仍然存在",
        "对薄弱支部指导不够，主题党日吸引力不强",
        "党务干部队伍不稳定，业务不专不精",
        "上年点评的问题整改进度慢，台账有了、效果还没有",
    };
    static const char *const way[] = {
        "下一步要把%s的堵点逐个列出来，定人定时间",
        "要把更多精力放到支部，年底前见到变化",
    };
    const char *t = strcmp(kind, "achievement") == 0 ? PICK(r, good)
                    : strcmp(kind, "problem") == 0   ? PICK(r, bad)
                                                     : PICK(r, way);
    return fill(a, r, t, system);
}

Str demo_measure(Arena *a, DemoRandom *r, int system)
{
    return fill(a, r, PICK(r, measure), system);
}

Str demo_speech(Arena *a, int year)
{
    return arena_text(a,
        "在%d年度云岭区区直机关党组织书记述职评议会上的讲话\n\n同志们：\n"
        "今天，我们召开述职评议会。刚才，12名同志作了现场述职，11名同志作了书面述职。"
        "总的看，过去一年成绩主要体现在三个方面：一是主责意识进一步增强。各系统党委书记全年到"
        "支部调研1260人次，解决问题315个。二是组织基础进一步夯实。238个党支部全部按期换届，"
        "培训党务干部400余名。三是服务中心进一步见效。机关党员进社区开展服务164场次，受益群众"
        "1.9万人次。\n"
        "在肯定成绩的同时，也要看到存在的问题。一是融合还不够紧。部分单位党建和业务“两张皮”。"
        "二是基础还不够牢。个别支部的记录是年底补的。三是队伍还不够强。有的党务干部不专不精。\n"
        "下面，我讲三点意见。\n"
        "一、提高认识，把责任扛起来\n"
        "1.书记要带头抓。每年至少专题研究1次党建工作，每半年至少开展1次专题督查。\n"
        "2.班子要一起抓。班子成员每人至少联系1个支部。\n"
        "二、突出重点，把短板补起来\n"
        "1.补齐薄弱支部。2月底前逐个支部列出问题清单。\n"
        "2.减轻基层负担。能从系统里取的数据，不得再要求支部填报。\n"
        "同志们，让我们以钉钉子精神抓好落实。\n", year);
}
