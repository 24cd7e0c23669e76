#!/usr/bin/env bash
# check-seeds.sh DIR [write]: the structure of five published speeches against tool/check-seeds.golden.
# DIR holds the five texts, named 000_*.txt to 004_*.txt; they are not ours to keep, so the golden
# file has counts, units and byte offsets only. SHUPING names the program (build/shuping).
set -eu
dir=${1:?usage: tool/check-seeds.sh DIR [write]}
shuping=${SHUPING:-build/shuping}
golden=tool/check-seeds.golden

# The JSON is one line and quotes inside strings are escaped, so the keys can be cut at.
part() { # json, key, next key -> the list between them
    local rest=${1#*"\"$2\":["}
    printf '%s' "${rest%%"],\"$3\":"*}"
}
places() { grep -oE '"from":[0-9]+,"to":[0-9]+' | sed -E 's/[^0-9,]//g; s/,/ /' || true; }
count() { grep -oE '"from":' | wc -l; }

structure() { # file -> lines
    local json name headings figures
    json=$("$shuping" outline "$1" --json)
    headings=$(part "$json" headings achievements)
    for level in 1 2 3; do
        echo "level $level: $(printf '%s' "$headings" | grep -oE "\"level\":$level," | wc -l)"
    done
    printf '%s' "$headings" | places | sed 's/^/  /'
    for pair in achievements:problems problems:impressions impressions:demands demands:figures; do
        name=${pair%:*}
        echo "$name: $(part "$json" "$name" "${pair#*:}" | count)"
        part "$json" "$name" "${pair#*:}" | places | sed 's/^/  /'
    done
    figures=$(part "$json" figures mismatches)
    echo "figures: $(printf '%s' "$figures" | count)"
    paste -d ' ' \
        <(printf '%s' "$figures" | grep -oE '"value":[^,]+,"unit":"[^"]*","qualifier":"[^"]*"' |
            sed -E 's/"(value|unit|qualifier)"://g; s/"//g; s/,/ /g') \
        <(printf '%s' "$figures" | grep -oE '"at":[0-9]+,"at_end":[0-9]+' |
            sed -E 's/[^0-9,]//g; s/,/ /') | sed 's/^/  /'
    printf 'mismatches:'
    printf '%s' "${json##*'"mismatches":['}" | grep -oE '"announced":[0-9]+,"found":[0-9]+' |
        sed -E 's/[^0-9,]//g; s/,/ announced, /; s/^/ /; s/$/ found/' | tr -d '\n' || true
    echo
}

found=$(mktemp)
trap 'rm -f "$found"' EXIT
for n in 000 001 002 003 004; do
    file=$(ls "$dir/$n"_*.txt | head -1)
    echo "== $n"
    structure "$file"
done > "$found"
if [ "${2:-}" = write ]; then
    cp "$found" "$golden"
elif diff -u "$golden" "$found"; then
    echo "seeds: ok"
else
    echo "seeds: the structure differs from $golden"
    exit 1
fi
