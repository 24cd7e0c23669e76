#!/usr/bin/env bash
# Exported symbols start with a noun of their module's face; no writable globals.
set -u
build=${1:-build}
bad=0
nouns() { # module -> its name and the nouns that its headers list after "Nouns of this face"
    { echo "$1"; sed -n '/Nouns of this face/,/\*\//p' src/"$1"/*.h | grep -oE '\b[a-z][a-z0-9]*_( |$)' | tr -d '_ '; } |
        sort -u | tr '\n' '|' | sed 's/|$//'
}
for lib in "$build"/lib/*.a; do
    m=$(basename "$lib" .a)
    re="^($(nouns "$m"))_"
    strange=$(nm "$lib" 2>/dev/null | awk 'NF == 3 && $2 ~ /^[TRDBC]$/ && $3 != "main" {print $3}' | grep -vE "$re")
    for name in $strange; do
        echo "check: $m exports $name, which starts with none of its nouns ($re)"
        bad=1
    done
    # What is relocated when the program is loaded is read-only afterwards (.data.rel.ro).
    writable=$(objdump -t "$lib" 2>/dev/null | awk '$NF !~ /^\./ {
        for (i = 2; i < NF; i++)
            if ($i ~ /^(\.(data|bss|tdata|tbss)|\*COM\*)/ && $i !~ /^\.data\.rel\.ro/) print $NF " (" $i ")"
    }')
    [ -z "$writable" ] || { echo "check: $m has writable globals: $writable"; bad=1; }
done
[ $bad -eq 0 ] && echo "symbols: ok"
exit $bad
