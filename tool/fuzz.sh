#!/usr/bin/env bash
# fuzz.sh SECONDS: builds every src/*/*_fuzz.c with clang's libFuzzer and runs each that long from
# its corpus (src/<module>/corpus/<name>, if there).
set -eu
seconds=${1:-60}
build=build/fuzz
make -s -j2 BUILD=$build CC=clang MODE=fuzz lib
for f in src/*/*_fuzz.c; do
    m=$(basename "$(dirname "$f")")
    n=$(basename "$f" .c)
    make -s BUILD=$build CC=clang MODE=fuzz "$build/fuzzers/$n"
    mkdir -p "$build/corpus/$n"
    printf '== %s\n' "$n"
    "$build/fuzzers/$n" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
        "$build/corpus/$n" $( [ -d "src/$m/corpus/$n" ] && echo "src/$m/corpus/$n" ) 2>&1 |
        grep -E 'stat::number_of_executed_units|ERROR|SUMMARY|Test unit' || true
    if ls crash-* oom-* timeout-* >/dev/null 2>&1; then echo "fuzz: $n found something"; exit 1; fi
done
