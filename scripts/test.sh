#!/usr/bin/env bash
# Runs all checks and all tests, those against Go included.
# GOBRPC_SKIP_GO=1 leaves out what needs Go.
set -euo pipefail
# Go must use the toolchain it comes with, and not fetch another.
unset GOROOT
export GOTOOLCHAIN=local
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

if ! command -v cargo >/dev/null; then
    echo "test.sh: cargo is not on PATH" >&2
    exit 1
fi
for component in fmt:rustfmt clippy:clippy; do
    if ! cargo "${component%%:*}" --version >/dev/null 2>&1; then
        if command -v rustup >/dev/null; then
            rustup component add "${component##*:}" || true
        fi
        if ! cargo "${component%%:*}" --version >/dev/null 2>&1; then
            echo "test.sh: the Rust component ${component##*:} is missing and could not be installed" >&2
            exit 1
        fi
    fi
done

if [[ ${GOBRPC_SKIP_GO:-} == 1 ]]; then
    export GOBRPC_SKIP_GO
    echo "GOBRPC_SKIP_GO=1: the tests against Go are left out"
else
    if ! GOBRPC_GO=$(bash "$root/scripts/go.sh"); then
        echo "test.sh: the tests need Go; set GOBRPC_GO to a go binary, or GOBRPC_SKIP_GO=1 to leave them out" >&2
        exit 1
    fi
    export GOBRPC_GO
    echo "using go: $("$GOBRPC_GO" env GOVERSION) ($GOBRPC_GO)"
fi

if [[ -z ${GOBRPC_BROWSER:-} && -z ${GOBRPC_SKIP_BROWSER:-} ]]; then
    browser=
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        browser=${browser:-$(command -v "$name" || true)}
    done
    if [[ -z $browser ]]; then
        echo "no browser on PATH: the look at the debug page is left out (1 test); GOBRPC_BROWSER names one"
        export GOBRPC_SKIP_BROWSER=1
    fi
fi

bash "$root/scripts/check.sh"
cargo test --workspace --all-features
