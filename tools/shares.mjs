// What each island weighs: node shares.mjs FILE.wasm, before its names are stripped
//
// Prints a line for each module below claviger::ui::islands and for each crate: its share of the code's bytes. A function
// belongs to the island that its name mentions, so what the framework makes for one island counts for it.
import { readFileSync } from "node:fs";

const bytes = readFileSync(process.argv[2]);
let at = 8;

const number = () => {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
};
const text = () => {
  const length = number();
  at += length;
  return bytes.toString("utf8", at - length, at);
};

// https://webassembly.github.io/spec/core/binary/modules.html: imported functions are numbered before the module's own.
const sizes = [];
const names = new Map();
let imported = 0;
while (at < bytes.length) {
  const section = bytes[at++];
  const length = number();
  const end = at + length;
  if (section === 2) {
    for (let left = number(); left > 0; left -= 1) {
      text();
      text();
      const kind = bytes[at++];
      if (kind === 0) imported += 1;
      if (kind === 1 || kind === 3) at += 1;
      if (kind === 0) number();
      else if (kind === 3) at += 1;
      else {
        const hasMaximum = bytes[at++] & 1;
        number();
        if (hasMaximum) number();
      }
    }
  } else if (section === 10) {
    for (let left = number(); left > 0; left -= 1) {
      const size = number();
      sizes.push(size);
      at += size;
    }
  } else if (section === 0 && text() === "name") {
    while (at < end) {
      const part = bytes[at++];
      const partEnd = number() + at;
      if (part === 1) for (let left = number(); left > 0; left -= 1) names.set(number(), text());
      at = partEnd;
    }
  }
  at = end;
}

const owner = (name) => {
  const island = name.match(/claviger::ui::islands::(\w+)/) ?? name.match(/claviger::ui::(api|components)/);
  if (island) return island[1] === "api" || island[1] === "components" ? `ui::${island[1]}` : `islands::${island[1]}`;
  return name.match(/^<*&?(?:dyn )?([a-z_]\w*)(?:\[\w+\])?::/)?.[1] ?? "other";
};
const shares = new Map();
let total = 0;
sizes.forEach((size, index) => {
  const key = owner(names.get(imported + index) ?? "other");
  shares.set(key, (shares.get(key) ?? 0) + size);
  total += size;
});
for (const [key, size] of [...shares].sort(([, a], [, b]) => b - a)) {
  if (size * 200 >= total || key.startsWith("islands::")) {
    console.log(`${key.padEnd(28)} ${String(size).padStart(8)}  ${((100 * size) / total).toFixed(1).padStart(5)} %`);
  }
}
