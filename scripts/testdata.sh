#!/usr/bin/env bash
# Makes testdata/golden again, with the Go that scripts/go.sh finds.
set -euo pipefail
# Go must use the toolchain it comes with, and not fetch another.
unset GOROOT
export GOTOOLCHAIN=local
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
go=$(bash "$root/scripts/go.sh")
cd "$root/tests/go_interop"
"$go" run ./cmd/goldens "$root/testdata/golden"
