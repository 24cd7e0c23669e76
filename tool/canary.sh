#!/usr/bin/env bash
# The canary must fail: a runner that lets it pass would let everything pass.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat >"$dir/canary.c" <<'C'
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
static void canary(void **state) { (void)state; assert_int_equal(1, 2); }
int main(void) { const struct CMUnitTest t[] = { cmocka_unit_test(canary) }; return cmocka_run_group_tests(t, NULL, NULL); }
C
gcc "$dir/canary.c" -lcmocka -o "$dir/canary" || exit 1
if tool/run-tests.sh "$dir/canary" >"$dir/out" 2>&1; then
    echo "the canary passed: the test runner sees no failures"
    exit 1
fi
grep -q '^0 passed, 1 failed$' "$dir/out" || { echo "the runner miscounted:"; cat "$dir/out"; exit 1; }
echo "canary: failed as it must"
