/* What tests of ledgers share: a pack of their own and a small district with accounts. */
#ifndef WORK_LEDGER_KIT_TEST_H
#define WORK_LEDGER_KIT_TEST_H

#include "work/fixture_test.h"

FIX const char kit_pack[] =
    "pack kit { title \"测试台账\"; version \"1\"; from 2020-01-01; menu \"组织生活\"; order 5;"
    " shows \"测试用\"; }\n"
    "list kit_kind { item congress \"党员大会\"; item lecture \"党课\"; item day \"主题党日\"; }\n"
    "list kit_state { item draft \"拟稿\"; item posted \"公示\"; item decided \"已决定\"; }\n"
    "form kit_meeting { title \"会议记录\"; minutes 6; ledger; dated on; on_time 3;"
    "  key org on kind; read member; public topic on kind;"
    "  field on day required { title \"日期\"; }"
    "  field kind choice required { title \"类别\"; of kit_kind; index; }"
    "  field topic text required { title \"议题\"; max 80; search; }"
    "  field place text { title \"地点\"; given last.kit_meeting.place; }"
    "  field heads number { title \"到会人数\"; min 0; max 999; given org.members; }"
    "  field people refs { title \"参加人员\"; of person; }"
    "  field cost decimal { title \"费用\"; min 0; }"
    "  field notes long { title \"记要\"; max 500; } }\n"
    "form kit_talk { title \"谈心谈话\"; minutes 2; ledger; personal person; dated on;"
    "  field on day required { title \"谈话日期\"; }"
    "  field person ref required { title \"谈话对象\"; of person; index; }"
    "  field gist long required { title \"谈话要点\"; max 200; } }\n"
    "form kit_plan { title \"事项决策\"; minutes 3; ledger; who party_staff secretary"
    "  organiser_clerk; public subject state;"
    "  field subject text required { title \"事项名称\"; max 60; search; }"
    "  field posted day { title \"公示日期\"; }"
    "  field state choice { title \"进展\"; of kit_state; } }\n"
    "flow kit_plan { title \"事项决策流程\"; of kit_plan; start draft;"
    "  move post from draft to posted { title \"公示\"; who secretary party_staff;"
    "    guard thing.posted != null; needs \"请先填写公示日期\"; within 15; }"
    "  move decide from posted to decided { title \"决定\"; who secretary;"
    "    guard today - since < duration(\"P9D\") and count(peers) <= 2 and org.kind = \"branch\";"
    "    needs \"同级不超过两项\"; } }\n"
    "duty kit_congress { title \"党员大会\"; for org; who org.kind = \"branch\"; every quarter;"
    "  of kit_meeting[kind = \"congress\"]; at_least 1; hard \"每季度一次\"; cite \"测试\";"
    "  example \"一\" { given { org: {kind: \"branch\"}, facts: [{form: \"kit_meeting\","
    "    on: date(\"2026-02-01\"), kind: \"congress\"}] }; period 2026-Q1; on 2026-04-20;"
    "    want met; }"
    "  example \"二\" { given { org: {kind: \"branch\"}, facts: [] }; period 2026-Q1;"
    "    on 2026-04-20; want missed; } }\n";

FIX const PackSource kit_packs[] = { { .file = S("kit.pack"), .text = { kit_pack,
                                       sizeof kit_pack - 1 } } };

typedef struct Kit {
    FixRoster r;
    Who staff, secretary, clerk, superior, member, stranger; /* branch, branch, top, top, branch */
} Kit;

FIX void kit_open(Fix *f, Kit *k)
{
    fix_open_packs(f, 11, kit_packs, 1);
    k->r = fix_roster(f);
    k->staff = fix_account(f, fix_person(f, "钱满仓"), "qian", "party_staff", k->r.branch);
    k->secretary = fix_account(f, k->r.zhao, "zhao", "secretary", k->r.branch);
    k->clerk = fix_account(f, fix_person(f, "孙立"), "sun", "organiser_clerk", k->r.committee);
    k->stranger = fix_account(f, k->r.zeng, "zeng", "secretary", k->r.health);
    k->superior = fix_account(f, k->r.li, "li", "superior", k->r.street);
    k->member = k->secretary;
    k->member.grants[0].role = ROLE_MEMBER;
}

/* A meeting of the branch; its reply. */
FIX json_t *kit_meeting(Fix *f, const Kit *k, const char *on, const char *kind, const char *topic)
{
    return fix_ok(f, k->staff, "record_file",
                  fix_text(f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":\"%s\","
                           "\"kind\":\"%s\",\"topic\":\"%s\",\"heads\":12}}",
                           (long long)k->r.branch, on, kind, topic));
}

#endif
