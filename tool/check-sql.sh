#!/usr/bin/env bash
# Named statements keep to what SQLite 3.40 and PostgreSQL 9.6 share. The schema files facts.sql and
# views.sql are of one engine; statements named *_fts speak to its full-text search; upserts stand
# only in statements named *_put (an engine without them replaces those few).
set -u
bad=0
say() { echo "check: $1"; bad=1; }
words='autoincrement|insert or|replace into|merge|now\(|datetime\(|julianday|strftime|date\(|time\(|without rowid|rowid|glob|regexp|ifnull|iif|group_concat|total\(|typeof|random\(|json_|pragma|attach|vacuum|for update|boolean|true|false|match'
for f in sql/*.sql; do
    case $f in sql/facts.sql | sql/views.sql) continue ;; esac
    hits=$(awk '/^-- name: / { fts = ($3 ~ /_fts$/) } /^--/ { next } !fts { print FILENAME ":" FNR ": " $0 }' "$f" |
        grep -iE "(^|[^a-z_.])($words)([^a-z_]|\$)")
    [ -z "$hits" ] || { echo "$hits"; say "a word that only one engine knows"; }
    hits=$(awk '/^-- name: / { put = ($3 ~ /_put$/) } /^--/ { next }
        !put && tolower($0) ~ /do update/ { print FILENAME ":" FNR ": " $0 }' "$f")
    [ -z "$hits" ] || { echo "$hits"; say "an upsert outside of a statement named *_put"; }
    hits=$(grep -nE "\?[0-9]*|;[ ]*\$|'[^']*%" "$f" | grep -vE '^[0-9]+:--')
    [ -z "$hits" ] || { echo "$f: $hits"; say "parameters are \$1, \$2, ...; no closing semicolon"; }
done
twice=$(grep -h '^-- name: ' sql/*.sql | sort | uniq -d)
[ -z "$twice" ] || { echo "$twice"; say "a statement stands twice"; }
[ $bad -eq 0 ] && echo "sql: ok"
exit $bad
