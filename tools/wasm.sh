#!/usr/bin/env bash
# Builds the pages for the browser: wasm.sh WASM_BINDGEN WASM_OPT FOLDER
#
# FOLDER then holds claviger.js, the loader, and claviger_bg.wasm, whose address the loader is given (src/ui/document.rs);
# FOLDER.shares says what weighs how much.
set -euo pipefail

wasm_bindgen=$1 wasm_opt=$2 folder=$3
target=wasm32-unknown-unknown
linked=$CARGO_TARGET_DIR/$target/wasm/claviger.wasm

cargo build --locked --lib --target "$target" --profile wasm --no-default-features --features hydrate

# Most changes are to the server alone and link to the same bytes; the optimiser is slow enough to remember them.
built_from=$({ cksum "$wasm_bindgen" "$wasm_opt" "$0" && cksum <"$linked"; } | cksum)
if [[ -f $folder/claviger_bg.wasm && $(cat "$folder.built-from" 2>/dev/null) == "$built_from" ]]; then
  touch "$folder/claviger_bg.wasm"
  exit
fi

rm -rf "$folder"
"$wasm_bindgen" "$linked" "$folder"
node "$(dirname "$0")/shares.mjs" "$folder/claviger_bg.wasm" >"$folder.shares"

echo "optimising $(wc -c <"$folder/claviger_bg.wasm") bytes of WebAssembly (some 30 s)"
# The features are those rustc uses by itself; wasm-opt refuses what it was not told of.
"$wasm_opt" -Oz --strip-debug --strip-producers \
  --enable-bulk-memory --enable-bulk-memory-opt --enable-call-indirect-overlong --enable-multivalue \
  --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext \
  --output "$folder/optimised.wasm" "$folder/claviger_bg.wasm"
mv "$folder/optimised.wasm" "$folder/claviger_bg.wasm"
echo "$built_from" >"$folder.built-from"
