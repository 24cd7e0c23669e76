/* Every example beside every duty of the shipped packs; and that a wrong one is seen. */
#include "rule/kit_test.h"

#include "rule/example.h"

static void test_shipped(void **state)
{
    (void)state;
    Arena *a = arena_open(256 << 20);
    const PackSource *sources;
    size_t n;
    Rulebook *rb;
    RuleSet *rules;
    RuleExamples x;
    Err e = { 0 };
    if (!pack_builtin(&sources, &n, a, &e) || !pack_load(&rb, a, sources, n, &e) ||
        !rule_open(&rules, a, rb, &e) || !rule_examples(&x, a, rules, &e))
        kit_fail(&e);
    for (size_t i = 0; i < x.n; i++)
        if (!x.items[i].ok)
            print_message("%.*s line %u, %.*s: want %.*s: %.*s\n", STR(x.items[i].place.file),
                          x.items[i].place.line, STR(x.items[i].title),
                          STR(duty_state_name(x.items[i].want)), STR(x.items[i].why));
    assert_int_equal(x.wrong, 0);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
