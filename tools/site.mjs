// Puts the site together: node site.mjs [--plain] SITE FOLDER=PREFIX...
//
// SITE becomes the files of each FOLDER below PREFIX ("." for the top), with a brotli neighbour for each that
// compresses, and nothing else. A file that is already right is left alone, so its date, and what was built from it, stays.
// With --plain nothing is compressed: at this quality a bundle that was not optimised takes minutes.
//
// The files of pkg that pages load get a hash of their content into their names, as in claviger.0123456789abcdef.wasm,
// so that browsers may keep them for good. The server finds the names by themselves (src/http/console/assets.rs).
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
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

/** The path in the site. wasm-bindgen names its module claviger_bg.wasm, and what it imports itself lies in folders. */
function sitePath(prefix, name, content) {
  const extension = extname(name);
  if (prefix !== "pkg" || dirname(name) !== "." || ![".css", ".js", ".wasm"].includes(extension)) return join(prefix, name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return join(prefix, `${basename(name, extension).replace(/_bg$/, "")}.${hash}${extension}`);
}

const parts = sources.flatMap((source) => {
  const [folder, prefix] = source.split("=");
  return files(folder).map((name) => {
    const content = readFileSync(join(folder, name));
    return { path: sitePath(prefix, name, content), content, packed: !isPlain && compressible.has(extname(name)) };
  });
});
const expected = new Set(parts.flatMap(({ path, packed }) => (packed ? [path, `${path}.br`] : [path])));

// First what is no longer there: a server that runs meanwhile must not find two builds of a file.
mkdirSync(site, { recursive: true });
for (const path of files(site)) {
  if (!expected.has(path)) rmSync(join(site, path));
}

for (const { path, content, packed } of parts) {
  const target = join(site, path);
  const neighbour = `${target}.br`;
  const same = existsSync(target) && readFileSync(target).equals(content);
  if (same && (!packed || existsSync(neighbour))) continue;

  mkdirSync(dirname(target), { recursive: true });
  if (!same) writeFileSync(target, content);
  const brotli = packed && compress(path, content);
  if (packed) writeFileSync(neighbour, brotli);
  if (!isPlain) console.log(`${target}: ${content.length} bytes${packed ? `, ${brotli.length} with brotli` : ""}`);
}
