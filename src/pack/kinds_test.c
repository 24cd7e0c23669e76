#include "pack/duty.h"
#include "pack/flow.h"
#include "pack/points.h"
#include "pack/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Three lines; what a case adds begins on line 4. */
#define HEAD                                                                                       \
    "pack x { title \"例\"; version \"1\"; from 2026-01-01; } "                                    \
    "list late_cause { item own \"本单位\"; } list kind { item congress \"大会\"; item lecture "    \
    "\"党课\"; } list st { item a \"甲\"; item b \"乙\"; } list org_kind { item branch \"支部\"; }\n" \
    "form person { title \"人员\"; field name text { title \"姓名\"; } field birth month { title " \
    "\"出生年月\"; } } form org { title \"组织\"; field name text { title \"名称\"; } }\n"          \
    "form meet { title \"会议\"; minutes 5; ledger; dated on; field on day required { title "    \
    "\"日期\"; } field kind choice required { title \"类型\"; of kind; } field heads refs { title "   \
    "\"到会\"; of person; } field size number { title \"人数\"; } field note long { title "         \
    "\"内容\"; } field by "                                                                        \
    "ref { title \"主持\"; of person; } }\n"

#define FORM(body) HEAD "form f { title \"表\"; " body " }"
#define LEDGER(body) FORM("ledger; minutes 3; field on day required { title \"日\"; } " body)
#define MEASURE(body) HEAD "measure tally { title \"数\"; " body " }"
#define MET "example \"好\" { given { facts: [] }; period 2026-Q1; on 2026-04-20; want met; } "
#define MISSED "example \"坏\" { given { facts: [] }; period 2026-Q1; on 2026-04-20; want missed; } "
#define BARE(body) HEAD "duty d { title \"责\"; cite \"条\"; " body " }"
#define DUTY(body) BARE("soft \"一般\"; every quarter; of meet; at_least 1; " MET MISSED body)
#define POINTS(body) HEAD "points p { title \"分\"; cite \"条\"; " body " }"
#define AWARD(body) POINTS("award a \"听课\" 2 { " body " }")
#define REPORT(body)                                                                               \
    HEAD "measure tally { title \"数\"; of meet; count; } report r { title \"表\"; " body " }"
#define COLUMN "column visits \"次数\" { measure tally; } "
#define FLOW(body)                                                                                 \
    HEAD "form t { title \"事\"; field state choice { title \"状态\"; of st; } } "                 \
         "flow t { title \"办\"; of t; start a; move go from a to b { title \"走\"; who secretary; " \
         body " } }"

static bool load(Rulebook **rb, Arena *a, const char *text, Err *e)
{
    PackSource s = { STRC("x.pack"), str_of(text) };
    return pack_load(rb, a, &s, 1, e);
}

/* --- refusals: what, and on which line ------------------------------------------------------ */
typedef struct Bad {
    const char *text;
    ErrCode code;
    const char *hole, *value; /* value NULL: any */
} Bad;

