#!/usr/bin/env bash
# Installs one of the tools that a build needs:
#   setup.sh rust-target | wasm-bindgen VERSION FOLDER | node-tools FOLDER | wrk FOLDER | cargo-fuzz VERSION FOLDER |
#   cargo-deny VERSION FOLDER
#
# Each step says what it does and how long that usually takes. The Makefile calls a step only when its tool is missing.
set -euo pipefail

# Otherwise rustc looks for the job slots of a make that runs several jobs, which are not passed on, and warns.
unset MAKEFLAGS MFLAGS

say() { echo "setup: $*" >&2; }
fail() {
  say "$*"
  exit 1
}
need() { command -v "$1" >/dev/null || fail "$1 was not found; $2"; }

rust_target() {
  local target=wasm32-unknown-unknown
  need rustc "install Rust with rustup, https://rustup.rs"
  if [[ -d $(rustc --print sysroot)/lib/rustlib/$target ]]; then return; fi
  need rustup "install the standard library for $target the way Rust itself was installed"
  say "adding Rust's $target target (some 10 s)"
  rustup target add "$target"
}

# The command's version must equal the library's in Cargo.lock, so each version has a folder of its own.
wasm_bindgen() {
  local version=$1 folder=$2 source
  source=$(dirname "$0")/wasm-bindgen
  need cargo "install Rust with rustup, https://rustup.rs"
  grep -A1 '^name = "wasm-bindgen-cli-support"$' "$source/Cargo.lock" | grep -qxF "version = \"$version\"" ||
    fail "tools/wasm-bindgen has another version than Cargo.lock; write $version into its Cargo.toml and run cargo update there"
  say "building wasm-bindgen $version (once, a minute on two cores)"
  # A target folder of its own keeps it apart from a build that may be going on.
  CARGO_TARGET_DIR=$folder/build cargo build --quiet --locked --release --manifest-path "$source/Cargo.toml"
  mkdir -p "$folder/bin"
  cp "$folder/build/release/bindgen" "$folder/bin/wasm-bindgen"
  rm -rf "$folder/build"
}

node_tools() {
  local folder=$1
  need node "install Node.js 20 or newer, https://nodejs.org"
  need npm "install Node.js 20 or newer with npm, https://nodejs.org"
  [[ $(node --print 'process.versions.node.split(".")[0] >= 20') == true ]] ||
    fail "Node.js $(node --version) is too old; install version 20 or newer, https://nodejs.org"
  say "fetching the style bundler and the WebAssembly optimiser from the npm registry (once, some 10 s)"
  mkdir -p "$folder"
  cp "$(dirname "$0")"/package{,-lock}.json "$folder"
  npm ci --prefix "$folder" --no-audit --no-fund --loglevel error >&2
}

# The load generator of the benchmark: the system's own, or Debian's packages unpacked, which needs no root.
load_generator() {
  mkdir -p "$1/bin"
  local folder
  folder=$(cd "$1" && pwd)
  if type -P wrk >/dev/null; then
    ln -sf "$(type -P wrk)" "$folder/bin/wrk"
    return
  fi
  need apt-get "install wrk, https://github.com/wg/wrk"
  need dpkg-deb "install wrk, https://github.com/wg/wrk"
  say "fetching wrk from Debian's packages (once, some 5 s)"
  local packages
  packages=$(apt-cache depends wrk | awk '$1 == "Depends:" || $1 == "|Depends:" { print $2 }' | grep -i luajit | head -1)
  (
    cd "$folder"
    apt-get download wrk ${packages:+"$packages"} >&2 2>/dev/null || fail "wrk could not be fetched; install it"
    for package in *.deb; do dpkg-deb -x "$package" .; done
    rm -f ./*.deb
  )
  local libraries
  libraries=$(cd "$folder/usr/lib" && dirname "$PWD/$(find . -name 'libluajit*' | head -1)")
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%q exec %q "$@"\n' "$libraries" "$folder/usr/bin/wrk" >"$folder/bin/wrk"
  chmod +x "$folder/bin/wrk"
  "$folder/bin/wrk" --version >/dev/null 2>&1 || [[ $? == 1 ]] || fail "wrk does not run; install it"
}

# What it builds needs flags that only a nightly compiler takes.
cargo_fuzz() {
  local version=$1 folder=$2
  need rustup "make fuzz needs a nightly compiler, and rustup to find it, https://rustup.rs"
  rustup run nightly rustc --version >/dev/null 2>&1 ||
    fail "make fuzz needs a nightly compiler; rustup toolchain install nightly --profile minimal"
  say "building cargo-fuzz $version (once, some 2 minutes on two cores)"
  CARGO_TARGET_DIR=$folder/build cargo install --quiet --locked --root "$folder" --version "$version" cargo-fuzz
  rm -rf "$folder/build"
}

cargo_deny() {
  local version=$1 folder=$2
  need cargo "install Rust with rustup, https://rustup.rs"
  say "building cargo-deny $version (once, some 4 minutes on two cores)"
  CARGO_TARGET_DIR=$folder/build cargo install --quiet --locked --root "$folder" --version "$version" cargo-deny ||
    fail "cargo-deny $version could not be built; the reason is above. It comes from the crates registry, which has to be reachable once"
  rm -rf "$folder/build"
}

case "${1:-}" in
  rust-target) rust_target ;;
  wasm-bindgen) wasm_bindgen "${2:?version}" "${3:?folder}" ;;
  node-tools) node_tools "${2:?folder}" ;;
  wrk) load_generator "${2:?folder}" ;;
  cargo-fuzz) cargo_fuzz "${2:?version}" "${3:?folder}" ;;
  cargo-deny) cargo_deny "${2:?version}" "${3:?folder}" ;;
  *) fail "expected rust-target, wasm-bindgen, node-tools, wrk, cargo-fuzz or cargo-deny" ;;
esac
