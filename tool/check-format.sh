#!/usr/bin/env bash
# Lines of at most 100 characters, no tabs in C, no blanks at line ends.
set -u
bad=$(find src -name '*.[ch]' -print0 | xargs -0 perl -CO -ne '
    chomp;
    utf8::decode($_);
    print "$ARGV:$.: over 100 columns\n" if length > 100;
    print "$ARGV:$.: tab\n" if /\t/;
    print "$ARGV:$.: blank at the end\n" if /\s$/;
    close ARGV if eof')
[ -z "$bad" ] || { echo "$bad" | head -20; echo "check: format"; exit 1; }
echo "format: ok"
