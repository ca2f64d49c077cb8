import { defineConfig } from "@playwright/test";
import { browser, type Options } from "./support";

export default defineConfig<Options>({
  testDir: "tests",
  outputDir: "test-results",
  // A test that passes at the second try hides a fault.
  retries: 0,
  // Each has a server of its own, and nothing here is a measurement.
  workers: 2,
  fullyParallel: true,
  timeout: 30_000,
  // Patience for a machine that is busy elsewhere.
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    ...browser,
    // What cannot be clicked at once will not be clickable after half a minute either.
    actionTimeout: 10_000,
    // A film of every test that passes would cost a fifth of the time.
    trace: { mode: "retain-on-failure", screenshots: false },
  },
  // A story that makes sense in one of them alone says so with a tag.
  projects: [
    { name: "with-wasm", grepInvert: /@without-js/ },
    { name: "without-js", grepInvert: /@with-wasm/, use: { javaScriptEnabled: false } },
  ],
});