static const Bad bad[] = {
    /* forms */
    { FORM("ledger; field a text { title \"甲\"; }"), ERR_PACK_RULE, "why",
      "台账没有说填一次要几分钟" },
    { FORM("minutes 1; key a; field a text { title \"甲\"; }"), ERR_PACK_RULE, "why",
      "key只用于台账" },
    { FORM("minutes 1; who member; field a text { title \"甲\"; }"), ERR_PACK_RULE, "why",
      "who只用于台账" },
    { FORM("field a text { title \"甲\"; given org.name; }"), ERR_PACK_RULE, "why",
      "given只用于台账" },
    { FORM("times 12; field a text { title \"甲\"; }"), ERR_PACK_RULE, "why",
      "写了times却没有写minutes" },
    { FORM("minutes 3; asked_of true; field a text { title \"甲\"; }"), ERR_PACK_RULE, "why",
      "写了asked_of却没有写times" },
    { FORM("minutes 3; times 1001; field a text { title \"甲\"; }"), ERR_PACK_SYNTAX, "found",
      "“1001”" },
    { LEDGER("dated on; on_time 367;"), ERR_PACK_SYNTAX, "found", "“367”" },
    { LEDGER("who secretry; dated on;"), ERR_PACK_SYNTAX, "hint", "（是不是“secretary”？）" },
    { FORM("ledger; minutes 3; field a day { title \"日\"; } on_time 3;"), ERR_PACK_RULE, "why",
      "有on_time却没有dated" },
    { LEDGER(""), ERR_PACK_RULE, "want", "另一个名称" }, /* `on` without dated */
    { LEDGER("dated on; field late number { title \"迟\"; }"), ERR_PACK_RULE, "want",
      "另一个名称" },
    { LEDGER("dated on; field files text { title \"附\"; }"), ERR_PACK_RULE, "want", "另一个名称" },
    { LEDGER("dated on; field late_by text { title \"谁\"; }"), ERR_PACK_RULE, "want",
      "另一个名称" },
    { LEDGER("dated n; field n number { title \"数\"; }"), ERR_PACK_RULE, "want", "另一个名称" },
    { FORM("ledger; minutes 3; dated n; field n number { title \"数\"; }"), ERR_PACK_RULE, "why",
      "dated不是日期" },
    { LEDGER("dated onn;"), ERR_PACK_RULE, "want", "另一个名称" },
    { FORM("ledger; minutes 3; dated dya; field day day { title \"日\"; }"), ERR_PACK_UNKNOWN,
      "hint", "（是不是“day”？）" },
    { LEDGER("dated on; personal a; field a text { title \"甲\"; }"), ERR_PACK_RULE, "why",
      "这个项目不是人员" },
    { LEDGER("dated on; personal a; field a refs { title \"甲\"; of person; }"), ERR_PACK_RULE,
      "why", "personal只能指一个人" },
    { LEDGER("dated on; key onn;"), ERR_PACK_UNKNOWN, "hint", "（是不是“on”？）" },
    { LEDGER("dated on; key on on;"), ERR_PACK_TWICE, "name", "on" },
    { LEDGER("dated on; key files;"), ERR_PACK_RULE, "want",
      "text、number、day、month、choice、flag或ref项目" },
    { LEDGER("dated on; key;"), ERR_PACK_SYNTAX, "want", "项目名称" },
    { LEDGER("dated on; public files;"), ERR_PACK_RULE, "want", "去掉这个项目" },
    { LEDGER("dated on; public a; field a refs { title \"甲\"; of person; }"), ERR_PACK_RULE,
      "want", "去掉这个项目" },
    { LEDGER("dated on; personal a; public on; field a ref { title \"甲\"; of person; }"),
      ERR_PACK_RULE, "want", "去掉这个项目" },
    { LEDGER("dated on; field a text { title \"甲\"; given org.nmae; }"), ERR_PACK_EXPRESSION,
      "file", "x.pack" },
    { LEDGER("dated on; field a text { title \"甲\"; given org.members; }"), ERR_PACK_RULE, "why",
      "given的结果不是这个项目的类型" },
    { LEDGER("dated on; field a rows { title \"甲\"; given [1]; field b text { title \"乙\"; } }"),
      ERR_PACK_SYNTAX, "found", "“given”" },
    { HEAD "list late_cos { item a \"甲\"; } form f { title \"表\"; field a choice { title \"甲\";"
           " of late_cos; } } form g { title \"表\"; ledger; minutes 1; key nothing;"
           " field a text { title \"乙\"; } }", ERR_PACK_UNKNOWN, "name", "nothing" },
    /* asked again */
    { LEDGER("dated on; field p ref { title \"人\"; of person; } field x text { title \"姓名\"; }"),
      ERR_PACK_RULE, "why", "“姓名”已记在“人员”里（person.name）" },
    { LEDGER("dated on; field p ref { title \"人\"; of person; } field birth text { title \"生\"; }"),
      ERR_PACK_RULE, "why", "“生”已记在“人员”里（person.birth）" },
    { HEAD "form v { title \"场所\"; ledger; minutes 1; field area number { title \"面积\"; } } "
           "form w { title \"检查\"; ledger; minutes 1; dated on; field on day { title \"日\"; } "
           "field size number { title \"面积\"; } }", ERR_PACK_RULE, "why",
      "“面积”已记在“场所”里（v.area）" },
    /* samples */
    { LEDGER("dated on; sample \"例\" { every month; }"), ERR_PACK_MISSING, "field", "body" },
    { LEDGER("dated on; sample \"例\" { every week; body { on: day }; }"), ERR_PACK_SYNTAX, "found",
      "“week”" },
    { LEDGER("dated on; sample \"例\" { every month; times 21; body { on: day }; }"),
      ERR_PACK_SYNTAX, "found", "“21”" },
    { LEDGER("dated on; sample \"例\" { every month; miss 101; body { on: day }; }"),
      ERR_PACK_SYNTAX, "found", "“101”" },
    { LEDGER("dated on; sample \"例\" { every month; body 3; }"), ERR_PACK_RULE, "want", "context" },
    { LEDGER("dated on; sample \"例\" { every month; body { onn: day }; }"), ERR_PACK_UNKNOWN,
      "hint", "（是不是“on”？）" },
    { LEDGER("dated on; sample \"例\" { every month; body { n: 1 }; } field n number { title \"数\";"
             " }"), ERR_PACK_RULE, "why", "示范数据没有必填项目on" },
    { LEDGER("dated on; sample \"例\" { every month; body { on: day }; move go; }"), ERR_PACK_RULE,
      "why", "这个表单没有流程" },
    { LEDGER("dated on; sample \"例\" { every month; each org.sise > 3; body { on: day }; }"),
      ERR_PACK_EXPRESSION, "file", "x.pack" },
    { LEDGER("dated on; field k choice { title \"类\"; of kind; } sample \"例\" { every month;"
             " body { on: day, k: \"lectrue\" }; }"), ERR_PACK_UNKNOWN, "hint",
      "（是不是“lecture”？）" },
    /* flows */
    { FLOW("remind 3;"), ERR_PACK_RULE, "why", "有remind或escalate却没有期限" },
    { FLOW("escalate 0;"), ERR_PACK_RULE, "why", "有remind或escalate却没有期限" },
    { FLOW("within 3; remind 3;"), ERR_PACK_RULE, "why", "remind不小于within，一进入就提醒" },
    { FLOW("guard peers[state = \"a\"].stat = []; needs \"x\";"), ERR_PACK_EXPRESSION, "file",
      "x.pack" },
    { FLOW("guard thing.state = \"c\"; needs \"x\";"), ERR_PACK_UNKNOWN, "name", "c" },
    /* measures */
    { MEASURE("of meet;"), ERR_PACK_RULE, "why", "指标没有说怎么算" },
    { MEASURE("of meet; count; sum size;"), ERR_PACK_RULE, "why", "一个指标有几种算法" },
    { MEASURE("count;"), ERR_PACK_RULE, "why", "指标没有说数哪种记录" },
    { MEASURE("of met; count;"), ERR_PACK_UNKNOWN, "hint", "（是不是“meet”？）" },
    { MEASURE("of meet[kind = \"congres\"]; count;"), ERR_PACK_UNKNOWN, "hint",
      "（是不是“congress”？）" },
    { MEASURE("of meet[kind in (\"congress\", \"lectur\")]; count;"), ERR_PACK_UNKNOWN, "name",
      "lectur" },
    { MEASURE("of meet[org.kind = \"brunch\"]; count;"), ERR_PACK_UNKNOWN, "name", "brunch" },
    { MEASURE("of meet[knd = \"a\"]; count;"), ERR_PACK_EXPRESSION, "file", "x.pack" },
    { MEASURE("of meet[size + 1]; count;"), ERR_PACK_RULE, "want", "boolean" },
    { MEASURE("of meet[]; count;"), ERR_PACK_SYNTAX, "want", "方括号里的条件，或不写方括号" },
    { MEASURE("of meet(size > 1); count;"), ERR_PACK_SYNTAX, "want", "表单名称，可接[条件]" },
    { MEASURE("of meet; sum kind;"), ERR_PACK_RULE, "why", "这个项目不是数" },
    { MEASURE("of meet; sum sizes;"), ERR_PACK_UNKNOWN, "hint", "（是不是“size”？）" },
    { MEASURE("of meet; distinct note;"), ERR_PACK_RULE, "why", "这种项目的值不能比较" },
    { MEASURE("of meet; count; by size;"), ERR_PACK_RULE, "why", "这个项目不是人员" },
    { MEASURE("of meet; value 1;"), ERR_PACK_RULE, "why", "value由其他指标算出，不数记录" },
    { MEASURE("value 1; by heads;"), ERR_PACK_RULE, "why", "value由其他指标算出，不按人员计" },
    { MEASURE("value m.qq;"), ERR_PACK_EXPRESSION, "file", "x.pack" },
    { MEASURE("value m.tally + 1;"), ERR_PACK_RULE, "want", "不互相引用的指标" },
    { HEAD "measure tally { title \"数\"; value m.r; }\nmeasure r { title \"数\"; value m.tally; }",
      ERR_PACK_RULE, "want", "不互相引用的指标" },
    { MEASURE("value count(m);"), ERR_PACK_RULE, "why", "m后面没有指标名称" },
    { MEASURE("value \"x\";"), ERR_PACK_RULE, "want", "number" },
    { HEAD "measure tally { title \"数\"; of meet; count; }\n"
           "measure tally { title \"数\"; of meet; count; }",
      ERR_PACK_TWICE, "where", "x.pack:4" },
    /* duties */
    { HEAD "duty d { title \"责\"; }", ERR_PACK_MISSING, "field", "cite" },
    { BARE("every quarter; of meet; at_least 1; " MET MISSED), ERR_PACK_RULE, "why",
      "没有说是必须还是一般要求" },
    { DUTY("hard \"必须\";"), ERR_PACK_RULE, "why", "hard和soft只能写一个" },
    { DUTY("holds true;"), ERR_PACK_RULE, "why", "of和holds都写了" },
    { BARE("soft \"x\"; every quarter; holds true; at_least 1; " MET MISSED), ERR_PACK_RULE, "why",
      "holds没有数目" },
    { BARE("soft \"x\"; every quarter; holds true; by heads; " MET MISSED), ERR_PACK_RULE, "why",
      "by和sum要与of同用" },
    { BARE("soft \"x\"; every quarter; of meet; " MET MISSED), ERR_PACK_RULE, "why",
      "职责缺少要求（of和at_least，或holds）" },
    { BARE("soft \"x\"; of meet; at_least 1; " MET MISSED), ERR_PACK_RULE, "why",
      "职责缺少周期（every）" },
    { BARE("soft \"x\"; every quarter; of meet; at_least 1; " MISSED), ERR_PACK_RULE, "why",
      "职责缺少已落实的例子（want met）" },
    { BARE("soft \"x\"; every quarter; of meet; at_least 1; " MET), ERR_PACK_RULE, "want",
      "补齐，或标为 status draft;" },
    { DUTY("status final;"), ERR_PACK_SYNTAX, "want", "“draft”" },
    { DUTY("for persn;"), ERR_PACK_RULE, "why", "事项的职责看事项本身，不数记录" },
    { BARE("soft \"x\"; for persn; holds true; " MET MISSED), ERR_PACK_UNKNOWN, "hint",
      "（是不是“person”？）" },
    { BARE("soft \"x\"; for meet; every month; holds true; " MET MISSED), ERR_PACK_RULE, "why",
      "事项的职责按事项自己的日期，没有周期" },
    { DUTY("for person;"), ERR_PACK_RULE, "want", "加上 by 项目名称;" },
    { DUTY("by heads;"), ERR_PACK_RULE, "why", "by只用于人员的职责" },
    { DUTY("for person; by size;"), ERR_PACK_RULE, "why", "这个项目不是人员" },
    { DUTY("sum kind;"), ERR_PACK_RULE, "why", "这个项目不是数" },
    { DUTY("due today;"), ERR_PACK_RULE, "why", "due只用于事项的职责" },
    { DUTY("cap;"), ERR_PACK_RULE, "why", "cap只用于按月、季、半年或年给组织规定上限的职责" },
    { DUTY("at_most 0;"), ERR_PACK_RULE, "why", "at_least大于at_most" },
    { BARE("soft \"x\"; every quarter; of meet; at_least -1; " MET MISSED), ERR_PACK_SYNTAX, "want",
      "不小于0的数" },
    { BARE("soft \"x\"; every standing; grace 3; of meet; at_least 1; " MET MISSED), ERR_PACK_RULE,
      "why", "grace只用于按月、季、半年或年的职责" },
    { BARE("soft \"x\"; every rolling 601; of meet; at_least 1; " MET MISSED), ERR_PACK_SYNTAX,
      "found", "“601”" },
    { BARE("soft \"x\"; every fortnight; of meet; at_least 1; " MET MISSED), ERR_PACK_SYNTAX,
      "found", "“fortnight”" },
    { DUTY("remind 3661;"), ERR_PACK_SYNTAX, "found", "“3661”" },
    { DUTY("who org.kid = \"branch\";"), ERR_PACK_EXPRESSION, "file", "x.pack" },
    { DUTY("who person.age > 60;"), ERR_PACK_EXPRESSION, "file", "x.pack" },
    { DUTY("who org.kind = \"brnch\";"), ERR_PACK_UNKNOWN, "hint", "（是不是“branch”？）" },
    { DUTY("exempt \"无\" org.members;"), ERR_PACK_SYNTAX, "want", "“when”" },
    { DUTY("exempt \"无\" when org.members;"), ERR_PACK_RULE, "want", "boolean" },
    { DUTY("in_part kinds.congress;"), ERR_PACK_UNKNOWN, "hint", "（是不是“kind”？）" },
    { DUTY("in_part kind.congres;"), ERR_PACK_UNKNOWN, "hint", "（是不是“congress”？）" },
    { DUTY("in_part kind;"), ERR_PACK_RULE, "want", "清单名称.取值" },
    { DUTY("example \"例\" { given { facts: [] }; period 2026-02; on 2026-04-20; want met; }"),
      ERR_PACK_RULE, "why", "例子的时间不是职责的一个周期" },
    { DUTY("example \"例\" { given { facts: [] }; on 2026-04-20; want met; }"), ERR_PACK_RULE,
      "why", "例子的时间不是职责的一个周期" },
    { DUTY("example \"例\" { given { facts: [] }; period 2026-Q5; on 2026-04-20; want met; }"),
      ERR_PACK_SYNTAX, "found", "“2026-Q5”" },
    { DUTY("example \"例\" { given { facts: [] }; period 2026-Q1; on 2026-04-20; want done; }"),
      ERR_PACK_SYNTAX, "found", "“done”" },
    { DUTY("example \"例\" { given { fcts: [] }; period 2026-Q1; on 2026-04-20; want met; }"),
      ERR_PACK_UNKNOWN, "hint", "（是不是“facts”？）" },
    { DUTY("example \"例\" { given { org: {knd: \"branch\"} }; period 2026-Q1; on 2026-04-20; want"
           " met; }"), ERR_PACK_UNKNOWN, "hint", "（是不是“kind”？）" },
    { DUTY("example \"例\" { given { facts: nothing }; period 2026-Q1; on 2026-04-20; want met; }"),
      ERR_PACK_EXPRESSION, "file", "x.pack" },
    { DUTY("example \"例\" { given 3; period 2026-Q1; on 2026-04-20; want met; }"), ERR_PACK_RULE,
      "want", "context" },
    { DUTY("exmple \"例\" { }"), ERR_PACK_SYNTAX, "hint", "（是不是“example”？）" },
    /* points */
    { POINTS(""), ERR_PACK_MISSING, "field", "award" },
    { AWARD("of meet;"), ERR_PACK_MISSING, "field", "to" },
    { AWARD("of meet; to size;"), ERR_PACK_RULE, "why", "这个项目不是人员" },
    { AWARD("of person; to name;"), ERR_PACK_RULE, "why", "这个项目不是人员" },
    { AWARD("of meet[note != null]; to heads;"), ERR_PACK_RULE, "why",
      "积分不能取决于材料、心得、照片或附件" },
    { AWARD("of meet[count(files) > 0]; to heads;"), ERR_PACK_RULE, "why",
      "积分不能取决于材料、心得、照片或附件" },
    { AWARD("of meet; to heads; cap 0;"), ERR_PACK_SYNTAX, "found", "“0”" },
    { AWARD("of meet; to heads; cap 10001;"), ERR_PACK_SYNTAX, "found", "“10001”" },
    { POINTS("award a \"听课\" 0 { of meet; to heads; }"), ERR_PACK_SYNTAX, "found", "“0”" },
    { POINTS("base 60; cap 50; award a \"听课\" 2 { of meet; to heads; }"), ERR_PACK_RULE, "why",
      "base大于cap" },
    { POINTS("every week; award a \"听课\" 2 { of meet; to heads; }"), ERR_PACK_SYNTAX, "found",
      "“week”" },
    { POINTS("award a \"听课\" 2 { of meet; to heads; }\naward a \"听课\" 2 { of meet; to heads; }"),
      ERR_PACK_TWICE, "name", "a" },
    { POINTS("exempt person.old; award a \"听课\" 2 { of meet; to heads; }"), ERR_PACK_EXPRESSION,
      "file", "x.pack" },
    { HEAD "form u { title \"无\"; field who ref { title \"人\"; of person; } } points p { title \"分"
           "\"; cite \"条\"; award a \"听课\" 2 { of u; to who; } }", ERR_PACK_RULE, "why",
      "积分只来自有日期的活动记录" },
    /* reports */
    { REPORT(COLUMN), ERR_PACK_RULE, "why", "报表没有说有哪些行" },
    { REPORT("rows children; cross meet.kind meet.by; " COLUMN), ERR_PACK_RULE, "why",
      "rows和cross都写了" },
    { REPORT("rows children;"), ERR_PACK_RULE, "why", "报表没有栏" },
    { REPORT("rows everything; " COLUMN), ERR_PACK_SYNTAX, "found", "“everything”" },
    { REPORT("rows orgs org.knd = 1; " COLUMN), ERR_PACK_EXPRESSION, "file", "x.pack" },
    { REPORT("rows orgs org.kind = \"brnch\"; " COLUMN), ERR_PACK_UNKNOWN, "name", "brnch" },
    { REPORT("rows children; column c \"甲\" { }"), ERR_PACK_RULE, "want", "measure或value之一" },
    { REPORT("rows children; column c \"甲\" { measure tally; value 1; }"), ERR_PACK_RULE, "want",
      "measure或value之一" },
    { REPORT("rows children; column c \"甲\" { value 1; back 1; }"), ERR_PACK_RULE, "want",
      "去掉back" },
    { REPORT("rows children; column c \"甲\" { measure tally; back 11; }"), ERR_PACK_SYNTAX, "found",
      "“11”" },
    { REPORT("rows children; column c \"甲\" { measure taly; }"), ERR_PACK_UNKNOWN, "hint",
      "（是不是“tally”？）" },
    { REPORT("rows children; column c \"甲\" { value c.d; } column d \"乙\" { measure tally; }"),
      ERR_PACK_EXPRESSION, "file", "x.pack" },
    { REPORT("rows children; " COLUMN COLUMN), ERR_PACK_TWICE, "name", "visits" },
    { REPORT("rows things meet[kind = \"lecture\"]; " COLUMN), ERR_PACK_RULE, "why",
      "一条记录没有指标" },
    { REPORT("rows items kind meet.size; " COLUMN), ERR_PACK_RULE, "want", "choice或ref项目" },
    { REPORT("rows items st meet.kind; " COLUMN), ERR_PACK_RULE, "want", "取自这个清单的项目" },
    { REPORT("rows items knd meet.kind; " COLUMN), ERR_PACK_UNKNOWN, "hint", "（是不是“kind”？）" },
    { REPORT("rows items kind meet; " COLUMN), ERR_PACK_SYNTAX, "want", "表单名称.项目名称" },
    { HEAD "measure p { title \"数\"; of person; count; } report r { title \"表\"; rows items kind"
           " meet.kind; column c \"甲\" { measure p; } }", ERR_PACK_RULE, "want",
      "数同一表单的指标" },
    { REPORT("rows children; of meet; " COLUMN), ERR_PACK_RULE, "want", "去掉of" },
    { REPORT("rows things meet; of meet; column c \"甲\" { value 1; }"), ERR_PACK_TWICE, "name",
      "of" },
    { REPORT("cross meet.kind person.birth;"), ERR_PACK_RULE, "want", "同一表单的两个项目" },
    { REPORT("cross meet.kind meet.size;"), ERR_PACK_RULE, "want", "choice或ref项目" },
    { REPORT("cross meet.kind meet.by; of person;"), ERR_PACK_RULE, "want", "同一个表单" },
    { REPORT("cross meet.kind meet.by; " COLUMN), ERR_PACK_RULE, "want", "去掉column和chart" },
    { REPORT("rows children; chart bars visits; " COLUMN), ERR_PACK_SYNTAX, "hint",
      "（是不是“bar”？）" },
    { REPORT("rows children; chart bar; " COLUMN), ERR_PACK_SYNTAX, "want", "栏的名称" },
    { REPORT("rows children; chart bar visit; " COLUMN), ERR_PACK_UNKNOWN, "hint",
      "（是不是“visits”？）" },
    { REPORT("rows children; chart bar t; column t \"名\" { value org.name; }"), ERR_PACK_RULE,
      "want", "数字的栏" },
    { REPORT("rows children; every week; " COLUMN), ERR_PACK_SYNTAX, "found", "“week”" },
    /* the pack itself */
    { "pack x { title \"例\"; version \"1\"; from 2026-01-01; order 10001; }", ERR_PACK_SYNTAX,
      "found", "“10001”" },
};

