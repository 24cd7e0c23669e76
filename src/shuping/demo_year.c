/* A year of the invented district: from the notice to the count. */
#include "shuping/demo_run.h"

#include <string.h>

#define CLERK (&d->actors[ACTOR_CLERK])

static const char *const classes[] = { "political_building", "first_responsibility",
                                       "primary_org_building", "fortress_role",
                                       "conduct_and_ideology" };
enum { CLASSES = sizeof classes / sizeof *classes };

static json_t *class_rows(void)
{
    return json_pack("[{s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,s:s}]",
        "name", classes[0], "title", "思想政治建设", "name", classes[1], "title",
        "履行第一责任人职责", "name", classes[2], "title", "推进基层党组织建设", "name", classes[3],
        "title", "发挥战斗堡垒作用、完成重大任务", "name", classes[4], "title",
        "党风廉政和意识形态工作");
}

static json_t *dates(int year)
{
    static const struct { const char *step; int next, month, day; } of[] = {
        { "pre_survey", 0, 11, 20 },       { "routine_assessment", 0, 11, 27 },
        { "report", 0, 11, 30 },           { "debrief_meeting", 0, 12, 8 },
        { "ballot", 0, 12, 8 },            { "composite_evaluation", 0, 12, 25 },
        { "feedback", 0, 12, 26 },         { "rectification", 1, 6, 30 },
        { "result_use", 1, 3, 31 },
    };
    json_t *l = json_array();
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        char day[16];
        Arena *a = arena_open(4096);
        Str s = day_print(a, day_make(year + of[i].next, of[i].month, of[i].day));
        memcpy(day, s.p, s.n);
        json_array_append_new(l, json_pack("{s:s,s:s%}", "step", of[i].step, "due", day, s.n));
        arena_close(a);
    }
    return l;
}

static int64_t version_of(Demo *d, const char *name, const char *key, int64_t id)
{
    json_t *got = demo_do(d, CLERK, name, json_pack("{s:I}", key, (json_int_t)id));
    int64_t v = jv_int(got, "version");
    json_decref(got);
    return v;
}

static bool open_cycle(Demo *d, int64_t previous)
{
    json_t *body = json_pack(
        "{s:i,s:s,s:I,s:o,s:[s],s:s,s:s,s:i,s:i,s:o,s:[{s:s,s:s,s:i},{s:s,s:s,s:i},{s:s,s:s,s:i}]}",
        "year", d->year, "title",
        arena_z(d->a, arena_text(d->a, "%d年度述职评议考核", d->year)),
        "organiser", (json_int_t)d->root, "classes", class_rows(),
        "objects", "party_building", "scheme", "district", "survey_mode", "open", "report_min", 300,
        "report_max", 4000, "dates", dates(d->year), "groups", "name", "leaders", "title", "区领导",
        "issued", 7, "name", "peers", "title", "述职人互评", "issued", 23, "name", "staff", "title",
        "机关党员代表", "issued", 60);
    if (previous)
        json_object_set_new(body, "previous", json_integer(previous));
    json_t *got = demo_do(d, CLERK, "cycle_open", json_pack("{s:o}", "body", body));
    d->cycle = jv_int(got, "id");
    json_decref(got);
    demo_say(d, "开启%d年度，五类述职内容，评分方案“区直系统机关党委书记综合评价”", d->year);
    return got != NULL;
}

static bool choose(Demo *d)
{
    json_t *choices = json_pack(
        "{s:{s:s,s:i,s:[s,s],s:s},s:{s:s,s:s},s:{s:s,s:s,s:s,s:s}}", "rounding", "mode", "half_up",
        "places", 2, "nodes", "ballot", "adjusted", "quota", "up", "ties", "rule", "measure",
        "measure", "ballot", "quorum", "returned", "0.8", "valid", "0.8", "scope", "whole",
        "on_failure", "committee");
    bool ok = demo_just(d, CLERK, "choices_set",
                        json_pack("{s:I,s:I,s:o,s:i}", "cycle", (json_int_t)d->cycle, "version",
                                  (json_int_t)version_of(d, "cycle_show", "cycle", d->cycle),
                                  "choices", choices, "floor", 8));
    demo_say(d, "选定取整（四舍五入，两位）、并列（比较测评分）、票数效力（收回、有效均不低于80%%）");
    return ok;
}

