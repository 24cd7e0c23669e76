#!/usr/bin/env bash
# booth.sh [BUILD]: the program opens a box, the booth as built votes in it, the program judges.
# With SPEED=1 the seconds of a whole meeting's ballots as well.
set -eu
build=$(realpath "${1:-${BUILD:-build}}")
binary=${BOOTH_BINARY:-$build/shuping}
cd "$(dirname "$0")/../web"
[ -z "${SPEED:-}" ] || { node booth/size.mjs && node booth/speed.mjs "$binary"; }
node booth/cross.mjs "$binary"
