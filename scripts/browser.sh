#!/usr/bin/env bash
# Finds a browser that can look at a page without a window, and prints its path
# on stdout; everything else goes to stderr. Where root runs it on a Debian
# without one, it installs the system's Chromium.
#
# Looked at in turn: $GOBRPC_BROWSER, Chromium and Chrome on PATH, the package.
set -euo pipefail

# How long the package may take, in seconds.
limit=300

on_path() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return 0
    done
    return 1
}

# Nobody gets a browser unasked but a machine that root set up for tests.
system_package() {
    [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null && command -v apt-cache >/dev/null || return 1
    has_candidate || { timeout "$limit" apt-get update >&2 && has_candidate; } || return 1
    echo "installing the system's Chromium" >&2
    DEBIAN_FRONTEND=noninteractive timeout "$limit" \
        apt-get install -y --no-install-recommends chromium >&2 || return 1
    on_path
}

has_candidate() {
    LC_ALL=C apt-cache policy chromium 2>/dev/null | grep -q '^ *Candidate: [^(]'
}

if [[ -n ${GOBRPC_BROWSER:-} ]]; then
    # Whoever names one wants that one, not another in its place.
    command -v "$GOBRPC_BROWSER" && exit 0
    echo "browser.sh: GOBRPC_BROWSER=$GOBRPC_BROWSER cannot be run" >&2
    exit 1
fi
on_path || system_package