static void test_refused(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Arena *a = arena_open(8 << 20);
        Rulebook *rb = NULL;
        Err e = { 0 };
        char text[600];
        if (load(&rb, a, bad[i].text, &e))
            fail_msg("row %zu was accepted: %s", i, strrchr(bad[i].text, '\n') + 1);
        err_print(&e, LANG_HANS, text, sizeof text);
        bool place = str_is(err_get(&e, "file"), "x.pack") && err_get(&e, "line").n > 0 &&
                     !str_is(err_get(&e, "line"), "0") && err_get(&e, "column").n > 0;
        if (e.code != bad[i].code || !place || !str_is(err_get(&e, bad[i].hole), bad[i].value)) {
            print_error("row %zu: %s %s (%s)\n", i, err_name(e.code), text,
                        strrchr(bad[i].text, '\n') + 1);
            wrong++;
        }
        arena_close(a);
    }
    assert_int_equal(wrong, 0);
}

/* --- what is accepted ----------------------------------------------------------------------- */
#define ALL_PACK "src/pack/corpus/pack_fuzz/kinds.pack"

static Str read_all(Arena *a)
{
    FILE *f = fopen(ALL_PACK, "rb");
    assert_non_null(f);
    char *p = arena_alloc(a, 1 << 16);
    Str s = { p, fread(p, 1, 1 << 16, f) };
    fclose(f);
    return s;
}

