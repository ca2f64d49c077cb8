// What every story stands on: a server of its own, and a browser that complains.
import { test as base, expect, type BrowserContext, type Page, type PlaywrightTestOptions } from "@playwright/test";
import type * as AxeCore from "axe-core";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

export { expect };

const run = promisify(execFile);

/** The browser that CHROMIUM names, quiet towards the outside world. */
export const browser = {
  browserName: "chromium" as const,
  // What pages write dates and numbers like.
  locale: "en-GB",
  launchOptions: {
    executablePath: process.env.CHROMIUM || undefined,
    args: [
      // Chromium's sandbox refuses to run as root.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-gpu",
      "--disable-quic",
      "--disable-sync",
      "--no-first-run",
    ],
  },
};

/** How pages name whoever runs the commands of the shell. */
export const SHELL_USER = `${userInfo().username} on the server`;

/** A running `claviger` on a database of its own. */
export interface Server {
  /** Where it listens, without a slash at the end. */
  origin: string;
  /** The one-time link that makes the first administrator. */
  setupLink: string;
  /** What it has written so far, standard output and standard error together. */
  log: () => string;
  /**
   * Runs a command of the same build on the same database, as somebody with a shell would; what it printed. To one that
   * asks for a password it gives the owner's.
   */
  shell: (command: "claviger" | "api-client", ...args: string[]) => Promise<Record<string, unknown>[]>;
  /** Whether it has ended by itself. */
  hasEnded: () => boolean;
  /** Ends it. Fails when it had ended by itself, or does not end. */
  stop: () => Promise<void>;
}

export interface Options {
  /** Settings of the server besides its database and address, by their variables. */
  settings: Record<string, string>;
  /** What the browser may complain about in this test. */
  allowed: RegExp;
}

/** What Chromium says after some seconds on a page that preloads a bundle which nobody runs. */
const UNUSED_PRELOAD = /\.wasm was preloaded using link preload but not used/;

/** What the browser complained of, each as one line. */
type Complaints = string[];

interface Fixtures extends Options {
  server: Server;
  complaints: Complaints;
}

interface WorkerFixtures {
  /** Servers that were told to stop. They wait half a second for the browser's idle connections, which the next test need not. */
  stopping: Promise<void>[];
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  stopping: [
    async ({}, use) => {
      const stopping: Promise<void>[] = [];
      await use(stopping);
      await Promise.all(stopping);
    },
    { scope: "worker" },
  ],

  settings: [{}, { option: true }],
  allowed: [/(?!)/, { option: true }],

  server: async ({ settings, stopping }, use, testInfo) => {
    const server = await start(settings);
    await use(server);
    if (server.hasEnded()) await server.stop();
    const stopped = server.stop();
    // The worker fixture reports a failure; without a handler until then, Node would end the worker.
    stopped.catch(() => {});
    stopping.push(stopped);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach("server.log", { body: server.log(), contentType: "text/plain" });
    }
  },

  baseURL: async ({ server }, use) => use(server.origin),

  complaints: async ({}, use) => use([]),

  context: async ({ context, complaints, allowed }, use) => {
    listen(context, complaints);
    await use(context);
    const isExpected = (line: string) => allowed.test(line) || (!runsScript() && UNUSED_PRELOAD.test(line));
    expect(complaints.filter((line) => !isExpected(line))).toEqual([]);
  },
});

