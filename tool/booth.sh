#!/usr/bin/env bash
# booth.sh [BUILD]: the program opens a box, the booth as built votes in it, the program judges.
# Then a ceremony of both, and archives, some of them changed. With SPEED=1 the seconds of a whole meeting's ballots as well; with PAGES=1 the
# pages are walked in Chromium, with pictures in build/shots/booth.
set -eu
build=$(realpath "${1:-${BUILD:-build}}")
binary=${BOOTH_BINARY:-$build/shuping}
cd "$(dirname "$0")/../web"
[ -z "${SPEED:-}" ] || { node booth/size.mjs && node booth/speed.mjs "$binary"; }
node booth/cross.mjs "$binary"
peer=$(mktemp -d)
trap 'rm -r "$peer"' EXIT
booth/peer.sh "$build" "$peer/peer"
node booth/cross-trustee.mjs "$peer/peer"
node booth/cross-archive.mjs "$binary" "$peer/peer" "${BOOTH_VERIFY:-$build/shuping-verify}"
[ -z "${PAGES:-}" ] || node booth/e2e/run.mjs "$binary"
