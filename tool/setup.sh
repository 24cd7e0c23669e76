#!/bin/bash
# Installs what is missing on Debian 12: system packages, Node 20 or newer, the fonts of official
# documents. A second call finds everything there and returns at once.
#   tool/setup.sh [--tests]      --tests adds the browser that the browser tests drive, and Python,
#                              which recomputes score bundles a second way
# A Node it had to fetch lies in .tools/node_modules/.bin, which belongs first on the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(gcc clang make pkg-config clang-format libsqlite3-dev libmicrohttpd-dev libsodium-dev
    libssl-dev libjansson-dev libexpat1-dev libzip-dev libicu-dev libxlsxwriter-dev libpango1.0-dev
    libcairo2-dev libfontconfig-dev libopencc-dev libqrencode-dev liboath-dev libgnutls28-dev
    libintelrdfpmath-dev libcmocka-dev libclang-rt-14-dev poppler-utils sqlite3 fonts-noto-cjk git
    ca-certificates)
[ "${1:-}" = --tests ] && packages+=(chromium python3)

node_is_new() { # Vite needs Node 20.19; under an older one npm skips native parts without a word.
    "$1" -e 'const [a, b] = process.versions.node.split(".");
             process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}
fonts=.tools/fonts
node=.tools/node_modules/.bin/node
need_node=true
if node_is_new node && command -v npm >/dev/null || node_is_new "$node"; then need_node=false; fi
# Debian's own Node is too old to build with, but its npm can fetch a newer one.
$need_node && ! command -v npm >/dev/null && packages+=(nodejs npm)

have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null |
    sed -n 's/ installed$//p' || true)
missing=()
for p in "${packages[@]}"; do
    grep -qx -- "$p" <<<"$have" || missing+=("$p")
done
need_fonts=true
[ -e "$fonts/FandolFang-Regular.otf" ] && need_fonts=false
[ ${#missing[@]} = 0 ] && ! $need_node && ! $need_fonts && exit 0

as_root=()
if [ ${#missing[@]} -gt 0 ]; then
    echo "setup: will install with apt-get: ${missing[*]}"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || {
            echo "setup: these packages need root, and there is no sudo;" \
                "run as root: apt-get install ${missing[*]}" >&2
            exit 1
        }
        as_root=(sudo)
        if [ -z "${CI:-}" ] && [ -t 0 ]; then
            read -r -p "setup: run apt-get with sudo now? [y/N] " answer
            [[ "$answer" == [yY]* ]] || { echo "setup: nothing was installed." >&2; exit 1; }
        else
            as_root=(sudo -n)
        fi
    fi
fi
$need_node && echo "setup: will install Node 22 and npm 11 into .tools/ (from the npm registry)"
$need_fonts && echo "setup: will unpack the Fandol fonts (from Debian's texlive-lang-chinese, a download of 49 MB) into $fonts/"

# Package lists may be absent or old. Without root and with nothing to install they stay as they are.
if [ ${#missing[@]} -gt 0 ] || { $need_fonts && [ "$(id -u)" = 0 ]; }; then
    "${as_root[@]}" apt-get update -q
fi
if [ ${#missing[@]} -gt 0 ]; then
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "${missing[@]}"
fi
if $need_node; then
    case $(uname -m) in aarch64) cpu=arm64 ;; *) cpu=x64 ;; esac
    npm install --no-save --no-package-lock --prefix .tools "node-linux-$cpu@22" npm@11
    node_is_new "$node" || {
        echo "setup: the Node in .tools/ does not run on this machine; install Node 20.19 or newer" >&2
        exit 1
    }
fi
if $need_fonts; then
    # Only the fonts are taken; the TeX system they are packaged with is not installed.
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    chmod 755 "$work"
    (cd "$work" && apt-get download -q -o APT::Sandbox::User=root texlive-lang-chinese)
    mkdir -p "$fonts"
    dpkg-deb --fsys-tarfile "$work"/texlive-lang-chinese_*.deb |
        tar -x -C "$fonts" --strip-components=9 --wildcards '*/fonts/opentype/public/fandol/*.otf'
    [ -e "$fonts/FandolFang-Regular.otf" ] || {
        echo "setup: the font package no longer holds FandolFang-Regular.otf" >&2
        exit 1
    }
fi
