#!/usr/bin/env bash
# bench-origin.sh: originality against npm's minhash on the same reports in the same run. minhash is
# put into a folder of its own that goes away at the end; without a registry the peer is left out.
set -eu
bench=${1:-build/bench/origin/origin_bench}
n=${2:-400}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$bench" 100000 | tee "$dir/ours.txt"
ours=$(sed -nE 's/.* = ([0-9]+) reports\/s.*/\1/p' "$dir/ours.txt")
"$bench" 100000 --dump "$n" "$dir/reports.txt"
cat > "$dir/peer.cjs" <<'JS'
const { Minhash, LshIndex } = require('minhash');
const docs = require('fs').readFileSync(process.argv[2], 'utf8').trim().split('\n');
const index = new LshIndex(), start = process.hrtime.bigint();
docs.forEach((text, i) => {
  const h = new Minhash(), c = text.replaceAll('。', '');
  for (let k = 0; k + 10 <= c.length; k++) h.update(c.slice(k, k + 10));
  index.insert('' + i, h);
  index.query(h);
});
console.log(Math.round(docs.length / (Number(process.hrtime.bigint() - start) / 1e9) * 10) / 10);
JS
if ! (cd "$dir" && npm init -y && npm install --no-audit --no-fund --ignore-scripts minhash@0.0.9) >"$dir/npm.txt" 2>&1; then
    echo "minhash could not be installed: $(grep -m1 -iE 'err' "$dir/npm.txt" || true)"
    exit 0
fi
theirs=$(cd "$dir" && node peer.cjs reports.txt)
echo "npm minhash: $theirs reports/s (10-character shingles, 128 hashes, its LSH index); ours: $ours = $(awk "BEGIN {printf \"%.0f\", $ours / $theirs}") x"