static Rulebook *all_kinds(Arena *a)
{
    PackSource s = { STRC("kinds.pack"), read_all(a), STRC("# 说明") };
    Rulebook *rb = NULL;
    Err e = { 0 };
    char said[600];
    if (!pack_load(&rb, a, &s, 1, &e)) {
        err_print(&e, LANG_HANS, said, sizeof said);
        fail_msg("%s; %s", said, e.trail);
    }
    return rb;
}

static bool dec_is(Dec d, int64_t n)
{
    return dec_cmp(d, dec_int(n)) == 0;
}

static void test_forms(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    Rulebook *rb = all_kinds(a);
    uint32_t secretary, staff, clerk, member;
    assert_true(pack_role_bit(&secretary, STRC("secretary")));
    assert_true(pack_role_bit(&staff, STRC("party_staff")));
    assert_true(pack_role_bit(&clerk, STRC("organiser_clerk")));
    assert_true(pack_role_bit(&member, STRC("member")));
    const Form *f = pack_form(rb, STRC("meeting"));
    assert_true(f->ledger && f->has_on_time);
    assert_int_equal(f->who, secretary | staff);
    assert_int_equal(f->read, member);
    assert_ptr_equal(f->dated, form_field(f, STRC("on")));
    assert_int_equal(f->on_time, 3);
    assert_int_equal(f->n_key, 3);
    assert_true(str_is(f->key[0], "org") && str_is(f->key[2], "kind"));
    assert_int_equal(f->n_public, 3);
    assert_true(str_is(f->public[2], "size"));
    assert_true(str_is(feel_source(form_field(f, STRC("on"))->given), "today"));
    assert_null(form_field(f, STRC("kind"))->given);
    assert_int_equal(f->n_fields, 11); /* eight of its own and three built in */
    for (size_t i = 0; i < f->n_fields; i++)
        assert_int_equal(f->fields[i].built_in, i >= 8);
    assert_ptr_equal(form_field(f, STRC("late_by"))->list, pack_list(rb, STRC("late_cause")));
    assert_int_equal(f->n_samples, 1);
    const FormSample *s = &f->samples[0];
    assert_true(s->each && s->body && s->every == FORM_QUARTER);
    assert_true(s->times == 2 && s->miss == 6 && s->late == 8 && s->n_moves == 0);
    f = pack_form(rb, STRC("claim"));
    assert_ptr_equal(f->personal, form_field(f, STRC("owner")));
    assert_int_equal(f->who, secretary | staff | clerk); /* nothing said */
    assert_true(str_is(f->samples[0].moves[0].event, "decide"));
    assert_int_equal(f->samples[0].moves[0].percent, 80);
    assert_true(f->samples[0].every == FORM_ONCE && f->samples[0].times == 1);
    assert_false(f->dated || f->has_on_time);
    f = pack_form(rb, STRC("profile"));
    assert_true(f->times == 1 && f->asked_of && str_is(f->asked_by, "组织部"));
    const FlowMove *m = &pack_flow(rb, STRC("claim"))->moves[0];
    assert_true(m->within == 10 && m->remind == 3 && m->escalates && m->escalate == 5 && m->guard);
    assert_false(pack_flow(rb, STRC("claim"))->moves[1].escalates);
    const Pack *p = pack_find(rb, STRC("kinds"));
    assert_true(str_is(p->menu, "例子") && str_is(p->under, "例子一组"));
    assert_true(p->order == 7 && str_is(p->shows, "一句话"));
    assert_true(str_is(p->readme, "# 说明"));
    arena_close(a);
}

