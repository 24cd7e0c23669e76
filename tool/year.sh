#!/usr/bin/env bash
# The whole year without a browser, twice from one seed: the same exports byte for byte; then the
# auditor reads the log and recomputes every result; views rebuilt equal views lived.
set -eu
build=${BUILD:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$build/shuping" demo --whole-year --dir "$dir/a" --seed 7 | tee "$dir/steps"
"$build/shuping" demo --whole-year --dir "$dir/b" --seed 7 >/dev/null
diff -r "$dir/a/exports" "$dir/b/exports"
[ "$(find "$dir/a/exports" -type f | wc -l)" -ge 20 ]
"$build/shuping" rebuild --dir "$dir/a" --check
"$build/shuping" export-log --dir "$dir/a" --out "$dir/log.jsonl"
"$build/shuping-verify" "$dir/log.jsonl" | tee "$dir/verified"
size=$(grep -oE '[0-9]+条事实' "$dir/verified" | grep -oE '[0-9]+')
root=$(grep -oE '[0-9a-f]{64}' "$dir/verified")
# As typed from paper, in groups; then a value changed in the copy must be found by them.
typed=$(sed -E 's/.{8}/& /g' <<<"$root")
"$build/shuping-verify" "$dir/log.jsonl" --size "$size" --root "$typed" >/dev/null
sed 's/"form":"written"/"form":"live"/' "$dir/log.jsonl" >"$dir/changed.jsonl"
! cmp -s "$dir/log.jsonl" "$dir/changed.jsonl"
if "$build/shuping-verify" "$dir/changed.jsonl" --size "$size" --root "$root" >/dev/null 2>&1; then
    echo "shuping-verify accepted a changed log"
    exit 1
fi
# A score changed together with its fact's place in the log is found by recomputing the results.
sed -E '/"kind":"score_input"/s/"value":"[0-9.]+"/"value":"100"/' "$dir/log.jsonl" >"$dir/scores.jsonl"
if "$build/shuping-verify" "$dir/scores.jsonl" >/dev/null 2>&1; then
    echo "shuping-verify accepted changed scores"
    exit 1
fi
# A second program, with fractions instead of decimals, recomputes the year and the published schemes.
mkdir "$dir/bundles"
SCORE_BUNDLES="$dir/bundles" "$build/test/score/gallery_test" >/dev/null 2>&1
[ "$(find "$dir/bundles" -type f | wc -l)" -ge 25 ]
"$build/shuping" export score-bundle --dir "$dir/a" --out "$dir/exported"
python3 tool/check-bundle.py "$dir/log.jsonl" "$dir"/bundles/*.json "$dir"/exported/*.json
# A third one, an interpreter of the expression language that nobody here wrote, in doubles.
node tool/check-feelin.mjs "$dir/log.jsonl" "$dir"/bundles/*.json "$dir"/exported/*.json
for b in "$dir"/exported/*.json; do "$build/shuping-verify" score "$b"; done
# A cited fact without its hash is found.
for b in "$dir"/exported/*.json; do sed 's/"hash":"0/"hash":"/' "$b" >"$dir/unhashed.json"; done
if "$build/shuping-verify" score "$dir/unhashed.json" >/dev/null 2>&1; then
    echo "a cited fact without a hash was accepted"
    exit 1
fi
for b in "$dir"/bundles/*.json; do "$build/shuping-verify" score "$b"; done >"$dir/recomputed"
[ "$(grep -c '复算一致' "$dir/recomputed")" -ge 25 ]
# All three find a changed digit.
sed 's/"value":"91.67"/"value":"91.66"/' "$dir/bundles/sc07-0.json" >"$dir/digit.json"
if python3 tool/check-bundle.py "$dir/digit.json" 2>/dev/null ||
    node tool/check-feelin.mjs "$dir/digit.json" >/dev/null 2>&1 ||
    "$build/shuping-verify" score "$dir/digit.json" >/dev/null 2>&1; then
    echo "a changed digit of a score bundle was accepted"
    exit 1
fi
echo "year: same exports twice, rebuilt views equal, log verified, a changed value found"
