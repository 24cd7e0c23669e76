#!/usr/bin/env bash
# Runs cmocka programs one after the other; prints the output of those that fail and one line for
# each; closes with "N passed, M failed" over single tests.
set -u
passed=0 failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT
for t in "$@"; do
    timeout 600 "$t" >"$out" 2>&1
    code=$?
    ok=$(grep -c '^\[       OK \]' "$out")
    bad=$(grep -c '^\[  FAILED  \] [^0-9]' "$out")
    ran=$(grep -oE '^\[==========\] [0-9]+ test\(s\) run' "$out" | grep -oE '[0-9]+' | awk '{s+=$1} END {print s+0}')
    if [ $code -ne 0 ] || [ "$ran" -eq 0 ]; then
        cat "$out"
        [ "$ran" -gt "$ok" ] && bad=$((ran - ok)) || bad=1
        printf 'FAIL %s (exit %d)\n' "$t" $code
    else
        bad=0
        printf 'ok   %s: %d\n' "$t" "$ok"
    fi
    passed=$((passed + ok)) failed=$((failed + bad))
done
printf '%d passed, %d failed\n' $passed $failed
[ $failed -eq 0 ] && [ $passed -gt 0 ]
