#!/usr/bin/env bash
# check-docx.sh BUILD: a docx of every kind is opened by LibreOffice and saved again: the same text to
# our reader, paragraph by paragraph the same style and outline level. Then the page of GB/T 9704:
# 22 lines of 28 characters, counted in our PDF and in LibreOffice's rendering of the docx.
# Needs libreoffice-writer-nogui, poppler-utils and python3; no part of ./test. Word and WPS are
# untested here. KEEP_PAPERS=DIR keeps what was made.
set -eu
build=${1:-build}
for tool in soffice pdftotext pdffonts python3; do
    command -v $tool >/dev/null || {
        echo "not run: $tool is missing (apt-get install libreoffice-writer-nogui poppler-utils python3)"
        exit 2
    }
done
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
alias_of() { echo "<alias binding='same'><family>$1</family><prefer><family>$2</family></prefer></alias>"; }
{
    echo "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
    echo "<include ignore_missing='yes'>/etc/fonts/fonts.conf</include><dir>$root/.tools/fonts</dir>"
    alias_of 仿宋_GB2312 FandolFang; alias_of 楷体_GB2312 FandolKai; alias_of 黑体 FandolHei; alias_of 宋体 FandolSong
    alias_of 方正小标宋_GBK FandolSong
    echo "</fontconfig>"
} > "$dir/fonts.conf"
export FONTCONFIG_FILE=$dir/fonts.conf LC_ALL=C.UTF-8
office() { # format, out folder, files
    local format=$1 out=$2
    shift 2
    timeout 300 soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to "$format" --outdir "$out" "$@" >/dev/null 2>&1
}
bad=0
say() { # name, got, want
    if [ "$2" = "$3" ]; then echo "ok   $1: $2"; else echo "FAIL $1: $2, expected $3"; bad=1; fi
}

mkdir -p "$dir/made" "$dir/again" "$dir/pdf" "$dir/page"
KEEP_PAPERS=$dir/made "$build/test/work/template_test" >/dev/null 2>&1 || say template_test failed passed
DOCX_DIR=$dir/page "$build/test/print/docx_test" >/dev/null 2>&1 || say docx_test failed passed
cp "$dir/page/page.docx" "$dir/made/版面.docx"
office docx:"MS Word 2007 XML" "$dir/again" "$dir"/made/*.docx
office pdf "$dir/pdf" "$dir"/made/*.docx
kinds=0
for f in "$dir"/made/*.docx; do
    name=$(basename "$f" .docx)
    kinds=$((kinds + 1))
    for at in made again; do
        "$build/test/work/template_test" read "$dir/$at/$name.docx" > "$dir/$at.txt" || bad=1
        python3 "$root/tool/docx-styles.py" "$dir/$at/$name.docx" > "$dir/$at.styles" || bad=1
    done
    lines=$(wc -l < "$dir/made.txt") styles=$(cut -d' ' -f1 "$dir/made.styles" | sort -u | wc -l)
    if cmp -s "$dir/made.txt" "$dir/again.txt" && cmp -s "$dir/made.styles" "$dir/again.styles" && [ "$lines" -gt 2 ]; then
        echo "ok   $name: $lines lines, $(wc -l < "$dir/made.styles") paragraphs, $styles styles"
    else
        echo "FAIL $name"
        diff "$dir/made.txt" "$dir/again.txt" | head -5 || true
        diff "$dir/made.styles" "$dir/again.styles" | head -5 || true
        bad=1
    fi
done
say "kinds and a full page" "$kinds" 14

# A line counts when it is Chinese from end to end; the place of a line is the top of its words.
count() { # name, pdf
    pdftotext -f 1 -l 1 -bbox-layout "$2" "$dir/bbox.html"
    say "$1, lines x characters" "$(python3 "$root/tool/docx-styles.py" --page "$dir/bbox.html")" "22 x 28"
}
count "our PDF" "$dir/page/page.pdf"
count "LibreOffice's rendering of the docx" "$dir/pdf/版面.pdf"
say "fonts in LibreOffice's rendering" "$(pdffonts "$dir/pdf/版面.pdf" | grep -cE 'Fandol(Fang|Hei|Kai)')" 3
if [ -n "${KEEP_PAPERS:-}" ]; then mkdir -p "$KEEP_PAPERS" && cp -r "$dir/made" "$dir/again" "$dir/pdf" "$dir/page" "$KEEP_PAPERS"; fi
exit $bad
