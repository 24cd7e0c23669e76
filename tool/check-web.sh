#!/usr/bin/env bash
# Rooms of the screens, bottom first: base api kit form view app. A file imports from its own room
# and those before it, by relative paths; tests may also look upwards.
set -u
find web/src -name '*.ts' ! -name '*_test.ts' ! -name '*.d.ts' -o -name '*.vue' | sort |
    xargs perl -e '
    my @rooms = qw(base api kit form view app);
    my %rank = map { $rooms[$_] => $_ } 0 .. $#rooms;
    my $bad = 0;
    for my $file (@ARGV) {
        my ($room) = $file =~ m{^web/src/([^/]+)/} or next;
        if (!exists $rank{$room}) { print "$file: $room is no room\n"; $bad = 1; next }
        open my $in, "<", $file or die $file;
        while (<$in>) {
            while (m{(?:from|import)\s*\(?\s*[\x27"](\.[^\x27"]+)[\x27"]}g) {
                my @at = split m{/}, $file;
                pop @at;
                for my $part (split m{/}, $1) {
                    if ($part eq "..") { pop @at } elsif ($part ne ".") { push @at, $part }
                }
                my $to = $at[2] // "";
                next if join("/", @at[0, 1]) eq "web/src" && exists $rank{$to} && $rank{$to} <= $rank{$room};
                print "$file:$.: $room may not import $1\n";
                $bad = 1;
            }
        }
        close $in;
    }
    exit $bad' || { echo "check: the layers of the screens are broken"; exit 1; }
echo "web layers: ok"
