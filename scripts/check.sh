#!/usr/bin/env bash
# Everything that can be checked without running a test: formatting, lints,
# documentation, the combinations of features, and the Go programs if there is
# a Go ($GOBRPC_GO, else the one on PATH).
set -euo pipefail
# Go must use the toolchain it comes with, and not fetch another.
unset GOROOT
export GOTOOLCHAIN=local
cd "$(dirname "${BASH_SOURCE[0]}")/.."

run() {
    echo "+ $*"
    "$@"
}

run cargo fmt --all --check
(cd benches && run cargo fmt --all --check)
(cd fuzz && run cargo fmt --check)
# Every rule of Go that is referred to stands in the list of them.
echo "+ the rules in docs/rules.md"
unlisted=$(comm -23 \
    <(grep -rohE --include='*.rs' '\b[GR][0-9]{1,3}\b' src tests macros/src cli/src cli/tests fuzz/fuzz_targets | sort -u) \
    <(grep -oE '^\*\*[GR][0-9]+' docs/rules.md | tr -d '*' | sort -u))
if [[ -n $unlisted ]]; then
    printf 'not in docs/rules.md:\n%s\n' "$unlisted" >&2
    exit 1
fi
run cargo clippy --workspace --all-targets --all-features -- -D warnings
# Without the crates that ours are compared with: they are many.
(cd benches && run cargo clippy --all-targets -- -D warnings)
RUSTDOCFLAGS="-D warnings" run cargo doc --workspace --no-deps --all-features
for features in "" "derive" "rpc" "rpc,derive" "tokio" "hyper" "tower" "tracing" "rpc,tracing" "jsonrpc" "msgpack" \
    "jsonrpc,tokio"; do
    run cargo check -p gobrpc --no-default-features --features "$features"
done
# The client without a runtime has none in its tree.
echo "+ cargo tree --features rpc,derive,jsonrpc,msgpack"
if cargo tree -p gobrpc -e normal --no-default-features --features rpc,derive,jsonrpc,msgpack | grep -w tokio; then
    echo "the features without a runtime bring tokio" >&2
    exit 1
fi
# What needs no operating system.
if [[ -d $(rustc --print target-libdir --target wasm32-unknown-unknown) ]]; then
    run cargo check -p gobrpc --target wasm32-unknown-unknown --no-default-features --features "rpc,derive"
else
    echo "not checked for WebAssembly: rustup target add wasm32-unknown-unknown"
fi
# Each of the features for other crates by itself. The macros have nothing to do with them.
for feature in bytes chrono indexmap ipnet jiff num-bigint num-complex num-rational rust_decimal serde_bytes time url \
    uuid; do
    run cargo check -p gobrpc --no-default-features --features "$feature"
done

go=${GOBRPC_GO:-$(command -v go || true)}
# A relative path would mean something else in the folders that it is run in.
[[ $go != */* || $go == /* ]] || go=$PWD/$go
if [[ ${GOBRPC_SKIP_GO:-} == 1 || -z $go ]]; then
    echo "the Go programs are not checked: no Go"
else
    # The formatter belongs to the toolchain, and is not on PATH when the
    # toolchain isn't.
    gofmt=$("$go" env GOROOT)/bin/gofmt
    [[ -x $gofmt ]] || gofmt=$(command -v gofmt)
    echo "+ gofmt -l tests/go_interop cli/tests/go benches"
    unformatted=$("$gofmt" -l tests/go_interop cli/tests/go benches)
    if [[ -n $unformatted ]]; then
        printf 'not formatted:\n%s\n' "$unformatted" >&2
        exit 1
    fi
    (cd tests/go_interop && run "$go" vet ./...)
    (cd cli/tests/go && run "$go" vet ./...)
    # With the modules of others, which Go fetches unless it has them.
    (cd tests/go_interop/thirdparty && run "$go" vet ./...)
    (cd tests/go_interop/thirdparty/mattermost && run "$go" vet ./...)
fi
