#!/usr/bin/env bash
# Counts the instructions of some operations with callgrind, and compares them
# with what is recorded in benches/*/instructions.txt:
#   scripts/instructions.sh           checks
#   scripts/instructions.sh record    writes what it counts
# The counts are those of one compiler, which benches/instructions.rustc names;
# with another one nothing is checked.
# A count may be a fifth above the recorded one, because what the compiler
# inlines depends a little on code that has nothing to do with it; it fails when
# one is more.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root/benches"
mode=${1:-check}
tolerance=20 # percent
if [[ $mode != check && $mode != record ]]; then
    echo "usage: instructions.sh [record]" >&2
    exit 64
fi

if ! command -v valgrind >/dev/null; then
    left_out=$(cat ./*/instructions.txt | grep -c '^[0-9]' || true)
    echo "NO VALGRIND: $left_out counts of instructions are not checked" >&2
    exit 0
fi

compiler=$(rustc --version | sed -E 's/^rustc ([0-9]+\.[0-9]+).*/\1/')
if [[ $mode == record ]]; then
    echo "$compiler" >instructions.rustc
elif [[ $compiler != $(<instructions.rustc) ]]; then
    left_out=$(cat ./*/instructions.txt | grep -c '^[0-9]' || true)
    echo "RUSTC $compiler, NOT $(<instructions.rustc): $left_out counts of instructions are not checked" >&2
    exit 0
fi

# The C library's copies and comparisons have variants for processors; all have
# those of the oldest.
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX,-ERMS,-FSRM,-SSSE3,-SSE4_1,-SSE4_2

# count PROGRAM CASE TIMES: the instructions of a whole run.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$1" "$2" "$3" 2>&1 | sed -n 's/.*Collected : //p'
}

# per_operation PROGRAM CASE TIMES: what one more operation takes, start aside.
per_operation() {
    local few many
    few=$(count "$1" "$2" 2)
    many=$(count "$1" "$2" $((2 + $3)))
    if [[ -z $few || -z $many ]]; then
        echo "instructions.sh: valgrind counts nothing for $1 $2" >&2
        return 1
    fi
    echo $(((many - few) / $3))
}

# is_worse COUNT RECORDED: by more than the tolerance?
is_worse() {
    (($1 * 100 > $2 * (100 + tolerance)))
}

target=$(cargo metadata --format-version 1 --no-deps | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
failed=0 checked=0
new=$(mktemp)
trap 'rm -f "$new"' EXIT
for recorded in */instructions.txt; do
    group=${recorded%/*}
    cargo build --quiet --release -p "bench-$group" --bin "instructions-$group"
    program=$target/release/instructions-$group
    : >"$new"
    shown=0
    # Lines of "INSTRUCTIONS TIMES CASE", and comments.
    while read -r limit times name; do
        if [[ $limit == "#" ]]; then
            echo "$limit $times $name" >>"$new"
            continue
        fi
        got=$(per_operation "$program" "$name" "$times")
        echo "$got $times $name" >>"$new"
        checked=$((checked + 1))
        if [[ $mode == record ]]; then
            continue
        elif is_worse "$got" "$limit"; then
            echo "FAILED: $group: $name: $got instructions, recorded are $limit"
            failed=1
        elif is_worse "$limit" "$got"; then
            echo "$group: $name: $got instructions, so much better than the recorded $limit that it should be recorded"
        fi
        # The check must be able to fail: the same work done twice has to be seen.
        if ((shown == 0)); then
            twice=$(($(per_operation "$program" "$name" "$((2 * times))") * 2))
            if ! is_worse "$twice" "$limit"; then
                echo "FAILED: $group: $name: twice the work, $twice instructions, passes for $limit"
                failed=1
            fi
            shown=1
        fi
    done <"$recorded"
    if [[ $mode == record ]]; then
        cp "$new" "$recorded"
    fi
done
((failed == 0)) || exit 1
echo "instructions: $checked counts are as recorded, or better"
