// Builds the server and the pages for development, and again at each change: node dev.mjs WASM_BINDGEN NODE_TOOLS
//
// The server starts again with each build, and open pages reload themselves (reload.js). Ctrl-C ends it.
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [wasmBindgen, nodeTools] = process.argv.slice(2);
const target = process.env.CARGO_TARGET_DIR ?? "target";
const parts = join(target, "dev");
const linked = join(target, "wasm32-unknown-unknown/wasm-dev/claviger.wasm");
const glue = join(parts, "browser/claviger.js");

// What is built when a file changes whose path begins so.
const steps = [
  { name: "server", from: ["Cargo", "src", "stdio", "migrations"], build: () => buildServer() },
  { name: "browser", from: ["Cargo", "src", "tools/reload.js"], build: () => buildBrowser() },
  { name: "style", from: ["style"], build: () => buildStyle() },
  { name: "site", from: ["public"], build: async () => true },
];
const watched = ["Cargo.toml", "Cargo.lock", "src", "stdio/src", "migrations", "style", "public", "tools/reload.js"];

// Two builds at the same time would draw their progress over each other.
process.env.CARGO_TERM_PROGRESS_WHEN ??= "never";
// Migrations that are still being written are not for the database of `make serve`.
process.env.DATABASE_URL ??= `sqlite://${join(parts, "data/claviger.db")}`;

const say = (message) => console.log(`dev: ${message}`);

/** Runs a command to its end; whether it succeeded. */
const run = (command, ...args) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "inherit" });
    child.on("error", (error) => {
      say(`${command} could not be started: ${error.message}`);
      resolve(false);
    });
    child.on("exit", (code) => resolve(code === 0));
  });

const buildServer = () => run("cargo", "build", "--locked", "--bin", "claviger");

async function buildBrowser() {
  const cargo = ["build", "--locked", "--lib", "--target", "wasm32-unknown-unknown", "--profile", "wasm-dev"];
  if (!(await run("cargo", ...cargo, "--no-default-features", "--features", "hydrate"))) return false;
  // A change to the server alone links nothing new.
  if (existsSync(glue) && statSync(glue).mtimeMs > Math.max(...[linked, "tools/reload.js"].map(time))) return true;
  if (!(await run(wasmBindgen, linked, join(parts, "browser")))) return false;
  appendFileSync(glue, readFileSync("tools/reload.js"));
  return true;
}

const buildStyle = () =>
  run("node", "tools/style.mjs", nodeTools, "style/main.css", join(parts, "style/claviger.css"));

/** Puts the site together, with a file that tells open pages that there is another build. */
function putSite() {
  mkdirSync(join(parts, "build"), { recursive: true });
  writeFileSync(join(parts, "build/build.txt"), `${Date.now()}\n`);
  const folders = ["browser", "style", "build"].map((name) => `${join(parts, name)}=pkg`);
  return run("node", "tools/site.mjs", "--plain", "target/site", ...folders, "public=.");
}

let server;

async function restart() {
  if (server?.exitCode === null && server.signalCode === null) {
    const ended = new Promise((resolve) => server.on("exit", resolve));
    server.kill("SIGTERM");
    await ended;
  }
  server = spawn(join(target, "debug/claviger"), ["serve"], { stdio: "inherit" });
  server.on("error", (error) => say(`the server could not be started: ${error.message}`));
}

const time = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The watched files, each with the time of its last change. */
function snapshot() {
  const files = watched.flatMap((path) =>
    statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).map((name) => join(path, name)) : path,
  );
  return new Map(files.map((path) => [path, time(path)]));
}

const differences = (before, after) =>
  [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));

/** Waits until files have changed and no more do; an editor may write several. */
async function nextChange(before) {
  for (let last = before; ; await sleep(150)) {
    let now;
    try {
      now = snapshot();
    } catch {
      // A folder went away while it was read, as when git changes branches.
      continue;
    }
    if (differences(before, now).length > 0 && differences(last, now).length === 0) return now;
    last = now;
  }
}

async function build(changed) {
  const begun = Date.now();
  const begins = (path, prefixes) => prefixes.some((prefix) => path.startsWith(prefix));
  const due = steps.filter(({ from }) => changed.some((path) => begins(path, from)));
  const done = await Promise.all(due.map((step) => step.build()));
  if (done.includes(false)) return say("that could not be built; what was served before still is");
  if (due.some(({ name }) => name === "server")) await restart();
  await putSite();
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  say(`${due.map(({ name }) => name).join(", ")}: built and served after ${seconds} s`);
}

process.on("SIGINT", () => process.exit());
process.on("SIGTERM", () => process.exit());
process.on("exit", () => server?.kill("SIGTERM"));

let seen = snapshot();
say("building; the first time takes some minutes");
await build([...seen.keys()]);
for (;;) {
  const now = await nextChange(seen);
  const changed = differences(seen, now);
  seen = now;
  await build(changed);
}
