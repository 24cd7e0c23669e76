/* The year after the count: assessment, letters, rectification, use of results, the next year. */
#include "shuping/demo_run.h"

#include <string.h>

#define CLERK (&d->actors[ACTOR_CLERK])
#define HEAD (&d->actors[ACTOR_HEAD])

static json_t *of_cycle(const Demo *d)
{
    return json_pack("{s:I}", "cycle", (json_int_t)d->cycle);
}

static Str day_text(Demo *d, int year, int month, int day)
{
    return day_print(d->a, day_make(year, month, day));
}

static bool events(Demo *d)
{
    return demo_just(d, CLERK, "score_event_file",
                     json_pack("{s:I,s:s,s:s,s:s}", "debriefer", (json_int_t)d->debriefers[2],
                               "event", "bonus", "value", "1.5", "reason",
                               "所属支部获省级先进基层党组织")) &&
           demo_just(d, CLERK, "score_event_file",
                     json_pack("{s:I,s:s,s:s,s:s}", "debriefer", (json_int_t)d->debriefers[9],
                               "event", "deduction", "value", "-2", "reason", "报送数据失实被通报")) &&
           demo_just(d, CLERK, "score_event_file",
                     json_pack("{s:I,s:s,s:s}", "debriefer", (json_int_t)d->debriefers[9], "event",
                               "top_barred", "reason", "被通报的当年不得评为“好”"));
}

static bool assess(Demo *d)
{
    if (!events(d))
        return false;
    json_t *got = demo_do(d, CLERK, "result_compute", of_cycle(d));
    if (!got)
        return false;
    json_decref(got);
    demo_say(d, "综合评价：按方案测算总分、分档、非“好”等次比例和一票否决");
    if (!demo_just(d, &d->actors[ACTOR_COMMITTEE], "grade_override",
                   json_pack("{s:I,s:s,s:s,s:s}", "debriefer", (json_int_t)d->debriefers[7],
                             "object", "party_building", "grade", "fair", "reason",
                             "上年点评的问题整改不到位，经会议研究下调一档")) ||
        !demo_just(d, CLERK, "result_compute", of_cycle(d)))
        return false;
    Str day = day_text(d, d->year, 12, 20);
    if (!demo_until(d, d->year, 12, 20, 15, 0))
        return false;
    if (!demo_just(d, &d->actors[ACTOR_COMMITTEE], "result_approve",
                   json_pack("{s:I,s:s,s:s%}", "cycle", (json_int_t)d->cycle, "meeting",
                             "区委常委会会议", "day", day.p, day.n)))
        return false;
    demo_say(d, "审定等次：1名审定与测算不一致，理由入册");
    return true;
}

static bool opinions(Demo *d)
{
    for (int i = 0; i < DEMO_DEBRIEFERS; i++) {
        int s = (i + d->year) % DEMO_SYSTEMS;
        Str good = demo_comment(d->a, &d->random, s, "achievement");
        Str bad = demo_comment(d->a, &d->random, s, "problem");
        Str way = demo_comment(d->a, &d->random, s, "direction");
        if (!demo_just(d, CLERK, "opinion_set",
                       json_pack("{s:I,s:s%,s:s%,s:s%}", "debriefer", (json_int_t)d->debriefers[i],
                                 "achievements", good.p, good.n, "problems", bad.p, bad.n,
                                 "direction", way.p, way.n)))
            return false;
    }
    return true;
}

static json_t *paper(const Demo *d, const char *format)
{
    return json_pack("{s:I,s:s}", "cycle", (json_int_t)d->cycle, "format", format);
}

static bool feedback(Demo *d)
{
    if (!demo_until(d, d->year, 12, 25, 9, 0))
        return false;
    if (!opinions(d) || !demo_just(d, HEAD, "result_publish", of_cycle(d)))
        return false;
    json_t *issued = demo_do(d, CLERK, "letters_issue", of_cycle(d));
    const json_t *letters = jv_get(issued, "letters");
    bool ok = issued && demo_export(d, CLERK, "result_sheet", paper(d, "pdf"), "结果单.pdf") &&
              demo_export(d, CLERK, "result_sheet", paper(d, "xlsx"), "结果单.xlsx") &&
              demo_export(d, CLERK, "class_rank", paper(d, "pdf"), "分类排名.pdf") &&
              demo_export(d, CLERK, "class_rank", paper(d, "xlsx"), "分类排名.xlsx");
    for (size_t i = 0; ok && i < jv_len(letters); i++) {
        const char *name = arena_z(d->a, arena_text(d->a, "反馈函-%02zu.pdf", i + 1));
        ok = demo_export(d, CLERK, "letter_pdf",
                         json_pack("{s:I}", "letter",
                                   (json_int_t)json_integer_value(jv_at(letters, i))), name);
    }
    json_decref(issued);
    demo_say(d, "反馈：结果单、分类排名、%d份反馈函，页脚印有日志大小、根和时间", DEMO_DEBRIEFERS);
    return ok;
}

