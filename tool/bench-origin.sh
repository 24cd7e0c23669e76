#!/usr/bin/env bash
# bench-origin.sh BENCH PEERS [N]: originality against npm's minhash on N of the same reports in the
# same run. minhash stands in the folder PEERS, else it is left out.
set -eu
bench=$1
peers=$2
n=${3:-400}
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
"$bench" 1000000 | grep '^='
if [ ! -d "$peers/node_modules/minhash" ]; then
    printf '= originality against npm minhash\t-\t>=\t200\tx\n'
    exit 0
fi
theirs=$(NODE_PATH="$peers/node_modules" node "$dir/peer.cjs" "$dir/reports.txt")
echo "npm minhash: $theirs reports/s (10-character shingles, 128 hashes, its LSH index); ours: $ours"
printf '= originality against npm minhash\t%s\t>=\t200\tx\n' "$(awk "BEGIN {printf \"%.0f\", $ours / $theirs}")"
