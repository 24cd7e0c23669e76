# Reads layers.txt and prints make variables: for each module its includes, the closure of the
# modules it stands on (itself first, bottom last, as a linker wants) and the libraries of those.
function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); gsub(/[ \t]+/, " ", s); return s }
/^[ \t]*(#|$)/ { next }
{
    split($0, part, ":")
    m = trim(part[1]); order[++n] = m; use[m] = trim(part[2]); lib[m] = trim(part[4])
    at[m] = n
}
END {
    for (i = 1; i <= n; i++) {
        m = order[i]; seen[m] = 1
        k = split(use[m], u, " ")
        delete closure
        closure[m] = 1
        for (j = 1; j <= k; j++) {
            if (!(u[j] in at) || at[u[j]] >= i) {
                print "layers.txt: " m " names " u[j] ", which does not stand above it" > "/dev/stderr"
                exit 1
            }
            c = split(all[u[j]], v, " ")
            for (x = 1; x <= c; x++) closure[v[x]] = 1
        }
        line = ""; libs = ""
        for (j = i; j >= 1; j--)
            if (order[j] in closure) { line = line " " order[j]; libs = libs " " lib[order[j]] }
        all[m] = trim(line)
        k = split(libs, l, " "); pk = ""; fl = ""; delete got
        for (j = 1; j <= k; j++) {
            if (l[j] in got) continue
            got[l[j]] = 1
            if (l[j] ~ /^-/) fl = fl " " l[j]; else pk = pk " " l[j]
        }
        print "CLOSURE_" m " := " all[m]
        print "PKGS_" m " := " trim(pk)
        print "FLAGS_" m " := " trim(fl)
        mods = mods " " m
    }
    print "MODULES := " trim(mods)
}
