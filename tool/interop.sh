#!/bin/bash
# interop.sh BUILD: a verifier nobody here wrote looks at our boxes. Makes a small Debian 13 root that
# holds belenios-tool 3.0 (once, in BUILD/interop), lets it verify archives of ours, and lets ours
# verify what it makes of our slips. Prints how long both take over the same ballots.
# Needs root and mmdebstrap; says so and skips where they are not to be had.
set -euo pipefail
build=${1:-build}
home=$(mkdir -p "$build/interop" && cd "$build/interop" && pwd)
root=$home/root

skip() { echo "interop: skipped: $*"; exit 0; }
[ "$(id -u)" = 0 ] || skip "the chroot needs root"
command -v mmdebstrap >/dev/null || skip "no mmdebstrap; apt-get install mmdebstrap"
if [ ! -x "$root/usr/bin/belenios-tool" ]; then
    rm -rf "$root"
    mmdebstrap --quiet --variant=minbase --include=belenios-tool trixie "$root" \
        http://deb.debian.org/debian || { rm -rf "$root"; skip "the Debian 13 root could not be made"; }
fi

# The mount of /dev lives in a namespace of its own and ends with it.
tool() { # FOLDER ARGUMENTS...
    local dir=$1
    shift
    unshare --mount sh -c 'mount --bind /dev "$0/dev" && exec chroot "$0" sh -c "
        cd /tmp/$1 && shift && BELENIOS_USE_URANDOM=1 exec belenios-tool \"\$@\"" sh "$@"' \
        "$root" "$dir" "$@"
}
now() { date +%s.%N; }
ratio() { awk -v a="$1" -v b="$2" -v c="$3" 'BEGIN { printf "%.1f", (b - a) / c }'; }
took() { awk -v a="$1" -v b="$2" 'BEGIN { print b - a }'; }
failed=0 passed=0
judge() { # OK WHAT
    if [ "$1" = 0 ]; then passed=$((passed + 1)) && echo "ok   $2"
    else failed=$((failed + 1)) && echo "FAIL $2"; fi
}

box() { # NAME VOTERS QUESTIONS K/N
    rm -rf "$home/$1" "$root/tmp/$1"
    mkdir -p "$root/tmp/$1"
    "$build/shuping" ballot demo --voters "$2" --questions "$3" --trustees "$4" --out "$home/$1" >/dev/null
    cp "$home/$1"/*.bel "$root/tmp/$1/"
    "$build/shuping-verify" "$home/$1"/*.bel >/dev/null && mine=0 || mine=1
    judge $mine "ours accepts a box of ours: $2 voters, $3 questions, $4"
    tool "$1" election verify 2>"$home/$1.log" && theirs=0 || theirs=1
    grep -q 'all checks passed' "$home/$1.log" || theirs=1
    judge $theirs "belenios-tool 3.0 accepts it (Chinese text, blank, floor, frozen files)"
}
box one 5 1 1/1
box two 6 2 2/3
box six 7 6 3/5

# A voter who uses the official tool with what stands on a slip.
open=$home/open
rm -rf "$open" "$root/tmp/open"
mkdir -p "$open" "$root/tmp/open"
cp "$home"/two/{election,trustees,public_creds}.json "$root/tmp/open/"
tool open archive init 2>/dev/null >&2
head -1 "$home/two/slips.txt" | cut -f2 >"$root/tmp/open/slip"
echo '[[0,1,0,0,0],[0,0,1,0]]' >"$root/tmp/open/choice.json"
tool open election generate-ballot --privcred slip --choice choice.json >"$root/tmp/open/ballot.json" 2>/dev/null
tool open archive add-event --type=Ballot <"$root/tmp/open/ballot.json" >/dev/null 2>&1
cp "$root"/tmp/open/*.bel "$open/"
LC_ALL=C.UTF-8 "$build/shuping-verify" "$open"/*.bel 2>"$home/open.log" || true
grep -q '还没有结果（还在投票）' "$home/open.log" && ok=0 || ok=1
judge $ok "ours verifies a ballot that the official tool made from a slip"

box many 200 1 2/3
bel=$(echo "$home"/many/*.bel)
a=$(now) && tool many election verify 2>/dev/null && b=$(now)
theirs=$(took "$a" "$b")
a=$(now) && "$build/shuping-verify" "$bel" >/dev/null && b=$(now)
echo "200 ballots, one question: belenios-tool takes $(ratio 0 "$theirs" "$(took "$a" "$b")") times as long as shuping-verify with hints"
mv "$bel.hints" "$bel.kept"
a=$(now) && "$build/shuping-verify" "$bel" >/dev/null && b=$(now)
echo "200 ballots, one question: belenios-tool takes $(ratio 0 "$theirs" "$(took "$a" "$b")") times as long as shuping-verify without"
mv "$bel.kept" "$bel.hints"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