/* --- rectification -------------------------------------------------------------------------- */

/* Everything found in the year becomes one numbered list. */
static bool merge(Demo *d)
{
    json_t *offer = demo_do(d, CLERK, "finding_sources", of_cycle(d));
    json_t *keys = json_array();
    const json_t *items = jv_get(offer, "items");
    for (size_t i = 0; i < jv_len(items); i++)
        json_array_append_new(keys, json_deep_copy(jv_get(jv_at(items, i), "key")));
    bool ok = offer && demo_just(d, CLERK, "finding_merge",
                                 json_pack("{s:I,s:o}", "cycle", (json_int_t)d->cycle, "keys",
                                           keys));
    if (!offer)
        json_decref(keys);
    json_decref(offer);
    return ok;
}

static int64_t finding_version(Demo *d, int64_t finding)
{
    json_t *got = demo_do(d, CLERK, "finding_show",
                          json_pack("{s:I}", "finding", (json_int_t)finding));
    int64_t v = jv_int(jv_get(got, "finding"), "version");
    json_decref(got);
    return v;
}

static bool edit(Demo *d, const Who *who, int64_t finding, json_t *body)
{
    int64_t v = finding_version(d, finding);
    return demo_just(d, who, "finding_edit",
                     json_pack("{s:I,s:I,s:o}", "finding", (json_int_t)finding, "version",
                               (json_int_t)v, "body", body));
}

static bool move(Demo *d, const Who *who, int64_t finding, const char *event, json_t *body)
{
    int64_t v = finding_version(d, finding);
    json_t *in = json_pack("{s:I,s:I,s:s}", "finding", (json_int_t)finding, "version",
                           (json_int_t)v, "event", event);
    if (body)
        json_object_set_new(in, "body", body);
    return demo_just(d, who, "finding_move", in);
}

/* Whose organisation is it? The secretary takes the finding over; his deputy is not in the demo. */
static const Who *secretary_of(const Demo *d, int64_t org, int *system)
{
    for (int i = 0; i < DEMO_SYSTEMS; i++)
        if (d->district.orgs[d->district.systems[i]].id == org) {
            *system = i;
            return &d->secretaries[i];
        }
    return NULL;
}

/* How far each finding gets: most are closed, some rechecked, some carried into next year. */
static bool cure(Demo *d, int64_t finding, int64_t org, int far)
{
    int s = 0;
    const Who *owner = secretary_of(d, org, &s);
    if (!owner)
        return true; /* about the organiser itself: stays listed */
    static const char *const kinds[] = { "loose_rules", "theme_day", "two_skins", "service_gap" };
    Str measure = demo_measure(d->a, &d->random, s);
    Str due = day_text(d, d->year + 1, 3 + demo_below(&d->random, 4), 15);
    json_t *body = json_pack("{s:s%,s:s,s:I,s:s,s:s%}", "measure", measure.p, measure.n, "target",
                             "年底前逐个支部核验，见到变化", "owner", (json_int_t)owner->person,
                             "deadline_class", "this_year", "due", due.p, due.n);
    return edit(d, owner, finding, body) && (far < 1 || move(d, owner, finding, "commit", NULL)) &&
           (far < 2 || move(d, owner, finding, "begin", NULL)) &&
           (far < 3 || move(d, owner, finding, "apply",
                            json_pack("{s:s}", "evidence", "走访记录和支部大会记录"))) &&
           (far < 4 || move(d, CLERK, finding, "verify",
                            json_pack("{s:s,s:s}", "opinion", "到现场核对，情况属实", "category",
                                      kinds[s % 4]))) &&
           (far < 5 || move(d, CLERK, finding, "close", NULL)) &&
           (far < 6 || move(d, CLERK, finding, "recheck",
                            json_pack("{s:s}", "recheck_result", "三个月后再看，没有反弹")));
}

static json_t *lists(const Demo *d, const char *format)
{
    return json_pack("{s:I,s:s,s:s}", "cycle", (json_int_t)d->cycle, "list", "all", "format",
                     format);
}

