// Holds the budget of what every browser loads: node budget.mjs SITE SHARES
//
// Fails when script and module together, compressed with brotli, are larger than the budget; prints what weighs how much.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const BUDGET = 200_000;

const [site, shares] = process.argv.slice(2);
const folder = join(site, "pkg");
const loaded = readdirSync(folder).filter((name) => /\.(js|wasm)\.br$/.test(name));
const total = loaded.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

for (const name of loaded) console.log(`${name}: ${statSync(join(folder, name)).size} bytes`);
console.log(`\nof the module's code, before it is optimised:\n${readFileSync(shares, "utf8")}`);
console.log(`the browser loads ${total} of ${BUDGET} bytes`);
if (loaded.length !== 2) throw new Error(`one script and one module are expected, not ${loaded.length} files`);
if (total > BUDGET) throw new Error(`over the budget by ${total - BUDGET} bytes`);