static bool add_debriefers(Demo *d)
{
    for (int i = 0; i < DEMO_DEBRIEFERS; i++) {
        int s = (i + d->year) % DEMO_SYSTEMS;
        const DemoOrg *org = &d->district.orgs[d->district.systems[s]];
        json_t *body = json_pack("{s:I,s:I,s:s}", "org", (json_int_t)org->id, "person",
                                 (json_int_t)d->secretary_person[s], "form",
                                 i < DEMO_LIVE ? "live" : "written");
        if (i == 3) /* one who also answers to the work committee's own line */
            json_object_set_new(body, "lines", json_pack("[I,I]", (json_int_t)org->id,
                                                         (json_int_t)d->root));
        if (i == 5)
            json_object_set_new(body, "receiver",
                                json_integer(d->actors[ACTOR_COMMENTATOR].person));
        json_t *got = demo_do(d, CLERK, "debriefer_add",
                              json_pack("{s:I,s:o}", "cycle", (json_int_t)d->cycle, "body", body));
        if (!got)
            return false;
        d->debriefers[i] = jv_int(got, "id");
        json_decref(got);
    }
    demo_say(d, "确定述职人：现场%d名、书面%d名", DEMO_LIVE, DEMO_WRITTEN);
    return true;
}

static int system_of(const Demo *d, int debriefer)
{
    return (debriefer + d->year) % DEMO_SYSTEMS;
}

static bool survey(Demo *d, int upto)
{
    static const char *const sources[] = { "visit", "phone", "talk", "papers", "questionnaire" };
    int n = 0;
    for (int i = 0; i < upto; i++)
        for (int k = 0, facts = 2 + demo_below(&d->random, 3); k < facts; k++, n++) {
            bool negative = demo_chance(&d->random, 45);
            Str text = demo_survey_text(d->a, &d->random, system_of(d, i), negative);
            json_t *body = json_pack("{s:s,s:s%,s:s,s:b}", "class",
                                     classes[demo_below(&d->random, CLASSES)], "text", text.p,
                                     text.n, "source", sources[demo_below(&d->random, 5)],
                                     "negative", (int)negative);
            if (!demo_just(d, &d->actors[ACTOR_SURVEYOR], "survey_file",
                           json_pack("{s:I,s:o}", "debriefer", (json_int_t)d->debriefers[i], "body",
                                     body)))
                return false;
        }
    demo_say(d, "会前调研：登记核实的情况%d条", n);
    return true;
}

/* An answer to each of last year's open findings. */
static json_t *answers(Demo *d, const json_t *report)
{
    static const char *const kinds[] = { "cured", "under_way", "not_begun" };
    const json_t *carried = jv_get(report, "carried");
    json_t *l = json_array();
    for (size_t i = 0; i < jv_len(carried); i++)
        json_array_append_new(l, json_pack("{s:I,s:s,s:s}", "finding",
            (json_int_t)jv_int(jv_at(carried, i), "finding"), "answer",
            kinds[demo_below(&d->random, 3)], "text", "已列入本年任务逐月检查，结果向党员大会报告。"));
    return l;
}

static bool report(Demo *d, int i)
{
    const Who *who = &d->secretaries[system_of(d, i)];
    json_t *seen = demo_do(d, who, "report_show",
                           json_pack("{s:I}", "debriefer", (json_int_t)d->debriefers[i]));
    if (!seen)
        return false;
    json_t *sections = json_array();
    for (int k = 0; k < CLASSES; k++)
        json_array_append_new(sections, demo_section(d->a, &d->random, classes[k], system_of(d, i),
                                                     d->year));
    json_t *in = json_pack("{s:I,s:o,s:o}", "debriefer", (json_int_t)d->debriefers[i], "sections",
                           sections, "answers", answers(d, seen));
    if (jv_int(seen, "version"))
        json_object_set_new(in, "version", json_integer(jv_int(seen, "version")));
    json_decref(seen);
    return demo_just(d, who, "report_file", in);
}

static bool judge(Demo *d, int i, bool accept)
{
    json_t *in = json_pack("{s:I,s:I,s:b}", "debriefer", (json_int_t)d->debriefers[i], "version",
                           (json_int_t)version_of(d, "report_show", "debriefer", d->debriefers[i]),
                           "accept", (int)accept);
    if (!accept)
        json_object_set_new(in, "remarks",
                            json_string("问题写得太笼统，请写明是哪个支部、哪件事，并补充原因。"));
    return demo_just(d, CLERK, "report_judge", in);
}

static bool reports(Demo *d, int filed, int accepted)
{
    int returned = 0;
    for (int i = 0; i < filed; i++)
        if (!report(d, i))
            return false;
    for (int i = 0; i < accepted; i++) {
        if (i % 7 == 3) { /* returned once, written again, then accepted */
            if (!judge(d, i, false) || !report(d, i))
                return false;
            returned++;
        }
        if (!judge(d, i, true))
            return false;
    }
    if (filed < DEMO_DEBRIEFERS && !judge(d, filed - 1, false))
        return false;
    demo_say(d, "述职报告：提交%d份，退回修改%d份，审核通过%d份", filed,
             returned + (filed < DEMO_DEBRIEFERS), accepted);
    return true;
}