static bool rectify(Demo *d)
{
    static const int far[] = { 5, 6, 5, 2, 5, 4, 6, 3 };
    int n = 0, closed = 0;
    if (!demo_until(d, d->year, 12, 29, 9, 0))
        return false;
    if (!merge(d))
        return false;
    json_t *all = demo_do(d, CLERK, "finding_list", of_cycle(d));
    const json_t *items = jv_get(all, "items");
    bool ok = all != NULL;
    if (!demo_until(d, d->year + 1, 1, 20, 9, 0))
        return false;
    for (size_t i = 0; ok && i < jv_len(items); i++, n++) {
        int to = far[i % (sizeof far / sizeof *far)];
        closed += to >= 5;
        ok = cure(d, jv_int(jv_at(items, i), "id"), jv_int(jv_at(items, i), "org"), to);
    }
    json_decref(all);
    ok = ok && demo_export(d, CLERK, "finding_lists", lists(d, "xlsx"), "三张清单.xlsx") &&
         demo_export(d, CLERK, "finding_lists", lists(d, "pdf"), "三张清单.pdf");
    demo_say(d, "整改：%d个问题列入清单，验收人不是责任人，已销号%d个，其余结转", n, closed);
    return ok;
}

/* What the clerk confirms of a list: every item, for one organisation. */
static json_t *picks(const json_t *items, int64_t org)
{
    json_t *l = json_array();
    for (size_t i = 0; i < jv_len(items); i++)
        json_array_append_new(l, json_pack("{s:I,s:I}", "from",
                                           (json_int_t)jv_int(jv_at(items, i), "from"), "org",
                                           (json_int_t)org));
    return l;
}

static bool speech(Demo *d)
{
    Str text = demo_speech(d->a, d->year);
    json_t *got = demo_do(d, CLERK, "document_type",
                          json_pack("{s:I,s:s,s:s%}", "cycle", (json_int_t)d->cycle, "title",
                                    "述职评议会讲话", "text", text.p, text.n));
    json_t *seen = got ? demo_do(d, CLERK, "document_show",
                                 json_pack("{s:I}", "document", (json_int_t)jv_int(got, "id")))
                       : NULL;
    const json_t *o = jv_get(seen, "outline");
    const json_t *problems = jv_get(o, "problems"), *demands = jv_get(o, "demands");
    const json_t *off = jv_at(jv_get(o, "mismatches"), 0);
    bool ok = seen && demo_just(d, CLERK, "document_confirm",
                                json_pack("{s:I,s:I,s:o,s:o}", "document",
                                          (json_int_t)jv_int(got, "id"), "version",
                                          (json_int_t)jv_int(jv_get(seen, "document"), "version"),
                                          "findings", picks(problems, d->root), "tasks",
                                          picks(demands, d->root)));
    demo_say(d, "讲话：成绩%zu条、问题%zu条转入整改、要求%zu条转为任务；“%.*s”说有%lld点、实有%lld点",
             jv_len(jv_get(o, "achievements")), jv_len(problems), jv_len(demands),
             STR(jv_str(off, "what")), (long long)jv_int(off, "announced"),
             (long long)jv_int(off, "found"));
    json_decref(got);
    json_decref(seen);
    return ok;
}

/* --- use, close, next year ------------------------------------------------------------------ */

static bool use(Demo *d)
{
    json_t *ids = json_array();
    for (int i = 0; i < DEMO_DEBRIEFERS; i++)
        json_array_append_new(ids, json_integer(d->debriefers[i]));
    Str day = day_text(d, d->year + 1, 2, 10);
    if (!demo_until(d, d->year + 1, 2, 10, 9, 0))
        return false;
    demo_say(d, "结果运用：纳入班子和领导人员年度考核，%d名", DEMO_DEBRIEFERS);
    return demo_just(d, HEAD, "result_use_file",
                     json_pack("{s:o,s:s,s:s,s:s,s:s%}", "debriefers", ids, "use", "leading_body",
                               "decision", "作为年度考核的重要依据", "decided_by", "区委常委会会议",
                               "day", day.p, day.n));
}

static bool close_year(Demo *d)
{
    json_t *got = demo_do(d, CLERK, "cycle_show", of_cycle(d));
    int64_t v = jv_int(got, "version");
    json_decref(got);
    if (!demo_until(d, d->year + 1, 3, 1, 9, 0))
        return false;
    if (!demo_just(d, HEAD, "cycle_close",
                   json_pack("{s:I,s:I,s:s}", "cycle", (json_int_t)d->cycle, "version",
                             (json_int_t)v, "reason", "未销号的问题结转下一年度，逐项继续整改")))
        return false;
    demo_say(d, "结束%d年度：未销号的问题结转", d->year);
    return true;
}

bool demo_after_count(Demo *d)
{
    return assess(d) && feedback(d) && rectify(d) && speech(d) && use(d) && close_year(d);
}

bool demo_next(Demo *d)
{
    json_t *got = demo_do(d, HEAD, "cycle_next", of_cycle(d));
    if (!got)
        return false;
    demo_say(d, "开启%d年度：类别、票类和方案沿用，上年未销号的问题要求逐项答复", d->year + 1);
    json_decref(got);
    return true;
}
