#!/usr/bin/env bash
# Does every #include keep to layers.txt? Local headers: own module and the modules named on its
# line; system headers: C17's and those granted. Tests, fuzzers, benches and what tests share
# (*_test.h) may also use cmocka and files; nothing else may include a *_test.h.
set -u
awk -F: '
function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
FNR == NR {
    if ($0 ~ /^[ \t]*(#|$)/) next
    m = trim($1); known[m] = 1; use[m] = " " m " " trim($2) " "; sys[m] = trim($3); next
}
/^[ \t]*#[ \t]*include/ {
    split(FILENAME, path, "/"); m = path[2]; base = path[length(path)]
    if (!(m in known)) { print FILENAME ": module " m " is not in layers.txt"; bad = 1; next }
    if (match($0, /"[^"]+"/)) {
        h = substr($0, RSTART + 1, RLENGTH - 2); split(h, p, "/")
        if (p[1] ~ /^embed|^version/) next
        if (h ~ /_test\.h$/ && base !~ /_test\.[ch]$/) { print FILENAME ":" FNR ": " h " is for tests"; bad = 1 }
        if (index(use[m], " " p[1] " ") == 0) { print FILENAME ":" FNR ": " m " may not include " h; bad = 1 }
    } else if (match($0, /<[^>]+>/)) {
        h = substr($0, RSTART + 1, RLENGTH - 2)
        if (h ~ /^(assert|ctype|errno|float|inttypes|limits|locale|math|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|time|setjmp)\.h$/) next
        if (base ~ /_(test\.[ch]|(fuzz|bench)\.c)$/) next
        n = split(sys[m], g, " "); ok = 0
        for (i = 1; i <= n; i++) if (index(h, g[i]) == 1) ok = 1
        if (!ok) { print FILENAME ":" FNR ": <" h "> is not granted to " m; bad = 1 }
    }
}
END { exit bad }' layers.txt $(find src -name '*.[ch]') || { echo "check: layers broken"; exit 1; }
# Pure rooms touch no files and no clock, though the C library would let them.
pure="base decl text origin feel dmn pack rule score ballot draw tlog sheet"
for m in $pure; do
    [ -d src/$m ] || continue
    hits=$(grep -nE '\b(fopen|fread|fwrite|open|socket|time|clock|clock_gettime|gettimeofday|rand|random|getenv|system|popen|printf|fprintf)[ ]*\(' \
        $(find src/$m -name '*.c' ! -name '*_test.c' ! -name '*_fuzz.c' ! -name '*_bench.c') /dev/null | grep -vE '^\S+\s*(/\*|\*|//)' || true)
    [ -z "$hits" ] || { echo "check: a pure module touches the world:"; echo "$hits"; exit 1; }
done
echo "layers: ok"
