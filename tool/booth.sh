#!/usr/bin/env bash
# booth.sh [BUILD]: the program opens a box, the booth as built votes in it, the program judges.
# Then a ceremony of both, archives, some of them changed, and a whole vote against the server. With SPEED=1 the seconds of a whole meeting's ballots as well; with PAGES=1 the
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
make -s -C .. BUILD="$build" "$build/test/api/booth_test"
(cd .. && node web/booth/cross-server.mjs "$build/test/api/booth_test")
[ -z "${PAGES:-}" ] || node booth/e2e/run.mjs "$binary"
