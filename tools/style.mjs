// Bundles and minifies a stylesheet: node style.mjs NODE_TOOLS ENTRY OUTPUT
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const [tools, entry, output] = process.argv.slice(2);
const { bundle } = createRequire(join(resolve(tools), "package.json"))("lightningcss");

// The oldest browsers that know light-dark(), nesting, :has() and popovers by themselves. For older ones light-dark()
// would be rewritten into variables of :root, and a subtree could no longer flip with color-scheme alone.
const version = (major, minor = 0) => (major << 16) | (minor << 8);
const targets = {
  chrome: version(125),
  edge: version(125),
  firefox: version(128),
  ios_saf: version(17, 5),
  safari: version(17, 5),
};

const complain = (file, place, message) => {
  console.error(`${file}:${place?.line ?? 0}:${place?.column ?? 0}: ${message}`);
  process.exitCode = 1;
};

try {
  const { code, warnings } = bundle({ filename: resolve(entry), minify: true, targets });
  for (const { loc, message } of warnings) complain(loc.filename, loc, message);
  if (warnings.length === 0) {
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, code);
  }
} catch (error) {
  complain(error.fileName ?? entry, error.loc, error.message);
}
