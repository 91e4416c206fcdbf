# SPDX-License-Identifier: Apache-2.0
#
# Sourced by server/demo and tests/run: gets a Debian 12 ready and builds Parta. Each step looks
# first whether it is done, so that a second run costs well under a second. Asks nothing.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

build_packages="gcc libc6-dev cmake ninja-build pkg-config python3 openssl nodejs npm fonts-paratype ca-certificates
  libwebsockets-dev libssl-dev libopus-dev libvpx-dev libsqlite3-dev libjansson-dev libinih-dev
  libargon2-dev libical-dev libpango1.0-dev libxlsxwriter-dev libcurl4-openssl-dev libqrencode-dev
  libcsv-dev libzip-dev libexpat1-dev"

step() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -n "$@" || sudo "$@"
    else
        fail "this needs root once, to install Debian packages: run it as root, or install sudo"
    fi
}

# The names among the arguments that are not installed.
missing_packages() {
    local name
    local installed
    installed=" $(dpkg-query -W -f '${db:Status-Abbrev}${binary:Package} ' "$@" 2>/dev/null) "
    for name in "$@"; do
        case "$installed" in
        *"ii ${name} "* | *"ii ${name}:"*) ;;
        *) [ "$name" = nodejs ] || [ "$name" = npm ] && command -v "${name/nodejs/node}" >/dev/null || echo "$name" ;;
        esac
    done
}

# Installs what is missing of the Debian packages named; shows a count instead of a wall of text.
need_packages() {
    local want log
    want=$(missing_packages "$@")
    [ -n "$want" ] || return 0
    command -v apt-get >/dev/null || fail "this needs Debian's apt-get; install by hand: $(echo $want)"
    step "Installing Debian packages: $(echo $want)"
    log=$(mktemp)
    {
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
            -o Dpkg::Options::=--force-unsafe-io -o APT::Acquire::Retries=3 $want
    } >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "Debian packages could not be installed"; }
    rm -f "$log"
}

# A stamp is a digest of everything a step depends on. done_before FILE DIGEST: nothing to do?
done_before() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

build_server() {
    local preset=${1:-release}
    local log=$root/build/$preset.log
    mkdir -p "$root/build"
    # A folder that the demo configured has no tests yet.
    if [ ! -f "$root/build/$preset/build.ninja" ] ||
        { [ "${cmake_options:-}" = -DTESTS=ON ] && grep -q '^TESTS:BOOL=OFF' "$root/build/$preset/CMakeCache.txt"; }; then
        step "Configuring the server ($preset)"
        (cd "$root" && cmake --preset "$preset" ${cmake_options:-}) >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "cmake failed"; }
    fi
    [ -x "$root/build/$preset/parta" ] || step "Compiling the server ($preset)"
    (cd "$root" && cmake --build --preset "$preset" ${build_targets:+--target $build_targets}) >"$log" 2>&1 || { grep -E 'error|FAILED' -A5 "$log" | head -n 40 >&2; fail "the build failed: build/$preset.log"; }
}

# npm packages from the lock file, then the pages.
install_client() {
    local digest stamp="$root/client-web/node_modules/.installed"
    digest=$(cd "$root/client-web" && sha256sum package-lock.json package.json | sha256sum)
    done_before "$stamp" "$digest" && return 0
    step "Installing npm packages (client-web)"
    (cd "$root/client-web" && npm ci --no-audit --no-fund --loglevel=error) >"$root/build/npm.log" 2>&1 ||
        { tail -n 20 "$root/build/npm.log" >&2; fail "npm ci failed"; }
    echo "$digest" >"$stamp"
}

build_client() {
    local digest stamp="$root/client-web/dist/.built"
    digest=$(cd "$root" && { find client-web/src client-web/public client-web/index.html client-web/*.ts client-web/*.json \
        -type f -print0 2>/dev/null | sort -z | xargs -0 sha256sum; } | sha256sum)
    done_before "$stamp" "$digest" && return 0
    install_client
    step "Building the pages"
    (cd "$root/client-web" && npm run --silent build) >"$root/build/client.log" 2>&1 ||
        { tail -n 30 "$root/build/client.log" >&2; fail "the client build failed"; }
    echo "$digest" >"$stamp"
}

# A private CA and a leaf for localhost, once.
make_certs() {
    [ -s "$root/certs/server.crt" ] && openssl x509 -checkend 86400 -noout -in "$root/certs/server.crt" >/dev/null 2>&1 && return 0
    step "Making certificates (certs/)"
    "$root/certs/make-dev-certs" "$root/certs" >"$root/build/certs.log" 2>&1 || { cat "$root/build/certs.log" >&2; fail "certificates could not be made"; }
}