static bool score_inputs(Demo *d)
{
    for (int i = 0; i < DEMO_DEBRIEFERS; i++) {
        int routine = 7400 + demo_below(&d->random, 2400);
        int superior = 7200 + demo_below(&d->random, 2600);
        Str r = dec_print(d->a, dec_scaled(routine, 2));
        Str s = dec_print(d->a, dec_scaled(superior, 2));
        json_t *a = json_pack("{s:I,s:s,s:s%,s:s}", "debriefer", (json_int_t)d->debriefers[i],
                              "part", "routine", "value", r.p, r.n, "note", "四个季度平时考核平均");
        json_t *b = i == 20
            ? json_pack("{s:I,s:s,s:b,s:s}", "debriefer", (json_int_t)d->debriefers[i], "part",
                        "superior", "missing", 1, "note", "上级未安排评价")
            : json_pack("{s:I,s:s,s:s%}", "debriefer", (json_int_t)d->debriefers[i], "part",
                        "superior", "value", s.p, s.n);
        if (!demo_just(d, CLERK, "score_input_set", a) ||
            !demo_just(d, &d->actors[ACTOR_SUPERIOR], "score_input_set", b))
            return false;
    }
    demo_say(d, "平时考核和上级评价：各%d名，其中1名上级评价缺项", DEMO_DEBRIEFERS);
    return true;
}

static bool step(Demo *d, int64_t meeting, const char *item, int64_t debriefer, int minutes)
{
    json_t *body = json_pack("{s:s}", "item", item);
    if (debriefer)
        json_object_set_new(body, "debriefer", json_integer(debriefer));
    if (minutes)
        json_object_set_new(body, "seconds",
                            json_integer(minutes * 60 + demo_below(&d->random, 60)));
    return demo_just(d, CLERK, "step_log",
                     json_pack("{s:I,s:o}", "meeting", (json_int_t)meeting, "body", body));
}

static bool comment(Demo *d, int i)
{
    int s = system_of(d, i);
    Str good = demo_comment(d->a, &d->random, s, "achievement");
    Str bad = demo_comment(d->a, &d->random, s, "problem");
    Str way = demo_comment(d->a, &d->random, s, "direction");
    json_t *body = json_pack(
        "{s:I,s:[{s:s,s:s%},{s:s,s:s%},{s:s,s:s%}]}", "commentator",
        (json_int_t)d->actors[ACTOR_COMMENTATOR].person, "points", "kind", "achievement", "text",
        good.p, good.n, "kind", "problem", "text", bad.p, bad.n, "kind", "direction", "text", way.p,
        way.n);
    return demo_just(d, &d->actors[ACTOR_COMMENTATOR], "commentary_file",
                     json_pack("{s:I,s:o}", "debriefer", (json_int_t)d->debriefers[i], "body",
                               body));
}

static bool meeting(Demo *d)
{
    Str day = day_print(d->a, day_make(d->year, 12, 8));
    json_t *body = json_pack("{s:s%,s:s,s:I,s:i,s:s}", "day", day.p, day.n, "place", "区委第二会议室",
                             "chair", (json_int_t)d->actors[ACTOR_HEAD].person, "present", 90,
                             "ordering", "lot");
    json_t *got = demo_do(d, CLERK, "meeting_open",
                          json_pack("{s:I,s:o}", "cycle", (json_int_t)d->cycle, "body", body));
    int64_t id = jv_int(got, "id"), version = jv_int(got, "version");
    json_decref(got);
    if (!id || !demo_just(d, CLERK, "order_lot", json_pack("{s:I,s:I}", "meeting", (json_int_t)id,
                                                           "version", (json_int_t)version)) ||
        !step(d, id, "rules", 0, 3) || !step(d, id, "hand_out", 0, 4) ||
        !step(d, id, "last_year", 0, 6) || !step(d, id, "open_survey", 0, 2))
        return false;
    for (int i = 0; i < DEMO_LIVE; i++)
        if (!step(d, id, "speech", d->debriefers[i], 4 + demo_below(&d->random, 3)) ||
            !comment(d, i))
            return false;
    demo_say(d, "述职会：抽签定序，%d名现场述职，一述一评，问题转入整改", DEMO_LIVE);
    return step(d, id, "ballot", 0, 15) && step(d, id, "demands", 0, 12);
}

