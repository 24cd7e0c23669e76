#!/usr/bin/env bash
# docs.sh SHUPING DIR: writes the lists that the program prints of itself into DIR.
set -eu
shuping=$1 dir=$2
made="<!-- written by \`make docs\`; do not edit -->"
{
    printf '# Who may do what\n\n%s\n\n' "$made"
    printf 'A tick lets an account with that role through the door; the use case then asks for the place: the subtree and the cycle of\n'
    printf 'the grant, or the person himself. Why so: `decisions/0006-roles.md`.\n\n'
    "$shuping" matrix
} >"$dir/matrix.md"
{
    printf '# What the packs can do

%s

' "$made"
    printf 'Each row is proved by stories beside the pack, told through the use cases by `src/work/story_test.c`\n'
    printf '(`make test-work`): `packs/*/stories.jsonl`.

'
    "$shuping" stories packs/*/stories.jsonl
} >"$dir/capabilities.md"
{
    printf '# Routes\n\n%s\n\nShapes of requests and replies: `shuping openapi`.\n\n' "$made"
    printf '| | path | use case | |\n|-|-|-|-|\n'
    "$shuping" routes | sed -E 's/^([A-Z]+) +([^ ]+) +([^ ]+) +(.*)$/| \1 | `\2` | `\3` | \4 |/'
} >"$dir/routes.md"
{
    printf '# Errors\n\n%s\n\nEach says what is wrong, where, and what to do; {holes} are filled in.\n' "$made"
    perl -ne '
        if (m{^/\* (.*?) ?\*/}) { $head = $1 }
        elsif (m{^ERROR\((\w+),\s*(\d+),\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\)}) {
            my ($name, $http, @say) = ($1, $2, $3, $4);
            if (defined $head) { print "\n## $head\n\n| | | |\n|-|-|-|\n"; undef $head }
            elsif (!$begun) { print "\n| | | |\n|-|-|-|\n" }
            $begun = 1;
            s/\\"/"/g, s/\|/\\|/g for @say;
            print "| `$name` $http | $say[0] | $say[1] |\n";
        }' src/base/errors.def
} >"$dir/errors.md"
{
    printf '# 公开评分方案图廊\n\n%s\n\n' "$made"
    printf '下面每个方案都是 `packs/schemes/` 里的一个文件，原样印出；各方案没有公开的部分由样例设定，并在注释里写明。怎么读见\n'
    printf '[评分方案说明](manual/schemes.zh-CN.md)。“手算”是写在样例旁边、由人手算的数，`make test-score` 逐个核对。\n'
    for pack in packs/schemes/sc*/sc*.pack; do
        perl -Mutf8 -CSD -ne '
            if (/^scheme (\w+) \{/) { $in = 1; $name = uc $1; @body = @worked = (); next }
            next unless $in;
            if (/^\}/) { $in = 0; next }
            if (/^    title\s+"(.*)";/) { $title = $1; next }
            if (/^    cite\s+"(.*)";/) { $cite = $1; next }
            if (/^    example "(.*)"/) { $example = 1; push @worked, "- $1"; next }
            if ($example) {
                $example = 0 if /^    \}/;
                push @worked, "  $1" if /^\s*#\s*(.*\S)\s*$/;
                next;
            }
            push @body, substr($_, /^    / ? 4 : 0);
            END {
                shift @body while @body && $body[0] !~ /\S/;
                pop @body while @body && $body[-1] !~ /\S/;
                print "\n## $name $title\n\n出处：$cite\n\n```\n", @body, "```\n\n手算：\n\n";
                print "$_\n" for @worked;
            }' "$pack"
    done
} >"$dir/schemes.zh-CN.md"
