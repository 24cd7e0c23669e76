#include "auth/role.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void names_go_both_ways(void **state)
{
    (void)state;
    assert_int_equal(ROLE_COUNT, 16);
    for (Role r = 0; r < ROLE_COUNT; r++) {
        Role back = ROLE_COUNT;
        assert_true(role_read(&back, str_of(role_name(r))));
        assert_int_equal(back, r);
        assert_true(strlen(role_title(r)) > 0 && strlen(role_title_en(r)) > 0);
    }
    Role none;
    assert_false(role_read(&none, STRC("")));
    assert_false(role_read(&none, STRC("root")));
    assert_false(role_read(&none, STRC("SYS_ADMIN")));
}

static void administrators_are_three_persons(void **state)
{
    (void)state;
    int conflicts = 0;
    for (Role a = 0; a < ROLE_COUNT; a++)
        for (Role b = 0; b < ROLE_COUNT; b++) {
            assert_int_equal(role_conflicts(a, b), role_conflicts(b, a));
            conflicts += role_conflicts(a, b);
        }
    assert_int_equal(conflicts, 3 * 2 + 2);
    assert_true(role_conflicts(ROLE_SYS_ADMIN, ROLE_AUDIT_ADMIN));
    assert_true(role_conflicts(ROLE_SCRUTINEER, ROLE_TELLER));
    assert_false(role_conflicts(ROLE_TELLER, ROLE_TELLER));
    assert_false(role_conflicts(ROLE_MEMBER, ROLE_SECRETARY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(administrators_are_three_persons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