/* --- the count ------------------------------------------------------------------------------ */

static const char *const items[] = { "overall", "understanding", "duty", "key_tasks", "finding",
                                     "next_steps" };
static const char *const options[] = { "good", "fairly_good", "fair", "poor" };

static json_t *cells(Demo *d, int valid)
{
    json_t *l = json_array();
    for (int i = 0; i < DEMO_DEBRIEFERS; i++)
        for (size_t k = 0; k < sizeof items / sizeof *items; k++) {
            int n[4] = { 0 };
            for (int v = 0; v < valid; v++) {
                int x = demo_below(&d->random, 100) + (i * 7 % 23);
                n[x < 78 ? 0 : x < 102 ? 1 : x < 118 ? 2 : 3]++;
            }
            for (int o = 0; o < 4; o++)
                json_array_append_new(l, json_pack("{s:I,s:s,s:s,s:i}", "debriefer",
                    (json_int_t)d->debriefers[i], "item", items[k], "option", options[o], "n",
                    n[o]));
        }
    return l;
}

static bool tally(Demo *d, const char *group, int returned, int valid)
{
    json_t *body = json_pack("{s:i,s:i,s:o,s:o}", "returned", returned, "valid", valid, "invalid",
                             returned > valid ? json_pack("[{s:s,s:i}]", "reason", "unfilled", "n",
                                                          returned - valid)
                                              : json_array(),
                             "cells", cells(d, valid));
    bool ok = true;
    for (int t = 0; ok && t < 2; t++)
        ok = demo_just(d, &d->actors[t ? ACTOR_TELLER_2 : ACTOR_TELLER_1], "tally_save",
                       json_pack("{s:I,s:s,s:s,s:i,s:O,s:b}", "cycle", (json_int_t)d->cycle,
                                 "object", "party_building", "group", group, "round", 1, "body",
                                 body, "submit", 1));
    json_decref(body);
    return ok;
}

static bool papers(Demo *d, const char *group, const char *as)
{
    return demo_export(d, CLERK, "ballot_papers",
                       json_pack("{s:I,s:s,s:s}", "cycle", (json_int_t)d->cycle, "object",
                                 "party_building", "group", group), as);
}

static bool ballot(Demo *d)
{
    int64_t version = version_of(d, "cycle_show", "cycle", d->cycle);
    if (!demo_just(d, &d->actors[ACTOR_HEAD], "voting_open",
                   json_pack("{s:I,s:I}", "cycle", (json_int_t)d->cycle, "version",
                             (json_int_t)version)) ||
        !papers(d, "leaders", "测评票-区领导.pdf") || !papers(d, "peers", "测评票-述职人.pdf") ||
        !papers(d, "staff", "测评票-党员代表.pdf"))
        return false;
    demo_say(d, "开始测评，三类测评票已印制（票面无编号）");
    if (!tally(d, "leaders", 7, 7) || !tally(d, "peers", 23, 22) || !tally(d, "staff", 58, 55))
        return false;
    demo_say(d, "两名计票人背靠背录入，逐格核对一致");
    if (!demo_just(d, &d->actors[ACTOR_SCRUTINEER], "tally_close",
                   json_pack("{s:I,s:s}", "cycle", (json_int_t)d->cycle, "object",
                             "party_building")))
        return false;
    demo_say(d, "计票完成：区领导票类7张不足下限8张，与述职人票类合并统计，单独数字不再存在");
    return true;
}

bool demo_year(Demo *d, int year, int64_t previous, DemoUntil until)
{
    d->year = year;
    if (!demo_until(d, year, 11, 2, 9, 0))
        return false;
    if (!open_cycle(d, previous) || !choose(d) || !add_debriefers(d))
        return false;
    if (!demo_until(d, year, 11, 10, 9, 0))
        return false;
    if (until == DEMO_REPORTING)
        return survey(d, 15) && demo_until(d, year, 11, 18, 9, 0) && reports(d, 14, 9) &&
               demo_until(d, year, 11, 20, 9, 0);
    if (!survey(d, DEMO_DEBRIEFERS))
        return false;
    if (!demo_until(d, year, 11, 23, 9, 0))
        return false;
    if (!reports(d, DEMO_DEBRIEFERS, DEMO_DEBRIEFERS) || !score_inputs(d))
        return false;
    if (!demo_until(d, year, 12, 8, 9, 0))
        return false;
    if (!meeting(d) || !ballot(d))
        return false;
    if (!demo_until(d, year, 12, 15, 9, 0))
        return false;
    return demo_after_count(d);
}
