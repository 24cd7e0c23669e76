#include "rule/kit_test.h"

#define QUARTERLY                                                                                  \
    "duty congress { title \"党员大会\"; who org.kind = \"branch\"; every quarter;\n"               \
    "  of meeting[kind = \"congress\"]; at_least 1; soft \"一般每季度召开1次\"; cite \"例\";\n"       \
    "  EXAMPLES(2026-Q1) }\n"

static void test_quarters(void **state)
{
    (void)state;
    Kit *k = kit_open(QUARTERLY);
    kit_states(k, "congress", "2026", "2026-05-01", "xd..");
    kit_add(k, "meeting", "2026-01-01", "{\"kind\":\"congress\"}");
    kit_add(k, "meeting", "2026-06-30", "{\"kind\":\"congress\"}");
    kit_add(k, "meeting", "2026-04-02", "{\"kind\":\"group\"}");
    kit_states(k, "congress", "2026", "2026-05-01", "md..");
    kit_states(k, "congress", "2026", "2026-06-30", "mm..");
    kit_states(k, "congress", "2026", "2026-07-01", "mmd.");
    kit_states(k, "congress", "2026", "2026-12-31", "mmxd");
    kit_states(k, "congress", "2026", "2027-01-01", "mmxx");
    kit_states(k, "congress", "2026-Q2", "2026-12-31", "m");
    k->org.kind = STRC("committee");
    kit_states(k, "congress", "2026", "2026-12-31", "----");
    kit_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quarters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