/** Starts the release binary and waits until it is ready to answer. */
export async function start(settings: Record<string, string> = {}): Promise<Server> {
  const binary = resolve(process.env.CLAVIGER_BIN ?? join(import.meta.dirname, "../target/release/claviger"));
  const folder = mkdtempSync(join(tmpdir(), "claviger-end2end-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;

  // The settings of whoever runs the tests stay out of them.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(CLAVIGER_|DATABASE_URL$|DISABLE_REST_FULL_BIN$|LEPTOS_|SUDO_UID$)/.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    DATABASE_URL: `sqlite://${join(folder, "claviger.db")}`,
    CLAVIGER_ADDR: `127.0.0.1:${port}`,
    CLAVIGER_ISSUER: origin,
    ...settings,
  };
  const child = spawn(binary, ["serve"], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });

  let output = "";
  let ended: string | undefined;
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
  child.on("error", (error) => (ended = `could not be started: ${error.message}; \`make build\` builds it`));
  child.on("exit", (code, signal) => (ended ??= `ended by itself with ${signal ?? `exit code ${code}`}`));

  // If the test runner is ended from outside, no fixture is torn down.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  const stop = async () => {
    const endedBefore = ended;
    child.kill("SIGTERM");
    const gone = await until(() => ended !== undefined, 10_000);
    if (!gone) child.kill("SIGKILL");
    process.off("exit", kill);
    rmSync(folder, { recursive: true, force: true });
    if (endedBefore) throw new Error(`${binary} ${endedBefore}\n${output}`);
    if (!gone) throw new Error(`${binary} did not stop within 10 seconds of SIGTERM\n${output}`);
  };

  let setupLink: string | undefined;
  const ready = await until(async () => {
    if (ended) return true;
    setupLink = output.match(/https?:\/\/\S+\/system\/setup\?code=[^\s"'<>]+/)?.[0];
    return setupLink !== undefined && (await answers(`${origin}/health/ready`));
  }, 20_000);
  if (!ready || ended || !setupLink) {
    const reason = ended ?? (setupLink ? "was not ready within 20 seconds" : "printed no set-up link within 20 seconds");
    await stop().catch(() => {});
    throw new Error(`${binary} ${reason}\n${output}`);
  }
  const shell: Server["shell"] = async (command, ...args) => {
    const running = run(join(dirname(binary), command), args, { cwd: folder, env });
    // Most commands are done before they have read anything.
    running.child.stdin?.on("error", () => {}).end(owner.password);
    const { stdout } = await running;
    return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  };
  return { origin, setupLink, log: () => output, shell, hasEnded: () => ended !== undefined, stop };
}

/** Opens a page; where there is script, waits until it has taken over. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  if (runsScript()) await expect(page.locator("html[data-live]")).toBeAttached();
}

/** Waits until a page follows what others do; from then on it misses nothing. */
export async function following(page: Page): Promise<void> {
  await expect(page.locator('html[data-stream="open"]')).toBeAttached();
}

/** The first administrator of these tests. */
export const owner = { email: "owner@example.org", password: "a sentence works well here" };

/** Makes the first administrator through the one-time link and leaves the browser signed in. */
export async function setUp(page: Page, server: Server): Promise<void> {
  await visit(page, server.setupLink);
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByRole("button", { name: owner.email })).toBeVisible();
}

/** The same in one request, where set-up is not what the story is about. */
export async function enter(page: Page, server: Server): Promise<void> {
  const answer = await page.request.post(`${server.origin}/system/do/set-up`, {
    headers: { origin: server.origin },
    form: {
      "form[code]": new URL(server.setupLink).searchParams.get("code") ?? "",
      "form[email]": owner.email,
      password: owner.password,
    },
  });
  expect(answer.status(), await answer.text()).toBe(200);
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const RULES = {
  all: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
  colours: { type: "rule", values: ["color-contrast", "link-in-text-block"] },
} satisfies Record<string, AxeCore.RunOnly>;

/**
 * Fails on whatever axe-core finds against WCAG 2.2 AA or good practice, on the page as it stands; the test goes on, so
 * that all of it is found. A page that was looked at in one theme needs another look at its colours alone.
 */
export async function axe(page: Page, rules: keyof typeof RULES = "all"): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) {
    await page.evaluate(AXE);
    if (!runsScript()) await page.evaluate(settleAtOnce);
  }
  const found = await page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as { axe: typeof AxeCore };
    const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"], preload: false });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}\n  ${target.join(" ")}\n  ${failureSummary}`),
    );
  }, RULES[rules]);
  const { width } = page.viewportSize() ?? {};
  expect.soft(found, `axe-core on ${page.url()} at ${width} px, ${rules}`).toEqual([]);
}

// axe-core comes in from outside, where a page without script still settles promises but never wakes a timer.
function settleAtOnce(): void {
  window.setTimeout = ((work: () => void, delay = 0) => {
    if (delay < 10) void Promise.resolve().then(work);
    return 0;
  }) as typeof window.setTimeout;
}

/** Switches the system's theme, as a person would in the settings of the device. */
export async function theme(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  // Without motion, so that no colour is measured halfway to another.
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
}

// Chromium reports a violated Content-Security-Policy as a console error, so these two hear it as well. On the context,
// they hear every page that a test opens.
function listen(context: BrowserContext, complaints: Complaints): void {
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (event) => complaints.push(`page error: ${event.error().message}`));
}

/** Whether the browser of this project runs script. */
export function runsScript(): boolean {
  const { javaScriptEnabled } = test.info().project.use as PlaywrightTestOptions;
  return javaScriptEnabled !== false;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

async function until(condition: () => boolean | Promise<boolean>, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > end) return false;
    await new Promise((wake) => setTimeout(wake, 25));
  }
  return true;
}

async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const listener = createServer();
    listener.on("error", failed);
    listener.listen(0, "127.0.0.1", () => {
      const { port } = listener.address() as AddressInfo;
      listener.close(() => found(port));
    });
  });
}
