#!/usr/bin/env bash
# check-seeds.sh DIR [write]: the structure of five published speeches against tool/check-seeds.golden.
# DIR holds the five texts, named 000_*.txt to 004_*.txt; they are not ours to keep, so the golden
# file has counts, units and byte offsets only. The obligations with a number are printed as draft
# duties, which the pack reader must accept. SHUPING names the program (build/shuping).
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
    local json name headings figures duties
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
    duties=$(part "$json" duties problems_named)
    echo "duties: $(printf '%s' "$duties" | count)"
    printf '%s' "$duties" | grep -oE '"every":"[a-z]+"|"share":[a-z]+|"at_(least|most)":[0-9]+|"at":[0-9]+|"at_end":[0-9]+' |
        sed -E 's/"//g; s/:/ /' | paste -d ' ' - - - - - | sed 's/^/  /' || true
}

# The draft duties of a text as a pack of their own: accepted, and never active.
drafts() { # file
    local pack=$work/speech.pack
    echo 'pack speech { title "讲话"; version "1"; from 2026-01-01; cite "讲话"; }' > "$pack"
    "$shuping" outline "$1" | sed '1,/^职责草案/d' >> "$pack"
    [ "$(grep -c '^duty ' "$pack")" = "$(grep -c 'status *draft' "$pack")" ] &&
        "$shuping" pack check "$pack" > /dev/null
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
found=$work/found
for n in 000 001 002 003 004; do
    file=$(ls "$dir/$n"_*.txt | head -1)
    echo "== $n"
    structure "$file"
    drafts "$file" || echo "drafts: the pack reader refuses them"
done > "$found"
if [ "${2:-}" = write ]; then
    cp "$found" "$golden"
elif diff -u "$golden" "$found"; then
    echo "seeds: ok"
else
    echo "seeds: the structure differs from $golden"
    exit 1
fi
