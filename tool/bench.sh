#!/usr/bin/env bash
# bench.sh BUILD PROGRAM...: runs the benches one after the other, also those that a program of
# somebody else stands beside, and prints what was said against a limit as one table. A bench says
# so in a line "= what TAB value TAB <= or >= TAB limit TAB unit" (src/base/bench.h); a value of "-"
# was not measured, because the peer is not here. Peers are put into BUILD/peers by npm. A limit
# that does not hold is no failure, for machines differ; a bench that does not run is one.
set -u
build=$1
shift
said=$(mktemp)
trap 'rm -f "$said"' EXIT
broken=0

run() {
    local name=$1
    shift
    printf '== %s\n' "$name"
    "$@" 2>&1 | tee -a "$said"
    if [ "${PIPESTATUS[0]}" -ne 0 ]; then
        broken=$((broken + 1))
        printf '= %s: did not run\t-\t\t\t\n' "$name" | tee -a "$said"
    fi
}

peers=$(realpath "$build")/peers
mkdir -p "$peers"
for peer in feelin @gorules/zen-engine @duckdb/node-api minhash@0.0.9; do
    [ -d "$peers/node_modules/${peer%@0.0.9}" ] && continue
    npm i --prefix "$peers" --no-audit --no-fund --ignore-scripts --silent "$peer" >/dev/null 2>&1 ||
        echo "npm $peer could not be installed: what it is compared in is not measured"
done

for bench in "$@"; do
    case $bench in
    */dmn_bench | */national_bench | */origin_bench) ;; # run by the scripts below
    *) run "${bench#"$build"/bench/}" "$bench" ;;
    esac
done
run "originality, and npm minhash" tool/bench-origin.sh "$build/bench/origin/origin_bench" "$peers"
run "formulas and tables, feelin and zen-engine" node tool/bench-feel.mjs "$build/bench/dmn/dmn_bench" "$peers"
run "the nation, and DuckDB" node tool/bench-national.mjs "$build/bench/score/national_bench" "$peers"
run "start of the program" node tool/bench-start.mjs "$build/shuping"
run "first page" sh -c "cd web && exec node e2e/bench-page.mjs \"\$0\"" "$(realpath "$build")/shuping"
# What needs more than this machine has at hand: a second root, or people.
printf '= %s\t-\t%s\t%s\t%s\n' >> "$said" \
    "ballots against belenios-tool 3.0 (make interop)" ">=" 10 x \
    "138 questions on a phone, processor throttled six times" "<=" 15 s \
    "160 voters, 138 questions: result after the second share begins" "<=" 120 s

# How far: above 1 the limit holds with that much to spare.
printf '\n%-68s %14s %14s %8s\n' what measured limit ratio
awk -F'\t' '/^= / {
    all++
    if ($2 !~ /^[0-9]/) {
        printf "%-68s %14s %14s %8s  %s\n", substr($1, 3), "not measured", $3 " " $4 " " $5, "-", "-"
        next
    }
    v = $2 + 0
    ratio = $3 == "<=" ? (v > 0 ? $4 / v : 999) : v / $4
    holds = $3 == "<=" ? v <= $4 + 0 : v >= $4 + 0
    measured++
    kept += holds
    printf "%-68s %14s %14s %8.2f  %s\n", substr($1, 3), $2 " " $5, $3 " " $4 " " $5, ratio, holds ? "ok" : "MISSED"
} END { printf "%d limits: %d ok, %d missed, %d not measured\n", all, kept, measured - kept, all - measured }' "$said"
[ "$broken" -eq 0 ]
