#!/usr/bin/env bash
# peer.sh BUILD OUT: builds peer.c against the libraries that BUILD holds.
set -eu
cd "$(dirname "$0")/../.."
${CC:-gcc} -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -Isrc web/booth/peer.c -Wl,--start-group \
    "$1/lib/ballot.a" "$1/lib/base.a" -Wl,--end-group $(pkg-config --libs libsodium jansson libcrypto) -lbidgcc000 -lm -o "$2"
