#!/usr/bin/env bash
# Measures ours, Go and the crates to compare with, in turns, and writes
# docs/performance.md with its plots: scripts/bench.sh [ROUNDS]
# The machine should have nothing else to do. benches/README.md says more.
set -euo pipefail
# Go must use the toolchain it comes with, and not fetch another.
unset GOROOT
export GOTOOLCHAIN=local
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root/benches"
rounds=${1:-7}
groups=(gob rpc)

go=$(bash "$root/scripts/go.sh")
target=$(cargo metadata --format-version 1 --no-deps | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
cargo build --release -p report
for group in "${groups[@]}"; do
    cargo build --release -p "bench-$group" --features peers
    (cd "$group/go" && "$go" build -o "$target/go/bench-$group" .)
done

measured=$target/measured
rm -rf "$measured"
mkdir -p "$measured"
for ((round = 0; round < rounds; round++)); do
    for group in "${groups[@]}"; do
        echo "round $((round + 1)) of $rounds: $group"
        "$target/release/bench-$group" round "$round" "$target/go/bench-$group" >>"$measured/$group.jsonl"
    done
done
"$target/release/bench-gob-allocs" >>"$measured/gob.jsonl"
"$target/release/report" "$root/docs" . "$measured"/*.jsonl
echo "written: docs/performance.md"
