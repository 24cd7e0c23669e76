/* How many of a committee are young, how many old: on the day, and of those who hold a seat. */
#include "rule/kit_test.h"

#define PACK                                                                                       \
    "duty young { title \"甲\"; every standing; holds org.committee_young = 1; soft \"x\"; cite " \
    "\"y\"; EXAMPLES() }\n"                                                                        \
    "duty old { title \"乙\"; every standing; holds org.committee_old = 1; soft \"x\"; cite "    \
    "\"y\"; EXAMPLES() }\n"

static void person(Kit *k, int64_t id, const char *post, const char *born)
{
    RulePerson *p = kit_person(k, id, "2020-01-01");
    p->born = born ? kit_day(born) : DAY_NONE;
    if (post)
        kit_tenure(k, id, post, "2024-01-01");
}

static void test_ages(void **state)
{
    (void)state;
    Kit *k = kit_open(PACK);
    person(k, 1, "secretary", "1986-06-01");        /* 40 on 2026-06-01 */
    person(k, 2, "committee_member", "1971-06-01"); /* 55 on the same day */
    person(k, 3, "committee_member", NULL);         /* neither */
    person(k, 4, NULL, "2000-01-01");               /* no seat */
    person(k, 5, "party_staff", "1960-01-01");      /* no seat of the committee */
    kit_states(k, "young", "2026", "2026-05-31", "m");
    kit_states(k, "young", "2026", "2026-06-01", "x");
    kit_states(k, "old", "2026", "2026-05-31", "x");
    kit_states(k, "old", "2026", "2026-06-01", "m");
    kit_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_ages) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
