#!/usr/bin/env bash
# Every row of errors.def names a remedy: both sentences have a part after the semicolon.
set -u
bad=$(grep -E '^ERROR\(' src/base/errors.def | sed 's/\\"//g' | awk -F'"' '$2 !~ /；/ || $4 !~ /;/ {print $0}')
[ -z "$bad" ] || { echo "check: an error without a remedy:"; echo "$bad"; exit 1; }
dup=$(grep -oE '^ERROR\([A-Z0-9_]+' src/base/errors.def | sort | uniq -d)
[ -z "$dup" ] || { echo "check: an error stands twice: $dup"; exit 1; }
echo "errors: ok"