static void test_rules(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    Rulebook *rb = all_kinds(a);
    const Form *meeting = pack_form(rb, STRC("meeting"));
    static const MeasureHow hows[] = { MEASURE_COUNT,    MEASURE_SUM,      MEASURE_AVERAGE,
                                       MEASURE_GREATEST, MEASURE_DISTINCT, MEASURE_SHARE,
                                       MEASURE_VALUE,    MEASURE_VALUE };
    assert_int_equal(pack_measure_count(rb), 8);
    for (size_t i = 0; i < 8; i++) {
        const Measure *m = pack_measure_at(rb, i);
        assert_int_equal(m->how, hows[i]);
        assert_ptr_equal(m->of.form, hows[i] == MEASURE_VALUE ? NULL : meeting);
        assert_int_equal(m->field != NULL, i >= 1 && i <= 4);
        assert_int_equal(m->share != NULL, hows[i] == MEASURE_SHARE);
        assert_int_equal(m->value != NULL, hows[i] == MEASURE_VALUE);
    }
    assert_true(str_is(feel_source(pack_measure_at(rb, 0)->of.where),
                       "kind = \"congress\" and late = 0"));
    assert_ptr_equal(pack_measure_at(rb, 1)->by, form_field(meeting, STRC("heads")));
    assert_null(pack_measure_at(rb, 8));

    const Duty *d = pack_duty(rb, STRC("congress_quarterly"));
    assert_true(d->whom == DUTY_FOR_ORG && d->every == DUTY_QUARTER && !d->hard && !d->off);
    assert_true(d->has_least && d->has_most && dec_is(d->at_least, 1) && dec_is(d->at_most, 20));
    assert_true(d->who && d->of.form == meeting && d->of.where && !d->by && !d->holds);
    assert_true(d->grace == 5 && d->remind == 15 && d->n_exempt == 2 && d->n_parts == 2);
    assert_true(str_is(d->exempt[1].reason, "刚成立") && d->exempt[1].when);
    assert_true(str_is(d->parts[0].item->value, "congress"));
    assert_true(str_is(d->would, "开一次会") && str_is(d->text, "一般每季度1次"));
    assert_int_equal(d->n_examples, 3);
    assert_true(d->examples[1].want == DUTY_MISSED && d->examples[1].has_period);
    assert_int_equal(d->examples[1].period.from, day_make(2026, 1, 1));
    assert_int_equal(d->examples[1].on, day_make(2026, 4, 20));
    d = pack_duty(rb, STRC("hours_yearly"));
    assert_true(d->whom == DUTY_FOR_PERSON && d->off && d->by && d->sum && dec_is(d->at_least, 32));
    assert_int_equal(d->remind, DUTY_REMIND);
    assert_true(str_is(d->would, "完成“学时”并如实记录"));
    d = pack_duty(rb, STRC("claim_answered"));
    assert_true(d->whom == DUTY_FOR_THING && d->thing == pack_form(rb, STRC("claim")));
    assert_true(d->every == DUTY_BY_THING && d->due && d->holds && d->hard);
    assert_false(d->examples[0].has_period);
    d = pack_duty(rb, STRC("rolling_contact"));
    assert_true(d->every == DUTY_ROLLING && d->months == 6);
    Str lacks[DUTY_LACKS_MAX];
    assert_int_equal(duty_lacks(lacks, d), 0);
    d = pack_duty(rb, STRC("later_one"));
    assert_true(d->draft && d->every == DUTY_STANDING);
    assert_int_equal(duty_lacks(lacks, d), 3);
    assert_true(str_is(lacks[0], "要求（of和at_least，或holds）"));

    const Points *p = pack_points(rb, STRC("attended"));
    assert_true(p->every == PERIOD_HALF && dec_is(p->base, 60) && p->has_cap && p->exempt);
    assert_true(p->n_awards == 2 && p->awards[0].has_cap && !p->awards[1].has_cap);
    assert_true(dec_cmp(p->awards[0].each, dec_int(2)) > 0 && dec_is(p->awards[1].each, 1));
    assert_ptr_equal(p->awards[1].to, form_field(meeting, STRC("host")));
    arena_close(a);
}

