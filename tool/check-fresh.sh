#!/usr/bin/env bash
# check-fresh.sh SHUPING: are the lists in doc/ what the program prints today?
set -eu
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
tool/docs.sh "$1" "$new"
for f in "$new"/*.md; do
    cmp -s "$f" "doc/${f##*/}" || { echo "check: doc/${f##*/} is not what the program prints; run \`make docs\`"; bad=1; }
done
[ -z "${bad:-}" ] || exit 1
echo "fresh: ok"
