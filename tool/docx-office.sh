#!/usr/bin/env bash
# docx-office.sh [DOCX_TEST]: LibreOffice opens a made docx, saves it again, and lays it out: the same
# text and styles, 22 lines of 28 characters a page. Needs libreoffice-writer-nogui and poppler-utils;
# no part of ./test. Word and WPS are untested here.
set -eu
test=${1:-build/test/print/docx_test}
command -v soffice >/dev/null || { echo "soffice is missing: apt-get install libreoffice-writer-nogui"; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fonts=$(cd "$(dirname "$0")/.." && pwd)/.tools/fonts
alias_of() { echo "<alias binding='same'><family>$1</family><prefer><family>$2</family></prefer></alias>"; }
{
    echo "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
    echo "<include ignore_missing='yes'>/etc/fonts/fonts.conf</include><dir>$fonts</dir>"
    alias_of 仿宋_GB2312 FandolFang; alias_of 楷体_GB2312 FandolKai; alias_of 黑体 FandolHei; alias_of 宋体 FandolSong
    echo "</fontconfig>"
} > "$dir/fonts.conf"
export FONTCONFIG_FILE=$dir/fonts.conf LC_ALL=C.UTF-8
office() { # format, out folder, file
    timeout 120 soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to "$1" --outdir "$2" "$3" >/dev/null 2>&1
}
bad=0
say() { # name, got, want
    [ "$2" = "$3" ] && echo "ok   $1: $2" || { echo "FAIL $1: $2, expected $3"; bad=1; }
}
DOCX_DIR=$dir "$test" >/dev/null 2>&1
mkdir "$dir/again" "$dir/txt1" "$dir/txt2"
office pdf "$dir" "$dir/page.docx"
office docx:"MS Word 2007 XML" "$dir/again" "$dir/page.docx"
office txt:Text "$dir/txt1" "$dir/page.docx"
office txt:Text "$dir/txt2" "$dir/again/page.docx"
pdftotext -f 1 -l 1 -layout "$dir/page.pdf" "$dir/page.txt"
lines=$(tr -d ' \f' < "$dir/page.txt" | grep -cP '^\p{Han}+$')
widest=$(tr -d ' \f' < "$dir/page.txt" | grep -P '^\p{Han}+$' | while read -r l; do printf '%s' "$l" | wc -m; done | sort -n | uniq -c | awk '{print $2}' | tr '\n' ' ')
say "lines a page" "$lines" 22
say "characters a line" "${widest% }" 28
say "text after saving" "$(cmp -s "$dir/txt1/page.txt" "$dir/txt2/page.txt" && echo same)" same
names() { # the names of the styles that paragraphs use: a program may give them ids of its own
    unzip -p "$1" word/document.xml > "$dir/d.xml"; unzip -p "$1" word/styles.xml > "$dir/s.xml"
    perl -0777 -e 'open my $s, "<", $ARGV[0]; open my $d, "<", $ARGV[1]; $s = <$s>; $d = <$d>;
        $n{$1} = $2 while $s =~ /w:styleId="([^"]*)"[^>]*>.*?<w:name w:val="([^"]*)"/gs;
        $u{lc $n{$1}} = 1 while $d =~ /<w:pStyle w:val="([^"]*)"/g;
        print join(", ", sort keys %u)' "$dir/s.xml" "$dir/d.xml"
}
say "styles after saving" "$(names "$dir/again/page.docx")" "$(names "$dir/page.docx")"
say "fonts" "$(pdffonts "$dir/page.pdf" | grep -cE 'Fandol(Fang|Hei|Kai)')" 3
exit $bad
