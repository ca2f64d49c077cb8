#!/usr/bin/env bash
# Gets nginx and Caddy for the tests of docs/protect-an-api.md and for the benchmark: proxies.sh FOLDER [nginx | caddy]
#
# FOLDER/nginx and FOLDER/caddy then start the system's own, or the ones of Debian's packages, which are unpacked into FOLDER
# without root. One that cannot be had is named, and what needs it is left out; that is no error.
set -uo pipefail

folder=${1:?expected: tools/proxies.sh FOLDER [nginx | caddy]}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

say() { echo "proxies: $*" >&2; }

# Distributions keep nginx where only root's PATH looks.
installed() { PATH="$PATH:/usr/sbin:/usr/local/sbin" type -P "$1"; }

update_lists() {
  local root=()
  if [[ $(id -u) -ne 0 ]]; then
    sudo -n true 2>/dev/null || return 1
    root=(sudo -n)
  fi
  say "fetching the list of Debian's packages (some 10 s)"
  ${root[@]+"${root[@]}"} apt-get update -q >/dev/null 2>&1
}

# Unpacks packages into a folder. Debian's lists may be missing, as in a fresh container, or name versions that are gone.
unpack() {
  local into=$1 packages
  shift
  packages=$(mktemp -d "$folder/packages.XXXXXX") || return 1
  (
    cd "$packages" || exit 1
    apt-get download "$@" >/dev/null 2>&1 ||
      { update_lists && apt-get download "$@" >/dev/null 2>&1; } || exit 1
    for package in *.deb; do dpkg-deb -x "$package" "$into" || exit 1; done
  )
  local code=$?
  rm -rf "$packages"
  return "$code"
}

# The libraries that a package needs beside the C library, which is never the package's own.
libraries() {
  apt-cache depends --no-recommends --no-suggests "$1" 2>/dev/null |
    awk '$1 == "Depends:" && $2 ~ /^lib/ && $2 !~ /^libc6/ { print $2 }' | sort -u
}

# A command that starts an unpacked program with the libraries that were unpacked beside it.
write_starter() {
  local into=$1 program=$2 paths
  paths=$(find "$into" -name '*.so.*' -exec dirname {} + 2>/dev/null | sort -u | paste -sd:)
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%q exec %q "$@"\n' "$paths" "$program"
}

# Whether the program starts.
runs() { "$folder/$1" "$2" >/dev/null 2>&1; }

# get NAME WORD: WORD has the program print its version and end.
get() {
  local name=$1 word=$2 own into program
  if runs "$name" "$word"; then return; fi
  rm -rf "${folder:?}/$name" "$folder/$name.unpacked"
  if own=$(installed "$name"); then
    ln -s "$own" "$folder/$name"
    return
  fi
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    say "$name was not found, so what needs it is left out; install it to run that"
    return
  fi
  say "fetching $name from Debian's packages (once, some 5 s)"
  into=$folder/$name.unpacked
  if unpack "$into" "$name" && program=$(find "$into" -path "*bin/$name" -type f | head -1) && [[ -n $program ]]; then
    write_starter "$into" "$program" >"$folder/$name"
    chmod +x "$folder/$name"
    if ! runs "$name" "$word"; then
      # shellcheck disable=SC2046 # a word for each package
      unpack "$into" $(libraries "$name") && write_starter "$into" "$program" >"$folder/$name"
    fi
  fi
  if ! runs "$name" "$word"; then
    rm -rf "${folder:?}/$name" "$into"
    say "$name could not be had, so what needs it is left out; install it to run that"
  fi
}

case "${2:-both}" in
  both)
    get nginx -v
    get caddy version
    ;;
  nginx) get nginx -v ;;
  caddy) get caddy version ;;
  *) say "expected nginx or caddy, not $2" && exit 1 ;;
esac
