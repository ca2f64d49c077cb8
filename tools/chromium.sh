#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests, and installs one when there is none. Its headless shell, the same engine
# without the windows of a browser, opens pages in two thirds of the time, so it is preferred.
#
# Standard output carries the path alone. CHROMIUM names a browser of one's own choice.
set -euo pipefail

say() { echo "chromium: $*" >&2; }

found() {
  local name
  for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name"; then return; fi
  done
  return 1
}

# Where the package needs a password or is not to be had, the next way is tried.
install_package() {
  local root=()
  command -v apt-get >/dev/null || return 1
  if [[ $(id -u) -ne 0 ]]; then
    sudo -n true 2>/dev/null || return 1
    root=(sudo -n)
  fi
  say "installing the distribution's Chromium (once, some 30 s)"
  ${root[@]+"${root[@]}"} apt-get update -q >&2 || return 1
  local package
  # Not every distribution has a package of the headless shell.
  for package in chromium-headless-shell chromium; do
    if ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive \
      apt-get install -q -y --no-install-recommends "$package" >&2; then
      return
    fi
  done
  return 1
}

install_download() {
  local playwright
  playwright=$(dirname "$0")/../end2end/node_modules/.bin/playwright
  [[ -x $playwright ]] || return 1
  say "downloading Playwright's Chromium (once, some 60 s)"
  "$playwright" install chromium >&2 || return 1
  (cd "$(dirname "$playwright")/../.." && node --print 'require("playwright-core").chromium.executablePath()')
}

if [[ -n "${CHROMIUM:-}" ]]; then
  if ! command -v "$CHROMIUM"; then
    say "CHROMIUM names \`$CHROMIUM\`, which cannot be run; correct it or unset it"
    exit 1
  fi
elif found; then
  :
elif install_package && found; then
  :
elif install_download; then
  :
else
  say "no Chromium was found and none could be installed; install one and put it on the PATH, or name it in CHROMIUM"
  exit 1
fi