static void test_reports(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    Rulebook *rb = all_kinds(a);
    const Form *meeting = pack_form(rb, STRC("meeting"));
    const Report *r = pack_report(rb, STRC("below"));
    assert_true(r->rows == REPORT_ORGS && r->orgs && r->every == PERIOD_QUARTER && r->total);
    assert_int_equal(r->n_columns, 4);
    assert_true(r->columns[0].number && r->columns[2].number && !r->columns[3].number);
    assert_true(r->columns[1].back == 1 && !r->columns[1].value && r->columns[2].value);
    assert_true(r->chart == REPORT_BAR && r->n_charted == 2);
    assert_ptr_equal(r->charted[1], report_column(r, STRC("before")));
    assert_null(report_column(r, STRC("behind")));
    r = pack_report(rb, STRC("directly"));
    assert_true(r->rows == REPORT_CHILDREN && r->every == PERIOD_YEAR && r->chart == REPORT_LINE);
    r = pack_report(rb, STRC("claims"));
    assert_true(r->rows == REPORT_THINGS && r->of.form == pack_form(rb, STRC("claim")) &&
                r->of.where && r->chart == REPORT_PIE);
    r = pack_report(rb, STRC("kinds"));
    assert_true(r->rows == REPORT_ITEMS && r->items == pack_list(rb, STRC("kind")) &&
                r->of.form == meeting && r->down == form_field(meeting, STRC("kind")));
    r = pack_report(rb, STRC("crossed"));
    assert_true(r->rows == REPORT_CROSS && r->of.form == meeting && r->of.where &&
                r->n_columns == 0 && r->across == form_field(meeting, STRC("host")));
    assert_int_equal(pack_report_count(rb), 5);
    arena_close(a);
}

/* --- a ledger's body ------------------------------------------------------------------------ */
static void test_body(void **state)
{
    (void)state;
#define HASH64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    static const struct {
        const char *body;
        ErrCode code;
    } cases[] = {
        { "{\"on\":\"2026-02-10\",\"kind\":\"congress\",\"late_by\":\"own\",\"late_reason\":\"忙\","
          "\"files\":[\"" HASH64 "\"]}", ERR_NONE },
        { "{\"on\":\"2026-02-10\",\"kind\":\"congress\",\"files\":[\"photo.jpg\"]}",
          ERR_FIELD_TYPE },
        { "{\"on\":\"2026-02-10\",\"kind\":\"congress\",\"late_by\":\"me\"}", ERR_FIELD_CHOICE },
    };
    Arena *a = arena_open(8 << 20);
    const Form *f = pack_form(all_kinds(a), STRC("meeting"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buf b = buf_open(1 << 16);
        Err e = { 0 };
        json_t *v;
        assert_true(jv_read(&v, str_of(cases[i].body), "body", &e));
        assert_int_equal(form_check(&b, f, v, &e), cases[i].code == ERR_NONE);
        assert_int_equal(e.code, cases[i].code);
        jv_close(v);
        buf_close(&b);
    }
    Err e = { 0 };
    FormColumns columns;
    assert_true(form_template(&columns, a, f, &e));
    assert_int_equal(columns.n, 10); /* a reason may be typed, a hash not */
    assert_true(str_is(columns.items[9].title, "迟报责任方"));
    arena_close(a);
}

/* What is not asked twice, though it has the same title. */
static void test_not_held(void **state)
{
    (void)state;
#define DATED_SIZE                                                                                 \
    "form w { title \"乙\"; ledger; minutes 1; dated on; field on day { title \"日\"; } "
#define AREA "field area number { title \"面积\"; } "
#define ANY_V "form v { title \"甲\"; ledger; minutes 1; "
#define OF_PERSON "field p ref { title \"人\"; of person; } "
    static const char *const fine[] = {
        /* many venues of one org */
        ANY_V "key org name; field name text { title \"名\"; } " AREA "} " DATED_SIZE
              "field size number { title \"面积\"; } }",
        /* about a person, not about the org */
        ANY_V "key p; " OF_PERSON AREA "} form w { title \"乙\"; ledger; minutes 1; key org; "
              "field size number { title \"面积\"; } }",
        ANY_V AREA "} " DATED_SIZE "field size number { title \"面积\"; again \"每次实测\"; } }",
        ANY_V AREA "} " DATED_SIZE "again \"每次实测\"; field size number { title \"面积\"; } }",
        /* in the key: it tells records apart */
        ANY_V "key p name; " OF_PERSON "field name text { title \"称呼\"; } }",
    };
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        Arena *a = arena_open(8 << 20);
        Buf b = buf_open(1 << 16);
        Rulebook *rb;
        Err e = { 0 };
        buf_fmt(&b, "%s%s", HEAD, fine[i]);
        PackSource s = { STRC("x.pack"), buf_str(&b) };
        if (!pack_load(&rb, a, &s, 1, &e))
            fail_msg("case %zu: %.*s", i, STR(err_get(&e, "why")));
        buf_close(&b);
        arena_close(a);
    }
}

static void test_rows(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    PackSource s = { STRC("x.pack"), STRC(HEAD "form f { title \"表\"; field w rows { title \"行\"; "
        "field t text required { title \"字\"; } field d day { title \"日\"; } } "
        "field n number { title \"数\"; } }") };
    Rulebook *rb;
    Err e = { 0 };
    FeelValue out;
    json_t *v;
    assert_true(pack_load(&rb, a, &s, 1, &e));
    const Form *f = pack_form(rb, STRC("f"));
    assert_true(jv_read(&v, STRC("[{\"t\":\"x\"}]"), "rows", &e));
    assert_true(form_rows_value(&out, a, f, &f->fields[0], v, &e));
    assert_true(str_is(feel_print(a, out), "[{t: \"x\", d: null}]"));
    assert_false(form_rows_value(&out, a, f, &f->fields[1], v, &e)); /* no rows */
    assert_int_equal(e.code, ERR_FIELD_TYPE);
    jv_close(v);
    arena_close(a);
}

