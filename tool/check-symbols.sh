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
    while read -r kind name; do
        case $kind in
        T | R | D | B | C)
            [[ $name =~ $re ]] || { echo "check: $m exports $name, which starts with none of its nouns ($re)"; bad=1; } ;;
        esac
        case $kind in
        D | B | C | d | b)
            # data relocated at load time is read-only afterwards (.data.rel.ro) and shows as d/D
            echo "$m $kind $name" ;;
        esac
    done < <(nm "$lib" 2>/dev/null | awk 'NF==3 && $3 != "main" {print $2, $3}') > /tmp/symbols.$$
    while read -r mm kind name; do
        sec=$(objdump -t "$lib" 2>/dev/null | awk -v n="$name" '$NF==n {for(i=1;i<=NF;i++) if ($i ~ /^\./) {print $i; exit}}')
        case $sec in
        .data.rel.ro* | .rodata* | .tm_clone_table | .init_array*) ;;
        *) echo "check: $mm has the writable global $name ($sec)"; bad=1 ;;
        esac
    done < <(grep -E ' [DBCdb] ' /tmp/symbols.$$ | grep -vE '\.(str|LC)')
    grep '^check:' /tmp/symbols.$$
    grep -q '^check:' /tmp/symbols.$$ && bad=1
    rm -f /tmp/symbols.$$
done
[ $bad -eq 0 ] && echo "symbols: ok"
exit $bad
