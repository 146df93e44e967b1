#!/usr/bin/env bash
# Puts types and values made up at random to Go's gob and to ours, and compares
# bytes, values and verdicts: scripts/oracle.sh [CASES] [SEED]
# 20,000 cases if not told otherwise, and a seed that is new every time.
set -euo pipefail
unset GOROOT
export GOTOOLCHAIN=local
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

GOBRPC_GO=$(bash "$root/scripts/go.sh")
export GOBRPC_GO
export GOBRPC_ORACLE_CASES=${1:-20000}
export GOBRPC_ORACLE_SEED=${2:-$(date +%s)}
echo "$GOBRPC_ORACLE_CASES cases of seed $GOBRPC_ORACLE_SEED, with $("$GOBRPC_GO" env GOVERSION)"
cargo test --release --all-features --test go_interop agreement:: -- --nocapture