/* --- descriptions --------------------------------------------------------------------------- */
static void check_json(const void *thing, void (*describe)(Jw *, const void *), const char *want)
{
    Buf b = buf_open(1 << 16);
    Jw w = jw_open(&b);
    jw_obj(&w);
    describe(&w, thing);
    jw_end(&w);
    assert_true(jw_close(&w));
    buf_putc(&b, 0);
    assert_string_equal(b.p, want);
    buf_close(&b);
}

static void measure_it(Jw *w, const void *x) { measure_describe(w, x); }
static void duty_it(Jw *w, const void *x) { duty_describe(w, x); }
static void points_it(Jw *w, const void *x) { points_describe(w, x); }
static void report_it(Jw *w, const void *x) { report_describe(w, x); }
static void flow_it(Jw *w, const void *x) { flow_describe(w, x); }

static void test_described(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    Rulebook *rb = all_kinds(a);
    check_json(pack_measure(rb, STRC("hours")), measure_it,
               "{\"name\":\"hours\",\"title\":\"学时\",\"pack\":\"kinds\",\"how\":\"sum\","
               "\"form\":\"meeting\",\"field\":\"hours\",\"by\":\"heads\"}");
    check_json(pack_duty(rb, STRC("congress_quarterly")), duty_it,
               "{\"name\":\"congress_quarterly\",\"title\":\"党员大会\",\"pack\":\"kinds\","
               "\"for\":\"org\",\"every\":\"quarter\",\"kind\":\"soft\",\"off\":false,"
               "\"draft\":false,\"cite\":\"《条例》\",\"text\":\"一般每季度1次\","
               "\"would\":\"开一次会\",\"form\":\"meeting\",\"where\":\"kind = \\\"congress\\\"\","
               "\"at_least\":\"1\",\"at_most\":\"20\",\"who\":\"org.kind = \\\"branch\\\"\","
               "\"grace\":5,\"remind\":15,\"exempt\":[\"没有党员\",\"刚成立\"],\"parts\":["
               "{\"list\":\"kind\",\"value\":\"congress\",\"title\":\"党员大会\"},"
               "{\"list\":\"state\",\"value\":\"decided\",\"title\":\"已认定\"}],\"lacks\":[]}");
    check_json(pack_points(rb, STRC("attended")), points_it,
               "{\"name\":\"attended\",\"title\":\"积分\",\"pack\":\"kinds\",\"cite\":\"条\","
               "\"every\":\"half\",\"base\":\"60\",\"cap\":\"100\",\"awards\":["
               "{\"name\":\"lecture\",\"title\":\"听党课\",\"each\":\"2.5\",\"cap\":\"12\","
               "\"form\":\"meeting\",\"where\":\"kind = \\\"lecture\\\" and on > "
               "date(\\\"2026-01-01\\\")\",\"to\":\"heads\"},{\"name\":\"host\",\"title\":\"主持\","
               "\"each\":\"1\",\"form\":\"meeting\",\"to\":\"host\"}]}");
    check_json(pack_report(rb, STRC("below")), report_it,
               "{\"name\":\"below\",\"title\":\"下级\",\"pack\":\"kinds\",\"help\":\"说明\","
               "\"cite\":\"条\",\"rows\":\"orgs\",\"every\":\"quarter\",\"total\":true,\"columns\":["
               "{\"name\":\"now\",\"title\":\"本期\",\"number\":true,\"unit\":\"次\","
               "\"measure\":\"congresses\"},{\"name\":\"before\",\"title\":\"上期\","
               "\"number\":true,\"unit\":\"次\",\"measure\":\"congresses\",\"back\":1},"
               "{\"name\":\"growth\",\"title\":\"增减\",\"number\":true,\"value\":\"c.now - "
               "c.before\"},{\"name\":\"name\",\"title\":\"名称\",\"number\":false,"
               "\"value\":\"org.name\"}],\"chart\":{\"kind\":\"bar\",\"columns\":[\"now\","
               "\"before\"]}}");
    Buf b = buf_open(1 << 16);
    Jw w = jw_open(&b);
    Err e = { 0 };
    json_t *v = NULL;
    jw_arr(&w);
    form_describe(&w, pack_form(rb, STRC("meeting")));
    jw_obj(&w);
    flow_it(&w, pack_flow(rb, STRC("claim")));
    jw_end(&w);
    pack_describe(&w, rb);
    jw_end(&w);
    assert_true(jw_close(&w) && jv_read(&v, buf_str(&b), "described", &e));
    const json_t *form = jv_at(v, 0), *flow = jv_at(v, 1), *pack = jv_at(jv_at(v, 2), 0);
    assert_true(jv_bool(form, "ledger") && str_is(jv_str(form, "dated"), "on"));
    assert_int_equal(jv_int(form, "on_time"), 3);
    assert_int_equal(jv_len(jv_get(form, "key")), 3);
    assert_true(str_is(jv_text(jv_at(jv_get(form, "who"), 0)), "书记"));
    assert_true(jv_bool(jv_at(jv_get(form, "fields"), 10), "built_in"));
    assert_true(jv_bool(jv_at(jv_get(form, "fields"), 0), "given"));
    assert_int_equal(jv_len(jv_get(flow, "states")), 2);
    const json_t *move = jv_at(jv_get(flow, "moves"), 0);
    assert_true(jv_int(move, "remind") == 3 && jv_int(move, "escalate") == 5);
    assert_null(jv_get(jv_at(jv_get(flow, "moves"), 1), "escalate"));
    assert_true(str_is(jv_str(pack, "menu"), "例子") && jv_int(pack, "order") == 7);
    assert_true(str_is(jv_str(pack, "under"), "例子一组"));
    assert_int_equal(jv_len(jv_get(pack, "duties")), 5);
    assert_int_equal(jv_len(jv_get(pack, "points")), 1);
    assert_int_equal(jv_len(jv_get(pack, "reports")), 5);
    assert_int_equal(jv_len(jv_get(pack, "measures")), 8);
    jv_close(v);
    buf_close(&b);
    arena_close(a);
}

static void test_canonical(void **state)
{
    (void)state;
    Arena *a = arena_open(16 << 20);
    Rulebook *rb = all_kinds(a), *again;
    PackSource s = { STRC("kinds.pack"), pack_at(rb, 0)->text };
    Err e = { 0 };
    assert_true(pack_load(&again, a, &s, 1, &e));
    assert_true(str_eq(pack_at(rb, 0)->text, pack_at(again, 0)->text));
    assert_true(hash_eq(pack_hash(rb), pack_hash(again))); /* help is no part of the rules */
    assert_int_equal(pack_at(again, 0)->readme.n, 0);
    arena_close(a);
}

/* --- at each limit and one past it ---------------------------------------------------------- */
typedef struct Limit {
    const char *head, *each, *tail; /* each is repeated, with %zu its number */
    size_t max;
    ErrCode code;
} Limit;

