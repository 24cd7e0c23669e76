#!/usr/bin/env bash
# The whole suite. Each part prints its own lines; its closing "N passed, M failed" is added up.
# Closes with one line "N passed, M failed" and exits 0 only when nothing failed.
set -u
build=${BUILD:-build}
mkdir -p "$build"
passed=0 failed=0

part() { # name, command...: a part without a closing line counts as one test
    local name=$1 log="$build/test-$1.log" line
    shift
    printf '== %s\n' "$name"
    if "$@" >"$log" 2>&1; then local code=0; else local code=$?; fi
    line=$(grep -E '^([A-Za-z-]+: )?[0-9]+ passed, [0-9]+ failed' "$log" | tail -1)
    if [ -n "$line" ]; then
        local p f
        p=$(grep -oE '[0-9]+ passed' <<<"$line" | grep -oE '[0-9]+')
        f=$(grep -oE '[0-9]+ failed' <<<"$line" | grep -oE '[0-9]+')
        [ $code -ne 0 ] && [ "$f" -eq 0 ] && f=1
        passed=$((passed + p)) failed=$((failed + f))
    elif [ $code -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
    if [ $code -ne 0 ]; then
        tail -n 60 "$log"
        printf '== %s FAILED (exit %d, whole output in %s)\n' "$name" $code "$log"
    else
        grep -E '^(ok|FAIL)' "$log" || tail -n 2 "$log"
    fi
}

part build     make -s -j2 all
part check     make -s check
part units     make -s -j2 test-c
part canary    tool/canary.sh
part screens   make -s web-check
part booth     tool/booth.sh "$build"
part year      tool/year.sh
part browser   make -s e2e
printf '%d passed, %d failed\n' $passed $failed
[ $failed -eq 0 ] && [ $passed -gt 0 ]
