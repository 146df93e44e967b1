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

if [[ ${GOBRPC_SKIP_BROWSER:-} == 1 ]]; then
    export GOBRPC_SKIP_BROWSER
    echo "GOBRPC_SKIP_BROWSER=1: the look at the debug page is left out (1 test)"
elif browser=$(bash "$root/scripts/browser.sh"); then
    export GOBRPC_BROWSER=$browser
    echo "using browser: $browser"
elif [[ -n ${GOBRPC_BROWSER:-} ]]; then
    exit 1
else
    echo "no browser on PATH: the look at the debug page is left out (1 test); GOBRPC_BROWSER names one"
    export GOBRPC_SKIP_BROWSER=1
fi

bash "$root/scripts/check.sh"
cargo test --workspace --all-features
bash "$root/scripts/instructions.sh"