#define EXAMPLE "{ given { facts: [] }; period 2026-Q1; on 2026-04-20; want "

static const Limit limits[] = {
    { HEAD "duty d { title \"责\"; cite \"条\"; soft \"x\"; every quarter; of meet; at_least 1; " MET
           MISSED, "exempt \"理由%zu\" when org.members = 0; ", "}", DUTY_EXEMPT_MAX,
      ERR_TOO_BIG },
    { HEAD "duty d { title \"责\"; cite \"条\"; soft \"x\"; every quarter; of meet; at_least 1; " MET
           MISSED, "in_part kind.lecture; ", "}", DUTY_PARTS_MAX, ERR_TOO_BIG },
    { HEAD "duty d { title \"责\"; cite \"条\"; soft \"x\"; every quarter; of meet; at_least 1; "
           MISSED, "example \"例%zu\" " EXAMPLE "met; } ", "}", DUTY_EXAMPLES_MAX - 1, ERR_TOO_BIG },
    { HEAD "points p { title \"分\"; cite \"条\"; ", "award a%zu \"听\" 1 { of meet; to heads; } ",
      "}", POINTS_AWARDS_MAX, ERR_TOO_BIG },
    { HEAD "report r { title \"表\"; rows children; ", "column c%zu \"栏\" { value 1; } ", "}",
      REPORT_COLUMNS_MAX, ERR_TOO_BIG },
    { HEAD "form f { title \"表\"; ledger; minutes 1; field on day { title \"日\"; } dated on; ",
      "sample \"例%zu\" { every month; body { on: day }; } ", "}", FORM_SAMPLES_MAX, ERR_TOO_BIG },
    { HEAD "form t { title \"事\"; ledger; minutes 1; field state choice { title \"状态\"; of st; } "
           "sample \"例\" { every month; body { }; ", "move go 50; ",
      "} } flow t { title \"办\"; of t; start a; move go from a to b { title \"走\"; who member; } }",
      FORM_SAMPLE_MOVES_MAX, ERR_TOO_BIG },
};

static void test_limits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        for (size_t over = 0; over < 2; over++) {
            Arena *a = arena_open(32 << 20);
            Buf b = buf_open(1 << 20);
            Rulebook *rb;
            Err e = { 0 };
            char one[300], said[600];
            buf_put(&b, str_of(limits[i].head));
            for (size_t k = 0; k < limits[i].max + over; k++) {
                Str each = str_of(limits[i].each);
                const char *hole = strstr(each.p, "%zu");
                if (hole)
                    snprintf(one, sizeof one, "%.*s%zu%s", (int)(hole - each.p), each.p, k,
                             hole + 3);
                buf_put(&b, hole ? str_of(one) : each);
            }
            buf_put(&b, str_of(limits[i].tail));
            PackSource s = { STRC("x.pack"), buf_str(&b) };
            bool ok = pack_load(&rb, a, &s, 1, &e);
            err_print(&e, LANG_HANS, said, sizeof said);
            if (ok != (over == 0) || (over && e.code != limits[i].code))
                fail_msg("limit %zu, %zu over: %s", i, over, ok ? "accepted" : said);
            buf_close(&b);
            arena_close(a);
        }
    }
}

static void test_limits_of_names(void **state)
{
    (void)state;
    Arena *a = arena_open(64 << 20);
    Rulebook *rb;
    Err e = { 0 };
    for (size_t over = 0; over < 2; over++) { /* names of a key */
        Buf b = buf_open(1 << 20);
        buf_put(&b, STRC(HEAD "form f { title \"表\"; ledger; minutes 1; key"));
        for (size_t i = 0; i < FORM_KEY_MAX + over; i++)
            buf_fmt(&b, " f%zu", i);
        buf_putc(&b, ';');
        for (size_t i = 0; i < FORM_KEY_MAX + over; i++)
            buf_fmt(&b, "field f%zu text { title \"项%zu\"; }", i, i);
        buf_putc(&b, '}');
        PackSource s = { STRC("x.pack"), buf_str(&b) };
        assert_int_equal(pack_load(&rb, a, &s, 1, &e), over == 0);
        buf_close(&b);
    }
    assert_int_equal(e.code, ERR_TOO_BIG);
    for (size_t up = 0; up < 2; up++) { /* measures made of measures, in either order */
        for (size_t over = 0; over < 2; over++) {
            Buf b = buf_open(1 << 20);
            size_t n = MEASURE_DEPTH_MAX + over;
            buf_put(&b, STRC(HEAD "measure q0 { title \"数\"; value 1; }"));
            for (size_t i = 1; i <= n; i++) {
                size_t k = up ? i : n + 1 - i;
                buf_fmt(&b, "measure q%zu { title \"数\"; value m.q%zu + 1; }", k, k - 1);
            }
            PackSource s = { STRC("x.pack"), buf_str(&b) };
            assert_int_equal(pack_load(&rb, a, &s, 1, &e), over == 0);
            buf_close(&b);
        }
        assert_int_equal(e.code, ERR_PACK_RULE);
    }
    char *help = malloc(PACK_README_MAX + 1);
    memset(help, 'x', PACK_README_MAX + 1);
    for (size_t over = 0; over < 2; over++) {
        PackSource s = { STRC("x.pack"), STRC(HEAD), { help, PACK_README_MAX + over } };
        assert_int_equal(pack_load(&rb, a, &s, 1, &e), over == 0);
    }
    assert_int_equal(e.code, ERR_TOO_BIG);
    PackSource s = { STRC("x.pack"), STRC(HEAD), STRC("\xFF") };
    assert_false(pack_load(&rb, a, &s, 1, &e));
    assert_int_equal(e.code, ERR_BAD_TEXT);
    free(help);
    arena_close(a);
}

static void test_memory(void **state)
{
    (void)state;
    Arena *text = arena_open(1 << 20);
    PackSource s = { STRC("kinds.pack"), read_all(text) };
    Err e = { 0 };
    for (size_t cap = 16; cap < 2000000; cap += cap / 9 + 16) { /* every size of memory, no crash */
        Arena *a = arena_open(cap);
        Rulebook *rb;
        err_clear(&e);
        if (!pack_load(&rb, a, &s, 1, &e))
            assert_int_equal(e.code, ERR_NO_MEMORY);
        arena_close(a);
    }
    assert_int_equal(e.code, ERR_NONE); /* the last was enough */
    arena_close(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),   cmocka_unit_test(test_forms),
        cmocka_unit_test(test_rules),     cmocka_unit_test(test_reports),
        cmocka_unit_test(test_body),      cmocka_unit_test(test_rows),
        cmocka_unit_test(test_not_held),
        cmocka_unit_test(test_described),
        cmocka_unit_test(test_canonical), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_limits_of_names), cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
