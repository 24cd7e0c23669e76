#!/usr/bin/env bash
# The browser tests: first the harness on itself, then every area on the real binary; one closing
# line for all of them.
set -u
cd "$(dirname "$0")/../web" || exit 1
out=$(mktemp)
trap 'rm -f "$out"' EXIT
code=0
npm run --silent e2e:self >"$out" 2>&1 || code=1
npm run --silent e2e >>"$out" 2>&1 || code=1
grep -vE '^[0-9]+ passed, [0-9]+ failed' "$out"
awk '/^[0-9]+ passed, [0-9]+ failed/ {p += $1; f += $3} END {printf "%d passed, %d failed\n", p, f; exit p == 0}' "$out" || code=1
exit $code
