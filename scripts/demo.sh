#!/usr/bin/env bash
# Runs the StringService example between Rust and Go in every direction and
# checks what each side prints. Without Go, only Rust to Rust.
set -euo pipefail
# Go must use the toolchain it comes with, and not fetch another.
unset GOROOT
export GOTOOLCHAIN=local
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

cargo build --examples
# Respects CARGO_TARGET_DIR and cargo's configuration.
target=$(cargo metadata --format-version 1 --no-deps | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
examples=$target/debug/examples

go=
if [[ ${GOBRPC_SKIP_GO:-} == 1 ]]; then
    echo "GOBRPC_SKIP_GO=1: only Rust to Rust is shown"
elif ! go=$(bash scripts/go.sh); then
    go=
    echo "Go was not found and could not be installed: only Rust to Rust is shown"
else
    (cd tests/go_interop && "$go" build -o "$target/go_interop/" ./cmd/server ./cmd/client)
fi

work=$(mktemp -d)
server=
stop_server() {
    if [[ -n $server ]]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=
    fi
}
trap 'stop_server; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The servers' stdin: a pipe that stays open for as long as this script lives.
mkfifo "$work/stdin"
exec 9<>"$work/stdin"

# start_server COMMAND...: starts it and sets addr to what it listens on.
start_server() {
    : >"$work/server"
    "$@" <"$work/stdin" >"$work/server" 9>&- &
    server=$!
    addr=
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        addr=$(sed -n 's/^listening //p' "$work/server")
        [[ -z $addr ]] || return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.05
    done
    echo "the server did not start: $*" >&2
    cat "$work/server" >&2
    return 1
}

failed=0
# section TITLE COMMAND...: runs it and looks for the lines that must be there.
section() {
    local title=$1 want status=0
    shift
    echo
    echo "== $title"
    "$@" >"$work/out" 2>&1 || status=$?
    cat "$work/out"
    if ((status != 0)); then
        echo "FAILED: $title: exit status $status"
        failed=1
    fi
    for want in "hello go rpc" "pending" "maximum size of 1024 bytes exceeded"; do
        if ! grep -qF -- "$want" "$work/out"; then
            echo "FAILED: $title: no line has \"$want\""
            failed=1
        fi
    done
}

section "Rust client -> Rust server" "$examples/string_service"
if [[ -n $go ]]; then
    start_server "$target/go_interop/server" -addr localhost:0
    section "Rust client -> Go server" "$examples/client" "$addr"
    stop_server

    start_server "$examples/server" localhost:0
    section "Go client -> Rust server" "$target/go_interop/client" -addr "$addr" concat concat-async concat-max
    stop_server
fi

echo
if ((failed)); then
    echo "the demo failed"
    exit 1
fi
echo "all sections printed what they should"
