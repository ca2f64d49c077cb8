// Puts the site together: node site.mjs [--plain] SITE FOLDER=PREFIX...
//
// SITE becomes the files of each FOLDER below PREFIX ("." for the top), with a brotli neighbour for each that
// compresses, and nothing else. A file that is already right is left alone, so its date, and what was built from it, stays.
// With --plain nothing is compressed: at this quality a bundle that was not optimised takes minutes.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const isPlain = process.argv[2] === "--plain";
const [site, ...sources] = process.argv.slice(isPlain ? 3 : 2);
const compressible = new Set([".css", ".html", ".js", ".json", ".svg", ".txt", ".wasm", ".webmanifest", ".xml"]);

const files = (folder) =>
  readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());

const compress = (path, content) =>
  brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_MODE]: path.endsWith(".wasm") ? constants.BROTLI_MODE_GENERIC : constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    },
  });

const expected = new Set();
for (const source of sources) {
  const [folder, prefix] = source.split("=");
  for (const name of files(folder)) {
    const path = join(prefix, name);
    const target = join(site, path);
    const neighbour = `${target}.br`;
    const content = readFileSync(join(folder, name));
    const packed = !isPlain && compressible.has(extname(name));
    const same = existsSync(target) && readFileSync(target).equals(content);

    expected.add(path);
    if (packed) expected.add(`${path}.br`);
    if (same && (!packed || existsSync(neighbour))) continue;

    mkdirSync(dirname(target), { recursive: true });
    if (!same) writeFileSync(target, content);
    const brotli = packed && compress(name, content);
    if (packed) writeFileSync(neighbour, brotli);
    if (!isPlain) console.log(`${target}: ${content.length} bytes${packed ? `, ${brotli.length} with brotli` : ""}`);
  }
}

mkdirSync(site, { recursive: true });
for (const path of files(site)) {
  if (!expected.has(path)) rmSync(join(site, path));
}
