#!/usr/bin/env bash
# Looks for input that makes the library panic, hang, or break what it promises:
# scripts/fuzz.sh [SECONDS] [TARGET…]
# A minute for each of the targets in fuzz/fuzz_targets if not told otherwise.
# What is found is in fuzz/artifacts; fuzz/corpus keeps what was learnt. With
# cargo-fuzz it is RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none TARGET.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root/fuzz"

seconds=${1:-60}
shift || true
targets=("$@")
if [[ ${#targets[@]} == 0 ]]; then
    for file in fuzz_targets/*.rs; do
        targets+=("$(basename "$file" .rs)")
    done
fi

# What cargo-fuzz tells the compiler, without sanitizers, which need a nightly
# one: there is no unsafe code for them to look at.
host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1 \
-Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
bins=()
for target in "${targets[@]}"; do
    bins+=(--bin "$target")
done
cargo build --release --target "$host" "${bins[@]}"
bash seeds.sh

# As much as a thread has.
ulimit -s 2048
failed=()
for target in "${targets[@]}"; do
    echo "== $target, $seconds seconds"
    mkdir -p "corpus/$target" "artifacts/$target"
    memory=512
    # Types made from source are never freed. What one input costs is checked in
    # the targets.
    [[ $target != source ]] || memory=8192
    "target/$host/release/$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=$memory \
        -artifact_prefix="artifacts/$target/" -print_final_stats=1 "corpus/$target" "seeds/$target" ||
        failed+=("$target")
done
if [[ ${#failed[@]} != 0 ]]; then
    echo "something was found: ${failed[*]}" >&2
    exit 1
fi
