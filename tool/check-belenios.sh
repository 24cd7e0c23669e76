#!/usr/bin/env bash
# check-belenios.sh DIR BUILD: shuping-verify against archives that the official tool made. DIR holds
# one folder each with a .bel; in the folder named example-falsified-tally a ballot is left out of
# the tally, and the archive must be refused for that.
set -eu
dir=${1:?usage: tool/check-belenios.sh DIR BUILD}
build=${2:-build}
passed=0 failed=0
for bel in "$dir"/*/*.bel; do
    said=$("$build/shuping-verify" "$bel" 2>&1) && code=0 || code=$?
    case $bel in
        *falsified-tally*) [ $code = 1 ] && grep -q '加密合计与逐票重算的结果不符' <<<"$said" && ok=1 || ok=0 ;;
        *) [ $code = 0 ] && ok=1 || ok=0 ;;
    esac
    if [ $ok = 1 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAIL $bel ($code): $said"; fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]
