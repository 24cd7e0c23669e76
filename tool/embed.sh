#!/usr/bin/env bash
# embed.sh TABLE FILE...: prints C that embeds the files with .incbin in one table of that name.
set -eu
table=$1; shift
printf '/* made by tool/embed.sh */\n#include "base/embed.h"\n\nextern const Embed %s[];\n' "$table"
i=0
for f in "$@"; do
    printf '__asm__(".section .rodata\\n.balign 16\\n%s_%d: .incbin \\"%s\\"\\n%s_%d_end: .byte 0\\n.previous\\n");\n' $table $i "$f" $table $i
    printf 'extern const char %s_%d[], %s_%d_end[];\n' $table $i $table $i
    i=$((i + 1))
done
printf '\nconst Embed %s[] = {\n' "$table"
i=0
for f in "$@"; do
    printf '    { "%s", %s_%d, %s_%d_end },\n' "$f" $table $i $table $i
    i=$((i + 1))
done
printf '    { 0, 0, 0 },\n};\n'
